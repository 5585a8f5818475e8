# caret's smaller helpers: classes balanced, groups kept together, columns that depend on one another.

nzv <- function(x, freqCut = 95 / 5, uniqueCut = 10, saveMetrics = FALSE, names = FALSE, ...) nearZeroVar(x, freqCut, uniqueCut, saveMetrics, names)

class2ind <- function(x, drop2nd = FALSE) {
  if (!is.factor(x)) stop("'x' should be a factor", call. = FALSE)
  made <- outer(as.character(x), levels(x), "==") * 1
  colnames(made) <- levels(x)
  if (drop2nd && ncol(made) == 2L) made[, 1L] else made
}

.balanced <- function(x, y, list, yname, draw) {
  if (!is.factor(y)) {
    warning("Down- and up-sampling require a factor variable as the response. The original data was returned.", call. = FALSE)
    return(if (list) base::list(x = x, y = y) else x)
  }
  at <- unlist(lapply(split(seq_along(y), y), draw, counts = table(y)), use.names = FALSE)
  made <- x[at, , drop = FALSE]
  if (list) return(base::list(x = made, y = y[at]))
  made <- as.data.frame(made, stringsAsFactors = TRUE)
  row.names(made) <- NULL
  made[[yname]] <- y[at]
  made
}

upSample <- function(x, y, list = FALSE, yname = "Class") .balanced(x, y, list, yname, function(rows, counts) c(rows, rows[sample.int(length(rows), max(counts) - length(rows), replace = TRUE)]))

downSample <- function(x, y, list = FALSE, yname = "Class") .balanced(x, y, list, yname, function(rows, counts) rows[sample.int(length(rows), min(counts))])

createMultiFolds <- function(y, k = 10, times = 5) {
  made <- lapply(seq_len(times), function(turn) {
    folds <- createFolds(y, k, returnTrain = TRUE)
    names(folds) <- paste0("Fold", formatC(seq_along(folds), width = nchar(k), flag = "0"), ".Rep", formatC(turn, width = nchar(times), flag = "0"))
    folds
  })
  do.call(c, made)
}

groupKFold <- function(group, k = length(unique(group))) {
  names <- unique(group)
  fold <- sample(rep_len(seq_len(k), length(names)))
  setNames(lapply(seq_len(k), function(one) which(!(group %in% names[fold == one]))), paste0("Fold", formatC(seq_len(k), width = nchar(k), flag = "0")))
}

spatialSign <- function(x, na.rm = TRUE, ...) {
  if (is.vector(x)) return(x / sqrt(sum(x^2, na.rm = na.rm)))
  size <- sqrt(rowSums(as.matrix(x)^2, na.rm = na.rm))
  size[size == 0] <- 1
  x / size
}

findLinearCombos <- function(x) {
  x <- as.matrix(x)
  made <- list(linearCombos = list(), remove = NULL)
  kept <- integer()
  for (k in seq_len(ncol(x))) {
    fit <- if (length(kept)) qr.solve(x[, kept, drop = FALSE], x[, k]) else numeric()
    rest <- if (length(kept)) x[, k] - x[, kept, drop = FALSE] %*% fit else x[, k]
    if (max(abs(rest)) > 1e-8 * max(1, abs(x[, k]))) {
      kept <- c(kept, k)
      next
    }
    made$linearCombos <- c(made$linearCombos, list(c(k, kept[abs(fit) > 1e-8])))
    made$remove <- c(made$remove, k)
  }
  made
}

maxDissim <- function(a, b, n = 2, obj = minDiss, ...) {
  a <- as.matrix(a)
  b <- as.matrix(b)
  chosen <- integer()
  for (turn in seq_len(n)) {
    left <- setdiff(seq_len(nrow(b)), chosen)
    distances <- vapply(left, function(row) obj(sqrt(colSums((t(a) - b[row, ])^2))), 0)
    chosen <- c(chosen, left[which.max(distances)])
    a <- rbind(a, b[chosen[turn], ])
  }
  chosen
}

minDiss <- function(u) min(u, na.rm = TRUE)

sumDiss <- function(u) sum(u, na.rm = TRUE)

BoxCoxTrans <- function(y, x = rep(1, length(y)), fudge = 0.2, numUnique = 3, na.rm = TRUE, ...) {
  if (na.rm) {
    kept <- !is.na(y) & !is.na(x)
    y <- y[kept]
    x <- x[kept]
  } else if (anyNA(y) || anyNA(x)) stop("'y' and 'x' hold missing values; give na.rm = TRUE", call. = FALSE)
  if (!is.numeric(y)) stop("y must be numeric", call. = FALSE)
  lambda <- NA
  if (all(y > 0) && length(unique(y)) >= numUnique) {
    # The worth of a power is that of the linear model on `x`.
    found <- qr(cbind(1, x))
    score <- function(l) {
      moved <- if (abs(l) < 1e-8) log(y) else (y^l - 1) / l
      -length(y) / 2 * log(mean(qr.resid(found, moved)^2)) + (l - 1) * sum(log(y))
    }
    grid <- seq(-2, 2, by = 0.1)
    lambda <- grid[which.max(vapply(grid, score, 0))]
  }
  structure(list(lambda = lambda, fudge = fudge, n = length(y), summary = summary(y), ratio = max(y) / min(y)), class = "BoxCoxTrans")
}

predict.BoxCoxTrans <- function(object, newdata, ...) {
  l <- object$lambda
  if (is.na(l)) newdata else if (abs(l) < object$fudge) log(newdata) else if (abs(l - 1) < object$fudge) newdata else (newdata^l - 1) / l
}

