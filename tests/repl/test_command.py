"""The command line as a user meets it: separate processes, exit statuses, standard streams."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pipekeras.repl import command
from pipekeras.repl.command import UsageError, main, read_arguments

RUN = [sys.executable, "-c", "import sys; from pipekeras.repl.command import main; sys.exit(main())"]


def run(*arguments: str, text: str | None = None, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command with arguments and standard input."""
    return subprocess.run(
        [*RUN, *arguments],
        input=text if text is not None else "",
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=60,
        check=False,
    )


def test_code_from_the_command_line_prints_its_value() -> None:
    done = run("-e", "1+1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[1] 2\n", "")


def test_several_codes_are_one_program_and_arguments_follow() -> None:
    done = run("-e", "x <- commandArgs(trailingOnly = TRUE)", "-e", "cat(x, sep = '|')", "a", "-b")
    assert done.stdout == "a|-b"


def test_a_file_runs_with_its_arguments(tmp_path: Path) -> None:
    program = tmp_path / "hello.pk"
    program.write_text("#!/usr/bin/env pipekeras\ncat(commandArgs(TRUE), '\\n')\r\ncommandArgs()[2]\n")
    for arguments in ([str(program)], ["run", str(program)]):
        done = run(*arguments, "one", "--two")
        assert done.stdout == f'one --two \n[1] "--file={program}"\n'
        assert done.returncode == 0


def test_a_file_with_the_suffix_of_r_runs(tmp_path: Path) -> None:
    (tmp_path / "hello.R").write_text("print('hello')\n")
    assert run("hello.R", folder=tmp_path).stdout == '[1] "hello"\n'


def test_standard_input_is_a_program() -> None:
    assert run(text="x <- 2\nx * 3\n").stdout == "[1] 6\n"
    assert run("-", "a", text="commandArgs(TRUE)").stdout == '[1] "a"\n'


def test_an_error_shows_its_place_and_ends_with_status_1(tmp_path: Path) -> None:
    (tmp_path / "wrong.pk").write_text("cat('before\\n')\nx <- 1\nx + undefined_thing\ncat('after\\n')\n")
    done = run("wrong.pk", folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout == "before\n"
    assert done.stderr.startswith("Error: object 'undefined_thing' not found\n  wrong.pk:3:")
    assert "x + undefined_thing\n" in done.stderr
    assert "^" in done.stderr and "Traceback" not in done.stderr


def test_a_syntax_error_ends_the_program_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "wrong.pk").write_text("cat('before\\n')\nf(1, 2\n")
    done = run("wrong.pk", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "before\n")
    assert done.stderr == (
        "SyntaxError: the text ends before '(' is closed\n"
        "  wrong.pk:2:6   f(1, 2\n"
        "                      ^\n"
        "  wrong.pk:2:2   f(1, 2\n"
        "                  ^ opened here\n"
        "  mend: add the missing ')'\n"
    )


def test_quit_gives_the_status() -> None:
    done = run("-e", "cat('a'); quit(status = 3); cat('b')")
    assert (done.returncode, done.stdout) == (3, "a")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nonsense"], "pipekeras: unknown option --nonsense\n  mend: see pipekeras --help\n"),
        (["-e"], "pipekeras: -e needs code after it\n  mend: pipekeras -e '1 + 1'\n"),
        (["run"], "pipekeras: run needs a file after it\n  mend: pipekeras run file.pk\n"),
        (["check"], "pipekeras: check needs a file after it\n  mend: pipekeras check file.pk\n"),
    ],
)
def test_wrong_usage_ends_with_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments) == 2
    assert capsys.readouterr().err == message


def test_a_missing_file_is_told_with_a_near_name(tmp_path: Path) -> None:
    (tmp_path / "model.pk").write_text("1\n")
    done = run("modle.pk", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "pipekeras: there is no file 'modle.pk'\n  mend: did you mean 'model.pk'?\n"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_refused(tmp_path: Path, protocol: int) -> None:
    (tmp_path / "x.pk").write_bytes(pickle.dumps({"a": [1, 2.5, "text"]}, protocol))
    done = run("x.pk", folder=tmp_path)
    assert done.returncode == 1
    first, place, caret, mend = done.stderr.splitlines()
    assert first == "pipekeras: 'x.pk' is a Python pickle, not a program"
    assert place.startswith("  x.pk:1:1   ") and place.isprintable() and caret == " " * 13 + "^"
    assert mend.startswith("  mend: pickles can run code")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89HDF\r\n\x1a\n" + bytes(20), "'x.pk' is an HDF5 file, not a program"),
        (b"PK\x03\x04rest", "'x.pk' is a zip archive, not a program"),
        (b"a\0b", "'x.pk' is a binary file, not a program"),
        ("x <- 'é'".encode("latin-1"), "'x.pk' is not UTF-8 text (line 1)"),
        ("x <- 1".encode("utf-16"), "'x.pk' is UTF-16 text"),
    ],
)
def test_other_files_are_refused_by_name(data: bytes, message: str) -> None:
    from pipekeras.repl.source import SourceError, decode_program

    with pytest.raises(SourceError) as caught:
        decode_program(data, "x.pk")
    assert caught.value.message == message


