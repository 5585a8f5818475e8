# Names and tables made tidy.

make_clean_names <- function(string, case = "snake", ...) {
  text <- iconv(string, to = "ASCII//TRANSLIT")
  text <- gsub("%", "_percent_", gsub("#", "_number_", gsub("'", "", text), fixed = TRUE), fixed = TRUE)
  text <- gsub("([a-z0-9])([A-Z])", "\\1_\\2", text)
  text <- gsub("([A-Z]+)([A-Z][a-z])", "\\1_\\2", text)
  text <- gsub("([A-Za-z])([0-9]+)$", "\\1\\2", text)
  text <- tolower(gsub("^_+|_+$", "", gsub("[^A-Za-z0-9]+", "_", text)))
  text <- ifelse(grepl("^[0-9]", text), paste0("x", text), ifelse(nzchar(text), text, "x"))
  count <- as.integer(ave(seq_along(text), text, FUN = seq_along))
  ifelse(count > 1L, paste(text, count, sep = "_"), text)
}

clean_names <- function(dat, ...) {
  names(dat) <- make_clean_names(names(dat))
  dat
}

remove_empty <- function(dat, which = c("rows", "cols"), cutoff = 1, quiet = TRUE) {
  gone <- is.na(as.data.frame(dat))
  if ("rows" %in% which) dat <- dat[rowMeans(gone) < cutoff, , drop = FALSE]
  if ("cols" %in% which) dat <- dat[, colMeans(is.na(as.data.frame(dat))) < cutoff, drop = FALSE]
  dat
}

remove_constant <- function(dat, na.rm = FALSE, quiet = TRUE) dat[, vapply(dat, function(x) length(unique(if (na.rm) x[!is.na(x)] else x)) > 1L, NA), drop = FALSE]

get_dupes <- function(dat, ...) {
  chosen <- names(dat)[dp_select(eval(substitute(alist(...))), dp_plain(dat), parent.frame())]
  if (!length(chosen)) chosen <- names(dat)
  code <- dp_join_code(dat, chosen)
  counts <- as.integer(table(factor(code, unique(code)))[code])
  made <- dp_plain(dat)[c(chosen, setdiff(names(dat), chosen))]
  made <- cbind(made[chosen], dupe_count = counts, made[setdiff(names(made), chosen)])
  made <- made[counts > 1L, , drop = FALSE]
  made <- made[do.call(order, unname(as.list(made[chosen]))), , drop = FALSE]
  row.names(made) <- NULL
  made
}

tabyl <- function(dat, var1, var2, show_na = TRUE, ...) {
  if (!is.data.frame(dat)) {
    label <- deparse(substitute(dat))
    first <- dat
    second <- NULL
  } else {
    label <- deparse(substitute(var1))
    first <- eval(substitute(var1), dat, parent.frame())
    second <- if (!missing(var2)) eval(substitute(var2), dat, parent.frame())
  }
  levels <- if (is.factor(first)) levels(first) else sort(unique(first))
  shown <- if (is.factor(first)) factor(levels, levels) else levels
  if (is.null(second)) {
    counts <- as.integer(table(factor(first, levels)))
    made <- data.frame(shown, n = counts, percent = counts / sum(counts))
  } else {
    counts <- unclass(table(factor(first, levels), second))
    made <- data.frame(shown, as.data.frame.matrix(counts), check.names = FALSE)
  }
  names(made)[1L] <- label
  row.names(made) <- NULL
  made
}

adorn_totals <- function(dat, where = "row", name = "Total", ...) {
  numeric <- vapply(dat, is.numeric, NA)
  if ("row" %in% where) {
    last <- dat[1L, , drop = FALSE]
    dat[[1L]] <- as.character(dat[[1L]])
    last[[1L]] <- name
    last[numeric] <- lapply(dat[numeric], sum)
    dat <- rbind(dat, last)
  }
  if ("col" %in% where) dat[[name]] <- rowSums(dat[numeric])
  row.names(dat) <- NULL
  dat
}

adorn_percentages <- function(dat, denominator = "row", ...) {
  numeric <- which(vapply(dat, is.numeric, NA))
  cells <- as.matrix(dat[numeric])
  dat[numeric] <- as.data.frame(switch(denominator, row = cells / rowSums(cells), col = sweep(cells, 2L, colSums(cells), "/"), all = cells / sum(cells)))
  dat
}

adorn_pct_formatting <- function(dat, digits = 1, ...) {
  numeric <- which(vapply(dat, function(x) is.numeric(x) && all(x <= 1, na.rm = TRUE), NA))
  dat[numeric] <- lapply(dat[numeric], function(x) paste0(formatC(100 * x, format = "f", digits = digits), "%"))
  dat
}

excel_numeric_to_date <- function(date_num, ...) as.Date(floor(date_num), origin = "1899-12-30")
