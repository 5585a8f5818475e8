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
  .checked_search(begun$ends[1L], begun$ends[2L], tol)
  if (maxiter <= 0) stop("'maxiter' must be positive")
  own <- sys.call()
  # An end that is a root already is the root.
  exact <- begun$ends[begun$values == 0]
  found <- if (length(exact)) list(root = exact[1L], rounds = 0L, precision = 0)
    else .brent_root(function(x) .root_value(at(x), own), begun$ends, begun$values, tol, maxiter)
  if (is.na(found$precision)) warning("_NOT_ converged in ", maxiter, ngettext(maxiter, " iteration", " iterations"))
  list(root = found$root, f.root = at(found$root), iter = sum(found$rounds, begun$rounds, na.rm = TRUE), init.it = begun$rounds, estim.prec = found$precision)
}

.root_value <- function(value, call) {
  if (!is.numeric(value) || length(value) != 1L) stop(simpleError("invalid function value in 'zeroin'", call))
  if (is.finite(value)) return(value)
  if (!identical(value, -Inf)) return(.replaced_value(call))
  warning(simpleWarning("-Inf replaced by maximally negative value", call))
  -.Machine$double.xmax
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

# The ends of a search, when numbers, ends and tolerance can be searched with.
.checked_search <- function(lower, upper, tol) {
  refuse <- function(...) stop(simpleError(paste0(...), sys.call(-2L)))
  ends <- as.double(lower)[1L]
  if (!is.finite(ends)) refuse("invalid 'xmin' value")
  ends[2L] <- as.double(upper)[1L]
  if (!is.finite(ends[2L])) refuse("invalid 'xmax' value")
  if (ends[1L] >= ends[2L]) refuse("'xmin' not less than 'xmax'")
  tol <- as.double(tol)[1L]
  if (!is.finite(tol) || tol <= 0) refuse("invalid 'tol' value")
  ends
}

.replaced_value <- function(call) {
  warning(simpleWarning("NA/Inf replaced by maximum positive value", call))
  .Machine$double.xmax
}

# What is no number is higher than every other value.
.search_value <- function(value, side, call) {
  if (!is.numeric(value) || length(value) != 1L) stop(simpleError("invalid function value in 'optimize'", call))
  if (is.finite(value)) side * value else .replaced_value(call)
}

optimize <- function(f, interval, ..., lower = min(interval), upper = max(interval), maximum = FALSE,
                     tol = .Machine$double.eps^0.25) {
  ends <- .checked_search(lower, upper, tol)
  side <- if (maximum) -1 else 1
  own <- sys.call()
  found <- .brent_minimum(function(arg) .search_value(f(arg, ...), side, own), ends, tol)
  structure(list(found, f(found, ...)), names = c(if (maximum) "maximum" else "minimum", "objective"))
}

optimise <- function(f, interval, ..., lower = min(interval), upper = max(interval), maximum = FALSE, tol = .Machine$double.eps^0.25)
  optimize(f, interval, ..., lower = lower, upper = upper, maximum = maximum, tol = tol)

integrate <- function(f, lower, upper, ..., subdivisions = 100L, rel.tol = .Machine$double.eps^0.25, abs.tol = rel.tol,
                      stop.on.error = TRUE, keep.xy = FALSE, aux = NULL) {
  .unsupported(keep.xy, aux)
  f <- match.fun(f)
  stopifnot(length(lower) == 1, length(upper) == 1)
  if (is.na(lower) || is.na(upper)) stop("a limit is NA or NaN")
  ends <- as.double(c(lower, upper))
  if (anyNA(ends)) stop("the integral is probably divergent")
  if (subdivisions < 1L || (abs.tol <= 0 && rel.tol < max(50 * .Machine$double.eps, 5e-29))) stop("invalid parameter values")
  own <- sys.call()
  at <- function(x) .integrand_values(f(x, ...), length(x), own)
  kind <- if (all(is.finite(ends))) "finite" else "infinite"
  turned <- if (kind == "finite" && ends[1L] > ends[2L]) -1 else 1
  if (kind == "finite") ends <- sort(ends) else {
    at <- .seen_to_infinity(at, ends[1L], ends[2L])
    ends <- c(0, 1)
  }
  rule <- .kronrod_rules[[kind]]
  pieces <- rbind(.kronrod_piece(at, ends[1L], ends[2L], rule))
  repeat {
    totals <- colSums(pieces)[c("value", "error")]
    if (totals[2L] <= max(abs.tol, rel.tol * abs(totals[1L])) || nrow(pieces) >= subdivisions) break
    worst <- which.max(pieces[, "error"])
    cuts <- c(pieces[worst, "from"], mean(pieces[worst, c("from", "to")]), pieces[worst, "to"])
    pieces <- rbind(pieces[-worst, , drop = FALSE], .kronrod_piece(at, cuts[[1L]], cuts[[2L]], rule), .kronrod_piece(at, cuts[[2L]], cuts[[3L]], rule))
  }
  reached <- nrow(pieces) < subdivisions || totals[2L] <= max(abs.tol, rel.tol * abs(totals[1L]))
  said <- if (reached) "OK" else "maximum number of subdivisions reached"
  if (!reached && stop.on.error) stop(said)
  structure(list(value = turned * totals[[1L]], abs.error = totals[[2L]], subdivisions = nrow(pieces), message = said, call = match.call()),
            class = "integrate")
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

# Source: R. Piessens and others, QUADPACK (1983): the rule of Gauss and Kronrod with 21 points, and the one with 15 for infinite ranges.
# The nodes from the outermost to the middle, the weights of Kronrod's rule, and those of Gauss's, which has every other node.
.kronrod_rules <- list(
  finite = list(
    nodes = c(0.99565716302580808, 0.97390652851717172, 0.93015749135570823, 0.86506336668898451, 0.78081772658641690, 0.67940956829902441,
              0.56275713466860468, 0.43339539412924719, 0.29439286270146020, 0.14887433898163121, 0),
    weights = c(0.011694638867371874, 0.032558162307964727, 0.054755896574351996, 0.075039674810919953, 0.093125454583697606, 0.10938715880229764,
                0.12349197626206585, 0.13470921731147333, 0.14277593857706008, 0.14773910490133849, 0.14944555400291691),
    gauss = c(0, 0.066671344308688138, 0, 0.14945134915058059, 0, 0.21908636251598204, 0, 0.26926671930999636, 0, 0.29552422471475287, 0)),
  infinite = list(
    nodes = c(0.991455371120812639, 0.949107912342758525, 0.864864423359769073, 0.741531185599394440, 0.586087235467691130, 0.405845151377397167,
              0.207784955007898468, 0),
    weights = c(0.022935322010529225, 0.063092092629978553, 0.104790010322250184, 0.140653259715525919, 0.169004726639267903, 0.190350578064785410,
                0.204432940075298892, 0.209482141084727828),
    gauss = c(0, 0.129484966168869694, 0, 0.279705391489276668, 0, 0.381830050505118945, 0, 0.417959183673469388))
)

# The integral over one piece by a rule, and how far it may be off.
.integrand_values <- function(values, size, call) {
  refuse <- function(said) stop(simpleError(said, call))
  if (length(values) != size) refuse("evaluation of function gave a result of wrong length")
  if (!is.numeric(values)) refuse("evaluation of function gave a result of wrong type")
  if (!all(is.finite(values))) refuse("non-finite function value")
  values
}

.kronrod_piece <- function(f, from, to, rule) {
  both_sides <- function(half) c(half, rev(half)[-1L])
  size <- length(rule$nodes)
  values <- f((from + to) / 2 + (to - from) / 2 * c(-rule$nodes, rev(rule$nodes)[-1L]))
  weights <- both_sides(rule$weights)
  half <- (to - from) / 2
  mean <- sum(weights * values) / 2
  spread <- sum(weights * abs(values - mean)) * half
  error <- abs(2 * mean - sum(both_sides(rule$gauss) * values)) * half
  if (spread > 0 && error > 0) error <- spread * min(1, (200 * error / spread)^1.5)
  c(from = from, to = to, value = 2 * mean * half, error = max(error, 50 * .Machine$double.eps * sum(weights * abs(values)) * half))
}

# A range that has no end is seen through x = (1 - t) / t, from 0 to 1.
.seen_to_infinity <- function(f, lower, upper) {
  force(f)
  if (is.finite(lower)) function(t) f(lower + (1 - t) / t) / t^2
  else if (is.finite(upper)) function(t) f(upper - (1 - t) / t) / t^2
  else function(t) (f((1 - t) / t) + f(-(1 - t) / t)) / t^2
}
