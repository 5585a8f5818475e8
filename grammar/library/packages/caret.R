# caret: partitions, confusion matrices, columns prepared.

createDataPartition <- function(y, times = 1, p = 0.5, list = TRUE, groups = min(5, length(y))) {
  strata <- if (is.numeric(y)) cut(y, unique(quantile(y, seq(0, 1, length.out = groups))), include.lowest = TRUE) else factor(y)
  drawn <- lapply(seq_len(times), function(i) sort(unlist(lapply(split(seq_along(y), strata), function(rows) rows[sample.int(length(rows), ceiling(length(rows) * p))]),
                                                          use.names = FALSE)))
  names(drawn) <- paste0("Resample", seq_len(times))
  if (list) drawn else matrix(unlist(drawn), ncol = times, dimnames = list(NULL, names(drawn)))
}

# Every class, or fifth of the numbers, is dealt out on its own: whole rounds first, then the rest by chance.
createFolds <- function(y, k = 10, list = TRUE, returnTrain = FALSE) {
  if (is.numeric(y)) {
    parts <- min(5, max(2, floor(length(y) / k)))
    y <- cut(y, unique(quantile(y, seq(0, 1, length.out = parts))), include.lowest = TRUE)
  }
  if (k < length(y)) {
    y <- factor(as.character(y))
    fold <- integer(length(y))
    for (class in levels(y)) {
      size <- sum(y == class)
      rounds <- size %/% k
      fold[which(y == class)] <- if (rounds > 0) sample(c(rep(seq_len(k), rounds), if (size %% k) sample(seq_len(k), size %% k))) else sample(seq_len(k), size)
    }
  } else fold <- seq_along(y)
  if (!list) return(fold)
  made <- split(seq_along(y), fold)
  names(made) <- paste0("Fold", gsub(" ", "0", format(seq_along(made))))
  if (returnTrain) lapply(made, function(rows) seq_along(y)[-rows]) else made
}

confusionMatrix <- function(data, reference = NULL, positive = NULL, dnn = c("Prediction", "Reference"), prevalence = NULL, mode = "sens_spec", ...) {
  if (inherits(data, "train")) {
    # Of a model that train() chose: what it said of the rows that were held back.
    if (is.null(data$pred)) stop("the held-back rows' predictions were not kept; write trainControl(savePredictions = \"final\")", call. = FALSE)
    return(confusionMatrix(data$pred$pred, data$pred$obs, positive, dnn, prevalence, mode, ...))
  }
  counts <- data
  if (!is.table(data) && !is.matrix(data)) {
    if (!is.factor(data) || !is.factor(reference)) stop("`data` and `reference` should be factors with the same levels.", call. = FALSE)
    if (!any(levels(data) %in% levels(reference))) stop("The data must contain some levels that overlap the reference.", call. = FALSE)
    if (any(!is.na(data) & !(data %in% levels(reference)))) stop("The data contain levels not found in the reference: ", paste(setdiff(data, levels(reference)), collapse = ", "), call. = FALSE)
    if (!identical(levels(data), levels(reference))) warning("Levels are not in the same order for reference and data. Refactoring data to match.", call. = FALSE)
    counts <- table(factor(data, levels(reference)), reference, dnn = dnn)
  }
  counts <- as.table(counts)
  n <- sum(counts)
  right <- sum(diag(counts))
  chance <- sum(rowSums(counts) * colSums(counts)) / n^2
  null <- max(colSums(counts)) / n
  ends <- binom.test(right, n)$conf.int
  overall <- c(Accuracy = right / n, Kappa = (right / n - chance) / (1 - chance), AccuracyLower = ends[1], AccuracyUpper = ends[2], AccuracyNull = null,
               AccuracyPValue = binom.test(right, n, p = null, alternative = "greater")$p.value,
               McnemarPValue = tryCatch(mcnemar.test(counts)$p.value, error = function(e) NA_real_))
  of_class <- function(class) {
    hit <- counts[class, class]
    said <- sum(counts[class, ])
    there <- sum(counts[, class])
    spared <- n - said - there + hit
    sensitivity <- hit / there
    specificity <- spared / (n - there)
    precision <- hit / said
    share <- if (is.null(prevalence)) there / n else if (length(prevalence) == 1L) prevalence else prevalence[[class]]
    said_right <- sensitivity * share
    denied_right <- specificity * (1 - share)
    c(Sensitivity = sensitivity, Specificity = specificity, `Pos Pred Value` = said_right / (said_right + (1 - specificity) * (1 - share)),
      `Neg Pred Value` = denied_right / (denied_right + (1 - sensitivity) * share), Precision = precision,
      Recall = sensitivity, F1 = 2 * precision * sensitivity / (precision + sensitivity), Prevalence = share, `Detection Rate` = hit / n,
      `Detection Prevalence` = said / n, `Balanced Accuracy` = (sensitivity + specificity) / 2)
  }
  classes <- rownames(counts)
  if (!is.null(prevalence) && length(classes) > 2 && !setequal(names(prevalence), classes)) stop("`prevalence` should have one named element for each class")
  if (length(classes) == 2) {
    if (is.null(positive)) positive <- classes[1]
    by_class <- of_class(positive)
  } else {
    by_class <- t(vapply(classes, of_class, of_class(classes[1])))
    rownames(by_class) <- paste("Class:", classes)
  }
  structure(list(positive = positive, table = counts, overall = overall, byClass = by_class, mode = mode, dots = list(...)), class = "confusionMatrix")
}

