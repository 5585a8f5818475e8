# Periods of lubridate: years, months, days, hours, minutes and seconds as a calendar and a clock on the wall show them.
#
# The seconds are the value, the other parts attributes beside it.

.period_parts <- c("year", "month", "day", "hour", "minute")

.period <- function(seconds = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0) {
  parts <- list(year = year, month = month, day = day, hour = hour, minute = minute)
  count <- if (all(lengths(parts) > 0L) && length(seconds)) max(lengths(parts), length(seconds)) else 0L
  do.call(structure, c(list(rep(as.double(seconds), length.out = count)), lapply(parts, function(part) rep(as.double(part), length.out = count)), class = "Period"))
}

# The parts of a period, the seconds among them; and a period of such parts.
.parts_of <- function(x) c(attributes(x)[.period_parts], list(seconds = as.double(unclass(x))))

.of_parts <- function(parts) do.call(.period, parts)

# The months of a period, years among them; and the seconds of what is not counted in months.
.months_in <- function(x) 12 * attr(x, "year") + attr(x, "month")

.seconds_in <- function(x) 86400 * attr(x, "day") + 3600 * attr(x, "hour") + 60 * attr(x, "minute") + as.double(unclass(x))

# "2H 3M 4S" and "2 days 3 hours" in words: an M before an hour is a month only where it is written so.
.spelt_period <- function(text) {
  found <- regmatches(text, gregexpr("([-+]?[0-9.]+)? *([A-Za-z]+)", text))[[1L]]
  counts <- as.numeric(ifelse(grepl("[0-9]", found), sub(" *[A-Za-z]+$", "", found), "1"))
  words <- sub("^[-+0-9. ]*", "", found)
  units <- vapply(words, function(word) {
    if (word %in% c("M", "S", "H")) return(c(M = "minute", S = "second", H = "hour")[[word]])
    low <- sub("s$", "", tolower(word))
    known <- c("second", "minute", "hour", "day", "week", "month", "year")
    hit <- known[startsWith(known, low)]
    if (low == "m") "month" else if (length(hit)) hit[1L] else NA_character_
  }, "")
  if (!length(found) || anyNA(units)) return(.period(NA_real_))
  Reduce(`+`, Map(function(count, unit) period(count, unit), counts, unname(units)))
}

period <- function(num = NULL, units = "second", ...) {
  if (is.character(num)) return(do.call(c, lapply(num, .spelt_period)))
  given <- c(if (!is.null(num)) setNames(as.list(num), rep(units, length.out = length(num))), list(...))
  names(given) <- sub("s$", "", names(given))
  unknown <- setdiff(names(given), c(.period_parts, "week", "min", "second", "sec"))
  if (length(unknown)) stop("unknown unit of a period: ", unknown[1L], call. = FALSE)
  part <- function(...) Reduce(`+`, unname(given[names(given) %in% c(...)]), 0)
  .period(part("second", "sec"), part("minute", "min"), part("hour"), 7 * part("week") + part("day"), part("month"), part("year"))
}

is.period <- function(x) inherits(x, "Period")

days <- function(x = 1) .period(day = x)

weeks <- function(x = 1) .period(day = 7 * x)

hours <- function(x = 1) .period(hour = x)

minutes <- function(x = 1) .period(minute = x)

seconds <- function(x = 1) .period(x)

years <- function(x = 1) .period(year = x)

months.numeric <- function(x, abbreviate) .period(month = x)

months.integer <- function(x, abbreviate) .period(month = x)

milliseconds <- function(x = 1) .period(x / 1000)

period_to_seconds <- function(x) .seconds_in(x) + 2629800 * attr(x, "month") + 31557600 * attr(x, "year")

seconds_to_period <- function(x) {
  size <- abs(as.double(x))
  sign <- sign(as.double(x))
  .period(sign * (size %% 60), sign * (size %/% 60 %% 60), sign * (size %/% 3600 %% 24), sign * (size %/% 86400))
}

