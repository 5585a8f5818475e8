# Autocorrelations, autoregressions fitted by them, and series simulated from a model.

acf <- function(x, lag.max = NULL, type = c("correlation", "covariance", "partial"), plot = TRUE, na.action = na.fail, demean = TRUE, ...) {
  type <- match.arg(type)
  label <- deparse1(substitute(x))
  if (type == "partial") {
    made <- partial_autocorrelations(x, lag.max, na.action)
    made$series <- label
  } else made <- autocorrelations(x, lag.max, type, na.action, demean, label)
  if (!plot) return(made)
  plot(made, ...)
  invisible(made)
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
  if (!plot) return(made)
  plot(made, ...)
  invisible(made)
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
  if (is.matrix(x) || is.matrix(y)) stop("univariate time series only")
  label <- paste(deparse1(substitute(x)), "&", deparse1(substitute(y)))
  both <- na.action(ts.intersect(as.ts(x), as.ts(y)))
  made <- autocorrelations(both, lag.max, type, na.pass, TRUE, "X")
  most <- dim(made$acf)[1L]
  made$acf <- array(c(rev(made$acf[-1L, 2L, 1L]), made$acf[, 1L, 2L]), c(2L * most - 1L, 1L, 1L))
  made$lag <- array(c(rev(made$lag[-1L, 2L, 1L]), made$lag[, 1L, 2L]), c(2L * most - 1L, 1L, 1L))
  made$snames <- label
  if (!plot) return(made)
  plot(made, ...)
  invisible(made)
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
  if (is.null(ylab)) ylab <- switch(x$type, correlation = "ACF", covariance = "ACF (cov)", "Partial ACF")
  bound <- if (ci > 0 && x$type != "covariance") qnorm((1 + ci) / 2) / sqrt(x$n.used) else 0
  count <- dim(x$acf)[2L]
  if (count > 1L) {
    old <- par(mfrow = c(count, count))
    on.exit(par(old))
  }
  for (i in seq_len(count)) for (j in seq_len(count)) {
    title <- if (!is.null(main)) main else if (count == 1L) paste("Series ", if (is.null(x$snames)) x$series else x$snames)
      else if (i == j) x$snames[i] else paste(x$snames[i], "&", x$snames[j])
    plot.default(x$lag[, i, j], x$acf[, i, j], type = type, xlab = xlab, ylab = ylab, main = title,
                 ylim = if (is.null(ylim)) range(c(-bound, bound, x$acf[, i, j], 0), na.rm = TRUE) else ylim, ...)
    abline(h = 0)
    if (bound > 0) abline(h = c(bound, -bound), col = ci.col, lty = 2)
  }
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

ARMAacf <- function(ar = numeric(), ma = numeric(), lag.max = r, pacf = FALSE) {
  p <- length(ar)
  q <- length(ma)
  if (!p && !q) stop("empty model supplied")
  r <- max(p, q + 1L)
  shocks <- c(1, ARMAtoMA(ar, ma, r))
  weights <- c(1, ma)
  sources <- vapply(0:max(lag.max, r), function(k) if (k > q) 0 else sum(weights[(k:q) + 1L] * shocks[seq_len(q - k + 1L)]), 0)
  if (p) {
    system <- matrix(0, p + 1L, p + 1L)
    for (k in 0:p) {
      system[k + 1L, k + 1L] <- system[k + 1L, k + 1L] + 1
      for (i in seq_len(p)) system[k + 1L, abs(k - i) + 1L] <- system[k + 1L, abs(k - i) + 1L] - ar[i]
    }
    found <- solve(system, sources[seq_len(p + 1L)])
    for (k in seq_len(max(lag.max - p, 0)) + p) found[k + 1L] <- sum(ar * found[k + 1L - seq_len(p)]) + sources[k + 1L]
  } else found <- sources
  found <- (found / found[1L])[seq_len(lag.max + 1L)]
  if (pacf) return(diag(as.matrix(.whittle_step(found, lag.max)$coefs)))
  structure(found, names = 0:lag.max)
}

arima.sim <- function(model, n, rand.gen = rnorm, innov = rand.gen(n, ...), n.start = NA, start.innov = rand.gen(n.start, ...), ...) {
  if (!is.list(model)) stop("'model' must be list")
  if (n <= 0L) stop("'n' must be strictly positive")
  p <- length(model$ar)
  q <- length(model$ma)
  if (p) {
    least <- min(Mod(polyroot(c(1, -model$ar))))
    if (least <= 1) stop("'ar' part of model is not stationary")
  }
  if (is.na(n.start)) n.start <- p + q + if (p > 0) ceiling(6 / log(least)) else 0
  if (n.start < p + q) stop("burn-in 'n.start' must be as long as 'ar + ma'")
  d <- 0
  if (!is.null(model$order)) {
    if (length(model$order) != 3L) stop("'model$order' must be of length 3")
    if (p != model$order[1L]) stop("inconsistent specification of 'ar' order")
    if (q != model$order[3L]) stop("inconsistent specification of 'ma' order")
    d <- model$order[2L]
    if (d != round(d) || d < 0) stop("number of differences must be a positive integer")
  }
  if (!missing(start.innov) && length(start.innov) < n.start)
    stop(sprintf("'start.innov' is too short: need %d points", n.start), domain = NA)
  shocks <- c(start.innov[seq_len(n.start)], innov[seq_len(n)])
  made <- shocks
  for (k in seq_along(model$ma)) made <- made + model$ma[k] * c(rep(0, k), shocks)[seq_along(shocks)]
  if (q) made[seq_len(q)] <- 0
  if (p) made <- as.vector(stats_filter(made, model$ar, method = "recursive"))
  if (n.start > 0) made <- made[-seq_len(n.start)]
  if (d > 0) made <- diffinv(made, differences = d)
  as.ts(made)
}

ar <- function(x, aic = TRUE, order.max = NULL, method = c("yule-walker", "burg", "ols", "mle", "yw"), na.action = na.fail,
               series = deparse1(substitute(x)), ...) {
  method <- match.arg(method)
  made <- switch(method, burg = ar.burg(x, aic, order.max, na.action, series = series, ...), ols = ar.ols(x, aic, order.max, na.action, series = series, ...),
                 mle = ar.mle(x, aic, order.max, na.action, series = series, ...), ar.yw(x, aic, order.max, na.action, series = series, ...))
  made$call <- match.call()
  made
}

ar_begin <- function(x, na.action, demean) {
  if (NCOL(x) > 1L) stop("only one series at a time can be fitted by ar()")
  x <- as.ts(x)
  if (!is.numeric(x)) stop("'x' must be numeric")
  x <- na.action(x)
  values <- as.double(x)
  middle <- if (demean) mean(values, na.rm = TRUE) else 0
  list(values = values - middle, mean = middle, span = tsp(x), size = length(values), observed = sum(!is.na(values)))
}

ar_made <- function(begin, ar, spread, aic, most, partial, method, series, demean, call, errors = NULL) {
  order <- length(ar)
  if (any(is.na(aic))) aic[is.na(aic)] <- Inf
  rest <- begin$values
  for (k in seq_len(order)) rest <- rest - ar[k] * c(rep(NA, k), begin$values)[seq_along(rest)]
  if (order) rest[seq_len(order)] <- NA
  made <- list(order = order, ar = ar, var.pred = spread, x.mean = begin$mean, aic = structure(aic - min(aic), names = 0:most), n.used = begin$size,
               n.obs = begin$observed, order.max = most, partialacf = if (!is.null(partial)) array(partial, c(length(partial), 1L, 1L)),
               resid = structure(rest, tsp = begin$span, class = "ts"), method = method, series = series, frequency = begin$span[3L], call = call)
  made["partialacf"] <- list(made$partialacf)
  if (order > 0) made$asy.var.coef <- errors
  structure(made, class = "ar")
}

ar.yw <- function(x, aic = TRUE, order.max = NULL, na.action = na.fail, demean = TRUE, series = NULL, ...) {
  if (is.null(series)) series <- deparse1(substitute(x))
  begin <- ar_begin(x, na.action, demean)
  n <- begin$size
  most <- if (is.null(order.max)) min(begin$observed - 1L, floor(10 * log10(begin$observed))) else floor(order.max)
  if (most < 1L) stop("'order.max' must be >= 1")
  if (most >= n) stop("'order.max' must be < 'n.used'")
  moments <- autocorrelations(begin$values, most, "covariance", na.pass, FALSE, "")$acf[, 1L, 1L]
  found <- .whittle_step(moments, most)
  prices <- n * log(found$vars) + 2 * (0:most) + 2 * demean
  order <- if (aic) which.min(prices) - 1L else most
  ar <- if (order) found$coefs[order, seq_len(order)] else numeric()
  spread <- found$vars[order + 1L] * n / (n - (order + 1L))
  errors <- if (order) solve(toeplitz(moments[seq_len(order)])) * spread / n
  ar_made(begin, ar, spread, prices, most, diag(found$coefs), "Yule-Walker", series, demean, match.call(), errors)
}

ar.yw.default <- function(x, ...) ar.yw(x, ...)

ar.burg <- function(x, aic = TRUE, order.max = NULL, na.action = na.fail, demean = TRUE, series = NULL, var.method = 1L, ...) {
  if (is.null(series)) series <- deparse1(substitute(x))
  begin <- ar_begin(x, na.action, demean)
  n <- begin$size
  most <- if (is.null(order.max)) min(n - 1L, floor(10 * log10(n))) else floor(order.max)
  if (most < 1L) stop("'order.max' must be >= 1")
  if (most >= n) stop("'order.max' must be < 'n.used'")
  ahead <- back <- begin$values
  weights <- matrix(0, most, most)
  plain <- fitted <- c(sum(begin$values^2) / n, numeric(most))
  for (k in seq_len(most)) {
    inner <- (k + 1L):n
    last <- 2 * sum(ahead[inner] * back[inner - 1L]) / sum(ahead[inner]^2 + back[inner - 1L]^2)
    if (k > 1L) weights[k, seq_len(k - 1L)] <- weights[k - 1L, seq_len(k - 1L)] - last * rev(weights[k - 1L, seq_len(k - 1L)])
    weights[k, k] <- last
    before <- ahead
    ahead[inner] <- before[inner] - last * back[inner - 1L]
    back[inner] <- back[inner - 1L] - last * before[inner]
    plain[k + 1L] <- plain[k] * (1 - last^2)
    far <- (k + 1L):n
    fitted[k + 1L] <- sum(ahead[far]^2 + back[far]^2) / (2 * (n - k))
  }
  spreads <- if (var.method == 1L) plain else fitted
  prices <- n * log(spreads) + 2 * (0:most) + 2 * demean
  order <- if (aic) which.min(prices) - 1L else most
  ar <- if (order) weights[order, seq_len(order)] else numeric()
  moments <- autocorrelations(begin$values, max(order, 1L), "covariance", na.pass, FALSE, "")$acf[, 1L, 1L]
  errors <- if (order) solve(toeplitz(moments[seq_len(order)])) * spreads[order + 1L] / n
  ar_made(begin, ar, spreads[order + 1L], prices, most, diag(weights), if (var.method == 1L) "Burg" else "Burg2", series, demean, match.call(), errors)
}

ar.burg.default <- function(x, ...) ar.burg(x, ...)

ar.mle <- function(x, aic = TRUE, order.max = NULL, na.action = na.fail, demean = TRUE, series = NULL, ...) {
  if (is.null(series)) series <- deparse1(substitute(x))
  begin <- ar_begin(x, na.action, FALSE)
  n <- begin$size
  most <- if (is.null(order.max)) min(n - 1L, 12L, floor(10 * log10(n))) else floor(order.max)
  fits <- lapply(if (aic) 0:most else c(0, most), function(k) arima(begin$values, order = c(k, 0L, 0L), include.mean = demean, method = "ML"))
  prices <- vapply(fits, function(fit) fit$aic, 0)
  best <- if (aic) which.min(prices) else 2L
  fit <- fits[[best]]
  order <- if (aic) best - 1L else most
  if (demean) {
    begin$mean <- fit$coef[["intercept"]]
    begin$values <- begin$values - begin$mean
  }
  if (!aic) prices <- c(prices[1L], rep(NA, most - 1L), prices[2L])
  ar_made(begin, unname(fit$coef[seq_len(order)]), fit$sigma2, prices, most, NULL, "MLE", series, demean, match.call(),
          if (order) unname(fit$var.coef[seq_len(order), seq_len(order), drop = FALSE]))
}

ar.ols <- function(x, aic = TRUE, order.max = NULL, na.action = na.fail, demean = TRUE, intercept = demean, series = NULL, ...) {
  if (is.null(series)) series <- deparse1(substitute(x))
  begin <- ar_begin(x, na.action, demean)
  n <- begin$size
  scale <- sqrt(sum(begin$values^2) / n)
  values <- begin$values / scale
  most <- if (is.null(order.max)) min(n - 1L, floor(10 * log10(n))) else floor(order.max)
  if (most < 0L) stop("'order.max' must be >= 0")
  if (most >= n) stop("'order.max' must be < 'n.used'")
  fits <- lapply(if (aic) 0:most else most, function(m) {
    lagged <- embed(values, m + 1L)
    y <- lagged[, 1L]
    design <- cbind(if (intercept) rep(1, n - m), lagged[, -1L, drop = FALSE])
    inner <- if (ncol(design)) solve(crossprod(design))
    weights <- if (ncol(design)) as.vector(inner %*% crossprod(design, y)) else numeric()
    spread <- sum((y - if (ncol(design)) as.vector(design %*% weights) else 0)^2) / (n - m)
    list(order = m, weights = weights, spread = spread, price = n * log(spread) + 2 * (m + intercept),
         errors = if (ncol(design)) sqrt(spread * diag(inner)) else numeric(), used = n - m)
  })
  prices <- vapply(fits, function(fit) fit$price, 0)
  fit <- fits[[which.min(prices)]]
  order <- fit$order
  at <- if (intercept) -1L else seq_along(fit$weights)
  ar <- fit$weights[at]
  shift <- if (intercept) fit$weights[1L] * scale else 0
  made <- ar_made(begin, ar, fit$spread * scale^2, if (aic) prices else 0, if (aic) most else 0L, NULL,
                  "Unconstrained LS", series, demean, match.call())
  made$order.max <- most
  made$ar <- array(ar, c(order, 1L, 1L))
  made$resid <- made$resid - shift
  made$x.intercept <- if (intercept) shift
  made$asy.se.coef <- list(x.mean = if (intercept) fit$errors[1L] * scale, ar = fit$errors[at])
  made$asy.var.coef <- NULL
  made
}

print.ar <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:\n", deparse(x$call), "\n\n", sep = "")
  if (x$order > 0) {
    cat("Coefficients:\n")
    print.default(structure(round(as.vector(x$ar), digits = digits), names = seq_len(x$order)), print.gap = 2L)
  }
  if (!is.null(x$x.intercept) && !is.na(x$x.intercept))
    cat("\nIntercept: ", format(x$x.intercept, digits = digits), " (", format(x$asy.se.coef$x.mean, digits = digits), ") ", "\n", sep = "")
  cat("\nOrder selected", x$order, " sigma^2 estimated as ", format(x$var.pred, digits = digits))
  cat("\n")
  invisible(x)
}

residuals.ar <- function(object, ...) object$resid

coef.ar <- function(object, ...) object$ar

predict.ar <- function(object, newdata, n.ahead = 1L, se.fit = TRUE, ...) {
  if (n.ahead < 1L) stop("'n.ahead' must be at least 1")
  if (missing(newdata)) newdata <- eval.parent(str2lang(object$series))
  newdata <- as.ts(newdata)
  rate <- frequency(newdata)
  ar <- as.vector(object$ar)
  shift <- if (is.null(object$x.intercept)) 0 else object$x.intercept
  past <- as.vector(newdata) - object$x.mean
  for (k in seq_len(n.ahead)) past <- c(past, shift + sum(ar * past[length(past) + 1L - seq_len(object$order)]))
  begin <- tsp(newdata)[2L] + 1 / rate
  mean <- ts(tail(past, n.ahead) + object$x.mean, start = begin, frequency = rate)
  if (!se.fit) return(mean)
  shocks <- c(1, ARMAtoMA(ar, lag.max = n.ahead))[seq_len(n.ahead)]
  list(pred = mean, se = ts(sqrt(object$var.pred * cumsum(shocks^2)), start = begin, frequency = rate))
}
