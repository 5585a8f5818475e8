"""Products of matrices and tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core.errors import ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor
from pipekeras.ops.comparison import cast
from pipekeras.ops.define import broadcast_shapes, normalize_axis, operands, primitive, public, unbroadcast
from pipekeras.ops.shaping import expand_dims, reshape, squeeze, transpose


def _swap(shape: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*shape[:-2], shape[-1], shape[-2])


def _infer(a: Tensor, b: Tensor, transpose_a: bool, transpose_b: bool) -> Spec:
    left = _swap(a.shape) if transpose_a else a.shape
    right = _swap(b.shape) if transpose_b else b.shape
    if left[-1] is not None and right[-2] is not None and left[-1] != right[-2]:
        raise ShapeError(
            f"matmul: {left} times {right} does not fit: {left[-1]} columns against {right[-2]} rows",
            mend="the last size on the left must equal the last but one on the right",
        )
    batch = left[:-2] if left[:-2] == right[:-2] else broadcast_shapes("matmul", left[:-2], right[:-2])
    return Spec((*batch, left[-2], right[-1]), a.dtype)


def _gradient(
    g: Tensor, out: Tensor, a: Tensor, b: Tensor, transpose_a: bool, transpose_b: bool
) -> tuple[Tensor, Tensor]:
    if transpose_a:
        left = _matmul(b, g, transpose_a=transpose_b, transpose_b=True)
    else:
        left = _matmul(g, b, transpose_a=False, transpose_b=not transpose_b)
    if transpose_b:
        right = _matmul(g, a, transpose_a=True, transpose_b=transpose_a)
    else:
        right = _matmul(a, g, transpose_a=not transpose_a, transpose_b=False)
    return unbroadcast(left, a), unbroadcast(right, b)


@primitive(_infer, _gradient, "matmul")
def _matmul(a: Any, b: Any, transpose_a: bool, transpose_b: bool) -> Any:
    left = np.swapaxes(a, -1, -2) if transpose_a else a
    right = np.swapaxes(b, -1, -2) if transpose_b else b
    return np.matmul(left, right)


@public
def matmul(x1: Any, x2: Any) -> Tensor:
    """Matrix product over the last two axes; leading axes broadcast.

    Formula: out[..., i, j] = sum over k of x1[..., i, k] * x2[..., k, j]. A vector counts as a row on the left and as
    a column on the right.

    >>> from pipekeras import ops
    >>> ops.matmul([[1.0, 2.0]], [[3.0], [4.0]])
    Tensor([[11.]], shape=(1, 1), dtype=float32)
    """
    (a, b), dtype = operands(x1, x2)
    # Products of bytes do not fit into bytes.
    dtype = "int32" if a.dtype == b.dtype == "int8" else dtype
    a, b = cast(a, dtype), cast(b, dtype)
    if not a.ndim or not b.ndim:
        raise ShapeError(f"matmul needs at least one axis on each side; got {a.shape} and {b.shape}")
    if a.ndim == 1:
        product = matmul(expand_dims(a, 0), b)
        return squeeze(product, -1 if b.ndim == 1 else -2)
    if b.ndim == 1:
        return squeeze(matmul(a, expand_dims(b, 1)), -1)
    leading = a.shape[:-1]
    if b.ndim == 2 and a.ndim > 2 and leading.count(None) <= 1:
        # One flat product is faster than many, and so are its gradients.
        flat = _matmul(reshape(a, (-1, a.shape[-1])), b, transpose_a=False, transpose_b=False)
        return reshape(flat, tuple(-1 if n is None else n for n in (*leading, b.shape[-1])))
    return _matmul(a, b, transpose_a=False, transpose_b=False)


@public
def dot(x1: Any, x2: Any) -> Tensor:
    """Sum of products over the last axis of x1 and the last but one of x2 (NumPy's `dot`).

    Example:

    >>> from pipekeras import ops
    >>> ops.dot([1.0, 2.0], [3.0, 4.0])
    Tensor(11., shape=(), dtype=float32)
    """
    (a, b), _ = operands(x1, x2)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if b.ndim <= 2:
        return matmul(a, b)
    return tensordot(a, b, [[a.ndim - 1], [b.ndim - 2]])


@public
def tensordot(x1: Any, x2: Any, axes: int | Sequence[Any] = 2) -> Tensor:
    """Sum of products over pairs of axes.

    Args:
        x1, x2: tensors.
        axes: int n for the last n of x1 with the first n of x2, or two lists of axes.

    Example:

    >>> from pipekeras import ops
    >>> ops.tensordot([[1.0, 2.0]], [[3.0], [4.0]], axes=1)
    Tensor([[11.]], shape=(1, 1), dtype=float32)
    """
    (a, b), dtype = operands(x1, x2)
    a, b = cast(a, dtype), cast(b, dtype)
    if isinstance(axes, int):
        left, right = list(range(a.ndim - axes, a.ndim)), list(range(axes))
    else:
        left = [axes[0]] if isinstance(axes[0], int) else list(axes[0])
        right = [axes[1]] if isinstance(axes[1], int) else list(axes[1])
    left = [normalize_axis(item, a.ndim, "tensordot") for item in left]
    right = [normalize_axis(item, b.ndim, "tensordot") for item in right]
    free_a = [index for index in range(a.ndim) if index not in left]
    free_b = [index for index in range(b.ndim) if index not in right]
    inner = 1
    for one, other in zip(left, right, strict=True):
        size, found = a.shape[one], b.shape[other]
        if size is not None and found is not None and size != found:
            raise ShapeError(f"tensordot: axis {one} of {a.shape} and axis {other} of {b.shape} differ in size")
        inner *= (size if size is not None else found) or 1
    target = [a.shape[i] for i in free_a] + [b.shape[i] for i in free_b]
    flat_a = reshape(transpose(a, free_a + left), (-1, inner))
    flat_b = reshape(transpose(b, right + free_b), (inner, -1))
    return reshape(_matmul(flat_a, flat_b, transpose_a=False, transpose_b=False), [-1 if n is None else n for n in target])


@public
def outer(x1: Any, x2: Any) -> Tensor:
    """Every product of an element of x1 with one of x2, both flattened.

    Example:

    >>> from pipekeras import ops
    >>> ops.outer([1, 2], [3, 4])
    Tensor([[3, 4],
            [6, 8]], shape=(2, 2), dtype=int32)
    """
    (a, b), _ = operands(x1, x2)
    return reshape(a, (-1, 1)) * reshape(b, (1, -1))


@public
def vdot(x1: Any, x2: Any) -> Tensor:
    """Sum of products of the elements, both tensors flattened.

    Example:

    >>> from pipekeras import ops
    >>> ops.vdot([1.0, 2.0], [3.0, 4.0])
    Tensor(11., shape=(), dtype=float32)
    """
    (a, b), _ = operands(x1, x2)
    return matmul(reshape(a, (-1,)), reshape(b, (-1,)))
