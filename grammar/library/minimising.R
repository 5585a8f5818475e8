# Minima of functions and fits that need them: nlm, nlminb, nls; straight lines by least squares and by resistance.

nlm <- function(f, p, ..., hessian = FALSE, typsize = rep(1, length(p)), fscale = 1, print.level = 0, ndigit = 12, gradtol = 1e-6,
                stepmax = 1000, steptol = 1e-6, iterlim = 100, check.analyticals = TRUE) {
  .unsupported(typsize, fscale, "scale the parameters in 'f'")
  .unsupported(stepmax, "let 'f' grow where it is not to go")
  .unsupported(print.level, "print in 'f'")
  value <- function(x) as.numeric(f(x, ...))
  slope <- function(x) {
    own <- attr(f(x, ...), "gradient")
    if (!is.null(own)) as.numeric(own) else central_slope(value, x)
  }
  own <- attr(f(p, ...), "gradient")
  if (check.analyticals && !is.null(own)) {
    by_steps <- central_slope(value, p)
    if (any(abs(own - by_steps) > 1e-2 * pmax(abs(by_steps), 1))) stop("probable coding error in analytic gradient")
  }
  made <- optim(p, value, slope, method = "BFGS", control = list(maxit = iterlim, reltol = min(1e-14, steptol, gradtol, 10^-ndigit)))
  fit <- list(minimum = made$value, estimate = unname(made$par), gradient = slope(made$par))
  if (hessian) fit$hessian <- optimHess(made$par, value)
  c(fit, list(code = 1L, iterations = made$counts[[2L]]))
}

# Slope by differences on both sides.
central_slope <- function(value, x) {
  vapply(seq_along(x), function(k) {
    h <- 6e-6 * max(abs(x[k]), 1)
    up <- down <- x
    up[k] <- up[k] + h
    down[k] <- down[k] - h
    (value(up) - value(down)) / (2 * h)
  }, 0)
}

optimHess <- function(par, fn, gr = NULL, ..., control = list()) {
  n <- length(par)
  scales <- if (is.null(control$parscale)) rep(1, n) else control$parscale
  height <- if (is.null(control$fnscale)) 1 else control$fnscale
  shifts <- if (is.null(control$ndeps)) rep(1e-3, n) else control$ndeps
  value <- function(p) fn(setNames(p * scales, names(par)), ...) / height
  slope <- if (is.null(gr)) function(p) wide_slope(value, p, shifts) else function(p) gr(setNames(p * scales, names(par)), ...) * scales / height
  at <- unname(par) / scales
  made <- matrix(0, n, n)
  for (k in seq_len(n)) {
    step <- shifts[k] / scales[k]
    up <- down <- at
    up[k] <- up[k] + step
    down[k] <- down[k] - step
    made[k, ] <- height * (slope(up) - slope(down)) / (2 * step * scales[k] * scales)
  }
  made <- (made + t(made)) / 2
  if (!is.null(names(par))) dimnames(made) <- list(names(par), names(par))
  made
}

wide_slope <- function(value, x, shifts) {
  vapply(seq_along(x), function(k) {
    up <- down <- x
    up[k] <- up[k] + shifts[k]
    down[k] <- down[k] - shifts[k]
    (value(up) - value(down)) / (2 * shifts[k])
  }, 0)
}

nlminb <- function(start, objective, gradient = NULL, hessian = NULL, ..., scale = 1, control = list(), lower = -Inf, upper = Inf) {
  .unsupported(hessian, "'gradient' is enough: the curvature is found from it")
  if (any(scale != 1)) stop("argument 'scale' of nlminb() is not supported: scale the parameters in 'objective'")
  most <- if (is.null(control$iter.max)) 150 else control$iter.max
  value <- function(p) as.numeric(objective(setNames(p, names(start)), ...))
  slope <- if (is.null(gradient)) function(p) central_slope(value, p) else function(p) as.numeric(gradient(setNames(p, names(start)), ...))
  bounded <- any(is.finite(lower)) || any(is.finite(upper))
  made <- if (bounded) optim(start, value, slope, method = "L-BFGS-B", lower = lower, upper = upper, control = list(factr = 10, maxit = most))
    else optim(start, value, slope, method = "BFGS", control = list(maxit = most, reltol = 1e-15))
  list(par = setNames(as.numeric(made$par), names(start)), objective = made$value, convergence = made$convergence, iterations = made$counts[[2L]],
       evaluations = c(`function` = made$counts[[1L]], gradient = made$counts[[2L]]),
       message = if (made$convergence == 0L) "relative convergence (4)" else "iteration limit reached without convergence (10)")
}

