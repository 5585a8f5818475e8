"""Linear algebra: factorisations, inverses and systems of equations, computed by NumPy on the host.

Matrices are the last two axes; leading axes are batches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pipekeras.core.errors import DataError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.comparison import cast, where
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, broadcast_shapes, floating, operands, primitive, public, unbroadcast
from pipekeras.ops.linear import matmul
from pipekeras.ops.shaping import expand_dims, squeeze, swapaxes


def _matrices(x: Any, name: str, square: bool = False) -> Tensor:
    x = floating(x)
    if x.ndim < 2:
        raise ShapeError(f"{name} needs matrices (..., rows, columns); got shape {x.shape}")
    if square and None not in x.shape[-2:] and x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"{name} needs square matrices; got shape {x.shape}")
    return x


def _wide(x: Any) -> Any:
    """NumPy's linear algebra knows float32 and float64 only."""
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float32)


def _turned(x: Tensor) -> Tensor:
    return swapaxes(x, -1, -2)


def _like(x: Tensor) -> Spec:
    return Spec(x.shape, x.dtype)


def _upper_mask(rows: int, columns: int, k: int = 0) -> np.ndarray:
    return ~np.tri(rows, columns, k - 1, dtype=bool)


def _keep(mask: np.ndarray, x: Tensor) -> Tensor:
    return where(mask, x, FUNCTIONS["cast"](0, x.dtype))


def _lower_half(x: Tensor, k: int = 0) -> Tensor:
    """Keep what lies on and below a diagonal."""
    return _keep(np.tri(x.shape[-2] or 0, x.shape[-1] or 0, k, dtype=bool), x)


def _upper_half(x: Tensor, k: int = 0) -> Tensor:
    return _keep(_upper_mask(x.shape[-2] or 0, x.shape[-1] or 0, k), x)


def _on_diagonal(x: Tensor) -> Tensor:
    """Square matrices with vectors on their diagonals."""
    count = x.shape[-1] or 0
    return expand_dims(x, -1) * convert(np.eye(count), x.dtype)


def _cholesky_gradient(g: Tensor, out: Tensor, x: Tensor) -> tuple[Tensor]:
    inverse = _triangular(out, _identity_like(out), True, False)
    inner = _lower_half(matmul(_turned(out), g))
    inner = where(np.eye(out.shape[-1] or 0, dtype=bool), inner * 0.5, inner)
    result = matmul(matmul(_turned(inverse), inner), inverse)
    return ((result + _turned(result)) * 0.5,)


@primitive(_like, _cholesky_gradient)
def _cholesky(x: Any) -> Any:
    # Both halves count, so that the gradient is that of a symmetric matrix.
    even = _wide((x + np.swapaxes(x, -1, -2)) * x.dtype.type(0.5))
    try:
        return np.linalg.cholesky(even)
    except np.linalg.LinAlgError:
        raise DataError(
            "cholesky: a matrix is not positive definite", mend="all eigenvalues of the matrix must be above 0"
        ) from None


@public
def cholesky(x: Any, upper: bool = False) -> Tensor:
    """Triangular factor of symmetric positive definite matrices.

    Formula: x = L Lᵀ with L lower triangular, or x = Uᵀ U.

    Args:
        x: tensor of shape (..., n, n).
        upper: bool, default False: return L; True returns U.

    Raises:
        DataError: a matrix is not positive definite.

    >>> from pipekeras import ops
    >>> ops.cholesky([[4.0, 2.0], [2.0, 5.0]])
    Tensor([[2., 0.],
            [1., 2.]], shape=(2, 2), dtype=float32)
    """
    factor = _cholesky(_matrices(x, "cholesky", True))
    return _turned(factor) if upper else factor


