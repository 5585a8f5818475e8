# Verbs over data frames with evaluation inside the data.

dp_unquote <- function(expr, env) {
  if (!is.call(expr)) return(expr)
  head <- expr[[1L]]
  if (identical(head, quote(`!`)) && is.call(expr[[2L]]) && identical(expr[[2L]][[1L]], quote(`!`))) {
    inner <- expr[[2L]][[2L]]
    if (is.call(inner) && identical(inner[[1L]], quote(`!`))) inner <- inner[[2L]]
    return(eval(inner, env))
  }
  if (identical(head, quote(`{`)) && length(expr) == 2L && is.call(expr[[2L]]) && identical(expr[[2L]][[1L]], quote(`{`))) {
    return(dp_argument(expr[[2L]][[2L]], env))
  }
  if (identical(head, quote(`function`))) return(expr)
  for (k in seq_along(expr)) {
    part <- expr[[k]]
    if (!missing(part) && is.call(part)) expr[[k]] <- dp_unquote(part, env)
  }
  expr
}

dp_argument <- function(symbol, env) {
  name <- as.character(symbol)
  while (!identical(env, emptyenv()) && !exists(name, envir = env, inherits = FALSE)) env <- parent.env(env)
  if (identical(env, emptyenv())) symbol else eval(call("substitute", symbol), env)
}

dp_dots <- function(dots, env) {
  made <- list()
  for (k in seq_along(dots)) {
    expr <- dots[[k]]
    name <- if (is.null(names(dots))) "" else names(dots)[k]
    if (is.call(expr) && identical(expr[[1L]], quote(`:=`))) {
      label <- dp_unquote(expr[[2L]], env)
      name <- if (is.character(label)) dp_glue(label, env) else as.character(label)
      expr <- expr[[3L]]
    }
    triple <- is.call(expr) && identical(expr[[1L]], quote(`!`)) && is.call(expr[[2L]]) &&
      identical(expr[[2L]][[1L]], quote(`!`)) && is.call(expr[[2L]][[2L]]) && identical(expr[[2L]][[2L]][[1L]], quote(`!`))
    if (triple) made <- c(made, as.list(eval(expr[[2L]][[2L]][[2L]], env)))
    else {
      part <- list(dp_unquote(expr, env))
      names(part) <- name
      made <- c(made, part)
    }
  }
  if (length(made) && is.null(names(made))) names(made) <- rep("", length(made))
  made
}

dp_glue <- function(label, env) {
  parts <- regmatches(label, gregexpr("\\{\\{?[^}]+\\}?\\}", label))[[1L]]
  for (part in parts) {
    inner <- gsub("[{}]", "", part)
    value <- if (startsWith(part, "{{")) as.character(dp_argument(as.name(trimws(inner)), env))
    else as.character(eval(parse(text = inner)[[1L]], env))
    label <- sub(part, value, label, fixed = TRUE)
  }
  label
}

dp_label <- function(expr) paste(deparse(expr), collapse = " ")

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

