# hms: times of day from their parts.

hms <- function(seconds = NULL, minutes = NULL, hours = NULL, days = NULL) {
  parts <- list(seconds, minutes, hours, days)
  seconds <- mapply(function(part, unit) if (is.null(part)) 0 else part * unit, parts, c(1, 60, 3600, 86400), SIMPLIFY = FALSE)
  as_hms(Reduce(`+`, seconds))
}

is_hms <- function(x) inherits(x, "hms")

is.hms <- function(x) inherits(x, "hms")

as.hms <- function(x, ...) as_hms(x)

parse_hms <- function(x) as_hms(parse_clock(x))

parse_hm <- function(x) as_hms(parse_clock(x))

trunc_hms <- function(x, secs) as_hms(floor(as.double(unclass(x)) / secs) * secs)

round_hms <- function(x, secs) as_hms(round(as.double(unclass(x)) / secs) * secs)
