# Series in parts: exponential smoothing and seasonal decomposition.

HoltWinters <- function(x, alpha = NULL, beta = NULL, gamma = NULL, seasonal = c("additive", "multiplicative"), start.periods = 2,
                        l.start = NULL, b.start = NULL, s.start = NULL, optim.start = c(alpha = 0.3, beta = 0.1, gamma = 0.1),
                        optim.control = list()) {
  x <- as.ts(x)
  seasonal <- match.arg(seasonal)
  f <- frequency(x)
  if (!is.null(alpha) && is.logical(alpha) && !alpha) stop("cannot fit models without level ('alpha' must not be 0 or FALSE)")
  for (given in list(alpha, beta, gamma)) if (!is.null(given) && !is.logical(given) && (given < 0 || given > 1))
    stop("'alpha', 'beta' and 'gamma' must be within the unit interval")
  without <- function(weight) !is.null(weight) && is.logical(weight) && !weight
  if (is.null(gamma) || !without(gamma)) {
    if (start.periods < 2) stop("need at least 2 periods to compute seasonal start values")
  }
  trending <- !without(beta)
  cyclic <- !without(gamma)
  if (cyclic) {
    first <- f + 1
    begin <- decompose(ts(as.vector(x)[seq_len(start.periods * f)], start = start(x), frequency = f), seasonal)
    if (is.null(l.start) || is.null(b.start)) {
      found <- as.vector(na.omit(begin$trend))
      line <- lm.fit(cbind(1, seq_along(found)), found)$coefficients
      if (is.null(l.start)) l.start <- line[[1L]]
      if (is.null(b.start)) b.start <- line[[2L]]
    }
    if (is.null(s.start)) s.start <- begin$figure
  } else if (trending) {
    first <- 3L
    if (is.null(l.start)) l.start <- x[2L]
    if (is.null(b.start)) b.start <- x[2L] - x[1L]
  } else {
    first <- 2L
    if (is.null(l.start)) l.start <- x[1L]
  }
  filter <- function(alpha, beta, gamma) .holt_winters(x, first, c(alpha, if (trending) beta else NA_real_, if (cyclic) gamma else NA_real_),
                                                       as.double(l.start), if (trending) as.double(b.start) else 0, as.double(s.start),
                                                       seasonal == "additive")
  open <- c(alpha = is.null(alpha), beta = is.null(beta), gamma = is.null(gamma))
  if (any(open)) {
    place <- cumsum(open)
    error <- function(p) filter(if (open[[1L]]) p[[1L]] else alpha, if (open[[2L]]) p[[place[[2L]]]] else beta,
                                if (open[[3L]]) p[[place[[3L]]]] else gamma)$SSE
    if (sum(open) == 1L) best <- optimize(error, lower = 0, upper = 1)$minimum
    else {
      search <- optim(optim.start[names(open)[open]], error, method = "L-BFGS-B", lower = 0, upper = 1, control = optim.control)
      if (search$convergence || any(search$par < 0 | search$par > 1)) {
        if (search$convergence > 50) warning(gettextf("optimization difficulties: %s", search$message), domain = NA)
        else stop("optimization failure")
      }
      best <- search$par
    }
    if (open[[1L]]) alpha <- best[1L]
    if (open[[2L]]) beta <- best[place[[2L]]]
    if (open[[3L]]) gamma <- best[place[[3L]]]
  }
  made <- filter(alpha, beta, gamma)
  size <- length(x) - first + 1L
  season <- made$seasonal
  level <- made$level[seq_len(size)]
  trend <- made$trend[seq_len(size)]
  part <- season[seq_len(size)]
  middle <- level + (if (trending) trend else 0)
  expected <- if (!cyclic) middle else if (seasonal == "additive") middle + part else middle * part
  fitted <- cbind(xhat = expected, level = level, trend = if (trending) trend, season = if (cyclic) part)
  fitted <- structure(ts(fitted, start = tsp(x)[1L] + (first - 1) / f, frequency = f))
  coefficients <- c(a = made$level[size + 1L], b = if (trending) made$trend[size + 1L],
                    if (cyclic) structure(season[size + seq_len(f)], names = paste0("s", seq_len(f))))
  structure(list(fitted = fitted, x = x, alpha = alpha, beta = beta, gamma = gamma, coefficients = coefficients, seasonal = seasonal,
                 SSE = made$SSE, call = match.call()), class = "HoltWinters")
}

