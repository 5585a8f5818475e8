# Plots put together: p + q, p | q and p / q, in a grid or as the layout says.

# What `+` does with plots put together: `+` of ggplots asks here.
add_to_patchwork <- function(e1, e2) {
  if (inherits(e2, "patch_settings")) {
    for (name in names(e2)) e1$settings[[name]] <- e2[[name]]
    return(e1)
  }
  if (is.ggplot(e2) || inherits(e2, c("patchwork", "patch_spacer"))) {
    # What is put side by side without a direction of its own stays one row of plots.
    if (!inherits(e1, "patchwork") || e1$direction != "wrap") return(.patched(list(e1, e2), "wrap"))
    e1$plots <- c(e1$plots, list(e2))
    return(e1)
  }
  last <- length(e1$plots)
  e1$plots[[last]] <- e1$plots[[last]] + e2
  e1
}

`&.gg` <- function(e1, e2) {
  if (!inherits(e1, "patchwork")) return(e1 + e2)
  e1$plots <- lapply(e1$plots, function(plot) if (inherits(plot, "patch_spacer")) plot else plot & e2)
  e1
}

`*.gg` <- function(e1, e2) {
  e1$plots <- lapply(e1$plots, function(plot) if (is.ggplot(plot)) plot + e2 else plot)
  e1
}

`|.gg` <- function(e1, e2) .beside(e1, e2, "row")

`/.gg` <- function(e1, e2) .beside(e1, e2, "column")

`-.gg` <- function(e1, e2) .patched(list(e1, e2), "wrap")

.patched <- function(plots, direction, settings = list()) structure(list(plots = plots, direction = direction, settings = settings), class = c("patchwork", "gg"))

.beside <- function(e1, e2, direction) {
  joined <- if (inherits(e1, "patchwork") && e1$direction == direction) e1$plots else list(e1)
  .patched(c(joined, list(e2)), direction)
}

wrap_plots <- function(..., ncol = NULL, nrow = NULL, byrow = NULL, widths = NULL, heights = NULL, guides = NULL, tag_level = NULL, design = NULL) {
  .passed_over(tag_level)
  given <- list(...)
  plots <- if (length(given) == 1L && !is.ggplot(given[[1L]]) && !inherits(given[[1L]], "patchwork")) given[[1L]] else given
  .patched(unname(plots), "wrap", plot_layout(ncol = ncol, nrow = nrow, byrow = byrow, widths = widths, heights = heights, guides = guides, design = design))
}

wrap_elements <- function(panel = NULL, plot = NULL, full = NULL, ...) if (!is.null(full)) full else if (!is.null(plot)) plot else panel

.patch_settings <- function(given) structure(Filter(Negate(is.null), given), class = c("patch_settings", "gg"))

plot_layout <- function(ncol = NULL, nrow = NULL, byrow = NULL, widths = NULL, heights = NULL, guides = NULL, tag_level = NULL, design = NULL, ...) {
  .passed_over(tag_level)
  .patch_settings(list(ncol = ncol, nrow = nrow, byrow = byrow, widths = widths, heights = heights, guides = guides, design = design))
}

plot_annotation <- function(title = NULL, subtitle = NULL, caption = NULL, tag_levels = NULL, theme = NULL, ...) {
  .passed_over(theme)
  .patch_settings(list(title = title, subtitle = subtitle, caption = caption, tag_levels = tag_levels))
}

plot_spacer <- function() structure(list(), class = c("patch_spacer", "gg"))

guide_area <- function() plot_spacer()

.grid_of <- function(x) {
  count <- length(x$plots)
  rows <- x$settings$nrow
  columns <- x$settings$ncol
  if (x$direction == "row") c(1L, count)
  else if (x$direction == "column") c(count, 1L)
  else if (!is.null(columns)) c(if (is.null(rows)) ceiling(count / columns) else rows, columns)
  else if (!is.null(rows)) c(rows, ceiling(count / rows))
  else n2mfrow(count)[if (count > 3L) 1:2 else 2:1]
}

# Cells of a page: each plot's number stands where it is drawn, inner grids are as wide as their place.
.cells_of <- function(x, next_one) {
  if (!inherits(x, "patchwork")) return(matrix(next_one, 1L, 1L))
  inner <- list()
  for (plot in x$plots) {
    inner <- c(inner, list(.cells_of(plot, next_one)))
    next_one <- max(inner[[length(inner)]], next_one - 1L) + 1L
  }
  grid <- .grid_of(x)
  rows <- Reduce(common_multiple, vapply(inner, nrow, 0L))
  columns <- Reduce(common_multiple, vapply(inner, ncol, 0L))
  made <- matrix(0L, grid[1L] * rows, grid[2L] * columns)
  for (k in seq_along(inner)) {
    place <- if (identical(x$settings$byrow, FALSE)) c((k - 1L) %% grid[1L], (k - 1L) %/% grid[1L]) else c((k - 1L) %/% grid[2L], (k - 1L) %% grid[2L])
    cell <- inner[[k]]
    made[place[1L] * rows + seq_len(rows), place[2L] * columns + seq_len(columns)] <- cell[rep(seq_len(nrow(cell)), each = rows / nrow(cell)), rep(seq_len(ncol(cell)), each = columns / ncol(cell))]
  }
  made
}

common_multiple <- function(a, b) {
  high <- a * b
  while (b > 0L) {
    rest <- a %% b
    a <- b
    b <- rest
  }
  as.integer(high / a)
}

.leaves <- function(x) if (inherits(x, "patchwork")) do.call(c, lapply(x$plots, .leaves)) else list(x)

print.patchwork <- function(x, ...) {
  cells <- .cells_of(x, 1L)
  sizes <- function(given, n, panels) if (length(given) == panels) rep(given, each = n / panels) else rep(1, n)
  grid <- .grid_of(x)
  layout(cells, sizes(x$settings$widths, ncol(cells), grid[2L]), sizes(x$settings$heights, nrow(cells), grid[1L]))
  on.exit(par(mfrow = c(1L, 1L)))
  # Tags count through the plots: A, B, C, or a, b, c, or 1, 2, 3.
  marks <- switch(if (is.null(x$settings$tag_levels)) "" else x$settings$tag_levels[1L], A = LETTERS, a = letters, `1` = as.character(1:26), I = as.character(as.roman(1:26)), i = tolower(as.character(as.roman(1:26))))
  shown <- .leaves(x)
  for (k in seq_along(shown)) {
    plot <- shown[[k]]
    if (inherits(plot, "patch_spacer")) {
      plot.new()
      next
    }
    if (!is.null(marks)) plot <- plot + ggplot2::ggtitle(paste(c(marks[k], plot$labels$title), collapse = "  "))
    .gg_draw(plot, whole = FALSE)
  }
  if (!is.null(x$settings$title)) title(x$settings$title, outer = TRUE)
  left <- intersect(c("subtitle", "caption", "guides", "design"), names(x$settings))
  if (length(left)) warning("patchwork's ", paste(left, collapse = ", "), " are passed over: plots are drawn with what each has of its own", call. = FALSE)
  invisible(x)
}

plot.patchwork <- function(x, ...) print.patchwork(x, ...)
