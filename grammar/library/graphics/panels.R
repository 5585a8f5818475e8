# Pages cut up into panels.

layout <- function(mat, widths = rep.int(1, ncol(mat)), heights = rep.int(1, nrow(mat)), respect = FALSE, ...) {
  # plotly's function of this name takes the plot first.
  if (inherits(mat, "plotly")) return(eval(as.call(c(list(quote(layout.plotly)), as.list(sys.call())[-1L])), parent.frame()))
  .passed_over(respect)
  mat <- as.matrix(mat)
  storage.mode(mat) <- "integer"
  count <- as.integer(max(mat))
  missing <- setdiff(seq_len(count), mat)
  if (length(missing)) stop("layout matrix must contain at least one reference\nto each of the values {1 ... ", count, "}\n")
  # Sizes in centimetres (lcm()) are taken for shares, as all others are.
  sizes <- function(given, n) {
    given <- as.numeric(sub(" cm$", "", given))
    c(given, rep(1, n))[seq_len(n)]
  }
  par(mfrow = c(1L, 1L))
  .layout(t(mat), sizes(widths, ncol(mat)), sizes(heights, nrow(mat)))
  invisible(count)
}

lcm <- function(x) paste(x, "cm")

# Up to 12 panels stand in one, two or three columns; further ones so that columns over rows are near `asp`.
n2mfrow <- function(nr.plots, asp = 1, byrow = TRUE) {
  count <- as.integer(nr.plots)
  if (asp == 1 && count <= 12L) {
    columns <- 1 + findInterval(count, c(4L, 7L))
    rows <- ceiling(count / columns)
  } else {
    rows <- ceiling(sqrt(count / asp))
    columns <- ceiling(count / rows)
    rows <- ceiling(count / columns)
  }
  if (byrow) c(rows, columns) else c(columns, rows)
}
