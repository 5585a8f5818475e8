# data.table's basics on data frames: DT[rows, columns or expressions, by], fread and fwrite.

data.table <- function(..., keep.rownames = FALSE, check.names = FALSE, key = NULL, stringsAsFactors = FALSE) {
  values <- list(...)
  .unsupported(keep.rownames, "as.data.table() keeps them")
  if (!length(values)) return(structure(list(), names = character(), class = c("data.table", "data.frame"), row.names = integer()))
  trees <- eval(substitute(alist(...)))
  labels <- if (is.null(names(values))) rep("", length(values)) else names(values)
  columns <- list()
  for (k in seq_along(values)) {
    value <- values[[k]]
    if (is.data.frame(value) || is.matrix(value) || is.list(value) && !is.null(names(value)) && !nzchar(labels[k])) {
      part <- if (is.data.frame(value)) as.list(value) else as.list(as.data.frame(value))
      if (is.matrix(value) && is.null(colnames(value))) names(part) <- paste0("V", seq_along(part))
      if (nzchar(labels[k]) && !is.data.frame(value)) names(part) <- paste(labels[k], names(part), sep = ".")
      columns <- c(columns, part)
    } else {
      label <- if (nzchar(labels[k])) labels[k] else if (is.symbol(trees[[k]])) as.character(trees[[k]]) else paste0("V", k)
      columns <- c(columns, setNames(list(if (is.atomic(value) && is.null(dim(value))) unname(value) else value), label))
    }
  }
  sizes <- lengths(columns)
  size <- if (any(sizes == 0L) && all(sizes < 2L)) 0L else max(sizes)
  for (k in which(sizes != size)) {
    if (sizes[k] != 1L) stop("Item ", k, " has ", sizes[k], " rows but longest item has ", size, "; recycled with remainder.", call. = FALSE)
    columns[[k]] <- rep_len(columns[[k]], size)
  }
  if (stringsAsFactors) columns <- lapply(columns, function(column) if (is.character(column)) factor(column) else column)
  if (check.names) names(columns) <- make.names(names(columns), unique = TRUE)
  made <- .as_table(columns, size)
  if (!is.null(key)) setkeyv(made, if (length(key) == 1L) strsplit(key, ",")[[1L]] else key)
  made
}

# Columns of one length as a table.
.as_table <- function(columns, size = if (length(columns)) NROW(columns[[1L]]) else 0L)
  structure(columns, names = if (length(columns)) names(columns) else character(), class = c("data.table", "data.frame"), row.names = .set_row_names(size))

.plain_frame <- function(x) {
  class(x) <- "data.frame"
  attr(x, "sorted") <- NULL
  attr(x, "row.names") <- .set_row_names(if (length(x)) NROW(x[[1L]]) else 0L)
  x
}

as.data.table <- function(x, keep.rownames = FALSE, ...) {
  rows <- if (is.data.frame(x)) row.names(x)
  if (is.table(x)) {
    x <- as.data.frame(x, stringsAsFactors = FALSE)
    names(x)[length(x)] <- "N"
    if (length(x) == 2L) names(x)[1L] <- "V1"
  } else if (is.list(x) && !is.data.frame(x)) return(do.call(data.table, x))
  else if (is.atomic(x) && is.null(dim(x))) return(data.table(V1 = x))
  x <- as.data.frame(x, stringsAsFactors = FALSE)
  if (!isFALSE(keep.rownames)) x <- cbind(setNames(data.frame(rows, stringsAsFactors = FALSE), if (is.character(keep.rownames)) keep.rownames else "rn"), x)
  row.names(x) <- NULL
  structure(x, class = c("data.table", "data.frame"))
}

is.data.table <- function(x) inherits(x, "data.table")

setDT <- function(x, ...) {
  made <- as.data.table(x)
  assign(deparse(substitute(x)), made, envir = parent.frame())
  invisible(made)
}

setDF <- function(x, ...) {
  made <- as.data.frame(x)
  class(made) <- "data.frame"
  assign(deparse(substitute(x)), made, envir = parent.frame())
  invisible(made)
}

fread <- function(input, file = NULL, text = NULL, sep = "auto", header = "auto", stringsAsFactors = FALSE, data.table = TRUE, nrows = Inf, skip = 0, select = NULL, drop = NULL,
                  na.strings = "NA", colClasses = NULL, col.names = NULL, ...) {
  if (!is.null(file)) input <- file
  # A text of several lines is the table itself.
  if (is.null(text) && length(input) == 1L && grepl("\n", input)) text <- input
  if (!is.null(text)) {
    input <- tempfile()
    on.exit(unlink(input))
    writeLines(text, input)
  }
  lines <- readLines(input, n = skip + 1)
  if (sep == "auto") {
    counts <- vapply(c(",", "\t", ";", "|", " "), function(one) length(strsplit(lines[skip + 1], one, fixed = TRUE)[[1]]), 0L)
    sep <- names(counts)[which.max(counts)]
  }
  if (identical(header, "auto")) header <- !any(grepl("^\"?-?[0-9.]+\"?$", strsplit(lines[skip + 1], sep, fixed = TRUE)[[1]]))
  if (sep == " ") sep <- ""
  made <- read.table(input, sep = sep, colClasses = if (is.null(colClasses)) NA else colClasses, fill = TRUE, header = header, stringsAsFactors = stringsAsFactors, nrows = if (is.finite(nrows)) nrows else -1, skip = skip,
                     na.strings = na.strings, quote = "\"", comment.char = "", check.names = FALSE)
  # Of texts an empty field is a text, of numbers a gap.
  if (!header) names(made) <- paste0("V", seq_along(made))
  if (!is.null(col.names)) names(made) <- col.names
  if (!is.null(select)) made <- made[select]
  if (!is.null(drop)) made <- made[setdiff(names(made), if (is.numeric(drop)) names(made)[drop] else drop)]
  if (data.table) as.data.table(made) else made
}

