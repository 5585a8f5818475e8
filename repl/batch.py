"""Programs without a terminal: files, `-e` code and standard input."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TYPE_CHECKING

from pipekeras.repl.command import WRONG_USAGE
from pipekeras.repl.source import SourceError, decode_program, read_program

if TYPE_CHECKING:
    from pipekeras.repl.command import Invocation

INTERRUPTED = 130


class ErrorOutput:
    """Standard error, kept in step with standard output: what was printed before comes first."""

    def write(self, text: str) -> int:
        sys.stdout.flush()
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _bytes_or_codes(error: UnicodeError) -> tuple[str | bytes, int]:
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.lookup_error("backslashreplace")(error)


def run_invocation(invocation: Invocation) -> int:
    """Do what a command line asks for; the result is the exit status."""
    codecs.register_error("bytes_or_codes", _bytes_or_codes)
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal's encoding lacks shows as an escape, it does not end the program; a byte that
        # belongs to no character goes out as it came.
        getattr(stream, "reconfigure", lambda **_: None)(errors="bytes_or_codes")
    if invocation.action == "check":
        from pipekeras.repl.check import check_files

        return check_files(invocation.files)
    try:
        text, name = _program_of(invocation)
    except SourceError as error:
        sys.stderr.write(error.report() + "\n")
        return WRONG_USAGE if invocation.action == "file" and not os.path.isfile(invocation.files[0]) else 1
    return run_program(text, name, invocation.arguments, invocation.debug)


def _program_of(invocation: Invocation) -> tuple[str, str]:
    if invocation.action == "code":
        return "\n".join(invocation.code), "<command line>"
    if invocation.action == "file":
        return read_program(invocation.files[0]), invocation.files[0]
    return decode_program(sys.stdin.buffer.read(), "<standard input>"), "<standard input>"


def run_program(text: str, name: str, arguments: list[str], debug: bool = False) -> int:
    """Run a program's text; errors go to standard error with their place.

    Args:
        text: the program.
        name: what its places are called.
        arguments: what `commandArgs(trailingOnly = TRUE)` gives.
        debug: show Python tracebacks of internal errors.

    Returns:
        Exit status.
    """
    from pipekeras.grammar.session import Session

    session = Session(arguments, error_output=ErrorOutput(), debug=debug)
    session.store["program"] = name
    try:
        status = session.run(text, name)
        session.close()
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        _write_last("\ninterrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 1
    except Exception as error:
        report_internal(error, debug)
        return 1


def report_internal(error: Exception, debug: bool) -> None:
    """Tell of a fault of ours, with the Python traceback when that was asked for."""
    if debug:
        import traceback

        _write_last("".join(traceback.format_exception(error)))
        return
    _write_last(
        f"InternalError: {type(error).__name__}: {error}\n"
        "  This is a fault of pipekeras, not of your program. Run with --debug for the details and report it.\n"
    )


def _write_last(text: str) -> None:
    try:
        ErrorOutput().write(text)
    except BrokenPipeError:
        sys.stderr.write(text)
