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
  said <- c(.where_differing("Modes", mode(target), mode(current)), .where_differing("Lengths", length(target), length(current)))
  if (check.names) {
    sides <- c("target", "current")
    named <- sides[lengths(list(names(target), names(current))) > 0L]
    alike <- if (length(named) == 2L) all.equal(names(target), names(current), check.attributes = TRUE)
    said <- c(said, if (is.character(alike)) paste("Names:", alike),
              if (length(named) == 1L) sprintf("names for %s but not for %s", named, setdiff(sides, named)))
  }
  if (!check.attributes) return(said)
  held <- list(.other_attributes(target), .other_attributes(current))
  alike <- if (any(lengths(held))) all.equal(held[[1L]], held[[2L]], ...)
  c(said, if (is.character(alike)) paste("Attributes: <", alike, ">"))
}

chkDots <- function(..., which.call = -1, allowed = character(0)) {
  # Nothing is allowed yet, in R neither.
  force(allowed)
  if (...length()) warning(.disregarded(sys.call(which.call), ...length(), ...names()), call. = FALSE, domain = NA)
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

# What is said of two values where they differ, by the name of what was looked at.
.where_differing <- function(label, one, other) if (!identical(one, other)) paste0(label, ": ", one, ", ", other)

# Attributes beside the names, in the order of their names.
.other_attributes <- function(x) {
  held <- attributes(x)
  if (!is.null(held)) held[order(names(held))][setdiff(sort(names(held)), "names")]
}

.disregarded <- function(call, count, names) {
  words <- ngettext(count, "In %s :\n extra argument %s will be disregarded", "In %s :\n extra arguments %s will be disregarded")
  sprintf(words, paste(deparse(call, control = c()), collapse = "\n"), paste(sQuote(names), collapse = ", "))
}
