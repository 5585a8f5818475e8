# Names and tables made tidy.

.capital <- function(words) paste0(toupper(substr(words, 1L, 1L)), substring(words, 2L))

# Words between underscores, written in another case.
.cased <- function(text, case) {
  parts <- strsplit(text, "_", fixed = TRUE)
  rest <- function(words, work) if (length(words)) c(words[1L], work(words[-1L])) else words
  one <- switch(case,
    snake = function(words) paste(words, collapse = "_"),
    screaming_snake = , all_caps = function(words) toupper(paste(words, collapse = "_")),
    small_camel = , lower_camel = function(words) paste(rest(words, .capital), collapse = ""),
    big_camel = , upper_camel = function(words) paste(.capital(words), collapse = ""),
    lower_upper = function(words) paste(ifelse(seq_along(words) %% 2L == 0L, toupper(words), words), collapse = ""),
    upper_lower = function(words) paste(ifelse(seq_along(words) %% 2L == 1L, toupper(words), words), collapse = ""),
    sentence = function(words) .capital(paste(words, collapse = " ")),
    title = function(words) paste(.capital(words), collapse = " "))
  vapply(parts, one, "")
}

make_clean_names <- function(string, case = "snake", ...) {
  cases <- c("snake", "screaming_snake", "all_caps", "small_camel", "lower_camel", "big_camel", "upper_camel", "lower_upper", "upper_lower", "sentence", "title")
  if (!(case %in% cases)) stop("case = \"", case, "\" is not known here; there are ", paste(cases, collapse = ", "), call. = FALSE)
  text <- iconv(string, to = "ASCII//TRANSLIT")
  text <- gsub("%", "_percent_", gsub("#", "_number_", gsub("'", "", text), fixed = TRUE), fixed = TRUE)
  text <- gsub("([a-z0-9])([A-Z])", "\\1_\\2", text)
  text <- gsub("([A-Z]+)([A-Z][a-z])", "\\1_\\2", text)
  text <- gsub("([A-Za-z])([0-9]+)$", "\\1\\2", text)
  text <- tolower(gsub("^_+|_+$", "", gsub("[^A-Za-z0-9]+", "_", text)))
  text <- ifelse(grepl("^[0-9]", text), paste0("x", text), ifelse(nzchar(text), text, "x"))
  text <- .cased(text, case)
  count <- as.integer(ave(seq_along(text), text, FUN = seq_along))
  ifelse(count > 1L, paste(text, count, sep = "_"), text)
}

clean_names <- function(dat, ...) {
  names(dat) <- make_clean_names(names(dat), ...)
  dat
}

.tell_removed <- function(dat, keep, which, reason) {
  if (all(keep)) return(message("No ", reason, " ", which, " to remove."))
  detail <- if (which == "columns") paste("Removed:", paste(names(dat)[!keep], collapse = ", ")) else sprintf("%0.3g%%", 100 * mean(!keep))
  message(sprintf("Removing %g %s %s of %g %s total (%s).", sum(!keep), reason, which, length(keep), which, detail))
}

remove_empty <- function(dat, which = c("rows", "cols"), cutoff = 1, quiet = TRUE) {
  if ("rows" %in% which) {
    keep <- rowMeans(is.na(as.data.frame(dat))) < cutoff
    if (!quiet) .tell_removed(dat, keep, "rows", "empty")
    dat <- dat[keep, , drop = FALSE]
  }
  if ("cols" %in% which) {
    keep <- colMeans(is.na(as.data.frame(dat))) < cutoff
    if (!quiet) .tell_removed(dat, keep, "columns", "empty")
    dat <- dat[, keep, drop = FALSE]
  }
  dat
}

remove_constant <- function(dat, na.rm = FALSE, quiet = TRUE) {
  keep <- vapply(dat, function(x) length(unique(if (na.rm) x[!is.na(x)] else x)) > 1L, NA)
  if (!quiet) .tell_removed(dat, keep, "columns", "constant")
  dat[, keep, drop = FALSE]
}

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

# Counts of the values of one column, or of two against each other; missing ones last, under the name NA_ in columns.
tabyl <- function(dat, var1, var2, var3, show_na = TRUE, show_missing_levels = TRUE, ...) {
  if (!missing(var3)) stop("tabyl() counts one or two variables here; mend: split() the table by the third one first", call. = FALSE)
  if (!is.data.frame(dat)) {
    label <- deparse(substitute(dat))
    first <- dat
    second <- NULL
  } else {
    label <- deparse(substitute(var1))
    first <- eval(substitute(var1), dat, parent.frame())
    second <- if (!missing(var2)) eval(substitute(var2), dat, parent.frame())
  }
  if (!show_na) {
    known <- !is.na(first) & (if (is.null(second)) TRUE else !is.na(second))
    first <- first[known]
    second <- second[known]
  }
  if (!show_missing_levels && is.factor(first)) first <- droplevels(first)
  if (!show_missing_levels && is.factor(second)) second <- droplevels(second)
  levels <- if (is.factor(first)) factor(levels(first), levels(first)) else sort(unique(first))
  shown <- if (anyNA(first)) levels[c(seq_along(levels), NA)] else levels
  if (is.null(second)) {
    counts <- as.integer(table(factor(match(first, shown), seq_along(shown))))
    made <- data.frame(shown, n = counts, percent = counts / sum(counts))
    if (anyNA(shown)) made$valid_percent <- ifelse(is.na(shown), NA, counts / sum(counts[!is.na(shown)]))
  } else {
    counts <- unclass(table(factor(match(first, shown), seq_along(shown)), second, useNA = "ifany"))
    colnames(counts)[is.na(colnames(counts))] <- "NA_"
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
