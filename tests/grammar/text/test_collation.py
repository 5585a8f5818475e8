"""Texts sort as R sorts them in a locale of UTF-8, and by code points where a program asks for C."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.session import Session
from pipekeras.grammar.text.collation import Collation, sorted_texts


def shown(program: str) -> str:
    output = io.StringIO()
    assert Session(output=output, error_output=io.StringIO()).run(program) == 0
    return output.getvalue()


def test_case_and_accents_count_last() -> None:
    words = ["résumé", "resume", "Resume", "résume", "resumé", "RESUME"]
    assert sorted_texts(words) == ["resume", "Resume", "RESUME", "resumé", "résume", "résumé"]


def test_marks_come_before_digits_and_letters() -> None:
    assert sorted_texts(["b", "A", "a", "B", "é", "_", "1", "~", "$"]) == ["_", "~", "$", "1", "a", "A", "b", "B", "é"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('sort(c("b", "A", "a", "B"))', '[1] "a" "A" "b" "B"\n'),
        ('"b" < "A"', "[1] FALSE\n"),
        ('levels(factor(c("b", "A", "a", "é", "n")))', '[1] "a" "A" "b" "é" "n"\n'),
        ('max(c("a", "B"))', '[1] "B"\n'),
        ('order(c("b", "A", "a"), method = "radix")', "[1] 2 3 1\n"),
        ('invisible(Sys.setlocale("LC_COLLATE", "C")); sort(c("b", "A", "a"))', '[1] "A" "a" "b"\n'),
    ],
)
def test_the_language_sorts_by_it(expression: str, expected: str) -> None:
    assert shown(expression) == expected


def test_another_session_has_its_own_order() -> None:
    shown('invisible(Sys.setlocale("LC_COLLATE", "C"))')
    assert shown('sort(c("b", "A", "a"))') == '[1] "a" "A" "b"\n'
    assert not Collation.by_code
