"""Programs of the language print exactly what GNU R 4.2 prints.

Every `NAME.R` in `conformance/` and `programs/` has its expected standard output beside it in `NAME.out`, made with
`LC_ALL=C.UTF-8 Rscript --vanilla NAME.R`. Only standard output is compared; every program ends with status 0.
"""

from __future__ import annotations

import difflib
import io
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "conformance").glob("*.R")) + sorted((HERE / "programs").glob("*.R"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_prints_what_r_prints(program: Path) -> None:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(program.read_text(encoding="utf-8"), program.name)
    expected = program.with_suffix(".out").read_text(encoding="utf-8")
    if output.getvalue() != expected:
        difference = difflib.unified_diff(
            expected.splitlines(), output.getvalue().splitlines(), "R", "ours", lineterm="", n=2
        )
        pytest.fail("\n".join([*list(difference)[:40], errors.getvalue()[-600:]]), pytrace=False)
    assert status == 0, errors.getvalue()
