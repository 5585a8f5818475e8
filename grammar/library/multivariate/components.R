# Principal components. Source: K. V. Mardia, J. T. Kent, J. M. Bibby, Multivariate Analysis, 1979, chapter 8.

prcomp <- function(x, ...) UseMethod("prcomp")

princomp <- function(x, ...) UseMethod("princomp")

.formula_columns <- function(call, method, place, refusal = "PCA applies only to numerical variables") {
  asked <- as.list(call)[names(call) %in% c("formula", "data", "subset", "na.action")]
  frame <- eval(as.call(c(quote(stats::model.frame), asked)), place)
  if (!all(vapply(frame, is.numeric, NA))) stop(simpleError(refusal, call))
  columns <- model.matrix(terms(frame), frame)
  call[[1L]] <- as.name(method)
  list(x = columns[, attr(columns, "assign") > 0L, drop = FALSE], left_out = attr(frame, "na.action"), call = call)
}

.formula_components <- function(made, given, scores) {
  made$call <- given$call
  if (!is.null(given$left_out)) {
    made$na.action <- given$left_out
    if (!is.null(made[[scores]])) made[[scores]] <- napredict(given$left_out, made[[scores]])
  }
  made
}

prcomp.formula <- function(formula, data = NULL, subset, na.action, ...) {
  if (length(formula) > 2L) stop("response not allowed in formula")
  given <- .formula_columns(match.call(), "prcomp", parent.frame())
  .formula_components(prcomp.default(given$x, ...), given, "x")
}

princomp.formula <- function(formula, data = NULL, subset, na.action, ...) {
  if (length(formula) > 2L) stop("response not allowed in formula")
  given <- .formula_columns(match.call(), "princomp", parent.frame())
  .formula_components(princomp.default(given$x, ...), given, "scores")
}

prcomp.default <- function(x, retx = TRUE, center = TRUE, scale. = FALSE, tol = NULL, rank. = NULL, ...) {
  x <- scale(as.matrix(x), center = center, scale = scale.)
  by <- lapply(c(center = "scaled:center", scale = "scaled:scale"), function(note) .first_given(attr(x, note), FALSE))
  if (is.numeric(by$scale) && any(by$scale == 0)) stop("cannot rescale a constant/zero column to unit variance")
  parts <- svd(x)
  spreads <- parts$d / sqrt(max(1, nrow(x) - 1))
  kept <- min(ncol(parts$v), rank., if (!is.null(tol)) sum(spreads > tol * spreads[1L]))
  rotation <- parts$v[, seq_len(kept), drop = FALSE]
  dimnames(rotation) <- list(colnames(x), paste0("PC", seq_len(kept)))
  structure(c(list(sdev = spreads, rotation = rotation), by, if (retx) list(x = x[, , drop = FALSE] %*% rotation)), class = "prcomp")
}

princomp.default <- function(x, cor = FALSE, scores = TRUE, covmat = NULL, subset = rep_len(TRUE, nrow(as.matrix(x))), fix_sign = TRUE, ...) {
  call <- match.call()
  call[[1L]] <- as.name("princomp")
  rows <- if (!missing(x)) as.matrix(x)[subset, , drop = FALSE]
  weighed <- if (is.list(covmat)) covmat
    else if (!is.null(covmat)) list(cov = covmat)
    else {
      if (nrow(rows) < ncol(rows)) stop("'princomp' can only be used with more units than variables")
      list(cov = cov(rows) * (1 - 1 / nrow(rows)), center = colMeans(rows), n.obs = nrow(rows))
    }
  moments <- weighed$cov
  size <- ncol(moments)
  spread <- if (cor) sqrt(diag(moments)) else rep(1, size)
  parts <- eigen(if (cor) moments / outer(spread, spread) else moments, symmetric = TRUE)
  # Rounding may leave a variance a little below 0.
  if (any(parts$values < -9 * .Machine$double.eps * parts$values[1L])) stop("covariance matrix is not non-negative definite")
  directions <- if (fix_sign) parts$vectors * rep(ifelse(parts$vectors[1L, ] < 0, -1, 1), each = size) else parts$vectors
  names <- paste0("Comp.", seq_len(size))
  dimnames(directions) <- list(colnames(moments), names)
  middle <- if (is.null(weighed$center)) rep(NA_real_, size) else weighed$center
  found <- if (scores && is.null(covmat)) scale(rows, middle, spread) %*% directions
  attr(found, "scaled:center") <- attr(found, "scaled:scale") <- NULL
  made <- list(sdev = setNames(sqrt(pmax(parts$values, 0)), names), loadings = structure(directions, class = "loadings"), center = middle,
    scale = setNames(spread, colnames(moments)), n.obs = .first_given(weighed$n.obs, NA), scores = found, call = call)
  structure(made, class = "princomp")
}

