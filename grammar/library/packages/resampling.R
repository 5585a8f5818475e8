# Data split for training and judging: what scripts take from rsample.

# The strata of some rows: numbers by their quantiles, each of twenty rows or more; a class of less than a tenth of the
# rows is dealt out to the others.
make_strata <- function(x, breaks = 4, nunique = 5, pool = 0.1, depth = 20) {
  n <- length(x)
  if (is.numeric(x) && length(unique(x)) > nunique) {
    if (n / breaks < depth) {
      breaks <- n %/% depth
      if (breaks < 2L) {
        warning("Too little data to stratify.\n\u2022 Resampling will be unstratified.", call. = FALSE)
        return(factor(rep("strata1", n)))
      }
      warning("The number of observations in each quantile is below the recommended threshold of ", depth, ".\n\u2022 Stratification will use ", breaks, " breaks instead.", call. = FALSE)
    }
    return(cut(x, unique(quantile(x, seq(0, 1, length.out = breaks + 1), na.rm = TRUE)), include.lowest = TRUE))
  }
  x <- factor(as.character(x))
  share <- table(x) / n
  small <- names(share)[share < pool]
  if (length(small) == nlevels(x)) {
    warning("Too little data to stratify.\n\u2022 Resampling will be unstratified.", call. = FALSE)
    return(factor(rep("strata1", n)))
  }
  if (length(small)) x <- factor(as.character(x), levels = setdiff(levels(x), small))
  gaps <- is.na(x)
  if (any(gaps)) x[gaps] <- sample(levels(x), sum(gaps), replace = TRUE)
  x
}

# The name of the column that is told as a name or as a text.
.strata_named <- function(label, env) if (is.null(label)) NULL else if (is.symbol(label)) as.character(label) else eval(label, env)

# What `draw` takes of the rows some times; with strata, of each stratum all times before the next.
.drawn_by_strata <- function(strata, n, draw, times = 1L) {
  if (is.null(strata)) return(lapply(seq_len(times), function(turn) draw(seq_len(n))))
  parts <- lapply(split(seq_len(n), strata), function(rows) lapply(seq_len(times), function(turn) sort(draw(rows))))
  lapply(seq_len(times), function(turn) unlist(lapply(parts, `[[`, turn), use.names = FALSE))
}

initial_split <- function(data, prop = 3 / 4, strata = NULL, breaks = 4, pool = 0.1, ...) {
  name <- .strata_named(substitute(strata), parent.frame())
  groups <- if (!is.null(name)) make_strata(data[[name]], breaks, pool = pool)
  chosen <- .drawn_by_strata(groups, nrow(data), function(rows) rows[sample.int(length(rows), floor(length(rows) * prop))])[[1L]]
  structure(list(data = data, in_id = chosen, out_id = NA, id = NULL), class = c("initial_split", "mc_split", "rsplit"))
}

initial_time_split <- function(data, prop = 3 / 4, lag = 0, ...) {
  size <- floor(nrow(data) * prop)
  if (!is.numeric(lag) || lag %% 1 != 0) stop("`lag` must be a whole number.", call. = FALSE)
  if (lag > size) stop("`lag` must be less than or equal to the number of training observations.", call. = FALSE)
  structure(list(data = data, in_id = seq_len(size), out_id = if (lag) seq(size + 1 - lag, nrow(data)) else NA, id = NULL), class = c("initial_time_split", "initial_split", "rsplit"))
}

training <- function(x, ...) x$data[x$in_id, , drop = FALSE]

testing <- function(x, ...) x$data[if (identical(x$out_id, NA)) -x$in_id else x$out_id, , drop = FALSE]

analysis <- function(x, ...) x$data[x$in_id, , drop = FALSE]

assessment <- function(x, ...) x$data[split_rest(x), , drop = FALSE]

split_rest <- function(x) if (identical(x$out_id, NA)) setdiff(seq_len(nrow(x$data)), x$in_id) else x$out_id

print.rsplit <- function(x, ...) {
  if (!is.null(x$val_id)) {
    cat("<Training/Validation/Testing/Total>\n<", length(x$in_id), "/", length(x$val_id), "/", length(x$out_id), "/", nrow(x$data), ">\n", sep = "")
    return(invisible(x))
  }
  whole <- if (inherits(x, "initial_split")) "Training/Testing/Total" else "Analysis/Assess/Total"
  cat("<", whole, ">\n<", length(x$in_id), "/", length(split_rest(x)), "/", nrow(x$data), ">\n", sep = "")
  invisible(x)
}

dim.rsplit <- function(x) c(analysis = length(x$in_id), assessment = length(split_rest(x)), n = nrow(x$data), p = ncol(x$data))

as.integer.rsplit <- function(x, data = "analysis", ...) as.integer(if (data == "analysis") x$in_id else split_rest(x))

as.data.frame.rsplit <- function(x, row.names = NULL, optional = FALSE, data = "analysis", ...) if (data == "analysis") analysis(x) else assessment(x)

