# What warnings() gives: a list of calls under their messages.

# The lines of one warning after what it begins with; a message too long for the line stands on its own.
.told_warning <- function(message, call, begin) {
  if (is.null(call)) return(paste0(begin, message))
  shown <- deparse(call, nlines = 2L)
  first <- strsplit(message, "\n", fixed = TRUE)[[1L]][1L]
  width <- sum(nchar(c(begin, shown[1L], first), "w"), na.rm = TRUE)
  paste0(begin, "In ", shown[1L], if (length(shown) > 1L) " ...", " :", if (width <= 75L) " " else "\n  ", message)
}

.tell_warnings <- function(x, begins) {
  for (i in seq_along(begins)) cat(.told_warning(names(x)[i], unclass(x)[[i]], begins[i]), "\n", sep = "")
}

print.warnings <- function(x, tags, header = ngettext(n, "Warning message:\n", "Warning messages:\n"), ...) {
  n <- length(x)
  if (n) {
    cat(header)
    .tell_warnings(x, if (!missing(tags)) tags else if (n == 1L) "" else paste0(seq_len(n), ": "))
  }
  invisible(x)
}

`[.warnings` <- function(x, ...) structure(unclass(x)[...], class = "warnings")

c.warnings <- function(...) structure(do.call("c", lapply(list(...), unclass)), class = "warnings")

duplicated.warnings <- function(x, incomparables = FALSE, ...) {
  duplicated(paste(names(x), vapply(unclass(x), function(call) paste(deparse(call), collapse = ""), "")), incomparables, ...)
}

unique.warnings <- function(x, incomparables = FALSE, ...) x[!duplicated(x, incomparables, ...)]

summary.warnings <- function(object, ...) {
  kept <- unique(object)
  told <- function(x) paste(names(x), vapply(unclass(x), function(call) paste(deparse(call), collapse = ""), ""))
  structure(unclass(kept), class = "summary.warnings", counts = tabulate(match(told(object), told(kept)), length(kept)))
}

print.summary.warnings <- function(x, ...) {
  counts <- attr(x, "counts")
  if (length(x) == 1L) cat(counts, "identical warnings:\n") else cat("Summary of (a total of ", sum(counts), ") warning messages:\n", sep = "")
  .tell_warnings(x, if (length(x) == 1L) "" else paste0(format(counts), "x : "))
  invisible(x)
}
