# Bandwidths of density estimates by cross-validation and by estimated derivatives.
# Sources: D. W. Scott, Multivariate Density Estimation (1992); S. J. Sheather and M. C. Jones, J. Royal Statistical Society B 53 (1991).

# How many pairs of binned values lie each number of bins apart.
pair_distances <- function(x, nb) {
  span <- range(x)
  width <- diff(span) * 1.01 / nb
  at <- trunc(x / width)
  counts <- tabulate(at - min(at) + 1)
  size <- length(counts)
  far <- c(sum(counts * (counts - 1)) / 2, vapply(seq_len(size - 1L), function(k) sum(counts[seq_len(size - k)] * counts[seq_len(size - k) + k]), 0))
  list(width = width, counts = far)
}

bandwidth_begin <- function(x, nb) {
  n <- length(x)
  if (n < 2L) stop("need at least 2 data points")
  if (!is.numeric(x)) stop("invalid 'x'")
  if (is.na(nb) || nb <= 0L) stop("invalid 'nb'")
  if (diff(range(x)) == 0) stop("data are constant in bandwidth calculation")
  c(list(n = n), pair_distances(as.double(x), as.integer(nb)))
}

bandwidth_sum <- function(pairs, h, f) {
  delta <- ((seq_along(pairs$counts) - 1) * pairs$width / h)^2
  near <- delta < 1000
  sum(f(delta[near]) * pairs$counts[near])
}

least_bandwidth <- function(value, lower, upper, tol) {
  h <- optimize(value, c(lower, upper), tol = tol)$minimum
  if (h < lower + tol || h > upper - tol) warning("minimum occurred at one end of the range")
  h
}

bw.ucv <- function(x, nb = 1000, lower = 0.1 * hmax, upper = hmax, tol = 0.1 * lower) {
  pairs <- bandwidth_begin(x, nb)
  hmax <- 1.144 * sqrt(var(x)) * pairs$n^(-1 / 5)
  least_bandwidth(function(h) (0.5 + bandwidth_sum(pairs, h, function(d) exp(-d / 4) - sqrt(8) * exp(-d / 2)) / pairs$n) / (pairs$n * h * sqrt(pi)),
                  lower, upper, tol)
}

bw.bcv <- function(x, nb = 1000, lower = 0.1 * hmax, upper = hmax, tol = 0.1 * lower) {
  pairs <- bandwidth_begin(x, nb)
  hmax <- 1.144 * sqrt(var(x)) * pairs$n^(-1 / 5)
  least_bandwidth(function(h) (1 + bandwidth_sum(pairs, h, function(d) exp(-d / 4) * (d^2 - 12 * d + 12)) / (32 * pairs$n)) / (2 * pairs$n * h * sqrt(pi)),
                  lower, upper, tol)
}

bw.SJ <- function(x, nb = 1000, lower = 0.1 * hmax, upper = hmax, method = c("ste", "dpi"), tol = 0.1 * lower) {
  method <- match.arg(method)
  pairs <- bandwidth_begin(x, nb)
  n <- pairs$n
  fourth <- function(h) (2 * bandwidth_sum(pairs, h, function(d) exp(-d / 2) * (d^2 - 6 * d + 3)) + 3 * n) / (n * (n - 1) * h^5 * sqrt(2 * pi))
  sixth <- function(h) (2 * bandwidth_sum(pairs, h, function(d) exp(-d / 2) * (d^3 - 15 * d^2 + 45 * d - 15)) - 15 * n) / (n * (n - 1) * h^7 * sqrt(2 * pi))
  scale <- min(sd(x), IQR(x) / 1.349)
  first <- 1.24 * scale * n^(-1 / 7)
  second <- 1.23 * scale * n^(-1 / 9)
  constant <- 1 / (2 * sqrt(pi) * n)
  rough <- -sixth(second)
  if (!is.finite(rough) || rough <= 0) stop("sample is too sparse to find TD", domain = NA)
  if (method == "dpi") return((constant / fourth((2.394 / (n * rough))^(1 / 7)))^(1 / 5))
  share <- 1.357 * (fourth(first) / rough)^(1 / 7)
  if (!is.finite(share)) stop("sample is too sparse to find alph2", domain = NA)
  hmax <- 1.144 * scale * n^(-1 / 5)
  gap <- function(h) (constant / fourth(share * h^(5 / 7)))^(1 / 5) - h
  free <- missing(lower) || missing(upper)
  tries <- 1L
  while (gap(lower) * gap(upper) > 0) {
    if (tries > 99L || !free) stop("no solution in the specified range of bandwidths")
    if (tries %% 2) upper <- upper * 1.2 else lower <- lower / 1.2
    tries <- tries + 1L
  }
  uniroot(gap, c(lower, upper), tol = tol)$root
}
