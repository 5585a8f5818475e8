# The distribution function of a sample, and noise that parts equal values.

# A step function: the share of values at or below each value that occurs.
ecdf <- function(x) {
  runs <- rle(sort(x))
  nobs <- sum(runs$lengths)
  if (nobs == 0) stop("'x' must have 1 or more non-missing values")
  steps <- approxfun(runs$values, cumsum(runs$lengths) / nobs, method = "constant", ties = "ordered", yleft = 0, yright = 1)
  assign("nobs", nobs, environment(steps))
  structure(steps, class = c("ecdf", "stepfun", class(steps)), call = sys.call())
}

# The first three and the last two places at which it steps.
.shown_knots <- function(at, digits) {
  texts <- formatC(at, digits = digits, width = digits + 1)
  rest <- texts[-(1:3)]
  paste(c(head(texts, 3L), if (length(rest) > 2L) " ...", tail(rest, 2L)), collapse = ", ")
}

print.ecdf <- function(x, digits = getOption("digits") - 2L, ...) {
  at <- knots(x)
  writeLines(c("Empirical CDF ", paste("Call:", paste(deparse(attr(x, "call")), collapse = "\n")),
               sprintf(" x[1:%d] = %s", length(at), .shown_knots(at, digits))))
  invisible(x)
}

summary.ecdf <- function(object, ...) {
  at <- knots(object)
  structure(summary(at, ...), class = "summary.ecdf", header = sprintf("Empirical CDF:\t  %d unique values with summary\n", length(at)))
}

print.summary.ecdf <- function(x, ...) {
  cat(attr(x, "header"))
  print(structure(c(unclass(x)), class = c("summaryDefault", "table")), ...)
  invisible(x)
}

# Quantiles of the sample, which the heights of the steps bring back.
quantile.ecdf <- function(x, ...) {
  at <- knots(x)
  quantile(rep(at, times = round(environment(x)$nobs * diff(c(0, x(at))))), ...)
}

# Random noise no larger than a fifth of the smallest gap between values, or as asked for.
jitter <- function(x, factor = 1, amount = NULL) {
  if (!length(x)) return(x)
  if (!is.numeric(x)) stop("'x' must be numeric")
  ends <- range(x, na.rm = TRUE)
  size <- .first_nonzero(c(ends[2L] - ends[1L], abs(ends[1L]), 1))
  most <- if (is.null(amount)) factor * .smallest_gap(x, size) / 5 else if (amount == 0) factor * size / 50 else amount
  x + runif(length(x), -most, most)
}

# Values that differ by less than about a thousandth of their range count as one; a single value has a tenth of itself.
.smallest_gap <- function(x, size) {
  places <- sort(unique(round(x, 3 - floor(log10(size)))))
  if (length(places) > 1L) min(diff(places)) else abs(.first_nonzero(c(places, size))) / 10
}
