# DT[i, j, by]: rows by numbers, conditions and the rows of other tables; columns, expressions and assignments by group.

`[.data.table` <- function(x, i, j, by, keyby, with = TRUE, nomatch = NA, mult = "all", .SDcols, on = NULL, ...) {
  held <- attr(x, "sorted")
  frame <- .plain_frame(x)
  env <- parent.frame()
  beside <- list()
  keys <- NULL
  groups <- if (!missing(by)) substitute(by) else if (!missing(keyby)) substitute(keyby)
  what <- if (missing(j)) NULL else substitute(j)
  assigns <- is.call(what) && identical(what[[1L]], as.name(":="))
  if (missing(i)) chosen <- seq_len(nrow(frame))
  else {
    tree <- substitute(i)
    apart <- is.call(tree) && (identical(tree[[1L]], as.name("!")) || identical(tree[[1L]], as.name("-")) && length(tree) == 2L)
    found <- .data_table_rows_asked(if (apart) tree[[2L]] else tree, frame, env)
    if (is.character(found) || is.list(found)) {
      columns <- .data_table_on(substitute(on), env, held, found)
      other <- if (is.data.frame(found)) .plain_frame(found) else structure(as.list(if (is.list(found)) found else list(found)), names = NULL)
      if (!is.data.frame(other)) other <- .plain_frame(.as_table(setNames(lapply(other, rep_len, max(lengths(other))), columns$right <- columns$left[seq_along(other)]), max(lengths(other))))
      columns$left <- columns$left[seq_along(columns$right)]
      if (apart) chosen <- which(!(.data_table_codes(frame, columns$left) %in% .data_table_codes(other, columns$right)))
      else {
        met <- .data_table_met(frame, other, columns, if (is.null(nomatch) || identical(as.integer(nomatch), 0L)) 0L else NA_integer_, mult)
        chosen <- met$here
        keys <- met$there
        rest <- setdiff(names(other), columns$right)
        beside <- lapply(other[rest], `[`, keys)
        both <- rest %in% names(frame)
        names(beside)[both] <- paste0("i.", rest[both])
        if (!assigns) {
          # Of the columns that are met the other table's values are shown: it has them for rows that are not here.
          joined <- .plain_frame(.rows_of(frame, chosen))
          for (k in seq_along(columns$left)) joined[[columns$left[k]]] <- other[[columns$right[k]]][keys]
          alone <- names(frame)
          frame <- if (is.data.frame(found)) .plain_frame(.as_table(c(as.list(joined), beside), length(chosen))) else joined
          chosen <- seq_len(length(keys))
          if (is.null(what)) return(.rows_of(frame, chosen))
        } else {
          known <- !is.na(chosen)
          beside <- lapply(beside, `[`, known)
          chosen <- chosen[known]
        }
      }
    } else {
      if (is.logical(found)) found <- if (apart) which(!found) else which(found)
      else if (apart) found <- seq_len(nrow(frame))[-found]
      chosen <- if (any(found < 0, na.rm = TRUE)) seq_len(nrow(frame))[found] else found[is.na(found) | found != 0]
    }
  }
  if (is.null(what)) {
    made <- .rows_of(frame, chosen)
    if (!is.null(held) && !is.unsorted(chosen)) attr(made, "sorted") <- held
    return(made)
  }
  columns_of_part <- if (!missing(.SDcols)) .data_table_columns(substitute(.SDcols), frame, env)
  if (assigns) return(.data_table_assigned(x, frame, chosen, what, groups, env, columns_of_part, beside, held))
  picked <- .data_table_picked(what, frame, env, with)
  if (!is.null(picked)) return(.rows_of(frame[picked], chosen))
  if (is.call(what) && identical(what[[1L]], as.name("."))) what[[1L]] <- as.name("list")
  value <- function(rows, group = 1L, by = NULL) eval(what, .data_table_words(frame, rows, columns_of_part, group, by), env)
  if (is.null(groups)) {
    made <- value(chosen)
    if (!is.list(made)) return(made)
    if (is.data.frame(made)) return(if (is.data.table(made)) made else as.data.table(made))
    names(made) <- .data_table_names(what, made)
    return(do.call(data.table, c(unname_bare(made), list(check.names = FALSE))))
  }
  each <- is.symbol(groups) && identical(as.character(groups), ".EACHI")
  heads <- if (each) frame[columns$left] else .data_table_groups(groups, frame, env)
  heads <- lapply(heads, `[`, chosen)
  ids <- if (each) as.integer(factor(keys, unique(keys))) else .data_table_ids(heads)
  parts <- split(seq_along(chosen), ids)
  if (!missing(keyby) && length(parts)) parts <- parts[do.call(order, c(unname(lapply(heads, function(head) .c_ordered(head)[vapply(parts, `[`, 0L, 1L)])), list(na.last = FALSE)))]
  # What is grouped by is not among the columns of a group.
  own <- if (is.null(columns_of_part)) setdiff(names(frame), names(heads)) else columns_of_part
  columns_of_part <- own
  first <- vapply(parts, `[`, 0L, 1L)
  answers <- lapply(seq_along(parts), function(g) {
    rows <- chosen[parts[[g]]]
    # A row of the other table that met none is a group without rows of this one.
    if (each && anyNA(met$here[parts[[g]]])) rows <- integer()
    made <- value(rows, g, lapply(heads, `[`, first[g]))
    if (is.list(made)) made else if (is.null(made)) NULL else list(made)
  })
  kept <- !vapply(answers, is.null, NA)
  answers <- answers[kept]
  labels <- if (length(answers)) .data_table_names(what, answers[[1L]]) else character()
  sizes <- vapply(answers, function(one) if (length(one)) max(lengths(one)) else 0L, 0L)
  columns <- lapply(seq_along(labels), function(k) {
    pieces <- lapply(seq_along(answers), function(g) {
      piece <- answers[[g]][[k]]
      if (length(piece) == sizes[g]) unname(piece) else if (length(piece)) rep_len(unname(piece), sizes[g]) else rep(NA, sizes[g])
    })
    tidy_joined(pieces)
  })
  made <- .as_table(c(lapply(heads, function(head) rep(head[first[kept]], sizes)), setNames(columns, labels)), sum(sizes))
  if (!missing(keyby)) attr(made, "sorted") <- names(heads)
  made
}

