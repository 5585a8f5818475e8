# Smoothers of points: penalized splines, kernels, a resistant line.
# Sources: P. J. Green and B. W. Silverman, Nonparametric Regression and Generalized Linear Models (1994); E. A. Nadaraya (1964) and
# G. S. Watson (1964); J. W. Tukey, Exploratory Data Analysis (1977).

# How many knots many points need: all of them up to fifty, then a number whose logarithm grows in straight pieces.
.nknots.smspl <- function(n) {
  if (n < 50) n
  else if (n >= 3200) trunc(200 + (n - 3200)^0.2)
  else trunc(2^approx(c(50, 200, 800, 3200), log2(c(50, 100, 140, 200)), n)$y)
}

# Points whose places differ by less than a tolerance, as one: the first place, the weights' sum, the mean; and what each point belongs to.
.merged_points <- function(x, y, w, tol) {
  step <- round((x - mean(x)) / tol)
  group <- as.integer(factor(step))
  total <- as.vector(rowsum(w, group))
  list(x = sort(x[!duplicated(step)]), group = group, w = total, y = as.vector(rowsum(w * y, group)) / ifelse(total > 0, total, 1))
}

smooth.spline <- function(x, y = NULL, w = NULL, df, spar = NULL, lambda = NULL, cv = FALSE, all.knots = FALSE, nknots = .nknots.smspl,
                          keep.data = TRUE, df.offset = 0, penalty = 1, control.spar = list(), tol = 1e-06 * IQR(x), keep.stuff = FALSE) {
  .unsupported(keep.stuff, "take the fit's coefficients from its part `fit`")
  call <- match.call()
  given <- xy.coords(x, y)
  x <- given$x
  y <- given$y
  n <- length(x)
  plain <- is.null(w)
  if (plain) w <- rep(1, n)
  .refuse_if(`missing or infinite values in inputs are not allowed` = !all(is.finite(c(x, y))),
    `must not specify both 'spar' and 'lambda'` = !is.null(spar) && !is.null(lambda), `lengths of 'x' and 'w' must match` = length(w) != n,
    `all weights should be non-negative` = any(w < 0), `some weights should be positive` = all(w == 0), `'tol' must be strictly positive and finite` = !is.finite(tol) || tol <= 0)
  w <- w / mean(w[w > 0])
  merged <- .merged_points(x, y, w, tol)
  size <- length(merged$x)
  .refuse_if(`need at least four unique 'x' values` = size <= 3L)
  by_left_out <- isTRUE(cv)
  if (by_left_out && size < n) warning("cross-validation with non-unique 'x' values seems doubtful")
  wanted <- if (!missing(df) && is.null(spar) && is.null(lambda)) df
  if (!is.null(wanted) && !(wanted > 1 && wanted <= size)) {
    warning("not using invalid df; must have 1 < df <= n := #{unique x} = ", size)
    wanted <- NULL
  }

  # Splines over [0, 1], whose outer knots count four times.
  range <- merged$x[size] - merged$x[1L]
  place <- (merged$x - merged$x[1L]) / range
  inner <- if (is.numeric(all.knots)) all.knots else if (all.knots) place else place[seq.int(1, size, length.out = if (is.function(nknots)) nknots(size) else nknots)]
  knots <- as.double(inner[c(1, 1, 1, seq_along(inner), rep(length(inner), 3))])
  settings <- c(low = -1.5, high = 1.5, tol = 1e-4, eps = 2e-8, maxit = 500)
  own <- intersect(names(control.spar), names(settings))
  settings[own] <- unlist(control.spar[own])
  # What is made least: 1 the generalized criterion, 2 errors at points left out, 3 the distance from the degrees of freedom wanted.
  criterion <- if (by_left_out) 2L else 1L
  smoothness <- if (!is.null(lambda)) c(NA, lambda) else as.double(spar)
  # Where a curve can meet every point the criterion is level, and how this difference rounds decides.
  within <- sum(as.vector(rowsum(w * y^2, merged$group)) - merged$w * merged$y^2)
  found <- .spline_search(knots, place, merged$y, sqrt(merged$w), within, if (is.null(wanted)) criterion else 3L,
    if (is.null(wanted)) df.offset else wanted, penalty, unname(settings), smoothness)
  search <- setNames(found$search, c("spar", "lambda", "ratio", "turns"))

  rest <- y - found$fitted[merged$group]
  freedom <- sum(found$lev)
  share <- if (by_left_out) (found$lev * ifelse(merged$w > 0, 1 / merged$w, 0))[merged$group] * w else (df.offset + penalty * freedom) / n
  curve <- list(knot = knots, nk = length(found$coef), min = merged$x[1L], range = range, coef = found$coef)
  structure(list(x = merged$x, y = found$fitted, w = merged$w, yin = merged$y, tol = tol, data = if (keep.data) list(x = x, y = y, w = w), no.weights = plain,
                 n = n, lev = found$lev, cv = cv, cv.crit = weighted.mean((rest / (1 - share))^2, w), pen.crit = sum(merged$w * (merged$y - found$fitted)^2),
                 crit = found$scores[criterion], df = freedom, spar = if (is.nan(search[["spar"]])) NA else search[["spar"]], ratio = search[["ratio"]], lambda = search[["lambda"]],
                 iparms = c(icrit = if (is.null(wanted)) criterion else 3L, ispar = as.integer(length(smoothness) > 0), iter = as.integer(search[["turns"]]), 0L, errorI = NA),
                 auxM = NULL, fit = structure(curve, class = "smooth.spline.fit"), call = call), class = "smooth.spline")
}

