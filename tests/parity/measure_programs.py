"""Cases for losses and metrics."""

from __future__ import annotations

from typing import Any

import numpy as np
from program import Draw, Make, Program
from program_data import CLASSES, ROWS, dense, labels, numbers, one_hot, positive, rng, shares, weights

REDUCTIONS = ("sum_over_batch_size", "sum", "mean_with_sample_weight", "mean")


def losses(seed: int) -> list[Program]:
    n, c = ROWS, CLASSES
    plain, soft, logistic = dense(c), dense(c, "softmax"), dense(c, "sigmoid")
    one, binary = dense(1, "sigmoid"), labels(n, c, classes=2).astype("float32")
    table: list[tuple[str, list[dict[str, Any]], Make, Any]] = [
        (name, [{}, {}], plain, numbers(n, c))
        for name in (
            "MeanSquaredError",
            "MeanAbsoluteError",
            "MeanAbsolutePercentageError",
            "LogCosh",
            "Hinge",
            "SquaredHinge",
            "CategoricalHinge",
        )
    ]
    table += [
        ("Huber", [{}, {"delta": 0.3}, {"delta": 2.0}], plain, numbers(n, c)),
        ("CosineSimilarity", [{}, {"axis": -1}], plain, numbers(n, c)),
        ("MeanSquaredLogarithmicError", [{}, {}], dense(c, "softplus"), positive(n, c)),
        ("Poisson", [{}, {}], dense(c, "softplus"), positive(n, c)),
        ("KLDivergence", [{}, {}], soft, shares(n, c)),
        ("Hinge", [{}], plain, binary * 2 - 1),
        ("Hinge", [{}], plain, binary),
        ("SquaredHinge", [{}], plain, binary),
        ("CategoricalHinge", [{}], plain, one_hot(n)),
        ("BinaryCrossentropy", [{}, {"label_smoothing": 0.2}], logistic, binary),
        ("BinaryCrossentropy", [{"from_logits": True}, {"from_logits": True, "label_smoothing": 0.1}], plain, binary),
        ("BinaryCrossentropy", [{}], one, labels(n, 1, classes=2)),
        ("BinaryCrossentropy", [{}], one, labels(n, classes=2)),
        (
            "BinaryFocalCrossentropy",
            [{}, {"gamma": 1.0, "apply_class_balancing": True, "alpha": 0.4}, {"label_smoothing": 0.1}],
            logistic,
            binary,
        ),
        ("BinaryFocalCrossentropy", [{"from_logits": True}], plain, binary),
        ("CategoricalCrossentropy", [{}, {"label_smoothing": 0.1}], soft, one_hot(n)),
        ("CategoricalCrossentropy", [{"from_logits": True}, {"from_logits": True, "label_smoothing": 0.3}], plain, one_hot(n)),
        ("CategoricalCrossentropy", [{}], soft, shares(n, c)),
        ("CategoricalFocalCrossentropy", [{}, {"alpha": 0.5, "gamma": 1.0}, {"label_smoothing": 0.1}], soft, one_hot(n)),
        ("CategoricalFocalCrossentropy", [{"from_logits": True}], plain, one_hot(n)),
        ("SparseCategoricalCrossentropy", [{}, {"ignore_class": 2}], soft, labels(n)),
        (
            "SparseCategoricalCrossentropy",
            [{"from_logits": True}, {"from_logits": True, "ignore_class": 0}],
            plain,
            labels(n, 1),
        ),
        ("SparseCategoricalCrossentropy", [{}], soft, labels(n).astype("float32")),
        ("CategoricalGeneralizedCrossEntropy", [{}, {"q": 0.7}], soft, labels(n)),
        ("Dice", [{}, {"axis": (1,)}], logistic, binary),
        ("Tversky", [{}, {"alpha": 0.3, "beta": 0.7}, {"axis": -1}], logistic, binary),
    ]
    found = []
    for place, (name, options, layer, goal) in enumerate(table):
        for index, chosen in enumerate(options):
            draw = Draw(seed, name, place, index)
            per_row = name not in ("Dice", "Tversky")
            keywords = dict(chosen)
            if per_row:
                keywords.update(draw.given(reduction=REDUCTIONS))
            fit = {"sample_weight": weights(ROWS)} if per_row and draw.chance(0.5) else {}
            if "ignore_class" in keywords:
                fit = {}
            found.append(
                Program("loss", name, layer, [(5,)], compile={"loss": Make("losses", name, keywords)}, targets=goal, fit=fit)
            )
        if name in ("MeanSquaredError", "MeanAbsoluteError", "Huber", "LogCosh"):
            shape = (n, 3, c)
            found.append(
                Program(
                    "loss",
                    name,
                    layer,
                    [(3, 5)],
                    compile={"loss": Make("losses", name, {})},
                    targets=numbers(*shape),
                    fit={"sample_weight": weights(n, 3)},
                )
            )
            found.append(
                Program(
                    "loss",
                    name,
                    Make("layers", "GRU", {"units": c, "return_sequences": True}),
                    [(3, 2)],
                    masked=True,
                    compile={"loss": Make("losses", name, {})},
                    targets=numbers(*shape),
                )
            )
    found += [
        Program("loss", name, plain, [(5,)], compile={"loss": name}, targets=numbers(n, c))
        for name in ("mse", "mae", "mape", "log_cosh", "huber", "hinge")
    ]
    found.append(
        Program(
            "loss",
            "Circle",
            Make("layers", "UnitNormalization", {}),
            [(5,)],
            targets=labels(n, classes=2),
            compile={"loss": Make("losses", "Circle", {})},
        )
    )
    found.append(
        Program(
            "loss",
            "CTC",
            Make("layers", "Dense", {"units": 5}),
            [(8, 3)],
            targets=rng("ctc").integers(1, 4, (n, 3)),
            compile={"loss": Make("losses", "CTC", {})},
        )
    )
    return found


