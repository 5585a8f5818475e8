"""Weights in 8 bits: what is computed, what files hold, what is refused. Numbers are Keras 3.15's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import GradientTape, Input, Model, Sequential, layers, ops, quantizers, saving
from pipekeras.core.errors import ConfigurationError, StateError

# Layer, shape of the input, shape of the scale, first outputs.
CASES: dict[str, tuple[Any, tuple[int, ...], tuple[int, ...], list[float]]] = {
    "dense": (lambda **o: layers.Dense(3, **o), (2, 6), (3,), [1.22477, 0.55579, -1.28862]),
    "einsum": (
        lambda **o: layers.EinsumDense("abc,cde->abde", (5, 2, 3), **o),
        (2, 5, 4),
        (1, 1, 2, 3),
        [1.0062999725341797, -0.137130007147789, -0.6477900147438049],
    ),
    "turned": (
        lambda **o: layers.EinsumDense("abc,dce->abed", (5, 2, 3), **o),
        (2, 5, 4),
        (1, 1, 2, 3),
        [2.2195699214935303, 1.0132800340652466, 0.19900000095367432],
    ),
    "elided": (lambda **o: layers.EinsumDense("...x,xy->...y", 3, **o), (2, 5, 4), (3,), []),
    "joined": (
        lambda **o: layers.EinsumDense("btnh,nhd->btd", (5, 6), bias_axes="d", **o),
        (2, 5, 2, 3),
        (1, 1, 6),
        [1.3798799514770508, -0.3350299894809723, -0.019850000739097595],
    ),
    "embedding": (
        lambda **o: layers.Embedding(5, 4, **o),
        (2, 3),
        (5,),
        [0.48730000853538513, -0.18418000638484955, -0.15731999278068542],
    ),
    "reversible": (
        lambda **o: layers.ReversibleEmbedding(5, 4, tie_weights=False, **o),
        (2, 3),
        (5,),
        [0.48730000853538513, -0.18418000638484955, -0.15731999278068542],
    ),
}


def _inputs(name: str, shape: tuple[int, ...]) -> np.ndarray:
    if name in ("embedding", "reversible"):
        return np.arange(6).reshape(shape) % 5
    return np.random.RandomState(0).randn(*shape).astype("float32")


def _built(name: str) -> tuple[Any, np.ndarray]:
    make, shape, *_ = CASES[name]
    layer = make(name="quantised")
    layer.build(shape)
    random = np.random.RandomState(1)
    for variable in layer.weights:
        variable.assign(random.randn(*variable.shape) * 0.3)
    return layer, _inputs(name, shape)


@pytest.mark.parametrize("name", CASES)
def test_outputs_stay_near_and_files_keep_them(name: str, tmp_path: Any) -> None:
    layer, x = _built(name)
    before = np.asarray(layer(x))
    layer.quantize("int8")
    weight = layer.adapted_weight
    assert getattr(layer, weight).dtype == "int8"
    assert getattr(layer, f"{weight}_scale").shape == CASES[name][2]
    assert not any(w.dtype == "int8" for w in layer.trainable_weights)
    after = np.asarray(layer(x))
    assert 0 < np.abs(after - before).max() < 0.05
    np.testing.assert_allclose(after.ravel()[: len(CASES[name][3])], CASES[name][3], atol=2e-5)
    if name == "reversible":
        scores = np.asarray(layer(after, reverse=True))
        exact = after @ np.asarray(layer._dequantized("reverse_embeddings"))
        assert np.abs(scores - exact).max() < 0.02
    model = Sequential([Input(x.shape[1:]), layer])
    model.save(tmp_path / "small.keras")
    loaded = saving.load_model(tmp_path / "small.keras")
    assert loaded.layers[-1].quantization_mode == "int8"
    np.testing.assert_array_equal(np.asarray(loaded(x)), after)
    np.testing.assert_allclose(loaded.predict(x, verbose=0), after, atol=1e-6)


@pytest.mark.parametrize("name", ["dense", "turned", "elided"])
def test_gradients_are_those_of_the_weights_that_are_meant(name: str) -> None:
    layer, x = _built(name)
    layer.quantize("int8")
    tensor = ops.convert_to_tensor(x)
    with GradientTape() as tape:
        tape.watch(tensor)
        total = ops.sum(layer(tensor) * 2.0)
    kernel = layer._dequantized("kernel")
    with GradientTape() as other:
        other.watch(tensor)
        plain = ops.matmul(tensor, kernel) if name == "dense" else ops.einsum(layer.equation, tensor, kernel)
        expected = ops.sum(plain * 2.0)
    np.testing.assert_allclose(
        np.asarray(tape.gradient(total, tensor)), np.asarray(other.gradient(expected, tensor)), rtol=1e-4, atol=1e-5
    )


def test_models_are_quantised_by_names_and_trained_on(tmp_path: Any) -> None:
    model = Sequential([Input((4,)), layers.Dense(6, "relu", name="first"), layers.Dropout(0.1), layers.Dense(1, name="last")])
    x, y = np.random.RandomState(0).randn(16, 4).astype("float32"), np.ones((16, 1), "float32")
    model.compile("adam", "mse")
    model.fit(x, y, verbose=0)
    plain = model.predict(x, verbose=0)
    with pytest.raises(ConfigurationError, match="int4"):
        model.quantize("int4")
    model.quantize("int8", filters="fir.*")
    assert [layer.quantization_mode for layer in model.layers] == ["int8", None, None]
    near = model.predict(x, verbose=0)
    assert 0 < np.abs(near - plain).max() < 0.05
    model.get_layer("first").enable_lora(2)
    kernel = model.get_layer("first").kernel_scale.numpy().copy()
    model.compile("adam", "mse")
    model.fit(x, y, epochs=3, verbose=0)
    assert np.array_equal(model.get_layer("first").kernel_scale.numpy(), kernel)
    assert np.any(model.get_layer("first").lora_kernel_b.numpy())
    trained = model.predict(x, verbose=0)
    model.save(tmp_path / "adapted.keras")
    loaded = saving.load_model(tmp_path / "adapted.keras")
    assert np.abs(loaded.predict(x, verbose=0) - trained).max() < 0.05


def test_parts_of_layers_come_back_from_files(tmp_path: Any) -> None:
    sequence = Input((3, 4))
    model = Model(sequence, layers.MultiHeadAttention(2, 2, name="attention")(sequence, sequence))
    model.quantize("int8")
    x = np.random.RandomState(0).randn(1, 3, 4).astype("float32")
    model.save(tmp_path / "attention.keras")
    loaded = saving.load_model(tmp_path / "attention.keras")
    assert {w.dtype for w in loaded.weights} == {"int8", "float32"}
    np.testing.assert_array_equal(np.asarray(loaded(x)), np.asarray(model(x)))


def test_configurations_choose_the_quantisers() -> None:
    layer, x = _built("dense")
    layer.quantize(config=quantizers.Int8QuantizationConfig(activation_quantizer=None))
    exact = x @ np.asarray(layer._dequantized("kernel")) + layer.bias.numpy()
    np.testing.assert_allclose(np.asarray(layer(x)), exact, atol=1e-5)
    again = layers.Dense.from_config(layer.get_config())
    assert again.quantization_config.activation_quantizer is None
    coarse, _ = _built("dense")
    weights = quantizers.AbsMaxQuantizer(axis=0, value_range=(-8, 7))
    coarse.quantize("int8", config=quantizers.Int8QuantizationConfig(weight_quantizer=weights))
    assert np.abs(coarse.kernel.numpy()).max() == 7
    with pytest.raises(ConfigurationError, match="quantization_config"):
        layers.Dense(2, quantization_config="abs_max_quantizer")


def test_what_is_not_available_is_told() -> None:
    layer = layers.Dense(2)
    with pytest.raises(StateError, match="no weights"):
        layer.quantize("int8")
    layer.build((None, 3))
    for mode in ("int4", "float8", "gptq", "awq"):
        with pytest.raises(ConfigurationError, match="not available"):
            layer.quantize(mode)
    layer.quantize("int8")
    with pytest.raises(StateError, match="already"):
        layer.quantize("int8")
    with pytest.raises(ConfigurationError, match="Conv2D can't"):
        layers.Conv2D(2, 2).quantize("int8")

    class Own(layers.Dense):
        pass

    own = Own(2)
    own.build((None, 3))
    with pytest.raises(ConfigurationError, match="type_check=False"):
        own.quantize("int8")
    own.quantize("int8", type_check=False)
    with pytest.raises(ConfigurationError, match="float16"):
        layers.Dense(2, dtype="int8_from_mixed_float16")


def test_rounding_as_if_by_few_bits() -> None:
    x = np.array([-3.0, -0.4, 0.1, 2.0], "float32")
    tensor, low, high = (ops.convert_to_tensor(value) for value in (x, np.float32(-1), np.float32(1.5)))
    with GradientTape() as tape:
        for item in (tensor, low, high):
            tape.watch(item)
        y = quantizers.fake_quant_with_min_max_vars(tensor, low, high, num_bits=4)
        total = ops.sum(y)
    np.testing.assert_allclose(np.asarray(y), [-1.0, -0.333333, 0.166667, 1.5], atol=1e-5)
    found = [np.asarray(part).tolist() for part in tape.gradient(total, [tensor, low, high])]
    assert found == [[0.0, 1.0, 1.0, 0.0], 1.0, 1.0]
    packed, shape, length = quantizers.pack_int4(np.array([[1, -2], [4, 5], [7, 0]], "int8"))
    assert (packed.numpy().tolist(), shape, length) == ([[65, 94], [7, 0]], (2, 2), 3)
    assert quantizers.unpack_int4(packed, length).numpy().tolist() == [[1, -2], [4, 5], [7, 0]]
