# Surfaces seen in perspective.

trans3d <- function(x, y, z, pmat, continuous = FALSE, verbose = TRUE) {
  .passed_over(continuous)
  seen <- cbind(x, y, z, 1, deparse.level = 0L) %*% pmat
  list(x = seen[, 1] / seen[, 4], y = seen[, 2] / seen[, 4])
}

# The view as one matrix for rows (x, y, z, 1): the middle to the origin, sides to one size, turned, seen from a distance.
.view_of <- function(xlim, ylim, zlim, theta, phi, r, d, scale, expand) {
  half <- c(diff(xlim), diff(ylim), diff(zlim)) / 2
  if (!scale) half[] <- max(half)
  moved <- diag(4)
  moved[4, 1:3] <- -c(mean(xlim), mean(ylim), mean(zlim))
  about_x <- function(degrees) {
    angle <- degrees * pi / 180
    made <- diag(4)
    made[2:3, 2:3] <- c(cos(angle), -sin(angle), sin(angle), cos(angle))
    made
  }
  turned <- diag(4)
  angle <- -theta * pi / 180
  turned[c(1, 3), c(1, 3)] <- c(cos(angle), sin(angle), -sin(angle), cos(angle))
  away <- diag(4)
  away[4, 3] <- -r - d
  flat <- diag(4)
  flat[3, 4] <- -1 / d
  moved %*% diag(c(1 / half[1:2], expand / half[3], 1)) %*% about_x(-90) %*% turned %*% about_x(phi) %*% away %*% flat
}

persp <- function(x, ...) UseMethod("persp")

persp.default <- function(x = seq(0, 1, length.out = nrow(z)), y = seq(0, 1, length.out = ncol(z)), z, xlim = range(x), ylim = range(y), zlim = range(z, na.rm = TRUE), xlab = NULL, ylab = NULL, zlab = NULL,
                          main = NULL, sub = NULL, theta = 0, phi = 15, r = sqrt(3), d = 1, scale = TRUE, expand = 1, col = "white", border = NULL, ltheta = -135, lphi = 0, shade = NA,
                          box = TRUE, axes = TRUE, nticks = 5, ticktype = "simple", ...) {
  if (is.null(xlab)) xlab <- if (!missing(x)) deparse1(substitute(x)) else "X"
  if (is.null(ylab)) ylab <- if (!missing(y)) deparse1(substitute(y)) else "Y"
  if (is.null(zlab)) zlab <- if (!missing(z)) deparse1(substitute(z)) else "Z"
  if (missing(z)) {
    if (missing(x)) stop("no 'z' matrix specified")
    if (is.list(x)) {
      z <- x$z
      y <- x$y
      x <- x$x
    } else {
      z <- x
      x <- seq.int(0, 1, length.out = nrow(z))
    }
  }
  if (any(diff(x) <= 0) || any(diff(y) <= 0)) stop("increasing 'x' and 'y' values expected")
  view <- .view_of(xlim, ylim, zlim, theta, phi, r, d, scale, expand)
  corners <- expand.grid(xlim, ylim, zlim)
  frame <- trans3d(corners[[1]], corners[[2]], corners[[3]], view)
  plot.new()
  wide <- function(ends) ends + c(-0.12, 0.12) * diff(ends)
  plot.window(wide(range(frame$x)), wide(range(frame$y)))
  title(main = main, sub = sub)
  edge <- function(a, b) segments(frame$x[a], frame$y[a], frame$x[b], frame$y[b])
  if (box) for (pair in list(c(1, 2), c(1, 3), c(2, 4), c(3, 4), c(1, 5), c(2, 6), c(3, 7), c(4, 8), c(5, 6), c(5, 7), c(6, 8), c(7, 8))) edge(pair[1], pair[2])
  .draw_facets(x, y, z, view, c(diff(xlim), diff(ylim), diff(zlim) / expand), col, border, ltheta, lphi, shade)
  if (box && axes) .name_axes(xlim, ylim, zlim, view, c(xlab, ylab, zlab), if (ticktype == "detailed") nticks else 0)
  invisible(view)
}

# Far facets first, so that near ones cover them.
.draw_facets <- function(x, y, z, view, sizes, col, border, ltheta, lphi, shade) {
  rows <- length(x) - 1L
  columns <- length(y) - 1L
  i <- rep(seq_len(rows), columns)
  j <- rep(seq_len(columns), each = rows)
  heights <- (z[cbind(i, j)] + z[cbind(i + 1L, j)] + z[cbind(i, j + 1L)] + z[cbind(i + 1L, j + 1L)]) / 4
  depth <- (cbind((x[i] + x[i + 1L]) / 2, (y[j] + y[j + 1L]) / 2, heights, 1) %*% view)[, 4]
  colours <- rep_len(col, rows * columns)
  if (!is.na(shade)) {
    # Brightness follows the angle between the facet and the light.
    light <- c(cos(lphi * pi / 180) * sin(ltheta * pi / 180), -cos(lphi * pi / 180) * cos(ltheta * pi / 180), sin(lphi * pi / 180))
    across <- (z[cbind(i + 1L, j)] - z[cbind(i, j)]) / (x[i + 1L] - x[i]) * sizes[1] / sizes[3]
    along <- (z[cbind(i, j + 1L)] - z[cbind(i, j)]) / (y[j + 1L] - y[j]) * sizes[2] / sizes[3]
    bright <- (0.5 * (1 + (-across * light[1] - along * light[2] + light[3]) / sqrt(across^2 + along^2 + 1)))^shade
    channels <- col2rgb(colours) / 255
    colours <- rgb(channels[1, ] * bright, channels[2, ] * bright, channels[3, ] * bright)
  }
  for (k in order(-depth)) {
    if (is.na(heights[k])) next
    at <- trans3d(x[i[k] + c(0L, 1L, 1L, 0L)], y[j[k] + c(0L, 0L, 1L, 1L)], z[cbind(i[k] + c(0L, 1L, 1L, 0L), j[k] + c(0L, 0L, 1L, 1L))], view)
    polygon(at$x, at$y, col = colours[k], border = border)
  }
}

.name_axes <- function(xlim, ylim, zlim, view, labels, ticks) {
  middle <- trans3d(mean(xlim), mean(ylim), mean(zlim), view)
  beside <- function(x, y, z, label, far) {
    at <- trans3d(x, y, z, view)
    text(middle$x + (at$x - middle$x) * far, middle$y + (at$y - middle$y) * far, label)
  }
  beside(mean(xlim), ylim[1], zlim[1], labels[1], 1.25)
  beside(xlim[2], mean(ylim), zlim[1], labels[2], 1.25)
  beside(xlim[1], ylim[1], mean(zlim), labels[3], 1.15)
  if (!ticks) return(invisible())
  for (value in pretty(xlim, ticks)) if (value >= xlim[1] && value <= xlim[2]) beside(value, ylim[1], zlim[1], format(value), 1.1)
  for (value in pretty(ylim, ticks)) if (value >= ylim[1] && value <= ylim[2]) beside(xlim[2], value, zlim[1], format(value), 1.1)
  for (value in pretty(zlim, ticks)) if (value >= zlim[1] && value <= zlim[2]) beside(xlim[1], ylim[1], value, format(value), 1.06)
}
