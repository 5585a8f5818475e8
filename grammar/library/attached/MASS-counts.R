# MASS: negative binomial laws and regression, shapes of gamma models, doses of binomial ones.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, sections 7.2, 7.4 and 7.5; J. F. Lawless (1987),
# Negative binomial and mixed Poisson regression, Canadian Journal of Statistics 15.

# The logarithm of a count's chance under a mean and a shape; a shape of the count's own family has the mean mu and the variance mu + mu^2 / theta.
.negative_binomial_log <- function(y, mu, theta)
  lgamma(theta + y) - lgamma(theta) - lgamma(y + 1) + theta * log(theta / (theta + mu)) + y * log(ifelse(y > 0, mu / (theta + mu), 1))

negative.binomial <- function(theta = stop("'theta' must be specified"), link = "log") {
  if (missing(theta)) stop("'theta' must be specified")
  written <- substitute(link)
  named <- if (is.character(written)) written else deparse(written)
  if (!named %in% c("identity", "log", "sqrt")) {
    if (!is.character(link)) stop(gettextf(
      "\"%s\" link not available for negative binomial family; available links are \"identity\", \"log\" and \"sqrt\"", named), domain = NA)
    named <- link
  }
  family <- c(list(family = sprintf("Negative Binomial(%s)", format(round(theta, 4))), link = named), unclass(make.link(named))[c("linkfun", "linkinv")], list(
    variance = function(mu) mu + mu^2 / theta,
    dev.resids = function(y, mu, wt) 2 * wt * (y * log(ifelse(y > 0, y / mu, 1)) - (y + theta) * log1p((y - mu) / (mu + theta))),
    aic = function(y, n, mu, wt, dev) -2 * sum(wt * .negative_binomial_log(y, mu, theta)),
    mu.eta = make.link(named)$mu.eta,
    initialize = expression({
      if (min(y) < 0) stop("negative values not allowed for the negative binomial family")
      n <- rep(1, nobs)
      mustart <- ifelse(y == 0, 1 / 6, y)
    }),
    validmu = function(mu) all(mu > 0),
    valideta = make.link(named)$valideta,
    simulate = function(object, nsim) rnegbin(nsim * length(fitted(object)), rep(fitted(object), nsim), theta)))
  structure(family, class = "family")
}

rnegbin <- function(n, mu = n, theta = stop("'theta' must be specified")) {
  k <- if (length(n) > 1L) length(n) else n
  rpois(k, mu * rgamma(k, theta, rate = theta))
}

# What a fit or numbers give to an estimate of theta: responses, means, degrees of freedom.
.theta_given <- function(y, mu, dfr = NULL) {
  if (!inherits(y, "lm")) return(list(y = y, mu = mu, dfr = dfr))
  means <- fitted(y)
  list(y = if (is.null(y$y)) means + residuals(y) else y$y, mu = means, dfr = y$df.residual)
}

# Newton's steps to where a score is zero, always from a positive number; `tell(turn, value)` hears of each.
.newton <- function(start, score, information, limit, eps, tell = function(turn, value) NULL) {
  turn <- 0
  step <- function(at) {
    to <- abs(at) + score(abs(at)) / information(abs(at))
    turn <<- turn + 1
    tell(turn, to)
    to
  }
  .settle(start, step, function(at, to) abs(to - abs(at)), eps, limit)
}

# The estimate, at least nothing, with what kept it from being a good one.
.theta_noted <- function(theta, notes, call) {
  notes <- c(if (theta < 0) "estimate truncated at zero", notes)
  for (note in notes) warning(simpleWarning(note, call))
  structure(max(theta, 0), warn = tail(notes, 1L))
}

theta.ml <- function(y, mu, n = sum(weights), weights, limit = 10, eps = .Machine$double.eps^0.25, trace = FALSE) {
  given <- .theta_given(y, mu)
  if (missing(weights)) weights <- rep(1, length(given$y))
  score <- function(theta) with(given, sum(weights * (digamma(theta + y) - digamma(theta) + log(theta / (theta + mu)) + (mu - y) / (mu + theta))))
  information <- function(theta) with(given, sum(weights * (trigamma(theta) - trigamma(theta + y) - mu / theta / (mu + theta) + (mu - y) / (mu + theta)^2)))
  start <- n / sum(weights * (given$y / given$mu - 1)^2)
  tell <- function(turn, theta)
    if (trace) message(if (turn) paste0("theta.ml: iter", turn, " theta =", signif(theta)) else sprintf("theta.ml: iter 0 'theta = %f'", signif(theta)))
  tell(0, start)
  found <- .newton(start, score, information, limit - 1, eps, tell)
  used <- length(found$sizes) >= limit - 1
  structure(.theta_noted(found$at, if (used) "iteration limit reached", sys.call()), SE = 1 / sqrt(information(abs(found$before))))
}

