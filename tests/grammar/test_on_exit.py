"""What a function leaves to do on its way out, beside errors that nobody handles."""

from __future__ import annotations

import io

from pipekeras.grammar.session import Session

LEAVES = 'f <- function() { on.exit(cat("bye\\n")); stop("x") }\n'


def shown_together(program: str) -> str:
    """All that a program writes, output and errors in their order."""
    together = io.StringIO()
    Session([], output=together, error_output=together).run(program, "program.R")
    return together.getvalue()


def test_an_error_that_nobody_handles_is_reported_before_the_way_out() -> None:
    shown = shown_together(LEAVES + "g <- function() { on.exit(cat('g leaves\\n')); f() }\ng()")
    places = [shown.index(part) for part in ("Error in f() : x", "bye", "g leaves")]
    assert places == sorted(places)
    assert shown.count("Error in f()") == 1


def test_a_handled_error_is_not_reported() -> None:
    assert shown_together(LEAVES + 'tryCatch(f(), error = function(e) cat("caught\\n"))') == "bye\ncaught\n"


def test_try_reports_after_the_way_out() -> None:
    assert shown_together(LEAVES + "try(f())") == "bye\nError in f() : x\n"


def test_methods_of_s3_classes_see_expressions_after_s4_took_the_bracket() -> None:
    program = """
setClass("P", representation(x = "numeric"))
setMethod("[", "P", function(x, i, ...) x@x[i])
l <- structure(list(a = 1:3), class = "lazy")
`[.lazy` <- function(x, i) { e <- substitute(i); print(e); eval(e, unclass(x)) }
print(l[a > 1])
print(new("P", x = c(1, 2, 3))[2])
"""
    assert shown_together(program) == "a > 1\n[1] FALSE  TRUE  TRUE\n[1] 2\n"
