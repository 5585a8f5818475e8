"""Row 1.8: a model with its own training step."""

import numpy as np

import pipekeras as pk
from pipekeras import GradientTape
from pipekeras.layers import Dense

pk.utils.set_random_seed(11)
x = np.sin(np.arange(1, 121)).reshape(-1, 4)
y = x.sum(axis=1)


class Own(pk.Model):
    """A hidden layer, and a step written out."""

    def __init__(self):
        super().__init__()
        self.hidden = Dense(4, activation="relu", kernel_regularizer=pk.regularizers.L2(0.01))
        self.out = Dense(1)

    def call(self, inputs):
        return self.out(self.hidden(inputs))

    def train_step(self, data):
        x, y = data
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compiled_loss(y, y_pred, regularization_losses=self.losses)
        variables = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        self.compiled_metrics.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


model = Own()
model.compile("adam", "mse", metrics=["mae"])
history = model.fit(x, y, epochs=3, batch_size=10, verbose=0, shuffle=False)
print("mae", *(f"{value:.4f}" for value in history.history["mae"]), "")
