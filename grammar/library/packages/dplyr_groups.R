# Groups: making them, summaries and slices by group.

group_by <- function(.data, ..., .add = FALSE, .drop = group_by_drop_default(.data)) {
  env <- .dots_place(parent.frame())
  dots <- dp_dots(eval(substitute(alist(...))), env)
  data <- dp_plain(.data)
  groups <- if (.add) dp_groups(.data) else character()
  for (k in seq_along(dots)) {
    expr <- dots[[k]]
    name <- names(dots)[k]
    if (is.symbol(expr) && !nzchar(name)) {
      label <- as.character(expr)
      if (!(label %in% names(data))) dp_stop("Must group by variables found in `.data`.", x = paste0("Column `", label, "` is not found."))
      groups <- c(groups, label)
    } else if (is.call(expr) && identical(expr[[1L]], quote(across))) {
      groups <- c(groups, names(data)[dp_positions(expr[[2L]], names(data), data, env)])
    } else {
      if (!nzchar(name)) name <- dp_label(expr)
      data[[name]] <- eval(expr, dp_mask(data, seq_len(nrow(data))), env)
      groups <- c(groups, name)
    }
  }
  attributes_of_data <- .data
  attr(attributes_of_data, "keep_empty") <- if (!.drop) TRUE
  class(attributes_of_data) <- c("tbl_df", "tbl", "data.frame")
  dp_like(data, attributes_of_data, unique(groups))
}

group_by_at <- function(.tbl, .vars, .funs = list(), ..., .add = FALSE) {
  at <- if (is.character(.vars)) .vars else names(.tbl)[dp_select(.vars, .tbl, parent.frame())]
  worked <- dp_scoped_columns(.tbl, at, .funs, list(...))
  dp_like(dp_plain(worked$data), .tbl, union(if (.add) dp_groups(.tbl), worked$columns))
}

rowwise <- function(data, ...) {
  held <- dp_groups(data)
  made <- as_tibble(dp_bare(data))
  class(made) <- c("rowwise_df", "tbl_df", "tbl", "data.frame")
  chosen <- names(made)[dp_select(eval(substitute(alist(...))), dp_plain(made), .dots_place(parent.frame()))]
  attr(made, "groups") <- if (length(held)) held else if (length(chosen)) chosen
  made
}

ungroup <- function(x, ...) dp_like(dp_plain(x), structure(dp_plain(x), class = setdiff(class(x), c("grouped_df", "rowwise_df"))), character())

group_vars <- function(x) {
  found <- dp_groups(x)
  if (is.null(found)) character() else found
}

groups <- function(x) lapply(group_vars(x), as.name)

is_grouped_df <- function(x) inherits(x, "grouped_df")

n_groups <- function(x) length(dp_group_rows(x))

group_by_drop_default <- function(.tbl) !isTRUE(attr(.tbl, "keep_empty"))

group_keys <- function(.tbl, ...) as_tibble(dp_group_keys(.tbl))

group_rows <- function(.data) dp_group_rows(.data)

group_split <- function(.tbl, ..., .keep = TRUE) {
  dots <- eval(substitute(alist(...)))
  if (length(dots)) .tbl <- group_by_at(.tbl, names(.tbl)[dp_select(dots, dp_plain(.tbl), parent.frame())])
  rows <- dp_group_rows(.tbl)
  kept <- if (.keep) names(.tbl) else setdiff(names(.tbl), dp_groups(.tbl))
  lapply(rows, function(at) as_tibble(dp_take(.tbl, at)[kept]))
}

group_map <- function(.data, .f, ..., .keep = FALSE) {
  .f <- as_mapper(.f)
  rows <- dp_group_rows(.data)
  keys <- group_keys(.data)
  kept <- if (.keep) names(.data) else setdiff(names(.data), dp_groups(.data))
  lapply(seq_along(rows), function(k) .f(as_tibble(dp_take(.data, rows[[k]])[kept]), keys[k, ], ...))
}

group_modify <- function(.data, .f, ..., .keep = FALSE) {
  keys <- group_keys(.data)
  parts <- group_map(.data, .f, ..., .keep = .keep)
  made <- bind_rows(lapply(seq_along(parts), function(k) cbind(dp_take(keys, rep(k, nrow(parts[[k]]))), dp_plain(parts[[k]]))))
  dp_like(made, .data)
}

