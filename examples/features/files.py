"""Rows 0.10 to 0.12: weights alone, the configuration alone, and the whole model with the optimizer's state."""

import tempfile
from pathlib import Path

import numpy as np

import pipekeras as pk
from pipekeras.layers import Dense

pk.utils.set_random_seed(5)
x = np.sin(np.arange(1, 201)).reshape(-1, 4)
y = x[:, 0] * 3
folder = Path(tempfile.mkdtemp())


def build():
    return pk.Sequential([pk.Input((4,))]) | Dense(5, activation="relu") | Dense(1)


def say(name, *answers):
    print(name, *(str(answer).upper() for answer in answers), "")


model = build()
model.compile("adam", "mse")
model.fit(x, y, epochs=2, batch_size=10, verbose=0, shuffle=False)


def same(other):
    return np.array_equal(model.predict(x, verbose=0), other.predict(x, verbose=0))


model.save_weights(folder / "old.h5")
model.save_weights(folder / "new.weights.h5")
one, two = build(), build()
one.load_weights(folder / "old.h5")
two.load_weights(folder / "new.weights.h5")
say("weights", same(one), same(two))

from_json = pk.models.model_from_json(model.to_json())
from_yaml = pk.models.model_from_yaml(model.to_yaml())
for other in (from_json, from_yaml):
    other.set_weights(model.get_weights())
say("configuration", same(from_json), same(from_yaml))

model.save(folder / "model.h5")
model.save(folder / "model.keras")
resumed = [model, *(pk.saving.load_model(folder / name) for name in ("model.h5", "model.keras"))]
losses = [one.fit(x, y, epochs=2, batch_size=10, verbose=0, shuffle=False).history["loss"][1] for one in resumed]
say("resumed", losses[0] == losses[1], losses[0] == losses[2])
print("loss", f"{losses[0]:.4f}", "")
