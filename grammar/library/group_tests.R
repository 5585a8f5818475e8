# Tests between several groups: proportions, variances, means, pairs; power; Tukey's honest differences.

prop.test <- function(x, n, p = NULL, alternative = c("two.sided", "less", "greater"), conf.level = 0.95, correct = TRUE) {
  label <- deparse1(substitute(x))
  if (is.table(x) && length(dim(x)) == 1L) x <- as.vector(x)
  if (is.matrix(x)) {
    if (ncol(x) != 2L) stop("'x' must have 2 columns")
    n <- rowSums(x)
    x <- x[, 1L]
  } else {
    label <- paste(label, "out of", deparse1(substitute(n)))
    if (length(x) != length(n)) stop("'x' and 'n' must have the same length")
  }
  if (length(x) == 1L && is.null(p)) label <- paste0(label, ", null probability 0.5")
  if (!is.null(p)) label <- paste0(label, ", null ", if (length(p) == 1L) "probability " else "probabilities ", deparse1(substitute(p)))
  k <- length(x)
  if (any(n <= 0)) stop("elements of 'n' must be positive")
  if (any(x < 0)) stop("elements of 'x' must be nonnegative")
  if (any(x > n)) stop("elements of 'x' must not be greater than those of 'n'")
  alternative <- match.arg(alternative)
  if (k > 2 || (k == 2 && !is.null(p))) alternative <- "two.sided"
  correct <- as.logical(correct)
  estimate <- setNames(x / n, if (k == 1) "p" else paste("prop", 1L:k))[1L:k]
  null <- p
  yates <- if (correct && k <= 2) 0.5 else 0
  interval <- NULL
  if (k == 1) {
    if (is.null(p)) p <- 0.5
    null <- p
    z <- qnorm(if (alternative == "two.sided") (1 + conf.level) / 2 else conf.level)
    yates <- min(yates, abs(x - n * p))
    z22n <- z^2 / (2 * n)
    low <- estimate - yates / n
    high <- estimate + yates / n
    upper <- if (high == 1) 1 else (high + z22n + z * sqrt(high * (1 - high) / n + z22n / (2 * n))) / (1 + 2 * z22n)
    lower <- if (low == 0) 0 else (low + z22n - z * sqrt(low * (1 - low) / n + z22n / (2 * n))) / (1 + 2 * z22n)
    interval <- switch(alternative, two.sided = c(max(lower, 0), min(upper, 1)), less = c(0, min(upper, 1)), greater = c(max(lower, 0), 1))
  } else if (k == 2 && is.null(p)) {
    delta <- estimate[1L] - estimate[2L]
    yates <- min(yates, abs(delta) / sum(1 / n))
    width <- qnorm(if (alternative == "two.sided") (1 + conf.level) / 2 else conf.level) * sqrt(sum(estimate * (1 - estimate) / n)) + yates * sum(1 / n)
    interval <- switch(alternative, two.sided = c(max(delta - width, -1), min(delta + width, 1)), less = c(-1, min(delta + width, 1)), greater = c(max(delta - width, -1), 1))
  }
  method <- paste0(if (k == 1) "1-sample proportions test" else paste0(k, "-sample test for ", if (is.null(p)) "equality of" else "given", " proportions"),
                   " with", if (yates) "" else "out", " continuity correction")
  if (is.null(p)) {
    p <- sum(x) / sum(n)
    df <- k - 1
  } else {
    df <- k
    names(p) <- names(estimate)
  }
  counts <- cbind(x, n - x)
  expected <- cbind(n * p, n * (1 - p))
  if (any(expected < 5)) warning("Chi-squared approximation may be incorrect")
  statistic <- sum((abs(counts - expected) - yates)^2 / expected)
  z <- if (alternative == "two.sided") NA else if (k == 1) sign(estimate - p) * sqrt(statistic) else sign(delta) * sqrt(statistic)
  p.value <- if (alternative == "two.sided") pchisq(statistic, df, lower.tail = FALSE) else pnorm(z, lower.tail = alternative == "less")
  made <- list(statistic = c(`X-squared` = statistic), parameter = c(df = df), p.value = min(1, as.numeric(p.value)), estimate = estimate)
  if (k == 1) made$null.value <- c(p = null) else made["null.value"] <- list(if (!is.null(null)) setNames(null, names(estimate)))
  made["conf.int"] <- list(if (!is.null(interval)) structure(as.numeric(interval), conf.level = conf.level))
  structure(c(made, list(alternative = alternative, method = method, data.name = label)), class = "htest")
}

