# Series under their times.

zoo <- function(x = NULL, order.by = seq_len(NROW(x)), frequency = NULL, ...) {
  at <- order(order.by)
  made <- if (is.null(dim(x))) x[at] else as.matrix(x)[at, , drop = FALSE]
  structure(made, index = order.by[at], class = "zoo")
}

is.zoo <- function(object) inherits(object, "zoo")

as.zoo <- function(x, ...) {
  if (is.zoo(x)) return(x)
  zoo(if (is.ts(x)) as.vector(x) else x, if (is.ts(x)) as.vector(time(x)) else seq_len(NROW(x)))
}

index <- function(x, ...) if (is.zoo(x)) attr(x, "index") else if (is.ts(x)) as.vector(time(x)) else seq_len(NROW(x))

time.zoo <- function(x, ...) attr(x, "index")

coredata.zoo <- function(x, ...) .bare_series(x)

.bare_series <- function(x) {
  attr(x, "index") <- NULL
  unclass(x)
}

`[.zoo` <- function(x, i, j, ..., drop = TRUE) {
  times <- attr(x, "index")
  plain <- .bare_series(x)
  rows <- if (missing(i)) seq_along(times) else if (inherits(i, class(times)[1L]) && !is.numeric(times)) match(i, times) else i
  made <- if (is.null(dim(plain))) plain[rows] else plain[rows, if (missing(j)) seq_len(ncol(plain)) else j, drop = drop]
  structure(made, index = times[rows], class = "zoo")
}

print.zoo <- function(x, ...) {
  plain <- .bare_series(x)
  labels <- as.character(attr(x, "index"))
  if (is.null(dim(plain))) print(setNames(plain, labels), ...) else {
    rownames(plain) <- labels
    print(plain, ...)
  }
  invisible(x)
}

plot.zoo <- function(x, xlab = "Index", ylab = "", type = "l", ...) matplot(attr(x, "index"), .bare_series(x), xlab = xlab, ylab = ylab, type = type, ...)

as.data.frame.zoo <- function(x, ...) {
  plain <- .bare_series(x)
  made <- if (is.null(dim(plain))) data.frame(x = plain) else as.data.frame(plain)
  row.names(made) <- as.character(attr(x, "index"))
  made
}

head.zoo <- function(x, n = 6L, ...) x[seq_len(min(n, NROW(.bare_series(x))))]

tail.zoo <- function(x, n = 6L, ...) x[seq(max(1, NROW(.bare_series(x)) - n + 1), NROW(.bare_series(x)))]

na.fill <- function(object, fill, ...) {
  fill <- rep_len(as.list(fill), 3L)
  known <- which(!is.na(object))
  at <- seq_along(object)
  put <- function(rows, value) if (identical(value, "extend")) object[rows] <<- approx(known, object[known], rows, rule = 2)$y else if (!is.null(value)) object[rows] <<- value
  gaps <- which(is.na(object))
  put(gaps[gaps < min(known)], fill[[1L]])
  put(gaps[gaps > max(known)], fill[[3L]])
  put(gaps[gaps > min(known) & gaps < max(known)], fill[[2L]])
  object
}

na.aggregate <- function(object, by = 1, FUN = mean, ...) {
  if (!is.null(dim(object))) {
    for (k in seq_len(ncol(object))) object[, k] <- na.aggregate(object[, k], by, FUN, ...)
    return(object)
  }
  groups <- rep_len(by, length(object))
  for (group in unique(groups)) object[groups == group & is.na(object)] <- FUN(object[groups == group], na.rm = TRUE, ...)
  object
}

na.spline <- function(object, ...) {
  known <- which(!is.na(object))
  object[is.na(object)] <- spline(known, object[known], xout = which(is.na(object)))$y
  object
}

na.trim <- function(object, sides = "both", ...) {
  known <- which(!is.na(object))
  object[seq(if (sides == "right") 1 else min(known), if (sides == "left") length(object) else max(known))]
}

yearmon <- function(x) structure(x, class = "yearmon")

as.yearmon <- function(x, format = "", ...) {
  if (inherits(x, "yearmon")) return(x)
  if (is.numeric(x) && !inherits(x, "Date")) return(yearmon(x))
  if (is.character(x)) x <- as.Date(if (nzchar(format)) x else paste0(x, "-01"), format = if (nzchar(format)) format else "%Y-%m-%d")
  clock <- as.POSIXlt(x)
  yearmon(clock$year + 1900 + clock$mon / 12)
}

.first_of_month <- function(x) {
  months <- round(12 * as.double(unclass(x)))
  as.Date(sprintf("%04d-%02d-01", as.integer(months %/% 12), as.integer(months %% 12 + 1)))
}

format.yearmon <- function(x, format = "%b %Y", ...) base::format(.first_of_month(x), format)

as.character.yearmon <- function(x, ...) format.yearmon(x)

print.yearmon <- function(x, ...) {
  print(format.yearmon(x), quote = TRUE)
  invisible(x)
}

as.Date.yearmon <- function(x, frac = 0, ...) {
  first <- .first_of_month(x)
  if (!frac) first else first + floor(frac * (as.numeric(.first_of_month(unclass(x) + 1 / 12)) - as.numeric(first) - 1))
}

as.yearqtr <- function(x, ...) {
  clock <- as.POSIXlt(x)
  structure(clock$year + 1900 + clock$mon %/% 3 / 4, class = "yearqtr")
}

format.yearqtr <- function(x, format = "%Y Q%q", ...) {
  quarters <- round(4 * as.double(unclass(x)))
  mapply(function(year, quarter) gsub("%q", quarter, gsub("%Y", year, format, fixed = TRUE), fixed = TRUE), quarters %/% 4, quarters %% 4 + 1)
}

print.yearqtr <- function(x, ...) {
  print(format.yearqtr(x), quote = TRUE)
  invisible(x)
}
