"""Every example of the guides runs, and prints what the guide shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
GUIDES = sorted(path.stem for path in (DOCS / "guides").glob("*.md"))


def blocks(guide: str, language: str) -> list[tuple[str, str]]:
    """Code blocks in order, each with the output that is shown under it."""
    text = (DOCS / "guides" / f"{guide}.md").read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", text, re.MULTILINE | re.DOTALL)
    return [(code, shown) for code, shown in found]


def output(arguments: list[str], folder: Path) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=folder, env=os.environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("guide", GUIDES)
def test_the_examples_in_python(guide: str, tmp_path: Path) -> None:
    parts = blocks(guide, "python")
    code = "\n".join(f"{part}\nprint('----')" for part, _ in parts)
    printed = output(["-c", code], tmp_path).split("----\n")[:-1]
    for (part, shown), found in zip(parts, printed, strict=True):
        assert not shown or found == shown, part


@pytest.mark.parametrize("guide", GUIDES)
def test_the_examples_in_the_language(guide: str, tmp_path: Path) -> None:
    parts = blocks(guide, "r")
    assert parts, "every guide is for both front ends"
    file = tmp_path / "guide.pk"
    file.write_text("\n".join(f"{part}\ncat('----\\n')" for part, _ in parts), encoding="utf-8")
    printed = output(["-m", "pipekeras.repl", str(file)], tmp_path).split("----\n")[:-1]
    for (part, shown), found in zip(parts, printed, strict=True):
        assert not shown or found == shown, part
