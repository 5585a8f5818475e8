# Generalised linear models and principal components.

family_of <- function(name, link, linkfun, linkinv, slope, variance, deviance, start) {
  structure(list(family = name, link = link, linkfun = linkfun, linkinv = linkinv, mu.eta = slope, variance = variance,
                 dev.resids = deviance, start = start), class = "family")
}

binomial <- function(link = "logit") {
  if (!identical(as.character(substitute(link)), "logit") && !identical(link, "logit")) stop("only the logit link is supported")
  family_of("binomial", "logit", function(mu) log(mu / (1 - mu)), function(eta) 1 / (1 + exp(-eta)),
            function(eta) pmax(exp(-abs(eta)) / (1 + exp(-abs(eta)))^2, .Machine$double.eps), function(mu) mu * (1 - mu),
            function(y, mu) 2 * (ifelse(y == 0, 0, y * log(y / mu)) + ifelse(y == 1, 0, (1 - y) * log((1 - y) / (1 - mu)))),
            function(y) (y + 0.5) / 2)
}

gaussian <- function(link = "identity") {
  family_of("gaussian", "identity", function(mu) mu, function(eta) eta, function(eta) rep(1, length(eta)),
            function(mu) rep(1, length(mu)), function(y, mu) (y - mu)^2, function(y) y)
}

poisson <- function(link = "log") {
  family_of("poisson", "log", log, exp, function(eta) pmax(exp(eta), .Machine$double.eps), function(mu) mu,
            function(y, mu) 2 * (ifelse(y == 0, 0, y * log(y / mu)) - (y - mu)), function(y) y + 0.1)
}

quasipoisson <- function(link = "log") {
  made <- poisson()
  made$family <- "quasipoisson"
  made
}

print.family <- function(x, ...) {
  cat("\nFamily:", x$family, "\n")
  cat("Link function:", x$link, "\n\n")
  invisible(x)
}

glm <- function(formula, family = gaussian, data = NULL, weights = NULL, control = list(), ...) {
  call <- match.call()
  if (is.character(family)) family <- get(family)
  if (is.function(family)) family <- family()
  formula <- as.formula(formula)
  frame <- model.frame(formula, data)
  design <- model.matrix.default(formula, frame_for(formula, frame, data))
  y <- frame[[1L]]
  if (is.factor(y)) y <- as.numeric(as.integer(y) != 1L)
  y <- as.numeric(y)
  mu <- family$start(y)
  eta <- family$linkfun(mu)
  old <- sum(family$dev.resids(y, mu))
  converged <- FALSE
  for (step in seq_len(25L)) {
    slope <- family$mu.eta(eta)
    working <- eta + (y - mu) / slope
    weight <- sqrt(slope^2 / family$variance(mu))
    basis <- qr(design * weight)
    coefficients <- as.vector(backsolve(qr.R(basis), crossprod(qr.Q(basis), working * weight)))
    eta <- as.vector(design %*% coefficients)
    mu <- family$linkinv(eta)
    deviance <- sum(family$dev.resids(y, mu))
    if (abs(deviance - old) / (abs(deviance) + 0.1) < 1e-8) {
      converged <- TRUE
      break
    }
    old <- deviance
  }
  if (!converged) warning("glm.fit: algorithm did not converge")
  names(coefficients) <- colnames(design)
  center <- mean(y)
  structure(list(coefficients = coefficients, fitted.values = structure(mu, names = row.names(frame)),
                 linear.predictors = structure(eta, names = row.names(frame)), residuals = (y - mu) / family$mu.eta(eta),
                 deviance = deviance, null.deviance = sum(family$dev.resids(y, rep(center, length(y)))),
                 df.residual = length(y) - ncol(design), df.null = length(y) - 1L, rank = ncol(design), iter = step,
                 family = family, call = call, terms = formula, model = frame, design = design, y = y,
                 aic = glm_aic(family, y, mu, deviance, ncol(design))), class = c("glm", "lm"))
}

glm_aic <- function(family, y, mu, deviance, rank) {
  size <- length(y)
  2 * rank + switch(family$family, binomial = -2 * sum(ifelse(y > 0, y * log(mu), 0) + ifelse(y < 1, (1 - y) * log(1 - mu), 0)),
                    poisson = -2 * sum(dpois(y, mu, log = TRUE)), gaussian = size * (log(2 * pi * deviance / size) + 1) + 2, NA)
}

print.glm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:  ", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("Coefficients:\n")
  print(format(x$coefficients, digits = digits), print.gap = 2L, quote = FALSE)
  cat("\nDegrees of Freedom:", x$df.null, "Total (i.e. Null); ", x$df.residual, "Residual\n")
  cat("Null Deviance:\t   ", format(signif(x$null.deviance, digits)), "\nResidual Deviance:", format(signif(x$deviance, digits)),
      "\tAIC:", format(signif(x$aic, digits)))
  cat("\n")
  invisible(x)
}

predict.glm <- function(object, newdata, type = c("link", "response"), ...) {
  type <- match.arg(type)
  eta <- if (missing(newdata)) object$linear.predictors else predict.lm(object, newdata)
  if (type == "link") eta else {
    answer <- object$family$linkinv(eta)
    names(answer) <- names(eta)
    answer
  }
}

prcomp <- function(x, retx = TRUE, center = TRUE, scale. = FALSE, ...) {
  x <- scale(as.matrix(x), center = center, scale = scale.)
  parts <- svd(x)
  rotation <- parts$v
  dimnames(rotation) <- list(colnames(x), paste0("PC", seq_len(ncol(rotation))))
  moved <- attr(x, "scaled:center")
  spread <- attr(x, "scaled:scale")
  made <- list(sdev = parts$d / sqrt(max(1, nrow(x) - 1)), rotation = rotation, center = if (is.null(moved)) FALSE else moved,
               scale = if (is.null(spread)) FALSE else spread)
  if (retx) made$x <- x[, , drop = FALSE] %*% rotation
  structure(made, class = "prcomp")
}

print.prcomp <- function(x, ...) {
  cat("Standard deviations (1, .., p=", length(x$sdev), "):\n", sep = "")
  print(x$sdev, ...)
  cat("\nRotation (n x k) = (", nrow(x$rotation), " x ", ncol(x$rotation), "):\n", sep = "")
  print(x$rotation, ...)
  invisible(x)
}

predict.prcomp <- function(object, newdata, ...) {
  if (missing(newdata)) return(object$x)
  scale(as.matrix(newdata)[, rownames(object$rotation), drop = FALSE], object$center, object$scale) %*% object$rotation
}
