"""Time every work with every peer, each in a process of its own; print the table and write it to RESULTS.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import machine, product_peak
from benchmarks.peers import PEERS, environment, installed
from benchmarks.works import RATIOS, TITLES, TRAINING

HERE = Path(__file__).parent
OURS = "pipekeras"


def run_one(work: str, peer: str, timeout: float, **settings: str) -> dict[str, float] | None:
    """The result of one process, or None when it failed."""
    command = [sys.executable, "-m", "benchmarks.one", work, peer]
    start = time.perf_counter()
    try:
        done = subprocess.run(command, cwd=HERE.parent, env=environment(peer) | settings, capture_output=True, text=True,
                              timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        print(f"  {peer}: stopped after {timeout:.0f} s")
        return None
    elapsed = time.perf_counter() - start
    if done.returncode:
        print(f"  {peer}: failed: {(done.stderr.strip() or 'no message').splitlines()[-1]}")
        return None
    result = json.loads(done.stdout.strip().splitlines()[-1])
    if result["seconds"] is None:
        result["seconds"] = elapsed
    return result


def show(seconds: float) -> str:
    """A time with three figures."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale or unit == "us":
            return f"{seconds / scale:.3g} {unit}"
    return ""


def table_row(work: str, peers: list[str], peak: float, timeout: float) -> list[str]:
    """One work: ours, every peer, the ratio to the best of them."""
    print(TITLES[work], flush=True)
    results = {}
    for peer in peers:
        # The first process fills caches; a first step is timed warm.
        if work == "first_step":
            run_one(work, peer, timeout)
            tries = [run_one(work, peer, timeout) for _ in range(2)]
            found = min((one for one in tries if one), key=lambda one: one["seconds"], default=None)
        else:
            found = run_one(work, peer, timeout)
        if found:
            results[peer] = found
            print(f"  {peer}: {show(found['seconds'])}, {found['memory']:.0f} MB", flush=True)
    ours = results.get(OURS)
    others = [result["seconds"] for peer, result in results.items() if peer != OURS]
    ratio = f"{ours['seconds'] / min(others):.2f}" if ours and others else "-"
    rate = "-"
    if ours and work in TRAINING:
        speed = TRAINING[work].flops / ours["seconds"] / 1e9
        rate = f"{speed:.0f} ({100 * speed / peak:.0f}%)"
    cells = [show(results[peer]["seconds"]) if peer in results else "-" for peer in peers]
    return [TITLES[work], *cells, ratio, f"{RATIOS[work]}", rate, f"{ours['memory']:.0f}" if ours else "-"]


def cold_start(timeout: float) -> str:
    """The first step ever: an empty kernel cache."""
    with tempfile.TemporaryDirectory() as folder:
        found = run_one("first_step", OURS, timeout, PIPEKERAS_CACHE=folder)
    return show(found["seconds"]) if found else "-"


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("works", nargs="*", help=f"any of {', '.join(TITLES)}; default all")
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds that one process may take")
    arguments = parser.parse_args()
    unknown = [work for work in arguments.works if work not in TITLES]
    if unknown:
        parser.error(f"no work named {unknown[0]!r}; there are {', '.join(TITLES)}")
    peers = [peer for peer in PEERS if installed(peer)]
    missing = [peer for peer in PEERS if peer not in peers]
    peak = product_peak()
    notes = [f"Machine: {machine()}.", f"Matrix product peak, float32, measured in this run: {peak:.0f} GF/s."]
    if missing:
        notes.append(f"Not installed: {', '.join(missing)}.")
    print("\n".join(notes))
    works = arguments.works or list(TITLES)
    rows = [table_row(work, peers, peak, arguments.timeout) for work in works]
    if "first_step" in works:
        notes.append(f"First step with an empty kernel cache: {cold_start(arguments.timeout)}.")
    head = ["work", *peers, "ratio to best peer", "at most", "GF/s (of peak)", "MB"]
    lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]]
    title = ["# Benchmarks", "", "Times are per training step (or call, or process); the best of three.", ""]
    text = "\n".join([*title, *notes, "", *lines, ""])
    print("\n" + "\n".join([*notes, "", *lines]))
    if not arguments.works:
        (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
