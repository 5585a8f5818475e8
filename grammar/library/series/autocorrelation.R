# Autocorrelations of series and of models, and series simulated from a model.
# Source: P. J. Brockwell and R. A. Davis, Time Series: Theory and Methods, second edition (1991).

# A result drawn, or given to be shown.
.drawn_or_given <- function(made, drawn, ...) {
  if (!drawn) return(made)
  plot(made, ...)
  invisible(made)
}

acf <- function(x, lag.max = NULL, type = c("correlation", "covariance", "partial"), plot = TRUE, na.action = na.fail, demean = TRUE, ...) {
  type <- match.arg(type)
  label <- deparse1(substitute(x))
  if (type == "partial") {
    made <- partial_autocorrelations(x, lag.max, na.action)
    made$series <- label
  } else made <- autocorrelations(x, lag.max, type, na.action, demean, label)
  .drawn_or_given(made, plot, ...)
}

autocorrelations <- function(x, most, type, na.action, demean, label) {
  x <- na.action(as.ts(x))
  rate <- frequency(x)
  if (!is.numeric(x)) stop("'x' must be numeric")
  labels <- colnames(x)
  values <- as.matrix(plain_series(x))
  size <- nrow(values)
  count <- ncol(values)
  if (is.null(most)) most <- floor(10 * (log10(size) - log10(count)))
  most <- as.integer(min(most, size - 1L))
  if (is.na(most) || most < 0) stop("'lag.max' must be at least 0")
  if (demean) values <- sweep(values, 2, colMeans(values, na.rm = TRUE), check.margin = FALSE)
  found <- array(NA_real_, c(most + 1L, count, count))
  for (i in seq_len(count)) for (j in seq_len(count)) for (k in 0:most) {
    products <- values[seq_len(size - k) + k, i] * values[seq_len(size - k), j]
    pairs <- sum(!is.na(products))
    found[k + 1L, i, j] <- if (pairs) sum(products, na.rm = TRUE) / (pairs + k) else NA
  }
  if (type == "correlation") {
    scale <- sqrt(if (count == 1L) found[1L, 1L, 1L] else diag(found[1L, , ]))
    for (k in 0:most) found[k + 1L, , ] <- pmax(-1, pmin(1, found[k + 1L, , ] / outer(scale, scale)))
  }
  signs <- matrix(1, count, count)
  signs[lower.tri(signs)] <- -1
  structure(list(acf = found, type = type, n.used = size, lag = outer(0:most, signs / rate), series = label, snames = labels), class = "acf")
}

pacf <- function(x, lag.max, plot, na.action, ...) UseMethod("pacf")

pacf.default <- function(x, lag.max = NULL, plot = TRUE, na.action = na.fail, ...) {
  made <- partial_autocorrelations(x, lag.max, na.action)
  made$series <- deparse1(substitute(x))
  .drawn_or_given(made, plot, ...)
}

partial_autocorrelations <- function(x, most, na.action) {
  if (NCOL(x) > 1L) stop("partial autocorrelations are of one series at a time")
  x <- na.action(as.ts(x))
  rate <- frequency(x)
  size <- length(x)
  if (is.null(most)) most <- floor(10 * log10(size))
  most <- as.integer(min(most, size - 1L))
  if (most < 1L) stop("'lag.max' must be at least 1")
  plain <- autocorrelations(x, most, "correlation", na.pass, TRUE, "")$acf
  found <- diag(.whittle_step(plain[, 1L, 1L], most)$coefs)
  structure(list(acf = array(found, c(most, 1L, 1L)), type = "partial", n.used = size, lag = array(seq_len(most) / rate, c(most, 1L, 1L)),
                 series = NULL, snames = NULL), class = "acf")
}

ccf <- function(x, y, lag.max = NULL, type = c("correlation", "covariance"), plot = TRUE, na.action = na.fail, ...) {
  type <- match.arg(type)
  label <- paste(deparse1(substitute(x)), deparse1(substitute(y)), sep = " & ")
  .refuse_if(`univariate time series only` = is.matrix(x) || is.matrix(y))
  made <- autocorrelations(na.action(ts.intersect(as.ts(x), as.ts(y))), lag.max, type, na.pass, TRUE, "X")
  # The lags before 0 are those of y on x, from the last to the first.
  most <- nrow(made$acf)
  place <- rbind(cbind(rev(seq_len(most))[-most], 2L, 1L), cbind(seq_len(most), 1L, 2L))
  made[c("acf", "lag")] <- lapply(made[c("acf", "lag")], function(part) array(part[place], c(nrow(place), 1L, 1L)))
  made$snames <- label
  .drawn_or_given(made, plot, ...)
}

print.acf <- function(x, digits = 3L, ...) {
  what <- c(correlation = "Autocorrelations", covariance = "Autocovariances", partial = "Partial autocorrelations")[[x$type]]
  cat("\n", what, " of series ", sQuote(x$series), ", by lag\n\n", sep = "")
  values <- if (x$type == "covariance") format(x$acf, digits = digits) else format(round(x$acf, digits))
  lags <- format(x$lag, digits = digits)
  several <- dim(x$acf)[2L] > 1L
  if (several) {
    shown <- array(paste0(values, " (", lags, ")"), dim(x$acf), list(rep("", dim(x$acf)[1L]), x$snames, x$snames))
    print(shown, quote = FALSE, ...)
  } else print(setNames(as.vector(values), as.vector(lags)), quote = FALSE, ...)
  invisible(x)
}

