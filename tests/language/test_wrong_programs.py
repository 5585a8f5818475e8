"""Wrong programs: message, place, line, caret and mend, to the letter; exit status 1; never a Python traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "wrong"
PROGRAMS = sorted(FOLDER.glob("*.pk"))


def run(*arguments: str, cwd: Path = FOLDER) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipekeras.repl", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1"},
    )


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_error_text(program: Path) -> None:
    found = run(program.name)
    expected = program.with_suffix(".err").read_text(encoding="utf-8")
    assert found.stderr.replace(str(FOLDER), "FOLDER") == expected
    assert found.returncode == 1
    assert "mend: " in expected and "Traceback" not in expected


def test_there_are_twelve() -> None:
    assert len(PROGRAMS) >= 12


def test_wrong_usage_has_a_status_of_its_own(tmp_path: Path) -> None:
    assert run("--no-such-option", cwd=tmp_path).returncode == 2
    missing = run("missing.pk", cwd=tmp_path)
    assert missing.returncode == 2 and "there is no file 'missing.pk'" in missing.stderr
