# Why a model says what it says of a row: a linear model of what it says of rows nearby.

model_type <- function(x, ...) UseMethod("model_type")

model_type.default <- function(x, ...) {
  stop("The class of model must have a model_type method. Write model_type.", class(x)[1L], " <- function(x, ...) \"classification\"", call. = FALSE)
}

model_type.lm <- function(x, ...) "regression"

model_type.glm <- function(x, ...) if (x$family$family == "binomial") "classification" else "regression"

model_type.lda <- function(x, ...) "classification"

model_type.train <- function(x, ...) tolower(x$modelType)

model_type.python.builtin.object <- function(x, ...) {
  last <- x$layers[[length(x$layers)]]
  if (last$get_config()$activation %in% c("softmax", "sigmoid")) "classification" else "regression"
}

predict_model <- function(x, newdata, type, ...) UseMethod("predict_model")

predict_model.default <- function(x, newdata, type, ...) {
  found <- predict(x, newdata = newdata, type = if (type == "raw") "response" else "prob", ...)
  if (type == "raw") data.frame(Response = found, stringsAsFactors = FALSE) else as.data.frame(found, check.names = FALSE)
}

predict_model.lm <- function(x, newdata, type, ...) data.frame(Response = unname(predict(x, newdata)))

predict_model.glm <- function(x, newdata, type, ...) {
  found <- unname(predict(x, newdata, type = "response"))
  if (model_type(x) == "regression") return(data.frame(Response = found))
  known <- levels(x$model[[1L]])
  setNames(data.frame(1 - found, found), if (is.null(known)) c("0", "1") else known)
}

predict_model.lda <- function(x, newdata, type, ...) as.data.frame(predict(x, newdata)$posterior, check.names = FALSE)

predict_model.train <- function(x, newdata, type, ...) {
  if (type == "raw") data.frame(Response = predict(x, newdata)) else predict(x, newdata, type = "prob")
}

predict_model.python.builtin.object <- function(x, newdata, type, ...) {
  found <- predict(x, as.matrix(newdata), verbose = 0)
  if (type == "raw") return(data.frame(Response = found[, 1L]))
  if (ncol(found) == 1L) found <- cbind(1 - found, found)
  setNames(as.data.frame(found), seq_len(ncol(found)))
}

as_classifier <- function(x, labels = NULL) structure(list(model = x, labels = labels, type = "classification"), class = "lime_model")

as_regressor <- function(x) structure(list(model = x, labels = NULL, type = "regression"), class = "lime_model")

model_type.lime_model <- function(x, ...) x$type

predict_model.lime_model <- function(x, newdata, type, ...) {
  found <- predict_model(x$model, newdata, type, ...)
  if (is.null(x$labels)) found else setNames(found, x$labels)
}

lime <- function(x, model, preprocess = NULL, bin_continuous = TRUE, n_bins = 4, quantile_bins = TRUE, use_density = TRUE, ...) {
  if (is.matrix(x) || is.data.frame(x)) x <- as.data.frame(x)
  else stop("lime() explains rows of tables here; pictures and texts are not explained", call. = FALSE)
  kinds <- vapply(x, function(column) if (is.numeric(column)) if (length(unique(column)) == 1L) "constant" else "numeric" else "factor", "")
  cuts <- lapply(names(x), function(name) {
    if (kinds[[name]] != "numeric" || !bin_continuous) return(NULL)
    column <- x[[name]]
    ends <- if (quantile_bins) quantile(column, seq(0, 1, length.out = n_bins + 1), na.rm = TRUE) else seq(min(column, na.rm = TRUE), max(column, na.rm = TRUE), length.out = n_bins + 1)
    if (length(unique(ends)) < 3L) NULL else unname(unique(ends))
  })
  names(cuts) <- names(x)
  structure(list(data = x, kinds = kinds, cuts = cuts, model = model, preprocess = if (is.null(preprocess)) identity else preprocess, bin_continuous = bin_continuous, use_density = use_density),
            class = c("data_frame_explainer", "explainer", "list"))
}

print.explainer <- function(x, ...) {
  cat("An explainer of ", length(x$kinds), " features\n", sep = "")
  invisible(x)
}

.bin_of <- function(values, ends) findInterval(values, ends, rightmost.closed = TRUE, all.inside = TRUE)

