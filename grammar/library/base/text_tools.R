# Fixed columns, captures as columns, lists rebuilt from vectors, roman numerals, distances of strings, numbered items.

read.fwf <- function(file, widths, header = FALSE, sep = "\t", skip = 0, row.names, col.names, n = -1, buffersize = 2000, fileEncoding = "", ...) {
  lines <- readLines(if (is.character(file) && nzchar(fileEncoding)) {
    connection <- base::file(file, encoding = fileEncoding)
    on.exit(close(connection))
    connection
  } else file)
  if (skip > 0) lines <- lines[-seq_len(skip)]
  if (header) {
    head <- strsplit(lines[1L], sep, fixed = TRUE)[[1L]]
    lines <- lines[-1L]
  }
  if (n >= 0) lines <- lines[seq_len(min(n * if (is.list(widths)) length(widths) else 1, length(lines)))]
  cut_up <- function(lines, widths) {
    last <- cumsum(abs(widths))
    first <- last - abs(widths) + 1
    keep <- widths > 0
    pieces <- mapply(function(a, b) trimws(substring(lines, a, b)), first[keep], last[keep])
    matrix(pieces, length(lines))
  }
  cells <- if (is.list(widths)) {
    per <- length(widths)
    do.call(cbind, lapply(seq_len(per), function(k) cut_up(lines[seq.int(k, length(lines), by = per)], widths[[k]])))
  } else cut_up(lines, widths)
  made <- read.table(text = apply(cells, 1L, paste, collapse = "\t"), sep = "\t", header = FALSE, ...)
  if (!missing(col.names)) names(made) <- col.names
  else if (header) names(made) <- head
  if (!missing(row.names)) rownames(made) <- row.names
  made
}

strcapture <- function(pattern, x, proto, perl = FALSE, useBytes = FALSE) {
  found <- regmatches(x, regexec(pattern, x, perl = perl, useBytes = useBytes))
  groups <- length(proto)
  found[lengths(found) == 0L] <- list(rep(NA_character_, groups + 1L))
  if (length(found) && length(found[[1L]]) != groups + 1L) stop("The number of captures in 'pattern' != 'length(proto)'")
  cells <- matrix(as.character(unlist(found)), ncol = groups + 1L, byrow = TRUE)
  columns <- lapply(seq_len(groups), function(k) as(cells[, k + 1L], class(proto[[k]])[1L]))
  names(columns) <- names(proto)
  as.data.frame(columns, stringsAsFactors = FALSE, optional = TRUE)
}

as.relistable <- function(x) {
  if (!inherits(x, "relistable")) class(x) <- c("relistable", class(x))
  x
}

is.relistable <- function(x) inherits(x, "relistable")

unlist.relistable <- function(x, recursive = TRUE, use.names = TRUE) {
  skeleton <- x
  if (!recursive) warning("relist() requires recursively unlisted objects.")
  class(x) <- setdiff(class(x), "relistable")
  structure(unlist(unclass(x), recursive, use.names), skeleton = skeleton)
}

relist <- function(flesh, skeleton = attr(flesh, "skeleton")) {
  if (is.null(skeleton)) stop("The 'flesh' argument does not contain a skeleton attribute.\nEither ensure you unlist a relistable object, or specify the skeleton separately.")
  attr(flesh, "skeleton") <- NULL
  flesh <- unname(flesh)
  at <- 0L
  fill <- function(part) {
    if (is.list(part)) {
      made <- part
      for (k in seq_along(part)) {
        value <- fill(part[[k]])
        if (!is.null(value)) made[[k]] <- value
      }
      return(made)
    }
    size <- length(part)
    taken <- flesh[at + seq_len(size)]
    at <<- at + size
    if (is.factor(part)) return(factor(levels(part)[taken], levels(part)))
    attributes(taken) <- attributes(part)
    taken
  }
  fill(skeleton)
}

