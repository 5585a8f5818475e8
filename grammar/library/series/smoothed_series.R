# Series in parts: exponential smoothing and seasonal decomposition.
# Sources: C. C. Holt (1957) and P. R. Winters, Management Science 6 (1960); R. B. Cleveland, W. S. Cleveland, J. E. McRae and
# I. Terpenning, Journal of Official Statistics 6 (1990).

HoltWinters <- function(x, alpha = NULL, beta = NULL, gamma = NULL, seasonal = c("additive", "multiplicative"), start.periods = 2,
                        l.start = NULL, b.start = NULL, s.start = NULL, optim.start = c(alpha = 0.3, beta = 0.1, gamma = 0.1),
                        optim.control = list()) {
  x <- as.ts(x)
  seasonal <- match.arg(seasonal)
  weights <- list(alpha = alpha, beta = beta, gamma = gamma)
  absent <- vapply(weights, isFALSE, TRUE)
  open <- vapply(weights, is.null, TRUE)
  given <- vapply(weights, function(weight) if (is.null(weight) || isFALSE(weight)) NA_real_ else as.numeric(weight), 0)
  .refuse_if(`cannot fit models without level ('alpha' must not be 0 or FALSE)` = absent[["alpha"]],
    `'alpha', 'beta' and 'gamma' must be within the unit interval` = any(given < 0 | given > 1, na.rm = TRUE),
    `need at least 2 periods to compute seasonal start values` = !absent[["gamma"]] && start.periods < 2)
  begin <- .holt_winters_start(x, if (!absent[["gamma"]]) seasonal, !absent[["beta"]], start.periods)
  begin[c("level", "trend", "season")] <- Map(function(own, found) if (is.null(own)) found else own, list(l.start, b.start, s.start), begin[c("level", "trend", "season")])

  smoothed <- function(free) .holt_winters(x, begin$first, replace(given, open, free), as.double(begin$level), sum(begin$trend), as.double(begin$season), seasonal == "additive")
  # An absent part keeps its NA, which the smoothing reads.
  error <- function(free) smoothed(free)$SSE
  free <- if (sum(open) == 1L) optimize(error, 0:1)$minimum
    else if (any(open)) .within_unit(optim(optim.start[names(which(open))], error, method = "L-BFGS-B", lower = 0, upper = 1, control = optim.control))
  weights[open] <- lapply(seq_along(free), function(k) free[k])
  made <- smoothed(as.vector(free))

  # What is known before each observation foretells it; what is known after the last are the coefficients.
  n <- length(x) - begin$first + 1L
  parts <- list(level = made$level, trend = if (!absent[["beta"]]) made$trend, season = if (!absent[["gamma"]]) made$seasonal)
  before <- lapply(Filter(Negate(is.null), parts), head, n)
  expected <- Reduce(`+`, before[names(before) != "season"])
  if (!absent[["gamma"]]) expected <- (if (seasonal == "additive") `+` else `*`)(expected, before$season)
  season <- parts$season[n + seq_len(frequency(x))]
  coefficients <- c(a = parts$level[n + 1L], b = parts$trend[n + 1L], if (!absent[["gamma"]]) setNames(season, paste0("s", seq_along(season))))
  fitted <- ts(do.call(cbind, c(list(xhat = expected), before)), start = tsp(x)[1L] + (begin$first - 1) / frequency(x), frequency = frequency(x))
  structure(c(list(fitted = fitted, x = x), weights, list(coefficients = coefficients, seasonal = seasonal, SSE = made$SSE, call = match.call())), class = "HoltWinters")
}

# Where smoothing begins, and with what: a seasonal one after a decomposition of the first periods, a line through two
# observations otherwise, or the first observation alone.
.holt_winters_start <- function(x, seasonal, trending, periods) {
  if (is.null(seasonal)) return(if (trending) list(first = 3L, level = x[2L], trend = x[2L] - x[1L]) else list(first = 2L, level = x[1L]))
  rate <- frequency(x)
  parts <- decompose(ts(head(as.vector(x), periods * rate), start = start(x), frequency = rate), seasonal)
  rise <- as.vector(na.omit(parts$trend))
  line <- lm.fit(cbind(1, seq_along(rise)), rise)$coefficients
  list(first = rate + 1, level = line[[1L]], trend = line[[2L]], season = parts$figure)
}

