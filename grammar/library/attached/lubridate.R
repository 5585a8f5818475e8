# Periods, durations and intervals of lubridate, and reading and changing parts of dates.
#
# A period is months, days and seconds as a clock on the wall shows them; a duration is a number of seconds.

period <- function(num = NULL, units = "second", ...) {
  given <- c(if (!is.null(num)) setNames(as.list(num), rep(units, length.out = length(num))), list(...))
  names(given) <- sub("s$", "", names(given))
  part <- function(...) Reduce(`+`, unname(given[names(given) %in% c(...)]), 0)
  .period(12 * part("year") + part("month"), 7 * part("week") + part("day"), 3600 * part("hour") + 60 * (part("minute") + part("min")) + part("second", "sec"))
}

.period <- function(months = 0, days = 0, seconds = 0) {
  count <- max(length(months), length(days), length(seconds))
  structure(rep(seconds, length.out = count), months = rep(months, length.out = count), days = rep(days, length.out = count), class = "Period")
}

is.period <- function(x) inherits(x, "Period")

days <- function(x = 1) .period(0, x)

weeks <- function(x = 1) .period(0, 7 * x)

hours <- function(x = 1) .period(0, 0, 3600 * x)

minutes <- function(x = 1) .period(0, 0, 60 * x)

seconds <- function(x = 1) .period(0, 0, x)

years <- function(x = 1) .period(12 * x)

months.numeric <- function(x, abbreviate) .period(x)

months.integer <- function(x, abbreviate) .period(x)

milliseconds <- function(x = 1) .period(0, 0, x / 1000)

dseconds <- function(x = 1) duration(x, "seconds")

dminutes <- function(x = 1) duration(x, "minutes")

dhours <- function(x = 1) duration(x, "hours")

ddays <- function(x = 1) duration(x, "days")

dweeks <- function(x = 1) duration(x, "weeks")

dmonths <- function(x = 1) duration(x, "months")

dyears <- function(x = 1) duration(x, "years")

.span_seconds <- c(second = 1, sec = 1, minute = 60, min = 60, hour = 3600, day = 86400, week = 604800, month = 2629800, year = 31557600)

duration <- function(num = NULL, units = "seconds", ...) {
  given <- c(if (!is.null(num)) setNames(as.list(num), rep(units, length.out = length(num))), list(...))
  sizes <- .span_seconds[sub("s$", "", names(given))]
  if (anyNA(sizes)) stop("unknown unit of a duration: ", names(given)[is.na(sizes)][1], call. = FALSE)
  structure(Reduce(`+`, Map(`*`, unname(given), unname(sizes)), 0), class = "Duration")
}

is.duration <- function(x) inherits(x, c("Duration", "difftime"))

as.duration <- function(x, ...) {
  if (inherits(x, "Duration")) return(x)
  structure(if (inherits(x, "Interval")) int_length(x) else if (is.period(x)) period_to_seconds(x) else if (inherits(x, "difftime")) as.numeric(x, units = "secs") else as.numeric(x), class = "Duration")
}

as.numeric.Duration <- function(x, units = "seconds", ...) as.double(unclass(x)) / .span_seconds[[sub("s$", "", units)]]

format.Duration <- function(x, ...) {
  seconds <- as.double(unclass(x))
  about <- function(value) {
    size <- abs(value)
    if (is.na(value)) return(NA_character_)
    unit <- if (size < 60) return(paste0(value, "s")) else if (size < 3600) "minute" else if (size < 86400) "hour" else if (size < 604800) "day" else if (size < 31557600) "week" else "year"
    paste0(value, "s (~", round(value / .span_seconds[[unit]], 2), " ", unit, "s)")
  }
  vapply(seconds, about, "")
}

print.Duration <- function(x, ...) {
  print(format(x), quote = TRUE)
  invisible(x)
}

period_to_seconds <- function(x) as.double(unclass(x)) + 86400 * attr(x, "days") + 2629800 * attr(x, "months")

seconds_to_period <- function(x) .period(0, as.double(x) %/% 86400, as.double(x) %% 86400)

