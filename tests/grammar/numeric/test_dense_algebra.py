"""Matrices multiplied, solved and factored in the order of the reference routines."""

from __future__ import annotations

import numpy as np
import pytest
from pipekeras.grammar.numeric import dense_algebra
from pipekeras.grammar.numeric.dense_algebra import cholesky, determinant, inverse_of_factored, lu_decompose, product, solved


def in_order(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The product by three loops, every sum from zero and term after term."""
    made = np.zeros((left.shape[0], right.shape[1]))
    for row in range(left.shape[0]):
        for column in range(right.shape[1]):
            total = 0.0
            for a, b in zip(left[row].tolist(), right[:, column].tolist(), strict=True):
                total += a * b
            made[row, column] = total
    return made


@pytest.mark.parametrize("rows, depth, columns", [
    (1, 1, 1), (1, 40, 1), (1, 300, 1), (2, 2, 2), (1, 17, 3), (5, 33, 1), (7, 9, 11), (2, 700, 2), (20, 30, 25),
])
@pytest.mark.parametrize("turned", [False, True])
def test_sums_are_taken_term_after_term(rows: int, depth: int, columns: int, turned: bool) -> None:
    chance = np.random.default_rng(rows * 1000 + depth)
    left = chance.normal(size=(depth, rows)).T if turned else chance.normal(size=(rows, depth))
    right = chance.normal(size=(columns, depth)).T if turned else chance.normal(size=(depth, columns))
    assert np.array_equal(product(left, right), in_order(left, right))


def test_a_sum_begins_with_plus_zero() -> None:
    made = product(np.array([[0.0]]), np.array([[-1.0]]))
    assert made[0, 0] == 0 and not np.signbit(made[0, 0])


def test_beyond_the_bound_the_fast_library_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.random.default_rng(1).normal(size=(6, 6))
    monkeypatch.setattr(dense_algebra, "EXACT_STEPS", 10)
    assert np.allclose(product(table, table), table @ table)
    factors, order, zero = lu_decompose(table)
    assert not zero and np.allclose(table @ solved(table, factors, order, np.eye(6)), np.eye(6))


def test_factors_belong_to_their_matrix() -> None:
    table = np.random.default_rng(2).normal(size=(9, 5))
    square = product(table.T, table)
    upper, minor = cholesky(square)
    assert minor == 0 and np.allclose(upper.T @ upper, square)
    assert np.allclose(inverse_of_factored(upper) @ square, np.eye(5))
    sign, logarithm = determinant(square)
    assert sign == 1.0 and np.isclose(np.exp(logarithm), np.linalg.det(square))
    square[3, 3] = -1.0
    assert cholesky(square)[1] == 4
