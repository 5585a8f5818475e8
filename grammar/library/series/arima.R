# ARIMA models by conditional least squares and by maximum likelihood through the Kalman filter.
# Sources: G. E. P. Box and G. M. Jenkins, Time Series Analysis (1970); M. C. Jones, Applied Statistics 29 (1980);
# J. Durbin and S. J. Koopman, Time Series Analysis by State Space Methods (2001).

arima <- function(x, order = c(0L, 0L, 0L), seasonal = list(order = c(0L, 0L, 0L), period = NA), xreg = NULL, include.mean = TRUE,
                  transform.pars = TRUE, fixed = NULL, init = NULL, method = c("CSS-ML", "ML", "CSS"), n.cond,
                  SSinit = c("Gardner1980", "Rossignol2011"), optim.method = "BFGS", optim.control = list(), kappa = 1e6) {
  series <- deparse1(substitute(x))
  regressors <- deparse1(substitute(xreg))
  method <- match.arg(method)
  SSinit <- match.arg(SSinit)
  .refuse_if(`only implemented for univariate time series` = NCOL(x) > 1L)
  x <- as.ts(x)
  .refuse_if(`'x' must be numeric` = !is.numeric(x))
  problem <- .arima_regression(.arima_problem(as.double(x), .arima_orders(order, seasonal, frequency(x)), kappa), xreg, regressors, include.mean)
  if (method == "CSS-ML" && anyNA(c(problem$values, problem$xreg))) method <- "ML"
  if (method != "ML") problem$skipped <- max(problem$lost, if (missing(n.cond)) problem$lost + problem$reach else n.cond)
  .refuse_if(`wrong length for 'fixed'` = !is.null(fixed) && length(fixed) != length(problem$names), `too few non-missing observations` = problem$used <= 0)
  if (!is.null(fixed)) problem$fixed <- as.double(fixed)
  problem$free <- is.na(problem$fixed)
  bounded <- transform.pars && any(problem$free)
  if (bounded && !all(problem$free[unlist(problem$auto)])) {
    warning("some AR parameters were fixed: setting transform.pars = FALSE")
    bounded <- FALSE
  }
  problem <- .arima_start(problem, init, checked = method == "ML")

  search <- function(cost, coordinates, bend) .arima_search(problem, cost, coordinates, bend, optim.method, optim.control)
  if (method == "CSS-ML") {
    first <- search(.arima_conditional, .plain_coordinates, bend = FALSE)
    if (first$convergence == 0) problem$begin <- first$coefficients
    .refuse_moving_roots(problem$begin, problem$auto, " from CSS")
    problem$skipped <- 0L
  }
  measure <- if (method == "CSS") .arima_conditional else .arima_exact
  fit <- search(measure, if (bounded && method != "CSS") .bounded_coordinates else .plain_coordinates, bend = TRUE)
  if (fit$convergence > 0) warning(gettextf("possible convergence problem: optim gave code = %d", fit$convergence), domain = NA)
  last <- measure(problem, fit$coefficients)
  deviance <- problem$used * (2 * fit$value + 1 + log(2 * pi))

  # Back from the turned regressors to those given.
  turn <- problem$turn
  coefficients <- setNames(as.vector(turn %*% fit$coefficients), problem$names)
  free <- problem$free
  labels <- problem$names[free]
  variance <- structure(turn[free, free, drop = FALSE] %*% fit$variance %*% t(turn[free, free, drop = FALSE]), dimnames = list(labels, labels))
  structure(list(coef = coefficients, sigma2 = last$variance, var.coef = variance, mask = free, loglik = -deviance / 2,
                 aic = if (method == "CSS") NA_real_ else deviance + 2 * sum(free) + 2, arma = problem$arma,
                 residuals = ts(last$residuals, start = tsp(x)[1L], frequency = tsp(x)[3L]), call = match.call(), series = series, code = fit$convergence,
                 n.cond = problem$skipped, nobs = problem$used,
                 model = c(.arima_weights(fit$coefficients, problem$arma), list(Delta = problem$delta, kappa = kappa, rest = .arima_rest_of(problem, fit$coefficients)))),
            class = "Arima")
}

