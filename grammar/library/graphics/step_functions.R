# Step functions as pictures: what is drawn is told in `t` and `y`.

plot.stepfun <- function(x, xval, xlim, ylim = range(c(y, heights)), xlab = "x", ylab = "f(x)", main = NULL, add = FALSE, verticals = TRUE,
                         do.points = (n < 1000), pch = par("pch"), col = par("col"), col.points = col, cex.points = par("cex"), col.hor = col,
                         col.vert = col, lty = par("lty"), lwd = par("lwd"), ...) {
  if (!is.stepfun(x)) {
    if (!is.numeric(x)) stop("'plot.stepfun' called with wrong type of argument 'x'")
    if (is.null(main)) main <- deparse1(substitute(x))
    x <- ecdf(x)
  } else if (is.null(main) && !is.null(attr(x, "call"))) main <- deparse1(attr(x, "call"))
  at <- if (missing(xval)) knots(x) else sort(xval)
  # Room at each end: a typical gap, of a single knot a sixteenth of it, and as much as is seen where that was asked for.
  room <- if (!missing(xlim)) diff(xlim)
    else if (length(at) == 1L) abs(at) / 16
    else max(0.08 * diff(range(at)), median(diff(at)))
  if (missing(xlim)) xlim <- range(at) + c(-room, room)
  else at <- at[at >= xlim[1L] - room & at <= xlim[2L] + room]
  n <- length(at)
  ends <- c(xlim[1L] - room, at, xlim[2L] + room)
  y <- x((head(ends, -1L) + ends[-1L]) / 2)
  heights <- x(at)
  if (!add) plot.default(NA_real_, NA_real_, type = "n", xlim = xlim, ylim = ylim, xlab = xlab, ylab = ylab, main = main, ...)
  segments(head(ends, -1L), y, ends[-1L], y, col = col.hor, lty = lty, lwd = lwd)
  if (n && do.points) points(at, heights, pch = pch, col = col.points, cex = cex.points)
  if (n && verticals) segments(at, head(y, -1L), at, y[-1L], col = col.vert, lty = lty, lwd = lwd)
  invisible(list(t = ends, y = y))
}

lines.stepfun <- function(x, ...) plot(x, add = TRUE, ...)

plot.ecdf <- function(x, ..., ylab = "Fn(x)", verticals = FALSE, col.01line = "gray70", pch = 19) {
  plot.stepfun(x, ..., ylab = ylab, verticals = verticals, pch = pch)
  abline(h = c(0, 1), col = col.01line, lty = 2)
}
