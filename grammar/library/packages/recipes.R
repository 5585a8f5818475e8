# Steps that prepare data, learned from some rows and applied to others: what scripts take from recipes.

recipe <- function(x, data = NULL, formula = NULL, ...) {
  if (inherits(x, "formula")) formula <- x
  else data <- x
  if (is.matrix(data)) data <- as.data.frame(data)
  outcome <- if (length(formula) == 3) all.vars(formula[[2]]) else character()
  right <- if (is.null(formula)) "." else all.vars(formula[[length(formula)]])
  predictors <- if ("." %in% right) setdiff(names(data), outcome) else right
  structure(list(template = as.data.frame(data)[c(predictors, outcome)], outcomes = outcome, steps = list(), trained = FALSE), class = "recipe")
}

# The columns' roles: recipe$outcomes and recipe$aside are what is no predictor, recipe$roles names what lies aside, and
# recipe$added are further roles of columns that have one already.
.recipe_roles <- function(recipe) structure(recipe$outcomes, aside = recipe$aside, roles = recipe$roles, added = recipe$added)

.role_of <- function(recipe, columns) {
  own <- unname(recipe$roles[columns])
  ifelse(columns %in% recipe$outcomes, "outcome", if (length(recipe$aside)) ifelse(columns %in% recipe$aside, own, "predictor") else "predictor")
}

.recipe_role <- function(recipe, columns, role) {
  recipe$outcomes <- if (role == "outcome") union(recipe$outcomes, columns) else setdiff(recipe$outcomes, columns)
  recipe$aside <- if (role %in% c("outcome", "predictor")) setdiff(recipe$aside, columns) else union(recipe$aside, columns)
  recipe$roles[columns] <- role
  recipe
}

# Steps that are not named get a name by chance; it is drawn from the session's random numbers, as recipes does.
rand_id <- function(prefix = "step", len = 5) paste0(prefix, "_", paste(sample(c(letters, LETTERS, 0:9), len, TRUE), collapse = ""))

all_predictors <- function() stop("all_predictors() is for the steps of a recipe")

all_outcomes <- function() stop("all_outcomes() is for the steps of a recipe")

all_numeric_predictors <- function() stop("all_numeric_predictors() is for the steps of a recipe")

all_nominal_predictors <- function() stop("all_nominal_predictors() is for the steps of a recipe")

# The columns that the arguments of a step mean.
recipe_columns <- function(quoted, data, outcomes) {
  numeric <- names(data)[vapply(data, is.numeric, TRUE)]
  nominal <- setdiff(names(data), numeric)
  # Columns with a role of their own are neither outcomes nor predictors.
  added <- attr(outcomes, "added")
  also <- function(role) names(added)[added == role]
  apart <- setdiff(c(outcomes, attr(outcomes, "aside")), also("predictor"))
  roles <- attr(outcomes, "roles")
  of_kind <- function(test) names(data)[vapply(data, test, TRUE)]
  one <- function(tree) {
    if (is.character(tree)) return(tree)
    if (is.symbol(tree)) return(as.character(tree))
    head <- as.character(tree[[1]])
    switch(head,
      all_predictors = setdiff(names(data), apart), all_outcomes = union(as.vector(outcomes), also("outcome")), all_numeric = numeric, all_nominal = nominal,
      all_numeric_predictors = setdiff(numeric, apart), all_nominal_predictors = setdiff(nominal, apart),
      all_ordered = of_kind(is.ordered), all_ordered_predictors = setdiff(of_kind(is.ordered), apart),
      all_unordered = setdiff(nominal, of_kind(is.ordered)), all_unordered_predictors = setdiff(nominal, c(apart, of_kind(is.ordered))),
      all_factor_predictors = setdiff(of_kind(is.factor), apart), all_string_predictors = setdiff(of_kind(is.character), apart),
      all_integer_predictors = setdiff(of_kind(is.integer), apart), all_double_predictors = setdiff(of_kind(is.double), apart),
      all_logical_predictors = setdiff(of_kind(is.logical), apart), all_date_predictors = setdiff(of_kind(function(x) inherits(x, "Date")), apart),
      all_date = of_kind(function(x) inherits(x, "Date")), all_datetime = of_kind(function(x) inherits(x, "POSIXct")), all_factor = of_kind(is.factor),
      all_string = of_kind(is.character), all_integer = of_kind(is.integer), all_double = of_kind(is.double), all_logical = of_kind(is.logical),
      where = of_kind(as_mapper(eval(tree[[2]]))), all_of = , any_of = eval(tree[[2]]), has_type = switch(eval(tree[[2]]), numeric = numeric, nominal),
      everything = names(data), c = unlist(lapply(as.list(tree)[-1], one)),
      starts_with = names(data)[startsWith(names(data), eval(tree[[2]]))], ends_with = names(data)[endsWith(names(data), eval(tree[[2]]))],
      contains = names(data)[grepl(eval(tree[[2]]), names(data), fixed = TRUE)], matches = names(data)[grepl(eval(tree[[2]]), names(data))],
      has_role = {
        wanted <- if (length(tree) > 1) eval(tree[[2]]) else "predictor"
        c(if ("predictor" %in% wanted) setdiff(names(data), apart), if ("outcome" %in% wanted) as.vector(outcomes),
          intersect(names(roles)[roles %in% setdiff(wanted, c("predictor", "outcome"))], names(data)), names(added)[added %in% wanted])
      },
      stop("a step of a recipe does not know ", head, "()"))
  }
  found <- character()
  for (tree in quoted) {
    if (is.call(tree) && identical(tree[[1]], as.name("-"))) {
      if (!length(found)) found <- names(data)
      found <- setdiff(found, one(tree[[2]]))
    } else found <- c(found, one(tree))
  }
  unknown <- setdiff(found, names(data))
  if (length(unknown)) stop("Can't subset columns that don't exist: ", paste(unknown, collapse = ", "))
  unique(found)
}

