# Evaluation inside a data frame and its reshaping.

with <- function(data, expr, ...) UseMethod("with")

with.default <- function(data, expr, ...) eval(substitute(expr), data, enclos = parent.frame())

within <- function(data, expr, ...) UseMethod("within")

within.data.frame <- function(data, expr, ...) {
  e <- list2env(as.list(data), parent = parent.frame())
  eval(substitute(expr), e)
  left <- .variables_left(e)
  # Of columns that share a name the first is the variable; the others stay as they are.
  others <- data[duplicated(names(data))]
  if (anyDuplicated(names(others)) || any(names(others) %in% names(left))) stop("duplicate subscripts for columns", call. = FALSE)
  left[names(others)] <- as.list(others)
  nl <- union(setdiff(names(left), names(data)), intersect(names(data), names(left)))
  gone <- setdiff(names(data), nl)
  data[nl] <- left[nl]
  data[gone] <- NULL
  data
}

within.list <- function(data, expr, keepAttrs = TRUE, ...) {
  e <- list2env(data[names(data) != ""], parent = parent.frame())
  eval(substitute(expr), e)
  made <- as.list(e, all.names = TRUE)
  if (!keepAttrs) return(made)
  gone <- setdiff(names(data), names(made))
  data[names(made)] <- made
  data[gone] <- NULL
  data
}

subset <- function(x, ...) UseMethod("subset")

subset.default <- function(x, subset, ...) {
  if (!is.logical(subset)) stop("'subset' must be logical")
  x[subset & !is.na(subset)]
}

subset.data.frame <- function(x, subset, select, drop = FALSE, ...) {
  where <- parent.frame()
  rows <- if (missing(subset)) rep_len(TRUE, nrow(x)) else eval(substitute(subset), x, where)
  if (!is.logical(rows)) stop("'subset' must be logical")
  columns <- if (missing(select)) rep_len(TRUE, ncol(x)) else {
    nl <- .name_places(names(x))
    eval(substitute(select), nl, parent.frame())
  }
  x[rep(rows %in% TRUE, length.out = max(nrow(x), length(rows))), columns, drop = drop]
}

subset.matrix <- function(x, subset, select, drop = FALSE, ...) {
  rows <- if (missing(subset)) rep(TRUE, nrow(x)) else subset %in% TRUE
  if (missing(select)) x[rows, , drop = drop]
  else x[rows, .selected_places(substitute(select), colnames(x), parent.frame()), drop = drop]
}

stack <- function(x, ...) UseMethod("stack")

stack.default <- function(x, drop = FALSE, ...) {
  of_frame <- is.data.frame(x)
  x <- as.list(x)
  plain <- vapply(x, is.vector, NA)
  if (!any(plain)) stop(if (of_frame) "no vector columns were selected" else "at least one vector element is required")
  if (!all(plain)) warning(if (of_frame) "non-vector columns will be ignored" else "non-vector elements will be ignored")
  x <- x[plain]
  origin <- rep(factor(names(x), levels = unique(names(x))), lengths(x))
  data.frame(values = unlist(unname(x)), ind = if (drop) droplevels(origin) else origin, stringsAsFactors = FALSE)
}

stack.data.frame <- function(x, select, drop = FALSE, ...) {
  if (missing(select)) stack.default(x, drop = drop, ...)
  else stack.default(x[.selected_places(substitute(select), names(x), parent.frame())], drop = drop, ...)
}

# The variables of an environment, the last made first, without those that are NULL.
.variables_left <- function(place) Filter(Negate(is.null), as.list(place, all.names = TRUE))

transform <- function(`_data`, ...) UseMethod("transform")

transform.default <- function(`_data`, ...) transform.data.frame(data.frame(`_data`), ...)

transform.data.frame <- function(`_data`, ...) {
  made <- eval(substitute(list(...)), `_data`, parent.frame())
  known <- names(made) %in% names(`_data`)
  if (any(known)) {
    `_data`[names(made)[known]] <- made[known]
    attributes(`_data`) <- attributes(`_data`)[c("names", "class", "row.names")]
  }
  if (all(known)) return(`_data`)
  do.call("data.frame", c(list(`_data`), made[!known]))
}

