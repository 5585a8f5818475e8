"""Eigenvectors of symmetric matrices: both ways give the same values and, where rounding does not decide, the same signs."""

from __future__ import annotations

import numpy as np
import pytest
from pipekeras.grammar.numeric import symmetric_eigen
from pipekeras.grammar.numeric.symmetric_eigen import by_reflections

TABLES = [
    [[-4.0]],
    [[2.0, 0.0], [0.0, 3.0]],
    [[2.0, 1.0], [1.0, 3.0]],
    [[1.0, -2.0], [-2.0, -5.0]],
    [[0.0, 1.0], [1.0, 0.0]],
    [[2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 9.0]],
]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_vectors_make_up_the_matrix(table: list[list[float]]) -> None:
    given = np.array(table)
    for values, vectors in (symmetric_eigen.symmetric_eigen(given), by_reflections(given)):
        np.testing.assert_allclose(vectors @ np.diag(values) @ vectors.T, given, atol=1e-12)
        np.testing.assert_allclose(vectors.T @ vectors, np.eye(len(given)), atol=1e-12)


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_both_ways_give_the_same_signs(table: list[list[float]], monkeypatch: pytest.MonkeyPatch) -> None:
    given = np.array(table)
    expected = symmetric_eigen.symmetric_eigen(given)
    monkeypatch.setattr(symmetric_eigen, "_driver", lambda: None)
    found = symmetric_eigen.symmetric_eigen(given)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-12)
    np.testing.assert_allclose(found[1], expected[1], atol=1e-12)
