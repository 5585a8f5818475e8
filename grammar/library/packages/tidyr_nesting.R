# Tables within tables: putting rows away into lists and taking them out again.

# A list whose elements are all of one kind; it is shown with that kind.
list_of_kind <- function(values, kind = values[[1L]]) structure(values, ptype = if (is.data.frame(kind)) kind[0L, ] else kind[0L], class = c("vctrs_list_of", "vctrs_vctr", "list"))

`[.vctrs_list_of` <- function(x, i) structure(unclass(x)[i], ptype = attr(x, "ptype"), class = class(x))

nest <- function(.data, ..., .by = NULL, .key = "data") {
  env <- .dots_place(parent.frame())
  plain <- dp_plain(.data)
  dots <- eval(substitute(alist(...)))
  by <- substitute(.by)
  chosen <- function(expr) tryCatch(names(plain)[unname(dp_select(list(expr), plain, env))], error = identity)
  labels <- if (is.null(names(dots))) rep(.key, length(dots)) else names(dots)
  inner <- setNames(lapply(dots, chosen), labels)
  for (k in seq_along(inner)) if (inherits(inner[[k]], "error")) abort(paste0("In expression named `", labels[k], "`:\n", dp_cause(inner[[k]])))
  if (!length(inner)) {
    outer <- if (is.null(by)) dp_groups(.data) else chosen(by)
    inner <- setNames(list(setdiff(names(plain), outer)), .key)
  }
  outer <- setdiff(names(plain), unlist(inner))
  code <- if (length(outer)) dp_join_code(plain, outer) else rep("", nrow(plain))
  rows <- unique(code)
  made <- as.list(dp_take(plain, match(rows, code))[outer])
  for (key in names(inner)) made[[key]] <- lapply(rows, function(one) as_tibble(dp_take(plain, which(code == one))[inner[[key]]]))
  made <- structure(made, class = c("tbl_df", "tbl", "data.frame"), row.names = seq_along(rows))
  if (length(dp_groups(.data))) dp_like(made, .data) else made
}

unnest <- function(data, cols = NULL, ..., keep_empty = FALSE, names_sep = NULL) {
  plain <- dp_plain(data)
  expr <- substitute(cols)
  if (is.null(expr)) {
    at <- which(vapply(plain, is.list, NA))
    warning("`cols` is now required when using `unnest()`.\n\u2139 Please use `cols = c(", paste(names(plain)[at], collapse = ", "), ")`.", call. = FALSE)
  } else at <- unname(dp_positions(expr, names(plain), plain, parent.frame()))
  at <- at[vapply(plain[at], is.list, NA)]
  if (!length(at)) return(data)
  parts <- lapply(plain[at], function(column) lapply(column, function(one) {
    if (is.null(one) || NROW(one) == 0L && keep_empty) if (!keep_empty) one else if (is.data.frame(one)) dp_take(one, NA_integer_) else NA
    else one
  }))
  sizes <- do.call(pmax, lapply(unname(parts), function(column) vapply(column, NROW, 0L)))
  for (name in names(parts)) {
    own <- vapply(parts[[name]], NROW, 0L)
    wrong <- which(own != sizes & own != 1L)
    if (length(wrong)) dp_stop(paste0("In row ", wrong[1L], ", can't recycle input of size ", own[wrong[1L]], " to size ", sizes[wrong[1L]], "."))
    parts[[name]] <- Map(function(one, size) if (NROW(one) == size) one else if (is.data.frame(one)) dp_take(one, rep(1L, size)) else rep(one, size), parts[[name]], sizes)
  }
  index <- rep(seq_along(sizes), sizes)
  made <- list()
  for (k in seq_along(plain)) {
    own <- names(plain)[k]
    if (!(k %in% at)) made[[own]] <- plain[[k]][index]
    else if (any(vapply(parts[[own]], is.data.frame, NA))) {
      tables <- Map(function(one, size) if (is.data.frame(one)) one else structure(list(), names = character(), class = "data.frame", row.names = .set_row_names(size)), parts[[own]], sizes)
      joined <- dp_plain(bind_rows(unname(tables)))
      for (name in names(joined)) made[[if (is.null(names_sep)) name else paste(own, name, sep = names_sep)]] <- joined[[name]]
    } else made[[own]] <- tidy_joined(parts[[own]])
  }
  made <- structure(made, class = "data.frame", row.names = seq_along(index))
  if (inherits(data, "grouped_df")) dp_like(made, data) else as_tibble(made)
}