as.period <- function(x, unit = NULL, ...) {
  if (is.period(x)) return(x)
  if (!inherits(x, "Interval")) return(seconds_to_period(as.numeric(x, units = "secs")))
  from <- as.POSIXct(attr(x, "start"))
  to <- as.POSIXct(attr(x, "end"))
  months <- .whole_months(from, to)
  left <- as.numeric(to) - as.numeric(.add_months(from, months))
  .period(months, left %/% 86400, left %% 86400)
}

.whole_months <- function(from, to) {
  months <- 12 * (year(to) - year(from)) + month(to) - month(from)
  months - (.add_months(from, months) > to)
}

format.Period <- function(x, ...) {
  show <- function(months, days, seconds) {
    if (is.na(seconds)) return(NA_character_)
    values <- c(y = months %/% 12, m = months %% 12, d = days)
    if (months < 0) values[1:2] <- c(-((-months) %/% 12), -((-months) %% 12))
    size <- abs(seconds)
    clock <- c(H = size %/% 3600, M = size %% 3600 %/% 60, S = size %% 60) * sign(seconds)
    first <- which(c(values, 1) != 0)[1]
    paste(paste0(c(values[seq_along(values) >= first], clock), names(c(values[seq_along(values) >= first], clock))), collapse = " ")
  }
  unlist(Map(show, attr(x, "months"), attr(x, "days"), as.double(unclass(x))))
}

print.Period <- function(x, ...) {
  print(format(x), quote = TRUE)
  invisible(x)
}

as.character.Period <- function(x, ...) format(x)

length.Period <- function(x) length(unclass(x))

`[.Period` <- function(x, i) .period(attr(x, "months")[i], attr(x, "days")[i], as.double(unclass(x))[i])

c.Period <- function(...) {
  parts <- list(...)
  join <- function(f) unlist(lapply(parts, f))
  .period(join(function(p) attr(p, "months")), join(function(p) attr(p, "days")), join(function(p) as.double(unclass(p))))
}

Ops.Period <- function(e1, e2) {
  if (missing(e2)) return(if (.Generic == "-") .period(-attr(e1, "months"), -attr(e1, "days"), -as.double(unclass(e1))) else e1)
  if (.Generic == "*") return(if (is.period(e1)) .period(attr(e1, "months") * e2, attr(e1, "days") * e2, as.double(unclass(e1)) * e2) else e2 * e1)
  if (.Generic == "/") return(.period(attr(e1, "months") / e2, attr(e1, "days") / e2, as.double(unclass(e1)) / e2))
  if (.Generic %in% c("==", "!=", "<", ">", "<=", ">=")) {
    size <- function(x) if (is.period(x)) period_to_seconds(x) else as.numeric(x, units = "secs")
    return(get(.Generic)(size(e1), size(e2)))
  }
  if (!(.Generic %in% c("+", "-"))) stop("'", .Generic, "' has no meaning for periods", call. = FALSE)
  if (.Generic == "-") return(e1 + (-e2))
  if (is.period(e1) && is.period(e2)) return(.period(attr(e1, "months") + attr(e2, "months"), attr(e1, "days") + attr(e2, "days"), as.double(unclass(e1)) + as.double(unclass(e2))))
  if (inherits(e2, "difftime") && is.period(e1)) return(e1 + seconds_to_period(as.numeric(e2, units = "secs")))
  if (inherits(e1, "difftime") && is.period(e2)) return(e2 + e1)
  if (is.numeric(e1) && !inherits(e1, c("Date", "POSIXct"))) return(e2 + e1)
  if (is.period(e1) && is.numeric(e2) && !inherits(e2, c("Date", "POSIXct"))) return(e1 + .period(0, 0, e2))
  if (is.period(e1)) .moved(e2, e1, FALSE) else .moved(e1, e2, FALSE)
}

# Periods and durations say what a sum with a date is, not the date.
chooseOpsMethod.Period <- function(x, y, mx, my, cl, reverse) TRUE

chooseOpsMethod.Duration <- function(x, y, mx, my, cl, reverse) TRUE

chooseOpsMethod.Interval <- function(x, y, mx, my, cl, reverse) TRUE

