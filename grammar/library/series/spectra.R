# Spectra of series: periodograms smoothed by kernels, and those of autoregressions.
# Source: P. Bloomfield, Fourier Analysis of Time Series (1976).

kernel <- function(coef, m = 2, r, name = "unknown") {
  .unsupported(r, "Daniell kernels have no degree")
  if (!is.character(coef)) {
    if (!is.vector(coef)) stop("'coef' must be a vector")
    if (length(coef) != m + 1) stop("'coef' does not have the correct length")
    if (abs(2 * sum(coef) - coef[1L] - 1) > 1e-8) stop("coefficients do not add to 1")
    return(structure(list(coef = coef, m = m), name = name, class = "tskernel"))
  }
  known <- c("daniell", "modified.daniell")
  kind <- pmatch(coef, known)
  if (is.na(kind)) stop("kernels are \"daniell\" and \"modified.daniell\", or coefficients")
  one <- function(width) {
    if (kind == 1L) return(rep(1 / (2 * width + 1), 2 * width + 1))
    if (width == 0) 1 else c(0.5, rep(1, 2 * width - 1), 0.5) / (2 * width)
  }
  whole <- 1
  for (width in m) whole <- arima_product(whole, one(width))
  half <- (length(whole) - 1) %/% 2
  structure(list(coef = whole[half + seq_len(half + 1L)], m = as.integer(half)),
            name = paste0(if (kind == 1L) "Daniell" else "mDaniell", "(", paste(m, collapse = ","), ")"), class = "tskernel")
}

is.tskernel <- function(k) inherits(k, "tskernel")

`[.tskernel` <- function(k, i) {
  all <- c(rev(k$coef[-1L]), k$coef)
  all[i + k$m + 1L]
}

df.kernel <- function(k) 2 / sum(k[-k$m:k$m]^2)

bandwidth.kernel <- function(k) {
  at <- -k$m:k$m
  sqrt(sum((1 / 12 + at^2) * k[at]))
}

print.tskernel <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  lags <- seq(-x$m, x$m)
  writeLines(c(paste(attr(x, "name"), ""), sprintf("coef[%s] = %s", format(lags), format(x[lags], digits = digits))))
  invisible(x)
}

kernapply <- function(x, k, circular = FALSE, ...) {
  if (!is.tskernel(k)) stop("'k' is not a kernel")
  weights <- k[-k$m:k$m]
  turn <- function(values) {
    n <- length(values)
    if (n <= 2 * k$m) stop("'x' is shorter than kernel 'k'")
    if (circular) vapply(seq_len(n), function(i) sum(weights * values[(i - 1 + (-k$m:k$m)) %% n + 1]), 0)
    else vapply((k$m + 1):(n - k$m), function(i) sum(weights * values[i + (-k$m:k$m)]), 0)
  }
  if (is.matrix(x)) return(apply(x, 2L, turn))
  made <- turn(as.vector(x))
  if (!is.ts(x)) made else if (circular) ts(made, start = start(x), frequency = frequency(x))
  else ts(made, end = end(x), frequency = frequency(x))
}

# A cosine bell over a share of the values at each end: it rises with the distance from the end.
spec.taper <- function(x, p = 0.1) {
  n <- NROW(x)
  .refuse_if(`'p' must be between 0 and 0.5` = any(p < 0 | p > 0.5), `length of 'p' must be 1 or equal the number of columns of 'x'` = !length(p) %in% c(1L, NCOL(x)))
  distance <- pmin(seq_len(n), n:1) - 0.5
  share <- pmin(outer(distance, floor(n * rep_len(p, NCOL(x))), "/"), 1)
  x[] <- as.vector(x) * as.vector(1 - cos(pi * share)) / 2
  x
}

# The columns less their means, or less their straight lines.
.less_trend <- function(x, line) {
  at <- seq_len(nrow(x)) - (nrow(x) + 1) / 2
  x <- x - rep(colMeans(x), each = nrow(x))
  if (line) x - outer(at, colSums(at * x) / sum(at^2)) else x
}

