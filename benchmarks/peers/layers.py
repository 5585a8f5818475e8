"""Keras, and us through the same calls: the network is built, compiled and fitted by one code."""

from __future__ import annotations

import importlib
import os
from typing import Any

import numpy as np

from benchmarks.measure import best_of
from benchmarks.works import TRAINING, Training


def _library() -> Any:
    name = os.environ["BENCHMARK_LIBRARY"]
    for part in ("layers", "optimizers"):
        importlib.import_module(f"{name}.{part}")
    return importlib.import_module(name)


def _model(work: Training) -> Any:
    library = _library()
    layers = [library.Input((work.inputs,))]
    for units in work.units[:-1]:
        layers.append(library.layers.Dense(units, activation="relu"))
        if work.dropout:
            layers.append(library.layers.Dropout(work.dropout))
    layers.append(library.layers.Dense(work.units[-1], activation="linear" if work.loss == "mse" else "softmax"))
    model = library.Sequential(layers)
    model.compile(optimizer="rmsprop", loss=work.loss)
    return model


def train(work: Training) -> float:
    """Seconds per step of `fit`."""
    x, y = work.data()
    model = _model(work)
    epochs = max(1, work.steps * work.batch // len(x))
    if len(x) == work.batch:
        epochs = work.steps
    # Frameworks that take milliseconds a step get fewer, so that a measurement stays below a minute.
    steps = len(x) // work.batch
    model.fit(x, y, batch_size=work.batch, epochs=1, verbose=0)
    trial = best_of(lambda: model.fit(x, y, batch_size=work.batch, epochs=2, verbose=0), 1) / 2
    epochs = max(1, min(epochs, int(6.0 / trial) or 1))
    seconds = best_of(lambda: model.fit(x, y, batch_size=work.batch, epochs=epochs, verbose=0))
    return seconds / (epochs * steps)


def one_row() -> float:
    """Seconds of a call of a warmed model with one row."""
    work = TRAINING["mlp_small"]
    model = _model(work)
    row = np.zeros((1, work.inputs), np.float32)

    def calls() -> None:
        for _ in range(300):
            np.asarray(model(row))

    calls()
    return best_of(calls) / 300


def first_step() -> None:
    """One training step."""
    work = TRAINING["mlp_small"]
    x, y = work.data()
    _model(work).fit(x[:work.batch], y[:work.batch], batch_size=work.batch, epochs=1, verbose=0)
