# Reshaping data frames: long and wide forms, nesting, splitting columns.

gather <- function(data, key = "key", value = "value", ..., na.rm = FALSE, convert = FALSE, factor_key = FALSE) {
  key <- tidy_name(substitute(key))
  value <- tidy_name(substitute(value))
  dots <- eval(substitute(alist(...)))
  plain <- dp_plain(data)
  at <- if (length(dots)) unname(dp_select(dots, plain, parent.frame())) else seq_along(plain)
  kept <- setdiff(seq_along(plain), at)
  rows <- nrow(plain)
  made <- lapply(plain[kept], function(column) rep(column, length(at)))
  labels <- rep(names(plain)[at], each = rows)
  made[[key]] <- if (factor_key) factor(labels, levels = names(plain)[at]) else if (convert) type.convert(labels, as.is = TRUE) else labels
  made[[value]] <- do.call(c, unname(lapply(plain[at], function(column) if (is.factor(column)) as.character(column) else column)))
  made <- structure(made, class = "data.frame", row.names = seq_len(rows * length(at)))
  if (na.rm) made <- made[!is.na(made[[value]]), , drop = FALSE]
  dp_like(made, data)
}

tidy_name <- function(expr) if (is.character(expr)) expr else as.character(expr)

spread <- function(data, key, value, fill = NA, convert = FALSE, drop = TRUE, sep = NULL) {
  plain <- dp_plain(data)
  key <- names(plain)[dp_positions(substitute(key), names(plain), plain, parent.frame())]
  value <- names(plain)[dp_positions(substitute(value), names(plain), plain, parent.frame())]
  ids <- setdiff(names(plain), c(key, value))
  columns <- if (!drop && is.factor(plain[[key]])) levels(plain[[key]]) else sort(unique(plain[[key]]))
  if (!drop && any(vapply(plain[ids], is.factor, NA))) .unsupported(drop, "add the missing rows with complete()")
  code <- if (length(ids)) dp_join_code(plain, ids) else rep("", nrow(plain))
  order <- if (length(ids)) do.call(order, unname(lapply(ids, function(v) dp_codes(plain[[v]])))) else seq_len(nrow(plain))
  rows <- unique(code[order])
  made <- dp_take(plain, match(rows, code))[ids]
  for (column in as.list(columns)) {
    own <- plain[[key]] == column
    cells <- plain[[value]][which(own)][match(rows, code[which(own)])]
    if (!is.na(fill)) cells[is.na(cells)] <- fill
    label <- as.character(column)
    made[[if (is.null(sep)) label else paste0(key, sep, label)]] <- if (convert) type.convert(as.character(cells), as.is = TRUE) else cells
  }
  dp_like(made, data)
}

# Columns turned by a function, one for all or by their names.
tidy_turned <- function(made, turn, names) {
  if (is.null(turn)) return(made)
  for (name in names) {
    how <- if (is.list(turn)) turn[[name]] else turn
    if (!is.null(how)) made[[name]] <- as_mapper(how)(made[[name]])
  }
  made
}

