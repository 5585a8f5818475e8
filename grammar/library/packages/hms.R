# Times of day: seconds since midnight that are shown as a clock shows them.

as_hms <- function(x, ...) {
  if (is.character(x)) x <- parse_clock(x)
  else if (inherits(x, "POSIXct")) {
    parts <- as.POSIXlt(x)
    x <- parts$hour * 3600 + parts$min * 60 + parts$sec
  } else if (inherits(x, "difftime")) x <- as.numeric(x, units = "secs")
  structure(as.double(x), class = c("hms", "difftime"), units = "secs", problems = attr(x, "problems"))
}

format.hms <- function(x, ...) {
  seconds <- as.double(unclass(x))
  size <- abs(seconds)
  whole <- floor(size)
  part <- size - whole
  digits <- if (any(part > 1e-7, na.rm = TRUE)) substring(formatC(part, format = "f", digits = 6), 2L) else ""
  digits <- sub("0+$", "", digits)
  made <- paste0(ifelse(seconds < 0, "-", ""), sprintf("%02d:%02d:%02d", as.integer(whole %/% 3600), as.integer(whole %/% 60 %% 60), as.integer(whole %% 60)), digits)
  made[is.na(seconds)] <- "NA"
  made
}

as.character.hms <- function(x, ...) {
  made <- format.hms(x)
  made[is.na(unclass(x))] <- NA
  made
}

print.hms <- function(x, ...) {
  if (length(x)) cat(paste0(format.hms(x), "\n"), sep = "") else cat("hms(0)\n")
  invisible(x)
}
