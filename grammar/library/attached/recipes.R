# Further steps of recipes.

step_inverse <- .recipe_step("Inverse transformation on", .recipe_nothing, .recipe_each(function(x, state, s) 1 / (x + s$offset)))

step_logit <- .recipe_step("Logit transformation on", .recipe_nothing, .recipe_each(function(x, state, s) log(x / (1 - x))))

step_invlogit <- .recipe_step("Inverse logit on", .recipe_nothing, .recipe_each(function(x, state, s) 1 / (1 + exp(-x))))

step_relu <- .recipe_step("Adding relu transform for", .recipe_nothing, function(data, columns, state, settings) {
  for (name in columns) data[[paste0("right_relu_", name)]] <- pmax(data[[name]], 0)
  data
})

step_hyperbolic <- .recipe_step("Hyperbolic transformation on", .recipe_nothing, .recipe_each(function(x, state, s) sinh(x)))

step_BoxCox <- .recipe_step("Box-Cox transformation on",
  .recipe_learned(function(x, s) {
    x <- x[!is.na(x)]
    if (any(x <= 0)) return(NA_real_)
    moved <- function(l) if (abs(l) < 1e-3) log(x) else (x^l - 1) / l
    optimize(function(l) -length(x) / 2 * log(mean((moved(l) - mean(moved(l)))^2)) + (l - 1) * sum(log(x)), c(-5, 5), maximum = TRUE)$maximum
  }), .recipe_each(function(x, l, s) if (is.na(l)) x else if (abs(l) < 1e-3) log(x) else (x^l - 1) / l))

step_medianimpute <- function(recipe, ...) step_impute_median(recipe, ...)

step_modeimpute <- function(recipe, ...) step_impute_mode(recipe, ...)

step_impute_lower <- .recipe_step("Lower bound imputation for", .recipe_learned(function(x, s) min(x, na.rm = TRUE)),
  .recipe_each(function(x, low, s) ifelse(is.na(x), runif(length(x)) * low, x)))

# Gaps are filled from the five rows that lie nearest by the other numeric columns.
step_impute_knn <- .recipe_step("K-nearest neighbor imputation for",
  function(data, columns, settings) data,
  function(data, columns, state, settings) {
    numeric <- names(state)[vapply(state, is.numeric, NA)]
    for (name in columns) {
      gaps <- which(is.na(data[[name]]))
      if (!length(gaps)) next
      by <- setdiff(intersect(numeric, names(data)), name)
      widths <- vapply(state[by], function(x) max(diff(range(x, na.rm = TRUE)), 1e-12), 0)
      known <- which(!is.na(state[[name]]))
      for (row in gaps) {
        apart <- Reduce(`+`, Map(function(column, width) {
          one <- abs(state[[column]][known] - data[[column]][row]) / width
          ifelse(is.na(one), 1, one)
        }, by, widths), numeric(length(known)))
        near <- state[[name]][known[order(apart)[seq_len(min(5L, length(known)))]]]
        data[[name]][row] <- if (is.numeric(near)) mean(near) else names(which.max(table(near)))
      }
    }
    data
  })

step_knnimpute <- function(recipe, ...) step_impute_knn(recipe, ...)

step_indicate_na <- .recipe_step("Creating missing data variable indicators for", .recipe_nothing, function(data, columns, state, settings) {
  for (name in columns) data[[paste0("na_ind_", name)]] <- as.integer(is.na(data[[name]]))
  data
})

step_poly <- function(recipe, ..., degree = 2, role = "predictor", id = NULL) {
  learn <- function(data, columns, settings) setNames(lapply(columns, function(name) poly(data[[name]], degree)), columns)
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      made <- predict(state[[name]], data[[name]])
      data[[name]] <- NULL
      for (k in seq_len(degree)) data[[paste0(name, "_poly_", k)]] <- made[, k]
    }
    data
  }
  recipe$steps <- c(recipe$steps, list(list(title = "Orthogonal polynomials on", quoted = eval(substitute(alist(...))), settings = list(), learn = learn, apply = run)))
  recipe
}

