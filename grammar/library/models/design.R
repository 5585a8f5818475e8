# Model frames and design matrices.

offset <- function(object) object

model.frame <- function(formula, ...) UseMethod("model.frame")

model.frame.lm <- function(formula, ...) formula$model

model.frame.default <- function(formula, data = NULL, subset = NULL, na.action = na.omit, drop.unused.levels = FALSE, xlev = NULL, ...) {
  if (missing(formula) || is.null(formula)) stop("argument is not a valid model")
  if (is.matrix(data)) stop("'data' must be a data.frame, not a matrix or an array")
  if (is.data.frame(formula)) {
    # A frame by itself: its first column on all others.
    if (is.null(data)) data <- formula
    formula <- formula.data.frame(formula)
  }
  if (!inherits(formula, "formula") && is.list(formula) && !is.null(formula$model)) return(formula$model)
  if (!inherits(formula, "formula")) formula <- as.formula(formula)
  env <- environment(formula)
  object <- if (inherits(formula, "terms")) formula else terms(formula, data = if (is.data.frame(data)) data)
  known <- attr(object, "predvars")
  predvars <- if (is.null(known)) attr(object, "variables") else known
  columns <- eval(predvars, data, env)
  names(columns) <- vapply(as.list(attr(object, "variables"))[-1L], deparse1, "")
  for (name in names(columns)) {
    # A name that is no column may be that of a function; one that R does not have is not found.
    if (is.function(columns[[name]])) {
      home <- environment(columns[[name]])
      known <- is.null(home) || environmentName(home) %in% c("base", "stats", "utils", "graphics", "grDevices", "methods", "R_GlobalEnv", "")
      if (known) stop(gettextf("invalid type (%s) for variable '%s'", typeof(columns[[name]]), name), domain = NA)
      stop(gettextf("object '%s' not found", name), domain = NA)
    }
    if (is.list(columns[[name]]) && !is.data.frame(columns[[name]])) {
      stop(gettextf("invalid type (list) for variable '%s'", name), domain = NA)
    }
  }
  extras <- eval(substitute(list(...)), data, env)
  extras <- extras[!vapply(extras, is.null, NA)]
  if (length(extras)) names(extras) <- paste0("(", names(extras), ")")
  columns <- c(columns, extras)
  size <- if (length(columns)) NROW(columns[[1L]]) else NROW(data)
  lengths_here <- vapply(columns, NROW, 0L)
  if (any(lengths_here != size)) {
    wrong <- which(lengths_here != size)[1L]
    stop("variable lengths differ (found for '", names(columns)[wrong], "')")
  }
  rows <- if (is.data.frame(data)) { if (.row_names_info(data) > 0L && nrow(data) == size) row.names(data) }
    else if (attr(object, "response") > 0L) { if (is.matrix(columns[[1L]])) rownames(columns[[1L]]) else names(columns[[1L]]) }
  if (length(rows) != size) rows <- as.character(seq_len(size))
  chosen <- eval(substitute(subset), data, env)
  kept <- seq_len(size)
  if (!is.null(chosen)) kept <- if (is.logical(chosen)) which(chosen & !is.na(chosen)) else kept[chosen]
  omitted <- NULL
  if (is.character(na.action)) na.action <- get(na.action, mode = "function")
  if (is.function(na.action)) {
    missing_here <- logical(size)
    for (column in columns) missing_here <- missing_here | (if (is.matrix(column)) rowSums(is.na(column)) > 0 else is.na(column))
    if (any(missing_here[kept])) {
      if (identical(na.action, na.fail)) stop("missing values in object")
      if (!identical(na.action, na.pass)) {
        gone <- which(missing_here[kept])
        omitted <- structure(gone, names = rows[kept][gone], class = if (identical(na.action, na.exclude)) "exclude" else "omit")
        kept <- kept[-gone]
      }
    }
  }
  classes <- attr(object, "dataClasses")
  if (length(kept) < size || !is.null(chosen)) columns <- lapply(columns, frame_rows, kept)
  if (drop.unused.levels) columns <- lapply(columns, function(column) if (is.factor(column) && any(tabulate(column, nlevels(column)) == 0L)) column[, drop = TRUE] else column)
  for (name in names(xlev)) columns[[name]] <- with_levels(columns[[name]], xlev[[name]], name)
  label <- rows[kept]
  plain <- identical(rows, as.character(seq_len(size)))
  made <- structure(columns, class = "data.frame", row.names = if (plain && length(kept) == size) seq_len(size) else if (plain) kept else label)
  if (is.null(names(made))) names(made) <- character()
  if (is.null(known)) attr(object, "predvars") <- prediction_variables(attr(object, "variables"), columns)
  if (is.null(classes)) attr(object, "dataClasses") <- vapply(columns, variable_class, "")
  attr(made, "terms") <- object
  if (!is.null(omitted)) attr(made, "na.action") <- omitted
  made
}

