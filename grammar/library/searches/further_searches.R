# Minimising along conjugate directions and by simulated annealing.

# Source: J. C. Nash, Compact Numerical Methods for Computers (1990), algorithm 22: directions after R. Fletcher and C. M. Reeves (1),
# E. Polak and G. Ribiere (2), or E. M. L. Beale and H. W. Sorenson (3). After as many as there are parameters they begin anew.
optim_conjugate <- function(par, value, slope, control) {
  how <- .search_settings(control, maxit = 100L, type = 1L)
  if (!how$type %in% 1:3) stop("unknown type in \"CG\" method of 'optim'")
  flat <- length(par) * how$reltol^1.5
  point <- from <- par
  best <- value(point)
  if (!is.finite(best)) stop("Function cannot be evaluated at initial parameters")
  gradients <- 0L
  made <- 0L
  done <- FALSE
  while (!done && gradients < how$maxit) {
    if (made == 0L) {
      direction <- before <- numeric(length(par))
      step <- 1
    }
    made <- made + 1L
    gradients <- gradients + 1L
    from <- point
    g <- slope(point)
    turn <- g - before
    over <- sum(g * (if (how$type == 1L) g else turn))
    under <- sum(if (how$type == 3L) direction * turn else before^2)
    before <- g
    stuck <- over <= flat
    if (stuck) step <- 1
    else {
      direction <- direction * (if (under > 0) over / under else 1) - g
      projection <- sum(direction * g)
      found <- .step_back(value, from, best, direction, projection, step)
      stuck <- !found$moved
      point <- found$point
      if (found$moved) best <- found$value
      # Half the way may be better still.
      if (found$moved && projection < 0) {
        half <- from + found$step / 2 * direction
        there <- value(half)
        if (there < best) {
          best <- there
          point <- half
        }
      }
      step <- min(1.7 * found$step, 1)
    }
    if (stuck || made == length(par)) {
      done <- made == 1L && (stuck || best <= how$abstol)
      made <- 0L
    }
  }
  list(par = from, value = best, convergence = if (done) 0L else 1L, gradients = if (done) gradients else gradients + 1L)
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
