# The choice of an ARIMA model: differences by tests, orders by an information criterion, step by step.
# Source: R. J. Hyndman and Y. Khandakar, Journal of Statistical Software 27 (2008).

auto.arima <- function(y, d = NA, D = NA, max.p = 5, max.q = 5, max.P = 2, max.Q = 2, max.order = 5, max.d = 2, max.D = 1, start.p = 2, start.q = 2,
                       start.P = 1, start.Q = 1, stationary = FALSE, seasonal = TRUE, ic = c("aicc", "aic", "bic"), stepwise = TRUE, nmodels = 94,
                       trace = FALSE, approximation = (length(x) > 150 | frequency(x) > 12), method = NULL, truncate = NULL, xreg = NULL,
                       test = c("kpss", "adf", "pp"), test.args = list(), seasonal.test = c("seas", "ocsb", "hegy", "ch"), seasonal.test.args = list(),
                       allowdrift = TRUE, allowmean = TRUE, lambda = NULL, biasadj = FALSE, parallel = FALSE, num.cores = 2, x = y, ...) {
  label <- .series_label(substitute(y))
  .unsupported(truncate)
  .passed_over(parallel, num.cores)
  ic <- match.arg(ic)
  test <- match.arg(test)
  seasonal.test <- match.arg(seasonal.test)
  .refuse_if(`auto.arima can only handle univariate time series` = NCOL(x) > 1L)
  given <- series <- as.ts(x)
  .refuse_if(`No suitable ARIMA model found` = all(is.na(x)))
  if (!is.null(lambda)) {
    series <- BoxCox(given, lambda)
    lambda <- attr(series, "lambda")
    attr(series, "lambda") <- NULL
    attr(lambda, "biasadj") <- biasadj
  }
  if (!is.null(xreg)) xreg <- .named_regressors(xreg)
  n <- sum(!is.na(series))
  m <- if (seasonal) frequency(series) else 1
  if (m < 1) m <- 1
  m <- round(m)
  bounds <- .order_bounds(c(max.p, max.q, max.P, max.Q), n, m)
  rest <- if (is.null(xreg)) series else .beside_series(qr.resid(qr(cbind(1, xreg)), as.vector(series)), series)
  if (is.constant(as.vector(series))) {
    fit <- Arima(given, order = c(0, 0, 0), fixed = mean(given, na.rm = TRUE), xreg = xreg)
    fit$series <- label
    fit$call <- match.call()
    return(fit)
  }
  if (stationary) d <- D <- 0
  if (m == 1) D <- 0
  else if (is.na(D) && n <= 2 * m) D <- 0
  else if (is.na(D)) {
    D <- do.call(nsdiffs, c(list(rest, m = m, test = seasonal.test, max.D = max.D), seasonal.test.args))
    if (D > 0 && is.constant(as.vector(diff(rest, lag = m, differences = D)))) D <- D - 1
  }
  apart <- if (D > 0) diff(rest, lag = m, differences = D) else rest
  if (is.na(d)) {
    d <- do.call(ndiffs, c(list(apart, test = test, max.d = max.d), test.args))
    if (d > 0 && is.constant(as.vector(diff(apart, differences = d)))) d <- d - 1
  }
  if (D >= 2) warning("Having more than one seasonal differences is not recommended. Please consider using only one seasonal difference.")
  else if (D + d > 2) warning("Having 3 or more differencing operations is not recommended. Please consider reducing the total number of differences.")
  constant <- (allowdrift && d + D == 1) || (allowmean && d + D == 0)
  task <- list(series = series, d = d, D = D, m = m, xreg = xreg, ic = ic, trace = trace, approximation = approximation, method = method, dots = list(...))
  task$offset <- if (approximation) .css_offset(task) else 0
  if (trace && approximation) cat("\n Fitting models using approximations to speed things up...\n")
  tried <- if (stepwise) .stepwise_orders(task, bounds, pmin(c(start.p, start.q, start.P, start.Q), bounds), constant, nmodels)
    else .every_order(task, bounds, constant, max.order)
  best <- tried$best
  if (approximation && is.finite(best$choice)) {
    if (trace) cat("\n\n Now re-fitting the best model(s) without approximations...\n")
    task$approximation <- FALSE
    for (place in order(tried$choices)) {
      one <- tried$orders[place, ]
      best <- .tried_arima(task, one[1:4], one[5L] == 1)
      if (is.finite(best$choice)) break
    }
  }
  .refuse_if(`No suitable ARIMA model found` = !is.finite(best$choice))
  if (trace) cat(if (!stepwise && !approximation) "\n\n", "\n\n Best model: ", .arima_title(best$fit, TRUE), " \n\n", sep = "")
  .arima_finished(best$fit, series, given, best$fit$regressors, lambda, biasadj, label, match.call())
}

# A short series allows no high orders.
.order_bounds <- function(most, n, m) {
  short <- c(rep(floor(n / 3), 2L), rep(if (m > 1) floor(n / 3 / m) else 0, 2L))
  pmin(most, short)
}

# What turns a sum of squares into something like a likelihood.
.css_offset <- function(task) {
  fit <- tryCatch(suppressWarnings(.plain_arima(task, c(0, 0, 0, 0), FALSE, "CSS-ML")), error = function(e) NULL)
  if (is.null(fit)) 0 else -2 * fit$loglik - sum(!is.na(task$series)) * log(fit$sigma2)
}

