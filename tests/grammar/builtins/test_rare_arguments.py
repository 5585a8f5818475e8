"""Arguments that few programs give: they do what R's do, or the error names the one that is not supported."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.session import Session


def run(program: str) -> tuple[str, str]:
    output, errors = io.StringIO(), io.StringIO()
    Session(output=output, error_output=errors).run(program, "p.pk")
    return output.getvalue(), errors.getvalue()


# What GNU R 4.2 prints.
PRINTED = [
    ("x <- 5; e <- new.env(); assign('x', 1, e); rm('x', pos = e); exists('x', e, inherits = FALSE); x", "[1] FALSE\n[1] 5\n"),
    ("col(matrix(1:4, 2), as.factor = TRUE)", "     [,1] [,2]\n[1,] 1    2   \n[2,] 1    2   \nLevels: 1 2\n"),
    (
        "row(matrix(1:4, 2, dimnames = list(c('a', 'b'), NULL)), as.factor = TRUE)",
        "     [,1] [,2]\n[1,] a    a   \n[2,] b    b   \nLevels: a b\n",
    ),
    ("as.data.frame(list(1:2, 3:4), col.names = c('p', 'q'))", "  p q\n1 1 3\n2 2 4\n"),
    ("pretty(c(0, 97), n = 5, high.u.bias = 0)", " [1]   0  10  20  30  40  50  60  70  80  90 100\n"),
    ("pretty(1:3, shrink.sml = 0.5, min.n = 2, u5.bias = 0)", " [1] 1.0 1.2 1.4 1.6 1.8 2.0 2.2 2.4 2.6 2.8 3.0\n"),
    ("as.data.frame(1:2, nm = 'zz')", "  zz\n1  1\n2  2\n"),
    (
        "f <- factor('a', levels = c('a', 'b')); sapply(droplevels(data.frame(f = f, g = f), except = 2), nlevels)",
        "f g \n1 2 \n",
    ),
    ("levels(reorder(factor(c('a', 'b', 'c')), c(3, 1, 2), decreasing = TRUE))", '[1] "a" "c" "b"\n'),
    (
        "names(split(1:4, list(c('a', 'b', 'a', 'b'), c('x', 'x', 'y', 'y')), lex.order = TRUE))",
        '[1] "a.x" "a.y" "b.x" "b.y"\n',
    ),
]


@pytest.mark.parametrize(("program", "printed"), PRINTED)
def test_an_argument_does_what_it_does_in_r(program: str, printed: str) -> None:
    assert run(program) == (printed, "")


@pytest.mark.parametrize(
    ("program", "argument"),
    [
        ("chol(diag(2), pivot = TRUE)", "pivot"),
    ],
)
def test_an_argument_that_is_not_supported_is_named(program: str, argument: str) -> None:
    errors = run(program)[1]
    assert f"argument '{argument}' of " in errors and "is not supported\n" in errors and "\n  p.pk:1:1 " in errors
