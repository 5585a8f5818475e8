"""Compare the language with GNU R over random expressions: `python -m tests.language.differential --count 20000`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.language.differential.generator import expressions
from tests.language.differential.referee import ours_shows, r_is_here, r_shows

NO_ANSWER = ("long vectors not supported", "PCRE error")
"""What R says where it has no answer: of vectors longer than memory, and of letters that it cuts into bytes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every expression that differs; the exit status says whether any did."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=20000, help="how many expressions")
    reader.add_argument("--seed", type=int, default=1, help="seed of the first batch")
    reader.add_argument("--batch", type=int, default=500, help="expressions for one process of R")
    reader.add_argument("--rule", default="top", help="the rule that makes them, such as indexing or text")
    reader.add_argument("--without", default="", help="leave out lines of rules in which this regular expression is found")
    reader.add_argument("--save", type=Path, help="write the differences to this file as JSON")
    given = reader.parse_args(arguments)
    if not r_is_here():
        print("Rscript is not on the path: nothing to compare with", file=sys.stderr)
        return 2
    found: list[dict[str, str]] = []
    total = 0
    for number in range((given.count + given.batch - 1) // given.batch):
        lines = list(expressions(given.seed + number, min(given.batch, given.count - total), given.rule, given.without))
        theirs, ours = r_shows(lines), ours_shows(lines)
        total += len(lines)
        for line, expected, shown in zip(lines, theirs, ours, strict=True):
            if expected != shown and not any(words in expected for words in NO_ANSWER):
                found.append({"expression": line, "r": expected, "ours": shown})
                print(f"--- {line}\nR:\n{expected}\nours:\n{shown}")
        print(f"=== {total} expressions, {len(found)} differ", flush=True)
    if given.save:
        given.save.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
