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
  for (name in inner) made[[name]] <- list_of_kind(unname(split(plain[[name]], factor(code, rows))), plain[[name]])
  dp_like(structure(made, class = "data.frame", row.names = seq_along(rows)), data)
}

unchop <- function(data, cols, keep_empty = FALSE, ...) {
  plain <- dp_plain(data)
  inner <- names(plain)[dp_positions(substitute(cols), names(plain), plain, parent.frame())]
  own <- lapply(unname(plain[inner]), function(cells) if (keep_empty) pmax(lengths(cells), 1L) else lengths(cells))
  # One value goes with any number of values, none of them included.
  sizes <- ifelse(do.call(pmin, own) == 0L, 0L, do.call(pmax, own))
  made <- as.list(dp_take(plain, rep(seq_len(nrow(plain)), sizes)))
  for (name in inner) made[[name]] <- .unchopped(unname(plain[[name]]), sizes, name)
  dp_like(structure(made, class = "data.frame", row.names = seq_len(sum(sizes))), data)
}

# The cells of one column under each other, each as long as its row asks: one value is repeated, an empty cell is a gap.
.unchopped <- function(cells, sizes, name) {
  own <- lengths(cells)
  wrong <- own != sizes & own > 1L
  if (any(wrong)) stop("In row ", which(wrong)[1L], ", can't recycle `", name, "` of size ", own[wrong][1L], " to size ", sizes[wrong][1L], ".", call. = FALSE)
  whole <- tidy_joined(cells)
  first <- cumsum(own) - own
  at <- lapply(seq_along(cells), function(k) {
    if (own[k] == sizes[k]) first[k] + seq_len(sizes[k]) else rep(if (own[k]) first[k] + 1 else NA, sizes[k])
  })
  whole[as.integer(unlist(at))]
}

full_seq <- function(x, period, tol = 1e-06) {
  steps <- (as.numeric(x) - as.numeric(min(x))) / period
  if (any(abs(steps - round(steps)) > tol)) stop("`x` is not a regular sequence.", call. = FALSE)
  seq(min(x), max(x), by = period)
}

extract_numeric <- function(x) as.numeric(gsub("[^0-9.-]+", "", as.character(x)))

# A nested list without the part that a path of names and places leads to.
.without_part <- function(x, path) {
  at <- path[[1L]]
  there <- if (is.character(at)) at %in% names(x) else at <= length(x)
  if (!there) return(x)
  if (length(path) > 1L) x[[at]] <- .without_part(x[[at]], path[-1L])
  else x <- x[-(if (is.character(at)) match(at, names(x)) else at)]
  x
}

hoist <- function(.data, .col, ..., .remove = TRUE) {
  plain <- dp_plain(.data)
  at <- unname(dp_positions(substitute(.col), names(plain), plain, parent.frame()))
  wanted <- list(...)
  if (is.null(names(wanted))) names(wanted) <- rep("", length(wanted))
  names(wanted) <- ifelse(nzchar(names(wanted)), names(wanted), vapply(wanted, function(path) as.character(path[[1L]]), ""))
  made <- lapply(wanted, function(path) {
    cells <- lapply(plain[[at]], function(one) do.call(pluck, c(list(one), as.list(path))))
    if (any(lengths(cells) > 1L)) return(cells)
    cells[lengths(cells) == 0L] <- NA
    do.call(c, cells)
  })
  rest <- as.list(plain)
  if (.remove) {
    cells <- rest[[at]]
    # From the last place to the first: what goes away moves those after it.
    for (path in rev(wanted[order(vapply(wanted, function(path) if (is.numeric(path[[1L]])) path[[1L]] else 0, 0))])) cells <- lapply(cells, .without_part, as.list(path))
    if (all(lengths(cells) == 0L)) rest[[at]] <- NULL else rest[[at]] <- cells
  }
  dp_like(structure(append(rest, made, after = at - 1L), class = "data.frame", row.names = seq_len(nrow(plain))), .data)
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
  too_few <- match.arg(too_few, c("error", "debug", "align_start"))
  too_many <- match.arg(too_many, c("error", "debug", "drop"))
  ends <- cumsum(widths)
  whole <- sum(widths)
  text <- as.character(data[[at]])
  sizes <- nchar(text, keepNA = TRUE)
  short <- sum(sizes < whole, na.rm = TRUE)
  long <- sum(sizes > whole, na.rm = TRUE)
  if ((too_few == "error" && short) || (too_many == "error" && long)) {
    stop("Expected ", whole, " characters in each element of `", base::names(data)[at], "`.",
         if (too_few == "error" && short) paste0("\n! ", short, if (short == 1L) " value was" else " values were", " too short.\nUse `too_few = \"align_start\"` to silence this message."),
         if (too_many == "error" && long) paste0("\n! ", long, if (long == 1L) " value was" else " values were", " too long.\nUse `too_many = \"drop\"` to silence this message."), call. = FALSE)
  }
  piece <- function(from, to) ifelse(sizes < from, NA_character_, substring(text, from, to))
  made <- Map(piece, ends - widths + 1, ends)
  names(made) <- names(widths)
  made <- made[nzchar(names(made))]
  if (too_few == "debug" || too_many == "debug") {
    name <- base::names(data)[at]
    warning("Debug mode activated: adding variables `", name, "_ok`, `", name, "_width`, and `", name, "_remainder`.", call. = FALSE)
    told <- list(data[[at]], sizes, substring(text, whole + 1L), sizes == whole)
    made <- c(made, setNames(told, paste0(name, c("", "_width", "_remainder", "_ok"))))
    cols_remove <- TRUE
  }
  .replaced_column(data, at, made, cols_remove)
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
