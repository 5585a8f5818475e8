# Further readers, writers and parsers of readr.

read_table2 <- function(file, col_names = TRUE, col_types = NULL, na = "NA", skip = 0, n_max = Inf, comment = "", ...) read_table(file, col_names, col_types, na, skip, n_max, comment)

read_file_raw <- function(file) readBin(file, "raw", file.size(file))

fwf_widths <- function(widths, col_names = NULL) {
  ends <- cumsum(widths)
  data.frame(begin = ends - widths, end = ends, col_names = if (is.null(col_names)) paste0("X", seq_along(widths)) else col_names, stringsAsFactors = FALSE)
}

fwf_positions <- function(start, end = NULL, col_names = NULL) data.frame(begin = start - 1, end = end, col_names = if (is.null(col_names)) paste0("X", seq_along(start)) else col_names, stringsAsFactors = FALSE)

fwf_cols <- function(...) {
  given <- list(...)
  if (all(lengths(given) == 1L)) fwf_widths(unlist(given), names(given)) else fwf_positions(vapply(given, `[`, 0, 1L), vapply(given, `[`, 0, 2L), names(given))
}

read_fwf <- function(file, col_positions, col_types = NULL, na = c("", "NA"), skip = 0, n_max = Inf, ...) {
  lines <- read_lines(file, skip, if (is.finite(n_max)) n_max else -1L)
  made <- lapply(seq_len(nrow(col_positions)), function(k) {
    cells <- trimws(substring(lines, col_positions$begin[k] + 1, col_positions$end[k]))
    cells[cells %in% na] <- NA
    found <- type.convert(cells, as.is = TRUE)
    if (is.integer(found)) as.numeric(found) else found
  })
  as_tibble(setNames(as.data.frame(made, stringsAsFactors = FALSE), col_positions$col_names))
}

count_fields <- function(file, tokenizer = NULL, skip = 0, n_max = -1L) count.fields(file, sep = ",", skip = skip)

.text_or_missing <- function(x, na) replace(x, x %in% na, NA)

parse_character <- function(x, na = c("", "NA"), locale = NULL, trim_ws = TRUE) .text_or_missing(if (trim_ws) trimws(x) else x, na)

parse_datetime <- function(x, format = "", na = c("", "NA"), locale = NULL, trim_ws = TRUE) {
  x <- .text_or_missing(x, na)
  if (nzchar(format)) as.POSIXct(x, format = format, tz = "UTC") else as.POSIXct(sub("Z$", "", sub("T", " ", x)), tz = "UTC")
}

parse_time <- function(x, format = "", na = c("", "NA"), locale = NULL, trim_ws = TRUE) {
  x <- .text_or_missing(x, na)
  read <- function(form) as.POSIXct(paste("1970-01-01", x), format = paste("%Y-%m-%d", form), tz = "UTC")
  made <- if (nzchar(format)) read(format) else read("%H:%M:%S")
  if (!nzchar(format)) made[is.na(made)] <- read("%H:%M")[is.na(made)]
  as.difftime(as.numeric(made), units = "secs")
}

parse_guess <- function(x, na = c("", "NA"), locale = NULL, trim_ws = TRUE, guess_integer = FALSE) {
  found <- readr_times(type.convert(.text_or_missing(x, na), as.is = TRUE))
  if (is.integer(found) && !guess_integer) as.numeric(found) else found
}

guess_parser <- function(x, ...) {
  found <- parse_guess(x)
  if (inherits(found, "Date")) "date" else if (inherits(found, "POSIXct")) "datetime" else typeof(found)
}

spec <- function(x) structure(list(cols = lapply(as.list(x), function(column) structure(list(), class = c(paste0("collector_", if (is.numeric(column)) "double" else class(column)[1L]), "collector")))), class = "col_spec")

print.col_spec <- function(x, ...) {
  kinds <- vapply(x$cols, function(one) sub("collector_", "col_", class(one)[1L]), "")
  cat("cols(\n", paste0("  ", names(kinds), " = ", kinds, "()", collapse = ",\n"), "\n)\n", sep = "")
  invisible(x)
}

col_time <- function(format = "") structure(list(format = format), class = c("collector_time", "collector"))

write_csv2 <- function(x, file, na = "NA", append = FALSE, col_names = !append, ...) write_delim(x, file, ";", na = na, append = append, col_names = col_names)

write_excel_csv <- function(x, file, na = "NA", append = FALSE, col_names = !append, ...) write_csv(x, file, na = na, append = append, col_names = col_names)

.as_lines <- function(write, x, ...) {
  place <- tempfile()
  on.exit(unlink(place))
  write(x, place, ...)
  paste0(paste(readLines(place), collapse = "\n"), "\n")
}

format_tsv <- function(x, ...) .as_lines(write_tsv, x, ...)

format_delim <- function(x, delim, ...) .as_lines(write_delim, x, delim, ...)
