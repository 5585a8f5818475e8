# Data prepared and models judged: what scripts take from yardstick, testthat and abind.

# yardstick

# The columns of truth and estimate that a call means, without the rows where one is missing.
.judged <- function(data, truth, estimate, na_rm = TRUE, env = parent.frame(2)) {
  found <- list(truth = eval(dp_unquote(truth, env), data, env), estimate = eval(dp_unquote(estimate, env), data, env))
  if (na_rm) lapply(found, `[`, !is.na(found$truth) & !is.na(found$estimate)) else found
}

.measured <- function(name, value, kind = "binary") as_tibble(data.frame(.metric = name, .estimator = kind, .estimate = value, stringsAsFactors = FALSE))

conf_mat <- function(data, truth, estimate, dnn = c("Prediction", "Truth"), ...) {
  if (is.table(data)) return(structure(list(table = data), class = "conf_mat"))
  found <- .judged(data, substitute(truth), substitute(estimate), FALSE)
  structure(list(table = table(found$estimate, found$truth, dnn = dnn)), class = "conf_mat")
}

print.conf_mat <- function(x, ...) print(x$table)

summary.conf_mat <- function(object, ..., event_level = "first") {
  counts <- object$table
  cells <- which(counts > 0, arr.ind = TRUE)
  at <- rep(seq_len(nrow(cells)), counts[cells])
  classes <- rownames(counts)
  data <- data.frame(truth = factor(classes[cells[at, 2L]], classes), estimate = factor(classes[cells[at, 1L]], classes))
  of_classes <- list(yardstick::sens, yardstick::spec, yardstick::ppv, yardstick::npv, yardstick::mcc, yardstick::j_index, yardstick::bal_accuracy,
                     yardstick::detection_prevalence, .precision_measure, .recall_measure, f_meas)
  bind_rows(accuracy(data, truth, estimate), kap(data, truth, estimate), lapply(of_classes, function(measure) measure(data, truth, estimate, event_level = event_level)))
}

# Several packages have a function of this name: tables are judged as yardstick does it, vectors as Metrics does.
accuracy <- function(...) UseMethod("accuracy")

accuracy.default <- function(actual, predicted, ...) mean(as.character(actual) == as.character(predicted))

accuracy.data.frame <- function(data, truth, estimate, na_rm = TRUE, ...) {
  found <- .judged(data, substitute(truth), substitute(estimate), na_rm)
  .measured("accuracy", mean(as.character(found$truth) == as.character(found$estimate)), if (nlevels(factor(found$truth)) > 2) "multiclass" else "binary")
}

# Counts of one class against the rest, for every class of which something is asked.
.counts_of <- function(truth, estimate, event_level, every = FALSE) {
  truth <- as.factor(truth)
  classes <- levels(truth)
  counts <- table(factor(estimate, classes), truth)
  asked <- if (length(classes) == 2L && !every) classes[if (identical(event_level, "second")) 2L else 1L] else classes
  lapply(asked, function(one) {
    hit <- counts[one, one]
    list(tp = hit, fp = sum(counts[one, ]) - hit, fn = sum(counts[, one]) - hit, tn = sum(counts) - sum(counts[one, ]) - sum(counts[, one]) + hit)
  })
}

# A measure of one class against the rest; over more than two classes it is their mean.
.class_measure <- function(name, work) {
  force(name)
  force(work)
  value <- function(truth, estimate, event_level, estimator, ...) {
    asked <- .counts_of(truth, estimate, event_level, !is.null(estimator) && estimator != "binary")
    if (identical(estimator, "micro")) {
      sums <- Reduce(function(a, b) Map(`+`, a, b), asked)
      return(with(sums, work(tp, fp, fn, tn, ...)))
    }
    each <- vapply(asked, function(one) with(one, work(tp, fp, fn, tn, ...)), 0)
    if (identical(estimator, "macro_weighted")) weighted.mean(each, vapply(asked, function(one) one$tp + one$fn, 0)) else mean(each)
  }
  function(data, truth, estimate, ..., estimator = NULL, event_level = "first") {
    env <- parent.frame()
    if (!is.null(estimator)) estimator <- match.arg(estimator, c("binary", "macro", "macro_weighted", "micro"))
    if (!is.data.frame(data)) return(value(data, truth, event_level, estimator, ...))
    found <- list(truth = eval(substitute(truth), data, env), estimate = eval(substitute(estimate), data, env))
    count <- nlevels(as.factor(found$truth))
    if (identical(estimator, "binary") && count > 2L) stop("`estimator` is binary, only two class `truth` factors are allowed. A factor with ", count, " levels was provided.", call. = FALSE)
    if (is.null(estimator)) estimator <- if (count > 2L) "macro" else "binary"
    .measured(name, value(found$truth, found$estimate, event_level, estimator, ...), estimator)
  }
}