# Rows near one: each column is drawn as it is spread among the known rows.
.rows_near <- function(explainer, row, count) {
  drawn <- lapply(names(explainer$kinds), function(name) {
    column <- explainer$data[[name]]
    ends <- explainer$cuts[[name]]
    if (explainer$kinds[[name]] == "constant") rep(row[[name]], count)
    else if (explainer$kinds[[name]] == "factor") sample(column, count, replace = TRUE)
    else if (!is.null(ends)) {
      at <- sample(.bin_of(column, ends), count, replace = TRUE)
      runif(count, ends[at], ends[at + 1L])
    } else if (explainer$use_density) {
      spread <- density(column, na.rm = TRUE)
      sample(spread$x, count, replace = TRUE, prob = spread$y) + rnorm(count, 0, spread$bw)
    } else rnorm(count, mean(column, na.rm = TRUE), sd(column, na.rm = TRUE))
  })
  made <- setNames(as.data.frame(drawn, stringsAsFactors = FALSE), names(explainer$kinds))
  made[1L, ] <- row
  made
}

# What the linear model sees: whether a row shares the bin or the class, or the number itself.
.seen_as <- function(explainer, rows, row) {
  vapply(names(explainer$kinds), function(name) {
    ends <- explainer$cuts[[name]]
    if (explainer$kinds[[name]] == "factor") as.numeric(rows[[name]] == row[[name]])
    else if (!is.null(ends)) as.numeric(.bin_of(rows[[name]], ends) == .bin_of(row[[name]], ends))
    else as.numeric(rows[[name]])
  }, numeric(nrow(rows)))
}

# Gower's distance: the mean over the columns of differences as shares of the range.
.far_from <- function(explainer, rows, row) {
  rowMeans(vapply(names(explainer$kinds), function(name) {
    if (explainer$kinds[[name]] == "factor") return(as.numeric(rows[[name]] != row[[name]]))
    wide <- diff(range(rows[[name]]))
    if (wide == 0) numeric(nrow(rows)) else abs(rows[[name]] - row[[name]]) / wide
  }, numeric(nrow(rows))))
}

.ridge <- function(x, y, weights, lambda = 0.001) {
  total <- sum(weights)
  middle <- colSums(x * weights) / total
  centred <- sweep(x, 2L, middle)
  level <- sum(y * weights) / total
  slopes <- solve(crossprod(centred * weights, centred) + diag(lambda * total, ncol(x)), crossprod(centred * weights, y - level))
  slopes <- setNames(as.vector(slopes), colnames(x))
  fitted <- level + as.vector(centred %*% slopes)
  list(slopes = slopes, intercept = level - sum(middle * slopes), fitted = fitted,
       share = 1 - sum(weights * (y - fitted)^2) / sum(weights * (y - level)^2))
}

.chosen_features <- function(x, y, weights, count, how) {
  if (count >= ncol(x) || how == "none") return(seq_len(ncol(x)))
  if (how == "auto") how <- if (count <= 6) "forward_selection" else "highest_weights"
  if (how == "highest_weights") {
    size <- apply(x, 2L, sd)
    return(order(-abs(.ridge(x, y, weights)$slopes * size))[seq_len(count)])
  }
  if (how != "forward_selection") stop("feature_select should be auto, none, forward_selection or highest_weights", call. = FALSE)
  chosen <- integer()
  for (turn in seq_len(count)) {
    left <- setdiff(seq_len(ncol(x)), chosen)
    worth <- vapply(left, function(one) .ridge(x[, c(chosen, one), drop = FALSE], y, weights)$share, 0)
    chosen <- c(chosen, left[which.max(worth)])
  }
  chosen
}

.feature_said <- function(explainer, row, name) {
  ends <- explainer$cuts[[name]]
  value <- row[[name]]
  if (explainer$kinds[[name]] == "factor") return(paste(name, "=", as.character(value)))
  if (is.null(ends)) return(name)
  shown <- format(ends, digits = 3, trim = TRUE)
  at <- .bin_of(value, ends)
  if (at == 1L) paste(name, "<=", shown[2L]) else if (at == length(ends) - 1L) paste(shown[at], "<", name) else paste(shown[at], "<", name, "<=", shown[at + 1L])
}

explain.data.frame <- function(x, explainer, ...) {
  # Without an explainer it is dplyr's, which shows what it is given.
  if (missing(explainer)) return(explain.default(x))
  if (!inherits(explainer, "explainer")) stop("explain() needs the explainer that lime() makes", call. = FALSE)
  .explain_rows(as.data.frame(x), explainer, ...)
}

