# Factor analysis by maximum likelihood, rotations of loadings, canonical correlations.
# Sources: K. G. Joreskog, Psychometrika 32 (1967); H. F. Kaiser, Psychometrika 23 (1958); A. E. Hendrickson and
# P. O. White, British Journal of Statistical Psychology 17 (1964); H. Hotelling, Biometrika 28 (1936).

factanal <- function(x, factors, data = NULL, covmat = NULL, n.obs = NA, subset, na.action, start = NULL,
                     scores = c("none", "regression", "Bartlett"), rotation = "varimax", control = NULL, ...) {
  call <- match.call()
  scores <- match.arg(scores)
  have_x <- FALSE
  if (is.list(covmat)) {
    cv <- covmat$cov
    if (!is.null(covmat$n.obs)) n.obs <- covmat$n.obs
  } else if (is.matrix(covmat)) cv <- covmat
  else if (is.null(covmat)) {
    if (missing(x)) stop("neither 'x' nor 'covmat' supplied")
    have_x <- TRUE
    if (inherits(x, "formula")) {
      asked <- match.call(expand.dots = FALSE)
      asked <- asked[c(1L, match(c("x", "data", "subset", "na.action"), names(asked), 0L))]
      names(asked)[names(asked) == "x"] <- "formula"
      asked[[1L]] <- quote(stats::model.frame)
      frame <- eval(asked, parent.frame())
      x <- as.matrix(frame)
    } else {
      x <- as.matrix(x)
      if (!is.numeric(x)) stop("factor analysis applies only to numerical variables")
      if (!missing(subset)) x <- x[subset, , drop = FALSE]
    }
    cv <- cov.wt(x)$cov
    n.obs <- nrow(x)
  } else stop("'covmat' is of unknown type")
  if (!have_x && scores != "none") stop("requested scores without an 'x' matrix")
  p <- ncol(cv)
  if (p < 3) stop("factor analysis requires at least three variables")
  free <- 0.5 * ((p - factors)^2 - p - factors)
  if (free < 0) stop(sprintf(ngettext(factors, "%d factor is too many for %d variables", "%d factors are too many for %d variables"), factors, p), domain = NA)
  scale <- sqrt(diag(cv))
  correlations <- cv / outer(scale, scale)
  settings <- list(nstart = 1, trace = FALSE, lower = 0.005)
  settings[names(control)] <- control
  begin <- if (is.null(start)) (1 - 0.5 * factors / p) / diag(solve(correlations)) else start
  begin <- as.matrix(begin)
  if (settings$nstart > 1L) begin <- cbind(begin, matrix(runif(settings$nstart - 1), p, settings$nstart - 1, byrow = TRUE))
  best <- Inf
  fit <- NULL
  for (k in seq_len(ncol(begin))) {
    found <- factor_search(correlations, factors, begin[, k], max(settings$lower, 0), settings$opt)
    if (found$converged && found$criteria[[1L]] < best) {
      fit <- found
      best <- found$criteria[[1L]]
    }
  }
  if (is.null(fit)) stop(ngettext(ncol(begin), "unable to optimize from this starting value", "unable to optimize from these starting values"), domain = NA)
  load <- sorted_loadings(fit$loadings)
  turn <- NULL
  if (rotation != "none" && factors > 1L) {
    turned <- do.call(rotation, c(list(load), settings$rotate))
    turn <- turned$rotmat
    load <- turned$loadings
    rows <- order(colSums(load^2), decreasing = TRUE)
    load <- load[, rows, drop = FALSE]
    turn <- turn[, rows, drop = FALSE]
    flip <- colSums(load) < 0
    load[, flip] <- -load[, flip]
    turn[, flip] <- -turn[, flip]
    colnames(load) <- paste0("Factor", seq_len(factors))
    inner <- solve(turn)
    between <- inner %*% t(inner)
    if (max(abs(between - diag(factors))) > 1e-8) {
      dimnames(between) <- list(colnames(load), colnames(load))
      attr(load, "covariance") <- between
    }
  }
  class(load) <- "loadings"
  made <- list(converged = TRUE, loadings = load, uniquenesses = fit$uniquenesses, correlation = correlations, criteria = fit$criteria,
               factors = factors, dof = free, method = "mle")
  if (!is.null(turn)) made$rotmat <- turn
  if (have_x && scores != "none") {
    plain <- unclass(load)
    attr(plain, "covariance") <- NULL
    centred <- scale(x, TRUE, TRUE)
    found <- if (scores == "regression") centred %*% solve(correlations, plain) else {
      weighted <- t(plain / fit$uniquenesses)
      t(solve(weighted %*% plain, weighted %*% t(centred)))
    }
    dimnames(found) <- list(rownames(x), colnames(load))
    made$scores <- found
  }
  if (!is.na(n.obs) && free > 0) {
    made$STATISTIC <- c(objective = (n.obs - 1 - (2 * p + 5) / 6 - 2 * factors / 3) * fit$criteria[["objective"]])
    made$PVAL <- pchisq(made$STATISTIC, free, lower.tail = FALSE)
  }
  made$n.obs <- n.obs
  made$call <- call
  structure(made, class = "factanal")
}

