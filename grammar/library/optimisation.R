# Roots, minima and integrals of functions.

uniroot <- function(f, interval, ..., lower = min(interval), upper = max(interval), f.lower = f(lower, ...),
                    f.upper = f(upper, ...), extendInt = c("no", "yes", "downX", "upX"), check.conv = FALSE,
                    tol = .Machine$double.eps^0.25, maxiter = 1000, trace = 0) {
  .unsupported(check.conv, trace, "print in 'f'")
  if (!is.numeric(lower) || !is.numeric(upper) || lower >= upper) stop("lower < upper  is not fulfilled")
  if (is.na(f.lower) || is.na(f.upper)) stop("f.lower = f(lower) is NA")
  extendInt <- match.arg(extendInt, c("no", "yes", "downX", "upX"))
  # Ends where the sign is wrong move outwards in steps that double.
  away <- 0.01 * pmax(1e-4, abs(c(lower, upper)))
  rising <- if (extendInt == "upX") 1 else -1
  repeat {
    wrong <- switch(extendInt, no = c(FALSE, FALSE), yes = rep(f.lower * f.upper > 0, 2L),
                    c(rising * f.lower > 0, rising * f.upper < 0))
    wrong <- wrong & is.finite(c(lower, upper))
    if (!any(wrong)) break
    if (max(away) > 1e300) stop("no sign change found in the extended interval")
    if (wrong[1L]) {
      lower <- lower - away[1L]
      f.lower <- f(lower, ...)
    }
    if (wrong[2L]) {
      upper <- upper + away[2L]
      f.upper <- f(upper, ...)
    }
    if (is.na(f.lower) || is.na(f.upper)) stop("f() is NA at an end of the extended interval")
    away <- 2 * away
  }
  if (f.lower * f.upper > 0) stop("f() values at end points not of opposite sign")
  a <- lower
  b <- upper
  fa <- f.lower
  fb <- f.upper
  c <- a
  fc <- fa
  count <- 0L
  precision <- NA_real_
  repeat {
    step <- b - a
    if (abs(fc) < abs(fb)) {
      a <- b
      b <- c
      c <- a
      fa <- fb
      fb <- fc
      fc <- fa
    }
    accuracy <- 2 * .Machine$double.eps * abs(b) + tol / 2
    move <- (c - b) / 2
    if (abs(move) <= accuracy || fb == 0) {
      precision <- abs(c - b)
      break
    }
    if (abs(step) >= accuracy && abs(fa) > abs(fb)) {
      gap <- c - b
      if (a == c) {
        ratio <- fb / fa
        p <- gap * ratio
        q <- 1 - ratio
      } else {
        q <- fa / fc
        first <- fb / fc
        second <- fb / fa
        p <- second * (gap * q * (q - first) - (b - a) * (first - 1))
        q <- (q - 1) * (first - 1) * (second - 1)
      }
      if (p > 0) q <- -q else p <- -p
      if (p < 0.75 * gap * q - abs(accuracy * q) / 2 && p < abs(step * q / 2)) move <- p / q
    }
    if (abs(move) < accuracy) move <- if (move > 0) accuracy else -accuracy
    a <- b
    fa <- fb
    b <- b + move
    fb <- f(b, ...)
    count <- count + 1L
    if ((fb > 0 && fc > 0) || (fb < 0 && fc < 0)) {
      c <- a
      fc <- fa
    }
    if (count > maxiter) {
      warning("_NOT_ converged in ", maxiter, " iterations")
      break
    }
  }
  list(root = b, f.root = f(b, ...), iter = count, init.it = NA_integer_, estim.prec = precision)
}

