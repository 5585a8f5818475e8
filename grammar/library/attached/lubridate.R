# Durations and intervals of lubridate, and reading and changing parts of dates; periods are in lubridate-periods.R.

dseconds <- function(x = 1) duration(x, "seconds")

dminutes <- function(x = 1) duration(x, "minutes")

dhours <- function(x = 1) duration(x, "hours")

ddays <- function(x = 1) duration(x, "days")

dweeks <- function(x = 1) duration(x, "weeks")

dmonths <- function(x = 1) duration(x, "months")

dyears <- function(x = 1) duration(x, "years")

.span_seconds <- c(second = 1, sec = 1, minute = 60, min = 60, hour = 3600, day = 86400, week = 604800, month = 2629800, year = 31557600)

duration <- function(num = NULL, units = "seconds", ...) {
  # Numbers are durations of their own, each by its unit; parts given by name add up to further ones.
  seconds_of <- function(names) {
    sizes <- .span_seconds[sub("s$", "", names)]
    if (anyNA(sizes)) stop("unknown unit of a duration: ", names[is.na(sizes)][1], call. = FALSE)
    unname(sizes)
  }
  if (is.character(num)) return(as.duration(period(num)))
  parts <- list(...)
  summed <- if (length(parts)) Reduce(`+`, Map(`*`, unname(parts), seconds_of(names(parts))))
  structure(c(if (!is.null(num)) num * rep(seconds_of(units), length.out = length(num)), summed, if (is.null(num) && !length(parts)) numeric()), class = "Duration")
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

.whole_months <- function(from, to) {
  months <- 12 * (year(to) - year(from)) + month(to) - month(from)
  months - (.add_months(from, months) > to)
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
  .add_months(time, .months_in(by), back) |> .add_seconds(.seconds_in(by))
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

interval <- function(start = NULL, end = NULL, tzone = tz(start)) {
  # In another zone the bounds are the same moments; texts are read as its times.
  own <- missing(tzone)
  time <- function(x) {
    if (is.character(x)) return(as_datetime(x, tz = if (own) "UTC" else tzone))
    if (own || is.null(x)) x else with_tz(as.POSIXct(x), tzone)
  }
  # Days are the midnights that they begin with.
  moment <- function(x) if (inherits(x, "Date")) as.POSIXct(format(x), tz = "UTC") else x
  from <- moment(time(start))
  to <- moment(time(end))
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

int_standardize <- function(int) interval(pmin(attr(int, "start"), attr(int, "end")), pmax(attr(int, "start"), attr(int, "end")))

as.double.Interval <- function(x, units = "seconds", ...) int_length(x) / .span_seconds[[sub("s$", "", units)]]

union.Interval <- function(x, y) interval(pmin(int_start(x), int_start(y)), pmax(int_end(x), int_end(y)))

intersect.Interval <- function(x, y) {
  from <- pmax(int_start(x), int_start(y))
  to <- pmin(int_end(x), int_end(y))
  interval(from, replace(to, to < from, NA))
}

# What the first has beside the second; of one cut in two there is no interval.
setdiff.Interval <- function(x, y) {
  apart <- !int_overlaps(x, y)
  inside <- int_start(y) > int_start(x) & int_end(y) < int_end(x)
  if (any(inside & !apart)) stop("Cases 3 result in discontinuous intervals", call. = FALSE)
  first <- int_start(x)
  last <- int_end(x)
  early <- !apart & int_start(y) > int_start(x)
  late <- !apart & !early
  last[early] <- int_start(y)[early]
  first[late] <- int_end(y)[late]
  interval(first, last)
}

rep.Interval <- function(x, ...) interval(rep(int_start(x), ...), rep(int_end(x), ...))

`[.Interval` <- function(x, i) interval(int_start(x)[i], int_end(x)[i])

c.Interval <- function(...) {
  parts <- list(...)
  interval(do.call(c, lapply(parts, int_start)), do.call(c, lapply(parts, int_end)))
}

`[.Duration` <- function(x, i) structure(unclass(x)[i], class = "Duration")

c.Duration <- function(...) structure(unlist(lapply(list(...), function(one) as.numeric(as.duration(one)))), class = "Duration")

as.data.frame.Period <- function(x, row.names = NULL, optional = FALSE, ..., nm = deparse1(substitute(x))) as.data.frame.vector(x, row.names, optional, ..., nm = nm)

as.data.frame.Duration <- function(x, row.names = NULL, optional = FALSE, ..., nm = deparse1(substitute(x))) as.data.frame.vector(x, row.names, optional, ..., nm = nm)

as.data.frame.Interval <- function(x, row.names = NULL, optional = FALSE, ..., nm = deparse1(substitute(x))) as.data.frame.vector(x, row.names, optional, ..., nm = nm)

int_diff <- function(times) interval(times[-length(times)], times[-1])

`%within%` <- function(a, b) {
  if (is.interval(a)) attr(a, "start") >= attr(b, "start") & attr(a, "end") <= attr(b, "end")
  else {
    if (inherits(a, "Date")) a <- as.POSIXct(format(a), tz = "UTC")
    a >= attr(b, "start") & a <= attr(b, "end")
  }
}

format.Interval <- function(x, ...) {
  zone <- if (inherits(attr(x, "start"), "Date")) "UTC" else tz(attr(x, "start"))
  paste0(format(attr(x, "start")), " ", zone, "--", format(attr(x, "end")), " ", zone)
}

print.Interval <- function(x, ...) {
  print(format(x), quote = FALSE)
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
    months <- if (is.period(e2)) .months_in(e2) else 0
    made <- if (months && all(months %% 12 == 0)) .interval_length(e1, "year") / (months / 12) else if (months) .interval_length(e1, "month") / months else as.double(unclass(e1)) / as.numeric(as.duration(e2))
    return(if (.Generic == "/") made else trunc(made))
  }
  if (.Generic == "%%" && is.interval(e1)) {
    whole <- e1 %/% e2
    return(interval(if (is.period(e2)) .add_months(int_start(e1), whole * .months_in(e2)) + whole * .seconds_in(e2) else int_start(e1) + whole * as.numeric(as.duration(e2)), int_end(e1)))
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
  begin <- ISOdatetime(year, 1, 1, 0, 0, 0, tz = tz)
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

local_time <- function(dt, tz = NULL, units = "secs") {
  if (length(tz) > 1L) return(.lasting(unlist(Map(function(k, zone) as.numeric(local_time(dt[k], zone, units)), seq_along(dt), rep(tz, length.out = length(dt)))), units))
  if (!is.null(tz)) dt <- with_tz(dt, tz)
  .lasting((hour(dt) * 3600 + minute(dt) * 60 + second(dt)) / .span_seconds[[sub("s$", "", units)]], units)
}

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

ym <- function(..., quiet = FALSE, tz = NULL) ymd(paste0(c(...), if (all(grepl("^[0-9]+$", c(...)))) "01" else "-01"), quiet = quiet, tz = tz)

my <- function(..., quiet = FALSE, tz = NULL) dmy(paste0(if (all(grepl("^[0-9]+$", c(...)))) "01" else "01-", c(...)), quiet = quiet, tz = tz)

myd <- function(..., quiet = FALSE, tz = NULL) .parse_order(c(...), "myd", tz, quiet)

dym <- function(..., quiet = FALSE, tz = NULL) .parse_order(c(...), "dym", tz, quiet)

yq <- function(..., quiet = FALSE, tz = NULL) {
  text <- as.character(c(...))
  found <- regmatches(text, regexec("^[^0-9]*([0-9]{4})[^0-9]*([1-4])[^0-9]*$", text))
  part <- function(k) vapply(found, function(one) if (length(one)) as.integer(one[k]) else NA_integer_, 0L)
  made <- as.Date(ifelse(is.na(part(2L)), NA, sprintf("%04d-%02d-01", part(2L), 3L * part(3L) - 2L)), optional = TRUE)
  failed <- sum(is.na(made) & !is.na(text))
  if (failed && !quiet) warning(if (failed == length(text)) "All formats failed to parse. No formats found." else paste0(" ", failed, " failed to parse."), call. = FALSE)
  if (is.null(tz)) made else as.POSIXct(format(made), tz = tz)
}

dmy_h <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "dmyH", tz, quiet)

mdy_h <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "mdyH", tz, quiet)

ydm_hms <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "ydmHMS", tz, quiet)

ydm_hm <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "ydmHM", tz, quiet)

