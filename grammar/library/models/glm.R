# Generalised linear models: the fit by repeated weighted least squares, summaries, predictions.
# Source: J. A. Nelder and R. W. M. Wedderburn (1972), Generalized linear models.

.glm_limits <- c(epsilon = "value of 'epsilon' must be > 0", maxit = "maximum number of iterations must be > 0")

glm.control <- function(epsilon = 1e-08, maxit = 25, trace = FALSE) {
  made <- list(epsilon = epsilon, maxit = maxit, trace = trace)
  for (name in names(.glm_limits)) if (!isTRUE(is.numeric(made[[name]]) && made[[name]] > 0)) stop(.glm_limits[[name]])
  made
}

# A family given as an object, as the function that makes it, or by that function's name.
.as_family <- function(given, place) {
  made <- if (is.list(given)) given else if (is.function(given)) given() else if (is.character(given)) get(given, envir = place, mode = "function")()
  if (!is.null(made$family)) return(made)
  print(given)
  stop("'family' not recognized", call. = FALSE)
}

glm <- function(formula, family = gaussian, data, weights, subset, na.action, start = NULL, etastart, mustart, offset,
                control = list(...), model = TRUE, method = "glm.fit", x = FALSE, y = TRUE, singular.ok = TRUE, contrasts = NULL, ...) {
  call <- match.call()
  if (is.numeric(family)) family$family
  family <- .as_family(family, parent.frame())
  place <- if (missing(data)) environment(formula) else data
  frame <- .frame_asked_by(call, parent.frame(), drop.unused.levels = TRUE, words = c("formula", "data", "subset", "weights", "na.action", "offset", "etastart", "mustart"))
  if (identical(method, "model.frame")) return(frame)
  fitter <- if (is.character(method)) function(...) do.call(method, list(...)) else method
  parts <- .model_parts(frame, contrasts)
  given <- .numeric_weights(frame)
  if (any(given < 0)) stop("negative weights not allowed")
  control <- do.call("glm.control", control)
  constant <- attr(parts$terms, "intercept") == 1L
  fitted_to <- function(columns, ...) fitter(columns, parts$y, weights = given, offset = parts$offset, family = family, control = control, intercept = constant, ...)
  fit <- fitted_to(parts$x, start = start, etastart = frame[["(etastart)"]], mustart = frame[["(mustart)"]], singular.ok = singular.ok)
  # With an offset the model of nothing but a constant has to be fitted as well.
  if (constant && length(parts$offset)) fit$null.deviance <- fitted_to(parts$x[, "(Intercept)", drop = FALSE])$deviance
  asked <- list(call = call, formula = formula(parts$terms), terms = parts$terms, data = place, offset = parts$offset, control = control, method = method,
                contrasts = attr(parts$x, "contrasts"), xlevels = parts$remembered$xlevels)
  first <- .as_fitted(fit, NULL, list(model = if (model) frame), parts$remembered["na.action"], list(x = if (x) parts$x), left_out = if (!y) "y")
  structure(c(unclass(first), asked), class = unique(c(fit$class, "glm", "lm")))
}

# One point of the search: coefficients, the line that they draw, its means and what these leave.
.reached <- function(problem, eta, found = NULL) {
  mu <- problem$family$linkinv(eta)
  list(found = found, eta = eta, mu = mu, deviance = sum(problem$family$dev.resids(problem$y, mu, problem$weights)))
}

.line_of <- function(problem, found) as.vector(problem$x %*% found) + problem$shift

# A step from one point to the next: the least squares fit of the working response under the working weights.
.scoring_step <- function(problem, here) {
  spread <- problem$family$variance(here$mu)
  slope <- problem$family$mu.eta(here$eta)
  used <- problem$weights > 0
  if (anyNA(spread[used])) stop("NAs in V(mu)")
  if (any(spread[used] == 0)) stop("0s in V(mu)")
  if (anyNA(slope[used])) stop("NAs in d(mu)/d(eta)")
  used <- which(used & slope != 0)
  root <- sqrt(problem$weights * slope^2 / spread)[used]
  target <- root * (here$eta - problem$shift + (problem$y - here$mu) / slope)[used]
  basis <- qr(problem$x[used, , drop = FALSE] * root, tol = problem$tolerance)
  found <- qr.coef(basis, target)
  list(used = used, root = root, target = target, basis = basis, coefficients = found, known = replace(found, is.na(found), 0))
}

