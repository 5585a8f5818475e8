# Further readers, writers and parsers of readr.

read_table2 <- function(file, col_names = TRUE, col_types = NULL, na = "NA", skip = 0, n_max = Inf, comment = "", ...) read_table(file, col_names, col_types, na = na, skip = skip, n_max = n_max, comment = comment)

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

# Cells as a kind of column, or as what they look like where none is asked for.
.readr_column <- function(cells, kind, how, rules) {
  format <- if (is.null(how$format)) "" else how$format
  switch(kind, character = cells, numeric = parse_double(cells, locale = rules), integer = parse_integer(cells, locale = rules), logical = as.logical(cells),
         factor = readr_factor(cells, how), Date = as.Date(cells, if (nzchar(format)) format else "%Y-%m-%d"), POSIXct = parse_datetime(cells, format, locale = rules),
         parse_guess(cells, character(), rules))
}

read_fwf <- function(file, col_positions, col_types = NULL, col_select = NULL, id = NULL, locale = default_locale(), na = c("", "NA"), comment = "",
                     trim_ws = TRUE, skip = 0, n_max = Inf, ...) {
  lines <- read_lines(file, skip, n_max = if (is.finite(n_max)) n_max else -1L, locale = locale)
  locale$encoding <- "UTF-8"
  if (nzchar(comment)) lines <- lines[!startsWith(lines, comment)]
  names <- col_positions$col_names
  kinds <- readr_kinds(col_types)
  if (is.null(kinds)) kinds <- "NA"
  if (!is.null(names(kinds))) {
    given <- kinds[names]
    given[is.na(given)] <- if (inherits(col_types, "readr_cols")) readr_kinds(list(as.vector(col_types$default))) else "NA"
    kinds <- given
  } else if (length(kinds) == 1L) kinds <- rep(kinds, length(names))
  if (length(kinds) != length(names)) stop("'col_types' names ", length(kinds), " columns, and 'col_positions' ", length(names), call. = FALSE)
  settings <- readr_settings(col_types)
  kept <- which(kinds != "NULL")
  made <- lapply(kept, function(k) {
    cells <- substring(lines, col_positions$begin[k] + 1, col_positions$end[k])
    .readr_column(.readr_texts(cells, na, trim_ws), kinds[[k]], settings[[names[k]]], locale)
  })
  table <- as_tibble(setNames(as.data.frame(made, stringsAsFactors = FALSE), names[kept]))
  if (!is.null(id)) table <- cbind(setNames(data.frame(rep(file, nrow(table)), stringsAsFactors = FALSE), id), table)
  readr_selected(as_tibble(table), substitute(col_select), parent.frame())
}

# How the fields of a line are told apart.
tokenizer_delim <- function(delim, quote = "\"") structure(list(sep = delim, quote = quote), class = "tokenizer")

tokenizer_csv <- function() tokenizer_delim(",")

tokenizer_tsv <- function() tokenizer_delim("\t")

tokenizer_ws <- function() tokenizer_delim("", "")

tokenizer_line <- function() tokenizer_delim("\n", "")

count_fields <- function(file, tokenizer = tokenizer_csv(), skip = 0, n_max = -1L) {
  if (!inherits(tokenizer, "tokenizer")) stop("'tokenizer' must be tokenizer_csv(), tokenizer_tsv(), tokenizer_delim(), tokenizer_ws() or tokenizer_line()", call. = FALSE)
  if (length(file) == 1L && grepl("\n", file)) {
    text <- file
    file <- tempfile()
    on.exit(unlink(file))
    writeLines(text, file)
  }
  counts <- count.fields(file, sep = tokenizer$sep, quote = tokenizer$quote, skip = skip, comment.char = "")
  if (n_max >= 0) head(counts, n_max) else counts
}

# Texts that a program holds are Unicode: only a file is read in another encoding.
.unicode <- function(x, locale) {
  if (toupper(locale$encoding) != "UTF-8") stop("texts are read as UTF-8, not ", locale$encoding, ": give the locale where the file is read", call. = FALSE)
  x
}

parse_character <- function(x, na = c("", "NA"), locale = default_locale(), trim_ws = TRUE) {
  if (!is.character(x)) stop("is.character(x) is not TRUE")
  .readr_texts(.unicode(x, locale), na, trim_ws)
}

# A time as ISO 8601 writes it; one that says how far it is from UTC is shown in the zone asked for.
.iso_times <- function(text, zone) {
  form <- "^([0-9]{4})-?([0-9]{2})-?([0-9]{2})([T ]([0-9]{2})(:?([0-9]{2})(:?([0-9]{2}([.][0-9]+)?))?)?)?(Z|[-+][0-9]{2}:?[0-9]{2})?$"
  found <- regmatches(text, regexec(form, text))
  part <- function(k) vapply(found, function(one) if (length(one) == 0L) NA_real_ else if (nzchar(one[k])) as.numeric(one[k]) else 0, 0)
  away <- vapply(found, function(one) if (length(one)) one[12L] else "", "")
  read <- function(zone) ISOdatetime(part(2L), part(3L), part(4L), part(6L), part(8L), part(10L), tz = zone)
  made <- read(zone)
  told <- !is.na(away) & nzchar(away)
  if (any(told)) {
    digits <- gsub("[^0-9]", "", away[told])
    seconds <- ifelse(away[told] == "Z", 0, 3600 * as.numeric(substr(digits, 1L, 2L)) + 60 * as.numeric(substr(digits, 3L, 4L)))
    made[told] <- read("UTC")[told] - ifelse(startsWith(away[told], "-"), -seconds, seconds)
  }
  made
}

