# Formulas and linear models: model frames, design matrices, least squares.

formula_parts <- function(expr) {
  if (is.call(expr)) {
    head <- if (is.symbol(expr[[1L]])) as.character(expr[[1L]]) else ""
    if (head == "(") return(formula_parts(expr[[2L]]))
    if (head == "+" && length(expr) == 2L) return(formula_parts(expr[[2L]]))
    if (head == "+") {
      left <- formula_parts(expr[[2L]])
      right <- formula_parts(expr[[3L]])
      return(list(terms = unique(c(left$terms, right$terms)),
                  intercept = if (is.null(right$intercept)) left$intercept else right$intercept))
    }
    if (head == "-") {
      if (length(expr) == 2L) {
        left <- list(terms = list(), intercept = NULL)
        gone <- formula_parts(expr[[2L]])
      } else {
        left <- formula_parts(expr[[2L]])
        gone <- formula_parts(expr[[3L]])
      }
      kept <- left$terms[!(vapply(left$terms, paste, "", collapse = ":") %in% vapply(gone$terms, paste, "", collapse = ":"))]
      intercept <- left$intercept
      if (!is.null(gone$intercept)) intercept <- !gone$intercept
      return(list(terms = kept, intercept = intercept))
    }
    if (head == ":") {
      left <- formula_parts(expr[[2L]])$terms
      right <- formula_parts(expr[[3L]])$terms
      made <- list()
      for (a in left) for (b in right) made <- c(made, list(unique(c(a, b))))
      return(list(terms = unique(made), intercept = NULL))
    }
    if (head == "*") {
      left <- formula_parts(expr[[2L]])$terms
      right <- formula_parts(expr[[3L]])$terms
      made <- c(left, right)
      for (a in left) for (b in right) made <- c(made, list(unique(c(a, b))))
      return(list(terms = unique(made), intercept = NULL))
    }
    if (head == "^") {
      base <- formula_parts(expr[[2L]])$terms
      made <- base
      for (k in seq_len(eval(expr[[3L]]) - 1L)) {
        more <- list()
        for (a in made) for (b in base) more <- c(more, list(sort(unique(c(a, b)))))
        made <- unique(c(made, more))
      }
      return(list(terms = made, intercept = NULL))
    }
  }
  if (is.numeric(expr)) return(list(terms = list(), intercept = expr != 0))
  list(terms = list(deparse(expr)[1L]), intercept = NULL)
}

formula_terms <- function(formula, data = NULL) {
  right <- formula[[length(formula)]]
  response <- if (length(formula) == 3L) formula[[2L]]
  if (!is.null(data) && "." %in% all.names(right)) {
    others <- setdiff(names(data), if (is.null(response)) character() else all.vars(response))
    dots <- Reduce(function(a, b) call("+", a, b), lapply(others, as.name))
    right <- eval(call("substitute", right, list(. = dots)))
  }
  parts <- formula_parts(right)
  order <- lengths(parts$terms)
  list(terms = parts$terms[order(order)], response = response, intercept = is.null(parts$intercept) || parts$intercept)
}

model.frame <- function(formula, data = NULL, subset = NULL, na.action = na.omit, ...) {
  if (!inherits(formula, "formula")) {
    if (!is.null(formula$model)) return(formula$model)
    formula <- as.formula(formula)
  }
  spec <- formula_terms(formula, data)
  variables <- unique(unlist(spec$terms))
  env <- environment(formula)
  columns <- lapply(variables, function(v) eval(parse(text = v)[[1L]], data, env))
  names(columns) <- variables
  if (!is.null(spec$response)) {
    lead <- list(eval(spec$response, data, env))
    names(lead) <- deparse(spec$response)[1L]
    columns <- c(lead, columns)
  }
  size <- if (length(columns)) NROW(columns[[1L]]) else nrow(data)
  rows <- if (is.data.frame(data) && .row_names_info(data) > 0L) row.names(data) else seq_len(size)
  made <- structure(columns, class = "data.frame", row.names = rows)
  if (is.null(names(made))) names(made) <- character()
  if (is.function(na.action)) made <- na.action(made)
  attr(made, "formula") <- formula
  made
}

