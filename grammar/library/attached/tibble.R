# Older names of tibble's functions and the smaller tools.

add_case <- function(.data, ..., .before = NULL, .after = NULL) add_row(.data, ..., .before = .before, .after = .after)

frame_data <- function(...) tribble(...)

frame_matrix <- function(...) {
  made <- tribble(...)
  matrix(unlist(made, use.names = FALSE), nrow(made), dimnames = list(NULL, names(made)))
}

is.tibble <- function(x) is_tibble(x)

tibble_row <- function(...) {
  made <- tibble(...)
  if (nrow(made) != 1L) stop("All vectors must be size one, use `list()` to wrap.", call. = FALSE)
  made
}

new_tibble <- function(x, ..., nrow = NULL, class = NULL) {
  x <- as.list(x)
  size <- if (!is.null(nrow)) nrow else if (length(x)) NROW(x[[1L]]) else 0L
  if (!is.numeric(size) || length(size) != 1L || is.na(size) || size < 0 || size %% 1 != 0) stop("`nrow` must be a nonnegative whole number.", call. = FALSE)
  if (length(x) && (is.null(names(x)) || !all(nzchar(names(x))))) stop("All columns of a tibble must have names.", call. = FALSE)
  sizes <- vapply(x, NROW, 0L)
  wrong <- sizes != size & sizes != 1L
  if (any(wrong)) stop("`nrow` is ", size, ", and column `", names(x)[wrong][1L], "` has ", sizes[wrong][1L], " rows.", call. = FALSE)
  x[sizes != size] <- lapply(x[sizes != size], rep, size)
  made <- as_tibble(structure(x, names = if (length(x)) names(x) else character(), class = "data.frame", row.names = seq_len(size)))
  for (name in ...names()) attr(made, name) <- list(...)[[name]]
  if (!is.null(class)) class(made) <- c(class, base::class(made))
  made
}

validate_tibble <- function(x) if (is.data.frame(x)) invisible(x) else stop("`x` must be a data frame.", call. = FALSE)

tbl_sum <- function(x, ...) c("A tibble" = paste(format(dim(x), big.mark = ",", trim = TRUE), collapse = " x "))

view <- function(x, title = NULL, ..., n = NULL) {
  print(if (is.null(n)) x else utils::head(x, n))
  invisible(x)
}
