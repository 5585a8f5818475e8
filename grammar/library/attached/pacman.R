# Loading packages by pacman; what is not here is told as library() tells it.

.named_packages <- function(given, char) {
  if (length(char)) return(char)
  named <- names(given)
  if (!is.null(named)) given <- given[named == ""]
  vapply(given, function(one) if (is.character(one)) one else deparse(one), "")
}

p_load <- function(..., char, install = TRUE, update = FALSE, character.only = FALSE) {
  if (update) stop("argument 'update' of p_load() is not supported: packages are not installed")
  wanted <- if (character.only) c(...) else .named_packages(as.list(substitute(list(...)))[-1L], if (missing(char)) NULL else char)
  if (install) {
    for (package in wanted) library(package, character.only = TRUE)
    return(invisible(rep(TRUE, length(wanted))))
  }
  loaded <- vapply(wanted, function(package) suppressWarnings(require(package, character.only = TRUE, quietly = TRUE)), NA)
  if (!all(loaded)) warning("Failed to load: ", paste(wanted[!loaded], collapse = ", "), call. = FALSE)
  invisible(unname(loaded))
}

p_install <- function(package, character.only = FALSE, force = TRUE, path = NULL, try.bioconductor = TRUE, ...) {
  if (!is.null(path)) stop("argument 'path' of p_install() is not supported: packages are not installed")
  wanted <- if (character.only) package else as.character(substitute(package))
  if (!force) wanted <- wanted[!vapply(wanted, requireNamespace, NA, quietly = TRUE)]
  if (length(wanted)) install.packages(wanted)
  invisible()
}

p_loaded <- function(..., char, all = FALSE, character.only = FALSE) {
  loaded <- sub("^package:", "", grep("^package:", search(), value = TRUE))
  wanted <- if (character.only) c(...) else .named_packages(as.list(substitute(list(...)))[-1L], if (missing(char)) NULL else char)
  if (length(wanted) == 0) return(if (all) loaded else setdiff(loaded, c("stats", "graphics", "grDevices", "utils", "datasets", "methods", "base")))
  setNames(wanted %in% loaded, wanted)
}

p_isinstalled <- function(package) requireNamespace(if (is.name(substitute(package))) deparse(substitute(package)) else package, quietly = TRUE)

p_exists <- p_isinstalled
