# Formulas: model frames and design matrices.

formula_parts <- function(expr) {
  if (is.call(expr)) {
    head <- if (is.symbol(expr[[1L]])) as.character(expr[[1L]]) else ""
    if (head == "(") return(formula_parts(expr[[2L]]))
    if (head == "+" && length(expr) == 2L) return(formula_parts(expr[[2L]]))
    if (head == "+") {
      left <- formula_parts(expr[[2L]])
      right <- formula_parts(expr[[3L]])
      return(list(terms = unique(c(left$terms, right$terms)),
                  intercept = if (is.null(right$intercept)) left$intercept else right$intercept))
    }
    if (head == "-") {
      if (length(expr) == 2L) {
        left <- list(terms = list(), intercept = NULL)
        gone <- formula_parts(expr[[2L]])
      } else {
        left <- formula_parts(expr[[2L]])
        gone <- formula_parts(expr[[3L]])
      }
      kept <- left$terms[!(vapply(left$terms, paste, "", collapse = ":") %in% vapply(gone$terms, paste, "", collapse = ":"))]
      intercept <- left$intercept
      if (!is.null(gone$intercept)) intercept <- !gone$intercept
      return(list(terms = kept, intercept = intercept))
    }
    if (head == ":") {
      left <- formula_parts(expr[[2L]])$terms
      right <- formula_parts(expr[[3L]])$terms
      made <- list()
      for (a in left) for (b in right) made <- c(made, list(unique(c(a, b))))
      return(list(terms = unique(made), intercept = NULL))
    }
    if (head == "*") {
      left <- formula_parts(expr[[2L]])$terms
      right <- formula_parts(expr[[3L]])$terms
      made <- c(left, right)
      for (a in left) for (b in right) made <- c(made, list(unique(c(a, b))))
      return(list(terms = unique(made), intercept = NULL))
    }
    if (head == "^") {
      base <- formula_parts(expr[[2L]])$terms
      made <- base
      for (k in seq_len(eval(expr[[3L]]) - 1L)) {
        more <- list()
        for (a in made) for (b in base) more <- c(more, list(sort(unique(c(a, b)))))
        made <- unique(c(made, more))
      }
      return(list(terms = made, intercept = NULL))
    }
  }
  if (is.numeric(expr)) return(list(terms = list(), intercept = expr != 0))
  list(terms = list(deparse(expr)[1L]), intercept = NULL)
}

formula_terms <- function(formula, data = NULL) {
  right <- formula[[length(formula)]]
  response <- if (length(formula) == 3L) formula[[2L]]
  if (!is.null(data) && "." %in% all.names(right)) {
    others <- setdiff(names(data), if (is.null(response)) character() else all.vars(response))
    dots <- Reduce(function(a, b) call("+", a, b), lapply(others, as.name))
    right <- eval(call("substitute", right, list(. = dots)))
  }
  parts <- formula_parts(right)
  order <- lengths(parts$terms)
  list(terms = parts$terms[order(order)], response = response, intercept = is.null(parts$intercept) || parts$intercept)
}

model.frame <- function(formula, data = NULL, subset = NULL, na.action = na.omit, ...) {
  if (!inherits(formula, "formula")) {
    if (!is.null(formula$model)) return(formula$model)
    formula <- as.formula(formula)
  }
  spec <- formula_terms(formula, data)
  variables <- unique(unlist(spec$terms))
  env <- environment(formula)
  columns <- lapply(variables, function(v) eval(parse(text = v)[[1L]], data, env))
  names(columns) <- variables
  if (!is.null(spec$response)) {
    lead <- list(eval(spec$response, data, env))
    names(lead) <- deparse(spec$response)[1L]
    columns <- c(lead, columns)
  }
  size <- if (length(columns)) NROW(columns[[1L]]) else nrow(data)
  rows <- if (is.data.frame(data) && .row_names_info(data) > 0L) row.names(data) else seq_len(size)
  made <- structure(columns, class = "data.frame", row.names = rows)
  if (is.null(names(made))) names(made) <- character()
  if (is.function(na.action)) made <- na.action(made)
  attr(made, "formula") <- formula
  made
}

model.response <- function(data, type = "any") data[[1L]]

