"""Regularizers and constraints under the names of Keras 1, each with a notice of today's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.core.notices import warn
from pipekeras.nn.constraints import MaxNorm, NonNeg, UnitNorm
from pipekeras.nn.regularizers import L1, L1L2, L2


def _told(older: str, made: Any) -> Any:
    warn(f"{older}() is a name of Keras 1: it is {type(made).__name__} today")
    return made


def _of_one(older: str, cls: Any) -> Callable[..., Any]:
    def make(l: float = 0.01) -> Any:  # noqa: E741 - the argument's name of then
        return _told(older, cls(l))

    make.__name__ = older
    return make


def l1l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Return what is `L1L2(l1, l2)` today."""
    return _told("l1l2", L1L2(l1, l2))


def activity_l1l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Return what is `L1L2(l1, l2)` today, as activity_regularizer."""
    return _told("activity_l1l2", L1L2(l1, l2))


def _of_both(older: str) -> Callable[..., L1L2]:
    def make(l1: float = 0.0, l2: float = 0.0) -> L1L2:
        return _told(older, L1L2(l1, l2))

    make.__name__ = older
    return make


def maxnorm(m: float = 2, axis: Any = 0) -> MaxNorm:
    """Return what is `MaxNorm(max_value=m, axis=axis)` today."""
    return _told("maxnorm", MaxNorm(m, axis))


def nonneg() -> NonNeg:
    """Return what is `NonNeg()` today."""
    return _told("nonneg", NonNeg())


def unitnorm(axis: Any = 0) -> UnitNorm:
    """Return what is `UnitNorm(axis=axis)` today."""
    return _told("unitnorm", UnitNorm(axis))


REGULARIZERS: dict[str, Callable[..., Any]] = {
    "activity_l1": _of_one("activity_l1", L1),
    "activity_l2": _of_one("activity_l2", L2),
    "activity_l1l2": activity_l1l2,
    "l1l2": l1l2,
    "WeightRegularizer": _of_both("WeightRegularizer"),
    "ActivityRegularizer": _of_both("ActivityRegularizer"),
}
CONSTRAINTS: dict[str, Callable[..., Any]] = {"maxnorm": maxnorm, "nonneg": nonneg, "unitnorm": unitnorm}
