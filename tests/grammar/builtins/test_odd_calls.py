"""Calls with values that a function was not made for: R's error where R has one, R's value where R gives one."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.session import Session


def run(program: str) -> tuple[str, str]:
    output, errors = io.StringIO(), io.StringIO()
    Session(output=output, error_output=errors).run(program, "odd.pk")
    return output.getvalue(), errors.getvalue()


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("qr.Q(1)", "argument is not a QR decomposition"),
        ("qr(NA)", "NA/NaN/Inf in foreign function call (arg 1)"),
        ("eigen(NA)", "infinite or missing values in 'x'"),
        ("chol2inv(matrix(0, 1, 1))", "element (1, 1) is zero, so the inverse cannot be computed"),
        ("det(array(1:8, c(2, 2, 2)))", "no applicable method for 'determinant' applied to an object of class"),
        ("lockEnvironment(1)", "not an environment"),
        ("x <- 1; parent.env(x) <- globalenv()", "argument is not an environment"),
        ("rawToBits(1)", "argument 'x' must be a raw vector"),
        ("x <- 1; oldClass(x) <- sum", "attempt to set invalid 'class' attribute"),
        ("x <- 1; mostattributes(x) <- 2", "'value' must be NULL or a named list"),
        ("acos(factor('a'))", "\u2018acos\u2019 not meaningful for factors"),
        ("rf(1, 2)", 'argument "df2" is missing, with no default'),
        ("inverse.rle(1)", "$ operator is invalid for atomic vectors"),
        ("as.formula(c('b', 'c'))", "invalid formula"),
        ("asplit(1, 1)", "dim(X) must have a positive length"),
        ("`[<-.factor`(factor('u'))", 'argument "value" is missing, with no default'),
        ("`::`()", "0 arguments passed to '::' which requires 2"),
        ("`%%.data.frame`(1, 2)", 'no argument of class "data.frame"'),
        ("get_config(1:3)", "unsuitable arguments (integer of length 3)"),
        ("callback_csv_logger(NA)", "callback_csv_logger(): filename must be a text, not NA"),
        ("c(NA_character_, b) %<-% c(1, 2)", "invalid `%<-%` left-hand side"),
        ("NA_character_ <- 3", "invalid (do_set) left-hand side to assignment"),
        ("NA_character_(3)", 'could not find function "NA"'),
    ],
)  # fmt: skip
def test_odd_calls_are_told_why(program: str, message: str) -> None:
    _, errors = run(program)
    assert message in errors
    assert "odd.pk:1:" in errors


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("rnorm(character(0))", "numeric(0)\n"),
        ("is.unsorted(NULL)", "[1] FALSE\n"),
        ("na.omit(NULL)", "NULL\n"),
        ("formalArgs(3)", "NULL\n"),
        ("print(I(1:3)); I(1:3)[2]", "[1] 1 2 3\n[1] 2\n"),
        ("class(I(matrix(1, 1, 1)))", '[1] "AsIs"\n'),
        ("backsolve(matrix(c(2, 0, 1, 3), 2), c(1, 2), k = 1)", "[1] 0.5\n"),
        ("c(as.Date(character(0)))", "Date of length 0\n"),
        ("sapply(list(1:3, 1), length)", "[1] 3 1\n"),
    ],
)  # fmt: skip
def test_odd_calls_give_what_r_gives(program: str, shown: str) -> None:
    assert run(program) == (shown, "")