print.confusionMatrix <- function(x, digits = max(3, getOption("digits") - 3), printStats = TRUE, ...) {
  cat("Confusion Matrix and Statistics\n\n")
  print(x$table)
  if (!printStats) return(invisible(x))
  shown <- round(x$overall, digits)
  names <- c("Accuracy", "95% CI", "No Information Rate", "P-Value [Acc > NIR]", "", "Kappa", "", "Mcnemar's Test P-Value", "")
  chances <- format.pval(x$overall[c("AccuracyPValue", "McnemarPValue")], digits = digits)
  texts <- c(paste(shown[["Accuracy"]]), paste0("(", shown[["AccuracyLower"]], ", ", shown[["AccuracyUpper"]], ")"), paste(shown[["AccuracyNull"]]),
             chances[1L], "", paste(shown[["Kappa"]]), "", chances[2L], "")
  kept <- setdiff(if (is.matrix(x$byClass)) colnames(x$byClass) else base::names(x$byClass), switch(x$mode, sens_spec = c("Precision", "Recall", "F1"),
    prec_recall = c("Sensitivity", "Specificity", "Pos Pred Value", "Neg Pred Value")))
  if (!is.matrix(x$byClass)) {
    names <- c(names, kept, "", "'Positive' Class", "")
    texts <- c(texts, format(round(x$byClass[kept], digits), nsmall = digits), "", x$positive, "")
  } else {
    names <- names[-length(names)]
    texts <- texts[-length(texts)]
    cat("\nOverall Statistics\n")
  }
  names <- ifelse(names == "", "", paste(names, ":"))
  lines <- cbind(format(names, justify = "right"), texts)
  dimnames(lines) <- list(rep("", nrow(lines)), rep("", 2))
  print(lines, quote = FALSE)
  if (is.matrix(x$byClass)) {
    cat("\nStatistics by Class:\n\n")
    print(t(x$byClass[, kept]), digits = digits)
  }
  invisible(x)
}

as.matrix.confusionMatrix <- function(x, what = "xtabs", ...) switch(what, xtabs = unclass(x$table), overall = as.matrix(x$overall), classes = as.matrix(x$byClass))

sensitivity <- function(data, reference, positive = levels(reference)[1], ...) sum(data == positive & reference == positive) / sum(reference == positive)

specificity <- function(data, reference, negative = levels(reference)[-1], ...) sum(data %in% negative & reference %in% negative) / sum(reference %in% negative)

createResample <- function(y, times = 10, list = TRUE) {
  drawn <- lapply(seq_len(times), function(i) sort(sample.int(length(y), replace = TRUE)))
  names(drawn) <- sprintf(paste0("Resample%0", nchar(times), "d"), seq_len(times))
  if (list) drawn else matrix(unlist(drawn), ncol = times, dimnames = list(NULL, names(drawn)))
}

createTimeSlices <- function(y, initialWindow, horizon = 1, fixedWindow = TRUE, skip = 0) {
  last <- seq(initialWindow, length(y) - horizon, by = skip + 1)
  first <- if (fixedWindow) last - initialWindow + 1 else rep(1, length(last))
  names <- paste0(c("Training", "Testing")[1], formatC(last, width = nchar(length(y)), flag = "0"))
  list(train = setNames(Map(seq, first, last), names), test = setNames(Map(seq, last + 1, last + horizon), sub("Training", "Testing", names)))
}

dummyVars <- function(formula, data, sep = ".", levelsOnly = FALSE, fullRank = FALSE, ...) {
  shown <- paste("Formula:", if (is.character(formula)) paste0(formula, "\n") else paste(deparse(formula), collapse = "\n"))
  if (is.character(formula)) {
    formula <- as.formula(formula)
    shown <- paste(shown, "<environment>", sep = "")
  }
  names <- attr(terms(formula, data = data), "term.labels")
  used <- data[intersect(all.vars(if ("." %in% all.vars(formula)) reformulate(names(data)) else formula), names(data))]
  held <- lapply(data[names], function(column) if (is.factor(column)) levels(column) else if (is.character(column)) sort(unique(column)))
  structure(list(names = names, levels = held, sep = sep, levelsOnly = levelsOnly, fullRank = fullRank, text = shown,
                 all = length(used), factors = sum(vapply(used, function(one) is.factor(one) || is.character(one), NA))), class = "dummyVars")
}

print.dummyVars <- function(x, ...) {
  counted <- sprintf("%d variables, %d factors", x$all, x$factors)
  named <- if (x$levelsOnly) "Factor variable names will be removed" else if (length(x$sep)) sprintf("Variables and levels will be separated by '%s'", x$sep)
  writeLines(c("Dummy Variable Object", "", x$text, counted, named, paste("A", if (x$fullRank) "full" else "less than full", "rank encoding is used")))
  invisible(x)
}

