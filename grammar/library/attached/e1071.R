# Moments, distances of labels and a classifier of independent columns.

skewness <- function(x, na.rm = FALSE, type = 3) .shape_of(x, 3, na.rm, type, function(n, g) {
  list(g, sqrt(n * (n - 1)) / (n - 2) * g, ((n - 1) / n)^1.5 * g)
})

kurtosis <- function(x, na.rm = FALSE, type = 3) .shape_of(x, 4, na.rm, type, function(n, g) {
  excess <- g - 3
  list(excess, (n - 1) / ((n - 2) * (n - 3)) * (6 + (n + 1) * excess), ((n - 1) / n)^2 * g - 3)
})

moment <- function(x, order = 1, center = FALSE, absolute = FALSE, na.rm = FALSE) {
  values <- if (na.rm) na.omit(x) else x
  size <- if (absolute) abs else identity
  mean(size(values - center * mean(values))^order)
}

hamming.distance <- function(x, y) if (missing(y)) outer(seq_len(nrow(x)), seq_len(nrow(x)), Vectorize(function(i, j) sum(x[i, ] != x[j, ]))) else sum(x != y)

sigmoid <- function(x) 1 / (1 + exp(-x))

naiveBayes <- function(x, y, laplace = 0, data = NULL, ...) {
  given <- match.call()
  label <- deparse(substitute(y))[1L]
  if (inherits(x, "formula")) {
    frame <- model.frame(x, if (is.null(data)) y else data)
    y <- frame[[1L]]
    x <- frame[-1L]
    label <- "Y"
    given <- quote(naiveBayes.default(x = X, y = Y, laplace = laplace))
  } else given[[1L]] <- quote(naiveBayes.default)
  x <- as.data.frame(x)
  # A response that is no vector has no name of its own.
  classes <- table(as.factor(y), dnn = label)
  tables <- lapply(names(x), function(name) {
    column <- x[[name]]
    found <- if (is.numeric(column)) vapply(c(mean, sd), function(f) as.vector(tapply(column, y, f, na.rm = TRUE)), numeric(nrow(classes)))
    else {
      counts <- table(y, as.factor(column))
      (counts + laplace) / (rowSums(counts) + laplace * ncol(counts))
    }
    columns <- if (!is.numeric(column)) colnames(found)
    structure(unclass(found), dim = dim(found), dimnames = structure(list(names(classes), columns), names = c(label, name)), class = if (!is.numeric(column)) "table")
  })
  structure(list(apriori = classes, tables = structure(tables, names = names(x)), levels = names(classes), isnumeric = vapply(x, is.numeric, NA), call = given),
            class = "naiveBayes")
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
  said <- function(title, value) {
    cat("\n", title, "\n", sep = "")
    print(value, ...)
  }
  cat("\nNaive Bayes Classifier for Discrete Predictors\n")
  said("Call:", x$call)
  said("A-priori probabilities:", prop.table(x$apriori))
  cat("\nConditional probabilities:\n")
  for (one in x$tables) {
    print(one, ...)
    cat("\n")
  }
  invisible(x)
}

# Source: D. N. Joanes and C. A. Gill, Comparing measures of sample skewness and kurtosis, The Statistician 47 (1998): the ratio of moments
# g as it is, the estimate that is right for normal samples (G), and the one with the sample's own variance (b).
.shape_of <- function(x, power, na.rm, type, estimates) {
  if (na.rm) x <- x[!is.na(x)]
  if (!(type %in% 1:3)) stop("Invalid 'type' argument.", call. = FALSE)
  if (type == 2 && length(x) < power) stop("Need at least ", power, " complete observations.", call. = FALSE)
  spread <- x - mean(x)
  estimates(length(x), mean(spread^power) / mean(spread^2)^(power / 2))[[type]]
}
