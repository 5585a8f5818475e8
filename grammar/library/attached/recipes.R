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

step_poly <- function(recipe, ..., degree = 2, role = "predictor", skip = FALSE, id = rand_id("poly")) {
  learn <- function(data, columns, settings) setNames(lapply(columns, function(name) poly(data[[name]], degree)), columns)
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      made <- predict(state[[name]], data[[name]])
      data[[name]] <- NULL
      for (k in seq_len(degree)) data[[paste0(name, "_poly_", k)]] <- made[, k]
    }
    data
  }
  .recipe_add(recipe, "Orthogonal polynomials on", eval(substitute(alist(...))), learn, run, role, skip, id)
}

step_interact <- function(recipe, terms, role = "predictor", sep = "_x_", skip = FALSE, id = rand_id("interact"), ...) {
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
  .recipe_add(recipe, "Interactions with", lapply(unlist(every), function(one) one), learn, run, role, skip, id)
}

step_date <- function(recipe, ..., features = c("dow", "month", "year"), abbr = TRUE, label = TRUE, keep_original_cols = TRUE, role = "predictor", skip = FALSE, id = rand_id("date")) {
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
  .recipe_add(recipe, "Date features from", eval(substitute(alist(...))), .recipe_nothing, run, role, skip, id)
}

step_cut <- function(recipe, ..., breaks, include_outside_range = FALSE, role = NA, skip = FALSE, id = rand_id("cut")) {
  learn <- function(data, columns, settings) setNames(lapply(columns, function(name) sort(unique(c(range(data[[name]], na.rm = TRUE), breaks)))), columns)
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      cuts <- state[[name]]
      if (!include_outside_range) data[[name]] <- cut(data[[name]], cuts, include.lowest = TRUE)
      else {
        inner <- cuts[-c(1L, length(cuts))]
        labels <- levels(cut(cuts, cuts, include.lowest = TRUE))
        labels[1L] <- sub("^\\[[^,]*", "[min", labels[1L])
        labels[length(labels)] <- sub("[^,]*\\]$", "max]", labels[length(labels)])
        data[[name]] <- cut(data[[name]], c(-Inf, inner, Inf), labels = labels, include.lowest = TRUE)
      }
    }
    data
  }
  .recipe_add(recipe, "Cut numeric for", eval(substitute(alist(...))), learn, run, role, skip, id)
}

step_bin2factor <- function(recipe, ..., levels = c("yes", "no"), ref_first = TRUE, role = NA, skip = FALSE, id = rand_id("bin2factor")) {
  run <- function(data, columns, state, settings) {
    for (name in columns) data[[name]] <- factor(ifelse(data[[name]] == 1, levels[1L], levels[2L]), levels = if (ref_first) levels else rev(levels))
    data
  }
  .recipe_add(recipe, "Dummy variable to factor conversion for", eval(substitute(alist(...))), .recipe_nothing, run, role, skip, id)
}

step_relevel <- function(recipe, ..., ref_level, role = NA, skip = FALSE, id = rand_id("relevel")) {
  run <- function(data, columns, state, settings) {
    for (name in columns) data[[name]] <- relevel(as.factor(data[[name]]), ref_level)
    data
  }
  .recipe_add(recipe, "Re-order factor level to ref_level for", eval(substitute(alist(...))), .recipe_nothing, run, role, skip, id)
}

step_ordinalscore <- .recipe_step("Scoring for", .recipe_nothing, .recipe_each(function(x, state, s) as.integer(x)))

step_unorder <- .recipe_step("Unordered variables", .recipe_nothing, .recipe_each(function(x, state, s) factor(x, levels = levels(x), ordered = FALSE)))

step_spatialsign <- .recipe_step("Spatial sign on ", .recipe_nothing, function(data, columns, state, settings) {
  size <- sqrt(rowSums(as.matrix(data[columns])^2, na.rm = TRUE))
  data[columns] <- data[columns] / ifelse(size == 0, 1, size)
  data
})

step_arrange <- function(recipe, ..., role = NA, skip = FALSE, id = rand_id("arrange")) recipe_verb(recipe, substitute(list(...)), "Row arrangement", arrange, parent.frame(), skip, id)

step_slice <- function(recipe, ..., role = NA, skip = TRUE, id = rand_id("slice")) recipe_verb(recipe, substitute(list(...)), "Row filtering via position", slice, parent.frame(), skip, id)

step_rename <- function(recipe, ..., role = "predictor", skip = FALSE, id = rand_id("rename")) recipe_verb(recipe, substitute(list(...)), "Variable renaming for", rename, parent.frame(), skip, id, role)

step_mutate_at <- function(recipe, ..., fn, role = "predictor", skip = FALSE, id = rand_id("mutate_at")) {
  run <- function(data, columns, state, settings) {
    # A list of functions makes columns beside those that it works on.
    if (is.list(fn)) for (label in names(fn)) data[paste(columns, label, sep = "_")] <- lapply(data[columns], as_mapper(fn[[label]]))
    else data[columns] <- lapply(data[columns], as_mapper(fn))
    data
  }
  .recipe_add(recipe, "Variable mutation for", eval(substitute(alist(...))), .recipe_nothing, run, role, skip, id)
}