spec.pgram <- function(x, spans = NULL, kernel = NULL, taper = 0.1, pad = 0, fast = TRUE, demean = FALSE, detrend = TRUE, plot = TRUE,
                       na.action = na.fail, ...) {
  series <- deparse1(substitute(x))
  x <- na.action(as.ts(x))
  rate <- frequency(x)
  smoother <- if (is.null(spans)) kernel else kernel("modified.daniell", spans %/% 2)
  .refuse_if(`must specify 'spans' or a valid kernel` = !is.null(smoother) && !is.tskernel(smoother))
  values <- as.matrix(plain_series(x)) + 0
  used <- nrow(values)
  if (detrend || demean) values <- .less_trend(values, detrend)
  long <- floor(used * (1 + pad))
  if (fast) long <- nextn(long)
  waves <- mvfft(rbind(spec.taper(values, taper), matrix(0, long - used, ncol(values))))
  half <- seq_len(long %/% 2) + 1L

  # The periodogram of two columns, smoothed, at the frequencies from the first above 0; at 0 stands what its neighbours have.
  turn <- function(values) if (is.null(smoother)) values else kernapply(values, smoother, circular = TRUE)
  cross <- function(i, j) {
    product <- waves[, i] * Conj(waves[, j]) / (used * rate)
    product[1L] <- mean(product[c(2L, long)])
    complex(real = turn(Re(product)), imaginary = turn(Im(product)))[half]
  }
  # What the taper leaves of squares and of fourth powers.
  kept <- 1 - 5 / 4 * taper
  own <- vapply(seq_len(ncol(values)), function(i) Re(cross(i, i)), numeric(length(half)))
  pairs <- which(upper.tri(diag(ncol(values))), arr.ind = TRUE)
  crossed <- vapply(seq_len(nrow(pairs)), function(k) cross(pairs[k, 1L], pairs[k, 2L]), complex(length(half)))
  power <- if (ncol(values) == 1L) as.vector(own) / kept else own / kept
  weights <- if (is.null(smoother)) c(free = 2, wide = sqrt(1 / 12)) else c(free = df.kernel(smoother), wide = bandwidth.kernel(smoother))
  made <- list(freq = half / long * rate - rate / long, spec = power, coh = if (nrow(pairs)) Mod(crossed)^2 / (own[, pairs[, 1L]] * own[, pairs[, 2L]]),
    phase = if (nrow(pairs)) Arg(crossed), kernel = smoother, df = weights[["free"]] * kept^2 / (1 - 93 / 64 * taper) * used / long,
    bandwidth = weights[["wide"]] * rate / long, n.used = long, orig.n = used, series = series, snames = colnames(x),
    method = paste(if (is.null(smoother)) "Raw" else "Smoothed", "Periodogram"), taper = taper, pad = pad, detrend = detrend, demean = demean)
  .drawn_or_given(structure(made, class = "spec"), plot, ...)
}

spec.ar <- function(x, n.freq, order = NULL, plot = TRUE, na.action = na.fail, method = "yule-walker", ...) {
  series <- deparse1(substitute(x))
  fit <- if (inherits(x, "ar")) x else ar(na.action(as.ts(x)), is.null(order), order, na.action = na.action, method = method)
  if (inherits(x, "ar")) series <- fit$series
  if (missing(n.freq)) n.freq <- 500
  rate <- fit$frequency
  freq <- seq.int(0, 0.5, length.out = n.freq)
  order <- fit$order
  ar <- as.vector(fit$ar)
  turned <- function(f) vapply(freq, function(at) sum(ar * f(2 * pi * at * seq_len(order))), 0)
  spec <- if (order >= 1) fit$var.pred / (rate * ((1 - turned(cos))^2 + turned(sin)^2)) else rep.int(fit$var.pred / rate, n.freq)
  made <- structure(list(freq = freq * rate, spec = matrix(spec, n.freq), coh = NULL, phase = NULL, n.used = fit$n.used, series = series, snames = NULL,
                         method = paste0("AR (", order, ") spectrum ")), class = "spec")
  .drawn_or_given(made, plot, ...)
}

spectrum <- function(x, ..., method = c("pgram", "ar")) switch(match.arg(method), pgram = spec.pgram(x, ...), ar = spec.ar(x, ...))

plot.spec <- function(x, log = "y", type = "l", xlab = "frequency", ylab = "spectrum", main = NULL, ...) {
  if (is.null(main)) main <- paste0("Series: ", x$series, "\n", x$method)
  draw <- if (NCOL(x$spec) > 1L) matplot else plot.default
  draw(x$freq, if (NCOL(x$spec) > 1L) x$spec else as.vector(x$spec), log = if (isFALSE(log) || identical(log, "no")) "" else "y", type = type, xlab = xlab, ylab = ylab, main = main, ...)
  invisible(x)
}

cpgram <- function(ts, taper = 0.1, main = paste("Series: ", deparse1(substitute(ts))), ci.col = "blue") {
  force(main)
  x <- as.vector(ts)
  x <- spec.taper(x[!is.na(x)] - mean(x, na.rm = TRUE), taper)
  n <- length(x)
  y <- Mod(fft(x))[seq_len(n %/% 2 + 1)]^2 / n
  y[1L] <- 0
  at <- (0:(n %/% 2)) * frequency(ts) / n
  plot.default(at, cumsum(y) / sum(y), type = "s", xlim = c(0, frequency(ts) / 2), ylim = c(0, 1), xlab = "frequency", ylab = "", main = main)
  invisible()
}
