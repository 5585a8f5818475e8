# MASS: generalised inverses, fractions and the pictures of distributions.

ginv <- function(X, tol = sqrt(.Machine$double.eps)) {
  found <- svd(X)
  kept <- found$d > max(tol * found$d[1L], 0)
  if (!any(kept)) return(array(0, rev(dim(X))))
  found$v[, kept, drop = FALSE] %*% (1 / found$d[kept] * t(found$u[, kept, drop = FALSE]))
}

Null <- function(M) {
  found <- qr(as.matrix(M))
  at <- if (found$rank == 0L) seq_len(ncol(M)) else -seq_len(found$rank)
  qr.Q(found, complete = TRUE)[, at, drop = FALSE]
}

.as_fraction <- function(x, cycles, max.denominator) {
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
    if (bottom[2L] > max.denominator) {
      top <- c(NA, top[1L])
      bottom <- c(NA, bottom[1L])
      break
    }
  }
  c(top[2L], bottom[2L])
}

fractions <- function(x, cycles = 10, max.denominator = 2000, ...) {
  parts <- vapply(as.numeric(x), .as_fraction, c(0, 0), cycles, max.denominator)
  made <- x
  made[] <- parts[1L, ] / parts[2L, ]
  structure(made, fracs = ifelse(parts[2L, ] == 1, as.character(parts[1L, ]), paste(parts[1L, ], parts[2L, ], sep = "/")), class = c("fractions", class(x)[class(x) != "numeric"]))
}

print.fractions <- function(x, ...) {
  shown <- attr(x, "fracs")
  attributes(shown) <- attributes(x)[c("dim", "dimnames", "names")]
  print(shown, quote = FALSE, right = TRUE)
  invisible(x)
}

.bar_width <- function(data, nbins) {
  if (is.character(nbins)) nbins <- switch(tolower(nbins), scott = nclass.scott(data), `freedman-diaconis` = , fd = nclass.FD(data), NA)
  if (!is.finite(nbins) || nbins <= 0) stop("'nbins' must result in a positive integer", call. = FALSE)
  diff(pretty(data, nbins))[1L]
}

.bar_ends <- function(data, h, x0) x0 + h * (floor((min(data) - x0) / h):ceiling((max(data) - x0) / h))

truehist <- function(data, nbins = "Scott", h, x0 = -h / 1000, breaks, prob = TRUE, xlim = range(breaks), ymax = NULL, col = "cyan", xlab = deparse1(substitute(data)), bty = "n", ...) {
  force(xlab)
  data <- data[is.finite(data)]
  if (missing(breaks)) {
    if (missing(h)) h <- .bar_width(data, nbins)
    if (!is.finite(h) || h <= 0) stop("'h' must be strictly positive", call. = FALSE)
    breaks <- .bar_ends(data, h, x0)
  }
  if (any(diff(breaks) <= 0)) stop("'breaks' must be strictly increasing", call. = FALSE)
  if (min(data) < min(breaks) || max(data) > max(breaks)) stop("'breaks' do not cover the data", call. = FALSE)
  bars <- hist(data, breaks = breaks, plot = FALSE)
  heights <- if (prob) bars$density else bars$counts
  plot(xlim, c(0, if (is.null(ymax)) max(heights) else ymax), type = "n", xlab = xlab, ylab = "", bty = bty, ...)
  rect(breaks[-length(breaks)], 0, breaks[-1L], heights, col = col)
  invisible()
}

kde2d <- function(x, y, h, n = 25, lims = c(range(x), range(y))) {
  n <- rep_len(n, 2L)
  at <- list(seq(lims[1L], lims[2L], length.out = n[1L]), seq(lims[3L], lims[4L], length.out = n[2L]))
  if (missing(h)) h <- c(bandwidth.nrd(x), bandwidth.nrd(y))
  h <- rep_len(h, 2L) / 4
  left <- matrix(dnorm(outer(at[[1L]], x, "-") / h[1L]), n[1L])
  right <- matrix(dnorm(outer(at[[2L]], y, "-") / h[2L]), n[2L])
  list(x = at[[1L]], y = at[[2L]], z = tcrossprod(left, right) / (length(x) * h[1L] * h[2L]))
}

bandwidth.nrd <- function(x) {
  quarters <- quantile(x, c(0.25, 0.75), names = FALSE)
  4 * 1.06 * min(sqrt(var(x)), diff(quarters) / 1.34) * length(x)^(-1 / 5)
}

