# Matching by beginnings, combinations, conversion by class name, progress bars and other small functions.

pmatch <- function(x, table, nomatch = NA_integer_, duplicates.ok = FALSE) {
  x <- as.character(x)
  table <- as.character(table)
  x[is.na(x)] <- "NA"
  table[is.na(table)] <- "NA"
  found <- rep(NA_integer_, length(x))
  free <- rep(TRUE, length(table))
  for (exact in c(TRUE, FALSE)) for (k in seq_along(x)) {
    if (!is.na(found[k]) || !nzchar(x[k])) next
    hits <- which((if (exact) table == x[k] else startsWith(table, x[k])) & free)
    if (length(hits) == 1L || (exact && length(hits))) {
      found[k] <- hits[1L]
      if (!duplicates.ok) free[hits[1L]] <- FALSE
    }
  }
  found[is.na(found)] <- as.integer(nomatch)
  found
}

charmatch <- function(x, table, nomatch = NA_integer_) {
  x <- as.character(x)
  table <- as.character(table)
  table[is.na(table)] <- "NA"
  vapply(x, function(text) {
    if (is.na(text)) text <- "NA"
    exact <- which(table == text)
    if (length(exact) == 1L) return(exact)
    hits <- which(startsWith(table, text))
    if (length(exact) > 1L || length(hits) > 1L) 0L
    else if (length(hits)) hits
    else as.integer(nomatch)
  }, 0L, USE.NAMES = FALSE)
}

combn <- function(x, m, FUN = NULL, simplify = TRUE, ...) {
  if (!is.null(FUN) && !is.function(FUN)) stop("'FUN' must be a function or NULL")
  if (length(m) != 1L || !is.numeric(m)) stop("length(m) == 1L is not TRUE")
  if (m < 0) stop("m < 0", domain = NA)
  if (is.numeric(x) && length(x) == 1L && x > 0 && trunc(x) == x) x <- seq_len(x)
  n <- length(x)
  if (n < m) stop("n < m", domain = NA)
  given <- x
  if (simplify && is.factor(x)) x <- as.integer(x)
  m <- as.integer(m)
  places <- seq_len(m)
  count <- as.integer(round(choose(n, m)))
  found <- vector("list", count)
  for (k in seq_len(count)) {
    one <- if (is.null(FUN)) x[places] else FUN(x[places], ...)
    if (simplify && is.null(one)) stop("'data' must be of a vector type, was 'NULL'")
    if (simplify && k > 1L && length(one) != length(found[[1L]])) stop("number of items to replace is not a multiple of replacement length")
    found[k] <- list(one)
    last <- m
    while (last > 0L && places[last] == n - m + last) last <- last - 1L
    if (last > 0L) places[last:m] <- places[last] + seq_len(m - last + 1L)
  }
  if (!simplify) return(found)
  size <- length(found[[1L]])
  shape <- if (is.null(FUN)) c(m, count) else if (length(dim(found[[1L]])) > 1L) c(dim(found[[1L]]), count)
  else if (size > 1L) c(size, count) else count
  bare <- lapply(found, unname)
  made <- array(if (is.list(bare[[1L]])) do.call(c, bare) else unlist(bare), shape)
  if (is.factor(given)) made <- structure(made, levels = levels(given), class = class(given))
  made
}

sequence <- function(nvec, from = 1L, by = 1L, ...) {
  nvec <- as.integer(nvec)
  if (anyNA(nvec) || any(nvec < 0L)) stop("'lengths' must be a vector of non-negative integers")
  from <- as.integer(from)
  by <- as.integer(by)
  if (length(nvec) && !length(from)) stop("'from' has length 0, but not 'lengths'")
  if (length(nvec) && !length(by)) stop("'by' has length 0, but not 'lengths'")
  if (anyNA(from)) stop("'from' contains NAs")
  if (anyNA(by)) stop("'by' contains NAs")
  pieces <- Map(function(count, start, step) start + step * (seq_len(count) - 1L), nvec, from, by)
  if (length(pieces)) as.integer(unlist(pieces)) else integer(0)
}

