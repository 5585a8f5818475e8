# Reading and writing text tables and lines under readr's names.

readr_frame <- function(file, sep, col_names, col_types, na, skip, n_max, comment, quote, trim_ws = TRUE, rules = locale(), id = NULL,
                        name_repair = "unique", skip_empty_rows = TRUE) {
  kinds <- readr_kinds(col_types)
  settings <- readr_settings(col_types)
  literal <- (is.character(file) && grepl("\n", file[1L], fixed = TRUE)) || inherits(file, "literal_text") || inherits(file, "AsIs")
  if (inherits(file, "AsIs")) file <- unclass(file)
  if (!literal && is.character(file)) {
    # Several files are one table.
    if (length(file) > 1L) return(bind_rows(lapply(file, readr_frame, sep, col_names, col_types, na, skip, n_max, comment, quote, trim_ws, rules, id, name_repair, skip_empty_rows)))
    if (!grepl("^(https?|ftp|file)://", file) && !file.exists(file)) stop("'", file, "' does not exist in current working directory ('", getwd(), "').", call. = FALSE)
  }
  arguments <- list(header = isTRUE(col_names), sep = sep, na.strings = na, skip = skip, nrows = if (is.finite(n_max)) n_max else -1,
                    comment.char = comment, quote = quote, check.names = FALSE, stringsAsFactors = FALSE, strip.white = trim_ws, fill = TRUE,
                    dec = rules$decimal_mark, blank.lines.skip = skip_empty_rows)
  if (is.character(kinds)) {
    # Numbers and truths are read as texts first, so that one that is none is told of and leaves a gap.
    shaped <- kinds %in% c("factor", "numeric", "integer", "logical", "Date", "POSIXct", "number", "difftime")
    if (!is.null(names(kinds))) shaped <- shaped | names(kinds) %in% names(settings)
    arguments$colClasses <- replace(kinds, shaped, "character")
  }
  source <- if (literal) list(text = unclass(file)) else list(file = file)
  if (!is.null(names(kinds)) && !identical(col_types$default, "NA") && inherits(col_types, "readr_cols")) {
    heads <- names(do.call(read.table, c(source, replace(arguments, c("nrows", "colClasses"), list(1, NA)))))
    others <- setdiff(heads, names(kinds))
    default <- readr_kinds(list(as.vector(col_types$default)))
    kinds <- c(kinds, structure(rep(default, length(others)), names = others))[heads]
    arguments$colClasses <- replace(kinds, kinds %in% c("factor", "numeric", "integer", "logical", "Date", "POSIXct", "number", "difftime"), "character")
  }
  if (!literal && !identical(toupper(rules$encoding), "UTF-8")) arguments$fileEncoding <- rules$encoding
  made <- do.call(read.table, c(source, arguments))
  of_kind <- if (is.null(names(kinds))) rep(as.list(kinds[!kinds %in% "NULL"]), length.out = length(made)) else as.list(kinds)[names(made)]
  for (k in seq_along(made)) if (is.null(of_kind[k][[1L]]) || of_kind[[k]] == "NA") {
    made[[k]] <- if (is.integer(made[[k]])) as.numeric(made[[k]]) else if (is.logical(made[[k]]) && !length(made[[k]])) character() else readr_guessed(made[[k]], rules)
  }
  failures <- list()
  for (k in seq_along(made)) {
    how <- settings[[names(made)[k]]]
    if (identical(unname(unlist(of_kind[k])), "factor")) made[[k]] <- readr_factor(made[[k]], how)
    else if (!is.null(how)) made[[k]] <- if (how$kind == "Date") as.Date(made[[k]], how$format) else as.POSIXct(made[[k]], format = how$format, tz = rules$tz)
    else if (is.character(made[[k]]) && length(kind <- unname(unlist(of_kind[k]))) && kind %in% c("numeric", "integer", "logical", "Date", "POSIXct", "number", "difftime")) {
      text <- made[[k]]
      made[[k]] <- readr_converted(text, kind, rules)
      failed <- which(is.na(made[[k]]) & !is.na(text))
      expected <- c(numeric = "a double", integer = if (any(grepl("^-?[0-9]+[.]", text[failed]))) "no trailing characters" else "an integer", logical = "1/0/T/F/TRUE/FALSE", Date = "date in ISO8601",
                    POSIXct = "date in ISO8601", number = "a number", difftime = "time in ISO8601")[[kind]]
      if (length(failed)) failures[[length(failures) + 1L]] <- tibble(row = failed + isTRUE(col_names), col = k, expected = expected, actual = text[failed], file = if (literal) "literal data" else file)
    }
  }
  if (length(failures)) warning("One or more parsing issues, call `problems()` on your data frame for details,\ne.g.:\n  dat <- vroom(...)\n  problems(dat)", call. = FALSE)
  if (is.character(col_names)) names(made)[seq_along(col_names)] <- col_names
  else if (!isTRUE(col_names)) names(made) <- paste0("X", seq_along(made))
  if (!is.null(id)) made <- cbind(setNames(data.frame(rep(file, nrow(made)), stringsAsFactors = FALSE), id), made)
  made <- as_tibble(made, .name_repair = name_repair)
  if (length(failures)) attr(made, "problems") <- bind_rows(failures)
  made
}

