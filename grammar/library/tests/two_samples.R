# How tests of one or two samples are opened: what the data are called, and what a formula stands for.

# What arguments of the calling function were called where it was called itself: "x", or "x and y". They must be untouched.
.data_called <- function(..., frame = parent.frame()) {
  written <- function(name) deparse1(do.call("substitute", list(as.name(name), frame)))
  paste(vapply(c(...), written, ""), collapse = " and ")
}

# A test of `response ~ group` is that of the two groups, of `response ~ 1` that of one sample, or of pairs made by Pair().
# `tell` puts the names of the groups into the result.
.test_of_formula <- function(test, formula, call, place, ..., one_sample = TRUE, tell = function(made, groups) made) {
  refuse <- function(message) stop(simpleError(message, sys.call(-2)))
  labels <- if (length(formula) == 3L) attr(terms(formula[-2L]), "term.labels") else character(2L)
  if (length(labels) > 1L || !length(labels) && !one_sample) refuse("'formula' missing or incorrect")
  frame <- .frame_asked(formula, call, place)
  response <- frame[[1L]]
  made <- if (length(labels)) {
    parts <- split(response, factor(frame[[2L]]))
    if (length(parts) != 2L) refuse("grouping factor must have exactly 2 levels")
    tell(test(parts[[1L]], parts[[2L]], ...), names(parts))
  } else if (inherits(response, "Pair")) test(response[, 1L], response[, 2L], paired = TRUE, ...) else test(response, ...)
  made$data.name <- paste(names(frame), collapse = " by ")
  made
}

Pair <- function(x, y) structure(cbind(x, y), class = "Pair")

`[.Pair` <- function(x, i, j, drop = TRUE) {
  whole <- unclass(x)
  if (!missing(j)) return(whole[i, j, drop = drop])
  structure(whole[i, , drop = FALSE], class = "Pair")
}

.single_number <- function(x) length(x) == 1L && is.numeric(x) && is.finite(x)

# Some tests take the ends of the levels too.
.is_level_or_end <- function(level) .is_level(level) || identical(level == 0 | level == 1, TRUE)
