# Regressions on time, seasons and waves, and what else is measured along a series.
# Source: R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 2nd edition (2018), chapter 5.

tslm <- function(formula, data, subset, lambda = NULL, biasadj = FALSE, ...) {
  asked <- match.call()
  around <- parent.frame()
  if (missing(formula)) stop("formula must be given")
  formula <- stats::as.formula(formula, env = around)
  given <- if (missing(data)) list() else if (is.ts(data) && is.matrix(data)) lapply(setNames(nm = colnames(data)), function(name) .beside_series(plain_series(data)[, name], data))
    else as.list(data)
  y <- eval(formula[[2L]], given, around)
  if (!is.ts(y) && !missing(data) && is.ts(data)) y <- .beside_series(y, data)
  .refuse_if(`Not time series data, use lm()` = !is.ts(y))
  n <- NROW(y)
  rate <- frequency(y)
  used <- all.vars(formula[[3L]])
  # Every variable without an own value is the time or its place in the year.
  if ("trend" %in% used && is.null(given$trend)) given$trend <- seq_len(n)
  if ("season" %in% used && is.null(given$season)) {
    .refuse_if(`Non-seasonal data cannot be modelled using a seasonal factor` = rate <= 1)
    given$season <- if (rate == round(rate)) factor(as.vector(cycle(y)), levels = seq_len(rate)) else stop("Non-integer seasonal period cannot be used for season")
  }
  if ("." %in% used) formula <- stats::terms(formula, data = as.data.frame(given)) |> stats::formula()
  series <- y
  if (!is.null(lambda)) {
    series <- BoxCox(y, lambda)
    lambda <- attr(series, "lambda")
    attr(series, "lambda") <- NULL
    attr(lambda, "biasadj") <- biasadj
    formula[[2L]] <- as.name(".transformed")
    given$.transformed <- as.vector(series)
  }
  keep <- if (missing(subset)) rep(TRUE, n) else eval(substitute(subset), given, around)
  environment(formula) <- list2env(lapply(given, function(part) if (is.ts(part) && !is.matrix(part)) as.vector(part) else part), parent = around)
  environment(formula)$.kept <- keep
  fit <- if (all(keep)) lm(formula, na.action = na.exclude, ...) else lm(formula, subset = .kept, na.action = na.exclude, ...)
  named <- function(part) .beside_series(.spread_out(part, keep), y)
  fitted <- named(fitted(fit))
  fit$residuals <- named(residuals(fit))
  if (!is.null(lambda)) fitted <- if (biasadj) .unbiased_inverse(fitted, lambda, var(as.vector(fit$residuals), na.rm = TRUE)) else .plain_inverse(fitted, lambda)
  fit$fitted.values <- fitted
  fit$call <- asked
  fit$lambda <- lambda
  fit$data <- given
  fit$x <- y
  fit$method <- "Linear regression model"
  class(fit) <- c("tslm", "lm")
  fit
}

.spread_out <- function(values, keep) if (all(keep)) values else replace(rep(NA_real_, length(keep)), which(keep), values)

fitted.tslm <- function(object, ...) object$fitted.values

