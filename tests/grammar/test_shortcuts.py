"""Shortcuts give what the functions themselves give, or leave the call to them."""

from __future__ import annotations

import io
from itertools import product

import pytest
from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.evaluation import operators, storing, subscripts
from pipekeras.grammar.evaluation.shortcuts import QUICK
from pipekeras.grammar.session import Session

VALUES = (
    "1", "2L", "0", "-3", "NA", "NA_integer_", "NaN", "Inf", "TRUE", "'a'", "'12'", "''", "NA_character_", "NULL", "c(1, NA)",
    "1:3", "c(TRUE, NA, FALSE)", "c('u', 'v')", "c(a = 1, b = 2)", "list(1, 2)", "list(1, 'x')", "list()", "list(a = 1)",
    "matrix(1:4, 2)", "matrix(1:4 / 2, 2)", "c(0.5, 2)", "c(-1, Inf)", "integer(0)",
    "factor('q')", "structure(1, class = c('k', 'a'))", "1e300", "2147483647L",
)  # fmt: skip
NAMES = (
    "attr", "dim", "nrow", "ncol", "inherits", "is.na", "which", "which.max", "which.min", "rep", "unlist", "append", "bitwAnd",
    "bitwOr", "bitwXor", "toupper", "tolower", "as.integer", "as.numeric", "+", "-", "*", "sum", "t", "rev", "head", "tail",
    "unique", "setdiff", "union", "intersect", "mean", "exp", "sqrt", "log", "abs", "max", "min", "%in%", "cumsum", "identical",
    "%*%", "crossprod", "is.list", "is.logical", "is.function", "class", "is.factor", "is.data.frame", "range", "prod",
    "cumprod", "floor", "round", "trunc", "sign", "match", "paste", "paste0", "as.character", "nchar", "diff", "c",
)  # fmt: skip
TOLD = ("sum", "max", "min", "mean", "range", "prod")
"""Summaries that are told what to do about missing values."""
SETTERS = ("attr(x, 'k')", "attr(x, 'names')", "names(x)", "attr(x, NA_character_)")


