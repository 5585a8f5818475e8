"""`pipekeras check`: reports what is wrong with programs without training, reading or writing anything."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipekeras.repl.source import SourceError, read_program

if TYPE_CHECKING:
    from pipekeras.grammar.nodes import Span


def check_files(paths: Sequence[str]) -> int:
    """Check program files and report every problem on standard error.

    Returns:
        0 when there is none, 1 when there are some, 2 when a file is missing.
    """
    status = 0
    for path in paths:
        try:
            text = read_program(path)
        except SourceError as error:
            sys.stderr.write(error.report() + "\n")
            status = 2
            continue
        reports = check_text(text, path)
        for report in reports:
            sys.stderr.write(report + "\n")
        if reports:
            status = max(status, 1)
        count = len(reports)
        sys.stdout.write(f"{path}: {'no problems' if not count else f'{count} problem' + 's' * (count > 1)}\n")
    return status


def check_text(text: str, name: str) -> list[str]:
    """Reports on a program's text, in its order."""
    from pipekeras.grammar.diagnose import ParseError
    from pipekeras.grammar.nodes import Source
    from pipekeras.grammar.parse import parse_program

    try:
        program = parse_program(Source(name, text))
    except ParseError as error:
        return [error.report()]
    from pipekeras.grammar.check import check_program
    from pipekeras.grammar.rehearse import rehearse
    from pipekeras.grammar.session import Session

    nowhere = io.StringIO()
    session = Session(output=nowhere, error_output=nowhere)
    session.activate()
    problems = check_program(program, session.globals)
    named = [problem.span for problem in problems if problem.span is not None]
    for problem in rehearse(program, session, Path(name).absolute().parent):
        # What is known from the names alone is not told a second time.
        if problem.span is None or not any(_overlap(problem.span, span) for span in named):
            problems.append(problem)
    problems.sort(key=lambda problem: problem.span.start if problem.span is not None else len(text))
    return [problem.report() for problem in problems]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
