# Bases of piecewise polynomials.
# Source: C. de Boor, A Practical Guide to Splines, 2001: the recurrences of B-splines and of their derivatives.

splineDesign <- function(knots, x, ord = 4L, derivs = 0L, outer.ok = FALSE, sparse = FALSE) {
  if (sparse) stop("argument 'sparse' of splineDesign() is not supported: the basis is a plain matrix")
  if (!is.numeric(knots)) stop("invalid 'knots'")
  knots <- sort(as.vector(knots))
  if (ord > length(knots) || ord < 1L) stop("'ord' must be a positive integer, at most the number of knots")
  if (!outer.ok && any(x < knots[ord] | x > knots[length(knots) - ord + 1L])) {
    stop(gettextf("the 'x' data must be in the range %g to %g unless you set '%s'", knots[ord], knots[length(knots) - ord + 1L], "outer.ok = TRUE"))
  }
  derivs <- rep(as.integer(derivs), length.out = length(x))
  if (any(derivs < 0L | derivs >= ord)) stop("'derivs' must be non-negative and less than 'ord'")
  made <- matrix(0, length(x), length(knots) - ord)
  for (order in unique(derivs)) {
    rows <- which(derivs == order)
    made[rows, ] <- .basis_on_knots(knots, x[rows], ord, order)
  }
  made
}

spline.des <- function(knots, x, ord = 4L, derivs = integer(length(x)), outer.ok = FALSE, sparse = FALSE) {
  design <- splineDesign(knots, x, ord, derivs, outer.ok, sparse)
  list(knots = sort(knots), order = ord, derivs = derivs, design = design)
}

# Values of the splines of one order, or of one of their derivatives, a column for each.
.basis_on_knots <- function(knots, x, ord, order) {
  count <- length(knots)
  last <- max(which(knots < knots[count]), 1L)
  within <- pmin(findInterval(x, knots), last)
  made <- outer(within, seq_len(count - 1L), "==") * 1
  made[x < knots[1L] | x > knots[count], ] <- 0
  for (degree in seq_len(ord - 1L)) {
    columns <- seq_len(count - 1L - degree)
    left <- knots[columns + degree] - knots[columns]
    right <- knots[columns + degree + 1L] - knots[columns + 1L]
    left <- ifelse(left > 0, 1 / left, 0)
    right <- ifelse(right > 0, 1 / right, 0)
    here <- made[, columns, drop = FALSE]
    following <- made[, columns + 1L, drop = FALSE]
    if (degree <= ord - 1L - order) {
      rising <- outer(x, knots[columns], "-") * rep(left, each = length(x))
      falling <- (rep(knots[columns + degree + 1L], each = length(x)) - x) * rep(right, each = length(x))
      made <- here * rising + following * falling
    } else {
      made <- degree * (here * rep(left, each = length(x)) - following * rep(right, each = length(x)))
    }
  }
  made
}

# What both bases begin with: the numbers that are there, the border, and the knots inside of it, at quantiles if need be.
.spline_setting <- function(x, knots, boundary, count) {
  is_missing <- is.na(x)
  values <- as.vector(x)[!is_missing]
  boundary <- if (is.null(boundary)) range(values) else sort(boundary)
  if (is.null(knots) && count > 0) {
    inside <- values[values >= boundary[1L] & values <= boundary[2L]]
    knots <- quantile(inside, seq_len(count) / (count + 1))
  }
  list(given = x, values = values, is_missing = is_missing, boundary = boundary, knots = knots)
}

.spline_count <- function(df, fewest) {
  if (is.null(df)) return(0)
  if (df < fewest) warning(simpleWarning(gettextf("'df' was too small; have used %d", as.integer(fewest)), sys.call(-1L)))
  max(df - fewest, 0)
}

