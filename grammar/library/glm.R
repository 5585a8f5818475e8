# Generalised linear models: families, iterated least squares, summaries, predictions.

make.link <- function(link) {
  tiny <- .Machine$double.eps
  parts <- switch(link,
    identity = list(function(mu) mu, function(eta) eta, function(eta) rep.int(1, length(eta))),
    log = list(function(mu) log(mu), function(eta) pmax(exp(eta), tiny), function(eta) pmax(exp(eta), tiny)),
    sqrt = list(function(mu) sqrt(mu), function(eta) eta^2, function(eta) 2 * eta),
    inverse = list(function(mu) 1 / mu, function(eta) 1 / eta, function(eta) -1 / eta^2),
    `1/mu^2` = list(function(mu) 1 / mu^2, function(eta) 1 / sqrt(eta), function(eta) -1 / (2 * eta^1.5)),
    logit = list(function(mu) log(mu / (1 - mu)), function(eta) {
      odds <- ifelse(eta < -30, tiny, ifelse(eta > 30, 1 / tiny, exp(eta)))
      odds / (1 + odds)
    }, function(eta) ifelse(abs(eta) > 30, tiny, exp(eta) / (1 + exp(eta))^2)),
    probit = list(function(mu) qnorm(mu), function(eta) pnorm(pmin(pmax(eta, qnorm(tiny)), -qnorm(tiny))), function(eta) pmax(dnorm(eta), tiny)),
    cauchit = list(function(mu) qcauchy(mu), function(eta) pmin(pmax(pcauchy(eta), tiny), 1 - tiny), function(eta) pmax(dcauchy(eta), tiny)),
    cloglog = list(function(mu) log(-log(1 - mu)), function(eta) pmax(pmin(-expm1(-exp(eta)), 1 - tiny), tiny),
                   function(eta) pmax(exp(pmin(eta, 700)) * exp(-exp(pmin(eta, 700))), tiny)),
    stop(sQuote(link), " link not recognised"))
  structure(list(linkfun = parts[[1L]], linkinv = parts[[2L]], mu.eta = parts[[3L]], valideta = function(eta) TRUE, name = link), class = "link-glm")
}

# A family of distributions. `link` is what the program wrote, a name or a text; `initialize` is run where a fit begins,
# beside its `y`, `weights` and `nobs`, and leaves `n` and `mustart` there.
family_of <- function(name, link, allowed, variance, deviance, aic, initialize, validmu = function(mu) TRUE) {
  if (is.symbol(link)) link <- as.character(link)
  if (is.call(link)) link <- eval(link, parent.frame(2L))
  if (inherits(link, "link-glm")) made <- link
  else {
    if (!is.character(link) || !link %in% allowed)
      stop("link \"", paste(format(link), collapse = ""), "\" not available for ", name, " family; available links are ",
           paste(sQuote(allowed), collapse = ", "), call. = FALSE)
    made <- make.link(link)
  }
  structure(list(family = name, link = made$name, linkfun = made$linkfun, linkinv = made$linkinv, variance = variance,
                 dev.resids = deviance, aic = aic, mu.eta = made$mu.eta, initialize = initialize, validmu = validmu,
                 valideta = made$valideta), class = "family")
}

y_log_y <- function(y, mu) ifelse(y == 0, 0, y * log(y / mu))

.binomial_like <- function(name, link) family_of(name, link, c("logit", "probit", "cloglog", "cauchit", "log"), function(mu) mu * (1 - mu),
  function(y, mu, wt) 2 * wt * (y_log_y(y, mu) + y_log_y(1 - y, 1 - mu)),
  function(y, n, mu, wt, dev) {
    if (name != "binomial") return(NA)
    m <- if (any(n > 1)) n else wt
    -2 * sum(ifelse(m > 0, wt / m, 0) * dbinom(round(m * y), round(m), mu, log = TRUE))
  },
  as.expression(substitute({
    n <- rep.int(1, nobs)
    if (NCOL(y) == 2L) {
      n <- as.vector(y[, 1L] + y[, 2L])
      y <- as.vector(ifelse(n == 0, 0, y[, 1L] / n))
      weights <- weights * n
    } else if (NCOL(y) > 2L) stop("for the 'binomial' family, y must be a vector of 0 and 1's\nor a 2 column matrix where col 1 is no. successes and col 2 is no. failures")
    if (is.factor(y)) y <- y != levels(y)[1L]
    y[weights == 0] <- 0
    if (any(y < 0 | y > 1)) stop("y values must be 0 <= y <= 1")
    mustart <- (weights * y + 0.5) / (weights + 1)
    if (whole && any(abs(weights * y - round(weights * y)) > 1e-3)) warning("non-integer #successes in a binomial glm!")
  }, list(whole = name == "binomial"))), function(mu) all(is.finite(mu)) && all(mu > 0 & mu < 1))

