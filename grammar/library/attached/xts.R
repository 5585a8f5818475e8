# Tables under their times, which texts of times choose from: x["2020-02"], x["2020-01-31/"].

xts <- function(x = NULL, order.by = index(x), frequency = NULL, unique = TRUE, tzone = NULL, ...) {
  .passed_over(frequency, unique)
  if (missing(order.by) && !is.zoo(x)) stop("order.by requires an appropriate time-based object")
  if (!inherits(order.by, c("Date", "POSIXct", "POSIXlt", "yearmon", "yearqtr"))) stop("order.by requires an appropriate time-based object")
  if (inherits(order.by, "POSIXlt")) order.by <- as.POSIXct(order.by)
  if (!is.null(tzone) && inherits(order.by, "POSIXct")) attr(order.by, "tzone") <- tzone
  if (!is.null(x) && NROW(x) != length(order.by)) stop("NROW(x) must match length(order.by)")
  plain <- as.matrix(if (is.zoo(x)) .bare_series(x) else x)
  rownames(plain) <- NULL
  .as_xts(zoo(plain, order.by))
}

# Every part of such a table is a table again.
.as_xts <- function(x, names = NULL) {
  times <- attr(x, "index")
  plain <- as.matrix(.bare_series(x))
  dimnames(plain) <- if (!is.null(colnames(plain)) || !is.null(names)) list(NULL, if (is.null(names)) colnames(plain) else names)
  structure(plain, index = times, class = c("xts", "zoo"))
}

is.xts <- function(x) inherits(x, "xts")

as.xts <- function(x, order.by, ...) {
  if (is.xts(x)) return(x)
  if (is.zoo(x)) return(.as_xts(x))
  if (is.ts(x)) {
    months <- as.yearmon(as.vector(time(x)))
    return(xts(as.vector(x), if (frequency(x) == 12) months else as.Date(ISOdate(floor(as.vector(time(x))), 1, 1))))
  }
  if (missing(order.by)) {
    times <- if (is.data.frame(x) || is.matrix(x)) rownames(x) else names(x)
    order.by <- if (all(nchar(times) <= 10L)) as.Date(times) else as.POSIXct(times)
  }
  xts(as.matrix(x), order.by)
}

# The rows that a text of times names: a year, a month, a day, or from one to another.
.rows_of_times <- function(x, wanted) {
  times <- attr(x, "index")
  shown <- format(times, if (inherits(times, "POSIXct")) "%Y-%m-%d %H:%M:%S" else "%Y-%m-%d")
  first <- function(text) substr(shown, 1L, nchar(text)) >= text
  last <- function(text) substr(shown, 1L, nchar(text)) <= text
  rows <- logical(length(times))
  for (one in wanted) {
    one <- sub("T", " ", one, fixed = TRUE)
    if (grepl("^[0-9]{6,8}", one)) one <- gsub("([0-9]{4})([0-9]{2})([0-9]{2})?", "\\1-\\2-\\3", one)
    ends <- if (grepl("/|::", one)) strsplit(paste0(one, " "), "/|::")[[1L]] else c(one, one)
    ends <- sub("-+$", "", trimws(ends))
    rows <- rows | ((!nzchar(ends[1L]) | first(ends[1L])) & (!nzchar(ends[2L]) | last(ends[2L])))
  }
  which(rows)
}

`[.xts` <- function(x, i, j, drop = FALSE, ...) {
  times <- attr(x, "index")
  plain <- .bare_series(x)
  rows <- if (missing(i)) seq_along(times) else if (is.character(i)) .rows_of_times(x, i) else if (inherits(i, c("Date", "POSIXct"))) which(as.character(times) %in% as.character(i)) else if (is.zoo(i)) which(as.vector(.bare_series(i))) else i
  if (is.logical(rows)) rows <- which(rep_len(rows, length(times)))
  made <- if (missing(j)) plain[rows, , drop = FALSE] else plain[rows, j, drop = FALSE]
  if (drop && ncol(made) == 1L) return(as.vector(made))
  structure(made, index = times[rows], class = c("xts", "zoo"))
}

`[<-.xts` <- function(x, i, j, value) {
  plain <- .bare_series(x)
  rows <- if (missing(i)) seq_len(nrow(plain)) else if (is.character(i)) .rows_of_times(x, i) else if (is.zoo(i)) which(as.vector(.bare_series(i))) else i
  if (missing(j)) plain[rows, ] <- .bare_series(value) else plain[rows, j] <- .bare_series(value)
  structure(plain, index = attr(x, "index"), class = class(x))
}

print.xts <- function(x, ...) {
  plain <- .bare_series(x)
  if (!length(plain)) {
    cat("Data:\nnumeric(0)\n\nIndex:\n")
    str(attr(x, "index"))
    return(invisible(x))
  }
  rownames(plain) <- format(attr(x, "index"))
  print(plain, ...)
  invisible(x)
}

str.xts <- function(object, ...) {
  times <- index(object)
  cat("An xts object on ", format(start(object)), " / ", format(end(object)), " containing: \n", sep = "")
  cat("  Data:    ", typeof(object), " [", nrow(object), ", ", ncol(object), "]\n", sep = "")
  if (!is.null(colnames(object))) cat("  Columns: ", paste(colnames(object), collapse = ", "), "\n", sep = "")
  cat("  Index:   ", class(times)[1L], " [", length(times), "] (TZ: \"UTC\")\n", sep = "")
}

