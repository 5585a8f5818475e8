# data.table's basics on data frames: DT[rows, columns or expressions, by], fread and fwrite.

data.table <- function(..., stringsAsFactors = FALSE, keep.rownames = FALSE, check.names = FALSE)
  as.data.table(data.frame(..., stringsAsFactors = stringsAsFactors, check.names = check.names), keep.rownames)

as.data.table <- function(x, keep.rownames = FALSE, ...) {
  rows <- if (is.data.frame(x)) row.names(x)
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

fread <- function(input, sep = "auto", header = "auto", stringsAsFactors = FALSE, data.table = TRUE, nrows = Inf, skip = 0, select = NULL, drop = NULL,
                  na.strings = c("NA", ""), ...) {
  lines <- readLines(input, n = skip + 1)
  if (sep == "auto") {
    counts <- vapply(c(",", "\t", ";", "|"), function(one) length(strsplit(lines[skip + 1], one, fixed = TRUE)[[1]]), 0L)
    sep <- names(counts)[which.max(counts)]
  }
  if (identical(header, "auto")) header <- !any(grepl("^\"?-?[0-9.]+\"?$", strsplit(lines[skip + 1], sep, fixed = TRUE)[[1]]))
  made <- read.table(input, sep = sep, header = header, stringsAsFactors = stringsAsFactors, nrows = if (is.finite(nrows)) nrows else -1, skip = skip,
                     na.strings = na.strings, quote = "\"", comment.char = "", check.names = FALSE)
  if (!is.null(select)) made <- made[select]
  if (!is.null(drop)) made <- made[setdiff(names(made), if (is.numeric(drop)) names(made)[drop] else drop)]
  if (data.table) as.data.table(made) else made
}

fwrite <- function(x, file = "", sep = ",", col.names = TRUE, row.names = FALSE, quote = FALSE, na = "", ...)
  write.table(as.data.frame(x), file, sep = sep, col.names = col.names, row.names = row.names, quote = quote, na = na)

setnames <- function(x, old, new) {
  label <- substitute(x)
  if (missing(new)) names(x) <- old
  else names(x)[if (is.numeric(old)) old else match(old, names(x))] <- new
  if (is.symbol(label)) assign(as.character(label), x, envir = parent.frame())
  invisible(x)
}

setkey <- function(x, ...) {
  columns <- vapply(as.list(substitute(list(...)))[-1], as.character, "")
  label <- substitute(x)
  if (length(columns)) x <- x[do.call(order, unname(as.list(as.data.frame(x)[columns]))), ]
  attr(x, "sorted") <- columns
  if (is.symbol(label)) assign(as.character(label), x, envir = parent.frame())
  invisible(x)
}

setorder <- function(x, ...) {
  label <- substitute(x)
  keys <- lapply(as.list(substitute(list(...)))[-1], function(tree) {
    down <- is.call(tree) && identical(tree[[1]], as.name("-"))
    values <- xtfrm(x[[as.character(if (down) tree[[2]] else tree)]])
    if (down) -values else values
  })
  x <- as.data.table(as.data.frame(x)[do.call(order, keys), , drop = FALSE])
  if (is.symbol(label)) assign(as.character(label), x, envir = parent.frame())
  invisible(x)
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

uniqueN <- function(x, ...) length(unique(x))

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

.data_table_words <- function(part) {
  words <- as.list(part)
  words$.N <- nrow(part)
  words$.SD <- part
  words$.I <- seq_len(nrow(part))
  words
}

`[.data.table` <- function(x, i, j, by, keyby, with = TRUE, .SDcols, ...) {
  frame <- as.data.frame(x)
  class(frame) <- "data.frame"
  env <- parent.frame()
  again <- function(made) as.data.table(made)
  if (!missing(i)) {
    rows <- substitute(i)
    found <- if (is.call(rows) && identical(rows[[1]], as.name("order"))) eval(rows, frame, env) else eval(rows, .data_table_words(frame), env)
    if (is.logical(found)) found <- which(found)
    chosen <- found
  } else chosen <- seq_len(nrow(frame))
  if (missing(j)) return(again(frame[chosen, , drop = FALSE]))
  what <- substitute(j)
  if (is.call(what) && identical(what[[1]], as.name(":="))) return(.data_table_assigned(frame, chosen, what, substitute(by), missing(by), env, substitute(x), env, if (!missing(.SDcols)) .SDcols))
  frame <- frame[chosen, , drop = FALSE]
  if (!with || (is.call(what) && identical(what[[1]], as.name("-"))) || is.character(what) || is.numeric(what)) {
    columns <- eval(what, env)
    return(again(frame[columns]))
  }
  if (is.symbol(what) && startsWith(as.character(what), "..")) return(again(frame[get(substring(as.character(what), 3), envir = env)]))
  if (is.call(what) && identical(what[[1]], as.name("c")) && all(vapply(as.list(what)[-1], is.character, TRUE))) return(again(frame[eval(what)]))
  if (is.call(what) && identical(what[[1]], as.name("."))) what[[1]] <- as.name("list")
  columns_of_part <- if (!missing(.SDcols)) .SDcols
  labelled <- is.call(what) && identical(what[[1]], as.name("list"))
  value <- function(part) {
    words <- .data_table_words(part)
    if (!is.null(columns_of_part)) words$.SD <- part[columns_of_part]
    made <- eval(what, words, env)
    if (!is.list(made)) return(if (labelled) list(made) else made)
    names <- names(made)
    if (labelled) {
      given <- vapply(as.list(what)[-1], function(tree) if (is.symbol(tree)) as.character(tree) else "", "")
      if (is.null(names)) names <- rep("", length(made))
      names <- ifelse(nzchar(names), names, ifelse(nzchar(given), given, paste0("V", seq_along(made))))
    }
    names(made) <- names
    made
  }
  groups <- if (!missing(by)) substitute(by) else if (!missing(keyby)) substitute(keyby)
  if (is.null(groups)) {
    made <- value(frame)
    return(if (is.list(made)) again(as.data.frame(made, stringsAsFactors = FALSE)) else made)
  }
  keys <- .data_table_groups(groups, frame, env)
  id <- do.call(paste, c(lapply(keys, as.character), sep = "\r"))
  order <- unique(id)
  if (!missing(keyby)) order <- order[do.call(order_of, lapply(keys, function(key) key[match(order, id)]))]
  parts <- lapply(order, function(one) {
    rows <- which(id == one)
    made <- value(frame[rows, , drop = FALSE])
    if (!is.list(made)) made <- list(V1 = made)
    cbind(as.data.frame(lapply(keys, function(key) key[rows[1]]), stringsAsFactors = FALSE), as.data.frame(made, stringsAsFactors = FALSE))
  })
  again(do.call(rbind, parts))
}

order_of <- function(...) order(...)

.data_table_groups <- function(tree, frame, env) {
  if (is.character(tree)) return(frame[tree])
  if (is.symbol(tree)) return(frame[as.character(tree)])
  if (as.character(tree[[1]]) %in% c(".", "list")) {
    parts <- as.list(tree)[-1]
    names <- names(parts)
    if (is.null(names)) names <- rep("", length(parts))
    names <- ifelse(nzchar(names), names, vapply(parts, deparse1, ""))
    return(setNames(lapply(parts, eval, frame, env), names))
  }
  frame[eval(tree, env)]
}

# `:=` changes the columns of the table itself: the variable that holds it is assigned anew.
.data_table_assigned <- function(frame, chosen, what, groups, whole, env, label, place, columns_of_part = NULL) {
  left <- what[[2]]
  if (is.null(names(what)) || !nzchar(names(what)[2])) {
    names <- if (is.symbol(left)) as.character(left) else eval(left, env)
    tree <- what[[3]]
    if (is.call(tree) && identical(tree[[1]], as.name("."))) tree[[1]] <- as.name("list")
  } else {
    names <- names(what)[-1]
    tree <- as.call(c(as.name("list"), as.list(what)[-1]))
  }
  ids <- if (whole) rep(1L, length(chosen)) else as.integer(factor(do.call(paste, lapply(.data_table_groups(groups, frame[chosen, , drop = FALSE], env), as.character))))
  groups_of_rows <- if (length(chosen)) split(chosen, ids) else list(integer())
  parts <- lapply(groups_of_rows, function(rows) {
    words <- .data_table_words(frame[rows, , drop = FALSE])
    words$.I <- rows
    if (!is.null(columns_of_part)) words$.SD <- words$.SD[columns_of_part]
    made <- eval(tree, words, env)
    if (is.list(made)) made else list(made)
  })
  for (k in seq_along(names)) {
    pieces <- lapply(parts, function(part) if (length(part)) part[[(k - 1L) %% length(part) + 1L]])
    if (!length(pieces)) next
    first <- pieces[[1L]]
    if (is.null(first)) {
      frame[[names[k]]] <- NULL
      next
    }
    # A column that is written whole is another one, of another type, too.
    if (whole && identical(as.integer(chosen), seq_len(nrow(frame)))) {
      frame[[names[k]]] <- rep_len(first, nrow(frame))
      next
    }
    if (is.null(frame[[names[k]]])) frame[[names[k]]] <- rep(first[NA_integer_], nrow(frame))
    for (at in seq_along(pieces)) frame[[names[k]]][groups_of_rows[[at]]] <- pieces[[at]]
  }
  made <- as.data.table(frame)
  if (is.symbol(label)) assign(as.character(label), made, envir = place)
  invisible(made)
}

print.data.table <- function(x, ...) {
  shown <- as.data.frame(x)
  class(shown) <- "data.frame"
  if (!nrow(shown)) {
    cat("Empty data.table (0 rows and ", ncol(shown), " cols)\n", sep = "")
    return(invisible(x))
  }
  if (nrow(shown) > 100) {
    part <- shown[c(1:5, nrow(shown) - 4:0), , drop = FALSE]
    text <- as.matrix(format(part))
    rownames(text) <- paste0(c(1:5, nrow(shown) - 4:0), ":")
    text <- rbind(text[1:5, , drop = FALSE], `---` = "", text[6:10, , drop = FALSE])
  } else {
    text <- as.matrix(format(shown))
    rownames(text) <- paste0(format(seq_len(nrow(shown))), ":")
  }
  print(text, quote = FALSE, right = TRUE)
  invisible(x)
}

as.data.frame.data.table <- function(x, ...) {
  class(x) <- "data.frame"
  x
}
