"""The interactive prompt: keys through prompt-toolkit's pipe input, and one talk through a real terminal."""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pipekeras.repl import shell
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

ENTER, CTRL_C, CTRL_D, CTRL_R, ESCAPE_ENTER, UP = "\r", "\x03", "\x04", "\x12", "\x1b\r", "\x1b[A"


@pytest.fixture
def talk(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Types keys at a fresh prompt and gives exit status, output without the greeting, and errors."""

    def type_keys(keys: str, history: InMemoryHistory | None = None) -> tuple[int, str, str]:
        with create_pipe_input() as pipe:
            pipe.send_text(keys)
            status = shell.run_shell(input=pipe, output=DummyOutput(), history=history or InMemoryHistory())
        printed = capsys.readouterr()
        return status, printed.out.split("\n", 1)[1], printed.err

    return type_keys


def test_results_print_and_ctrl_d_leaves(talk: Callable[..., tuple[int, str, str]]) -> None:
    assert talk(f"x <- 20{ENTER}x + 1{ENTER}{CTRL_D}") == (0, "[1] 21\n", "")


def test_an_unfinished_expression_goes_on(talk: Callable[..., tuple[int, str, str]]) -> None:
    keys = f"f <- function(a) {{{ENTER}a * 2{ENTER}}}{ENTER}f(4){ENTER}sum(1,{ENTER}2){ENTER}{CTRL_D}"
    assert talk(keys)[1] == "[1] 8\n[1] 3\n"


def test_escape_enter_adds_a_line(talk: Callable[..., tuple[int, str, str]]) -> None:
    assert talk(f"1{ESCAPE_ENTER}2{ENTER}{CTRL_D}")[1] == "[1] 1\n[1] 2\n"


def test_ctrl_c_drops_the_input(talk: Callable[..., tuple[int, str, str]]) -> None:
    assert talk(f"if (TRUE {CTRL_C}3{ENTER}{CTRL_D}") == (0, "[1] 3\n", "")


def test_errors_do_not_end_the_talk(talk: Callable[..., tuple[int, str, str]]) -> None:
    status, output, errors = talk(f"nothing_here{ENTER}f(]{ENTER}5{ENTER}{CTRL_D}")
    assert (status, output) == (0, "[1] 5\n")
    assert "object 'nothing_here' not found" in errors and "SyntaxError: found ']'" in errors


def test_quit_leaves_with_its_status(talk: Callable[..., tuple[int, str, str]]) -> None:
    assert talk(f"q(status = 7){ENTER}5{ENTER}")[0] == 7


def test_the_history_comes_back(talk: Callable[..., tuple[int, str, str]]) -> None:
    history = InMemoryHistory()
    talk(f"21 * 2{ENTER}{CTRL_D}", history)
    assert talk(f"{UP}{ENTER}{CTRL_D}", history)[1] == "[1] 42\n"


def test_the_history_file_is_the_user_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPEKERAS_HISTORY", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    shell.open_history().store_string("x <- 1")
    path = tmp_path / "pipekeras" / "history"
    assert "x <- 1" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("PIPEKERAS_HISTORY", "/dev/null/nowhere/history")
    assert isinstance(shell.open_history(), InMemoryHistory)


def test_a_found_line_of_the_history_is_run(talk: Callable[..., tuple[int, str, str]]) -> None:
    history = InMemoryHistory(["first <- 3; first", "second <- 4"])
    assert talk(f"{CTRL_R}first{ENTER}{ENTER}{CTRL_D}", history) == (0, "[1] 3\n", "")


def test_lines_inside_brackets_are_indented() -> None:
    assert shell.indentation("f <- function(x) {") == "  "
    assert shell.indentation("f(g(") == "    "
    assert shell.indentation("x[[1]] +") == ""


COMMAND = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from pipekeras.repl.command import main
sys.exit(main([]))
"""


class Terminal:
    """The command in a pseudo-terminal."""

    def __init__(self, history: Path) -> None:
        self.master, terminal = os.openpty()
        # Not pty.fork(): other tests leave threads behind, and what a fork of those may do is little.
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            env=os.environ
            | {"TERM": "xterm", "PIPEKERAS_HISTORY": str(history), "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "80"},
        )
        os.close(terminal)
        self.seen = ""

    def expect(self, pattern: str, seconds: float = 600.0) -> None:
        """Read until the pattern has appeared since the last match."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen)):
            assert time.monotonic() < end, f"no {pattern!r} in {self.seen!r}"
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    data = os.read(self.master, 4096).decode("utf-8", "replace")
                except OSError:
                    data = ""
                self.seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]", "", data)
        self.seen = self.seen[found.end() :]

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def wait(self) -> int:
        """Exit status of the command."""
        end = time.monotonic() + 600
        while time.monotonic() < end:
            if (status := self.process.poll()) is not None:
                os.close(self.master)
                return status
            if select.select([self.master], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):
                    self.seen += os.read(self.master, 4096).decode("utf-8", "replace")
        self.process.kill()
        self.process.wait()
        raise AssertionError(f"the command did not end: {self.seen!r}")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_a_talk_in_a_real_terminal(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "history")
    terminal.expect("Ctrl-D leaves")
    terminal.expect("> ")
    terminal.type("layer_cfg <- list(units = 64)\r")
    terminal.expect("> ")
    terminal.type("layer_cfg$un\t")
    terminal.expect("layer_cfg\\$units")
    terminal.type("\r")
    terminal.expect(r"\[1\] 64")
    # What the program prints shows that it runs; the echo of the typed line does not hold the word.
    terminal.type('{ cat("be", "gun\\n", sep = ""); repeat { 1 } }\r')
    terminal.expect("begun")
    terminal.type(CTRL_C)
    terminal.expect("interrupted")
    terminal.expect("> ")
    terminal.type('{ cat("fall", "ing\n", sep = ""); Sys.sleep(1000) }\r')
    terminal.expect("falling")
    terminal.type(CTRL_C)
    terminal.expect("interrupted")
    terminal.expect("> ")
    terminal.type('name <- readline(paste0("wh", "o? "))\r')
    terminal.expect("who\\? ")
    terminal.type(CTRL_C)
    terminal.expect("interrupted")
    terminal.expect("> ")
    terminal.type("6 * 7\r")
    terminal.expect(r"\[1\] 42")
    terminal.expect("> ")
    time.sleep(0.3)
    terminal.type(CTRL_D)
    assert terminal.wait() == 0
    assert "layer_cfg$units" in (tmp_path / "history").read_text("utf-8")
