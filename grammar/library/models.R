# Linear models: least squares, summaries, predictions.

lm <- function(formula, data, subset, weights, na.action, method = "qr", model = TRUE, x = FALSE, y = FALSE, qr = TRUE,
               singular.ok = TRUE, contrasts = NULL, offset, ...) {
  call <- match.call()
  frame <- frame_of_call(call, parent.frame())
  if (method == "model.frame") return(frame)
  object <- attr(frame, "terms")
  response <- model.response(frame)
  shift <- model.offset(frame)
  w <- model.weights(frame)
  if (!is.null(w) && !is.numeric(w)) stop("'weights' must be a numeric vector")
  design <- model.matrix.default(object, frame, contrasts)
  fit <- if (is.null(w)) lm.fit(design, response, offset = shift, singular.ok = singular.ok)
    else lm.wfit(design, response, w, offset = shift, singular.ok = singular.ok)
  class(fit) <- c(if (is.matrix(response)) "mlm", "lm")
  fit$na.action <- attr(frame, "na.action")
  fit$offset <- shift
  fit$contrasts <- attr(design, "contrasts")
  fit$xlevels <- frame_levels(frame)
  fit$call <- call
  fit$terms <- object
  if (model) fit$model <- frame
  if (x) fit$x <- design
  if (y) fit$y <- response
  if (!qr) fit$qr <- NULL
  fit
}

lm.fit <- function(x, y, offset = NULL, method = "qr", tol = 1e-07, singular.ok = TRUE, ...) {
  if (NROW(y) != nrow(x)) stop("incompatible dimensions")
  if (nrow(x) == 0L) stop("0 (non-NA) cases")
  if (is.character(y)) storage.mode(y) <- "double"
  if (is.numeric(x) && !all(is.finite(x))) stop("NA/NaN/Inf in 'x'")
  if (is.numeric(y) && !all(is.finite(y))) stop("NA/NaN/Inf in 'y'")
  if (is.matrix(y) && ncol(y) == 1L) y <- drop(y)
  target <- if (is.null(offset)) y else y - offset
  basis <- qr(x, tol = tol)
  rank <- basis$rank
  if (!singular.ok && rank < ncol(x)) stop("singular fit encountered")
  coefficients <- qr.coef(basis, target)
  effects <- qr.qty(basis, target)
  terms <- colnames(x)
  if (is.null(terms)) terms <- paste0("x", seq_len(ncol(x)), recycle0 = TRUE)
  if (is.matrix(coefficients)) dimnames(coefficients) <- list(terms, colnames(y))
  else if (length(terms)) names(coefficients) <- terms
  labels <- terms[basis$pivot[seq_len(rank)]]
  residuals <- qr.resid(basis, target)
  fitted <- y - residuals
  several <- is.matrix(y)
  if (several) {
    dimnames(effects) <- list(c(labels, rep.int("", nrow(x) - rank)), colnames(y))
    dimnames(residuals) <- dimnames(fitted) <- dimnames(y)
  } else {
    names(effects) <- c(labels, rep.int("", nrow(x) - rank))
    names(residuals) <- names(fitted) <- if (is.null(names(y))) row.names(x) else names(y)
  }
  list(coefficients = coefficients, residuals = residuals, effects = effects, rank = rank, fitted.values = fitted,
       assign = attr(x, "assign"), qr = structure(c(unclass(basis)[c("qr", "qraux", "pivot")], tol = tol, rank = rank), class = "qr"), df.residual = nrow(x) - rank)
}

lm.wfit <- function(x, y, w, offset = NULL, method = "qr", tol = 1e-07, singular.ok = TRUE, ...) {
  if (any(w < 0 | is.na(w))) stop("missing or negative weights not allowed")
  if (is.matrix(y) && ncol(y) == 1L) y <- drop(y)
  target <- if (is.null(offset)) y else y - offset
  used <- w != 0
  root <- sqrt(w[used])
  fit <- lm.fit(structure(x[used, , drop = FALSE] * root, assign = attr(x, "assign")), if (is.matrix(y)) target[used, , drop = FALSE] * root else target[used] * root,
                tol = tol, singular.ok = singular.ok)
  left <- target
  if (all(used)) left[] <- fit$residuals / root
  else {
    found <- fit$coefficients
    found[is.na(found)] <- 0
    left[] <- target - x %*% found
    if (is.matrix(y)) left[used, ] <- fit$residuals / root else left[used] <- fit$residuals / root
  }
  fit$residuals <- left
  fit$fitted.values <- y - fit$residuals
  fit$weights <- w
  fit[c("coefficients", "residuals", "fitted.values", "effects", "weights", "rank", "assign", "qr", "df.residual")]
}