# The place a search within [0, 1] has found; its difficulties are told of, its failures stop.
.within_unit <- function(found) {
  if (found$convergence > 50) warning(gettextf("optimization difficulties: %s", found$message), domain = NA, call. = FALSE)
  else if (found$convergence || any(found$par < 0 | found$par > 1)) stop("optimization failure", call. = FALSE)
  found$par
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
  held <- !vapply(x[c("beta", "gamma")], isFALSE, TRUE)
  season <- c(if (!held[[2L]]) "without", if (held[[2L]] && !held[[1L]]) "with", if (held[[2L]]) x$seasonal)
  writeLines(c(paste("Holt-Winters exponential smoothing", if (held[[1L]]) "with" else "without", "trend and", paste(season, collapse = " "), "seasonal component."),
               "", "Call:", paste(deparse(x$call), collapse = ""), "", "Smoothing parameters:",
               paste0(" ", format(c("alpha", "beta", "gamma")), ": ", vapply(x[c("alpha", "beta", "gamma")], function(weight) format(weight, digits = 7L), "")),
               "", "Coefficients:"))
  print(cbind(x$coefficients))
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
  nextodd <- function(width) as.integer(2 * (round(width) %/% 2) + 1)
  x <- na.action(as.ts(x))
  period <- frequency(x)
  periodic <- is.character(s.window)
  .refuse_if(`only univariate series are allowed` = is.matrix(x), `series is not periodic or has less than two periods` = period < 2 || length(x) <= 2 * period,
    `unknown string value for s.window` = periodic && is.na(pmatch(s.window, "periodic")))
  if (periodic) {
    # So wide a window weighs all years alike.
    s.window <- 10 * length(x) + 1
    s.degree <- 0
  }
  degrees <- c(s = s.degree, t = t.degree, l = l.degree)
  wrong <- names(degrees)[!degrees %in% 0:1]
  if (length(wrong)) stop(paste0(wrong[1L], ".degree must be 0 or 1"))
  if (is.null(t.window)) t.window <- nextodd(ceiling(1.5 * period / (1 - 1.5 / s.window)))
  windows <- c(s = s.window, t = t.window, l = l.window)
  jumps <- c(s = s.jump, t = t.jump, l = l.jump)
  found <- .stl(as.double(x), period, windows, degrees, jumps, inner, outer)
  seasonal <- if (periodic) ave(found$seasonal, cycle(x)) else found$seasonal
  parts <- cbind(seasonal = seasonal, trend = found$trend, remainder = as.vector(x) - seasonal - found$trend)
  structure(list(time.series = ts(parts, start = start(x), frequency = period), weights = found$weights, call = match.call(), win = windows,
                 deg = vapply(degrees, as.integer, 1L), jump = jumps, inner = as.integer(inner), outer = as.integer(outer)), class = "stl")
}

print.stl <- function(x, digits = getOption("digits"), ...) {
  .print_call(x$call, " Call:\n ")
  cat("\nComponents\n")
  print(x$time.series, digits = digits, ...)
  invisible(x)
}

summary.stl <- function(object, digits = getOption("digits"), ...) structure(c(object, digits = digits), class = c("summary.stl", "stl"))

print.summary.stl <- function(x, digits = x$digits, ...) {
  .print_call(x$call, " Call:\n ")
  cat("\n Time.series components:\n")
  print(summary(x$time.series, digits = digits, ...))
  cat(" IQR:\n")
  parts <- plain_series(x$time.series)
  spreads <- apply(cbind(STL = parts, data = drop(parts %*% c(1, 1, 1))), 2L, IQR)
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
