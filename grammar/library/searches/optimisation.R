# Minima of functions of several variables.

optim <- function(par, fn, gr = NULL, ..., method = c("Nelder-Mead", "BFGS", "CG", "L-BFGS-B", "SANN", "Brent"), lower = -Inf, upper = Inf,
                  control = list(), hessian = FALSE) {
  bounded <- any(is.finite(c(lower, upper)))
  if (bounded && !missing(method) && !any(match.arg(method) == c("L-BFGS-B", "Brent"))) {
    warning("bounds can only be used with method L-BFGS-B (or Brent)")
    method <- "L-BFGS-B"
  }
  method <- if (bounded && missing(method)) "L-BFGS-B" else match.arg(method)
  known <- c("trace", "fnscale", "parscale", "ndeps", "maxit", "abstol", "reltol", "alpha", "beta", "gamma", "REPORT", "warn.1d.NelderMead",
             "type", "lmm", "factr", "pgtol", "tmax", "temp")
  if (length(unknown <- setdiff(names(control), known))) warning("unknown names in control: ", paste(unknown, collapse = ", "))
  if (length(par) == 1L && method == "Nelder-Mead" && !isFALSE(control$warn.1d.NelderMead))
    warning("one-dimensional optimization by Nelder-Mead is unreliable:\nuse \"Brent\" or optimize() directly")
  scale <- if (is.null(control$fnscale)) 1 else control$fnscale
  sizes <- if (is.null(control$parscale)) rep(1, length(par)) else control$parscale
  shifts <- if (is.null(control$ndeps)) rep(1e-3, length(par)) else control$ndeps
  if (length(sizes) != length(par)) stop("'parscale' is of the wrong length")
  if (length(shifts) != length(par)) stop("'ndeps' is of the wrong length")
  labels <- names(par)
  lower <- rep_len(lower, length(par)) / sizes
  upper <- rep_len(upper, length(par)) / sizes
  counts <- c(`function` = 0L, gradient = NA_integer_)
  at <- function(p) {
    p <- p * sizes
    names(p) <- labels
    p
  }
  plain <- function(p) {
    par <- at(p)
    found <- fn(par, ...)
    if (length(found) != 1L) stop(gettextf("objective function in optim evaluates to length %d not 1", length(found)))
    as.double(found) / scale
  }
  value <- function(p) {
    counts[1L] <<- counts[1L] + 1L
    plain(p)
  }
  slope <- function(p) {
    counts[2L] <<- if (is.na(counts[2L])) 1L else counts[2L] + 1L
    if (!is.null(gr)) return(as.vector(gr(at(p), ...)) * sizes / scale)
    vapply(seq_along(p), function(k) {
      up <- down <- p
      up[k] <- p[k] + shifts[k]
      down[k] <- p[k] - shifts[k]
      width <- 2 * shifts[k]
      if (method == "L-BFGS-B" && (up[k] > upper[k] || down[k] < lower[k])) {
        up[k] <- min(up[k], upper[k])
        down[k] <- max(down[k], lower[k])
        width <- up[k] - down[k]
      }
      made <- (plain(up) - plain(down)) / width
      if (!is.finite(made)) stop(gettextf("non-finite finite-difference value [%d]", k), domain = NA, call. = FALSE)
      made
    }, 0)
  }
  start <- as.double(par) / sizes
  if (method == "Brent") {
    if (length(par) != 1L) stop("method = \"Brent\" is only available for one-dimensional optimization")
    if (!all(is.finite(c(lower, upper)))) stop("'lower' and 'upper' must be finite values")
    found <- optimize(function(p) plain(p), lower = lower, upper = upper, tol = if (is.null(control$reltol)) sqrt(.Machine$double.eps) else control$reltol)
    answer <- list(par = found$minimum, value = found$objective, convergence = 0L)
    counts[] <- NA_integer_
  } else answer <- switch(method,
    "Nelder-Mead" = optim_simplex(start, value, control),
    BFGS = optim_bfgs(start, value, slope, control),
    CG = optim_conjugate(start, value, slope, control),
    "L-BFGS-B" = optim_bounded(start, value, slope, lower, upper, control),
    SANN = optim_annealed(start, plain, if (is.null(gr)) NULL else function(p) as.vector(gr(at(p), ...)) / sizes, control))
  if (method == "SANN") counts[1L] <- if (is.null(control$maxit)) 10000L else as.integer(control$maxit)
  if (!is.null(answer$gradients)) counts[2L] <- answer$gradients
  best <- at(answer$par)
  found <- list(par = best, value = answer$value * scale, counts = counts, convergence = answer$convergence, message = answer$message)
  if (hessian) found$hessian <- optimHess(best, fn, gr, ..., control = control[intersect(names(control), c("fnscale", "parscale", "ndeps"))])
  found
}

