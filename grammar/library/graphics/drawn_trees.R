# Trees of clusters as pictures, their clusters marked, and the heat map of a table between two trees.

plot.hclust <- function(x, labels = NULL, hang = 0.1, check = TRUE, axes = TRUE, frame.plot = FALSE, ann = TRUE, main = "Cluster Dendrogram",
                        sub = NULL, xlab = NULL, ylab = "Height", ...) {
  if (check && !(is.matrix(x$merge) && length(x$height) == nrow(x$merge) && length(x$order) == nrow(x$merge) + 1L)) stop("invalid dendrogram")
  n <- length(x$order)
  if (is.null(labels)) labels <- if (is.null(x$labels)) seq_len(n) else x$labels
  else if (isFALSE(labels)) labels <- character(n)
  if (length(labels) < n) stop("invalid dendrogram input", call. = FALSE)
  tree <- .hung_tree(x, hang)
  bottom <- min(tree$feet)
  high <- max(x$height)
  plot.new()
  plot.window(c(1, n) + c(-0.04, 0.04) * n, c(bottom - .room_for_leaves(labels, high - bottom), high))
  segments(tree$lines$x0, tree$lines$y0, tree$lines$x1, tree$lines$y1, ...)
  text(seq_len(n), tree$feet - 0.005 * (high - bottom), labels[x$order], srt = 90, pos = 1, ...)
  if (axes) axis(2, at = pretty(range(0, x$height)))
  if (frame.plot) box()
  if (ann) title(main = main, ylab = ylab, xlab = if (is.null(xlab)) deparse1(x$call$d) else xlab,
                 sub = if (is.null(sub) && !is.null(x$method)) paste0(" (*, \"", x$method, "\")") else sub)
  invisible()
}

# Under the leaves there is room for the longest of the labels, which stand upright.
.room_for_leaves <- function(labels, height) 0.016 * par("mfrow")[1L] * height * max(nchar(labels), 1L)

# The lines of a tree, and the heights of its leaves' feet by place: a share of the tree's height below what they hang from, or 0.
.hung_tree <- function(tree, hang) {
  n <- length(tree$order)
  place <- order(tree$order)
  feet <- numeric(n)
  middle <- numeric(n - 1L)
  span <- diff(range(tree$height, if (hang < 0) 0))
  if (span == 0) span <- 1
  lines <- vector("list", n - 1L)
  for (k in seq_len(n - 1L)) {
    top <- tree$height[k]
    ends <- lapply(tree$merge[k, ], function(part) {
      if (part > 0) return(c(middle[part], tree$height[part]))
      c(place[-part], if (hang < 0) 0 else top - hang * span)
    })
    for (side in 1:2) if (tree$merge[k, side] < 0) feet[ends[[side]][1L]] <- ends[[side]][2L]
    across <- c(ends[[1L]][1L], ends[[2L]][1L])
    middle[k] <- mean(across)
    lines[[k]] <- data.frame(x0 = c(across, across[1L]), y0 = c(ends[[1L]][2L], ends[[2L]][2L], top), x1 = c(across, across[2L]), y1 = top)
  }
  list(lines = do.call(rbind, lines), feet = feet)
}

