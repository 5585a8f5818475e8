# Base graphics: frames, marks and labels. What they are made of is computed here, in R's way; `.draw` puts it on the device.

plot <- function(x, y, ...) UseMethod("plot")

lines <- function(x, ...) UseMethod("lines")

points <- function(x, ...) UseMethod("points")

text <- function(x, ...) UseMethod("text")

image <- function(x, ...) UseMethod("image")

plot.default <- function(x, y = NULL, type = "p", xlim = NULL, ylim = NULL, log = "", main = NULL, sub = NULL,
                         xlab = NULL, ylab = NULL, ann = par("ann"), axes = TRUE, frame.plot = axes,
                         panel.first = NULL, panel.last = NULL, asp = NA, ...) {
    labels <- list(x = if (!missing(x)) deparse1(substitute(x)), y = if (!missing(y)) deparse1(substitute(y)))
    at <- xy.coords(x, y, labels$x, labels$y, log)
    .draw("frame", xlim = .limits_of(xlim, at$x), ylim = .limits_of(ylim, at$y), log = log, axes = axes, asp = asp, ...)
    force(panel.first)
    .plot_xy(at$x, at$y, type, ...)
    force(panel.last)
    if (ann) .draw("titles", main = main, sub = sub, xlab = .first_given(xlab, at$xlab), ylab = .first_given(ylab, at$ylab))
    invisible()
}

.first_given <- function(...) Find(Negate(is.null), list(...))

.limits_of <- function(asked, values) if (is.null(asked)) range(values[is.finite(values)]) else asked

.marks_of_type <- list(p = "points", l = "lines", b = c("lines", "points"), c = "lines", o = c("lines", "points"), h = "needles",
                       s = "steps-post", S = "steps-pre", n = character())

.plot_xy <- function(x, y, type = "p", ...) {
    if (nchar(type) > 1L) {
        warning(gettextf("plot type '%s' will be truncated to first character", type), call. = FALSE)
        type <- substr(type, 1L, 1L)
    }
    marks <- .marks_of_type[[type]]
    if (is.null(marks)) stop(gettextf("invalid plot type '%s'", type), call. = FALSE)
    for (mark in marks) {
        if (startsWith(mark, "steps")) .draw("lines", x = x, y = y, style = mark, ...)
        else if (mark == "needles") .draw("segments", x0 = x, y0 = 0 * x, x1 = x, y1 = y, ...)
        else .draw(mark, x = x, y = y, ...)
    }
    invisible()
}

plot.formula <- function(formula, data = parent.frame(), ..., xlab = deparse1(formula[[3]]), ylab = deparse1(formula[[2]])) {
    place <- environment(formula)
    y <- eval(formula[[2]], data, place)
    x <- eval(formula[[3]], data, place)
    if (is.factor(x)) {
        boxplot(split(y, x), xlab = xlab, ylab = ylab, ...)
    } else {
        plot(x, y, xlab = xlab, ylab = ylab, ...)
    }
    invisible()
}

plot.data.frame <- function(x, ...) {
    labels <- names(x)
    if (length(labels) > 2L) pairs(x, ...)
    else if (length(labels) == 1L) plot(x[[1L]], ylab = labels, ...)
    else {
        written <- call("~", as.name(labels[2L]), as.name(labels[1L]))
        plot.formula(as.formula(written), x, xlab = labels[1L], ylab = labels[2L], ...)
    }
    invisible()
}

plot.factor <- function(x, y, ...) {
    invisible(if (missing(y)) barplot(table(x), ...) else boxplot(split(y, x), ...))
}

plot.table <- function(x, type = "h", ylim = c(0, max(x)), lwd = 2, xlab = NULL, ylab = NULL, main = NULL, ...) {
    written <- deparse1(substitute(x))
    if (length(dim(x)) != 1L) return(mosaicplot(x, xlab = xlab, ylab = ylab, main = .first_given(main, written), ...))
    named <- names(dimnames(x))
    places <- suppressWarnings(as.numeric(names(x)))
    if (anyNA(places)) places <- seq_along(x)
    plot.default(places, as.vector(x), type = type, ylim = ylim, lwd = lwd, xlab = .first_given(xlab, named, ""), ylab = .first_given(ylab, written),
                 main = main, xaxt = "n", ...)
    invisible(axis(1, at = places, labels = names(x)))
}

plot.function <- function(x, y = 0, to = 1, from = y, xlim = NULL, ylab = NULL, ...) {
    if (!is.null(xlim)) {
        from <- xlim[1]
        to <- xlim[2]
    }
    if (is.null(ylab)) ylab <- deparse1(substitute(x))
    at <- seq(from, to, length.out = 101)
    plot.default(at, x(at), type = "l", xlab = "x", ylab = ylab, ...)
    invisible(list(x = at, y = x(at)))
}