group_walk <- function(.data, .f, ...) {
  group_map(.data, .f, ...)
  invisible(.data)
}

summarise <- function(.data, ..., .groups = NULL, .by = NULL) {
  env <- .dots_place(parent.frame())
  dots <- dp_dots(eval(substitute(alist(...))), env)
  by <- substitute(.by)
  if (!is.null(by)) attr(.data, "groups") <- names(.data)[dp_positions(by, names(.data), dp_plain(.data), env)]
  groups <- dp_groups(.data)
  rows <- dp_group_rows(.data)
  sizes <- rep(1L, length(rows))
  blocks <- vector("list", length(rows))
  told <- vapply(seq_along(dots), function(k) dp_told(dots, k), "")
  for (g in seq_along(rows)) {
    mask <- dp_mask(.data, rows[[g]], g)
    block <- list()
    for (k in seq_along(dots)) {
      value <- dp_value(dots[[k]], mask, env, told[k], "summarise", .data, g)
      name <- names(dots)[k]
      if (!nzchar(name) && is.list(value) && !is.null(names(value))) {
        for (own in names(value)) {
          block[[own]] <- value[[own]]
          mask[[own]] <- value[[own]]
        }
      } else {
        if (!nzchar(name)) name <- dp_label(dots[[k]])
        block[name] <- list(value)
        mask[name] <- list(value)
      }
    }
    counts <- vapply(block, NROW, 0L)
    sizes[g] <- if (all(counts == 1L)) 1L else counts[counts != 1L][1L]
    wrong <- which(counts != sizes[g] & counts != 1L)
    if (length(wrong)) {
      name <- names(block)[wrong[1L]]
      dp_stop(paste0("Problem while recycling `", told[match(name, names(dots))], "`."),
              x = paste0("`", name, "` must be size ", sizes[g], " or 1, not ", counts[wrong[1L]], "."), i = paste0("An earlier column had size ", sizes[g], "."), dp_where(.data, g))
    }
    blocks[[g]] <- block
  }
  labels <- unique(unlist(lapply(blocks, names)))
  made <- list()
  if (length(groups)) {
    keys <- dp_group_keys(.data)
    for (name in groups) made[[name]] <- rep(keys[[name]], sizes)
  }
  for (name in labels) {
    pieces <- lapply(seq_along(blocks), function(g) {
      value <- unname(blocks[[g]][[name]])
      if (length(value) == sizes[g]) value else rep(value, length.out = sizes[g])
    })
    made[[name]] <- do.call(c, pieces)
  }
  made <- structure(made, class = "data.frame", row.names = seq_len(if (length(rows)) sum(sizes) else 0L))
  if (length(groups) == 0L || !is.null(by)) return(dp_like(made, if (inherits(.data, "tbl_df")) as_tibble(made) else made, character()))
  kept <- if (is.null(.groups) || .groups == "drop_last") groups[-length(groups)]
  else if (.groups == "keep") groups
  else character()
  # Rows that were one each stay so in groups; several rows for a group keep all of what it was grouped by.
  rowwise <- inherits(.data, "rowwise_df")
  several <- any(sizes != 1L)
  if (is.null(.groups) && (several || rowwise)) kept <- groups
  if (is.null(.groups) && (length(groups) > 1L || several || rowwise)) {
    inform(broken_line(paste0("`summarise()` has grouped output by ", paste0("'", kept, "'", collapse = ", "), ". You can override using the `.groups` argument.")))
  }
  class(.data) <- setdiff(class(.data), "rowwise_df")
  dp_like(made, structure(as_tibble(made), keep_empty = attr(.data, "keep_empty")), kept)
}

summarize <- function(.data, ...) {
  call <- sys.call()
  call[[1L]] <- quote(summarise)
  eval(call, parent.frame())
}

reframe <- function(.data, ...) {
  call <- sys.call()
  call[[1L]] <- quote(summarise)
  call$.groups <- "drop"
  eval(call, parent.frame())
}

dp_scoped <- function(data, columns, fns, args, empty = FALSE) {
  rows <- if (empty) dp_group_rows(data) else dp_rows(data)
  single <- !is.list(fns)
  if (single) fns <- list(fns)
  tags <- if (is.null(names(fns))) paste0("fn", seq_along(fns)) else names(fns)
  made <- list()
  for (k in seq_along(fns)) for (col in columns) {
    f <- as_mapper(fns[[k]])
    name <- if (single || (length(fns) == 1L && is.null(names(fns)))) col
    else if (length(columns) == 1L) tags[k]
    else paste(col, tags[k], sep = "_")
    made[[name]] <- lapply(rows, function(at) do.call(f, c(list(dp_plain(data)[[col]][at]), args)))
  }
  made
}

