"""What fit() does to sources of batches, and the limits that a process can set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers
from pipekeras.core.errors import ArgumentError, ConfigurationError


class Numbered(pk.utils.PyDataset):
    """Six batches of two rows, which remember in what order they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def __len__(self) -> int:
        return 6

    def __getitem__(self, index: int) -> Any:
        self.asked.append(index)
        return np.full((2, 1), index + 1.0, "float32"), np.array([[0.0], [1.0]], "float32")


def still(loss: str = "mae") -> Any:
    """A model that learns nothing."""
    model = pk.Sequential([pk.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    model.compile(pk.optimizers.SGD(0.0), loss)
    return model


def test_batches_by_number_come_in_a_new_order_at_each_pass() -> None:
    pk.utils.set_random_seed(1)
    data = Numbered()
    still().fit(data, epochs=3, verbose=0)
    passes = [data.asked[start : start + 6] for start in range(0, 18, 6)]
    assert all(sorted(one) == list(range(6)) for one in passes)
    assert len({tuple(one) for one in passes}) == 3
    data = Numbered()
    still().fit(data, epochs=2, shuffle=False, verbose=0)
    still().evaluate(data, verbose=0)
    still().predict(data, verbose=0)
    assert data.asked == [*range(6)] * 4


def pairs() -> Iterator[Any]:
    for _ in range(3):
        yield np.ones((2, 1), "float32"), np.array([[0.0], [1.0]], "float32")


def test_classes_weigh_in_every_batch() -> None:
    plain = still().fit(pairs(), verbose=0).history["loss"]
    weighed = still().fit(pairs(), class_weight={0: 3.0, 1: 5.0}, verbose=0).history["loss"]
    assert (plain, weighed) == ([0.5], [1.5])


@pytest.mark.parametrize("given", [{"y": np.ones(6)}, {"sample_weight": np.ones(6)}, {"validation_split": 0.2}])
def test_what_only_rows_can_have_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=next(iter(given))):
        still().fit(pairs(), **given, verbose=0)


def test_evaluate_refuses_unknown_arguments() -> None:
    with pytest.raises(ArgumentError, match="no argument 'sample_wieght'"):
        still().evaluate(np.ones((2, 1)), np.ones(2), sample_wieght=np.ones(2))


def test_a_process_can_limit_epochs_and_steps() -> None:
    rows = np.ones((10, 1), "float32")
    try:
        pk.config.set_max_epochs(2)
        pk.config.set_max_steps_per_epoch(3)
        assert (pk.config.max_epochs(), pk.config.max_steps_per_epoch()) == (2, 3)
        history = still().fit(rows, rows, batch_size=2, epochs=9, verbose=0)
        assert history.epoch == [0, 1] and history.params["steps"] == 3
        assert still().fit(rows, rows, epochs=1, verbose=0).params["steps"] == 1
        data = Numbered()
        still().evaluate(data, verbose=0)
        assert data.asked == [0, 1, 2]
        assert len(still().predict(rows, batch_size=2, verbose=0)) == 6
        with pytest.raises(ConfigurationError, match="max_epochs must be"):
            pk.config.set_max_epochs(0)
    finally:
        pk.config.set_max_epochs(None)
        pk.config.set_max_steps_per_epoch(None)


def test_losses_of_outputs_within_outputs() -> None:
    """The numbers are those of Keras 3.15."""
    inputs = pk.Input((2,))
    parts = {"n": {"u": layers.Dense(1, kernel_initializer="ones")(inputs), "v": layers.Dense(2)(inputs)}, "w": inputs}
    x = np.arange(6.0).reshape(3, 2)
    y = {"n": {"u": np.ones((3, 1)), "v": np.ones((3, 2))}, "w": np.zeros((3, 2))}
    model = pk.Model(inputs, parts)
    model.compile(pk.optimizers.SGD(0.0), {"n": {"u": "mse", "v": None}, "w": "mae"}, metrics={"n": {"u": ["mae"]}})
    found = model.evaluate(x, y, verbose=0, return_dict=True)
    assert found == pytest.approx({"loss": 29.1666667, "n/u_loss": 26.6666667, "w_loss": 2.5, "n/u_mae": 4.0})
    model.compile("sgd", "mse")
    assert set(model.fit(x, y, verbose=0).history) == {"loss", "n/u_loss", "n/v_loss", "w_loss"}
    assert model.predict(x, verbose=0)["n"]["v"].shape == (3, 2)
    with pytest.raises(ConfigurationError, match="names 'n/q'"):
        model.compile("sgd", {"n": {"q": "mse"}})
        model.fit(x, y, verbose=0)