print.lm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  if (length(coef(x))) {
    cat("Coefficients:\n")
    print.default(format(coef(x), digits = digits), print.gap = 2L, quote = FALSE)
  } else cat("No coefficients\n")
  cat("\n")
  invisible(x)
}

coef <- function(object, ...) UseMethod("coef")

coef.default <- function(object, ...) object$coefficients

coefficients <- function(object, ...) coef(object, ...)

residuals <- function(object, ...) UseMethod("residuals")

residuals.default <- function(object, ...) naresid(object$na.action, object$residuals)

residuals.lm <- function(object, type = c("working", "response", "deviance", "pearson", "partial"), ...) {
  type <- match.arg(type)
  rest <- object$residuals
  if (type %in% c("deviance", "pearson") && !is.null(object$weights)) rest <- rest * sqrt(object$weights)
  naresid(object$na.action, rest)
}

resid <- function(object, ...) residuals(object, ...)

# Values for the rows that na.exclude has left out.
naresid <- function(omit, x, ...) {
  if (!inherits(omit, "exclude")) return(x)
  size <- NROW(x) + length(omit)
  place <- rep(NA_integer_, size)
  place[-as.vector(omit)] <- seq_len(NROW(x))
  made <- if (is.matrix(x)) x[place, , drop = FALSE] else x[place]
  labels <- character(size)
  labels[-as.vector(omit)] <- if (is.matrix(x)) rownames(x) else names(x)
  labels[as.vector(omit)] <- names(omit)
  if (is.matrix(x)) rownames(made) <- labels else names(made) <- labels
  made
}

napredict <- function(omit, x, ...) naresid(omit, x)

na.exclude <- function(object, ...) {
  made <- na.omit(object)
  if (!is.null(attr(made, "na.action"))) class(attr(made, "na.action")) <- "exclude"
  made
}

fitted <- function(object, ...) UseMethod("fitted")

fitted.default <- function(object, ...) naresid(object$na.action, object$fitted.values)

fitted.values <- function(object, ...) fitted(object, ...)

weighted_rows <- function(object) {
  rest <- object$residuals
  if (is.null(object$weights)) rest else sqrt(object$weights) * rest
}

weighted.residuals <- function(obj, drop0 = TRUE) {
  rest <- residuals(obj, type = "deviance")
  if (drop0 && !is.null(obj$weights)) rest[obj$weights != 0] else rest
}

deviance <- function(object, ...) UseMethod("deviance")

deviance.default <- function(object, ...) object$deviance

deviance.lm <- function(object, ...) sum(weighted_rows(object)^2, na.rm = TRUE)

df.residual <- function(object, ...) UseMethod("df.residual")

df.residual.default <- function(object, ...) object$df.residual

nobs <- function(object, ...) UseMethod("nobs")

nobs.default <- function(object, ...) length(object$residuals)

nobs.lm <- function(object, ...) if (is.null(object$weights)) NROW(object$residuals) else sum(object$weights != 0)

nobs.glm <- function(object, ...) if (is.null(object$prior.weights)) length(object$residuals) else sum(object$prior.weights != 0)

sigma <- function(object, ...) sqrt(deviance(object) / object$df.residual)

effects <- function(object, ...) structure(object$effects, assign = object$assign, class = "coef")[seq_along(object$effects)]

case.names <- function(object, ...) names(residuals(object))

variable.names <- function(object, ...) names(coef(object))[!is.na(coef(object))]

# The unscaled covariance of the coefficients that were found, in their own order.
unscaled <- function(object) {
  rank <- object$rank
  first <- seq_len(rank)
  made <- chol2inv(qr.R(object$qr)[first, first, drop = FALSE])
  labels <- if (is.matrix(object$coefficients)) rownames(object$coefficients) else names(object$coefficients)
  labels <- labels[object$qr$pivot[first]]
  dimnames(made) <- list(labels, labels)
  made
}

vcov <- function(object, ...) UseMethod("vcov")

vcov.lm <- function(object, ...) {
  short <- summary.lm(object, ...)
  with_aliased(short$sigma^2 * short$cov.unscaled, object$coefficients)
}

with_aliased <- function(found, coefficients) {
  if (!anyNA(coefficients)) return(found)
  labels <- names(coefficients)
  made <- matrix(NA_real_, length(labels), length(labels), dimnames = list(labels, labels))
  made[rownames(found), colnames(found)] <- found
  made
}

