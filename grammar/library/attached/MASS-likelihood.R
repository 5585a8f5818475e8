# MASS: distributions fitted by likelihood, in closed form where there is one, and the search that other models share.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, section 5.6.

# Where a function of named values, minus a log likelihood, is least; the inverse of its second derivatives is the covariance there.
.likeliest <- function(start, worth, slope = NULL, hessian = TRUE, ...) {
  found <- optim(start, worth, slope, hessian = hessian, ...)
  if (hessian) dimnames(found$hessian) <- list(names(start), names(start))
  found
}

# One step after another until the last was small enough: `step(at)` gives the next state, or NULL where there is nothing left to do, and
# `size(at, to)` says how far it is. What is given back are the last two states, the sizes, and whether it ended by itself.
.settle <- function(at, step, size, enough, limit = Inf) {
  before <- at
  sizes <- numeric()
  settled <- FALSE
  while (!settled && length(sizes) < limit) {
    to <- step(at)
    settled <- is.null(to)
    if (settled) break
    sizes <- c(sizes, size(at, to))
    settled <- tail(sizes, 1L) <= enough
    before <- at
    at <- to
  }
  list(at = at, before = before, sizes = sizes, settled = settled)
}

# Models from the one with most degrees of freedom left, each tested against the one before: `columns` are told of each, `worth` is
# minus twice its log likelihood.
.likelihood_ratios <- function(models, what, free, worth, columns, df, tested = TRUE) {
  at <- order(free, decreasing = TRUE)
  formulas <- lapply(models[at], formula)
  gain <- c(NA, -diff(worth[at]))
  steps <- c(NA, -diff(free[at]))
  made <- c(list(Model = vapply(formulas, function(one) deparse1(one[[3L]]), "")), lapply(columns, `[`, at),
    list(Test = c("", paste(seq_along(at)[-length(at)], "vs", seq_along(at)[-1L]))), setNames(list(steps), df),
    list(`LR stat.` = gain, `Pr(Chi)` = if (tested) pchisq(gain, steps, lower.tail = FALSE)))
  structure(Filter(Negate(is.null), made), row.names = seq_along(at), class = c("Anova", "data.frame"),
    heading = c(paste0("Likelihood ratio tests of ", what, "\n"), paste("Response:", deparse1(formulas[[1L]][[2L]]))))
}

# A law whose likeliest values and their errors have formulas: its name in messages, whether numbers can be of it, what is said when not.
.formula_law <- function(title, density, values, errors, within = function(x) TRUE, complaint = NULL)
  list(title = title, density = density, values = values, errors = errors, within = within, complaint = complaint)

# A law that is searched for from a start that its moments give.
.searched_law <- function(density, start = NULL, within = function(x) TRUE, complaint = NULL, scaled = FALSE)
  list(density = density, start = start, within = within, complaint = complaint, scaled = scaled)

.mean_and_spread <- function(x) c(mean(x), sqrt(mean((x - mean(x))^2)))

.middle_and_half_width <- function(x) c(median(x), IQR(x) / 2)

.fitted_laws <- list(
  normal = .formula_law("Normal", dnorm, function(x) setNames(.mean_and_spread(x), c("mean", "sd")), function(at, n) at[[2L]] / sqrt(n * 1:2)),
  lognormal = .formula_law("log-Normal", dlnorm, function(x) setNames(.mean_and_spread(log(x)), c("meanlog", "sdlog")),
    function(at, n) at[[2L]] / sqrt(n * 1:2), function(x) x > 0, "need positive values to fit a log-Normal"),
  poisson = .formula_law("Poisson", dpois, function(x) c(lambda = mean(x)), function(at, n) sqrt(at / n)),
  exponential = .formula_law("exponential", dexp, function(x) c(rate = 1 / mean(x)), function(at, n) at / sqrt(n),
    function(x) x >= 0, "Exponential values must be >= 0"),
  geometric = .formula_law("geometric", dgeom, function(x) c(prob = 1 / (1 + mean(x))), function(at, n) at * sqrt((1 - at) / n)),
  beta = .searched_law(dbeta),
  `chi-squared` = .searched_law(dchisq),
  f = .searched_law(df),
  cauchy = .searched_law(dcauchy, function(x) setNames(.middle_and_half_width(x), c("location", "scale"))),
  logistic = .searched_law(dlogis, function(x) setNames(.middle_and_half_width(x), c("location", "scale"))),
  t = .searched_law(function(x, m, s, df, log) dt((x - m) / s, df, log = TRUE) - base::log(s),
    function(x) c(setNames(.middle_and_half_width(x), c("m", "s")), df = 10)),
  gamma = .searched_law(dgamma, function(x) mean(x) / var(x) * c(shape = mean(x), rate = 1), function(x) x >= 0, "gamma values must be >= 0", scaled = TRUE),
  `negative binomial` = .searched_law(dnbinom, function(x) c(size = if (var(x) > mean(x)) mean(x)^2 / (var(x) - mean(x)) else 100, mu = mean(x))),
  # Logarithms of Weibull's law have a spread and a mean of which these two follow.
  weibull = .searched_law(dweibull, function(x) c(shape = 1.2 / sd(log(x)), scale = exp(mean(log(x)) + 0.572 * sd(log(x)) / 1.2)),
    function(x) x > 0, "Weibull values must be > 0"))