forecast.lm <- function(object, newdata, h = 10, level = c(80, 95), fan = FALSE, lambda = object$lambda, biasadj = NULL, ts = TRUE, ...) {
  level <- .interval_levels(level, fan)
  if (is.null(biasadj)) biasadj <- isTRUE(attr(lambda, "biasadj"))
  timed <- inherits(object, "tslm")
  y <- if (timed) object$x else model.response(model.frame(object))
  variables <- all.vars(delete.response(terms(object)))
  own <- if (timed) intersect(variables, c("trend", "season")) else character()
  own <- own[!own %in% names(if (missing(newdata)) NULL else newdata)]
  if (missing(newdata)) {
    if (!timed) stop("Variables not found in newdata")
    newdata <- data.frame(.row = seq_len(h))
  } else {
    newdata <- as.data.frame(newdata)
    h <- nrow(newdata)
  }
  n <- NROW(y)
  if ("trend" %in% own) newdata$trend <- n + seq_len(h)
  if ("season" %in% own) newdata$season <- factor((as.vector(cycle(y))[n] + seq_len(h) - 1) %% frequency(y) + 1, levels = seq_len(frequency(y)))
  design <- .design_ahead(object, newdata)
  known <- !is.na(object$coefficients)
  mean <- as.vector(design[, known, drop = FALSE] %*% object$coefficients[known])
  scale <- sum(as.vector(object$residuals)^2, na.rm = TRUE) / object$df.residual
  spread <- sqrt(scale + rowSums((design[, known, drop = FALSE] %*% (chol2inv(qr.R(object$qr)[seq_len(sum(known)), seq_len(sum(known)), drop = FALSE]) * scale)) * design[, known, drop = FALSE]))
  place <- if (timed && ts) y else stats::ts(0, start = 0)
  mean <- .after_series(mean, place)
  made <- c(list(model = object, mean = mean), .forecast_bounds(mean, spread, level, place, function(share) qt(share, object$df.residual)))
  made <- .untransformed(made, lambda, biasadj, spread)
  structure(c(made, list(level = level, x = if (timed) y else as.vector(y), series = deparse1(formula(object)[[2L]]), method = "Linear regression model", newdata = newdata,
    residuals = object$residuals, fitted = object$fitted.values)), class = "forecast")
}

# The regressors of new rows. Columns of waves in new data stand for the call that made them.
.design_ahead <- function(object, newdata) {
  frame <- object$model
  right <- formula(delete.response(terms(object)))
  for (name in names(frame)[-1L][vapply(frame[-1L], is.matrix, NA)]) {
    columns <- colnames(frame[[name]])
    at <- match(columns, names(newdata))
    if (anyNA(at)) at <- match(make.names(columns), names(newdata))
    if (anyNA(at)) next
    label <- paste0(".waves", length(newdata))
    newdata[[label]] <- structure(as.matrix(newdata[at]), dimnames = list(NULL, columns))
    right[[2L]] <- .with_call_named(right[[2L]], name, as.name(label))
  }
  levels <- object$xlevels
  model.matrix(right, model.frame(right, newdata, na.action = na.pass, xlev = levels), contrasts.arg = object$contrasts)
}

# An expression in which a call, known by its text, is another name.
.with_call_named <- function(expression, text, name) {
  if (identical(deparse1(expression), text)) return(name)
  if (is.call(expression)) for (k in seq_along(expression)[-1L]) expression[[k]] <- .with_call_named(expression[[k]], text, name)
  expression
}

# Sines and cosines of whole fractions of a year.
fourier <- function(x, K, h = NULL) {
  periods <- .season_periods(x)
  .refuse_if(`Number of periods does not match number of orders` = length(periods) != length(K))
  if (any(2 * K > periods)) stop("K must be not be greater than period/2")
  times <- if (is.null(h)) seq_len(NROW(x)) else NROW(x) + seq_len(h)
  waves <- NULL
  labels <- character()
  shares <- numeric()
  for (j in seq_along(periods)) for (k in seq_len(K[j])) {
    share <- k / periods[j]
    if (any(abs(share - shares) < 1e-10)) next
    shares <- c(shares, share)
    label <- paste0(k, "-", round(periods[j]))
    if (abs(2 * share - round(2 * share)) > 1e-10) {
      waves <- cbind(waves, sinpi(2 * share * times))
      labels <- c(labels, paste0("S", label))
    }
    waves <- cbind(waves, cospi(2 * share * times))
    labels <- c(labels, paste0("C", label))
  }
  colnames(waves) <- labels
  waves
}

fourierf <- function(x, K, h) {
  warning("fourierf is deprecated, please use fourier")
  fourier(x, K, h)
}

