# Minimising within bounds, with few numbers remembered (L-BFGS-B).
# Sources: R. H. Byrd, P. Lu, J. Nocedal and C. Zhu, SIAM J. Scientific Computing 16 (1995); J. J. More and
# D. J. Thuente, ACM Transactions on Mathematical Software 20 (1994). The matrix is never written out: a picture has 100000 pixels.

optim_bounded <- function(par, value, slope, lower, upper, control) {
  limit <- if (is.null(control$maxit)) 100L else control$maxit
  kept <- if (is.null(control$lmm)) 5L else control$lmm
  tolerance <- (if (is.null(control$factr)) 1e7 else control$factr) * .Machine$double.eps
  flat <- if (is.null(control$pgtol)) 0 else control$pgtol
  constrained <- any(is.finite(lower) | is.finite(upper))
  boxed <- all(is.finite(lower) & is.finite(upper))
  x <- pmin(pmax(unname(par), lower), upper)
  finite_value <- function(at) {
    f <- value(at)
    if (!is.finite(f)) stop("L-BFGS-B needs finite values of 'fn'")
    f
  }
  remaining <- function() max(abs(ifelse(g < 0, pmax(x - upper, g), pmin(x - lower, g))))
  answer <- function(code, message) list(par = x, value = f, convergence = code, message = message)
  f <- finite_value(x)
  g <- slope(x)
  if (remaining() <= flat) return(answer(0L, "CONVERGENCE: NORM OF PROJECTED GRADIENT <= PGTOL"))
  steps <- bends <- list()
  scale <- 1
  turn <- 0L
  repeat {
    curvature <- bounded_curvature(steps, bends, scale, length(x))
    aim <- if (!constrained && length(steps)) list(point = x, free = rep(TRUE, length(x))) else cauchy_point(x, g, curvature, lower, upper)
    if (any(aim$free) && length(steps)) aim$point <- subspace_point(aim, x, g, curvature, lower, upper, constrained)
    direction <- aim$point - x
    before <- list(x = x, f = f, g = g)
    found <- bounded_line(x, f, g, direction, aim$point, turn, constrained, boxed, lower, upper, finite_value, slope)
    if (is.null(found)) {
      if (!length(steps)) return(answer(52L, "ERROR: ABNORMAL_TERMINATION_IN_LNSRCH"))
      steps <- bends <- list()
      scale <- 1
      next
    }
    x <- found$x
    f <- found$f
    g <- found$g
    turn <- turn + 1L
    if (turn > limit) return(answer(1L, "NEW_X"))
    if (remaining() <= flat) return(answer(0L, "CONVERGENCE: NORM OF PROJECTED GRADIENT <= PGTOL"))
    if (before$f - f <= tolerance * max(abs(before$f), abs(f), 1)) return(answer(0L, "CONVERGENCE: REL_REDUCTION_OF_F <= FACTR*EPSMCH"))
    bend <- g - before$g
    moved <- found$step * direction
    curve <- (found$slope - found$first) * found$step
    if (curve <= -.Machine$double.eps * found$first * found$step) next
    steps <- c(steps, list(moved))
    bends <- c(bends, list(bend))
    if (length(steps) > kept) {
      steps <- steps[-1L]
      bends <- bends[-1L]
    }
    scale <- sum(bend^2) / curve
  }
}

# The matrix of second derivatives as the remembered steps and changes of the gradient tell it: a multiple of the
# identity, and for each step one way taken off and one put on.
bounded_curvature <- function(steps, bends, scale, size) {
  made <- list(scale = scale, ways = matrix(0, size, 0L), signs = numeric())
  for (k in seq_along(steps)) {
    image <- curved(made, steps[[k]])
    made$ways <- cbind(made$ways, image / sqrt(sum(steps[[k]] * image)), bends[[k]] / sqrt(sum(steps[[k]] * bends[[k]])))
    made$signs <- c(made$signs, -1, 1)
  }
  made
}

curved <- function(curvature, moved) {
  curvature$scale * moved + as.vector(curvature$ways %*% (curvature$signs * crossprod(curvature$ways, moved)))
}

# What the matrix's rows and columns of the free variables make into `slope`: within the space of the ways by a small
# system, outside of it by the multiple of the identity alone.
uncurved <- function(curvature, free, slope) {
  parts <- svd(curvature$ways[free, , drop = FALSE])
  within <- crossprod(parts$u, slope)
  turned <- t(parts$v) * parts$d
  small <- turned %*% (curvature$signs * t(turned)) + diag(curvature$scale, length(parts$d))
  as.vector((slope - parts$u %*% within) / curvature$scale + parts$u %*% solve(small, within))
}

