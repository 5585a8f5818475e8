"""Arithmetic kernels: the scalar path, the array path and GNU R's rules agree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import NA_INTEGER, Vector, character, double, integer
from pipekeras.grammar.vectors.arithmetic import arithmetic, scalar_modulo, scalar_quotient
from pipekeras.grammar.vectors.coerce import double_text
from pipekeras.grammar.vectors.comparing import compare

NUMBERS = some.floats(allow_nan=True, allow_infinity=True, width=64)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(NUMBERS, NUMBERS, some.sampled_from(["+", "-", "*", "/", "%%", "%/%"]))
def test_scalar_and_array_paths_agree(left: float, right: float, name: str) -> None:
    single = arithmetic(name, double(left), double(right)).data[0]
    several = arithmetic(name, double([left, left]), double([right, right])).data
    assert np.array_equal(several, [single, single], equal_nan=True)


@given(some.integers(-(10**6), 10**6), some.integers(-1000, 1000).filter(bool))
def test_quotient_and_remainder_rebuild_the_dividend(left: int, right: int) -> None:
    assert scalar_quotient(left, right) * right + scalar_modulo(left, right) == left


def test_overflow_and_missing_integers() -> None:
    assert arithmetic("+", integer([1, None]), integer([2, 3])).data.tolist() == [3, NA_INTEGER]
    assert arithmetic("%%", integer([5, 5]), integer([0, 3])).data.tolist() == [NA_INTEGER, 2]


def test_text_is_no_number() -> None:
    with pytest.raises(RError, match="non-numeric argument to binary operator"):
        arithmetic("+", character("a"), double(1))


def test_comparison_widens_to_text() -> None:
    assert compare("==", double([1, 2]), character(["1", "x"])).data.tolist() == [1, 0]


@given(some.floats(min_value=-1e300, max_value=1e300))
def test_text_of_a_double_reads_back_to_15_digits(number: float) -> None:
    text = double_text(number)
    assert text is not None
    assert math.isclose(float(text), number, rel_tol=1e-14) or float(text) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [(100000.0, "1e+05"), (123456.0, "123456"), (0.1 + 0.2, "0.3"), (1e-4, "1e-04"), (0.00012, "0.00012"),
     (1e15, "1e+15"), (-1.5, "-1.5"), (1 / 3, "0.333333333333333"), (1e300, "1e+300"), (0.0, "0")],
)  # fmt: skip
def test_text_of_a_double(number: float, text: str) -> None:
    assert double_text(number) == text
    assert Vector("double", np.array([number])).items() == [number]
