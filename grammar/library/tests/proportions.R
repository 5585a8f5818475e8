# Tests of counts: proportions by the binomial and by chi-squared, paired classes, rates by the Poisson.
# Sources: Clopper and Pearson, Biometrika 26 (1934); Wilson, JASA 22 (1927); Newcombe, Statistics in Medicine 17 (1998), methods 4 and
# 11; Fleiss, Statistical Methods for Rates and Proportions (1981); McNemar, Psychometrika 12 (1947).

binom.test <- function(x, n, p = 0.5, alternative = c("two.sided", "less", "greater"), conf.level = 0.95) {
  both <- length(x) == 2L
  label <- .data_label(c("x", if (!both) "n"))
  .demand("'x' must be nonnegative and integer" = .are_counts(x), "incorrect length of 'x'" = length(x) %in% 1:2)
  trials <- round(if (both) sum(x) else n)
  seen <- round(x[[1L]])
  .demand("'n' must be a positive integer >= 'x'" = both || length(n) == 1L && .are_counts(n) && n >= max(seen, 1),
          "'p' must be a single number between 0 and 1" = length(p) == 1L && p >= 0 && p <= 1,
          "'conf.level' must be a single number between 0 and 1" = .is_level(conf.level))
  alternative <- match.arg(alternative)
  .test_result(statistic = c(`number of successes` = seen), parameter = c(`number of trials` = trials),
               p.value = .count_chance(alternative, seen, min(trials, floor((trials + 1) * p)), dbinom, pbinom, trials, p),
               conf.int = .interval_of(function(tail) .binomial_ends(seen, trials, tail), alternative, conf.level, 0:1),
               estimate = c(`probability of success` = seen / trials), null.value = c(`probability of success` = p),
               alternative = alternative, method = "Exact binomial test", data.name = label)
}

# The share of successes for which as few, or as many, as were seen are as rare as `tail`.
.binomial_ends <- function(seen, trials, tail) {
  c(if (seen > 0) qbeta(tail, seen, trials - seen + 1) else 0, if (seen < trials) qbeta(1 - tail, seen + 1, trials - seen) else 1)
}

mcnemar.test <- function(x, y = NULL, correct = TRUE) {
  label <- .data_label(c("x", if (!is.matrix(x)) "y"))
  if (!is.matrix(x)) {
    .demand("if 'x' is not a matrix, 'y' must be given" = !is.null(y), "'x' and 'y' must have the same length" = length(x) == length(y))
    known <- complete.cases(x, y)
    x <- table(factor(x[known]), factor(y[known]))
    .demand("'x' and 'y' must have the same number of levels (minimum 2)" = nrow(x) == ncol(x) && nrow(x) >= 2L)
  }
  .demand("'x' must be square with at least two rows and columns" = nrow(x) == ncol(x) && nrow(x) >= 2L,
          "all entries of 'x' must be nonnegative and finite" = is.finite(x) & x >= 0)
  pairs <- upper.tri(x)
  changed <- abs(x - t(x))[pairs]
  corrected <- correct && length(changed) == 1L && changed > 0
  statistic <- sum((changed - corrected)^2 / (x + t(x))[pairs])
  .test_result(statistic = c(`McNemar's chi-squared` = statistic), parameter = c(df = nrow(x) * (nrow(x) - 1) / 2),
               p.value = .chance_above(statistic, length(changed)),
               method = paste0("McNemar's Chi-squared test", if (corrected) " with continuity correction"), data.name = label)
}

# Successes and trials of each group, of either way to give them: two columns, or two vectors.
.group_counts <- function(x, n, call = sys.call(-1)) {
  if (is.matrix(x)) {
    .demand("'x' must have 2 columns" = ncol(x) == 2L, call = call)
    return(list(seen = x[, 1L], trials = rowSums(x)))
  }
  .demand("'x' and 'n' must have the same length" = length(x) == length(n), call = call)
  list(seen = x, trials = n)
}

prop.test <- function(x, n, p = NULL, alternative = c("two.sided", "less", "greater"), conf.level = 0.95, correct = TRUE) {
  tabled <- is.matrix(x) || is.table(x)
  label <- .data_label(c("x", if (!tabled) "n"), " out of ")
  groups <- .group_counts(if (tabled && !is.matrix(x)) t(as.vector(x)) else x, n)
  k <- length(groups$seen)
  if (!is.null(p)) label <- paste0(label, ", null ", if (length(p) == 1L) "probability " else "probabilities ", .data_label("p"))
  else if (k == 1L) label <- paste0(label, ", null probability 0.5")
  .demand("'p' must have the same length as 'x' and 'n'" = is.null(p) || length(p) == k)
  known <- complete.cases(groups$seen, groups$trials)
  seen <- as.vector(groups$seen)[known]
  trials <- as.vector(groups$trials)[known]
  p <- p[known]
  .demand("not enough data" = any(known), "elements of 'n' must be positive" = trials > 0, "elements of 'x' must be nonnegative" = seen >= 0,
          "elements of 'x' must not be greater than those of 'n'" = seen <= trials, "elements of 'p' must be in (0,1)" = p > 0 & p < 1,
          "'conf.level' must be a single number between 0 and 1" = .is_level(conf.level))
  named <- if (k == 1L) "p" else paste("prop", seq_len(k))[known]
  k <- length(seen)
  if (k == 1L && !length(p)) p <- 0.5
  given <- length(p) > 0L
  alternative <- match.arg(alternative)
  if (k > 2L || k == 2L && given) alternative <- "two.sided"

  share <- seen / trials
  expected <- if (given) p else rep(sum(seen) / sum(trials), k)
  # How far the data lie from what the null says, where that is one number; the correction goes no further than that.
  gap <- if (k == 1L) share - p else if (k == 2L && !given) share[1L] - share[2L]
  off <- abs(seen - trials * expected)
  yates <- if (!correct || k > 2L) 0 else min(0.5, if (length(gap)) off)
  if (any(trials * expected < 5, trials * (1 - expected) < 5)) warning("Chi-squared approximation may be incorrect")
  statistic <- sum((off - yates)^2 / (trials * expected * (1 - expected)))
  df <- if (given) k else k - 1
  ends <- if (k == 1L) .wilson_ends else .difference_ends
  .test_result(statistic = c(`X-squared` = statistic), parameter = c(df = df),
               p.value = if (alternative == "two.sided") .chance_above(statistic, df) else .chance_of(sign(gap) * sqrt(statistic), alternative),
               estimate = setNames(share, named), null.value = if (given) setNames(p, named),
               conf.int = if (length(gap)) .interval_of(function(tail) ends(share, trials, yates, tail), alternative, conf.level, c(if (k == 1L) 0 else -1, 1)),
               alternative = alternative,
               method = sprintf("%d-sample %s with%s continuity correction", k, if (k == 1L) "proportions test" else
                                paste("test for", if (given) "given" else "equality of", "proportions"), if (yates > 0) "" else "out"),
               data.name = label)
}

