# Autoregressions by Yule and Walker's equations, Burg's recursion, least squares and maximum likelihood.
# Sources: P. J. Brockwell and R. A. Davis, Time Series: Theory and Methods, second edition (1991), chapter 8; J. P. Burg, Maximum
# Entropy Spectral Analysis (1975).

ar <- function(x, aic = TRUE, order.max = NULL, method = c("yule-walker", "burg", "ols", "mle", "yw"), na.action = na.fail,
               series = deparse1(substitute(x)), ...) {
  estimators <- list(`yule-walker` = ar.yw, burg = ar.burg, ols = ar.ols, mle = ar.mle, yw = ar.yw)
  fit <- estimators[[match.arg(method)]](x, aic = aic, order.max = order.max, na.action = na.action, series = series, ...)
  replace(fit, "call", list(match.call()))
}

# The series as every estimator takes it: less its mean, with what is kept of it.
.ar_series <- function(x, na.action, demean, label) {
  if (NCOL(x) > 1L) stop("only one series at a time can be fitted by ar()")
  x <- as.ts(x)
  if (!is.numeric(x)) stop("'x' must be numeric", call. = FALSE)
  x <- na.action(x)
  values <- as.double(x)
  mean <- if (demean) mean(values, na.rm = TRUE) else 0
  list(values = values - mean, mean = mean, time = tsp(x), n = length(values), seen = sum(!is.na(values)), demean = demean, label = label)
}

.ar_moments <- function(values, most, demean) autocorrelations(values, most, "covariance", na.pass, demean, "")$acf[, 1L, 1L]

# The highest order looked at: what was asked, within what the series allows.
.ar_most <- function(asked, series, cap = Inf, least = 1L, size = "n.used") {
  most <- if (is.null(asked)) min(series$seen - 1L, cap, floor(10 * log10(series$seen))) else floor(asked)
  wrong <- c(most < least, most >= series$n)
  if (any(wrong)) stop(c(paste("'order.max' must be >=", least), sprintf("'order.max' must be < '%s'", size))[wrong][1L], call. = FALSE)
  most
}

# The fit of the order with the least criterion, or of the last. `told` gives the coefficients of an order, the variance left, and
# what else the estimator knows of it.
.ar_chosen <- function(series, orders, criteria, aic, told, method, call, most = max(orders), partial = NULL) {
  best <- if (aic) which.min(criteria) else length(orders)
  fit <- told(best)
  order <- orders[best]
  rest <- stats_filter(series$values, c(1, -as.vector(fit$ar)), sides = 1L) - sum(fit$shift)
  made <- c(list(order = order, ar = fit$ar, var.pred = fit$spread, x.mean = series$mean), if ("shift" %in% names(fit)) list(x.intercept = fit$shift),
    list(aic = setNames(criteria - min(criteria), orders), n.used = series$n, n.obs = series$seen, order.max = most,
      partialacf = if (!is.null(partial)) array(partial, c(length(partial), 1L, 1L)), resid = ts(as.vector(rest), start = series$time[1L], frequency = series$time[3L]),
      method = method, series = series$label, frequency = series$time[3L], call = call))
  if (!is.null(fit$errors)) made$asy.se.coef <- fit$errors
  else if (order > 0) made$asy.var.coef <- solve(toeplitz(fit$moments[seq_len(order)])) * (fit$spread / series$seen)
  structure(made, class = "ar")
}

# Of a recursion over orders: coefficients in the rows of `coefs`, variances left in `vars`.
.ar_of_recursion <- function(series, found, aic, moments, correction, method, call) {
  most <- nrow(found$coefs)
  criteria <- series$seen * log(found$vars) + 2 * (0:most + series$demean)
  told <- function(at) list(ar = if (at > 1L) found$coefs[at - 1L, seq_len(at - 1L)] else numeric(), spread = found$vars[at] * correction(at - 1L), moments = moments(at))
  .ar_chosen(series, 0:most, criteria, aic, told, method, call, partial = diag(found$coefs))
}

ar.yw <- function(x, ...) UseMethod("ar.yw")

ar.yw.default <- function(x, aic = TRUE, order.max = NULL, na.action = na.fail, demean = TRUE, series = NULL, ...) {
  series <- .ar_series(x, na.action, demean, if (is.null(series)) deparse1(substitute(x)) else series)
  most <- .ar_most(order.max, series, size = "n.obs")
  moments <- .ar_moments(series$values, most, FALSE)
  .ar_of_recursion(series, .whittle_step(moments, most), aic, function(at) moments, function(order) series$seen / (series$seen - order - 1), "Yule-Walker", match.call())
}

ar.burg <- function(x, ...) UseMethod("ar.burg")

ar.burg.default <- function(x, aic = TRUE, order.max = NULL, na.action = na.fail, demean = TRUE, series = NULL, var.method = 1L, ...) {
  series <- .ar_series(x, na.action, demean, if (is.null(series)) deparse1(substitute(x)) else series)
  most <- .ar_most(order.max, series)
  found <- .burg_recursion(series$values, most, by_errors = var.method != 1L)
  .ar_of_recursion(series, found, aic, function(at) .ar_moments(series$values, at, TRUE), function(order) 1, paste0("Burg", if (var.method != 1L) 2), match.call())
}