factor_search <- function(correlations, factors, begin, least, settings) {
  p <- ncol(correlations)
  parts <- function(unique) eigen(correlations / sqrt(outer(unique, unique)), symmetric = TRUE)
  value <- function(unique) {
    rest <- parts(unique)$values[-seq_len(factors)]
    sum(rest - log(rest)) + factors - p
  }
  loads <- function(unique) {
    found <- parts(unique)
    at <- seq_len(factors)
    sqrt(unique) * found$vectors[, at, drop = FALSE] %*% diag(sqrt(pmax(found$values[at] - 1, 0)), factors)
  }
  slope <- function(unique) {
    load <- loads(unique)
    diag(load %*% t(load) + diag(unique) - correlations) / unique^2
  }
  found <- optim(begin, value, slope, method = "L-BFGS-B", lower = least, upper = 1, control = c(list(fnscale = 1, parscale = rep(0.01, p)), settings))
  load <- loads(found$par)
  dimnames(load) <- list(dimnames(correlations)[[1L]], paste0("Factor", seq_len(factors)))
  list(converged = found$convergence == 0, loadings = load, uniquenesses = structure(found$par, names = dimnames(correlations)[[1L]]),
       criteria = c(objective = found$value, found$counts))
}

sorted_loadings <- function(load) {
  labels <- colnames(load)
  load <- load[, order(colSums(load^2), decreasing = TRUE), drop = FALSE]
  flip <- colSums(load) < 0
  load[, flip] <- -load[, flip]
  colnames(load) <- labels
  load
}

print.factanal <- function(x, digits = 3, ...) {
  cat("\nCall:\n", deparse(x$call), "\n\n", sep = "")
  cat("Uniquenesses:\n")
  print(round(x$uniquenesses, digits), ...)
  print(x$loadings, digits = digits, ...)
  between <- attr(x$loadings, "covariance")
  if (!is.null(between)) {
    cat("\nFactor Correlations:\n")
    print(between, digits = digits, ...)
  }
  if (!is.null(x$STATISTIC)) {
    cat("\nTest of the hypothesis that", x$factors, if (x$factors == 1) "factor is" else "factors are", "sufficient.\n")
    cat("The chi square statistic is", round(x$STATISTIC, 2), "on", x$dof, if (x$dof == 1) "degree" else "degrees", "of freedom.\nThe p-value is",
        signif(x$PVAL, 3), "\n")
  } else cat("\nThe degrees of freedom for the model is", x$dof, "and the fit was", round(x$criteria[["objective"]], 4), "\n")
  invisible(x)
}

