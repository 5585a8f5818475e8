# Further shapes of tables under tidyr's names.

uncount <- function(data, weights, .remove = TRUE, .id = NULL) {
  plain <- dp_plain(data)
  expr <- substitute(weights)
  counts <- rep(eval(expr, plain, parent.frame()), length.out = nrow(plain))
  at <- rep(seq_len(nrow(plain)), counts)
  made <- dp_take(plain, at)
  if (.remove && is.symbol(expr)) made[[as.character(expr)]] <- NULL
  if (!is.null(.id)) made[[.id]] <- sequence(counts)
  dp_like(made, data)
}

chop <- function(data, cols, ...) {
  plain <- dp_plain(data)
  inner <- names(plain)[dp_positions(substitute(cols), names(plain), plain, parent.frame())]
  outer <- setdiff(names(plain), inner)
  code <- if (length(outer)) dp_join_code(plain, outer) else rep("", nrow(plain))
  rows <- unique(code)
  made <- as.list(dp_take(plain, match(rows, code))[outer])
  for (name in inner) made[[name]] <- unname(split(plain[[name]], factor(code, rows)))
  dp_like(structure(made, class = "data.frame", row.names = seq_along(rows)), data)
}

unchop <- function(data, cols, keep_empty = FALSE, ...) {
  plain <- dp_plain(data)
  inner <- names(plain)[dp_positions(substitute(cols), names(plain), plain, parent.frame())]
  sizes <- lengths(plain[[inner[1L]]])
  made <- as.list(dp_take(plain, rep(seq_len(nrow(plain)), sizes)))
  for (name in inner) made[[name]] <- do.call(c, unname(plain[[name]]))
  dp_like(structure(made, class = "data.frame", row.names = seq_len(sum(sizes))), data)
}

full_seq <- function(x, period, tol = 1e-06) {
  steps <- (as.numeric(x) - as.numeric(min(x))) / period
  if (any(abs(steps - round(steps)) > tol)) stop("`x` is not a regular sequence.", call. = FALSE)
  seq(min(x), max(x), by = period)
}

nesting <- function(...) unique(as_tibble(data.frame(..., stringsAsFactors = FALSE)))

extract_numeric <- function(x) as.numeric(gsub("[^0-9.-]+", "", as.character(x)))

hoist <- function(.data, .col, ..., .remove = TRUE) {
  plain <- dp_plain(.data)
  at <- unname(dp_positions(substitute(.col), names(plain), plain, parent.frame()))
  wanted <- list(...)
  made <- lapply(wanted, function(path) {
    cells <- lapply(plain[[at]], function(one) do.call(pluck, c(list(one), as.list(path))))
    if (any(lengths(cells) > 1L)) return(cells)
    cells[lengths(cells) == 0L] <- NA
    do.call(c, cells)
  })
  dp_like(structure(append(as.list(plain), made, after = at - 1L), class = "data.frame", row.names = seq_len(nrow(plain))), .data)
}

.replaced_column <- function(data, at, made, remove) {
  plain <- dp_plain(data)
  kept <- if (remove) append(as.list(plain[-at]), made, after = at - 1L) else append(as.list(plain), made, after = at)
  dp_like(structure(kept, class = "data.frame", row.names = seq_len(nrow(plain))), data)
}

.widened <- function(data, at, pieces, names, names_sep, too_few, too_many, remove) {
  sizes <- lengths(pieces)
  width <- if (is.null(names)) max(sizes) else length(names)
  if (too_few == "error" && any(sizes < width & sizes > 0L)) stop("Expected ", width, " pieces in each element; ", sum(sizes < width), " have fewer.\nUse `too_few = \"align_start\"` to silence this message.", call. = FALSE)
  if (too_many == "error" && any(sizes > width)) stop("Expected ", width, " pieces in each element; ", sum(sizes > width), " have more.\nUse `too_many = \"drop\"` or `too_many = \"merge\"`.", call. = FALSE)
  labels <- if (is.null(names)) paste0(names(data)[at], names_sep, seq_len(width)) else names
  piece <- function(one, k) {
    if (too_few == "align_end") k <- k - width + length(one)
    if (k >= 1L && k <= length(one)) one[k] else NA_character_
  }
  made <- setNames(lapply(seq_len(width), function(k) vapply(pieces, piece, "", k)), labels)
  .replaced_column(data, at, made[!is.na(labels)], remove)
}