pivot_longer <- function(data, cols, ..., cols_vary = "fastest", names_to = "name", names_prefix = NULL, names_sep = NULL, names_pattern = NULL,
                         names_ptypes = NULL, names_transform = NULL, names_repair = "check_unique", values_to = "value", values_drop_na = FALSE,
                         values_ptypes = NULL, values_transform = NULL) {
  .unsupported(values_ptypes, "values_transform turns the columns")
  if (!is.null(names_ptypes)) names_transform <- c(names_transform, lapply(names_ptypes, function(kind) if (is.factor(kind)) function(x) factor(x, levels(kind)) else function(x) as(x, class(kind)[1L])))
  cols_vary <- match.arg(cols_vary, c("fastest", "slowest"))
  plain <- dp_plain(data)
  at <- unname(dp_positions(dp_unquote(substitute(cols), parent.frame()), names(plain), plain, parent.frame()))
  if (is.null(at)) at <- unname(dp_select(list(substitute(cols)), plain, parent.frame()))
  labels <- names(plain)[at]
  shown <- if (is.null(names_prefix)) labels else sub(paste0("^", names_prefix), "", labels)
  kept <- setdiff(seq_along(plain), at)
  rows <- nrow(plain)
  pieces <- if (!is.null(names_sep)) do.call(rbind, if (is.numeric(names_sep)) lapply(shown, function(one) substring(one, c(1, names_sep + 1), c(names_sep, nchar(one)))) else split_in_pieces(shown, names_sep))
  else if (!is.null(names_pattern)) do.call(rbind, lapply(regmatches(shown, regexec(names_pattern, shown, perl = TRUE)), `[`, -1L))
  else matrix(shown, ncol = 1L)
  spec <- ".value" %in% names_to
  groups <- if (spec) {
    rest <- pieces[, names_to != ".value", drop = FALSE]
    keys <- apply(rest, 1L, paste, collapse = "\r")
    list(keys = unique(keys), code = keys, rest = rest)
  }
  if (spec) {
    count <- length(groups$keys)
    made <- lapply(plain[kept], function(column) rep(column, each = count))
    for (k in seq_len(sum(names_to != ".value"))) {
      own <- groups$rest[match(groups$keys, groups$code), k]
      made[[names_to[names_to != ".value"][k]]] <- rep(own, rows)
    }
    for (target in unique(pieces[, names_to == ".value"])) {
      cells <- lapply(groups$keys, function(one) {
        hit <- which(pieces[, names_to == ".value"] == target & groups$code == one)
        if (length(hit)) plain[[at[hit]]] else rep(NA, rows)
      })
      joined <- do.call(c, unname(cells))
      made[[target]] <- joined[as.vector(t(matrix(seq_along(joined), rows)))]
    }
    made <- structure(made, class = "data.frame", row.names = seq_len(rows * count))
    own <- unique(pieces[, names_to == ".value"])
    made <- tidy_turned(tidy_turned(made, names_transform, setdiff(names_to, ".value")), values_transform, own)
    if (values_drop_na) made <- dp_take(made, which(rowSums(!is.na(made[own])) > 0L))
    else if (cols_vary == "slowest") made <- dp_take(made, order(rep(seq_len(count), rows)))
    return(as_tibble(made, .name_repair = names_repair))
  }
  count <- length(at)
  made <- lapply(plain[kept], function(column) rep(column, each = count))
  for (k in seq_along(names_to)) {
    own <- pieces[, k]
    if (is.na(names_to[k])) next
    if (is.function(names_transform)) own <- names_transform(own)
    else if (is.list(names_transform) && !is.null(names_transform[[names_to[k]]])) own <- names_transform[[names_to[k]]](own)
    made[[names_to[k]]] <- rep(own, rows)
  }
  sources <- lapply(plain[at], function(column) {
    turn <- if (is.list(values_transform)) values_transform[[values_to]] else values_transform
    if (is.null(turn)) column else as_mapper(turn)(column)
  })
  dp_must_combine(sources, names(sources))
  values_transform <- NULL
  if (!all(vapply(sources, is.factor, NA))) sources <- lapply(sources, function(column) if (is.factor(column)) as.character(column) else column)
  joined <- do.call(c, unname(sources))
  made[[values_to]] <- unname(joined[as.vector(t(matrix(seq_along(joined), rows)))])
  made <- tidy_turned(structure(made, class = "data.frame", row.names = seq_len(rows * count)), values_transform, values_to)
  if (cols_vary == "slowest") made <- dp_take(made, order(rep(seq_len(count), rows)))
  if (values_drop_na) made <- dp_take(made, which(!is.na(made[[values_to]])))
  made <- as_tibble(made, .name_repair = names_repair)
  if (inherits(data, "grouped_df")) dp_like(dp_plain(made), data) else made
}

