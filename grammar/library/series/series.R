# Time series: vectors with a begin and a frequency.

ts <- function(data = NA, start = 1, end = numeric(), frequency = 1, deltat = 1, ts.eps = getOption("ts.eps", 1e-05),
               class = if (is.matrix(data) && ncol(data) > 1L) c("mts", "ts", "matrix") else "ts",
               names = if (is.null(colnames(data))) paste("Series", seq_len(ncol(data))) else colnames(data)) {
  if (is.data.frame(data)) data <- data.matrix(data)
  if (frequency > 1 && 0 < (apart <- abs(frequency - round(frequency))) && apart < ts.eps) frequency <- round(frequency)
  if (is.matrix(data)) dimnames(data) <- list(NULL, names)
  if (!missing(deltat) && missing(frequency)) frequency <- 1 / deltat
  place <- function(time) if (length(time) > 1L) time[1L] + (time[2L] - 1) / frequency else time
  size <- if (is.matrix(data)) nrow(data) else length(data)
  first <- if (missing(start) && length(end)) place(end) - (size - 1) / frequency else place(start)
  if (!size) stop("'ts' object must have one or more observations")
  if (length(end)) {
    wanted <- floor((place(end) - first) * frequency + 1.01)
    if (wanted < 1) stop("'start' cannot be after 'end'")
    if (wanted != size) data <- if (is.matrix(data)) data[rep_len(seq_len(size), wanted), , drop = FALSE] else rep_len(data, wanted)
    size <- wanted
  }
  attr(data, "tsp") <- c(first, first + (size - 1) / frequency, frequency)
  oldClass(data) <- if (!identical(class, "none")) class
  data
}

as.ts <- function(x, ...) UseMethod("as.ts")

as.ts.default <- function(x, ...) if (is.ts(x)) x else ts(x)

is.ts <- function(x) inherits(x, "ts") && length(x) > 0L

tsp <- function(x) attr(x, "tsp")

frequency <- function(x, ...) UseMethod("frequency")

frequency.default <- function(x, ...) if (is.null(tsp(x))) 1 else tsp(x)[3L]

deltat <- function(x, ...) 1 / frequency(x)

time <- function(x, ...) UseMethod("time")

time.default <- function(x, ...) {
  size <- NROW(x)
  where <- if (is.null(tsp(x))) c(1, size, 1) else tsp(x)
  ts(where[1L] + (seq_len(size) - 1) / where[3L], start = where[1L], frequency = where[3L])
}

cycle <- function(x, ...) {
  where <- tsp(x)
  ts(as.integer(round((as.vector(time(x)) %% 1) * where[3L])) %% as.integer(where[3L]) + 1L, start = where[1L], frequency = where[3L])
}

# The year and the part of it where a time falls on one, the time itself elsewhere.
series_end <- function(time, frequency) {
  counted <- c(frequency, time * frequency)
  if (any(abs(counted - round(counted)) > getOption("ts.eps", 1e-05))) return(time)
  whole <- floor(time + 1e-8)
  c(whole, floor(1 + (time - whole) * frequency + 0.01))
}

start <- function(x, ...) UseMethod("start")

start.default <- function(x, ...) if (is.null(tsp(x))) c(1, 1) else series_end(tsp(x)[1L], frequency(x))

end <- function(x, ...) UseMethod("end")

end.default <- function(x, ...) if (is.null(tsp(x))) c(NROW(x), 1) else series_end(tsp(x)[2L], frequency(x))

window <- function(x, ...) UseMethod("window")

window.default <- function(x, start = NULL, end = NULL, ...) {
  where <- if (is.null(tsp(x))) c(1, NROW(x), 1) else tsp(x)
  place <- function(time, otherwise) if (is.null(time)) otherwise else if (length(time) > 1L) time[1L] + (time[2L] - 1) / where[3L] else time
  first <- place(start, where[1L])
  last <- place(end, where[2L])
  at <- where[1L] + (seq_len(NROW(x)) - 1) / where[3L]
  keep <- at >= first - 1e-8 & at <= last + 1e-8
  if (!any(keep)) stop("'start' cannot be after 'end'")
  ts(if (is.matrix(x)) unclass(x)[keep, , drop = FALSE] else as.vector(x)[keep], start = at[keep][1L], frequency = where[3L])
}

