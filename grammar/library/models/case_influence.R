# What single cases weigh in a fit: leverages, residuals without the case, changes of coefficients and of fitted values.
# Source: D. A. Belsley, E. Kuh and R. E. Welsch, Regression Diagnostics (1980); R. D. Cook (1977) for his distance.

# The leverages of the rows that count, those of weight zero left out.
.leverages <- function(model) {
  basis <- qr.Q(model$qr)[, seq_len(model$rank), drop = FALSE]
  h <- rowSums(basis^2)
  replace(h, h > 1 - 10 * .Machine$double.eps, 1)
}

.counting <- function(model) if (is.null(model$weights)) rep(TRUE, NROW(model$residuals)) else model$weights != 0

# The rows of a fit, with those that na.exclude has left out put back: `fill` stands for what no case has said.
.all_cases <- function(model, values, fill) {
  if (!inherits(model$na.action, "exclude")) return(values)
  padded <- naresid(model$na.action, values)
  gone <- match(names(model$na.action), if (is.matrix(padded)) rownames(padded) else names(padded))
  if (is.matrix(padded)) padded[gone, ] <- fill else padded[gone] <- fill
  padded
}

hatvalues <- function(model, ...) .all_cases(model, structure(.leverages(model), names = .case_labels(model)), 0)

.case_labels <- function(model) {
  rest <- model$residuals
  (if (is.matrix(rest)) rownames(rest) else names(rest))[.counting(model)]
}

hat <- function(x, intercept = TRUE) {
  basis <- if (inherits(x, "qr")) x else qr(if (intercept) cbind(1, x) else as.matrix(x))
  rowSums(qr.Q(basis)[, seq_len(basis$rank), drop = FALSE]^2)
}

lm.influence <- function(model, do.coef = TRUE) {
  used <- .counting(model)
  labels <- .case_labels(model)
  h <- structure(.leverages(model), names = labels)
  general <- inherits(model, "glm")
  all <- if (general) .glm_residuals$deviance(.response_values(model), model$fitted.values, model$prior.weights, model$family) else weighted_rows(model)
  rest <- as.matrix(all)[used, , drop = FALSE]
  kept <- ifelse(h < 1, 1 - h, 1)
  free <- max(model$df.residual - 1, 0)
  spread <- sqrt(pmax(rep(colSums(rest^2), each = nrow(rest)) - rest^2 / kept, 0) / free)
  whole <- sqrt(colSums(rest^2) / model$df.residual)
  bare <- function(values) if (ncol(values) == 1L) structure(as.vector(values), names = labels) else values
  told <- function(values, fill) .all_cases(model, bare(values), fill)
  made <- list(hat = .all_cases(model, h, 0))
  if (do.coef) made$coefficients <- .coefficient_changes(model, used, rest * (h < 1) / kept, labels)
  c(made, list(sigma = told(if (ncol(spread) > 1L) unname(spread) else spread, whole), wt.res = told(rest, NA)))
}

# How far the coefficients move when a case is left out: rows are cases; of several responses each has a table.
.coefficient_changes <- function(model, used, outside, labels) {
  root <- if (is.null(model$weights)) 1 else sqrt(model$weights[used])
  first <- rownames(unscaled(model))
  pull <- (model.matrix(model)[used, first, drop = FALSE] * root) %*% unscaled(model)
  if (ncol(outside) > 1L) return(array(apply(outside, 2L, function(one) pull * one), c(dim(pull), ncol(outside)), list(labels, first, colnames(model$residuals))))
  .all_cases(model, structure(pull * as.vector(outside), dimnames = list(labels, first)), 0)
}

influence <- function(model, ...) {
  made <- lm.influence(model, ...)
  if (!inherits(model, "glm")) return(made)
  names(made)[names(made) == "wt.res"] <- "dev.res"
  pearson <- residuals(model, type = "pearson")
  c(made, list(pear.res = if (inherits(model$na.action, "exclude")) pearson else pearson[.counting(model)]))
}

# Residuals by their own standard errors; a case that the fit goes through has none.
.finite_or_nan <- function(values) replace(values, is.infinite(values), NaN)

.outside <- function(infl, res) .finite_or_nan(res / (infl$sigma * sqrt(1 - infl$hat)))

