# Texts under stringi's names; what stringr has too is asked there.

stri_pad <- function(str, width = floor(0.9 * getOption("width")), side = c("left", "right", "both"), pad = " ", use_length = FALSE)
  str_pad(str, width, match.arg(side), pad, use_width = !use_length)

stri_pad_left <- function(str, width = floor(0.9 * getOption("width")), pad = " ", use_length = FALSE)
  stri_pad(str, width, "left", pad, use_length)

stri_pad_right <- function(str, width = floor(0.9 * getOption("width")), pad = " ", use_length = FALSE)
  stri_pad(str, width, "right", pad, use_length)

stri_pad_both <- function(str, width = floor(0.9 * getOption("width")), pad = " ", use_length = FALSE)
  stri_pad(str, width, "both", pad, use_length)

stri_reverse <- function(str)
  vapply(as.character(str), function(one) if (is.na(one)) NA_character_ else intToUtf8(rev(utf8ToInt(one))), "", USE.NAMES = FALSE)

stri_length <- function(str) str_length(str)

stri_sub <- function(str, from = 1L, to = -1L, length) {
  if (!missing(length)) to <- from + length - 1L
  str_sub(str, from, to)
}

stri_trim_both <- function(str) str_trim(str, "both")

stri_trim_left <- function(str) str_trim(str, "left")

stri_trim_right <- function(str) str_trim(str, "right")

stri_trim <- function(str, side = c("both", "left", "right")) str_trim(str, match.arg(side))

stri_trans_tolower <- function(str, locale = NULL) str_to_lower(str, if (is.null(locale)) "en" else locale)

stri_trans_toupper <- function(str, locale = NULL) str_to_upper(str, if (is.null(locale)) "en" else locale)

stri_trans_totitle <- function(str) str_to_title(str)

stri_dup <- function(str, times) str_dup(str, times)

stri_paste <- function(..., sep = "", collapse = NULL) str_c(..., sep = sep, collapse = collapse)

stri_c <- function(..., sep = "", collapse = NULL) str_c(..., sep = sep, collapse = collapse)

stri_join <- function(..., sep = "", collapse = NULL) str_c(..., sep = sep, collapse = collapse)

stri_isempty <- function(str) ifelse(is.na(str), NA, !nzchar(str))

stri_detect_regex <- function(str, pattern, negate = FALSE) str_detect(str, pattern, negate)

stri_detect_fixed <- function(str, pattern, negate = FALSE) str_detect(str, fixed(pattern), negate)

stri_count_regex <- function(str, pattern) str_count(str, pattern)

stri_count_fixed <- function(str, pattern) str_count(str, fixed(pattern))

stri_count_words <- function(str) str_count(str, "[\\w'\u2019]*\\w")

stri_replace_all_regex <- function(str, pattern, replacement) str_replace_all(str, pattern, gsub("\\$(\\d)", "\\\\\\1", replacement))

stri_replace_first_regex <- function(str, pattern, replacement) str_replace(str, pattern, gsub("\\$(\\d)", "\\\\\\1", replacement))

stri_replace_all_fixed <- function(str, pattern, replacement) str_replace_all(str, fixed(pattern), replacement)

stri_replace_first_fixed <- function(str, pattern, replacement) str_replace(str, fixed(pattern), replacement)

stri_extract_all_regex <- function(str, pattern) lapply(str_extract_all(str, pattern), function(found) if (length(found)) found else NA_character_)

stri_extract_first_regex <- function(str, pattern) str_extract(str, pattern)

stri_split_regex <- function(str, pattern, n = -1L) str_split(str, pattern, if (n < 0) Inf else n)

stri_split_fixed <- function(str, pattern, n = -1L) str_split(str, fixed(pattern), if (n < 0) Inf else n)

stri_startswith_fixed <- function(str, pattern) startsWith(str, pattern)

stri_endswith_fixed <- function(str, pattern) endsWith(str, pattern)
