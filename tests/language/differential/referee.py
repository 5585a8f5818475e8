"""What GNU R shows for expressions, and what this language shows for the same."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from pipekeras.grammar.session import Session

HARNESS = Path(__file__).parent / "harness.R"
LINE = re.compile(r"^#line \d+\n", re.MULTILINE)
ADDRESS = re.compile(r"0x[0-9a-f]{6,}>|<bytecode: .*>\n?")


def r_is_here() -> bool:
    """Whether GNU R can be asked."""
    return shutil.which("Rscript") is not None


def parts(shown: str) -> list[str]:
    """What each expression showed, from the whole output of the harness."""
    return [ADDRESS.sub("address>", part).strip("\n") for part in LINE.split(shown)[1:]]


def _file_of(lines: Sequence[str], folder: str) -> str:
    path = Path(folder) / "expressions.txt"
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return str(path)


def r_shows(lines: Sequence[str]) -> list[str]:
    """What GNU R shows for each line."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["Rscript", "--vanilla", str(HARNESS), _file_of(lines, folder)],
            capture_output=True, check=False, cwd=folder, timeout=600,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "LANGUAGE": "en"},
        )  # fmt: skip
    return parts(done.stdout.decode("utf-8", "replace"))


def ours_shows(lines: Sequence[str]) -> list[str]:
    """What this language shows for each line."""
    output, errors = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"TZ": "UTC"}):
        session = Session([_file_of(lines, folder)], output=output, error_output=errors)
        status = session.run(HARNESS.read_text(encoding="utf-8"), HARNESS.name)
    if status != 0:
        raise AssertionError(f"the harness ended with {status}: {errors.getvalue()}\n{output.getvalue()[-500:]}")
    return parts(output.getvalue())
