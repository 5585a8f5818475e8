# nnet: networks of one hidden layer, fitted by quasi-Newton steps, and multinomial regression by them.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, sections 7.3 and 8.10.

nnet <- function(x, ...) UseMethod("nnet")

nnet.formula <- function(formula, data, weights, ..., subset, na.action, contrasts = NULL) {
  asked <- match.call(expand.dots = FALSE)
  asked <- asked[c(1L, match(c("formula", "data", "weights", "subset", "na.action"), names(asked), 0L))]
  asked[[1L]] <- quote(stats::model.frame)
  frame <- eval.parent(asked)
  terms <- attr(frame, "terms")
  x <- model.matrix(terms, frame, contrasts)
  coding <- attr(x, "contrasts")
  x <- x[, colnames(x) != "(Intercept)", drop = FALSE]
  w <- model.weights(frame)
  if (is.null(w)) w <- rep(1, nrow(x))
  y <- model.response(frame)
  if (is.factor(y)) {
    lev <- levels(y)
    if (length(lev) == 2L) {
      y <- as.vector(unclass(y)) - 1
      made <- nnet.default(x, y, w, entropy = TRUE, ...)
    } else made <- nnet.default(x, class.ind(y), w, softmax = TRUE, ...)
    made$lev <- lev
  } else made <- nnet.default(x, y, w, ...)
  made$terms <- terms
  made$coefnames <- colnames(x)
  made$call <- match.call()
  made$na.action <- attr(frame, "na.action")
  made$contrasts <- coding
  made$xlevels <- .getXlevels(terms, frame)
  structure(made, class = c("nnet.formula", "nnet"))
}

# The logistic function, flat where nnet takes it to be.
.flat_logistic <- function(total) ifelse(total < -15, 0, ifelse(total > 15, 1, 1 / (1 + exp(-total))))

# What a network of these weights gives, with what its hidden units give on the way.
.network_forward <- function(net, x, wts) {
  p <- net$n[1L]
  size <- net$n[2L]
  outputs <- net$n[3L]
  hidden <- if (size) .flat_logistic(cbind(1, x) %*% matrix(wts[seq_len((p + 1) * size)], p + 1)) else matrix(0, nrow(x), 0L)
  last <- matrix(wts[(p + 1) * size + seq_len(length(wts) - (p + 1) * size)], ncol = outputs)
  into <- cbind(1, hidden, if (net$skip) x)
  total <- into %*% last
  out <- if (net$softmax) {
    shares <- exp(total - do.call(pmax, lapply(seq_len(outputs), function(k) total[, k])))
    shares / rowSums(shares)
  } else if (net$linout) total else .flat_logistic(total)
  list(hidden = hidden, into = into, last = last, out = out)
}

.network_worth <- function(net, x, y, w, wts, decay) {
  out <- .network_forward(net, x, wts)$out
  lost <- if (net$softmax) ifelse(y > 0, -y * log(pmax(out, 1e-300)), 0)
    else if (net$entropy) ifelse(y > 0, y * log(y / pmax(out, 1e-300)), 0) + ifelse(y < 1, (1 - y) * log((1 - y) / pmax(1 - out, 1e-300)), 0)
    else (out - y)^2
  sum(w * lost) + sum(decay * wts^2)
}

.network_slope <- function(net, x, y, w, wts, decay) {
  at <- .network_forward(net, x, wts)
  pull <- if (net$softmax) rowSums(y) * at$out - y
    else if (net$entropy) at$out - y
    else if (net$linout) 2 * (at$out - y)
    else 2 * (at$out - y) * at$out * (1 - at$out)
  pull <- w * pull
  by_last <- crossprod(at$into, pull)
  by_first <- if (net$n[2L]) {
    back <- (pull %*% t(at$last[1L + seq_len(net$n[2L]), , drop = FALSE])) * at$hidden * (1 - at$hidden)
    crossprod(cbind(1, x), back)
  }
  c(by_first, by_last) + 2 * decay * wts
}

