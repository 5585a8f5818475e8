# Reading and writing text tables and lines under readr's names.

readr_frame <- function(file, sep, col_names, col_types, na, skip, n_max, comment, quote, trim_ws = TRUE) {
  kinds <- readr_kinds(col_types)
  literal <- length(file) > 1L || (is.character(file) && grepl("\n", file[1L], fixed = TRUE)) || inherits(file, "literal_text")
  arguments <- list(header = isTRUE(col_names), sep = sep, na.strings = na, skip = skip, nrows = if (is.finite(n_max)) n_max else -1,
                    comment.char = comment, quote = quote, check.names = FALSE, stringsAsFactors = FALSE, strip.white = trim_ws, fill = TRUE)
  if (is.character(kinds)) arguments$colClasses <- kinds
  made <- do.call(read.table, c(if (literal) list(text = unclass(file)) else list(file = file), arguments))
  for (k in seq_along(made)) if (is.integer(made[[k]]) && !is.character(kinds)) made[[k]] <- as.numeric(made[[k]])
  known <- if (is.null(names(kinds)) && is.character(kinds)) names(made) else names(kinds)
  for (k in which(!(names(made) %in% known))) made[[k]] <- readr_times(made[[k]])
  if (is.character(col_names)) names(made)[seq_along(col_names)] <- col_names
  else if (!isTRUE(col_names)) names(made) <- paste0("X", seq_along(made))
  blank <- !nzchar(names(made))
  names(made)[blank] <- paste0("...", which(blank))
  as_tibble(made)
}

# Texts that are all dates, or dates with times, as what they say.
readr_times <- function(column) {
  if (!is.character(column) || all(is.na(column))) return(column)
  held <- column[!is.na(column)]
  day <- "[0-9]{4}[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])"
  if (all(grepl(paste0("^", day, "$"), held))) return(as.Date(gsub("/", "-", column, fixed = TRUE)))
  if (!all(grepl(paste0("^", day, "[ T][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?Z?$"), held))) return(column)
  text <- sub("Z$", "", sub("T", " ", gsub("/", "-", column, fixed = TRUE)))
  short <- !is.na(text) & nchar(sub(".* ", "", text)) == 5L
  text[short] <- paste0(text[short], ":00")
  as.POSIXct(text, tz = "UTC")
}

readr_kinds <- function(col_types) {
  code <- c(c = "character", d = "numeric", n = "numeric", i = "integer", l = "logical", f = "factor", D = "Date",
            T = "POSIXct", `_` = "NULL", `-` = "NULL", `?` = "NA")
  if (is.null(col_types)) return(NULL)
  if (is.character(col_types) && length(col_types) == 1L) return(unname(code[strsplit(col_types, "")[[1L]]]))
  if (inherits(col_types, "readr_cols")) {
    given <- unlist(col_types$types)
    if (length(given) == 0L && identical(col_types$default, "NA")) return(NULL)
    return(if (length(given)) structure(unname(unlist(given)), names = names(given)) else col_types$default)
  }
  unlist(col_types)
}

cols <- function(..., .default = col_guess()) structure(list(types = list(...), default = .default), class = "readr_cols")

cols_only <- function(...) structure(list(types = list(...), default = "NULL"), class = "readr_cols")

col_guess <- function() "NA"

col_character <- function() "character"

col_double <- function() "numeric"

col_number <- function() "numeric"

col_integer <- function() "integer"

col_logical <- function() "logical"

col_factor <- function(levels = NULL, ordered = FALSE, include_na = FALSE) "factor"

col_date <- function(format = "") "Date"

col_datetime <- function(format = "") "POSIXct"

col_skip <- function() "NULL"

read_csv <- function(file, col_names = TRUE, col_types = NULL, na = c("", "NA"), quote = "\"", comment = "", trim_ws = TRUE,
                     skip = 0, n_max = Inf, progress = FALSE, show_col_types = FALSE, ...)
  readr_frame(file, ",", col_names, col_types, na, skip, n_max, comment, quote, trim_ws)

read_csv2 <- function(file, col_names = TRUE, col_types = NULL, na = c("", "NA"), quote = "\"", comment = "", skip = 0, n_max = Inf, ...)
  readr_frame(file, ";", col_names, col_types, na, skip, n_max, comment, quote)

