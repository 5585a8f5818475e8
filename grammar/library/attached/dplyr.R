# The rarer verbs of dplyr: older ones by sets of columns, groups as tables, rows of one table put into another.

.inside_only <- function(name, place = "dplyr verbs") {
  if (place != "a selecting function") dp_stop(paste0("Must be used inside ", place, "."))
  dp_stop(paste0("`", name, "()` must be used within a *selecting* function."),
          i = "See <https://tidyselect.r-lib.org/reference/faq-selection-context.html> for\n  details.")
}

# `dplyr::n()` is asked for here by its full name: the table in work answers, where there is one.
.in_the_table <- function(name, call, env) {
  answer <- get0(paste0(".", name), envir = env, mode = "function")
  if (is.null(answer)) .inside_only(name)
  call[[1L]] <- answer
  eval(call, env)
}

n <- function() .in_the_table("n", sys.call(), parent.frame())

cur_data <- function() .in_the_table("cur_data", sys.call(), parent.frame())

cur_group <- function() .in_the_table("cur_group", sys.call(), parent.frame())

cur_group_id <- function() .in_the_table("cur_group_id", sys.call(), parent.frame())

cur_group_rows <- function() .in_the_table("cur_group_rows", sys.call(), parent.frame())

if_any <- function(.cols, .fns, ..., .names = NULL) .in_the_table("if_any", sys.call(), parent.frame())

if_all <- function(.cols, .fns, ..., .names = NULL) .in_the_table("if_all", sys.call(), parent.frame())

c_across <- function(cols) .in_the_table("c_across", sys.call(), parent.frame())

pick <- function(...) .in_the_table("pick", sys.call(), parent.frame())

starts_with <- function(match, ignore.case = TRUE, vars = NULL) .inside_only("starts_with", "a selecting function")

ends_with <- function(match, ignore.case = TRUE, vars = NULL) .inside_only("ends_with", "a selecting function")

contains <- function(match, ignore.case = TRUE, vars = NULL) .inside_only("contains", "a selecting function")

matches <- function(match, ignore.case = TRUE, perl = FALSE, vars = NULL) .inside_only("matches", "a selecting function")

num_range <- function(prefix, range, width = NULL, vars = NULL) .inside_only("num_range", "a selecting function")

one_of <- function(...) .inside_only("one_of", "a selecting function")

last_col <- function(offset = 0L, vars = NULL) .inside_only("last_col", "a selecting function")

where <- function(fn) .inside_only("where", "a selecting function")

cur_column <- function() if (is.null(dp_place$column)) .inside_only("cur_column", "`across()`") else dp_place$column

.own_columns <- function(.tbl) setdiff(names(.tbl), dp_groups(.tbl))

.arranged_by <- function(.tbl, columns, .funs) {
  values <- lapply(dp_plain(.tbl)[columns], function(column) if (is.null(.funs)) column else as_mapper(.funs)(column))
  dp_like(dp_take(.tbl, do.call(order, unname(values))), .tbl)
}

arrange_all <- function(.tbl, .funs = NULL, ...) .arranged_by(.tbl, .own_columns(.tbl), .funs)

arrange_at <- function(.tbl, .vars, .funs = NULL, ...) .arranged_by(.tbl, dp_columns_at(.tbl, .vars), .funs)

arrange_if <- function(.tbl, .predicate, .funs = NULL, ...) .arranged_by(.tbl, dp_columns_if(.tbl, .predicate), .funs)

# The condition that all_vars() or any_vars() made is asked of every column, written `.` there.
.filtered_by <- function(.tbl, columns, condition, env, every) {
  test <- if (is.call(condition) || is.symbol(condition)) function(column) eval(condition, list(. = column), env) else as_mapper(condition)
  keep <- Reduce(if (every) `&` else `|`, lapply(dp_plain(.tbl)[columns], test))
  dp_like(dp_take(.tbl, which(keep)), .tbl)
}

.asks_any <- function(expr) is.call(expr) && identical(expr[[1L]], quote(any_vars))

filter_all <- function(.tbl, .vars_predicate, ...) .filtered_by(.tbl, .own_columns(.tbl), .vars_predicate, parent.frame(), !.asks_any(substitute(.vars_predicate)))

filter_at <- function(.tbl, .vars, .vars_predicate, ...) .filtered_by(.tbl, dp_columns_at(.tbl, .vars), .vars_predicate, parent.frame(), !.asks_any(substitute(.vars_predicate)))

filter_if <- function(.tbl, .predicate, .vars_predicate, ...) .filtered_by(.tbl, dp_columns_if(.tbl, .predicate), .vars_predicate, parent.frame(), !.asks_any(substitute(.vars_predicate)))

distinct_all <- function(.tbl, .funs = list(), ..., .keep_all = FALSE) distinct_at(.tbl, .own_columns(.tbl), .funs, ..., .keep_all = .keep_all)

