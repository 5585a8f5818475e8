# The rarer words about models: what may be added or dropped, aliased terms, derivatives by differences, old least squares.

factor.scope <- function(factor, scope) {
  drop <- scope$drop
  add <- scope$add
  if (length(factor) && !is.null(drop)) {
    left <- colnames(drop)
    if (!is.null(left)) {
      from <- colnames(factor)
      lost <- is.na(match(left, from))
      if (any(lost)) stop(sprintf(ngettext(sum(lost), "lower scope has term %s not included in model", "lower scope has terms %s not included in model"),
        paste(sQuote(left[lost]), collapse = ", ")), domain = NA)
      factor <- factor[, !from %in% left, drop = FALSE]
    }
  }
  drop <- .outermost(factor, function(k, j, held) j != k && all(held[, k] <= held[, j]))
  add_terms <- if (is.null(add)) character() else {
    fresh <- add[, !(colnames(add) %in% colnames(scope$model %||% factor)), drop = FALSE]
    .outermost(fresh, function(k, j, held) j != k && all(held[, j] <= held[, k]))
  }
  list(drop = drop, add = add_terms)
}

# Terms that no other one contains (or is contained in): those can go, or come, by themselves.
.outermost <- function(factors, covers) {
  if (!length(factors)) return(character())
  held <- factors > 0
  free <- vapply(seq_len(ncol(held)), function(k) !any(vapply(seq_len(ncol(held)), function(j) covers(k, j, held), NA)), NA)
  colnames(factors)[free]
}

drop.scope <- function(terms1, terms2) {
  terms1 <- terms(terms1)
  factors <- attr(terms1, "factors")
  lower <- if (missing(terms2)) character() else attr(terms(terms2), "term.labels")
  if (length(lost <- setdiff(lower, attr(terms1, "term.labels")))) stop(sprintf(ngettext(length(lost),
    "lower scope has term %s not included in model", "lower scope has terms %s not included in model"), paste(sQuote(lost), collapse = ", ")), domain = NA)
  if (!length(factors)) return(character())
  setdiff(.outermost(factors, function(k, j, held) j != k && all(held[, k] <= held[, j])), lower)
}

add.scope <- function(terms1, terms2) {
  terms1 <- terms(terms1)
  terms2 <- terms(terms2)
  factors <- attr(terms2, "factors")
  if (!length(factors)) return(character())
  fresh <- factors[, !(colnames(factors) %in% attr(terms1, "term.labels")), drop = FALSE]
  .outermost(fresh, function(k, j, held) j != k && all(held[, j] <= held[, k]))
}

numericDeriv <- function(expr, theta, rho = parent.frame(), dir = 1, eps = .Machine$double.eps^(1 / if (central) 3 else 2), central = FALSE) {
  dir <- rep_len(dir, length(theta))
  value <- eval(expr, rho)
  if (!is.numeric(value)) stop("Missing value or an infinity produced when evaluating the model")
  if (any(!is.finite(value))) stop("Missing value or an infinity produced when evaluating the model")
  columns <- list()
  for (k in seq_along(theta)) {
    kept <- get(theta[k], envir = rho)
    for (j in seq_along(kept)) {
      step <- if (kept[j] == 0) eps else abs(kept[j]) * eps
      at <- function(shift) {
        moved <- kept
        moved[j] <- moved[j] + shift
        assign(theta[k], moved, envir = rho)
        as.vector(eval(expr, rho))
      }
      slope <- if (central) (at(dir[k] * step) - at(-dir[k] * step)) / (2 * step) else (at(dir[k] * step) - as.vector(value)) / step
      columns[[length(columns) + 1L]] <- dir[k] * slope
      assign(theta[k], kept, envir = rho)
    }
  }
  attr(value, "gradient") <- matrix(unlist(columns), length(value))
  value
}

