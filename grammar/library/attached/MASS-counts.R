# MASS: negative binomial regression, shapes of gamma models, doses, log-linear models, distributions fitted by likelihood.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, sections 5.6, 7.4 and 7.5.

negative.binomial <- function(theta = stop("'theta' must be specified"), link = "log") {
  asked <- substitute(link)
  if (!is.character(asked)) asked <- deparse(asked)
  if (!asked %in% c("log", "identity", "sqrt")) {
    if (!is.character(link)) stop(gettextf("\"%s\" link not available for negative binomial family; available links are \"identity\", \"log\" and \"sqrt\"", asked), domain = NA)
    asked <- link
  }
  made <- make.link(asked)
  force(theta)
  structure(list(family = paste0("Negative Binomial(", format(round(theta, 4)), ")"), link = asked, linkfun = made$linkfun, linkinv = made$linkinv,
    variance = function(mu) mu + mu^2 / theta,
    dev.resids = function(y, mu, wt) 2 * wt * (y * log(pmax(1, y) / mu) - (y + theta) * log((y + theta) / (mu + theta))),
    aic = function(y, n, mu, wt, dev) 2 * sum(wt * ((y + theta) * log(mu + theta) - y * log(mu) + lgamma(y + 1) - theta * log(theta) + lgamma(theta) - lgamma(theta + y))),
    mu.eta = made$mu.eta,
    initialize = expression({
      if (any(y < 0)) stop("negative values not allowed for the negative binomial family")
      n <- rep(1, nobs)
      mustart <- y + (y == 0) / 6
    }),
    validmu = function(mu) all(mu > 0), valideta = made$valideta), class = "family")
}

.theta_score <- function(theta, y, mu, w) sum(w * (digamma(theta + y) - digamma(theta) + log(theta) + 1 - log(theta + mu) - (y + theta) / (mu + theta)))

.theta_information <- function(theta, y, mu, w) sum(w * (-trigamma(theta + y) + trigamma(theta) - 1 / theta + 2 / (mu + theta) - (y + theta) / (mu + theta)^2))

# A root by Newton's steps from a start: at most `limit` less one of them, until a step is no longer than `eps`. `towards(theta)`
# gives the step; a note says what kept the answer from being one.
.theta_by_steps <- function(start, towards, limit, eps, told = function(turn, theta) NULL) {
  theta <- start
  used <- 0
  repeat {
    used <- used + 1
    if (used >= limit) break
    moved <- towards(abs(theta))
    theta <- abs(theta) + moved
    told(used, theta)
    if (abs(moved) <= eps) {
      used <- used + 1
      break
    }
  }
  notes <- c(if (theta < 0) "estimate truncated at zero", if (used == limit) "iteration limit reached")
  theta <- max(theta, 0)
  for (note in notes) {
    warning(simpleWarning(note, sys.call(-1L)))
    attr(theta, "warn") <- note
  }
  theta
}

# What a fit or numbers give to an estimate of theta: responses, means, degrees of freedom.
.theta_given <- function(y, mu, dfr = NULL) {
  if (!inherits(y, "lm")) return(list(y = y, mu = mu, dfr = dfr))
  means <- fitted(y)
  list(y = if (is.null(y$y)) means + residuals(y) else y$y, mu = means, dfr = y$df.residual)
}

theta.ml <- function(y, mu, n = sum(weights), weights, limit = 10, eps = .Machine$double.eps^0.25, trace = FALSE) {
  given <- .theta_given(y, mu)
  y <- given$y
  mu <- given$mu
  if (missing(weights)) weights <- rep(1, length(y))
  start <- n / sum(weights * (y / mu - 1)^2)
  tell <- function(turn, theta) if (trace) message("theta.ml: iter", turn, " theta =", signif(theta))
  if (trace) message(sprintf("theta.ml: iter %d 'theta = %f'", 0, signif(start)))
  known <- NULL
  towards <- function(theta) .theta_score(theta, y, mu, weights) / (known <<- .theta_information(theta, y, mu, weights))
  theta <- .theta_by_steps(start, towards, limit, eps, tell)
  attr(theta, "SE") <- sqrt(1 / known)
  theta
}

