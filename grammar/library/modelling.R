# Data prepared and models judged: what scripts take from rsample, recipes, yardstick, testthat and abind.

# rsample

initial_split <- function(data, prop = 3 / 4, strata = NULL, breaks = 4, ...) {
  label <- substitute(strata)
  n <- nrow(data)
  if (is.null(label)) chosen <- sort(sample.int(n, floor(n * prop)))
  else {
    column <- data[[as.character(label)]]
    if (is.numeric(column)) column <- cut(column, unique(quantile(column, seq(0, 1, length.out = breaks + 1))), include.lowest = TRUE)
    chosen <- sort(unlist(lapply(split(seq_len(n), column), function(rows) rows[sample.int(length(rows), floor(length(rows) * prop))]), use.names = FALSE))
  }
  structure(list(data = data, in_id = chosen, out_id = NA, id = NULL), class = c("initial_split", "mc_split", "rsplit"))
}

initial_time_split <- function(data, prop = 3 / 4, lag = 0, ...)
  structure(list(data = data, in_id = seq_len(floor(nrow(data) * prop)), out_id = NA, id = NULL), class = c("initial_time_split", "initial_split", "rsplit"))

training <- function(x, ...) x$data[x$in_id, , drop = FALSE]

testing <- function(x, ...) x$data[-x$in_id, , drop = FALSE]

analysis <- function(x, ...) x$data[x$in_id, , drop = FALSE]

assessment <- function(x, ...) x$data[setdiff(seq_len(nrow(x$data)), x$in_id), , drop = FALSE]

print.rsplit <- function(x, ...) {
  n <- nrow(x$data)
  cat("<Training/Testing/Total>\n<", length(x$in_id), "/", n - length(x$in_id), "/", n, ">\n", sep = "")
  invisible(x)
}

# recipes

recipe <- function(x, data = NULL, formula = NULL, ...) {
  if (inherits(x, "formula")) formula <- x
  else data <- x
  outcome <- if (length(formula) == 3) all.vars(formula[[2]]) else character()
  right <- all.vars(formula[[length(formula)]])
  predictors <- if ("." %in% right) setdiff(names(data), outcome) else right
  structure(list(template = as.data.frame(data)[c(predictors, outcome)], outcomes = outcome, steps = list(), trained = FALSE), class = "recipe")
}

all_predictors <- function() stop("all_predictors() is for the steps of a recipe")

all_outcomes <- function() stop("all_outcomes() is for the steps of a recipe")

all_numeric_predictors <- function() stop("all_numeric_predictors() is for the steps of a recipe")

all_nominal_predictors <- function() stop("all_nominal_predictors() is for the steps of a recipe")

# The columns that the arguments of a step mean.
recipe_columns <- function(quoted, data, outcomes) {
  numeric <- names(data)[vapply(data, is.numeric, TRUE)]
  nominal <- setdiff(names(data), numeric)
  one <- function(tree) {
    if (is.character(tree)) return(tree)
    if (is.symbol(tree)) return(as.character(tree))
    head <- as.character(tree[[1]])
    switch(head,
      all_predictors = setdiff(names(data), outcomes), all_outcomes = outcomes, all_numeric = numeric, all_nominal = nominal,
      all_numeric_predictors = setdiff(numeric, outcomes), all_nominal_predictors = setdiff(nominal, outcomes),
      everything = names(data), c = unlist(lapply(as.list(tree)[-1], one)),
      starts_with = names(data)[startsWith(names(data), eval(tree[[2]]))], ends_with = names(data)[endsWith(names(data), eval(tree[[2]]))],
      contains = names(data)[grepl(eval(tree[[2]]), names(data), fixed = TRUE)], matches = names(data)[grepl(eval(tree[[2]]), names(data))],
      has_role = setdiff(names(data), outcomes),
      stop("a step of a recipe does not know ", head, "()"))
  }
  found <- character()
  for (tree in quoted) {
    if (is.call(tree) && identical(tree[[1]], as.name("-"))) {
      if (!length(found)) found <- names(data)
      found <- setdiff(found, one(tree[[2]]))
    } else found <- c(found, one(tree))
  }
  unknown <- setdiff(found, names(data))
  if (length(unknown)) stop("Can't subset columns that don't exist: ", paste(unknown, collapse = ", "))
  unique(found)
}

.recipe_step <- function(learn, apply) {
  force(learn)
  force(apply)
  function(recipe, ..., options = list(), base = exp(1), offset = 0, num_breaks = 4, threshold = 0.05, other = "other", min = 0, max = 1,
           one_hot = FALSE, freq_cut = 95 / 5, unique_cut = 10, transform = identity, levels = NULL, naming = NULL, role = NA, skip = FALSE,
           na_rm = TRUE, id = NULL) {
    quoted <- as.list(substitute(list(...)))[-1]
    settings <- list(base = base, offset = offset, breaks = num_breaks, threshold = threshold, other = other, min = min, max = max,
                     one_hot = one_hot, freq_cut = freq_cut, unique_cut = unique_cut, transform = transform, levels = levels)
    if (!is.null(names(quoted))) quoted <- quoted[!nzchar(names(quoted))]
    recipe$steps <- c(recipe$steps, list(list(quoted = quoted, settings = settings, learn = learn, apply = apply)))
    recipe
  }
}

