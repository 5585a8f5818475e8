# Heights as bands of colour, and clouds of points as shades.

filled.contour <- function(x = seq(0, 1, length.out = nrow(z)), y = seq(0, 1, length.out = ncol(z)), z, xlim = range(x, finite = TRUE),
                           ylim = range(y, finite = TRUE), zlim = range(z, finite = TRUE), levels = pretty(zlim, nlevels), nlevels = 20,
                           color.palette = function(n) hcl.colors(n, "YlOrRd", rev = TRUE), col = color.palette(length(levels) - 1), plot.title,
                           plot.axes, key.title, key.axes, asp = NA, xaxs = "i", yaxs = "i", las = 1, axes = TRUE, frame.plot = axes, main = NULL,
                           xlab = "", ylab = "", ...) {
  surface <- .surface_of(x, y, z, !missing(z), !missing(x))
  x <- surface$x
  y <- surface$y
  z <- surface$z
  if (any(diff(x) <= 0) || any(diff(y) <= 0)) stop("increasing 'x' and 'y' values expected")
  if (!is.matrix(z) || nrow(z) <= 1L || ncol(z) <= 1L) stop("no proper 'z' matrix specified")
  layout(matrix(c(2L, 1L), 1L), widths = c(5, 1))
  on.exit(par(mfrow = c(1L, 1L)))
  # The key beside the picture comes first, so that more may be drawn into the picture.
  plot.default(NA_real_, NA_real_, type = "n", xlim = c(0, 1), ylim = range(levels), xaxs = "i", yaxs = "i", xlab = "", ylab = "", axes = FALSE)
  rect(0, head(levels, -1L), 1, levels[-1L], col = col)
  if (!missing(key.axes)) key.axes else if (axes) axis(4)
  box()
  if (!missing(key.title)) key.title
  plot.default(NA_real_, NA_real_, type = "n", xlim = xlim, ylim = ylim, xaxs = xaxs, yaxs = yaxs, asp = asp, axes = FALSE, xlab = "", ylab = "")
  .draw("bands", x = x, y = y, z = as.double(z), levels = levels, col = col)
  if (!missing(plot.axes)) plot.axes else if (axes) {
    axis(1)
    axis(2)
  }
  if (frame.plot) box()
  if (!missing(plot.title)) plot.title else title(main = main, xlab = xlab, ylab = ylab)
  invisible()
}

smoothScatter <- function(x, y = NULL, nbin = 128, bandwidth, colramp = colorRampPalette(c("white", blues9)), nrpoints = 100, ret.selection = FALSE,
                          pch = ".", cex = 1, col = "black", transformation = function(x) x^0.25, postPlotHook = box, xlab = NULL, ylab = NULL,
                          xlim, ylim, xaxs = par("xaxs"), yaxs = par("yaxs"), ...) {
  if (!is.numeric(nrpoints) || length(nrpoints) != 1L || nrpoints < 0) stop("'nrpoints' should be numeric scalar with value >= 0.")
  nrpoints <- round(nrpoints)
  labels <- list(if (!missing(x)) deparse1(substitute(x)), if (!missing(y)) deparse1(substitute(y)))
  at <- xy.coords(x, y, labels[[1L]], labels[[2L]])
  given <- which(is.finite(at$x) & is.finite(at$y))
  places <- list(at$x[given], at$y[given])
  if (!missing(xlim)) {
    if (!is.numeric(xlim) || length(xlim) != 2L || !all(is.finite(xlim))) stop("invalid 'xlim'")
    kept <- places[[1L]] >= min(xlim) & places[[1L]] <= max(xlim)
    given <- given[kept]
    places <- lapply(places, `[`, kept)
  } else xlim <- range(places[[1L]])
  if (!missing(ylim)) {
    if (!is.numeric(ylim) || length(ylim) != 2L || !all(is.finite(ylim))) stop("invalid 'ylim'")
    kept <- places[[2L]] >= min(ylim) & places[[2L]] <= max(ylim)
    given <- given[kept]
    places <- lapply(places, `[`, kept)
  } else ylim <- range(places[[2L]])
  if (!is.numeric(nbin) || !length(nbin) %in% 1:2) stop("'nbin' must be numeric of length 1 or 2")
  nbin <- rep_len(nbin, 2L)
  if (missing(bandwidth)) {
    bandwidth <- vapply(places, function(one) diff(quantile(one, c(0.05, 0.95), names = FALSE)) / 25, 0)
    bandwidth[bandwidth == 0] <- 1
  }
  if (!is.numeric(bandwidth)) stop("'bandwidth' must be numeric")
  if (any(bandwidth <= 0)) stop("'bandwidth' must be positive")
  bandwidth <- rep_len(bandwidth, 2L)
  grid <- lapply(1:2, function(k) seq(min(places[[k]]) - 1.5 * bandwidth[k], max(places[[k]]) + 1.5 * bandwidth[k], length.out = nbin[k]))
  weights <- lapply(1:2, function(k) outer(grid[[k]], places[[k]], function(one, other) dnorm(one, other, bandwidth[k])))
  density <- tcrossprod(weights[[1L]], weights[[2L]]) / length(given)
  density[density < 0] <- 0
  image(grid[[1L]], grid[[2L]], matrix(transformation(density), nbin[1L]), col = colramp(256), xlab = if (is.null(xlab)) at$xlab else xlab,
        ylab = if (is.null(ylab)) at$ylab else ylab, xlim = xlim, ylim = ylim, xaxs = xaxs, yaxs = yaxs, ...)
  if (!is.null(postPlotHook)) postPlotHook()
  # Points where hardly any others are stand for themselves.
  if (nrpoints == 0) return(invisible())
  nearest <- lapply(1:2, function(k) pmin(nbin[k], pmax(1, round((places[[k]] - grid[[k]][1L]) / diff(grid[[k]][1:2])) + 1)))
  alone <- order(density[cbind(nearest[[1L]], nearest[[2L]])])[seq_len(min(nrpoints, length(given)))]
  points(places[[1L]][alone], places[[2L]][alone], pch = pch, cex = cex, col = col)
  if (ret.selection) given[alone]
}
