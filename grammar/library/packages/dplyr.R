# Verbs over data frames with evaluation inside the data.

dp_groups <- function(data) attr(data, "groups")

dp_codes <- function(column) {
  if (is.factor(column)) return(as.integer(column))
  match(column, sort(unique(column), na.last = TRUE))
}

dp_rows <- function(data) {
  vars <- dp_groups(data)
  if (inherits(data, "rowwise_df")) return(as.list(seq_len(nrow(data))))
  if (length(vars) == 0L) return(list(seq_len(nrow(data))))
  if (nrow(data) == 0L) return(list())
  codes <- lapply(vars, function(v) dp_codes(data[[v]]))
  key <- do.call(paste, c(codes, sep = "."))
  sorted <- unique(key[do.call(order, codes)])
  unname(split(seq_len(nrow(data)), factor(key, levels = sorted)))
}

# Rows of every group that the levels of factors make, with or without rows, and what each is grouped by.
dp_all_groups <- function(data) {
  rows <- list(seq_len(nrow(data)))
  keys <- list()
  for (name in dp_groups(data)) {
    column <- data[[name]]
    parts <- lapply(rows, function(at) {
      if (is.factor(column)) seq_len(nlevels(column) + anyNA(column[at]))
      else if (length(at)) match(sort(unique(column[at]), na.last = TRUE), column)
      else NA_integer_
    })
    from <- rep(seq_along(rows), lengths(parts))
    key <- unlist(parts)
    keys <- lapply(keys, function(one) one[from])
    keys[[name]] <- if (is.factor(column)) factor(levels(column)[key], levels(column), ordered = is.ordered(column)) else column[key]
    codes <- if (is.factor(column)) ifelse(is.na(column), nlevels(column) + 1L, as.integer(column)) else match(column, column)
    rows <- lapply(seq_along(key), function(k) rows[[from[k]]][codes[rows[[from[k]]]] %in% key[k]])
  }
  list(rows = rows, keys = structure(keys, class = "data.frame", row.names = seq_along(rows)))
}

dp_keeps_empty <- function(data) isTRUE(attr(data, "keep_empty")) && length(dp_groups(data)) > 0L && any(vapply(dp_groups(data), function(v) is.factor(data[[v]]), NA))

# The groups' rows, empty groups too where the data keep them.
dp_group_rows <- function(data) if (dp_keeps_empty(data)) dp_all_groups(data)$rows else dp_rows(data)

# What each of these groups is grouped by, one row for each.
dp_group_keys <- function(data) {
  if (dp_keeps_empty(data)) return(dp_all_groups(data)$keys)
  dp_take(data, vapply(dp_rows(data), `[`, 0L, 1L))[dp_groups(data)]
}

dp_bare <- function(data) {
  attr(data, "groups") <- attr(data, "keep_empty") <- NULL
  class(data) <- setdiff(class(data), c("grouped_df", "rowwise_df"))
  data
}

dp_plain <- function(data) {
  data <- dp_bare(data)
  class(data) <- "data.frame"
  data
}

dp_like <- function(made, data, groups = dp_groups(data)) {
  shown <- if (inherits(data, "tbl_df")) c("tbl_df", "tbl", "data.frame") else "data.frame"
  groups <- intersect(groups, names(made))
  if (inherits(data, "tbl_df") || length(groups) || !is.character(attr(made, "row.names"))) attr(made, "row.names") <- .set_row_names(nrow(made))
  if (length(groups)) {
    attr(made, "groups") <- groups
    attr(made, "keep_empty") <- attr(data, "keep_empty")
    class(made) <- c("grouped_df", "tbl_df", "tbl", "data.frame")
  } else {
    attr(made, "groups") <- NULL
    class(made) <- shown
  }
  if (inherits(data, "rowwise_df")) class(made) <- c("rowwise_df", class(made))
  made
}

dp_take <- function(data, at) {
  made <- dp_plain(data)[at, , drop = FALSE]
  # The rows of a frame keep their names, those of a tibble have none.
  attr(made, "row.names") <- if (is.character(attr(data, "row.names")) && !inherits(data, "tbl_df")) dp_row_names(row.names(data)[at]) else .set_row_names(nrow(made))
  made
}