predict.smooth.spline <- function(object, x, deriv = 0, ...) {
  if (!missing(x)) predict(object$fit, x, deriv, ...)
  else if (deriv) predict(object$fit, object$x, deriv, ...)
  else object[c("x", "y")]
}

# Beyond the ends the curve goes on straight.
predict.smooth.spline.fit <- function(object, x, deriv = 0, ...) {
  if (missing(x)) x <- object$min + object$range * seq(0, 1, length.out = object$nk - 4L)
  place <- (x - object$min) / object$range
  inside <- pmin(pmax(place, 0), 1)
  beyond <- (place - inside) * object$range
  derivative <- function(times) as.vector(.spline_basis(as.double(inside), object$knot, as.integer(times)) %*% object$coef) / object$range^times
  y <- if (deriv == 0) derivative(0) + derivative(1) * beyond else if (deriv == 1) derivative(1) else if (deriv > 3) 0 * x else derivative(deriv) * (beyond == 0)
  list(x = x, y = y)
}

fitted.smooth.spline <- function(object, ...) {
  if (is.null(object$data)) stop("need result of smooth.spline(keep.data = TRUE)")
  object$y[match(object$data$x, object$x)]
}

residuals.smooth.spline <- function(object, type = c("working", "response", "deviance", "pearson", "partial"), ...) {
  type <- match.arg(type)
  rest <- object$data$y - fitted(object)
  if (type %in% c("deviance", "pearson") && !object$no.weights) rest * sqrt(object$data$w) else rest
}

print.smooth.spline <- function(x, digits = getOption("digits"), ...) {
  short <- function(value) format(value, digits = digits)
  .print_call(x$call)
  turns <- x$iparms[["iter"]]
  writeLines(c("", paste0("Smoothing Parameter  spar= ", short(x$spar), "  lambda= ", short(x$lambda), if (turns > 0) sprintf(" (%d iterations)", turns)),
    paste("Equivalent Degrees of Freedom (Df):", short(x$df)), paste0("Penalized Criterion (", if (!x$no.weights) "weighted ", "RSS): ", short(x$pen.crit)),
    paste(if (isTRUE(x$cv)) "PRESS(l.o.o. CV):" else "GCV:", short(x$cv.crit))))
  invisible(x)
}

# Means of the points near each place, weighted by a kernel with its quartiles a quarter of the bandwidth away.
ksmooth <- function(x, y, kernel = c("box", "normal"), bandwidth = 0.5, range.x = range(x), n.points = max(100L, length(x)), x.points) {
  if (missing(y) || is.null(y)) stop("numeric y must be supplied.\nFor density estimation use density()")
  spread <- bandwidth / (4 * qnorm(0.75))
  kernels <- list(box = function(distance) distance <= bandwidth / 2, normal = function(distance) exp(-(distance / spread)^2 / 2) * (distance <= 4 * spread))
  at <- if (missing(x.points)) seq(range.x[1L], range.x[2L], length.out = n.points) else sort(x.points)
  weights <- kernels[[match.arg(kernel)]](abs(outer(at, x, "-")))
  total <- rowSums(weights)
  list(x = at, y = ifelse(total > 0, as.vector(weights %*% y) / total, NA_real_))
}

line <- function(x, y = NULL, iter = 1) {
  call <- sys.call()
  points <- xy.coords(x, y, setLab = FALSE)
  keep <- complete.cases(points$x, points$y)
  x <- points$x[keep]
  y <- points$y[keep]
  if (length(x) < 2L) stop("insufficient observations")
  cuts <- quantile(x, c(1, 2) / 3, names = FALSE)
  left <- x <= cuts[1L]
  right <- x >= cuts[2L]
  width <- median(x[right]) - median(x[left])
  slope <- 0
  for (round in seq_len(iter)) {
    rest <- y - slope * x
    slope <- slope + (median(rest[right]) - median(rest[left])) / width
  }
  level <- median(y - slope * x)
  fitted <- level + slope * x
  structure(list(call = call, coefficients = c(level, slope), residuals = y - fitted, fitted.values = fitted), class = "tukeyline")
}

coef.tukeyline <- function(object, ...) object$coefficients

print.tukeyline <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  writeLines(c("", "Call:", deparse(x$call), "", "Coefficients:"))
  print(noquote(format(x$coefficients, digits = digits)), print.gap = 2L)
  cat("\n")
  invisible(x)
}

# Source: J. H. Friedman, A variable span smoother (1984).
supsmu <- function(x, y, wt = rep(1, n), span = "cv", periodic = FALSE, bass = 0, trace = FALSE) {
  .unsupported(trace)
  n <- length(y)
  .refuse_if(`number of observations in 'x' and 'y' must match.` = !is.numeric(x) || length(x) != n,
    `number of weights must match number of observations.` = length(wt) != n, `invalid 'span'` = is.character(span) && span != "cv" || is.numeric(span) && (span < 0 || span > 1),
    `'x' must be between 0 and 1 for periodic smooth` = periodic && (min(x) < 0 || max(x) > 1))
  keep <- is.finite(x) & is.finite(y) & is.finite(wt)
  at <- which(keep)[order(x[keep])]
  .refuse_if(`no finite observations` = !length(at))
  made <- .super_smooth(as.double(x[at]), as.double(y[at]), as.double(wt[at]), if (is.character(span)) 0 else span, periodic, bass)
  first <- !duplicated(x[at])
  list(x = x[at][first], y = made[first])
}