.precision_measure <- .class_measure("precision", function(tp, fp, fn, tn) tp / (tp + fp))

.recall_measure <- .class_measure("recall", function(tp, fp, fn, tn) tp / (tp + fn))

f_meas <- .class_measure("f_meas", function(tp, fp, fn, tn, beta = 1) (1 + beta^2) * tp / ((1 + beta^2) * tp + beta^2 * fn + fp))

precision <- function(data, truth, estimate, ...) {
  # caret has a function of this name, too, of two factors.
  if (is.factor(data)) return(posPredValue(data, truth, if (missing(estimate)) levels(truth)[1L] else estimate))
  eval.parent(as.call(c(list(quote(.precision_measure)), as.list(sys.call())[-1L])))
}

recall <- function(data, truth, estimate, ...) {
  if (is.factor(data)) return(sensitivity(data, truth, if (missing(estimate)) levels(truth)[1L] else estimate))
  eval.parent(as.call(c(list(quote(.recall_measure)), as.list(sys.call())[-1L])))
}

area_under_curve <- function(positive, score) {
  ranks <- rank(score)
  n <- sum(positive)
  (sum(ranks[positive]) - n * (n + 1) / 2) / (n * sum(!positive))
}

roc_auc <- function(data, truth, ..., event_level = "first") {
  env <- parent.frame()
  truth <- as.factor(eval(substitute(truth), data, env))
  columns <- as.list(dp_plain(data)[unname(dp_select(eval(substitute(alist(...))), dp_plain(data), env))])
  if (length(columns) > 1L) return(.measured("roc_auc", .area_of_pairs(truth, columns), "hand_till"))
  score <- columns[[1L]]
  event <- levels(truth)[if (event_level == "first") 1 else 2]
  .measured("roc_auc", area_under_curve(truth == event, score))
}

# Hand and Till: the mean area over all pairs of classes, each pair seen from both sides.
.area_of_pairs <- function(truth, columns) {
  classes <- levels(truth)
  side <- function(i, j) {
    rows <- truth %in% classes[c(i, j)]
    area_under_curve(truth[rows] == classes[i], columns[[i]][rows])
  }
  pairs <- combn(length(classes), 2L)
  mean(mapply(function(i, j) (side(i, j) + side(j, i)) / 2, pairs[1L, ], pairs[2L, ]))
}

metrics <- function(data, truth, estimate, na_rm = TRUE, ...) {
  found <- .judged(data, substitute(truth), substitute(estimate), na_rm)
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
  if (length(regexp) == 1 && is.na(regexp)) return(invisible(force(object)))
  found <- tryCatch({ force(object); NULL }, error = function(condition) condition)
  expect(!is.null(found), paste(deparse1(substitute(object)), "did not throw an error"))
  if (!is.null(regexp)) expect(grepl(regexp, conditionMessage(found), ...), paste0("error message \"", conditionMessage(found), "\" does not match \"", regexp, "\""))
  invisible(found)
}

expect_warning <- function(object, regexp = NULL, ...) {
  found <- NULL
  withCallingHandlers(object, warning = function(condition) { found <<- condition; invokeRestart("muffleWarning") })
  if (length(regexp) == 1 && is.na(regexp)) return(invisible(expect(is.null(found), paste(deparse1(substitute(object)), "warned:", conditionMessage(found)))))
  expect(!is.null(found), paste(deparse1(substitute(object)), "did not warn"))
  if (!is.null(regexp)) expect(grepl(regexp, conditionMessage(found), ...), paste0("warning \"", conditionMessage(found), "\" does not match"))
  invisible(found)
}

expect_message <- function(object, regexp = NULL, ...) {
  found <- NULL
  withCallingHandlers(object, message = function(condition) { found <<- condition; invokeRestart("muffleMessage") })
  if (length(regexp) == 1 && is.na(regexp)) return(invisible(expect(is.null(found), paste(deparse1(substitute(object)), "gave a message:", conditionMessage(found)))))
  expect(!is.null(found), paste(deparse1(substitute(object)), "gave no message"))
  if (!is.null(regexp)) expect(grepl(regexp, conditionMessage(found), ...), paste0("message \"", conditionMessage(found), "\" does not match"))
  invisible(found)
}

