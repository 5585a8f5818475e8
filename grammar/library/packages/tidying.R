# broom's verbs: what a model found, as a tibble.

tidy <- function(x, ...) UseMethod("tidy")

glance <- function(x, ...) UseMethod("glance")

augment <- function(x, ...) UseMethod("augment")

tidy.default <- function(x, ...) stop("No tidy method for objects of class ", class(x)[1L], call. = FALSE)

glance.default <- function(x, ...) stop("No glance method for objects of class ", class(x)[1L], call. = FALSE)

augment.default <- function(x, ...) stop("No augment method for objects of class ", class(x)[1L], call. = FALSE)

tidy.lm <- function(x, conf.int = FALSE, conf.level = 0.95, exponentiate = FALSE, ...) {
  found <- coef(summary(x))
  made <- data.frame(term = rownames(found), found, stringsAsFactors = FALSE)
  names(made) <- c("term", "estimate", "std.error", "statistic", "p.value")
  if (conf.int) {
    ends <- confint(x, level = conf.level)
    made$conf.low <- unname(ends[made$term, 1L])
    made$conf.high <- unname(ends[made$term, 2L])
  }
  if (exponentiate) for (name in intersect(c("estimate", "conf.low", "conf.high"), names(made))) made[[name]] <- exp(made[[name]])
  as_tibble(made)
}

tidy.htest <- function(x, ...) {
  made <- list()
  if (length(x$estimate) > 1L) {
    made <- as.list(setNames(unname(x$estimate), paste0("estimate", seq_along(x$estimate))))
    if (length(x$estimate) == 2L) made <- c(list(estimate = unname(x$estimate[1L] - x$estimate[2L])), made)
  } else if (length(x$estimate)) made$estimate <- unname(x$estimate)
  for (name in c("statistic", "p.value")) if (!is.null(x[[name]])) made[[name]] <- unname(x[[name]])
  for (k in seq_along(x$parameter)) made[[if (length(x$parameter) == 1L) "parameter" else paste0(c("num", "denom")[k], ".df")]] <- unname(x$parameter[k])
  if (!is.null(x$conf.int)) made <- c(made, list(conf.low = x$conf.int[1L], conf.high = x$conf.int[2L]))
  for (name in c("method", "alternative")) if (!is.null(x[[name]])) made[[name]] <- x[[name]]
  as_tibble(as.data.frame(made, stringsAsFactors = FALSE))
}

tidy.conf_mat <- function(x, ...) {
  counts <- x$table
  as_tibble(data.frame(name = paste0("cell_", row(counts), "_", col(counts)), value = as.vector(counts), stringsAsFactors = FALSE))
}

# What a step of a recipe learned, a row for each column; without a number or a name, a row for each step.
tidy.recipe <- function(x, number = NA, id = NA, ...) {
  names <- vapply(x$steps, function(step) if (is.null(step$id)) "" else step$id, "")
  if (!is.na(id)) {
    if (!is.na(number)) stop("You may specify `number` or `id`, but not both.", call. = FALSE)
    number <- match(id, names)
    if (is.na(number)) stop("Supplied `id` ('", id, "') not found in the recipe.", call. = FALSE)
  }
  if (is.na(number)) {
    types <- vapply(x$steps, function(step) if (is.null(step$type)) "step" else step$type, "")
    skipped <- vapply(x$steps, function(step) isTRUE(step$skip), NA)
    return(tibble(number = seq_along(names), operation = rep("step", length(names)), type = types, trained = rep(x$trained, length(names)), skip = skipped, id = names))
  }
  made <- .tidy_step(x, number)
  made$id <- names[number]
  made
}

.tidy_step <- function(x, number) {
  if (number > length(x$steps)) stop("`number` should be a single value between 1 and ", length(x$steps), ".", call. = FALSE)
  step <- x$steps[[number]]
  if (is.null(step$columns)) return(as_tibble(data.frame(terms = vapply(step$quoted, function(one) paste(deparse(one), collapse = " "), ""), value = NA_real_, stringsAsFactors = FALSE)))
  shown <- step[intersect(c("means", "sds"), names(step))]
  if (length(shown) == 2L) {
    return(as_tibble(data.frame(terms = rep(names(step$means), 2L), statistic = rep(c("mean", "sd"), each = length(step$means)), value = unname(c(step$means, step$sds)), stringsAsFactors = FALSE)))
  }
  if (length(shown)) return(as_tibble(data.frame(terms = names(shown[[1L]]), value = unname(shown[[1L]]), stringsAsFactors = FALSE)))
  if (!is.null(step$ranges)) return(as_tibble(data.frame(terms = colnames(step$ranges), min = unname(step$ranges[1L, ]), max = unname(step$ranges[2L, ]), stringsAsFactors = FALSE)))
  as_tibble(data.frame(terms = step$columns, stringsAsFactors = FALSE))
}

glance.lm <- function(x, ...) {
  if (inherits(x, "glm")) {
    return(as_tibble(data.frame(null.deviance = x$null.deviance, df.null = x$df.null, logLik = as.numeric(logLik(x)), AIC = AIC(x), BIC = BIC(x), deviance = deviance(x),
                                df.residual = df.residual(x), nobs = length(residuals(x)))))
  }
  found <- summary(x)
  test <- found$fstatistic
  as_tibble(data.frame(r.squared = found$r.squared, adj.r.squared = found$adj.r.squared, sigma = found$sigma,
                       statistic = if (is.null(test)) NA_real_ else test[[1L]], p.value = if (is.null(test)) NA_real_ else pf(test[[1L]], test[[2L]], test[[3L]], lower.tail = FALSE),
                       df = if (is.null(test)) NA_real_ else test[[2L]], logLik = as.numeric(logLik(x)), AIC = AIC(x), BIC = BIC(x), deviance = deviance(x),
                       df.residual = df.residual(x), nobs = length(residuals(x))))
}

augment.lm <- function(x, data = model.frame(x), newdata = NULL, ...) {
  if (!is.null(newdata)) {
    made <- as.data.frame(newdata)
    made$.fitted <- unname(predict(x, newdata))
    return(as_tibble(made))
  }
  made <- as.data.frame(data)
  if (!identical(row.names(made), as.character(seq_len(nrow(made))))) made <- cbind(.rownames = row.names(made), made)
  made$.fitted <- unname(predict(x))
  made$.resid <- unname(residuals(x))
  made$.hat <- unname(hatvalues(x))
  made$.sigma <- unname(lm.influence(x)$sigma)
  made$.cooksd <- unname(cooks.distance(x))
  made$.std.resid <- unname(rstandard(x))
  as_tibble(made)
}
