# Minima of functions: nlm, nlminb; straight lines by least squares and by local fits; condition numbers.

nlm <- function(f, p, ..., hessian = FALSE, typsize = rep(1, length(p)), fscale = 1, print.level = 0, ndigit = 12, gradtol = 1e-6,
                stepmax = 1000, steptol = 1e-6, iterlim = 100, check.analyticals = TRUE) {
  .unsupported(typsize, fscale, "scale the parameters in 'f'")
  .unsupported(stepmax, "let 'f' grow where it is not to go")
  .unsupported(print.level, "print in 'f'")
  value <- function(x) as.numeric(f(x, ...))
  slope <- function(x) {
    own <- attr(f(x, ...), "gradient")
    if (!is.null(own)) as.numeric(own) else central_slope(value, x)
  }
  x <- p
  own <- attr(f(x, ...), "gradient")
  if (check.analyticals && !is.null(own)) {
    by_steps <- central_slope(value, p)
    if (any(abs(own - by_steps) > 1e-2 * pmax(abs(by_steps), 1))) stop("probable coding error in analytic gradient")
  }
  made <- optim(p, value, slope, method = "BFGS", control = list(maxit = iterlim, reltol = min(1e-14, steptol, gradtol, 10^-ndigit)))
  fit <- list(minimum = made$value, estimate = unname(made$par), gradient = slope(made$par))
  if (hessian) fit$hessian <- optimHess(made$par, value)
  c(fit, list(code = 1L, iterations = made$counts[[2L]]))
}

# Slope by differences on both sides.
central_slope <- function(value, x) {
  vapply(seq_along(x), function(k) {
    h <- 6e-6 * max(abs(x[k]), 1)
    up <- down <- x
    up[k] <- up[k] + h
    down[k] <- down[k] - h
    (value(up) - value(down)) / (2 * h)
  }, 0)
}

optimHess <- function(par, fn, gr = NULL, ..., control = list()) {
  n <- length(par)
  scales <- if (is.null(control$parscale)) rep(1, n) else control$parscale
  height <- if (is.null(control$fnscale)) 1 else control$fnscale
  shifts <- if (is.null(control$ndeps)) rep(1e-3, n) else control$ndeps
  value <- function(p) fn(setNames(p * scales, names(par)), ...) / height
  slope <- if (is.null(gr)) function(p) wide_slope(value, p, shifts) else function(p) gr(setNames(p * scales, names(par)), ...) * scales / height
  at <- unname(par) / scales
  made <- matrix(0, n, n)
  for (k in seq_len(n)) {
    step <- shifts[k] / scales[k]
    up <- down <- at
    up[k] <- up[k] + step
    down[k] <- down[k] - step
    made[k, ] <- height * (slope(up) - slope(down)) / (2 * step * scales[k] * scales)
  }
  made <- (made + t(made)) / 2
  if (!is.null(names(par))) dimnames(made) <- list(names(par), names(par))
  made
}

wide_slope <- function(value, x, shifts) {
  vapply(seq_along(x), function(k) {
    up <- down <- x
    up[k] <- up[k] + shifts[k]
    down[k] <- down[k] - shifts[k]
    (value(up) - value(down)) / (2 * shifts[k])
  }, 0)
}

nlminb <- function(start, objective, gradient = NULL, hessian = NULL, ..., scale = 1, control = list(), lower = -Inf, upper = Inf) {
  .unsupported(hessian, "'gradient' is enough: the curvature is found from it")
  if (any(scale != 1)) stop("argument 'scale' of nlminb() is not supported: scale the parameters in 'objective'")
  most <- if (is.null(control$iter.max)) 150 else control$iter.max
  value <- function(p) as.numeric(objective(setNames(p, names(start)), ...))
  slope <- if (is.null(gradient)) function(p) central_slope(value, p) else function(p) as.numeric(gradient(setNames(p, names(start)), ...))
  bounded <- any(is.finite(lower)) || any(is.finite(upper))
  made <- if (bounded) optim(start, value, slope, method = "L-BFGS-B", lower = lower, upper = upper, control = list(factr = 10, maxit = most))
    else optim(start, value, slope, method = "BFGS", control = list(maxit = most, reltol = 1e-15))
  list(par = setNames(as.numeric(made$par), names(start)), objective = made$value, convergence = made$convergence, iterations = made$counts[[2L]],
       evaluations = c(`function` = made$counts[[1L]], gradient = made$counts[[2L]]),
       message = if (made$convergence == 0L) "relative convergence (4)" else "iteration limit reached without convergence (10)")
}