isa <- function(x, what) {
  if (length(what) == 1L) inherits(x, what) else all(inherits(x, what, which = TRUE) > 0)
}

hasName <- function(x, name) match(name, names(x), nomatch = 0L) > 0L

as.null <- function(x, ...) NULL

print.AsIs <- function(x, ...) {
  classes <- oldClass(x)
  stripped <- x
  oldClass(stripped) <- classes[classes != "AsIs"]
  print(stripped, ...)
  invisible(x)
}

format.AsIs <- function(x, width = 12, ...) {
  if (is.character(x) || (is.atomic(x) && is.matrix(x))) return(format.default(x, ...))
  columns <- if (is.null(width)) 12L else width
  texts <- vapply(x, function(part) {
    oldClass(part) <- setdiff(oldClass(part), "AsIs")
    toString(part, width = columns, ...)
  }, "", USE.NAMES = FALSE)
  dim(texts) <- dim(x)
  dimnames(texts) <- dimnames(x)
  format.default(texts, justify = "right")
}

`[.AsIs` <- function(x, i, ...) I(NextMethod("["))

comment <- function(x) attr(x, "comment", exact = TRUE)

`comment<-` <- function(x, value) {
  if (is.null(x)) stop("attempt to set an attribute on NULL")
  if (!is.null(value) && !is.character(value)) stop("attempt to set invalid 'comment' attribute")
  attr(x, "comment") <- value
  x
}

logb <- function(x, base = exp(1)) if (missing(base)) log(x) else log(x, base)

labels <- function(object, ...) UseMethod("labels")

labels.default <- function(object, ...) {
  if (!is.null(dimnames(object))) return(dimnames(object))
  if (!is.null(names(object))) names(object) else as.character(seq_along(object))
}

mat.or.vec <- function(nr, nc) if (nc == 1L) numeric(nr) else matrix(0, nr, nc)

list2DF <- function(x = list(), nrow = 0L) {
  if (length(x)) nrow <- max(lengths(x))
  if (is.null(names(x))) names(x) <- character(length(x))
  structure(x, class = "data.frame", row.names = .set_row_names(nrow))
}

.set_row_names <- function(n) if (n > 0) c(NA_integer_, -n) else integer()

`split<-` <- function(x, f, drop = FALSE, ..., value) {
  places <- split(seq_along(if (is.data.frame(x)) x[[1L]] else x), f, drop = drop, ...)
  for (k in seq_along(places)) {
    part <- value[[(k - 1L) %% length(value) + 1L]]
    if (is.data.frame(x)) x[places[[k]], ] <- part else x[places[[k]]] <- part
  }
  x
}

sort.int <- function(x, partial = NULL, na.last = NA, decreasing = FALSE, method = c("auto", "shell", "quick", "radix"), index.return = FALSE) {
  method <- match.arg(method)
  levels <- levels(x)
  ordered <- is.ordered(x)
  if (is.factor(x)) {
    if (index.return && method != "auto" && method != "radix") stop("'index.return' only for non-factors")
    x <- c(unclass(x))
    attr(x, "levels") <- NULL
  } else if (!is.atomic(x)) stop("'x' must be atomic")
  if (!is.null(partial)) {
    if (method == "radix") stop("'partial' sorting not supported by radix method")
    if (index.return || decreasing || !is.null(levels) || method == "quick") stop("unsupported options for partial sorting")
    if (!all(is.finite(partial))) stop("non-finite 'partial'")
    absent <- x[is.na(x)]
    x <- x[!is.na(x)]
    if (isFALSE(na.last)) partial <- partial[partial > length(absent)] - length(absent)
    partial <- sort(as.integer(partial))
    if (any(partial < 1L | partial > length(x))) {
      outside <- partial[partial < 1L | partial > length(x)][1L]
      stop(gettextf("index %d outside bounds", outside), domain = NA)
    }
    x <- if (length(partial) <= 10L) partly_sorted(unname(x), 1L, length(x), partial) else sort(unname(x))
    return(if (is.na(na.last)) x else if (na.last) c(x, absent) else c(absent, x))
  }
  if (index.return && is.na(na.last)) x <- x[!is.na(x)]
  at <- order(x, na.last = na.last, decreasing = decreasing, method = if (method == "radix") "radix" else "auto")
  sorted <- x[at]
  if (!is.null(levels)) sorted <- factor(sorted, levels = seq_along(levels), labels = levels, ordered = ordered)
  if (index.return) list(x = sorted, ix = at) else sorted
}

