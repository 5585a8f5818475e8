# Model frames and design matrices.

offset <- function(object) object

model.frame <- function(formula, ...) UseMethod("model.frame")

model.frame.lm <- function(formula, ...) formula$model

model.frame.default <- function(formula, data = NULL, subset = NULL, na.action = na.omit, drop.unused.levels = FALSE, xlev = NULL, ...) {
  if (missing(formula) || is.null(formula)) stop("argument is not a valid model")
  if (!inherits(formula, "formula") && is.list(formula) && !is.null(formula$model)) return(formula$model)
  if (!inherits(formula, "formula")) formula <- as.formula(formula)
  env <- environment(formula)
  if (is.matrix(data)) data <- as.data.frame(data)
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
  found <- unique(as.character(column[!is.na(column)]))
  fresh <- setdiff(found, levels)
  if (length(fresh)) stop(simpleError(paste0("factor ", name, " has new level", if (length(fresh) > 1L) "s", " ", paste(fresh, collapse = ", ")), sys.call(-1L)))
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

model.response <- function(data, type = "any") {
  type <- match.arg(type, c("any", "numeric", "double"))
  if (attr(attr(data, "terms"), "response") == 0L) return(NULL)
  y <- data[[1L]]
  if (type != "any") {
    if (is.factor(y)) warning("using type = \"numeric\" with a factor response will be ignored")
    else if (type == "double" || !is.numeric(y)) storage.mode(y) <- "double"
  }
  if (is.matrix(y) && ncol(y) == 1L) dim(y) <- NULL
  if (is.matrix(y)) {
    if (is.null(rownames(y))) rownames(y) <- row.names(data)
    return(y)
  }
  if (length(y) == nrow(data)) names(y) <- row.names(data)
  y
}

model.weights <- function(x) x[["(weights)"]]

model.offset <- function(x) {
  total <- NULL
  for (at in attr(attr(x, "terms"), "offset")) total <- if (is.null(total)) x[[at]] else total + x[[at]]
  given <- x[["(offset)"]]
  if (is.null(given)) total else if (is.null(total)) given else total + given
}

model.extract <- function(frame, component) {
  name <- as.character(substitute(component))
  switch(name, response = model.response(frame), weights = model.weights(frame), offset = model.offset(frame),
         frame[[paste0("(", name, ")")]])
}

contr.treatment <- function(n, base = 1, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  if (is.numeric(n) && length(n) == 1L) {
    if (n <= 1L) stop("not enough degrees of freedom to define contrasts")
    labels <- as.character(seq_len(n))
  } else labels <- as.character(n)
  if (length(labels) < 2L && contrasts) {
    stop("contrasts not defined for ", length(labels) - 1L, " degrees of freedom")
  }
  made <- diag(length(labels))
  dimnames(made) <- list(labels, labels)
  if (contrasts) made[, -base, drop = FALSE] else made
}

contr.SAS <- function(n, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  contr.treatment(n, base = if (length(n) > 1L) length(n) else n, contrasts = contrasts)
}

contr.sum <- function(n, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  labels <- if (length(n) > 1L) n else seq_len(n)
  size <- length(labels)
  if (!contrasts) return(contr.treatment(n, contrasts = FALSE))
  if (size < 2L) stop("not enough degrees of freedom to define contrasts")
  made <- rbind(diag(size - 1L), -1)
  dimnames(made) <- list(labels, NULL)
  made
}

contr.helmert <- function(n, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  labels <- if (length(n) > 1L) n else seq_len(n)
  size <- length(labels)
  if (!contrasts) return(contr.treatment(n, contrasts = FALSE))
  if (size < 2L) stop("not enough degrees of freedom to define contrasts")
  made <- outer(seq_len(size), seq_len(size - 1L), function(row, column) ifelse(row <= column, -1, ifelse(row == column + 1L, column, 0)))
  dimnames(made) <- list(labels, NULL)
  made
}

contr.poly <- function(n, scores = seq_len(n), contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  if (length(n) > 1L) n <- length(n)
  if (n < 2L) stop(gettextf("contrasts not defined for %d degrees of freedom", n - 1L), domain = NA)
  powers <- qr(outer(scores - mean(scores), 0:(n - 1L), `^`))
  basis <- qr.qy(powers, diag(diag(powers$qr)))
  for (k in seq_len(n)) basis[, k] <- basis[, k] / sqrt(sum(basis[, k]^2))
  if (!contrasts) {
    basis[, 1L] <- 1
    colnames(basis) <- paste0("^", 0:(n - 1L))
    return(basis)
  }
  made <- basis[, -1L, drop = FALSE]
  colnames(made) <- c(".L", ".Q", ".C", if (n > 4L) paste0("^", 4:(n - 1L)))[seq_len(n - 1L)]
  made
}

contrasts <- function(x, contrasts = TRUE, sparse = FALSE) {
  .unsupported(sparse, "contrasts are dense matrices")
  if (is.logical(x)) x <- factor(x, levels = c(FALSE, TRUE))
  if (!is.factor(x)) stop("contrasts apply only to factors")
  chosen <- attr(x, "contrasts")
  if (is.null(chosen)) chosen <- getOption("contrasts", c("contr.treatment", "contr.poly"))[[if (is.ordered(x)) 2L else 1L]]
  contrast_matrix(chosen, x, contrasts)
}

contrast_matrix <- function(chosen, x, contrasts = TRUE) {
  if (is.character(chosen)) chosen <- get(chosen, mode = "function")
  if (is.function(chosen)) {
    made <- chosen(levels(x), contrasts = contrasts)
    return(made)
  }
  rownames(chosen) <- levels(x)
  chosen
}

`contrasts<-` <- function(x, how.many = NULL, value) {
  if (is.logical(x)) x <- factor(x, levels = c(FALSE, TRUE))
  if (!is.factor(x)) stop("contrasts apply only to factors")
  if (nlevels(x) < 2L) stop("contrasts can be applied only to factors with 2 or more levels")
  if (is.function(value)) value <- value(nlevels(x))
  if (is.numeric(value)) {
    value <- as.matrix(value)
    if (is.null(how.many)) how.many <- nlevels(x) - 1L
    if (nrow(value) != nlevels(x)) stop("wrong number of contrast matrix rows")
    # Columns that are wanted and not given are at right angles to those that are.
    full <- qr.qy(qr(cbind(1, value)), diag(nlevels(x)))[, -1L, drop = FALSE]
    made <- cbind(value, full[, -seq_len(ncol(value)), drop = FALSE])[, seq_len(how.many), drop = FALSE]
    dimnames(made) <- list(levels(x), if (ncol(value) >= how.many) colnames(value)[seq_len(how.many)] else if (!is.null(colnames(value))) c(colnames(value), rep("", how.many - ncol(value))))
    value <- made
  } else if (!is.character(value)) {
    if (is.null(value)) {
      attr(x, "contrasts") <- NULL
      return(x)
    }
    stop("wrong number of contrast matrix rows")
  }
  attr(x, "contrasts") <- value
  x
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
          else getOption("contrasts", c("contr.treatment", "contr.poly"))[[if (is.ordered(column)) 2L else 1L]]
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
  dots <- list(...)
  if (is.matrix(x) || any(lengths(dots) > 1L)) {
    several <- vapply(dots, function(one) length(one) > 1L, NA)
    if (any(!several)) degree <- dots[!several][[1L]]
    return(do.call(polym, c(list(x), dots[several], list(degree = degree, coefs = coefs, raw = raw))))
  }
  if (length(dots) && is.numeric(dots[[1L]]) && length(dots[[1L]]) == 1L) degree <- dots[[1L]]
  if (raw) {
    made <- outer(as.vector(x), seq_len(degree), `^`)
    colnames(made) <- seq_len(degree)
    return(if (simple) made else structure(made, degree = seq_len(degree), class = c("poly", "matrix")))
  }
  if (anyNA(x)) stop("missing values are not allowed in 'poly'")
  known <- coefs
  if (is.null(coefs)) {
    if (degree >= length(unique(x))) stop("'degree' must be less than number of unique points")
  } else degree <- length(coefs$alpha)
  if (is.null(known)) {
    middle <- mean(x)
    x <- x - middle
    powers <- qr(outer(x, 0:degree, `^`))
    basis <- qr.qy(powers, powers$qr * (row(powers$qr) == col(powers$qr)))
    norm2 <- colSums(basis^2)
    alpha <- (colSums(x * basis^2) / norm2 + middle)[seq_len(degree)]
    norm2 <- c(1, norm2)
  } else {
    alpha <- known$alpha
    norm2 <- known$norm2
    basis <- matrix(1, length(x), degree + 1L)
    for (k in seq_len(degree)) {
      basis[, k + 1L] <- (x - alpha[k]) * basis[, k]
      if (k > 1L) basis[, k + 1L] <- basis[, k + 1L] - norm2[k + 1L] / norm2[k] * basis[, k - 1L]
    }
  }
  made <- basis[, -1L, drop = FALSE] / rep(sqrt(norm2[-(1:2)]), each = length(x))
  colnames(made) <- seq_len(degree)
  if (simple) return(made)
  structure(made, coefs = list(alpha = alpha, norm2 = norm2), degree = seq_len(degree), class = c("poly", "matrix"))
}

predict.poly <- function(object, newdata, ...) {
  if (missing(newdata)) return(object)
  coefs <- attr(object, "coefs")
  if (is.null(coefs)) return(poly(newdata, degree = max(attr(object, "degree")), raw = TRUE, simple = TRUE))
  poly(newdata, degree = length(coefs$alpha), coefs = coefs, simple = TRUE)
}

# The frame that a model function's own call asks for.
frame_of_call <- function(call, env) {
  wanted <- match(c("formula", "data", "subset", "weights", "na.action", "offset"), names(call), 0L)
  call <- call[c(1L, wanted)]
  call[[1L]] <- quote(model.frame)
  call$drop.unused.levels <- TRUE
  eval(call, env)
}

# Levels of the categorical variables of a frame, which new data must keep to.
frame_levels <- function(frame) .getXlevels(attr(frame, "terms"), frame)

.getXlevels <- function(Terms, m) {
  object <- Terms
  frame <- m
  labels <- vapply(as.list(attr(object, "variables"))[-1L], deparse1, "")
  if (attr(object, "response") == 1L) labels <- labels[-1L]
  if (!length(labels)) return(NULL)
  found <- lapply(frame[labels], function(column) if (is.factor(column)) levels(column) else if (is.character(column)) sort(unique(column)))
  structure(found, names = labels)[!vapply(found, is.null, NA)]
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
