# Tests on ranks, on distributions, and on tables of counts.

# The data as a list of groups and what the test calls them, from a formula or from vectors.
formula_groups <- function(formula, data, levels_wanted = NULL) {
  if (missing(data)) data <- environment(formula)
  response <- eval(formula[[2L]], data, environment(formula))
  parts <- lapply(all.vars(formula[[3L]]), function(name) eval(as.name(name), data, environment(formula)))
  group <- if (identical(formula[[3L]], 1)) NULL else factor(if (length(parts) > 1L) interaction(parts) else eval(formula[[3L]], data, environment(formula)))
  if (!is.null(levels_wanted) && !is.null(group) && nlevels(group) != levels_wanted) stop("grouping factor must have exactly 2 levels")
  list(response = response, group = group, label = paste(deparse1(formula[[2L]]), if (length(formula[[3L]]) > 1L && length(parts) > 1L) paste("by", paste(all.vars(formula[[3L]]), collapse = " by ")) else paste("by", deparse1(formula[[3L]]))))
}

wilcox.test <- function(x, ...) UseMethod("wilcox.test")

wilcox.test.formula <- function(formula, data, subset, na.action, ...) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  given <- formula_groups(formula, data, 2L)
  if (is.null(given$group)) return(wilcox.test.default(given$response, ...))
  parts <- split(given$response, given$group)
  made <- wilcox.test.default(parts[[1L]], parts[[2L]], ...)
  made$data.name <- given$label
  made
}

wilcox.test.default <- function(x, y = NULL, alternative = c("two.sided", "less", "greater"), mu = 0, paired = FALSE, exact = NULL,
                                correct = TRUE, conf.int = FALSE, conf.level = 0.95, tol.root = 1e-4, digits.rank = Inf, ...) {
  alternative <- match.arg(alternative)
  if (!missing(mu) && (length(mu) > 1L || !is.finite(mu))) stop("'mu' must be a single number")
  if (!is.numeric(x)) stop("'x' must be numeric")
  if (is.finite(digits.rank)) stop("argument 'digits.rank' of wilcox.test() is not supported: round 'x' with signif()")
  if (!is.null(y)) {
    if (!is.numeric(y)) stop("'y' must be numeric")
    label <- paste(deparse1(substitute(x)), "and", deparse1(substitute(y)))
    if (paired) {
      if (length(x) != length(y)) stop("'x' and 'y' must have the same length")
      keep <- complete.cases(x, y)
      x <- x[keep] - y[keep]
      y <- NULL
    } else y <- y[!is.na(y)]
  } else {
    label <- deparse1(substitute(x))
    if (paired) stop("'y' is missing for paired test")
  }
  x <- x[!is.na(x)]
  if (length(x) < 1L) stop("not enough (finite) 'x' observations")
  corrected <- 0
  interval <- NULL
  if (is.null(y)) {
    method <- "Wilcoxon signed rank test"
    shifted <- x - mu
    zeroes <- any(shifted == 0)
    if (zeroes) shifted <- shifted[shifted != 0]
    n <- length(shifted)
    if (is.null(exact)) exact <- n < 50
    ranks <- rank(abs(shifted))
    ties <- length(ranks) != length(unique(ranks))
    statistic <- setNames(sum(ranks[shifted > 0]), "V")
    if (exact && !ties && !zeroes) {
      method <- sub("test", "exact test", method, fixed = TRUE)
      p <- switch(alternative,
        two.sided = min(2 * if (statistic > n * (n + 1) / 4) psignrank(statistic - 1, n, lower.tail = FALSE) else psignrank(statistic, n), 1),
        greater = psignrank(statistic - 1, n, lower.tail = FALSE), less = psignrank(statistic, n))
      if (conf.int) interval <- exact_signed_interval(shifted + mu, n, alternative, conf.level)
    } else {
      counts <- table(ranks)
      z <- statistic - n * (n + 1) / 4
      spread <- sqrt(n * (n + 1) * (2 * n + 1) / 24 - sum(counts^3 - counts) / 48)
      if (correct) {
        corrected <- switch(alternative, two.sided = sign(z) * 0.5, greater = 0.5, less = -0.5)
        method <- paste(method, "with continuity correction")
      }
      p <- normal_tail((z - corrected) / spread, alternative)
      if (conf.int) interval <- normal_signed_interval(x, alternative, conf.level, correct, tol.root)
      if (exact && ties) warning("cannot compute exact p-value with ties")
      if (exact && ties && conf.int) warning("cannot compute exact confidence interval with ties")
      if (exact && zeroes) warning("cannot compute exact p-value with zeroes")
      if (exact && zeroes && conf.int) warning("cannot compute exact confidence interval with zeroes")
    }
    name <- if (paired) "location shift" else "location"
  } else {
    if (length(y) < 1L) stop("not enough 'y' observations")
    method <- "Wilcoxon rank sum test"
    ranks <- rank(c(x - mu, y))
    nx <- length(x)
    ny <- length(y)
    if (is.null(exact)) exact <- nx < 50 && ny < 50
    statistic <- setNames(sum(ranks[seq_along(x)]) - nx * (nx + 1) / 2, "W")
    ties <- length(ranks) != length(unique(ranks))
    if (exact && !ties) {
      method <- sub("test", "exact test", method, fixed = TRUE)
      p <- switch(alternative,
        two.sided = min(2 * if (statistic > nx * ny / 2) pwilcox(statistic - 1, nx, ny, lower.tail = FALSE) else pwilcox(statistic, nx, ny), 1),
        greater = pwilcox(statistic - 1, nx, ny, lower.tail = FALSE), less = pwilcox(statistic, nx, ny))
      if (conf.int) interval <- exact_shift_interval(x, y, alternative, conf.level)
    } else {
      counts <- table(ranks)
      z <- statistic - nx * ny / 2
      spread <- sqrt(nx * ny / 12 * (nx + ny + 1 - sum(counts^3 - counts) / ((nx + ny) * (nx + ny - 1))))
      if (correct) {
        corrected <- switch(alternative, two.sided = sign(z) * 0.5, greater = 0.5, less = -0.5)
        method <- paste(method, "with continuity correction")
      }
      p <- normal_tail((z - corrected) / spread, alternative)
      if (conf.int) interval <- normal_shift_interval(x, y, alternative, conf.level, correct, tol.root)
      if (exact && ties) {
        warning("cannot compute exact p-value with ties")
        if (conf.int) warning("cannot compute exact confidence intervals with ties")
      }
    }
    name <- "location shift"
  }
  made <- list(statistic = statistic, parameter = NULL, p.value = as.numeric(p), null.value = setNames(mu, name), alternative = alternative,
               method = method, data.name = label)
  if (conf.int) {
    made$conf.int <- interval$interval
    made$estimate <- setNames(interval$estimate, if (is.null(y)) "(pseudo)median" else "difference in location")
  }
  structure(made, class = "htest")
}