model.response <- function(data, type = "any") data[[1L]]

contrast_columns <- function(column, full) {
  if (is.character(column) || is.logical(column)) column <- factor(column)
  if (is.factor(column)) {
    labels <- levels(column)
    if (is.ordered(column) && !full) {
      made <- contr.poly(length(labels))[as.integer(column), , drop = FALSE]
      return(list(values = unname(made), labels = colnames(made)))
    }
    used <- if (full) seq_along(labels) else seq_along(labels)[-1L]
    made <- vapply(used, function(k) as.numeric(as.integer(column) == k), numeric(length(column)))
    return(list(values = matrix(made, length(column)), labels = labels[used]))
  }
  if (is.matrix(column)) return(list(values = unname(column), labels = if (is.null(colnames(column))) seq_len(ncol(column)) else colnames(column)))
  list(values = matrix(as.numeric(column), ncol = 1L), labels = "")
}

contr.treatment <- function(n, base = 1, contrasts = TRUE, sparse = FALSE) {
  labels <- if (length(n) > 1L) n else seq_len(n)
  made <- diag(length(labels))
  dimnames(made) <- list(labels, labels)
  if (contrasts) made[, -base, drop = FALSE] else made
}

contr.poly <- function(n, scores = seq_len(n), contrasts = TRUE) {
  if (length(n) > 1L) n <- length(n)
  centred <- seq_len(n) - mean(seq_len(n))
  basis <- outer(centred, 0:(n - 1L), `^`)
  for (k in seq_len(n)) {
    for (j in seq_len(k - 1L)) basis[, k] <- basis[, k] - sum(basis[, k] * basis[, j]) * basis[, j]
    basis[, k] <- basis[, k] / sqrt(sum(basis[, k]^2))
  }
  made <- basis[, -1L, drop = FALSE]
  colnames(made) <- c(".L", ".Q", ".C", if (n > 4L) paste0("^", 4:(n - 1L)))[seq_len(n - 1L)]
  made
}

model.matrix <- function(object, data = environment(object), ...) UseMethod("model.matrix")

model.matrix.lm <- function(object, ...) model.matrix.default(object$call_formula, object$model)

model.matrix.default <- function(object, data = environment(object), ...) {
  if (is.environment(data)) data <- NULL
  source <- data
  if (!inherits(object, "formula")) object <- as.formula(object)
  spec <- formula_terms(object, data)
  frame <- model.frame(object, data, na.action = if (is.null(data) || is.null(attr(data, "formula"))) na.omit else NULL)
  rows <- nrow(frame)
  columns <- list()
  labels <- character()
  assign <- integer()
  if (spec$intercept) {
    columns <- list(rep(1, rows))
    labels <- "(Intercept)"
    assign <- 0L
  }
  whole <- spec$intercept
  kinds <- list()
  for (t in seq_along(spec$terms)) {
    block <- matrix(1, rows, 1L)
    own <- ""
    for (v in spec$terms[[t]]) {
      column <- frame[[v]]
      categorical <- is.factor(column) || is.character(column) || is.logical(column)
      if (categorical) kinds[[v]] <- if (is.ordered(column)) "contr.poly" else "contr.treatment"
      rest <- setdiff(spec$terms[[t]], v)
      covered <- if (length(rest)) any(vapply(spec$terms, function(one) setequal(one, rest), NA)) else whole
      part <- contrast_columns(column, categorical && !covered)
      if (categorical && !covered && !length(rest)) whole <- TRUE
      fresh <- matrix(0, rows, ncol(block) * ncol(part$values))
      names_now <- character()
      at <- 0L
      for (b in seq_len(ncol(part$values))) for (a in seq_len(ncol(block))) {
        at <- at + 1L
        fresh[, at] <- block[, a] * part$values[, b]
        label <- paste0(v, part$labels[b])
        names_now[at] <- if (nzchar(own[a])) paste(own[a], label, sep = ":") else label
      }
      block <- fresh
      own <- names_now
    }
    for (k in seq_len(ncol(block))) columns <- c(columns, list(block[, k]))
    labels <- c(labels, own)
    assign <- c(assign, rep(t, length(own)))
  }
  made <- matrix(as.numeric(unlist(columns)), rows, length(columns), dimnames = list(row.names(frame), labels))
  attr(made, "assign") <- assign
  if (length(kinds)) attr(made, "contrasts") <- kinds
  made
}

