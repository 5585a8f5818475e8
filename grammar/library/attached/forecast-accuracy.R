# How good forecasts were, and whether what is left over looks like noise.
# Sources: R. J. Hyndman and A. B. Koehler, International Journal of Forecasting 22 (2006); F. X. Diebold and R. S. Mariano,
# Journal of Business and Economic Statistics 13 (1995), with the correction of D. Harvey, S. Leybourne and P. Newbold (1997).

accuracy.forecast <- function(object, x, test = NULL, d = NULL, D = NULL, f = NULL, ...) {
  if (!is.null(f)) object <- f
  if (is.data.frame(object)) stop("Unable to compute forecast accuracy measures")
  training <- is.list(object) && !is.null(object$fitted) || inherits(object, "lm")
  testing <- !missing(x)
  scaled <- training
  if (testing && !is.null(test)) training <- FALSE
  if (!training && !testing) stop("Unable to compute forecast accuracy measures")
  foretold <- if (is.list(object)) object$mean else object
  if (testing && is.null(foretold)) stop("Unable to compute forecast accuracy measures")
  series <- if (scaled) .training_series(object) else x
  if (is.null(d)) d <- as.numeric(is.ts(series) && frequency(series) == 1)
  if (is.null(D)) D <- as.numeric(is.ts(series) && frequency(series) > 1)
  rows <- list()
  if (training) rows[["Training set"]] <- .training_accuracy(object, if (testing) NULL else test, d, D)
  if (testing) {
    scale <- if (scaled) .naive_scale(series, d, D)
    rows[["Test set"]] <- .test_accuracy(foretold, x, test, scale)
  }
  columns <- unique(unlist(lapply(rows, names)))
  made <- t(vapply(rows, function(row) unname(row[columns]), numeric(length(columns))))
  colnames(made) <- columns
  if (testing && training) made else made[, , drop = FALSE]
}

accuracy.numeric <- function(object, ...) accuracy.forecast(object, ...)

accuracy.ts <- function(object, ...) accuracy.forecast(object, ...)

accuracy.ets <- function(object, ...) accuracy.forecast(object, ...)

accuracy.Arima <- function(object, ...) accuracy.forecast(object, ...)

accuracy.lm <- function(object, ...) accuracy.forecast(object, ...)

accuracy.lagwalk <- function(object, ...) accuracy.forecast(object, ...)

.training_series <- function(object) if (inherits(object, "lm")) (if (inherits(object, "tslm")) object$x else model.response(model.frame(object))) else object$x

# The mean size of the naive forecasts' errors.
.naive_scale <- function(x, d, D) {
  steps <- x
  if (D > 0) for (k in seq_len(D)) steps <- diff(as.vector(steps), frequency(x))
  if (d > 0) steps <- diff(as.vector(steps), differences = d)
  if (d == 0 && D == 0) mean(abs(steps - mean(steps, na.rm = TRUE)), na.rm = TRUE) else mean(abs(steps), na.rm = TRUE)
}

.error_measures <- function(error, actual) {
  share <- 100 * error / actual
  c(ME = mean(error, na.rm = TRUE), RMSE = sqrt(mean(error^2, na.rm = TRUE)), MAE = mean(abs(error), na.rm = TRUE), MPE = mean(share, na.rm = TRUE),
    MAPE = mean(abs(share), na.rm = TRUE))
}

.first_autocorrelation <- function(error) if (length(error) > 1L) acf(as.vector(error), plot = FALSE, lag.max = 2L, na.action = na.pass)$acf[2L] else NA_real_

.training_accuracy <- function(object, test, d, D) {
  actual <- .training_series(object)
  foretold <- if (inherits(object, "lm")) fitted(object) else object$fitted
  scale <- .naive_scale(actual, d, D)
  timed <- is.ts(actual)
  if (timed && is.ts(foretold) && length(foretold) < length(actual)) actual <- window(actual, tsp(foretold)[1L], tsp(foretold)[2L])
  error <- as.vector(actual) - as.vector(foretold)
  if (is.null(test)) test <- seq_along(error)
  else if (min(test) < 1 || max(test) > length(error)) {
    warning("test elements must be within sample")
    test <- test[test >= 1 & test <= length(error)]
  }
  made <- .error_measures(error[test], as.vector(actual)[test])
  made <- c(made, MASE = made[["MAE"]] / scale)
  if (timed) c(made, ACF1 = .first_autocorrelation(error[test])) else made
}

