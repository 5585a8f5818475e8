# Series as pictures: their parts, seasons, lags and kernels; the residuals of a median polish.
# Source: R's help pages; W. S. Cleveland, Visualizing Data (1993); J. W. Tukey, Exploratory Data Analysis (1977).

plot.decomposed.ts <- function(x, ...) {
  parts <- list(observed = x$x, trend = x$trend, seasonal = x$seasonal, random = x$random)
  old <- par(mfrow = c(4L, 1L))
  on.exit(par(old))
  for (name in names(parts)) {
    plot.default(as.vector(time(x$x)), as.vector(parts[[name]]), type = "l", ylab = name, xlab = if (name == "random") "Time" else "",
                 main = if (name == "observed") paste("Decomposition of", x$type, "time series"), ...)
  }
  invisible()
}

plot.tskernel <- function(x, type = "h", xlab = "k", ylab = "W[k]", main = attr(x, "name"), ...) {
  lags <- seq(-x$m, x$m)
  plot.default(lags, x[lags], type = type, xlab = xlab, ylab = ylab, main = main, ...)
}

# Residuals against the products of the effects: where these lie on a line, rows and columns do not only add up.
plot.medpolish <- function(x, main = "Tukey Additivity Plot", ...) {
  # Residuals that rise with these values ask for another scale of the table.
  compared <- tcrossprod(x$row, x$col) / x$overall
  plot.default(compared, x$residuals, xlab = "Diagnostic Comparison Values", ylab = "Residuals", main = main, ...)
  abline(h = 0, v = 0, lty = 3)
  invisible()
}

lag.plot <- function(x, lags = 1, layout = NULL, set.lags = seq_len(lags), main = NULL, asp = 1, diag = TRUE, diag.col = "gray", type = "p",
                     oma = NULL, ask = NULL, do.lines = (n <= 150), labels = do.lines, ...) {
  called <- deparse1(substitute(x))
  series <- as.matrix(as.ts(x))
  columns <- ncol(series)
  n <- nrow(series)
  names <- if (is.null(colnames(x))) if (columns == 1L) called else paste("Series", seq_len(columns)) else colnames(x)
  panels <- columns * length(set.lags)
  if (is.null(layout)) layout <- n2mfrow(panels)
  old <- par(mfrow = layout)
  on.exit(par(old))
  for (column in seq_len(columns)) for (lag in set.lags) {
    values <- as.vector(series[, column])
    before <- if (lag >= 0) seq_len(max(0L, n - lag)) else seq.int(1L - lag, length.out = max(0L, n + lag))
    later <- values[before + lag]
    earlier <- values[before]
    ends <- range(values, na.rm = TRUE)
    if (!length(before)) {
      plot.default(NA_real_, NA_real_, type = "n", xlim = ends, ylim = ends, asp = asp, xlab = paste("lag", lag), ylab = names[column])
      next
    }
    plot.default(later, earlier, type = if (do.lines) "n" else type, xlim = ends, ylim = ends, asp = asp, xlab = paste("lag", lag), ylab = names[column], ...)
    if (diag) abline(0, 1, lty = 2, col = diag.col)
    if (do.lines) {
      lines(later, earlier, col = "gray")
      if (isFALSE(labels)) points(later, earlier, ...)
    }
    if (!isFALSE(labels)) text(later, earlier, if (isTRUE(labels)) before else rep_len(labels, n)[before], cex = 0.8)
  }
  if (!is.null(main)) mtext(main, side = 3, outer = TRUE)
  invisible()
}

monthplot <- function(x, ...) UseMethod("monthplot")

# The values of each season beside each other, with their mean.
monthplot.default <- function(x, labels = 1L:12L, ylab = deparse1(substitute(x)), times = seq_along(x), phase = (times - 1L) %% length(labels) + 1L,
                              base = mean, axes = TRUE, type = c("l", "h"), box = TRUE, add = FALSE, col = par("col"), lty = par("lty"),
                              lwd = par("lwd"), col.base = col, lty.base = lty, lwd.base = lwd, ...) {
  type <- match.arg(type)
  if (is.null(labels) || (missing(labels) && !missing(phase))) labels <- sort(unique(phase))
  phase <- as.integer(factor(phase, sort(unique(phase))))
  seasons <- length(labels)
  x <- as.vector(x)
  middle <- if (is.null(base)) rep(NA_real_, seasons) else vapply(seq_len(seasons), function(k) as.double(base(x[phase == k])), 0)
  if (!add) plot.default(NA_real_, NA_real_, type = "n", xlim = c(0.55, seasons + 0.45), ylim = range(x, na.rm = TRUE), xaxt = "n", axes = axes, frame.plot = box,
                         xlab = "", ylab = ylab, ...)
  if (!add && box && !axes) graphics::box()
  if (!add && axes) axis(1, at = seq_len(seasons), labels = labels)
  for (k in seq_len(seasons)) {
    own <- which(phase == k)
    if (!length(own)) next
    moments <- times[own]
    width <- max(times) - min(times)
    at <- k - 0.45 + 0.9 * (if (width > 0) (moments - min(times)) / width else 0.5)
    if (type == "l") lines(at, x[own], col = col, lty = lty, lwd = lwd)
    else segments(at, if (is.null(base)) 0 else middle[k], at, x[own], col = col, lty = lty, lwd = lwd)
    if (!is.null(base)) segments(k - 0.45, middle[k], k + 0.45, middle[k], col = col.base, lty = lty.base, lwd = lwd.base)
  }
  invisible()
}

monthplot.ts <- function(x, labels = NULL, times = time(x), phase = cycle(x), ylab = deparse1(substitute(x)), ...) {
  if (is.null(labels)) {
    rate <- frequency(x)
    labels <- if (missing(phase)) {
      if (rate == 12) c("J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D") else if (rate == 4) paste0("Q", 1:4) else seq_len(rate)
    } else sort(unique(phase))
  }
  monthplot.default(as.vector(x), labels = labels, times = as.vector(times), phase = as.vector(phase), ylab = ylab, ...)
}

monthplot.stl <- function(x, labels = NULL, ylab = choice, choice = "seasonal", ...) {
  monthplot.ts(x$time.series[, choice], labels = labels, ylab = ylab, ...)
}

monthplot.StructTS <- function(x, labels = NULL, ylab = choice, choice = "sea", ...) {
  monthplot.ts(fitted(x)[, choice], labels = labels, ylab = ylab, ...)
}