# Names that came several times tell their places.
dp_row_names <- function(names) {
  names[is.na(names)] <- ""
  again <- !nzchar(names) | duplicated(names) | duplicated(names, fromLast = TRUE)
  names[again] <- paste0(sub("\\.\\.\\.[0-9]+$", "", names[again]), "...", which(again))
  names
}

dp_no_method <- function(verb, x) {
  kinds <- if (is.object(x)) class(x) else c(if (!is.null(dim(x))) class(x), typeof(x)[!is.list(x)], if (is.numeric(x)) "numeric", if (is.list(x)) "list")
  kinds <- unique(kinds)
  shown <- if (length(kinds) > 1L) paste0("c('", paste(kinds, collapse = "', '"), "')") else kinds
  stop("no applicable method for '", verb, "' applied to an object of class \"", shown, "\"", call. = FALSE)
}

dp_mask <- function(data, rows, group = 1L, rowwise = inherits(data, "rowwise_df")) {
  part <- lapply(unclass(dp_plain(data)), function(column) {
    # Of a table taken row by row a list gives its element.
    if (rowwise && is.list(column) && !is.data.frame(column) && length(rows) == 1L) column[[rows]]
    else if (is.matrix(column) || is.data.frame(column)) column[rows, , drop = FALSE] else column[rows]
  })
  attributes(part) <- list(names = names(data))
  size <- length(rows)
  helpers <- list(
    n = function() size,
    row_number = function(x) if (missing(x)) seq_len(size) else dp_first_rank(x),
    cur_group_id = function() group,
    cur_data = function() dp_take(data, rows),
    cur_group_rows = function() rows,
    cur_group = function() as_tibble(dp_take(data, rows[1L])[dp_groups(data)]),
    across = function(.cols = everything(), .fns = NULL, ..., .names = NULL)
      dp_across(substitute(.cols), .fns, part, .names, parent.frame(), dp_groups(data), ...),
    if_any = function(.cols, .fns, ...)
      Reduce(`|`, dp_across(substitute(.cols), .fns, part, NULL, parent.frame(), dp_groups(data), ...)),
    if_all = function(.cols, .fns, ...)
      Reduce(`&`, dp_across(substitute(.cols), .fns, part, NULL, parent.frame(), dp_groups(data), ...)),
    c_across = function(cols = everything())
      unlist(part[dp_positions(substitute(cols), names(part), part, parent.frame())], use.names = FALSE),
    pick = function(...) as.data.frame(part[dp_select(eval(substitute(alist(...))), part, parent.frame())])
  )
  # Under a point they are for those who say dplyr::n().
  c(part, helpers[setdiff(names(helpers), names(part))], setNames(helpers, paste0(".", names(helpers))), list(.data = part))
}

dp_assign <- function(data, values, name, rows, size) {
  if (all(vapply(values, is.null, NA))) {
    data[[name]] <- NULL
    return(data)
  }
  if (length(rows) == 1L && length(rows[[1L]]) == size) {
    value <- values[[1L]]
    count <- if (is.data.frame(value) || is.matrix(value)) nrow(value) else length(value)
    if (count == 1L && size != 1L) value <- rep(value, size)
    else if (count != size) {
      stop("`", name, "` must be size ", size, " or 1, not ", count, ".", call. = FALSE)
    }
    if (!is.data.frame(value) && !is.matrix(value)) names(value) <- NULL
    if (size == 0L && length(data) == 0L) data[[name]] <- value
    else if (is.list(value) && !is.data.frame(value)) data[[name]] <- value
    else data[[name]] <- value
    return(data)
  }
  pieces <- vector("list", length(rows))
  for (g in seq_along(rows)) {
    value <- values[[g]]
    count <- length(rows[[g]])
    if (length(value) != count) {
      if (length(value) != 1L) stop("`", name, "` must be size ", count, " or 1, not ", length(value), ".", call. = FALSE)
      value <- rep(value, count)
    }
    pieces[[g]] <- unname(value)
  }
  joined <- do.call(c, pieces)
  back <- order(unlist(rows))
  data[[name]] <- joined[back]
  data
}