fwrite <- function(x, file = "", sep = ",", col.names = TRUE, row.names = FALSE, quote = "auto", na = "", ...)
  write.table(if (identical(quote, "auto")) readr_quoted(.plain_frame(as.data.table(x)), sep) else as.data.frame(x), file, sep = sep, col.names = col.names, row.names = row.names, quote = isTRUE(quote), na = na)

setnames <- function(x, old, new, skip_absent = FALSE) {
  made <- x
  if (missing(new)) names(made) <- if (is.function(old)) old(names(x)) else old
  else {
    if (is.function(new)) new <- new(if (is.numeric(old)) names(x)[old] else old)
    at <- if (is.numeric(old)) old else match(old, names(x))
    if (anyNA(at) && !skip_absent) stop("Items of 'old' not found in column names: [", paste(old[is.na(at)], collapse = ", "), "]. Consider skip_absent=TRUE.", call. = FALSE)
    names(made)[at[!is.na(at)]] <- new[!is.na(at)]
    # The key is of columns that have other names now.
    held <- attr(x, "sorted")
    if (!is.null(held)) attr(made, "sorted") <- names(made)[match(held, names(x))]
  }
  .changed_in_place(x, made)
}

setkey <- function(x, ...) {
  columns <- vapply(as.list(substitute(list(...)))[-1], as.character, "")
  if (!length(columns)) columns <- if (...length()) character() else names(x)
  .changed_in_place(x, .keyed(x, columns))
}

# The rows in order of some columns, which are the key from then on.
.keyed <- function(x, columns) {
  plain <- .plain_frame(x)
  lost <- setdiff(columns, names(plain))
  if (length(lost)) stop("some columns are not in the data.table: ", paste(lost, collapse = ","), call. = FALSE)
  made <- .rows_of(plain, do.call(order, c(unname(lapply(plain[columns], .c_ordered)), list(na.last = FALSE))))
  attr(made, "sorted") <- columns
  made
}

# Texts in the order of their bytes, as keys have them.
.c_ordered <- function(x) if (is.character(x)) match(x, sort(unique(x), method = "radix")) else xtfrm(x)

.rows_of <- function(plain, at) {
  if (!length(plain)) return(.as_table(list(), 0L))
  .as_table(lapply(plain, function(column) if (is.matrix(column)) column[at, , drop = FALSE] else column[at]), length(at))
}

setorder <- function(x, ..., na.last = FALSE) {
  plain <- .plain_frame(x)
  keys <- lapply(as.list(substitute(list(...)))[-1], function(tree) {
    down <- is.call(tree) && identical(tree[[1]], as.name("-"))
    values <- .c_ordered(plain[[as.character(if (down) tree[[2]] else tree)]])
    if (down) -values else values
  })
  .changed_in_place(x, .rows_of(plain, do.call(order, c(unname(keys), list(na.last = na.last)))))
}

rbindlist <- function(l, use.names = "check", fill = FALSE, idcol = NULL) {
  parts <- Filter(length, lapply(l, as.data.frame))
  widths <- lengths(parts)
  if (!fill && length(unique(widths)) > 1L) {
    other <- which(widths != widths[1L])[1L]
    stop("Item ", other, " has ", widths[other], " columns, inconsistent with item 1 which has ", widths[1L], " columns. To fill missing columns use fill=TRUE.")
  }
  if (identical(use.names, "check") && !fill) use.names <- all(vapply(parts, function(part) setequal(names(part), names(parts[[1L]])), NA))
  if (isFALSE(use.names)) parts <- lapply(parts, function(part) setNames(part, names(parts[[1L]])))
  made <- as.data.table(if (fill) bind_rows(parts) else do.call(rbind, unname(parts)))
  if (is.null(idcol) || isFALSE(idcol)) return(made)
  tags <- if (is.null(names(l))) seq_along(l) else names(l)
  lead <- data.frame(rep(tags[lengths(l) > 0L], vapply(parts, nrow, 0L)), stringsAsFactors = FALSE)
  as.data.table(cbind(setNames(lead, if (is.character(idcol)) idcol else ".id"), made))
}

uniqueN <- function(x, by = names(x), na.rm = FALSE) {
  if (is.data.frame(x)) return(sum(!duplicated(.plain_frame(x)[by])))
  if (na.rm) x <- x[!is.na(x)]
  length(unique(x))
}

.shifted <- function(x, n, fill, type) {
  size <- length(x)
  if (type == "cyclic") return(x[(seq_len(size) - 1L - n) %% max(size, 1L) + 1L])
  back <- if (type == "lead") -n else n
  gap <- rep(fill, min(abs(back), size))
  if (back >= 0) c(gap, head(x, max(size - back, 0))) else c(tail(x, max(size + back, 0)), gap)
}

# Columns and numbers of places make a list of answers, each number in turn for each column.
shift <- function(x, n = 1L, fill = NA, type = c("lag", "lead", "shift", "cyclic"), give.names = FALSE) {
  type <- match.arg(type)
  if (!is.list(x) && length(n) == 1L && !give.names) return(.shifted(x, n, fill, type))
  columns <- if (is.list(x)) as.list(x) else list(x)
  made <- do.call(c, lapply(unname(columns), function(column) lapply(n, function(one) .shifted(column, one, fill, type))))
  if (!give.names) return(made)
  labels <- if (is.null(names(columns))) paste0("V", seq_along(columns)) else names(columns)
  setNames(made, paste(rep(labels, each = length(n)), type, n, sep = "_"))
}

as.data.frame.data.table <- function(x, ...) .plain_frame(x)
