"""Programs that once showed a mistake of the interpreter: they stay, so that it does not come back."""

from __future__ import annotations

FOUND = [
    "layer <- layer_dense(units = 2); layer(NULL)",
    "layer <- layer_dense(units = 2); NULL %>% layer",
    "`<.numeric_version`(factor(character(0)), e1 = 1:3)",
    "`<=.numeric_version`(1:3, e2 = integer(0))",
    'x <- as.Date("2020-01-01"); `@`(x, NA_character_) <- NULL; x',
    'print(call("$", quote(x), NA_character_)); print(call("@", quote(x), c("a", "b")))',
    "arity(NA)", "arity(1:3)", "env2list(NA)", "as.list.environment(2)", "c.difftime()", "cbind.data.frame()",
    "hcl.colors(NA)", "hcl.colors(Inf)", "here(character(0), 'a')", "is.na.data.frame(1:3)", "is.na.data.frame('')",
    "layer_dot()", "max.ordered()", "range.ordered(1)", "print.simple.list(-3:3)", "print.simple.list(rev(letters))",
    "print.data.frame('a')", "print.listof(-3:3)", "print.listof('a')", "rbind.data.frame()", "range.Date(data.frame())",
    "rgb(1:2)", "x <- 'a'; regmatches(x, c(TRUE, NA)) <- 'b'", "x <- 'a'; regmatches(x, 1L) <- 'b'",
    "pwilcox(c(TRUE, NA), -1, 3)", "qsignrank(0.3, -1)", "dsignrank(1, 0)", "rwilcox(1, -1, 2)",
    "str_pad(as.raw(1:2), character(0))", "x <- 2i; str_sub(x) <- character(0); x",
    "x <- c(TRUE, NA); str_sub(x, integer(0)) <- 'u'", "tabulate(c(1, 1e308))",
    "`%%.data.frame`(1, 2)", "summary.data.frame(1:3)", "summary.data.frame('a')", "unstack(3L)",
    "unstack(as.Date('2020-01-01'))", "cut(as.Date('2020-01-01'), NA)", "cut(as.Date('2020-01-01'), 0)",
    "cut(as.Date('2020-01-01'), -1)", "asplit(matrix(1:4, 2), c(1.5, NA))", "gl(2, NA)", "gl(1:3, c(1, NA))",
    "simplify2array(1:3)[[1]]", "nextn(-1)", "nextn(0)", "nextn(1e300)", "bw.ucv(1:4, tol = -1)",
    "bw.bcv(c(1, 2, 4), tol = NA)",
    "optimize(sin, c(0, 3), tol = -1)", "eval.parent(quote(1), 1e300)", "sys.parent(1e300)", "replicate(1e300, 1)",
    "iconv('fa\\xe7', 'latin1', 'UTF-8')",
]  # fmt: skip
"""Each of them ends, in peace or with an error of the language."""