unname_bare <- function(values) lapply(values, function(value) if (is.atomic(value) && is.null(dim(value))) unname(value) else value)

# i of DT[i]: `.()` and J() make a list, and what is not found is told with the columns there are.
.data_table_rows_asked <- function(tree, frame, env) {
  if (is.call(tree) && (identical(tree[[1L]], as.name(".")) || identical(tree[[1L]], as.name("J")))) tree[[1L]] <- as.name("list")
  ordering <- is.call(tree) && identical(tree[[1L]], as.name("order"))
  if (ordering) {
    keys <- lapply(as.list(tree)[-1L], function(one) {
      down <- is.call(one) && identical(one[[1L]], as.name("-")) && length(one) == 2L
      if (down && is.character(values <- eval(one[[2L]], frame, env))) return(-.c_ordered(values))
      values <- eval(one, frame, env)
      if (is.character(values)) .c_ordered(values) else values
    })
    return(do.call(order, keys))
  }
  words <- if (is.symbol(tree)) list(.N = nrow(frame)) else c(as.list(frame), list(.N = nrow(frame), .I = seq_len(nrow(frame))))
  found <- if (is.symbol(tree) && is.logical(frame[[as.character(tree)]])) frame[[as.character(tree)]] else tryCatch(eval(tree, words, env), error = function(e) {
    lost <- regmatches(conditionMessage(e), regexec("^object '(.*)' not found$", conditionMessage(e)))[[1L]]
    if (length(lost) && is.call(tree)) stop("Object '", lost[2L], "' not found amongst ", paste(names(frame), collapse = ", "), call. = FALSE)
    stop(e)
  })
  if (is.factor(found)) as.character(found) else found
}

