# What lies in an environment, line by line; small words of the language about itself.

ls.str <- function(pos = -1, name, envir, all.names = FALSE, pattern, mode = "any") {
  place <- .asked_place(if (missing(name)) pos else as.environment(name), if (!missing(envir)) envir, parent.frame())
  found <- ls(place, all.names = all.names)
  if (!missing(pattern)) found <- grep(pattern, found, value = TRUE)
  of_mode <- function(name) exists(name, envir = place, mode = mode, inherits = FALSE)
  structure(Filter(of_mode, found), envir = place, mode = mode, class = "ls_str")
}

lsf.str <- function(pos = -1, envir, ...) ls.str(.asked_place(pos, if (!missing(envir)) envir, parent.frame()), mode = "function", ...)

print.ls_str <- function(x, max.level = 1, give.attr = FALSE, ..., digits = max(1, c(getOption("str"), strOptions())$digits.d)) {
  place <- attr(x, "envir")
  for (name in x) {
    cat(name, ": ")
    str(get(name, envir = place, mode = attr(x, "mode")), max.level = max.level, give.attr = give.attr, digits.d = digits, ...)
  }
  invisible(x)
}

char.expand <- function(input, target, nomatch = stop("no match")) {
  if (length(input) != 1L) stop("'input' must have length 1")
  if (!all(vapply(list(input, target), is.character, NA))) stop("'input' and 'target' must be character vectors")
  at <- charmatch(input, target)
  if (is.na(at)) force(nomatch)
  target[at]
}

pairlist <- function(...) as.pairlist(list(...))

sort.list <- function(x, partial = NULL, na.last = TRUE, decreasing = FALSE, method = c("auto", "shell", "quick", "radix")) {
  .unsupported(partial, "order(x) orders all of it")
  method <- match.arg(method)
  if (is.list(x) && !is.object(x))
    stop(simpleError("'x' must be atomic", quote(sort.int(x, na.last = na.last, decreasing = decreasing, ...))))
  order(x, na.last = na.last, decreasing = decreasing, method = if (method == "radix") "radix" else "auto")
}

.Primitive <- function(name) {
  found <- get(name, envir = baseenv(), mode = "function")
  if (!is.primitive(found)) stop("no such primitive function")
  found
}

as.character.srcref <- function(x, useSource = TRUE, to = x, ...) strsplit(unclass(x), "\n", fixed = TRUE)[[1L]]

print.srcref <- function(x, useSource = TRUE, ...) {
  cat(as.character(x, useSource = useSource), sep = "\n")
  invisible(x)
}

getSrcref <- function(x) attr(x, "srcref")

removeSource <- function(fn) {
  if (!is.function(fn) && !is.language(fn)) stop("only works for functions and expressions, at least currently")
  if (is.function(fn)) attr(fn, "srcref") <- NULL
  fn
}

# The environment that ls.str() and lsf.str() are asked about; a list becomes one.
.asked_place <- function(pos, envir, caller) {
  place <- if (!is.null(envir)) envir else if (is.list(pos) || is.environment(pos)) pos else if (identical(as.numeric(pos), -1)) caller else as.environment(pos)
  if (is.environment(place)) place else list2env(as.list(place), parent = emptyenv())
}
