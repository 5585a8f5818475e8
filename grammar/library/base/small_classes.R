# Methods of small classes: texts without quotes, numbers in base 8 and 16.

same_class <- function(made, x) {
  if (is.null(made)) return(made)
  class(made) <- oldClass(x)
  made
}

`[.noquote` <- function(x, ...) same_class(unclass(x)[...], x)

c.noquote <- function(..., recursive = FALSE) structure(NextMethod("c"), class = "noquote")

as.matrix.noquote <- function(x, ...) noquote(as.matrix(unclass(x), ...))

`[.hexmode` <- function(x, i) same_class(unclass(x)[i], x)

`[.octmode` <- function(x, i) same_class(unclass(x)[i], x)

`|.hexmode` <- function(e1, e2) as.hexmode(bitwOr(as.integer(as.hexmode(e1)), as.integer(as.hexmode(e2))))

`|.octmode` <- function(e1, e2) as.octmode(bitwOr(as.integer(as.octmode(e1)), as.integer(as.octmode(e2))))

`&.hexmode` <- function(e1, e2) as.hexmode(bitwAnd(as.integer(as.hexmode(e1)), as.integer(as.hexmode(e2))))

`&.octmode` <- function(e1, e2) as.octmode(bitwAnd(as.integer(as.octmode(e1)), as.integer(as.octmode(e2))))

`!.hexmode` <- function(x) as.hexmode(bitwNot(as.integer(x)))

`!.octmode` <- function(x) as.octmode(bitwNot(as.integer(x)))

# The classes of time over plain numbers, without a look at what the numbers are.
.Date <- function(xx, cl = "Date") {
  class(xx) <- cl
  xx
}

.POSIXct <- function(xx, tz = NULL, cl = c("POSIXct", "POSIXt")) {
  class(xx) <- cl
  attr(xx, "tzone") <- tz
  xx
}

.difftime <- function(xx, units, cl = "difftime") {
  class(xx) <- cl
  attr(xx, "units") <- units
  xx
}
