# stringr's rarer words.

str_escape <- function(string) gsub("([.^$\\\\|*+?{}\\[\\]()])", "\\\\\\1", string, perl = TRUE)

str_conv <- function(string, encoding) iconv(string, from = encoding, to = "UTF-8")

str_like <- function(string, pattern, ignore_case = TRUE) {
  whole <- gsub("_", ".", gsub("%", ".*", str_escape(pattern), fixed = TRUE), fixed = TRUE)
  grepl(paste0("^", whole, "$"), string, ignore.case = ignore_case, perl = TRUE)
}

str_rank <- function(x, ...) as.integer(rank(x, ties.method = "min", na.last = "keep"))

str_glue_data <- function(.x, ..., .sep = "", .envir = parent.frame(), .na = "NA") glue_data(.x, ..., .sep = .sep, .envir = .envir, .na = .na)

str_interp <- function(string, env = parent.frame()) {
  string <- paste(string, collapse = "")
  for (part in regmatches(string, gregexpr("[$](\\[[^]]*\\])?\\{[^}]*\\}", string))[[1L]]) {
    form <- regmatches(part, regexec("^[$](\\[([^]]*)\\])?\\{(.*)\\}$", part))[[1L]]
    value <- eval(parse(text = form[4L]), env)
    shown <- if (nzchar(form[3L])) sprintf(paste0("%", form[3L]), value) else as.character(value)
    string <- sub(part, shown, string, fixed = TRUE)
  }
  string
}

str_sub_all <- function(string, start = 1L, end = -1L) lapply(string, function(one) str_sub(one, start, end))

str_view <- function(string, pattern = NULL, match = TRUE, html = FALSE, ...) {
  .passed_over(html)
  shown <- string
  if (!is.null(pattern)) {
    kept <- if (is.na(match)) rep(TRUE, length(string)) else (str_detect(string, pattern) & !is.na(string)) == match
    shown <- shown[kept]
    found <- str_extract_all(shown, pattern)
    parts <- str_split(shown, pattern)
    shown <- mapply(function(between, hits) paste0(between, c(if (length(hits)) paste0("<", hits, ">"), ""), collapse = ""), parts, found)
  }
  at <- if (is.null(pattern)) seq_along(string) else which(kept)
  if (length(shown)) cat(paste0(formatC(paste0("[", at, "]"), width = max(nchar(at)) + 2), " \u2502 ", shown), sep = "\n")
  invisible(shown)
}

str_view_all <- function(string, pattern = NULL, match = NA, ...) str_view(string, pattern, match)
