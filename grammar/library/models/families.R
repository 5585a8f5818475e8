# Families of distributions and their links, for models with a linear predictor.
# Source: P. McCullagh and J. A. Nelder, Generalized Linear Models (1989), chapter 2.

# Links: to the linear predictor, from it, the slope of the way back, and which predictors have a mean.
.links <- local({
  tiny <- .Machine$double.eps
  anything <- function(eta) TRUE
  positive <- function(eta) all(is.finite(eta)) && all(eta > 0)
  held <- function(p) pmin(pmax(p, tiny), 1 - tiny)
  list(
    identity = list(function(mu) mu, function(eta) eta, function(eta) rep.int(1, length(eta)), anything),
    log = list(function(mu) log(mu), function(eta) pmax(exp(eta), tiny), function(eta) pmax(exp(eta), tiny), anything),
    sqrt = list(function(mu) sqrt(mu), function(eta) eta^2, function(eta) 2 * eta, positive),
    inverse = list(function(mu) 1 / mu, function(eta) 1 / eta, function(eta) -1 / eta^2, function(eta) all(is.finite(eta)) && all(eta != 0)),
    `1/mu^2` = list(function(mu) 1 / mu^2, function(eta) 1 / sqrt(eta), function(eta) -1 / (2 * eta^1.5), positive),
    logit = list(function(mu) log(mu / (1 - mu)), function(eta) {
      odds <- ifelse(eta < -30, tiny, ifelse(eta > 30, 1 / tiny, exp(eta)))
      odds / (1 + odds)
    }, function(eta) ifelse(abs(eta) > 30, tiny, exp(eta) / (1 + exp(eta))^2), anything),
    probit = list(function(mu) qnorm(mu), function(eta) pnorm(pmin(pmax(eta, qnorm(tiny)), -qnorm(tiny))), function(eta) pmax(dnorm(eta), tiny), anything),
    cauchit = list(function(mu) qcauchy(mu), function(eta) held(pcauchy(eta)), function(eta) pmax(dcauchy(eta), tiny), anything),
    cloglog = list(function(mu) log(-log(1 - mu)), function(eta) held(-expm1(-exp(eta))), function(eta) {
      rate <- exp(pmin(eta, 700))
      pmax(rate * exp(-rate), tiny)
    }, anything)
  )
})

.link_object <- function(parts, name) structure(list(linkfun = parts[[1L]], linkinv = parts[[2L]], mu.eta = parts[[3L]], valideta = parts[[4L]], name = name), class = "link-glm")

make.link <- function(link) {
  if (!link %in% names(.links)) stop(gettextf("%s link not recognised", sQuote(link)), domain = NA)
  .link_object(.links[[link]], link)
}

# Powers of the mean; the power of zero is the logarithm.
power <- function(lambda = 1) {
  if (!(is.numeric(lambda) && isFALSE(is.na(lambda)))) stop("invalid argument 'lambda'")
  if (lambda <= 0 || lambda == 1) return(make.link(c("log", "identity")[1L + (lambda == 1)]))
  floored <- function(values) pmax(values, .Machine$double.eps)
  root <- 1 / lambda
  .link_object(list(function(mu) mu^lambda, function(eta) floored(eta^root), function(eta) floored(root * eta^(root - 1)), .links$sqrt[[4L]]),
               paste("mu", round(lambda, 3), sep = "^"))
}

# Families

y_log_y <- function(y, mu) ifelse(y == 0, 0, y * log(y / mu))

.positive_means <- function(mu) all(is.finite(mu)) && all(mu > 0)

.refuse <- function(wrong, message) if (any(wrong)) stop(message, call. = FALSE)