binomial <- function(link = "logit") .binomial_like("binomial", substitute(link))

quasibinomial <- function(link = "logit") .binomial_like("quasibinomial", substitute(link))

.poisson_like <- function(name, link) family_of(name, link, c("log", "identity", "sqrt"), function(mu) mu,
  function(y, mu, wt) 2 * wt * (y_log_y(y, mu) - (y - mu)),
  function(y, n, mu, wt, dev) if (name == "poisson") -2 * sum(dpois(y, mu, log = TRUE) * wt) else NA,
  as.expression(substitute({
    if (any(y < 0)) stop(refusal)
    n <- rep.int(1, nobs)
    mustart <- y + 0.1
  }, list(refusal = paste0("negative values not allowed for the '", c(poisson = "Poisson", quasipoisson = "quasiPoisson")[[name]], "' family")))),
  function(mu) all(is.finite(mu)) && all(mu > 0))

poisson <- function(link = "log") .poisson_like("poisson", substitute(link))

quasipoisson <- function(link = "log") .poisson_like("quasipoisson", substitute(link))

gaussian <- function(link = "identity") family_of("gaussian", substitute(link), c("inverse", "log", "identity"), function(mu) rep.int(1, length(mu)),
  function(y, mu, wt) wt * (y - mu)^2,
  function(y, n, mu, wt, dev) length(y) * (log(2 * pi * dev / length(y)) + 1) + 2 - sum(log(wt)),
  expression({
    n <- rep.int(1, nobs)
    if (is.null(etastart) && is.null(start) && is.null(mustart) && ((family$link == "inverse" && any(y == 0)) || (family$link == "log" && any(y <= 0))))
      stop("cannot find valid starting values: please specify some")
    mustart <- y
  }))

Gamma <- function(link = "inverse") family_of("Gamma", substitute(link), c("inverse", "log", "identity"), function(mu) mu^2,
  function(y, mu, wt) -2 * wt * (log(ifelse(y == 0, 1, y / mu)) - (y - mu) / mu),
  function(y, n, mu, wt, dev) {
    spread <- dev / sum(wt)
    -2 * sum(dgamma(y, 1 / spread, scale = mu * spread, log = TRUE) * wt) + 2
  },
  expression({
    if (any(y <= 0)) stop("non-positive values not allowed for the 'Gamma' family")
    n <- rep.int(1, nobs)
    mustart <- y
  }), function(mu) all(is.finite(mu)) && all(mu > 0))

inverse.gaussian <- function(link = "1/mu^2") family_of("inverse.gaussian", substitute(link), c("inverse", "log", "identity", "1/mu^2"), function(mu) mu^3,
  function(y, mu, wt) wt * (y - mu)^2 / (y * mu^2),
  function(y, n, mu, wt, dev) sum(wt * (log(dev / sum(wt) * 2 * pi) + 1 + 3 * log(y))) + 2,
  expression({
    if (any(y <= 0)) stop("positive values only are allowed for the 'inverse.gaussian' family")
    n <- rep.int(1, nobs)
    mustart <- y
  }))

family <- function(object, ...) if (inherits(object, "lm") && !inherits(object, "glm")) gaussian() else object$family

print.family <- function(x, ...) {
  cat("\nFamily:", x$family, "\n")
  cat("Link function:", x$link, "\n\n")
  invisible(x)
}

glm.control <- function(epsilon = 1e-08, maxit = 25, trace = FALSE) list(epsilon = epsilon, maxit = maxit, trace = trace)

