# Series under their times.

zoo <- function(x = NULL, order.by = seq_len(NROW(x)), frequency = NULL, ...) {
  at <- order(order.by)
  made <- if (is.null(dim(x))) x[at] else as.matrix(x)[at, , drop = FALSE]
  times <- order.by[at]
  if (is.null(frequency)) return(structure(made, index = times, class = "zoo"))
  steps <- as.numeric(diff(as.numeric(times))) * frequency
  # A series of a frequency may have gaps, but each of its times lies a whole number of steps after the one before it.
  if (any(abs(steps - round(steps)) > sqrt(.Machine$double.eps))) {
    warning("\u201corder.by\u201d and \u201cfrequency\u201d do not match: \u201cfrequency\u201d ignored")
    return(structure(made, index = times, class = "zoo"))
  }
  if (is.numeric(times) && is.null(oldClass(times))) {
    if (frequency == 4) times <- as.yearqtr(times) else if (frequency == 12) times <- yearmon(times)
  }
  structure(made, index = times, frequency = frequency, class = c("zooreg", "zoo"))
}

frequency.zoo <- function(x, ...) {
  own <- attr(x, "frequency")
  if (!is.null(own)) return(own)
  gaps <- diff(as.numeric(index(x)))
  if (!length(gaps)) return(NULL)
  steps <- gaps / min(gaps)
  if (any(abs(steps - round(steps)) > sqrt(.Machine$double.eps))) return(NULL)
  found <- 1 / min(gaps)
  if (found > 1 && abs(found - round(found)) < 1e-4) round(found) else found
}

as.ts.zoo <- function(x, ...) {
  often <- frequency(x)
  if (is.null(often)) return(ts(.bare_series(x)))
  plain <- .bare_series(x)
  times <- as.numeric(index(x))
  place <- round((times - times[1L]) * often) + 1
  from <- match(seq_len(place[length(place)]), place)
  ts(if (is.null(dim(plain))) plain[from] else plain[from, , drop = FALSE], start = times[1L], frequency = often)
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
  attr(x, "frequency") <- NULL
  unclass(x)
}

`[.zoo` <- function(x, i, j, ..., drop = TRUE) {
  times <- attr(x, "index")
  plain <- .bare_series(x)
  rows <- if (missing(i)) seq_along(times) else if (inherits(i, "AsIs") || (inherits(i, class(times)[1L]) && !is.numeric(times))) match(i, times) else i
  if (is.zoo(rows)) rows <- .bare_series(rows)
  columns <- if (missing(j)) seq_len(NCOL(plain)) else j
  # A row of a table stays one; a column may become a series.
  made <- if (is.null(dim(plain))) plain[rows] else plain[rows, columns, drop = drop && !missing(j) && length(columns) == 1L]
  structure(made, index = times[rows], frequency = attr(x, "frequency"), class = class(x))
}

# A time of a series of a frequency is a whole part and a step in it, unless its class has a form of its own.
.time_labels <- function(x) {
  times <- attr(x, "index")
  often <- attr(x, "frequency")
  if (is.null(often) || often == 1 || !is.null(oldClass(times))) return(as.character(times))
  whole <- floor(times + 0.001)
  paste0(whole, "(", round((times - whole) * often) + 1, ")")
}

print.zoo <- function(x, style = NULL, quote = FALSE, ...) {
  plain <- .bare_series(x)
  if (!length(plain)) {
    cat("Data:\n")
    print(plain, ...)
    cat("\nIndex:\n")
    print(attr(x, "index"), ...)
    return(invisible(x))
  }
  labels <- .time_labels(x)
  if (identical(style, "vertical") && is.null(dim(plain))) plain <- matrix(plain, dimnames = list(NULL, ""))
  if (is.null(dim(plain))) print(setNames(plain, labels), quote = quote, ...) else {
    rownames(plain) <- labels
    print(plain, quote = quote, ...)
  }
  invisible(x)
}

plot.zoo <- function(x, xlab = "Index", ylab = "", type = "l", ...) matplot(attr(x, "index"), .bare_series(x), xlab = xlab, ylab = ylab, type = type, ...)

as.data.frame.zoo <- function(x, ...) {
  plain <- .bare_series(x)
  made <- if (is.null(dim(plain))) setNames(data.frame(plain), if (is.name(substitute(x))) deparse(substitute(x)) else "x") else as.data.frame(plain)
  row.names(made) <- as.character(attr(x, "index"))
  made
}

head.zoo <- function(x, n = 6L, ...) x[seq_len(min(n, NROW(.bare_series(x))))]

tail.zoo <- function(x, n = 6L, ...) x[seq(max(1, NROW(.bare_series(x)) - n + 1), NROW(.bare_series(x)))]

na.fill <- function(object, fill, ...) {
  if (is.zoo(object)) return(.zoo_filled(object, function(x) na.fill(x, fill, ...), FALSE))
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
  if (is.zoo(object)) return(.zoo_filled(object, function(x) na.aggregate(x, by, FUN, ...), FALSE))
  if (!is.null(dim(object))) {
    for (k in seq_len(ncol(object))) object[, k] <- na.aggregate(object[, k], by, FUN, ...)
    return(object)
  }
  groups <- rep_len(by, length(object))
  for (group in unique(groups)) object[groups == group & is.na(object)] <- FUN(object[groups == group], na.rm = TRUE, ...)
  object
}

na.spline <- function(object, ...) {
  if (is.zoo(object)) return(.zoo_filled(object, function(x) na.spline(x, ...), FALSE))
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

`[.yearmon` <- function(x, ...) yearmon(unclass(x)[...])

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
  if (inherits(x, "yearqtr")) return(x)
  if (is.numeric(x) && !inherits(x, "Date")) return(structure(floor(4 * as.numeric(x) + 0.001) / 4, class = "yearqtr"))
  clock <- as.POSIXlt(x)
  structure(clock$year + 1900 + clock$mon %/% 3 / 4, class = "yearqtr")
}

format.yearqtr <- function(x, format = "%Y Q%q", ...) {
  quarters <- round(4 * as.double(unclass(x)))
  mapply(function(year, quarter) gsub("%q", quarter, gsub("%Y", year, format, fixed = TRUE), fixed = TRUE), quarters %/% 4, quarters %% 4 + 1)
}

`[.yearqtr` <- function(x, ...) structure(unclass(x)[...], class = "yearqtr")

as.character.yearqtr <- function(x, ...) format.yearqtr(x)

print.yearqtr <- function(x, ...) {
  print(format.yearqtr(x), quote = TRUE)
  invisible(x)
}
