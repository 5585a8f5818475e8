# Tables as areas: mosaics, spines and conditional densities. Source: J. A. Hartigan and B. Kleiner, The American Statistician 38 (1984);
# M. Friendly, Journal of the American Statistical Association 89 (1994); R's help pages of mosaicplot, spineplot and cdplot.

mosaicplot <- function(x, ...) UseMethod("mosaicplot")

mosaicplot.default <- function(x, main = deparse1(substitute(x)), sub = NULL, xlab = NULL, ylab = NULL, sort = NULL, off = NULL, dir = NULL,
                               color = NULL, shade = FALSE, margin = NULL, cex.axis = 0.66, las = par("las"), border = NULL,
                               type = c("pearson", "deviance", "FT"), ...) {
  force(main)
  type <- match.arg(type)
  table <- as.array(x)
  if (!is.numeric(table)) stop("'bin' must be numeric or a factor", call. = FALSE)
  depth <- length(dim(table))
  # What has no names is lettered, and numbered through.
  if (is.null(dimnames(table))) dimnames(table) <- lapply(seq_len(depth), function(k) paste0(LETTERS[k], seq_len(dim(table)[k])))
  named <- names(dimnames(table))
  if (!is.null(sort)) {
    if (length(sort) != depth) stop("length of 'sort' does not conform to 'dim(x)'")
    table <- aperm(table, sort)
    named <- named[sort]
  }
  if (anyNA(table) || sum(table) == 0) stop("missing values in contingency table", call. = FALSE)
  dir <- if (is.null(dir)) rep_len(c("v", "h"), depth) else rep_len(dir, depth)
  off <- (if (is.null(off)) 10 / ceiling(seq_len(depth) / 2) else rep_len(off, depth)) / 100
  paint <- .mosaic_paint(table, color, shade, margin, type)
  if (is.null(xlab)) xlab <- paste(named[dir == "v"][1L][!is.na(named[dir == "v"][1L])], collapse = "")
  if (is.null(ylab)) ylab <- paste(named[dir != "v"][1L][!is.na(named[dir != "v"][1L])], collapse = "")
  plot.default(NA_real_, NA_real_, type = "n", xlim = c(-0.06, if (is.null(paint$key)) 1 else 1.2), ylim = c(0, 1.08), axes = FALSE, main = main, sub = sub, xlab = xlab, ylab = ylab)
  split <- function(at, box, free) {
    level <- length(at) + 1L
    if (level > depth) {
      number <- sum((at - 1L) * c(1L, cumprod(dim(table)))[seq_len(depth)]) + 1L
      if (table[number] == 0) segments(box[1L], box[3L], box[2L], box[4L], lty = 3)
      else rect(box[1L], box[3L], box[2L], box[4L], col = paint$fill[number], border = if (is.null(border)) paint$edge[number] else border, lty = paint$line[number])
      return(invisible())
    }
    sizes <- vapply(seq_len(dim(table)[level]), function(k) sum(.table_part(table, c(at, k))), 0)
    upright <- dir[level] == "v"
    ends <- if (upright) box[1:2] else box[4:3]
    gap <- diff(ends) * off[level] / max(1L, length(sizes) - 1L) * (length(sizes) > 1L)
    shares <- (diff(ends) - gap * (length(sizes) - 1L)) * (if (sum(sizes) > 0) sizes / sum(sizes) else rep(1 / length(sizes), length(sizes)))
    begins <- ends[1L] + cumsum(c(0, head(shares + gap, -1L)))
    # Only along the upper and the left side levels are named, where nothing has been split in this direction but the first parts.
    if (free) for (k in seq_along(sizes)) {
      middle <- begins[k] + shares[k] / 2
      first <- sum(dir[seq_len(level)] == dir[level])
      if (upright) text(middle, 1.05 - 0.03 * (first - 1), dimnames(table)[[level]][k], cex = cex.axis)
      else text(-0.03 + 0.02 * (first - 1), middle, dimnames(table)[[level]][k], cex = cex.axis, srt = if (las %in% 1:2) 0 else 90)
    }
    for (k in seq_along(sizes)) {
      part <- begins[k] + c(0, shares[k])
      split(c(at, k), if (upright) c(part, box[3:4]) else c(box[1:2], rev(part)), free && .names_go_on(dir, level, k))
    }
  }
  split(integer(), c(0, 1, 0, 1), TRUE)
  if (!is.null(paint$key)) .mosaic_key(paint, type)
  invisible()
}