# What a step learns stands in the trained step, by the names that `results` gives it: recipe$steps[[1]]$means.
.recipe_step <- function(title, learn, apply, results = NULL) {
  force(title)
  force(learn)
  force(apply)
  force(results)
  function(recipe, ..., options = list(), base = exp(1), offset = 0, num_breaks = 4, threshold = 0.05, other = "other", min = 0, max = 1,
           one_hot = FALSE, freq_cut = 95 / 5, unique_cut = 10, transform = identity, levels = NULL, naming = NULL, role = NA, skip = FALSE,
           na_rm = TRUE, num_comp = 5, method = "pearson", new_level = NULL, lag = 1, default = NA, prefix = NULL, min_unique = 10, id = NULL) {
    .unsupported(naming, na_rm)
    # The options that a step hands on: discretize()'s number of bins, prcomp()'s centring and scaling.
    strange <- setdiff(names(options), c("cuts", "min_unique", "center", "scale."))
    if (length(strange)) stop("option '", strange[1], "' of this step is not supported")
    type <- .step_type(list(sys.call()))
    if (is.null(id)) id <- rand_id(type)
    quoted <- as.list(substitute(list(...)))[-1]
    settings <- list(base = base, offset = offset, breaks = num_breaks, threshold = threshold, other = other, min = min, max = max,
                     one_hot = one_hot, freq_cut = freq_cut, unique_cut = unique_cut, transform = transform, levels = levels, num_comp = num_comp, method = method,
                     new_level = new_level, lag = lag, default = default, prefix = prefix, min_unique = if (is.null(options$min_unique)) min_unique else options$min_unique, options = options, env = parent.frame())
    if (!is.null(names(quoted))) quoted <- quoted[!nzchar(names(quoted))]
    recipe$steps <- c(recipe$steps, list(list(title = title, quoted = quoted, settings = settings, learn = learn, apply = apply, results = results, type = type, role = role, skip = skip, id = id)))
    recipe
  }
}

.recipe_each <- function(work) function(data, columns, state, settings) {
  for (name in intersect(columns, names(data))) data[[name]] <- work(data[[name]], state[[name]], settings)
  data
}

.recipe_nothing <- function(data, columns, settings) NULL

.recipe_learned <- function(learn) function(data, columns, settings) setNames(lapply(columns, function(name) learn(data[[name]], settings)), columns)

step_center <- .recipe_step("Centering for", .recipe_learned(function(x, s) mean(x, na.rm = TRUE)), .recipe_each(function(x, m, s) x - m), function(state) list(means = unlist(state)))

