# Tests of strata, of scale, of blocks, of a unit root.
# Sources: N. Mantel and W. Haenszel, JNCI 22 (1959); Robins, Breslow and Greenland, Biometrics 42 (1986), for the error of the odds
# ratio; A. Agresti, Categorical Data Analysis (2002), 7.5; A. Ansari and R. Bradley, Ann. Math. Stat. 31 (1960); A. Mood, Ann. Math.
# Stat. 25 (1954); D. Quade, JASA 74 (1979); P. C. B. Phillips and P. Perron, Biometrika 75 (1988).

mantelhaen.test <- function(x, y = NULL, z = NULL, alternative = c("two.sided", "less", "greater"), correct = TRUE, exact = FALSE, conf.level = 0.95) {
  label <- .data_label(c("x", if (!is.array(x)) c("y", "z")))
  if (is.array(x)) .demand("'x' must be a 3-dimensional array" = length(dim(x)) == 3L, "NAs are not allowed" = !anyNA(x),
                           "each dimension in table must be >= 2" = dim(x) >= 2L)
  else {
    .demand("if 'x' is not an array, 'y' must be given" = !is.null(y), "if 'x' is not an array, 'z' must be given" = !is.null(z),
            "'x', 'y', and 'z' must have the same length" = length(y) == length(x) && length(z) == length(x))
    known <- complete.cases(x, y, z)
    x <- table(lapply(list(x, y, z), function(classes) factor(classes[known])))
    .demand("'x' and 'y' must have at least 2 levels" = dim(x)[1:2] >= 2L)
  }
  .demand("sample size in each stratum must be > 1" = colSums(x, dims = 2L) > 1)
  if (!all(dim(x)[1:2] == 2L)) return(.general_association(x, label))
  alternative <- match.arg(alternative)
  .demand("'conf.level' must be a single number between 0 and 1" = .is_level(conf.level))
  found <- if (exact) .conditional_odds(x, alternative, conf.level) else .common_odds(x, alternative, correct, conf.level)
  do.call(.test_result, c(found$head, list(estimate = c(`common odds ratio` = found$ratio), null.value = c(`common odds ratio` = 1),
                                           alternative = alternative, method = found$method, data.name = label)))
}

# Classes of any number: the counts but the last of each way, against what the margins of each stratum let expect.
.general_association <- function(x, label) {
  free <- dim(x)[1:2] - 1L
  moments <- lapply(seq_len(dim(x)[3L]), function(stratum) {
    counts <- matrix(x[, , stratum], nrow(x))
    total <- sum(counts)
    shares <- list(rowSums(counts)[seq_len(free[1L])] / total, colSums(counts)[seq_len(free[2L])] / total)
    variances <- lapply(shares, function(share) diag(share, length(share)) - tcrossprod(share))
    list(gap = c(counts[seq_len(free[1L]), seq_len(free[2L])] - total * outer(shares[[1L]], shares[[2L]])),
         variance = total^2 / (total - 1) * kronecker(variances[[2L]], variances[[1L]]))
  })
  gap <- Reduce(`+`, lapply(moments, `[[`, "gap"))
  statistic <- sum(gap * qr.solve(Reduce(`+`, lapply(moments, `[[`, "variance")), gap))
  .test_result(statistic = c(`Cochran-Mantel-Haenszel M^2` = statistic), parameter = c(df = prod(free)),
               p.value = .chance_above(statistic, prod(free)), method = "Cochran-Mantel-Haenszel test", data.name = label)
}

