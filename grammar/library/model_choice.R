# Models compared: analysis of variance and deviance, information criteria, terms added and dropped, influence of rows.

logLik <- function(object, ...) UseMethod("logLik")

logLik.lm <- function(object, REML = FALSE, ...) {
  rest <- object$residuals
  w <- if (is.null(object$weights)) rep.int(1, length(rest)) else object$weights
  rest <- rest[w != 0]
  w <- w[w != 0]
  size <- length(rest)
  if (REML) {
    # The restricted likelihood: that of the residuals' contrasts, which know nothing of the coefficients.
    free <- size - object$rank
    value <- 0.5 * (sum(log(w)) - free * (log(2 * pi) + 1 - log(free) + log(sum(w * rest^2)))) - sum(log(abs(diag(object$qr$qr)[seq_len(object$rank)])))
    return(structure(value, nall = size, nobs = free, df = object$rank + 1, class = "logLik"))
  }
  structure(0.5 * (sum(log(w)) - size * (log(2 * pi) + 1 - log(size) + log(sum(w * rest^2)))),
            nall = size, nobs = size, df = object$rank + 1L, class = "logLik")
}

logLik.glm <- function(object, ...) {
  count <- object$rank + if (object$family$family %in% c("gaussian", "Gamma", "inverse.gaussian")) 1L else 0L
  structure(count - object$aic / 2, nobs = nobs(object), df = count, class = "logLik")
}

print.logLik <- function(x, digits = getOption("digits"), ...) {
  cat("'log Lik.' ", paste(format(c(x), digits = digits), collapse = ", "), " (df=", format(attr(x, "df")), ")\n", sep = "")
  invisible(x)
}

AIC <- function(object, ..., k = 2) criteria(object, list(...), function(likelihood) k, "AIC", match.call())

BIC <- function(object, ...) criteria(object, list(...), function(likelihood) log(attr(likelihood, "nobs")), "BIC", match.call())

criteria <- function(object, others, price, label, call) {
  one <- function(likelihood) -2 * as.numeric(likelihood) + price(likelihood) * attr(likelihood, "df")
  if (!length(others)) return(one(if (inherits(object, "logLik")) object else logLik(object)))
  found <- lapply(c(list(object), others), logLik)
  call$k <- NULL
  made <- data.frame(df = vapply(found, attr, 0, "df"), value = vapply(found, one, 0), row.names = vapply(as.list(call)[-1L], deparse1, ""))
  names(made)[2L] <- label
  made
}

extractAIC <- function(fit, scale = 0, k = 2, ...) UseMethod("extractAIC")

extractAIC.lm <- function(fit, scale = 0, k = 2, ...) {
  size <- length(fit$residuals)
  df <- size - fit$df.residual
  rss <- deviance(fit)
  c(df, (if (scale > 0) rss / scale - size else size * log(rss / size)) + k * df)
}

extractAIC.glm <- function(fit, scale = 0, k = 2, ...) {
  df <- length(fit$residuals) - fit$df.residual
  c(df, fit$aic + (k - 2) * df)
}

anova <- function(object, ...) UseMethod("anova")

anova.lm <- function(object, ...) {
  others <- Filter(function(one) inherits(one, "lm"), list(...))
  if (length(others)) return(compared_models(c(list(object), others)))
  rest <- deviance(object)
  rdf <- object$df.residual
  first <- seq_len(object$rank)
  assign <- object$assign[object$qr$pivot[first]]
  labels <- attr(object$terms, "term.labels")
  present <- intersect(seq_along(labels), assign)
  ss <- c(vapply(present, function(t) sum(object$effects[first][assign == t]^2), 0), rest)
  df <- c(vapply(present, function(t) sum(assign == t), 0L), rdf)
  ms <- ss / df
  f <- ms / (rest / rdf)
  p <- pf(f, df, rdf, lower.tail = FALSE)
  f[length(f)] <- p[length(p)] <- NA
  if (rest < 1e-10 * sum(ss)) warning("ANOVA F-tests on an essentially perfect fit are unreliable")
  made <- data.frame(df, ss, ms, f, p, row.names = c(labels[present], "Residuals"))
  names(made) <- c("Df", "Sum Sq", "Mean Sq", "F value", "Pr(>F)")
  structure(made, heading = c("Analysis of Variance Table\n", paste("Response:", deparse1(formula(object)[[2L]]))), class = c("anova", "data.frame"))
}

model_lines <- function(models) {
  paste0("Model ", format(seq_along(models)), ": ", vapply(models, function(one) deparse1(formula(one)), ""), collapse = "\n")
}

