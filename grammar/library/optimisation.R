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
    found <- fn(at(p), ...)
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
      (plain(up) - plain(down)) / width
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

optim_simplex <- function(par, value, control) {
  limit <- if (is.null(control$maxit)) 500L else control$maxit
  tolerance <- if (is.null(control$reltol)) sqrt(.Machine$double.eps) else control$reltol
  floor <- if (is.null(control$abstol)) -Inf else control$abstol
  reflect <- if (is.null(control$alpha)) 1 else control$alpha
  contract <- if (is.null(control$beta)) 0.5 else control$beta
  expand <- if (is.null(control$gamma)) 2 else control$gamma
  size <- length(par)
  start <- value(par)
  if (!is.finite(start)) stop("function cannot be evaluated at initial parameters")
  judged <- function(point) {
    found <- value(point)
    if (is.finite(found)) found else 1e35
  }
  stop_at <- tolerance * (abs(start) + tolerance)
  reach <- max(0.1 * abs(par))
  if (reach == 0) reach <- 0.1
  points <- matrix(par, size, size + 1L)
  values <- numeric(size + 1L)
  values[1L] <- start
  spread <- 0
  for (k in seq_len(size)) {
    step <- reach
    while (points[k, k + 1L] == par[k]) {
      points[k, k + 1L] <- par[k] + step
      step <- 10 * step
    }
    spread <- spread + step
  }
  for (k in seq_len(size)) values[k + 1L] <- judged(points[, k + 1L])
  count <- size + 1L
  old <- spread
  fail <- 0L
  low <- 1L
  repeat {
    if (any(values < values[low])) low <- which.min(values)
    high <- if (all(values <= values[low])) low else which.max(values)
    if (values[high] <= values[low] + stop_at || values[low] <= floor) break
    if (count > limit) {
      fail <- 1L
      break
    }
    centre <- -points[, high]
    for (k in seq_len(size + 1L)) centre <- centre + points[, k]
    centre <- centre / size
    trial <- (1 + reflect) * centre - reflect * points[, high]
    at <- judged(trial)
    count <- count + 1L
    if (at < values[low]) {
      further <- expand * trial + (1 - expand) * centre
      best <- judged(further)
      count <- count + 1L
      if (best < at) {
        points[, high] <- further
        values[high] <- best
      } else {
        points[, high] <- trial
        values[high] <- at
      }
    } else {
      lower <- at < values[high]
      if (lower) {
        points[, high] <- trial
        values[high] <- at
      }
      inner <- (1 - contract) * points[, high] + contract * centre
      best <- judged(inner)
      count <- count + 1L
      if (best < values[high]) {
        points[, high] <- inner
        values[high] <- best
      } else if (!lower) {
        for (k in seq_len(size + 1L)) if (k != low) {
          points[, k] <- contract * (points[, k] - points[, low]) + points[, low]
          values[k] <- judged(points[, k])
        }
        count <- count + size
      }
    }
  }
  list(par = points[, which.min(values)], value = min(values), convergence = fail)
}

optim_bfgs <- function(par, value, slope, control) {
  limit <- if (is.null(control$maxit)) 100L else control$maxit
  tolerance <- if (is.null(control$reltol)) sqrt(.Machine$double.eps) else control$reltol
  size <- length(par)
  # Term after term in doubles, as the reference sums: where a search turns, the last digit decides.
  along <- function(one, other) as.vector(crossprod(one, other))
  b <- unname(par)
  f <- value(b)
  if (!is.finite(f)) stop("initial value in 'vmmin' is not finite")
  best <- f
  g <- slope(b)
  count <- 1L
  inverse <- diag(size)
  every <- if (is.null(control$REPORT)) 10L else control$REPORT
  told <- !is.null(control$trace) && control$trace > 0
  least <- if (is.null(control$abstol)) -Inf else control$abstol
  if (told) cat(sprintf("initial  value %f \n", f))
  restart <- TRUE
  last_reset <- count
  repeat {
    if (last_reset == count) inverse <- diag(size)
    x <- b
    c <- g
    direction <- -as.vector(inverse %*% g)
    projection <- along(direction, g)
    moved <- size
    accepted <- FALSE
    if (projection < 0) {
      step <- 1
      repeat {
        b <- x + step * direction
        moved <- sum(10 + x != 10 + b)
        if (moved == 0L) break
        f <- value(b)
        accepted <- is.finite(f) && f <= best + projection * step * 1e-4
        if (accepted) break
        step <- step * 0.2
      }
      # What was tried last counts, taken or not, as the reference has it.
      enough <- f > least && abs(f - best) > tolerance * (abs(best) + tolerance)
      if (!enough) {
        moved <- 0L
        best <- f
      }
      if (moved > 0L) {
        best <- f
        g <- slope(b)
        count <- count + 1L
        t <- step * direction
        c <- g - c
        d1 <- along(t, c)
        if (d1 > 0) {
          image <- as.vector(inverse %*% c)
          d2 <- 1 + along(image, c) / d1
          inverse <- inverse + (outer(d2 * t, t) - outer(image, t) - outer(t, image)) / d1
          above <- upper.tri(inverse)
          inverse[above] <- t(inverse)[above]
        } else last_reset <- count
      } else if (last_reset < count) {
        moved <- size
        last_reset <- count
      }
    } else {
      moved <- 0L
      if (last_reset == count) moved <- 0L
      else {
        moved <- size
        last_reset <- count
      }
    }
    if (told && count %% every == 0L) cat(sprintf("iter%4d value %f\n", count, f))
    if (count >= limit) break
    if (count - last_reset > 2L * size) last_reset <- count
    if (moved == 0L && last_reset == count) break
  }
  if (told) cat(sprintf("final  value %f \n", best), if (count < limit) "converged\n" else sprintf("stopped after %d iterations\n", count), sep = "")
  list(par = b, value = best, convergence = if (count < limit) 0L else 1L)
}
