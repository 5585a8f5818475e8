# Analyses of variance in strata of error, their projections and tables.

# The fit in every stratum: responses and columns turned by the reflections of the error terms, cut into the terms' rows.
aov_strata <- function(formula, data, contrasts, call, frame) {
  found <- error_terms(formula[[3L]])
  if (length(found) > 1L) stop(gettextf("there are %d Error terms: only 1 is allowed", length(found)), domain = NA)
  error <- found[[1L]][[2L]]
  plain <- without_error(formula)
  environment(plain) <- environment(formula)
  error_formula <- formula
  error_formula[[3L]] <- error
  asked <- list(quote(lm), formula = error_formula, qr = TRUE, method = "qr", singular.ok = TRUE)
  asked$data <- call$data
  asked$subset <- call$subset
  asked$na.action <- call$na.action
  outer <- eval(as.call(asked), frame)
  asked$formula <- plain
  asked$contrasts <- call$contrasts
  fit <- eval(as.call(asked), frame)
  y <- model.response(fit$model)
  x <- model.matrix(fit)
  assign <- attr(x, "assign")
  ranked <- seq_len(outer$rank)
  where <- c(outer$assign[outer$qr$pivot[ranked]], rep(NA, length(y) - outer$rank))
  turned_y <- qr.qty(outer$qr, y)
  turned_x <- qr.qty(outer$qr, x)
  labels <- c("(Intercept)", attr(outer$terms, "term.labels"))
  strata <- c(labels[sort(unique(where[ranked])) + 1L], if (anyNA(where)) "Within")
  made <- list()
  for (stratum in strata) {
    rows <- if (stratum == "Within" && anyNA(where)) which(is.na(where)) else which(where == match(stratum, labels) - 1L)
    inner <- turned_x[rows, , drop = FALSE]
    seen <- colSums(inner^2) > 1e-5
    inner <- inner[, seen, drop = FALSE]
    values <- turned_y[rows]
    part <- if (ncol(inner)) lm.fit(inner, values) else list(coefficients = numeric(), residuals = values, effects = values, rank = 0L,
                                                            fitted.values = numeric(length(rows)), assign = integer(), df.residual = length(rows))
    part$assign <- assign[seen]
    part$terms <- fit$terms
    made[[stratum]] <- structure(part, class = c("aov", "lm"))
  }
  structure(made, class = c("aovlist", "listof"), error.qr = outer$qr, call = call, terms = fit$terms, contrasts = fit$contrasts, xlevels = fit$xlevels,
            fit = fit, where = where)
}

error_terms <- function(e) {
  if (!is.call(e)) return(list())
  if (identical(e[[1L]], quote(Error))) return(list(e))
  unlist(lapply(as.list(e)[-1L], error_terms), recursive = FALSE)
}

# A formula whose right side has lost its term of error.
without_error <- function(formula) {
  cut <- function(e) {
    if (!is.call(e)) return(e)
    if (identical(e[[1L]], quote(Error))) return(NULL)
    if (identical(e[[1L]], quote(`+`)) && length(e) == 3L) {
      sides <- Filter(Negate(is.null), list(cut(e[[2L]]), cut(e[[3L]])))
      return(if (length(sides) == 2L) call("+", sides[[1L]], sides[[2L]]) else if (length(sides)) sides[[1L]])
    }
    if (identical(e[[1L]], quote(`(`))) return(cut(e[[2L]]))
    e
  }
  rest <- cut(formula[[3L]])
  formula[[3L]] <- if (is.null(rest)) 1 else rest
  formula
}

print.aovlist <- function(x, ...) {
  .show_call(attr(x, "call"), after = "\n")
  strata <- names(x)[names(x) != "(Intercept)"]
  if (length(strata) < length(x)) cat(sprintf("\nGrand Mean: %s\n", format(mean(model.response(attr(x, "fit")$model)))))
  titles <- sprintf("\nStratum %d: %s\n", seq_along(strata), strata)
  for (k in seq_along(strata)) {
    cat(titles[k])
    print_terms(x[[strata[k]]])
  }
  invisible(x)
}

summary.aovlist <- function(object, ...) {
  strata <- setdiff(names(object), "(Intercept)")
  made <- lapply(object[strata], summary)
  names(made) <- paste("Error:", strata)
  structure(made, class = "summary.aovlist")
}

print.summary.aovlist <- function(x, ...) {
  for (name in names(x)) {
    cat("\n", name, "\n", sep = "")
    print(x[[name]], ...)
  }
  invisible(x)
}

coef.aovlist <- function(object, ...) structure(lapply(unclass_strata(object), coef), class = "listof")

unclass_strata <- function(x) {
  attributes(x) <- attributes(x)["names"]
  x
}

proj <- function(object, ...) UseMethod("proj")

