# Data prepared and models judged: what scripts take from yardstick, testthat and abind.

# yardstick

.judged <- function(data, truth, estimate) list(truth = eval(truth, data, parent.frame(2)), estimate = eval(estimate, data, parent.frame(2)))

.measured <- function(name, value, kind = "binary") as_tibble(data.frame(.metric = name, .estimator = kind, .estimate = value, stringsAsFactors = FALSE))

conf_mat <- function(data, truth, estimate, dnn = c("Prediction", "Truth"), ...) {
  if (is.table(data)) return(structure(list(table = data), class = "conf_mat"))
  found <- .judged(data, substitute(truth), substitute(estimate))
  structure(list(table = table(Prediction = found$estimate, Truth = found$truth)), class = "conf_mat")
}

print.conf_mat <- function(x, ...) print(x$table)

accuracy <- function(data, truth, estimate, ...) {
  found <- .judged(data, substitute(truth), substitute(estimate))
  .measured("accuracy", mean(as.character(found$truth) == as.character(found$estimate)), if (nlevels(factor(found$truth)) > 2) "multiclass" else "binary")
}

.rates <- function(found) {
  event <- levels(factor(found$truth))[1]
  truth <- as.character(found$truth) == event
  said <- as.character(found$estimate) == event
  c(precision = sum(truth & said) / sum(said), recall = sum(truth & said) / sum(truth))
}

precision <- function(data, truth, estimate, ...) {
  # caret has a function of this name, too, of two factors.
  if (is.factor(data)) return(posPredValue(data, truth, if (missing(estimate)) levels(truth)[1L] else estimate))
  .measured("precision", .rates(.judged(data, substitute(truth), substitute(estimate)))[["precision"]])
}

recall <- function(data, truth, estimate, ...) {
  if (is.factor(data)) return(sensitivity(data, truth, if (missing(estimate)) levels(truth)[1L] else estimate))
  .measured("recall", .rates(.judged(data, substitute(truth), substitute(estimate)))[["recall"]])
}

f_meas <- function(data, truth, estimate, beta = 1, ...) {
  rates <- .rates(.judged(data, substitute(truth), substitute(estimate)))
  .measured("f_meas", (1 + beta^2) * rates[["precision"]] * rates[["recall"]] / (beta^2 * rates[["precision"]] + rates[["recall"]]))
}

area_under_curve <- function(positive, score) {
  ranks <- rank(score)
  n <- sum(positive)
  (sum(ranks[positive]) - n * (n + 1) / 2) / (n * sum(!positive))
}

roc_auc <- function(data, truth, ..., event_level = "first") {
  truth <- factor(eval(substitute(truth), data, parent.frame()))
  score <- eval(substitute(list(...))[[2]], data, parent.frame())
  event <- levels(truth)[if (event_level == "first") 1 else 2]
  .measured("roc_auc", area_under_curve(truth == event, score))
}

metrics <- function(data, truth, estimate, ...) {
  found <- .judged(data, substitute(truth), substitute(estimate))
  if (is.numeric(found$truth)) {
    error <- found$truth - found$estimate
    return(as_tibble(data.frame(.metric = c("rmse", "rsq", "mae"), .estimator = "standard",
                                .estimate = c(sqrt(mean(error^2)), cor(found$truth, found$estimate)^2, mean(abs(error))), stringsAsFactors = FALSE)))
  }
  counts <- table(factor(found$truth), factor(found$estimate, levels(factor(found$truth))))
  agreed <- sum(diag(counts)) / sum(counts)
  chance <- sum(rowSums(counts) * colSums(counts)) / sum(counts)^2
  as_tibble(data.frame(.metric = c("accuracy", "kap"), .estimator = if (nrow(counts) > 2) "multiclass" else "binary",
                       .estimate = c(agreed, (agreed - chance) / (1 - chance)), stringsAsFactors = FALSE))
}

# testthat

test_that <- function(desc, code) {
  failed <- tryCatch({ force(code); NULL }, skipped = function(condition) condition, error = function(condition) condition)
  if (inherits(failed, "skipped")) message("skipped: ", desc, " (", conditionMessage(failed), ")")
  else if (is.null(failed)) cat("Test passed\n")
  else stop("Test failed: ", desc, "\n", conditionMessage(failed), call. = FALSE)
  invisible(is.null(failed))
}

context <- function(desc) invisible()

