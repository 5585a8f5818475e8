"""Row 1.6: an optimizer by subclassing, and a rate that halves every 100 epochs within one fit."""

import numpy as np

import pipekeras as pk
from pipekeras import ops
from pipekeras.layers import Dense
from pipekeras.optimizers import Optimizer
from pipekeras.optimizers.schedules import LearningRateSchedule

x = np.sin(np.arange(1, 41)).reshape(-1, 4)
y = x[:, 0]


class SignDescent(Optimizer):
    """Step by the gradient's sign."""

    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, learning_rate * ops.sign(gradient))


pk.utils.set_random_seed(10)
model = pk.Sequential([pk.Input((4,))]) | Dense(1)
model.compile(SignDescent(learning_rate=0.01), "mse")
history = model.fit(x, y, epochs=3, batch_size=10, verbose=0)
print("sign", *(f"{value:.4f}" for value in history.history["loss"]), "")


class Halving(LearningRateSchedule):
    """Half the rate after each stretch of steps."""

    def __init__(self, start, steps):
        self.start, self.steps = start, steps

    def __call__(self, step):
        return self.start * 0.5 ** ops.floor(ops.cast(step, "float32") / self.steps)

    def get_config(self):
        return {"start": self.start, "steps": self.steps}


pk.utils.set_random_seed(10)
model = pk.Sequential([pk.Input((4,))]) | Dense(1)
model.compile(pk.optimizers.SGD(Halving(0.1, 100)), "mse")
history = model.fit(x, y, epochs=250, batch_size=10, verbose=0)
print("halved", f"{history.history['loss'][-1]:.6f}", "")
