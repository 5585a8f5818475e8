# Flat contingency tables, and numbers as symbols.

ftable <- function(x, ...) UseMethod("ftable")

ftable.formula <- function(formula, data = NULL, subset, na.action, ...) {
  if (missing(formula) || !inherits(formula, "formula")) stop("'formula' missing or incorrect")
  if (length(formula) != 3L) stop("'formula' must have both left and right hand sides")
  rows <- all.vars(formula[[3L]])
  columns <- all.vars(formula[[2L]])
  if (is.table(data) || is.array(data)) {
    known <- names(dimnames(data))
    return(ftable.default(data, row.vars = if (identical(rows, ".")) setdiff(known, columns) else rows, col.vars = if (identical(columns, ".")) setdiff(known, rows) else columns))
  }
  if (!missing(subset)) data <- rows_chosen(data, substitute(subset), environment(formula))
  if (!missing(na.action)) data <- match.fun(na.action)(data)
  if (identical(rows, ".")) rows <- setdiff(names(data), columns)
  if (identical(columns, ".")) columns <- setdiff(names(data), rows)
  parts <- lapply(setNames(nm = c(rows, columns)), function(name) eval(as.name(name), data, environment(formula)))
  ftable.default(do.call(table, parts), row.vars = rows, col.vars = columns)
}

ftable.default <- function(..., exclude = c(NA, NaN), row.vars = NULL, col.vars = NULL) {
  given <- list(...)
  if (!length(given)) stop("nothing to tabulate")
  x <- given[[1L]]
  if (is.list(x)) x <- table(x, exclude = exclude)
  else if (inherits(x, "ftable")) x <- as.table(x)
  else if (!(is.array(x) && length(dim(x)) > 1L) && !is.table(x)) x <- table(..., exclude = exclude)
  shape <- dim(x)
  labels <- dimnames(x)
  if (is.null(labels)) labels <- lapply(shape, function(k) LETTERS[seq_len(k)])
  place <- function(vars, what) {
    if (is.character(vars)) {
      at <- pmatch(vars, names(labels))
      if (anyNA(at)) stop(gettextf("incorrect specification for '%s'", what), domain = NA)
      at
    } else {
      if (any(vars < 1) || any(vars > length(shape))) stop(gettextf("incorrect specification for '%s'", what), domain = NA)
      vars
    }
  }
  all <- seq_along(shape)
  if (!is.null(row.vars)) {
    rows <- place(row.vars, "row.vars")
    columns <- if (is.null(col.vars)) setdiff(all, rows) else place(col.vars, "col.vars")
    if (length(rest <- setdiff(all, c(rows, columns)))) x <- apply(x, c(rows, columns), sum)
  } else if (!is.null(col.vars)) {
    columns <- place(col.vars, "col.vars")
    rows <- setdiff(all, columns)
  } else {
    columns <- length(shape)
    rows <- all[-length(all)]
  }
  if (length(dim(x)) == length(all)) x <- aperm(x, c(rev(rows), rev(columns)))
  else x <- aperm(x, c(rev(seq_along(rows)), length(rows) + rev(seq_along(columns))))
  counts <- prod(shape[rows])
  y <- array(c(x), c(counts, prod(shape[columns])))
  attr(y, "row.vars") <- labels[rows]
  attr(y, "col.vars") <- labels[columns]
  class(y) <- "ftable"
  y
}

as.table.ftable <- function(x, ...) {
  rows <- rev(attr(x, "row.vars"))
  columns <- rev(attr(x, "col.vars"))
  made <- array(c(unclass(x)), dim = c(lengths(rows), lengths(columns)), dimnames = c(rows, columns))
  order <- c(rev(seq_along(rows)), rev(length(rows) + seq_along(columns)))
  structure(aperm(made, order), class = "table")
}

# The text of a flat table: labels of rows at the left, of columns above.
format.ftable <- function(x, quote = TRUE, digits = getOption("digits"), method = c("non.compact", "row.compact", "col.compact", "compact"), lsep = " | ", ...) {
  method <- match.arg(method)
  quoted <- function(text) if (quote) paste0("\"", text, "\"") else text
  labels_of <- function(parts) {
    sizes <- lengths(parts)
    total <- prod(sizes)
    made <- matrix("", total, length(parts))
    after <- total
    for (k in seq_along(parts)) {
      after <- after / sizes[k]
      every <- rep(rep(quoted(parts[[k]]), each = after), length.out = total)
      starts <- seq.int(1, total, by = after)
      made[starts, k] <- every[starts]
    }
    made
  }
  heads_of <- function(parts) {
    found <- names(parts)
    if (is.null(found)) rep("", length(parts)) else ifelse(nzchar(found), quoted(found), "")
  }
  rows <- attr(x, "row.vars")
  columns <- attr(x, "col.vars")
  above <- cbind(heads_of(columns), t(labels_of(columns)))
  left <- labels_of(rows)
  body <- format(unclass(x), digits = digits, ...)
  dim(body) <- dim(x)
  corner <- length(columns)
  made <- switch(method,
    non.compact = {
      top <- cbind(rbind(matrix("", corner, length(rows))), above)
      rbind(if (corner > 1) top[seq_len(corner - 1L), , drop = FALSE], top[corner, , drop = FALSE], c(heads_of(rows), rep("", ncol(above))),
            cbind(left, "", body))
    },
    row.compact = {
      top <- rbind(matrix("", corner - 1L, length(rows)), heads_of(rows))
      rbind(cbind(top, above), cbind(left, "", body))
    },
    col.compact = rbind(cbind(matrix("", corner, length(rows)), above[, -1L, drop = FALSE]), cbind(heads_of(rows), "")[0, ], cbind(left, body)),
    compact = {
      top <- rbind(matrix("", corner - 1L, length(rows)), heads_of(rows))
      top[corner, length(rows)] <- paste(top[corner, length(rows)], heads_of(columns)[corner], sep = lsep)
      rbind(cbind(top, above[, -1L, drop = FALSE]), cbind(left, body))
    })
  padded_columns(unname(made), length(rows) + 1L)
}

