# Spectra of series: periodograms smoothed by kernels, and those of autoregressions. Heat maps.
# Source: P. Bloomfield, Fourier Analysis of Time Series (1976).

kernel <- function(coef, m = 2, r, name = "unknown") {
  .unsupported(r, "Daniell kernels have no degree")
  if (!is.character(coef)) {
    if (!is.vector(coef)) stop("'coef' must be a vector")
    if (length(coef) != m + 1) stop("'coef' does not have the correct length")
    if (abs(2 * sum(coef) - coef[1L] - 1) > 1e-8) stop("coefficients do not add to 1")
    return(structure(list(coef = coef, m = m), name = paste0(name, "(", m, ")"), class = "tskernel"))
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
  at <- -x$m:x$m
  cat(attr(x, "name"), "\n")
  cat(paste0("coef[", format(at), "] = ", format(x[at], digits = digits)), sep = "\n")
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

spec.taper <- function(x, p = 0.1) {
  if (any(p < 0) || any(p > 0.5)) stop("'p' must be between 0 and 0.5")
  span <- attributes(x)
  values <- as.matrix(x)
  n <- nrow(values)
  m <- floor(n * p)
  if (m > 0) {
    rise <- 0.5 * (1 - cos(pi * seq.int(1, 2 * m - 1, by = 2) / (2 * m)))
    values <- values * c(rise, rep_len(1, n - 2 * m), rev(rise))
  }
  attributes(values) <- span
  values
}

spec.pgram <- function(x, spans = NULL, kernel = NULL, taper = 0.1, pad = 0, fast = TRUE, demean = FALSE, detrend = TRUE, plot = TRUE,
                       na.action = na.fail, ...) {
  series <- deparse1(substitute(x))
  x <- na.action(as.ts(x))
  if (NCOL(x) > 1L) stop("spectra are of one series at a time")
  rate <- frequency(x)
  values <- as.double(x)
  n <- used <- length(values)
  smoother <- if (!is.null(spans)) kernel("modified.daniell", spans %/% 2) else kernel
  if (!is.null(smoother) && !is.tskernel(smoother)) stop("must specify 'spans' or a valid kernel")
  if (detrend) {
    at <- seq_len(n) - (n + 1) / 2
    values <- values - mean(values) - sum(values * at) * at / (n * (n^2 - 1) / 12)
  } else if (demean) values <- values - mean(values)
  values <- as.vector(spec.taper(values, taper))
  kept <- 1 - (5 / 8) * taper * 2
  fourth <- 1 - (93 / 128) * taper * 2
  if (pad > 0) values <- c(values, rep(0, n * pad))
  long <- length(values)
  if (fast) {
    long <- nextn(long)
    values <- c(values, rep(0, long - length(values)))
  }
  count <- floor(long / 2)
  power <- Mod(fft(values))^2 / (used * rate)
  power[1L] <- 0.5 * (power[2L] + power[long])
  if (!is.null(smoother)) {
    power <- kernapply(power, smoother, circular = TRUE)
    free <- df.kernel(smoother)
    wide <- bandwidth.kernel(smoother)
  } else {
    free <- 2
    wide <- sqrt(1 / 12)
  }
  free <- free / (fourth / kept^2) * (used / long)
  made <- structure(list(freq = seq.int(from = rate / long, by = rate / long, length.out = count), spec = power[1L + seq_len(count)] / kept, coh = NULL,
                         phase = NULL, kernel = smoother, df = free, bandwidth = wide * rate / long, n.used = long, orig.n = used, series = series,
                         snames = NULL, method = if (is.null(smoother)) "Raw Periodogram" else "Smoothed Periodogram", taper = taper, pad = pad,
                         detrend = detrend, demean = demean), class = "spec")
  if (!plot) return(made)
  plot(made, ...)
  invisible(made)
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
  if (!plot) return(made)
  plot(made, ...)
  invisible(made)
}

spectrum <- function(x, ..., method = c("pgram", "ar")) switch(match.arg(method), pgram = spec.pgram(x, ...), ar = spec.ar(x, ...))

plot.spec <- function(x, log = "y", type = "l", xlab = "frequency", ylab = "spectrum", main = NULL, ...) {
  if (is.null(main)) main <- paste0("Series: ", x$series, "\n", x$method)
  plot.default(x$freq, as.vector(x$spec), log = if (isFALSE(log) || identical(log, "no")) "" else "y", type = type, xlab = xlab, ylab = ylab, main = main, ...)
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

heatmap <- function(x, Rowv = NULL, Colv = if (symm) "Rowv" else NULL, distfun = dist, hclustfun = hclust,
                    reorderfun = function(d, w) reorder(d, w), symm = FALSE, revC = identical(Colv, "Rowv"), scale = c("row", "column", "none"),
                    na.rm = TRUE, labRow = NULL, labCol = NULL, main = NULL, xlab = NULL, ylab = NULL, keep.dendro = FALSE, ...) {
  scale <- if (symm && missing(scale)) "none" else match.arg(scale)
  if (length(dim(x)) != 2L || !is.numeric(x)) stop("'x' must be a numeric matrix")
  if (any(dim(x) <= 1L)) stop("'x' must have at least 2 rows and 2 columns")
  tree_of <- function(given, table, means) {
    if (identical(given, NA)) return(NULL)
    tree <- if (inherits(given, "dendrogram")) given else as.dendrogram(hclustfun(distfun(table)))
    if (inherits(given, "dendrogram") || isFALSE(given)) tree else reorderfun(tree, if (is.numeric(given)) given else means)
  }
  rows <- tree_of(Rowv, x, rowMeans(x, na.rm = na.rm))
  columns <- if (identical(Colv, "Rowv")) rows else tree_of(Colv, t(x), colMeans(x, na.rm = na.rm))
  row_order <- if (is.null(rows)) seq_len(nrow(x)) else order.dendrogram(rows)
  column_order <- if (is.null(columns)) seq_len(ncol(x)) else order.dendrogram(columns)
  shown <- x[row_order, column_order]
  row_labels <- if (is.null(labRow)) if (is.null(rownames(x))) seq_len(nrow(x)) else rownames(x) else labRow
  column_labels <- if (is.null(labCol)) if (is.null(colnames(x))) seq_len(ncol(x)) else colnames(x) else labCol
  if (scale != "none") {
    side <- if (scale == "row") 1L else 2L
    shown <- sweep(shown, side, apply(shown, side, mean, na.rm = na.rm), check.margin = FALSE)
    shown <- sweep(shown, side, apply(shown, side, sd, na.rm = na.rm), "/", check.margin = FALSE)
  }
  drawn <- if (revC) shown[rev(seq_len(nrow(shown))), ] else shown
  image(seq_len(ncol(drawn)), seq_len(nrow(drawn)), t(drawn), xlab = if (is.null(xlab)) "" else xlab, ylab = if (is.null(ylab)) "" else ylab,
        main = main, axes = FALSE)
  axis(1, seq_len(ncol(drawn)), labels = column_labels[column_order], las = 2, tick = FALSE)
  axis(4, seq_len(nrow(drawn)), labels = (if (revC) rev else identity)(row_labels[row_order]), las = 2, tick = FALSE)
  invisible(list(rowInd = row_order, colInd = column_order, Rowv = if (keep.dendro) rows, Colv = if (keep.dendro) columns))
}