nnet.default <- function(x, y, weights, size, Wts, mask = rep(TRUE, length(wts)), linout = FALSE, entropy = FALSE, softmax = FALSE, censored = FALSE,
                         skip = FALSE, rang = 0.7, decay = 0, maxit = 100, Hess = FALSE, trace = TRUE, MaxNWts = 1000, abstol = 1e-04, reltol = 1e-08, ...) {
  x <- as.matrix(x)
  y <- as.matrix(y)
  if (any(is.na(x))) stop("missing values in 'x'")
  if (any(is.na(y))) stop("missing values in 'y'")
  if (dim(x)[1L] != dim(y)[1L]) stop("nrows of 'x' and 'y' must match")
  if (linout && entropy) stop("entropy fit only for logistic units")
  if (censored) stop("argument 'censored' of nnet() is not supported")
  if (softmax) {
    linout <- TRUE
    entropy <- FALSE
    if (ncol(y) < 2L) stop("'softmax = TRUE' requires at least two response categories")
  }
  net <- list(n = c(ncol(x), size, ncol(y)), linout = linout, entropy = entropy, softmax = softmax, skip = skip)
  count <- (net$n[1L] + 1) * size + (1 + size + if (skip) net$n[1L] else 0) * net$n[3L]
  if (count == 0) stop("no weights to fit")
  if (missing(Wts)) wts <- if (rang > 0) runif(count, -rang, rang) else rep(0, count)
  else wts <- Wts
  if (length(wts) != count) stop("weights vector of incorrect length")
  if (length(mask) != count) stop("incorrect length of 'mask'")
  free <- which(mask)
  if (trace) {
    cat("# weights: ", length(wts))
    if (length(free) < length(wts)) cat(" (", length(free), " variable)\n", sep = "") else cat("\n")
    flush.console()
  }
  if (length(wts) > MaxNWts) stop(gettextf("too many (%d) weights", length(wts)), domain = NA)
  w <- if (missing(weights)) rep(1, nrow(x)) else weights
  if (length(w) != nrow(x) || any(w < 0)) stop("invalid weights vector")
  decays <- if (length(decay) == 1L) rep(decay, count) else decay
  storage.mode(x) <- "double"
  plain_x <- unname(x)
  plain_y <- unname(y)
  whole <- function(values) replace(wts, free, values)
  found <- optim(wts[free], function(values) .network_worth(net, plain_x, plain_y, w, whole(values), decays),
    function(values) .network_slope(net, plain_x, plain_y, w, whole(values), decays)[free], method = "BFGS",
    control = list(maxit = maxit, abstol = abstol, reltol = reltol, trace = as.integer(trace), REPORT = 10))
  wts <- whole(found$par)
  out <- .network_forward(net, plain_x, wts)$out
  dimnames(out) <- list(rownames(x), colnames(y))
  # Where each unit takes its input from; unit 0 is the bias.
  hidden <- net$n[1L] + seq_len(size)
  sources <- c(rep(list(numeric()), net$n[1L] + 1L), rep(list(c(0, seq_len(net$n[1L]))), size), rep(list(c(0, hidden, if (skip) seq_len(net$n[1L]))), net$n[3L]))
  made <- list(n = net$n, nunits = sum(net$n) + 1L, nconn = cumsum(c(0, lengths(sources))), conn = unlist(sources), nsunits = if (linout) sum(net$n[1L:2L]) + 1L else sum(net$n) + 1L, decay = decay, entropy = entropy,
    softmax = softmax, censored = censored, value = found$value, wts = wts, convergence = found$convergence, fitted.values = out, residuals = as.matrix(y) - out,
    call = match.call())
  if (Hess) made$Hessian <- optimHess(wts, function(values) .network_worth(net, plain_x, plain_y, w, values, decays), function(values) .network_slope(net, plain_x, plain_y, w, values, decays))
  structure(made, class = "nnet")
}

.network_of <- function(object) {
  last <- object$conn[(object$nconn[object$nunits] + 1):object$nconn[object$nunits + 1]]
  list(n = object$n, linout = object$nunits > object$nsunits, entropy = object$entropy, softmax = object$softmax, skip = object$n[1L] > 0 && 1 %in% last)
}

