# Records of fields ("Debian control files"), bytes compressed, and the rarer words for files.

read.dcf <- function(file, fields = NULL, all = FALSE, keep.white = NULL) {
  lines <- if (is.character(file)) readLines(file, warn = FALSE) else readLines(file)
  lines <- lines[!startsWith(lines, "#")]
  blank <- grepl("^[[:blank:]]*$", lines)
  groups <- split(lines[!blank], cumsum(blank)[!blank])
  records <- lapply(unname(groups), .dcf_record, keep.white)
  if (is.null(fields)) fields <- unique(unlist(lapply(records, names)))
  if (!all) {
    cells <- vapply(records, function(record) vapply(fields, function(field) if (field %in% names(record)) record[[match(field, names(record))]] else NA_character_, ""), character(length(fields)))
    return(matrix(cells, length(records), length(fields), byrow = TRUE, dimnames = list(NULL, fields)))
  }
  columns <- lapply(fields, function(field) {
    found <- lapply(records, function(record) unname(record[names(record) == field]))
    if (all(lengths(found) <= 1L)) vapply(found, function(one) if (length(one)) one else NA_character_, "") else found
  })
  structure(columns, names = fields, class = "data.frame", row.names = seq_along(records))
}

.dcf_record <- function(lines, keep.white) {
  begins <- !grepl("^[[:blank:]]", lines)
  if (!begins[1L] || any(bad <- begins & !grepl("^[^[:blank:]:][^:]*:", lines)))
    stop("Line starting '", substr(lines[if (begins[1L]) which(bad)[1L] else 1L], 1L, 25L), " ...' is malformed!", call. = FALSE)
  parts <- split(lines, cumsum(begins))
  labels <- vapply(parts, function(part) sub(":.*", "", part[1L]), "")
  values <- vapply(seq_along(parts), function(k) {
    part <- parts[[k]]
    part[1L] <- sub("^[^:]*:", "", part[1L])
    if (labels[k] %in% keep.white) return(paste(sub("^[[:blank:]]", "", part[1L]), paste(part[-1L], collapse = "\n"), sep = if (length(part) > 1L) "\n" else ""))
    paste(trimws(sub("^[[:blank:]]+\\.$", "", part)), collapse = "\n")
  }, "")
  structure(sub("^\n", "", values), names = unname(labels))
}

write.dcf <- function(x, file = "", append = FALSE, useBytes = FALSE, indent = 0.1 * getOption("width"), width = 0.9 * getOption("width"), keep.white = NULL) {
  if (!is.data.frame(x)) x <- as.data.frame(x, stringsAsFactors = FALSE)
  written <- character()
  for (row in seq_len(nrow(x))) {
    if (row > 1L) written <- c(written, "")
    for (field in names(x)) {
      value <- x[[field]][[row]]
      if (length(value) == 1L && is.na(value)) next
      value <- paste(as.character(value), collapse = ", ")
      written <- c(written, if (field %in% keep.white) paste0(field, ": ", value)
        else formatDL(field, value, style = "list", indent = indent, width = width))
    }
  }
  if (is.character(file) && !nzchar(file)) writeLines(written)
  else if (is.character(file)) cat(written, file = file, sep = "\n", append = append)
  else writeLines(written, file)
  invisible(NULL)
}

Sys.umask <- function(mode = NA) {
  before <- structure(18L, class = "octmode")
  if (is.na(mode)) before else invisible(before)
}

file.mode <- function(...) file.info(..., extra_cols = FALSE)$mode

prmatrix <- function(x, rowlab = dn[[1L]], collab = dn[[2L]], quote = TRUE, right = FALSE, na.print = NULL, ...) {
  x <- as.matrix(x)
  dn <- dimnames(x)
  if (!is.null(rowlab) && is.character(rowlab)) rownames(x) <- rowlab
  if (!is.null(collab) && is.character(collab)) colnames(x) <- collab
  print(x, quote = quote, right = right, na.print = na.print)
  invisible(x)
}

as.qr <- function(x) stop("you cannot be serious", domain = NA)

attr.all.equal <- function(target, current, ..., check.attributes = TRUE, check.names = TRUE) {
  if (!check.attributes) return(NULL)
  said <- if (mode(target) != mode(current)) paste0("Modes: ", mode(target), ", ", mode(current))
  if (length(target) != length(current)) said <- c(said, paste0("Lengths: ", length(target), ", ", length(current)))
  left <- attributes(target)
  right <- attributes(current)
  if (check.names && !is.null(left$names) && !is.null(right$names)) {
    if (is.character(same <- all.equal.character(left$names, right$names, check.attributes = TRUE))) said <- c(said, paste("Names:", same))
  } else if (check.names && length(left$names)) said <- c(said, "names for target but not for current")
  else if (check.names && length(right$names)) said <- c(said, "names for current but not for target")
  left$names <- right$names <- NULL
  if (!length(left) && !length(right)) return(said)
  left <- left[order(names(left))]
  right <- right[order(names(right))]
  if (is.null(left) || is.null(right) || !length(left) || !length(right)) return(c(said, if (length(left)) "Attributes: < target is list, current is NULL >" else "Attributes: < target is NULL, current is list >"))
  same <- all.equal(left, right, ...)
  if (is.character(same)) said <- c(said, paste("Attributes: <", same, ">"))
  said
}

chkDots <- function(...) {
  if (...length()) warning(sprintf(ngettext(...length(), "In %s :\n extra argument %s will be disregarded", "In %s :\n extra arguments %s will be disregarded"),
    paste(deparse(sys.call(-1L), control = c()), collapse = "\n"), paste(sQuote(...names()), collapse = ", ")), call. = FALSE, domain = NA)
  invisible(NULL)
}

default.stringsAsFactors <- function() {
  .Deprecated("FALSE")
  FALSE
}

grouping <- function(...) {
  given <- list(...)
  at <- do.call(order, given)
  keys <- do.call(paste, c(lapply(given, as.character), sep = "\r"))[at]
  ends <- which(c(keys[-1L] != keys[-length(keys)], TRUE))
  structure(at, ends = ends, maxgrpn = max(diff(c(0L, ends))), class = c("grouping", "integer"))
}

is.package_version <- function(x) inherits(x, "package_version")

as.package_version <- function(x) if (inherits(x, "package_version")) x else package_version(x)

is.numeric_version <- function(x) inherits(x, "numeric_version")

unix.time <- function(...) .Defunct("system.time")

mtfrm <- function(x) UseMethod("mtfrm")

mtfrm.default <- function(x) {
  if (length(dim(x)) || is.list(x)) stop("cannot mtfrm")
  as.character(x)
}

