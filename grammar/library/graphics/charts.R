# Charts: histograms, bars, boxes, curves, quantiles and images. Source: R's help pages of graphics; J. W. Tukey, Exploratory Data Analysis, 1977.

hist <- function(x, ...) UseMethod("hist")

barplot <- function(height, ...) UseMethod("barplot")

boxplot <- function(x, ...) UseMethod("boxplot")

nclass.Sturges <- function(x) ceiling(log2(length(x)) + 1)

plot.histogram <- function(x, freq = x$equidist, col = "lightgray", border = "black", main = paste("Histogram of", x$xname),
                           sub = NULL, xlab = x$xname, ylab = NULL, xlim = range(x$breaks), ylim = NULL, axes = TRUE,
                           add = FALSE, ...) {
    if (freq && !x$equidist) warning("the AREAS in the plot are wrong -- rather use 'freq = FALSE'", call. = FALSE)
    heights <- x[[if (freq) "counts" else "density"]]
    if (!add) {
        .draw("frame", xlim = xlim, ylim = .limits_of(ylim, c(0, heights)), axes = axes)
        .draw("titles", main = main, sub = sub, xlab = xlab, ylab = .first_given(ylab, if (freq) "Frequency" else "Density"))
    }
    .draw("boxes", left = head(x$breaks, -1L), bottom = 0 * heights, right = x$breaks[-1L], top = heights, col = col, border = border)
    invisible()
}

lines.histogram <- function(x, ...) plot.histogram(x, ..., add = TRUE)

.bin_counts <- list(sturges = nclass.Sturges, scott = nclass.scott, fd = nclass.FD, `freedman-diaconis` = nclass.FD)

.bin_edges <- function(values, breaks) {
    if (is.character(breaks)) breaks <- .bin_counts[[match.arg(tolower(breaks), c("sturges", "fd", "freedman-diaconis", "scott"))]]
    if (is.function(breaks)) breaks <- breaks(values)
    if (length(breaks) > 1L) return(sort(breaks))
    if (!is.numeric(breaks) || !is.finite(breaks) || breaks < 1 || !length(values)) stop(simpleError("invalid number of 'breaks'", sys.call(-1)))
    pretty(range(values), n = breaks, min.n = 1)
}

.count_bins <- function(values, edges, right, closed) {
    widths <- diff(edges)
    slack <- 1e-7 * (if (length(widths) > 4L) median(widths) else median(widths[widths > 0]))
    moved <- edges + (if (right) slack else -slack)
    outer <- if (right) 1L else length(edges)
    if (closed) moved[outer] <- edges[outer] + (if (right) -slack else slack)
    tabulate(findInterval(values, moved, left.open = right, rightmost.closed = closed), length(widths) + 1L)[seq_along(widths)]
}

hist.default <- function(x, breaks = "Sturges", freq = NULL, probability = !freq, include.lowest = TRUE, right = TRUE,
                         density = NULL, angle = 45, col = "lightgray", border = NULL, main = paste("Histogram of", xname),
                         xlim = range(breaks), ylim = NULL, xlab = xname, ylab = NULL, axes = TRUE, plot = TRUE,
                         labels = FALSE, nclass = NULL, warn.unused = TRUE, ...) {
    .passed_over(density)
    if (!is.numeric(x)) stop("'x' must be numeric")
    xname <- deparse1(substitute(x))
    seen <- x[is.finite(x)]
    breaks <- .bin_edges(seen, .first_given(nclass, breaks))
    counts <- .count_bins(seen, breaks, right, include.lowest)
    if (sum(counts) < length(seen)) stop("some 'x' not counted; maybe 'breaks' do not span range of 'x'")
    widths <- diff(breaks)
    bins <- list(breaks = breaks, counts = counts, density = counts / sum(counts) / widths, mids = head(breaks, -1L) + widths / 2,
                 xname = xname, equidist = max(widths) - min(widths) < 1e-7 * mean(widths))
    class(bins) <- "histogram"
    if (!plot) return(bins)
    if (is.null(freq)) freq <- if (missing(probability)) bins$equidist else !probability
    plot.histogram(bins, freq, col, .first_given(border, "black"), main, NULL, xlab, ylab, xlim, ylim, axes)
    if (is.character(labels) || labels) {
        heights <- if (freq) counts else round(bins$density, 3)
        text(bins$mids, heights, if (is.character(labels)) labels else heights, pos = 3)
    }
    invisible(bins)
}

