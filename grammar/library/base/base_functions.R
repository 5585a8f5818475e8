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
  if (!(is.function(FUN) || is.null(FUN))) stop("'FUN' must be a function or NULL")
  stopifnot(length(m) == 1L, is.numeric(m))
  pool <- .pool_of(x)
  if (m < 0) stop("m < 0", domain = NA)
  if (m > length(pool)) stop("n < m", domain = NA)
  size <- as.integer(m)
  if (is.na(as.integer(choose(length(pool), size)))) stop("invalid 'ncol' value (too large or NA)", call. = FALSE)
  places <- .combinations(length(pool), size)
  kind <- if (simplify && is.factor(pool)) attributes(pool)[c("levels", "class")]
  if (length(kind)) pool <- as.integer(pool)
  made <- lapply(seq_len(ncol(places)), function(k) {
    chosen <- pool[places[, k]]
    if (is.null(FUN)) return(chosen)
    judged <- FUN(chosen, ...)
    if (simplify && is.null(judged)) stop("'data' must be of a vector type, was 'NULL'", call. = FALSE)
    judged
  })
  if (simplify) do.call(structure, c(list(.side_by_side(made, is.null(FUN))), kind)) else made
}

# Results of one extent as an array whose last extent counts them; single values as a vector.
.side_by_side <- function(made, as_columns) {
  first <- made[[1L]]
  extent <- if (length(dim(first)) > 1L) dim(first) else if (as_columns || length(first) != 1L) length(first)
  sizes <- lengths(made)
  if (any(sizes == 0L & length(first) > 0L) || any(length(first) %% sizes[sizes > 0L])) stop("number of items to replace is not a multiple of replacement length")
  values <- lapply(made, function(one) rep_len(as.vector(one), length(first)))
  array(if (length(first)) unlist(values, recursive = FALSE) else as.vector(first), c(extent, length(made)))
}

.without_asis <- function(x) {
  if (inherits(x, "AsIs")) oldClass(x) <- setdiff(oldClass(x), "AsIs")
  x
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
  print(.without_asis(x), ...)
  invisible(x)
}

format.AsIs <- function(x, width = 12, ...) {
  if (is.character(x) || (is.atomic(x) && is.matrix(x))) return(format.default(x, ...))
  room <- max(width, if (is.null(width)) 12L)
  cells <- array(NA_character_, if (is.null(dim(x))) length(x) else dim(x), dimnames(x))
  cells[] <- vapply(x, function(cell) toString(.without_asis(cell), width = room, ...), "")
  format.default(if (is.null(dim(x))) as.vector(cells) else cells, justify = "right")
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
  shown <- dimnames(object)
  if (is.null(shown) && length(dim(object))) shown <- vector("list", length(dim(object)))
  if (is.null(shown)) return(if (is.null(names(object))) as.character(seq_along(object)) else names(object))
  unnamed <- vapply(shown, is.null, NA)
  shown[unnamed] <- lapply(dim(object)[unnamed], function(size) as.character(seq_len(size)))
  shown
}

mat.or.vec <- function(nr, nc) if (nc == 1L) numeric(nr) else matrix(0, nr, nc)