# The next level is named in the first part of a split across it, and in each part of a split along it.
.names_go_on <- function(dir, level, k) level < length(dir) && (dir[level + 1L] == dir[level] || k == 1L)

.table_part <- function(table, at) {
  index <- c(as.list(at), rep(list(TRUE), length(dim(table)) - length(at)))
  do.call(`[`, c(list(table), index))
}

# Colours by the last variable, or by how far each cell is from what a model without interactions expects.
.mosaic_paint <- function(table, color, shade, margin, type) {
  last <- dim(table)[length(dim(table))]
  plain <- function(colours) list(fill = rep(rep_len(colours, last), each = length(table) / last), edge = rep(1, length(table)), line = rep("solid", length(table)))
  if (isFALSE(shade)) return(plain(if (is.null(color)) "grey" else if (isTRUE(color)) gray.colors(last) else if (isFALSE(color)) NA else color))
  if (isTRUE(shade)) shade <- c(2, 4)
  else if (any(shade <= 0) || length(shade) > 5L) stop(simpleError("invalid 'shade' specification", sys.call(-1)))
  shade <- sort(shade)
  expected <- stats::loglin(table, if (is.null(margin)) as.list(seq_along(dim(table))) else margin, fit = TRUE, print = FALSE)$fit
  distance <- switch(type, pearson = (table - expected) / sqrt(expected),
    deviance = sign(table - expected) * sqrt(2 * (table * log(ifelse(table == 0, 1, table / expected)) - (table - expected))),
    FT = sqrt(table) + sqrt(table + 1) - sqrt(4 * expected + 1))
  depths <- seq(1, 0, length.out = length(shade) + 1L)
  colours <- c(hsv(0, depths, 1), hsv(4 / 6, rev(depths), 1))
  class <- findInterval(as.vector(distance), c(-rev(shade), 0, shade)) + 1L
  below <- as.vector(distance) < 0
  list(fill = colours[class], edge = ifelse(below, 2, 4), line = ifelse(below, "dashed", "solid"), key = shade, colours = colours)
}

.mosaic_key <- function(paint, type) {
  edges <- c(-rev(paint$key), 0, paint$key)
  names <- c(paste0("<", edges[1L]), paste(head(edges, -1L), edges[-1L], sep = ":"), paste0(">", edges[length(edges)]))
  bottoms <- seq(0, 0.9, length.out = length(names) + 1L)
  rect(1.1, head(bottoms, -1L), 1.16, bottoms[-1L] - 0.02, col = paint$colours)
  text(1.19, (head(bottoms, -1L) + bottoms[-1L]) / 2, names, srt = 90, cex = 0.6)
  text(1.05, 0.45, c(pearson = "Standardized\nResiduals:", deviance = "Deviance\nResiduals:", FT = "Freeman-Tukey\nResiduals:")[[type]], srt = 90, cex = 0.7)
}

mosaicplot.formula <- function(formula, data = NULL, ..., main = deparse1(substitute(data)), subset, na.action = stats::na.omit) {
  force(main)
  if (is.table(data) || is.array(data) && length(dim(data)) > 1L) {
    wanted <- attr(terms(formula, data = as.data.frame(as.table(data))), "term.labels")
    counted <- if ("." %in% all.vars(formula)) data else marginSums(as.table(data), match(wanted, names(dimnames(data))))
    return(mosaicplot(counted, main = main, ...))
  }
  framed <- quote(stats::model.frame(formula, data, na.action = na.action))
  if (!missing(subset)) framed$subset <- substitute(subset)
  mosaicplot(table(eval(framed)), main = main, ...)
}

