"""Reading by position: slices, gathers, one-hot codes."""

from __future__ import annotations

import builtins
import math
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, DataError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Shape, Tensor, convert, known
from pipekeras.ops.comparison import _truth, cast, equal, where
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, normalize_axis, primitive, public, public_as
from pipekeras.ops.joining import concatenate
from pipekeras.ops.reduction import sum as sum_over
from pipekeras.ops.shaping import _slice, expand_dims, moveaxis, reshape, transpose


def getitem(x: Any, index: Any) -> Tensor:
    """Index as NumPy does: integers, slices, None, `...`, one integer tensor or several, or a mask."""
    x = convert(x)
    items = list(index) if isinstance(index, tuple) else [index]
    used = 0
    for item in items:
        if item is not None and item is not Ellipsis:
            used += np.ndim(item) if getattr(item, "dtype", None) in (np.bool_, "bool") and np.ndim(item) else 1
    if used > x.ndim:
        raise ShapeError(f"{used} indices for a tensor of shape {x.shape}")
    if any(item is Ellipsis for item in items):
        place = next(i for i, item in enumerate(items) if item is Ellipsis)
        items[place : place + 1] = [builtins.slice(None)] * (x.ndim - used)
    else:
        items += [builtins.slice(None)] * (x.ndim - used)
    starts: list[int] = []
    lengths: list[int | None] = []
    steps: list[int] = []
    shape: list[int | None] = []
    gathers: list[tuple[int, Any]] = []
    axis = 0
    for item in items:
        if item is None:
            shape.append(1)
            continue
        length = x.shape[axis]
        if isinstance(item, builtins.slice):
            start, count, step = _slice_of(item, length, x.shape)
            starts.append(start)
            lengths.append(count)
            steps.append(step)
            shape.append(count)
        elif isinstance(item, int | np.integer) and not isinstance(item, bool):
            position = int(item)
            if length is not None and not -length <= position < length:
                raise ShapeError(f"index {position} is outside of axis {axis} of shape {x.shape}")
            starts.append(position + length if position < 0 and length is not None else position)
            lengths.append(1)
            steps.append(1)
        else:
            gathers.append((axis, item))
            starts.append(0)
            lengths.append(length)
            steps.append(1)
            shape.append(length)
        axis += 1
    if gathers:
        return _advanced(x, items, gathers)
    whole = all(s == 0 and t == 1 and n == m for s, t, n, m in zip(starts, steps, lengths, x.shape, strict=True))
    if not whole:
        x = _slice(x, starts=tuple(starts), lengths=tuple(lengths), steps=tuple(steps))
    if tuple(shape) == x.shape:
        return x
    return reshape(x, tuple(-1 if n is None else n for n in shape))


def _slice_of(item: builtins.slice, length: int | None, shape: Shape) -> tuple[int, int | None, int]:
    if length is None:
        if item == builtins.slice(None):
            return 0, None, 1
        if (item.step in (None, 1)) and (item.start or 0) >= 0 and item.stop is not None and item.stop >= 0:
            return item.start or 0, max(item.stop - (item.start or 0), 0), 1
        # Whatever is left of an unknown size is unknown too.
        return item.start or 0, None, item.step or 1
    start, stop, step = item.indices(length)
    return start, len(range(start, stop, step)), step


def _advanced(x: Tensor, items: list[Any], gathers: list[tuple[int, Any]]) -> Tensor:
    if len(gathers) == 1 and all(
        item is gathers[0][1] or (isinstance(item, builtins.slice) and item == builtins.slice(None)) for item in items
    ):
        axis, item = gathers[0]
        index = convert(item)
        if index.dtype == "bool":
            if index.data is None:
                raise ArgumentError(
                    "a symbolic mask can't select elements: the size of the result is not known",
                    mend="use ops.where, or multiply by the mask",
                )
            flat = reshape(x, (*x.shape[:axis], -1, *x.shape[axis + index.ndim :]))
            return take(flat, np.nonzero(index.data.ravel())[0], axis)
        return take(x, index, axis)
    if x.data is not None and not any(isinstance(item, Tensor) and item.data is None for item in items):
        return Tensor(np.ascontiguousarray(x.data[tuple(_plain(item) for item in items)]))
    leading = [convert(item) for item in items[: len(gathers)]]
    if [axis for axis, _ in gathers] != list(range(len(gathers))) or any(
        not (isinstance(item, builtins.slice) and item == builtins.slice(None)) for item in items[len(gathers) :]
    ):
        raise ArgumentError(f"this mixture of indices on a symbolic tensor of shape {x.shape} is not supported")
    position = leading[0]
    sizes = known(x.shape)
    total = sizes[0]
    for axis, item in enumerate(leading[1:], start=1):
        position = position * sizes[axis] + item
        total *= sizes[axis]
    return take(reshape(x, (total, *x.shape[len(leading) :])), position, 0)


