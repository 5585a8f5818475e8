# MASS: standardised residuals, ridge regression, robust regression, negative binomial models, terms to add or drop.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, chapters 6 to 8.

stdres <- function(object) {
  lever <- hatvalues(object)
  weighted <- if (is.null(object$weights)) residuals(object) else residuals(object) * sqrt(object$weights)
  spread <- sqrt(sum(weighted^2, na.rm = TRUE) / object$df.residual)
  weighted / (spread * sqrt(1 - lever))
}

studres <- function(object) {
  scaled <- stdres(object)
  free <- object$df.residual - 1
  scaled * sqrt(free / (free + 1 - scaled^2))
}

lm.ridge <- function(formula, data, subset, na.action, lambda = 0, model = FALSE, x = FALSE, y = FALSE, contrasts = NULL, ...) {
  asked <- match.call(expand.dots = FALSE)
  asked <- asked[c(1L, match(c("formula", "data", "subset", "na.action"), names(asked), 0L))]
  asked[[1L]] <- quote(stats::model.frame)
  frame <- eval.parent(asked)
  terms <- attr(frame, "terms")
  response <- model.response(frame)
  design <- model.matrix(terms, frame, contrasts)
  constant <- match("(Intercept)", colnames(design), nomatch = 0L)
  middle_y <- middle <- 0
  if (constant) {
    middle <- colMeans(design[, -constant, drop = FALSE])
    middle_y <- mean(response)
    design <- design[, -constant, drop = FALSE] - rep(middle, each = nrow(design))
    response <- response - middle_y
  } else middle <- middle_y <- NA
  n <- nrow(design)
  widths <- sqrt(colMeans(design^2))
  design <- design / rep(widths, each = n)
  parts <- svd(design)
  turned <- crossprod(parts$u, response)
  rotated <- drop(turned) / parts$d
  plain <- parts$v %*% rotated
  left <- response - design %*% plain
  s2 <- sum(left^2) / (n - ncol(design) - (constant > 0L))
  hkb <- (ncol(design) - 2) * s2 / sum(plain^2)
  lw <- (ncol(design) - 2) * s2 * n / sum((design %*% plain)^2)
  shrunk <- outer(parts$d^2, lambda, function(d, l) d / (d + l))
  coef <- parts$v %*% (shrunk * rotated)
  dimnames(coef) <- list(names(widths), format(lambda))
  gcv <- colSums((as.vector(response) - design %*% coef)^2) / (n - colSums(shrunk))^2
  structure(list(coef = drop(coef), scales = widths, Inter = as.integer(constant > 0L), lambda = lambda, ym = middle_y, xm = middle,
    GCV = gcv, kHKB = hkb, kLW = lw), class = "ridgelm")
}

coef.ridgelm <- function(object, ...) {
  scaled <- t(as.matrix(object$coef / object$scales))
  drop(if (object$Inter) cbind(object$ym - scaled %*% object$xm, scaled) else scaled)
}

print.ridgelm <- function(x, ...) {
  shown <- coef(x)
  print(shown, ...)
  invisible(x)
}

select.ridgelm <- function(.data, ...) {
  obj <- .data
  cat("modified HKB estimator is", format(obj$kHKB), "\n")
  cat("modified L-W estimator is", format(obj$kLW), "\n")
  if (length(obj$GCV) > 1L) cat("smallest value of GCV  at", signif(obj$lambda[which.min(obj$GCV)], 5), "\n")
}

# Weights (and the derivative of psi) of the M-estimators.
psi.huber <- function(u, k = 1.345, deriv = 0) if (deriv) abs(u) <= k else pmin(1, k / abs(u))

psi.hampel <- function(u, a = 2, b = 4, c = 8, deriv = 0) {
  size <- pmin(abs(u) + 1e-50, c)
  if (!deriv) ifelse(size <= a, size, ifelse(size <= b, a, a * (c - size) / (c - b))) / size
  else ifelse(abs(u) <= c, ifelse(size <= a, 1, ifelse(size <= b, 0, -a / (c - b))), 0)
}

psi.bisquare <- function(u, c = 4.685, deriv = 0) {
  part <- (u / c)^2
  if (deriv) ifelse(part < 1, (1 - part) * (1 - 5 * part), 0) else (1 - pmin(1, abs(u / c))^2)^2
}

huber <- function(y, k = 1.5, tol = 1e-06) {
  y <- y[!is.na(y)]
  middle <- median(y)
  spread <- mad(y)
  if (spread == 0) stop("cannot estimate scale: MAD is zero for this sample")
  repeat {
    moved <- mean(pmin(pmax(middle - k * spread, y), middle + k * spread))
    if (abs(middle - moved) < tol * spread) break
    middle <- moved
  }
  list(mu = moved, s = spread)
}

