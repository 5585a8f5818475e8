"""Writing in place is never seen through another name: the vector that somebody else holds stays as it was."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from pipekeras.grammar.evaluation.assign import Replacement
from pipekeras.grammar.evaluation.compiler import ELEMENT_METHODS, GUARDS
from pipekeras.grammar.session import Session


@pytest.fixture(autouse=True)
def no_meanings_of_its_own() -> Iterator[None]:
    """A program of another test may have given `[` a meaning of its own, which turns the short ways off for the process."""
    kept = [(guard, list(guard)) for guard in GUARDS.values()]
    methods = set(ELEMENT_METHODS)
    for guard, _ in kept:
        guard.clear()
    ELEMENT_METHODS.clear()
    yield
    for guard, before in kept:
        guard[:] = before or guard
    ELEMENT_METHODS.update(methods)


def printed(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    Session(output=output, error_output=errors).run(program, "storing.pk")
    assert not errors.getvalue(), errors.getvalue()
    return output.getvalue()


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("x <- c(1, 2); x[2] <- 5; y <- x; x[3] <- 9; y; x", "[1] 1 5\n[1] 1 5 9\n"),
        ("x <- c(1, 2); x[3] <- 3; y <- x; y[4] <- 4; x; y", "[1] 1 2 3\n[1] 1 2 3 4\n"),
        ("x <- 1:3; y <- x[2:3]; y[3] <- 7L; x; y", "[1] 1 2 3\n[1] 2 3 7\n"),
        ("x <- c(); for (i in 1:4) x[i] <- i; x", "[1] 1 2 3 4\n"),
        ("x <- integer(0); for (i in 1:3) x[length(x) + 1L] <- i; x", "[1] 1 2 3\n"),
        ("x <- integer(0); for (i in 1:3) x[i] <- i / 2; x", "[1] 0.5 1.0 1.5\n"),
        ("x <- c(a = 1); x[2] <- 2; names(x)", '[1] "a" "" \n'),
        ("m <- matrix(0, 2, 2); n <- m; m[1, 2] <- 3; n[1, 2]; m[1, 2]", "[1] 0\n[1] 3\n"),
        ("m <- matrix(1:4, 2); m[5] <- 9L; m", "[1] 1 2 3 4 9\n"),
        ("m <- matrix(1:4, 2, dimnames = list(c('a', 'b'), NULL)); m[2, 2]; m[1, 1] <- 8L; m[[1, 1]]", "b \n4 \n[1] 8\n"),
        ("l <- list(a = 1); k <- l; l$b <- 2; names(k); names(l)", '[1] "a"\n[1] "a" "b"\n'),
        ("l <- list(a = 1); l$b <- 2; n <- names(l); l$c <- 3; n; names(l)", '[1] "a" "b"\n[1] "a" "b" "c"\n'),
        ("l <- list(a = 1, b = 2); k <- l[1:2]; l[['c']] <- 3; c(length(k), length(names(k)), length(l))", "[1] 2 2 3\n"),
        ("l <- list(a = 1, b = 2); l$a <- NULL; names(l)", '[1] "b"\n'),
        ("l <- list(); for (i in 1:3) l[[i]] <- i; l[[4]] <- mean; length(l); l[[4]](1:3)", "[1] 4\n[1] 2\n"),
        ("l <- list(); for (k in c('x', 'y')) l[[k]] <- toupper(k); str(l)", 'List of 2\n $ x: chr "X"\n $ y: chr "Y"\n'),
        ("l <- list(1); l[[2]] <- l; length(l[[2]]); length(l)", "[1] 1\n[1] 2\n"),
        ("f <- function(v) { v[1] <- 100; v }; x <- c(1, 2); f(x); x", "[1] 100   2\n[1] 1 2\n"),
        ("f <- function(l) { l$a <- 100; l$a }; x <- list(a = 1); x$b <- 2; f(x); x$a", "[1] 100\n[1] 1\n"),
        ("e <- new.env(); g <- e; e$x <- 1; g$x; e[['y']] <- 2; g$y", "[1] 1\n[1] 2\n"),
        ("d <- data.frame(a = 1:2); d$b <- 3:4; d[['c']] <- 5:6; d", "  a b c\n1 1 3 5\n2 2 4 6\n"),
        ("f <- factor(c('u', 'v')); f[2] <- 'u'; f", "[1] u u\nLevels: u v\n"),
        ("x <- c('a', 'b'); y <- x; x[3] <- 'c'; x; y", '[1] "a" "b" "c"\n[1] "a" "b"\n'),
    ],
)  # fmt: skip
def test_only_the_variable_named_is_changed(program: str, expected: str) -> None:
    assert printed(program) == expected


@pytest.mark.parametrize(
    "program",
    [
        "`$.box` <- function(x, name) paste('read', name); b <- structure(list(a = 1), class = 'box'); b$a",
        "`$.box` <- function(x, name) paste('read', name); b <- structure(new.env(), class = 'box'); b$a",
    ],
)
def test_methods_for_members_are_asked(program: str) -> None:
    assert printed(program) == '[1] "read a"\n'


def test_methods_for_assigning_members_are_asked() -> None:
    program = (
        "`$<-.box` <- function(x, name, value) { cat('set', name, '\\n'); x }\n"
        "`[[<-.box` <- function(x, i, value) { cat('put', i, '\\n'); x }\n"
        "b <- structure(list(a = 1), class = 'box'); b$a <- 2; b[['a']] <- 3\n"
        "e <- structure(new.env(), class = 'box'); e$a <- 2"
    )
    assert printed(program) == "set a \nput a \nset a \n"


def test_locked_environments_refuse() -> None:
    program = "e <- new.env(); lockEnvironment(e); r <- try({ e$x <- 1 }, silent = TRUE); cat(r)"
    assert "cannot add bindings" in printed(program)


@pytest.mark.parametrize(
    "turn", ["x[i] <- i", "x[[i]] <- i", "x[length(x) + 1L] <- i", "u[[i]] <- i",
     "l[[paste0('k', i)]] <- i", "l$a <- i", "m[i, 2] <- i"],
)
def test_a_loop_that_fills_copies_nothing_after_its_first_turns(turn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    general = Replacement.finish
    calls = []

    def counted(self: Replacement, *arguments: object) -> object:
        calls.append(1)
        return general(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Replacement, "finish", counted)
    printed(f"x <- c(); l <- list(k = 0); u <- list(); m <- matrix(0, 50, 2); for (i in 1:50) {turn}")
    assert len(calls) <= 3
