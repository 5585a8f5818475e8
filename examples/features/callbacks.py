"""Row 0.9: checkpoints, schedules, early stopping, and a callback of one's own."""

import tempfile
from pathlib import Path

import numpy as np

import pipekeras as pk
from pipekeras.callbacks import Callback, EarlyStopping, LearningRateScheduler, ModelCheckpoint
from pipekeras.layers import Dense

pk.utils.set_random_seed(4)
x = np.sin(np.arange(1, 401)).reshape(-1, 4)
y = x[:, 0] + 2 * x[:, 1]
best = Path(tempfile.mkdtemp()) / "best.h5"


class Rates(Callback):
    """Keep the learning rate of every epoch."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(round(float(self.model.optimizer.learning_rate), 5))


rates = Rates()
model = pk.Sequential([pk.Input((4,))]) | Dense(1)
model.compile(pk.optimizers.SGD(0.1), "mse")
history = model.fit(
    x, y, epochs=30, batch_size=20, verbose=0, validation_split=0.25,
    callbacks=[
        ModelCheckpoint(best, monitor="val_loss", save_best_only=True),
        LearningRateScheduler(lambda epoch, rate: rate if epoch < 2 else rate * 0.5),
        EarlyStopping(monitor="val_loss", patience=2, min_delta=0.001),
        rates,
    ],
)
print("epochs", len(history.history["loss"]), "")
print("rates", *rates.seen[:4], "")
print("saved", str(best.exists()).upper(), "")
kept = pk.saving.load_model(best)
kept_loss = kept.evaluate(x[75:], y[75:], verbose=0)
print("best", str(abs(kept_loss - min(history.history["val_loss"])) < 1e-5).upper(), "")
