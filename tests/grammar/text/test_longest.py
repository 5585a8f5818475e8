"""Alternatives of the extended dialect: the longest match at the leftmost place."""

from __future__ import annotations

import pytest
from pipekeras.grammar.text.longest import alternations, needs_choice
from pipekeras.grammar.text.regex import compiled, replace


@pytest.mark.parametrize(("pattern", "text", "longest"), [
    ("[a-z]+|[a-z0-9]+", "abc123", "abc123"),
    ("[0-9]+|[0-9]+\\.[0-9]+", "x 3.14", "3.14"),
    ("(a|ab)(c|bcd)", "abcd", "abcd"),
    ("x*|b", "b", "b"),
    ("(a|b)\\1|aab", "aab", "aab"),
])  # fmt: skip
def test_the_longest_alternative_counts(pattern: str, text: str, longest: str) -> None:
    found = compiled(pattern, "extended").search(text)
    assert found is not None and found.group() == longest
    first = compiled(pattern, "perl").search(text)
    assert first is not None and len(first.group()) <= len(longest)


def test_groups_keep_their_numbers() -> None:
    found = compiled("(a)|(ab)|(abc)", "extended").search("abc")
    assert found is not None and found.groups() == (None, None, "abc")


@pytest.mark.parametrize(("pattern", "shown"), [
    ("^|$", "-abc"),
    ("$|^", "abc-"),
    ("^\\s*|\\s*$", "-abc"),
    ("^|c$", "-ab-"),
    ("x*|$", "-a-b-c-"),
    ("b*|$", "-a-c-"),
    ("y*|c$", "-a-b-"),
])  # fmt: skip
def test_one_alternative_only_matches_nothing(pattern: str, shown: str) -> None:
    assert replace(pattern, "extended", False, "-", "abc", True) == shown


def test_plain_words_need_no_choice() -> None:
    assert not needs_choice(list("cat|dog"))
    assert needs_choice(["[a-z]", "+", "|", "x"])
    nested = ["(", "a", "|", "b", ")", "|", "c"]
    assert [group.whole for group in alternations(nested)] == [False, True]
    assert [group.whole for group in alternations(["(", "a", "|", "b", ")"])] == [True]
