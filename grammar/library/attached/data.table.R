# More of data.table: wide and long forms, rolling windows, choices, and what changes a table in place.

.cast_values <- function(x) if (is.factor(x)) factor(levels(x), levels(x)) else sort(unique(x))

.cast_codes <- function(data) do.call(paste, c(unname(lapply(data, function(x) formatC(match(x, .cast_values(x)), width = 9, flag = "0"))), sep = "\r"))

.cast_grid <- function(data) rev(do.call(expand.grid, c(rev(lapply(data, .cast_values)), list(stringsAsFactors = FALSE, KEEP.OUT.ATTRS = FALSE))))

.cast_tags <- function(expr, functions) {
  given <- names(functions)
  symbols <- if (is.call(expr)) vapply(as.list(expr)[-1L], function(one) as.character(if (is.call(one)) one[[1L]] else one)[1L], "") else rep("", length(functions))
  ifelse(nzchar(if (is.null(given)) symbols else given), if (is.null(given)) symbols else given, ifelse(nzchar(symbols), symbols, paste0("fun", seq_along(functions))))
}

# `drop` says of rows and of columns whether combinations that no row has are left out.
dcast <- function(data, formula, fun.aggregate = NULL, sep = "_", ..., margins = NULL, subset = NULL, fill = NULL, drop = TRUE, value.var = NULL) {
  .unsupported(margins, "sum the finished table: data.table has no margins either")
  drop <- rep_len(as.logical(drop), 2L)
  wanted <- substitute(subset)
  # Several functions make columns of each, called by the value, the function and the place.
  several <- is.list(fun.aggregate)
  tags <- if (several) .cast_tags(substitute(fun.aggregate), fun.aggregate)
  table <- is.data.table(data)
  plain <- as.data.frame(data)
  class(plain) <- "data.frame"
  if (is.call(wanted)) {
    if (identical(wanted[[1L]], quote(.))) wanted <- wanted[[2L]]
    plain <- plain[which(eval(wanted, plain, parent.frame())), , drop = FALSE]
  }
  if (is.character(formula)) formula <- as.formula(formula)
  if (is.null(value.var)) {
    value.var <- if ("value" %in% names(plain)) "value" else names(plain)[length(plain)]
    if (!("value" %in% names(plain))) message("Using '", value.var, "' as value column. Use 'value.var' to override")
  }
  left <- setdiff(all.vars(formula[[2L]]), ".")
  right <- setdiff(all.vars(formula[[3L]]), ".")
  if (identical(left, "...")) left <- setdiff(names(plain), c(right, value.var))
  rows <- if (length(left)) .cast_codes(plain[left]) else rep("", nrow(plain))
  if (length(left) && !drop[1L]) {
    made <- .cast_grid(plain[left])
    order <- .cast_codes(made)
  } else {
    order <- sort(unique(rows))
    made <- plain[match(order, rows), left, drop = FALSE]
  }
  labels <- function(data) do.call(paste, c(unname(lapply(data, as.character)), sep = sep))
  label <- if (length(right)) labels(plain[right]) else rep(".", nrow(plain))
  columns <- if (!length(right)) "." else if (drop[2L]) unique(label[order(.cast_codes(plain[right]))]) else labels(.cast_grid(plain[right]))
  repeated <- anyDuplicated(paste(rows, label, sep = "\r\r")) > 0L
  if (is.null(fun.aggregate) && repeated) {
    message("Aggregation function missing: defaulting to length")
    fun.aggregate <- length
  }
  functions <- if (several) unname(fun.aggregate) else list(fun.aggregate)
  for (k in seq_along(functions)) for (value in value.var) for (column in columns) {
    fun.aggregate <- functions[[k]]
    own <- label == column
    name <- paste(c(if (several || length(value.var) > 1L) value, tags[k], if (length(right) || !several) column), collapse = sep)
    if (is.null(fun.aggregate)) cells <- plain[[value]][own][match(order, rows[own])]
    else {
      parts <- split(plain[[value]][own], factor(rows[own], order))
      filled <- lengths(parts) > 0L
      answers <- lapply(parts[filled], fun.aggregate, ...)
      empty <- if (is.null(fill)) tryCatch(fun.aggregate(plain[[value]][0L], ...), error = function(e) NA, warning = function(w) NA) else fill
      cells <- rep(if (length(answers)) c(unlist(answers)[1L], empty)[2L] else empty, length(order))
      cells[filled] <- unlist(answers)
    }
    if (!is.null(fill)) cells[is.na(match(order, rows[own]))] <- fill
    made[[name]] <- cells
  }
  row.names(made) <- NULL
  if (table) as.data.table(made) else made
}