fitted.HoltWinters <- function(object, ...) object$fitted

residuals.HoltWinters <- function(object, ...) object$x - object$fitted[, 1L]

predict.HoltWinters <- function(object, n.ahead = 1L, prediction.interval = FALSE, level = 0.95, ...) {
  f <- frequency(object$x)
  b <- object$coefficients
  trending <- !is.logical(object$beta) || object$beta
  cyclic <- !is.logical(object$gamma) || object$gamma
  season <- if (cyclic) unname(b[-seq_len(1L + trending)])
  fit <- rep(b[["a"]], n.ahead) + if (trending) seq_len(n.ahead) * b[["b"]] else 0
  if (cyclic) fit <- if (object$seasonal == "additive") fit + rep_len(season, n.ahead) else fit * rep_len(season, n.ahead)
  begin <- tsp(object$x)[2L] + 1 / f
  if (!prediction.interval) return(ts(fit, start = begin, frequency = f))
  share <- function(j) object$alpha * (1 + j * (if (trending) object$beta else 0)) + (j %% f == 0) * (if (cyclic) object$gamma else 0) * (1 - object$alpha)
  spread <- function(h) {
    if (object$seasonal == "additive" || !cyclic) return(if (h > 1) 1 + sum(share(seq_len(h - 1))^2) else 1)
    at <- 1 + (h - 1) %% f
    back <- 0:(h - 1)
    # R divides by the trend's coefficient once a whole period lies between.
    sum((share(back) * season[at] / b[2 + (at - back) %% f])^2)
  }
  half <- qnorm((1 + level) / 2) * sqrt(as.vector(var(residuals(object))) * vapply(seq_len(n.ahead), spread, 0))
  ts(cbind(fit = fit, upr = fit + half, lwr = fit - half), start = begin, frequency = f)
}

print.HoltWinters <- function(x, ...) {
  trending <- !is.logical(x$beta) || x$beta
  cyclic <- !is.logical(x$gamma) || x$gamma
  cat("Holt-Winters exponential smoothing", if (trending) "with" else "without", "trend and", if (cyclic) x$seasonal else "without",
      "seasonal component.\n")
  cat("\nCall:\n", deparse(x$call), "\n\n", sep = "")
  cat("Smoothing parameters:\n alpha: ", x$alpha, "\n beta : ", x$beta, "\n gamma: ", x$gamma, "\n\n", sep = "")
  cat("Coefficients:\n")
  print(t(t(x$coefficients)))
  invisible(x)
}

plot.HoltWinters <- function(x, predicted.values = NA, main = "Holt-Winters filtering", ...) {
  fitted <- x$fitted[, 1L]
  shown <- if (is.ts(predicted.values)) predicted.values[, 1L]
  plot.default(range(c(time(x$x), if (!is.null(shown)) time(predicted.values))), range(c(x$x, fitted, shown)), type = "n", xlab = "Time",
               ylab = "Observed / Fitted", main = main, ...)
  lines.default(as.vector(time(x$x)), as.vector(x$x))
  lines.default(as.vector(time(x$fitted)), as.vector(fitted), col = 2)
  if (!is.null(shown)) lines.default(as.vector(time(predicted.values)), as.vector(shown), col = 2)
  invisible()
}

