# Tests of a distribution: Shapiro and Wilk's of normality, Kolmogorov and Smirnov's of the largest distance.
# Sources: P. Royston, Applied Statistics 44 (1995), algorithm R94; Z. W. Birnbaum and F. H. Tingey, Annals of Mathematical
# Statistics 22 (1951); W. Feller, Annals of Mathematical Statistics 19 (1948), for the limit.

# Royston's polynomials: the two outermost weights, by 1/sqrt(n); the normal form of W, by n and by log(n).
.shapiro_terms <- list(outer = list(c(0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056),
                                    c(0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633)),
                       small = list(limit = c(-2.273, 0.459), mean = c(0.544, -0.39978, 0.025054, -6.714e-4),
                                    log_sd = c(1.3822, -0.77857, 0.062767, -0.0020322)),
                       large = list(mean = c(-1.5861, -0.31082, -0.083751, 0.0038915), log_sd = c(-0.4803, -0.082676, 0.0030302)))

.polynomial_at <- function(coefficients, at) sum(coefficients * at^(seq_along(coefficients) - 1))

# Weights of sorted normal values: scores of length one, of which the outermost are replaced by better ones.
.shapiro_weights <- function(n) {
  scores <- qnorm((seq_len(n) - 0.375) / (n + 0.25))
  if (n == 3L) return(sign(scores))
  outer <- seq_len(if (n > 5L) 2L else 1L)
  last <- n + 1L - outer
  weights <- scores[last] / sqrt(sum(scores^2)) + vapply(.shapiro_terms$outer[outer], .polynomial_at, 0, 1 / sqrt(n))
  scores <- scores * sqrt((1 - 2 * sum(weights^2)) / (sum(scores^2) - 2 * sum(scores[last]^2)))
  scores[c(outer, last)] <- c(-weights, weights)
  scores
}

.shapiro_chance <- function(w, n) {
  if (n == 3L) return(max(0, 6 / pi * (asin(sqrt(w)) - asin(sqrt(0.75)))))
  terms <- .shapiro_terms[[if (n < 12L) "small" else "large"]]
  at <- if (n < 12L) n else log(n)
  y <- log1p(-w)
  if (n < 12L) {
    room <- .polynomial_at(terms$limit, n) - y
    if (room <= 0) return(1e-99)
    y <- -log(room)
  }
  pnorm(y, .polynomial_at(terms$mean, at), exp(.polynomial_at(terms$log_sd, at)), lower.tail = FALSE)
}

shapiro.test <- function(x) {
  label <- .data_called("x")
  .refuse_if("is.numeric(x) is not TRUE" = !is.numeric(x))
  x <- sort(x)
  n <- length(x)
  .refuse_if("sample size must be between 3 and 5000" = n < 3L || n > 5000L, "all 'x' values are identical" = x[n] == x[1L])
  # In units of its range, so that the squares of small values do not vanish.
  w <- cor(.shapiro_weights(n), (x - median(x)) / (x[n] - x[1L]))^2
  .test_result(statistic = c(W = w), p.value = .shapiro_chance(w, n), method = "Shapiro-Wilk normality test", data.name = label)
}

# Kolmogorov and Smirnov

ks.test <- function(x, ...) UseMethod("ks.test")

ks.test.formula <- function(formula, data, subset, na.action, ...) {
  .test_of_formula(ks.test.default, formula, match.call(), parent.frame(), ...)
}

# What each alternative is called, and which distances it looks at: those of a distribution function above or below the other.
.distance_sides <- list(two.sided = list(name = "D", at = c("above", "below"), words = "two-sided"),
                        less = list(name = "D^-", at = "below", words = "the CDF of x lies below"),
                        greater = list(name = "D^+", at = "above", words = "the CDF of x lies above"))

