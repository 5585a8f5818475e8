# Clusters and components.

kmeans <- function(x, centers, iter.max = 10L, nstart = 1L, algorithm = c("Hartigan-Wong", "Lloyd", "Forgy", "MacQueen"), trace = FALSE) {
  .unsupported(trace, "see 'iter' of the result")
  algorithm <- match.arg(algorithm)
  x <- as.matrix(x)
  if (anyNA(x)) stop("NA/NaN/Inf in foreign function call (arg 1)")
  m <- nrow(x)
  if (length(centers) == 1L) {
    k <- centers
    different <- unique(x)
    if (nrow(different) < k) stop("more cluster centers than distinct data points.")
    begin <- if (nstart == 1L) list(x[sample.int(m, k), , drop = FALSE]) else {
      first <- x[sample.int(m, k), , drop = FALSE]
      c(list(first), lapply(seq_len(nstart - 1L), function(i) different[sample.int(nrow(different), k), , drop = FALSE]))
    }
  } else {
    begin <- list(as.matrix(centers))
    k <- nrow(begin[[1L]])
    if (anyDuplicated(begin[[1L]])) stop("initial centers are not distinct")
  }
  runs <- lapply(begin, function(one) clustered(x, one, iter.max, algorithm != "Lloyd" && algorithm != "Forgy"))
  best <- runs[[which.min(vapply(runs, function(one) sum(one$within), 0))]]
  dimnames(best$centers) <- list(seq_len(k), colnames(x))
  names(best$cluster) <- rownames(x)
  total <- sum(scale(x, scale = FALSE)^2)
  structure(list(cluster = best$cluster, centers = best$centers, totss = total, withinss = best$within, tot.withinss = sum(best$within),
                 betweenss = total - sum(best$within), size = as.integer(tabulate(best$cluster, k)), iter = best$iterations, ifault = 0L),
            class = "kmeans")
}

# Points go to the nearest centre until none moves; then single points move where that lowers the sum of squares.
clustered <- function(x, centers, most, single) {
  k <- nrow(centers)
  distances <- function(centers) vapply(seq_len(k), function(j) rowSums(sweep(x, 2L, centers[j, ])^2), numeric(nrow(x)))
  means <- function(cluster) t(vapply(seq_len(k), function(j) colMeans(x[cluster == j, , drop = FALSE]), numeric(ncol(x))))
  if (ncol(x) == 1L) means <- function(cluster) matrix(vapply(seq_len(k), function(j) mean(x[cluster == j, 1L]), 0), k)
  cluster <- max.col(-matrix(distances(centers), nrow(x)), "first")
  iterations <- 0L
  repeat {
    iterations <- iterations + 1L
    if (any(tabulate(cluster, k) == 0L)) stop("empty cluster: try a better set of initial centers")
    centers <- means(cluster)
    nearest <- max.col(-matrix(distances(centers), nrow(x)), "first")
    if (all(nearest == cluster)) break
    cluster <- nearest
    if (iterations >= most) {
      warning("did not converge in ", most, " iterations", call. = FALSE)
      break
    }
  }
  if (single) repeat {
    moved <- FALSE
    for (i in seq_len(nrow(x))) {
      sizes <- tabulate(cluster, k)
      own <- cluster[i]
      if (sizes[own] == 1L) next
      d <- rowSums(sweep(centers, 2L, x[i, ])^2)
      gain <- d * sizes / (sizes + 1)
      gain[own] <- d[own] * sizes[own] / (sizes[own] - 1)
      to <- which.min(gain)
      if (to != own && gain[to] < gain[own] - 1e-12) {
        cluster[i] <- to
        centers <- means(cluster)
        moved <- TRUE
      }
    }
    if (!moved) break
  }
  d <- matrix(distances(centers), nrow(x))
  list(cluster = as.integer(cluster), centers = centers, iterations = iterations,
       within = vapply(seq_len(k), function(j) sum(d[cluster == j, j]), 0))
}

print.kmeans <- function(x, ...) {
  cat("K-means clustering with ", length(x$size), " clusters of sizes ", paste(x$size, collapse = ", "), "\n", sep = "")
  cat("\nCluster means:\n")
  print(x$centers, ...)
  cat("\nClustering vector:\n")
  print(x$cluster, ...)
  cat("\nWithin cluster sum of squares by cluster:\n")
  print(x$withinss, ...)
  cat(sprintf(" (between_SS / total_SS = %5.1f %%)\n", 100 * x$betweenss / x$totss), "\nAvailable components:\n\n", sep = "")
  print(names(x))
  invisible(x)
}

