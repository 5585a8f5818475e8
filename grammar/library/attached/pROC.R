# pROC beyond the curve itself: its points, its uncertainty, several classes.

coords <- function(roc, x, input = "threshold", ret = c("threshold", "specificity", "sensitivity"), best.method = "youden", transpose = FALSE, ...) {
  if (!inherits(roc, "roc")) stop("coords() takes what roc() made", call. = FALSE)
  if (!identical(input, "threshold")) stop("coords() finds points by their threshold; write x = \"all\" and choose among the rows", call. = FALSE)
  if (missing(x)) x <- "all"
  rows <- if (identical(x, "all")) seq_along(roc$thresholds) else if (identical(x, "best")) {
    merit <- switch(match.arg(best.method, c("youden", "closest.topleft")), youden = roc$sensitivities + roc$specificities,
                    closest.topleft = -((1 - roc$sensitivities)^2 + (1 - roc$specificities)^2))
    which(merit > max(merit) - 1e-12)
  } else if (is.numeric(x)) NULL else stop("x is \"best\", \"all\" or thresholds", call. = FALSE)
  above <- function(scores, cut) vapply(cut, function(one) sum(if (roc$direction == "<") scores >= one else scores <= one), 0)
  cut <- if (is.null(rows)) x else roc$thresholds[rows]
  tp <- above(roc$cases, cut)
  fp <- above(roc$controls, cut)
  fn <- length(roc$cases) - tp
  tn <- length(roc$controls) - fp
  every <- list(threshold = cut, specificity = tn / (tn + fp), sensitivity = tp / (tp + fn), accuracy = (tp + tn) / (tp + tn + fp + fn), tn = tn, tp = tp, fn = fn, fp = fp,
                npv = tn / (tn + fn), ppv = tp / (tp + fp), precision = tp / (tp + fp), recall = tp / (tp + fn), tpr = tp / (tp + fn), fpr = fp / (tn + fp),
                tnr = tn / (tn + fp), fnr = fn / (tp + fn), `1-specificity` = fp / (tn + fp), `1-sensitivity` = fn / (tp + fn), youden = tp / (tp + fn) + tn / (tn + fp))
  if (identical(ret, "all")) ret <- names(every)
  strange <- setdiff(ret, names(every))
  if (length(strange)) stop("coords() does not know '", strange[1L], "'; it knows ", paste(names(every), collapse = ", "), call. = FALSE)
  made <- as.data.frame(every[ret], optional = TRUE)
  if (is.numeric(x) && length(x) == 1L && !("threshold" %in% ret)) row.names(made) <- "threshold"
  if (transpose) drop(t(as.matrix(made))) else made
}

# DeLong's variance: how much the place of each case among the controls differs, and of each control among the cases.
ci.auc <- function(roc, predictor = NULL, conf.level = 0.95, ...) {
  if (!inherits(roc, "roc")) roc <- pROC::roc(roc, predictor, ...)
  side <- if (roc$direction == "<") 1 else -1
  beats <- outer(side * roc$cases, side * roc$controls, function(a, b) (a > b) + (a == b) / 2)
  area <- mean(beats)
  spread <- sqrt(var(rowMeans(beats)) / nrow(beats) + var(colMeans(beats)) / ncol(beats))
  ends <- area + c(-1, 1) * qnorm(1 - (1 - conf.level) / 2) * spread
  structure(c(max(ends[1L], 0), area, min(ends[2L], 1)), conf.level = conf.level, class = c("ci.auc", "ci", "numeric"))
}

ci <- function(roc, predictor = NULL, conf.level = 0.95, of = "auc", ...) {
  if (!identical(of, "auc")) stop("ci() knows the interval of the area: of = \"auc\"", call. = FALSE)
  ci.auc(roc, predictor, conf.level, ...)
}

print.ci.auc <- function(x, digits = 4, ...) {
  shown <- signif(as.numeric(unclass(x)), digits)
  cat(100 * attr(x, "conf.level"), "% CI: ", shown[1L], "-", shown[3L], " (DeLong)\n", sep = "")
  invisible(x)
}

ggroc <- function(data, legacy.axes = FALSE, ...) {
  curves <- if (inherits(data, "roc")) list(data) else data
  if (is.null(names(curves))) names(curves) <- seq_along(curves)
  points <- do.call(rbind, lapply(names(curves), function(name) {
    one <- curves[[name]]
    rows <- rev(seq_along(one$thresholds))
    data.frame(specificity = one$specificities[rows], sensitivity = one$sensitivities[rows], name = name, stringsAsFactors = FALSE)
  }))
  mapping <- if (legacy.axes) aes(x = 1 - specificity, y = sensitivity) else aes(x = specificity, y = sensitivity)
  if (!inherits(data, "roc")) mapping$colour <- quote(name)
  drawn <- ggplot(points, mapping) + geom_line(...)
  if (legacy.axes) drawn else drawn + scale_x_reverse()
}

multiclass.roc <- function(response, predictor, levels = base::levels(as.factor(response)), direction = "auto", quiet = FALSE, ...) {
  given <- match.call()
  given[[1L]] <- quote(multiclass.roc.default)
  told <- quiet || (!missing(levels) && direction != "auto")
  if (length(levels) < 3L) stop("'response' must have at least three levels here; use roc() for two", call. = FALSE)
  if (is.matrix(predictor) || is.data.frame(predictor)) {
    absent <- setdiff(levels, colnames(predictor))
    if (length(absent)) stop("The columns of 'predictor' have to be named as the classes; there is none for ", paste(absent, collapse = ", "), call. = FALSE)
    area <- .area_of_pairs(factor(response, levels), lapply(levels, function(one) predictor[, one]))
    rocs <- NULL
  } else {
    rocs <- lapply(combn(seq_along(levels), 2L, simplify = FALSE), function(pair) {
      rows <- response %in% levels[pair]
      roc(factor(as.character(response[rows]), levels[pair]), as.numeric(predictor)[rows], levels = levels[pair], direction = direction, quiet = told)
    })
    area <- mean(vapply(rocs, function(one) as.numeric(one$auc), 0))
  }
  structure(list(response = response, predictor = predictor, percent = FALSE, levels = levels, rocs = rocs, auc = structure(area, class = c("multiclass.auc", "numeric")),
                 call = given), class = "multiclass.roc")
}

print.multiclass.auc <- function(x, ...) {
  cat("Multi-class area under the curve: ", format(round(as.numeric(unclass(x)), 4)), "\n", sep = "")
  invisible(x)
}

print.multiclass.roc <- function(x, ...) {
  many <- if (length(dim(x$predictor)) == 2L) "multivariate predictor " else ""
  levels <- paste(x$levels, collapse = ", ")
  cat("\nCall:\n", paste(deparse(x$call), collapse = ""), "\n\n", sep = "")
  cat(sprintf("Data: %s%s with %d levels of %s: %s.\n", many, deparse1(x$call$predictor), length(x$levels), deparse1(x$call$response), levels))
  print(x$auc)
  invisible(x)
}

auc <- function(roc, predictor, ...) {
  if (inherits(roc, "roc")) return(roc$auc)
  pROC::roc(roc, predictor, ...)$auc
}