`%m+%` <- function(e1, e2) {
  if (!is.period(e2)) stop("%m+% adds a period such as months(1) to a date", call. = FALSE)
  .moved(e1, e2, TRUE)
}

`%m-%` <- function(e1, e2) e1 %m+% (-e2)

time_length <- function(x, unit = "second") {
  unit <- sub("s$", "", unit)
  if (is.interval(x)) .interval_length(x, unit)
  else if (is.period(x)) period_to_seconds(x) / .span_seconds[[unit]]
  else as.numeric(as.duration(x)) / .span_seconds[[unit]]
}

Ops.Duration <- function(e1, e2) {
  bare <- function(x) if (inherits(x, "Duration")) as.double(unclass(x)) else if (inherits(x, "difftime")) as.numeric(x, units = "secs") else x
  if (missing(e2)) return(structure(get(.Generic)(bare(e1)), class = "Duration"))
  for (time in list(e1, e2)) if (inherits(time, "Date")) return(as.POSIXct(if (inherits(e1, "Date")) as.POSIXct(e1) else bare(e1), tz = "UTC") + bare(e2))
  made <- get(.Generic)(bare(e1), bare(e2))
  if (inherits(e1, "POSIXct") || inherits(e2, "POSIXct") || is.logical(made)) return(made)
  if (.Generic == "/" && inherits(e1, c("Duration", "difftime")) && inherits(e2, c("Duration", "difftime"))) made else structure(made, class = "Duration")
}

# Without rolling back, the last of January and a month is no day at all.
.moved <- function(time, by, back) {
  .add_months(time, attr(by, "months"), back) |> .add_seconds(86400 * attr(by, "days") + as.double(unclass(by)))
}

.add_seconds <- function(time, seconds) {
  if (!inherits(time, "Date")) return(time + seconds)
  if (all(seconds %% 86400 == 0, na.rm = TRUE)) time + seconds %/% 86400 else as.POSIXct(format(time), tz = "UTC") + seconds
}

.add_months <- function(time, count, back = TRUE) {
  moved <- year(time) * 12 + month(time) - 1 + count
  first <- make_date(moved %/% 12, moved %% 12 + 1, 1)
  last <- unname(days_in_month(first))
  day <- mday(time)
  date <- first + pmin(day, last) - 1
  if (!back) date[!is.na(day) & day > last] <- NA
  if (inherits(time, "Date")) return(date)
  zone <- tz(time)
  as.POSIXct(ifelse(is.na(date), NA, paste(format(date), format(time, "%H:%M:%S"))), tz = zone) + as.numeric(time) %% 1
}

add_with_rollback <- function(e1, e2, roll_to_first = FALSE, preserve_hms = TRUE) e1 %m+% e2

rollback <- function(dates, roll_to_first = FALSE, preserve_hms = TRUE) {
  first <- dates - .lasting(mday(dates) - 1, "days")
  if (roll_to_first) first else first - .lasting(1, "days")
}

rollbackward <- function(dates, roll_to_first = FALSE, preserve_hms = TRUE) rollback(dates, roll_to_first, preserve_hms)

rollforward <- function(dates, roll_to_first = FALSE, preserve_hms = TRUE) {
  last <- dates + .lasting(unname(days_in_month(dates)) - mday(dates), "days")
  if (roll_to_first) last + .lasting(1, "days") else last
}

interval <- function(start = NULL, end = NULL, tzone = tz(start)) {
  time <- function(x) if (is.character(x)) as_datetime(x) else x
  from <- time(start)
  to <- time(end)
  structure(as.numeric(as.POSIXct(to)) - as.numeric(as.POSIXct(from)), start = from, end = to, class = "Interval")
}

`%--%` <- function(start, end) interval(start, end)

is.interval <- function(x) inherits(x, "Interval")

as.interval <- function(x, start, ...) if (is.interval(x)) x else interval(start, start + x)

int_start <- function(int) attr(int, "start")

int_end <- function(int) attr(int, "end")

int_length <- function(int) as.double(unclass(int))

int_flip <- function(int) interval(attr(int, "end"), attr(int, "start"))

int_shift <- function(int, by) interval(attr(int, "start") + by, attr(int, "end") + by)

