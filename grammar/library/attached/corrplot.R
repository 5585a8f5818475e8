# Correlations as a picture: one coloured cell for each.

corrplot <- function(corr, method = "circle", type = "full", col = NULL, title = "", order = "original", diag = TRUE, tl.col = "red", tl.cex = 1, addCoef.col = NULL, number.digits = 2, number.cex = 1, add = FALSE, tl.pos = "lt", ...) {
  if (order == "hclust") {
    at <- hclust(as.dist(1 - corr))$order
    corr <- corr[at, at]
  } else if (order == "alphabet") corr <- corr[order(rownames(corr)), order(colnames(corr))]
  n <- nrow(corr)
  m <- ncol(corr)
  shown <- corr
  if (type == "upper") shown[lower.tri(shown)] <- NA
  if (type == "lower") shown[upper.tri(shown)] <- NA
  if (!diag) base::diag(shown) <- NA
  ramp <- colorRampPalette(if (is.null(col)) c("#67001F", "#F4A582", "#FFFFFF", "#92C5DE", "#053061") else col)(200)
  if (!add) plot(c(0.5, m + 0.5), c(0.5, n + 0.5), type = "n", axes = FALSE, xlab = "", ylab = "", main = title)
  for (i in seq_len(n)) for (j in seq_len(m)) {
    value <- shown[i, j]
    if (is.na(value)) next
    colour <- ramp[round((value + 1) / 2 * 199) + 1]
    half <- if (method %in% c("color", "shade")) 0.5 else sqrt(abs(value)) / 2
    y <- n + 1 - i
    if (method == "number") text(j, y, round(value, number.digits), col = colour, cex = number.cex)
    else if (method == "circle") points(j, y, pch = 19, cex = 2 * half * 40 / max(n, m), col = colour)
    else rect(j - half, y - half, j + half, y + half, col = colour, border = NA)
    if (!is.null(addCoef.col)) text(j, y, round(value, number.digits), col = addCoef.col, cex = number.cex)
  }
  if (tl.pos == "lt") {
    text(seq_len(m), n + 0.7, colnames(corr), col = tl.col, cex = tl.cex, srt = 90)
    text(0.3, n + 1 - seq_len(n), rownames(corr), col = tl.col, cex = tl.cex, adj = 1)
  } else if (tl.pos == "d") text(seq_len(m), n + 1 - seq_len(n), colnames(corr), col = tl.col, cex = tl.cex)
  invisible(list(corr = corr, corrPos = NULL, arg = list(type = type)))
}

# One method above the diagonal, another below; the diagonal has the names, or one of the two methods.
corrplot.mixed <- function(corr, lower = "number", upper = "circle", tl.pos = c("d", "lt", "n"), diag = c("n", "l", "u"), ...) {
  tl.pos <- match.arg(tl.pos)
  diag <- match.arg(diag)
  shown <- corrplot(corr, method = upper, type = "upper", diag = diag == "u", tl.pos = tl.pos, ...)
  corrplot(corr, method = lower, type = "lower", diag = diag == "l", tl.pos = "n", add = TRUE, ...)
  invisible(list(corr = shown$corr))
}