read_tsv <- function(file, col_names = TRUE, col_types = NULL, na = c("", "NA"), quote = "\"", comment = "", skip = 0, n_max = Inf, ...)
  readr_frame(file, "\t", col_names, col_types, na, skip, n_max, comment, quote)

read_delim <- function(file, delim = ",", quote = "\"", col_names = TRUE, col_types = NULL, na = c("", "NA"), comment = "",
                       trim_ws = FALSE, skip = 0, n_max = Inf, ...)
  readr_frame(file, delim, col_names, col_types, na, skip, n_max, comment, quote, trim_ws)

read_table <- function(file, col_names = TRUE, col_types = NULL, na = "NA", skip = 0, n_max = Inf, comment = "", ...)
  readr_frame(file, "", col_names, col_types, na, skip, n_max, comment, "\"")

read_lines <- function(file, skip = 0, n_max = -1L, ...) {
  lines <- if (length(file) == 1L && grepl("\n", file, fixed = TRUE)) strsplit(file, "\n", fixed = TRUE)[[1L]] else readLines(file, warn = FALSE)
  if (skip > 0) lines <- lines[-seq_len(skip)]
  if (n_max >= 0 && n_max < length(lines)) lines[seq_len(n_max)] else lines
}

read_file <- function(file, ...) paste0(paste(readLines(file, warn = FALSE), collapse = "\n"), "\n")

write_lines <- function(x, file, sep = "\n", na = "NA", append = FALSE, ...) {
  x <- as.character(unlist(x))
  x[is.na(x)] <- na
  cat(paste0(x, sep), file = file, sep = "", append = append)
  invisible(x)
}

write_file <- function(x, file, append = FALSE) {
  cat(x, file = file, sep = "", append = append)
  invisible(x)
}

readr_quoted <- function(x, sep) {
  for (k in seq_along(x)) {
    column <- x[[k]]
    if (is.logical(column) || is.numeric(column)) next
    text <- as.character(column)
    risky <- !is.na(text) & grepl(paste0("[\"\n", sep, "]"), text)
    text[risky] <- paste0("\"", gsub("\"", "\"\"", text[risky], fixed = TRUE), "\"")
    x[[k]] <- text
  }
  x
}

write_delim <- function(x, file, delim = " ", na = "NA", append = FALSE, col_names = !append, ...) {
  data <- readr_quoted(dp_plain(as.data.frame(x)), delim)
  write.table(data, file, sep = delim, na = na, append = append, row.names = FALSE, col.names = col_names, quote = FALSE)
  invisible(x)
}

write_csv <- function(x, file, na = "NA", append = FALSE, col_names = !append, ...)
  write_delim(x, file, ",", na, append, col_names)

write_tsv <- function(x, file, na = "NA", append = FALSE, col_names = !append, ...)
  write_delim(x, file, "\t", na, append, col_names)

parse_number <- function(x, na = c("", "NA"), ...) {
  digits <- gsub(",", "", x, fixed = TRUE)
  found <- regmatches(digits, regexpr("-?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?", digits))
  answer <- rep(NA_real_, length(x))
  answer[grepl("[0-9]", digits)] <- as.numeric(found)
  answer
}

parse_double <- function(x, ...) as.numeric(x)

parse_integer <- function(x, ...) as.integer(x)

parse_logical <- function(x, ...) as.logical(x)

parse_factor <- function(x, levels = NULL, ...) factor(x, levels = if (is.null(levels)) unique(x) else levels)

parse_date <- function(x, format = "%Y-%m-%d", ...) as.Date(x, format = format)

read_rds <- function(file, ...) readRDS(file)

write_rds <- function(x, file, compress = "gz", ...) {
  saveRDS(x, file)
  invisible(x)
}

format_csv <- function(x, na = "NA", append = FALSE, col_names = !append, ...) {
  lines <- capture.output(write.table(readr_quoted(dp_plain(as.data.frame(x)), ","), sep = ",", na = na, row.names = FALSE, col.names = col_names, quote = FALSE))
  paste0(lines, "\n", collapse = "")
}

type_convert <- function(df, col_types = NULL, na = c("", "NA"), ...) {
  for (name in names(df)) if (is.character(df[[name]])) {
    made <- readr_times(type.convert(df[[name]], na.strings = na, as.is = TRUE))
    df[[name]] <- if (is.integer(made)) as.numeric(made) else made
  }
  df
}