`window<-` <- function(x, start = NULL, end = NULL, ..., value) {
  where <- if (is.null(tsp(x))) c(1, NROW(x), 1) else tsp(x)
  place <- function(time, otherwise) if (is.null(time)) otherwise else if (length(time) > 1L) time[1L] + (time[2L] - 1) / where[3L] else time
  first <- place(start, where[1L])
  last <- place(end, where[2L])
  if (first < where[1L] - 1e-5 / where[3L] || last > where[2L] + 1e-5 / where[3L]) stop("extending time series when replacing values is not supported")
  at <- where[1L] + (seq_len(NROW(x)) - 1) / where[3L]
  keep <- which(at >= first - 1e-8 & at <= last + 1e-8)
  if (!length(value) || length(keep) %% length(value)) stop("number of items to replace is not a multiple of replacement length")
  plain <- plain_series(x)
  if (is.matrix(plain)) plain[keep, ] <- value else plain[keep] <- value
  attributes(plain) <- attributes(x)
  plain
}

`tsp<-` <- function(x, value) {
  attr(x, "tsp") <- value
  if (is.null(value) && inherits(x, "ts")) class(x) <- setdiff(oldClass(x), c("ts", "mts"))
  x
}

hasTsp <- function(x) {
  if (is.null(attr(x, "tsp"))) attr(x, "tsp") <- c(1, NROW(x), 1)
  x
}

is.mts <- function(x) inherits(x, "mts")

ts.union <- function(..., dframe = FALSE) bound_series(list(...), named_arguments(substitute(list(...))), dframe)

ts.intersect <- function(..., dframe = FALSE) bound_series(list(...), named_arguments(substitute(list(...))), dframe, TRUE)

named_arguments <- function(call) {
  texts <- vapply(as.list(call)[-1L], deparse1, "")
  given <- names(texts)
  unname(if (is.null(given)) texts else ifelse(nzchar(given), given, texts))
}

bound_series <- function(series, labels, dframe, common = FALSE) {
  names(series) <- labels
  made <- do.call(cbind.ts, series)
  if (common) {
    timed <- Filter(is.ts, series)
    spans <- vapply(unname(timed), tsp, c(0, 0, 0))
    first <- max(spans[1L, ])
    last <- min(spans[2L, ])
    if (first > last) {
      warning("non-intersecting series", call. = FALSE)
      return(NULL)
    }
    made <- window(made, first, last)
  }
  if (dframe) as.data.frame(made) else made
}

# What is no series keeps what it is, and is told when it would be one.
lag.default <- function(x, k = 1, ...) {
  where <- if (is.null(attr(x, "tsp"))) c(1, NROW(x), 1) else attr(x, "tsp")
  attr(x, "tsp") <- where - c(k, k, 0) / where[3L]
  x
}

lag.ts <- function(x, k = 1, ...) {
  x <- as.ts(x)
  attr(x, "tsp")[1:2] <- tsp(x)[1:2] - k / frequency(x)
  x
}

`[.ts` <- function(x, i, j, drop = TRUE) {
  plain <- plain_series(x)
  if (!is.matrix(plain)) return(if (missing(i)) x else plain[i])
  # One subscript counts elements, column after column; a logical one may be a series itself.
  if (nargs() - (!missing(drop)) < 3L) return(if (missing(i)) x else plain[if (is.ts(i)) plain_series(i) else i])
  part <- plain[i, j, drop = drop]
  if (missing(i)) ts(part, start = tsp(x)[1L], frequency = tsp(x)[3L]) else part
}

`[<-.ts` <- function(x, i, j, value) {
  made <- NextMethod("[<-")
  if (length(made) != length(x)) stop("only replacement of elements is allowed")
  made
}

plain_series <- function(x) {
  x <- unclass(x)
  attr(x, "tsp") <- NULL
  x
}

