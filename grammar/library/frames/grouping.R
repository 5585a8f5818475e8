# Work by groups: tapply, aggregate, by, ave.

tapply <- function(X, INDEX, FUN = NULL, ..., default = NA, simplify = TRUE) {
  cells <- .cells(if (is.list(INDEX)) INDEX else list(INDEX), length(X))
  if (is.null(FUN)) return(cells$at)
  parts <- split(X, factor(cells$at, cells$used))
  .into_cells(lapply(unname(parts), match.fun(FUN), ...), cells, default, simplify)
}

# An array of what was found in the cells that hold something; `default` or NULL stands in the others.
.into_cells <- function(found, cells, default, simplify) {
  empty <- list(NULL)
  if (simplify && all(lengths(found) == 1L)) {
    empty <- default
    found <- unlist(found, recursive = FALSE, use.names = FALSE)
    if (is.na(default) && is.atomic(found) && length(found)) storage.mode(empty) <- typeof(found)
  }
  labels <- cells$labels
  if (!prod(cells$extent)) labels[!cells$extent] <- list(NULL)
  answer <- array(empty, cells$extent, labels)
  # Lists that take the place of atomic elements take their extents away too.
  if (length(found)) answer[cells$used] <- found
  answer
}

ave <- function(x, ..., FUN = mean) {
  if (...length() == 0L) {
    x[] <- FUN(x)
    return(x)
  }
  g <- interaction(...)
  parts <- lapply(split(x, g), FUN)
  places <- split(seq_along(x), g)
  for (k in seq_along(parts)) if (length(places[[k]])) x[places[[k]]] <- parts[[k]]
  x
}

unsplit <- function(value, f, drop = FALSE) {
  gaps <- rep(NA_integer_, length(if (is.list(f)) f[[1L]] else f))
  part <- value[[1L]]
  # A whole without values is filled by the inverse of the split; a frame's rows bring their names.
  if (is.data.frame(part)) {
    whole <- part[gaps, , drop = FALSE]
    row.names(whole) <- unsplit(lapply(value, row.names), f, drop)
  } else whole <- part[gaps]
  split(whole, f, drop) <- value
  whole
}

# Keys of groups, each under a name of its own; what is wrong with them is told of the method's call.
.checked_keys <- function(by, size, said) {
  said[[1L]] <- quote(aggregate.data.frame)
  if (size == 0L) stop(simpleError("no rows to aggregate", said))
  if (!is.list(by)) stop(simpleError("'by' must be a list", said))
  if (any(lengths(by) != size)) stop(simpleError("arguments must have same length", said))
  given <- if (is.null(names(by))) rep("", length(by)) else names(by)
  names(by) <- ifelse(nzchar(given), given, paste0("Group.", seq_along(by)))
  by
}

# A key that is no list gets the name by which the program calls it.
.named_keys <- function(keys, said) if (is.list(keys)) keys else structure(list(keys), names = deparse(said)[1L])

.by_rows <- function(rows, keys, judge, simplify, given) {
  structure(tapply(seq_len(rows), keys, judge, simplify = simplify), call = given, class = "by")
}

by <- function(data, INDICES, FUN, ..., simplify = TRUE) UseMethod("by")

by.default <- function(data, INDICES, FUN, ..., simplify = TRUE) {
  dd <- as.data.frame(data)
  if (length(dim(data)) == 2L) return(by(dd, INDICES, FUN, ..., simplify = simplify))
  FUN <- match.fun(FUN)
  .by_rows(nrow(dd), .named_keys(INDICES, substitute(INDICES)), function(x) FUN(dd[x, ], ...), simplify, match.call())
}

by.data.frame <- function(data, INDICES, FUN, ..., simplify = TRUE) {
  FUN <- match.fun(FUN)
  .by_rows(nrow(data), .named_keys(INDICES, substitute(INDICES)), function(x) FUN(data[x, , drop = FALSE], ...), simplify, match.call())
}

print.by <- function(x, ..., vsep) {
  labels <- dimnames(x)
  cells <- do.call(expand.grid, c(labels, list(stringsAsFactors = FALSE)))
  rule <- if (missing(vsep)) strrep("-", 0.75 * getOption("width")) else vsep
  for (k in seq_along(x)) {
    if (k > 1L) cat(rule, "\n")
    if (length(labels)) cat(paste0(names(labels), ": ", unlist(cells[k, ]), collapse = "\n"), "\n", sep = "")
    print(if (is.list(x)) unclass(x)[[k]] else unclass(x)[[k]], ...)
  }
  invisible(x)
}

aggregate <- function(x, ...) UseMethod("aggregate")

aggregate.default <- function(x, ...) if (is.ts(x)) aggregate.ts(as.ts(x), ...) else aggregate.data.frame(as.data.frame(x), ...)