explain.matrix <- function(x, explainer, ...) explain.data.frame(as.data.frame(x), explainer, ...)

.explain_rows <- function(x, explainer, labels = NULL, n_labels = NULL, n_features, n_permutations = 5000, feature_select = "auto", dist_fun = "gower", kernel_width = NULL, gower_pow = 1, single_explanation = FALSE, ...) {
  kind <- model_type(explainer$model)
  if (kind == "classification" && is.null(labels) && is.null(n_labels)) stop("Either labels or n_labels must be specified", call. = FALSE)
  if (dist_fun != "gower") stop("distances are Gower's here: dist_fun = \"gower\"", call. = FALSE)
  rows_of <- function(number) {
    row <- x[number, names(explainer$kinds), drop = FALSE]
    near <- .rows_near(explainer, row, n_permutations)
    said <- as.data.frame(predict_model(explainer$model, explainer$preprocess(near), type = if (kind == "regression") "raw" else "prob", ...), check.names = FALSE)
    far <- .far_from(explainer, near, row)
    weights <- if (is.null(kernel_width)) 1 - far^gower_pow else exp(-far^2 / kernel_width^2)
    seen <- .seen_as(explainer, near, row)
    seen <- seen[, apply(seen, 2L, function(column) length(unique(column)) > 1L), drop = FALSE]
    told <- if (kind == "regression") names(said)[1L] else if (is.null(labels)) names(said)[order(-unlist(said[1L, ]))[seq_len(min(n_labels, ncol(said)))]] else intersect(labels, names(said))
    do.call(rbind, lapply(told, function(label) {
      y <- said[[label]]
      chosen <- .chosen_features(seen, y, weights, n_features, feature_select)
      fit <- .ridge(seen[, chosen, drop = FALSE], y, weights)
      names <- colnames(seen)[chosen]
      made <- data.frame(model_type = kind, case = row.names(x)[number], stringsAsFactors = FALSE)
      if (kind == "classification") {
        made$label <- label
        made$label_prob <- y[1L]
      }
      made <- cbind(made, model_r2 = fit$share, model_intercept = fit$intercept, model_prediction = fit$fitted[1L], feature = names, feature_value = vapply(names, function(name) as.numeric(row[[name]]), 0),
                    feature_weight = unname(fit$slopes), feature_desc = vapply(names, function(name) .feature_said(explainer, row, name), ""), stringsAsFactors = FALSE)
      row.names(made) <- NULL
      made$data <- rep(list(as.list(row)), nrow(made))
      made$prediction <- rep(list(if (kind == "regression") y[1L] else as.list(said[1L, , drop = FALSE])), nrow(made))
      made
    }))
  }
  tibble::as_tibble(do.call(rbind, lapply(seq_len(nrow(x)), rows_of)))
}

plot_features <- function(explanation, ncol = 2, cases = NULL) {
  if (!is.null(cases)) explanation <- explanation[explanation$case %in% cases, ]
  shown <- as.data.frame(explanation)[c("case", intersect("label", names(explanation)), "feature_desc", "feature_weight", "model_r2")]
  shown$title <- paste0("Case: ", shown$case, if (!is.null(shown$label)) paste0("\nLabel: ", shown$label), "\nExplanation Fit: ", format(shown$model_r2, digits = 2))
  shown$type <- factor(ifelse(shown$feature_weight >= 0, "Supports", "Contradicts"), c("Supports", "Contradicts"))
  ggplot2::ggplot(shown, ggplot2::aes(x = stats::reorder(feature_desc, abs(feature_weight)), y = feature_weight, fill = type)) + ggplot2::geom_col() + ggplot2::coord_flip() +
    ggplot2::facet_wrap(~title, scales = "free_y", ncol = ncol) + ggplot2::labs(x = "Feature", y = "Weight", fill = "")
}

plot_explanations <- function(explanation, ...) {
  shown <- as.data.frame(explanation)[c("case", intersect("label", names(explanation)), "feature_desc", "feature_weight")]
  made <- ggplot2::ggplot(shown, ggplot2::aes(x = case, y = feature_desc, fill = feature_weight)) + ggplot2::geom_tile() + ggplot2::labs(x = "Case", y = "Feature", fill = "Feature\nweight")
  if (is.null(shown$label)) made else made + ggplot2::facet_wrap(~label)
}