nls.control <- function(maxiter = 50, tol = 1e-05, minFactor = 1 / 1024, printEval = FALSE, warnOnly = FALSE, scaleOffset = 0, nDcentral = FALSE)
  list(maxiter = maxiter, tol = tol, minFactor = minFactor, printEval = printEval, warnOnly = warnOnly, scaleOffset = scaleOffset, nDcentral = nDcentral)

nls <- function(formula, data = parent.frame(), start, control = nls.control(), algorithm = c("default", "plinear", "port"), trace = FALSE, subset,
                weights, na.action, model = FALSE, lower = -Inf, upper = Inf, ...) {
  .unsupported(model, "see model.frame() of the data")
  if (!missing(lower) || !missing(upper)) warning("upper and lower bounds ignored unless algorithm = \"port\"")
  if (!missing(na.action)) only_whole_rows(na.action, formula, data)
  algorithm <- match.arg(algorithm)
  if (algorithm != "default") stop(gettextf("algorithm = \"%s\" is not supported", algorithm), domain = NA)
  call <- match.call()
  control <- do.call(nls.control, as.list(control))
  call[c("algorithm", "control", "trace")] <- list(algorithm, control, trace)
  formula <- as.formula(formula)
  # Rows are chosen among the variables, which are the names that are no parameters.
  if (!missing(subset) && is.environment(data)) data <- as.data.frame(mget(setdiff(all.vars(formula), names(start)), data, inherits = TRUE))
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  start <- as.list(if (missing(start)) getInitial(formula, data) else start)
  sizes <- lengths(start)
  frame <- as.environment(as.list(data))
  parent.env(frame) <- environment(formula)
  response <- eval(formula[[2L]], frame)
  weight <- if (missing(weights)) rep(1, length(response)) else eval(substitute(weights), frame)
  put <- function(par) {
    at <- 0L
    for (name in names(start)) {
      assign(name, par[at + seq_len(sizes[[name]])], envir = frame)
      at <- at + sizes[[name]]
    }
  }
  expected <- function(par) {
    put(par)
    eval(formula[[3L]], frame)
  }
  jacobian <- function(par) {
    value <- expected(par)
    own <- attr(value, "gradient")
    if (!is.null(own)) return(own)
    vapply(seq_along(par), function(k) {
      h <- sqrt(.Machine$double.eps) * (if (par[k] == 0) 1 else abs(par[k]))
      moved <- par
      moved[k] <- moved[k] + h
      (as.numeric(expected(moved)) - as.numeric(value)) / h
    }, numeric(length(value)))
  }
  par <- as.numeric(unlist(start))
  root <- sqrt(weight)
  residual <- root * (response - as.numeric(expected(par)))
  if (!all(is.finite(residual))) stop("Missing value or an infinity produced when evaluating the model")
  deviance <- sum(residual^2)
  factor <- 1
  converged <- FALSE
  steps <- 0L
  for (iteration in seq_len(control$maxiter)) {
    decomposed <- qr(root * matrix(jacobian(par), length(residual)))
    if (decomposed$rank < length(par)) stop("singular gradient matrix at initial parameter estimates"[iteration == 1L], "singular gradient"[iteration > 1L])
    turned <- qr.qty(decomposed, residual)
    criterion <- sqrt(sum(turned[seq_along(par)]^2) / sum(turned[-seq_along(par)]^2))
    if (trace) cat(format(deviance), " (", format(criterion), "): par = (", paste(format(par), collapse = " "), ")\n", sep = "")
    if (criterion <= control$tol) {
      converged <- TRUE
      break
    }
    step <- qr.coef(decomposed, residual)
    repeat {
      trial <- par + factor * step
      moved <- root * (response - as.numeric(expected(trial)))
      if (all(is.finite(moved)) && sum(moved^2) <= deviance) break
      factor <- factor / 2
      if (factor < control$minFactor) stop(gettextf("step factor %g reduced below 'minFactor' of %g", factor, control$minFactor), domain = NA)
    }
    par <- trial
    residual <- moved
    deviance <- sum(residual^2)
    factor <- min(1, 2 * factor)
    steps <- steps + 1L
  }
  if (!converged) stop(gettextf("number of iterations exceeded maximum of %d", control$maxiter), domain = NA)
  put(par)
  names(par) <- names(unlist(start))
  structure(list(m = list(formula = function() formula, par = par, jacobian = root * matrix(jacobian(par), length(residual)), fitted = as.numeric(expected(par)),
                          response = response, frame = frame, put = put, sizes = sizes), convInfo = list(isConv = TRUE, finIter = steps, finTol = criterion),
                 data = substitute(data), call = call, weights = if (!missing(weights)) weight, resid = residual), class = "nls")
}

coef.nls <- function(object, ...) object$m$par

residuals.nls <- function(object, ...) {
  value <- object$m$response - object$m$fitted
  structure(as.vector(value), label = "Residuals")
}

fitted.nls <- function(object, ...) structure(as.vector(object$m$fitted), label = "Fitted values")