# Seconds in the units up to 'unit': days hold all that is longer.
.clock_period <- function(seconds, unit) {
  switch(unit, second = .period(seconds), minute = .period(seconds %% 60, seconds %/% 60),
         hour = .period(seconds %% 60, seconds %/% 60 %% 60, seconds %/% 3600), seconds_to_period(seconds))
}

as.period <- function(x, unit = NULL, ...) {
  unit <- if (is.null(unit)) (if (is.numeric(x) && !is.object(x)) "second" else "year") else sub("s$", "", unit)
  timed <- is.period(x) || inherits(x, "Interval") || is.numeric(x) && !is.object(x)
  if (timed && !(unit %in% c(.period_parts, "second", "min", "sec"))) stop("as.period() counts in years, months, days, hours, minutes or seconds, not in ", unit, "s", call. = FALSE)
  unit <- sub("^min$", "minute", sub("^sec$", "second", unit))
  if (is.period(x)) return(.period_in(x, unit))
  if (is.numeric(x) && !is.object(x)) return(do.call(.period, setNames(list(x), sub("^second$", "seconds", unit))))
  if (inherits(x, "Interval")) return(.interval_period(x, unit))
  seconds <- as.numeric(x, units = "secs")
  if (inherits(x, "difftime") || all(abs(seconds) < 31557600, na.rm = TRUE)) return(seconds_to_period(seconds))
  years <- seconds %/% 31557600
  seconds_to_period(seconds %% 31557600) + .period(year = years)
}

# A period in the units up to 'unit', years and months being as long as they are on average.
.period_in <- function(x, unit) {
  if (unit == "year") return(x)
  if (unit == "month") return(.period(as.double(unclass(x)), attr(x, "minute"), attr(x, "hour"), attr(x, "day"), .months_in(x)))
  .clock_period(period_to_seconds(x), unit)
}

.interval_period <- function(x, unit) {
  if (!(unit %in% c("year", "month"))) return(.clock_period(int_length(x), unit))
  sign <- ifelse(int_length(x) < 0, -1, 1)
  from <- pmin(as.POSIXct(attr(x, "start")), as.POSIXct(attr(x, "end")))
  to <- pmax(as.POSIXct(attr(x, "start")), as.POSIXct(attr(x, "end")))
  months <- .whole_months(from, to)
  left <- seconds_to_period(as.numeric(to) - as.numeric(.add_months(from, months)))
  (left + if (unit == "month") .period(month = months) else .period(month = months %% 12, year = months %/% 12)) * sign
}

# Shown from the longest part that is not zero on.
format.Period <- function(x, ...) {
  show <- function(...) {
    values <- c(...)
    if (anyNA(values)) return(NA_character_)
    first <- which(c(values[1:5] != 0, TRUE))[1L]
    paste(paste0(values, c("y", "m", "d", "H", "M", "S"))[first:6], collapse = " ")
  }
  as.character(unlist(do.call(Map, c(list(show), unname(.parts_of(x))))))
}

print.Period <- function(x, ...) {
  if (length(x)) print(format(x), quote = TRUE) else cat("<Period[0]>\n")
  invisible(x)
}

as.character.Period <- function(x, ...) format(x)

as.double.Period <- function(x, units = "second", ...) period_to_seconds(x) / .span_seconds[[sub("s$", "", units)]]

is.na.Period <- function(x) is.na(period_to_seconds(x))

rep.Period <- function(x, ...) .of_parts(lapply(.parts_of(x), rep, ...))

length.Period <- function(x) length(unclass(x))

`[.Period` <- function(x, i) .of_parts(lapply(.parts_of(x), function(part) part[i]))

c.Period <- function(...) {
  every <- lapply(list(...), .parts_of)
  .of_parts(do.call(Map, c(list(c), every)))
}

.period_sum <- function(e1, e2) .of_parts(Map(`+`, .parts_of(e1), .parts_of(e2)))

