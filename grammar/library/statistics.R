# Classical tests and their printing.

print.htest <- function(x, digits = getOption("digits"), prefix = "\t", ...) {
  cat("\n")
  cat(strwrap(x$method, prefix = prefix), sep = "\n")
  cat("\n")
  cat("data:  ", x$data.name, "\n", sep = "")
  out <- character()
  if (!is.null(x$statistic)) out <- c(out, paste(names(x$statistic), "=", format(x$statistic, digits = max(1L, digits - 2L))))
  if (!is.null(x$parameter)) out <- c(out, paste(names(x$parameter), "=", format(x$parameter, digits = max(1L, digits - 2L))))
  if (!is.null(x$p.value)) {
    p <- format.pval(x$p.value, digits = max(1L, digits - 3L))
    out <- c(out, paste("p-value", if (startsWith(p, "<")) p else paste("=", p)))
  }
  cat(strwrap(paste(out, collapse = ", ")), sep = "\n")
  if (!is.null(x$alternative)) {
    cat("alternative hypothesis: ")
    if (!is.null(x$null.value)) {
      if (length(x$null.value) == 1L) {
        side <- switch(x$alternative, two.sided = "not equal to", less = "less than", greater = "greater than")
        cat("true ", names(x$null.value), " is ", side, " ", x$null.value, "\n", sep = "")
      } else {
        cat(x$alternative, "\nnull values:\n", sep = "")
        print(x$null.value, digits = digits, ...)
      }
    } else cat(x$alternative, "\n", sep = "")
  }
  if (!is.null(x$conf.int)) {
    cat(format(100 * attr(x$conf.int, "conf.level")), " percent confidence interval:\n", " ",
        paste(format(x$conf.int[1:2], digits = digits), collapse = " "), "\n", sep = "")
  }
  if (!is.null(x$estimate)) {
    cat("sample estimates:\n")
    print(x$estimate, digits = digits, ...)
  }
  cat("\n")
  invisible(x)
}

# A two-sided or one-sided p-value from a distribution function.
tail_probability <- function(lower, alternative) switch(alternative, less = lower, greater = 1 - lower, two.sided = 2 * min(lower, 1 - lower))

t.test <- function(x, ...) UseMethod("t.test")

t.test.formula <- function(formula, data, subset, na.action, ...) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (missing(data)) data <- environment(formula)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  response <- eval(formula[[2L]], data, environment(formula))
  label <- paste(deparse1(formula[[2L]]), "by", deparse1(formula[[3L]]))
  if (identical(formula[[3L]], 1)) return(t.test.default(response, ...))
  group <- factor(eval(formula[[3L]], data, environment(formula)))
  if (nlevels(group) != 2L) stop("grouping factor must have exactly 2 levels")
  parts <- split(response, group)
  made <- t.test.default(parts[[1L]], parts[[2L]], ...)
  made$data.name <- label
  if (length(made$estimate) == 2L) {
    names(made$estimate) <- paste("mean in group", levels(group))
    names(made$null.value) <- paste("difference in means between", paste("group", levels(group), collapse = " and "))
  }
  made
}

t.test.default <- function(x, y = NULL, alternative = c("two.sided", "less", "greater"), mu = 0, paired = FALSE, var.equal = FALSE,
                           conf.level = 0.95, ...) {
  alternative <- match.arg(alternative)
  label <- if (is.null(y)) deparse1(substitute(x)) else paste(deparse1(substitute(x)), "and", deparse1(substitute(y)))
  if (paired) {
    keep <- complete.cases(x, y)
    x <- x[keep] - y[keep]
    y <- NULL
  }
  x <- x[!is.na(x)]
  nx <- length(x)
  vx <- var(x)
  if (is.null(y)) {
    if (nx < 2) stop("not enough 'x' observations")
    df <- nx - 1
    error <- sqrt(vx / nx)
    t <- (mean(x) - mu) / error
    method <- if (paired) "Paired t-test" else "One Sample t-test"
    estimate <- setNames(mean(x), if (paired) "mean difference" else "mean of x")
  } else {
    y <- y[!is.na(y)]
    ny <- length(y)
    if (nx < 2) stop("not enough 'x' observations")
    if (ny < 2) stop("not enough 'y' observations")
    vy <- var(y)
    method <- paste(if (!var.equal) "Welch", "Two Sample t-test")
    estimate <- c(`mean of x` = mean(x), `mean of y` = mean(y))
    if (var.equal) {
      df <- nx + ny - 2
      error <- sqrt(((nx - 1) * vx + (ny - 1) * vy) / df * (1 / nx + 1 / ny))
    } else {
      ex <- vx / nx
      ey <- vy / ny
      error <- sqrt(ex + ey)
      df <- error^4 / (ex^2 / (nx - 1) + ey^2 / (ny - 1))
    }
    t <- (mean(x) - mean(y) - mu) / error
  }
  if (error < 10 * .Machine$double.eps * max(abs(estimate))) stop("data are essentially constant")
  alpha <- 1 - conf.level
  interval <- switch(alternative,
    less = c(-Inf, t + qt(conf.level, df)),
    greater = c(t - qt(conf.level, df), Inf),
    two.sided = t + c(-1, 1) * qt(1 - alpha / 2, df))
  p <- switch(alternative, less = pt(t, df), greater = pt(t, df, lower.tail = FALSE), two.sided = 2 * pt(-abs(t), df))
  structure(list(statistic = c(t = t), parameter = c(df = df), p.value = p,
                 conf.int = structure(mu + interval * error, conf.level = conf.level), estimate = estimate,
                 null.value = setNames(mu, if (paired) "mean difference" else if (is.null(y)) "mean" else "difference in means"),
                 stderr = error, alternative = alternative, method = method, data.name = label), class = "htest")
}

