# forecast: what is foretold of a series, with intervals, and how it is shown.
# Source: R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 2nd edition (2018).

forecast <- function(object, ...) UseMethod("forecast")

forecast.default <- function(object, ...) forecast.ts(object, ...)

# Series of short periods are smoothed; longer periods are taken out first.
forecast.ts <- function(object, h = ifelse(frequency(object) > 1, 2 * frequency(object), 10), level = c(80, 95), fan = FALSE, robust = FALSE,
                        lambda = NULL, biasadj = FALSE, find.frequency = FALSE, allow.multiplicative.trend = FALSE, model = NULL, ...) {
  label <- .series_label(substitute(object))
  n <- length(object)
  .refuse_if(`No data` = !n)
  if (find.frequency) {
    object <- ts(object, frequency = findfrequency(object))
    if (missing(h)) h <- if (frequency(object) > 1) 2 * frequency(object) else 10
  }
  rate <- frequency(object)
  if (robust) object <- tsclean(object, replace.missing = TRUE, lambda = lambda)
  made <- if (!is.null(model)) {
    fit <- if (is.function(model)) model(object, ...) else if (inherits(model, "ets")) ets(object, model = model) else Arima(object, model = model)
    forecast(fit, h = h, level = level, fan = fan)
  } else if (n > 3) {
    if (rate < 13) forecast(ets(object, lambda = lambda, biasadj = biasadj, allow.multiplicative.trend = allow.multiplicative.trend, ...), h = h, level = level, fan = fan)
    else if (n > 2 * rate) stlf(object, h = h, level = level, fan = fan, lambda = lambda, biasadj = biasadj, allow.multiplicative.trend = allow.multiplicative.trend, ...)
    else forecast(ets(object, model = "ZZN", lambda = lambda, biasadj = biasadj, allow.multiplicative.trend = allow.multiplicative.trend, ...), h = h, level = level, fan = fan)
  } else meanf(object, h = h, level = level, fan = fan, lambda = lambda, biasadj = biasadj, ...)
  made$call <- match.call()
  made$series <- label
  made
}

# The name of a series as the caller wrote it.
.series_label <- function(written) {
  label <- deparse1(written)
  if (nchar(label) > 500L) "x" else label
}

# Levels of intervals in percent.
.interval_levels <- function(level, fan) {
  if (fan) return(seq(51, 99, by = 3))
  if (min(level) > 0 && max(level) < 1) level <- 100 * level
  if (min(level) < 0 || max(level) > 99.99) stop("Confidence limit out of range", call. = FALSE)
  level
}

# Values that follow a series.
.after_series <- function(values, x) {
  where <- if (is.null(tsp(x))) c(1, NROW(x), 1) else tsp(x)
  ts(values, start = where[2L] + 1 / where[3L], frequency = where[3L])
}

# Values beside a series, under its times.
.beside_series <- function(values, x) if (is.null(tsp(x))) ts(values) else ts(values, start = tsp(x)[1L], frequency = tsp(x)[3L])

# Both bounds of every level around the means; `spread` is a standard deviation for each step, `quantile` the shape.
.forecast_bounds <- function(mean, spread, level, x, quantile = qnorm) {
  far <- outer(spread, quantile(0.5 + level / 200))
  bound <- function(values) {
    colnames(values) <- paste0(level, "%")
    .after_series(values, x)
  }
  list(lower = bound(as.vector(mean) - far), upper = bound(as.vector(mean) + far))
}

# Takes means and bounds back from a Box-Cox scale; the means may be those of the data rather than their medians.
.untransformed <- function(made, lambda, biasadj, spread = NULL) {
  if (is.null(lambda)) return(made)
  middle <- made$mean
  made[c("lower", "upper")] <- lapply(made[c("lower", "upper")], function(part) if (!is.null(part)) .plain_inverse(part, lambda))
  made$mean <- if (isTRUE(biasadj)) .unbiased_inverse(middle, lambda, spread^2) else .plain_inverse(middle, lambda)
  made
}

is.forecast <- function(x) inherits(x, "forecast")

# Rows are named as a series of that frequency shows its times.
.forecast_times <- function(mean) {
  times <- as.vector(time(mean))
  rate <- frequency(mean)
  if (rate == 12) paste(month.abb[as.vector(cycle(mean))], floor(times + 1e-8))
  else if (rate == 4) paste0(floor(times + 1e-8), " Q", as.vector(cycle(mean)))
  else format(times, nsmall = if (rate <= 1 && all(abs(times - round(times)) < 1e-8)) 0L else max(round(log10(rate) + 1), 2))
}

as.data.frame.forecast <- function(x, ...) {
  level <- x$level
  columns <- list(`Point Forecast` = as.vector(x$mean))
  bounded <- !is.null(x$lower)
  if (bounded) for (k in seq_along(level)) {
    columns[[paste("Lo", level[k])]] <- as.matrix(plain_series(x$lower))[, k]
    columns[[paste("Hi", level[k])]] <- as.matrix(plain_series(x$upper))[, k]
  }
  data.frame(lapply(columns, as.vector), row.names = .forecast_times(x$mean), check.names = FALSE)
}

print.forecast <- function(x, ...) {
  print(as.data.frame(x))
  invisible(x)
}

