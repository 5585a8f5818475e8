"""The works that are timed: data, network and how many steps one measurement takes.

A training work is a stack of dense layers, described once, so that every peer builds the same network from it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Training:
    """Training steps of a dense network.

    Args:
        title: what the table says.
        inputs: features of a sample.
        units: width of each layer; the last one is the output.
        batch: samples of a step.
        steps: steps of one measurement.
        dropout: rate after each hidden layer.
        loss: "categorical_crossentropy" (softmax output) or "mse" (linear output).
        ratio: most that ours may take, as a share of the best peer.
        rows: samples in all; None for a hundred batches.
    """

    title: str
    inputs: int
    units: tuple[int, ...]
    batch: int
    steps: int
    dropout: float = 0.0
    loss: str = "categorical_crossentropy"
    ratio: float = 1.0
    rows: int | None = None

    @property
    def flops(self) -> int:
        """Multiplications and additions of the products in one step; the first layer has no input gradient."""
        sizes = (self.inputs, *self.units)
        products = [2 * self.batch * a * b for a, b in itertools.pairwise(sizes)]
        return 3 * sum(products) - products[0]

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Samples for at most a hundred steps, or `rows` of them; an epoch is one pass over them."""
        rng = np.random.default_rng(1)
        count = self.rows or self.batch * min(self.steps, 100)
        x = rng.standard_normal((count, self.inputs)).astype(np.float32)
        if self.loss == "mse":
            return x, x.sum(axis=1, keepdims=True) * np.ones(self.units[-1], np.float32)
        return x, np.eye(self.units[-1], dtype=np.float32)[rng.integers(0, self.units[-1], count)]


TRAINING = {
    "mlp_small": Training("MLP 32-64-64-10, batch 32, rmsprop", 32, (64, 64, 10), 32, 2000, ratio=0.25),
    "mlp_wide": Training("MLP 784-512-512-10, dropout 0.2, batch 128, rmsprop", 784, (512, 512, 10), 128, 100, dropout=0.2,
                         ratio=0.68),
    "ten_points": Training("10 points, batch 10, 2000 epochs", 1, (8, 1), 10, 2000, loss="mse", ratio=0.1, rows=10),
}
OTHER = {"one_row": "model(x) of one row, MLP 32-64-64-10", "first_step": "process start to first training step"}
RATIOS = {name: work.ratio for name, work in TRAINING.items()} | {"one_row": 0.7, "first_step": 0.7}
TITLES = {name: work.title for name, work in TRAINING.items()} | OTHER
