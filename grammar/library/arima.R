# ARIMA models by conditional least squares and by maximum likelihood through the Kalman filter.
# Sources: G. E. P. Box and G. M. Jenkins, Time Series Analysis (1970); M. C. Jones, Applied Statistics 29 (1980);
# J. Durbin and S. J. Koopman, Time Series Analysis by State Space Methods (2001).

arima <- function(x, order = c(0L, 0L, 0L), seasonal = list(order = c(0L, 0L, 0L), period = NA), xreg = NULL, include.mean = TRUE,
                  transform.pars = TRUE, fixed = NULL, init = NULL, method = c("CSS-ML", "ML", "CSS"), n.cond,
                  SSinit = c("Gardner1980", "Rossignol2011"), optim.method = "BFGS", optim.control = list(), kappa = 1e6) {
  series <- deparse1(substitute(x))
  if (NCOL(x) > 1L) stop("only implemented for univariate time series")
  method <- match.arg(method)
  SSinit <- match.arg(SSinit)
  x <- as.ts(x)
  if (!is.numeric(x)) stop("'x' must be numeric")
  span <- tsp(x)
  values <- as.double(x)
  if (!is.numeric(order) || length(order) != 3L || any(order < 0)) stop("'order' must be a non-negative numeric vector of length 3")
  if (is.list(seasonal)) {
    if (is.null(seasonal$order)) stop("'seasonal' must be a list with component 'order'")
  } else if (is.numeric(seasonal)) {
    if (length(seasonal) != 3L) stop("'seasonal' is of the wrong length")
    seasonal <- list(order = seasonal)
  } else stop("'seasonal' must be a list with component 'order'")
  if (!is.numeric(seasonal$order) || length(seasonal$order) != 3L || any(seasonal$order < 0))
    stop("'seasonal$order' must be a non-negative numeric vector of length 3")
  if (is.null(seasonal$period) || is.na(seasonal$period) || seasonal$period == 0) seasonal$period <- frequency(x)
  arma <- as.integer(c(order[-2L], seasonal$order[-2L], seasonal$period, order[2L], seasonal$order[2L]))
  terms <- sum(arma[1:4])
  delta <- 1
  for (k in seq_len(order[2L])) delta <- arima_product(delta, c(1, -1))
  for (k in seq_len(seasonal$order[2L])) delta <- arima_product(delta, c(1, rep.int(0, seasonal$period - 1), -1))
  delta <- -delta[-1L]
  differenced <- order[2L] + seasonal$order[2L]
  used <- sum(!is.na(values)) - length(delta)
  labels <- NULL
  if (!is.null(xreg)) {
    label <- deparse1(substitute(xreg))
    xreg <- as.matrix(xreg)
    xreg <- matrix(as.double(xreg), nrow(xreg), ncol(xreg), dimnames = list(NULL, colnames(xreg)))
    if (nrow(xreg) != length(values)) stop("lengths of 'x' and 'xreg' do not match")
    labels <- colnames(xreg)
    if (is.null(labels)) labels <- if (ncol(xreg) == 1L) label else paste0(label, seq_len(ncol(xreg)))
  }
  if (include.mean && differenced == 0L) {
    xreg <- cbind(rep(1, length(values)), xreg)
    labels <- c("intercept", labels)
  }
  regressors <- length(labels)
  if (method == "CSS-ML" && (anyNA(values) || regressors && anyNA(xreg))) method <- "ML"
  if (is.null(fixed)) fixed <- rep(NA_real_, terms + regressors)
  else if (length(fixed) != terms + regressors) stop("wrong length for 'fixed'")
  mask <- is.na(fixed)
  if (!any(mask)) transform.pars <- FALSE
  if (transform.pars) {
    auto <- c(seq_len(arma[1L]), arma[1L] + arma[2L] + seq_len(arma[3L]))
    if (any(!mask[auto])) {
      warning("some AR parameters were fixed: setting transform.pars = FALSE")
      transform.pars <- FALSE
    }
  }
  begin <- rep.int(0, terms)
  scales <- rep(1, terms)
  rotation <- NULL
  if (regressors) {
    if (regressors > 1L && all(mask[terms + seq_len(regressors)])) {
      rotation <- svd(na.omit(xreg))$v
      xreg <- xreg %*% rotation
    }
    dx <- values
    dreg <- xreg
    if (order[2L] > 0L) {
      dx <- diff(dx, 1L, order[2L])
      dreg <- diff(dreg, 1L, order[2L])
    }
    if (seasonal$period > 1L && seasonal$order[2L] > 0) {
      dx <- diff(dx, seasonal$period, seasonal$order[2L])
      dreg <- diff(dreg, seasonal$period, seasonal$order[2L])
    }
    line <- if (length(dx) > ncol(dreg)) lm(dx ~ dreg - 1, na.action = na.omit)
    if (is.null(line) || line$rank == 0) line <- lm(values ~ xreg - 1, na.action = na.omit)
    here <- is.na(values) | apply(is.na(xreg), 1L, any)
    used <- sum(!here) - length(delta)
    begin <- c(begin, coef(line))
    scales <- c(scales, 10 * summary(line)$coefficients[, 2L])
  }
  if (used <= 0) stop("too few non-missing observations")
  if (!is.null(init)) {
    if (length(init) != length(begin)) stop("'init' is of the wrong length")
    if (any(where <- is.na(init))) init[where] <- begin[where]
    if (method == "ML") {
      if (arma[1L] > 0 && !arima_stationary(init[seq_len(arma[1L])])) stop("non-stationary AR part")
      if (arma[3L] > 0 && !arima_stationary(init[arma[1L] + arma[2L] + seq_len(arma[3L])])) stop("non-stationary seasonal AR part")
    }
    begin <- init
  }
  coefficients <- as.double(fixed)
  whole <- function(p) {
    coefficients[mask] <- p
    coefficients
  }
  without <- function(p) if (regressors) values - as.vector(xreg %*% p[terms + seq_len(regressors)]) else values
  skipped <- if (method == "ML") 0L else {
    least <- order[2L] + seasonal$order[2L] * seasonal$period
    if (missing(n.cond)) least + order[1L] + seasonal$order[1L] * seasonal$period else max(n.cond, least)
  }
  conditional <- function(p) {
    p <- whole(p)
    parts <- arima_expand(p, arma)
    rest <- without(p)
    for (k in seq_len(order[2L])) rest <- c(NA, diff(rest))
    for (k in seq_len(seasonal$order[2L])) rest <- c(rep(NA, seasonal$period), diff(rest, seasonal$period))
    rest[seq_len(length(delta))] <- 0
    found <- .arima_rest(rest, parts$phi, parts$theta, skipped)
    inside <- seq_along(found) > skipped & !is.na(found)
    list(variance = sum(found[inside]^2) / sum(inside), residuals = found)
  }
  half_conditional <- function(p) 0.5 * log(conditional(p)$variance)
  likelihood <- function(p, changed) {
    p <- whole(p)
    parts <- arima_expand(p, arma, changed)
    if (max(abs(parts$phi), abs(parts$theta), 0) > 1e10) return(.Machine$double.xmax)
    found <- .arima_filter(without(p), parts$phi, parts$theta, delta, kappa, 0L)$sums
    0.5 * (log(found[1L] / found[3L]) + found[2L] / found[3L])
  }
  search <- function(p, objective, ...) if (!any(mask)) list(convergence = 0L, par = numeric(), value = objective(numeric(), ...))
    else optim(p[mask], objective, method = optim.method, control = c(list(parscale = scales[mask]), optim.control[names(optim.control) != "parscale"]), ...)
  if (method == "CSS") {
    found <- search(begin, half_conditional, hessian = TRUE)
    if (found$convergence > 0) warning(gettextf("possible convergence problem: optim gave code = %d", found$convergence), domain = NA)
    coefficients <- whole(found$par)
    variance <- if (any(mask)) solve(found$hessian * used) else matrix(0, 0L, 0L)
    last <- conditional(found$par)
    sigma2 <- last$variance
    rest <- last$residuals
    value <- 2 * found$value * used + used + used * log(2 * pi)
    filtered <- NULL
  } else {
    if (method == "CSS-ML") {
      found <- search(begin, half_conditional, hessian = FALSE)
      if (found$convergence == 0) begin[mask] <- found$par
      if (arma[1L] > 0 && !arima_stationary(begin[seq_len(arma[1L])])) stop("non-stationary AR part from CSS")
      if (arma[3L] > 0 && !arima_stationary(begin[arma[1L] + arma[2L] + seq_len(arma[3L])])) stop("non-stationary seasonal AR part from CSS")
      skipped <- 0L
    }
    if (transform.pars) {
      begin <- arima_invertible(arima_unbound(begin, arma), arma)
      found <- search(begin, likelihood, hessian = TRUE, changed = TRUE)
      if (found$convergence > 0) warning(gettextf("possible convergence problem: optim gave code = %d", found$convergence), domain = NA)
      bare <- whole(found$par)
      turned <- arima_invertible(bare, arma)
      if (any(turned[mask] != found$par)) {
        before <- found$convergence
        found <- optim(turned[mask], likelihood, method = optim.method, hessian = TRUE, changed = TRUE,
                       control = list(maxit = 0L, parscale = scales[mask]))
        found$convergence <- before
        bare <- whole(found$par)
      }
      slopes <- arima_slopes(bare, arma)[mask, mask, drop = FALSE]
      variance <- crossprod(slopes, solve(found$hessian * used, slopes))
      coefficients <- arima_bound(bare, arma)
    } else {
      found <- search(begin, likelihood, hessian = TRUE, changed = FALSE)
      if (found$convergence > 0) warning(gettextf("possible convergence problem: optim gave code = %d", found$convergence), domain = NA)
      coefficients <- whole(found$par)
      variance <- if (any(mask)) solve(found$hessian * used) else matrix(0, 0L, 0L)
    }
    parts <- arima_expand(coefficients, arma)
    filtered <- .arima_filter(without(coefficients), parts$phi, parts$theta, delta, kappa, 0L)
    sigma2 <- filtered$sums[1L] / used
    rest <- filtered$residuals
    value <- 2 * used * found$value + used + used * log(2 * pi)
  }
  free <- sum(mask)
  aic <- if (method == "CSS") NA_real_ else value + 2 * free + 2
  names_of <- function(count, label) if (count) paste0(label, seq_len(count))
  all_names <- c(names_of(arma[1L], "ar"), names_of(arma[2L], "ma"), names_of(arma[3L], "sar"), names_of(arma[4L], "sma"), labels)
  if (!is.null(rotation)) {
    at <- terms + seq_len(regressors)
    coefficients[at] <- rotation %*% coefficients[at]
    turn <- diag(terms + regressors)
    turn[at, at] <- rotation
    turn <- turn[mask, mask]
    variance <- turn %*% variance %*% t(turn)
  }
  names(coefficients) <- all_names
  dimnames(variance) <- list(all_names[mask], all_names[mask])
  parts <- arima_expand(coefficients, arma)
  structure(list(coef = coefficients, sigma2 = sigma2, var.coef = variance, mask = mask, loglik = -0.5 * value, aic = aic, arma = arma,
                 residuals = structure(rest, tsp = span, class = "ts"), call = match.call(), series = series, code = found$convergence,
                 n.cond = skipped, nobs = used,
                 model = list(phi = parts$phi, theta = parts$theta, Delta = delta, kappa = kappa,
                              rest = if (regressors) values - as.vector((if (is.null(rotation)) xreg else xreg %*% t(rotation)) %*% coefficients[terms + seq_len(regressors)]) else values)),
            class = "Arima")
}

