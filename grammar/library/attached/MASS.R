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

t.fractions <- function(x) fractions(t(.plain_numbers(x)))

as.character.fractions <- function(x, ...) attr(x, "fracs")

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

fitdistr <- function(x, densfun, start, ...) {
  if (missing(start)) start <- NULL
  if (missing(x) || length(x) == 0L || mode(x) != "numeric") stop("'x' must be a non-empty numeric vector")
  if (any(!is.finite(x))) stop("'x' contains missing or infinite values")
  if (missing(densfun) || !(is.function(densfun) || is.character(densfun))) stop("'densfun' must be supplied as a function or name")
  control <- list()
  n <- length(x)
  if (is.character(densfun)) {
    name <- tolower(densfun)
    known <- .fitted_in_closed_form(x, name, start)
    if (!is.null(known)) return(known)
    density <- switch(name, beta = dbeta, cauchy = dcauchy, `chi-squared` = dchisq, f = df, gamma = dgamma, logistic = dlogis, `negative binomial` = dnbinom,
      t = function(x, m, s, df, log) dt((x - m) / s, df, log = TRUE) - base::log(s), weibull = dweibull, NULL)
    if (is.null(density)) stop("unsupported distribution")
    if (name == "weibull" && is.null(start)) {
      if (any(x <= 0)) stop("Weibull values must be > 0")
      shape <- 1.2 / sqrt(var(log(x)))
      start <- list(shape = shape, scale = exp(mean(log(x)) + 0.572 / shape))
    } else if (name == "gamma" && is.null(start)) {
      if (any(x < 0)) stop("gamma values must be >= 0")
      start <- list(shape = mean(x)^2 / var(x), rate = mean(x) / var(x))
      control <- list(parscale = c(1, start$rate))
    } else if (name == "negative binomial" && is.null(start)) {
      start <- list(size = if (var(x) > mean(x)) mean(x)^2 / (var(x) - mean(x)) else 100, mu = mean(x))
    } else if (name %in% c("cauchy", "logistic") && is.null(start)) start <- list(location = median(x), scale = IQR(x) / 2)
    else if (name == "t" && is.null(start)) start <- list(m = median(x), s = IQR(x) / 2, df = 10)
  } else density <- densfun
  if (!is.null(start) && is.list(start)) start <- start[!(names(start) %in% names(list(...)))]
  if (is.null(start) || !is.list(start)) stop("'start' must be a named list")
  labels <- names(start)
  formal <- names(formals(density))
  at <- match(labels, formal)
  if (anyNA(at)) stop("'start' specifies names which are not arguments to 'densfun'")
  # The values in the order of the function's arguments; those given by name in the call are held.
  given <- list(...)
  held <- given[names(given) %in% formal]
  rest <- given[!(names(given) %in% formal)]
  logs <- "log" %in% formal
  worth <- function(values) {
    density_of <- do.call(density, c(list(x), as.list(values), held, if (logs) list(log = TRUE)))
    -sum(if (logs) density_of else log(density_of))
  }
  bounded <- any(c("lower", "upper") %in% names(rest))
  if (is.null(rest$method)) rest$method <- if (bounded) "L-BFGS-B" else if (length(start) > 1L) "BFGS" else "Nelder-Mead"
  if (length(control) && is.null(rest$control)) rest$control <- control
  found <- do.call(optim, c(list(par = unlist(start), fn = worth, hessian = TRUE), rest))
  if (found$convergence > 0L) stop("optimization failed")
  spread <- solve(found$hessian)
  structure(list(estimate = found$par, sd = sqrt(diag(spread)), vcov = spread, loglik = -found$value, n = n), class = "fitdistr")
}

.fitted_in_closed_form <- function(x, name, start) {
  n <- length(x)
  known <- function(estimate, sd, spread, loglik) {
    labels <- names(estimate)
    names(sd) <- labels
    structure(list(estimate = estimate, sd = sd, vcov = matrix(spread, length(sd), dimnames = list(labels, labels)), n = n, loglik = loglik), class = "fitdistr")
  }
  if (!name %in% c("normal", "lognormal", "log-normal", "poisson", "exponential", "geometric")) return(NULL)
  if (!is.null(start)) stop(gettextf("supplying pars for the %s distribution is not supported", c(normal = "Normal", lognormal = "log-Normal", `log-normal` = "log-Normal", poisson = "Poisson", exponential = "exponential", geometric = "geometric")[[name]]), domain = NA)
  switch(name,
    normal = {
      spread <- sqrt((n - 1) / n) * sd(x)
      known(c(mean = mean(x), sd = spread), c(spread / sqrt(n), spread / sqrt(2 * n)), diag(c(spread^2 / n, spread^2 / (2 * n))), sum(dnorm(x, mean(x), spread, log = TRUE)))
    },
    lognormal = , `log-normal` = {
      if (any(x <= 0)) stop("need positive values to fit a log-Normal")
      logs <- log(x)
      spread <- sqrt((n - 1) / n) * sd(logs)
      known(c(meanlog = mean(logs), sdlog = spread), c(spread / sqrt(n), spread / sqrt(2 * n)), diag(c(spread^2 / n, spread^2 / (2 * n))), sum(dlnorm(x, mean(logs), spread, log = TRUE)))
    },
    poisson = known(c(lambda = mean(x)), sqrt(mean(x) / n), mean(x) / n, sum(dpois(x, mean(x), log = TRUE))),
    exponential = {
      if (any(x < 0)) stop("Exponential values must be >= 0")
      rate <- 1 / mean(x)
      known(c(rate = rate), rate / sqrt(n), rate^2 / n, sum(dexp(x, rate, log = TRUE)))
    },
    geometric = {
      share <- 1 / (1 + mean(x))
      known(c(prob = share), share * sqrt((1 - share) / n), share^2 * (1 - share) / n, sum(dgeom(x, share, log = TRUE)))
    })
}

coef.fitdistr <- function(object, ...) object$estimate

vcov.fitdistr <- function(object, ...) object$vcov

logLik.fitdistr <- function(object, ...) structure(object$loglik, df = length(object$estimate), nobs = object$n, class = "logLik")

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

stepAIC <- function(object, scope, scale = 0, direction = c("both", "backward", "forward"), trace = 1, keep = NULL, steps = 1000, use.start = FALSE, k = 2, ...) {
  made <- if (missing(direction)) step(object, scope, scale = scale, trace = trace, keep = keep, steps = steps, k = k, ...)
    else step(object, scope, scale = scale, direction = match.arg(direction), trace = trace, keep = keep, steps = steps, k = k, ...)
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