fifelse <- function(test, yes, no, na = NA) {
  size <- length(test)
  yes <- rep_len(yes, size)
  made <- rep_len(no, size)
  hit <- !is.na(test) & test
  made[hit] <- yes[hit]
  made[is.na(test)] <- na
  made
}

fcase <- function(..., default = NA) {
  cases <- list(...)
  tests <- cases[c(TRUE, FALSE)]
  values <- cases[c(FALSE, TRUE)]
  size <- max(lengths(tests))
  made <- rep_len(default, size)
  open <- rep(TRUE, size)
  for (k in seq_along(tests)) {
    hit <- open & !is.na(tests[[k]]) & tests[[k]]
    made[hit] <- rep_len(values[[k]], size)[hit]
    open <- open & !hit
  }
  made
}

fcoalesce <- function(...) {
  values <- list(...)
  if (length(values) == 1L && is.list(values[[1L]])) values <- values[[1L]]
  made <- values[[1L]]
  for (value in values[-1L]) {
    gap <- is.na(made)
    made[gap] <- rep_len(value, length(made))[gap]
  }
  made
}

# Columns and widths make a list of answers, each width in turn for each column; `adaptive` widths are one for each place.
.rolling <- function(x, n, fill, align, work, adaptive = FALSE) {
  if (is.list(x) || (adaptive && is.list(n)) || (!adaptive && length(n) > 1L)) {
    columns <- if (is.list(x)) unname(as.list(x)) else list(x)
    widths <- if (adaptive && !is.list(n)) list(n) else as.list(n)
    return(do.call(c, lapply(columns, function(column) lapply(widths, function(width) .rolling(column, width, fill, align, work, adaptive)))))
  }
  size <- length(x)
  made <- rep(as.numeric(fill), size)
  if (adaptive) {
    if (align != "right") stop("using adaptive TRUE and align argument different than 'right' is not implemented", call. = FALSE)
    if (length(n) != size) stop("length of integer vector(s) provided as list to 'n' argument must be equal to number of observations provided in 'x'", call. = FALSE)
    for (k in which(n <= seq_len(size))) made[k] <- as.numeric(work(x[(k - n[k] + 1L):k]))
    return(made)
  }
  if (n > size) return(made)
  last <- n:size
  values <- vapply(last, function(k) as.numeric(work(x[(k - n + 1L):k])), 0)
  at <- switch(align, right = last, left = last - n + 1L, center = last - n + 1L + (n - 1L) %/% 2L)
  made[at] <- values
  made
}

frollmean <- function(x, n, fill = NA, algo = c("fast", "exact"), align = c("right", "left", "center"), na.rm = FALSE, hasNA = NA, adaptive = FALSE) .rolling(x, n, fill, match.arg(align), function(part) mean(part, na.rm = na.rm), adaptive)

frollsum <- function(x, n, fill = NA, algo = c("fast", "exact"), align = c("right", "left", "center"), na.rm = FALSE, hasNA = NA, adaptive = FALSE) .rolling(x, n, fill, match.arg(align), function(part) sum(part, na.rm = na.rm), adaptive)

frollapply <- function(x, n, FUN, ..., fill = NA, align = "right") .rolling(x, n, fill, align, function(part) FUN(part, ...))

nafill <- function(x, type = "const", fill = NA, nan = NA) {
  if (is.list(x)) return(lapply(x, nafill, type, fill, nan))
  if (type != "const" && !all(is.na(fill))) warning("argument 'fill' ignored, only make sense for type='const'", call. = FALSE)
  gap <- if (is.nan(nan)) is.na(x) & !is.nan(x) else is.na(x)
  if (type == "const") x[gap] <- fill
  else {
    turned <- if (type == "nocb") rev(x) else x
    known <- which(if (type == "nocb") rev(!gap) else !gap)
    place <- findInterval(seq_along(turned), known)
    turned[place > 0L] <- turned[known[place[place > 0L]]]
    x <- if (type == "nocb") rev(turned) else turned
  }
  x
}

setnafill <- function(x, type = "const", fill = NA, nan = NA, cols = seq_along(x)) {
  made <- x
  for (col in cols) made[[col]] <- nafill(made[[col]], type, fill, nan)
  .changed_in_place(x, made)
}