spineplot <- function(x, ...) UseMethod("spineplot")

cdplot <- function(x, ...) UseMethod("cdplot")

# A factor by one variable: the frame's two columns, or what is wrong with the formula.
.one_by_one <- function(formula, data, subset, within, called) {
  framed <- call("model.frame", formula, data)
  if (!is.null(subset)) framed$subset <- subset
  frame <- eval(framed, within)
  if (length(frame) != 2L) stop(simpleError("'formula' should specify exactly two variables", called))
  if (!is.factor(frame[[1L]])) stop(simpleError("dependent variable should be a factor", called))
  frame
}

.levels_in_order <- function(y, ylevels) if (is.null(ylevels)) y else factor(y, levels = if (is.numeric(ylevels)) levels(y)[ylevels] else ylevels)

spineplot.formula <- function(formula, data = NULL, breaks = NULL, tol.ylab = 0.05, off = NULL, ylevels = NULL, col = NULL, main = "", xlab = NULL,
                              ylab = NULL, xaxlabels = NULL, yaxlabels = NULL, xlim = NULL, ylim = c(0, 1), axes = TRUE, ..., subset = NULL,
                              drop.unused.levels = FALSE) {
  frame <- .one_by_one(formula, data, substitute(subset), parent.frame(), sys.call())
  if (drop.unused.levels) frame <- droplevels(frame)
  spineplot.default(frame[[2L]], frame[[1L]], breaks, tol.ylab, off, ylevels, col, main, if (is.null(xlab)) names(frame)[2L] else xlab,
                    if (is.null(ylab)) names(frame)[1L] else ylab, xaxlabels, yaxlabels, xlim, ylim, axes, ...)
}

spineplot.default <- function(x, y = NULL, breaks = NULL, tol.ylab = 0.05, off = NULL, ylevels = NULL, col = NULL, main = "", xlab = NULL, ylab = NULL,
                              xaxlabels = NULL, yaxlabels = NULL, xlim = NULL, ylim = c(0, 1), axes = TRUE, ...) {
  edges <- NULL
  if (missing(y)) {
    if (length(dim(x)) != 2L) stop("a 2-way table has to be specified")
    counts <- as.table(x)
    if (is.null(xlab)) xlab <- names(dimnames(counts))[1L]
    if (is.null(ylab)) ylab <- names(dimnames(counts))[2L]
    if (is.null(names(dimnames(counts)))) xlab <- ylab <- ""
  } else {
    if (!is.factor(y)) stop("dependent variable should be a factor")
    if (is.null(xlab)) xlab <- deparse1(substitute(x))
    if (is.null(ylab)) ylab <- deparse1(substitute(y))
    y <- .levels_in_order(y, ylevels)
    if (is.factor(x)) counts <- table(x, y)
    else {
      edges <- if (is.null(breaks)) hist(as.numeric(x), plot = FALSE)$breaks else hist(as.numeric(x), breaks = breaks, plot = FALSE)$breaks
      counts <- table(cut(as.numeric(x), edges, include.lowest = TRUE), y)
    }
    names(dimnames(counts)) <- c(xlab, ylab)
  }
  widths <- rowSums(counts) / sum(counts)
  gap <- if (!is.null(edges)) 0 else if (is.null(off)) 0.02 else off / 100
  left <- cumsum(c(0, head(widths + gap, -1L)))
  if (is.null(xlim)) xlim <- c(0, 1 + gap * (nrow(counts) - 1L))
  shades <- if (is.null(col)) gray.colors(ncol(counts)) else rep_len(col, ncol(counts))
  plot.default(NA_real_, NA_real_, type = "n", xlim = xlim, ylim = ylim, axes = FALSE, xaxs = "i", yaxs = "i", main = main, xlab = xlab, ylab = ylab)
  # The last level is the lowest.
  parts <- counts[, rev(seq_len(ncol(counts))), drop = FALSE]
  for (k in which(rowSums(counts) > 0)) {
    heights <- cumsum(c(0, parts[k, ] / sum(parts[k, ])))
    rect(left[k], head(heights, -1L), left[k] + widths[k], heights[-1L], col = shades, ...)
  }
  if (axes) {
    if (is.null(edges)) axis(1, at = left + widths / 2, labels = if (is.null(xaxlabels)) rownames(counts) else xaxlabels)
    else axis(1, at = c(left, 1), labels = if (is.null(xaxlabels)) edges else xaxlabels)
    first <- parts[which(rowSums(counts) > 0)[1L], ]
    .level_axis(first / sum(first), if (is.null(yaxlabels)) colnames(parts) else rev(yaxlabels), tol.ylab)
  }
  box()
  invisible(counts)
}