C <- function(object, contr, how.many, ...) {
  object <- as.factor(object)
  if (!nlevels(object)) stop("object not interpretable as a factor")
  if (!missing(contr) && is.name(asked <- substitute(contr))) contr <- switch(as.character(asked), poly = "contr.poly", helmert = "contr.helmert",
    sum = "contr.sum", treatment = "contr.treatment", SAS = "contr.SAS", contr)
  if (missing(contr)) contr <- getOption("contrasts")[if (is.ordered(object)) 2L else 1L]
  if (missing(how.many) && missing(...)) contrasts(object) <- contr
  else {
    if (is.character(contr)) contr <- get(contr, mode = "function")
    if (is.function(contr)) contr <- contr(nlevels(object), ...)
    contrasts(object, if (missing(how.many)) NULL else how.many) <- contr
  }
  object
}

expand.model.frame <- function(model, extras, envir = environment(formula(model)), na.expand = FALSE) {
  made <- formula(model)
  data <- eval(model$call$data, envir)
  whole <- as.formula(call("~", call("+", if (length(made) == 3L) made[[3L]] else made[[2L]], extras[[length(extras)]])), env = envir)
  if (length(made) == 3L) whole <- as.formula(call("~", made[[2L]], whole[[2L]]), env = envir)
  chosen <- model$call$subset
  if (na.expand) {
    found <- eval(call("model.frame", whole, data = data, subset = chosen, na.action = I), envir)
    before <- model.frame(model)
    return(found[rownames(before), , drop = FALSE])
  }
  if (is.null(chosen)) model.frame(whole, data = data) else eval(call("model.frame", whole, data = data, subset = chosen), envir)
}

alias <- function(object, ...) UseMethod("alias")

alias.formula <- function(object, data, ...) alias.lm(if (missing(data)) lm(object) else lm(object, data))

alias.lm <- function(object, complete = TRUE, partial = FALSE, partial.pattern = FALSE, ...) {
  .passed_over(partial.pattern)
  parts <- qr(object)
  rank <- parts$rank
  columns <- colnames(parts$qr)
  made <- list(Model = formula(object))
  if (complete && rank < length(columns)) {
    upper <- qr.R(parts)
    solved <- t(backsolve(upper[seq_len(rank), seq_len(rank), drop = FALSE], upper[seq_len(rank), -seq_len(rank), drop = FALSE]))
    dimnames(solved) <- list(columns[-seq_len(rank)], columns[seq_len(rank)])
    made$Complete <- zapsmall(solved)
  }
  if (partial) {
    spread <- summary.lm(object)$cov.unscaled
    widths <- sqrt(diag(spread))
    linked <- -spread / outer(widths, widths)
    diag(linked) <- 0
    made$Partial <- zapsmall(linked)
  }
  structure(made, class = c("mtable", "listof"))
}

print.mtable <- function(x, digits = getOption("digits"), quote = FALSE, right = FALSE, ...) {
  .passed_over(digits, quote, right)
  for (name in names(x)) {
    cat(name, ":\n")
    if (name == "Complete") print(.fractions_shown(x[[name]]), quote = FALSE, right = FALSE) else print(x[[name]])
    cat("\n")
  }
  invisible(x)
}

.fractions_shown <- function(values) {
  shown <- format(values)
  shown[] <- ifelse(values == 0, formatC("0", width = -max(nchar(shown))), trimws(format(c(values), trim = TRUE, drop0trailing = TRUE)))
  shown
}

ls.diag <- function(ls.out) {
  parts <- ls.out$qr
  resids <- as.matrix(ls.out$residuals)
  n <- nrow(resids)
  p <- parts$rank
  weighted <- if (is.null(ls.out$wt)) resids else resids * sqrt(ls.out$wt)
  lever <- rowSums(qr.qy(parts, diag(1, nrow = nrow(parts$qr), ncol = p))^2)
  spread <- sqrt(colSums(weighted^2) / (n - p))
  scaled <- weighted / outer(sqrt(1 - lever), spread)
  student <- scaled * sqrt((n - p - 1) / (n - p - scaled^2))
  unscaled <- chol2inv(parts$qr[seq_len(p), seq_len(p), drop = FALSE])
  errors <- sqrt(diag(unscaled)) %o% spread
  labels <- colnames(parts$qr)[seq_len(p)]
  dimnames(unscaled) <- list(labels, labels)
  rownames(errors) <- labels
  cooks <- scaled^2 * lever / (1 - lever) / p
  list(std.dev = spread, hat = lever, std.res = drop(scaled), stud.res = drop(student), cooks = drop(cooks), dfits = drop(sqrt(lever / (1 - lever)) * student),
    correlation = unscaled / outer(sqrt(diag(unscaled)), sqrt(diag(unscaled))), std.err = errors, cov.scaled = unscaled * spread[1L]^2, cov.unscaled = unscaled)
}

