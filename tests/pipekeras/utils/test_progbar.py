"""The progress line has the shape that scripts and eyes know."""

import re
import sys

import pytest

from pipekeras.core.errors import ConfigurationError
from pipekeras.utils import Progbar


class Terminal:
    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass

    def isatty(self):
        return True


def test_elsewhere_one_plain_line_when_done(capsys):
    bar = Progbar(4, stateless_metrics=())
    for step in range(1, 4):
        bar.update(step, [("loss", 1.0 / step)])
    assert capsys.readouterr().out == ""
    bar.update(4, [("loss", 0.25), ("accuracy", 0.0005)])
    line = capsys.readouterr().out
    assert re.fullmatch(
        r"4/4 \[={30}\] - 0s \d+[mu]?s/step - loss: 0\.2500 - accuracy: 5\.0000e-04\n", line
    ), line


def test_verbose_2_is_one_line_with_epoch_time(capsys):
    bar = Progbar(7, verbose=2)
    bar.update(7, [("loss", 0.01)], finalize=True)
    line = capsys.readouterr().out
    assert re.fullmatch(r"7/7 - 0s - loss: 0\.0100 - \d+[mu]s/epoch - \d+[mu]s/step\n", line), line


def test_verbose_0_is_silent(capsys):
    Progbar(2, verbose=0).update(2, [("loss", 1.0)])
    assert capsys.readouterr().out == ""


def test_terminal_redraws_one_line(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    bar = Progbar(10, interval=0, stateless_metrics=())
    bar.update(5, [("loss", 1.0)])
    assert terminal.text.startswith("\r 5/10 [==============>...............] - ETA: 0s - loss: 1.0000")
    bar.update(10, [("loss", 0.5)])
    last = terminal.text.split("\r")[-1]
    assert last.startswith("10/10 [") and last.endswith("\n") and terminal.text.count("\n") == 1


def test_results_are_averaged_over_steps_unless_they_are_stateful(capsys):
    bar = Progbar(4, stateful_metrics=["best"])
    bar.update(1, [("loss", 4.0), ("best", 4.0)])
    bar.update(4, [("loss", 0.0), ("best", 7.0)])
    assert "loss: 1.0000 - best: 7.0000" in capsys.readouterr().out


def test_unknown_target(capsys):
    bar = Progbar(None)
    bar.update(3, [("loss", 1.0)], finalize=True)
    assert capsys.readouterr().out.startswith("      3/Unknown - 0s")


def test_both_kinds_of_metrics_are_refused():
    with pytest.raises(ConfigurationError, match="not both"):
        Progbar(3, stateful_metrics=["a"], stateless_metrics=["b"])
