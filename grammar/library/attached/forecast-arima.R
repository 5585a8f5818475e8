# ARIMA models with drift and scale, and the choice among them.
# Sources: R. J. Hyndman and Y. Khandakar, Journal of Statistical Software 27 (2008); D. Kwiatkowski, P. C. B. Phillips, P. Schmidt
# and Y. Shin, Journal of Econometrics 54 (1992); D. A. Dickey and W. A. Fuller (1979); P. C. B. Phillips and P. Perron (1988).

Arima <- function(y, order = c(0, 0, 0), seasonal = c(0, 0, 0), xreg = NULL, include.mean = TRUE, include.drift = FALSE, include.constant,
                  lambda = model$lambda, biasadj = FALSE, method = c("CSS-ML", "ML", "CSS"), model = NULL, x = y, ...) {
  label <- .series_label(substitute(y))
  if (is.data.frame(x)) x <- if (ncol(x) == 1L) as.ts(x[[1L]]) else stop("y should be a univariate time series")
  method <- match.arg(method)
  given <- as.ts(x)
  series <- given
  if (!is.null(lambda)) {
    series <- BoxCox(given, lambda)
    lambda <- attr(series, "lambda")
    attr(series, "lambda") <- NULL
    attr(lambda, "biasadj") <- biasadj
  }
  if (!is.null(xreg)) xreg <- .named_regressors(xreg)
  if (!is.list(seasonal)) seasonal <- list(order = if (frequency(series) <= 1) c(0, 0, 0) else seasonal, period = if (frequency(series) <= 1) NA else frequency(series))
  if (!is.null(model)) {
    fit <- .arima_repeated(series, model, xreg)
    xreg <- fit$xreg
  } else {
    differences <- order[2L] + seasonal$order[2L]
    if (!missing(include.constant)) {
      include.mean <- include.constant
      include.drift <- include.constant && differences == 1
    }
    if (differences > 1 && include.drift) {
      warning("No drift term fitted as the order of difference is 2 or more.")
      include.drift <- FALSE
    }
    if (include.drift) xreg <- cbind(drift = seq_along(series), xreg)
    fit <- if (is.null(xreg)) arima(series, order = order, seasonal = seasonal, include.mean = include.mean, method = method, ...)
      else arima(series, order = order, seasonal = seasonal, xreg = xreg, include.mean = include.mean, method = method, ...)
  }
  fit <- .arima_finished(fit, series, given, xreg, lambda, biasadj, label, match.call())
  if (!is.null(model)) fit$sigma2 <- model$sigma2
  fit
}

.named_regressors <- function(xreg) {
  if (is.data.frame(xreg)) stop("xreg should be a numeric matrix or a numeric vector")
  .refuse_if(`xreg should be a numeric matrix or a numeric vector` = !is.numeric(xreg))
  names <- colnames(xreg)
  xreg <- as.matrix(plain_series(xreg))
  colnames(xreg) <- if (!is.null(names)) names else if (ncol(xreg) == 1L) "xreg" else paste0("xreg", seq_len(ncol(xreg)))
  xreg
}

# Which observations count, and how many numbers were chosen.
.arima_sizes <- function(fit) {
  list(seen = sum(!is.na(fit$residuals)) - fit$arma[6L] - fit$arma[7L] * fit$arma[5L], chosen = length(fit$coef[fit$mask]) + 1)
}

.arima_finished <- function(fit, series, given, xreg, lambda, biasadj, label, call) {
  size <- .arima_sizes(fit)
  fit$sigma2 <- sum(fit$residuals^2, na.rm = TRUE) / (size$seen - size$chosen + 1)
  fit$series <- label
  fit$call <- call
  fit$bic <- if (!is.na(fit$aic)) fit$aic + size$chosen * (log(size$seen) - 2) else NA
  fit$aicc <- if (!is.na(fit$aic)) fit$aic + 2 * size$chosen * (size$chosen + 1) / (size$seen - size$chosen - 1) else NA
  fit$xreg <- xreg
  fit$lambda <- lambda
  fit$x <- given
  fitted <- series - fit$residuals
  if (!is.null(lambda)) fitted <- if (biasadj) .unbiased_inverse(fitted, lambda, var(as.vector(fit$residuals), na.rm = TRUE)) else .plain_inverse(fitted, lambda)
  fit$fitted <- fitted
  class(fit) <- c("forecast_ARIMA", "ARIMA", "Arima")
  fit
}