split_table <- function(data, inner, outer = NULL, ids, kind, attributes = list()) {
  of_one <- c(vfold_cv = "vfold_split", bootstraps = "boot_split", rolling_origin = "rof_split", mc_cv = "mc_split", loo_cv = "loo_split")[[kind]]
  splits <- lapply(seq_along(inner), function(k) {
    structure(list(data = data, in_id = inner[[k]], out_id = if (is.null(outer)) NA else outer[[k]], id = NULL), class = c(of_one, "rsplit"))
  })
  made <- c(list(splits = splits), ids)
  made <- structure(made, class = c(kind, "rset", "tbl_df", "tbl", "data.frame"), row.names = seq_along(splits))
  for (name in names(attributes)) attr(made, name) <- attributes[[name]]
  made
}

tibble_split <- function(one) paste0("<split [", length(one$in_id), "/", length(split_rest(one)), "]>")

print.rset <- function(x, ...) {
  title <- switch(class(x)[1L],
    vfold_cv = paste0(if (isTRUE(attr(x, "grouped"))) "Group " else " ", attr(x, "v"), "-fold cross-validation", if (attr(x, "repeats") > 1) paste(" repeated", attr(x, "repeats"), "times"),
                      if (!is.null(attr(x, "strata"))) " using stratification"),
    bootstraps = paste0("Bootstrap sampling", if (!is.null(attr(x, "strata"))) " using stratification"), rolling_origin = "Rolling origin forecast resampling", loo_cv = "Leave-one-out cross-validation",
    validation_split = paste0("Validation Set Split (", signif(attr(x, "prop"), 2), "/", signif(1 - attr(x, "prop"), 2), ") ", if (!is.null(attr(x, "strata"))) " using stratification"),
    mc_cv = paste0("Monte Carlo cross-validation (", signif(attr(x, "prop"), 2), "/", signif(1 - attr(x, "prop"), 2), ") with ", nrow(x), " resamples "))
  cat("#", title, "\n")
  class(x) <- c("tbl_df", "tbl", "data.frame")
  print(x, ...)
}

vfold_cv <- function(data, v = 10, repeats = 1, strata = NULL, breaks = 4, pool = 0.1, ...) {
  name <- .strata_named(substitute(strata), parent.frame())
  n <- nrow(data)
  inner <- list()
  for (turn in seq_len(repeats)) {
    fold <- integer(n)
    groups <- if (is.null(name)) list(seq_len(n)) else split(seq_len(n), make_strata(data[[name]], breaks, pool = pool))
    for (rows in groups) fold[rows] <- sample(rep(seq_len(v), length.out = length(rows)))
    inner <- c(inner, lapply(seq_len(v), function(k) unlist(lapply(groups, function(rows) rows[fold[rows] != k]), use.names = FALSE)))
  }
  number <- function(k, most) formatC(k, width = nchar(most), flag = "0", format = "d")
  folds <- paste0("Fold", number(rep(seq_len(v), repeats), v))
  ids <- if (repeats > 1) list(id = paste0("Repeat", number(rep(seq_len(repeats), each = v), repeats)), id2 = folds) else list(id = folds)
  split_table(data, inner, NULL, ids, "vfold_cv", list(v = v, repeats = repeats, strata = name))
}

bootstraps <- function(data, times = 25, strata = NULL, breaks = 4, pool = 0.1, ...) {
  name <- .strata_named(substitute(strata), parent.frame())
  n <- nrow(data)
  groups <- if (!is.null(name)) make_strata(data[[name]], breaks, pool = pool)
  inner <- .drawn_by_strata(groups, n, function(rows) rows[sample.int(length(rows), replace = TRUE)], times)
  outer <- lapply(inner, function(rows) setdiff(seq_len(n), rows))
  split_table(data, inner, outer, list(id = paste0("Bootstrap", formatC(seq_len(times), width = nchar(times), flag = "0", format = "d"))), "bootstraps", list(strata = name))
}

mc_cv <- function(data, prop = 3 / 4, times = 25, strata = NULL, breaks = 4, pool = 0.1, ...) {
  name <- .strata_named(substitute(strata), parent.frame())
  groups <- if (!is.null(name)) make_strata(data[[name]], breaks, pool = pool)
  inner <- .drawn_by_strata(groups, nrow(data), function(rows) rows[sample.int(length(rows), floor(length(rows) * prop))], times)
  ids <- list(id = paste0("Resample", formatC(seq_len(times), width = nchar(times), flag = "0", format = "d")))
  split_table(data, inner, NULL, ids, "mc_cv", list(prop = prop, strata = name))
}

loo_cv <- function(data, ...) {
  n <- nrow(data)
  split_table(data, lapply(seq_len(n), function(k) seq_len(n)[-k]), NULL, list(id = paste0("Resample", seq_len(n))), "loo_cv")
}

rolling_origin <- function(data, initial = 5, assess = 1, cumulative = TRUE, skip = 0, lag = 0, ...) {
  n <- nrow(data)
  if (n < initial + assess) stop("There should be at least ", initial + assess, " nrows in `data`", call. = FALSE)
  stops <- seq(initial, n - assess, by = skip + 1)
  inner <- lapply(stops, function(last) if (cumulative) seq_len(last) else seq(last - initial + 1, last))
  outer <- lapply(stops, function(last) seq(last + 1 - lag, last + assess))
  ids <- list(id = paste0("Slice", formatC(seq_along(stops), width = nchar(length(stops)), flag = "0", format = "d")))
  split_table(data, inner, outer, ids, "rolling_origin")
}
