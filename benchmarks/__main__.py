"""Time every work with every peer, each in a process of its own; print the tables and write them to RESULTS.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import language, own_code
from benchmarks.convolutions import CONVOLUTIONS
from benchmarks.measure import machine, product_peak
from benchmarks.peers import PEERS, environment, installed, peers_of
from benchmarks.works import GROWTH, WORKS, Other, Training

HERE = Path(__file__).parent
OURS = "pipekeras"


class Bench:
    """One run: who takes part, how long a process may take, and the machine's own peak.

    Args:
        timeout: seconds that one process may take.
    """

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.peers = [peer for peer in PEERS if installed(peer)]
        self.peak = product_peak()

    def notes(self) -> list[str]:
        """What a reader of the figures has to know."""
        missing = [peer for peer in PEERS if peer not in self.peers]
        lines = [f"Machine: {machine()}.", f"Matrix product peak, float32, measured in this run: {self.peak:.0f} GF/s."]
        return lines + ([f"Not installed: {', '.join(missing)}."] if missing else [])

    def one(self, work: str, peer: str, **settings: str) -> dict[str, Any] | None:
        """The result of one process, or None when it failed."""
        command = [sys.executable, "-m", "benchmarks.one", work, peer]
        start = time.perf_counter()
        try:
            done = subprocess.run(command, cwd=HERE.parent, env=environment(peer) | settings, capture_output=True, text=True,
                                  timeout=self.timeout, check=False)
        except subprocess.TimeoutExpired:
            print(f"  {peer}: stopped after {self.timeout:.0f} s")
            return None
        elapsed = time.perf_counter() - start
        if done.returncode:
            print(f"  {peer}: failed: {(done.stderr.strip() or 'no message').splitlines()[-1]}")
            return None
        result = json.loads(done.stdout.strip().splitlines()[-1])
        if result["seconds"] is None:
            result["seconds"] = elapsed
        shown = result["seconds"] if isinstance(result["seconds"], list) else [result["seconds"]]
        print(f"  {peer}: {', '.join(map(show, shown))}, {result['memory']:.0f} MB", flush=True)
        return result

    def all(self, work: str, title: str) -> dict[str, dict[str, Any]]:
        """The result of every peer that has one."""
        print(title, flush=True)
        results = {}
        for peer in peers_of(work):
            if peer not in self.peers:
                continue
            # The first process fills caches; a first step is timed warm.
            tries = [self.one(work, peer) for _ in range(3 if work == "first_step" else 1)]
            found = [one for one in tries if one]
            if found:
                results[peer] = min(found, key=lambda one: one["seconds"])
        return results

    def row(self, name: str, work: Training | Other) -> list[str]:
        """One work: ours, every peer, the ratio to the best of them."""
        results = self.all(name, work.title)
        ours = results.get(OURS)
        against = work.against if isinstance(work, Other) else None
        others = [one["seconds"] for peer, one in results.items() if peer != OURS and against in (None, peer)]
        ratio, verdict, rate = "-", "-", "-"
        if ours and others:
            share = ours["seconds"] / min(others)
            ratio = f"{share:.2f}"
            within = share <= work.ratio or (work.limit is not None and ours["seconds"] <= work.limit)
            verdict = "yes" if within else "NO"
        if ours and isinstance(work, Training):
            speed = work.flops / ours["seconds"] / 1e9
            rate = f"{speed:.0f} ({100 * speed / self.peak:.0f}%)"
        bound = f"{work.ratio:g}" + (f" or {show(work.limit)}" if work.limit else "")
        cells = [show(results[peer]["seconds"]) if peer in results else "-" for peer in self.peers]
        return [work.title, *cells, ratio, bound, verdict, rate, f"{ours['memory']:.0f}" if ours else "-"]

    def convolution_row(self, name: str) -> list[str]:
        """One convolution: our three times and rates, the best peer's sum, the ratio."""
        shape = CONVOLUTIONS[name]
        results = self.all(name, shape.title)
        cells = ["-"] * 3
        ratio, best = "-", "-"
        if OURS in results:
            ours = results[OURS]["seconds"]
            speeds = [shape.flops / one / 1e9 for one in ours]
            cells = [f"{show(one)}, {speed:.0f} GF/s ({100 * speed / self.peak:.0f}%)"
                     for one, speed in zip(ours, speeds, strict=True)]
            others = {peer: sum(one["seconds"]) for peer, one in results.items() if peer != OURS}
            if others:
                first = min(others, key=lambda peer: others[peer])
                best, ratio = f"{show(others[first])} ({first})", f"{sum(ours) / others[first]:.2f}"
        return [shape.title, *cells, best, ratio]

    def growth_rows(self, name: str) -> list[list[str]]:
        """One quantity that doubles: a row for each peer."""
        results = self.all(name, f"growing {name}")
        return [[name, peer, *map(show, one["seconds"])] for peer, one in results.items()]

    def cold_start(self) -> str:
        """The first step ever: an empty kernel cache."""
        with tempfile.TemporaryDirectory() as folder:
            found = self.one("first_step", OURS, PIPEKERAS_CACHE=folder)
        return show(found["seconds"]) if found else "-"


def show(seconds: float) -> str:
    """A time with three figures."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} us"


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A table in Markdown."""
    return ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]] + [""]


def main() -> None:
    """Measure what was asked for."""
    names = [*WORKS, *CONVOLUTIONS, *GROWTH, "own_code", "language"]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("works", nargs="*", help=f"any of {', '.join(names)}; default all")
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds that one process may take")
    arguments = parser.parse_args()
    unknown = [work for work in arguments.works if work not in names]
    if unknown:
        parser.error(f"no work named {unknown[0]!r}; there are {', '.join(names)}")
    asked = set(arguments.works or names)
    bench = Bench(arguments.timeout)
    print("\n".join(bench.notes()))
    rows = [bench.row(name, work) for name, work in WORKS.items() if name in asked]
    convolutions = [bench.convolution_row(name) for name in CONVOLUTIONS if name in asked]
    growth = [row for name in GROWTH if name in asked for row in bench.growth_rows(name)]
    lines = [*bench.notes(), ""]
    if rows:
        head = ["work", *bench.peers, "ratio to best peer", "at most", "holds", "GF/s (of peak)", "MB"]
        lines += table(head, rows)
    if "first_step" in asked:
        lines += [f"The first step with an empty kernel cache takes {bench.cold_start()}.", ""]
    if convolutions:
        lines += ["## Single convolutions", "", "A peer's time is the sum of its three.", ""]
        head = ["convolution", "forward", "gradient of input", "gradient of kernel", "best peer", "ratio"]
        lines += table(head, convolutions)
    if growth:
        lines += ["## Growth", "", "Time per step of a dense network, 64-64-64-10 with batch 32, as one quantity doubles.", ""]
        lines += table(["doubles", "who", "x 1", "x 2", "x 4", "x 8"], growth)
    if "own_code" in asked:
        own = [[title, show(mine), show(built_in), f"{mine / built_in:.2f}", f"{own_code.LIMIT}"]
               for title, mine, built_in in own_code.rows()]
        lines += ["## Written by the user", ""]
        lines += table(["part", "the user's", "built in", "ratio", "at most"], own)
    if "language" in asked:
        lines += ["## The language on its own", ""]
        lines += table(["program", OURS, "GNU R", "ratio", "at most"], language.table())
    print("\n" + "\n".join(lines))
    if not arguments.works:
        title = ["# Benchmarks", "", "Times are per training step (or call, net or process), best of three to eight runs.", ""]
        (HERE / "RESULTS.md").write_text("\n".join([*title, *lines]))


if __name__ == "__main__":
    main()
