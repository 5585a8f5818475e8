"""Ops that put tensors together, cut them up, and repeat, shift and surround what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert, known
from pipekeras.graph.variable import lasting
from pipekeras.ops.comparison import cast
from pipekeras.ops.define import FUNCTIONS, normalize_axis, operands, primitive, public
from pipekeras.ops.shaping import _place, _reshape, _slice, broadcast_to, expand_dims, ravel, reshape


@public
def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: float | None = None) -> Tensor:
    """Add elements around a tensor.

    Args:
        x: tensor.
        pad_width: int, or (before, after) for each axis.
        mode: "constant" (default), "reflect" or "symmetric".
        constant_values: float, default 0.

    >>> from pipekeras import ops
    >>> ops.pad([1, 2], ((1, 0),))
    Tensor([0, 1, 2], shape=(3,), dtype=int32)
    """
    x = convert(x)
    if isinstance(pad_width, int):
        pad_width = ((pad_width, pad_width),) * x.ndim
    widths = [tuple(pair) if isinstance(pair, list | tuple) else (pair, pair) for pair in pad_width]
    if len(widths) == 1 and x.ndim > 1:
        widths = widths * x.ndim
    if len(widths) != x.ndim:
        raise ShapeError(f"pad: {len(widths)} pairs for the {x.ndim} axes of shape {x.shape}")
    if all(before == after == 0 for before, after in widths):
        return lasting(x)
    if mode != "constant":
        return _pad_mirrored(x, widths, mode)
    shape = tuple(
        None if length is None else length + before + after for length, (before, after) in zip(x.shape, widths, strict=True)
    )
    value = 0.0 if constant_values is None else float(constant_values)
    starts = tuple(before for before, _ in widths)
    return _place(x, shape=shape, starts=starts, steps=(1,) * x.ndim, value=value)


def _pad_mirrored(x: Tensor, widths: list[tuple[int, int]], mode: str) -> Tensor:
    if mode not in ("reflect", "symmetric"):
        raise ArgumentError(f"pad: mode must be 'constant', 'reflect' or 'symmetric', not '{mode}'")
    skip = 1 if mode == "reflect" else 0
    for axis, (before, after) in enumerate(widths):
        if not before and not after:
            continue
        length = x.shape[axis]
        if length is None or max(before, after) > length - skip:
            raise ShapeError(f"pad: axis {axis} of shape {x.shape} is too short to mirror {max(before, after)} elements")
        parts = [x]
        if before:
            head = [slice(None)] * x.ndim
            head[axis] = slice(skip, skip + before)
            parts.insert(0, flip(x[tuple(head)], axis))
        if after:
            tail = [slice(None)] * x.ndim
            tail[axis] = slice(length - skip - after, length - skip)
            parts.append(flip(x[tuple(tail)], axis))
        x = concatenate(parts, axis) if len(parts) > 1 else x
    return x


@public
def flip(x: Any, axis: int | Sequence[int] | None = None) -> Tensor:
    """Reverse the order of the elements along axes, or along all.

    Example:

    >>> from pipekeras import ops
    >>> ops.flip([1, 2, 3])
    Tensor([3, 2, 1], shape=(3,), dtype=int32)
    """
    x = convert(x)
    axes = range(x.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    places = {normalize_axis(item, x.ndim, "flip") for item in axes}
    index = tuple(slice(None, None, -1) if i in places else slice(None) for i in range(x.ndim))
    return x[index]


def _infer_concatenate(*inputs: Tensor, axis: int) -> Spec:
    first = inputs[0]
    total: int | None = 0
    shape: list[int | None] = list(first.shape)
    for item in inputs:
        if len(item.shape) != len(shape):
            raise ShapeError(f"concatenate needs tensors of equal rank; got {' and '.join(str(i.shape) for i in inputs)}")
        for index, length in enumerate(item.shape):
            if index == axis:
                total = None if total is None or length is None else total + length
            elif shape[index] is None:
                shape[index] = length
            elif length is not None and length != shape[index]:
                raise ShapeError(
                    f"concatenate along axis {axis}: shapes {' and '.join(str(i.shape) for i in inputs)} differ on axis {index}"
                )
    shape[axis] = total
    return Spec(tuple(shape), first.dtype)


def _concatenate_gradient(g: Tensor, out: Tensor, *inputs: Tensor, axis: int) -> list[Tensor]:
    parts = []
    start = 0
    for item in inputs:
        starts = tuple(start if index == axis else 0 for index in range(item.ndim))
        parts.append(_slice(g, starts=starts, lengths=item.shape, steps=(1,) * item.ndim))
        start += known(item.shape)[axis]
    return parts


@primitive(_infer_concatenate, _concatenate_gradient, "copy")
def _concatenate(*inputs: Any, axis: int) -> Any:
    return np.concatenate(inputs, axis)


@public
def concatenate(xs: Sequence[Any], axis: int = 0) -> Tensor:
    """Join tensors along an axis that they have.

    Example:

    >>> from pipekeras import ops
    >>> ops.concatenate([[1, 2], [3]])
    Tensor([1, 2, 3], shape=(3,), dtype=int32)
    """
    tensors, dtype = operands(*xs)
    tensors = [cast(item, dtype) for item in tensors]
    if len(tensors) == 1:
        return tensors[0]
    return _concatenate(*tensors, axis=normalize_axis(axis, tensors[0].ndim, "concatenate"))


@public
def stack(x: Sequence[Any], axis: int = 0) -> Tensor:
    """Join tensors of one shape along a new axis.

    Example:

    >>> from pipekeras import ops
    >>> ops.stack([[1, 2], [3, 4]])
    Tensor([[1, 2],
            [3, 4]], shape=(2, 2), dtype=int32)
    """
    tensors, dtype = operands(*x)
    return concatenate([expand_dims(cast(item, dtype), axis) for item in tensors], axis)


@public
def unstack(x: Any, num: int | None = None, axis: int = 0) -> list[Tensor]:
    """Split a tensor along an axis into tensors without it.

    Example:

    >>> from pipekeras import ops
    >>> ops.unstack([[1, 2], [3, 4]])
    [Tensor([1, 2], shape=(2,), dtype=int32), Tensor([3, 4], shape=(2,), dtype=int32)]
    """
    x = convert(x)
    place = normalize_axis(axis, x.ndim, "unstack")
    count = num if x.shape[place] is None else x.shape[place]
    if count is None:
        raise ShapeError(f"unstack: the size of axis {axis} of shape {x.shape} is not known", mend="pass num=")
    before = (slice(None),) * place
    return [x[(*before, index)] for index in range(count)]


@public
def split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Tensor]:
    """Cut a tensor along an axis: into equal parts, or before each index.

    Example:

    >>> from pipekeras import ops
    >>> ops.split([1, 2, 3, 4], 2)
    [Tensor([1, 2], shape=(2,), dtype=int32), Tensor([3, 4], shape=(2,), dtype=int32)]
    """
    x = convert(x)
    place = normalize_axis(axis, x.ndim, "split")
    length = x.shape[place]
    if length is None:
        raise ShapeError(f"split: the size of axis {axis} of shape {x.shape} is not known")
    if isinstance(indices_or_sections, int):
        if indices_or_sections < 1 or length % indices_or_sections:
            raise ShapeError(f"split: axis of size {length} can't be cut into {indices_or_sections} equal parts")
        size = length // indices_or_sections
        borders = [size * part for part in range(1, indices_or_sections)]
    else:
        borders = [int(item) for item in indices_or_sections]
    before = (slice(None),) * place
    edges = [0, *borders, length]
    return [x[(*before, slice(start, stop))] for start, stop in pairwise(edges)]


@public
def tile(x: Any, repeats: int | Sequence[int]) -> Tensor:
    """Repeat a whole tensor along its axes.

    Example:

    >>> from pipekeras import ops
    >>> ops.tile([1, 2], 2)
    Tensor([1, 2, 1, 2], shape=(4,), dtype=int32)
    """
    x = convert(x)
    if isinstance(repeats, Tensor):
        repeats = repeats.numpy().tolist()
    counts = [repeats] if isinstance(repeats, int) else [int(count) for count in repeats]
    rank = max(x.ndim, len(counts))
    counts = [1] * (rank - len(counts)) + counts
    shape = (1,) * (rank - x.ndim) + x.shape
    pairs: list[int | None] = []
    for length in shape:
        pairs += [1, length]
    wide: list[int | None] = []
    for count, length in zip(counts, shape, strict=True):
        wide += [count, length]
    repeated = broadcast_to(_reshape(x, shape=tuple(pairs)), wide)
    final = tuple(-1 if length is None else length * count for length, count in zip(shape, counts, strict=True))
    return reshape(repeated, final)


@public
def repeat(x: Any, repeats: Any, axis: int | None = None) -> Tensor:
    """Repeat each element along an axis, or of the flattened tensor.

    Example:

    >>> from pipekeras import ops
    >>> ops.repeat([1, 2], 2)
    Tensor([1, 1, 2, 2], shape=(4,), dtype=int32)
    """
    x = convert(x)
    if axis is None:
        x, axis = ravel(x), 0
    place = normalize_axis(axis, x.ndim, "repeat")
    if isinstance(repeats, int | np.integer):
        shape = x.shape
        wide = broadcast_to(expand_dims(x, place + 1), (*shape[: place + 1], int(repeats), *shape[place + 1 :]))
        length = shape[place]
        target = (*shape[:place], None if length is None else length * int(repeats), *shape[place + 1 :])
        return reshape(wide, tuple(-1 if n is None else n for n in target))
    counts = np.broadcast_to(np.asarray(repeats), (x.shape[place],))
    return FUNCTIONS["take"](x, np.repeat(np.arange(x.shape[place]), counts), place)


@public
def roll(x: Any, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Tensor:
    """Shift elements along axes; those pushed out come in at the other end.

    Example:

    >>> from pipekeras import ops
    >>> ops.roll([1, 2, 3], 1)
    Tensor([3, 1, 2], shape=(3,), dtype=int32)
    """
    x = convert(x)
    if axis is None:
        return reshape(roll(ravel(x), shift, 0), x.shape)
    shifts = [shift] if isinstance(shift, int) else list(shift)
    axes = [axis] if isinstance(axis, int) else list(axis)
    for amount, item in zip(shifts, axes, strict=True):
        place = normalize_axis(item, x.ndim, "roll")
        length = x.shape[place]
        if length is None:
            raise ShapeError(f"roll: the size of axis {item} of shape {x.shape} is not known")
        cut = -amount % length if length else 0
        if cut:
            before = (slice(None),) * place
            x = concatenate([x[(*before, slice(cut, None))], x[(*before, slice(0, cut))]], place)
    return lasting(x)
