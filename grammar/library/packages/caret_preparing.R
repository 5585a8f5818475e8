# caret's preProcess(): what is learned from the columns of some rows, and given to others.

# The methods in the order in which caret applies them, with the words that a print says.
.preparations <- c(remove = "removed", BoxCox = "Box-Cox transformation", YeoJohnson = "Yeo-Johnson transformation",
                   invHyperbolicSine = "inverse hyperbolic sine transformation", center = "centered", scale = "scaled", range = "re-scaling to",
                   knnImpute = "nearest neighbor imputation", medianImpute = "median imputation",
                   pca = "principal component signal extraction", spatialSign = "spatial sign transformation", ignore = "ignored")

preProcess <- function(x, method = c("center", "scale"), thresh = 0.95, pcaComp = NULL, na.remove = TRUE, k = 5, knnSummary = mean, fudge = 0.2,
                       numUnique = 3, verbose = FALSE, freqCut = 95 / 5, uniqueCut = 10, cutoff = 0.9, rangeBounds = c(0, 1), ...) {
  known <- c(names(.preparations), "zv", "nzv", "corr")
  unknown <- setdiff(if (is.list(method)) names(method) else method, known)
  if (length(unknown)) stop("preProcess() knows the methods ", paste(known, collapse = ", "), "; not ", paste(unknown, collapse = ", "), call. = FALSE)
  if (is.matrix(x) && is.null(colnames(x))) stop("`x` must have column names", call. = FALSE)
  x <- as.data.frame(x)
  numeric <- names(x)[vapply(x, is.numeric, NA)]
  # A list of methods says for each which columns it takes.
  chosen <- if (is.list(method)) method else setNames(rep(list(numeric), length(method)), method)
  given <- names(chosen)
  made <- list(dim = c(sum(complete.cases(x)), 0L), thresh = thresh, pcaComp = pcaComp, k = k, knnSummary = knnSummary, rangeBounds = rangeBounds)
  if (any(c("pca", "knnImpute", "spatialSign") %in% given)) for (along in setdiff(c("center", "scale"), given)) chosen[[along]] <- numeric
  gone <- as.character(chosen$remove)
  looked <- function(filter) setdiff(chosen[[filter]], gone)
  if ("zv" %in% given) gone <- c(gone, Filter(function(name) length(unique(x[[name]][!is.na(x[[name]])])) < 2L, looked("zv")))
  if ("nzv" %in% given) gone <- c(gone, nearZeroVar(x[looked("nzv")], freqCut, uniqueCut, names = TRUE))
  if ("corr" %in% given) gone <- c(gone, findCorrelation(cor(x[looked("corr")], use = "pairwise.complete.obs"), cutoff, names = TRUE))
  kept <- function(name) setdiff(chosen[[name]], gone)
  chosen <- sapply(setdiff(names(chosen), c("zv", "nzv", "corr", "remove")), kept, simplify = FALSE)
  if ("range" %in% given && any(c("center", "scale", "BoxCox") %in% given))
    stop("Centering, scaling and/or Box-Cox transformations are inconsistent with scaling to a range of ", .range_words(rangeBounds), call. = FALSE)
  if ("BoxCox" %in% given) {
    made$bc <- sapply(Filter(function(name) all(x[[name]] > 0, na.rm = TRUE), chosen$BoxCox), function(name) BoxCoxTrans(x[[name]], fudge = fudge, numUnique = numUnique), simplify = FALSE)
    made$bc <- Filter(function(one) !is.na(one$lambda), made$bc)
    chosen$BoxCox <- names(made$bc)
  }
  if ("YeoJohnson" %in% given) made$yj <- sapply(chosen$YeoJohnson, function(name) .yeo_johnson_estimate(x[[name]]))
  x <- .prepared_shape(made, chosen, x)
  if (length(chosen$center)) made$mean <- vapply(x[chosen$center], mean, 0, na.rm = na.remove)
  if (length(chosen$scale)) {
    made$std <- vapply(x[chosen$scale], sd, 0, na.rm = na.remove)
    flat <- which(made$std == 0)
    if (length(flat)) warning("These variables have zero variances: ", paste(names(flat), collapse = ", "), call. = FALSE)
    made$std[flat] <- 1
  }
  if (length(chosen$range)) {
    made$ranges <- vapply(x[chosen$range], range, c(0, 0), na.rm = na.remove)
    flat <- which(made$ranges[1L, ] == made$ranges[2L, ])
    if (length(flat)) warning("No variation for for: ", paste(names(flat), collapse = ", "), call. = FALSE)
    chosen$range <- setdiff(chosen$range, names(flat))
  }
  x <- .prepared_scale(made, chosen, x)
  if (length(chosen$knnImpute)) made$data <- as.matrix(x[complete.cases(x[chosen$knnImpute]), chosen$knnImpute, drop = FALSE])
  if (length(chosen$medianImpute)) made$median <- vapply(x[chosen$medianImpute], median, 0, na.rm = TRUE)
  if (length(chosen$pca)) {
    found <- prcomp(x[complete.cases(x[chosen$pca]), chosen$pca, drop = FALSE], center = FALSE)
    made$numComp <- if (is.null(pcaComp)) max(2L, which(cumsum(found$sdev^2) / sum(found$sdev^2) > thresh)[1L]) else pcaComp
    made$rotation <- found$rotation[, seq_len(min(made$numComp, ncol(found$rotation))), drop = FALSE]
  }
  left <- setdiff(names(x), c(numeric, unlist(chosen), gone))
  made$method <- c(chosen, list(ignore = left), if (length(gone)) list(remove = gone))
  made$dim[2L] <- length(unique(unlist(made$method)))
  if (verbose) cat("Columns prepared:", paste(setdiff(names(x), c(left, gone)), collapse = ", "), "\n")
  structure(made, class = "preProcess")
}

