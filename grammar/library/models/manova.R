# Analyses of variance of several responses, and what single cases do to a fit.

manova <- function(...) {
  fit <- .fit_by(match.call(), quote(stats::aov), parent.frame())
  if (inherits(fit, "maov")) structure(fit, class = c("manova", class(fit))) else stop("need multiple responses")
}

# Sums of squares and products of every term and of the residuals.
term_products <- function(object, constant = FALSE) {
  rows <- .term_rows(object, constant)
  list(SS = c(lapply(rows, function(at) crossprod(object$effects[at, , drop = FALSE])), list(Residuals = crossprod(object$residuals))),
       df = unname(c(lengths(rows), object$df.residual)))
}

print.maov <- function(x, ...) {
  .show_call(x$call, "Call:\n   ", after = "\n")
  parts <- term_products(x)
  squares <- zapsmall(vapply(parts$SS, diag, numeric(ncol(x$residuals))))
  texts <- t(apply(rbind(squares, parts$df), 1L, format))
  cat("\nTerms:\n")
  print.default(structure(texts, dimnames = list(c(colnames(x$residuals), "Deg. of Freedom"), names(parts$SS))), quote = FALSE, right = TRUE)
  .show_errors_of(x, "Residual standard errors:", vapply(deviance(x) / x$df.residual, function(v) format(sqrt(v)), ""))
  invisible(x)
}

summary.manova <- function(object, test = c("Pillai", "Wilks", "Hotelling-Lawley", "Roy"), intercept = FALSE, tol = 1e-7, ...) {
  test <- match.arg(test)
  parts <- term_products(object, intercept)
  count <- length(parts$df)
  rest <- parts$df[count]
  told <- function(...) structure(list(row.names = names(parts$SS), SS = parts$SS, ...), class = "summary.manova")
  if (rest == 0) return(told(stats = cbind(Df = structure(parts$df, names = names(parts$SS)))[-count, , drop = FALSE]))
  residual <- qr(parts$SS$Residuals, tol = tol)
  size <- ncol(parts$SS$Residuals)
  if (residual$rank < size) stop(gettextf("residuals have rank %d < %d", residual$rank, size), domain = NA)
  values <- lapply(parts$SS[-count], function(ss) Re(eigen(qr.coef(residual, ss), symmetric = FALSE)$values))
  rows <- mapply(function(eigenvalues, q) manova_statistic(test, eigenvalues, q, rest), values, parts$df[-count])
  tested <- rbind(rows, pf(rows[2L, ], rows[3L, ], rows[4L, ], lower.tail = FALSE))
  stats <- cbind(parts$df, rbind(t(tested), NA))
  dimnames(stats) <- list(names(parts$SS), c("Df", test, "approx F", "num Df", "den Df", "Pr(>F)"))
  told(Eigenvalues = do.call(rbind, values), stats = stats)
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
  table <- as.data.frame(x$stats)
  # The table has digits of its own, in R too.
  if (length(table) > 1L) print.anova(table)
  else {
    cat("No error degrees of freedom\n\n")
    print(table)
  }
  invisible(x)
}

summary.maov <- function(object, ...) {
  labels <- colnames(object$residuals)
  made <- lapply(seq_along(labels), function(k) summary.aov(.response_of(object, k, c("aov", "lm")))[[1L]])
  structure(made, names = paste(" Response", labels), class = c("summary.aov", "listof"))
}
