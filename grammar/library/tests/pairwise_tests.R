# Every group against every other: tables of adjusted p-values, and Tukey's honest differences.
# Sources: the methods of adjustment stand with p.adjust(); J. W. Tukey, The problem of multiple comparisons (1953); C. Y. Kramer,
# Biometrics 12 (1956), for groups of unequal size.

# The lower triangle of all pairs, each pair once; what is adjusted are the chances in it, as one family.
pairwise.table <- function(compare.levels, level.names, p.adjust.method) {
  last <- length(level.names)
  found <- matrix(NA_real_, last - 1L, last - 1L, dimnames = list(level.names[-1L], level.names[-last]))
  asked <- lower.tri(found, diag = TRUE)
  found[asked] <- p.adjust(as.numeric(mapply(compare.levels, row(found)[asked] + 1L, col(found)[asked])), p.adjust.method)
  found
}

.pairwise_result <- function(method, data.name, p.value, p.adjust.method) {
  structure(list(method = method, data.name = data.name, p.value = p.value, p.adjust.method = p.adjust.method), class = "pairwise.htest")
}

pairwise.t.test <- function(x, g, p.adjust.method = p.adjust.methods, pool.sd = !paired, paired = FALSE, alternative = c("two.sided", "less", "greater"), ...) {
  .demand("pooling of SD is incompatible with paired tests" = !(paired && pool.sd))
  label <- .data_label(c("x", "g"))
  adjust <- match.arg(p.adjust.method)
  alternative <- match.arg(alternative)
  groups <- split(x, factor(g))
  compare <- function(i, j) t.test(groups[[i]], groups[[j]], paired = paired, alternative = alternative, ...)$p.value
  if (pool.sd) {
    chances <- .pooled_chances(lapply(groups, function(values) values[!is.na(values)]), alternative)
    compare <- function(i, j) chances[i, j]
  }
  method <- if (paired) "paired t tests" else paste("t tests with", if (pool.sd) "pooled SD" else "non-pooled SD")
  .pairwise_result(method, label, pairwise.table(compare, names(groups), adjust), adjust)
}

# Student's t of all pairs at once, with the variance that all groups share.
.pooled_chances <- function(groups, alternative) {
  size <- lengths(groups)
  center <- vapply(groups, mean, 0)
  free <- sum(size - 1)
  variance <- sum((size - 1) * vapply(groups, var, 0)) / free
  .chance_of(outer(center, center, `-`) / sqrt(variance * outer(1 / size, 1 / size, `+`)), alternative, pt, free)
}

pairwise.wilcox.test <- function(x, g, p.adjust.method = p.adjust.methods, paired = FALSE, ...) {
  label <- .data_label(c("x", "g"))
  adjust <- match.arg(p.adjust.method)
  groups <- split(x, factor(g))
  last <- NULL
  chances <- pairwise.table(function(i, j) {
    last <<- wilcox.test(groups[[i]], groups[[j]], paired = paired, ...)
    last$p.value
  }, names(groups), adjust)
  .pairwise_result(last$method, label, chances, adjust)
}

pairwise.prop.test <- function(x, n, p.adjust.method = p.adjust.methods, ...) {
  adjust <- match.arg(p.adjust.method)
  groups <- .group_counts(x, n)
  .demand("too few groups" = length(groups$seen) >= 2L)
  named <- names(groups$seen)
  chances <- pairwise.table(function(i, j) prop.test(groups$seen[c(i, j)], groups$trials[c(i, j)], ...)$p.value,
                            if (length(named)) named else seq_along(groups$seen), adjust)
  .pairwise_result("Pairwise comparison of proportions", .data_label(c("x", if (!is.matrix(x)) "n"), " out of "), chances, adjust)
}

print.pairwise.htest <- function(x, digits = max(1L, getOption("digits") - 5L), ...) {
  writeLines(c("", paste("\tPairwise comparisons using", x$method, ""), "", paste("data: ", x$data.name, ""), ""))
  table <- x$p.value
  table[] <- format.pval(as.vector(table), digits = digits, na.form = "-")
  print(table, quote = FALSE, ...)
  writeLines(c("", paste("P value adjustment method:", x$p.adjust.method, "")))
  invisible(x)
}

