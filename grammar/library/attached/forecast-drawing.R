# Pictures of series, forecasts and what is left over.

# A series as points to draw: its times, its values, and which series they are of.
.series_points <- function(x, name = "") {
  x <- as.ts(x)
  times <- as.vector(time(x))
  plain <- plain_series(x)
  attr(plain, "msts") <- NULL
  if (!is.matrix(plain)) return(data.frame(time = times, value = as.vector(plain), series = name))
  columns <- if (is.null(colnames(plain))) paste("Series", seq_len(ncol(plain))) else colnames(plain)
  data.frame(time = rep(times, ncol(plain)), value = as.vector(plain), series = factor(rep(columns, each = nrow(plain)), columns))
}

autoplot.ts <- function(object, series = NULL, xlab = "Time", ylab = deparse1(substitute(object)), main = NULL, facets = FALSE, colour = TRUE, ...) {
  points <- .series_points(object, if (is.null(series)) "" else series)
  drawn <- ggplot(points, aes(x = time, y = value))
  several <- is.matrix(object) || !is.null(series)
  drawn <- drawn + if (several && colour && !facets) geom_line(aes(colour = series)) else if (several) geom_line(aes(group = series)) else geom_line()
  if (facets) drawn <- drawn + facet_wrap(~ series, ncol = 1, scales = "free_y")
  drawn + labs(x = xlab, y = if (is.matrix(object)) "" else ylab, title = main)
}

autoplot.mts <- function(object, ...) autoplot.ts(object, ...)

autoplot.msts <- function(object, ...) autoplot.ts(object, ...)

autolayer <- function(object, ...) UseMethod("autolayer")

autolayer.ts <- function(object, series = NULL, colour = TRUE, ...) {
  name <- if (is.null(series)) deparse1(substitute(object)) else series
  points <- .series_points(object, name)
  if (colour) geom_line(aes(x = time, y = value, colour = series), data = points) else geom_line(aes(x = time, y = value, group = series), data = points)
}

autolayer.mts <- function(object, ...) autolayer.ts(object, ...)

# The bounds of a level as a band.
.forecast_band <- function(object, k) data.frame(time = as.vector(time(object$mean)), low = as.matrix(plain_series(object$lower))[, k], high = as.matrix(plain_series(object$upper))[, k])

autolayer.forecast <- function(object, series = NULL, PI = TRUE, showgap = TRUE, ...) {
  .passed_over(showgap)
  name <- if (is.null(series)) "Forecasts" else series
  bands <- if (PI && !is.null(object$lower)) lapply(order(-object$level), function(k)
    geom_ribbon(aes(x = time, ymin = low, ymax = high), data = .forecast_band(object, k), fill = "#596DD5", alpha = 0.3, inherit.aes = FALSE))
  c(bands, list(geom_line(aes(x = time, y = value, colour = series), data = .series_points(object$mean, name))))
}

autoplot.forecast <- function(object, include, PI = TRUE, shadecols = c("#596DD5", "#D5DBFF"), fcol = "#0000AA", flwd = 0.5, ...) {
  shown <- as.ts(object$x)
  if (!missing(include)) shown <- tail.ts(shown, include)
  drawn <- ggplot(.series_points(shown), aes(x = time, y = value)) + geom_line()
  if (PI && !is.null(object$lower)) {
    shades <- rep_len(shadecols, length(object$level))
    for (k in order(-object$level)) drawn <- drawn +
        geom_ribbon(aes(x = time, ymin = low, ymax = high), data = .forecast_band(object, k), fill = shades[rank(object$level)[k]], inherit.aes = FALSE)
  }
  drawn + geom_line(data = .series_points(object$mean), colour = fcol, linewidth = flwd) + labs(x = "Time", y = object$series, title = paste("Forecasts from", object$method))
}