var.test <- function(x, ...) UseMethod("var.test")

var.test.formula <- function(formula, data, subset, na.action, ...) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  given <- formula_groups(formula, data, 2L)
  parts <- split(given$response, given$group)
  made <- var.test.default(parts[[1L]], parts[[2L]], ...)
  made$data.name <- given$label
  made
}

var.test.default <- function(x, y, ratio = 1, alternative = c("two.sided", "less", "greater"), conf.level = 0.95, ...) {
  alternative <- match.arg(alternative)
  label <- paste(deparse1(substitute(x)), "and", deparse1(substitute(y)))
  dfx <- length(x) - 1L
  dfy <- length(y) - 1L
  estimate <- var(x) / var(y)
  statistic <- estimate / ratio
  lower <- pf(statistic, dfx, dfy)
  beta <- (1 - conf.level) / 2
  interval <- switch(alternative, two.sided = c(estimate / qf(1 - beta, dfx, dfy), estimate / qf(beta, dfx, dfy)),
                     greater = c(estimate / qf(conf.level, dfx, dfy), Inf), less = c(0, estimate / qf(1 - conf.level, dfx, dfy)))
  structure(list(statistic = c(F = statistic), parameter = c(`num df` = dfx, `denom df` = dfy),
                 p.value = tail_probability(lower, alternative), conf.int = structure(interval, conf.level = conf.level),
                 estimate = c(`ratio of variances` = estimate), null.value = c(`ratio of variances` = ratio),
                 alternative = alternative, method = "F test to compare two variances", data.name = label), class = "htest")
}

cor.test <- function(x, ...) UseMethod("cor.test")

cor.test.formula <- function(formula, data, subset, na.action, ...) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (missing(data)) data <- environment(formula)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  terms <- as.list(formula[[2L]])[-1L]
  values <- lapply(terms, eval, data, environment(formula))
  made <- cor.test.default(values[[1L]], values[[2L]], ...)
  made$data.name <- paste(vapply(terms, deparse1, ""), collapse = " and ")
  made
}

cor.test.default <- function(x, y, alternative = c("two.sided", "less", "greater"), method = c("pearson", "kendall", "spearman"),
                             exact = NULL, conf.level = 0.95, continuity = FALSE, ...) {
  alternative <- match.arg(alternative)
  method <- match.arg(method)
  label <- paste(deparse1(substitute(x)), "and", deparse1(substitute(y)))
  if (length(x) != length(y)) stop("'x' and 'y' must have the same length")
  keep <- complete.cases(x, y)
  x <- x[keep]
  y <- y[keep]
  n <- length(x)
  if (n < 3L) stop("not enough finite observations")
  if (method != "pearson") {
    ranked <- if (method == "kendall") kendall_test else spearman_test
    made <- ranked(x, y, alternative, exact, continuity)
    return(structure(list(statistic = made$statistic, parameter = NULL, p.value = as.vector(made$p.value), estimate = made$estimate,
                          null.value = if (method == "kendall") c(tau = 0) else c(rho = 0), alternative = alternative,
                          method = if (method == "kendall") "Kendall's rank correlation tau" else "Spearman's rank correlation rho",
                          data.name = label), class = "htest"))
  }
  r <- cor(x, y, method = method)
  df <- n - 2L
  t <- sqrt(df) * r / sqrt(1 - r^2)
  p <- switch(alternative, less = pt(t, df), greater = pt(t, df, lower.tail = FALSE), two.sided = 2 * min(pt(t, df), pt(t, df, lower.tail = FALSE)))
  made <- list(statistic = c(t = t), parameter = c(df = df), p.value = p, estimate = c(cor = r), null.value = c(correlation = 0),
               alternative = alternative, method = "Pearson's product-moment correlation", data.name = label)
  if (n > 3) {
    z <- atanh(r)
    wide <- 1 / sqrt(n - 3)
    interval <- switch(alternative, less = c(-Inf, z + wide * qnorm(conf.level)), greater = c(z - wide * qnorm(conf.level), Inf),
                       two.sided = z + c(-1, 1) * wide * qnorm((1 + conf.level) / 2))
    made$conf.int <- structure(tanh(interval), conf.level = conf.level)
  }
  structure(made, class = "htest")
}

