# Models compared: analysis of variance and deviance, information criteria, terms added and dropped, influence of rows.

logLik <- function(object, ...) UseMethod("logLik")

# The likelihood of normal residuals at its maximum. The restricted one is that of what the residuals tell beside the coefficients.
logLik.lm <- function(object, REML = FALSE, ...) {
  if (inherits(object, "mlm")) stop("'logLik.lm' does not support multiple responses")
  w <- if (is.null(object$weights)) 1 + 0 * object$residuals else object$weights
  rows <- sum(w != 0)
  free <- if (REML) rows - object$rank else rows
  variance <- sum(w * object$residuals^2) / free
  value <- (sum(log(w[w != 0])) - free * (1 + log(2 * pi * variance))) / 2
  if (REML && object$rank) value <- value - sum(log(abs(diag(qr.R(object$qr))[seq_len(object$rank)])))
  structure(value, nall = rows, nobs = free, df = object$rank + 1, class = "logLik")
}

# The criterion of a family holds the likelihood; a dispersion that was estimated counts as a parameter.
logLik.glm <- function(object, ...) {
  count <- object$rank + object$family$family %in% c("gaussian", "Gamma", "inverse.gaussian")
  structure(count - object$aic / 2, nobs = nobs(object), df = count, class = "logLik")
}

str.logLik <- function(object, digits = max(2L, getOption("digits") - 3L), ...) {
  cat(sprintf("Class 'logLik' : %s (df=%s)\n", toString(format(as.vector(object), digits = digits)), format(attr(object, "df"))))
}

print.logLik <- function(x, digits = getOption("digits"), ...) {
  values <- format(as.vector(x), digits = digits)
  cat(sprintf("'log Lik.' %s (df=%s)\n", toString(values), format(attr(x, "df"))))
  invisible(x)
}

AIC <- function(object, ..., k = 2) criteria(object, list(...), function(likelihood) k, "AIC", match.call())

BIC <- function(object, ...) criteria(object, list(...), function(likelihood) log(attr(likelihood, "nobs")), "BIC", match.call())

criteria <- function(object, others, price, label, call) {
  one <- function(likelihood) -2 * as.numeric(likelihood) + price(likelihood) * attr(likelihood, "df")
  if (!length(others)) return(one(if (inherits(object, "logLik")) object else logLik(object)))
  found <- lapply(c(list(object), others), logLik)
  if (length(unique(vapply(found, function(one) as.numeric(attr(one, "nobs")), 0))) > 1L) warning("models are not all fitted to the same number of observations", call. = FALSE)
  call$k <- NULL
  made <- data.frame(df = vapply(found, attr, 0, "df"), value = vapply(found, one, 0), row.names = vapply(as.list(call)[-1L], deparse1, ""))
  names(made)[2L] <- label
  made
}

extractAIC <- function(fit, scale = 0, k = 2, ...) UseMethod("extractAIC")

# How badly a normal model fits, up to a constant: by Mallows where the scale is known, by the likelihood where it is not.
.normal_misfit <- function(deviance, rows, scale) if (scale > 0) deviance / scale - rows else rows * log(deviance / rows)

extractAIC.lm <- function(fit, scale = 0, k = 2, ...) {
  rows <- NROW(fit$residuals)
  spent <- rows - fit$df.residual
  c(spent, .normal_misfit(deviance(fit), rows, scale) + k * spent)
}

extractAIC.glm <- function(fit, scale = 0, k = 2, ...) {
  spent <- length(fit$residuals) - fit$df.residual
  c(spent, fit$aic + (k - 2) * spent)
}

anova <- function(object, ...) UseMethod("anova")

# The effects of a fit that belong to each of its terms: their rows among the effects, and how many they are.
.term_rows <- function(object, constant = FALSE) {
  assign <- object$assign[object$qr$pivot[seq_len(object$rank)]]
  rows <- split(seq_along(assign), factor(assign, unique(sort(assign[constant | assign > 0L]))))
  names(rows) <- c("(Intercept)", attr(object$terms, "term.labels"))[as.integer(names(rows)) + 1L]
  rows
}

aov_parts <- function(x) {
  rows <- .term_rows(x)
  list(labels = names(rows), ss = vapply(rows, function(at) sum(x$effects[at]^2), 0, USE.NAMES = FALSE), df = unname(lengths(rows)))
}

