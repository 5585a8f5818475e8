# Nearest neighbours.

knn <- function(train, test, cl, k = 1, l = 0, prob = FALSE, use.all = TRUE) {
  train <- as.matrix(train)
  test <- if (is.null(dim(test))) matrix(test, 1L) else as.matrix(test)
  if (anyNA(train) || anyNA(test)) stop("no missing values are allowed", call. = FALSE)
  cl <- as.factor(cl)
  if (length(cl) != nrow(train)) stop("'train' and 'class' have different lengths", call. = FALSE)
  if (k > nrow(train)) {
    warning(gettextf("k = %d exceeds number %d of patterns", k, nrow(train)), call. = FALSE)
    k <- nrow(train)
  }
  shares <- numeric(nrow(test))
  chosen <- vapply(seq_len(nrow(test)), function(row) {
    apart <- colSums((t(train) - test[row, ])^2)
    edge <- sort(apart)[k] * (1 + 1e-4)
    votes <- tabulate(cl[if (use.all) apart <= edge else order(apart)[seq_len(k)]], nlevels(cl))
    shares[row] <<- max(votes) / sum(votes)
    best <- which(votes == max(votes))
    if (max(votes) < l) NA_integer_ else if (length(best) > 1L) best[sample.int(length(best), 1L)] else best
  }, 0L)
  made <- factor(levels(cl)[chosen], levels(cl))
  if (prob) attr(made, "prob") <- shares
  made
}

knn1 <- function(train, test, cl) knn(train, test, cl, k = 1)

knn.cv <- function(train, cl, k = 1, l = 0, prob = FALSE, use.all = TRUE) {
  train <- as.matrix(train)
  cl <- as.factor(cl)
  found <- lapply(seq_len(nrow(train)), function(row) knn(train[-row, , drop = FALSE], train[row, ], cl[-row], k, l, TRUE, use.all))
  made <- factor(vapply(found, as.character, ""), levels(cl))
  if (prob) attr(made, "prob") <- vapply(found, attr, 0, "prob")
  made
}
