"""What models of the library do not do is refused by name, never computed as something else."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.session import Session


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("loess(mpg ~ wt + hp, mtcars)", "the interpolated surface is of one predictor"),
        ("pacf(EuStockMarkets, plot = FALSE)", "of one series at a time"),
        ("kernel('fejer', 2)", 'kernels are "daniell"'),
        ("model.tables(aov(weight ~ feed, chickwts))", "as many observations in every cell"),
        ("ansari.test(1:5, 2:9, conf.int = TRUE)", "argument 'conf.int'"),
        ("model.tables(aov(yield ~ N, npk), se = TRUE)", "argument 'se'"),
        ("smooth.spline(cars, keep.stuff = TRUE)", "argument 'keep.stuff'"),
    ],
)
def test_it_is_refused(program: str, said: str) -> None:
    errors = io.StringIO()
    assert Session(output=io.StringIO(), error_output=errors).run(program, "own.pk") == 1
    assert said in errors.getvalue()
