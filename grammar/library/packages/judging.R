# Predictions judged: yardstick's and Metrics' measures of errors, ROCR's and pROC's curves.

# A measure of numbers: of two columns of a data frame as yardstick has it, of two vectors as Metrics has it.
.numeric_measure <- function(name, work) {
  force(name)
  force(work)
  function(data, truth, estimate, na_rm = TRUE, ...) {
    if (is.numeric(data) || is.factor(data) || is.logical(data) || is.character(data)) return(work(data, truth))
    found <- .judged(data, substitute(truth), substitute(estimate), na_rm)
    .measured(name, work(found$truth, found$estimate), "standard")
  }
}

rmse <- .numeric_measure("rmse", function(truth, estimate) sqrt(mean((truth - estimate)^2)))

mse <- .numeric_measure("mse", function(truth, estimate) mean((truth - estimate)^2))

mae <- .numeric_measure("mae", function(truth, estimate) mean(abs(truth - estimate)))

# yardstick counts it in hundredths, Metrics as a share.
mape <- function(data, truth, estimate, na_rm = TRUE, ...) {
  if (is.numeric(data)) return(mean(abs((data - truth) / data)))
  found <- .judged(data, substitute(truth), substitute(estimate), na_rm)
  .measured("mape", 100 * mean(abs((found$truth - found$estimate) / found$truth)), "standard")
}

rsq <- .numeric_measure("rsq", function(truth, estimate) cor(truth, estimate)^2)

huber_loss <- .numeric_measure("huber_loss", function(truth, estimate) {
  error <- abs(truth - estimate)
  mean(ifelse(error <= 1, error^2 / 2, error - 0.5))
})

rmsle <- function(actual, predicted) sqrt(mean((log1p(actual) - log1p(predicted))^2))

msle <- function(actual, predicted) mean((log1p(actual) - log1p(predicted))^2)

smape <- function(actual, predicted) mean(2 * abs(actual - predicted) / (abs(actual) + abs(predicted)))

sse <- function(actual, predicted) sum((actual - predicted)^2)

bias <- function(actual, predicted) mean(actual - predicted)

ce <- function(actual, predicted) mean(actual != predicted)

logLoss <- function(actual, predicted) mean(-(actual * log(predicted) + (1 - actual) * log(1 - predicted)))

rmse_vec <- function(truth, estimate, ...) sqrt(mean((truth - estimate)^2))

mae_vec <- function(truth, estimate, ...) mean(abs(truth - estimate))

accuracy_vec <- function(truth, estimate, ...) mean(as.character(truth) == as.character(estimate))

kap <- function(data, truth, estimate, ...) {
  counts <- do.call(table, unname(.judged(data, substitute(truth), substitute(estimate))))
  chance <- sum(rowSums(counts) * colSums(counts)) / sum(counts)^2
  .measured("kap", (sum(diag(counts)) / sum(counts) - chance) / (1 - chance), if (nrow(counts) > 2) "multiclass" else "binary")
}

# Curves

# Counts of the positive and the negative that lie above each score, from the highest score down.
.steps_of <- function(positive, score) {
  order <- order(score, decreasing = TRUE)
  last <- !duplicated(score[order], fromLast = TRUE)
  list(cut = c(Inf, score[order][last]), tp = c(0, cumsum(positive[order])[last]), fp = c(0, cumsum(!positive[order])[last]))
}

# A curve's points: a tibble whose class says how autoplot() draws it.
.curve <- function(class, points) {
  points <- as_tibble(points)
  structure(points, class = c(class, class(points)))
}

roc_curve <- function(data, truth, ..., event_level = "first") {
  truth <- factor(eval(dp_unquote(substitute(truth), parent.frame()), data, parent.frame()))
  score <- eval(dp_unquote(substitute(list(...))[[2]], parent.frame()), data, parent.frame())
  steps <- .steps_of(truth == levels(truth)[if (event_level == "first") 1 else 2], score)
  rows <- rev(seq_along(steps$cut))
  .curve("roc_df", data.frame(.threshold = c(-Inf, steps$cut[rows]), specificity = c(0, 1 - steps$fp[rows] / max(steps$fp)), sensitivity = c(1, steps$tp[rows] / max(steps$tp))))
}