# Every family: links it takes by a bare word, variance, deviance, criterion, which means are valid, and how a fit begins,
# from the responses y, their weights and whether starting values were given, under the link of this name.
.families <- local({
  shares <- list(
    links = c("logit", "probit", "cloglog", "cauchit", "log"), variance = function(mu) mu * (1 - mu),
    deviance = function(y, mu, wt) 2 * wt * (y_log_y(y, mu) + y_log_y(1 - y, 1 - mu)),
    valid = function(mu) .positive_means(mu) && all(mu < 1),
    begin = function(name) function(y, weights, started, link) {
      whole <- name == "binomial"
      if (NCOL(y) > 2L) stop("for the '", name, "' family, y must be a vector of 0 and 1's\nor a 2 column matrix where col 1 is no. successes and col 2 is no. failures")
      trials <- rep.int(1, NROW(y))
      if (NCOL(y) == 2L) {
        if (whole && any(abs(y - round(y)) > 1e-3)) warning("non-integer counts in a ", name, " glm!")
        trials <- as.vector(rowSums(y))
        y <- as.vector(ifelse(trials == 0, 0, y[, 1L] / trials))
        weights <- weights * trials
      } else {
        if (is.factor(y)) y <- y != levels(y)[1L]
        y[weights == 0] <- 0
        .refuse(y < 0 | y > 1, "y values must be 0 <= y <= 1")
        if (whole && any(abs(weights * y - round(weights * y)) > 1e-3)) warning("non-integer #successes in a ", name, " glm!")
      }
      list(y = y, weights = weights, n = trials, mustart = (weights * y + 0.5) / (weights + 1))
    })
  counts <- list(
    links = c("log", "identity", "sqrt"), variance = function(mu) mu, deviance = function(y, mu, wt) as.vector(2 * wt * (y_log_y(y, mu) - (y - mu))), valid = .positive_means,
    begin = function(name) function(y, weights, started, link) {
      .refuse(y < 0, paste0("negative values not allowed for the '", sub("poisson", "Poisson", name), "' family"))
      list(n = rep.int(1, NROW(y)), mustart = y + 0.1)
    })
  unknown <- function(y, n, mu, wt, dev) NA
  from_values <- function(wrong, message) function(name) function(y, weights, started, link) {
    .refuse(wrong(y, started, link), sub("%s", name, message, fixed = TRUE))
    list(n = rep.int(1, NROW(y)), mustart = y)
  }
  sizes <- c("inverse", "log", "identity")
  list(
    binomial = c(shares, aic = function(y, n, mu, wt, dev) {
      m <- if (any(n > 1)) n else wt
      -2 * sum(ifelse(m > 0, wt / m, 0) * dbinom(round(m * y), round(m), mu, log = TRUE))
    }),
    quasibinomial = c(shares, aic = unknown),
    poisson = c(counts, aic = function(y, n, mu, wt, dev) -2 * sum(dpois(y, mu, log = TRUE) * wt)),
    quasipoisson = c(counts, aic = unknown),
    gaussian = list(
      links = sizes, variance = function(mu) rep.int(1, length(mu)), deviance = function(y, mu, wt) wt * (y - mu)^2, valid = function(mu) TRUE,
      aic = function(y, n, mu, wt, dev) length(y) * (log(2 * pi * dev / length(y)) + 1) + 2 - sum(log(wt)),
      begin = from_values(function(y, started, link) switch(link, inverse = !started && any(y == 0), log = !started && any(y <= 0), FALSE),
                          "cannot find valid starting values: please specify some")),
    Gamma = list(
      links = sizes, variance = function(mu) mu^2, deviance = function(y, mu, wt) -2 * wt * (log(ifelse(y == 0, 1, y / mu)) - (y - mu) / mu), valid = .positive_means,
      aic = function(y, n, mu, wt, dev) {
        spread <- dev / sum(wt)
        2 - 2 * sum(wt * dgamma(y, shape = 1 / spread, scale = mu * spread, log = TRUE))
      },
      begin = from_values(function(y, started, link) y <= 0, "non-positive values not allowed for the '%s' family")),
    inverse.gaussian = list(
      links = c(sizes, "1/mu^2"), variance = function(mu) mu^3, deviance = function(y, mu, wt) wt / y * (y / mu - 1)^2, valid = function(mu) TRUE,
      aic = function(y, n, mu, wt, dev) 2 + sum(wt * (1 + log(2 * pi * dev / sum(wt)) + 3 * log(y))),
      begin = from_values(function(y, started, link) y <= 0, "positive values only are allowed for the '%s' family"))
  )
})

