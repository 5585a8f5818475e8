# Tables of documents, shown as text.

render <- function(input, ...) stop("documents are not rendered here; run the program's chunks as a script", call. = FALSE)