# What is cut off a series is one only where forecast is attached, which has methods of its own.
head.ts <- function(x, n = 6L, ...) .cut_series(x, head, n, ...)

tail.ts <- function(x, n = 6L, ...) .cut_series(x, tail, n, ...)

.cut_series <- function(x, side, n, ...) {
  if (!"package:forecast" %in% search()) return(side(plain_series(x), n, ...))
  kept <- side(as.vector(time(x)), n)
  made <- ts(side(plain_series(x), n, ...), start = kept[1L], frequency = frequency(x))
  if (inherits(x, "msts")) made <- structure(made, msts = attr(x, "msts"), class = setdiff(oldClass(x), "mstl"))
  made
}

t.ts <- function(x) t(plain_series(x))

as.data.frame.mts <- function(x, ...) as.data.frame(plain_series(x), ...)

summary.mts <- function(object, ...) summary(plain_series(object), ...)

str.mts <- function(object, ...) {
  where <- tsp(object)
  cat(" Time-Series [1:", nrow(object), ", 1:", ncol(object), "] from ", format(where[1L], digits = 3), " to ", format(where[2L], digits = 3), ":", sep = "")
  shown <- capture.output(str(as.vector(plain_series(object)), ...))
  cat(sub("^[^]]*\\]", "", shown), "\n", sep = "")
  cat(" - attr(*, \"dimnames\")=", sep = "")
  writeLines(c(sub("^ ", "", (lines <- capture.output(str(dimnames(object))))[1L]), sub("^ ", "  ..", lines[-1L])))
  invisible()
}

cbind.ts <- function(..., deparse.level = 1) {
  .unsupported(deparse.level)
  series <- list(...)
  labels <- names(series)
  timed <- vapply(series, is.ts, NA)
  spans <- vapply(unname(series[timed]), tsp, c(0, 0, 0))
  rate <- spans[3L, 1L]
  if (any(spans[3L, ] != rate)) stop("not all series have the same frequency")
  first <- min(spans[1L, ])
  size <- round((max(spans[2L, ]) - first) * rate) + 1
  columns <- lapply(seq_along(series), function(k) {
    one <- series[[k]]
    if (!timed[k]) {
      if (!NROW(one) %in% c(1L, size)) stop("non-time series not of the correct length")
      made <- if (is.matrix(one)) one else matrix(rep_len(one, size))
    } else {
      made <- matrix(NA, size, NCOL(one))
      made[round((tsp(one)[1L] - first) * rate) + seq_len(NROW(one)), ] <- plain_series(one)
      colnames(made) <- colnames(one)
    }
    if (!is.matrix(one)) colnames(made) <- labels[k]
    else colnames(made) <- paste(labels[k], if (is.null(colnames(one))) seq_len(ncol(one)) else colnames(one), sep = ".")
    made
  })
  ts(do.call(cbind, columns), start = first, frequency = rate)
}

# Two series meet in the times that both have; a plain vector belongs to the times of the series beside it.
Ops.ts <- function(e1, e2) {
  operate <- get(.Generic, mode = "function")
  if (missing(e2)) return(NextMethod(.Generic))
  if (is.ts(e1) && is.ts(e2)) {
    where <- rbind(tsp(e1), tsp(e2))
    if (any(abs(where[1L, ] - where[2L, ]) > getOption("ts.eps", 1e-05))) {
      if (where[1L, 3L] != where[2L, 3L]) stop("not all series have the same frequency")
      first <- max(where[, 1L])
      last <- min(where[, 2L])
      if (last < first) {
        warning("non-intersecting series")
        return(operate(NULL, NULL))
      }
      e1 <- window(e1, first, last)
      e2 <- window(e2, first, last)
    }
    if (is.matrix(e1) != is.matrix(e2)) {
      if (is.matrix(e1)) e2 <- as.vector(e2) else e1 <- as.vector(e1)
    }
  } else if (length(if (is.ts(e1)) e2 else e1) > length(if (is.ts(e1)) e1 else e2)) {
    stop("time-series/vector length mismatch")
  }
  where <- tsp(if (is.ts(e1)) e1 else e2)
  plain <- function(x) if (is.ts(x)) plain_series(x) else x
  made <- operate(plain(e1), plain(e2))
  attr(made, "tsp") <- where
  class(made) <- if (is.matrix(made)) c("mts", "ts", "matrix") else "ts"
  made
}