distinct_if <- function(.tbl, .predicate, .funs = list(), ..., .keep_all = FALSE) distinct_at(.tbl, dp_columns_if(.tbl, .predicate), .funs, ..., .keep_all = .keep_all)

group_by_all <- function(.tbl, .funs = list(), ..., .add = FALSE) group_by_at(.tbl, names(.tbl), .funs, ..., .add = .add)

group_by_if <- function(.tbl, .predicate, .funs = list(), ..., .add = FALSE) group_by_at(.tbl, dp_columns_if(.tbl, .predicate), .funs, ..., .add = .add)

.renamed_by <- function(.tbl, columns, .funs, ...) {
  groups <- dp_groups(.tbl)
  made <- dp_plain(.tbl)
  at <- match(columns, names(made))
  names(made)[at] <- as_mapper(.funs)(names(made)[at], ...)
  dp_like(made, .tbl, names(made)[match(groups, names(.tbl))])
}

rename_at <- function(.tbl, .vars, .funs = list(), ...) .renamed_by(.tbl, dp_columns_at(.tbl, .vars), .funs, ...)

rename_if <- function(.tbl, .predicate, .funs = list(), ...) .renamed_by(.tbl, dp_columns_if(.tbl, .predicate), .funs, ...)

select_all <- function(.tbl, .funs = list(), ...) .renamed_by(.tbl, names(.tbl), .funs, ...)

summarize_if <- function(.tbl, .predicate, .funs, ...) dp_scoped_summary(.tbl, dp_columns_if(.tbl, .predicate), .funs, list(...))

summarize_at <- function(.tbl, .vars, .funs, ...) dp_scoped_summary(.tbl, dp_columns_at(.tbl, .vars), .funs, list(...))

.only <- function(made, .tbl, columns) dp_like(dp_plain(made)[union(dp_groups(.tbl), union(intersect(columns, names(made)), setdiff(names(made), names(.tbl))))], .tbl)

transmute_all <- function(.tbl, .funs, ...) mutate_all(.tbl, .funs, ...)

transmute_at <- function(.tbl, .vars, .funs, ...) {
  columns <- dp_columns_at(.tbl, .vars)
  .only(mutate_at(.tbl, columns, .funs, ...), .tbl, columns)
}

transmute_if <- function(.tbl, .predicate, .funs, ...) {
  columns <- dp_columns_if(.tbl, .predicate)
  .only(mutate_at(.tbl, columns, .funs, ...), .tbl, columns)
}

with_groups <- function(.data, .groups, .f, ...) {
  env <- parent.frame()
  groups <- substitute(.groups)
  names <- if (is.null(groups)) character() else names(.data)[dp_positions(groups, names(.data), dp_plain(.data), env)]
  call <- substitute(.f(.grouped, ...))
  made <- eval(call, list(.grouped = if (length(names)) group_by_at(.data, names) else .data), env)
  dp_like(dp_plain(made), .data)
}

group_size <- function(x) lengths(dp_rows(x))

group_indices <- function(.data, ...) {
  if (...length()) .data <- group_by_at(.data, names(.data)[dp_select(eval(substitute(alist(...))), dp_plain(.data), .dots_place(parent.frame()))])
  rows <- dp_rows(.data)
  made <- integer(nrow(.data))
  for (g in seq_along(rows)) made[rows[[g]]] <- g
  made
}

group_data <- function(.data) {
  made <- dp_plain(group_keys(.data))
  made$.rows <- list_of_kind(dp_group_rows(.data), integer())
  as_tibble(made)
}

group_nest <- function(.tbl, ..., .key = "data", keep = FALSE) {
  if (...length()) .tbl <- group_by_at(.tbl, names(.tbl)[dp_select(eval(substitute(alist(...))), dp_plain(.tbl), .dots_place(parent.frame()))])
  made <- dp_plain(group_keys(.tbl))
  made[[.key]] <- list_of_kind(group_split(.tbl, .keep = keep))
  as_tibble(made)
}

union.data.frame <- function(x, y) unique(dp_set_pair(x, y))

intersect.data.frame <- function(x, y) dp_set_rows(x, y, TRUE)

setdiff.data.frame <- function(x, y) dp_set_rows(x, y, FALSE)

setequal.data.frame <- function(x, y) nrow(dp_set_rows(x, y, FALSE)) == 0L && nrow(dp_set_rows(y, x, FALSE)) == 0L

dp_set_pair <- function(x, y) {
  if (!base::setequal(names(x), names(y))) dp_stop("`x` and `y` are not compatible.", x = "Different number of columns or names.")
  bind_rows(x, y)
}

dp_set_rows <- function(x, y, held) {
  y <- dp_plain(y)[names(x)]
  unique(dp_like(dp_take(x, which((dp_join_code(x, names(x)) %in% dp_join_code(y, names(x))) == held)), x))
}

