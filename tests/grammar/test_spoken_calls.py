"""What R writes about mistakes at top level: the call that it names, in code it interprets and in code it compiles."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from pipekeras.grammar.evaluation.inner_calls import _told, call_as_text
from pipekeras.grammar.session import Session

TOLD_BY_R = json.loads(Path(__file__).with_name("spoken_calls.json").read_text(encoding="utf-8"))
"""Programs, each with the lines that GNU R 4.2 writes of its mistakes."""
PIECE = 40
OURS = re.compile(r"  \S+:\d+:\d+   |\s+\^+\s*$|  mend: |  raised in the library")
"""Lines that we add: the place, the caret and the mend."""


def told(program: str) -> list[str]:
    """R's own lines of what a program says of its mistakes."""
    errors = io.StringIO()
    Session([], output=io.StringIO(), error_output=errors).run(program + "\n", "mistake.R")
    lines = [line.rstrip() for line in errors.getvalue().split("\n") if not OURS.match(line)]
    return "\n".join(lines).strip().split("\n")


@pytest.mark.parametrize("start", range(0, len(TOLD_BY_R), PIECE))
def test_mistakes_name_the_calls_that_r_names(start: int) -> None:
    programs = list(TOLD_BY_R)[start : start + PIECE]
    found = {program: told(program) for program in programs}
    assert found == {program: TOLD_BY_R[program] for program in programs}


def test_the_calls_of_the_table_are_calls() -> None:
    for name, parts in _told().items():
        assert set(parts) <= {"said", "missing", "object", "takes"}, name
        for part in ("said", "missing", "object"):
            for inner in parts.get(part, {}).values():
                if inner and inner != "NULL" and not inner.startswith("="):
                    assert call_as_text(inner).kind == "language", (name, inner)


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ('tryCatch(stop("a"), error = function() 1)', "unused argument (cond)"),
        ('withCallingHandlers(stop("a"), error = function() 1)', "unused argument (simpleError(msg, call))"),
        ("nrow(1, c(a = 1, b = 2))", "unused argument (c(a = 1, b = 2))"),
        ("nrow(nosuch, letters)", "unused argument (letters)"),
        ("length(1, 2)", "2 arguments passed to 'length' which requires 1"),
        ("length(zzz = 1)", "supplied argument name 'zzz' does not match 'x'"),
        ("chartr()", 'argument "x" is missing, with no default'),
        ('tryCatch(stop("first"), finally = stop("last"))', "first"),
    ],
)
def test_what_r_finds_first_is_told(program: str, shown: str) -> None:
    assert any(shown in line for line in told(program)[:2])


def test_the_name_of_a_condition_of_a_function_is_its_own() -> None:
    program = "sd <- function(x) stop('mine'); sd(1)"
    assert told(program) == ["Error in sd(1) : mine"]
