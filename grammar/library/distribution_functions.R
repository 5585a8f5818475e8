# The distribution function of a sample.

ecdf <- function(x) {
  x <- sort(x)
  n <- length(x)
  if (n < 1) stop("'x' must have 1 or more non-missing values")
  values <- unique(x)
  made <- approxfun(values, cumsum(tabulate(match(x, values))) / n, method = "constant", yleft = 0, yright = 1, f = 0,
                    ties = "ordered")
  assign("nobs", n, envir = environment(made))
  class(made) <- c("ecdf", "stepfun", class(made))
  attr(made, "call") <- sys.call()
  made
}

.ecdf_knots <- function(values, digits) {
  shown <- formatC(values, digits = digits, width = 6)
  count <- length(shown)
  first <- paste(shown[seq_len(min(3L, count))], collapse = ", ")
  if (count <= 3L) return(first)
  paste0(first, ", ", if (count > 5L) " ..., ", paste(shown[max(4L, count - 1L):count], collapse = ", "))
}

print.ecdf <- function(x, digits = getOption("digits") - 2L, ...) {
  at <- knots(x)
  cat("Empirical CDF \nCall: ")
  print(attr(x, "call"), ...)
  cat(" x[1:", length(at), "] = ", .ecdf_knots(at, digits), "\n", sep = "")
  invisible(x)
}

summary.ecdf <- function(object, ...) {
  at <- knots(object)
  header <- paste("Empirical CDF:\t ", length(at), "unique values with summary\n")
  structure(summary(at, ...), header = header, class = c("summary.ecdf"))
}

print.summary.ecdf <- function(x, ...) {
  cat(attr(x, "header"))
  made <- x
  attr(made, "header") <- NULL
  class(made) <- c("summaryDefault", "table")
  print(made, ...)
  invisible(x)
}

quantile.ecdf <- function(x, ...) {
  sample <- eval(expression(rep.int(x, diff(c(0, round(nobs * y))))), envir = environment(x))
  quantile(sample, ...)
}
