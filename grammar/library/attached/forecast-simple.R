# Simple methods: the last value, the last year, the mean, the theta method and Croston's.
# Sources: R. J. Hyndman and B. Billah, International Journal of Forecasting 19 (2003), for theta; J. D. Croston (1972).

naive <- function(y, h = 10, level = c(80, 95), fan = FALSE, lambda = NULL, biasadj = FALSE, ..., x = y)
  .lagged_forecast(x, 1, FALSE, h, level, fan, lambda, biasadj, "Naive method", match.call(), .series_label(substitute(y)))

snaive <- function(y, h = 2 * frequency(x), level = c(80, 95), fan = FALSE, lambda = NULL, biasadj = FALSE, ..., x = y)
  .lagged_forecast(x, frequency(x), FALSE, h, level, fan, lambda, biasadj, "Seasonal naive method", match.call(), .series_label(substitute(y)))

rwf <- function(y, h = 10, drift = FALSE, level = c(80, 95), fan = FALSE, lambda = NULL, biasadj = FALSE, ..., x = y)
  .lagged_forecast(x, 1, drift, h, level, fan, lambda, biasadj, if (drift) "Random walk with drift" else "Random walk", match.call(),
    .series_label(substitute(y)))

.lagged_forecast <- function(x, lag, drift, h, level, fan, lambda, biasadj, method, call, label) {
  model <- .lag_walk(x, lag, drift, lambda, biasadj)
  model$call <- call
  model$method <- "Lag walk"
  made <- forecast.lagwalk(model, h, level = level, fan = fan, lambda = model$lambda, biasadj = biasadj)
  made$method <- method
  made$series <- label
  made[c("method", "model", "lambda", "x", "fitted", "residuals", "series", "mean", "level", "lower", "upper")] |> structure(class = "forecast")
}

.lag_walk <- function(x, lag, drift, lambda, biasadj) {
  given <- as.ts(x)
  if (!is.null(lambda)) {
    x <- BoxCox(given, lambda)
    lambda <- attr(x, "lambda")
    attr(lambda, "biasadj") <- biasadj
  }
  plain <- as.vector(x)
  n <- length(plain)
  lag <- round(lag)
  # A gap passes the value before it on.
  filled <- plain
  for (at in seq_len(n)) if (at > lag && is.na(filled[at])) filled[at] <- filled[at - lag]
  before <- c(rep(NA_real_, lag), filled)[seq_len(n)]
  change <- plain - before
  rise <- 0
  error <- 0
  if (drift) {
    steps <- change[!is.na(change)]
    rise <- if (length(steps)) mean(steps) else NA_real_
    error <- sd(steps) / sqrt(length(steps))
  }
  rest <- change - rise
  # Without a drift nothing was estimated.
  variance <- if (drift) sum(rest^2, na.rm = TRUE) / (sum(!is.na(rest)) - 1) else mean(rest^2, na.rm = TRUE)
  fitted <- .beside_series(before + rise, given)
  if (!is.null(lambda)) fitted <- if (biasadj) .unbiased_inverse(fitted, lambda, variance) else .plain_inverse(fitted, lambda)
  structure(list(x = given, fitted = fitted, future = .after_series(tail(filled, lag), given), residuals = .beside_series(rest, given), method = "", series = "x",
    sigma2 = variance, par = list(includedrift = drift, drift = rise, drift.se = error, lag = lag), lambda = lambda), class = "lagwalk")
}

forecast.lagwalk <- function(object, h = 10, level = c(80, 95), fan = FALSE, lambda = NULL, simulate = FALSE, bootstrap = FALSE, npaths = 5000, biasadj = FALSE, ...) {
  .unsupported(simulate, bootstrap)
  .unsupported(npaths)
  level <- .interval_levels(level, fan)
  lag <- object$par$lag
  turns <- rep(seq_len(ceiling(h / lag)), each = lag)[seq_len(h)]
  mean <- .after_series(rep_len(as.vector(object$future), h) + turns * object$par$drift, object$x)
  spread <- sqrt(object$sigma2 * turns + (turns * object$par$drift.se)^2)
  made <- c(list(method = object$method, model = object, lambda = lambda, x = object$x, fitted = object$fitted, residuals = object$residuals, mean = mean, level = level),
    .forecast_bounds(mean, spread, level, object$x))
  structure(.untransformed(made, lambda, biasadj, spread), class = "forecast")
}

print.lagwalk <- function(x, ...) {
  cat(paste("Call:", deparse1(x$call), "\n\n"))
  if (x$par$includedrift) cat(paste0("Drift: ", round(x$par$drift, 4), "  (se ", round(x$par$drift.se, 4), ")\n"))
  cat(paste("Residual sd:", round(sqrt(x$sigma2), 4), "\n"))
  invisible(x)
}

fitted.lagwalk <- function(object, ...) object$fitted

residuals.lagwalk <- function(object, ...) object$residuals

