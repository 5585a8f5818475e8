# Evaluation inside a data frame and its reshaping.

with <- function(data, expr, ...) UseMethod("with")

with.default <- function(data, expr, ...) eval(substitute(expr), data, enclos = parent.frame())

within <- function(data, expr, ...) UseMethod("within")

within.data.frame <- function(data, expr, ...) {
  e <- list2env(as.list(data), parent = parent.frame())
  eval(substitute(expr), e)
  made <- as.list(e, all.names = TRUE)
  made <- made[!vapply(made, is.null, NA, USE.NAMES = FALSE)]
  # Of columns that share a name the first is the variable; the others are still there when it has been removed.
  again <- data[duplicated(names(data))]
  removed <- names(again) %in% setdiff(names(again), names(made))
  if (anyDuplicated(c(names(made), names(again)[!removed])) || anyDuplicated(names(again)))
    stop("duplicate subscripts for columns", call. = FALSE)
  made[names(again)] <- as.list(again)
  fresh <- setdiff(names(made), names(data))
  gone <- setdiff(names(data), names(made))
  changed <- c(fresh, intersect(names(data), names(made)))
  data[changed] <- made[changed]
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
  rows <- if (missing(subset)) rep(TRUE, nrow(x))
  else {
    e <- substitute(subset)
    chosen <- eval(e, x, parent.frame())
    if (!is.logical(chosen)) stop("'subset' must be logical")
    chosen & !is.na(chosen)
  }
  if (missing(select)) return(x[rows, rep_len(TRUE, ncol(x)), drop = drop])
  places <- as.list(seq_along(x))
  names(places) <- names(x)
  x[rows, eval(substitute(select), places, parent.frame()), drop = drop]
}

subset.matrix <- function(x, subset, select, drop = FALSE, ...) {
  rows <- if (missing(subset)) rep(TRUE, nrow(x)) else subset & !is.na(subset)
  if (missing(select)) return(x[rows, , drop = drop])
  places <- as.list(seq_len(ncol(x)))
  names(places) <- colnames(x)
  x[rows, eval(substitute(select), places, parent.frame()), drop = drop]
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
  if (!missing(select)) {
    places <- as.list(seq_along(x))
    names(places) <- names(x)
    x <- x[eval(substitute(select), places, parent.frame())]
  }
  stack.default(x, drop = drop, ...)
}

transform <- function(`_data`, ...) UseMethod("transform")

transform.default <- function(`_data`, ...) {
  if (!is.data.frame(`_data`)) `_data` <- data.frame(`_data`)
  made <- eval(substitute(list(...)), `_data`, parent.frame())
  known <- names(made) %in% names(`_data`)
  if (any(known)) {
    `_data`[names(made)[known]] <- made[known]
    attributes(`_data`) <- attributes(`_data`)[c("names", "class", "row.names")]
  }
  if (all(known)) return(`_data`)
  do.call("data.frame", c(list(`_data`), made[!known]))
}

print.rle <- function(x, digits = getOption("digits"), prefix = "", ...) {
  cat(prefix, "Run Length Encoding\n", sep = "")
  shown <- function(label, values) {
    lines <- capture.output(str(values, digits.d = digits))
    cat(prefix, label, sub("^ ", "", lines[1L]), "\n", sep = "")
    if (length(lines) > 1L) cat(prefix, lines[-1L], "\n", sep = "")
  }
  shown("  lengths: ", x$lengths)
  shown("  values : ", x$values)
  invisible(x)
}

print.eigen <- function(x, ...) {
  cat("eigen() decomposition\n")
  print(unclass(x), ...)
  invisible(x)
}

summary.table <- function(object, ...) {
  count <- length(dim(object))
  if (count < 2L) return(structure(list(n.vars = count, n.cases = sum(object)), class = "summary.table"))
  shares <- lapply(seq_len(count), function(axis) apply(object, axis, sum) / sum(object))
  expected <- as.vector(Reduce(outer, shares)) * sum(object)
  statistic <- sum((as.vector(object) - expected)^2 / expected)
  parameter <- prod(dim(object)) - 1L - sum(dim(object) - 1L)
  structure(list(n.vars = count, n.cases = sum(object), statistic = statistic, parameter = parameter,
                 approx.ok = all(expected >= 5), p.value = pchisq(statistic, parameter, lower.tail = FALSE),
                 call = attr(object, "call")),
            class = "summary.table")
}

print.summary.table <- function(x, digits = max(1L, getOption("digits") - 3L), ...) {
  if (!is.null(x$call)) {
    cat("Call: ")
    print(x$call)
  }
  cat("Number of cases in table:", x$n.cases, "\n")
  cat("Number of factors:", x$n.vars, "\n")
  if (x$n.vars > 1L && !is.null(x$statistic)) {
    cat("Test for independence of all factors:\n")
    cat("\tChisq = ", format(round(x$statistic, max(0, digits - log10(x$statistic)))), ", df = ", format(round(x$parameter)),
        ", p-value = ", format.pval(x$p.value, digits = digits, eps = 0), "\n", sep = "")
    if (!x$approx.ok) cat("\tChi-squared approximation may be incorrect\n")
  }
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
