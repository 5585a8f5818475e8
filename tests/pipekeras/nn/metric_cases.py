"""Labels and predictions for every metric."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

rng = np.random.default_rng(0)
BATCH, CLASSES = 11, 6


@dataclass(frozen=True)
class Case:
    """A metric, its options, a source of batches, and the shapes of weights to try beside none."""

    name: str
    options: dict[str, Any]
    batch: Callable[[], tuple[Any, Any]]
    weights: tuple[str, ...] = ("sample",)

    def __str__(self) -> str:
        return f"{self.name}-{self.options}"


def normal(*shape: int) -> np.ndarray:
    return rng.normal(size=shape).astype("float32")


def uniform(*shape: int) -> np.ndarray:
    return rng.uniform(size=shape).astype("float32")


def shares(*shape: int) -> np.ndarray:
    powers = np.exp(rng.normal(size=shape))
    return (powers / powers.sum(-1, keepdims=True)).astype("float32")


def binary(*shape: int) -> np.ndarray:
    return rng.integers(0, 2, shape).astype("float32")


def labels(*shape: int, classes: int = CLASSES) -> np.ndarray:
    return rng.integers(0, classes, shape)


def one_hot(*shape: int) -> np.ndarray:
    return np.eye(CLASSES, dtype="float32")[labels(*shape)]


def weights(kind: str) -> np.ndarray:
    return {"sample": lambda: uniform(BATCH), "step": lambda: uniform(BATCH, 3), "whole": lambda: labels(BATCH, classes=3)}[
        kind
    ]()


def quarters(*shape: int) -> np.ndarray:
    return np.round(uniform(*shape) * 4) / 4


def _numbers() -> tuple[Any, Any]:
    return normal(BATCH, CLASSES), normal(BATCH, CLASSES)


def _decisions() -> tuple[Any, Any]:
    return binary(BATCH), uniform(BATCH)


def _several() -> tuple[Any, Any]:
    return binary(BATCH, 3), uniform(BATCH, 3)


def _many() -> tuple[Any, Any]:
    return binary(BATCH, CLASSES), uniform(BATCH, CLASSES)


def _classes() -> tuple[Any, Any]:
    return labels(BATCH, classes=3), labels(BATCH, classes=3)


def _cases() -> list[Case]:
    n, c = BATCH, CLASSES
    cases = [
        Case(name, {}, _numbers)
        for name in (
            "MeanSquaredError",
            "MeanAbsoluteError",
            "MeanAbsolutePercentageError",
            "RootMeanSquaredError",
            "LogCoshError",
            "CosineSimilarity",
            "R2Score",
            "PearsonCorrelation",
            "ConcordanceCorrelation",
        )
    ]
    cases += [
        Case("MeanSquaredLogarithmicError", {}, lambda: (uniform(n, c), uniform(n, c))),
        Case("Poisson", {}, lambda: (uniform(n, c), uniform(n, c))),
        Case("KLDivergence", {}, lambda: (shares(n, c), shares(n, c))),
        Case("R2Score", {"class_aggregation": None}, _numbers),
        Case("R2Score", {"class_aggregation": "variance_weighted_average"}, _numbers),
        Case("R2Score", {"num_regressors": 2}, _numbers),
        Case("MeanSquaredError", {}, lambda: (normal(n), normal(n, 1))),
        Case("MeanAbsoluteError", {}, lambda: (normal(n, 3, 2), normal(n, 3, 2)), ("step",)),
        Case("RootMeanSquaredError", {}, lambda: (normal(n, 1), normal(n))),
        Case("Hinge", {}, lambda: (binary(n, c), normal(n, c))),
        Case("SquaredHinge", {}, lambda: (binary(n, c), normal(n, c))),
        Case("CategoricalHinge", {}, lambda: (one_hot(n), normal(n, c))),
        Case("BinaryCrossentropy", {}, _many),
        Case("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, lambda: (binary(n, c), normal(n, c))),
        Case("CategoricalCrossentropy", {}, lambda: (one_hot(n), shares(n, c))),
        Case("SparseCategoricalCrossentropy", {}, lambda: (labels(n), shares(n, c))),
        Case("SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 2}, lambda: (labels(n), normal(n, c))),
        Case("Accuracy", {}, lambda: (binary(n, 1), binary(n, 1))),
        Case("Accuracy", {}, lambda: (binary(n, 3), binary(n, 3))),
        Case("BinaryAccuracy", {}, lambda: (binary(n, 1), uniform(n, 1))),
        Case("BinaryAccuracy", {"threshold": 0.7}, lambda: (binary(n), uniform(n, 1))),
        Case("BinaryAccuracy", {}, lambda: (binary(n, 4), uniform(n, 4))),
        Case("CategoricalAccuracy", {}, lambda: (one_hot(n), uniform(n, c))),
        Case("CategoricalAccuracy", {}, lambda: (one_hot(n, 3), uniform(n, 3, c)), ("step",)),
        Case("SparseCategoricalAccuracy", {}, lambda: (labels(n), uniform(n, c))),
        Case("SparseCategoricalAccuracy", {}, lambda: (labels(n, 1), uniform(n, c))),
        Case("SparseCategoricalAccuracy", {}, lambda: (labels(n, 3).astype("float32"), uniform(n, 3, c)), ("step",)),
        Case("TopKCategoricalAccuracy", {"k": 2}, lambda: (one_hot(n), uniform(n, c))),
        Case("SparseTopKCategoricalAccuracy", {"k": 3}, lambda: (labels(n), uniform(n, c))),
        Case("SparseTopKCategoricalAccuracy", {"k": 2}, lambda: (labels(n, 3), uniform(n, 3, c)), ()),
        Case(
            "SparseTopKCategoricalAccuracy", {"k": 2, "from_sorted_ids": True}, lambda: (labels(n), np.argsort(uniform(n, c)))
        ),
    ]
    for name in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives", "Precision", "Recall"):
        cases += [
            Case(name, {}, _decisions),
            Case(name, {"thresholds": [0.2, 0.5, 0.9]}, _several),
            Case(name, {"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}, lambda: (binary(n, 1), quarters(n, 1))),
        ]
    for name in ("Precision", "Recall"):
        cases += [
            Case(name, {"top_k": 2}, _many),
            Case(name, {"class_id": 1}, _many),
            Case(name, {"top_k": 3, "class_id": 2, "thresholds": [0.3, 0.6]}, _many),
        ]
    for name, argument, value in (
        ("SensitivityAtSpecificity", "specificity", 0.6),
        ("SpecificityAtSensitivity", "sensitivity", 0.6),
        ("PrecisionAtRecall", "recall", 0.5),
        ("RecallAtPrecision", "precision", 0.4),
    ):
        cases += [
            Case(name, {argument: value}, _decisions),
            Case(name, {argument: value, "num_thresholds": 1}, _decisions),
            Case(name, {argument: value, "num_thresholds": 5, "class_id": 1}, _several),
        ]
    for curve in ("ROC", "PR", "PRGAIN"):
        for method in ("interpolation", "minoring", "majoring"):
            cases.append(Case("AUC", {"curve": curve, "summation_method": method}, _decisions))
    cases += [
        Case("AUC", {"num_thresholds": 5}, lambda: (binary(n, 1), quarters(n, 1))),
        Case("AUC", {"thresholds": [0.1, 0.3, 0.8]}, _decisions),
        Case("AUC", {"from_logits": True}, lambda: (binary(n, 1), normal(n, 1))),
        Case("AUC", {"multi_label": True, "num_labels": 3}, _several),
        Case("AUC", {"multi_label": True, "label_weights": [0.2, 0.3, 0.5], "curve": "PR"}, _several, ()),
        Case("AUC", {"label_weights": [0.2, 0.3, 0.5]}, _several, ()),
        Case("AUC", {"multi_label": True, "num_labels": 3, "thresholds": [0.3, 0.6]}, _several, ()),
        Case("IoU", {"num_classes": 3, "target_class_ids": [0, 2]}, _classes, ("whole",)),
        Case("MeanIoU", {"num_classes": 3}, lambda: (labels(n, 4, classes=3), labels(n, 4, classes=3)), ()),
        Case("MeanIoU", {"num_classes": 3, "ignore_class": 1}, _classes, ("whole",)),
        Case("MeanIoU", {"num_classes": 4, "ignore_class": -1}, lambda: (labels(n, classes=4) - 1, labels(n, classes=3)), ()),
        Case("MeanIoU", {"num_classes": 3, "dtype": "float32"}, _classes),
        Case("BinaryIoU", {"threshold": 0.4}, _decisions, ()),
        Case("BinaryIoU", {"target_class_ids": [1]}, _decisions, ()),
        Case("OneHotIoU", {"num_classes": c, "target_class_ids": [0, 3]}, lambda: (one_hot(n), uniform(n, c)), ()),
        Case("OneHotMeanIoU", {"num_classes": c}, lambda: (one_hot(n), uniform(n, c)), ()),
    ]
    for average in (None, "micro", "macro", "weighted"):
        cases += [
            Case("F1Score", {"average": average}, lambda: (one_hot(n), uniform(n, c))),
            Case("FBetaScore", {"average": average, "beta": 2.0, "threshold": 0.4}, _many),
        ]
    return cases


CASES = _cases()