# A fitted model's own numbers on another series.
.arima_repeated <- function(series, model, xreg) {
  at <- model$arma
  if ("drift" %in% names(model$coef)) xreg <- cbind(drift = seq_along(series), xreg)
  seasonal <- list(order = at[c(3L, 7L, 4L)], period = at[5L])
  fixed <- unname(model$coef)
  mean <- "intercept" %in% names(model$coef)
  fit <- suppressWarnings(if (is.null(xreg)) arima(series, order = at[c(1L, 6L, 2L)], seasonal = seasonal, include.mean = mean, method = "ML", fixed = fixed, transform.pars = FALSE)
    else arima(series, order = at[c(1L, 6L, 2L)], seasonal = seasonal, xreg = xreg, include.mean = mean, method = "ML", fixed = fixed, transform.pars = FALSE))
  fit$var.coef <- matrix(0, length(fixed), length(fixed), dimnames = list(names(fit$coef), names(fit$coef)))
  fit$xreg <- xreg
  fit
}

arimaorder <- function(object) {
  if (inherits(object, "Arima")) {
    at <- object$arma
    made <- c(p = at[1L], d = at[6L], q = at[2L])
    if (at[5L] > 1 && sum(at[c(3L, 4L, 7L)]) > 0) made <- c(made, P = at[3L], D = at[7L], Q = at[4L], Frequency = at[5L])
    return(made)
  }
  if (inherits(object, "ar")) return(c(p = object$order, d = 0, q = 0))
  stop("object not of class Arima, ar or fracdiff")
}

# A model's name; in a list of names all take the same room.
.arima_title <- function(object, padded = FALSE) {
  at <- object$arma
  named <- names(object$coef)
  regressors <- length(named) - sum(at[1:4]) - ("intercept" %in% named) - ("drift" %in% named)
  title <- sprintf("ARIMA(%d,%d,%d)", at[1L], at[6L], at[2L])
  if (at[5L] > 1 && sum(at[c(3L, 4L, 7L)]) > 0) title <- paste0(title, sprintf("(%d,%d,%d)[%d]", at[3L], at[7L], at[4L], at[5L]))
  if (regressors > 0) return(paste("Regression with", title, "errors"))
  constant <- if ("drift" %in% named) " with drift" else if ("intercept" %in% named) " with non-zero mean" else if (at[6L] + at[7L] == 0) " with zero mean" else ""
  paste0(title, if (padded) formatC(constant, width = -19, flag = "-") else constant)
}

print.ARIMA <- function(x, digits = max(3, getOption("digits") - 3), se = TRUE, ...) {
  cat("Series:", x$series, "\n")
  cat(.arima_title(x), "\n")
  if (!is.null(x$lambda)) cat("Box Cox transformation: lambda=", x$lambda, "\n")
  if (length(x$coef)) {
    cat("\nCoefficients:\n")
    coefficients <- x$coef
    if (is.null(x$xreg)) names(coefficients)[names(coefficients) == "intercept"] <- "mean"
    shown <- round(coefficients, digits)
    if (se && nrow(x$var.coef)) {
      errors <- numeric(length(coefficients))
      free <- diag(x$var.coef)
      errors[if (length(free) == length(coefficients)) seq_along(errors) else x$mask] <- sqrt(free)
      shown <- rbind(shown, s.e. = round(errors, digits))
      rownames(shown)[1L] <- ""
    }
    print.default(shown, print.gap = 2)
  }
  cat("\nsigma^2 = ", format(x$sigma2, digits = digits), ":  log likelihood = ", format(round(x$loglik, 2L)), "\n", sep = "")
  if (!is.na(x$aic)) cat("AIC=", format(round(x$aic, 2L)), "   AICc=", format(round(x$aicc, 2L)), "   BIC=", format(round(x$bic, 2L)), "\n", sep = "")
  invisible(x)
}

summary.Arima <- function(object, ...) {
  class(object) <- c("summary.Arima", class(object))
  object
}

print.summary.Arima <- function(x, ...) {
  if (inherits(x, "ARIMA")) print.ARIMA(x) else print.Arima(x)
  cat("\nTraining set error measures:\n")
  print(accuracy.forecast(.arima_completed(x)))
  invisible(x)
}

# arima() keeps neither its series nor what it fitted.
.arima_completed <- function(object) {
  if (is.null(object$x)) object$x <- eval(object$call$x, globalenv())
  if (is.null(object$fitted)) object$fitted <- as.ts(object$x) - object$residuals
  object
}

is.Arima <- function(x) inherits(x, "Arima")

