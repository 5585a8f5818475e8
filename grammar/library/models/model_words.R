# The rarer words about models: what may be added or dropped, aliased terms, derivatives by differences, old least squares.

# Which terms can go or come by themselves. A term lies within another where the other has all its variables.
# Source: the rule of marginality, J. A. Nelder (1977), A reformulation of linear models.

.lies_within <- function(inner, outer) crossprod(inner > 0, outer == 0) == 0

# Terms that no other one holds, and terms that hold no other one.
.free_to_go <- function(factors) if (length(factors)) colnames(factors)[rowSums(.lies_within(factors, factors)) == 1] else character()

.free_to_come <- function(factors) if (length(factors)) colnames(factors)[colSums(.lies_within(factors, factors)) == 1] else character()

.terms_missing <- function(wanted, present, scope) {
  lost <- setdiff(wanted, present)
  if (length(lost)) stop(sprintf(ngettext(length(lost), "%s scope has term %s not included in model", "%s scope has terms %s not included in model"), scope,
                                 paste(sQuote(lost), collapse = ", ")), domain = NA, call. = FALSE)
}

# The columns of a table of terms that are not among these labels.
.other_terms <- function(factors, labels) if (length(factors)) factors[, setdiff(colnames(factors), labels), drop = FALSE] else factors

factor.scope <- function(factor, scope) {
  present <- if (length(factor)) colnames(factor)
  asked <- lapply(scope[c("drop", "add")], function(side) if (length(side)) colnames(side))
  if (length(asked[[1L]])) .terms_missing(asked[[1L]], present, "lower")
  if (length(asked[[2L]])) .terms_missing(present, asked[[2L]], "upper")
  can_go <- if (is.null(scope$drop)) character() else .free_to_go(.other_terms(factor, asked[[1L]]))
  list(drop = can_go, add = if (length(scope$add)) .free_to_come(.other_terms(scope$add, present)) else character())
}

.term_factors <- function(formula) attr(terms(formula), "factors")

drop.scope <- function(terms1, terms2) {
  whole <- .term_factors(terms1)
  lower <- if (missing(terms2)) character() else attr(terms(terms2), "term.labels")
  .terms_missing(lower, colnames(whole), "lower")
  setdiff(.free_to_go(whole), lower)
}

add.scope <- function(terms1, terms2) .free_to_come(.other_terms(.term_factors(terms2), attr(terms(terms1), "term.labels")))

# Slopes by differences of the value that an expression has where its parameters live.
numericDeriv <- function(expr, theta, rho = parent.frame(), dir = 1, eps = .Machine$double.eps^(1 / if (central) 3 else 2), central = FALSE) {
  if (!is.character(theta)) stop("'theta' should be of type character")
  side <- rep_len(dir, length(theta))
  worth <- function() {
    value <- eval(expr, rho)
    known <- suppressWarnings(as.double(value))
    if (!all(is.finite(known))) stop("Missing value or an infinity produced when evaluating the model", call. = FALSE)
    known
  }
  here <- worth()
  slopes <- function(name, way) {
    kept <- get0(name, envir = rho)
    if (is.integer(kept)) stop(gettextf("variable '%s' is integer, not numeric", name), domain = NA, call. = FALSE)
    if (!is.double(kept)) stop(gettextf("variable '%s' is not numeric", name), domain = NA, call. = FALSE)
    on.exit(assign(name, kept, envir = rho))
    moved <- function(j, by) {
      assign(name, replace(kept, j, kept[j] + by), envir = rho)
      worth()
    }
    vapply(seq_along(kept), function(j) {
      step <- way * eps * (if (kept[j] == 0) 1 else abs(kept[j]))
      if (central) (moved(j, step) - moved(j, -step)) / (2 * step) else (moved(j, step) - here) / step
    }, numeric(length(here)))
  }
  value <- eval(expr, rho)
  attr(value, "gradient") <- matrix(unlist(Map(slopes, theta, side)), length(here))
  value
}

# Codings that C() knows by a bare word.
.coding_words <- c("poly", "helmert", "sum", "treatment", "SAS")

C <- function(object, contr, how.many, ...) {
  object <- if (is.factor(object)) object else stop("object not interpretable as a factor")
  if (!nlevels(object)) stop("object not interpretable as a factor")
  word <- if (!missing(contr)) deparse1(substitute(contr)) else ""
  coding <- if (word %in% .coding_words) paste0("contr.", word) else if (nzchar(word)) contr else getOption("contrasts")[1L + is.ordered(object)]
  more <- list(...)
  if (!length(more) && missing(how.many)) return(`contrasts<-`(object, value = coding))
  if (is.character(coding)) coding <- match.fun(coding)
  if (is.function(coding)) coding <- do.call(coding, c(list(nlevels(object)), more))
  `contrasts<-`(object, if (!missing(how.many)) how.many, coding)
}

# The frame of a model with further variables beside its own.
expand.model.frame <- function(model, extras, envir = environment(formula(model)), na.expand = FALSE) {
  own <- formula(model)
  if (is.character(extras)) extras <- reformulate(extras)
  if (!inherits(extras, "formula")) stop("invalid model formula in ExtractVars")
  more <- extras[[length(extras)]]
  own[[length(own)]] <- call("+", own[[length(own)]], more)
  environment(own) <- envir
  asked <- as.call(list(quote(stats::model.frame), own, data = model$call$data, subset = model$call$subset, na.action = if (na.expand) quote(na.pass)))
  wide <- eval(asked[lengths(as.list(asked)) > 0L], envir)
  if (!na.expand) return(wide)
  # Only the model's own gaps count: those of the added variables stay.
  wide[complete.cases(wide[names(model.frame(model))]), , drop = FALSE]
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
    linked <- spread / outer(widths, widths) * upper.tri(spread)
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

# Sums of squares and products of what several responses leave, each row counting once.
.residual_products <- function(object) if (is.null(object$weights)) crossprod(residuals(object)) else stop("'mlm' objects with weights are not supported", call. = FALSE)

SSD.mlm <- function(object, ...) structure(c(list(SSD = .residual_products(object)), unclass(object)["call"], df = object$df.residual), class = "SSD")

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

qr.lm <- function(x, ...) {
  if (is.null(found <- x$qr)) stop("lm object does not have a proper 'qr' component.\n Rank zero or should not have used lm(.., qr=FALSE).")
  found
}
