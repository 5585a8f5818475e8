# MASS: log-linear models of tables, written as formulas.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, section 7.3.

# A formula's terms are the margins that loglin() fits; of margins within others nothing is to be said.
loglm <- function(formula, data, subset, na.action, ...) {
  call <- match.call()
  table <- if (missing(data) || is.data.frame(data)) .counts_by_variables(call, formula, parent.frame()) else data
  asked <- formula[[length(formula)]]
  called <- names(dimnames(table))
  if (is.null(called)) {
    called <- paste0(".", seq_along(dim(table)))
    asked <- .numbers_named(asked)
  }
  right <- terms(eval(base::call("~", asked), environment(formula)))
  margins <- .widest_sets(attr(right, "factors") > 0, called)
  fit <- loglin(table, margins, param = TRUE, ..., print = FALSE)
  names(fit$margin) <- names(margins)
  made <- c(fit[c("lrt", "pearson", "df", "margin")], list(fitted = fit$fit, param = fit$param, call = call, formula = formula,
    frequencies = if (!is.null(fit$fit)) table, deviance = fit$lrt, nobs = length(table), terms = right))
  structure(made[!vapply(made, is.null, NA)], class = "loglm")
}

# The table that a data frame holds: its response is the counts, everything else classifies them.
.counts_by_variables <- function(call, formula, env) {
  if (length(formula) < 3L) stop(simpleError("formula specifies no response", sys.call(-1L)))
  if (!is.null(call$data)) call$formula <- eval(substitute(counts ~ ., list(counts = formula[[2L]])), environment(formula))
  frame <- .frame_asked_by(call, env, drop.unused.levels = TRUE, words = c("formula", "data", "subset", "na.action"))
  sums <- tapply(model.response(frame), lapply(frame[-1L], as.factor), sum)
  structure(ifelse(is.na(sums), 0, sums), dim = dim(sums), dimnames = dimnames(sums))
}

# The margins that stand in no other: variables are rows, terms columns.
.widest_sets <- function(within, called) {
  if (!length(within)) stop(simpleError("the formula specifies no terms", sys.call(-1L)))
  if (!all(rownames(within) %in% called)) stop(simpleError("the formula has variables that the table has not", sys.call(-1L)))
  shared <- crossprod(within)
  widest <- rowSums(shared == diag(shared)) == 1
  lapply(which(widest), function(term) match(rownames(within)[within[, term]], called))
}

# Variables of a table without names are written as their numbers.
.numbers_named <- function(written) {
  if (is.numeric(written)) return(as.name(paste0(".", written)))
  if (is.call(written) && !identical(written[[1L]], quote(`^`))) written[-1L] <- lapply(as.list(written)[-1L], .numbers_named)
  written
}

coef.loglm <- function(object, ...) object$param

# The fit with its tables, made again where they were not kept.
.with_tables <- function(object, what) {
  if (!is.null(object$fitted)) return(object)
  cat("Re-fitting to get ", what, "\n", sep = "")
  call <- object$call
  call$fit <- TRUE
  eval(call, environment(object$formula))
}

fitted.loglm <- function(object, ...) .with_tables(object, "fitted values")$fitted

residuals.loglm <- function(object, type = c("deviance", "pearson", "response"), ...) {
  type <- match.arg(type)
  object <- .with_tables(object, "frequencies and fitted values")
  seen <- unclass(object$frequencies)
  away <- seen - object$fitted
  switch(type, response = away, pearson = away / sqrt(object$fitted),
    deviance = sign(away) * sqrt(2 * abs(seen * log(ifelse(seen > 0, seen / object$fitted, 1)) - away)))
}

print.loglm <- function(x, ...) {
  .print_call(x$call)
  statistics <- c(`Likelihood Ratio` = x$lrt, Pearson = x$pearson)
  cat("\nStatistics:\n")
  print(cbind(`X^2` = statistics, df = x$df, `P(> X^2)` = if (x$df > 0) 1 - pchisq(statistics, x$df) else 1))
  invisible(x)
}