nest_by <- function(.data, ..., .key = "data", .keep = FALSE) {
  grouped <- group_by_at(.data, names(.data)[dp_select(eval(substitute(alist(...))), dp_plain(.data), .dots_place(parent.frame()))])
  made <- group_nest(grouped, .key = .key, keep = .keep)
  do.call(rowwise, c(list(made), lapply(dp_groups(grouped), as.name)))
}

union_all <- function(x, y, ...) if (is.data.frame(x)) bind_rows(x, y) else c(x, y)

symdiff <- function(x, y, ...) if (is.data.frame(x)) bind_rows(setdiff(x, y), setdiff(y, x)) else setdiff(union(x, y), intersect(x, y))

top_frac <- function(x, n, wt) {
  expr <- if (missing(wt)) as.name(names(x)[length(x)]) else substitute(wt)
  env <- parent.frame()
  dp_by_group(x, function(at) {
    value <- eval(expr, dp_mask(x, at), env)
    at[if (n > 0) rank(-value, ties.method = "min") <= n * length(at) else rank(value, ties.method = "min") <= -n * length(at)]
  })
}

consecutive_id <- function(...) {
  changes <- lapply(list(...), function(x) c(FALSE, !mapply(identical, as.list(x[-1L]), as.list(x[-length(x)]))))
  1L + cumsum(Reduce(`|`, changes))
}

recode_factor <- function(.x, ..., .default = NULL, .missing = NULL, .ordered = FALSE) {
  made <- recode(as.character(.x), ..., .default = .default, .missing = .missing)
  changes <- unique(as.character(c(...)))
  factor(made, levels = c(intersect(changes, made), setdiff(sort(unique(made)), changes)), ordered = .ordered)
}

dim_desc <- function(x) paste0("[", paste(format(dim(x), big.mark = ",", trim = TRUE), collapse = " x "), "]")

collapse <- function(x, ...) x

with_order <- function(order_by, fun, x, ...) {
  at <- order(order_by)
  made <- fun(x[at], ...)
  made[order(at)]
}

order_by <- function(order_by, call) {
  parts <- substitute(call)
  env <- parent.frame()
  eval(as.call(c(list(quote(with_order), order_by, parts[[1L]]), as.list(parts)[-1L])), env)
}

.column_type <- function(x) if (is.factor(x)) "factor" else if (inherits(x, "Date")) "date" else if (inherits(x, "POSIXct")) "datetime" else typeof(x)

.alike_types <- list(c("logical", "integer", "double"), c("factor", "character"))

all_equal <- function(target, current, ignore_col_order = TRUE, ignore_row_order = TRUE, convert = FALSE, ...) {
  if (!setequal(names(target), names(current))) return("Different column names.")
  if (nrow(target) != nrow(current)) return("Different number of rows.")
  x <- dp_plain(target)
  y <- dp_plain(current)
  if (ignore_col_order) y <- y[names(x)]
  types <- Map(function(a, b) c(.column_type(a), .column_type(b)), as.list(x), as.list(y[names(x)]))
  other <- Filter(function(pair) pair[1L] != pair[2L], types)
  apart <- if (convert) Filter(function(pair) !any(vapply(.alike_types, function(kind) all(pair %in% kind), NA)), other) else other
  if (length(apart)) return(paste0("Different types for column `", names(apart), "`: ", vapply(apart, paste, "", collapse = " vs "), "."))
  for (name in names(other)) {
    one_type <- if (any(other[[name]] %in% .alike_types[[2L]])) as.character else as.numeric
    x[[name]] <- one_type(x[[name]])
    y[[name]] <- one_type(y[[name]])
  }
  sorted <- function(data) dp_take(data, do.call(order, unname(as.list(data))))
  if (ignore_row_order) isTRUE(all.equal(sorted(x), sorted(y))) || "Rows in x but not in y." else isTRUE(all.equal(x, y)) || "Rows differ."
}

.row_places <- function(x, y, by) {
  keys <- if (is.null(by)) names(y)[1L] else by
  list(keys = keys, at = match(dp_join_code(y, keys), dp_join_code(x, keys)))
}

rows_append <- function(x, y, ...) dp_like(dp_plain(bind_rows(x, y)), x)

rows_patch <- function(x, y, by = NULL, ...) {
  found <- .row_places(x, y, by)
  for (name in setdiff(names(y), found$keys)) {
    gap <- is.na(x[[name]][found$at])
    x[[name]][found$at[gap]] <- y[[name]][gap]
  }
  x
}

nest_join <- function(x, y, by = NULL, name = NULL, ...) {
  label <- if (is.null(name)) deparse(substitute(y)) else name
  keys <- dp_join_keys(x, y, by)
  codes <- list(dp_join_code(x, keys$left), dp_join_code(y, keys$right))
  rest <- setdiff(names(y), keys$right)
  made <- dp_plain(x)
  made[[label]] <- lapply(codes[[1L]], function(code) as_tibble(dp_take(y, which(codes[[2L]] == code))[rest]))
  dp_like(made, x)
}