pivot_wider <- function(data, ..., id_cols = NULL, id_expand = FALSE, names_from = name, names_prefix = "", names_sep = "_", names_glue = NULL,
                        names_sort = FALSE, names_vary = "fastest", names_expand = FALSE, names_repair = "check_unique", values_from = value,
                        values_fill = NULL, values_fn = NULL, unused_fn = NULL) {
  .unsupported(id_expand, unused_fn, "add the missing rows with complete() first")
  names_vary <- match.arg(names_vary, c("fastest", "slowest"))
  plain <- dp_plain(data)
  keys <- names(plain)[dp_positions(substitute(names_from), names(plain), plain, parent.frame())]
  values <- names(plain)[dp_positions(substitute(values_from), names(plain), plain, parent.frame())]
  given <- substitute(id_cols)
  ids <- if (is.null(given)) setdiff(names(plain), c(keys, values))
  else names(plain)[dp_positions(given, names(plain), plain, parent.frame())]
  code <- if (length(ids)) dp_join_code(plain, ids) else rep("", nrow(plain))
  label <- do.call(paste, c(lapply(keys, function(v) as.character(plain[[v]])), sep = names_sep))
  rows <- unique(code)
  columns <- unique(label)
  if (names_sort || names_expand) {
    places <- dp_plain(tidy_distinct(plain[keys]))
    if (names_expand) places <- dp_plain(tidy_grid(lapply(as.list(plain[keys]), tidy_distinct)))
    columns <- do.call(paste, c(lapply(unname(as.list(places)), as.character), sep = names_sep))
  }
  several <- is.null(values_fn) && anyDuplicated(paste(code, label, sep = "\r"))
  if (several) {
    spots <- paste0(c(ids, keys), collapse = ", ")
    warning("Values from `", paste(values, collapse = "`, `"), "` are not uniquely identified; output will contain list-cols.\n",
            "\u2022 Use `values_fn = list` to suppress this warning.\n\u2022 Use `values_fn = {summary_fun}` to summarise duplicates.\n",
            "\u2022 Use the following dplyr code to identify duplicates.\n  {data} %>%\n  dplyr::group_by(", spots,
            ") %>%\n  dplyr::summarise(n = dplyr::n(), .groups = \"drop\") %>%\n  dplyr::filter(n > 1L)", call. = FALSE)
    values_fn <- list
  }
  made <- dp_take(plain, match(rows, code))[ids]
  turns <- expand.grid(column = columns, value = values, stringsAsFactors = FALSE)
  if (names_vary == "slowest") turns <- turns[order(match(turns$column, columns)), ]
  for (turn in seq_len(nrow(turns))) {
    value <- turns$value[turn]
    column <- turns$column[turn]
    own <- which(label == column)
    turn <- if (is.list(values_fn)) values_fn[[value]] else values_fn
    cells <- if (is.null(turn)) plain[[value]][own][match(rows, code[own])]
    else if (identical(turn, list)) unname(lapply(split(plain[[value]][own], factor(code[own], levels = rows)), function(part) if (length(part)) part))
    else {
      parts <- split(plain[[value]][own], factor(code[own], levels = rows))
      made_of <- lapply(parts[lengths(parts) > 0L], as_mapper(turn))
      answer <- unname(do.call(c, unname(made_of)))[NA_integer_]
      answer <- rep(if (length(made_of)) answer else plain[[value]][NA_integer_], length(rows))
      answer[lengths(parts) > 0L] <- unlist(unname(made_of))
      answer
    }
    if (!is.null(values_fill)) {
      fill <- if (is.list(values_fill)) values_fill[[value]] else values_fill
      cells <- tidy_filled(cells, is.na(match(rows, code[own])), fill)
    }
    name <- if (length(values) > 1L) paste(value, column, sep = names_sep) else column
    name <- if (is.null(names_glue)) paste0(names_prefix, name)
    else as.character(glue_data(c(as.list(plain[match(column, label), keys, drop = FALSE]), list(.value = value)), names_glue))
    made[[name]] <- cells
  }
  made <- as_tibble(structure(made, row.names = seq_along(rows)), .name_repair = names_repair)
  if (inherits(data, "grouped_df")) dp_like(dp_plain(made), data) else made
}

