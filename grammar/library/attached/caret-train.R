# Models fitted and judged on resampled rows: train() of caret with the methods that are fitted here.

# What was asked for, by name: train() reads it, and programs may change it before.
trainControl <- function(method = "boot", number = if (grepl("cv", method)) 10 else 25, repeats = if (grepl("[d_]cv$", method)) 1 else NA, p = 0.75, search = "grid",
                         initialWindow = NULL, horizon = 1, fixedWindow = TRUE, skip = 0, verboseIter = FALSE, returnData = TRUE, returnResamp = "final", savePredictions = FALSE,
                         classProbs = FALSE, summaryFunction = defaultSummary, selectionFunction = "best", preProcOptions = NULL, sampling = NULL, index = NULL, indexOut = NULL,
                         seeds = NA, allowParallel = TRUE, ...) {
  .passed_over(preProcOptions)
  here <- c("boot", "cv", "repeatedcv", "LOOCV", "LGOCV", "timeslice", "none")
  if (!(method %in% here)) {
    stop("resampling method \"", method, "\" is not here; take one of ", paste(here[-7L], collapse = ", "), " and none", call. = FALSE)
  }
  mget(setdiff(union(c("method", "number", "repeats", "search"), names(formals(sys.function()))), "..."))
}

.with_outcome <- function(x, y) cbind(as.data.frame(x), .outcome = y)

.knn_method <- list(label = "k-Nearest Neighbors", kinds = c("Classification", "Regression"), grid = function(x, y, length) data.frame(k = 5 + 2 * (seq_len(length) - 1)),
  fit = function(x, y, tuned, ...) if (is.factor(y)) knn3(as.matrix(x), y, k = tuned$k) else knnreg(as.matrix(x), y, k = tuned$k),
  said = function(fit, x) if (is.factor(fit$y)) predict(fit, x, type = "class") else predict(fit, as.matrix(x)),
  chances = function(fit, x) predict(fit, x, type = "prob"))

.lm_method <- list(label = "Linear Regression", kinds = "Regression", grid = function(x, y, length) data.frame(intercept = TRUE),
  fit = function(x, y, tuned, ...) {
    dat <- .with_outcome(x, y)
    if (tuned$intercept) lm(.outcome ~ ., data = dat, ...) else lm(.outcome ~ 0 + ., data = dat, ...)
  },
  said = function(fit, x) unname(predict(fit, as.data.frame(x))))

.glm_method <- list(label = "Generalized Linear Model", kinds = c("Regression", "Classification"), grid = function(x, y, length) data.frame(parameter = "none"),
  fit = function(x, y, tuned, ...) {
    dat <- .with_outcome(x, y)
    if (is.factor(y) && nlevels(y) != 2L) stop("glm models can only use 2-class outcomes", call. = FALSE)
    if ("family" %in% names(list(...))) glm(.outcome ~ ., data = dat, ...)
    else if (is.factor(y)) glm(.outcome ~ ., data = dat, family = binomial(), ...)
    else glm(.outcome ~ ., data = dat, family = gaussian(), ...)
  },
  said = function(fit, x) {
    found <- unname(predict(fit, as.data.frame(x), type = "response"))
    known <- levels(fit$model$.outcome)
    if (is.null(known)) found else factor(known[1L + (found > 0.5)], known)
  },
  chances = function(fit, x) {
    found <- unname(predict(fit, as.data.frame(x), type = "response"))
    structure(cbind(1 - found, found), dimnames = list(NULL, levels(fit$model$.outcome)))
  })

.discriminant_method <- function(label, maker) list(label = label, kinds = "Classification", grid = function(x, y, length) data.frame(parameter = "none"),
  fit = function(x, y, tuned, ...) maker(as.data.frame(x), y, ...), said = function(fit, x) predict(fit, as.data.frame(x))$class,
  chances = function(fit, x) predict(fit, as.data.frame(x))$posterior)

.bayes_method <- list(label = "Naive Bayes", kinds = "Classification", grid = function(x, y, length) data.frame(parameter = "none"),
  fit = function(x, y, tuned, ...) e1071::naiveBayes(as.data.frame(x), y, ...), said = function(fit, x) predict(fit, as.data.frame(x)),
  chances = function(fit, x) predict(fit, as.data.frame(x), type = "raw"))

