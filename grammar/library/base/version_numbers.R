# Methods of version numbers: a list of whole numbers that acts as one vector of versions.

`[.numeric_version` <- function(x, i, j) {
  made <- if (missing(i)) unclass(x) else unclass(x)[i]
  # A version that is not there is a missing one.
  made[vapply(made, is.null, NA)] <- list(integer())
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
    size <- max(length(a), length(b))
    a <- c(a, integer(size - length(a)))
    b <- c(b, integer(size - length(b)))
    differ <- which(a != b)
    length(differ) > 0L && a[differ[1L]] < b[differ[1L]]
  }
  places <- vapply(parts, function(one) 1 + sum(vapply(parts, function(other) before(other, one), NA)), 0)
  places[!lengths(parts)] <- NA
  places - sum(!lengths(parts))
}

sort.numeric_version <- function(x, decreasing = FALSE, na.last = NA, ...) x[order(xtfrm(x), na.last = na.last, decreasing = decreasing)]

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

unique.numeric_version <- function(x, ...) x[!duplicated(xtfrm(x))]

duplicated.numeric_version <- function(x, ...) duplicated(xtfrm(x))

is.na.numeric_version <- function(x) lengths(unclass(x)) == 0L

rev.numeric_version <- function(x) x[rev(seq_along(unclass(x)))]

print.numeric_version <- function(x, quote = FALSE, ...) {
  shown <- as.character(x)
  known <- lengths(unclass(x)) > 0L
  if (!length(shown)) cat("<0 elements>\n")
  else print(ifelse(known, paste0("\u2018", shown, "\u2019"), NA_character_), quote = quote, ...)
  invisible(x)
}

R_system_version <- function(x, strict = TRUE) {
  made <- unclass(numeric_version(x, strict))
  if (strict && any(other <- lengths(made) != 3L)) stop(gettextf("invalid version specification %s", paste(sQuote(as.character(x)[other]), collapse = ", ")), call. = FALSE, domain = NA)
  structure(made, class = c("R_system_version", "package_version", "numeric_version"))
}

getRversion <- function() R_system_version(paste(R.version$major, R.version$minor, sep = "."))

as.list.numeric_version <- function(x, ...) lapply(seq_along(unclass(x)), function(at) x[at])