theta.mm <- function(y, mu, dfr, weights, limit = 10, eps = .Machine$double.eps^0.25) {
  given <- .theta_given(y, mu, if (!missing(dfr)) dfr)
  y <- given$y
  mu <- given$mu
  if (missing(weights)) weights <- rep(1, length(y))
  squares <- weights * (y - mu)^2
  # Pearson's statistic less what it should be, over its slope.
  towards <- function(theta) (given$dfr - sum(squares / (mu + mu^2 / theta))) / sum(squares / (mu + theta)^2)
  .theta_by_steps(sum(weights) / sum(weights * (y / mu - 1)^2), towards, limit, eps)
}

rnegbin <- function(n, mu = n, theta = stop("'theta' must be specified")) {
  count <- if (length(n) > 1L) length(n) else n
  mu <- rep_len(mu, count)
  theta <- rep_len(theta, count)
  rpois(count, mu * rgamma(count, theta) / theta)
}

.negative_binomial_likelihood <- function(theta, mu, y, w)
  sum(w * (lgamma(theta + y) - lgamma(theta) - lgamma(y + 1) + theta * log(theta) + y * log(mu + (y == 0)) - (theta + y) * log(theta + mu)))

glm.nb <- function(formula, data, weights, subset, na.action, start = NULL, etastart, mustart, control = glm.control(...), method = "glm.fit",
                   model = TRUE, x = FALSE, y = TRUE, contrasts = NULL, ..., init.theta, link = log) {
  link <- substitute(link)
  if (is.character(link)) link <- as.name(link)
  call <- match.call()
  asked <- match.call(expand.dots = FALSE)
  asked <- asked[c(1L, match(c("formula", "data", "subset", "weights", "na.action", "etastart", "mustart", "offset"), names(asked), 0L))]
  asked$drop.unused.levels <- TRUE
  asked[[1L]] <- quote(stats::model.frame)
  frame <- eval.parent(asked)
  terms <- attr(frame, "terms")
  if (method == "model.frame") return(frame)
  response <- model.response(frame, "numeric")
  design <- model.matrix(terms, frame, contrasts)
  w <- model.weights(frame)
  if (is.null(w)) w <- rep(1, nrow(frame))
  else if (any(w < 0)) stop("negative weights not allowed")
  shift <- model.offset(frame)
  n <- length(response)
  told <- function(level, ...) if (control$trace >= level) message(...)
  families <- function(theta) eval(call("negative.binomial", theta = theta, link = as.character(link)))
  fitted_with <- function(family, ...) glm.fit(design, response, weights = w, ..., offset = shift, family = family, intercept = attr(terms, "intercept") > 0,
    control = list(maxit = control$maxit, epsilon = control$epsilon, trace = control$trace > 1))
  theta_of <- function(mu) theta.ml(response, mu, sum(w), w, limit = control$maxit, trace = control$trace > 2)
  told(2, "Initial fit:")
  fit <- fitted_with(if (missing(init.theta)) poisson(link = as.character(link)) else families(init.theta), start = start)
  mu <- fit$fitted.values
  theta <- as.vector(theta_of(mu))
  told(2, gettextf("Initial value for 'theta': %f", signif(theta)))
  family <- families(theta)
  # Means given theta and theta given the means take turns until neither theta nor the likelihood, in units of its spread, moves.
  unit <- sqrt(2 * max(1, fit$df.residual))
  likelihood <- NULL
  settled <- FALSE
  turn <- 0
  while (!settled && turn < control$maxit) {
    turn <- turn + 1
    fit <- fitted_with(family, etastart = family$linkfun(mu))
    mu_before <- mu
    mu <- fit$fitted.values
    newer <- theta_of(mu_before)
    reached <- .negative_binomial_likelihood(newer, mu, response, w)
    gain <- if (is.null(likelihood)) 1 - reached else likelihood - reached
    told(1, sprintf("Theta(%d) = %f, 2(Ls - Lm) = %f", turn, signif(newer), signif(2 * gain)))
    settled <- abs(gain) / unit + abs(theta - newer) <= control$epsilon
    theta <- newer
    likelihood <- reached
    family <- families(theta)
  }
  warned <- c(attr(theta, "warn"), if (!settled) gettext("alternation limit reached"))
  if (!settled) warning("alternation limit reached")
  if (length(warned)) fit$th.warn <- warned[length(warned)]
  if (length(shift) && attr(terms, "intercept")) {
    null <- if (length(terms)) glm.fit(design[, "(Intercept)", drop = FALSE], response, weights = w, offset = shift, family = family,
      control = list(maxit = control$maxit, epsilon = control$epsilon), intercept = TRUE)$deviance else fit$deviance
    fit$null.deviance <- null
  }
  class(fit) <- c("negbin", "glm", "lm")
  fit$terms <- terms
  fit$formula <- as.vector(attr(terms, "formula"))
  call$init.theta <- signif(as.vector(theta), 10)
  call$link <- link
  fit$call <- call
  if (model) fit$model <- frame
  fit$na.action <- attr(frame, "na.action")
  if (x) fit$x <- design
  if (!y) fit$y <- NULL
  fit$theta <- as.vector(theta)
  fit$SE.theta <- attr(theta, "SE")
  fit$twologlik <- as.vector(2 * likelihood)
  fit$aic <- -fit$twologlik + 2 * fit$rank + 2
  fit$contrasts <- attr(design, "contrasts")
  fit$xlevels <- .getXlevels(terms, frame)
  fit$method <- method
  fit$control <- control
  fit$offset <- shift
  fit
}

