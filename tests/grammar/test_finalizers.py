"""Finalizers run once at `gc()` when their environment is out of reach, and at the end when they asked for it."""

from __future__ import annotations

import io

from pipekeras.grammar.session import Session


def run(program: str) -> tuple[str, str]:
    output, errors = io.StringIO(), io.StringIO()
    session = Session(output=output, error_output=errors)
    session.run(program, "test.R")
    session.write("|")
    session.close()
    return output.getvalue(), errors.getvalue()


def test_an_environment_out_of_reach_is_handed_back_whole() -> None:
    program = 'e <- new.env(); e$n <- 7; reg.finalizer(e, function(x) cat("gone", x$n)); rm(e); r <- gc(); r <- gc()'
    assert run(program) == ("NULL\ngone 7|", "")


def test_what_is_in_reach_waits() -> None:
    assert run('e <- new.env(); f <- e; r <- reg.finalizer(e, function(x) cat("gone")); rm(e); r <- gc()') == ("|", "")


def test_the_end_runs_those_that_asked_for_it_the_latest_first() -> None:
    program = "add <- function(n, end) { e <- new.env(); reg.finalizer(e, function(x) cat(n), onexit = end); e }\n"
    assert run(program + "k <- list(add(1, TRUE), add(2, FALSE), add(3, TRUE))") == ("|31", "")


def test_a_mistake_in_a_finalizer_is_told_and_the_program_goes_on() -> None:
    output, errors = run('e <- new.env(); r <- reg.finalizer(e, function(x) stop("oh")); rm(e); r <- gc(); cat("on")')
    assert output == "on|"
    assert "oh" in errors


def test_r6_objects_and_their_copies_run_finalize() -> None:
    program = """
        library(R6)
        A <- R6Class("A", public = list(n = 0, initialize = function(n) self$n <- n),
                     private = list(finalize = function() cat("A", self$n, "")))
        B <- R6Class("B", inherit = A, private = list(finalize = function() { cat("B "); super$finalize() }))
        b <- B$new(1); copy <- b$clone(); copy$n <- 2; rm(b); invisible(gc()); cat("then "); a <- A$new(3)
    """
    assert run(program) == ("B A 1 then |A 3 B A 2 ", "")


def test_what_no_finalizer_can_be() -> None:
    assert "first argument must be environment" in run("reg.finalizer(1, print)")[1]
    assert "second argument must be a function" in run("reg.finalizer(new.env(), 1)")[1]
