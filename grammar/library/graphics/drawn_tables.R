# Tables of two factors against independence, fourfold tables, and what factors do to means.
# Source: A. Cohen, Communications in Statistics 9 (1980); M. Friendly, A Fourfold Display for 2 by 2 by k Tables (1994).

# A box for each cell: as wide as the root of what is expected, as high as the cell's Pearson residual.
assocplot <- function(x, col = c("black", "red"), space = 0.3, main = NULL, xlab = NULL, ylab = NULL) {
  if (length(dim(x)) != 2L) stop("'x' must be a 2-d contingency table")
  if (any(x < 0) || anyNA(x) || any(!is.finite(x))) stop("all entries of 'x' must be nonnegative and finite")
  total <- sum(x)
  if (total == 0) stop("at least one entry of 'x' must be positive")
  named <- names(dimnames(x))
  if (is.null(xlab)) xlab <- named[1L]
  if (is.null(ylab)) ylab <- named[2L]
  # Columns stand below each other, the first of them above.
  table <- unclass(x)[, rev(seq_len(ncol(x))), drop = FALSE]
  root <- sqrt(outer(rowSums(table), colSums(table)) / total)
  residual <- (table - root^2) / root
  wide <- apply(root, 1L, max)
  high <- apply(residual, 2L, max) - apply(residual, 2L, min)
  gaps <- c(mean(wide), mean(high)) * space
  right <- cumsum(wide + gaps[1L])
  top <- cumsum(high + gaps[2L])
  middle <- right - (wide + gaps[1L]) / 2
  base <- top - apply(residual, 2L, max) - gaps[2L] / 2
  plot.default(NA_real_, NA_real_, type = "n", xlim = c(0, sum(wide + gaps[1L])), ylim = c(0, sum(high + gaps[2L])), axes = FALSE, xlab = xlab, ylab = ylab, main = main)
  axis(1, at = middle, labels = rownames(table))
  axis(2, at = top - (high + gaps[2L]) / 2, labels = colnames(table))
  abline(h = base, lty = 2)
  for (j in seq_len(ncol(table))) {
    half <- root[, j] / 2
    rect(middle - half, base[j], middle + half, base[j] + residual[, j], col = rep_len(col, 2L)[1L + (residual[, j] < 0)])
  }
  box()
  invisible()
}

fourfoldplot <- function(x, color = c("#99CCFF", "#6699CC"), conf.level = 0.95, std = c("margins", "ind.max", "all.max"), margin = c(1, 2),
                         space = 0.2, main = NULL, mfrow = NULL, mfcol = NULL) {
  if (!is.array(x)) stop("'x' must be an array")
  if (length(dim(x)) == 2L) x <- if (is.null(dimnames(x))) array(x, c(dim(x), 1L)) else array(x, c(dim(x), 1L), c(dimnames(x), list(NULL)))
  if (length(dim(x)) != 3L) stop("'x' must be 2- or 3-dimensional")
  if (any(dim(x)[1:2] != 2L)) stop("table for each stratum must be 2 by 2")
  if (is.null(dimnames(x))) dimnames(x) <- list(c("1", "2"), c("1", "2"), NULL)
  named <- names(dimnames(x))
  if (is.null(named)) named <- c("Row", "Col", "Strata")
  if (length(conf.level) != 1L || !is.finite(conf.level) || conf.level < 0 || conf.level >= 1) stop("'conf.level' must be a single number between 0 and 1")
  std <- match.arg(std)
  strata <- dim(x)[3L]
  across <- ceiling(sqrt(strata))
  cut <- if (!is.null(mfrow)) mfrow else if (!is.null(mfcol)) mfcol else c(ceiling(strata / across), across)
  if (length(cut) != 2L || prod(cut) < strata) stop("incorrect geometry specification")
  place <- if (is.null(mfcol)) cbind((seq_len(strata) - 1L) %/% cut[2L], (seq_len(strata) - 1L) %% cut[2L])
    else cbind((seq_len(strata) - 1L) %% cut[1L], (seq_len(strata) - 1L) %/% cut[1L])
  step <- 2 * (1 + space)
  plot.default(NA_real_, NA_real_, type = "n", xlim = c(0, cut[2L] * step), ylim = c(-cut[1L] * step, 0), axes = FALSE, xlab = "", ylab = "", asp = 1, main = main)
  for (k in seq_len(strata)) {
    table <- matrix(x[, , k], 2L)
    centre <- c((place[k, 2L] + 0.5) * step, -(place[k, 1L] + 0.5) * step)
    .fourfold(table, .fourfold_sizes(table, std, margin, max(x)), centre, rep_len(color, 2L), if (conf.level > 0) .fourfold_ends(table, conf.level))
    labels <- lapply(1:2, function(side) paste(named[side], dimnames(x)[[side]], sep = ": "))
    out <- 1 + space / 2
    text(centre[1L], centre[2L] + c(out, -out), labels[[1L]], cex = 0.7)
    text(centre[1L] + c(-out, out), centre[2L], labels[[2L]], cex = 0.7, srt = 90)
    if (strata > 1L) text(centre[1L], centre[2L] + 1 + space * 0.95, paste(named[3L], dimnames(x)[[3L]][k], sep = ": "), cex = 0.8)
  }
  invisible()
}

