"""Hot code gives what the ordinary code gives: values, messages, and what a frame shows to those who look."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.evaluation import calls as calling
from pipekeras.grammar.evaluation import control, templates
from pipekeras.grammar.hot import units
from pipekeras.grammar.session import Session

PROGRAMS = {
    "sums": "f <- function(n) { s <- 0; for (i in 1:n) s <- s + i / 2; s }; print(f(10)); print(f(10L))",
    "overflow": "a <- .Machine$integer.max - 2L; for (i in 1:4) { a <- a + 1L; print(a) }",
    "missing": "x <- c(1, NA, 3); for (v in x) if (is.na(v)) print('NA') else print(v > 2);"
             " for (b in c(TRUE, NA)) print(b && TRUE)",
    "recursion": "fib <- function(n) if (n < 2) n else fib(n - 1) + fib(n - 2); for (k in 1:3) print(fib(12)); print(fib(5L))",
    "cells": "m <- matrix(0, 3, 4); for (i in 1:3) for (j in 1:4) m[i, j] <- i * 10 + j; print(m); s <- 0L\n"
             "for (k in 1:2) for (i in 1:3) s <- s + as.integer(m[i, 2]); print(s); print(tryCatch({ for (i in 1:9) m[i, 1] },"
             " error = conditionMessage))",
    "shared": "x <- c(1, 2, 3); y <- x; for (i in 1:3) { x[i] <- 0; if (i == 2) z <- x }; print(x); print(y); print(z)",
    "own subscript": "m <- c(1, 2, 3); for (i in 1:2) { m[TRUE] <- m; m[m] <- m[1] }; print(m)",
    "growing": "x <- c(); for (i in 1:5) x[i] <- i * 2; print(x); l <- list(); for (i in 1:3) l[[length(l) + 1]] <- i; str(l)",
    "kinds": "x <- 1:3; for (i in 1:3) x[i] <- i + 0.5; print(x); b <- c(TRUE, FALSE); for (i in 1:2) b[i] <- !b[i]; print(b)",
    "jumps": "i <- 0; repeat { i <- i + 1; if (i %% 2 == 0) next; if (i > 7) break }; print(i)\n"
             "f <- function() { for (i in 1:5) for (j in 1:5) if (i * j == 6) return(c(i, j)); NULL }; print(f()); print(f())",
    "promises": "f <- function(x, y) { if (x > 1) return(x); y }; for (i in 1:3) print(f(i, stop('never')) * 2)[i > 2]\n",
    "order": "n <- 1; g <- function(x) { n <<- 5; x }; for (i in 1:3) { n <- 1; print(g(n + 1)) }",
    "seen from inside": "f <- function(x) { s <- 0; for (i in 1:3) { s <- s + x; g <- function() s; assign('s', g() * 2) }\n"
                        "c(s, environment()$s, substitute(x)) }; for (k in 1:3) print(f(k + 1))",
    "own operator": "for (i in 1:6) { if (i == 4) assign('+', function(e1, e2) 'mine'); r <- i + 1; print(r) }; rm('+')\n"
                    "while (i > 0) { i <- i - 1; if (i == 3) assign('-', function(e1, e2) -1); print(i) }; rm('-')",
    "methods": "Ops.kk <- function(e1, e2) { s <<- s * 2; 7 }; s <- 1; o <- structure(1, class = 'kk')\n"
               "for (i in 1:3) { s <- s + 1; r <- o + s; s <- s + r }; print(s)",
    "locked": "e <- new.env(); local({ s <- 1; lockBinding('s', environment()); print(tryCatch({ for (i in 1:3) s <- s + 1 },"
              " error = function(e) { print(conditionCall(e)); conditionMessage(e) })) }, e); print(e$s)",
    "active": "local({ makeActiveBinding('z', function(v) { cat('asked\\n'); 3 }, environment()); s <- 0\n"
              "for (i in 1:2) s <- s + z; print(s) })",
    "after an error": "s <- 0; try({ for (i in 1:5) { s <- s + i; if (i == 3) stop('here') } }, silent = TRUE); print(c(s, i))",
    "errors": "f <- function(a) { b <- 2; a + b }; for (k in list(1, 'x')) print(tryCatch(f(k), error = function(e) print(e)))",
    "texts": "k <- 0; for (ch in strsplit('banana', '')[[1]]) { if (ch == 'a') k <- k + 1;"
             " w <- paste0(ch, k) }; print(c(k, w))",
    "no turns": "f <- function(x) { for (i in x) print(i); i }; print(f(NULL)); print(f(integer(0)));"
             " for (j in seq_len(0)) 1; print(j)",
    "vectors": "v <- c(1, 2, 3); for (i in 1:3) v <- v * 2 - c(0, 1, NA); print(v); w <- 0;"
             " for (i in 1:3) w <- w + sum((v - 1)^2, na.rm = TRUE)\n"
               "print(w); for (i in 1:2) print(v > 3); for (i in 1:2) print(c(a = 1) + i)",
    "numbers": "for (x in c(-7.5, 0, 3, 1e300, -Inf, NaN)) print(c(x %% 3, x %/% 3, x^2, x^0.5, -x, abs(x), floor(x), x / 0))",
    "whole numbers": "for (x in c(-7L, 0L, 5L, NA)) print(list(x %% 3L, x %/% 2L, x / 2L, x^2L, -x, x * 1000000000L))",
    "conditions": "for (x in list(1, 0L, 'TRUE', NA, c(1, 2), NULL, 'q'))"
             " print(tryCatch(if (x) 'yes' else 'no', error = conditionMessage))",
    "arguments left out": "f <- function(x, i) { r <- x[i]; x[i] <- 9; list(r, x) }; for (k in 1:3) str(f(c(1, 2)))",
    "values of assignments": "for (i in 1:3) { y <- (x <- i) + 1; z <- if (i > 1) { q <- i; q * 2 } };"
             " print(c(x, y, z, q)); print(is.null(z))",
    "members": "d <- data.frame(a = 1:3, b = c(0.5, NA, 2)); l <- list(a = 1, n = NULL, f = function() 1)\n"
               "l$v <- c(u = 1, w = 2)\n"
               "e <- new.env(); e$k <- 0; makeActiveBinding('act', function() { cat('asked\\n'); 2 }, e)\n"
               "for (i in 1:3) { e$k <- e$k + d$a[i] + l$a + e$act\n"
               "r <- list(d$b[i], d$a[[i]], l$v[i], l$none, l$ab, e$nothing, d$b[9])\n"
               "str(r); print(e$k); print(try(l$f[i], silent = TRUE)) }\n"
               "`$.kk` <- function(x, name) paste('own', name); o <- structure(list(a = 1), class = 'kk')\n"
               "for (i in 1:2) { r <- o$a; print(r); print(o$zz[i]) }",
    "invisible": "f <- function(n) { s <- n }; f(1); f(2); f(3); g <- function(n) if (n > 1) n; g(1); g(2); g(3)",
    "functions of numbers": "add <- function(x, y) x + y; step <- function(a, b) { z <- 0; for (i in 1:3) z <- z + a * i\n"
                            "if (z > b) return(z - 1); while (z > 2) { z <- z / 2; if (z == 1) break }; z }\n"
                            "even <- function(n) if (n == 0) TRUE else odd(n - 1)\n"
                            "odd <- function(n) if (n == 0) FALSE else even(n - 1)\n"
                            "for (v in list(1, 2L, TRUE, NA, NaN, Inf, 2147483647L, 'a', c(1, 2), NULL)) {\n"
                            "r <- tryCatch(add(v, 1L), error = conditionMessage); print(r)\n"
                            "print(try(step(v, 4), silent = TRUE)) }\n"
                            "for (k in 0:3) { r <- even(k); print(r) }; r <- try(even(900)); print(r)",
    "a function of numbers that changes": "add <- function(x, y) x + y; r <- 0; for (i in 1:4) { r <- add(r, i)\n"
                                          "if (i == 2) add <- function(x, y) x - y; if (i == 3) add <- 5 }; print(r)\n"
                                          "g <- function(x) add2(x, k); add2 <- function(a, b) a * b; k <- 2\n"
                                          "for (i in 1:4) { r <- g(i); k <- if (i == 2) c(1, 2) else k + 1; print(r) }",
    "arguments nobody asks for": "first <- function(a, b) a; for (i in 1:3) { r <- first(i, nobody); print(r) }\n"
                                 "for (i in 1:3) { r <- first(i, stop('never') + 1); r <- r + first(i, i / 0); print(r) }",
    "without an end": "f <- function(n) f(n + 1)\n"
                      "for (i in 1:2) { r <- tryCatch(f(i), error = function(e) 'too deep'); print(r) }",
}


def shown(program: str) -> str:
    output = io.StringIO()
    Session(output=output, error_output=output).run(program, "program.R")
    return output.getvalue()


@pytest.mark.parametrize("title", PROGRAMS)
def test_hot_code_changes_no_result(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "HOT_TURNS", [10**9])
    monkeypatch.setattr(templates, "HOT_CALLS", [10**9])
    ordinary = shown(PROGRAMS[title])
    written = []
    make = units.written
    monkeypatch.setattr(units, "written", lambda *arguments: written.append(arguments) or make(*arguments))
    for turns in (0, 2):
        control.HOT_TURNS[0] = templates.HOT_CALLS[0] = turns
        assert shown(PROGRAMS[title]) == ordinary
    assert written


def test_a_long_loop_becomes_hot_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    make = units.written
    monkeypatch.setattr(units, "written", lambda *arguments: written.append(arguments) or make(*arguments))
    assert shown("s <- 0; for (i in 1:5) s <- s + i; s") == "[1] 15\n"
    assert not written
    assert shown("s <- 0; for (i in 1:1000) s <- s + i; s") == "[1] 500500\n"
    assert len(written) == 1


@pytest.mark.parametrize("loops", [8, 25, 60])
def test_loops_within_loops_to_any_depth(loops: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "HOT_TURNS", [0])
    monkeypatch.setattr(templates, "HOT_CALLS", [0])
    names = [f"v{at}" for at in range(loops)]
    heads = " ".join(f"for ({name} in 1:1) {{" for name in names)
    program = f"f <- function(s) {{ {heads} s <- s + v0 {'}' * loops}; s }}\nx <- 0; for (k in 1:3) x <- f(x); x"
    assert shown(program) == "[1] 3\n"


def test_functions_of_numbers_run_without_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    bind = templates.bind_arguments
    monkeypatch.setattr(calling, "bind_arguments", lambda *arguments: calls.append(arguments) or bind(*arguments))
    fib = "fib <- function(n) if (n < 2) n else fib(n - 1) + fib(n - 2)\n"
    assert shown(f"{fib}x <- 0; for (i in 1:300) x <- x + fib(8); x") == "[1] 6300\n"
    # Only what ran before the loop and the function were hot has frames.
    assert len(calls) < 1000


def test_elements_are_written_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipekeras.grammar.evaluation.assign import Replacement

    general = []
    finish = Replacement.finish
    monkeypatch.setattr(Replacement, "finish", lambda *arguments: general.append(arguments) or finish(*arguments))
    program = "f <- function(n) { x <- numeric(n); for (i in 1:n) x[i] <- i; m <- matrix(0, 30, 30)\n"
    program += "for (i in 1:30) for (j in 1:30) m[i, j] <- x[i] + sum(x); sum(m) }; f(500); f(500)"
    assert shown(program) == "[1] 112738950\n[1] 112738950\n"
    assert len(general) < 5
