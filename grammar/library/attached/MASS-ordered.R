# MASS: ordered responses (proportional odds), log-linear models by formula, one term dropped or added, steps with their record.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, sections 6.8, 7.3 and 7.6; P. McCullagh (1980).

polr <- function(formula, data, weights, start, ..., subset, na.action, contrasts = NULL, Hess = FALSE, model = TRUE,
                 method = c("logistic", "probit", "loglog", "cloglog", "cauchit")) {
  call <- match.call(expand.dots = FALSE)
  method <- match.arg(method)
  asked <- call[c(1L, match(c("formula", "data", "subset", "weights", "na.action"), names(call), 0L))]
  asked[[1L]] <- quote(stats::model.frame)
  frame <- eval.parent(asked)
  terms <- attr(frame, "terms")
  design <- model.matrix(terms, frame, contrasts)
  coding <- attr(design, "contrasts")
  constant <- match("(Intercept)", colnames(design), nomatch = 0L)
  if (constant > 0L) design <- design[, -constant, drop = FALSE]
  else warning("an intercept is needed and assumed")
  n <- nrow(design)
  weights <- model.weights(frame)
  if (is.null(weights)) weights <- rep(1, n)
  shift <- model.offset(frame)
  if (is.null(shift)) shift <- rep(0, n)
  y <- model.response(frame)
  if (!is.factor(y)) stop("response must be a factor")
  lev <- levels(y)
  if (length(lev) <= 2L) stop("response must have 3 or more levels")
  y <- unclass(y)
  cuts <- length(lev) - 1L
  p <- ncol(design)
  law <- .ordered_law(method)
  if (missing(start)) {
    middle <- length(lev) %/% 2L
    first <- switch(method, logistic = glm.fit(cbind(1, design), y > middle, weights, family = binomial(), offset = shift),
      probit = glm.fit(cbind(1, design), y > middle, weights, family = binomial("probit"), offset = shift),
      loglog = glm.fit(cbind(1, design), y > middle, weights, family = binomial("probit"), offset = shift),
      cloglog = glm.fit(cbind(1, design), y > middle, weights, family = binomial("probit"), offset = shift),
      cauchit = glm.fit(cbind(1, design), y > middle, weights, family = binomial("cauchit"), offset = shift))
    if (!first$converged) stop("attempt to find suitable starting values failed")
    coefs <- first$coefficients
    if (any(is.na(coefs))) {
      warning("design appears to be rank-deficient, so dropping some coefs")
      design <- design[, !is.na(coefs[-1L]), drop = FALSE]
      coefs <- coefs[!is.na(coefs)]
      p <- ncol(design)
    }
    spacing <- qlogis(seq_len(cuts) / (cuts + 1L))
    if (method != "logistic") spacing <- spacing / 1.7
    gammas <- -coefs[1L] + spacing - spacing[middle]
    start <- c(coefs[-1L], gammas)
  } else if (length(start) != p + cuts) stop("'start' is not of the correct length")
  begin <- unname(c(start[seq_len(p)], start[p + 1L], log(diff(start[p + seq_len(cuts)]))))
  bounds <- function(theta) {
    zeta <- c(-Inf, cumsum(c(theta[p + 1L], exp(theta[-seq_len(p + 1L)]))), Inf)
    eta <- shift
    if (p) eta <- eta + drop(design %*% theta[seq_len(p)])
    list(above = pmin(100, zeta[y + 1L] - eta), below = pmax(-100, zeta[y] - eta))
  }
  worth <- function(theta) {
    at <- bounds(theta)
    share <- law$p(at$above) - law$p(at$below)
    if (all(share > 0)) -sum(weights * log(share)) else Inf
  }
  slope <- function(theta) {
    at <- bounds(theta)
    share <- law$p(at$above) - law$p(at$below)
    high <- law$d(at$above)
    low <- law$d(at$below)
    by_coef <- if (p) t(design) %*% (weights * (high - low) / share) else numeric()
    picked <- outer(y, seq_len(cuts), "==") * high - outer(y - 1L, seq_len(cuts), "==") * low
    by_cut <- -t(picked) %*% (weights / share)
    steps <- cbind(1, if (cuts > 1L) outer(seq_len(cuts), 2L:cuts, ">=") * rep(exp(theta[-seq_len(p + 1L)]), each = cuts))
    c(by_coef, t(by_cut) %*% steps)
  }
  found <- optim(begin, worth, slope, method = "BFGS", hessian = Hess, ...)
  theta <- found$par
  zeta <- cumsum(c(theta[p + 1L], exp(theta[-seq_len(p + 1L)])))
  beta <- theta[seq_len(p)]
  deviance <- 2 * found$value
  names(zeta) <- paste(lev[-length(lev)], lev[-1L], sep = "|")
  if (p) names(beta) <- colnames(design)
  eta <- shift + if (p) drop(design %*% beta) else 0
  fitted <- .ordered_shares(law, zeta, eta)
  dimnames(fitted) <- list(row.names(frame), lev)
  made <- list(coefficients = beta, zeta = zeta, deviance = deviance, fitted.values = fitted, lev = lev, terms = terms, df.residual = sum(weights) - p - cuts,
    edf = p + cuts, n = sum(weights), nobs = sum(weights), call = match.call(), method = method, convergence = found$convergence, niter = c(f.evals = found$counts[1L], g.evals = found$counts[2L]),
    lp = eta)
  if (Hess) {
    dimnames(found$hessian) <- list(c(names(beta), names(zeta)), c(names(beta), names(zeta)))
    made$Hessian <- .natural_hessian(found$hessian, theta, p, cuts)
  }
  if (model) made$model <- frame
  made$na.action <- attr(frame, "na.action")
  made$contrasts <- coding
  made$xlevels <- .getXlevels(terms, frame)
  structure(made, class = "polr")
}

