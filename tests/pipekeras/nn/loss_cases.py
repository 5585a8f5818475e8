"""Labels and predictions for every loss."""

from __future__ import annotations

from typing import Any

import numpy as np

rng = np.random.default_rng(0)
BATCH, CLASSES = 7, 5


def normal(*shape: int) -> np.ndarray:
    return rng.normal(size=shape).astype("float32")


def uniform(*shape: int) -> np.ndarray:
    return rng.uniform(size=shape).astype("float32")


def probabilities(*shape: int) -> np.ndarray:
    powers = np.exp(rng.normal(size=shape))
    return (powers / powers.sum(-1, keepdims=True)).astype("float32")


def _cases() -> list[tuple[str, dict[str, Any], tuple[Any, Any]]]:
    numbers = normal(BATCH, CLASSES), normal(BATCH, CLASSES)
    positive = np.abs(numbers[0]) + 0.1, np.abs(numbers[1]) + 0.1
    binary = rng.integers(0, 2, (BATCH, CLASSES)).astype("float32"), uniform(BATCH, CLASSES)
    labels = rng.integers(0, CLASSES, BATCH)
    one_hot = np.eye(CLASSES, dtype="float32")[labels]
    shares = probabilities(BATCH, CLASSES)
    logits = normal(BATCH, CLASSES) * 3
    steps, step_shares = rng.integers(0, CLASSES, (BATCH, 3)), probabilities(BATCH, 3, CLASSES)
    vectors = normal(BATCH, 4)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    sequences = rng.integers(1, 4, (BATCH, 3))
    sequences[1, 2] = sequences[2, 1] = sequences[2, 2] = 0
    cases: list[tuple[str, dict[str, Any], tuple[Any, Any]]] = [
        (name, {}, numbers)
        for name in (
            "MeanSquaredError",
            "MeanAbsoluteError",
            "MeanAbsolutePercentageError",
            "MeanSquaredLogarithmicError",
            "LogCosh",
            "Huber",
            "CosineSimilarity",
            "Hinge",
            "SquaredHinge",
        )
    ]
    cases += [
        ("Huber", {"delta": 0.3}, numbers),
        ("CosineSimilarity", {"axis": 0}, numbers),
        ("MeanSquaredLogarithmicError", {}, positive),
        ("Poisson", {}, positive),
        ("KLDivergence", {}, (probabilities(BATCH, CLASSES), shares)),
        ("CategoricalHinge", {}, (one_hot, numbers[1])),
    ]
    for name in ("Hinge", "SquaredHinge"):
        cases += [(name, {}, (binary[0], numbers[1])), (name, {}, (binary[0] * 2 - 1, numbers[1]))]
    for name in ("BinaryCrossentropy", "BinaryFocalCrossentropy"):
        cases += [
            (name, {}, binary),
            (name, {"from_logits": True}, (binary[0], logits)),
            (name, {"label_smoothing": 0.2}, binary),
            (name, {"axis": 0}, binary),
        ]
    cases += [
        ("BinaryCrossentropy", {}, (binary[0], np.round(binary[1]))),
        ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "alpha": 0.3, "gamma": 1.5}, binary),
    ]
    for name in ("CategoricalCrossentropy", "CategoricalFocalCrossentropy"):
        cases += [
            (name, {}, (one_hot, shares)),
            (name, {}, (one_hot, positive[1])),
            (name, {"from_logits": True}, (one_hot, logits)),
            (name, {"label_smoothing": 0.2}, (one_hot, shares)),
            (name, {"axis": 0}, (one_hot, shares)),
        ]
    cases += [
        ("CategoricalCrossentropy", {}, (one_hot, one_hot)),
        ("CategoricalCrossentropy", {}, (one_hot, np.roll(one_hot, 1, 1))),
        ("SparseCategoricalCrossentropy", {}, (labels, shares)),
        ("SparseCategoricalCrossentropy", {}, (labels[:, None], shares)),
        ("SparseCategoricalCrossentropy", {"from_logits": True}, (labels, logits)),
        ("SparseCategoricalCrossentropy", {"ignore_class": 2}, (labels, shares)),
        ("SparseCategoricalCrossentropy", {"ignore_class": -1}, (np.where(labels == 1, -1, labels), shares)),
        ("SparseCategoricalCrossentropy", {}, (steps, step_shares)),
        ("SparseCategoricalCrossentropy", {}, (steps[..., None].astype("float32"), step_shares)),
        ("CategoricalGeneralizedCrossEntropy", {}, (labels, shares)),
        ("Dice", {}, binary),
        ("Dice", {"axis": (1,)}, binary),
        ("Tversky", {}, binary),
        ("Tversky", {"alpha": 0.3, "beta": 0.8, "axis": -1}, binary),
        ("Circle", {}, (labels % 2, vectors)),
        ("Circle", {"gamma": 10.0, "margin": 0.2, "remove_diagonal": False}, (labels % 2, vectors)),
        ("CTC", {}, (sequences, normal(BATCH, 8, 5))),
        ("MeanSquaredError", {}, (numbers[0][:, 0], numbers[1][:, :1])),
        ("MeanSquaredError", {}, (numbers[0][:, :1], numbers[1][:, 0])),
        ("BinaryCrossentropy", {}, (binary[0][:, 0], binary[1][:, :1])),
        ("MeanAbsoluteError", {}, (normal(BATCH, 3, 2), normal(BATCH, 3, 2))),
    ]
    return cases


CASES = _cases()
NAMES = [f"{index}-{name}-{options}" for index, (name, options, _) in enumerate(CASES)]
