"""Joining, cutting and turning tensors, and products that are laid out anew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.comparison import cast, where
from pipekeras.ops.creation import diag, linspace
from pipekeras.ops.define import FUNCTIONS, floating, normalize_axis, operands, public
from pipekeras.ops.indexing import getitem
from pipekeras.ops.joining import concatenate, flip, split, stack
from pipekeras.ops.linear import tensordot
from pipekeras.ops.ordering import argsort
from pipekeras.ops.reduction import sum
from pipekeras.ops.shaping import expand_dims, moveaxis, reshape, swapaxes, transpose


def _of_rank(x: Any, rank: int) -> Tensor:
    """Give a tensor axes of size 1 as NumPy's stacking does: in front of a vector, behind a matrix."""
    x = convert(x)
    if x.ndim == 0:
        return reshape(x, (1,) * rank)
    if rank == 2 and x.ndim == 1:
        return expand_dims(x, 0)
    if rank == 3 and x.ndim < 3:
        x = expand_dims(x, 0) if x.ndim == 1 else x
        return expand_dims(x, 2)
    return x


@public
def vstack(xs: Sequence[Any]) -> Tensor:
    """Put tensors below each other; vectors count as rows.

    >>> from pipekeras import ops
    >>> ops.vstack([[1, 2], [3, 4]])
    Tensor([[1, 2],
            [3, 4]], shape=(2, 2), dtype=int32)
    """
    return concatenate([_of_rank(x, 2) for x in xs], 0)


@public
def hstack(xs: Sequence[Any]) -> Tensor:
    """Put tensors side by side: along the second axis, vectors along their only one.

    >>> from pipekeras import ops
    >>> ops.hstack([[1, 2], [3]])
    Tensor([1, 2, 3], shape=(3,), dtype=int32)
    """
    tensors = [_of_rank(x, 1) for x in xs]
    return concatenate(tensors, 0 if tensors[0].ndim == 1 else 1)


@public
def dstack(xs: Sequence[Any]) -> Tensor:
    """Put tensors behind each other: along the third axis.

    Example:

    >>> from pipekeras import ops
    >>> ops.dstack([[1, 2], [3, 4]])
    Tensor([[[1, 3],
             [2, 4]]], shape=(1, 2, 2), dtype=int32)
    """
    return concatenate([_of_rank(x, 3) for x in xs], 2)


@public
def array_split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Tensor]:
    """Cut a tensor along an axis into parts as equal as they can be, or before each index.

    >>> from pipekeras import ops
    >>> [part.numpy().tolist() for part in ops.array_split([1, 2, 3, 4, 5], 2)]
    [[1, 2, 3], [4, 5]]
    """
    x = convert(x)
    length = x.shape[normalize_axis(axis, x.ndim, "array_split")]
    if not isinstance(indices_or_sections, int):
        return split(x, indices_or_sections, axis)
    if length is None or indices_or_sections < 1:
        raise ShapeError(f"array_split: an axis of size {length} can't be cut into {indices_or_sections} parts")
    size, longer = divmod(length, indices_or_sections)
    borders = np.cumsum([size + 1] * longer + [size] * (indices_or_sections - longer))[:-1]
    return split(x, [int(item) for item in borders], axis)


@public
def vsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Tensor]:
    """Cut a tensor along its first axis.

    Example:

    >>> from pipekeras import ops
    >>> ops.vsplit([[1], [2]], 2)
    [Tensor([[1]], shape=(1, 1), dtype=int32), Tensor([[2]], shape=(1, 1), dtype=int32)]
    """
    return split(x, indices_or_sections, 0)


@public
def hsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Tensor]:
    """Cut a tensor along its second axis, a vector along its only one.

    Example:

    >>> from pipekeras import ops
    >>> ops.hsplit([[1, 2]], 2)
    [Tensor([[1]], shape=(1, 1), dtype=int32), Tensor([[2]], shape=(1, 1), dtype=int32)]
    """
    x = convert(x)
    return split(x, indices_or_sections, 0 if x.ndim == 1 else 1)


@public
def dsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Tensor]:
    """Cut a tensor along its third axis.

    Example:

    >>> from pipekeras import ops
    >>> ops.dsplit([[[1, 2]]], 2)
    [Tensor([[[1]]], shape=(1, 1, 1), dtype=int32), Tensor([[[2]]], shape=(1, 1, 1), dtype=int32)]
    """
    return split(x, indices_or_sections, 2)


