# MASS: linear and quadratic discriminant analysis, as rules of groups that are normally distributed.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, chapter 12; B. D. Ripley,
# Pattern Recognition and Neural Networks, section 2.4 (predictive and debiased rules).

lda <- function(x, ...) UseMethod("lda")
qda <- function(x, ...) UseMethod("qda")

# The work of both analyses, under the call that their mistakes are told of.
.discriminant_work <- list(lda = function(x, grouping, ...) lda.default(x, grouping, ...), qda = function(x, grouping, ...) qda.default(x, grouping, ...))

lda.formula <- function(formula, data, ..., subset, na.action) .discriminant_of_formula("lda", match.call(), parent.frame(), ...)
qda.formula <- function(formula, data, ..., subset, na.action) .discriminant_of_formula("qda", match.call(), parent.frame(), ...)

.discriminant_of_formula <- function(kind, call, env, ...) {
  frame <- .frame_asked_by(call, env, words = c("formula", "data", "subset", "na.action"))
  parts <- .model_parts(frame, constant = FALSE)
  made <- .discriminant_work[[kind]](parts$x, parts$y, ...)
  fitted <- inherits(made, kind)
  kept <- c(list(terms = parts$terms, call = .called_as(kind, call)), parts$remembered["xlevels"], if (fitted) parts$remembered["na.action"])
  kept <- Filter(Negate(is.null), kept)
  if (!fitted) made$call <- NULL
  made[names(kept)] <- kept
  made
}

lda.data.frame <- function(x, ...) .discriminant_of_rows("lda", match.call(), data.matrix(x), ...)
qda.data.frame <- function(x, ...) .discriminant_of_rows("qda", match.call(), data.matrix(x), ...)

lda.matrix <- function(x, grouping, ..., subset, na.action)
  .discriminant_of_rows("lda", match.call(), unclass(x), grouping, ..., subset = subset, na.action = na.action)
qda.matrix <- function(x, grouping, ..., subset, na.action)
  .discriminant_of_rows("qda", match.call(), unclass(x), grouping, ..., subset = subset, na.action = na.action)

# Rows chosen by `subset`, and those without gaps when `na.action` says so.
.discriminant_of_rows <- function(kind, call, x, grouping, ..., subset, na.action) {
  rows <- list(g = grouping, x = x)
  if (!missing(subset)) rows <- list(g = grouping[subset], x = x[subset, , drop = FALSE])
  if (!missing(na.action)) rows <- na.action(structure(rows, class = "data.frame", row.names = seq_along(rows$g)))
  made <- .discriminant_work[[kind]](rows$x, rows$g, ...)
  made$call <- .called_as(kind, call)
  made
}

.called_as <- function(kind, call) {
  call[[1L]] <- as.name(kind)
  call
}

# A mistake or a doubt, told of the function that was called.
.discriminant_refused <- function(call, text, ...) stop(simpleError(sprintf(text, ...), call))
.discriminant_doubted <- function(call, text, ...) warning(simpleWarning(sprintf(text, ...), call))

.prior_checked <- function(prior, groups, call) {
  if (any(prior < 0) || round(sum(prior), 5) != 1) .discriminant_refused(call, "invalid 'prior'")
  if (length(prior) != length(groups)) .discriminant_refused(call, "'prior' is of incorrect length")
  setNames(prior, groups)
}

# Numbers and groups as both analyses want them: groups without rows are left out of lda(), and are a mistake in qda().
.discriminant_checked <- function(x, grouping, prior, keep_empty, method, CV, nu, call) {
  if (is.null(dim(x))) .discriminant_refused(call, "'x' is not a matrix")
  x <- as.matrix(x)
  if (!all(is.finite(x))) .discriminant_refused(call, "infinite, NA or NaN values in 'x'")
  if (length(grouping) != nrow(x)) .discriminant_refused(call, "nrow(x) and length(grouping) are different")
  g <- as.factor(grouping)
  counts <- c(table(g))
  if (!is.null(prior)) prior <- .prior_checked(prior, levels(g), call)
  empty <- if (!keep_empty) levels(g)[counts == 0L]
  if (length(empty)) {
    .discriminant_doubted(call, ngettext(length(empty), "group %s is empty", "groups %s are empty"), paste(empty, collapse = " "))
    g <- factor(g, setdiff(levels(g), empty))
    counts <- counts[levels(g)]
    prior <- prior[levels(g)]
  }
  if (CV && method %in% c("mve", "t")) .discriminant_refused(call, "cannot use leave-one-out CV with method %s", sQuote(method))
  if (method == "mve") .discriminant_refused(call, "method = 'mve' is not supported (it begins with a random search); method = 't' is a robust fit too")
  if (method == "t" && nu <= 2) .discriminant_refused(call, "'nu' must exceed 2")
  list(x = x, g = g, lev = levels(g), counts = counts, prior = if (is.null(prior)) counts / nrow(x) else prior)
}

