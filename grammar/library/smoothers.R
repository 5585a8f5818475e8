# Smoothers of points: penalized splines, kernels, running medians, a resistant line.

.nknots.smspl <- function(n) {
  if (n < 50) return(n)
  b <- log2(c(50, 100, 140, 200))
  trunc(if (n < 200) 2^(b[1L] + (b[2L] - b[1L]) * (n - 50) / 150)
        else if (n < 800) 2^(b[2L] + (b[3L] - b[2L]) * (n - 200) / 600)
        else if (n < 3200) 2^(b[3L] + (b[4L] - b[3L]) * (n - 800) / 2400)
        else 200 + (n - 3200)^0.2)
}

smooth.spline <- function(x, y = NULL, w = NULL, df, spar = NULL, lambda = NULL, cv = FALSE, all.knots = FALSE, nknots = .nknots.smspl,
                          keep.data = TRUE, df.offset = 0, penalty = 1, control.spar = list(), tol = 1e-06 * IQR(x), keep.stuff = FALSE) {
  .unsupported(keep.stuff, "take the fit's coefficients from its part `fit`")
  call <- match.call()
  points <- xy.coords(x, y)
  x <- points$x
  y <- points$y
  if (!all(is.finite(c(x, y)))) stop("missing or infinite values in inputs are not allowed")
  if (!missing(df) && !is.null(spar) || !is.null(spar) && !is.null(lambda)) stop("must not specify both 'spar' and 'lambda'")
  n <- length(x)
  plain <- is.null(w)
  if (plain) w <- rep_len(1, n)
  else {
    if (length(w) != n) stop("lengths of 'x' and 'w' must match")
    if (any(w < 0)) stop("all weights should be non-negative")
    if (all(w == 0)) stop("some weights should be positive")
    w <- w * sum(w > 0) / sum(w)
  }
  if (!is.finite(tol) || tol <= 0) stop("'tol' must be strictly positive and finite")
  coarse <- round((x - mean(x)) / tol)
  first <- !duplicated(coarse)
  ux <- sort(x[first])
  at <- match(coarse, coarse[first][order(x[first])])
  size <- length(ux)
  if (size <= 3L) stop("need at least four unique 'x' values")
  totals <- as.vector(rowsum(w, at))
  means <- as.vector(rowsum(w * y, at)) / ifelse(totals > 0, totals, 1)
  within <- sum(as.vector(rowsum(w * y^2, at)) - totals * means^2)
  span <- ux[size] - ux[1L]
  xbar <- (ux - ux[1L]) / span
  inner <- if (is.numeric(all.knots)) all.knots
    else if (isTRUE(all.knots)) xbar
    else xbar[seq.int(1, size, length.out = if (is.function(nknots)) nknots(size) else nknots)]
  knots <- c(rep(inner[1L], 3), inner, rep(inner[length(inner)], 3))
  settings <- list(low = -1.5, high = 1.5, tol = 1e-4, eps = 2e-8, maxit = 500)
  settings[names(control.spar)[names(control.spar) %in% names(settings)]] <- control.spar[names(control.spar) %in% names(settings)]
  crit <- if (isTRUE(cv)) 2L else 1L
  if (isTRUE(cv) && size < n) warning("cross-validation with non-unique 'x' values seems doubtful")
  offset <- df.offset
  by_df <- !missing(df) && is.null(spar) && is.null(lambda)
  if (by_df && !(df > 1 && df <= size)) {
    warning("not using invalid df; must have 1 < df <= n := #{unique x} = ", size)
    by_df <- FALSE
  }
  if (by_df) offset <- df
  given <- if (!is.null(lambda)) c(NA_real_, lambda) else if (!is.null(spar)) as.double(spar) else numeric()
  found <- .spline_search(as.double(knots), as.double(xbar), as.double(means), sqrt(totals), within, if (by_df) 3L else crit, offset, penalty,
                          as.double(unlist(settings)), given)
  df_found <- sum(found$lev)
  rest <- totals * (means - found$fitted)^2
  score <- if (crit == 2L) {
    lev <- found$lev[at]
    each <- ifelse(totals[at] > 0, w / totals[at], 0) * lev
    weighted.mean(((y - found$fitted[at]) / (1 - each))^2, w)
  } else {
    each <- weighted.mean((y - found$fitted[at])^2, w)
    each / (1 - (df.offset + penalty * df_found) / n)^2
  }
  structure(list(x = ux, y = found$fitted, w = totals, yin = means, tol = tol, data = if (keep.data) list(x = x, y = y, w = w), no.weights = plain,
                 n = n, lev = found$lev, cv = cv, cv.crit = score, pen.crit = sum(rest), crit = found$scores[crit], df = df_found,
                 spar = if (is.na(found$search[1L])) NA else found$search[1L], ratio = found$search[3L], lambda = found$search[2L],
                 iparms = c(icrit = if (by_df) 3L else crit, ispar = as.integer(length(given) > 0), iter = as.integer(found$search[4L])), auxM = NULL,
                 fit = structure(list(knot = knots, nk = length(found$coef), min = ux[1L], range = span, coef = found$coef), class = "smooth.spline.fit"),
                 call = call), class = "smooth.spline")
}