.columns_for <- function(newdata, variables, count) {
  if (length(dim(newdata)) != 2L) stop(simpleError("'newdata' must be a matrix or data frame", sys.call(-1)))
  if (is.null(variables)) {
    if (ncol(newdata) != count) stop(simpleError("'newdata' does not have the correct number of columns", sys.call(-1)))
    return(as.matrix(newdata))
  }
  if (anyNA(match(variables, colnames(newdata)))) stop(simpleError("'newdata' does not have named columns matching one or more of the original columns", sys.call(-1)))
  as.matrix(newdata[, variables, drop = FALSE])
}

predict.prcomp <- function(object, newdata, ...) {
  turn <- object$rotation
  if (!missing(newdata)) return(scale(.columns_for(newdata, rownames(turn), nrow(turn)), object$center, object$scale) %*% turn)
  if (is.null(object$x)) stop("no scores are available: refit with 'retx=TRUE'")
  object$x
}

predict.princomp <- function(object, newdata, ...) {
  turn <- unclass(object$loadings)
  if (missing(newdata)) object$scores else scale(.columns_for(newdata, rownames(turn), nrow(turn)), object$center, object$scale) %*% turn
}

.importance <- function(sdev, digits = Inf) {
  share <- sdev^2 / sum(sdev^2)
  rows <- list(`Standard deviation` = sdev, `Proportion of Variance` = share, `Cumulative Proportion` = cumsum(share))
  if (is.finite(digits)) rows[-1L] <- lapply(rows[-1L], round, digits)
  do.call(rbind, rows)
}

summary.prcomp <- function(object, ...) {
  labels <- colnames(object$rotation)
  object$importance <- structure(.importance(object$sdev, 5L)[, seq_along(labels), drop = FALSE], dimnames = list(rownames(.importance(1)), labels))
  structure(object, class = "summary.prcomp")
}

summary.princomp <- function(object, loadings = FALSE, cutoff = 0.1, ...) {
  object[c("cutoff", "print.loadings")] <- list(cutoff, loadings)
  structure(object, class = "summary.princomp")
}

print.prcomp <- function(x, ...) {
  size <- c(length(x$sdev), dim(x$rotation))
  cat(sprintf("Standard deviations (1, .., p=%d):\n", size[1L]))
  print(x$sdev, ...)
  cat(sprintf("\nRotation (n x k) = (%d x %d):\n", size[2L], size[3L]))
  print(x$rotation, ...)
  invisible(x)
}

print.princomp <- function(x, ...) {
  .print_sections(list("Call:" = x$call, "\nStandard deviations:" = x$sdev), ...)
  cat(sprintf("\n %d  variables and  %s observations.\n", length(x$scale), format(x$n.obs)))
  invisible(x)
}

.print_sections <- function(sections, ...) for (k in seq_along(sections)) {
  cat(names(sections)[k], "\n", sep = "")
  print(sections[[k]], ...)
}

print.summary.prcomp <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  shown <- c(ncol(x$importance), length(x$sdev))
  title <- if (shown[1L] == shown[2L]) "Importance of components:" else sprintf("Importance of first k=%d (out of %d) components:", shown[1L], shown[2L])
  .print_sections(setNames(list(x$importance), title), digits = digits, ...)
  invisible(x)
}

print.summary.princomp <- function(x, digits = 3L, loadings = x$print.loadings, cutoff = x$cutoff, ...) {
  .print_sections(list("Importance of components:" = .importance(x$sdev)), ...)
  if (loadings) {
    cat("\nLoadings:\n")
    print(.loading_cells(unclass(x$loadings), digits, cutoff), quote = FALSE, ...)
  }
  invisible(x)
}

biplot <- function(x, ...) {
  scores <- if (is.null(x$x)) x$scores else x$x
  arrows <- if (is.null(x$rotation)) unclass(x$loadings) else x$rotation
  plot.default(scores[, 1L], scores[, 2L], xlab = colnames(scores)[1L], ylab = colnames(scores)[2L], type = "n", ...)
  text.default(scores[, 1L], scores[, 2L], if (is.null(rownames(scores))) seq_len(nrow(scores)) else rownames(scores), cex = 0.7)
  reach <- 0.8 * max(abs(scores[, 1:2])) / max(abs(arrows[, 1:2]))
  segments(0, 0, reach * arrows[, 1L], reach * arrows[, 2L], col = "red")
  text.default(1.1 * reach * arrows[, 1L], 1.1 * reach * arrows[, 2L], rownames(arrows), col = "red")
  invisible()
}
