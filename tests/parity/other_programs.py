"""Cases for everything that a model is compiled and built with beside losses and metrics: optimizers, schedules, ...."""

from __future__ import annotations

from typing import Any

from measure_programs import losses, metrics
from program import Draw, Make, Program
from program_data import CLASSES, ROWS, dense, labels, numbers, one_hot, weights

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
        "MeanTensor": "Keras 2: tests/pipekeras/nn/test_metrics.py",
        "MeanRelativeError": "Keras 2: tests/pipekeras/nn/test_metrics.py",
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