problems <- function(x = .Last.value) {
  held <- attr(x, "problems")
  if (is.null(held)) tibble(row = integer(), col = integer(), expected = character(), actual = character(), file = character()) else held
}

stop_for_problems <- function(x) {
  count <- nrow(problems(x))
  if (count) stop(count, " parsing failure", if (count > 1L) "s", call. = FALSE)
  invisible(x)
}

# Texts as values of one kind; what is not of it is missing.
readr_converted <- function(text, kind, rules) {
  plain <- function() if (rules$decimal_mark == ".") text else sub(rules$decimal_mark, ".", text, fixed = TRUE)
  switch(kind,
    numeric = suppressWarnings(as.numeric(plain())),
    integer = ifelse(grepl("^[-+]?[0-9]+$", text), suppressWarnings(as.integer(text)), NA_integer_),
    logical = c(T = TRUE, TRUE. = TRUE, `TRUE` = TRUE, true = TRUE, True = TRUE, t = TRUE, `1` = TRUE, F = FALSE, `FALSE` = FALSE, false = FALSE, False = FALSE, f = FALSE, `0` = FALSE)[text] |> unname(),
    Date = suppressWarnings(as.Date(gsub("/", "-", text, fixed = TRUE), "%Y-%m-%d")),
    POSIXct = suppressWarnings(.iso_times(text, rules$tz)),
    number = suppressWarnings(as.numeric(parse_number_texts(text, rules))),
    difftime = as_hms(suppressWarnings(as.numeric(parse_clock(text)))))
}

# What a text column holds, where nobody says: dates, times of day, numbers with marks between their digits.
readr_guessed <- function(column, rules) {
  made <- readr_times(column)
  if (!is.character(made) || all(is.na(made))) return(made)
  held <- made[!is.na(made)]
  if (all(grepl("^[0-9]{1,2}:[0-5][0-9](:[0-5][0-9])?( ?[AaPp][Mm])?$", held))) return(as_hms(parse_clock(made)))
  if (rules$grouping_mark == "," && all(grepl("^-?[0-9]{1,3}(,[0-9]{3})*([.][0-9]*)?$", held))) return(as.numeric(gsub(",", "", made, fixed = TRUE)))
  made
}

# Seconds since midnight.
parse_clock <- function(text) {
  made <- rep(NA_real_, length(text))
  for (form in c("%I:%M:%S %p", "%I:%M %p", "%H:%M:%OS", "%H:%M")) {
    open <- is.na(made) & !is.na(text)
    made[open] <- as.numeric(as.POSIXct(paste("1970-01-01", trimws(text[open])), format = paste("%Y-%m-%d", form), tz = "UTC"))
  }
  made
}