# C. A. R. Hoare's FIND: element k comes to its place, with nothing greater before it and nothing smaller behind it.
found_place <- function(x, low, high, k) {
  while (low < high) {
    pivot <- x[k]
    i <- low
    j <- high
    while (i <= j) {
      while (x[i] < pivot) i <- i + 1L
      while (pivot < x[j]) j <- j - 1L
      if (i <= j) {
        x[c(i, j)] <- x[c(j, i)]
        i <- i + 1L
        j <- j - 1L
      }
    }
    if (j < k) low <- i
    if (k < i) high <- j
  }
  x
}

# The same for several places: the last one in the lower half first, then those on either side of it.
partly_sorted <- function(x, low, high, places) {
  if (!length(places) || high <= low) return(x)
  if (length(places) == 1L) return(found_place(x, low, high, places))
  at <- max(1L, sum(places <= (low + high) %/% 2L))
  k <- places[at]
  x <- found_place(x, low, high, k)
  x <- partly_sorted(x, low, k - 1L, places[seq_len(at - 1L)])
  partly_sorted(x, k + 1L, high, places[-seq_len(at)])
}

forwardsolve <- function(l, x, k = ncol(l), upper.tri = FALSE, transpose = FALSE) {
  backsolve(l, x, k = k, upper.tri = upper.tri, transpose = transpose)
}

provideDimnames <- function(x, sep = "", base = list(LETTERS), unique = TRUE) {
  shown <- dimnames(x)
  if (is.null(shown)) shown <- vector("list", length(dim(x)))
  for (k in seq_along(shown)) if (is.null(shown[[k]])) {
    shown[[k]] <- rep_len(base[[(k - 1L) %% length(base) + 1L]], dim(x)[k])
    if (unique) shown[[k]] <- make.unique(shown[[k]], sep = sep)
  }
  dimnames(x) <- shown
  x
}

compareVersion <- function(a, b) {
  left <- as.integer(strsplit(a, "[.-]")[[1L]])
  right <- as.integer(strsplit(b, "[.-]")[[1L]])
  for (k in seq_len(min(length(left), length(right)))) {
    if (left[k] != right[k]) return(if (left[k] > right[k]) 1 else -1)
  }
  sign(length(left) - length(right))
}

reformulate <- function(termlabels, response = NULL, intercept = TRUE, env = parent.frame()) {
  if (!length(termlabels)) stop("'termlabels' must be a character vector of length at least one")
  right <- paste(termlabels, collapse = " + ")
  if (!intercept) right <- paste(right, "- 1")
  left <- if (is.null(response)) "" else if (is.character(response)) response else deparse(response)
  as.formula(paste(left, "~", right), env)
}