normal_tail <- function(z, alternative) switch(alternative, less = pnorm(z), greater = pnorm(z, lower.tail = FALSE), two.sided = 2 * min(pnorm(z), pnorm(z, lower.tail = FALSE)))

# Interval from ordered differences, cut at a quantile of the exact distribution.
ordered_interval <- function(differences, quantile_of, tail_of, alternative, conf.level) {
  alpha <- 1 - conf.level
  differences <- sort(differences)
  count <- length(differences)
  cut <- function(alpha) {
    at <- quantile_of(alpha)
    if (at == 0) at <- 1
    at
  }
  switch(alternative,
    two.sided = {
      at <- cut(alpha / 2)
      reached <- 1 - 2 * tail_of(trunc(at) - 1)
      interval <- c(differences[at], differences[count - at + 1])
    },
    greater = {
      at <- cut(alpha)
      reached <- 1 - tail_of(trunc(at) - 1)
      interval <- c(differences[at], Inf)
    },
    less = {
      at <- cut(alpha)
      reached <- 1 - tail_of(trunc(at) - 1)
      interval <- c(-Inf, differences[count - at + 1])
    })
  lost <- 1 - reached
  if (lost - alpha > alpha / 2) {
    warning("requested conf.level not achievable")
    conf.level <- 1 - signif(lost, 2)
  }
  list(interval = structure(interval, conf.level = conf.level), estimate = median(differences))
}

exact_signed_interval <- function(x, n, alternative, conf.level) {
  averages <- outer(x, x, `+`)
  averages <- averages[!lower.tri(averages)] / 2
  ordered_interval(averages, function(a) qsignrank(a, n), function(q) psignrank(q, n), alternative, conf.level)
}

exact_shift_interval <- function(x, y, alternative, conf.level) {
  ordered_interval(outer(x, y, `-`), function(a) qwilcox(a, length(x), length(y)), function(q) pwilcox(q, length(x), length(y)), alternative, conf.level)
}

