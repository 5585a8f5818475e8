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

# Beyond the outer knots the polynomial at the border goes on: its Taylor series there.
.spline_beyond <- function(knots, x, ord, pivots, terms) {
  made <- 0
  for (order in seq_len(terms) - 1L) {
    made <- made + (x - pivots)^order / factorial(order) * splineDesign(knots, pivots, ord, rep(order, length(x)))
  }
  made
}

.spline_knots <- function(x, knots, boundary, count) {
  if (!is.null(knots)) return(knots)
  if (count < 1L) return(NULL)
  inside <- x[x >= boundary[1L] & x <= boundary[2L]]
  quantile(inside, seq.int(0, 1, length.out = count + 2L)[-c(1L, count + 2L)])
}

.spline_result <- function(basis, x, is_missing, degree, knots, boundary, intercept, kind) {
  if (any(is_missing)) {
    whole <- matrix(NA, length(is_missing), ncol(basis))
    whole[!is_missing, ] <- basis
    basis <- whole
  }
  dimnames(basis) <- list(names(x), seq_len(ncol(basis)))
  attributes(basis) <- c(attributes(basis), list(
    degree = degree, knots = if (is.null(knots)) numeric() else knots, Boundary.knots = boundary, intercept = intercept,
    class = c(kind, "basis", "matrix")
  ))
  basis
}

bs <- function(x, df = NULL, knots = NULL, degree = 3, intercept = FALSE, Boundary.knots = range(x)) {
  ord <- 1L + (degree <- as.integer(degree))
  if (ord <= 1L) stop("'degree' must be integer >= 1")
  given <- x
  is_missing <- is.na(x)
  x <- as.vector(x)[!is_missing]
  Boundary.knots <- if (missing(Boundary.knots)) range(x) else sort(Boundary.knots)
  count <- 0L
  if (!is.null(df)) {
    count <- df - ord + (1L - intercept)
    if (count < 0L) {
      count <- 0L
      warning(gettextf("'df' was too small; have used %d", ord - (1L - intercept)))
    }
  }
  knots <- .spline_knots(x, knots, Boundary.knots, count)
  all_knots <- sort(c(rep(Boundary.knots, ord), knots))
  left <- x < Boundary.knots[1L]
  right <- x > Boundary.knots[2L]
  if (any(left | right)) {
    warning("some 'x' values beyond boundary knots may cause ill-conditioned bases")
    basis <- matrix(0, length(x), length(all_knots) - ord)
    # Not at the border itself, where only one of the splines is not zero.
    towards <- function(border, inner) (1 - 0.25) * border + 0.25 * inner
    if (any(left)) basis[left, ] <- .spline_beyond(all_knots, x[left], ord, rep(towards(Boundary.knots[1L], all_knots[ord + 1L]), sum(left)), ord)
    if (any(right)) {
      inner <- all_knots[length(all_knots) - ord]
      basis[right, ] <- .spline_beyond(all_knots, x[right], ord, rep(towards(Boundary.knots[2L], inner), sum(right)), ord)
    }
    inside <- !(left | right)
    if (any(inside)) basis[inside, ] <- splineDesign(all_knots, x[inside], ord)
  } else basis <- splineDesign(all_knots, x, ord)
  if (!intercept) basis <- basis[, -1L, drop = FALSE]
  .spline_result(basis, given, is_missing, degree, knots, Boundary.knots, intercept, "bs")
}

# Straight beyond the outer knots: combinations of cubic splines whose second derivatives vanish there.
ns <- function(x, df = NULL, knots = NULL, intercept = FALSE, Boundary.knots = range(x)) {
  given <- x
  is_missing <- is.na(x)
  x <- as.vector(x)[!is_missing]
  Boundary.knots <- if (missing(Boundary.knots)) range(x) else sort(Boundary.knots)
  count <- 0L
  if (!is.null(df)) {
    count <- df - 1L - intercept
    if (count < 0L) {
      count <- 0L
      warning(gettextf("'df' was too small; have used %d", 1L + intercept))
    }
  }
  knots <- .spline_knots(x, knots, Boundary.knots, count)
  all_knots <- sort(c(rep(Boundary.knots, 4L), knots))
  left <- x < Boundary.knots[1L]
  right <- x > Boundary.knots[2L]
  basis <- matrix(0, length(x), length(all_knots) - 4L)
  if (any(left)) basis[left, ] <- .spline_beyond(all_knots, x[left], 4L, rep(Boundary.knots[1L], sum(left)), 2L)
  if (any(right)) basis[right, ] <- .spline_beyond(all_knots, x[right], 4L, rep(Boundary.knots[2L], sum(right)), 2L)
  inside <- !(left | right)
  if (any(inside)) basis[inside, ] <- splineDesign(all_knots, x[inside], 4L)
  bent <- splineDesign(all_knots, Boundary.knots, 4L, c(2L, 2L))
  if (!intercept) {
    bent <- bent[, -1L, drop = FALSE]
    basis <- basis[, -1L, drop = FALSE]
  }
  straight <- qr(t(bent))
  basis <- as.matrix(t(qr.qty(straight, t(basis)))[, -(1L:2L), drop = FALSE])
  .spline_result(basis, given, is_missing, 3L, knots, Boundary.knots, intercept, "ns")
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