roman_marks <- function() list(c(1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
                               c("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"))

as.roman <- function(x) {
  if (inherits(x, "roman")) return(x)
  number <- if (is.character(x)) {
    plain <- is.na(x) | !nzchar(x) | grepl("^[[:digit:]]+$", x)
    made <- rep(NA_integer_, length(x))
    made[plain] <- as.integer(x[plain])
    made[!plain] <- vapply(toupper(x[!plain]), function(text) {
      if (is.na(text) || !grepl("^M{0,3}(CM|CD|D?C{0,4})(XC|XL|L?X{0,4})(IX|IV|V?I{0,4})$", text) || !nzchar(text)) return(NA_integer_)
      values <- c(I = 1, V = 5, X = 10, L = 50, C = 100, D = 500, M = 1000)[strsplit(text, "")[[1L]]]
      as.integer(sum(ifelse(c(values[-1L], 0) > values, -values, values)))
    }, 0L, USE.NAMES = FALSE)
    wrong <- x[!plain & is.na(made)]
    if (length(wrong)) warning("invalid roman numeral", if (length(wrong) > 1L) "s", ": ", paste(wrong, collapse = " "), call. = FALSE)
    made
  } else if (is.numeric(x) || is.logical(x)) as.integer(x) else stop("cannot coerce 'x' to roman")
  number[!is.na(number) & (number <= 0L | number >= 3900L)] <- NA
  if (is.integer(x)) number <- structure(number, dim = dim(x), dimnames = dimnames(x), names = if (is.null(dim(x))) names(x))
  structure(number, class = "roman")
}

as.character.roman <- function(x, ...) {
  marks <- roman_marks()
  vapply(unclass(x), function(n) {
    if (is.na(n)) return(NA_character_)
    text <- ""
    for (k in seq_along(marks[[1L]])) while (n >= marks[[1L]][k]) {
      text <- paste0(text, marks[[2L]][k])
      n <- n - marks[[1L]][k]
    }
    text
  }, "", USE.NAMES = FALSE)
}

as.integer.roman <- function(x, ...) as.integer(unclass(x))

as.double.roman <- function(x, ...) as.double(unclass(x))

format.roman <- function(x, ...) format(as.character.roman(x), ...)

print.roman <- function(x, ...) {
  print(noquote(as.character.roman(x)), ...)
  invisible(x)
}

`[.roman` <- function(x, i) structure(unclass(x)[i], class = "roman")

rep.roman <- function(x, ...) structure(rep(unclass(x), ...), class = "roman")

rev.roman <- function(x) structure(rev(unclass(x)), class = "roman")

# Arithmetic reads texts as roman numerals and gives roman numbers; comparisons take what stands there.
Ops.roman <- function(e1, e2) {
  arithmetic <- .Generic %in% c("+", "-", "*", "^", "%%", "%/%", "/")
  given <- if (missing(e2) && !arithmetic) list(e1) else list(e1, e2)
  numbers <- lapply(given, function(one) if (inherits(one, "roman") || is.character(one) && arithmetic) unclass(as.roman(one)) else one)
  value <- do.call(.Generic, numbers)
  if (arithmetic) as.roman(value) else value
}

Summary.roman <- function(..., na.rm = FALSE) {
  value <- do.call(.Generic, c(lapply(list(...), function(one) unclass(as.roman(one))), na.rm = na.rm))
  if (is.logical(value)) value else as.roman(value)
}

# Terms and what is said of them, from a list of two, a matrix of two columns, a named vector or two vectors.
.described_terms <- function(x, y) {
  if (is.matrix(x)) x <- lapply(seq_len(ncol(x)), function(k) x[, k])
  if (is.list(x)) {
    if (length(x) != 2L || diff(lengths(x)) != 0L) stop("incorrect value for 'x'", call. = FALSE)
    pair <- x
  } else pair <- if (is.null(y) && length(names(x))) list(names(x), x) else list(x, y)
  if (diff(lengths(pair)) != 0L) stop("'x' and 'y' must have the same length", call. = FALSE)
  lapply(unname(pair), as.character)
}

adist <- function(x, y = NULL, costs = NULL, counts = FALSE, fixed = TRUE, partial = !fixed, ignore.case = FALSE, useBytes = FALSE) {
  .unsupported(useBytes)
  if (counts && partial) stop("argument 'counts' of adist() is not supported for parts of texts")
  if (!fixed) stop("argument 'fixed' of adist() is not supported: patterns are texts, see agrepl()")
  weight <- c(insertions = 1, deletions = 1, substitutions = 1)
  if (!is.null(costs)) {
    names(costs) <- c("insertions", "deletions", "substitutions")[pmatch(names(costs), names(weight))]
    weight[names(costs)] <- unlist(costs)
  }
  named <- function(texts) if (is.null(names(texts))) NULL else names(texts)
  labels <- list(named(x), named(if (is.null(y)) x else y))
  prepare <- function(texts) lapply(if (ignore.case) tolower(texts) else as.character(texts), function(one) if (is.na(one)) NA else utf8ToInt(one))
  first <- prepare(x)
  second <- if (is.null(y)) first else prepare(y)
  distance <- function(a, b) {
    if (anyNA(a) || anyNA(b)) return(NA_real_)
    # Of the second text any part will do: what stands before and behind it costs nothing.
    row <- if (partial) numeric(length(b) + 1L) else seq(0, by = weight[[1L]], length.out = length(b) + 1L)
    for (i in seq_along(a)) {
      above <- row
      row[1L] <- i * weight[[2L]]
      for (j in seq_along(b)) row[j + 1L] <- min(above[j + 1L] + weight[[2L]], row[j] + weight[[1L]], above[j] + if (a[i] == b[j]) 0 else weight[[3L]])
    }
    if (partial) min(row) else row[length(b) + 1L]
  }
  made <- matrix(0, length(first), length(second))
  for (i in seq_along(first)) for (j in seq_along(second)) made[i, j] <- distance(first[[i]], second[[j]])
  if (!is.null(labels[[1L]]) || !is.null(labels[[2L]])) dimnames(made) <- labels
  if (!counts) return(made)
  steps <- made
  storage.mode(steps) <- "character"
  for (i in seq_along(first)) for (j in seq_along(second)) steps[i, j] <- .edits(first[[i]], second[[j]], weight)
  counted <- lapply(c("I", "D", "S"), function(kind) nchar(gsub(paste0("[^", kind, "]"), "", steps)) + ifelse(is.na(made), NA, 0L))
  attr(made, "counts") <- array(as.integer(unlist(counted)), c(dim(made), 3L), c(labels, list(c("ins", "del", "sub"))))
  attr(made, "trafos") <- steps
  made
}

# The steps from one text to another as letters; read from the end, matches come first, then what is put in or taken out.
.edits <- function(a, b, weight) {
  if (anyNA(a) || anyNA(b)) return("")
  cost <- matrix(0, length(a) + 1L, length(b) + 1L)
  cost[, 1L] <- weight[[2L]] * seq(0, length(a))
  cost[1L, ] <- weight[[1L]] * seq(0, length(b))
  for (i in seq_along(a)) for (j in seq_along(b)) {
    cost[i + 1L, j + 1L] <- min(cost[i, j + 1L] + weight[[2L]], cost[i + 1L, j] + weight[[1L]], cost[i, j] + if (a[i] == b[j]) 0 else weight[[3L]])
  }
  i <- length(a)
  j <- length(b)
  steps <- character()
  while (i > 0L || j > 0L) {
    here <- cost[i + 1L, j + 1L]
    step <- if (i > 0L && j > 0L && a[i] == b[j] && cost[i, j] == here) "M"
      else if (j > 0L && cost[i + 1L, j] + weight[[1L]] == here) "I"
      else if (i > 0L && cost[i, j + 1L] + weight[[2L]] == here) "D"
      else "S"
    steps <- c(step, steps)
    if (step != "I") i <- i - 1L
    if (step != "D") j <- j - 1L
  }
  paste(steps, collapse = "")
}

formatUL <- function(x, label = "*", offset = 0, width = 0.9 * getOption("width")) {
  if (!length(x)) return(character())
  format_items(x, rep(label, length(x)), offset, width)
}

formatOL <- function(x, type = "arabic", offset = 0, start = 1, width = 0.9 * getOption("width")) {
  if (!length(x)) return(character())
  numbers <- seq.int(start, length.out = length(x))
  shown <- switch(match.arg(type, c("1", "A", "a", "I", "i", "Arabic", "arabic", "Roman", "roman")),
    A = LETTERS[numbers], a = letters[numbers], I = , Roman = as.character(as.roman(numbers)), i = , roman = tolower(as.character(as.roman(numbers))), as.character(numbers))
  format_items(x, paste0(format(shown, justify = "right"), "."), offset, width)
}

format_items <- function(x, labels, offset, width) {
  before <- paste0(strrep(" ", offset), labels, " ")
  unlist(mapply(function(text, label) {
    lines <- strwrap(text, width = width - nchar(label))
    paste0(c(label, rep(strrep(" ", nchar(label)), length(lines) - 1L)), lines)
  }, as.character(x), before, SIMPLIFY = FALSE, USE.NAMES = FALSE))
}

charClass <- function(x, class) {
  codes <- if (is.character(x)) utf8ToInt(x) else x
  grepl(paste0("^[[:", class, ":]]$"), intToUtf8(codes, multiple = TRUE))
}

formatDL <- function(x, y, style = c("table", "list"), width = 0.9 * getOption("width"), indent = NULL) {
  pair <- .described_terms(x, if (!missing(y)) y)
  terms <- pair[[1L]]
  if (!length(terms)) return(character())
  style <- match.arg(style)
  room <- min(width / 2, if (is.null(indent)) width / c(table = 3, list = 9)[[style]] else indent)
  if (style == "list") {
    items <- strwrap(paste(pair[[1L]], pair[[2L]], sep = ": "), width, exdent = room, simplify = FALSE)
    return(vapply(items, paste, "", collapse = "\n"))
  }
  margin <- paste0("\n", strrep(" ", room))
  # A term too long for its column stands on a line of its own.
  wide <- nchar(terms, "width") + 3L > room
  terms[wide] <- paste0(terms[wide], margin)
  terms[!wide] <- formatC(terms[!wide], width = -room)
  paste0(terms, vapply(strwrap(pair[[2L]], width - room, simplify = FALSE), paste, "", collapse = margin))
}

stem <- function(x, scale = 1, width = 80, atom = 1e-08) {
  if (!is.numeric(x)) stop("'x' must be numeric")
  values <- sort(x[is.finite(x)])
  count <- as.integer(length(values))
  if (is.na(count)) stop("invalid input x")
  if (count == 0) stop("no finite and non-missing values")
  if (scale <= 0) stop("'scale' must be positive")
  if (count < 2L) return(invisible(NULL))
  lowest <- values[1L]
  highest <- values[count]
  spread <- if (highest > lowest) atom + (highest - lowest) / scale else atom + abs(lowest) / scale
  # Leaves are the last digits of x * factor; a stem takes 5, 10 or 20 of their units.
  factor <- 10^(11 - as.integer(log10(spread) + 10))
  shape <- 2
  if (highest > lowest) {
    size <- min(2, max(0, as.integer(spread * factor / 25)))
    shape <- 3 * size + 2 - 150 %/% (count + 50)
    if (shape %in% c(1, 2, 5)) factor <- factor * 10
    while (max(abs(lowest), abs(highest)) * factor > .Machine$integer.max) factor <- factor / 10
  }
  step <- if (shape %in% c(0, 4, 8)) 5 else if (shape %in% c(1, 5, 6)) 20 else 10
  from <- floor(lowest * factor / step) * step
  last <- floor(highest * factor / step) * step
  digits <- max(if (from < 0) floor(log10(-from)) + 1 else 0, if (last > 0) floor(log10(last)) else 0)
  if (from < 0 && floor(lowest * factor) == from) from <- from - step
  to <- from + step
  if (floor(lowest * factor + 0.5) > to) {
    from <- to
    to <- from + step
  }
  point <- 1 - floor(log10(factor) + 0.5)
  cat("\n  The decimal point is ", if (point == 0) "at the |" else
    paste0(abs(point), " digit(s) to the ", if (point > 0) "right" else "left", " of the |"), "\n\n", sep = "")
  units <- trunc(values * factor + ifelse(values < 0, -0.5, 0.5))
  at <- 1L
  repeat {
    near <- if (from < 0) to else from
    label <- if (trunc(near / 10) == 0 && from < 0) "-0" else format(trunc(near / 10), scientific = FALSE)
    begun <- at
    while (at <= count) {
      beyond <- (to == 0 && values[at] >= 0) || (from < 0 && units[at] > to) || (from >= 0 && units[at] >= to)
      if (beyond) break
      at <- at + 1L
    }
    leaves <- abs(units[seq_len(at - begun) + begun - 1L]) %% 10
    kept <- leaves[seq_len(max(0, min(length(leaves), width - 12)))]
    more <- if (length(leaves) > width) paste0("+", length(leaves) - width)
    cat("  ", formatC(label, width = digits), " | ", kept, more, "\n", sep = "")
    if (at > count) break
    from <- to
    to <- to + step
  }
  cat("\n")
  invisible(NULL)
}

.bincode <- function(x, breaks, right = TRUE, include.lowest = FALSE) {
  count <- length(breaks)
  found <- findInterval(x, breaks, rightmost.closed = include.lowest, left.open = right)
  found[found == 0L | found == count] <- NA_integer_
  found
}
