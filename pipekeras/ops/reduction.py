"""Reductions over axes: sums, extremes, moments."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.comparison import _truth, cast, equal, where
from pipekeras.ops.define import FUNCTIONS, normalize_axis, primitive, public

Axis = int | tuple[int, ...] | list[int] | None


def reduced_axes(axis: Axis, rank: int, name: str) -> tuple[int, ...]:
    """Return the axes that a reduction covers, ascending and non-negative."""
    if axis is None:
        return tuple(range(rank))
    if isinstance(axis, int | np.integer):
        return (normalize_axis(int(axis), rank, name),)
    return tuple(sorted({normalize_axis(int(item), rank, name) for item in axis}))


def widened(x: Any) -> Tensor:
    """Return a tensor that can be added up: bool and integers of one or two bytes become integers of four."""
    x = convert(x)
    if x.dtype in ("bool", "int8", "int16"):
        return cast(x, "int32")
    return cast(x, "uint32") if x.dtype in ("uint8", "uint16") else x


def _infer_extreme(x: Tensor, axis: tuple[int, ...], keepdims: bool) -> Spec:
    # Of no truth values all hold, and not any.
    if x.dtype != "bool" and builtins.any(x.shape[index] == 0 for index in axis):
        raise ShapeError(f"there is no largest or smallest element along axis {axis} of shape {x.shape}")
    return _infer(x, axis, keepdims)


def _infer(x: Tensor, axis: tuple[int, ...], keepdims: bool) -> Spec:
    if keepdims:
        shape = tuple(1 if index in axis else length for index, length in enumerate(x.shape))
    else:
        shape = tuple(length for index, length in enumerate(x.shape) if index not in axis)
    return Spec(shape, x.dtype)


def restore(tensor: Tensor, x: Tensor, axis: tuple[int, ...], keepdims: bool) -> Tensor:
    """Give a reduced tensor its axes back, of size 1."""
    if keepdims or not axis:
        return tensor
    return FUNCTIONS["reshape"](tensor, tuple(1 if i in axis else n for i, n in enumerate(x.shape)))


def _sum_gradient(g: Tensor, out: Tensor, x: Tensor, axis: tuple[int, ...], keepdims: bool) -> tuple[Tensor]:
    return (FUNCTIONS["broadcast_to"](restore(g, x, axis, keepdims), x.shape),)


def _adding(dtype: Any) -> Any:
    return np.dtype("float32") if dtype == np.float16 else dtype


@primitive(_infer, _sum_gradient, "reduce", reduce="sum")
def _sum(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    # The dtype keeps NumPy from widening small integers; half floats are added up in float32 and rounded once.
    return np.sum(x, axis=axis, keepdims=keepdims, dtype=_adding(x.dtype)).astype(x.dtype, copy=False)


def _extreme_gradient(g: Tensor, out: Tensor, x: Tensor, axis: tuple[int, ...], keepdims: bool) -> tuple[Tensor]:
    chosen = cast(equal(x, restore(out, x, axis, keepdims)), g.dtype)
    count = _sum(chosen, axis=axis, keepdims=True)
    return (chosen * (restore(g, x, axis, keepdims) / count),)


@primitive(_infer_extreme, _extreme_gradient, "reduce", reduce="max")
def _max(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return np.any(x, axis=axis, keepdims=keepdims) if x.dtype == bool else np.max(x, axis=axis, keepdims=keepdims)


@primitive(_infer_extreme, _extreme_gradient, "reduce", reduce="min")
def _min(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return np.all(x, axis=axis, keepdims=keepdims) if x.dtype == bool else np.min(x, axis=axis, keepdims=keepdims)


def _prod_gradient(g: Tensor, out: Tensor, x: Tensor, axis: tuple[int, ...], keepdims: bool) -> tuple[Tensor]:
    # Products of the others from the left and from the right: exact at zeros too.
    length = x.size
    if not length:
        return (FUNCTIONS["zeros_like"](x),)
    moved = FUNCTIONS["moveaxis"](x, axis, tuple(range(len(axis))))
    count = int(np.prod([x.shape[i] for i in axis]))  # type: ignore[arg-type]
    rest = moved.shape[len(axis) :]
    flat = FUNCTIONS["reshape"](moved, (count, *rest))
    rows = [flat[i] for i in range(count)]
    ones = FUNCTIONS["ones_like"](rows[0])
    before, after = [ones], [ones]
    for row in rows[:-1]:
        before.append(before[-1] * row)
    for row in rows[:0:-1]:
        after.append(after[-1] * row)
    others = [left * right for left, right in zip(before, reversed(after), strict=True)]
    stacked = FUNCTIONS["reshape"](FUNCTIONS["stack"](others), moved.shape)
    back = FUNCTIONS["moveaxis"](stacked, tuple(range(len(axis))), axis)
    return (back * restore(g, x, axis, keepdims),)


@primitive(_infer, _prod_gradient, "reduce", reduce="prod")
def _prod(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return np.prod(x, axis=axis, keepdims=keepdims, dtype=_adding(x.dtype)).astype(x.dtype, copy=False)


def _reduce(operation: Any, name: str, x: Any, axis: Axis, keepdims: bool) -> Tensor:
    x = convert(x)
    axes = reduced_axes(axis, x.ndim, name)
    return operation(x, axis=axes, keepdims=bool(keepdims))


@public
def sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Sum of the elements over some axes, or over all.

    Args:
        x: tensor; bool and integers of less than four bytes are added up in int32 or uint32.
        axis: int, tuple of int or None (all axes).
        keepdims: bool, default False; True keeps the axes with size 1.

    >>> from pipekeras import ops
    >>> ops.sum([[1.0, 2.0], [3.0, 4.0]], axis=0)
    Tensor([4., 6.], shape=(2,), dtype=float32)
    """
    return _reduce(_sum, "sum", widened(x), axis, keepdims)


