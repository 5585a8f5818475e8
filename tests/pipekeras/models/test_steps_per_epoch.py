"""Epochs of a given number of steps: where they begin, what they warn of; the numbers are those of Keras 3.15."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Sequential, layers, optimizers
from pipekeras.callbacks import Callback
from pipekeras.data import Dataset, PyDataset
from pipekeras.models.epochs import NoBatches


class Seen(Callback):
    """Keeps the running loss after each batch of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs: list[list[float]] = []

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epochs.append([])

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.epochs[-1].append(round(float(logs["loss"]), 3))


def still() -> Sequential:
    """A model that learns nothing, whose loss on row i is i."""
    model = Sequential([Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    model.compile(optimizers.SGD(0.0), "mae", run_eagerly=True)
    return model


def rows(count: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.arange(count, dtype="float32").reshape(-1, 1)
    return x, np.zeros_like(x)


def seen(source: Any, *more: Any, **options: Any) -> tuple[list[list[float]], int, Any]:
    watcher = Seen()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = still().fit(source, *more, verbose=0, callbacks=[watcher], **options)
    assert all("the data ran out after" in str(item.message) for item in caught)
    return watcher.epochs, len(caught), history


@pytest.mark.parametrize(
    ("count", "options", "expected", "warned"),
    [
        (9, {"batch_size": 3, "steps_per_epoch": 2, "epochs": 4}, [[1.0, 2.5], [7.0], [1.0, 2.5], [7.0]], 2),
        (9, {"batch_size": 3, "steps_per_epoch": 1, "epochs": 4}, [[1.0], [4.0], [7.0], [1.0]], 0),
        (9, {"batch_size": 3, "steps_per_epoch": 5, "epochs": 2}, [[1.0, 2.5, 4.0], [1.0, 2.5, 4.0]], 2),
        (10, {"batch_size": 3, "steps_per_epoch": 3, "epochs": 3}, [[1.0, 2.5, 4.0], [9.0], [1.0, 2.5, 4.0]], 1),
        (9, {"steps_per_epoch": 2, "epochs": 2}, [[2.0, 4.0], [2.0, 4.0]], 0),
        (10, {"steps_per_epoch": 3, "epochs": 1}, [[1.5, 3.5, 4.5]], 0),
    ],
)
def test_rows_in_memory(count: int, options: dict[str, Any], expected: Any, warned: int) -> None:
    found, times, history = seen(*rows(count), shuffle=False, **options)
    assert (found, times) == (expected, warned)
    assert history.params["steps"] == options["steps_per_epoch"]


def test_validation_begins_at_the_first_row_each_time() -> None:
    x, y = rows(9)
    _, _, history = seen(x, y, shuffle=False, batch_size=3, steps_per_epoch=1, epochs=3, validation_data=(x, y),
                         validation_steps=2)  # fmt: skip
    assert history.history["val_loss"] == [2.5, 2.5, 2.5]


def test_each_pass_is_shuffled_once() -> None:
    x, y = rows(8)
    model, drawn = still(), []
    model.fit(x, y, batch_size=2, steps_per_epoch=2, epochs=4, verbose=0, callbacks=[watcher := Seen()])
    for first, second in (watcher.epochs[:2], watcher.epochs[2:]):
        drawn.append(np.mean([first[-1], second[-1]]))
    assert drawn == [3.5, 3.5]


def test_other_calls_take_the_first_batches() -> None:
    x, y = rows(9)
    model = still()
    assert model.evaluate(x, y, steps=2, batch_size=3, verbose=0) == 2.5
    assert model.evaluate(x, y, steps=2, verbose=0) == 4.0
    assert model.predict(x, steps=2, batch_size=3, verbose=0).ravel().tolist() == [0, 1, 2, 3, 4, 5]
    with pytest.warns(UserWarning, match="ran out after 3 of the 7 steps"):
        assert len(model.predict(x, steps=7, batch_size=3, verbose=0)) == 9


class Numbered(PyDataset):
    def __init__(self) -> None:
        super().__init__()
        self.moments: list[str] = []

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        return np.full((2, 1), index, "float32"), np.zeros((2, 1), "float32")

    def on_epoch_begin(self) -> None:
        self.moments.append("begin")

    def on_epoch_end(self) -> None:
        self.moments.append("end")


def test_numbered_batches() -> None:
    data = Numbered()
    found, times, _ = seen(data, epochs=3, steps_per_epoch=2, shuffle=False)
    assert (found, times) == ([[0.0, 0.5], [2.0], [0.0, 0.5]], 1)
    assert data.moments == ["begin", "end"] * 3
    found, times, _ = seen(Numbered(), epochs=2, steps_per_epoch=5, shuffle=False)
    assert (found, times) == ([[0.0, 0.5, 1.0]] * 2, 2)


def batches(count: int) -> Any:
    for index in range(count):
        yield np.full((2, 1), index, "float32"), np.zeros((2, 1), "float32")


def test_generators() -> None:
    assert seen(batches(6), epochs=3, steps_per_epoch=2)[:2] == ([[0.0, 0.5], [2.0, 2.5], [4.0, 4.5]], 0)
    assert seen(batches(5), epochs=3, steps_per_epoch=2)[:2] == ([[0.0, 0.5], [2.0, 2.5], [4.0]], 1)


def test_a_used_up_generator_ends_the_training_and_keeps_the_history() -> None:
    model, source = still(), batches(5)
    with pytest.warns(UserWarning, match="training ends after 1 of 3 epochs"):
        history = model.fit(source, epochs=3, verbose=0)
    assert history.history["loss"] == [2.0]
    with pytest.raises(NoBatches, match="gave none"):
        model.fit(source, verbose=0)


def test_data_sets_begin_anew_after_an_epoch_they_could_not_fill() -> None:
    x, y = rows(6)
    data = Dataset.from_tensor_slices((x, y)).batch(2)
    assert seen(data, epochs=3, steps_per_epoch=2)[:2] == ([[0.5, 1.5], [4.5], [0.5, 1.5]], 1)


def test_texts_go_on_too() -> None:
    texts, watcher = np.array(["a", "b", "c", "d", "e", "f"])[:, None], Seen()
    lookup = layers.StringLookup(vocabulary=list("abcdef"), num_oov_indices=0)
    model = Sequential([Input((1,), dtype="string"), lookup, layers.Rescaling(1.0)])
    model.compile("sgd", "mae", run_eagerly=True)
    model.fit(texts, np.zeros((6, 1)), batch_size=2, steps_per_epoch=1, epochs=4, shuffle=False, verbose=0, callbacks=[watcher])
    assert watcher.epochs == [[0.5], [2.5], [4.5], [0.5]]
