"""Statistics: averages, quantiles, histograms, correlations, differences, and reductions that leave out NaN."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import maximum, multiply
from pipekeras.ops.comparison import cast, equal, logical_and, logical_not, logical_or, where
from pipekeras.ops.define import FUNCTIONS, floating, normalize_axis, operands, primitive, public
from pipekeras.ops.indexing import one_hot, take
from pipekeras.ops.linear import matmul
from pipekeras.ops.mathematics import isnan, sqrt
from pipekeras.ops.ordering import sort
from pipekeras.ops.reduction import Axis, any, max, mean, min, reduced_axes, sum
from pipekeras.ops.shaping import broadcast_to, expand_dims, moveaxis, reshape, transpose


@public
def average(x: Any, axis: Axis = None, weights: Any = None) -> Tensor:
    """Weighted mean over some axes, or over all.

    Formula: sum(weights * x) / sum(weights).

    Args:
        x: tensor.
        axis: int, tuple of int or None (all axes).
        weights: tensor of x's shape, or of the length of the one axis; default all equal.

    >>> from pipekeras import ops
    >>> ops.average([1.0, 3.0], weights=[3.0, 1.0])
    Tensor(1.5, shape=(), dtype=float32)
    """
    x = convert(x)
    if weights is None:
        return mean(x, axis)
    weight = convert(weights)
    joined = dtypes.as_float(dtypes.promote(x.dtype, weight.dtype))
    x, weight = cast(x, joined), cast(weight, joined)
    if weight.ndim != x.ndim:
        if weight.ndim != 1 or not isinstance(axis, int | np.integer):
            raise ShapeError(f"average: weights of shape {weight.shape} belong to no axis of shape {x.shape}",
                             mend="give weights of the same shape, or a vector and its axis")  # fmt: skip
        place = normalize_axis(int(axis), x.ndim, "average")
        weight = reshape(weight, tuple(-1 if index == place else 1 for index in range(x.ndim)))
    weight = broadcast_to(weight, x.shape)
    return sum(x * weight, axis) / sum(weight, axis)


@public
def ptp(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Largest less smallest element over some axes, or over all.

    Example:

    >>> from pipekeras import ops
    >>> ops.ptp([[1.0, 2.0], [3.0, 4.0]])
    Tensor(3., shape=(), dtype=float32)
    """
    return max(x, axis, keepdims) - min(x, axis, keepdims)


def _flattened(x: Tensor, axis: Axis, name: str) -> tuple[Tensor, tuple[int, ...]]:
    """Move the axes of a reduction to the end and join them there."""
    axes = reduced_axes(axis, x.ndim, name)
    kept = [index for index in range(x.ndim) if index not in axes]
    moved = transpose(x, [*kept, *axes])
    sizes = [-1 if x.shape[index] is None else x.shape[index] for index in kept]
    count = 1
    for index in axes:
        length = x.shape[index]
        if length is None:
            raise ShapeError(f"{name}: the size of axis {index} of shape {x.shape} is not known")
        count *= length
    return reshape(moved, (*sizes, count)), axes


def _give_axes_back(result: Tensor, x: Tensor, axes: tuple[int, ...], leading: int) -> Tensor:
    shape = [1 if index in axes else -1 if length is None else length for index, length in enumerate(x.shape)]
    return reshape(result, (*[n or 0 for n in result.shape[:leading]], *shape))


_METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def _quantile_of(x: Any, q: Any, axis: Axis, method: str, keepdims: bool, name: str, skip: bool) -> Tensor:
    if method not in _METHODS:
        raise ArgumentError(f"{name}: method must be one of {', '.join(_METHODS)}, not {method!r}")
    x = floating(x)
    flat, axes = _flattened(x, axis, name)
    share = convert(q, x.dtype)
    ordered = sort(flat, -1)
    missing = isnan(flat)
    width = flat.shape[-1] or 0
    extra = (1,) * share.ndim
    if skip:
        # NaN is sorted to the end, so the numbers are the first ones.
        count = sum(cast(logical_not(missing), x.dtype), -1, True)
    else:
        count = convert(np.full((1,), width, dtypes.NUMPY.get(x.dtype, np.dtype("float32"))), x.dtype)
    place = reshape(share, (-1,)) * maximum(count - 1.0, 0.0)
    below, above = FUNCTIONS["floor"](place), FUNCTIONS["ceil"](place)
    part = place - below
    low = _pick(ordered, below)
    high = _pick(ordered, above)
    if method == "linear":
        result = where(equal(part, 0), low, low + (high - low) * part)
    elif method == "lower":
        result = low
    elif method == "higher":
        result = high
    elif method == "midpoint":
        result = (low + high) * 0.5
    else:
        result = _pick(ordered, FUNCTIONS["round"](place))
    bad = any(missing, -1, True)
    if skip:
        bad = equal(count, 0)
    result = where(bad, float("nan"), result)
    result = moveaxis(result, -1, 0)
    result = reshape(result, (*[n or 0 for n in share.shape], *[-1 if n is None else n for n in result.shape[1:]]))
    return _give_axes_back(result, x, axes, len(extra)) if keepdims else result