prop.trend.test <- function(x, n, score = seq_along(x)) {
  label <- paste(deparse1(substitute(x)), "out of", deparse1(substitute(n)), ",\n using scores:", paste(score, collapse = " "))
  p <- sum(x) / sum(n)
  centred <- score - sum(n * score) / sum(n)
  chi <- sum(centred * x)^2 / (p * (1 - p) * sum(n * centred^2))
  structure(list(statistic = c(`X-squared` = chi), parameter = c(df = 1), p.value = pchisq(chi, 1, lower.tail = FALSE),
                 method = "Chi-squared Test for Trend in Proportions", data.name = label), class = "htest")
}

poisson.test <- function(x, T = 1, r = 1, alternative = c("two.sided", "less", "greater"), conf.level = 0.95) {
  label <- paste(deparse1(substitute(x)), "time base:", deparse1(substitute(T)))
  alternative <- match.arg(alternative)
  if (length(x) > 1L) {
    made <- binom.test(x, sum(x), r * T[1L] / (r * T[1L] + T[2L]), alternative, conf.level)
    scale <- function(p) p / (1 - p) * T[2L] / T[1L]
    return(structure(list(statistic = c(count1 = x[1L]), parameter = c(`expected count1` = sum(x) * r * T[1L] / sum(T * c(1, r))),
      p.value = made$p.value, conf.int = structure(scale(made$conf.int), conf.level = conf.level), estimate = c(`rate ratio` = (x[1L] / T[1L]) / (x[2L] / T[2L])),
      null.value = c(`rate ratio` = r), alternative = alternative, method = "Comparison of Poisson rates", data.name = label), class = "htest"))
  }
  m <- r * T
  p <- switch(alternative, less = ppois(x, m), greater = ppois(x - 1, m, lower.tail = FALSE), two.sided = if (m == 0) as.numeric(x == 0) else {
    d <- dpois(x, m)
    if (x == m) 1
    else if (x < m) {
      top <- ceiling(2 * m - x)
      while (dpois(top, m) > d) top <- 2 * top
      y <- sum(dpois(seq.int(ceiling(m), top), m) <= d * (1 + 1e-7))
      ppois(x, m) + ppois(top - y, m, lower.tail = FALSE)
    } else {
      y <- sum(dpois(seq.int(0, floor(m)), m) <= d * (1 + 1e-7))
      ppois(y - 1, m) + ppois(x - 1, m, lower.tail = FALSE)
    }
  })
  lower <- function(alpha) if (x == 0) 0 else qgamma(alpha, x)
  upper <- function(alpha) qgamma(1 - alpha, x + 1)
  alpha <- 1 - conf.level
  interval <- switch(alternative, less = c(0, upper(alpha)), greater = c(lower(alpha), Inf), two.sided = c(lower(alpha / 2), upper(alpha / 2)))
  structure(list(statistic = c(`number of events` = x), parameter = c(`time base` = T), p.value = min(1, p), conf.int = structure(interval / T, conf.level = conf.level),
                 estimate = c(`event rate` = x / T), null.value = c(`event rate` = r), alternative = alternative, method = "Exact Poisson test", data.name = label), class = "htest")
}

