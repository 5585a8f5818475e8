"""Layers of users that compute with a size which is not known yet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Model, layers, ops
from pipekeras.core.errors import UserError


class Joined(layers.Layer):
    """Two rows in one: computes with sizes that are None in a layer graph."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.dense = layers.Dense(5)

    def call(self, inputs: Any) -> Any:
        rows, times = ops.shape(inputs)[:2]
        return ops.reshape(self.dense(ops.reshape(inputs, (rows * times, 3))), (rows, times * 5))


class Misspelled(layers.Layer):
    def call(self, inputs: Any) -> Any:
        return inputs * ops.shape(inputs)[0] + misspelled  # type: ignore[name-defined]  # noqa: F821


def test_a_layer_that_computes_with_its_batch_size() -> None:
    inputs = Input((4, 3))
    model = Model(inputs, Joined()(inputs))
    assert model.output_shape == (None, 20)
    assert model.predict(np.ones((7, 4, 3)), verbose=0).shape == (7, 20)
    again = model(Input((4, 3)))
    assert again.shape == (None, 20)


def test_unknown_sizes_stay_unknown() -> None:
    inputs = Input((None, 3))
    assert Joined()(inputs).shape == (None, None)
    assert layers.Lambda(lambda x: ops.sum(x, axis=1) / ops.shape(x)[1])(inputs).shape == (None, 3)


def test_masks_keep_their_unknown_sizes() -> None:
    class Shifted(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            return inputs + 0 * ops.shape(inputs)[0]

    inputs = Input((6,))
    outputs = Shifted()(layers.Embedding(5, 2, mask_zero=True)(inputs))
    assert outputs.shape == (None, 6, 2)
    assert outputs.mask.shape == (None, 6)


def test_a_mistake_in_the_layer_is_what_is_told() -> None:
    with pytest.raises(NameError, match="misspelled"):
        Misspelled()(Input((3,)))


def test_a_size_that_the_library_needs_is_still_asked_for() -> None:
    with pytest.raises(UserError, match="None"):
        layers.Dense(2)(Input((4, None)))