int_overlaps <- function(int1, int2) attr(int1, "start") <= attr(int2, "end") & attr(int2, "start") <= attr(int1, "end")

int_aligns <- function(int1, int2) attr(int1, "start") == attr(int2, "start") | attr(int1, "end") == attr(int2, "end")

int_diff <- function(times) interval(times[-length(times)], times[-1])

`%within%` <- function(a, b) {
  if (is.interval(a)) attr(a, "start") >= attr(b, "start") & attr(a, "end") <= attr(b, "end")
  else a >= attr(b, "start") & a <= attr(b, "end")
}

format.Interval <- function(x, ...) {
  zone <- if (inherits(attr(x, "start"), "Date")) "UTC" else tz(attr(x, "start"))
  paste0(format(attr(x, "start")), " ", zone, "--", format(attr(x, "end")), " ", zone)
}

print.Interval <- function(x, ...) {
  cat(paste0("[", seq_along(unclass(x)), "] ", format(x)), sep = "\n")
  invisible(x)
}

# Years and months of an interval are counted on the calendar.
.interval_length <- function(x, unit) {
  from <- as.POSIXct(attr(x, "start"))
  to <- as.POSIXct(attr(x, "end"))
  if (!(unit %in% c("month", "year"))) return(as.double(unclass(x)) / .span_seconds[[unit]])
  step <- if (unit == "year") 12 else 1
  whole <- .whole_months(from, to) %/% step
  low <- as.numeric(.add_months(from, whole * step))
  whole + (as.numeric(to) - low) / (as.numeric(.add_months(from, (whole + 1) * step)) - low)
}

Ops.Interval <- function(e1, e2) {
  if (.Generic %in% c("/", "%/%") && is.interval(e1)) {
    months <- if (is.period(e2)) attr(e2, "months") else 0
    made <- if (months && all(months %% 12 == 0)) .interval_length(e1, "year") / (months / 12) else if (months) .interval_length(e1, "month") / months else as.double(unclass(e1)) / as.numeric(as.duration(e2))
    return(if (.Generic == "/") made else trunc(made))
  }
  get(.Generic)(if (is.interval(e1)) int_length(e1) else e1, if (is.interval(e2)) int_length(e2) else e2)
}

is.instant <- function(x) inherits(x, c("POSIXt", "Date"))

is.timepoint <- function(x) is.instant(x)

is.timespan <- function(x) inherits(x, c("Period", "Duration", "difftime", "Interval"))

is.POSIXt <- function(x) inherits(x, "POSIXt")

is.POSIXlt <- function(x) inherits(x, "POSIXlt")

is.difftime <- function(x) inherits(x, "difftime")

make_difftime <- function(num = NULL, units = "auto", ...) {
  seconds <- if (is.null(num)) as.double(unclass(duration(...))) else num
  made <- as.difftime(seconds, units = "secs")
  if (units == "auto") units <- if (abs(seconds[1]) < 60) "secs" else if (abs(seconds[1]) < 3600) "mins" else if (abs(seconds[1]) < 86400) "hours" else "days"
  units(made) <- switch(sub("s$", "", units), second = "secs", sec = "secs", minute = "mins", min = "mins", hour = "hours", day = "days", week = "weeks")
  made
}

origin <- as.POSIXct(0, origin = "1970-01-01", tz = "UTC")

am <- function(x) hour(x) < 12

pm <- function(x) !am(x)

qday <- function(x) {
  begin <- make_date(year(x), 3 * (quarter(x) - 1) + 1, 1)
  as.integer(as.Date(x) - begin) + 1L
}

semester <- function(x, with_year = FALSE) {
  half <- (month(x) - 1) %/% 6 + 1
  if (with_year) year(x) + half / 10 else half
}

isoyear <- function(x) as.integer(format(as.Date(x), "%G"))

epiweek <- function(x) {
  # The week of the Wednesday, weeks beginning on Sundays.
  middle <- as.Date(x) - as.POSIXlt(as.Date(x))$wday + 3
  as.integer((yday(middle) - 1) %/% 7 + 1)
}

epiyear <- function(x) year(as.Date(x) - as.POSIXlt(as.Date(x))$wday + 3)

