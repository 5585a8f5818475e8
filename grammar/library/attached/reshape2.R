# Wide forms of reshape2.

# The rows once more for every margin: what is summed over is called "(all)", the last of its values.
# A margin over a variable is one over those behind it on the same side of the formula, too.
.with_margins <- function(plain, formula, margins) {
  if (is.null(margins) || identical(margins, FALSE)) return(plain)
  inner_sets <- function(side) {
    vars <- setdiff(all.vars(side), c(".", "..."))
    asked <- if (isTRUE(margins)) vars else intersect(vars, margins)
    c(list(character()), lapply(match(asked, vars), function(k) vars[k:length(vars)]))
  }
  sets <- list()
  for (columns in inner_sets(formula[[3L]])) for (rows in inner_sets(formula[[2L]])) sets[[length(sets) + 1L]] <- c(rows, columns)
  for (name in unique(unlist(sets))) {
    values <- if (is.factor(plain[[name]])) levels(plain[[name]]) else sort(unique(plain[[name]]))
    plain[[name]] <- factor(as.character(plain[[name]]), c(as.character(values), "(all)"))
  }
  do.call(rbind, lapply(sets, function(over) {
    for (name in over) plain[[name]][] <- "(all)"
    plain
  }))
}

.cast_cells <- function(data, formula, fun.aggregate, value.var, fill, margins, subset, drop, env, ...) {
  plain <- as.data.frame(data)
  if (is.character(formula)) formula <- as.formula(formula)
  if (is.call(formula[[2L]]) && identical(formula[[2L]][[1L]], quote(`~`))) stop("a formula of more than two sides asks for an array, and casts are matrices and frames here: cast rows ~ columns + layers", call. = FALSE)
  if (!is.null(subset)) {
    if (!is.call(subset) || !identical(subset[[1L]], quote(.))) stop("`subset` is written .(condition, ...)", call. = FALSE)
    for (condition in as.list(subset)[-1L]) {
      held <- eval(condition, plain, env)
      plain <- plain[!is.na(held) & held, , drop = FALSE]
    }
  }
  if (is.null(value.var)) {
    value.var <- if ("value" %in% names(plain)) "value" else if ("(all)" %in% names(plain)) "(all)" else names(plain)[length(plain)]
    if (!(value.var %in% c("value", "(all)"))) message("Using ", value.var, " as value column: use value.var to override.")
  }
  plain <- .with_margins(plain, formula, margins)
  data.table::dcast(plain, formula, fun.aggregate, ..., value.var = value.var, fill = fill, drop = drop)
}

dcast <- function(data, formula, fun.aggregate = NULL, ..., margins = NULL, subset = NULL, fill = NULL, drop = TRUE, value.var = NULL) {
  .cast_cells(data, formula, fun.aggregate, value.var, fill, margins, substitute(subset), drop, parent.frame(), ...)
}

acast <- function(data, formula, fun.aggregate = NULL, ..., margins = NULL, subset = NULL, fill = NULL, drop = TRUE, value.var = NULL) {
  made <- .cast_cells(data, formula, fun.aggregate, value.var, fill, margins, substitute(subset), drop, parent.frame(), ...)
  if (is.character(formula)) formula <- as.formula(formula)
  ids <- setdiff(all.vars(formula[[2L]]), ".")
  cells <- as.matrix(made[setdiff(names(made), ids)])
  rownames(cells) <- do.call(paste, c(lapply(made[ids], as.character), sep = "_"))
  cells
}

recast <- function(data, formula, ..., id.var, measure.var) dcast(melt(data, id.vars = if (missing(id.var)) NULL else id.var, measure.vars = if (missing(measure.var)) NULL else measure.var), formula, ...)

colsplit <- function(string, pattern, names) {
  parts <- regmatches(string, regexpr(pattern, string), invert = TRUE)
  made <- lapply(seq_along(names), function(k) type.convert(vapply(parts, function(one) if (k <= length(one)) one[k] else NA_character_, ""), as.is = TRUE))
  as.data.frame(setNames(made, names), stringsAsFactors = FALSE)
}
