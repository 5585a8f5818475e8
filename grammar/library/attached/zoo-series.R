# What is done with series under their times: computing, joining, moving, filling, rolling.

.zoo_under <- function(values, x, rows = NULL) {
  times <- attr(x, "index")
  if (!is.null(rows)) times <- times[rows]
  attr(values, "tsp") <- NULL
  structure(values, index = times, frequency = attr(x, "frequency"), class = class(x))
}

.zoo_rows <- function(x) seq_along(attr(x, "index"))

Ops.zoo <- function(e1, e2) {
  run <- get(.Generic, mode = "function")
  if (missing(e2)) return(.zoo_under(run(.bare_series(e1)), e1))
  if (is.zoo(e1) && is.zoo(e2)) {
    first <- attr(e1, "index") %in% attr(e2, "index")
    second <- attr(e2, "index") %in% attr(e1, "index")
    if (!all(first)) e1 <- e1[first, drop = FALSE]
    if (!all(second)) e2 <- e2[second, drop = FALSE]
    left <- .bare_series(e1)
    right <- .bare_series(e2)
    if (is.matrix(left) != is.matrix(right)) {
      if (is.matrix(left)) right <- as.vector(right) else left <- as.vector(left)
    }
    return(.zoo_under(run(left, right), if (is.matrix(right) && !is.matrix(left)) e2 else e1))
  }
  if (is.zoo(e1)) .zoo_under(run(.bare_series(e1), e2), e1) else .zoo_under(run(e1, .bare_series(e2)), e2)
}

Math.zoo <- function(x, ...) {
  run <- get(.Generic, mode = "function")
  plain <- .bare_series(x)
  along <- .Generic %in% c("cumsum", "cumprod", "cummax", "cummin") && !is.null(dim(plain))
  .zoo_under(if (along) apply(plain, 2L, run) else run(plain, ...), x)
}

`[<-.zoo` <- function(x, i, j, value) {
  plain <- .bare_series(x)
  if (!missing(i) && inherits(i, class(attr(x, "index"))[1L]) && !is.numeric(i)) i <- match(i, attr(x, "index"))
  if (is.null(dim(plain))) plain[i] <- .bare_series(value) else plain[i, j] <- .bare_series(value)
  .zoo_under(plain, x)
}

names.zoo <- function(x) if (is.null(dim(.bare_series(x)))) NULL else colnames(.bare_series(x))

`$.zoo` <- function(x, name) {
  at <- pmatch(name, names(x))
  if (is.na(at)) NULL else x[, at]
}

`$<-.zoo` <- function(x, name, value) {
  plain <- .bare_series(x)
  if (is.null(dim(plain))) plain <- cbind(x = plain)
  if (name %in% colnames(plain)) plain[, name] <- .bare_series(value) else {
    plain <- cbind(plain, rep_len(.bare_series(value), nrow(plain)))
    colnames(plain)[ncol(plain)] <- name
  }
  .zoo_under(plain, x)
}

`coredata<-` <- function(x, value) .zoo_under(if (is.null(dim(.bare_series(x)))) as.vector(value) else array(value, dim(x), dimnames(.bare_series(x))), x)

`index<-` <- function(x, value) {
  if (length(value) != length(attr(x, "index"))) stop("length of index vectors does not match")
  attr(x, "index") <- value
  x
}

`time<-` <- function(x, value) `index<-`(x, value)

start.zoo <- function(x, ...) if (length(index(x))) index(x)[1L]

end.zoo <- function(x, ...) if (length(index(x))) index(x)[length(index(x))]

t.zoo <- function(x) t(as.matrix(x))

rev.zoo <- function(x) {
  rows <- rev(.zoo_rows(x))
  zoo(.bare_series(x)[rows], rev(attr(x, "index"))[rows])
}

as.matrix.zoo <- function(x, ...) {
  plain <- .bare_series(x)
  if (is.null(dim(plain))) plain <- matrix(plain, dimnames = list(NULL, deparse(substitute(x))))
  rownames(plain) <- .time_labels(x)
  plain
}

as.vector.zoo <- function(x, mode = "any") as.vector(.bare_series(x), mode)

