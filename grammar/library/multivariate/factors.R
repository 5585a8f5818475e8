# Factor analysis by maximum likelihood, rotations of loadings, canonical correlations.
# Sources: K. G. Joreskog, Psychometrika 32 (1967); H. F. Kaiser, Psychometrika 23 (1958); A. E. Hendrickson and
# P. O. White, British Journal of Statistical Psychology 17 (1964); H. Hotelling, Biometrika 28 (1936).

# What is analysed: a covariance with its number of rows, and the rows where there are any.
.factor_moments <- function(covmat, n.obs, call) {
  if (is.matrix(covmat)) return(list(cov = covmat, n.obs = n.obs))
  if (!is.list(covmat)) stop(simpleError("'covmat' is of unknown type", call))
  list(cov = covmat$cov, n.obs = .first_given(covmat$n.obs, n.obs))
}

.factor_rows <- function(x, subset, call, place) {
  if (inherits(x, "formula")) {
    if (length(x) > 2L) stop(simpleError("response not allowed in formula", call))
    asked <- call
    names(asked)[names(asked) == "x"] <- "formula"
    given <- .formula_columns(asked, "factanal", place, "factor analysis applies only to numerical variables")
  } else {
    rows <- as.matrix(x)
    if (!is.numeric(rows)) stop(simpleError("factor analysis applies only to numerical variables", call))
    given <- list(x = if (is.null(subset)) rows else rows[subset, , drop = FALSE])
  }
  c(list(cov = cov.wt(given$x)$cov, n.obs = nrow(given$x)), given)
}

# The likelihood of unique variances when loadings are the best for them: it rests on the eigenvalues, in units of the
# unique variances, that are left to no factor.
.factor_likelihood <- function(correlations, factors) {
  kept <- seq_len(factors)
  spectrum <- function(unique) eigen(correlations / sqrt(tcrossprod(unique)), symmetric = TRUE)
  loadings <- function(unique) {
    parts <- spectrum(unique)
    lengths <- sqrt(pmax(parts$values[kept] - 1, 0))
    sqrt(unique) * sweep(parts$vectors[, kept, drop = FALSE], 2L, lengths, `*`)
  }
  list(loadings = loadings,
    objective = function(unique) {
      rest <- spectrum(unique)$values[-kept]
      sum(rest - log(rest) - 1)
    },
    gradient = function(unique) (rowSums(loadings(unique)^2) + unique - diag(correlations)) / unique^2)
}

# The best of the searches that end, one from each column of starting values.
.most_likely <- function(likelihood, starts, settings) {
  runs <- apply(starts, 2L, function(begin) {
    optim(begin, likelihood$objective, likelihood$gradient, method = "L-BFGS-B", lower = max(settings$lower, 0), upper = 1,
      control = c(list(parscale = rep(0.01, length(begin))), settings$opt))
  }, simplify = FALSE)
  ended <- Filter(function(run) run$convergence == 0, runs)
  if (length(ended)) ended[[which.min(vapply(ended, `[[`, 0, "value"))]]
}

# The turn that puts factors in order of what they explain, each pointing to where most of its loadings are.
.ordering_turn <- function(load) {
  by_size <- order(-colSums(load^2))
  diag(ifelse(colSums(load) < 0, -1, 1), ncol(load))[, by_size, drop = FALSE]
}

# Scores of standardised rows. Sources: G. H. Thomson, 1951; M. S. Bartlett, British Journal of Psychology 28 (1937).
.factor_scores <- list(
  regression = function(rows, load, correlations, unique) rows %*% solve(correlations, load),
  Bartlett = function(rows, load, correlations, unique) rows %*% (load / unique) %*% solve(crossprod(load, load / unique)))

factanal <- function(x, factors, data = NULL, covmat = NULL, n.obs = NA, subset, na.action, start = NULL,
                     scores = c("none", "regression", "Bartlett"), rotation = "varimax", control = NULL, ...) {
  call <- match.call()
  scores <- match.arg(scores)
  if (is.null(covmat) && missing(x)) stop("neither 'x' nor 'covmat' supplied")
  given <- if (is.null(covmat)) .factor_rows(x, if (!missing(subset) && !inherits(x, "formula")) subset, call, parent.frame())
    else .factor_moments(covmat, n.obs, call)
  if (scores != "none" && is.null(given$x)) stop("requested scores without an 'x' matrix")
  p <- ncol(given$cov)
  if (p < 3L) stop("factor analysis requires at least three variables")
  dof <- ((p - factors)^2 - (p + factors)) / 2
  if (dof < 0) stop(sprintf(ngettext(factors, "%d factor is too many for %d variables", "%d factors are too many for %d variables"), factors, p), domain = NA)
  correlations <- cov2cor(given$cov)
  settings <- modifyList(list(nstart = 1, lower = 0.005), as.list(control))
  starts <- as.matrix(.first_given(start, (1 - factors / (2 * p)) / diag(solve(correlations))))
  # Further starts are random, the same for all variables.
  starts <- cbind(starts, outer(rep(1, p), runif(settings$nstart - 1)))
  likelihood <- .factor_likelihood(correlations, factors)
  best <- .most_likely(likelihood, starts, settings)
  if (is.null(best)) stop(ngettext(ncol(starts), "unable to optimize from this starting value", "unable to optimize from these starting values"), domain = NA)
  variables <- colnames(given$cov)
  load <- likelihood$loadings(best$par)
  labels <- list(variables, paste0("Factor", seq_len(factors)))
  load <- structure(load %*% .ordering_turn(load), dimnames = labels)
  turned <- if (rotation != "none" && factors > 1L) do.call(rotation, c(list(load), settings$rotate))
  if (!is.null(turned)) {
    rotated <- unclass(turned$loadings)
    ordering <- .ordering_turn(rotated)
    load <- structure(rotated %*% ordering, dimnames = labels)
    turned$rotmat <- turned$rotmat %*% ordering
  }
  made <- list(converged = TRUE, loadings = structure(load, class = "loadings"), uniquenesses = setNames(best$par, variables), correlation = correlations,
    criteria = c(objective = best$value, counts = best$counts), factors = factors, dof = dof, method = "mle")
  made$rotmat <- turned$rotmat
  if (scores != "none") made$scores <- napredict(given$left_out, .factor_scores[[scores]](scale(given$x), load, correlations, best$par)[, , drop = FALSE])
  if (!is.na(given$n.obs) && dof > 0) {
    # The likelihood ratio with Bartlett's correction.
    made$STATISTIC <- c(objective = best$value * (given$n.obs - 1 - (2 * p + 5) / 6 - 2 * factors / 3))
    made$PVAL <- pchisq(made$STATISTIC, dof, lower.tail = FALSE)
  }
  structure(c(made, list(n.obs = given$n.obs, call = call)), class = "factanal")
}