decimal_date <- function(date) {
  year <- year(date)
  length <- 365 + leap_year(year)
  seconds <- if (inherits(date, "POSIXct")) hour(date) * 3600 + minute(date) * 60 + second(date) else 0
  year + (yday(date) - 1 + seconds / 86400) / length
}

date_decimal <- function(decimal, tz = "UTC") {
  year <- floor(decimal)
  begin <- ISOdatetime(year, 1, 1, 0, 0, 0, tz = "UTC")
  begin + (decimal - year) * 86400 * (365 + leap_year(year))
}

tz <- function(x) {
  zone <- attr(x, "tzone")
  if (is.null(zone) || !nzchar(zone[1])) (if (inherits(x, "POSIXct") && is.null(zone)) Sys.timezone() else "UTC") else zone[1]
}

`tz<-` <- function(x, value) force_tz(x, value)

with_tz <- function(time, tzone = "") {
  time <- as.POSIXct(time)
  attr(time, "tzone") <- tzone
  time
}

force_tz <- function(time, tzone = "", ...) if (inherits(time, "Date")) time else as.POSIXct(format(time, "%Y-%m-%d %H:%M:%OS6"), tz = tzone, format = "%Y-%m-%d %H:%M:%OS")

local_time <- function(dt, tz = NULL, units = "secs") .lasting((hour(dt) * 3600 + minute(dt) * 60 + second(dt)) / .span_seconds[[sub("s$", "", units)]], units)

.zone_of <- function(x) if (inherits(x, "Date")) "UTC" else tz(x)

.with_part <- function(x, part, value) {
  clock <- as.POSIXlt(x)
  parts <- list(year = clock$year + 1900, month = clock$mon + 1, day = clock$mday, hour = clock$hour, min = clock$min, sec = clock$sec)
  parts[[part]] <- value
  if (inherits(x, "Date") && part %in% c("year", "month", "day")) {
    first <- .months_later(make_date(parts$year, 1, 1), parts$month - 1)
    return(first + parts$day - 1)
  }
  zone <- .zone_of(x)
  first <- .months_later(make_date(parts$year, 1, 1), parts$month - 1)
  as.POSIXct(format(first), tz = zone) + 86400 * (parts$day - 1) + 3600 * parts$hour + 60 * parts$min + parts$sec
}

`year<-` <- function(x, value) .with_part(x, "year", value)

`month<-` <- function(x, value) .with_part(x, "month", if (is.character(value)) match(tolower(substr(value, 1, 3)), tolower(month.abb)) else value)

`day<-` <- function(x, value) .with_part(x, "day", value)

`mday<-` <- function(x, value) .with_part(x, "day", value)

`hour<-` <- function(x, value) .with_part(x, "hour", value)

`minute<-` <- function(x, value) .with_part(x, "min", value)

`second<-` <- function(x, value) .with_part(x, "sec", value)

`yday<-` <- function(x, value) x + .lasting(value - yday(x), "days")

`wday<-` <- function(x, value) x + .lasting(value - wday(x), "days")

`week<-` <- function(x, value) x + .lasting(7 * (value - week(x)), "days")

update.Date <- function(object, ...) .updated(object, list(...))

update.POSIXct <- function(object, ...) .updated(object, list(...))

.updated <- function(object, values) {
  names <- c(year = "year", years = "year", month = "month", months = "month", day = "day", days = "day", mday = "day", hour = "hour", hours = "hour", minute = "min", minutes = "min", second = "sec", seconds = "sec")
  for (part in names(values)) {
    if (!(part %in% names(names))) stop("a date has no part '", part, "'; year, month, day, hour, minute and second can be given", call. = FALSE)
    object <- .with_part(object, names[[part]], values[[part]])
  }
  object
}

.read_clock <- function(text, letters) {
  found <- regmatches(text, gregexpr("[0-9]+\\.?[0-9]*", text))
  take <- function(k) vapply(found, function(parts) if (length(parts) == length(letters)) as.numeric(parts[k]) else NA_real_, 0)
  parts <- setNames(lapply(seq_along(letters), take), letters)
  value <- function(letter) if (is.null(parts[[letter]])) 0 else parts[[letter]]
  .period(0, 0, (3600 * value("H") + 60 * value("M") + value("S")) * ifelse(startsWith(trimws(text), "-"), -1, 1))
}