.data_table_codes <- function(frame, columns) do.call(paste, c(unname(lapply(frame[columns], as.character)), list(sep = "\r")))

# Which columns meet: those of `on`, or the key; of a table without names the first ones.
.data_table_on <- function(tree, env, held, found) {
  if (is.null(tree)) {
    if (is.null(held)) stop("When i is a data.table (or character vector), the columns to join by must be specified using 'on=' argument (see ?data.table), by keying x (i.e. sorted, and, marked as sorted, see ?setkey), or by sharing column names between x and i (i.e., a natural join). Keyed joins might have further speed benefits on very large data due to x being sorted in RAM.", call. = FALSE)
    right <- if (!is.data.frame(found)) held else if (is.null(attr(found, "sorted"))) names(found)[seq_len(min(length(held), length(found)))] else attr(found, "sorted")[seq_len(min(length(held), length(attr(found, "sorted"))))]
    return(list(left = held[seq_along(right)], right = right))
  }
  if (is.call(tree) && as.character(tree[[1L]])[1L] %in% c(".", "list")) {
    parts <- as.list(tree)[-1L]
    right <- vapply(parts, deparse1, "")
    left <- if (is.null(names(parts))) right else ifelse(nzchar(names(parts)), names(parts), right)
    both <- strsplit(right, " == ", fixed = TRUE)
    return(list(left = unname(ifelse(lengths(both) == 2L, vapply(both, `[`, "", 1L), left)), right = vapply(both, function(one) one[length(one)], "")))
  }
  columns <- eval(tree, env)
  both <- strsplit(unname(columns), " *==? *")
  left <- if (is.null(names(columns))) vapply(both, `[`, "", 1L) else ifelse(nzchar(names(columns)), names(columns), columns)
  list(left = unname(left), right = vapply(both, function(one) one[length(one)], ""))
}

# For every row of the other table its rows here, in their order.
.data_table_met <- function(frame, other, columns, nomatch, mult) {
  here <- .data_table_codes(frame, columns$left)
  there <- .data_table_codes(other, columns$right)
  places <- split(seq_along(here), factor(here, unique(here)))[there]
  if (mult != "all") places <- lapply(places, function(at) if (mult == "first") head(at, 1L) else tail(at, 1L))
  sizes <- lengths(places)
  hits <- unlist(lapply(unname(places), function(at) if (length(at)) at else if (is.na(nomatch)) NA_integer_ else integer()))
  list(here = as.integer(hits), there = rep(seq_along(there), if (is.na(nomatch)) pmax(sizes, 1L) else sizes))
}

.data_table_words <- function(frame, rows, columns_of_part = NULL, group = 1L, by = NULL) {
  part <- .rows_of(frame, rows)
  words <- as.list(.plain_frame(part))
  words$.N <- length(rows)
  words$.SD <- if (is.null(columns_of_part)) part else .rows_of(frame[columns_of_part], rows)
  words$.I <- as.integer(rows)
  words$.GRP <- group
  words$.BY <- by
  words
}

# Columns that are named, numbered, left out, matched by a pattern or tested by a function.
.data_table_columns <- function(tree, frame, env) {
  if (is.call(tree) && identical(tree[[1L]], as.name("patterns"))) return(grep(eval(tree[[2L]], env), names(frame), value = TRUE))
  if (is.call(tree) && as.character(tree[[1L]])[1L] %in% c("!", "-") && length(tree) == 2L) return(setdiff(names(frame), .data_table_columns(tree[[2L]], frame, env)))
  if (is.call(tree) && identical(tree[[1L]], as.name(":")) && is.symbol(tree[[2L]]) && is.symbol(tree[[3L]])) {
    ends <- match(c(as.character(tree[[2L]]), as.character(tree[[3L]])), names(frame))
    if (!anyNA(ends)) return(names(frame)[ends[1L]:ends[2L]])
  }
  if (is.call(tree) && identical(tree[[1L]], as.name("("))) return(.data_table_columns(tree[[2L]], frame, env))
  found <- eval(tree, env)
  if (is.function(found)) return(names(frame)[vapply(frame, function(column) isTRUE(found(column)), NA)])
  if (is.character(found)) {
    lost <- setdiff(found, names(frame))
    if (length(lost)) stop("column(s) not found: ", paste(lost, collapse = ", "), call. = FALSE)
    return(found)
  }
  names(frame)[found]
}