# A column of categories: levels as given, else in the order in which they turn up.
readr_factor <- function(x, how) {
  text <- as.character(x)
  levels <- if (is.null(how$levels)) unique(text[!is.na(text)]) else how$levels
  unknown <- !is.na(text) & !(text %in% levels)
  if (any(unknown)) warning("One or more parsing issues: value in level set expected, ", sQuote(text[unknown][1L]), " found", call. = FALSE)
  factor(text, levels = c(levels, if (isTRUE(how$include_na) && anyNA(text)) NA), ordered = isTRUE(how$ordered), exclude = if (isTRUE(how$include_na)) NULL else NA)
}

# What the columns' kinds say beyond their names, by column.
readr_settings <- function(col_types) {
  types <- if (inherits(col_types, "readr_cols")) col_types$types else if (is.list(col_types)) col_types
  Filter(Negate(is.null), lapply(types, attr, "settings"))
}

# How numbers and texts are written where a file comes from.
locale <- function(date_names = "en", date_format = "%AD", time_format = "%AT", decimal_mark = ".", grouping_mark = NULL, tz = "UTC",
                   encoding = "UTF-8", asciify = FALSE) {
  .unsupported(date_names, date_format, time_format, asciify)
  if (is.null(grouping_mark)) grouping_mark <- if (decimal_mark == ".") "," else "."
  if (decimal_mark == grouping_mark) stop("`decimal_mark` and `grouping_mark` must be different", call. = FALSE)
  structure(list(decimal_mark = decimal_mark, grouping_mark = grouping_mark, tz = tz, encoding = encoding), class = "locale")
}

default_locale <- function() locale()

comma_locale <- function() locale(decimal_mark = ",")

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
  code <- c(c = "character", d = "numeric", n = "number", i = "integer", l = "logical", f = "factor", D = "Date",
            T = "POSIXct", t = "difftime", `_` = "NULL", `-` = "NULL", `?` = "NA")
  if (is.null(col_types)) return(NULL)
  if (is.character(col_types) && length(col_types) == 1L) return(unname(code[strsplit(col_types, "")[[1L]]]))
  spelt <- function(kinds) ifelse(kinds %in% names(code), code[kinds], kinds)
  if (inherits(col_types, "readr_cols")) {
    given <- unlist(col_types$types)
    default <- unname(spelt(as.vector(col_types$default)))
    if (length(given) == 0L && default == "NA") return(NULL)
    return(if (length(given)) structure(unname(spelt(given)), names = names(given)) else default)
  }
  given <- unlist(col_types)
  if (is.null(given)) NULL else structure(unname(spelt(given)), names = names(given))
}

cols <- function(..., .default = col_guess()) structure(list(types = list(...), default = .default), class = "readr_cols")

cols_only <- function(...) structure(list(types = list(...), default = "NULL"), class = "readr_cols")

col_guess <- function() "NA"

col_character <- function() "character"

col_double <- function() "numeric"

col_number <- function() "number"

col_integer <- function() "integer"

col_logical <- function() "logical"

col_factor <- function(levels = NULL, ordered = FALSE, include_na = FALSE)
  structure("factor", settings = list(kind = "factor", levels = levels, ordered = ordered, include_na = include_na))

col_date <- function(format = "") if (nzchar(format)) structure("Date", settings = list(kind = "Date", format = format)) else "Date"

col_datetime <- function(format = "") if (nzchar(format)) structure("POSIXct", settings = list(kind = "POSIXct", format = format)) else "POSIXct"

col_skip <- function() "NULL"

readr_selected <- function(made, columns, env) {
  if (is.null(columns)) return(made)
  at <- dp_positions(columns, names(made), dp_plain(made), env)
  chosen <- made[at]
  if (!is.null(names(at))) names(chosen)[nzchar(names(at))] <- names(at)[nzchar(names(at))]
  chosen
}

