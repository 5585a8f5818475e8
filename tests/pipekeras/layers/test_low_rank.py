"""Low-rank adaptation: what is learnt, what files hold, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras import Input, Sequential, layers, saving
from pipekeras.core.errors import StateError

MAKERS = {
    "Dense": (lambda **options: layers.Dense(3, **options), (6,), "kernel"),
    "EinsumDense": (lambda **options: layers.EinsumDense("ab,bcd->acd", (2, 3), **options), (4,), "kernel"),
    "Conv2D": (lambda **options: layers.Conv2D(4, (2, 3), **options), (4, 5, 2), "kernel"),
    "Embedding": (lambda **options: layers.Embedding(5, 3, **options), (4,), "embeddings"),
}


def _data(shape, name):
    values = np.arange(2 * np.prod(shape)).reshape(2, *shape)
    return values % 5 if name == "Embedding" else values / 10


@pytest.mark.parametrize("name", MAKERS)
def test_the_product_is_added_and_files_hold_the_sum(name, tmp_path):
    make, shape, weight = MAKERS[name]
    layer = make(lora_rank=2, lora_alpha=4)
    model = Sequential([Input(shape), layer])
    assert [v.name for v in layer.non_trainable_weights] == [weight]
    left, right = layer._factors()
    plain = np.asarray(model(_data(shape, name)))
    for index, variable in enumerate((left, right)):
        variable.assign(np.linspace(-1, 1 + index, variable.numpy().size).reshape(variable.shape))
    whole = getattr(layer, f"_{weight}").numpy() + 2.0 * np.asarray(left.numpy()) @ right.numpy()
    np.testing.assert_allclose(np.asarray(getattr(layer, weight)), whole, atol=1e-6)
    adapted = np.asarray(model(_data(shape, name)))
    assert np.abs(adapted - plain).max() > 0.1

    path = tmp_path / "adapted.keras"
    model.save(path)
    loaded = saving.load_model(path)
    again = loaded.layers[-1]
    assert (again.lora_rank, again.lora_alpha) == (2, 4)
    np.testing.assert_allclose(again.weights[0].numpy(), whole, atol=1e-6)
    assert not np.any(again._factors()[0].numpy())
    np.testing.assert_allclose(np.asarray(loaded(_data(shape, name))), adapted, atol=1e-4)

    merged = Sequential([Input(shape), make()])
    model.save_weights(tmp_path / "adapted.weights.h5")
    merged.load_weights(tmp_path / "adapted.weights.h5")
    np.testing.assert_allclose(np.asarray(merged(_data(shape, name))), adapted, atol=1e-4)


def test_training_changes_the_factors_only():
    layer = layers.Dense(1, use_bias=False)
    model = Sequential([Input((3,)), layer])
    layer.enable_lora(1, a_initializer="ones")
    before = layer._kernel.numpy().copy()
    x = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]])
    model.compile("sgd", "mse")
    first = model.evaluate(x, np.array([[3.0], [1.0]]), verbose=0)
    model.fit(x, np.array([[3.0], [1.0]]), epochs=5, verbose=0)
    assert model.evaluate(x, np.array([[3.0], [1.0]]), verbose=0) < first
    assert np.array_equal(layer._kernel.numpy(), before)
    assert np.any(layer.lora_kernel_b.numpy())


def test_what_can_not_be_adapted_is_told():
    with pytest.raises(StateError, match="not built yet"):
        layers.Dense(3).enable_lora(2)
    with pytest.raises(StateError, match="kernel_constraint"):
        layers.Dense(3, kernel_constraint="non_neg", lora_rank=1).build((None, 2))
    layer = layers.Dense(3, lora_rank=1)
    layer.build((None, 2))
    with pytest.raises(StateError, match="adapted already"):
        layer.enable_lora(2)
