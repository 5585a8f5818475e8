# Splits into three parts, by groups and by windows of time.

# Each stratum is split by itself; a number is cut into `breaks` strata at its quantiles.
initial_validation_split <- function(data, prop = c(0.6, 0.2), strata = NULL, breaks = 4, ...) {
  label <- substitute(strata)
  if (is.symbol(label) && !(as.character(label) %in% names(data))) label <- strata
  groups <- if (is.null(label)) list(seq_len(nrow(data))) else split(seq_len(nrow(data)), make_strata(data[[as.character(label)]], breaks))
  shares <- lapply(groups, function(rows) {
    drawn <- rows[sample.int(length(rows))]
    train <- floor(length(rows) * prop[1L])
    valid <- floor(length(rows) * prop[2L])
    list(train = drawn[seq_len(train)], valid = drawn[train + seq_len(valid)], test = drawn[-seq_len(train + valid)])
  })
  part <- function(name) unlist(lapply(shares, `[[`, name), use.names = FALSE)
  structure(list(data = data, in_id = part("train"), val_id = part("valid"), out_id = part("test"), id = NULL),
            class = c("initial_validation_split", "three_way_split", "rsplit"))
}

validation <- function(x, ...) {
  if (is.null(x$val_id)) stop("The split has no validation part: make it with initial_validation_split()", call. = FALSE)
  x$data[x$val_id, , drop = FALSE]
}

validation_set <- function(split, ...) split_table(split$data, list(split$in_id), list(split$val_id), list(id = "validation"), "mc_cv", list(prop = length(split$in_id) / nrow(split$data)))

validation_split <- function(data, prop = 3 / 4, strata = NULL, breaks = 4, ...) {
  label <- substitute(strata)
  split <- eval(bquote(initial_split(data, prop, strata = .(label), breaks = breaks)), list(data = data, prop = prop, breaks = breaks), parent.frame())
  held <- list(prop = prop)
  if (!is.null(label)) held$strata <- as.character(label)
  made <- split_table(data, list(split$in_id), NULL, list(id = "validation"), "mc_cv", held)
  class(made)[1L] <- "validation_split"
  made
}

group_initial_split <- function(data, group, prop = 3 / 4, ...) {
  values <- data[[as.character(substitute(group))]]
  kept <- sample(unique(values), floor(length(unique(values)) * prop))
  structure(list(data = data, in_id = which(values %in% kept), out_id = NA, id = NULL), class = c("initial_split", "mc_split", "rsplit"))
}

group_vfold_cv <- function(data, group = NULL, v = NULL, ...) {
  values <- data[[as.character(substitute(group))]]
  names <- sample(unique(values))
  if (is.null(v)) v <- length(names)
  fold <- rep_len(seq_len(v), length(names))
  inner <- lapply(seq_len(v), function(k) which(!(values %in% names[fold == k])))
  split_table(data, inner, NULL, list(id = paste0("Resample", formatC(seq_len(v), width = nchar(v), flag = "0", format = "d"))), "vfold_cv", list(v = v, repeats = 1, grouped = TRUE))
}

sliding_window <- function(data, lookback = 0L, assess_start = 1L, assess_stop = 1L, complete = TRUE, step = 1L, skip = 0L, ...) {
  n <- nrow(data)
  stops <- seq(1L + skip + if (complete) lookback else 0L, n - assess_stop, by = step)
  inner <- lapply(stops, function(last) seq(max(1L, last - lookback), last))
  outer <- lapply(stops, function(last) seq(last + assess_start, last + assess_stop))
  split_table(data, inner, outer, list(id = paste0("Slice", formatC(seq_along(stops), width = nchar(length(stops)), flag = "0", format = "d"))), "rolling_origin")
}

apparent <- function(data, ...) split_table(data, list(seq_len(nrow(data))), list(seq_len(nrow(data))), list(id = "Apparent"), "mc_cv", list(prop = 1))

make_splits <- function(x, data = NULL, ...) {
  if (is.data.frame(x)) return(structure(list(data = rbind(x, data), in_id = seq_len(nrow(x)), out_id = nrow(x) + seq_len(nrow(data)), id = NULL), class = "rsplit"))
  structure(list(data = data, in_id = x$analysis, out_id = if (is.null(x$assessment)) NA else x$assessment, id = NULL), class = "rsplit")
}

complement <- function(x, ...) split_rest(x)