separate_wider_delim <- function(data, cols, delim, ..., names = NULL, names_sep = "", too_few = "error", too_many = "error", cols_remove = TRUE) {
  at <- unname(dp_positions(substitute(cols), names(data), dp_plain(data), parent.frame()))
  pieces <- strsplit(as.character(data[[at]]), delim, fixed = TRUE)
  if (too_many == "merge") pieces <- lapply(pieces, function(one) if (length(one) > length(names)) c(one[seq_len(length(names) - 1L)], paste(one[length(names):length(one)], collapse = delim)) else one)
  .widened(data, at, pieces, names, names_sep, too_few, if (too_many == "merge") "drop" else too_many, cols_remove)
}

separate_wider_position <- function(data, cols, widths, ..., too_few = "error", too_many = "error", cols_remove = TRUE) {
  at <- unname(dp_positions(substitute(cols), names(data), dp_plain(data), parent.frame()))
  ends <- cumsum(widths)
  text <- as.character(data[[at]])
  made <- Map(function(from, to) substring(text, from, to), ends - widths + 1, ends)
  names(made) <- names(widths)
  .replaced_column(data, at, made[nzchar(names(made))], cols_remove)
}

separate_wider_regex <- function(data, cols, patterns, ..., too_few = "error", cols_remove = TRUE) {
  at <- unname(dp_positions(substitute(cols), names(data), dp_plain(data), parent.frame()))
  named <- nzchar(names(patterns))
  whole <- paste0("^", paste0(ifelse(named, "(", "(?:"), patterns, ")", collapse = ""), "$")
  text <- as.character(data[[at]])
  found <- regmatches(text, regexec(whole, text, perl = TRUE))
  if (too_few == "error" && any(lengths(found) == 0L & !is.na(text))) stop("Expected each value of `", names(data)[at], "` to match the pattern, but ", sum(lengths(found) == 0L), " did not.", call. = FALSE)
  made <- lapply(seq_len(sum(named)), function(k) vapply(found, function(one) if (length(one) > k) one[k + 1L] else NA_character_, ""))
  .replaced_column(data, at, setNames(made, names(patterns)[named]), cols_remove)
}

.lengthened <- function(data, at, pieces) {
  made <- dp_take(data, rep(seq_along(pieces), lengths(pieces)))
  made[[at]] <- unlist(pieces)
  dp_like(made, data)
}

separate_longer_delim <- function(data, cols, delim, ...) {
  at <- unname(dp_positions(substitute(cols), names(data), dp_plain(data), parent.frame()))
  .lengthened(data, at, strsplit(as.character(data[[at]]), delim, fixed = TRUE))
}

separate_longer_position <- function(data, cols, width, ...) {
  at <- unname(dp_positions(substitute(cols), names(data), dp_plain(data), parent.frame()))
  .lengthened(data, at, lapply(as.character(data[[at]]), function(one) substring(one, seq(1, nchar(one), width), pmin(seq(width, nchar(one) + width - 1, width), nchar(one)))))
}

pack <- function(.data, ...) {
  plain <- dp_plain(.data)
  dots <- eval(substitute(alist(...)))
  made <- plain
  for (name in names(dots)) {
    inner <- names(plain)[dp_positions(dots[[name]], names(plain), plain, parent.frame())]
    made[inner] <- NULL
    made[[name]] <- as_tibble(plain[inner])
  }
  dp_like(made, .data)
}

unpack <- function(data, cols, ..., names_sep = NULL) {
  plain <- dp_plain(data)
  for (name in names(plain)[dp_positions(substitute(cols), names(plain), plain, parent.frame())]) {
    inner <- dp_plain(plain[[name]])
    if (!is.null(names_sep)) names(inner) <- paste(name, names(inner), sep = names_sep)
    plain <- structure(append(as.list(plain)[names(plain) != name], as.list(inner), after = match(name, names(plain)) - 1L), class = "data.frame", row.names = seq_len(nrow(plain)))
  }
  dp_like(plain, data)
}
