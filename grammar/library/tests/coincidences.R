# Chances of counts in classes: the multinomial distribution, and birthdays that coincide. Matrices drawn from Wishart's distribution.
# Sources: P. Diaconis and F. Mosteller, JASA 84 (1989), formula 7.5; M. S. Bartlett, Proc. Roy. Soc. Edinburgh 53 (1933).

# Counts that are Poisson each, given their sum.
dmultinom <- function(x, size = NULL, prob, log = FALSE) {
  .demand("x[] and prob[] must be equal length vectors." = length(x) == length(prob),
          "probabilities must be finite, non-negative and not all 0" = all(is.finite(prob) & prob >= 0) && any(prob > 0))
  counts <- floor(x + 0.5)
  .demand("'x' must be non-negative" = counts >= 0, "size != sum(x), i.e. one is wrong" = is.null(size) || size == sum(counts))
  total <- sum(counts)
  value <- sum(dpois(counts, total * prob / sum(prob), log = TRUE)) - dpois(total, total, log = TRUE)
  if (log) value else exp(value)
}

# Two are sure to be apart only as long as nobody takes a class that is taken; more than two are counted as rare events.
pbirthday <- function(n, classes = 365, coincident = 2) {
  if (coincident < 2 || n > classes * (coincident - 1)) return(1)
  if (n < coincident) return(0)
  if (coincident == 2) return(1 - prod(1 - seq(0, n - 1) / classes))
  logarithm <- coincident * log(n) - n / classes - log1p(-n / (classes * (coincident + 1))) - lfactorial(coincident) - (coincident - 1) * log(classes)
  -expm1(-exp(logarithm))
}

qbirthday <- function(prob = 0.5, classes = 365, coincident = 2) {
  if (prob >= 1) return(classes * (coincident - 1) + 1)
  1 + .last_along(0, 1, function(n) pbirthday(n, classes, coincident) < prob)
}

# Bartlett's factor: independent normals beside the diagonal, roots of chi-squares on it; its order of draws is R's.
rWishart <- function(n, df, Sigma) {
  .demand("'scal' must be a square, real matrix" = is.matrix(Sigma) && is.numeric(Sigma) && nrow(Sigma) == ncol(Sigma))
  size <- nrow(Sigma)
  .demand("inconsistent degrees of freedom and dimension" = size > 0 && df >= size)
  root <- tryCatch(chol(Sigma), error = function(condition) NULL)
  .demand("'scal' matrix is not positive-definite" = !is.null(root))
  draw <- function(at) {
    factor <- matrix(0, size, size)
    for (j in seq_len(size)) {
      factor[j, j] <- sqrt(rchisq(1, df - j + 1))
      for (i in seq_len(j - 1L)) factor[i, j] <- rnorm(1)
    }
    crossprod(factor %*% root)
  }
  count <- max(1, trunc(n))
  array(vapply(seq_len(count), draw, Sigma * 0), c(size, size, count))
}