hubers <- function(y, k = 1.5, mu, s, initmu = median(y), tol = 1e-06) {
  known_mu <- !missing(mu)
  known_s <- !missing(s)
  y <- y[!is.na(y)]
  n <- length(y)
  middle <- if (known_mu) mu else initmu
  free <- if (known_mu) n else n - 1
  spread <- if (known_s) s else mad(y)
  if (spread == 0) return(list(mu = middle, s = 0))
  share <- 2 * pnorm(k) - 1
  beta <- share + k^2 * (1 - share) - 2 * k * dnorm(k)
  repeat {
    held <- pmin(pmax(middle - k * spread, y), middle + k * spread)
    after <- if (known_mu) middle else mean(held)
    width <- if (known_s) spread else sqrt(sum((held - after)^2) / free / beta)
    if (abs(middle - after) < tol * spread && abs(spread - width) < tol * spread) break
    middle <- after
    spread <- width
  }
  list(mu = middle, s = spread)
}

rlm <- function(x, ...) UseMethod("rlm")

rlm.formula <- function(formula, data, weights, ..., subset, na.action, method = c("M", "MM", "model.frame"), wt.method = c("inv.var", "case"),
                        model = TRUE, x.ret = TRUE, y.ret = FALSE, contrasts = NULL) {
  method <- match.arg(method)
  asked <- match.call(expand.dots = FALSE)
  asked <- asked[c(1L, match(c("formula", "data", "subset", "weights", "na.action"), names(asked), 0L))]
  asked[[1L]] <- quote(stats::model.frame)
  frame <- eval.parent(asked)
  if (method == "model.frame") return(frame)
  terms <- attr(frame, "terms")
  design <- model.matrix(terms, frame, contrasts)
  weights <- model.weights(frame)
  if (is.null(weights)) weights <- rep(1, nrow(design))
  fit <- rlm.default(design, model.response(frame), weights, method = method, wt.method = match.arg(wt.method), ...)
  fit$terms <- terms
  call <- match.call()
  call[[1L]] <- as.name("rlm")
  fit$call <- call
  fit$contrasts <- attr(design, "contrasts")
  fit$xlevels <- .getXlevels(terms, frame)
  fit$na.action <- attr(frame, "na.action")
  if (model) fit$model <- frame
  if (!x.ret) fit$x <- NULL
  if (y.ret) fit$y <- model.response(frame)
  structure(fit, class = c("rlm", "lm"))
}