.law_named <- function(name) .fitted_laws[[sub("^log-normal$", "lognormal", tolower(name))]]

fitdistr <- function(x, densfun, start, ...) {
  given <- list(...)
  call <- sys.call()
  if (missing(x) || !length(x) || mode(x) != "numeric") stop("'x' must be a non-empty numeric vector")
  if (!all(is.finite(x))) stop("'x' contains missing or infinite values")
  if (missing(densfun) || !(is.function(densfun) || is.character(densfun))) stop("'densfun' must be supplied as a function or name")
  law <- if (is.function(densfun)) .searched_law(densfun) else .law_named(densfun)
  if (is.null(law)) stop("unsupported distribution")
  alone <- missing(start) || is.null(start)
  if (!alone && !is.null(law$title)) stop(gettextf("supplying pars for the %s distribution is not supported", law$title), domain = NA)
  if (alone && !all(law$within(x))) stop(law$complaint)
  if (!is.null(law$title)) return(.fitted_by_formula(x, law))
  if (alone) start <- if (!is.null(law$start)) as.list(law$start(x))
  if (!is.list(start)) stop("'start' must be a named list")
  arguments <- names(formals(law$density))
  start <- start[setdiff(names(start), names(given))]
  if (!all(names(start) %in% arguments)) stop("'start' specifies names which are not arguments to 'densfun'")
  if (alone && law$scaled && is.null(given$control)) given$control <- list(parscale = ifelse(names(start) == "rate", start$rate, 1))
  .fitted_by_search(x, law$density, unlist(start), given[names(given) %in% arguments], given[!names(given) %in% arguments])
}

.fitted_by_formula <- function(x, law) {
  at <- law$values(x)
  sd <- setNames(law$errors(at, length(x)), names(at))
  vcov <- structure(diag(sd^2, length(sd)), dimnames = list(names(at), names(at)))
  structure(list(estimate = at, sd = sd, vcov = vcov, n = length(x), loglik = sum(do.call(law$density, c(list(x), at, log = TRUE)))), class = "fitdistr")
}

# `held` are values of the density that stay as they are, `settings` those of the search.
.fitted_by_search <- function(x, density, start, held, settings) {
  logs <- "log" %in% names(formals(density))
  worth <- function(at) {
    found <- do.call(density, c(list(x), at, held, if (logs) list(log = TRUE)))
    -sum(if (logs) found else log(found))
  }
  usual <- list(method = if (any(c("lower", "upper") %in% names(settings))) "L-BFGS-B" else if (length(start) > 1L) "BFGS" else "Nelder-Mead")
  found <- do.call(.likeliest, c(list(start, worth), modifyList(usual, settings)))
  if (found$convergence > 0L) stop(simpleError("optimization failed", sys.call(-1L)))
  vcov <- solve(found$hessian)
  structure(list(estimate = found$par, sd = sqrt(diag(vcov)), vcov = vcov, loglik = -found$value, n = length(x)), class = "fitdistr")
}

coef.fitdistr <- function(object, ...) object$estimate

vcov.fitdistr <- function(object, ...) object$vcov

logLik.fitdistr <- function(object, ...) structure(object$loglik, df = length(object$estimate), nobs = object$n, class = "logLik")

print.fitdistr <- function(x, digits = getOption("digits"), ...) {
  cells <- format(rbind(x$estimate, x$sd), digits = digits)
  cells <- rbind(paste0(" ", cells[1L, ]), paste0("(", cells[2L, ], ")"))
  # Names stand in the middle of their columns.
  beside <- function(titles) strrep(" ", pmax((nchar(cells[2L, ]) - nchar(titles)) %/% 2 + 1, 0))
  titles <- paste0(beside(names(x$estimate)), names(x$estimate))
  dimnames(cells) <- list(c("", ""), paste0(titles, beside(titles)))
  print(cells, quote = FALSE)
  invisible(x)
}
