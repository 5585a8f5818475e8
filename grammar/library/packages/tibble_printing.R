# Tibbles as text: the parts of each column, the table, and a glimpse with one line for each column.

tibble_type <- function(column, plain = FALSE) {
  kind <- if (is.factor(column)) if (is.ordered(column)) "ord" else "fct"
  else if (inherits(column, "Date")) "date"
  else if (inherits(column, "POSIXct")) "dttm"
  else if (inherits(column, "hms")) "time"
  else if (inherits(column, "difftime")) "drtn"
  else if (inherits(column, c("Period", "Duration", "Interval", "glue"))) class(column)[class(column) %in% c("Period", "Duration", "Interval", "glue")][1L]
  else if (inherits(column, "tbl_df")) "tibble"
  else if (is.data.frame(column)) "df"
  else if (inherits(column, "vctrs_list_of")) paste0("list<", tibble_type(attr(column, "ptype"), plain = TRUE), if (is.data.frame(attr(column, "ptype"))) paste0("[,", length(attr(column, "ptype")), "]"), ">")
  else if (is.object(column) && (is.list(column) || is.language(column))) class(column)[1L]
  else if (is.function(column)) "fn"
  else if (is.environment(column)) "env"
  else switch(typeof(column), double = "dbl", integer = "int", character = "chr", logical = "lgl", complex = "cpl",
              symbol = "sym", language = "language", raw = "raw", list = "list", typeof(column))
  if (plain) kind else paste0("<", kind, ">")
}

tibble_element <- function(one) {
  if (is.null(one)) return("<NULL>")
  if (inherits(one, "rsplit")) return(tibble_split(one))
  kind <- if (is.list(one) && !is.object(one) && !is.null(names(one))) "named list" else tibble_type(one, plain = TRUE)
  sized <- !is.null(dim(one)) || is.atomic(one) || is.list(one) && !is.object(one)
  if (!sized) return(paste0("<", kind, ">"))
  size <- if (is.null(dim(one))) format(length(one), big.mark = ",") else paste(format(dim(one), big.mark = ",", trim = TRUE), collapse = " \u00d7 ")
  paste0("<", kind, " [", size, "]>")
}

tibble_cells <- function(column) {
  if (inherits(column, "vctrs_list_of")) return(vapply(column, function(one) if (is.null(one)) "<NULL>" else sub("^<.* (\\[.*\\])>$", "\\1", tibble_element(one)), ""))
  if (is.list(column)) return(vapply(column, tibble_element, ""))
  if (is.character(column) || is.factor(column) || is.logical(column)) return(as.character(column))
  # Moments keep their time of day at midnight, too.
  ifelse(is.na(column), "NA", if (inherits(column, "POSIXct")) format(column, "%Y-%m-%d %H:%M:%S") else format(column))
}

tibble_name <- function(name) if (identical(make.names(name), name)) name else paste0("`", name, "`")

tibble_pillar <- function(column, title, label) {
  if (is.data.frame(column)) {
    heads <- paste0(c(title, rep("", length(column) - 1L)), "$", vapply(names(column), tibble_name, ""))
    return(unlist(Map(function(part, head) tibble_pillar(part, head, label), unclass(column)[names(column)], heads), recursive = FALSE, use.names = FALSE))
  }
  if (is.matrix(column)) {
    labels <- if (is.null(colnames(column))) seq_len(ncol(column)) else paste0("\"", colnames(column), "\"")
    heads <- paste0(c(title, rep("", ncol(column) - 1L)), "[,", labels, "]")
    attributes(column) <- list(dim = dim(column))
    return(unlist(lapply(seq_len(ncol(column)), function(k) tibble_pillar(column[, k], heads[k], label)), recursive = FALSE))
  }
  numeric <- is.numeric(column) && (!is.object(column) || !inherits(column, c("factor", "Date", "POSIXct", "difftime", "Period", "Duration", "Interval")))
  values <- if (numeric) {
    attributes(column) <- NULL
    column
  } else tibble_cells(column)
  if (is.logical(column)) values[is.na(values)] <- "NA"
  side <- if (is.character(column)) "text" else if (is.factor(column)) "cut" else if (inherits(column, "vctrs_list_of")) "plain" else if (is.list(column)) "list" else "left"
  list(list(title, tibble_type(column), label, side, values))
}