predict.nnet <- function(object, newdata, type = c("raw", "class"), ...) {
  if (!inherits(object, "nnet")) stop("object not of class \"nnet\"")
  type <- match.arg(type)
  if (missing(newdata)) out <- fitted(object)
  else {
    if (inherits(object, "nnet.formula")) {
      terms <- delete.response(object$terms)
      frame <- model.frame(terms, as.data.frame(newdata), na.action = na.omit, xlev = object$xlevels)
      x <- model.matrix(terms, frame, contrasts.arg = object$contrasts)
      x <- x[, colnames(x) != "(Intercept)", drop = FALSE]
    } else x <- if (is.null(dim(newdata))) matrix(newdata, 1L) else as.matrix(newdata)
    if (any(is.na(x))) stop("missing values in 'x'")
    out <- .network_forward(.network_of(object), unname(x), object$wts)$out
    dimnames(out) <- list(rownames(x), colnames(object$fitted.values))
  }
  if (type == "raw") return(out)
  if (is.null(object$lev)) stop("inappropriate fit for class")
  if (ncol(out) > 1L) object$lev[max.col(out, "first")] else object$lev[1L + (out > 0.5)]
}

fitted.nnet <- function(object, ...) object$fitted.values

coef.nnet <- function(object, ...) structure(object$wts, names = .weight_names(object))

# The names of the weights, in their order: from the bias, then each unit of the layers before.
.weight_names <- function(object) {
  skip <- .network_of(object)$skip
  inputs <- if (object$n[1L]) paste0("i", seq_len(object$n[1L])) else character()
  hidden <- if (object$n[2L]) paste0("h", seq_len(object$n[2L])) else character()
  outputs <- if (object$n[3L] > 1L) paste0("o", seq_len(object$n[3L])) else "o"
  c(as.vector(outer(c("b", inputs), hidden, paste, sep = "->")), as.vector(outer(c("b", hidden, if (skip) inputs), outputs, paste, sep = "->")))
}

.network_told <- function(x) {
  cat("a ", x$n[1L], "-", x$n[2L], "-", x$n[3L], " network", sep = "")
  cat(" with", length(x$wts), "weights\n")
}

.options_told <- function(x) {
  net <- .network_of(x)
  cat("options were -")
  told <- c(if (net$skip) " skip-layer connections ", if (x$n[3L] > 1L && x$softmax) " softmax modelling ", if (net$linout && !x$softmax) " linear output units ",
    if (x$entropy) " entropy fitting ", if (any(x$decay != 0)) paste0(" decay=", x$decay[1L]))
  cat(told, sep = "")
  cat("\n")
}

print.nnet <- function(x, ...) {
  if (!inherits(x, "nnet")) stop("not a legitimate neural net fit")
  .network_told(x)
  if (length(x$coefnames)) cat("inputs:", x$coefnames, "\noutput(s):", deparse(formula(x)[[2L]], backtick = TRUE), "\n")
  .options_told(x)
  invisible(x)
}

summary.nnet <- function(object, ...) structure(object, class = c("summary.nnet", class(object)))

print.summary.nnet <- function(x, ...) {
  .network_told(x)
  .options_told(x)
  shown <- format(round(coef.nnet(x), 2))
  names(shown) <- .weight_names(x)
  for (unit in unique(sub(".*->", "", names(shown)))) print(shown[sub(".*->", "", names(shown)) == unit], quote = FALSE)
  invisible(x)
}

formula.nnet <- function(x, ...) formula(x$terms)