# Interval where the normal statistic, as a function of the shift, crosses the quantiles.
crossing_interval <- function(statistic, low, high, alternative, conf.level, tol.root) {
  alpha <- 1 - conf.level
  root <- function(quantile, side) {
    at_low <- statistic(low, side) - quantile
    if (at_low <= 0) return(low)
    at_high <- statistic(high, side) - quantile
    if (at_high >= 0) return(high)
    uniroot(function(d) statistic(d, side) - quantile, c(low, high), f.lower = at_low, f.upper = at_high, tol = tol.root)$root
  }
  interval <- switch(alternative,
    two.sided = c(root(qnorm(alpha / 2, lower.tail = FALSE), "two.sided"), root(qnorm(alpha / 2), "two.sided")),
    greater = c(root(qnorm(alpha, lower.tail = FALSE), "greater"), Inf),
    less = c(-Inf, root(qnorm(alpha), "less")))
  middle <- function(d) statistic(d, "none")
  list(interval = structure(interval, conf.level = conf.level),
       estimate = uniroot(middle, c(low, high), tol = tol.root)$root)
}

normal_signed_interval <- function(x, alternative, conf.level, correct, tol.root) {
  statistic <- function(d, side) {
    shifted <- x - d
    shifted <- shifted[shifted != 0]
    n <- length(shifted)
    ranks <- rank(abs(shifted))
    counts <- table(ranks)
    z <- sum(ranks[shifted > 0]) - n * (n + 1) / 4
    spread <- sqrt(n * (n + 1) * (2 * n + 1) / 24 - sum(counts^3 - counts) / 48)
    if (spread == 0) warning("cannot compute confidence interval when all observations are zero or tied", call. = FALSE)
    shift <- if (correct) switch(side, two.sided = sign(z) * 0.5, greater = 0.5, less = -0.5, none = 0) else 0
    (z - shift) / spread
  }
  crossing_interval(statistic, min(x), max(x), alternative, conf.level, tol.root)
}

normal_shift_interval <- function(x, y, alternative, conf.level, correct, tol.root) {
  nx <- length(x)
  ny <- length(y)
  statistic <- function(d, side) {
    ranks <- rank(c(x - d, y))
    counts <- table(ranks)
    z <- sum(ranks[seq_along(x)]) - nx * (nx + 1) / 2 - nx * ny / 2
    shift <- if (correct) switch(side, two.sided = sign(z) * 0.5, greater = 0.5, less = -0.5, none = 0) else 0
    spread <- sqrt(nx * ny / 12 * (nx + ny + 1 - sum(counts^3 - counts) / ((nx + ny) * (nx + ny - 1))))
    (z - shift) / spread
  }
  crossing_interval(statistic, min(x) - max(y), max(x) - min(y), alternative, conf.level, tol.root)
}

kruskal.test <- function(x, ...) UseMethod("kruskal.test")

kruskal.test.formula <- function(formula, data, subset, na.action, ...) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  given <- formula_groups(formula, data)
  made <- kruskal.test.default(given$response, given$group)
  made$data.name <- given$label
  made
}

kruskal.test.default <- function(x, g, ...) {
  if (is.list(x)) {
    label <- deparse1(substitute(x))
    g <- factor(rep(seq_along(x), lengths(x)))
    x <- unlist(x)
  } else {
    if (length(x) != length(g)) stop("'x' and 'g' must have the same length")
    label <- paste(deparse1(substitute(x)), "and", deparse1(substitute(g)))
    g <- factor(g)
  }
  keep <- complete.cases(x, g)
  x <- x[keep]
  g <- factor(g[keep])
  if (nlevels(g) < 2L) stop("all observations are in the same group")
  n <- length(x)
  ranks <- rank(x)
  counts <- table(x)
  statistic <- sum(tapply(ranks, g, sum)^2 / tapply(ranks, g, length))
  statistic <- (12 * statistic / (n * (n + 1)) - 3 * (n + 1)) / (1 - sum(counts^3 - counts) / (n^3 - n))
  df <- nlevels(g) - 1L
  structure(list(statistic = c(`Kruskal-Wallis chi-squared` = statistic), parameter = c(df = df),
                 p.value = pchisq(statistic, df, lower.tail = FALSE), method = "Kruskal-Wallis rank sum test", data.name = label), class = "htest")
}

friedman.test <- function(y, ...) UseMethod("friedman.test")

