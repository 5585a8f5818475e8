# Surfaces seen in perspective.

# Points through a view: the fourth coordinate divides the first two.
.seen_through <- function(view, x, y, z) {
  points <- cbind(x, y, z, deparse.level = 0L) %*% view[1:3, ] + rep(view[4L, ], each = max(length(x), length(y), length(z)))
  list(x = points[, 1L] / points[, 4L], y = points[, 2L] / points[, 4L], depth = points[, 4L])
}

trans3d <- function(x, y, z, pmat, continuous = FALSE, verbose = TRUE) {
  .passed_over(continuous)
  .seen_through(pmat, x, y, z)[c("x", "y")]
}

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

# The twelve edges of a box whose corners are numbered with the first axis fastest: two corners that differ in one axis.
.box_edges <- function() {
  pairs <- utils::combn(8L, 2L)
  pairs[, bitwXor(pairs[1L, ] - 1L, pairs[2L, ] - 1L) %in% c(1L, 2L, 4L)]
}

.refuse_surface <- function(surface, limits) {
  if (!is.numeric(surface$z) || !identical(dim(surface$z), lengths(surface[c("x", "y")], use.names = FALSE))) return("invalid 'z' argument")
  if (any(diff(surface$x) <= 0) || any(diff(surface$y) <= 0)) return("increasing 'x' and 'y' values expected")
  turned <- vapply(limits, function(ends) ends[1L] >= ends[2L], NA)
  if (any(turned)) sprintf("invalid '%s' limits", names(limits)[turned][1L])
}

persp.default <- function(x = seq(0, 1, length.out = nrow(z)), y = seq(0, 1, length.out = ncol(z)), z, xlim = range(x), ylim = range(y), zlim = range(z, na.rm = TRUE), xlab = NULL, ylab = NULL, zlab = NULL,
                          main = NULL, sub = NULL, theta = 0, phi = 15, r = sqrt(3), d = 1, scale = TRUE, expand = 1, col = "white", border = NULL, ltheta = -135, lphi = 0, shade = NA,
                          box = TRUE, axes = TRUE, nticks = 5, ticktype = "simple", ...) {
  labels <- c(.first_given(xlab, if (!missing(x)) deparse1(substitute(x)), "X"), .first_given(ylab, if (!missing(y)) deparse1(substitute(y)), "Y"),
    .first_given(zlab, if (!missing(z)) deparse1(substitute(z)), "Z"))
  surface <- .surface_of(x, y, z, !missing(z), !missing(x))
  x <- surface$x
  y <- surface$y
  z <- surface$z
  limits <- list(x = xlim, y = ylim, z = zlim)
  refused <- .refuse_surface(surface, limits)
  if (length(refused)) stop(refused)
  view <- .view_of(xlim, ylim, zlim, theta, phi, r, d, scale, expand)
  corners <- expand.grid(limits)
  frame <- .seen_through(view, corners$x, corners$y, corners$z)
  plot.new()
  plot.window(extendrange(frame$x, f = 0.12), extendrange(frame$y, f = 0.12))
  title(main = main, sub = sub)
  if (box) {
    edges <- .box_edges()
    segments(frame$x[edges[1L, ]], frame$y[edges[1L, ]], frame$x[edges[2L, ]], frame$y[edges[2L, ]])
  }
  .draw_facets(x, y, z, view, c(diff(xlim), diff(ylim), diff(zlim) / expand), col, border, ltheta, lphi, shade)
  if (box && axes) .name_axes(xlim, ylim, zlim, view, labels, if (ticktype == "detailed") nticks else 0)
  invisible(view)
}

.draw_facets <- function(x, y, z, view, sizes, col, border, ltheta, lphi, shade) {
  rows <- length(x) - 1L
  columns <- length(y) - 1L
  i <- rep(seq_len(rows), columns)
  j <- rep(seq_len(columns), each = rows)
  heights <- (z[cbind(i, j)] + z[cbind(i + 1L, j)] + z[cbind(i, j + 1L)] + z[cbind(i + 1L, j + 1L)]) / 4
  depth <- .seen_through(view, (x[i] + x[i + 1L]) / 2, (y[j] + y[j + 1L]) / 2, heights)$depth
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
