# One-hot tables, folds and errors.

one_hot <- function(dt, cols = "auto", sparsifyNAs = FALSE, naCols = FALSE, dropCols = TRUE, dropUnusedLevels = FALSE) {
  names <- if (identical(cols, "auto")) names(dt)[vapply(dt, function(x) is.factor(x) && !is.ordered(x), NA)] else cols
  made <- list()
  for (name in base::names(dt)) {
    column <- dt[[name]]
    if (!(name %in% names)) made[[name]] <- column
    else {
      if (!dropCols) made[[name]] <- column
      if (naCols && anyNA(column)) made[[paste0(name, "_NA")]] <- as.integer(is.na(column))
      for (level in levels(if (dropUnusedLevels) droplevels(column) else column)) {
        cells <- as.integer(column == level)
        made[[paste(name, level, sep = "_")]] <- if (sparsifyNAs) replace(cells, is.na(cells), 0L) else cells
      }
    }
  }
  data.table::as.data.table(as.data.frame(made, check.names = FALSE, optional = TRUE))
}

folds <- function(x, nfolds = 5L, stratified = FALSE, seed = NULL) {
  if (!is.null(seed)) set.seed(seed)
  size <- if (length(x) == 1L) x else NROW(x)
  if (!stratified) return(sample(rep_len(seq_len(nfolds), size)))
  made <- integer(size)
  for (rows in split(seq_len(size), x)) made[rows] <- sample(rep_len(seq_len(nfolds), length(rows)))
  made
}

mcc <- function(preds = NULL, actuals = NULL, TP = NULL, FP = NULL, TN = NULL, FN = NULL, confusionM = NULL) {
  if (!is.null(preds)) {
    preds <- as.numeric(preds)
    actuals <- as.numeric(actuals)
    high <- max(actuals)
    TP <- sum(preds == high & actuals == high)
    FP <- sum(preds == high & actuals != high)
    FN <- sum(preds != high & actuals == high)
    TN <- sum(preds != high & actuals != high)
  }
  (TP * TN - FP * FN) / sqrt((TP + FP) * (TP + FN) * (TN + FP) * (TN + FN))
}

auc_roc <- function(preds, actuals, returnDT = FALSE) area_under_curve(actuals == max(actuals), preds)

bin_data <- function(x, binCol = NULL, bins = 10, binType = "explicit", boundaryType = "lcro]", returnDT = FALSE, ...) {
  cuts <- if (length(bins) > 1L) bins else if (binType == "quantile") quantile(x, seq(0, 1, length.out = bins + 1L)) else seq(min(x), max(x), length.out = bins + 1L)
  cut(x, unique(cuts), include.lowest = TRUE, right = FALSE)
}