.anova_table <- function(columns, rows, heading) {
  made <- structure(columns, class = c("anova", "data.frame"))
  attr(made, "row.names") <- rows
  attr(made, "heading") <- heading
  made
}

# Chances of ratios of variances; where the second variance is known, the first one's is that of chi-squared.
.ratio_chance <- function(ratio, df, rdf) if (is.infinite(rdf)) pchisq(ratio * df, df, lower.tail = FALSE) else pf(ratio, df, rdf, lower.tail = FALSE)

anova.lm <- function(object, ...) {
  others <- list(...)
  fits <- vapply(others, inherits, NA, "lm")
  if (any(fits)) return(.compared_fits(c(list(object), unname(others[fits])), others$test, others$scale))
  parts <- aov_parts(object)
  rdf <- object$df.residual
  rest <- deviance(object)
  squares <- c(parts$ss, rest)
  if (rest < 1e-10 * sum(squares)) warning("ANOVA F-tests on an essentially perfect fit are unreliable")
  df <- c(parts$df, rdf)
  tested <- seq_along(parts$df)
  ratio <- replace(rep(NA_real_, length(df)), tested, parts$ss / parts$df / (rest / rdf))
  .anova_table(list(Df = df, `Sum Sq` = squares, `Mean Sq` = squares / df, `F value` = ratio, `Pr(>F)` = pf(ratio, df, rdf, lower.tail = FALSE)),
               c(parts$labels, "Residuals"), c("Analysis of Variance Table\n", paste("Response:", deparse1(formula(object)[[2L]]))))
}

.tests_of_fits <- c("Rao", "LRT", "Chisq", "F", "Cp")

# Models of the first one's response, which must have seen the same rows.
.comparable_fits <- function(models) {
  responses <- vapply(models, function(one) deparse1(formula(one)[[2L]]), "")
  other <- responses != responses[1L]
  if (any(other)) warning(gettextf("models with response %s removed because response differs from model 1", sQuote(deparse(responses[other]))), domain = NA, call. = FALSE)
  models <- models[!other]
  if (length(unique(vapply(models, function(one) length(one$residuals), 0L))) > 1L) stop("models were not all fitted to the same size of dataset", call. = FALSE)
  models
}

.model_lines <- function(models) paste0("Model ", format(seq_along(models)), ": ", vapply(models, function(one) deparse1(formula(one)), ""), collapse = "\n")

# What is gained from each row of a table to the next.
.gains <- function(values) c(NA, -diff(values))

.compared_fits <- function(models, test = "F", scale = 0) {
  test <- match.arg(if (is.null(test)) "F" else test, .tests_of_fits)
  models <- .comparable_fits(models)
  if (length(models) == 1L) return(anova(models[[1L]]))
  df <- vapply(models, function(one) as.numeric(one$df.residual), 0)
  rss <- vapply(models, deviance, 0)
  made <- .anova_table(list(Res.Df = df, RSS = rss, Df = .gains(df), `Sum of Sq` = .gains(rss)), as.character(seq_along(models)),
                       c("Analysis of Variance Table\n", .model_lines(models)))
  largest <- which.min(df)
  known <- !is.null(scale) && scale > 0
  .with_test(made, test, "Sum of Sq", if (known) scale else rss[largest] / df[largest], df[largest], length(models[[1L]]$residuals))
}

# The score test of what columns add to a fit: how much of its working residuals they explain.
.score_gain <- function(fit, columns) {
  used <- fit$weights > 0
  root <- sqrt(fit$weights[used])
  sum(qr.fitted(qr(columns[used, , drop = FALSE] * root), fit$residuals[used] * root)^2)
}