as.list.zoo <- function(x, ...) if (is.null(dim(.bare_series(x)))) list(x) else setNames(lapply(seq_len(ncol(x)), function(k) x[, k]), names(x))

fortify.zoo <- function(model, data = NULL, names = "Index", ...) {
  .unsupported(data)
  plain <- .bare_series(model)
  if (is.null(dim(plain))) plain <- matrix(plain, dimnames = list(NULL, deparse(substitute(model))))
  made <- data.frame(index(model), plain, check.names = FALSE)
  names(made)[1L] <- names[1L]
  made
}

summary.zoo <- function(object, ...) {
  plain <- .bare_series(object)
  if (is.null(dim(plain))) plain <- matrix(plain, dimnames = list(NULL, deparse(substitute(object))))
  summary(data.frame(Index = index(object), plain, check.names = FALSE), ...)
}

str.zoo <- function(object, ...) {
  cat("\u2018zoo\u2019 series from ", as.character(start(object)), " to ", as.character(end(object)), "\n", sep = "")
  cat("  Data:")
  str(.bare_series(object), ...)
  cat("  Index: ")
  str(index(object), ...)
}

# The series of a call, under the union or the intersection of their times.
merge.zoo <- function(..., all = TRUE, fill = NA, suffixes = NULL, check.names = FALSE) {
  .passed_over(check.names)
  parts <- list(...)
  written <- vapply(as.list(substitute(list(...)))[-1L], function(one) paste(deparse(one), collapse = ""), "")
  labels <- names(parts)
  labels <- if (is.null(labels)) written else ifelse(nzchar(labels), labels, written)
  parts <- lapply(parts, function(one) if (is.zoo(one)) one else zoo(one, index(parts[[which(vapply(parts, is.zoo, TRUE))[1L]]])))
  all <- rep_len(all, length(parts))
  times <- lapply(parts, index)
  kept <- if (any(all)) sort(unique(do.call(c, times[all]))) else sort(unique(do.call(c, times)))
  for (k in which(!all)) kept <- kept[kept %in% times[[k]]]
  columns <- lapply(seq_along(parts), function(k) {
    plain <- as.matrix(.bare_series(parts[[k]]))
    at <- match(kept, times[[k]])
    made <- plain[at, , drop = FALSE]
    made[is.na(at), ] <- fill
    own <- colnames(.bare_series(parts[[k]]))
    dimnames(made) <- list(NULL, if (is.null(own)) paste0(labels[k], if (ncol(plain) > 1L) paste0(".", seq_len(ncol(plain)))) else own)
    made
  })
  found <- do.call(cbind, columns)
  if (!is.null(suffixes)) colnames(found) <- paste(colnames(found), suffixes, sep = ".")
  made <- zoo(found, kept)
  class(made) <- class(parts[[1L]])
  made
}

cbind.zoo <- function(..., deparse.level = 1) {
  .passed_over(deparse.level)
  parts <- list(...)
  written <- vapply(as.list(sys.call())[-1L], function(one) paste(deparse(one), collapse = ""), "")
  labels <- names(parts)
  do.call(merge.zoo, setNames(parts, if (is.null(labels)) written else ifelse(nzchar(labels), labels, written)))
}

read.zoo <- function(file, format = "", tz = "", FUN = NULL, index.column = 1, sep = "", header = FALSE, ...) {
  rows <- if (is.data.frame(file)) file else read.table(file, sep = sep, header = header, ...)
  times <- rows[[index.column]]
  if (!is.null(FUN)) times <- FUN(times)
  else if (nzchar(tz)) times <- if (nzchar(format)) as.POSIXct(times, tz, format = format) else as.POSIXct(times, tz)
  else if (nzchar(format)) times <- as.Date(times, format)
  else if (is.character(times)) times <- as.Date(times)
  rest <- rows[-match(index.column, seq_along(rows))]
  zoo(if (length(rest) == 1L) rest[[1L]] else as.matrix(rest), times)
}

c.zoo <- function(...) rbind.zoo(...)