# Pieces of a list end to end; factors keep their levels.
tidy_joined <- function(pieces) {
  pieces <- unname(unclass(pieces))
  attr(pieces, "ptype") <- NULL
  made <- do.call(c, Filter(Negate(is.null), pieces))
  if (!is.list(made)) unname(made) else made
}

unnest_longer <- function(data, col, values_to = NULL, indices_to = NULL, indices_include = NULL, keep_empty = FALSE, ...) {
  plain <- dp_plain(data)
  at <- unname(dp_positions(substitute(col), names(plain), plain, parent.frame()))
  own <- names(plain)[at]
  column <- lapply(unclass(plain[[at]]), function(one) if (keep_empty && !length(one)) NA else one)
  sizes <- vapply(column, NROW, 0L)
  labelled <- any(vapply(column, function(one) !is.data.frame(one) && !is.null(names(one)), NA))
  if (is.null(indices_include)) indices_include <- labelled || !is.null(indices_to)
  tables <- vapply(column, is.data.frame, NA)
  values <- if (any(tables)) bind_rows(column[sizes > 0L]) else tidy_joined(column)
  if (is.list(values) && !is.data.frame(values) && all(lengths(values) == 1L) && !any(vapply(values, is.list, NA))) values <- do.call(c, values)
  label <- if (is.null(values_to)) own else gsub("{col}", own, values_to, fixed = TRUE)
  fresh <- setNames(list(values), label)
  if (indices_include) {
    index <- unlist(lapply(column, function(one) if (is.null(names(one)) && labelled) rep("", NROW(one)) else if (labelled) names(one) else seq_len(NROW(one))))
    fresh[[if (is.null(indices_to)) paste0(own, "_id") else gsub("{col}", own, indices_to, fixed = TRUE)]] <- index
  }
  made <- append(as.list(dp_take(plain[-at], rep(seq_along(sizes), sizes))), fresh, after = at - 1L)
  as_tibble(structure(made, class = "data.frame", row.names = seq_len(sum(sizes))))
}

unnest_wider <- function(data, col, names_sep = NULL, ...) {
  plain <- dp_plain(data)
  at <- unname(dp_positions(substitute(col), names(plain), plain, parent.frame()))
  rows <- lapply(unclass(plain[[at]]), as.list)
  bare <- which(vapply(rows, function(one) length(one) > 0L && is.null(names(one)), NA))
  if (is.null(names_sep) && length(bare)) abort(paste0("\u2139 In column: `", names(plain)[at], "`.\n\u2139 In row: ", bare[1L],
    ".\nCaused by error:\n! Can't unnest elements with missing names.\n\u2139 Supply `names_sep` to generate automatic names."))
  labels <- unique(unlist(lapply(rows, function(one) if (is.null(names(one))) seq_along(one) else names(one))))
  made <- lapply(labels, function(name) {
    cells <- lapply(rows, function(one) if (is.null(names(one))) { if (length(one) < as.integer(name)) NULL else one[[as.integer(name)]] } else one[[name]])
    if (any(lengths(cells) > 1L) || any(vapply(cells, is.list, NA))) return(cells)
    cells[lengths(cells) == 0L] <- NA
    do.call(c, cells)
  })
  names(made) <- if (is.null(names_sep)) labels else paste(names(plain)[at], labels, sep = names_sep)
  as_tibble(structure(append(as.list(plain[-at]), made, after = at - 1L), class = "data.frame", row.names = seq_len(nrow(plain))))
}
