# Tests of counts: Pearson's chi-squared, and Fisher's exact test of tables.
# Sources: A. Agresti, An Introduction to Categorical Data Analysis (2007); R. A. Fisher, J. Royal Statistical Society 98 (1935).

# Two classifications of the same cases as a table, without the cases that miss one.
.crossed_counts <- function(x, y, names) {
  refuse <- function(message) stop(simpleError(message, sys.call(-2)))
  if (length(x) != length(y)) refuse("'x' and 'y' must have the same length")
  known <- complete.cases(x, y)
  classes <- list(factor(x[known]), factor(y[known]))
  if (any(lengths(lapply(classes, levels)) < 2L)) refuse("'x' and 'y' must have at least 2 levels")
  table(classes[[1L]], classes[[2L]], dnn = names)
}

# What is expected of counts, how much they vary, and how tables are drawn that agree with it.
.independent_classes <- function(x, method) {
  n <- sum(x)
  margins <- lapply(1:2, function(side) apply(x, side, sum))
  of_sides <- function(left, right) structure(outer(left, right), dimnames = dimnames(x))
  free <- lapply(margins, function(sums) sums * (1 - sums / n))
  list(expected = of_sides(margins[[1L]], margins[[2L]]) / n, variance = of_sides(free[[1L]], free[[2L]]) / n, df = (nrow(x) - 1L) * (ncol(x) - 1L),
       draws = function(B) vapply(r2dtable(B, margins[[1L]], margins[[2L]]), c, numeric(length(x))), method = method)
}

.given_shares <- function(x, p) {
  n <- sum(x)
  drawn <- function(B) {
    cases <- sample.int(length(x), B * n, replace = TRUE, prob = p)
    matrix(tabulate(cases + length(x) * rep(seq_len(B) - 1, each = n), B * length(x)), length(x))
  }
  list(expected = structure(n * p, names = names(x)), variance = n * p * (1 - p), df = length(x) - 1, draws = drawn,
       method = "Chi-squared test for given probabilities")
}

.chi_squared <- function(counts, expected, shift = 0) sum((abs(counts - expected) - shift)^2 / expected)

chisq.test <- function(x, y = NULL, correct = TRUE, p = rep(1 / length(x), length(x)), rescale.p = FALSE, simulate.p.value = FALSE, B = 2000) {
  said <- deparse(substitute(x))
  names <- c(paste(said, collapse = "\n"), paste(deparse(substitute(y)), collapse = "\n"))
  if (is.data.frame(x)) x <- as.matrix(x)
  crossed <- !is.matrix(x) && !is.null(y)
  if (crossed) x <- .crossed_counts(x, y, names)
  if (1L %in% dim(x) && is.matrix(x)) x <- as.vector(x)
  .refuse_if("all entries of 'x' must be nonnegative and finite" = !is.numeric(x) || !all(is.finite(x)) || any(x < 0),
             "at least one entry of 'x' must be positive" = sum(x) == 0, "invalid 'x'" = length(dim(x)) > 2L,
             "'x' must at least have 2 elements" = length(x) < 2L)
  if (!is.matrix(x)) {
    .refuse_if("'x' and 'p' must have the same number of elements" = length(x) != length(p),
               "probabilities must be non-negative." = any(p < 0),
               "probabilities must sum to 1." = !rescale.p && abs(sum(p) - 1) > sqrt(.Machine$double.eps))
  }
  model <- if (is.matrix(x)) .independent_classes(x, "Pearson's Chi-squared test") else .given_shares(x, p / (if (rescale.p) sum(p) else 1))
  far <- x - model$expected
  # Yates: half a case towards what is expected, but not beyond.
  yates <- if (correct && !simulate.p.value && identical(dim(x), c(2L, 2L))) min(0.5, abs(far)) else 0
  statistic <- .chi_squared(x, model$expected, yates)
  chance <- .chance_above(statistic, model$df)
  how <- if (isTRUE(yates > 0)) " with Yates' continuity correction"
  if (simulate.p.value) {
    # What only rounding keeps below counts as reached.
    reached <- apply(model$draws(B), 2L, .chi_squared, expected = c(model$expected)) >= statistic * (1 - 64 * .Machine$double.eps)
    chance <- (sum(reached) + 1) / (B + 1)
    how <- sprintf(" with simulated p-value\n\t (based on %s replicates)", format(B))
  } else if (any(model$expected < 5)) warning("Chi-squared approximation may be incorrect")
  .test_result(statistic = c(`X-squared` = statistic), parameter = c(df = if (simulate.p.value) NA else model$df), p.value = chance,
               method = paste0(model$method, how), data.name = if (crossed) paste(names, collapse = " and ") else said, observed = x,
               expected = model$expected, residuals = far / sqrt(model$expected), stdres = far / sqrt(model$variance))
}

