# Series in several parts, and what is foretold after a season was taken out.
# Source: R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 2nd edition (2018), chapter 6.

msts <- function(data, seasonal.periods, ts.frequency = floor(max(seasonal.periods)), ...) {
  if (is.ts(data) && frequency(data) == ts.frequency && length(list(...)) == 0L) made <- data
  else made <- ts(if (is.ts(data)) plain_series(data) else data, frequency = ts.frequency, ...)
  if (length(seasonal.periods) > 1L) {
    class(made) <- c("msts", class(made))
    attr(made, "msts") <- sort(seasonal.periods)
  }
  made
}

print.msts <- function(x, ...) {
  cat("Multi-Seasonal Time Series:\n")
  cat("Start: ")
  cat(start(x))
  cat("\nSeasonal Periods: ")
  cat(attr(x, "msts"))
  cat("\nData:\n")
  plain <- plain_series(x)
  attr(plain, "msts") <- NULL
  print(plain, ...)
  cat("\n")
  invisible(x)
}

.season_periods <- function(x) if (is.null(attr(x, "msts"))) frequency(x) else attr(x, "msts")

mstl <- function(x, lambda = NULL, iterate = 2, s.window = 7 + 4 * seq(6), ...) {
  plain <- x
  if (anyNA(x)) x <- na.interp(x, lambda = lambda)
  if (!is.null(lambda)) {
    plain <- x <- BoxCox(x, lambda)
    lambda <- attr(x, "lambda")
  }
  n <- length(x)
  periods <- .season_periods(x)
  short <- periods >= n / 2
  if (any(short)) {
    if (any(periods > 1)) warning("Dropping seasonal components with fewer than two full periods.")
    periods <- periods[!short]
  }
  periods <- periods[periods > 1]
  begin <- tsp(as.ts(x))
  left <- as.vector(x)
  seasons <- list()
  if (length(periods)) {
    s.window <- rep_len(s.window, length(periods))
    for (turn in seq_len(if (length(periods) == 1L) 1L else iterate)) for (k in seq_along(periods)) {
      if (turn > 1L) left <- left + seasons[[k]]
      width <- if (is.list(s.window)) s.window[[k]] else s.window[k]
      parts <- plain_series(stl(ts(left, frequency = periods[k]), s.window = width, ...)$time.series)
      seasons[[k]] <- parts[, "seasonal"]
      left <- left - seasons[[k]]
    }
    trend <- parts[, "trend"]
  } else trend <- supsmu(seq_len(n), left)$y
  columns <- c(list(Data = as.vector(plain), Trend = as.vector(trend)), setNames(lapply(seasons, as.vector), if (length(seasons)) paste0("Seasonal", periods)),
    list(Remainder = left - as.vector(trend)))
  made <- ts(do.call(cbind, columns), start = begin[1L], frequency = begin[3L])
  class(made) <- c("mstl", if (inherits(x, "msts")) "msts", class(made))
  attr(made, "seasonal.periods") <- if (length(periods) > 1L) periods
  attr(made, "msts") <- attr(x, "msts")
  made
}

# A part of several columns is their sum.
.column_sum <- function(parts, columns) if (sum(columns) == 1L) parts[, columns] else rowSums(parts[, columns, drop = FALSE])

.mstl_season <- function(object) {
  parts <- plain_series(object)
  .column_sum(parts, startsWith(colnames(parts), "Seasonal"))
}

seasonal <- function(object) {
  if (inherits(object, "mstl")) .beside_series(.mstl_season(object), object)
  else if (inherits(object, "stl")) .beside_series(plain_series(object$time.series)[, "seasonal"], object$time.series)
  else if (inherits(object, "decomposed.ts")) object$seasonal
  else stop("Unknown object type")
}

trendcycle <- function(object) {
  if (inherits(object, "mstl")) .beside_series(plain_series(object)[, "Trend"], object)
  else if (inherits(object, "stl")) .beside_series(plain_series(object$time.series)[, "trend"], object$time.series)
  else if (inherits(object, "decomposed.ts")) object$trend
  else stop("Unknown object type")
}

remainder <- function(object) {
  if (inherits(object, "mstl")) .beside_series(plain_series(object)[, "Remainder"], object)
  else if (inherits(object, "stl")) .beside_series(plain_series(object$time.series)[, "remainder"], object$time.series)
  else if (inherits(object, "decomposed.ts")) object$random
  else stop("Unknown object type")
}

seasadj <- function(object, ...) UseMethod("seasadj")

seasadj.stl <- function(object, ...) trendcycle(object) + remainder(object)

seasadj.mstl <- function(object, ...) .beside_series(plain_series(object)[, "Data"] - .mstl_season(object), object)

seasadj.decomposed.ts <- function(object, ...) if (object$type == "additive") object$x - object$seasonal else object$x / object$seasonal

