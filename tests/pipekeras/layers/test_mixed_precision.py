"""Half types: how bfloat16 is held and rounded, policies, and three steps of training beside real Keras."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pipekeras
from pipekeras import GradientTape, Sequential, Variable, config, layers, models, ops, optimizers, saving
from pipekeras.core import dtypes
from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.layers.base.dtype_policy import DTypePolicy
from pipekeras.runtime.executable import Executable

RANDOM = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def own_policy() -> Iterator[None]:
    yield
    config.set_dtype_policy(None)


def test_rounding_to_the_nearest_even() -> None:
    exact = np.array([1.0, -2.5, 0.0, -0.0, np.inf, -np.inf, 3.140625])
    assert dtypes.plain(dtypes.stored(exact, "bfloat16")).tolist() == exact.tolist()
    step = 2.0**-7
    between = np.array([1 + step / 2, 1 + 3 * step / 2, 1 + step / 2 + 1e-6])
    assert dtypes.plain(dtypes.stored(between, "bfloat16")).tolist() == [1.0, 1 + 2 * step, 1 + step]
    assert np.isnan(dtypes.plain(dtypes.stored(np.array([np.nan]), "bfloat16"))).all()
    largest = np.array([3.4e38])
    assert np.isinf(dtypes.plain(dtypes.stored(largest, "bfloat16"))).all()


def test_rounding_is_that_of_ml_dtypes() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    bits = RANDOM.integers(0, 2**32, 20000, dtype=np.uint64).astype(np.uint32)
    values = bits.view(np.float32)
    values = values[~np.isnan(values)]
    expected = values.astype(ml_dtypes.bfloat16)
    assert dtypes.stored(values, "bfloat16").view(np.uint16).tobytes() == expected.view(np.uint16).tobytes()
    held = ops.convert_to_tensor(expected)
    assert held.dtype == "bfloat16"
    np.testing.assert_array_equal(held.numpy(), expected.astype(np.float32))


def test_types_that_two_types_make() -> None:
    assert dtypes.promote("bfloat16", "int32") == "bfloat16"
    assert dtypes.promote("bfloat16", "float16") == dtypes.promote("float16", "bfloat16") == "float32"
    assert dtypes.promote("float64", "bfloat16") == "float64"
    x = ops.cast([1.0, 2.0], "bfloat16")
    assert (x * 2.5).dtype == (x + 1).dtype == ops.tanh(x).dtype == ops.matmul(x, x).dtype == "bfloat16"
    assert (x + np.ones(2, np.float32)).dtype == "float32"


def test_variables_and_tensors_hold_bfloat16() -> None:
    variable = Variable(np.full((2, 3), 1.0), dtype="bfloat16")
    variable.assign_add(np.full((2, 3), 0.01))
    assert variable.dtype == "bfloat16" and variable.array.nbytes == 12
    np.testing.assert_array_equal(variable.numpy(), np.full((2, 3), 1.0078125, np.float32))
    assert float(ops.cast(3.14159, "bfloat16")) == 3.140625
    assert "3.140625" in repr(ops.cast(3.14159, "bfloat16"))
    assert bool(ops.cast(0.0, "bfloat16")) is False


def every_kind(x: Any, w: Any) -> Any:
    y = ops.matmul(x, w)
    z = ops.softmax(ops.tanh(y) + 1.0)
    image = ops.reshape(x, (1, 4, 5, 1))
    return (
        y, z, ops.sum(z, 0), ops.argmax(z, -1), ops.cast(z, "float16"), ops.concatenate([z, y]), ops.take(x, [0, 1], 0),
        ops.transpose(x), ops.cumsum(x, 0), ops.max(x, 1), ops.where(x > 0, x, x * 0.1), ops.one_hot([1, 2], 4, dtype=x.dtype),
        ops.conv(image, ops.reshape(w[:4, :1], (2, 2, 1, 1))), ops.max_pool(image, 2),
        ops.scan(lambda c, row: (c + row, c * row), x[0], x)[1],
    )  # fmt: skip


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("optimize", [True, False])
def test_compiled_equals_eager(dtype: str, optimize: bool) -> None:
    arrays = [dtypes.stored(RANDOM.normal(size=shape), dtype) for shape in ((4, 5), (5, 6))]
    eager = every_kind(*[Tensor(array) for array in arrays])
    graph, _ = trace(every_kind, [Tensor.symbolic(array.shape, dtype) for array in arrays])
    executable = Executable(graph, optimize=optimize)
    assert not executable.host_operations
    for target, array in zip(executable.inputs, arrays, strict=True):
        target[...] = array
    executable.run()
    for expected, found in zip(eager, executable.outputs, strict=True):
        tolerance = 2.0**-7 if "bfloat16" in (dtype, expected.dtype) else 2.0**-10
        values = dtypes.plain(found).astype(np.float64)
        np.testing.assert_allclose(values, expected.numpy().astype(np.float64), rtol=tolerance, atol=tolerance)


def test_gradients_reach_float32_weights_through_the_half_type() -> None:
    layer = layers.Dense(3, dtype="mixed_bfloat16")
    layer.build((None, 4))
    x = RANDOM.normal(size=(5, 4)).astype(np.float32)
    with GradientTape() as tape:
        outputs = layer(x)
        loss = ops.sum(ops.cast(outputs, "float32"))
    assert outputs.dtype == "bfloat16" and layer.kernel.dtype == "float32"
    found = tape.gradient(loss, layer.kernel)
    assert found.dtype == "float32"
    np.testing.assert_allclose(found.numpy(), np.repeat(x.sum(0)[:, None], 3, 1), rtol=2e-2, atol=2e-2)


def test_policies() -> None:
    policy = DTypePolicy("mixed_bfloat16")
    assert (policy.compute_dtype, policy.variable_dtype, policy.name) == ("bfloat16", "float32", "mixed_bfloat16")
    config.set_dtype_policy("mixed_float16")
    assert config.dtype_policy() == DTypePolicy("mixed_float16") == pipekeras.mixed_precision.global_policy()
    layer = layers.Dense(2)
    assert (layer.compute_dtype, layer.variable_dtype) == ("float16", "float32")
    assert layers.Dense(2, dtype="float32").compute_dtype == "float32"
    assert layers.Dense(2, dtype=DTypePolicy("bfloat16")).variable_dtype == "bfloat16"
    with pytest.raises(ConfigurationError, match="mixed_bfloat16"):
        DTypePolicy("mixed_float8")
    with pytest.raises(ConfigurationError, match="float type"):
        config.set_dtype_policy("int8")


def test_a_float32_layer_in_a_mixed_model_computes_in_float32() -> None:
    class Outer(layers.Layer):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.inner = layers.Dense(2, dtype="float32")
            self.seen: list[str] = []

        def build(self, shape: Any) -> None:
            self.scale = self.add_weight(shape=(), initializer="ones", name="scale")
            self.count = self.add_weight(shape=(), initializer="zeros", autocast=False, name="count")

        def call(self, x: Any) -> Any:
            y = self.inner(x)
            self.seen += [y.dtype, ops.convert_to_tensor(self.scale).dtype, ops.convert_to_tensor(self.count).dtype]
            return ops.cast(y, x.dtype) * self.scale

    outer = Outer(dtype="mixed_bfloat16")
    assert outer(np.ones((2, 3), np.float32)).dtype == "bfloat16"
    assert outer.seen == ["float32", "bfloat16", "float32"]


def test_float16_training_scales_its_loss() -> None:
    config.set_dtype_policy("mixed_float16")
    model = Sequential([layers.Dense(4), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert isinstance(model.optimizer, optimizers.LossScaleOptimizer)
    model.compile("sgd", "mse", auto_scale_loss=False)
    assert not isinstance(model.optimizer, optimizers.LossScaleOptimizer)


def network(keras: Any, kind: str) -> tuple[Any, tuple[int, ...]]:
    room = keras.layers
    tops = {
        "dense": ((6,), [room.Dense(8, activation="tanh"), room.BatchNormalization(), room.Dense(3, activation="softmax")]),
        "norms": ((6,), [room.Dense(8), room.LayerNormalization(), room.GroupNormalization(2), room.Dense(3)]),
        "convolution": ((8, 8, 2), [room.Conv2D(4, 3, activation="relu"), room.DepthwiseConv2D(3), room.MaxPooling2D(),
                                    room.Flatten(), room.Dense(3)]),
        "recurrent": ((7, 4), [room.LSTM(5, return_sequences=True), room.GRU(4), room.Dense(3)]),
        "embedding": ((6,), [room.Embedding(10, 4), room.GlobalAveragePooling1D(), room.Dense(3)]),
    }  # fmt: skip
    shape, stack = tops[kind]
    return keras.Sequential([keras.Input(shape), *stack]), shape


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("kind", ["dense", "norms", "convolution", "recurrent", "embedding"])
def test_three_steps_near_those_in_float32(kind: str, policy: str) -> None:
    config.set_dtype_policy(policy)
    mixed, shape = network(pipekeras, kind)
    config.set_dtype_policy(None)
    plain, _ = network(pipekeras, kind)
    plain.set_weights(mixed.get_weights())
    x = RANDOM.integers(0, 10, (16, *shape)) if kind == "embedding" else RANDOM.normal(size=(16, *shape))
    x, y = x.astype(np.float32), RANDOM.normal(size=(16, 3)).astype(np.float32)
    for model in (mixed, plain):
        model.compile(optimizers.SGD(0.05), "mse")
    tolerance = 0.06 if policy == "mixed_bfloat16" else 0.01
    found = mixed.predict(x, verbose=0)
    assert found.dtype == ("float32" if policy == "mixed_bfloat16" else "float16")
    np.testing.assert_allclose(found, plain.predict(x, verbose=0), rtol=tolerance, atol=tolerance)
    for _ in range(3):
        assert float(mixed.train_on_batch(x, y)) == pytest.approx(float(plain.train_on_batch(x, y)), rel=tolerance)


@pytest.mark.parametrize(("kind", "policy"), [("norms", "mixed_bfloat16"), ("dense", "mixed_float16")])
def test_three_steps_like_keras(kind: str, policy: str) -> None:
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "jax":
        pytest.skip("real Keras runs on JAX here")
    config.set_dtype_policy(policy)
    keras.config.set_dtype_policy(policy)
    try:
        theirs, shape = network(keras, kind)
        ours, _ = network(pipekeras, kind)
        start = [np.asarray(weight, np.float32) for weight in theirs.get_weights()]
        ours.set_weights(start)
        x = RANDOM.integers(0, 10, (16, *shape)) if kind == "embedding" else RANDOM.normal(size=(16, *shape))
        x, y = x.astype(np.float32), RANDOM.normal(size=(16, 3)).astype(np.float32)
        theirs.compile(keras.optimizers.SGD(0.05), "mse")
        ours.compile(optimizers.SGD(0.05), "mse")
        tolerance = 0.03 if policy == "mixed_bfloat16" else 0.006
        expected = np.asarray(theirs.predict(x, verbose=0)).astype(np.float32)
        np.testing.assert_allclose(ours.predict(x, verbose=0), expected, rtol=tolerance, atol=tolerance)
        for _ in range(3):
            assert float(ours.train_on_batch(x, y)) == pytest.approx(float(theirs.train_on_batch(x, y)), rel=tolerance)
    finally:
        keras.config.set_dtype_policy("float32")
    for before, after, wanted in zip(start, ours.get_weights(), theirs.get_weights(), strict=True):
        # What counts is the way that a weight went, not where it stands.
        way = float(np.abs(wanted - before).max())
        np.testing.assert_allclose(after - before, wanted - before, atol=max(0.1 * way, 1e-4))


@pytest.mark.parametrize("ending", [".keras", ".weights.h5"])
def test_files_of_bfloat16_weights(ending: str, tmp_path: Path) -> None:
    model = Sequential([pipekeras.Input((4,)), layers.Dense(3, dtype="bfloat16"), layers.Dense(2, dtype="mixed_bfloat16")])
    x = RANDOM.normal(size=(5, 4)).astype(np.float32)
    place = str(tmp_path / f"model{ending}")
    if ending == ".keras":
        model.save(place)
        again = saving.load_model(place)
        assert [layer.dtype_policy.name for layer in again.layers] == ["bfloat16", "mixed_bfloat16"]
    else:
        model.save_weights(place)
        again = models.clone_model(model)
        again.load_weights(place)
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    json.loads(model.to_json())


def test_files_of_bfloat16_weights_go_both_ways(tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "jax":
        pytest.skip("real Keras runs on JAX here")
    theirs = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, dtype="bfloat16")])
    theirs.save(tmp_path / "theirs.keras")
    ours = saving.load_model(str(tmp_path / "theirs.keras"))
    assert ours.layers[0].kernel.dtype == "bfloat16"
    for one, other in zip(theirs.get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_array_equal(np.asarray(one).astype(np.float32), other)
    ours.save(str(tmp_path / "ours.keras"))
    again = keras.saving.load_model(tmp_path / "ours.keras")
    for one, other in zip(again.get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_array_equal(np.asarray(one).astype(np.float32), other)


WHOLE = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


@pytest.mark.parametrize("dtype", WHOLE)
def test_whole_numbers_and_truth_values_compiled(dtype: str) -> None:
    def run(a: Any, b: Any) -> Any:
        found = [a + b, a * b, ops.maximum(a, b), ops.minimum(a, b), a == b, a < b, ops.where(a > b, a, b), ops.sum(a, 0),
                 ops.max(a, 1), ops.min(a, 0), ops.argmax(a, 1), ops.any(a, 0), ops.all(a, 1), ops.transpose(a),
                 ops.concatenate([a, b]), ops.take(a, [2, 0], 0), ops.cast(a, "float32"), ops.matmul(a, ops.transpose(b)),
                 ops.sort(a, 0), ops.cumsum(a, 0), a[1:, ::2], ops.broadcast_to(a[:1], (3, 3, 4))]  # fmt: skip
        if dtype != "bool":
            found += [a - b, a // ops.maximum(b, 1), a % ops.maximum(b, 1), ops.prod(a, 0), ops.abs(a), ops.sign(a),
                      ops.square(a)]  # fmt: skip
        return found

    arrays = [RANDOM.integers(0, 9, (3, 4)).astype(dtype) for _ in range(2)]
    if dtype.startswith("int"):
        arrays = [array - array.dtype.type(4) for array in arrays]
    eager = run(*[Tensor(array) for array in arrays])
    graph, _ = trace(run, [Tensor.symbolic(array.shape, dtype) for array in arrays])
    executable = Executable(graph)
    for target, array in zip(executable.inputs, arrays, strict=True):
        target[...] = array
    executable.run()
    for expected, found in zip(eager, executable.outputs, strict=True):
        assert str(found.dtype) == expected.dtype
        np.testing.assert_array_equal(found, expected.numpy())


@pytest.mark.parametrize("optimizer", ["Adam", "Nadam", "RMSprop"])
def test_optimizers_keep_the_state_of_bfloat16_weights_in_bfloat16(optimizer: str) -> None:
    model = Sequential([pipekeras.Input((4,)), layers.Dense(2, dtype="bfloat16")])
    # Smaller steps than a few thousandths of a weight are lost in bfloat16; and 0.999, Adam's usual beta_2, is 1 there.
    options = {} if optimizer == "RMSprop" else {"beta_2": 0.98}
    model.compile(getattr(optimizers, optimizer)(0.05, **options), "mse", metrics=["mae"])
    x = RANDOM.normal(size=(8, 4)).astype(np.float32)
    losses = model.fit(x, x[:, :2], epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    kernel = model.layers[0].kernel
    states = [item for item in model.optimizer.variables if item.shape == kernel.shape]
    assert states and all(item.dtype == "bfloat16" for item in states)


def test_bfloat16_as_the_default_float() -> None:
    config.set_floatx("bfloat16")
    try:
        model = Sequential([pipekeras.Input((4,)), layers.Dense(2)])
        assert model.layers[0].kernel.dtype == pipekeras.random.normal((2,)).dtype == "bfloat16"
        model.compile("sgd", "mse")
        x = RANDOM.normal(size=(8, 4)).astype(np.float32)
        assert np.isfinite(model.fit(x, x[:, :2], epochs=2, verbose=0).history["loss"]).all()
    finally:
        config.set_floatx("float32")
