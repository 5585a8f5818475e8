# listarrays: arrays taken apart, bound and given further dimensions, row by row or along any of them.

.array_sizes <- function(x) if (is.null(dim(x))) length(x) else dim(x)

.place_of_dim <- function(which_dim, count) if (which_dim < 0) count + 1L + as.integer(which_dim) else as.integer(which_dim)

# The elements of x at some places along one of its dimensions.
.along_dim <- function(x, place, at, drop = FALSE) {
  if (is.null(dim(x))) return(x[at])
  indices <- rep(list(TRUE), length(dim(x)))
  indices[[place]] <- at
  do.call(`[`, c(list(x), indices, list(drop = drop)))
}

expand_dims <- function(x, which_dim = -1L) {
  sizes <- .array_sizes(x)
  names <- dimnames(x)
  place <- .place_of_dim(which_dim, length(sizes) + 1L)
  dim(x) <- append(sizes, 1L, place - 1L)
  if (!is.null(names)) dimnames(x) <- append(names, list(NULL), place - 1L)
  x
}

set_dim <- function(x, dim, pad = getOption("listarrays.autopad_arrays_with", NULL), order = c("F", "C"), verbose = FALSE) {
  order <- match.arg(order)
  short <- prod(dim) - length(x)
  if (short > 0 && !is.null(pad)) x <- c(x, rep_len(pad, short))
  if (order == "C") array_reshape(x, dim) else {
    dim(x) <- dim
    x
  }
}

extract_dim <- function(X, which_dim, idx, drop = NULL, depth = Inf) {
  if (is.list(X) && is.null(dim(X)) && depth > 0) return(lapply(X, extract_dim, which_dim, idx, drop, depth - 1))
  drop <- if (is.null(drop)) length(idx) == 1 && is.numeric(idx) else drop
  .along_dim(X, .place_of_dim(which_dim, length(.array_sizes(X))), idx, drop)
}

extract_rows <- function(X, idx, drop = NULL, depth = Inf) extract_dim(X, 1L, idx, drop, depth)

extract_cols <- function(X, idx, drop = NULL, depth = Inf) extract_dim(X, -1L, idx, drop, depth)

seq_along_dim <- function(x, which_dim) seq_len(.array_sizes(x)[.place_of_dim(which_dim, length(.array_sizes(x)))])

seq_along_rows <- function(x) seq_along_dim(x, 1L)

seq_along_cols <- function(x) seq_along_dim(x, -1L)

split_along_dim <- function(X, which_dim, depth = Inf) {
  if (is.list(X) && is.null(dim(X)) && depth > 0) return(lapply(X, split_along_dim, which_dim, depth - 1))
  lapply(seq_along_dim(X, which_dim), function(at) extract_dim(X, which_dim, at, TRUE))
}

split_along_rows <- function(X, depth = Inf) split_along_dim(X, 1L, depth)

split_along_cols <- function(X, depth = Inf) split_along_dim(X, -1L, depth)

split_on_dim <- function(X, which_dim, f = dimnames(X)[[which_dim]], drop = FALSE, depth = Inf) {
  if (is.list(X) && is.null(dim(X)) && depth > 0) return(lapply(X, split_on_dim, which_dim, f, drop, depth - 1))
  if (length(f) == 1) f <- cut(seq_along_dim(X, which_dim), f, labels = FALSE)
  lapply(split(seq_along_dim(X, which_dim), f), function(at) extract_dim(X, which_dim, at, drop))
}

split_on_rows <- function(X, f = rownames(X), drop = FALSE, depth = Inf) split_on_dim(X, 1L, f, drop, depth)

split_on_cols <- function(X, f = colnames(X), drop = FALSE, depth = Inf) split_on_dim(X, -1L, f, drop, depth)

.arrays_given <- function(...) {
  given <- list(...)
  if (length(given) == 1 && is.list(given[[1]])) given[[1]] else given
}

# abind() says of every axis that it has no names.
.without_empty_names <- function(x) {
  if (all(vapply(dimnames(x), is.null, NA))) dimnames(x) <- NULL
  x
}

bind_on_dim <- function(list_of_arrays, which_dim) {
  count <- max(vapply(list_of_arrays, function(one) length(.array_sizes(one)), 1L))
  .without_empty_names(abind(list_of_arrays, along = .place_of_dim(which_dim, count)))
}

bind_on_rows <- function(...) {
  given <- .arrays_given(...)
  if (all(vapply(given, function(one) length(.array_sizes(one)) == 1L, NA))) unlist(unname(given)) else bind_on_dim(given, 1L)
}

bind_on_cols <- function(...) bind_on_dim(.arrays_given(...), -1L)

bind_as_dim <- function(list_of_arrays, which_dim) {
  place <- .place_of_dim(which_dim, length(.array_sizes(list_of_arrays[[1]])) + 1L)
  .without_empty_names(abind(lapply(list_of_arrays, expand_dims, place), along = place))
}

bind_as_rows <- function(...) bind_as_dim(.arrays_given(...), 1L)

bind_as_cols <- function(...) bind_as_dim(.arrays_given(...), -1L)

shuffle_rows <- function(..., in_place = TRUE) {
  given <- list(...)
  counts <- unique(vapply(given, function(one) .array_sizes(one)[1L], 1))
  if (length(counts) != 1L) stop("All arrays must have the same number of rows")
  order <- sample.int(counts)
  shuffled <- lapply(given, extract_rows, order, FALSE)
  if (in_place) {
    written <- as.list(substitute(list(...)))[-1L]
    for (k in seq_along(written)) if (is.symbol(written[[k]])) assign(as.character(written[[k]]), shuffled[[k]], envir = parent.frame())
    return(invisible(if (length(shuffled) == 1L) shuffled[[1L]] else shuffled))
  }
  if (length(shuffled) == 1L) shuffled[[1L]] else shuffled
}

onehot <- function(y, order = NULL, named = TRUE) {
  classes <- if (!is.null(order)) order else if (is.factor(y)) levels(y) else sort(unique(as.vector(y)))
  made <- outer(as.character(y), as.character(classes), `==`) + 0L
  storage.mode(made) <- "integer"
  dimnames(made) <- if (named) list(NULL, as.character(classes))
  made
}

decode_onehot <- function(Y, classes = colnames(Y), n_classes = ncol(Y) %||% length(classes)) {
  place <- max.col(Y, "first")
  if (is.null(classes)) place else classes[place]
}