@public
def fliplr(x: Any) -> Tensor:
    """Reverse the order along the second axis.

    Example:

    >>> from pipekeras import ops
    >>> ops.fliplr([[1, 2], [3, 4]])
    Tensor([[2, 1],
            [4, 3]], shape=(2, 2), dtype=int32)
    """
    return flip(x, 1)


@public
def flipud(x: Any) -> Tensor:
    """Reverse the order along the first axis.

    Example:

    >>> from pipekeras import ops
    >>> ops.flipud([[1, 2], [3, 4]])
    Tensor([[3, 4],
            [1, 2]], shape=(2, 2), dtype=int32)
    """
    return flip(x, 0)


@public
def rot90(array: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Tensor:
    """Turn the plane of two axes by 90 degrees k times, from the first towards the second.

    >>> from pipekeras import ops
    >>> ops.rot90([[1, 2], [3, 4]])
    Tensor([[2, 4],
            [1, 3]], shape=(2, 2), dtype=int32)
    """
    x = convert(array)
    if len(axes) != 2:
        raise ConfigurationError(f"rot90 turns the plane of two axes; got {axes}")
    first, second = (normalize_axis(item, x.ndim, "rot90") for item in axes)
    if first == second:
        raise ConfigurationError(f"rot90 needs two different axes; got {tuple(axes)}")
    turns = k % 4
    if turns == 0:
        return x
    if turns == 2:
        return flip(x, (first, second))
    return swapaxes(flip(x, second), first, second) if turns == 1 else flip(swapaxes(x, first, second), second)


@public
def get_item(x: Any, key: Any) -> Tensor:
    """Index as `x[key]` does.

    Example:

    >>> from pipekeras import ops
    >>> ops.get_item([1, 2, 3], slice(1, 3))
    Tensor([2, 3], shape=(2,), dtype=int32)
    """
    return getitem(x, key)


@public
def diagflat(x: Any, k: int = 0) -> Tensor:
    """Matrix with the elements, flattened, on a diagonal and zeros elsewhere.

    Example:

    >>> from pipekeras import ops
    >>> ops.diagflat([1, 2])
    Tensor([[1, 0],
            [0, 2]], shape=(2, 2), dtype=int32)
    """
    return diag(reshape(convert(x), (-1,)), k)


@public
def argpartition(x: Any, kth: int, axis: int | None = -1) -> Tensor:
    """Indices that put the kth smallest element in its place, smaller ones before it and larger ones behind.

    >>> from pipekeras import ops
    >>> ops.argpartition([3.0, 1.0, 2.0], 1)[1]
    Tensor(2, shape=(), dtype=int32)
    """
    x = convert(x)
    length = x.size if axis is None else x.shape[normalize_axis(axis, x.ndim, "argpartition")]
    if length is not None and not -length <= kth < length:
        raise ArgumentError(f"argpartition: there is no element {kth} among {length}")
    return argsort(x, axis)


@public
def inner(x1: Any, x2: Any) -> Tensor:
    """Sum of products over the last axes of both.

    >>> from pipekeras import ops
    >>> ops.inner([1.0, 2.0], [3.0, 4.0])
    Tensor(11., shape=(), dtype=float32)
    """
    (a, b), dtype = operands(x1, x2)
    a, b = cast(a, dtype), cast(b, dtype)
    if not a.ndim or not b.ndim:
        return a * b
    return tensordot(a, b, [[a.ndim - 1], [b.ndim - 1]])


@public
def kron(x1: Any, x2: Any) -> Tensor:
    """Kronecker's product: each element of x1 times the whole of x2.

    >>> from pipekeras import ops
    >>> ops.kron([1, 10], [1, 2])
    Tensor([ 1,  2, 10, 20], shape=(4,), dtype=int32)
    """
    (a, b), _ = operands(x1, x2)
    rank = max(a.ndim, b.ndim)
    a, b = reshape(a, (1,) * (rank - a.ndim) + a.shape), reshape(b, (1,) * (rank - b.ndim) + b.shape)
    left = expand_dims(a, [2 * axis + 1 for axis in range(rank)])
    right = expand_dims(b, [2 * axis for axis in range(rank)])
    sizes = [-1 if n is None or m is None else n * m for n, m in zip(a.shape, b.shape, strict=True)]
    return reshape(left * right, sizes)


@public
def cross(x1: Any, x2: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Tensor:
    """Cross product of vectors of 3 (or 2) elements.

    Args:
        x1, x2: tensors; a vector of 2 elements lies in the plane of the first two axes.
        axisa, axisb, axisc: int, the axis of the vectors in x1, x2 and the result, default the last.
        axis: int, all three at once.

    >>> from pipekeras import ops
    >>> ops.cross([1, 0, 0], [0, 1, 0])
    Tensor([0, 0, 1], shape=(3,), dtype=int32)
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    (a, b), dtype = operands(x1, x2)
    a, b = moveaxis(cast(a, dtype), axisa, -1), moveaxis(cast(b, dtype), axisb, -1)
    for item in (a, b):
        if item.shape[-1] not in (2, 3, None):
            raise ShapeError(f"cross needs vectors of 2 or 3 elements; got {item.shape[-1]} in shape {item.shape}")
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2] if a.shape[-1] != 2 else None
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2] if b.shape[-1] != 2 else None
    upright = ax * by - ay * bx
    if az is None and bz is None:
        return upright
    if az is None:
        parts = [ay * bz, -(ax * bz), upright]
    elif bz is None:
        parts = [-(az * by), az * bx, upright]
    else:
        parts = [ay * bz - az * by, az * bx - ax * bz, upright]
    return moveaxis(stack(parts, -1), -1, axisc)


@public
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Tensor:
    """Matrix of the powers of a vector's elements.

    Args:
        x: tensor of shape (n,).
        N: int, number of columns, default n.
        increasing: bool, default False: the highest power comes first.

    >>> from pipekeras import ops
    >>> ops.vander([1, 2, 3], 3, True).numpy().tolist()
    [[1, 1, 1], [1, 2, 4], [1, 3, 9]]
    """
    x = convert(x)
    if x.ndim != 1:
        raise ShapeError(f"vander needs a vector; got shape {x.shape}")
    count = x.shape[0] if N is None else int(N)
    if count is None:
        raise ShapeError("vander: the length of the vector is not known", mend="give N=")
    x = cast(x, "int32") if x.dtype == "bool" else x
    columns = [FUNCTIONS["ones_like"](x)]
    for _ in range(count - 1):
        columns.append(columns[-1] * x)
    if not count:
        return FUNCTIONS["zeros"]((x.shape[0], 0), x.dtype)
    return stack(columns if increasing else columns[::-1], -1)


@public
def logspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10, dtype: Any = None,
             axis: int = 0) -> Tensor:  # fmt: skip
    """Return `num` numbers evenly spaced on a logarithmic scale, from base ** start to base ** stop.

    >>> from pipekeras import ops
    >>> ops.logspace(0, 2, 3).numpy().round(3).tolist()
    [1.0, 10.0, 100.0]
    """
    exponents = linspace(start, stop, num, endpoint, axis=axis)
    result = FUNCTIONS["power"](cast(base, exponents.dtype), exponents)
    return result if dtype is None else cast(result, dtype)


@public
def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Tensor:
    """Return `num` numbers from start to stop of which each is the same multiple of the one before.

    >>> from pipekeras import ops
    >>> ops.geomspace(1.0, 8.0, 4).numpy().round(3).tolist()
    [1.0, 2.0, 4.0, 8.0]
    """
    (first, last), joined = operands(start, stop)
    first, last = floating(cast(first, joined)), floating(cast(last, joined))
    sign = FUNCTIONS["sign"](first)
    low, high = FUNCTIONS["log"](first * sign), FUNCTIONS["log"](last * sign)
    values = moveaxis(FUNCTIONS["exp"](linspace(low, high, num, endpoint)) * sign, 0, -1)
    if num > 0:
        # The ends are what was asked for, not what the logarithm gives back.
        place = np.arange(num)
        values = where(place == 0, expand_dims(first, -1), values)
        if endpoint and num > 1:
            values = where(place == num - 1, expand_dims(last, -1), values)
    values = moveaxis(values, -1, axis)
    return values if dtype is None else cast(values, dtype)


@public
def unravel_index(indices: Any, shape: Sequence[int]) -> tuple[Tensor, ...]:
    """Position on each axis of `shape` of an index into its elements, row by row.

    >>> from pipekeras import ops
    >>> [int(item) for item in ops.unravel_index(5, (2, 3))]
    [1, 2]
    """
    index = convert(indices)
    if not dtypes.is_integer(index.dtype):
        raise ArgumentError(f"unravel_index needs whole numbers, not {index.dtype}")
    total = math.prod(shape)
    index = FUNCTIONS["clip"](where(index < 0, index + total, index), 0, max(total - 1, 0))
    found: list[Tensor] = []
    for length in reversed(list(shape)):
        found.insert(0, FUNCTIONS["mod"](index, length))
        index = FUNCTIONS["floor_divide"](index, length)
    return tuple(found)


@public
def cdist(x: Any, y: Any) -> Tensor:
    """Euclidean distance of each row of x from each row of y.

    Args:
        x: tensor of shape (..., n, features).
        y: tensor of shape (..., m, features).

    >>> from pipekeras import ops
    >>> ops.cdist([[0.0, 0.0]], [[3.0, 4.0], [0.0, 1.0]])
    Tensor([[5., 1.]], shape=(1, 2), dtype=float32)
    """
    (a, b), dtype = operands(x, y)
    a, b = floating(cast(a, dtype)), floating(cast(b, dtype))
    gap = expand_dims(a, -2) - expand_dims(b, -3)
    square = sum(gap * gap, -1)
    # The root has no derivative at 0; equal points get 0.
    zero = square <= 0
    return where(zero, 0.0, FUNCTIONS["sqrt"](where(zero, 1.0, square)))


def _cells(x: Any, block_size: int, data_format: str, name: str) -> tuple[Tensor, bool]:
    x = convert(x)
    if x.ndim != 4:
        raise ShapeError(f"{name} needs images (batch, height, width, channels); got shape {x.shape}")
    if block_size < 1:
        raise ArgumentError(f"{name}: block_size must be 1 or more, not {block_size}")
    first = data_format == "channels_first"
    return (transpose(x, (0, 2, 3, 1)) if first else x), first


def open_sizes(shape: Sequence[int | None]) -> tuple[int, ...]:
    """Return a shape with -1 for what is not known, as reshape takes it."""
    return tuple(-1 if n is None else n for n in shape)


@public
def depth_to_space(x: Any, block_size: int, data_format: str = "channels_last") -> Tensor:
    """Lay blocks of channels out in height and width.

    Args:
        x: tensor (batch, height, width, channels), channels a multiple of block_size².
        block_size: int.
        data_format: "channels_last" (default) or "channels_first".

    Output shape: (batch, height * block_size, width * block_size, channels / block_size²).

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.depth_to_space(np.arange(4.0).reshape(1, 1, 1, 4), 2)[0, :, :, 0]
    Tensor([[0., 1.],
            [2., 3.]], shape=(2, 2), dtype=float64)
    """
    moved, first = _cells(x, block_size, data_format, "depth_to_space")
    batch, height, width, channels = moved.shape
    if channels is None or height is None or width is None or channels % block_size**2:
        raise ShapeError(f"depth_to_space: the channels of shape {moved.shape} are no multiple of {block_size**2}")
    deep = channels // block_size**2
    if first:
        cells = reshape(moved, open_sizes((batch, height, width, deep, block_size, block_size)))
        cells = transpose(cells, (0, 1, 4, 2, 5, 3))
    else:
        cells = reshape(moved, open_sizes((batch, height, width, block_size, block_size, deep)))
        cells = transpose(cells, (0, 1, 3, 2, 4, 5))
    result = reshape(cells, open_sizes((batch, height * block_size, width * block_size, deep)))
    return transpose(result, (0, 3, 1, 2)) if first else result


@public
def space_to_depth(x: Any, block_size: int, data_format: str = "channels_last") -> Tensor:
    """Lay blocks of height and width out in channels; the inverse of `depth_to_space`.

    Args:
        x: tensor (batch, height, width, channels), height and width multiples of block_size.
        block_size: int.
        data_format: "channels_last" (default) or "channels_first".

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.space_to_depth(np.arange(4.0).reshape(1, 2, 2, 1), 2)
    Tensor([[[[0., 1., 2., 3.]]]], shape=(1, 1, 1, 4), dtype=float64)
    """
    moved, first = _cells(x, block_size, data_format, "space_to_depth")
    batch, height, width, channels = moved.shape
    if channels is None or height is None or width is None or height % block_size or width % block_size:
        raise ShapeError(f"space_to_depth: height and width of shape {moved.shape} are no multiples of {block_size}")
    rows, columns = height // block_size, width // block_size
    cells = reshape(moved, open_sizes((batch, rows, block_size, columns, block_size, channels)))
    cells = transpose(cells, (0, 1, 3, 5, 2, 4) if first else (0, 1, 3, 2, 4, 5))
    result = reshape(cells, open_sizes((batch, rows, columns, channels * block_size**2)))
    return transpose(result, (0, 3, 1, 2)) if first else result