oneway.test <- function(formula, data, subset, na.action, var.equal = FALSE) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (missing(data)) data <- environment(formula)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  y <- eval(formula[[2L]], data, environment(formula))
  g <- factor(eval(formula[[3L]], data, environment(formula)))
  keep <- complete.cases(y, g)
  y <- y[keep]
  g <- factor(g[keep])
  k <- nlevels(g)
  size <- tapply(y, g, length)
  if (any(size < 2)) stop("not enough observations")
  centre <- tapply(y, g, mean)
  spread <- tapply(y, g, var)
  weight <- size / spread
  if (var.equal) {
    n <- sum(size)
    statistic <- (sum(size * (centre - mean(y))^2) / (k - 1)) / (sum((size - 1) * spread) / (n - k))
    df <- c(k - 1, n - k)
    method <- "One-way analysis of means"
  } else {
    whole <- sum(weight)
    share <- sum((1 - weight / whole)^2 / (size - 1)) / (k^2 - 1)
    middle <- sum(weight * centre) / whole
    statistic <- sum(weight * (centre - middle)^2) / ((k - 1) * (1 + 2 * (k - 2) * share))
    df <- c(k - 1, 1 / (3 * share))
    method <- "One-way analysis of means (not assuming equal variances)"
  }
  structure(list(statistic = c(F = statistic), parameter = c(`num df` = df[1L], `denom df` = df[2L]), p.value = pf(statistic, df[1L], df[2L], lower.tail = FALSE),
                 method = method, data.name = paste(deparse1(formula[[2L]]), "and", deparse1(formula[[3L]]))), class = "htest")
}

bartlett.test <- function(x, ...) UseMethod("bartlett.test")

bartlett.test.formula <- function(formula, data, subset, na.action, ...) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  given <- formula_groups(formula, data)
  made <- bartlett.test.default(given$response, given$group)
  made$data.name <- given$label
  made
}

bartlett.test.default <- function(x, g, ...) {
  if (is.list(x) && !is.data.frame(x) || is.data.frame(x)) {
    label <- deparse1(substitute(x))
    parts <- lapply(x, function(one) one[is.finite(one)])
  } else {
    label <- paste(deparse1(substitute(x)), "and", deparse1(substitute(g)))
    keep <- complete.cases(x, g)
    parts <- split(x[keep], factor(g[keep]))
  }
  k <- length(parts)
  df <- lengths(parts) - 1
  if (any(df <= 0)) stop("there must be at least 2 observations in each group")
  spread <- vapply(parts, var, 0)
  all <- sum(df)
  pooled <- sum(df * spread) / all
  statistic <- (all * log(pooled) - sum(df * log(spread))) / (1 + (sum(1 / df) - 1 / all) / (3 * (k - 1)))
  structure(list(statistic = c(`Bartlett's K-squared` = statistic), parameter = c(df = k - 1), p.value = pchisq(statistic, k - 1, lower.tail = FALSE),
                 data.name = label, method = "Bartlett test of homogeneity of variances"), class = "htest")
}

fligner.test <- function(x, ...) UseMethod("fligner.test")

fligner.test.formula <- function(formula, data, subset, na.action, ...) {
  if (!missing(na.action)) only_whole_rows(na.action, formula, if (missing(data)) environment(formula) else data)
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  given <- formula_groups(formula, data)
  made <- fligner.test.default(given$response, given$group)
  made$data.name <- given$label
  made
}

fligner.test.default <- function(x, g, ...) {
  if (is.list(x)) {
    label <- deparse1(substitute(x))
    g <- factor(rep(seq_along(x), lengths(x)))
    x <- unlist(x)
  } else {
    label <- paste(deparse1(substitute(x)), "and", deparse1(substitute(g)))
    g <- factor(g)
  }
  keep <- complete.cases(x, g)
  x <- x[keep]
  g <- factor(g[keep])
  n <- length(x)
  x <- x - tapply(x, g, median)[g]
  a <- qnorm((1 + rank(abs(x)) / (n + 1)) / 2)
  a <- a - mean(a)
  statistic <- sum(tapply(a, g, length) * tapply(a, g, mean)^2) / (sum(a^2) / (n - 1))
  df <- nlevels(g) - 1
  structure(list(statistic = c(`Fligner-Killeen:med chi-squared` = statistic), parameter = c(df = df), p.value = pchisq(statistic, df, lower.tail = FALSE),
                 method = "Fligner-Killeen test of homogeneity of variances", data.name = label), class = "htest")
}