plot.forecast <- function(x, include, PI = TRUE, showgap = TRUE, shaded = TRUE, shadebars = (length(x$mean) < 5), shadecols = NULL, col = 1, fcol = 4,
                          pi.col = 1, pi.lty = 2, ylim = NULL, main = NULL, xlab = "", ylab = "", type = "l", flty = 1, flwd = 2, ...) {
  .passed_over(showgap, shadebars)
  shown <- as.ts(x$x)
  if (!missing(include)) shown <- tail.ts(shown, include)
  bounded <- PI && !is.null(x$lower)
  heights <- range(as.vector(shown), as.vector(x$mean), if (bounded) c(as.vector(x$lower), as.vector(x$upper)), na.rm = TRUE)
  ahead <- as.vector(time(x$mean))
  plot.default(as.vector(time(shown)), as.vector(shown), type = type, col = col, xlim = range(as.vector(time(shown)), ahead), ylim = if (is.null(ylim)) heights else ylim,
    xlab = xlab, ylab = ylab, main = if (is.null(main)) paste("Forecasts from", x$method) else main, ...)
  if (bounded) {
    shades <- if (is.null(shadecols)) grey(seq(0.85, 0.7, length.out = length(x$level))) else rep_len(shadecols, length(x$level))
    for (k in order(-x$level)) {
      band <- .forecast_band(x, k)
      if (shaded) polygon(c(ahead, rev(ahead)), c(band$low, rev(band$high)), col = shades[rank(-x$level)[k]], border = NA)
      else for (side in c("low", "high")) lines.default(ahead, band[[side]], col = pi.col, lty = pi.lty)
    }
  }
  lines.default(ahead, as.vector(x$mean), lty = flty, lwd = flwd, col = fcol)
  invisible(list(mean = x$mean))
}

lines.forecast <- function(x, ...) lines.default(as.vector(time(x$mean)), as.vector(x$mean), ...)

plot.ets <- function(x, ...) {
  ts.plot(cbind(observed = as.vector(x$x), level = as.vector(plain_series(x$states)[-1L, 1L])) |> .beside_series(x$x), ...)
  invisible(x)
}

autoplot.ets <- function(object, ...) {
  shown <- plain_series(object$states)[-1L, seq_len(min(3L, ncol(object$states))), drop = FALSE]
  autoplot.ts(.beside_series(cbind(observed = as.vector(object$x), shown), object$x), facets = TRUE, main = paste("Components of", object$method, "method"), ...)
}

autoplot.stl <- function(object, ...) {
  parts <- plain_series(object$time.series)
  autoplot.ts(.beside_series(cbind(data = rowSums(parts), parts[, c("trend", "seasonal", "remainder")]), object$time.series), facets = TRUE, ...)
}

autoplot.mstl <- function(object, ...) autoplot.ts(.beside_series(structure(as.vector(object), dim = dim(object), dimnames = list(NULL, colnames(object))), object), facets = TRUE, ...)

autoplot.decomposed.ts <- function(object, ...) {
  parts <- cbind(data = as.vector(object$x), trend = as.vector(object$trend), seasonal = as.vector(object$seasonal), remainder = as.vector(object$random))
  autoplot.ts(.beside_series(parts, object$x), facets = TRUE, main = paste("Decomposition of", object$type, "time series"), ...)
}

autoplot.acf <- function(object, ci = 0.95, ...) {
  points <- data.frame(lag = as.vector(object$lag), value = as.vector(object$acf))
  if (object$type == "correlation") points <- points[points$lag != 0, ]
  reach <- qnorm((1 + ci) / 2) / sqrt(object$n.used)
  ggplot(points, aes(x = lag, y = value)) + geom_segment(aes(xend = lag, yend = 0)) + geom_hline(yintercept = 0) +
    geom_hline(yintercept = c(-reach, reach), colour = "blue", linetype = "dashed") + labs(x = "Lag", y = if (object$type == "partial") "PACF" else "ACF", title = paste("Series:", object$series))
}

# Lags are counted in observations, and the lag 0 tells nothing.
Acf <- function(x, lag.max = NULL, type = c("correlation", "covariance", "partial"), plot = TRUE, na.action = na.contiguous, demean = TRUE, ...) {
  type <- match.arg(type)
  label <- deparse1(substitute(x))
  rate <- frequency(x)
  if (is.null(lag.max)) lag.max <- max(floor(10 * (log10(length(x)) - log10(NCOL(x)))), 2 * rate)
  made <- acf(x, lag.max = min(lag.max, length(x) - 1), type = type, plot = FALSE, na.action = na.action, demean = demean)
  made$lag[] <- made$lag * rate
  made$series <- label
  if (!plot) return(made)
  shown <- made
  if (type == "correlation" && NCOL(x) == 1L) shown[c("acf", "lag")] <- lapply(made[c("acf", "lag")], function(part) part[-1L, , , drop = FALSE])
  plot(shown, ...)
  invisible(made)
}

