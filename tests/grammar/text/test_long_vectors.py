"""Texts of many elements are taken apart once, not once for each element."""

from __future__ import annotations

import re

import pytest
from pipekeras.grammar.numeric.generator import Generator
from pipekeras.grammar.text import regex, sprintf
from pipekeras.grammar.values import Vector, character, integer


def test_sprintf_lists_its_arguments_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = 0
    items = Vector.items

    def counted(vector: Vector) -> list[object]:
        nonlocal listed
        listed += 1
        return items(vector)

    monkeypatch.setattr(Vector, "items", counted)
    shown, _ = sprintf.sprintf(["%d: %s"], [integer(range(200)), character(["x"] * 200)])
    assert shown[199] == "199: x"
    assert listed < 10


_CUTS = [("[0-9]+", "a1b22c"), (" ", " a  b "), ("b*", "abba"), ("a|b", "xaybz"), ("x{2}", "axxbxxx")]


@pytest.mark.parametrize(
    ("source", "text", "dialect"),
    [*((*cut, dialect) for cut in _CUTS for dialect in ("extended", "perl")), ("(?=c)", "abcabc", "perl")],
)
def test_a_pattern_that_looks_at_nothing_before_it_cuts_as_on_the_rest_alone(
    source: str, text: str, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = regex.split(source, dialect, text)
    monkeypatch.setattr(regex, "_LOOKS_AROUND", re.compile(""))
    monkeypatch.setattr(regex, "_PLAIN", frozenset())
    assert quick == regex.split(source, dialect, text)


@pytest.mark.parametrize("limit", [2, 3, 25, 65536, 65537, 10**9])
def test_draws_made_together_are_those_made_one_by_one(limit: int) -> None:
    together, single = Generator(), Generator()
    together.seed(7)
    single.seed(7)
    assert together.indices(limit, 40).tolist() == [single.index(limit) for _ in range(40)]
    count = min(limit, 40)
    assert together.shrinking_indices(limit, count) == [single.index(limit - at) for at in range(count)]
    assert together.uniform() == single.uniform()
