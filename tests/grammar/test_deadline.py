"""Programs are stopped after so much processor time, and what runs after them is not."""

from __future__ import annotations

import time

import pytest
from pipekeras.grammar.deadline import Deadline
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.session import Session


def test_a_program_without_an_end_is_stopped() -> None:
    session = Session()
    deadline = Deadline(0.1)
    with pytest.raises(KeyboardInterrupt), deadline:
        session.evaluate_text("repeat 1")
    assert deadline.passed and not machine.interrupted
    assert session.evaluate_text("n <- 0; for (i in 1:10) n <- n + i; n").items() == [55]


def test_waiting_takes_no_processor_time() -> None:
    deadline = Deadline(5.0)
    with deadline:
        time.sleep(0.05)
    assert not deadline.passed and not machine.interrupted


def test_an_interrupt_that_nobody_saw_goes_with_its_block() -> None:
    deadline = Deadline(0.01)
    with deadline:
        while not deadline.passed:
            pass
        assert machine.interrupted
    assert not machine.interrupted


def test_a_block_within_a_block_takes_no_interrupt_away() -> None:
    session = Session()
    outer, inner = Deadline(0.1), Deadline(0.1)
    with pytest.raises(KeyboardInterrupt), outer:
        with pytest.raises(KeyboardInterrupt), inner:
            session.evaluate_text("repeat 1")
        session.evaluate_text("repeat 1")
    assert outer.passed and not machine.interrupted