# A point that cannot be is drawn towards the one before, by halves, until it can.
.drawn_back <- function(problem, here, before, wrong, loop, reason) {
  if (!wrong(here)) return(here)
  if (is.null(before)) stop("no valid set of coefficients has been found: please supply starting values", call. = FALSE)
  warning("step size truncated", reason, call. = FALSE)
  for (turn in seq_len(problem$turns)) {
    middle <- (here$found + before) / 2
    here <- .reached(problem, .line_of(problem, middle), middle)
    if (!wrong(here)) return(c(here, drawn = TRUE))
  }
  stop("inner loop ", loop, "; cannot correct step size", call. = FALSE)
}

glm.fit <- function(x, y, weights = NULL, start = NULL, etastart = NULL, mustart = NULL, offset = NULL, family = gaussian(),
                    control = list(), intercept = TRUE, singular.ok = TRUE) {
  control <- do.call("glm.control", control)
  labels <- if (is.matrix(y)) rownames(y) else names(y)
  size <- NROW(y)
  if (is.null(weights)) weights <- rep.int(1, size)
  shift <- if (is.null(offset)) numeric(size) else offset
  given <- mustart
  # A family's first lines may ask how many rows there are.
  nobs <- size
  eval(family$initialize)
  if (is.null(given)) given <- mustart
  problem <- list(x = x, y = as.numeric(y), weights = weights, shift = shift, family = family, tolerance = min(1e-07, control$epsilon / 1000), turns = control$maxit)
  if (length(start) && length(start) != ncol(x))
    stop(gettextf("length of 'start' should equal %d and correspond to initial coefs for %s", ncol(x), paste(deparse(colnames(x)), collapse = ", ")), domain = NA)
  here <- .reached(problem, if (length(etastart)) as.vector(etastart) else if (length(start)) .line_of(problem, start) else family$linkfun(as.vector(given)), start)
  possible <- function(point) family$valideta(point$eta) && family$validmu(point$mu)
  if (ncol(x)) {
    if (!possible(here)) stop("cannot find valid starting values: please specify some", call. = FALSE)
    search <- .scored(problem, here, possible, control, singular.ok)
  } else search <- list(point = .reached(problem, shift), step = NULL, turns = 0L, converged = TRUE, boundary = TRUE)
  .warn_of_edges(search, family$family)
  .glm_record(problem, search, labels, intercept, n)
}

# The search: steps until the deviance stands still.
.scored <- function(problem, here, possible, control, singular.ok) {
  boundary <- converged <- FALSE
  for (turn in seq_len(control$maxit)) {
    step <- .scoring_step(problem, here)
    if (!singular.ok && anyNA(step$coefficients)) stop("singular fit encountered", call. = FALSE)
    there <- .reached(problem, .line_of(problem, step$known), step$known)
    if (control$trace) cat("Deviance = ", there$deviance, " Iterations - ", turn, "\n", sep = "")
    there <- .drawn_back(problem, there, here$found, function(point) !is.finite(point$deviance), 1, " due to divergence")
    there <- .drawn_back(problem, there, here$found, function(point) !possible(point), 2, ": out of bounds")
    boundary <- boundary || isTRUE(there$drawn)
    change <- abs(there$deviance - here$deviance) / (0.1 + abs(there$deviance))
    here <- there
    if (converged <- change < control$epsilon) break
  }
  list(point = here, step = step, turns = turn, converged = converged, boundary = boundary)
}

.warn_of_edges <- function(search, name) {
  tiny <- 10 * .Machine$double.eps
  mu <- search$point$mu
  if (!search$converged) warning("glm.fit: algorithm did not converge", call. = FALSE)
  if (search$boundary && length(search$step)) warning("glm.fit: algorithm stopped at boundary value", call. = FALSE)
  if (name == "binomial" && any(pmin(mu, 1 - mu) < tiny)) warning("glm.fit: fitted probabilities numerically 0 or 1 occurred", call. = FALSE)
  if (name == "poisson" && any(mu < tiny)) warning("glm.fit: fitted rates numerically 0 occurred", call. = FALSE)
}

