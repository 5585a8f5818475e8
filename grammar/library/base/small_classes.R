# Methods of small classes: texts without quotes, numbers in base 8 and 16, versions.

same_class <- function(made, x) {
  if (is.null(made)) return(made)
  class(made) <- oldClass(x)
  made
}

`[.noquote` <- function(x, ...) same_class(unclass(x)[...], x)

c.noquote <- function(..., recursive = FALSE) structure(NextMethod("c"), class = "noquote")

as.matrix.noquote <- function(x, ...) noquote(as.matrix(unclass(x), ...))

rep.noquote <- function(x, ...) same_class(rep(unclass(x), ...), x)

`[.hexmode` <- function(x, i) same_class(unclass(x)[i], x)

`[.octmode` <- function(x, i) same_class(unclass(x)[i], x)

`|.hexmode` <- function(e1, e2) as.hexmode(bitwOr(as.integer(as.hexmode(e1)), as.integer(as.hexmode(e2))))

`|.octmode` <- function(e1, e2) as.octmode(bitwOr(as.integer(as.octmode(e1)), as.integer(as.octmode(e2))))

`&.hexmode` <- function(e1, e2) as.hexmode(bitwAnd(as.integer(as.hexmode(e1)), as.integer(as.hexmode(e2))))

`&.octmode` <- function(e1, e2) as.octmode(bitwAnd(as.integer(as.octmode(e1)), as.integer(as.octmode(e2))))

`!.hexmode` <- function(x) as.hexmode(bitwNot(as.integer(x)))

`!.octmode` <- function(x) as.octmode(bitwNot(as.integer(x)))

`[.numeric_version` <- function(x, i, j) {
  made <- if (missing(i)) unclass(x) else unclass(x)[i]
  if (!missing(j)) made <- lapply(made, `[`, j)
  same_class(made, x)
}

`[[.numeric_version` <- function(x, i, j) {
  if (!missing(j)) return(unclass(x)[[i]][j])
  same_class(list(unclass(x)[[i]]), x)
}

`[<-.numeric_version` <- function(x, i, value) {
  made <- unclass(x)
  made[i] <- unclass(as.numeric_version(value))
  same_class(made, x)
}

`[[<-.numeric_version` <- function(x, i, j, value) {
  made <- unclass(x)
  if (length(i) > 1L) made[[i]] <- as.integer(value)
  else if (missing(j)) made[[i]] <- unclass(as.numeric_version(value))[[1L]]
  else made[[i]][j] <- as.integer(value)
  same_class(made, x)
}

`$.package_version` <- function(x, name) {
  place <- match(name, c("major", "minor", "patchlevel"))
  if (is.na(place)) return(NULL)
  vapply(unclass(x), function(one) one[place], 0L)
}

c.numeric_version <- function(..., recursive = FALSE) {
  given <- list(...)
  same_class(unlist(lapply(given, function(one) unclass(as.numeric_version(one))), recursive = FALSE), given[[1L]])
}

xtfrm.numeric_version <- function(x) {
  parts <- unclass(x)
  before <- function(a, b) {
    size <- min(length(a), length(b))
    differ <- which(a[seq_len(size)] != b[seq_len(size)])
    if (length(differ)) a[differ[1L]] < b[differ[1L]] else length(a) < length(b)
  }
  vapply(parts, function(one) 1 + sum(vapply(parts, function(other) before(other, one), NA)), 0)
}

sort.numeric_version <- function(x, decreasing = FALSE, ...) x[order(xtfrm(x), decreasing = decreasing)]

max.numeric_version <- function(..., na.rm = FALSE) {
  all <- c.numeric_version(...)
  if (!na.rm && anyNA(xtfrm(all))) return(all[which(is.na(xtfrm(all)))[1L]])
  all[which.max(xtfrm(all))]
}

min.numeric_version <- function(..., na.rm = FALSE) {
  all <- c.numeric_version(...)
  if (!na.rm && anyNA(xtfrm(all))) return(all[which(is.na(xtfrm(all)))[1L]])
  all[which.min(xtfrm(all))]
}

range.numeric_version <- function(..., na.rm = FALSE) {
  all <- c.numeric_version(...)
  if (!na.rm && anyNA(xtfrm(all))) return(all[rep(which(is.na(xtfrm(all)))[1L], 2L)])
  all[c(which.min(xtfrm(all)), which.max(xtfrm(all)))]
}

unique.numeric_version <- function(x, ...) x[!duplicated(as.character(x))]

duplicated.numeric_version <- function(x, ...) duplicated(as.character(x))

is.na.numeric_version <- function(x) lengths(unclass(x)) == 0L

rev.numeric_version <- function(x) x[rev(seq_along(unclass(x)))]

print.numeric_version <- function(x, quote = FALSE, ...) {
  shown <- as.character(x)
  known <- lengths(unclass(x)) > 0L
  if (!length(shown)) cat("<0 elements>\n")
  else print(ifelse(known, paste0("\u2018", shown, "\u2019"), NA_character_), quote = quote, ...)
  invisible(x)
}

R_system_version <- function(x, strict = TRUE) structure(numeric_version(x, strict), class = c("R_system_version", "package_version", "numeric_version"))

getRversion <- function() R_system_version(paste(R.version$major, R.version$minor, sep = "."))

# The classes of time over plain numbers, without a look at what the numbers are.
.Date <- function(xx, cl = "Date") {
  class(xx) <- cl
  xx
}

.POSIXct <- function(xx, tz = NULL, cl = c("POSIXct", "POSIXt")) {
  class(xx) <- cl
  attr(xx, "tzone") <- tz
  xx
}

.difftime <- function(xx, units, cl = "difftime") {
  class(xx) <- cl
  attr(xx, "units") <- units
  xx
}