step_scale <- .recipe_step("Scaling for", .recipe_learned(function(x, s) sd(x, na.rm = TRUE)), .recipe_each(function(x, d, s) if (d == 0) x else x / d), function(state) list(sds = unlist(state)))

step_normalize <- .recipe_step("Centering and scaling for", .recipe_learned(function(x, s) c(mean(x, na.rm = TRUE), sd(x, na.rm = TRUE))), .recipe_each(function(x, m, s) (x - m[1]) / m[2]),
                               function(state) list(means = vapply(state, `[`, 0, 1), sds = vapply(state, `[`, 0, 2)))

step_range <- .recipe_step("Range scaling to [0,1] for", .recipe_learned(function(x, s) range(x, na.rm = TRUE)),
                           .recipe_each(function(x, r, s) pmin(pmax((x - r[1]) / (r[2] - r[1]) * (s$max - s$min) + s$min, s$min), s$max)),
                           function(state) list(ranges = matrix(unlist(state), 2, dimnames = list(c("mins", "maxs"), names(state)))))

step_log <- .recipe_step("Log transformation on", .recipe_nothing, .recipe_each(function(x, state, s) log(x + s$offset, s$base)))

step_sqrt <- .recipe_step("Square root transformation on", .recipe_nothing, .recipe_each(function(x, state, s) sqrt(x)))

step_meanimpute <- .recipe_step("Mean imputation for", .recipe_learned(function(x, s) mean(x, na.rm = TRUE)), .recipe_each(function(x, m, s) ifelse(is.na(x), m, x)))

step_impute_mean <- .recipe_step("Mean imputation for", .recipe_learned(function(x, s) mean(x, na.rm = TRUE)), .recipe_each(function(x, m, s) ifelse(is.na(x), m, x)))

step_impute_median <- .recipe_step("Median imputation for", .recipe_learned(function(x, s) median(x, na.rm = TRUE)), .recipe_each(function(x, m, s) ifelse(is.na(x), m, x)))

step_integer <- .recipe_step("Integer encoding for", .recipe_learned(function(x, s) if (is.factor(x)) levels(x) else sort(unique(x))),
                             .recipe_each(function(x, known, s) { found <- match(as.character(x), as.character(known)); ifelse(is.na(found), 0L, found) }))

step_string2factor <- .recipe_step("Factor variables from", .recipe_learned(function(x, s) if (is.factor(x)) levels(x) else sort(unique(as.character(x)))),
                                   .recipe_each(function(x, known, s) factor(x, levels = known)))

step_num2factor <- .recipe_step("Factor variables from", .recipe_learned(function(x, s) if (is.null(s$levels)) sort(unique(x)) else s$levels),
                                .recipe_each(function(x, known, s) if (is.null(s$levels)) factor(x, levels = known) else factor(known[s$transform(x)], levels = known)))

# A column of too few different values for its bins stays as it is.
step_discretize <- .recipe_step("Discretize numeric variables from",
  .recipe_learned(function(x, s) {
    bins <- if (is.null(s$options$cuts)) s$breaks else s$options$cuts
    if (length(unique(x)) / (bins + 1) >= s$min_unique) return(unique(quantile(x, seq(0, 1, length.out = bins + 1), na.rm = TRUE)))
    warning("Data not binned; too few unique values per bin. Adjust 'min_unique' as needed", call. = FALSE)
    NULL
  }),
  .recipe_each(function(x, cuts, s) {
    if (!is.numeric(cuts)) return(x)
    found <- findInterval(x, cuts[-c(1, length(cuts))], left.open = TRUE) + 1
    labels <- paste0("bin", seq_len(length(cuts) - 1))
    factor(labels[found], levels = labels)
  }))

step_other <- .recipe_step("Collapsing factor levels for",
  .recipe_learned(function(x, s) { share <- table(x) / sum(!is.na(x)); names(share)[share >= (if (s$threshold >= 1) s$threshold / length(x) else s$threshold)] }),
  .recipe_each(function(x, kept, s) factor(ifelse(is.na(x), NA, ifelse(as.character(x) %in% kept, as.character(x), s$other)), levels = c(kept, s$other))))

