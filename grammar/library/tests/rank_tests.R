# Tests of location by ranks: Wilcoxon's, Kruskal and Wallis', Friedman's.
# Sources: M. Hollander and D. A. Wolfe, Nonparametric Statistical Methods (1999); D. F. Bauer, J. American Statistical
# Association 67 (1972), for the intervals.

# A rank statistic at some shift of the sample, with its mean and standard deviation over all equally likely orders or signs,
# which hold with ties too.
.signed_rank_at <- function(shift, x, digits) {
  away <- x - shift
  away <- away[away != 0]
  ranks <- .ranks_of(abs(away), digits)
  list(value = sum(ranks[away > 0]), mean = sum(ranks) / 2, sd = sqrt(sum(ranks^2)) / 2,
       trouble = c(if (anyDuplicated(ranks)) "ties", if (length(away) < length(x)) "zeroes"))
}

.rank_sum_at <- function(shift, x, y, digits) {
  ranks <- .ranks_of(c(x - shift, y), digits)
  sizes <- c(length(x), length(y))
  own <- ranks[seq_along(x)]
  list(value = sum(own - seq_along(own)), mean = prod(sizes) / 2, sd = sqrt(prod(sizes) / sum(sizes) * var(ranks)),
       trouble = if (anyDuplicated(ranks)) "ties")
}

.ranks_of <- function(values, digits) rank(if (is.finite(digits)) signif(values, digits) else values)

# All that the two tests of Wilcoxon differ in: `at` is the statistic by the shift, `shifts` are those at which it jumps.
.signed_rank_test <- function(x, mu, paired, digits) {
  kept <- x[x != mu]
  n <- length(kept)
  list(at = function(shift) .signed_rank_at(shift, kept, digits), seen = .signed_rank_at(mu, x, digits), letter = "V", sizes = n,
       cumulative = function(q) psignrank(q, n), quantile = function(p) qsignrank(p, n),
       shifts = function() outer(kept, kept, `+`)[outer(seq_len(n), seq_len(n), `>=`)] / 2,
       range = if (n) range(kept), middle = if (n) median(kept), gives_way = TRUE, exact_level = function(lost) 1 - signif(lost, 2),
       method = "Wilcoxon signed rank", null = if (paired) "location shift" else "location", estimate = "(pseudo)median",
       interval_word = "interval", unreached = "requested conf.level not achievable",
       constant = "cannot compute confidence interval when all observations are zero or tied")
}

.rank_sum_test <- function(x, y, mu, digits) {
  m <- length(x)
  n <- length(y)
  list(at = function(shift) .rank_sum_at(shift, x, y, digits), seen = .rank_sum_at(mu, x, y, digits), letter = "W", sizes = c(m, n),
       cumulative = function(q) pwilcox(q, m, n), quantile = function(p) qwilcox(p, m, n), shifts = function() outer(x, y, `-`),
       range = c(min(x) - max(y), max(x) - min(y)), gives_way = FALSE, exact_level = function(lost) 1 - lost,
       method = "Wilcoxon rank sum", null = "location shift", estimate = "difference in location", interval_word = "intervals",
       unreached = "Requested conf.level not achievable", constant = "cannot compute confidence interval when all observations are tied")
}

# The standardized statistic, drawn half a step towards its mean where a correction is asked for.
.standard_score <- function(found, alternative, correct) {
  away <- found$value - found$mean
  (away - correct * list(two.sided = sign(away), less = -1, greater = 1)[[alternative]] / 2) / found$sd
}

# Bauer: the shifts that the exact test does not reject lie between two of those at which the statistic jumps.
.exact_shifts <- function(test, alternative, conf.level) {
  shifts <- sort(test$shifts())
  place <- function(tail) max(1, test$quantile(tail))
  interval <- .interval_of(function(tail) c(shifts[place(tail)], rev(shifts)[place(tail)]), alternative, conf.level)
  asked <- 1 - conf.level
  sides <- if (alternative == "two.sided") 2 else 1
  lost <- sides * test$cumulative(place(asked / sides) - 1)
  if (lost > 1.5 * asked) attr(interval, "conf.level") <- test$exact_level(lost)
  list(conf.int = interval, estimate = setNames(median(shifts), test$estimate))
}

