# Tables of coefficients and the numbers below them, as summaries of models print them.

# Small chances: what is below `eps` is only said to be so, in as many digits as the column of the others leaves room for.
format.pval <- function(pv, digits = max(1L, getOption("digits") - 2L), eps = .Machine$double.eps, na.form = "NA", ...) {
  kind <- findInterval(pv, sort(c(eps, max(eps, if (digits > 1L) 1e-4 else 1e-3))))
  texts <- rep(na.form, length(pv))
  for (shared in 1:2) texts[kind %in% shared] <- format(pv[kind %in% shared], digits = digits, ...)
  texts[kind %in% 0L] <- .below_text(eps, digits, max(0L, nchar(texts[kind %in% 1:2])))
  texts
}

.below_text <- function(eps, digits, width) {
  fine <- max(1L, digits - 2L)
  if (width > 0L && fine > width - 6L) fine <- max(1L, width - 7L)
  paste0("<", if (fine > 1L || width > 6L) " ", format(eps, digits = fine))
}

# How the columns of a table of coefficients are written, by what they hold; columns of one kind share their digits, others stand alone.
.column_writers <- list(
  estimate = function(block, style) {
    sizes <- abs(block[is.finite(block) & block != 0])
    whole <- if (length(sizes)) 1 + floor(log10(min(sizes))) else 0
    .not_as_zero(block, format(round(block, max(1L, style$digits - whole)), digits = style$digits), style$digits)
  },
  test = function(block, style) format(round(block, style$fine), digits = style$digits),
  chance = function(block, style) {
    block[] <- format.pval(block, style$fine, style$eps, "NA")
    block
  },
  other = function(block, style) vapply(seq_len(ncol(block)), function(j)
    .not_as_zero(block[, j], format(block[, j], digits = style$digits), style$digits), character(nrow(block)))
)

# Numbers that rounding has made zero are written with a digit less instead.
.not_as_zero <- function(values, texts, digits) {
  lost <- which(values != 0 & is.finite(values) & !grepl("[1-9]", sub("[eE].*", "", texts)))
  texts[lost] <- format(values[lost], digits = max(1L, digits - 1L))
  texts
}

printCoefmat <- function(x, digits = max(3L, getOption("digits") - 2L), signif.stars = getOption("show.signif.stars", TRUE),
                         signif.legend = signif.stars, dig.tst = max(1L, min(5L, digits - 1L)), cs.ind = seq_len(k), tst.ind = k + 1L,
                         zap.ind = integer(), P.values = has.Pvalue,
                         has.Pvalue = ncol(x) >= 4L && substr(colnames(x)[ncol(x)], 1L, 3L) %in% c("Pr(", "p-v"),
                         eps.Pvalue = .Machine$double.eps, na.print = "NA", quote = FALSE, right = TRUE, ...) {
  if (length(dim(x)) != 2L) stop("'x' must be coefficient matrix/data frame")
  values <- data.matrix(x)
  last <- ncol(values)
  k <- last - has.Pvalue - (if (missing(tst.ind)) 1L else length(tst.ind))
  signif.stars <- .stars_wanted(signif.stars)
  chances <- if (P.values) values[, last]
  if (P.values && any(chances < 0 | chances > 1, na.rm = TRUE)) stop("'x' must be between 0 and 1")
  roles <- replace(replace(rep("other", last), cs.ind, "estimate"), tst.ind, "test")
  if (has.Pvalue) roles[last] <- "chance"
  for (column in zap.ind) values[, column] <- zapsmall(values[, column], digits)
  cells <- array("", dim(values), dimnames(values))
  for (role in unique(roles)) {
    at <- roles == role
    cells[, at] <- .column_writers[[role]](values[, at, drop = FALSE], list(digits = digits, fine = dig.tst, eps = eps.Pvalue))
  }
  cells[is.na(values)] <- ifelse(is.nan(values), "NaN", na.print)[is.na(values)]
  if (has.Pvalue && !P.values) cells <- cells[, -last, drop = FALSE]
  starred <- .starred(cells, chances, signif.stars)
  print.default(starred, quote = quote, right = right, na.print = na.print, ...)
  if (signif.legend && ncol(starred) > ncol(cells)) .print_legend()
  invisible(x)
}

# Marks

.star_bounds <- c(`***` = 0.001, `**` = 0.01, `*` = 0.05, `.` = 0.1, ` ` = 1)

significance_marks <- function(p) {
  marks <- names(.star_bounds)[findInterval(p, .star_bounds, left.open = TRUE) + 1L]
  replace(marks, is.na(marks), "")
}

# Cells with a further column of marks, where a chance earns one.
.starred <- function(cells, chances, wanted = TRUE) if (wanted && any(chances < 0.1, na.rm = TRUE)) cbind(cells, format(significance_marks(chances))) else cells

.stars_wanted <- function(option) {
  if (is.logical(option) && !is.na(option[1L])) return(option)
  warning("option \"show.signif.stars\" is invalid: assuming TRUE")
  TRUE
}

.print_legend <- function() cat("---\nSignif. codes:  0 ", paste0("\u2018", names(.star_bounds), "\u2019 ", .star_bounds, collapse = " "), "\n", sep = "")

# Rounding by the largest number: what is small beside it becomes zero.
zapsmall <- function(x, digits = getOption("digits")) {
  if (!length(digits)) stop("invalid 'digits'")
  force(x)
  top <- suppressWarnings(max(abs(x), na.rm = TRUE))
  if (top == -Inf) x else round(x, if (top > 0) max(0L, digits - log10(top)) else digits)
}

# Parts of summaries

# A call as it was written. The texts before and between its lines differ from print to print.
.show_call <- function(call, title = "\nCall:\n", between = "\n", after = "\n\n") cat(title, paste(deparse(call), collapse = between), after, sep = "")

.show_coefficients <- function(values, digits, note = "", none = "No coefficients\n") {
  if (!length(values)) return(cat(none))
  cat("Coefficients", note, ":\n", sep = "")
  print.default(format(values, digits = digits), print.gap = 2L, quote = FALSE)
}

.quartiles <- function(values) {
  ask <- function(v) structure(quantile(v, names = FALSE, na.rm = TRUE), names = c("Min", "1Q", "Median", "3Q", "Max"))
  if (is.matrix(values)) apply(values, 2L, ask) else ask(values)
}

# The table of a summary with its title, which tells how many coefficients have no row of their own.
.show_coefficient_table <- function(x, digits, ...) {
  if (!length(x$aliased)) return(cat("\nNo Coefficients\n"))
  lost <- x$df[3L] - x$df[1L]
  cat("\nCoefficients:", if (lost) paste0(" (", lost, " not defined because of singularities)"), "\n", sep = "")
  printCoefmat(whole_table(x$coefficients, x$aliased), digits = digits, na.print = "NA", ...)
}

# A table of coefficients with rows of NA for those that could not be found.
whole_table <- function(table, aliased) {
  rows <- match(names(aliased), rownames(table))
  if (anyNA(rows)) structure(table[rows, , drop = FALSE], dimnames = list(names(aliased), colnames(table))) else table
}

print_correlation <- function(table, digits) {
  if (NCOL(table) < 2L) return(invisible())
  cat("\nCorrelation of Coefficients:\n")
  shown <- format(round(table, 2L), nsmall = 2L, digits = digits)
  print(replace(shown, upper.tri(shown, TRUE), "")[-1L, -ncol(shown), drop = FALSE], quote = FALSE)
}