frame_rows <- function(column, rows) {
  if (!is.matrix(column)) return(column[rows])
  kept <- attributes(column)
  made <- column[rows, , drop = FALSE]
  for (name in setdiff(names(kept), c("dim", "dimnames"))) attr(made, name) <- kept[[name]]
  made
}

with_levels <- function(column, levels, name) {
  fresh <- setdiff(base::levels(factor(column)), levels)
  if (length(fresh)) stop(simpleError(sprintf("factor %s has new level%s %s", name, if (length(fresh) > 1L || is.character(column)) "s" else "", toString(fresh)), sys.call(-1L)))
  factor(as.character(column), levels = levels, ordered = is.ordered(column))
}

variable_class <- function(column) {
  if (is.matrix(column) && is.numeric(column)) paste0("nmatrix.", ncol(column))
  else if (is.ordered(column)) "ordered"
  else if (is.factor(column)) "factor"
  else if (is.logical(column)) "logical"
  else if (is.numeric(column)) "numeric"
  else if (is.character(column)) "character"
  else "other"
}

# Calls that make a basis from data take that basis along, so that new data are put into the same one.
prediction_variables <- function(variables, columns) {
  for (at in seq_along(variables)[-1L]) variables[[at]] <- makepredictcall(columns[[at - 1L]], variables[[at]])
  variables
}

makepredictcall <- function(var, call) UseMethod("makepredictcall")

makepredictcall.default <- function(var, call) {
  if (!is.call(call) || !identical(call[[1L]], as.name("scale"))) return(call)
  call$center <- if (is.null(attr(var, "scaled:center"))) FALSE else attr(var, "scaled:center")
  call$scale <- if (is.null(attr(var, "scaled:scale"))) FALSE else attr(var, "scaled:scale")
  call
}

makepredictcall.poly <- function(var, call) {
  if (is.call(call)) call$coefs <- attr(var, "coefs")
  call
}

# The response that a frame's terms speak of, under the names of its rows.
model.response <- function(data, type = "any") {
  wanted <- pmatch(type, c("any", "numeric", "double"))
  if (is.na(wanted)) stop("invalid response type")
  if (!attr(attr(data, "terms"), "response")) return(NULL)
  y <- data[[1L]]
  if (wanted > 1L && is.factor(y)) warning("using type = \"numeric\" with a factor response will be ignored")
  else if (wanted == 3L || wanted == 2L && !is.numeric(y)) storage.mode(y) <- "double"
  labels <- row.names(data)
  if (NCOL(y) > 1L) return(if (is.null(rownames(y))) `rownames<-`(y, labels) else y)
  if (is.matrix(y)) dim(y) <- NULL
  if (length(y) == length(labels)) structure(y, names = labels) else y
}

model.weights <- function(x) x[["(weights)"]]

# All offsets together: those of the formula and the one of the argument.
model.offset <- function(x) {
  shifts <- c(unclass(x)[attr(attr(x, "terms"), "offset")], list(x[["(offset)"]]))
  shifts <- Filter(Negate(is.null), shifts)
  if (!all(vapply(shifts, is.numeric, NA))) stop("'offset' must be numeric")
  if (length(shifts)) Reduce(`+`, shifts)
}

# What stands in a frame beside its variables, under a name in brackets, unless the terms know where it is.
.frame_words <- list(response = function(frame) model.response(frame), weights = function(frame) model.weights(frame), offset = function(frame) model.offset(frame))

model.extract <- function(frame, component) {
  word <- as.character(substitute(component))
  find <- .frame_words[[word]]
  found <- if (is.function(find)) find(frame) else frame[[sprintf("(%s)", word)]]
  if (is.null(dim(found)) && length(found) == nrow(frame)) structure(found, names = row.names(frame)) else found
}