xtabs <- function(formula = ~., data = parent.frame(), subset, sparse = FALSE, na.action, addNA = FALSE,
                  exclude = if (!addNA) c(NA, NaN), drop.unused.levels = FALSE) {
  if (!inherits(formula, "formula") && !is.language(formula)) stop("'formula' missing or incorrect")
  if (sparse) stop("xtabs(sparse = TRUE) is not supported: use a table of all cells")
  call <- match.call(expand.dots = FALSE)
  if (is.matrix(eval(call$data, parent.frame()))) call$data <- as.data.frame(data)
  call$sparse <- call$addNA <- call$exclude <- call$drop.unused.levels <- NULL
  if (addNA && is.null(call$na.action)) call$na.action <- quote(na.pass)
  call[[1L]] <- quote(stats::model.frame)
  frame <- eval(call, parent.frame())
  counts <- if (length(formula) == 3L) frame[[1L]]
  groups <- lapply(if (length(formula) == 3L) frame[-1L] else frame, function(values) {
    if (!is.factor(values)) values <- factor(values, exclude = exclude)
    else if (any(levels(values) %in% exclude)) {
      values <- factor(as.character(values), levels = setdiff(levels(values), exclude), exclude = NULL)
    }
    if (addNA) values <- base::addNA(values, ifany = TRUE)
    if (drop.unused.levels) values[, drop = TRUE] else values
  })
  if (is.null(counts)) made <- do.call(table, c(groups, list(dnn = names(groups))))
  else {
    made <- if (is.matrix(counts)) {
      each <- lapply(seq_len(ncol(counts)), function(k) tapply(counts[, k], groups, sum))
      last <- setNames(list(colnames(counts)), "")
      array(unlist(each), c(dim(each[[1L]]), ncol(counts)), c(dimnames(each[[1L]]), last))
    } else tapply(counts, groups, sum)
    made[is.na(made)] <- 0L
    class(made) <- "table"
  }
  structure(made, class = c("xtabs", "table"), call = match.call())
}

print.xtabs <- function(x, ...) {
  shown <- x
  attr(shown, "call") <- NULL
  class(shown) <- "table"
  print(shown, ...)
  invisible(x)
}

txtProgressBar <- function(min = 0, max = 1, initial = 0, char = "=", width = NA, title, label, style = 1, file = "") {
  if (!style %in% 1:3) style <- 1
  if (max <= min) stop("must have 'max' > 'min'")
  room <- if (is.na(width)) getOption("width") - if (style == 3) 10L else 0L else width
  room <- trunc(room / nchar(char))
  value <- initial
  drawn <- 0L
  percent <- -1L
  finished <- FALSE
  advance <- function(to) {
    if (!is.finite(to) || to < min || to > max) return(invisible(NULL))
    value <<- to
    full <- round(room * (to - min) / (max - min))
    if (style == 3) {
      share <- round(100 * (to - min) / (max - min))
      if (full == drawn && share == percent) return(invisible(NULL))
      cat("\r  |", strrep(" ", room * nchar(char) + 6), "\r  |", strrep(char, full), strrep(" ", nchar(char) * (room - full)),
        sprintf("| %3d%%", share), sep = "", file = file)
      percent <<- share
    } else if (style == 1 && full > drawn) cat(strrep(char, full - drawn), file = file)
    else if (full != drawn) cat("\r", strrep(char, full), strrep(" ", max(0, drawn - full)), sep = "", file = file)
    drawn <<- full
    invisible(NULL)
  }
  bar <- structure(list(getVal = function() value, up = advance, kill = function() if (!finished) {
    cat("\n", file = file)
    finished <<- TRUE
  }), class = "txtProgressBar")
  advance(initial)
  bar
}

setTxtProgressBar <- function(pb, value, title = NULL, label = NULL) {
  if (!inherits(pb, "txtProgressBar")) {
    stop(gettextf("'pb' is not from class %s", dQuote("txtProgressBar")), domain = NA)
  }
  before <- pb$getVal()
  pb$up(value)
  invisible(before)
}

getTxtProgressBar <- function(pb) pb$getVal()

close.txtProgressBar <- function(con, ...) {
  con$kill()
  invisible(NULL)
}

is <- function(object, class2) {
  if (missing(class2) && !isS4(object)) return(extends(class(object)[[1L]]))
  known <- if (isS4(object)) extends(class(object)) else class(object)
  if (is.function(object)) known <- c(known, "function")
  if (is.numeric(object) && !is.object(object)) known <- c(known, "numeric")
  known <- unique(c(known, if (!is.object(object) && is.atomic(object) || is.list(object)) "vector"))
  if (missing(class2)) return(known)
  class2 == "ANY" || class2 %in% known || any(vapply(known, extends, NA, class2))
}