# The numbers of weights of each kind, the period and the differences, in the order in which a fit keeps them.
.arima_orders <- function(order, seasonal, rate) {
  threefold <- function(given) is.numeric(given) && length(given) == 3L && all(given >= 0)
  cycles <- if (is.list(seasonal)) seasonal$order else if (is.numeric(seasonal)) seasonal
  .refuse_if(`'order' must be a non-negative numeric vector of length 3` = !threefold(order),
    `'seasonal' must be a list with component 'order'` = is.null(cycles),
    `'seasonal' is of the wrong length` = !is.list(seasonal) && length(seasonal) != 3L,
    `'seasonal$order' must be a non-negative numeric vector of length 3` = !threefold(cycles))
  period <- if (is.list(seasonal)) seasonal$period
  if (is.null(period) || is.na(period) || period == 0) period <- rate
  as.integer(c(order[-2L], cycles[-2L], period, order[2L], cycles[2L]))
}

# What is to be fitted, without regressors: `lost` observations go to differences, `reach` is how far back the autoregression looks.
.arima_problem <- function(values, arma, kappa) {
  kinds <- rep(c("ar", "ma", "sar", "sma"), arma[1:4])
  powers <- function(polynomial, times) Reduce(arima_product, rep(list(polynomial), times), 1)
  delta <- -arima_product(powers(c(1, -1), arma[6L]), powers(c(1, numeric(arma[5L] - 1L), -1), arma[7L]))[-1L]
  list(values = values, arma = arma, kappa = kappa, delta = delta, lost = arma[6L] + arma[5L] * arma[7L], reach = arma[1L] + arma[5L] * arma[3L], skipped = 0L,
    auto = list(ar = which(kinds == "ar"), sar = which(kinds == "sar")), at = integer(), turn = diag(length(kinds)), used = sum(!is.na(values)) - length(delta),
    names = paste0(kinds, sequence(arma[1:4])), begin = numeric(length(kinds)), scales = rep(1, length(kinds)), fixed = rep(NA_real_, length(kinds)))
}

# Adds the regressors, with the coefficients and their scales that least squares gives as a beginning.
.arima_regression <- function(problem, xreg, label, mean) {
  x <- if (!is.null(xreg)) as.matrix(xreg)
  n <- length(problem$values)
  .refuse_if(`lengths of 'x' and 'xreg' do not match` = !is.null(x) && nrow(x) != n)
  names <- if (is.null(x) || !is.null(colnames(x))) colnames(x) else if (ncol(x) == 1L) label else paste0(label, seq_len(ncol(x)))
  if (mean && !length(problem$delta)) {
    x <- cbind(rep(1, n), x)
    names <- c("intercept", names)
  }
  if (is.null(x)) return(problem)
  before <- length(problem$names)
  problem$xreg <- matrix(as.double(x), n)
  problem$at <- before + seq_along(names)
  problem$names <- c(problem$names, names)
  problem$fixed <- c(problem$fixed, rep(NA_real_, length(names)))
  problem$turn <- diag(length(problem$names))
  problem$used <- sum(complete.cases(problem$values, problem$xreg)) - length(problem$delta)
  problem
}

.arima_start <- function(problem, init, checked) {
  at <- problem$at
  if (length(at)) {
    if (length(at) > 1L && all(problem$free[at])) {
      # Regressors that lie askew are turned to their principal axes for the search.
      axes <- svd(na.omit(problem$xreg))$v
      problem$turn[at, at] <- axes
      problem$xreg <- problem$xreg %*% axes
    }
    line <- .first_line(.differenced(problem$xreg, problem$arma), .differenced(problem$values, problem$arma))
    if (is.null(line)) line <- .first_line(problem$xreg, problem$values)
    problem$begin[at] <- line$coefficients
    problem$scales[at] <- 10 * line$errors
  }
  if (is.null(init)) return(problem)
  .refuse_if(`'init' is of the wrong length` = length(init) != length(problem$begin))
  problem$begin <- ifelse(is.na(init), problem$begin, init)
  if (checked) .refuse_moving_roots(problem$begin, problem$auto)
  problem
}

# Coefficients of a regression on its rows without gaps, with their standard errors.
.first_line <- function(x, y) {
  whole <- complete.cases(x, y)
  if (length(y) <= ncol(x) || !any(x[whole, ] != 0)) return(NULL)
  fit <- lm.fit(x[whole, , drop = FALSE], y[whole])
  list(coefficients = fit$coefficients, errors = sqrt(sum(fit$residuals^2) / fit$df.residual * diag(chol2inv(qr.R(fit$qr)))))
}

.differenced <- function(x, arma) {
  if (arma[6L]) x <- diff(x, 1L, arma[6L])
  if (arma[5L] > 1L && arma[7L]) x <- diff(x, arma[5L], arma[7L])
  x
}