hms <- function(..., quiet = FALSE, roll = FALSE) .read_clock(c(...), c("H", "M", "S"))

hm <- function(..., quiet = FALSE, roll = FALSE) .read_clock(c(...), c("H", "M"))

ms <- function(..., quiet = FALSE, roll = FALSE) .read_clock(c(...), c("M", "S"))

ym <- function(..., quiet = FALSE, tz = NULL) ymd(paste0(c(...), if (all(grepl("^[0-9]+$", c(...)))) "01" else "-01"), tz = tz)

my <- function(..., quiet = FALSE, tz = NULL) dmy(paste0(if (all(grepl("^[0-9]+$", c(...)))) "01" else "01-", c(...)), tz = tz)

myd <- function(..., quiet = FALSE, tz = NULL) .parse_order(c(...), "myd", tz)

dym <- function(..., quiet = FALSE, tz = NULL) .parse_order(c(...), "dym", tz)

yq <- function(..., quiet = FALSE, tz = NULL) {
  found <- regmatches(c(...), regexec("([0-9]{4}).*([1-4])$", c(...)))
  make_date(vapply(found, function(part) as.integer(part[2]), 0L), vapply(found, function(part) 3L * as.integer(part[3]) - 2L, 0L), 1L)
}

dmy_h <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "dmyH", tz)

mdy_h <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "mdyH", tz)

ydm_hms <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "ydmHMS", tz)

ydm_hm <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "ydmHM", tz)

# The first of the orders that reads an element gives its time.
parse_date_time <- function(x, orders, tz = "UTC", truncated = 0, quiet = FALSE, exact = FALSE, ...) {
  made <- rep(as.POSIXct(NA_real_, origin = "1970-01-01", tz = tz), length(x))
  for (order in orders) {
    open <- is.na(made) & !is.na(x)
    if (!any(open)) break
    if (grepl("%", order)) made[open] <- as.POSIXct(x[open], format = order, tz = tz)
    else {
      letters <- gsub("T", "HMS", gsub("[^A-Za-z]", "", order))
      letters <- gsub("R", "HM", gsub("[bB]", "m", gsub("Y", "y", letters)))
      made[open] <- suppressWarnings(as.POSIXct(.parse_order(as.character(x[open]), letters, tz), tz = tz))
    }
  }
  failed <- sum(is.na(made) & !is.na(x))
  if (failed && !quiet) warning(if (failed == length(x)) "All formats failed to parse. No formats found." else paste0(" ", failed, " failed to parse."), call. = FALSE)
  made
}

parse_date_time2 <- function(x, orders, tz = "UTC", exact = FALSE, ...) parse_date_time(x, orders, tz)

fast_strptime <- function(x, format, tz = "UTC", lt = TRUE, ...) {
  made <- as.POSIXct(x, format = format, tz = tz)
  if (lt) as.POSIXlt(made) else made
}

round_date <- function(x, unit = "second", ...) {
  low <- floor_date(x, unit)
  high <- ceiling_date(x, unit)
  number <- function(time) as.numeric(as.POSIXct(time))
  up <- number(x) - number(low) >= number(high) - number(x)
  low[up] <- high[up]
  low
}

stamp <- function(x, orders = NULL, ...) {
  form <- gsub(paste0("\\b(", paste(month.name, collapse = "|"), ")\\b"), "%B", x)
  form <- gsub(paste0("\\b(", paste(month.abb, collapse = "|"), ")\\b"), "%b", form)
  form <- gsub("(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)", "%A", form)
  form <- gsub("\\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\\b", "%a", form)
  form <- sub("[0-9]{2}:[0-9]{2}:[0-9]{2}", "%H:%M:%S", form)
  form <- sub("[0-9]{2}:[0-9]{2}", "%H:%M", form)
  form <- sub("[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d", form)
  form <- sub("[0-9]{4}", "%Y", form)
  form <- sub("(?<![0-9%])[0-9]{1,2}(?![0-9])", "%d", form, perl = TRUE)
  function(x) format(x, form)
}