def shown(program: str) -> str:
    output = io.StringIO()
    Session(output=output, error_output=output).run(program, "program.R")
    return output.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_a_shortcut_changes_no_result(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [f"try(print(`{name}`({value})))" for value in VALUES]
    chosen = list(product(VALUES, VALUES))[::7]
    calls += [f"try(print(`{name}`({x}, {y})))" for x, y in chosen if name != "rep" or y not in ("1e300", "2147483647L")]
    program = "\n".join(calls)
    quick = shown(program)
    monkeypatch.setattr(REGISTRY[name], "quick", None)
    assert quick == shown(program)


@pytest.mark.parametrize("name", TOLD)
def test_a_shortcut_that_is_told_of_missing_values_changes_no_result(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "\n".join(f"try(print({name}({value}, na.rm = {told})))" for value in VALUES for told in ("TRUE", "FALSE"))
    quick = shown(program)
    monkeypatch.setattr(REGISTRY[name], "quick_named", None)
    assert quick == shown(program)


def test_shortcuts_for_arguments_with_names_change_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "\n".join(
        f"try(print({call}))" for x, y in list(product(VALUES, VALUES))[::3]
        for call in (
            f"c(a = {x}, {y})", f"paste({x}, sep = {y})", f"paste({x}, {y}, collapse = '+')", f"paste0({x}, collapse = {y})",
        )
    )  # fmt: skip
    quick = shown(program)
    for name in ("c", "paste", "paste0"):
        monkeypatch.setattr(REGISTRY[name], "quick_named", None)
    assert quick == shown(program)


@pytest.mark.parametrize("operator", ["+", "*", "/", "^", "%%", "%/%", "==", "<", "&", "|"])
def test_short_ways_of_operators_change_no_result(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sides = [*VALUES, "c(7, -7.5, 0)", "c(a = 3)", "-4:4"]
    program = "\n".join(f"try(print(({x}) {operator} ({y})))" for x, y in list(product(sides, sides))[::4])
    quick = shown(program)
    for name in ("array_arithmetic", "array_comparison", "matrix_operation", "joined_truths"):
        monkeypatch.setattr(operators, name, lambda *_: None)
    assert quick == shown(program)


INDICES = (
    "1", "2L", "-1", "0", "5", "NA", "c(1, 3)", "c(3, 1, 1)", "-(1:2)", "c(TRUE, FALSE, TRUE)", "c(TRUE, NA, FALSE)", "'a'",
    "c('b', 'a')", "'zz'", "c(1.7, 2)", "c(-1, 2)", "c(2, NA)", "20", "NULL", "'a'[0]", "list(1)", "3:1",
)  # fmt: skip
HELD = (
    "c(1, 2, 3)", "1:3", "c('x', 'y', 'z')", "c(TRUE, NA, FALSE)", "c(a = 1, b = 2, c = 3)", "list(1, 'b', NULL)",
    "list(a = 1, b = 2:3, c = 'z')", "matrix(1:4, 2)", "factor(c('u', 'v', 'u'))", "structure(list(a = 1), class = 'k')", "7",
    "NULL", "structure(1:3, unit = 'm')", "data.frame(a = 1:3, b = c('x', 'y', 'z'))",
)  # fmt: skip


NEAR_INDICES = tuple("12" if index == "1e9" else index for index in INDICES)
"""Places to write at: a vector would grow to the far one."""


def test_short_ways_of_reading_elements_change_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "\n".join(
        f"x <- {held}; i <- {index}; try(print(x[i])); try(print(x[[i]]))" for held, index in product(HELD, INDICES)
    )
    program += "\nd <- data.frame(a = 1:3, b = c('x', 'y', 'z'))\n" + "\n".join(
        f"try(print(d[{index}, 'a'])); try(print(d[2, {index}])); try(print(d[[2, {index}]]))" for index in INDICES
    )
    quick = shown(program)
    for name, nothing in (("part", None), ("element", None), ("frame_column", -1)):
        monkeypatch.setattr(subscripts, name, lambda *_, nothing=nothing: nothing)
    assert quick == shown(program)


@pytest.mark.parametrize("value", ["9", "9L", "'n'", "c(p = 5)", "NULL", "c(8, 9)", "list(9)", "NA"])
def test_short_ways_of_replacing_elements_change_no_result(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        f"x <- {held}; y <- x; i <- {index}; try({target} <- {value}); print(x); print(y)"
        for held, index in product(HELD, NEAR_INDICES) for target in ("x[i]", "x[[i]]", "x$b", "x[2, i]")
    ]  # fmt: skip
    program = "f <- function(x, i) { x[i] <- 9; x[[1]] <- 8; x }\n" + "\n".join(lines[::3])
    program += "\n" + "\n".join(f"try(print(f({held}, {index})))" for held, index in list(product(HELD, NEAR_INDICES))[::5])
    quick = shown(program)
    monkeypatch.setattr(storing, "changed", lambda *_: None)
    assert quick == shown(program)


@pytest.mark.parametrize("target", SETTERS)
def test_a_shortcut_of_a_replacement_changes_no_result(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [f"x <- {x}; try({target} <- {y}); print(x)" for x, y in product(VALUES, VALUES)][::5]
    program = "\n".join(calls)
    quick = shown(program)
    monkeypatch.setattr(REGISTRY[target.split("(")[0] + "<-"], "quick", None)
    assert quick == shown(program)


def test_parts_under_one_name_are_read_without_the_function() -> None:
    assert shown("l <- list(a = 1, b = NULL, c = 'z'); l[['c']]; l[['b']]; l[['nobody']]; try(list(1)[['a']])") == (
        '[1] "z"\nNULL\nNULL\nNULL\n'
    )


def test_names_that_two_vectors_share_stay_apart() -> None:
    assert shown("n <- c('a', 'b'); x <- 1:2; names(x) <- n; n[1] <- 'z'; y <- x; names(y)[2] <- 'q'; x; y") == (
        "a b \n1 2 \na q \n1 2 \n"
    )


def test_a_function_of_the_program_comes_before_a_shortcut() -> None:
    program = "dim.k <- function(x) 7L; `names<-.k` <- function(x, value) 'mine'\nx <- structure(1, class = 'k')\ndim(x)\n"
    assert shown(program + "names(x) <- 'a'; x\nwhich <- function(x) 'own'; which(TRUE)") == (
        '[1] 7\n[1] "mine"\n[1] "own"\n'
    )
    assert all(name in REGISTRY for name in QUICK)


@pytest.mark.parametrize(
    ("method", "call", "answer"),
    [
        ("rev.numeric <- function(x) 'mine'", "rev(1:3)", '[1] "mine"'),
        ("t.integer <- function(x) 'mine'", "t(1:3)", '[1] "mine"'),
        ("head.default <- function(x, ...) 'mine'", "head(1:3)", '[1] "mine"'),
        ("assign('tail.integer', function(x, ...) 'mine')", "tail(1:3)", '[1] "mine"'),
        ("attach(list(unique.default = function(x, ...) 'mine'))", "unique(1:3)", '[1] "mine"'),
        ("f <- function(mean.integer) mean(1:3)", "f(function(x) 'mine')", '[1] "mine"'),
        ("local(rev.numeric <- function(x) 'mine')", "rev(c(1, 2))", "[1] 2 1"),
    ],
)
def test_methods_of_the_program_are_asked_before_a_shortcut(method: str, call: str, answer: str) -> None:
    assert shown(f"rev(1:2)\n{method}\n{call}") == f"[1] 2 1\n{answer}\n"


def test_methods_of_one_program_are_not_those_of_the_next() -> None:
    shown("rev.numeric <- function(x) 'mine'; rev(1:2)")
    assert shown("rev(1:2)") == "[1] 2 1\n"


def test_choices_and_bindings_of_plain_vectors_keep_their_rules() -> None:
    program = """
    a <- 1:3; b <- 4:6
    cbind(a, b); rbind(x = a, 7:9); cbind(1:2, 3:4, deparse.level = 0)
    ifelse(a > 1, a, b); ifelse(a > 1, 1, 2L); ifelse(TRUE, 5:7, stop("no")); ifelse(a > 5, stop("no"), 7:9)
    sapply(1:3, function(i) if (i > 1) NA else TRUE); Filter(function(v) if (v > 1) NA else TRUE, 1:3)
    """
    assert shown(program) == (
        "     a b\n[1,] 1 4\n[2,] 2 5\n[3,] 3 6\n  [,1] [,2] [,3]\nx    1    2    3\n     7    8    9\n"
        "     [,1] [,2]\n[1,]    1    3\n[2,]    2    4\n"
        "[1] 4 2 3\n[1] 2 1 1\n[1] 5\n[1] 7 8 9\n[1] TRUE   NA   NA\n[1] 1\n"
    )


def test_operators_of_matrices_and_texts_keep_their_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipekeras.grammar.evaluation import operators

    values = [
        "2", "2L", "NA", "c(1L, 2L)", "c(1.5, NA)", "matrix(1:4 + 0.5, 2)", "matrix(1:4, 2)", "matrix(2, 1, 1)", "'a'",
        "c('a', NA)",
        "c('a', 'b')", "array(1:8 + 0, c(2, 2, 2))", "matrix(1:2 + 0, 2, dimnames = list(c('u', 'v'), NULL))", "TRUE",
        "2147483647L", "c(5L, NA)", "integer(0)", "factor(c('a', 'b'))",
    ]  # fmt: skip
    pairs = product(values, ("+", "*", "/", "^", "==", "!=", ">"), values)
    program = "\n".join(f"try(print({x} {operator} {y}))" for x, operator, y in pairs)
    quick = shown(program)
    for name in ("array_arithmetic", "array_comparison"):
        monkeypatch.setattr(operators, name, lambda name, x, y: None)
    monkeypatch.setattr(operators, "matrix_operation", lambda operation, name, x, y: None)
    assert quick == shown(program)


def test_extents_and_members_of_data_frames() -> None:
    program = "d <- data.frame(a = 1:3, bcd = 4:6); nrow(d); ncol(d); d$a; d$b; d$z; nrow(d[d$a > 1, ]); nrow(data.frame())"
    assert shown(program) == "[1] 3\n[1] 2\n[1] 1 2 3\n[1] 4 5 6\nNULL\n[1] 2\n[1] 0\n"
    assert shown("d <- data.frame(a = 1); `$.data.frame` <- function(x, name) 'mine'; d$a") == '[1] "mine"\n'


def test_methods_of_s4_classes_follow_what_is_made_later() -> None:
    program = """
    setClass("A", representation(x = "numeric")); setClass("B", contains = "A"); b <- new("B", x = 1)
    invisible(setGeneric("g", function(o) standardGeneric("g"))); setMethod("g", "A", function(o) "A"); g(b); g(b)
    setMethod("g", "B", function(o) paste("B", callNextMethod())); g(b)
    invisible(removeMethod("g", "B")); g(b)
    setClassUnion("U", c("B", "numeric")); setMethod("g", "U", function(o) "U"); g(b); g(1)
    """
    assert shown(program).splitlines() == ['[1] "A"', '[1] "A"', '[1] "B A"', '[1] "A"', '[1] "A"', '[1] "U"']


def test_binding_by_a_short_way_changes_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    values = ("c(1, 2)", "a", "b", "matrix(1:4 / 2, 2)", "matrix(5, 2, 1, dimnames = list(NULL, 'q'))", "1", "NULL",
              "numeric(0)", "'t'", "1:2", "list(1, 2)", "data.frame(z = 1:2)", "matrix(7, 3, 3)", "c(u = 1, v = 2)",
              )  # fmt: skip
    pairs = product(("rbind", "cbind"), values, values)
    calls = [f"try(suppressWarnings(print({name}({x}, {y}))))" for name, x, y in pairs]
    program = "a <- c(3, 4); b <- c(5, 6)\n" + "\n".join([*calls, "rbind(a, matrix(0, 1, 2), b)", "cbind(a)", "rbind(a, b, a)"])
    quick = shown(program)
    for name in ("rbind", "cbind"):
        monkeypatch.setattr(REGISTRY[name], "quick_written", None)
    assert quick == shown(program)


@pytest.mark.parametrize("name", ["numeric", "integer", "character", "logical", "vector", "matrix"])
def test_making_by_a_short_way_changes_no_result(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = ("0", "2", "3L", "2.9", "-1", "NA", "c(1, 2)", "'3'", "NULL", "'list'", "'character'", "TRUE")
    calls = [f"try(print({name}({x})))" for x in values]
    calls += [f"try(print({name}({x}, {y})))" for x, y in product(values, values)]
    calls += [f"try(print({name}({x}, 2, {y})))" for x, y in product(values, values)] if name == "matrix" else []
    program = "\n".join(calls)
    quick = shown(program)
    monkeypatch.setattr(REGISTRY[name], "quick", None)
    assert quick == shown(program)
