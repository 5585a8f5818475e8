# Tables read and written under vroom's names, as readr does.

vroom <- function(file, delim = NULL, col_names = TRUE, col_types = NULL, col_select = NULL, na = c("", "NA"), skip = 0, n_max = Inf, show_col_types = NULL, ...) {
  columns <- substitute(col_select)
  read_one <- function(one) {
    sep <- delim
    if (is.null(sep)) {
      first <- readLines(one, n = 1L + skip)[1L + skip]
      counts <- vapply(c(",", "\t", " ", "|", ":", ";"), function(mark) lengths(regmatches(first, gregexpr(mark, first, fixed = TRUE))), 0L)
      sep <- if (max(counts) == 0L) "," else names(which.max(counts))
    }
    readr::read_delim(one, delim = sep, col_names = col_names, col_types = col_types, na = na, skip = skip, n_max = n_max, show_col_types = show_col_types, ...)
  }
  made <- if (length(file) > 1L) dplyr::bind_rows(lapply(file, read_one)) else read_one(file)
  if (is.null(columns)) made else eval(bquote(dplyr::select(made, .(columns))))
}

vroom_write <- function(x, file, delim = "\t", eol = "\n", na = "NA", col_names = !append, append = FALSE, ...) {
  .unsupported(eol, "lines end with a line feed")
  readr::write_delim(x, file, delim = delim, na = na, col_names = col_names, append = append)
}

vroom_lines <- function(file, n_max = Inf, skip = 0, ...) {
  lines <- unlist(lapply(file, readLines))
  if (skip > 0) lines <- lines[-seq_len(skip)]
  if (is.finite(n_max)) head(lines, n_max) else lines
}

vroom_write_lines <- function(x, file, append = FALSE, ...) readr::write_lines(x, file, append = append)