dp_scoped_summary <- function(.tbl, columns, fns, args) {
  made <- lapply(dp_scoped(.tbl, columns, fns, args, TRUE), function(values) do.call(c, unname(values)))
  groups <- dp_groups(.tbl)
  keys <- if (length(groups)) as.list(group_keys(.tbl)) else list()
  answer <- as.data.frame(c(keys, made), optional = TRUE)
  dp_like(answer, if (length(groups)) as_tibble(answer) else .tbl, groups[-length(groups)])
}

dp_scoped_mutate <- function(.tbl, columns, fns, args) dp_scoped_columns(.tbl, columns, fns, args)$data

# The table after the functions' work, and the names of the columns that it wrote; as it was, where there is none.
dp_scoped_columns <- function(.tbl, columns, fns, args) {
  if (is.null(fns) || (is.list(fns) && !length(fns))) return(list(data = .tbl, columns = columns))
  made <- dp_scoped(.tbl, columns, fns, args)
  data <- dp_plain(.tbl)
  for (name in names(made)) data <- dp_assign(data, made[[name]], name, dp_rows(.tbl), nrow(.tbl))
  list(data = dp_like(data, .tbl), columns = names(made))
}

funs <- function(...) {
  parts <- eval(substitute(alist(...)))
  place <- parent.frame()
  made <- lapply(parts, function(part) {
    if (is.symbol(part)) return(eval(part, place))
    f <- function(.) NULL
    body(f) <- part
    environment(f) <- place
    f
  })
  labels <- if (is.null(names(parts))) rep("", length(parts)) else names(parts)
  for (k in seq_along(parts)) if (!nzchar(labels[k])) labels[k] <- if (is.symbol(parts[[k]])) as.character(parts[[k]]) else dp_label(parts[[k]][[1L]])
  names(made) <- labels
  made
}

summarise_all <- function(.tbl, .funs, ...) dp_scoped_summary(.tbl, setdiff(names(.tbl), dp_groups(.tbl)), .funs, list(...))

summarize_all <- function(.tbl, .funs, ...) dp_scoped_summary(.tbl, setdiff(names(.tbl), dp_groups(.tbl)), .funs, list(...))

summarise_if <- function(.tbl, .predicate, .funs, ...) dp_scoped_summary(.tbl, dp_columns_if(.tbl, .predicate), .funs, list(...))

summarise_at <- function(.tbl, .vars, .funs, ...) dp_scoped_summary(.tbl, dp_columns_at(.tbl, .vars), .funs, list(...))

mutate_all <- function(.tbl, .funs, ...) dp_scoped_mutate(.tbl, setdiff(names(.tbl), dp_groups(.tbl)), .funs, list(...))

mutate_if <- function(.tbl, .predicate, .funs, ...) dp_scoped_mutate(.tbl, dp_columns_if(.tbl, .predicate), .funs, list(...))

mutate_at <- function(.tbl, .vars, .funs, ...) dp_scoped_mutate(.tbl, dp_columns_at(.tbl, .vars), .funs, list(...))

distinct_at <- function(.tbl, .vars, .funs = list(), ..., .keep_all = FALSE) {
  worked <- dp_scoped_columns(.tbl, dp_columns_at(.tbl, .vars), .funs, list(...))
  made <- worked$data
  at <- union(dp_groups(.tbl), worked$columns)
  keep <- !duplicated(dp_plain(made)[at])
  dp_like(dp_take(made, which(keep))[if (.keep_all) names(made) else at], .tbl)
}

count <- function(x, ..., wt = NULL, sort = FALSE, name = "n", .drop = group_by_drop_default(x)) {
  env <- .dots_place(parent.frame())
  call <- as.call(c(list(quote(group_by), quote(x)), eval(substitute(alist(...))), list(.add = TRUE, .drop = .drop)))
  grouped <- eval(call, list(x = x), env)
  weight <- substitute(wt)
  rows <- dp_group_rows(grouped)
  made <- if (length(dp_groups(grouped))) dp_group_keys(grouped) else data.frame(row.names = 1L)
  made[[name]] <- if (is.null(weight)) lengths(rows)
  else unlist(lapply(rows, function(at) sum(eval(weight, dp_mask(grouped, at), env), na.rm = TRUE)))
  if (sort) made <- dp_take(made, order(-made[[name]]))
  dp_like(made, if (inherits(x, "tbl_df")) as_tibble(made) else dp_plain(x), dp_groups(x))
}

