"""Predictions of many batches: one program gives what the batches give one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pipekeras
from pipekeras import callbacks, layers, ops
from pipekeras.models import epochs

RNG = np.random.default_rng(8)
X = RNG.standard_normal((83, 3)).astype(np.float32)


class Listener(callbacks.Callback):
    """Makes every batch run alone."""

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        """Listen."""


def two_outputs() -> Any:
    pipekeras.utils.set_random_seed(1)
    inputs = pipekeras.Input((3,))
    hidden = layers.Dense(5, "relu")(inputs)
    return pipekeras.Model(inputs, {"many": layers.Dense(7, "softmax")(hidden), "largest": ops.argmax(hidden, axis=-1)})


@pytest.mark.parametrize("size", [5, 4, 1])
def test_many_batches_are_one_program(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    model, runs = two_outputs(), []
    together = epochs.ArrayEpoch._predict_full_batches

    def counted(self: Any, *args: Any) -> Any:
        found = together(self, *args)
        runs.append(found is not None)
        return found

    monkeypatch.setattr(epochs.ArrayEpoch, "_predict_full_batches", counted)
    one_by_one = model.predict(X, batch_size=size, verbose=0, callbacks=[Listener()])
    assert runs == []
    at_once = model.predict(X, batch_size=size, verbose=0)
    assert runs == [True]
    assert at_once.keys() == one_by_one.keys()
    for name, values in one_by_one.items():
        assert at_once[name].dtype == values.dtype
        np.testing.assert_array_equal(at_once[name], values)


def test_steps_that_run_eagerly_or_return_no_arrays_go_one_by_one() -> None:
    model = two_outputs()
    expected = model.predict(X, batch_size=5, verbose=0)
    model.compile("sgd", "mse", run_eagerly=True)
    for name, values in model.predict(X, batch_size=5, verbose=0).items():
        np.testing.assert_allclose(values, expected[name], rtol=1e-5)


def test_a_limit_on_steps_and_a_program_cut_by_numpy() -> None:
    model = pipekeras.Sequential([pipekeras.Input((3,)), layers.Lambda(lambda x: ops.sort(x, axis=-1))])
    found = model.predict(X, batch_size=4, steps=17, verbose=0)
    np.testing.assert_array_equal(found, np.sort(X[: 4 * 17], axis=-1))
