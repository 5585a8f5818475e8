# Local regression with its printed forms and predictions.
# Source: W. S. Cleveland and S. J. Devlin, Journal of the American Statistical Association 83 (1988).

loess.control <- function(surface = c("interpolate", "direct"), statistics = c("approximate", "exact", "none"),
                          trace.hat = c("exact", "approximate"), cell = 0.2, iterations = 4L, iterTrace = FALSE, ...) {
  list(surface = match.arg(surface), statistics = match.arg(statistics), trace.hat = match.arg(trace.hat), cell = cell, iterations = iterations,
       iterTrace = iterTrace)
}

loess <- function(formula, data, weights, subset, na.action, model = FALSE, span = 0.75, enp.target, degree = 2L, parametric = FALSE,
                  drop.square = FALSE, normalize = TRUE, family = c("gaussian", "symmetric"), method = c("loess", "model.frame"),
                  control = loess.control(...), ...) {
  family <- match.arg(family)
  method <- match.arg(method)
  call <- match.call()
  frame <- .frame_asked_by(call, parent.frame())
  if (method == "model.frame") return(frame)
  terms <- attr(frame, "terms")
  y <- model.response(frame, "numeric")
  w <- model.weights(frame)
  if (is.null(w)) w <- rep_len(1, length(y))
  # A local fit of several predictors has their products anyhow.
  labels <- attr(terms, "term.labels")[attr(terms, "order") == 1L]
  x <- as.matrix(frame[, labels, drop = FALSE])
  if (!is.numeric(x)) stop("predictors must all be numeric")
  size <- ncol(x)
  n <- nrow(x)
  if (size > 4L) stop("only 1-4 numeric predictors are allowed")
  degree <- as.integer(degree)
  if (!degree %in% 0:2) stop("'degree' must be 0, 1 or 2")
  if (is.na(match(control$surface, c("interpolate", "direct")))) stop("unknown surface")
  if (size > 1L && control$surface == "interpolate")
    stop("the interpolated surface is of one predictor: give control = loess.control(surface = \"direct\") for several")
  flags <- function(given, what) {
    made <- rep(FALSE, size)
    names(made) <- labels
    if (is.character(given)) {
      if (!all(given %in% labels)) stop(paste0("specified ", what, " not among the predictors"))
      made[given] <- TRUE
    } else made[] <- rep_len(as.logical(given), size)
    made
  }
  whole <- flags(parametric, "parametric")
  dropped <- flags(drop.square, "drop.square")
  if (degree != 2L && any(dropped)) stop("specified the square of a factor predictor to be dropped when degree = ", degree)
  if (all(whole)) stop("specified parametric for all predictors")
  if (!missing(enp.target)) {
    columns <- if (degree < 2L) 1L + degree * size else (size + 1L) * (size + 2L) / 2 - sum(dropped)
    span <- 1.2 * columns / enp.target
  }
  divisor <- rep_len(1, size)
  if (size > 1L && normalize) {
    trim <- ceiling(0.1 * n)
    divisor <- apply(x, 2L, function(column) sqrt(var(sort(column)[seq.int(trim + 1, n - trim)])))
  }
  direct <- control$surface == "direct"
  scaled <- sweep(x, 2L, divisor, "/")
  options <- list(as.double(w), as.double(span), degree, unname(!dropped), unname(whole), as.double(control$cell))
  rounds <- if (family == "symmetric") control$iterations else 1L
  robust <- rep(1, n)
  for (round in seq_len(rounds)) {
    options[[1L]] <- as.double(w * robust)
    now <- .loess_fit(scaled, as.double(y), options, direct)
    if (round == 1L) trace <- now$trace
    rest <- as.double(y) - now$fitted
    if (round < rounds) robust <- loess_robust(rest * sqrt(w))
  }
  if (rounds > 1L) {
    pseudo <- loess_pseudo(as.double(y), now$fitted, w, robust)
    options[[1L]] <- as.double(w)
    again <- .loess_fit(scaled, pseudo, options, direct)$fitted
    squares <- sum(w * (pseudo - again)^2)
  } else squares <- sum(w * rest^2)
  options[[1L]] <- as.double(w)
  delta <- if (control$statistics == "none") c(NA_real_, NA_real_)
    else if (control$statistics == "approximate" && degree > 0L && size < 4L && !any(dropped)) loess_delta(n, trace, size, degree)
    else loess_exact_delta(.loess_operator(scaled, scaled, options, direct))
  pars <- list(span = span, degree = degree, normalize = normalize, parametric = whole, drop.square = dropped, surface = control$surface,
               cell = control$cell, family = family, trace.hat = control$trace.hat, iterations = rounds)
  pars$parametric <- unname(whole)
  pars$drop.square <- unname(dropped)
  made <- list(n = n, fitted = now$fitted, residuals = rest, enp = delta[1L] + 2 * trace - n, s = sqrt(squares / delta[1L]), one.delta = delta[1L],
               two.delta = delta[2L], trace.hat = trace, divisor = divisor, robust = robust, pars = pars, kd = NULL,
               call = call, terms = terms, xnames = labels, x = x, y = y, weights = w)
  names(made$residuals) <- rownames(frame)
  if (model) made$model <- frame
  made$na.action <- attr(frame, "na.action")
  structure(made, class = "loess")
}