anova.glm <- function(object, ..., dispersion = NULL, test = NULL) {
  others <- list(...)
  others <- unname(others[vapply(others, inherits, NA, "glm")])
  if (!is.null(test)) test <- match.arg(test, .tests_of_fits)
  family <- object$family
  models <- if (length(others)) .comparable_fits(c(list(object), others)) else list(object)
  if (length(models) > 1L) {
    fits <- models
    designs <- if (identical(test, "Rao")) lapply(models, model.matrix)
  } else {
    design <- model.matrix(object)
    assign <- attr(design, "assign")
    labels <- attr(object$terms, "term.labels")
    designs <- lapply(c(0L, seq_along(labels)), function(t) design[, assign <= t, drop = FALSE])
    fits <- lapply(designs[-length(designs)], function(columns) glm.fit(columns, .response_values(object), object$prior.weights, offset = object$offset, family = family,
                                                                          control = object$control, intercept = attr(object$terms, "intercept") == 1L))
    fits <- c(fits, list(object))
  }
  left <- vapply(fits, function(one) as.numeric(one$df.residual), 0)
  dev <- vapply(fits, function(one) one$deviance, 0)
  columns <- list(`Resid. Df` = left, `Resid. Dev` = dev, Df = .gains(left), Deviance = .gains(dev))
  if (length(models) > 1L) made <- .anova_table(columns, as.character(seq_along(fits)), c("Analysis of Deviance Table\n", .model_lines(models)))
  else made <- .anova_table(columns[c(3L, 4L, 1L, 2L)], c("NULL", labels), sprintf(
    "Analysis of Deviance Table\n\nModel: %s, link: %s\n\nResponse: %s\n\nTerms added sequentially (first to last)\n\n", family$family, family$link, deparse1(formula(object)[[2L]])))
  if (is.null(test)) return(made)
  if (test == "Rao") made$Rao <- c(NA, vapply(seq_along(fits)[-1L], function(k) .score_gain(fits[[k - 1L]], designs[[k]]), 0) * sign(made$Df[-1L]))
  if (test == "F" && .dispersion_fixed(object)) warning(gettextf("using F test with a '%s' family is inappropriate", family$family), domain = NA)
  largest <- fits[[which.min(left)]]
  known <- !is.null(dispersion) || .dispersion_fixed(object)
  .with_test(made, test, if (test == "Rao") "Rao" else "Deviance", if (is.null(dispersion)) dispersion_of(largest) else dispersion, if (known) Inf else largest$df.residual, length(object$residuals))
}

# A table of what models leave, with a test of the gains that stand in one of its columns.
.with_test <- function(table, test, gains, scale, rdf, rows) {
  heading <- attr(table, "heading")
  df <- table$Df
  gained <- table[[gains]] / scale * sign(df)
  free <- replace(abs(df), df == 0, NA)
  if (test == "Cp") table$Cp <- table[[intersect(c("Resid. Dev", "RSS"), names(table))]] + 2 * scale * (rows - table[[intersect(c("Resid. Df", "Res.Df"), names(table))]])
  else if (test == "F") {
    table$F <- replace(gained / abs(df), which(df == 0), NA)
    table[["Pr(>F)"]] <- .ratio_chance(table$F, free, rdf)
  } else {
    if (gains == "Rao") table$Rao <- gained
    table[["Pr(>Chi)"]] <- pchisq(gained, free, lower.tail = FALSE)
  }
  attr(table, "heading") <- heading
  table
}

# Columns of a table of variances by what they hold; whatever is no count, test or chance is a sum.
.anova_kinds <- list(count = "^(#?Df|Res\\.Df|Resid\\. Df)$", test = "^((F|Chisq)( .*)?|[tz] value|Cp|Rao|Rao score)$")

print.anova <- function(x, digits = max(getOption("digits") - 2L, 3L), signif.stars = getOption("show.signif.stars", TRUE), ...) {
  if (!is.null(attr(x, "heading"))) cat(attr(x, "heading"), sep = "\n")
  fine <- max(1L, min(5L, digits - 1L))
  last <- length(x)
  tested <- startsWith(names(x)[last], "Pr(")
  written <- function(name) {
    column <- x[[name]]
    known <- !is.na(column)
    round_off <- if (grepl(.anova_kinds$count, name)) identity else if (grepl(.anova_kinds$test, name) || tested && name == "LRT") function(v) round(v, fine) else function(v) zapsmall(v, digits)
    cells <- character(length(column))
    if (any(known)) cells[known] <- if (tested && name == names(x)[last]) format.pval(column[known], digits = fine) else format(round_off(column[known]), digits = digits)
    cells
  }
  cells <- matrix(vapply(names(x), written, character(nrow(x))), nrow(x), dimnames = list(row.names(x), names(x)))
  starred <- .starred(cells, if (tested) x[[last]], .stars_wanted(signif.stars))
  print.default(starred, quote = FALSE, right = TRUE)
  if (ncol(starred) > ncol(cells)) .print_legend()
  invisible(x)
}

changed_model <- function(object, sign, label) update(object, as.formula(paste("~ .", sign, label)), evaluate = FALSE)