TukeyHSD <- function(x, which, ordered = FALSE, conf.level = 0.95, ...) UseMethod("TukeyHSD")

TukeyHSD.aov <- function(x, which, ordered = FALSE, conf.level = 0.95, ...) {
  means <- .term_means(x)
  if (missing(which)) which <- names(means)
  else if (is.numeric(which)) which <- names(means)[which]
  .demand("no factors in the fitted model" = length(means) > 0L)
  if (!all(which %in% names(means))) {
    warning("'which' specified some non-factors which will be dropped")
    which <- intersect(which, names(means))
    .demand("no factors in the fitted model" = length(which) > 0L)
  }
  error <- sum(x$residuals^2) / x$df.residual
  compared <- lapply(means[which], function(term) {
    at <- if (ordered) order(term$center) else seq_along(term$center)
    .honest_differences(term$center[at], term$size[at], error, x$df.residual, conf.level)
  })
  structure(compared, class = c("TukeyHSD", "multicomp"), orig.call = x$call, conf.level = conf.level, ordered = ordered)
}

.honest_differences <- function(center, size, error, free, conf.level) {
  gap <- outer(center, center, `-`)
  pairs <- lower.tri(gap)
  between <- gap[pairs]
  scale <- sqrt(error / 2 * outer(1 / size, 1 / size, `+`)[pairs])
  reach <- scale * qtukey(conf.level, length(center), free)
  found <- cbind(diff = between, lwr = between - reach, upr = between + reach,
                 `p adj` = ptukey(abs(between / scale), length(center), free, lower.tail = FALSE))
  rownames(found) <- outer(names(center), names(center), paste, sep = "-")[pairs]
  found
}

# Means of each term of factors that the fit has columns of: of the response's projection on the term and on all within it.
.term_means <- function(fit) {
  frame <- model.frame(fit)
  parts <- attr(terms(fit), "factors") > 0
  variables <- lapply(colnames(parts), function(term) rownames(parts)[parts[, term]])
  of_factors <- vapply(variables, function(names) all(vapply(frame[names], function(v) is.factor(v) || is.character(v), NA)), NA)
  if (!all(of_factors)) warning("non-factors ignored: ", paste(colnames(parts)[!of_factors], collapse = ", "), call. = FALSE)
  columns <- fit$assign[fit$qr$pivot[seq_len(fit$rank)]]
  root <- if (is.null(fit$weights)) 1 else sqrt(fit$weights)
  turned <- qr.qty(fit$qr, frame[[1L]] * root)
  means <- lapply(which(of_factors & seq_along(variables) %in% columns), function(term) {
    within <- which(vapply(variables, function(names) all(names %in% variables[[term]]), NA))
    kept <- which(columns %in% c(0, within))
    held <- replace(numeric(length(turned)), kept, turned[kept])
    # Classes in the order of their first factor's levels, written a:b.
    class <- interaction(frame[variables[[term]]], sep = ":", drop = FALSE)
    list(center = c(tapply(qr.qy(fit$qr, held) / root, class, mean)), size = c(tapply(held, class, length)))
  })
  setNames(means, colnames(parts)[of_factors & seq_along(variables) %in% columns])
}

print.TukeyHSD <- function(x, digits = getOption("digits"), ...) {
  told <- attributes(x)
  writeLines(c("  Tukey multiple comparisons of means", sprintf("    %s%% family-wise confidence level", format(100 * told$conf.level, digits = 2L)),
               if (told$ordered) "    factor levels have been ordered", "", paste0("Fit: ", paste(deparse(told$orig.call, 500L), collapse = "")), ""))
  print(lapply(x, function(table) cbind(table[, 1:3, drop = FALSE], `p adj` = round(table[, 4L], digits))), digits = digits, ...)
  invisible(x)
}