# What the quarters' areas are: a table with even margins and the same odds ratio, or the counts by the largest one.
.fourfold_sizes <- function(table, std, margin, most) {
  if (std == "all.max") return(table / most)
  if (std == "ind.max") return(table / max(table))
  if (identical(sort(as.integer(margin)), 1:2)) return(.even_margins(table[1L] * table[4L] / (table[2L] * table[3L])))
  if (length(margin) != 1L || !margin %in% 1:2) stop(simpleError("incorrect 'margin' specification", sys.call(-1)))
  made <- prop.table(table, margin)
  made / max(made)
}

.even_margins <- function(odds) {
  share <- if (is.finite(odds)) sqrt(odds) / (1 + sqrt(odds)) else 1
  made <- matrix(c(share, 1 - share, 1 - share, share), 2L)
  made / max(made)
}

.fourfold_ends <- function(table, level) {
  if (any(table == 0)) table <- table + 0.5
  reach <- qnorm((1 + level) / 2) * sqrt(sum(1 / table))
  lapply(c(-reach, reach), function(far) .even_margins(table[1L] * table[4L] / (table[2L] * table[3L]) * exp(far)))
}

.fourfold <- function(table, sizes, centre, colours, ends) {
  quarters <- list(c(pi / 2, pi), c(pi, 3 * pi / 2), c(0, pi / 2), c(3 * pi / 2, 2 * pi))
  # The diagonal with the larger product has the second colour.
  first <- table[1L] * table[4L] > table[2L] * table[3L]
  for (cell in 1:4) {
    angle <- seq(quarters[[cell]][1L], quarters[[cell]][2L], length.out = 40L)
    radius <- sqrt(sizes[cell])
    polygon(centre[1L] + radius * c(0, cos(angle)), centre[2L] + radius * c(0, sin(angle)), col = colours[1L + ((cell %in% c(1L, 4L)) == first)])
    for (ring in ends) lines(centre[1L] + sqrt(ring[cell]) * cos(angle), centre[2L] + sqrt(ring[cell]) * sin(angle))
    corner <- centre + 0.88 * c(if (cell < 3L) -1 else 1, if (cell %in% c(1L, 3L)) 1 else -1)
    text(corner[1L], corner[2L], table[cell], cex = 0.8)
  }
  rect(centre[1L] - 1, centre[2L] - 1, centre[1L] + 1, centre[2L] + 1)
  segments(centre[1L] - 1, centre[2L], centre[1L] + 1, centre[2L])
  segments(centre[1L], centre[2L] - 1, centre[1L], centre[2L] + 1)
}

plot.design <- function(x, y = NULL, fun = mean, data = NULL, ..., ylim = NULL, xlab = "Factors", ylab = NULL, main = NULL, ask = NULL, xaxt = par("xaxt"),
                        axes = TRUE, xtick = FALSE) {
  called <- deparse1(substitute(fun))
  fun <- match.fun(fun)
  if (inherits(x, "formula")) {
    frame <- model.frame(x, data)
    y <- frame[1L]
    x <- frame[-1L]
  } else if (!is.data.frame(x)) stop("'x' must be a dataframe or a formula")
  else if (is.null(y)) {
    numbers <- vapply(x, is.numeric, TRUE)
    if (!any(numbers)) stop("there must be at least one numeric variable!")
    y <- x[numbers]
    x <- x[!numbers]
  } else if (is.numeric(y)) y <- setNames(data.frame(y), deparse1(substitute(y)))
  if (!length(x) || !all(vapply(x, is.factor, TRUE))) stop("all columns/components of 'x' must be factors", call. = FALSE)
  for (name in names(y)) {
    values <- y[[name]]
    found <- lapply(x, function(one) tapply(values, one, fun))
    whole <- fun(values)
    if (is.list(found[[1L]]) || length(whole) != 1L) stop("invalid 'type' (list) of argument", call. = FALSE)
    plot.default(NA_real_, NA_real_, type = "n", xlim = c(0.5, length(x) + 0.5), ylim = if (is.null(ylim)) range(unlist(found), na.rm = TRUE) else ylim, xaxt = "n", axes = axes,
                 xlab = xlab, ylab = if (is.null(ylab)) paste(called, "of", name) else ylab, main = main, ...)
    segments(0.5, whole, length(x) + 0.5, whole)
    for (k in seq_along(x)) {
      segments(k, min(found[[k]], na.rm = TRUE), k, max(found[[k]], na.rm = TRUE))
      segments(k - 0.03, found[[k]], k + 0.03, found[[k]])
      text(k - 0.05, found[[k]], names(found[[k]]), pos = 2, cex = 0.9)
    }
    if (axes && xaxt != "n") axis(1, at = seq_along(x), labels = names(x), tick = xtick)
  }
  invisible()
}