multinom <- function(formula, data, weights, subset, na.action, contrasts = NULL, Hess = FALSE, summ = 0, censored = FALSE, model = FALSE, ...) {
  call <- match.call()
  if (summ != 0 || censored) stop("arguments 'summ' and 'censored' of multinom() are not supported")
  asked <- match.call(expand.dots = FALSE)
  asked <- asked[c(1L, match(c("formula", "data", "subset", "weights", "na.action"), names(asked), 0L))]
  asked[[1L]] <- quote(stats::model.frame)
  frame <- eval.parent(asked)
  terms <- attr(frame, "terms")
  X <- model.matrix(terms, frame, contrasts)
  coding <- attr(X, "contrasts")
  Y <- model.response(frame)
  if (!is.matrix(Y)) Y <- as.factor(Y)
  w <- model.weights(frame)
  if (length(w) == 0L) w <- if (is.matrix(Y)) rep(1, nrow(Y)) else rep(1, length(Y))
  lev <- levels(Y)
  r <- ncol(X)
  if (is.factor(Y)) {
    counts <- table(Y)
    if (any(counts == 0L)) {
      empty <- lev[counts == 0L]
      warning(sprintf(ngettext(length(empty), "group %s is empty", "groups %s are empty"), paste(sQuote(empty), collapse = " ")), domain = NA)
      Y <- factor(Y, levels = lev[counts > 0L])
      lev <- lev[counts > 0L]
    }
    if (length(lev) < 2L) stop("need two or more classes to fit a multinom model")
    Y <- if (length(lev) == 2L) as.integer(Y) - 1 else class.ind(Y)
  }
  two <- !is.matrix(Y) || ncol(Y) == 1L
  if (is.matrix(Y) && is.null(lev)) lev <- colnames(Y)
  if (two) {
    fit <- nnet.default(X, Y, w, mask = c(FALSE, rep(TRUE, r)), size = 0, skip = TRUE, entropy = TRUE, rang = 0, ...)
  } else {
    p <- ncol(Y)
    sizes <- rowSums(Y)
    if (any(sizes == 0)) warning("some case has no observations")
    Y <- Y / sizes
    fit <- nnet.default(X, Y, w * sizes, mask = c(rep(FALSE, r + 1L), rep(c(FALSE, rep(TRUE, r)), p - 1L)), size = 0, skip = TRUE, softmax = TRUE, rang = 0, ...)
  }
  fit$call <- NULL
  fit$lev <- lev
  fit$call <- call
  fit$terms <- terms
  fit$weights <- w
  fit$deviance <- 2 * fit$value
  fit$rank <- r
  edf <- if (two) r else (length(lev) - 1) * r
  fit$lab <- lev
  fit$coefnames <- colnames(X)
  fit$vcoefnames <- colnames(X)
  fit$na.action <- attr(frame, "na.action")
  fit$contrasts <- coding
  fit$xlevels <- .getXlevels(terms, frame)
  fit$edf <- edf
  fit$AIC <- fit$deviance + 2 * edf
  if (model) fit$model <- frame
  class(fit) <- c("multinom", "nnet")
  if (Hess) fit$Hessian <- .multinomial_information(fit, X)
  fit
}

.multinomial_information <- function(object, X) {
  shares <- fitted.nnet(object)
  w <- object$weights
  if (ncol(shares) == 1L) made <- crossprod(X, X * as.vector(w * shares * (1 - shares)))
  else {
    p <- ncol(shares)
    r <- ncol(X)
    made <- matrix(0, (p - 1L) * r, (p - 1L) * r)
    for (i in 2L:p) for (j in 2L:p) {
      weight <- w * (if (i == j) shares[, i] * (1 - shares[, i]) else -shares[, i] * shares[, j])
      made[(i - 2L) * r + seq_len(r), (j - 2L) * r + seq_len(r)] <- crossprod(X, X * weight)
    }
  }
  labels <- if (length(object$lev) == 2L) object$vcoefnames else as.vector(t(outer(object$lev[-1L], object$vcoefnames, paste, sep = ":")))
  dimnames(made) <- list(labels, labels)
  made
}

coef.multinom <- function(object, ...) {
  r <- length(object$vcoefnames)
  if (length(object$lev) == 2L) return(structure(object$wts[1L + seq_len(r)], names = object$vcoefnames))
  made <- matrix(object$wts, nrow = object$n[3L], byrow = TRUE)[, 1L + seq_len(r), drop = FALSE]
  dimnames(made) <- list(object$lev, object$vcoefnames)
  made[-1L, , drop = FALSE]
}

print.multinom <- function(x, ...) {
  if (!is.null(call <- x$call)) {
    cat("Call:\n")
    dput(call, control = NULL)
  }
  cat("\nCoefficients:\n")
  print(coef(x), ...)
  cat("\nResidual Deviance:", format(x$deviance), "\n")
  cat("AIC:", format(x$AIC), "\n")
  invisible(x)
}

vcov.multinom <- function(object, ...) {
  information <- object$Hessian
  if (is.null(information)) {
    frame <- eval(.frame_call(object), environment(object$terms))
    information <- .multinomial_information(object, model.matrix(object$terms, frame, contrasts.arg = object$contrasts))
  }
  made <- solve(information)
  dimnames(made) <- dimnames(information)
  made
}

