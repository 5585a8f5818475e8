# Bandwidths of density estimates: rules of thumb, cross-validation, and estimated derivatives.
# Sources: B. W. Silverman, Density Estimation (1986); D. W. Scott, Multivariate Density Estimation (1992);
# S. J. Sheather and M. C. Jones, J. Royal Statistical Society B 53 (1991).

# Standard deviation or quartiles, whichever is smaller: these have the standard deviation's size for normal values.
.smaller_spread <- function(x, quartiles = 1.34) min(sd(x), IQR(x) / quartiles)

.normal_bandwidth <- function(x, factor, spread) {
  if (length(x) < 2L) stop(simpleError("need at least 2 data points", sys.call(-1)))
  factor * spread * length(x)^(-1 / 5)
}

bw.nrd <- function(x) .normal_bandwidth(x, 1.06, .smaller_spread(x))

# Where the quartiles coincide the first size that is not zero stands for them.
bw.nrd0 <- function(x) .normal_bandwidth(x, 0.9, .first_nonzero(c(.smaller_spread(x), sd(x), abs(x[[1L]]), 1)))

.first_nonzero <- function(sizes) sizes[sizes != 0][1L]

# All other rules see a sample through the distances of its pairs, by bins.
.pairs_of_sample <- function(x, nb) {
  refuse <- function(message) stop(simpleError(message, sys.call(-2)))
  if (length(x) < 2L) refuse("need at least 2 data points")
  if (!is.numeric(x)) refuse("invalid 'x'")
  if (is.na(nb) || nb < 1) refuse("invalid 'nb'")
  c(.pair_distances(x, nb), n = length(x))
}

# A sum over all pairs of a function of their squared distance in bandwidths.
.sum_over_pairs <- function(pairs, h, of_square) {
  bins <- seq_along(pairs$counts) - 1
  sum(pairs$counts * of_square((bins * pairs$width / h)^2))
}

# More than this smooths too much, whatever the density (1.144 is Terrell's constant).
.widest_bandwidth <- function(spread, n) 1.144 * spread * n^(-1 / 5)

# Both criteria are the term of the variance times one and a share of a sum over pairs.
.cross_validated <- function(pairs, lower, upper, tol, share, of_square) {
  if (lower >= upper) stop(simpleError("'xmin' not less than 'xmax'", sys.call(-1)))
  criterion <- function(h) (1 + share * .sum_over_pairs(pairs, h, of_square) / pairs$n) / (2 * pairs$n * h * sqrt(pi))
  h <- optimize(criterion, c(lower, upper), tol = tol)$minimum
  if (min(h - lower, upper - h) < tol) warning(simpleWarning("minimum occurred at one end of the range", sys.call(-1)))
  h
}

bw.ucv <- function(x, nb = 1000, lower = 0.1 * hmax, upper = hmax, tol = 0.1 * lower) {
  pairs <- .pairs_of_sample(x, nb)
  hmax <- .widest_bandwidth(sd(x), pairs$n)
  .cross_validated(pairs, lower, upper, tol, share = 2, function(square) exp(-square / 4) - sqrt(8) * exp(-square / 2))
}

bw.bcv <- function(x, nb = 1000, lower = 0.1 * hmax, upper = hmax, tol = 0.1 * lower) {
  pairs <- .pairs_of_sample(x, nb)
  hmax <- .widest_bandwidth(sd(x), pairs$n)
  .cross_validated(pairs, lower, upper, tol, share = 1 / 32, function(square) exp(-square / 4) * (square^2 - 12 * square + 12))
}

# Hermite's polynomials of even order, by powers of the square.
.hermite <- list(`4` = c(3, -6, 1), `6` = c(-15, 45, -15, 1))

# The integral of a density times its derivative of an even order, estimated with normal kernels of bandwidth h.
.derivative_functional <- function(pairs, order, h) {
  coefficients <- .hermite[[as.character(order)]]
  polynomial <- function(square) as.vector(outer(square, seq_along(coefficients) - 1, `^`) %*% coefficients)
  apart <- .sum_over_pairs(pairs, h, function(square) exp(-square / 2) * polynomial(square))
  (2 * apart + pairs$n * coefficients[1L]) / (sqrt(2 * pi) * pairs$n * (pairs$n - 1) * h^(order + 1))
}

bw.SJ <- function(x, nb = 1000, lower = 0.1 * hmax, upper = hmax, method = c("ste", "dpi"), tol = 0.1 * lower) {
  method <- match.arg(method)
  pairs <- .pairs_of_sample(x, nb)
  spread <- .smaller_spread(x, 1.349)
  hmax <- .widest_bandwidth(spread, pairs$n)
  fourth <- function(h) .derivative_functional(pairs, 4, h)
  best_for <- function(functional) (2 * sqrt(pi) * pairs$n * functional)^(-1 / 5)
  sixth <- -.derivative_functional(pairs, 6, 1.23 * spread * pairs$n^(-1 / 9))
  if (is.na(sixth) || sixth <= 0 || sixth == Inf) stop("sample is too sparse to find TD")
  if (method == "dpi") return(best_for(fourth((2.394 / (pairs$n * sixth))^(1 / 7))))
  pilot <- 1.357 * (fourth(1.24 * spread * pairs$n^(-1 / 7)) / sixth)^(1 / 7)
  if (!is.finite(pilot)) stop("sample is too sparse to find alph2")
  .root_nearby(function(h) best_for(fourth(pilot * h^(5 / 7))) - h, lower, upper, tol, free = missing(lower) || missing(upper))
}

# A root between two ends, which a free search moves apart by turns until they enclose one.
.root_nearby <- function(gap, lower, upper, tol, free) {
  for (turn in 0:(99 * free)) {
    ends <- c(lower / 1.2^(turn %/% 2), upper * 1.2^((turn + 1) %/% 2))
    if (gap(ends[1L]) * gap(ends[2L]) <= 0) return(uniroot(gap, ends, tol = tol)$root)
  }
  stop(simpleError("no solution in the specified range of bandwidths", sys.call(-1)))
}