rlm.default <- function(x, y, weights, ..., w = rep(1, nrow(x)), init = "ls", psi = psi.huber, scale.est = c("MAD", "Huber", "proposal 2"), k2 = 1.345,
                        method = c("M", "MM"), wt.method = c("inv.var", "case"), maxit = 20, acc = 1e-04, test.vec = "resid", lqs.control = NULL) {
  call <- match.call()
  method <- match.arg(method)
  wt.method <- match.arg(wt.method)
  scale.est <- match.arg(scale.est)
  if (method == "MM") stop("method = 'MM' of rlm() is not supported (it begins with a random search); method = 'M' is")
  if (!identical(init, "ls") && !is.numeric(init) && !is.list(init)) stop("'init' method is unknown")
  if (is.null(colnames(x))) colnames(x) <- paste0("X", seq_len(ncol(x)))
  if (qr(x)$rank < ncol(x)) stop("'x' is singular: singular fits are not implemented in 'rlm'")
  if (missing(weights)) weights <- rep(1, nrow(x))
  settings <- list(...)
  if (length(settings)) {
    at <- pmatch(names(settings), names(formals(psi)), nomatch = 0L)
    if (any(at == 0L)) warning(sprintf(ngettext(sum(at == 0L), "some of ... do not match", "some of ... do not match")), domain = NA)
    formals(psi)[at] <- settings[at > 0L]
  }
  given_x <- x
  given_y <- y
  if (wt.method == "inv.var") {
    x <- x * sqrt(weights)
    y <- y * sqrt(weights)
    cases <- rep(1, nrow(x))
  } else {
    w <- w * weights
    cases <- weights
  }
  free <- if (wt.method == "case") sum(weights) - ncol(x) else nrow(x) - ncol(x)
  share <- 2 * pnorm(k2) - 1
  gamma <- share + k2^2 * (1 - share) - 2 * k2 * dnorm(k2)
  start <- if (is.numeric(init)) init else if (is.list(init)) init$coef else lm.wfit(x, y, w, method = "qr")$coefficients
  resid <- drop(y - x %*% start)
  middle <- function(values) if (wt.method == "inv.var") median(abs(values)) / 0.6745 else .weighted_mad(values, cases)
  scale <- middle(resid)
  steps <- NULL
  done <- FALSE
  for (turn in seq_len(maxit)) {
    before <- if (is.null(test.vec)) NULL else get(test.vec)
    if (scale.est == "MAD") scale <- middle(resid)
    else scale <- if (wt.method == "inv.var") sqrt(sum(pmin(resid^2, (k2 * scale)^2)) / (free * gamma)) else sqrt(sum(cases * pmin(resid^2, (k2 * scale)^2)) / (free * gamma))
    if (scale == 0) {
      done <- TRUE
      break
    }
    w <- psi(resid / scale)
    if (wt.method == "case") w <- w * weights
    fit <- lm.wfit(x, y, w, method = "qr")
    coef <- fit$coefficients
    resid <- fit$residuals
    step <- if (is.null(test.vec)) sqrt(sum(w * resid * resid)) else sqrt(sum((before - get(test.vec))^2) / max(1e-20, sum(before^2)))
    steps <- c(steps, step)
    if (done <- step <= acc) break
  }
  if (!done) warning(gettextf("'rlm' failed to converge in %d steps", maxit), domain = NA)
  fitted <- drop(given_x %*% coef)
  call[[1L]] <- as.name("rlm")
  structure(list(coefficients = coef, residuals = given_y - fitted, wresid = resid, effects = fit$effects, rank = fit$rank, fitted.values = fitted,
    assign = fit$assign, qr = fit$qr, df.residual = NA, w = w, s = scale, psi = psi, k2 = k2, weights = if (any(weights != 1)) weights, conv = steps,
    converged = done, x = given_x, call = call), class = c("rlm", "lm"))
}

.weighted_mad <- function(x, w) {
  at <- order(abs(x))
  share <- cumsum(w[at]) / sum(w)
  k <- sum(share < 0.5)
  sizes <- abs(x[at])
  if (share[k + 1L] > 0.5) sizes[k + 1L] / 0.6745 else (sizes[k + 1L] + sizes[k + 2L]) / (2 * 0.6745)
}

print.rlm <- function(x, ...) {
  cat("Call:\n")
  dput(x$call, control = NULL)
  if (x$converged) cat("Converged in", length(x$conv), "iterations\n") else cat("Ran", length(x$conv), "iterations without convergence\n")
  cat("\nCoefficients:\n")
  print(x$coefficients, ...)
  free <- length(x$residuals) - x$rank
  cat("\nDegrees of freedom:", length(x$residuals), "total;", free, "residual\n")
  if (nzchar(note <- naprint(x$na.action))) cat("  (", note, ")\n", sep = "")
  cat("Scale estimate:", format(signif(x$s, 3)), "\n")
  invisible(x)
}

summary.rlm <- function(object, method = c("XtX", "XtWX"), correlation = FALSE, ...) {
  method <- match.arg(method)
  p <- length(object$coefficients)
  n <- length(object$residuals)
  free <- n - p
  resid <- object$wresid
  if (is.null(object$weights)) {
    weights <- rep(1, n)
  } else weights <- object$weights
  scaled <- resid / object$s
  slopes <- object$psi(scaled, deriv = 1)
  level <- mean(slopes)
  noise <- sum((resid * object$psi(scaled))^2 * weights) / free
  growth <- 1 + p * var(slopes) / (n * level^2)
  noise <- growth * sqrt(noise) / level
  x <- object$x * sqrt(weights)
  if (method == "XtWX") {
    mean_w <- mean(object$w)
    x <- sqrt(object$w / mean_w) * x
  }
  upper <- qr(x)$qr[seq_len(p), , drop = FALSE]
  upper[lower.tri(upper)] <- 0
  inverse <- backsolve(upper, diag(p))
  errors <- noise * sqrt(rowSums(inverse^2))
  labels <- names(object$coefficients)
  table <- cbind(Value = object$coefficients, `Std. Error` = errors, `t value` = object$coefficients / errors)
  made <- list(call = object$call, residuals = if (is.null(object$weights)) object$residuals else object$residuals * sqrt(object$weights),
    coefficients = table, sigma = object$s, stddev = noise, df = c(p, free, p), r.squared = NA, cov.unscaled = structure(inverse %*% t(inverse), dimnames = list(labels, labels)),
    correlation = if (correlation) structure(cov2cor(inverse %*% t(inverse)), dimnames = list(labels, labels)), terms = object$terms)
  if (!is.null(object$na.action)) made$na.action <- object$na.action
  structure(made, class = "summary.rlm")
}

