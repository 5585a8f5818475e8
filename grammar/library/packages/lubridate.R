# lubridate's words on R's own dates and times.

.parse_order <- function(text, order, tz, quiet = FALSE) {
  text <- as.character(text)
  if (!length(text)) return(if (any(strsplit(order, "")[[1]] %in% c("H", "M", "S")) || !is.null(tz)) as.POSIXct(character(), tz = if (is.null(tz)) "UTC" else tz) else structure(numeric(), class = "Date"))
  parts <- strsplit(order, "")[[1]]
  clock <- parts %in% c("H", "M", "S")
  # Only a second has a fraction, and it is the last number; days may have points between them as well.
  seen <- regmatches(text, gregexpr("[0-9]+|[A-Za-z]+", text, perl = TRUE))
  if ("S" %in% parts) {
    exact <- regmatches(text, gregexpr("[0-9]+(\\.[0-9]+(?=[^0-9]*$))?|[A-Za-z]+", text, perl = TRUE))
    numbers <- vapply(seen, function(found) sum(grepl("^[0-9]", found)), 0L)
    seen <- ifelse(numbers > length(parts) | numbers == length(parts) & vapply(seen, function(found) any(grepl("^[A-Za-z]{3}", found)), NA), exact, seen)
  }
  one <- function(found, whole) {
    if (is.na(whole)) return(rep(NA_real_, 6))
    days <- sum(!clock)
    if (length(found) == 1 && !any(clock) && grepl("^[0-9]+$", found)) {
      widths <- ifelse(parts == "y", nchar(found) - 2 * (length(parts) - 1), 2)
      found <- substring(found, cumsum(c(1, head(widths, -1))), cumsum(widths))
    }
    half <- tolower(found[tolower(found) %in% c("am", "pm")])
    found <- found[!(tolower(found) %in% c("t", "z", "utc", "st", "nd", "rd", "th", "am", "pm"))]
    found <- found[!(tolower(found) %in% tolower(c("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "of")))]
    if (length(found) != length(parts)) return(rep(NA_real_, 6))
    value <- function(letter) {
      place <- match(letter, parts)
      if (is.na(place)) return(if (letter %in% c("m", "d")) 1 else 0)
      item <- found[place]
      if (letter == "m" && grepl("^[A-Za-z]", item)) return(match(tolower(substr(item, 1, 3)), tolower(month.abb)))
      suppressWarnings(as.numeric(item))
    }
    year <- value("y")
    if (!is.na(year) && nchar(found[match("y", parts)]) <= 2) year <- year + (if (year < 69) 2000 else 1900)
    hour <- value("H")
    if (length(half)) hour <- hour %% 12 + if (half[1L] == "pm") 12 else 0
    c(year, value("m"), value("d"), hour, value("M"), value("S"))
  }
  table <- matrix(unlist(Map(one, seen, text)), nrow = 6)
  table[3, !is.na(table[3, ]) & table[3, ] > 31] <- NA
  dates <- as.Date(ifelse(colSums(is.na(table)) > 0, NA_character_, sprintf("%04d-%02d-%02d", as.integer(table[1, ]), as.integer(table[2, ]), as.integer(table[3, ]))), optional = TRUE)
  failed <- sum(is.na(dates) & !is.na(text))
  # Texts of the right form that are no day of the calendar fail each for itself.
  formless <- colSums(is.na(table[1:3, , drop = FALSE])) > 0 | table[2, ] %in% c(0, 13:99) | table[3, ] %in% 0
  if (failed && !quiet) warning(if (failed == length(text) && all(formless)) "All formats failed to parse. No formats found." else paste0(" ", failed, " failed to parse."), call. = FALSE)
  if (!any(clock)) return(if (is.null(tz)) dates else as.POSIXct(format(dates), tz = tz))
  ISOdatetime(table[1, ], table[2, ], table[3, ], table[4, ], table[5, ], table[6, ], tz = if (is.null(tz)) "UTC" else tz)
}

ymd <- function(..., quiet = FALSE, tz = NULL) .parse_order(c(...), "ymd", tz, quiet)

ydm <- function(..., quiet = FALSE, tz = NULL) .parse_order(c(...), "ydm", tz, quiet)

mdy <- function(..., quiet = FALSE, tz = NULL) .parse_order(c(...), "mdy", tz, quiet)

dmy <- function(..., quiet = FALSE, tz = NULL) .parse_order(c(...), "dmy", tz, quiet)

ymd_hms <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "ymdHMS", tz, quiet)

ymd_hm <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "ymdHM", tz, quiet)

ymd_h <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "ymdH", tz, quiet)

mdy_hms <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "mdyHMS", tz, quiet)

