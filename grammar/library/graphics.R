# Base graphics: what a plot is made of is computed here, in R's way; `.draw` puts marks on the device.

plot <- function(x, y, ...) UseMethod("plot")

lines <- function(x, ...) UseMethod("lines")

points <- function(x, ...) UseMethod("points")

text <- function(x, ...) UseMethod("text")

hist <- function(x, ...) UseMethod("hist")

barplot <- function(height, ...) UseMethod("barplot")

boxplot <- function(x, ...) UseMethod("boxplot")

image <- function(x, ...) UseMethod("image")

xy.coords <- function(x, y = NULL, xlab = NULL, ylab = NULL, log = NULL, recycle = FALSE, setLab = TRUE) {
    if (is.null(y)) {
        if (inherits(x, "formula")) {
            frame <- environment(x)
            ylab <- deparse(x[[2]])
            xlab <- deparse(x[[3]])
            y <- eval(x[[2]], frame)
            x <- eval(x[[3]], frame)
        } else if (is.matrix(x) || is.data.frame(x)) {
            x <- data.matrix(x)
            if (ncol(x) == 1) {
                y <- x[, 1]
                x <- seq_along(y)
            } else {
                y <- x[, 2]
                x <- x[, 1]
            }
        } else if (is.list(x)) {
            y <- x[["y"]]
            x <- x[["x"]]
        } else {
            if (is.factor(x)) x <- as.numeric(x)
            ylab <- xlab
            xlab <- "Index"
            y <- as.numeric(x)
            x <- seq_along(y)
        }
    }
    x <- as.double(x)
    y <- as.double(y)
    if (length(x) != length(y)) {
        if (!recycle) stop("'x' and 'y' lengths differ")
        n <- max(length(x), length(y))
        x <- rep_len(x, n)
        y <- rep_len(y, n)
    }
    if (!is.null(log) && nzchar(log)) {
        for (side in c("x", "y")) if (grepl(side, log, fixed = TRUE)) {
            values <- if (side == "x") x else y
            out <- !is.na(values) & values <= 0
            if (any(out)) {
                told <- if (sum(out) == 1) " %s value <= 0 omitted from logarithmic plot" else " %s values <= 0 omitted from logarithmic plot"
                warning(sprintf(paste0("%d", told), sum(out), side), call. = FALSE)
                values[out] <- NA
                if (side == "x") x <- values else y <- values
            }
        }
    }
    list(x = x, y = y, xlab = if (setLab) xlab, ylab = if (setLab) ylab)
}

plot.default <- function(x, y = NULL, type = "p", xlim = NULL, ylim = NULL, log = "", main = NULL, sub = NULL,
                         xlab = NULL, ylab = NULL, ann = par("ann"), axes = TRUE, frame.plot = axes,
                         panel.first = NULL, panel.last = NULL, asp = NA, ...) {
    labelx <- if (!missing(x)) deparse1(substitute(x))
    labely <- if (!missing(y)) deparse1(substitute(y))
    xy <- xy.coords(x, y, labelx, labely, log)
    if (is.null(xlab)) xlab <- xy$xlab
    if (is.null(ylab)) ylab <- xy$ylab
    usable <- is.finite(xy$x) & is.finite(xy$y)
    if (is.null(xlim)) xlim <- range(xy$x[is.finite(xy$x)])
    if (is.null(ylim)) ylim <- range(xy$y[is.finite(xy$y)])
    .draw("frame", xlim = xlim, ylim = ylim, log = log, axes = axes, asp = asp, ...)
    panel.first
    .plot_xy(xy$x, xy$y, type, ...)
    panel.last
    if (ann) .draw("titles", main = main, sub = sub, xlab = xlab, ylab = ylab)
    invisible()
}

.plot_xy <- function(x, y, type = "p", ...) {
    if (!type %in% c("p", "l", "b", "c", "o", "h", "s", "S", "n")) stop("invalid plot type")
    if (type %in% c("l", "b", "c", "o")) .draw("lines", x = x, y = y, ...)
    if (type == "s") .draw("lines", x = x, y = y, style = "steps-post", ...)
    if (type == "S") .draw("lines", x = x, y = y, style = "steps-pre", ...)
    if (type == "h") .draw("segments", x0 = x, y0 = rep(0, length(x)), x1 = x, y1 = y, ...)
    if (type %in% c("p", "b", "o")) .draw("points", x = x, y = y, ...)
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
    if (ncol(x) == 1) plot(x[[1]], ylab = names(x), ...)
    else if (ncol(x) == 2) plot(x[[1]], x[[2]], xlab = names(x)[1], ylab = names(x)[2], ...)
    else pairs(x, ...)
    invisible()
}

