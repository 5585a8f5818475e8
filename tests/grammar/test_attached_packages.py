"""Functions that a program sees once it asks for their package."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.families import load_families
from pipekeras.grammar.library import attached, definitions
from pipekeras.grammar.session import Session


def run(program: str) -> tuple[str, str]:
    output, errors = io.StringIO(), io.StringIO()
    Session(output=output, error_output=errors).run(program, "test.R")
    return output.getvalue(), errors.getvalue()


MASKED = {"lubridate": ["date"]}
"""The names of R itself that a package masks in R too."""


def test_no_name_is_hidden_by_what_is_seen_from_the_start() -> None:
    load_families()
    for package in attached.files():
        taken = [name for name in attached.definitions_of(package) if name in definitions() or name in REGISTRY]
        assert taken == MASKED.get(package, []), package


def test_a_package_masks_a_name_of_r_once_it_is_asked_for() -> None:
    assert run("cat(length(formals(date))); suppressMessages(library(lubridate)); cat(names(formals(date)))") == ("0x", "")
    assert run("cat(format(lubridate::date('2024-02-03'))); cat(nchar(date()))") == ("2024-02-0324", "")


@pytest.mark.parametrize("package", sorted(attached.files()))
def test_every_definition_of_a_package_is_a_value(package: str) -> None:
    program = f"suppressMessages(library({package}))\n"
    program += "\n".join(f"invisible(`{name}`)" for name in attached.definitions_of(package))
    assert run(program) == ("", "")


def test_the_package_asked_for_last_is_heard_and_each_is_by_its_full_name() -> None:
    program = "library(psych); library(testthat); cat(names(formals(describe)), names(formals(psych::describe)))"
    assert run(program) == ("description code x na.rm ...", "")
    assert run("cat(exists('n')); library(dplyr); cat(exists('n'))") == ("FALSETRUE", "")


def test_a_function_of_a_package_says_which_one() -> None:
    assert "mend: library(lubridate) has it" in run("period_to_seconds(1)")[1]
    assert "mend: library(hms) and library(lubridate) have it" in run("hms('1:2:3')")[1]


def test_lists_are_turned_by_the_package_that_was_asked_for() -> None:
    program = "x <- list(1:2, 3:4); library(purrr); cat(lengths(transpose(x)[[1]]), '')"
    assert run(f"{program}; library(data.table); cat(lengths(transpose(x)))") == ("1 1 2 2", "")
