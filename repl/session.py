"""Read, evaluate, print without a terminal: what the prompt does with each input."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import Any

from pipekeras.grammar.deep import run_deep
from pipekeras.grammar.diagnose import ParseError
from pipekeras.grammar.nodes import Source
from pipekeras.grammar.parse import Program, parse_program
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import integer, logical


class Reply(Enum):
    """What became of an input."""

    DONE = "done"
    FAILED = "failed"
    UNFINISHED = "unfinished"
    QUIT = "quit"


class Dialogue:
    """One conversation with the language.

    Args:
        output: object with `write` for results, standard output by default.
        error_output: the same for messages, warnings and errors.
        debug: show Python tracebacks of internal errors.
        arguments: what `commandArgs(trailingOnly = TRUE)` gives.
    """

    def __init__(
        self,
        output: Any = None,
        error_output: Any = None,
        debug: bool = False,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.session = Session(arguments, output, error_output, interactive=True, debug=debug)
        self.session.activate()
        # Functions typed at the prompt print as they were typed.
        self.session.options["keep.source"] = logical(True)
        self.status = 0
        self.count = 0

    def submit(self, text: str) -> Reply:
        """Evaluate an input and print its results; `UNFINISHED` when more text could complete it."""
        source = Source(self._name(), text)
        try:
            program = parse_program(source)
        except ParseError as error:
            if error.unfinished:
                return Reply.UNFINISHED
            # Statements that had ended before the mistake are evaluated, as at R's prompt.
            reply = self.evaluate(Program(source, error.statements, []))
            if reply is Reply.DONE:
                self.write_error(error.report() + "\n")
                reply = Reply.FAILED
            return reply
        self.count += 1
        return self.evaluate(program)

    def evaluate(self, program: Program) -> Reply:
        """Evaluate and print statements until one fails."""
        from pipekeras.grammar.evaluation.machine import machine
        from pipekeras.repl.batch import report_internal

        session = self.session
        if machine.session is not session:
            session.activate()
        for statement in program.statements:
            expression = statement.expression
            try:
                status = run_deep(partial(session.run_statement, expression))
            except KeyboardInterrupt:
                session.restore(0)
                self.write_error("\ninterrupted\n")
                return Reply.FAILED
            except Exception as error:
                session.restore(0)
                report_internal(error, session.debug)
                return Reply.FAILED
            if session.finished:
                self.status = status or 0
                return Reply.QUIT
            if status is not None:
                return Reply.FAILED
        return Reply.DONE

    def set_width(self, columns: int) -> None:
        """Print lines of so many columns, within what `options(width = )` takes."""
        self.session.options["width"] = integer(min(max(columns, 10), 10000))

    def write_error(self, text: str) -> None:
        """Write to the error output."""
        from pipekeras.grammar.evaluation.machine import write_error

        write_error(text)

    def _name(self) -> str:
        return f"<input {self.count + 1}>"


def is_unfinished(text: str) -> bool:
    """Whether more text could complete the program; complete and wrong programs are both finished."""
    try:
        parse_program(Source("<prompt>", text))
    except ParseError as error:
        return error.unfinished
    return False
