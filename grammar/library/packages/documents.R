# What documents of R take from knitr and rmarkdown: options of chunks, tables as text, pictures by their path.

.knitr_options <- function(defaults) {
  values <- defaults
  list(
    get = function(name, default = FALSE, drop = TRUE) {
      known <- if (default) defaults else values
      if (missing(name)) return(known)
      if (drop && length(name) == 1) known[[name]] else setNames(known[name], name)
    },
    set = function(...) {
      given <- list(...)
      if (length(given) == 1 && is.null(names(given)) && is.list(given[[1]])) given <- given[[1]]
      if (length(given) == 0) return(invisible())
      old <- setNames(values[names(given)], names(given))
      values[names(given)] <<- given
      invisible(old)
    },
    append = function(...) {
      given <- list(...)
      for (name in names(given)) values[[name]] <<- c(values[[name]], given[[name]])
      invisible()
    },
    merge = function(values_given) modifyList(values, values_given),
    restore = function(target = defaults) values <<- target
  )
}

opts_chunk <- .knitr_options(list(
  eval = TRUE, echo = TRUE, results = "markup", collapse = FALSE, prompt = FALSE, comment = "##", cache = FALSE,
  cache.path = "cache/", fig.keep = "high", fig.show = "asis", fig.align = "default", fig.path = "figure/", dpi = 72,
  fig.width = 7, fig.height = 7, warning = TRUE, error = TRUE, message = TRUE, engine = "R", include = TRUE, purl = TRUE
))

opts_current <- .knitr_options(list())

opts_knit <- .knitr_options(list(progress = TRUE, verbose = FALSE, root.dir = NULL, base.dir = NULL, base.url = NULL))

opts_hooks <- .knitr_options(list())

knit_hooks <- .knitr_options(list())

knit_engines <- .knitr_options(list())

is_html_output <- function(fmt = NULL, excludes = NULL) FALSE

is_latex_output <- function() FALSE

current_input <- function(dir = FALSE) NULL

asis_output <- function(x, meta = NULL, cacheable = NA) structure(x, class = "knit_asis", knit_meta = meta, knit_cacheable = cacheable)

# A picture that is missing here is no reason to stop a program that only shows it.
include_graphics <- function(path, auto_pdf = FALSE, dpi = NULL, rel_path = TRUE, error = FALSE) {
  away <- path[!grepl("^https?://", path) & !file.exists(path)]
  if (length(away) > 0) {
    text <- paste0("Cannot find the file(s): ", paste0("\"", away, "\"", collapse = "; "))
    if (error) stop(text) else warning(text, call. = FALSE)
  }
  structure(path, class = c("knit_image_paths", "knit_asis"))
}

paged_table <- function(x, options = NULL) {
  if (!is.data.frame(x)) stop("x must be a data frame")
  x
}

combine_words <- function(words, sep = ", ", and = " and ", before = "", after = before, oxford_comma = TRUE) {
  words <- paste0(before, words, after)
  count <- length(words)
  first <- paste(words[-count], collapse = sep)
  is_listed <- count > 2 && oxford_comma && grepl("^ ", and) && grepl(" $", sep)
  made <- if (count < 2) words else paste0(first, if (is_listed) sub(" $", "", sep), and, words[count])
  structure(made, class = "xfun_raw_string")
}

print.xfun_raw_string <- function(x, ...) {
  cat(x, sep = "\n")
  invisible(x)
}