print.summary.rlm <- function(x, digits = max(3, getOption("digits") - 3), ...) {
  cat("\nCall: ")
  dput(x$call, control = NULL)
  free <- x$df[2L]
  cat(if (!is.null(x$weights) && diff(range(x$weights))) "Weighted ", "Residuals:\n", sep = "")
  if (free > 5L) {
    shown <- quantile(x$residuals, na.rm = TRUE)
    names(shown) <- c("Min", "1Q", "Median", "3Q", "Max")
    print(shown, digits = digits, ...)
  } else if (free > 0L) print(x$residuals, digits = digits, ...) else cat("ALL", x$df[1L], "residuals are 0: no residual degrees of freedom!\n")
  cat("\nCoefficients:\n")
  print(format(round(x$coefficients, digits = digits)), quote = FALSE, ...)
  cat("\nResidual standard error:", format(signif(x$sigma, digits)), "on", free, "degrees of freedom\n")
  if (nzchar(note <- naprint(x$na.action))) cat("  (", note, ")\n", sep = "")
  if (!is.null(x$correlation)) {
    cat("\nCorrelation of Coefficients:\n")
    shown <- format(round(x$correlation, digits))
    shown[!lower.tri(shown)] <- ""
    print(shown[-1L, -ncol(shown), drop = FALSE], quote = FALSE, digits = digits, ...)
  }
  invisible(x)
}

predict.rlm <- function(object, newdata = NULL, scale = NULL, ...) {
  object$qr <- qr(sqrt(if (is.null(object$weights)) 1 else object$weights) * object$x)
  if (is.null(newdata)) predict.lm(object, scale = object$s, ...) else predict.lm(object, newdata, scale = if (is.null(scale)) object$s else scale, ...)
}

vcov.rlm <- function(object, ...) {
  told <- summary(object, corr = FALSE)
  told$stddev^2 * told$cov.unscaled
}

contr.sdif <- function(n, contrasts = TRUE, sparse = FALSE) {
  if (is.numeric(n) && length(n) == 1L) {
    if (n %% 1L || n < 2L) stop("invalid number of levels")
    labels <- as.character(seq_len(n))
  } else {
    labels <- as.character(n)
    n <- length(n)
    if (n < 2L) stop("invalid number of levels")
  }
  if (sparse) stop("argument 'sparse' of contr.sdif() is not supported")
  if (!contrasts) return(structure(diag(n), dimnames = list(labels, labels)))
  made <- outer(seq_len(n), seq_len(n - 1L), function(row, column) ifelse(row <= column, (column - n) / n, column / n))
  dimnames(made) <- list(labels, paste(labels[-1L], labels[-n], sep = "-"))
  made
}

area <- function(f, a, b, ..., fa = f(a, ...), fb = f(b, ...), limit = 10, eps = 1e-05) {
  middle <- (a + b) / 2
  high <- (b - a) / 2
  fm <- f(middle, ...)
  coarse <- (fa + fb) * high
  fine <- (fa + 4 * fm + fb) * high / 3
  if (abs(coarse - fine) < eps) return(fine)
  if (limit == 0) {
    warning(gettextf("iteration limit reached near x = %f", middle), domain = NA)
    return(fine)
  }
  Recall(f, a, middle, ..., fa = fa, fb = fm, limit = limit - 1, eps = eps) + Recall(f, middle, b, ..., fa = fm, fb = fb, limit = limit - 1, eps = eps)
}

write.matrix <- function(x, file = "", sep = " ", blocksize) {
  x <- as.matrix(x)
  titles <- colnames(x)
  shown <- format(x)
  cat(if (!is.null(titles)) c(paste(titles, collapse = sep)), file = file, sep = if (is.null(titles)) "" else "\n")
  cat(apply(shown, 1L, paste, collapse = sep), file = file, sep = "\n", append = !is.null(titles))
}

rational <- function(x, cycles = 10, max.denominator = 2000, ...) {
  made <- x
  made[] <- vapply(as.numeric(x), function(one) {
    parts <- .as_fraction(one, cycles, max.denominator)
    parts[1L] / parts[2L]
  }, 0)
  made
}

as.fractions <- function(x) if (is.fractions(x)) x else fractions(x)

is.fractions <- function(f) inherits(f, "fractions")