# What a fit is told as: the search's last point, and the decomposition of its last step.
.glm_record <- function(problem, search, labels, intercept, n) {
  family <- problem$family
  point <- search$point
  step <- search$step
  y <- problem$y
  weights <- problem$weights
  named <- function(values) structure(as.vector(values), names = labels)
  slope <- family$mu.eta(point$eta)
  rank <- if (length(step)) step$basis$rank else 0
  nothing <- if (intercept) weighted.mean(y, weights) else family$linkinv(problem$shift)
  working <- if (length(step)) replace(numeric(length(y)), step$used, step$root^2) else weights * slope^2 / family$variance(point$mu)
  rows <- sum(weights != 0)
  solved <- .solved_parts(step, if (length(step)) replace(point$found, is.na(step$coefficients), NA), colnames(problem$x))
  list(coefficients = solved$coefficients, residuals = named((y - point$mu) / slope), fitted.values = named(point$mu), effects = solved$effects, R = solved$R, rank = rank,
       qr = solved$qr, family = family, linear.predictors = named(point$eta), deviance = point$deviance,
       aic = family$aic(y, n, point$mu, weights, point$deviance) + 2 * rank,
       null.deviance = sum(family$dev.resids(y, rep_len(nothing, length(y)), weights)), iter = search$turns, weights = named(working), prior.weights = named(weights),
       df.residual = rows - rank, df.null = rows - as.integer(intercept), y = named(y), converged = search$converged, boundary = search$boundary)
}

.solved_parts <- function(step, found, columns) {
  if (is.null(step)) return(list(coefficients = numeric()))
  basis <- step$basis
  led <- columns[basis$pivot]
  triangle <- qr.R(basis)
  triangle <- triangle[seq_len(min(dim(triangle))), , drop = FALSE]
  if (length(columns)) dimnames(triangle) <- list(led[seq_len(nrow(triangle))], led)
  effects <- structure(qr.qty(basis, step$target), names = c((if (length(led)) led else NA)[seq_len(basis$rank)], character(length(step$used) - basis$rank)))
  list(coefficients = structure(found, names = columns), R = triangle, qr = basis, effects = effects)
}

# Printing

.signed_off <- function(values, digits) vapply(values, function(value) format(signif(value, digits)), "")

print.glm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  .show_call(x$call, "\nCall:  ")
  coded <- if (is.character(x$contrasts)) c("  [contrasts: ", paste0(names(x$contrasts), "=", x$contrasts), "]")
  .show_coefficients(x$coefficients, digits, paste(coded, collapse = ""), "No coefficients\n\n")
  cat(sprintf("\nDegrees of Freedom: %d Total (i.e. Null);  %d Residual\n", as.integer(x$df.null), as.integer(x$df.residual)))
  .print_left_out(x$na.action, "  ")
  told <- .signed_off(c(x$null.deviance, x$deviance, x$aic), digits)
  cat(paste(c("Null Deviance:\t   ", "\nResidual Deviance:", "\tAIC:"), told, collapse = " "), "\n", sep = "")
  invisible(x)
}

print.summary.glm <- function(x, digits = max(3L, getOption("digits") - 3L), signif.stars = getOption("show.signif.stars", TRUE), ...) {
  .show_call(x$call)
  cat("Deviance Residuals: \n")
  rest <- if (x$df.residual > 5L) .quartiles(x$deviance.resid) else x$deviance.resid
  print.default(zapsmall(rest, digits + 1L), digits = digits, na.print = "", print.gap = 2L)
  .show_coefficient_table(x, digits, signif.stars = signif.stars, ...)
  rows <- data.frame(name = c("    Null", "Residual"), deviance = format(c(x$null.deviance, x$deviance), digits = max(5L, digits + 1L)), free = format(c(x$df.null, x$df.residual)))
  cat("\n(Dispersion parameter for ", x$family$family, " family taken to be ", format(x$dispersion), ")\n\n",
      sprintf("%s deviance: %s  on %s  degrees of freedom\n", rows$name, rows$deviance, rows$free), sep = "")
  .print_left_out(x$na.action, "  ")
  cat(sprintf("AIC: %s\n\nNumber of Fisher Scoring iterations: %d\n", format(x$aic, digits = max(4L, digits + 1L)), as.integer(x$iter)))
  print_correlation(x$correlation, digits)
  cat("\n")
  invisible(x)
}

# Residuals, summaries, predictions