friedman.test.default <- function(y, groups, blocks, ...) {
  label <- deparse1(substitute(y))
  if (!is.matrix(y)) {
    label <- paste0(label, ", ", deparse1(substitute(groups)), " and ", deparse1(substitute(blocks)))
    y <- matrix(unlist(split(c(y)[order(groups, blocks)], groups[order(groups, blocks)])), ncol = nlevels(factor(groups)))
  }
  y <- as.matrix(y)
  y <- y[complete.cases(y), , drop = FALSE]
  k <- ncol(y)
  n <- nrow(y)
  ranks <- t(apply(y, 1L, rank))
  counts <- tapply(c(ranks), row(ranks), table)
  ties <- sum(unlist(lapply(counts, function(u) u^3 - u)))
  statistic <- 12 * sum((colSums(ranks) - n * (k + 1) / 2)^2) / (n * k * (k + 1) - ties / (k - 1))
  structure(list(statistic = c(`Friedman chi-squared` = statistic), parameter = c(df = k - 1), p.value = pchisq(statistic, k - 1, lower.tail = FALSE),
                 method = "Friedman rank sum test", data.name = label), class = "htest")
}

shapiro.test <- function(x) {
  label <- deparse1(substitute(x))
  if (!is.numeric(x)) stop("is.numeric(x) is not TRUE")
  x <- sort(x[complete.cases(x)])
  n <- length(x)
  if (n < 3L) stop("sample size must be between 3 and 5000")
  if (n > 5000L) stop("sample size must be between 3 and 5000")
  if (x[n] - x[1L] < 1e-10) stop("all 'x' values are identical")
  x <- x / (x[n] - x[1L])
  x <- x - median(x)
  polynomial <- function(coefficients, at) sum(coefficients * at^(seq_along(coefficients) - 1))
  half <- n %/% 2L
  if (n == 3L) weights <- sqrt(0.5)
  else {
    m <- qnorm((seq_len(half) - 0.375) / (n + 0.25))
    norm2 <- 2 * sum(m^2)
    r <- 1 / sqrt(n)
    first <- polynomial(c(0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056), r) - m[1L] / sqrt(norm2)
    if (n > 5L) {
      second <- -m[2L] / sqrt(norm2) + polynomial(c(0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633), r)
      scale <- sqrt((norm2 - 2 * m[1L]^2 - 2 * m[2L]^2) / (1 - 2 * first^2 - 2 * second^2))
      weights <- c(first, second, -m[-(1:2)] / scale)
    } else {
      scale <- sqrt((norm2 - 2 * m[1L]^2) / (1 - 2 * first^2))
      weights <- c(first, -m[-1L] / scale)
    }
  }
  full <- numeric(n)
  full[seq_len(half)] <- -weights
  full[n + 1L - seq_len(half)] <- weights
  w <- sum((full - mean(full)) * (x - mean(x)))^2 / (sum((full - mean(full))^2) * sum((x - mean(x))^2))
  if (n == 3L) p <- max(0, 6 / pi * (asin(sqrt(w)) - asin(sqrt(0.75))))
  else {
    y <- log(1 - w)
    if (n <= 11L) {
      gamma <- polynomial(c(-2.273, 0.459), n)
      if (y >= gamma) p <- 1e-99
      else {
        y <- -log(gamma - y)
        centre <- polynomial(c(0.544, -0.39978, 0.025054, -6.714e-4), n)
        spread <- exp(polynomial(c(1.3822, -0.77857, 0.062767, -0.0020322), n))
        p <- pnorm(y, centre, spread, lower.tail = FALSE)
      }
    } else {
      centre <- polynomial(c(-1.5861, -0.31082, -0.083751, 0.0038915), log(n))
      spread <- exp(polynomial(c(-0.4803, -0.082676, 0.0030302), log(n)))
      p <- pnorm(y, centre, spread, lower.tail = FALSE)
    }
  }
  structure(list(statistic = c(W = w), p.value = p, method = "Shapiro-Wilk normality test", data.name = label), class = "htest")
}

ks.test <- function(x, ...) UseMethod("ks.test")

ks.test.formula <- function(formula, data, subset, na.action, ...) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  given <- formula_groups(formula, data, 2L)
  parts <- split(given$response, given$group)
  made <- ks.test.default(parts[[1L]], parts[[2L]], ...)
  made$data.name <- given$label
  made
}