Box.test <- function(x, lag = 1, type = c("Box-Pierce", "Ljung-Box"), fitdf = 0) {
  label <- deparse1(substitute(x))
  type <- match.arg(type)
  n <- sum(!is.na(x))
  r2 <- acf(x, lag.max = lag, plot = FALSE, na.action = na.pass)$acf[2:(lag + 1)]^2
  statistic <- if (type == "Box-Pierce") n * sum(r2) else n * (n + 2) * sum(r2 / seq.int(n - 1, n - lag))
  structure(list(statistic = c(`X-squared` = statistic), parameter = c(df = lag - fitdf), p.value = 1 - pchisq(statistic, lag - fitdf),
                 method = paste0(if (type == "Box-Pierce") "Box-Pierce" else "Box-Ljung", " test"), data.name = label), class = "htest")
}

pairwise.table <- function(compare.levels, level.names, p.adjust.method) {
  at <- setNames(seq_along(level.names), level.names)
  found <- outer(at[-1L], at[-length(at)], function(i, j) vapply(seq_along(i), function(k) if (i[k] > j[k]) compare.levels(i[k], j[k]) else NA_real_, 0))
  found[lower.tri(found, TRUE)] <- p.adjust(found[lower.tri(found, TRUE)], p.adjust.method)
  found
}

pairwise.t.test <- function(x, g, p.adjust.method = p.adjust.methods, pool.sd = !paired, paired = FALSE, alternative = c("two.sided", "less", "greater"), ...) {
  if (paired && pool.sd) stop("pooling of SD is incompatible with paired tests")
  label <- paste(deparse1(substitute(x)), "and", deparse1(substitute(g)))
  g <- factor(g)
  p.adjust.method <- match.arg(p.adjust.method)
  alternative <- match.arg(alternative)
  if (pool.sd) {
    method <- "t tests with pooled SD"
    centre <- tapply(x, g, mean, na.rm = TRUE)
    spread <- tapply(x, g, sd, na.rm = TRUE)
    size <- tapply(!is.na(x), g, sum)
    df <- sum(size - 1)
    pooled <- sqrt(sum(spread^2 * (size - 1)) / df)
    compare <- function(i, j) {
      t <- (centre[i] - centre[j]) / (pooled * sqrt(1 / size[i] + 1 / size[j]))
      if (alternative == "two.sided") 2 * pt(-abs(t), df) else pt(t, df, lower.tail = alternative == "less")
    }
  } else {
    method <- if (paired) "paired t tests" else "t tests with non-pooled SD"
    compare <- function(i, j) t.test(x[as.integer(g) == i], x[as.integer(g) == j], paired = paired, alternative = alternative, ...)$p.value
  }
  structure(list(method = method, data.name = label, p.value = pairwise.table(compare, levels(g), p.adjust.method), p.adjust.method = p.adjust.method), class = "pairwise.htest")
}

pairwise.wilcox.test <- function(x, g, p.adjust.method = p.adjust.methods, paired = FALSE, ...) {
  label <- paste(deparse1(substitute(x)), "and", deparse1(substitute(g)))
  p.adjust.method <- match.arg(p.adjust.method)
  g <- factor(g)
  method <- NULL
  compare <- function(i, j) {
    made <- wilcox.test(x[as.integer(g) == i], x[as.integer(g) == j], paired = paired, ...)
    method <<- made$method
    made$p.value
  }
  found <- pairwise.table(compare, levels(g), p.adjust.method)
  structure(list(method = method, data.name = label, p.value = found, p.adjust.method = p.adjust.method), class = "pairwise.htest")
}

pairwise.prop.test <- function(x, n, p.adjust.method = p.adjust.methods, ...) {
  p.adjust.method <- match.arg(p.adjust.method)
  label <- deparse1(substitute(x))
  if (is.matrix(x)) {
    n <- rowSums(x)
    x <- x[, 1L]
  } else label <- paste(label, "out of", deparse1(substitute(n)))
  compare <- function(i, j) prop.test(x[c(i, j)], n[c(i, j)], ...)$p.value
  names <- if (is.null(names(x))) seq_along(x) else names(x)
  structure(list(method = "Pairwise comparison of proportions", data.name = label, p.value = pairwise.table(compare, names, p.adjust.method), p.adjust.method = p.adjust.method), class = "pairwise.htest")
}

