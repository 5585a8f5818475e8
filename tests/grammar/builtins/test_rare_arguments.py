"""Arguments that are seldom given do what R says they do."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session


def printed(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    Session(output=output, error_output=errors).run(program, "rare.pk")
    assert not errors.getvalue(), errors.getvalue()
    return output.getvalue()


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ('URLencode("a%20b c"); URLencode("a%20b c", repeated = TRUE)', '[1] "a%20b c"\n[1] "a%2520b%20c"\n'),
        ("match(c(1, 2, NA), c(1, 2, NA), incomparables = NA)", "[1]  1  2 NA\n"),
        ("duplicated(c(1, 1, NA, NA), incomparables = NA)", "[1] FALSE  TRUE FALSE FALSE\n"),
        ("summary(factor(letters), maxsum = 3)", "      a       b (Other) \n      1       1      24 \n"),
        ("is.unsorted(c(1, NA, 2), na.rm = TRUE)", "[1] FALSE\n"),
        ("kronecker(1:2, 1:3, FUN = '+')", "[1] 2 3 4 3 4 5\n"),
        ("kronecker(diag(2), matrix(1:2, 1), '+')",
         "     [,1] [,2] [,3] [,4]\n[1,]    2    3    1    2\n[2,]    1    2    2    3\n"),
        ("d <- data.frame(a = 1, row.names = 'x'); rbind(d, d, make.row.names = FALSE)", "  a\n1 1\n2 1\n"),
        ("summary(c(1.23456, 2.34567), digits = 3)[['Mean']]", "[1] 1.79\n"),
        ("summary(c(1, 2, 3, 10), quantile.type = 6)[[5]]", "[1] 8.25\n"),
        ("eapply(list2env(list(a = 1)), identity, USE.NAMES = FALSE)", "[[1]]\n[1] 1\n\n"),
        ("dist(matrix(1:4, 2), method = 'minkowski', p = 3)", "         1\n2 1.259921\n"),
        ("dist(matrix(c(1, 0, 3, 4, 0, 0), 3), method = 'binary', diag = TRUE, upper = TRUE)",
         "    1   2   3\n1 0.0 1.0 0.5\n2 1.0 0.0 1.0\n3 0.5 1.0 0.0\n"),
        ("dist(matrix(c(1, 2, 3, 4, 5, 7), 3), method = 'canberra')[2]", "[1] 0.7727273\n"),
        ("all.vars(quote(a + b + c), max.names = 2)", '[1] "a" "b"\n'),
    ],
)  # fmt: skip
def test_an_argument_has_its_effect(program: str, expected: str) -> None:
    assert printed(program) == expected


def test_files_are_read_in_the_encoding_named(tmp_path: Path) -> None:
    place = tmp_path / "old.csv"
    place.write_bytes("n\u00e9e,b\n1,caf\u00e9\n".encode("latin1"))
    program = f"p <- '{place}'; names(read.csv(p, fileEncoding = 'latin1')); readLines(p, encoding = 'latin1')[2]"
    assert printed(program) == '[1] "n\u00e9e" "b"  \n[1] "1,caf\u00e9"\n'