compared_models <- function(models) {
  df <- vapply(models, function(one) as.numeric(one$df.residual), 0)
  rss <- vapply(models, deviance, 0)
  gained <- c(NA, -diff(rss))
  steps <- c(NA, -diff(df))
  scale <- rss[which.min(df)] / min(df)
  f <- gained / steps / scale
  p <- pf(f, abs(steps), min(df), lower.tail = FALSE)
  made <- data.frame(Res.Df = df, RSS = rss, Df = steps, `Sum of Sq` = gained, F = f, `Pr(>F)` = p, check.names = FALSE)
  structure(made, heading = c("Analysis of Variance Table\n", model_lines(models)), class = c("anova", "data.frame"))
}

anova.glm <- function(object, ..., dispersion = NULL, test = NULL) {
  others <- Filter(function(one) inherits(one, "glm"), list(...))
  if (!is.null(test)) test <- match.arg(test, c("Rao", "LRT", "Chisq", "F", "Cp"))
  if (length(others)) {
    models <- c(list(object), others)
    left <- vapply(models, function(one) as.numeric(one$df.residual), 0)
    dev <- vapply(models, function(one) one$deviance, 0)
    made <- data.frame(left, dev, c(NA, -diff(left)), c(NA, -diff(dev)))
    names(made) <- c("Resid. Df", "Resid. Dev", "Df", "Deviance")
    heading <- c("Analysis of Deviance Table\n", model_lines(models))
    biggest <- models[[which.min(left)]]
  } else {
    labels <- attr(object$terms, "term.labels")
    design <- model.matrix(object)
    assign <- attr(design, "assign")
    parts <- lapply(seq_along(labels)[-length(labels)], function(t)
      glm.fit(design[, assign <= t, drop = FALSE], object$y, object$prior.weights, offset = object$offset, family = object$family,
              control = object$control, intercept = attr(object$terms, "intercept") == 1L))
    left <- c(object$df.null, vapply(parts, function(one) as.numeric(one$df.residual), 0), if (length(labels)) object$df.residual)
    dev <- c(object$null.deviance, vapply(parts, function(one) one$deviance, 0), if (length(labels)) object$deviance)
    made <- data.frame(c(NA, -diff(left)), c(NA, -diff(dev)), left, dev, row.names = c("NULL", labels))
    names(made) <- c("Df", "Deviance", "Resid. Df", "Resid. Dev")
    heading <- paste0("Analysis of Deviance Table", "\n\nModel: ", object$family$family, ", link: ", object$family$link,
                      "\n\nResponse: ", deparse1(formula(object)[[2L]]), "\n\nTerms added sequentially (first to last)\n\n")
    biggest <- object
  }
  if (!is.null(test)) made <- with_test(made, test, if (is.null(dispersion)) dispersion_of(biggest) else dispersion, biggest$df.residual)
  structure(made, heading = heading, class = c("anova", "data.frame"))
}

with_test <- function(table, test, scale, rdf) {
  drop <- table[["Deviance"]]
  df <- table[["Df"]]
  if (test %in% c("Chisq", "LRT")) table[["Pr(>Chi)"]] <- pchisq(drop / scale * sign(df), abs(df), lower.tail = FALSE)
  else if (test == "F") {
    table[["F"]] <- drop / df / scale
    table[["Pr(>F)"]] <- pf(table[["F"]], abs(df), rdf, lower.tail = FALSE)
  } else if (test == "Cp") table[["Cp"]] <- table[["Resid. Dev"]] + 2 * scale * (nrow(table) - table[["Resid. Df"]])
  else stop("test \"", test, "\" is not available; use \"Chisq\", \"LRT\", \"F\" or \"Cp\"")
  table
}

print.anova <- function(x, digits = max(getOption("digits") - 2L, 3L), signif.stars = getOption("show.signif.stars", TRUE), ...) {
  heading <- attr(x, "heading")
  if (!is.null(heading)) cat(heading, sep = "\n")
  names_here <- names(x)
  last <- length(x)
  tested <- substr(names_here[last], 1L, 3L) == "Pr("
  fine <- max(1L, min(5L, digits - 1L))
  counts <- names_here %in% c("Df", "Res.Df", "Resid. Df", "#Df")
  tests <- names_here %in% c("F", "F value", "Chisq", "t value", "z value", "LRT") | grepl("^(F|Chisq) ", names_here)
  cells <- matrix("", nrow(x), last, dimnames = list(row.names(x), names_here))
  for (i in seq_len(last)) {
    column <- x[[i]]
    known <- !is.na(column)
    if (!any(known)) next
    cells[known, i] <- if (tested && i == last) format.pval(column[known], digits = fine)
      else if (counts[i]) format(column[known], digits = digits)
      else if (tests[i] && !(names_here[i] == "LRT" && !tested)) format(round(column[known], fine), digits = digits)
      else format(zapsmall(column[known], digits), digits = digits)
  }
  stars <- FALSE
  if (tested) {
    p <- x[[last]]
    stars <- signif.stars && any(p[!is.na(p)] < 0.1)
    if (stars) cells <- cbind(cells, format(significance_marks(p)))
  }
  print.default(cells, quote = FALSE, right = TRUE)
  if (stars) cat("---\nSignif. codes:  0 \u2018***\u2019 0.001 \u2018**\u2019 0.01 \u2018*\u2019 0.05 \u2018.\u2019 0.1 \u2018 \u2019 1\n")
  invisible(x)
}

