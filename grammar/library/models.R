# Linear models: least squares, summaries, predictions.

lm <- function(formula, data = NULL, subset = NULL, weights = NULL, na.action = na.omit, ...) {
  call <- match.call()
  formula <- as.formula(formula)
  frame <- model.frame(formula, data, na.action = na.action)
  design <- model.matrix.default(formula, frame_for(formula, frame, data))
  y <- frame[[1L]]
  scale <- if (is.null(weights)) 1 else sqrt(weights)
  coefficients <- structure(rep(NA_real_, ncol(design)), names = colnames(design))
  kept <- independent_columns(design * scale)
  assign <- attr(design, "assign")[kept]
  design <- design[, kept, drop = FALSE]
  basis <- qr(design * scale)
  coefficients[colnames(design)] <- as.vector(backsolve(qr.R(basis), crossprod(qr.Q(basis), y * scale)))
  fitted <- as.vector(design %*% coefficients[colnames(design)])
  names(fitted) <- row.names(frame)
  structure(list(coefficients = coefficients, residuals = structure(y - fitted, names = row.names(frame)), fitted.values = fitted,
                 rank = ncol(design), df.residual = length(y) - ncol(design), call = call, terms = formula, model = frame,
                 design = design, assign = assign, weights = weights), class = "lm")
}

# Columns that are no sum of multiples of those before them.
independent_columns <- function(design, tolerance = 1e-7) {
  kept <- integer()
  directions <- NULL
  for (column in seq_len(ncol(design))) {
    rest <- design[, column]
    if (!is.null(directions)) for (pass in 1:2) rest <- rest - as.vector(directions %*% crossprod(directions, rest))
    if (length(kept) < nrow(design) && sqrt(sum(rest^2)) > tolerance * sqrt(sum(design[, column]^2))) {
      kept <- c(kept, column)
      directions <- cbind(directions, rest / sqrt(sum(rest^2)))
    }
  }
  kept
}

print.lm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("Coefficients:\n")
  print(format(x$coefficients, digits = digits), print.gap = 2L, quote = FALSE)
  cat("\n")
  invisible(x)
}

coef <- function(object, ...) UseMethod("coef")

coef.default <- function(object, ...) object$coefficients

coefficients <- function(object, ...) coef(object, ...)

residuals <- function(object, ...) object$residuals

resid <- function(object, ...) object$residuals

fitted <- function(object, ...) object$fitted.values

fitted.values <- function(object, ...) object$fitted.values

deviance <- function(object, ...) if (is.null(object$deviance)) sum(object$residuals^2) else object$deviance

df.residual <- function(object, ...) object$df.residual

nobs <- function(object, ...) length(object$residuals)

vcov <- function(object, ...) {
  sigma2 <- sum(object$residuals^2) / object$df.residual
  made <- solve(crossprod(object$design)) * sigma2
  dimnames(made) <- list(colnames(object$design), colnames(object$design))
  made
}

confint <- function(object, parm, level = 0.95, ...) {
  half <- qt(1 - (1 - level) / 2, object$df.residual) * sqrt(diag(vcov(object)))[names(object$coefficients)]
  made <- cbind(object$coefficients - half, object$coefficients + half)
  colnames(made) <- paste(format(100 * c((1 - level) / 2, 1 - (1 - level) / 2), trim = TRUE, digits = 3), "%")
  made
}

summary.lm <- function(object, ...) {
  y <- object$model[[1L]]
  sigma <- sqrt(sum(object$residuals^2) / object$df.residual)
  errors <- sqrt(diag(solve(crossprod(object$design)))) * sigma
  found <- object$coefficients[!is.na(object$coefficients)]
  t <- found / errors
  table <- cbind(Estimate = found, `Std. Error` = errors, `t value` = t,
                 `Pr(>|t|)` = 2 * pt(abs(t), object$df.residual, lower.tail = FALSE))
  rownames(table) <- names(found)
  intercept <- "(Intercept)" %in% names(object$coefficients)
  model_df <- object$rank - intercept
  total <- if (intercept) sum((y - mean(y))^2) else sum(y^2)
  r2 <- 1 - sum(object$residuals^2) / total
  adjusted <- 1 - (1 - r2) * ((length(y) - intercept) / object$df.residual)
  f <- (r2 / model_df) / ((1 - r2) / object$df.residual)
  structure(list(call = object$call, residuals = object$residuals, coefficients = table, sigma = sigma,
                 df = c(object$rank, object$df.residual, object$rank), r.squared = r2, adj.r.squared = adjusted,
                 fstatistic = c(value = f, numdf = model_df, dendf = object$df.residual)), class = "summary.lm")
}

predict <- function(object, ...) UseMethod("predict")

