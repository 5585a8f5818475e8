# nnet: multinomial regression, as a network without hidden units.
# Source: W. N. Venables and B. D. Ripley, Modern Applied Statistics with S, 4th edition, section 7.3.

# A response as the network's target, with how many observations a row holds and what its classes are called.
.multinomial_target <- function(y) {
  if (is.matrix(y)) {
    sizes <- rowSums(y)
    if (any(sizes == 0)) stop("some case has no observations", call. = FALSE)
    return(list(y = y / sizes, sizes = matrix(sizes), lab = colnames(y)))
  }
  y <- as.factor(y)
  empty <- levels(y)[table(y) == 0]
  if (length(empty))
    warning(sprintf(ngettext(length(empty), "group %s is empty", "groups %s are empty"), paste(sQuote(empty), collapse = " ")), call. = FALSE, domain = NA)
  y <- droplevels(y)
  if (nlevels(y) < 2L) stop("need two or more classes to fit a multinom model", call. = FALSE)
  if (nlevels(y) == 2L) list(y = cbind(as.integer(y) - 1), sizes = 1, lev = levels(y))
  else list(y = class.ind(y), sizes = 1, lev = levels(y), lab = levels(y))
}

multinom <- function(formula, data, weights, subset, na.action, contrasts = NULL, Hess = FALSE, summ = 0, censored = FALSE, model = FALSE, ...) {
  .unsupported(summ, "sum equal rows with aggregate() and give 'weights'")
  asked <- match.call()
  frame <- .frame_asked_by(asked, parent.frame())
  given <- .model_parts(frame, contrasts)
  target <- .multinomial_target(given$y)
  # A column of weights for each class: the network's bias is idle beside the design's own, and the first of several classes has none.
  rank <- ncol(given$x)
  several <- ncol(target$y) > 1L
  free <- matrix(TRUE, 1L + rank, ncol(target$y))
  free[1L, ] <- FALSE
  if (several) free[, 1L] <- FALSE
  fit <- nnet.default(given$x, target$y, given$weights * target$sizes, size = 0, skip = TRUE, mask = as.vector(free), entropy = !several, softmax = several, rang = 0,
    censored = censored, ...)
  fit$lev <- target$lev
  fit$call <- asked
  fit <- unclass(fit)
  fit$terms <- given$terms
  fit <- c(fit, list(weights = given$weights * target$sizes, deviance = 2 * fit$value, rank = rank), if (!is.null(target$lab)) list(lab = target$lab),
    list(coefnames = colnames(given$x), vcoefnames = colnames(given$x)), given$remembered, list(edf = sum(free), AIC = 2 * fit$value + 2 * sum(free)))
  if (model) fit$model <- frame
  if (Hess) fit$Hessian <- .multinomial_information(fit, given$x)
  structure(fit, class = c("multinom", "nnet"))
}

.class_names <- function(fit) {
  known <- if (is.null(fit$lev)) fit$lab else fit$lev
  if (is.null(known)) as.character(seq_len(fit$n[3L])) else known
}

# Minus the second derivatives of the log likelihood, in coefficients class by class: the sum over rows of
# weight (diag(p) - p p') (x) x x', for the chances p of all classes but the first.
.multinomial_information <- function(fit, x) {
  chances <- fit$fitted.values
  if (ncol(chances) > 1L) chances <- chances[, -1L, drop = FALSE]
  class <- rep(seq_len(ncol(chances)), each = ncol(x))
  beside <- unname(x)[, rep(seq_len(ncol(x)), ncol(chances)), drop = FALSE]
  expected <- beside * chances[, class]
  w <- as.vector(fit$weights)
  label <- if (fit$n[3L] == 1) colnames(x) else paste(.class_names(fit)[-1L][class], colnames(x), sep = ":")
  structure(outer(class, class, "==") * crossprod(expected, w * beside) - crossprod(expected, w * expected), dimnames = list(label, label))
}