lines.default <- function(x, y = NULL, type = "l", ...) {
    xy <- xy.coords(x, y)
    .plot_xy(xy$x, xy$y, type, ...)
}

points.default <- function(x, y = NULL, type = "p", ...) {
    xy <- xy.coords(x, y)
    .plot_xy(xy$x, xy$y, type, ...)
}

text.default <- function(x, y = NULL, labels = seq_along(x), adj = NULL, pos = NULL, offset = 0.5, vfont = NULL,
                         cex = 1, col = NULL, font = NULL, ...) {
    xy <- xy.coords(x, y, recycle = TRUE)
    .draw("words", x = xy$x, y = xy$y, labels = as.character(labels), pos = pos, cex = cex,
          col = if (is.null(col)) 1 else col, ...)
    invisible()
}

abline <- function(a = NULL, b = NULL, h = NULL, v = NULL, reg = NULL, coef = NULL, untf = FALSE, ...) {
    .passed_over(untf)
    if (!is.null(reg)) a <- reg
    if (!is.null(coef)) a <- coef
    if (is.list(a)) a <- a$coefficients
    if (length(a) == 2 && is.null(b)) {
        b <- a[[2]]
        a <- a[[1]]
    }
    if (!is.null(a) && is.null(b)) b <- 0
    .draw("straight", a = a, b = b, h = h, v = v, ...)
    invisible()
}

.to_one_length <- function(...) {
    parts <- list(...)
    sizes <- lengths(parts)
    if (any(sizes == 0L) && any(sizes > 0L)) stop("cannot mix zero-length and non-zero-length coordinates", call. = FALSE)
    lapply(parts, rep_len, max(sizes))
}

.draw_strokes <- function(kind, from, to, one_end, looks) {
    if (one_end) stop(simpleError("one of 'x1' and 'y1' must be given", sys.call(-1)))
    ends <- .to_one_length(x0 = from$x, y0 = from$y, x1 = to$x, y1 = to$y)
    do.call(.draw, c(kind, ends, looks))
    invisible()
}

segments <- function(x0, y0, x1 = x0, y1 = y0, col = par("fg"), lty = par("lty"), lwd = par("lwd"), ...) {
    .draw_strokes("segments", list(x = x0, y = y0), list(x = x1, y = y1), missing(x1) && missing(y1), list(col = col, lty = lty, lwd = lwd))
}

arrows <- function(x0, y0, x1 = x0, y1 = y0, length = 0.25, angle = 30, code = 2, col = par("fg"), lty = par("lty"),
                   lwd = par("lwd"), ...) {
    head <- list(angle = angle, code = code, length = length)
    .draw_strokes("arrows", list(x = x0, y = y0), list(x = x1, y = y1), missing(x1) && missing(y1), c(head, list(col = col, lty = lty, lwd = lwd)))
}

rect <- function(xleft, ybottom, xright, ytop, density = NULL, angle = 45, col = NA, border = NULL, lty = par("lty"),
                 lwd = par("lwd"), ...) {
    .passed_over(density)
    sides <- .to_one_length(left = xleft, bottom = ybottom, right = xright, top = ytop)
    do.call(.draw, c(list("boxes"), sides, list(col = col, border = .first_given(border, 1))))
    invisible()
}

polygon <- function(x, y = NULL, density = NULL, angle = 45, border = NULL, col = NA, lty = par("lty"), ...) {
    .passed_over(density)
    xy <- xy.coords(x, y)
    .draw("polygon", x = xy$x, y = xy$y, col = col, border = if (is.null(border)) 1 else border)
    invisible()
}

title <- function(main = NULL, sub = NULL, xlab = NULL, ylab = NULL, line = NA, outer = FALSE, ...) {
    # Outside of the panels there is room for a title of the page.
    if (outer && !is.null(main)) .draw("titles", page = as.character(main))
    .draw("titles", main = if (!outer) main, sub = sub, xlab = xlab, ylab = ylab)
    invisible()
}

axis <- function(side, at = NULL, labels = TRUE, ...) {
    .draw("axis", side = side, at = at, labels = if (isFALSE(labels)) character(length(at)) else if (!isTRUE(labels)) as.character(labels))
    invisible(at)
}

mtext <- function(text, side = 3, line = 0, outer = FALSE, ...) {
    if (outer && side == 3) .draw("titles", page = as.character(text)[1])
    else .draw("margin", text = as.character(text)[1], side = side)
    invisible()
}

box <- function(which = "plot", lty = "solid", ...) {
    .draw("box")
    invisible()
}

grid <- function(nx = NULL, ny = nx, col = "lightgray", lty = "dotted", lwd = par("lwd"), equilogs = TRUE) {
    .draw("grid", col = col, lty = lty, lwd = lwd)
    invisible()
}

