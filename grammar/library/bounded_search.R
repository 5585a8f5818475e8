# Minimising within bounds.

# A quasi-Newton search within bounds: a step is cut off at the bounds, and what lies at a bound and would leave it waits.
optim_bounded <- function(par, value, slope, lower, upper, control) {
  limit <- if (is.null(control$maxit)) 100L else control$maxit
  tolerance <- (if (is.null(control$factr)) 1e7 else control$factr) * .Machine$double.eps
  flat <- if (is.null(control$pgtol)) 0 else control$pgtol
  within <- function(b) pmin(pmax(b, lower), upper)
  b <- within(unname(par))
  f <- value(b)
  if (!is.finite(f)) stop("L-BFGS-B needs finite values of 'fn'")
  g <- slope(b)
  inverse <- diag(length(b))
  answer <- function(code, message) list(par = b, value = f, convergence = code, message = message)
  small <- 0L
  for (turn in seq_len(limit)) {
    free <- !(b <= lower & g > 0 | b >= upper & g < 0)
    if (!any(free) || max(abs(within(b - g) - b)) <= flat) return(answer(0L, "CONVERGENCE: NORM OF PROJECTED GRADIENT <= PGTOL"))
    direction <- numeric(length(b))
    direction[free] <- -as.vector(inverse[free, free, drop = FALSE] %*% g[free])
    if (sum(direction * g) >= 0) {
      inverse <- diag(length(b))
      direction[free] <- -g[free]
    }
    step <- if (turn == 1L) min(1, 1 / sqrt(sum(direction^2))) else 1
    repeat {
      reached <- within(b + step * direction)
      there <- value(reached)
      if (is.finite(there) && there <= f + 1e-4 * sum(g * (reached - b))) break
      step <- step * 0.3
      if (step < 1e-20) return(answer(0L, "CONVERGENCE: REL_REDUCTION_OF_F <= FACTR*EPSMCH"))
    }
    steeper <- slope(reached)
    moved <- reached - b
    bent <- steeper - g
    curve <- sum(moved * bent)
    gained <- (f - there) / max(abs(f), abs(there), 1)
    b <- reached
    f <- there
    g <- steeper
    if (curve > 1e-14 * sum(bent^2)) {
      if (turn == 1L) inverse <- inverse * (curve / sum(bent^2))
      image <- as.vector(inverse %*% bent)
      inverse <- inverse + ((1 + sum(image * bent) / curve) * outer(moved, moved) - outer(moved, image) - outer(image, moved)) / curve
    }
    small <- if (gained <= tolerance) small + 1L else 0L
    if (small > 1L) return(answer(0L, "CONVERGENCE: REL_REDUCTION_OF_F <= FACTR*EPSMCH"))
  }
  answer(1L, "NEW_X")
}