lsfit <- function(x, y, wt = NULL, intercept = TRUE, tolerance = 1e-07, yname = NULL) {
  x <- as.matrix(x)
  labels <- colnames(x)
  if (is.null(labels)) labels <- if (ncol(x) == 1L) "X" else paste0("X", seq_len(ncol(x)))
  colnames(x) <- labels
  if (intercept) x <- cbind(Intercept = 1, x)
  # Several responses, or one with a name, keep their columns.
  several <- (is.matrix(y) && ncol(y) > 1L) || !is.null(yname)
  y <- as.matrix(y)
  if (several) dimnames(y) <- list(NULL, if (is.null(yname)) paste0("Y", seq_len(ncol(y))) else yname)
  fit <- if (is.null(wt)) lm.fit(x, y, tol = tolerance) else lm.wfit(x, y, wt, tol = tolerance)
  # lm.fit makes a vector of one response; a name of its own brings the column back.
  kept <- function(values, rows) if (several) matrix(values, ncol = ncol(y), dimnames = list(rows, colnames(y))) else values
  list(coefficients = kept(fit$coefficients, colnames(x)), residuals = kept(unname(fit$residuals), NULL),
       intercept = intercept, qr = fit$qr)
}

lowess <- function(x, y = NULL, f = 2 / 3, iter = 3L, delta = 0.01 * diff(range(x))) {
  given <- xy.coords(x, y)
  at <- order(given$x)
  x <- as.double(given$x[at])
  y <- as.double(given$y[at])
  n <- length(x)
  force(delta)
  span <- max(2L, min(n, as.integer(f * n + 1e-7)))
  robust <- rep(1, n)
  fitted <- numeric(n)
  fit_at <- function(value, left, right) {
    reach <- max(value - x[left], x[right] - value)
    distance <- abs(x - value)
    chosen <- which(seq_len(n) >= left & distance <= 0.999 * reach)
    weight <- ifelse(distance[chosen] <= 0.001 * reach, 1, (1 - (distance[chosen] / reach)^3)^3) * robust[chosen]
    total <- sum(weight)
    if (total <= 0) return(NA_real_)
    weight <- weight / total
    if (reach > 0) {
      centre <- sum(weight * x[chosen])
      slope <- value - centre
      spread <- sum(weight * (x[chosen] - centre)^2)
      if (sqrt(spread) > 0.001 * (x[n] - x[1L])) weight <- weight * (1 + slope / spread * (x[chosen] - centre))
    }
    sum(weight * y[chosen])
  }
  for (round in seq_len(iter + 1L)) {
    left <- 1L
    right <- span
    last <- 0L
    i <- 1L
    repeat {
      while (right < n && x[i] - x[left] > x[right + 1L] - x[i]) {
        left <- left + 1L
        right <- right + 1L
      }
      value <- fit_at(x[i], left, right)
      fitted[i] <- if (is.na(value)) y[i] else value
      if (last < i - 1L && last > 0L) {
        between <- seq.int(last + 1L, i - 1L)
        share <- (x[between] - x[last]) / (x[i] - x[last])
        fitted[between] <- share * fitted[i] + (1 - share) * fitted[last]
      }
      last <- i
      cut <- x[last] + delta
      i <- last + 1L
      while (i <= n && x[i] <= cut) {
        if (x[i] == x[last]) {
          fitted[i] <- fitted[last]
          last <- i
        }
        i <- i + 1L
      }
      if (last >= n) break
      i <- max(last + 1L, i - 1L)
    }
    if (round > iter) break
    residual <- abs(y - fitted)
    middle <- 6 * median(residual)
    if (middle < 1e-7 * mean(residual)) break
    robust <- ifelse(residual <= 0.001 * middle, 1, ifelse(residual > 0.999 * middle, 0, (1 - (residual / middle)^2)^2))
  }
  list(x = x, y = fitted)
}