# Every level by itself.
.full_coding <- function(labels) diag(length(labels)) |> structure(dimnames = list(labels, labels))

# The levels that a coding is of, given by themselves or by their number.
.coded_levels <- function(n) {
  if (length(n) > 1L || !is.numeric(n)) return(as.character(n))
  if (n <= 1L) stop("not enough degrees of freedom to define contrasts", call. = FALSE)
  as.character(seq_len(n))
}

contr.treatment <- function(n, base = 1, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  labels <- .coded_levels(n)
  if (!contrasts) return(.full_coding(labels))
  if (length(labels) < 2L) stop(gettextf("contrasts not defined for %d degrees of freedom", length(labels) - 1L), domain = NA)
  if (base < 1L || base > length(labels)) stop("baseline group number out of range")
  .full_coding(labels)[, -base, drop = FALSE]
}

contr.SAS <- function(n, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  contr.treatment(n, base = if (length(n) > 1L) length(n) else n, contrasts = contrasts)
}

contr.sum <- function(n, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  labels <- .coded_levels(n)
  if (!contrasts) return(.full_coding(labels))
  structure(rbind(diag(length(labels) - 1L), -1), dimnames = list(labels, NULL))
}

# Every level against the mean of those before it.
contr.helmert <- function(n, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  labels <- .coded_levels(n)
  if (!contrasts) return(.full_coding(labels))
  against <- seq_len(length(labels) - 1L)
  structure(rbind(-1, diag(against, length(against))) - rbind(outer(against, against, function(row, column) row > 1L & row <= column), FALSE), dimnames = list(labels, NULL))
}

# Polynomials at right angles over the points x, from degree zero upwards, each with leading coefficient one.
# Source: W. J. Kennedy and J. E. Gentle, Statistical Computing (1980), pp. 343-344.
.orthogonal_powers <- function(x, degree) {
  powers <- qr(outer(x, 0:degree, `^`))
  if (powers$rank <= degree) stop("'degree' must be less than number of unique points", call. = FALSE)
  qr.qy(powers, diag(diag(powers$qr), length(x), degree + 1L))
}

contr.poly <- function(n, scores = seq_len(n), contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  if (length(n) > 1L) n <- length(n)
  if (n < 2L) stop(gettextf("contrasts not defined for %d degrees of freedom", n - 1L), domain = NA)
  if (length(scores) != n) stop("'scores' argument is of the wrong length")
  if (anyDuplicated(scores)) stop("'scores' must all be different numbers")
  basis <- .orthogonal_powers(scores - mean(scores), n - 1L)
  basis <- sweep(basis, 2L, sqrt(colSums(basis^2)), "/", check.margin = FALSE)
  degrees <- paste0("^", 0:(n - 1L))
  if (!contrasts) return(structure(cbind(1, basis[, -1L, drop = FALSE]), dimnames = list(NULL, degrees)))
  structure(basis[, -1L, drop = FALSE], dimnames = list(NULL, replace(degrees[-1L], seq_len(min(3L, n - 1L)), c(".L", ".Q", ".C")[seq_len(min(3L, n - 1L))])))
}

.coded_factor <- function(x) {
  made <- if (is.logical(x)) factor(x, c(FALSE, TRUE)) else x
  if (is.factor(made)) made else stop("contrasts apply only to factors", call. = FALSE)
}

# The coding of a variable without one of its own: the session's, for levels in order or in none.
.usual_coding <- function(x) getOption("contrasts", c("contr.treatment", "contr.poly"))[[1L + is.ordered(x)]]

contrasts <- function(x, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  x <- .coded_factor(x)
  own <- attr(x, "contrasts")
  if (contrasts) contrast_matrix(if (is.null(own)) .usual_coding(x) else own, x) else .full_coding(levels(x))
}

contrast_matrix <- function(chosen, x) {
  if (is.numeric(chosen)) return(`rownames<-`(chosen, levels(x)))
  match.fun(chosen)(levels(x))
}

`contrasts<-` <- function(x, how.many = NULL, value) {
  x <- .coded_factor(x)
  if (nlevels(x) < 2L) stop("contrasts can be applied only to factors with 2 or more levels")
  coding <- if (is.function(value)) value(nlevels(x)) else value
  if (is.numeric(coding)) coding <- .completed_coding(as.matrix(coding), levels(x), if (is.null(how.many)) nlevels(x) - 1L else how.many)
  else if (!is.null(coding) && !is.character(coding)) stop("numeric contrasts or contrast name expected")
  attr(x, "contrasts") <- coding
  x
}