lm <- function(formula, data = NULL, subset = NULL, weights = NULL, na.action = na.omit, ...) {
  call <- match.call()
  formula <- as.formula(formula)
  frame <- model.frame(formula, data, na.action = na.action)
  design <- model.matrix.default(formula, frame_for(formula, frame, data))
  y <- frame[[1L]]
  scale <- if (is.null(weights)) 1 else sqrt(weights)
  basis <- qr(design * scale)
  coefficients <- as.vector(backsolve(qr.R(basis), crossprod(qr.Q(basis), y * scale)))
  names(coefficients) <- colnames(design)
  fitted <- as.vector(design %*% coefficients)
  names(fitted) <- row.names(frame)
  structure(list(coefficients = coefficients, residuals = structure(y - fitted, names = row.names(frame)), fitted.values = fitted,
                 rank = ncol(design), df.residual = length(y) - ncol(design), call = call, terms = formula, model = frame,
                 design = design, weights = weights), class = "lm")
}

frame_for <- function(formula, frame, data) {
  if (is.null(data)) return(NULL)
  data[row.names(data) %in% row.names(frame), , drop = FALSE]
}

print.lm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("Coefficients:\n")
  print(format(x$coefficients, digits = digits), print.gap = 2L, quote = FALSE)
  cat("\n")
  invisible(x)
}

coef <- function(object, ...) UseMethod("coef")

coef.default <- function(object, ...) object$coefficients

coefficients <- function(object, ...) coef(object, ...)

residuals <- function(object, ...) object$residuals

resid <- function(object, ...) object$residuals

fitted <- function(object, ...) object$fitted.values

fitted.values <- function(object, ...) object$fitted.values

deviance <- function(object, ...) if (is.null(object$deviance)) sum(object$residuals^2) else object$deviance

df.residual <- function(object, ...) object$df.residual

nobs <- function(object, ...) length(object$residuals)

vcov <- function(object, ...) {
  sigma2 <- sum(object$residuals^2) / object$df.residual
  made <- solve(crossprod(object$design)) * sigma2
  dimnames(made) <- list(names(object$coefficients), names(object$coefficients))
  made
}

confint <- function(object, parm, level = 0.95, ...) {
  half <- qt(1 - (1 - level) / 2, object$df.residual) * sqrt(diag(vcov(object)))
  made <- cbind(object$coefficients - half, object$coefficients + half)
  colnames(made) <- paste(format(100 * c((1 - level) / 2, 1 - (1 - level) / 2), trim = TRUE, digits = 3), "%")
  made
}

summary.lm <- function(object, ...) {
  y <- object$model[[1L]]
  sigma <- sqrt(sum(object$residuals^2) / object$df.residual)
  errors <- sqrt(diag(solve(crossprod(object$design)))) * sigma
  t <- object$coefficients / errors
  table <- cbind(Estimate = object$coefficients, `Std. Error` = errors, `t value` = t,
                 `Pr(>|t|)` = 2 * pt(abs(t), object$df.residual, lower.tail = FALSE))
  rownames(table) <- names(object$coefficients)
  intercept <- "(Intercept)" %in% names(object$coefficients)
  model_df <- object$rank - intercept
  total <- if (intercept) sum((y - mean(y))^2) else sum(y^2)
  r2 <- 1 - sum(object$residuals^2) / total
  adjusted <- 1 - (1 - r2) * ((length(y) - intercept) / object$df.residual)
  f <- (r2 / model_df) / ((1 - r2) / object$df.residual)
  structure(list(call = object$call, residuals = object$residuals, coefficients = table, sigma = sigma,
                 df = c(object$rank, object$df.residual, object$rank), r.squared = r2, adj.r.squared = adjusted,
                 fstatistic = c(value = f, numdf = model_df, dendf = object$df.residual)), class = "summary.lm")
}

predict <- function(object, ...) UseMethod("predict")