.class_means <- function(x, g, weights = rep(1, nrow(x))) {
  totals <- rowsum(cbind(weights, weights * x), g)[levels(g), , drop = FALSE]
  structure(totals[, -1L, drop = FALSE] / totals[, 1L], dimnames = list(levels(g), colnames(x)))
}

# The weights of the rows under multivariate t distributions with `nu` degrees of freedom and one covariance, by turns with it.
.t_weights <- function(x, g, nu, told = FALSE) {
  w <- rep(1, nrow(x))
  moved <- 1
  while (moved >= 0.01) {
    apart <- x - .class_means(x, g, w)[g, , drop = FALSE]
    covariance <- (1 + ncol(x) / nu) / nrow(x) * crossprod(sqrt(w) * apart)
    newer <- nu / (nu + rowSums((apart %*% solve(covariance)) * apart))
    if (told) print(summary(newer))
    moved <- max(abs(newer - w))
    w <- newer
  }
  w
}

# The right singular vectors that stand out, and their values.
.main_directions <- function(x, least = function(values) 0) {
  parts <- svd(x, nu = 0L)
  kept <- parts$d > least(parts$d)
  list(turn = parts$v[, kept, drop = FALSE], values = parts$d[kept])
}

lda.default <- function(x, grouping, prior = proportions, tol = 1e-04, method = c("moment", "mle", "mve", "t"), CV = FALSE, nu = 5, ...) {
  method <- match.arg(method)
  found <- .discriminant_checked(x, grouping, if (!missing(prior)) prior, FALSE, method, CV, nu, sys.call())
  x <- found$x
  n <- nrow(x)
  p <- ncol(x)
  groups <- length(found$lev)
  means <- .class_means(x, found$g)
  own <- x - means[found$g, , drop = FALSE]
  unit <- sqrt(colSums(own^2) / (n - 1))
  flat <- which(unit < tol)
  if (length(flat)) stop(sprintf(ngettext(length(flat), "variable %s appears to be constant within groups", "variables %s appear to be constant within groups"),
    paste(format(flat), collapse = " ")))
  degrees <- c(moment = n - groups, mle = n, t = n * (1 - 2 / nu) / (1 + p / nu))[[method]]
  if (CV) return(c(.linear_left_out(own, means, found, degrees), list(call = match.call())))
  weights <- 1
  if (method == "t") {
    weights <- .t_weights(x, found$g, nu, TRUE)
    means <- .class_means(x, found$g, weights)
    own <- x - means[found$g, , drop = FALSE]
  }
  # First the rows within their groups become spheres, then the groups' means are turned to their main directions.
  within <- .main_directions(sqrt(weights / degrees) * own %*% diag(1 / unit, p), function(values) tol)
  if (!length(within$values)) stop("rank = 0: variables are numerically constant")
  if (length(within$values) < p) warning("variables are collinear")
  sphere <- (1 / unit) * within$turn %*% diag(1 / within$values, length(within$values))
  away <- sweep(means, 2L, found$prior %*% means)
  between <- .main_directions(sqrt(n * found$prior / (groups - (method != "mle"))) * away %*% sphere, function(values) tol * values[1L])
  if (!length(between$values)) stop("group means are numerically identical")
  scaling <- structure(sphere %*% between$turn, dimnames = list(colnames(x), paste0("LD", seq_along(between$values))))
  structure(list(prior = found$prior, counts = found$counts, means = means, scaling = scaling, lev = found$lev, svd = between$values, N = n,
    call = match.call()), class = "lda")
}

qda.default <- function(x, grouping, prior = proportions, method = c("moment", "mle", "mve", "t"), CV = FALSE, nu = 5, ...) {
  method <- match.arg(method)
  found <- .discriminant_checked(x, grouping, if (!missing(prior)) prior, TRUE, method, CV, nu, sys.call())
  p <- ncol(found$x)
  if (min(found$counts) <= p) stop("some group is too small for 'qda'")
  laws <- lapply(setNames(nm = found$lev), function(one) {
    rows <- found$x[found$g == one, , drop = FALSE]
    alone <- factor(rep(one, nrow(rows)))
    weights <- if (method == "t") .t_weights(rows, alone, nu) else rep(1, nrow(rows))
    middle <- .class_means(rows, alone, weights)
    parts <- qr(sqrt(weights) * sweep(rows, 2L, middle))
    if (parts$rank < p) stop(simpleError(paste("rank deficiency in group", one), quote(qda.default(x, grouping, ...))))
    root <- qr.R(parts) / sqrt(c(moment = nrow(rows) - 1, mle = nrow(rows), t = nrow(rows) / (1 + p / nu))[[method]])
    list(mean = middle[1L, ], scaling = backsolve(root, diag(p)), ldet = 2 * sum(log(abs(diag(root)))))
  })
  part <- function(name) lapply(laws, `[[`, name)
  means <- do.call(rbind, part("mean"))
  dimnames(means) <- list(found$lev, colnames(found$x))
  made <- list(prior = found$prior, counts = found$counts, means = means,
    scaling = array(unlist(part("scaling")), c(p, p, length(laws)), list(colnames(found$x), as.character(seq_len(p)), found$lev)),
    ldet = unlist(part("ldet"), use.names = FALSE), lev = found$lev, N = nrow(found$x), call = match.call())
  if (CV) c(.quadratic_left_out(found$x, found$g, made, found$prior, method), made["call"]) else structure(made, class = "qda")
}

