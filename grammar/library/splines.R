# Curves through and along points: cubic splines, steps, running medians, monotone and resistant fits.

# Second-order coefficients of the cubic through points: y + e (b + e (c + e d)) on each piece.
spline_pieces <- function(x, y, method) {
  n <- length(x)
  h <- diff(x)
  s <- diff(y) / h
  if (n < 2L) return(list(b = rep(0, n), c = rep(0, n), d = rep(0, n)))
  if (method == "hyman") stop("method = \"hyman\" is not supported")
  if (n == 2L && method != "periodic") return(list(b = rep(s, 2L), c = c(0, 0), d = c(0, 0)))
  if (method == "periodic") {
    m <- n - 1L
    before <- c(m, seq_len(m - 1L))
    A <- matrix(0, m, m)
    right <- numeric(m)
    for (i in seq_len(m)) {
      j <- before[i]
      k <- if (i == m) 1L else i + 1L
      A[i, j] <- A[i, j] + h[j]
      A[i, k] <- A[i, k] + h[i]
      A[i, i] <- A[i, i] + 2 * (h[j] + h[i])
      right[i] <- 3 * (s[i] - s[j])
    }
    second <- solve(A, right)
    second <- c(second, second[1L])
  } else if (method == "natural") {
    A <- diag(n)
    right <- numeric(n)
    for (i in seq_len(n - 2L) + 1L) {
      A[i, i + (-1:1)] <- c(h[i - 1L], 2 * (h[i - 1L] + h[i]), h[i])
      right[i] <- 3 * (s[i] - s[i - 1L])
    }
    second <- solve(A, right)
  } else {
    # The third derivative at each end is that of the cubic through the four points there.
    A <- matrix(0, n, n)
    right <- numeric(n)
    for (i in seq_len(n - 2L) + 1L) {
      A[i, i + (-1:1)] <- c(h[i - 1L], 2 * (h[i - 1L] + h[i]), h[i])
      right[i] <- s[i] - s[i - 1L]
    }
    A[1L, 1:2] <- c(-h[1L], h[1L])
    A[n, c(n - 1L, n)] <- c(h[n - 1L], -h[n - 1L])
    if (n > 3L) {
      ends <- diff(s) / (x[-(1:2)] - x[seq_len(n - 2L)])
      right[1L] <- h[1L]^2 * (ends[2L] - ends[1L]) / (x[4L] - x[1L])
      right[n] <- -h[n - 1L]^2 * (ends[n - 2L] - ends[n - 3L]) / (x[n] - x[n - 3L])
    }
    second <- 3 * solve(A, right)
  }
  b <- s - h * (2 * second[-n] + second[-1L]) / 3
  d <- diff(second) / (3 * h)
  last <- b[n - 1L] + h[n - 1L] * (2 * second[n - 1L] + 3 * d[n - 1L] * h[n - 1L])
  list(b = c(b, last), c = second, d = c(d, if (method == "natural") 0 else if (method == "periodic") d[1L] else d[n - 1L]))
}

spline_points <- function(x, y, ties) {
  given <- xy.coords(x, y)
  keep <- !(is.na(given$x) | is.na(given$y))
  x <- given$x[keep]
  y <- given$y[keep]
  if (!identical(ties, "ordered")) {
    if (anyDuplicated(x)) {
      y <- as.vector(tapply(y, match(x, sort(unique(x))), if (is.list(ties)) ties[[2L]] else ties))
      x <- sort(unique(x))
    } else {
      y <- y[order(x)]
      x <- sort(x)
    }
  }
  list(x = as.double(x), y = as.double(y))
}

spline_values <- function(points, pieces, at, method, deriv = 0L) {
  x <- points$x
  n <- length(x)
  if (method == "periodic" && n > 1L) at <- x[1L] + (at - x[1L]) %% (x[n] - x[1L])
  place <- pmax(1L, pmin(findInterval(at, x), n))
  e <- at - x[place]
  d <- pieces$d[place]
  if (method == "natural") d[at < x[1L]] <- 0
  switch(deriv + 1L,
    points$y[place] + e * (pieces$b[place] + e * (pieces$c[place] + e * d)),
    pieces$b[place] + e * (2 * pieces$c[place] + 3 * e * d),
    2 * pieces$c[place] + 6 * e * d,
    6 * d)
}