# j that chooses columns instead of computing with them, or NULL.
.data_table_picked <- function(what, frame, env, with) {
  if (!with) return(.data_table_columns(what, frame, env))
  if (is.symbol(what) && startsWith(as.character(what), "..")) return(.data_table_columns(get(substring(as.character(what), 3L), envir = env), frame, env))
  bare <- what
  while (is.call(bare) && length(bare) == 2L && as.character(bare[[1L]])[1L] %in% c("!", "-", "(")) bare <- bare[[2L]]
  constants <- function(tree) is.character(tree) || is.numeric(tree) || is.call(tree) && as.character(tree[[1L]])[1L] %in% c("c", ":", "-") && all(vapply(as.list(tree)[-1L], constants, NA))
  range <- is.call(bare) && identical(bare[[1L]], as.name(":")) && all(vapply(as.list(bare)[-1L], function(one) is.symbol(one) && as.character(one) %in% names(frame), NA))
  if (constants(bare) || range) .data_table_columns(what, frame, env)
}

# Columns that an expression makes are called as they were called there, by the symbol they are, or V1, V2 and so on.
.data_table_names <- function(what, made) {
  own <- names(made)
  if (is.null(own)) own <- rep("", length(made))
  said <- rep("", length(made))
  if (is.symbol(what)) said[1L] <- as.character(what)
  else if (is.call(what) && identical(what[[1L]], as.name("list")) && length(what) - 1L == length(made)) {
    said <- vapply(as.list(what)[-1L], function(tree) if (is.symbol(tree)) as.character(tree) else "", "")
  }
  said <- sub("^\\.(N|I|GRP)$", "\\1", said)
  said[startsWith(said, ".")] <- ""
  ifelse(nzchar(own), own, ifelse(nzchar(said), said, paste0("V", seq_along(made))))
}

.data_table_ids <- function(heads) {
  code <- do.call(paste, c(unname(lapply(heads, as.character)), list(sep = "\r")))
  match(code, unique(code))
}

.data_table_groups <- function(tree, frame, env) {
  if (is.character(tree)) return(as.list(frame[unlist(strsplit(tree, ","))]))
  if (is.symbol(tree)) return(if (as.character(tree) %in% names(frame)) as.list(frame[as.character(tree)]) else as.list(frame[eval(tree, env)]))
  if (as.character(tree[[1L]])[1L] %in% c(".", "list")) {
    parts <- as.list(tree)[-1L]
    labels <- if (is.null(names(parts))) rep("", length(parts)) else names(parts)
    # An expression goes by the first column in it.
    said <- vapply(parts, function(one) c(intersect(all.vars(one), names(frame)), deparse1(one))[1L], "")
    made <- lapply(parts, eval, frame, env)
    return(setNames(lapply(made, rep_len, nrow(frame)), ifelse(nzchar(labels), labels, said)))
  }
  found <- eval(tree, frame, env)
  if (is.character(found) && all(found %in% names(frame)) && length(found) != nrow(frame)) return(as.list(frame[found]))
  setNames(list(found), c(intersect(all.vars(tree), names(frame)), deparse1(tree))[1L])
}