@public
def cholesky_inverse(x: Any, upper: bool = False) -> Tensor:
    """Inverse of the matrices whose triangular factors are given.

    Args:
        x: tensor of shape (..., n, n): factors as `cholesky` returns them.
        upper: bool, default False: whether the factors are upper triangular.

    Example:

    >>> from pipekeras import ops
    >>> ops.cholesky_inverse([[2.0, 0.0], [0.0, 4.0]]).numpy().round(4)
    array([[0.25  , 0.    ],
           [0.    , 0.0625]], dtype=float32)
    """
    x = _matrices(x, "cholesky_inverse", True)
    inverse = _triangular(x, _identity_like(x), not upper, False)
    return matmul(inverse, _turned(inverse)) if upper else matmul(_turned(inverse), inverse)


def _identity_like(x: Tensor) -> Tensor:
    return FUNCTIONS["broadcast_to"](convert(np.eye(x.shape[-1] or 0), x.dtype), x.shape)


@primitive(_like, lambda g, out, x: (-matmul(matmul(_turned(out), g), _turned(out)),))
def _inverse(x: Any) -> Any:
    x = _wide(x)
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        rows = [_inverse_or_infinite(item) for item in x.reshape(-1, *x.shape[-2:])]
        return np.stack(rows).reshape(x.shape)


def _inverse_or_infinite(x: np.ndarray) -> np.ndarray:
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return np.full_like(x, np.inf)


@public
def inv(x: Any) -> Tensor:
    """Inverse of square matrices; infinite for a singular one.

    >>> from pipekeras import ops
    >>> ops.inv([[2.0, 0.0], [0.0, 4.0]])
    Tensor([[0.5 , 0.  ],
            [0.  , 0.25]], shape=(2, 2), dtype=float32)
    """
    return _inverse(_matrices(x, "inv", True))


def _infer_solution(a: Tensor, b: Tensor, **options: Any) -> Spec:
    if None not in (a.shape[-1], b.shape[-2]) and a.shape[-1] != b.shape[-2]:
        raise ShapeError(f"solve: a matrix of {a.shape[-1]} rows against right sides of {b.shape[-2]}")
    return Spec((*broadcast_shapes("solve", a.shape[:-2], b.shape[:-2]), *b.shape[-2:]), b.dtype)