drop1 <- function(object, scope, scale = 0, test = c("none", "Chisq", "F"), k = 2, ...) {
  test <- if (missing(test)) "none" else match.arg(test, .one_term_tests(object))
  own <- attr(object$terms, "term.labels")
  labels <- if (missing(scope)) drop.scope(object$terms) else if (is.character(scope)) scope else attr(terms(update.formula(formula(object), scope)), "term.labels")
  if (!all(labels %in% own)) stop("scope is not a subset of term labels")
  env <- parent.frame()
  fits <- lapply(labels, function(label) eval(changed_model(object, "-", label), env))
  one_term_table(object, fits, labels, "deletions", test, scale, k)
}

.one_term_tests <- function(object) if (inherits(object, "glm")) c("none", "Rao", "LRT", "Chisq", "F") else c("none", "Chisq", "F")

add1 <- function(object, scope, scale = 0, test = c("none", "Chisq", "F"), k = 2, ...) {
  if (missing(scope) || is.null(scope)) stop("no terms in scope")
  test <- if (missing(test)) "none" else match.arg(test, .one_term_tests(object))
  labels <- if (is.character(scope)) scope else add.scope(object, update.formula(formula(object), scope))
  if (!length(labels)) stop("no terms in scope for adding to object")
  env <- parent.frame()
  fits <- lapply(labels, function(label) eval(changed_model(object, "+", label), env))
  one_term_table(object, fits, labels, "additions", test, scale, k)
}

# A model beside those with one term less or more.
one_term_table <- function(object, fits, labels, what, test, scale, k) {
  all <- c(list(object), fits)
  dev <- vapply(all, deviance, 0)
  free <- vapply(all, function(one) as.numeric(one$df.residual), 0)
  facts <- list(dev = dev, free = free, df = c(NA, abs(free[-1L] - free[1L])), gained = c(NA, abs(dev[-1L] - dev[1L])), rows = length(object$residuals), scale = scale,
                smaller = what == "deletions")
  columns <- if (inherits(object, "glm")) .one_term_deviances(object, all, facts, test, k) else .one_term_squares(all, facts, test, k)
  .anova_table(Filter(function(column) !all(is.na(column)) || !length(fits), columns), c("<none>", labels),
               c(paste("Single term", what), "\nModel:", deparse(formula(object)), if (scale > 0) paste("\nscale: ", format(scale), "\n")))
}

# The F test of one term by the mean square that the larger of two models leaves.
.one_term_f <- function(facts) {
  larger <- if (facts$smaller) 1L else seq_along(facts$dev)
  ratio <- facts$gained / facts$df / (facts$dev / facts$free)[larger]
  list(`F value` = ratio, `Pr(>F)` = pf(ratio, facts$df, facts$free[larger], lower.tail = FALSE))
}

.one_term_squares <- function(all, facts, test, k) {
  criterion <- vapply(all, function(one) extractAIC(one, facts$scale, k = k)[2L], 0)
  made <- list(Df = facts$df, `Sum of Sq` = facts$gained, RSS = facts$dev)
  made[[if (facts$scale > 0) "Cp" else "AIC"]] <- criterion
  if (test == "F") return(c(made, .one_term_f(facts)))
  gain <- if (facts$scale > 0) facts$gained / facts$scale else facts$rows * abs(log(facts$dev / facts$dev[1L]))
  if (test == "Chisq") made[["Pr(>Chi)"]] <- replace(pchisq(gain, facts$df, lower.tail = FALSE), 1L, NA)
  made
}

.one_term_deviances <- function(object, all, facts, test, k) {
  spread <- if (facts$scale > 0) facts$scale else dispersion_of(object)
  misfit <- if (object$family$family == "gaussian") .normal_misfit(facts$dev, facts$rows, facts$scale) else facts$dev / spread
  criterion <- misfit + k * vapply(all, function(one) as.numeric(one$rank), 0)
  made <- list(Df = facts$df, Deviance = facts$dev, AIC = criterion + extractAIC(object, k = k)[2L] - criterion[1L])
  if (test == "none") return(made)
  if (test == "F") {
    if (.dispersion_fixed(object)) warning(gettextf("F test assumes '%s' family", paste0("quasi", object$family$family)), domain = NA, call. = FALSE)
    return(c(made, .one_term_f(facts)))
  }
  pairs <- lapply(all[-1L], function(one) if (facts$smaller) list(small = one, large = object) else list(small = object, large = one))
  gain <- if (test == "Rao") c(NA, vapply(pairs, function(pair) .score_gain(pair$small, model.matrix(pair$large)), 0)) else facts$gained
  titles <- if (test == "Rao") c("Rao score", "scaled Rao sc.") else c("LRT", "scaled dev.")
  made[[titles[1L + (spread != 1)]]] <- gain / spread
  made[["Pr(>Chi)"]] <- pchisq(gain / spread, facts$df, lower.tail = FALSE)
  made
}