confint <- function(object, parm, level = 0.95, ...) UseMethod("confint")

confint.lm <- function(object, parm, level = 0.95, ...) interval_table(object, parm, level, qt(c((1 - level) / 2, (1 + level) / 2), object$df.residual))

# Where the profile of the deviance leaves the bounds: each coefficient is moved in steps, the others fitted anew.
confint.glm <- function(object, parm, level = 0.95, trace = FALSE, ...) {
  message("Waiting for profiling to be done...")
  found <- coef(object)
  labels <- names(found)
  if (missing(parm)) parm <- labels
  else if (is.numeric(parm)) parm <- labels[parm]
  tails <- c((1 - level) / 2, (1 + level) / 2)
  cutoff <- qnorm(tails)
  made <- matrix(NA_real_, length(parm), 2L, dimnames = list(parm, paste(format(100 * tails, trim = TRUE, scientific = FALSE, digits = 3), "%")))
  for (name in parm) {
    if (is.na(found[[name]])) next
    points <- profile_points(object, match(name, labels), (1 - level) / 4)
    line <- spline(points$value, points$z)
    made[name, ] <- approx(line$y, line$x, xout = cutoff)$y
  }
  drop(made)
}

profile_points <- function(object, at, alpha, most = 10L) {
  found <- coef(object)
  known <- which(!is.na(found))
  design <- model.matrix(object)
  response <- model.response(model.frame(object))
  if (is.matrix(response) || is.factor(response)) response <- object$y
  shift <- if (is.null(object$offset)) rep(0, nrow(design)) else object$offset
  short <- summary(object)
  fixed <- object$family$family %in% c("binomial", "poisson")
  far <- sqrt(if (fixed) qchisq(1 - alpha, 1) else qf(1 - alpha, 1, nrow(design) - length(known)))
  step_size <- far / 5 * short$coefficients[names(found)[at], "Std. Error"]
  rest <- design[, setdiff(known, at), drop = FALSE]
  value <- found[[at]]
  z <- 0
  for (side in c(-1, 1)) {
    line <- as.vector(design[, known, drop = FALSE] %*% found[known]) + shift
    last <- 0
    step <- 1L
    while (step < most && abs(last) < far) {
      here <- found[[at]] + side * step * step_size
      moved <- shift + design[, at] * here
      fit <- if (ncol(rest)) glm.fit(rest, response, object$prior.weights, etastart = line, offset = moved, family = object$family,
                                     control = object$control)
      line <- if (ncol(rest)) as.vector(rest %*% fit$coefficients) + moved else moved
      left <- if (ncol(rest)) fit$deviance
              else sum(object$family$dev.resids(response, object$family$linkinv(line), object$prior.weights))
      gain <- (left - object$deviance) / short$dispersion
      if (gain <= -1e-3) stop("profiling has found a better solution, so original fit had not converged")
      last <- side * sqrt(max(gain, 0))
      value <- c(value, here)
      z <- c(z, last)
      step <- step + 1L
    }
  }
  order <- order(value)
  list(value = value[order], z = z[order])
}

confint.default <- function(object, parm, level = 0.95, ...) interval_table(object, parm, level, qnorm(c((1 - level) / 2, (1 + level) / 2)))

interval_table <- function(object, parm, level, factor) {
  found <- coef(object)
  if (missing(parm)) parm <- names(found)
  else if (is.numeric(parm)) parm <- names(found)[parm]
  errors <- sqrt(diag(vcov(object)))[parm]
  made <- found[parm] + errors %o% factor
  dimnames(made) <- list(parm, paste(format(100 * c((1 - level) / 2, (1 + level) / 2), trim = TRUE, scientific = FALSE, digits = 3), "%"))
  made
}

# Every response of a model for several is a model of its own.
summary.mlm <- function(object, ...) {
  responses <- colnames(object$coefficients)
  if (is.null(responses)) responses <- paste0("Y", seq_len(ncol(object$coefficients)))
  left <- object$terms[[2L]]
  written <- if (is.call(left) && identical(left[[1L]], as.name("cbind"))) as.list(left)[-1L]
  made <- lapply(seq_along(responses), function(k) {
    one <- object
    for (part in c("coefficients", "residuals", "effects", "fitted.values")) one[[part]] <- object[[part]][, k]
    one$call$formula[[2L]] <- one$terms[[2L]] <- if (length(written)) written[[k]] else as.name(responses[k])
    class(one) <- "lm"
    summary(one, ...)
  })
  structure(made, names = paste("Response", responses), class = "listof")
}

