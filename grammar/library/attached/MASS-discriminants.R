# MASS: linear and quadratic discriminant analysis.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, chapter 12; B. D. Ripley,
# Pattern Recognition and Neural Networks, section 2.4 (predictive and debiased rules).

lda <- function(x, ...) UseMethod("lda")
qda <- function(x, ...) UseMethod("qda")

# A formula's columns and groups, and the call as it is remembered; both kinds of analysis take them the same way.
.discriminant_formula <- function(fit, call, frame_call, environment, ...) {
  frame_call$... <- NULL
  frame_call <- frame_call[c(1L, match(c("formula", "data", "subset", "na.action"), names(frame_call), 0L))]
  frame_call[[1L]] <- quote(stats::model.frame)
  frame <- eval(frame_call, environment)
  terms <- attr(frame, "terms")
  x <- model.matrix(terms, frame)
  made <- fit(x[, colnames(x) != "(Intercept)", drop = FALSE], model.response(frame), ...)
  made$terms <- terms
  made$call <- call
  made$xlevels <- .getXlevels(terms, frame)
  if (!is.null(made$class)) return(made[c("class", "posterior", "terms", "call", "xlevels")])
  made$na.action <- attr(frame, "na.action")
  made
}

lda.formula <- function(formula, data, ..., subset, na.action) {
  call <- match.call()
  call[[1L]] <- as.name("lda")
  .discriminant_formula(function(x, grouping, ...) lda.default(x, grouping, ...), call, match.call(expand.dots = FALSE), parent.frame(), ...)
}

qda.formula <- function(formula, data, ..., subset, na.action) {
  call <- match.call()
  call[[1L]] <- as.name("qda")
  .discriminant_formula(function(x, grouping, ...) qda.default(x, grouping, ...), call, match.call(expand.dots = FALSE), parent.frame(), ...)
}

.discriminant_frame <- function(kind, x, ...) {
  call <- sys.call(-1L)
  call[[1L]] <- as.name(kind)
  made <- get(paste0(kind, ".matrix"))(structure(data.matrix(x), class = "matrix"), ...)
  made$call <- call
  made
}

lda.data.frame <- function(x, ...) .discriminant_frame("lda", x, ...)
qda.data.frame <- function(x, ...) .discriminant_frame("qda", x, ...)

# Rows chosen by `subset`, and those without gaps when `na.action` says so.
.discriminant_matrix <- function(fit, x, grouping, subset, na.action, ...) {
  if (!is.null(subset)) {
    x <- x[subset, , drop = FALSE]
    grouping <- grouping[subset]
  }
  if (!is.null(na.action)) {
    whole <- na.action(structure(list(g = grouping, x = x), class = "data.frame", row.names = seq_along(grouping)))
    grouping <- whole$g
    x <- whole$x
  }
  fit(x, grouping, ...)
}

lda.matrix <- function(x, grouping, ..., subset, na.action) {
  made <- .discriminant_matrix(function(x, grouping, ...) lda.default(x, grouping, ...), unclass(x), grouping, if (!missing(subset)) subset, if (!missing(na.action)) na.action, ...)
  call <- match.call()
  call[[1L]] <- as.name("lda")
  made$call <- call
  made
}

qda.matrix <- function(x, grouping, ..., subset, na.action) {
  made <- .discriminant_matrix(function(x, grouping, ...) qda.default(x, grouping, ...), unclass(x), grouping, if (!missing(subset)) subset, if (!missing(na.action)) na.action, ...)
  call <- match.call()
  call[[1L]] <- as.name("qda")
  made$call <- call
  made
}