tally <- function(x, wt = NULL, sort = FALSE, name = "n") {
  rows <- dp_group_rows(x)
  groups <- dp_groups(x)
  weight <- substitute(wt)
  made <- if (length(groups)) dp_group_keys(x) else data.frame(row.names = 1L)
  env <- parent.frame()
  made[[name]] <- if (is.null(weight)) lengths(rows)
  else unlist(lapply(rows, function(at) sum(eval(weight, dp_mask(x, at), env), na.rm = TRUE)))
  if (sort) made <- dp_take(made, order(-made[[name]]))
  dp_like(made, if (inherits(x, "tbl_df")) as_tibble(made) else made, groups[-length(groups)])
}

add_count <- function(x, ..., wt = NULL, sort = FALSE, name = "n") {
  call <- as.call(c(list(quote(group_by), quote(x)), eval(substitute(alist(...))), list(.add = TRUE)))
  dp_add_sizes(x, eval(call, list(x = x), parent.frame()), substitute(wt), sort, name, parent.frame())
}

add_tally <- function(x, wt = NULL, sort = FALSE, name = "n") dp_add_sizes(x, x, substitute(wt), sort, name, parent.frame())

# The size of each row's group, or the sum of a weight over it, as one more column.
dp_add_sizes <- function(x, grouped, weight, sort, name, env) {
  data <- dp_plain(x)
  sizes <- if (is.null(weight)) integer(nrow(data)) else numeric(nrow(data))
  for (at in dp_rows(grouped)) sizes[at] <- if (is.null(weight)) length(at) else sum(eval(weight, dp_mask(grouped, at), env), na.rm = TRUE)
  data[[name]] <- sizes
  attr(data, "row.names") <- .set_row_names(nrow(data))
  dp_like(if (sort) dp_take(data, order(-sizes)) else data, x)
}

distinct <- function(.data, ..., .keep_all = FALSE) {
  env <- .dots_place(parent.frame())
  dots <- dp_dots(eval(substitute(alist(...))), env)
  made <- dp_mutate(.data, dots[!vapply(dots, is.symbol, NA) | nzchar(names(dots))], env)
  data <- made$data
  labels <- character()
  for (k in seq_along(dots)) labels <- c(labels, if (nzchar(names(dots)[k])) names(dots)[k] else dp_label(dots[[k]]))
  labels <- union(dp_groups(.data), labels)
  if (length(dots) == 0L) labels <- names(data)
  lost <- setdiff(labels, names(data))
  if (length(lost)) dp_stop("Must use existing variables.", x = paste0("`", lost[1L], "` not found in `.data`."))
  keep <- which(!duplicated(data[labels]))
  dp_like(dp_take(data, keep)[if (.keep_all) names(data) else labels], .data)
}

dp_by_group <- function(.data, pick) dp_like(dp_take(.data, sort(unlist(lapply(dp_rows(.data), pick)))), .data)

slice <- function(.data, ...) {
  env <- .dots_place(parent.frame())
  dots <- eval(substitute(alist(...)))
  rows <- dp_rows(.data)
  at <- unlist(lapply(seq_along(rows), function(g) {
    chosen <- unlist(lapply(dots, eval, dp_seen(dp_mask(.data, rows[[g]], g), env), env))
    if (!is.numeric(chosen) && length(chosen)) abort(paste0("Problem while computing indices.\nCaused by error:\n! Invalid result of type <", dp_kind(chosen), ">.\n\u2139 Indices must be positive or negative integers."))
    chosen <- chosen[!is.na(chosen)]
    if (all(chosen < 0)) rows[[g]][chosen] else rows[[g]][chosen[chosen <= length(rows[[g]])]]
  }))
  dp_like(dp_take(.data, at), .data)
}

dp_amount <- function(size, n, prop) {
  if (!is.null(prop)) floor(if (prop < 0) size + prop * size else prop * size)
  else if (n < 0) max(0, size + n)
  else min(n, size)
}

