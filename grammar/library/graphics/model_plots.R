# Pictures of models, a box for each layer and an arrow to each layer that reads it, and of their training.

plot.keras.engine.training.Model <- function(x, show_shapes = FALSE, show_dtype = FALSE, show_layer_names = FALSE, ..., rankdir = "TB",
                                             expand_nested = FALSE, dpi = 96, layer_range = NULL, show_layer_activations = FALSE,
                                             to_file = NULL) {
  .passed_over(expand_nested)
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

plot.keras_training_history <- function(x, y, metrics = NULL, method = c("auto", "ggplot2", "base"),
                                        smooth = getOption("keras.plot.history.smooth", TRUE),
                                        theme_bw = getOption("keras.plot.history.theme_bw", FALSE), ...) {
  method <- match.arg(method)
  data <- as.data.frame(x)
  if (!is.null(metrics)) data <- data[data$metric %in% metrics, ]
  shown <- as.character(unique(data$metric))
  data$metric <- factor(as.character(data$metric), shown)
  epochs <- length(unique(data$epoch))
  if (method == "base") {
    op <- par(mfrow = c(length(shown), 1))
    on.exit(par(op))
    for (name in shown) {
      training <- data$value[data$metric == name & data$data == "training"]
      validation <- data$value[data$metric == name & data$data == "validation"]
      plot.default(seq_along(training), training, type = "b", xlab = "epoch", ylab = name, pch = 20, ylim = range(c(training, validation), na.rm = TRUE), col = 4)
      if (any(!is.na(validation))) {
        lines(seq_along(validation), validation, type = "b", pch = 20, col = 2)
        legend("topright", legend = c("training", "validation"), col = c(4, 2), lty = 1)
      }
    }
    return(invisible())
  }
  both <- any(data$data == "validation")
  p <- if (both) ggplot(data, aes(x = epoch, y = value, color = data, fill = data)) else ggplot(data, aes(x = epoch, y = value))
  # A curve through few points would only hide them.
  if (smooth && epochs >= 5) p <- p + geom_smooth(se = FALSE, method = "loess", na.rm = TRUE) else p <- p + geom_line(na.rm = TRUE)
  p <- p + geom_point(shape = 21, na.rm = TRUE) + facet_grid(metric ~ ., scales = "free_y") + theme(axis.title.y = element_blank())
  if (theme_bw) p + ggplot2::theme_bw() else p
}