print.tbl_df <- function(x, ..., n = NULL, width = NULL, max_extra_cols = NULL) {
  rows <- nrow(x)
  option <- function(name, otherwise) {
    given <- getOption(paste0("pillar.", name))
    if (is.null(given)) given <- getOption(paste0("tibble.", name))
    if (is.null(given)) otherwise else given
  }
  if (is.null(n)) n <- if (rows > option("print_max", 20L)) option("print_min", 10L) else rows
  if (is.null(width)) width <- option("width", getOption("width"))
  n <- as.integer(min(n, rows))
  if (is.null(max_extra_cols)) max_extra_cols <- option("max_extra_cols", 100L)
  cat("# A tibble: ", format(rows, big.mark = ","), " \u00d7 ", format(ncol(x), big.mark = ","), "\n", sep = "")
  if (inherits(x, "rowwise_df")) cat("# Rowwise: ", if (length(attr(x, "groups"))) " ", paste(attr(x, "groups"), collapse = ", "), "\n", sep = "")
  else if (length(attr(x, "groups"))) {
    cat("# Groups:   ", paste(attr(x, "groups"), collapse = ", "), " [", format(length(dp_rows(x)), big.mark = ","), "]\n", sep = "")
  }
  if (ncol(x) == 0L) return(invisible(x))
  part <- dp_take(dp_plain(x), seq_len(n))
  names <- vapply(names(x), tibble_name, "", USE.NAMES = FALSE)
  labels <- paste0(names, "\u00a0", vapply(part, tibble_type, ""))
  pillars <- unlist(Map(tibble_pillar, unclass(part)[seq_along(part)], names, labels), recursive = FALSE, use.names = FALSE)
  lines <- tibble_lines(pillars, n, rows, width, getOption("width"), option("sigfig", 3), max_extra_cols)
  writeLines(gsub("\u00a0", " ", lines, fixed = TRUE))
  invisible(x)
}

# An element of a list in a glimpse: values between signs, tables by their size.
tibble_glimpse <- function(one) {
  if (is.null(one)) return("<NULL>")
  if (is.atomic(one) && !is.factor(one) && is.null(dim(one))) {
    shown <- if (is.character(one)) ifelse(is.na(one), "NA", encodeString(one, quote = "\"")) else format(one, trim = TRUE, digits = 7)
    return(if (length(one) == 1L) shown else paste0("<", paste(shown, collapse = ", "), ">"))
  }
  if (is.list(one) && !is.object(one)) return(paste0("[", paste(vapply(one, tibble_glimpse, ""), collapse = ", "), "]"))
  paste0("[", tibble_element(one), "]")
}

glimpse <- function(x, width = NULL, ...) {
  if (!is.data.frame(x)) {
    str(x)
    return(invisible(x))
  }
  limit <- if (is.null(width)) getOption("width") else width
  cat("Rows: ", format(nrow(x), big.mark = ","), "\n", sep = "")
  cat("Columns: ", format(ncol(x), big.mark = ","), "\n", sep = "")
  if (length(attr(x, "groups"))) cat("Groups: ", paste(attr(x, "groups"), collapse = ", "), " [", length(dp_rows(x)), "]\n", sep = "")
  titles <- vapply(names(x), tibble_name, "", USE.NAMES = FALSE)
  titles <- formatC(titles, width = -max(nchar(titles), 0L))
  types <- vapply(x, tibble_type, "", USE.NAMES = FALSE)
  for (k in seq_along(x)) {
    column <- x[[k]]
    column <- if (is.null(dim(column))) column[seq_len(min(length(column), max(limit - nchar(titles[k]) - nchar(types[k]), 0L) %/% 3L + 1L))] else column
    values <- if (is.character(column)) ifelse(is.na(column), "NA", encodeString(column, quote = "\""))
    else if (is.factor(column)) as.character(column)
    else if (is.data.frame(column)) tibble_element(column)
    else if (is.list(column)) vapply(column, tibble_glimpse, "")
    else if (inherits(column, c("Date", "POSIXct"))) format(column)
    else format(column, trim = TRUE, digits = 7)
    line <- paste0("$ ", titles[k], " ", types[k], " ", paste(values, collapse = ", "))
    if (nchar(line) >= limit) line <- paste0(substr(line, 1L, limit - 2L), "\u2026")
    cat(line, "\n", sep = "")
  }
  invisible(x)
}