splinefun <- function(x, y = NULL, method = c("fmm", "periodic", "natural", "monoH.FC", "hyman"), ties = mean) {
  method <- match.arg(method)
  points <- spline_points(x, y, ties)
  n <- length(points$x)
  if (n == 0) stop("zero non-NA points")
  if (method == "monoH.FC") return(splinefunH(points$x, points$y, monotone_slopes(points$x, points$y)))
  if (method == "periodic" && points$y[1L] != points$y[n]) {
    warning("spline: first and last y values differ - fixing the last")
    points$y[n] <- points$y[1L]
  }
  pieces <- spline_pieces(points$x, points$y, method)
  function(x, deriv = 0L) {
    deriv <- as.integer(deriv)
    if (deriv < 0L || deriv > 3L) stop("'deriv' must be between 0 and 3")
    spline_values(points, pieces, as.double(x), method, deriv)
  }
}

monotone_slopes <- function(x, y) {
  n <- length(x)
  s <- diff(y) / diff(x)
  m <- if (n > 2L) c(s[1L], (s[-1L] + s[-(n - 1L)]) / 2, s[n - 1L]) else rep(s, 2L)
  for (k in seq_len(n - 1L)) {
    if (s[k] == 0) m[k] <- m[k + 1L] <- 0
    else {
      a <- m[k] / s[k]
      b <- m[k + 1L] / s[k]
      over <- 2 * a + b - 3
      beyond <- a + 2 * b - 3
      if (over > 0 && beyond > 0 && a * (over + beyond) < over^2) {
        shrink <- 3 / sqrt(a^2 + b^2)
        m[k] <- shrink * a * s[k]
        m[k + 1L] <- shrink * b * s[k]
      }
    }
  }
  m
}

splinefunH <- function(x, y, m) {
  n <- length(x)
  if (length(y) != n || length(m) != n) stop("'x', 'y' and 'm' must have the same length")
  at <- order(x)
  x <- x[at]
  y <- y[at]
  m <- m[at]
  h <- diff(x)
  function(u, deriv = 0, extrapol = c("linear", "cubic")) {
    extrapol <- match.arg(extrapol)
    k <- findInterval(u, x, all.inside = TRUE)
    t <- (u - x[k]) / h[k]
    value <- switch(as.integer(deriv) + 1L,
      y[k] * (1 + 2 * t) * (1 - t)^2 + h[k] * m[k] * t * (1 - t)^2 + y[k + 1L] * t^2 * (3 - 2 * t) + h[k] * m[k + 1L] * t^2 * (t - 1),
      (6 * t * (t - 1) * (y[k] - y[k + 1L]) / h[k]) + m[k] * (1 - 4 * t + 3 * t^2) + m[k + 1L] * t * (3 * t - 2),
      ((12 * t - 6) * (y[k] - y[k + 1L]) / h[k] + m[k] * (6 * t - 4) + m[k + 1L] * (6 * t - 2)) / h[k],
      (12 * (y[k] - y[k + 1L]) / h[k] + 6 * (m[k] + m[k + 1L])) / h[k]^2)
    if (extrapol == "linear") {
      low <- u < x[1L]
      high <- u > x[n]
      if (deriv == 0) {
        value[low] <- y[1L] + m[1L] * (u[low] - x[1L])
        value[high] <- y[n] + m[n] * (u[high] - x[n])
      } else {
        value[low] <- if (deriv == 1) m[1L] else 0
        value[high] <- if (deriv == 1) m[n] else 0
      }
    }
    value
  }
}

spline <- function(x, y = NULL, n = 3 * length(x), method = "fmm", xmin = min(x), xmax = max(x), xout, ties = mean) {
  method <- match.arg(method, c("periodic", "natural", "fmm", "hyman"))
  points <- spline_points(x, y, ties)
  force(n)
  x <- points$x
  if (method == "periodic") points$y[length(x)] <- points$y[1L]
  if (missing(xout)) xout <- seq.int(xmin, xmax, length.out = n)
  list(x = xout, y = spline_values(points, spline_pieces(points$x, points$y, method), as.double(xout), method))
}