@public
def prod(x: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None) -> Tensor:
    """Product of the elements over some axes, or over all.

    Example:

    >>> from pipekeras import ops
    >>> ops.prod([[1.0, 2.0], [3.0, 4.0]])
    Tensor(24., shape=(), dtype=float32)
    """
    x = widened(x) if dtype is None else cast(convert(x), dtypes.standardize(dtype))
    return _reduce(_prod, "prod", x, axis, keepdims)


def _of_nothing(x: Tensor, name: str, axis: Axis, keepdims: bool, initial: Any) -> Tensor:
    return FUNCTIONS["full"](_infer(x, reduced_axes(axis, x.ndim, name), keepdims).shape, initial, x.dtype)


@public
def max(x: Any, axis: Axis = None, keepdims: bool = False, initial: Any = None) -> Tensor:
    """Largest element over some axes, or over all; `initial` takes part as one more element.

    Example:

    >>> from pipekeras import ops
    >>> ops.max([[1.0, 2.0], [3.0, 4.0]])
    Tensor(4., shape=(), dtype=float32)
    """
    x = convert(x)
    if initial is not None and x.size == 0:
        return _of_nothing(x, "max", axis, keepdims, initial)
    result = _reduce(_max, "max", x, axis, keepdims)
    return result if initial is None else FUNCTIONS["maximum"](result, convert(initial, result.dtype))


@public
def min(x: Any, axis: Axis = None, keepdims: bool = False, initial: Any = None) -> Tensor:
    """Smallest element over some axes, or over all; `initial` takes part as one more element.

    Example:

    >>> from pipekeras import ops
    >>> ops.min([[1.0, 2.0], [3.0, 4.0]])
    Tensor(1., shape=(), dtype=float32)
    """
    x = convert(x)
    if initial is not None and x.size == 0:
        return _of_nothing(x, "min", axis, keepdims, initial)
    result = _reduce(_min, "min", x, axis, keepdims)
    return result if initial is None else FUNCTIONS["minimum"](result, convert(initial, result.dtype))