loess_robust <- function(rest) {
  size <- abs(rest)
  bound <- 6 * median(size)
  if (bound < .Machine$double.xmin) return(rep(1, length(rest)))
  ifelse(size > 0.999 * bound, 0, ifelse(size > 0.001 * bound, (1 - (size / bound)^2)^2, 1))
}

loess_pseudo <- function(y, fitted, w, robust) {
  rest <- y - fitted
  bound <- (6 * median(abs(rest) * sqrt(w)))^2
  share <- (1 - 5 * rest^2 * w / bound) * sqrt(robust)
  fitted + length(y) / sum(share) * robust * rest
}

loess_exact_delta <- function(operator) {
  rest <- diag(nrow(operator)) - operator
  product <- crossprod(rest)
  c(sum(diag(product)), sum(product^2))
}

# The first two moments of the residuals' quadratic form without the operator itself: a curve in the share of the
# parameters that the trace tells, fitted to exact moments, bent by two powers for each number of predictors and degree.
loess_delta <- function(n, trace, size, degree) {
  columns <- if (degree == 1L) size + 1 else (size + 2) * (size + 1) / 2
  floor <- sqrt(columns / n)
  share <- min(max((sqrt(columns / trace) - floor) / (1 - floor), 1e-6), 1 - 1e-6)
  heights <- c(0.379923, 0.485561, 0.293421, 0.125379, -0.010777, -0.122967, -0.208453, -0.268093, -0.324726, -0.365842, -0.398969,
               -0.426462, -0.445972, -0.460424, -0.470125, -0.47261, -0.468333, -0.470128, -0.48927, -0.522033, -0.568447)
  slopes <- c(22.139641, -4.642818, -3.476566, -3.041517, -2.353023, -2.069669, -1.342604, -1.128806, -0.959108, -0.687867,
              -0.62195, -0.456205, -0.341637, -0.244471, -0.155465, 0.06788, 0.07245, -0.178033, -0.528614, -0.785829, -1.078399)
  at <- min(floor(share * 20), 19)
  t <- share * 20 - at
  curve <- heights[at + 1] * (2 * t^3 - 3 * t^2 + 1) + heights[at + 2] * (3 * t^2 - 2 * t^3) +
    (slopes[at + 1] * (t^3 - 2 * t^2 + t) + slopes[at + 2] * (t^3 - t^2)) / 20
  bends <- list(list(c(-0.652648, 0.704992, 0.588507, -0.69503, 0.550177, 0.291315), c(-0.291584, 0.659396, 0.627001, -0.056519, 0.576469, 0.389793),
                     c(-0.085138, 0.67327, 0.668692, 0.286885, 0.621698, 0.473936)),
                list(c(-1.26443, 0.633863, 0.440003, -1.011473, 0.606988, 0.236896), c(-0.663519, 0.682732, 0.555443, -0.377858, 0.62282, 0.362192),
                     c(-0.362512, 0.741751, 0.62917, -0.035521, 0.674823, 0.436953)))[[degree]][[size]]
  moment <- function(b) n - trace * exp(exp(curve + b[1L] + b[2L] * log(share) + b[3L] * log(1 - share)))
  c(moment(bends[1:3]), moment(bends[4:6]))
}

predict.loess <- function(object, newdata = NULL, se = FALSE, na.action = na.pass, ...) {
  if (is.null(newdata) && !se) return(object$fitted)
  at <- if (is.null(newdata)) object$x
    else if (is.data.frame(newdata)) as.matrix(model.frame(delete.response(object$terms), newdata, na.action = na.action))
    else as.matrix(newdata)
  pars <- object$pars
  direct <- pars$surface == "direct"
  options <- list(as.double(object$weights * object$robust), as.double(pars$span), pars$degree, !pars$drop.square, pars$parametric, as.double(pars$cell))
  scale <- function(x) sweep(x, 2L, object$divisor, "/")
  operator <- .loess_operator(scale(object$x), scale(at), options, direct)
  labels <- if (is.null(newdata)) names(object$fitted) else if (is.data.frame(newdata)) rownames(at) else NULL
  if (is.data.frame(newdata)) labels <- if (ncol(at) == 1L) rownames(newdata)
  fit <- as.vector(operator %*% as.double(object$y))
  fit[is.nan(fit)] <- NA
  names(fit) <- labels
  if (!se) return(fit)
  spread <- structure(object$s * sqrt(rowSums(sweep(operator^2, 2L, object$weights, "/"))), names = labels)
  spread[is.na(fit)] <- NA
  list(fit = fit, se.fit = spread, residual.scale = object$s, df = object$one.delta^2 / object$two.delta)
}

