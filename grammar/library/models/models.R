# Linear models: the least squares fit, its summaries, and how both are printed.
# Source: J. M. Chambers, Linear models, in Chambers and Hastie, Statistical Models in S (1992), chapter 4.

lm <- function(formula, data, subset, weights, na.action, method = "qr", model = TRUE, x = FALSE, y = FALSE, qr = TRUE,
               singular.ok = TRUE, contrasts = NULL, offset, ...) {
  call <- match.call()
  frame <- .frame_asked_by(call, parent.frame(), drop.unused.levels = TRUE)
  if (identical(method, "model.frame")) return(frame)
  if (!identical(method, "qr")) warning(gettextf("method = '%s' is not supported. Using 'qr'", method), domain = NA)
  parts <- .model_parts(frame, contrasts)
  given <- .numeric_weights(frame)
  arguments <- list(parts$x, parts$y, offset = parts$offset, singular.ok = singular.ok, ...)
  fit <- if (is.null(given)) do.call(lm.fit, arguments) else do.call(lm.wfit, c(arguments, list(w = given)))
  .as_fitted(fit, c(if (is.matrix(parts$y)) "mlm", "lm"), parts$remembered["na.action"], list(offset = parts$offset), parts$remembered[c("contrasts", "xlevels")],
             list(call = call, terms = parts$terms), list(model = frame, x = parts$x, y = parts$y)[c(model, x, y)], left_out = if (!qr) "qr")
}

.numeric_weights <- function(frame) {
  given <- model.weights(frame)
  if (is.null(given) || is.numeric(given)) given else stop("'weights' must be a numeric vector")
}

# A fit with all that is kept of how it came about; what there is nothing of has no place in it.
.as_fitted <- function(fit, class, ..., left_out = NULL) {
  kept <- Filter(Negate(is.null), c(...))
  structure(c(fit[setdiff(names(fit), left_out)], kept[!is.na(names(kept))]), class = class)
}

lm.fit <- function(x, y, offset = NULL, method = "qr", tol = 1e-07, singular.ok = TRUE, ...) {
  if (!is.matrix(x)) stop("'x' must be a matrix")
  if (!nrow(x)) stop("0 (non-NA) cases")
  if (is.matrix(y) && ncol(y) == 1L) y <- y[, 1L]
  if (NROW(y) != nrow(x)) stop("incompatible dimensions")
  if (!ncol(x)) return(list(coefficients = numeric(), residuals = if (is.null(offset)) y else y - offset, fitted.values = (if (is.null(offset)) 0 else offset) + 0 * y,
                            rank = 0, df.residual = NROW(y)))
  for (side in c("x", "y")) if (any(!is.finite(as.double(get(side))))) stop("NA/NaN/Inf in '", side, "'")
  if (!is.double(y)) storage.mode(y) <- "double"
  target <- if (is.null(offset)) y else y - offset
  basis <- qr(x, tol = tol)
  if (basis$rank < ncol(x) && !singular.ok) stop("singular fit encountered")
  columns <- if (is.null(colnames(x))) paste0("x", seq_len(ncol(x))) else colnames(x)
  led <- c(columns[basis$pivot][seq_len(basis$rank)], character(nrow(x) - basis$rank))
  rows <- if (is.matrix(y)) rownames(y) else if (is.null(names(y))) rownames(x) else names(y)
  named <- function(values, labels) {
    if (is.matrix(values)) dimnames(values) <- list(labels, colnames(y)) else names(values) <- labels
    values
  }
  left <- qr.resid(basis, target)
  list(coefficients = named(qr.coef(basis, target), columns), residuals = named(left, rows), effects = named(qr.qty(basis, target), led), rank = basis$rank,
       fitted.values = named(y - left, rows), assign = attr(x, "assign"),
       qr = structure(list(qr = basis$qr, qraux = basis$qraux, pivot = basis$pivot, tol = tol, rank = basis$rank), class = "qr"), df.residual = nrow(x) - basis$rank)
}