skip <- function(message = "") stop(structure(class = c("skipped", "error", "condition"), list(message = message, call = NULL)))

skip_if <- function(condition, message = NULL) if (condition) skip(if (is.null(message)) deparse1(substitute(condition)) else message) else invisible(TRUE)

skip_if_not <- function(condition, message = NULL) if (!condition) skip(if (is.null(message)) deparse1(substitute(condition)) else message) else invisible(TRUE)

expect <- function(ok, failure_message, ...) if (ok) invisible(TRUE) else stop(failure_message, call. = FALSE)

expect_true <- function(object, ...) expect(isTRUE(as.vector(object)), paste(deparse1(substitute(object)), "is not TRUE"))

expect_false <- function(object, ...) expect(isFALSE(as.vector(object)), paste(deparse1(substitute(object)), "is not FALSE"))

expect_equal <- function(object, expected, ..., tolerance = 1.5e-8) {
  found <- all.equal(object, expected, tolerance = tolerance, ...)
  expect(isTRUE(found), paste0(deparse1(substitute(object)), " not equal to ", deparse1(substitute(expected)), ".\n", paste(found, collapse = "\n")))
}

expect_equivalent <- function(object, expected, ...) {
  found <- all.equal(object, expected, check.attributes = FALSE, ...)
  expect(isTRUE(found), paste0(deparse1(substitute(object)), " not equivalent to ", deparse1(substitute(expected)), ".\n", paste(found, collapse = "\n")))
}

expect_identical <- function(object, expected, ...) expect(identical(object, expected), paste(deparse1(substitute(object)), "not identical to", deparse1(substitute(expected))))

expect_null <- function(object, ...) expect(is.null(object), paste(deparse1(substitute(object)), "is not NULL"))

expect_length <- function(object, n) expect(length(object) == n, paste(deparse1(substitute(object)), "has length", length(object), "not length", n))

expect_named <- function(object, expected, ...) expect(if (missing(expected)) !is.null(names(object)) else identical(names(object), expected),
                                                       paste("names of", deparse1(substitute(object)), "are", paste(names(object), collapse = ", ")))

expect_is <- function(object, class, ...) expect(inherits(object, class), paste(deparse1(substitute(object)), "does not inherit from", class))

expect_s3_class <- function(object, class, ...) expect(inherits(object, class), paste(deparse1(substitute(object)), "does not inherit from", class))

expect_type <- function(object, type) expect(identical(typeof(object), type), paste(deparse1(substitute(object)), "has type", typeof(object), "not", type))

expect_lt <- function(object, expected, ...) expect(object < expected, paste(deparse1(substitute(object)), "is not less than", expected))

expect_gt <- function(object, expected, ...) expect(object > expected, paste(deparse1(substitute(object)), "is not more than", expected))

expect_lte <- function(object, expected, ...) expect(object <= expected, paste(deparse1(substitute(object)), "is more than", expected))

expect_gte <- function(object, expected, ...) expect(object >= expected, paste(deparse1(substitute(object)), "is less than", expected))

expect_error <- function(object, regexp = NULL, ...) {
  found <- tryCatch({ force(object); NULL }, error = function(condition) condition)
  expect(!is.null(found), paste(deparse1(substitute(object)), "did not throw an error"))
  if (!is.null(regexp) && !is.na(regexp)) expect(grepl(regexp, conditionMessage(found), ...), paste0("error message \"", conditionMessage(found), "\" does not match \"", regexp, "\""))
  invisible(found)
}

expect_warning <- function(object, regexp = NULL, ...) {
  found <- NULL
  withCallingHandlers(object, warning = function(condition) { found <<- condition; invokeRestart("muffleWarning") })
  expect(!is.null(found), paste(deparse1(substitute(object)), "did not warn"))
  if (!is.null(regexp) && !is.na(regexp)) expect(grepl(regexp, conditionMessage(found), ...), paste0("warning \"", conditionMessage(found), "\" does not match"))
  invisible(found)
}

expect_message <- function(object, regexp = NULL, ...) {
  found <- NULL
  withCallingHandlers(object, message = function(condition) { found <<- condition; invokeRestart("muffleMessage") })
  expect(!is.null(found), paste(deparse1(substitute(object)), "gave no message"))
}

expect_silent <- function(object) expect(!length(capture.output(force(object))), "there was output")

