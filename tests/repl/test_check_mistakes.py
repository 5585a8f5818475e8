"""Scripts with several seeded mistakes each: `check` finds all of them in one go, each on its line, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pipekeras.grammar.nodes import Source
from pipekeras.grammar.recover import LIMIT, read_on
from pipekeras.repl.check import check_text

SCRIPTS = sorted((Path(__file__).parents[1] / "language" / "mistakes").glob("*.pk"))
MARK = "#!"


def seeded(text: str) -> list[tuple[int, str]]:
    """The mistakes that a script announces: behind the mark stand parts of what is to be said of the line."""
    return [
        (number, part.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if MARK in line
        for part in line.split(MARK)[1].split("|")
    ]


def without_marks(text: str) -> str:
    return "".join(line.split(MARK)[0].rstrip() + "\n" for line in text.splitlines())


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.stem for path in SCRIPTS])
def test_every_seeded_mistake_is_found_and_nothing_else(path: Path) -> None:
    text = path.read_text("utf-8")
    reports = check_text(without_marks(text), "s.pk")
    found = []
    for report in reports:
        place = re.search(r"\n  s\.pk:(\d+):", report)
        assert place, report
        found.append((int(place[1]), report))
    expected = seeded(text)
    assert [line for line, _ in found] == [line for line, _ in expected], "\n".join(reports)
    for line in {line for line, _ in expected}:
        parts = [part for number, part in expected if number == line]
        said = [report.split("\n")[0] for number, report in found if number == line]
        assert all(any(part in one for one in said) for part in parts), (parts, said)


def test_there_are_enough_of_them() -> None:
    assert len(SCRIPTS) >= 41
    assert min(len(seeded(path.read_text("utf-8"))) for path in SCRIPTS) >= 2


def test_reading_on_ends_wherever_a_script_is_broken() -> None:
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        for end in range(0, len(text), 41):
            for broken in (text[:end], text[:end] + " ) } ] " + text[end:], text[:end] + '"' + text[end:]):
                reading = read_on(Source("s.pk", broken))
                assert len(reading.mistakes) <= LIMIT
                assert all(gap.span.end <= len(broken) for gap in reading.gaps)