# Levels named at the middles of their shares, but for those too narrow for it: then all stand evenly.
.level_axis <- function(shares, labels, narrow) {
  at <- cumsum(shares) - shares / 2
  axis(2, at = if (any(shares < narrow)) (seq_along(shares) - 0.5) / length(shares) else at, labels = labels)
}

cdplot.formula <- function(formula, data = list(), plot = TRUE, tol.ylab = 0.05, ylevels = NULL, bw = "nrd0", n = 512, from = NULL, to = NULL,
                           col = NULL, border = 1, main = "", xlab = NULL, ylab = NULL, yaxlabels = NULL, xlim = NULL, ylim = c(0, 1), ..., subset = NULL) {
  frame <- .one_by_one(formula, data, substitute(subset), parent.frame(), sys.call())
  cdplot.default(frame[[2L]], frame[[1L]], plot, tol.ylab, ylevels, bw, n, from, to, col, border, main, if (is.null(xlab)) names(frame)[2L] else xlab,
                 if (is.null(ylab)) names(frame)[1L] else ylab, yaxlabels, xlim, ylim, ...)
}

cdplot.default <- function(x, y, plot = TRUE, tol.ylab = 0.05, ylevels = NULL, bw = "nrd0", n = 512, from = NULL, to = NULL, col = NULL, border = 1,
                           main = "", xlab = NULL, ylab = NULL, yaxlabels = NULL, xlim = NULL, ylim = c(0, 1), ...) {
  if (is.null(xlab)) xlab <- deparse1(substitute(x))
  if (is.null(ylab)) ylab <- deparse1(substitute(y))
  if (!is.factor(y)) stop("dependent variable should be a factor")
  x <- as.numeric(x)
  y <- .levels_in_order(y, ylevels)
  from_last <- rev(levels(y))
  reach <- c(if (!is.null(from)) list(from = from), if (!is.null(to)) list(to = to))
  whole <- do.call(density, c(list(x, bw = bw, n = n), reach, list(...)))
  at <- whole$x
  # Of the density, the part of the last levels so far.
  heights <- lapply(head(seq_along(from_last), -1L), function(k) {
    own <- y %in% from_last[seq_len(k)]
    if (!any(own)) return(0 * at)
    density(x[own], bw = whole$bw, n = n, from = min(at), to = max(at), ...)$y * mean(own) / whole$y
  })
  found <- setNames(lapply(heights, function(height) approxfun(at, height, rule = 2)), head(from_last, -1L))
  if (plot) {
    shades <- if (is.null(col)) gray.colors(length(from_last)) else rep_len(col, length(from_last))
    plot.default(NA_real_, NA_real_, type = "n", xlim = if (is.null(xlim)) range(x) else xlim, ylim = ylim, xaxs = "i", yaxs = "i", yaxt = "n", main = main, xlab = xlab, ylab = ylab)
    edges <- c(list(0 * at), heights, list(1 + 0 * at))
    for (k in seq_along(from_last)) polygon(c(at, rev(at)), c(edges[[k]], rev(edges[[k + 1L]])), col = shades[k], border = border)
    begin <- vapply(found, function(share) share(min(x)), 0)
    .level_axis(diff(c(0, begin, 1)), if (is.null(yaxlabels)) from_last else rev(yaxlabels), tol.ylab)
    box()
  }
  invisible(found)
}