predict.dummyVars <- function(object, newdata, ...) {
  columns <- lapply(object$names, function(name) {
    classes <- object$levels[[name]]
    if (is.null(classes)) return(matrix(as.numeric(newdata[[name]]), dimnames = list(NULL, name)))
    if (object$fullRank) classes <- classes[-1]
    made <- outer(as.character(newdata[[name]]), classes, "==") * 1
    colnames(made) <- if (object$levelsOnly) classes else paste(name, classes, sep = object$sep)
    made
  })
  made <- do.call(cbind, columns)
  rownames(made) <- row.names(newdata)
  made
}

nearZeroVar <- function(x, freqCut = 95 / 5, uniqueCut = 10, saveMetrics = FALSE, names = FALSE, ...) {
  x <- as.data.frame(x)
  ratio <- vapply(x, function(column) {
    counts <- sort(table(column), decreasing = TRUE)
    if (length(counts) < 2) 0 else counts[[1]] / counts[[2]]
  }, 0)
  unique_share <- 100 * vapply(x, function(column) length(unique(column[!is.na(column)])), 0) / nrow(x)
  zero <- vapply(x, function(column) length(unique(column[!is.na(column)])) < 2, TRUE)
  near <- (ratio > freqCut & unique_share <= uniqueCut) | zero
  if (saveMetrics) return(data.frame(freqRatio = ratio, percentUnique = unique_share, zeroVar = zero, nzv = near))
  if (names) base::names(x)[near] else unname(which(near))
}

findCorrelation <- function(x, cutoff = 0.9, verbose = FALSE, names = FALSE, exact = ncol(x) < 100) {
  size <- abs(x)
  if (!exact) {
    # Averages are taken once, over all columns; each pair above the cutoff loses the column with the greater one.
    rank <- as.integer(factor(colMeans(size)))
    pairs <- which(size > cutoff & upper.tri(size), arr.ind = TRUE)
    later <- rank[pairs[, 2L]] > rank[pairs[, 1L]]
    dropped <- unique(c(pairs[later, 2L], pairs[!later, 1L]))
    return(if (names) colnames(x)[dropped] else unname(dropped))
  }
  diag(size) <- NA
  dropped <- integer()
  order <- order(colMeans(size, na.rm = TRUE), decreasing = TRUE)
  # Columns are looked at from the most to the least correlated; of a pair the one that is closer to all others goes.
  for (i in seq_along(order)) for (j in seq_along(order)) {
    a <- order[i]
    b <- order[j]
    if (j <= i || a %in% dropped || b %in% dropped || size[a, b] <= cutoff) next
    left <- setdiff(seq_len(ncol(x)), dropped)
    dropped <- c(dropped, if (mean(size[a, left], na.rm = TRUE) > mean(size[setdiff(left, a), setdiff(left, a)], na.rm = TRUE)) a else b)
  }
  if (verbose) cat("Columns to leave out:", dropped, "\n")
  if (names) colnames(x)[dropped] else dropped
}

RMSE <- function(pred, obs, na.rm = FALSE) sqrt(mean((pred - obs)^2, na.rm = na.rm))

MAE <- function(pred, obs, na.rm = FALSE) mean(abs(pred - obs), na.rm = na.rm)

R2 <- function(pred, obs, ...) cor(obs, pred)^2

postResample <- function(pred, obs) {
  known <- !is.na(pred) & !is.na(obs)
  pred <- pred[known]
  obs <- obs[known]
  if (!is.factor(obs) && is.numeric(obs)) return(.numbers_judged(pred, obs))
  if (!length(obs)) return(c(Accuracy = NA, Kappa = NA))
  counts <- table(factor(pred, levels(obs)), obs)
  right <- sum(diag(counts)) / sum(counts)
  chance <- sum(rowSums(counts) * colSums(counts)) / sum(counts)^2
  c(Accuracy = right, Kappa = if (chance == 1) 0 else (right - chance) / (1 - chance))
}

.numbers_judged <- function(pred, obs) c(RMSE = RMSE(pred, obs), Rsquared = if (length(unique(pred)) < 2L || length(unique(obs)) < 2L) NA else R2(pred, obs), MAE = MAE(pred, obs))

F_meas <- function(data, reference, relevant = levels(reference)[1L], beta = 1, ...) {
  exact <- precision(data, reference, relevant)
  found <- recall(data, reference, relevant)
  (1 + beta^2) * exact * found / (beta^2 * exact + found)
}

posPredValue <- function(data, reference, positive = levels(reference)[1L], ...) sum(data == positive & reference == positive) / sum(data == positive)

negPredValue <- function(data, reference, negative = levels(reference)[-1L], ...) sum(data %in% negative & reference %in% negative) / sum(data %in% negative)

defaultSummary <- function(data, lev = NULL, model = NULL) {
  if (is.character(data$obs)) data$obs <- factor(data$obs, levels = lev)
  postResample(data[, "pred"], data[, "obs"])
}