predict.lm <- function(object, newdata, ...) {
  if (missing(newdata)) return(object$fitted.values)
  spec <- formula_terms(object$terms, object$model)
  right <- object$terms
  if (length(right) == 3L) right[[2L]] <- NULL
  known <- object$model
  for (name in intersect(names(newdata), names(known))) {
    if (is.factor(known[[name]])) newdata[[name]] <- factor(newdata[[name]], levels = levels(known[[name]]))
    else if (is.character(known[[name]])) newdata[[name]] <- factor(newdata[[name]], levels = sort(unique(known[[name]])))
  }
  if ("." %in% all.names(right)) {
    right[[2L]] <- Reduce(function(a, b) call("+", a, b), lapply(setdiff(names(known), deparse(spec$response)), as.name))
  }
  design <- model.matrix.default(right, newdata)
  answer <- as.vector(design[, names(object$coefficients), drop = FALSE] %*% object$coefficients)
  names(answer) <- row.names(newdata)
  answer
}

coefficient_lines <- function(table, digits) {
  size <- table[, 1:2, drop = FALSE]
  spread <- range(abs(size[size != 0 & is.finite(size)]))
  places <- max(1L, digits - (1 + floor(log10(spread))))
  cells <- cbind(format(round(size, places), digits = digits), format(round(table[, 3L], max(1L, min(5L, digits - 1L))), digits = digits))
  p <- table[, 4L]
  texts <- probability_text(p, max(1L, min(5L, digits - 1L)))
  stars <- as.character(cut(p, c(-Inf, 0.001, 0.01, 0.05, 0.1, Inf), labels = c("***", "**", "*", ".", " ")))
  made <- cbind(cells, texts, format(stars))
  dimnames(made) <- list(rownames(table), c(colnames(table), ""))
  made
}

probability_text <- function(p, digits, eps = .Machine$double.eps) {
  tiny <- p < eps
  texts <- character(length(p))
  fixed <- !tiny & floor(log10(ifelse(p > 0, p, 1e-50))) >= -3
  if (any(fixed)) texts[fixed] <- format(p[fixed], digits = digits)
  small <- !tiny & !fixed
  if (any(small)) texts[small] <- format(p[small], digits = digits)
  if (any(tiny)) {
    digits <- max(1L, digits - 2L)
    gap <- " "
    if (any(!tiny)) {
      width <- max(nchar(texts[!tiny]))
      if (digits > 1L && digits + 6L > width) digits <- max(1L, width - 7L)
      if (digits == 1L && width <= 6L) gap <- ""
    } else if (digits == 1L) gap <- ""
    texts[tiny] <- paste("<", format(eps, digits = digits), sep = gap)
  }
  texts
}

format.pval <- function(pv, digits = max(1L, getOption("digits") - 2L), eps = .Machine$double.eps, na.form = "NA", ...) {
  texts <- rep(na.form, length(pv))
  texts[!is.na(pv)] <- probability_text(pv[!is.na(pv)], digits, eps)
  texts
}

printCoefmat <- function(x, digits = max(3L, getOption("digits") - 2L), signif.stars = TRUE, ...) {
  lines <- coefficient_lines(x, digits)
  if (!signif.stars) lines <- lines[, -ncol(lines), drop = FALSE]
  print.default(lines, quote = FALSE, right = TRUE)
  if (signif.stars) cat("---\nSignif. codes:  0 \u2018***\u2019 0.001 \u2018**\u2019 0.01 \u2018*\u2019 0.05 \u2018.\u2019 0.1 \u2018 \u2019 1\n")
  invisible(x)
}

print.summary.lm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:\n", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("Residuals:\n")
  if (length(x$residuals) > 5L) {
    five <- quantile(x$residuals)
    names(five) <- c("Min", "1Q", "Median", "3Q", "Max")
    print(zapsmall(five, digits + 1L), digits = digits)
  } else print(x$residuals, digits = digits)
  cat("\nCoefficients:\n")
  printCoefmat(x$coefficients, digits = digits)
  cat("\nResidual standard error:", format(signif(x$sigma, digits)), "on", x$df[2L], "degrees of freedom\n")
  cat("Multiple R-squared: ", formatC(x$r.squared, digits = digits))
  cat(",\tAdjusted R-squared: ", formatC(x$adj.r.squared, digits = digits), "\nF-statistic:", formatC(x$fstatistic[1L], digits = digits),
      "on", x$fstatistic[2L], "and", x$fstatistic[3L], "DF,  p-value:",
      trimws(format.pval(pf(x$fstatistic[1L], x$fstatistic[2L], x$fstatistic[3L], lower.tail = FALSE), digits = digits)))
  cat("\n\n")
  invisible(x)
}

