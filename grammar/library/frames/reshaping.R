# Data frames from wide to long and back.

reshape <- function(data, varying = NULL, v.names = NULL, timevar = "time", idvar = "id", ids = 1L:NROW(data),
                    times = seq_along(varying[[1L]]), drop = NULL, direction, new.row.names = NULL, sep = ".",
                    split = if (sep == "") list(regexp = "[A-Za-z][0-9]", include = TRUE)
                    else list(regexp = sep, include = FALSE, fixed = TRUE)) {
  if (!(is.character(sep) && length(sep) == 1L)) stop("'sep' must be a character string")
  # What reshape() made says how it is undone.
  undo <- attributes(data)[c(wide = "reshapeLong", long = "reshapeWide")]
  ways <- c("wide", "long")
  if (missing(direction) && sum(lengths(undo) > 0L) == 1L) direction <- ways[lengths(undo) > 0L]
  direction <- match.arg(direction, ways)
  data <- data[setdiff(names(data), if (is.numeric(drop)) names(data)[drop] else drop)]
  plan <- list(varying = varying, v.names = v.names, idvar = idvar, timevar = timevar)
  if (direction == "wide") {
    again <- missing(timevar) && missing(idvar) && length(undo[[1L]])
    return(.spread_times(data, if (again) undo[[1L]] else plan, new.row.names, sep))
  }
  if (missing(varying)) {
    plan <- undo[[2L]]
    if (is.null(plan)) stop("no 'reshapeWide' attribute, must specify 'varying'")
    plan$varying <- .columns_in_time(plan$varying, plan$v.names, plan$times, names(data), split)
  } else {
    found <- .columns_in_time(varying, v.names, if (!missing(times)) times, names(data), split)
    plan$varying <- varying <- found
    plan$times <- if (is.null(attr(found, "times"))) times else attr(found, "times")
    if (is.null(v.names)) plan$v.names <- attr(found, "v.names")
  }
  made <- .stacked_times(data, plan, ids, new.row.names)
  told <- c("varying", "v.names", "idvar", "timevar")
  attr(made, "reshapeLong") <- setNames(plan[told], told)
  made
}

# Names of columns cut into a variable and a time: at the mark, or behind the first sign of what the mark matches if that stays.
.cut_names <- function(names, split) {
  at <- regexpr(split$regexp, names, fixed = isTRUE(split$fixed))
  parts <- if (isTRUE(split$include)) cbind(substr(names, 1L, at), substring(names, at + 1L))
  else {
    pieces <- strsplit(names, split$regexp, fixed = isTRUE(split$fixed))
    if (all(lengths(pieces) == 2L)) do.call(rbind, pieces)
  }
  if (is.null(parts) || any(at < 1L)) stop("failed to guess time-varying variables from their names", call. = FALSE)
  parts
}

# The columns of each variable in the order of the times, with the variables' names and the times where the columns tell them.
.columns_in_time <- function(varying, v.names, times, names, split) {
  named <- function(columns) if (is.character(columns)) columns else names[columns]
  if (is.matrix(varying)) varying <- setNames(asplit(varying, 1L), seq_len(nrow(varying)))
  if (is.null(varying)) stop("'varying' must be nonempty list or vector", call. = FALSE)
  if (is.list(varying)) return(lapply(varying, function(columns) as.vector(named(columns))))
  if (is.null(v.names)) {
    parts <- .cut_names(named(varying), split)
    v.names <- unique(parts[, 1L])
    columns <- split(named(varying), factor(parts[, 1L], v.names))
    stamps <- unique(parts[, 2L])
    times <- type.convert(stamps, as.is = TRUE)
    if (is.numeric(times)) times <- as.numeric(times) else times <- stamps
  } else {
    count <- length(varying) / length(v.names)
    if (count %% 1) stop("length of 'v.names' does not evenly divide length of 'varying'", call. = FALSE)
    if (is.null(times)) times <- seq_len(count)
    if (length(times) != count) stop("length of 'varying' must be the product of length of 'v.names' and length of 'times'", call. = FALSE)
    columns <- split(named(varying), rep(v.names, count))
  }
  structure(columns, v.names = v.names, times = times)
}

# All rows once for each time: the variables' columns go end to end, what does not vary is repeated.
.stacked_times <- function(data, plan, ids, labels) {
  varying <- plan$varying
  times <- plan$times
  sizes <- unique(lengths(varying))
  if (length(sizes) > 1L) stop("'varying' arguments must be the same length", call. = FALSE)
  if (sizes != length(times)) stop("'lengths(varying)' must all match 'length(times)'", call. = FALSE)
  known <- plan$idvar %in% names(data)
  if (length(known) > 1L) ids <- interaction(data[plan$idvar], drop = TRUE) else if (known) ids <- data[[plan$idvar]]
  if (is.null(labels)) {
    if (anyDuplicated(ids)) stop("'idvar' must uniquely identify records", call. = FALSE)
    labels <- outer(as.character(ids), times, paste, sep = ".")
  }
  if (is.null(plan$v.names)) plan$v.names <- vapply(unname(varying), `[[`, "", 1L)
  made <- data[rep(seq_len(nrow(data)), sizes), !(names(data) %in% unlist(varying)), drop = FALSE]
  made[[plan$timevar]] <- rep(times, each = nrow(data))
  made[plan$v.names] <- lapply(varying, function(columns) do.call(c, unname(as.list(data[columns]))))
  if (length(known) == 1L && !known) made[[plan$idvar]] <- rep(ids, sizes)
  row.names(made) <- labels[seq_len(nrow(made))]
  made
}

# One row for each record: the row of the data that holds a record at a time is found for all records and times at once.
.spread_times <- function(data, plan, labels, sep) {
  moments <- data[, plan$timevar]
  times <- unique(moments)
  if (anyNA(times)) warning("there are records with missing times, which will be dropped.", call. = FALSE)
  values <- plan$v.names
  if (is.null(values)) values <- setdiff(names(data), c(plan$timevar, plan$idvar))
  columns <- if (is.null(plan$varying)) outer(values, times, paste, sep = sep)
  else if (is.list(plan$varying)) do.call(rbind, plan$varying) else plan$varying
  key <- data[, plan$idvar]
  if (is.data.frame(key)) key <- as.vector(interaction(key, drop = TRUE))
  first <- which(!duplicated(key))
  record <- match(key, key[first])
  restless <- Filter(function(name) {
    seen <- match(data[[name]], data[[name]])
    any(seen != seen[first][record])
  }, setdiff(names(data), c(plan$timevar, plan$idvar, values)))
  if (length(restless)) warning("some constant variables (", paste(restless, collapse = ","), ") are really varying", call. = FALSE)
  cell <- record + length(first) * (match(moments, times) - 1L)
  for (time in times[sort(unique(match(moments, times)[duplicated(cell)]))])
    warning("multiple rows match for ", plan$timevar, "=", time, ": first taken", call. = FALSE)
  at <- matrix(match(seq_len(length(first) * length(times)), cell), length(first))
  made <- data[first, setdiff(names(data), c(plan$timevar, values)), drop = FALSE]
  for (k in seq_along(times)) made[columns[, k]] <- lapply(data[values], function(column) column[at[, k]])
  if (!is.null(labels)) row.names(made) <- labels
  undo <- list(v.names = plan$v.names, timevar = plan$timevar, idvar = plan$idvar, times = times, varying = columns)
  attr(made, "reshapeLong") <- NULL
  attr(made, "reshapeWide") <- undo
  made
}