dp_mutate <- function(.data, dots, env) {
  groups <- dp_groups(.data)
  rows <- dp_rows(.data)
  data <- dp_plain(.data)
  rowwise <- inherits(.data, "rowwise_df")
  if (length(groups)) attr(data, "groups") <- groups
  touched <- character()
  for (k in seq_along(dots)) {
    expr <- dots[[k]]
    told <- dp_told(dots, k)
    values <- lapply(seq_along(rows), function(g) dp_value(expr, dp_mask(data, rows[[g]], g, rowwise), env, told, "mutate", .data, g))
    if (length(rows) == 0L) values <- list(dp_value(expr, dp_mask(data, integer()), env, told, "mutate", dp_bare(.data)))
    name <- names(dots)[k]
    wrong <- which(vapply(seq_along(rows), function(g) {
      count <- if (is.null(values[[g]]) || is.data.frame(values[[g]])) 1L else NROW(values[[g]])
      count != 1L && count != length(rows[[g]]) && !(is.list(values[[g]]) && !nzchar(name) && !is.null(names(values[[g]])))
    }, NA))
    if (length(wrong)) {
      g <- wrong[1L]
      dp_wrong_size(dots, k, if (nzchar(name)) name else paste0("..", k), length(rows[[g]]), NROW(values[[g]]), .data, g)
    }
    if (!nzchar(name) && is.list(values[[1L]]) && !is.null(names(values[[1L]]))) {
      for (own in names(values[[1L]])) {
        data <- dp_assign(data, lapply(values, `[[`, own), own, rows, nrow(.data))
        touched <- c(touched, own)
      }
    } else {
      if (!nzchar(name)) name <- dp_label(expr)
      data <- dp_assign(data, values, name, rows, nrow(.data))
      touched <- c(touched, name)
    }
  }
  attr(data, "groups") <- NULL
  list(data = data, touched = unique(touched), dots = dots)
}

# The columns that calls of across() within an expression choose.
dp_across_names <- function(expr, data, env) {
  if (!is.call(expr)) return(NULL)
  if (identical(expr[[1L]], quote(across)) && length(expr) > 1L) {
    plain <- dp_plain(data)
    return(names(plain)[dp_positions(if (is.null(expr$.cols)) expr[[2L]] else expr$.cols, names(plain), plain, env)])
  }
  unlist(lapply(as.list(expr)[-1L], dp_across_names, data, env))
}

mutate <- function(.data, ..., .keep = c("all", "used", "unused", "none"), .before = NULL, .after = NULL, .by = NULL) {
  if (!is.data.frame(.data)) dp_no_method("mutate", .data)
  .keep <- match.arg(.keep)
  env <- .dots_place(parent.frame())
  by <- substitute(.by)
  grouped <- .data
  if (!is.null(by)) attr(grouped, "groups") <- names(.data)[dp_positions(by, names(.data), dp_plain(.data), env)]
  made <- dp_mutate(grouped, dp_dots(eval(substitute(alist(...))), env), env)
  data <- made$data
  if (.keep != "all") {
    read <- unique(unlist(lapply(made$dots, function(expr) c(all.vars(expr), dp_across_names(expr, .data, env)))))
    kept <- union(made$touched, dp_groups(grouped))
    if (.keep == "used") kept <- union(kept, read)
    if (.keep == "unused") kept <- c(kept, setdiff(names(.data), read))
    if (.keep != "none") data <- data[names(data) %in% kept]
  }
  if (.keep == "none") data <- data[union(dp_groups(grouped), intersect(names(data), made$touched))]
  fresh <- setdiff(intersect(made$touched, names(data)), names(.data))
  before <- substitute(.before)
  after <- substitute(.after)
  if (length(fresh) && (!is.null(before) || !is.null(after))) {
    rest <- setdiff(names(data), fresh)
    at <- if (!is.null(before)) dp_positions(before, rest, data[rest], env)[1L] - 1L
    else max(dp_positions(after, rest, data[rest], env))
    data <- data[append(rest, fresh, after = at)]
  }
  dp_like(data, .data)
}

transmute <- function(.data, ...) {
  env <- .dots_place(parent.frame())
  made <- dp_mutate(.data, dp_dots(eval(substitute(alist(...))), env), env)
  dp_like(made$data[union(dp_groups(.data), made$touched)], .data)
}