fitted.kmeans <- function(object, ...) object$centers[object$cluster, , drop = FALSE]

princomp <- function(x, cor = FALSE, scores = TRUE, ...) {
  call <- match.call()
  x <- as.matrix(x)
  n <- nrow(x)
  center <- colMeans(x)
  moments <- cov(x) * (1 - 1 / n)
  spread <- if (cor) sqrt(diag(moments)) else rep(1, ncol(x))
  if (cor) moments <- moments / outer(spread, spread)
  parts <- eigen(moments, symmetric = TRUE)
  names <- paste0("Comp.", seq_len(ncol(x)))
  sdev <- setNames(sqrt(pmax(parts$values, 0)), names)
  loadings <- structure(parts$vectors, dimnames = list(colnames(x), names), class = "loadings")
  made <- list(sdev = sdev, loadings = loadings, center = center, scale = setNames(spread, colnames(x)), n.obs = n,
               scores = if (scores) structure(scale(x, center, spread) %*% parts$vectors, dimnames = list(rownames(x), names)), call = call)
  structure(made, class = "princomp")
}

print.princomp <- function(x, ...) {
  cat("Call:\n")
  print(x$call)
  cat("\nStandard deviations:\n")
  print(x$sdev, ...)
  cat("\n", length(x$scale), " variables and ", x$n.obs, "observations.\n")
  invisible(x)
}

summary.princomp <- function(object, ...) structure(object, class = c("summary.princomp", "princomp"))

print.summary.princomp <- function(x, ...) {
  variance <- x$sdev^2 / sum(x$sdev^2)
  cat("Importance of components:\n")
  print(rbind(`Standard deviation` = x$sdev, `Proportion of Variance` = variance, `Cumulative Proportion` = cumsum(variance)), ...)
  invisible(x)
}

predict.princomp <- function(object, newdata, ...) if (missing(newdata)) object$scores else scale(newdata, object$center, object$scale) %*% unclass(object$loadings)

biplot <- function(x, ...) {
  scores <- if (is.null(x$x)) x$scores else x$x
  arrows <- if (is.null(x$rotation)) unclass(x$loadings) else x$rotation
  plot.default(scores[, 1L], scores[, 2L], xlab = colnames(scores)[1L], ylab = colnames(scores)[2L], type = "n", ...)
  text.default(scores[, 1L], scores[, 2L], if (is.null(rownames(scores))) seq_len(nrow(scores)) else rownames(scores), cex = 0.7)
  reach <- 0.8 * max(abs(scores[, 1:2])) / max(abs(arrows[, 1:2]))
  segments(0, 0, reach * arrows[, 1L], reach * arrows[, 2L], col = "red")
  text.default(1.1 * reach * arrows[, 1L], 1.1 * reach * arrows[, 2L], rownames(arrows), col = "red")
  invisible()
}

hclust <- function(d, method = "complete", members = NULL) {
  if (!is.null(members)) stop("argument 'members' of hclust() is not supported: every object counts once")
  call <- match.call()
  methods <- c("ward.D2", "ward.D", "single", "complete", "average", "mcquitty")
  method <- match.arg(method, methods)
  between <- as.matrix(d)
  n <- nrow(between)
  if (n < 2L) stop("must have n >= 2 objects to cluster")
  if (method == "ward.D2") between <- between^2
  diag(between) <- Inf
  sizes <- rep(1, n)
  label <- -seq_len(n)
  merge <- matrix(0L, n - 1L, 2L)
  height <- numeric(n - 1L)
  live <- seq_len(n)
  for (step in seq_len(n - 1L)) {
    part <- between[live, live, drop = FALSE]
    at <- which(part == min(part), arr.ind = TRUE)
    at <- at[at[, 1L] < at[, 2L], , drop = FALSE][1L, ]
    i <- live[at[1L]]
    j <- live[at[2L]]
    pair <- c(label[i], label[j])
    merge[step, ] <- as.integer(if (all(pair < 0)) pair[order(-pair)] else if (any(pair < 0)) sort(pair) else sort(pair))
    height[step] <- between[i, j]
    others <- setdiff(live, c(i, j))
    fresh <- switch(method,
      single = pmin(between[i, others], between[j, others]),
      complete = pmax(between[i, others], between[j, others]),
      average = (sizes[i] * between[i, others] + sizes[j] * between[j, others]) / (sizes[i] + sizes[j]),
      mcquitty = (between[i, others] + between[j, others]) / 2,
      ((sizes[i] + sizes[others]) * between[i, others] + (sizes[j] + sizes[others]) * between[j, others] - sizes[others] * between[i, j]) /
        (sizes[i] + sizes[j] + sizes[others]))
    between[i, others] <- between[others, i] <- fresh
    sizes[i] <- sizes[i] + sizes[j]
    label[i] <- step
    live <- setdiff(live, j)
  }
  if (method == "ward.D2") height <- sqrt(height)
  order <- function_order(merge)
  structure(list(merge = merge, height = height, order = order, labels = attr(d, "Labels"), method = method, call = call,
                 dist.method = attr(d, "method")), class = "hclust")
}