# Weighted least squares is least squares of rows stretched by the roots of their weights; rows of no weight are only predicted.
lm.wfit <- function(x, y, w, offset = NULL, method = "qr", tol = 1e-07, singular.ok = TRUE, ...) {
  if (is.matrix(y) && ncol(y) == 1L) y <- y[, 1L]
  if (length(w) != nrow(x)) stop("incompatible dimensions")
  if (anyNA(w) || min(w, Inf) < 0) stop("missing or negative weights not allowed")
  used <- which(w > 0)
  rows <- function(values) if (is.matrix(values)) values[used, , drop = FALSE] else values[used]
  target <- if (is.null(offset)) y else y - offset
  if (!length(used)) return(list(coefficients = rep(NA_real_, ncol(x)), residuals = numeric(), fitted.values = numeric(), weights = numeric(), rank = 0L, df.residual = 0L))
  stretch <- sqrt(w[used])
  design <- structure(rows(x) * stretch, assign = attr(x, "assign"))
  fit <- lm.fit(design, rows(target) * stretch, tol = tol, singular.ok = singular.ok)
  if (!ncol(x)) return(c(lm.fit(x, y, offset)[c("coefficients", "residuals", "fitted.values")], list(weights = w), fit[c("rank", "df.residual")]))
  known <- replace(fit$coefficients, is.na(fit$coefficients), 0)
  left <- target - (if (is.matrix(y)) x %*% known else as.vector(x %*% known))
  if (is.matrix(y)) left[used, ] <- fit$residuals / stretch else left[used] <- as.vector(fit$residuals) / stretch
  fit[c("residuals", "fitted.values")] <- list(left, y - left)
  if (is.null(names(y)) && !is.matrix(y)) for (part in c("residuals", "fitted.values")) names(fit[[part]]) <- rownames(x)
  fit$weights <- w
  fit[c("coefficients", "residuals", "fitted.values", "effects", "weights", "rank", "assign", "qr", "df.residual")]
}

print.lm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  .show_call(x$call)
  .show_coefficients(coef(x), digits)
  cat("\n")
  invisible(x)
}

# Summaries

# The unscaled covariance of the coefficients that were found, in their own order.
unscaled <- function(object) {
  first <- seq_len(object$rank)
  labels <- NULL
  if (object$rank) labels <- (if (is.matrix(object$coefficients)) rownames(object$coefficients) else names(object$coefficients))[object$qr$pivot[first]]
  made <- if (object$rank) chol2inv(qr.R(object$qr)[first, first, drop = FALSE]) else matrix(0, 0L, 0L)
  structure(made, dimnames = if (object$rank) list(labels, labels))
}

# Estimates beside their errors, the ratio of both and its chance, by Student's t or without degrees of freedom by the normal.
.estimate_table <- function(found, errors, df = Inf) {
  ratio <- found / errors
  letter <- if (is.infinite(df)) "z" else "t"
  p <- 2 * (if (is.infinite(df)) pnorm(-abs(ratio)) else pt(-abs(ratio), df))
  made <- cbind(found, errors, ratio, p)
  dimnames(made) <- list(names(found), c("Estimate", "Std. Error", paste(letter, "value"), paste0("Pr(>|", letter, "|)")))
  made
}

# The coefficients that could be found, in the order in which the decomposition took their columns.
.found_coefficients <- function(object) if (object$rank) object$coefficients[object$qr$pivot[seq_len(object$rank)]] else numeric()

# What the fitted values explain: their squares about their mean, or about zero without a constant.
.explained <- function(object, constant) {
  fitted <- object$fitted.values
  w <- if (is.null(object$weights)) rep(1, length(fitted)) else object$weights
  middle <- if (constant) weighted.mean(fitted, w) else 0
  list(ss = sum(w * (fitted - middle)^2), rows = sum(w != 0), size = mean(fitted)^2 + var(as.vector(fitted)))
}

