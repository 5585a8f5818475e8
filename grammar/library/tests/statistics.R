# Tests of means and variances, adjusted p-values, and how the result of a test is printed.

# The lines that show values with their names: "t = 1.2, df = 3, p-value = 0.3", as wide as the page.
.test_values <- function(x, digits) {
  numbers <- Filter(length, list(x$statistic, x$parameter))
  shown <- unlist(lapply(numbers, format, digits = max(1L, digits - 2L)), use.names = FALSE)
  chance <- if (!is.null(x$p.value)) format.pval(x$p.value, digits = max(1L, digits - 3L))
  named <- c(sprintf("%s = %s", names(unlist(numbers)), shown), sub("= <", "<", sprintf("p-value = %s", chance), fixed = TRUE))
  strwrap(paste(named, collapse = ", "))
}

.alternative_words <- c(two.sided = "not equal to", less = "less than", greater = "greater than")

print.htest <- function(x, digits = getOption("digits"), prefix = "\t", ...) {
  null <- x$null.value
  title <- c("", strwrap(x$method, prefix = prefix), "", paste0("data:  ", paste(x$data.name, collapse = "")), .test_values(x, digits))
  told <- if (length(null) == 1L) paste("true", names(null), "is", .alternative_words[x$alternative], format(null)) else x$alternative
  several <- length(null) > 1L && length(x$alternative)
  writeLines(c(title, if (length(x$alternative)) paste("alternative hypothesis:", told), if (several) "null values:"))
  if (several) print(null, digits = digits, ...)
  if (length(x$conf.int)) {
    level <- format(100 * attr(x$conf.int, "conf.level"))
    writeLines(c(paste(level, "percent confidence interval:"), paste(c("", format(x$conf.int[1:2], digits = digits)), collapse = " ")))
  }
  if (length(x$estimate)) {
    writeLines("sample estimates:")
    print(x$estimate, digits = digits, ...)
  }
  writeLines("")
  invisible(x)
}

# Means

t.test <- function(x, ...) UseMethod("t.test")

.t_words <- list(one = list(method = "One Sample t-test", estimate = "mean of x", null = "mean"),
                 pairs = list(method = "Paired t-test", estimate = "mean difference", null = "mean difference"),
                 two = list(method = "Two Sample t-test", estimate = c("mean of x", "mean of y"), null = "difference in means"))

t.test.default <- function(x, y = NULL, alternative = c("two.sided", "less", "greater"), mu = 0, paired = FALSE, var.equal = FALSE,
                           conf.level = 0.95, ...) {
  alternative <- match.arg(alternative)
  .refuse_if("'mu' must be a single number" = !.single_number(mu),
             "'conf.level' must be a single number between 0 and 1" = !.is_level_or_end(conf.level),
             "'y' is missing for paired test" = paired && is.null(y))
  label <- .data_called("x", if (!is.null(y)) "y")
  samples <- if (paired) list(x - y) else if (is.null(y)) list(x) else list(x, y)
  samples <- lapply(samples, function(sample) sample[!is.na(sample)])
  words <- .t_words[[if (paired) "pairs" else c("one", "two")[length(samples)]]]
  welch <- length(samples) == 2L && !var.equal
  size <- lengths(samples)
  least <- if (length(samples) == 2L && var.equal) 1 else 2
  .refuse_if("not enough 'x' observations" = size[1L] < least, "not enough 'y' observations" = size[length(size)] < least,
             "not enough observations" = sum(size) < 3 && length(size) == 2L)
  centre <- vapply(samples, mean, 0)
  squares <- mapply(function(sample, mean) sum((sample - mean)^2), samples, centre)
  # The variance of each mean: its own, or with the variance that all samples share.
  df <- sum(size - 1)
  variance <- if (welch) squares / (size - 1) / size else sum(squares) / df / size
  if (welch) df <- sum(variance)^2 / sum(variance^2 / (size - 1))
  error <- sqrt(sum(variance))
  if (error < 10 * .Machine$double.eps * max(abs(centre))) stop("data are essentially constant")
  gap <- sum(centre * c(1, -1)[seq_along(centre)])
  t <- (gap - mu) / error
  .test_result(statistic = c(t = t), parameter = c(df = df), p.value = .chance_of(t, alternative, pt, df),
               conf.int = .interval_of(function(tail) gap + c(1, -1) * qt(tail, df) * error, alternative, conf.level),
               estimate = setNames(centre, words$estimate), null.value = setNames(mu, words$null), stderr = error,
               alternative = alternative, method = paste0(if (length(size) == 2L) c("", "Welch ")[1L + welch], words$method), data.name = label)
}

