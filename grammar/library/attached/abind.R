# Arrays without their axes of one, and parts of arrays along chosen axes.

adrop <- function(x, drop = TRUE, named.vector = TRUE, one.d.array = FALSE, ...) {
  if (is.logical(drop)) drop <- which(rep_len(drop, length(dim(x))))
  if (any(dim(x)[drop] != 1)) stop("dimensions to drop (", paste(drop, collapse = ", "), ") do not have length 1")
  sizes <- dim(x)[-drop]
  known <- dimnames(x)[-drop]
  if (length(sizes) <= 1L && !one.d.array) return(if (named.vector && length(known)) setNames(as.vector(x), known[[1L]]) else as.vector(x))
  array(x, sizes, known)
}

asub <- function(x, idx, dims = seq_len(max(length(dim(x)), 1L)), drop = NULL) {
  if (is.null(dim(x))) return(x[if (is.list(idx)) idx[[1L]] else idx])
  places <- rep(list(TRUE), length(dim(x)))
  places[dims] <- if (is.list(idx)) idx else list(idx)
  do.call("[", c(list(x), places, if (!is.null(drop)) list(drop = drop)))
}