# Tables of two by two: one column of cells for each stratum.
.common_odds <- function(x, alternative, correct, conf.level) {
  cells <- matrix(x, 4L)
  total <- colSums(cells)
  margin <- function(...) colSums(cells[c(...), , drop = FALSE])
  gap <- sum(cells[1L, ] - margin(1, 3) * margin(1, 2) / total)
  yates <- if (correct && abs(gap) >= 0.5) 0.5 else 0
  statistic <- (abs(gap) - yates)^2 / sum(margin(1, 3) * margin(2, 4) * margin(1, 2) * margin(3, 4) / (total^2 * (total - 1)))
  # Shares of pairs that speak for the first cell or against it, and what they weigh.
  agree <- cells[1L, ] * cells[4L, ] / total
  differ <- cells[2L, ] * cells[3L, ] / total
  ratio <- sum(agree) / sum(differ)
  weight <- margin(1, 4) / total
  parts <- c(sum(weight * agree) / sum(agree)^2, sum(weight * differ + (1 - weight) * agree) / (sum(agree) * sum(differ)),
             sum((1 - weight) * differ) / sum(differ)^2)
  error <- sqrt(sum(parts) / 2)
  ends <- function(tail) ratio * exp(qnorm(c(tail, 1 - tail)) * error)
  chance <- if (alternative == "two.sided") .chance_above(statistic, 1) else .chance_of(sign(gap) * sqrt(statistic), alternative)
  list(ratio = ratio, method = paste("Mantel-Haenszel chi-squared test", if (yates > 0) "with" else "without", "continuity correction"),
       head = list(statistic = c(`Mantel-Haenszel X-squared` = statistic), parameter = c(df = 1), p.value = chance,
                   conf.int = .interval_of(ends, alternative, conf.level, c(0, Inf))))
}

# The sum of the first cells, given all margins, is a sum of hypergeometric counts: its chances are the product of their polynomials,
# and an odds ratio tilts them.
.conditional_odds <- function(x, alternative, conf.level) {
  cells <- matrix(x, 4L)
  counts <- 1
  least <- 0
  for (stratum in seq_len(ncol(cells))) {
    cell <- cells[, stratum]
    rows <- c(cell[1L] + cell[3L], cell[2L] + cell[4L])
    drawn <- cell[1L] + cell[2L]
    possible <- seq(max(0, drawn - rows[2L]), min(drawn, rows[1L]))
    counts <- arima_product(counts, dhyper(possible, rows[1L], rows[2L], drawn))
    least <- least + possible[1L]
  }
  support <- least + seq_along(counts) - 1
  logarithms <- log(pmax(counts, 0))
  seen <- sum(cells[1L, ])
  tilted <- function(ratio) {
    weight <- logarithms + log(max(ratio, .Machine$double.xmin)) * (support - least)
    weight <- exp(weight - max(weight))
    weight / sum(weight)
  }
  # Each `value` rises with the ratio; the one sought, or where it is above one its inverse, lies between nothing and one.
  at_ratio <- function(value, wanted) {
    gap <- function(ratio) value(tilted(ratio)) - wanted
    even <- gap(1)
    if (even >= 0) return(if (even == 0) 1 else uniroot(gap, 0:1)$root)
    1 / uniroot(function(inverse) gap(1 / inverse), c(.Machine$double.eps, 1))$root
  }
  from_seen <- function(chances) sum(chances[support >= seen])
  to_seen <- function(chances) sum(chances[support <= seen])
  lowest <- seen == support[1L]
  highest <- seen == support[length(support)]
  ratio <- if (lowest) 0 else if (highest) Inf else at_ratio(function(chances) sum(support * chances), seen)
  ends <- function(tail) c(if (lowest) 0 else at_ratio(from_seen, tail), if (highest) Inf else at_ratio(function(chances) -to_seen(chances), -tail))
  even <- tilted(1)
  chance <- if (alternative == "two.sided") min(1, sum(even[even <= even[support == seen] * (1 + 1e-7)])) else
    .tail_chance(alternative, to_seen(even), from_seen(even))
  list(ratio = ratio, method = "Exact conditional test of independence in 2 x 2 x k tables",
       head = list(statistic = c(S = seen), p.value = chance, conf.int = .interval_of(ends, alternative, conf.level, c(0, Inf))))
}

ansari.test <- function(x, ...) UseMethod("ansari.test")

ansari.test.formula <- function(formula, data, subset, na.action, ...) {
  asked <- .parts_by_group(formula, match.call(expand.dots = FALSE), parent.frame(), 2L)
  .retold(ansari.test(asked$parts[[1L]], asked$parts[[2L]], ...), asked$label)
}

