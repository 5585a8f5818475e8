# MASS: robust regression by M-estimators, and robust middles and spreads of one sample.
# Source: P. J. Huber (1981), Robust Statistics; F. R. Hampel et al. (1986), Robust Statistics: The Approach based on Influence
# Functions; W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, sections 5.5 and 6.5.

# The M-estimators: psi(u) / u, or the derivative of psi.
psi.huber <- function(u, k = 1.345, deriv = 0) if (deriv) abs(u) <= k else pmin(1, k / abs(u))

# Hampel's psi has corners at a, b and c: it rises, is flat, and falls to nothing.
psi.hampel <- function(u, a = 2, b = 4, c = 8, deriv = 0) {
  size <- abs(u)
  piece <- findInterval(size, base::c(a, b, c), left.open = TRUE) + 1L
  if (deriv) return(base::c(1, 0, a / (b - c), 0)[piece])
  shares <- cbind(1, a / size, a * (c - size) / (c - b) / size, 0)
  setNames(shares[cbind(seq_along(u), piece)], names(u))
}

psi.bisquare <- function(u, c = 4.685, deriv = 0) {
  rest <- pmax(1 - (as.vector(u) / c)^2, 0)
  if (deriv) ifelse(rest > 0, rest * (5 * rest - 4), 0) else rest^2
}

.pulled_in <- function(y, at, k) pmin(pmax(y, at[["mu"]] - k * at[["s"]]), at[["mu"]] + k * at[["s"]])

# What the square of a standard normal variable is on average when it is cut at `k`.
.cut_square <- function(k) pchisq(k^2, 3) + k^2 * pchisq(k^2, 1, lower.tail = FALSE)

.in_spreads <- function(at, to) max(abs(to - at)) / at[["s"]]

huber <- function(y, k = 1.5, tol = 1e-06) {
  y <- y[!is.na(y)]
  spread <- mad(y)
  if (spread == 0) stop("cannot estimate scale: MAD is zero for this sample")
  found <- .settle(c(mu = median(y), s = spread), function(at) c(mu = mean(.pulled_in(y, at, k)), s = spread), .in_spreads, tol)
  as.list(found$before)
}

hubers <- function(y, k = 1.5, mu, s, initmu = median(y), tol = 1e-06) {
  y <- y[!is.na(y)]
  known <- c(mu = !missing(mu), s = !missing(s))
  at <- c(mu = if (known[["mu"]]) mu else initmu, s = if (known[["s"]]) s else mad(y))
  if (at[["s"]] == 0) return(as.list(at))
  free <- (length(y) - !known[["mu"]]) * .cut_square(k)
  found <- .settle(at, function(at) {
    pulled <- .pulled_in(y, at, k)
    middle <- if (known[["mu"]]) mu else mean(pulled)
    c(mu = middle, s = if (known[["s"]]) s else sqrt(sum((pulled - middle)^2) / free))
  }, .in_spreads, tol)
  as.list(found$before)
}

rlm <- function(x, ...) UseMethod("rlm")

rlm.formula <- function(formula, data, weights, ..., subset, na.action, method = c("M", "MM", "model.frame"), wt.method = c("inv.var", "case"),
                        model = TRUE, x.ret = TRUE, y.ret = FALSE, contrasts = NULL) {
  method <- match.arg(method)
  wt.method <- match.arg(wt.method)
  frame <- .frame_asked_by(match.call(), parent.frame(), words = c("formula", "data", "subset", "weights", "na.action"))
  if (method == "model.frame") return(frame)
  parts <- .model_parts(frame, contrasts)
  shift <- if (is.null(parts$offset)) 0 else parts$offset
  x <- parts$x
  y <- parts$y - shift
  weights <- parts$weights
  fit <- rlm.default(x, y, weights, method = method, wt.method = wt.method, ...)
  fit$fitted.values <- fit$fitted.values + shift
  fit$call <- .called_as("rlm", match.call())
  if (!x.ret) fit$x <- NULL
  kept <- c(list(terms = parts$terms), parts$remembered[c("contrasts", "xlevels", "na.action")], list(model = if (model) frame, y = if (y.ret) parts$y))
  kept <- kept[!vapply(kept, is.null, NA)]
  fit[names(kept)] <- kept
  fit
}

