"""How near a pattern comes to some part of a text, counted by the kind of edit.

R counts the edits that make the pattern of the text: a letter that the text lacks is inserted, one too many is deleted. For the
weights it is the other way round.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

Edits = tuple[int, int, int]
"""Numbers of insertions, deletions and substitutions."""
KINDS = ("insertions", "deletions", "substitutions")


class Bounds:
    """What edits are allowed.

    Args:
        given: bounds by the names of `KINDS`, ``all`` and ``cost``; numbers below 1 are parts of the pattern's length.
        weights: costs of the edits by the names of `KINDS`.
        size: the pattern's length.
    """

    def __init__(self, given: Mapping[str, float], weights: Mapping[str, float], size: int) -> None:
        costs = [weights.get(kind, 1.0) for kind in KINDS]
        self.costs = (costs[1], costs[0], costs[2])
        wanted = dict(given)
        if "cost" not in wanted:
            wanted.setdefault("all", 0.1)
        most = {name: math.ceil(value * size) if value < 1 else math.ceil(value) for name, value in wanted.items()}
        if wanted.get("cost", 1) < 1:
            most["cost"] = math.ceil(wanted["cost"] * size * max(costs))
        self.each = [most.get(kind, math.inf) for kind in KINDS]
        self.all = most.get("all", math.inf)
        self.cost = most.get("cost", math.inf)

    def allow(self, edits: Edits) -> bool:
        """Whether so many edits are few enough."""
        return (
            sum(edits) <= self.all
            and all(count <= bound for count, bound in zip(edits, self.each, strict=True))
            and sum(count * cost for count, cost in zip(edits, self.costs, strict=True)) <= self.cost
        )


def nearly_within(pattern: str, text: str, bounds: Bounds) -> bool:
    """Whether a part of a text becomes the pattern by edits that are allowed."""
    # At each place of the pattern: the least numbers of edits that lead there, of which none is better in all kinds.
    row: list[set[Edits]] = [{(0, 0, 0)}]
    for at in range(1, len(pattern) + 1):
        row.append(_best({_more(edits, 0) for edits in row[at - 1]}, bounds))
    if row[-1]:
        return True
    for letter in text:
        made: list[set[Edits]] = [{(0, 0, 0)}]
        for at, wanted in enumerate(pattern, start=1):
            found = {_more(edits, 1) for edits in row[at]} | {_more(edits, 0) for edits in made[at - 1]}
            found |= row[at - 1] if letter == wanted else {_more(edits, 2) for edits in row[at - 1]}
            made.append(_best(found, bounds))
        row = made
        if row[-1]:
            return True
    return False


def _more(edits: Edits, kind: int) -> Edits:
    inserted, deleted, substituted = edits
    return inserted + (kind == 0), deleted + (kind == 1), substituted + (kind == 2)


def _best(found: set[Edits], bounds: Bounds) -> set[Edits]:
    """Of some numbers of edits those that are allowed, without the ones that another is not worse than in any kind."""
    kept: set[Edits] = set()
    for one in sorted(filter(bounds.allow, found)):
        if not any(all(mine <= theirs for mine, theirs in zip(known, one, strict=True)) for known in kept):
            kept.add(one)
    return kept