arima_product <- function(a, b) {
  made <- numeric(length(a) + length(b) - 1L)
  for (k in seq_along(a)) made[k - 1L + seq_along(b)] <- made[k - 1L + seq_along(b)] + a[k] * b
  made
}

# The coefficients of the product of the plain and the seasonal polynomials.
arima_expand <- function(p, arma, changed = FALSE) {
  if (changed) p <- arima_bound(p, arma)
  at <- cumsum(c(0L, arma[1:4]))
  part <- function(k) p[at[k] + seq_len(arma[k])]
  spread <- function(weights) as.vector(rbind(matrix(0, arma[5L] - 1L, length(weights)), weights))
  list(phi = -arima_product(c(1, -part(1L)), c(1, -spread(part(3L))))[-1L], theta = arima_product(c(1, part(2L)), c(1, spread(part(4L))))[-1L])
}

arima_stationary <- function(ar) {
  ar <- ar[seq_len(max(0L, which(ar != 0)))]
  !length(ar) || all(Mod(polyroot(c(1, -ar))) > 1)
}

# Autoregressive weights from any numbers, by way of partial autocorrelations, and back.
partial_to_weights <- function(raw) {
  partial <- tanh(raw)
  made <- numeric()
  for (k in seq_along(partial)) made <- c(made - partial[k] * rev(made), partial[k])
  made
}

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
  for (at in arima_auto(arma)) if (length(at)) p[at] <- partial_to_weights(p[at])
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
    made[k, at] <- (partial_to_weights(up[at]) - partial_to_weights(p[at])) / 1e-3
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
  cat("\nCall:", deparse(x$call, width.cutoff = 75L), "", sep = "\n")
  if (length(x$coef)) {
    cat("Coefficients:\n")
    shown <- round(x$coef, digits = digits)
    if (se && NROW(x$var.coef)) {
      errors <- rep.int(0, length(shown))
      errors[x$mask] <- round(sqrt(diag(x$var.coef)), digits = digits)
      shown <- rbind(matrix(shown, 1L, dimnames = list(NULL, names(shown))), s.e. = errors)
    }
    print.default(shown, print.gap = 2L)
  }
  if (is.na(x$aic)) cat("\nsigma^2 estimated as ", format(x$sigma2, digits = digits), ":  part log likelihood = ", format(round(x$loglik, 2L)), "\n", sep = "")
  else cat("\nsigma^2 estimated as ", format(x$sigma2, digits = digits), ":  log likelihood = ", format(round(x$loglik, 2L)), ",  aic = ",
           format(round(x$aic, 2L)), "\n", sep = "")
  invisible(x)
}