.recipe_each <- function(work) function(data, columns, state, settings) {
  for (name in intersect(columns, names(data))) data[[name]] <- work(data[[name]], state[[name]], settings)
  data
}

.recipe_nothing <- function(data, columns, settings) NULL

.recipe_learned <- function(learn) function(data, columns, settings) setNames(lapply(columns, function(name) learn(data[[name]], settings)), columns)

step_center <- .recipe_step(.recipe_learned(function(x, s) mean(x, na.rm = TRUE)), .recipe_each(function(x, m, s) x - m))

step_scale <- .recipe_step(.recipe_learned(function(x, s) sd(x, na.rm = TRUE)), .recipe_each(function(x, d, s) if (d == 0) x else x / d))

step_normalize <- .recipe_step(.recipe_learned(function(x, s) c(mean(x, na.rm = TRUE), sd(x, na.rm = TRUE))), .recipe_each(function(x, m, s) (x - m[1]) / m[2]))

step_range <- .recipe_step(.recipe_learned(function(x, s) range(x, na.rm = TRUE)),
                           .recipe_each(function(x, r, s) pmin(pmax((x - r[1]) / (r[2] - r[1]) * (s$max - s$min) + s$min, s$min), s$max)))

step_log <- .recipe_step(.recipe_nothing, .recipe_each(function(x, state, s) log(x + s$offset, s$base)))

step_sqrt <- .recipe_step(.recipe_nothing, .recipe_each(function(x, state, s) sqrt(x)))

step_meanimpute <- .recipe_step(.recipe_learned(function(x, s) mean(x, na.rm = TRUE)), .recipe_each(function(x, m, s) ifelse(is.na(x), m, x)))

step_impute_mean <- .recipe_step(.recipe_learned(function(x, s) mean(x, na.rm = TRUE)), .recipe_each(function(x, m, s) ifelse(is.na(x), m, x)))

step_impute_median <- .recipe_step(.recipe_learned(function(x, s) median(x, na.rm = TRUE)), .recipe_each(function(x, m, s) ifelse(is.na(x), m, x)))

step_integer <- .recipe_step(.recipe_learned(function(x, s) if (is.factor(x)) levels(x) else sort(unique(x))),
                             .recipe_each(function(x, known, s) { found <- match(as.character(x), as.character(known)); ifelse(is.na(found), 0L, found) }))

step_string2factor <- .recipe_step(.recipe_learned(function(x, s) if (is.factor(x)) levels(x) else sort(unique(as.character(x)))),
                                   .recipe_each(function(x, known, s) factor(x, levels = known)))

step_num2factor <- .recipe_step(.recipe_learned(function(x, s) if (is.null(s$levels)) sort(unique(x)) else s$levels),
                                .recipe_each(function(x, known, s) if (is.null(s$levels)) factor(x, levels = known) else factor(known[s$transform(x)], levels = known)))

step_discretize <- .recipe_step(
  .recipe_learned(function(x, s) quantile(x, seq(0, 1, length.out = s$breaks + 1), na.rm = TRUE)),
  .recipe_each(function(x, cuts, s) factor(paste0("bin", findInterval(x, cuts[-c(1, length(cuts))]) + 1), levels = paste0("bin", seq_len(length(cuts) - 1)))))

step_other <- .recipe_step(
  .recipe_learned(function(x, s) { share <- table(x) / sum(!is.na(x)); names(share)[share >= (if (s$threshold >= 1) s$threshold / length(x) else s$threshold)] }),
  .recipe_each(function(x, kept, s) factor(ifelse(is.na(x), NA, ifelse(as.character(x) %in% kept, as.character(x), s$other)), levels = c(kept, s$other))))

step_YeoJohnson <- .recipe_step(
  .recipe_learned(function(x, s) {
    x <- x[!is.na(x)]
    score <- function(l) -length(x) / 2 * log(mean((yeo_johnson(x, l) - mean(yeo_johnson(x, l)))^2)) + (l - 1) * sum(sign(x) * log(abs(x) + 1))
    optimize(score, c(-5, 5), maximum = TRUE)$maximum
  }), .recipe_each(function(x, l, s) yeo_johnson(x, l)))

yeo_johnson <- function(x, lambda) ifelse(x >= 0,
  if (abs(lambda) < 1e-8) log(pmax(x, 0) + 1) else ((pmax(x, 0) + 1)^lambda - 1) / lambda,
  if (abs(lambda - 2) < 1e-8) -log(pmax(-x, 0) + 1) else -((pmax(-x, 0) + 1)^(2 - lambda) - 1) / (2 - lambda))

