# Older names of tibble's functions and the smaller tools.

add_case <- function(.data, ..., .before = NULL, .after = NULL) add_row(.data, ..., .before = .before, .after = .after)

frame_data <- function(...) tribble(...)

frame_matrix <- function(...) {
  made <- tribble(...)
  as.matrix(as.data.frame(made))
}

is.tibble <- function(x) is_tibble(x)

tibble_row <- function(...) {
  made <- tibble(...)
  if (nrow(made) != 1L) stop("All vectors must be size one, use `list()` to wrap.", call. = FALSE)
  made
}

new_tibble <- function(x, ..., nrow = NULL, class = NULL) {
  made <- as_tibble(as.data.frame(x, stringsAsFactors = FALSE))
  for (name in ...names()) attr(made, name) <- list(...)[[name]]
  if (!is.null(class)) class(made) <- c(class, base::class(made))
  made
}

validate_tibble <- function(x) if (is.data.frame(x)) invisible(x) else stop("`x` must be a data frame.", call. = FALSE)

tbl_sum <- function(x, ...) c("A tibble" = paste(format(dim(x), big.mark = ",", trim = TRUE), collapse = " x "))

view <- function(x, title = NULL, ..., n = NULL) {
  print(x)
  invisible(x)
}