as.matrix.xts <- function(x, ...) {
  plain <- .bare_series(x)
  rownames(plain) <- format(attr(x, "index"))
  plain
}

as.data.frame.xts <- function(x, ...) as.data.frame(as.matrix.xts(x))

head.xts <- function(x, n = 6L, ...) x[seq_len(if (n < 0) max(0, nrow(x) + n) else min(n, nrow(x))), ]

tail.xts <- function(x, n = 6L, ...) {
  kept <- if (n < 0) max(0, nrow(x) + n) else min(n, nrow(x))
  x[nrow(x) - kept + seq_len(kept), ]
}

lag.xts <- function(x, k = 1, na.pad = TRUE, ...) {
  made <- do.call(cbind, lapply(k, function(one) {
    from <- seq_len(nrow(x)) - one
    from[from < 1 | from > nrow(x)] <- NA
    .bare_series(x)[from, , drop = FALSE]
  }))
  made <- structure(made, index = index(x), class = class(x))
  if (na.pad) made else na.omit.zoo(made)
}

diff.xts <- function(x, lag = 1, differences = 1, arithmetic = TRUE, log = FALSE, na.pad = TRUE, ...) {
  if (log) x <- log(x)
  for (k in seq_len(differences)) x <- if (arithmetic) x - lag.xts(x, lag) else x / lag.xts(x, lag)
  if (na.pad) x else na.omit.zoo(x)
}

merge.xts <- function(..., all = TRUE, fill = NA, suffixes = NULL) {
  parts <- list(...)
  written <- vapply(as.list(substitute(list(...)))[-1L], function(one) paste(deparse(one), collapse = ""), "")
  given <- names(parts)
  labels <- if (is.null(given)) written else ifelse(nzchar(given), given, written)
  made <- do.call(merge.zoo, c(setNames(parts, labels), list(all = all, fill = fill, suffixes = suffixes)))
  .as_xts(made, make.unique(colnames(.bare_series(made))))
}

cbind.xts <- function(..., deparse.level = 1) {
  .passed_over(deparse.level)
  merge.xts(...)
}

rbind.xts <- function(..., deparse.level = 1) {
  .passed_over(deparse.level)
  parts <- list(...)
  plain <- do.call(rbind, lapply(parts, function(one) unname(.bare_series(one))))
  .as_xts(zoo(plain, do.call(c, lapply(parts, index))), colnames(.bare_series(parts[[1L]])))
}

c.xts <- function(...) rbind.xts(...)

.periods <- function(x, on) {
  times <- if (is.xts(x)) index(x) else x
  switch(sub("s$", "", on),
    year = format(times, "%Y"), quarter = paste(format(times, "%Y"), quarters(times)), month = format(times, "%Y-%m"),
    week = as.character(floor((as.numeric(as.Date(times)) + 3) / 7)), day = format(times, "%Y-%m-%d"), hour = format(times, "%Y-%m-%d %H"),
    minute = format(times, "%Y-%m-%d %H:%M"), stop("unsupported \"on\" argument"))
}

endpoints <- function(x, on = "months", k = 1) {
  marks <- .periods(x, on)
  at <- which(marks[-1L] != marks[-length(marks)])
  if (k > 1) at <- at[seq_along(at) %% k == 0]
  as.integer(c(0, at, length(marks)))
}

period.apply <- function(x, INDEX, FUN, ...) {
  FUN <- match.fun(FUN)
  if (INDEX[1L] != 0) INDEX <- c(0, INDEX)
  made <- lapply(seq_along(INDEX)[-1L], function(k) FUN(x[(INDEX[k - 1L] + 1):INDEX[k], ], ...))
  plain <- do.call(rbind, lapply(made, as.vector))
  .as_xts(zoo(plain, index(x)[INDEX[-1L]]), if (ncol(plain) == ncol(x)) colnames(.bare_series(x)))
}

apply.daily <- function(x, FUN, ...) period.apply(x, endpoints(x, "days"), FUN, ...)

apply.weekly <- function(x, FUN, ...) period.apply(x, endpoints(x, "weeks"), FUN, ...)

apply.monthly <- function(x, FUN, ...) period.apply(x, endpoints(x, "months"), FUN, ...)

apply.quarterly <- function(x, FUN, ...) period.apply(x, endpoints(x, "quarters"), FUN, ...)

apply.yearly <- function(x, FUN, ...) period.apply(x, endpoints(x, "years"), FUN, ...)

split.xts <- function(x, f = "months", drop = FALSE, k = 1, ...) {
  .passed_over(drop)
  at <- endpoints(x, f, k)
  lapply(seq_along(at)[-1L], function(n) x[(at[n - 1L] + 1):at[n], ])
}

nyears <- function(x) length(endpoints(x, "years")) - 1L

nquarters <- function(x) length(endpoints(x, "quarters")) - 1L

nmonths <- function(x) length(endpoints(x, "months")) - 1L

nweeks <- function(x) length(endpoints(x, "weeks")) - 1L

ndays <- function(x) length(endpoints(x, "days")) - 1L

.index <- function(x) as.numeric(as.POSIXct(index(x)))
