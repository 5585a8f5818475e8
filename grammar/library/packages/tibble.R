# Tibbles: data frames that build column by column and keep their shape when subset.

# Names of columns as they are asked for.
repaired_names <- function(names, how) {
  if (is.function(how) || inherits(how, "formula")) return(as_mapper(how)(names))
  how <- match.arg(how, c("check_unique", "unique", "universal", "minimal", "unique_quiet", "universal_quiet"))
  if (how == "minimal") return(names)
  repeated <- names[duplicated(names)]
  if (how == "check_unique") {
    if (length(empty <- which(!nzchar(names)))) {
      several <- length(empty) > 1L
      places <- if (several) paste(paste(empty[-length(empty)], collapse = ", "), "and", empty[length(empty)]) else empty
      abort(paste0(if (several) "Columns " else "Column ", places, " must be named.\nUse .name_repair to specify repair.\nCaused by error in `repaired_names()`:\n! Names can't be empty.\n\u2716 Empty name",
                   if (several) "s", " found at location", if (several) "s", " ", places, "."), class = c("tibble_error_column_names_cannot_be_empty", "tibble_error"))
    }
    if (length(repeated)) {
      places <- which(names == repeated[1L])
      abort(paste0("Column name `", repeated[1L], "` must not be duplicated.\nUse .name_repair to specify repair.\nCaused by error in `repaired_names()`:\n! Names must be unique.\n\u2716 These names are duplicated:\n",
                   paste0("  * \"", unique(repeated), "\" at locations ", vapply(unique(repeated), function(one) {
                     places <- which(names == one)
                     paste(paste(places[-length(places)], collapse = ", "), "and", places[length(places)])
                   }, ""), ".", collapse = "\n")), class = c("tibble_error_column_names_must_be_unique", "tibble_error"))
    }
    return(names)
  }
  plain <- sub("([.][.][.][0-9]*)+$", "", names)
  if (startsWith(how, "universal")) plain[nzchar(plain)] <- make.names(plain[nzchar(plain)])
  marked <- !nzchar(plain) | plain %in% plain[duplicated(plain)]
  made <- ifelse(marked, paste0(plain, "...", seq_along(plain)), plain)
  changed <- made != names
  if (any(changed) && !endsWith(how, "quiet")) inform(paste0("New names:\n", paste0("\u2022 `", names[changed], "` -> `", made[changed], "`", collapse = "\n")))
  made
}

tibble <- function(..., .rows = NULL, .name_repair = "check_unique") {
  env <- .dots_place(parent.frame())
  dots <- eval(substitute(alist(...)))
  if (length(dots)) dots <- dp_dots(dots, env)
  made <- list()
  for (k in seq_along(dots)) {
    value <- eval(dots[[k]], made, env)
    name <- if (is.null(names(dots))) "" else names(dots)[k]
    if (is.null(value)) next
    if (!nzchar(name) && is.data.frame(value)) made <- c(made, unclass(as.list(value)))
    else {
      if (!nzchar(name)) name <- paste(deparse(dots[[k]]), collapse = " ")
      made <- c(made, setNames(list(value), name))
    }
  }
  if (length(made)) names(made) <- repaired_names(names(made), .name_repair)
  sizes <- vapply(made, NROW, 0L)
  size <- if (!is.null(.rows)) as.integer(.rows) else if (length(sizes)) max(sizes[sizes != 1L], if (any(sizes == 1L)) 1L, 0L) else 0L
  if (any(sizes == 0L) && all(sizes %in% c(0L, 1L))) size <- 0L
  wrong <- which(sizes != size & sizes != 1L)
  if (length(wrong)) {
    # A column is held against those before it, the first of which that is not of size one sets the size.
    held <- if (is.null(.rows)) sizes[sizes != 1L][1L] else size
    at <- which(sizes != held & sizes != 1L)[1L]
    dp_stop("Tibble columns must have compatible sizes.", "*" = paste0("Size ", held, if (is.null(.rows)) ": Existing data." else ": Requested with `.rows` argument."),
            "*" = paste0("Size ", sizes[at], ": Column `", names(made)[at], "`."), i = "Only values of size one are recycled.", class = c("tibble_error_incompatible_size", "tibble_error"))
  }
  for (k in which(sizes == 1L & size != 1L)) made[[k]] <- rep(made[[k]], size)
  made <- lapply(made, function(column) {
    if (is.null(dim(column)) && !is.list(column)) names(column) <- NULL
    column
  })
  if (length(made) == 0L) names(made) <- character()
  structure(made, class = c("tbl_df", "tbl", "data.frame"), row.names = .set_row_names(size))
}

data_frame <- function(...) {
  call <- sys.call()
  call[[1L]] <- quote(tibble)
  eval(call, parent.frame())
}