# The shifts at which the standardized statistic crosses the normal quantiles. Where a small sample never gets there, the end
# is that of the sample, or, if the test gives way, the level is lowered until it gets there.
.normal_shifts <- function(test, alternative, conf.level, correct, tol) {
  ends <- test$range
  if (is.null(ends) || ends[1L] == ends[2L]) {
    middle <- if (is.null(ends)) NaN else c(midrange = ends[1L])
    return(list(conf.int = .interval_of(function(tail) c(NaN, NaN), alternative, 0), estimate = middle))
  }
  score <- function(shift) .standard_score(test$at(shift), alternative, correct)
  reach <- c(score(ends[1L]), score(ends[2L]))
  crossing <- function(target) {
    if (reach[1L] <= target) return(ends[1L])
    if (reach[2L] >= target) return(ends[2L])
    uniroot(function(shift) score(shift) - target, ends, f.lower = reach[1L] - target, f.upper = reach[2L] - target, tol = tol)$root
  }
  level <- if (test$gives_way) .level_within_reach(reach, alternative, conf.level) else conf.level
  around <- function(tail) if (level > 0) c(crossing(qnorm(tail, lower.tail = FALSE)), crossing(qnorm(tail))) else rep(test$middle, 2L)
  plain <- function(shift) .standard_score(test$at(shift), alternative, FALSE)
  list(conf.int = .interval_of(around, alternative, level), estimate = setNames(uniroot(plain, ends, tol = tol)$root, test$estimate))
}

# The part left out is doubled until its normal quantile lies within reach, down to a level of zero. R takes half of it not only
# where both ends are sought but for "less" too.
.level_within_reach <- function(reach, alternative, conf.level) {
  most <- min(c(reach[1L], -reach[2L])[c(alternative != "less", alternative != "greater")])
  lost <- pmin(1, (1 - conf.level) * 2^(0:60))
  enough <- qnorm(lost / (if (alternative == "greater") 1 else 2), lower.tail = FALSE) < most
  1 - lost[match(TRUE, enough | lost == 1)]
}

wilcox.test <- function(x, ...) UseMethod("wilcox.test")

wilcox.test.formula <- function(formula, data, subset, na.action, ...) {
  .test_of_formula(wilcox.test.default, formula, match.call(), parent.frame(), ...)
}

wilcox.test.default <- function(x, y = NULL, alternative = c("two.sided", "less", "greater"), mu = 0, paired = FALSE, exact = NULL,
                                correct = TRUE, conf.int = FALSE, conf.level = 0.95, tol.root = 1e-4, digits.rank = Inf, ...) {
  alternative <- match.arg(alternative)
  .refuse_if("'mu' must be a single number" = !.single_number(mu),
             "'conf.level' must be a single number between 0 and 1" = conf.int && !.is_level(conf.level),
             "'x' must be numeric" = !is.numeric(x), "'y' must be numeric" = !is.null(y) && !is.numeric(y),
             "'y' is missing for paired test" = paired && is.null(y),
             "'x' and 'y' must have the same length" = paired && length(x) != length(y))
  label <- .data_called("x", if (!is.null(y)) "y")
  if (paired) x <- x - y
  x <- x[!is.na(x)]
  two <- !paired && !is.null(y)
  if (two) y <- y[!is.na(y)]
  .refuse_if("not enough (non-missing) 'x' observations" = !length(x), "not enough 'y' observations" = two && !length(y))
  test <- if (two) .rank_sum_test(x, y, mu, digits.rank) else .signed_rank_test(x, mu, paired, digits.rank)
  if (is.null(exact)) exact <- all(test$sizes < 50)
  seen <- test$seen
  counted <- exact && !length(seen$trouble)
  p.value <- if (counted) .tail_chance(alternative, test$cumulative(seen$value), 1 - test$cumulative(seen$value - 1))
  else .chance_of(.standard_score(seen, alternative, correct), alternative)
  interval <- if (conf.int && counted) .exact_shifts(test, alternative, conf.level)
  else if (conf.int) .normal_shifts(test, alternative, conf.level, correct, tol.root)
  if (conf.int && attr(interval$conf.int, "conf.level") < conf.level) {
    if (!anyNA(interval$conf.int)) warning(test$unreached) else if (!is.null(test$range)) warning(test$constant)
  }
  if (exact) for (trouble in seen$trouble) {
    warning("cannot compute exact p-value with ", trouble)
    if (conf.int) warning("cannot compute exact confidence ", test$interval_word, " with ", trouble)
  }
  method <- paste(test$method, if (counted) "exact test" else if (correct) "test with continuity correction" else "test")
  parts <- list(statistic = setNames(seen$value, test$letter), parameter = NULL, p.value = p.value, null.value = setNames(mu, test$null),
                alternative = alternative, method = method, data.name = label)
  do.call(.test_result, c(parts, interval))
}