glm <- function(formula, family = gaussian, data, weights, subset, na.action, start = NULL, etastart, mustart, offset,
                control = list(...), model = TRUE, method = "glm.fit", x = FALSE, y = TRUE, singular.ok = TRUE, contrasts = NULL, ...) {
  call <- match.call()
  if (is.character(family)) family <- get(family, mode = "function", envir = parent.frame())
  if (is.function(family)) family <- family()
  if (is.null(family$family)) stop("'family' not recognized")
  frame <- frame_of_call(call, parent.frame())
  object <- attr(frame, "terms")
  response <- model.response(frame)
  design <- model.matrix.default(object, frame, contrasts)
  w <- model.weights(frame)
  if (!is.null(w) && any(w < 0)) stop("negative weights not allowed")
  control <- do.call("glm.control", control)
  if (method == "model.frame") return(frame)
  if (method != "glm.fit") stop(gettextf("method = \"%s\" of glm() is not supported", format(method)), domain = NA)
  place <- if (missing(data)) NULL else as.list(data)
  first_eta <- if (!missing(etastart)) eval(substitute(etastart), place, environment(formula))
  first_mu <- if (!missing(mustart)) eval(substitute(mustart), place, environment(formula))
  fit <- glm.fit(design, response, weights = w, start = start, etastart = first_eta, mustart = first_mu, singular.ok = singular.ok, offset = model.offset(frame), family = family, control = control,
                 intercept = attr(object, "intercept") == 1L)
  if (length(model.offset(frame)) && attr(object, "intercept") == 1L) {
    # With an offset the model of nothing but an intercept has to be fitted as well.
    alone <- glm.fit(design[, "(Intercept)", drop = FALSE], response, weights = w, offset = model.offset(frame), family = family, control = control)
    fit$null.deviance <- alone$deviance
  }
  if (model) fit$model <- frame
  fit$na.action <- attr(frame, "na.action")
  if (x) fit$x <- design
  if (!y) fit$y <- NULL
  shift <- fit$offset
  fit$offset <- NULL
  fit <- c(fit, list(call = call, formula = formula(object), terms = object, data = if (missing(data)) environment(formula) else data,
                     offset = shift, control = control, method = method, contrasts = attr(design, "contrasts"), xlevels = frame_levels(frame)))
  structure(fit, class = c("glm", "lm"))
}

glm.fit <- function(x, y, weights = NULL, start = NULL, etastart = NULL, mustart = NULL, offset = NULL, family = gaussian(),
                    control = list(), intercept = TRUE, singular.ok = TRUE) {
  control <- do.call("glm.control", control)
  labels <- if (is.matrix(y)) rownames(y) else names(y)
  size <- NROW(y)
  weights <- if (is.null(weights)) rep.int(1, size) else weights
  shift <- if (is.null(offset)) rep.int(0, size) else offset
  nobs <- size
  kept <- mustart
  eval(family$initialize)
  y <- as.numeric(y)
  mu <- if (is.null(kept)) mustart else as.vector(kept)
  eta <- if (!is.null(etastart)) as.vector(etastart) else if (is.null(start)) family$linkfun(mu) else shift + as.vector(x %*% start)
  mu <- family$linkinv(eta)
  old <- sum(family$dev.resids(y, mu, weights))
  converged <- FALSE
  before <- start
  for (step in seq_len(control$maxit)) {
    slope <- family$mu.eta(eta)
    good <- weights > 0 & slope != 0
    working <- (eta - shift)[good] + (y - mu)[good] / slope[good]
    w <- sqrt(weights[good] * slope[good]^2 / family$variance(mu)[good])
    basis <- qr(x[good, , drop = FALSE] * w, tol = min(1e-07, control$epsilon / 1000))
    if (!singular.ok && basis$rank < ncol(x)) stop("singular fit encountered")
    coefficients <- qr.coef(basis, working * w)
    found <- ifelse(is.na(coefficients), 0, coefficients)
    eta <- as.vector(x %*% found) + shift
    mu <- family$linkinv(eta)
    deviance <- sum(family$dev.resids(y, mu, weights))
    if (control$trace) cat("Deviance = ", deviance, " Iterations - ", step, "\n", sep = "")
    halvings <- 0
    while (!is.finite(deviance)) {
      # A step too far is taken back by halves.
      if (is.null(before)) stop("no valid set of coefficients has been found: please supply starting values", call. = FALSE)
      if (halvings == 0) warning("step size truncated due to divergence", call. = FALSE)
      halvings <- halvings + 1
      if (halvings > control$maxit) stop("inner loop 1; cannot correct step size", call. = FALSE)
      found <- (found + before) / 2
      coefficients <- ifelse(is.na(coefficients), NA, found)
      eta <- as.vector(x %*% found) + shift
      mu <- family$linkinv(eta)
      deviance <- sum(family$dev.resids(y, mu, weights))
    }
    before <- found
    if (abs(deviance - old) / (abs(deviance) + 0.1) < control$epsilon) {
      converged <- TRUE
      break
    }
    old <- deviance
  }
  if (!converged) warning("glm.fit: algorithm did not converge", call. = FALSE)
  tiny <- 10 * .Machine$double.eps
  if (family$family == "binomial" && any(mu > 1 - tiny | mu < tiny)) warning("glm.fit: fitted probabilities numerically 0 or 1 occurred", call. = FALSE)
  if (family$family == "poisson" && any(mu < tiny)) warning("glm.fit: fitted rates numerically 0 occurred", call. = FALSE)
  rank <- basis$rank
  effects <- qr.qty(basis, working * w)
  names(effects) <- c(colnames(x)[basis$pivot[seq_len(rank)]], rep.int("", sum(good) - rank))
  triangle <- qr.R(basis)
  triangle <- if (nrow(triangle) >= ncol(x)) triangle[seq_len(ncol(x)), , drop = FALSE] else triangle
  dimnames(triangle) <- list(colnames(x)[basis$pivot[seq_len(nrow(triangle))]], colnames(x)[basis$pivot])
  kept <- numeric(size)
  kept[good] <- w^2
  middle <- if (intercept) sum(weights * y) / sum(weights) else family$linkinv(shift)
  null <- sum(family$dev.resids(y, rep_len(middle, size), weights))
  used <- sum(weights != 0)
  named <- function(values) structure(as.vector(values), names = labels)
  list(coefficients = coefficients, residuals = named((y - mu) / family$mu.eta(eta)), fitted.values = named(mu), effects = effects,
       R = triangle, rank = rank, qr = basis, family = family, linear.predictors = named(eta), deviance = deviance,
       aic = family$aic(y, n, mu, weights, deviance) + 2 * rank, null.deviance = null, iter = step, weights = named(kept),
       prior.weights = named(weights), df.residual = used - rank, df.null = used - as.integer(intercept), y = named(y),
       converged = converged, boundary = FALSE, offset = offset)
}

