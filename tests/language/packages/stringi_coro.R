library(stringi)
stopifnot(
  identical(stri_pad(c("a", "bcd"), 3, "right"), c("a  ", "bcd")),
  identical(stri_pad(7, width = 3, side = "left", pad = "0"), "007"),
  identical(stri_reverse(c("abc", NA, "a\u00e9")), c("cba", NA, "\u00e9a")),
  identical(stri_length(c("abc", "")), c(3L, 0L)),
  identical(stri_sub("keras", 2, length = 3), "era"),
  identical(stri_replace_all_regex("a1b22", "([a-z])(\\d)", "$2$1"), "1a2b2"),
  identical(stri_replace_all_fixed("a.b.c", ".", "-"), "a-b-c"),
  identical(stri_split_fixed("a,b,,c", ","), list(c("a", "b", "", "c"))),
  identical(stri_extract_all_regex(c("a1b2", "x"), "\\d"), list(c("1", "2"), NA_character_)),
  identical(stri_c("a", 1:2, sep = "-"), c("a-1", "a-2")),
  identical(stri_trim("  a "), "a"),
  identical(stri_count_words("two words"), 2L)
)

library(coro)
sizes <- c()
loop(for (batch in tensor_slices_dataset(matrix(1:6, 3)) %>% dataset_batch(2)) sizes <- c(sizes, dim(batch)[[1]]))
stopifnot(identical(as.integer(sizes), 2:1))
stopifnot(inherits(try(coro::loop(1 + 1), silent = TRUE), "try-error"))