list2DF <- function(x = list(), nrow = 0L) {
  stopifnot(is.list(x), is.numeric(nrow))
  sizes <- unique(lengths(x))
  if (length(sizes) > 1L) stop("all variables should have the same length")
  if (is.null(names(x))) names(x) <- rep("", length(x))
  structure(x, class = "data.frame", row.names = .set_row_names(c(sizes, nrow)[1L]))
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

# The first place where two versions differ decides; where none does, the longer one is later.
compareVersion <- function(a, b) {
  numbers <- lapply(strsplit(c(a, b), "[.-]"), as.integer)
  shared <- seq_len(min(lengths(numbers)))
  apart <- c(numbers[[1L]][shared] - numbers[[2L]][shared], -diff(lengths(numbers)))
  c(sign(apart[apart != 0]), 0)[1L]
}

reformulate <- function(termlabels, response = NULL, intercept = TRUE, env = parent.frame()) {
  if (!is.character(termlabels) || !length(termlabels)) stop("'termlabels' must be a character vector of length at least one")
  right <- str2lang(paste(termlabels, collapse = " + "))
  sides <- list(response, if (intercept) right else call("-", right, 1))
  if (is.character(response)) {
    if (length(response) != 1L) stop("'response' must be a character string")
    sides[[1L]] <- tryCatch(str2lang(response), error = function(e) {
      warning(sprintf("Unparseable 'response' \"%s\"; use is deprecated.  Use as.name(.) or `..`!\n%s", response, conditionMessage(e)), call. = FALSE)
      as.name(response)
    })
  }
  as.formula(as.call(c(as.name("~"), Filter(Negate(is.null), sides))), env)
}

# A variable as the key of a table: which of its values have a cell.
.table_key <- function(values, exclude, addNA, unused) {
  kept <- if (is.factor(values)) levels(values)[!(levels(values) %in% exclude)]
  key <- if (is.null(kept)) factor(values, exclude = exclude) else factor(values, kept, exclude = exclude)
  if (addNA) key <- base::addNA(key, ifany = TRUE)
  if (unused) key else droplevels(key, exclude = NULL)
}

xtabs <- function(formula = ~., data = parent.frame(), subset, sparse = FALSE, na.action, addNA = FALSE,
                  exclude = if (!addNA) c(NA, NaN), drop.unused.levels = FALSE) {
  if (sparse) stop("xtabs(sparse = TRUE) is not supported: use a table of all cells")
  given <- match.call()
  if (missing(formula) && missing(data)) stop("must supply either 'formula' or 'data'")
  formula <- as.formula(formula)
  frame <- .frame_of_call(given, formula, parent.frame(), if (addNA) quote(na.pass))
  counted <- length(formula) == 3L
  counts <- if (counted) frame[[1L]] else rep(1L, nrow(frame))
  keys <- lapply(if (counted) frame[-1L] else frame, .table_key, exclude, addNA, !drop.unused.levels)
  in_cells <- function(column) tapply(column, keys, sum, default = 0L)
  made <- if (is.matrix(counts)) {
    cells <- apply(counts, 2L, in_cells)
    array(cells, c(lengths(lapply(keys, levels)), ncol(counts)), c(lapply(keys, levels), list(names(as.data.frame(counts)))))
  } else in_cells(counts)
  structure(made, class = c("xtabs", "table"), call = given)
}

# What each style of bar writes to go from one length to another, and for the third also to a percentage.
.bar_styles <- list(
  function(bar, was, now) {
    if (now$full >= was$full) bar$cells(now$full - was$full) else paste0("\r", bar$blanks(was$full), "\r", bar$cells(now$full))
  },
  function(bar, was, now) paste0("\r", if (now$full < was$full) paste0(bar$blanks(was$full), "\r"), bar$cells(now$full)),
  function(bar, was, now) {
    if (identical(was, now)) return("")
    sprintf("\r  |%s\r  |%s%s| %3d%%", strrep(" ", bar$room * bar$wide + 6), bar$cells(now$full), bar$blanks(bar$room - now$full), now$percent)
  }
)

print.xtabs <- function(x, ...) {
  shown <- x
  attr(shown, "call") <- NULL
  class(shown) <- "table"
  print(shown, ...)
  invisible(x)
}

txtProgressBar <- function(min = 0, max = 1, initial = 0, char = "=", width = NA, title, label, style = 1, file = "") {
  wide <- nchar(char, type = "w")
  if (wide == 0) stop("'char' must have a non-zero width")
  if (max <= min) stop("must have 'max' > 'min'")
  if (!(style %in% 1:3)) style <- 1
  room <- if (is.na(width)) trunc((getOption("width") - 10 * (style == 3)) / wide) else trunc(width)
  bar <- list(room = room, wide = wide, cells = function(count) strrep(char, count), blanks = function(count) strrep(" ", count * wide))
  value <- initial
  shown <- list(full = 0, percent = -1L)
  draw <- function(share) {
    now <- list(full = round(room * share), percent = as.integer(round(100 * share)))
    cat(.bar_styles[[style]](bar, shown, now), file = file)
    shown <<- now
  }
  # Gives the value that the bar had; what lies outside its range leaves it as it is.
  up <- function(to) {
    before <- value
    if (is.finite(to) && to >= min && to <= max) {
      draw((to - min) / (max - min))
      value <<- to
    }
    invisible(before)
  }
  open <- TRUE
  kill <- function() {
    if (open) cat("\n", file = file)
    open <<- FALSE
  }
  up(initial)
  structure(list(getVal = function() value, up = up, kill = kill), class = "txtProgressBar")
}

setTxtProgressBar <- function(pb, value, title = NULL, label = NULL) {
  inherits(pb, "txtProgressBar") || stop("'pb' is not from class ", dQuote("txtProgressBar"), domain = NA)
  invisible(pb$up(value))
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
  # Values of S3 classes, and matrices, are what class() says; bare values also what they are made of.
  of_class <- !isS4(object) && (is.object(object) || length(class(object)) > 1L)
  if (!of_class) known <- c(known, .made_of(object))
  known <- unique(known)
  if (missing(class2)) return(known)
  if (of_class && class2 %in% c("ANY", "vector", "structure", "oldClass")) return(FALSE)
  class2 == "ANY" || class2 %in% known || any(vapply(known, extends, NA, class2))
}

.made_of <- function(object) {
  if (!is.null(dim(object))) return(c("structure", "vector"))
  c(if (is.integer(object)) "double", if (is.numeric(object)) "numeric", if (is.atomic(object) || is.list(object)) "vector")
}

# The places of all choices of m among n, one a column, in the order of a dictionary: every beginning is followed by all that may come next.
.combinations <- function(n, m) {
  made <- matrix(0L, 0L, 1L)
  last <- 0L
  for (row in seq_len(m)) {
    following <- n - m + row - last
    made <- made[, rep(seq_along(last), following), drop = FALSE]
    last <- sequence(following, from = last + 1L)
    made <- rbind(made, last, deparse.level = 0)
  }
  made
}

# A single whole number stands for the numbers up to it.
.pool_of <- function(x) if (identical(lengths(list(x)), 1L) && is.numeric(x) && x > 0 && x %% 1 == 0) seq_len(x) else x
