# Pictures of models: a box for each layer, an arrow to each layer that reads it.

plot.keras.engine.training.Model <- function(x, show_shapes = FALSE, show_dtype = FALSE, show_layer_names = FALSE, ..., rankdir = "TB",
                                             expand_nested = FALSE, dpi = 96, layer_range = NULL, show_layer_activations = FALSE,
                                             to_file = NULL) {
  parts <- keras_model_parts(x)
  if (!is.null(layer_range)) {
    ends <- match(unlist(layer_range), parts$name)
    if (anyNA(ends)) stop("layer_range names no layers of the model")
    parts <- parts[min(ends):max(ends), ]
  }
  count <- nrow(parts)
  above <- lapply(parts$reads, function(names) match(names, parts$name, nomatch = 0))
  depth <- integer(count)
  # Layers come in an order in which they can run, but for those that are called more than once.
  for (round in seq_len(if (any(mapply(function(reads, own) any(reads > own), above, seq_len(count)))) count else 1))
    for (i in seq_len(count)) if (any(above[[i]] > 0)) depth[i] <- min(count, max(depth[above[[i]]]) + 1)
  across <- ave(rep(1, count), depth, FUN = function(ones) seq_along(ones) - (length(ones) + 1) / 2)
  label <- parts$class
  if (show_layer_names) label <- paste0(parts$name, " (", parts$class, ")")
  if (show_layer_activations) label <- paste0(label, ifelse(nzchar(parts$activation), paste0("\n", parts$activation), ""))
  if (show_dtype) label <- paste0(label, "\n", parts$dtype)
  if (show_shapes) label <- paste0(label, "\n", parts$shape)
  lines <- max(lengths(strsplit(label, "\n", fixed = TRUE)))
  sideways <- rankdir %in% c("LR", "RL")
  sign <- if (rankdir %in% c("BT", "LR")) 1 else -1
  if (!is.null(to_file)) {
    # A box of one line is a third of an inch high and has as much room around it.
    across_size <- max(table(depth))
    along_size <- max(depth) + 1
    size <- if (sideways) c(1.8 * along_size, max(1, 0.7 * across_size * lines)) else c(max(4, 3 * across_size), along_size * (0.3 + 0.25 * lines))
    png(to_file, width = dpi * size[1], height = max(dpi, dpi * size[2]), res = dpi)
    on.exit(dev.off())
  }
  op <- par(mar = c(0.2, 0.2, 0.2, 0.2))
  on.exit(par(op), add = TRUE, after = FALSE)
  half <- 0.45
  middle <- if (sideways) cbind(sign * depth, across) else cbind(across, sign * depth)
  plot.new()
  plot.window(range(middle[, 1]) + c(-0.6, 0.6), range(middle[, 2]) + c(-0.6, 0.6))
  # The side of a box that faces the flow is the shorter one: arrows need room.
  wide <- if (sideways) c(0.32, half) else c(half, 0.28)
  for (i in seq_len(count)) for (j in above[[i]][above[[i]] > 0]) {
    step <- if (sideways) c(sign * wide[1], 0) else c(0, sign * wide[2])
    from <- middle[j, ] + step
    to <- middle[i, ] - step
    arrows(from[1], from[2], to[1], to[2], length = 0.06)
  }
  rect(middle[, 1] - wide[1], middle[, 2] - wide[2], middle[, 1] + wide[1], middle[, 2] + wide[2], col = "grey95")
  longest <- max(nchar(unlist(strsplit(label, "\n", fixed = TRUE))))
  room <- if (sideways) 16 else 60 / max(table(depth))
  rows <- if (sideways) max(table(depth)) else max(depth) + 1
  text(middle[, 1], middle[, 2], label, cex = min(1, room / longest, if (is.null(to_file)) 16 / (rows * lines)))
  invisible(x)
}
