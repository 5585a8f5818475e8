# More of plyr: by rows of arrays, over the rows of a table of arguments, joins.

aaply <- function(.data, .margins, .fun = NULL, ..., .progress = "none") {
  made <- apply(.data, .margins, .fun, ...)
  if (is.matrix(made)) t(made) else made
}

alply <- function(.data, .margins, .fun = NULL, ..., .progress = "none") {
  if (is.data.frame(.data) && identical(as.numeric(.margins), 1)) return(lapply(seq_len(nrow(.data)), function(k) .fun(.data[k, , drop = FALSE], ...)))
  lapply(seq_len(dim(.data)[.margins]), function(k) .fun(if (.margins == 1) .data[k, ] else .data[, k], ...))
}

adply <- function(.data, .margins, .fun = NULL, ..., .progress = "none", .expand = TRUE, .id = NA) {
  parts <- alply(.data, .margins, .fun, ...)
  tables <- lapply(parts, function(part) if (is.data.frame(part)) part else as.data.frame(as.list(if (is.null(names(part))) setNames(part, paste0("V", seq_along(part))) else part)))
  if (!is.data.frame(.data)) return(rbind.fill(Map(function(k, table) cbind(X1 = k, table), seq_along(tables), tables)))
  rbind.fill(Map(function(k, table) {
    own <- .data[rep(k, nrow(table)), setdiff(names(.data), names(table)), drop = FALSE]
    row.names(own) <- NULL
    cbind(own, table)
  }, seq_along(tables), tables))
}

mlply <- function(.data, .fun = NULL, ..., .progress = "none") {
  table <- as.data.frame(.data, stringsAsFactors = FALSE)
  lapply(seq_len(nrow(table)), function(k) do.call(.fun, c(as.list(table[k, , drop = FALSE]), list(...))))
}

mdply <- function(.data, .fun = NULL, ..., .progress = "none", .expand = TRUE) {
  table <- as.data.frame(.data, stringsAsFactors = FALSE)
  parts <- mlply(table, .fun, ...)
  rbind.fill(lapply(seq_along(parts), function(k) {
    own <- if (is.data.frame(parts[[k]])) parts[[k]] else as.data.frame(as.list(if (is.null(names(parts[[k]]))) setNames(parts[[k]], paste0("V", seq_along(parts[[k]]))) else parts[[k]]))
    lead <- table[rep(k, nrow(own)), , drop = FALSE]
    row.names(lead) <- NULL
    cbind(lead, own)
  }))
}

d_ply <- function(.data, .variables, .fun = NULL, ..., .progress = "none") invisible(dlply(.data, .variables, .fun, ...))

l_ply <- function(.data, .fun = NULL, ..., .progress = "none", .parallel = FALSE) {
  for (one in .data) .fun(one, ...)
  invisible()
}

raply <- function(.n, .expr = NULL, .progress = "none", .drop = TRUE) {
  expr <- substitute(.expr)
  env <- parent.frame()
  unlist(lapply(seq_len(.n), function(k) eval(expr, env)))
}

rlply <- function(.n, .expr = NULL, .progress = "none") {
  expr <- substitute(.expr)
  env <- parent.frame()
  lapply(seq_len(.n), function(k) eval(expr, env))
}

rdply <- function(.n, .expr, .progress = "none", .id = NA) {
  parts <- rlply(.n, NULL)
  expr <- substitute(.expr)
  env <- parent.frame()
  rbind.fill(lapply(seq_along(parts), function(k) cbind(.n = k, as.data.frame(as.list(eval(expr, env))))))
}

join <- function(x, y, by = NULL, type = "left", match = "all") {
  keys <- if (is.null(by)) intersect(names(x), names(y)) else by
  if (is.null(by)) message("Joining by: ", paste(keys, collapse = ", "))
  if (match == "first") y <- y[!duplicated(y[keys]), , drop = FALSE]
  switch(type, left = left_join(x, y, by = keys), inner = inner_join(x, y, by = keys), right = right_join(x, y, by = keys), full = full_join(x, y, by = keys),
         stop("type must be left, right, inner or full", call. = FALSE))
}

join_all <- function(dfs, by = NULL, type = "left", match = "all") Reduce(function(x, y) join(x, y, by, type, match), dfs)

. <- function(..., .env = parent.frame()) vapply(eval(substitute(alist(...))), deparse1, "")