stlf <- function(y, h = frequency(x) * 2, s.window = 7 + 4 * seq(6), t.window = NULL, robust = FALSE, lambda = NULL, biasadj = FALSE, x = y, ...) {
  label <- .series_label(substitute(y))
  .refuse_if(`y must be a univariate time series` = NCOL(x) > 1L)
  given <- x
  if (length(attr(x, "msts")) == 0L && (frequency(x) <= 1 || length(x) <= 2 * frequency(x))) stop("series is not periodic or has less than two periods")
  if (!is.null(lambda)) {
    x <- BoxCox(x, lambda)
    lambda <- attr(x, "lambda")
    attr(x, "lambda") <- NULL
    attr(lambda, "biasadj") <- biasadj
  }
  made <- forecast(mstl(x, s.window = s.window, t.window = t.window, robust = robust), h = h, lambda = lambda, biasadj = biasadj, ...)
  made$x <- given
  made$series <- label
  made
}

forecast.stl <- function(object, method = c("ets", "arima", "naive", "rwdrift"), etsmodel = "ZZN", forecastfunction = NULL,
                         h = frequency(object$time.series) * 2, level = c(80, 95), fan = FALSE, lambda = NULL, biasadj = NULL, xreg = NULL, newxreg = NULL,
                         allow.multiplicative.trend = FALSE, ...)
  .forecast_adjusted(object, match.arg(method), etsmodel, forecastfunction, h, level, fan, lambda, biasadj, xreg, newxreg, allow.multiplicative.trend, ...)

forecast.mstl <- function(object, method = c("ets", "arima", "naive", "rwdrift"), etsmodel = "ZZN", forecastfunction = NULL, h = frequency(object) * 2,
                          level = c(80, 95), fan = FALSE, lambda = NULL, biasadj = NULL, xreg = NULL, newxreg = NULL, allow.multiplicative.trend = FALSE, ...)
  .forecast_adjusted(object, match.arg(method), etsmodel, forecastfunction, h, level, fan, lambda, biasadj, xreg, newxreg, allow.multiplicative.trend, ...)

# What is left without the season is foretold, and the last year's season is put back.
.forecast_adjusted <- function(object, method, etsmodel, own, h, level, fan, lambda, biasadj, xreg, newxreg, allow.multiplicative.trend, ...) {
  x <- seasadj(object)
  made <- if (!is.null(own)) own(x, h = h, level = level, fan = fan, ...)
    else if (method == "arima") forecast(auto.arima(x, xreg = xreg, seasonal = FALSE, ...), h = h, level = level, fan = fan, xreg = newxreg)
    else if (method == "naive") rwf(x, h = h, drift = FALSE, level = level, fan = fan, ...)
    else if (method == "rwdrift") rwf(x, h = h, drift = TRUE, level = level, fan = fan, ...)
    else {
      if (substr(etsmodel, 3L, 3L) != "N") {
        warning("The ETS model must be non-seasonal. I'm ignoring the seasonal component specified.")
        substr(etsmodel, 3L, 3L) <- "N"
      }
      fit <- ets(x, model = etsmodel, allow.multiplicative.trend = allow.multiplicative.trend, ...)
      fit$call <- quote(ets(y = na.interp(x), model = etsmodel, allow.multiplicative.trend = allow.multiplicative.trend))
      forecast(fit, h = h, level = level, fan = fan)
    }
  last <- if (inherits(object, "mstl")) {
    parts <- plain_series(object)
    names <- colnames(parts)[startsWith(colnames(parts), "Seasonal")]
    n <- nrow(parts)
    Reduce(`+`, lapply(names, function(name) {
      m <- as.numeric(sub("Seasonal", "", name))
      rep_len(parts[n - m + seq_len(m), name], h)
    }), numeric(h))
  } else rep_len(tail(as.vector(seasonal(object)), frequency(x)), h)
  made$mean <- made$mean + last
  if (!is.null(made$lower)) {
    made$lower <- .shifted_bounds(made$lower, last)
    made$upper <- .shifted_bounds(made$upper, last)
  }
  spread <- if (!is.null(made$upper)) as.vector(plain_series(made$upper)[, 1L] - as.vector(made$mean)) / qnorm(0.5 + made$level[1L] / 200)
  made$x <- if (inherits(object, "mstl")) .beside_series(plain_series(object)[, "Data"], object) else rowSums_series(object$time.series)
  season <- if (inherits(object, "mstl")) .mstl_season(object) else as.vector(seasonal(object))
  made$fitted <- made$fitted + season
  made$method <- paste("STL + ", made$method)
  made$series <- NULL
  if (!is.null(lambda)) {
    if (is.null(biasadj)) biasadj <- isTRUE(attr(lambda, "biasadj"))
    made$fitted <- if (biasadj) .unbiased_inverse(made$fitted, lambda, var(as.vector(made$residuals), na.rm = TRUE)) else .plain_inverse(made$fitted, lambda)
    made <- .untransformed(made, lambda, biasadj, spread)
  }
  made <- unclass(made)
  made <- made[c(setdiff(names(made), c("fitted", "method", "series", "residuals")), "fitted", "method", "residuals")]
  structure(append(made, list(series = "object"), length(made) - 1L), class = "forecast")
}

rowSums_series <- function(parts) .beside_series(rowSums(plain_series(parts)), parts)

.shifted_bounds <- function(bound, by) {
  bound[] <- as.vector(bound) + by
  bound
}