step_YeoJohnson <- .recipe_step("Yeo-Johnson transformation on",
  .recipe_learned(function(x, s) {
    x <- x[!is.na(x)]
    score <- function(l) -length(x) / 2 * log(mean((yeo_johnson(x, l) - mean(yeo_johnson(x, l)))^2)) + (l - 1) * sum(sign(x) * log(abs(x) + 1))
    optimize(score, c(-5, 5), maximum = TRUE)$maximum
  }), .recipe_each(function(x, l, s) yeo_johnson(x, l)))

yeo_johnson <- function(x, lambda) ifelse(x >= 0,
  if (abs(lambda) < 1e-8) log(pmax(x, 0) + 1) else ((pmax(x, 0) + 1)^lambda - 1) / lambda,
  if (abs(lambda - 2) < 1e-8) -log(pmax(-x, 0) + 1) else -((pmax(-x, 0) + 1)^(2 - lambda) - 1) / (2 - lambda))

step_rm <- .recipe_step("Variables removed", .recipe_nothing, function(data, columns, state, settings) data[setdiff(names(data), columns)])

step_nzv <- .recipe_step("Sparse, unbalanced variable filter on",
  function(data, columns, settings) Filter(function(name) {
    counts <- sort(table(data[[name]]), decreasing = TRUE)
    length(counts) < 2 || (counts[[1]] / counts[[2]] > settings$freq_cut && 100 * length(counts) / nrow(data) < settings$unique_cut)
  }, columns), function(data, columns, state, settings) data[setdiff(names(data), state)])

step_zv <- .recipe_step("Zero variance filter on", function(data, columns, settings) Filter(function(name) length(unique(data[[name]])) < 2, columns),
                        function(data, columns, state, settings) data[setdiff(names(data), state)])

step_naomit <- .recipe_step("Removing rows with NA values in", .recipe_nothing, function(data, columns, state, settings) data[complete.cases(data[columns]), , drop = FALSE])

step_dummy <- .recipe_step("Dummy variables from",
  function(data, columns, settings) setNames(lapply(columns, function(name) if (is.factor(data[[name]])) levels(data[[name]]) else sort(unique(as.character(data[[name]])))), columns),
  function(data, columns, state, settings) {
    for (name in columns) {
      known <- state[[name]]
      values <- as.character(data[[name]])
      data[[name]] <- NULL
      for (level in if (settings$one_hot) known else known[-1]) data[[paste0(name, "_", make.names(level))]] <- as.numeric(values == level)
    }
    data
  })

prep <- function(x, training = NULL, data = training, retain = TRUE, ...) {
  current <- if (is.null(data)) x$template else as.data.frame(data)[names(x$template)]
  for (i in seq_along(x$steps)) {
    step <- x$steps[[i]]
    step$columns <- if (isTRUE(step$verb)) vapply(step$quoted, function(one) paste(deparse(one), collapse = " "), "") else recipe_columns(step$quoted, current, (.recipe_roles(x)))
    step$state <- step$learn(current, step$columns, step$settings)
    before <- names(current)
    current <- step$apply(current, step$columns, step$state, step$settings)
    fresh <- setdiff(names(current), before)
    if (length(fresh) && !is.null(step$role) && !is.na(step$role) && step$role != "predictor") x <- .recipe_role(x, fresh, step$role)
    if (!is.null(step$results)) step <- c(step, step$results(step$state))
    x$steps[[i]] <- step
  }
  x$trained <- TRUE
  x$given <- if (is.null(data)) x$template else as.data.frame(data)[names(x$template)]
  x$juice <- if (retain) current
  x
}

bake <- function(object, new_data = NULL, ..., composition = "tibble", newdata = new_data) {
  chosen <- as.list(substitute(list(...)))[-1L]
  # With `newdata`, as it was once spelt, the next in place is a column.
  if (!missing(newdata) && !missing(new_data)) chosen <- c(list(substitute(new_data)), chosen)
  if (!(composition %in% c("tibble", "matrix", "data.frame"))) stop("`composition` should be one of: 'tibble', 'matrix', 'data.frame'; sparse matrices are not here", call. = FALSE)
  of_chosen <- function(data) {
    if (length(chosen)) data <- data[recipe_columns(chosen, data, (.recipe_roles(object)))]
    if (composition == "tibble") return(as_tibble(data))
    data <- as.data.frame(data)
    if (composition == "data.frame") return(data)
    if (!all(vapply(data, is.numeric, NA) | vapply(data, is.logical, NA))) stop("Columns must be numeric for the matrix conversion: ", paste(names(data)[!vapply(data, is.numeric, NA)], collapse = ", "), call. = FALSE)
    row.names(data) <- NULL
    as.matrix(data)
  }
  if (!object$trained) stop("At least one step has not been trained. Please run `prep()`.")
  if (is.null(newdata)) {
    if (is.null(object$juice)) stop("Use `retain = TRUE` in `prep()` to be able to extract the training set", call. = FALSE)
    return(of_chosen(object$juice))
  }
  current <- as.data.frame(newdata)
  current <- current[intersect(names(object$template), names(current))]
  for (step in object$steps) {
    if (isTRUE(step$skip)) next
    columns <- if (isTRUE(step$verb)) step$columns else intersect(step$columns, names(current))
    current <- step$apply(current, columns, step$state, step$settings)
  }
  of_chosen(current)
}