write.ftable <- function(x, file = "", quote = TRUE, append = FALSE, digits = getOption("digits"), sep = " ", ...) {
  shown <- format.ftable(x, quote = quote, digits = digits, ...)
  cat(t(shown), file = file, append = append, sep = c(rep(sep, ncol(shown) - 1L), "\n"))
  invisible(x)
}

# Columns of text brought to one width each: labels to the left, counts to the right.
padded_columns <- function(text, labels) {
  for (k in seq_len(ncol(text))) text[, k] <- formatC(text[, k], width = max(nchar(text[, k])), flag = if (k <= labels) "-" else "")
  text
}

print.ftable <- function(x, digits = getOption("digits"), ...) {
  write.ftable(x, quote = FALSE, digits = digits, ...)
  invisible(x)
}

symnum <- function(x, cutpoints = c(0.3, 0.6, 0.8, 0.9, 0.95), symbols = if (numeric.x) c(" ", ".", ",", "+", "*", "B") else c(".", "|"),
                   legend = length(symbols) >= 3, na = "?", eps = 1e-5, numeric.x = is.numeric(x), corr = missing(cutpoints) && numeric.x,
                   show.max = if (corr) "1" else NULL, show.min = NULL, abbr.colnames = has.colnames, lower.triangular = corr && is.numeric(x) && is.matrix(x),
                   diag.lower.tri = corr && !is.null(show.max)) {
  if (!length(x)) return(noquote(if (is.null(d <- dim(x))) character() else array("", dim = d)))
  has.colnames <- !is.null(dimnames(x))
  shape <- attributes(x)[c("dim", "dimnames", "names")]
  if (numeric.x) {
    force(corr)
    cutpoints <- sort(cutpoints)
    if (corr) cutpoints <- c(0, cutpoints, 1)
    if (anyDuplicated(cutpoints) || (corr && (any(cutpoints > 1) || any(cutpoints < 0)))) {
      stop(if (corr) "'cutpoints' must be unique in 0 < cuts < 1, but are = " else "'cutpoints' must be unique, but are = ", paste(format(cutpoints), collapse = "|"), domain = NA)
    }
    low <- cutpoints[1L] - eps
    high <- cutpoints[length(cutpoints)] + eps
    size <- if (corr) abs(c(x)) else c(x)
    if (any(size < low, na.rm = TRUE) || any(size > high, na.rm = TRUE)) stop("'x' must be between cutpoints")
    if (length(symbols) != length(cutpoints) - 1L) stop("number of 'cutpoints' must be one more than number of 'symbols'")
    class_at <- cut(size, breaks = c(cutpoints[1L] - eps, cutpoints[-c(1L, length(cutpoints))], high), labels = FALSE, include.lowest = TRUE)
    marks <- rep("", length(size))
    missing_at <- is.na(class_at)
    marks[!missing_at] <- symbols[class_at[!missing_at]]
    marks[missing_at] <- na
    if (!is.null(show.max)) marks[!missing_at & size >= cutpoints[length(cutpoints)] - eps] <- if (is.character(show.max)) show.max else format(cutpoints[length(cutpoints)], digits = 1)
    if (!is.null(show.min)) marks[!missing_at & size <= cutpoints[1L] + eps] <- if (is.character(show.min)) show.min else format(cutpoints[1L], digits = 1)
  } else {
    marks <- symbols[1 + as.integer(x)]
    marks[is.na(x)] <- na
  }
  attributes(marks) <- shape[!vapply(shape, is.null, NA)]
  if (lower.triangular) marks[!lower.tri(x, diag = diag.lower.tri)] <- ""
  if (is.logical(abbr.colnames) && abbr.colnames && length(dim(marks)) == 2L) dimnames(marks)[[2L]] <- abbreviate(dimnames(marks)[[2L]], minlength = 1L)
  if (is.numeric(abbr.colnames) && length(dim(marks)) == 2L) dimnames(marks)[[2L]] <- abbreviate(dimnames(marks)[[2L]], minlength = abbr.colnames)
  if (legend && numeric.x) {
    between <- c(rbind(sapply(cutpoints, format), c(paste0("\u2018", symbols, "\u2019"), "")))
    attr(marks, "legend") <- paste(between[-2 * length(cutpoints)], collapse = " ")
  }
  noquote(marks)
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

# The array with one more slice along an axis for each function, computed over that axis.
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

# What the slices of each margin are called: by the names in the list, or as the functions are written.
margin_labels <- function(functions, written) {
  written <- if (is.call(written)) as.list(written)[-1L] else functions
  lapply(seq_along(functions), function(k) {
    name <- names(functions)[k]
    inner <- functions[[k]]
    if (is.list(inner)) return(unlist(margin_labels(inner, written[[k]])))
    if (is.null(name) || !nzchar(name)) deparse1(written[[k]]) else name
  })
}