.frame_call <- function(object) {
  call <- object$call
  call <- call[c(1L, match(c("formula", "data", "subset", "weights", "na.action"), names(call), 0L))]
  call[[1L]] <- quote(stats::model.frame)
  call$formula <- object$terms
  call
}

summary.multinom <- function(object, correlation = FALSE, digits = getOption("digits"), Wald.ratios = FALSE, ...) {
  spread <- vcov(object)
  errors <- sqrt(diag(spread))
  object$digits <- digits
  object$is.binomial <- length(object$lev) == 2L
  values <- coef(object)
  if (object$is.binomial) {
    object$coefficients <- values
    object$standard.errors <- errors
  } else {
    object$coefficients <- values
    object$standard.errors <- matrix(errors, nrow(values), byrow = TRUE, dimnames = dimnames(values))
  }
  if (Wald.ratios) object$Wald.ratios <- object$coefficients / object$standard.errors
  if (correlation) object$correlation <- spread / outer(errors, errors)
  structure(object, class = "summary.multinom")
}

print.summary.multinom <- function(x, digits = x$digits, ...) {
  if (!is.null(call <- x$call)) {
    cat("Call:\n")
    dput(call, control = NULL)
  }
  cat("\nCoefficients:\n")
  if (x$is.binomial) print(cbind(Values = x$coefficients, `Std. Err.` = x$standard.errors, `Value/SE` = x$Wald.ratios), digits = digits)
  else {
    print(x$coefficients, digits = digits)
    cat("\nStd. Errors:\n")
    print(x$standard.errors, digits = digits)
    if (!is.null(x$Wald.ratios)) {
      cat("\nValue/SE (Wald statistics):\n")
      print(x$Wald.ratios, digits = digits)
    }
  }
  cat("\nResidual Deviance:", format(x$deviance), "\n")
  cat("AIC:", format(x$AIC), "\n")
  invisible(x)
}

predict.multinom <- function(object, newdata, type = c("class", "probs"), ...) {
  if (!inherits(object, "multinom")) stop("not a \"multinom\" fit")
  type <- match.arg(type)
  if (missing(newdata)) out <- fitted.nnet(object)
  else {
    terms <- delete.response(object$terms)
    frame <- model.frame(terms, as.data.frame(newdata), na.action = na.omit, xlev = object$xlevels)
    x <- model.matrix(terms, frame, contrasts.arg = object$contrasts)
    out <- .network_forward(.network_of(object), unname(x), object$wts)$out
    dimnames(out) <- list(rownames(x), colnames(object$fitted.values))
  }
  if (type == "probs") return(drop(out))
  if (length(object$lev) > 2L) factor(max.col(out, "first"), levels = seq_along(object$lev), labels = object$lev)
  else factor(1L + (out > 0.5), levels = 1L:2L, labels = object$lev)
}

logLik.multinom <- function(object, ...) structure(-0.5 * object$deviance, df = object$edf, nobs = sum(object$weights), class = "logLik")

nobs.multinom <- function(object, ...) sum(object$weights)

extractAIC.multinom <- function(fit, scale, k = 2, ...) c(fit$edf, fit$deviance + k * fit$edf)

confint.multinom <- function(object, parm, level = 0.95, ...) {
  values <- coef(object)
  errors <- summary(object)$standard.errors
  shares <- c((1 - level) / 2, 1 - (1 - level) / 2)
  titles <- paste(format(100 * shares, trim = TRUE, scientific = FALSE, digits = 3), "%")
  if (!is.matrix(values)) {
    made <- structure(cbind(values + qnorm(shares[1L]) * errors, values + qnorm(shares[2L]) * errors), dimnames = list(names(values), titles))
    return(if (missing(parm)) made else made[parm, , drop = FALSE])
  }
  made <- array(0, c(ncol(values), 2L, nrow(values)), list(colnames(values), titles, rownames(values)))
  for (k in seq_len(nrow(values))) made[, , k] <- values[k, ] + outer(errors[k, ], qnorm(shares))
  if (missing(parm)) made else made[parm, , , drop = FALSE]
}
