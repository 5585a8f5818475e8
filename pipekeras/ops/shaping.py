"""Ops that move elements without changing them: reshape, transpose, broadcast, slice, place."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from pipekeras.core.errors import ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Shape, Tensor, convert
from pipekeras.graph.variable import lasting
from pipekeras.ops.define import (
    OPERATIONS,
    broadcast_shapes,
    normalize_axis,
    primitive,
    public,
    unbroadcast,
)


def _infer_reshape(x: Tensor, shape: Shape) -> Spec:
    return Spec(shape, x.dtype)


@primitive(
    _infer_reshape,
    lambda g, out, x, shape: (reshape(g, x.shape),),
    "view",
    view=lambda view, shape: view.reshaped(shape),
)
def _reshape(x: Any, shape: tuple[int, ...]) -> Any:
    return np.reshape(x, shape)


def resolve_shape(shape: Sequence[int | None], size: int | None, own: Shape) -> Shape:
    """Return the target of a reshape with its one open size (-1 or None) filled in where that can be known."""
    result = [None if length is None or length == -1 else int(length) for length in shape]
    open_axes = [index for index, length in enumerate(result) if length is None]
    rest = prod(length for length in result if length is not None)
    if size is None:
        known = prod(length for length in own if length is not None)
        unknown = sum(1 for length in own if length is None)
        # (None, a, b) -> (None, a * b): one unknown size on both sides carries over.
        if len(open_axes) == 1 and unknown == 1 and rest and known % rest and rest % known:
            raise ShapeError(f"can't reshape {own} to {tuple(shape)}")
        return tuple(result)
    if len(open_axes) > 1:
        raise ShapeError(f"can't reshape {own} to {tuple(shape)}: only one size may be left open")
    if open_axes:
        if rest == 0 or size % rest:
            raise ShapeError(
                f"can't reshape {own} to {tuple(shape)}: {size} elements do not divide by {rest}",
                mend="the product of the sizes must stay the same",
            )
        result[open_axes[0]] = size // rest
    elif rest != size:
        raise ShapeError(
            f"can't reshape {own} to {tuple(shape)}: {size} elements into {rest}",
            mend="the product of the sizes must stay the same",
        )
    return tuple(result)


@public
def reshape(x: Any, newshape: Any) -> Tensor:
    """Give the elements another shape, row by row.

    Args:
        x: tensor.
        newshape: tuple of int; one size may be -1.

    >>> from pipekeras import ops
    >>> ops.reshape([1, 2, 3, 4], (2, -1))
    Tensor([[1, 2],
            [3, 4]], shape=(2, 2), dtype=int32)
    """
    x = convert(x)
    if isinstance(newshape, int):
        newshape = (newshape,)
    shape = tuple(newshape)
    if shape == x.shape and None not in shape:
        return lasting(x)
    return _reshape(x, shape=resolve_shape(shape, x.size, x.shape))


@public
def expand_dims(x: Any, axis: int | Sequence[int]) -> Tensor:
    """Insert axes of size 1 so that they stand at `axis` in the result.

    Example:

    >>> from pipekeras import ops
    >>> ops.expand_dims([1, 2], axis=0)
    Tensor([[1, 2]], shape=(1, 2), dtype=int32)
    """
    x = convert(x)
    axes = [axis] if isinstance(axis, int) else list(axis)
    rank = x.ndim + len(axes)
    places = {normalize_axis(item, rank, "expand_dims") for item in axes}
    rest = iter(x.shape)
    return _reshape(x, shape=tuple(1 if index in places else next(rest) for index in range(rank)))


@public
def squeeze(x: Any, axis: int | Sequence[int] | None = None) -> Tensor:
    """Remove axes of size 1: those named, or all.

    Example:

    >>> from pipekeras import ops
    >>> ops.squeeze([[1, 2]])
    Tensor([1, 2], shape=(2,), dtype=int32)
    """
    x = convert(x)
    if axis is None:
        places = {index for index, length in enumerate(x.shape) if length == 1}
    else:
        axes = [axis] if isinstance(axis, int) else list(axis)
        places = {normalize_axis(item, x.ndim, "squeeze") for item in axes}
        for index in places:
            if x.shape[index] != 1:
                raise ShapeError(f"squeeze: axis {index} of shape {x.shape} has size {x.shape[index]}, not 1")
    return _reshape(x, shape=tuple(length for index, length in enumerate(x.shape) if index not in places))


@public
def ravel(x: Any) -> Tensor:
    """Return the elements in one axis, row by row.

    Example:

    >>> from pipekeras import ops
    >>> ops.ravel([[1, 2], [3, 4]])
    Tensor([1, 2, 3, 4], shape=(4,), dtype=int32)
    """
    return reshape(x, (-1,))


def _infer_transpose(x: Tensor, axes: tuple[int, ...]) -> Spec:
    return Spec(tuple(x.shape[axis] for axis in axes), x.dtype)


@primitive(
    _infer_transpose,
    lambda g, out, x, axes: (OPERATIONS["transpose"](g, axes=tuple(int(i) for i in np.argsort(axes))),),
    "view",
    view=lambda view, axes: view.transposed(axes),
)
def _transpose(x: Any, axes: tuple[int, ...]) -> Any:
    return np.transpose(x, axes)


@public
def transpose(x: Any, axes: Sequence[int] | None = None) -> Tensor:
    """Put the axes in another order; reversed by default.

    Example:

    >>> from pipekeras import ops
    >>> ops.transpose([[1, 2], [3, 4]])
    Tensor([[1, 3],
            [2, 4]], shape=(2, 2), dtype=int32)
    """
    x = convert(x)
    order = tuple(range(x.ndim))[::-1] if axes is None else tuple(normalize_axis(a, x.ndim, "transpose") for a in axes)
    if sorted(order) != list(range(x.ndim)):
        raise ShapeError(f"transpose: {axes} is no order of the {x.ndim} axes of shape {x.shape}")
    return x if order == tuple(range(x.ndim)) else _transpose(x, axes=order)


@public
def moveaxis(x: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Move axes to new places; the others keep their order.

    Example:

    >>> from pipekeras import ops
    >>> ops.moveaxis([[1, 2, 3]], 0, 1)
    Tensor([[1],
            [2],
            [3]], shape=(3, 1), dtype=int32)
    """
    x = convert(x)
    sources = [source] if isinstance(source, int) else list(source)
    targets = [destination] if isinstance(destination, int) else list(destination)
    sources = [normalize_axis(item, x.ndim, "moveaxis") for item in sources]
    targets = [normalize_axis(item, x.ndim, "moveaxis") for item in targets]
    order = [axis for axis in range(x.ndim) if axis not in sources]
    for target, axis in sorted(zip(targets, sources, strict=True)):
        order.insert(target, axis)
    return transpose(x, order)