def test_text_with_a_byte_order_mark_and_windows_newlines_is_a_program() -> None:
    from pipekeras.repl.source import decode_program

    assert decode_program(b"\xef\xbb\xbfx <- 1\r\nx\r\n", "x.pk") == "x <- 1\nx\n"


def test_the_help_and_version_need_no_numpy() -> None:
    program = (
        "import sys; from pipekeras.repl.command import main; status = main(['--help']); "
        "sys.exit(status or ('numpy' in sys.modules) or ('lark' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout == command.USAGE
    assert run("--version").stdout.startswith("pipekeras ")


def test_running_a_program_loads_no_lark_numba_or_prompt() -> None:
    program = (
        "import sys; from pipekeras.repl.command import main; main(['-e', '1+1']); "
        "print([name for name in ('lark', 'numba', 'prompt_toolkit', 'h5py', 'rich', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "[1] 2\n[]\n"


def test_reading_arguments() -> None:
    assert read_arguments([]).action == "prompt"
    asked = read_arguments(["--debug", "a.pk", "--debug", "x"])
    assert (asked.action, asked.files, asked.arguments, asked.debug) == ("file", ["a.pk"], ["--debug", "x"], True)
    asked = read_arguments(["-e", "1", "-e", "2", "--version"])
    assert (asked.action, asked.code, asked.arguments) == ("version", ["1", "2"], [])
    with pytest.raises(UsageError):
        read_arguments(["check", "--fast", "a.pk"])


def test_ctrl_c_ends_a_program_with_status_130() -> None:
    process = subprocess.Popen(
        [*RUN, "-e", "cat('ready\\n'); repeat { x <- 1 + 1 }"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors.endswith("interrupted\n") and "Traceback" not in errors


def test_a_reader_that_leaves_early_ends_the_program_quietly() -> None:
    done = subprocess.run(
        f"{sys.executable} -c '{RUN[2]}' -e 'for (i in 1:20000) cat(i, \"\\n\")' | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "1 \n"
    assert "Traceback" not in done.stderr


def test_an_internal_error_is_told_as_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from pipekeras.grammar.session import Session
    from pipekeras.repl.batch import run_program

    def broken(self: Session, text: str, name: str) -> int:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(Session, "run", broken)
    assert run_program("1", "x.pk", []) == 1
    assert capsys.readouterr().err == (
        "InternalError: ZeroDivisionError: by nothing\n"
        "  This is a fault of pipekeras, not of your program. Run with --debug for the details and report it.\n"
    )
    assert run_program("1", "x.pk", [], debug=True) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_short_program_starts_with_few_modules() -> None:
    """What makes it start in 0.25 s; modules are counted, as time depends on the machine."""
    program = (
        "import sys; import numpy; before = set(sys.modules); "
        "from pipekeras.repl.command import main; main(['-e', '1+1']); "
        "print(len(set(sys.modules) - before), sum(name.startswith('pipekeras') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    added, ours = map(int, done.stdout.splitlines()[-1].split())
    assert ours < 110, done.stdout
    assert added < 150, done.stdout


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("cat('a\\n'); cat('b\\n'); x y; cat('c')\n", "a\nb\n"),
        ("cat('a\\n')\nf(\n", "a\n"),
        ("cat('a\\n')\nx <- 'abc\n", "a\n"),
        ("cat('a\\n')\nif (TRUE) {\n  cat('b\\n')\n}\nelse 3\n", "a\nb\n"),
        ("cat('a\\n')\ny <- (1 +\n  2))\ncat('c')\n", "a\n"),
        ("1:3 |> sum()\n1:3 |> sum\n", "[1] 6\n"),
        ("x y\ncat('a')\n", ""),
    ],
)
def test_statements_before_a_syntax_error_run(
    program: str, printed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # GNU R reads a program statement by statement; so a run prints the same up to the mistake.
    path = tmp_path / "p.pk"
    path.write_text(program, encoding="utf-8")
    assert main([str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == printed
    assert captured.err.startswith("SyntaxError: ")


def test_quit_before_a_syntax_error_ends_the_program_in_peace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.pk"
    path.write_text("q(status = 3)\nx y\n", encoding="utf-8")
    assert main([str(path)]) == 3
    assert capsys.readouterr().err == ""