step_interact <- function(recipe, terms, role = "predictor", sep = "_x_", id = NULL, ...) {
  tree <- substitute(terms)
  tree <- tree[[length(tree)]]
  pairs <- function(expr) if (is.call(expr) && as.character(expr[[1L]]) %in% c(":", "*")) list(expr[[2L]], expr[[3L]]) else NULL
  every <- list()
  walk <- function(expr) if (is.call(expr) && identical(expr[[1L]], quote(`+`))) { walk(expr[[2L]]); walk(expr[[3L]]) } else if (!is.null(pairs(expr))) every[[length(every) + 1L]] <<- pairs(expr)
  walk(tree)
  learn <- function(data, columns, settings) lapply(every, function(pair) lapply(pair, function(one) recipe_columns(list(one), data, character())))
  run <- function(data, columns, state, settings) {
    for (pair in state) for (left in pair[[1L]]) for (right in pair[[2L]]) data[[paste0(left, sep, right)]] <- as.numeric(data[[left]]) * as.numeric(data[[right]])
    data
  }
  recipe$steps <- c(recipe$steps, list(list(title = "Interactions with", quoted = lapply(unlist(every), function(one) one), settings = list(), learn = learn, apply = run)))
  recipe
}

step_date <- function(recipe, ..., features = c("dow", "month", "year"), abbr = TRUE, label = TRUE, keep_original_cols = TRUE, id = NULL) {
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      date <- as.Date(data[[name]])
      clock <- as.POSIXlt(date)
      days <- c("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
      months <- month.name
      short <- function(words) if (abbr) substr(words, 1L, 3L) else words
      for (feature in features) data[[paste0(name, "_", feature)]] <- switch(feature,
        dow = if (label) factor(short(days)[clock$wday + 1L], short(days)) else clock$wday + 1L,
        month = if (label) factor(short(months)[clock$mon + 1L], short(months)) else clock$mon + 1L,
        year = clock$year + 1900L, doy = clock$yday + 1L, mday = clock$mday, week = clock$yday %/% 7L + 1L, quarter = clock$mon %/% 3L + 1L,
        semester = clock$mon %/% 6L + 1L, decimal = clock$year + 1900 + clock$yday / 365.25, stop("step_date() does not know the feature '", feature, "'", call. = FALSE))
      if (!keep_original_cols) data[[name]] <- NULL
    }
    data
  }
  recipe$steps <- c(recipe$steps, list(list(title = "Date features from", quoted = eval(substitute(alist(...))), settings = list(), learn = .recipe_nothing, apply = run)))
  recipe
}

step_cut <- function(recipe, ..., breaks, include_outside_range = FALSE, id = NULL) {
  learn <- function(data, columns, settings) setNames(lapply(columns, function(name) sort(unique(c(range(data[[name]], na.rm = TRUE), breaks)))), columns)
  run <- function(data, columns, state, settings) {
    for (name in columns) data[[name]] <- cut(data[[name]], state[[name]], include.lowest = TRUE)
    data
  }
  recipe$steps <- c(recipe$steps, list(list(title = "Cut numeric for", quoted = eval(substitute(alist(...))), settings = list(), learn = learn, apply = run)))
  recipe
}

step_bin2factor <- function(recipe, ..., levels = c("yes", "no"), ref_first = TRUE, id = NULL) {
  run <- function(data, columns, state, settings) {
    for (name in columns) data[[name]] <- factor(ifelse(data[[name]] == 1, levels[1L], levels[2L]), levels = if (ref_first) levels else rev(levels))
    data
  }
  recipe$steps <- c(recipe$steps, list(list(title = "Dummy variable to factor conversion for", quoted = eval(substitute(alist(...))), settings = list(), learn = .recipe_nothing, apply = run)))
  recipe
}

step_relevel <- function(recipe, ..., ref_level, id = NULL) {
  run <- function(data, columns, state, settings) {
    for (name in columns) data[[name]] <- relevel(as.factor(data[[name]]), ref_level)
    data
  }
  recipe$steps <- c(recipe$steps, list(list(title = "Re-order factor level to ref_level for", quoted = eval(substitute(alist(...))), settings = list(), learn = .recipe_nothing, apply = run)))
  recipe
}

step_ordinalscore <- .recipe_step("Scoring for", .recipe_nothing, .recipe_each(function(x, state, s) as.integer(x)))

step_unorder <- .recipe_step("Unordered variables", .recipe_nothing, .recipe_each(function(x, state, s) factor(x, levels = levels(x), ordered = FALSE)))

step_spatialsign <- .recipe_step("Spatial sign on", .recipe_nothing, function(data, columns, state, settings) {
  size <- sqrt(rowSums(as.matrix(data[columns])^2, na.rm = TRUE))
  data[columns] <- data[columns] / ifelse(size == 0, 1, size)
  data
})

step_arrange <- function(recipe, ..., role = NA, skip = FALSE, id = NULL) recipe_verb(recipe, substitute(list(...)), "Row arrangement", arrange, parent.frame())

step_slice <- function(recipe, ..., role = NA, skip = TRUE, id = NULL) recipe_verb(recipe, substitute(list(...)), "Row filtering via position", slice, parent.frame())

