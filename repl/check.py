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
    from pipekeras.grammar.check import check_program
    from pipekeras.grammar.nodes import Source
    from pipekeras.grammar.recover import read_on
    from pipekeras.grammar.rehearse import rehearse
    from pipekeras.grammar.session import Session

    reading = read_on(Source(name, text))

    nowhere = io.StringIO()
    session = Session(output=nowhere, error_output=nowhere)
    session.activate()
    problems = check_program(reading.program, session.globals, reading.gaps)
    named = [problem.span for problem in problems if problem.span is not None]
    for problem in rehearse(reading.program, session, Path(name).absolute().parent, reading.gaps):
        # What is known from the names alone is not told a second time.
        if problem.span is None or not any(_overlap(problem.span, span) for span in named):
            problems.append(problem)
    reports = [(mistake.span.start, mistake.report()) for mistake in reading.mistakes]
    reports += [(len(text) if problem.span is None else problem.span.start, problem.report()) for problem in problems]
    return [report for _, report in sorted(dict.fromkeys(reports), key=lambda pair: pair[0])]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
