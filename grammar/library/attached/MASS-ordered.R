# MASS: ordered responses whose cut points lie on the scale of a linear predictor.
# Source: P. McCullagh (1980), Regression models for ordinal data, JRSS B 42; A. Agresti (2002), Categorical Data Analysis, chapter 7;
# W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, section 7.3.

# The laws of the latent variable: what lies below, the density, and the link of the two-class fit that the search starts from.
.ordered_laws <- list(
  logistic = list(below = plogis, density = dlogis, first = "logit"),
  probit = list(below = pnorm, density = dnorm, first = "probit"),
  loglog = list(below = function(x) exp(-exp(-x)), density = function(x) exp(-x - exp(-x)), first = "probit"),
  cloglog = list(below = function(x) -expm1(-exp(x)), density = function(x) exp(x - exp(x)), first = "probit"),
  cauchit = list(below = pcauchy, density = dcauchy, first = "cauchit"))

# The chances of the classes, one row for each predictor.
.ordered_shares <- function(law, zeta, eta, rows, lev) {
  reached <- cbind(0, law$below(outer(-eta, zeta, "+")), 1)
  structure(reached[, -1L, drop = FALSE] - reached[, -ncol(reached), drop = FALSE], dimnames = list(rows, lev))
}

# The search goes over the first cut and the logarithms of the gaps, so that cuts stay in order.
.cuts_of <- function(free) cumsum(c(free[1L], exp(free[-1L])))

# How slopes and cuts move with what is searched over: the slopes as they are, each cut with the first one and with the gaps before it.
.cut_slopes <- function(p, gaps) {
  cuts <- length(gaps) + 1L
  moves <- diag(p + cuts)
  moves[p + seq_len(cuts), p + seq_len(cuts)] <- cbind(1, lower.tri(diag(cuts))[, -cuts, drop = FALSE] * rep(gaps, each = cuts))
  moves
}

# A two-class fit at the middle, and cuts as far apart as those of classes of one size.
.ordered_start <- function(x, y, cuts, parts, method) {
  middle <- (cuts + 1L) %/% 2L
  fit <- glm.fit(cbind(1, x), y > middle, parts$weights, offset = parts$offset, family = binomial(.ordered_laws[[method]]$first))
  if (!fit$converged) stop(simpleError("attempt to find suitable starting values failed", sys.call(-1L)))
  even <- qlogis(seq_len(cuts) / (cuts + 1L)) / if (method == "logistic") 1 else 1.7
  list(slopes = unname(fit$coefficients[-1L]), cuts = even - even[middle] - fit$coefficients[[1L]])
}

polr <- function(formula, data, weights, start, ..., subset, na.action, contrasts = NULL, Hess = FALSE, model = TRUE,
                 method = c("logistic", "probit", "loglog", "cloglog", "cauchit")) {
  method <- match.arg(method)
  frame <- .frame_asked_by(match.call(), parent.frame(), words = c("formula", "data", "subset", "weights", "na.action"))
  parts <- .model_parts(frame, contrasts, constant = FALSE)
  if (!parts$constant) warning("an intercept is needed and assumed")
  if (!is.factor(parts$y)) stop("response must be a factor")
  lev <- levels(parts$y)
  if (length(lev) < 3L) stop("response must have 3 or more levels")
  y <- as.integer(parts$y)
  x <- parts$x
  cuts <- length(lev) - 1L
  if (missing(start)) {
    begun <- .ordered_start(x, y, cuts, parts, method)
    kept <- !is.na(begun$slopes)
    if (!all(kept)) warning("design appears to be rank-deficient, so dropping some coefs")
    x <- x[, kept, drop = FALSE]
    start <- c(begun$slopes[kept], begun$cuts)
  } else if (length(start) != ncol(x) + cuts) stop("'start' is not of the correct length")
  p <- ncol(x)
  found <- .ordered_search(x, y, cuts, parts, .ordered_laws[[method]], start, Hess, ...)
  zeta <- setNames(.cuts_of(found$par[p + seq_len(cuts)]), paste(lev[-length(lev)], lev[-1L], sep = "|"))
  beta <- setNames(found$par[seq_len(p)], colnames(x))
  eta <- drop(x %*% beta) + if (is.null(parts$offset)) 0 else parts$offset
  size <- sum(parts$weights)
  if (Hess) dimnames(found$hessian) <- rep(list(c(names(beta), names(zeta))), 2L)
  fitted <- .ordered_shares(.ordered_laws[[method]], zeta, eta, row.names(frame), lev)
  made <- list(coefficients = beta, zeta = zeta, deviance = 2 * found$value, fitted.values = fitted, lev = lev, terms = parts$terms,
    df.residual = size - p - cuts, edf = p + cuts, n = size, nobs = size, call = match.call(), method = method,
    convergence = found$convergence, niter = setNames(found$counts, c("f.evals.function", "g.evals.gradient")), lp = eta)
  made <- c(made, list(Hessian = if (Hess) found$hessian, model = if (model) frame), parts$remembered)
  structure(made[!vapply(made, is.null, NA)], class = "polr")
}

