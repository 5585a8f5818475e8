# Descriptions of columns.

describe <- function(x, na.rm = TRUE, ...) {
  x <- as.data.frame(x)
  # Gaps go out column by column, or else every row that has one goes out.
  if (!na.rm) x <- na.omit(x)
  rows <- lapply(seq_along(x), function(k) {
    column <- x[[k]]
    star <- !is.numeric(column)
    column <- as.numeric(if (is.character(column)) as.factor(column) else column)
    column <- column[!is.na(column)]
    n <- length(column)
    trimmed <- mean(column, trim = 0.1)
    m2 <- mean((column - mean(column))^2)
    data.frame(vars = k, n = n, mean = mean(column), sd = sd(column), median = median(column), trimmed = trimmed, mad = mad(column), min = min(column), max = max(column),
               range = diff(range(column)), skew = mean((column - mean(column))^3) / sd(column)^3, kurtosis = mean((column - mean(column))^4) / sd(column)^4 - 3,
               se = sd(column) / sqrt(n), row.names = paste0(names(x)[k], if (star) "*"))
  })
  structure(do.call(rbind, rows), class = c("psych", "describe", "data.frame"))
}

print.describe <- function(x, digits = 2, ...) {
  shown <- x
  class(shown) <- "data.frame"
  print(round(shown, digits))
  invisible(x)
}

corr.test <- function(x, y = NULL, ...) list(r = cor(x, if (is.null(y)) x else y, use = "pairwise"), n = nrow(x))

tr <- function(m) sum(diag(as.matrix(m)))