# Orders as letters, each followed by itself without its last ones, the shortest first; what is written with % stays as it is.
.with_truncated <- function(orders, truncated) {
  one <- function(order) {
    if (grepl("%", order)) return(order)
    letters <- gsub("T", "HMS", gsub("[^A-Za-z]", "", order))
    letters <- gsub("R", "HM", gsub("[bB]", "m", gsub("Y", "y", letters)))
    substring(letters, 1L, nchar(letters) - c(0L, rev(seq_len(min(truncated, nchar(letters) - 1L)))))
  }
  unlist(lapply(orders, one))
}

# A text is read only where nothing is left of it behind the form.
.read_exactly <- function(text, form, zone) {
  plain <- gsub("([][(){}.+*?^$|\\\\])", "\\\\\\1", form)
  plain <- gsub("%O?[YymdeHIMSjUwu]", "[0-9.]+", plain)
  plain <- gsub("%[TRDF]", "[0-9:/-]+", plain)
  plain <- gsub("%[A-Za-z]", "[[:alnum:].+-]+", plain)
  made <- as.POSIXct(text, format = form, tz = zone)
  made[!grepl(paste0("^", gsub(" +", " *", plain), "$"), text) | !grepl("%", form)] <- NA
  made
}

# The first of the orders that reads an element gives its time.
parse_date_time <- function(x, orders, tz = "UTC", truncated = 0, quiet = FALSE, exact = FALSE, ...) {
  made <- rep(as.POSIXct(NA_real_, origin = "1970-01-01", tz = tz), length(x))
  for (order in if (exact) orders else .with_truncated(orders, truncated)) {
    open <- is.na(made) & !is.na(x)
    if (!any(open)) break
    if (exact) made[open] <- .read_exactly(as.character(x[open]), order, tz)
    else if (grepl("%", order)) made[open] <- as.POSIXct(x[open], format = order, tz = tz)
    else made[open] <- suppressWarnings(as.POSIXct(.parse_order(as.character(x[open]), order, tz), tz = tz))
  }
  failed <- sum(is.na(made) & !is.na(x))
  if (failed && !quiet) warning(if (failed == length(x) && !exact) "All formats failed to parse. No formats found." else paste0(" ", failed, " failed to parse."), call. = FALSE)
  made
}

