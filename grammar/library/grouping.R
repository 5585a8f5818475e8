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
  if (simplify && all(lengths(values) == 1L)) {
    flat <- unlist(values, use.names = FALSE)
    if (length(values) == 0L) flat <- logical(0)
    else if (is.list(flat) || is.null(flat)) flat <- values
    if (is.na(default) && length(flat)) default <- vector(typeof(flat))[1L]
    answer <- rep(default, cells)
    answer[used] <- flat
  } else {
    answer <- vector("list", cells)
    answer[used] <- values
  }
  if (cells == 0L) labels <- lapply(labels, function(each) if (length(each)) each)
  array(answer, dim = unname(extent), dimnames = labels)
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

by <- function(data, INDICES, FUN, ..., simplify = TRUE) {
  drop <- length(dim(data)) != 2L
  if (!is.data.frame(data)) data <- as.data.frame(data)
  FUN <- match.fun(FUN)
  if (!is.list(INDICES)) {
    label <- deparse(substitute(INDICES))[1L]
    INDICES <- list(INDICES)
    names(INDICES) <- label
  }
  rows <- seq_len(nrow(data))
  answer <- tapply(rows, INDICES, function(at) FUN(data[at, seq_along(data), drop = drop], ...), simplify = simplify)
  structure(answer, call = match.call(), class = "by")
}

print.by <- function(x, ...) {
  labels <- dimnames(x)
  cells <- do.call(expand.grid, c(labels, list(stringsAsFactors = FALSE)))
  rule <- strrep("-", 0.75 * getOption("width"))
  for (k in seq_along(x)) {
    if (k > 1L) cat(rule, "\n")
    cat(paste0(names(labels), ": ", unlist(cells[k, ]), collapse = "\n"), "\n", sep = "")
    print(if (is.list(x)) unclass(x)[[k]] else unclass(x)[[k]], ...)
  }
  invisible(x)
}

aggregate <- function(x, ...) UseMethod("aggregate")

aggregate.default <- function(x, ...) aggregate.data.frame(as.data.frame(x), ...)

aggregate.data.frame <- function(x, by, FUN, ..., simplify = TRUE, drop = TRUE) {
  if (!is.data.frame(x)) x <- as.data.frame(x)
  FUN <- match.fun(FUN)
  if (!nrow(x)) stop("no rows to aggregate")
  if (!is.list(by)) stop("'by' must be a list")
  if (is.null(names(by)) && length(by)) names(by) <- paste0("Group.", seq_along(by))
  else {
    unnamed <- which(!nzchar(names(by)))
    names(by)[unnamed] <- paste0("Group.", unnamed)
  }
  if (any(lengths(by) != nrow(x))) stop("arguments must have same length")
  complete <- complete.cases(as.data.frame(lapply(by, function(g) as.character(g)), optional = TRUE))
  groups <- lapply(by, function(g) {
    values <- sort(unique(g[complete]))
    list(values = values, code = match(as.character(g), as.character(values)))
  })
  code <- rep(0, nrow(x))
  stride <- 1
  for (g in groups) {
    code <- code + (g$code - 1) * stride
    stride <- stride * length(g$values)
  }
  present <- sort(unique(code[complete]))
  answer <- list()
  stride <- 1
  for (name in names(by)) {
    g <- groups[[name]]
    answer[[name]] <- g$values[(present %/% stride) %% length(g$values) + 1]
    stride <- stride * length(g$values)
  }
  answer <- as.data.frame(answer, optional = TRUE)
  key <- factor(match(code, present), levels = seq_along(present))
  for (k in seq_along(x)) {
    values <- lapply(unname(split(x[[k]], key)), FUN, ...)
    size <- unique(lengths(values))
    if (simplify && length(size) == 1L) {
      if (size == 1L) values <- if (is.object(values[[1L]])) do.call(c, values) else unlist(values, recursive = FALSE, use.names = FALSE)
      else if (size > 1L) values <- do.call(rbind, values)
    }
    if (is.matrix(values)) {
      at <- length(answer) + 1L
      answer[[at]] <- values
      names(answer)[at] <- names(x)[k]
    } else {
      at <- length(answer) + 1L
      answer[[at]] <- values
      names(answer)[at] <- names(x)[k]
    }
  }
  answer
}

aggregate.formula <- function(x, data, FUN, ..., subset, na.action = na.omit) {
  left <- x[[2L]]
  right <- x[[3L]]
  columns <- names(data)
  group_names <- if (identical(right, quote(.))) setdiff(columns, all.vars(left)) else all.vars(right)
  if (identical(left, quote(.))) values <- data[setdiff(columns, group_names)]
  else if (is.call(left) && identical(left[[1L]], quote(cbind))) {
    parts <- as.list(left)[-1L]
    values <- lapply(parts, eval, data, environment(x))
    shown <- vapply(parts, function(part) deparse(part)[1L], "")
    if (!is.null(names(parts))) shown[nzchar(names(parts))] <- names(parts)[nzchar(names(parts))]
    names(values) <- shown
    values <- as.data.frame(values, optional = TRUE)
  } else {
    values <- list(eval(left, data, environment(x)))
    names(values) <- deparse(left)[1L]
    values <- as.data.frame(values, optional = TRUE)
  }
  groups <- as.list(data[group_names])
  whole <- match.fun(na.action)(if (length(groups)) cbind(values, data[group_names]) else values)
  values <- whole[seq_along(values)]
  if (!length(groups)) {
    made <- as.data.frame(lapply(values, FUN, ...), optional = TRUE)
    return(made)
  }
  groups <- as.list(whole[length(values) + seq_along(groups)])
  aggregate.data.frame(values, groups, FUN, ...)
}