# As many columns as are wanted: those that are given and, where they are too few, some at right angles to them and to the mean.
.completed_coding <- function(given, labels, wanted) {
  if (nrow(given) != length(labels)) stop("wrong number of contrast matrix rows", call. = FALSE)
  titles <- colnames(given)
  spare <- wanted - ncol(given)
  if (spare > 0L) {
    known <- qr(cbind(1, given))
    if (known$rank <= ncol(given)) stop("singular contrast matrix", call. = FALSE)
    given <- cbind(given, qr.Q(known, complete = TRUE)[, known$rank + seq_len(spare), drop = FALSE])
  }
  if (length(titles)) titles <- c(titles, character(max(spare, 0L)))[seq_len(wanted)]
  structure(given[, seq_len(wanted), drop = FALSE], dimnames = list(labels, titles))
}

# The columns that a variable gives to a term, with their labels.
contrast_columns <- function(column, full, chosen = NULL) {
  if (is.character(column) || is.logical(column)) column <- factor(column)
  if (is.factor(column)) {
    labels <- levels(column)
    if (full) {
      coding <- diag(length(labels))
      shown <- labels
    } else {
      if (length(labels) < 2L) stop("contrasts can be applied only to factors with 2 or more levels", call. = TRUE)
      coding <- if (is.null(chosen)) contrasts(column) else contrast_matrix(chosen, column)
      shown <- if (is.null(colnames(coding))) seq_len(ncol(coding)) else colnames(coding)
    }
    return(list(values = unname(coding[as.integer(column), , drop = FALSE]), labels = shown))
  }
  if (is.matrix(column)) {
    shown <- if (is.null(colnames(column))) if (ncol(column) > 1L) seq_len(ncol(column)) else "" else colnames(column)
    return(list(values = matrix(as.numeric(column), nrow(column)), labels = shown))
  }
  list(values = matrix(as.numeric(column), ncol = 1L), labels = "")
}

model.matrix <- function(object, ...) UseMethod("model.matrix")

model.matrix.lm <- function(object, ...) model.matrix.default(object$terms, object$model, contrasts.arg = object$contrasts)

model.matrix.default <- function(object, data = environment(object), contrasts.arg = NULL, xlev = NULL, ...) {
  if (is.environment(data)) data <- NULL
  if (!inherits(object, "formula")) object <- as.formula(object)
  spec <- formula_terms(object, data)
  frame <- if (is.null(attr(data, "terms"))) model.frame.default(if (inherits(object, "terms")) delete.response(object) else object, data, xlev = xlev) else data
  rows <- nrow(frame)
  columns <- list()
  labels <- character()
  assign <- integer()
  if (spec$intercept) {
    columns <- list(rep(1, rows))
    labels <- "(Intercept)"
    assign <- 0L
  }
  whole <- spec$intercept
  kinds <- list()
  for (t in seq_along(spec$terms)) {
    block <- matrix(1, rows, 1L)
    own <- ""
    for (v in spec$terms[[t]]) {
      column <- frame[[v]]
      categorical <- is.factor(column) || is.character(column) || is.logical(column)
      if (categorical) {
        if (is.null(kinds[[v]])) kinds[[v]] <- if (!is.null(contrasts.arg[[v]])) contrasts.arg[[v]]
          else if (!is.null(attr(column, "contrasts"))) attr(column, "contrasts")
          else .usual_coding(column)
      }
      rest <- setdiff(spec$terms[[t]], v)
      covered <- if (length(rest)) any(vapply(spec$terms, function(one) setequal(one, rest), NA)) else whole
      part <- contrast_columns(column, categorical && !covered, kinds[[v]])
      if (categorical && !covered && !length(rest)) whole <- TRUE
      block <- block[, rep(seq_len(ncol(block)), ncol(part$values)), drop = FALSE] *
        part$values[, rep(seq_len(ncol(part$values)), each = ncol(block)), drop = FALSE]
      fresh <- paste0(v, part$labels)
      own <- if (identical(own, "")) fresh else paste(rep(own, length(fresh)), rep(fresh, each = length(own)), sep = ":")
    }
    columns <- c(columns, lapply(seq_len(ncol(block)), function(k) block[, k]))
    labels <- c(labels, own)
    assign <- c(assign, rep(t, length(own)))
  }
  made <- matrix(as.numeric(unlist(columns)), rows, length(columns), dimnames = list(row.names(frame), labels))
  attr(made, "assign") <- assign
  if (length(kinds)) attr(made, "contrasts") <- kinds
  made
}

