# Flat contingency tables, and numbers as symbols.

ftable <- function(x, ...) UseMethod("ftable")

ftable.formula <- function(formula, data = NULL, subset, na.action, ...) {
  if (missing(formula) || !inherits(formula, "formula")) stop("'formula' missing or incorrect")
  if (length(formula) != 3L) stop("'formula' must have both left and right hand sides")
  sides <- list(columns = all.vars(formula[[2L]]), rows = all.vars(formula[[3L]]))
  dotted <- vapply(sides, identical, NA, ".")
  counted <- is.array(data)
  if (counted) {
    known <- names(dimnames(data))
    # A dot stands for what the other side leaves.
    if (any(dotted)) sides[dotted] <- list(setdiff(known, unlist(sides[!dotted])))
    return(ftable.default(data, row.vars = sides$rows, col.vars = sides$columns))
  }
  if (any(dotted)) stop("cannot use dots in formula with given data")
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  if (!missing(na.action)) data <- match.fun(na.action)(data)
  variables <- c(sides$rows, sides$columns)
  values <- lapply(setNames(nm = variables), function(name) eval(as.name(name), data, environment(formula)))
  ftable.default(do.call(table, values), row.vars = sides$rows, col.vars = sides$columns)
}

# The axes of a table that are asked for, by name (which may be cut short) or by number.
.axes_asked <- function(asked, labels, what) {
  at <- if (is.character(asked)) pmatch(asked, names(labels)) else asked
  if (anyNA(at) || any(!at %in% seq_along(labels))) stop(simpleError(gettextf("incorrect specification for '%s'", what), sys.call(-1)))
  at
}

# A flat table runs through its last variables first; doing this twice undoes it.
.last_first <- function(rows, columns) c(rev(seq_len(rows)), rows + rev(seq_len(columns)))

ftable.default <- function(..., exclude = c(NA, NaN), row.vars = NULL, col.vars = NULL) {
  if (!...length()) stop("nothing to tabulate")
  x <- ..1
  counts <- if (is.list(x)) table(x, exclude = exclude)
    else if (inherits(x, "ftable")) as.table(x)
    else if (length(dim(x)) > 1L) x
    else table(..., exclude = exclude)
  labels <- dimnames(as.table(counts))
  axes <- seq_along(labels)
  rows <- if (!is.null(row.vars)) .axes_asked(row.vars, labels, "row.vars")
  columns <- if (!is.null(col.vars)) .axes_asked(col.vars, labels, "col.vars")
  # What is not said: the last variable goes across, or all that the other side leaves.
  if (is.null(columns)) columns <- if (is.null(rows)) length(axes) else setdiff(axes, rows)
  if (is.null(rows)) rows <- setdiff(axes, columns)
  shown <- c(rows, columns)
  kept <- if (length(shown) < length(axes)) apply(counts, shown, sum) else aperm(unclass(counts), shown)
  flat <- matrix(aperm(kept, .last_first(length(rows), length(columns))), ncol = prod(lengths(labels[columns])))
  structure(flat, class = "ftable", row.vars = labels[rows], col.vars = labels[columns])
}

as.table.ftable <- function(x, ...) {
  rows <- attr(x, "row.vars")
  labels <- c(rows, attr(x, "col.vars"))
  turn <- .last_first(length(rows), length(labels) - length(rows))
  counts <- aperm(array(as.vector(unclass(x)), lengths(labels)[turn]), turn)
  dimnames(counts) <- labels
  as.table(counts)
}

# Rows and columns named by all of their labels.
as.matrix.ftable <- function(x, sep = "_", ...) {
  joined <- function(labels) {
    grid <- rev(expand.grid(rev(labels), stringsAsFactors = FALSE))
    do.call(paste, c(unname(as.list(grid)), sep = sep))
  }
  sides <- attributes(x)[c("row.vars", "col.vars")]
  structure(matrix(as.vector(unclass(x)), nrow(x)), dimnames = setNames(lapply(sides, joined), vapply(sides, function(side) paste(names(side), collapse = sep), "")))
}

# Labels of one side of a flat table, a column for each variable; what repeats the label above is left empty.
.spread_labels <- function(parts, quoted) {
  count <- prod(lengths(parts))
  every <- count / cumprod(lengths(parts))
  made <- vapply(seq_along(parts), function(k) {
    column <- rep(quoted(parts[[k]]), each = every[k], length.out = count)
    replace(column, (seq_len(count) - 1) %% every[k] != 0, "")
  }, character(count))
  matrix(made, count)
}

