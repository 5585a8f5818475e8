# Joining and stacking data frames.

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
  # Named vectors that are no rows of their own are the columns of one table.
  row <- function(one) is.data.frame(one) || !is.null(names(one))
  if (length(parts) && !is.null(names(parts)) && all(nzchar(names(parts))) && !all(vapply(parts, row, NA))) parts <- list(as_tibble(parts))
  for (k in seq_along(parts)) if (!row(parts[[k]]) && length(parts[[k]])) {
    dp_stop(paste0("Argument ", k, if (is.vector(parts[[k]])) " must have names." else " must be a data frame or a named atomic vector."))
  }
  if (length(parts) == 0L) return(as_tibble(data.frame()))
  tables <- lapply(parts, function(one) if (is.data.frame(one)) dp_plain(one) else as.data.frame(as.list(one), optional = TRUE))
  labels <- unique(unlist(lapply(tables, names)))
  sizes <- vapply(tables, nrow, 0L)
  made <- list()
  for (name in labels) {
    known <- Filter(function(table) !is.null(table[[name]]), tables)
    dp_must_combine(lapply(tables, `[[`, name), paste0("..", seq_along(tables), "$", name))
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
  if (any(vapply(tables, function(table) is.character(attr(table, "row.names")), NA))) {
    own <- unlist(lapply(tables, function(table) if (is.character(attr(table, "row.names"))) row.names(table) else rep("", nrow(table))))
    attr(made, "row.names") <- dp_row_names(own)
  }
  if (is.null(names(made))) names(made) <- character()
  if (!is.null(.id)) {
    tags <- if (is.null(names(parts)) || !any(nzchar(names(parts)))) as.character(seq_along(parts)) else names(parts)
    lead <- list(rep(tags, sizes))
    names(lead) <- .id
    made <- structure(c(lead, as.list(made)), class = "data.frame", row.names = attr(made, "row.names"))
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
  names(made) <- repaired_names(names(made), .name_repair)
  sizes <- vapply(tables, nrow, 0L)
  size <- if (all(sizes == 1L)) 1L else sizes[sizes != 1L][1L]
  wrong <- which(sizes != size & sizes != 1L)
  if (length(wrong)) dp_stop(paste0("Can't recycle `..", which(sizes == size)[1L], "` (size ", size, ") to match `..", wrong[1L], "` (size ", sizes[wrong[1L]], ")."),
                             class = c("vctrs_error_incompatible_size", "vctrs_error_incompatible", "vctrs_error"))
  made <- lapply(made, function(column) if (length(column) == 1L && size != 1L) rep(column, size) else column)
  made <- structure(made, class = "data.frame", row.names = seq_len(size))
  named <- Filter(function(table) is.character(attr(table, "row.names")) && nrow(table) == size, tables)
  if (length(named)) attr(made, "row.names") <- row.names(named[[1L]])
  if (is.data.frame(parts[[1L]]) && !inherits(parts[[1L]], "tbl_df")) made else as_tibble(made)
}

dp_join_keys <- function(x, y, by) {
  if (is.null(by)) {
    by <- intersect(names(x), names(y))
    if (length(by) == 0L) dp_stop("`by` must be supplied when `x` and `y` have no common variables.", i = "use by = character()` to perform a cross-join.")
    inform(paste0("Joining, by = ", if (length(by) == 1L) paste0("\"", by, "\"") else paste(deparse(by), collapse = "\n")))
  }
  if (inherits(by, "join_by")) return(by)
  left <- if (is.null(names(by))) by else ifelse(nzchar(names(by)), names(by), by)
  lost <- c(setdiff(left, names(x)), setdiff(by, names(y)))
  if (length(lost)) dp_stop("Join columns must be present in data.", x = paste0("Problem with ", paste0("`", unique(lost), "`", collapse = ", "), "."))
  for (k in seq_along(by)) {
    ends <- list(x[[left[k]]], y[[by[[k]]]])
    if (!dp_alike(ends[[1L]], ends[[2L]])) dp_stop(
      paste0("Can't join on `x$", left[k], "` x `y$", by[[k]], "` because of incompatible types."),
      i = paste0("`x$", left[k], "` is of type ", dp_kind_mark(ends[[1L]]), ">."), i = paste0("`y$", by[[k]], "` is of type ", dp_kind_mark(ends[[2L]]), ">."))
  }
  list(left = unname(left), right = unname(by))
}

join_by <- function(...) {
  dots <- eval(substitute(alist(...)))
  left <- vapply(dots, function(one) as.character(if (is.call(one)) one[[2L]] else one), "")
  right <- vapply(dots, function(one) as.character(if (is.call(one)) one[[3L]] else one), "")
  structure(list(left = unname(left), right = unname(right)), class = "join_by")
}

dp_join_code <- function(data, vars) if (!length(vars)) rep("", nrow(data)) else do.call(paste, c(lapply(vars, function(v) as.character(data[[v]])), sep = "\r"))

# Rows whose keys are missing meet nothing where missing values do not match.
dp_join_codes <- function(left, right, keys, na_matches) {
  codes <- list(dp_join_code(left, keys$left), dp_join_code(right, keys$right))
  if (na_matches == "never") {
    codes[[1L]][!complete.cases(left[keys$left])] <- NA
    codes[[2L]][!complete.cases(right[keys$right])] <- NaN
  }
  codes
}

dp_check_joined <- function(at_left, at_right, relationship) {
  at_left <- at_left[!is.na(at_right)]
  at_right <- at_right[!is.na(at_right)]
  one_y <- relationship %in% c("one-to-one", "many-to-one")
  one_x <- relationship %in% c("one-to-one", "one-to-many")
  if (one_y && anyDuplicated(at_left))
    stop("Each row in `x` must match at most 1 row in `y`.\n\u2139 Row ", at_left[anyDuplicated(at_left)], " of `x` matches multiple rows in `y`.", call. = FALSE)
  if (one_x && anyDuplicated(at_right))
    stop("Each row in `y` must match at most 1 row in `x`.\n\u2139 Row ", at_right[anyDuplicated(at_right)], " of `y` matches multiple rows in `x`.", call. = FALSE)
}

dp_join <- function(x, y, by, suffix, keep_left, keep_right, keep = NULL, na_matches = "na", multiple = "all", unmatched = "drop", relationship = NULL) {
  na_matches <- match.arg(na_matches, c("na", "never"))
  multiple <- match.arg(multiple, c("all", "any", "first", "last"))
  unmatched <- match.arg(unmatched, c("drop", "error"))
  keys <- dp_join_keys(x, y, by)
  left <- dp_plain(x)
  right <- dp_plain(y)
  codes <- dp_join_codes(left, right, keys, na_matches)
  code_left <- codes[[1L]]
  code_right <- codes[[2L]]
  places <- split(seq_along(code_right), factor(code_right, levels = unique(code_right)))
  hits <- places[match(code_left, names(places))]
  if (multiple != "all") hits <- lapply(hits, if (multiple == "last") function(at) at[length(at)] else function(at) at[seq_len(min(1L, length(at)))])
  sizes <- lengths(hits)
  at_left <- rep(seq_along(code_left), if (keep_left) pmax(sizes, 1L) else sizes)
  at_right <- unlist(lapply(seq_along(hits), function(k) if (sizes[k]) hits[[k]] else if (keep_left) NA_integer_ else integer()))
  if (!is.null(relationship)) dp_check_joined(at_left, at_right, match.arg(relationship, c("one-to-one", "one-to-many", "many-to-one", "many-to-many")))
  lost_right <- which(!(code_right %in% code_left))
  lost_left <- which(sizes == 0L)
  if (unmatched == "error" && !keep_left && length(lost_left)) stop("Each row of `x` must have a match in `y`.\n\u2139 Row ", lost_left[1L], " of `x` does not have a match.", call. = FALSE)
  if (unmatched == "error" && !keep_right && length(lost_right)) stop("Each row of `y` must be matched by `x`.\n\u2139 Row ", lost_right[1L], " of `y` was not matched.", call. = FALSE)
  extra <- if (keep_right) lost_right else integer()
  made <- lapply(names(left), function(name) {
    column <- left[[name]][at_left]
    if (length(extra)) {
      at <- if (isTRUE(keep)) NA else match(name, keys$left)
      tail <- if (is.na(at)) left[[name]][rep(NA_integer_, length(extra))] else right[[keys$right[at]]][extra]
      if (is.factor(column) && is.factor(tail)) column <- factor(c(as.character(column), as.character(tail)), levels = union(levels(column), levels(tail)))
      else column <- c(column, tail)
    }
    column
  })
  names(made) <- names(left)
  rest <- if (isTRUE(keep)) names(right) else setdiff(names(right), keys$right)
  both <- intersect(rest, if (isTRUE(keep)) names(left) else setdiff(names(left), keys$left))
  names(made)[names(made) %in% both] <- paste0(names(made)[names(made) %in% both], suffix[1L])
  for (name in rest) {
    label <- if (name %in% both) paste0(name, suffix[2L]) else name
    made[[label]] <- right[[name]][c(at_right, extra)]
  }
  made <- structure(made, class = "data.frame", row.names = seq_len(length(at_left) + length(extra)))
  dp_like(made, x)
}

left_join <- function(x, y, by = NULL, copy = FALSE, suffix = c(".x", ".y"), ..., keep = NULL, na_matches = "na", multiple = "all", unmatched = "drop",
                      relationship = NULL)
  dp_join(x, y, by, suffix, TRUE, FALSE, keep, na_matches, multiple, unmatched, relationship)

inner_join <- function(x, y, by = NULL, copy = FALSE, suffix = c(".x", ".y"), ..., keep = NULL, na_matches = "na", multiple = "all", unmatched = "drop",
                       relationship = NULL)
  dp_join(x, y, by, suffix, FALSE, FALSE, keep, na_matches, multiple, unmatched, relationship)

full_join <- function(x, y, by = NULL, copy = FALSE, suffix = c(".x", ".y"), ..., keep = NULL, na_matches = "na", multiple = "all",
                      relationship = NULL)
  dp_join(x, y, by, suffix, TRUE, TRUE, keep, na_matches, multiple, "drop", relationship)

right_join <- function(x, y, by = NULL, copy = FALSE, suffix = c(".x", ".y"), ..., keep = NULL, na_matches = "na", multiple = "all", unmatched = "drop",
                       relationship = NULL)
  dp_join(x, y, by, suffix, FALSE, TRUE, keep, na_matches, multiple, unmatched, relationship)

semi_join <- function(x, y, by = NULL, copy = FALSE, ..., na_matches = "na") {
  codes <- dp_join_codes(dp_plain(x), dp_plain(y), dp_join_keys(x, y, by), match.arg(na_matches, c("na", "never")))
  dp_like(dp_take(x, which((codes[[1L]] %in% codes[[2L]]))), x)
}

anti_join <- function(x, y, by = NULL, copy = FALSE, ..., na_matches = "na") {
  codes <- dp_join_codes(dp_plain(x), dp_plain(y), dp_join_keys(x, y, by), match.arg(na_matches, c("na", "never")))
  dp_like(dp_take(x, which(!(codes[[1L]] %in% codes[[2L]]))), x)
}

cross_join <- function(x, y, ...) {
  at <- expand.grid(y = seq_len(nrow(y)), x = seq_len(nrow(x)))
  bind_cols(dp_like(dp_take(x, at$x), x), dp_take(y, at$y))
}

dp_row_places <- function(x, y, by) {
  if (is.null(by)) {
    by <- names(y)[1L]
    inform(paste0("Matching, by = \"", by, "\""))
  }
  list(by = by, at = match(dp_join_code(dp_plain(y), by), dp_join_code(dp_plain(x), by)))
}

rows_update <- function(x, y, by = NULL, ..., unmatched = "error") {
  found <- dp_row_places(x, y, by)
  if (anyNA(found$at) && unmatched == "error") stop("Attempting to update missing rows.", call. = FALSE)
  # Every row with the key is written.
  from <- match(dp_join_code(dp_plain(x), found$by), dp_join_code(dp_plain(y), found$by))
  known <- which(!is.na(from))
  for (name in setdiff(names(y), found$by)) x[[name]][known] <- y[[name]][from[known]]
  x
}

rows_insert <- function(x, y, by = NULL, ...) {
  if (any(!is.na(dp_row_places(x, y, by)$at))) stop("`y` can't contain keys that already exist in `x`.", call. = FALSE)
  dp_like(dp_plain(bind_rows(x, y)), x)
}

rows_upsert <- function(x, y, by = NULL, ...) {
  found <- dp_row_places(x, y, by)
  made <- rows_update(x, y, found$by, unmatched = "ignore")
  fresh <- is.na(found$at)
  if (any(fresh)) dp_like(dp_plain(bind_rows(made, dp_take(y, which(fresh)))), x) else made
}

rows_delete <- function(x, y, by = NULL, ...) dp_like(dp_take(x, setdiff(seq_len(nrow(x)), dp_row_places(x, y, by)$at)), x)