parse_date_time2 <- function(x, orders, tz = "UTC", exact = FALSE, ...) parse_date_time(x, orders, tz, quiet = TRUE, exact = exact)

fast_strptime <- function(x, format, tz = "UTC", lt = TRUE, ...) {
  made <- as.POSIXct(x, format = format, tz = tz)
  if (lt) as.POSIXlt(made) else made
}

round_date <- function(x, unit = "second", week_start = getOption("lubridate.week.start", 7)) {
  low <- floor_date(x, unit, week_start = week_start)
  high <- ceiling_date(x, unit, week_start = week_start)
  number <- function(time) as.numeric(as.POSIXct(time))
  up <- number(x) - number(low) >= number(high) - number(x)
  low[up] <- high[up]
  low
}

stamp <- function(x, orders = NULL, ...) {
  if (!is.null(orders)) return(.stamped(x, orders[1L]))
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

# The example's parts are told by the order alone: numbers, and names of months and days.
.stamped <- function(example, order) {
  letters <- strsplit(gsub("r", "HM", gsub("T", "HMS", gsub("[^A-Za-z]", "", order))), "")[[1L]]
  names <- c(month.name, month.abb, "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
  at <- gregexpr(paste0("[0-9]+|\\b(", paste(names, collapse = "|"), ")\\b"), example)
  found <- regmatches(example, at)[[1L]]
  if (length(found) != length(letters)) stop("'", example, "' is not written in the order '", order, "'", call. = FALSE)
  form <- Map(function(letter, text) {
    if (grepl("^[0-9]", text)) return(if (letter %in% c("y", "Y")) (if (nchar(text) == 4L) "%Y" else "%y") else paste0("%", if (letter %in% c("b", "B")) "m" else letter))
    switch(letter, m = , b = , B = if (text %in% month.name && text != "May") "%B" else "%b", a = , A = if (endsWith(text, "day")) "%A" else "%a",
           stop("'", text, "' cannot be read in the order '", order, "'", call. = FALSE))
  }, letters, found)
  whole <- example
  regmatches(whole, at) <- list(unlist(form, use.names = FALSE))
  function(x) format(x, whole)
}