family.negbin <- function(object, ...) object$family

logLik.negbin <- function(object, ...) structure(object$twologlik / 2, df = object$rank + 1, nobs = sum(!is.na(object$residuals)), class = "logLik")

summary.negbin <- function(object, dispersion = 1, correlation = FALSE, ...) {
  if (is.null(dispersion)) dispersion <- 1
  made <- c(summary.glm(object, dispersion = dispersion, correlation = correlation), object[c("theta", "SE.theta", "twologlik", "th.warn")])
  structure(made, class = c("summary.negbin", "summary.glm"))
}

print.summary.negbin <- function(x, ...) {
  print.summary.glm(x, ...)
  places <- max(2 - floor(log10(x$SE.theta)), 0)
  cat("\n              Theta: ", format(round(x$theta, places), nsmall = places), "\n          Std. Err.: ", format(round(x$SE.theta, places), nsmall = places), "\n")
  if (!is.null(x$th.warn)) cat("Warning while fitting theta:", x$th.warn, "\n")
  cat("\n 2 x log-likelihood: ", format(round(x$twologlik, 3), nsmall = places), "\n")
  invisible(x)
}

dose.p <- function(obj, cf = 1:2, p = 0.5) {
  eta <- family(obj)$linkfun(p)
  b <- coef(obj)[cf]
  dose <- (eta - b[1L]) / b[2L]
  names(dose) <- paste("p = ", format(p), ":", sep = "")
  slopes <- -cbind(1, dose) / b[2L]
  errors <- sqrt(rowSums((slopes %*% vcov(obj)[cf, cf]) * slopes))
  structure(dose, SE = errors, p = p, class = "glm.dose")
}

print.glm.dose <- function(x, ...) {
  shown <- cbind(x, attr(x, "SE"))
  dimnames(shown) <- list(names(x), c("Dose", "SE"))
  print(unclass(shown), ...)
  invisible(x)
}

gamma.shape <- function(object, ...) UseMethod("gamma.shape")

gamma.shape.glm <- function(object, it.lim = 10, eps.max = .Machine$double.eps^0.25, verbose = FALSE, ...) {
  if (is.null(object$y)) object <- update(object, y = TRUE)
  y <- object$y
  w <- object$prior.weights
  mu <- object$fitted.values
  fixed <- -y / mu - log(mu) + log(w) + 1 + log(y + (y == 0))
  spread <- object$deviance / object$df.residual
  alpha <- (6 + 2 * spread) / (spread * (6 + spread))
  if (verbose) message("Initial estimate: ", alpha)
  turn <- 0
  step <- 1
  while (abs(step) > eps.max && (turn <- turn + 1) <= it.lim) {
    known <- sum(w * (w * trigamma(w * alpha) - 1 / alpha))
    step <- sum(w * (fixed + log(alpha) - digamma(w * alpha))) / known
    alpha <- alpha + step
    if (verbose) message("Iter. ", turn, " Alpha: ", alpha)
  }
  if (turn > it.lim) warning("iteration limit reached")
  structure(list(alpha = alpha, SE = sqrt(1 / known)), class = "gamma.shape")
}

print.gamma.shape <- function(x, ...) {
  shown <- rbind(Alpha = x[[1L]], SE = x[[2L]])
  rownames(shown) <- c("Alpha:", "SE:")
  colnames(shown) <- ""
  print(shown, ...)
  invisible(x)
}

gamma.dispersion <- function(object, ...) 1 / gamma.shape(object, ...)[[1L]]