expect_output <- function(object, regexp = NULL, ...) {
  found <- paste(capture.output(object), collapse = "\n")
  expect(nzchar(found) && (is.null(regexp) || grepl(regexp, found, ...)), paste(deparse1(substitute(object)), "produced no such output"))
}

capture_output <- function(code, print = FALSE, ...) paste(capture.output(code), collapse = "\n")

capture_warnings <- function(code, ...) {
  found <- character()
  withCallingHandlers(code, warning = function(condition) { found <<- c(found, conditionMessage(condition)); invokeRestart("muffleWarning") })
  found
}

# Arrays

abind <- function(..., along = NULL, rev.along = NULL) {
  parts <- list(...)
  if (length(parts) == 1 && is.list(parts[[1]])) parts <- parts[[1]]
  parts <- Filter(Negate(is.null), parts)
  parts <- lapply(parts, function(one) if (is.null(dim(one))) array(one, length(one)) else one)
  rank <- max(vapply(parts, function(one) length(dim(one)), 0L))
  if (!is.null(rev.along)) along <- rank + 1 - rev.along
  if (is.null(along)) along <- rank
  fresh <- along > rank || along < 1
  place <- if (along < 1) 1 else ceiling(along)
  parts <- lapply(parts, function(one) {
    sizes <- dim(one)
    if (fresh || length(sizes) < rank) dim(one) <- append(sizes, 1, place - 1)
    one
  })
  sizes <- dim(parts[[1]])
  order <- c(place, seq_along(sizes)[-place])
  stacked <- do.call(rbind, lapply(parts, function(one) { turned <- aperm(one, order); matrix(turned, dim(turned)[1]) }))
  aperm(array(stacked, c(nrow(stacked), sizes[-place])), order(order))
}

bind_on_rows <- function(...) abind(..., along = 1)

melt <- function(data, id.vars = NULL, measure.vars = NULL, variable.name = "variable", value.name = "value", varnames = c("Var1", "Var2"), ...) {
  if (is.matrix(data)) {
    rows <- if (is.null(rownames(data))) seq_len(nrow(data)) else factor(rownames(data), rownames(data))
    columns <- if (is.null(colnames(data))) seq_len(ncol(data)) else factor(colnames(data), colnames(data))
    made <- data.frame(rep(rows, ncol(data)), rep(columns, each = nrow(data)), as.vector(data))
    names(made) <- c(varnames, value.name)
    return(made)
  }
  data <- as.data.frame(data)
  if (is.numeric(id.vars)) id.vars <- names(data)[id.vars]
  if (is.null(id.vars)) id.vars <- if (is.null(measure.vars)) names(data)[!vapply(data, is.numeric, TRUE)] else setdiff(names(data), measure.vars)
  if (is.null(measure.vars)) measure.vars <- setdiff(names(data), id.vars)
  made <- data[rep(seq_len(nrow(data)), length(measure.vars)), id.vars, drop = FALSE]
  made[[variable.name]] <- factor(rep(measure.vars, each = nrow(data)), measure.vars)
  made[[value.name]] <- unlist(data[measure.vars], use.names = FALSE)
  row.names(made) <- NULL
  made
}

mvrnorm <- function(n = 1, mu, Sigma, tol = 1e-6, empirical = FALSE) {
  p <- length(mu)
  parts <- eigen(Sigma, symmetric = TRUE)
  if (!all(parts$values >= -tol * abs(parts$values[1L]))) stop("'Sigma' is not positive definite")
  x <- matrix(rnorm(p * n), n)
  if (empirical) stop("mvrnorm() draws; empirical = TRUE is not supported here")
  x <- drop(mu) + parts$vectors %*% diag(sqrt(pmax(parts$values, 0)), p) %*% t(x)
  dimnames(x) <- list(names(mu), NULL)
  if (n == 1) drop(x) else t(x)
}

# withr, knitr, here

with_seed <- function(seed, code, ...) {
  set.seed(seed)
  force(code)
}

local_options <- function(.new = list(), ..., .local_envir = parent.frame()) {
  old <- options(c(.new, list(...)))
  do.call(on.exit, list(substitute(options(old), list(old = old)), add = TRUE), envir = .local_envir)
  invisible(old)
}

with_options <- function(new, code) {
  old <- options(new)
  on.exit(options(old))
  force(code)
}

with_par <- function(new, code, ...) {
  old <- par(new)
  on.exit(par(old))
  force(code)
}