rect.hclust <- function(tree, k = NULL, which = NULL, x = NULL, h = NULL, border = 2, cluster = NULL) {
  if (is.null(k) == is.null(h)) stop("specify exactly one of 'k' and 'h'")
  if (length(h) > 1L || length(k) > 1L) stop("'k' and 'h' must be a scalar")
  if (!is.null(which) && !is.null(x)) stop("specify exactly one of 'which' and 'x'")
  size <- length(tree$height) + 1L
  if (!is.null(h)) k <- max(2L, min(size, sum(tree$height > h) + 1L))
  if (k < 2L || k > size - is.null(h)) stop(gettextf("k must be between 2 and %d", size - 1L), domain = NA)
  heights <- rev(tree$height)
  if (is.null(cluster)) cluster <- cutree(tree, k = k)
  ordered <- cluster[tree$order]
  clusters <- unique(ordered)
  ends <- cumsum(vapply(clusters, function(one) sum(ordered == one), 0))
  if (is.null(which)) which <- if (is.null(x)) seq_len(k) else findInterval(x, c(0, ends) + 0.5)
  if (any(which > k)) stop(gettextf("all elements of 'which' must be between 1 and %d", k), domain = NA)
  border <- rep_len(border, length(which))
  # Boxes end half way between the height at which these clusters are apart and the one at which two of them are one.
  top <- mean(heights[(k - 1L):min(k, length(heights))])
  feet <- .hung_tree(tree, 0.1)$feet
  bottom <- min(feet) - 0.12 * diff(range(feet, heights))
  invisible(lapply(seq_along(which), function(i) {
    number <- which[i]
    rect(c(0, ends)[number] + 0.66, bottom, ends[number] + 0.33, top, border = border[i])
    base::which(cluster == clusters[number])
  }))
}

heatmap <- function(x, Rowv = NULL, Colv = if (symm) "Rowv" else NULL, distfun = dist, hclustfun = hclust,
                    reorderfun = function(d, w) reorder(d, w), symm = FALSE, revC = identical(Colv, "Rowv"), scale = c("row", "column", "none"),
                    na.rm = TRUE, labRow = NULL, labCol = NULL, main = NULL, xlab = NULL, ylab = NULL, keep.dendro = FALSE, ...) {
  scale <- if (symm && missing(scale)) "none" else match.arg(scale)
  if (length(dim(x)) != 2L || !is.numeric(x)) stop("'x' must be a numeric matrix")
  if (any(dim(x) <= 1L)) stop("'x' must have at least 2 rows and 2 columns")
  tree_of <- function(given, table, means) {
    if (identical(given, NA)) return(NULL)
    tree <- if (inherits(given, "dendrogram")) given else as.dendrogram(hclustfun(distfun(table)))
    if (inherits(given, "dendrogram") || isFALSE(given)) tree else reorderfun(tree, if (is.numeric(given)) given else means)
  }
  rows <- tree_of(Rowv, x, rowMeans(x, na.rm = na.rm))
  columns <- if (identical(Colv, "Rowv")) rows else tree_of(Colv, t(x), colMeans(x, na.rm = na.rm))
  row_order <- if (is.null(rows)) seq_len(nrow(x)) else order.dendrogram(rows)
  column_order <- if (is.null(columns)) seq_len(ncol(x)) else order.dendrogram(columns)
  shown <- x[row_order, column_order]
  row_labels <- if (is.null(labRow)) if (is.null(rownames(x))) seq_len(nrow(x)) else rownames(x) else labRow
  column_labels <- if (is.null(labCol)) if (is.null(colnames(x))) seq_len(ncol(x)) else colnames(x) else labCol
  if (scale != "none") {
    side <- if (scale == "row") 1L else 2L
    shown <- sweep(shown, side, apply(shown, side, mean, na.rm = na.rm), check.margin = FALSE)
    shown <- sweep(shown, side, apply(shown, side, sd, na.rm = na.rm), "/", check.margin = FALSE)
  }
  drawn <- if (revC) shown[rev(seq_len(nrow(shown))), ] else shown
  image(seq_len(ncol(drawn)), seq_len(nrow(drawn)), t(drawn), xlab = if (is.null(xlab)) "" else xlab, ylab = if (is.null(ylab)) "" else ylab,
        main = main, axes = FALSE)
  axis(1, seq_len(ncol(drawn)), labels = column_labels[column_order], las = 2, tick = FALSE)
  axis(4, seq_len(nrow(drawn)), labels = (if (revC) rev else identity)(row_labels[row_order]), las = 2, tick = FALSE)
  invisible(list(rowInd = row_order, colInd = column_order, Rowv = if (keep.dendro) rows, Colv = if (keep.dendro) columns))
}