plot.factor <- function(x, y, ...) {
    if (missing(y)) barplot(table(x), ...) else boxplot(split(y, x), ...)
    invisible()
}

plot.table <- function(x, ..., ylab = "") {
    places <- suppressWarnings(as.numeric(names(x)))
    if (anyNA(places)) places <- seq_along(x)
    plot.default(places, as.vector(x), type = "h", xlab = "", ylab = ylab, xaxt = "n", ylim = c(0, max(x)), ...)
    axis(1, at = places, labels = names(x))
    invisible()
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

plot.histogram <- function(x, freq = x$equidist, col = "lightgray", border = "black", main = paste("Histogram of", x$xname),
                           sub = NULL, xlab = x$xname, ylab = NULL, xlim = range(x$breaks), ylim = NULL, axes = TRUE,
                           add = FALSE, ...) {
    heights <- if (freq) x$counts else x$density
    if (is.null(ylab)) ylab <- if (freq) "Frequency" else "Density"
    if (is.null(ylim)) ylim <- range(heights, 0)
    if (!add) {
        .draw("frame", xlim = xlim, ylim = ylim, axes = axes)
        .draw("titles", main = main, sub = sub, xlab = xlab, ylab = ylab)
    }
    n <- length(x$breaks)
    .draw("boxes", left = x$breaks[-n], bottom = rep(0, n - 1), right = x$breaks[-1], top = heights, col = col, border = border)
    invisible()
}

lines.default <- function(x, y = NULL, type = "l", ...) {
    xy <- xy.coords(x, y)
    .plot_xy(xy$x, xy$y, type, ...)
}

points.default <- function(x, y = NULL, type = "p", ...) {
    xy <- xy.coords(x, y)
    .plot_xy(xy$x, xy$y, type, ...)
}

lines.histogram <- function(x, ...) plot.histogram(x, ..., add = TRUE)

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

segments <- function(x0, y0, x1 = x0, y1 = y0, col = par("fg"), lty = par("lty"), lwd = par("lwd"), ...) {
    n <- max(length(x0), length(y0), length(x1), length(y1))
    .draw("segments", x0 = rep_len(x0, n), y0 = rep_len(y0, n), x1 = rep_len(x1, n), y1 = rep_len(y1, n),
          col = col, lty = lty, lwd = lwd)
    invisible()
}

arrows <- function(x0, y0, x1 = x0, y1 = y0, length = 0.25, angle = 30, code = 2, col = par("fg"), lty = par("lty"),
                   lwd = par("lwd"), ...) {
    n <- max(length(x0), length(y0), length(x1), length(y1))
    .draw("arrows", x0 = rep_len(x0, n), y0 = rep_len(y0, n), x1 = rep_len(x1, n), y1 = rep_len(y1, n), length = length,
          angle = angle, code = code, col = col, lty = lty, lwd = lwd)
    invisible()
}

rect <- function(xleft, ybottom, xright, ytop, density = NULL, angle = 45, col = NA, border = NULL, lty = par("lty"),
                 lwd = par("lwd"), ...) {
    .passed_over(density)
    n <- max(length(xleft), length(ybottom), length(xright), length(ytop))
    .draw("boxes", left = rep_len(xleft, n), bottom = rep_len(ybottom, n), right = rep_len(xright, n),
          top = rep_len(ytop, n), col = col, border = if (is.null(border)) 1 else border)
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
    .draw("axis", side = side, at = at, labels = if (is.logical(labels)) NULL else as.character(labels))
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

nclass.Sturges <- function(x) ceiling(log2(length(x)) + 1)

hist.default <- function(x, breaks = "Sturges", freq = NULL, probability = !freq, include.lowest = TRUE, right = TRUE,
                         density = NULL, angle = 45, col = "lightgray", border = NULL, main = paste("Histogram of", xname),
                         xlim = range(breaks), ylim = NULL, xlab = xname, ylab = NULL, axes = TRUE, plot = TRUE,
                         labels = FALSE, nclass = NULL, warn.unused = TRUE, ...) {
    .passed_over(density)
    if (!is.numeric(x)) stop("'x' must be numeric")
    xname <- deparse1(substitute(x))
    x <- x[is.finite(x)]
    n <- length(x)
    if (!is.null(nclass)) breaks <- nclass
    if (is.character(breaks)) {
        breaks <- switch(tolower(breaks), sturges = nclass.Sturges(x),
                         scott = {
                             width <- 3.5 * sqrt(var(x)) * n^(-1/3)
                             if (width > 0) max(1, ceiling(diff(range(x)) / width)) else 1
                         },
                         fd = , `freedman-diaconis` = {
                             width <- 2 * IQR(x) * n^(-1/3)
                             if (width > 0) max(1, ceiling(diff(range(x)) / width)) else 1
                         },
                         stop("unknown 'breaks' algorithm"))
    } else if (is.function(breaks)) {
        breaks <- breaks(x)
    }
    if (length(breaks) == 1) breaks <- pretty(range(x), n = breaks, min.n = 1)
    breaks <- sort(breaks)
    if (n && (min(breaks) > min(x) || max(breaks) < max(x))) stop("some 'x' not counted; maybe 'breaks' do not span range of 'x'")
    bins <- cut(x, breaks, labels = FALSE, right = right, include.lowest = include.lowest)
    counts <- tabulate(bins, length(breaks) - 1)
    widths <- diff(breaks)
    equidist <- diff(range(widths)) < 1e-07 * mean(widths)
    if (is.null(freq)) freq <- if (!missing(probability)) !as.logical(probability) else equidist
    made <- structure(list(breaks = breaks, counts = counts, density = counts / (n * widths),
                           mids = 0.5 * (breaks[-1] + breaks[-length(breaks)]), xname = xname, equidist = equidist),
                      class = "histogram")
    if (!plot) return(made)
    plot.histogram(made, freq = freq, col = col, border = if (is.null(border)) "black" else border, main = main,
                   xlim = xlim, ylim = ylim, xlab = xlab, ylab = ylab, axes = axes)
    if (is.character(labels) || isTRUE(labels)) {
        heights <- if (freq) made$counts else made$density
        text(made$mids, heights, if (is.character(labels)) labels else if (freq) counts else round(made$density, 3), pos = 3)
    }
    invisible(made)
}

barplot.default <- function(height, width = 1, space = NULL, names.arg = NULL, legend.text = NULL, beside = FALSE,
                            horiz = FALSE, density = NULL, angle = 45, col = NULL, border = par("fg"), main = NULL,
                            sub = NULL, xlab = NULL, ylab = NULL, xlim = NULL, ylim = NULL, xpd = TRUE, log = "",
                            axes = TRUE, axisnames = TRUE, plot = TRUE, ...) {
    .passed_over(density)
    .unsupported(log, "draw log10(height)")
    stacked <- is.matrix(height) && !(is.array(height) && length(dim(height)) == 1) && !beside
    if (is.null(space)) space <- if (is.matrix(height) && beside) c(0, 1) else 0.2
    if (is.null(names.arg)) names.arg <- if (is.matrix(height)) colnames(height) else names(height)
    if (is.matrix(height)) {
        rows <- nrow(height)
        bars <- if (beside) length(height) else ncol(height)
    } else {
        rows <- 1
        bars <- length(height)
    }
    if (is.null(col)) col <- if (is.matrix(height)) gray.colors(rows) else "grey"
    gaps <- if (length(space) == 2) rep.int(c(space[2], rep.int(space[1], rows - 1)), ncol(height)) else rep_len(space, bars)
    width <- rep_len(width, bars)
    right <- cumsum(gaps * mean(width) + width)
    left <- right - width
    middle <- 0.5 * (left + right)
    if (stacked) {
        tops <- apply(height, 2, cumsum)
        if (!is.matrix(tops)) tops <- matrix(tops, nrow = 1)
        bottoms <- rbind(0, tops[-rows, , drop = FALSE])
        spans <- list(rep(left, each = rows), rep(right, each = rows), as.vector(bottoms), as.vector(tops))
    } else {
        spans <- list(left, right, rep(0, bars), as.vector(height))
    }
    if (plot) {
        values <- range(0, spans[[4]], na.rm = TRUE)
        across <- c(min(left), max(right))
        if (horiz) {
            .draw("frame", xlim = if (is.null(xlim)) values else xlim, ylim = if (is.null(ylim)) across else ylim, yaxt = "n",
                  xaxt = if (axes) "s" else "n")
            .draw("boxes", left = spans[[3]], bottom = spans[[1]], right = spans[[4]], top = spans[[2]], col = col, border = border)
        } else {
            .draw("frame", xlim = if (is.null(xlim)) across else xlim, ylim = if (is.null(ylim)) values else ylim, xaxt = "n",
                  yaxt = if (axes) "s" else "n")
            .draw("boxes", left = spans[[1]], bottom = spans[[3]], right = spans[[2]], top = spans[[4]], col = col, border = border)
        }
        if (axisnames && !is.null(names.arg)) {
            at <- if (is.matrix(height) && beside) colMeans(matrix(middle, rows)) else middle
            axis(if (horiz) 2 else 1, at = at, labels = names.arg)
        }
        .draw("titles", main = main, sub = sub, xlab = xlab, ylab = ylab)
        if (is.logical(legend.text) && isTRUE(legend.text)) legend.text <- rownames(height)
        if (is.character(legend.text)) legend("topright", legend = legend.text, fill = col)
    }
    middles <- if (is.matrix(height) && beside) matrix(middle, ncol = ncol(height)) else if (stacked) middle else matrix(middle, ncol = 1)
    if (plot) invisible(middles) else middles
}

boxplot.stats <- function(x, coef = 1.5, do.conf = TRUE, do.out = TRUE) {
    present <- !is.na(x)
    n <- sum(present)
    stats <- fivenum(x, na.rm = TRUE)
    spread <- diff(stats[c(2, 4)])
    if (coef == 0) {
        do.out <- FALSE
    } else {
        outside <- if (!is.na(spread)) x < (stats[2] - coef * spread) | x > (stats[4] + coef * spread) else !is.finite(x)
        if (any(outside[present], na.rm = TRUE)) stats[c(1, 5)] <- range(x[!outside], na.rm = TRUE)
    }
    list(stats = stats, n = n, conf = if (do.conf) stats[3] + c(-1.58, 1.58) * spread / sqrt(n),
         out = if (do.out) x[outside & present] else numeric())
}

boxplot.formula <- function(formula, data = NULL, ..., xlab = deparse1(formula[[3]]), ylab = deparse1(formula[[2]])) {
    place <- environment(formula)
    values <- eval(formula[[2]], data, place)
    groups <- eval(formula[[3]], data, place)
    boxplot.default(split(values, groups), xlab = xlab, ylab = ylab, ...)
}

boxplot.matrix <- function(x, ...) boxplot.default(as.data.frame(x), ...)

boxplot.default <- function(x, ..., range = 1.5, width = NULL, varwidth = FALSE, notch = FALSE, outline = TRUE, names,
                            plot = TRUE, border = par("fg"), col = "lightgray", log = "", horizontal = FALSE, add = FALSE,
                            at = NULL, main = NULL, sub = NULL, xlab = NULL, ylab = NULL, ylim = NULL) {
    .passed_over(varwidth, notch, log, horizontal)
    given <- list(x, ...)
    given <- if (is.list(x)) as.list(x) else given[vapply(given, is.numeric, TRUE)]
    labels <- if (!missing(names)) names else if (is.null(base::names(given))) as.character(seq_along(given)) else base::names(given)
    boxes <- lapply(given, boxplot.stats, coef = range)
    sizes <- vapply(boxes, function(one) length(one$out), 1L)
    stats <- do.call(cbind, lapply(boxes, function(one) one$stats))
    dimnames(stats) <- NULL
    conf <- do.call(cbind, lapply(boxes, function(one) one$conf))
    dimnames(conf) <- NULL
    out <- unlist(lapply(boxes, function(one) one$out), use.names = FALSE)
    made <- list(stats = stats, n = vapply(boxes, function(one) as.numeric(one$n), 1, USE.NAMES = FALSE), conf = conf,
                 out = if (is.null(out)) numeric(0) else out, group = as.numeric(rep(seq_along(boxes), sizes)), names = labels)
    if (!plot) return(made)
    n <- length(boxes)
    if (is.null(at)) at <- seq_len(n)
    if (is.null(ylim)) ylim <- base::range(made$stats, made$out, na.rm = TRUE)
    if (!add) .draw("frame", xlim = c(0.5, n + 0.5), ylim = ylim, xaxt = "n")
    .draw("boxes", left = at - 0.3, bottom = stats[2, ], right = at + 0.3, top = stats[4, ], col = col, border = border)
    segments(at - 0.3, stats[3, ], at + 0.3, stats[3, ], lwd = 2)
    segments(c(at, at), c(stats[1, ], stats[4, ]), c(at, at), c(stats[2, ], stats[5, ]), lty = 2)
    segments(c(at, at) - 0.15, c(stats[1, ], stats[5, ]), c(at, at) + 0.15, c(stats[1, ], stats[5, ]))
    if (outline && length(made$out)) points(at[made$group], made$out)
    axis(1, at = at, labels = labels)
    .draw("titles", main = main, sub = sub, xlab = xlab, ylab = ylab)
    invisible(made)
}

curve <- function(expr, from = NULL, to = NULL, n = 101, add = FALSE, type = "l", xname = "x", xlab = xname, ylab = NULL,
                  log = NULL, xlim = NULL, ...) {
    written <- substitute(expr)
    if (is.name(written)) written <- call(as.character(written), as.name(xname))
    if (is.null(ylab)) ylab <- deparse1(written)
    if (is.null(from)) from <- if (is.null(xlim)) 0 else xlim[1]
    if (is.null(to)) to <- if (is.null(xlim)) 1 else xlim[2]
    if (is.null(log)) log <- ""
    x <- if (grepl("x", log, fixed = TRUE)) exp(seq(base::log(from), base::log(to), length.out = n)) else seq(from, to, length.out = n)
    values <- list(x)
    names(values) <- xname
    y <- eval(written, envir = values, enclos = parent.frame())
    if (length(y) != length(x)) stop("'expr' did not evaluate to an object of length 'n'")
    if (add) lines(x, y, type = type, ...) else plot.default(x, y, type = type, xlab = xlab, ylab = ylab, xlim = xlim, log = log, ...)
    invisible(list(x = x, y = y))
}

matplot <- function(x, y, type = "p", lty = 1:5, lwd = 1, pch = 1, col = 1:6, xlab = "", ylab = "", xlim = NULL,
                    ylim = NULL, main = NULL, ..., add = FALSE) {
    if (missing(y)) {
        y <- as.matrix(x)
        x <- seq_len(nrow(y))
    }
    y <- as.matrix(y)
    x <- as.matrix(x)
    if (is.null(xlim)) xlim <- range(x, na.rm = TRUE)
    if (is.null(ylim)) ylim <- range(y, na.rm = TRUE)
    if (!add) plot.default(x[, 1], y[, 1], type = "n", xlim = xlim, ylim = ylim, xlab = xlab, ylab = ylab, main = main, ...)
    for (k in seq_len(ncol(y))) {
        .plot_xy(x[, (k - 1) %% ncol(x) + 1], y[, k], type, lty = rep_len(lty, k)[k], col = rep_len(col, k)[k],
                 pch = rep_len(pch, k)[k], lwd = lwd)
    }
    invisible()
}

matlines <- function(x, y, type = "l", ...) matplot(x, y, type = type, ..., add = TRUE)

pairs <- function(x, labels = colnames(x), ...) {
    x <- as.data.frame(x)
    n <- ncol(x)
    op <- par(mfrow = c(n, n))
    on.exit(par(op))
    for (row in seq_len(n)) for (column in seq_len(n)) {
        if (row == column) {
            plot.default(0.5, 0.5, type = "n", xlim = c(0, 1), ylim = c(0, 1), xlab = "", ylab = "", axes = FALSE)
            text(0.5, 0.5, if (is.null(labels)) paste("var", row) else labels[row])
        } else {
            plot.default(as.numeric(x[[column]]), as.numeric(x[[row]]), xlab = "", ylab = "", ...)
        }
    }
    invisible()
}

pie <- function(x, labels = names(x), col = NULL, main = NULL, ...) {
    shares <- c(0, cumsum(x) / sum(x))
    if (is.null(col)) col <- rep_len(c("white", "lightblue", "pink", "lavender", "lightgreen", "cornsilk"), length(x))
    .draw("frame", xlim = c(-1, 1), ylim = c(-1, 1), axes = FALSE, asp = 1)
    for (k in seq_along(x)) {
        angle <- 2 * pi * seq(shares[k], shares[k + 1], length.out = 50)
        polygon(c(0, cos(angle)), c(0, sin(angle)), col = rep_len(col, k)[k])
        if (!is.null(labels)) text(1.1 * cos(mean(angle)), 1.1 * sin(mean(angle)), labels[k])
    }
    .draw("titles", main = main)
    invisible()
}

image.default <- function(x = seq(0, 1, length.out = nrow(z)), y = seq(0, 1, length.out = ncol(z)), z, zlim = NULL, xlim = NULL,
                          ylim = NULL, col = hcl.colors(12, "YlOrRd", rev = TRUE), add = FALSE, xaxs = "i", yaxs = "i",
                          xlab = "", ylab = "", main = NULL, axes = TRUE, ...) {
    .passed_over(zlim)
    if (missing(z)) {
        z <- if (is.list(x)) x$z else x
        x <- seq(0, 1, length.out = nrow(z))
        y <- seq(0, 1, length.out = ncol(z))
    }
    if (!is.matrix(z)) stop("argument must be matrix-like")
    sides <- function(at, n) {
        if (length(at) == n + 1) return(at)
        if (n == 1) return(at + c(-0.5, 0.5))
        middle <- at[-1] - diff(at) / 2
        c(at[1] - diff(at)[1] / 2, middle, at[n] + diff(at)[n - 1] / 2)
    }
    across <- sides(x, nrow(z))
    along <- sides(y, ncol(z))
    if (!add) .draw("frame", xlim = if (is.null(xlim)) range(across) else xlim, ylim = if (is.null(ylim)) range(along) else ylim, axes = axes,
                    xaxs = xaxs, yaxs = yaxs, ...)
    .draw("image", values = as.double(z), rows = nrow(z), x = across, y = along, col = col)
    .draw("titles", main = main, xlab = xlab, ylab = ylab)
    invisible()
}

plot.raster <- function(x, xlim = c(0, ncol(x)), ylim = c(0, nrow(x)), xaxs = "i", yaxs = "i", asp = 1, add = FALSE, ...) {
    if (!add) .draw("frame", xlim = xlim, ylim = ylim, axes = FALSE, asp = asp)
    rasterImage(x, 0, 0, ncol(x), nrow(x))
    invisible()
}

rasterImage <- function(image, xleft, ybottom, xright, ytop, angle = 0, interpolate = TRUE, ...) {
    .passed_over(angle)
    if (!inherits(image, "raster")) image <- as.raster(image)
    .draw("raster", colours = as.character(image), rows = nrow(image), left = xleft, bottom = ybottom, right = xright, top = ytop)
    invisible()
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

dim.raster <- function(x) attr(x, "dim")

print.raster <- function(x, ...) {
    print(structure(as.vector(unclass(x)), dim = attr(x, "dim")), ...)
    invisible(x)
}

extendrange <- function(x, r = range(x, na.rm = TRUE), f = 0.05) {
    if (length(f) == 1) f <- c(f, f)
    r + c(-f[1], f[2]) * diff(r)
}

colorRampPalette <- function(colors, ...) {
    ends <- col2rgb(colors)
    function(n) {
        at <- seq(1, ncol(ends), length.out = n)
        low <- pmin(floor(at), ncol(ends) - 1)
        share <- at - low
        mixed <- ends[, low, drop = FALSE] * rep(1 - share, each = 3) + ends[, low + 1, drop = FALSE] * rep(share, each = 3)
        mixed <- floor(mixed + 1e-09)
        rgb(mixed[1, ], mixed[2, ], mixed[3, ], maxColorValue = 255)
    }
}

gray.colors <- function(n, start = 0.3, end = 0.9, gamma = 2.2, alpha = NULL, rev = FALSE) {
    shades <- with_alpha(gray(seq.int(start^gamma, end^gamma, length.out = n)^(1 / gamma)), alpha)
    if (rev) rev(shades) else shades
}

grey.colors <- function(n, start = 0.3, end = 0.9, gamma = 2.2, alpha = NULL, rev = FALSE) gray.colors(n, start, end, gamma, alpha, rev)

rainbow <- function(n, s = 1, v = 1, start = 0, end = max(1, n - 1) / n, alpha = NULL, rev = FALSE) {
    if (n <= 0) return(character())
    shades <- with_alpha(hsv(seq.int(start, end, length.out = n), s, v), alpha)
    if (rev) rev(shades) else shades
}

heat.colors <- function(n, alpha = NULL, rev = FALSE) {
    if (n <= 0) return(character())
    pale <- n %/% 4
    warm <- n - pale
    shades <- c(rainbow(warm, start = 0, end = 1/6),
                if (pale > 0) hsv(1/6, seq.int(1 - 1 / (2 * pale), 1 / (2 * pale), length.out = pale), 1))
    shades <- with_alpha(shades, alpha)
    if (rev) rev(shades) else shades
}

terrain.colors <- function(n, alpha = NULL, rev = FALSE) {
    if (n <= 0) return(character())
    k <- n %/% 2
    h <- c(4/12, 2/12, 0/12)
    s <- c(1, 1, 0)
    v <- c(0.65, 0.9, 0.95)
    shades <- c(hsv(seq.int(h[1], h[2], length.out = k), seq.int(s[1], s[2], length.out = k), seq.int(v[1], v[2], length.out = k)),
                hsv(seq.int(h[2], h[3], length.out = n - k + 1)[-1], seq.int(s[2], s[3], length.out = n - k + 1)[-1],
                    seq.int(v[2], v[3], length.out = n - k + 1)[-1]))
    shades <- with_alpha(shades, alpha)
    if (rev) rev(shades) else shades
}

ppoints <- function(n, a = if (n <= 10) 3 / 8 else 1 / 2) {
    if (length(n) > 1) n <- length(n)
    if (n > 0) (1:n - a) / (n + 1 - 2 * a) else numeric()
}

qqnorm <- function(y, ylim = NULL, main = "Normal Q-Q Plot", xlab = "Theoretical Quantiles", ylab = "Sample Quantiles", plot.it = TRUE, datax = FALSE, ...) {
    y <- as.numeric(y)
    x <- rep(NA_real_, length(y))
    known <- !is.na(y)
    x[known] <- qnorm(ppoints(sum(known)))[order(order(y[known]))]
    if (datax) {
        if (plot.it) plot.default(y, x, main = main, xlab = ylab, ylab = xlab, xlim = ylim, ...)
        return(invisible(list(x = y, y = x)))
    }
    if (plot.it) plot.default(x, y, main = main, xlab = xlab, ylab = ylab, ylim = ylim, ...)
    invisible(list(x = x, y = y))
}

qqline <- function(y, datax = FALSE, distribution = qnorm, probs = c(0.25, 0.75), qtype = 7, ...) {
    ends <- as.vector(quantile(y, probs, names = FALSE, type = qtype, na.rm = TRUE))
    at <- distribution(probs)
    if (datax) {
        swapped <- at
        at <- ends
        ends <- swapped
    }
    slope <- diff(ends) / diff(at)
    abline(ends[1] - slope * at[1], slope, ...)
}

stripchart <- function(x, method = "overplot", vertical = FALSE, group.names = names(x), pch = 0, col = par("fg"), xlab = "", ylab = "", main = NULL, ...) {
    groups <- if (is.list(x)) x else list(x)
    places <- rep(seq_along(groups), lengths(groups))
    if (method == "jitter") places <- places + runif(length(places), -0.1, 0.1)
    values <- unlist(groups)
    if (vertical) plot.default(places, values, pch = pch, col = col, xlab = xlab, ylab = ylab, main = main, xlim = c(0.5, length(groups) + 0.5))
    else plot.default(values, places, pch = pch, col = col, xlab = xlab, ylab = ylab, main = main, ylim = c(0.5, length(groups) + 0.5))
    if (length(group.names)) .draw("axis", side = if (vertical) 1 else 2, at = seq_along(groups), labels = group.names)
    invisible()
}

dotchart <- function(x, labels = names(x), pch = 21, main = NULL, xlab = NULL, ...) {
    plot.default(as.vector(x), seq_along(x), pch = pch, main = main, xlab = if (is.null(xlab)) "" else xlab, ylab = "", ...)
    if (length(labels)) .draw("axis", side = 2, at = seq_along(x), labels = labels)
    invisible()
}

contour <- function(x = seq(0, 1, length.out = nrow(z)), y = seq(0, 1, length.out = ncol(z)), z, add = FALSE, main = NULL, xlab = "", ylab = "", ...) {
    if (missing(z)) {
        z <- x
        x <- seq(0, 1, length.out = nrow(z))
        y <- seq(0, 1, length.out = ncol(z))
    }
    if (!add) {
        .draw("frame", xlim = range(x), ylim = range(y), xaxs = "i", yaxs = "i")
        .draw("titles", main = main, xlab = xlab, ylab = ylab)
    }
    .draw("contour", x = rep(x, length(y)), y = rep(y, each = length(x)), z = as.vector(z))
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
