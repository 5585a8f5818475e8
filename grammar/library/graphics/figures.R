# Points that are figures: sunflowers, symbols and stars.

sunflowerplot <- function(x, ...) UseMethod("sunflowerplot")

sunflowerplot.formula <- function(formula, data = NULL, xlab = NULL, ylab = NULL, ..., subset, na.action = NULL) {
  framed <- quote(stats::model.frame(formula, data, na.action = na.action))
  if (!missing(subset)) framed$subset <- substitute(subset)
  frame <- eval(framed)
  sunflowerplot.default(frame[[2L]], frame[[1L]], xlab = if (is.null(xlab)) names(frame)[2L] else xlab, ylab = if (is.null(ylab)) names(frame)[1L] else ylab, ...)
}

# A petal for each of several points at one place.
sunflowerplot.default <- function(x, y = NULL, number, log = "", digits = 6L, xlab = NULL, ylab = NULL, xlim = NULL, ylim = NULL, add = FALSE,
                                  rotate = FALSE, pch = 16, cex = 0.8, cex.fact = 1.5, col = par("col"), bg = NA, size = 1 / 8, seg.col = 2,
                                  seg.lwd = 1.5, ...) {
  labels <- list(if (!missing(x)) deparse1(substitute(x)), if (!missing(y)) deparse1(substitute(y)))
  at <- xy.coords(x, y, labels[[1L]], labels[[2L]], log)
  if (missing(number)) {
    whole <- is.finite(at$x) & is.finite(at$y)
    places <- list(signif(at$x[whole], digits), signif(at$y[whole], digits))
    sorted <- order(places[[1L]], places[[2L]])
    places <- lapply(places, `[`, sorted)
    new <- !duplicated(data.frame(places))
    number <- tabulate(cumsum(new))
    at[c("x", "y")] <- lapply(places, `[`, new)
  } else {
    if (length(number) != length(at$x)) stop("'number' must have same length as 'x' and 'y'")
    at[c("x", "y")] <- lapply(at[c("x", "y")], `[`, number > 0)
    number <- number[number > 0]
  }
  if (is.null(xlim)) xlim <- range(at$x[is.finite(at$x)])
  if (is.null(ylim)) ylim <- range(at$y[is.finite(at$y)])
  if (!add) plot.default(NA_real_, NA_real_, type = "n", xlim = xlim, ylim = ylim, log = log, xlab = if (is.null(xlab)) at$xlab else xlab, ylab = if (is.null(ylab)) at$ylab else ylab, ...)
  single <- number == 1
  points(at$x[single], at$y[single], pch = pch, col = col, bg = bg, cex = cex)
  if (any(!single)) {
    points(at$x[!single], at$y[!single], pch = pch, col = col, bg = bg, cex = cex / cex.fact)
    # Petals are an eighth of an inch long on a page of about six.
    long <- size / 6 * c(diff(xlim), diff(ylim))
    petals <- rep(which(!single), number[!single])
    angle <- unlist(lapply(number[!single], function(count) 2 * pi * (seq_len(count) - 1) / count + (if (rotate) runif(1, 0, 2 * pi) else 0) + pi / 2))
    segments(at$x[petals], at$y[petals], at$x[petals] + long[1L] * cos(angle), at$y[petals] + long[2L] * sin(angle), col = seg.col, lwd = seg.lwd)
  }
  invisible(list(x = at$x, y = at$y, number = number))
}

