"""Sessions: values from Python, printing, error reports, warnings, depth."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.session import Session


def run(text: str) -> tuple[int, str, str]:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(text, "program.pk")
    return status, output.getvalue(), errors.getvalue()


def test_values_come_back_to_python() -> None:
    session = Session()
    assert session.evaluate_text("x <- c(1, 2)\nsum(x) * 2").items() == [6.0]
    assert session.globals.get("x").items() == [1.0, 2.0]


def test_a_missing_name_shows_place_caret_and_mend() -> None:
    status, _, errors = run("value <- 3\nprint(valeu + 1)\n")
    assert status == 1
    assert errors == (
        "Error in print(valeu + 1) : object 'valeu' not found\n"
        "  program.pk:2:7   print(valeu + 1)\n"
        "                         ^^^^^\n"
        "  mend: did you mean 'value'?\n"
    )


def test_an_unknown_function_names_the_nearest() -> None:
    _, _, errors = run("x <- smu(1:3)\n")
    assert errors.startswith('Error in smu(1:3) : could not find function "smu"\n  program.pk:1:6')
    assert "mend: did you mean 'sum'?" in errors


def test_an_unused_argument_lists_the_parameters() -> None:
    _, _, errors = run("f <- function(units, rate = 1) units\nf(1, raet = 2)\n")
    assert "unused argument (raet = 2)" in errors
    assert "mend: the function takes: units, rate" in errors


def test_an_unknown_package_lists_what_is_here() -> None:
    _, _, errors = run("library(magritr)\n")
    assert "there is no package called" in errors
    assert "did you mean 'magrittr'?" in errors
    assert "R6" in errors


def test_errors_of_the_language_are_python_exceptions() -> None:
    with pytest.raises(RError, match="boom") as caught:
        Session().evaluate_text("stop('boom')")
    assert caught.value.span is not None


def test_warnings_are_deferred_and_named() -> None:
    status, output, errors = run("f <- function() { warning('careful'); 1 }\nf()\ncat('next\\n')\n")
    assert status == 0
    assert output == "[1] 1\nnext\n"
    assert errors == "Warning message:\nIn f() : careful\n"


def test_quit_gives_the_status() -> None:
    status, output, _ = run("cat('a\\n')\nquit(status = 3)\ncat('b\\n')\n")
    assert (status, output) == (3, "a\n")


@pytest.mark.parametrize(
    "program",
    [
        "f <- function() f()\nf()",
        "f <- function(x) f(x + 1)\nf(1)",
        "f <- function(n) sapply(n, function(i) f(i))\nf(1)",
        "f <- function(n) tryCatch(f(n), warning = function(w) 1)\nf(1)",
        "x <- quote(a)\nfor (i in 1:20000) x <- call('(', x)\neval(x, list(a = 1))\nf <- function() f()\nf()",
    ],
)
def test_endless_recursion_is_an_error_of_the_language(program: str) -> None:
    status, _, errors = run(program)
    assert status == 1
    assert "nested too deeply" in errors
    assert "Traceback" not in errors


def test_deep_recursion_that_ends_works() -> None:
    session = Session()
    assert session.evaluate_text("f <- function(n) if (n == 0) 0 else 1 + f(n - 1)\nf(1500)").items() == [1500.0]


def test_a_defect_is_told_apart_from_a_mistake() -> None:
    from pipekeras.grammar.builtins.registry import Builtin

    session = Session()

    def broken() -> None:
        raise ZeroDivisionError("inside")

    session.globals.set("broken", Builtin("broken", broken, ""))
    with pytest.raises(RError, match="internal problem: ZeroDivisionError: inside"):
        session.evaluate_text("broken()")
    assert session.evaluate_text("tryCatch(broken(), error = function(e) 'caught')").items() == ["caught"]


def test_sessions_do_not_share_variables() -> None:
    one, other = Session(), Session()
    one.evaluate_text("shared <- 1")
    with pytest.raises(RError, match="object 'shared' not found"):
        other.evaluate_text("shared")


def test_redefined_operators_are_honoured_and_stay_in_their_session() -> None:
    session = Session()
    assert session.evaluate_text("`+` <- function(a, b) a * b\n3 + 4").items() == [12.0]
    assert Session().evaluate_text("3 + 4").items() == [7.0]


def test_another_program_s_operators_change_no_evaluation_here() -> None:
    assert run("`[` <- function(x, i) 7\nprint(c(1, 2)[1])\n")[1] == "[1] 7\n"
    # A method for `[` gets its arguments as they were written.
    program = "`[.own` <- function(x, i) print(substitute(i))\nx <- structure(1, class = 'own')\ny <- x[a > 2]\n"
    assert run(program) == (0, "a > 2\n", "")


def test_an_error_is_traced_in_its_own_session() -> None:
    assert run("f <- function() { warning('careful'); stop('here') }\nf()\n")[0] == 1
    assert run("traceback()\ncat(geterrmessage())\nis.null(warnings())\n")[1] == "No traceback available \n[1] TRUE\n"