Ops.Period <- function(e1, e2) {
  each <- function(x, f) .of_parts(lapply(.parts_of(x), f))
  if (missing(e2)) return(if (.Generic == "-") each(e1, function(part) -part) else e1)
  if (.Generic == "*") return(if (is.period(e1)) each(e1, function(part) part * e2) else e2 * e1)
  if (.Generic == "/") return(each(e1, function(part) part / e2))
  if (.Generic %in% c("==", "!=", "<", ">", "<=", ">=")) {
    size <- function(x) if (is.period(x)) period_to_seconds(x) else as.numeric(x, units = "secs")
    return(get(.Generic)(size(e1), size(e2)))
  }
  if (!(.Generic %in% c("+", "-"))) stop("'", .Generic, "' has no meaning for periods", call. = FALSE)
  if (.Generic == "-") return(e1 + (-e2))
  if (is.period(e1) && is.period(e2)) return(.period_sum(e1, e2))
  if (inherits(e2, "difftime") && is.period(e1)) return(e1 + seconds_to_period(as.numeric(e2, units = "secs")))
  if (inherits(e1, "difftime") && is.period(e2)) return(e2 + e1)
  if (is.numeric(e1) && !inherits(e1, c("Date", "POSIXct", "Period"))) return(e2 + e1)
  if (is.period(e1) && is.numeric(e2) && !inherits(e2, c("Date", "POSIXct"))) return(.period_sum(e1, .period(e2)))
  if (is.period(e1)) .moved(e2, e1, FALSE) else .moved(e1, e2, FALSE)
}

# Numbers of a clock as a period; with 'roll' no part is longer than its share of the next.
.read_clock <- function(text, letters, quiet, roll) {
  text <- as.character(text)
  found <- regmatches(text, gregexpr("[0-9]+\\.?[0-9]*", text))
  take <- function(k) vapply(found, function(parts) if (length(parts) == length(letters)) as.numeric(parts[k]) else NA_real_, 0)
  parts <- setNames(lapply(seq_along(letters), take), letters)
  if (anyNA(parts[[1L]]) && !quiet) warning("Some strings failed to parse, or all strings are NAs", call. = FALSE)
  sign <- ifelse(startsWith(trimws(text), "-"), -1, 1)
  value <- function(letter) if (is.null(parts[[letter]])) 0 else parts[[letter]] * (if (letter == letters[1L]) replace(sign, is.na(sign), 1) else 1)
  if (!roll) return(.period(value("S"), value("M"), value("H")))
  seconds <- 3600 * value("H") + 60 * value("M") + value("S")
  .clock_period(seconds, "hour")
}

hms <- function(..., quiet = FALSE, roll = FALSE) .read_clock(c(...), c("H", "M", "S"), quiet, roll)

hm <- function(..., quiet = FALSE, roll = FALSE) .read_clock(c(...), c("H", "M"), quiet, roll)

ms <- function(..., quiet = FALSE, roll = FALSE) .read_clock(c(...), c("M", "S"), quiet, roll)

# A time at the begin of its day.
.at_midnight <- function(time) if (inherits(time, "Date")) time else as.POSIXct(format(time, "%Y-%m-%d"), tz = tz(time))

# Where a month has too few days its last one is meant, or the first of the next one.
add_with_rollback <- function(e1, e2, roll_to_first = FALSE, preserve_hms = TRUE) {
  moved <- e1 %m+% e2
  short <- which(mday(.add_months(e1, .months_in(e2))) < mday(e1))
  if (!length(short)) return(moved)
  if (roll_to_first) moved[short] <- moved[short] + .lasting(1, "days")
  if (!preserve_hms) moved[short] <- .at_midnight(moved[short])
  moved
}

rollback <- function(dates, roll_to_first = FALSE, preserve_hms = TRUE) {
  if (!preserve_hms) dates <- .at_midnight(dates)
  first <- dates - .lasting(mday(dates) - 1, "days")
  if (roll_to_first) first else first - .lasting(1, "days")
}

rollbackward <- function(dates, roll_to_first = FALSE, preserve_hms = TRUE) rollback(dates, roll_to_first, preserve_hms)

rollforward <- function(dates, roll_to_first = FALSE, preserve_hms = TRUE) {
  if (!preserve_hms) dates <- .at_midnight(dates)
  last <- dates + .lasting(unname(days_in_month(dates)) - mday(dates), "days")
  if (roll_to_first) last + .lasting(1, "days") else last
}
