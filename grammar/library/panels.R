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

n2mfrow <- function(nr.plots, asp = 1, byrow = TRUE) {
  if (length(nr.plots) != 1L || nr.plots < 1) stop("'nr.plots' must be a positive number")
  shape <- if (asp != 1) {
    rows <- max(1, round(sqrt(nr.plots / asp)))
    c(rows, ceiling(nr.plots / rows))
  } else if (nr.plots <= 3) c(nr.plots, 1)
  else if (nr.plots <= 6) c((nr.plots + 1) %/% 2, 2)
  else if (nr.plots <= 12) c((nr.plots + 2) %/% 3, 3)
  else c(ceiling(sqrt(nr.plots)), ceiling(nr.plots / ceiling(sqrt(nr.plots))))
  if (byrow) shape else rev(shape)
}