read_csv <- function(file, col_names = TRUE, col_types = NULL, col_select = NULL, id = NULL, locale = default_locale(), na = c("", "NA"),
                     quoted_na = TRUE, quote = "\"", comment = "", trim_ws = TRUE, skip = 0, n_max = Inf, guess_max = 1000, name_repair = "unique",
                     num_threads = 1, progress = FALSE, show_col_types = FALSE, skip_empty_rows = TRUE, lazy = FALSE) {
  .unsupported(quoted_na)
  made <- readr_frame(file, ",", col_names, col_types, na, skip, n_max, comment, quote, trim_ws, locale, id, name_repair, skip_empty_rows)
  readr_selected(made, substitute(col_select), parent.frame())
}

read_csv2 <- function(file, col_names = TRUE, col_types = NULL, col_select = NULL, id = NULL, locale = comma_locale(), na = c("", "NA"),
                      quoted_na = TRUE, quote = "\"", comment = "", trim_ws = TRUE, skip = 0, n_max = Inf, guess_max = 1000, name_repair = "unique",
                      num_threads = 1, progress = FALSE, show_col_types = FALSE, skip_empty_rows = TRUE, lazy = FALSE) {
  .unsupported(quoted_na)
  made <- readr_frame(file, ";", col_names, col_types, na, skip, n_max, comment, quote, trim_ws, locale, id, name_repair, skip_empty_rows)
  readr_selected(made, substitute(col_select), parent.frame())
}

read_tsv <- function(file, col_names = TRUE, col_types = NULL, col_select = NULL, id = NULL, locale = default_locale(), na = c("", "NA"),
                     quoted_na = TRUE, quote = "\"", comment = "", trim_ws = TRUE, skip = 0, n_max = Inf, guess_max = 1000, name_repair = "unique",
                     num_threads = 1, progress = FALSE, show_col_types = FALSE, skip_empty_rows = TRUE, lazy = FALSE) {
  .unsupported(quoted_na)
  made <- readr_frame(file, "\t", col_names, col_types, na, skip, n_max, comment, quote, trim_ws, locale, id, name_repair, skip_empty_rows)
  readr_selected(made, substitute(col_select), parent.frame())
}

read_delim <- function(file, delim = ",", quote = "\"", col_names = TRUE, col_types = NULL, col_select = NULL, id = NULL, locale = default_locale(), na = c("", "NA"),
                       quoted_na = TRUE, comment = "", trim_ws = FALSE, skip = 0, n_max = Inf, guess_max = 1000, name_repair = "unique",
                       num_threads = 1, progress = FALSE, show_col_types = FALSE, skip_empty_rows = TRUE, lazy = FALSE) {
  .unsupported(quoted_na)
  made <- readr_frame(file, delim, col_names, col_types, na, skip, n_max, comment, quote, trim_ws, locale, id, name_repair, skip_empty_rows)
  readr_selected(made, substitute(col_select), parent.frame())
}

read_table <- function(file, col_names = TRUE, col_types = NULL, locale = default_locale(), na = "NA", skip = 0, n_max = Inf, guess_max = 1000,
                       progress = FALSE, comment = "", show_col_types = FALSE, skip_empty_rows = TRUE)
  readr_frame(file, "", col_names, col_types, na, skip, n_max, comment, "\"", TRUE, locale, NULL, "unique", skip_empty_rows)