def _plain(item: Any) -> Any:
    return np.asarray(item) if isinstance(item, Tensor | list) else item


def _infer_take(x: Tensor, indices: Tensor, axis: int) -> Spec:
    return Spec((*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]), x.dtype)


@primitive(
    _infer_take,
    lambda g, out, x, indices, axis: (OPERATIONS["take_gradient"](g, indices, shape=x.shape, axis=axis), None),
    "gather",
)
def _take(x: Any, indices: Any, axis: int) -> Any:
    length = x.shape[axis]
    if indices.size and (indices.min() < -length or indices.max() >= length):
        wrong = indices[(indices < -length) | (indices >= length)].ravel()[0]
        raise DataError(
            f"index {wrong} is outside of 0 to {length - 1}", mend="indices count from 0; check the size of the table"
        )
    return np.take(x, indices, axis)


def _infer_take_gradient(g: Tensor, indices: Tensor, shape: Shape, axis: int) -> Spec:
    return Spec(shape, g.dtype)


@primitive(
    _infer_take_gradient,
    lambda gg, out, g, indices, shape, axis: (_take(gg, indices, axis=axis), None),
    "scatter",
)
def _take_gradient(g: Any, indices: Any, shape: tuple[int, ...], axis: int) -> Any:
    """Sum of the rows of g that belong to one index."""
    result = np.zeros(shape, g.dtype)
    moved = np.moveaxis(result, axis, 0)
    rows = np.moveaxis(g, tuple(range(axis, axis + indices.ndim)), tuple(range(indices.ndim)))
    np.add.at(moved, indices.reshape(-1), rows.reshape(-1, *rows.shape[indices.ndim :]))
    return result


@primitive(lambda table, updates, indices, rate: Spec(table.shape, table.dtype), None, "subtract_rows")
def _subtract_rows(table: Any, updates: Any, indices: Any, rate: Any) -> Any:
    """table - rate * (rows of updates summed into the rows that indices name); simplification makes it of an update."""
    sums = np.zeros_like(table)
    np.add.at(sums, indices.reshape(-1), updates.reshape(-1, *table.shape[1:]))
    return table - sums * rate


@public
def take(x: Any, indices: Any, axis: int | None = None) -> Tensor:
    """Read slices by index along an axis, or elements of the flattened tensor.

    Args:
        x: tensor.
        indices: integer tensor; negative ones count from the end.
        axis: int or None.

    >>> from pipekeras import ops
    >>> ops.take([10, 20, 30], [2, 0])
    Tensor([30, 10], shape=(2,), dtype=int32)
    """
    x = convert(x)
    index = convert(indices)
    if not dtypes.is_integer(index.dtype):
        index = cast(index, "int32")
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return _take(x, index, axis=normalize_axis(axis, x.ndim, "take"))


@public
def take_along_axis(x: Any, indices: Any, axis: int | None = None) -> Tensor:
    """Read one element for each index, matching positions on the other axes.

    Example:

    >>> from pipekeras import ops
    >>> ops.take_along_axis([[1, 2], [3, 4]], [[1], [0]], axis=1)
    Tensor([[2],
            [3]], shape=(2, 1), dtype=int32)
    """
    x, index = convert(x), convert(indices)
    if axis is None:
        return take(reshape(x, (-1,)), reshape(index, (-1,)), 0)
    place = normalize_axis(axis, x.ndim, "take_along_axis")
    moved, index = moveaxis(x, place, -1), moveaxis(index, place, -1)
    length = moved.shape[-1]
    if length is None:
        raise ShapeError(f"take_along_axis: the size of axis {axis} of shape {x.shape} is not known")
    leading = tuple(a if b == 1 else b for a, b in zip(moved.shape[:-1], index.shape[:-1], strict=True))
    moved = FUNCTIONS["broadcast_to"](moved, (*leading, length))
    index = FUNCTIONS["broadcast_to"](index, (*leading, index.shape[-1]))
    index = where(index < 0, index + length, index)
    if None in leading:
        return moveaxis(Tensor.symbolic(index.shape, x.dtype), -1, place)
    rows = math.prod(known(leading))
    base = np.arange(rows, dtype=np.int32).reshape((*known(leading), 1)) * np.int32(length)
    flat = _take(reshape(moved, (-1,)), cast(index, "int32") + base, axis=0)
    return moveaxis(flat, -1, place)


