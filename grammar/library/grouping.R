# Work by groups: tapply, aggregate, by, ave.

tapply <- function(X, INDEX, FUN = NULL, ..., default = NA, simplify = TRUE) {
  FUN <- if (!is.null(FUN)) match.fun(FUN)
  if (!is.list(INDEX)) INDEX <- list(INDEX)
  INDEX <- lapply(INDEX, as.factor)
  if (any(lengths(INDEX) != length(X))) stop("arguments must have same length")
  labels <- lapply(INDEX, levels)
  extent <- lengths(labels)
  stride <- c(1, cumprod(extent))
  group <- rep(1, length(X))
  for (k in seq_along(INDEX)) group <- group + stride[k] * (as.integer(INDEX[[k]]) - 1)
  if (is.null(FUN)) return(as.integer(group))
  cells <- prod(extent)
  parts <- split(X, factor(group, levels = seq_len(cells)))
  used <- lengths(parts) > 0
  if (is.data.frame(X)) used <- vapply(parts, nrow, 0L) > 0
  values <- lapply(unname(parts[used]), FUN, ...)
  if (cells == 0L) labels <- lapply(labels, function(each) if (length(each)) each)
  if (simplify && all(lengths(values) == 1L)) {
    flat <- unlist(values, recursive = FALSE, use.names = FALSE)
    if (!is.null(flat) && is.na(default) && is.atomic(flat)) default <- vector(typeof(flat))
    empty <- default
  } else {
    flat <- values
    empty <- vector("list", cells)
  }
  answer <- array(empty, dim = unname(extent), dimnames = labels)
  # Lists that take the place of atomic elements take their extents away too.
  if (length(values)) answer[used] <- flat
  answer
}

ave <- function(x, ..., FUN = mean) {
  if (...length() == 0L) {
    x[] <- FUN(x)
    return(x)
  }
  groups <- interaction(...)
  parts <- lapply(split(x, groups), FUN)
  places <- split(seq_along(x), groups)
  for (k in seq_along(parts)) if (length(places[[k]])) x[places[[k]]] <- parts[[k]]
  x
}

unsplit <- function(value, f, drop = FALSE) {
  size <- length(if (is.list(f)) f[[1L]] else f)
  first <- value[[1L]]
  if (is.data.frame(first)) {
    made <- first[rep(NA_integer_, size), , drop = FALSE]
    rownames(made) <- unsplit(lapply(value, rownames), f, drop = drop)
  } else made <- first[rep(NA_integer_, size)]
  split(made, f, drop = drop) <- value
  made
}

by <- function(data, INDICES, FUN, ..., simplify = TRUE) UseMethod("by")

by.default <- function(data, INDICES, FUN, ..., simplify = TRUE) {
  dd <- as.data.frame(data)
  if (length(dim(data)) == 2L) return(by(dd, INDICES, FUN, ..., simplify = simplify))
  FUN <- match.fun(FUN)
  if (!is.list(INDICES)) {
    label <- deparse(substitute(INDICES))[1L]
    INDICES <- list(INDICES)
    names(INDICES) <- label
  }
  answer <- tapply(seq_len(nrow(dd)), INDICES, function(x) FUN(dd[x, ], ...), simplify = simplify)
  structure(answer, call = match.call(), class = "by")
}