read_lines <- function(file, skip = 0, skip_empty_rows = FALSE, n_max = -1L, locale = default_locale(), na = character(), ...) {
  lines <- if (length(file) == 1L && grepl("\n", file, fixed = TRUE)) strsplit(file, "\n", fixed = TRUE)[[1L]]
  else if (is.character(file) && !identical(toupper(locale$encoding), "UTF-8")) {
    source <- base::file(file, encoding = locale$encoding)
    on.exit(close(source))
    readLines(source, warn = FALSE)
  } else readLines(file, warn = FALSE)
  if (skip > 0) lines <- lines[-seq_len(skip)]
  if (skip_empty_rows) lines <- lines[nzchar(lines)]
  lines[lines %in% na] <- NA
  if (n_max >= 0 && n_max < length(lines)) lines[seq_len(n_max)] else lines
}

read_file <- function(file, ...) if (length(file) == 1L && grepl("\n", file)) file else rawToChar(readBin(file, "raw", file.size(file)))

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

readr_quoted <- function(x, sep, quote = "needed", escape = "double") {
  for (k in seq_along(x)) {
    column <- x[[k]]
    if (is.logical(column) || is.numeric(column)) next
    text <- if (inherits(column, "POSIXct")) sub(" ", "T", paste0(format(column, tz = "UTC"), "Z"), fixed = TRUE) else as.character(column)
    text[is.na(column)] <- NA
    risky <- !is.na(text) & (quote == "all" | grepl(paste0("[\"\n", sep, "]"), text)) & quote != "none"
    around <- if (sep == "\t" && quote != "all") ifelse(grepl("[\t\n]", text[risky]), "\"", "") else "\""
    inner <- if (escape == "none") text[risky] else gsub("\"", if (escape == "double") "\"\"" else "\\\"", text[risky], fixed = TRUE)
    text[risky] <- paste0(around, inner, around)
    x[[k]] <- text
  }
  x
}

write_delim <- function(x, file, delim = " ", na = "NA", append = FALSE, col_names = !append, quote = c("needed", "all", "none"), escape = c("double", "backslash", "none"), ...) {
  quote <- match.arg(quote)
  escape <- match.arg(escape)
  data <- readr_quoted(dp_plain(as.data.frame(x)), delim, quote, escape)
  if (quote == "all") names(data) <- paste0("\"", names(data), "\"")
  write.table(data, file, sep = delim, na = na, append = append, row.names = FALSE, col.names = col_names, quote = FALSE)
  invisible(x)
}

write_csv <- function(x, file, na = "NA", append = FALSE, col_names = !append, ...)
  write_delim(x, file, ",", na, append, col_names, ...)

write_tsv <- function(x, file, na = "NA", append = FALSE, col_names = !append, ...)
  write_delim(x, file, "\t", na, append, col_names, ...)

parse_number <- function(x, na = c("", "NA"), locale = default_locale(), trim_ws = TRUE) {
  if (trim_ws) x <- trimws(x)
  x[x %in% na] <- NA
  readr_told(parse_number_texts(x, locale), x, "a number")
}

# The first number within a text.
parse_number_texts <- function(x, locale) {
  digits <- gsub(locale$grouping_mark, "", x, fixed = TRUE)
  if (locale$decimal_mark != ".") digits <- gsub(locale$decimal_mark, ".", digits, fixed = TRUE)
  found <- regmatches(digits, regexpr("-?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?", digits))
  answer <- rep(NA_real_, length(x))
  answer[grepl("[0-9]", digits)] <- as.numeric(found)
  answer
}

# Texts that were not read are told of by row, and stay with what was read.
readr_told <- function(made, text, expected) {
  failed <- which(is.na(made) & !is.na(text))
  if (!length(failed)) return(made)
  expected <- rep_len(expected, length(text))[failed]
  rows <- data.frame(row = failed, col = "--", expected = expected, actual = text[failed])
  many <- if (length(failed) > 1L) " parsing failures.\n" else " parsing failure.\n"
  warning(length(failed), many, paste(sub("^ ", "", capture.output(print(rows, row.names = FALSE))), collapse = "\n"), "\n", call. = FALSE)
  attr(made, "problems") <- tibble(row = failed, col = NA_integer_, expected = expected, actual = text[failed])
  made
}