expect_silent <- function(object) expect(!length(capture.output(force(object))), "there was output")

expect_output <- function(object, regexp = NULL, ...) {
  found <- paste(capture.output(object), collapse = "\n")
  expect(nzchar(found) && (is.null(regexp) || grepl(regexp, found, ...)), paste(deparse1(substitute(object)), "produced no such output"))
}

capture_output <- function(code, print = FALSE, ...) {
  made <- NULL
  lines <- capture.output(if (print) print(code) else made <- code)
  paste(lines, collapse = "\n")
}

capture_warnings <- function(code, ...) {
  found <- character()
  withCallingHandlers(code, warning = function(condition) { found <<- c(found, conditionMessage(condition)); invokeRestart("muffleWarning") })
  found
}

# Arrays

abind <- function(..., along = rank, rev.along = NULL, new.names = NULL, make.names = use.anon.names, use.anon.names = FALSE, use.dnns = FALSE) {
  if (use.dnns) .passed_over(use.dnns)
  parts <- list(...)
  if (length(parts) == 1 && is.list(parts[[1]])) parts <- parts[[1]]
  labels <- names(parts)
  if (make.names && is.null(labels)) labels <- vapply(as.list(substitute(list(...)))[-1L], function(one) deparse(one)[1L], "")
  kept <- !vapply(parts, is.null, NA)
  parts <- parts[kept]
  labels <- if (is.null(labels)) character(length(parts)) else labels[kept]
  if (!length(parts)) return(NULL)
  parts <- lapply(parts, function(one) if (is.null(dim(one))) array(one, length(one), if (!is.null(names(one))) list(names(one))) else one)
  rank <- max(vapply(parts, function(one) length(dim(one)), 0L))
  if (!is.null(rev.along)) along <- rank + 1 - rev.along
  fresh <- along > rank || along < 1 || along != floor(along)
  place <- max(1, ceiling(along))
  single <- logical(length(parts))
  for (k in seq_along(parts)) {
    sizes <- dim(parts[[k]])
    single[k] <- fresh || length(sizes) < rank
    if (!single[k]) next
    known <- dimnames(parts[[k]])
    if (is.null(known)) known <- vector("list", length(sizes))
    parts[[k]] <- array(parts[[k]], append(sizes, 1L, place - 1), append(known, list(NULL), place - 1))
  }
  sizes <- dim(parts[[1L]])
  for (k in seq_along(parts)) if (!identical(as.integer(dim(parts[[k]])[-place]), as.integer(sizes[-place]))) {
    wanted <- as.character(sizes)
    wanted[place] <- "X"
    stop("arg '", if (nzchar(labels[k])) labels[k] else paste0("X", k), "' has dims=", paste(dim(parts[[k]]), collapse = ", "), "; but need dims=", paste(wanted, collapse = ", "), call. = TRUE)
  }
  order <- c(place, seq_along(sizes)[-place])
  stacked <- do.call(rbind, lapply(parts, function(one) { turned <- aperm(one, order); matrix(turned, dim(turned)[1]) }))
  made <- aperm(array(stacked, c(nrow(stacked), sizes[-place])), order(order))
  # Along the joined axis each part brings its own names, or its label; along the others the first that has names.
  told <- lapply(seq_along(sizes), function(axis) {
    if (axis != place) {
      for (one in parts) if (!is.null(dimnames(one)[[axis]])) return(dimnames(one)[[axis]])
      return(NULL)
    }
    own <- lapply(seq_along(parts), function(k) {
      held <- dimnames(parts[[k]])[[axis]]
      if (is.null(held) && single[k]) labels[k] else if (is.null(held)) character(dim(parts[[k]])[axis]) else held
    })
    if (any(nzchar(unlist(own)))) unlist(own)
  })
  for (axis in seq_along(new.names)) if (!is.null(new.names[[axis]])) told[[axis]] <- new.names[[axis]]
  array(made, dim(made), told)
}

