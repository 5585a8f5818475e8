# Series as tables with a column of time, and the look that scripts give them.

palette_light <- function() {
  c(blue = "#2c3e50", red = "#e31a1c", green = "#18BC9C", yellow = "#CCBE93", steel_blue = "#a6cee3", navy_blue = "#1f78b4", light_green = "#b2df8a",
    pink = "#fb9a99", light_orange = "#fdbf6f", orange = "#ff7f00", light_purple = "#cab2d6", purple = "#6a3d9a")
}

palette_dark <- function() {
  c(blue = "#0055AA", red = "#C40003", green = "#00C19B", yellow = "#EAC862", steel_blue = "#7FD2FF", navy_blue = "#007ED3", light_green = "#b2df8a",
    pink = "#FFACAA", light_orange = "#FF9D1E", lime_green = "#C3EF00", light_purple = "#cab2d6", purple = "#894FC6")
}

palette_green <- function() {
  c(green = "#004D40", blue = "#0277BD", red = "#D50000", yellow = "#FFEA00", light_green = "#AED581", steel_blue = "#64B5F6", pink = "#E57373", light_yellow = "#FFF59D",
    dark_green = "#1B5E20", navy_blue = "#0D47A1", orange = "#EF6C00", purple = "#6A1B9A")
}

.palette_called <- function(theme) switch(theme, light = palette_light(), dark = palette_dark(), green = palette_green(), stop("theme should be one of: light, dark, green", call. = FALSE))

theme_tq <- function(base_size = 11, base_family = "") {
  .passed_over(base_family)
  ggplot2::theme_bw(base_size = base_size) + ggplot2::theme(legend.position = "bottom")
}

theme_tq_dark <- function(base_size = 11, base_family = "") {
  .passed_over(base_family)
  ggplot2::theme_dark(base_size = base_size) + ggplot2::theme(legend.position = "bottom")
}

theme_tq_green <- function(base_size = 11, base_family = "") {
  .passed_over(base_family)
  theme_tq(base_size)
}

scale_color_tq <- function(..., theme = "light") ggplot2::scale_color_manual(values = unname(.palette_called(theme)), ...)

scale_colour_tq <- function(..., theme = "light") scale_color_tq(..., theme = theme)

scale_fill_tq <- function(..., theme = "light") ggplot2::scale_fill_manual(values = unname(.palette_called(theme)), ...)

tq_get <- function(x, get = "stock.prices", ...) stop("prices are not fetched from the web; read them from a file with read_csv()", call. = FALSE)

tk_index <- function(data, timetk_idx = FALSE, silent = FALSE) {
  .passed_over(timetk_idx)
  if (is.ts(data)) return(time(data))
  if (inherits(data, "zoo")) return(attr(data, "index"))
  found <- Filter(function(column) inherits(column, c("Date", "POSIXct", "yearmon", "yearqtr")), as.list(data))
  if (length(found)) found[[1L]] else NULL
}

tk_tbl <- function(data, preserve_index = TRUE, rename_index = "index", timetk_idx = FALSE, silent = FALSE, ...) {
  .passed_over(timetk_idx)
  values <- if (is.ts(data) || inherits(data, "zoo")) as.data.frame(as.matrix(data)) else as.data.frame(data)
  if (ncol(values) == 1L && (is.ts(data) || inherits(data, "zoo"))) names(values) <- "value"
  if (!preserve_index || is.data.frame(data)) return(tibble::as_tibble(values))
  at <- if (is.ts(data)) {
    if (frequency(data) == 12) zoo::as.yearmon(as.numeric(time(data))) else if (frequency(data) == 4) zoo::as.yearqtr(as.numeric(time(data))) else as.numeric(time(data))
  } else tk_index(data)
  tibble::as_tibble(c(setNames(list(at), rename_index), as.list(values)))
}

tk_ts <- function(data, select = NULL, start = 1, end = numeric(), frequency = 1, ...) {
  .passed_over(end)
  chosen <- substitute(select)
  numbers <- if (is.null(chosen)) data[vapply(data, is.numeric, NA)] else data[as.character(chosen)]
  ts(if (ncol(numbers) == 1L) numbers[[1L]] else as.matrix(numbers), start = start, frequency = frequency)
}