prediction <- function(predictions, labels, label.ordering = NULL) {
  classes <- if (is.null(label.ordering)) sort(unique(labels)) else label.ordering
  if (is.factor(labels)) classes <- levels(droplevels(labels))
  if (length(classes) != 2) stop("Number of classes is not equal to 2.\nROCR currently supports only evaluation of binary classification tasks.")
  if (length(predictions) != length(labels)) stop("Number of predictions in each run must be equal to the number of labels for each run.")
  positive <- labels == classes[2]
  steps <- .steps_of(positive, as.numeric(predictions))
  structure(list(), predictions = list(predictions), labels = list(labels), cutoffs = list(steps$cut), tp = list(steps$tp), fp = list(steps$fp),
            n.pos = list(sum(positive)), n.neg = list(sum(!positive)), class = structure("prediction", package = "ROCR"))
}

.rocr_measure <- function(name, p) {
  tp <- attr(p, "tp")[[1]]
  fp <- attr(p, "fp")[[1]]
  pos <- attr(p, "n.pos")[[1]]
  neg <- attr(p, "n.neg")[[1]]
  switch(name,
    tpr = , rec = , sens = tp / pos, fpr = , fall = fp / neg, tnr = , spec = 1 - fp / neg, fnr = , miss = 1 - tp / pos,
    prec = , ppv = tp / (tp + fp), npv = (neg - fp) / (neg - fp + pos - tp), acc = (tp + neg - fp) / (pos + neg), err = (fp + pos - tp) / (pos + neg),
    f = 2 * tp / (2 * tp + fp + pos - tp), rpp = (tp + fp) / (pos + neg), cutoff = attr(p, "cutoffs")[[1]],
    auc = sum(diff(fp / neg) * (head(tp, -1) + tail(tp, -1)) / (2 * pos)),
    stop("Wrong measure argument given. Please choose a measure listed in the 'Details' section.", call. = FALSE))
}

.rocr_titles <- c(tpr = "True positive rate", rec = "Recall", sens = "Sensitivity", fpr = "False positive rate", fall = "Fallout", tnr = "True negative rate",
                  spec = "Specificity", fnr = "False negative rate", miss = "Miss", prec = "Precision", ppv = "Positive predictive value",
                  npv = "Negative predictive value", acc = "Accuracy", err = "Error Rate", f = "Precision-Recall F measure",
                  rpp = "Rate of positive predictions", cutoff = "Cutoff", auc = "Area under the ROC curve")

performance <- function(prediction.obj, measure, x.measure = "cutoff", ...) {
  values <- .rocr_measure(measure, prediction.obj)
  along <- if (measure == "auc") list() else list(.rocr_measure(x.measure, prediction.obj))
  structure(list(), x.name = if (measure == "auc") "None" else .rocr_titles[[x.measure]], y.name = .rocr_titles[[measure]],
            alpha.name = if (measure == "auc" || x.measure == "cutoff") "none" else "Cutoff", x.values = along, y.values = list(values),
            alpha.values = if (measure == "auc") list() else list(attr(prediction.obj, "cutoffs")[[1]]), class = structure("performance", package = "ROCR"))
}

plot.performance <- function(x, y, ..., add = FALSE, colorize = FALSE, xlab = attr(x, "x.name"), ylab = attr(x, "y.name"), type = "l") {
  .passed_over(colorize)
  across <- attr(x, "x.values")[[1]]
  up <- attr(x, "y.values")[[1]]
  seen <- is.finite(across) & is.finite(up)
  if (add) lines(across[seen], up[seen], type = type, ...)
  else plot(across[seen], up[seen], type = type, xlab = xlab, ylab = ylab, ...)
  invisible(x)
}

# The call as the method that takes the arguments has it, and what its line about the data calls the two.
.roc_said <- function(call, kind, response, predictor) {
  places <- switch(kind, default = c("response", "predictor"), formula = c("formula", "data"), data.frame = c("data", "response", "predictor"))
  held <- names(call)
  if (is.null(held)) held <- rep("", length(call))
  bare <- which(!nzchar(held))[-1L]
  held[bare] <- setdiff(places, held)[seq_along(bare)]
  names(call) <- held
  call[[1L]] <- as.name(paste0("roc.", kind))
  list(call = call, response = deparse1(response), predictor = deparse1(predictor))
}