meanf <- function(y, h = 10, level = c(80, 95), fan = FALSE, lambda = NULL, biasadj = FALSE, bootstrap = FALSE, npaths = 5000, x = y) {
  label <- .series_label(substitute(y))
  .unsupported(bootstrap)
  .unsupported(npaths)
  level <- .interval_levels(level, fan)
  n <- length(x)
  given <- if (is.ts(x)) x else ts(x)
  if (!is.null(lambda)) {
    x <- BoxCox(x, lambda)
    lambda <- attr(x, "lambda")
    attr(lambda, "biasadj") <- biasadj
  }
  plain <- as.vector(x)
  middle <- mean(plain, na.rm = TRUE)
  around <- sd(plain, na.rm = TRUE)
  rest <- .beside_series(plain - middle, given)
  spread <- rep(around * sqrt(1 + 1 / n), h)
  shape <- function(share) if (n > 1) qt(share, n - 1) else rep(NA_real_, length(share))
  mean <- if (is.ts(y)) .after_series(rep(middle, h), given) else ts(rep(middle, h))
  fitted <- .beside_series(rep(middle, n), given)
  if (!is.null(lambda)) fitted <- if (biasadj) .unbiased_inverse(fitted, lambda, around^2) else .plain_inverse(fitted, lambda)
  made <- c(list(method = "Mean", level = level, x = given, series = label, mean = mean),
    .forecast_bounds(mean, spread, level, if (is.ts(y)) given else ts(0, start = 0), shape))
  made <- .untransformed(made, lambda, biasadj, spread)
  model <- structure(list(mu = as.vector(made$mean)[1L], mu.se = around / sqrt(length(plain)), sd = around, bootstrap = bootstrap, call = match.call()), class = "meanf")
  made$model <- model
  structure(c(made, list(lambda = lambda, fitted = fitted, residuals = rest)), class = "forecast")
}

thetaf <- function(y, h = ifelse(frequency(y) > 1, 2 * frequency(y), 10), level = c(80, 95), fan = FALSE, x = y) {
  label <- .series_label(substitute(y))
  level <- .interval_levels(level, fan)
  given <- as.ts(x)
  n <- length(given)
  rate <- frequency(given)
  series <- given
  cyclic <- FALSE
  if (rate > 1 && !is.constant(given) && n > 2 * rate) {
    r <- as.vector(acf(given, lag.max = rate, plot = FALSE)$acf)[-1L]
    cyclic <- abs(r[rate]) / sqrt((1 + 2 * sum(r[-rate]^2)) / n) > qnorm(0.95)
  }
  if (cyclic) {
    season <- decompose(given, "multiplicative")$seasonal
    if (any(abs(season) < 1e-10)) {
      warning("Seasonal indexes equal to zero. Using non-seasonal Theta method")
      cyclic <- FALSE
    } else series <- given / season
  }
  smooth <- ses(series, h = h)
  alpha <- pmax(1e-10, smooth$model$par[["alpha"]])
  half <- qr.coef(qr(cbind(1, seq_len(n) - 1)), as.vector(series))[2L] / 2
  mean <- smooth$mean + half * (seq_len(h) - 1 + (1 - (1 - alpha)^n) / alpha)
  if (cyclic) mean <- mean * rep_len(tail(as.vector(season), rate), h)
  spread <- sqrt(smooth$model$sigma2) * sqrt((seq_len(h) - 1) * alpha^2 + 1)
  bounds <- .forecast_bounds(mean, spread, level, given)
  fitted <- smooth$fitted
  if (cyclic) fitted <- fitted * season
  structure(list(mean = mean, fitted = fitted, residuals = given - fitted, level = level, lower = bounds$lower, upper = bounds$upper, x = given, method = "Theta",
    model = list(alpha = alpha, drift = half, sigma = smooth$model$sigma2), series = label), class = "forecast")
}

# Demands and the times between them are smoothed apart.
croston <- function(y, h = 10, alpha = 0.1, x = y) {
  label <- .series_label(substitute(y))
  given <- as.ts(x)
  plain <- as.vector(given)
  .refuse_if(`Series should not contain negative values` = any(plain < 0), `Series should not be constant` = FALSE)
  seen <- which(plain > 0)
  made <- list(method = "Croston's method", model = NULL, x = given, series = label)
  if (length(seen) < 1L) {
    value <- 0
    fitted <- rep(0, length(plain))
    made$model <- NULL
  } else if (length(seen) == 1L) {
    value <- fitted <- rep(1 / max(seen), 1L)
    fitted <- rep(value, length(plain))
  } else {
    gaps <- c(seen[1L], diff(seen))
    demand <- ses(plain[seen], alpha = alpha, initial = "simple", h = h)
    wait <- ses(gaps, alpha = alpha, initial = "simple", h = h)
    ratio <- as.vector(demand$mean) / as.vector(wait$mean)
    value <- ratio[1L]
    made$model <- list(demand = demand, period = wait)
    known <- c(NA, .after_each(demand$model, wait$model))
    fitted <- known[1L + findInterval(seq_along(plain) - 1, seen)]
  }
  made$mean <- .after_series(rep(value, h), given)
  made$fitted <- .beside_series(fitted, given)
  made$residuals <- .beside_series(plain - fitted, given)
  structure(made, class = "forecast")
}

# What two smoothings would foretell after each of their observations.
.after_each <- function(demand, wait) as.vector(plain_series(demand$states)[-1L, 1L]) / as.vector(plain_series(wait$states)[-1L, 1L])

is.constant <- function(x) {
  plain <- as.vector(x)
  isTRUE(all.equal(plain, rep(plain[1L], length(plain))))
}
