# lubridate: parts of seconds, the day of a time as something to set, and texts of the ISO standard.

dmilliseconds <- function(x = 1) duration(x / 1e3, "seconds")
dmicroseconds <- function(x = 1) duration(x / 1e6, "seconds")
dnanoseconds <- function(x = 1) duration(x / 1e9, "seconds")
dpicoseconds <- function(x = 1) duration(x / 1e12, "seconds")

milliseconds <- function(x) seconds(x) / 1e3
microseconds <- function(x) seconds(x) / 1e6
nanoseconds <- function(x) seconds(x) / 1e9
picoseconds <- function(x) seconds(x) / 1e12

NA_Date_ <- structure(NA_real_, class = "Date")
NA_POSIXct_ <- structure(NA_real_, class = c("POSIXct", "POSIXt"), tzone = "UTC")

dst <- function(x) if (inherits(x, "Date")) rep(FALSE, length(x)) else c(`0` = FALSE, `1` = TRUE, `-1` = NA)[as.character(as.POSIXlt(x)$isdst)] |> unname()

`date<-` <- function(x, value) {
  if (inherits(x, "Date")) return(value + 0 * seq_along(x))
  day <- as.Date(x)
  x + as.numeric(as.Date(value) - day) * 86400
}

format_ISO8601 <- function(x, usetz = FALSE, precision = NULL, ...) {
  shown <- c(y = "%Y", ym = "%Y-%m", ymd = "%Y-%m-%d", ymdh = "%Y-%m-%dT%H", ymdhm = "%Y-%m-%dT%H:%M", ymdhms = "%Y-%m-%dT%H:%M:%S")
  if (is.null(precision)) precision <- if (inherits(x, "Date")) "ymd" else "ymdhms"
  if (!precision %in% names(shown)) stop("Invalid value for precision provided: ", precision, call. = FALSE)
  format(x, format = paste0(shown[[precision]], if (usetz && !inherits(x, "Date")) "%z"))
}

cyclic_encoding <- function(x, periods, encoders = c("sin", "cos")) {
  since <- as.POSIXct(x)
  made <- lapply(periods, function(period) {
    begin <- floor_date(since, period)
    share <- as.numeric(since, units = "secs") - as.numeric(begin)
    whole <- as.numeric(ceiling_date(since, period, change_on_boundary = TRUE)) - as.numeric(begin)
    turn <- 2 * pi * share / whole
    parts <- cbind(sin = sin(turn), cos = cos(turn))[, encoders, drop = FALSE]
    colnames(parts) <- paste(encoders, period, sep = ".")
    parts
  })
  do.call(cbind, made)
}

date <- function(x) as_date(if (is.character(x)) ymd(x) else x)