# Pearson's statistic is to be its degrees of freedom.
theta.mm <- function(y, mu, dfr, weights, limit = 10, eps = .Machine$double.eps^0.25) {
  given <- .theta_given(y, mu, if (!missing(dfr)) dfr)
  if (missing(weights)) weights <- rep(1, length(given$y))
  squares <- weights * (given$y - given$mu)^2
  excess <- function(theta) with(given, dfr - sum(squares / (mu + mu^2 / theta)))
  slope <- function(theta) sum(squares / (given$mu + theta)^2)
  .theta_noted(.newton(sum(weights) / sum(squares / given$mu^2), excess, slope, limit - 1, eps)$at, NULL, sys.call())
}

# Means given theta and theta given the means take turns until neither theta nor the likelihood, in units of its spread, moves.
glm.nb <- function(formula, data, weights, subset, na.action, start = NULL, etastart, mustart, control = glm.control(...), method = "glm.fit",
                   model = TRUE, x = FALSE, y = TRUE, contrasts = NULL, ..., init.theta, link = log) {
  link <- substitute(link)
  call <- match.call()
  words <- c("formula", "data", "subset", "weights", "na.action", "etastart", "mustart", "offset")
  frame <- .frame_asked_by(call, parent.frame(), drop.unused.levels = TRUE, words = words)
  if (method == "model.frame") return(frame)
  parts <- .model_parts(frame, contrasts)
  w <- parts$weights
  counts <- parts$y
  if (min(w) < 0) stop("negative weights not allowed")
  tell <- function(level, ...) if (control$trace >= level) message(...)
  law <- function(theta) do.call(negative.binomial, list(theta = theta, link = as.character(link)))
  fit_by <- function(family, design = parts$x, ...) glm.fit(design, counts, weights = w, offset = parts$offset, family = family, intercept = parts$constant,
    control = glm.control(control$epsilon, control$maxit, control$trace > 1), ...)
  state <- function(fit, means = fit$fitted.values) {
    theta <- theta.ml(counts, means, sum(w), w, limit = control$maxit, trace = control$trace > 2)
    list(fit = fit, mu = fit$fitted.values, theta = theta, likelihood = sum(w * .negative_binomial_log(counts, fit$fitted.values, c(theta))))
  }
  tell(2, "Initial fit:")
  at <- state(fit_by(if (missing(init.theta)) poisson(as.character(link)) else law(init.theta), start = start, etastart = frame[["(etastart)"]],
    mustart = frame[["(mustart)"]]))
  tell(2, sprintf("Initial value for 'theta': %f", signif(c(at$theta))))
  unit <- sqrt(2 * max(1, at$fit$df.residual))
  turn <- 0
  found <- .settle(at, function(at) {
    family <- law(c(at$theta))
    to <- state(fit_by(family, etastart = family$linkfun(at$mu)), at$mu)
    turn <<- turn + 1
    most <- sum(w * .negative_binomial_log(counts, counts, c(to$theta)))
    tell(1, sprintf("Theta(%d) = %f, 2(Ls - Lm) = %f", turn, signif(c(to$theta)), signif(2 * (most - to$likelihood))))
    to
  }, function(at, to) abs(at$likelihood - to$likelihood) / unit + abs(at$theta - to$theta), control$epsilon, control$maxit)
  at <- found$at
  theta <- c(at$theta)
  attributes(theta) <- NULL
  fit <- at$fit
  fit$offset <- NULL
  fit$family <- law(theta)
  if (!found$settled) warning("alternation limit reached")
  if (length(parts$offset) && parts$constant) fit$null.deviance <- fit_by(fit$family, parts$x[, "(Intercept)", drop = FALSE])$deviance
  call$init.theta <- signif(theta, 10)
  call$link <- link
  if (!y) fit$y <- NULL
  fit$aic <- -2 * at$likelihood + 2 * fit$rank + 2
  note <- if (found$settled) attr(at$theta, "warn") else "alternation limit reached"
  kept <- c(list(th.warn = note, terms = parts$terms, call = call, model = if (model) frame),
    parts$remembered["na.action"], list(x = if (x) parts$x, theta = theta, SE.theta = attr(at$theta, "SE"), twologlik = 2 * at$likelihood),
    parts$remembered[c("contrasts", "xlevels")], list(method = method, control = control, offset = parts$offset))
  structure(c(fit, kept[!vapply(kept, is.null, NA)]), class = c("negbin", "glm", "lm"))
}

