"""Random options that many layers share."""

from __future__ import annotations

from typing import Any

from program import Draw, Make

ACTIVATIONS = (
    "relu",
    "tanh",
    "sigmoid",
    "gelu",
    "elu",
    "selu",
    "softplus",
    "softsign",
    "silu",
    "exponential",
    "leaky_relu",
    "softmax",
    "mish",
    "linear",
    "relu6",
    "hard_sigmoid",
    "log_softmax",
    "celu",
)
FORMATS = ("channels_last", "channels_first")


def regularizer(draw: Draw) -> Any:
    return draw.one(
        "l1",
        "l2",
        Make("regularizers", "L1L2", {"l1": 0.02, "l2": 0.03}),
        Make("regularizers", "L2", {"l2": 0.1}),
        Make("regularizers", "OrthogonalRegularizer", {"factor": 0.05}),
    )


def constraint(draw: Draw) -> Any:
    return draw.one(
        "non_neg",
        Make("constraints", "MaxNorm", {"max_value": 0.5, "axis": 0}),
        Make("constraints", "UnitNorm", {"axis": 0}),
        Make("constraints", "MinMaxNorm", {"min_value": 0.3, "max_value": 0.8, "rate": 0.7, "axis": 0}),
    )


def weighted(draw: Draw, kernel: str = "kernel", matrix: bool = True) -> dict[str, Any]:
    """Return options that layers with a kernel share."""
    found = draw.given(use_bias=(True, False), activation=ACTIVATIONS, activity_regularizer=("l1", "l2"))
    if draw.chance(0.25):
        chosen = regularizer(draw)
        if matrix or chosen.__class__ is str or chosen.name != "OrthogonalRegularizer":
            found[f"{kernel}_regularizer"] = chosen
    if draw.chance(0.25):
        found[f"{kernel}_constraint"] = constraint(draw)
    if draw.chance(0.15):
        found["bias_regularizer"] = draw.one("l1", "l2")
    if draw.chance(0.15):
        found["bias_constraint"] = "non_neg"
    return found


def placed(shape: tuple[int, ...], channels: int, form: str) -> tuple[int, ...]:
    return (channels, *shape) if form == "channels_first" else (*shape, channels)


def image(draw: Draw, rank: int, low: int = 5, high: int = 8) -> tuple[int, ...]:
    return tuple(draw.whole(low, high) for _ in range(rank)) if rank < 3 else tuple(draw.whole(4, 5) for _ in range(rank))


def window(draw: Draw, rank: int, low: int, high: int) -> Any:
    return draw.one(draw.whole(low, high), tuple(draw.whole(low, high) for _ in range(rank)))


def moved(draw: Draw, rank: int) -> dict[str, Any]:
    """Return strides or dilation, never both."""
    chosen = draw.one("none", "strides", "dilation_rate")
    return {} if chosen == "none" else {chosen: window(draw, rank, 1, 2)}
