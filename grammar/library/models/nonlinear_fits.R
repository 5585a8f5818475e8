# Curves fitted by nonlinear least squares.
# Source: D. M. Bates and D. G. Watts, Nonlinear Regression Analysis and Its Applications (1988), chapter 2.

nls.control <- function(maxiter = 50, tol = 1e-05, minFactor = 1 / 1024, printEval = FALSE, warnOnly = FALSE, scaleOffset = 0, nDcentral = FALSE)
  list(maxiter = maxiter, tol = tol, minFactor = minFactor, printEval = printEval, warnOnly = warnOnly, scaleOffset = scaleOffset, nDcentral = nDcentral)

nls <- function(formula, data = parent.frame(), start, control = nls.control(), algorithm = c("default", "plinear", "port"), trace = FALSE, subset,
                weights, na.action, model = FALSE, lower = -Inf, upper = Inf, ...) {
  .unsupported(model, "see model.frame() of the data")
  if (!missing(lower) || !missing(upper)) warning("upper and lower bounds ignored unless algorithm = \"port\"")
  algorithm <- match.arg(algorithm)
  if (algorithm != "default") stop(gettextf("algorithm = \"%s\" is not supported", algorithm), domain = NA)
  asked <- match.call()
  asked[c("algorithm", "control", "trace")] <- list(algorithm, control <- do.call(nls.control, as.list(control)), trace)
  formula <- as.formula(formula)
  if (length(formula) == 2L) formula <- eval(call("~", 0, formula[[2L]]), environment(formula))
  given <- .curve_data(formula, data, if (!missing(start)) names(start), asked$subset, asked$weights, if (missing(na.action)) na.omit else na.action)
  model <- .curve_model(formula, given, as.list(if (missing(start)) getInitial(formula, given$frame) else start), control$nDcentral)
  told <- .gauss_newton(model, control, trace)
  structure(c(list(m = model, convInfo = told, data = substitute(data), call = asked), given["na.action"][!is.null(given$na.action)],
    list(dataClasses = vapply(given$frame[intersect(all.vars(formula[[3L]]), names(given$frame))], function(one) class(one)[1L], "")),
    given["weights"][!is.null(given$weights)], list(control = control)), class = "nls")
}

# The names of a formula that are no parameters: columns, as long as the longest, less the rows not wanted; and constants beside them.
.curve_data <- function(formula, data, parameters, subset, weights, na.action) {
  place <- environment(formula)
  has <- function(name) if (is.environment(data)) exists(name, data) else !is.null(data[[name]]) || exists(name, place)
  names <- Filter(has, setdiff(all.vars(formula), parameters))
  values <- lapply(setNames(names, names), function(name) eval(as.name(name), data, place))
  size <- max(lengths(values), 0L)
  long <- lengths(values) == size
  frame <- as.data.frame(lapply(values[long], as.vector))
  if (!is.null(weights)) frame$.weights <- eval(weights, data, place)
  if (!is.null(subset)) frame <- frame[which(eval(subset, data, place)), , drop = FALSE]
  frame <- na.action(frame)
  list(frame = frame[setdiff(names(frame), ".weights")], constants = values[!long], weights = frame$.weights, na.action = attr(frame, "na.action"))
}

# A curve at parameters that move: the functions tell where it stands now.
.curve_model <- function(formula, given, start, central) {
  here <- list2env(c(given$constants, given$frame), parent = environment(formula))
  owner <- rep(names(start), lengths(start))
  root <- if (is.null(given$weights)) 1 else sqrt(given$weights)
  response <- as.numeric(eval(formula[[2L]], here))
  now <- list()

  curve <- function(par) {
    for (name in unique(owner)) assign(name, unname(par[owner == name]), envir = here)
    eval(formula[[3L]], here)
  }
  # Differences ahead, or on both sides, where the curve does not bring its own slopes.
  slopes <- function(par, value) {
    own <- attr(value, "gradient")
    if (!is.null(own)) return(own)
    step <- (if (central) .Machine$double.eps^(1 / 3) else sqrt(.Machine$double.eps)) * ifelse(par == 0, 1, abs(par))
    vapply(seq_along(par), function(k) {
      moved <- function(side) as.numeric(curve(replace(par, k, par[k] + side * step[k])))
      if (central) (moved(1) - moved(-1)) / (2 * step[k]) else (moved(1) - as.numeric(value)) / step[k]
    }, numeric(length(value)))
  }
  stand <- function(par) {
    value <- curve(par)
    rest <- root * (response - as.numeric(value))
    list(par = par, value = value, rest = rest, size = if (all(is.finite(rest))) sum(rest^2) else Inf)
  }
  settle <- function(found) {
    gradient <- root * matrix(slopes(found$par, found$value), length(found$rest))
    curve(found$par)
    now <<- c(found, list(gradient = gradient, qr = qr(gradient)))
    now$qr$rank < length(found$par)
  }
  first <- stand(unlist(start))
  .refuse_if(`Missing value or an infinity produced when evaluating the model` = !is.finite(first$size), `singular gradient matrix at initial parameter estimates` = settle(first))
  list(resid = function() now$rest, fitted = function() as.numeric(now$value), formula = function() formula, deviance = function() now$size, lhs = function() response,
    gradient = function() now$gradient,
    # How far the residuals lean to the plane of the slopes, beside how far they stand from it.
    conv = function(offset = 0) {
      turned <- qr.qty(now$qr, now$rest)^2
      plane <- seq_along(now$par)
      sqrt(sum(turned[plane]) / (offset + sum(turned[-plane])))
    },
    incr = function() qr.coef(now$qr, now$rest), setPars = function(newPars) settle(stand(setNames(newPars, names(now$par)))),
    getPars = function() now$par, getAllPars = function() now$par, getEnv = function() here, Rmat = function() qr.R(now$qr),
    predict = function(newdata = list()) eval(formula[[3L]], as.list(newdata), here), try = function(par) stand(par)$size)
}

