# Choosing columns: expressions over column names and the verbs that take them.

dp_unquote <- function(expr, env) {
  if (!is.call(expr)) return(expr)
  head <- expr[[1L]]
  if (identical(head, quote(`!`)) && is.call(expr[[2L]]) && identical(expr[[2L]][[1L]], quote(`!`))) {
    inner <- expr[[2L]][[2L]]
    if (is.call(inner) && identical(inner[[1L]], quote(`!`))) inner <- inner[[2L]]
    return(dp_bang(inner, env))
  }
  if (identical(head, quote(`{`)) && length(expr) == 2L && is.call(expr[[2L]]) && identical(expr[[2L]][[1L]], quote(`{`))) {
    return(dp_argument(expr[[2L]][[2L]], env))
  }
  if (identical(head, quote(`function`))) return(expr)
  # Of .env$name it is never the column.
  if (length(expr) == 3L && identical(expr[[2L]], quote(.env))) {
    if (identical(head, quote(`$`))) return(get(as.character(expr[[3L]]), envir = env))
    if (identical(head, quote(`[[`))) return(get(eval(expr[[3L]], env), envir = env))
  }
  for (k in seq_along(expr)) {
    part <- expr[[k]]
    if (!missing(part) && is.call(part)) expr[[k]] <- dp_unquote(part, env)
  }
  expr
}

# `!!x + 1` means `(!!x) + 1`: of an operation only what stands leftmost is put in.
dp_bang <- function(inner, env) {
  operation <- is.call(inner) && length(inner) == 3L && is.symbol(inner[[1L]]) && grepl("^([-+*/^:<>]|[<>=!]=|%.*%)$", as.character(inner[[1L]]))
  if (!operation) return(eval(inner, env))
  inner[[2L]] <- dp_bang(inner[[2L]], env)
  inner[[3L]] <- dp_unquote(inner[[3L]], env)
  inner
}

dp_argument <- function(symbol, env) {
  name <- as.character(symbol)
  while (!identical(env, emptyenv()) && !exists(name, envir = env, inherits = FALSE)) env <- parent.env(env)
  if (identical(env, emptyenv())) symbol else eval(call("substitute", symbol), env)
}

# Whether an expression is `!!!` of something, which stands for several expressions.
dp_is_spliced <- function(expr) is.call(expr) && identical(expr[[1L]], quote(`!`)) && is.call(expr[[2L]]) &&
  identical(expr[[2L]][[1L]], quote(`!`)) && is.call(expr[[2L]][[2L]]) && identical(expr[[2L]][[2L]][[1L]], quote(`!`))

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
    if (dp_is_spliced(expr)) made <- c(made, as.list(eval(expr[[2L]][[2L]][[2L]], env)))
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

# Where across() is: cur_column() asks for the name.
dp_place <- new.env()

dp_label <- function(expr) paste(deparse(expr), collapse = " ")

dp_across <- function(cols, fns, part, labels, env, groups, ...) {
  usable <- part[setdiff(names(part), groups)]
  at <- dp_positions(cols, names(usable), usable, env)
  columns <- usable[at]
  if (!is.null(names(at)) && any(nzchar(names(at)))) names(columns)[nzchar(names(at))] <- names(at)[nzchar(names(at))]
  if (is.null(fns)) return(columns)
  if (!is.list(fns)) {
    f <- as_mapper(fns)
    made <- columns
    for (col in names(columns)) made[col] <- list(dp_at_column(col, f, columns[[col]], ...))
    if (!is.null(labels)) names(made) <- vapply(names(columns), function(col)
      gsub("{.fn}", "1", gsub("{col}", col, gsub("{.col}", col, labels, fixed = TRUE), fixed = TRUE), fixed = TRUE), "")
    return(made)
  }
  made <- list()
  tags <- if (is.null(names(fns))) as.character(seq_along(fns)) else names(fns)
  if (is.null(labels)) labels <- "{.col}_{.fn}"
  for (col in names(columns)) for (k in seq_along(fns)) {
    name <- gsub("{.fn}", tags[k], gsub("{.col}", col, labels, fixed = TRUE), fixed = TRUE)
    made[[name]] <- dp_at_column(col, as_mapper(fns[[k]]), columns[[col]], ...)
  }
  made
}

dp_at_column <- function(name, f, column, ...) {
  outer <- dp_place$column
  dp_place$column <- name
  on.exit(dp_place$column <- outer)
  f(column, ...)
}

across <- function(.cols, .fns = NULL, ..., .names = NULL) {
  answer <- get0(".across", envir = parent.frame(), mode = "function")
  if (is.null(answer)) dp_stop("Must be used inside dplyr verbs.")
  call <- sys.call()
  call[[1L]] <- answer
  eval(call, parent.frame())
}

