# Moments, distances of labels and a classifier of independent columns.

.central <- function(x, order) mean((x - mean(x))^order)

skewness <- function(x, na.rm = FALSE, type = 3) {
  if (na.rm) x <- x[!is.na(x)]
  n <- length(x)
  plain <- .central(x, 3) / .central(x, 2)^1.5
  switch(type, plain, plain * sqrt(n * (n - 1)) / (n - 2), plain * (1 - 1 / n)^1.5)
}

kurtosis <- function(x, na.rm = FALSE, type = 3) {
  if (na.rm) x <- x[!is.na(x)]
  n <- length(x)
  plain <- .central(x, 4) / .central(x, 2)^2
  switch(type, plain - 3, ((n + 1) * (plain - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)), plain * (1 - 1 / n)^2 - 3)
}

moment <- function(x, order = 1, center = FALSE, absolute = FALSE, na.rm = FALSE) {
  if (na.rm) x <- x[!is.na(x)]
  if (center) x <- x - mean(x)
  if (absolute) x <- abs(x)
  mean(x^order)
}

hamming.distance <- function(x, y) if (missing(y)) outer(seq_len(nrow(x)), seq_len(nrow(x)), Vectorize(function(i, j) sum(x[i, ] != x[j, ]))) else sum(x != y)

sigmoid <- function(x) 1 / (1 + exp(-x))

naiveBayes <- function(x, y, laplace = 0, data = NULL, ...) {
  if (inherits(x, "formula")) {
    frame <- model.frame(x, if (is.null(data)) y else data)
    y <- frame[[1L]]
    x <- frame[-1L]
  }
  x <- as.data.frame(x)
  y <- as.factor(y)
  tables <- lapply(x, function(column) {
    if (is.numeric(column)) cbind(as.vector(tapply(column, y, mean, na.rm = TRUE)), as.vector(tapply(column, y, sd, na.rm = TRUE)))
    else {
      counts <- table(y, as.factor(column))
      (counts + laplace) / (rowSums(counts) + laplace * ncol(counts))
    }
  })
  structure(list(apriori = table(y), tables = tables, levels = levels(y)), class = "naiveBayes")
}

predict.naiveBayes <- function(object, newdata, type = c("class", "raw"), threshold = 0.001, eps = 0, ...) {
  type <- match.arg(type)
  newdata <- as.data.frame(newdata)
  scores <- matrix(log(as.vector(object$apriori) / sum(object$apriori)), nrow(newdata), length(object$levels), byrow = TRUE)
  for (name in intersect(names(object$tables), names(newdata))) {
    found <- object$tables[[name]]
    column <- newdata[[name]]
    for (k in seq_along(object$levels)) {
      chance <- if (is.numeric(column)) dnorm(column, found[k, 1L], pmax(found[k, 2L], threshold)) else found[k, as.character(column)]
      chance <- as.vector(chance)
      chance[chance <= eps] <- threshold
      chance[is.na(chance)] <- 1
      scores[, k] <- scores[, k] + log(chance)
    }
  }
  shares <- exp(scores - apply(scores, 1L, max))
  shares <- shares / rowSums(shares)
  colnames(shares) <- object$levels
  if (type == "raw") shares else factor(object$levels[max.col(shares, "first")], object$levels)
}

print.naiveBayes <- function(x, ...) {
  cat("\nNaive Bayes Classifier for Discrete Predictors\n\nA-priori probabilities:\n")
  print(x$apriori / sum(x$apriori))
  cat("\nConditional probabilities:\n")
  for (name in names(x$tables)) {
    shown <- x$tables[[name]]
    if (is.null(names(dimnames(shown)))) dimnames(shown) <- list(Y = x$levels, NULL)
    names(dimnames(shown)) <- c("Y", name)
    print(shown)
    cat("\n")
  }
  invisible(x)
}