@public
def one_hot(x: Any, num_classes: int, axis: int = -1, dtype: Any = None, sparse: bool = False) -> Tensor:
    """Write whole numbers as vectors with a single 1.

    Args:
        x: integer tensor of any shape.
        num_classes: int, length of the vectors; a number outside of 0 to num_classes - 1 gives zeros.
        axis: int, place of the new axis, default the last.
        dtype: str, default float32.
        sparse: bool; only False is supported.

    >>> from pipekeras import ops
    >>> ops.one_hot([0, 2], 3)
    Tensor([[1., 0., 0.],
            [0., 0., 1.]], shape=(2, 3), dtype=float32)
    """
    if sparse:
        raise ArgumentError("sparse tensors are not supported", mend="leave sparse at False")
    x = convert(x)
    if not dtypes.is_integer(x.dtype):
        x = cast(x, "int32")
    classes = convert(np.arange(num_classes, dtype=dtypes.NUMPY[x.dtype]))
    codes = cast(equal(expand_dims(x, -1), classes), dtypes.standardize(dtype))
    place = normalize_axis(axis, codes.ndim, "one_hot")
    return codes if place == codes.ndim - 1 else moveaxis(codes, -1, place)


@public
def multi_hot(inputs: Any, num_classes: int | None = None, axis: int = -1, dtype: Any = None, sparse: bool = False,
              **kwargs: Any) -> Tensor:  # fmt: skip
    """Mark which of `num_classes` numbers occur along the last axis of the input.

    Example:

    >>> from pipekeras import ops
    >>> ops.multi_hot([0, 2], num_classes=4)
    Tensor([1., 0., 1., 0.], shape=(4,), dtype=float32)
    """
    count = kwargs.pop("num_tokens", num_classes)
    x = convert(inputs)
    codes = one_hot(x, count, dtype=dtype, sparse=sparse)
    if x.ndim == 0:
        return codes
    return FUNCTIONS["max"](codes, axis=-2 if x.ndim > 1 else 0)


@public_as("slice")
def slice_block(inputs: Any, start_indices: Any, shape: Any) -> Tensor:
    """Cut a block of `shape` out of a tensor, beginning at `start_indices` (known numbers).

    Example:

    >>> from pipekeras import ops
    >>> ops.slice([1, 2, 3, 4], [1], [2])
    Tensor([2, 3], shape=(2,), dtype=int32)
    """
    x = convert(inputs)
    starts = tuple(int(item) for item in np.asarray(start_indices).ravel())
    return _slice(x, starts=starts, lengths=tuple(int(n) for n in shape), steps=(1,) * x.ndim)


@public
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Read the diagonals of the matrices that two axes span.

    Example:

    >>> from pipekeras import ops
    >>> ops.diagonal([[1.0, 2.0], [3.0, 4.0]])
    Tensor([1., 4.], shape=(2,), dtype=float32)
    """
    x = convert(x)
    first, second = normalize_axis(axis1, x.ndim, "diagonal"), normalize_axis(axis2, x.ndim, "diagonal")
    rest = [i for i in range(x.ndim) if i not in (first, second)]
    moved = transpose(x, [*rest, first, second])
    rows, columns = moved.shape[-2], moved.shape[-1]
    if rows is None or columns is None:
        raise ShapeError(f"diagonal: the sizes of axes {axis1} and {axis2} of shape {x.shape} must be known")
    count = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    index = np.arange(count, dtype=np.int32) * (columns + 1) + (offset if offset >= 0 else -offset * columns)
    return take(reshape(moved, (*[-1 if n is None else n for n in moved.shape[:-2]], rows * columns)), index, -1)


@public
def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Sum of the diagonal of the matrices that two axes span.

    Example:

    >>> from pipekeras import ops
    >>> ops.trace([[1.0, 2.0], [3.0, 4.0]])
    Tensor(5., shape=(), dtype=float32)
    """
    return sum_over(diagonal(x, offset, axis1, axis2), -1)


@public
def append(x1: Any, x2: Any, axis: int | None = None) -> Tensor:
    """Join two tensors along an axis, or both flattened.

    Example:

    >>> from pipekeras import ops
    >>> ops.append([1, 2], [3])
    Tensor([1, 2, 3], shape=(3,), dtype=int32)
    """
    if axis is None:
        return concatenate([reshape(x1, (-1,)), reshape(x2, (-1,))])
    return concatenate([x1, x2], axis)


@public
def boolean_mask(x: Any, mask: Any) -> Tensor:
    """Keep the elements where a concrete mask holds.

    Example:

    >>> from pipekeras import ops
    >>> ops.boolean_mask([1, 2, 3], [True, False, True])
    Tensor([1, 3], shape=(2,), dtype=int32)
    """
    return convert(x)[_truth(mask)]