@public
def amax(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Largest element over some axes, or over all.

    Example:

    >>> from pipekeras import ops
    >>> ops.amax([[1.0, 2.0], [3.0, 4.0]])
    Tensor(4., shape=(), dtype=float32)
    """
    return max(x, axis, keepdims)


@public
def amin(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Smallest element over some axes, or over all.

    Example:

    >>> from pipekeras import ops
    >>> ops.amin([[1.0, 2.0], [3.0, 4.0]])
    Tensor(1., shape=(), dtype=float32)
    """
    return min(x, axis, keepdims)


@public
def all(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether every element is true (not 0).

    Example:

    >>> from pipekeras import ops
    >>> ops.all([True, False])
    Tensor(False, shape=(), dtype=bool)
    """
    return _reduce(_min, "all", _truth(x), axis, keepdims)


@public
def any(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether some element is true (not 0).

    Example:

    >>> from pipekeras import ops
    >>> ops.any([True, False])
    Tensor(True, shape=(), dtype=bool)
    """
    return _reduce(_max, "any", _truth(x), axis, keepdims)


def count_of(x: Tensor, axis: Axis, name: str) -> int:
    """Return how many elements one result of a reduction is made of."""
    count = 1
    for index in reduced_axes(axis, x.ndim, name):
        length = x.shape[index]
        # An unknown size only shows while shapes are inferred; no value is computed from it.
        count *= 1 if length is None else length
    return count


def _floating(x: Any) -> Tensor:
    x = convert(x)
    return x if dtypes.is_float(x.dtype) else cast(x, dtypes.as_float(x.dtype))


@public
def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Arithmetic mean over some axes, or over all.

    Formula: sum(x) / n.

    Example:

    >>> from pipekeras import ops
    >>> ops.mean([[1.0, 2.0], [3.0, 4.0]])
    Tensor(2.5, shape=(), dtype=float32)
    """
    x = _floating(x)
    count = count_of(x, axis, "mean")
    if x.dtype in dtypes.HALVES:
        # The sum of many halves may be too large for one; their mean is not.
        return cast(mean(cast(x, "float32"), axis, keepdims), x.dtype)
    total = _reduce(_sum, "mean", x, axis, keepdims)
    return total if count == 1 else total / float(count)


@public
def var(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Variance (divided by n) over some axes, or over all.

    Example:

    >>> from pipekeras import ops
    >>> ops.var([[1.0, 2.0], [3.0, 4.0]])
    Tensor(1.25, shape=(), dtype=float32)
    """
    x = _floating(x)
    if x.dtype in dtypes.HALVES:
        return cast(var(cast(x, "float32"), axis, keepdims), x.dtype)
    centred = x - mean(x, axis, True)
    return mean(FUNCTIONS["square"](centred), axis, keepdims)


@public
def std(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Standard deviation (divided by n) over some axes, or over all.

    Example:

    >>> from pipekeras import ops
    >>> ops.std([[1.0, 2.0], [3.0, 4.0]]).numpy().round(4)
    np.float32(1.118)
    """
    return FUNCTIONS["sqrt"](var(x, axis, keepdims))


@public
def moments(x: Any, axes: Axis, keepdims: bool = False, synchronized: bool = False) -> tuple[Tensor, Tensor]:
    """Mean and variance over `axes`; `synchronized` is for several machines and changes nothing on one.

    Example:

    >>> from pipekeras import ops
    >>> ops.moments([1.0, 3.0], axes=0)
    (Tensor(2., shape=(), dtype=float32), Tensor(1., shape=(), dtype=float32))
    """
    x = _floating(x)
    centre = mean(x, axes, True)
    variance = mean(FUNCTIONS["square"](x - centre), axes, keepdims)
    if not keepdims:
        kept = _infer(x, reduced_axes(axes, x.ndim, "moments"), False).shape
        centre = FUNCTIONS["reshape"](centre, tuple(-1 if n is None else n for n in kept))
    return centre, variance


@public
def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow.

    Example:

    >>> from pipekeras import ops
    >>> ops.logsumexp([[1.0, 2.0], [3.0, 4.0]]).numpy().round(4)
    np.float32(4.4402)
    """
    x = _floating(x)
    if count_of(x, axis, "logsumexp") == 0:
        return FUNCTIONS["log"](sum(x, axis, keepdims))
    top = FUNCTIONS["stop_gradient"](max(x, axis, True))
    top = where(FUNCTIONS["isfinite"](top), top, 0.0)
    total = sum(FUNCTIONS["exp"](x - top), axis, True)
    result = FUNCTIONS["log"](total) + top
    if keepdims:
        return result
    kept = _infer(x, reduced_axes(axis, x.ndim, "logsumexp"), False).shape
    return FUNCTIONS["reshape"](result, tuple(-1 if n is None else n for n in kept))


def _infer_arg(x: Tensor, axis: tuple[int, ...], keepdims: bool) -> Spec:
    if x.shape[axis[0]] == 0:
        raise ShapeError(f"there is no largest or smallest element along axis {axis[0]} of shape {x.shape}")
    return Spec(_infer(x, axis, keepdims).shape, "int32")


@primitive(_infer_arg, None, "reduce", reduce="argmax")
def _argmax(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return np.argmax(x, axis=axis[0], keepdims=keepdims)


@primitive(_infer_arg, None, "reduce", reduce="argmin")
def _argmin(x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return np.argmin(x, axis=axis[0], keepdims=keepdims)


def _position(operation: Any, name: str, x: Any, axis: int | None, keepdims: bool) -> Tensor:
    x = convert(x)
    if axis is None:
        flat = FUNCTIONS["reshape"](x, (-1,))
        result = operation(flat, axis=(0,), keepdims=False)
        return FUNCTIONS["reshape"](result, (1,) * x.ndim) if keepdims else result
    return operation(x, axis=(normalize_axis(axis, x.ndim, name),), keepdims=bool(keepdims))


@public
def argmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the largest element along an axis, the first of equals; of the flattened tensor if axis is None.

    Example:

    >>> from pipekeras import ops
    >>> ops.argmax([[1.0, 2.0], [3.0, 4.0]], axis=1)
    Tensor([1, 1], shape=(2,), dtype=int32)
    """
    return _position(_argmax, "argmax", x, axis, keepdims)


@public
def argmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the smallest element along an axis, the first of equals; of the flattened tensor if axis is None.

    Example:

    >>> from pipekeras import ops
    >>> ops.argmin([[1.0, 2.0], [3.0, 4.0]], axis=1)
    Tensor([0, 0], shape=(2,), dtype=int32)
    """
    return _position(_argmin, "argmin", x, axis, keepdims)


@public
def count_nonzero(x: Any, axis: Axis = None) -> Tensor:
    """Number of elements that are not 0.

    Example:

    >>> from pipekeras import ops
    >>> ops.count_nonzero([0, 3, 4])
    Tensor(2, shape=(), dtype=int32)
    """
    return sum(cast(_truth(x), "int32"), axis)