fitted.Arima <- function(object, ...) .arima_completed(object)$fitted

residuals.ARIMA <- function(object, type = c("innovation", "response", "regression"), ...) {
  type <- match.arg(type)
  if (type == "response") object$x - object$fitted
  else if (type == "innovation" || is.null(object$xreg)) object$residuals
  else object$x - .after_regression(object)
}

.after_regression <- function(object) as.vector(object$xreg %*% object$coef[colnames(object$xreg)])

forecast.Arima <- function(object, h = ifelse(object$arma[5] > 1, 2 * object$arma[5], 10), level = c(80, 95), fan = FALSE, xreg = NULL,
                           lambda = object$lambda, bootstrap = FALSE, npaths = 5000, biasadj = NULL, ...) {
  .unsupported(bootstrap)
  .unsupported(npaths)
  object <- .arima_completed(object)
  drifting <- "drift" %in% names(object$coef)
  regressors <- length(object$coef) - sum(object$arma[1:4]) - ("intercept" %in% names(object$coef)) - drifting
  if (regressors && is.null(xreg)) stop("No regressors provided")
  if (!regressors && !is.null(xreg)) {
    warning("xreg not required by this model, ignoring the provided regressors")
    xreg <- NULL
  }
  if (!is.null(xreg)) {
    xreg <- .named_regressors(xreg)
    if (ncol(xreg) != regressors) stop("Number of regressors does not match fitted model")
    h <- nrow(xreg)
  }
  level <- .interval_levels(level, fan)
  if (is.null(biasadj)) biasadj <- isTRUE(attr(lambda, "biasadj"))
  if (drifting) xreg <- cbind(drift = length(object$x) + seq_len(h), xreg)
  found <- if (is.null(xreg)) predict.Arima(object, n.ahead = h) else predict.Arima(object, n.ahead = h, newxreg = xreg)
  spread <- as.vector(found$se)
  made <- c(list(method = .arima_title(object), model = object, level = level, mean = found$pred), .forecast_bounds(found$pred, spread, level, object$x))
  made <- .untransformed(made, lambda, biasadj, spread)
  structure(c(made, list(x = object$x, series = object$series, fitted = object$fitted, residuals = object$residuals)), class = "forecast")
}

forecast.ar <- function(object, h = 10, level = c(80, 95), fan = FALSE, ...) {
  level <- .interval_levels(level, fan)
  x <- eval(object$series |> str2lang(), globalenv())
  found <- predict(object, newdata = x, n.ahead = h)
  made <- c(list(method = paste0("AR(", object$order, ")"), model = object, level = level, mean = found$pred),
    .forecast_bounds(found$pred, as.vector(found$se), level, x))
  structure(c(made, list(x = x, series = object$series, fitted = x - object$resid, residuals = object$resid)), class = "forecast")
}

# How often a series is to be differenced: until a test no longer speaks against it.
ndiffs <- function(x, alpha = 0.05, test = c("kpss", "adf", "pp"), type = c("level", "trend"), max.d = 2, ...) {
  test <- match.arg(test)
  type <- match(match.arg(type), c("level", "trend"))
  x <- as.vector(na.omit(as.vector(x)))
  if (alpha < 0.01) {
    warning("Specified alpha value is less than the minimum, setting alpha=0.01")
    alpha <- 0.01
  } else if (alpha > 0.1) {
    warning("Specified alpha value is larger than the maximum, setting alpha=0.1")
    alpha <- 0.1
  }
  if (is.constant(x)) return(0)
  wanted <- function(series) {
    chance <- switch(test, kpss = .kpss_chance(series, type == 2L), adf = .adf_chance(series, type == 2L), pp = .pp_chance(series, type == 2L))
    if (is.na(chance)) FALSE else if (test == "kpss") chance < alpha else chance > alpha
  }
  d <- 0
  again <- wanted(x)
  while (again && d < max.d) {
    d <- d + 1
    x <- diff(x)
    if (is.constant(x)) return(d)
    again <- wanted(x)
    if (is.na(again)) return(d - 1)
  }
  d
}

# A chance read off a short table of critical values, level beyond its ends.
.chance_between <- function(statistic, values, chances) approx(values, chances, xout = statistic, rule = 2)$y

.trend_left <- function(x, trend) {
  n <- length(x)
  qr.resid(qr(if (trend) cbind(1, seq_len(n)) else matrix(1, n, 1L)), x)
}

