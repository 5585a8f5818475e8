"""Writing by position: scatters, updates of slices, reductions by segment."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, DataError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert, known
from pipekeras.ops.comparison import cast, equal, where
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, primitive, public
from pipekeras.ops.indexing import take
from pipekeras.ops.shaping import reshape

_REDUCTIONS: dict[str, tuple[Any, Callable[[np.dtype], Any]]] = {
    "add": (np.add, lambda dtype: 0),
    "mul": (np.multiply, lambda dtype: 1),
    "max": (np.maximum, lambda dtype: -np.inf if dtype.kind not in "iub" else np.iinfo(dtype).min if dtype.kind != "b" else 0),
    "min": (np.minimum, lambda dtype: np.inf if dtype.kind not in "iub" else np.iinfo(dtype).max if dtype.kind != "b" else 1),
}


def _infer_rows(x: Tensor, index: Tensor, updates: Tensor, reduction: str) -> Spec:
    return Spec(x.shape, x.dtype)


def _rows_gradient(g: Tensor, out: Tensor, x: Tensor, index: Tensor, updates: Tensor, reduction: str) -> tuple[Any, Any, Any]:
    """The gradient goes where the value came from."""
    inside = _inside(index, known(x.shape)[0])
    safe = where(inside, index, 0)
    mask = _like_rows(inside, updates.ndim)
    taken = where(mask, take(g, safe, 0), 0.0)
    zeros = FUNCTIONS["zeros_like"](x)
    if reduction == "add":
        return g, None, taken
    if reduction == "set":
        written = scatter_rows(zeros, index, FUNCTIONS["ones_like"](updates), "max")
        # Of several updates of one row the last one stays.
        order = convert(np.arange(1.0, known(index.shape)[0] + 1.0), "float32" if x.dtype in dtypes.HALVES else x.dtype)
        stamp = _like_rows(order, updates.ndim) * FUNCTIONS["ones_like"](updates)
        last = take(scatter_rows(FUNCTIONS["zeros_like"](x, stamp.dtype), index, stamp, "max"), safe, 0)
        return where(written > 0, 0.0, g), None, where(equal(last, stamp), taken, 0.0)
    if reduction == "mul":
        # Each factor's share is the product of the others; `_others` keeps it exact at zeros.
        factors = scatter_rows(FUNCTIONS["ones_like"](x), index, updates, "mul")
        return g * factors, None, taken * _others(x, index, updates, safe)
    chosen = where(mask, take(out, safe, 0), 0.0)
    own = cast(equal(x, out), g.dtype)
    hit = where(mask, cast(equal(updates, chosen), g.dtype), 0.0)
    count = scatter_rows(own, index, hit, "add")
    share = g / where(equal(count, 0), 1.0, count)
    return share * own, None, hit * where(mask, take(share, safe, 0), 0.0)


def _others(x: Tensor, index: Tensor, updates: Tensor, safe: Tensor) -> Tensor:
    """Product of a row with all its factors but the one of each update."""
    zero = equal(updates, 0)
    filled = where(zero, 1.0, updates)
    empty = FUNCTIONS["zeros_like"](x)
    zeros = take(scatter_rows(empty, index, cast(zero, updates.dtype), "add"), safe, 0)
    product = take(scatter_rows(x, index, filled, "mul"), safe, 0)
    without = product / filled
    return where(zero, where(equal(zeros, 1.0), product, 0.0), where(equal(zeros, 0.0), without, 0.0))


def _inside(index: Tensor, rows: int) -> Tensor:
    return FUNCTIONS["logical_and"](index >= 0, index < rows)


def _like_rows(x: Tensor, rank: int) -> Tensor:
    return reshape(x, (x.shape[0] or 0, *(1,) * (rank - 1)))


@primitive(_infer_rows, _rows_gradient, "join_rows")
def _scatter_rows(x: Any, index: Any, updates: Any, reduction: str) -> Any:
    """Rows of x changed by updates at an index each; an index outside of x is left out."""
    result = np.array(x)
    inside = (index >= 0) & (index < x.shape[0])
    if not inside.all():
        index, updates = index[inside], updates[inside]
    if reduction == "set":
        result[index] = updates
    else:
        _REDUCTIONS[reduction][0].at(result, index, updates)
    return result


def scatter_rows(x: Tensor, index: Tensor, updates: Tensor, reduction: str) -> Tensor:
    """Change rows of a tensor: `reduction` is "set", "add", "mul", "max" or "min"."""
    return _scatter_rows(x, index, updates, reduction=reduction)


def _flat_places(indices: Tensor, sizes: Sequence[int], name: str) -> Tensor:
    """Return the number of the row that each index vector points at; -1 outside of the shape."""
    strides = np.array([math.prod(sizes[axis + 1 :]) for axis in range(len(sizes))], np.int64)
    lengths = np.array(sizes, np.int64)
    if indices.data is not None and indices.data.size:
        low, high = -lengths, lengths - 1
        wrong = (indices.data < low) | (indices.data > high)
        if wrong.any():
            place = indices.data[wrong.any(-1)][0].tolist()
            raise DataError(f"{name}: index {place} is outside of a tensor of sizes {tuple(int(n) for n in sizes)}")
    wide = cast(indices, "int64")
    wide = where(wide < 0, wide + lengths, wide)
    inside = FUNCTIONS["all"](FUNCTIONS["logical_and"](wide >= 0, wide < lengths), -1)
    return where(inside, FUNCTIONS["sum"](wide * strides, -1), convert(np.int64(-1)))


def _by_rows(base: Tensor, indices: Any, updates: Any, reduction: str, name: str) -> Tensor:
    index = convert(indices)
    if not dtypes.is_integer(index.dtype):
        raise ArgumentError(f"{name} needs whole numbers as indices, not {index.dtype}")
    depth = index.shape[-1] if index.ndim else None
    if depth is None or depth > base.ndim:
        raise ShapeError(f"{name}: indices of shape {index.shape} do not point into a tensor of shape {base.shape}",
                         mend="indices need shape (count, number of axes)")  # fmt: skip
    sizes = known(base.shape)
    rest = sizes[depth:]
    count = math.prod(known(index.shape)[:-1])
    places = reshape(_flat_places(index, sizes[:depth], name), (count,))
    new = cast(updates, base.dtype)
    target = (*known(index.shape)[:-1], *rest)
    new = reshape(FUNCTIONS["broadcast_to"](new, target) if new.shape != target else new, (count, *rest))
    rows = reshape(base, (math.prod(sizes[:depth]), *rest))
    return reshape(scatter_rows(rows, places, new, reduction), sizes)


@public
def scatter(indices: Any, values: Any, shape: Sequence[int]) -> Tensor:
    """Zeros of a shape with values added at index vectors.

    Args:
        indices: whole numbers of shape (..., depth): positions on the first `depth` axes.
        values: tensor of shape (..., rest of shape); values of one place are added up.
        shape: tuple of int, of the result.

    >>> from pipekeras import ops
    >>> ops.scatter([[0], [2], [0]], [1.0, 2.0, 4.0], (4,))
    Tensor([5., 0., 2., 0.], shape=(4,), dtype=float32)
    """
    values = convert(values)
    return _by_rows(FUNCTIONS["zeros"](tuple(int(n) for n in shape), values.dtype), indices, values, "add", "scatter")


@public
def scatter_update(inputs: Any, indices: Any, updates: Any, reduction: str | None = None) -> Tensor:
    """Copy of a tensor with elements or slices changed at index vectors.

    Args:
        inputs: tensor.
        indices: whole numbers of shape (count, depth): positions on the first `depth` axes.
        updates: tensor of shape (count, rest of inputs' shape).
        reduction: None (default) replaces; "add", "mul", "max" and "min" join with what is there.

    >>> from pipekeras import ops
    >>> ops.scatter_update([1.0, 2.0, 3.0], [[1]], [9.0])
    Tensor([1., 9., 3.], shape=(3,), dtype=float32)
    """
    kind = "set" if reduction is None else str(reduction)
    if kind not in ("set", *_REDUCTIONS):
        raise ArgumentError(f"scatter_update: reduction must be None, 'add', 'mul', 'max' or 'min', not {reduction!r}")
    return _by_rows(convert(inputs), indices, updates, kind, "scatter_update")


@public
def slice_update(inputs: Any, start_indices: Any, updates: Any) -> Tensor:
    """Copy of a tensor with a block replaced.

    Args:
        inputs: tensor.
        start_indices: whole numbers, one for each axis: where the block begins.
        updates: tensor of as many axes: the block.

    >>> from pipekeras import ops
    >>> ops.slice_update([1, 2, 3, 4], [1], [8, 9])
    Tensor([1, 8, 9, 4], shape=(4,), dtype=int32)
    """
    x = convert(inputs)
    block = cast(updates, x.dtype)
    if block.ndim != x.ndim:
        raise ShapeError(f"slice_update: a block of shape {block.shape} for a tensor of shape {x.shape}")
    if any(a is not None and b is not None and b > a for a, b in zip(x.shape, block.shape, strict=True)):
        raise ShapeError(f"slice_update: a block of shape {block.shape} is larger than the tensor of shape {x.shape}")
    starts = convert(start_indices)
    if starts.size != x.ndim:
        raise ShapeError(f"slice_update: {starts.size} start indices for the {x.ndim} axes of shape {x.shape}")
    if None in x.shape or None in block.shape:
        return Tensor.symbolic(x.shape, x.dtype, _scatter_rows, (x, cast(starts, "int64"), block), {"reduction": "set"})
    sizes = tuple(a if a is not None else b for a, b in zip(x.shape, block.shape, strict=True))
    if starts.data is None:
        return _moving_update(x, starts, block)
    begin = []
    for start, size, length in zip(starts.data.ravel().tolist(), sizes, block.shape, strict=True):
        # As a block that reaches out of the tensor can't be placed, it is moved inside.
        start = start + size if start < 0 and size is not None else start
        begin.append(int(start) if size is None or length is None else max(0, min(int(start), size - length)))
    place = OPERATIONS["place"]
    settings: dict[str, Any] = {"shape": x.shape, "starts": tuple(begin), "steps": (1,) * x.ndim}
    inside = place(FUNCTIONS["ones_like"](block, "int32"), value=0.0, **settings)
    return where(inside > 0, place(block, value=0.0, **settings), x)


def _moving_update(x: Tensor, starts: Tensor, block: Tensor) -> Tensor:
    """Replace a block at a place that is only known when the program runs."""
    sizes, lengths = known(x.shape), known(block.shape)
    strides = [math.prod(sizes[axis + 1 :]) for axis in range(len(sizes))]
    place: Any = np.zeros((1,) * len(sizes), np.int64)
    for axis, (size, length, stride) in enumerate(zip(sizes, lengths, strides, strict=True)):
        start = FUNCTIONS["clip"](cast(starts[axis], "int64"), 0, size - length)
        along = np.arange(length, dtype=np.int64).reshape(tuple(-1 if a == axis else 1 for a in range(len(sizes))))
        place = (start + along) * stride + place
    flat = scatter_rows(reshape(x, (-1,)), reshape(place, (-1,)), reshape(block, (-1,)), "set")
    return reshape(flat, sizes)


def add_rows(rows: Tensor, index: Tensor, count: int) -> Tensor:
    """Sum the rows of one index each, into `count` of them; an index outside is left out. Floats have a kernel for it."""
    inside = _inside(index, count)
    # What is left out goes to one more row, which is cut off.
    places = cast(where(inside, index, count), "int32")
    summed = OPERATIONS["take_gradient"](rows, places, shape=(count + 1, *rows.shape[1:]), axis=0)
    return summed[:count]


def _segments(data: Any, segment_ids: Any, num_segments: int | None, reduction: str, name: str) -> Tensor:
    data, ids = convert(data), convert(segment_ids)
    if not data.ndim or ids.ndim != 1:
        raise ShapeError(f"{name}: data of shape {data.shape} and segment numbers of shape {ids.shape} do not fit",
                         mend="segment_ids needs one number for each row of data")  # fmt: skip
    if num_segments is None:
        if ids.data is None:
            raise ArgumentError(f"{name}: the number of segments is not known yet", mend="give num_segments=")
        num_segments = int(ids.data.max(initial=-1)) + 1
    dtype = np.dtype("float32") if data.dtype not in dtypes.NUMPY else dtypes.NUMPY[data.dtype]
    if reduction == "add" and dtype.kind == "f":
        return add_rows(data, ids, int(num_segments))
    neutral = _REDUCTIONS[reduction][1](dtype)
    base = FUNCTIONS["full"]((int(num_segments), *data.shape[1:]), neutral, data.dtype)
    return scatter_rows(base, cast(ids, "int64"), data, reduction)


@public
def segment_sum(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Tensor:
    """Sum the rows that belong to one segment.

    Args:
        data: tensor of shape (rows, ...).
        segment_ids: tensor of shape (rows,), segment numbers; rows of numbers outside of the range are left out.
        num_segments: int, default the largest number and one.
        sorted: bool, accepted for Keras' sake.

    >>> from pipekeras import ops
    >>> ops.segment_sum([1.0, 2.0, 4.0], [0, 1, 0])
    Tensor([5., 2.], shape=(2,), dtype=float32)
    """
    return _segments(data, segment_ids, num_segments, "add", "segment_sum")


@public
def segment_max(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Tensor:
    """Largest of the rows that belong to one segment; minus infinity for a segment without rows.

    Args:
        data: tensor of shape (rows, ...).
        segment_ids: tensor of shape (rows,), segment numbers; rows of numbers outside of the range are left out.
        num_segments: int, default the largest number and one.
        sorted: bool, accepted for Keras' sake.

    >>> from pipekeras import ops
    >>> ops.segment_max([1.0, 2.0, 4.0], [0, 1, 0])
    Tensor([4., 2.], shape=(2,), dtype=float32)
    """
    return _segments(data, segment_ids, num_segments, "max", "segment_max")


@public
def segment_min(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Tensor:
    """Smallest of the rows that belong to one segment; infinity for a segment without rows.

    Example:

    >>> from pipekeras import ops
    >>> ops.segment_min([1, 2, 3, 4], [0, 0, 1, 1])
    Tensor([1, 3], shape=(2,), dtype=int32)
    """
    return _segments(data, segment_ids, num_segments, "min", "segment_min")


@public
def segment_prod(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Tensor:
    """Product of the rows that belong to one segment; 1 for a segment without rows.

    Example:

    >>> from pipekeras import ops
    >>> ops.segment_prod([1, 2, 3, 4], [0, 0, 1, 1])
    Tensor([ 2, 12], shape=(2,), dtype=int32)
    """
    return _segments(data, segment_ids, num_segments, "mul", "segment_prod")