deviance.nls <- function(object, ...) sum(object$resid^2)

df.residual.nls <- function(object, ...) length(object$resid) - length(object$m$par)

nobs.nls <- function(object, ...) length(object$resid)

formula.nls <- function(x, ...) x$m$formula()

sigma.nls <- function(object, ...) sqrt(deviance.nls(object) / df.residual.nls(object))

vcov.nls <- function(object, ...) {
  names <- names(object$m$par)
  structure(sigma.nls(object)^2 * chol2inv(qr.R(qr(object$m$jacobian))), dimnames = list(names, names))
}

# The normal density of the residuals, whose variance is their mean square; an observation of weight w has a w-th of it.
logLik.nls <- function(object, ...) {
  n <- nobs.nls(object)
  height <- sum(dnorm(object$resid, sd = sqrt(mean(object$resid^2)), log = TRUE), if (!is.null(object$weights)) log(object$weights) / 2)
  structure(height, class = "logLik", nobs = n, df = 1 + length(object$m$par))
}

predict.nls <- function(object, newdata, ...) {
  if (missing(newdata)) return(as.vector(object$m$fitted))
  place <- as.environment(c(as.list(newdata), as.list(object$m$par)))
  parent.env(place) <- object$m$frame
  as.vector(eval(object$m$formula()[[3L]], place))
}

print.nls <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  writeLines(c("Nonlinear regression model", paste0(c("  model: ", "   data: "), c(deparse1(formula(x), ""), deparse1(x$data, "")))))
  print(coef(x), digits = digits, ...)
  writeLines(c(sprintf(" %sresidual sum-of-squares: %s", if (length(x$weights)) "weighted " else "", format(deviance(x), digits = digits)), .told_convergence(x, digits)))
  invisible(x)
}

.told_convergence <- function(x, digits)
  c("", paste("Number of iterations to convergence:", x$convInfo$finIter, ""), paste("Achieved convergence tolerance:", format(x$convInfo$finTol, digits = digits)))

summary.nls <- function(object, correlation = FALSE, ...) {
  if (correlation) stop("argument 'correlation' of summary.nls() is not supported: see cov2cor(vcov(object))")
  par <- object$m$par
  spread <- sqrt(diag(vcov.nls(object)))
  df <- df.residual.nls(object)
  table <- cbind(par, spread, par / spread, 2 * pt(abs(par / spread), df, lower.tail = FALSE))
  dimnames(table) <- list(names(par), c("Estimate", "Std. Error", "t value", "Pr(>|t|)"))
  structure(list(formula = object$m$formula(), residuals = residuals.nls(object), sigma = sigma.nls(object), df = c(length(par), df),
                 cov.unscaled = vcov.nls(object) / sigma.nls(object)^2, call = object$call, convInfo = object$convInfo, coefficients = table, parameters = table),
            class = "summary.nls")
}

print.summary.nls <- function(x, digits = max(3L, getOption("digits") - 3L), signif.stars = getOption("show.signif.stars", TRUE), ...) {
  writeLines(c("", paste("Formula:", deparse1(x$formula, "\n")), "", "Parameters:"))
  printCoefmat(x$coefficients, digits = digits, signif.stars = signif.stars, ...)
  spread <- format(signif(x$sigma, digits))
  writeLines(c("", sprintf("Residual standard error: %s on %d degrees of freedom", spread, as.integer(x$df[2L])), .told_convergence(x, digits), ""))
  invisible(x)
}

anova.nls <- function(object, ...) {
  fits <- list(object, ...)
  df <- vapply(fits, df.residual.nls, 0)
  sums <- vapply(fits, deviance.nls, 0)
  used <- c(NA, -diff(df))
  saved <- c(NA, -diff(sums))
  f <- saved / used / (sums[-1L] / df[-1L])[c(NA, seq_along(sums[-1L]))]
  made <- data.frame(df, sums, used, saved, f, pf(f, used, df, lower.tail = FALSE))
  dimnames(made) <- list(seq_along(fits), c("Res.Df", "Res.Sum Sq", "Df", "Sum Sq", "F value", "Pr(>F)"))
  heading <- c("Analysis of Variance Table\n", paste0("Model ", format(seq_along(fits)), ": ", vapply(fits, function(one) deparse1(one$m$formula()), ""), collapse = "\n"))
  structure(made, heading = heading, class = c("anova", "data.frame"))
}

