# Tests of rank correlations: Kendall's tau and Spearman's rho.

kendall_test <- function(x, y, alternative, exact, continuity) {
  n <- length(x)
  r <- cor(x, y, method = "kendall")
  ties <- min(length(unique(x)), length(unique(y))) < n
  if (is.null(exact)) exact <- n < 50
  if (exact && !ties) {
    q <- round((r + 1) * n * (n - 1) / 4)
    share <- kendall_shares(n)
    below <- function(at) if (at < 0) 0 else sum(share[seq_len(min(at + 1, length(share)))])
    p <- switch(alternative, two.sided = min(1, 2 * min(below(q), 1 - below(q - 1))), greater = 1 - below(q - 1), less = below(q))
    return(list(statistic = c(T = q), p.value = p, estimate = c(tau = r)))
  }
  xties <- table(x[duplicated(x)]) + 1
  yties <- table(y[duplicated(y)]) + 1
  pairs <- n * (n - 1) / 2
  s <- r * sqrt((pairs - sum(xties * (xties - 1)) / 2) * (pairs - sum(yties * (yties - 1)) / 2))
  spread <- (n * (n - 1) * (2 * n + 5) - sum(xties * (xties - 1) * (2 * xties + 5)) - sum(yties * (yties - 1) * (2 * yties + 5))) / 18 +
    sum(xties * (xties - 1)) * sum(yties * (yties - 1)) / (2 * n * (n - 1)) +
    sum(xties * (xties - 1) * (xties - 2)) * sum(yties * (yties - 1) * (yties - 2)) / (9 * n * (n - 1) * (n - 2))
  if (exact) warning("Cannot compute exact p-value with ties", call. = FALSE)
  if (continuity) s <- sign(s) * (abs(s) - 1)
  z <- s / sqrt(spread)
  p <- switch(alternative, less = pnorm(z), greater = pnorm(z, lower.tail = FALSE), two.sided = 2 * min(pnorm(z), pnorm(z, lower.tail = FALSE)))
  list(statistic = c(z = z), p.value = p, estimate = c(tau = r))
}

# Shares of the orders of n things by how many pairs stand in order: each further thing adds up to as many pairs as there are.
kendall_shares <- function(n) {
  share <- 1
  for (k in seq_len(n - 1) + 1) {
    wider <- numeric(length(share) + k - 1)
    for (shift in seq_len(k) - 1) {
      at <- shift + seq_along(share)
      wider[at] <- wider[at] + share
    }
    share <- wider / k
  }
  share
}

spearman_test <- function(x, y, alternative, exact, continuity) {
  n <- length(x)
  r <- cor(rank(x), rank(y))
  q <- (n^3 - n) * (1 - r) / 6
  ties <- min(length(unique(x)), length(unique(y))) < n
  if (is.null(exact)) exact <- TRUE
  if (exact && ties) {
    exact <- FALSE
    warning("Cannot compute exact p-value with ties", call. = FALSE)
  }
  tail <- function(q, lower) {
    if (exact && n <= 1290) return(spearman_tail(round(q) + 2 * lower, n, lower))
    r <- 1 - q / ((n * (n^2 - 1)) / 6 + continuity)
    pt(r / sqrt((1 - r^2) / (n - 2)), df = n - 2, lower.tail = !lower)
  }
  p <- switch(alternative,
    two.sided = min(2 * (if (q > (n^3 - n) / 6) tail(q, FALSE) else tail(q, TRUE)), 1),
    greater = tail(q, TRUE), less = tail(q, FALSE))
  list(statistic = c(S = q), p.value = p, estimate = c(rho = r))
}

# Share of the orders whose squared distances from 1, 2, ..., n add up to at least `bound`, or the other share: counted for
# up to nine things, beyond by Edgeworth's series (Best and Roberts, Applied Statistics algorithm 89, 1975).
spearman_tail <- function(bound, n, lower) {
  bound <- 2 * ceiling(bound / 2)
  if (n <= 1 || bound <= 0) return(if (lower) 0 else 1)
  if (bound > n * (n^2 - 1) / 3) return(if (lower) 1 else 0)
  if (n <= 9) {
    counts <- spearman_counts(n)
    above <- sum(counts[seq_along(counts) - 1 >= bound]) / factorial(n)
    return(if (lower) 1 - above else above)
  }
  b <- 1 / n
  x <- (6 * (bound - 1) * b / (n^2 - 1) - 1) * sqrt(n - 1)
  y <- x^2
  u <- x * b * (0.2274 + b * (0.2531 + 0.1745 * b) + y * (-0.0758 + b * (0.1033 + 0.3932 * b) -
    y * b * (0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-04 * y)))))
  p <- (if (lower) -u else u) / exp(y / 2) + pnorm(x, lower.tail = lower)
  max(0, min(1, p))
}

# How many orders have each sum of squared distances: the places taken so far are the bits of a number.
spearman_counts <- function(n) {
  size <- n * (n^2 - 1) / 3 + 1
  sums <- vector("list", 2^n)
  sums[[1L]] <- c(1, numeric(size - 1))
  taken <- vapply(0:(2^n - 1), function(set) sum(bitwAnd(set, 2^(seq_len(n) - 1)) > 0), 0)
  for (set in 0:(2^n - 2)) {
    own <- sums[[set + 1L]]
    for (place in seq_len(n)) {
      if (bitwAnd(set, 2^(place - 1)) > 0) next
      shift <- (place - taken[set + 1L] - 1)^2
      moved <- if (shift) c(numeric(shift), own[seq_len(size - shift)]) else own
      at <- set + 2^(place - 1) + 1
      sums[[at]] <- if (is.null(sums[[at]])) moved else sums[[at]] + moved
    }
  }
  sums[[2^n]]
}