optimize <- function(f, interval, ..., lower = min(interval), upper = max(interval), maximum = FALSE,
                     tol = .Machine$double.eps^0.25) {
  value <- if (maximum) function(x) -f(x, ...) else function(x) f(x, ...)
  golden <- (3 - sqrt(5)) * 0.5
  eps <- sqrt(.Machine$double.eps)
  a <- lower
  b <- upper
  v <- a + golden * (b - a)
  w <- v
  x <- v
  d <- 0
  e <- 0
  fx <- value(x)
  fv <- fx
  fw <- fx
  third <- tol / 3
  repeat {
    middle <- (a + b) * 0.5
    near <- eps * abs(x) + third
    wide <- near * 2
    if (abs(x - middle) <= wide - (b - a) * 0.5) break
    p <- 0
    q <- 0
    r <- 0
    if (abs(e) > near) {
      r <- (x - w) * (fx - fv)
      q <- (x - v) * (fx - fw)
      p <- (x - v) * q - (x - w) * r
      q <- (q - r) * 2
      if (q > 0) p <- -p else q <- -q
      r <- e
      e <- d
    }
    if (abs(p) >= abs(q * 0.5 * r) || p <= q * (a - x) || p >= q * (b - x)) {
      e <- if (x < middle) b - x else a - x
      d <- golden * e
    } else {
      d <- p / q
      u <- x + d
      if (u - a < wide || b - u < wide) d <- if (x >= middle) -near else near
    }
    u <- if (abs(d) >= near) x + d else if (d > 0) x + near else x - near
    fu <- value(u)
    if (fu <= fx) {
      if (u < x) b <- x else a <- x
      v <- w
      w <- x
      x <- u
      fv <- fw
      fw <- fx
      fx <- fu
    } else {
      if (u < x) a <- u else b <- u
      if (fu <= fw || w == x) {
        v <- w
        fv <- fw
        w <- u
        fw <- fu
      } else if (fu <= fv || v == x || v == w) {
        v <- u
        fv <- fu
      }
    }
  }
  if (maximum) list(maximum = x, objective = f(x, ...)) else list(minimum = x, objective = f(x, ...))
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

approx <- function(x, y = NULL, xout, method = "linear", n = 50, yleft = NA, yright = NA, rule = 1, f = 0, ties = mean, na.rm = TRUE) {
  if (is.null(y)) {
    y <- x
    x <- seq_along(y)
  }
  if (length(x) != length(y)) stop("'x' and 'y' lengths differ")
  if (!is.numeric(y) || is.object(y)) y <- as.numeric(y)
  if (!is.numeric(x) || is.object(x)) x <- as.numeric(x)
  if (!na.rm && anyNA(x)) stop("approx(x,y, .., na.rm=FALSE): NA values in x are not allowed")
  keep <- !is.na(x) & (!na.rm | !is.na(y))
  if (method == "linear" && length(unique(x[keep])) < 2L) stop("need at least two non-NA values to interpolate")
  if (!any(keep)) stop("zero non-NA points")
  order <- order(x[keep])
  x <- x[keep][order]
  y <- y[keep][order]
  if (anyDuplicated(x) && !identical(ties, "ordered")) {
    if (missing(ties)) warning("collapsing to unique 'x' values")
    y <- as.vector(tapply(y, match(x, x), match.fun(ties)))
    x <- unique(x)
  }
  if (missing(xout)) xout <- seq(x[1L], x[length(x)], length.out = n)
  if (rule[1L] == 2) yleft <- y[1L]
  if (rule[length(rule)] == 2) yright <- y[length(y)]
  asked <- xout
  if (is.object(xout)) xout <- as.numeric(xout)
  at <- findInterval(xout, x, rightmost.closed = TRUE)
  inside <- !is.na(at) & at >= 1 & at < length(x)
  answer <- rep(NA_real_, length(xout))
  k <- at[inside]
  answer[inside] <- if (method == "constant") (if (f == 0) y[k] else y[k] * (1 - f) + y[k + 1] * f) else y[k] + (y[k + 1] - y[k]) * (xout[inside] - x[k]) / (x[k + 1] - x[k])
  answer[xout < x[1L]] <- yleft
  answer[xout > x[length(x)]] <- yright
  met <- match(xout, x)
  answer[!is.na(met)] <- y[met[!is.na(met)]]
  list(x = asked, y = answer)
}

approxfun <- function(x, y = NULL, method = "linear", yleft = NA, yright = NA, rule = 1, f = 0, ties = mean, na.rm = TRUE) {
  approx(x, y, xout = numeric(), method = method, ties = ties, na.rm = na.rm)
  force(f)
  function(v) approx(x, y, v, method, yleft = yleft, yright = yright, rule = rule, f = f, ties = ties, na.rm = na.rm)$y
}

# Convolution is multiplication of spectra. Zeros keep the ends of a series that is no circle from meeting.
convolve <- function(x, y, conj = TRUE, type = c("circular", "open", "filter")) {
  sizes <- c(length(x), length(y))
  circular <- match.arg(type) == "circular"
  if (circular && diff(sizes) != 0) stop("length mismatch in convolution")
  apart <- if (circular) c(0L, 0L) else sizes - 1L
  first <- fft(c(numeric(apart[2L]), x))
  second <- fft(c(y, numeric(apart[1L])))
  made <- fft(first * (if (conj) Conj(second) else second), inverse = TRUE) / length(first)
  if (!is.complex(x) && !is.complex(y)) made <- Re(made)
  if (match.arg(type) == "filter") made[seq.int(sizes[2L], length.out = sizes[1L] - apart[2L])] else made
}

embed <- function(x, dimension = 1) {
  lines <- if (is.matrix(x)) nrow(x) else length(x)
  if (!is.matrix(x) && !is.vector(x) && !is.ts(x)) stop("'x' is not a vector or matrix")
  if (dimension < 1 || dimension > lines) stop("wrong embedding dimension")
  if (is.matrix(x)) {
    made <- matrix(0, lines - dimension + 1L, dimension * ncol(x))
    for (column in seq_len(ncol(x))) made[, column + ncol(x) * (seq_len(dimension) - 1L)] <- embed(as.vector(x[, column]), dimension)
    return(made)
  }
  size <- lines - dimension + 1L
  matrix(x[1L:size + rep.int(dimension:1L, rep.int(size, dimension)) - 1L], size, dimension)
}
