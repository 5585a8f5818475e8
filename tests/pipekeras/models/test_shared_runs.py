"""The program of a step is built once, whoever fits or evaluates with it next."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import pipekeras
from pipekeras import Input, Sequential, callbacks, layers
from pipekeras.runtime.executor import Program


def _model() -> Sequential:
    pipekeras.utils.set_random_seed(3)
    model = Sequential([Input((4,)), layers.Dense(5, activation="tanh"), layers.Dense(1)])
    model.compile("adam", "mse")
    return model


def _data(seed: int, rows: int = 12) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.standard_normal((rows, 4)).astype("float32"), generator.standard_normal((rows, 1)).astype("float32")


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the programs that are built from here on."""
    lengths: list[int] = []
    build = Program.__init__

    def counted(self: Program, commands: list, *rest: object, **named: object) -> None:
        lengths.append(len(commands))
        build(self, commands, *rest, **named)

    monkeypatch.setattr(Program, "__init__", counted)
    return lengths


def test_a_second_fit_builds_no_program(built: list[int]) -> None:
    model = _model()
    model.fit(*_data(1), batch_size=4, epochs=1, verbose=0)
    model.evaluate(*_data(1), batch_size=4, verbose=0)
    assert built
    built.clear()
    model.fit(*_data(2), batch_size=4, epochs=2, verbose=0)
    model.evaluate(*_data(3), batch_size=4, verbose=0)
    assert not built


def test_every_fit_and_evaluation_sees_its_own_rows() -> None:
    model = _model()
    for seed in (1, 2, 3):
        x, y = _data(seed, rows=14)
        model.fit(x, y, batch_size=4, epochs=1, verbose=0)
        for given in (1, seed):
            x, y = _data(given)
            found = model.evaluate(x, y, batch_size=4, verbose=0)
            assert found == pytest.approx(float(np.mean((model.predict(x, verbose=0) - y) ** 2)), rel=1e-5)


def test_fits_within_a_fit_take_turns() -> None:
    x, y = _data(1)
    other = _data(2)
    inner, outer = _model(), _model()

    class Within(callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            self.model.fit(*other, batch_size=4, epochs=1, shuffle=False, verbose=0)

    outer.fit(x, y, batch_size=4, epochs=1, shuffle=False, verbose=0, callbacks=[Within()])
    for first in (0, 4, 8):
        inner.train_on_batch(x[first : first + 4], y[first : first + 4])
        for begin in (0, 4, 8):
            inner.train_on_batch(other[0][begin : begin + 4], other[1][begin : begin + 4])
    for a, b in zip(outer.get_weights(), inner.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("epochs", [1, 60])
def test_rows_of_an_earlier_fit_are_let_go(epochs: int) -> None:
    model = _model()
    x, y = _data(1)
    seen = [weakref.ref(x), weakref.ref(y)]
    model.fit(x, y, batch_size=4, epochs=epochs, verbose=0, validation_data=(x, y) if epochs == 1 else None)
    model.evaluate(x, y, batch_size=4, verbose=0)
    model.predict(x, batch_size=1, verbose=0)
    del x, y
    gc.collect()
    assert [reference() for reference in seen] == [None, None]


def test_another_number_of_threads_is_another_program(built: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    model = _model()
    model.fit(*_data(1), batch_size=4, epochs=1, verbose=0)
    built.clear()
    monkeypatch.setattr("pipekeras.runtime.runs.thread_count", lambda: 7)
    model.fit(*_data(1), batch_size=4, epochs=1, verbose=0)
    assert built