coef.Arima <- function(object, ...) object$coef

vcov.Arima <- function(object, ...) object$var.coef

residuals.Arima <- function(object, ...) object$residuals

nobs.Arima <- function(object, ...) object$nobs

logLik.Arima <- function(object, ...) {
  value <- if (is.na(object$aic)) NA else structure(object$loglik, df = sum(object$mask) + 1, nobs = object$nobs)
  structure(value, class = "logLik")
}

predict.Arima <- function(object, n.ahead = 1L, newxreg = NULL, se.fit = TRUE, ...) {
  terms <- sum(object$arma[1:4])
  labels <- names(object$coef)[-seq_len(terms)]
  if (!terms) labels <- names(object$coef)
  plain <- setdiff(labels, "intercept")
  if (length(plain) && is.null(newxreg) || NCOL(newxreg) != length(plain) && !is.null(newxreg))
    stop("'xreg' and 'newxreg' have different numbers of columns")
  moved <- 0
  if (length(labels)) {
    table <- if (is.null(newxreg)) NULL else as.matrix(newxreg)
    if ("intercept" %in% labels) table <- cbind(rep(1, n.ahead), table)
    moved <- as.vector(table %*% object$coef[labels])
  }
  model <- object$model
  ahead <- .arima_filter(model$rest, model$phi, model$theta, model$Delta, model$kappa, n.ahead)
  rate <- frequency(object$residuals)
  begin <- tsp(object$residuals)[2L] + 1 / rate
  mean <- ts(ahead$mean + moved, start = begin, frequency = rate)
  if (!se.fit) return(mean)
  list(pred = mean, se = ts(sqrt(ahead$variance * object$sigma2), start = begin, frequency = rate))
}

tsdiag <- function(object, gof.lag, ...) UseMethod("tsdiag")

tsdiag.Arima <- function(object, gof.lag = 10, ...) {
  old <- par(mfrow = c(3L, 1L))
  on.exit(par(old))
  rest <- object$residuals
  plot(rest / sqrt(object$sigma2), type = "h", main = "Standardized Residuals", ylab = "")
  abline(h = 0)
  acf(rest, main = "ACF of Residuals", na.action = na.pass)
  chances <- vapply(seq_len(gof.lag), function(k) Box.test(rest, k, type = "Ljung-Box")$p.value, 0)
  plot(seq_len(gof.lag), chances, xlab = "lag", ylab = "p value", ylim = c(0, 1), main = "p values for Ljung-Box statistic")
  abline(h = 0.05, lty = 2, col = "blue")
  invisible()
}