predict.smooth.spline <- function(object, x, deriv = 0, ...) {
  if (missing(x)) {
    if (deriv == 0) return(object[c("x", "y")])
    x <- object$x
  }
  predict(object$fit, x, deriv, ...)
}

predict.smooth.spline.fit <- function(object, x, deriv = 0, ...) {
  if (missing(x)) x <- seq.int(from = object$min, to = object$min + object$range, length.out = length(object$coef) - 4L)
  place <- (x - object$min) / object$range
  value <- function(at, times) as.vector(.spline_basis(as.double(at), object$knot, as.integer(times)) %*% object$coef) / object$range^times
  made <- value(pmin(pmax(place, 0), 1), deriv)
  for (end in 0:1) {
    out <- if (end) place > 1 else place < 0
    if (!any(out)) next
    made[out] <- if (deriv == 0) value(end, 0) + value(end, 1) * (place[out] - end) * object$range else if (deriv == 1) value(end, 1) else 0
  }
  list(x = x, y = made)
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
  cat("Call:\n")
  dput(x$call, control = NULL)
  turns <- x$iparms[["iter"]]
  say <- function(...) cat(paste(...), "\n", sep = "")
  say("\nSmoothing Parameter  spar=", format(x$spar, digits = digits), " lambda=",
      paste0(format(x$lambda, digits = digits), if (turns > 0) paste0(" (", turns, " iterations)")))
  say("Equivalent Degrees of Freedom (Df):", format(x$df, digits = digits))
  say("Penalized Criterion (RSS):", format(x$pen.crit, digits = digits))
  say(if (isTRUE(x$cv)) "PRESS(l.o.o. CV):" else "GCV:", format(x$cv.crit, digits = digits))
  invisible(x)
}

ksmooth <- function(x, y, kernel = c("box", "normal"), bandwidth = 0.5, range.x = range(x), n.points = max(100L, length(x)), x.points) {
  if (missing(y) || is.null(y)) stop("numeric y must be supplied.\nFor density estimation use density()")
  kernel <- match.arg(kernel)
  at <- if (missing(x.points)) seq.int(range.x[1L], range.x[2L], length.out = n.points) else sort(x.points)
  near <- if (kernel == "box") 0.5 * bandwidth else 0.3706506 * bandwidth
  reach <- if (kernel == "box") near else 4 * near
  made <- vapply(at, function(place) {
    seen <- abs(x - place) <= reach
    weight <- if (kernel == "box") rep(1, sum(seen)) else exp(-0.5 * ((x[seen] - place) / near)^2)
    if (sum(weight) > 0) sum(weight * y[seen]) / sum(weight) else NA_real_
  }, 0)
  list(x = at, y = made)
}

line <- function(x, y = NULL, iter = 1) {
  call <- sys.call()
  points <- xy.coords(x, y, setLab = FALSE)
  keep <- complete.cases(points$x, points$y)
  x <- points$x[keep]
  y <- points$y[keep]
  if (length(x) <= 2L) stop("insufficient observations")
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
  cat("\nCall:\n", paste(deparse(x$call), sep = "\n", collapse = "\n"), "\n\n", sep = "")
  cat("Coefficients:\n")
  print.default(format(x$coefficients, digits = digits), print.gap = 2L, quote = FALSE)
  cat("\n")
  invisible(x)
}