by.data.frame <- function(data, INDICES, FUN, ..., simplify = TRUE) {
  if (!is.list(INDICES)) {
    label <- deparse(substitute(INDICES))[1L]
    INDICES <- list(INDICES)
    names(INDICES) <- label
  }
  FUN <- match.fun(FUN)
  each <- function(x) FUN(data[x, , drop = FALSE], ...)
  structure(tapply(seq_len(nrow(data)), INDICES, each, simplify = simplify), call = match.call(), class = "by")
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

aggregate.ts <- function(x, nfrequency = 1, FUN = sum, ndeltat = 1, ts.eps = getOption("ts.eps"), ...) {
  old <- frequency(x)
  FUN <- match.fun(FUN)
  if (missing(nfrequency)) nfrequency <- 1 / ndeltat
  if (nfrequency > 1 && abs(nfrequency - round(nfrequency)) < ts.eps) nfrequency <- round(nfrequency)
  if (nfrequency == old) return(x)
  if (abs(old %% nfrequency) > ts.eps) {
    stop(gettextf("cannot change frequency from %g to %g", old, nfrequency), domain = NA)
  }
  size <- trunc(old / nfrequency + ts.eps)
  values <- as.matrix(x)
  count <- nrow(values) %/% size
  made <- NULL
  for (k in seq_len(ncol(values))) {
    blocks <- array(values[seq_len(count * size), k], c(size, count))
    made <- cbind(made, apply(blocks, 2L, FUN, ...))
  }
  if (!is.matrix(x)) made <- as.vector(made) else colnames(made) <- colnames(x)
  ts(made, start = tsp(x)[1L], frequency = nfrequency)
}

aggregate.data.frame <- function(x, by, FUN, ..., simplify = TRUE, drop = TRUE) {
  if (!is.data.frame(x)) x <- as.data.frame(x)
  FUN <- match.fun(FUN)
  if (inherits(by, "formula")) return(aggregate.formula(x = by, data = x, FUN = FUN, ...))
  if (!NROW(x)) stop("no rows to aggregate")
  if (!is.list(by)) stop("'by' must be a list")
  if (is.null(names(by)) && length(by)) names(by) <- paste0("Group.", seq_along(by))
  else {
    unnamed <- which(!nzchar(names(by)))
    names(by)[unnamed] <- paste0("Group.", unnamed)
  }
  if (any(lengths(by) != NROW(x))) stop("arguments must have same length")
  keys <- as.data.frame(by, stringsAsFactors = FALSE)
  names(keys) <- names(by)
  complete <- complete.cases(keys)
  keys <- keys[complete, , drop = FALSE]
  values <- lapply(keys, function(key) if (is.factor(key)) factor(levels(key), levels(key), ordered = is.ordered(key)) else sort(unique(key)))
  places <- mapply(function(key, known) match(as.character(key), as.character(known)), keys, values, SIMPLIFY = FALSE)
  code <- rep(0, NROW(keys))
  stride <- 1
  for (k in seq_along(places)) {
    code <- code + (places[[k]] - 1) * stride
    stride <- stride * length(values[[k]])
  }
  present <- if (drop || !length(keys)) sort(unique(code)) else seq_len(stride) - 1
  answer <- if (drop) keys[match(present, code), , drop = FALSE]
  else expand.grid(lapply(values, unname), KEEP.OUT.ATTRS = FALSE, stringsAsFactors = FALSE)
  rownames(answer) <- NULL
  group <- factor(match(code, present), levels = seq_along(present))
  empty <- if (drop) integer(0) else which(!seq_along(present) %in% unclass(group))
  pieces <- lapply(x, function(column) {
    column <- if (is.matrix(column)) column[complete, , drop = FALSE] else column[complete]
    made <- unname(split(column, group))
    if (length(empty)) made <- made[-empty]
    in_columns(lapply(made, FUN, ...), simplify)
  })
  for (name in seq_along(pieces)) {
    piece <- pieces[[name]]
    if (length(empty)) {
      at <- rep(NA_integer_, length(present))
      at[-empty] <- seq_len(length(present) - length(empty))
      piece <- if (is.matrix(piece)) piece[at, , drop = FALSE] else piece[at]
    }
    answer[[length(answer) + 1L]] <- piece
  }
  # All at once: a column of the name of a key keeps that name.
  names(answer) <- c(names(keys), names(x))
  answer
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
  if (length(x) != 3L) stop("formula 'x' must have both left and right hand sides")
  call <- match.call(expand.dots = FALSE)
  if (is.matrix(eval(call$data, parent.frame()))) call$data <- as.data.frame(data)
  if (identical(x[[2L]], quote(.))) {
    keys <- as.list(attr(terms(structure(x[-2L], class = "formula", .Environment = environment(x)), data = data), "variables"))[-1L]
    x[[2L]] <- as.call(c(quote(cbind), setdiff(lapply(names(data), as.name), keys)))
  }
  call$x <- call$... <- call$FUN <- NULL
  call$formula <- x
  call[[1L]] <- quote(stats::model.frame)
  if (is.null(call$na.action)) call$na.action <- na.action
  frame <- eval(call, parent.frame())
  values <- if (is.matrix(frame[[1L]])) as.data.frame(frame[[1L]]) else frame[1L]
  if (length(frame) < 2L) return(as.data.frame(lapply(values, FUN, ...), optional = TRUE))
  aggregate.data.frame(values, as.list(frame[-1L]), FUN = FUN, ...)
}
