# What lies in an environment, line by line; small words of the language about itself.

ls.str <- function(pos = -1, name, envir, all.names = FALSE, pattern, mode = "any") {
  place <- if (!missing(envir)) envir else if (is.environment(pos) || is.list(pos)) pos else parent.frame()
  if (!missing(name)) place <- as.environment(name)
  if (is.list(place)) place <- list2env(place, parent = emptyenv())
  found <- if (missing(pattern)) ls(envir = place, all.names = all.names) else ls(envir = place, all.names = all.names, pattern = pattern)
  kept <- vapply(found, exists, NA, envir = place, mode = mode, inherits = FALSE)
  structure(found[kept], envir = place, mode = mode, class = "ls_str")
}

lsf.str <- function(pos = -1, envir, ...) {
  place <- if (!missing(envir)) envir else if (is.environment(pos) || is.list(pos)) pos else parent.frame()
  ls.str(place, mode = "function", ...)
}

print.ls_str <- function(x, max.level = 1, give.attr = FALSE, ..., digits = max(1, getOption("str")$digits.d)) {
  place <- attr(x, "envir")
  for (name in x) {
    cat(name, ": ")
    str(get(name, envir = place, mode = attr(x, "mode")), max.level = max.level, give.attr = give.attr, digits.d = digits, ...)
  }
  invisible(x)
}

char.expand <- function(input, target, nomatch = stop("no match")) {
  if (length(input) != 1L) stop("'input' must have length 1")
  if (!(is.character(input) && is.character(target))) stop("'input' and 'target' must be character vectors")
  hits <- target[startsWith(target, input)]
  if (!length(hits)) return(eval(nomatch))
  if (input %in% hits) hits[hits == input] else if (length(unique(hits)) == 1L) hits else character()
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