t.test.formula <- function(formula, data, subset, na.action, ...) {
  .test_of_formula(t.test.default, formula, match.call(), parent.frame(), ..., tell = .means_of_groups)
}

.means_of_groups <- function(made, groups) {
  if (length(made$estimate) != 2L) return(made)
  names(made$estimate) <- paste("mean in group", groups)
  names(made$null.value) <- sprintf("difference in means between group %s and group %s", groups[1L], groups[2L])
  made
}

# Variances

var.test <- function(x, ...) UseMethod("var.test")

# Squares and degrees of freedom of a sample, or of what a model leaves unexplained.
.squares_left <- function(x) {
  if (inherits(x, "lm")) return(list(df = x$df.residual, variance = sum(x$residuals^2) / x$df.residual))
  x <- x[is.finite(x)]
  list(df = length(x) - 1L, variance = if (length(x) > 1L) var(x))
}

var.test.default <- function(x, y, ratio = 1, alternative = c("two.sided", "less", "greater"), conf.level = 0.95, ...) {
  alternative <- match.arg(alternative)
  .refuse_if("'ratio' must be a single positive number" = !.single_number(ratio) || ratio <= 0,
             "'conf.level' must be a single number between 0 and 1" = !.is_level(conf.level))
  label <- .data_called("x", "y")
  above <- .squares_left(x)
  below <- .squares_left(y)
  .refuse_if("not enough 'x' observations" = above$df < 1L, "not enough 'y' observations" = below$df < 1L)
  estimate <- above$variance / below$variance
  tested <- c("ratio of variances" = ratio)
  df <- c("num df" = above$df, "denom df" = below$df)
  .test_result(statistic = c(F = estimate / ratio), parameter = df, p.value = .chance_of(estimate / ratio, alternative, pf, df[[1L]], df[[2L]]),
               conf.int = .interval_of(function(tail) estimate / qf(c(1 - tail, tail), df[[1L]], df[[2L]]), alternative, conf.level, c(0, Inf)),
               estimate = setNames(estimate, names(tested)), null.value = tested, alternative = alternative,
               method = "F test to compare two variances", data.name = label)
}

var.test.formula <- function(formula, data, subset, na.action, ...) {
  .test_of_formula(var.test.default, formula, match.call(), parent.frame(), ..., one_sample = FALSE)
}

# Adjusted p-values
# Sources: S. Holm (1979); Y. Hochberg (1988); G. Hommel (1988); Y. Benjamini and Y. Hochberg (1995), and D. Yekutieli (2001).

p.adjust.methods <- c("holm", "hochberg", "hommel", "bonferroni", "BH", "BY", "fdr", "none")

# What the k-th smallest of n p-values is multiplied by.
.p_factors <- list(bonferroni = function(k, n) n, holm = function(k, n) n + 1 - k, hochberg = function(k, n) n + 1 - k,
                   BH = function(k, n) n / k, BY = function(k, n) n / k * sum(1 / seq_len(n)))

p.adjust <- function(p, method = p.adjust.methods, n = length(p)) {
  method <- match.arg(method)
  adjusted <- setNames(as.vector(p), names(p))
  known <- which(!is.na(p))
  if (missing(n)) n <- length(known)
  if (n < length(p[known])) stop("n >= lp is not TRUE")
  if (method == "none" || n < 2L) return(adjusted)
  ascending <- known[order(p[known])]
  sorted <- adjusted[ascending]
  if (method == "hommel") {
    adjusted[ascending] <- .hommel_adjusted(c(sorted, rep(1, n - length(sorted))))[seq_along(sorted)]
    return(adjusted)
  }
  scaled <- sorted * .p_factors[[sub("fdr", "BH", method)]](seq_along(sorted), n)
  # Holm goes down from the smallest p-value, the others up from the largest.
  adjusted[ascending] <- pmin(1, if (method == "holm") cummax(scaled) else rev(cummin(rev(scaled))))
  adjusted
}

# Closed testing of ascending p-values by Simes' test: of all sets of one size that hold a hypothesis the one with the largest
# other p-values is the least significant; the worst size counts.
.hommel_adjusted <- function(p) {
  n <- length(p)
  of_size <- function(m) {
    others <- min(Inf, m * p[n - m + 1 + seq_len(m - 1)] / (1 + seq_len(m - 1)))
    pmin(m * pmin(p, p[n - m + 1]), others)
  }
  Reduce(pmax, lapply(seq_len(n), of_size))
}