.multinomial_method <- list(label = "Penalized Multinomial Regression", kinds = "Classification",
  grid = function(x, y, length) data.frame(decay = c(0, 10^seq(-1, -4, length.out = length - 1L)[seq_len(length - 1L)])),
  fit = function(x, y, tuned, ...) nnet::multinom(.outcome ~ ., data = .with_outcome(x, y), decay = tuned$decay, ...), said = function(fit, x) predict(fit, as.data.frame(x), type = "class"),
  chances = function(fit, x) {
    found <- predict(fit, as.data.frame(x), type = "probs")
    if (is.null(dim(found)) && length(fit$lev) == 2L) structure(cbind(1 - found, found), dimnames = list(NULL, fit$lev)) else if (is.null(dim(found))) t(found) else found
  })

.methods_of_train <- function(method) {
  found <- switch(method, lm = .lm_method, glm = .glm_method, knn = .knn_method, lda = .discriminant_method("Linear Discriminant Analysis", MASS::lda),
    qda = .discriminant_method("Quadratic Discriminant Analysis", MASS::qda), nb = , naive_bayes = .bayes_method, multinom = .multinomial_method, NULL)
  if (is.null(found)) stop("train() has no method \"", method, "\" here; there are lm, glm, knn, lda, qda, naive_bayes and multinom. Write a network with layer_*() and judge it with createFolds()", call. = FALSE)
  found
}

train <- function(x, ...) UseMethod("train")

train.formula <- function(form, data, ..., weights = NULL, subset = NULL, na.action = na.fail, contrasts = NULL) {
  if (!is.null(weights)) stop("train(weights = ) is not supported", call. = FALSE)
  if (!is.null(subset)) data <- data[subset, , drop = FALSE]
  frame <- model.frame(form, as.data.frame(data), na.action = na.action)
  columns <- model.matrix(attr(frame, "terms"), frame)
  assigned <- colnames(columns) != "(Intercept)"
  made <- train.default(columns[, assigned, drop = FALSE], model.response(frame), ...)
  made$terms <- attr(frame, "terms")
  made$xlevels <- .getXlevels(attr(frame, "terms"), frame)
  made$call <- match.call()
  made$form <- form
  class(made) <- c("train", "train.formula")
  made
}

# The rows are drawn from a seed of their own, which is drawn first.
.resampled_rows <- function(control, y) {
  own <- sample.int(.Machine$integer.max, 1L)
  if (!is.null(control$index)) return(control$index)
  held <- get(".Random.seed", envir = globalenv())
  on.exit(assign(".Random.seed", held, envir = globalenv()))
  set.seed(own)
  switch(control$method, boot = createResample(y, control$number), cv = createFolds(y, control$number, returnTrain = TRUE),
    repeatedcv = createMultiFolds(y, control$number, control$repeats), LGOCV = createDataPartition(y, control$number, control$p),
    LOOCV = setNames(lapply(seq_along(y), function(one) seq_along(y)[-one]), paste0("Fold", seq_along(y))),
    timeslice = createTimeSlices(y, control$initialWindow, control$horizon, control$fixedWindow, control$skip)$train, none = NULL)
}