plot.acf <- function(x, ci = 0.95, type = "h", xlab = "Lag", ylab = NULL, ylim = NULL, main = NULL, ci.col = "blue", ...) {
  count <- ncol(x$acf)
  sides <- if (ci > 0 && x$type != "covariance") c(-1, 1) * qnorm(1 - (1 - ci) / 2) / sqrt(x$n.used)
  heading <- if (is.null(ylab)) c(correlation = "ACF", covariance = "ACF (cov)", partial = "Partial ACF")[[x$type]] else ylab
  pairs <- outer(x$snames, x$snames, paste, sep = " & ")
  diag(pairs) <- x$snames
  titles <- if (!is.null(main)) main else if (count > 1L) pairs else paste("Series ", c(x$snames, x$series)[1L])
  if (count > 1L) {
    kept <- par(mfrow = c(count, count))
    on.exit(par(kept))
  }
  panel <- function(lag, value, title) {
    plot.default(lag, value, type = type, xlab = xlab, ylab = heading, main = title, ylim = if (is.null(ylim)) range(0, sides, value, na.rm = TRUE) else ylim, ...)
    abline(h = 0)
    if (length(sides)) abline(h = sides, lty = 2, col = ci.col)
  }
  titles <- matrix(titles, count, count)
  for (i in seq_len(count)) for (j in seq_len(count)) panel(x$lag[, i, j], x$acf[, i, j], titles[i, j])
  invisible()
}

ARMAtoMA <- function(ar = numeric(), ma = numeric(), lag.max) {
  made <- numeric(lag.max)
  for (k in seq_len(lag.max)) {
    back <- seq_len(min(k, length(ar)))
    made[k] <- (if (k <= length(ma)) ma[k] else 0) + sum(ar[back] * c(1, made)[k - back + 1L])
  }
  made
}

# The Yule-Walker equations of the model: a weighted sum of the autocovariances around each lag is what the shocks give there.
ARMAacf <- function(ar = numeric(), ma = numeric(), lag.max = r, pacf = FALSE) {
  .refuse_if(`empty model supplied` = !length(c(ar, ma)))
  p <- length(ar)
  q <- length(ma)
  r <- max(p, q + 1L)
  shocks <- c(1, ARMAtoMA(ar, ma, q))
  given <- c(vapply(0:q, function(k) sum(c(1, ma)[k:q + 1L] * shocks[seq_len(q - k + 1L)]), 0), numeric(max(lag.max, p)))
  lags <- 0:p
  weight <- function(lag) ifelse(lag %in% lags, c(1, -ar)[pmin(pmax(lag, 0), p) + 1L], 0)
  # A lag and its opposite have one autocovariance; lag 0 is its own opposite.
  mirrored <- outer(lags, lags, function(k, j) weight(k - j) + (j > 0) * weight(k + j))
  found <- solve(mirrored, given[lags + 1L])
  beyond <- given[-(lags + 1L)]
  if (length(beyond)) found <- c(found, if (p) stats_filter(beyond, ar, method = "recursive", init = rev(tail(found, p))) else beyond)
  shown <- found[0:lag.max + 1L] / found[1L]
  if (pacf) diag(as.matrix(.whittle_step(shown, lag.max)$coefs)) else setNames(shown, 0:lag.max)
}

arima.sim <- function(model, n, rand.gen = rnorm, innov = rand.gen(n, ...), n.start = NA, start.innov = rand.gen(n.start, ...), ...) {
  .refuse_if(`'model' must be list` = !is.list(model), `'n' must be strictly positive` = n <= 0L)
  # How fast the model forgets: the root nearest to the unit circle.
  root <- if (length(model$ar)) min(Mod(polyroot(c(1, -model$ar)))) else Inf
  back <- c(length(model$ar), length(model$ma))
  if (is.na(n.start)) n.start <- sum(back, if (root < Inf) ceiling(6 / log(root)))
  order <- if (is.null(model$order)) c(back[1L], 0, back[2L]) else model$order
  .refuse_if(`'ar' part of model is not stationary` = root <= 1, `burn-in 'n.start' must be as long as 'ar + ma'` = n.start < sum(back),
    `'model$order' must be of length 3` = length(order) != 3L, `inconsistent specification of 'ar' order` = order[1L] != back[1L],
    `inconsistent specification of 'ma' order` = order[3L] != back[2L], `number of differences must be a positive integer` = order[2L] != round(order[2L]) || order[2L] < 0)
  if (!missing(start.innov) && length(start.innov) < n.start) stop(gettextf("'start.innov' is too short: need %d points", n.start), domain = NA)
  shocks <- c(start.innov[seq_len(n.start)], innov[seq_len(n)])
  moved <- stats_filter(shocks, c(1, model$ma), sides = 1L)
  moved[seq_len(back[2L])] <- 0
  if (back[1L]) moved <- stats_filter(moved, model$ar, method = "recursive")
  made <- as.vector(moved)[n.start + seq_len(n)]
  # Summed series begin with zeros before the first shock.
  if (order[2L]) ts(diffinv(made, differences = order[2L]), start = if (n.start) 1 else 1 - order[2L]) else ts(made)
}

toeplitz <- function(x, ...) {
  .refuse_if(`'x' is not a vector` = !is.vector(x))
  matrix(unname(x)[1L + abs(outer(seq_along(x), seq_along(x), "-"))], length(x))
}