# Wilson's interval around the share moved outwards by the correction: the roots of (moved - p)^2 = z^2 p (1 - p) / n.
.wilson_ends <- function(share, trials, yates, tail) {
  side <- c(-1, 1)
  moved <- pmin(pmax(share + side * yates / trials, 0), 1)
  ratio <- qnorm(tail)^2 / trials
  found <- (moved + ratio / 2 + side * sqrt(ratio * moved * (1 - moved) + ratio^2 / 4)) / (1 + ratio)
  pmin(pmax(found, 0), 1)
}

# The difference of two shares, each with its own variance.
.difference_ends <- function(share, trials, yates, tail) {
  reach <- qnorm(tail, lower.tail = FALSE) * sqrt(sum(share * (1 - share) / trials)) + yates * sum(1 / trials)
  pmin(pmax(share[1L] - share[2L] + c(-reach, reach), -1), 1)
}

# Armitage's part of chi-squared: the regression of the shares on the scores.
prop.trend.test <- function(x, n, score = seq_along(x)) {
  label <- paste0(.data_label(c("x", "n"), " out of "), " ,\n using scores: ", paste(score, collapse = " "))
  share <- sum(x) / sum(n)
  from_middle <- score - weighted.mean(score, n)
  statistic <- sum(from_middle * x)^2 / (share * (1 - share) * sum(n * from_middle^2))
  .test_result(statistic = c(`X-squared` = statistic), parameter = c(df = 1), p.value = .chance_above(statistic, 1),
               method = "Chi-squared Test for Trend in Proportions", data.name = label)
}

poisson.test <- function(x, T = 1, r = 1, alternative = c("two.sided", "less", "greater"), conf.level = 0.95) {
  label <- .data_label(c("x", "T"), " time base: ")
  k <- length(x)
  .demand("'x' and 'T' have incompatible length" = length(T) %in% c(1L, k),
          "'x' must be finite, nonnegative, and integer" = .are_counts(x), "'T' must be nonnegative" = !is.na(T) & T >= 0,
          "'r' must be a single positive number" = length(r) == 1L && r >= 0, "the case k > 2 is unimplemented" = k <= 2L)
  alternative <- match.arg(alternative)
  seen <- round(x)
  times <- rep_len(T, k)
  if (k == 2L) return(.compared_rates(seen, times, r, alternative, conf.level, label))
  mean <- r * T
  ends <- function(tail) c(if (seen > 0) qgamma(tail, seen) else 0, qgamma(1 - tail, seen + 1)) / T
  .test_result(statistic = c(`number of events` = seen), parameter = c(`time base` = T),
               p.value = .count_chance(alternative, seen, floor(mean), dpois, ppois, mean),
               conf.int = .interval_of(ends, alternative, conf.level, c(0, Inf)), estimate = c(`event rate` = seen / T),
               null.value = c(`event rate` = r), alternative = alternative, method = "Exact Poisson test", data.name = label)
}

# Given their sum, the first of two Poisson counts is binomial, and its chance tells the ratio of the rates.
.compared_rates <- function(seen, times, ratio, alternative, conf.level, label) {
  whole <- sum(seen)
  pull <- times * c(ratio, 1)
  chance <- pull[1L] / sum(pull)
  ends <- function(tail) {
    share <- .binomial_ends(seen[1L], whole, tail)
    share / (1 - share) * times[2L] / times[1L]
  }
  .test_result(statistic = c(count1 = seen[1L]),
               # As R tells it: below the line the ratio stands at the second time base.
               parameter = c(`expected count1` = whole * pull[1L] / sum(times * c(1, ratio))),
               p.value = .count_chance(alternative, seen[1L], min(whole, floor((whole + 1) * chance)), dbinom, pbinom, whole, chance),
               conf.int = .interval_of(ends, alternative, conf.level, c(0, Inf)),
               estimate = c(`rate ratio` = (seen[1L] / times[1L]) / (seen[2L] / times[2L])), null.value = c(`rate ratio` = ratio),
               alternative = alternative, method = "Comparison of Poisson rates", data.name = label)
}