Pacf <- function(x, lag.max = NULL, plot = TRUE, na.action = na.contiguous, demean = TRUE, ...) {
  made <- Acf(x, lag.max = lag.max, type = "partial", plot = FALSE, na.action = na.action, demean = demean)
  made$series <- deparse1(substitute(x))
  if (!plot) return(made)
  plot(made, ...)
  invisible(made)
}

Ccf <- function(x, y, lag.max = NULL, type = c("correlation", "covariance"), plot = TRUE, na.action = na.contiguous, ...) {
  made <- ccf(x, y, lag.max = lag.max, type = match.arg(type), plot = FALSE, na.action = na.action)
  made$lag[] <- made$lag * frequency(x)
  if (!plot) return(made)
  plot(made, ...)
  invisible(made)
}

ggAcf <- function(x, lag.max = NULL, type = c("correlation", "covariance", "partial"), plot = TRUE, na.action = na.contiguous, demean = TRUE, ...) {
  made <- Acf(x, lag.max, match.arg(type), FALSE, na.action, demean)
  made$series <- deparse1(substitute(x))
  if (plot) autoplot.acf(made, ...) else made
}

ggPacf <- function(x, lag.max = NULL, plot = TRUE, na.action = na.contiguous, demean = TRUE, ...) {
  made <- Acf(x, lag.max, "partial", FALSE, na.action, demean)
  made$series <- deparse1(substitute(x))
  if (plot) autoplot.acf(made, ...) else made
}

tsdisplay <- function(x, plot.type = c("partial", "histogram", "scatter", "spectrum"), points = TRUE, lag.max, na.action = na.contiguous, main = NULL, xlab = "",
                      ylab = "", ...) {
  plot.type <- match.arg(plot.type)
  title <- if (is.null(main)) deparse1(substitute(x)) else main
  x <- as.ts(x)
  if (missing(lag.max)) lag.max <- round(min(max(10 * log10(length(x)), 3 * frequency(x)), length(x) / 3))
  kept <- par(mfrow = c(3L, 1L))
  on.exit(par(kept))
  plot.default(as.vector(time(x)), as.vector(x), type = if (points) "o" else "l", main = title, xlab = xlab, ylab = ylab, ...)
  Acf(x, lag.max = lag.max, na.action = na.action, main = "")
  switch(plot.type, partial = Pacf(x, lag.max = lag.max, na.action = na.action, main = ""), histogram = hist(as.vector(x), main = "", xlab = ""),
    scatter = plot.default(as.vector(x)[-length(x)], as.vector(x)[-1L], xlab = "t-1", ylab = "t"), spectrum = spec.ar(na.action(x), main = ""))
  invisible(NULL)
}

ggtsdisplay <- function(x, plot.type = c("partial", "histogram", "scatter", "spectrum"), points = TRUE, smooth = FALSE, lag.max, na.action = na.contiguous,
                        theme = NULL, ...) {
  .passed_over(smooth, theme)
  if (missing(lag.max)) tsdisplay(x, match.arg(plot.type), points = points, na.action = na.action, main = deparse1(substitute(x)))
  else tsdisplay(x, match.arg(plot.type), points = points, lag.max = lag.max, na.action = na.action, main = deparse1(substitute(x)))
}

.residual_pictures <- function(rest, title) {
  kept <- par(mfrow = c(3L, 1L))
  on.exit(par(kept))
  plot.default(as.vector(time(rest)), as.vector(rest), type = "l", main = title, xlab = "", ylab = "")
  Acf(rest, na.action = na.pass, main = "")
  hist(as.vector(rest), main = "", xlab = "residuals")
}

gghistogram <- function(x, add.normal = FALSE, add.kde = FALSE, add.rug = TRUE, bins, boundary = 0) {
  points <- data.frame(x = as.vector(x))
  points <- points[!is.na(points$x), , drop = FALSE]
  width <- 2 * IQR(points$x) / nrow(points)^(1 / 3)
  if (missing(bins)) bins <- max(1, min(500, ceiling(diff(range(points$x)) / width)))
  drawn <- ggplot(points, aes(x = x)) + geom_histogram(bins = bins, boundary = boundary) + labs(x = deparse1(substitute(x)), y = "count")
  across <- seq(min(points$x), max(points$x), length.out = 512)
  scale <- nrow(points) * diff(range(points$x)) / bins
  if (add.normal) drawn <- drawn + geom_line(aes(x = x, y = y), data = data.frame(x = across, y = scale * dnorm(across, mean(points$x), sd(points$x))), colour = "#ff8a62")
  if (add.kde) {
    found <- density(points$x)
    drawn <- drawn + geom_line(aes(x = x, y = y), data = data.frame(x = found$x, y = scale * found$y), colour = "#67a9ff")
  }
  if (add.rug) drawn + geom_rug() else drawn
}

