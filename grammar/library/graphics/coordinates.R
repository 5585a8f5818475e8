# What the arguments of a plot say of points, in the plane or in space. Source: R's help pages of xy.coords and xyz.coords.

.points <- function(values, labels, axes) list(values = setNames(values, axes), labels = setNames(as.list(labels), axes))

# A formula's left side is the last axis; its right side gives the others, added up where there is more than one.
.sides_as_points <- function(given, axes, called) {
  terms <- list(given[[3L]])
  while (length(terms) < length(axes) - 1L) {
    sum <- terms[[1L]]
    if (!(is.call(sum) && length(sum) == 3L && as.character(sum[[1L]]) %in% c("+", "*"))) stop(simpleError("invalid first argument [bad language object]", sys.call(-2)))
    terms <- c(list(sum[[2L]], sum[[3L]]), terms[-1L])
  }
  written <- c(terms, list(given[[2L]]))
  if (length(axes) == 2L) written <- written[1:2]
  .points(lapply(written, eval, environment(given)), vapply(written, deparse1, ""), axes)
}

.columns_as_points <- function(given, axes, called) {
  chosen <- seq_along(axes)
  table <- data.matrix(given)
  labels <- colnames(given)[chosen]
  .points(lapply(chosen, function(k) table[, k]), if (is.null(labels)) paste0(called, paste0("[,", chosen, "]")) else labels, axes)
}

.parts_as_points <- function(given, axes, called) {
  if (!all(axes %in% names(given))) {
    quoted <- paste0("'", axes, "'")
    last <- length(axes)
    # R's text has a second blank before the word in front of a third component.
    told <- paste0(paste(quoted[-last], collapse = ", "), if (last > 2L) " ", " and ", quoted[last])
    stop(simpleError(paste0("'x' is a list, but does not have components ", told), sys.call(-2)))
  }
  .points(lapply(axes, function(axis) given[[axis]]), paste0(called, paste0("$", axes)), axes)
}

.complex_as_points <- function(given, axes, called)
  .points(list(Re(given), Im(given)), paste0(c("Re(", "Im("), called, ")"), axes[1:2])

.times_as_points <- function(given, axes, called)
  .points(list(time(given), if (is.matrix(given)) given[, 1L] else given), list("Time", called), axes)

.heights_as_points <- function(given, axes, called) {
  heights <- as.numeric(if (is.data.frame(given)) given[[1L]] else given)
  .points(list(seq_along(heights), heights), list("Index", called), axes)
}

.has_columns <- function(count) function(x) (is.matrix(x) || is.data.frame(x)) && ncol(x) >= count

.is_two_sided <- function(x) inherits(x, "formula") && length(x) == 3L

.refuse_first <- function(given, axes, called) stop(simpleError("invalid first argument", sys.call(-2)))

# The first kind that an argument is of says how it is read.
.plane_kinds <- list(
  list(fits = .is_two_sided, read = .sides_as_points),
  list(fits = is.language, read = .refuse_first),
  list(fits = is.complex, read = .complex_as_points),
  list(fits = is.ts, read = .times_as_points),
  list(fits = .has_columns(2L), read = .columns_as_points),
  list(fits = function(x) is.list(x) && !is.data.frame(x), read = .parts_as_points),
  list(fits = function(x) TRUE, read = .heights_as_points))

.space_kinds <- list(
  list(fits = .is_two_sided, read = .sides_as_points),
  list(fits = .has_columns(3L), read = .columns_as_points),
  list(fits = function(x) is.list(x) && !is.data.frame(x), read = .parts_as_points))

.read_points <- function(given, kinds, axes, called) {
  for (kind in kinds) if (kind$fits(given)) return(kind$read(given, axes, called))
  NULL
}

# On a logarithmic axis what is not above 0 has no place.
.placed_on_log <- function(values, axis) {
  out <- !is.na(values) & values <= 0
  count <- sum(out)
  if (!count) return(values)
  warning(sprintf(if (count == 1L) "%d %s value <= 0 omitted from logarithmic plot" else "%d %s values <= 0 omitted from logarithmic plot", count, axis), call. = FALSE)
  replace(values, out, NA)
}

.settled_points <- function(found, given_labels, log, recycle, set_labels) {
  axes <- names(found$values)
  sizes <- lengths(found$values)
  if (!recycle && any(sizes != sizes[1L])) {
    last <- length(axes)
    quoted <- paste0("'", axes, "'")
    stop(simpleError(paste(paste(quoted[-last], collapse = ", "), "and", quoted[last], "lengths differ"), sys.call(-1)))
  }
  values <- lapply(found$values, function(one) rep_len(as.double(one), max(sizes)))
  if (length(log)) for (axis in axes) if (grepl(axis, log, fixed = TRUE)) values[[axis]] <- .placed_on_log(values[[axis]], axis)
  c(values, setNames(if (set_labels) found$labels else given_labels, paste0(axes, "lab")))
}

xy.coords <- function(x, y = NULL, xlab = NULL, ylab = NULL, log = NULL, recycle = FALSE, setLab = TRUE) {
  axes <- c("x", "y")
  given <- list(xlab, ylab)
  found <- if (is.null(y)) .read_points(x, .plane_kinds, axes, if (is.null(ylab)) xlab else ylab) else .points(list(x, y), given, axes)
  .settled_points(found, given, log, recycle, setLab)
}

# Two arguments for three axes: heights stand at the points of a plane, or at 1, 2, ... of a line.
.heights_over_points <- function(x, y, given) {
  if (is.complex(x)) return(.points(list(Re(x), Im(x), y), c(paste0(c("Re(", "Im("), paste0(given[[1L]], ")")), given[2L]), c("x", "y", "z")))
  if (is.null(y) && ncol(x) < 2L) stop(simpleError("at least 2 columns needed", sys.call(-1)))
  pair <- if (is.null(y)) unname(as.list(as.data.frame(data.matrix(x)))[1:2]) else list(x, y)
  .points(c(list(seq_along(pair[[1L]])), pair), c("Index", given[2:3]), c("x", "y", "z"))
}

xyz.coords <- function(x, y = NULL, z = NULL, xlab = NULL, ylab = NULL, zlab = NULL, log = NULL, recycle = FALSE, setLab = TRUE) {
  axes <- c("x", "y", "z")
  given <- list(xlab, ylab, zlab)
  alone <- is.null(y) && is.null(z)
  found <- if (alone) .read_points(x, .space_kinds, axes, xlab)
  if (is.null(found)) {
    if (alone && is.language(x)) stop("invalid first argument [bad language object]")
    short <- is.null(z) && (!is.null(y) || .has_columns(0L)(x))
    found <- if (short) .heights_over_points(x, y, given) else .points(list(x, y, z), given, axes)
  }
  .settled_points(found, given, log, recycle, setLab)
}

# A table of heights and where its rows and columns stand: given as such, as a list of the three, or as the table alone.
.surface_of <- function(x, y, z, heights_given, anything_given) {
  if (heights_given) return(list(x = x, y = y, z = z))
  if (!anything_given) stop(simpleError("no 'z' matrix specified", sys.call(-1)))
  if (is.list(x)) return(lapply(c(x = "x", y = "y", z = "z"), function(axis) x[[axis]]))
  list(x = seq(0, 1, length.out = nrow(x)), y = seq(0, 1, length.out = ncol(x)), z = x)
}
