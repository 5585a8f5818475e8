# Tables of documents, shown as text.

paged_table <- function(x, options = NULL) x

render <- function(input, ...) stop("documents are not rendered here; run the program's chunks as a script", call. = FALSE)