filter <- function(.data, ..., .by = NULL, .preserve = FALSE) {
  .unsupported(.preserve, "group again after filter()")
  if (!is.data.frame(.data)) return(stats_filter(.data, ...))
  env <- .dots_place(parent.frame())
  dots <- dp_dots(eval(substitute(alist(...))), env)
  by <- substitute(.by)
  grouped <- .data
  if (!is.null(by)) attr(grouped, "groups") <- names(.data)[dp_positions(by, names(.data), dp_plain(.data), env)]
  keep <- rep(TRUE, nrow(.data))
  rows <- dp_rows(grouped)
  for (k in seq_along(dots)) if (nzchar(names(dots)[k])) {
    dp_stop("We detected a named input.", i = "This usually means that you've used `=` instead of `==`.",
            i = paste0("Did you mean `", names(dots)[k], " == ", dp_label(dots[[k]]), "`?"))
  }
  for (k in seq_along(dots)) for (g in seq_along(rows)) {
    value <- dp_value(dots[[k]], dp_mask(grouped, rows[[g]], g), env, dp_told(dots, k), "filter", grouped, g)
    if (is.list(value)) value <- Reduce(`&`, value)
    fits <- c(1L, length(rows[[g]]))
    wrong <- if (!is.logical(value)) paste0("be a logical vector, not ", if (length(value) == 1L) sub(" vector$", "", dp_kind_words(value)) else sub(" vector$", "", dp_kind_words(value)), ".")
    else if (!(length(value) %in% fits)) paste0("be of size ", length(rows[[g]]), " or 1, not size ", length(value), ".")
    if (!is.null(wrong)) dp_stop(paste0("Problem while computing `", dp_told(dots, k), "`."), x = paste0("Input `..", k, "` must ", wrong), dp_where(grouped, g))
    keep[rows[[g]]] <- keep[rows[[g]]] & !is.na(value) & value
  }
  dp_like(dp_take(.data, which(keep)), .data)
}

stats_filter <- function(x, filter, method = "convolution", sides = 2L, circular = FALSE, init = NULL) {
  method <- match.arg(method, c("convolution", "recursive"))
  size <- length(filter)
  count <- length(x)
  series <- as.ts(x)
  like_series <- function(values) ts(values, start = tsp(series)[1L], frequency = tsp(series)[3L])
  x <- as.double(x)
  if (method == "recursive") {
    answer <- numeric(count)
    past <- if (is.null(init)) rep(0, size) else init
    for (k in seq_len(count)) {
      answer[k] <- x[k] + sum(filter * past)
      past <- c(answer[k], past)[seq_len(size)]
    }
    return(like_series(answer))
  }
  if (size > count) stop("'filter' is longer than time series")
  shift <- if (sides == 2L) size %/% 2L else 0L
  like_series(vapply(seq_len(count), function(k) {
    at <- k + shift - seq_len(size) + 1L
    if (circular) at <- (at - 1L) %% count + 1L
    if (any(at < 1L | at > count)) NA_real_ else sum(filter * x[at])
  }, 0))
}

arrange <- function(.data, ..., .by_group = FALSE) {
  env <- .dots_place(parent.frame())
  dots <- dp_dots(eval(substitute(alist(...))), env)
  mask <- dp_mask(dp_plain(.data), seq_len(nrow(.data)))
  keys <- list()
  if (.by_group) keys <- unname(as.list(dp_plain(.data)[dp_groups(.data)]))
  for (expr in dots) {
    # Of desc(column) the column is computed first.
    turned <- is.call(expr) && identical(expr[[1L]], quote(desc)) && length(expr) == 2L
    if (turned) expr <- expr[[2L]]
    value <- tryCatch(eval(expr, mask, env), error = function(e)
      abort(paste0("Problem with the implicit `transmute()` step.\n\u2716 Problem while computing `..", length(keys) + 1L, " = ", dp_label(expr), "`.\n", dp_cause(e, "mask$eval_all_mutate"))))
    if (turned) value <- desc(value)
    keys <- c(keys, if (is.list(value)) unname(value) else list(value))
  }
  if (length(keys) == 0L) return(.data)
  dp_like(dp_take(.data, do.call(order, unname(keys))), .data)
}

explain <- function(x, ...) UseMethod("explain")

explain.default <- function(x, ...) {
  print(x)
  invisible(x)
}

collect <- function(x, ...) x

compute <- function(x, ...) x