tribble <- function(...) {
  dots <- eval(substitute(alist(...)))
  heads <- vapply(dots, function(one) is.call(one) && identical(one[[1L]], quote(`~`)), NA)
  labels <- vapply(dots[heads], function(one) as.character(one[[2L]]), "")
  values <- lapply(dots[!heads], eval, parent.frame())
  width <- length(labels)
  if (width && length(values) %% width) {
    dp_stop("Data must be rectangular.", "*" = paste0("Found ", width, " columns."), "*" = paste0("Found ", length(values), " cells."),
            i = paste0(length(values), " is not an integer multiple of ", width, "."), class = c("tibble_error_tribble_non_rectangular", "tibble_error"))
  }
  made <- lapply(seq_len(width), function(k) {
    column <- values[seq(k, by = width, length.out = length(values) %/% width)]
    if (all(lengths(column) == 1L) && !any(vapply(column, is.list, NA))) do.call(c, column) else column
  })
  names(made) <- labels
  structure(made, class = c("tbl_df", "tbl", "data.frame"), row.names = .set_row_names(length(values) %/% width))
}

as_tibble <- function(x, ..., rownames = NULL, .name_repair = NULL) {
  if (!is.data.frame(x)) {
    if (is.table(x)) {
      x <- as.data.frame(x, stringsAsFactors = FALSE)
      names(x)[length(x)] <- "n"
    } else if (is.matrix(x)) {
      labels <- colnames(x)
      x <- as.data.frame(x)
      if (is.null(labels)) names(x) <- if (is.null(.name_repair)) paste0("V", seq_along(x)) else rep("", length(x))
    } else if (is.list(x)) return(do.call(tibble, c(x, list(.name_repair = if (is.null(.name_repair)) "check_unique" else .name_repair))))
    else x <- data.frame(value = unname(x), stringsAsFactors = FALSE)
  }
  if (!is.null(rownames)) {
    lead <- list(row.names(x))
    names(lead) <- rownames
    x <- structure(c(lead, unclass(x)[names(x)]), class = "data.frame", row.names = seq_len(nrow(x)))
  }
  attr(x, "row.names") <- .set_row_names(nrow(x))
  attr(x, "groups") <- attr(x, "keep_empty") <- NULL
  names(x) <- repaired_names(names(x), if (is.null(.name_repair)) "check_unique" else .name_repair)
  class(x) <- c("tbl_df", "tbl", "data.frame")
  x
}

`$.tbl_df` <- function(x, name) {
  if (!(name %in% names(x))) warning("Unknown or uninitialised column: `", name, "`.", call. = FALSE)
  .subset2(x, name)
}

`$<-.tbl_df` <- function(x, name, value) {
  tibble_must_fit(x, value)
  `$<-.data.frame`(x, name, value)
}

`[[<-.tbl_df` <- function(x, i, j, value) {
  if (!missing(j)) return(`[[<-.data.frame`(x, i, j, value))
  tibble_must_fit(x, value)
  `[[<-.data.frame`(x, i, value = value)
}

tibble_must_fit <- function(x, value) {
  size <- NROW(value)
  if (is.null(value) || size == 1L || size == nrow(x) || !length(x)) return()
  rows <- function(count) paste(count, if (count == 1L) "row" else "rows")
  shown <- dp_label(sys.call(-1L)$value)
  dp_stop("Assigned data must be compatible with existing data.", x = paste0("Existing data has ", rows(nrow(x)), "."), x = paste0("Assigned data has ", rows(size), "."),
          i = "Only vectors of size 1 are recycled.", class = c("tibble_error_assign_incompatible_size", "tibble_error"))
}

t.tbl_df <- function(x) {
  made <- as.matrix(x)
  rownames(made) <- NULL
  t(made)
}

as.data.frame.tbl_df <- function(x, row.names = NULL, optional = FALSE, ...) {
  class(x) <- "data.frame"
  if (!is.null(row.names)) row.names(x) <- row.names
  x
}

as_data_frame <- function(x, ...) as_tibble(x, ...)

as.tibble <- function(x, ...) as_tibble(x, ...)

as_tibble_col <- function(x, column_name = "value") {
  made <- list(x)
  names(made) <- column_name
  as_tibble(structure(made, class = "data.frame", row.names = seq_along(x)))
}

as_tibble_row <- function(x, ...) as_tibble(as.data.frame(as.list(x), optional = TRUE))

is_tibble <- function(x) inherits(x, "tbl_df")

is.tbl <- function(x) inherits(x, "tbl")