separate <- function(data, col, into, sep = "[^[:alnum:]]+", remove = TRUE, convert = FALSE, extra = "warn", fill = "warn", ...) {
  plain <- dp_plain(data)
  at <- dp_positions(substitute(col), names(plain), plain, parent.frame())
  text <- as.character(plain[[at]])
  pieces <- if (is.numeric(sep)) {
    lapply(text, function(one) {
      edges <- c(0, ifelse(sep < 0, nchar(one) + sep, sep), nchar(one))
      substring(one, edges[-length(edges)] + 1, edges[-1L])
    })
  } else split_in_pieces(text, sep, if (identical(extra, "merge")) length(into) else Inf)
  extra <- match.arg(extra, c("warn", "drop", "merge"))
  fill <- match.arg(fill, c("warn", "right", "left"))
  sizes <- lengths(pieces)
  missed <- which(sizes < length(into) & !is.na(text))
  more <- which(sizes > length(into))
  if (extra == "warn" && length(more))
    warning("Expected ", length(into), " pieces. Additional pieces discarded in ", length(more), " rows [", paste(more, collapse = ", "), "].", call. = FALSE)
  if (fill == "warn" && length(missed))
    warning("Expected ", length(into), " pieces. Missing pieces filled with `NA` in ", length(missed), " rows [", paste(missed, collapse = ", "), "].", call. = FALSE)
  if (fill == "left") pieces[missed] <- lapply(pieces[missed], function(one) c(rep(NA_character_, length(into) - length(one)), one))
  made <- lapply(seq_along(into), function(k) vapply(pieces, function(one) if (length(one) >= k) one[k] else NA_character_, ""))
  if (convert) made <- lapply(made, type.convert, as.is = TRUE)
  names(made) <- into
  made <- made[!is.na(into)]
  before <- as.list(plain[seq_len(at - 1L)])
  after <- as.list(plain[seq_along(plain) > at])
  own <- if (remove) list() else as.list(plain[at])
  all <- c(before, own, made, after)
  dp_like(structure(all, class = "data.frame", row.names = attr(plain, "row.names")), data)
}

# Texts cut at a pattern into no more than so many pieces, the last of which keeps the rest.
split_in_pieces <- function(text, pattern, most = Inf) {
  cuts <- gregexpr(pattern, text, perl = TRUE)
  lapply(seq_along(text), function(k) {
    if (is.na(text[k])) return(NA_character_)
    at <- cuts[[k]]
    width <- attr(at, "match.length")
    kept <- at > 0L & width > 0L & seq_along(at) < most
    substring(text[k], c(1L, (at + width)[kept]), c(at[kept] - 1L, nchar(text[k])))
  })
}

unite <- function(data, col, ..., sep = "_", remove = TRUE, na.rm = FALSE) {
  plain <- dp_plain(data)
  name <- tidy_name(substitute(col))
  dots <- eval(substitute(alist(...)))
  at <- if (length(dots)) unname(dp_select(dots, plain, parent.frame())) else seq_along(plain)
  joined <- do.call(paste, c(unname(as.list(plain[at])), sep = sep))
  if (na.rm) joined <- apply(as.matrix(plain[at]), 1L, function(row) paste(row[!is.na(row)], collapse = sep))
  place <- min(at)
  kept <- if (remove) setdiff(seq_along(plain), at) else seq_along(plain)
  before <- plain[kept[kept < place]]
  after <- plain[kept[kept >= place]]
  middle <- list(joined)
  names(middle) <- name
  dp_like(structure(c(as.list(before), middle, as.list(after)), class = "data.frame", row.names = attr(plain, "row.names")), data)
}

