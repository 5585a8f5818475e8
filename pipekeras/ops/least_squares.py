"""Norms, ranks, pseudo-inverses, least squares, and the factors of elimination."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import absolute
from pipekeras.ops.comparison import cast
from pipekeras.ops.define import FUNCTIONS, floating, normalize_axis, operands, primitive, public
from pipekeras.ops.factors import svd
from pipekeras.ops.linear import matmul
from pipekeras.ops.mathematics import sqrt
from pipekeras.ops.matrices import _lower_half, _matrices, _triangular, _turned, _upper_half, _wide
from pipekeras.ops.reduction import max, min, sum
from pipekeras.ops.shaping import expand_dims, moveaxis, reshape, squeeze


def _infer_pinv(x: Tensor, rcond: float) -> Spec:
    return Spec((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype)


def _pinv_gradient(g: Tensor, out: Tensor, x: Tensor, rcond: float) -> tuple[Tensor]:
    """After Golub, Pereyra 1973: exact where the rank does not change."""
    p, turned = out, _turned(out)
    first = -matmul(turned, matmul(g, turned))
    # Parts that the inverse does not see, on both sides.
    gt = _turned(g)
    over = matmul(gt, matmul(p, turned))
    over = over - matmul(x, matmul(p, over))
    under = matmul(matmul(turned, p), gt)
    under = under - matmul(matmul(under, p), x)
    return (first + over + under,)


@primitive(_infer_pinv, _pinv_gradient)
def _pinv(x: Any, rcond: float) -> Any:
    return np.linalg.pinv(_wide(x), rcond)


def _default_cutoff(x: Tensor) -> float:
    kind = np.float64 if x.dtype == "float64" else np.float32
    return 10.0 * float(np.max([n or 1 for n in x.shape[-2:]])) * float(np.finfo(kind).eps)


@public
def pinv(x: Any, rcond: float | None = None) -> Tensor:
    """Pseudo-inverse of Moore and Penrose.

    Args:
        x: tensor of shape (..., m, n).
        rcond: float, singular values up to rcond times the largest count as 0; default 10 max(m, n) epsilon.

    Output shape: (..., n, m).

    >>> from pipekeras import ops
    >>> ops.pinv([[2.0, 0.0]]).numpy().tolist()
    [[0.5], [0.0]]
    """
    x = _matrices(x, "pinv")
    return _pinv(x, rcond=_default_cutoff(x) if rcond is None else float(rcond))


@public
def lstsq(a: Any, b: Any, rcond: float | None = None) -> Tensor:
    """Solution of least squares of a x = b, the shortest one where there are several.

    Args:
        a: tensor of shape (m, n).
        b: tensor of shape (m,) or (m, k).
        rcond: float, singular values up to rcond times the largest count as 0; default max(m, n) epsilon.

    >>> from pipekeras import ops
    >>> ops.lstsq([[1.0], [1.0]], [1.0, 3.0]).numpy().round(4).tolist()
    [2.0]
    """
    (left, right), dtype = operands(a, b)
    left, right = _matrices(cast(left, dtype), "lstsq"), floating(cast(right, dtype))
    if left.ndim != 2 or right.ndim not in (1, 2) or left.shape[0] != right.shape[0]:
        raise ShapeError(f"lstsq: a of shape {left.shape} and b of shape {right.shape} do not fit",
                         mend="a needs shape (m, n), b shape (m,) or (m, k)")  # fmt: skip
    inverse = _pinv(left, rcond=_default_cutoff(left) / 10.0 if rcond is None else float(rcond))
    if right.ndim == 1:
        return squeeze(matmul(inverse, expand_dims(right, -1)), -1)
    return matmul(inverse, right)


@public
def matrix_rank(x: Any, tol: Any = None) -> Tensor:
    """Number of singular values above `tol`, by default the largest times max(m, n) epsilon.

    Example:

    >>> from pipekeras import ops
    >>> ops.matrix_rank([[1.0, 2.0], [2.0, 4.0]])
    Tensor(1, shape=(), dtype=int32)
    """
    x = _matrices(x, "matrix_rank")
    values = svd(x, compute_uv=False)
    limit = max(values, -1, True) * (_default_cutoff(x) / 10.0) if tol is None else expand_dims(convert(tol, x.dtype), -1)
    return sum(cast(values > limit, "int32"), -1)


@public
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Size of vectors or matrices.

    Args:
        x: tensor.
        ord: None (the root of the sum of squares); for vectors a number p, infinity or minus infinity, or 0 (how many
            are not 0); for matrices "fro", "nuc", 1, -1, 2, -2, infinity or minus infinity.
        axis: int (vectors), two ints (matrices) or None: all axes.
        keepdims: bool, default False.

    >>> from pipekeras import ops
    >>> ops.norm([3.0, 4.0])
    Tensor(5., shape=(), dtype=float32)
    """
    x = floating(x)
    if axis is None:
        if ord is None or (x.ndim == 1 and ord == 2) or (x.ndim == 2 and ord == "fro"):
            result = _root_of_squares(reshape(x, (-1,)), (0,), False)
            return reshape(result, (1,) * x.ndim) if keepdims else result
        axis = tuple(range(x.ndim))
    given = (axis,) if isinstance(axis, int | np.integer) else tuple(axis)
    axes = tuple(normalize_axis(int(item), x.ndim, "norm") for item in given)
    if len(axes) == 1:
        return _vector_norm(x, ord, axes, keepdims)
    if len(axes) == 2:
        return _matrix_norm(x, ord, axes, keepdims)
    raise ShapeError(f"norm: {len(axes)} axes are neither a vector nor a matrix", mend="give axis= one or two axes")