# Ranks counted from both ends: a sample that lies wider has the smaller sum, so that the alternatives stand the other way about.
ansari.test.default <- function(x, y, alternative = c("two.sided", "less", "greater"), exact = NULL, conf.int = FALSE, conf.level = 0.95, ...) {
  alternative <- match.arg(alternative)
  .unsupported(conf.int, "the test tells its p-value without an interval")
  label <- .data_label(c("x", "y"))
  x <- x[complete.cases(x)]
  y <- y[complete.cases(y)]
  .demand("not enough 'x' observations" = length(x) > 0L, "not enough 'y' observations" = length(y) > 0L)
  ranks <- rank(c(x, y))
  total <- length(ranks)
  scores <- pmin(ranks, total + 1 - ranks)
  statistic <- sum(scores[seq_along(x)])
  tied <- anyDuplicated(ranks) > 0L
  if (is.null(exact)) exact <- length(x) < 50L && length(y) < 50L
  if (exact && tied) warning("cannot compute exact p-value with ties")
  wider <- c(less = "greater", greater = "less", two.sided = "two.sided")[[alternative]]
  if (exact && !tied) chance <- .ansari_chance(statistic, length(x), length(y), wider)
  else {
    # All divisions into two such samples are as likely; the mean score is that of ranks without ties.
    middle <- ((total + 1)^2 - (total + 1) %% 2) / (4 * total)
    variance <- length(x) * length(y) * (sum(scores^2) - total * middle^2) / (total * (total - 1))
    chance <- .chance_of((statistic - length(x) * middle) / sqrt(variance), wider)
  }
  .test_result(statistic = c(AB = statistic), p.value = chance, null.value = c(`ratio of scales` = 1), alternative = alternative,
               method = "Ansari-Bradley test", data.name = label)
}

.ansari_chance <- function(statistic, m, n, alternative) {
  chances <- ansari_chances(m, n)
  at <- seq_along(chances) - 1L
  .tail_chance(alternative, sum(chances[at <= statistic + 1e-7]), sum(chances[at >= statistic - 1e-7]))
}

# How likely each sum of scores of m among m + n is.
ansari_chances <- function(m, n) {
  total <- m + n
  scores <- pmin(seq_len(total), total:1)
  most <- sum(sort(scores, decreasing = TRUE)[seq_len(m)])
  ways <- matrix(0, m + 1L, most + 1L)
  ways[1L, 1L] <- 1
  for (score in scores) for (k in m:1) {
    at <- seq_len(max(0, most + 1L - score))
    ways[k + 1L, at + score] <- ways[k + 1L, at + score] + ways[k, at]
  }
  ways[m + 1L, ] / choose(total, m)
}

mood.test <- function(x, ...) UseMethod("mood.test")

mood.test.formula <- function(formula, data, subset, na.action, ...) {
  asked <- .parts_by_group(formula, match.call(expand.dots = FALSE), parent.frame(), 2L)
  .retold(mood.test(asked$parts[[1L]], asked$parts[[2L]], ...), asked$label)
}

# Squared distances of the ranks from their middle; values that are tied share the mean of theirs.
mood.test.default <- function(x, y, alternative = c("two.sided", "less", "greater"), ...) {
  alternative <- match.arg(alternative)
  label <- .data_label(c("x", "y"))
  x <- x[is.finite(x)]
  values <- c(x, y[is.finite(y)])
  total <- length(values)
  .demand("not enough observations" = total >= 3L)
  scores <- ave((rank(values, ties.method = "first") - (total + 1) / 2)^2, values)
  # R takes all others than a tie's own where Mielke (Technometrics 9, 1967) takes those above it without those below it.
  tied <- tabulate(match(values, unique(values)))
  lost <- sum(tied * (tied^2 - 1) * (tied^2 - 4 + 15 * (total - tied)^2)) / (total * (total - 1))
  spread <- length(x) * (total - length(x)) / 180 * ((total + 1) * (total^2 - 4) - lost)
  z <- (sum(scores[seq_along(x)]) - length(x) * (total^2 - 1) / 12) / sqrt(spread)
  .test_result(statistic = c(Z = z), p.value = .chance_of(z, alternative), alternative = alternative,
               method = "Mood two-sample test of scale", data.name = label)
}

quade.test <- function(y, ...) UseMethod("quade.test")

quade.test.formula <- function(formula, data, subset, na.action, ...) {
  right <- if (length(formula) == 3L) formula[[3L]]
  .demand("incorrect specification for 'formula'" = is.call(right) && length(right) == 3L && identical(right[[1L]], quote(`|`)))
  right[[1L]] <- quote(`+`)
  frame <- .frame_asked(replace(formula, 3L, list(right)), match.call(), parent.frame())
  .retold(quade.test(frame[[1L]], frame[[2L]], frame[[3L]]), paste(names(frame), collapse = " and "))
}