seasonaldummy <- function(x, h = NULL) {
  rate <- frequency(x)
  .refuse_if(`Non-seasonal time series` = rate == 1)
  if (!is.null(h)) x <- .after_series(rep(NA_real_, h), x)
  place <- as.vector(cycle(x))
  names <- if (rate == 12) month.abb else if (rate == 4) paste0("Q", 1:4) else if (rate == 7) c("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    else paste0("S", seq_len(rate))
  made <- vapply(seq_len(rate - 1), function(k) as.numeric(place == k), numeric(length(place)))
  matrix(made, length(place), dimnames = list(NULL, names[seq_len(rate - 1)]))
}

seasonaldummyf <- function(x, h) {
  warning("seasonaldummyf is deprecated, please use seasonaldummy")
  seasonaldummy(x, h)
}

ma <- function(x, order, centre = TRUE) {
  .refuse_if(`order must be an integer` = abs(order - round(order)) > 1e-8)
  weights <- if (order %% 2 == 0 && centre) c(0.5, rep(1, order - 1), 0.5) / order else rep(1, order) / order
  made <- stats_filter(as.ts(x), weights)
  .beside_series(as.vector(made), as.ts(x))
}

# The length of a cycle that stands out of the spectrum.
findfrequency <- function(x) {
  plain <- as.vector(na.contiguous(as.ts(x)))
  n <- length(plain)
  if (is.constant(plain)) return(1)
  rest <- qr.resid(qr(cbind(1, seq_len(n))), plain)
  many <- 500
  spectrum <- spec.ar(rest, plot = FALSE, n.freq = many)
  height <- as.vector(spectrum$spec)
  if (max(height) <= 10) return(1)
  period <- floor(1 / spectrum$freq[which.max(height)] + 0.5)
  if (period != Inf) return(as.integer(period))
  rising <- which(diff(height) > 0)
  if (!length(rising)) return(1L)
  place <- rising[1L] + which.max(height[(rising[1L] + 1):many])
  if (place < length(spectrum$freq)) as.integer(floor(1 / spectrum$freq[place] + 0.5)) else 1L
}

subset.ts <- function(x, subset = NULL, month = NULL, quarter = NULL, season = NULL, start = NULL, end = NULL, ...) {
  rate <- frequency(x)
  n <- NROW(x)
  if (!is.null(subset)) {
    .refuse_if(`subset must be the same length as x` = n != length(subset), `subset must be a vector` = NCOL(subset) != 1)
    plain <- plain_series(x)
    return(if (is.matrix(plain)) plain[subset, ] else plain[as.vector(subset)])
  }
  if (!is.null(start) || !is.null(end)) {
    first <- if (is.null(start)) 1 else start
    last <- if (is.null(end)) n else end
    .refuse_if(`start must be between 1 and the length of the series` = first < 1 || first > n)
    times <- as.vector(time(x))
    return(window(x, times[first], times[min(last, n)]))
  }
  if (rate <= 1) stop("Data must be seasonal")
  if (!is.null(month)) {
    .refuse_if(`Data is not monthly` = rate != 12)
    season <- if (is.character(month)) pmatch(tolower(month), tolower(month.name)) else month
  } else if (!is.null(quarter)) {
    .refuse_if(`Data is not quarterly` = rate != 4)
    season <- if (is.character(quarter)) match(toupper(quarter), paste0("Q", 1:4)) else quarter
  }
  .refuse_if(`Unrecognized months, quarters or seasons` = anyNA(season), `Seasons must be between 1 and the frequency` = min(season) < 1 || max(season) > rate)
  at <- which(as.vector(cycle(x)) %in% season)
  ts(as.vector(x)[at], start = as.vector(time(x))[at[1L]], frequency = length(unique(season)))
}

monthdays <- function(x) {
  .refuse_if(`Not a time series` = !is.ts(x))
  rate <- frequency(x)
  days <- c(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
  times <- as.vector(time(x))
  years <- floor(times + 1e-8)
  leap <- (years %% 4 == 0 & years %% 100 != 0) | years %% 400 == 0
  place <- as.vector(cycle(x))
  made <- if (rate == 12) days[place] + (leap & place == 2) else if (rate == 4) c(90, 91, 92, 92)[place] + (leap & place == 1) else stop("Not monthly or quarterly data")
  .beside_series(made, x)
}
