# More of plyr: by rows of arrays, over the rows of a table of arguments, joins.

# Results of one size as one array: their places run first, 'labels' names these.
.stacked <- function(made, labels, drop) {
  first <- made[[1L]]
  size_of <- function(one) if (is.null(dim(one))) length(one) else dim(one)
  size <- size_of(first)
  if (!all(vapply(made, function(one) identical(size_of(one), size), NA))) stop("Results must have the same dimensions.", call. = FALSE)
  given <- if (is.null(dim(first))) list(names(first)) else dimnames(first)
  own <- lapply(seq_along(size), function(k) if (is.null(given[[k]])) as.character(seq_len(size[k])) else given[[k]])
  names(own) <- if (is.null(names(given))) rep("", length(own)) else names(given)
  lead <- lengths(labels)
  if (all(lead == 0L)) {
    lead <- length(made)
    labels <- list(NULL)
    names(own) <- names(given)
  }
  whole <- array(unlist(made), c(size, lead), c(own, labels))
  turned <- aperm(whole, c(length(size) + seq_along(lead), seq_along(size)))
  if (drop) drop(turned) else turned
}

# The names of the places along the margins of an array: numbers where it has none.
.margin_labels <- function(.data, .margins) {
  labels <- lapply(.margins, function(k) if (is.null(dimnames(.data)[[k]])) as.character(seq_len(dim(.data)[k])) else dimnames(.data)[[k]])
  named <- names(dimnames(.data))[.margins]
  setNames(labels, if (is.null(named)) paste0("X", seq_along(.margins)) else named)
}

aaply <- function(.data, .margins, .fun = NULL, ..., .progress = "none", .drop = TRUE) {
  if (is.data.frame(.data)) .data <- as.matrix(.data)
  .stacked(alply(.data, .margins, .fun, ...), .margin_labels(.data, .margins), .drop)
}

# What each piece of an array is cut by: the places along the margins, the first running fastest.
.places <- function(.data, .margins) expand.grid(lapply(dim(.data)[.margins], seq_len), KEEP.OUT.ATTRS = FALSE)

alply <- function(.data, .margins, .fun = NULL, ..., .progress = "none") {
  if (is.data.frame(.data) && identical(as.numeric(.margins), 1)) return(lapply(seq_len(nrow(.data)), function(k) .fun(.data[k, , drop = FALSE], ...)))
  places <- .places(.data, .margins)
  lapply(seq_len(nrow(places)), function(k) {
    at <- rep(list(TRUE), length(dim(.data)))
    at[.margins] <- as.list(places[k, ])
    .fun(do.call(`[`, c(list(.data), at)), ...)
  })
}

# The rows that a piece gave: values without names are V1, V2 and so on.
.as_rows <- function(part) {
  if (is.data.frame(part)) return(part)
  as.data.frame(as.list(if (is.null(names(part))) setNames(part, paste0("V", seq_along(part))) else part), stringsAsFactors = FALSE)
}

# Tables one below the other, before each row that of 'lead' which belongs to its table.
.led_by <- function(lead, tables) {
  rbind.fill(lapply(seq_along(tables), function(k) {
    own <- lead[rep(k, nrow(tables[[k]])), setdiff(names(lead), names(tables[[k]])), drop = FALSE]
    row.names(own) <- NULL
    if (length(own)) cbind(own, tables[[k]]) else tables[[k]]
  }))
}

# The pieces' numbers under the name 'id': X1 where it is NA, nothing where it is NULL.
.numbered <- function(count, id) {
  if (is.null(id)) return(data.frame(row.names = seq_len(count)))
  setNames(data.frame(factor(seq_len(count))), if (is.na(id[1L])) "X1" else id[1L])
}

adply <- function(.data, .margins, .fun = NULL, ..., .progress = "none", .expand = TRUE, .id = NA) {
  tables <- lapply(alply(.data, .margins, .fun, ...), .as_rows)
  if (is.data.frame(.data)) return(.led_by(if (.expand && identical(as.numeric(.margins), 1)) .data else .numbered(length(tables), .id), tables))
  if (is.null(.id)) return(.led_by(.numbered(length(tables), .id), tables))
  labels <- .margin_labels(.data, .margins)
  places <- as.data.frame(Map(function(at, label) factor(label[at], label), .places(.data, .margins), labels))
  names(places) <- if (is.null(names(dimnames(.data))) && !anyNA(.id)) rep(.id, length.out = length(.margins)) else names(labels)
  .led_by(places, tables)
}

mlply <- function(.data, .fun = NULL, ..., .progress = "none") {
  table <- as.data.frame(.data, stringsAsFactors = FALSE)
  lapply(seq_len(nrow(table)), function(k) do.call(.fun, c(as.list(table[k, , drop = FALSE]), list(...))))
}

mdply <- function(.data, .fun = NULL, ..., .progress = "none", .expand = TRUE) {
  table <- as.data.frame(.data, stringsAsFactors = FALSE)
  tables <- lapply(mlply(table, .fun, ...), .as_rows)
  .led_by(if (.expand) table else .numbered(length(tables), NA), tables)
}

d_ply <- function(.data, .variables, .fun = NULL, ..., .progress = "none") invisible(dlply(.data, .variables, .fun, ...))

l_ply <- function(.data, .fun = NULL, ..., .progress = "none", .parallel = FALSE) {
  for (one in .data) .fun(one, ...)
  invisible()
}

# An expression's values, found anew each time; an expression that gives a function stands for its call.
.again <- function(count, expr, env) {
  lapply(seq_len(count), function(k) {
    made <- eval(expr, env)
    if (is.function(made)) made() else made
  })
}

raply <- function(.n, .expr = NULL, .progress = "none", .drop = TRUE) {
  made <- .again(.n, substitute(.expr), parent.frame())
  if (!length(made)) return(logical(0))
  .stacked(made, list(NULL), .drop)
}

rlply <- function(.n, .expr = NULL, .progress = "none") .again(.n, substitute(.expr), parent.frame())

rdply <- function(.n, .expr, .progress = "none", .id = NA) {
  tables <- lapply(.again(.n, substitute(.expr), parent.frame()), .as_rows)
  .led_by(if (is.null(.id)) .numbered(length(tables), NULL) else setNames(data.frame(seq_along(tables)), if (is.na(.id)) ".n" else .id), tables)
}

join <- function(x, y, by = NULL, type = "left", match = "all") {
  keys <- if (is.null(by)) intersect(names(x), names(y)) else by
  if (is.null(by)) message("Joining by: ", paste(keys, collapse = ", "))
  if (match == "first") y <- y[!duplicated(y[keys]), , drop = FALSE]
  switch(type, left = left_join(x, y, by = keys), inner = inner_join(x, y, by = keys), right = right_join(x, y, by = keys), full = full_join(x, y, by = keys),
         stop("type must be left, right, inner or full", call. = FALSE))
}

join_all <- function(dfs, by = NULL, type = "left", match = "all") Reduce(function(x, y) join(x, y, by, type, match), dfs)

# Names and expressions as texts, to be looked up where the data are: no other place is kept for them.
. <- function(..., .env = parent.frame()) {
  .unsupported(.env, "ddply() and its kin look up names in the data")
  vapply(eval(substitute(alist(...))), deparse1, "")
}
