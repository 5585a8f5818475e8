# Small functions of base, utils and tools that programs call now and then.

is.R <- function() TRUE

enquote <- function(cl) as.call(list(quote(base::quote), cl))

file.append <- function(file1, file2) {
  mapply(function(to, from) {
    if (!file.exists(from)) return(FALSE)
    held <- if (file.exists(to)) readBin(to, "raw", file.size(to)) else raw(0)
    writeBin(c(held, readBin(from, "raw", file.size(from))), to)
    TRUE
  }, file1, file2, USE.NAMES = FALSE)
}

Sys.which <- function(names) {
  folders <- strsplit(Sys.getenv("PATH"), ":", fixed = TRUE)[[1L]]
  found <- vapply(as.character(names), function(name) {
    places <- if (grepl("/", name, fixed = TRUE)) name else file.path(folders, name)
    usable <- places[file.exists(places) & !dir.exists(places)]
    usable <- usable[file.access(usable, 1L) == 0L]
    if (nzchar(name) && length(usable)) usable[1L] else ""
  }, "")
  names(found) <- names
  found
}

isS3stdGeneric <- function(f) {
  inside <- body(f)
  while (is.call(inside) && identical(inside[[1L]], as.name("{"))) inside <- inside[[2L]]
  found <- is.call(inside) && identical(inside[[1L]], as.name("UseMethod"))
  if (found) names(found) <- as.character(inside[[2L]])
  found
}

isS3method <- function(method, f, class, envir = parent.frame()) {
  if (missing(method)) method <- paste(f, class, sep = ".")
  pieces <- strsplit(method, ".", fixed = TRUE)[[1L]]
  if (length(pieces) < 2L) return(FALSE)
  ways <- if (missing(f) || missing(class)) {
    lapply(seq_len(length(pieces) - 1L), function(at) {
      c(paste(pieces[seq_len(at)], collapse = "."), paste(pieces[-seq_len(at)], collapse = "."))
    })
  } else list(c(f, class))
  any(vapply(ways, function(way) exists(way[1L], envir = envir, mode = "function") &&
               !is.null(getS3method(way[1L], way[2L], optional = TRUE, envir = envir)), NA))
}

apropos <- function(what, where = FALSE, ignore.case = TRUE, mode = "any") {
  if (!is.character(what)) stop("argument 'what' must be a character vector")
  if (where) stop("argument 'where' of apropos() is not supported")
  found <- unlist(lapply(c(globalenv(), baseenv()), function(place) {
    names <- grep(what, ls(place), ignore.case = ignore.case, value = TRUE)
    if (mode != "any") names <- names[vapply(names, exists, NA, envir = place, mode = mode, inherits = FALSE)]
    names
  }))
  sort(unique(as.character(found)))
}

file_path_as_absolute <- function(x) {
  if (length(x) != 1L) stop("'x' must be a single character string")
  if (!file.exists(x)) stop(gettextf("file '%s' does not exist", x), domain = NA)
  normalizePath(x)
}

list_files_with_exts <- function(dir, exts, all.files = FALSE, full.names = TRUE) {
  names <- list.files(dir, all.files = all.files)
  names <- names[grepl(paste0("\\.(", paste(exts, collapse = "|"), ")$"), names)]
  if (full.names && length(names)) file.path(dir, names) else names
}

single <- function(length = 0L) structure(numeric(length), Csingle = TRUE)

as.single <- function(x, ...) structure(as.double(x), Csingle = TRUE)

is.single <- function(x) stop("type \"single\" unimplemented in R")
