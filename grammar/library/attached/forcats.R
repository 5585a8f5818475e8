# Further words on factors.

fct <- function(x = character(), levels = NULL, na = character()) factor(replace(x, x %in% na, NA), levels = if (is.null(levels)) unique(x[!(x %in% na)]) else levels)

fct_c <- function(...) {
  parts <- lapply(list(...), as_factor)
  factor(unlist(lapply(parts, as.character)), levels = lvls_union(parts))
}

fct_unify <- function(fs, levels = lvls_union(fs)) lapply(fs, function(f) factor(f, levels = levels))

fct_cross <- function(..., sep = ":", keep_empty = FALSE) {
  parts <- lapply(list(...), as_factor)
  every <- do.call(expand.grid, c(lapply(parts, levels), list(stringsAsFactors = FALSE)))
  made <- factor(do.call(paste, c(lapply(parts, as.character), sep = sep)), levels = do.call(paste, c(unname(as.list(every)), sep = sep)))
  if (keep_empty) made else droplevels(made)
}

fct_expand <- function(f, ..., after = Inf) {
  f <- as_factor(f)
  factor(f, levels = append(levels(f), setdiff(c(...), levels(f)), after = after))
}

fct_inseq <- function(f, ordered = NA) {
  f <- as_factor(f)
  places <- order(suppressWarnings(as.numeric(levels(f))), na.last = NA)
  if (!length(places)) stop("At least one existing level must be coercible to numeric.", call. = FALSE)
  lvls_reorder(f, union(places, seq_along(levels(f))), ordered)
}

fct_match <- function(f, lvls) {
  gone <- setdiff(lvls, levels(as_factor(f)))
  if (length(gone)) stop("All `lvls` must be present in `f`.\nMissing levels: ", paste(gone, collapse = ", "), call. = FALSE)
  as.character(f) %in% lvls
}

fct_relabel <- function(.f, .fun, ...) {
  .f <- as_factor(.f)
  levels(.f) <- as_mapper(.fun)(levels(.f), ...)
  .f
}

fct_reorder2 <- function(.f, .x, .y, .fun = last2, ..., .desc = TRUE) {
  .f <- as_factor(.f)
  score <- vapply(levels(.f), function(level) as.numeric(.fun(.x[.f == level], .y[.f == level], ...)), 0)
  factor(.f, levels = levels(.f)[order(score, decreasing = .desc)])
}

last2 <- function(.x, .y) .y[order(.x)][length(.y)]

first2 <- function(.x, .y) .y[order(.x)][1L]

fct_shuffle <- function(f) factor(f, levels = sample(levels(as_factor(f))))

fct_anon <- function(f, prefix = "") {
  f <- as_factor(f)
  labels <- paste0(prefix, formatC(seq_len(nlevels(f)), width = nchar(nlevels(f)), flag = "0"))
  levels(f) <- sample(labels)
  factor(f, levels = labels)
}

fct_na_level_to_value <- function(f, extra_levels = NULL) {
  f <- as_factor(f)
  gone <- is.na(levels(f)) | levels(f) %in% extra_levels
  factor(f, levels = levels(f)[!gone])
}

# The rarest levels go together while they stay fewer than the next one.
fct_lump_lowfreq <- function(f, w = NULL, other_level = "Other", ...) {
  f <- as_factor(f)
  counts <- if (is.null(w)) tabulate(as.integer(f), nlevels(f)) else as.numeric(tapply(w, f, sum))
  order <- order(counts)
  sums <- cumsum(counts[order])
  kept <- c(counts[order][-1L] > sums[-length(sums)], FALSE)
  place <- which(kept)[1L]
  if (is.na(place) || place < 2L) return(f)
  fct_other(f, drop = levels(f)[order[seq_len(place)]], other_level = other_level)
}

lvls_revalue <- function(f, new_levels) {
  f <- as_factor(f)
  levels(f) <- new_levels
  f
}

lvls_reorder <- function(f, idx, ordered = NA) {
  f <- as_factor(f)
  if (!setequal(idx, seq_len(nlevels(f)))) stop("`idx` must contain one integer for each level of `f`", call. = FALSE)
  factor(f, levels = levels(f)[idx], ordered = if (is.na(ordered)) is.ordered(f) else ordered)
}

lvls_expand <- function(f, new_levels) factor(f, levels = new_levels)