diff.ts <- function(x, lag = 1, differences = 1, ...) {
  where <- tsp(x)
  ts(diff(if (is.matrix(x)) plain_series(x) else as.vector(x), lag, differences), end = where[2L], start = where[1L] + lag * differences / where[3L], frequency = where[3L])
}

series_heading <- function(x) {
  where <- tsp(x)
  cat("Time Series:\nStart =", if (where[3L] == 1) format(where[1L]) else deparse(start(x)), "\nEnd =",
      if (where[3L] == 1) format(where[2L]) else deparse(end(x)), "\nFrequency =", deparse(where[3L]), "\n")
}

print.ts <- function(x, ...) {
  where <- tsp(x)
  values <- as.vector(x)
  if (is.matrix(x)) {
    shown <- plain_series(x)
    times <- as.vector(time(x))
    if (where[3L] %in% c(4, 12)) {
      year <- format(floor(times + 1e-8))
      part <- as.vector(cycle(x))
      rownames(shown) <- if (where[3L] == 12) paste(month.abb[part], year) else paste(year, paste0("Q", part))
    } else {
      series_heading(x)
      rownames(shown) <- format(times)
    }
    print(shown, ...)
  } else if (where[3L] %in% c(4, 12) && length(start(x)) == 2L) {
    names <- if (where[3L] == 12) month.abb else c("Qtr1", "Qtr2", "Qtr3", "Qtr4")
    first <- start(x)
    if (length(values) <= where[3L] && first[1L] == end(x)[1L]) {
      places <- seq(first[2L], length.out = length(values))
      made <- matrix(format(values, ...), 1L, dimnames = list(first[1L], names[places]))
    } else {
      cells <- c(rep("", first[2L] - 1L), format(values, ...))
      cells <- c(cells, rep("", (-length(cells)) %% where[3L]))
      years <- seq(first[1L], length.out = length(cells) / where[3L])
      made <- matrix(cells, ncol = where[3L], byrow = TRUE, dimnames = list(years, names))
    }
    print(made, quote = FALSE, right = TRUE)
  } else {
    series_heading(x)
    print(structure(values, names = names(x)), quote = FALSE, ...)
  }
  invisible(x)
}

plot.ts <- function(x, y = NULL, xlab = "Time", ylab = deparse1(substitute(x)), type = "l", ...) {
  if (is.matrix(x)) return(ts.plot(x, xlab = xlab, ...))
  plot.default(as.vector(time(x)), as.vector(x), type = type, xlab = xlab, ylab = ylab, ...)
}

lines.ts <- function(x, ...) lines.default(as.vector(time(x)), as.vector(x), ...)

ts.plot <- function(..., gpars = list(), xlab = "Time", ylab = "") {
  series <- list(...)
  columns <- list()
  for (one in series) {
    one <- as.ts(one)
    if (is.matrix(one)) for (j in seq_len(ncol(one))) columns <- c(columns, list(ts(unclass(one)[, j], start = tsp(one)[1L], frequency = frequency(one))))
    else columns <- c(columns, list(one))
  }
  colours <- rep_len(if (is.null(gpars$col)) 1 else gpars$col, length(columns))
  kinds <- rep_len(if (is.null(gpars$lty)) 1 else gpars$lty, length(columns))
  plot.default(range(unlist(lapply(columns, time))), range(unlist(lapply(columns, as.vector)), na.rm = TRUE), type = "n", xlab = xlab, ylab = ylab,
               main = gpars$main)
  for (i in seq_along(columns)) lines.default(as.vector(time(columns[[i]])), as.vector(columns[[i]]), col = colours[i], lty = kinds[i])
  invisible()
}