symbols <- function(x, y = NULL, circles, squares, rectangles, stars, thermometers, boxplots, inches = TRUE, add = FALSE, fg = par("col"), bg = NA,
                    xlab = NULL, ylab = NULL, main = NULL, xlim = NULL, ylim = NULL, ...) {
  given <- c(circles = !missing(circles), squares = !missing(squares), rectangles = !missing(rectangles), stars = !missing(stars),
             thermometers = !missing(thermometers), boxplots = !missing(boxplots))
  if (sum(given) != 1L) stop("exactly one symbol type must be specified")
  kind <- names(which(given))
  table <- switch(kind, circles = circles, squares = squares, rectangles = rectangles, stars = stars, thermometers = thermometers, boxplots = boxplots)
  if (kind %in% c("circles", "squares")) table <- cbind(as.numeric(table))
  columns <- if (is.matrix(table)) ncol(table) else 0L
  if (kind == "rectangles" && columns != 2L) stop("invalid rectangles data (need 2 columns)")
  if (kind == "stars" && !is.matrix(table)) stop("invalid stars data")
  if (kind == "thermometers" && !columns %in% 3:4) stop("invalid thermometers data (need 3 or 4 columns)")
  if (kind == "boxplots" && columns != 5L) stop("invalid 'boxplots' data (need 5 columns)")
  fills <- if (kind == "thermometers") 3:columns else if (kind == "boxplots") 5L
  if (length(fills) && any(table[, fills] < 0 | table[, fills] > 1, na.rm = TRUE)) warning(gettextf("'%s[, %s]' not in [0,1] -- may look funny", kind, if (length(fills) > 1L) "3:4" else fills), call. = FALSE)
  labels <- list(if (!missing(x)) deparse1(substitute(x)), if (!missing(y)) deparse1(substitute(y)))
  at <- xy.coords(x, y, labels[[1L]], labels[[2L]])
  if (nrow(table) != length(at$x)) stop("x/y/parameter length mismatch")
  if (kind == "stars" && columns < 3L) stop("invalid stars data")
  if (any(table < 0, na.rm = TRUE) || !any(is.finite(table))) stop("invalid symbol parameter")
  if (is.null(xlim)) xlim <- extendrange(at$x, f = 0.1)
  if (is.null(ylim)) ylim <- extendrange(at$y, f = 0.1)
  if (!add) plot.default(NA_real_, NA_real_, type = "n", xlim = xlim, ylim = ylim, xlab = if (is.null(xlab)) at$xlab else xlab, ylab = if (is.null(ylab)) at$ylab else ylab, main = main, ...)
  # The largest symbol is as many inches large as asked, on a page of about six; or its sizes are the axis' own.
  sized <- if (kind %in% c("thermometers", "boxplots")) table[, seq_len(if (kind == "boxplots") 4L else 2L)] else table
  unit <- if (isFALSE(inches)) c(1, 1) else {
    span <- c(diff(xlim), diff(ylim))
    (if (isTRUE(inches)) 1 else inches) / 6 * ifelse(span > 0, span, 1) / max(sized, na.rm = TRUE)
  }
  edge <- rep_len(fg, nrow(table))
  fill <- rep_len(bg, nrow(table))
  for (k in which(!is.na(at$x + at$y + rowSums(table)))) .draw_symbol(kind, table[k, ], at$x[k], at$y[k], unit, edge[k], fill[k])
  invisible()
}

.draw_symbol <- function(kind, size, x, y, unit, edge, fill) {
  boxed <- function(wide, high, ...) rect(x - wide / 2 * unit[1L], y - high / 2 * unit[2L], x + wide / 2 * unit[1L], y + high / 2 * unit[2L], border = edge, ...)
  around <- function(angle, radius) polygon(x + radius * unit[1L] * cos(angle), y + radius * unit[2L] * sin(angle), border = edge, col = fill)
  switch(kind,
    circles = around(seq(0, 2 * pi, length.out = 61L)[-61L], size),
    squares = boxed(size, size, col = fill),
    rectangles = boxed(size[1L], size[2L], col = fill),
    stars = around(2 * pi * (seq_along(size) - 1) / length(size), size),
    thermometers = {
      part <- if (length(size) == 4L) size[3:4] else c(0, size[3L])
      boxed(size[1L], size[2L])
      ends <- y + (part - 0.5) * size[2L] * unit[2L]
      rect(x - size[1L] / 2 * unit[1L], ends[1L], x + size[1L] / 2 * unit[1L], ends[2L], border = edge, col = if (is.na(fill)) edge else fill)
      segments(x + c(-1, 1) * size[1L] / 2 * unit[1L], y, x + c(-1, 1) * size[1L] * 0.7 * unit[1L], y, col = edge)
    },
    boxplots = {
      boxed(size[1L], size[2L], col = fill)
      half <- size[2L] / 2 * unit[2L]
      segments(x, c(y - half, y + half), x, c(y - half - size[3L] * unit[2L], y + half + size[4L] * unit[2L]), col = edge)
      level <- y + (size[5L] - 0.5) * size[2L] * unit[2L]
      segments(x - size[1L] / 2 * unit[1L], level, x + size[1L] / 2 * unit[1L], level, col = edge)
    })
}