print.pairwise.htest <- function(x, digits = max(1L, getOption("digits") - 5L), ...) {
  cat("\n\tPairwise comparisons using", x$method, "\n\n")
  cat("data: ", x$data.name, "\n\n")
  shown <- format.pval(x$p.value, digits = digits, na.form = "-")
  attributes(shown) <- attributes(x$p.value)
  print(shown, quote = FALSE, ...)
  cat("\nP value adjustment method:", x$p.adjust.method, "\n")
  invisible(x)
}

power.t.test <- function(n = NULL, delta = NULL, sd = 1, sig.level = 0.05, power = NULL, type = c("two.sample", "one.sample", "paired"),
                         alternative = c("two.sided", "one.sided"), strict = FALSE, tol = .Machine$double.eps^0.25) {
  if (sum(vapply(list(n, delta, sd, power, sig.level), is.null, NA)) != 1) stop("exactly one of 'n', 'delta', 'sd', 'power', and 'sig.level' must be NULL")
  type <- match.arg(type)
  alternative <- match.arg(alternative)
  samples <- if (type == "two.sample") 2 else 1
  sides <- if (alternative == "two.sided") 2 else 1
  if (sides == 2 && !is.null(delta)) delta <- abs(delta)
  power_at <- function(n, delta, sd, sig.level) {
    nu <- pmax(1e-7, n - 1) * samples
    quantile <- qt(sig.level / sides, nu, lower.tail = FALSE)
    shift <- sqrt(n / samples) * delta / sd
    upper <- pt(quantile, nu, ncp = shift, lower.tail = FALSE)
    if (strict && sides == 2) upper + pt(-quantile, nu, ncp = shift) else upper
  }
  search <- function(fun, low, high) uniroot(fun, c(low, high), tol = tol, extendInt = "upX")$root
  if (is.null(power)) power <- power_at(n, delta, sd, sig.level)
  else if (is.null(n)) n <- search(function(n) power_at(n, delta, sd, sig.level) - power, 2, 1e7)
  else if (is.null(sd)) sd <- uniroot(function(sd) power_at(n, delta, sd, sig.level) - power, delta * c(1e-7, 1e7), tol = tol, extendInt = "downX")$root
  else if (is.null(delta)) delta <- search(function(delta) power_at(n, delta, sd, sig.level) - power, sd * 1e-7, sd * 1e7)
  else sig.level <- uniroot(function(level) power_at(n, delta, sd, level) - power, c(1e-10, 1 - 1e-10), tol = tol, extendInt = "yes")$root
  note <- switch(type, paired = "n is number of *pairs*, sd is std.dev. of *differences* within pairs", two.sample = "n is number in *each* group", NULL)
  method <- paste(switch(type, one.sample = "One-sample", two.sample = "Two-sample", paired = "Paired"), "t test power calculation")
  structure(list(n = n, delta = delta, sd = sd, sig.level = sig.level, power = power, alternative = alternative, note = note, method = method), class = "power.htest")
}