juice <- function(object, ..., composition = "tibble") bake(object, NULL, ..., composition = composition)

# What a step's line leaves free beside its columns; 30 where nothing is said.
.recipe_margins <- c(`Dummy variables from` = 20, `Integer encoding for` = 20, `Variables removed` = 22, `Spatial sign on ` = 26, `Natural splines on` = 28,
                     `Square root transformation on` = 29, `PCA extraction with` = 29, `Log transformation on` = 31, `K-nearest neighbor imputation for` = 31,
                     `Hyperbolic sin (inv) transformation on` = 32, `Box-Cox transformation on` = 35, `Orthogonal polynomials on` = 35, `Inverse transformation on` = 33,
                     `Logit transformation on` = 33, `Unordered variables` = 33, `Yeo-Johnson transformation on` = 39, `Correlation filter on` = 36,
                     `Variables selected` = 35, `Zero variance filter on` = 38, `Sparse, unbalanced variable filter on` = 38)

recipe_words <- function(step) {
  shown <- if (is.null(step$columns)) vapply(step$quoted, function(one) paste(deparse(one), collapse = " "), "") else if (is.character(step$state)) step$state else if (is.null(step$state$removed)) step$columns else step$state$removed
  if (!is.null(step$columns) && !length(shown)) shown <- "<none>"
  shown <- paste(shown, collapse = ", ")
  margin <- .recipe_margins[step$title]
  room <- max(20, getOption("width") - if (is.na(margin)) 30 else margin[[1L]])
  if (nchar(shown) > room) shown <- paste0(substr(shown, 1, room - 3), "...")
  title <- if (is.character(step$state)) sub("(variance|variable) filter on$", "\\1 filter removed", step$title) else step$title
  paste0(title, " ", shown, if (!is.null(step$columns)) " [trained]")
}

print.recipe <- function(x, ...) {
  cat("Recipe\n\nInputs:\n\n")
  roles <- table(c(.role_of(x, names(x$template)), x$added))
  cat(paste0(formatC(c("role", names(roles)), width = 10), formatC(c("#variables", roles), width = 11)), sep = "\n")
  if (x$trained) {
    missing <- sum(!complete.cases(x$given))
    cat("\nTraining data contained ", nrow(x$given), " data points and ", if (missing) paste(missing, "incomplete", if (missing > 1) "rows" else "row") else "no missing data", ".\n", sep = "")
  }
  if (length(x$steps)) cat("\nOperations:\n\n", paste0(vapply(x$steps, recipe_words, ""), "\n"), sep = "")
  invisible(x)
}

summary.recipe <- function(object, ...) {
  shown <- if (object$trained) object$juice else object$template
  added <- object$added[names(object$added) %in% names(shown)]
  place <- c(seq_along(shown), match(names(added), names(shown)))
  type <- lapply(shown, function(one) if (is.numeric(one)) c(typeof(one), "numeric") else c("factor", "unordered", "nominal"))
  own <- object$added_types[names(object$added) %in% names(shown)]
  types <- c(type, Map(function(name, mine) if (is.null(mine)) type[[name]] else mine, names(added), own))
  order <- order(place)
  names <- names(shown)[place[order]]
  tibble(variable = names, type = unname(types[order]), role = unname(c(.role_of(object, names(shown)), added)[order]), source = ifelse(names %in% names(object$template), "original", "derived"))
}