lsfit <- function(x, y, wt = NULL, intercept = TRUE, tolerance = 1e-07, yname = NULL) {
  x <- as.matrix(x)
  labels <- colnames(x)
  if (is.null(labels)) labels <- if (ncol(x) == 1L) "X" else paste0("X", seq_len(ncol(x)))
  colnames(x) <- labels
  if (intercept) x <- cbind(Intercept = 1, x)
  # Several responses, or one with a name, keep their columns.
  several <- (is.matrix(y) && ncol(y) > 1L) || !is.null(yname)
  y <- as.matrix(y)
  if (several) dimnames(y) <- list(NULL, if (is.null(yname)) paste0("Y", seq_len(ncol(y))) else yname)
  fit <- if (is.null(wt)) lm.fit(x, y, tol = tolerance) else lm.wfit(x, y, wt, tol = tolerance)
  # lm.fit makes a vector of one response; a name of its own brings the column back.
  kept <- function(values, rows) if (several) matrix(values, ncol = ncol(y), dimnames = list(rows, colnames(y))) else values
  list(coefficients = kept(fit$coefficients, colnames(x)), residuals = kept(unname(fit$residuals), NULL),
       intercept = intercept, qr = fit$qr)
}

lowess <- function(x, y = NULL, f = 2 / 3, iter = 3L, delta = 0.01 * diff(range(x))) {
  given <- xy.coords(x, y)
  at <- order(given$x)
  x <- as.double(given$x[at])
  y <- as.double(given$y[at])
  n <- length(x)
  force(delta)
  span <- max(2L, min(n, as.integer(f * n + 1e-7)))
  robust <- rep(1, n)
  fitted <- numeric(n)
  fit_at <- function(value, left, right) {
    reach <- max(value - x[left], x[right] - value)
    distance <- abs(x - value)
    chosen <- which(seq_len(n) >= left & distance <= 0.999 * reach)
    weight <- ifelse(distance[chosen] <= 0.001 * reach, 1, (1 - (distance[chosen] / reach)^3)^3) * robust[chosen]
    total <- sum(weight)
    if (total <= 0) return(NA_real_)
    weight <- weight / total
    if (reach > 0) {
      centre <- sum(weight * x[chosen])
      slope <- value - centre
      spread <- sum(weight * (x[chosen] - centre)^2)
      if (sqrt(spread) > 0.001 * (x[n] - x[1L])) weight <- weight * (1 + slope / spread * (x[chosen] - centre))
    }
    sum(weight * y[chosen])
  }
  for (round in seq_len(iter + 1L)) {
    left <- 1L
    right <- span
    last <- 0L
    i <- 1L
    repeat {
      while (right < n && x[i] - x[left] > x[right + 1L] - x[i]) {
        left <- left + 1L
        right <- right + 1L
      }
      value <- fit_at(x[i], left, right)
      fitted[i] <- if (is.na(value)) y[i] else value
      if (last < i - 1L && last > 0L) {
        between <- seq.int(last + 1L, i - 1L)
        share <- (x[between] - x[last]) / (x[i] - x[last])
        fitted[between] <- share * fitted[i] + (1 - share) * fitted[last]
      }
      last <- i
      cut <- x[last] + delta
      i <- last + 1L
      while (i <= n && x[i] <= cut) {
        if (x[i] == x[last]) {
          fitted[i] <- fitted[last]
          last <- i
        }
        i <- i + 1L
      }
      if (last >= n) break
      i <- max(last + 1L, i - 1L)
    }
    if (round > iter) break
    residual <- abs(y - fitted)
    middle <- 6 * median(residual)
    if (middle < 1e-7 * mean(residual)) break
    robust <- ifelse(residual <= 0.001 * middle, 1, ifelse(residual > 0.999 * middle, 0, (1 - (residual / middle)^2)^2))
  }
  list(x = x, y = fitted)
}

callCC <- function(fun) {
  value <- NULL
  mark <- structure(class = c("escape", "condition"), list(message = "", call = NULL))
  tryCatch(fun(function(v) {
    value <<- v
    signalCondition(mark)
  }), escape = function(caught) if (identical(caught, mark)) value else signalCondition(caught))
}

rcond <- function(x, norm = c("O", "I", "1"), triangular = FALSE, ...) {
  norm <- match.arg(norm)
  kind <- if (norm == "I") "I" else "O"
  x <- as.matrix(x)
  .unsupported(triangular, "set what is below the diagonal to 0")
  if (nrow(x) != ncol(x)) x <- qr.R(qr(if (nrow(x) < ncol(x)) t(x) else x))
  1 / (norm(x, kind) * norm(solve(x), kind))
}

kappa <- function(z, ...) UseMethod("kappa")

kappa.default <- function(z, exact = FALSE, norm = NULL, ...) {
  z <- as.matrix(z)
  if (exact && (is.null(norm) || norm == "2")) {
    s <- svd(z, nu = 0, nv = 0)$d
    return(max(s) / min(s))
  }
  1 / rcond(qr.R(qr(z)), if (is.null(norm)) "1" else norm)
}

kappa.lm <- function(z, ...) kappa.default(qr.R(z$qr), ...)

nullfile <- function() "/dev/null"
