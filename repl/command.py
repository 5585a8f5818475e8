"""The command `pipekeras`: reads its arguments and starts what they ask for.

Only what an invocation needs is imported, so `--help` and a short script start at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

USAGE = """\
usage: pipekeras [options] [file [arguments...]]

  pipekeras                        the interactive prompt
  pipekeras file.pk [arguments]    run a program (.pk, .R, or the R chunks of .Rmd and .qmd)
  pipekeras run file.pk [args]     the same
  pipekeras -e 'code' [arguments]  run code from the command line; several -e are lines of one program
  pipekeras - [arguments]          run a program from standard input
  pipekeras check file.pk ...      report mistakes in syntax, names and shapes without training

options:
  --debug      show Python tracebacks of internal errors
  --version    print the version and exit
  --help, -h   print this help and exit

`commandArgs(trailingOnly = TRUE)` gives the arguments to the program. The exit status is 0 after success, 1 after an
error in the program, 2 after wrong usage, 130 after Ctrl-C, or what quit(status = ) says.
"""

WRONG_USAGE = 2


class UsageError(Exception):
    """A command line that makes no sense; `mend` says what to write instead."""

    def __init__(self, message: str, mend: str = "see pipekeras --help") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


class Invocation:
    """What a command line asks for.

    Attributes:
        action: "prompt", "file", "code", "input", "check", "help" or "version".
        files: the program, or the programs to check.
        code: lines given with -e.
        arguments: what the program sees as its arguments.
        debug: show Python tracebacks.
    """

    def __init__(self) -> None:
        self.action = "prompt"
        self.files: list[str] = []
        self.code: list[str] = []
        self.arguments: list[str] = []
        self.debug = False


def read_arguments(arguments: Sequence[str]) -> Invocation:
    """What the arguments ask for.

    Raises:
        UsageError: an unknown option or a missing operand.
    """
    invocation = Invocation()
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word in ("--help", "-h"):
            invocation.action = "help"
            return invocation
        if word == "--version":
            invocation.action = "version"
            return invocation
        if word == "--debug":
            invocation.debug = True
        elif word == "-e":
            if not waiting:
                raise UsageError("-e needs code after it", "pipekeras -e '1 + 1'")
            invocation.action = "code"
            invocation.code.append(waiting.pop(0))
        elif invocation.action == "code":
            invocation.arguments = [word, *waiting]
            return invocation
        elif word == "-":
            invocation.action = "input"
            invocation.arguments = waiting
            return invocation
        elif word.startswith("-"):
            raise UsageError(f"unknown option {word}")
        elif word == "check":
            return _read_check(invocation, waiting)
        elif word == "run":
            return _read_run(invocation, waiting)
        else:
            invocation.action = "file"
            invocation.files = [word]
            invocation.arguments = waiting
            return invocation
    return invocation


def _read_run(invocation: Invocation, waiting: list[str]) -> Invocation:
    while waiting and waiting[0] == "--debug":
        invocation.debug = True
        del waiting[0]
    if not waiting:
        raise UsageError("run needs a file after it", "pipekeras run file.pk")
    invocation.action = "file"
    invocation.files = [waiting[0]]
    invocation.arguments = waiting[1:]
    return invocation


def _read_check(invocation: Invocation, waiting: list[str]) -> Invocation:
    unknown = [word for word in waiting if word.startswith("-")]
    if unknown:
        raise UsageError(f"unknown option {unknown[0]} of check")
    if not waiting:
        raise UsageError("check needs a file after it", "pipekeras check file.pk")
    invocation.action = "check"
    invocation.files = waiting
    return invocation


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is its exit status."""
    try:
        invocation = read_arguments(sys.argv[1:] if arguments is None else arguments)
    except UsageError as error:
        sys.stderr.write(f"pipekeras: {error.message}\n  mend: {error.mend}\n")
        return WRONG_USAGE
    if invocation.action == "help":
        sys.stdout.write(USAGE)
        return 0
    if invocation.action == "version":
        from importlib.metadata import version

        sys.stdout.write(f"pipekeras {version('pipekeras')}\n")
        return 0
    if arguments is None:
        from pipekeras.repl.memory import bound_memory

        bound_memory()
    if invocation.action == "prompt" and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        from pipekeras.repl.shell import run_shell

        return run_shell(invocation.debug)
    from pipekeras.repl import batch

    return batch.run_invocation(invocation)