summary.lm <- function(object, correlation = FALSE, ...) {
  free <- object$df.residual
  rest <- weighted_rows(object)
  left <- sum(rest^2)
  sigma <- sqrt(left / free)
  spread <- unscaled(object)
  constant <- isTRUE(attr(object$terms, "intercept") == 1L)
  made <- .as_fitted(unclass(object)[c("call", "terms")], "summary.lm", object["weights"], list(residuals = rest,
    coefficients = .estimate_table(.found_coefficients(object), sigma * sqrt(diag(spread)), max(free, 0)), aliased = is.na(object$coefficients), sigma = sigma,
    df = c(object$rank, free, length(object$coefficients))))
  if (object$rank == 0L) return(.as_fitted(unclass(made), "summary.lm", list(r.squared = 0, adj.r.squared = 0, cov.unscaled = spread), object["na.action"]))
  told <- .explained(object, constant)
  if (is.finite(sigma) && sigma^2 < 1e-30 * told$size) warning("essentially perfect fit: summary may be unreliable")
  degrees <- object$rank - constant
  share <- if (degrees > 0) told$ss / (told$ss + left) else 0
  fit <- list(r.squared = share, adj.r.squared = if (degrees > 0) 1 - (1 - share) * (told$rows - constant) / free else 0)
  if (degrees > 0) fit$fstatistic <- c(value = told$ss / degrees / sigma^2, numdf = degrees, dendf = free)
  .as_fitted(unclass(made), "summary.lm", fit, list(cov.unscaled = spread, correlation = if (correlation) cov2cor(spread)), object["na.action"])
}

print.summary.lm <- function(x, digits = max(3L, getOption("digits") - 3L), signif.stars = getOption("show.signif.stars", TRUE), ...) {
  .show_call(x$call)
  free <- x$df[2L]
  if (length(unique(range(x$weights, 0[is.null(x$weights)]))) > 1L) cat("Weighted ")
  cat("Residuals:\n")
  if (free == 0L) cat("ALL", x$df[1L], "residuals are 0: no residual degrees of freedom!\n")
  else print(if (free > 5L) zapsmall(.quartiles(x$residuals), digits + 1L) else x$residuals, digits = digits)
  .show_coefficient_table(x, digits, signif.stars = signif.stars, ...)
  cat("\nResidual standard error: ", format(signif(x$sigma, digits)), " on ", free, " degrees of freedom\n", sep = "")
  .print_left_out(x$na.action, "  ")
  if (length(x$fstatistic)) {
    short <- vapply(c(x$r.squared, x$adj.r.squared, x$fstatistic[[1L]]), formatC, "", digits = digits)
    chance <- do.call(pf, c(unname(as.list(x$fstatistic)), lower.tail = FALSE))
    cat(sprintf("Multiple R-squared:  %s,\tAdjusted R-squared:  %s \nF-statistic: %s on %s and %s DF,  p-value: %s\n", short[1L], short[2L], short[3L],
                format(x$fstatistic[[2L]]), format(x$fstatistic[[3L]]), format.pval(chance, digits = digits)))
  }
  print_correlation(x$correlation, digits)
  cat("\n")
  invisible(x)
}

# Every response of a model for several is a model of its own.
summary.mlm <- function(object, ...) {
  labels <- colnames(object$coefficients)
  if (is.null(labels)) labels <- paste0("Y", seq_len(ncol(object$coefficients)))
  written <- object$terms[[2L]]
  sides <- if (is.call(written) && identical(written[[1L]], quote(cbind))) as.list(written)[-1L] else lapply(labels, as.name)
  made <- lapply(seq_along(labels), function(k) {
    one <- .response_of(object, k)
    one$call$formula[[2L]] <- one$terms[[2L]] <- sides[[k]]
    summary(one, ...)
  })
  structure(made, names = paste("Response", labels), class = "listof")
}

# The model of one response among several.
.response_of <- function(object, k, class = "lm") {
  parts <- c("coefficients", "residuals", "effects", "fitted.values")
  object[parts] <- lapply(unclass(object)[parts], function(values) values[, k])
  class(object) <- class
  object
}