# A fit of orders p, q, P, Q; the constant is a drift after one difference and a mean without one.
.plain_arima <- function(task, orders, constant, method) {
  xreg <- if (constant && task$d + task$D == 1) cbind(drift = seq_along(task$series), task$xreg) else task$xreg
  settings <- c(list(task$series, order = c(orders[1L], task$d, orders[2L]), seasonal = list(order = c(orders[3L], task$D, orders[4L]), period = task$m),
    include.mean = constant, method = method), task$dots)
  if (!is.null(xreg)) settings$xreg <- xreg
  fit <- do.call(arima, settings)
  fit$regressors <- xreg
  fit
}

.tried_arima <- function(task, orders, constant) {
  method <- if (task$approximation) "CSS" else if (is.null(task$method)) "CSS-ML" else task$method
  fit <- tryCatch(suppressWarnings(.plain_arima(task, orders, constant, method)), error = function(e) NULL)
  choice <- Inf
  if (!is.null(fit)) {
    size <- .arima_sizes(fit)
    aic <- if (task$approximation) task$offset + size$seen * log(fit$sigma2) + 2 * size$chosen else fit$aic
    choice <- switch(task$ic, aic = aic, bic = aic + size$chosen * (log(size$seen) - 2), aicc = aic + 2 * size$chosen * (size$chosen + 1) / (size$seen - size$chosen - 1))
    if (is.na(choice) || .near_the_circle(fit$model$phi, -1) || .near_the_circle(fit$model$theta, 1)) choice <- Inf
  }
  if (task$trace) {
    named <- setNames(numeric(sum(orders) + constant + NCOL(task$xreg) * !is.null(task$xreg)), c(rep("o", sum(orders)),
      if (constant) (if (task$d + task$D == 1) "drift" else "intercept"), if (!is.null(task$xreg)) colnames(task$xreg)))
    shown <- list(arma = as.integer(c(orders, task$m, task$d, task$D)), coef = named)
    cat("\n", .arima_title(shown, TRUE), ":", choice)
  }
  list(fit = fit, choice = choice, orders = orders, constant = constant)
}

# Whether a polynomial has a root that is nearly one of unity.
.near_the_circle <- function(weights, sign) {
  last <- max(0L, which(abs(weights) > 1e-8))
  last > 0L && min(Mod(polyroot(c(1, sign * weights[seq_len(last)])))) < 1.01
}

.stepwise_orders <- function(task, bounds, start, constant, most) {
  if (length(task$series) < 10L) start <- pmin(start, 1)
  if (task$m == 1) start[3:4] <- bounds[3:4] <- 0
  tried <- list()
  best <- list(choice = Inf)
  attempt <- function(orders, with_constant, again = FALSE) {
    key <- paste(c(orders, with_constant), collapse = " ")
    if (any(orders < 0) || any(orders > bounds) || (!again && !is.null(tried[[key]])) || length(tried) >= most) return(FALSE)
    found <- .tried_arima(task, orders, with_constant)
    tried[[key]] <<- list(orders = c(orders, with_constant), choice = found$choice)
    better <- found$choice < best$choice || is.null(best$orders)
    if (better) best <<- found
    better
  }
  # The first models are tried whether or not two of them are one.
  attempt(start, constant, TRUE)
  attempt(c(0, 0, 0, 0), constant, TRUE)
  if (bounds[1L] > 0 || bounds[3L] > 0) attempt(c(bounds[1L] > 0, 0, task$m > 1 && bounds[3L] > 0, 0) + 0, constant, TRUE)
  if (bounds[2L] > 0 || bounds[4L] > 0) attempt(c(0, bounds[2L] > 0, 0, task$m > 1 && bounds[4L] > 0) + 0, constant, TRUE)
  if (constant) attempt(c(0, 0, 0, 0), FALSE, TRUE)
  pairs <- list(c(-1, 0), c(0, -1), c(1, 0), c(0, 1), c(-1, -1), c(-1, 1), c(1, -1), c(1, 1))
  moves <- c(lapply(pairs, function(pair) c(0, 0, pair)), lapply(pairs, function(pair) c(pair, 0, 0)))
  # The search goes on with the constant, even where the first model without one was better.
  turned <- constant
  repeat {
    moved <- FALSE
    for (move in moves) if (attempt(best$orders + move, turned)) {
      moved <- TRUE
      break
    }
    if (!moved && constant && attempt(best$orders, !turned)) {
      moved <- TRUE
      turned <- !turned
    }
    if (!moved) break
  }
  list(best = best, orders = do.call(rbind, lapply(unname(tried), `[[`, "orders")), choices = vapply(tried, `[[`, 0, "choice"))
}

.every_order <- function(task, bounds, constant, most) {
  best <- list(choice = Inf)
  tried <- list()
  for (p in 0:bounds[1L]) for (q in 0:bounds[2L]) for (P in 0:bounds[3L]) for (Q in 0:bounds[4L]) if (p + q + P + Q <= most) {
    for (with_constant in if (constant) c(FALSE, TRUE) else FALSE) {
      found <- .tried_arima(task, c(p, q, P, Q), with_constant)
      tried <- c(tried, list(list(orders = c(p, q, P, Q, with_constant), choice = found$choice)))
      if (found$choice < best$choice || is.null(best$orders)) best <- found
    }
  }
  list(best = best, orders = do.call(rbind, lapply(tried, `[[`, "orders")), choices = vapply(tried, `[[`, 0, "choice"))
}