# Labels of the terms that can go without leaving a term that contains them.
removable <- function(object) {
  factors <- attr(object, "factors")
  labels <- attr(object, "term.labels")
  if (!length(labels)) return(character())
  inside <- vapply(seq_along(labels), function(a) any(vapply(seq_along(labels), function(b)
    a != b && all(factors[factors[, a] > 0, b] > 0), NA)), NA)
  labels[!inside]
}

changed_model <- function(object, sign, label) update(object, as.formula(paste("~ .", sign, label)), evaluate = FALSE)

drop1 <- function(object, scope, scale = 0, test = c("none", "Chisq", "F"), k = 2, ...) {
  test <- match.arg(test)
  labels <- if (missing(scope)) removable(object$terms) else if (is.character(scope)) scope else attr(terms(scope), "term.labels")
  env <- parent.frame()
  fits <- lapply(labels, function(label) eval(changed_model(object, "-", label), env))
  one_term_table(object, fits, labels, "deletions", test, scale, k)
}

add1 <- function(object, scope, scale = 0, test = c("none", "Chisq", "F"), k = 2, ...) {
  test <- match.arg(test)
  labels <- if (is.character(scope)) scope else setdiff(attr(terms(update.formula(formula(object), scope)), "term.labels"), attr(object$terms, "term.labels"))
  env <- parent.frame()
  fits <- lapply(labels, function(label) eval(changed_model(object, "+", label), env))
  one_term_table(object, fits, labels, "additions", test, scale, k)
}

