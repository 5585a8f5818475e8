"""Inner results that are computed again: the same bits in less memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers, ops
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

X = np.random.default_rng(0).normal(size=(64, 20, 8)).astype("float32")


def losses(mode: str | None) -> list[float]:
    pk.utils.set_random_seed(3)
    inputs = pk.Input((20, 8))
    with pk.RematScope(mode, output_size_threshold=64 * 20):
        x = layers.BatchNormalization()(layers.Conv1D(16, 3, padding="same", activation="relu")(inputs))
        x = layers.Dropout(0.2)(layers.MultiHeadAttention(2, 8)(x, x))
        x = layers.GRU(5)(layers.LSTM(12, return_sequences=True)(x))
    model = pk.Model(inputs, layers.Dense(2, activation="softmax")(x))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model.fit(X, np.arange(64) % 2, epochs=2, verbose=0, shuffle=False).history["loss"]


def test_training_has_the_same_bits() -> None:
    plain = losses(None)
    assert losses("full") == plain and losses("larger_than") == plain and losses("activations") == plain


def body(x: Any) -> Any:
    for _ in range(8):
        x = ops.sin(x) + ops.cumsum(x, axis=1)
    return x


def test_less_is_kept() -> None:
    x = Tensor.symbolic((64, 64), "float32")

    def step(function: Any) -> Executable:
        def run(tensor: Any) -> Any:
            y = tensor
            for _ in range(4):
                y = function(y)
            return gradient(ops.sum(y), [tensor])

        return Executable(trace(run, [x])[0])

    plain, again = step(body), step(pk.remat(body))
    assert again.arena_size < 0.6 * plain.arena_size
    for executable in (plain, again):
        executable.inputs[0][...] = X[:64, 0, :1] * np.linspace(0.1, 0.2, 64, dtype="float32") * 0.01
        executable.run()
    np.testing.assert_array_equal(plain.outputs[0], again.outputs[0])


def test_a_scope_means_the_layers_made_in_it() -> None:
    with pk.RematScope(mode="list_of_layers", layer_names=["b"]):
        made = [layers.Dense(1, name=name) for name in "abc"]
        with pk.RematScope(mode=None):
            made.append(layers.Dense(1, name="b"))
    assert [layer.rematerialized for layer in made] == [False, True, False, False]
    assert "rematerialized" not in made[1].get_config()
    layer = layers.Dense(1)
    assert pk.remat(layer) is layer and layer.rematerialized
    with pytest.raises(ArgumentError, match="mode must be one of"):
        pk.RematScope("some")
    with pytest.raises(ArgumentError, match="a function or a layer"):
        pk.remat(3)
