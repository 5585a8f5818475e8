# Pairs of columns as a grid of pictures.

ggpairs <- function(data, mapping = NULL, columns = seq_along(data), title = NULL, ...) {
  chosen <- as.data.frame(data)[columns]
  colour <- if (!is.null(mapping$colour)) eval(mapping$colour, data) else if (!is.null(mapping$color)) eval(mapping$color, data)
  numeric <- vapply(chosen, is.numeric, NA)
  structure(list(data = chosen[numeric], colour = colour, title = title), class = "ggpairs")
}

print.ggpairs <- function(x, ...) {
  pairs(x$data, col = if (is.null(x$colour)) 1 else as.integer(as.factor(x$colour)), main = x$title)
  invisible(x)
}

ggcorr <- function(data, label = FALSE, ...) {
  numeric <- vapply(as.data.frame(data), is.numeric, NA)
  corrplot::corrplot(cor(as.data.frame(data)[numeric], use = "pairwise"), method = "color", addCoef.col = if (label) "black")
}
