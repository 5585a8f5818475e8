"""Initializers: moments, orthogonality, reproducibility, and configs that Keras reads."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from pipekeras import initializers, random
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import entries
from pipekeras.nn.initializers.variance_scaling import compute_fans

SHAPE = (3, 3, 40, 60)
FAN_IN, FAN_OUT = 360, 540
MOMENTS = {
    "GlorotUniform": math.sqrt(2 / (FAN_IN + FAN_OUT)),
    "GlorotNormal": math.sqrt(2 / (FAN_IN + FAN_OUT)),
    "HeUniform": math.sqrt(2 / FAN_IN),
    "HeNormal": math.sqrt(2 / FAN_IN),
    "LecunUniform": math.sqrt(1 / FAN_IN),
    "LecunNormal": math.sqrt(1 / FAN_IN),
    "RandomNormal": 0.05,
    "RandomUniform": 0.1 / math.sqrt(12),
    "TruncatedNormal": 0.05 * 0.87962566,
    "VarianceScaling": math.sqrt(1 / FAN_IN),
}
RANDOM = [*MOMENTS, "Orthogonal"]


@pytest.mark.parametrize("name", MOMENTS)
def test_moments(name):
    draw = getattr(initializers, name)(seed=7)(SHAPE).numpy().astype("float64")
    deviation = MOMENTS[name]
    assert draw.mean() == pytest.approx(0.0, abs=4 * deviation / math.sqrt(draw.size))
    assert draw.std() == pytest.approx(deviation, rel=0.02)
    if "Uniform" in name:
        assert np.abs(draw).max() <= deviation * math.sqrt(3) * 1.0001
        assert np.abs(draw).max() >= deviation * math.sqrt(3) * 0.99
    elif name != "RandomNormal":
        assert np.abs(draw).max() <= 2 * deviation / 0.87962566 * 1.0001
    # Kolmogorov's distance to what Keras draws from the same distribution.
    theirs = np.sort(np.asarray(getattr(keras.initializers, name)(seed=3)(SHAPE)).ravel())
    ours = np.sort(draw.ravel())
    distance = np.abs(np.searchsorted(theirs, ours) / ours.size - np.arange(ours.size) / ours.size).max()
    assert distance < 0.015


@pytest.mark.parametrize("name", RANDOM)
def test_the_same_seed_gives_the_same_bits(name):
    cls = getattr(initializers, name)
    first = cls(seed=11)((6, 5)).numpy()
    np.testing.assert_array_equal(first, cls(seed=11)((6, 5)).numpy())
    assert (first != cls(seed=12)((6, 5)).numpy()).any()
    assert (cls()((6, 5)).numpy() != cls()((6, 5)).numpy()).any()
    same = cls(seed=11)
    np.testing.assert_array_equal(same((6, 5)).numpy(), same.clone()((6, 5)).numpy())
    drawing = cls(seed=random.SeedGenerator(5))
    assert (drawing((6, 5)).numpy() != drawing((6, 5)).numpy()).any()


def test_the_process_seed_fixes_unseeded_draws():
    import pipekeras

    pipekeras.utils.set_random_seed(4)
    first = initializers.GlorotUniform()((3, 3)).numpy()
    pipekeras.utils.set_random_seed(4)
    np.testing.assert_array_equal(first, initializers.GlorotUniform()((3, 3)).numpy())


@pytest.mark.parametrize("shape", [(5, 5), (8, 3), (3, 8), (2, 3, 10)])
def test_orthogonality(shape):
    matrix = initializers.Orthogonal(gain=2.0, seed=1)(shape).numpy().reshape(-1, shape[-1]).astype("float64")
    product = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-5)


def test_values_without_chance():
    assert initializers.Zeros()((2, 2), "int32").dtype == "int32"
    np.testing.assert_array_equal(initializers.Ones()((2,)).numpy(), [1, 1])
    np.testing.assert_array_equal(initializers.Constant([1.0, 2.0])((3, 2)).numpy(), [[1, 2]] * 3)
    np.testing.assert_array_equal(initializers.Identity(3.0)((2, 3)).numpy(), [[3, 0, 0], [0, 3, 0]])
    with pytest.raises(ShapeError):
        initializers.Identity()((2, 2, 2))
    with pytest.raises(ShapeError):
        initializers.Orthogonal()((2,))
    with pytest.raises(ShapeError):
        initializers.Constant([1.0, 2.0])((3,))


@pytest.mark.parametrize("side", ["real", "imag"])
@pytest.mark.parametrize("window", ["hann", "hamming", None])
@pytest.mark.parametrize("scaling", ["density", "spectrum", None])
@pytest.mark.parametrize("periodic", [False, True])
def test_fourier_kernels_are_those_of_keras(side, window, scaling, periodic):
    pytest.importorskip("scipy", reason="Keras takes its windows from SciPy")
    options = {"side": side, "window": window, "scaling": scaling, "periodic": periodic}
    expected = keras.initializers.STFT(**options)((20, 1, 13), "float32")
    np.testing.assert_allclose(initializers.STFT(**options)((20, 1, 13)).numpy(), expected, atol=2e-5)


def test_fans():
    assert compute_fans(()) == (1, 1)
    assert compute_fans((7,)) == (7, 7)
    assert compute_fans((3, 5)) == (3, 5)
    assert compute_fans((3, 3, 8, 16)) == (72, 144)
    assert compute_fans((4, 2, 6), input_axes=[0], output_axes=[1, 2]) == (4, 12)


@pytest.mark.parametrize("entry", list(entries("initializer")), ids=lambda entry: entry.name)
def test_configs_are_read_on_both_sides(entry):
    if entry.name == "Initializer" or not entry.value.__module__.startswith("pipekeras"):
        return
    ours = entry.value()
    config = initializers.serialize(ours)
    assert initializers.deserialize(config).get_config() == ours.get_config()
    theirs = getattr(keras.initializers, entry.name).from_config(config["config"])
    assert initializers.deserialize(keras.initializers.serialize(theirs)).get_config() == ours.get_config()


def test_get_accepts_all_spellings():
    missing = [n for n in dir(keras.initializers) if not n.startswith("_") and not hasattr(initializers, n)]
    assert missing == []
    for spelling in ("glorot_uniform", "GlorotUniform", "normal", "uniform", "zero", "one", "orthogonal", "identity"):
        assert isinstance(initializers.get(spelling), initializers.Initializer)
    values = np.arange(4.0).reshape(2, 2)
    np.testing.assert_array_equal(initializers.get(values)((2, 2), "float32").numpy(), values)
    with pytest.raises(ShapeError):
        initializers.get(values)((3, 2))
    assert isinstance(initializers.get(initializers.Ones), initializers.Ones)
    assert initializers.get({"class_name": "Zeros", "config": {}})((1,)).numpy()[0] == 0
    with pytest.raises(ConfigurationError, match="unknown initializer 'glorot_unifrom'"):
        initializers.get("glorot_unifrom")
    with pytest.raises(ConfigurationError, match="seed must be"):
        initializers.RandomNormal(seed="x")
    with pytest.raises(ConfigurationError, match="mode must be"):
        initializers.VarianceScaling(mode="fan")
