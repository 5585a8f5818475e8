# Every combination of values: of columns of a table, of vectors, of whole tables that stay together.

# What a combination runs through: all levels of a factor, the distinct values in order, the distinct rows of a table.
tidy_distinct <- function(values) {
  if (is.data.frame(values)) {
    rows <- unique(dp_plain(values))
    return(dp_take(rows, do.call(order, unname(as.list(rows)))))
  }
  if (!is.factor(values)) return(sort(unique(values), na.last = TRUE))
  factor(c(levels(values), if (anyNA(values)) NA), levels = levels(values), ordered = is.ordered(values))
}

# The grid of the parts, the last one turning fastest; a part that is a table gives all its columns.
tidy_grid <- function(parts) {
  sizes <- vapply(parts, NROW, 0L)
  total <- prod(sizes)
  made <- list()
  slow <- 1L
  for (k in seq_along(parts)) {
    fast <- prod(sizes[seq_along(sizes) > k])
    at <- if (total) rep(rep(seq_len(sizes[k]), each = fast), times = slow) else integer()
    slow <- slow * sizes[k]
    part <- parts[[k]]
    if (is.data.frame(part)) {
      columns <- as.list(dp_take(part, at))
      made <- c(made, if (nzchar(names(parts)[k])) setNames(list(as_tibble(dp_take(part, at))), names(parts)[k]) else columns)
    } else made[[names(parts)[k]]] <- part[at]
  }
  as_tibble(structure(made, names = if (length(made)) names(made) else character(), class = "data.frame", row.names = seq_len(if (length(parts)) total else 0L)))
}

# Expressions and what they are called; a table without a name stays one.
tidy_parts <- function(dots, data, env) {
  labels <- if (is.null(names(dots))) rep("", length(dots)) else names(dots)
  made <- list()
  for (k in seq_along(dots)) {
    value <- eval(dots[[k]], c(data, made[nzchar(names(made))]), env)
    if (is.null(value)) next
    if (!nzchar(labels[k]) && !is.data.frame(value)) labels[k] <- dp_label(dots[[k]])
    made <- c(made, setNames(list(value), labels[k]))
  }
  made
}

expand <- function(data, ...) {
  dots <- eval(substitute(alist(...)))
  env <- .dots_place(parent.frame())
  plain <- dp_plain(data)
  groups <- dp_groups(data)
  one <- function(part) tidy_grid(lapply(tidy_parts(dots, as.list(part), env), tidy_distinct))
  if (!length(groups)) return(one(plain))
  rows <- dp_rows(data)
  made <- lapply(rows, function(at) {
    grid <- one(dp_take(plain, at)[setdiff(names(plain), groups)])
    structure(c(as.list(dp_take(plain[groups], rep(at[1L], nrow(grid)))), as.list(grid)), class = "data.frame", row.names = seq_len(nrow(grid)))
  })
  dp_like(bind_rows(made), data)
}

complete <- function(data, ..., fill = list(), explicit = TRUE) {
  call <- as.call(c(list(quote(expand), quote(.complete)), eval(substitute(alist(...)))))
  grid <- dp_plain(eval(call, list(.complete = data), parent.frame()))
  plain <- dp_plain(data)
  if (!length(grid)) return(data)
  made <- suppressMessages(dp_join(grid, plain, names(grid), c(".x", ".y"), TRUE, TRUE))
  fresh <- if (explicit) rep(TRUE, nrow(made)) else !(dp_join_code(made, names(grid)) %in% dp_join_code(plain, names(grid)))
  for (name in intersect(names(fill), names(made))) made[[name]] <- tidy_filled(made[[name]], is.na(made[[name]]) & fresh, fill[[name]])
  if (length(dp_groups(data))) dp_like(made[union(dp_groups(data), names(made))], data) else as_tibble(made)
}

# A whole number put into a column of integers is one of them.
tidy_filled <- function(column, gaps, value) {
  if (is.integer(column) && !is.object(column) && is.double(value) && all(value == trunc(value))) value <- as.integer(value)
  column[gaps] <- value
  column
}

crossing <- function(...) tidy_grid(lapply(tidy_parts(eval(substitute(alist(...))), list(), .dots_place(parent.frame())), tidy_distinct))

expand_grid <- function(..., .name_repair = "check_unique") {
  made <- tidy_grid(tidy_parts(eval(substitute(alist(...))), list(), .dots_place(parent.frame())))
  names(made) <- repaired_names(names(made), .name_repair)
  made
}

nesting <- function(...) {
  parts <- tidy_parts(eval(substitute(alist(...))), list(), .dots_place(parent.frame()))
  made <- do.call(tibble, parts)
  as_tibble(tidy_distinct(made))
}