rstandard <- function(model, infl = lm.influence(model, do.coef = FALSE), ...) {
  general <- inherits(model, "glm")
  spread <- if (general) sqrt(dispersion_of(model)) else sigma(model)
  .finite_or_nan(infl$wt.res / (spread * sqrt(1 - infl$hat)))
}

rstudent <- function(model, infl = influence(model, do.coef = FALSE), ...) {
  if (!inherits(model, "glm")) return(.outside(infl, infl$wt.res))
  made <- sign(infl$dev.res) * sqrt(infl$dev.res^2 + infl$hat * infl$pear.res^2 / (1 - infl$hat))
  .finite_or_nan(if (.dispersion_fixed(model)) made else made / infl$sigma)
}

cooks.distance <- function(model, infl = influence(model, do.coef = FALSE), ...) {
  general <- inherits(model, "glm")
  rest <- if (general) infl$pear.res else infl$wt.res
  spread <- if (general) dispersion_of(model) else sigma(model)^2
  .finite_or_nan((rest / (1 - infl$hat))^2 * infl$hat / (spread * model$rank))
}

dffits <- function(model, infl = lm.influence(model, do.coef = FALSE), res = weighted.residuals(model)) .outside(infl, res) * sqrt(infl$hat / (1 - infl$hat))

dfbeta <- function(model, infl = lm.influence(model, do.coef = TRUE), ...) infl$coefficients

dfbetas <- function(model, infl = lm.influence(model, do.coef = TRUE), ...) dfbeta(model, infl) / outer(infl$sigma, sqrt(diag(unscaled(model))))

# The ratio of the determinants of the coefficients' covariances, without the case and with it.
covratio <- function(model, infl = lm.influence(model, do.coef = FALSE), res = weighted.residuals(model)) {
  free <- nrow(model$qr$qr) - model$rank
  shrunk <- 1 + (.outside(infl, res)^2 - 1) / free
  shrunk^-model$rank / (1 - infl$hat)
}

# The measures side by side, and for each the bound beyond which a case is told, for k coefficients and n cases.
influence.measures <- function(model, infl = influence(model)) {
  k <- model$rank
  moved <- dfbetas(model, infl)
  labels <- sub("(Intercept)", "1_", colnames(moved), fixed = TRUE)
  table <- cbind(moved, dffits(model, infl), covratio(model, infl), cooks.distance(model, infl), infl$hat)
  dimnames(table) <- list(rownames(moved), c(paste0("dfb.", abbreviate(labels)), "dffit", "cov.r", "cook.d", "hat"))
  n <- sum(infl$hat > 0)
  if (n <= k) stop("too few cases i with h_ii > 0), n < k")
  beyond <- c(rep(list(function(v) abs(v) > 1), k), function(v) abs(v) > 3 * sqrt(k / (n - k)), function(v) abs(1 - v) > 3 * k / (n - k),
              function(v) pf(v, k, n - k) > 0.5, function(v) v > 3 * k / n)
  marks <- vapply(seq_along(beyond), function(at) beyond[[at]](table[, at]), logical(nrow(table)))
  structure(list(infmat = table, is.inf = structure(marks, dimnames = dimnames(table)), call = model$call), class = "infl")
}

.is_marked <- function(x) rowSums(x$is.inf, na.rm = TRUE) > 0

print.infl <- function(x, digits = max(3L, getOption("digits") - 4L), ...) {
  .show_call(x$call, "Influence measures of\n\t ", "\n", " :\n\n")
  print(data.frame(x$infmat, inf = c(" ", "*")[.is_marked(x) + 1L]), digits = digits, ...)
  invisible(x)
}

summary.infl <- function(object, digits = max(2L, getOption("digits") - 5L), ...) {
  .show_call(object$call, "Potentially influential observations of\n\t ", "\n", " :\n")
  seen <- .is_marked(object)
  if (!any(seen)) {
    cat("NONE\n")
    return(numeric())
  }
  part <- object$infmat[seen, , drop = FALSE]
  cells <- paste0(format(round(part, digits)), ifelse(object$is.inf[seen, ], "_*", ""))
  cat("\n")
  print(structure(cells, dim = dim(part), dimnames = dimnames(part)), quote = FALSE)
  invisible(part)
}