# Numbers and groups as both analyses want them: groups without rows are left out of lda(), and are a mistake in qda().
.discriminant_checked <- function(x, grouping, prior, keep_empty) {
  call <- sys.call(-1L)
  refuse <- function(...) stop(simpleError(paste0(...), call))
  if (is.null(dim(x))) refuse("'x' is not a matrix")
  x <- as.matrix(x)
  if (any(!is.finite(x))) refuse("infinite, NA or NaN values in 'x'")
  if (nrow(x) != length(grouping)) refuse("nrow(x) and length(grouping) are different")
  g <- as.factor(grouping)
  lev <- levels(g)
  counts <- as.vector(table(g))
  if (!is.null(prior)) {
    if (any(prior < 0) || round(sum(prior), 5) != 1) refuse("invalid 'prior'")
    if (length(prior) != nlevels(g)) refuse("'prior' is of incorrect length")
  }
  if (!keep_empty && any(counts == 0L)) {
    empty <- lev[counts == 0L]
    text <- sprintf(ngettext(length(empty), "group %s is empty", "groups %s are empty"), paste(empty, collapse = " "))
    warning(simpleWarning(text, call))
    if (!is.null(prior)) prior <- prior[counts > 0L]
    lev <- lev[counts > 0L]
    g <- factor(g, levels = lev)
    counts <- as.vector(table(g))
  }
  if (is.null(prior)) prior <- counts / nrow(x)
  names(prior) <- names(counts) <- lev
  list(x = x, g = g, lev = lev, counts = counts, prior = prior, n = nrow(x), p = ncol(x))
}

.class_means <- function(x, g, weights = rep(1, nrow(x))) {
  means <- rowsum(weights * x, g, reorder = TRUE) / as.vector(rowsum(weights, g, reorder = TRUE))
  means[levels(g), , drop = FALSE]
}

# The weights and the centres of a multivariate t distribution with `nu` degrees of freedom.
.t_weights <- function(x, g, nu, told = FALSE) {
  p <- ncol(x)
  n <- nrow(x)
  w <- rep(1, n)
  repeat {
    before <- w
    within <- x - .class_means(x, g, w)[g, , drop = FALSE]
    parts <- svd(sqrt((1 + p / nu) * w / n) * within, nu = 0L)
    turned <- within %*% parts$v %*% diag(1 / parts$d, p)
    w <- 1 / (1 + rowSums(turned^2) / nu)
    if (told) print(summary(w))
    if (all(abs(w - before) < 1e-2)) break
  }
  w
}

# Each row by the rule that the others make: the group's mean without the row, the covariance without its share.
.left_out <- function(x, means, g, counts, covariance, degrees, prior) {
  n <- nrow(x)
  inverse <- solve(covariance) / degrees
  scores <- matrix(0, n, length(prior), dimnames = list(rownames(x), names(prior)))
  own <- x - means[g, , drop = FALSE]
  share <- counts[g] / (counts[g] - 1)
  pull <- own %*% inverse
  inner <- rowSums(pull * own)
  for (k in seq_along(prior)) {
    apart <- x - rep(means[k, ], each = n)
    mine <- as.integer(g) == k
    apart[mine, ] <- own[mine, , drop = FALSE] * share[mine]
    plain <- rowSums((apart %*% inverse) * apart)
    cross <- rowSums(pull * apart)
    scores[, k] <- log(prior[k]) - (degrees - 1) * (plain + share * cross^2 / (1 - share * inner)) / 2
  }
  .chosen_classes(scores, prior)
}

.shares <- function(scores) {
  shares <- exp(scores - apply(scores, 1L, max))
  shares / rowSums(shares)
}

.chosen_classes <- function(scores, prior) {
  shares <- .shares(scores)
  dimnames(shares) <- list(rownames(scores), names(prior))
  list(class = factor(max.col(shares, "first"), seq_along(prior), names(prior)), posterior = shares)
}