legend <- function(x, y = NULL, legend, fill = NULL, col = par("col"), border = "black", lty = NULL, lwd = NULL, pch = NULL,
                   angle = 45, density = NULL, bty = "o", bg = par("bg"), box.lwd = 1, cex = 1, title = NULL,
                   horiz = FALSE, ncol = 1, inset = 0, ...) {
    .passed_over(density)
    if (missing(legend)) {
        legend <- y
        y <- NULL
    }
    .draw("legend", labels = as.character(legend), place = if (is.character(x)) x else "topright", fill = fill, col = col,
          lty = if (is.null(lty) && !is.null(lwd)) 1 else lty, pch = pch, bty = bty, title = title, columns = if (horiz) length(legend) else ncol)
    invisible(list(rect = list(), text = list()))
}

plot.new <- function() {
    .draw("frame", xlim = c(0, 1), ylim = c(0, 1), axes = FALSE)
    invisible()
}

frame <- function() plot.new()

plot.window <- function(xlim, ylim, log = "", asp = NA, ...) {
    .passed_over(log, asp)
    .draw("window", xlim = xlim, ylim = ylim)
    invisible()
}

strwidth <- function(s, units = "user", cex = NULL, ...) 0.025 * nchar(as.character(s)) * (if (is.null(cex)) 1 else cex)

strheight <- function(s, units = "user", cex = NULL, ...) 0.03 * lengths(strsplit(as.character(s), "\n", fixed = TRUE)) * (if (is.null(cex)) 1 else cex)

axis.POSIXct <- function(side, x, at = NULL, format = NULL, labels = TRUE, ...) {
    .passed_over(labels)
    if (is.null(at)) at <- pretty(as.numeric(x), 5)
    .draw("axis", side = side, at = as.numeric(at), labels = format(as.POSIXct(as.numeric(at), origin = "1970-01-01"), if (is.null(format)) "" else format))
}

axis.Date <- function(side, x, at = NULL, format = NULL, labels = TRUE, ...) {
    .passed_over(labels)
    if (is.null(at)) at <- pretty(as.numeric(x), 5)
    .draw("axis", side = side, at = as.numeric(at), labels = format(as.Date(as.numeric(at), origin = "1970-01-01"), if (is.null(format)) "%Y-%m-%d" else format))
}

extendrange <- function(x, r = range(x, na.rm = TRUE), f = 0.05) {
    if (length(f) == 1) f <- c(f, f)
    r + c(-f[1], f[2]) * diff(r)
}

as.raster <- function(x, ...) UseMethod("as.raster")

as.raster.default <- function(x, max = 1, ...) {
    if (inherits(x, "raster")) return(x)
    if (is.character(x)) return(structure(x, class = "raster"))
    if (length(dim(x)) == 3) {
        shades <- if (dim(x)[3] == 1) gray(x[, , 1] / max) else rgb(x[, , 1] / max, x[, , 2] / max, x[, , 3] / max)
    } else {
        shades <- gray(as.vector(x) / max)
    }
    structure(matrix(shades, nrow(x), ncol(x)), class = "raster")
}

is.raster <- function(x) inherits(x, "raster")

dim.raster <- function(x) attr(x, "dim")

print.raster <- function(x, ...) {
    print(structure(as.vector(unclass(x)), dim = attr(x, "dim")), ...)
    invisible(x)
}

plot.raster <- function(x, xlim = c(0, ncol(x)), ylim = c(0, nrow(x)), xaxs = "i", yaxs = "i", asp = 1, add = FALSE, ...) {
    if (!add) .draw("frame", xlim = xlim, ylim = ylim, axes = FALSE, asp = asp)
    .draw_raster(x, 0, 0, dim(x)[2L], dim(x)[1L])
}

rasterImage <- function(image, xleft, ybottom, xright, ytop, angle = 0, interpolate = TRUE, ...) {
    .passed_over(angle)
    .draw_raster(if (is.raster(image)) image else as.raster(image), xleft, ybottom, xright, ytop)
}

.draw_raster <- function(image, left, bottom, right, top) {
    .draw("raster", colours = as.character(image), rows = dim(image)[1L], left = left, bottom = bottom, right = right, top = top)
    invisible()
}

grid.raster <- function(image, ...) plot(if (inherits(image, "raster")) image else as.raster(image))

rasterGrob <- function(image, x = NULL, y = NULL, width = NULL, height = NULL, interpolate = TRUE, ...) {
    .passed_over(x, y, width, height)
    structure(list(raster = if (inherits(image, "raster")) image else as.raster(image), interpolate = interpolate), class = c("rastergrob", "grob", "gDesc"))
}

grid.draw <- function(x, recording = TRUE) {
    .passed_over(recording)
    if (!inherits(x, "rastergrob")) stop("grid.draw() takes what rasterGrob() makes")
    plot(x$raster, interpolate = x$interpolate)
}