print.loadings <- function(x, digits = 3L, cutoff = 0.1, sort = FALSE, ...) {
  values <- unclass(x)
  attr(values, "covariance") <- NULL
  if (sort) {
    largest <- max.col(abs(values))
    values <- values[order(ifelse(apply(abs(values), 1L, max) > 0.5, largest, ncol(values) + 1L)), , drop = FALSE]
  }
  cat("\nLoadings:\n")
  cells <- structure(format(round(values, digits)), dim = dim(values), dimnames = dimnames(values))
  cells[abs(values) < cutoff] <- strrep(" ", nchar(cells[1L, 1L], type = "c"))
  print(cells, quote = FALSE, ...)
  squares <- colSums(values^2)
  table <- rbind(`SS loadings` = squares, `Proportion Var` = squares / nrow(values))
  if (ncol(values) > 1L) table <- rbind(table, `Cumulative Var` = cumsum(squares / nrow(values)))
  cat("\n")
  print(round(table, digits))
  invisible(x)
}

varimax <- function(x, normalize = TRUE, eps = 1e-5) {
  if (ncol(x) < 2) return(x)
  labels <- dimnames(x)
  x <- unclass(x)
  lengths <- if (normalize) sqrt(rowSums(x^2)) else 1
  x <- x / lengths
  turn <- diag(ncol(x))
  size <- 0
  for (round in 1:1000) {
    z <- x %*% turn
    parts <- svd(t(x) %*% (z^3 - z %*% diag(colSums(z^2)) / nrow(x)))
    turn <- parts$u %*% t(parts$v)
    before <- size
    size <- sum(parts$d)
    if (size < before * (1 + eps)) break
  }
  made <- (x %*% turn) * lengths
  dimnames(made) <- labels
  list(loadings = structure(made, class = "loadings"), rotmat = turn)
}

promax <- function(x, m = 4) {
  if (ncol(x) < 2) return(x)
  labels <- dimnames(x)
  first <- varimax(x)
  x <- unclass(first$loadings)
  turn <- lm.fit(x, x * abs(x)^(m - 1))$coefficients
  turn <- turn %*% diag(sqrt(diag(solve(t(turn) %*% turn))))
  dimnames(turn) <- NULL
  made <- x %*% turn
  dimnames(made) <- labels
  list(loadings = structure(made, class = "loadings"), rotmat = first$rotmat %*% turn)
}

cancor <- function(x, y, xcenter = TRUE, ycenter = TRUE) {
  x <- as.matrix(x)
  y <- as.matrix(y)
  if (nrow(x) != nrow(y)) stop("unequal number of rows in 'cancor'")
  if (!nrow(x) || !ncol(x) || !ncol(y)) stop("dimension 0 in 'x' or 'y'")
  centre <- function(table, given) if (is.logical(given)) if (given) colMeans(table) else rep(0, ncol(table)) else rep_len(given, ncol(table))
  middle_x <- centre(x, xcenter)
  middle_y <- centre(y, ycenter)
  qx <- qr(sweep(x, 2L, middle_x))
  qy <- qr(sweep(y, 2L, middle_y))
  if (!qx$rank) stop("'x' has rank 0")
  if (!qy$rank) stop("'y' has rank 0")
  parts <- svd(qr.qty(qx, qr.qy(qy, diag(1, nrow(x), qy$rank)))[seq_len(qx$rank), , drop = FALSE], qx$rank, qy$rank)
  weights <- function(q, vectors, labels) {
    made <- backsolve(q$qr[seq_len(q$rank), seq_len(q$rank), drop = FALSE], vectors)
    rownames(made) <- labels[q$pivot[seq_len(q$rank)]]
    made
  }
  list(cor = parts$d[seq_len(min(qx$rank, qy$rank))], xcoef = weights(qx, parts$u, colnames(x)), ycoef = weights(qy, parts$v, colnames(y)),
       xcenter = middle_x, ycenter = middle_y)
}
