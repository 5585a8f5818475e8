"""Arguments that are not acted on are refused by name, not passed over."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.session import Session


@pytest.mark.parametrize(
    ("program", "argument"),
    [
        ("agrep('a.', 'ab', fixed = FALSE)", "fixed"),
        ("qr.X(qr(diag(2)), ncol = 1)", "ncol"),
        ("serialize(1, NULL, ascii = TRUE)", "ascii"),
        ("all.equal(1, 1.1, formatFUN = function(err, what) 'E')", "formatFUN"),
        ("write.csv(data.frame(a = 1), tempfile(), fileEncoding = 'latin1')", "fileEncoding"),
        ("sort.list(3:1, partial = 2)", "partial"),
        ("nlminb(1, function(x) x^2, hessian = function(x) 2)", "hessian"),
        ("contr.sum(3, sparse = TRUE)", "sparse"),
        ("stopifnot(exprObject = quote(TRUE))", "exprObject"),
        ("regexpr('a', '\u00e9a', useBytes = TRUE)", "useBytes"),
        ("readLines(textConnection('a'), skipNul = TRUE)", "skipNul"),
        ("read.csv(text = 'a\\n1', flush = TRUE)", "flush"),
        ("zip(tempfile(), character(), extras = '-q')", "extras"),
        ("adist('a.c', 'abc', fixed = FALSE)", "fixed"),
        ("nlm(function(x) x^2, 1, stepmax = 2)", "stepmax"),
        ("rcond(diag(2), triangular = TRUE)", "triangular"),
        ("fisher.test(matrix(1:6, 2), hybrid = TRUE)", "hybrid"),
        ("barplot(1:3, log = 'y')", "log"),
        ("library(jsonlite); toJSON(1, always_decimal = TRUE)", "always_decimal"),
    ],
)
def test_an_argument_without_effect_is_refused(program: str, argument: str) -> None:
    output, errors = io.StringIO(), io.StringIO()
    assert Session(output=output, error_output=errors).run(program, "odd.pk") == 1
    assert f"argument '{argument}' of" in errors.getvalue()
    assert "is not supported" in errors.getvalue()
