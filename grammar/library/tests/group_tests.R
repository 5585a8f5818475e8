# Tests between several groups: their means, their variances; and of a series against itself.
# Sources: B. L. Welch, Biometrika 38 (1951); M. S. Bartlett, Proc. Roy. Soc. A 160 (1937); Conover, Johnson and Johnson,
# Technometrics 23 (1981); Box and Pierce, JASA 65 (1970); Ljung and Box, Biometrika 65 (1978).

# Each mean weighs as much as its variance allows. Where the groups share one variance, nothing is to be corrected for its estimates.
oneway.test <- function(formula, data, subset, na.action, var.equal = FALSE) {
  .demand("'formula' missing or incorrect" = inherits(formula, "formula") && length(formula) == 3L)
  frame <- .frame_asked(formula, match.call(), parent.frame())
  groups <- split(frame[[1L]], lapply(frame[-1L], factor), drop = TRUE)
  k <- length(groups)
  size <- lengths(groups)
  .demand("not enough groups" = k >= 2L, "not enough observations" = size >= 2L)
  free <- size - 1
  center <- vapply(groups, mean, 0)
  spread <- vapply(groups, var, 0)
  if (var.equal) spread[] <- sum(free * spread) / sum(free)
  weight <- size / spread
  unsure <- sum((1 - weight / sum(weight))^2 / free) / (k^2 - 1)
  ratio <- sum(weight * (center - weighted.mean(center, weight))^2) / (k - 1)
  if (!var.equal) ratio <- ratio / (1 + 2 * (k - 2) * unsure)
  df <- c(`num df` = k - 1, `denom df` = if (var.equal) sum(free) else 1 / (3 * unsure))
  .test_result(statistic = c(F = ratio), parameter = df, p.value = .chance_above(ratio, df),
               method = paste0("One-way analysis of means", if (!var.equal) " (not assuming equal variances)"),
               data.name = paste(deparse1(formula[[2L]]), "and", deparse1(formula[[3L]])))
}

# The samples of a test of several: those of a list, or the values by their groups.
.samples <- function(x, g, call = sys.call(-1)) {
  if (is.list(x)) {
    .demand("'x' must be a list with at least 2 elements" = length(x) >= 2L, call = call)
    return(x)
  }
  .demand("'x' and 'g' must have the same length" = length(x) == length(g), call = call)
  known <- complete.cases(x, g)
  parts <- split(x[known], factor(g[known]))
  .demand("all observations are in the same group" = length(parts) >= 2L, call = call)
  parts
}

bartlett.test <- function(x, ...) UseMethod("bartlett.test")

bartlett.test.formula <- function(formula, data, subset, na.action, ...) {
  asked <- .parts_by_group(formula, match.call(), parent.frame())
  .retold(bartlett.test(asked$response, asked$group), asked$label)
}

bartlett.test.default <- function(x, g, ...) {
  label <- .data_label(c("x", if (!is.list(x)) "g"))
  samples <- .samples(x, g)
  fitted <- inherits(samples[[1L]], "lm")
  if (!fitted) samples <- lapply(samples, function(values) if (is.list(x)) values[is.finite(values)] else values)
  free <- if (fitted) vapply(samples, df.residual, 0) else lengths(samples) - 1
  .demand("there must be at least 2 observations in each group" = free > 0)
  spread <- if (fitted) vapply(samples, deviance, 0) / free else vapply(samples, var, 0)
  k <- length(samples)
  likelihood <- sum(free * log(weighted.mean(spread, free) / spread))
  statistic <- likelihood / (1 + (sum(1 / free) - 1 / sum(free)) / (3 * (k - 1)))
  .test_result(statistic = c(`Bartlett's K-squared` = statistic), parameter = c(df = k - 1), p.value = .chance_above(statistic, k - 1),
               data.name = label, method = "Bartlett test of homogeneity of variances")
}

fligner.test <- function(x, ...) UseMethod("fligner.test")

fligner.test.formula <- function(formula, data, subset, na.action, ...) {
  asked <- .parts_by_group(formula, match.call(), parent.frame())
  .retold(fligner.test(asked$response, asked$group), asked$label)
}

# Distances from the groups' medians, ranked together and scored as half normals: chi-squared of the scores' means.
fligner.test.default <- function(x, g, ...) {
  label <- .data_label(c("x", if (!is.list(x)) "g"))
  samples <- .samples(x, g)
  samples <- lapply(samples, function(values) values[!is.na(values)])
  size <- lengths(samples)
  distance <- abs(unlist(lapply(samples, function(values) values - median(values)), use.names = FALSE))
  score <- qnorm(0.5 + rank(distance) / (2 * (length(distance) + 1)))
  means <- vapply(split(score, rep(seq_along(size), size)), mean, 0)
  statistic <- sum(size * (means - mean(score))^2) / var(score)
  df <- length(size) - 1
  .test_result(statistic = c(`Fligner-Killeen:med chi-squared` = statistic), parameter = c(df = df), p.value = .chance_above(statistic, df),
               method = "Fligner-Killeen test of homogeneity of variances", data.name = label)
}

# n times the sum of the squared autocorrelations; Ljung and Box weigh each by the pairs that it rests on.
Box.test <- function(x, lag = 1, type = c("Box-Pierce", "Ljung-Box"), fitdf = 0) {
  .demand("x is not a vector or univariate time series" = NCOL(x) == 1L)
  type <- match.arg(type)
  known <- sum(!is.na(x))
  lags <- seq_len(lag)
  weight <- c(`Box-Pierce` = 1, `Ljung-Box` = known + 2)[[type]] / (if (type == "Ljung-Box") known - lags else 1)
  found <- acf(x, lag.max = lag, plot = FALSE, na.action = na.pass)$acf[1L + lags]
  statistic <- known * sum(weight * found^2)
  .test_result(statistic = c(`X-squared` = statistic), parameter = c(df = lag - fitdf), p.value = 1 - pchisq(statistic, lag - fitdf),
               method = c(`Box-Pierce` = "Box-Pierce test", `Ljung-Box` = "Box-Ljung test")[[type]], data.name = .data_label("x"))
}