# Two distribution functions differ most at one of the values. `size` is that of one sample for which the same limit holds.
.two_sample_distances <- function(x, y) {
  pooled <- sort(c(x, y))
  at <- unique(pooled)
  share <- function(sample) cumsum(tabulate(match(sample, at), length(at))) / length(sample)
  apart <- share(x) - share(y)
  tied <- length(at) < length(pooled)
  list(above = apart, below = -apart, tied = tied, size = length(x) * length(y) / (length(x) + length(y)),
       exactly = as.double(length(x)) * length(y) < 10000,
       exact = function(distance, both) .two_samples_above(distance, length(x), length(y), !duplicated(pooled, fromLast = TRUE), both),
       method = "two-sample Kolmogorov-Smirnov test", other = "that of y", tied_word = "p-value will be approximate in the presence of ties")
}

# The distribution function of a sample goes from (i - 1)/n to i/n at its i-th value.
.one_sample_distances <- function(x, cumulative) {
  n <- length(x)
  expected <- cumulative(sort(x))
  tied <- anyDuplicated(x) > 0L
  list(above = seq_len(n) / n - expected, below = expected - (seq_len(n) - 1) / n, tied = tied, size = n, exactly = n < 100 && !tied,
       exact = function(distance, both) if (both) .one_sample_above(distance, n) else .one_sided_above(distance, n),
       method = "one-sample Kolmogorov-Smirnov test", other = "the null hypothesis",
       tied_word = "ties should not be present for the Kolmogorov-Smirnov test")
}

# Birnbaum and Tingey's sum: the chance that a sample's distribution function goes above the true one by `distance` or more.
.one_sided_above <- function(distance, n) {
  if (distance <= 0 || distance >= 1) return(as.numeric(distance <= 0))
  j <- 0:floor(n * (1 - distance))
  distance * sum(exp(lchoose(n, j) + (j - 1) * log(distance + j / n) + (n - j) * log1p(-distance - j / n)))
}

# The same for many values, by the distance times the root of their number; below one the first term of the theta series is enough.
.distance_limit <- function(scaled, both) {
  if (!both) return(exp(-2 * scaled^2))
  if (scaled <= 0) 1
  else if (scaled < 1) 1 - sqrt(2 * pi) / scaled * exp(-pi^2 / (8 * scaled^2))
  else 2 * sum(c(1, -1, 1, -1, 1) * exp(-2 * (1:5)^2 * scaled^2))
}

ks.test.default <- function(x, y, ..., alternative = c("two.sided", "less", "greater"), exact = NULL, simulate.p.value = FALSE, B = 2000) {
  .unsupported(simulate.p.value, "choose 'exact' instead")
  side <- .distance_sides[[match.arg(alternative)]]
  both <- length(side$at) == 2L
  label <- .data_called("x", if (is.numeric(y)) "y")
  if (is.character(y)) y <- get(y, mode = "function", envir = parent.frame())
  data <- list(x = x[!is.na(x)], y = if (is.numeric(y)) y[!is.na(y)] else y)
  .refuse_if("not enough 'x' data" = !length(data$x), "not enough 'y' data" = is.numeric(y) && !length(data$y),
             "'y' must be numeric or a function or a string naming a valid function" = !is.numeric(y) && !is.function(y))
  distances <- if (is.numeric(y)) .two_sample_distances(data$x, data$y) else .one_sample_distances(data$x, function(at) y(at, ...))
  if (is.null(exact)) exact <- distances$exactly
  if (distances$tied && !(exact && is.numeric(y))) warning(distances$tied_word)
  distance <- max(unlist(distances[side$at]))
  chance <- if (exact) distances$exact(distance, both) else .distance_limit(sqrt(distances$size) * distance, both)
  made <- .test_result(statistic = setNames(distance, side$name), p.value = min(1, max(0, chance)),
                       alternative = paste(c(side$words, if (!both) distances$other), collapse = " "),
                       method = paste(if (exact) "Exact" else "Asymptotic", distances$method), data.name = label, data = data, exact = exact)
  structure(made, class = c("ks.test", "htest"))
}