# Classes and their probabilities from logarithms of densities.
.chosen_classes <- function(scores, prior, rows) {
  scores <- scores + rep(log(prior), each = nrow(scores))
  shares <- exp(scores - apply(scores, 1L, max))
  shares <- structure(shares / rowSums(shares), dimnames = list(rows, names(prior)))
  list(class = factor(max.col(shares, "first"), seq_along(prior), names(prior)), posterior = shares)
}

# Each row by the rule that the others make: the group's mean without the row, the common covariance without its share.
.linear_left_out <- function(own, means, found, degrees) {
  counts <- found$counts[found$g]
  grown <- counts / (counts - 1)
  inverse <- solve(crossprod(own))
  pull <- own %*% inverse
  lost <- grown / (1 - grown * rowSums(pull * own))
  scores <- vapply(found$lev, function(k) {
    apart <- own + means[found$g, , drop = FALSE] - rep(means[k, ], each = nrow(own))
    apart <- ifelse(found$g == k, grown, 1) * apart
    -(degrees - 1) / 2 * (rowSums((apart %*% inverse) * apart) + lost * rowSums(pull * apart)^2)
  }, numeric(nrow(own)))
  .chosen_classes(scores, found$prior, rownames(own))
}

# The squared lengths of the rows as each group measures them, one column for each.
.own_squares <- function(x, law) {
  squares <- lapply(seq_along(law$lev), function(k) rowSums((sweep(x, 2L, law$means[k, ]) %*% law$scaling[, , k])^2))
  matrix(unlist(squares), nrow(x))
}

# Without a row of its own group, a group's mean and covariance change by one rank; the other groups stay.
.quadratic_left_out <- function(x, g, law, prior, method) {
  each <- function(values) matrix(values, nrow(x), length(values), byrow = TRUE)
  mine <- cbind(seq_along(g), as.integer(g))
  scores <- .own_squares(x, law)
  size <- law$counts[g]
  before <- size - (method != "mle")
  grown <- size / (size - 1)
  lost <- 1 - grown * scores[mine] / before
  scores[mine] <- grown^2 * scores[mine] * (before - 1) / before / lost + ncol(x) * log(before / (before - 1)) + log(lost)
  .chosen_classes(-(scores + each(law$ldet)) / 2, prior, rownames(x))
}

# The rows that a fitted analysis is asked about: new ones, or those it was made of.
.discriminant_rows <- function(object, newdata, env, call) {
  given <- !is.null(newdata)
  if (!is.null(object$terms)) x <- if (given) .design_for(object, newdata) else .model_parts(model.frame(object), constant = FALSE)$x
  else {
    x <- if (given) newdata else .remembered_argument(object$call, "x", 2L, env)
    x <- as.matrix(if (is.null(dim(x))) t(x) else x)
    storage.mode(x) <- "double"
  }
  attr(x, "frame") <- NULL
  if (ncol(x) != ncol(object$means)) .discriminant_refused(call, "wrong number of variables")
  if (!is.null(colnames(x)) && any(colnames(x) != colnames(object$means)))
    .discriminant_doubted(call, "variable names in 'newdata' do not match those in 'object'")
  x
}

# An argument of the call that made an analysis, for the rows that its `subset` chose.
.remembered_argument <- function(call, name, place, env) {
  value <- eval(if (is.null(call[[name]])) call[[place]] else call[[name]], env)
  if (is.null(call$subset)) return(value)
  chosen <- eval(call$subset, env)
  if (is.null(dim(value))) value[chosen] else value[chosen, , drop = FALSE]
}

# Log densities of a linear rule from squared lengths in a group's sphere; `s` has the sizes of the groups, all rows, groups and dimensions.
.linear_rules <- list(
  "plug-in" = function(squares, s) -squares / 2,
  debiased = function(squares, s) -(1 - (s$dimensions + 1) / (s$n - s$groups)) * squares / 2 - s$dimensions / s$size,
  predictive = function(squares, s) {
    known <- s$size / (s$size + 1)
    s$p / 2 * log(known) - (s$n - s$groups + 1) / 2 * log1p(known * squares / s$n)
  })

