# Pictures under plotly's names: they are drawn as they are, without what a browser would add.

.of_table <- function(data, given) {
  lapply(given, function(one) if (inherits(one, "formula")) eval(one[[2L]], data, environment(one)) else one)
}

plot_ly <- function(data = data.frame(), ..., type = NULL, name = NULL, color = NULL, colors = NULL, mode = NULL, width = NULL, height = NULL) {
  .passed_over(height, width)
  made <- structure(list(data = data, traces = list(), layout = list(), shared = list(...)), class = c("plotly", "htmlwidget"))
  made$shared <- c(made$shared, Filter(Negate(is.null), list(type = type, name = name, color = color, colors = colors, mode = mode)))
  if (is.null(type) && !any(c("x", "y", "z", "labels", "values") %in% names(made$shared))) return(made)
  if (is.null(type) && is.null(mode)) made else .with_trace(made, list())
}

.with_trace <- function(p, given) {
  own <- p$shared
  own[names(given)] <- given
  data <- if (is.null(given$data)) p$data else given$data
  trace <- .of_table(data, own[setdiff(names(own), "data")])
  if (is.null(trace$type)) trace$type <- if (!is.null(trace$z)) "heatmap" else if (!is.null(trace$y)) "scatter" else "histogram"
  if (is.null(trace$mode) && trace$type == "scatter") trace$mode <- "markers"
  p$traces <- c(p$traces, list(trace))
  p
}

add_trace <- function(p, ..., type = NULL, mode = NULL, data = NULL) .with_trace(p, c(list(...), Filter(Negate(is.null), list(type = type, mode = mode, data = data))))

add_markers <- function(p, ...) add_trace(p, ..., mode = "markers")

add_lines <- function(p, ...) add_trace(p, ..., type = "scatter", mode = "lines")

add_paths <- function(p, ...) add_lines(p, ...)

add_bars <- function(p, ...) add_trace(p, ..., type = "bar")

add_histogram <- function(p, ...) add_trace(p, ..., type = "histogram")

add_boxplot <- function(p, ...) add_trace(p, ..., type = "box")

add_heatmap <- function(p, ...) add_trace(p, ..., type = "heatmap")

add_surface <- function(p, ...) add_trace(p, ..., type = "surface")

add_pie <- function(p, ...) add_trace(p, ..., type = "pie")

layout.plotly <- function(p, ...) {
  given <- list(...)
  p$layout[names(given)] <- given
  p
}

config <- function(p, ...) p

hide_legend <- function(p) layout.plotly(p, showlegend = FALSE)

ggplotly <- function(p = ggplot2::last_plot(), ...) p

as_widget <- function(x, ...) x

subplot <- function(..., nrows = 1, shareX = FALSE, shareY = FALSE, titleX = shareX, titleY = shareY, margin = 0.02) {
  .passed_over(margin, titleX, titleY)
  shown <- list(...)
  if (length(shown) == 1L && !inherits(shown[[1L]], c("plotly", "ggplot"))) shown <- shown[[1L]]
  structure(list(plots = shown, rows = nrows), class = c("plotly_grid", "plotly", "htmlwidget"))
}

.text_of <- function(given) if (is.list(given)) .text_of(given$text %||% given$title) else given

.draw_plotly <- function(x) {
  if (!length(x$traces)) x <- .with_trace(x, list())
  titles <- list(main = .text_of(x$layout$title), xlab = .text_of(x$layout$xaxis), ylab = .text_of(x$layout$yaxis))
  first <- x$traces[[1L]]
  said <- function(name) if (is.null(titles[[name]])) "" else titles[[name]]
  if (first$type == "pie") return(pie(first$values, labels = first$labels, main = said("main")))
  if (first$type == "histogram") return(hist(first$x, main = said("main"), xlab = said("xlab")))
  if (first$type == "bar") return(barplot(setNames(first$y, first$x), main = said("main"), xlab = said("xlab"), ylab = said("ylab")))
  if (first$type == "box") return(if (is.null(first$x)) boxplot(first$y, main = said("main")) else boxplot(first$y ~ first$x, main = said("main"), xlab = said("xlab"), ylab = said("ylab")))
  if (first$type == "heatmap") return(image(t(as.matrix(first$z)), main = said("main"), col = hcl.colors(24)))
  if (first$type == "surface") return(persp(z = as.matrix(first$z), main = said("main")))
  ends <- function(name) range(unlist(lapply(x$traces, function(trace) as.numeric(unclass(trace[[name]])))), na.rm = TRUE)
  plot(first$x, first$y, type = "n", xlim = if (is.numeric(first$x)) ends("x"), ylim = ends("y"), main = said("main"), xlab = said("xlab"), ylab = said("ylab"))
  for (k in seq_along(x$traces)) {
    trace <- x$traces[[k]]
    shade <- if (is.null(trace$color)) palette()[(k - 1L) %% 8L + 1L] else if (is.numeric(trace$color)) hcl.colors(24)[as.integer(cut(trace$color, 24))] else as.integer(as.factor(trace$color))
    if (grepl("lines", trace$mode)) lines(trace$x, trace$y, col = shade[1L])
    if (grepl("markers", trace$mode)) points(trace$x, trace$y, col = shade, pch = 19)
  }
  labels <- vapply(x$traces, function(trace) if (is.null(trace$name)) "" else as.character(trace$name)[1L], "")
  if (any(nzchar(labels)) && !identical(x$layout$showlegend, FALSE)) legend("topright", legend = labels[nzchar(labels)], col = palette()[which(nzchar(labels))], lty = 1)
}

print.plotly <- function(x, ...) {
  if (inherits(x, "plotly_grid")) {
    old <- par(mfrow = c(x$rows, ceiling(length(x$plots) / x$rows)))
    on.exit(par(old))
    for (one in x$plots) if (inherits(one, "ggplot")) .gg_draw(one, whole = FALSE) else .draw_plotly(one)
  } else .draw_plotly(x)
  invisible(x)
}
