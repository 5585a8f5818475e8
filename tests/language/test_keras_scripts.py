"""Programs in the style of public R keras scripts, on tiny data: they run to their end and print what they did before.

A program without an `.out` file prints drawn numbers; of it only the end is checked.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipekeras.grammar import drawing
from pipekeras.grammar.session import Session

FOLDER = Path(__file__).parent / "scripts"
SCRIPTS = sorted(FOLDER.glob("*.R"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script(script: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing(name: str) -> None:
        raise drawing.MissingMatplotlib

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(drawing, "_module", missing)
    monkeypatch.setattr(drawing.DRAWING, "warned", False)
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(script.read_text(encoding="utf-8"), script.name)
    assert status == 0, errors.getvalue()
    assert "internal problem" not in errors.getvalue()
    expected = script.with_suffix(".out")
    if expected.exists():
        assert output.getvalue() == expected.read_text(encoding="utf-8")