power.prop.test <- function(n = NULL, p1 = NULL, p2 = NULL, sig.level = 0.05, power = NULL, alternative = c("two.sided", "one.sided"), strict = FALSE,
                            tol = .Machine$double.eps^0.25) {
  if (sum(vapply(list(n, p1, p2, power, sig.level), is.null, NA)) != 1) stop("exactly one of 'n', 'p1', 'p2', 'power', and 'sig.level' must be NULL")
  alternative <- match.arg(alternative)
  sides <- if (alternative == "two.sided") 2 else 1
  power_at <- function(n, p1, p2, sig.level) {
    quantile <- qnorm(sig.level / sides, lower.tail = FALSE)
    v1 <- p1 * (1 - p1)
    v2 <- p2 * (1 - p2)
    mean <- (p1 + p2) / 2
    upper <- pnorm((sqrt(n) * abs(p1 - p2) - quantile * sqrt(2 * mean * (1 - mean))) / sqrt(v1 + v2))
    if (strict && sides == 2) upper + pnorm((sqrt(n) * abs(p1 - p2) + quantile * sqrt(2 * mean * (1 - mean))) / sqrt(v1 + v2), lower.tail = FALSE) else upper
  }
  if (is.null(power)) power <- power_at(n, p1, p2, sig.level)
  else if (is.null(n)) n <- uniroot(function(n) power_at(n, p1, p2, sig.level) - power, c(2, 1e7), tol = tol, extendInt = "upX")$root
  else if (is.null(p2)) p2 <- uniroot(function(p2) power_at(n, p1, p2, sig.level) - power, c(p1, 1), tol = tol, extendInt = "yes")$root
  else if (is.null(p1)) p1 <- uniroot(function(p1) power_at(n, p1, p2, sig.level) - power, c(0, p2), tol = tol, extendInt = "yes")$root
  else sig.level <- uniroot(function(level) power_at(n, p1, p2, level) - power, c(1e-10, 1 - 1e-10), tol = tol, extendInt = "upX")$root
  structure(list(n = n, p1 = p1, p2 = p2, sig.level = sig.level, power = power, alternative = alternative, note = "n is number in *each* group",
                 method = "Two-sample comparison of proportions power calculation"), class = "power.htest")
}

print.power.htest <- function(x, digits = getOption("digits"), ...) {
  cat("\n    ", x$method, "\n\n")
  note <- x$note
  x[c("method", "note")] <- NULL
  cat(paste(format(names(x), width = 15L, justify = "right"), format(x, digits = digits), sep = " = "), sep = "\n")
  if (!is.null(note)) cat("\n", "NOTE: ", note, "\n\n", sep = "") else cat("\n")
  invisible(x)
}

TukeyHSD <- function(x, which, ordered = FALSE, conf.level = 0.95, ...) UseMethod("TukeyHSD")

TukeyHSD.aov <- function(x, which, ordered = FALSE, conf.level = 0.95, ...) {
  frame <- model.frame(x)
  terms <- attr(terms(x), "term.labels")
  factors <- attr(terms(x), "factors")
  projected <- qr.qty(x$qr, frame[[1L]])
  part <- function(at) {
    keep <- numeric(length(projected))
    chosen <- base::which(x$assign[x$qr$pivot[seq_len(x$rank)]] %in% at)
    keep[chosen] <- projected[chosen]
    qr.qy(x$qr, keep)
  }
  means <- list()
  for (k in seq_along(terms)) {
    inside <- rownames(factors)[factors[, k] > 0]
    if (!all(vapply(frame[inside], function(v) is.factor(v) || is.character(v), NA))) next
    below <- base::which(vapply(seq_along(terms), function(j) all(rownames(factors)[factors[, j] > 0] %in% inside), NA))
    value <- part(c(0, below))
    means[[terms[k]]] <- list(centre = tapply(value, frame[inside], mean), size = tapply(value, frame[inside], length))
  }
  skipped <- setdiff(terms, names(means))
  if (missing(which)) which <- names(means)
  if (length(skipped) && any(which %in% skipped)) {
    warning("'which' specified some non-factors which will be dropped")
    which <- setdiff(which, skipped)
  }
  if (!length(means) || !length(which)) stop("no factors in the fitted model")
  error <- sum(x$residuals^2) / x$df.residual
  made <- lapply(setNames(which, which), function(name) {
    centre <- means[[name]]$centre
    size <- c(means[[name]]$size)
    names <- if (length(dim(centre)) > 1L) outer_names(dimnames(centre)) else names(centre)
    centre <- setNames(as.vector(centre), names)
    if (ordered) {
      at <- order(centre)
      centre <- centre[at]
      size <- size[at]
    }
    difference <- outer(centre, centre, `-`)
    keep <- lower.tri(difference)
    pairs <- outer(names(centre), names(centre), paste, sep = "-")[keep]
    difference <- difference[keep]
    spread <- sqrt(error / 2 * outer(1 / size, 1 / size, `+`)[keep])
    width <- qtukey(conf.level, length(centre), x$df.residual) * spread
    p <- ptukey(abs(difference / spread), length(centre), x$df.residual, lower.tail = FALSE)
    array(c(difference, difference - width, difference + width, p), c(length(difference), 4L),
          list(pairs, c("diff", "lwr", "upr", "p adj")))
  })
  structure(made, class = c("TukeyHSD", "multicomp"), orig.call = x$call, conf.level = conf.level, ordered = ordered)
}

