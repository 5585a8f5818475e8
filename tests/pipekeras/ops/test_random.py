"""Random tensors: the moments of each distribution, tensors as parameters, seeds, and the same bits at once and compiled."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import random
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

COUNT = 20_000
_WIDE = np.array([0.5, 3.0], "float32")

DRAWS: dict[str, tuple[Callable[..., Any], Any, Any]] = {
    "uniform": (lambda s: random.uniform((COUNT,), -1.0, 3.0, seed=s), 1.0, 16 / 12),
    "normal": (lambda s: random.normal((COUNT,), 2.0, 3.0, seed=s), 2.0, 9.0),
    "normal of tensors": (lambda s: random.normal((COUNT, 2), _WIDE, _WIDE, seed=s), _WIDE, _WIDE**2),
    "truncated normal": (lambda s: random.truncated_normal((COUNT,), seed=s), 0.0, 0.7737),
    "gamma": (lambda s: random.gamma((COUNT,), 2.5, seed=s), 2.5, 2.5),
    "gamma below 1": (lambda s: random.gamma((COUNT,), 0.3, seed=s), 0.3, 0.3),
    "gamma of a tensor": (lambda s: random.gamma((COUNT, 2), _WIDE, seed=s), _WIDE, _WIDE),
    "beta": (lambda s: random.beta((COUNT,), 2.0, 3.0, seed=s), 0.4, 0.04),
    "beta of tensors": (lambda s: random.beta((COUNT, 2), _WIDE, _WIDE, seed=s), 0.5, 0.25 / (2 * _WIDE + 1)),
    "binomial": (lambda s: random.binomial((COUNT,), 10, 0.3, seed=s), 3.0, 2.1),
    "binomial of tensors": (
        lambda s: random.binomial((COUNT, 2), np.array([4, 9]), np.array([0.5, 0.1], "float32"), seed=s),
        np.array([2.0, 0.9]),
        np.array([1.0, 0.81]),
    ),
    "bernoulli": (lambda s: random.bernoulli((COUNT,), 0.2, seed=s), 0.2, 0.16),
    "randint": (lambda s: random.randint((COUNT,), -2, 3, seed=s), 0.0, 2.0),
}


@pytest.mark.parametrize("name", DRAWS)
def test_moments(name: str) -> None:
    draw, mean, variance = DRAWS[name]
    found = np.asarray(draw(11)).astype("float64")
    # Five standard errors; the variance's own is bounded generously.
    np.testing.assert_allclose(found.mean(0), mean, atol=5 * math.sqrt(float(np.max(variance)) / COUNT))
    np.testing.assert_allclose(found.var(0), variance, rtol=0.08)
    assert (np.asarray(draw(11)) == np.asarray(draw(11))).all() and (np.asarray(draw(11)) != np.asarray(draw(12))).any()


@pytest.mark.parametrize("name", ["gamma of a tensor", "binomial of tensors"])
def test_the_same_numbers_compiled(name: str) -> None:
    draw = DRAWS[name][0]
    seed = np.array([7, 0], "uint32")
    graph, _ = trace(draw, [Tensor.symbolic((2,), "uint32")])
    executable = Executable(graph)
    executable.inputs[0][...] = seed
    executable.run()
    np.testing.assert_allclose(executable.outputs[0], np.asarray(draw(Tensor(seed))), rtol=2e-4, atol=1e-6)


def test_categories_come_as_often_as_their_probability_says() -> None:
    probabilities = np.array([[0.1, 0.6, 0.3], [0.8, 0.1, 0.1]])
    drawn = np.asarray(random.categorical(np.log(probabilities).astype("float32"), COUNT, seed=3))
    shares = np.stack([(drawn == number).mean(1) for number in range(3)], 1)
    np.testing.assert_allclose(shares, probabilities, atol=0.02)


def test_a_shuffle_keeps_the_rows() -> None:
    x = np.arange(20).reshape(10, 2)
    shuffled = np.asarray(random.shuffle(x, seed=1))
    assert (np.sort(shuffled, 0) == x).all() and (shuffled != x).any() and (shuffled[:, 1] - shuffled[:, 0] == 1).all()
    assert np.asarray(random.shuffle(x, axis=1, seed=1)).shape == x.shape


def test_dropout_keeps_the_mean_and_drops_whole_axes() -> None:
    x = np.ones((COUNT // 10, 10), "float32")
    kept = np.asarray(random.dropout(x, 0.3, seed=2))
    assert abs((kept == 0).mean() - 0.3) < 0.02 and abs(kept.mean() - 1.0) < 0.02
    rows = np.asarray(random.dropout(x, 0.3, noise_shape=(None, 1), seed=2))
    assert ((rows == 0).all(1) | (rows > 0).all(1)).all()


def test_wrong_parameters_are_told() -> None:
    with pytest.raises(ArgumentError, match="above 0"):
        random.gamma((2,), 0.0)
    with pytest.raises(ArgumentError, match="maxval"):
        random.randint((2,), 3, 3)


def test_each_run_of_a_recorded_step_draws_anew_without_a_seed() -> None:
    from pipekeras import layers, models

    noise = models.Sequential([layers.Input((3,)), layers.Lambda(lambda x: x + random.normal((3,)))])
    x = np.zeros((4, 3), np.float32)
    first, second = noise.predict(x, batch_size=2, verbose=0), noise.predict(x, batch_size=2, verbose=0)
    assert len({tuple(row) for row in (first[0], first[2], second[0], second[2])}) == 4
