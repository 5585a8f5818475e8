# Further sums over rows and columns.

.over <- function(x, side, work, ...) {
  made <- apply(as.matrix(x), side, work, ...)
  if (is.matrix(made)) t(made) else unname(made)
}

rowRanges <- function(x, na.rm = FALSE, ...) .over(x, 1, range, na.rm = na.rm)

colRanges <- function(x, na.rm = FALSE, ...) .over(x, 2, range, na.rm = na.rm)

logSumExp <- function(lx, na.rm = FALSE, ...) {
  if (na.rm) lx <- lx[!is.na(lx)]
  if (!length(lx)) return(-Inf)
  top <- max(lx)
  if (is.infinite(top)) top else top + log(sum(exp(lx - top)))
}

rowLogSumExps <- function(lx, na.rm = FALSE, ...) .over(lx, 1, logSumExp, na.rm = na.rm)

colLogSumExps <- function(lx, na.rm = FALSE, ...) .over(lx, 2, logSumExp, na.rm = na.rm)

rowQuantiles <- function(x, probs = seq(0, 1, 0.25), na.rm = FALSE, drop = TRUE, ...) .over(x, 1, quantile, probs = probs, na.rm = na.rm)

colQuantiles <- function(x, probs = seq(0, 1, 0.25), na.rm = FALSE, drop = TRUE, ...) .over(x, 2, quantile, probs = probs, na.rm = na.rm)

rowRanks <- function(x, ties.method = "max", ...) .over(x, 1, rank, ties.method = ties.method)

colRanks <- function(x, ties.method = "max", preserveShape = FALSE, ...) {
  made <- .over(x, 2, rank, ties.method = ties.method)
  if (preserveShape) t(made) else made
}

rowMads <- function(x, na.rm = FALSE, ...) .over(x, 1, mad, na.rm = na.rm)

colMads <- function(x, na.rm = FALSE, ...) .over(x, 2, mad, na.rm = na.rm)

rowIQRs <- function(x, na.rm = FALSE, ...) .over(x, 1, IQR, na.rm = na.rm)

colIQRs <- function(x, na.rm = FALSE, ...) .over(x, 2, IQR, na.rm = na.rm)

.is_value <- function(x, value) if (is.na(value)) is.na(x) else x == value

rowAnys <- function(x, value = TRUE, na.rm = FALSE, ...) .over(.is_value(x, value), 1, any, na.rm = na.rm)

colAnys <- function(x, value = TRUE, na.rm = FALSE, ...) .over(.is_value(x, value), 2, any, na.rm = na.rm)

rowAlls <- function(x, value = TRUE, na.rm = FALSE, ...) .over(.is_value(x, value), 1, all, na.rm = na.rm)

colAlls <- function(x, value = TRUE, na.rm = FALSE, ...) .over(.is_value(x, value), 2, all, na.rm = na.rm)

anyMissing <- function(x, ...) anyNA(x)

rowAnyNAs <- function(x, ...) .over(is.na(x), 1, any)

colAnyNAs <- function(x, ...) .over(is.na(x), 2, any)

rowCounts <- function(x, value = TRUE, na.rm = FALSE, ...) .over(.is_value(x, value), 1, sum, na.rm = na.rm)

colCounts <- function(x, value = TRUE, na.rm = FALSE, ...) .over(.is_value(x, value), 2, sum, na.rm = na.rm)

rowDiffs <- function(x, lag = 1L, differences = 1L, ...) .over(x, 1, diff, lag = lag, differences = differences)

colDiffs <- function(x, lag = 1L, differences = 1L, ...) t(.over(x, 2, diff, lag = lag, differences = differences))

colCummaxs <- function(x, ...) t(.over(x, 2, cummax))

rowCummaxs <- function(x, ...) .over(x, 1, cummax)

rowCumprods <- function(x, ...) .over(x, 1, cumprod)

colCumprods <- function(x, ...) t(.over(x, 2, cumprod))

rowMeans2 <- function(x, na.rm = FALSE, ...) unname(rowMeans(x, na.rm = na.rm))

colMeans2 <- function(x, na.rm = FALSE, ...) unname(colMeans(x, na.rm = na.rm))

rowSums2 <- function(x, na.rm = FALSE, ...) unname(rowSums(x, na.rm = na.rm))

colSums2 <- function(x, na.rm = FALSE, ...) unname(colSums(x, na.rm = na.rm))

mean2 <- function(x, na.rm = FALSE, ...) mean(x, na.rm = na.rm)

sum2 <- function(x, na.rm = FALSE, ...) sum(x, na.rm = na.rm)

weightedMean <- function(x, w = NULL, na.rm = FALSE, ...) if (is.null(w)) mean(x, na.rm = na.rm) else weighted.mean(x, w, na.rm = na.rm)

weightedVar <- function(x, w = NULL, na.rm = FALSE, ...) {
  if (is.null(w)) return(var(x, na.rm = na.rm))
  sum(w * (x - weighted.mean(x, w))^2) / (sum(w) - 1)
}

weightedSd <- function(x, w = NULL, na.rm = FALSE, ...) sqrt(weightedVar(x, w, na.rm))

weightedMedian <- function(x, w = rep(1, length(x)), na.rm = FALSE, interpolate = TRUE, ...) {
  order <- order(x)
  x <- x[order]
  share <- cumsum(w[order]) - w[order] / 2
  if (interpolate) approx(share / sum(w), x, 0.5, rule = 2)$y else x[which(cumsum(w[order]) >= sum(w) / 2)[1L]]
}