print.glm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:  ", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  if (length(coef(x))) {
    cat("Coefficients")
    if (is.character(x$contrasts)) cat("  [contrasts: ", apply(cbind(names(x$contrasts), x$contrasts), 1L, paste, collapse = "="), "]")
    cat(":\n")
    print.default(format(x$coefficients, digits = digits), print.gap = 2L, quote = FALSE)
  } else cat("No coefficients\n\n")
  cat("\nDegrees of Freedom:", x$df.null, "Total (i.e. Null); ", x$df.residual, "Residual\n")
  if (nzchar(naprint(x$na.action))) cat("  (", naprint(x$na.action), ")\n", sep = "")
  cat("Null Deviance:\t   ", format(signif(x$null.deviance, digits)), "\nResidual Deviance:", format(signif(x$deviance, digits)),
      "\tAIC:", format(signif(x$aic, digits)))
  cat("\n")
  invisible(x)
}

residuals.glm <- function(object, type = c("deviance", "pearson", "working", "response", "partial"), ...) {
  type <- match.arg(type)
  y <- object$y
  mu <- object$fitted.values
  w <- object$prior.weights
  rest <- switch(type,
    deviance = ifelse(y > mu, 1, -1) * sqrt(pmax(object$family$dev.resids(y, mu, w), 0)),
    pearson = (y - mu) * sqrt(w) / sqrt(object$family$variance(mu)),
    working = object$residuals,
    response = y - mu,
    partial = object$residuals)
  if (type == "deviance") rest[y == mu] <- 0
  naresid(object$na.action, structure(as.vector(rest), names = names(mu)))
}

deviance.glm <- function(object, ...) object$deviance

# Dispersion that a family fixes or that the Pearson residuals give.
dispersion_of <- function(object) {
  if (object$family$family %in% c("poisson", "binomial")) return(1)
  if (object$df.residual == 0L) return(NaN)
  used <- object$weights > 0
  sum((object$weights * object$residuals^2)[used]) / object$df.residual
}

