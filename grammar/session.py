"""A session: one running program or prompt with its environments, options, output and warnings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from pipekeras.grammar import library
from pipekeras.grammar.builtins.registry import CONSTANTS, REGISTRY
from pipekeras.grammar.deep import run_deep
from pipekeras.grammar.diagnose import ParseError
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import (
    ControlFlow,
    LoopSignal,
    QuitSignal,
    RError,
    ReturnSignal,
    UnwindSignal,
)
from pipekeras.grammar.evaluation import forms as _forms
from pipekeras.grammar.evaluation.calls import internal_error
from pipekeras.grammar.evaluation.compiler import code_of, own_bindings, restore_bindings
from pipekeras.grammar.evaluation.conditions import error_text, fail, no_loop, print_warnings
from pipekeras.grammar.evaluation.machine import call_function, machine, too_deep, write_error
from pipekeras.grammar.evaluation.s4 import is_s4
from pipekeras.grammar.evaluation.shortcuts import install
from pipekeras.grammar.external import out_of_memory
from pipekeras.grammar.families import load_families
from pipekeras.grammar.keras.frame import KerasFrame
from pipekeras.grammar.nodes import Source, Symbol
from pipekeras.grammar.parse import parse_program
from pipekeras.grammar.text.collation import Collation
from pipekeras.grammar.values import NULL, Promise, Vector, character, double, integer, logical

_ = _forms
load_families()
install()


def default_options() -> dict[str, Any]:
    """``options()`` of a fresh session."""
    return {
        "digits": integer(7),
        "scipen": integer(0),
        "width": integer(80),
        "OutDec": character("."),
        "warn": integer(0),
        "warning.length": integer(1000),
        "stringsAsFactors": logical(False),
        "keep.source": logical(False),
        "max.print": integer(99999),
        "expressions": integer(5000),
        "digits.secs": NULL,
        "encoding": character("native.enc"),
        "useFancyQuotes": logical(True),
        "prompt": character("> "),
        "continue": character("+ "),
        "echo": logical(False),
        "verbose": logical(False),
        "nwarnings": integer(50),
        "ts.eps": double(1e-05),
        "na.action": character("na.omit"),
        "contrasts": Vector(
            "character",
            character(["contr.treatment", "contr.poly"]).data,
            {"names": character(["unordered", "ordered"])},
        ),
    }


class Session:
    """State of one program: environments, options, output, warnings.

    Args:
        arguments: command-line arguments that ``commandArgs()`` shows.
        output: object with ``write`` for standard output, default ``sys.stdout``.
        error_output: the same for messages, warnings and errors, default ``sys.stderr``.
        interactive: what ``interactive()`` answers.
        debug: show Python tracebacks of internal problems.
    """

    def __init__(
        self,
        arguments: Sequence[str] = (),
        output: Any = None,
        error_output: Any = None,
        interactive: bool = False,
        debug: bool = False,
    ) -> None:
        self.arguments = list(arguments)
        self.output = output
        self.error_output = error_output
        self.interactive = interactive
        self.debug = debug
        keras = Environment(None, KerasFrame(), name="package:keras")
        self.base = Environment(keras, dict(CONSTANTS), name="base")
        self.base.frame.update(library.bindings(self.base))
        self.base.frame.update(REGISTRY)
        self.globals = Environment(self.base, name="R_GlobalEnv")
        self.base.frame[".GlobalEnv"] = self.globals
        self.options = default_options()
        self.attached: list[str] = []
        self.methods: dict[str, Any] = {}
        self.warnings: list[tuple[str, Any]] = []
        self.seed_state: Any = None
        self.store: dict[str, Any] = {}
        self.own_bindings: set[str] = set()
        self.finished = False
        self.stating = 0
        self.statement_span: Any = None
        self.statement: Any = None

    def activate(self) -> None:
        """Make this the session that the machine runs."""
        if machine.session is not self:
            # What another session still had to say is not said here, and its operators and methods are not known.
            machine.warnings, machine.last_warnings = [], []
            if machine.session is not None:
                machine.session.own_bindings = own_bindings()
                generator = sys.modules.get("pipekeras.grammar.numeric.generator")
                if generator is not None:
                    generator.GENERATOR.reset_kinds()
            restore_bindings(self.own_bindings)
        machine.session = self
        machine.base_environment = self.base
        machine.global_environment = self.globals
        machine.options = self.options
        machine.attached = self.attached
        machine.methods = self.methods
        machine.writer = self.output
        machine.error_writer = self.error_output
        machine.frames = []
        machine.handlers = None
        machine.restarts = None
        machine.interrupted = False
        Collation.by_code = self.store.get("by_code", False)

    def write(self, text: str) -> None:
        """Write to the program's standard output."""
        (sys.stdout if self.output is None else self.output).write(text)

    def evaluate(self, expression: Any, environment: Environment | None = None) -> Any:
        """Value of a language object; errors of the language come as `RError`."""
        if machine.session is not self:
            self.activate()
        return run_deep(lambda: self._evaluate(expression, environment or self.globals))

    def evaluate_text(self, text: str, name: str = "<text>") -> Any:
        """Value of the last expression of a text; nothing prints by itself."""
        value: Any = NULL
        for expression in parse_program(Source(name, text)).expressions:
            value = self.evaluate(expression)
        return value

    def _evaluate(self, expression: Any, environment: Environment) -> Any:
        machine.visible = True
        try:
            return code_of(expression)(environment)
        except RError as error:
            raise fail(error) from error.__cause__
        except RecursionError:
            raise fail(too_deep()) from None
        except MemoryError as error:
            raise fail(out_of_memory(error)) from None
        except Exception as error:
            raise internal_error(error, None) from error
        except ReturnSignal as signal:
            return signal.value
        except LoopSignal:
            raise fail(no_loop(False)) from None

    def run(self, text: str, name: str = "<text>") -> int:
        """Run a program, printing values as R does at top level.

        What stands before a mistake in the syntax runs first, as R reads a program statement by statement.

        Returns:
            Exit status: 0, 1 after an error (printed to the error output), or what ``quit(status = )`` said.
        """
        return run_deep(lambda: self._run(text, name))

    def _run(self, text: str, name: str) -> int:
        self.activate()
        mistake: ParseError | None = None
        try:
            statements = parse_program(Source(name, text)).statements
        except ParseError as error:
            statements, mistake = error.statements, error
        for statement in statements:
            status = self.run_statement(statement.expression)
            if status is not None:
                return status
        if mistake is None:
            return 0
        write_error(mistake.report() + "\n")
        return 1

    def close(self) -> None:
        """What the end of a program or of a dialogue does: finalizers that asked for it run."""
        found = self.store.get("finalizers")
        if found is not None:
            if machine.session is not self:
                self.activate()
            run_deep(found.run_all)

    def run_statement(self, expression: Any) -> int | None:
        """Evaluate and print one top-level expression; an exit status when the program must end."""
        depth = len(machine.frames)
        self.stating += 1
        self.statement_span = getattr(expression, "span", None)
        self.statement = expression
        try:
            value = self._evaluate(expression, self.globals)
            self.base.frame[".Last.value"] = value
            if machine.visible:
                self.print_value(value)
            print_warnings()
        except RError as error:
            self.restore(depth)
            if not error.reported:
                self.report(error)
            print_warnings(addition=not error.reported)
            return 1
        except KeyboardInterrupt:
            self.restore(depth)
            raise
        except QuitSignal as signal:
            self.finished = True
            print_warnings()
            return signal.status
        except UnwindSignal:
            self.restore(depth)
            return None
        except ControlFlow:
            self.restore(depth)
            return None
        finally:
            self.stating -= 1
        return None

    def restore(self, depth: int) -> None:
        """Forget calls, handlers and restarts of an expression that failed."""
        del machine.frames[depth:]
        machine.handlers = None
        machine.restarts = None
        machine.writer = self.output

    def print_value(self, value: Any) -> None:
        """Print a value as the top level does: S4 and S3 methods apply."""
        function = self.globals.get_function("show" if is_s4(value) else "print")
        try:
            call_function(
                function,
                [(None, Promise(None, Symbol("x"), None, value))],
                self.globals,
            )
        except RError as error:
            raise fail(error) from error.__cause__
        except RecursionError:
            raise fail(too_deep()) from None
        except MemoryError as error:
            raise fail(out_of_memory(error)) from None

    def report_first(self, error: RError) -> None:
        """Report an error that ends a statement before what `on.exit` left to do is done, as R does."""
        if self.stating and not error.reported:
            error.reported = True
            self.report(error)
            print_warnings(addition=True)

    def report(self, error: RError) -> None:
        """Write an error: R's text, the place, the source line with a caret, the mend."""
        from pipekeras.grammar.diagnose import point_at

        shown = error_text(error)
        self.store["last_error"] = shown
        self.store["traceback"] = error.calls
        lines = [shown.rstrip("\n")]
        if error.span is not None:
            lines.extend(point_at(error.span))
        if error.raised_at is not None:
            lines.append(f"  raised in the library, {error.raised_at.source.place(error.raised_at.start)}")
        if error.mend:
            lines.append(f"  mend: {error.mend}")
        write_error("\n".join(lines) + "\n")
        if self.debug and error.__cause__ is not None:
            import traceback

            write_error("".join(traceback.format_exception(error.__cause__)))