def _pick(ordered: Tensor, place: Tensor) -> Tensor:
    index = cast(place, "int32")
    if place.ndim == 1:
        return take(ordered, index, -1)
    return FUNCTIONS["take_along_axis"](ordered, index, -1)


@public
def quantile(x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Tensor:
    """Numbers below which a share of the elements lies.

    Args:
        x: tensor; NaN where an element is NaN.
        q: number or vector of shares in [0, 1]; a vector gives the result a first axis.
        axis: int, tuple of int or None (all axes).
        method: "linear" (default), "lower", "higher", "midpoint" or "nearest": what lies between two elements.
        keepdims: bool, default False.

    >>> from pipekeras import ops
    >>> ops.quantile([1.0, 2.0, 4.0], 0.25)
    Tensor(1.5, shape=(), dtype=float32)
    """
    return _quantile_of(x, q, axis, method, keepdims, "quantile", False)


@public
def nanquantile(x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Tensor:
    """Numbers below which a share of the elements lies that are not NaN; arguments as for `quantile`.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanquantile([[1.0, float("nan")], [3.0, 4.0]], 0.5)
    Tensor(3., shape=(), dtype=float32)
    """
    return _quantile_of(x, q, axis, method, keepdims, "nanquantile", True)


def _hundredth(q: Any) -> Tensor:
    return floating(q) / 100.0


@public
def percentile(x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Tensor:
    """Quantiles with shares counted in hundredths; arguments as for `quantile`.

    >>> from pipekeras import ops
    >>> ops.percentile([1.0, 2.0, 4.0], 50)
    Tensor(2., shape=(), dtype=float32)
    """
    return _quantile_of(x, _hundredth(q), axis, method, keepdims, "percentile", False)


@public
def nanpercentile(x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Tensor:
    """Quantiles, with shares counted in hundredths, of the elements that are not NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanpercentile([[1.0, float("nan")], [3.0, 4.0]], 50)
    Tensor(3., shape=(), dtype=float32)
    """
    return _quantile_of(x, _hundredth(q), axis, method, keepdims, "nanpercentile", True)


@public
def median(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Middle element over some axes, or over all; the mean of the two middle ones of an even number.

    >>> from pipekeras import ops
    >>> ops.median([1.0, 5.0, 2.0, 4.0])
    Tensor(3., shape=(), dtype=float32)
    """
    return _quantile_of(x, 0.5, axis, "linear", keepdims, "median", False)


@public
def nanmedian(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Middle one of the elements that are not NaN.

    Example:

    >>> from pipekeras import ops
    >>> ops.nanmedian([[1.0, float("nan")], [3.0, 4.0]])
    Tensor(3., shape=(), dtype=float32)
    """
    return _quantile_of(x, 0.5, axis, "linear", keepdims, "nanmedian", True)


_FEW = 64
"""Up to so many elements all are compared, which is one kernel; more are searched."""


def _infer_search(sequence: Tensor, wanted: Tensor, side: str) -> Spec:
    return Spec(wanted.shape, "int32")


@primitive(_infer_search, None)
def _search(sequence: Any, wanted: Any, side: Any) -> Any:
    return np.searchsorted(sequence, wanted, side).astype(np.int32)


@public
def searchsorted(sorted_sequence: Any, values: Any, side: str = "left") -> Tensor:
    """Places at which values go into a rising sequence so that it stays rising.

    Args:
        sorted_sequence: tensor of shape (n,), rising.
        values: tensor of any shape.
        side: "left" (default): before equal elements; "right": behind them.

    >>> from pipekeras import ops
    >>> ops.searchsorted([1, 3, 5], [3, 4])
    Tensor([1, 2], shape=(2,), dtype=int32)
    """
    if side not in ("left", "right"):
        raise ArgumentError(f"searchsorted: side must be 'left' or 'right', not {side!r}")
    (sequence, wanted), dtype = operands(sorted_sequence, values)
    if sequence.ndim != 1:
        raise ShapeError(f"searchsorted: the sequence must have one axis; got shape {sequence.shape}")
    sequence, wanted = cast(sequence, dtype), expand_dims(cast(wanted, dtype), -1)
    if sequence.shape[0] is None or sequence.shape[0] > _FEW:
        return _search(sequence, wanted[..., 0], side=side)
    before = sequence < wanted if side == "left" else sequence <= wanted
    if dtypes.is_float(dtype):
        # NaN goes behind every number, as it is sorted there.
        before = logical_or(before, logical_and(isnan(wanted), logical_not(isnan(sequence))))
        if side == "right":
            before = logical_or(before, isnan(wanted))
    return sum(cast(before, "int32"), -1)


@public
def digitize(x: Any, bins: Any) -> Tensor:
    """Number of the interval between bins that each element lies in.

    Args:
        x: tensor.
        bins: rising numbers; interval i is [bins[i - 1], bins[i]).

    >>> from pipekeras import ops
    >>> ops.digitize([0.5, 1.0, 9.0], [0.0, 1.0, 2.0])
    Tensor([1, 2, 3], shape=(3,), dtype=int32)
    """
    return searchsorted(bins, x, "right")


@public
def bincount(x: Any, weights: Any = None, minlength: int = 0, sparse: bool = False) -> Tensor:
    """Count how often each whole number from 0 occurs.

    Args:
        x: whole numbers of shape (n,) or (rows, n); rows are counted apart. The largest must be known now, or fit
            into `minlength`.
        weights: tensor of x's shape: what each occurrence adds, default 1.
        minlength: int, default 0, the least number of counts.
        sparse: bool; only False is supported.

    >>> from pipekeras import ops
    >>> ops.bincount([1, 1, 3])
    Tensor([0, 2, 0, 1], shape=(4,), dtype=int32)
    """
    if sparse:
        raise ArgumentError("sparse tensors are not supported", mend="leave sparse at False")
    x = convert(x)
    if not dtypes.is_integer(x.dtype) and x.dtype != "bool":
        raise ArgumentError(f"bincount counts whole numbers, not {x.dtype}", mend="cast to int32 first")
    if x.data is None:
        if minlength <= 0:
            raise ArgumentError("bincount: the largest number is not known yet", mend="give minlength=")
        count = int(minlength)
    else:
        count = builtins.max(int(x.data.max()) + 1 if x.size else 0, int(minlength))
    shares = FUNCTIONS["ones_like"](x, "int32") if weights is None else broadcast_to(convert(weights), x.shape)
    if x.ndim == 1:
        return FUNCTIONS["segment_sum"](shares, cast(x, "int32"), count)
    codes = one_hot(cast(x, "int32"), count, dtype=shares.dtype)
    return sum(multiply(codes, expand_dims(shares, -1)), -2)


@public
def histogram(x: Any, bins: int = 10, range: tuple[float, float] | None = None) -> tuple[Tensor, Tensor]:
    """Count the elements in intervals of equal width.

    Args:
        x: tensor, flattened.
        bins: int, number of intervals, default 10.
        range: (low, high), default the smallest and largest element; elements outside are not counted.

    Returns:
        Counts (bins,), as floats, and edges (bins + 1,).

    >>> from pipekeras import ops
    >>> ops.histogram([1.0, 2.0, 2.5, 4.0], bins=3)[0].numpy().tolist()
    [1.0, 2.0, 1.0]
    """
    x = reshape(convert(x), (-1,))
    if not isinstance(bins, int) or bins < 1:
        raise ArgumentError(f"histogram: bins must be a whole number above 0, not {bins!r}")
    values = floating(x)
    if range is None:
        low, high = min(values), max(values)
        same = equal(low, high)
        low, high = where(same, low - 0.5, low), where(same, high + 0.5, high)
    else:
        if not range[0] <= range[1]:
            raise ArgumentError(f"histogram: the range {range} must rise")
        wide = 0.5 if range[0] == range[1] else 0.0
        low, high = convert(range[0] - wide, values.dtype), convert(range[1] + wide, values.dtype)
    edges = FUNCTIONS["linspace"](low, high, bins + 1, dtype=values.dtype)
    place = searchsorted(edges, values, "right")
    # The last interval has its upper edge.
    place = where(equal(values, high), bins, place)
    return FUNCTIONS["segment_sum"](FUNCTIONS["ones_like"](values), cast(place, "int32") - 1, bins), edges


@public
def corrcoef(x: Any) -> Tensor:
    """Correlation of each pair of rows.

    Args:
        x: tensor of shape (variables, observations), or (observations,).

    >>> from pipekeras import ops
    >>> ops.corrcoef([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]).numpy().round(4)
    array([[ 1., -1.],
           [-1.,  1.]], dtype=float32)
    """
    x = floating(x)
    flat = x.ndim < 2
    rows = reshape(x, (1, -1)) if flat else x
    centred = rows - mean(rows, -1, True)
    products = matmul(centred, transpose(centred))
    scale = sqrt(FUNCTIONS["diagonal"](products))
    result = FUNCTIONS["clip"](products / expand_dims(scale, 1) / expand_dims(scale, 0), -1.0, 1.0)
    return reshape(result, ()) if flat else result


@public
def correlate(x1: Any, x2: Any, mode: str = "valid") -> Tensor:
    """Sum of products of one vector with the other moved along it.

    Formula: y[k] = sum over n of x1[n + k] * x2[n].

    Args:
        x1, x2: tensors of shape (n,) and (m,).
        mode: "valid" (default): where they overlap fully; "same": as long as the longer one; "full": wherever they touch.

    >>> from pipekeras import ops
    >>> ops.correlate([1.0, 2.0, 3.0], [0.0, 1.0])
    Tensor([2., 3.], shape=(2,), dtype=float32)
    """
    if mode not in ("valid", "same", "full"):
        raise ArgumentError(f"correlate: mode must be 'valid', 'same' or 'full', not {mode!r}")
    (a, b), dtype = operands(x1, x2)
    n, m = (item.shape[0] if item.ndim == 1 else None for item in (a, b))
    if not n or not m:
        raise ShapeError(f"correlate needs two vectors with elements; got shapes {a.shape} and {b.shape}")
    dtype = dtypes.as_float(dtype)
    a, b = cast(a, dtype), cast(b, dtype)
    turned = n < m
    if turned:
        a, b, n, m = b, a, m, n
    before, count = {"valid": (0, n - m + 1), "same": (m // 2, n), "full": (m - 1, n + m - 1)}[mode]
    wide = FUNCTIONS["pad"](a, ((before, builtins.max(count + m - 1 - n - before, 0)),))
    index = np.arange(count)[:, None] + np.arange(m)[None, :]
    result = matmul(take(wide, index.astype(np.int32), 0), b)
    return FUNCTIONS["flip"](result, 0) if turned else result


@public
def diff(a: Any, n: int = 1, axis: int = -1) -> Tensor:
    """Differences of neighbours along an axis, taken n times.

    >>> from pipekeras import ops
    >>> ops.diff([1, 4, 9])
    Tensor([3, 5], shape=(2,), dtype=int32)
    """
    if n < 0:
        raise ArgumentError(f"diff: n must be 0 or more, not {n}")
    x = convert(a)
    place = normalize_axis(axis, x.ndim, "diff")
    before = (slice(None),) * place
    for _ in [None] * n:
        upper, lower = x[(*before, slice(1, None))], x[(*before, slice(0, -1))]
        x = FUNCTIONS["not_equal"](upper, lower) if x.dtype == "bool" else upper - lower
    return x


@public
def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Tensor:
    """Area under samples joined by straight lines.

    Args:
        y: tensor of samples.
        x: tensor of their places, of the length of `axis` or of y's shape; default evenly `dx` apart.
        dx: float, default 1.
        axis: int, default the last.

    >>> from pipekeras import ops
    >>> ops.trapezoid([1.0, 2.0, 3.0], dx=2.0)
    Tensor(8., shape=(), dtype=float32)
    """
    samples = moveaxis(floating(y), axis, -1)
    pairs = (samples[..., 1:] + samples[..., :-1]) * 0.5
    if x is None:
        return sum(pairs, -1) * dx
    places = floating(x)
    places = moveaxis(places, axis, -1) if places.ndim > 1 else places
    return sum(pairs * diff(places), -1)