# The splines over the whole line: beyond the border each goes on as so many terms of its Taylor series from a pivot.
.spline_everywhere <- function(setting, ord, terms, pivots) {
  knots <- sort(c(rep(setting$boundary, ord), setting$knots))
  x <- setting$values
  side <- (x < setting$boundary[1L]) + 2L * (x > setting$boundary[2L])
  made <- matrix(0, length(x), length(knots) - ord)
  if (any(side == 0L)) made[side == 0L, ] <- splineDesign(knots, x[side == 0L], ord)
  for (here in intersect(1:2, side)) {
    rows <- which(side == here)
    for (order in seq_len(terms) - 1L) {
      slopes <- splineDesign(knots, pivots[here], ord, order)
      made[rows, ] <- made[rows, ] + outer((x[rows] - pivots[here])^order / factorial(order), as.vector(slopes))
    }
  }
  list(basis = made, knots = knots, is_beyond = any(side > 0L))
}

.spline_result <- function(basis, setting, degree, intercept, kind) {
  whole <- matrix(NA_real_, length(setting$is_missing), ncol(basis), dimnames = list(names(setting$given), seq_len(ncol(basis))))
  whole[!setting$is_missing, ] <- basis
  attributes(whole) <- c(attributes(whole), list(
    degree = degree, knots = if (is.null(setting$knots)) numeric() else setting$knots, Boundary.knots = setting$boundary,
    intercept = intercept, class = c(kind, "basis", "matrix")
  ))
  whole
}

bs <- function(x, df = NULL, knots = NULL, degree = 3, intercept = FALSE, Boundary.knots = range(x)) {
  degree <- as.integer(degree)
  if (degree < 1L) stop("'degree' must be integer >= 1")
  count <- .spline_count(df, degree + intercept)
  setting <- .spline_setting(x, knots, if (missing(Boundary.knots)) NULL else Boundary.knots, count)
  # Pivots lie within the outermost pieces: at the border itself all splines but one are zero.
  edges <- sort(c(setting$boundary, setting$knots))
  pivots <- c(mean(edges[1:2]), mean(rev(edges)[1:2]))
  found <- .spline_everywhere(setting, degree + 1L, degree + 1L, pivots)
  if (found$is_beyond) warning("some 'x' values beyond boundary knots may cause ill-conditioned bases")
  basis <- if (intercept) found$basis else found$basis[, -1L, drop = FALSE]
  .spline_result(basis, setting, degree, intercept, "bs")
}

# Straight beyond the border: combinations of cubic splines whose second derivatives vanish there.
ns <- function(x, df = NULL, knots = NULL, intercept = FALSE, Boundary.knots = range(x)) {
  count <- .spline_count(df, 1L + intercept)
  setting <- .spline_setting(x, knots, if (missing(Boundary.knots)) NULL else Boundary.knots, count)
  found <- .spline_everywhere(setting, 4L, 2L, setting$boundary)
  bent <- splineDesign(found$knots, setting$boundary, 4L, 2L)
  kept <- if (intercept) seq_len(ncol(bent)) else seq_len(ncol(bent))[-1L]
  # Of an orthogonal basis of all combinations the first two directions are those that bend at the border.
  turned <- qr.qty(qr(t(bent[, kept])), t(found$basis[, kept]))
  .spline_result(t(turned[-(1:2), , drop = FALSE]), setting, 3L, intercept, "ns")
}

predict.bs <- function(object, newx, ...) {
  if (missing(newx)) return(object)
  kept <- attributes(object)
  bs(newx, knots = kept$knots, degree = kept$degree, intercept = kept$intercept, Boundary.knots = kept$Boundary.knots)
}

predict.ns <- function(object, newx, ...) {
  if (missing(newx)) return(object)
  kept <- attributes(object)
  ns(newx, knots = kept$knots, intercept = kept$intercept, Boundary.knots = kept$Boundary.knots)
}

makepredictcall.bs <- function(var, call) {
  if (!is.call(call) || !as.character(call)[1L] %in% c("bs", "splines::bs")) return(call)
  .with_knots(call, attributes(var), c("degree", "knots", "Boundary.knots", "intercept"))
}

makepredictcall.ns <- function(var, call) {
  if (!is.call(call) || !as.character(call)[1L] %in% c("ns", "splines::ns")) return(call)
  .with_knots(call, attributes(var), c("knots", "Boundary.knots", "intercept"))
}

.with_knots <- function(call, at, names) {
  kept <- at[intersect(names(at), names)]
  as.call(c(as.list(call)[1:2], kept))
}
