"""Expressions show what GNU R shows for them.

`differential/recorded.json` holds expressions that once differed, with R's answers: they need no R. Where Rscript is
installed, fresh random ones are compared too; `python -m tests.language.differential` compares as many as one likes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.language.differential.generator import expressions, rules
from tests.language.differential.referee import ours_shows, r_is_here, r_shows

RECORDED = [
    case
    for path in sorted((Path(__file__).parent / "differential").glob("recorded*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]
PIECE = 100


def differences(lines: list[str], expected: list[str]) -> list[str]:
    shown = ours_shows(lines)
    assert len(shown) == len(expected)
    return [
        f"{line}\n  R:\n{theirs}\n  ours:\n{ours}"
        for line, theirs, ours in zip(lines, expected, shown, strict=True)
        if theirs != ours
    ]


@pytest.mark.parametrize("start", range(0, len(RECORDED), PIECE))
def test_expressions_that_once_differed(start: int) -> None:
    piece = RECORDED[start : start + PIECE]
    found = differences([case["expression"] for case in piece], [case["r"] for case in piece])
    assert not found, "\n\n".join(found)


SEEDS = range(1, 13)
"""The first of those that `python -m tests.language.differential` takes: none is chosen."""


@pytest.mark.skipif(not r_is_here(), reason="GNU R is not installed")
def test_random_expressions() -> None:
    lines = [line for seed in SEEDS for line in expressions(seed, 50)]
    found = differences(lines, r_shows(lines))
    assert not found, "\n\n".join(found)


def test_rules_reach_everything() -> None:
    table = rules()
    reached: set[str] = set()
    waiting = ["top", "asked", "writing", "wording", "assigned", "mapped", "tabular", "values", "typed"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(other for line in table[name] for other in table if f"<{other}>" in line)
    assert reached == set(table)