coef.multinom <- function(object, ...) {
  each <- matrix(object$wts, ncol = object$n[3L], dimnames = list(c("", object$vcoefnames), if (object$n[3L] > 1) .class_names(object)))[-1L, , drop = FALSE]
  if (ncol(each) == 1L) each[, 1L] else t(each[, -1L, drop = FALSE])
}

vcov.multinom <- function(object, ...) {
  information <- object$Hessian
  if (is.null(information)) {
    asked <- object$call
    asked$formula <- object$terms
    frame <- .frame_asked_by(asked, environment(object$terms))
    information <- .multinomial_information(object, .model_parts(frame, object$contrasts)$x)
  }
  structure(solve(information), dimnames = dimnames(information))
}

# The call, titled tables, and how well the model fits.
.print_multinomial <- function(x, tables, ...) {
  .print_call(x$call)
  for (title in names(tables)) {
    cat("\n", title, ":\n", sep = "")
    print(tables[[title]], ...)
  }
  cat("\n", paste0(c("Residual Deviance: ", "AIC: "), vapply(x[c("deviance", "AIC")], format, ""), " \n"), sep = "")
  invisible(x)
}

print.multinom <- function(x, ...) .print_multinomial(x, list(Coefficients = coef(x)), ...)

summary.multinom <- function(object, correlation = FALSE, digits = getOption("digits"), Wald.ratios = FALSE, ...) {
  spread <- vcov(object)
  values <- coef(object)
  errors <- values
  errors[] <- if (is.matrix(values)) matrix(sqrt(diag(spread)), nrow(values), byrow = TRUE) else sqrt(diag(spread))
  told <- list(is.binomial = !is.matrix(values), digits = digits, coefficients = values, standard.errors = errors, Wald.ratios = if (Wald.ratios) values / errors,
    correlation = if (correlation) cov2cor(spread))
  structure(c(unclass(object), Filter(Negate(is.null), told)), class = "summary.multinom")
}

print.summary.multinom <- function(x, digits = x$digits, ...) {
  tables <- if (x$is.binomial) list(Coefficients = cbind(Values = x$coefficients, `Std. Err.` = x$standard.errors, `Value/SE` = x$Wald.ratios))
    else list(Coefficients = x$coefficients, `Std. Errors` = x$standard.errors, `Value/SE (Wald statistics)` = x$Wald.ratios)
  .print_multinomial(x, Filter(Negate(is.null), tables), digits = digits)
  .print_correlations(x$correlation, digits, ...)
  invisible(x)
}

predict.multinom <- function(object, newdata, type = c("class", "probs"), ...) {
  .refuse_if(`not a "multinom" fit` = !inherits(object, "multinom"))
  type <- match.arg(type)
  chances <- if (missing(newdata)) object$fitted.values else .network_answers(object, .design_for(object, newdata, constant = TRUE))
  if (type == "class") factor(.class_names(object)[.likeliest_class(chances)], levels = .class_names(object)) else drop(chances)
}

logLik.multinom <- function(object, ...) structure(-object$deviance / 2, df = object$edf, nobs = sum(object$weights), class = "logLik")

nobs.multinom <- function(object, ...) sum(object$weights)

extractAIC.multinom <- function(fit, scale, k = 2, ...) c(fit$edf, fit$deviance + k * fit$edf)

confint.multinom <- function(object, parm, level = 0.95, ...) {
  told <- summary(object)
  shares <- 0.5 + c(-0.5, 0.5) * level
  ends <- outer(as.matrix(told$standard.errors), setNames(qnorm(shares), paste(format(100 * shares, trim = TRUE, scientific = FALSE, digits = 3), "%")))
  ends <- ends + as.vector(told$coefficients)
  # Of several classes each has a table of coefficients and ends; of two there is one.
  intervals <- if (told$is.binomial) ends[, 1L, ] else aperm(ends, c(2L, 3L, 1L))
  if (missing(parm)) intervals else if (told$is.binomial) intervals[parm, , drop = FALSE] else intervals[parm, , , drop = FALSE]
}