everything <- function(vars) dp_stop("`everything()` must be used within a *selecting* function.",
                                      i = "See <https://tidyselect.r-lib.org/reference/faq-selection-context.html> for\n  details.")

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
    dp_no_column(gone[1L])
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
    dp_no_column(label)
  }
  if (is.numeric(expr) && any(abs(expr) > length(names))) dp_past_the_end(expr[abs(expr) > length(names)][1L], length(names))
  if (!is.call(expr)) return(expr)
  if (is.call(expr[[1L]]) && identical(expr[[1L]][[1L]], quote(`::`))) expr[[1L]] <- expr[[1L]][[3L]]
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
  # A helper's name that stands for a value, as in all_of(vars), is the program's own variable.
  helpers <- dp_helpers(names, data)
  value <- eval(expr, helpers[!(names(helpers) %in% all.vars(expr))], env)
  if (is.character(value)) dp_known(value, names, TRUE)
  else if (is.logical(value)) which(value)
  else value
}

dp_select <- function(dots, data, env) {
  names <- names(data)
  for (k in rev(seq_along(dots))) if (dp_is_spliced(dots[[k]])) {
    dots <- append(dots[-k], as.list(eval(dots[[k]][[2L]][[2L]][[2L]], env)), after = k - 1L)
  }
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
  # Other packages have methods for objects of their own.
  if (!is.data.frame(.data) && is.object(.data) && !is.null(method <- getS3method("select", class(.data)[1L], optional = TRUE))) return(method(.data, ...))
  if (!is.data.frame(.data)) if (is.list(.data)) dp_stop("`select()` doesn't handle lists.") else dp_no_method("select", .data)
  at <- dp_select(eval(substitute(alist(...))), dp_plain(.data), .dots_place(parent.frame()))
  missing_groups <- setdiff(dp_groups(.data), names(.data)[at])
  if (length(missing_groups)) {
    inform(paste0("Adding missing grouping variables: ", paste0("`", missing_groups, "`", collapse = ", ")))
    at <- c(match(missing_groups, names(.data)), at)
  }
  groups <- dp_groups(.data)
  made <- dp_renamed(.data, at)
  for (k in seq_along(at)) groups[groups == names(.data)[at[k]]] <- names(made)[k]
  dp_like(made, .data, groups)
}

rename <- function(.data, ...) {
  at <- tryCatch(dp_select(eval(substitute(alist(...))), dp_plain(.data), .dots_place(parent.frame())), vctrs_error_subscript_oob = function(e)
    abort(sub("Can't subset", "Can't rename", conditionMessage(e)), class = c("vctrs_error_subscript_oob", "vctrs_error_subscript")))
  if (length(at) && (is.null(names(at)) || !all(nzchar(names(at))))) dp_stop("All renaming inputs must be named.")
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
  at <- dp_select(eval(substitute(alist(...))), data, .dots_place(parent.frame()))
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

select_if <- function(.tbl, .predicate, ...) {
  usable <- names(.tbl)[vapply(dp_plain(.tbl), function(column) isTRUE(as_mapper(.predicate)(column)), NA)]
  dp_like(dp_plain(.tbl)[union(dp_groups(.tbl), usable)], .tbl)
}

select_at <- function(.tbl, .vars, ...) dp_like(dp_plain(.tbl)[dp_columns_at(.tbl, .vars)], .tbl)

rename_all <- function(.tbl, .funs, ...) {
  names(.tbl) <- as_mapper(.funs)(names(.tbl), ...)
  .tbl
}

pull <- function(.data, var = -1, name = NULL) {
  data <- dp_plain(.data)
  expr <- substitute(var)
  if (is.numeric(expr) || (is.call(expr) && identical(expr[[1L]], quote(`-`)))) {
    at <- eval(expr)
    if (abs(at) > length(data)) dp_past_the_end(at, length(data), "extract")
    if (at < 0) at <- length(data) + 1L + at
  } else {
    expr <- dp_unquote(expr, parent.frame())
    if (is.character(expr) && !(expr %in% names(data))) dp_no_column(expr, "extract")
    if (is.symbol(expr) && !(as.character(expr) %in% names(data))) {
      # A name that is no column is looked up where the program calls.
      expr <- tryCatch(eval(expr, parent.frame()), error = function(e) abort(paste0("\n", dp_cause(simpleError(conditionMessage(e)))), class = "vctrs_error"))
    }
    at <- dp_positions(expr, names(data), data, parent.frame())
  }
  value <- data[[at]]
  label <- substitute(name)
  if (!is.null(label)) names(value) <- data[[dp_positions(label, names(data), data, parent.frame())]]
  value
}

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