# The link that `asked` is: a word that the family takes, or else whatever it is worth.
.link_asked <- function(asked, value, words, family) {
  if (!is.character(asked) && deparse1(asked) %in% words) return(make.link(deparse1(asked)))
  if (inherits(value, "link-glm")) return(value)
  if (is.character(value) && length(value) == 1L) return(make.link(value))
  stop(gettextf("link \"%s\" not available for %s family; available links are %s", deparse1(asked), family, paste(sQuote(words), collapse = ", ")), domain = NA, call. = FALSE)
}

# A family object. Where a fit begins, `initialize` is run beside its `y`, `weights` and starting values, and leaves `n` and `mustart` there.
.family_object <- function(name, link, parts, begin, ...) {
  initialize <- substitute(invisible(list2env(begin(y, weights, !(is.null(etastart) && is.null(start) && is.null(mustart)), link), environment())),
                           list(begin = begin, link = link$name))
  structure(list(family = name, link = link$name, linkfun = link$linkfun, linkinv = link$linkinv, variance = parts$variance, dev.resids = parts$deviance,
                 aic = parts$aic, mu.eta = link$mu.eta, initialize = as.expression(initialize), validmu = parts$valid, valideta = link$valideta, ...), class = "family")
}

.family_named <- function(name, asked, value) {
  parts <- .families[[name]]
  .family_object(name, .link_asked(asked, value, parts$links, name), parts, parts$begin(name))
}

binomial <- function(link = "logit") .family_named("binomial", substitute(link), link)

quasibinomial <- function(link = "logit") .family_named("quasibinomial", substitute(link), link)

poisson <- function(link = "log") .family_named("poisson", substitute(link), link)

quasipoisson <- function(link = "log") .family_named("quasipoisson", substitute(link), link)

gaussian <- function(link = "identity") .family_named("gaussian", substitute(link), link)

Gamma <- function(link = "inverse") .family_named("Gamma", substitute(link), link)

inverse.gaussian <- function(link = "1/mu^2") .family_named("inverse.gaussian", substitute(link), link)

# Of quasi-likelihood only the variance is known: the family that has it lends the deviance.
.quasi_kinds <- list(
  constant = list(like = "gaussian", first = identity, valid = function(mu) TRUE),
  mu = list(like = "poisson", first = function(y) y + 0.1 * (y == 0), valid = function(mu) all(mu > 0)),
  `mu^2` = list(like = "Gamma", first = function(y) y + 0.1 * (y == 0), valid = function(mu) all(mu > 0)),
  `mu^3` = list(like = "inverse.gaussian", first = identity, valid = function(mu) all(mu > 0)),
  `mu(1-mu)` = list(like = "binomial", first = function(y) pmax(0.001, pmin(0.999, y)), valid = function(mu) all(mu > 0) && all(mu < 1))
)

quasi <- function(link = "identity", variance = "constant") {
  spread <- substitute(variance)
  if (!is.character(spread)) spread <- deparse1(spread)
  kind <- .quasi_kinds[[spread]]
  if (is.null(kind)) stop(gettextf("'variance' \"%s\" is invalid: possible values are \"mu(1-mu)\", \"mu\", \"mu^2\", \"mu^3\" and \"constant\"", spread), domain = NA)
  parts <- .families[[kind$like]]
  parts$valid <- kind$valid
  parts$aic <- function(y, n, mu, wt, dev) NA
  if (spread == "mu^2") parts$deviance <- function(y, mu, wt) pmax(.families$Gamma$deviance(y, mu, wt), 0)
  begin <- function(y, weights, started, link) list(n = rep.int(1, NROW(y)), mustart = kind$first(y))
  .family_object("quasi", .link_asked(substitute(link), link, names(.links), "quasi"), parts, begin, varfun = spread)
}

family <- function(object, ...) if (inherits(object, "lm") && !inherits(object, "glm")) gaussian() else object$family

print.family <- function(x, ...) {
  cat("\nFamily:", x$family, "\n")
  cat("Link function:", x$link, "\n\n")
  invisible(x)
}
