# Coefficients of a linear model for every level of its factors, and small parts of fits.

dummy.coef <- function(object, ...) UseMethod("dummy.coef")

dummy.coef.lm <- function(object, use.na = FALSE, ...) {
  terms <- terms(object)
  labels <- attr(terms, "term.labels")
  factors <- attr(terms, "factors")
  coefficients <- coef(object)
  if (!use.na) coefficients[is.na(coefficients)] <- 0
  columns <- object$assign
  levels <- object$xlevels
  frame <- model.frame(object)
  found <- list()
  if (attr(terms, "intercept")) found[["(Intercept)"]] <- coefficients["(Intercept)"]
  for (k in seq_along(labels)) {
    parts <- rownames(factors)[factors[, k] > 0]
    own <- lapply(structure(parts, names = parts), function(part) if (is.null(levels[[part]])) 1 else levels[[part]])
    grid <- expand.grid(own, stringsAsFactors = FALSE)
    # The rows of the design for all levels together, all other variables being as they are in the first row.
    cells <- frame[rep(1L, nrow(grid)), , drop = FALSE]
    for (part in parts) cells[[part]] <- if (is.null(levels[[part]])) rep(1, nrow(grid)) else factor(grid[[part]], levels = levels[[part]])
    design <- model.matrix(delete.response(terms), cells, contrasts.arg = object$contrasts, xlev = levels)
    here <- columns == k
    worth <- drop(design[, here, drop = FALSE] %*% coefficients[here])
    shown <- Filter(function(part) !is.null(levels[[part]]), parts)
    names(worth) <- if (length(shown)) do.call(paste, c(unname(as.list(grid[shown])), sep = ":")) else labels[k]
    found[[labels[k]]] <- worth
  }
  structure(found, class = "dummy_coef", matrix = is.matrix(coef(object)))
}

print.dummy_coef <- function(x, ..., title) {
  rows <- character()
  cells <- list()
  for (name in names(x)) {
    values <- format(unclass(x)[[name]], ...)
    if (name == "(Intercept)") values <- paste0("    ", values)
    titled <- name != "(Intercept)" && length(names(unclass(x)[[name]])) > 0L && any(nzchar(names(unclass(x)[[name]])))
    rows <- c(rows, paste0(name, ":"), if (titled) "")
    cells <- c(cells, if (titled) list(names(unclass(x)[[name]])), list(values))
  }
  wide <- max(lengths(cells))
  shown <- do.call(rbind, lapply(cells, function(one) c(one, rep("", wide - length(one)))))
  dimnames(shown) <- list(rows, rep("", wide))
  cat(if (missing(title)) "Full coefficients are" else title, "\n")
  print(shown, quote = FALSE, right = TRUE)
  invisible(x)
}

.lm.fit <- function(x, y, tol = 1e-07) {
  made <- qr(x, tol = tol)
  list(qr = made$qr, coefficients = as.vector(qr.coef(made, y)), residuals = as.vector(qr.resid(made, y)), effects = as.vector(qr.qty(made, y)),
    rank = made$rank, pivot = made$pivot, qraux = made$qraux, tol = tol, pivoted = !identical(made$pivot, seq_len(ncol(x))))
}

.MFclass <- function(x) {
  if (is.logical(x)) "logical"
  else if (is.ordered(x)) "ordered"
  else if (is.factor(x)) "factor"
  else if (is.character(x)) "character"
  else if (is.matrix(x) && is.numeric(x)) paste0("nmatrix.", ncol(x))
  else if (is.numeric(x)) "numeric"
  else "other"
}