# The order of the leaves of a tree of merges, as they stand from left to right.
function_order <- function(merge) {
  members <- vector("list", nrow(merge))
  leaves <- function(node) if (node < 0) -node else members[[node]]
  for (step in seq_len(nrow(merge))) members[[step]] <- c(leaves(merge[step, 1L]), leaves(merge[step, 2L]))
  members[[nrow(merge)]]
}

cutree <- function(tree, k = NULL, h = NULL) {
  n <- nrow(tree$merge) + 1L
  if (is.null(k)) {
    if (is.null(h)) stop("either 'k' or 'h' must be specified")
    k <- n - sum(tree$height <= h)
  }
  group <- seq_len(n)
  members <- vector("list", n - 1L)
  leaves <- function(node) if (node < 0) -node else members[[node]]
  for (step in seq_len(n - k)) {
    members[[step]] <- c(leaves(tree$merge[step, 1L]), leaves(tree$merge[step, 2L]))
    group[members[[step]]] <- min(group[members[[step]]])
  }
  setNames(match(group, unique(group)), tree$labels)
}

print.hclust <- function(x, ...) {
  cat("\nCall:\n", deparse1(x$call), "\n\n", sep = "")
  cat("Cluster method   :", x$method, "\n")
  if (!is.null(x$dist.method)) cat("Distance         :", x$dist.method, "\n")
  cat("Number of objects:", nrow(x$merge) + 1L, "\n\n")
  invisible(x)
}

cov2cor <- function(V) {
  shares <- sqrt(1 / diag(V))
  made <- V
  made[] <- shares * V * rep(shares, each = nrow(V))
  diag(made) <- 1
  made
}

mahalanobis <- function(x, center, cov, inverted = FALSE, ...) {
  x <- if (is.vector(x)) matrix(x, ncol = length(x)) else as.matrix(x)
  x <- sweep(x, 2L, center)
  if (!inverted) cov <- solve(cov, ...)
  setNames(rowSums(x %*% cov * x), rownames(x))
}

print.dist <- function(x, diag = NULL, upper = NULL, digits = getOption("digits"), justify = "none", right = TRUE, ...) {
  size <- attr(x, "Size")
  if (!length(x)) {
    cat("dist(0)\n")
    return(invisible(x))
  }
  diag <- if (is.null(diag)) isTRUE(attr(x, "Diag")) else diag
  upper <- if (is.null(upper)) isTRUE(attr(x, "Upper")) else upper
  cells <- format(as.matrix(x), digits = digits, justify = justify)
  if (!upper) cells[row(cells) < col(cells)] <- ""
  if (!diag) cells[row(cells) == col(cells)] <- ""
  print(if (diag || upper) cells else cells[-1, -size, drop = FALSE], quote = FALSE, right = right, ...)
  invisible(x)
}

prcomp <- function(x, ...) UseMethod("prcomp")

prcomp.formula <- function(formula, data = NULL, subset, na.action, ...) {
  if (length(formula) != 2L) stop("response not allowed in formula")
  call <- match.call()
  asked <- match.call(expand.dots = FALSE)
  asked$... <- NULL
  asked[[1L]] <- quote(stats::model.frame)
  frame <- eval(asked, parent.frame())
  design <- model.matrix(attr(frame, "terms"), frame)
  made <- prcomp.default(design[, colnames(design) != "(Intercept)", drop = FALSE], ...)
  call[[1L]] <- as.name("prcomp")
  made$call <- call
  made
}