# Minus the log likelihood of classes between cuts, and its slope. A row's ends are linear in slopes and cuts, by one design each;
# beyond the first and last cut they lie far out.
.ordered_search <- function(x, y, cuts, parts, law, start, Hess, ...) {
  p <- ncol(x)
  upper <- cbind(-x, outer(y, seq_len(cuts), "=="))
  lower <- cbind(-x, outer(y - 1L, seq_len(cuts), "=="))
  shift <- if (is.null(parts$offset)) 0 else parts$offset
  at <- function(theta) {
    natural <- c(theta[seq_len(p)], .cuts_of(theta[p + seq_len(cuts)]))
    high <- pmin(100, ifelse(y > cuts, Inf, drop(upper %*% natural) - shift))
    low <- pmax(-100, ifelse(y == 1L, -Inf, drop(lower %*% natural) - shift))
    list(high = high, low = low, share = law$below(high) - law$below(low))
  }
  worth <- function(theta) {
    share <- at(theta)$share
    if (min(share) > 0) -sum(parts$weights * log(share)) else Inf
  }
  slope <- function(theta) {
    ends <- at(theta)
    weight <- parts$weights / ends$share
    natural <- crossprod(lower, weight * law$density(ends$low)) - crossprod(upper, weight * law$density(ends$high))
    drop(crossprod(natural, .cut_slopes(p, exp(theta[p + seq_len(cuts)][-1L]))))
  }
  begin <- unname(c(start[seq_len(p)], start[p + 1L], log(diff(start[p + seq_len(cuts)]))))
  .likeliest(begin, worth, slope, Hess, method = "BFGS", ...)
}

# The head and foot that a fit and its summary have in common.
.print_ordered <- function(x, slopes, show_slopes, cuts, ...) {
  .print_call(x$call)
  if (NROW(slopes)) {
    cat("\nCoefficients:\n")
    show_slopes(slopes)
  } else cat("\nNo coefficients\n")
  cat("\nIntercepts:\n")
  print(cuts, quote = FALSE, ...)
  .print_fit_sizes(x$deviance, x$edf)
  .print_left_out(x$na.action)
}

.print_fit_sizes <- function(deviance, edf) {
  sizes <- vapply(deviance + c(0, 2 * edf), format, "", nsmall = 2L)
  cat("\n", paste0(c("Residual Deviance: ", "AIC: "), sizes, " \n"), sep = "")
}

print.polr <- function(x, ...) {
  .print_ordered(x, coef(x), function(slopes) print(slopes, ...), x$zeta, ...)
  if (x$convergence > 0L) cat("Warning: did not converge as iteration limit reached\n")
  invisible(x)
}

vcov.polr <- function(object, ...) {
  if (is.null(object$Hessian)) {
    message("\nRe-fitting to get Hessian\n")
    call <- object$call
    call[c("Hess", "start")] <- list(TRUE, unname(c(object$coefficients, object$zeta)))
    object <- eval(call, environment(object$terms))
  }
  moves <- .cut_slopes(length(object$coefficients), diff(object$zeta))
  structure(moves %*% solve(object$Hessian) %*% t(moves), dimnames = dimnames(object$Hessian))
}

summary.polr <- function(object, digits = max(3, getOption("digits") - 3), correlation = FALSE, ...) {
  spread <- vcov(object)
  errors <- sqrt(diag(spread))
  values <- c(coef(object), object$zeta)
  object$coefficients <- cbind(Value = values, `Std. Error` = errors, `t value` = values / errors)
  object[c("pc", "digits")] <- list(length(values) - length(object$zeta), digits)
  if (correlation) object$correlation <- cov2cor(spread)
  structure(object, class = "summary.polr")
}

print.summary.polr <- function(x, digits = x$digits, ...) {
  shown <- format(round(x$coefficients, digits = digits))
  slopes <- seq_len(nrow(shown)) <= x$pc
  .print_ordered(x, x$coefficients[slopes, , drop = FALSE], function(slopes) print(slopes, digits = digits, ...), shown[!slopes, , drop = FALSE], ...)
  .print_correlations(x$correlation, digits, ...)
  invisible(x)
}

predict.polr <- function(object, newdata, type = c("class", "probs"), ...) {
  if (!inherits(object, "polr")) stop("not a \"polr\" object")
  shares <- object$fitted.values
  if (!missing(newdata)) {
    x <- .design_for(object, newdata)
    shift <- model.offset(attr(x, "frame"))
    eta <- drop(x[, names(object$coefficients), drop = FALSE] %*% object$coefficients) + if (is.null(shift)) 0 else shift
    shares <- .ordered_shares(.ordered_laws[[object$method]], object$zeta, eta, rownames(x), object$lev)
  }
  if (match.arg(type) == "probs") drop(shares) else factor(max.col(shares, "first"), seq_along(object$lev), object$lev)
}

logLik.polr <- function(object, ...) structure(-0.5 * object$deviance, df = object$edf, nobs = object[["nobs"]], class = "logLik")

nobs.polr <- function(object, ...) object[["nobs"]]

model.frame.polr <- function(formula, ...) formula$model

extractAIC.polr <- function(fit, scale = 0, k = 2, ...) c(fit$edf, fit$deviance + k * fit$edf)

anova.polr <- function(object, ..., test = c("Chisq", "none")) {
  models <- list(object, ...)
  if (length(models) < 2L) stop("anova is not implemented for a single \"polr\" object")
  at <- function(part) vapply(models, `[[`, 0, part)
  .likelihood_ratios(models, "ordinal regression models", at("df.residual"), at("deviance"),
    list(`Resid. df` = at("df.residual"), `Resid. Dev` = at("deviance")), "   Df", match.arg(test) == "Chisq")
}
