"""Functions of functions: element by element application and derivatives along a direction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.core.structure import flatten, pack_like
from pipekeras.graph.gradient import gradient
from pipekeras.graph.operation import recording
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.creation import zeros_like
from pipekeras.ops.define import OPERATIONS, broadcast_shapes, public
from pipekeras.ops.joining import stack
from pipekeras.ops.reduction import sum
from pipekeras.ops.shaping import broadcast_to, reshape

_GROUP = re.compile(r"\(([^()]*)\)")


def _core_ranks(signature: str | None, count: int) -> tuple[list[int], int]:
    """Return the number of axes that the function takes of each argument, and how many results it has."""
    if signature is None:
        return [0] * count, 1
    left, arrow, right = signature.partition("->")
    inputs, outputs = _GROUP.findall(left), _GROUP.findall(right)
    if not arrow or not outputs or len(inputs) != count:
        raise ArgumentError(f"vectorize: the signature '{signature}' is not for {count} arguments",
                            mend="write it as '(m,n),(n)->(m)'")  # fmt: skip
    return [len([name for name in group.split(",") if name.strip()]) for group in inputs], len(outputs)


@public
def vectorize(pyfunc: Callable[..., Any], *, excluded: Any = None, signature: str | None = None) -> Callable[..., Any]:
    """Return a function that applies another to every element of its arguments, broadcast to one shape.

    Args:
        pyfunc: callable of scalar tensors.
        excluded: set of int or str: arguments, by place or name, that are handed on as they are.
        signature: str, as "(m,n),(n)->(m)": the axes that the function takes and returns; default none.

    >>> from pipekeras import ops
    >>> ops.vectorize(lambda a, b: a + b)([1, 2, 3], 2)
    Tensor([3, 4, 5], shape=(3,), dtype=int32)
    """
    if not callable(pyfunc):
        raise ArgumentError(f"vectorize needs a function, not {type(pyfunc).__name__}")
    left_out = set(excluded or ())

    def applied(*args: Any, **kwargs: Any) -> Any:
        places = [place for place in range(len(args)) if place not in left_out]
        names = [name for name in kwargs if name not in left_out]
        tensors = [convert(args[place]) for place in places] + [convert(kwargs[name]) for name in names]
        ranks, results = _core_ranks(signature, len(tensors))
        batch = broadcast_shapes("vectorize", *[item.shape[: item.ndim - r] for item, r in zip(tensors, ranks, strict=True)])
        if None in batch:
            raise ShapeError(f"vectorize: the sizes of {batch} must be known")
        wide = [
            broadcast_to(item, (*batch, *item.shape[item.ndim - rank :])) for item, rank in zip(tensors, ranks, strict=True)
        ]
        found = []
        for index in np.ndindex(*[n or 0 for n in batch]):
            parts = [item[index] if index else item for item in wide]
            given = list(args)
            for place, part in zip(places, parts, strict=False):
                given[place] = part
            named = {**kwargs, **dict(zip(names, parts[len(places) :], strict=True))}
            found.append(pyfunc(*given, **named))
        if results == 1:
            return _joined(found, batch)
        return tuple(_joined([item[number] for item in found], batch) for number in range(results))

    return applied


def _joined(values: Sequence[Any], batch: Sequence[int | None]) -> Tensor:
    if not values:
        return convert(np.zeros([n or 0 for n in batch], np.float32))
    rows = stack([convert(value) for value in values])
    return reshape(rows, (*[n or 0 for n in batch], *rows.shape[1:]))


def _fresh(x: Any) -> Tensor:
    """Return a tensor of the same values that nothing rests on yet."""
    tensor = convert(x)
    return Tensor(tensor.data) if tensor.data is not None else OPERATIONS["reshape"](tensor, shape=tensor.shape)


@public
def jvp(fun: Callable[..., Any], primals: Any, tangents: Any, has_aux: bool = False) -> Any:
    """Value of a function and its derivative along a direction.

    Formula: the derivative of w · J with respect to w, applied to the tangents: two passes backwards are one forwards.

    Args:
        fun: callable of tensors.
        primals: tuple or list of tensors, where the derivative is taken.
        tangents: tuple or list of tensors of the same shapes, the direction.
        has_aux: bool, default False; True for a function that returns (value, anything else).

    Returns:
        (value, derivative), and what else the function returned if `has_aux`.

    >>> from pipekeras import ops
    >>> value, slope = ops.jvp(ops.sin, (0.0,), (2.0,))
    >>> value.numpy().item(), slope.numpy().item()
    (0.0, 2.0)
    """
    if not isinstance(primals, list | tuple) or not isinstance(tangents, list | tuple) or len(primals) != len(tangents):
        raise ArgumentError("jvp: primals and tangents must be lists or tuples of one length")
    recording.depth += 1
    try:
        given = pack_like(list(primals), [_fresh(item) for item in flatten(list(primals))])
        points, moves = flatten(given), [convert(item) for item in flatten(list(tangents))]
        returned = fun(*given)
        value, rest = returned if has_aux else (returned, None)
        slopes = [_slope(convert(item), points, moves) for item in flatten(value)]
    finally:
        recording.depth -= 1
    slope = pack_like(value, slopes) if isinstance(value, list | tuple | dict) else slopes[0]
    return (value, slope, rest) if has_aux else (value, slope)


def _slope(target: Tensor, points: list[Tensor], moves: list[Tensor]) -> Tensor:
    if not dtypes.is_float(target.dtype):
        return zeros_like(target)
    weight = _fresh(zeros_like(target))
    total: Any = None
    for derivative, move in zip(gradient(target, points, weight), moves, strict=True):
        if derivative is not None:
            part = sum(derivative * move)
            total = part if total is None else total + part
    if total is None:
        return zeros_like(target)
    (found,) = gradient(total, [weight])
    return zeros_like(target) if found is None else found