.ordered_law <- function(method) switch(method, logistic = list(p = plogis, d = dlogis), probit = list(p = pnorm, d = dnorm), cauchit = list(p = pcauchy, d = dcauchy),
  loglog = list(p = function(q) exp(-exp(-q)), d = function(x) exp(-exp(-x) - x)),
  cloglog = list(p = function(q) 1 - exp(-exp(q)), d = function(x) exp(-exp(x) + x)))

.ordered_shares <- function(law, zeta, eta) {
  reached <- matrix(law$p(matrix(zeta, length(eta), length(zeta), byrow = TRUE) - eta), length(eta))
  cbind(reached, 1) - cbind(0, reached)
}

# The second derivatives by the cut points themselves, of those by the logs of their distances.
.natural_hessian <- function(hessian, theta, p, cuts) {
  steps <- diag(p + cuts)
  if (cuts > 1L) {
    sizes <- exp(theta[-seq_len(p + 1L)])
    for (k in 2L:cuts) {
      steps[p + k, p + k] <- 1 / sizes[k - 1L]
      steps[p + k, p + k - 1L] <- -1 / sizes[k - 1L]
    }
  }
  made <- t(steps) %*% hessian %*% steps
  dimnames(made) <- dimnames(hessian)
  made
}

print.polr <- function(x, ...) {
  if (!is.null(x$call)) {
    cat("Call:\n")
    dput(x$call, control = NULL)
  }
  if (length(coef(x))) {
    cat("\nCoefficients:\n")
    print(coef(x), ...)
  } else cat("\nNo coefficients\n")
  cat("\nIntercepts:\n")
  print(x$zeta, ...)
  cat("\nResidual Deviance:", format(x$deviance, nsmall = 2L), "\n")
  cat("AIC:", format(x$deviance + 2 * x$edf, nsmall = 2L), "\n")
  if (nzchar(note <- naprint(x$na.action))) cat("(", note, ")\n", sep = "")
  if (x$convergence > 0L) cat("Warning: did not converge as iteration limit reached\n")
  invisible(x)
}

vcov.polr <- function(object, ...) {
  if (is.null(object$Hessian)) {
    message("\nRe-fitting to get Hessian\n")
    call <- update(object, Hess = TRUE, evaluate = FALSE)
    call$start <- unname(c(object$coefficients, object$zeta))
    object <- eval(call, environment(object$terms))
  }
  made <- solve(object$Hessian)
  dimnames(made) <- dimnames(object$Hessian)
  made
}

summary.polr <- function(object, digits = max(3, getOption("digits") - 3), correlation = FALSE, ...) {
  spread <- vcov(object)
  values <- c(coef(object), object$zeta)
  errors <- sqrt(diag(spread))
  table <- cbind(Value = values, `Std. Error` = errors, `t value` = values / errors)
  object$coefficients <- table
  object$pc <- length(values) - length(object$zeta)
  object$digits <- digits
  if (correlation) object$correlation <- spread / outer(errors, errors)
  structure(object, class = "summary.polr")
}

print.summary.polr <- function(x, digits = x$digits, ...) {
  if (!is.null(x$call)) {
    cat("Call:\n")
    dput(x$call, control = NULL)
  }
  shown <- format(round(x$coefficients, digits = digits))
  if (x$pc > 0L) {
    cat("\nCoefficients:\n")
    print(x$coefficients[seq_len(x$pc), , drop = FALSE], digits = digits, ...)
  } else cat("\nNo coefficients\n")
  cat("\nIntercepts:\n")
  print(shown[(1L + x$pc):nrow(shown), , drop = FALSE], quote = FALSE, ...)
  cat("\nResidual Deviance:", format(x$deviance, nsmall = 2L), "\n")
  cat("AIC:", format(x$deviance + 2 * x$edf, nsmall = 2L), "\n")
  if (nzchar(note <- naprint(x$na.action))) cat("(", note, ")\n", sep = "")
  if (!is.null(shared <- x$correlation)) {
    cat("\nCorrelation of Coefficients:\n")
    told <- format(round(shared, digits))
    told[!lower.tri(shared)] <- ""
    print(told[-1L, -ncol(told)], quote = FALSE, ...)
  }
  invisible(x)
}