ks.test.default <- function(x, y, ..., alternative = c("two.sided", "less", "greater"), exact = NULL, simulate.p.value = FALSE, B = 2000) {
  if (simulate.p.value) stop("argument 'simulate.p.value' of ks.test() is not supported: choose 'exact' instead")
  alternative <- match.arg(alternative)
  label <- deparse1(substitute(x))
  x <- x[!is.na(x)]
  n <- length(x)
  if (n < 1L) stop("not enough 'x' data")
  if (is.numeric(y)) {
    label <- paste(label, "and", deparse1(substitute(y)))
    y <- y[!is.na(y)]
    m <- length(y)
    if (m < 1L) stop("not enough 'y' data")
    method <- "two-sample Kolmogorov-Smirnov test"
    pooled <- c(x, y)
    z <- cumsum(ifelse(order(pooled) <= n, 1 / n, -1 / m))
    ends <- c(diff(sort(pooled)) != 0, TRUE)
    ties <- length(unique(pooled)) < n + m
    if (ties) z <- z[ends]
    statistic <- switch(alternative, two.sided = max(abs(z)), greater = max(z), less = -min(z))
    side <- switch(alternative, two.sided = "two-sided", less = "the CDF of x lies below that of y", greater = "the CDF of x lies above that of y")
    if (is.null(exact)) exact <- as.double(n) * m < 10000
    if (exact) p <- 1 - .smirnov(statistic, n, m, if (ties) ends, alternative == "two.sided")
    else if (alternative == "two.sided") p <- kolmogorov_limit_tail(sqrt(n * m / (n + m)) * statistic, 1e-6)
    else p <- exp(-2 * n * m / (n + m) * statistic^2)
  } else {
    if (is.character(y)) y <- get(y, mode = "function", envir = parent.frame())
    if (!is.function(y)) stop("'y' must be numeric or a function or a string naming a valid function")
    method <- "one-sample Kolmogorov-Smirnov test"
    ties <- length(unique(x)) < n
    if (ties) warning("ties should not be present for the Kolmogorov-Smirnov test")
    if (is.null(exact)) exact <- n < 100 && !ties
    steps <- y(sort(x), ...) - (0:(n - 1)) / n
    statistic <- switch(alternative, two.sided = max(c(steps, 1 / n - steps)), greater = max(1 / n - steps), less = max(steps))
    side <- switch(alternative, two.sided = "two-sided", less = "the CDF of x lies below the null hypothesis", greater = "the CDF of x lies above the null hypothesis")
    if (exact) {
      p <- if (alternative == "two.sided") 1 - .kolmogorov(statistic, n)
      else if (statistic <= 0) 1
      else if (statistic >= 1) 0
      else {
        j <- seq.int(0, floor(n * (1 - statistic)))
        statistic * sum(exp(lchoose(n, j) + (n - j) * log(1 - statistic - j / n) + (j - 1) * log(statistic + j / n)))
      }
    } else p <- if (alternative == "two.sided") kolmogorov_limit_tail(sqrt(n) * statistic, 1e-6) else exp(-2 * n * statistic^2)
  }
  structure(list(statistic = setNames(statistic, switch(alternative, two.sided = "D", greater = "D^+", less = "D^-")), p.value = min(1, max(0, p)),
                 alternative = side, method = paste(if (exact) "Exact" else "Asymptotic", method), data.name = label, exact = exact), class = c("ks.test", "htest"))
}

# Upper tail of Kolmogorov's limit distribution, by the series that converges faster, as far as the tolerance asks.
kolmogorov_limit_tail <- function(x, tolerance) {
  if (x <= 0) return(1)
  if (x < 1) {
    k <- seq(1, max(1, floor(sqrt(2 - log(tolerance))) - 1), 2)
    return(1 - sqrt(2 * pi) / x * sum(exp(-k^2 * pi^2 / (8 * x^2))))
  }
  k <- 1:40
  terms <- 2 * (-1)^(k - 1) * exp(-2 * k^2 * x^2)
  sum(terms[seq_len(which(abs(terms) <= tolerance)[1L])])
}

