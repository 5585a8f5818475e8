"""Products, factors and solutions of matrices in the order of the reference routines, so that the last digit agrees.

A sum that is taken in another order, or with fused multiplications, differs in its last digit, and what should be zero shows
it: `solve(A) %*% A` prints another 1e-17 beside every one. Beyond `EXACT_STEPS` operations a fast library is asked instead.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

EXACT_STEPS = 1 << 22
"""Up to this many multiplications the order of the reference routines is kept."""
EXACT_DEPTH = 1024
"""And up to this many terms in one sum: each is one step over the whole result."""


SMALL = 4096
"""Up to this many multiplications all terms are made at once."""


def small_product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Product of two small finite matrices; running sums are taken term after term, as a plain sum would not be."""
    made = _product_by_lines(left, right) if _adds_by_lines() else None
    return _product_of_terms(left, right) if made is None else made


def _product_of_terms(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    terms = left[:, :, None] * right[None, :, :]
    # From plus zero, as the sums of the reference begin.
    return np.asarray(np.add.accumulate(terms, axis=1)[:, -1, :] + 0.0)


def _product_by_lines(left: np.ndarray, right: np.ndarray) -> np.ndarray | None:
    """The product with whole columns, or rows, added up one after the other; None where there is only one sum.

    The layout decides which loop einsum() takes as the inner one: never that over the terms of a sum.
    """
    if len(left) > 1:
        return np.asarray(np.einsum("ik,kj->ij", np.asfortranarray(left), right))
    if right.shape[1] > 1:
        return np.asarray(np.einsum("ik,kj->ij", left, np.ascontiguousarray(right)))
    return None


@cache
def _adds_by_lines() -> bool:
    """Whether sums by lines have the digits of sums term after term here: not where multiplication and sum are fused."""
    for rows, depth, columns in ((1, 9, 6), (2, 17, 1), (3, 5, 7), (10, 10, 10), (16, 33, 5)):
        left = np.sin(np.arange(1.0, rows * depth + 1)).reshape(depth, rows).T
        right = np.cos(np.arange(1.0, depth * columns + 1)).reshape(columns, depth).T
        by_lines = _product_by_lines(left, right)
        if by_lines is None or by_lines.tobytes() != _product_of_terms(left, right).tobytes():
            return False
    return True


def product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Matrix product, every sum taken term after term from zero."""
    rows, depth = left.shape
    columns = right.shape[1]
    if depth > EXACT_DEPTH or rows * depth * columns > EXACT_STEPS or np.iscomplexobj(left) or np.iscomplexobj(right):
        return np.asarray(left @ right)
    if not np.isfinite(left).all() or not np.isfinite(right).all():
        # What is not finite is summed with more digits, as the reference does where it does not trust its routines.
        longer = np.zeros((rows, columns), np.longdouble)
        with np.errstate(all="ignore"):
            for k in range(depth):
                longer += np.multiply.outer(left[:, k].astype(np.longdouble), right[k].astype(np.longdouble))
            return longer.astype(np.float64)
    if 0 < rows * depth * columns <= SMALL:
        return small_product(left, right)
    by_lines = _product_by_lines(left, right) if _adds_by_lines() else None
    if by_lines is not None:
        return by_lines
    made = np.zeros((rows, columns))
    for k in range(depth):
        made += np.multiply.outer(left[:, k], right[k])
    return made


def lu_decompose(table: np.ndarray) -> tuple[np.ndarray, list[int], int]:
    """LU decomposition with partial pivoting: combined factors, row order, and the one-based first zero pivot or 0."""
    work = np.array(table, dtype=np.complex128 if np.iscomplexobj(table) else np.float64)
    size = work.shape[0]
    order = list(range(size))
    for k in range(size):
        # The largest as a loop of comparisons finds it: what is not a number wins only where it comes first.
        sizes = np.abs(work[k:, k])
        pivot = k + (0 if np.isnan(sizes[0]) else int(np.nanargmax(sizes)))
        if work[pivot, k] == 0:
            return work, order, k + 1
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            order[k], order[pivot] = order[pivot], order[k]
        # By the reciprocal, as the reference routine does: the last digit of a determinant shows it.
        work[k + 1 :, k] *= 1.0 / work[k, k]
        work[k + 1 :, k + 1 :] = work[k + 1 :, k + 1 :] - np.outer(work[k + 1 :, k], work[k, k + 1 :])
    return work, order, 0


def solved(table: np.ndarray, factors: np.ndarray, order: list[int], right: np.ndarray) -> np.ndarray:
    """Solution of a system from its LU factors: `right` has one column for each right-hand side."""
    size, columns = right.shape
    if size * size * columns > EXACT_STEPS or np.iscomplexobj(factors) or np.iscomplexobj(right):
        return np.asarray(np.linalg.solve(table, right))
    return _upwards(factors, _downwards(factors, right[order], unit=True))


def triangular_solution(table: np.ndarray, right: np.ndarray, upper: bool) -> np.ndarray:
    """Solution of a triangular system; what lies on the other side of the diagonal is not looked at."""
    return _upwards(table, right) if upper else _downwards(table, right, unit=False)


def _downwards(lower: np.ndarray, right: np.ndarray, unit: bool) -> np.ndarray:
    made = np.array(right, np.float64)
    for k in range(len(made)):
        if not unit:
            made[k] /= lower[k, k]
        made[k + 1 :] -= np.multiply.outer(lower[k + 1 :, k], made[k])
    return made


def _upwards(upper: np.ndarray, right: np.ndarray) -> np.ndarray:
    made = np.array(right, np.float64)
    for k in range(len(made) - 1, -1, -1):
        made[k] /= upper[k, k]
        made[:k] -= np.multiply.outer(upper[:k, k], made[k])
    return made


def determinant(table: np.ndarray) -> tuple[float, float]:
    """Sign and logarithm of the size of a determinant, from the LU factors; minus infinity for a singular matrix."""
    factors, order, zero = lu_decompose(table)
    if zero:
        return 1.0, -math.inf
    sign = 1.0
    seen = [False] * len(order)
    for start in range(len(order)):
        length = 0
        at = start
        while not seen[at]:
            seen[at] = True
            at = order[at]
            length += 1
        if length and length % 2 == 0:
            sign = -sign
    logarithm = 0.0
    for pivot in np.diagonal(factors).tolist():
        # What is missing stays NA or NaN as it was.
        logarithm += math.log(abs(pivot)) if pivot == pivot else pivot
        if pivot < 0:
            sign = -sign
    return sign, logarithm


def cholesky(table: np.ndarray) -> tuple[np.ndarray, int]:
    """The upper factor of a positive definite matrix, from its upper half, and the order of the minor that is not, or 0."""
    work = np.triu(table)
    return work, _cholesky_within(work, 0, len(work))


def _cholesky_within(work: np.ndarray, start: int, stop: int) -> int:
    """Factors a diagonal block in place, half after half: the sums of the second half are taken before the subtraction."""
    if stop - start == 0:
        return 0
    if stop - start == 1:
        if not work[start, start] > 0:
            return start + 1
        work[start, start] = math.sqrt(work[start, start])
        return 0
    middle = start + (stop - start) // 2
    failed = _cholesky_within(work, start, middle)
    if failed:
        return failed
    first = work[start:middle, start:middle]
    work[start:middle, middle:stop] = beside = _downwards(first.T, work[start:middle, middle:stop], unit=False)
    work[middle:stop, middle:stop] -= np.triu(product(beside.T, beside))
    return _cholesky_within(work, middle, stop)


def inverse_of_factored(upper: np.ndarray) -> np.ndarray:
    """Inverse of the matrix of which an upper Cholesky factor is given: the factor's inverse times its own transpose."""
    work = np.triu(upper)
    size = len(work)
    for j in range(size):
        work[j, j] = 1.0 / work[j, j]
        column = work[:j, j].copy()
        for k in range(j):
            column[:k] += column[k] * work[:k, k]
            column[k] *= work[k, k]
        work[:j, j] = column * -work[j, j]
    for i in range(size):
        last = work[i, i]
        row = work[i, i:].copy()
        work[i, i] = 0.0
        for term in (row * row).tolist():
            work[i, i] += term
        above = last * work[:i, i]
        for at in range(i + 1, size):
            above += row[at - i] * work[:i, at]
        work[:i, i] = above
    return np.asarray(np.triu(work) + np.triu(work, 1).T)
