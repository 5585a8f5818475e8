# What autoplot() draws of yardstick's curves and confusion matrices.

autoplot.roc_df <- function(object, ...) {
  ggplot(object, aes(x = 1 - specificity, y = sensitivity)) + geom_path() + geom_abline(linetype = "dotted") + coord_equal() + theme_bw()
}

autoplot.pr_df <- function(object, ...) {
  ggplot(object, aes(x = recall, y = precision)) + geom_path() + coord_equal(ylim = c(0, 1)) + theme_bw()
}

autoplot.gain_df <- function(object, ...) {
  ggplot(object, aes(x = .percent_tested, y = .percent_found)) + geom_line() + geom_abline(linetype = "dotted") +
    labs(x = "% Tested", y = "% Found") + theme_bw()
}

autoplot.lift_df <- function(object, ...) {
  ggplot(object[!is.nan(object$.lift), ], aes(x = .percent_tested, y = .lift)) + geom_line() + geom_hline(yintercept = 1, linetype = "dotted") +
    labs(x = "% Tested", y = "Lift") + theme_bw()
}

autoplot.conf_mat <- function(object, type = "mosaic", ...) {
  counts <- as.data.frame(object$table)
  said <- names(counts)[1L]
  there <- names(counts)[2L]
  names(counts)[1:2] <- c("said", "there")
  classes <- levels(counts$there)
  if (match.arg(type, c("mosaic", "heatmap")) == "heatmap") {
    counts$said <- factor(counts$said, levels = rev(classes))
    return(ggplot(counts, aes(x = there, y = said, fill = Freq)) + geom_tile() + geom_text(aes(label = Freq)) +
             scale_fill_gradient(low = "grey90", high = "grey40") + labs(x = there, y = said) + theme(legend.position = "none"))
  }
  # A column for each true class, as wide as its share, cut by what was said of it.
  width <- tapply(counts$Freq, counts$there, sum) / max(sum(counts$Freq), 1)
  right <- cumsum(width)
  counts$right <- right[as.character(counts$there)]
  counts$left <- counts$right - width[as.character(counts$there)]
  counts$top <- ave(counts$Freq, counts$there, FUN = function(n) cumsum(n) / max(sum(n), 1))
  counts$bottom <- counts$top - ave(counts$Freq, counts$there, FUN = function(n) n / max(sum(n), 1))
  ggplot(counts) + geom_rect(aes(xmin = left, xmax = right, ymin = bottom, ymax = top, fill = said), colour = "white") +
    scale_x_continuous(breaks = as.vector(right - width / 2), labels = classes) + labs(x = there, y = said, fill = said)
}
