# Factor helpers under forcats' names.

as_factor <- function(x, ...) if (is.factor(x)) x else factor(x, levels = if (is.numeric(x)) sort(unique(x)) else unique(x))

fct_recode <- function(.f, ...) {
  .f <- as_factor(.f)
  changes <- c(...)
  shown <- levels(.f)
  for (k in seq_along(changes)) shown[levels(.f) == changes[[k]]] <- names(changes)[k]
  levels(.f) <- shown
  .f
}

fct_collapse <- function(.f, ..., other_level = NULL) {
  .f <- as_factor(.f)
  groups <- list(...)
  shown <- levels(.f)
  for (name in names(groups)) shown[levels(.f) %in% groups[[name]]] <- name
  if (!is.null(other_level)) shown[!(levels(.f) %in% unlist(groups))] <- other_level
  levels(.f) <- shown
  .f
}

fct_relevel <- function(.f, ..., after = 0L) {
  .f <- as_factor(.f)
  first <- c(...)
  factor(.f, levels = append(setdiff(levels(.f), first), first, after = after))
}

fct_infreq <- function(f, ...) {
  f <- as_factor(f)
  factor(f, levels = levels(f)[order(-tabulate(as.integer(f), nlevels(f)))])
}

fct_inorder <- function(f, ...) factor(f, levels = unique(as.character(f)))

fct_rev <- function(f) factor(f, levels = rev(levels(as_factor(f))))

fct_reorder <- function(.f, .x, .fun = median, ..., .desc = FALSE) {
  .f <- as_factor(.f)
  score <- tapply(.x, .f, .fun, ...)
  factor(.f, levels = levels(.f)[order(score, decreasing = .desc)])
}

fct_drop <- function(f, ...) droplevels(f)

fct_lump <- function(f, n, prop, other_level = "Other", ...) {
  f <- as_factor(f)
  counts <- tabulate(as.integer(f), nlevels(f))
  kept <- if (!missing(n)) rank(-counts, ties.method = "min") <= n else counts / sum(counts) > prop
  shown <- levels(f)
  shown[!kept] <- other_level
  levels(f) <- shown
  if (any(!kept)) factor(f, levels = c(setdiff(levels(f), other_level), other_level)) else f
}

fct_lump_n <- function(f, n, other_level = "Other", ...) fct_lump(f, n, other_level = other_level)

fct_count <- function(f, sort = FALSE, ...) {
  f <- as_factor(f)
  counts <- tabulate(as.integer(f), nlevels(f))
  made <- tibble(f = factor(levels(f), levels = levels(f)), n = counts)
  if (sort) made[order(-made$n), ] else made
}

fct_explicit_na <- function(f, na_level = "(Missing)") {
  f <- as_factor(f)
  if (!anyNA(f)) return(f)
  shown <- as.character(f)
  shown[is.na(shown)] <- na_level
  factor(shown, levels = c(levels(f), na_level))
}

fct_unique <- function(f) factor(levels(f), levels = levels(f))

lvls_union <- function(fs) unique(unlist(lapply(fs, levels)))

fct_lump_prop <- function(f, prop, other_level = "Other", ...) fct_lump(f, prop = prop, other_level = other_level)

fct_lump_min <- function(f, min, other_level = "Other", ...) {
  f <- as_factor(f)
  fct_other(f, keep = levels(f)[tabulate(as.integer(f), nlevels(f)) >= min], other_level = other_level)
}

fct_other <- function(f, keep, drop, other_level = "Other") {
  f <- as_factor(f)
  kept <- if (missing(drop)) intersect(levels(f), keep) else setdiff(levels(f), drop)
  if (length(kept) == nlevels(f)) return(f)
  shown <- levels(f)
  shown[!(shown %in% kept)] <- other_level
  levels(f) <- shown
  factor(f, levels = c(kept, other_level))
}

fct_shift <- function(f, n = 1L) {
  f <- as_factor(f)
  count <- nlevels(f)
  factor(f, levels = levels(f)[(seq_len(count) - 1L + n) %% count + 1L])
}

fct_na_value_to_level <- function(f, level = NA) {
  f <- as_factor(f)
  if (anyNA(f)) f <- addNA(f)
  if (!is.na(level)) levels(f)[is.na(levels(f))] <- level
  f
}
