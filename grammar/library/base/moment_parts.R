# Methods of moments taken apart (POSIXlt): a list of nine vectors that acts as one vector of moments.

part_rows <- function(x, rows) {
  parts <- lapply(unclass(x), rows)
  attributes(parts) <- attributes(x)
  parts
}

`[.POSIXlt` <- function(x, i, j, drop = TRUE) {
  if (!missing(j)) return(if (missing(i)) unclass(x)[[j]] else unclass(x)[[j]][i])
  if (missing(i)) return(x)
  part_rows(x, function(part) part[i])
}

`[[.POSIXlt` <- function(x, i, drop = TRUE) {
  # Names are those of the moments, which the years carry.
  if (is.character(i)) i <- match(i, names(unclass(x)$year))
  parts <- lapply(unclass(x), `[[`, i)
  attributes(parts) <- attributes(x)
  parts
}

`[<-.POSIXlt` <- function(x, i, value) {
  if (!length(value)) return(x)
  parts <- unclass(x)
  fresh <- unclass(as.POSIXlt(value))[names(parts)]
  structure(if (missing(i)) fresh else Map(function(part, new) replace(part, i, new), parts, fresh), class = class(x), tzone = attr(x, "tzone"),
            balanced = attr(x, "balanced"))
}

`[[<-.POSIXlt` <- function(x, i, value) {
  x[i] <- value
  x
}

as.matrix.POSIXlt <- function(x, ...) as.matrix(as.data.frame(unclass(x)), ...)

`length<-.POSIXlt` <- function(x, value) {
  size <- length(x)
  if (value > size) part_rows(x, function(part) part[seq_len(value)]) else x[seq_len(value)]
}

names.POSIXlt <- function(x) names(unclass(x)$year)

as.list.POSIXlt <- function(x, ...) lapply(seq_along(x), function(at) x[at])

as.double.POSIXlt <- function(x, ...) as.double(as.POSIXct(x))

as.numeric.POSIXlt <- function(x, ...) as.double(as.POSIXct(x))

xtfrm.POSIXlt <- function(x) as.double(x)

c.POSIXlt <- function(..., recursive = FALSE) as.POSIXlt(do.call(c, lapply(list(...), as.POSIXct)))

rep.POSIXlt <- function(x, ...) part_rows(x, function(part) rep(part, ...))

rev.POSIXlt <- function(x) x[rev(seq_along(x))]

sort.POSIXlt <- function(x, decreasing = FALSE, na.last = NA, ...) x[order(as.POSIXct(x), na.last = na.last, decreasing = decreasing)]

head.POSIXlt <- function(x, n = 6L, ...) x[head(seq_along(x), n)]

tail.POSIXlt <- function(x, n = 6L, ...) x[tail(seq_along(x), n)]

unique.POSIXlt <- function(x, incomparables = FALSE, ...) x[!duplicated(x, incomparables, ...)]

duplicated.POSIXlt <- function(x, incomparables = FALSE, ...) duplicated(as.POSIXct(x), incomparables, ...)

is.na.POSIXlt <- function(x) is.na(as.POSIXct(x))

anyNA.POSIXlt <- function(x, recursive = FALSE) anyNA(as.POSIXct(x))

mean.POSIXlt <- function(x, ...) as.POSIXlt(mean(as.POSIXct(x), ...))

range.POSIXlt <- function(..., na.rm = FALSE) as.POSIXlt(range(do.call(c, lapply(list(...), as.POSIXct)), na.rm = na.rm))

min.POSIXlt <- function(..., na.rm = FALSE) as.POSIXlt(min(do.call(c, lapply(list(...), as.POSIXct)), na.rm = na.rm))

max.POSIXlt <- function(..., na.rm = FALSE) as.POSIXlt(max(do.call(c, lapply(list(...), as.POSIXct)), na.rm = na.rm))

summary.POSIXlt <- function(object, digits = 15, ...) summary(as.POSIXct(object), digits = digits, ...)

diff.POSIXlt <- function(x, lag = 1L, differences = 1L, ...) diff(as.POSIXct(x), lag, differences, ...)

split.POSIXlt <- function(x, f, drop = FALSE, ...) lapply(split(seq_along(x), f, drop = drop, ...), function(rows) x[rows])

quantile.POSIXt <- function(x, ...) {
  moments <- as.POSIXct(x)
  .POSIXct(quantile(unclass(moments), ...), attr(moments, "tzone"))
}

median.POSIXlt <- function(x, na.rm = FALSE, ...) as.POSIXlt(median(as.POSIXct(x), na.rm = na.rm))

is.numeric.Date <- function(x) FALSE

is.numeric.POSIXt <- function(x) FALSE

is.numeric.difftime <- function(x) FALSE