# Ranks within each block, weighed by the rank of the block's range: analysis of variance of them.
quade.test.default <- function(y, groups, blocks, ...) {
  label <- .data_label("y")
  if (!is.matrix(y)) {
    label <- paste0(label, ", ", .data_label(c("groups", "blocks")))
    .demand("'y', 'groups' and 'blocks' must have the same length" = length(groups) == length(y) && length(blocks) == length(y),
            "NA's are not allowed in 'groups' or 'blocks'" = !anyNA(groups) && !anyNA(blocks),
            "not an unreplicated complete block design" = table(blocks, groups) == 1L)
    y <- tapply(y, list(blocks, groups), identity)
  }
  # A block with a value missing is left out, and R counts it all the same.
  blocks <- nrow(y)
  groups <- ncol(y)
  y <- y[complete.cases(y), , drop = FALSE]
  scores <- rank(apply(y, 1L, function(row) diff(range(row)))) * (t(apply(y, 1L, rank)) - (groups + 1) / 2)
  between <- sum(colSums(scores)^2) / blocks
  within <- sum(scores^2) - between
  statistic <- if (within == 0) NaN else (blocks - 1) * between / within
  df <- if (within == 0) c(NA, NA) else c(groups - 1, (blocks - 1) * (groups - 1))
  .test_result(statistic = c(`Quade F` = statistic), parameter = setNames(df, c("num df", "denom df")),
               p.value = if (within == 0) factorial(groups)^(1 - blocks) else .chance_above(statistic, df), method = "Quade test", data.name = label)
}

# Quantiles of the statistic under a unit root, by the length of the series: A. Banerjee and others, Cointegration (1993), table 4.2.
.unit_root_quantiles <- cbind(`25` = c(-4.38, -3.95, -3.6, -3.24, -1.14, -0.8, -0.5, -0.15),
                              `50` = c(-4.15, -3.8, -3.5, -3.18, -1.19, -0.87, -0.58, -0.24),
                              `100` = c(-4.04, -3.73, -3.45, -3.15, -1.22, -0.9, -0.62, -0.28),
                              `250` = c(-3.99, -3.69, -3.43, -3.13, -1.23, -0.92, -0.64, -0.31),
                              `500` = c(-3.98, -3.68, -3.42, -3.13, -1.24, -0.93, -0.65, -0.32),
                              `100000` = c(-3.96, -3.66, -3.41, -3.12, -1.25, -0.94, -0.66, -0.33))

# The t of a regression on the value before, a constant and a trend, with the variance that Newey and West let the errors' correlations
# have. `held` is the determinant of the regressors' cross products.
PP.test <- function(x, lshort = TRUE) {
  .demand("x is not a vector or univariate time series" = NCOL(x) == 1L)
  label <- .data_label("x")
  series <- as.vector(x)
  y <- series[-1L]
  before <- series[-length(series)]
  n <- length(y)
  fit <- lm(y ~ seq_len(n) + before)
  .demand("singularities in regression" = fit$rank == 3L)
  error <- residuals(fit)
  slope <- coef(summary(fit))[3L, ]
  reach <- trunc((if (lshort) 4 else 12) * (n / 100)^0.25)
  moments <- vapply(0:reach, function(lag) sum(error[seq_len(n - lag) + lag] * error[seq_len(n - lag)]), 0) / n
  plain <- moments[1L]
  long <- sum(moments * (1 - 0:reach / (reach + 1)) * rep(1:2, c(1L, reach)))
  held <- det(crossprod(cbind(1, seq_len(n), before)))
  statistic <- sqrt(plain / long) * (slope[[1L]] - 1) / slope[[2L]] - n^3 * (long - plain) / sqrt(48 * held * long)
  quantiles <- apply(.unit_root_quantiles, 1L, function(row) approx(as.numeric(colnames(.unit_root_quantiles)), row, n, rule = 2)$y)
  .test_result(statistic = c(`Dickey-Fuller` = statistic), parameter = c(`Truncation lag parameter` = reach),
               p.value = approx(quantiles, c(0.01, 0.025, 0.05, 0.1, 0.9, 0.95, 0.975, 0.99), statistic, rule = 2)$y,
               method = "Phillips-Perron Unit Root Test", data.name = label)
}