print.BoxCoxTrans <- function(x, ...) {
  cat("Box-Cox Transformation\n\n", x$n, " data points used to estimate Lambda\n\n", sep = "")
  cat(if (is.na(x$lambda)) "Lambda could not be estimated; no transformation is applied\n" else paste0("Estimated Lambda: ", x$lambda, "\n"))
  invisible(x)
}

.first_class_area <- function(obs, score) area_under_curve(obs == levels(obs)[1L], score)

twoClassSummary <- function(data, lev = NULL, model = NULL) {
  lev <- if (is.null(lev)) levels(data$obs) else lev
  c(ROC = .first_class_area(data$obs, data[[lev[1L]]]), Sens = sensitivity(data$pred, data$obs, lev[1L]), Spec = specificity(data$pred, data$obs, lev[2L]))
}

prSummary <- function(data, lev = NULL, model = NULL) {
  lev <- if (is.null(lev)) levels(data$obs) else lev
  hits <- sum(data$pred == lev[1L] & data$obs == lev[1L])
  precision <- hits / sum(data$pred == lev[1L])
  recall <- hits / sum(data$obs == lev[1L])
  order <- order(data[[lev[1L]]], decreasing = TRUE)
  event <- (data$obs == lev[1L])[order]
  area <- sum(diff(c(0, cumsum(event) / sum(event))) * cumsum(event) / seq_along(event))
  c(AUC = area, Precision = precision, Recall = recall, F = 2 * precision * recall / (precision + recall))
}

mnLogLoss <- function(data, lev = NULL, model = NULL) {
  lev <- if (is.null(lev)) levels(data$obs) else lev
  shares <- as.matrix(data[lev])
  shares <- pmin(pmax(shares / rowSums(shares), 1e-15), 1 - 1e-15)
  c(logLoss = -mean(log(shares[cbind(seq_len(nrow(data)), match(data$obs, lev))])))
}

multiClassSummary <- function(data, lev = NULL, model = NULL) {
  lev <- if (is.null(lev)) levels(data$obs) else lev
  found <- confusionMatrix(data$pred, data$obs)
  by_class <- if (is.matrix(found$byClass)) colMeans(found$byClass) else found$byClass
  names(by_class) <- gsub(" ", "_", paste("Mean", names(by_class)))
  c(if (all(lev %in% names(data))) mnLogLoss(data, lev), found$overall[c("Accuracy", "Kappa")], by_class)
}

# The share of y's squares that a smooth curve over the column takes away; a line, where few of its values differ.
.curve_share <- function(column, y) {
  metrics <- nearZeroVar(data.frame(column), saveMetrics = TRUE)
  if (metrics$zeroVar) return(NA_real_)
  line <- function(e) lm(y ~ column)
  fit <- if (metrics$percentUnique < 20) line() else tryCatch(loess(y ~ column), error = line)
  max(0, 1 - sum(residuals(fit)^2) / sum((y - mean(y))^2))
}

filterVarImp <- function(x, y, nonpara = FALSE, ...) {
  x <- as.data.frame(x)
  if (!is.factor(y)) {
    worth <- if (nonpara) .curve_share else function(column, y) abs(summary(lm(y ~ column))$coefficients[2L, "t value"])
    return(data.frame(Overall = vapply(x, worth, 0, y)))
  }
  areas <- vapply(x, function(column) vapply(levels(y), function(level) {
    area <- area_under_curve(y == level, column)
    max(area, 1 - area)
  }, 0), numeric(nlevels(y)))
  as.data.frame(t(areas))
}

# As many neighbours as asked for, and all others that are as near as the last of them.
.nearest_rows <- function(train, rows, k) {
  turned <- t(train)
  lapply(seq_len(nrow(rows)), function(at) {
    distance <- colSums((turned - rows[at, ])^2)
    near <- order(distance)
    last <- distance[near[min(k, length(near))]]
    near[distance[near] <= last * (1 + 1e-4)]
  })
}

knn3 <- function(x, y, k = 5, data = NULL, ...) {
  if (inherits(x, "formula")) {
    frame <- model.frame(x, if (is.null(data)) y else data)
    y <- frame[[1L]]
    x <- model.matrix(attr(frame, "terms"), frame)[, -1L, drop = FALSE]
  }
  structure(list(x = as.matrix(x), y = as.factor(y), k = k), class = "knn3")
}

# Of classes with as many votes one is drawn.
predict.knn3 <- function(object, newdata, type = "prob", ...) {
  rows <- as.matrix(as.data.frame(newdata)[colnames(object$x)])
  shares <- t(vapply(.nearest_rows(object$x, rows, object$k), function(at) tabulate(object$y[at], nlevels(object$y)) / length(at), numeric(nlevels(object$y))))
  colnames(shares) <- levels(object$y)
  if (type == "prob") shares else factor(levels(object$y)[apply(shares, 1L, nnet::which.is.max)], levels(object$y))
}

knnreg <- function(x, y, k = 5, ...) structure(list(x = as.matrix(x), y = y, k = k), class = "knnreg")

predict.knnreg <- function(object, newdata, ...) vapply(.nearest_rows(object$x, as.matrix(newdata), object$k), function(at) mean(object$y[at]), 0)

featurePlot <- function(x, y, plot = "pairs", ...) {
  x <- as.data.frame(x)
  if (plot == "pairs") return(pairs(x, col = if (is.factor(y)) as.integer(y) else 1, ...))
  old <- par(mfrow = n2mfrow(ncol(x)))
  on.exit(par(old))
  for (name in names(x)) {
    if (plot %in% c("box", "boxplot")) boxplot(x[[name]] ~ y, main = name)
    else if (plot %in% c("density", "strip")) plot(density(x[[name]]), main = name)
    else plot(x[[name]], y, xlab = name)
  }
  invisible()
}
