# Histograms of days and moments: bins of calendar units, as numbers since 1970.

hist.Date <- function(x, breaks, ..., xlab = deparse1(substitute(x)), plot = TRUE, freq = FALSE, density = NULL, angle = 45,
                      col = "lightgray", border = NULL, lty = NULL, main = paste("Histogram of", xlab), xlim = range(breaks),
                      ylim = NULL, ylab = NULL, axes = TRUE, labels = FALSE, format, right = TRUE, include.lowest = TRUE,
                      start.on.monday = TRUE) {
  force(xlab)
  .passed_over(density, angle, lty, labels, format)
  if (missing(breaks)) stop("Must specify 'breaks' in hist(<Date>)")
  x <- x[is.finite(x)]
  edges <- if (is.character(breaks)) .calendar_edges(x, breaks, start.on.monday, right) else breaks
  .drawn_time_bins(unclass(x), edges, xlab, plot, freq, col, border, main, ylim, ylab, axes, right, include.lowest, xlim)
}

hist.POSIXt <- function(x, breaks, ..., xlab = deparse1(substitute(x)), plot = TRUE, freq = FALSE, density = NULL, angle = 45,
                        col = "lightgray", border = NULL, lty = NULL, main = paste("Histogram of", xlab), xlim = range(breaks),
                        ylim = NULL, ylab = NULL, axes = TRUE, labels = FALSE, format, right = TRUE, include.lowest = TRUE,
                        start.on.monday = TRUE) {
  force(xlab)
  .passed_over(density, angle, lty, labels, format)
  if (missing(breaks)) stop("Must specify 'breaks' in hist(<POSIXt>)")
  x <- as.POSIXct(x)
  x <- x[is.finite(x)]
  edges <- if (is.character(breaks)) .calendar_edges(x, breaks, start.on.monday, right) else breaks
  .drawn_time_bins(unclass(x), edges, xlab, plot, freq, col, border, main, ylim, ylab, axes, right, include.lowest, xlim)
}

.time_units <- c("secs", "mins", "hours", "days", "weeks", "months", "years", "quarters")

# Edges of bins from the start of the first unit to past the last value. Bins that end with a month hold its last day.
.calendar_edges <- function(x, unit, start.on.monday, right) {
  days <- inherits(x, "Date")
  known <- if (days) .time_units[-(1:3)] else .time_units
  at <- pmatch(unit, known)
  if (is.na(at)) stop("invalid specification of 'breaks'", call. = FALSE)
  unit <- known[at]
  ends <- range(x)
  start <- if (unit == "weeks") {
    first <- trunc(ends[1L], "days")
    back <- (as.POSIXlt(ends[1L])$wday - start.on.monday) %% 7L
    if (days) ends[1L] - back else as.POSIXct(as.POSIXct(first) - 86400 * back)
  } else if (unit == "quarters") {
    month <- as.POSIXlt(ends[1L])$mon
    seq(as.POSIXct(trunc(as.POSIXct(ends[1L]), "months")), by = paste(-(month %% 3L), "months"), length.out = 2L)[2L - (month %% 3L == 0L)]
  } else if (days && unit == "days") ends[1L] else trunc(ends[1L], unit)
  start <- if (days) as.Date(start) else as.POSIXct(start)
  step <- if (unit == "quarters") "3 months" else if (!days && unit == "days") "DSTdays" else unit
  edges <- seq(start, by = step, length.out = 2L)
  while (edges[length(edges)] <= ends[2L]) edges <- seq(start, by = step, length.out = 2L * length(edges))
  edges <- edges[seq_len(sum(edges <= ends[2L]) + 1L)]
  if (days && unit == "days" && length(edges) > 2L) edges <- edges[-length(edges)]
  if (unit %in% c("months", "quarters", "years") && right) {
    if (days) edges <- edges - 1 else edges[-length(edges)] <- edges[-length(edges)] - 86400
  }
  edges
}

.drawn_time_bins <- function(x, edges, xname, plot, freq, col, border, main, ylim, ylab, axes, right, include.lowest, xlim) {
  bins <- hist.default(x, if (length(edges) > 1L) as.double(edges) else edges, plot = FALSE, right = right, include.lowest = include.lowest)
  bins$xname <- xname
  bins$equidist <- TRUE
  if (!plot) return(bins)
  breaks <- bins$breaks
  plot.histogram(bins, freq, col, if (is.null(border)) "black" else border, main, NULL, xname, ylab, xlim, ylim, axes)
  invisible(bins)
}