mdy_hm <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "mdyHM", tz, quiet)

dmy_hms <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "dmyHMS", tz, quiet)

dmy_hm <- function(..., quiet = FALSE, tz = "UTC") .parse_order(c(...), "dmyHM", tz, quiet)

as_date <- function(x, ...) if (is.character(x)) ymd(x) else if (is.numeric(x) && !is.object(x)) as.Date(x, origin = "1970-01-01") else as.Date(x, ...)

as_datetime <- function(x, tz = "UTC", ...) if (is.numeric(x) && !inherits(x, "Date")) as.POSIXct(x, origin = "1970-01-01", tz = tz) else as.POSIXct(format(x), tz = tz)

is.Date <- function(x) inherits(x, "Date")

is.POSIXct <- function(x) inherits(x, "POSIXct")

today <- function(tzone = "") as.Date(Sys.time(), tz = tzone)

now <- function(tzone = "") if (nzchar(tzone)) as.POSIXct(Sys.time(), tz = tzone) |> structure(tzone = tzone) else Sys.time()

make_date <- function(year = 1970L, month = 1L, day = 1L) as.Date(sprintf("%04d-%02d-%02d", as.integer(year), as.integer(month), as.integer(day)))

make_datetime <- function(year = 1970L, month = 1L, day = 1L, hour = 0L, min = 0L, sec = 0, tz = "UTC") ISOdatetime(year, month, day, hour, min, sec, tz = tz)

.clock <- function(x) as.POSIXlt(if (is.character(x)) as.POSIXct(x, tz = "UTC") else x)

year <- function(x) if (inherits(x, "Period")) attr(x, "year") else .clock(x)$year + 1900

month <- function(x, label = FALSE, abbr = TRUE) {
  if (inherits(x, "Period")) return(attr(x, "month"))
  number <- if (is.numeric(x) && !is.object(x)) x else .clock(x)$mon + 1
  if (!label) return(number)
  factor(number, 1:12, if (abbr) month.abb else month.name, ordered = TRUE)
}

day <- function(x) if (inherits(x, "Period")) attr(x, "day") else .clock(x)$mday

mday <- function(x) if (inherits(x, "Period")) attr(x, "day") else .clock(x)$mday

yday <- function(x) .clock(x)$yday + 1