SSD <- function(object, ...) UseMethod("SSD")

SSD.mlm <- function(object, ...) {
  if (!is.null(object$weights)) stop("'mlm' objects with weights are not supported")
  structure(list(SSD = crossprod(residuals(object)), call = object$call, df = object$df.residual), class = "SSD")
}

print.SSD <- function(x, ...) {
  cat("$SSD\n")
  print(x$SSD)
  cat("\n$call\n")
  print(x$call)
  cat("\n$df\n")
  print(x$df)
  cat("\nattr(,\"class\")\n[1] \"SSD\"\n")
  invisible(x)
}

estVar <- function(object, ...) UseMethod("estVar")

estVar.SSD <- function(object, ...) object$SSD / object$df

estVar.mlm <- function(object, ...) estVar(SSD(object))

acf2AR <- function(acf) {
  values <- as.double(acf)
  order <- length(values) - 1L
  made <- matrix(0, order, order, dimnames = list(paste0("ar(", seq_len(order), ")"), as.character(seq_len(order))))
  for (p in seq_len(order)) made[p, seq_len(p)] <- solve(toeplitz(values[seq_len(p)]), values[2L:(p + 1L)])
  made
}

quasi <- function(link = "identity", variance = "constant") {
  asked <- substitute(link)
  if (!is.character(asked)) asked <- deparse(asked)
  link <- if (asked %in% c("logit", "probit", "cloglog", "identity", "inverse", "log", "1/mu^2", "sqrt")) make.link(asked)
    else if (is.character(link)) make.link(link) else link
  spread <- substitute(variance)
  spread <- if (is.character(spread)) spread else deparse(spread)
  if (!spread %in% c("constant", "mu", "mu^2", "mu^3", "mu(1-mu)") && is.character(variance)) spread <- variance
  like <- switch(spread, constant = gaussian(), mu = poisson(), `mu(1-mu)` = binomial(), `mu^2` = Gamma(), `mu^3` = inverse.gaussian(),
    stop(gettextf("'variance' \"%s\" is invalid: possible values are \"mu(1-mu)\", \"mu\", \"mu^2\", \"mu^3\" and \"constant\"", spread), domain = NA))
  begin <- switch(spread, `mu(1-mu)` = expression({
    n <- rep.int(1, nobs)
    mustart <- pmax(0.001, pmin(0.999, y))
  }), mu = expression({
    n <- rep.int(1, nobs)
    mustart <- y + 0.1 * (y == 0)
  }), expression({
    n <- rep.int(1, nobs)
    mustart <- y
  }))
  residuals <- switch(spread, `mu(1-mu)` = function(y, mu, wt) 2 * wt * (.entropy_part(y, mu) + .entropy_part(1 - y, 1 - mu)), like$dev.resids)
  structure(list(family = "quasi", link = link$name, linkfun = link$linkfun, linkinv = link$linkinv, variance = like$variance, dev.resids = residuals,
    aic = function(y, n, mu, wt, dev) NA, mu.eta = link$mu.eta, initialize = begin, validmu = like$validmu, valideta = link$valideta, varfun = spread), class = "family")
}

.entropy_part <- function(y, mu) ifelse(y == 0, 0, y * log(y / mu))

qr.lm <- function(x, ...) {
  if (is.null(found <- x$qr)) stop("lm object does not have a proper 'qr' component.\n Rank zero or should not have used lm(.., qr=FALSE).")
  found
}