# Source: J. A. Nelder and R. Mead, A simplex method for function minimization, Computer Journal 7 (1965), with the beginning and
# the end of J. C. Nash, Compact Numerical Methods for Computers (1990), algorithm 19.
optim_simplex <- function(par, value, control) {
  how <- .search_settings(control, maxit = 500L, alpha = 1, beta = 0.5, gamma = 2)
  size <- length(par)
  start <- value(par)
  if (!is.finite(start)) stop("function cannot be evaluated at initial parameters")
  judged <- function(point) {
    found <- value(point)
    if (is.finite(found)) found else 1e35
  }
  # On the line through two points; a share beyond 0 to 1 lies outside them.
  between <- function(share, one, other) share * one + (1 - share) * other
  reach <- if (any(par != 0)) max(0.1 * abs(par)) else 0.1
  corners <- c(list(par), lapply(seq_len(size), function(k) {
    # A step that is lost in a large number grows until it is seen.
    steps <- reach * 10^(0:30)
    replace(par, k, par[k] + steps[par[k] + steps != par[k]][1L])
  }))
  values <- c(start, vapply(corners[-1L], judged, 0))
  settled <- how$reltol * (abs(start) + how$reltol)
  counted <- size + 1L
  low <- 1L
  repeat {
    if (min(values) < values[low]) low <- which.min(values)
    high <- if (max(values) > values[low]) which.max(values) else low
    if (values[high] <= values[low] + settled || values[low] <= how$abstol || counted > how$maxit) break
    worst <- corners[[high]]
    centre <- Reduce(`+`, corners, -worst) / size
    put <- function(point, at) {
      corners[[high]] <<- point
      values[high] <<- at
    }
    away <- between(1 + how$alpha, centre, worst)
    at <- judged(away)
    counted <- counted + 2L
    if (at < values[low]) {
      further <- between(how$gamma, away, centre)
      best <- judged(further)
      if (best < at) put(further, best) else put(away, at)
      next
    }
    better <- at < values[high]
    if (better) put(away, at)
    inner <- between(how$beta, centre, corners[[high]])
    best <- judged(inner)
    if (best < values[high]) put(inner, best)
    else if (!better) {
      others <- setdiff(seq_along(corners), low)
      corners[others] <- lapply(corners[others], function(corner) how$beta * (corner - corners[[low]]) + corners[[low]])
      values[others] <- vapply(corners[others], judged, 0)
      counted <- counted + size
    }
  }
  done <- values[high] <= values[low] + settled || values[low] <= how$abstol
  list(par = corners[[which.min(values)]], value = min(values), convergence = if (done) 0L else 1L)
}

# Back along a direction until the value falls enough, or the step is lost in the parameters.
.step_back <- function(value, from, best, direction, projection, step) {
  found <- NA_real_
  repeat {
    to <- from + step * direction
    if (all(10 + from == 10 + to)) return(list(point = to, value = found, step = step, moved = FALSE))
    found <- value(to)
    if (is.finite(found) && found <= best + projection * step * 1e-4) return(list(point = to, value = found, step = step, moved = TRUE))
    step <- step * 0.2
  }
}

# The inverse of the second derivatives after a step, by what it did to the slope; nothing where the curve does not rise.
.bent_inverse <- function(inverse, step, bend, along) {
  curvature <- along(step, bend)
  if (curvature <= 0) return(NULL)
  image <- as.vector(inverse %*% bend)
  share <- 1 + along(image, bend) / curvature
  inverse <- inverse + (outer(share * step, step) - outer(image, step) - outer(step, image)) / curvature
  above <- upper.tri(inverse)
  inverse[above] <- t(inverse)[above]
  inverse
}

# Source: R. Fletcher, A new approach to variable metric algorithms, Computer Journal 13 (1970). The search begins anew along the slope
# itself where it is stuck or has gone on for long; where that does not help either it is done.
optim_bfgs <- function(par, value, slope, control) {
  how <- .search_settings(control, maxit = 100L, REPORT = 10L, trace = 0)
  told <- function(...) if (how$trace > 0) cat(sprintf(...))
  size <- length(par)
  # Term after term in doubles: where a search turns, the last digit decides.
  along <- function(one, other) as.vector(crossprod(one, other))
  point <- unname(par)
  tried <- best <- value(point)
  if (!is.finite(best)) stop("initial value in 'vmmin' is not finite")
  told("initial  value %f \n", best)
  g <- slope(point)
  gradients <- 1L
  age <- 0L
  repeat {
    if (age == 0L) inverse <- diag(size)
    direction <- -as.vector(inverse %*% g)
    projection <- along(direction, g)
    gained <- FALSE
    if (projection < 0) {
      found <- .step_back(value, point, best, direction, projection, 1)
      if (!is.na(found$value)) tried <- found$value
      gained <- found$moved && tried > how$abstol && abs(tried - best) > how$reltol * (abs(best) + how$reltol)
      point <- found$point
      # What was tried last counts, taken or not.
      best <- tried
    }
    over <- !gained && age == 0L
    if (gained) {
      before <- g
      g <- slope(point)
      gradients <- gradients + 1L
      bent <- .bent_inverse(inverse, found$step * direction, g - before, along)
      age <- if (is.null(bent) || age >= 2L * size) 0L else age + 1L
      if (!is.null(bent)) inverse <- bent
    } else age <- 0L
    if (gradients %% how$REPORT == 0L) told("iter%4d value %f\n", gradients, tried)
    if (over || gradients >= how$maxit) break
  }
  told("final  value %f \n", best)
  if (gradients < how$maxit) told("converged\n") else told("stopped after %d iterations\n", gradients)
  list(par = point, value = best, convergence = if (gradients < how$maxit) 0L else 1L)
}

# What a search goes by: the settings of the program over the usual ones.
.search_settings <- function(control, ...) {
  usual <- list(abstol = -Inf, reltol = sqrt(.Machine$double.eps), ...)
  given <- control[names(control) %in% names(usual)]
  usual[names(given)] <- given
  usual
}
