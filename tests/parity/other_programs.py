"""Cases for everything that a model is compiled and built with: losses, metrics, optimizers, schedules, activations, ...."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from program import Draw, Make, Program

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


ACTIVATIONS = (
    "relu",
    "leaky_relu",
    "relu6",
    "elu",
    "selu",
    "celu",
    "gelu",
    "silu",
    "swish",
    "mish",
    "sigmoid",
    "hard_sigmoid",
    "log_sigmoid",
    "sparse_sigmoid",
    "hard_silu",
    "hard_swish",
    "tanh",
    "hard_tanh",
    "tanh_shrink",
    "hard_shrink",
    "soft_shrink",
    "softplus",
    "sparse_plus",
    "squareplus",
    "softsign",
    "exponential",
    "softmax",
    "log_softmax",
    "sparsemax",
    "linear",
)
NOT_HERE = {
    "loss": {"Loss": "base class", "LossFunctionWrapper": "base class"},
    "metric": {
        "Metric": "base class",
        "MeanMetricWrapper": "base class",
        "Mean": "of one value: tests/pipekeras/nn/test_metrics.py",
        "Sum": "of one value: tests/pipekeras/nn/test_metrics.py",
        "MeanIoU": "needs classes, not shares: tests/pipekeras/nn/test_metrics.py",
    },
    "optimizer": {
        "Optimizer": "base class",
        "LossScaleOptimizer": "tests/pipekeras/nn/test_optimizers.py",
        "OptimizerMap": "tests/pipekeras/nn/test_optimizers.py",
        "MultiOptimizer": "tests/pipekeras/nn/test_optimizers.py",
        "ScheduleFreeAdamW": "Keras on torch overwrites a value; on JAX: tests/pipekeras/nn/test_optimizers.py",
    },
    "schedule": {"LearningRateSchedule": "base class"},
    "constraint": {"Constraint": "base class"},
    "regularizer": {"Regularizer": "base class"},
    "initializer": {"Initializer": "base class"},
    "activation": {
        "glu": "halves its input: tests/pipekeras/nn/test_activations.py",
        "threshold": "needs arguments: tests/pipekeras/nn/test_activations.py",
    },
}


def activations() -> list[Program]:
    found = []
    for name in ACTIVATIONS:
        for shape, units in (((5,), 4), ((3, 5), 6)):
            found.append(Program("activation", name, dense(units, name), [shape]))
    return found


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


OPTIMIZERS: list[tuple[str, list[dict[str, Any]]]] = [
    ("SGD", [{}, {"momentum": 0.9}, {"momentum": 0.8, "nesterov": True}]),
    ("RMSprop", [{}, {"momentum": 0.5}, {"centered": True}, {"centered": True, "momentum": 0.9, "rho": 0.7}]),
    ("Adam", [{}, {"amsgrad": True}, {"beta_1": 0.5, "beta_2": 0.7, "epsilon": 1e-3}]),
    ("AdamW", [{}, {"weight_decay": 0.1, "amsgrad": True}]),
    ("Adamax", [{}, {"beta_1": 0.7}]),
    ("Nadam", [{}, {"beta_2": 0.9}]),
    ("Adadelta", [{}, {"rho": 0.6}]),
    ("Adagrad", [{}, {"initial_accumulator_value": 0.5}]),
    (
        "Ftrl",
        [
            {},
            {"l1_regularization_strength": 0.01, "l2_regularization_strength": 0.1},
            {"learning_rate_power": -0.7, "beta": 0.2},
        ],
    ),
    ("Lion", [{}, {"beta_1": 0.5}]),
    ("Adafactor", [{}, {"relative_step": False, "clip_threshold": 0.5}]),
    ("Lamb", [{}, {"beta_1": 0.6}]),
    ("Muon", [{}, {"nesterov": False}]),
]
COMMON: list[dict[str, Any]] = [
    {},
    {"clipnorm": 0.3},
    {"clipvalue": 0.05},
    {"global_clipnorm": 0.2},
    {"weight_decay": 0.05},
    {"use_ema": True, "ema_momentum": 0.6, "ema_overwrite_frequency": 2},
    {"use_ema": True, "ema_momentum": 0.9},
    {"gradient_accumulation_steps": 2},
    {"gradient_accumulation_steps": 3, "clipnorm": 0.5},
    {"loss_scale_factor": 4.0},
]


def optimizers(seed: int) -> list[Program]:
    found = []
    for name, options in OPTIMIZERS:
        for index, chosen in enumerate(options):
            draw = Draw(seed, name, index)
            for common in ({}, draw.one(*COMMON[1:])):
                keywords = {"learning_rate": draw.one(0.01, 0.05), **chosen, **common}
                layer = Make("layers", "Dense", {"units": 3, "kernel_constraint": draw.one(None, None, "non_neg")})
                found.append(
                    Program("optimizer", name, layer, [(6,)], compile={"optimizer": Make("optimizers", name, keywords)})
                )
    return found


SCHEDULES: list[tuple[str, dict[str, Any]]] = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5, "staircase": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5, "staircase": True}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 4, "end_learning_rate": 0.01, "power": 2.0}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "end_learning_rate": 0.02, "cycle": True}),
    ("PiecewiseConstantDecay", {"boundaries": [0, 1], "values": [0.1, 0.05, 0.01]}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 4, "alpha": 0.1}),
    ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 4, "warmup_target": 0.1, "warmup_steps": 2}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 2}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 1, "t_mul": 2.0, "m_mul": 0.7, "alpha": 0.1}),
]


def schedules() -> list[Program]:
    found = []
    for name, options in SCHEDULES:
        for kind in ("SGD", "Adam"):
            optimizer = Make("optimizers", kind, {"learning_rate": Make("optimizers.schedules", name, options)})
            found.append(Program("schedule", name, dense(3), [(4,)], compile={"optimizer": optimizer}))
    return found


def penalties() -> list[Program]:
    found = []
    kinds = [
        ("L1", {"l1": 0.1}),
        ("L2", {"l2": 0.1}),
        ("L1L2", {"l1": 0.05, "l2": 0.1}),
        ("L1L2", {"l2": 0.2}),
        ("OrthogonalRegularizer", {"factor": 0.1}),
        ("OrthogonalRegularizer", {"factor": 0.1, "mode": "columns"}),
    ]
    for name, options in kinds:
        layer = dense(3, kernel_regularizer=Make("regularizers", name, options))
        found.append(Program("regularizer", name, layer, [(5,)], compile={"metrics": ["mae"]}))
        if not name.startswith("Orthogonal"):
            layer = dense(3, "relu", activity_regularizer=Make("regularizers", name, options))
            found.append(Program("regularizer", name, layer, [(3, 5)]))
    bounds = [
        ("MaxNorm", {"max_value": 0.4}),
        ("MaxNorm", {"max_value": 0.6, "axis": 1}),
        ("NonNeg", {}),
        ("UnitNorm", {}),
        ("UnitNorm", {"axis": 1}),
        ("MinMaxNorm", {"min_value": 0.2, "max_value": 0.5}),
        ("MinMaxNorm", {"min_value": 0.4, "max_value": 0.9, "rate": 0.5, "axis": 1}),
    ]
    for name, options in bounds:
        found.append(Program("constraint", name, dense(3, kernel_constraint=Make("constraints", name, options)), [(5,)]))
        if "axis" not in options:
            found.append(
                Program(
                    "constraint",
                    name,
                    Make(
                        "layers",
                        "Conv2D",
                        {
                            "filters": 2,
                            "kernel_size": 2,
                            "kernel_constraint": Make(
                                "constraints", name, {**options, **({} if name == "NonNeg" else {"axis": (0, 1, 2)})}
                            ),
                        },
                    ),
                    [(4, 4, 2)],
                )
            )
    return found


def training() -> list[Program]:
    """Return cases of how models are trained: weights of rows and classes, several outputs, several steps at once, types."""
    n, c = ROWS, CLASSES
    soft, states = dense(c, "softmax"), Make("layers", "LSTM", {"units": 3, "return_state": True})
    sparse = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], "weighted_metrics": ["accuracy"]}
    found = [
        Program(
            "training", "class_weight", soft, [(5,)], compile=sparse, targets=labels(n), fit={"class_weight": {0: 0.5, 1: 2.0}}
        ),
        Program(
            "training",
            "class_weight",
            soft,
            [(5,)],
            compile={"loss": "categorical_crossentropy"},
            targets=one_hot(n),
            fit={"class_weight": {0: 0.5, 1: 2.0, 2: 0.0, 3: 3.0}},
        ),
        Program(
            "training",
            "class_weight",
            dense(1, "sigmoid"),
            [(5,)],
            compile={"loss": "binary_crossentropy"},
            targets=labels(n, 1, classes=2),
            fit={"class_weight": {0: 0.5, 1: 2.0}},
        ),
        Program(
            "training", "sample_weight", soft, [(5,)], compile=sparse, targets=labels(n), fit={"sample_weight": weights(n)}
        ),
        Program(
            "training", "sample_weight", soft, [(5,)], compile=sparse, targets=labels(n), fit={"sample_weight": weights(n, 1)}
        ),
        Program(
            "training",
            "sample_weight",
            dense(2),
            [(3, 5)],
            compile={"loss": "mse", "weighted_metrics": ["mae"]},
            targets=numbers(n, 3, 2),
            fit={"sample_weight": weights(n, 3)},
        ),
        Program(
            "training",
            "several outputs",
            states,
            [(3, 2)],
            compile={"loss": ["mse", "mae", "huber"], "loss_weights": [1.0, 0.2, 0.5]},
        ),
        Program(
            "training",
            "several outputs",
            states,
            [(3, 2)],
            compile={"loss": "mse", "metrics": [["mae"], ["mse", "mae"], []], "weighted_metrics": [[], ["mae"], []]},
        ),
        Program(
            "training",
            "several outputs",
            states,
            [(3, 2)],
            masked=True,
            compile={"loss": ["mse", "mae", "mse"], "metrics": ["mae"] * 3},
        ),
        Program(
            "training",
            "steps_per_execution",
            dense(3),
            [(5,)],
            compile={"steps_per_execution": 3, "metrics": ["mae"]},
            referee="jax",
        ),
        Program("training", "validation_split", dense(3), [(5,)], compile={"metrics": ["mae"]}, fit={"validation_split": 0.34}),
        Program("training", "initial_epoch", dense(3), [(5,)], fit={"initial_epoch": 0, "validation_freq": 1}),
        Program("training", "steps_per_epoch", dense(3), [(5,)], fit={"steps_per_epoch": 2}),
    ]
    for layer, shape in (
        (dense(3, "tanh"), (5,)),
        (Make("layers", "LSTM", {"units": 2}), (3, 2)),
        (Make("layers", "Conv1D", {"filters": 2, "kernel_size": 2, "padding": "same"}), (5, 2)),
        (Make("layers", "BatchNormalization", {}), (4,)),
        (Make("layers", "LayerNormalization", {}), (4,)),
        (Make("layers", "GRU", {"units": 2, "return_sequences": True}), (3, 2)),
        (Make("layers", "AveragePooling2D", {"pool_size": 2}), (4, 4, 2)),
        (Make("layers", "Softmax", {}), (4,)),
    ):
        typed = Make(layer.home, layer.name, {**layer.keywords, "dtype": "float64"})
        found.append(Program("training", "float64", typed, [shape], dtype="float64"))
    return found


INITIALIZERS: list[tuple[str, dict[str, Any], tuple[int, ...]]] = [
    ("Zeros", {}, (40, 50)),
    ("Ones", {}, (40, 50)),
    ("Constant", {"value": 0.7}, (40, 50)),
    ("Identity", {}, (40, 40)),
    ("Identity", {"gain": 0.5}, (30, 40)),
    ("STFT", {"side": "real"}, (16, 1, 9)),
    ("RandomNormal", {"mean": 1.0, "stddev": 0.3}, (200, 300)),
    ("TruncatedNormal", {"stddev": 0.4}, (200, 300)),
    ("RandomUniform", {"minval": -0.2, "maxval": 0.5}, (200, 300)),
    ("Orthogonal", {"gain": 1.3}, (60, 90)),
    ("Orthogonal", {}, (90, 60)),
    ("VarianceScaling", {"scale": 2.0, "mode": "fan_avg", "distribution": "uniform"}, (200, 300)),
    ("VarianceScaling", {"scale": 0.5, "mode": "fan_out", "distribution": "untruncated_normal"}, (3, 3, 60, 120)),
    ("VarianceScaling", {"mode": "fan_in", "distribution": "truncated_normal"}, (200, 300)),
    *[
        (f"{name}{kind}", {}, shape)
        for name in ("Glorot", "He", "Lecun")
        for kind in ("Uniform", "Normal")
        for shape in ((200, 300), (3, 3, 60, 120))
    ],
]


def programs(seed: int) -> list[Program]:
    """Return the cases of all registries but the layers."""
    return [*activations(), *losses(seed), *metrics(seed), *optimizers(seed), *schedules(), *penalties(), *training()]
