"""Ctrl-C as a condition: `interrupt` handlers see it, `finally` runs, and what bounds a program's time is caught by none."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.evaluation.conditions import STOPPED
from pipekeras.grammar.session import Session


def run(program: str, *why: str) -> str:
    """Output of a program in which `press()` is Ctrl-C."""

    def press() -> None:
        raise KeyboardInterrupt(*why)

    output = io.StringIO()
    session = Session(output=output, error_output=output)
    session.globals.frame["press"] = Builtin("press", press, "")
    try:
        session.run(program, "program.R")
    except KeyboardInterrupt:
        output.write("interrupted\n")
    return output.getvalue()


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("tryCatch(press(), interrupt = function(c) cat(class(c), '\\n'))", "interrupt condition \n"),
        ("tryCatch(press(), error = function(e) 1, interrupt = function(c) 2, finally = cat('end\\n'))", "end\n[1] 2\n"),
        ("tryCatch(press(), condition = function(c) 3)", "[1] 3\n"),
        ("tryCatch(tryCatch(press(), error = function(e) 1), interrupt = function(c) 4)", "[1] 4\n"),
        ("withCallingHandlers(tryCatch(press(), error = print), interrupt = function(c) cat('seen\\n'))",
         "seen\ninterrupted\n"),
        ("tryCatch(withCallingHandlers(press(), interrupt = function(c) cat('seen ')), interrupt = function(c) cat('left\\n'))",
         "seen left\n"),
        ("tryCatch(press(), error = function(e) 1, finally = cat('end\\n'))", "end\ninterrupted\n"),
        ("try(press()); cat('never\\n')", "interrupted\n"),
    ],
)  # fmt: skip
def test_a_handler_of_interrupts_sees_one(program: str, expected: str) -> None:
    assert run(program) == expected


def test_the_end_of_the_time_is_no_condition() -> None:
    assert run("tryCatch(press(), interrupt = function(c) 1, condition = function(c) 2)", STOPPED) == "interrupted\n"


def test_handlers_are_as_before_afterwards() -> None:
    program = "f <- function() tryCatch(press(), interrupt = function(c) 'caught')\nf(); f()\nstop('plain')"
    assert run(program).startswith('[1] "caught"\n[1] "caught"\nError: plain\n')