# Steps to where the tangent plane has its least sum of squares, halved while that is no gain. Gives how the search has ended.
.gauss_newton <- function(model, control, trace) {
  share <- 1
  ended <- function(code, why, turns) {
    if (code && !control$warnOnly) stop(why, call. = FALSE)
    if (code) warning(why, call. = FALSE)
    list(isConv = !code, finIter = turns, finTol = offset, stopCode = code, stopMessage = why)
  }
  for (turn in seq_len(control$maxiter)) {
    offset <- model$conv(control$scaleOffset)
    par <- model$getPars()
    if (trace) cat(sprintf("%-12s(%.2e): par = (%s)\n", sprintf("%#.7g", model$deviance()), offset, paste(vapply(par, format, ""), collapse = " ")))
    if (offset <= control$tol) return(ended(0L, "converged", turn - 1L))
    step <- model$incr()
    tries <- 1L
    while (model$try(par + share * step) > model$deviance()) {
      share <- share / 2
      tries <- tries + 1L
      if (share < control$minFactor) return(ended(2L, gettextf("step factor %g reduced below 'minFactor' of %g", share, control$minFactor), turn - 1L))
    }
    if (control$printEval) cat(sprintf("  It. %3d, fac=%11.6g, eval (no.,total): (%2d)\n", turn, share, tries))
    if (model$setPars(par + share * step)) return(ended(1L, "singular gradient", turn))
    share <- min(1, 2 * share)
  }
  ended(3L, gettextf("number of iterations exceeded maximum of %d", as.integer(control$maxiter)), as.integer(control$maxiter))
}

coef.nls <- function(object, ...) object$m$getAllPars()

fitted.nls <- function(object, ...) structure(object$m$fitted(), label = "Fitted values")

residuals.nls <- function(object, ...) structure(object$m$lhs() - object$m$fitted(), label = "Residuals")

deviance.nls <- function(object, ...) object$m$deviance()

nobs.nls <- function(object, ...) length(object$m$resid())

df.residual.nls <- function(object, ...) nobs.nls(object) - length(coef.nls(object))

formula.nls <- function(x, ...) x$m$formula()

sigma.nls <- function(object, ...) sqrt(deviance.nls(object) / df.residual.nls(object))

vcov.nls <- function(object, ...) {
  names <- names(coef.nls(object))
  structure(sigma.nls(object)^2 * chol2inv(object$m$Rmat()), dimnames = list(names, names))
}

# The normal density of the residuals, whose variance is their mean square; an observation of weight w has a w-th of it.
logLik.nls <- function(object, ...) {
  rest <- object$m$resid()
  height <- sum(dnorm(rest, sd = sqrt(mean(rest^2)), log = TRUE), if (!is.null(object$weights)) log(object$weights) / 2)
  structure(height, class = "logLik", nobs = length(rest), df = 1 + length(coef.nls(object)))
}

predict.nls <- function(object, newdata, ...) if (missing(newdata)) object$m$fitted() else as.vector(object$m$predict(newdata))

print.nls <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  writeLines(c("Nonlinear regression model", paste0(c("  model: ", "   data: "), c(deparse1(formula(x), ""), deparse1(x$data, "")))))
  print(coef(x), digits = digits, ...)
  writeLines(c(sprintf(" %sresidual sum-of-squares: %s", if (length(x$weights)) "weighted " else "", format(deviance(x), digits = digits)), .told_convergence(x, digits)))
  invisible(x)
}

.told_convergence <- function(x, digits) {
  ended <- x$convInfo
  c("", paste("Number of iterations", if (ended$isConv) "to convergence:" else "till stop:", ended$finIter, ""),
    paste("Achieved convergence tolerance:", format(ended$finTol, digits = digits)), if (!ended$isConv) paste("Reason stopped:", ended$stopMessage))
}

summary.nls <- function(object, correlation = FALSE, ...) {
  .unsupported(correlation, "see cov2cor(vcov(object))")
  par <- coef.nls(object)
  errors <- sqrt(diag(vcov.nls(object)))
  freedom <- df.residual.nls(object)
  table <- cbind(Estimate = par, `Std. Error` = errors, `t value` = par / errors, `Pr(>|t|)` = 2 * pt(-abs(par / errors), freedom))
  made <- list(formula = formula.nls(object), residuals = residuals.nls(object), sigma = sigma.nls(object), df = c(length(par), freedom),
    cov.unscaled = vcov.nls(object) / sigma.nls(object)^2, call = object$call, convInfo = object$convInfo, control = object$control, na.action = object$na.action,
    coefficients = table, parameters = table)
  structure(made, class = "summary.nls")
}

print.summary.nls <- function(x, digits = max(3L, getOption("digits") - 3L), signif.stars = getOption("show.signif.stars", TRUE), ...) {
  writeLines(c("", paste("Formula:", deparse1(x$formula, "\n")), "", "Parameters:"))
  printCoefmat(x$coefficients, digits = digits, signif.stars = signif.stars, ...)
  spread <- format(signif(x$sigma, digits))
  writeLines(c("", sprintf("Residual standard error: %s on %d degrees of freedom", spread, as.integer(x$df[2L])), .told_convergence(x, digits)))
  if (length(x$na.action)) writeLines(paste0("  (", naprint(x$na.action), ")"))
  writeLines("")
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