forecast.HoltWinters <- function(object, h = ifelse(frequency(object$x) > 1, 2 * frequency(object$x), 10), level = c(80, 95), fan = FALSE,
                                 lambda = NULL, biasadj = NULL, ...) {
  level <- .interval_levels(level, fan)
  found <- plain_series(predict(object, n.ahead = h, prediction.interval = TRUE, level = level[1L] / 100))
  spread <- as.vector(found[, 2L] - found[, 1L]) / qnorm(0.5 + level[1L] / 200)
  mean <- .after_series(as.vector(found[, 1L]), object$x)
  made <- c(list(method = "HoltWinters", model = object, level = level, mean = mean), .forecast_bounds(mean, spread, level, object$x))
  if (!is.null(lambda)) made <- .untransformed(made, lambda, isTRUE(biasadj), spread)
  structure(c(made, list(x = object$x, series = deparse1(object$call$x), fitted = .beside_series(as.vector(plain_series(object$fitted)[, 1L]), object$fitted),
    residuals = residuals(object))), class = "forecast")
}

# Gaps by a straight line, or by one through what the season leaves.
na.interp <- function(x, lambda = NULL, linear = (frequency(x) <= 1 | sum(!is.na(x)) <= 2 * frequency(x))) {
  gaps <- which(is.na(x))
  given <- as.ts(x)
  if (!length(gaps)) return(given)
  series <- given
  if (!is.null(lambda)) {
    series <- BoxCox(series, lambda)
    lambda <- attr(series, "lambda")
    attr(series, "lambda") <- NULL
  }
  n <- length(series)
  known <- setdiff(seq_len(n), gaps)
  plain <- as.vector(series)
  straight <- function(values) approx(known, values[known], seq_len(n), rule = 2)$y
  if (linear) filled <- straight(plain)
  else {
    rate <- max(.season_periods(series))
    turns <- fourier(.beside_series(seq_len(n), series), K = min(trunc(rate / 2), 5))
    design <- cbind(1, turns, poly(seq_len(n), degree = min(max(trunc(n / 10), 1), 6)))
    whole <- qr(design[known, , drop = FALSE])
    weights <- qr.coef(whole, plain[known])
    weights[is.na(weights)] <- 0
    first <- plain
    first[gaps] <- as.vector(design %*% weights)[gaps]
    attributes(first) <- attributes(series)
    parts <- mstl(first, robust = TRUE)
    season <- .mstl_season(parts)
    filled <- plain
    filled[gaps] <- straight(as.vector(first) - season)[gaps] + season[gaps]
    # What lies far out is not believed.
    reach <- range(plain, na.rm = TRUE)
    if (max(filled) > reach[2L] + 0.5 * diff(reach) || min(filled) < reach[1L] - 0.5 * diff(reach)) return(na.interp(x, lambda = lambda, linear = TRUE))
  }
  if (!is.null(lambda)) filled <- .plain_inverse(filled, lambda)
  if (is.integer(given)) storage.mode(given) <- "double"
  given[gaps] <- filled[gaps]
  given
}

tsoutliers <- function(x, iterate = 2, lambda = NULL) {
  n <- length(x)
  rate <- frequency(x)
  series <- if (anyNA(x)) na.interp(x, lambda = lambda) else as.ts(x)
  if (is.constant(series)) return(list(index = integer(0), replacements = numeric(0)))
  if (!is.null(lambda)) {
    series <- BoxCox(series, lambda)
    lambda <- attr(series, "lambda")
    attr(series, "lambda") <- NULL
  }
  level <- as.vector(series)
  if (rate > 1 && n > 2 * rate) {
    parts <- mstl(series, robust = TRUE)
    rest <- as.vector(remainder(parts))
    strength <- 1 - var(rest) / var(level - as.vector(trendcycle(parts)))
    if (strength >= 0.6) level <- as.vector(seasadj(parts))
  }
  rest <- level - supsmu(seq_len(n), level)$y
  rest[is.na(x)] <- NA
  fence <- quantile(rest, c(0.25, 0.75), na.rm = TRUE, names = FALSE)
  fence <- fence + 3 * diff(fence) * c(-1, 1)
  found <- if (diff(fence) > 1e-14) which(rest < fence[1L] | rest > fence[2L]) else integer(0)
  cleaned <- as.ts(x)
  cleaned[found] <- NA
  cleaned <- na.interp(cleaned, lambda = lambda)
  if (iterate > 1 && length(found)) found <- sort(unique(c(found, tsoutliers(cleaned, iterate = 1, lambda = lambda)$index)))
  if (length(found)) {
    cleaned <- as.ts(x)
    cleaned[found] <- NA
    cleaned <- na.interp(cleaned, lambda = lambda)
  }
  list(index = found, replacements = as.vector(cleaned)[found])
}

tsclean <- function(x, replace.missing = TRUE, iterate = 2, lambda = NULL) {
  found <- tsoutliers(x, iterate = iterate, lambda = lambda)
  x[found$index] <- found$replacements
  if (replace.missing) x <- na.interp(x, lambda = lambda)
  x
}
