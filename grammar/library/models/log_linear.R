# Log-linear models of tables: iterative proportional fitting, and MASS's formula for it.
# Source: W. E. Deming and F. F. Stephan (1940), On a least squares adjustment of a sampled frequency table.

loglin <- function(table, margin, start = rep(1, length(table)), fit = FALSE, eps = 0.1, iter = 20L, param = FALSE, print = TRUE) {
  sizes <- dim(table)
  count <- length(sizes)
  labels <- dimnames(table)
  called <- names(labels)
  if (is.character(margin[[1L]])) {
    given <- margin
    margin <- lapply(margin, match, called)
    if (anyNA(unlist(margin))) stop("'margin' must contain names or numbers corresponding to 'table'")
  }
  margin <- lapply(margin, as.integer)
  if (any(unlist(margin) < 1L | unlist(margin) > count)) stop("incorrect specification of 'table' or 'start'")
  fitted <- array(as.double(start), sizes)
  wanted <- lapply(margin, .margin_sums, x = table)
  deviation <- 0
  turns <- 0L
  done <- FALSE
  while (!done && turns < iter) {
    turns <- turns + 1L
    deviation <- 0
    for (k in seq_along(margin)) {
      have <- .margin_sums(margin[[k]], fitted)
      deviation <- max(deviation, abs(wanted[[k]] - have))
      fitted <- sweep(fitted, margin[[k]], ifelse(have == 0, 0, wanted[[k]] / have), "*", check.margin = FALSE)
    }
    done <- deviation < eps
  }
  if (print) cat(turns, "iterations: deviation", deviation, "\n")
  if (!done) warning("algorithm did not converge")
  attributes(fitted) <- attributes(table)
  both <- as.vector(table) > 0 & as.vector(fitted) > 0
  observed <- as.vector(table)
  expected <- as.vector(fitted)
  pearson <- sum(((observed - expected)^2 / expected)[expected > 0])
  lrt <- 2 * sum((observed * log(observed / expected))[both])
  terms <- .terms_within(margin)
  spent <- sum(vapply(terms, function(at) prod(sizes[at] - 1), 0))
  made <- list(lrt = lrt, pearson = pearson, df = prod(sizes) - spent - 1, margin = if (is.null(called)) margin else lapply(margin, function(at) called[at]))
  if (fit) made$fit <- fitted
  if (param) made$param <- .log_linear_parameters(log(fitted), terms, called)
  made
}

# Sums over the other variables, one value after the other: the deviation that is told depends on the order in its last digits.
.margin_sums <- function(at, x) {
  sizes <- dim(x)
  cells <- matrix(aperm(unclass(x), c(at, setdiff(seq_along(sizes), at))), prod(sizes[at]))
  total <- 0
  for (k in seq_len(ncol(cells))) total <- total + cells[, k]
  array(total, sizes[at])
}

# Every set of variables that lies within one of the margins, the smaller ones first.
.terms_within <- function(margin) {
  found <- list()
  for (at in margin) for (size in seq_along(at)) found <- c(found, if (length(at) == 1L) list(at) else combn(sort(at), size, simplify = FALSE))
  found <- unique(found)
  found[order(lengths(found), vapply(found, function(one) sum(2^(one - 1)), 0))]
}

.log_linear_parameters <- function(logs, terms, called) {
  if (is.null(called)) called <- as.character(seq_along(dim(logs)))
  made <- list(`(Intercept)` = mean(logs))
  logs <- logs - mean(logs)
  for (at in terms) {
    effect <- apply(logs, at, mean)
    logs <- sweep(logs, at, effect, check.margin = FALSE)
    made[[paste(called[at], collapse = ".")]] <- effect
  }
  made
}