summary.glm <- function(object, dispersion = NULL, correlation = FALSE, ...) {
  estimated <- is.null(dispersion) && !object$family$family %in% c("poisson", "binomial")
  if (is.null(dispersion)) dispersion <- dispersion_of(object)
  cov <- unscaled(object)
  found <- object$coefficients[object$qr$pivot[seq_len(object$rank)]]
  errors <- sqrt(dispersion * diag(cov))
  ratio <- found / errors
  p <- if (!estimated) 2 * pnorm(-abs(ratio)) else 2 * pt(-abs(ratio), object$df.residual)
  table <- cbind(found, errors, ratio, p)
  dimnames(table) <- list(names(found), c("Estimate", "Std. Error", if (estimated) c("t value", "Pr(>|t|)") else c("z value", "Pr(>|z|)")))
  kept <- c("call", "terms", "family", "deviance", "aic", "contrasts", "df.residual", "null.deviance", "df.null", "iter", "na.action")
  made <- c(unclass(object)[intersect(kept, names(object))],
            list(deviance.resid = residuals(object, type = "deviance"), coefficients = table, aliased = is.na(object$coefficients),
                 dispersion = dispersion, df = c(object$rank, object$df.residual, length(object$coefficients)),
                 cov.unscaled = cov, cov.scaled = dispersion * cov))
  if (correlation) made$correlation <- cov2cor(cov)
  structure(made, class = "summary.glm")
}

vcov.glm <- function(object, ...) with_aliased(summary.glm(object, ...)$cov.scaled, object$coefficients)

print.summary.glm <- function(x, digits = max(3L, getOption("digits") - 3L), signif.stars = getOption("show.signif.stars", TRUE), ...) {
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("Deviance Residuals: \n")
  rest <- x$deviance.resid
  if (x$df.residual > 5L) rest <- structure(as.vector(quantile(rest, na.rm = TRUE)), names = c("Min", "1Q", "Median", "3Q", "Max"))
  print.default(zapsmall(rest, digits + 1L), digits = digits, na.print = "", print.gap = 2L)
  lost <- x$df[3L] - x$df[1L]
  cat("\nCoefficients:", if (lost) paste0(" (", lost, " not defined because of singularities)"), "\n", sep = "")
  printCoefmat(whole_table(x$coefficients, x$aliased), digits = digits, signif.stars = signif.stars, na.print = "NA", ...)
  cat("\n(Dispersion parameter for ", x$family$family, " family taken to be ", format(x$dispersion), ")\n\n", sep = "")
  sizes <- format(c(x$null.deviance, x$deviance), digits = max(5L, digits + 1L))
  freedom <- format(c(x$df.null, x$df.residual))
  cat(paste0(format(c("Null", "Residual"), justify = "right"), " deviance: ", sizes, "  on ", freedom, "  degrees of freedom\n"), sep = "")
  if (nzchar(naprint(x$na.action))) cat("  (", naprint(x$na.action), ")\n", sep = "")
  cat("AIC: ", format(x$aic, digits = max(4L, digits + 1L)), "\n\nNumber of Fisher Scoring iterations: ", x$iter, "\n", sep = "")
  print_correlation(x$correlation, digits)
  cat("\n")
  invisible(x)
}

predict.glm <- function(object, newdata = NULL, type = c("link", "response", "terms"), se.fit = FALSE, dispersion = NULL,
                        terms = NULL, na.action = na.pass, ...) {
  type <- match.arg(type)
  if (type == "terms") return(term_predictions(object, newdata, terms, na.action))
  if (!se.fit) {
    eta <- if (is.null(newdata)) naresid(object$na.action, object$linear.predictors) else predict.lm(object, newdata, scale = 1, na.action = na.action)
    return(if (type == "link") eta else structure(object$family$linkinv(eta), names = names(eta)))
  }
  scale <- sqrt(if (is.null(dispersion)) dispersion_of(object) else dispersion)
  made <- if (is.null(newdata)) predict.lm(object, se.fit = TRUE, scale = scale) else predict.lm(object, newdata, se.fit = TRUE, scale = scale, na.action = na.action)
  fit <- if (is.null(newdata)) object$linear.predictors else made$fit
  errors <- made$se.fit
  if (type == "response") {
    errors <- errors * abs(object$family$mu.eta(fit))
    fit <- structure(object$family$linkinv(fit), names = names(fit))
  }
  list(fit = fit, se.fit = errors, residual.scale = scale)
}
