"""A training loop written by hand in PyTorch."""

from __future__ import annotations

import itertools
from typing import Any

import torch
from torch import nn

from benchmarks.measure import best_of
from benchmarks.works import TRAINING, Training


def _model(work: Training) -> Any:
    layers: list[Any] = []
    sizes = (work.inputs, *work.units)
    for place, (a, b) in enumerate(itertools.pairwise(sizes)):
        layers.append(nn.Linear(a, b))
        if place < len(work.units) - 1:
            layers.append(nn.ReLU())
            if work.dropout:
                layers.append(nn.Dropout(work.dropout))
    return nn.Sequential(*layers)


def _trainer(work: Training) -> Any:
    model = _model(work)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001, alpha=0.9, eps=1e-7)
    loss = nn.MSELoss() if work.loss == "mse" else nn.CrossEntropyLoss()

    def step(x: Any, y: Any) -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


def train(work: Training) -> float:
    """Seconds per step."""
    x, y = (torch.from_numpy(array) for array in work.data())
    batches = [(x[i:i + work.batch], y[i:i + work.batch]) for i in range(0, len(x), work.batch)]
    step = _trainer(work)
    steps = min(work.steps, 400)

    def run() -> None:
        for number in range(steps):
            step(*batches[number % len(batches)])

    run()
    return best_of(run) / steps


def one_row() -> float:
    """Seconds of a forward pass with one row."""
    work = TRAINING["mlp_small"]
    model = _model(work).eval()
    row = torch.zeros(1, work.inputs)

    def calls() -> None:
        with torch.no_grad():
            for _ in range(300):
                model(row).numpy()

    calls()
    return best_of(calls) / 300


def first_step() -> None:
    """One training step."""
    work = TRAINING["mlp_small"]
    x, y = (torch.from_numpy(array[:work.batch]) for array in work.data())
    _trainer(work)(x, y)