# A vector of any class as the only column of a frame: its names become those of the rows where they differ.
as.data.frame.vector <- function(x, row.names = NULL, optional = FALSE, ..., nm = deparse1(substitute(x))) {
  force(nm)
  size <- length(x)
  labels <- names(x)
  if (is.null(row.names)) row.names <- if (length(labels) == size && size && !anyDuplicated(labels)) labels else seq_len(size)
  names(x) <- NULL
  made <- list(x)
  if (!optional) names(made) <- nm
  structure(made, row.names = row.names, class = "data.frame")
}

print.rle <- function(x, digits = getOption("digits"), prefix = "", ...) {
  cat(prefix, "Run Length Encoding\n", sep = "")
  shown <- function(label, values) {
    lines <- capture.output(str(values, digits.d = digits))
    cat(prefix, label, lines[1L], "\n", sep = "")
    writeLines(lines[-1L])
  }
  shown("  lengths:", x$lengths)
  shown("  values :", x$values)
  invisible(x)
}

print.eigen <- function(x, ...) {
  cat("eigen() decomposition\n")
  print(unclass(x), ...)
  invisible(x)
}

# The deviation of counts from those that independent factors would give: Pearson's statistic with the cells' degrees of freedom.
summary.table <- function(object, ...) {
  extent <- dim(object)
  cases <- sum(object)
  made <- list(n.vars = length(extent), n.cases = cases)
  if (length(extent) > 1L) {
    expected <- as.vector(Reduce(outer, lapply(seq_along(extent), function(axis) apply(object, axis, sum) / cases))) * cases
    made$statistic <- sum((as.vector(object) - expected)^2 / expected)
    made$parameter <- prod(extent) - 1L - sum(extent - 1L)
    made$approx.ok <- !any(expected < 5)
    made$p.value <- pchisq(made$statistic, made$parameter, lower.tail = FALSE)
    made["call"] <- list(attr(object, "call"))
  }
  structure(made, class = "summary.table")
}

print.summary.table <- function(x, digits = max(1L, getOption("digits") - 3L), ...) {
  lines <- paste(c("Number of cases in table:", "Number of factors:"), c(x$n.cases, x$n.vars), "")
  if (x$n.vars > 1L && !is.null(x$statistic)) {
    figures <- c(Chisq = format(round(x$statistic, max(0, digits - log10(x$statistic)))), df = format(round(x$parameter)),
                 `p-value` = format.pval(x$p.value, digits = digits, eps = 0))
    lines <- c(lines, "Test for independence of all factors:", paste0("\t", paste(names(figures), figures, sep = " = ", collapse = ", ")),
               if (!x$approx.ok) "\tChi-squared approximation may be incorrect")
  }
  if (length(x$call)) lines <- c(paste("Call:", paste(deparse(x$call), collapse = "\n")), lines)
  writeLines(lines)
  invisible(x)
}

data <- function(..., list = character(), package = NULL, lib.loc = NULL, verbose = FALSE, envir = .GlobalEnv, overwrite = TRUE) {
  names <- c(vapply(eval(substitute(alist(...))), as.character, ""), list)
  for (name in names) {
    if (!exists(name, envir = baseenv(), inherits = FALSE)) {
      warning("data set \u2018", name, "\u2019 not found")
      next
    }
    if (!overwrite && exists(name, envir = envir, inherits = FALSE)) {
      warning("an object named \u2018", name, "\u2019 already exists and will not be overwritten")
      next
    }
    if (verbose) message("name=", name)
    assign(name, get(name, envir = baseenv()), envir = envir)
  }
  invisible(names)
}

# The places that `select` names, read with every column's name standing for its place.
.selected_places <- function(select, names, where) eval(select, .name_places(names), where)

.name_places <- function(names) structure(as.list(seq_along(names)), names = names)
