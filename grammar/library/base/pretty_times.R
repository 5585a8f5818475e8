# Round moments and days about a range: steps that calendars have, the number of intervals nearest to the one asked for.

pretty.Date <- function(x, n = 5, min.n = n %/% 2, sep = " ", ...) {
  stopifnot(min.n <= n)
  days <- range(x, na.rm = TRUE)
  width <- as.numeric(days[2L]) - as.numeric(days[1L])
  if (!is.finite(width)) stop(simpleError("'to' must be a finite number", quote(seq.int(0, to0 - from, by))))
  if (width < n) {
    first <- floor((as.numeric(days[1L]) + as.numeric(days[2L]) - n) / 2 + 0.5)
    return(.labelled_ticks(.Date(first + 0:n), "%b %d", sep))
  }
  ends <- as.POSIXct(format(days), tz = "UTC")
  found <- .nearest_ticks(ends, n, min.n, .calendar_steps[-seq_len(15L), ])
  .labelled_ticks(as.Date(found$at), found$label, sep)
}

pretty.POSIXt <- function(x, n = 5, min.n = n %/% 2, sep = " ", ...) {
  stopifnot(min.n <= n)
  ends <- range(as.POSIXct(x), na.rm = TRUE)
  width <- as.numeric(ends[2L]) - as.numeric(ends[1L])
  if (!is.finite(width)) stop(simpleError("'to' must be a finite number", quote(seq.int(0, to0 - from, by))))
  if (width < 1) {
    first <- round(mean(as.numeric(ends)) - n / 2)
    return(.labelled_ticks(.POSIXct(first + 0:n, attr(ends, "tzone")), "%S", sep))
  }
  found <- .nearest_ticks(ends, n, min.n, .calendar_steps)
  .labelled_ticks(found$at, found$label, sep)
}

# Steps from fine to coarse: how many of which unit, and about how many seconds they take.
.calendar_steps <- within(data.frame(
  count = c(1, 2, 5, 10, 15, 30, 1, 2, 5, 10, 15, 30, 1, 3, 6, 12, 1, 2, 1, 1, 1, 3, 6, c(1, 2, 5) * rep(10^(0:2), each = 3L), 1000),
  unit = rep(c("sec", "min", "hour", "day", "week", "halfmonth", "month", "year"), c(6L, 6L, 4L, 2L, 1L, 1L, 3L, 10L))
), seconds <- count * c(sec = 1, min = 60, hour = 3600, day = 86400, week = 604800, halfmonth = 1314900, month = 2629800, year = 31557600)[unit])

.nearest_ticks <- function(ends, n, min.n, steps) {
  width <- as.numeric(ends[2L]) - as.numeric(ends[1L])
  laid <- function(k) .covering_ticks(ends, steps$count[k], steps$unit[k])
  away <- function(at) length(at) - 1L - n
  # The step that would fit the bare range, or the neighbour to which its ticks point; the finer of two equals.
  k <- which.min(abs(width / steps$seconds - n))
  at <- laid(k)
  beside <- k + sign(away(at))
  if (beside != k && beside >= 1 && beside <= nrow(steps)) {
    other <- laid(beside)
    if (abs(away(other)) < abs(away(at)) || beside < k && abs(away(other)) == abs(away(at))) {
      at <- other
      k <- beside
    }
  }
  step <- steps[k, ]
  if (length(at) - 1L < min.n) at <- .widened_ticks(at, min.n + 1L - length(at), step$count, step$unit)
  list(at = at, label = .tick_format(step$count, step$unit, width))
}

.covering_ticks <- function(ends, count, unit) {
  from <- as.POSIXlt(ends[1L])
  zone <- attr(ends, "tzone")
  if (unit %in% c("sec", "min", "hour")) {
    seconds <- count * c(sec = 1, min = 60, hour = 3600)[[unit]]
    clock <- (from$hour * 60 + from$min) * 60 + from$sec
    start <- as.numeric(ends[1L]) - clock %% seconds
    return(.POSIXct(start + seconds * 0:ceiling((as.numeric(ends[2L]) - start) / seconds), zone))
  }
  if (unit == "week") {
    start <- as.numeric(as.POSIXct(trunc(ends[1L], "days"))) - 86400 * ((from$wday + 6L) %% 7L)
    return(.POSIXct(start + 604800 * 0:ceiling((as.numeric(ends[2L]) - start) / 604800), zone))
  }
  months <- 12 * (from$year + 1900) + from$mon
  reach <- as.POSIXlt(ends[2L])
  last <- 12 * (reach$year + 1900) + reach$mon + 1
  days <- switch(unit,
    day = as.Date(from) + seq(0, as.numeric(as.Date(reach) - as.Date(from)) + count + 1, by = count),
    halfmonth = sort(c(.month_starts(months:(last + 1)), .month_starts(months:(last + 1)) + 14)),
    month = .month_starts(seq(count * (months %/% count), last + count, by = count)),
    year = .month_starts(seq(12 * count * (months %/% (12 * count)), last + 12 * count, by = 12 * count)))
  at <- as.POSIXct(format(days), tz = if (is.null(zone)) "" else zone[1L])
  attr(at, "tzone") <- zone
  before <- sum(at <= ends[1L])
  after <- sum(at < ends[2L]) + 1L
  at[max(before, 1L):max(after, before + 1L)]
}

.month_starts <- function(months) as.Date(sprintf("%04d-%02d-01", as.integer(months %/% 12), as.integer(months %% 12 + 1)))

# More ticks where there are too few, to the right and to the left in turn.
.widened_ticks <- function(at, more, count, unit) {
  step <- if (unit == "day") "DSTday" else unit
  for (k in seq_len(more)) {
    at <- if (k %% 2L) c(at, seq(at[length(at)], by = paste(count, step), length.out = 2L)[2L])
      else c(seq(at[1L], by = paste(-count, step), length.out = 2L)[2L], at)
  }
  at
}

.tick_format <- function(count, unit, width) {
  switch(unit,
    sec = if (count < 30) "%S" else "%H:%M:%S",
    min = "%H:%M",
    hour = if (count >= 6 || width > 86400) paste("%b %d", "%H:%M", sep = "\r") else "%H:%M",
    day = , week = , halfmonth = "%b %d",
    month = if (count == 6) "%Y-%m" else if (width <= 365 * 86400) "%b" else "%b %Y",
    year = "%Y")
}

.labelled_ticks <- function(at, label, sep) {
  attr(at, "labels") <- format(at, gsub("[\r ]", sep, label))
  at
}