@public
def swapaxes(x: Any, axis1: int, axis2: int) -> Tensor:
    """Exchange two axes.

    Example:

    >>> from pipekeras import ops
    >>> ops.swapaxes([[1, 2, 3]], 0, 1)
    Tensor([[1],
            [2],
            [3]], shape=(3, 1), dtype=int32)
    """
    x = convert(x)
    order = list(range(x.ndim))
    first, second = normalize_axis(axis1, x.ndim, "swapaxes"), normalize_axis(axis2, x.ndim, "swapaxes")
    order[first], order[second] = order[second], order[first]
    return transpose(x, order)


def _infer_broadcast(x: Tensor, shape: Shape) -> Spec:
    broadcast_shapes("broadcast_to", x.shape, shape)
    return Spec(shape, x.dtype)


@primitive(
    _infer_broadcast,
    lambda g, out, x, shape: (unbroadcast(g, x),),
    "view",
    view=lambda view, shape: view.broadcast(shape),
)
def _broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
    return np.broadcast_to(x, shape)


@public
def broadcast_to(x: Any, shape: Sequence[int | None]) -> Tensor:
    """Repeat axes of size 1 so that the tensor has `shape`.

    Example:

    >>> from pipekeras import ops
    >>> ops.broadcast_to([1, 2], (2, 2))
    Tensor([[1, 2],
            [1, 2]], shape=(2, 2), dtype=int32)
    """
    x = convert(x)
    sizes = shape.numpy().ravel().tolist() if isinstance(shape, Tensor) else shape
    target = tuple(int(size) if isinstance(size, Tensor) else size for size in sizes)
    return lasting(x) if x.shape == target else _broadcast_to(x, shape=target)


def _infer_slice(x: Tensor, starts: Any, lengths: Any, steps: Any) -> Spec:
    return Spec(tuple(lengths), x.dtype)


def _slices(starts: Any, lengths: Any, steps: Any) -> tuple[slice, ...]:
    found = []
    for start, length, step in zip(starts, lengths, steps, strict=True):
        stop = start + length * step
        found.append(slice(start, None if stop < 0 else stop, step))
    return tuple(found)


@primitive(
    _infer_slice,
    lambda g, out, x, starts, lengths, steps: (OPERATIONS["place"](g, shape=x.shape, starts=starts, steps=steps, value=0.0),),
    "view",
    view=lambda view, starts, lengths, steps: view.sliced(starts, lengths, steps),
)
def _slice(x: Any, starts: tuple[int, ...], lengths: tuple[int, ...], steps: tuple[int, ...]) -> Any:
    # An axis of unknown size (None) is taken whole.
    return x[_slices(starts, lengths, steps)]


def _infer_place(x: Tensor, shape: Shape, starts: Any, steps: Any, value: float) -> Spec:
    return Spec(shape, x.dtype)


@primitive(
    _infer_place,
    lambda g, out, x, shape, starts, steps, value: (_slice(g, starts=starts, lengths=x.shape, steps=steps),),
    "copy",
)
def _place(x: Any, shape: Any, starts: Any, steps: Any, value: float) -> Any:
    """An array of `value` with x laid into a slice of it."""
    result = np.full(shape, value, x.dtype)
    result[_slices(starts, x.shape, steps)] = x
    return result
