# lubridate's words on R's own dates and times.

.parse_order <- function(text, order, tz, quiet = FALSE) {
  text <- as.character(text)
  parts <- strsplit(order, "")[[1]]
  clock <- parts %in% c("H", "M", "S")
  seen <- regmatches(text, gregexpr("[0-9]+\\.?[0-9]*|[A-Za-z]+", text))
  one <- function(found, whole) {
    if (is.na(whole)) return(rep(NA_real_, 6))
    days <- sum(!clock)
    if (length(found) == 1 && !any(clock) && grepl("^[0-9]+$", found)) {
      widths <- ifelse(parts == "y", nchar(found) - 2 * (length(parts) - 1), 2)
      found <- substring(found, cumsum(c(1, head(widths, -1))), cumsum(widths))
    }
    found <- found[!(tolower(found) %in% c("t", "z", "utc", "st", "nd", "rd", "th"))]
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
    c(year, value("m"), value("d"), value("H"), value("M"), value("S"))
  }
  table <- matrix(unlist(Map(one, seen, text)), nrow = 6)
  table[3, !is.na(table[3, ]) & table[3, ] > 31] <- NA
  dates <- as.Date(ifelse(colSums(is.na(table)) > 0, NA_character_, sprintf("%04d-%02d-%02d", as.integer(table[1, ]), as.integer(table[2, ]), as.integer(table[3, ]))), optional = TRUE)
  failed <- sum(is.na(dates) & !is.na(text))
  if (failed && !quiet) warning(if (failed == length(text)) "All formats failed to parse. No formats found." else paste0(" ", failed, " failed to parse."), call. = FALSE)
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

as_date <- function(x, ...) if (is.character(x)) ymd(x) else as.Date(x, ...)

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
  number <- .clock(x)$mon + 1
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

isoweek <- function(x) as.integer(format(as.Date(x), "%V"))

quarter <- function(x, ...) (month(x) - 1) %/% 3 + 1

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

.rounded_to <- function(x, unit, up) {
  count <- if (grepl("^[0-9]", unit)) as.numeric(sub("[^0-9.].*", "", unit)) else 1
  unit <- sub("s$", "", sub("^[0-9. ]+", "", unit))
  seconds <- c(second = 1, minute = 60, min = 60, hour = 3600)
  if (unit %in% names(seconds)) {
    span <- count * seconds[[unit]]
    time <- as.POSIXct(x, tz = "UTC")
    number <- as.numeric(time) / span
    return(as.POSIXct((if (up) ceiling(number) else floor(number)) * span, origin = "1970-01-01", tz = if (is.null(attr(time, "tzone"))) "" else attr(time, "tzone")))
  }
  date <- as.Date(x)
  begin <- switch(unit, day = date, week = date - (as.POSIXlt(date)$wday), month = make_date(year(date), month(date), 1),
                  quarter = make_date(year(date), 3 * (quarter(date) - 1) + 1, 1), year = make_date(year(date), 1, 1),
                  stop("unit must be second, minute, hour, day, week, month, quarter or year"))
  if (!up) return(begin)
  after <- switch(unit, day = begin + 1, week = begin + 7, month = .months_later(begin, 1), quarter = .months_later(begin, 3), year = .months_later(begin, 12))
  # A date that begins a span is the begin of the next one, as lubridate has it.
  if (inherits(x, "POSIXct")) as.Date(ifelse(as.numeric(x) == as.numeric(as.POSIXct(begin)), begin, after), origin = "1970-01-01") else after
}

floor_date <- function(x, unit = "second", ...) .rounded_to(x, unit, FALSE)

ceiling_date <- function(x, unit = "second", ...) .rounded_to(x, unit, TRUE)