set <- function(x, i = NULL, j, value) {
  made <- as.data.frame(x)
  class(made) <- "data.frame"
  rows <- if (is.null(i)) seq_len(nrow(made)) else i
  values <- if (is.list(value)) value else list(value)
  for (k in seq_along(j)) {
    if (is.null(value)) made[[j[k]]] <- NULL
    else {
      if (is.character(j) && !(j[k] %in% names(made))) made[[j[k]]] <- rep(values[[1L]][NA_integer_], nrow(made))
      made[rows, j[k]] <- values[[min(k, length(values))]]
    }
  }
  .changed_in_place(x, as.data.table(made))
}

setcolorder <- function(x, neworder = NULL, ...) {
  names <- if (is.numeric(neworder)) names(x)[neworder] else neworder
  plain <- as.data.frame(x)
  .changed_in_place(x, as.data.table(plain[c(names, setdiff(names(plain), names))]))
}

setattr <- function(x, name, value) {
  made <- x
  attr(made, name) <- value
  .changed_in_place(x, made)
}

setkeyv <- function(x, cols, ...) .changed_in_place(x, .keyed(x, cols))

setorderv <- function(x, cols = colnames(x), order = 1L, na.last = FALSE) {
  plain <- as.data.frame(x)
  keys <- Map(function(name, way) way * xtfrm(plain[[name]]), cols, rep_len(order, length(cols)))
  made <- as.data.table(plain[do.call(base::order, c(unname(keys), list(na.last = na.last))), , drop = FALSE])
  .changed_in_place(x, made)
}

setindex <- function(x, ...) invisible(x)

key <- function(x) attr(x, "sorted")

haskey <- function(x) !is.null(key(x))

# A table of its own, that no change of the other reaches.
copy <- function(x) {
  if (is.data.frame(x)) attr(x, "row.names") <- attr(x, "row.names")
  if (is.list(x) && !is.data.frame(x)) lapply(x, copy) else x
}

CJ <- function(..., sorted = TRUE, unique = FALSE) {
  values <- list(...)
  if (is.null(names(values))) names(values) <- rep("", length(values))
  labels <- vapply(eval(substitute(alist(...))), function(one) if (is.symbol(one)) as.character(one) else "", "")
  names(values) <- ifelse(nzchar(names(values)), names(values), ifelse(nzchar(labels), labels, paste0("V", seq_along(values))))
  if (unique) values <- lapply(values, base::unique)
  if (sorted) values <- lapply(values, sort)
  as.data.table(rev(do.call(expand.grid, c(rev(values), list(stringsAsFactors = FALSE, KEEP.OUT.ATTRS = FALSE)))))
}

rleid <- function(..., prefix = NULL) {
  changes <- lapply(list(...), function(x) c(FALSE, !mapply(identical, as.list(x[-1L]), as.list(x[-length(x)]))))
  made <- 1L + cumsum(Reduce(`|`, changes))
  if (is.null(prefix)) made else paste0(prefix, made)
}

rowid <- function(..., prefix = NULL) {
  code <- do.call(paste, c(list(...), sep = "\r"))
  made <- as.integer(ave(seq_along(code), code, FUN = seq_along))
  if (is.null(prefix)) made else paste0(prefix, made)
}

frank <- function(x, ..., na.last = TRUE, ties.method = "average") {
  if (ties.method == "dense") return(match(x, sort(unique(x))))
  rank(x, na.last = na.last, ties.method = ties.method)
}

frankv <- function(x, ..., ties.method = "average") frank(x, ties.method = ties.method)

fsort <- function(x, decreasing = FALSE, ...) sort(x, decreasing = decreasing)

chmatch <- function(x, table, nomatch = NA_integer_) match(x, table, nomatch)

`%chin%` <- function(x, table) match(x, table, nomatch = 0L) > 0L

`%like%` <- function(vector, pattern) grepl(pattern, vector)

`%ilike%` <- function(vector, pattern) grepl(pattern, vector, ignore.case = TRUE)

`%flike%` <- function(vector, pattern) grepl(pattern, vector, fixed = TRUE)

like <- function(vector, pattern, ignore.case = FALSE, fixed = FALSE) grepl(pattern, vector, ignore.case = ignore.case, fixed = fixed)

`%between%` <- function(x, y) x >= y[[1L]] & x <= y[[2L]]

inrange <- function(x, lower, upper, incbounds = TRUE) vapply(x, function(one) if (incbounds) any(one >= lower & one <= upper) else any(one > lower & one < upper), NA)

`%inrange%` <- function(x, y) inrange(x, y[[1L]], y[[2L]])