.refuse_moving_roots <- function(p, auto, where = "") {
  moving <- !vapply(auto, function(at) arima_stationary(p[at]), TRUE)
  if (any(moving)) stop(paste0("non-stationary ", c("AR", "seasonal AR")[moving][1L], " part", where), call. = FALSE)
}

# The series less its regression.
.arima_rest_of <- function(problem, p) if (length(problem$at)) problem$values - as.vector(problem$xreg %*% p[problem$at]) else problem$values

# Two measures of a model: each gives what is to become least, the variance of the innovations, and the residuals.
.arima_conditional <- function(problem, p) {
  weights <- .arima_weights(p, problem$arma)
  rest <- .arima_rest(c(numeric(length(problem$delta)), .differenced(.arima_rest_of(problem, p), problem$arma)), weights$phi, weights$theta, problem$skipped)
  variance <- mean(rest[seq_along(rest) > problem$skipped]^2, na.rm = TRUE)
  list(cost = log(variance) / 2, variance = variance, residuals = rest)
}

.arima_exact <- function(problem, p) {
  weights <- .arima_weights(p, problem$arma)
  if (any(abs(unlist(weights)) > 1e10)) return(list(cost = .Machine$double.xmax))
  found <- .arima_filter(.arima_rest_of(problem, p), weights$phi, weights$theta, problem$delta, problem$kappa, 0L)
  means <- found$sums[1:2] / found$sums[3L]
  list(cost = (log(means[1L]) + means[2L]) / 2, variance = found$sums[1L] / problem$used, residuals = found$residuals)
}

# In which coordinates weights are sought: `inward` goes to them, `canonical` chooses among those that mean the same, `slopes`
# tells how the weights move with them.
.plain_coordinates <- list(inward = function(p, arma) p, outward = function(p, arma) p, canonical = function(p, arma) p, slopes = function(p, arma) diag(length(p)))

.bounded_coordinates <- list(inward = function(p, arma) arima_unbound(p, arma), outward = function(p, arma) arima_bound(p, arma),
  canonical = function(p, arma) arima_invertible(p, arma), slopes = function(p, arma) arima_slopes(p, arma))

.arima_search <- function(problem, measure, coordinates, bend, method, control) {
  free <- problem$free
  arma <- problem$arma
  all_of <- function(p) replace(problem$fixed, free, p)
  cost <- function(p) measure(problem, coordinates$outward(all_of(p), arma))$cost
  if (!any(free)) return(list(coefficients = problem$fixed, value = cost(numeric()), convergence = 0L, variance = matrix(0, 0L, 0L)))
  scale <- list(parscale = problem$scales[free])
  begin <- coordinates$canonical(coordinates$inward(problem$begin, arma), arma)
  found <- optim(begin[free], cost, method = method, control = c(scale, control[names(control) != "parscale"]))
  at <- coordinates$canonical(all_of(found$par), arma)
  made <- list(coefficients = coordinates$outward(at, arma), value = found$value, convergence = found$convergence)
  if (bend) {
    slopes <- coordinates$slopes(at, arma)[free, free, drop = FALSE]
    made$variance <- crossprod(slopes, solve(problem$used * optimHess(at[free], cost, control = scale), slopes))
  }
  made
}

arima_product <- function(a, b) {
  made <- numeric(length(a) + length(b) - 1L)
  for (k in seq_along(a)) made[k - 1L + seq_along(b)] <- made[k - 1L + seq_along(b)] + a[k] * b
  made
}

arima_stationary <- function(ar) {
  ar <- ar[seq_len(max(0L, which(ar != 0)))]
  !length(ar) || all(Mod(polyroot(c(1, -ar))) > 1)
}

# The numbers from which .stationary_weights() makes autoregressive weights.
weights_to_partial <- function(weights) {
  found <- numeric(length(weights))
  for (k in rev(seq_along(weights))) {
    last <- found[k] <- weights[k]
    weights <- weights[seq_len(k - 1L)]
    weights <- (weights + last * rev(weights)) / (1 - last^2)
  }
  atanh(found)
}

arima_auto <- function(arma) list(seq_len(arma[1L]), arma[1L] + arma[2L] + seq_len(arma[3L]))

arima_bound <- function(p, arma) {
  for (at in arima_auto(arma)) if (length(at)) p[at] <- .stationary_weights(p[at])
  p
}

arima_unbound <- function(p, arma) {
  for (at in arima_auto(arma)) if (length(at)) p[at] <- weights_to_partial(p[at])
  p
}

arima_slopes <- function(p, arma) {
  made <- diag(length(p))
  for (at in arima_auto(arma)) for (k in at) {
    up <- p
    up[k] <- up[k] + 1e-3
    made[k, at] <- (.stationary_weights(up[at]) - .stationary_weights(p[at])) / 1e-3
  }
  made
}