fisher.test <- function(x, y = NULL, workspace = 200000, hybrid = FALSE, hybridPars, control = list(), or = 1, alternative = "two.sided",
                        conf.int = TRUE, conf.level = 0.95, simulate.p.value = FALSE, B = 2000) {
  if (hybrid) stop("argument 'hybrid' of fisher.test() is not supported: the exact p-value is computed")
  label <- deparse1(substitute(x))
  if (is.data.frame(x)) x <- as.matrix(x)
  if (!is.matrix(x)) {
    if (is.null(y)) stop("if 'x' is not a matrix, 'y' must be given")
    label <- paste(label, "and", deparse1(substitute(y)))
    if (length(x) != length(y)) stop("'x' and 'y' must have the same length")
    x <- table(factor(x), factor(y))
  }
  if (any(dim(x) < 2L)) stop("'x' must have at least 2 rows and columns")
  if (!is.numeric(x) || any(x < 0) || anyNA(x)) stop("all entries of 'x' must be nonnegative and finite")
  method <- "Fisher's Exact Test for Count Data"
  if (any(dim(x) != 2L)) {
    x <- x[rowSums(x) > 0, colSums(x) > 0, drop = FALSE]
    if (simulate.p.value) {
      stop("simulate.p.value = TRUE is not supported: the exact p-value is computed")
    }
    observed <- exp(sum(lfactorial(rowSums(x))) + sum(lfactorial(colSums(x))) - lfactorial(sum(x)) - sum(lfactorial(x)))
    return(structure(list(p.value = .table_chance(rowSums(x), colSums(x), observed), alternative = "two.sided", method = method, data.name = label), class = "htest"))
  }
  alternative <- match.arg(alternative, c("two.sided", "less", "greater"))
  m <- sum(x[, 1L])
  n <- sum(x[, 2L])
  k <- sum(x[1L, ])
  x <- x[1L, 1L]
  low <- max(0L, k - n)
  high <- min(k, m)
  support <- low:high
  central <- dhyper(support, m, n, k, log = TRUE)
  density_at <- function(ratio) {
    d <- central + log(ratio) * support
    d <- exp(d - max(d))
    d / sum(d)
  }
  mean_at <- function(ratio) {
    if (ratio == 0) return(low)
    if (ratio == Inf) return(high)
    sum(support * density_at(ratio))
  }
  chance_at <- function(q, ratio = 1, upper.tail = FALSE) {
    if (ratio == 1) return(if (upper.tail) phyper(q - 1, m, n, k, lower.tail = FALSE) else phyper(q, m, n, k))
    if (ratio == 0) return(as.numeric(if (upper.tail) q <= low else q >= low))
    if (ratio == Inf) return(as.numeric(if (upper.tail) q <= high else q >= high))
    sum(density_at(ratio)[if (upper.tail) support >= q else support <= q])
  }
  p <- switch(alternative, less = chance_at(x, or), greater = chance_at(x, or, upper.tail = TRUE),
    two.sided = if (or == 0) as.numeric(x == low) else if (or == Inf) as.numeric(x == high) else {
      d <- density_at(or)
      sum(d[d <= d[x - low + 1] * (1 + 1e-7)])
    })
  estimate <- if (x == low) 0 else if (x == high) Inf else {
    middle <- mean_at(1)
    if (middle > x) uniroot(function(t) mean_at(t) - x, c(0, 1))$root
    else if (middle < x) 1 / uniroot(function(t) mean_at(1 / t) - x, c(.Machine$double.eps, 1))$root
    else 1
  }
  upper_bound <- function(x, alpha) {
    if (x == high) return(Inf)
    p <- chance_at(x, 1)
    if (p < alpha) uniroot(function(t) chance_at(x, t) - alpha, c(0, 1))$root
    else if (p > alpha) 1 / uniroot(function(t) chance_at(x, 1 / t) - alpha, c(.Machine$double.eps, 1))$root
    else 1
  }
  lower_bound <- function(x, alpha) {
    if (x == low) return(0)
    p <- chance_at(x, 1, upper.tail = TRUE)
    if (p > alpha) uniroot(function(t) chance_at(x, t, upper.tail = TRUE) - alpha, c(0, 1))$root
    else if (p < alpha) 1 / uniroot(function(t) chance_at(x, 1 / t, upper.tail = TRUE) - alpha, c(.Machine$double.eps, 1))$root
    else 1
  }
  made <- list(p.value = min(1, max(0, p)))
  if (conf.int) {
    made$conf.int <- structure(switch(alternative, less = c(0, upper_bound(x, 1 - conf.level)), greater = c(lower_bound(x, 1 - conf.level), Inf),
      two.sided = c(lower_bound(x, (1 - conf.level) / 2), upper_bound(x, (1 - conf.level) / 2))), conf.level = conf.level)
  }
  structure(c(made, list(estimate = c(`odds ratio` = estimate), null.value = c(`odds ratio` = or), alternative = alternative, method = method, data.name = label)), class = "htest")
}