summary.lm <- function(object, correlation = FALSE, ...) {
  fitted <- object$fitted.values
  w <- object$weights
  rest <- weighted_rows(object)
  rdf <- object$df.residual
  rank <- object$rank
  made <- list(call = object$call, terms = object$terms)
  if (!is.null(w)) made$weights <- w
  made$residuals <- rest
  labels <- names(object$coefficients)
  intercept <- attr(object$terms, "intercept") == 1L
  if (rank == 0L) {
    table <- matrix(NA_real_, 0L, 4L)
    cov <- matrix(NA_real_, 0L, 0L)
    sigma <- sqrt(sum(rest^2) / rdf)
  } else {
    if (!is.null(object$offset)) fitted <- fitted - object$offset
    used <- if (is.null(w)) rep(1, length(fitted)) else w
    total <- sum(used * (fitted - if (intercept) sum(used * fitted) / sum(used) else 0)^2)
    left <- sum(rest^2)
    variance <- left / rdf
    if (is.finite(variance) && variance < (mean(fitted)^2 + var(c(fitted))) * 1e-30)
      warning("essentially perfect fit: summary may be unreliable")
    cov <- unscaled(object)
    found <- object$coefficients[object$qr$pivot[seq_len(rank)]]
    errors <- sqrt(diag(cov) * variance)
    t <- found / errors
    table <- cbind(found, errors, t, 2 * pt(abs(t), rdf, lower.tail = FALSE))
    rownames(table) <- names(found)
    sigma <- sqrt(variance)
  }
  colnames(table) <- c("Estimate", "Std. Error", "t value", "Pr(>|t|)")
  made$coefficients <- table
  made$aliased <- is.na(object$coefficients)
  made$sigma <- sigma
  made$df <- c(rank, rdf, length(labels))
  if (rank != intercept) {
    model_df <- rank - intercept
    made$r.squared <- total / (total + left)
    made$adj.r.squared <- 1 - (1 - made$r.squared) * ((length(rest[if (is.null(w)) TRUE else w != 0]) - intercept) / rdf)
    made$fstatistic <- c(value = total / model_df / variance, numdf = model_df, dendf = rdf)
  } else made$r.squared <- made$adj.r.squared <- 0
  made$cov.unscaled <- cov
  if (correlation && rank > 0L) made$correlation <- cov2cor(cov)
  if (!is.null(object$na.action)) made$na.action <- object$na.action
  class(made) <- "summary.lm"
  made
}

predict <- function(object, ...) UseMethod("predict")

# Design matrix and offset of new data.
new_design <- function(object, newdata, na.action = na.pass) {
  Terms <- delete.response(object$terms)
  frame <- model.frame(Terms, newdata, na.action = na.action, xlev = object$xlevels)
  shift <- model.offset(frame)
  given <- object$call$offset
  if (!is.null(given)) shift <- (if (is.null(shift)) 0 else shift) + eval(given, newdata, environment(object$terms))
  list(design = model.matrix.default(Terms, frame, object$contrasts), offset = shift)
}

predict.lm <- function(object, newdata, se.fit = FALSE, scale = NULL, df = Inf, interval = c("none", "confidence", "prediction"),
                       level = 0.95, type = c("response", "terms"), terms = NULL, na.action = na.pass, pred.var, weights = 1, ...) {
  interval <- match.arg(interval)
  type <- match.arg(type)
  if (type == "terms") return(term_predictions(object, if (missing(newdata)) NULL else newdata, terms, na.action))
  if (missing(newdata) || is.null(newdata)) {
    design <- model.matrix(object)
    shift <- object$offset
    if (interval == "prediction") warning("predictions on current data refer to _future_ responses\n")
  } else {
    made <- new_design(object, newdata, na.action)
    design <- made$design
    shift <- made$offset
  }
  rank <- object$rank
  kept <- object$qr$pivot[seq_len(rank)]
  if (rank < ncol(design) && !(missing(newdata) || is.null(newdata))) warning("prediction from a rank-deficient fit may be misleading")
  if (is.matrix(object$coefficients)) return(design[, kept, drop = FALSE] %*% object$coefficients[kept, , drop = FALSE])
  fit <- drop(design[, kept, drop = FALSE] %*% object$coefficients[kept])
  if (length(fit) == 1L) names(fit) <- rownames(design)
  if (!is.null(shift)) fit <- fit + shift
  if (!se.fit && interval == "none") return(if (missing(newdata)) naresid(object$na.action, fit) else fit)
  own <- is.null(scale)
  if (own) {
    df <- object$df.residual
    scale <- sqrt(deviance.lm(object) / df)
  }
  spread <- rowSums((design[, kept, drop = FALSE] %*% unscaled(object)) * design[, kept, drop = FALSE]) * scale^2
  if (interval != "none") {
    reach <- qt((1 - level) / 2, df)
    wide <- reach * sqrt(spread + if (interval != "prediction") 0 else if (missing(pred.var)) scale^2 / weights else pred.var)
    fit <- cbind(fit = fit, lwr = fit + wide, upr = fit - wide)
  }
  if (!se.fit) return(fit)
  errors <- sqrt(spread)
  if (length(errors) == 1L) errors <- unname(errors)
  list(fit = fit, se.fit = errors, df = df, residual.scale = scale)
}