print.loess <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  .print_call(x$call)
  told <- list(`Number of Observations:` = x$n, `Equivalent Number of Parameters:` = round(x$enp, 2L), signif(x$s, digits))
  names(told)[3L] <- if (x$pars$family == "gaussian") "Residual Standard Error:" else "Residual Scale Estimate:"
  writeLines(c("", paste(names(told), vapply(told, format, ""), "")))
  invisible(x)
}

summary.loess <- function(object, ...) structure(object, class = "summary.loess")

print.summary.loess <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  print.loess(x, digits = digits, ...)
  pars <- x$pars
  settings <- c(span = paste0(format(pars$span), " "), degree = paste0(pars$degree, " "),
    family = paste0(pars$family, if (pars$family == "symmetric") paste("\t    iterations =", pars$iterations)),
    surface = paste0(pars$surface, if (pars$surface == "interpolate") paste("\t  cell =", format(pars$cell))),
    normalize = pars$normalize, parametric = paste(pars$parametric, collapse = " "), drop.square = paste(c(pars$drop.square, ""), collapse = " "))
  names <- sprintf("%11s", sprintf("%-9s", names(settings)))
  writeLines(c(sprintf("Trace of smoother matrix: %s  (%s)", format(round(x$trace.hat, 2L)), pars$trace.hat), "", "Control settings:", paste0(names, ":  ", settings)))
  invisible(x)
}

fitted.loess <- function(object, ...) object$fitted

anova.loess <- function(object, ...) {
  models <- list(object, ...)
  if (length(models) < 2L) stop("no models to compare")
  calls <- vapply(models, function(model) deparse1(model$call), "")
  enp <- vapply(models, function(model) model$enp, 0)
  squares <- vapply(models, function(model) model$s^2 * model$one.delta, 0)
  one <- vapply(models, function(model) model$one.delta, 0)
  two <- vapply(models, function(model) model$two.delta, 0)
  largest <- which.max(enp)
  gained <- abs(diff(one))
  ratio <- abs(diff(squares)) / gained / models[[largest]]$s^2
  rest <- one[largest]^2 / two[largest]
  chance <- pf(ratio, gained^2 / abs(diff(two)), rest, lower.tail = FALSE)
  table <- data.frame(ENP = round(enp, 2L), RSS = squares, `F-value` = c(NA, ratio), `Pr(>F)` = c(NA, chance), check.names = FALSE)
  heading <- paste0(paste0("Model ", format(seq_along(models)), ": ", calls, collapse = "\n"), "\n\nAnalysis of Variance:   denominator df ",
                    format(round(rest, 2L)), "\n")
  rownames(table) <- paste0("[", seq_along(models), ",]")
  structure(table, heading = heading, class = c("anova", "data.frame"))
}

loess.smooth <- function(x, y, span = 2 / 3, degree = 1, family = c("symmetric", "gaussian"), evaluation = 50, ...) {
  keep <- complete.cases(x, y)
  points <- data.frame(x = x[keep], y = y[keep])
  fit <- loess(y ~ x, points, span = span, degree = degree, family = match.arg(family))
  at <- seq(min(points$x), max(points$x), length.out = evaluation)
  list(x = at, y = unname(predict(fit, data.frame(x = at))))
}

scatter.smooth <- function(x, y = NULL, span = 2 / 3, degree = 1, family = c("symmetric", "gaussian"), xlab = NULL, ylab = NULL,
                           ylim = range(y, pred$y, na.rm = TRUE), evaluation = 50, ..., lpars = list()) {
  given <- xy.coords(x, y, xlab = deparse1(substitute(x)), ylab = if (!missing(y)) deparse1(substitute(y)))
  title <- function(own, found) if (is.null(own)) found else own
  y <- given$y
  pred <- loess.smooth(given$x, y, span = span, degree = degree, family = match.arg(family), evaluation = evaluation)
  plot(given$x, y, ylim = ylim, xlab = title(xlab, given$xlab), ylab = title(ylab, given$ylab), ...)
  do.call(lines, c(unname(pred), lpars))
  invisible()
}
