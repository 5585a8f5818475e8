# Minimising along conjugate directions and by simulated annealing.

# Source: J. C. Nash, Compact Numerical Methods for Computers (1990), algorithm 22.
optim_conjugate <- function(par, value, slope, control) {
  limit <- if (is.null(control$maxit)) 100L else control$maxit
  floor <- if (is.null(control$abstol)) -Inf else control$abstol
  relative <- if (is.null(control$reltol)) sqrt(.Machine$double.eps) else control$reltol
  kind <- if (is.null(control$type)) 1L else control$type
  if (!kind %in% 1:3) stop("unknown 'type' in \"CG\" method of 'optim'")
  size <- length(par)
  tolerance <- relative * size * sqrt(relative)
  b <- par
  f <- value(b)
  if (!is.finite(f)) stop("Function cannot be evaluated at initial parameters")
  best <- f
  x <- b
  gradients <- 0L
  repeat {
    direction <- numeric(size)
    before <- numeric(size)
    cycle <- 0L
    long <- 1
    repeat {
      cycle <- cycle + 1L
      still <- 0L
      gradients <- gradients + 1L
      if (gradients > limit) return(list(par = x, value = best, convergence = 1L, gradients = gradients))
      g <- slope(b)
      x <- b
      over <- sum(if (kind == 1L) g^2 else g * (g - before))
      under <- sum(if (kind == 3L) direction * (g - before) else before^2)
      before <- g
      if (over > tolerance) {
        direction <- direction * (if (under > 0) over / under else 1) - g
        projection <- sum(direction * g)
        step <- long
        repeat {
          b <- x + step * direction
          still <- sum(10 + x == 10 + b)
          if (still == size) break
          f <- value(b)
          accepted <- is.finite(f) && f <= best + projection * step * 1e-4
          if (accepted) {
            best <- f
            break
          }
          step <- step * 0.2
        }
        if (still < size) {
          bend <- 2 * (f - best - projection * step)
          if (bend > 0) {
            other <- -(projection * step^2 / bend)
            b <- x + other * direction
            best <- f
            f <- value(b)
            if (f < best) best <- f else b <- x + step * direction
          }
        }
        long <- min(1.7 * step, 1)
      } else {
        long <- 1
        still <- size
      }
      if (still == size || over <= tolerance || cycle == size) break
    }
    if (cycle == 1L && (still == size || over <= tolerance || best <= floor)) break
  }
  list(par = x, value = best, convergence = 0L, gradients = gradients)
}

# Steps are drawn, `near` gives the next candidate where the program has one; a worse one is taken the rarer the colder it gets.
# The draws that decide about worse ones do not disturb those of `near`, where it draws.
optim_annealed <- function(par, value, near, control) {
  turns <- if (is.null(control$maxit)) 10000L else control$maxit
  each <- if (is.null(control$tmax)) 10L else control$tmax
  hot <- if (is.null(control$temp)) 10 else control$temp
  if (is.na(each) || each < 1L) stop("'tmax' is not a positive integer")
  large <- 1e35
  finite <- function(f) if (is.finite(f)) f else large
  here <- best <- par
  f <- least <- finite(value(par))
  done <- 1L
  state <- function(new) {
    if (missing(new)) get0(".Random.seed", globalenv(), inherits = FALSE)
    else if (!is.null(new)) assign(".Random.seed", new, globalenv())
  }
  seen <- ahead <- NULL
  if (!is.null(near) && is.null(state())) runif(1)
  while (done < turns) {
    k <- 1L
    heat <- hot / log(((done - 1L) %/% each) * each + exp(1))
    while (k <= each && done < turns) {
      if (is.null(near)) trial <- here + heat / hot * rnorm(length(par))
      else {
        trial <- near(here)
        if (!is.null(seen) && identical(state(), seen)) state(ahead)
        seen <- state()
      }
      there <- finite(value(trial))
      worse <- there - f
      taken <- worse <= 0 || runif(1) < exp(-worse / heat)
      if (!is.null(near)) {
        ahead <- state()
        state(seen)
      }
      if (taken) {
        here <- trial
        f <- there
        if (f <= least) {
          least <- f
          best <- here
        }
      }
      done <- done + 1L
      k <- k + 1L
    }
  }
  state(ahead)
  list(par = best, value = least, convergence = 0L)
}