term_predictions <- function(object, newdata, terms = NULL, na.action = na.pass) {
  own <- model.matrix(object)
  design <- if (is.null(newdata)) own else new_design(object, newdata, na.action)$design
  assign <- attr(own, "assign")
  found <- object$coefficients
  found[is.na(found)] <- 0
  middle <- colMeans(own)
  labels <- attr(object$terms, "term.labels")
  made <- vapply(seq_along(labels), function(t) as.vector(sweep(design, 2, middle)[, assign == t, drop = FALSE] %*% found[assign == t]), numeric(nrow(design)))
  made <- matrix(made, nrow(design), dimnames = list(rownames(design), labels))
  structure(if (is.null(terms)) made else made[, terms, drop = FALSE], constant = sum(middle * found))
}

probability_text <- function(p, digits, eps = .Machine$double.eps) {
  tiny <- p < eps
  texts <- character(length(p))
  fixed <- !tiny & floor(log10(ifelse(p > 0, p, 1e-50))) >= -4
  if (any(fixed)) texts[fixed] <- format(p[fixed], digits = digits)
  small <- !tiny & !fixed
  if (any(small)) texts[small] <- format(p[small], digits = digits)
  if (any(tiny)) {
    digits <- max(1L, digits - 2L)
    gap <- " "
    if (any(!tiny)) {
      width <- max(nchar(texts[!tiny]))
      if (digits > 1L && digits + 6L > width) digits <- max(1L, width - 7L)
      if (digits == 1L && width <= 6L) gap <- ""
    } else if (digits == 1L) gap <- ""
    texts[tiny] <- paste("<", format(eps, digits = digits), sep = gap)
  }
  texts
}

format.pval <- function(pv, digits = max(1L, getOption("digits") - 2L), eps = .Machine$double.eps, na.form = "NA", ...) {
  texts <- rep(na.form, length(pv))
  texts[!is.na(pv)] <- probability_text(pv[!is.na(pv)], digits, eps)
  texts
}

printCoefmat <- function(x, digits = max(3L, getOption("digits") - 2L), signif.stars = getOption("show.signif.stars", TRUE),
                         signif.legend = signif.stars, dig.tst = max(1L, min(5L, digits - 1L)), cs.ind = seq_len(k), tst.ind = k + 1L,
                         zap.ind = integer(), P.values = has.Pvalue,
                         has.Pvalue = ncol(x) >= 4L && substr(colnames(x)[ncol(x)], 1L, 3L) %in% c("Pr(", "p-v"),
                         eps.Pvalue = .Machine$double.eps, na.print = "NA", quote = FALSE, right = TRUE, ...) {
  x <- as.matrix(x)
  last <- ncol(x)
  k <- last - has.Pvalue - 1L
  cells <- matrix("", nrow(x), last, dimnames = dimnames(x))
  for (i in zap.ind) x[, i] <- zapsmall(x[, i], digits)
  if (length(cs.ind)) {
    size <- x[, cs.ind, drop = FALSE]
    shown <- abs(size[is.finite(size) & size != 0])
    before <- 1 + if (length(shown)) floor(log10(range(shown))) else 0
    cells[, cs.ind] <- format(round(size, max(1L, digits - before)), digits = digits)
  }
  if (length(tst.ind)) cells[, tst.ind] <- format(round(x[, tst.ind], dig.tst), digits = digits)
  for (i in setdiff(seq_len(last), c(cs.ind, tst.ind, if (has.Pvalue) last))) cells[, i] <- format(x[, i], digits = digits)
  # What rounding has made zero is shown with fewer digits instead.
  for (i in setdiff(seq_len(last), c(tst.ind, if (has.Pvalue) last))) {
    lost <- which(!is.na(x[, i]) & x[, i] != 0 & suppressWarnings(as.numeric(cells[, i])) == 0)
    if (length(lost)) cells[lost, i] <- format(x[lost, i], digits = max(1L, digits - 1L))
  }
  cells[is.na(x)] <- na.print
  cells[is.nan(x)] <- "NaN"
  stars <- FALSE
  if (P.values) {
    p <- x[, last]
    known <- !is.na(p)
    if (any(known)) {
      cells[known, last] <- format.pval(p[known], digits = dig.tst, eps = eps.Pvalue)
      stars <- signif.stars && any(p[known] < 0.1)
      if (stars) cells <- cbind(cells, format(significance_marks(p)))
    }
  }
  print.default(cells, quote = quote, right = right, na.print = na.print, ...)
  if (stars && signif.legend) cat("---\nSignif. codes:  0 \u2018***\u2019 0.001 \u2018**\u2019 0.01 \u2018*\u2019 0.05 \u2018.\u2019 0.1 \u2018 \u2019 1\n")
  invisible(x)
}

