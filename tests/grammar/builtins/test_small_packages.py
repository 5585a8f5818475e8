"""Words of small packages that public scripts load."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.session import Session


def run(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(program, "small.pk")
    assert "internal problem" not in errors.getvalue(), errors.getvalue()
    return output.getvalue() + ("" if status == 0 else errors.getvalue())


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("library(plyr); ldply(list(a = 1:2, b = 3:4), function(x) data.frame(s = sum(x)))", "  .id s\n1   a 3\n2   b 7\n"),
        ("ldply(1:2, function(i) c(i, i^2))", "  V1 V2\n1  1  1\n2  2  4\n"),
        ("ddply(mtcars, c('am', 'vs'), summarise, n = length(mpg))[3:4, ]", "  am vs n\n3  1  0 6\n4  1  1 7\n"),
        ("rbind.fill(data.frame(a = 1), data.frame(b = 'x'))", "   a    b\n1  1 <NA>\n2 NA    x\n"),
        ("mapvalues(c('a', 'b'), 'a', 'z')", '[1] "z" "b"\n'),
        ("library(matrixStats); rowMaxs(matrix(1:6, 2)); colMedians(matrix(1:6, 2))", "[1] 5 6\n[1] 1.5 3.5 5.5\n"),
        ("library(zoo); rollmean(1:5, 3); rollsum(1:4, 2, fill = NA, align = 'right')", "[1] 2 3 4\n[1] NA  3  5  7\n"),
        ("na.locf(c(NA, 1, NA)); na.locf(c(NA, 1), fromLast = TRUE); na.approx(c(1, NA, 3))", "[1] 1 1\n[1] 1 1\n[1] 1 2 3\n"),
        ("library(Hmisc); 1 %nin% 2:3; table(cut2(c(1, 2, 3, 4), g = 2))[[1]]", "[1] TRUE\n[1] 2\n"),
        ("library(lubridate); ymd(20200131); mdy('March 4, 2021'); dmy('04/05/99')",
         '[1] "2020-01-31"\n[1] "2021-03-04"\n[1] "1999-05-04"\n'),
        ("ymd_hms('2020-01-02 03:04:05'); hour(ymd_hms('2020-01-02 13:04:05'))", '[1] "2020-01-02 03:04:05 UTC"\n[1] 13\n'),
        ("library(lubridate); ymd('2020-01-31') + days(1); ymd('2020-01-31') %m+% months(1)",
         '[1] "2020-02-01"\n[1] "2020-02-29"\n'),
        ("floor_date(ymd('2020-03-14'), 'month'); ceiling_date(ymd('2020-03-14'), 'year')",
         '[1] "2020-03-01"\n[1] "2021-01-01"\n'),
        ("as.character(wday(ymd('2020-03-04'), label = TRUE)); yday(ymd('2020-12-31'))", '[1] "Wed"\n[1] 366\n'),
        ("library(Metrics); rmse(c(1, 2), c(1, 4)); mae(c(1, 2), c(1, 4)); ce(1:2, 2:1)", "[1] 1.414214\n[1] 1\n[1] 1\n"),
        ("as.data.frame(rmse(data.frame(a = 1:2, b = c(1, 4)), a, b))",
         "  .metric .estimator .estimate\n1    rmse   standard  1.414214\n"),
        ("library(ROCR); p <- prediction(c(.9, .8, .3, .1), c(1, 0, 1, 0)); performance(p, 'auc')@y.values[[1]]", "[1] 0.75\n"),
        ("performance(prediction(c(.9, .8, .1), c(1, 1, 0)), 'tpr', 'fpr')@x.values[[1]]", "[1] 0 0 0 1\n"),
        ("library(pROC); r <- roc(c(0, 0, 1, 1), c(.1, .3, .2, .9), quiet = TRUE); auc(r)", "Area under the curve: 0.75\n"),
        ("library(fastmap); s <- faststack(); s$push(1); s$push('a'); s$pop(); s$size()", '[1] "a"\n[1] 1\n'),
        ("library(rlang); tryCatch(abort('bad', class = 'mine'), mine = function(e) conditionMessage(e))", '[1] "bad"\n'),
        ("library(progress); p <- progress_bar$new(total = 2); for (i in 1:2) p$tick(); p$finished", "[1] TRUE\n"),
        ("library(devtools); install_github('rstudio/keras@main'); cat('on')", "on"),
        ("library(tokenizers); tokenize_words(\"It's a Dog.\", simplify = TRUE)", '[1] "it\'s" "a"    "dog" \n'),
    ],
)  # fmt: skip
def test_words_of_small_packages(program: str, printed: str) -> None:
    assert run(program) == printed


def test_what_is_not_there_is_told() -> None:
    assert "there is no package called" in run("library(remotes); install_github('someone/else')")
    assert 'no slot of name "z"' in run("performance(prediction(c(.9, .1), c(1, 0)), 'auc')@z")
    assert run("suppressWarnings(lubridate::ymd('2020-13-45'))") == "[1] NA\n"


def test_neighbours_stay_neighbours() -> None:
    program = """
    set.seed(1)
    x <- rbind(matrix(rnorm(32), 16), matrix(rnorm(32) + 9, 16))
    made <- Rtsne(x, perplexity = 4, max_iter = 250, eta = 10)
    d <- as.matrix(dist(made$Y))
    dim(made$Y); mean(d[1:16, 1:16]) < mean(d[1:16, 17:32])
    """
    assert run(program) == "[1] 32  2\n[1] TRUE\n"