family.negbin <- function(object, ...) object$family

logLik.negbin <- function(object, ...) structure(object$twologlik / 2, df = object$rank + 1, nobs = sum(!is.na(object$residuals)), class = "logLik")

vcov.negbin <- function(object, ...) summary(object, ...)$cov.scaled

anova.negbin <- function(object, ..., test = "Chisq") {
  models <- list(object, ...)
  if (length(models) < 2L) {
    warning("tests made without re-estimating 'theta'")
    return(anova.glm(object, dispersion = 1, test = test))
  }
  at <- function(part) vapply(models, function(one) as.numeric(one[[part]]), 0)
  .likelihood_ratios(models, "Negative Binomial Models", at("df.residual"), -at("twologlik"),
    list(theta = at("theta"), `Resid. df` = as.integer(at("df.residual")), `   2 x log-lik.` = at("twologlik")), "   df")
}

summary.negbin <- function(object, dispersion = 1, correlation = FALSE, ...) {
  told <- summary.glm(object, dispersion = if (is.null(dispersion)) 1 else dispersion, correlation = correlation, ...)
  own <- intersect(c("theta", "SE.theta", "twologlik", "th.warn"), names(object))
  told[own] <- object[own]
  class(told) <- c("summary.negbin", class(told))
  told
}

print.summary.negbin <- function(x, ...) {
  print.summary.glm(x, ...)
  # As many places as the error has two digits.
  places <- max(0, 2 - floor(log10(x$SE.theta)))
  lines <- c(sprintf("%20s  %s", c("Theta:", "Std. Err.:"), formatC(c(x$theta, x$SE.theta), places, format = "f")),
    if (!is.null(x$th.warn)) paste("Warning while fitting theta:", x$th.warn), paste("\n 2 x log-likelihood: ", format(round(x$twologlik, 3), nsmall = places)))
  cat("\n", paste(lines, "\n"), sep = "")
  invisible(x)
}

# Where the linear predictor reaches that of `p`, and its error to first order.
dose.p <- function(obj, cf = 1:2, p = 0.5) {
  at <- coef(obj)[cf]
  dose <- setNames((family(obj)$linkfun(p) - at[[1L]]) / at[[2L]], sprintf("p = %s:", format(p)))
  slope <- cbind(1, dose) / at[[2L]]
  errors <- matrix(sqrt(rowSums(slope %*% vcov(obj)[cf, cf] * slope)), dimnames = list(names(dose), NULL))
  structure(dose, SE = errors, p = p, class = "glm.dose")
}

print.glm.dose <- function(x, ...) {
  print(cbind(Dose = setNames(as.vector(x), names(x)), SE = c(attr(x, "SE"))), ...)
  invisible(x)
}

gamma.shape <- function(object, ...) UseMethod("gamma.shape")

gamma.shape.glm <- function(object, it.lim = 10, eps.max = .Machine$double.eps^0.25, verbose = FALSE, ...) {
  if (is.null(object$y)) return(gamma.shape.glm(update(object, y = TRUE), it.lim, eps.max, verbose))
  w <- object$prior.weights
  ratio <- object$y / object$fitted.values
  # Each response is of a gamma law of shape alpha w; a response of nothing counts by its mean alone.
  score <- function(alpha) sum(w * (log(alpha * w) - digamma(alpha * w) + 1 - ratio + log(ifelse(object$y == 0, 1 / object$fitted.values, ratio))))
  information <- function(alpha) sum(w * (w * trigamma(alpha * w) - 1 / alpha))
  # McCullagh and Nelder's start by the mean deviance.
  mean_deviance <- object$deviance / object$df.residual
  tell <- function(turn, alpha) if (verbose) message(if (turn) sprintf("Iter. %d Alpha: ", turn) else "Initial estimate: ", format(alpha))
  start <- 1 / mean_deviance + 1 / (6 + mean_deviance)
  tell(0, start)
  found <- .newton(start, score, information, it.lim, eps.max, tell)
  if (!found$settled) warning("iteration limit reached")
  structure(list(alpha = found$at, SE = 1 / sqrt(information(found$before))), class = "gamma.shape")
}

print.gamma.shape <- function(x, ...) {
  print(matrix(c(x$alpha, x$SE), dimnames = list(c("Alpha:", "SE:"), "")), ...)
  invisible(x)
}

gamma.dispersion <- function(object, ...) 1 / gamma.shape(object, ...)[[1L]]
