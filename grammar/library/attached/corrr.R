# Correlations as a table: the variables stand in its first column.

correlate <- function(x, y = NULL, use = "pairwise.complete.obs", method = "pearson", diagonal = NA, quiet = FALSE) {
  numeric <- if (is.data.frame(x)) x[vapply(x, is.numeric, NA)] else x
  found <- cor(numeric, y, use = use, method = method)
  if (is.null(y) && nrow(found) == ncol(found)) diag(found) <- diagonal
  if (!quiet) message("Correlation computed with\n• Method: '", method, "'\n• Missing treated using: '", use, "'")
  as_cordf(found)
}

as_cordf <- function(x, diagonal = NA) {
  .passed_over(diagonal)
  if (inherits(x, "cor_df")) return(x)
  found <- as.matrix(x)
  made <- tibble::as_tibble(cbind(data.frame(term = if (is.null(rownames(found))) colnames(found) else rownames(found)), as.data.frame(found)))
  structure(made, class = c("cor_df", class(made)))
}

as_matrix <- function(x, diagonal = NA) {
  .passed_over(diagonal)
  made <- as.matrix(as.data.frame(x)[-1L])
  rownames(made) <- x$term
  made
}

as.matrix.cor_df <- function(x, ...) as_matrix(x)

focus <- function(x, ..., mirror = FALSE) {
  chosen <- names(dplyr::select(as.data.frame(x)[-1L], ...))
  rows <- if (mirror) x$term %in% chosen else !(x$term %in% chosen)
  made <- tibble::as_tibble(as.data.frame(x)[rows, c("term", chosen)])
  if (mirror) structure(made, class = c("cor_df", class(made))) else made
}

focus_ <- function(x, ..., .dots = NULL, mirror = FALSE) focus(x, dplyr::all_of(c(..., .dots)), mirror = mirror)

rearrange <- function(x, method = "PC", absolute = TRUE) {
  found <- as_matrix(x)
  diag(found) <- 1
  if (absolute) found <- abs(found)
  at <- if (method %in% c("PC", "PC_angle")) order(prcomp(found)$x[, 1L]) else hclust(as.dist(1 - found))$order
  made <- as.data.frame(x)[at, c("term", x$term[at])]
  as_cordf(as_matrix(made))
}

shave <- function(x, upper = TRUE) {
  found <- as_matrix(x)
  found[if (upper) upper.tri(found) else lower.tri(found)] <- NA
  as_cordf(found)
}

stretch <- function(x, na.rm = FALSE, remove.dups = FALSE) {
  found <- as_matrix(if (remove.dups) shave(x) else x)
  made <- tibble::tibble(x = rep(rownames(found), each = ncol(found)), y = rep(colnames(found), nrow(found)), r = c(t(found)))
  if (na.rm || remove.dups) made[!is.na(made$r), ] else made
}

fashion <- function(x, decimals = 2, leading_zeros = FALSE, na_print = "") {
  shown <- function(values) {
    text <- ifelse(is.na(values), na_print, formatC(values, format = "f", digits = decimals))
    if (leading_zeros) text else sub("^(-?)0\\.", "\\1.", text)
  }
  if (is.data.frame(x)) {
    made <- as.data.frame(x)
    made[vapply(made, is.numeric, NA)] <- lapply(made[vapply(made, is.numeric, NA)], shown)
    made
  } else noquote(shown(x))
}

network_plot <- function(rdf, min_cor = 0.3, ...) {
  found <- as_matrix(rdf)
  at <- cmdscale(as.dist(1 - abs(found)))
  plot(at, type = "n", axes = FALSE, xlab = "", ylab = "")
  for (i in seq_len(nrow(found))) for (j in seq_len(i - 1L)) {
    r <- found[i, j]
    if (!is.na(r) && abs(r) >= min_cor) segments(at[i, 1L], at[i, 2L], at[j, 1L], at[j, 2L], col = if (r > 0) "skyblue1" else "indianred2", lwd = 4 * abs(r))
  }
  text(at[, 1L], at[, 2L], rownames(found))
  invisible(rdf)
}

rplot <- function(rdf, ...) {
  found <- as_matrix(rdf)
  diag(found) <- 1
  corrplot::corrplot(found, ...)
}
