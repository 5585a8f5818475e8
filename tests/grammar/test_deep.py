"""The deep stack, interrupted at every moment of a program's life."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from functools import partial

import pytest
from pipekeras.grammar.deep import PROGRAM_THREAD, interrupt, run_deep

from tests.counted import calls_of


def test_what_a_function_returns_and_raises_comes_through() -> None:
    def nested(depth: int) -> int:
        return 1 + nested(depth - 1) if depth else 0

    def broken() -> None:
        raise KeyError("name")

    assert run_deep(lambda: nested(20_000)) == 20_000
    with pytest.raises(KeyError, match="name"):
        run_deep(broken)


def test_no_moment_is_wrong_for_an_interrupt(capfd: pytest.CaptureFixture[str]) -> None:
    """It ends the program or comes too late; it never hangs, is never lost, and nothing is written about it."""
    over = threading.Event()

    def hammer() -> None:
        turn = 0
        while not over.wait(turn % 7 * 0.0001):
            turn += 1
            for thread in threading.enumerate():
                if thread.name == PROGRAM_THREAD:
                    interrupt(thread)

    hammering = threading.Thread(target=hammer, daemon=True)
    hammering.start()
    ended = {"value": 0, "interrupted": 0}
    try:
        for length in range(400):
            try:
                assert run_deep(partial(sum, range(length))) == length * (length - 1) // 2
                ended["value"] += 1
            except KeyboardInterrupt:
                ended["interrupted"] += 1
    finally:
        over.set()
        hammering.join()
    assert sum(ended.values()) == 400
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("program", ["1 + 1", "tryCatch(repeat 1, interrupt = function(i) 2)"])
def test_python_looks_for_no_interrupt_after_a_program(program: str) -> None:
    """One that was taken back stayed: Python looked for it at every call, and under a profiler it did nothing else."""
    before = f"""
import threading, time
from pipekeras.grammar.deep import PROGRAM_THREAD, interrupt
from pipekeras.grammar.session import Session

def late():
    time.sleep(0.5)
    for thread in threading.enumerate():
        if thread.name == PROGRAM_THREAD:
            interrupt(thread)

threading.Thread(target=late).start()
Session().run({program!r}, "x.pk")
"""
    assert calls_of("len([])\nsorted([2, 1])\n[str(i) for i in range(3)]", before) < 10


def test_what_failed_is_forgotten_at_once() -> None:
    threads: list[weakref.ref[threading.Thread]] = []

    def broken() -> None:
        threads.append(weakref.ref(threading.current_thread()))
        raise KeyError("name")

    gc.disable()
    try:
        with pytest.raises(KeyError):
            run_deep(broken)
        finished = threads[0]()
        if finished is not None:
            finished.join()
            del finished
        assert threads[0]() is None
    finally:
        gc.enable()


def test_an_interrupt_that_comes_while_an_object_dies_is_not_lost(capsys: pytest.CaptureFixture[str]) -> None:
    """Python drops what is raised there, with a traceback: the program went on and the user saw it."""
    before = sys.unraisablehook

    class Dying:
        def __del__(self) -> None:
            interrupt(threading.current_thread())
            for _ in range(10_000):
                pass

    def program() -> str:
        Dying()
        for _ in range(300_000_000):
            pass
        return "went on"

    with pytest.raises(KeyboardInterrupt):
        run_deep(program)
    assert "Traceback" not in capsys.readouterr().err
    assert sys.unraisablehook is before