one_term_table <- function(object, fits, labels, what, test, scale, k) {
  general <- inherits(object, "glm")
  size <- length(object$residuals)
  left <- vapply(fits, function(one) as.numeric(one$df.residual), 0)
  dev <- vapply(fits, deviance, 0)
  criterion <- vapply(c(list(object), fits), function(one) extractAIC(one, scale, k = k)[2L], 0)
  change <- if (what == "deletions") left - object$df.residual else object$df.residual - left
  gained <- abs(dev - deviance(object))
  if (general) {
    spread <- if (scale > 0) scale else summary(object)$dispersion
    every <- c(deviance(object), dev)
    fitness <- if (object$family$family == "gaussian") {
      if (scale > 0) every / scale - size else size * log(every / size)
    } else if (spread > 0) every / spread else every
    criterion <- fitness + k * vapply(c(list(object), fits), function(one) as.numeric(one$rank), 0)
    criterion <- criterion + (extractAIC(object, k = k)[2L] - criterion[1L])
    made <- data.frame(c(NA, change), c(deviance(object), dev), criterion)
    names(made) <- c("Df", "Deviance", "AIC")
    spread <- dispersion_of(object)
    if (test == "Chisq") {
      made[[if (spread == 1) "LRT" else "scaled dev."]] <- c(NA, gained / spread)
      made[["Pr(>Chi)"]] <- c(NA, pchisq(gained / spread, change, lower.tail = FALSE))
    } else if (test == "F") {
      made[["F value"]] <- c(NA, gained / change / (deviance(object) / object$df.residual))
      made[["Pr(>F)"]] <- pf(made[["F value"]], c(NA, change), object$df.residual, lower.tail = FALSE)
    }
  } else {
    made <- data.frame(c(NA, change), c(NA, gained), c(deviance(object), dev), criterion)
    names(made) <- c("Df", "Sum of Sq", "RSS", if (scale > 0) "Cp" else "AIC")
    if (test == "F") {
      rdf <- if (what == "deletions") object$df.residual else left
      base <- if (what == "deletions") deviance(object) else dev
      made[["F value"]] <- c(NA, gained / change / (base / rdf))
      made[["Pr(>F)"]] <- pf(made[["F value"]], c(NA, change), c(NA, rep_len(rdf, length(change))), lower.tail = FALSE)
    } else if (test == "Chisq") {
      loss <- size * abs(log(c(deviance(object)) / dev))
      made[["Pr(>Chi)"]] <- c(NA, pchisq(loss, change, lower.tail = FALSE))
    }
  }
  row.names(made) <- c("<none>", labels)
  structure(made, heading = c(paste("Single term", what), "\nModel:", deparse(formula(object))), class = c("anova", "data.frame"))
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
    out <- if (direction != "forward") setdiff(removable(object$terms), lower)
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

hatvalues <- function(model, ...) {
  basis <- qr.Q(model$qr)[, seq_len(model$rank), drop = FALSE]
  found <- rowSums(basis^2)
  found[found > 1 - 10 * .Machine$double.eps] <- 1
  structure(found, names = names(model$residuals))
}

hat <- function(x, intercept = TRUE) {
  basis <- if (inherits(x, "qr")) x else qr(if (intercept) cbind(1, x) else as.matrix(x))
  rowSums(qr.Q(basis)[, seq_len(basis$rank), drop = FALSE]^2)
}

lm.influence <- function(model, do.coef = TRUE) {
  h <- hatvalues(model)
  rest <- if (inherits(model, "glm")) residuals(model, type = "deviance") else weighted_rows(model)
  rdf <- model$df.residual
  made <- list(hat = h)
  if (do.coef) {
    scaled <- if (is.null(model$weights)) model.matrix(model) else model.matrix(model) * sqrt(model$weights)
    moved <- scaled %*% unscaled(model) * (weighted_rows(model) / (1 - h))
    rownames(moved) <- names(h)
    made$coefficients <- moved
  }
  made$sigma <- sqrt(pmax((sum(rest^2) - rest^2 / (1 - h)) / (rdf - 1), 0))
  made[[if (inherits(model, "glm")) "dev.res" else "wt.res"]] <- rest
  made
}

influence <- function(model, ...) lm.influence(model, ...)

rstandard <- function(model, ...) {
  if (inherits(model, "glm")) return(residuals(model, type = "deviance") / sqrt(dispersion_of(model) * (1 - hatvalues(model))))
  weighted_rows(model) / (sigma(model) * sqrt(1 - hatvalues(model)))
}

rstudent <- function(model, ...) {
  found <- lm.influence(model, do.coef = FALSE)
  if (!inherits(model, "glm")) return(found$wt.res / (found$sigma * sqrt(1 - found$hat)))
  pearson <- residuals(model, type = "pearson")
  made <- sign(found$dev.res) * sqrt(found$dev.res^2 + found$hat * pearson^2 / (1 - found$hat))
  if (model$family$family %in% c("binomial", "poisson")) made else made / found$sigma
}

cooks.distance <- function(model, ...) {
  h <- hatvalues(model)
  if (inherits(model, "glm")) (residuals(model, type = "pearson") / (1 - h))^2 * h / (dispersion_of(model) * model$rank)
  else (weighted_rows(model) / (sigma(model) * (1 - h)))^2 * h / model$rank
}

dfbeta <- function(model, ...) lm.influence(model)$coefficients

aov <- function(formula, data = NULL, projections = FALSE, qr = TRUE, contrasts = NULL, ...) {
  call <- match.call()
  if ("Error" %in% all.names(formula)) return(aov_strata(formula, data, contrasts, call, parent.frame()))
  fitting <- call
  fitting[[1L]] <- quote(lm)
  fitting$projections <- NULL
  fit <- eval(fitting, parent.frame())
  fit$call <- call
  class(fit) <- if (inherits(fit, "mlm")) c("maov", "aov", "mlm", "lm") else c("aov", "lm")
  fit
}

aov_parts <- function(x) {
  first <- seq_len(x$rank)
  assign <- x$assign[x$qr$pivot[first]]
  labels <- attr(x$terms, "term.labels")
  present <- intersect(seq_along(labels), assign)
  list(labels = labels[present], ss = vapply(present, function(t) sum(x$effects[first][assign == t]^2), 0),
       df = vapply(present, function(t) sum(assign == t), 0L))
}

print.aov <- function(x, ...) {
  cat("Call:\n   ")
  cat(paste(deparse(x$call), collapse = "\n   "), "\n", sep = "")
  print_terms(x)
  invisible(x)
}

print_terms <- function(x) {
  parts <- aov_parts(x)
  cat("\nTerms:\n")
  table <- rbind(c(parts$ss, deviance(x)), c(parts$df, x$df.residual))
  shown <- rbind(format(zapsmall(table[1L, ])), format(table[2L, ]))
  dimnames(shown) <- list(c("Sum of Squares", "Deg. of Freedom"), c(parts$labels, "Residuals"))
  print.default(shown, quote = FALSE, right = TRUE)
  cat("\nResidual standard error: ", format(sqrt(deviance(x) / x$df.residual)), "\n", sep = "")
  if (anyNA(x$coefficients)) cat(sum(is.na(x$coefficients)), "out of", length(x$coefficients), "effects not estimable\n")
  cat("Estimated effects ", if (balanced_effects(x)) "are balanced" else "may be unbalanced", "\n", sep = "")
  invisible(x)
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
