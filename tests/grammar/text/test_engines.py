"""Formats, patterns and the calendar below the builtins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipekeras.grammar.text.clock import (
    Fields,
    civil_from_days,
    days_from_civil,
    days_in_month,
    fields_of_seconds,
    format_fields,
    parse_fields,
    seconds_of_fields,
)
from pipekeras.grammar.text.patterns import PatternError
from pipekeras.grammar.text.regex import compiled, replace, split
from pipekeras.grammar.text.sprintf import FormatError, sprintf
from pipekeras.grammar.values import character, double, integer


@given(st.integers(-1_000_000, 3_000_000))
def test_days_and_dates_go_both_ways(days: int) -> None:
    year, month, day = civil_from_days(days)
    assert 1 <= month <= 12
    assert 1 <= day <= days_in_month(year, month)
    assert days_from_civil(year, month, day) == days


@given(st.integers(0, 4_000_000_000), st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata"]))
def test_moments_print_and_parse_back(seconds: int, zone: str) -> None:
    fields = fields_of_seconds(float(seconds), zone)
    text = format_fields(fields, "%Y-%m-%d %H:%M:%S %z")
    read = parse_fields(text, "%Y-%m-%d %H:%M:%S %z")
    assert read is not None
    assert seconds_of_fields(read, "UTC") - read.offset == seconds


def test_formats_of_the_calendar() -> None:
    fields = fields_of_seconds(1735567509.123456, "UTC")
    assert format_fields(fields, "%G-W%V-%u %j %U %I:%M %p %OS3") == "2025-W01-1 365 52 02:05 PM 09.123"


@pytest.mark.parametrize("text", ["2024-02-30", "2024-13-01", "not a date", ""])
def test_dates_that_do_not_exist_do_not_parse(text: str) -> None:
    assert parse_fields(text, "%Y-%m-%d") is None


def test_local_times_carry_over() -> None:
    moved = Fields(2024, 14, 1)
    assert format_fields(fields_of_seconds(seconds_of_fields(moved)), "%F") == "2025-02-01"


@pytest.mark.parametrize(
    ("pattern", "dialect", "replacement", "text", "expected"),
    [
        ("b*", "extended", "-", "abc", "-a-c-"),
        ("(?<=a)b", "perl", "X", "abcb", "aXcb"),
        (".", "fixed", "-", "a.b", "a-b"),
        (r"(^|_)([a-z])", "perl", r"\U\2", "snake_case", "SnakeCase"),
        (r"[\d]", "extended", "x", "5d\\", "5xx"),
        ("[[:space:]]+", "extended", " ", "a \t\n b", "a b"),
        ("a|ab", "extended", "X", "abab", "XX"),
        (r"\Qa.b\E", "perl", "x", "a.b acb", "x acb"),
        (r"\p{Lu}", "perl", "u", "aÉb", "aub"),
        (r"(?i)HELLO", "perl", "bye", "Hello hello", "bye bye"),
    ],
)
def test_three_dialects_replace(pattern: str, dialect: str, replacement: str, text: str, expected: str) -> None:
    assert replace(pattern, dialect, False, replacement, text, True) == expected


@pytest.mark.parametrize(
    ("pattern", "reason"), [("(", "Missing ')'"), ("[", "Missing ']'"), ("a{", "Missing '}'"), ("a\\", "Trailing backslash")]
)
def test_bad_patterns_say_why(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        compiled(pattern, "extended")
    assert caught.value.reason == reason


def test_splitting_restarts_after_each_piece() -> None:
    assert split("(?<=[a-z])(?=[A-Z])", "perl", "CamelCaseName") == ["Camel", "Case", "Name"]
    assert split(",", "extended", "a,,b,") == ["a", "", "b"]
    assert split("", "extended", "abc") == ["a", "b", "c"]


@given(st.text(max_size=12), st.text(max_size=4))
def test_fixed_replacement_is_plain_replacement(text: str, part: str) -> None:
    if part:
        assert replace(part, "fixed", False, "<>", text, True) == text.replace(part, "<>")


def test_sprintf_recycles_and_counts_arguments() -> None:
    texts, used = sprintf(["%s-%02d"], [character(["a", "b"]), integer([1, 2, 3, 4]), double(0.5)])
    assert texts == ["a-01", "b-02", "a-03", "b-04"]
    assert used == {0, 1}


@pytest.mark.parametrize(
    ("template", "arguments", "message"),
    [
        ("%d", [double(1.5)], "use format %f, %e, %g or %a for numeric objects"),
        ("%d", [character("a")], "use format %s for character objects"),
        ("%s %s", [character("a")], "too few arguments"),
        ("%y", [double(1.0)], "unrecognised format specification '%y'"),
    ],
)
def test_formats_that_do_not_fit(template: str, arguments: list[object], message: str) -> None:
    with pytest.raises(FormatError) as caught:
        sprintf([template], arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)