poly <- function(x, ..., degree = 1, coefs = NULL, raw = FALSE, simple = FALSE) {
  more <- list(...)
  long <- lengths(more) > 1L
  if (any(!long)) degree <- more[!long][[1L]]
  if (is.matrix(x) || any(long)) return(do.call("polym", c(list(x), more[long], list(degree = degree, coefs = coefs, raw = raw))))
  if (!is.null(coefs)) degree <- length(coefs$alpha)
  else if (!raw && is.numeric(degree) && degree < 1) stop("'degree' must be at least 1")
  labels <- names(x)
  x <- as.numeric(x)
  if (!raw && anyNA(x)) stop("missing values are not allowed in 'poly'")
  if (raw) basis <- outer(x, seq_len(degree), `^`)
  else {
    if (is.null(coefs)) coefs <- .polynomial_norms(x, degree)
    basis <- coefs$basis
    if (is.null(basis)) basis <- .polynomials_at(x, coefs$alpha, coefs$norm2)
    basis <- sweep(basis, 2L, sqrt(coefs$norm2[-1L]), "/", check.margin = FALSE)[, -1L, drop = FALSE]
  }
  dimnames(basis) <- list(labels, seq_len(degree))
  if (simple) return(basis)
  structure(basis, coefs = if (!raw) unclass(coefs)[c("alpha", "norm2")], degree = seq_len(degree), class = c("poly", "matrix"))
}

# The polynomials over x with the constants of their recurrence: centres and squared lengths.
.polynomial_norms <- function(x, degree) {
  if (!is.numeric(degree) || degree >= length(unique(x))) stop("'degree' must be less than number of unique points", call. = FALSE)
  middle <- mean(x)
  basis <- .orthogonal_powers(x - middle, degree)
  squares <- colSums(basis^2)
  list(alpha = (middle + colSums((x - middle) * basis^2) / squares)[seq_len(degree)], norm2 = c(1, squares), basis = basis)
}

# Each polynomial from the two before it, at new points.
.polynomials_at <- function(x, alpha, norm2) {
  before <- numeric(length(x))
  columns <- list(rep(1, length(x)))
  for (k in seq_along(alpha)) {
    columns[[k + 1L]] <- (x - alpha[k]) * columns[[k]] - norm2[k + 1L] / norm2[k] * before
    before <- columns[[k]]
  }
  do.call(cbind, columns)
}

predict.poly <- function(object, newdata, ...) {
  degree <- max(attr(object, "degree"))
  if (missing(newdata)) object else poly(newdata, degree = degree, coefs = attr(object, "coefs"), raw = is.null(attr(object, "coefs")), simple = TRUE)
}

# Levels of the categorical variables of a frame, which new data must keep to.
.getXlevels <- function(Terms, m) {
  variables <- vapply(as.list(attr(Terms, "variables"))[-1L], deparse1, "")
  asked <- setdiff(variables, variables[attr(Terms, "response")])
  found <- lapply(structure(asked, names = asked), function(name) if (is.character(m[[name]])) sort(unique(m[[name]])) else levels(m[[name]]))
  if (length(asked)) Filter(Negate(is.null), found)
}

na.fail <- function(object, ...) if (anyNA(unlist(object))) stop("missing values in object") else object

na.pass <- function(object, ...) object

# Tests of formulas leave out the rows that miss something; whoever wants another treatment is told.
only_whole_rows <- function(na.action, formula, data) {
  found <- model.frame(formula, data, na.action = na.pass)
  if (nrow(match.fun(na.action)(found)) != nrow(na.omit(found)))
    stop("argument 'na.action' of tests is not supported where it keeps incomplete rows: na.omit leaves them out", call. = FALSE)
}

naprint <- function(x, ...) {
  if (is.null(x)) return("")
  if (length(x) == 1L) "1 observation deleted due to missingness" else paste(length(x), "observations deleted due to missingness")
}
