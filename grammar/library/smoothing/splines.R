# Curves through points: cubic splines, whole or monotone, and steps.
# Sources: C. de Boor, A Practical Guide to Splines (1978); F. N. Fritsch and R. E. Carlson, SIAM Journal on Numerical Analysis 17
# (1980); J. M. Hyman, SIAM Journal on Scientific and Statistical Computing 4 (1983).

# Second-order coefficients of the cubic through points: y + e (b + e (c + e d)) on each piece.
spline_pieces <- function(x, y, method) {
  n <- length(x)
  h <- diff(x)
  s <- diff(y) / h
  if (n < 2L) return(list(b = rep(0, n), c = rep(0, n), d = rep(0, n)))
  if (method == "hyman") return(monotone_pieces(h, s, spline_pieces(x, y, "fmm")$b))
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

# Slopes held to the side of the data and to three times the lesser rise beside them, and the cubics that have them.
monotone_pieces <- function(h, s, slopes) {
  .refuse_if(`'y' must be increasing or decreasing` = any(s < 0) && any(s > 0))
  n <- length(slopes)
  side <- if (any(s < 0)) -1 else 1
  most <- 3 * pmin(abs(c(s[1L], s)), abs(c(s, s[n - 1L])))
  .hermite_pieces(h, s, side * pmin(pmax(side * slopes, 0), most))
}

# The cubics with given slopes at the points; after the last point the last of them goes on.
.hermite_pieces <- function(h, s, slopes) {
  n <- length(slopes)
  c <- (3 * s - 2 * slopes[-n] - slopes[-1L]) / h
  d <- (slopes[-n] + slopes[-1L] - 2 * s) / h^2
  list(b = slopes, c = c(c, c[n - 1L] + 3 * d[n - 1L] * h[n - 1L]), d = c(d, d[n - 1L]))
}

# Points in the order of x without gaps; those of one x are made one, by their mean if nothing else is said.
spline_points <- function(x, y, ties, told = TRUE) {
  given <- xy.coords(x, y, setLab = FALSE)
  keep <- complete.cases(given$x, given$y)
  x <- as.double(given$x[keep])
  y <- as.double(given$y[keep])
  if (identical(ties, "ordered")) return(list(x = x, y = y))
  if (!anyDuplicated(x)) return(list(x = sort(x), y = y[order(x)]))
  if (told) warning("collapsing to unique 'x' values", call. = FALSE)
  list(x = sort(unique(x)), y = as.vector(tapply(y, x, if (is.list(ties)) ties[[2L]] else ties)))
}

# A periodic curve ends as it begins.
.closed_points <- function(points, method, how) {
  n <- length(points$x)
  if (method != "periodic" || points$y[1L] == points$y[n]) return(points)
  warning("spline: first and last y values differ - using ", how, " for both", call. = FALSE)
  replace(points, "y", list(replace(points$y, n, points$y[1L])))
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
  points <- spline_points(x, y, ties, missing(ties))
  .refuse_if(`zero non-NA points` = !length(points$x))
  points <- .closed_points(points, method, "y[1L]")
  if (method == "monoH.FC") {
    .refuse_if(`length(m) must be at least two` = length(points$x) < 2L)
    return(splinefunH(points$x, points$y, monotone_slopes(points$x, points$y)))
  }
  pieces <- spline_pieces(points$x, points$y, method)
  function(x, deriv = 0L) {
    .refuse_if(`'deriv' must be between 0 and 3` = !as.integer(deriv) %in% 0:3)
    spline_values(points, pieces, as.double(x), method, as.integer(deriv))
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
  .refuse_if(`length(y) == n is not TRUE` = length(y) != n, `length(m) == n is not TRUE` = length(m) != n, `'x' must be *strictly* increasing (non - NA)` = anyNA(x) || anyDuplicated(x) > 0)
  at <- order(x)
  points <- list(x = as.double(x[at]), y = as.double(y[at]))
  pieces <- .hermite_pieces(diff(points$x), diff(points$y) / diff(points$x), as.double(m[at]))
  function(x, deriv = 0, extrapol = c("linear", "cubic")) {
    deriv <- as.integer(deriv)
    .refuse_if(`'deriv' must be between 0 and 3` = !deriv %in% 0:3)
    if (match.arg(extrapol) == "cubic") return(spline_values(points, pieces, x, "cubic", deriv))
    # A line goes on from each end.
    inside <- pmin(pmax(x, points$x[1L]), points$x[n])
    beyond <- x - inside
    value <- spline_values(points, pieces, inside, "cubic", deriv)
    if (deriv == 0L) value + beyond * ifelse(beyond < 0, pieces$b[1L], pieces$b[n]) else if (deriv == 1L) value else value * (beyond == 0)
  }
}

spline <- function(x, y = NULL, n = 3 * length(x), method = "fmm", xmin = min(x), xmax = max(x), xout, ties = mean) {
  method <- c("periodic", "natural", "fmm", "hyman")[pmatch(method, c("periodic", "natural", "fmm", "hyman"))]
  .refuse_if(`invalid interpolation method` = is.na(method))
  points <- spline_points(x, y, ties, missing(ties))
  .refuse_if(`zero non-NA points` = !length(points$x))
  points <- .closed_points(points, method, "y[1]")
  # The ends and the number of places are by default those of the points kept.
  x <- points$x
  at <- if (missing(xout)) seq.int(xmin, xmax, length.out = n) else xout
  list(x = at, y = spline_values(points, spline_pieces(points$x, points$y, method), as.double(at), method))
}

stepfun <- function(x, y, f = as.numeric(right), ties = "ordered", right = FALSE) {
  .unsupported(ties, "make 'x' unique")
  .refuse_if(`stepfun: 'x' must be ordered increasingly` = is.unsorted(x), `'x' must have length >= 1` = !length(x), `'y' must be one longer than 'x'` = length(y) != length(x) + 1L,
    `approx(): invalid f value` = is.na(f) || f < 0 || f > 1)
  structure(.steps(as.numeric(x), as.numeric(y), f, right), class = c("stepfun", "function"), call = sys.call())
}

# A level before the first knot and after each. A knot has the level on its right, or on its left; between two knots stands a
# mixture of what they have.
.steps <- function(x, y, f, right) {
  n <- length(x)
  at <- if (right) y[-(n + 1L)] else y[-1L]
  function(v) {
    place <- findInterval(v, x)
    before <- pmax(place, 1L)
    made <- ifelse(v == x[before], at[before], (1 - f) * at[before] + f * at[pmin(place + 1L, n)])
    ifelse(place == 0L, y[1L], ifelse(v > x[n], y[n + 1L], made))
  }
}

is.stepfun <- function(x) is.function(x) && inherits(x, "stepfun")

knots <- function(Fn, ...) UseMethod("knots")

knots.stepfun <- function(Fn, ...) get("x", envir = environment(Fn))

summary.stepfun <- function(object, ...) {
  inside <- environment(object)
  at <- knots(object)
  levels <- if (inherits(object, "ecdf")) c(0, object(at)) else inside$y
  cat("Step function with continuity 'f'=", format(inside$f), ", ", length(at), "knots", if (length(at) <= 6L) "at\n" else "with summary\n")
  print(if (length(at) <= 6L) at else summary(at))
  cat(if (length(at) <= 6L) "  and\t" else "\nand\t", length(levels), " plateau levels (y) ", if (length(at) <= 6L) "at\n" else "with summary\n", sep = "")
  print(if (length(at) <= 6L) levels else summary(levels))
  invisible()
}

print.stepfun <- function(x, digits = getOption("digits") - 2L, ...) {
  inside <- environment(x)
  # R tells of the levels that knots have, after the first level.
  levels <- if (exists("at", envir = inside, inherits = FALSE)) c(inside$y[1L], inside$at) else inside$y
  shown <- function(v) {
    each <- paste0(" ", formatC(v, digits = digits, width = 6L))
    paste(if (length(v) > 5L) c(each[1:3], "  ...", tail(each, 2L)) else each, collapse = ",")
  }
  cat("Step function\nCall: ")
  print(attr(x, "call"), ...)
  writeLines(paste0(c(sprintf(" x[1:%d]", length(inside$x)), paste(length(levels), "plateau levels")), " =", c(shown(inside$x), shown(levels))))
  invisible(x)
}