lda.default <- function(x, grouping, prior = proportions, tol = 1e-04, method = c("moment", "mle", "mve", "t"), CV = FALSE, nu = 5, ...) {
  proportions <- NULL
  found <- .discriminant_checked(x, grouping, if (!missing(prior)) prior, FALSE)
  x <- found$x
  g <- found$g
  prior <- found$prior
  groups <- length(found$lev)
  method <- match.arg(method)
  if (CV && method != "moment" && method != "mle") stop(gettextf("cannot use leave-one-out CV with method %s", sQuote(method)), domain = NA)
  if (method == "mve") stop("method = 'mve' of lda() is not supported; method = 't' is a robust fit too")
  means <- .class_means(x, g)
  spread <- sqrt(diag(var(x - means[g, , drop = FALSE])))
  if (any(spread < tol)) {
    which <- format((1L:found$p)[spread < tol])
    stop(sprintf(ngettext(length(which), "variable %s appears to be constant within groups", "variables %s appear to be constant within groups"),
      paste(which, collapse = " ")), domain = NA)
  }
  scaling <- diag(1 / spread, , found$p)
  if (method == "t") {
    if (nu <= 2) stop("'nu' must exceed 2")
    w <- .t_weights(x, g, nu, TRUE)
    means <- .class_means(x, g, w)
    within <- sqrt(nu / (nu - 2) * (1 + found$p / nu) * w / found$n) * (x - means[g, , drop = FALSE]) %*% scaling
  } else {
    degrees <- if (method == "mle") found$n else found$n - groups
    if (CV) {
      x <- x %*% scaling
      means <- .class_means(x, g)
      inner <- x - means[g, , drop = FALSE]
      cv <- .left_out(x, means, g, found$counts, crossprod(inner) / degrees, degrees, prior)
      return(c(cv, list(call = match.call())))
    }
    within <- sqrt(1 / degrees) * (x - means[g, , drop = FALSE]) %*% scaling
  }
  first <- svd(within, nu = 0L)
  rank <- sum(first$d > tol)
  if (rank == 0L) stop("rank = 0: variables are numerically constant")
  if (rank < found$p) warning("variables are collinear")
  scaling <- scaling %*% first$v[, seq_len(rank)] %*% diag(1 / first$d[seq_len(rank)], , rank)
  centre <- colSums(prior * means)
  between <- sqrt(found$n * prior / if (method == "mle") groups else groups - 1) * scale(means, center = centre, scale = FALSE)
  second <- svd(between %*% scaling, nu = 0L)
  rank <- sum(second$d > tol * second$d[1L])
  if (rank == 0L) stop("group means are numerically identical")
  scaling <- scaling %*% second$v[, seq_len(rank)]
  dimnames(scaling) <- list(colnames(x), paste0("LD", seq_len(rank)))
  dimnames(means) <- list(found$lev, colnames(x))
  structure(list(prior = prior, counts = found$counts, means = means, scaling = scaling, lev = found$lev, svd = second$d[seq_len(rank)], N = found$n,
    call = match.call()), class = "lda")
}

# The rows that a fitted analysis is asked about: new ones, or those it was made of.
.discriminant_rows <- function(object, newdata, environment) {
  given <- !is.null(newdata)
  if (!is.null(object$terms)) {
    Terms <- delete.response(object$terms)
    if (given) newdata <- as.data.frame(newdata)
    frame <- if (given) model.frame(Terms, newdata, na.action = na.pass, xlev = object$xlevels) else model.frame(object)
    x <- model.matrix(Terms, frame)
    return(x[, colnames(x) != "(Intercept)", drop = FALSE])
  }
  if (!given) {
    newdata <- eval(object$call$x %||% object$call[[2L]], environment)
    if (!is.null(chosen <- object$call$subset)) newdata <- newdata[eval(chosen, environment), , drop = FALSE]
  }
  if (is.null(dim(newdata))) newdata <- matrix(newdata, nrow = 1L)
  x <- as.matrix(newdata)
  storage.mode(x) <- "double"
  x
}

.discriminant_prior <- function(prior, object, groups) {
  call <- sys.call(-1L)
  if (any(prior < 0) || round(sum(prior), 5) != 1) stop(simpleError("invalid 'prior'", call))
  if (length(prior) != groups) stop(simpleError("'prior' is of incorrect length", call))
  names(prior) <- object$lev
  prior
}

