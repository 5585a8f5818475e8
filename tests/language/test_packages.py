"""Packages that scripts load: programs that check themselves and print nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

PROGRAMS = sorted((Path(__file__).parent / "packages").glob("*.R"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_package(program: Path) -> None:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(program.read_text(encoding="utf-8"), program.name)
    assert status == 0, errors.getvalue()
    assert output.getvalue() == ""