print.factanal <- function(x, digits = 3, ...) {
  cat("\nCall:\n", deparse(x$call), "\n\n", sep = "")
  .print_sections(list("Uniquenesses:" = round(x$uniquenesses, digits)), ...)
  print(x$loadings, digits = digits, ...)
  # Factors that were turned out of right angles are correlated.
  between <- if (!is.null(x$rotmat)) tcrossprod(solve(x$rotmat))
  if (length(between) && max(abs(between - diag(nrow(between)))) > 1e-6) {
    dimnames(between) <- rep(list(colnames(x$loadings)), 2L)
    .print_sections(list("\nFactor Correlations:" = between), digits = digits, ...)
  }
  told <- if (is.null(x$STATISTIC)) sprintf("The degrees of freedom for the model is %s and the fit was %s", x$dof, round(x$criteria[["objective"]], 4))
    else sprintf("Test of the hypothesis that %s sufficient.\nThe chi square statistic is %s on %s of freedom.\nThe p-value is %s",
      paste(x$factors, ngettext(x$factors, "factor is", "factors are")), round(x$STATISTIC, 2), paste(x$dof, ngettext(x$dof, "degree", "degrees")), signif(x$PVAL, 3))
  cat("\n", told, " \n", sep = "")
  invisible(x)
}

.loading_cells <- function(values, digits, cutoff) {
  text <- format(round(values, digits))
  ifelse(abs(values) < cutoff, strrep(" ", nchar(text[1L])), text)
}

print.loadings <- function(x, digits = 3L, cutoff = 0.1, sort = FALSE, ...) {
  values <- unclass(x)
  if (sort) {
    # Variables by the factor that they load on most, if on any by more than a half.
    largest <- max.col(abs(values))
    clear <- abs(values)[cbind(seq_along(largest), largest)] > 0.5
    values <- values[order(!clear, largest * clear), , drop = FALSE]
  }
  .print_sections(list("\nLoadings:" = noquote(.loading_cells(values, digits, cutoff))), ...)
  explained <- colSums(values^2)
  shares <- explained / nrow(values)
  rows <- list("SS loadings" = explained, "Proportion Var" = shares, "Cumulative Var" = if (length(shares) > 1L) cumsum(shares))
  .print_sections(setNames(list(round(do.call(rbind, rows), digits)), ""))
  invisible(x)
}

# Rotated loadings as both rotations give them back.
.rotated <- function(load, turn, labels) {
  dimnames(turn) <- NULL
  list(loadings = structure(load, dimnames = labels, class = "loadings"), rotmat = turn)
}

# The turn that spreads the squares of loadings most: each step solves for it by singular values, with the gradient of
# the criterion as the target, until their sum grows no more.
varimax <- function(x, normalize = TRUE, eps = 1e-5) {
  factors <- ncol(x)
  if (factors < 2L) return(x)
  load <- matrix(as.vector(x), nrow(x))
  sizes <- if (normalize) sqrt(rowSums(load^2)) else rep(1, nrow(x))
  load <- load / sizes
  turn <- diag(factors)
  reached <- c(0, 0)
  for (step in seq_len(1000L)) {
    now <- load %*% turn
    squares <- now^2
    step_to <- svd(crossprod(load, now * sweep(squares, 2L, colMeans(squares))))
    turn <- tcrossprod(step_to$u, step_to$v)
    reached <- c(sum(step_to$d), reached[1L])
    if (reached[1L] < reached[2L] * (1 + eps)) break
  }
  .rotated(load %*% turn * sizes, turn, dimnames(x))
}

# From the varimax solution on to oblique factors: the least squares fit to its loadings raised to a power, signs kept.
promax <- function(x, m = 4) {
  if (ncol(x) < 2L) return(x)
  start <- varimax(x)
  load <- matrix(as.vector(start$loadings), nrow(x))
  fitted <- solve(crossprod(load), crossprod(load, sign(load) * abs(load)^m))
  spreads <- sqrt(diag(solve(crossprod(fitted))))
  turn <- sweep(fitted, 2L, spreads, `*`)
  .rotated(load %*% turn, start$rotmat %*% turn, dimnames(x))
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