# The same for groups of different covariances, whose log determinants are `ldet`.
.quadratic_rules <- list(
  "plug-in" = function(squares, s) -(squares + s$ldet) / 2,
  # As many degrees of freedom as groups enter the expected log determinant, as in MASS.
  debiased = function(squares, s) {
    expected <- rowSums(digamma(outer(c(s$size), seq_len(s$groups), "-") / 2)) - s$p * log((s$size - 1) / 2)
    -(squares * (1 - (s$p - 1) / (s$size - 1)) - s$p / s$size + s$ldet - expected) / 2
  },
  predictive = function(squares, s) -(s$ldet + s$p * log(s$size + 1) + s$size * log1p(squares / (s$size + 1))) / 2)

.discriminant_classes <- function(rule, object, x, squares, prior, dimensions = NULL) {
  each <- function(values) matrix(values, nrow(x), length(prior), byrow = TRUE)
  sizes <- list(size = each(object$counts), n = object$N, groups = length(prior), p = ncol(x), dimensions = dimensions,
    ldet = if (!is.null(object$ldet)) each(object$ldet))
  .chosen_classes(rule(squares, sizes), prior, rownames(x))
}

predict.lda <- function(object, newdata, prior = object$prior, dimen, method = c("plug-in", "predictive", "debiased"), ...) {
  if (!inherits(object, "lda")) stop("object not of class \"lda\"")
  method <- match.arg(method)
  x <- .discriminant_rows(object, if (!missing(newdata)) newdata, parent.frame(), sys.call())
  prior <- .prior_checked(prior, object$lev, sys.call())
  all <- length(object$svd)
  dimen <- if (missing(dimen)) all else min(dimen, all)
  centre <- prior %*% object$means
  places <- sweep(x, 2L, centre) %*% object$scaling
  middles <- sweep(object$means, 2L, centre) %*% object$scaling
  # The predictive rule has all dimensions and the covariance divided by n: the rows move with it and, as in MASS, the means do not.
  whole <- method == "predictive"
  used <- seq_len(if (whole) all else dimen)
  stretch <- if (whole) sqrt(object$N / (object$N - length(prior))) else 1
  measured <- stretch * places[, used, drop = FALSE]
  squares <- outer(rowSums(measured^2), rowSums(middles[, used, drop = FALSE]^2), "+") - 2 * tcrossprod(measured, middles[, used, drop = FALSE])
  c(.discriminant_classes(.linear_rules[[method]], object, x, squares, prior, dimen), list(x = places[, seq_len(dimen), drop = FALSE]))
}

predict.qda <- function(object, newdata, prior = object$prior, method = c("plug-in", "predictive", "debiased", "looCV"), ...) {
  if (!inherits(object, "qda")) stop("object not of class \"qda\"")
  method <- match.arg(method)
  prior <- .prior_checked(prior, object$lev, sys.call())
  if (method == "looCV" && !missing(newdata)) stop("cannot have leave-one-out CV with 'newdata'")
  x <- .discriminant_rows(object, if (!missing(newdata)) newdata, parent.frame(), sys.call())
  if (method != "looCV") return(.discriminant_classes(.quadratic_rules[[method]], object, x, .own_squares(x, object), prior))
  g <- if (is.null(object$terms)) .remembered_argument(object$call, "grouping", 3L, parent.frame()) else model.response(model.frame(object))
  .quadratic_left_out(x, as.factor(g), object, prior, eval.parent(object$call$method) %||% "moment")
}

.print_discriminant <- function(x, ...) {
  shown <- x$call
  if (!is.null(shown)) names(shown)[2L] <- ""
  .print_call(shown)
  for (part in c("prior", "means", if (inherits(x, "lda")) "scaling")) {
    cat("\n", c(prior = "Prior probabilities of groups", means = "Group means", scaling = "Coefficients of linear discriminants")[[part]], ":\n", sep = "")
    print(x[[part]], ...)
  }
  if (length(x$svd) > 1L) {
    cat("\nProportion of trace:\n")
    print(round(setNames(prop.table(x$svd^2), colnames(x$scaling)), 4L), ...)
  }
  invisible(x)
}

print.lda <- function(x, ...) .print_discriminant(x, ...)
print.qda <- function(x, ...) .print_discriminant(x, ...)

coef.lda <- function(object, ...) object$scaling

model.frame.lda <- function(formula, ...) .discriminant_frame(formula, parent.frame())
model.frame.qda <- function(formula, ...) .discriminant_frame(formula, parent.frame())

.discriminant_frame <- function(fit, env) {
  if (is.null(fit$terms)) stop("no terms component nor attribute")
  call <- fit$call
  call$formula <- fit$terms
  .frame_asked_by(call, environment(fit$terms) %||% env, words = c("formula", "data", "subset", "na.action"))
}