step <- function(object, scope, scale = 0, direction = c("both", "backward", "forward"), trace = 1, keep = NULL, steps = 1000, k = 2, ...) {
  direction <- if (missing(direction) && missing(scope)) "backward" else match.arg(direction)
  if (missing(scope)) lower <- upper <- NULL
  else {
    if (!is.list(scope)) scope <- list(upper = scope)
    lower <- if (!is.null(scope$lower)) attr(terms(update.formula(formula(object), scope$lower)), "term.labels")
    upper <- if (!is.null(scope$upper)) attr(terms(update.formula(formula(object), scope$upper)), "term.labels")
  }
  env <- parent.frame()
  best <- extractAIC(object, scale, k = k)
  first <- object
  size <- nobs(object, use.fallback = TRUE)
  path <- list(list("", deviance(object), size - best[1L], best[2L]))
  kept <- if (!is.null(keep)) list(keep(object, best[2L]))
  if (trace > 0) cat("Start:  AIC=", format(round(best[2L], 2L)), "\n", deparse1(formula(object)), "\n\n", sep = "")
  for (turn in seq_len(steps)) {
    present <- attr(object$terms, "term.labels")
    out <- if (direction != "forward") setdiff(drop.scope(object$terms), lower)
    into <- if (direction != "backward") setdiff(upper, present)
    table <- NULL
    if (length(out)) table <- one_term_table(object, lapply(out, function(one) eval(changed_model(object, "-", one), env)), paste("-", out), "deletions", "none", scale, k)
    if (length(into)) {
      more <- one_term_table(object, lapply(into, function(one) eval(changed_model(object, "+", one), env)), paste("+", into), "additions", "none", scale, k)
      table <- if (is.null(table)) more else rbind(as.data.frame(table), as.data.frame(more)[-1L, , drop = FALSE])
    }
    if (is.null(table)) break
    value <- table[[if (scale > 0 && "Cp" %in% names(table)) "Cp" else "AIC"]]
    order_now <- order(value)
    if (trace > 0) print.anova(structure(as.data.frame(table)[order_now, , drop = FALSE], class = c("anova", "data.frame"), heading = NULL))
    chosen <- order_now[1L]
    if (chosen == 1L) break
    label <- row.names(table)[chosen]
    object <- eval(changed_model(object, substr(label, 1L, 1L), substring(label, 3L)), env)
    now <- extractAIC(object, scale, k = k)
    if (now[2L] >= best[2L] + 1e-7) break
    best <- now
    path[[length(path) + 1L]] <- list(label, deviance(object), size - best[1L], best[2L])
    if (!is.null(keep)) kept <- c(kept, list(keep(object, best[2L])))
    if (trace > 0) cat("\nStep:  AIC=", format(round(best[2L], 2L)), "\n", deparse1(formula(object)), "\n\n", sep = "")
  }
  object$anova <- model_path(path, first, object, scale)
  if (!is.null(keep)) object$keep <- matrix(unlist(kept, recursive = FALSE), nrow = length(kept[[1L]]), dimnames = list(names(kept[[1L]]), NULL))
  object
}

# What each step did, and to which deviance and criterion it led.
model_path <- function(path, first, last, scale) {
  deviances <- vapply(path, `[[`, 0, 2L)
  free <- vapply(path, `[[`, 0, 3L)
  made <- data.frame(Step = I(vapply(path, `[[`, "", 1L)), Df = c(NA, diff(free)), Deviance = c(NA, abs(diff(deviances))), `Resid. Df` = free,
    `Resid. Dev` = deviances, AIC = vapply(path, `[[`, 0, 4L), check.names = FALSE)
  if (scale > 0) names(made)[6L] <- "Cp"
  attr(made, "heading") <- c("Stepwise Model Path \nAnalysis of Deviance Table", "\nInitial Model:", deparse(formula(first)), "\nFinal Model:", deparse(formula(last)), "\n")
  made
}