stl <- function(x, s.window, s.degree = 0, t.window = NULL, t.degree = 1, l.window = nextodd(period), l.degree = t.degree,
                s.jump = ceiling(s.window / 10), t.jump = ceiling(t.window / 10), l.jump = ceiling(l.window / 10), robust = FALSE,
                inner = if (robust) 1 else 2, outer = if (robust) 15 else 0, na.action = na.fail) {
  nextodd <- function(x) {
    x <- round(x)
    as.integer(if (x %% 2 == 0) x + 1 else x)
  }
  degree <- function(given, what) {
    if (!given %in% 0:1) stop(what, " must be 0 or 1")
    as.integer(given)
  }
  x <- na.action(as.ts(x))
  if (is.matrix(x)) stop("only univariate series are allowed")
  n <- as.integer(length(x))
  period <- frequency(x)
  if (period < 2 || n <= 2 * period) stop("series is not periodic or has less than two periods")
  periodic <- is.character(s.window)
  if (periodic) {
    if (is.na(pmatch(s.window, "periodic"))) stop("unknown string value for s.window")
    s.window <- 10 * n + 1
    s.degree <- 0
  }
  s.degree <- degree(s.degree, "s.degree")
  t.degree <- degree(t.degree, "t.degree")
  l.degree <- degree(l.degree, "l.degree")
  if (is.null(t.window)) t.window <- nextodd(ceiling(1.5 * period / (1 - 1.5 / s.window)))
  found <- .stl(as.double(x), period, c(s.window, t.window, l.window), c(s.degree, t.degree, l.degree), c(s.jump, t.jump, l.jump), inner, outer)
  if (periodic) {
    phase <- as.vector(cycle(x))
    found$seasonal <- as.vector(tapply(found$seasonal, phase, mean))[phase]
  }
  rest <- as.vector(x) - found$seasonal - found$trend
  structure(list(time.series = ts(cbind(seasonal = found$seasonal, trend = found$trend, remainder = rest), start = start(x), frequency = period),
                 weights = found$weights, call = match.call(), win = c(s = s.window, t = t.window, l = l.window),
                 deg = c(s = s.degree, t = t.degree, l = l.degree), jump = c(s = s.jump, t = t.jump, l = l.jump), inner = as.integer(inner), outer = as.integer(outer)),
            class = "stl")
}

print.stl <- function(x, digits = getOption("digits"), ...) {
  cat(" Call:\n ")
  dput(x$call, control = NULL)
  cat("\nComponents\n")
  print(x$time.series, digits = digits, ...)
  invisible(x)
}

summary.stl <- function(object, digits = getOption("digits"), ...) structure(c(object, digits = digits), class = c("summary.stl", "stl"))

print.summary.stl <- function(x, digits = x$digits, ...) {
  cat(" Call:\n ")
  dput(x$call, control = NULL)
  cat("\n Time.series components:\n")
  print(summary(x$time.series, digits = digits, ...))
  cat(" IQR:\n")
  parts <- plain_series(x$time.series)
  spreads <- apply(cbind(STL = parts, data = rowSums(parts)), 2L, IQR)
  names(spreads) <- c("STL.seasonal", "STL.trend", "STL.remainder", "data")
  print(rbind(format(spreads, digits = max(2L, digits - 3L)), `   %` = format(round(100 * spreads / spreads["data"], 1))), quote = FALSE)
  cat("\n Weights:")
  if (all(x$weights == 1)) cat(" all == 1\n")
  else {
    cat("\n")
    print(summary(x$weights, digits = digits, ...))
  }
  cat("\n Other components: ")
  str(unclass(x)[c("win", "deg", "jump", "inner", "outer")], give.attr = FALSE)
  invisible(x)
}

plot.stl <- function(x, main = NULL, ...) {
  parts <- plain_series(x$time.series)
  old <- par(mfrow = c(4L, 1L))
  on.exit(par(old))
  shown <- cbind(data = rowSums(parts), parts)
  for (name in colnames(shown)) plot.default(as.vector(time(x$time.series)), shown[, name], type = if (name == "remainder") "h" else "l",
                                             xlab = "time", ylab = name, main = if (name == "data") main)
  invisible()
}