arima_invertible <- function(p, arma) {
  turn <- function(ma) {
    last <- max(0L, which(ma != 0))
    if (!last) return(ma)
    roots <- polyroot(c(1, ma[seq_len(last)]))
    inside <- Mod(roots) < 1
    if (!any(inside)) return(ma)
    if (last == 1L) return(c(1 / ma[1L], rep.int(0, length(ma) - last)))
    roots[inside] <- 1 / roots[inside]
    made <- 1
    for (root in roots) made <- c(made, 0) - c(0, made) / root
    c(Re(made[-1L]), rep.int(0, length(ma) - last))
  }
  for (at in list(arma[1L] + seq_len(arma[2L]), sum(arma[1:3]) + seq_len(arma[4L]))) if (length(at)) p[at] <- turn(p[at])
  p
}

print.Arima <- function(x, digits = max(3L, getOption("digits") - 3L), se = TRUE, ...) {
  writeLines(c("", "Call:", deparse(x$call, width.cutoff = 75L), ""))
  if (length(x$coef)) {
    writeLines("Coefficients:")
    shown <- if (se && any(x$mask)) rbind(x$coef, s.e. = replace(0 * x$coef, x$mask, sqrt(diag(x$var.coef)))) else x$coef
    print.default(round(shown, digits), print.gap = 2L)
  }
  partly <- is.na(x$aic)
  cat(sprintf("\nsigma^2 estimated as %s:  %slog likelihood = %s%s\n", format(x$sigma2, digits = digits), if (partly) "part " else "",
              format(round(x$loglik, 2L)), if (partly) "" else paste0(",  aic = ", format(round(x$aic, 2L)))))
  invisible(x)
}

coef.Arima <- function(object, ...) object$coef

vcov.Arima <- function(object, ...) object$var.coef

residuals.Arima <- function(object, ...) object$residuals

nobs.Arima <- function(object, ...) object$nobs

# The part of a likelihood that conditional sums of squares give is none to compare by.
logLik.Arima <- function(object, ...)
  if (is.na(object$aic)) structure(NA, class = "logLik") else structure(object$loglik, class = "logLik", nobs = object$nobs, df = 1 + sum(object$mask))

predict.Arima <- function(object, n.ahead = 1L, newxreg = NULL, se.fit = TRUE, ...) {
  regression <- tail(object$coef, length(object$coef) - sum(object$arma[1:4]))
  mean <- regression[names(regression) == "intercept"]
  slopes <- regression[names(regression) != "intercept"]
  x <- if (is.null(newxreg)) matrix(0, n.ahead, 0L) else as.matrix(newxreg)
  .refuse_if(`'xreg' and 'newxreg' have different numbers of columns` = ncol(x) != length(slopes))
  model <- object$model
  ahead <- .arima_filter(model$rest, model$phi, model$theta, model$Delta, model$kappa, n.ahead)
  rate <- frequency(object$residuals)
  following <- function(values) ts(values, start = tsp(object$residuals)[2L] + 1 / rate, frequency = rate)
  expected <- following(ahead$mean + sum(mean) + as.vector(x %*% slopes))
  if (se.fit) list(pred = expected, se = following(sqrt(object$sigma2 * ahead$variance))) else expected
}

# Drawings in one column of panels, each made when its turn comes.
.one_above_another <- function(...) {
  kept <- par(mfrow = c(...length(), 1L))
  on.exit(par(kept))
  for (k in seq_len(...length())) ...elt(k)
}

tsdiag <- function(object, gof.lag, ...) UseMethod("tsdiag")

tsdiag.Arima <- function(object, gof.lag = 10, ...) {
  rest <- residuals(object)
  n <- sum(!is.na(rest))
  lags <- seq_len(gof.lag)
  # Ljung and Box's statistic up to each lag.
  statistics <- n * (n + 2) * cumsum(acf(rest, gof.lag, plot = FALSE, na.action = na.pass)$acf[-1L]^2 / (n - lags))
  .one_above_another(
    plot(rest / sqrt(object$sigma2), type = "h", main = "Standardized Residuals", ylab = ""),
    acf(rest, main = "ACF of Residuals", na.action = na.pass),
    {
      plot(lags, pchisq(statistics, lags, lower.tail = FALSE), ylim = 0:1, xlab = "lag", ylab = "p value", main = "p values for Ljung-Box statistic")
      abline(h = 0.05, col = "blue", lty = 2)
    })
  invisible()
}