boxcox <- function(object, lambda = seq(-2, 2, 0.1), plotit = TRUE, data = NULL, ...) {
  if (inherits(object, "formula")) object <- lm(object, data)
  frame <- model.frame(object)
  y <- model.response(frame)
  if (any(y <= 0)) stop("response variable must be positive", call. = FALSE)
  x <- model.matrix(object)
  scaled <- y / exp(mean(log(y)))
  worth <- vapply(lambda, function(l) {
    moved <- if (abs(l) > 1 / 50) (scaled^l - 1) / l else log(scaled) * (1 + l * log(scaled) / 2 * (1 + l * log(scaled) / 3 * (1 + l * log(scaled) / 4)))
    -length(y) / 2 * log(sum(qr.resid(qr(x), moved)^2))
  }, 0)
  if (plotit) plot(lambda, worth, type = "l", xlab = expression(lambda), ylab = "log-Likelihood")
  invisible(list(x = lambda, y = worth))
}

fitdistr <- function(x, densfun, start = NULL, ...) {
  n <- length(x)
  known <- function(estimate, sd) structure(list(estimate = estimate, sd = sd, n = n), class = "fitdistr")
  if (is.character(densfun)) switch(densfun,
    normal = {
      spread <- sqrt(mean((x - mean(x))^2))
      return(known(c(mean = mean(x), sd = spread), c(mean = spread / sqrt(n), sd = spread / sqrt(2 * n))))
    },
    exponential = return(known(c(rate = 1 / mean(x)), c(rate = 1 / mean(x) / sqrt(n)))),
    poisson = , Poisson = return(known(c(lambda = mean(x)), c(lambda = sqrt(mean(x) / n)))),
    lognormal = , `log-normal` = {
      spread <- sqrt(mean((log(x) - mean(log(x)))^2))
      return(known(c(meanlog = mean(log(x)), sdlog = spread), c(meanlog = spread / sqrt(n), sdlog = spread / sqrt(2 * n))))
    },
    gamma = if (is.null(start)) start <- list(shape = mean(x)^2 / var(x), rate = mean(x) / var(x)),
    weibull = if (is.null(start)) start <- list(shape = 1.2 / sqrt(var(log(x))), scale = exp(mean(log(x)) + 0.572 / (1.2 / sqrt(var(log(x)))))),
    stop("fitdistr() knows normal, lognormal, exponential, Poisson, gamma and weibull; not ", densfun, call. = FALSE))
  density <- if (is.function(densfun)) densfun else switch(densfun, gamma = dgamma, weibull = dweibull)
  found <- optim(unlist(start), function(values) {
    worth <- -sum(log(suppressWarnings(do.call(density, c(list(x), as.list(values))))))
    if (is.finite(worth)) worth else 1e10
  }, hessian = TRUE)
  known(found$par, sqrt(diag(solve(found$hessian))))
}

print.fitdistr <- function(x, digits = getOption("digits"), ...) {
  shown <- format(rbind(x$estimate, x$sd), digits = digits)
  shown <- rbind(paste0(" ", shown[1L, ]), paste0("(", shown[2L, ], ")"))
  # Names stand in the middle of their columns.
  titles <- names(x$estimate)
  titles <- paste0(strrep(" ", (nchar(shown[2L, ]) - nchar(titles)) %/% 2 + 1), titles)
  titles <- paste0(titles, strrep(" ", pmax((nchar(shown[2L, ]) - nchar(titles)) %/% 2 + 1, 0)))
  dimnames(shown) <- list(rep("", 2L), titles)
  print(shown, quote = FALSE)
  invisible(x)
}

stepAIC <- function(object, scope, scale = 0, direction = c("both", "backward", "forward"), trace = 1, ...) {
  if (missing(direction)) step(object, scope, scale = scale, trace = trace, ...)
  else step(object, scope, scale = scale, direction = match.arg(direction), trace = trace, ...)
}

parcoord <- function(x, col = 1, lty = 1, var.label = FALSE, ...) {
  ends <- apply(as.matrix(x), 2L, range, na.rm = TRUE)
  moved <- apply(as.matrix(x), 2L, function(column) (column - min(column, na.rm = TRUE)) / diff(range(column, na.rm = TRUE)))
  matplot(seq_len(ncol(moved)), t(moved), type = "l", col = col, lty = lty, xlab = "", ylab = "", axes = FALSE, ...)
  axis(1, at = seq_len(ncol(moved)), labels = colnames(moved))
  for (k in seq_len(ncol(moved))) {
    lines(c(k, k), c(0, 1), col = "grey70")
    if (var.label) text(c(k, k), c(0, 1), labels = format(ends[, k], digits = 3), pos = c(1, 3), cex = 0.7)
  }
  invisible()
}