# Where the quadratic model first stops falling along the gradient's path, bent at the bounds.
cauchy_point <- function(x, g, curvature, lower, upper) {
  size <- length(x)
  breaks <- rep(Inf, size)
  breaks[g < 0] <- ((x - upper) / g)[g < 0]
  breaks[g > 0] <- ((x - lower) / g)[g > 0]
  free <- !(breaks <= 0)
  direction <- ifelse(free, -g, 0)
  moved <- numeric(size)
  if (!any(direction != 0)) return(list(point = x, free = free))
  first <- -sum(direction^2)
  second <- sum(direction * curved(curvature, direction))
  floor <- .Machine$double.eps * second
  reached <- 0
  best <- -first / second
  stopped <- FALSE
  for (at in order(breaks)) {
    if (!is.finite(breaks[at])) break
    if (!free[at]) next
    length <- breaks[at] - reached
    if (best < length) break
    moved <- moved + length * direction
    reached <- breaks[at]
    moved[at] <- (if (direction[at] > 0) upper[at] else lower[at]) - x[at]
    free[at] <- FALSE
    direction[at] <- 0
    if (!any(direction != 0)) {
      stopped <- TRUE
      break
    }
    first <- sum(direction * (g + curved(curvature, moved)))
    second <- max(floor, sum(direction * curved(curvature, direction)))
    best <- -first / second
  }
  if (!stopped) moved <- moved + max(best, 0) * direction
  list(point = x + moved, free = free)
}

# The model's least point over the variables that are free, cut off where the first of them meets a bound.
subspace_point <- function(aim, x, g, curvature, lower, upper, constrained) {
  free <- which(aim$free)
  direction <- -uncurved(curvature, free, g[free] + curved(curvature, aim$point - x)[free])
  point <- aim$point
  share <- 1
  meets <- 0L
  if (constrained) for (k in seq_along(free)) {
    d <- direction[k]
    if (d == 0) next
    room <- (if (d < 0) lower[free[k]] else upper[free[k]]) - point[free[k]]
    if (!is.finite(room)) next
    most <- if (d < 0 && room >= 0 || d > 0 && room <= 0) 0 else if (d * share / room > 1) room / d else share
    if (most < share) {
      share <- most
      meets <- k
    }
  }
  point[free] <- point[free] + share * direction
  if (meets) point[free[meets]] <- if (direction[meets] > 0) upper[free[meets]] else lower[free[meets]]
  point
}

# A step along the direction that lowers the value enough and flattens the slope; nothing where there is none.
bounded_line <- function(x, f, g, direction, aim, turn, constrained, boxed, lower, upper, value, slope) {
  longest <- 1e10
  if (constrained) {
    if (turn == 0L) longest <- 1
    else for (k in seq_along(x)) {
      room <- (if (direction[k] < 0) lower[k] else upper[k]) - x[k]
      if (direction[k] == 0 || !is.finite(room)) next
      if (room * direction[k] <= 0) longest <- 0
      else if (direction[k] * longest / room > 1) longest <- room / direction[k]
    }
  }
  step <- if (turn == 0L && !boxed) min(1 / sqrt(sum(direction^2)), longest) else 1
  first <- sum(g * direction)
  if (first >= 0) return(NULL)
  search <- line_search(f, first, step, longest)
  for (round in 1:20) {
    at <- if (search$step == 1) aim else x + search$step * direction
    there <- value(at)
    steeper <- slope(at)
    along <- sum(steeper * direction)
    search <- line_search_next(search, there, along)
    if (search$done) return(list(x = at, f = there, g = steeper, step = search$step, slope = along, first = first))
  }
  NULL
}

line_search <- function(f, slope, step, longest) {
  list(step = step, longest = longest, value = f, slope = slope, bracketed = FALSE, early = TRUE, width = longest, width_before = 2 * longest,
       best = c(0, f, slope), other = c(0, f, slope), least = 0, most = 5 * step, done = FALSE)
}

