"""Factorisations of matrices that have several results: eigenvalues, singular values, orthogonal factors.

What has several results is one primitive that lays them in one row, so that a program computes it once and its gradient
sees all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor
from pipekeras.ops.comparison import where
from pipekeras.ops.define import FUNCTIONS, primitive, public
from pipekeras.ops.joining import concatenate
from pipekeras.ops.linear import matmul
from pipekeras.ops.matrices import (
    _inverse,
    _lower_half,
    _matrices,
    _on_diagonal,
    _triangular,
    _turned,
    _wide,
)
from pipekeras.ops.shaping import expand_dims, reshape


def _packed(parts: Sequence[np.ndarray], batch: tuple[int, ...]) -> np.ndarray:
    return np.concatenate([np.reshape(part, (*batch, -1)) for part in parts], -1)


def _length(shapes: Sequence[Sequence[int | None]]) -> int | None:
    total = 0
    for shape in shapes:
        if None in shape:
            return None
        total += math.prod(n for n in shape if n is not None)
    return total


def _unpacked(x: Tensor, shapes: Sequence[Sequence[int | None]]) -> list[Tensor]:
    batch = x.shape[:-1]
    lead = tuple(-1 if n is None else n for n in batch)
    parts, start = [], 0
    for shape in shapes:
        if None in shape:
            parts.append(Tensor.symbolic((*batch, *shape), x.dtype, x.operation, x.inputs, x.attributes))
            continue
        stop = start + math.prod(n for n in shape if n is not None)
        parts.append(reshape(x[..., start:stop], (*lead, *[n or 0 for n in shape])))
        start = stop
    return parts


def _infer_sign_logarithm(x: Tensor) -> Spec:
    return Spec((*x.shape[:-2], 2), x.dtype)


@primitive(_infer_sign_logarithm, lambda g, out, x: (expand_dims(g[..., 1], [-2, -1]) * _turned(_inverse(x)),))
def _sign_logarithm(x: Any) -> Any:
    return np.stack(np.linalg.slogdet(_wide(x)), -1)


@public
def slogdet(x: Any) -> tuple[Tensor, Tensor]:
    """Sign and logarithm of the size of the determinant; 0 and minus infinity for a singular matrix.

    Example:

    >>> from pipekeras import ops
    >>> ops.slogdet([[2.0, 0.0], [0.0, 0.5]])
    (Tensor(1., shape=(), dtype=float32), Tensor(0., shape=(), dtype=float32))
    """
    both = _sign_logarithm(_matrices(x, "slogdet", True))
    return both[..., 0], both[..., 1]


@public
def logdet(x: Any) -> Tensor:
    """Logarithm of the size of the determinant; minus infinity for a singular matrix.

    Example:

    >>> from pipekeras import ops
    >>> ops.logdet([[2.0, 0.0], [0.0, 0.5]])
    Tensor(0., shape=(), dtype=float32)
    """
    return slogdet(x)[1]


def _eigen_shapes(x: Tensor) -> list[tuple[int | None, ...]]:
    return [(x.shape[-1],), (x.shape[-1], x.shape[-1])]


def _infer_eigh(x: Tensor) -> Spec:
    return Spec((*x.shape[:-2], _length(_eigen_shapes(x))), x.dtype)


def _eigh_gradient(g: Tensor, out: Tensor, x: Tensor) -> tuple[Tensor]:
    values, vectors = _unpacked(out, _eigen_shapes(x))
    gw, gv = _unpacked(g, _eigen_shapes(x))
    gaps = expand_dims(values, -2) - expand_dims(values, -1)
    inner = matmul(_turned(vectors), gv) * _reciprocal_or_zero(gaps)
    result = matmul(matmul(vectors, _on_diagonal(gw) + inner), _turned(vectors))
    return ((result + _turned(result)) * 0.5,)


def _reciprocal_or_zero(x: Tensor) -> Tensor:
    none = FUNCTIONS["equal"](x, 0)
    return where(none, 0.0, 1.0 / where(none, 1.0, x))


@primitive(_infer_eigh, _eigh_gradient)
def _eigh(x: Any) -> Any:
    even = _wide((x + np.swapaxes(x, -1, -2)) * x.dtype.type(0.5))
    return _packed(np.linalg.eigh(even), x.shape[:-2])


@public
def eigh(x: Any) -> tuple[Tensor, Tensor]:
    """Eigenvalues, rising, and eigenvectors of symmetric matrices.

    Args:
        x: tensor of shape (..., n, n); the mean of the matrix and its transpose is taken.

    Returns:
        Values (..., n) and vectors (..., n, n), one in each column. The derivative of the vectors needs values that
        differ.

    >>> from pipekeras import ops
    >>> ops.eigh([[2.0, 0.0], [0.0, 1.0]])[0]
    Tensor([1., 2.], shape=(2,), dtype=float32)
    """
    x = _matrices(x, "eigh", True)
    values, vectors = _unpacked(_eigh(x), _eigen_shapes(x))
    return values, vectors


def _thin(x: Tensor) -> int | None:
    rows, columns = x.shape[-2:]
    return None if rows is None or columns is None else min(rows, columns)


def _svd_shapes(x: Tensor, full: bool) -> list[tuple[int | None, ...]]:
    rows, columns = x.shape[-2:]
    count = _thin(x)
    return [(rows, rows if full else count), (count,), (columns if full else count, columns)]


def _infer_svd(x: Tensor, full: bool) -> Spec:
    return Spec((*x.shape[:-2], _length(_svd_shapes(x, full))), x.dtype)


def _svd_gradient(g: Tensor, out: Tensor, x: Tensor, full: bool) -> tuple[Tensor]:
    """After Townsend 2016, "Differentiating the singular value decomposition"."""
    u, s, v = _unpacked(out, _svd_shapes(x, full))
    gu, gs, gv = _unpacked(g, _svd_shapes(x, full))
    count = _thin(x) or 0
    # The further columns of the full factors only span what is left: no value depends on which they are.
    u, gu, v, gv = u[..., :count], gu[..., :count], _turned(v)[..., :count], _turned(gv)[..., :count]
    squares = s * s
    gaps = _reciprocal_or_zero(expand_dims(squares, -2) - expand_dims(squares, -1))
    left, right = matmul(_turned(u), gu), matmul(_turned(v), gv)
    middle = ((left - _turned(left)) * gaps) * expand_dims(s, -2) + expand_dims(s, -1) * ((right - _turned(right)) * gaps)
    result = matmul(matmul(u, middle + _on_diagonal(gs)), _turned(v))
    over = _reciprocal_or_zero(s)
    if (x.shape[-2] or 0) > count:
        rest = gu - matmul(u, left)
        result = result + matmul(rest * expand_dims(over, -2), _turned(v))
    if (x.shape[-1] or 0) > count:
        rest = gv - matmul(v, right)
        result = result + matmul(u * expand_dims(over, -2), _turned(rest))
    return (result,)


@primitive(_infer_svd, _svd_gradient)
def _svd(x: Any, full: bool) -> Any:
    return _packed(np.linalg.svd(_wide(x), full_matrices=full), x.shape[:-2])


@public
def svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """Singular value decomposition.

    Formula: x = U diag(s) V.

    Args:
        x: tensor of shape (..., m, n); k = min(m, n).
        full_matrices: bool, default True: U is (..., m, m) and V (..., n, n); False: (..., m, k) and (..., k, n).
        compute_uv: bool, default True; False returns s alone.

    Returns:
        U, s (..., k) falling, and V. Derivatives of U and V need singular values that differ.

    >>> from pipekeras import ops
    >>> ops.svd([[3.0, 0.0], [0.0, 4.0]], compute_uv=False)
    Tensor([4., 3.], shape=(2,), dtype=float32)
    """
    x = _matrices(x, "svd")
    full = bool(full_matrices) and compute_uv
    u, s, v = _unpacked(_svd(x, full=full), _svd_shapes(x, full))
    return (u, s, v) if compute_uv else s


def _qr_shapes(x: Tensor, mode: str) -> list[tuple[int | None, ...]]:
    rows, columns = x.shape[-2:]
    count = rows if mode == "complete" else _thin(x)
    return [(rows, count), (count, columns)]


def _infer_qr(x: Tensor, mode: str) -> Spec:
    return Spec((*x.shape[:-2], _length(_qr_shapes(x, mode))), x.dtype)


def _tall_qr_gradient(q: Tensor, r: Tensor, gq: Tensor, gr: Tensor) -> Tensor:
    inner = matmul(r, _turned(gr)) - matmul(_turned(gq), q)
    even = _lower_half(inner) + _turned(_lower_half(inner, -1))
    return _turned(_triangular(r, _turned(gq + matmul(q, even)), False, False))


def _qr_gradient(g: Tensor, out: Tensor, x: Tensor, mode: str) -> tuple[Tensor]:
    rows, columns = x.shape[-2:]
    assert rows is not None and columns is not None
    if mode == "complete" and rows > columns:
        raise ArgumentError("the complete QR decomposition of a tall matrix has no derivative", mend="use mode='reduced'")
    q, r = _unpacked(out, _qr_shapes(x, mode))
    gq, gr = _unpacked(g, _qr_shapes(x, mode))
    if rows >= columns:
        return (_tall_qr_gradient(q, r, gq, gr),)
    # The first columns give Q; the others only lie in it.
    rest, g_rest = x[..., rows:], gr[..., rows:]
    first = _tall_qr_gradient(q, r[..., :rows], gq + matmul(rest, _turned(g_rest)), gr[..., :rows])
    return (concatenate([first, matmul(q, g_rest)], -1),)


@primitive(_infer_qr, _qr_gradient)
def _qr(x: Any, mode: str) -> Any:
    return _packed(np.linalg.qr(_wide(x), mode="complete" if mode == "complete" else "reduced"), x.shape[:-2])


@public
def qr(x: Any, mode: str = "reduced") -> tuple[Tensor, Tensor]:
    """Orthogonal times upper triangular: x = Q R.

    Args:
        x: tensor of shape (..., m, n); k = min(m, n).
        mode: "reduced" (default): Q is (..., m, k) and R (..., k, n); "complete": (..., m, m) and (..., m, n).

    Example:

    >>> from pipekeras import ops
    >>> [part.shape for part in ops.qr([[1.0, 0.0], [0.0, 2.0]])]
    [(2, 2), (2, 2)]
    """
    if mode not in ("reduced", "complete"):
        raise ArgumentError(f"qr: mode must be 'reduced' or 'complete', not {mode!r}")
    x = _matrices(x, "qr")
    q, r = _unpacked(_qr(x, mode=mode), _qr_shapes(x, mode))
    return q, r