stepfun <- function(x, y, f = as.numeric(right), ties = "ordered", right = FALSE) {
  .unsupported(ties)
  if (is.unsorted(x)) stop("stepfun: 'x' must be ordered increasingly")
  if (f != as.numeric(right)) stop("argument 'f' of stepfun() is not supported: 'right' says which side a step belongs to")
  n <- length(x)
  if (n < 1) stop("'x' must have length >= 1")
  if (length(y) != n + 1L) stop("'y' must be one longer than 'x'")
  made <- local({
    x <- x
    y <- y
    right <- right
    function(v) y[findInterval(v, x, left.open = right) + 1L]
  })
  structure(made, class = c("stepfun", "function"), call = sys.call())
}

is.stepfun <- function(x) is.function(x) && inherits(x, "stepfun")

knots <- function(Fn, ...) UseMethod("knots")

knots.stepfun <- function(Fn, ...) get("x", envir = environment(Fn))

print.stepfun <- function(x, digits = getOption("digits") - 2L, ...) {
  numbers <- function(v) paste0(formatC(v, digits = digits), collapse = ", ")
  at <- get("x", envir = environment(x))
  levels <- get("y", envir = environment(x))
  show <- function(v) numbers(if (length(v) > 6) v[1:6] else v)
  several <- function(v) if (length(v) > 7) paste0(numbers(v[1:5]), ",  ..., ", numbers(v[length(v)])) else numbers(v)
  cat("Step function\nCall: ")
  print(attr(x, "call"), ...)
  cat(" x[1:", length(at), "] =", paste(formatC(at, width = if (length(at)) 7 else 0, digits = digits), collapse = ","), "\n", sep = "")
  cat(length(levels), " plateau levels =", paste(formatC(levels, width = 7, digits = digits), collapse = ","), "\n", sep = "")
  invisible(x)
}

runmed <- function(x, k, endrule = c("median", "keep", "constant"), algorithm = NULL, na.action = "+Big_alternate", print.level = 0) {
  .unsupported(na.action)
  n <- length(x)
  endrule <- match.arg(endrule)
  k <- as.integer(k)
  if (k < 0L) stop("'k' must be positive")
  if (k %% 2L == 0L) warning(gettextf("'k' must be odd!  Changing 'k' to %d", k <- as.integer(1 + 2 * (k %/% 2))), domain = NA)
  if (n == 0L) return(x)
  if (k > n) warning(gettextf("'k' is bigger than 'n'!  Changing 'k' to %d", k <- as.integer(1 + 2 * ((n - 1) %/% 2))), domain = NA)
  half <- k %/% 2L
  made <- as.double(x)
  for (i in seq_len(n)) if (i > half && i <= n - half) made[i] <- median(x[(i - half):(i + half)])
  if (half > 0L) {
    if (endrule == "constant") {
      made[seq_len(half)] <- made[half + 1L]
      made[n + 1L - seq_len(half)] <- made[n - half]
    } else if (endrule == "median") made <- smoothEnds(made, k = k)
  }
  attr(made, "k") <- k
  made
}

smoothEnds <- function(y, k = 3L) {
  middle <- function(a, b, c) sort(c(a, b, c))[2L]
  k <- as.integer(k)
  n <- length(y)
  half <- k %/% 2L
  if (half < 1L) return(y)
  smooth <- y
  if (half >= 2L) {
    smooth[2L] <- middle(y[1L], y[2L], y[3L])
    smooth[n - 1L] <- middle(y[n], y[n - 1L], y[n - 2L])
    for (i in seq_len(half - 2L) + 2L) {
      smooth[i] <- median(y[seq_len(2L * i - 1L)])
      smooth[n - i + 1L] <- median(y[n + 1L - seq_len(2L * i - 1L)])
    }
  }
  smooth[1L] <- middle(y[1L], smooth[2L], 3 * smooth[2L] - 2 * smooth[3L])
  smooth[n] <- middle(y[n], smooth[n - 1L], 3 * smooth[n - 1L] - 2 * smooth[n - 2L])
  smooth
}