# Years side by side.
.season_points <- function(x) {
  x <- as.ts(x)
  .refuse_if(`Data are not seasonal` = frequency(x) <= 1)
  data.frame(year = factor(floor(as.vector(time(x)) + 1e-8)), season = as.vector(cycle(x)), value = as.vector(x))
}

.season_labels <- function(rate) if (rate == 12) month.abb else if (rate == 4) paste0("Q", 1:4) else as.character(seq_len(rate))

ggseasonplot <- function(x, season.labels = NULL, year.labels = FALSE, year.labels.left = FALSE, type = NULL, col = NULL, continuous = FALSE, polar = FALSE,
                         labelgap = 0.04, ...) {
  .passed_over(year.labels, year.labels.left, type, col, continuous)
  .passed_over(labelgap)
  points <- .season_points(x)
  labels <- if (is.null(season.labels)) .season_labels(frequency(x)) else season.labels
  drawn <- ggplot(points, aes(x = season, y = value, colour = year)) + geom_line() + scale_x_continuous(breaks = seq_along(labels), labels = labels) +
    labs(x = c(`4` = "Quarter", `12` = "Month")[as.character(frequency(x))], y = "", title = paste("Seasonal plot:", deparse1(substitute(x))))
  if (polar) drawn + coord_polar() else drawn
}

seasonplot <- function(x, s, season.labels = NULL, year.labels = FALSE, year.labels.left = FALSE, type = "o", main, xlab = NULL, ylab = "", col = 1, labelgap = 0.1, ...) {
  .passed_over(year.labels, year.labels.left, labelgap)
  points <- .season_points(if (missing(s)) x else ts(as.vector(x), frequency = s))
  labels <- if (is.null(season.labels)) .season_labels(max(points$season)) else season.labels
  plot.default(range(points$season), range(points$value, na.rm = TRUE), type = "n", xlab = if (is.null(xlab)) "" else xlab, ylab = ylab,
    main = if (missing(main)) paste("Seasonal plot:", deparse1(substitute(x))) else main, xaxt = "n", ...)
  axis(1, seq_along(labels), labels)
  years <- split(points, points$year)
  for (k in seq_along(years)) lines.default(years[[k]]$season, years[[k]]$value, type = type, col = rep_len(col, length(years))[k])
  invisible(NULL)
}

ggsubseriesplot <- function(x, labels = NULL, times = time(x), phase = cycle(x), ...) {
  points <- data.frame(time = as.vector(times), season = as.vector(phase), value = as.vector(x))
  points$middle <- ave(points$value, points$season, FUN = function(part) mean(part, na.rm = TRUE))
  points$label <- factor(points$season, labels = if (is.null(labels)) .season_labels(frequency(x))[sort(unique(points$season))] else labels)
  ggplot(points, aes(x = time, y = value)) + geom_line() + geom_line(aes(y = middle), colour = "blue") + facet_wrap(~ label, nrow = 1) + labs(x = "", y = deparse1(substitute(x)))
}

ggmonthplot <- function(x, labels = NULL, times = time(x), phase = cycle(x), ...) ggsubseriesplot(x, labels, times, phase, ...)

gglagplot <- function(x, lags = ifelse(frequency(x) > 9, 16, 9), set.lags = 1:lags, diag = TRUE, diag.col = "gray", do.lines = TRUE, colour = TRUE, continuous = TRUE,
                      labels = FALSE, seasonal = TRUE, ...) {
  .passed_over(do.lines, continuous, labels, seasonal)
  n <- length(x)
  points <- do.call(rbind, lapply(set.lags, function(k) data.frame(lag = paste("lag", k), before = as.vector(x)[seq_len(n - k)], now = as.vector(x)[k + seq_len(n - k)],
    season = factor(as.vector(cycle(x))[k + seq_len(n - k)]))))
  points$lag <- factor(points$lag, paste("lag", set.lags))
  drawn <- ggplot(points, aes(x = before, y = now)) + (if (colour && frequency(x) > 1) geom_point(aes(colour = season)) else geom_point()) + facet_wrap(~ lag)
  if (diag) drawn + geom_abline(colour = diag.col, linetype = "dashed") else drawn
}