# Each order's last coefficient makes the errors of predicting forward and backward least together; the others follow by Levinson's step.
.burg_recursion <- function(values, most, by_errors) {
  n <- length(values)
  coefs <- matrix(0, most, most)
  vars <- c(mean(values^2), numeric(most))
  forward <- values[-1L]
  backward <- values[-n]
  for (k in seq_len(most)) {
    last <- 2 * sum(forward * backward) / sum(forward^2, backward^2)
    lower <- coefs[k - 1L, seq_len(k - 1L)]
    coefs[k, seq_len(k)] <- c(lower - last * rev(lower), last)
    errors <- list(forward - last * backward, backward - last * forward)
    vars[k + 1L] <- if (by_errors) mean(unlist(errors)^2) else vars[k] * (1 - last^2)
    forward <- errors[[1L]][-1L]
    backward <- errors[[2L]][-length(errors[[2L]])]
  }
  list(coefs = coefs, vars = vars)
}

ar.mle <- function(x, aic = TRUE, order.max = NULL, na.action = na.fail, demean = TRUE, series = NULL, ...) {
  series <- .ar_series(x, na.action, FALSE, if (is.null(series)) deparse1(substitute(x)) else series)
  most <- .ar_most(order.max, series, cap = 12, least = 0L)
  orders <- if (aic) 0:most else most
  middle <- if (demean) mean(series$values) else 0
  fits <- lapply(orders, function(order) arima(series$values - middle, order = c(order, 0L, 0L), include.mean = demean, method = "ML"))
  criteria <- vapply(fits, AIC, 0)
  fit <- fits[[if (aic) which.min(criteria) else 1L]]
  if (demean) series$mean <- middle + fit$coef[["intercept"]]
  series$values <- series$values - series$mean
  told <- function(at) list(ar = unname(fit$coef[seq_len(orders[at])]), spread = fit$sigma2, moments = .ar_moments(series$values, max(most, 1L), TRUE))
  .ar_chosen(series, orders, criteria, aic, told, "MLE", match.call(), most)
}

ar.ols <- function(x, aic = TRUE, order.max = NULL, na.action = na.fail, demean = TRUE, intercept = demean, series = NULL, ...) {
  series <- .ar_series(x, na.action, demean, if (is.null(series)) deparse1(substitute(x)) else series)
  most <- .ar_most(order.max, series, least = 0L)
  # Regressions in units of the series' own size.
  unit <- sqrt(mean(series$values^2))
  regression <- function(order) {
    lagged <- embed(series$values / unit, order + 1L)
    design <- lagged
    design[, 1L] <- 1
    if (!intercept) design <- design[, -1L, drop = FALSE]
    curvature <- crossprod(design)
    weights <- if (ncol(design)) as.vector(solve(curvature, crossprod(design, lagged[, 1L]))) else numeric()
    spread <- mean((lagged[, 1L] - as.vector(design %*% weights))^2)
    list(weights = weights, spread = spread, errors = if (ncol(design)) sqrt(spread * diag(solve(curvature))) else numeric())
  }
  orders <- if (aic) 0:most else most
  fits <- lapply(orders, regression)
  criteria <- series$n * log(vapply(fits, function(fit) fit$spread, 0)) + 2 * (orders + intercept)
  told <- function(at) with(fits[[at]], {
    constant <- seq_along(weights) <= intercept
    list(ar = array(weights[!constant], c(orders[at], 1L, 1L)), spread = spread * unit^2, shift = if (intercept) weights[constant] * unit,
      errors = list(x.mean = sum(errors[constant]) * unit, ar = errors[!constant]))
  })
  .ar_chosen(series, orders, criteria, aic, told, "Unconstrained LS", match.call(), most)
}

print.ar <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  short <- function(value) format(value, digits = digits)
  writeLines(c("", "Call:", paste(deparse(x$call), collapse = ""), ""))
  if (x$order) {
    writeLines("Coefficients:")
    print.default(setNames(round(c(x$ar), digits), seq_len(x$order)), print.gap = 2L)
  }
  if (!is.null(x$x.intercept)) cat(sprintf("\nIntercept: %s (%s) \n", short(x$x.intercept), short(x$asy.se.coef$x.mean)))
  cat(sprintf("\nOrder selected %d  sigma^2 estimated as  %s\n", as.integer(x$order), short(x$var.pred)))
  invisible(x)
}

predict.ar <- function(object, newdata, n.ahead = 1L, se.fit = TRUE, ...) {
  .refuse_if(`'n.ahead' must be at least 1` = n.ahead < 1L)
  if (missing(newdata)) newdata <- eval.parent(str2lang(object$series))
  newdata <- as.ts(newdata)
  weights <- c(object$ar)
  path <- Reduce(function(past, step) c(sum(object$x.intercept, weights * past[seq_along(weights)]), past), seq_len(n.ahead), rev(as.vector(newdata) - object$x.mean))
  following <- function(values) ts(values, start = tsp(newdata)[2L] + 1 / frequency(newdata), frequency = frequency(newdata))
  expected <- following(object$x.mean + rev(path[seq_len(n.ahead)]))
  if (!se.fit) return(expected)
  shocks <- c(1, ARMAtoMA(weights, lag.max = n.ahead))[seq_len(n.ahead)]
  list(pred = expected, se = following(sqrt(object$var.pred * cumsum(shocks^2))))
}