.test_accuracy <- function(foretold, x, test, scale) {
  timed <- is.ts(foretold) && is.ts(x)
  if (timed) {
    first <- max(tsp(foretold)[1L], tsp(x)[1L])
    last <- min(tsp(foretold)[2L], tsp(x)[2L])
    first <- min(first, last)
    last <- max(first, last)
    foretold <- window(foretold, first, last)
    x <- window(x, first, last)
  }
  count <- length(x)
  if (is.null(test)) test <- seq_len(count)
  else if (min(test) < 1 || max(test) > count) {
    warning("test elements must be within sample")
    test <- test[test >= 1 & test <= count]
  }
  actual <- as.vector(x)[test]
  expected <- as.vector(foretold)[seq_len(count)][test]
  error <- actual - expected
  made <- .error_measures(error, actual)
  if (!is.null(scale)) made <- c(made, MASE = made[["MAE"]] / scale)
  count <- length(actual)
  if (!timed || count < 2L) return(if (timed) c(made, ACF1 = NA, `Theil's U` = NA) else made)
  following <- seq_len(count - 1L)
  relative <- function(change) sum((change / actual[following])^2)
  c(made, ACF1 = .first_autocorrelation(error), `Theil's U` = sqrt(relative(expected[following + 1L] - actual[following + 1L]) / relative(diff(actual))))
}

checkresiduals <- function(object, lag, test, plot = TRUE, ...) {
  told <- TRUE
  if (missing(test)) test <- if (inherits(object, "lm")) "BG" else "LB"
  else if (!isFALSE(test)) test <- match.arg(test, c("LB", "BG"))
  else told <- FALSE
  fitted_model <- if (is.forecast(object)) object$model else if (is.ts(object) || is.numeric(object)) NULL else object
  rest <- if (is.null(fitted_model) && !is.forecast(object)) object else if (is.forecast(object)) object$residuals else residuals(object)
  if (!length(rest)) stop("No residuals found")
  if (inherits(fitted_model, "Arima") || inherits(fitted_model, "ARIMA")) method <- .arima_title(fitted_model)
  else method <- if (is.forecast(object)) object$method else if (is.list(object) && !is.null(object$method)) object$method else if (inherits(object, "tslm")) "Linear regression model"
    else if (inherits(object, "lm")) "Linear regression model"
  title <- if (is.null(method)) "Residuals" else paste("Residuals from", method)
  rest <- as.ts(rest)
  if (inherits(object, "lm")) rest <- ts(as.vector(rest), start = start(.training_series(object)), frequency = frequency(.training_series(object)))
  if (plot) .residual_pictures(rest, title)
  if (!told) return(invisible(NULL))
  rate <- frequency(rest)
  free <- .model_size(fitted_model)
  if (missing(lag)) {
    lag <- if (rate > 1) 2 * rate else 10
    lag <- min(lag, round(length(rest) / 5))
    lag <- max(free + 3, lag)
  }
  if (test == "BG") {
    made <- .breusch_godfrey(object, lag, title)
    print(made)
    return(invisible(made))
  }
  if (is.null(fitted_model)) {
    warning("Could not find appropriate degrees of freedom for this model.")
    return(invisible(NULL))
  }
  made <- Box.test(rest, lag = lag, type = "Ljung-Box")
  made$parameter <- c(df = lag - free)
  made$p.value <- pchisq(made$statistic, lag - free, lower.tail = FALSE)
  made$method <- "Ljung-Box test"
  made$data.name <- title
  names(made$statistic) <- "Q*"
  print(made)
  cat(paste0("Model df: ", free, ".   Total lags used: ", lag, "\n\n"))
  invisible(made)
}

# How many numbers of a model were chosen by the series, as far as they use up lags.
.model_size <- function(fit) {
  if (inherits(fit, "Arima")) sum(arimaorder(fit)[c("p", "q", "P", "Q")], na.rm = TRUE)
  else if (inherits(fit, "lm")) length(fit$coefficients)
  else if (is.list(fit) && inherits(fit, "ets")) length(fit$par)
  else if (inherits(fit, "lagwalk")) as.numeric(fit$par$includedrift)
  else if (inherits(fit, "meanf")) 1
  else 0
}