# A psi with its tuning constants put in.
.tuned_psi <- function(psi, constants) {
  psi <- match.fun(psi)
  at <- pmatch(names(constants), names(formals(psi)))
  if (anyNA(at)) warning(simpleWarning("some of ... do not match", sys.call(-1L)))
  formals(psi)[at[!is.na(at)]] <- constants[!is.na(at)]
  psi
}

# The middle of sizes of which some stand for several.
.weighted_middle <- function(sizes, cases) {
  at <- order(sizes)
  below <- cumsum(cases[at]) / sum(cases)
  mean(sizes[at][c(which(below >= 0.5)[1L], which(below > 0.5)[1L])])
}

.robust_spreads <- list(
  MAD = function(resid, before, cases, free, k) .weighted_middle(abs(resid), cases) / 0.6745,
  Huber = function(resid, before, cases, free, k) sqrt(sum(cases * pmin(resid^2, (k * before)^2)) / (free * .cut_square(k))))

# Least squares with weights that residuals in units of their spread give, until what `test.vec` names moves little.
rlm.default <- function(x, y, weights, ..., w = rep(1, nrow(x)), init = "ls", psi = psi.huber, scale.est = c("MAD", "Huber", "proposal 2"), k2 = 1.345,
                        method = c("M", "MM"), wt.method = c("inv.var", "case"), maxit = 20, acc = 1e-04, test.vec = "resid", lqs.control = NULL) {
  .passed_over(lqs.control)
  if (match.arg(method) == "MM") stop("method = 'MM' of rlm() is not supported (it begins with a random search); method = 'M' is")
  by_case <- match.arg(wt.method) == "case"
  spread <- .robust_spreads[[sub("proposal 2", "Huber", match.arg(scale.est))]]
  if (is.null(colnames(x))) colnames(x) <- paste0("X", seq_len(ncol(x)))
  if (qr(x)$rank < ncol(x)) stop("'x' is singular: singular fits are not implemented in 'rlm'")
  if (missing(weights)) weights <- rep(1, nrow(x))
  if (is.null(test.vec)) stop("test.vec = NULL of rlm() is not supported; \"resid\", \"coef\" and \"w\" are")
  psi <- .tuned_psi(psi, list(...))
  begun <- lm.wfit(x, y, w * weights)
  if (is.list(init)) begun$coefficients <- init$coef
  else if (is.numeric(init)) begun$coefficients <- init
  else if (!identical(init, "ls")) stop("'init' method is unknown")
  # Weights count cases, or they stretch the rows.
  cases <- if (by_case) weights else rep(1, nrow(x))
  stretch <- if (by_case) 1 else sqrt(weights)
  rows <- stretch * x
  goal <- stretch * y
  free <- sum(cases) - ncol(x)
  state <- function(fit, w, s) list(fit = fit, w = w, s = s, coef = fit$coefficients, resid = drop(goal - rows %*% fit$coefficients))
  at <- state(begun, w * cases, 0)
  at$s <- .robust_spreads$MAD(at$resid, 0, cases)
  found <- .settle(at, function(at) {
    s <- spread(at$resid, at$s, cases, free, k2)
    if (s == 0) return(NULL)
    w <- psi(at$resid / s) * cases
    state(lm.wfit(rows, goal, w), w, s)
  }, function(at, to) sqrt(sum((at[[test.vec]] - to[[test.vec]])^2) / max(1e-20, sum(at[[test.vec]]^2))), acc, maxit)
  if (!found$settled) warning(gettextf("'rlm' failed to converge in %d steps", maxit), domain = NA)
  at <- found$at
  fitted <- drop(x %*% at$coef)
  structure(list(coefficients = at$coef, residuals = y - fitted, wresid = at$resid, effects = at$fit$effects, rank = at$fit$rank, fitted.values = fitted,
    assign = at$fit$assign, qr = at$fit$qr, df.residual = NA, w = at$w, s = at$s, psi = psi, k2 = k2, weights = if (any(weights != 1)) weights,
    conv = found$sizes, converged = found$settled, x = x, call = .called_as("rlm", match.call())), class = c("rlm", "lm"))
}