zapsmall <- function(x, digits = getOption("digits")) {
  largest <- max(abs(x[!is.na(x)]))
  round(x, digits = if (largest > 0) max(0L, digits - as.numeric(ceiling(log10(largest)))) else digits)
}

family_of <- function(name, link, linkfun, linkinv, slope, variance, deviance, start) {
  structure(list(family = name, link = link, linkfun = linkfun, linkinv = linkinv, mu.eta = slope, variance = variance,
                 dev.resids = deviance, start = start), class = "family")
}

binomial <- function(link = "logit") {
  if (!identical(as.character(substitute(link)), "logit") && !identical(link, "logit")) stop("only the logit link is supported")
  family_of("binomial", "logit", function(mu) log(mu / (1 - mu)), function(eta) 1 / (1 + exp(-eta)),
            function(eta) pmax(exp(-abs(eta)) / (1 + exp(-abs(eta)))^2, .Machine$double.eps), function(mu) mu * (1 - mu),
            function(y, mu) 2 * (ifelse(y == 0, 0, y * log(y / mu)) + ifelse(y == 1, 0, (1 - y) * log((1 - y) / (1 - mu)))),
            function(y) (y + 0.5) / 2)
}

gaussian <- function(link = "identity") {
  family_of("gaussian", "identity", function(mu) mu, function(eta) eta, function(eta) rep(1, length(eta)),
            function(mu) rep(1, length(mu)), function(y, mu) (y - mu)^2, function(y) y)
}

poisson <- function(link = "log") {
  family_of("poisson", "log", log, exp, function(eta) pmax(exp(eta), .Machine$double.eps), function(mu) mu,
            function(y, mu) 2 * (ifelse(y == 0, 0, y * log(y / mu)) - (y - mu)), function(y) y + 0.1)
}

quasipoisson <- function(link = "log") {
  made <- poisson()
  made$family <- "quasipoisson"
  made
}

print.family <- function(x, ...) {
  cat("\nFamily:", x$family, "\n")
  cat("Link function:", x$link, "\n\n")
  invisible(x)
}

glm <- function(formula, family = gaussian, data = NULL, weights = NULL, control = list(), ...) {
  call <- match.call()
  if (is.character(family)) family <- get(family)
  if (is.function(family)) family <- family()
  formula <- as.formula(formula)
  frame <- model.frame(formula, data)
  design <- model.matrix.default(formula, frame_for(formula, frame, data))
  y <- frame[[1L]]
  if (is.factor(y)) y <- as.numeric(as.integer(y) != 1L)
  y <- as.numeric(y)
  mu <- family$start(y)
  eta <- family$linkfun(mu)
  old <- sum(family$dev.resids(y, mu))
  converged <- FALSE
  for (step in seq_len(25L)) {
    slope <- family$mu.eta(eta)
    working <- eta + (y - mu) / slope
    weight <- sqrt(slope^2 / family$variance(mu))
    basis <- qr(design * weight)
    coefficients <- as.vector(backsolve(qr.R(basis), crossprod(qr.Q(basis), working * weight)))
    eta <- as.vector(design %*% coefficients)
    mu <- family$linkinv(eta)
    deviance <- sum(family$dev.resids(y, mu))
    if (abs(deviance - old) / (abs(deviance) + 0.1) < 1e-8) {
      converged <- TRUE
      break
    }
    old <- deviance
  }
  if (!converged) warning("glm.fit: algorithm did not converge")
  names(coefficients) <- colnames(design)
  center <- mean(y)
  structure(list(coefficients = coefficients, fitted.values = structure(mu, names = row.names(frame)),
                 linear.predictors = structure(eta, names = row.names(frame)), residuals = (y - mu) / family$mu.eta(eta),
                 deviance = deviance, null.deviance = sum(family$dev.resids(y, rep(center, length(y)))),
                 df.residual = length(y) - ncol(design), df.null = length(y) - 1L, rank = ncol(design), iter = step,
                 family = family, call = call, terms = formula, model = frame, design = design, y = y,
                 aic = glm_aic(family, y, mu, deviance, ncol(design))), class = c("glm", "lm"))
}

