# Which package a name is taken from, where several have it.

conflict_prefer <- function(name, winner, losers = NULL, quiet = FALSE) {
  found <- eval(call("::", as.name(winner), as.name(name)))
  place <- match(".conflicts", search())
  if (is.na(place)) attach(setNames(list(found), name), name = ".conflicts") else assign(name, found, envir = as.environment(place))
  if (!quiet) message("[conflicted] Will prefer ", winner, "::", name, " over ", if (is.null(losers)) "any other package." else paste0(losers, "::", name, collapse = ", "))
  invisible()
}

conflict_prefer_all <- function(winner, losers = NULL, quiet = FALSE) conflict_prefer_matching(".*", winner, losers, quiet)

conflict_prefer_matching <- function(pattern, winner, losers = NULL, quiet = FALSE) {
  for (name in grep(pattern, intersect(getNamespaceExports(winner), ls(baseenv())), value = TRUE)) conflict_prefer(name, winner, losers, quiet)
}

conflicts_prefer <- function(..., .quiet = FALSE) {
  for (asked in as.list(substitute(list(...)))[-1L]) {
    if (!is.call(asked) || !identical(asked[[1L]], quote(`::`))) stop("conflicts_prefer() takes names with their packages, such as dplyr::filter")
    conflict_prefer(as.character(asked[[3L]]), as.character(asked[[2L]]), quiet = .quiet)
  }
}

conflict_scout <- function(pkgs = NULL) {
  .passed_over(pkgs)
  invisible(list())
}
