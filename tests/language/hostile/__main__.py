"""Run many hostile programs: `python -m tests.language.hostile --count 50000`."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence

from tests.language.hostile.crossings import crossings
from tests.language.hostile.programs import programs
from tests.language.hostile.watch import run_watched


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every program that shows a defect or cannot be stopped; the exit status says whether any did."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=50000, help="how many programs")
    reader.add_argument("--seed", type=int, default=1, help="seed of the first thousand")
    reader.add_argument("--seconds", type=float, default=1.0, help="processor time before a program is interrupted")
    reader.add_argument("--memory", type=float, default=8.0, help="address space of the process in GiB")
    reader.add_argument("--calls", type=int, default=0, help="instead: so many odd calls of every builtin")
    reader.add_argument("--words", type=int, default=0, help="instead: so many odd calls of every word of keras")
    reader.add_argument("--first", default="", help="with --calls and --words: the first name that is called")
    given = reader.parse_args(arguments)
    limit = int(given.memory * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    os.chdir(tempfile.mkdtemp())
    bad = slow = total = 0
    for program in _chosen(given):
        outcome = run_watched(program, given.seconds)
        total += 1
        late = outcome.seconds > given.seconds + 1.0
        if outcome.defect or late:
            bad += bool(outcome.defect)
            slow += late
            shown = program if len(program) < 400 else program[:400] + " ..."
            print(f"--- {outcome.defect or 'slow'} {outcome.seconds:.1f} s\n{shown}\n{outcome.errors[-600:]}", flush=True)
        if total % 1000 == 0:
            print(f"=== {total} programs, {bad} defects, {slow} too slow to stop", flush=True)
    print(f"=== {total} programs, {bad} defects, {slow} too slow to stop", flush=True)
    return 1 if bad or slow else 0


def _chosen(given: argparse.Namespace) -> Iterator[str]:
    """The programs asked for."""
    if given.calls or given.words:
        yield from crossings(given.seed, given.calls or given.words, bool(given.words), given.first)
        return
    for number in range((given.count + 999) // 1000):
        yield from programs(given.seed + number, min(1000, given.count - 1000 * number))


if __name__ == "__main__":
    sys.exit(main())
