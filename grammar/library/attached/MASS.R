# MASS: generalised inverses, fractions and the pictures of distributions.

ginv <- function(X, tol = sqrt(.Machine$double.eps)) {
  if (is.complex(X)) stop("ginv() of complex numbers is not supported")
  if (mode(X) != "numeric" || length(dim(X)) > 2L) stop("'X' must be a numeric or complex matrix")
  with(svd(X), v %*% (ifelse(d > max(tol * d[1L], 0), 1 / d, 0) * t(u)))
}

# What the columns of a matrix leave of the space that they stand in.
Null <- function(M) {
  parts <- qr(M)
  space <- qr.Q(parts, complete = TRUE)
  space[, seq_len(ncol(space)) > parts$rank, drop = FALSE]
}

# The continued fraction of a number, as far as its parts stay below `max.denominator`.
.as_fraction <- function(x, cycles, max.denominator) {
  if (!is.finite(x)) return(c(x, 1))
  top <- c(1, floor(x))
  bottom <- c(0, 1)
  rest <- x - floor(x)
  for (k in seq_len(cycles)) {
    if (abs(rest) < 1 / max.denominator) break
    turned <- 1 / rest
    part <- floor(turned)
    rest <- turned - part
    top <- c(top[2L], part * top[2L] + top[1L])
    bottom <- c(bottom[2L], part * bottom[2L] + bottom[1L])
  }
  c(top[2L], bottom[2L])
}

fractions <- function(x, cycles = 10, max.denominator = 2000, ...) {
  kind <- class(x)
  values <- unclass(x)
  attr(values, "fracs") <- NULL
  parts <- vapply(as.numeric(values), .as_fraction, c(0, 0), cycles, max.denominator)
  values[] <- parts[1L, ] / parts[2L, ]
  shown <- ifelse(parts[2L, ] == 1, as.character(parts[1L, ]), paste(parts[1L, ], parts[2L, ], sep = "/"))
  structure(values, fracs = shown, class = c("fractions", setdiff(kind, "fractions")))
}

print.fractions <- function(x, ...) {
  shown <- format(attr(x, "fracs"), justify = "right")
  attributes(shown) <- attributes(x)[c("dim", "dimnames", "names")]
  print(shown, quote = FALSE)
  invisible(x)
}

.plain_numbers <- function(x) {
  x <- unclass(x)
  attr(x, "fracs") <- NULL
  x
}

Ops.fractions <- function(e1, e2) {
  made <- if (nargs() < 2L) get(.Generic)(.plain_numbers(e1)) else get(.Generic)(.plain_numbers(e1), .plain_numbers(e2))
  fractions(made)
}

Math.fractions <- function(x, ...) fractions(get(.Generic)(.plain_numbers(x), ...))

Summary.fractions <- function(x, ...) fractions(get(.Generic)(.plain_numbers(x), ...))

`[.fractions` <- function(x, ...) fractions(NextMethod())

`[<-.fractions` <- function(x, ..., value) {
  plain <- .plain_numbers(x)
  plain[...] <- .plain_numbers(value)
  fractions(plain)
}

t.fractions <- function(x) fractions(t(.plain_numbers(x)))

as.character.fractions <- function(x, ...) attr(x, "fracs")

# How many bars a named rule has.
.bar_rules <- list(scott = nclass.scott, `freedman-diaconis` = nclass.FD, fd = nclass.FD)

truehist <- function(data, nbins = "Scott", h, x0 = -h / 1000, breaks, prob = TRUE, xlim = range(breaks), ymax = max(est), col = "cyan",
                     xlab = deparse(substitute(data)), bty = "n", ...) {
  force(xlab)
  data <- data[is.finite(data)]
  if (missing(breaks)) {
    if (missing(h)) {
      rule <- if (is.character(nbins)) .bar_rules[[tolower(nbins)]] else function(data) nbins
      bars <- if (is.null(rule)) NA else as.numeric(rule(data))
      if (!isTRUE(is.finite(bars) && bars > 0)) stop("'nbins' must result in a positive integer")
      h <- diff(pretty(data, bars)[1:2])
    }
    if (!isTRUE(is.finite(h) && h > 0)) stop("'h' must be strictly positive")
    ends <- (range(data) - x0) / h
    breaks <- x0 + h * (floor(ends[1L]):ceiling(ends[2L]))
  }
  if (is.unsorted(breaks, strictly = TRUE)) stop("'breaks' must be strictly increasing")
  if (any(range(breaks) != range(breaks, data))) stop("'breaks' do not cover the data")
  est <- hist(data, breaks, plot = FALSE)[[if (prob) "density" else "counts"]]
  plot(xlim, c(0, ymax), type = "n", xlab = xlab, ylab = "", bty = bty, ...)
  rect(head(breaks, -1L), 0, tail(breaks, -1L), est, col = col)
  invisible()
}

kde2d <- function(x, y, h, n = 25, lims = c(range(x), range(y))) {
  if (length(x) != length(y)) stop("data vectors must be the same length")
  if (!all(is.finite(c(x, y)))) stop("missing or infinite values in the data are not allowed")
  if (!all(is.finite(lims))) stop("only finite values are allowed in 'lims'")
  # Widths are those of a box; a normal kernel of the same spread has a quarter of them.
  widths <- rep_len(if (missing(h)) c(bandwidth.nrd(x), bandwidth.nrd(y)) else h, 2L) / 4
  if (any(widths <= 0)) stop("bandwidths must be strictly positive")
  n <- rep_len(n, 2L)
  side <- function(k, data) {
    at <- seq.int(lims[2L * k - 1L], lims[2L * k], length.out = n[k])
    list(at = at, kernel = matrix(dnorm(outer(at, data, "-"), sd = widths[k]), n[k]))
  }
  across <- side(1L, x)
  up <- side(2L, y)
  list(x = across$at, y = up$at, z = tcrossprod(across$kernel, up$kernel) / length(x))
}

