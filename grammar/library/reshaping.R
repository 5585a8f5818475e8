# Data frames from wide to long and back.

# Which columns hold the same variable at several times, and the times, read off the names of the columns.
.reshape_guess <- function(names, split) {
  drop <- !isTRUE(split$include)
  fixed <- isTRUE(split$fixed)
  if (drop) pieces <- strsplit(names, split$regexp, fixed = fixed)
  else {
    at <- regexpr(split$regexp, names)
    pieces <- Map(function(name, place) if (place > 0) c(substr(name, 1L, place), substr(name, place + 1L, nchar(name))) else name,
                  names, at)
  }
  if (any(lengths(pieces) != 2L)) stop("failed to guess time-varying variables from their names")
  variable <- vapply(pieces, `[`, "", 1L, USE.NAMES = FALSE)
  stamp <- unique(vapply(pieces, `[`, "", 2L, USE.NAMES = FALSE))
  varying <- split(names, factor(variable, levels = unique(variable)))
  attr(varying, "v.names") <- unique(variable)
  attr(varying, "times") <- tryCatch(as.numeric(stamp), warning = function(w) stamp)
  varying
}

.reshape_to_long <- function(data, varying, v.names, timevar, idvar, ids, times, new.row.names) {
  if (length(unique(lengths(varying))) > 1L) stop("'varying' arguments must be the same length")
  if (length(varying[[1L]]) != length(times)) stop("'lengths(varying)' must all match 'length(times)'")
  undo <- list(varying = varying, v.names = v.names, idvar = idvar, timevar = timevar)
  known <- all(idvar %in% names(data))
  if (length(idvar) > 1L) ids <- interaction(data[, idvar], drop = TRUE)
  else if (known) ids <- data[, idvar]
  if (is.null(new.row.names) && anyDuplicated(ids)) stop("'idvar' must uniquely identify records")
  if (is.null(v.names)) v.names <- vapply(varying, `[`, "", 1L, USE.NAMES = FALSE)
  fixed <- data[, !(names(data) %in% unlist(varying)), drop = FALSE]
  blocks <- lapply(seq_along(times), function(k) {
    block <- fixed
    block[, timevar] <- times[k]
    block[, v.names] <- data[, vapply(varying, `[`, "", k, USE.NAMES = FALSE)]
    row.names(block) <- if (is.null(new.row.names)) paste(ids, times[k], sep = ".")
    else new.row.names[(k - 1L) * nrow(block) + seq_len(nrow(block))]
    block
  })
  made <- do.call(rbind, blocks)
  if (length(idvar) == 1L && !known) made[, idvar] <- ids
  attr(made, "reshapeLong") <- undo
  made
}

.reshape_to_wide <- function(data, timevar, idvar, varying, v.names, new.row.names, sep) {
  times <- unique(data[, timevar])
  if (anyNA(times)) warning("there are records with missing times, which will be dropped.")
  undo <- list(v.names = v.names, timevar = timevar, idvar = idvar, times = times)
  if (is.null(v.names)) v.names <- setdiff(names(data), c(timevar, idvar))
  if (is.null(varying)) varying <- outer(v.names, times, paste, sep = sep)
  if (is.list(varying)) varying <- do.call(rbind, varying)
  undo$varying <- varying
  key <- if (length(idvar) > 1L) as.vector(interaction(data[, idvar], drop = TRUE)) else data[, idvar]
  constant <- data[!(names(data) %in% c(timevar, v.names, idvar))]
  if (length(constant)) {
    steady <- vapply(constant, function(column) {
      all(tapply(column, as.vector(key), function(part) length(unique(part)) == 1L))
    }, NA)
    if (!all(steady)) {
      warning("some constant variables (", paste(names(constant)[!steady], collapse = ","), ") are really varying")
    }
  }
  first <- !duplicated(key)
  made <- data[first, !(names(data) %in% c(timevar, v.names)), drop = FALSE]
  for (k in seq_along(times)) {
    here <- !(data[, timevar] %in% times[-k])
    if (any(table(key[here]) > 1L)) warning("multiple rows match for ", timevar, "=", times[k], ": first taken")
    made[, varying[, k]] <- data[here, , drop = FALSE][match(key[first], key[here]), v.names]
  }
  if (!is.null(new.row.names)) row.names(made) <- new.row.names
  attr(made, "reshapeLong") <- NULL
  attr(made, "reshapeWide") <- undo
  made
}

reshape <- function(data, varying = NULL, v.names = NULL, timevar = "time", idvar = "id", ids = 1L:NROW(data),
                    times = seq_along(varying[[1L]]), drop = NULL, direction, new.row.names = NULL, sep = ".",
                    split = if (sep == "") list(regexp = "[A-Za-z][0-9]", include = TRUE)
                    else list(regexp = sep, include = FALSE, fixed = TRUE)) {
  if (!is.character(sep) || length(sep) != 1L) stop("'sep' must be a character string")
  if (missing(direction)) {
    undone <- c("wide", "long")[c("reshapeLong", "reshapeWide") %in% names(attributes(data))]
    if (length(undone) == 1L) direction <- undone
  }
  direction <- match.arg(direction, c("wide", "long"))
  if (!is.null(drop)) {
    data <- data[, if (is.character(drop)) !(names(data) %in% drop) else -drop, drop = FALSE]
  }
  if (direction == "wide") {
    back <- attr(data, "reshapeLong")
    if (missing(timevar) && missing(idvar) && !is.null(back)) {
      return(.reshape_to_wide(data, back$timevar, back$idvar, back$varying, back$v.names, new.row.names, sep))
    }
    return(.reshape_to_wide(data, timevar, idvar, varying, v.names, new.row.names, sep))
  }
  guessed <- missing(v.names)
  if (missing(varying)) {
    back <- attr(data, "reshapeWide")
    if (is.null(back)) stop("no 'reshapeWide' attribute, must specify 'varying'")
    varying <- back$varying
    idvar <- back$idvar
    timevar <- back$timevar
    v.names <- back$v.names
    times <- back$times
    guessed <- FALSE
  }
  named <- function(columns) if (is.character(columns)) columns else names(data)[columns]
  if (is.matrix(varying)) varying <- split(c(varying), row(varying))
  if (is.null(varying)) stop("'varying' must be nonempty list or vector")
  if (!is.atomic(varying)) varying <- lapply(varying, named)
  else if (guessed) varying <- .reshape_guess(named(varying), split)
  else {
    if (length(varying) %% length(v.names)) stop("length of 'v.names' does not evenly divide length of 'varying'")
    count <- length(varying) %/% length(v.names)
    if (missing(times)) times <- seq_len(count)
    else if (length(times) != count) {
      stop("length of 'varying' must be the product of length of 'v.names' and length of 'times'")
    }
    varying <- split(named(varying), rep(v.names, count))
    attr(varying, "v.names") <- v.names
    attr(varying, "times") <- times
  }
  if (guessed && !is.null(attr(varying, "v.names"))) {
    v.names <- attr(varying, "v.names")
    times <- attr(varying, "times")
  }
  .reshape_to_long(data, varying, v.names, timevar, idvar, ids, times, new.row.names)
}
