"""An error that a function of the library raises points at the program's own line; the library's place comes after it."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from pipekeras.grammar import library
from pipekeras.grammar.library import DEFINITION
from pipekeras.grammar.library.attached import files
from pipekeras.grammar.session import Session


def errors_of(program: str) -> str:
    errors = io.StringIO()
    Session(output=io.StringIO(), error_output=errors).run(program, "own.pk")
    return errors.getvalue()


@pytest.mark.parametrize(
    ("program", "message", "place", "file"),
    [
        ("f <- function(d)\n  combn(d, 40)\nf(letters)", "Error in combn(d, 40) : n < m", "own.pk:2:3   ", "base_functions.R"),
        ("t.test(1)", "not enough 'x' observations", "own.pk:1:1   t.test(1)", "refusals.R"),
        ("x <- 1:2\ncor.test(x, 1:3)", "'x' and 'y' must have the same length", "own.pk:2:1   cor.test(", "refusals.R"),
        ("reformulate(character(0))", "at least one", "own.pk:1:1   reformulate(", "base_functions.R"),
        ("x <- structure(1, class = 'rle')\nx", "$ operator is invalid", "own.pk:2:1   x\n", "data_frames.R"),
        ("do.call(combn, list(1, 2, 3, 4, 5))", "'FUN' must be", "own.pk:1:1   do.call(", "base_functions.R"),
        ("y <- 2; combn(m = y)", 'argument "x" is missing', "own.pk:1:9   y <- 2; combn(m = y)", "base_functions.R"),
        ("lapply(1:2, combn, 'a')", "Error in FUN(X[[i]], ...) :", "own.pk:1:1   lapply(", "base_functions.R"),
        ("k <- function() lm(y ~ x, data.frame(y = 1))\nk()", "object 'x' not found", "own.pk:1:17   ", "terms.R"),
        ("library(purrr)\nmap_dbl(1:2, ~ 'a')", "Can't coerce from a character vector", "own.pk:2:1   map_dbl(", "helpers.R"),
        ("library(tidyr)\ndata.frame(a = 1) %>%\n  pivot_longer(b)", "doesn't exist", "own.pk:3:3   ", "helpers.R"),
    ],
)  # fmt: skip
def test_the_program_is_shown_and_then_the_library(program: str, message: str, place: str, file: str) -> None:
    lines = errors_of(program)
    assert message in lines
    assert f"\n  {place}" in lines + "\n"
    assert f"\n  raised in the library, {file}:" in lines
    assert lines.index(place) < lines.index("raised in the library")


def test_a_mistake_in_what_the_library_was_given_is_shown_alone() -> None:
    lines = errors_of("combn(stop('mine'), 2)")
    assert "own.pk:1:7   combn(stop('mine'), 2)\n" in lines
    assert "library" not in lines


def test_the_place_in_the_library_is_the_line_of_its_file() -> None:
    lines = errors_of("combn(letters, 40)")
    number = int(lines.split("base_functions.R:")[1].split()[0])
    text = (Path(library.__file__).parent / "base" / "base_functions.R").read_text(encoding="utf-8")
    assert "n < m" in text.splitlines()[number - 1]


def test_no_function_of_the_library_is_defined_twice() -> None:
    names = [name for path in library.paths() for name in DEFINITION.findall(path.read_text(encoding="utf-8"))]
    assert sorted(name for name, count in Counter(names).items() if count > 1) == []


def test_no_helper_hides_that_of_another_package() -> None:
    """Packages share the base environment: helpers, whose names begin with a dot, must differ between all files."""
    paths = [*library.paths(), *(path for kept in files().values() for path in kept)]
    names = [name for path in dict.fromkeys(paths) for name in DEFINITION.findall(path.read_text(encoding="utf-8"))]
    assert sorted(name for name, count in Counter(names).items() if count > 1 and name.startswith(".")) == []
