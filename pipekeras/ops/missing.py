"""Reductions that leave out NaN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.comparison import cast, logical_not, where
from pipekeras.ops.define import FUNCTIONS, floating, public
from pipekeras.ops.mathematics import isnan, sqrt
from pipekeras.ops.ordering import cumprod, cumsum
from pipekeras.ops.reduction import Axis, argmax, argmin, max, min, prod, sum


def _filled(x: Any, value: float) -> tuple[Tensor, Tensor]:
    """Return the tensor with NaN replaced, and where NaN was."""
    x = convert(x)
    missing = isnan(x) if dtypes.is_float(x.dtype) else FUNCTIONS["zeros_like"](x, "bool")
    return (where(missing, value, x) if dtypes.is_float(x.dtype) else x), missing


@public
def nansum(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Sum of the elements that are not NaN.

    >>> from pipekeras import ops
    >>> ops.nansum([1.0, float("nan"), 2.0])
    Tensor(3., shape=(), dtype=float32)
    """
    return sum(_filled(x, 0.0)[0], axis, keepdims)


@public
def nanprod(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Product of the elements that are not NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanprod([[1.0, float("nan")], [3.0, 4.0]])
    Tensor(12., shape=(), dtype=float32)
    """
    return prod(_filled(x, 1.0)[0], axis, keepdims)


@public
def nancumsum(x: Any, axis: int | None = None, dtype: Any = None) -> Tensor:
    """Running totals that NaN adds nothing to.

    Example:

    >>> from pipekeras import ops
    >>> ops.nancumsum([[1.0, float("nan")], [3.0, 4.0]])
    Tensor([1., 1., 4., 8.], shape=(4,), dtype=float32)
    """
    return cumsum(_filled(x, 0.0)[0], axis, dtype)


@public
def nancumprod(x: Any, axis: int | None = None, dtype: Any = None) -> Tensor:
    """Running products that NaN does not change.

    Example:

    >>> from pipekeras import ops
    >>> ops.nancumprod([[1.0, float("nan")], [3.0, 4.0]])
    Tensor([ 1.,  1.,  3., 12.], shape=(4,), dtype=float32)
    """
    return cumprod(_filled(x, 1.0)[0], axis, dtype)


def _nan_extreme(reduce: Callable[..., Tensor], x: Any, axis: Axis, keepdims: bool, neutral: float) -> Tensor:
    filled, missing = _filled(x, neutral)
    result = reduce(filled, axis, keepdims)
    if not dtypes.is_float(filled.dtype):
        return result
    return where(FUNCTIONS["all"](missing, axis, keepdims), float("nan"), result)


@public
def nanmax(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Largest of the elements that are not NaN; NaN where there are none.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanmax([[1.0, float("nan")], [3.0, 4.0]])
    Tensor(4., shape=(), dtype=float32)
    """
    return _nan_extreme(max, x, axis, keepdims, -float("inf"))


@public
def nanmin(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Smallest of the elements that are not NaN; NaN where there are none.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanmin([[1.0, float("nan")], [3.0, 4.0]])
    Tensor(1., shape=(), dtype=float32)
    """
    return _nan_extreme(min, x, axis, keepdims, float("inf"))


def _nan_position(position: Callable[..., Tensor], x: Any, axis: int | None, keepdims: bool, neutral: float) -> Tensor:
    filled, missing = _filled(x, neutral)
    found = position(filled, axis, keepdims)
    return where(FUNCTIONS["all"](missing, axis, keepdims), -1, found)


@public
def nanargmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the largest element that is not NaN; -1 where all are.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanargmax([[1.0, float("nan")], [3.0, 4.0]], axis=1)
    Tensor([0, 1], shape=(2,), dtype=int32)
    """
    return _nan_position(argmax, x, axis, keepdims, -float("inf"))


@public
def nanargmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the smallest element that is not NaN; -1 where all are.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanargmin([[1.0, float("nan")], [3.0, 4.0]], axis=1)
    Tensor([0, 0], shape=(2,), dtype=int32)
    """
    return _nan_position(argmin, x, axis, keepdims, float("inf"))


@public
def nanmean(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Mean of the elements that are not NaN.

    >>> from pipekeras import ops
    >>> ops.nanmean([1.0, float("nan"), 2.0])
    Tensor(1.5, shape=(), dtype=float32)
    """
    filled, missing = _filled(floating(x), 0.0)
    return sum(filled, axis, keepdims) / sum(cast(logical_not(missing), filled.dtype), axis, keepdims)


@public
def nanvar(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Variance (divided by n) of the elements that are not NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanvar([[1.0, float("nan")], [3.0, 4.0]]).numpy().round(4)
    np.float32(1.5556)
    """
    x = floating(x)
    filled, missing = _filled(x, 0.0)
    count = sum(cast(logical_not(missing), x.dtype), axis, True)
    # Where NaN was a 0 stands before the square is taken: the gradient never meets the NaN.
    centred = where(missing, 0.0, filled - sum(filled, axis, True) / count)
    total = sum(centred * centred, axis, True) / count
    return total if keepdims else sum(total, axis)


@public
def nanstd(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Standard deviation (divided by n) of the elements that are not NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanstd([[1.0, float("nan")], [3.0, 4.0]]).numpy().round(4)
    np.float32(1.2472)
    """
    return sqrt(nanvar(x, axis, keepdims))