dp_bare <- function(data) {
  attr(data, "groups") <- NULL
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
  attr(made, "row.names") <- seq_len(nrow(made))
  groups <- intersect(groups, names(made))
  if (length(groups)) {
    attr(made, "groups") <- groups
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
  attr(made, "row.names") <- seq_len(nrow(made))
  made
}

dp_mask <- function(data, rows, group = 1L) {
  part <- lapply(unclass(dp_plain(data)), function(column) {
    if (is.matrix(column) || is.data.frame(column)) column[rows, , drop = FALSE] else column[rows]
  })
  attributes(part) <- list(names = names(data))
  size <- length(rows)
  helpers <- list(
    n = function() size,
    row_number = function(x) if (missing(x)) seq_len(size) else dp_first_rank(x),
    cur_group_id = function() group,
    cur_data = function() dp_take(data, rows),
    cur_group_rows = function() rows,
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
  c(part, helpers[setdiff(names(helpers), names(part))], list(.data = part))
}

dp_across <- function(cols, fns, part, labels, env, groups, ...) {
  usable <- part[setdiff(names(part), groups)]
  at <- dp_positions(cols, names(usable), usable, env)
  columns <- usable[at]
  if (!is.null(names(at)) && any(nzchar(names(at)))) names(columns)[nzchar(names(at))] <- names(at)[nzchar(names(at))]
  if (is.null(fns)) return(columns)
  if (!is.list(fns)) {
    f <- as_mapper(fns)
    made <- lapply(columns, f, ...)
    if (!is.null(labels)) names(made) <- vapply(names(columns), function(col)
      gsub("{.fn}", "1", gsub("{col}", col, gsub("{.col}", col, labels, fixed = TRUE), fixed = TRUE), fixed = TRUE), "")
    return(made)
  }
  made <- list()
  tags <- if (is.null(names(fns))) as.character(seq_along(fns)) else names(fns)
  if (is.null(labels)) labels <- "{.col}_{.fn}"
  for (col in names(columns)) for (k in seq_along(fns)) {
    name <- gsub("{.fn}", tags[k], gsub("{.col}", col, labels, fixed = TRUE), fixed = TRUE)
    made[[name]] <- as_mapper(fns[[k]])(columns[[col]], ...)
  }
  made
}

across <- function(.cols, .fns = NULL, ..., .names = NULL) stop("`across()` must only be used inside dplyr verbs.", call. = FALSE)

everything <- function(vars) stop("`everything()` must be used within a selecting function.", call. = FALSE)

dp_helpers <- function(names, data) {
  pick_names <- function(test) which(test(names))
  list(
    everything = function() seq_along(names),
    starts_with = function(match, ignore.case = TRUE) {
      shown <- if (ignore.case) tolower(names) else names
      which(Reduce(`|`, lapply(if (ignore.case) tolower(match) else match, function(m) startsWith(shown, m))))
    },
    ends_with = function(match, ignore.case = TRUE) {
      shown <- if (ignore.case) tolower(names) else names
      which(Reduce(`|`, lapply(if (ignore.case) tolower(match) else match, function(m) endsWith(shown, m))))
    },
    contains = function(match, ignore.case = TRUE) {
      shown <- if (ignore.case) tolower(names) else names
      which(Reduce(`|`, lapply(if (ignore.case) tolower(match) else match, function(m) grepl(m, shown, fixed = TRUE))))
    },
    matches = function(match, ignore.case = TRUE) grep(match, names, ignore.case = ignore.case),
    num_range = function(prefix, range, width = NULL)
      dp_known(paste0(prefix, if (is.null(width)) range else formatC(range, width = width, flag = "0")), names, FALSE),
    all_of = function(x) if (is.character(x)) dp_known(x, names, TRUE) else x,
    any_of = function(x) if (is.character(x)) dp_known(x, names, FALSE) else x,
    one_of = function(...) dp_known(c(...), names, FALSE),
    last_col = function(offset = 0L) length(names) - as.integer(offset),
    where = function(fn) {
      fn <- as_mapper(fn)
      which(vapply(data, function(column) isTRUE(fn(column)), NA))
    },
    vars = function(...) dp_select(eval(substitute(alist(...))), data, parent.frame()),
    desc = function(x) x
  )
}

dp_known <- function(wanted, names, strict) {
  at <- match(wanted, names)
  if (strict && anyNA(at)) {
    gone <- wanted[is.na(at)]
    stop("Can't subset columns that don't exist.\n", "Column `", gone[1L], "` doesn't exist.", call. = FALSE)
  }
  keep <- !is.na(at)
  at <- at[keep]
  if (!is.null(names(wanted))) names(at) <- names(wanted)[keep]
  at
}

dp_positions <- function(expr, names, data, env) {
  if (is.character(expr)) return(dp_known(expr, names, TRUE))
  if (is.symbol(expr)) {
    label <- as.character(expr)
    if (label %in% names) return(match(label, names))
    value <- tryCatch(eval(expr, env), error = function(e) NULL)
    if (is.character(value)) return(dp_known(value, names, TRUE))
    if (is.numeric(value)) return(value)
    stop("Can't subset columns that don't exist.\n", "Column `", label, "` doesn't exist.", call. = FALSE)
  }
  if (!is.call(expr)) return(expr)
  head <- if (is.symbol(expr[[1L]])) as.character(expr[[1L]]) else ""
  every <- seq_along(names)
  if (head == "-" && length(expr) == 2L) return(structure(setdiff(every, abs(dp_positions(expr[[2L]], names, data, env))), negative = TRUE))
  if (head == "!") return(structure(setdiff(every, dp_positions(expr[[2L]], names, data, env)), negative = TRUE))
  if (head == "(") return(dp_positions(expr[[2L]], names, data, env))
  if (head == ":") {
    ends <- c(dp_positions(expr[[2L]], names, data, env)[1L], dp_positions(expr[[3L]], names, data, env)[1L])
    return(ends[1L]:ends[2L])
  }
  if (head == "&") return(intersect(dp_positions(expr[[2L]], names, data, env), dp_positions(expr[[3L]], names, data, env)))
  if (head == "|") return(union(dp_positions(expr[[2L]], names, data, env), dp_positions(expr[[3L]], names, data, env)))
  if (head == "c") return(dp_select(as.list(expr)[-1L], data, env))
  if (head == "$" && identical(expr[[2L]], quote(.data))) return(dp_known(as.character(expr[[3L]]), names, TRUE))
  if (head == "[[" && identical(expr[[2L]], quote(.data))) return(dp_known(eval(expr[[3L]], env), names, TRUE))
  value <- eval(expr, dp_helpers(names, data), env)
  if (is.character(value)) dp_known(value, names, TRUE)
  else if (is.logical(value)) which(value)
  else value
}

dp_select <- function(dots, data, env) {
  names <- names(data)
  chosen <- NULL
  for (k in seq_along(dots)) {
    at <- dp_positions(dp_unquote(dots[[k]], env), names, data, env)
    negative <- isTRUE(attr(at, "negative"))
    attr(at, "negative") <- NULL
    if (is.numeric(at) && length(at) && all(at < 0)) {
      negative <- TRUE
      at <- setdiff(seq_along(names), -at)
    }
    if (negative) {
      chosen <- if (is.null(chosen)) at else chosen[chosen %in% at]
      next
    }
    label <- if (is.null(names(dots))) "" else names(dots)[k]
    if (nzchar(label)) names(at) <- if (length(at) > 1L) paste0(label, seq_along(at)) else label
    else if (is.null(names(at))) names(at) <- rep("", length(at))
    if (!is.null(chosen) && is.null(names(chosen))) names(chosen) <- rep("", length(chosen))
    known <- at %in% chosen
    for (j in which(known)) if (nzchar(names(at)[j])) names(chosen)[match(at[j], chosen)] <- names(at)[j]
    chosen <- c(chosen, at[!known])
  }
  if (is.null(chosen)) integer() else chosen[!duplicated(chosen)]
}

dp_renamed <- function(data, at) {
  labels <- names(data)[at]
  if (!is.null(names(at))) labels[nzchar(names(at))] <- names(at)[nzchar(names(at))]
  made <- dp_plain(data)[, unname(at), drop = FALSE]
  names(made) <- labels
  made
}

select <- function(.data, ...) {
  at <- dp_select(eval(substitute(alist(...))), dp_plain(.data), parent.frame())
  missing_groups <- setdiff(dp_groups(.data), names(.data)[at])
  if (length(missing_groups)) {
    message("Adding missing grouping variables: ", paste0("`", missing_groups, "`", collapse = ", "))
    at <- c(match(missing_groups, names(.data)), at)
  }
  groups <- dp_groups(.data)
  made <- dp_renamed(.data, at)
  for (k in seq_along(at)) groups[groups == names(.data)[at[k]]] <- names(made)[k]
  dp_like(made, .data, groups)
}

rename <- function(.data, ...) {
  at <- dp_select(eval(substitute(alist(...))), dp_plain(.data), parent.frame())
  groups <- dp_groups(.data)
  old <- names(.data)
  made <- dp_plain(.data)
  names(made)[at] <- names(at)
  for (k in seq_along(at)) groups[groups == old[at[k]]] <- names(at)[k]
  dp_like(made, .data, groups)
}

rename_with <- function(.data, .fn, .cols = everything(), ...) {
  at <- dp_positions(substitute(.cols), names(.data), dp_plain(.data), parent.frame())
  made <- dp_plain(.data)
  old <- names(made)
  names(made)[at] <- as_mapper(.fn)(names(made)[at], ...)
  groups <- dp_groups(.data)
  dp_like(made, .data, names(made)[match(groups, old)])
}

relocate <- function(.data, ..., .before = NULL, .after = NULL) {
  data <- dp_plain(.data)
  at <- dp_select(eval(substitute(alist(...))), data, parent.frame())
  rest <- setdiff(seq_along(data), at)
  before <- substitute(.before)
  after <- substitute(.after)
  if (!is.null(before)) place <- match(dp_positions(before, names(data), data, parent.frame())[1L], rest) - 1L
  else if (!is.null(after)) place <- match(max(dp_positions(after, names(data), data, parent.frame())), rest)
  else place <- 0L
  order <- append(rest, unname(at), after = place)
  if (is.null(names(at))) return(dp_like(data[order], .data))
  made <- data[order]
  labels <- names(at)[match(order, at)]
  names(made)[!is.na(labels) & nzchar(labels)] <- labels[!is.na(labels) & nzchar(labels)]
  dp_like(made, .data)
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
  if (length(groups)) attr(data, "groups") <- groups
  touched <- character()
  for (k in seq_along(dots)) {
    expr <- dots[[k]]
    values <- lapply(seq_along(rows), function(g) eval(expr, dp_mask(data, rows[[g]], g), env))
    if (length(rows) == 0L) values <- list(eval(expr, dp_mask(data, integer()), env))
    name <- names(dots)[k]
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
  list(data = data, touched = unique(touched))
}

mutate <- function(.data, ..., .keep = "all", .before = NULL, .after = NULL, .by = NULL) {
  env <- parent.frame()
  by <- substitute(.by)
  grouped <- .data
  if (!is.null(by)) attr(grouped, "groups") <- names(.data)[dp_positions(by, names(.data), dp_plain(.data), env)]
  made <- dp_mutate(grouped, dp_dots(eval(substitute(alist(...))), env), env)
  data <- made$data
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
  env <- parent.frame()
  made <- dp_mutate(.data, dp_dots(eval(substitute(alist(...))), env), env)
  dp_like(made$data[union(dp_groups(.data), made$touched)], .data)
}

filter <- function(.data, ..., .by = NULL, .preserve = FALSE) {
  if (!is.data.frame(.data)) return(stats_filter(.data, ...))
  env <- parent.frame()
  dots <- dp_dots(eval(substitute(alist(...))), env)
  by <- substitute(.by)
  grouped <- .data
  if (!is.null(by)) attr(grouped, "groups") <- names(.data)[dp_positions(by, names(.data), dp_plain(.data), env)]
  keep <- rep(TRUE, nrow(.data))
  rows <- dp_rows(grouped)
  for (expr in dots) for (g in seq_along(rows)) {
    value <- eval(expr, dp_mask(grouped, rows[[g]], g), env)
    if (is.list(value)) value <- Reduce(`&`, value)
    if (!is.logical(value)) stop("`", dp_label(expr), "` must be a logical vector, not a ", class(value)[1L], ".", call. = FALSE)
    if (!(length(value) %in% c(1L, length(rows[[g]]))))
      stop("`", dp_label(expr), "` must be of size ", length(rows[[g]]), " or 1, not size ", length(value), ".", call. = FALSE)
    keep[rows[[g]]] <- keep[rows[[g]]] & !is.na(value) & value
  }
  dp_like(dp_take(.data, which(keep)), .data)
}

stats_filter <- function(x, filter, method = "convolution", sides = 2L, circular = FALSE, init = NULL) {
  size <- length(filter)
  count <- length(x)
  if (method == "recursive") {
    answer <- numeric(count)
    past <- if (is.null(init)) rep(0, size) else init
    for (k in seq_len(count)) {
      answer[k] <- x[k] + sum(filter * past)
      past <- c(answer[k], past)[seq_len(size)]
    }
    return(answer)
  }
  shift <- if (sides == 2L) size %/% 2L else 0L
  vapply(seq_len(count), function(k) {
    at <- k + shift - seq_len(size) + 1L
    if (circular) at <- (at - 1L) %% count + 1L
    if (any(at < 1L | at > count)) NA_real_ else sum(filter * x[at])
  }, 0)
}

arrange <- function(.data, ..., .by_group = FALSE) {
  env <- parent.frame()
  dots <- dp_dots(eval(substitute(alist(...))), env)
  mask <- dp_mask(dp_plain(.data), seq_len(nrow(.data)))
  keys <- list()
  if (.by_group) keys <- unname(as.list(dp_plain(.data)[dp_groups(.data)]))
  for (expr in dots) {
    value <- eval(expr, mask, env)
    keys <- c(keys, if (is.list(value)) unname(value) else list(value))
  }
  if (length(keys) == 0L) return(.data)
  dp_like(dp_take(.data, do.call(order, unname(keys))), .data)
}

desc <- function(x) -(if (is.character(x)) match(x, sort(unique(x))) else as.numeric(xtfrm(x)))

group_by <- function(.data, ..., .add = FALSE, .drop = TRUE) {
  env <- parent.frame()
  dots <- dp_dots(eval(substitute(alist(...))), env)
  data <- dp_plain(.data)
  groups <- if (.add) dp_groups(.data) else character()
  for (k in seq_along(dots)) {
    expr <- dots[[k]]
    name <- names(dots)[k]
    if (is.symbol(expr) && !nzchar(name)) {
      label <- as.character(expr)
      if (!(label %in% names(data))) stop("Must group by variables found in `.data`.\nColumn `", label, "` is not found.", call. = FALSE)
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
  class(attributes_of_data) <- c("tbl_df", "tbl", "data.frame")
  dp_like(data, attributes_of_data, unique(groups))
}

group_by_at <- function(.tbl, .vars, ...) {
  at <- if (is.character(.vars)) .vars else names(.tbl)[dp_select(.vars, .tbl, parent.frame())]
  dp_like(dp_plain(.tbl), .tbl, at)
}

rowwise <- function(data, ...) {
  made <- dp_bare(data)
  class(made) <- c("rowwise_df", "tbl_df", "tbl", "data.frame")
  made
}

ungroup <- function(x, ...) dp_like(dp_plain(x), structure(dp_plain(x), class = setdiff(class(x), c("grouped_df", "rowwise_df"))), character())

group_vars <- function(x) {
  found <- dp_groups(x)
  if (is.null(found)) character() else found
}

groups <- function(x) lapply(group_vars(x), as.name)

is_grouped_df <- function(x) inherits(x, "grouped_df")

n_groups <- function(x) length(dp_rows(x))

group_keys <- function(.tbl, ...) {
  rows <- dp_rows(.tbl)
  as_tibble(dp_take(.tbl, vapply(rows, `[`, 0L, 1L))[dp_groups(.tbl)])
}

group_rows <- function(.data) dp_rows(.data)

group_split <- function(.tbl, ..., .keep = TRUE) {
  dots <- eval(substitute(alist(...)))
  if (length(dots)) .tbl <- group_by_at(.tbl, names(.tbl)[dp_select(dots, dp_plain(.tbl), parent.frame())])
  rows <- dp_rows(.tbl)
  kept <- if (.keep) names(.tbl) else setdiff(names(.tbl), dp_groups(.tbl))
  lapply(rows, function(at) as_tibble(dp_take(.tbl, at)[kept]))
}

group_map <- function(.data, .f, ..., .keep = FALSE) {
  .f <- as_mapper(.f)
  rows <- dp_rows(.data)
  kept <- if (.keep) names(.data) else setdiff(names(.data), dp_groups(.data))
  lapply(rows, function(at) .f(as_tibble(dp_take(.data, at)[kept]), as_tibble(dp_take(.data, at[1L])[dp_groups(.data)]), ...))
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
  env <- parent.frame()
  dots <- dp_dots(eval(substitute(alist(...))), env)
  by <- substitute(.by)
  if (!is.null(by)) attr(.data, "groups") <- names(.data)[dp_positions(by, names(.data), dp_plain(.data), env)]
  groups <- dp_groups(.data)
  rows <- dp_rows(.data)
  columns <- list()
  sizes <- rep(1L, length(rows))
  blocks <- vector("list", length(rows))
  for (g in seq_along(rows)) {
    mask <- dp_mask(.data, rows[[g]], g)
    block <- list()
    for (k in seq_along(dots)) {
      value <- eval(dots[[k]], mask, env)
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
    sizes[g] <- if (length(block)) max(vapply(block, function(v) if (is.data.frame(v)) nrow(v) else length(v), 0L)) else 1L
    blocks[[g]] <- block
  }
  labels <- unique(unlist(lapply(blocks, names)))
  made <- list()
  if (length(groups)) {
    keys <- dp_take(.data, vapply(rows, `[`, 0L, 1L))[groups]
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
  if (is.null(.groups) && length(groups) > 1L) {
    message("`summarise()` has grouped output by ", paste0("'", kept, "'", collapse = ", "),
            ". You can override using the `.groups` argument.")
  }
  dp_like(made, as_tibble(made), kept)
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

dp_scoped <- function(data, columns, fns, args, names_by_fn) {
  rows <- dp_rows(data)
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
  made <- lapply(dp_scoped(.tbl, columns, fns, args), function(values) do.call(c, unname(values)))
  groups <- dp_groups(.tbl)
  keys <- if (length(groups)) as.list(group_keys(.tbl)) else list()
  answer <- as.data.frame(c(keys, made), optional = TRUE)
  dp_like(answer, if (length(groups)) as_tibble(answer) else .tbl, groups[-length(groups)])
}

dp_scoped_mutate <- function(.tbl, columns, fns, args) {
  made <- dp_scoped(.tbl, columns, fns, args)
  data <- dp_plain(.tbl)
  for (name in names(made)) data <- dp_assign(data, made[[name]], name, dp_rows(.tbl), nrow(.tbl))
  dp_like(data, .tbl)
}

dp_columns_if <- function(.tbl, .predicate) {
  usable <- setdiff(names(.tbl), dp_groups(.tbl))
  test <- as_mapper(.predicate)
  usable[vapply(usable, function(name) isTRUE(test(.tbl[[name]])), NA)]
}

dp_columns_at <- function(.tbl, .vars) {
  if (is.character(.vars)) return(.vars)
  if (is.numeric(.vars)) return(names(.tbl)[.vars])
  names(.tbl)[dp_select(.vars, dp_plain(.tbl), parent.frame(2L))]
}

vars <- function(...) eval(substitute(alist(...)))

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

select_if <- function(.tbl, .predicate, ...) {
  usable <- names(.tbl)[vapply(dp_plain(.tbl), function(column) isTRUE(as_mapper(.predicate)(column)), NA)]
  dp_like(dp_plain(.tbl)[union(dp_groups(.tbl), usable)], .tbl)
}

select_at <- function(.tbl, .vars, ...) dp_like(dp_plain(.tbl)[dp_columns_at(.tbl, .vars)], .tbl)

rename_all <- function(.tbl, .funs, ...) {
  names(.tbl) <- as_mapper(.funs)(names(.tbl), ...)
  .tbl
}

distinct_at <- function(.tbl, .vars, ..., .keep_all = FALSE) {
  at <- dp_columns_at(.tbl, .vars)
  keep <- !duplicated(dp_plain(.tbl)[at])
  dp_like(dp_take(.tbl, which(keep))[if (.keep_all) names(.tbl) else at], .tbl)
}

count <- function(x, ..., wt = NULL, sort = FALSE, name = "n") {
  env <- parent.frame()
  call <- as.call(c(list(quote(group_by), quote(x)), eval(substitute(alist(...))), list(.add = TRUE)))
  grouped <- eval(call, list(x = x), env)
  weight <- substitute(wt)
  rows <- dp_rows(grouped)
  made <- if (length(dp_groups(grouped))) dp_take(grouped, vapply(rows, `[`, 0L, 1L))[dp_groups(grouped)] else data.frame(row.names = 1L)
  made[[name]] <- if (is.null(weight)) lengths(rows)
  else vapply(rows, function(at) sum(eval(weight, dp_mask(grouped, at), env), na.rm = TRUE), 0)
  if (sort) made <- made[order(-made[[name]]), , drop = FALSE]
  dp_like(made, dp_plain(x), dp_groups(x))
}

tally <- function(x, wt = NULL, sort = FALSE, name = "n") {
  rows <- dp_rows(x)
  groups <- dp_groups(x)
  weight <- substitute(wt)
  made <- if (length(groups)) dp_take(x, vapply(rows, `[`, 0L, 1L))[groups] else data.frame(row.names = 1L)
  env <- parent.frame()
  made[[name]] <- if (is.null(weight)) lengths(rows)
  else vapply(rows, function(at) sum(eval(weight, dp_mask(x, at), env), na.rm = TRUE), 0)
  if (sort) made <- made[order(-made[[name]]), , drop = FALSE]
  dp_like(made, if (inherits(x, "tbl_df")) as_tibble(made) else made, groups[-length(groups)])
}

add_count <- function(x, ..., wt = NULL, sort = FALSE, name = "n") {
  call <- as.call(c(list(quote(group_by), quote(x)), eval(substitute(alist(...)))))
  rows <- dp_rows(eval(call, list(x = x), parent.frame()))
  data <- dp_plain(x)
  sizes <- integer(nrow(data))
  for (at in rows) sizes[at] <- length(at)
  data[[name]] <- sizes
  dp_like(if (sort) data[order(-sizes), ] else data, x)
}

add_tally <- function(x, ..., name = "n") {
  data <- dp_plain(x)
  sizes <- integer(nrow(data))
  for (at in dp_rows(x)) sizes[at] <- length(at)
  data[[name]] <- sizes
  dp_like(data, x)
}

distinct <- function(.data, ..., .keep_all = FALSE) {
  env <- parent.frame()
  dots <- dp_dots(eval(substitute(alist(...))), env)
  made <- dp_mutate(.data, dots[!vapply(dots, is.symbol, NA) | nzchar(names(dots))], env)
  data <- made$data
  labels <- character()
  for (k in seq_along(dots)) labels <- c(labels, if (nzchar(names(dots)[k])) names(dots)[k] else dp_label(dots[[k]]))
  labels <- union(dp_groups(.data), labels)
  if (length(dots) == 0L) labels <- names(data)
  keep <- which(!duplicated(data[labels]))
  dp_like(dp_take(data, keep)[if (.keep_all) names(data) else labels], .data)
}

pull <- function(.data, var = -1, name = NULL) {
  data <- dp_plain(.data)
  expr <- substitute(var)
  if (is.numeric(expr) || (is.call(expr) && identical(expr[[1L]], quote(`-`)))) {
    at <- eval(expr)
    if (at < 0) at <- length(data) + 1L + at
  } else at <- dp_positions(dp_unquote(expr, parent.frame()), names(data), data, parent.frame())
  value <- data[[at]]
  label <- substitute(name)
  if (!is.null(label)) names(value) <- data[[dp_positions(label, names(data), data, parent.frame())]]
  value
}

dp_by_group <- function(.data, pick) dp_like(dp_take(.data, sort(unlist(lapply(dp_rows(.data), pick)))), .data)

slice <- function(.data, ...) {
  env <- parent.frame()
  dots <- eval(substitute(alist(...)))
  rows <- dp_rows(.data)
  at <- unlist(lapply(seq_along(rows), function(g) {
    chosen <- unlist(lapply(dots, eval, dp_mask(.data, rows[[g]], g), env))
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
  at <- unlist(lapply(dp_rows(tbl), function(at) at[sample.int(length(at), size, replace, weight)]))
  dp_like(dp_take(tbl, at), tbl)
}

sample_frac <- function(tbl, size = 1, replace = FALSE, weight = NULL, ...) {
  at <- unlist(lapply(dp_rows(tbl), function(at) at[sample.int(length(at), round(size * length(at)), replace, weight)]))
  dp_like(dp_take(tbl, at), tbl)
}

top_n <- function(x, n, wt) {
  expr <- substitute(wt)
  if (missing(wt)) expr <- as.name(names(x)[length(x)])
  env <- parent.frame()
  dp_by_group(x, function(at) {
    value <- eval(expr, dp_mask(x, at), env)
    at[if (n > 0) rank(-value, ties.method = "min") <= n else rank(value, ties.method = "min") <= -n]
  })
}

bind_rows <- function(..., .id = NULL) {
  parts <- list(...)
  if (length(parts) == 1L && is.list(parts[[1L]]) && !is.data.frame(parts[[1L]])) parts <- parts[[1L]]
  flat <- list()
  for (k in seq_along(parts)) {
    one <- parts[[k]]
    own <- if (is.null(names(parts))) "" else names(parts)[k]
    if (is.list(one) && !is.data.frame(one) && length(one) && all(vapply(one, is.data.frame, NA))) flat <- c(flat, one)
    else if (!is.null(one)) {
      flat <- c(flat, list(one))
      names(flat)[length(flat)] <- own
    }
  }
  parts <- flat
  if (length(parts) == 0L) return(as_tibble(data.frame()))
  tables <- lapply(parts, function(one) if (is.data.frame(one)) dp_plain(one) else as.data.frame(as.list(one), optional = TRUE))
  labels <- unique(unlist(lapply(tables, names)))
  sizes <- vapply(tables, nrow, 0L)
  made <- list()
  for (name in labels) {
    known <- Filter(function(table) !is.null(table[[name]]), tables)
    factors <- vapply(known, function(table) is.factor(table[[name]]), NA)
    same <- all(factors) && length(unique(lapply(known, function(table) levels(table[[name]])))) == 1L
    pieces <- lapply(tables, function(table) {
      column <- table[[name]]
      if (is.null(column)) column <- if (is.list(known[[1L]][[name]])) vector("list", nrow(table)) else rep(NA, nrow(table))
      if (any(factors) && !all(factors) && is.factor(column)) as.character(column) else column
    })
    if (any(factors) && all(factors)) {
      pool <- unique(unlist(lapply(known, function(table) levels(table[[name]]))))
      made[[name]] <- factor(unlist(lapply(pieces, as.character)), levels = pool)
    } else {
      template <- known[[1L]][[name]]
      joined <- do.call(c, unname(c(list(template[0L]), pieces)))
      made[[name]] <- joined
    }
  }
  made <- structure(made, class = "data.frame", row.names = seq_len(sum(sizes)))
  if (is.null(names(made))) names(made) <- character()
  if (!is.null(.id)) {
    tags <- if (is.null(names(parts)) || !any(nzchar(names(parts)))) as.character(seq_along(parts)) else names(parts)
    lead <- list(rep(tags, sizes))
    names(lead) <- .id
    made <- structure(c(lead, as.list(made)), class = "data.frame", row.names = seq_len(sum(sizes)))
  }
  first <- parts[[1L]]
  if (is.data.frame(first) && !inherits(first, "tbl_df")) made else as_tibble(made)
}

bind_cols <- function(..., .name_repair = "unique") {
  parts <- list(...)
  if (length(parts) == 1L && is.list(parts[[1L]]) && !is.data.frame(parts[[1L]])) parts <- parts[[1L]]
  parts <- parts[!vapply(parts, is.null, NA)]
  tables <- lapply(seq_along(parts), function(k) {
    one <- parts[[k]]
    if (is.data.frame(one)) dp_plain(one)
    else if (is.list(one)) as.data.frame(one, optional = TRUE)
    else structure(list(one), names = if (is.null(names(parts)) || !nzchar(names(parts)[k])) paste0("...", k) else names(parts)[k],
                   class = "data.frame", row.names = seq_along(one))
  })
  made <- do.call(c, lapply(tables, function(table) unclass(as.list(table))))
  repeated <- names(made) %in% names(made)[duplicated(names(made))]
  names(made)[repeated] <- paste0(names(made)[repeated], "...", which(repeated))
  size <- max(vapply(tables, nrow, 0L))
  made <- lapply(made, function(column) if (length(column) == 1L && size != 1L) rep(column, size) else column)
  made <- structure(made, class = "data.frame", row.names = seq_len(size))
  if (is.data.frame(parts[[1L]]) && !inherits(parts[[1L]], "tbl_df")) made else as_tibble(made)
}

dp_join_keys <- function(x, y, by) {
  if (is.null(by)) {
    by <- intersect(names(x), names(y))
    if (length(by) == 0L) stop("`by` must be supplied when `x` and `y` have no common variables.", call. = FALSE)
    message("Joining, by = ", if (length(by) == 1L) paste0("\"", by, "\"") else deparse(by))
  }
  if (inherits(by, "join_by")) return(by)
  left <- if (is.null(names(by))) by else ifelse(nzchar(names(by)), names(by), by)
  list(left = unname(left), right = unname(by))
}

join_by <- function(...) {
  dots <- eval(substitute(alist(...)))
  left <- vapply(dots, function(one) as.character(if (is.call(one)) one[[2L]] else one), "")
  right <- vapply(dots, function(one) as.character(if (is.call(one)) one[[3L]] else one), "")
  structure(list(left = unname(left), right = unname(right)), class = "join_by")
}

dp_join_code <- function(data, vars) do.call(paste, c(lapply(vars, function(v) as.character(data[[v]])), sep = "\r"))

dp_join <- function(x, y, by, suffix, keep_left, keep_right) {
  keys <- dp_join_keys(x, y, by)
  left <- dp_plain(x)
  right <- dp_plain(y)
  code_left <- dp_join_code(left, keys$left)
  code_right <- dp_join_code(right, keys$right)
  places <- split(seq_along(code_right), factor(code_right, levels = unique(code_right)))
  hits <- places[match(code_left, names(places))]
  sizes <- lengths(hits)
  at_left <- rep(seq_along(code_left), if (keep_left) pmax(sizes, 1L) else sizes)
  at_right <- unlist(lapply(seq_along(hits), function(k) if (sizes[k]) hits[[k]] else if (keep_left) NA_integer_ else integer()))
  extra <- if (keep_right) which(!(code_right %in% code_left)) else integer()
  made <- lapply(names(left), function(name) {
    column <- left[[name]][at_left]
    if (length(extra)) {
      at <- match(name, keys$left)
      tail <- if (is.na(at)) left[[name]][rep(NA_integer_, length(extra))] else right[[keys$right[at]]][extra]
      if (is.factor(column) && is.factor(tail)) column <- factor(c(as.character(column), as.character(tail)), levels = union(levels(column), levels(tail)))
      else column <- c(column, tail)
    }
    column
  })
  names(made) <- names(left)
  rest <- setdiff(names(right), keys$right)
  both <- intersect(rest, setdiff(names(left), keys$left))
  names(made)[names(made) %in% both] <- paste0(names(made)[names(made) %in% both], suffix[1L])
  for (name in rest) {
    label <- if (name %in% both) paste0(name, suffix[2L]) else name
    made[[label]] <- right[[name]][c(at_right, extra)]
  }
  made <- structure(made, class = "data.frame", row.names = seq_len(length(at_left) + length(extra)))
  dp_like(made, x)
}

left_join <- function(x, y, by = NULL, copy = FALSE, suffix = c(".x", ".y"), ...) dp_join(x, y, by, suffix, TRUE, FALSE)

inner_join <- function(x, y, by = NULL, copy = FALSE, suffix = c(".x", ".y"), ...) dp_join(x, y, by, suffix, FALSE, FALSE)

full_join <- function(x, y, by = NULL, copy = FALSE, suffix = c(".x", ".y"), ...) dp_join(x, y, by, suffix, TRUE, TRUE)

right_join <- function(x, y, by = NULL, copy = FALSE, suffix = c(".x", ".y"), ...) dp_join(x, y, by, suffix, FALSE, TRUE)

semi_join <- function(x, y, by = NULL, copy = FALSE, ...) {
  keys <- dp_join_keys(x, y, by)
  dp_like(dp_take(x, which(dp_join_code(dp_plain(x), keys$left) %in% dp_join_code(dp_plain(y), keys$right))), x)
}

anti_join <- function(x, y, by = NULL, copy = FALSE, ...) {
  keys <- dp_join_keys(x, y, by)
  dp_like(dp_take(x, which(!(dp_join_code(dp_plain(x), keys$left) %in% dp_join_code(dp_plain(y), keys$right)))), x)
}

cross_join <- function(x, y, ...) {
  at <- expand.grid(y = seq_len(nrow(y)), x = seq_len(nrow(x)))
  bind_cols(dp_like(dp_take(x, at$x), x), dp_take(y, at$y))
}

n <- function() stop("`n()` must only be used inside dplyr verbs.", call. = FALSE)

n_distinct <- function(..., na.rm = FALSE) {
  values <- list(...)
  if (length(values) == 1L) {
    value <- values[[1L]]
    if (na.rm) value <- value[!is.na(value)]
    return(length(unique(value)))
  }
  nrow(unique(as.data.frame(values, optional = TRUE)))
}

if_else <- function(condition, true, false, missing = NULL, ...) {
  size <- length(condition)
  answer <- rep(false[NA_integer_], size)
  if (is.logical(answer)) answer <- rep(true[NA_integer_], size)
  true <- rep(true, length.out = size)
  false <- rep(false, length.out = size)
  yes <- !is.na(condition) & condition
  no <- !is.na(condition) & !condition
  answer[yes] <- true[yes]
  answer[no] <- false[no]
  if (!is.null(missing)) answer[is.na(condition)] <- rep(missing, length.out = size)[is.na(condition)]
  answer
}

case_when <- function(..., .default = NULL) {
  cases <- list(...)
  env <- parent.frame()
  tests <- lapply(cases, function(case) eval(case[[2L]], environment(case)))
  values <- lapply(cases, function(case) eval(case[[3L]], environment(case)))
  size <- max(lengths(tests), lengths(values))
  answer <- NULL
  open <- rep(TRUE, size)
  for (k in seq_along(cases)) {
    test <- rep(tests[[k]], length.out = size)
    hit <- open & !is.na(test) & test
    value <- values[[k]]
    if (is.null(answer)) answer <- rep(value[NA_integer_], size)
    if (any(hit)) answer[hit] <- rep(value, length.out = size)[hit]
    open <- open & !hit
  }
  if (!is.null(.default)) answer[open] <- rep(.default, length.out = size)[open]
  answer
}

case_match <- function(.x, ..., .default = NULL) {
  answer <- NULL
  open <- rep(TRUE, length(.x))
  for (case in list(...)) {
    value <- eval(case[[3L]], environment(case))
    if (is.null(answer)) answer <- rep(value[NA_integer_], length(.x))
    hit <- open & .x %in% eval(case[[2L]], environment(case))
    answer[hit] <- value
    open <- open & !hit
  }
  if (!is.null(.default)) answer[open] <- rep(.default, length.out = length(.x))[open]
  answer
}

coalesce <- function(...) {
  values <- list(...)
  answer <- values[[1L]]
  for (value in values[-1L]) {
    gap <- is.na(answer)
    answer[gap] <- rep(value, length.out = length(answer))[gap]
  }
  answer
}

na_if <- function(x, y) {
  x[x == y] <- NA
  x
}

recode <- function(.x, ..., .default = NULL, .missing = NULL) {
  changes <- list(...)
  if (is.factor(.x)) {
    levels(.x) <- vapply(levels(.x), function(level) if (level %in% names(changes)) as.character(changes[[level]]) else level, "")
    return(.x)
  }
  keys <- as.character(.x)
  if (is.null(names(changes))) names(changes) <- as.character(seq_along(changes))
  known <- keys %in% names(changes)
  answer <- if (is.null(.default) && !all(known | is.na(keys))) .x else rep(changes[[1L]][NA_integer_], length(.x))
  for (name in names(changes)) answer[!is.na(keys) & keys == name] <- changes[[name]]
  if (!is.null(.default)) answer[!known & !is.na(keys)] <- .default
  if (!is.null(.missing)) answer[is.na(keys)] <- .missing
  answer
}

lag <- function(x, n = 1L, default = NA, ...) {
  if (n == 0L) return(x)
  c(rep(if (is.na(default)) x[NA_integer_] else default, min(n, length(x))), x[seq_len(max(0L, length(x) - n))])
}

lead <- function(x, n = 1L, default = NA, ...) {
  if (n == 0L) return(x)
  c(x[seq_len(length(x)) > n], rep(if (is.na(default)) x[NA_integer_] else default, min(n, length(x))))
}

first <- function(x, ..., default = NULL) if (length(x)) x[[1L]] else if (is.null(default)) x[NA_integer_] else default

last <- function(x, ..., default = NULL) if (length(x)) x[[length(x)]] else if (is.null(default)) x[NA_integer_] else default

nth <- function(x, n, ..., default = NULL) {
  if (n < 0) n <- length(x) + n + 1L
  if (n >= 1L && n <= length(x)) x[[n]] else if (is.null(default)) x[NA_integer_] else default
}

between <- function(x, left, right) x >= left & x <= right

near <- function(x, y, tol = .Machine$double.eps^0.5) abs(x - y) < tol

dp_first_rank <- function(x) {
  answer <- rank(x, ties.method = "first", na.last = "keep")
  as.integer(answer)
}

row_number <- function(x) {
  if (missing(x)) stop("`row_number()` must only be used inside dplyr verbs.", call. = FALSE)
  dp_first_rank(x)
}

min_rank <- function(x) as.integer(rank(x, ties.method = "min", na.last = "keep"))

dense_rank <- function(x) match(x, sort(unique(x)))

percent_rank <- function(x) (min_rank(x) - 1) / (sum(!is.na(x)) - 1)

cume_dist <- function(x) rank(x, ties.method = "max", na.last = "keep") / sum(!is.na(x))

ntile <- function(x, n) {
  place <- row_number(x)
  size <- sum(!is.na(place))
  large <- size %% n
  width <- size %/% n
  edge <- large * (width + 1)
  as.integer(ifelse(place <= edge, (place - 1) %/% (width + 1) + 1, large + (place - edge - 1) %/% max(width, 1) + 1))
}

cummean <- function(x) cumsum(x) / seq_along(x)

explain <- function(x, ...) {
  print(x)
  invisible(x)
}

do <- function(.data, ...) {
  env <- parent.frame()
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

collect <- function(x, ...) x

compute <- function(x, ...) x

tbl_vars <- function(x) names(x)

all_vars <- function(expr) substitute(expr)

any_vars <- function(expr) substitute(expr)

sym <- function(x) as.name(x)

syms <- function(x) lapply(x, as.name)

ensym <- function(arg) eval.parent(call("substitute", substitute(arg)))

enquo <- function(arg) eval.parent(call("substitute", substitute(arg)))

quo <- function(expr) substitute(expr)

quo_name <- function(quo) dp_label(quo)

as_label <- function(x) dp_label(x)