# Whether residuals go on depending on those before: an auxiliary regression of them. Sources: T. S. Breusch (1978), L. G. Godfrey (1978).
.breusch_godfrey <- function(object, lag, title) {
  rest <- as.vector(residuals(object))
  n <- length(rest)
  before <- vapply(seq_len(lag), function(k) c(numeric(k), rest[seq_len(n - k)]), numeric(n))
  design <- cbind(model.matrix(object), before)
  explained <- rest - qr.resid(qr(design), rest)
  statistic <- n * sum(explained^2) / sum(rest^2)
  structure(list(statistic = c(`LM test` = statistic), parameter = c(df = lag), p.value = pchisq(statistic, lag, lower.tail = FALSE),
    method = paste("Breusch-Godfrey test for serial correlation of order up to", lag), data.name = title), class = "htest")
}

dm.test <- function(e1, e2, alternative = c("two.sided", "less", "greater"), h = 1, power = 2, varestimator = c("acf", "bartlett")) {
  names_given <- c(deparse1(substitute(e1)), deparse1(substitute(e2)))
  alternative <- match.arg(alternative)
  varestimator <- match.arg(varestimator)
  .refuse_if(`Forecast horizon must be at least 1` = h < 1, `h cannot be longer than the number of forecast errors` = h > length(e1))
  gain <- abs(as.vector(e1))^power - abs(as.vector(e2))^power
  n <- length(gain)
  around <- acf(gain, na.action = na.omit, lag.max = h - 1, type = "covariance", plot = FALSE)$acf[, , 1L]
  weights <- c(1, if (h > 1) 2 * (if (varestimator == "acf") rep(1, h - 1) else 1 - seq_len(h - 1) / h))
  variance <- sum(weights * around) / n
  if (variance <= 0) {
    if (varestimator == "acf" && h > 1) {
      warning("Variance is negative. Try varestimator = bartlett. Proceeding with horizon h=1.")
      return(dm.test(e1, e2, alternative, h = 1, power, varestimator))
    }
    stop("Variance of DM statistic is zero")
  }
  statistic <- mean(gain, na.rm = TRUE) / sqrt(variance) * sqrt((n + 1 - 2 * h + (h / n) * (h - 1)) / n)
  chance <- switch(alternative, two.sided = 2 * pt(-abs(statistic), n - 1), less = pt(statistic, n - 1), greater = pt(statistic, n - 1, lower.tail = FALSE))
  structure(list(statistic = c(DM = statistic), parameter = c(`Forecast horizon` = h, `Loss function power` = power), alternative = alternative,
    varestimator = varestimator, p.value = chance, method = "Diebold-Mariano Test", data.name = paste0(names_given, collapse = "")), class = "htest")
}

# Errors of forecasts from every place of a series on, each from what lay before alone.
tsCV <- function(y, forecastfunction, h = 1, window = NULL, xreg = NULL, initial = 0, ...) {
  .unsupported(xreg, "fit the regression by hand for every origin")
  y <- as.ts(y)
  n <- length(y)
  made <- matrix(NA_real_, n, h)
  .refuse_if(`initial period too long` = initial >= n)
  times <- as.vector(time(y))
  for (at in seq(1 + initial, n - 1)) {
    known <- window(y, start = if (is.null(window)) times[1L] else times[max(1, at - window + 1)], end = times[at])
    if (!is.null(window) && at < window) next
    found <- try(suppressWarnings(forecastfunction(known, h = h, ...)), silent = TRUE)
    if (!inherits(found, "try-error")) made[at, ] <- as.vector(y)[at + seq_len(h)] - as.vector(found$mean)[seq_len(h)]
  }
  if (h == 1) return(.beside_series(made[, 1L], y))
  colnames(made) <- paste0("h=", seq_len(h))
  .beside_series(made, y)
}

CV <- function(obj) {
  n <- length(obj$residuals)
  k <- extractAIC(obj)[1L] - 1
  aic <- extractAIC(obj)[2L] + 2
  c(CV = mean((residuals(obj) / (1 - hatvalues(obj)))^2, na.rm = TRUE), AIC = aic, AICc = aic + 2 * (k + 2) * (k + 3) / (n - k - 3), BIC = aic + (k + 2) * (log(n) - 2),
    AdjR2 = summary(obj)$adj.r.squared)
}