parse_datetime <- function(x, format = "", na = c("", "NA"), locale = default_locale(), trim_ws = TRUE) {
  text <- .readr_texts(.unicode(x, locale), na, trim_ws)
  readr_told(if (nzchar(format)) as.POSIXct(text, format = format, tz = locale$tz) else .iso_times(text, locale$tz), text, if (nzchar(format)) paste("date like", format) else "date like ")
}

parse_time <- function(x, format = "", na = c("", "NA"), locale = default_locale(), trim_ws = TRUE) {
  text <- .readr_texts(.unicode(x, locale), na, trim_ws)
  made <- if (!nzchar(format)) parse_clock(text) else as.numeric(as.POSIXct(paste("1970-01-01", trimws(text)), format = paste("%Y-%m-%d", format), tz = "UTC"))
  as_hms(readr_told(made, text, paste("time like", format)))
}

# Numbers may hold marks between their digits; a text with blanks around it is no number.
parse_guess <- function(x, na = c("", "NA"), locale = default_locale(), trim_ws = TRUE, guess_integer = FALSE) {
  text <- .readr_texts(.unicode(x, locale), na, trim_ws)
  held <- text[!is.na(text)]
  if (!length(held) || any(grepl("^\\s|\\s$", x[!is.na(text)]))) return(if (length(held)) text else rep(NA, length(text)))
  found <- readr_times(type.convert(text, na.strings = character(), as.is = TRUE, dec = locale$decimal_mark))
  if (inherits(found, "POSIXct")) return(parse_datetime(gsub("/", "-", text, fixed = TRUE), locale = locale))
  if (is.integer(found) && !guess_integer) return(as.numeric(found))
  if (!is.character(found)) return(found)
  if (all(grepl("^[0-9]{1,2}:[0-5][0-9](:[0-5][0-9])?( ?[AaPp][Mm])?$", held))) return(parse_time(text))
  marked <- paste0("^-?[0-9][0-9\\", locale$grouping_mark, "]*([", locale$decimal_mark, "][0-9]*)?$")
  if (all(grepl(marked, held))) parse_number(text, character(), locale) else found
}

guess_parser <- function(x, locale = default_locale(), guess_integer = FALSE, na = c("", "NA")) {
  found <- parse_guess(x, na, locale, guess_integer = guess_integer)
  if (inherits(found, "Date")) "date" else if (inherits(found, "POSIXct")) "datetime" else if (inherits(found, "difftime")) "time"
  else if (is.double(found) && any(grepl(locale$grouping_mark, x, fixed = TRUE))) "number" else typeof(found)
}

parse_vector <- function(x, collector, na = c("", "NA"), locale = default_locale(), trim_ws = TRUE) {
  kind <- readr_kinds(list(if (is.character(collector)) as.vector(collector) else collector))
  text <- .readr_texts(x, na, trim_ws)
  if (kind == "character") text else if (kind == "NA") parse_guess(x, na, locale, trim_ws) else readr_told(readr_converted(text, kind, locale), text, "another kind")
}

as.col_spec <- function(x) {
  if (inherits(x, "readr_cols")) return(x)
  structure(list(types = as.list(if (is.character(x)) readr_kinds(x) else x), default = "NA"), class = "readr_cols")
}

# A column's kind as the call that asks for it.
.collector_call <- function(kind) {
  name <- c(numeric = "double", character = "character", integer = "integer", logical = "logical", factor = "factor", Date = "date", POSIXct = "datetime", `NULL` = "skip", `NA` = "guess", number = "number", difftime = "time")
  settings <- attr(kind, "settings")
  spelt <- readr_kinds(list(as.vector(kind)))
  inside <- if (spelt == "factor") paste0("levels = ", deparse1(settings$levels), ", ordered = ", isTRUE(settings$ordered), ", include_na = ", isTRUE(settings$include_na))
  else if (spelt %in% c("Date", "POSIXct", "difftime")) paste0("format = \"", settings$format, "\"") else ""
  paste0("col_", name[[spelt]], "(", inside, ")")
}

print.readr_cols <- function(x, ...) {
  calls <- vapply(x$types, .collector_call, "")
  only <- identical(as.vector(x$default), "NULL")
  lines <- if (!length(calls)) character() else if (is.null(names(calls))) calls else paste(vapply(names(calls), tibble_name, ""), "=", calls)
  if (!only && !identical(as.vector(x$default), "NA")) lines <- c(paste(".default =", .collector_call(x$default)), lines)
  cat(if (only) "cols_only(" else "cols(", "\n", paste0("  ", lines, collapse = ",\n"), "\n)\n", sep = "")
  invisible(x)
}

spec <- function(x) structure(list(cols = lapply(as.list(x), function(column) structure(list(), class = c(paste0("collector_", if (is.numeric(column)) "double" else class(column)[1L]), "collector")))), class = "col_spec")

print.col_spec <- function(x, ...) {
  kinds <- vapply(x$cols, function(one) sub("collector_", "col_", class(one)[1L]), "")
  kinds <- unname(c(col_Date = "col_date(format = \"\")", col_POSIXct = "col_datetime(format = \"\")", col_hms = "col_time(format = \"\")")[kinds]) |> (\(said) ifelse(is.na(said), paste0(kinds, "()"), said))()
  cat("cols(\n", paste0("  ", vapply(names(x$cols), tibble_name, ""), " = ", kinds, collapse = ",\n"), "\n)\n", sep = "")
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