predict.lda <- function(object, newdata, prior = object$prior, dimen, method = c("plug-in", "predictive", "debiased"), ...) {
  if (!inherits(object, "lda")) stop("object not of class \"lda\"")
  x <- .discriminant_rows(object, if (!missing(newdata)) newdata, parent.frame())
  if (ncol(x) != ncol(object$means)) stop("wrong number of variables")
  if (length(colnames(x)) > 0L && any(colnames(x) != dimnames(object$means)[[2L]])) warning("variable names in 'newdata' do not match those in 'object'")
  groups <- length(object$prior)
  prior <- if (missing(prior)) object$prior else .discriminant_prior(prior, object, groups)
  method <- match.arg(method)
  centre <- colSums(prior * object$means)
  places <- scale(x, center = centre, scale = FALSE) %*% object$scaling
  middles <- scale(object$means, center = centre, scale = FALSE) %*% object$scaling
  dimen <- if (missing(dimen)) length(object$svd) else min(dimen, length(object$svd))
  used <- seq_len(if (method == "predictive") length(object$svd) else dimen)
  middles <- middles[, used, drop = FALSE]
  n <- nrow(x)
  each <- function(values) matrix(values, n, groups, byrow = TRUE)
  # The predictive rule has all dimensions and the covariance divided by n: the rows move with it and, as in MASS, the means do not.
  stretch <- if (method == "predictive") sqrt(object$N / (object$N - groups)) else 1
  places_used <- stretch * places[, used, drop = FALSE]
  apart <- each(rowSums(middles^2)) - 2 * places_used %*% t(middles)
  scores <- switch(method,
    "plug-in" = each(log(prior)) - apart / 2,
    "debiased" = each(log(prior) - dimen / object$counts) - (1 - (dimen + 1) / (object$N - groups)) * apart / 2,
    "predictive" = {
      part <- object$counts / (object$counts + 1)
      each(log(prior) + ncol(x) / 2 * log(part)) - (object$N - groups + 1) / 2 * log1p((apart + rowSums(places_used^2)) * each(part) / object$N)
    })
  rownames(scores) <- rownames(x)
  chosen <- .chosen_classes(scores, prior)
  list(class = chosen$class, posterior = chosen$posterior, x = places[, seq_len(dimen), drop = FALSE])
}

.print_discriminant_head <- function(x, ...) {
  if (!is.null(call <- x$call)) {
    names(call)[2L] <- ""
    cat("Call:\n")
    dput(call, control = NULL)
  }
  cat("\nPrior probabilities of groups:\n")
  print(x$prior, ...)
  cat("\nGroup means:\n")
  print(x$means, ...)
}

print.lda <- function(x, ...) {
  .print_discriminant_head(x, ...)
  cat("\nCoefficients of linear discriminants:\n")
  print(x$scaling, ...)
  if (length(x$svd) > 1L) {
    cat("\nProportion of trace:\n")
    print(round(setNames(x$svd^2 / sum(x$svd^2), colnames(x$scaling)), 4L), ...)
  }
  invisible(x)
}

print.qda <- function(x, ...) {
  .print_discriminant_head(x, ...)
  invisible(x)
}

coef.lda <- function(object, ...) object$scaling

.discriminant_frame_of <- function(formula, environment, ...) {
  call <- formula$call
  if (is.null(formula$terms)) stop("no terms component nor attribute")
  call$prior <- call$tol <- call$method <- call$CV <- call$nu <- NULL
  call[[1L]] <- quote(stats::model.frame)
  names(call)[2L] <- "formula"
  call$formula <- formula$terms
  eval(call, if (is.null(at <- environment(formula$terms))) environment else at)
}

model.frame.lda <- function(formula, ...) .discriminant_frame_of(formula, parent.frame(), ...)
model.frame.qda <- function(formula, ...) .discriminant_frame_of(formula, parent.frame(), ...)

qda.default <- function(x, grouping, prior = proportions, method = c("moment", "mle", "mve", "t"), CV = FALSE, nu = 5, ...) {
  proportions <- NULL
  found <- .discriminant_checked(x, grouping, if (!missing(prior)) prior, TRUE)
  x <- found$x
  g <- found$g
  p <- found$p
  if (any(found$counts < p + 1)) stop("some group is too small for 'qda'")
  method <- match.arg(method)
  if (CV && !(method %in% c("moment", "mle"))) stop(gettextf("cannot use leave-one-out CV with method %s", sQuote(method)), domain = NA)
  if (method == "mve") stop("method = 'mve' of qda() is not supported; method = 't' is a robust fit too")
  if (method == "t" && nu <= 2) stop("'nu' must exceed 2")
  means <- .class_means(x, g)
  scaling <- array(dim = c(p, p, length(found$lev)), dimnames = list(colnames(x), as.character(seq_len(p)), found$lev))
  ldet <- numeric(length(found$lev))
  for (k in seq_along(found$lev)) {
    rows <- x[unclass(g) == k, , drop = FALSE]
    n <- nrow(rows)
    weights <- if (method == "t") .t_weights(rows, factor(rep(1, n)), nu) else rep(1, n)
    if (method == "t") means[k, ] <- colSums(weights * rows) / sum(weights)
    parts <- qr(sqrt(weights) * sweep(rows, 2L, means[k, ]))
    if (parts$rank < p) stop(gettextf("rank deficiency in group %s", found$lev[k]), domain = NA)
    degrees <- switch(method, moment = n - 1, mle = n, t = n / (1 + p / nu))
    upper <- qr.R(parts) / sqrt(degrees)
    scaling[, , k] <- backsolve(upper, diag(p))
    ldet[k] <- 2 * sum(log(abs(diag(upper))))
  }
  dimnames(means) <- list(found$lev, colnames(x))
  if (CV) return(c(.quadratic_left_out(x, g, means, scaling, ldet, found, method), list(call = match.call())))
  structure(list(prior = found$prior, counts = found$counts, means = means, scaling = scaling, ldet = ldet, lev = found$lev, N = found$n, call = match.call()), class = "qda")
}