glm_aic <- function(family, y, mu, deviance, rank) {
  size <- length(y)
  2 * rank + switch(family$family, binomial = -2 * sum(ifelse(y > 0, y * log(mu), 0) + ifelse(y < 1, (1 - y) * log(1 - mu), 0)),
                    poisson = -2 * sum(dpois(y, mu, log = TRUE)), gaussian = size * (log(2 * pi * deviance / size) + 1) + 2, NA)
}

print.glm <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat("\nCall:  ", paste(deparse(x$call), collapse = "\n"), "\n\n", sep = "")
  cat("Coefficients:\n")
  print(format(x$coefficients, digits = digits), print.gap = 2L, quote = FALSE)
  cat("\nDegrees of Freedom:", x$df.null, "Total (i.e. Null); ", x$df.residual, "Residual\n")
  cat("Null Deviance:\t   ", format(signif(x$null.deviance, digits)), "\nResidual Deviance:", format(signif(x$deviance, digits)),
      "\tAIC:", format(signif(x$aic, digits)))
  cat("\n")
  invisible(x)
}

predict.glm <- function(object, newdata, type = c("link", "response"), ...) {
  type <- match.arg(type)
  eta <- if (missing(newdata)) object$linear.predictors else predict.lm(object, newdata)
  if (type == "link") eta else {
    answer <- object$family$linkinv(eta)
    names(answer) <- names(eta)
    answer
  }
}

prcomp <- function(x, retx = TRUE, center = TRUE, scale. = FALSE, ...) {
  x <- scale(as.matrix(x), center = center, scale = scale.)
  parts <- svd(x)
  rotation <- parts$v
  dimnames(rotation) <- list(colnames(x), paste0("PC", seq_len(ncol(rotation))))
  moved <- attr(x, "scaled:center")
  spread <- attr(x, "scaled:scale")
  made <- list(sdev = parts$d / sqrt(max(1, nrow(x) - 1)), rotation = rotation, center = if (is.null(moved)) FALSE else moved,
               scale = if (is.null(spread)) FALSE else spread)
  if (retx) made$x <- x[, , drop = FALSE] %*% rotation
  structure(made, class = "prcomp")
}

print.prcomp <- function(x, ...) {
  cat("Standard deviations (1, .., p=", length(x$sdev), "):\n", sep = "")
  print(x$sdev, ...)
  cat("\nRotation (n x k) = (", nrow(x$rotation), " x ", ncol(x$rotation), "):\n", sep = "")
  print(x$rotation, ...)
  invisible(x)
}

predict.prcomp <- function(object, newdata, ...) {
  if (missing(newdata)) return(object$x)
  scale(as.matrix(newdata)[, rownames(object$rotation), drop = FALSE], object$center, object$scale) %*% object$rotation
}

poly <- function(x, degree = 1, raw = FALSE, ...) {
  if (raw) {
    made <- outer(x, seq_len(degree), `^`)
    colnames(made) <- seq_len(degree)
    return(made)
  }
  centred <- x - mean(x)
  basis <- outer(centred, 0:degree, `^`)
  for (k in seq_len(degree + 1L)) {
    for (pass in 1:2) for (j in seq_len(k - 1L)) basis[, k] <- basis[, k] - sum(basis[, k] * basis[, j]) * basis[, j]
    basis[, k] <- basis[, k] / sqrt(sum(basis[, k]^2))
  }
  made <- basis[, -1L, drop = FALSE]
  colnames(made) <- seq_len(degree)
  made
}

AIC <- function(object, ...) {
  if (!is.null(object$aic)) return(object$aic)
  size <- length(object$residuals)
  size * (log(2 * pi * sum(object$residuals^2) / size) + 1) + 2 * (object$rank + 1)
}
