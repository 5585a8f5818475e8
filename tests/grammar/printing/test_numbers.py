"""The number layout engine: digits, common widths, fixed against scientific notation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipekeras.grammar.printing.numbers import format_complexes, format_reals, number_text, real_layout
from pipekeras.grammar.values import NA_REAL

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e250, max_value=1e250).filter(
    lambda x: x == 0 or abs(x) > 1e-250
)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 10, 100], ["  1", " 10", "100"]),
        ([0.001, 1000], ["1e-03", "1e+03"]),
        ([1.5, NA_REAL, 3], ["1.5", " NA", "3.0"]),
        ([99999.5], ["99999.5"]),
        ([100000], ["1e+05"]),
        ([123456], ["123456"]),
        ([0.1 + 0.2], ["0.3"]),
        ([1e-300, 1], ["1e-300", " 1e+00"]),
        ([-0.0], ["0"]),
        ([math.inf, -math.inf, math.nan], [" Inf", "-Inf", " NaN"]),
    ],
)
def test_vectors_share_the_fewest_digits_that_show_seven(values: list[float], expected: list[str]) -> None:
    assert format_reals(np.array(values, dtype=float)) == [text.rjust(max(map(len, expected))) for text in expected]


@given(st.lists(FINITE, min_size=1, max_size=8), st.integers(1, 15))
@settings(max_examples=300, deadline=None)
def test_texts_have_one_width_and_keep_the_digits(values: list[float], digits: int) -> None:
    texts = format_reals(np.array(values), digits)
    assert len(set(map(len, texts))) == 1
    for value, text in zip(values, texts, strict=True):
        shown = float(text)
        assert shown == pytest.approx(value, rel=0.6 * 10.0 ** (1 - digits), abs=0)


@given(FINITE)
@settings(max_examples=300, deadline=None)
def test_fifteen_digits_read_back_almost_exactly(value: float) -> None:
    assert float(number_text(value)) == pytest.approx(value, rel=1e-14)


def test_scientific_penalty_moves_the_choice() -> None:
    assert format_reals(np.array([1e8]), scipen=10) == ["100000000"]
    assert format_reals(np.array([1e8])) == ["1e+08"]
    assert real_layout(np.array([10.0]), scipen=-10).exponent == 1


def test_complex_parts_are_rounded_together() -> None:
    assert format_complexes(np.array([1.123456789 + 100000j])) == ["1.1+100000i"]
    assert format_complexes(np.array([1 + 2j, 3.25 - 1j])) == ["1.00+2i", "3.25-1i"]