# Without a row of its own group, a group's mean and covariance change by one rank; the other groups stay.
.quadratic_left_out <- function(x, g, means, scaling, ldet, found, method) {
  n <- nrow(x)
  scores <- matrix(0, n, length(found$prior), dimnames = list(rownames(x), names(found$prior)))
  for (k in seq_along(found$prior)) {
    apart <- (x - rep(means[k, ], each = n)) %*% scaling[, , k]
    squares <- rowSums(apart^2)
    size <- found$counts[[k]]
    scores[, k] <- -squares / 2 - ldet[k] / 2
    before <- if (method == "mle") size else size - 1
    after <- before - 1
    mine <- as.integer(g) == k
    lost <- 1 - size / (size - 1) * squares[mine] / before
    own <- squares[mine] * (size / (size - 1))^2 * after / before / lost
    scores[mine, k] <- -own / 2 - (ldet[k] + found$p * log(before / after) + log(lost)) / 2
  }
  .chosen_classes(scores + rep(log(found$prior), each = n), found$prior)
}

predict.qda <- function(object, newdata, prior = object$prior, method = c("plug-in", "predictive", "debiased", "looCV"), ...) {
  if (!inherits(object, "qda")) stop("object not of class \"qda\"")
  groups <- length(object$prior)
  prior <- if (missing(prior)) object$prior else .discriminant_prior(prior, object, groups)
  method <- match.arg(method)
  if (method == "looCV" && !missing(newdata)) stop("cannot have leave-one-out CV with 'newdata'")
  x <- .discriminant_rows(object, if (!missing(newdata)) newdata, parent.frame())
  if (ncol(x) != ncol(object$means)) stop("wrong number of variables")
  if (length(colnames(x)) > 0L && any(colnames(x) != dimnames(object$means)[[2L]])) warning("variable names in 'newdata' do not match those in 'object'")
  p <- ncol(x)
  if (method == "looCV") {
    given <- if (!is.null(object$terms)) model.response(model.frame(object)) else eval.parent(object$call$grouping %||% object$call[[3L]])
    if (is.null(object$terms) && !is.null(chosen <- object$call$subset)) given <- given[eval.parent(chosen)]
    g <- as.factor(given)
    found <- list(prior = prior, counts = object$counts, p = p)
    fitted_by <- if (is.null(object$call$method)) "moment" else eval.parent(object$call$method)
    return(.quadratic_left_out(x, g, object$means, object$scaling, object$ldet, found, fitted_by))
  }
  scores <- matrix(0, nrow(x), groups, dimnames = list(rownames(x), object$lev))
  for (k in seq_len(groups)) {
    size <- object$counts[[k]]
    squares <- rowSums(((x - rep(object$means[k, ], each = nrow(x))) %*% object$scaling[, , k])^2)
    scores[, k] <- log(prior[k]) + switch(method,
      "plug-in" = -squares / 2 - object$ldet[k] / 2,
      # As many degrees of freedom as groups enter the expected log determinant, as in MASS.
      "debiased" = -(squares * (1 - (p - 1) / (size - 1)) - p / size + object$ldet[k] - sum(digamma((size - seq_len(groups)) / 2)) + p * log((size - 1) / 2)) / 2,
      "predictive" = -object$ldet[k] / 2 - p / 2 * log(size + 1) - size / 2 * log1p(squares / (size + 1)))
  }
  .chosen_classes(scores, prior)
}
