# RStudio is not there; the program that runs is the document that is open.

isAvailable <- function(version_needed = NULL, child_ok = FALSE) FALSE

hasFun <- function(name, version_needed = NULL, ...) FALSE

getActiveDocumentContext <- function() {
  path <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  path <- if (length(path) == 1 && file.exists(path)) normalizePath(path) else ""
  contents <- if (nzchar(path)) readLines(path, warn = FALSE) else ""
  structure(list(id = "", path = path, contents = contents, selection = list()), class = "document_context")
}

getSourceEditorContext <- function(id = NULL) getActiveDocumentContext()

getActiveProject <- function() NULL