summary.forecast <- function(object, ...) {
  class(object) <- c("summary.forecast", class(object))
  object
}

print.summary.forecast <- function(x, ...) {
  cat(paste0("\nForecast method: ", x$method))
  cat("\n\nModel Information:\n")
  print(x$model)
  cat("\nError measures:\n")
  print(accuracy.forecast(x))
  if (is.null(x$mean)) cat("\n No forecasts\n")
  else {
    cat("\nForecasts:\n")
    print.forecast(x)
  }
  invisible(x)
}

head.forecast <- function(x, ...) head(as.data.frame(x), ...)

forecast.forecast <- function(object, ...) if (is.null(list(...)$h)) object else forecast(object$model, ...)

getResponse <- function(object, ...) UseMethod("getResponse")

getResponse.default <- function(object, ...) if (is.list(object) && !is.null(object$x)) object$x else stop("no response is kept in this object")

getResponse.lm <- function(object, ...) if (is.null(object$data)) object$x else model.response(model.frame(object))

# Box-Cox scales. Source: G. E. P. Box and D. R. Cox, Journal of the Royal Statistical Society B 26 (1964), in Bickel and
# Doksum's form, which takes negative values.

BoxCox <- function(x, lambda) {
  if (identical(lambda, "auto")) lambda <- BoxCox.lambda(x, lower = -0.9)
  if (lambda < 0) x[x < 0] <- NA
  made <- if (lambda == 0) log(x) else (sign(x) * abs(x)^lambda - 1) / lambda
  if (!is.null(colnames(x))) colnames(made) <- colnames(x)
  attr(made, "lambda") <- lambda
  made
}

InvBoxCox <- function(x, lambda, biasadj = FALSE, fvar = NULL) {
  if (isTRUE(biasadj) && is.null(fvar)) stop("fvar must be provided when biasadj=TRUE")
  made <- if (isTRUE(biasadj)) .unbiased_inverse(x, lambda, fvar) else .plain_inverse(x, lambda)
  attr(made, "lambda") <- lambda
  made
}

.plain_inverse <- function(x, lambda) {
  lambda <- as.vector(lambda)
  attr(x, "lambda") <- NULL
  if (lambda < 0) x[x > -1 / lambda] <- NA
  if (lambda == 0) return(exp(x))
  raised <- x * lambda + 1
  sign(raised) * abs(raised)^(1 / lambda)
}

# The mean of what a normal variable becomes, by the curvature of the way back.
.unbiased_inverse <- function(x, lambda, variance) {
  if (is.list(variance)) {
    width <- if (is.matrix(variance$upper)) (variance$upper - variance$lower)[, which.max(variance$level)] else variance$upper - variance$lower
    variance <- (as.vector(width) / (2 * qnorm(0.5 + max(variance$level) / 200)))^2
  }
  plain <- .plain_inverse(x, lambda)
  plain * (1 + 0.5 * as.vector(variance) * (1 - lambda) / plain^(2 * as.vector(lambda)))
}

# Guerrero's choice makes the spread of the years most alike; the other one makes a regression likeliest.
# Sources: V. M. Guerrero, Journal of Forecasting 12 (1993).
BoxCox.lambda <- function(x, method = c("guerrero", "loglik"), lower = -1, upper = 2) {
  if (any(x <= 0, na.rm = TRUE)) lower <- max(lower, 0)
  if (length(x) <= 2 * frequency(x)) return(1)
  method <- match.arg(method)
  if (method == "loglik") .likeliest_power(x, lower, upper) else .steadiest_power(x, lower, upper)
}

.steadiest_power <- function(x, lower, upper) {
  values <- as.vector(na.contiguous(as.ts(x)))
  width <- round(max(2, frequency(x)))
  years <- floor(length(values) / width)
  blocks <- matrix(tail(values, years * width), width)
  middles <- colMeans(blocks, na.rm = TRUE)
  spreads <- apply(blocks, 2L, sd, na.rm = TRUE)
  uneven <- function(power) {
    ratio <- spreads / middles^(1 - power)
    sd(ratio, na.rm = TRUE) / mean(ratio, na.rm = TRUE)
  }
  optimize(uneven, c(lower, upper))$minimum
}

.likeliest_power <- function(x, lower, upper) {
  values <- as.vector(na.contiguous(as.ts(x)))
  n <- length(values)
  .refuse_if(`x must be positive` = any(values <= 0))
  logs <- log(values)
  scaled <- exp(mean(logs))
  design <- if (frequency(x) > 1 && n > 2 * frequency(x)) cbind(1, seq_len(n), model.matrix(~ factor(as.vector(cycle(x))))[, -1L]) else cbind(1, seq_len(n))
  powers <- seq(lower, upper, by = 0.05)
  heights <- vapply(powers, function(power) {
    turned <- if (abs(power) > 0.02) (values^power - 1) / power else logs * (1 + (power * logs) / 2 * (1 + (power * logs) / 3 * (1 + (power * logs) / 4)))
    rest <- qr.resid(qr(design), turned / scaled^(power - 1))
    -n / 2 * log(sum(rest^2))
  }, 0)
  powers[which.max(heights)]
}