step_rename <- function(recipe, ..., role = "predictor", skip = FALSE, id = NULL) recipe_verb(recipe, substitute(list(...)), "Variable renaming for", rename, parent.frame())

step_mutate_at <- function(recipe, ..., fn, role = "predictor", skip = FALSE, id = NULL) {
  run <- function(data, columns, state, settings) {
    data[columns] <- lapply(data[columns], as_mapper(fn))
    data
  }
  recipe$steps <- c(recipe$steps, list(list(title = "Variable mutation for", quoted = eval(substitute(alist(...))), settings = list(), learn = .recipe_nothing, apply = run)))
  recipe
}

step_shuffle <- .recipe_step("Shuffled", .recipe_nothing, function(data, columns, state, settings) {
  for (name in columns) data[[name]] <- sample(data[[name]])
  data
})

step_lincomb <- .recipe_step("Linear combination filter on", function(data, columns, settings) columns[caret::findLinearCombos(as.matrix(data[columns]))$remove],
  function(data, columns, state, settings) data[setdiff(names(data), state)])

step_filter_missing <- function(recipe, ..., threshold = 0.1, id = NULL) {
  learn <- function(data, columns, settings) Filter(function(name) mean(is.na(data[[name]])) > threshold, columns)
  run <- function(data, columns, state, settings) data[setdiff(names(data), state)]
  recipe$steps <- c(recipe$steps, list(list(title = "Missing value column filter on", quoted = eval(substitute(alist(...))), settings = list(), learn = learn, apply = run)))
  recipe
}

step_percentile <- .recipe_step("Percentile transformation on", .recipe_learned(function(x, s) quantile(x, seq(0, 1, 0.01), na.rm = TRUE)),
  .recipe_each(function(x, cuts, s) approx(cuts, seq(0, 1, 0.01), x, rule = 2, ties = "ordered")$y))

update_role <- function(recipe, ..., new_role = "predictor", old_role = NULL) {
  columns <- recipe_columns(eval(substitute(alist(...))), recipe$template, recipe$outcomes)
  recipe$outcomes <- if (new_role == "outcome") union(recipe$outcomes, columns) else setdiff(recipe$outcomes, columns)
  if (!(new_role %in% c("outcome", "predictor"))) recipe$aside <- union(recipe$aside, columns)
  recipe
}

add_role <- function(recipe, ..., new_role = "predictor", new_type = NULL) update_role(recipe, ..., new_role = new_role)

has_role <- function(match = "predictor") stop("has_role() is for the steps of a recipe", call. = FALSE)

has_type <- function(match = "numeric") stop("has_type() is for the steps of a recipe", call. = FALSE)

# Rows drawn so that the classes of a column come to a ratio; a recipe leaves new data as they are.
.step_of_classes <- function(recipe, quoted, skip, seed, id, title, wanted) {
  run <- function(data, columns, state, settings) {
    if (length(columns) != 1L) stop("The selector should select a single variable", call. = FALSE)
    class <- data[[columns]]
    if (!is.factor(class) && !is.character(class)) stop(columns, " should be a factor variable.", call. = FALSE)
    counts <- table(class)
    rows <- with_seed(seed, unlist(lapply(names(counts), function(one) {
      at <- which(class == one)
      count <- wanted(length(at), counts)
      if (count > length(at)) c(at, at[sample.int(length(at), count - length(at), replace = TRUE)]) else if (count < length(at)) at[sample.int(length(at), count)] else at
    })))
    data <- data[c(rows, which(is.na(class))), , drop = FALSE]
    row.names(data) <- NULL
    data
  }
  recipe$steps <- c(recipe$steps, list(list(title = title, quoted = quoted, settings = list(), learn = .recipe_nothing, apply = run, skip = skip, id = id)))
  recipe
}

step_upsample <- function(recipe, ..., over_ratio = 1, ratio = over_ratio, skip = TRUE, seed = sample.int(10^5, 1), id = NULL) {
  force(ratio)
  .step_of_classes(recipe, eval(substitute(alist(...))), skip, seed, id, "Up-sampling based on", function(count, counts) max(count, floor(max(counts) * ratio)))
}

step_downsample <- function(recipe, ..., under_ratio = 1, ratio = under_ratio, skip = TRUE, seed = sample.int(10^5, 1), id = NULL) {
  force(ratio)
  .step_of_classes(recipe, eval(substitute(alist(...))), skip, seed, id, "Down-sampling based on", function(count, counts) min(count, floor(min(counts) * ratio)))
}
