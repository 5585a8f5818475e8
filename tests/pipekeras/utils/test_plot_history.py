"""The long table and the picture of a training run."""

import importlib.util

import pytest

from pipekeras.callbacks import History
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.utils import history_rows, plot_history


@pytest.fixture
def history():
    record = History()
    record.on_train_begin()
    record.on_epoch_end(0, {"loss": 3.0, "mae": 1.0})
    record.on_epoch_end(1, {"loss": 2.0, "mae": 0.5, "val_loss": 2.5, "val_mae": 0.75})
    return record


def test_rows(history):
    rows = history_rows(history)
    assert len(rows) == 8
    assert rows[1] == {"epoch": 2, "value": 2.0, "metric": "loss", "data": "training"}
    assert rows[4] == {"epoch": 1, "value": None, "metric": "loss", "data": "validation"}
    assert rows[7] == {"epoch": 2, "value": 0.75, "metric": "mae", "data": "validation"}


def test_mistakes(history):
    with pytest.raises(ConfigurationError, match="no result 'los'") as caught:
        plot_history(history, metrics=["los"])
    assert "loss" in caught.value.mend
    with pytest.raises(ArgumentError, match="nothing to draw"):
        plot_history(History())


def test_picture(history, tmp_path):
    if importlib.util.find_spec("matplotlib") is None:
        with pytest.raises(ArgumentError, match="needs matplotlib") as caught:
            plot_history(history)
        assert "pipekeras[plot]" in caught.value.mend
        return
    figure = plot_history(history, file=tmp_path / "run.png")
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "mae"]
    assert [len(axes.lines) for axes in figure.axes] == [2, 2]
    assert (tmp_path / "run.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