roc <- function(response, predictor, levels = NULL, direction = "auto", quiet = FALSE, plot = FALSE, data = NULL, percent = FALSE, ci = FALSE, ...) {
  .unsupported(ci, "call ci(roc) on what it gives")
  said <- sys.call()
  if (inherits(response, "formula")) {
    # The second place is the data's: roc(y ~ score, table).
    table <- if (!is.null(data)) data else if (missing(predictor)) environment(response) else predictor
    if (length(all.vars(response[[3]])) > 1L) stop("roc() takes one predictor: y ~ score", call. = FALSE)
    tree <- response
    said <- .roc_said(said, "formula", tree[[2]], tree[[3]])
    predictor <- eval(tree[[3]], table, environment(tree))
    response <- eval(tree[[2]], table, environment(tree))
  } else if (is.data.frame(response)) {
    # roc(table, y, score): the columns are named, as text or bare.
    table <- response
    env <- parent.frame()
    column <- function(tree) if (is.character(tree)) table[[tree]] else eval(tree, table, env)
    said <- .roc_said(said, "data.frame", substitute(predictor), substitute(levels))
    response <- column(substitute(predictor))
    predictor <- column(substitute(levels))
    levels <- NULL
  } else said <- .roc_said(said, "default", substitute(response), substitute(predictor))
  predictor <- as.numeric(predictor)
  classes <- if (is.null(levels)) base::levels(factor(response)) else levels
  if (length(classes) != 2) stop("'response' must have two levels")
  control <- predictor[response == classes[1]]
  case <- predictor[response == classes[2]]
  if (direction == "auto") direction <- if (median(control) <= median(case)) "<" else ">"
  if (!quiet) message("Setting levels: control = ", classes[1], ", case = ", classes[2])
  if (!quiet) message("Setting direction: controls ", direction, " cases")
  score <- if (direction == "<") c(control, case) else -c(control, case)
  steps <- .steps_of(rep(c(FALSE, TRUE), c(length(control), length(case))), score)
  rows <- rev(seq_along(steps$cut))
  sensitivities <- steps$tp[rows] / length(case)
  # A threshold lies between two scores that occur.
  met <- steps$cut[rows]
  met <- met[-length(met)]
  thresholds <- c(-Inf, (met[-1L] + met[-length(met)]) / 2, Inf) * (if (direction == "<") 1 else -1)
  specificities <- 1 - steps$fp[rows] / length(control)
  area <- area_under_curve(rep(c(FALSE, TRUE), c(length(control), length(case))), score)
  scale <- if (percent) 100 else 1
  made <- structure(list(percent = percent, sensitivities = sensitivities * scale, specificities = specificities * scale, thresholds = thresholds, direction = direction,
                         cases = case, controls = control, auc = structure(area * scale, percent = percent, class = c("auc", "numeric")), call = said$call,
                         predictor.name = said$predictor, response.name = said$response, predictor = predictor, response = response, levels = classes), class = "roc")
  if (plot) plot(made, ...)
  made
}

print.auc <- function(x, ...) {
  cat("Area under the curve: ", format(as.numeric(unclass(x)), digits = 4), if (isTRUE(attr(x, "percent"))) "%", "\n", sep = "")
  invisible(x)
}

print.roc <- function(x, ...) {
  cat("\nCall:\n", deparse(x$call), "\n\n", sep = "")
  cat("Data: ", x$predictor.name, " in ", length(x$controls), " controls (", x$response.name, " ", x$levels[1L], ") ", x$direction, " ", length(x$cases), " cases (", x$response.name, " ",
      x$levels[2L], ").\n", sep = "")
  print(x$auc)
  invisible(x)
}

plot.roc <- function(x, predictor = NULL, xlim = c(1, 0), ylim = c(0, 1), xlab = "Specificity", ylab = "Sensitivity", type = "l", lwd = 2, print.auc = FALSE, ...) {
  if (!inherits(x, "roc")) x <- roc(x, predictor)
  plot.default(x$specificities, x$sensitivities, xlim = xlim, ylim = ylim, xlab = xlab, ylab = ylab, type = type, lwd = lwd, ...)
  abline(1, -1, col = "darkgrey")
  if (print.auc) text(0.5, 0.5, paste("AUC:", format(round(as.numeric(unclass(x$auc)), 3))))
  invisible(x)
}
