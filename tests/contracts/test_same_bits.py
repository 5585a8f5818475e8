"""Every layer trained for ten epochs on 1, 2 and 3 threads: the same bits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

WORKER = Path(__file__).with_name("training_digests.py")


def test_threads_leave_no_trace() -> None:
    runs = {
        threads: subprocess.Popen(
            [sys.executable, str(WORKER)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PIPEKERAS_NUM_THREADS": str(threads)},
        )
        for threads in (1, 2, 3)
    }
    found = {}
    for threads, run in runs.items():
        output, errors = run.communicate()
        assert run.returncode == 0, errors
        found[threads] = json.loads(output.splitlines()[-1])
    alone = found[1]
    assert len(alone["digests"]) > 90 and alone["shared"] == 0
    for threads in (2, 3):
        assert found[threads]["shared"] > 90, "nothing was shared among threads"
        differing = [name for name, digest in alone["digests"].items() if found[threads]["digests"][name] != digest]
        assert not differing, f"{threads} threads leave other bits in {', '.join(differing)}"
