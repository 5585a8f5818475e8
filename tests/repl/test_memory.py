"""A value larger than the memory is an error of the program; the process goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pipekeras.repl.memory import _STACKS, most_bytes

TABLE = "MemTotal:        1000 kB\nMemFree: 100 kB\nMemAvailable:     900 kB\nHugePages_Total: 0\n"


def test_the_bound_leaves_a_tenth_of_what_is_free() -> None:
    assert most_bytes(TABLE, 7, []) == 7 + 810 * 1024 + _STACKS


def test_half_of_the_memory_is_granted_however_much_others_have() -> None:
    assert most_bytes(TABLE.replace("900", "10"), 0, [("", "")]) == 500 * 1024 + _STACKS


def test_a_control_group_says_less() -> None:
    assert most_bytes(TABLE, 0, [("409600", "204800"), ("max", "5")]) == 204800 + _STACKS
    assert most_bytes(TABLE, 0, [("9223372036854771712", "5")]) == 810 * 1024 + _STACKS


def test_an_unknown_machine_has_no_bound() -> None:
    assert most_bytes("", 0, []) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the bound is Linux' own")
def test_a_vector_that_doubles_for_ever_ends_in_an_error() -> None:
    program = "x <- 1\nr <- tryCatch(for (i in 1:60) x <- c(x, x), error = conditionMessage)\nr\nlength(x) > 1000"
    command = [
        sys.executable,
        "-c",
        "import resource as r, sys; r.setrlimit(r.RLIMIT_DATA, (2**30, r.getrlimit(r.RLIMIT_DATA)[1])); "
        "from pipekeras.repl.command import main; sys.exit(main(sys.argv[1:]))",
        "-e",
        program,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    size, length = done.stdout.splitlines()
    assert size.startswith('[1] "cannot allocate vector of size ')
    assert length == "[1] TRUE"