# As many times of the old series as one of the new takes stand side by side, layer by layer where there are several series.
aggregate.ts <- function(x, nfrequency = 1, FUN = sum, ndeltat = 1, ts.eps = getOption("ts.eps"), ...) {
  rate <- frequency(x)
  if (missing(nfrequency)) nfrequency <- 1 / ndeltat
  whole <- round(nfrequency)
  if (whole >= 1 && abs(nfrequency - whole) < ts.eps) nfrequency <- whole
  if (nfrequency == rate) return(x)
  if (abs(rate %% nfrequency) > ts.eps) stop(gettextf("cannot change frequency from %g to %g", rate, nfrequency), domain = NA)
  per <- trunc(rate / nfrequency + ts.eps)
  values <- as.matrix(x)
  count <- nrow(values) %/% per
  layers <- array(values[seq_len(count * per), ], c(per, count, ncol(values)))
  made <- apply(layers, 2:3, match.fun(FUN), ...)
  if (is.matrix(x)) colnames(made) <- colnames(x) else made <- as.vector(made)
  ts(made, start = tsp(x)[1L], frequency = nfrequency)
}

# The rows of each group of keys, and the keys of each group. Without `drop` every combination of values is a group.
.grouped_rows <- function(by, drop) {
  keys <- structure(as.data.frame(by, stringsAsFactors = FALSE), names = names(by))
  keys[] <- lapply(keys, function(key) if (is.factor(key)) key else factor(key, exclude = NA))
  cells <- .cells(keys, nrow(keys))
  groups <- if (drop) cells$used else seq_len(prod(cells$extent))
  values <- lapply(by, function(key) {
    if (is.factor(key)) factor(levels(key), levels(key), ordered = is.ordered(key)) else sort(unique(key))
  })
  shown <- arrayInd(groups, cells$extent)
  list(rows = unname(split(seq_along(cells$at), factor(cells$at, groups))),
       keys = lapply(seq_along(values), function(k) values[[k]][shown[, k]]))
}

aggregate.data.frame <- function(x, by, FUN, ..., simplify = TRUE, drop = TRUE) {
  FUN <- match.fun(FUN)
  x <- as.data.frame(x)
  if (inherits(by, "formula")) return(aggregate.formula(x = by, data = x, FUN = FUN, ...))
  by <- .checked_keys(by, nrow(x), sys.call())
  # Kinds that cannot be missing are no keys: complete.cases() says so.
  if (length(by)) complete.cases(by)
  groups <- .grouped_rows(by, drop)
  held <- lengths(groups$rows) > 0L
  # No group without rows is judged: its result is missing.
  spread <- match(seq_along(held), which(held))
  columns <- lapply(x, function(column) {
    pick <- if (is.matrix(column)) function(rows) column[rows, , drop = FALSE] else function(rows) column[rows]
    found <- in_columns(lapply(lapply(groups$rows[held], pick), FUN, ...), simplify)
    if (all(held)) found else if (is.matrix(found)) found[spread, , drop = FALSE] else found[spread]
  })
  # Built without data.frame(): a column may have the name of a key.
  structure(c(groups$keys, columns), names = c(names(by), names(x)), row.names = .set_row_names(length(held)), class = "data.frame")
}

# The columns that a dot on the left stands for: all that the right side does not name.
.left_of <- function(right, data) {
  named <- all.vars(terms(right, data = data))
  as.call(c(quote(cbind), lapply(setdiff(names(data), named), as.name)))
}

# What a function gave for each group as a vector, or as a matrix with a row for each group, where sizes allow it.
in_columns <- function(made, simplify) {
  size <- unique(lengths(made))
  if (!simplify || length(size) != 1L || size < 1L) return(made)
  if (size > 1L) {
    labels <- names(made[[1L]])
    return(matrix(unlist(made, recursive = FALSE, use.names = FALSE), nrow = length(made), byrow = TRUE,
                  dimnames = if (!is.null(labels)) list(NULL, labels)))
  }
  classes <- lapply(made, oldClass)
  same <- !is.null(classes[[1L]]) && all(vapply(classes, identical, NA, classes[[1L]]))
  if (same) do.call(c, made) else unlist(made, recursive = FALSE, use.names = FALSE)
}

aggregate.formula <- function(x, data, FUN, ..., subset, na.action = na.omit) {
  if (length(x) < 3L) stop("formula 'x' must have both left and right hand sides")
  if (identical(x[[2L]], quote(.))) x[[2L]] <- .left_of(x[-2L], data)
  frame <- .frame_of_call(match.call(), x, parent.frame(), na.action)
  values <- as.data.frame(if (is.matrix(frame[[1L]])) frame[[1L]] else frame[1L])
  if (length(frame) == 1L) as.data.frame(lapply(values, FUN, ...), optional = TRUE)
  else aggregate.data.frame(values, as.list(frame)[-1L], FUN, ...)
}

# The model frame of a call to a function that takes `data`, `subset` and `na.action` as model.frame() does.
.frame_of_call <- function(given, formula, where, na.action = NULL) {
  if (is.matrix(eval(given$data, where))) given$data <- call("as.data.frame", given$data)
  if (is.null(given$na.action)) given$na.action <- na.action
  .frame_asked(formula, given, where)
}

# Every combination of the levels of several keys is a cell, the first key running fastest: the cell of each element.
.cells <- function(keys, size) {
  if (!length(keys)) stop("'INDEX' is of length zero")
  keys <- lapply(keys, as.factor)
  if (any(lengths(keys) != size)) stop("arguments must have same length")
  labels <- lapply(keys, levels)
  before <- Reduce(function(slower, key) slower * nlevels(key) + as.integer(key) - 1, rev(keys), numeric(size))
  at <- as.integer(before + 1)
  list(at = at, used = sort(unique(at)), labels = labels, extent = lengths(unname(labels)))
}
