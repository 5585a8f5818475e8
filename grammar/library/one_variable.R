# Roots, minima and integrals of functions of one variable.

uniroot <- function(f, interval, ..., lower = min(interval), upper = max(interval), f.lower = f(lower, ...),
                    f.upper = f(upper, ...), extendInt = c("no", "yes", "downX", "upX"), check.conv = FALSE,
                    tol = .Machine$double.eps^0.25, maxiter = 1000, trace = 0) {
  .unsupported(check.conv, trace, "print in 'f'")
  if (!is.numeric(lower) || !is.numeric(upper) || lower >= upper) stop("lower < upper  is not fulfilled")
  if (is.na(f.lower)) stop("f.lower = f(lower) is NA")
  if (is.na(f.upper)) stop("f.upper = f(upper) is NA")
  way <- match.arg(extendInt)
  at <- function(x) f(x, ...)
  begun <- list(ends = c(lower, upper), values = c(f.lower, f.upper), rounds = NA_integer_)
  if (way != "no" && prod(begun$values) > 0) begun <- .widened_interval(at, begun$ends, begun$values, way)
  if (prod(begun$values) > 0) stop("f() values at end points not of opposite sign")
  # An end that is a root already is the root.
  exact <- begun$ends[begun$values == 0]
  found <- if (length(exact)) list(root = exact[1L], rounds = 0L, precision = 0) else .brent_root(at, begun$ends, begun$values, tol, maxiter)
  if (is.na(found$precision)) warning("_NOT_ converged in ", maxiter, " iterations")
  list(root = found$root, f.root = at(found$root), iter = sum(found$rounds, begun$rounds, na.rm = TRUE), init.it = begun$rounds, estim.prec = found$precision)
}

# Source: R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 5: of three points the parabola's minimum, of two
# the golden section. The points stand in the order of their values.
.brent_minimum <- function(f, ends, tol) {
  golden <- (3 - sqrt(5)) * 0.5
  x <- rep(ends[1L] + golden * (ends[2L] - ends[1L]), 3L)
  y <- rep(f(x[1L]), 3L)
  move <- before <- 0
  repeat {
    middle <- sum(ends) * 0.5
    nearest <- sqrt(.Machine$double.eps) * abs(x[1L]) + tol / 3
    if (abs(x[1L] - middle) <= 2 * nearest - (ends[2L] - ends[1L]) * 0.5) return(x[1L])
    over <- under <- longest <- 0
    if (abs(before) > nearest) {
      to_second <- (x[1L] - x[2L]) * (y[1L] - y[3L])
      to_third <- (x[1L] - x[3L]) * (y[1L] - y[2L])
      over <- (x[1L] - x[3L]) * to_third - (x[1L] - x[2L]) * to_second
      under <- (to_third - to_second) * 2
      if (under > 0) over <- -over else under <- -under
      longest <- before
      before <- move
    }
    room <- under * (ends - x[1L])
    if (abs(over) < abs(under * 0.5 * longest) && over > room[1L] && over < room[2L]) {
      move <- over / under
      if (any(abs(x[1L] + move - ends) < 2 * nearest)) move <- if (x[1L] >= middle) -nearest else nearest
    } else {
      before <- (if (x[1L] < middle) ends[2L] else ends[1L]) - x[1L]
      move <- golden * before
    }
    there <- x[1L] + if (abs(move) >= nearest) move else if (move > 0) nearest else -nearest
    value <- f(there)
    improved <- value <= y[1L]
    # The worse of the two points closes the interval on its side.
    side <- if ((there < x[1L]) == improved) 2L else 1L
    ends[side] <- if (improved) x[1L] else there
    place <- if (improved) 1L else if (value <= y[2L] || x[2L] == x[1L]) 2L else if (value <= y[3L] || x[3L] %in% x[1:2]) 3L else 4L
    x <- append(x, there, place - 1L)[1:3]
    y <- append(y, value, place - 1L)[1:3]
  }
}

