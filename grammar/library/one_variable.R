# Roots, minima and integrals of functions of one variable.

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