.bar_places <- function(gaps, width) {
    right <- cumsum(gaps * mean(width) + width)
    list(from = right - width, to = right, middle = right - width / 2)
}

barplot.default <- function(height, width = 1, space = NULL, names.arg = NULL, legend.text = NULL, beside = FALSE,
                            horiz = FALSE, density = NULL, angle = 45, col = NULL, border = par("fg"), main = NULL,
                            sub = NULL, xlab = NULL, ylab = NULL, xlim = NULL, ylim = NULL, xpd = TRUE, log = "",
                            axes = TRUE, axisnames = TRUE, plot = TRUE, ...) {
    .passed_over(density)
    .unsupported(log, "draw log10(height)")
    table <- is.matrix(height)
    heights <- if (table) height + 0 else matrix(as.vector(height) + 0, nrow = 1L, dimnames = list(NULL, names(height)))
    groups <- ncol(heights)
    parts <- nrow(heights)
    beside <- beside && table
    # Bars side by side have the wide gap before each group; otherwise there is one bar for a group.
    space <- .first_given(space, if (beside) c(0, 1) else 0.2)
    bars <- if (beside) length(heights) else groups
    gaps <- if (length(space) == 2L) rep(c(space[2L], rep(space[1L], parts - 1L)), groups) else rep_len(space, bars)
    places <- .bar_places(gaps, rep_len(width, bars))
    tops <- if (beside) as.vector(heights) else as.vector(apply(heights, 2L, cumsum))
    bottoms <- if (beside) 0 * tops else tops - as.vector(heights)
    if (!beside) places[1:2] <- lapply(places[1:2], rep, each = parts)
    middles <- if (beside || !table) matrix(places$middle, ncol = if (beside) groups else 1L) else places$middle
    if (!plot) return(middles)

    col <- .first_given(col, if (table) gray.colors(parts) else "grey")
    along <- .limits_of(if (horiz) ylim else xlim, c(places$from, places$to))
    up <- .limits_of(if (horiz) xlim else ylim, c(0, tops))
    ticks <- if (axes) "s" else "n"
    if (horiz) {
        .draw("frame", xlim = up, ylim = along, xaxt = ticks, yaxt = "n")
        .draw("boxes", left = bottoms, bottom = places$from, right = tops, top = places$to, col = col, border = border)
    } else {
        .draw("frame", xlim = along, ylim = up, xaxt = "n", yaxt = ticks)
        .draw("boxes", left = places$from, bottom = bottoms, right = places$to, top = tops, col = col, border = border)
    }
    labels <- .first_given(names.arg, colnames(heights))
    if (axisnames && length(labels)) axis(if (horiz) 2 else 1, at = if (beside) colMeans(middles) else as.vector(middles), labels = labels)
    .draw("titles", main = main, sub = sub, xlab = xlab, ylab = ylab)
    if (isTRUE(legend.text)) legend.text <- rownames(height)
    if (is.character(legend.text)) legend("topright", legend = legend.text, fill = col)
    invisible(middles)
}