tstrsplit <- function(x, ..., fill = NA, type.convert = FALSE, keep, names = FALSE) {
  parts <- strsplit(as.character(x), ...)
  width <- max(lengths(parts))
  made <- lapply(seq_len(width), function(k) vapply(parts, function(one) if (k <= length(one)) one[k] else as.character(fill), ""))
  if (type.convert) made <- lapply(made, utils::type.convert, as.is = TRUE)
  if (!missing(keep)) made <- made[keep]
  if (is.character(names)) setNames(made, names) else if (isTRUE(names)) setNames(made, paste0("V", seq_along(made))) else made
}

funique <- function(x, cols = seq_along(x)) as.data.table(as.data.frame(x)[!duplicated(as.data.frame(x)[cols]), , drop = FALSE])

.set_rows <- function(x) do.call(paste, c(lapply(as.data.frame(x), as.character), sep = "\r"))

# With all = TRUE the second row of a kind is another than its first.
.rows_to_match <- function(x, all) if (all) paste(.set_rows(x), rowid(.set_rows(x)), sep = "\r\r") else .set_rows(x)

.rows_kept <- function(x, keep, all) {
  made <- as.data.frame(x)[keep, , drop = FALSE]
  if (all) as.data.table(made) else funique(made)
}

fsetdiff <- function(x, y, all = FALSE) .rows_kept(x, !(.rows_to_match(x, all) %in% .rows_to_match(y, all)), all)

fintersect <- function(x, y, all = FALSE) .rows_kept(x, .rows_to_match(x, all) %in% .rows_to_match(y, all), all)

funion <- function(x, y, all = FALSE) {
  made <- rbindlist(list(x, y))
  if (all) made else funique(made)
}

fsetequal <- function(x, y, all = TRUE) setequal(.rows_to_match(x, all), .rows_to_match(y, all))

as.IDate <- function(x, ...) {
  made <- as.Date(x, ...)
  class(made) <- c("IDate", "Date")
  made
}

as.ITime <- function(x, ...) as.difftime(if (is.character(x)) vapply(strsplit(x, ":"), function(part) sum(as.numeric(part) * c(3600, 60, 1)[seq_along(part)]), 0) else as.numeric(x) %% 86400, units = "secs")

setDTthreads <- function(threads = NULL, ...) invisible(getDTthreads())

getDTthreads <- function(verbose = FALSE) 1L

tables <- function(env = parent.frame(), ...) {
  names <- Filter(function(name) is.data.table(get(name, envir = env)), ls(env))
  if (!length(names)) {
    cat("No objects of class data.table exist\n")
    return(invisible(data.table()))
  }
  sizes <- lapply(names, function(name) dim(get(name, envir = env)))
  as.data.table(data.frame(NAME = names, NROW = vapply(sizes, `[`, 0L, 1L), NCOL = vapply(sizes, `[`, 0L, 2L), COLS = vapply(names, function(name) paste(names(get(name, envir = env)), collapse = ","), "")))
}

transpose <- function(l, fill = NA, ignore.empty = FALSE, keep.names = NULL, make.names = NULL) {
  .unsupported(make.names, "name the columns afterwards with setnames()")
  parts <- if (ignore.empty) Filter(length, as.list(l)) else as.list(l)
  size <- max(lengths(parts))
  made <- lapply(seq_len(size), function(k) unlist(lapply(unname(parts), function(part) if (k <= length(part)) part[[k]] else fill)))
  if (!is.null(keep.names)) made <- c(setNames(list(names(l)), keep.names), setNames(made, paste0("V", seq_along(made))))
  if (!is.data.frame(l)) return(made)
  if (is.null(keep.names)) names(made) <- paste0("V", seq_along(made))
  if (is.data.table(l)) do.call(data.table, made) else as.data.frame(made)
}

patterns <- function(..., cols = character()) lapply(c(...), grep, cols)

# Several sets of columns become as many columns; the place in its set is what varies.
.melt_sets <- function(data, id.vars, sets, variable.name, value.name, na.rm) {
  size <- max(lengths(sets))
  rows <- nrow(data)
  made <- lapply(data[id.vars], rep, size)
  made[[variable.name]] <- factor(rep(seq_len(size), each = rows))
  for (k in seq_along(sets)) {
    columns <- data[sets[[k]]]
    made[[rep_len(value.name, length(sets))[k]]] <- c(unlist(columns, use.names = FALSE), rep(NA, rows * (size - length(columns))))
  }
  made <- structure(made, class = "data.frame", row.names = seq_len(rows * size))
  made[!na.rm | rowSums(!is.na(made[value.name])) > 0, , drop = FALSE]
}