significance_marks <- function(p) {
  marks <- as.character(cut(p, c(-Inf, 0.001, 0.01, 0.05, 0.1, Inf), labels = c("***", "**", "*", ".", " ")))
  marks[is.na(marks)] <- ""
  marks
}

print.summary.lm <- function(x, digits = max(3L, getOption("digits") - 3L), signif.stars = getOption("show.signif.stars", TRUE), ...) {
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat(if (!is.null(x$weights) && diff(range(x$weights)) != 0) "Weighted ", "Residuals:\n", sep = "")
  rdf <- x$df[2L]
  if (rdf > 5L) {
    five <- zapsmall(quantile(x$residuals), digits + 1L)
    print(structure(as.vector(five), names = c("Min", "1Q", "Median", "3Q", "Max")), digits = digits)
  } else if (rdf > 0L) print(x$residuals, digits = digits)
  else cat("ALL ", x$df[1L], " residuals are 0: no residual degrees of freedom!\n", sep = "")
  if (length(x$aliased) == 0L) cat("\nNo Coefficients\n")
  else {
    lost <- x$df[3L] - x$df[1L]
    cat("\nCoefficients:", if (lost) paste0(" (", lost, " not defined because of singularities)"), "\n", sep = "")
    printCoefmat(whole_table(x$coefficients, x$aliased), digits = digits, signif.stars = signif.stars, na.print = "NA", ...)
  }
  cat("\nResidual standard error:", format(signif(x$sigma, digits)), "on", rdf, "degrees of freedom\n")
  if (nzchar(naprint(x$na.action))) cat("  (", naprint(x$na.action), ")\n", sep = "")
  f <- x$fstatistic
  if (!is.null(f)) {
    cat("Multiple R-squared: ", formatC(x$r.squared, digits = digits))
    cat(",\tAdjusted R-squared: ", formatC(x$adj.r.squared, digits = digits), "\nF-statistic:", formatC(f[1L], digits = digits),
        "on", f[2L], "and", f[3L], "DF,  p-value:", format.pval(pf(f[1L], f[2L], f[3L], lower.tail = FALSE), digits = digits))
    cat("\n")
  }
  print_correlation(x$correlation, digits)
  cat("\n")
  invisible(x)
}

print_correlation <- function(table, digits) {
  if (is.null(table) || ncol(table) < 2L) return(invisible())
  cat("\nCorrelation of Coefficients:\n")
  shown <- format(round(table, 2L), nsmall = 2L, digits = digits)
  shown[!lower.tri(shown)] <- ""
  print(shown[-1L, -ncol(table), drop = FALSE], quote = FALSE)
}

# A table of coefficients with rows of NA for those that could not be found.
whole_table <- function(table, aliased) {
  if (!any(aliased)) return(table)
  made <- matrix(NA_real_, length(aliased), ncol(table), dimnames = list(names(aliased), colnames(table)))
  made[!aliased, ] <- table[names(aliased)[!aliased], ]
  made
}

zapsmall <- function(x, digits = getOption("digits")) {
  if (length(digits) == 0L) stop("invalid 'digits'")
  known <- x[!is.na(x)]
  if (length(known) == 0L) return(x)
  largest <- max(abs(known))
  round(x, digits = if (largest > 0) max(0L, digits - log10(largest)) else digits)
}

labels.lm <- function(object, ...) attr(terms(object), "term.labels")
