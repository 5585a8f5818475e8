"""Tables whose rows are updated when they are read: the bits are those of updating every row in every step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import callbacks, layers, losses, models, optimizers, utils
from pipekeras.models import epochs
from pipekeras.models.data import Batch
from pipekeras.passes import defer

ROWS = 300
SEVERAL = {
    "adam": lambda: optimizers.Adam(0.01),
    "amsgrad": lambda: optimizers.Adam(0.01, amsgrad=True),
    "adamw": lambda: optimizers.AdamW(0.01, weight_decay=0.01),
    "nadam": lambda: optimizers.Nadam(0.01),
    "adamax": lambda: optimizers.Adamax(0.01),
    "rmsprop": lambda: optimizers.RMSprop(0.01, momentum=0.5, centered=True),
    "momentum": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "adadelta": lambda: optimizers.Adadelta(0.5),
    "decay": lambda: optimizers.Adam(optimizers.schedules.ExponentialDecay(0.01, 5, 0.5)),
}


def words(batches: int, size: int = 8, length: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Return sentences in which some words are frequent, others come once, and their labels."""
    random = np.random.default_rng(0)
    frequent = random.random((batches * size, length)) < 0.5
    x = np.where(frequent, random.integers(0, 9, frequent.shape), random.integers(0, ROWS, frequent.shape))
    return x.astype("int32"), random.integers(0, 2, (len(x), 1)).astype("float32")


def network(optimizer: Any, width: int = 5, **options: Any) -> Any:
    utils.set_random_seed(2)
    model = models.Sequential([
        layers.Input((6,)), layers.Embedding(ROWS, width, **options), layers.GlobalAveragePooling1D(), layers.Dense(1)
    ])  # fmt: skip
    model.compile(optimizer, losses.BinaryCrossentropy(from_logits=True))
    return model


def is_deferred(model: Any) -> bool:
    """Whether the model's training step puts updates off."""
    x, y = words(1)
    return bool(model._step("train", Batch(x, y, None)).executable.settling)


def bits(model: Any) -> list[bytes]:
    return [variable.numpy().tobytes() for variable in (*model.weights, *model.optimizer.variables)]


def trained(monkeypatch: pytest.MonkeyPatch, put_off: bool, optimizer: Any, batches: int = 40, **options: Any) -> list[bytes]:
    monkeypatch.setattr(defer, "LEAST_ELEMENTS", 0 if put_off else 1 << 40)
    model = network(optimizer, **options)
    x, y = words(batches)
    # The last batch is smaller: another program over the same table.
    model.fit(x[:-3], y[:-3], batch_size=8, epochs=2, verbose=0)
    assert is_deferred(model) == put_off
    return bits(model)


@pytest.mark.parametrize("name", SEVERAL)
def test_optimizers_give_the_same_bits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trained(monkeypatch, True, SEVERAL[name]()) == trained(monkeypatch, False, SEVERAL[name]())


@pytest.mark.parametrize(("threads", "width"), [("1", 16), ("2", 67), ("3", 1)])
def test_threads_and_widths_give_the_same_bits(threads: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = trained(monkeypatch, False, "adam", width=width)
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", threads)
    assert trained(monkeypatch, True, "adam", width=width) == expected


def test_masks_and_words_from_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trained(monkeypatch, True, "adam", mask_zero=True) == trained(monkeypatch, False, "adam", mask_zero=True)
    found = []
    for least in (0, 1 << 40):
        monkeypatch.setattr(defer, "LEAST_ELEMENTS", least)
        model = network("adam")
        x, y = words(40)
        model.fit(np.where(x % 3 == 0, x - ROWS, x), y, batch_size=8, epochs=1, verbose=0)
        found.append(bits(model))
    assert found[0] == found[1]


def test_weights_are_up_to_date_after_every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[list[bytes]] = []
    for least in (0, 1 << 40):
        monkeypatch.setattr(defer, "LEAST_ELEMENTS", least)
        model = network("adam")
        seen: list[bytes] = []
        watch = callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs, model=model, seen=seen: seen.append(model.get_weights()[0].tobytes())
        )
        x, y = words(6)
        model.fit(x, y, batch_size=8, epochs=1, verbose=0, callbacks=[watch])
        model.train_on_batch(x[:8], y[:8])
        found.append([*seen, *bits(model)])
    assert found[0] == found[1] and len(set(found[0][:6])) == 6


def test_an_interrupted_epoch_leaves_every_row_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defer, "LEAST_ELEMENTS", 0)
    monkeypatch.setattr(epochs, "STRETCH_SECONDS", 0.0)
    x, y = words(40)
    model, other = network("adam"), network("adam")
    shown: list[int] = []

    def show(self: Any, mode: str, batch: int, logs: Any = None) -> None:
        """Somebody presses Ctrl-C while the progress is shown."""
        shown.append(batch)
        if batch == 34:
            raise KeyboardInterrupt

    monkeypatch.setattr(callbacks.CallbackList, "wants_progress", lambda self: True)
    monkeypatch.setattr(callbacks.CallbackList, "on_progress", show)
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, batch_size=8, epochs=1, verbose=1, shuffle=False)
    assert len(shown) == 35
    for batch in range(35):
        other.train_on_batch(x[8 * batch : 8 * batch + 8], y[8 * batch : 8 * batch + 8])
    assert bits(model)[:3] == bits(other)[:3]


def test_a_table_that_others_read_is_updated_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defer, "LEAST_ELEMENTS", 0)
    assert is_deferred(network("adam"))
    assert not is_deferred(network("adam", embeddings_regularizer="l2"))
    assert not is_deferred(network(optimizers.Adam(global_clipnorm=1.0)))

    shared = layers.Embedding(ROWS, 4)
    first, second = layers.Input((6,)), layers.Input((6,))
    model = models.Model([first, second], layers.Dense(1)(layers.Flatten()(layers.Add()([shared(first), shared(second)]))))
    model.compile("adam", "mse")
    x, y = words(1)
    assert not model._step("train", Batch((x, x), y, None)).executable.settling