wday <- function(x, label = FALSE, abbr = TRUE, week_start = 7) {
  number <- (.clock(x)$wday - week_start %% 7) %% 7 + 1
  if (!label) return(number)
  names <- c("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
  names <- names[(seq_len(7) + week_start %% 7 - 1) %% 7 + 1]
  factor(number, 1:7, if (abbr) substr(names, 1, 3) else names, ordered = TRUE)
}

hour <- function(x) if (inherits(x, "Period")) attr(x, "hour") else .clock(x)$hour

minute <- function(x) if (inherits(x, "Period")) attr(x, "minute") else .clock(x)$min

second <- function(x) if (inherits(x, "Period")) as.double(unclass(x)) else .clock(x)$sec

week <- function(x) (yday(x) - 1) %/% 7 + 1

isoweek <- function(x) as.numeric(format(as.Date(x), "%V"))

quarter <- function(x, type = "quarter", fiscal_start = 1, with_year = identical(type, "year.quarter")) {
  if (is.logical(type)) type <- if (type) "year.quarter" else "quarter"
  if (with_year) type <- "year.quarter"
  months <- (month(x) - fiscal_start) %% 12
  number <- as.integer(months %/% 3 + 1)
  years <- if (type == "quarter") 0 else year(x) + (fiscal_start > 1 & month(x) >= fiscal_start)
  first <- function() .months_later(make_date(year(x), month(x), 1), -(months %% 3))
  switch(type, quarter = number, year.quarter = years + number / 10, date_first = first(), date_last = .months_later(first(), 3) - 1, year_start.end = ,
         stop("Unsupported type ", type, call. = FALSE))
}

leap_year <- function(date) {
  year <- if (is.numeric(date) && !inherits(date, "Date")) date else year(date)
  (year %% 4 == 0) & (year %% 100 != 0 | year %% 400 == 0)
}

days_in_month <- function(x) {
  number <- month(x)
  found <- c(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[number] + (number == 2 & leap_year(x))
  setNames(as.integer(found), month.abb[number])
}

.lasting <- function(count, unit) as.difftime(count, units = unit)

.months_later <- function(date, count) {
  moved <- year(date) * 12 + month(date) - 1 + count
  first <- make_date(moved %/% 12, moved %% 12 + 1, 1)
  first + pmin(day(date), days_in_month(first)) - 1
}

.rounded_to <- function(x, unit, up, week_start = 7, change_on_boundary = NULL) {
  count <- if (grepl("^[0-9]", unit)) as.numeric(sub("[^0-9.].*", "", unit)) else 1
  unit <- sub("s$", "", sub("^[0-9. ]+", "", unit))
  seconds <- c(second = 1, minute = 60, min = 60, hour = 3600)
  if (unit %in% names(seconds)) {
    span <- count * seconds[[unit]]
    time <- as.POSIXct(x, tz = "UTC")
    number <- as.numeric(time) / span
    return(as.POSIXct((if (up) ceiling(number) else floor(number)) * span, origin = "1970-01-01", tz = if (is.null(attr(time, "tzone"))) "" else attr(time, "tzone")))
  }
  timed <- inherits(x, "POSIXct")
  zone <- if (timed) tz(x) else "UTC"
  date <- as.Date(x, tz = zone)
  months <- c(month = 1, bimonth = 2, quarter = 3, season = 3, halfyear = 6, year = 12)
  if (unit %in% names(months)) {
    span <- count * months[[unit]]
    at <- year(date) * 12 + month(date) - 1 + (unit == "season")
    low <- at %/% span * span - (unit == "season")
    begin <- make_date(low %/% 12, low %% 12 + 1, 1)
    after <- .months_later(begin, span)
  } else if (unit == "week") {
    begin <- date - (as.POSIXlt(date)$wday - week_start) %% 7
    after <- begin + 7
  } else if (unit == "day") {
    begin <- date - (mday(date) - 1) %% count
    after <- begin + count
  } else stop("Invalid unit specification", call. = FALSE)
  # A time stays a time, at midnight of its zone.
  back <- function(day) if (timed) as.POSIXct(format(day), tz = zone) else day
  if (!up) return(back(begin))
  if (timed || isFALSE(change_on_boundary)) {
    on <- if (timed) as.numeric(x) == as.numeric(back(begin)) & !isTRUE(change_on_boundary) else date == begin
    after[which(on)] <- begin[which(on)]
    return(back(after))
  }
  # A date that begins a span is the begin of the next one, as lubridate has it.
  after
}

floor_date <- function(x, unit = "second", week_start = getOption("lubridate.week.start", 7)) .rounded_to(x, unit, FALSE, week_start)

ceiling_date <- function(x, unit = "second", change_on_boundary = NULL, week_start = getOption("lubridate.week.start", 7))
  .rounded_to(x, unit, TRUE, week_start, change_on_boundary)