# Bartlett's estimate of the variance in the long run.
.long_variance <- function(rest, lags) {
  n <- length(rest)
  back <- seq_len(lags)
  sum(rest^2) / n + 2 * sum(vapply(back, function(k) (1 - k / (lags + 1)) * sum(rest[(k + 1):n] * rest[seq_len(n - k)]) / n, 0))
}

.kpss_chance <- function(x, trend) {
  n <- length(x)
  rest <- .trend_left(x, trend)
  statistic <- sum(cumsum(rest)^2) / (n^2 * .long_variance(rest, trunc(3 * sqrt(n) / 13)))
  .chance_between(statistic, if (trend) c(0.119, 0.146, 0.176, 0.216) else c(0.347, 0.463, 0.574, 0.739), c(0.1, 0.05, 0.025, 0.01))
}

.adf_chance <- function(x, trend) {
  steps <- diff(x)
  seen <- 2:length(steps)
  design <- cbind(x[seen], 1, if (trend) seen, steps[seen - 1L])
  fit <- qr(design)
  rest <- qr.resid(fit, steps[seen])
  statistic <- qr.coef(fit, steps[seen])[1L] / sqrt(sum(rest^2) / (length(seen) - ncol(design)) * chol2inv(qr.R(fit))[1L, 1L])
  size <- findInterval(length(seen), c(0, 25, 50, 100, 250, 500))
  values <- if (trend) rbind(c(-4.38, -4.15, -4.04, -3.99, -3.98, -3.96), c(-3.6, -3.5, -3.45, -3.43, -3.42, -3.41), c(-3.24, -3.18, -3.15, -3.13, -3.13, -3.12))
    else rbind(c(-3.75, -3.58, -3.51, -3.46, -3.44, -3.43), c(-3, -2.93, -2.89, -2.88, -2.87, -2.86), c(-2.63, -2.6, -2.58, -2.57, -2.57, -2.57))
  .chance_between(statistic, values[, size], c(0.01, 0.05, 0.1))
}

.pp_chance <- function(x, trend) {
  n <- length(x) - 1
  now <- x[-1L]
  before <- x[-(n + 1)]
  design <- cbind(1, before, if (trend) seq_len(n) - n / 2)
  fit <- qr(design)
  rest <- qr.resid(fit, now)
  near <- sum(rest^2) / n
  far <- .long_variance(rest, trunc(4 * (n / 100)^0.25))
  error <- sqrt(sum(rest^2) / (n - ncol(design)) * chol2inv(qr.R(fit))[2L, 2L])
  spread <- if (trend) sum(qr.resid(qr(design[, -2L]), before)^2) else sum((before - mean(before))^2)
  statistic <- sqrt(near / far) * (qr.coef(fit, now)[2L] - 1) / error - (far - near) / (2 * sqrt(far)) * n / sqrt(spread)
  values <- if (trend) -c(3.9638 + 8.353 / n + 47.44 / n^2, 3.4126 + 4.039 / n + 17.83 / n^2, 3.1279 + 2.418 / n + 7.58 / n^2)
    else -c(3.4335 + 5.999 / n + 29.25 / n^2, 2.8621 + 2.738 / n + 8.36 / n^2, 2.5671 + 1.438 / n + 4.48 / n^2)
  .chance_between(statistic, values, c(0.01, 0.05, 0.1))
}

# A season is to be differenced away where it is strong.
nsdiffs <- function(x, alpha = 0.05, m = frequency(x), test = c("seas", "ocsb", "hegy", "ch"), max.D = 1, ...) {
  test <- match.arg(test)
  .unsupported(alpha)
  if (test != "seas") stop("nsdiffs() measures the strength of the season: use test = \"seas\"")
  if (is.constant(x)) return(0)
  m <- round(m)
  if (m == 1) stop("Non seasonal data")
  if (m < 1) {
    warning("I can't handle data with frequency less than 1. Seasonality will be ignored.")
    return(0)
  }
  if (m >= length(x)) return(0)
  D <- 0
  series <- ts(as.vector(x), frequency = m)
  while (D < max.D && .season_strength(series) > 0.64) {
    D <- D + 1
    series <- diff(series, lag = m)
    if (length(series) <= 2 * m || is.constant(series)) break
  }
  D
}

.season_strength <- function(x) {
  if (length(x) <= 2 * frequency(x)) return(0)
  parts <- mstl(x)
  rest <- as.vector(plain_series(parts)[, "Remainder"])
  season <- as.vector(plain_series(parts)[, 3L])
  max(0, min(1, 1 - var(rest) / var(rest + season)))
}