line_search_next <- function(s, f, g) {
  enough <- 1e-3 * s$slope
  line <- s$value + s$step * enough
  if (s$early && f <= line && g >= 1e-3 * s$slope) s$early <- FALSE
  if (s$bracketed && (s$step <= s$least || s$step >= s$most || s$most - s$least <= 0.1 * s$most) ||
      s$step == s$longest && f <= line && g <= enough || s$step == 0 && (f > line || g >= enough) ||
      f <= line && abs(g) <= -0.9 * s$slope) {
    s$done <- TRUE
    return(s)
  }
  if (s$early && f <= s$best[2L] && f > line) {
    tilt <- function(p) c(p[1L], p[2L] - p[1L] * enough, p[3L] - enough)
    back <- function(p) c(p[1L], p[2L] + p[1L] * enough, p[3L] + enough)
    s <- line_step(s, tilt(s$best), tilt(s$other), tilt(c(s$step, f, g)))
    s$best <- back(s$best)
    s$other <- back(s$other)
  } else s <- line_step(s, s$best, s$other, c(s$step, f, g))
  if (s$bracketed) {
    gap <- abs(s$other[1L] - s$best[1L])
    if (gap >= 0.66 * s$width_before) s$step <- s$best[1L] + 0.5 * (s$other[1L] - s$best[1L])
    s$width_before <- s$width
    s$width <- gap
    s$least <- min(s$best[1L], s$other[1L])
    s$most <- max(s$best[1L], s$other[1L])
  } else {
    s$least <- s$best[1L]
    s$most <- s$step + 4 * (s$step - s$best[1L])
  }
  s$step <- min(max(s$step, 0), s$longest)
  if (s$bracketed && (s$step <= s$least || s$step >= s$most || s$most - s$least <= 0.1 * s$most)) s$step <- s$best[1L]
  s
}

# The next trial from the best point so far, the interval's other end and the last trial, each a place, a value and a slope.
line_step <- function(s, best, other, trial) {
  turned <- trial[3L] * sign(best[3L])
  gap <- trial[1L] - best[1L]
  cubic <- function(a, b) {
    middle <- 3 * (a[2L] - b[2L]) / (b[1L] - a[1L]) + a[3L] + b[3L]
    size <- max(abs(middle), abs(a[3L]), abs(b[3L]))
    c(middle, size, (middle / size)^2 - (a[3L] / size) * (b[3L] / size))
  }
  if (trial[2L] > best[2L]) {
    m <- cubic(best, trial)
    root <- m[2L] * sqrt(m[3L]) * (if (trial[1L] < best[1L]) -1 else 1)
    near <- best[1L] + (root - best[3L] + m[1L]) / (root - best[3L] + root + trial[3L]) * gap
    square <- best[1L] + best[3L] / ((best[2L] - trial[2L]) / gap + best[3L]) / 2 * gap
    step <- if (abs(near - best[1L]) < abs(square - best[1L])) near else near + (square - near) / 2
    s$bracketed <- TRUE
  } else if (turned < 0) {
    m <- cubic(best, trial)
    root <- m[2L] * sqrt(m[3L]) * (if (trial[1L] > best[1L]) -1 else 1)
    near <- trial[1L] + (root - trial[3L] + m[1L]) / (root - trial[3L] + root + best[3L]) * -gap
    square <- trial[1L] + trial[3L] / (trial[3L] - best[3L]) * -gap
    step <- if (abs(near - trial[1L]) > abs(square - trial[1L])) near else square
    s$bracketed <- TRUE
  } else if (abs(trial[3L]) < abs(best[3L])) {
    m <- cubic(best, trial)
    root <- m[2L] * sqrt(max(0, m[3L])) * (if (trial[1L] > best[1L]) -1 else 1)
    ratio <- (root - trial[3L] + m[1L]) / (root + (best[3L] - trial[3L]) + root)
    near <- if (ratio < 0 && root != 0) trial[1L] + ratio * -gap else if (trial[1L] > best[1L]) s$most else s$least
    square <- trial[1L] + trial[3L] / (trial[3L] - best[3L]) * -gap
    if (s$bracketed) {
      step <- if (abs(near - trial[1L]) < abs(square - trial[1L])) near else square
      bound <- trial[1L] + 0.66 * (other[1L] - trial[1L])
      step <- if (trial[1L] > best[1L]) min(bound, step) else max(bound, step)
    } else {
      step <- if (abs(near - trial[1L]) > abs(square - trial[1L])) near else square
      step <- max(s$least, min(s$most, step))
    }
  } else if (s$bracketed) {
    m <- cubic(other, trial)
    root <- m[2L] * sqrt(m[3L]) * (if (trial[1L] > other[1L]) -1 else 1)
    step <- trial[1L] + (root - trial[3L] + m[1L]) / (root - trial[3L] + root + other[3L]) * (other[1L] - trial[1L])
  } else step <- if (trial[1L] > best[1L]) s$most else s$least
  if (trial[2L] > best[2L]) s$other <- trial
  else {
    s$other <- if (turned < 0) best else other
    best <- trial
  }
  s$best <- best
  s$step <- step
  s
}
