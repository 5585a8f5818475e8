# Tests of correlation: Pearson's by t and Fisher's z, Kendall's tau and Spearman's rho by their ranks.
# Sources: M. G. Kendall, Rank Correlation Methods (1970); D. J. Best and D. E. Roberts, Applied Statistics 24 (1975).

.pearson_test <- function(x, y, alternative, conf.level, ...) {
  df <- length(x) - 2L
  r <- cor(x, y)
  t <- r * sqrt(df / (1 - r^2))
  ends <- function(tail) tanh(atanh(r) + qnorm(c(tail, 1 - tail)) / sqrt(df - 1))
  list(statistic = c(t = t), parameter = c(df = df), p.value = .chance_of(t, alternative, pt, df), estimate = r,
       conf.int = if (df > 1L) .interval_of(ends, alternative, conf.level, c(-1, 1)))
}

.has_ties <- function(...) any(vapply(list(...), anyDuplicated, 0L) > 0L)

# Whether to count orders: refused, with a word, where values are tied.
.counts_orders <- function(exact, default, tied) {
  if (is.null(exact)) exact <- default
  if (exact && tied) warning(simpleWarning("Cannot compute exact p-value with ties", sys.call(-2)))
  exact && !tied
}

.kendall_test <- function(x, y, alternative, exact, continuity, ...) {
  n <- length(x)
  tau <- cor(x, y, method = "kendall")
  if (is.na(tau)) return(list(statistic = c(T = NA), p.value = NA, estimate = tau))
  score <- .kendall_score(x, y)
  if (.counts_orders(exact, n < 50, .has_ties(x, y))) {
    concordant <- (score + choose(n, 2)) / 2
    tails <- .kendall_tails(concordant, n)
    return(list(statistic = c(T = concordant), p.value = .tail_chance(alternative, tails[1L], tails[2L]), estimate = tau))
  }
  if (continuity) score <- score - sign(score)
  z <- score / sqrt(.kendall_variance(x, y))
  list(statistic = c(z = z), p.value = .chance_of(z, alternative), estimate = tau)
}

# Spearman's S is small where rho is large.
.spearman_test <- function(x, y, alternative, exact, continuity, ...) {
  n <- length(x)
  rho <- cor(rank(x), rank(y))
  mean_distance <- (n^3 - n) / 6
  distance <- mean_distance * (1 - rho)
  tails <- if (is.na(rho)) c(NA, NA) else if (.counts_orders(exact, n < 1290, .has_ties(x, y)) && n <= 1290) .spearman_tails(distance, n)
  else {
    r <- 1 - distance / (mean_distance + continuity)
    pt(c(-r, r) * sqrt((n - 2) / (1 - r^2)), n - 2)
  }
  list(statistic = c(S = distance), p.value = .tail_chance(alternative, tails[2L], tails[1L]), estimate = rho)
}

# What is tested, how it is called, and the name of the correlation that is none.
.correlation_tests <- list(
  pearson = list(test = .pearson_test, method = "Pearson's product-moment correlation", estimate = "cor", null = "correlation"),
  kendall = list(test = .kendall_test, method = "Kendall's rank correlation tau", estimate = "tau", null = "tau"),
  spearman = list(test = .spearman_test, method = "Spearman's rank correlation rho", estimate = "rho", null = "rho"))

cor.test <- function(x, ...) UseMethod("cor.test")

cor.test.default <- function(x, y, alternative = c("two.sided", "less", "greater"), method = c("pearson", "kendall", "spearman"),
                             exact = NULL, conf.level = 0.95, continuity = FALSE, ...) {
  alternative <- match.arg(alternative)
  kind <- .correlation_tests[[match.arg(method)]]
  label <- .data_called("x", "y")
  .refuse_if("'x' and 'y' must have the same length" = length(x) != length(y),
             "'x' must be a numeric vector" = !is.numeric(x), "'y' must be a numeric vector" = !is.numeric(y))
  whole <- complete.cases(x, y)
  .refuse_if("not enough finite observations" = sum(whole) < 3L,
             "'conf.level' must be a single number between 0 and 1" = kind$estimate == "cor" && sum(whole) > 3L && !.is_level_or_end(conf.level))
  found <- kind$test(x[whole], y[whole], alternative, exact = exact, continuity = continuity, conf.level = conf.level)
  words <- list(null.value = setNames(0, kind$null), alternative = alternative, method = kind$method, data.name = label)
  parts <- c(list(statistic = found$statistic, parameter = found$parameter, p.value = found$p.value,
                  estimate = setNames(found$estimate, kind$estimate)), words)
  do.call(.test_result, c(parts, if (!is.null(found$conf.int)) found["conf.int"]))
}

# `~ x + y`: two variables and nothing beside.
cor.test.formula <- function(formula, data, subset, na.action, ...) {
  .refuse_if("'formula' missing or invalid" = length(formula) != 2L)
  frame <- .frame_asked(formula, match.call(), parent.frame())
  .refuse_if("invalid formula" = length(frame) != 2L)
  made <- cor.test.default(frame[[1L]], frame[[2L]], ...)
  made$data.name <- paste(names(frame), collapse = " and ")
  made
}