tk_augment_timeseries_signature <- function(.data, .date_var = NULL) {
  .passed_over(.date_var)
  at <- tk_index(.data)
  day <- as.Date(at)
  month <- as.integer(format(day, "%m"))
  made <- as.list(.data)
  weekday <- as.integer(format(day, "%w"))
  fresh <- list(index.num = as.numeric(as.POSIXct(at)), year = as.integer(format(day, "%Y")), half = (month - 1L) %/% 6L + 1L, quarter = (month - 1L) %/% 3L + 1L, month = month,
                month.lbl = factor(month.name[month], month.name, ordered = TRUE), day = as.integer(format(day, "%d")), wday = weekday + 1L,
                wday.lbl = factor(weekdays(day), c("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"), ordered = TRUE),
                mday = as.integer(format(day, "%d")), yday = as.integer(format(day, "%j")), week = (as.integer(format(day, "%j")) - 1L) %/% 7L + 1L)
  tibble::as_tibble(c(made, fresh))
}

as_tbl_time <- function(x, index = NULL, ...) {
  name <- as.character(substitute(index))
  if (!(name %in% names(x))) stop("Column '", name, "' was not found.", call. = FALSE)
  made <- tibble::as_tibble(x)
  structure(made, index_quo = name, class = c("tbl_time", class(made)))
}

tbl_time <- function(..., index = NULL) eval(bquote(as_tbl_time(tibble::tibble(...), .(substitute(index)))))

print.tbl_time <- function(x, ...) {
  cat("# A time tibble: ", nrow(x), " × ", ncol(x), "\n# Index: ", attr(x, "index_quo"), "\n", sep = "")
  class(x) <- setdiff(class(x), "tbl_time")
  lines <- utils::capture.output(print(x, ...))
  cat(lines[-1L], sep = "\n")
  invisible(x)
}

# The ends of a stretch of time as "2013" ~ "2014-05" says them: the first of the one, the last of the other.
.time_ends <- function(text, last) {
  parts <- as.integer(strsplit(as.character(text), "-", fixed = TRUE)[[1L]])
  first <- as.Date(sprintf("%04d-%02d-%02d", parts[1L], if (length(parts) > 1L) parts[2L] else 1L, if (length(parts) > 2L) parts[3L] else 1L))
  if (!last || length(parts) > 2L) return(first)
  seq(first, by = if (length(parts) > 1L) "month" else "year", length.out = 2L)[2L] - 1
}

filter_time <- function(.tbl_time, time_formula) {
  name <- attr(.tbl_time, "index_quo")
  if (is.null(name)) name <- names(Filter(function(column) inherits(column, c("Date", "POSIXct")), as.list(.tbl_time)))[1L]
  if (is.null(name) || is.na(name)) stop("filter_time() needs a table with a column of time; make it one with as_tbl_time()", call. = FALSE)
  at <- as.Date(.tbl_time[[name]])
  sides <- as.list(time_formula)[-1L]
  end_of <- function(side, last) {
    asked <- if (is.symbol(side)) as.character(side) else eval(side, environment(time_formula))
    if (identical(asked, "start")) min(at) else if (identical(asked, "end")) max(at) else .time_ends(asked, last)
  }
  kept <- at >= end_of(sides[[1L]], FALSE) & at <= end_of(sides[[length(sides)]], TRUE)
  eval(bquote(as_tbl_time(.tbl_time[kept, ], .(as.name(name)))))
}

rollify <- function(.f, window = 1, unlist = TRUE, na_value = NULL) {
  .f <- purrr::as_mapper(.f)
  function(...) {
    given <- list(...)
    n <- length(given[[1L]])
    made <- rep(list(if (is.null(na_value)) NA else na_value), n)
    for (at in seq_len(n)[seq_len(n) >= window]) made[[at]] <- do.call(.f, lapply(given, function(one) one[seq.int(at - window + 1L, at)]))
    if (unlist) unlist(made) else made
  }
}