def metrics(seed: int) -> list[Program]:
    n, c = ROWS, CLASSES
    plain, soft, logistic, one = dense(c), dense(c, "softmax"), dense(c, "sigmoid"), dense(1, "sigmoid")
    binary, single = labels(n, c, classes=2).astype("float32"), labels(n, 1, classes=2).astype("float32")
    table: list[tuple[str, list[dict[str, Any]], Make, Any]] = [
        (name, [{}], plain, numbers(n, c))
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
    table += [
        (
            "R2Score",
            [{"class_aggregation": None}, {"class_aggregation": "variance_weighted_average", "num_regressors": 1}],
            plain,
            numbers(n, c),
        ),
        ("MeanSquaredLogarithmicError", [{}], dense(c, "softplus"), positive(n, c)),
        ("Poisson", [{}], dense(c, "softplus"), positive(n, c)),
        ("KLDivergence", [{}], soft, shares(n, c)),
        ("Hinge", [{}], plain, binary),
        ("SquaredHinge", [{}], plain, binary),
        ("CategoricalHinge", [{}], plain, one_hot(n)),
        ("BinaryCrossentropy", [{}, {"label_smoothing": 0.1}], logistic, binary),
        ("BinaryCrossentropy", [{"from_logits": True}], plain, binary),
        ("CategoricalCrossentropy", [{}, {"label_smoothing": 0.2}], soft, one_hot(n)),
        ("SparseCategoricalCrossentropy", [{}, {"ignore_class": 1}], soft, labels(n)),
        ("BinaryAccuracy", [{}, {"threshold": 0.3}], logistic, binary),
        ("CategoricalAccuracy", [{}], soft, one_hot(n)),
        ("SparseCategoricalAccuracy", [{}], soft, labels(n)),
        ("SparseCategoricalAccuracy", [{}], soft, labels(n, 1)),
        ("TopKCategoricalAccuracy", [{"k": 1}, {"k": 2}], soft, one_hot(n)),
        ("SparseTopKCategoricalAccuracy", [{"k": 2}, {"k": 3}], soft, labels(n)),
        ("Accuracy", [{}], dense(c, "relu"), binary),
        ("IoU", [{"num_classes": 2, "target_class_ids": [0]}], dense(1, "hard_sigmoid"), single),
        ("BinaryIoU", [{"threshold": 0.5}, {"target_class_ids": [1], "threshold": 0.4}], one, single),
        ("OneHotIoU", [{"num_classes": c, "target_class_ids": [0, 2]}], soft, one_hot(n)),
        ("OneHotMeanIoU", [{"num_classes": c}], soft, one_hot(n)),
        (
            "AUC",
            [
                {},
                {"curve": "PR"},
                {"num_thresholds": 7},
                {"summation_method": "minoring"},
                {"summation_method": "majoring"},
                {"thresholds": [0.2, 0.5, 0.6]},
            ],
            one,
            single,
        ),
        (
            "AUC",
            [
                {"multi_label": True, "num_labels": c},
                {"multi_label": True, "num_labels": c, "label_weights": [0.1, 0.2, 0.3, 0.4]},
                {"curve": "PR", "multi_label": True, "num_labels": c},
            ],
            logistic,
            binary,
        ),
        ("AUC", [{"from_logits": True}], dense(1), single),
        (
            "F1Score",
            [{"average": "macro"}, {"average": "micro"}, {"average": "weighted"}, {"average": None, "threshold": 0.3}],
            soft,
            one_hot(n),
        ),
        ("FBetaScore", [{"average": "macro", "beta": 2.0}, {"beta": 0.5, "threshold": 0.4}], logistic, binary),
    ]
    for name in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives"):
        table.append((name, [{}, {"thresholds": [0.3, 0.6]}], one, single))
    for name in ("Precision", "Recall"):
        table.append((name, [{}, {"thresholds": [0.3, 0.5, 0.6]}], one, single))
        table.append((name, [{"top_k": 2}, {"class_id": 1}, {"top_k": 2, "class_id": 0}], soft, one_hot(n)))
    for name, argument in (
        ("SensitivityAtSpecificity", "specificity"),
        ("SpecificityAtSensitivity", "sensitivity"),
        ("PrecisionAtRecall", "recall"),
        ("RecallAtPrecision", "precision"),
    ):
        table.append((name, [{argument: 0.5}, {argument: 0.7, "num_thresholds": 9}], one, single))
    found = []
    for place, (name, options, layer, goal) in enumerate(table):
        for index, chosen in enumerate(options):
            draw = Draw(seed, name, place, index)
            metric = Make("metrics", name, {**chosen, "name": "measured"})
            compiled: dict[str, Any] = {
                "loss": "mse" if np.shape(goal)[1:] == (layer.keywords["units"],) else "sparse_categorical_crossentropy"
            }
            fit: dict[str, Any] = {}
            if draw.chance(0.5) and name not in ("R2Score",):
                compiled["weighted_metrics"] = [metric]
                fit = {"sample_weight": weights(ROWS)}
            else:
                compiled["metrics"] = [metric]
            found.append(Program("metric", name, layer, [(5,)], compile=compiled, targets=goal, fit=fit))
    for name, layer, goal in (
        ("accuracy", one, single),
        ("acc", soft, one_hot(n)),
        ("accuracy", soft, labels(n)),
        ("crossentropy", soft, labels(n)),
        ("mae", plain, numbers(n, c)),
        ("mse", plain, numbers(n, c)),
        ("cosine_similarity", plain, numbers(n, c)),
    ):
        loss = "mse" if np.shape(goal)[1:] == (layer.keywords["units"],) else "sparse_categorical_crossentropy"
        found.append(Program("metric", name, layer, [(5,)], compile={"loss": loss, "metrics": [name]}, targets=goal))
    return found