step_shuffle <- .recipe_step("Shuffled", .recipe_nothing, function(data, columns, state, settings) {
  for (name in columns) data[[name]] <- sample(data[[name]])
  data
})

step_lincomb <- .recipe_step("Linear combination filter on", function(data, columns, settings) columns[caret::findLinearCombos(as.matrix(data[columns]))$remove],
  function(data, columns, state, settings) data[setdiff(names(data), state)])

step_filter_missing <- function(recipe, ..., threshold = 0.1, role = NA, skip = FALSE, id = rand_id("filter_missing")) {
  learn <- function(data, columns, settings) Filter(function(name) mean(is.na(data[[name]])) > threshold, columns)
  run <- function(data, columns, state, settings) data[setdiff(names(data), state)]
  .recipe_add(recipe, "Missing value column filter on", eval(substitute(alist(...))), learn, run, role, skip, id)
}

step_percentile <- .recipe_step("Percentile transformation on", .recipe_learned(function(x, s) quantile(x, seq(0, 1, 0.01), na.rm = TRUE)),
  .recipe_each(function(x, cuts, s) approx(cuts, seq(0, 1, 0.01), x, rule = 2, ties = "ordered")$y))

update_role <- function(recipe, ..., new_role = "predictor", old_role = NULL) {
  columns <- recipe_columns(eval(substitute(alist(...))), recipe$template, .recipe_roles(recipe))
  if (is.null(old_role)) {
    if (any(columns %in% names(recipe$added))) stop("`old_role` can only be `NULL` when the variable(s) have a single existing role.", call. = FALSE)
    return(.recipe_role(recipe, columns, new_role))
  }
  recipe$added[names(recipe$added) %in% columns & recipe$added == old_role] <- new_role
  .recipe_role(recipe, columns[.role_of(recipe, columns) == old_role], new_role)
}

# A role beside the one that a column has.
add_role <- function(recipe, ..., new_role = "predictor", new_type = NULL) {
  columns <- recipe_columns(eval(substitute(alist(...))), recipe$template, .recipe_roles(recipe))
  there <- .role_of(recipe, columns) == new_role | columns %in% names(recipe$added)[recipe$added == new_role]
  if (any(there)) warning("Role, '", new_role, "', already exists for column(s): ", paste0("'", columns[there], "'", collapse = ", "), ". Skipping.", call. = FALSE)
  recipe$added <- c(recipe$added, setNames(rep(new_role, sum(!there)), columns[!there]))
  recipe$added_types <- c(recipe$added_types, rep(list(new_type), sum(!there)))
  recipe
}

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
  .recipe_add(recipe, title, quoted, .recipe_nothing, run, NA, skip, id)
}

step_upsample <- function(recipe, ..., over_ratio = 1, ratio = over_ratio, skip = TRUE, seed = sample.int(10^5, 1), id = rand_id("upsample")) {
  force(ratio)
  .step_of_classes(recipe, eval(substitute(alist(...))), skip, seed, id, "Up-sampling based on", function(count, counts) max(count, floor(max(counts) * ratio)))
}

step_downsample <- function(recipe, ..., under_ratio = 1, ratio = under_ratio, skip = TRUE, seed = sample.int(10^5, 1), id = rand_id("downsample")) {
  force(ratio)
  .step_of_classes(recipe, eval(substitute(alist(...))), skip, seed, id, "Down-sampling based on", function(count, counts) min(count, floor(min(counts) * ratio)))
}

# Columns of a spline's basis; new data are seen through the knots of the training rows.
.step_of_basis <- function(recipe, quoted, basis, suffix, title, deg_free, options, role, skip, id) {
  learn <- function(data, columns, settings) setNames(lapply(columns, function(name) do.call(basis, c(list(data[[name]], df = deg_free), options))), columns)
  run <- function(data, columns, state, settings) {
    for (name in columns) {
      made <- predict(state[[name]], data[[name]])
      data[[name]] <- NULL
      for (k in seq_len(ncol(made))) data[[paste0(name, suffix, formatC(k, width = nchar(ncol(made)), flag = "0", format = "d"))]] <- made[, k]
    }
    data
  }
  .recipe_add(recipe, title, quoted, learn, run, role, skip, id)
}

step_bs <- function(recipe, ..., deg_free = NULL, degree = 3, options = list(), role = "predictor", skip = FALSE, id = rand_id("bs"))
  .step_of_basis(recipe, eval(substitute(alist(...))), splines::bs, "_bs_", "B-splines on", deg_free, c(list(degree = degree), options), role, skip, id)

step_ns <- function(recipe, ..., deg_free = 2, options = list(), role = "predictor", skip = FALSE, id = rand_id("ns"))
  .step_of_basis(recipe, eval(substitute(alist(...))), splines::ns, "_ns_", "Natural splines on", deg_free, options, role, skip, id)
