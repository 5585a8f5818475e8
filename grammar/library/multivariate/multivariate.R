# Clusters, distances and covariances.

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
  cat(sprintf("K-means clustering with %d clusters of sizes %s\n", length(x$size), toString(x$size)))
  .print_sections(list("\nCluster means:" = x$centers, "\nClustering vector:" = x$cluster, "\nWithin cluster sum of squares by cluster:" = x$withinss), ...)
  cat(sprintf(" (between_SS / total_SS = %5.1f %%)\n\nAvailable components:\n\n", 100 * x$betweenss / x$totss))
  print(names(x))
  if (x$ifault == 2L) cat("Warning: did *not* converge in specified number of iterations\n")
  invisible(x)
}

fitted.kmeans <- function(object, ...) object$centers[object$cluster, , drop = FALSE]

hclust <- function(d, method = "complete", members = NULL) {
  if (!is.null(members)) stop("argument 'members' of hclust() is not supported: every object counts once")
  call <- match.call()
  methods <- c("ward.D2", "ward.D", "single", "complete", "average", "mcquitty", "median", "centroid")
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
      median = (between[i, others] + between[j, others]) / 2 - between[i, j] / 4,
      centroid = (sizes[i] * between[i, others] + sizes[j] * between[j, others]) / (sizes[i] + sizes[j]) -
        sizes[i] * sizes[j] * between[i, j] / (sizes[i] + sizes[j])^2,
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
    k <- n - vapply(h, function(one) sum(tree$height <= one), 0L)
  }
  if (length(k) > 1L) return(vapply(setNames(nm = k), function(one) cutree(tree, one), setNames(integer(n), tree$labels)))
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
  if (!is.null(x$call)) cat("\nCall:\n", deparse1(x$call), "\n\n", sep = "")
  facts <- c("Cluster method" = x$method, "Distance" = x$dist.method, "Number of objects" = length(x$height) + 1L)
  cat(sprintf("%-17s: %s \n", names(facts), facts), "\n", sep = "")
  invisible(x)
}

# Each covariance over the two spreads that belong to it.
cov2cor <- function(V) {
  if (!is.numeric(V) || !identical(rev(dim(V)), dim(V)) || !is.matrix(V)) stop("'V' is not a square numeric matrix")
  reciprocal <- 1 / diag(V)
  per_spread <- sqrt(reciprocal)
  if (!all(is.finite(per_spread))) warning("diag(.) had 0 or NA entries; non-finite result is doubtful")
  scaled <- sweep(per_spread * V, 2L, per_spread, `*`)
  replace(scaled, row(V) == col(V), 1)
}

# The squared length of what is left of each row, in the measure of the covariance.
mahalanobis <- function(x, center, cov, inverted = FALSE, ...) {
  rows <- if (is.null(dim(x))) t(x) else as.matrix(x)
  measure <- if (inverted) cov else solve(cov, ...)
  apart <- t(sweep(rows, 2L, center))
  colSums(apart * (measure %*% apart))
}

# A triangle of the table of distances; its diagonal and the other triangle as asked, or as the object says.
labels.dist <- function(object, ...) attr(object, "Labels")

print.dist <- function(x, diag = NULL, upper = NULL, digits = getOption("digits"), justify = "none", right = TRUE, ...) {
  if (!length(x)) {
    cat("dist(0)\n")
    return(invisible(x))
  }
  diag <- isTRUE(.first_given(diag, attr(x, "Diag")))
  upper <- isTRUE(.first_given(upper, attr(x, "Upper")))
  cells <- format(as.matrix(x), digits = digits, justify = justify)
  side <- row(cells) - col(cells)
  cells[side < 0L & !upper | side == 0L & !diag] <- ""
  # A triangle alone needs neither the first row nor the last column.
  if (!diag && !upper) cells <- cells[-1L, -ncol(cells), drop = FALSE]
  print(cells, quote = FALSE, right = right, ...)
  invisible(x)
}

# Shares of rows in a mean, from weights.
.shares_of <- function(wt, rows) {
  if (length(wt) != rows) stop(simpleError("length of 'wt' must equal the number of rows in 'x'", sys.call(-1)))
  total <- sum(wt)
  if (any(wt < 0) || total == 0) stop(simpleError("weights must be non-negative and not all zero", sys.call(-1)))
  wt / total
}

cov.wt <- function(x, wt = rep(1 / nrow(x), nrow(x)), cor = FALSE, center = TRUE, method = c("unbiased", "ML")) {
  method <- match.arg(method)
  x <- if (is.data.frame(x)) as.matrix(x) else x
  if (!is.matrix(x)) stop("'x' must be a matrix or a data frame")
  if (any(!is.finite(x))) stop("'x' must contain finite values only")
  shares <- if (missing(wt)) wt else .shares_of(wt, nrow(x))
  if (isTRUE(center)) center <- colSums(shares * x)
  else if (isFALSE(center)) center <- 0
  else if (length(center) != ncol(x)) stop("length of 'center' must equal the number of columns in 'x'")
  weighted <- sqrt(shares) * (x - rep(rep_len(center, ncol(x)), each = nrow(x)))
  # Weights known beforehand take the place of the one degree of freedom that a mean costs.
  covariance <- crossprod(weighted) / c(unbiased = 1 - sum(shares^2), ML = 1)[[method]]
  c(list(cov = covariance, center = center, n.obs = nrow(x)), if (!missing(wt)) list(wt = shares), if (cor) list(cor = cov2cor(covariance)))
}