step_pca <- .recipe_step("PCA extraction with", function(data, columns, settings) prcomp(data[columns], center = isTRUE(settings$options$center), scale. = isTRUE(settings$options$scale.)),
  function(data, columns, state, settings) {
    scores <- predict(state, data[rownames(state$rotation)])
    count <- min(settings$num_comp, ncol(scores))
    if (count == 0) return(data)
    prefix <- if (is.null(settings$prefix)) "PC" else settings$prefix
    colnames(scores) <- paste0(prefix, formatC(seq_len(ncol(scores)), width = nchar(count), flag = "0", format = "d"))
    cbind(data[setdiff(names(data), rownames(state$rotation))], as.data.frame(scores)[seq_len(count)])
  })

step_corr <- .recipe_step("Correlation filter on", function(data, columns, settings) {
  threshold <- if (settings$threshold == 0.05) 0.9 else settings$threshold
  table <- cor(data[columns], use = "pairwise.complete.obs", method = settings$method)
  columns[findCorrelation(table, cutoff = threshold, exact = ncol(table) < 100)]
}, function(data, columns, state, settings) data[setdiff(names(data), state)])

step_novel <- .recipe_step("Novel factor level assignment for",
  .recipe_learned(function(x, s) if (is.factor(x)) levels(x) else sort(unique(as.character(x)))),
  .recipe_each(function(x, known, s) {
    fresh <- if (is.null(s$new_level)) "new" else s$new_level
    text <- as.character(x)
    factor(ifelse(is.na(text) | text %in% known, text, fresh), levels = c(known, fresh))
  }))

step_unknown <- .recipe_step("Unknown factor level assignment for",
  .recipe_learned(function(x, s) if (is.factor(x)) levels(x) else sort(unique(as.character(x)))),
  .recipe_each(function(x, known, s) {
    fresh <- if (is.null(s$new_level)) "unknown" else s$new_level
    text <- as.character(x)
    factor(ifelse(is.na(text), fresh, text), levels = c(known, fresh))
  }))

step_impute_mode <- .recipe_step("Mode imputation for", .recipe_learned(function(x, s) names(which.max(table(x)))),
  .recipe_each(function(x, most, s) {
    x[is.na(x)] <- most
    x
  }))

step_factor2string <- .recipe_step("Character variables from", .recipe_nothing, .recipe_each(function(x, state, s) as.character(x)))

step_select <- .recipe_step("Variables selected", .recipe_nothing, function(data, columns, state, settings) data[columns])

step_lag <- .recipe_step("Lagging", .recipe_nothing, function(data, columns, state, settings) {
  for (name in columns) for (by in settings$lag) {
    prefix <- if (is.null(settings$prefix)) "lag_" else settings$prefix
    data[[paste0(prefix, by, "_", name)]] <- c(rep(settings$default, by), head(data[[name]], -by))
  }
  data
})

step_mutate <- function(recipe, ..., role = "predictor", skip = FALSE, id = rand_id("mutate"))
  recipe_verb(recipe, substitute(list(...)), "Variable mutation for", mutate, parent.frame(), skip, id, role)

step_filter <- function(recipe, ..., role = NA, skip = TRUE, id = rand_id("filter"))
  recipe_verb(recipe, substitute(list(...)), "Row filtering using", filter, parent.frame(), skip, id)

# What the innermost of the calls to a step is called: "center" of step_center().
.step_type <- function(calls) {
  heads <- vapply(calls, function(call) if (is.function(call[[1L]])) "" else deparse1(call[[1L]]), "")
  found <- grep("^(recipes::)?step_", heads, value = TRUE)
  if (length(found)) sub("^(recipes::)?step_", "", found[length(found)]) else "step"
}

.recipe_add <- function(recipe, title, quoted, learn, apply, role, skip, id, verb = FALSE) {
  step <- list(title = title, quoted = quoted, settings = list(), learn = learn, apply = apply, verb = verb, type = .step_type(sys.calls()), role = role, skip = skip, id = id)
  recipe$steps <- c(recipe$steps, list(step))
  recipe
}

recipe_verb <- function(recipe, call, title, verb, env, skip, id, role = NA) {
  given <- as.list(call)[-1L]
  run <- function(data, columns, state, settings) as.data.frame(do.call(verb, c(list(data), given), quote = FALSE, envir = env))
  .recipe_add(recipe, title, given, .recipe_nothing, run, role, skip, id, verb = TRUE)
}