kable <- function(x, format = NULL, digits = getOption("digits"), row.names = NA, col.names = NA, align = NULL, caption = NULL,
                  label = NULL, format.args = list(), escape = TRUE, ...) {
  format <- if (is.null(format)) "pipe" else if (is.function(format)) format() else format
  if (format == "markdown") format <- "pipe"
  if (!format %in% c("pipe", "simple", "html")) {
    stop("argument 'format' of kable() is not supported: \"", format, "\"; there are \"pipe\", \"simple\" and \"html\"")
  }
  if (is.null(dim(x)) && !is.list(x)) x <- data.frame(x = x, stringsAsFactors = FALSE)
  if (!is.matrix(x)) x <- as.data.frame(x)
  is_number <- if (is.matrix(x)) rep(is.numeric(x), ncol(x)) else vapply(x, is.numeric, TRUE)
  labels <- if (identical(col.names, NA)) colnames(x) else col.names
  rows <- if (is.matrix(x)) rownames(x) else row.names(x)
  shows_rows <- if (is.na(row.names)) !is.null(rows) && !identical(rows, as.character(seq_len(nrow(x)))) else row.names
  digits <- rep(digits, length.out = ncol(x))
  column <- function(place) {
    values <- if (is.matrix(x)) x[, place] else x[[place]]
    if (!is.numeric(values)) return(if (is.list(values)) vapply(values, toString, "") else as.character(values))
    trimws(do.call(base::format, c(list(round(values, digits[place])), format.args)))
  }
  cells <- vapply(seq_len(ncol(x)), column, character(nrow(x)))
  cells <- matrix(cells, nrow(x))
  cells[is.na(cells)] <- getOption("knitr.kable.NA", "NA")
  align <- if (is.null(align)) ifelse(is_number, "r", "l") else if (length(align) == 1 && nchar(align) > 1) strsplit(align, "")[[1]] else align
  align <- rep(align, length.out = ncol(x))
  if (shows_rows) {
    cells <- cbind(if (is.null(rows)) rep("", nrow(x)) else rows, cells)
    align <- c("l", align)
    if (!is.null(labels)) labels <- c("", labels)
  }
  lines <- if (format == "html") .kable_html(cells, labels, align, caption, escape) else .kable_text(cells, labels, align, caption, format)
  # A page's table is one text.
  structure(if (format == "html") paste(lines, collapse = "\n") else lines, format = format, class = "knitr_kable")
}

.kable_text <- function(cells, labels, align, caption, format) {
  if (is.null(labels)) labels <- rep("", ncol(cells))
  centred <- align == "c"
  widths <- pmax(apply(rbind(nchar(labels, "width"), nchar(cells, "width")), 2, max) + ifelse(centred, 2, 1), 3)
  padded <- function(parts) {
    free <- widths - nchar(parts, "width")
    before <- ifelse(align == "r", free, ifelse(centred, free %/% 2, 0))
    paste0(strrep(" ", before), parts, strrep(" ", free - before))
  }
  between <- if (format == "pipe") "|" else "  "
  line <- function(parts) paste(padded(parts), collapse = between)
  marks <- if (format == "simple") strrep("-", widths) else {
    paste0(ifelse(align == "r", "", ":"), strrep("-", widths - ifelse(centred, 2, 1)), ifelse(align == "l", "", ":"))
  }
  lines <- c(line(labels), paste(marks, collapse = between), apply(cells, 1, line))
  if (format == "pipe") lines <- paste0("|", lines, "|")
  c(if (!is.null(caption)) c(paste0("Table: ", caption), ""), lines)
}

.kable_html <- function(cells, labels, align, caption, escape) {
  plain <- function(text) if (escape) gsub(">", "&gt;", gsub("<", "&lt;", gsub("&", "&amp;", text, fixed = TRUE), fixed = TRUE), fixed = TRUE) else text
  style <- sprintf(" style=\"text-align:%s;\"", c(l = "left", c = "center", r = "right")[align])
  c(
    "<table>", if (!is.null(caption)) paste0("<caption>", caption, "</caption>"),
    if (!is.null(labels)) c(" <thead>", "  <tr>", sprintf("   <th%s> %s </th>", style, plain(labels)), "  </tr>", " </thead>"),
    "<tbody>",
    unlist(lapply(seq_len(nrow(cells)), function(row) c("  <tr>", sprintf("   <td%s> %s </td>", style, plain(cells[row, ])), "  </tr>"))),
    "</tbody>", "</table>"
  )
}

print.knitr_kable <- function(x, ...) {
  if (!identical(attr(x, "format"), "html")) cat("\n\n")
  cat(x, sep = "\n")
  invisible(x)
}