prcomp.default <- function(x, retx = TRUE, center = TRUE, scale. = FALSE, tol = NULL, rank. = NULL, ...) {
  x <- scale(as.matrix(x), center = center, scale = scale.)
  parts <- svd(x)
  spreads <- parts$d / sqrt(max(1, nrow(x) - 1))
  kept <- min(ncol(parts$v), if (is.null(rank.)) Inf else rank., if (is.null(tol)) Inf else sum(spreads > tol * spreads[1L]))
  rotation <- parts$v[, seq_len(kept), drop = FALSE]
  dimnames(rotation) <- list(colnames(x), paste0("PC", seq_len(ncol(rotation))))
  moved <- attr(x, "scaled:center")
  spread <- attr(x, "scaled:scale")
  made <- list(sdev = if (is.null(tol)) spreads else spreads[seq_len(kept)], rotation = rotation, center = if (is.null(moved)) FALSE else moved,
               scale = if (is.null(spread)) FALSE else spread)
  if (retx) made$x <- x[, , drop = FALSE] %*% rotation
  structure(made, class = "prcomp")
}

print.prcomp <- function(x, ...) {
  cat("Standard deviations (1, .., p=", length(x$sdev), "):\n", sep = "")
  print(x$sdev, ...)
  cat("\nRotation (n x k) = (", nrow(x$rotation), " x ", ncol(x$rotation), "):\n", sep = "")
  print(x$rotation, ...)
  invisible(x)
}

predict.prcomp <- function(object, newdata, ...) {
  if (missing(newdata)) return(object$x)
  if (length(dim(newdata)) != 2L) stop("'newdata' must be a matrix or data frame")
  variables <- rownames(object$rotation)
  if (is.null(variables)) {
    if (NCOL(newdata) != NROW(object$rotation)) stop("'newdata' does not have the correct number of columns")
    chosen <- as.matrix(newdata)
  } else {
    if (!all(variables %in% colnames(newdata))) stop("'newdata' does not have named columns matching one or more of the original columns")
    chosen <- as.matrix(newdata[, variables, drop = FALSE])
  }
  scale(chosen, object$center, object$scale) %*% object$rotation
}

summary.prcomp <- function(object, ...) {
  share <- object$sdev^2 / sum(object$sdev^2)
  importance <- rbind(`Standard deviation` = object$sdev, `Proportion of Variance` = round(share, 5), `Cumulative Proportion` = round(cumsum(share), 5))
  k <- ncol(object$rotation)
  importance <- importance[, seq_len(k), drop = FALSE]
  colnames(importance) <- colnames(object$rotation)
  object$importance <- importance
  class(object) <- "summary.prcomp"
  object
}

print.summary.prcomp <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  k <- ncol(x$rotation)
  p <- length(x$sdev)
  if (k < p) cat(sprintf("Importance of first k=%d (out of %d) components:\n", k, p)) else cat("Importance of components:\n")
  print(x$importance, digits = digits, ...)
  invisible(x)
}

cov.wt <- function(x, wt = rep(1 / nrow(x), nrow(x)), cor = FALSE, center = TRUE, method = c("unbiased", "ML")) {
  if (is.data.frame(x)) x <- as.matrix(x)
  else if (!is.matrix(x)) stop("'x' must be a matrix or a data frame")
  if (!all(is.finite(x))) stop("'x' must contain finite values only")
  count <- nrow(x)
  weighted <- !missing(wt)
  if (weighted) {
    if (length(wt) != count) stop("length of 'wt' must equal the number of rows in 'x'")
    if (any(wt < 0) || sum(wt) == 0) stop("weights must be non-negative and not all zero")
    wt <- wt / sum(wt)
  }
  middle <- if (is.logical(center)) {
    if (center) colSums(wt * x) else 0
  } else {
    if (length(center) != ncol(x)) stop("length of 'center' must equal the number of columns in 'x'")
    center
  }
  apart <- sqrt(wt) * sweep(x, 2, middle, check.margin = FALSE)
  cov <- switch(match.arg(method), unbiased = crossprod(apart) / (1 - sum(wt^2)), ML = crossprod(apart))
  made <- list(cov = cov, center = middle, n.obs = count)
  if (weighted) made$wt <- wt
  if (cor) made$cor <- cov2cor(cov)
  made
}