optimize <- function(f, interval, ..., lower = min(interval), upper = max(interval), maximum = FALSE,
                     tol = .Machine$double.eps^0.25) {
  side <- if (maximum) -1 else 1
  found <- .brent_minimum(function(x) side * f(x, ...), c(lower, upper), tol)
  structure(list(found, f(found, ...)), names = c(if (maximum) "maximum" else "minimum", "objective"))
}

optimise <- function(f, interval, ..., lower = min(interval), upper = max(interval), maximum = FALSE, tol = .Machine$double.eps^0.25)
  optimize(f, interval, ..., lower = lower, upper = upper, maximum = maximum, tol = tol)

integrate <- function(f, lower, upper, ..., subdivisions = 100L, rel.tol = .Machine$double.eps^0.25, abs.tol = rel.tol,
                      stop.on.error = TRUE, keep.xy = FALSE, aux = NULL) {
  .unsupported(keep.xy, aux)
  f <- match.fun(f)
  g <- function(x) f(x, ...)
  if (is.infinite(lower) || is.infinite(upper)) {
    if (is.infinite(lower) && is.infinite(upper)) h <- function(t) {
      x <- (1 - t) / t
      (g(x) + g(-x)) / t^2
    }
    else if (is.infinite(upper)) h <- function(t) g(lower + (1 - t) / t) / t^2
    else h <- function(t) g(upper - (1 - t) / t) / t^2
    a <- 0
    b <- 1
  } else {
    h <- g
    a <- lower
    b <- upper
  }
  nodes <- c(0.99565716302580808, 0.97390652851717172, 0.93015749135570823, 0.86506336668898451, 0.78081772658641690,
             0.67940956829902441, 0.56275713466860468, 0.43339539412924719, 0.29439286270146020, 0.14887433898163121, 0)
  weights <- c(0.011694638867371874, 0.032558162307964727, 0.054755896574351996, 0.075039674810919953, 0.093125454583697606,
               0.10938715880229764, 0.12349197626206585, 0.13470921731147333, 0.14277593857706008, 0.14773910490133849,
               0.14944555400291691)
  gauss <- c(0, 0.066671344308688138, 0, 0.14945134915058059, 0, 0.21908636251598204, 0, 0.26926671930999636, 0,
             0.29552422471475287, 0)
  points <- c(-nodes, rev(nodes)[-1L])
  kronrod_weights <- c(weights, rev(weights)[-1L])
  gauss_weights <- c(gauss, rev(gauss)[-1L])
  piece <- function(a, b) {
    centre <- (a + b) / 2
    half <- (b - a) / 2
    values <- h(centre + half * points)
    if (length(values) != 21L) stop("evaluation of function gave a result of wrong length")
    if (any(!is.finite(values))) stop("non-finite function value")
    fine <- sum(kronrod_weights * values) * half
    coarse <- sum(gauss_weights * values) * half
    spread <- sum(kronrod_weights * abs(values - fine / (2 * half))) * abs(half)
    error <- abs(fine - coarse)
    if (spread != 0 && error != 0) error <- spread * min(1, (200 * error / spread)^1.5)
    size <- sum(kronrod_weights * abs(values)) * abs(half)
    error <- max(50 * .Machine$double.eps * size, error)
    c(fine, error)
  }
  edges <- matrix(c(a, b), 1L)
  parts <- matrix(piece(a, b), 1L)
  while (sum(parts[, 2L]) > max(abs.tol, rel.tol * abs(sum(parts[, 1L]))) && nrow(parts) < subdivisions) {
    worst <- which.max(parts[, 2L])
    left <- edges[worst, 1L]
    right <- edges[worst, 2L]
    middle <- (left + right) / 2
    edges <- rbind(edges[-worst, , drop = FALSE], c(left, middle), c(middle, right))
    parts <- rbind(parts[-worst, , drop = FALSE], piece(left, middle), piece(middle, right))
  }
  if (nrow(parts) >= subdivisions && stop.on.error) stop("maximum number of subdivisions reached")
  structure(list(value = sum(parts[, 1L]), abs.error = sum(parts[, 2L]), subdivisions = nrow(parts), message = "OK",
                 call = match.call()), class = "integrate")
}

