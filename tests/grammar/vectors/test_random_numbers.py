"""Random numbers: the first draws after known seeds, as published by R, and sound moments of every variate."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from pipekeras.grammar.numeric import variates
from pipekeras.grammar.numeric.generator import GENERATOR
from pipekeras.grammar.numeric.normal import normal_probability, normal_quantile_scalar
from pipekeras.grammar.numeric.sampling import sample_plain, sample_weighted


def test_first_draws_after_seed_42() -> None:
    GENERATOR.seed(42)
    assert np.allclose(GENERATOR.uniforms(3), [0.9148060435, 0.9370754133, 0.2861395348], atol=1e-10)
    GENERATOR.seed(42)
    assert np.allclose(GENERATOR.normals(3), [1.37095844714667, -0.564698171396089, 0.363128411337339], atol=1e-14)
    GENERATOR.seed(42)
    assert sample_plain(10, 10, False).tolist() == [1, 5, 10, 8, 2, 4, 6, 9, 7, 3]


def test_single_and_bulk_draws_are_one_stream() -> None:
    GENERATOR.seed(7)
    bulk = GENERATOR.uniforms(1000)
    GENERATOR.seed(7)
    mixed = [GENERATOR.uniform() for _ in range(100)]
    mixed.extend(GENERATOR.uniforms(700))
    mixed.extend(GENERATOR.uniform() for _ in range(200))
    assert np.array_equal(bulk, mixed)


@pytest.mark.parametrize(
    ("draw", "mean", "variance"),
    [
        (lambda: variates.gamma(0.5, 2.0), 1.0, 2.0),
        (lambda: variates.gamma(5.0, 1.0), 5.0, 5.0),
        (lambda: variates.poisson(3.0), 3.0, 3.0),
        (lambda: variates.poisson(40.0), 40.0, 40.0),
        (lambda: variates.binomial(20, 0.3), 6.0, 4.2),
        (lambda: variates.binomial(500, 0.4), 200.0, 120.0),
        (lambda: variates.beta(2.0, 3.0), 0.4, 0.04),
        (lambda: variates.beta(0.5, 0.5), 0.5, 0.125),
        (GENERATOR.exponential, 1.0, 1.0),
    ],
)
def test_moments(draw: Callable[[], float], mean: float, variance: float) -> None:
    GENERATOR.seed(1)
    numbers = np.array([draw() for _ in range(4000)])
    assert abs(numbers.mean() - mean) < 5 * math.sqrt(variance / 4000)
    assert abs(numbers.var() - variance) < 0.15 * variance


def test_weighted_sampling_follows_the_weights() -> None:
    GENERATOR.seed(3)
    drawn = sample_weighted(np.array([0.7, 0.2, 0.1]), 5000, True)
    assert np.allclose(np.bincount(drawn, minlength=4)[1:] / 5000, [0.7, 0.2, 0.1], atol=0.03)
    many = np.arange(1, 401) / np.arange(1, 401).sum()
    assert sample_weighted(many, 5000, True).mean() == pytest.approx((many * np.arange(1, 401)).sum(), rel=0.02)


def test_normal_quantile_inverts_the_probability() -> None:
    for p in (1e-12, 1e-5, 0.02, 0.3, 0.5, 0.8, 0.999):
        assert normal_probability(normal_quantile_scalar(p)) == pytest.approx(p, rel=1e-12)