# The fit of a call's arguments by another function, under the call itself.
.fit_by <- function(call, fitter, place, without = character()) {
  asked <- as.list(call)[-1L]
  fit <- eval(as.call(c(fitter, asked[!seq_along(asked) %in% match(without, names(asked))])), place)
  fit$call <- call
  fit
}

aov <- function(formula, data = NULL, projections = FALSE, qr = TRUE, contrasts = NULL, ...) {
  call <- match.call()
  if ("Error" %in% all.names(formula)) return(aov_strata(formula, data, contrasts, call, parent.frame()))
  fit <- .fit_by(call, quote(stats::lm), parent.frame(), "projections")
  structure(fit, class = if (inherits(fit, "mlm")) c("maov", "aov", "mlm", "lm") else c("aov", "lm"))
}

# An analysis of variance keeps to itself the coefficients that could not be found.
coef.aov <- function(object, complete = FALSE, ...) {
  found <- object$coefficients
  if (complete || is.matrix(found)) found else found[!is.na(found)]
}

print.aov <- function(x, ...) {
  if (!is.null(x$call)) .show_call(x$call, "Call:\n   ", "\n   ", "\n")
  print_terms(x)
  invisible(x)
}

print_terms <- function(x) {
  parts <- aov_parts(x)
  shown <- rbind(format(zapsmall(c(parts$ss, deviance(x)))), format(c(parts$df, x$df.residual)))
  cat("\nTerms:\n")
  print.default(structure(shown, dimnames = list(c("Sum of Squares", "Deg. of Freedom"), c(parts$labels, "Residuals"))), quote = FALSE, right = TRUE)
  .show_errors_of(x, "Residual standard error:", format(sqrt(deviance(x) / x$df.residual)))
  invisible(x)
}

# What stands below the terms: errors, what could not be estimated, and whether the design is balanced.
.show_errors_of <- function(x, title, errors) {
  cat("\n", title, " ", paste(errors, collapse = " "), "\n", sep = "")
  if (!x$rank) return(invisible())
  lost <- sum(is.na(as.matrix(x$coefficients)[, 1L]))
  if (lost) cat(lost, "out of", NROW(x$coefficients), "effects not estimable\n")
  cat("Estimated effects ", if (balanced_effects(x)) "are balanced" else "may be unbalanced", "\n", sep = "")
  if (nzchar(naprint(x$na.action))) cat(naprint(x$na.action), "\n", sep = "")
}

# Whether the first columns of the terms' contrasts stand at right angles.
balanced_effects <- function(x) {
  upper <- qr.R(x$qr)
  off <- max(abs(upper[upper.tri(upper)]), 0)
  off < 1e-08 * max(abs(upper))
}

summary.aov <- function(object, intercept = FALSE, split, expand.split = TRUE, keep.zero.df = TRUE, ...) {
  .unsupported(intercept, split, expand.split, keep.zero.df, "see anova(), and summary.lm() of the fit")
  if (is.matrix(object$residuals)) return(summary.maov(object))
  parts <- aov_parts(object)
  rdf <- object$df.residual
  ss <- c(parts$ss, if (rdf > 0) deviance(object))
  df <- c(parts$df, if (rdf > 0) rdf)
  ms <- ss / df
  made <- data.frame(Df = as.numeric(df), `Sum Sq` = ss, `Mean Sq` = ms, check.names = FALSE)
  if (rdf > 0) {
    f <- ms / ms[length(ms)]
    p <- pf(f, df, rdf, lower.tail = FALSE)
    f[length(f)] <- p[length(p)] <- NA
    made[["F value"]] <- f
    made[["Pr(>F)"]] <- p
  }
  leading <- if (is.null(object$assign) || 0L %in% object$assign) "(Intercept)"
  row.names(made) <- format(c(leading, parts$labels, if (rdf > 0) "Residuals"))[seq_len(nrow(made)) + length(leading)]
  structure(list(structure(made, class = c("anova", "data.frame"))), class = c("summary.aov", "listof"), na.action = object$na.action)
}

print.summary.aov <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  if (length(x) > 1L) {
    for (name in names(x)) {
      cat(name, ":\n")
      print.anova(structure(x[[name]], heading = NULL), ...)
      cat("\n")
    }
    return(invisible(x))
  }
  table <- x[[1L]]
  attr(table, "heading") <- NULL
  print.anova(table, digits = digits, ...)
  if (nzchar(naprint(attr(x, "na.action")))) cat(naprint(attr(x, "na.action")), "\n", sep = "")
  invisible(x)
}