chisq.test <- function(x, y = NULL, correct = TRUE, p = rep(1 / length(x), length(x)), rescale.p = FALSE, simulate.p.value = FALSE, B = 2000) {
  label <- deparse(substitute(x))
  drawn <- NULL
  if (!is.null(y)) {
    label <- paste(paste(label, collapse = "\n"), "and", paste(deparse(substitute(y)), collapse = "\n"))
    x <- table(x, y)
  }
  if (is.data.frame(x)) x <- as.matrix(x)
  if (is.matrix(x) && min(dim(x)) > 1L) {
    method <- "Pearson's Chi-squared test"
    n <- sum(x)
    expected <- outer(rowSums(x), colSums(x)) / n
    shift <- 0
    if (simulate.p.value) drawn <- vapply(r2dtable(B, rowSums(x), colSums(x)), function(one) sum((one - expected)^2 / expected), 0)
    else if (correct && nrow(x) == 2L && ncol(x) == 2L) {
      shift <- min(0.5, abs(x - expected))
      method <- paste(method, "with Yates' continuity correction")
    }
    statistic <- sum((abs(x - expected) - shift)^2 / expected)
    spread <- outer(rowSums(x), colSums(x), function(r, c) c * r * (n - r) * (n - c) / n^3)
    df <- (nrow(x) - 1L) * (ncol(x) - 1L)
  } else {
    method <- "Chi-squared test for given probabilities"
    if (rescale.p) p <- p / sum(p)
    if (abs(sum(p) - 1) > sqrt(.Machine$double.eps)) stop("probabilities must sum to 1.")
    expected <- sum(x) * p
    statistic <- sum((x - expected)^2 / expected)
    df <- length(x) - 1
    spread <- sum(x) * p * (1 - p)
    if (simulate.p.value) {
      cases <- matrix(sample.int(length(x), B * sum(x), TRUE, prob = p), nrow = sum(x))
      drawn <- apply(cases, 2L, function(one) sum((tabulate(one, length(x)) - expected)^2 / expected))
    }
  }
  chance <- pchisq(statistic, df, lower.tail = FALSE)
  if (simulate.p.value) {
    # A statistic counts as reached where only rounding keeps it below.
    chance <- (1 + sum(drawn >= (1 - 64 * .Machine$double.eps) * statistic)) / (B + 1)
    df <- NA_real_
    method <- paste(method, "with simulated p-value\n\t (based on", B, "replicates)")
  } else if (any(expected < 5)) warning("Chi-squared approximation may be incorrect")
  structure(list(statistic = c(`X-squared` = statistic), parameter = c(df = df), p.value = chance,
                 method = method, data.name = label, observed = x, expected = expected, residuals = (x - expected) / sqrt(expected),
                 stdres = (x - expected) / sqrt(spread)),
            class = "htest")
}

p.adjust.methods <- c("holm", "hochberg", "hommel", "bonferroni", "BH", "BY", "fdr", "none")

p.adjust <- function(p, method = p.adjust.methods, n = length(p)) {
  method <- match.arg(method)
  label <- names(p)
  whole <- p
  known <- !is.na(p)
  p <- p[known]
  if (missing(n)) n <- length(p)
  else if (n < length(p)) stop("n >= lp is not TRUE")
  size <- length(p)
  if (method == "hommel" && n <= 2) method <- "hochberg"
  down <- order(p, decreasing = TRUE)
  up <- order(p)
  back <- function(values, order) values[order(order)]
  made <- switch(method,
    bonferroni = pmin(1, n * p),
    holm = back(pmin(1, cummax((n + 1L - seq_len(size)) * p[up])), up),
    hochberg = back(pmin(1, cummin((n + 1L - size:1L) * p[down])), down),
    fdr = , BH = back(pmin(1, cummin(n / (size:1L) * p[down])), down),
    BY = back(pmin(1, cummin(sum(1 / seq_len(n)) * n / (size:1L) * p[down])), down),
    hommel = hommel_values(p, n), none = p)
  whole[known] <- made
  names(whole) <- label
  whole
}

# For every number of hypotheses the least multiple of a sorted value; the largest bound that a value meets counts.
hommel_values <- function(p, n) {
  size <- length(p)
  all_values <- c(p, rep(1, n - size))
  up <- order(all_values)
  sorted <- all_values[up]
  bound <- kept <- rep(min(n * sorted / seq_len(n)), n)
  for (m in seq(n - 1, 2)) {
    low <- seq_len(n - m + 1)
    high <- seq(n - m + 2, n)
    least <- min(m * sorted[high] / seq(2, m))
    kept[low] <- pmin(m * sorted[low], least)
    kept[high] <- kept[n - m + 1]
    bound <- pmax(bound, kept)
  }
  pmax(bound, sorted)[order(up)][seq_len(size)]
}