train.default <- function(x, y, method = "rf", preProcess = NULL, ..., weights = NULL, metric = ifelse(is.factor(y), "Accuracy", "RMSE"), maximize = !(metric %in% c("RMSE", "logLoss", "MAE")),
                          trControl = trainControl(), tuneGrid = NULL, tuneLength = ifelse(trControl$method == "none", 1, 3)) {
  if (is.list(method)) stop("methods of one's own are not supported by train(); write the loop with createFolds()", call. = FALSE)
  if (is.character(y)) y <- factor(y)
  way <- .methods_of_train(method)
  kind <- if (is.factor(y)) "Classification" else "Regression"
  if (!(kind %in% way$kinds)) stop("wrong model type for ", tolower(kind), call. = FALSE)
  x <- if (is.matrix(x)) x else as.data.frame(x)
  if (is.null(colnames(x))) colnames(x) <- paste0("V", seq_len(ncol(x)))
  grid <- if (is.null(tuneGrid)) way$grid(x, y, tuneLength) else as.data.frame(tuneGrid)
  names(grid) <- sub("^\\.", "", names(grid))
  grid <- grid[do.call(order, unname(as.list(grid))), , drop = FALSE]
  row.names(grid) <- NULL
  unknown <- setdiff(names(way$grid(x, y, 1)), names(grid))
  if (length(unknown)) stop("The tuning parameter grid should have columns ", paste(unknown, collapse = ", "), call. = FALSE)
  fit_to <- function(rows, tuned) {
    used <- x[rows, , drop = FALSE]
    known <- y[rows]
    if (!is.null(trControl$sampling)) {
      even <- switch(trControl$sampling, up = upSample, down = downSample, stop("sampling should be \"up\" or \"down\"", call. = FALSE))(used, known, list = TRUE)
      used <- even$x
      known <- even$y
    }
    prepared <- if (!is.null(preProcess)) preProcess(as.data.frame(used), method = preProcess)
    if (!is.null(prepared)) used <- predict(prepared, as.data.frame(used))
    list(fit = way$fit(used, known, tuned, ...), prepared = prepared)
  }
  judge <- function(made, rows) {
    used <- x[rows, , drop = FALSE]
    if (!is.null(made$prepared)) used <- predict(made$prepared, as.data.frame(used))
    seen <- data.frame(pred = way$said(made$fit, used), obs = y[rows], rowIndex = rows)
    if (trControl$classProbs && is.factor(y)) seen <- cbind(seen, way$chances(made$fit, used))
    seen
  }
  preProcess_given <- preProcess
  samples <- .resampled_rows(trControl, y)
  # Every fit begins from a seed of its own, the last one too.
  seeds <- trControl$seeds
  if (length(samples) && length(seeds) == 1L && is.na(seeds)) seeds <- c(lapply(samples, function(one) sample.int(1000000L, nrow(grid))), list(sample.int(1000000L, 1L)))
  begin <- function(one, at) if (is.list(seeds)) set.seed(seeds[[one]][at])
  told <- resample <- kept <- NULL
  if (length(samples)) {
    parts <- lapply(seq_len(nrow(grid)), function(at) {
      tuned <- grid[at, , drop = FALSE]
      seen <- lapply(seq_along(samples), function(one) {
        rows <- samples[[one]]
        out <- if (!is.null(trControl$indexOut)) trControl$indexOut[[one]] else if (trControl$method == "timeslice") max(rows) + seq_len(trControl$horizon) else setdiff(seq_along(y), rows)
        if (trControl$verboseIter) message("+ ", names(samples)[one], ": ", paste(names(tuned), unlist(tuned), sep = "=", collapse = ", "))
        begin(one, at)
        judged <- judge(fit_to(rows, tuned), out)
        for (name in names(tuned)) judged[[name]] <- tuned[[name]]
        judged$Resample <- names(samples)[one]
        judged
      })
      if (trControl$method == "LOOCV") seen <- list(do.call(rbind, seen))
      figures <- t(vapply(seen, function(one) trControl$summaryFunction(one, lev = levels(y), model = method), trControl$summaryFunction(seen[[1L]], lev = levels(y), model = method)))
      list(tuned = tuned, seen = do.call(rbind, seen), figures = figures)
    })
    told <- do.call(rbind, lapply(parts, function(part) {
      spread <- if (trControl$method != "LOOCV") as.data.frame(t(apply(part$figures, 2L, sd, na.rm = TRUE)))
      if (!is.null(spread)) names(spread) <- paste0(names(spread), "SD")
      found <- cbind(part$tuned, as.data.frame(t(colMeans(part$figures, na.rm = TRUE))))
      if (is.null(spread)) found else cbind(found, spread)
    }))
    if (!(metric %in% names(told))) stop("Metric ", metric, " not in summaryFunction: ", paste(colnames(parts[[1L]]$figures), collapse = ", "), call. = FALSE)
    # Of equals the simplest is taken: more neighbours, more decay.
    simple <- if (is.numeric(told[[1L]])) order(-told[[1L]]) else seq_len(nrow(told))
    best <- simple[if (maximize) which.max(told[[metric]][simple]) else which.min(told[[metric]][simple])]
    kept <- if (trControl$returnResamp == "all") do.call(rbind, lapply(parts, `[[`, "seen"))
    resample <- cbind(as.data.frame(parts[[best]]$figures), Resample = if (trControl$method == "LOOCV") "All" else names(samples))
    predictions <- if (!identical(trControl$savePredictions, FALSE) && !identical(trControl$savePredictions, "none")) {
      if (identical(trControl$savePredictions, "final")) parts[[best]]$seen else do.call(rbind, lapply(parts, `[[`, "seen"))
    }
  } else {
    if (nrow(grid) > 1L) stop("Only one model should be specified in tuneGrid with no resampling", call. = FALSE)
    best <- 1L
    predictions <- NULL
  }
  begin(length(samples) + 1L, 1L)
  final <- fit_to(seq_along(y), grid[best, , drop = FALSE])
  structure(list(method = method, modelType = kind, results = told, pred = predictions, bestTune = grid[best, , drop = FALSE], call = match.call(), metric = metric, maximize = maximize,
                 control = c(trControl[setdiff(names(trControl), c("index", "seeds"))], list(index = samples, seeds = unname(seeds))), finalModel = final$fit, preProcess = final$prepared, asked = preProcess_given,
                 trainingData = if (trControl$returnData) .with_outcome(x, y), resample = resample, levels = levels(y), columns = colnames(x), way = way), class = "train")
}