stars <- function(x, full = TRUE, scale = TRUE, radius = TRUE, labels = dimnames(x)[[1L]], locations = NULL, nrow = NULL, ncol = NULL, len = 1,
                  key.loc = NULL, key.labels = dimnames(x)[[2L]], key.xpd = TRUE, xlim = NULL, ylim = NULL, flip.labels = NULL, draw.segments = FALSE,
                  col.segments = seq_len(ncol(x)), col.stars = NA, col.lines = NA, axes = FALSE, frame.plot = axes, main = NULL, sub = NULL, xlab = "",
                  ylab = "", cex = 0.8, lwd = 0.25, lty = par("lty"), xpd = FALSE, mar = NULL, add = FALSE, plot = TRUE, ...) {
  if (is.data.frame(x)) x <- data.matrix(x)
  else if (!is.matrix(x)) stop("'x' must be a matrix or a data frame")
  if (!is.numeric(x)) stop("data in 'x' must be numeric")
  count <- base::nrow(x)
  rays <- base::ncol(x)
  named <- dimnames(x)
  angles <- (if (full) 2 * pi else pi) * (seq_len(rays) - 1) / (if (full) rays else max(1, rays - 1))
  if (draw.segments) angles <- (if (full) 2 * pi else pi) * (seq_len(rays) - 1) / rays
  if (is.null(locations)) {
    rows <- if (!is.null(nrow)) nrow else ceiling(if (is.null(ncol)) sqrt(count) else count / ncol)
    columns <- if (!is.null(ncol)) ncol else ceiling(count / rows)
    locations <- expand.grid(2.3 * seq_len(columns), 2.3 * rev(seq_len(rows)))[seq_len(count), ]
    if (!is.null(labels) && is.null(flip.labels)) flip.labels <- mean(nchar(labels, type = "c")) > 1.8 * 2.3
  } else {
    if (is.numeric(locations) && length(locations) == 2L) {
      locations <- cbind(rep(locations[1L], count), rep(locations[2L], count))
      if (!missing(labels) && count > 1L) warning("labels do not make sense for a single location", call. = FALSE)
      else labels <- NULL
    } else {
      if (is.data.frame(locations)) locations <- data.matrix(locations)
      if (!is.matrix(locations) || base::ncol(locations) != 2L) stop("'locations' must be a 2-column matrix.")
      if (base::nrow(locations) != count) stop("number of rows of 'locations' and 'x' must be equal.")
    }
    if (is.null(flip.labels)) flip.labels <- FALSE
  }
  across <- locations[, 1L]
  along <- locations[, 2L]
  if (scale) x <- apply(x, 2L, function(one) (one - min(one, na.rm = TRUE)) / diff(range(one, na.rm = TRUE)))
  x <- matrix(x, count)
  x[is.na(x)] <- 0
  if (!plot) return(locations)
  room <- 1.1 * len
  x <- x * len
  if (is.null(xlim)) xlim <- range(across, key.loc[1L]) + c(-room, room)
  if (is.null(ylim)) ylim <- range(along, key.loc[2L]) + c(-room, room)
  if (!add) plot.default(NA_real_, NA_real_, type = "n", xlim = xlim, ylim = ylim, asp = 1, axes = axes, main = main, sub = sub, xlab = xlab, ylab = ylab)
  one <- function(lengths, at, down, edge, fill) {
    ends <- cbind(at + lengths * cos(angles), down + lengths * sin(angles))
    if (draw.segments) {
      width <- (if (full) 2 * pi else pi) / rays
      for (k in seq_len(rays)) {
        turn <- angles[k] + seq(0, width, length.out = 12L)
        polygon(at + lengths[k] * c(0, cos(turn)), down + lengths[k] * c(0, sin(turn)), col = rep_len(col.segments, rays)[k])
      }
      return(invisible())
    }
    polygon(ends[, 1L], ends[, 2L], col = fill, border = edge)
    if (radius) segments(at, down, ends[, 1L], ends[, 2L], col = edge)
  }
  edges <- rep_len(ifelse(is.na(col.lines), "black", col.lines), count)
  fills <- rep_len(col.stars, count)
  for (k in seq_len(count)) {
    one(x[k, ], across[k], along[k], edges[k], fills[k])
    if (!is.null(labels)) text(across[k], along[k] - (if (full) 1 else 0.1) * len * (if (isTRUE(flip.labels) && k %% 2 == 0) 1.2 else 1), rep_len(labels, count)[k], cex = cex)
  }
  if (!is.null(key.loc)) {
    one(rep(len, rays), key.loc[1L], key.loc[2L], "black", NA)
    turn <- angles + (if (draw.segments) pi / rays else 0)
    if (!is.null(key.labels)) text(key.loc[1L] + 1.15 * len * cos(turn), key.loc[2L] + 1.15 * len * sin(turn), key.labels, cex = cex)
  }
  if (frame.plot) box()
  invisible(locations)
}
