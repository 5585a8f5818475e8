# Between points and along series: linear interpolation, convolution, a series beside its own past.

approx <- function(x, y = NULL, xout, method = "linear", n = 50, yleft = NA, yright = NA, rule = 1, f = 0, ties = mean, na.rm = TRUE) {
  if (is.null(y) || is.language(x) || length(x) != length(y)) {
    places <- xy.coords(x, y, setLab = FALSE)
    x <- places$x
    y <- places$y
  }
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