# Texts without those that stand for missing values, and without blanks around them.
.readr_texts <- function(x, na, trim_ws) {
  x <- as.character(x)
  if (trim_ws) x <- trimws(x)
  x[x %in% na] <- NA
  x
}

parse_double <- function(x, na = c("", "NA"), locale = default_locale(), trim_ws = TRUE) {
  text <- .readr_texts(x, na, trim_ws)
  readr_told(readr_converted(text, "numeric", locale), text, ifelse(grepl("^[-+]?[0-9.]", text), "no trailing characters", "a double"))
}

parse_integer <- function(x, na = c("", "NA"), locale = default_locale(), trim_ws = TRUE)
{
  text <- .readr_texts(x, na, trim_ws)
  readr_told(readr_converted(text, "integer", locale), text, ifelse(grepl("^[-+]?[0-9]", text), "no trailing characters", "an integer"))
}

parse_logical <- function(x, na = c("", "NA"), locale = default_locale(), trim_ws = TRUE) {
  .unsupported(locale)
  text <- .readr_texts(x, na, trim_ws)
  readr_told(readr_converted(text, "logical", locale), text, "1/0/T/F/TRUE/FALSE")
}

parse_factor <- function(x, levels = NULL, ordered = FALSE, na = c("", "NA"), locale = default_locale(), include_na = TRUE, trim_ws = TRUE) {
  .unsupported(locale)
  text <- .readr_texts(x, na, trim_ws)
  readr_told(suppressWarnings(readr_factor(text, list(levels = levels, ordered = ordered, include_na = include_na && is.null(levels)))), text, "value in level set")
}

parse_date <- function(x, format = "", na = c("", "NA"), locale = default_locale(), trim_ws = TRUE) {
  .unsupported(locale)
  text <- .readr_texts(x, na, trim_ws)
  readr_told(if (nzchar(format)) as.Date(text, format) else readr_converted(text, "Date", locale), text, paste("date like", format))
}

read_rds <- function(file, ...) readRDS(file)

write_rds <- function(x, file, compress = c("none", "gz", "bz2", "xz"), version = 2, refhook = NULL, text = FALSE) {
  compress <- match.arg(compress)
  saveRDS(x, file, ascii = text, compress = if (compress == "none") FALSE else c(gz = "gzip", bz2 = "bzip2", xz = "xz")[[compress]], refhook = refhook)
  invisible(x)
}

format_csv <- function(x, na = "NA", append = FALSE, col_names = !append, ...) {
  lines <- capture.output(write.table(readr_quoted(dp_plain(as.data.frame(x)), ","), sep = ",", na = na, row.names = FALSE, col.names = col_names, quote = FALSE))
  paste0(lines, "\n", collapse = "")
}

type_convert <- function(df, col_types = NULL, na = c("", "NA"), trim_ws = TRUE, locale = default_locale(), guess_integer = FALSE) {
  .unsupported(locale, guess_integer)
  kinds <- readr_kinds(col_types)
  settings <- readr_settings(col_types)
  default <- if (inherits(col_types, "readr_cols")) readr_kinds(list(as.vector(col_types$default))) else "NA"
  for (name in names(df)) if (is.character(df[[name]])) {
    text <- if (trim_ws) trimws(df[[name]]) else df[[name]]
    kind <- if (is.null(kinds)) "NA" else if (is.null(names(kinds))) rep_len(kinds, ncol(df))[match(name, names(df))] else if (name %in% names(kinds)) kinds[[name]] else default
    if (kind != "NA") {
      text[text %in% na] <- NA
      df[[name]] <- if (kind == "character") text else if (kind == "factor") readr_factor(text, settings[[name]]) else readr_converted(text, kind, locale)
      next
    }
    made <- readr_times(type.convert(text, na.strings = na, as.is = TRUE))
    df[[name]] <- if (is.integer(made)) as.numeric(made) else made
  }
  df
}
