# Rows split by the classes of their outcome, areas under curves.

sample.split <- function(Y, SplitRatio = 2 / 3, group = NULL) {
  n <- length(Y)
  share <- abs(SplitRatio)
  if (share >= n) stop("Error in sample.split: 'SplitRatio' parameter has to be in [0, 1] range or [1, length(Y)] range")
  if (length(group) && length(group) != n) stop("Error in sample.split: Vectors 'Y' and 'group' have to have the same length")
  classes <- unique(Y)
  # Numbers that hardly repeat, and a single class, are drawn from as one.
  pools <- if (2 * length(classes) > n || length(classes) == 1L) list(seq_len(n)) else lapply(classes, function(one) which(Y == one))
  taken <- logical(n)
  for (pool in pools) {
    size <- if (length(pools) == 1L) (if (share >= 1) share else share * n) else round(length(pool) * (if (share >= 1) share / n else share))
    drawn <- runif(length(pool))
    # Members of a group share the number of one of them, so that they stay together.
    if (length(group)) drawn <- ave(drawn, group[pool], FUN = function(one) one[1L])
    taken[pool[order(drawn)[seq_len(size)]]] <- TRUE
  }
  if (share >= 1) {
    over <- sum(taken) - share
    if (over > 0) taken[sample(which(taken), over)] <- FALSE
    else if (over < 0) taken[sample(which(!taken), -over)] <- TRUE
  }
  taken
}

trapz <- function(x, y) {
  if (length(x) != length(y)) stop("'x' and 'y' must have the same length", call. = FALSE)
  sum(diff(x) * (y[-1L] + y[-length(y)])) / 2
}

colAUC <- function(X, y, plotROC = FALSE) {
  if (!identical(plotROC, FALSE)) stop("colAUC() does not draw; use plot(roc(y, x))", call. = FALSE)
  X <- as.matrix(X)
  y <- as.factor(y)
  pairs <- combn(levels(droplevels(y)), 2L)
  made <- apply(pairs, 2L, function(two) apply(X, 2L, function(x) {
    area <- area_under_curve(y[y %in% two] == two[2L], x[y %in% two])
    max(area, 1 - area)
  }))
  matrix(made, ncol(pairs), ncol(X), byrow = TRUE, dimnames = list(apply(pairs, 2L, paste, collapse = " vs. "), colnames(X)))
}