predict.lm <- function(object, newdata, se.fit = FALSE, interval = c("none", "confidence", "prediction"), level = 0.95, ...) {
  interval <- match.arg(interval)
  design <- if (missing(newdata)) object$design else design_of(object, newdata)
  if (anyNA(object$coefficients)) warning("prediction from a rank-deficient fit may be misleading")
  fit <- as.vector(design %*% object$coefficients[colnames(design)])
  names(fit) <- if (missing(newdata)) names(object$fitted.values) else row.names(newdata)
  if (!se.fit && interval == "none") return(fit)
  sigma2 <- sum(object$residuals^2) / object$df.residual
  errors <- sqrt(rowSums((design %*% solve(crossprod(object$design))) * design) * sigma2)
  names(errors) <- if (length(errors) > 1L) names(fit)
  if (interval != "none") {
    wide <- qt((1 + level) / 2, object$df.residual) * sqrt(errors^2 + if (interval == "prediction") sigma2 else 0)
    fit <- cbind(fit = fit, lwr = fit - wide, upr = fit + wide)
  }
  if (!se.fit) return(fit)
  list(fit = fit, se.fit = errors, df = object$df.residual, residual.scale = sqrt(sigma2))
}

# The design matrix of new data, with the columns that the model has coefficients for.
design_of <- function(object, newdata) {
  spec <- formula_terms(object$terms, object$model)
  right <- object$terms
  if (length(right) == 3L) right[[2L]] <- NULL
  known <- object$model
  for (name in intersect(names(newdata), names(known))) {
    if (is.factor(known[[name]])) newdata[[name]] <- factor(newdata[[name]], levels = levels(known[[name]]))
    else if (is.character(known[[name]])) newdata[[name]] <- factor(newdata[[name]], levels = sort(unique(known[[name]])))
  }
  if ("." %in% all.names(right)) {
    right[[2L]] <- Reduce(function(a, b) call("+", a, b), lapply(setdiff(names(known), deparse(spec$response)), as.name))
  }
  design <- model.matrix.default(right, newdata)
  design[, names(object$coefficients)[!is.na(object$coefficients)], drop = FALSE]
}

coefficient_lines <- function(table, digits) {
  size <- table[, 1:2, drop = FALSE]
  spread <- range(abs(size[size != 0 & is.finite(size)]))
  places <- max(1L, digits - (1 + floor(log10(spread))))
  cells <- cbind(format(round(size, places), digits = digits), format(round(table[, 3L], max(1L, min(5L, digits - 1L))), digits = digits))
  p <- table[, 4L]
  texts <- probability_text(p, max(1L, min(5L, digits - 1L)))
  stars <- as.character(cut(p, c(-Inf, 0.001, 0.01, 0.05, 0.1, Inf), labels = c("***", "**", "*", ".", " ")))
  made <- cbind(cells, texts, format(stars))
  dimnames(made) <- list(rownames(table), c(colnames(table), ""))
  made
}

probability_text <- function(p, digits, eps = .Machine$double.eps) {
  tiny <- p < eps
  texts <- character(length(p))
  fixed <- !tiny & floor(log10(ifelse(p > 0, p, 1e-50))) >= -3
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

printCoefmat <- function(x, digits = max(3L, getOption("digits") - 2L), signif.stars = TRUE, ...) {
  lines <- coefficient_lines(x, digits)
  if (!signif.stars) lines <- lines[, -ncol(lines), drop = FALSE]
  print.default(lines, quote = FALSE, right = TRUE)
  if (signif.stars) cat("---\nSignif. codes:  0 \u2018***\u2019 0.001 \u2018**\u2019 0.01 \u2018*\u2019 0.05 \u2018.\u2019 0.1 \u2018 \u2019 1\n")
  invisible(x)
}

print.summary.lm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("Residuals:\n")
  if (length(x$residuals) > 5L) {
    five <- quantile(x$residuals)
    names(five) <- c("Min", "1Q", "Median", "3Q", "Max")
    print(zapsmall(five, digits + 1L), digits = digits)
  } else print(x$residuals, digits = digits)
  cat("\nCoefficients:\n")
  printCoefmat(x$coefficients, digits = digits)
  cat("\nResidual standard error:", format(signif(x$sigma, digits)), "on", x$df[2L], "degrees of freedom\n")
  cat("Multiple R-squared: ", formatC(x$r.squared, digits = digits))
  cat(",\tAdjusted R-squared: ", formatC(x$adj.r.squared, digits = digits), "\nF-statistic:", formatC(x$fstatistic[1L], digits = digits),
      "on", x$fstatistic[2L], "and", x$fstatistic[3L], "DF,  p-value:",
      trimws(format.pval(pf(x$fstatistic[1L], x$fstatistic[2L], x$fstatistic[3L], lower.tail = FALSE), digits = digits)))
  cat("\n\n")
  invisible(x)
}

zapsmall <- function(x, digits = getOption("digits")) {
  if (length(digits) == 0L) stop("invalid 'digits'")
  known <- x[!is.na(x)]
  if (length(known) == 0L) return(x)
  largest <- max(abs(known))
  round(x, digits = if (largest > 0) max(0L, digits - log10(largest)) else digits)
}

AIC <- function(object, ...) {
  if (!is.null(object$aic)) return(object$aic)
  size <- length(object$residuals)
  size * (log(2 * pi * sum(object$residuals^2) / size) + 1) + 2 * (object$rank + 1)
}