contrast_columns <- function(column, full) {
  if (is.character(column) || is.logical(column)) column <- factor(column)
  if (is.factor(column)) {
    labels <- levels(column)
    if (is.ordered(column) && !full) {
      made <- contr.poly(length(labels))[as.integer(column), , drop = FALSE]
      return(list(values = unname(made), labels = colnames(made)))
    }
    used <- if (full) seq_along(labels) else seq_along(labels)[-1L]
    made <- vapply(used, function(k) as.numeric(as.integer(column) == k), numeric(length(column)))
    return(list(values = matrix(made, length(column)), labels = labels[used]))
  }
  if (is.matrix(column)) return(list(values = unname(column), labels = if (is.null(colnames(column))) seq_len(ncol(column)) else colnames(column)))
  list(values = matrix(as.numeric(column), ncol = 1L), labels = "")
}

contr.treatment <- function(n, base = 1, contrasts = TRUE, sparse = FALSE) {
  labels <- if (length(n) > 1L) n else seq_len(n)
  made <- diag(length(labels))
  dimnames(made) <- list(labels, labels)
  if (contrasts) made[, -base, drop = FALSE] else made
}

contr.poly <- function(n, scores = seq_len(n), contrasts = TRUE) {
  if (length(n) > 1L) n <- length(n)
  centred <- seq_len(n) - mean(seq_len(n))
  basis <- outer(centred, 0:(n - 1L), `^`)
  for (k in seq_len(n)) {
    for (j in seq_len(k - 1L)) basis[, k] <- basis[, k] - sum(basis[, k] * basis[, j]) * basis[, j]
    basis[, k] <- basis[, k] / sqrt(sum(basis[, k]^2))
  }
  made <- basis[, -1L, drop = FALSE]
  colnames(made) <- c(".L", ".Q", ".C", if (n > 4L) paste0("^", 4:(n - 1L)))[seq_len(n - 1L)]
  made
}

model.matrix <- function(object, data = environment(object), ...) UseMethod("model.matrix")

model.matrix.lm <- function(object, ...) model.matrix.default(object$call_formula, object$model)

model.matrix.default <- function(object, data = environment(object), ...) {
  if (is.environment(data)) data <- NULL
  source <- data
  if (!inherits(object, "formula")) object <- as.formula(object)
  spec <- formula_terms(object, data)
  frame <- model.frame(object, data, na.action = if (is.null(data) || is.null(attr(data, "formula"))) na.omit else NULL)
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
      if (categorical) kinds[[v]] <- if (is.ordered(column)) "contr.poly" else "contr.treatment"
      rest <- setdiff(spec$terms[[t]], v)
      covered <- if (length(rest)) any(vapply(spec$terms, function(one) setequal(one, rest), NA)) else whole
      part <- contrast_columns(column, categorical && !covered)
      if (categorical && !covered && !length(rest)) whole <- TRUE
      fresh <- matrix(0, rows, ncol(block) * ncol(part$values))
      names_now <- character()
      at <- 0L
      for (b in seq_len(ncol(part$values))) for (a in seq_len(ncol(block))) {
        at <- at + 1L
        fresh[, at] <- block[, a] * part$values[, b]
        label <- paste0(v, part$labels[b])
        names_now[at] <- if (nzchar(own[a])) paste(own[a], label, sep = ":") else label
      }
      block <- fresh
      own <- names_now
    }
    for (k in seq_len(ncol(block))) columns <- c(columns, list(block[, k]))
    labels <- c(labels, own)
    assign <- c(assign, rep(t, length(own)))
  }
  made <- matrix(as.numeric(unlist(columns)), rows, length(columns), dimnames = list(row.names(frame), labels))
  attr(made, "assign") <- assign
  if (length(kinds)) attr(made, "contrasts") <- kinds
  made
}

frame_for <- function(formula, frame, data) {
  if (is.null(data)) return(NULL)
  data[row.names(data) %in% row.names(frame), , drop = FALSE]
}

poly <- function(x, degree = 1, raw = FALSE, ...) {
  if (raw) {
    made <- outer(x, seq_len(degree), `^`)
    colnames(made) <- seq_len(degree)
    return(made)
  }
  centred <- x - mean(x)
  basis <- outer(centred, 0:degree, `^`)
  for (k in seq_len(degree + 1L)) {
    for (pass in 1:2) for (j in seq_len(k - 1L)) basis[, k] <- basis[, k] - sum(basis[, k] * basis[, j]) * basis[, j]
    basis[, k] <- basis[, k] / sqrt(sum(basis[, k]^2))
  }
  made <- basis[, -1L, drop = FALSE]
  colnames(made) <- seq_len(degree)
  made
}
