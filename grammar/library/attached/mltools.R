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

# Matthews' correlation of any number of classes: that of the two indicator tables.
mcc <- function(preds = NULL, actuals = NULL, TP = NULL, FP = NULL, TN = NULL, FN = NULL, confusionM = NULL) {
  if (!is.null(preds)) {
    values <- unique(c(as.character(preds), as.character(actuals)))
    confusionM <- table(factor(as.character(preds), values), factor(as.character(actuals), values))
  } else if (is.null(confusionM)) confusionM <- matrix(c(TP, FN, FP, TN), 2L)
  counts <- matrix(as.double(as.matrix(confusionM)), NROW(confusionM))
  if (nrow(counts) != ncol(counts)) stop("'confusionM' must have as many rows as columns, not ", nrow(counts), " and ", ncol(counts), call. = FALSE)
  every <- sum(counts)
  (every * sum(diag(counts)) - sum(rowSums(counts) * colSums(counts))) / sqrt(every^2 - sum(rowSums(counts)^2)) / sqrt(every^2 - sum(colSums(counts)^2))
}

auc_roc <- function(preds, actuals, returnDT = FALSE) {
  true <- actuals == max(actuals)
  if (!returnDT) return(area_under_curve(true, preds))
  steps <- sort(unique(preds), decreasing = TRUE)
  made <- data.frame(Pred = steps, CountFalse = tabulate(match(preds[!true], steps), length(steps)), CountTrue = tabulate(match(preds[true], steps), length(steps)))
  made$CumulativeFPR <- cumsum(made$CountFalse) / sum(made$CountFalse)
  made$CumulativeTPR <- cumsum(made$CountTrue) / sum(made$CountTrue)
  made$AdditionalArea <- diff(c(0, made$CumulativeFPR)) * (made$CumulativeTPR + c(0, made$CumulativeTPR[-length(steps)])) / 2
  made$CumulativeArea <- cumsum(made$AdditionalArea)
  data.table::as.data.table(made)
}

# The bracket of 'boundaryType' says whether the bin at that end holds its outer bound too.
bin_data <- function(x, binCol = NULL, bins = 10, binType = "explicit", boundaryType = "lcro]", returnDT = FALSE, ...) {
  .unsupported(returnDT, "put the bins in a table: data.table(BinVal = x, Bin = bin_data(x))")
  if (!(boundaryType %in% c("lcro]", "lcro)", "[lorc", "(lorc"))) {
    stop("'boundaryType' must be \"lcro]\", \"lcro)\", \"[lorc\" or \"(lorc\", not ", dQuote(boundaryType, FALSE), call. = FALSE)
  }
  if (is.data.frame(x)) {
    if (!isTRUE(binCol %in% names(x))) stop("'binCol' must name the column of 'x' to bin", call. = FALSE)
    x <- x[[binCol]]
  }
  reach <- range(x, na.rm = TRUE)
  cuts <- if (length(bins) > 1L) bins
  else if (binType == "quantile") quantile(x, seq(0, 1, length.out = bins + 1L), na.rm = TRUE)
  else seq(reach[1L], reach[2L], length.out = bins + 1L)
  cut(x, unique(cuts), include.lowest = boundaryType %in% c("lcro]", "[lorc"), right = endsWith(boundaryType, "lorc"), ordered_result = TRUE)
}
