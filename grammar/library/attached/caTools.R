# Rows split by the classes of their outcome, areas under curves.

# Every row has a number by chance; of each class the rows with the least numbers are taken. Members of a group share their numbers' mean,
# so that they stay together.
sample.split <- function(Y, SplitRatio = 2 / 3, group = NULL) {
  size <- length(Y)
  asked <- abs(SplitRatio)
  if (asked >= size) stop("Error in sample.split: 'SplitRatio' parameter has to be i [0, 1] range or [1, length(Y)] range")
  if (length(group) && length(group) != size) stop("Error in sample.split: Vectors 'Y' and 'group' have to have the same length")
  share <- if (asked >= 1) asked / size else asked
  class <- match(Y, unique(Y))
  wanted <- pmax(1, round(tabulate(class) * share))
  # Numbers that hardly repeat, and a single class, are drawn from as one.
  if (length(wanted) == 1L || 2 * length(wanted) > size) {
    class[] <- 1L
    wanted <- max(1, trunc(share * size))
  }
  number <- unsplit(lapply(split(Y, class), function(members) runif(length(members))), class)
  if (length(group)) number <- ave(number, class, group)
  taken <- ave(number, class, FUN = function(one) rank(one, ties.method = "first")) <= wanted[class] & !is.na(Y)
  over <- if (asked >= 1) sum(taken) - asked else 0
  if (over != 0) {
    turned <- which(taken == (over > 0))
    taken[sample(turned, abs(over))] <- over < 0
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