predict.train <- function(object, newdata = NULL, type = "raw", na.action = na.omit, ...) {
  if (is.null(newdata)) x <- object$trainingData[setdiff(names(object$trainingData), ".outcome")]
  else if (!is.null(object$terms)) {
    frame <- model.frame(delete.response(object$terms), as.data.frame(newdata), na.action = na.action, xlev = object$xlevels)
    x <- model.matrix(delete.response(object$terms), frame)[, object$columns, drop = FALSE]
  } else x <- newdata
  if (!is.null(object$preProcess)) x <- predict(object$preProcess, as.data.frame(x))
  if (type == "raw") return(object$way$said(object$finalModel, x))
  if (type != "prob") stop("type must be either \"raw\" or \"prob\"", call. = FALSE)
  if (is.null(object$way$chances) || is.null(object$levels)) stop("only classification models that produce probabilities are allowed", call. = FALSE)
  as.data.frame(object$way$chances(object$finalModel, x))
}

.resampling_title <- function(control) {
  switch(control$method, boot = paste0("Bootstrapped (", control$number, " reps) "), cv = paste0("Cross-Validated (", control$number, " fold) "),
    repeatedcv = paste0("Cross-Validated (", control$number, " fold, repeated ", control$repeats, " times) "), LOOCV = "Leave-One-Out Cross-Validation ",
    LGOCV = paste0("Repeated Train/Test Splits Estimated (", control$number, " reps, ", round(control$p * 100), "%) "), timeslice = paste0("Rolling Forecasting Origin Resampling (", control$horizon, " held-out with a",
    if (control$fixedWindow) " fixed" else " growing", " window) "), none = "None ")
}

print.train <- function(x, digits = min(3, getOption("digits") - 3), ...) {
  .passed_over(digits)
  data <- x$trainingData
  counts <- c(nrow(data), if (is.null(x$terms)) ncol(data) - 1L else length(all.vars(delete.response(x$terms))))
  cat(x$way$label, "\n\n")
  if (!is.null(data)) {
    told <- format(counts)
    cat(told[1L], " samples\n", told[2L], " predictor\n", sep = "")
    if (!is.null(x$levels)) cat(format(length(x$levels), width = nchar(told[1L])), " classes: ", paste0("'", x$levels, "'", collapse = ", "), " \n", sep = "")
    cat("\n")
  }
  if (is.null(x$preProcess)) cat("No pre-processing\n")
  else cat("Pre-processing: ", paste0(sub("center", "centered", sub("scale", "scaled", x$asked)), " (", counts[2L], ")", collapse = ", "), " \n", sep = "")
  cat("Resampling: ", .resampling_title(x$control), "\n", sep = "")
  if (is.null(x$results)) return(invisible(x))
  sizes <- lengths(x$control$index)
  cat("Summary of sample sizes: ", paste(head(sizes, 6L), collapse = ", "), if (length(sizes) > 5L) ", ...", " \n", sep = "")
  tuned <- names(x$bestTune)
  several <- nrow(x$results) > 1L
  cat(if (several) "Resampling results across tuning parameters:\n\n" else "Resampling results:\n\n")
  shown <- x$results[c(if (several) tuned, setdiff(names(x$results)[!grepl("SD$", names(x$results))], tuned))]
  texts <- as.data.frame(lapply(shown, function(column) if (is.numeric(column)) format(column, digits = max(3, getOption("digits"))) else as.character(column)), optional = TRUE)
  cells <- as.matrix(texts)
  dimnames(cells) <- list(rep("", nrow(cells)), names(shown))
  rows <- rbind(names(shown), cells)
  rows <- apply(rows, 2L, format)
  cat(paste0("  ", apply(rows, 1L, paste, collapse = "  "), "\n"), sep = "")
  cat("\n")
  if (several) {
    cat(x$metric, " was used to select the optimal model using the ", if (x$maximize) "largest" else "smallest", " value.\n", sep = "")
    fixed <- paste0(tuned, " = ", unlist(x$bestTune))
    cat("The final value", if (length(tuned) > 1L) "s", " used for the model ", if (length(tuned) > 1L) "were " else "was ", paste(fixed, collapse = " and "), ".\n", sep = "")
  } else if (tuned[1L] != "parameter") cat("Tuning parameter '", tuned[1L], "' was held constant at a value of ", format(x$bestTune[[1L]]), "\n", sep = "")
  invisible(x)
}