isoreg <- function(x, y = NULL) {
  given <- xy.coords(x, y)
  at <- order(given$x, -given$y)
  values <- given$y[at]
  level <- weight <- numeric(0)
  for (value in values) {
    level <- c(level, value)
    weight <- c(weight, 1)
    while ((k <- length(level)) > 1L && level[k - 1L] >= level[k]) {
      joined <- weight[k - 1L] + weight[k]
      level[k - 1L] <- (level[k - 1L] * weight[k - 1L] + level[k] * weight[k]) / joined
      weight[k - 1L] <- joined
      level <- level[-k]
      weight <- weight[-k]
    }
  }
  structure(list(x = given$x, y = given$y, yf = rep(level, weight), yc = c(0, cumsum(values)), iKnots = cumsum(weight),
                 isOrd = !is.unsorted(given$x), ord = at, call = sys.call()), class = "isoreg")
}

medpolish <- function(x, eps = 0.01, maxiter = 10L, trace.iter = TRUE, na.rm = FALSE) {
  label <- deparse1(substitute(x))
  z <- as.matrix(x)
  overall <- 0
  rows <- numeric(nrow(z))
  columns <- numeric(ncol(z))
  before <- 0
  converged <- FALSE
  for (iter in seq_len(maxiter)) {
    step <- apply(z, 1L, median, na.rm = na.rm)
    z <- z - step
    rows <- rows + step
    shift <- median(columns, na.rm = na.rm)
    columns <- columns - shift
    overall <- overall + shift
    step <- apply(z, 2L, median, na.rm = na.rm)
    z <- z - matrix(step, nrow(z), ncol(z), byrow = TRUE)
    columns <- columns + step
    shift <- median(rows, na.rm = na.rm)
    rows <- rows - shift
    overall <- overall + shift
    size <- sum(abs(z), na.rm = na.rm)
    converged <- size == 0 || abs(size - before) < eps * size
    if (converged) break
    before <- size
    if (trace.iter) cat(iter, ": ", size, "\n", sep = "")
  }
  if (converged) {
    if (trace.iter) cat("Final: ", size, "\n", sep = "")
  } else warning(sprintf("medpolish() did not converge in %d iterations", maxiter), domain = NA)
  names(rows) <- rownames(z)
  names(columns) <- colnames(z)
  structure(list(overall = overall, row = rows, col = columns, residuals = z, name = label), class = "medpolish")
}

print.medpolish <- function(x, digits = getOption("digits"), ...) {
  cat("\nMedian Polish Results (Dataset: \"", x$name, "\")\n", sep = "")
  cat("\nOverall: ", x$overall, "\n\nRow Effects:\n", sep = "")
  print(x$row, digits = digits, ...)
  cat("\nColumn Effects:\n")
  print(x$col, digits = digits, ...)
  cat("\nResiduals:\n")
  print(x$residuals, digits = max(2L, digits - 2L), ...)
  cat("\n")
  invisible(x)
}

cmdscale <- function(d, k = 2, eig = FALSE, add = FALSE, x.ret = FALSE, list. = eig || add || x.ret) {
  if (add) stop("add = TRUE is not supported")
  squares <- as.matrix(d)^2
  n <- nrow(squares)
  centred <- squares - rowMeans(squares)
  centred <- t(t(centred) - colMeans(centred))
  found <- eigen(-centred / 2, symmetric = TRUE)
  values <- found$values[seq_len(k)]
  points <- found$vectors[, seq_len(k), drop = FALSE] %*% diag(sqrt(values), k)
  labels <- if (inherits(d, "dist")) attr(d, "Labels") else rownames(d)
  dimnames(points) <- list(labels, NULL)
  if (!list.) return(points)
  list(points = points, eig = if (eig) found$values, x = if (x.ret) centred, ac = 0, GOF = sum(values) / c(sum(abs(found$values)), sum(pmax(found$values, 0))))
}

toeplitz <- function(x, ...) {
  if (!is.vector(x)) stop("'x' is not a vector")
  n <- length(x)
  matrix(x[abs(col(diag(n)) - row(diag(n))) + 1L], n, n)
}