proj.lm <- function(object, onedf = FALSE, unweighted.scale = FALSE, ...) {
  .unsupported(unweighted.scale)
  .unsupported(onedf, "columns are those of terms")
  first <- seq_len(object$rank)
  assign <- object$assign[object$qr$pivot[first]]
  labels <- c("(Intercept)", attr(object$terms, "term.labels"))
  made <- vapply(unique(sort(assign)), function(t) {
    effects <- numeric(length(object$effects))
    effects[first][assign == t] <- object$effects[first][assign == t]
    qr.qy(object$qr, effects)
  }, numeric(length(object$residuals)))
  made <- cbind(made, if (object$df.residual > 0) object$residuals)
  dimnames(made) <- list(names(object$residuals), c(labels[unique(sort(assign)) + 1L], if (object$df.residual > 0) "Residuals"))
  structure(made, df = c(tabulate(match(assign, unique(sort(assign)))), if (object$df.residual > 0) object$df.residual), formula = object$call$formula,
            onedf = FALSE)
}

proj.aov <- function(object, ...) proj.lm(object, ...)

replications <- function(formula, data = NULL, na.action) {
  .unsupported(na.action)
  if (inherits(formula, "data.frame")) {
    data <- formula
    formula <- ~.
  }
  if (!inherits(formula, "terms")) {
    formula <- as.formula(formula)
    if (length(formula) == 3L) formula[[2L]] <- NULL
    formula <- terms(formula, data = data)
  }
  labels <- attr(formula, "term.labels")
  variables <- lapply(attr(formula, "variables")[-1L], eval, data, environment(formula))
  names(variables) <- vapply(as.list(attr(formula, "variables"))[-1L], deparse1, "")
  kept <- names(variables)[vapply(variables, function(v) is.factor(v) || is.character(v) || is.logical(v), NA)]
  factors <- attr(formula, "factors")
  labels <- labels[vapply(labels, function(label) all(rownames(factors)[factors[, label] > 0] %in% kept), NA)]
  counts <- lapply(labels, function(label) {
    found <- table(variables[rownames(factors)[factors[, label] > 0]])
    if (length(unique(found)) == 1L) as.vector(found)[1L] else found
  })
  names(counts) <- labels
  if (all(lengths(counts) == 1L)) unlist(counts) else counts
}

model.tables <- function(x, ...) UseMethod("model.tables")

model.tables.aov <- function(x, type = "effects", se = FALSE, cterms, ...) {
  type <- match.arg(type, c("effects", "means"))
  .unsupported(se, "TukeyHSD() tells intervals")
  parts <- proj(x)
  frame <- model.frame(x)
  labels <- setdiff(colnames(parts), c("(Intercept)", "Residuals"))
  factors <- attr(x$terms, "factors")
  members <- lapply(labels, function(label) rownames(factors)[factors[, label] > 0])
  names(members) <- labels
  keep <- vapply(members, function(names) all(vapply(frame[names], function(v) is.factor(v) || is.character(v), NA)), NA)
  if (!any(keep)) stop("no factors in the fitted model")
  labels <- labels[keep]
  if (!missing(cterms)) labels <- labels[labels %in% cterms]
  counts <- lapply(labels, function(label) table(frame[members[[label]]]))
  if (any(vapply(counts, function(n) length(unique(as.vector(n))) > 1L, NA)))
    stop("tables are made of designs with as many observations in every cell: aggregate() tells means of others")
  made <- lapply(labels, function(label) {
    inside <- if (type == "effects") label else c("(Intercept)", Filter(function(other) all(members[[other]] %in% members[[label]]), names(members)))
    found <- tapply(rowSums(parts[, inside, drop = FALSE]), frame[members[[label]]], mean)
    structure(found, class = "mtable")
  })
  names(made) <- labels
  if (type == "means") made <- c(list(`Grand mean` = mean(parts[, "(Intercept)"])), made)
  sizes <- vapply(counts, function(n) as.vector(n)[1L], 0)
  names(sizes) <- labels
  structure(list(tables = made, n = sizes), type = type, class = c("tables_aov", "list.of"))
}

print.tables_aov <- function(x, digits = 4L, ...) {
  cat("Tables of ", attr(x, "type"), "\n", sep = "")
  for (name in names(x$tables)) {
    table <- unclass(x$tables[[name]])
    if (name == "Grand mean") {
      cat("Grand mean\n")
      print(structure(table, names = ""))
      next
    }
    cat("\n", name, "\n")
    largest <- max(abs(table))
    if (largest > 0) table[] <- round(table, max(0, floor(digits - log10(largest) + 0.5)))
    if (length(dim(table)) > 1L) {
      shown <- array(format(as.vector(table)), dim(table), dimnames(table))
      print(shown, quote = FALSE)
    } else print(as.table(table))
  }
  invisible(x)
}
