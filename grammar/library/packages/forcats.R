# Factor helpers under forcats' names.

as_factor <- function(x, ...) if (is.factor(x)) x else factor(x, levels = if (is.numeric(x)) sort(unique(x)) else unique(x))

# A text stands for the factor that factor() makes of it: its levels in the order of the alphabet.
.fct_checked <- function(f) if (is.factor(f)) f else factor(f)

fct_recode <- function(.f, ...) {
  .f <- .fct_checked(.f)
  changes <- c(...)
  shown <- levels(.f)
  unknown <- setdiff(changes, shown)
  if (length(unknown)) warning("Unknown levels in `f`: ", paste(unknown, collapse = ", "), call. = FALSE)
  for (k in seq_along(changes)) shown[levels(.f) == changes[[k]]] <- if (names(changes)[k] %in% c("NULL", "")) NA else names(changes)[k]
  levels(.f) <- shown
  .f
}

fct_collapse <- function(.f, ..., other_level = NULL) {
  .f <- .fct_checked(.f)
  groups <- list(...)
  shown <- levels(.f)
  for (name in names(groups)) shown[levels(.f) %in% groups[[name]]] <- name
  if (!is.null(other_level)) shown[!(levels(.f) %in% unlist(groups))] <- other_level
  levels(.f) <- shown
  .f
}

fct_relevel <- function(.f, ..., after = 0L) {
  .f <- .fct_checked(.f)
  first <- unlist(lapply(list(...), function(one) if (is.function(one) || inherits(one, "formula")) as_mapper(one)(levels(.f)) else one))
  unknown <- setdiff(first, levels(.f))
  if (length(unknown)) {
    warning(length(unknown), if (length(unknown) == 1L) " unknown level in `f`: " else " unknown levels in `f`: ", paste(unknown, collapse = ", "), call. = FALSE)
    first <- intersect(first, levels(.f))
  }
  factor(.f, levels = append(setdiff(levels(.f), first), first, after = after))
}

fct_infreq <- function(f, w = NULL, ordered = NA) {
  f <- .fct_checked(f)
  counts <- if (is.null(w)) tabulate(as.integer(f), nlevels(f)) else vapply(levels(f), function(level) sum(w[f %in% level]), 0)
  factor(f, levels = levels(f)[order(-counts)], ordered = if (is.na(ordered)) is.ordered(f) else ordered)
}

fct_inorder <- function(f, ordered = NA) {
  f <- .fct_checked(f)
  held <- unique(as.character(f))
  factor(f, levels = union(held[!is.na(held)], levels(f)), ordered = if (is.na(ordered)) is.ordered(f) else ordered)
}

fct_rev <- function(f) factor(f, levels = rev(levels(.fct_checked(f))))

fct_reorder <- function(.f, .x, .fun = median, ..., .na_rm = NULL, .desc = FALSE) {
  .f <- .fct_checked(.f)
  gap <- is.na(.x)
  if (any(gap) && is.null(.na_rm)) {
    warning("`fct_reorder()` removing ", sum(gap), if (sum(gap) == 1L) " missing value.\n" else " missing values.\n", "\u2139 Use `.na_rm = TRUE` to silence this message.\n\u2139 Use `.na_rm = FALSE` to preserve NAs.", call. = FALSE)
    .na_rm <- TRUE
  }
  whole <- .f
  if (isTRUE(.na_rm)) {
    .x <- .x[!gap]
    .f <- .f[!gap]
  }
  score <- tapply(.x, .f, .fun, ...)
  factor(whole, levels = levels(.f)[order(score, decreasing = .desc)])
}

fct_drop <- function(f, only) {
  held <- levels(f)[levels(f) %in% as.character(f) | if (missing(only)) FALSE else !(levels(f) %in% only)]
  factor(f, levels = held, ordered = is.ordered(f))
}

fct_lump <- function(f, n, prop, other_level = "Other", ...) {
  f <- .fct_checked(f)
  counts <- tabulate(as.integer(f), nlevels(f))
  kept <- if (!missing(n)) rank(-counts, ties.method = "min") <= n else counts / sum(counts) > prop
  shown <- levels(f)
  shown[!kept] <- other_level
  levels(f) <- shown
  if (any(!kept)) factor(f, levels = c(setdiff(levels(f), other_level), other_level)) else f
}

fct_lump_n <- function(f, n, other_level = "Other", ...) fct_lump(f, n, other_level = other_level)

fct_count <- function(f, sort = FALSE, prop = FALSE) {
  f <- .fct_checked(f)
  counts <- tabulate(as.integer(f), nlevels(f))
  gaps <- sum(is.na(f))
  made <- tibble(f = factor(c(levels(f), if (gaps) NA), levels = levels(f)), n = c(counts, if (gaps) gaps))
  if (sort) made <- made[order(-made$n), ]
  if (prop) made$p <- made$n / sum(made$n)
  made
}

fct_explicit_na <- function(f, na_level = "(Missing)") {
  warning("`fct_explicit_na()` was deprecated in forcats 1.0.0.\n\u2139 Please use `fct_na_value_to_level()` instead.", call. = FALSE)
  f <- .fct_checked(f)
  if (!anyNA(f)) return(f)
  shown <- as.character(f)
  shown[is.na(shown)] <- na_level
  factor(shown, levels = c(levels(f), na_level))
}

fct_unique <- function(f) factor(c(levels(f), if (anyNA(f)) NA), levels = levels(f), ordered = is.ordered(f))

lvls_union <- function(fs) unique(unlist(lapply(fs, levels)))

fct_lump_prop <- function(f, prop, other_level = "Other", ...) fct_lump(f, prop = prop, other_level = other_level)

fct_lump_min <- function(f, min, other_level = "Other", ...) {
  f <- .fct_checked(f)
  fct_other(f, keep = levels(f)[tabulate(as.integer(f), nlevels(f)) >= min], other_level = other_level)
}

fct_other <- function(f, keep, drop, other_level = "Other") {
  f <- .fct_checked(f)
  kept <- if (missing(drop)) intersect(levels(f), keep) else setdiff(levels(f), drop)
  if (length(kept) == nlevels(f)) return(f)
  shown <- levels(f)
  shown[!(shown %in% kept)] <- other_level
  levels(f) <- shown
  factor(f, levels = c(kept, other_level))
}

fct_shift <- function(f, n = 1L) {
  f <- .fct_checked(f)
  count <- nlevels(f)
  factor(f, levels = levels(f)[(seq_len(count) - 1L + n) %% count + 1L])
}

fct_na_value_to_level <- function(f, level = NA) {
  f <- .fct_checked(f)
  if (anyNA(f)) f <- addNA(f)
  if (!is.na(level)) levels(f)[is.na(levels(f))] <- level
  f
}
