"""Zeros of polynomials: their product is the polynomial again, in whatever order they come."""

from __future__ import annotations

import numpy as np
import pytest
from pipekeras.grammar.numeric.polynomial_roots import smallest_radius, zeros

POLYNOMIALS = (
    [1.0, -5.0, 6.0],
    [1.0, -10.0, 35.0, -50.0, 24.0],
    [2.0, 0.0, 0.0, 0.0, -1.0],
    [1.0, 0.0, 0.0],
    [4j, 3.0, 1 - 1j, 2 + 1j],
    [1e-200, 1e-180, 1e-170],
    [1e200, 1.0, 1e-200],
)


@pytest.mark.parametrize("coefficients", POLYNOMIALS)
def test_zeros_make_the_polynomial_again(coefficients: list[complex]) -> None:
    found = zeros([complex(c) for c in coefficients])
    assert len(found) == len(coefficients) - 1
    again = np.poly(found) * coefficients[0]
    scale = max(abs(c) for c in coefficients)
    assert np.allclose(again / scale, np.array(coefficients) / scale, atol=1e-12)


def test_zeros_of_many_powers_vanish() -> None:
    coefficients = [complex(k) for k in range(1, 21)]
    for zero in zeros(coefficients):
        assert abs(np.polyval(coefficients, zero)) < 1e-9


def test_zero_at_the_origin_comes_first() -> None:
    assert zeros([1 + 0j, 1 + 0j, 0j, 0j])[:2] == [0j, 0j]


def test_radius_bounds_all_zeros_from_below() -> None:
    coefficients = [1.0, -10.0, 35.0, -50.0, 24.0]
    radius = smallest_radius([abs(c) for c in coefficients])
    assert 0 < radius <= 1.0