predict.polr <- function(object, newdata, type = c("class", "probs"), ...) {
  if (!inherits(object, "polr")) stop("not a \"polr\" object")
  type <- match.arg(type)
  if (missing(newdata)) shares <- object$fitted.values
  else {
    Terms <- delete.response(object$terms)
    frame <- model.frame(Terms, as.data.frame(newdata), na.action = function(x) x, xlev = object$xlevels)
    x <- model.matrix(Terms, frame, contrasts.arg = object$contrasts)
    x <- x[, colnames(x) != "(Intercept)", drop = FALSE]
    eta <- drop(x[, names(object$coefficients), drop = FALSE] %*% object$coefficients)
    if (!is.null(shift <- model.offset(frame))) eta <- eta + shift
    shares <- .ordered_shares(.ordered_law(object$method), object$zeta, eta)
    dimnames(shares) <- list(rownames(x), object$lev)
  }
  if (type == "class") factor(max.col(shares, "first"), levels = seq_along(object$lev), labels = object$lev) else drop(shares)
}

logLik.polr <- function(object, ...) structure(-0.5 * object$deviance, df = object$edf, nobs = object[["nobs"]], class = "logLik")

nobs.polr <- function(object, ...) object[["nobs"]]

model.frame.polr <- function(formula, ...) formula$model

extractAIC.polr <- function(fit, scale = 0, k = 2, ...) c(fit$edf, fit$deviance + k * fit$edf)

loglm <- function(formula, data, subset, na.action, ...) {
  call <- match.call()
  if (missing(data) || inherits(data, "data.frame")) {
    asked <- match.call(expand.dots = FALSE)
    asked$... <- NULL
    asked[[1L]] <- quote(stats::model.frame)
    if (length(formula) == 3L && !missing(data)) asked$formula <- as.formula(call("~", formula[[2L]], quote(.)), env = environment(formula))
    frame <- eval.parent(asked)
    counts <- model.response(frame)
    variables <- lapply(frame[if (is.null(counts)) names(frame) else names(frame)[-1L]], as.factor)
    table <- if (is.null(counts)) base::table(variables) else tapply(counts, variables, sum)
    table[is.na(table)] <- 0
    table <- structure(as.vector(table), dim = dim(table), dimnames = dimnames(table))
  } else table <- data
  called <- names(dimnames(table))
  # Variables of a table without names are written as their numbers.
  asked <- formula[[length(formula)]]
  if (is.null(called)) {
    called <- paste0(".", seq_along(dim(table)))
    asked <- .numbers_named(asked)
  }
  right <- terms(as.formula(base::call("~", asked)))
  factors <- attr(right, "factors")
  margins <- lapply(colnames(factors), function(term) match(rownames(factors)[factors[, term] > 0], called))
  if (anyNA(unlist(margins))) stop("the formula has variables that the table has not")
  if (!length(margins)) stop("the formula specifies no terms")
  widest <- vapply(seq_along(margins), function(k) !any(vapply(seq_along(margins), function(j) j != k && all(margins[[k]] %in% margins[[j]]), NA)), NA)
  fit <- loglin(table, margins[widest], param = TRUE, ..., print = FALSE)
  structure(c(fit[c("lrt", "pearson", "df", "margin", if (!is.null(fit$fit)) "fit", "param")],
    list(call = call, formula = formula, deviance = fit$lrt, nobs = length(table), terms = right)), class = "loglm")
}

.numbers_named <- function(written) {
  if (is.numeric(written)) return(as.name(paste0(".", written)))
  if (is.call(written) && !identical(written[[1L]], quote(`^`))) written[-1L] <- lapply(as.list(written)[-1L], .numbers_named)
  written
}

coef.loglm <- function(object, ...) object$param

fitted.loglm <- function(object, ...) {
  if (!is.null(object$fit)) return(object$fit)
  message("Re-fitting to get fitted values")
  eval(update(object, fit = TRUE, evaluate = FALSE), environment(object$formula))$fit
}

print.loglm <- function(x, ...) {
  cat("Call:\n")
  print(x$call)
  shares <- 1 - pchisq(c(x$lrt, x$pearson), x$df)
  shown <- cbind(c(x$lrt, x$pearson), x$df, if (x$df > 0) shares else 1)
  dimnames(shown) <- list(c("Likelihood Ratio", "Pearson"), c("X^2", "df", "P(> X^2)"))
  cat("\nStatistics:\n")
  print(shown)
  invisible(x)
}
