"""How much work a piece of code is, counted: seconds depend on the machine and on what else it does."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import sys
{before}
calls = 0

def count(frame, event, argument):
    global calls
    calls += event == "call"

sys.setprofile(count)
{code}
sys.setprofile(None)
print("calls", calls)
"""


def calls_of(code: str, before: str = "") -> int:
    """Calls of Python's functions that some statements make, in a process of their own."""
    program = _PROGRAM.format(before=before, code=code)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600, check=True)
    return int(done.stdout.rpartition("calls ")[2])