`[.tbl_df` <- function(x, i, j, drop = FALSE) {
  shown <- class(x)
  held <- attr(x, "groups")
  plain <- x
  class(plain) <- "data.frame"
  columns <- if (missing(j)) if (!missing(i) && nargs() - (!missing(drop)) == 2L) i else NULL else j
  if (is.character(columns) && !all(columns %in% names(x))) dp_no_column(columns[!(columns %in% names(x))][1L])
  if (is.numeric(columns) && any(columns > length(x), na.rm = TRUE)) dp_past_the_end(columns[columns > length(x)][1L], length(x))
  made <- if (missing(j) && nargs() - (!missing(drop)) == 2L) plain[i]
  else if (missing(i) && missing(j)) plain
  else if (missing(i)) plain[, j, drop = drop]
  else if (missing(j)) plain[i, , drop = drop]
  else plain[i, j, drop = drop]
  if (!is.data.frame(made)) return(made)
  attr(made, "row.names") <- .set_row_names(nrow(made))
  if (!is.null(held) && all(held %in% names(made))) attr(made, "groups") <- held
  else {
    attr(made, "groups") <- NULL
    shown <- setdiff(shown, "grouped_df")
  }
  class(made) <- shown
  made
}

add_column <- function(.data, ..., .before = NULL, .after = NULL) {
  fresh <- tibble(...)
  if (nrow(fresh) == 1L && nrow(.data) != 1L) fresh <- dp_take(fresh, rep(1L, nrow(.data)))
  if (nrow(fresh) != nrow(.data)) {
    rows <- function(count) paste(count, if (count == 1L) "row" else "rows")
    dp_stop("New columns must be compatible with `.data`.", x = paste0("New column", if (length(fresh) > 1L) "s have " else " has ", rows(nrow(fresh)), "."),
            i = paste0("`.data` has ", rows(nrow(.data)), "."), class = c("tibble_error_incompatible_new_cols", "tibble_error"))
  }
  repaired_names(c(names(.data), names(fresh)), "check_unique")
  data <- dp_plain(.data)
  place <- length(data)
  if (!is.null(.before)) place <- (if (is.character(.before)) match(.before, names(data)) else .before) - 1L
  if (!is.null(.after)) place <- if (is.character(.after)) match(.after, names(data)) else .after
  labels <- append(names(data), names(fresh), after = place)
  for (name in names(fresh)) data[[name]] <- fresh[[name]]
  dp_like(data[labels], .data)
}

add_row <- function(.data, ..., .before = NULL, .after = NULL) {
  fresh <- tibble(...)
  data <- dp_plain(.data)
  new <- setdiff(names(fresh), names(data))
  if (length(new)) dp_stop("New rows can't add columns.", x = if (length(new) == 1L) paste0("Can't find column `", new, "` in `.data`.") else paste0("Can't find columns ", paste0("`", new, "`", collapse = ", "), " in `.data`."))
  joined <- dp_plain(bind_rows(data, fresh))
  place <- nrow(data)
  if (!is.null(.before)) place <- .before - 1L
  if (!is.null(.after)) place <- .after
  order <- append(seq_len(nrow(data)), nrow(data) + seq_len(nrow(fresh)), after = place)
  dp_like(joined[order, , drop = FALSE], .data)
}

rownames_to_column <- function(.data, var = "rowname") {
  lead <- list(row.names(.data))
  names(lead) <- var
  made <- structure(c(lead, as.list(dp_plain(.data))), class = "data.frame", row.names = seq_len(nrow(.data)))
  if (inherits(.data, "tbl_df")) as_tibble(made) else made
}

rowid_to_column <- function(.data, var = "rowid") {
  lead <- list(seq_len(nrow(.data)))
  names(lead) <- var
  made <- structure(c(lead, as.list(dp_plain(.data))), class = "data.frame", row.names = seq_len(nrow(.data)))
  if (inherits(.data, "tbl_df")) as_tibble(made) else made
}

column_to_rownames <- function(.data, var = "rowname") {
  if (!(var %in% names(.data))) dp_stop(paste0("Can't find column `", var, "` in `.data`."), class = c("tibble_error_unknown_column_names", "tibble_error"))
  labels <- as.character(.data[[var]])
  data <- dp_plain(.data)
  data[[var]] <- NULL
  row.names(data) <- labels
  data
}

remove_rownames <- function(.data) {
  row.names(.data) <- NULL
  .data
}

has_rownames <- function(.data) .row_names_info(.data) > 0L

enframe <- function(x, name = "name", value = "value") {
  labels <- if (is.null(names(x))) seq_along(x) else names(x)
  made <- if (is.null(name)) list(unname(x)) else list(labels, unname(x))
  names(made) <- c(name, value)
  as_tibble(structure(made, class = "data.frame", row.names = seq_along(x)))
}

deframe <- function(x) {
  if (length(x) == 1L) return(x[[1L]])
  structure(x[[2L]], names = as.character(x[[1L]]))
}

lst <- function(...) {
  dots <- eval(substitute(alist(...)))
  made <- list()
  for (k in seq_along(dots)) {
    name <- if (is.null(names(dots)) || !nzchar(names(dots)[k])) paste(deparse(dots[[k]]), collapse = " ") else names(dots)[k]
    made[name] <- list(eval(dots[[k]], made, parent.frame()))
  }
  made
}