melt <- function(data, id.vars = NULL, measure.vars = NULL, variable.name = "variable", value.name = "value", varnames = c("Var1", "Var2"), ..., na.rm = FALSE, variable.factor = TRUE) {
  table <- is.data.table(data)
  wanted <- substitute(measure.vars)
  if (table && is.call(wanted) && identical(wanted[[1L]], quote(patterns))) {
    measure.vars <- lapply(eval(as.call(c(quote(list), as.list(wanted)[-1L])), parent.frame()), grep, names(data), value = TRUE)
    if (length(measure.vars) == 1L) measure.vars <- measure.vars[[1L]]
  }
  if (is.table(data)) data <- structure(unclass(data), class = NULL)
  if (is.array(data) && !is.matrix(data)) {
    labels <- lapply(seq_along(dim(data)), function(k) if (is.null(dimnames(data)[[k]])) seq_len(dim(data)[k]) else factor(dimnames(data)[[k]], dimnames(data)[[k]]))
    given <- if (missing(varnames)) names(dimnames(data))
    names(labels) <- if (!is.null(given)) ifelse(nzchar(given), given, paste0("Var", seq_along(labels))) else if (missing(varnames)) paste0("Var", seq_along(labels)) else varnames
    made <- do.call(expand.grid, c(labels, list(KEEP.OUT.ATTRS = FALSE)))
    made[[value.name]] <- as.vector(data)
    return(if (na.rm) made[!is.na(made[[value.name]]), , drop = FALSE] else made)
  }
  if (!is.data.frame(data) && is.list(data)) {
    parts <- lapply(data, function(one) if (is.atomic(one) && is.null(dim(one))) setNames(data.frame(unname(one)), value.name) else melt(one, value.name = value.name))
    made <- do.call(rbind, unname(parts))
    made$L1 <- rep(if (is.null(names(data))) seq_along(data) else names(data), vapply(parts, nrow, 0L))
    return(made)
  }
  if (!is.data.frame(data) && is.null(dim(data))) return(setNames(data.frame(unname(data)), value.name))
  if (is.matrix(data)) {
    rows <- if (is.null(rownames(data))) seq_len(nrow(data)) else factor(rownames(data), rownames(data))
    columns <- if (is.null(colnames(data))) seq_len(ncol(data)) else factor(colnames(data), colnames(data))
    made <- data.frame(rep(rows, ncol(data)), rep(columns, each = nrow(data)), as.vector(data))
    names(made) <- c(varnames, value.name)
    return(if (na.rm) made[!is.na(made[[value.name]]), , drop = FALSE] else made)
  }
  data <- as.data.frame(data)
  if (is.numeric(id.vars)) id.vars <- names(data)[id.vars]
  if (is.null(id.vars)) {
    id.vars <- if (is.null(measure.vars)) names(data)[!vapply(data, is.numeric, TRUE)] else setdiff(names(data), unlist(measure.vars))
    if (is.null(measure.vars) && !table) message(if (length(id.vars)) paste0("Using ", paste(id.vars, collapse = ", "), " as id variables") else "No id variables; using all as measure variables")
  }
  if (is.list(measure.vars)) return(as.data.table(.melt_sets(data, id.vars, measure.vars, variable.name, value.name, na.rm)))
  if (is.null(measure.vars)) measure.vars <- setdiff(names(data), id.vars)
  made <- data[rep(seq_len(nrow(data)), length(measure.vars)), id.vars, drop = FALSE]
  made[[variable.name]] <- if (variable.factor) factor(rep(measure.vars, each = nrow(data)), measure.vars) else rep(measure.vars, each = nrow(data))
  made[[value.name]] <- unlist(data[measure.vars], use.names = FALSE)
  if (na.rm) made <- made[!is.na(made[[value.name]]), , drop = FALSE]
  row.names(made) <- NULL
  if (table) as.data.table(made) else made
}

mvrnorm <- function(n = 1, mu, Sigma, tol = 1e-06, empirical = FALSE, EISPACK = FALSE) {
  if (EISPACK) stop("'EISPACK' is no longer supported by R", domain = NA)
  p <- length(mu)
  if (any(dim(Sigma) != p)) stop("incompatible arguments")
  axes <- eigen(Sigma, symmetric = TRUE)
  if (min(axes$values) < -tol * abs(axes$values[1L])) stop("'Sigma' is not positive definite")
  drawn <- matrix(rnorm(n * p), n)
  # Directions that are at right angles and of length one have the asked variances and no others.
  if (empirical) drawn <- sqrt(n - 1) * svd(scale(drawn, scale = FALSE), nv = 0L)$u
  root <- sqrt(pmax(axes$values, 0)) * t(axes$vectors)
  found <- drawn %*% root + rep(mu, each = n)
  colnames(found) <- if (is.null(names(mu))) rownames(Sigma) else names(mu)
  if (n == 1) found[1L, ] else found
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
