"""Epochs that run many at a time: the same bits as one by one, and no time of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pipekeras
from pipekeras import callbacks, layers, metrics, ops
from pipekeras.models import stretches
from pipekeras.models.results import read

RNG = np.random.default_rng(3)
X = RNG.standard_normal((23, 4)).astype(np.float32)
LABELS = RNG.integers(0, 3, 23)


class Listener(callbacks.Callback):
    """Makes every epoch run alone."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Listen."""


def fitted(
    alone: bool, batch: int, shuffle: bool = True, more: Any = (), metric: Any = "accuracy", epochs: int = 60
) -> tuple[Any, Any]:
    """A model after 60 epochs, and its history."""
    pipekeras.utils.set_random_seed(5)
    model = pipekeras.Sequential([pipekeras.Input((4,)), layers.Dense(6, "tanh"), *more, layers.Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=[metric])
    listening = [Listener()] if alone else None
    history = model.fit(
        X, LABELS, batch_size=batch, epochs=epochs, shuffle=shuffle, verbose=0, callbacks=listening
    )
    return model, history


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many epochs each stretch took."""
    counts: list[int] = []
    run = stretches.Stretches.run

    def counted(self: Any, *arguments: Any) -> int:
        counts.append(run(self, *arguments))
        return counts[-1]

    monkeypatch.setattr(stretches.Stretches, "run", counted)
    # A machine under load must not call the epochs long.
    monkeypatch.setattr(stretches, "LONGEST_EPOCH", 1e9)
    return counts


@pytest.mark.parametrize(
    ("batch", "shuffle", "at_once"), [(23, True, True), (23, False, True), (8, True, True), (8, True, False)]
)
def test_same_bits_as_one_by_one(
    together: list[int], batch: int, shuffle: bool, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not at_once:
        monkeypatch.setattr(stretches, "_permutes_as_it_shuffles", lambda count: False)

    def dropout() -> tuple[Any]:
        return (layers.Dropout(0.3, seed=2),)

    (one, ones), (many, manys) = fitted(True, batch, shuffle, dropout()), fitted(False, batch, shuffle, dropout())
    assert sum(together) == 59
    assert ones.history == manys.history
    assert ones.epoch == manys.epoch == list(range(60))
    assert all(np.array_equal(a, b) for a, b in zip(one.get_weights(), many.get_weights(), strict=True))
    assert one.optimizer.iterations.numpy() == many.optimizer.iterations.numpy()
    # The metrics hold the last epoch's results.
    assert one.get_metrics_result() == many.get_metrics_result()


def test_the_next_fit_goes_on_the_same_way(together: list[int]) -> None:
    (one, _), (many, _) = fitted(True, 8), fitted(False, 8)
    pipekeras.utils.set_random_seed(6)
    first = one.fit(X, LABELS, batch_size=8, epochs=3, verbose=0)
    pipekeras.utils.set_random_seed(6)
    second = many.fit(X, LABELS, batch_size=8, epochs=3, verbose=0)
    assert sum(together) == 59
    assert first.history == second.history


class OwnReset(metrics.Mean):
    """Counts its resets in plain Python."""

    resets = 0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Take the mean prediction."""
        super().update_state(ops.mean(y_pred))

    def reset_state(self) -> None:
        """Count."""
        self.resets += 1
        super().reset_state()


def test_a_metric_with_a_reset_of_its_own_sees_every_epoch(together: list[int]) -> None:
    listened, unheard = OwnReset(), OwnReset()
    fitted(True, 23, metric=listened)
    fitted(False, 23, metric=unheard)
    assert sum(together) == 0
    assert unheard.resets == listened.resets >= 59


def test_results_of_several_elements_are_kept_row_by_row(together: list[int]) -> None:
    class Spread(metrics.Metric):
        """Sum of the predictions of each class."""

        def __init__(self) -> None:
            super().__init__(name="spread")
            self.total = self.add_variable((3,))

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            """Add a batch."""
            self.total.assign_add(ops.sum(y_pred, axis=0))

        def result(self) -> Any:
            """A share for each class."""
            return self.total / 23.0

    (_, one), (_, many) = fitted(True, 23, metric=Spread()), fitted(False, 23, metric=Spread())
    assert sum(together) == 59
    assert np.array_equal(one.history["spread"], many.history["spread"])
    assert np.shape(many.history["spread"]) == (60, 3)


def test_few_epochs_and_validation_run_one_by_one(together: list[int]) -> None:
    fitted(False, 23, epochs=stretches.LEAST_EPOCHS)
    assert sum(together) == 0
    model, _ = fitted(True, 23, epochs=1)
    history = model.fit(X, LABELS, epochs=40, verbose=0, validation_data=(X, LABELS))
    assert len(history.history["val_loss"]) == 40
    assert sum(together) == 0


def test_an_interrupted_stretch_is_logged_as_far_as_it_came(together: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    from pipekeras.runtime.executable import Run

    run = Run.run

    def interrupted(self: Any, repetitions: int = 1, settle: bool = True) -> None:
        run(self, min(repetitions, 7), settle)
        if repetitions > 7:
            raise KeyboardInterrupt

    monkeypatch.setattr(Run, "run", interrupted)
    model, _ = fitted(True, 23, epochs=1)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, LABELS, batch_size=23, epochs=60, verbose=0)
    assert model.history.epoch == list(range(8))
    assert len(model.history.history["loss"]) == 8


def test_a_mean_read_in_python_is_the_mean_that_ops_compute() -> None:
    mean = metrics.Mean()
    pairs = [*RNG.standard_normal((300, 2)), (0, 0), (2, 0), (np.inf, 2), (np.nan, 1), (3, np.inf), (1e38, 3), (1e-44, 3)]
    for total, count in pairs:
        mean.total.assign(np.float32(total))
        mean.count.assign(np.float32(abs(count)))
        np.testing.assert_array_equal(read([("mean", mean)])["mean"], float(mean.result()))


def test_a_program_must_be_worth_its_making(together: list[int]) -> None:
    # Twelve batches of some twenty commands are more than forty epochs save.
    fitted(False, 2, epochs=40)
    assert sum(together) == 0
    fitted(False, 23, epochs=40)
    assert sum(together) == 39


class Counting(layers.Layer):
    """A recurrent cell of the user's, which runs in a loop of the program."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.units = self.state_size = 4

    def build(self, shape: Any) -> None:
        """Make the weights."""
        self.kernel = self.add_weight((shape[-1], 4), name="kernel")

    def call(self, x: Any, states: Any) -> Any:
        """One step."""
        state = ops.tanh(ops.matmul(x, self.kernel) + states[0])
        return state, [state]


@pytest.mark.parametrize("inner", [lambda: layers.LSTM(5), lambda: layers.RNN(Counting())])
def test_batches_of_an_epoch_share_commands_that_hold_tables_and_loops(together: list[int], inner: Any) -> None:
    def history(alone: bool) -> Any:
        pipekeras.utils.set_random_seed(5)
        model = pipekeras.Sequential([pipekeras.Input((4,)), layers.Reshape((4, 1)), inner(), layers.Dense(3, "softmax")])
        model.compile("adam", "sparse_categorical_crossentropy")
        listening = [Listener()] if alone else None
        return model.fit(X, LABELS, batch_size=8, epochs=70, verbose=0, callbacks=listening).history

    expected = history(True)
    assert sum(together) == 0
    assert history(False) == expected
    assert sum(together) == 69
