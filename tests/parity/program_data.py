"""Targets, weights and other numbers that cases of the parity suite share."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from program import Make

ROWS = 12
CLASSES = 4


def dense(units: int, activation: Any = None, **options: Any) -> Make:
    return Make("layers", "Dense", {"units": units, "activation": activation, **options})


def rng(*seed: Any) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr(seed).encode()))


def numbers(*shape: int) -> np.ndarray:
    return rng("numbers", shape).normal(size=shape).astype("float32")


def positive(*shape: int) -> np.ndarray:
    return (np.abs(numbers(*shape)) + 0.1).astype("float32")


def labels(*shape: int, classes: int = CLASSES) -> np.ndarray:
    return rng("labels", shape, classes).integers(0, classes, shape)


def one_hot(*shape: int, classes: int = CLASSES) -> np.ndarray:
    return np.eye(classes, dtype="float32")[labels(*shape, classes=classes)]


def shares(*shape: int) -> np.ndarray:
    powers = np.exp(numbers(*shape))
    return (powers / powers.sum(-1, keepdims=True)).astype("float32")


def weights(*shape: int) -> np.ndarray:
    return rng("weights", shape).uniform(0.1, 2.0, shape).astype("float32")