print.integrate <- function(x, digits = getOption("digits"), ...) {
  cat(format(x$value, digits = digits), " with absolute error < ", format(x$abs.error, digits = 2L), "\n", sep = "")
  invisible(x)
}

# The ends of an interval go outwards, each time twice as far, until the function has the sign there that is asked for.
.widened_interval <- function(f, ends, values, way) {
  reach <- 0.01 * pmax(1e-4, abs(ends))
  outwards <- c(-1, 1)
  rising <- if (way == "upX") c(1, -1) else c(-1, 1)
  rounds <- 0L
  repeat {
    wrong <- if (way == "yes") rep(prod(values) > 0, 2L) else rising * values > 0
    wrong <- wrong & is.finite(ends)
    if (!any(wrong)) return(list(ends = ends, values = values, rounds = rounds))
    if (max(reach) > 1e300) stop("no sign change found in the extended interval", call. = FALSE)
    ends[wrong] <- ends[wrong] + (outwards * reach)[wrong]
    values[wrong] <- vapply(ends[wrong], f, 0)
    if (anyNA(values)) stop("f() is NA at an end of the extended interval", call. = FALSE)
    reach <- 2 * reach
    rounds <- rounds + 1L
  }
}

# How far the root is from the best of three points (the last one, the best, and one on the other side): by a line through two of them,
# or by a parabola in the values through all. Given as a fraction with a numerator that is not negative.
.step_to_root <- function(x, f) {
  gap <- x[3L] - x[2L]
  to_last <- f[2L] / f[1L]
  if (x[1L] == x[3L]) {
    over <- gap * to_last
    under <- 1 - to_last
  } else {
    sides <- f[1L] / f[3L]
    across <- f[2L] / f[3L]
    over <- to_last * (gap * sides * (sides - across) - (x[2L] - x[1L]) * (across - 1))
    under <- (sides - 1) * (across - 1) * (to_last - 1)
  }
  if (over > 0) c(over, -under) else c(-over, under)
}

# Source: R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
.brent_root <- function(f, ends, values, tol, limit) {
  x <- ends[c(1L, 2L, 1L)]
  y <- values[c(1L, 2L, 1L)]
  rounds <- 0L
  while (rounds <= limit) {
    last_move <- x[2L] - x[1L]
    if (abs(y[3L]) < abs(y[2L])) {
      x <- x[c(2L, 3L, 2L)]
      y <- y[c(2L, 3L, 2L)]
    }
    nearest <- 2 * .Machine$double.eps * abs(x[2L]) + tol / 2
    gap <- x[3L] - x[2L]
    move <- gap / 2
    if (abs(move) <= nearest || y[2L] == 0) return(list(root = x[2L], rounds = rounds, precision = abs(gap)))
    if (abs(last_move) >= nearest && abs(y[1L]) > abs(y[2L])) {
      share <- .step_to_root(x, y)
      # Only a step that stays well inside and is shorter than the last is better than halving.
      inside <- 0.75 * gap * share[2L] - abs(nearest * share[2L]) / 2
      if (share[1L] < min(inside, abs(last_move * share[2L] / 2))) move <- share[1L] / share[2L]
    }
    if (abs(move) < nearest) move <- if (move > 0) nearest else -nearest
    there <- x[2L] + move
    x <- c(x[2L], there, x[3L])
    y <- c(y[2L], f(there), y[3L])
    if (sign(y[2L]) * sign(y[3L]) > 0) {
      x[3L] <- x[1L]
      y[3L] <- y[1L]
    }
    rounds <- rounds + 1L
  }
  list(root = x[2L], rounds = limit, precision = NA_real_)
}
