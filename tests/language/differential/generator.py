"""Expressions of the language, made from rules: `NAME:` starts a rule, each indented line is one way to write it.

`<name>` in a line stands for anything that the rule `name` makes. Rules lie in `rules/*.txt`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

RULES = Path(__file__).parent / "rules"
PLACE = re.compile(r"<([a-z_]+)>")
DEEPEST = 3
LONGEST = 240


@cache
def rules(without: str = "") -> dict[str, tuple[str, ...]]:
    """The lines of every rule, by its name; those in which a regular expression finds something are left out."""
    left_out = re.compile(without) if without else None
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for path in sorted(RULES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            if line.startswith("  "):
                if left_out is None or not left_out.search(line):
                    lines.append(line[2:])
            else:
                lines = found.setdefault(line.removesuffix(":"), [])
    # A line that asks for a rule of which nothing is left goes with it.
    while empty := {name for name, lines in found.items() if not lines}:
        found = {
            name: [line for line in lines if not empty.intersection(PLACE.findall(line))]
            for name, lines in found.items() if name not in empty
        }  # fmt: skip
    return {name: tuple(lines) for name, lines in found.items()}


@cache
def finished(name: str, without: str = "") -> tuple[str, ...]:
    """The lines of a rule in which nothing is left open."""
    table = rules(without)
    return tuple(line for line in table[name] if not any(place in table for place in PLACE.findall(line)))


def expression(chance: random.Random, name: str = "top", depth: int = 0, without: str = "") -> str:
    """One expression that the rule makes, at most a few rules deep."""
    table = rules(without)
    lines = table[name]
    if depth >= DEEPEST or (depth >= 2 and chance.random() < 0.6):
        lines = finished(name, without) or lines
    line = chance.choice(lines)
    deeper = depth + (line != f"<{line.strip('<>')}>")
    return PLACE.sub(
        lambda place: expression(chance, place[1], deeper, without) if place[1] in table else place[0], line
    )


def expressions(seed: int, count: int, rule: str = "top", without: str = "") -> Iterator[str]:
    """So many different expressions that a rule makes, the same for the same seed; fewer if the rule makes no more."""
    chance = random.Random(seed)
    seen: set[str] = set()
    for _ in range(100 * count):
        if len(seen) == count:
            return
        text = expression(chance, rule, without=without)
        if text not in seen and len(text) <= LONGEST:
            seen.add(text)
            yield text
