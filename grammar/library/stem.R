# Stems and leaves. Source: J. W. Tukey, Exploratory Data Analysis (1977).

stem <- function(x, scale = 1, width = 80, atom = 1e-08) {
  if (!is.numeric(x)) stop("'x' must be numeric")
  x <- as.double(x[is.finite(x)])
  n <- as.integer(length(x))
  if (is.na(n)) stop("invalid length(x)")
  if (n == 0) stop("no finite and non-missing values")
  if (scale <= 0) stop("'scale' must be positive")
  x <- sort(x)
  span <- atom + (if (x[n] > x[1L]) x[n] - x[1L] else abs(x[1L])) / scale
  unit <- 10^(11 - trunc(log10(span) + 10))
  # How many lines a power of ten takes: one, two or five, the more the larger the sample and the first digit of the span.
  lines <- 10
  if (x[n] > x[1L]) {
    class <- 3 * min(2, max(0, trunc(span * unit / 25))) + 2 - 150 %/% (n + 50)
    if (class %in% c(1, 2, 5)) unit <- unit * 10
    lines <- if (class %in% c(1, 5, 6)) 20 else if (class %in% c(0, 4, 8)) 5 else 10
  }
  low <- floor(x[1L] * unit / lines) * lines
  high <- floor(x[n] * unit / lines) * lines
  digits <- max(if (low < 0) floor(log10(-low)) + 1 else 0, if (high > 0) floor(log10(high)) else 0)
  if (low < 0 && floor(x[1L] * unit) == low) low <- low - lines
  high <- low + lines
  if (floor(x[1L] * unit + 0.5) > high) {
    low <- high
    high <- low + lines
  }
  place <- 1 - floor(log10(unit) + 0.5)
  cat("\n  The decimal point is ", if (place == 0) "at the |" else paste0(abs(place), " digit(s) to the ", if (place > 0) "right" else "left", " of the |"),
      "\n\n", sep = "")
  leaves <- trunc(x * unit + ifelse(x < 0, -0.5, 0.5))
  at <- 1L
  repeat {
    near <- if (low < 0) high else low
    far <- if (low < 0) low else high
    cat("  ", formatC(if (trunc(near / 10) == 0 && far < 0) "-0" else format(trunc(near / 10), scientific = FALSE), width = digits), " | ", sep = "")
    here <- integer()
    while (at <= n && !((high == 0 && x[at] >= 0) || (low < 0 && leaves[at] > high) || (low >= 0 && leaves[at] >= high))) {
      here <- c(here, abs(leaves[at]) %% 10)
      at <- at + 1L
    }
    cat(here[seq_len(min(length(here), max(width - 12, 0)))], if (length(here) > width) paste0("+", length(here) - width), "\n", sep = "")
    if (at > n) break
    low <- low + lines
    high <- high + lines
  }
  cat("\n")
  invisible()
}
