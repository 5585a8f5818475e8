"""The programs of examples/features print the same in the language and in Python, and together cover every feature."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "features"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.pk"))
# Chapters and their rows; the older spellings (3.10) have no program here.
ROWS = {f"{chapter}.{row}" for chapter, last in enumerate((12, 8, 5, 9, 8)) for row in range(1, last + 1)}


def printed(arguments: list[str], folder: Path) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=folder, env=os.environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_both_front_ends_print_the_same(name: str, tmp_path: Path) -> None:
    ours = printed(["-m", "pipekeras.repl", str(FOLDER / f"{name}.pk")], tmp_path)
    assert ours == printed([str(FOLDER / f"{name}.py")], tmp_path)
    assert ours.strip()


def test_every_program_has_a_twin() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.py")) == PROGRAMS


def test_every_row_has_a_program() -> None:
    found: set[str] = set()
    for name in PROGRAMS:
        head = (FOLDER / f"{name}.pk").read_text(encoding="utf-8").split("\n", 1)[0]
        numbers = head.split(":", 1)[0]
        for first, last in re.findall(r"(\d\.\d+)(?: to (\d\.\d+))?", numbers):
            chapter, start = first.split(".")
            end = int(last.split(".")[1]) if last else int(start)
            found |= {f"{chapter}.{row}" for row in range(int(start), end + 1)}
    assert found == ROWS