# `:=` changes the columns of the table itself, for every variable that holds it.
.data_table_assigned <- function(x, frame, chosen, what, groups, env, columns_of_part = NULL, beside = list(), held = NULL) {
  whole <- is.null(groups)
  left <- what[[2]]
  if (is.null(names(what)) || !nzchar(names(what)[2])) {
    names <- if (is.symbol(left)) as.character(left) else eval(left, env)
    if (is.numeric(names)) names <- base::names(frame)[names]
    tree <- what[[3]]
    if (is.call(tree) && identical(tree[[1]], as.name("."))) tree[[1]] <- as.name("list")
  } else {
    names <- names(what)[-1]
    tree <- as.call(c(as.name("list"), as.list(what)[-1]))
  }
  ids <- if (whole) rep(1L, length(chosen)) else .data_table_ids(.data_table_groups(groups, frame[chosen, , drop = FALSE], env))
  groups_of_rows <- if (length(chosen)) split(chosen, ids) else list(integer())
  parts <- lapply(seq_along(groups_of_rows), function(g) {
    rows <- groups_of_rows[[g]]
    words <- .data_table_words(frame, rows, columns_of_part, g)
    for (name in base::names(beside)) words[[name]] <- beside[[name]][match(rows, chosen)]
    made <- eval(tree, words, env)
    if (is.list(made)) made else list(made)
  })
  for (k in seq_along(names)) {
    pieces <- lapply(parts, function(part) if (length(part)) part[[(k - 1L) %% length(part) + 1L]])
    if (!length(pieces)) next
    first <- pieces[[1L]]
    if (is.null(first)) {
      if (!(names[k] %in% base::names(frame))) warning("Column '", names[k], "' does not exist to remove", call. = FALSE)
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
  made <- .as_table(unclass(frame)[base::names(frame)], length(attr(frame, "row.names")))
  if (!any(names %in% held)) attr(made, "sorted") <- held
  .changed_in_place(x, made)
}

# Cells as the table shows them: elements of lists end to end, gaps of texts between signs.
.data_table_cells <- function(column) {
  if (is.list(column)) return(vapply(column, function(one) {
    if (is.null(one)) return("")
    if (is.data.frame(one)) return(paste0("<", class(one)[1L], "[", nrow(one), "x", ncol(one), "]>"))
    if (!is.atomic(one)) return(paste0("<", class(one)[1L], "[", length(one), "]>"))
    shown <- head(one, 6L)
    paste(c(if (is.character(one)) shown else format(shown), if (length(one) > 6L) "..."), collapse = ",")
  }, ""))
  if (is.factor(column) || is.character(column)) return(ifelse(is.na(column), "<NA>", as.character(column)))
  shown <- format(column)
  if (inherits(column, c("Date", "POSIXct"))) shown[is.na(column)] <- "<NA>"
  shown
}

print.data.table <- function(x, topn = 5L, nrows = 100L, row.names = TRUE, ...) {
  shown <- .plain_frame(x)
  rows <- nrow(shown)
  if (!rows) {
    if (ncol(shown)) cat("Empty data.table (0 rows and ", ncol(shown), " cols): ", paste(names(shown), collapse = ","), "\n", sep = "")
    else cat("Null data.table (0 rows and 0 cols)\n")
    return(invisible(x))
  }
  cut <- rows > nrows
  at <- if (cut) c(seq_len(topn), rows - topn + seq_len(topn)) else seq_len(rows)
  text <- do.call(cbind, lapply(unname(as.list(shown)), function(column) .data_table_cells(if (is.matrix(column)) column[at, , drop = FALSE] else column[at])))
  dim(text) <- c(length(at), length(shown))
  colnames(text) <- names(shown)
  labels <- paste0(at, ":")
  if (cut) {
    text <- rbind(head(text, topn), "", tail(text, topn))
    labels <- append(labels, "---", after = topn)
  }
  rownames(text) <- if (row.names) format(labels, justify = "right") else rep("", nrow(text))
  # A long table says the names of its columns again at its end.
  if (!cut && rows > 20L) text <- rbind(text, matrix(names(shown), 1L))
  print(text, quote = FALSE, right = TRUE)
  invisible(x)
}

merge.data.table <- function(x, y, by = NULL, by.x = NULL, by.y = NULL, all = FALSE, all.x = all, all.y = all, sort = TRUE, suffixes = c(".x", ".y"), ...) {
  if (is.null(by) && is.null(by.x)) by <- if (!is.null(attr(x, "sorted")) && identical(attr(x, "sorted"), attr(y, "sorted"))) attr(x, "sorted") else intersect(names(x), names(y))
  if (is.null(by.x)) by.x <- by.y <- by
  y <- as.data.table(y)
  left <- .plain_frame(x)
  right <- .plain_frame(y)
  columns <- list(left = by.x, right = by.y)
  # As x[y] meets, but seen from the left: each row of x with its rows of y.
  met <- .data_table_met(right, left, list(left = by.y, right = by.x), if (all.x) NA_integer_ else 0L, "all")
  lost <- if (all.y) which(!(.data_table_codes(right, by.y) %in% .data_table_codes(left, by.x))) else integer()
  rest <- setdiff(names(right), by.y)
  own <- setdiff(names(left), by.x)
  both <- intersect(rest, own)
  heads <- setNames(lapply(seq_along(by.x), function(k) c(left[[by.x[k]]][met$there], right[[by.y[k]]][lost])), by.x)
  first <- setNames(lapply(own, function(name) left[[name]][c(met$there, rep(NA_integer_, length(lost)))]), ifelse(own %in% both, paste0(own, suffixes[1L]), own))
  second <- setNames(lapply(rest, function(name) right[[name]][c(met$here, lost)]), ifelse(rest %in% both, paste0(rest, suffixes[2L]), rest))
  made <- .as_table(c(heads, first, second), length(met$there) + length(lost))
  if (sort) .keyed(made, by.x) else made
}

unique.data.table <- function(x, incomparables = FALSE, fromLast = FALSE, by = seq_along(x), ...) {
  .unsupported(incomparables)
  plain <- .plain_frame(x)
  .rows_of(plain, which(!duplicated(plain[by], fromLast = fromLast)))
}

duplicated.data.table <- function(x, incomparables = FALSE, fromLast = FALSE, by = seq_along(x), ...) {
  .unsupported(incomparables)
  duplicated(.plain_frame(x)[by], fromLast = fromLast)
}

split.data.table <- function(x, f, drop = FALSE, by, sorted = FALSE, keep.by = TRUE, flatten = TRUE, ...) {
  .unsupported(flatten, "split the parts in turn")
  plain <- .plain_frame(x)
  if (missing(by)) return(lapply(split(seq_len(nrow(plain)), f, drop = drop), function(at) .rows_of(plain, at)))
  label <- do.call(paste, c(unname(lapply(plain[by], as.character)), list(sep = ".")))
  kept <- if (keep.by) names(plain) else setdiff(names(plain), by)
  lapply(split(seq_len(nrow(plain)), factor(label, if (sorted) sort(unique(label)) else unique(label))), function(at) .rows_of(plain[kept], at))
}

head.data.table <- function(x, n = 6L, ...) .rows_of(.plain_frame(x), head(seq_len(nrow(x)), n))

tail.data.table <- function(x, n = 6L, ...) .rows_of(.plain_frame(x), tail(seq_len(nrow(x)), n))

rbind.data.table <- function(..., use.names = TRUE, fill = FALSE, idcol = NULL) rbindlist(list(...), use.names, fill, idcol)

cbind.data.table <- function(...) data.table(...)

t.data.table <- function(x) {
  made <- as.matrix(.plain_frame(x))
  rownames(made) <- NULL
  t(made)
}

as.matrix.data.table <- function(x, ...) {
  made <- as.matrix(.plain_frame(x))
  rownames(made) <- NULL
  made
}
