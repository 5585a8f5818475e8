# Tests of proportions: exact binomial, and McNemar's of paired classes.

binom.test <- function(x, n, p = 0.5, alternative = c("two.sided", "less", "greater"), conf.level = 0.95) {
  name <- deparse1(substitute(x))
  alternative <- match.arg(alternative)
  if (length(x) == 2) {
    n <- sum(x)
    x <- x[1]
  } else name <- paste(name, "and", deparse1(substitute(n)))
  x <- round(x)
  n <- round(n)
  if (!missing(p) && (length(p) > 1 || is.na(p) || p < 0 || p > 1)) stop("'p' must be a single number between 0 and 1")
  both <- function() {
    if (p == 0) return(as.numeric(x == 0))
    if (p == 1) return(as.numeric(x == n))
    # Outcomes no more probable than the one met, with room for rounding.
    limit <- dbinom(x, n, p) * (1 + 1e-7)
    mode <- n * p
    if (x == mode) return(1)
    if (x < mode) {
      above <- seq.int(ceiling(mode), n)
      count <- sum(dbinom(above, n, p) <= limit)
      return(pbinom(x, n, p) + pbinom(n - count, n, p, lower.tail = FALSE))
    }
    below <- seq.int(0, floor(mode))
    count <- sum(dbinom(below, n, p) <= limit)
    pbinom(count - 1, n, p) + pbinom(x - 1, n, p, lower.tail = FALSE)
  }
  value <- switch(alternative, less = pbinom(x, n, p), greater = pbinom(x - 1, n, p, lower.tail = FALSE), two.sided = min(1, both()))
  lower <- function(alpha) if (x == 0) 0 else qbeta(alpha, x, n - x + 1)
  upper <- function(alpha) if (x == n) 1 else qbeta(1 - alpha, x + 1, n - x)
  rest <- 1 - conf.level
  ends <- switch(alternative, less = c(0, upper(rest)), greater = c(lower(rest), 1), two.sided = c(lower(rest / 2), upper(rest / 2)))
  attr(ends, "conf.level") <- conf.level
  structure(list(statistic = c(`number of successes` = x), parameter = c(`number of trials` = n), p.value = value, conf.int = ends,
                 estimate = c(`probability of success` = x / n), null.value = c(`probability of success` = p), alternative = alternative,
                 method = "Exact binomial test", data.name = name), class = "htest")
}

mcnemar.test <- function(x, y = NULL, correct = TRUE) {
  name <- deparse1(substitute(x))
  if (!is.matrix(x)) {
    name <- paste(name, "and", deparse1(substitute(y)))
    x <- table(x, y)
  }
  size <- nrow(x)
  if (size < 2 || ncol(x) != size) stop("'x' must be square with at least two rows and columns")
  above <- x[upper.tri(x)]
  below <- t(x)[upper.tri(x)]
  method <- "McNemar's Chi-squared test"
  gap <- above - below
  if (correct && size == 2 && any(gap != 0)) {
    gap <- abs(gap) - 1
    method <- paste(method, "with continuity correction")
  }
  total <- above + below
  statistic <- sum(gap^2 / total)
  df <- size * (size - 1) / 2
  structure(list(statistic = c(`McNemar's chi-squared` = statistic), parameter = c(df = df), p.value = pchisq(statistic, df, lower.tail = FALSE),
                 method = method, data.name = name), class = "htest")
}