outer_names <- function(labels) Reduce(function(a, b) as.vector(outer(a, b, paste, sep = ":")), labels)

print.TukeyHSD <- function(x, digits = getOption("digits"), ...) {
  cat("  Tukey multiple comparisons of means\n")
  cat("    ", format(100 * attr(x, "conf.level"), digits = 2L), "% family-wise confidence level\n", sep = "")
  if (attr(x, "ordered")) cat("    factor levels have been ordered\n")
  cat("\nFit: ", deparse(attr(x, "orig.call"), 500L), "\n\n", sep = "")
  attr(x, "orig.call") <- attr(x, "conf.level") <- attr(x, "ordered") <- NULL
  shown <- lapply(unclass(x), function(one) {
    one[, "p adj"] <- round(one[, "p adj"], digits)
    one
  })
  print.default(shown, digits = digits, ...)
  invisible(x)
}

dmultinom <- function(x, size = NULL, prob, log = FALSE) {
  if (length(prob) != length(x)) stop("x[] and prob[] must be equal length vectors.")
  if (any(!is.finite(prob)) || any(prob < 0) || sum(prob) == 0) stop("probabilities must be finite, non-negative and not all 0")
  prob <- prob / sum(prob)
  x <- as.integer(x + 0.5)
  if (any(x < 0)) stop("'x' must be non-negative")
  if (!is.null(size) && size != sum(x)) stop("size != sum(x), i.e. one is wrong")
  if (any(x > 0 & prob == 0)) return(if (log) -Inf else 0)
  keep <- prob > 0
  value <- lgamma(sum(x) + 1) + sum(x[keep] * log(prob[keep]) - lgamma(x[keep] + 1))
  if (log) value else exp(value)
}

pbirthday <- function(n, classes = 365, coincident = 2) {
  if (coincident < 2) return(1)
  if (coincident > n) return(0)
  if (n > classes * (coincident - 1)) return(1)
  if (coincident == 2) return(1 - prod((classes:(classes - n + 1)) / rep(classes, n)))
  rate <- n * exp(-n / (classes * coincident)) / (1 - n / (classes * (coincident + 1)))^(1 / coincident)
  rate <- coincident * log(rate) - lgamma(coincident + 1) - (coincident - 1) * log(classes)
  -expm1(-exp(rate))
}

qbirthday <- function(prob = 0.5, classes = 365, coincident = 2) {
  if (prob <= 0) return(1)
  if (prob >= 1) return(classes * (coincident - 1) + 1)
  start <- exp((log(-log1p(-prob)) + lgamma(coincident + 1) + (coincident - 1) * log(classes)) / coincident)
  n <- ceiling(start)
  while (pbirthday(n, classes, coincident) < prob) n <- n + 1
  while (n > 1 && pbirthday(n - 1, classes, coincident) >= prob) n <- n - 1
  n
}

rWishart <- function(n, df, Sigma) {
  p <- nrow(Sigma)
  if (!is.matrix(Sigma) || p != ncol(Sigma)) stop("'scal' must be a square, real matrix")
  if (df < p || p <= 0) stop("inconsistent degrees of freedom and dimension")
  root <- chol(Sigma)
  made <- array(0, c(p, p, n))
  for (k in seq_len(n)) {
    factor <- matrix(0, p, p)
    for (j in seq_len(p)) {
      factor[j, j] <- sqrt(rchisq(1, df - j + 1))
      for (i in seq_len(j - 1L)) factor[i, j] <- rnorm(1)
    }
    made[, , k] <- crossprod(factor %*% root)
  }
  made
}
