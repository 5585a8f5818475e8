"""`pipekeras check` finds nothing wrong in programs that run, whatever packages they use."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipekeras.grammar.check import check_program
from pipekeras.grammar.nodes import Source
from pipekeras.grammar.parse import parse_program
from pipekeras.grammar.session import Session

SCRIPTS = sorted((Path(__file__).parents[1] / "language" / "scripts").glob("*.R"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_scripts_that_run(script: Path) -> None:
    program = parse_program(Source(script.name, script.read_text(encoding="utf-8")))
    session = Session()
    session.activate()
    assert [problem.message for problem in check_program(program, session.globals)] == []


def test_columns_are_names_only_where_tables_are_meant() -> None:
    def problems(text: str) -> list[str]:
        session = Session()
        session.activate()
        return [problem.message for problem in check_program(parse_program(Source("a.R", text)), session.globals)]

    assert problems("library(data.table)\nDT <- data.table(a = 1)\nDT[a > 1]") == []
    assert problems("DT <- list(1)\nDT[a > 1]") == ["object 'a' not found"]
    assert problems("ggplot2::aes(mpg, wt)") == []
    assert problems("stats::sd(mpg_of)") == ["object 'mpg_of' not found"]


def test_what_a_function_may_leave_unevaluated_need_not_exist() -> None:
    def problems(text: str) -> list[str]:
        session = Session()
        session.activate()
        return [problem.message for problem in check_program(parse_program(Source("a.R", text)), session.globals)]

    assert problems("f <- function(x) deparse(substitute(x))\ng <- function(y) f(y)\nh <- function(a) g(a)\nh(zz)") == []
    assert problems("k <- function(a, b) a + 1\nk(1, never)") == []
    assert problems("p <- function(x, ...) x + 1\np(zz)") == ["object 'zz' not found"]
    assert problems('area <- function(shape) UseMethod("area")\narea(zz)') == ["object 'zz' not found"]
