# What may be asked of a fitted model: coefficients, residuals, covariances, intervals, predictions.

coef <- function(object, ...) UseMethod("coef")

coef.default <- function(object, ...) object$coefficients

coefficients <- function(object, ...) coef(object, ...)

residuals <- function(object, ...) UseMethod("residuals")

residuals.default <- function(object, ...) naresid(object$na.action, object$residuals)

residuals.lm <- function(object, type = c("working", "response", "deviance", "pearson", "partial"), ...) {
  kind <- match.arg(type)
  naresid(object$na.action, if (kind == "partial") .partial_residuals(object) else if (kind %in% c("deviance", "pearson")) weighted_rows(object) else object$residuals)
}

resid <- function(object, ...) residuals(object, ...)

# Values for the rows that na.exclude has left out.
naresid <- function(omit, x, ...) {
  if (!inherits(omit, "exclude") || !length(x)) return(x)
  gone <- as.vector(omit)
  size <- NROW(x) + length(gone)
  kept <- setdiff(seq_len(size), gone)
  from <- replace(rep(NA_integer_, size), kept, seq_along(kept))
  old <- if (is.matrix(x)) rownames(x) else names(x)
  labels <- if (!is.null(old)) replace(replace(character(size), kept, old), gone, names(omit))
  if (is.matrix(x)) structure(x[from, , drop = FALSE], dimnames = list(labels, colnames(x))) else structure(x[from], names = labels)
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

weighted_rows <- function(object) object$residuals * (if (is.null(object$weights)) 1 else sqrt(object$weights))

weighted.residuals <- function(obj, drop0 = TRUE) {
  rest <- residuals(obj, type = "deviance")
  if (drop0 && !is.null(obj$weights)) rest[obj$weights != 0] else rest
}

deviance <- function(object, ...) UseMethod("deviance")

deviance.default <- function(object, ...) object$deviance

deviance.lm <- function(object, ...) sum(weighted_rows(object)^2, na.rm = TRUE)

deviance.mlm <- function(object, ...) colSums(weighted_rows(object)^2, na.rm = TRUE)

df.residual <- function(object, ...) UseMethod("df.residual")

df.residual.default <- function(object, ...) object$df.residual

nobs <- function(object, ...) UseMethod("nobs")

nobs.default <- function(object, ...) length(object$residuals)

nobs.lm <- function(object, ...) if (is.null(object$weights)) NROW(object$residuals) else sum(object$weights != 0)

nobs.glm <- function(object, ...) if (is.null(object$prior.weights)) length(object$residuals) else sum(object$prior.weights != 0)

nobs.logLik <- function(object, ...) {
  rows <- attr(object, "nobs")
  if (is.null(rows)) stop("no \"nobs\" attribute is available") else rows
}

sigma <- function(object, ...) UseMethod("sigma")

sigma.default <- function(object, ...) sqrt(deviance(object) / object$df.residual)

effects <- function(object, ...) structure(object$effects, assign = object$assign, class = "coef")

`[.coef` <- function(x, i) structure(unclass(x)[i], class = "coef")

print.coef <- function(x, ...) {
  print.default(structure(unclass(x), assign = NULL), ...)
  invisible(x)
}

case.names <- function(object, ...) {
  rest <- residuals(object)
  if (is.matrix(rest)) NULL else names(rest)
}

variable.names <- function(object, ...) {
  found <- coef(object)
  if (is.matrix(found)) rownames(found) else names(found)[!is.na(found)]
}

labels.lm <- function(object, ...) attr(terms(object), "term.labels")

vcov <- function(object, ...) UseMethod("vcov")

vcov.lm <- function(object, ...) {
  short <- summary.lm(object, ...)
  with_aliased(short$sigma^2 * short$cov.unscaled, object$coefficients)
}

# Of several responses: the covariance of their residuals, stretched over that of the coefficients.
vcov.mlm <- function(object, ...) {
  found <- object$coefficients
  labels <- paste(rep(colnames(found), each = nrow(found)), rownames(found), sep = ":")
  structure(kronecker(crossprod(object$residuals) / object$df.residual, unscaled(object)), dimnames = list(labels, labels))
}

with_aliased <- function(found, coefficients) {
  if (!anyNA(coefficients)) return(found)
  labels <- names(coefficients)
  rows <- match(labels, rownames(found))
  structure(found[rows, rows], dimnames = list(labels, labels))
}

# Intervals

confint <- function(object, parm, level = 0.95, ...) UseMethod("confint")

confint.lm <- function(object, parm, level = 0.95, ...) .interval_table(object, parm, level, function(p) qt(p, object$df.residual))

confint.default <- function(object, parm, level = 0.95, ...) .interval_table(object, parm, level, qnorm)

.tails <- function(level) structure((1 + c(-level, level)) / 2, names = .percent_labels((1 + c(-level, level)) / 2))

.percent_labels <- function(p) paste(format(100 * p, trim = TRUE, scientific = FALSE, digits = 3), "%")

# The coefficients that `parm` means: all of them, names, or places.
.chosen_coefficients <- function(found, parm) if (missing(parm)) names(found) else if (is.numeric(parm)) names(found)[parm] else parm

.interval_table <- function(object, parm, level, quantiles) {
  found <- coef(object)
  chosen <- .chosen_coefficients(found, parm)
  errors <- sqrt(diag(vcov(object)))
  tails <- .tails(level)
  made <- found[chosen] + outer(errors[chosen], quantiles(unname(tails)))
  dimnames(made) <- list(chosen, names(tails))
  made
}

# Where the profile of the deviance leaves the bounds: each coefficient is moved in steps, the others fitted anew.
confint.glm <- function(object, parm, level = 0.95, trace = FALSE, ...) {
  message("Waiting for profiling to be done...")
  found <- coef(object)
  tails <- .tails(level)
  chosen <- .chosen_coefficients(found, parm)
  made <- vapply(chosen, function(name) {
    if (is.na(found[[name]])) return(c(NA_real_, NA_real_))
    points <- profile_points(object, match(name, names(found)), (1 - level) / 4)
    line <- spline(points$value, points$z)
    approx(line$y, line$x, xout = qnorm(unname(tails)))$y
  }, numeric(2L))
  drop(structure(t(made), dimnames = list(chosen, names(tails))))
}

profile_points <- function(object, at, alpha, most = 10L) {
  found <- coef(object)
  known <- which(!is.na(found))
  design <- model.matrix(object)
  shift <- if (is.null(object$offset)) rep(0, nrow(design)) else object$offset
  short <- summary(object)
  y <- .response_values(object)
  fixed <- object$family$family %in% c("binomial", "poisson")
  far <- sqrt(if (fixed) qchisq(1 - alpha, 1) else qf(1 - alpha, 1, nrow(design) - length(known)))
  stride <- far / 5 * short$coefficients[names(found)[at], "Std. Error"]
  rest <- design[, setdiff(known, at), drop = FALSE]
  # The deviance with the coefficient held at a place, and the line from which the next fit begins.
  held <- function(place, line) {
    moved <- shift + design[, at] * place
    if (!ncol(rest)) return(list(line = moved, deviance = sum(object$family$dev.resids(y, object$family$linkinv(moved), object$prior.weights))))
    fit <- glm.fit(rest, y, object$prior.weights, etastart = line, offset = moved, family = object$family, control = object$control)
    list(line = as.vector(rest %*% fit$coefficients) + moved, deviance = fit$deviance)
  }
  walked <- function(side) {
    points <- list()
    here <- list(line = as.vector(design[, known, drop = FALSE] %*% found[known]) + shift)
    z <- 0
    while (length(points) < most - 1L && abs(z) < far) {
      place <- found[[at]] + side * (length(points) + 1L) * stride
      here <- held(place, here$line)
      gain <- (here$deviance - object$deviance) / short$dispersion
      if (gain <= -1e-3) stop("profiling has found a better solution, so original fit had not converged")
      z <- side * sqrt(max(gain, 0))
      points[[length(points) + 1L]] <- c(place, z)
    }
    points
  }
  points <- do.call(rbind, c(rev(walked(-1)), list(c(found[[at]], 0)), walked(1)))
  list(value = points[, 1L], z = points[, 2L])
}

# Predictions

predict <- function(object, ...) UseMethod("predict")

# Design matrix and offset of new data, or of the fit's own.
new_design <- function(object, newdata, na.action = na.pass) {
  if (is.null(newdata)) return(list(design = model.matrix(object), offset = object$offset))
  design <- .design_for(object, newdata, na.action, constant = TRUE)
  shift <- model.offset(attr(design, "frame"))
  asked <- object$call$offset
  if (!is.null(asked)) shift <- (if (is.null(shift)) 0 else shift) + eval(asked, newdata, environment(object$terms))
  if (nrow(design) != NROW(newdata) && identical(na.action, na.pass)) warning(sprintf(ngettext(NROW(newdata), "'newdata' had %d row but variables found have %d rows",
    "'newdata' had %d rows but variables found have %d rows"), NROW(newdata), nrow(design)), call. = FALSE)
  list(design = structure(design, frame = NULL), offset = shift)
}

predict.lm <- function(object, newdata, se.fit = FALSE, scale = NULL, df = Inf, interval = c("none", "confidence", "prediction"),
                       level = 0.95, type = c("response", "terms"), terms = NULL, na.action = na.pass, pred.var, weights = 1, ...) {
  interval <- match.arg(interval)
  own <- missing(newdata) || is.null(newdata)
  sizes <- list(scale = scale, df = df)
  if (is.null(scale)) sizes <- list(scale = sigma(object), df = object$df.residual)
  place <- new_design(object, if (!own) newdata, na.action)
  if (match.arg(type) == "terms") return(term_predictions(object, place$design, terms, if (se.fit) sizes))
  if (own && interval == "prediction") warning("predictions on current data refer to _future_ responses\n")
  if (!own && object$rank < ncol(place$design)) warning("prediction from a rank-deficient fit may be misleading")
  if (interval == "prediction" && missing(pred.var) && missing(weights) && !is.null(object$weights) && any(object$weights != object$weights[1L]))
    warning("Assuming constant prediction variance even though model fit is weighted\n")
  kept <- object$qr$pivot[seq_len(object$rank)]
  design <- place$design[, kept, drop = FALSE]
  if (is.matrix(object$coefficients)) return(design %*% object$coefficients[kept, , drop = FALSE])
  fit <- structure(as.vector(design %*% object$coefficients[kept]), names = rownames(design)) + (if (is.null(place$offset)) 0 else place$offset)
  padded <- function(values) if (own) naresid(object$na.action, values) else values
  if (!se.fit && interval == "none") return(padded(fit))
  variance <- rowSums((design %*% unscaled(object)) * design) * sizes$scale^2
  if (interval != "none") {
    future <- if (interval == "confidence") 0 else if (missing(pred.var)) sizes$scale^2 / weights else pred.var
    reach <- qt((1 + level) / 2, sizes$df) * sqrt(variance + future)
    fit <- cbind(fit = fit, lwr = fit - reach, upr = fit + reach)
  }
  if (!se.fit) return(padded(fit))
  errors <- if (own && is.null(object$na.action)) unname(sqrt(variance)) else sqrt(variance)
  list(fit = padded(fit), se.fit = padded(if (length(errors) == 1L) unname(errors) else errors), df = sizes$df, residual.scale = sizes$scale)
}

# What each term gives to the prediction of each row, about the means of the columns.
term_predictions <- function(object, design, terms = NULL, sizes = NULL) {
  own <- model.matrix(object)
  found <- replace(object$coefficients, is.na(object$coefficients), 0)
  middle <- if (attr(object$terms, "intercept") == 1L) colMeans(own) else 0 * found
  centred <- sweep(design, 2L, middle)
  labels <- attr(object$terms, "term.labels")
  chosen <- structure(seq_along(labels), names = labels)[if (is.null(terms)) seq_along(labels) else terms]
  by_term <- function(work) matrix(vapply(chosen, function(t) work(which(attr(own, "assign") == t)), numeric(nrow(design))), nrow(design),
                                   dimnames = list(rownames(design), names(chosen)))
  fit <- structure(by_term(function(at) as.vector(centred[, at, drop = FALSE] %*% found[at])), constant = sum(middle * found))
  if (is.null(sizes)) return(fit)
  spread <- unscaled(object)
  errors <- by_term(function(at) {
    at <- intersect(colnames(own)[at], rownames(spread))
    sqrt(rowSums((centred[, at, drop = FALSE] %*% spread[at, at, drop = FALSE]) * centred[, at, drop = FALSE])) * sizes$scale
  })
  list(fit = fit, se.fit = errors, df = sizes$df, residual.scale = sizes$scale)
}
