# Wide forms of reshape2.

.cast_cells <- function(data, formula, fun.aggregate, value.var, fill, ...) {
  plain <- as.data.frame(data)
  if (is.null(value.var)) value.var <- if ("value" %in% names(plain)) "value" else names(plain)[length(plain)]
  data.table::dcast(plain, formula, fun.aggregate, ..., value.var = value.var, fill = fill)
}

dcast <- function(data, formula, fun.aggregate = NULL, ..., margins = NULL, subset = NULL, fill = NULL, drop = TRUE, value.var = NULL) .cast_cells(data, formula, fun.aggregate, value.var, fill, ...)

acast <- function(data, formula, fun.aggregate = NULL, ..., margins = NULL, subset = NULL, fill = NULL, drop = TRUE, value.var = NULL) {
  made <- .cast_cells(data, formula, fun.aggregate, value.var, fill, ...)
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