# More than two samples: how far ranks differ between groups, against how far they differ at all.

kruskal.test <- function(x, ...) UseMethod("kruskal.test")

kruskal.test.formula <- function(formula, data, subset, na.action, ...) {
  .refuse_if("'formula' missing or incorrect" = length(formula) != 3L)
  frame <- .frame_asked(formula, match.call(), parent.frame())
  .refuse_if("'formula' should be of the form response ~ group" = length(frame) != 2L)
  made <- kruskal.test.default(frame[[1L]], frame[[2L]])
  made$data.name <- paste(names(frame), collapse = " by ")
  made
}

# Samples in a list, as values and their groups.
.stacked_samples <- function(samples, ignored) {
  refuse <- function(message) stop(simpleError(message, sys.call(-2)))
  tell <- function(message) warning(simpleWarning(message, sys.call(-2)))
  if (length(samples) < 2L) refuse("'x' must be a list with at least 2 elements")
  if (ignored) tell("'x' is a list, so ignoring argument 'g'")
  if (!all(vapply(samples, is.numeric, NA))) tell("some elements of 'x' are not numeric and will be coerced to numeric")
  samples <- lapply(samples, function(sample) sample[!is.na(sample)])
  if (any(lengths(samples) == 0L)) refuse("all groups must contain data")
  list(x = unlist(samples), g = rep(seq_along(samples), lengths(samples)))
}

kruskal.test.default <- function(x, g, ...) {
  label <- .data_called("x", if (!is.list(x)) "g")
  if (!is.list(x)) .refuse_if("'x' and 'g' must have the same length" = length(x) != length(g))
  given <- if (is.list(x)) .stacked_samples(x, !missing(g)) else list(x = x[complete.cases(x, g)], g = g[complete.cases(x, g)])
  groups <- unname(split(rank(given$x), factor(given$g), drop = TRUE))
  .refuse_if("all observations are in the same group" = length(groups) < 2L)
  ranks <- unlist(groups)
  between <- sum(lengths(groups) * (vapply(groups, mean, 0) - mean(ranks))^2)
  statistic <- between / var(ranks)
  df <- length(groups) - 1L
  .test_result(statistic = c(`Kruskal-Wallis chi-squared` = statistic), parameter = c(df = df), p.value = .chance_above(statistic, df),
               method = "Kruskal-Wallis rank sum test", data.name = label)
}

friedman.test <- function(y, ...) UseMethod("friedman.test")

# `y ~ groups | blocks`
friedman.test.formula <- function(formula, data, subset, na.action, ...) {
  sides <- if (length(formula) == 3L) formula[[3L]]
  .refuse_if("incorrect specification for 'formula'" = length(sides) != 3L || !identical(sides[[1L]], as.name("|")))
  formula[[3L]][[1L]] <- as.name("+")
  frame <- .frame_asked(formula, match.call(), parent.frame())
  made <- friedman.test.default(frame[[1L]], frame[[2L]], frame[[3L]])
  made$data.name <- paste(names(frame), collapse = " and ")
  made
}

# Values as a matrix with a row for each block.
.block_rows <- function(y, groups, blocks) {
  refuse <- function(message) stop(simpleError(message, sys.call(-2)))
  if (length(groups) != length(y) || length(blocks) != length(y)) refuse("'y', 'groups' and 'blocks' must have the same length")
  known <- complete.cases(groups, blocks)
  cells <- list(factor(blocks[known]), factor(groups[known]))
  if (any(table(cells[[1L]], cells[[2L]]) != 1L)) refuse("not an unreplicated complete block design")
  rows <- matrix(NA_real_, nlevels(cells[[1L]]), nlevels(cells[[2L]]))
  rows[cbind(as.integer(cells[[1L]]), as.integer(cells[[2L]]))] <- y[known]
  rows
}

friedman.test.default <- function(y, groups, blocks, ...) {
  label <- .data_called("y", if (!is.matrix(y)) c("groups", "blocks"))
  if (!is.matrix(y)) {
    label <- sub(" and ", ", ", label, fixed = TRUE)
    y <- .block_rows(y, groups, blocks)
  }
  ranks <- apply(y[complete.cases(y), , drop = FALSE], 1L, rank)
  df <- nrow(ranks) - 1
  away <- ranks - (nrow(ranks) + 1) / 2
  statistic <- df * sum(rowSums(away)^2) / sum(away^2)
  .test_result(statistic = c(`Friedman chi-squared` = statistic), parameter = c(df = df), p.value = .chance_above(statistic, df),
               method = "Friedman rank sum test", data.name = label)
}
