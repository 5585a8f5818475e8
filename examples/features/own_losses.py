"""Row 1.4: losses as functions of truth and prediction, one of them made by a function."""

import numpy as np

import pipekeras as pk
from pipekeras import backend as K
from pipekeras import ops
from pipekeras.layers import Dense

x = np.sin(np.arange(1, 161)).reshape(-1, 4)
y = (x[:, :1] > 0).astype(int)


def fourth_power(y_true, y_pred):
    return ops.mean(ops.power(y_true - y_pred, 4), axis=-1)


def focal(gamma=2.0, alpha=0.25):
    def loss(y_true, y_pred):
        epsilon = K.epsilon()
        y_pred = ops.clip(y_pred, epsilon, 1 - epsilon)
        right = ops.where(ops.equal(y_true, 1), y_pred, 1 - y_pred)
        weight = ops.where(ops.equal(y_true, 1), alpha, 1 - alpha)
        return -ops.sum(weight * (1 - right) ** gamma * ops.log(right))

    return loss


for loss in (fourth_power, focal()):
    pk.utils.set_random_seed(8)
    model = pk.Sequential([pk.Input((4,))]) | Dense(1, activation="sigmoid")
    model.compile("adam", loss)
    history = model.fit(x, y, epochs=3, batch_size=10, verbose=0, shuffle=False)
    print("loss", *(f"{value:.4f}" for value in history.history["loss"]), "")
