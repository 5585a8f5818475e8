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

# A row of quantiles for each row or column; what holds missing values has none.
.quantiles_over <- function(x, side, probs, na.rm, type, drop) {
  x <- as.matrix(x)
  of_one <- function(values) if (!na.rm && anyNA(values)) rep(NA_real_, length(probs)) else quantile(values, probs, na.rm = na.rm, type = type)
  made <- matrix(apply(x, side, of_one), ncol = length(probs), byrow = TRUE, dimnames = list(dimnames(x)[[side]], names(quantile(0, probs))))
  if (drop) drop(made) else made
}

rowQuantiles <- function(x, probs = seq(0, 1, 0.25), na.rm = FALSE, type = 7L, ..., drop = TRUE) .quantiles_over(x, 1, probs, na.rm, type, drop)

colQuantiles <- function(x, probs = seq(0, 1, 0.25), na.rm = FALSE, type = 7L, ..., drop = TRUE) .quantiles_over(x, 2, probs, na.rm, type, drop)

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
  if (na.rm) {
    w <- w[!is.na(x)]
    x <- x[!is.na(x)]
  }
  sum(w * (x - weighted.mean(x, w))^2) / (sum(w) - 1)
}

weightedSd <- function(x, w = NULL, na.rm = FALSE, ...) sqrt(weightedVar(x, w, na.rm))

# Without interpolation two values may each have half of the weights beside them: 'ties' chooses.
weightedMedian <- function(x, w = NULL, na.rm = FALSE, interpolate = is.null(ties), ties = NULL, ...) {
  if (is.null(w)) w <- rep(1, length(x))
  missing_one <- is.na(x) | is.na(w)
  if (any(missing_one) && !na.rm) return(NA_real_)
  kept <- !missing_one & w > 0
  order <- order(x[kept])
  x <- as.double(x[kept])[order]
  w <- w[kept][order]
  if (!length(x)) return(NA_real_)
  if (any(is.infinite(w))) {
    x <- x[is.infinite(w)]
    w <- rep(1, length(x))
  }
  if (length(x) == 1L) return(x)
  if (interpolate) return(approx(cumsum(w) - w / 2, x, sum(w) / 2, rule = 2)$y)
  low <- which(cumsum(w) >= sum(w) / 2)[1L]
  if (low == length(x) || cumsum(w)[low] > sum(w) / 2) return(x[low])
  two <- x[low + 0:1]
  switch(if (is.null(ties)) "mean" else ties, min = two[1L], max = two[2L], mean = , weighted = mean(two),
         stop("'ties' must be \"min\", \"max\", \"mean\" or \"weighted\"", call. = FALSE))
}