slice_head <- function(.data, ..., n = 1L, prop = NULL) dp_by_group(.data, function(at) at[seq_len(dp_amount(length(at), n, prop))])

slice_tail <- function(.data, ..., n = 1L, prop = NULL)
  dp_by_group(.data, function(at) at[seq_len(length(at)) > length(at) - dp_amount(length(at), n, prop)])

dp_slice_extreme <- function(.data, expr, n, prop, with_ties, decreasing, env) {
  if (identical(expr, quote(expr = ))) dp_stop("`order_by` is absent but must be supplied.")
  rows <- dp_rows(.data)
  at <- unlist(lapply(seq_along(rows), function(g) {
    value <- eval(expr, dp_mask(.data, rows[[g]], g), env)
    amount <- dp_amount(length(value), n, prop)
    order <- order(value, decreasing = decreasing)
    if (amount == 0) return(integer())
    chosen <- order[seq_len(amount)]
    if (with_ties) {
      edge <- value[chosen[amount]]
      chosen <- order[if (decreasing) value[order] >= edge else value[order] <= edge]
      chosen <- chosen[!is.na(chosen)]
    }
    rows[[g]][chosen]
  }))
  dp_like(dp_take(.data, at), .data)
}

slice_max <- function(.data, order_by, ..., n = 1L, prop = NULL, with_ties = TRUE)
  dp_slice_extreme(.data, substitute(order_by), n, prop, with_ties, TRUE, parent.frame())

slice_min <- function(.data, order_by, ..., n = 1L, prop = NULL, with_ties = TRUE)
  dp_slice_extreme(.data, substitute(order_by), n, prop, with_ties, FALSE, parent.frame())

slice_sample <- function(.data, ..., n = 1L, prop = NULL, weight_by = NULL, replace = FALSE) {
  weight <- substitute(weight_by)
  env <- parent.frame()
  rows <- dp_rows(.data)
  at <- unlist(lapply(rows, function(at) {
    amount <- if (is.null(prop)) n else floor(prop * length(at))
    if (!replace) amount <- min(amount, length(at))
    at[sample.int(length(at), amount, replace, eval(weight, dp_mask(.data, at), env))]
  }))
  dp_like(dp_take(.data, at), .data)
}

sample_n <- function(tbl, size, replace = FALSE, weight = NULL, ...) {
  most <- min(lengths(dp_rows(tbl)))
  if (!replace && size > most) abort(paste0("Problem while computing indices.\nCaused by error:\n! `size` must be less than or equal to ", most,
    " (size of data).\n\u2139 set `replace = TRUE` to use sampling with replacement."))
  at <- unlist(lapply(dp_rows(tbl), function(at) at[sample.int(length(at), size, replace, weight)]))
  dp_like(dp_take(tbl, at), tbl)
}

sample_frac <- function(tbl, size = 1, replace = FALSE, weight = NULL, ...) {
  at <- unlist(lapply(dp_rows(tbl), function(at) at[sample.int(length(at), round(size * length(at)), replace, weight)]))
  dp_like(dp_take(tbl, at), tbl)
}

top_n <- function(x, n, wt) {
  expr <- substitute(wt)
  if (missing(wt)) {
    expr <- as.name(names(x)[length(x)])
    inform(paste0("Selecting by ", names(x)[length(x)]))
  }
  env <- parent.frame()
  dp_by_group(x, function(at) {
    value <- xtfrm(eval(expr, dp_mask(x, at), env))
    at[if (n > 0) rank(-value, ties.method = "min") <= n else rank(value, ties.method = "min") <= -n]
  })
}

do <- function(.data, ...) {
  env <- .dots_place(parent.frame())
  dots <- eval(substitute(alist(...)))
  rows <- dp_rows(.data)
  parts <- lapply(rows, function(at) {
    part <- as_tibble(dp_take(.data, at))
    as.data.frame(eval(dots[[1L]], list(. = part), env))
  })
  groups <- dp_groups(.data)
  if (length(groups)) {
    keys <- group_keys(.data)
    parts <- lapply(seq_along(parts), function(k) {
      lead <- dp_take(keys, rep(k, nrow(parts[[k]])))
      cbind(lead[setdiff(names(lead), names(parts[[k]]))], parts[[k]])
    })
  }
  dp_like(bind_rows(parts), .data)
}
