"""Convolutions and pooling as compiled programs: random options against the NumPy references, and a model that trains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import layers, models, ops, utils
from pipekeras.graph.gradient import GradientTape, gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.models.data import Batch
from pipekeras.models.step import Step
from pipekeras.runtime.executable import Executable


def same_values_and_gradients(function: Callable[..., Any], arrays: list[np.ndarray]) -> Executable:
    """Compare a function of tensors and its gradients, compiled and by the references; return the program."""
    dtype = arrays[0].dtype

    def weighted(output: Any) -> Any:
        weights = np.cos(np.arange(float(np.prod(output.shape)))).reshape(output.shape)
        return ops.sum(output * ops.cast(weights, str(dtype)))

    def step(*tensors: Tensor) -> list[Any]:
        output = function(*tensors)
        return [output, *gradient(weighted(output), list(tensors))]

    graph, _ = trace(step, [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays])
    program = Executable(graph)
    for target, array in zip(program.inputs, arrays, strict=True):
        target[...] = array
    program.run()
    given = [Tensor(array) for array in arrays]
    with GradientTape() as tape:
        for item in given:
            tape.watch(item)
        output = function(*given)
        slopes = tape.gradient(weighted(output), given)
    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    for found, expected in zip(program.outputs, [output, *slopes], strict=True):
        values = expected.numpy()
        np.testing.assert_allclose(found, values, rtol=tolerance, atol=tolerance * max(1.0, np.abs(values).max()))
    return program


def options(random: np.random.Generator, rank: int) -> dict[str, Any]:
    """Strides or dilation, not both (as the layers allow), padding and data format."""
    found: dict[str, Any] = {
        "padding": str(random.choice(["valid", "same"])),
        "data_format": str(random.choice(["channels_last", "channels_first"])),
    }
    which = random.integers(3)
    if which:
        found["strides" if which == 1 else "dilation_rate"] = tuple(int(item) for item in random.integers(1, 4, rank))
    return found


def image(random: np.random.Generator, rank: int, channels: int, data_format: str, dtype: str) -> np.ndarray:
    size = random.integers(7, 10 if rank == 3 else 13, rank)
    first = data_format == "channels_first"
    shape = (3, channels, *size) if first else (3, *size, channels)
    return random.normal(size=shape).astype(dtype)


@pytest.mark.parametrize("seed", range(16))
def test_convolutions(seed: int) -> None:
    random = np.random.default_rng(seed)
    rank, dtype = 1 + seed % 3, ("float32", "float64")[seed // 3 % 2]
    settings = options(random, rank)
    groups = int(random.choice([1, 1, 2, 6, 8]))
    inner, filters = int(random.integers(1, 5)), int(random.integers(1, 6)) * groups
    x = image(random, rank, inner * groups, settings["data_format"], dtype)
    kernel = random.normal(size=(*random.integers(1, 4, rank), inner, filters)).astype(dtype)
    program = same_values_and_gradients(lambda x, kernel: ops.conv(x, kernel, **settings), [x, kernel])
    assert program.host_operations == []


@pytest.mark.parametrize("multiplier", [1, 2])
@pytest.mark.parametrize("rank", [1, 2])
def test_depthwise_convolutions(rank: int, multiplier: int) -> None:
    random = np.random.default_rng(rank)
    settings = options(random, rank)
    x = image(random, rank, 5, settings["data_format"], "float32")
    kernel = random.normal(size=(*random.integers(1, 4, rank), 5, multiplier)).astype("float32")
    program = same_values_and_gradients(lambda x, kernel: ops.depthwise_conv(x, kernel, **settings), [x, kernel])
    assert program.host_operations == []


@pytest.mark.parametrize("output_padding", [None, 1])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 4])
def test_transposed_convolutions(strides: int, padding: str, output_padding: int | None) -> None:
    if output_padding is not None and output_padding >= strides:
        pytest.skip("the padding of the output is less than the strides")
    random = np.random.default_rng(strides)
    x = random.normal(size=(2, 5, 6, 3)).astype("float32")
    kernel = random.normal(size=(3, 2, 4, 3)).astype("float32")
    program = same_values_and_gradients(
        lambda x, kernel: ops.conv_transpose(x, kernel, strides, padding, output_padding), [x, kernel]
    )
    assert program.host_operations == []


@pytest.mark.parametrize("kind", ["max_pool", "average_pool"])
@pytest.mark.parametrize("seed", range(9))
def test_pooling(seed: int, kind: str) -> None:
    random = np.random.default_rng(seed)
    rank, dtype = 1 + seed % 3, ("float32", "float64")[seed // 3 % 2]
    settings = options(random, rank)
    settings.pop("dilation_rate", None)
    x = image(random, rank, int(random.integers(1, 20)), settings["data_format"], dtype)
    window = tuple(int(item) for item in random.integers(1, 4, rank))
    program = same_values_and_gradients(lambda x: getattr(ops, kind)(x, window, **settings), [x])
    assert program.host_operations == []


def test_the_first_of_equal_elements_gets_the_gradient() -> None:
    x = np.random.default_rng(0).integers(0, 2, (2, 8, 8, 3)).astype("float32")
    same_values_and_gradients(lambda x: ops.max_pool(x, 3, 2, "same"), [x])


def test_what_is_not_a_number_wins_its_window() -> None:
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    x[0, 3, 4, 1] = np.nan
    same_values_and_gradients(lambda x: ops.max_pool(x, 2), [x])


def test_operands_that_are_views_are_copied() -> None:
    random = np.random.default_rng(0)
    x, kernel = random.normal(size=(2, 4, 14, 6)), random.normal(size=(8, 3, 3, 6))

    def turned(x: Any, kernel: Any) -> Any:
        return ops.max_pool(ops.conv(x[:, :, ::2, 1:4], ops.transpose(kernel, (2, 1, 3, 0))[..., :3, ::2]), (1, 2))

    assert same_values_and_gradients(turned, [x, kernel]).host_operations == []


def test_whole_numbers_stay_with_numpy() -> None:
    x = np.random.default_rng(0).integers(0, 9, (2, 6, 6, 1)).astype("int32")
    graph, _ = trace(lambda x: ops.max_pool(x, 2), [Tensor.symbolic(x.shape, "int32")])
    program = Executable(graph)
    program.inputs[0][...] = x
    program.run()
    assert program.host_operations == ["max_pooling"]
    np.testing.assert_array_equal(program.outputs[0], ops.max_pool(x, 2).numpy())


def small_network(**settings: Any) -> Any:
    utils.set_random_seed(3)
    model = models.Sequential([
        layers.Input((12, 12, 1)),
        layers.Conv2D(4, 3, activation="relu", padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(6, 3, activation="relu"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], **settings)
    return model


def test_a_network_trains_the_same_compiled_and_by_references() -> None:
    random = np.random.default_rng(5)
    y = random.integers(0, 3, 48).astype("int32")
    x = (random.normal(size=(48, 12, 12, 1)) + y[:, None, None, None]).astype("float32")
    compiled, plain = small_network(), small_network(run_eagerly=True)
    histories = [model.fit(x, y, epochs=2, batch_size=16, shuffle=False, verbose=0).history for model in (compiled, plain)]
    np.testing.assert_allclose(histories[0]["loss"], histories[1]["loss"], rtol=1e-4)
    for one, other in zip(compiled.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
    assert histories[0]["loss"][1] < histories[0]["loss"][0]


def test_a_training_step_of_a_plain_network_is_one_program() -> None:
    model = small_network()
    x, y = np.zeros((16, 12, 12, 1), "float32"), np.zeros(16, "int32")
    for function in (model.train_step, model.test_step, model.predict_step):
        assert Step(function, Batch(x, y, None)).executable.host_operations == []