boxplot.stats <- function(x, coef = 1.5, do.conf = TRUE, do.out = TRUE) {
    if (coef < 0) stop("'coef' must not be negative")
    seen <- x[!is.na(x)]
    five <- fivenum(seen)
    spread <- five[[4L]] - five[[2L]]
    inside <- if (coef == 0) rep(TRUE, length(seen))
        else if (is.na(spread)) is.finite(seen)
        else seen >= five[2L] - coef * spread & seen <= five[4L] + coef * spread
    if (!all(inside)) five[c(1L, 5L)] <- range(seen[inside])
    notch <- 1.58 * spread / sqrt(length(seen))
    list(stats = five, n = length(seen), conf = if (do.conf) five[[3L]] + c(-notch, notch), out = if (do.out && coef > 0) seen[!inside] else numeric())
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

bxp <- function(z, notch = FALSE, width = NULL, varwidth = FALSE, outline = TRUE, notch.frac = 0.5, log = "", border = par("fg"), pars = NULL, frame.plot = TRUE,
                horizontal = FALSE, ann = TRUE, add = FALSE, at = NULL, show.names = NULL, ..., main = "", xlab = "", ylab = "", ylim = NULL) {
  .passed_over(ann, frame.plot, log, notch.frac, pars, show.names, width)
  if (notch || varwidth || horizontal) stop("arguments 'notch', 'varwidth' and 'horizontal' of bxp() are not supported")
  n <- ncol(z$stats)
  if (is.null(at)) at <- seq_len(n)
  heights <- range(z$stats[is.finite(z$stats)], if (outline) z$out[is.finite(z$out)])
  if (!add) plot(c(min(at) - 0.5, max(at) + 0.5), if (is.null(ylim)) heights else ylim, type = "n", axes = FALSE, main = main, xlab = xlab, ylab = ylab)
  half <- if (n > 1L) 0.4 else 0.2
  for (k in seq_len(n)) {
    five <- z$stats[, k]
    rect(at[k] - half, five[2L], at[k] + half, five[4L], border = border)
    segments(at[k] - half, five[3L], at[k] + half, five[3L], lwd = 3)
    segments(at[k], five[c(1L, 4L)], at[k], five[c(2L, 5L)], lty = 2)
    segments(at[k] - half / 2, five[c(1L, 5L)], at[k] + half / 2, five[c(1L, 5L)])
  }
  if (outline && length(z$out)) points(at[z$group], z$out)
  if (!add) {
    axis(1, at = at, labels = z$names)
    axis(2)
    box()
  }
  invisible(at)
}

curve <- function(expr, from = NULL, to = NULL, n = 101, add = FALSE, type = "l", xname = "x", xlab = xname, ylab = NULL,
                  log = NULL, xlim = NULL, ...) {
    written <- substitute(expr)
    if (is.name(written)) written <- as.call(list(written, as.name(xname)))
    if (!xname %in% all.vars(written)) stop(gettextf("'expr' must be a function, or a call or an expression containing '%s'", xname), domain = NA)
    ends <- c(.first_given(from, xlim[1L], 0), .first_given(to, xlim[2L], 1))
    log <- .first_given(log, "")
    # Points are evenly spaced as they are seen.
    at <- if (grepl("x", log, fixed = TRUE)) exp(seq(base::log(ends[1L]), base::log(ends[2L]), length.out = n)) else seq(ends[1L], ends[2L], length.out = n)
    values <- eval(written, setNames(list(at), xname), parent.frame())
    if (length(values) != n) stop("'expr' did not evaluate to an object of length 'n'")
    if (add) lines(at, values, type = type, ...)
    else plot.default(at, values, type = type, xlab = xlab, ylab = .first_given(ylab, deparse1(written)), xlim = xlim, log = log, ...)
    invisible(list(x = at, y = values))
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

matpoints <- function(x, y, type = "p", ...) matplot(x, y, type = type, ..., add = TRUE)

pairs <- function(x, labels = colnames(x), panel = points, ...) {
    x <- as.data.frame(x)
    panel <- match.fun(panel)
    n <- ncol(x)
    op <- par(mfrow = c(n, n))
    on.exit(par(op))
    for (row in seq_len(n)) for (column in seq_len(n)) {
        if (row == column) {
            plot.default(0.5, 0.5, type = "n", xlim = c(0, 1), ylim = c(0, 1), xlab = "", ylab = "", axes = FALSE)
            text(0.5, 0.5, if (is.null(labels)) paste("var", row) else labels[row])
        } else {
            across <- as.numeric(x[[column]])
            up <- as.numeric(x[[row]])
            plot.default(across, up, type = "n", xlab = "", ylab = "")
            panel(across, up, ...)
        }
    }
    invisible()
}

panel.smooth <- function(x, y, col = par("col"), bg = NA, pch = par("pch"), cex = 1, col.smooth = 2, span = 2 / 3, iter = 3, ...) {
    points.default(x, y, col = col, bg = bg, pch = pch, cex = cex)
    whole <- which(is.finite(x + y))
    if (!length(whole)) return(invisible())
    smooth <- lowess(x[whole], y[whole], span, iter)
    lines.default(smooth$x, smooth$y, col = col.smooth, ...)
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
    surface <- .surface_of(x, y, z, !missing(z), !missing(x))
    z <- surface$z
    if (!is.matrix(z)) stop("argument must be matrix-like")
    sides <- function(at, n) {
        if (length(at) == n + 1) return(at)
        if (n == 1) return(at + c(-0.5, 0.5))
        middle <- at[-1] - diff(at) / 2
        c(at[1] - diff(at)[1] / 2, middle, at[n] + diff(at)[n - 1] / 2)
    }
    across <- sides(surface$x, nrow(z))
    along <- sides(surface$y, ncol(z))
    if (!add) .draw("frame", xlim = if (is.null(xlim)) range(across) else xlim, ylim = if (is.null(ylim)) range(along) else ylim, axes = axes,
                    xaxs = xaxs, yaxs = yaxs, ...)
    .draw("image", values = as.double(z), rows = nrow(z), x = across, y = along, col = col)
    .draw("titles", main = main, xlab = xlab, ylab = ylab)
    invisible()
}

ppoints <- function(n, a = if (n <= 10) 3 / 8 else 1 / 2) {
    n <- switch(1L + (length(n) > 1L), n, length(n))
    places <- seq_len(max(0, n))
    (places - a) / (n + 1 - 2 * a)
}

qqnorm <- function(y, ylim = NULL, main = "Normal Q-Q Plot", xlab = "Theoretical Quantiles", ylab = "Sample Quantiles", plot.it = TRUE, datax = FALSE, ...) {
    place <- rank(y, na.last = "keep", ties.method = "first")
    theory <- qnorm(ppoints(sum(!is.na(y))))[place]
    if (datax) {
        if (plot.it) plot.default(y, theory, main = main, xlab = ylab, ylab = xlab, xlim = ylim, ...)
        return(invisible(list(x = y, y = theory)))
    }
    if (plot.it) plot.default(theory, y, main = main, xlab = xlab, ylab = ylab, ylim = ylim, ...)
    invisible(list(x = theory, y = y))
}

qqline <- function(y, datax = FALSE, distribution = qnorm, probs = c(0.25, 0.75), qtype = 7, ...) {
    stopifnot(length(probs) == 2)
    theory <- distribution(probs)
    seen <- quantile(y, probs, na.rm = TRUE, names = FALSE, type = qtype)
    line <- if (datax) solve(cbind(1, seen), theory) else solve(cbind(1, theory), seen)
    abline(line[[1L]], line[[2L]], ...)
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
    surface <- .surface_of(x, y, z, !missing(z), !missing(x))
    if (!add) {
        .draw("frame", xlim = range(surface$x), ylim = range(surface$y), xaxs = "i", yaxs = "i")
        .draw("titles", main = main, xlab = xlab, ylab = ylab)
    }
    places <- expand.grid(x = surface$x, y = surface$y)
    .draw("contour", x = places$x, y = places$y, z = as.vector(surface$z))
    invisible()
}