.range_words <- function(bounds) paste0("[", bounds[1L], ", ", bounds[2L], "]")

.yeo_johnson_estimate <- function(x) {
  x <- x[!is.na(x)]
  score <- function(l) -length(x) / 2 * log(mean((yeo_johnson(x, l) - mean(yeo_johnson(x, l)))^2)) + (l - 1) * sum(sign(x) * log(abs(x) + 1))
  optimize(score, c(-3, 3), maximum = TRUE)$maximum
}

.prepared_shape <- function(object, chosen, x) {
  for (name in names(object$bc)) x[[name]] <- predict(object$bc[[name]], x[[name]])
  for (name in names(object$yj)) x[[name]] <- yeo_johnson(x[[name]], object$yj[[name]])
  for (name in chosen$invHyperbolicSine) x[[name]] <- asinh(x[[name]])
  x
}

.prepared_scale <- function(object, chosen, x) {
  for (name in chosen$center) x[[name]] <- x[[name]] - object$mean[[name]]
  for (name in chosen$scale) x[[name]] <- x[[name]] / object$std[[name]]
  low <- object$rangeBounds[1L]
  for (name in chosen$range) x[[name]] <- (x[[name]] - object$ranges[1L, name]) / (object$ranges[2L, name] - object$ranges[1L, name]) * (object$rangeBounds[2L] - low) + low
  x
}

predict.preProcess <- function(object, newdata, ...) {
  x <- if (is.matrix(newdata)) as.data.frame(newdata) else newdata
  chosen <- object$method
  missing <- setdiff(unlist(chosen[setdiff(names(chosen), c("ignore", "remove"))]), names(x))
  if (length(missing)) stop("The following pre-processing variables are missing from newdata: ", paste(missing, collapse = ", "), call. = FALSE)
  for (name in intersect(chosen$remove, names(x))) x[[name]] <- NULL
  x <- .prepared_scale(object, chosen, .prepared_shape(object, chosen, x))
  if (length(chosen$knnImpute)) {
    values <- as.matrix(as.data.frame(x)[chosen$knnImpute])
    for (row in which(!complete.cases(values))) {
      seen <- !is.na(values[row, ])
      if (!any(seen)) stop("cannot impute when all predictors are missing in the new data point", call. = FALSE)
      apart <- colSums((t(object$data[, seen, drop = FALSE]) - values[row, seen])^2)
      near <- object$data[order(apart)[seq_len(min(object$k, length(apart)))], , drop = FALSE]
      for (name in chosen$knnImpute[!seen]) x[[name]][row] <- object$knnSummary(near[, name])
    }
  }
  for (name in chosen$medianImpute) x[[name]] <- ifelse(is.na(x[[name]]), object$median[[name]], x[[name]])
  if (length(chosen$pca)) {
    scores <- as.matrix(as.data.frame(x)[rownames(object$rotation)]) %*% object$rotation
    for (name in chosen$pca) x[[name]] <- NULL
    for (k in seq_len(ncol(scores))) x[[paste0("PC", k)]] <- scores[, k]
  }
  if (length(chosen$spatialSign)) {
    columns <- if (length(chosen$pca)) paste0("PC", seq_len(ncol(object$rotation))) else chosen$spatialSign
    signs <- spatialSign(as.matrix(as.data.frame(x)[columns]))
    for (name in columns) x[[name]] <- signs[, name]
  }
  if (is.matrix(newdata)) as.matrix(x) else x
}

print.preProcess <- function(x, ...) {
  words <- .preparations
  words["range"] <- paste(words["range"], .range_words(x$rangeBounds))
  steps <- words[names(x$method)]
  neighbours <- names(x$method) == "knnImpute"
  lines <- sprintf("  - %s%s (%d)", ifelse(neighbours, paste0(x$k, " "), ""), steps, lengths(x$method))
  power <- function(title, lambdas) if (length(lambdas)) c(paste("Lambda estimates for", title, "transformation:"), paste(round(lambdas, 2), collapse = ", "))
  components <- if (length(x$rotation)) {
    if (is.null(x$pcaComp)) sprintf("PCA needed %d components to capture %s percent of the variance", x$numComp, round(x$thresh * 100, 2))
    else sprintf("PCA used %d components as specified", x$pcaComp)
  }
  writeLines(c(sprintf("Created from %d samples and %d variables", x$dim[1L], x$dim[2L]), "", "Pre-processing:", lines[order(steps)], "",
               power("Box-Cox", vapply(x$bc, function(one) one$lambda, 0)), power("Yeo-Johnson", unlist(x$yj)), components))
  invisible(x)
}