print.rlm <- function(x, ...) {
  .print_call(x$call)
  n <- length(x$residuals)
  cat(sprintf(if (x$converged) "Converged in %d iterations" else "Ran %d iterations without convergence", length(x$conv)), "\n\nCoefficients:\n", sep = "")
  print(x$coefficients, ...)
  cat(sprintf("\nDegrees of freedom: %d total; %d residual\n", n, n - x$rank))
  .print_left_out(x$na.action, "  ")
  cat("Scale estimate:", format(signif(x$s, 3)), "\n")
  invisible(x)
}

# Huber (1981), section 7.6: the spread of psi over its mean slope, grown by what the slopes vary.
summary.rlm <- function(object, method = c("XtX", "XtWX"), correlation = FALSE, ...) {
  method <- match.arg(method)
  by_case <- identical(object$call$wt.method, "case")
  weights <- if (is.null(object$weights)) rep(1, length(object$residuals)) else object$weights
  cases <- if (by_case) weights else rep(1, length(weights))
  n <- if (by_case) sum(cases) else length(cases)
  p <- length(object$coefficients)
  scaled <- object$wresid / object$s
  slopes <- object$psi(scaled, deriv = 1)
  slope <- sum(cases * slopes) / n
  varied <- sum(cases * (slopes - slope)^2) / (n - 1)
  spread <- sqrt(sum(cases * (object$wresid * object$psi(scaled))^2) / (n - p))
  stddev <- spread / slope * (1 + p * varied / (n * slope^2))
  lowered <- object$w * if (by_case) 1 else weights
  counted <- if (method == "XtWX") lowered * (sum(weights) / sum(lowered)) else weights
  unscaled <- chol2inv(qr.R(qr(sqrt(counted) * object$x)))
  dimnames(unscaled) <- rep(list(names(object$coefficients)), 2L)
  errors <- stddev * sqrt(diag(unscaled))
  made <- list(call = object$call, residuals = object$residuals * if (by_case) 1 else sqrt(weights),
    coefficients = cbind(Value = object$coefficients, `Std. Error` = errors, `t value` = object$coefficients / errors),
    sigma = object$s, stddev = stddev, df = c(p, n - p, p), r.squared = NA, cov.unscaled = unscaled, terms = object$terms)
  if (correlation) made$correlation <- cov2cor(unscaled)
  made$na.action <- object$na.action
  structure(made, class = "summary.rlm")
}

print.summary.rlm <- function(x, digits = max(3, getOption("digits") - 3), ...) {
  .print_call(x$call, "\nCall: ")
  free <- x$df[2L]
  if (free < 1L) cat("Residuals:\nALL", x$df[1L], "residuals are 0: no residual degrees of freedom!\n")
  else {
    cat("Residuals:\n")
    print(if (free > 5L) setNames(quantile(x$residuals), c("Min", "1Q", "Median", "3Q", "Max")) else x$residuals, digits = digits, ...)
  }
  cat("\nCoefficients:\n")
  print(format(round(x$coefficients, digits)), quote = FALSE, ...)
  cat(sprintf("\nResidual standard error: %s on %s degrees of freedom\n", format(signif(x$sigma, digits)), format(free)))
  .print_left_out(x$na.action, "  ")
  .print_correlations(x$correlation, digits, ...)
  invisible(x)
}

predict.rlm <- function(object, newdata = NULL, scale = NULL, ...) {
  object$qr <- qr(object$x * if (is.null(object$weights)) 1 else sqrt(object$weights))
  spread <- if (is.null(scale) || is.null(newdata)) object$s else scale
  if (is.null(newdata)) predict.lm(object, scale = spread, ...) else predict.lm(object, newdata, scale = spread, ...)
}

vcov.rlm <- function(object, ...) with(summary(object), stddev^2 * cov.unscaled)