def _root_of_squares(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    total = sum(x * x, axes, keepdims)
    return sqrt(total)


def _vector_norm(x: Tensor, order: Any, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    if order is None or order == 2:
        return _root_of_squares(x, axes, keepdims)
    if isinstance(order, str):
        raise ArgumentError(f"norm: ord='{order}' is for matrices", mend="give axis= two axes")
    if order == float("inf"):
        return max(absolute(x), axes, keepdims)
    if order == -float("inf"):
        return min(absolute(x), axes, keepdims)
    if order == 0:
        return sum(cast(FUNCTIONS["not_equal"](x, 0), x.dtype), axes, keepdims)
    if order == 1:
        return sum(absolute(x), axes, keepdims)
    return sum(absolute(x) ** float(order), axes, keepdims) ** (1.0 / float(order))


def _matrix_norm(x: Tensor, order: Any, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    if axes[0] == axes[1]:
        raise ShapeError(f"norm: axis {axes[0]} is given twice")
    if order is None or order == "fro":
        return _root_of_squares(x, axes, keepdims)
    moved = moveaxis(x, axes, (-2, -1))
    infinite = float("inf")
    if order in (1, -1, infinite, -infinite) and not isinstance(order, str):
        sums = sum(absolute(moved), -2 if abs(order) == 1 else -1)
        result = max(sums, -1) if order > 0 else min(sums, -1)
    elif order in ("nuc", 2, -2):
        values = svd(moved, compute_uv=False)
        result = sum(values, -1) if order == "nuc" else max(values, -1) if order == 2 else min(values, -1)
    else:
        raise ArgumentError(f"norm: ord={order!r} is no norm of matrices",
                            mend="use 'fro', 'nuc', 1, -1, 2, -2, infinity or minus infinity")  # fmt: skip
    if keepdims:
        for place in sorted(axes):
            result = expand_dims(result, place)
    return result


def _eliminated(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eliminate column by column, the largest element of each brought up; return the factors and the exchanges."""
    lu = np.array(_wide(x))
    rows, columns = lu.shape[-2:]
    flat = lu.reshape(-1, rows, columns)
    everywhere = np.arange(len(flat))
    count = rows if rows < columns else columns
    pivots = np.zeros((len(flat), count), np.int32)
    for step in range(count):
        best = step + np.argmax(np.abs(flat[:, step:, step]), axis=1)
        pivots[:, step] = best
        upper, lower = flat[everywhere, step].copy(), flat[everywhere, best].copy()
        flat[everywhere, step], flat[everywhere, best] = lower, upper
        pivot = flat[:, step, step, None]
        factor = np.where(pivot == 0, 0.0, flat[:, step + 1 :, step] / np.where(pivot == 0, 1.0, pivot))
        flat[:, step + 1 :, step] = factor
        flat[:, step + 1 :, step + 1 :] -= factor[:, :, None] * flat[:, step, None, step + 1 :]
    return lu, pivots.reshape(*lu.shape[:-2], count)


def _infer_lu(x: Tensor) -> Spec:
    return Spec(x.shape, x.dtype)


def _lu_gradient(g: Tensor, out: Tensor, x: Tensor) -> tuple[Tensor]:
    if x.shape[-1] != x.shape[-2]:
        raise ArgumentError(f"lu_factor has a derivative for square matrices only, not for shape {x.shape}")
    eye = convert(np.eye(x.shape[-1] or 0), x.dtype)
    lower, upper = _lower_half(out, -1) + eye, _upper_half(out)
    inner = _lower_half(matmul(_turned(lower), _lower_half(g, -1)), -1) + _upper_half(matmul(_upper_half(g), _turned(upper)))
    left = _triangular(lower, inner, True, True)
    both = _turned(_triangular(upper, _turned(left), False, False))
    # Rows go back to where the exchanges took them from.
    return (FUNCTIONS["take_along_axis"](both, _row_places(x), -2),)


@primitive(_infer_lu, _lu_gradient)
def _lu(x: Any) -> Any:
    return _eliminated(x)[0]


def _infer_pivots(x: Tensor) -> Spec:
    rows, columns = x.shape[-2:]
    count = None if rows is None or columns is None else rows if rows < columns else columns
    return Spec((*x.shape[:-2], count), "int32")


@primitive(_infer_pivots, None)
def _lu_pivots(x: Any) -> Any:
    return _eliminated(x)[1]


def _infer_places(x: Tensor) -> Spec:
    return Spec(x.shape, "int32")


@primitive(_infer_places, None)
def _lu_places(x: Any) -> Any:
    """For each row of x (repeated along the columns) the row of the factors that it went to."""
    pivots = _eliminated(x)[1]
    rows = x.shape[-2]
    order = np.broadcast_to(np.arange(rows, dtype=np.int32), (*x.shape[:-2], rows)).copy().reshape(-1, rows)
    for line, swaps in zip(order, pivots.reshape(-1, pivots.shape[-1]), strict=True):
        for step, other in enumerate(swaps):
            line[step], line[other] = line[other], line[step]
    places = np.argsort(order, axis=-1).astype(np.int32).reshape(*x.shape[:-2], rows)
    return np.broadcast_to(places[..., None], x.shape)


def _row_places(x: Tensor) -> Tensor:
    return _lu_places(x)


@public
def lu_factor(x: Any) -> tuple[Tensor, Tensor]:
    """Factors of elimination with exchanged rows: P x = L U.

    Args:
        x: tensor of shape (..., n, n).

    Returns:
        L below and U on and above the diagonal of one matrix (..., n, n), and for each row the one it was exchanged
        with (..., n).

    >>> from pipekeras import ops
    >>> factors, exchanges = ops.lu_factor([[1.0, 2.0], [4.0, 4.0]])
    >>> factors.numpy().tolist(), exchanges.numpy().tolist()
    ([[4.0, 4.0], [0.25, 1.0]], [1, 1])
    """
    x = _matrices(x, "lu_factor")
    return _lu(x), _lu_pivots(x)


def _infer_values(x: Tensor) -> Spec:
    return Spec(x.shape[:-1], "complex128" if x.dtype == "float64" else "complex64")


def _infer_vectors(x: Tensor) -> Spec:
    return Spec(x.shape, "complex128" if x.dtype == "float64" else "complex64")


@primitive(_infer_values, None)
def _eigenvalues(x: Any) -> Any:
    return np.linalg.eig(_wide(x))[0]


@primitive(_infer_vectors, None)
def _eigenvectors(x: Any) -> Any:
    return np.linalg.eig(_wide(x))[1]


@public
def eig(x: Any) -> tuple[Tensor, Tensor]:
    """Eigenvalues and eigenvectors of square matrices, as complex numbers.

    Args:
        x: tensor of shape (..., n, n).

    Returns:
        Values (..., n) and vectors (..., n, n), one in each column; without derivatives.

    Example:

    >>> from pipekeras import ops
    >>> [part.shape for part in ops.eig([[2.0, 0.0], [0.0, 4.0]])]
    [(2,), (2, 2)]
    """
    x = _matrices(x, "eig", True)
    return _eigenvalues(x), _eigenvectors(x)