def _solve_gradient(g: Tensor, out: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    right = _solve(_turned(a), g)
    return unbroadcast(-matmul(right, _turned(out)), a), unbroadcast(right, b)


@primitive(_infer_solution, _solve_gradient)
def _solve(a: Any, b: Any) -> Any:
    a, b = _wide(a), _wide(b)
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        lefts = np.broadcast_to(a, (*batch, *a.shape[-2:])).reshape(-1, *a.shape[-2:])
        rights = np.broadcast_to(b, (*batch, *b.shape[-2:])).reshape(-1, *b.shape[-2:])
        rows = [_solve_or_missing(left, right) for left, right in zip(lefts, rights, strict=True)]
        return np.stack(rows).reshape(*batch, *b.shape[-2:])


def _solve_or_missing(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        return np.full_like(b, np.nan)


def _triangular_gradient(
    g: Tensor, out: Tensor, a: Tensor, b: Tensor, lower: bool, transpose: bool
) -> tuple[Tensor, Tensor]:
    right = _triangular(a, g, lower, not transpose)
    left = -matmul(out, _turned(right)) if transpose else -matmul(right, _turned(out))
    left = _lower_half(left) if lower else _upper_half(left)
    return unbroadcast(left, a), unbroadcast(right, b)


@primitive(_infer_solution, _triangular_gradient)
def _solve_triangular(a: Any, b: Any, lower: bool, transpose: bool) -> Any:
    """Substitute row by row, from the end where only one unknown is left."""
    left, right = _wide(a), _wide(b)
    if transpose:
        left, lower = np.swapaxes(left, -1, -2), not lower
    batch = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    count = left.shape[-1]
    result = np.array(np.broadcast_to(right, (*batch, *right.shape[-2:])))
    for row in range(count) if lower else reversed(range(count)):
        known = slice(0, row) if lower else slice(row + 1, count)
        done = np.matmul(left[..., row : row + 1, known], result[..., known, :])[..., 0, :]
        result[..., row, :] = (result[..., row, :] - done) / left[..., row, row, None]
    return result


def _triangular(a: Tensor, b: Tensor, lower: bool, transpose: bool) -> Tensor:
    return _solve_triangular(a, b, lower=lower, transpose=transpose)


def _with_columns(a: Any, b: Any, name: str, run: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Solve for matrices of right sides; a vector counts as one column."""
    (left, right), dtype = operands(a, b)
    left, right = _matrices(cast(left, dtype), name, True), floating(cast(right, dtype))
    if right.ndim == left.ndim - 1:
        return squeeze(run(left, expand_dims(right, -1)), -1)
    if right.ndim < 2:
        raise ShapeError(f"{name}: a right side of shape {right.shape} for matrices of shape {left.shape}",
                         mend="b needs shape (..., n) or (..., n, k)")  # fmt: skip
    return run(left, right)


@public
def solve(a: Any, b: Any) -> Tensor:
    """Solution x of the equations a x = b.

    Args:
        a: tensor of shape (..., n, n).
        b: tensor of shape (..., n) or (..., n, k).

    >>> from pipekeras import ops
    >>> ops.solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0])
    Tensor([1. , 0.5], shape=(2,), dtype=float32)
    """
    return _with_columns(a, b, "solve", lambda left, right: _solve(left, right))


@public
def solve_triangular(a: Any, b: Any, lower: bool = False) -> Tensor:
    """Solution x of a x = b for triangular matrices.

    Args:
        a: tensor of shape (..., n, n); only the triangle is read.
        b: tensor of shape (..., n) or (..., n, k).
        lower: bool, default False: whether the lower triangle counts.

    Example:

    >>> from pipekeras import ops
    >>> ops.solve_triangular([[2.0, 0.0], [0.0, 4.0]], [[2.0], [4.0]])
    Tensor([[1.],
            [1.]], shape=(2, 1), dtype=float32)
    """
    return _with_columns(a, b, "solve_triangular", lambda left, right: _triangular(left, right, bool(lower), False))


def _infer_determinant(x: Tensor) -> Spec:
    return Spec(x.shape[:-2], x.dtype)


@primitive(_infer_determinant, lambda g, out, x: (expand_dims(g, [-2, -1]) * OPERATIONS["cofactors"](x),))
def _determinant(x: Any) -> Any:
    return np.linalg.det(_wide(x))


def _infer_cofactors(x: Tensor) -> Spec:
    return Spec(x.shape, x.dtype)


def _cofactors_gradient(g: Tensor, out: Tensor, x: Tensor) -> tuple[Tensor]:
    # C = det * inverse transposed, where the inverse exists.
    turned = _turned(_inverse(x))
    size = expand_dims(_determinant(x), [-2, -1])
    inner = expand_dims(FUNCTIONS["sum"](g * turned, (-2, -1)), [-2, -1])
    return (size * (inner * turned - matmul(matmul(turned, _turned(g)), turned)),)


@primitive(_infer_cofactors, _cofactors_gradient)
def _cofactors(x: Any) -> Any:
    """Derivative of the determinant; exact for singular matrices too."""
    u, s, v = np.linalg.svd(_wide(x))
    # The product of all singular values but one, without dividing by any.
    count = s.shape[-1]
    others = np.stack([np.prod(np.delete(s, i, -1), -1) for i in range(count)], -1) if count else s
    sign = np.linalg.det(u) * np.linalg.det(v)
    return sign[..., None, None] * np.matmul(u * others[..., None, :], v)


@public
def det(x: Any) -> Tensor:
    """Determinant of square matrices.

    >>> from pipekeras import ops
    >>> ops.det([[1.0, 2.0], [3.0, 4.0]]).numpy().round(4).item()
    -2.0
    """
    return _determinant(_matrices(x, "det", True))