# Four times Silverman's rule for a normal kernel.
bandwidth.nrd <- function(x) 4.24 * min(sd(x), IQR(x) / 1.34) * length(x)^-0.2

boxcox <- function(object, ...) UseMethod("boxcox")

boxcox.formula <- function(object, lambda = seq(-2, 2, 1 / 10), plotit = TRUE, interp = (plotit && (m < 100)), eps = 1 / 50, xlab = expression(lambda),
                           ylab = "log-Likelihood", ...) {
  m <- length(lambda)
  boxcox.default(lm(object, ...), lambda, plotit, interp, eps, xlab, ylab)
}

boxcox.default <- function(object, lambda = seq(-2, 2, 1 / 10), plotit = TRUE, interp = (plotit && (m < 100)), eps = 1 / 50, xlab = expression(lambda),
                           ylab = "log-Likelihood", ...) {
  # Powers near none need no series of their own: expm1() is exact there.
  .passed_over(eps)
  m <- length(lambda)
  logs <- suppressWarnings(log(model.response(model.frame(object))))
  if (!all(is.finite(logs))) stop("response variable must be positive")
  logs <- logs - mean(logs)
  moved <- vapply(lambda, function(power) if (power == 0) logs else expm1(power * logs) / power, logs)
  # A weighted fit lends its weighted design, as in MASS.
  basis <- if (is.null(object$qr)) qr(model.matrix(object)) else object$qr
  curve <- list(x = lambda, y = -length(logs) / 2 * log(colSums(as.matrix(qr.resid(basis, moved))^2)))
  if (interp) curve <- spline(curve$x, curve$y, n = 100)
  if (!plotit) return(curve)
  plot(curve, type = "l", xlab = xlab, ylab = ylab, ...)
  least <- max(curve$y) - qchisq(0.95, 1) / 2
  likely <- range(curve$x[curve$y >= least])
  abline(h = least, v = c(likely, curve$x[which.max(curve$y)]), lty = 3)
  invisible(curve)
}

stepAIC <- function(object, scope, scale = 0, direction = c("both", "backward", "forward"), trace = 1, keep = NULL, steps = 1000,
                    use.start = FALSE, k = 2, ...) {
  # The steps are made where stepAIC() was called, where the models' data are.
  asked <- match.call()
  asked[[1L]] <- quote(stats::step)
  asked$use.start <- NULL
  made <- eval.parent(asked)
  if (!is.null(made$anova)) {
    made$anova$Df <- abs(made$anova$Df)
    class(made$anova) <- c("Anova", "data.frame")
  }
  made
}

print.Anova <- function(x, ...) {
  if (!is.null(heading <- attr(x, "heading"))) cat(heading, sep = "\n")
  class(x) <- "data.frame"
  shown <- format(x)
  shown[is.na(x)] <- ""
  print(shown, ...)
  invisible(x)
}

# What drop1() and add1() find, under the names and in the order that MASS has.
.one_term <- function(made, sorted) {
  names(made) <- sub("^F value$", "F Value", sub("^Pr\\(>(F|Chi)\\)$", "Pr(\\1)", names(made)))
  if (!sorted) return(made)
  heading <- attr(made, "heading")
  structure(as.data.frame(made)[order(made$AIC), , drop = FALSE], heading = heading, class = c("anova", "data.frame"))
}

dropterm <- function(object, ...) UseMethod("dropterm")

dropterm.default <- function(object, scope, scale = 0, test = c("none", "Chisq", "F"), k = 2, sorted = FALSE, trace = FALSE, ...) {
  .passed_over(trace)
  test <- match.arg(test)
  .one_term(if (missing(scope)) drop1(object, scale = scale, test = test, k = k) else drop1(object, scope, scale = scale, test = test, k = k), sorted)
}

addterm <- function(object, ...) UseMethod("addterm")

addterm.default <- function(object, scope, scale = 0, test = c("none", "Chisq", "F"), k = 2, sorted = FALSE, trace = FALSE, ...) {
  .passed_over(trace)
  if (missing(scope) || is.null(scope)) stop("no terms in scope")
  .one_term(add1(object, scope, scale = scale, test = match.arg(test), k = k), sorted)
}

parcoord <- function(x, col = 1, lty = 1, var.label = FALSE, ...) {
  x <- as.matrix(x)
  at <- seq_len(ncol(x))
  ends <- apply(x, 2L, range, na.rm = TRUE)
  share <- (t(x) - ends[1L, ]) / (ends[2L, ] - ends[1L, ])
  matplot(at, share, type = "l", col = col, lty = lty, axes = FALSE, xlab = "", ylab = "", ...)
  segments(at, 0, at, 1, col = "grey70")
  axis(1, at, colnames(x))
  if (var.label) text(rep(at, each = 2L), 0:1, format(ends, digits = 3), pos = c(1, 3), cex = 0.7)
  invisible()
}