# The text of a flat table. Variables of the columns stand in a column of their own or in the last one of the rows'
# labels, those of the rows in a line of their own or in the last one of the columns' labels.
format.ftable <- function(x, quote = TRUE, digits = getOption("digits"), method = c("non.compact", "row.compact", "col.compact", "compact"), lsep = " | ", ...) {
  method <- match.arg(method)
  own_column <- method %in% c("non.compact", "row.compact")
  own_line <- method %in% c("non.compact", "col.compact")
  quoted <- function(text) if (quote) paste0("\"", text, "\"") else paste0(text)
  called <- function(parts) if (is.null(names(parts))) rep("", length(parts)) else ifelse(nzchar(names(parts)), quoted(names(parts)), "")
  rows <- attr(x, "row.vars")
  columns <- attr(x, "col.vars")
  corner <- matrix("", length(columns) + own_line, length(rows) + own_column)
  corner[seq_along(columns), ncol(corner)] <- called(columns)
  corner[nrow(corner), seq_along(rows)] <- called(rows)
  if (!own_column && !own_line) corner[nrow(corner), ncol(corner)] <- paste(c(tail(names(rows), 1L), tail(names(columns), 1L)), collapse = lsep)
  above <- t(.spread_labels(columns, quoted))
  if (own_line) above <- rbind(above, "")
  counts <- format(unclass(x), digits = digits, ...)
  left <- cbind(.spread_labels(rows, quoted), if (own_column) "")
  padded_columns(rbind(cbind(corner, above), cbind(left, matrix(counts, nrow(x)))), ncol(corner))
}

# Columns of text brought to one width each: labels to the left, counts to the right.
padded_columns <- function(text, labels) {
  for (k in seq_len(ncol(text))) text[, k] <- formatC(text[, k], width = max(nchar(text[, k])), flag = if (k <= labels) "-" else "")
  text
}

write.ftable <- function(x, file = "", quote = TRUE, append = FALSE, digits = getOption("digits"), sep = " ", ...) {
  lines <- apply(format.ftable(x, quote, digits, ...), 1L, paste, collapse = sep)
  cat(paste0(lines, "\n"), sep = "", file = file, append = append)
  invisible(x)
}

print.ftable <- function(x, digits = getOption("digits"), ...) {
  write.ftable(x, quote = FALSE, digits = digits, ...)
  invisible(x)
}

# Symbols for the intervals that numbers lie in. Correlations are cut by their size, between 0 and 1.
symnum <- function(x, cutpoints = c(0.3, 0.6, 0.8, 0.9, 0.95), symbols = if (numeric.x) c(" ", ".", ",", "+", "*", "B") else c(".", "|"),
                   legend = length(symbols) >= 3, na = "?", eps = 1e-5, numeric.x = is.numeric(x), corr = missing(cutpoints) && numeric.x,
                   show.max = if (corr) "1" else NULL, show.min = NULL, abbr.colnames = has.colnames, lower.triangular = corr && is.numeric(x) && is.matrix(x),
                   diag.lower.tri = corr && !is.null(show.max)) {
  if (!length(x)) return(noquote(if (is.null(dim(x))) character() else array("", dim(x))))
  has.colnames <- !is.null(dimnames(x))
  if (!numeric.x && length(symbols) != 2L) stop("must have 2 'symbols' for logical 'x' argument")
  force(corr)
  cutpoints <- if (numeric.x) .interval_ends(cutpoints, corr, sys.call())
  marks <- if (numeric.x) .interval_marks(if (corr) abs(x) else x, cutpoints, symbols, eps, corr, list(show.min, show.max), sys.call())
    else symbols[1L + as.logical(x)]
  told <- !is.logical(na) || is.na(na)
  unknown <- is.na(x)
  marks[unknown] <- if (told) na else ""
  if (lower.triangular) marks[!lower.tri(x, diag.lower.tri)] <- ""
  attributes(marks) <- attributes(x)[intersect(c("dim", "dimnames", "names"), names(attributes(x)))]
  if (is.matrix(x)) {
    labels <- colnames(x)
    short <- if (is.null(labels)) rep("", ncol(x)) else if (isFALSE(abbr.colnames)) labels else abbreviate(labels, if (isTRUE(abbr.colnames)) 1L else abbr.colnames)
    dimnames(marks) <- list(rownames(x), short)
  }
  if (legend && numeric.x) attr(marks, "legend") <- .legend_of(cutpoints, symbols, if (told && any(unknown)) na)
  noquote(marks)
}

.interval_ends <- function(cutpoints, corr, call) {
  ends <- sort(cutpoints)
  if (corr) ends <- c(0, ends, 1)
  if (anyDuplicated(ends) || corr && any(ends < 0 | ends > 1)) {
    wanted <- if (corr) "'cutpoints' must be unique in 0 < cuts < 1, but are = " else "'cutpoints' must be unique, but are = "
    stop(simpleError(paste0(wanted, paste(format(ends), collapse = "|")), call))
  }
  ends
}