# The first cell of a table of two by two with given sums has Fisher's noncentral hypergeometric distribution. Its chances
# by the odds ratio; the ends 0 and Inf leave one value possible.
.first_cell <- function(x) {
  sums <- list(columns = colSums(x), row = sum(x[1L, ]))
  support <- max(0, sums$row - sums$columns[[2L]]):min(sums$row, sums$columns[[1L]])
  central <- dhyper(support, sums$columns[[1L]], sums$columns[[2L]], sums$row, log = TRUE)
  chances <- function(ratio) {
    steps <- support - (if (ratio < 1) support[1L] else support[length(support)])
    logs <- central + ifelse(steps == 0, 0, steps * log(ratio))
    relative <- exp(logs - max(logs))
    relative / sum(relative)
  }
  seen <- x[[1L, 1L]]
  list(lowest = seen == support[1L], highest = seen == support[length(support)], seen = seen,
       mean = function(ratio) sum(support * chances(ratio)), below = function(ratio) sum(chances(ratio)[support <= seen]),
       above = function(ratio) sum(chances(ratio)[support >= seen]),
       both = function(ratio) {
         found <- chances(ratio)
         sum(found[found <= found[support == seen] * (1 + 1e-7)])
       })
}

# The odds ratio at which something that grows with it meets a value: sought between 0 and 1, as itself or as its inverse.
.ratio_where <- function(grows, target) {
  beyond <- grows(1) - target
  if (beyond == 0) return(1)
  if (beyond > 0) return(uniroot(function(ratio) grows(ratio) - target, c(0, 1))$root)
  1 / uniroot(function(inverse) grows(1 / inverse) - target, c(.Machine$double.eps, 1))$root
}

.odds_ratio_test <- function(cell, or, alternative, conf.level) {
  lower <- function(tail) if (cell$lowest) 0 else .ratio_where(cell$above, tail)
  upper <- function(tail) if (cell$highest) Inf else .ratio_where(function(ratio) -cell$below(ratio), -tail)
  # An end that a one-sided interval leaves open is not sought.
  ends <- function(tail) c(if (alternative == "less") NA else lower(tail), if (alternative == "greater") NA else upper(tail))
  list(p.value = switch(alternative, less = cell$below(or), greater = cell$above(or), cell$both(or)),
       conf.int = if (!is.null(conf.level)) .interval_of(ends, alternative, conf.level, c(0, Inf)),
       estimate = if (cell$lowest) 0 else if (cell$highest) Inf else .ratio_where(cell$mean, cell$seen))
}

# The chance of a table with its sums, up to a factor that all tables with these sums share.
.table_weight <- function(x) -sum(lfactorial(x))

.larger_table_test <- function(x, B) {
  x <- x[rowSums(x) > 0, colSums(x) > 0, drop = FALSE]
  if (any(dim(x) < 2L)) stop(simpleError("need 2 or more non-zero row or column marginals", sys.call(-1)))
  sums <- list(rowSums(x), colSums(x))
  if (is.null(B)) {
    all_weights <- lfactorial(sum(x)) - sum(lfactorial(unlist(sums)))
    return(list(p.value = .table_chance(sums[[1L]], sums[[2L]], exp(.table_weight(x) - all_weights))))
  }
  drawn <- vapply(r2dtable(B, sums[[1L]], sums[[2L]]), .table_weight, 0)
  list(p.value = (1 + sum(drawn <= .table_weight(x) * (1 - 64 * .Machine$double.eps * sign(.table_weight(x))))) / (B + 1),
       note = sprintf(" with simulated p-value\n\t (based on %s replicates)", format(B)))
}

fisher.test <- function(x, y = NULL, workspace = 200000, hybrid = FALSE, hybridPars, control = list(), or = 1, alternative = "two.sided",
                        conf.int = TRUE, conf.level = 0.95, simulate.p.value = FALSE, B = 2000) {
  .unsupported(hybrid, "the exact p-value is computed")
  label <- .data_called("x", if (!is.null(y)) "y")
  if (is.data.frame(x)) x <- as.matrix(x)
  if (is.matrix(x)) {
    .refuse_if("'x' must have at least 2 rows and columns" = any(dim(x) < 2L),
               "all entries of 'x' must be nonnegative and finite" = !is.numeric(x) || !all(is.finite(x)) || any(x < 0))
    whole <- round(x)
    if (any(whole != x)) warning(gettextf("'x' has been rounded to integer: %s", all.equal(x, whole)), domain = NA)
    x <- whole
  } else {
    .refuse_if("if 'x' is not a matrix, 'y' must be given" = is.null(y))
    x <- .crossed_counts(x, y, c("x", "y"))
  }
  square <- all(dim(x) == 2L)
  if (square) {
    alternative <- match.arg(alternative, names(.alternative_words))
    .refuse_if("'or' must be a single number between 0 and Inf" = length(or) != 1L || is.na(or) || or < 0,
               "'conf.level' must be a single number between 0 and 1" = conf.int && !.is_level(conf.level))
  } else alternative <- "two.sided"
  found <- if (square) .odds_ratio_test(.first_cell(x), or, alternative, if (conf.int) conf.level) else .larger_table_test(x, if (simulate.p.value) B)
  parts <- list(p.value = min(1, max(0, found$p.value)), conf.int = found$conf.int, estimate = c(`odds ratio` = found$estimate),
                null.value = if (square) c(`odds ratio` = or), alternative = alternative,
                method = paste0("Fisher's Exact Test for Count Data", found$note), data.name = label)
  do.call(.test_result, Filter(length, parts))
}
