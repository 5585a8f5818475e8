# What a function says of itself: that it is old, gone or not written yet; parts of messages; what goes on in between.

.Deprecated <- function(new, package = NULL, msg, old = as.character(sys.call(sys.parent()))[1L]) {
  force(old)
  told <- .said_of_old(old, if (!missing(new)) new, package, if (!missing(msg)) msg, "deprecated", "Deprecated")
  warning(structure(class = c("deprecatedWarning", "warning", "condition"),
    list(message = told, call = NULL, old = old, new = if (!missing(new)) new, package = package)))
}

.Defunct <- function(new, package = NULL, msg) {
  old <- as.character(sys.call(sys.parent())[[1L]])
  told <- .said_of_old(old[length(old)], if (!missing(new)) new, package, if (!missing(msg)) msg, "defunct", "Defunct")
  stop(structure(class = c("defunctError", "error", "condition"),
    list(message = told, call = NULL, old = old, new = if (!missing(new)) new, package = package)))
}

.said_of_old <- function(old, new, package, msg, word, page) {
  if (!is.null(msg)) return(msg)
  paste0(sprintf("'%s' is %s.\n", old[1L], word), if (!is.null(new)) sprintf("Use '%s' instead.\n", new),
    sprintf("See help(\"%s\")", page), if (!is.null(package)) sprintf(" and help(\"%s-%s\").", package, word))
}

.NotYetImplemented <- function() stop(gettextf("'%s' is not implemented yet", as.character(sys.call(sys.parent()))[[1L]]), call. = FALSE)

.NotYetUsed <- function(arg, error = TRUE) {
  told <- gettextf("argument '%s' is not used (yet)", arg)
  if (error) stop(told, domain = NA, call. = FALSE) else warning(told, domain = NA, call. = FALSE)
}

.makeMessage <- function(..., domain = NULL, appendLF = FALSE) {
  told <- vapply(list(...), function(one) paste(as.character(one), collapse = ""), "")
  paste0(gettext(paste(told, collapse = ""), domain = domain), if (appendLF) "\n")
}

.packageStartupMessage <- function(message, call = NULL) {
  structure(class = c("packageStartupMessage", "simpleMessage", "message", "condition"), list(message = message, call = call))
}

# Nothing stops the evaluation of an argument in a particular way here.
allowInterrupts <- function(expr) expr

suspendInterrupts <- function(expr) expr

isRestart <- function(x) inherits(x, "restart")

.valid.factor <- function(object) {
  levels <- levels(object)
  if (!is.character(levels)) return("factor levels must be \"character\"")
  if (d <- anyDuplicated(levels)) return(sprintf("duplicated level [%d] in factor", d))
  codes <- unclass(object)
  if (typeof(codes) != "integer" || any(codes < 1L | codes > length(levels), na.rm = TRUE))
    return("factor codes must be in 1:length(levels)")
  TRUE
}

.standard_regexps <- function() list(
  valid_package_name = "[[:alpha:]][[:alnum:].]*[[:alnum:]]",
  valid_package_version = "([[:digit:]]+[.-]){1,}[[:digit:]]+",
  valid_R_system_version = "[[:digit:]]+\\.[[:digit:]]+\\.[[:digit:]]+",
  valid_numeric_version = "([[:digit:]]+[.-])*[[:digit:]]+")

.mapply <- function(FUN, dots, MoreArgs) do.call(mapply, c(list(FUN = FUN), unname(dots), list(MoreArgs = MoreArgs, SIMPLIFY = FALSE, USE.NAMES = FALSE)))

.rowSums <- function(x, m, n, na.rm = FALSE) rowSums(.shaped(x, m, n), na.rm)

.colSums <- function(x, m, n, na.rm = FALSE) colSums(.shaped(x, m, n), na.rm)

.rowMeans <- function(x, m, n, na.rm = FALSE) rowMeans(.shaped(x, m, n), na.rm)

.colMeans <- function(x, m, n, na.rm = FALSE) colMeans(.shaped(x, m, n), na.rm)

.shaped <- function(x, m, n) matrix(as.vector(x)[seq_len(m * n)], m, n)

.kronecker <- function(X, Y, FUN = "*", make.dimnames = FALSE, ...) kronecker(X, Y, FUN, make.dimnames, ...)

sequence.default <- function(nvec, from = 1L, by = 1L, recycle = FALSE, ...) {
  .passed_over(recycle)
  sequence(nvec, from, by)
}

conflicts <- function(where = search(), detail = FALSE) {
  found <- lapply(structure(where, names = where), function(place) ls(as.environment(place), all.names = TRUE))
  twice <- unique(unlist(found, use.names = FALSE)[duplicated(unlist(found, use.names = FALSE))])
  twice <- setdiff(twice, c(".packageName", ".Random.seed"))
  if (!detail) return(twice)
  Filter(length, lapply(found, intersect, twice))
}

.libPaths <- function(new, include.site = TRUE) {
  .passed_over(include.site)
  if (!missing(new)) return(invisible(.libPaths()))
  R.home("library")
}
