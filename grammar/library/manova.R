# Analyses of variance of several responses, and what single cases do to a fit.

manova <- function(...) {
  call <- fitting <- match.call()
  fitting[[1L]] <- quote(aov)
  fit <- eval(fitting, parent.frame())
  if (!inherits(fit, "maov")) stop("need multiple responses")
  fit$call <- call
  class(fit) <- c("manova", class(fit))
  fit
}

# Sums of squares and products of every term and of the residuals.
term_products <- function(object) {
  first <- seq_len(object$rank)
  assign <- object$assign[object$qr$pivot[first]]
  labels <- attr(object$terms, "term.labels")
  present <- intersect(seq_along(labels), assign)
  effects <- as.matrix(object$effects)
  made <- lapply(present, function(t) crossprod(effects[first[assign == t], , drop = FALSE]))
  names(made) <- labels[present]
  list(SS = c(made, list(Residuals = crossprod(object$residuals))), df = c(vapply(present, function(t) sum(assign == t), 0L), object$df.residual))
}

print.maov <- function(x, ...) {
  cat("Call:\n   ")
  cat(paste(deparse(x$call), collapse = "\n   "), "\n", sep = "")
  parts <- term_products(x)
  cat("\nTerms:\n")
  squares <- vapply(parts$SS, diag, numeric(ncol(x$residuals)))
  texts <- rbind(matrix(format(zapsmall(squares)), nrow(squares)), format(parts$df))
  dimnames(texts) <- list(c(colnames(x$residuals), "Deg. of Freedom"), names(parts$SS))
  print.default(texts, quote = FALSE, right = TRUE)
  cat("\nResidual standard errors: ", paste(format(sqrt(colSums(x$residuals^2) / x$df.residual)), collapse = " "), "\n", sep = "")
  cat("Estimated effects ", if (balanced_effects(x)) "are balanced" else "may be unbalanced", "\n", sep = "")
  invisible(x)
}

summary.manova <- function(object, test = c("Pillai", "Wilks", "Hotelling-Lawley", "Roy"), intercept = FALSE, tol = 1e-7, ...) {
  .unsupported(intercept, "the terms' tests are told")
  test <- match.arg(test)
  parts <- term_products(object)
  count <- length(parts$df)
  rest <- parts$df[count]
  if (rest <= 0) stop("residuals have rank 0 < p")
  residual <- qr(parts$SS[[count]], tol = tol)
  size <- ncol(parts$SS[[count]])
  if (residual$rank < size) stop(gettextf("residuals have rank %d < %d", residual$rank, size), domain = NA)
  values <- lapply(parts$SS[-count], function(ss) Re(eigen(qr.coef(residual, ss))$values))
  rows <- t(mapply(function(eigenvalues, q) manova_statistic(test, eigenvalues, q, rest), values, parts$df[-count]))
  chance <- pf(rows[, 2L], rows[, 3L], rows[, 4L], lower.tail = FALSE)
  made <- cbind(Df = parts$df, rbind(cbind(rows, chance), NA))
  dimnames(made) <- list(format(names(parts$SS)), c("Df", test, "approx F", "num Df", "den Df", "Pr(>F)"))
  structure(list(row.names = names(parts$SS), SS = parts$SS, Eigenvalues = do.call(rbind, values), stats = made), class = "summary.manova")
}

manova_statistic <- function(test, eigenvalues, q, rest) {
  p <- length(eigenvalues)
  s <- min(p, q)
  m <- 0.5 * (abs(p - q) - 1)
  n <- 0.5 * (rest - p - 1)
  if (test == "Pillai") {
    value <- sum(eigenvalues / (1 + eigenvalues))
    free <- s * c(2 * m + s + 1, 2 * n + s + 1)
    return(c(value, free[2L] / free[1L] * value / (s - value), free))
  }
  if (test == "Wilks") {
    value <- prod(1 / (1 + eigenvalues))
    base <- rest - 0.5 * (p - q + 1)
    power <- if (p^2 + q^2 > 5) sqrt(((p * q)^2 - 4) / (p^2 + q^2 - 5)) else 1
    free <- c(p * q, base * power - (p * q - 2) / 2)
    return(c(value, (value^(-1 / power) - 1) * free[2L] / free[1L], free))
  }
  if (test == "Hotelling-Lawley") {
    value <- sum(eigenvalues)
    free <- c(s * (2 * m + s + 1), 2 * (s * n + 1))
    return(c(value, free[2L] * value / s / free[1L], free))
  }
  value <- max(eigenvalues)
  free <- c(max(p, q), rest - max(p, q) + q)
  c(value, free[2L] * value / free[1L], free)
}

print.summary.manova <- function(x, digits = getOption("digits"), ...) {
  print_anova_table(x$stats, digits)
  invisible(x)
}

print_anova_table <- function(stats, digits) {
  table <- as.data.frame(stats)
  rownames(table) <- rownames(stats)
  printCoefmat(table, digits = digits - 2L, signif.stars = !isFALSE(getOption("show.signif.stars")), has.Pvalue = TRUE, P.values = TRUE, cs.ind = NULL,
               tst.ind = match("approx F", colnames(stats)), zap.ind = match(c("Df", "num Df", "den Df"), colnames(stats)), na.print = "")
}

summary.maov <- function(object, ...) {
  labels <- colnames(object$residuals)
  made <- lapply(seq_along(labels), function(k) {
    one <- object
    one$residuals <- object$residuals[, k]
    one$effects <- object$effects[, k]
    one$coefficients <- object$coefficients[, k]
    one$call <- quote(aov())
    class(one) <- c("aov", "lm")
    summary.aov(one)[[1L]]
  })
  names(made) <- paste(" Response", labels)
  structure(made, class = c("summary.aov", "listof"))
}