summary.train <- function(object, ...) summary(object$finalModel, ...)

coef.train <- function(object, ...) coef(object$finalModel, ...)

residuals.train <- function(object, ...) object$trainingData$.outcome - predict(object)

fitted.train <- function(object, ...) predict(object)

plot.train <- function(x, metric = x$metric, ...) {
  tuned <- names(x$bestTune)[1L]
  if (nrow(x$results) < 2L) stop("There are no tuning parameters with more than 1 value.", call. = FALSE)
  plot(x$results[[tuned]], x$results[[metric]], type = "b", xlab = tuned, ylab = paste(metric, "(resampled)"), ...)
  invisible(x)
}

ggplot.train <- function(data, mapping = NULL, metric = data$metric, ...) {
  shown <- data.frame(at = data$results[[1L]], figure = data$results[[metric]])
  ggplot2::ggplot(shown, ggplot2::aes(at, figure)) + ggplot2::geom_point() + ggplot2::geom_line() + ggplot2::labs(x = names(data$bestTune)[1L], y = paste(metric, "(resampled)"))
}

varImp <- function(object, scale = TRUE, ...) {
  fit <- if (inherits(object, "train")) object$finalModel else object
  if (!inherits(fit, "lm")) stop("varImp() knows linear models and those of glm(); for others shuffle one column at a time and compare predictions", call. = FALSE)
  table <- coef(summary(fit))
  worth <- abs(table[rownames(table) != "(Intercept)", 3L])
  if (scale && inherits(object, "train")) worth <- 100 * (worth - min(worth)) / (max(worth) - min(worth))
  made <- data.frame(Overall = unname(worth), row.names = names(worth))
  if (!inherits(object, "train")) return(made)
  structure(list(importance = made, model = object$method, calledFrom = "varImp"), class = "varImp.train")
}

print.varImp.train <- function(x, top = 20, ...) {
  cat(x$model, " variable importance\n\n", sep = "")
  at <- head(order(-x$importance$Overall), top)
  print(x$importance[at, , drop = FALSE], digits = 4)
  invisible(x)
}

plot.varImp.train <- function(x, top = nrow(x$importance), ...) {
  at <- rev(head(order(-x$importance$Overall), top))
  barplot(x$importance$Overall[at], names.arg = row.names(x$importance)[at], horiz = TRUE, las = 1, xlab = "Importance", ...)
  invisible(x)
}

resamples <- function(x, modelNames = names(x), ...) {
  if (is.null(modelNames)) modelNames <- paste0("Model", seq_along(x))
  figures <- sort(setdiff(names(x[[1L]]$resample), "Resample"))
  values <- data.frame(Resample = x[[1L]]$resample$Resample)
  for (k in seq_along(x)) for (figure in figures) values[[paste(modelNames[k], figure, sep = "~")]] <- x[[k]]$resample[[figure]]
  structure(list(values = values, models = modelNames, metrics = figures), class = "resamples")
}

summary.resamples <- function(object, metric = object$metrics, ...) {
  of_models <- function(figure) {
    columns <- object$values[paste(object$models, figure, sep = "~")]
    made <- vapply(columns, function(column) c(summary(column)[1:6], `NA's` = sum(is.na(column))), numeric(7L))
    t(structure(made, dimnames = list(rownames(made), object$models)))
  }
  structure(list(values = object$values, call = match.call(), statistics = sapply(metric, of_models, simplify = FALSE), models = object$models,
                 metrics = object$metrics), class = "summary.resamples")
}

print.summary.resamples <- function(x, ...) {
  head <- c("", "Call:", deparse(x$call), "", sprintf("Models: %s ", paste(x$models, collapse = ", ")), sprintf("Number of resamples: %d ", nrow(x$values)), "")
  writeLines(head)
  shown <- function(figure, values) {
    cat(figure, "\n")
    print(values)
    cat("\n")
  }
  Map(shown, names(x$statistics), x$statistics)
  invisible(x)
}