step_rm <- .recipe_step(.recipe_nothing, function(data, columns, state, settings) data[setdiff(names(data), columns)])

step_nzv <- .recipe_step(
  function(data, columns, settings) Filter(function(name) {
    counts <- sort(table(data[[name]]), decreasing = TRUE)
    length(counts) < 2 || (counts[[1]] / counts[[2]] > settings$freq_cut && 100 * length(counts) / nrow(data) < settings$unique_cut)
  }, columns), function(data, columns, state, settings) data[setdiff(names(data), state)])

step_zv <- .recipe_step(function(data, columns, settings) Filter(function(name) length(unique(data[[name]])) < 2, columns),
                        function(data, columns, state, settings) data[setdiff(names(data), state)])

step_naomit <- .recipe_step(.recipe_nothing, function(data, columns, state, settings) data[complete.cases(data[columns]), , drop = FALSE])

step_dummy <- .recipe_step(
  function(data, columns, settings) setNames(lapply(columns, function(name) if (is.factor(data[[name]])) levels(data[[name]]) else sort(unique(as.character(data[[name]])))), columns),
  function(data, columns, state, settings) {
    for (name in columns) {
      known <- state[[name]]
      values <- as.character(data[[name]])
      data[[name]] <- NULL
      for (level in if (settings$one_hot) known else known[-1]) data[[paste0(name, "_", make.names(level))]] <- as.numeric(values == level)
    }
    data
  })

prep <- function(x, training = NULL, data = training, retain = TRUE, ...) {
  current <- if (is.null(data)) x$template else as.data.frame(data)[names(x$template)]
  for (i in seq_along(x$steps)) {
    step <- x$steps[[i]]
    step$columns <- recipe_columns(step$quoted, current, x$outcomes)
    step$state <- step$learn(current, step$columns, step$settings)
    current <- step$apply(current, step$columns, step$state, step$settings)
    x$steps[[i]] <- step
  }
  x$trained <- TRUE
  x$juice <- current
  x
}

bake <- function(object, new_data = NULL, ..., newdata = new_data) {
  if (!object$trained) stop("At least one step has not been trained. Please run `prep()`.")
  if (is.null(newdata)) return(as_tibble(object$juice))
  current <- as.data.frame(newdata)
  current <- current[intersect(names(object$template), names(current))]
  for (step in object$steps) {
    columns <- intersect(step$columns, names(current))
    current <- step$apply(current, columns, step$state, step$settings)
  }
  as_tibble(current)
}

juice <- function(object, ...) bake(object, NULL)

print.recipe <- function(x, ...) {
  cat("Recipe\n\nInputs: ", length(x$outcomes), " outcome, ", ncol(x$template) - length(x$outcomes), " predictor\n", sep = "")
  cat("Operations: ", length(x$steps), if (x$trained) " (trained)", "\n", sep = "")
  invisible(x)
}

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

precision <- function(data, truth, estimate, ...) .measured("precision", .rates(.judged(data, substitute(truth), substitute(estimate)))[["precision"]])

recall <- function(data, truth, estimate, ...) .measured("recall", .rates(.judged(data, substitute(truth), substitute(estimate)))[["recall"]])

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

kable <- function(x, format = NULL, digits = getOption("digits"), row.names = NA, col.names = NA, caption = NULL, ...) {
  x <- as.data.frame(x)
  labels <- if (identical(col.names, NA)) names(x) else col.names
  cells <- vapply(x, function(column) if (is.numeric(column)) base::format(round(column, digits), trim = TRUE) else as.character(column), character(nrow(x)))
  cells <- matrix(cells, nrow(x))
  numeric <- vapply(x, is.numeric, TRUE)
  rows <- row.names(x)
  if (!isFALSE(row.names) && !identical(rows, as.character(seq_len(nrow(x))))) {
    cells <- cbind(rows, cells)
    labels <- c("", labels)
    numeric <- c(FALSE, numeric)
  }
  widths <- pmax(nchar(labels), apply(nchar(cells), 2, max, 3))
  line <- function(parts) paste0("|", paste(ifelse(numeric, sprintf("%*s", widths, parts), sprintf("%-*s", widths, parts)), collapse = "|"), "|")
  rule <- paste0("|", paste0(ifelse(numeric, "", ":"), strrep("-", widths - 1), ifelse(numeric, ":", ""), collapse = "|"), "|")
  lines <- c(if (!is.null(caption)) c(paste0("Table: ", caption), ""), line(labels), rule, apply(cells, 1, line))
  structure(lines, class = "knitr_kable")
}

print.knitr_kable <- function(x, ...) {
  cat("\n\n", paste(unclass(x), collapse = "\n"), "\n", sep = "")
  invisible(x)
}

include_graphics <- function(path, ...) invisible(path)