.glm_residuals <- list(
  deviance = function(y, mu, w, family) sign(y - mu) * sqrt(pmax(family$dev.resids(y, mu, w), 0)),
  pearson = function(y, mu, w, family) (y - mu) * sqrt(w / family$variance(mu)),
  response = function(y, mu, w, family) y - mu)

# The responses as the family took them; a fit that has not kept them takes them from its frame again.
.response_values <- function(object) {
  if (!is.null(object$y)) return(object$y)
  given <- model.response(model.frame(object))
  begun <- list2env(list(y = given, weights = rep(1, NROW(given)), nobs = NROW(given), start = 1, etastart = NULL, mustart = NULL))
  eval(object$family$initialize, begun)
  as.numeric(begun$y)
}

residuals.glm <- function(object, type = c("deviance", "pearson", "working", "response", "partial"), ...) {
  type <- match.arg(type)
  if (type == "partial") return(naresid(object$na.action, .partial_residuals(object)))
  if (type == "working") return(naresid(object$na.action, object$residuals))
  rest <- .glm_residuals[[type]](as.vector(.response_values(object)), as.vector(object$fitted.values), as.vector(object$prior.weights), object$family)
  naresid(object$na.action, structure(rest, names = names(object$fitted.values)))
}

# What each term leaves of the working residuals.
.partial_residuals <- function(object) object$residuals + predict(object, type = "terms")

deviance.glm <- function(object, ...) object$deviance

# Dispersion that a family fixes or that the Pearson residuals give.
dispersion_of <- function(object) {
  if (.dispersion_fixed(object)) return(1)
  if (object$df.residual == 0L) return(NaN)
  if (any(object$weights == 0)) warning("observations with zero weight not used for calculating dispersion")
  sum(object$weights * object$residuals^2, na.rm = TRUE) / object$df.residual
}

.dispersion_fixed <- function(object) object$family$family %in% c("poisson", "binomial")

summary.glm <- function(object, dispersion = NULL, correlation = FALSE, ...) {
  df <- if (is.null(dispersion) && !.dispersion_fixed(object)) object$df.residual else Inf
  if (is.null(dispersion)) dispersion <- dispersion_of(object)
  spread <- unscaled(object)
  told <- c("call", "terms", "family", "deviance", "aic", "contrasts", "df.residual", "null.deviance", "df.null", "iter", "na.action")
  made <- c(unclass(object)[intersect(told, names(object))], list(
    deviance.resid = residuals(object, type = "deviance"),
    coefficients = .estimate_table(.found_coefficients(object), sqrt(dispersion * diag(spread)), df),
    aliased = is.na(object$coefficients), dispersion = dispersion,
    df = c(object$rank, object$df.residual, length(object$coefficients)), cov.unscaled = spread, cov.scaled = dispersion * spread))
  if (correlation && object$rank > 0L) made$correlation <- cov2cor(spread)
  structure(made, class = "summary.glm")
}

vcov.glm <- function(object, ...) with_aliased(summary.glm(object, ...)$cov.scaled, object$coefficients)

weights.glm <- function(object, type = c("prior", "working"), ...)
  naresid(object$na.action, unclass(object)[[c(prior = "prior.weights", working = "weights")[[match.arg(type)]]]])

predict.glm <- function(object, newdata = NULL, type = c("link", "response", "terms"), se.fit = FALSE, dispersion = NULL,
                        terms = NULL, na.action = na.pass, ...) {
  type <- match.arg(type)
  scale <- if (se.fit) sqrt(if (is.null(dispersion)) dispersion_of(object) else dispersion) else 1
  if (type == "terms") {
    made <- predict.lm(object, newdata, se.fit = se.fit, scale = scale, type = type, terms = terms, na.action = na.action)
    return(if (se.fit) made[c("fit", "se.fit", "residual.scale")] else made)
  }
  made <- if (is.null(newdata) && !se.fit) list(fit = naresid(object$na.action, object$linear.predictors))
    else predict.lm(object, newdata, se.fit = TRUE, scale = scale, na.action = na.action)
  eta <- made$fit
  if (type == "response") made$fit <- structure(object$family$linkinv(eta), names = names(eta))
  if (!se.fit) return(made$fit)
  errors <- if (length(made$se.fit) > 1L) structure(made$se.fit, names = names(eta)) else made$se.fit
  list(fit = made$fit, se.fit = if (type == "response") errors * abs(object$family$mu.eta(eta)) else errors, residual.scale = scale)
}