callCC <- function(fun) {
  value <- NULL
  mark <- structure(class = c("escape", "condition"), list(message = "", call = NULL))
  tryCatch(fun(function(v) {
    value <<- v
    signalCondition(mark)
  }), escape = function(caught) if (identical(caught, mark)) value else signalCondition(caught))
}

rcond <- function(x, norm = c("O", "I", "1"), triangular = FALSE, ...) {
  norm <- match.arg(norm)
  kind <- if (norm == "I") "I" else "O"
  x <- as.matrix(x)
  .unsupported(triangular, "set what is below the diagonal to 0")
  if (nrow(x) != ncol(x)) x <- qr.R(qr(if (nrow(x) < ncol(x)) t(x) else x))
  inverse <- tryCatch(solve(x, tol = 0), error = function(e) NULL)
  if (is.null(inverse)) 0 else 1 / (norm(x, kind) * norm(inverse, kind))
}

kappa <- function(z, ...) UseMethod("kappa")

kappa.default <- function(z, exact = FALSE, norm = NULL, method = c("qr", "direct"), ...) {
  method <- match.arg(method)
  z <- as.matrix(z)
  if (exact) {
    if (is.null(norm) || norm == "2") return(.kappa_exact(z))
    warning(gettextf("norm '%s' currently always uses exact = FALSE", norm), domain = NA)
  }
  if (method == "direct") return(.kappa_tri(z, norm = norm, ...))
  kappa.qr(qr(if (nrow(z) < ncol(z)) t(z) else z), norm = norm, ...)
}

kappa.qr <- function(z, ...) .kappa_tri(qr.R(z), ...)

kappa.lm <- function(z, ...) kappa.qr(z$qr, ...)

.kappa_exact <- function(z) {
  s <- svd(z, nu = 0, nv = 0)$d
  max(s) / min(s)
}

# What stands below the diagonal counts for norm "I" alone, which of what qr() leaves sees the diagonal.
.kappa_tri <- function(z, exact = FALSE, norm = NULL, LINPACK = TRUE, ...) {
  if (exact) return(.kappa_exact(z))
  .unsupported(LINPACK, "leave it out: the estimate is LINPACK's")
  if (identical(norm, "I")) z <- t(z)
  z[lower.tri(z)] <- 0
  1 / .reciprocal_condition(z)
}

# The condition of a triangle in the 1-norm, estimated as LINPACK does (Cline, Moler, Stewart and Wilkinson 1979): one
# solve whose right side of ones and minus ones makes the answer grow, then one by the other triangle with that answer.
.reciprocal_condition <- function(triangle) {
  n <- ncol(triangle)
  size <- max(colSums(abs(triangle)))
  z <- numeric(n)
  sign_of <- 1
  for (k in seq_len(n)) {
    pivot <- triangle[k, k]
    if (z[k] != 0) sign_of <- if (z[k] > 0) -abs(sign_of) else abs(sign_of)
    if (abs(sign_of - z[k]) > abs(pivot)) {
      shrink <- abs(pivot) / abs(sign_of - z[k])
      z <- z * shrink
      sign_of <- sign_of * shrink
    }
    up <- sign_of - z[k]
    down <- -sign_of - z[k]
    grown <- c(abs(up), abs(down))
    if (pivot != 0) {
      up <- up / pivot
      down <- down / pivot
    } else up <- down <- 1
    rest <- seq_len(n - k) + k
    if (length(rest)) {
      grown <- grown + c(sum(abs(z[rest] + up * triangle[k, rest])), sum(abs(z[rest] + down * triangle[k, rest])))
      if (grown[1L] < grown[2L]) up <- down
      z[rest] <- z[rest] + up * triangle[k, rest]
    }
    z[k] <- up
  }
  z <- z / sum(abs(z))
  answer <- 1
  for (k in n:1) {
    pivot <- triangle[k, k]
    if (abs(z[k]) > abs(pivot)) {
      shrink <- abs(pivot) / abs(z[k])
      z <- z * shrink
      answer <- answer * shrink
    }
    z[k] <- if (pivot == 0) 1 else z[k] / pivot
    rest <- seq_len(k - 1L)
    z[rest] <- z[rest] - z[k] * triangle[rest, k]
  }
  answer <- answer / sum(abs(z))
  if (size == 0) 0 else answer / size
}

nullfile <- function() "/dev/null"
