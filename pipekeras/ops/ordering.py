"""Order and running totals: sorting, the largest k, cumulative sums and products, sums by segment."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import divide
from pipekeras.ops.comparison import cast
from pipekeras.ops.define import normalize_axis, primitive, public
from pipekeras.ops.indexing import one_hot, take_along_axis
from pipekeras.ops.joining import flip
from pipekeras.ops.reduction import sum
from pipekeras.ops.shaping import reshape


def _infer_indices(x: Tensor, axis: int) -> Spec:
    return Spec(x.shape, "int32")


@primitive(_infer_indices, lambda g, out, x, axis: (None,), "order")
def _argsort(x: Any, axis: int) -> Any:
    return np.argsort(x, axis=axis, kind="stable").astype(np.int32)


@public
def argsort(x: Any, axis: int | None = -1) -> Tensor:
    """Indices that put an axis in rising order; equal elements keep their order.

    >>> from pipekeras import ops
    >>> ops.argsort([3.0, 1.0, 2.0])
    Tensor([1, 2, 0], shape=(3,), dtype=int32)
    """
    x = convert(x)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return _argsort(x, axis=normalize_axis(axis, x.ndim, "argsort"))


@public
def sort(x: Any, axis: int | None = -1) -> Tensor:
    """Put an axis in rising order.

    >>> from pipekeras import ops
    >>> ops.sort([3.0, 1.0, 2.0])
    Tensor([1., 2., 3.], shape=(3,), dtype=float32)
    """
    x = convert(x)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return take_along_axis(x, argsort(x, axis), axis)


def _infer_top(x: Tensor, k: int) -> Spec:
    return Spec((*x.shape[:-1], k), "int32")


@primitive(_infer_top, lambda g, out, x, k: (None,), "order")
def _top_indices(x: Any, k: int) -> Any:
    # The negative of the lowest integer, and those of unsigned ones, wrap around; the complement never does.
    turned = np.invert(x) if x.dtype.kind in "iu" else -x
    return np.argsort(turned, axis=-1, kind="stable")[..., :k].astype(np.int32)


@public
def top_k(x: Any, k: int, sorted: bool = True) -> tuple[Tensor, Tensor]:
    """The k largest elements of the last axis, falling, and their indices; the first of equals comes first.

    >>> from pipekeras import ops
    >>> values, indices = ops.top_k([1.0, 3.0, 2.0], 2)
    >>> values.numpy(), indices.numpy()
    (array([3., 2.], dtype=float32), array([1, 2], dtype=int32))
    """
    x = convert(x)
    if not x.ndim or (x.shape[-1] is not None and not 0 < k <= x.shape[-1]):
        raise ShapeError(f"top_k: there are no {k} elements in the last axis of shape {x.shape}")
    indices = _top_indices(x if x.dtype != "bool" else cast(x, "int32"), k=int(k))
    return take_along_axis(x, indices, -1), indices


@public
def in_top_k(targets: Any, predictions: Any, k: int) -> Tensor:
    """Whether the prediction for the target class is among the k largest, ties included.

    Args:
        targets: tensor of shape (batch,), class numbers.
        predictions: tensor of shape (batch, classes).
        k: int.

    >>> from pipekeras import ops
    >>> ops.in_top_k([0, 2], [[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]], 1).numpy()
    array([ True, False])
    """
    predictions = convert(predictions)
    codes: Any = one_hot(cast(targets, "int32"), predictions.shape[-1] or 0, dtype=predictions.dtype)
    chosen: Any = sum(codes * predictions, -1, True)
    ahead: Any = sum(cast(predictions > chosen, "int32"), -1)
    return ahead < k


def _infer_same(x: Tensor, axis: int) -> Spec:
    return Spec(x.shape, x.dtype)


def _sum_from_end(g: Tensor, axis: int) -> Tensor:
    return flip(_cumsum(flip(g, axis), axis=axis), axis)


@primitive(_infer_same, lambda g, out, x, axis: (_sum_from_end(g, axis),), "order")
def _cumsum(x: Any, axis: int) -> Any:
    return np.cumsum(x, axis=axis, dtype=x.dtype)


def _running(x: Any, axis: int | None, dtype: Any, name: str) -> tuple[Tensor, int]:
    x = convert(x)
    if dtype is not None or x.dtype == "bool":
        x = cast(x, dtype or "int32")
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return x, normalize_axis(axis, x.ndim, name)


@public
def cumsum(x: Any, axis: int | None = None, dtype: Any = None) -> Tensor:
    """Running totals along an axis, or of the flattened tensor.

    >>> from pipekeras import ops
    >>> ops.cumsum([1.0, 2.0, 3.0])
    Tensor([1., 3., 6.], shape=(3,), dtype=float32)
    """
    x, axis = _running(x, axis, dtype, "cumsum")
    return _cumsum(x, axis=axis)


def _cumprod_gradient(g: Tensor, out: Tensor, x: Tensor, axis: int) -> tuple[Tensor]:
    return (divide(_sum_from_end(g * out, axis), x),)


@primitive(_infer_same, _cumprod_gradient, "order")
def _cumprod(x: Any, axis: int) -> Any:
    return np.cumprod(x, axis=axis, dtype=x.dtype)


@public
def cumprod(x: Any, axis: int | None = None, dtype: Any = None) -> Tensor:
    """Running products along an axis, or of the flattened tensor; the gradient needs elements other than 0.

    >>> from pipekeras import ops
    >>> ops.cumprod([1.0, 2.0, 3.0])
    Tensor([1., 2., 6.], shape=(3,), dtype=float32)
    """
    x, axis = _running(x, axis, dtype, "cumprod")
    return _cumprod(x, axis=axis)