rbind.zoo <- function(..., deparse.level = 1) {
  .passed_over(deparse.level)
  parts <- list(...)
  times <- do.call(c, lapply(parts, index))
  if (anyDuplicated(times)) stop("indexes overlap")
  plain <- lapply(parts, .bare_series)
  made <- zoo(if (is.null(dim(plain[[1L]]))) do.call(c, plain) else do.call(rbind, plain), times)
  class(made) <- class(parts[[1L]])
  made
}

lag.zoo <- function(x, k = 1, na.pad = FALSE, ...) {
  if (length(k) > 1L) return(do.call(merge.zoo, setNames(lapply(k, function(one) lag.zoo(x, one)), paste0("lag", k))))
  count <- length(index(x))
  if (k == 0) return(x)
  from <- .zoo_rows(x) + k
  if (na.pad) {
    from[from < 1 | from > count] <- NA
    plain <- .bare_series(x)
    return(.zoo_under(if (is.null(dim(plain))) plain[from] else plain[from, , drop = FALSE], x))
  }
  rows <- which(from >= 1 & from <= count)
  plain <- .bare_series(x)
  .zoo_under(if (is.null(dim(plain))) plain[from[rows]] else plain[from[rows], , drop = FALSE], x, rows)
}

diff.zoo <- function(x, lag = 1, differences = 1, arithmetic = TRUE, na.pad = FALSE, ...) {
  for (k in seq_len(differences)) x <- if (arithmetic) x - lag.zoo(x, -lag, na.pad = na.pad) else x / lag.zoo(x, -lag, na.pad = na.pad)
  x
}

window.zoo <- function(x, index. = index(x), start = NULL, end = NULL, ...) {
  times <- attr(x, "index")
  rows <- times %in% index.
  if (!is.null(start)) rows <- rows & times >= start
  if (!is.null(end)) rows <- rows & times <= end
  x[which(rows), drop = FALSE]
}

aggregate.zoo <- function(x, by, FUN = sum, ..., regular = NULL, frequency = NULL) {
  .unsupported(regular, frequency, "make the result regular with as.ts()")
  groups <- if (is.function(by)) by(index(x)) else by
  FUN <- match.fun(FUN)
  kept <- groups[!duplicated(groups)]
  plain <- .bare_series(x)
  rows <- lapply(kept, function(group) which(groups == group))
  if (is.null(dim(plain))) return(zoo(vapply(rows, function(at) as.numeric(FUN(plain[at], ...)), 1), kept))
  zoo(do.call(rbind, lapply(rows, function(at) apply(plain[at, , drop = FALSE], 2L, FUN, ...))), kept)
}

na.omit.zoo <- function(object, ...) {
  gaps <- is.na(.bare_series(object))
  object[which(if (is.matrix(gaps)) rowSums(gaps) == 0 else !gaps), drop = FALSE]
}

# Functions that fill gaps fill those of a series column by column; times at the ends that stay empty go, if that is wanted.
.zoo_filled <- function(object, fill, na.rm) {
  plain <- .bare_series(object)
  plain <- if (is.null(dim(plain))) fill(plain) else structure(apply(plain, 2L, fill), dimnames = dimnames(plain))
  made <- .zoo_under(plain, object)
  if (na.rm) na.omit.zoo(made) else made
}

# A series rolled over: each value under the time of its window.
.zoo_rolled <- function(data, width, FUN, ..., by = 1, by.column = TRUE, fill = NULL, partial = FALSE, align = "center") {
  made <- rollapply(.bare_series(data), width, FUN, ..., by = by, by.column = by.column, fill = fill, partial = partial, align = align)
  if (!is.null(fill) || partial) return(.zoo_under(made, data, seq(1, length(index(data)), by = if (partial) by else 1)))
  at <- switch(align, left = 1, right = width, center = (width - 1) %/% 2 + 1)
  .zoo_under(made, data, rollapply(.zoo_rows(data), width, function(rows) rows[at], by = by))
}

quantile.zoo <- function(x, ...) quantile(.bare_series(x), ...)

median.zoo <- function(x, na.rm = FALSE, ...) median(.bare_series(x), na.rm = na.rm)