drop_na <- function(data, ...) {
  dots <- eval(substitute(alist(...)))
  plain <- dp_plain(data)
  at <- if (length(dots)) unname(dp_select(dots, plain, parent.frame())) else seq_along(plain)
  lost <- lapply(plain[at], function(column) if (is.list(column) && !is.data.frame(column)) lengths(column) == 0L else !complete.cases(column))
  dp_like(dp_take(data, which(!Reduce(`|`, lost, rep(FALSE, nrow(plain))))), data)
}

replace_na <- function(data, replace, ...) {
  if (is.data.frame(data)) {
    for (name in intersect(names(replace), names(data))) data[[name]] <- replace_na(data[[name]], replace[[name]])
    return(data)
  }
  gaps <- if (is.list(data)) lengths(data) == 0L else is.na(data)
  if (length(replace) != 1L) dp_stop(paste0("Replacement for `data` must be length 1, not length ", length(replace), "."))
  if (!dp_alike(data, replace) || is.integer(data) && is.double(replace) && replace != round(replace)) dp_stop(
    paste0("Can't convert `replace` ", dp_kind_mark(replace), " to match type of `data` ", dp_kind_mark(data), "."))
  kind <- typeof(data)
  data[gaps] <- if (kind == "integer" && is.double(replace)) as.integer(replace) else replace
  data
}

fill <- function(data, ..., .direction = "down") {
  plain <- dp_plain(data)
  at <- unname(dp_select(eval(substitute(alist(...))), plain, .dots_place(parent.frame())))
  carry <- function(column) {
    known <- which(!is.na(column))
    place <- findInterval(seq_along(column), known)
    column[place > 0L] <- column[known[place[place > 0L]]]
    column
  }
  for (rows in dp_rows(data)) for (k in at) {
    column <- plain[[k]][rows]
    if (.direction %in% c("down", "downup")) column <- carry(column)
    if (.direction %in% c("up", "updown", "downup")) column <- rev(carry(rev(column)))
    if (.direction == "updown") column <- carry(column)
    plain[[k]][rows] <- column
  }
  dp_like(plain, data)
}

separate_rows <- function(data, ..., sep = "[^[:alnum:].]+", convert = FALSE) {
  plain <- dp_plain(data)
  at <- unname(dp_select(eval(substitute(alist(...))), plain, .dots_place(parent.frame())))
  pieces <- lapply(plain[at], function(column) split_in_pieces(as.character(column), sep))
  sizes <- do.call(pmax, lapply(unname(pieces), lengths))
  made <- dp_take(plain, rep(seq_along(sizes), sizes))
  for (k in at) {
    made[[k]] <- unlist(Map(rep_len, pieces[[match(k, at)]], sizes))
    if (convert) made[[k]] <- type.convert(made[[k]], as.is = TRUE)
  }
  dp_like(made, data)
}

extract <- function(data, col, into, regex = "([[:alnum:]]+)", remove = TRUE, convert = FALSE, ...) {
  # magrittr's extract() is `[`; tidyr's hides it once it is asked for.
  asked <- is.call(sys.call()[[1L]]) || "package:tidyr" %in% search() || "package:tidyverse" %in% search()
  if (!asked || !is.data.frame(data) || missing(col) || missing(into) || !is.character(into) || missing(regex) && is.numeric(substitute(col))) {
    call <- sys.call()
    call[[1L]] <- quote(`[`)
    return(eval(call, parent.frame()))
  }
  plain <- dp_plain(data)
  at <- dp_positions(substitute(col), names(plain), plain, parent.frame())
  found <- regmatches(as.character(plain[[at]]), regexec(regex, as.character(plain[[at]]), perl = TRUE))
  made <- lapply(seq_along(into), function(k) vapply(found, function(one) if (length(one) > k) one[k + 1L] else NA_character_, ""))
  if (convert) made <- lapply(made, type.convert, as.is = TRUE)
  names(made) <- into
  kept <- if (remove) plain[-at] else plain
  dp_like(structure(append(as.list(kept), made, after = at - remove), class = "data.frame", row.names = seq_len(nrow(plain))), data)
}