# Intervals are closed at the right; the outer ends reach out by `eps`, and what is that near to them may be shown as such.
.interval_marks <- function(sizes, ends, symbols, eps, corr, shown_ends, call) {
  outer <- range(ends) + c(-eps, eps)
  if (any(sizes < outer[1L] | sizes > outer[2L], na.rm = TRUE)) {
    between <- if (corr) "-1 and 1" else paste(range(ends), collapse = " and ")
    stop(simpleError(paste("'x' must be between", between), call))
  }
  if (length(ends) != length(symbols) + 1L) stop(simpleError("number of 'cutpoints' must be one more than number of symbols", call))
  inner <- ends[-c(1L, length(ends))]
  marks <- symbols[findInterval(sizes, inner, left.open = TRUE) + 1L]
  near <- list(which(sizes <= outer[1L] + 2 * eps), which(sizes >= outer[2L] - 2 * eps))
  for (k in 1:2) if (!is.null(shown_ends[[k]]))
    marks[near[[k]]] <- if (is.character(shown_ends[[k]])) shown_ends[[k]] else format(range(ends)[k], digits = 1)
  marks
}

.legend_of <- function(ends, symbols, unknown) {
  quoted <- function(text) paste0("\u2018", text, "\u2019")
  text <- paste(c(rbind(vapply(ends[-length(ends)], format, ""), quoted(symbols)), format(ends[length(ends)])), collapse = " ")
  if (is.null(unknown)) text else paste0(text, " \t    ## NA: ", quoted(unknown))
}

addmargins <- function(A, margin = seq_along(dim(A)), FUN = sum, quiet = FALSE) {
  if (is.null(dim(A))) stop("'A' must be an array or table")
  sums <- missing(FUN)
  labels <- if (sums) "Sum" else if (is.list(FUN)) margin_labels(FUN, substitute(FUN)) else deparse1(substitute(FUN))
  if (is.character(margin)) margin <- match(margin, names(dimnames(A)))
  if (anyNA(margin) || any(margin < 1L | margin > length(dim(A)))) stop("subscript out of bounds")
  if (is.function(FUN)) {
    FUN <- rep(list(FUN), length(margin))
    labels <- rep(list(labels), length(margin))
  }
  if (length(FUN) == 1L) {
    FUN <- rep(FUN, length(margin))
    labels <- rep(labels, length(margin))
  }
  if (length(FUN) != length(margin)) {
    stop("length of FUN, ", length(FUN), ",\n does not match the length of the margins, ", length(margin))
  }
  if (!quiet && !sums && length(margin) > 1L) {
    cat("Margins computed over dimensions\nin the following order:\n",
        paste0(seq_along(margin), ": ", names(dimnames(A))[margin], collapse = "\n"), "\n", sep = "")
  }
  made <- A
  for (k in seq_along(margin)) made <- with_margin(made, margin[k], if (is.list(FUN[[k]])) FUN[[k]] else FUN[k], labels[[k]])
  if (inherits(A, "table")) class(made) <- c("table", if (length(dim(made)) == 2L) "matrix", "array")
  made
}

with_margin <- function(x, axis, functions, labels) {
  size <- dim(x)
  others <- setdiff(seq_along(size), axis)
  slices <- lapply(functions, function(f) if (length(others)) as.vector(apply(x, others, f)) else f(as.vector(x)))
  order_of_axes <- c(others, axis)
  known <- dimnames(x)
  if (is.null(known)) known <- vector("list", length(size))
  before <- if (is.null(known[[axis]])) rep("", size[axis]) else known[[axis]]
  known[[axis]] <- c(before, labels)
  values <- c(as.double(if (length(others)) aperm(unclass(x), order_of_axes) else x), unlist(slices))
  wide <- array(values, c(size[others], size[axis] + length(slices)))
  made <- aperm(wide, order(order_of_axes))
  dimnames(made) <- known
  made
}

margin_labels <- function(functions, written) {
  written <- if (is.call(written)) as.list(written)[-1L] else functions
  lapply(seq_along(functions), function(k) {
    name <- names(functions)[k]
    inner <- functions[[k]]
    outer <- if (is.null(name) || !nzchar(name)) "" else paste0(name, ".")
    if (is.list(inner)) return(paste0(outer, unlist(margin_labels(inner, written[[k]]))))
    if (is.null(name) || !nzchar(name)) deparse1(written[[k]]) else name
  })
}
