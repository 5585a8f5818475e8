# Formulas: what their operators mean, their terms, other formulas made from them.

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
    if (head == ":" || head == "%in%") {
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
    if (head == "/") {
      left <- formula_parts(expr[[2L]])$terms
      inside <- unique(unlist(left))
      within <- lapply(formula_parts(expr[[3L]])$terms, function(one) unique(c(inside, one)))
      return(list(terms = unique(c(left, within)), intercept = NULL))
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
  list(terms = list(deparse1(expr)), intercept = NULL)
}

# The terms of a formula, lower orders first, with its response, intercept and offsets.
formula_terms <- function(formula, data = NULL, keep.order = FALSE) {
  right <- formula[[length(formula)]]
  response <- if (length(formula) == 3L) formula[[2L]]
  if (!is.null(data) && "." %in% all.names(right)) {
    others <- setdiff(names(data), if (is.null(response)) character() else all.vars(response))
    dots <- Reduce(function(a, b) call("+", a, b), lapply(others, as.name))
    right <- eval(call("substitute", right, list(. = dots)))
  }
  parts <- formula_parts(right)
  # A term names its variables as they first appear in the formula.
  seen <- formula_variables(right)
  parts$terms <- unique(lapply(parts$terms, function(one) c(intersect(seen, one), setdiff(one, seen))))
  is_offset <- vapply(parts$terms, function(one) length(one) == 1L && startsWith(one, "offset("), NA)
  offsets <- unlist(parts$terms[is_offset])
  parts$terms <- parts$terms[!is_offset]
  order <- if (keep.order) seq_along(parts$terms) else lengths(parts$terms)
  list(terms = parts$terms[order(order)], response = response, intercept = is.null(parts$intercept) || parts$intercept,
       offsets = offsets, right = right, variables = formula_variables(right))
}

# What is evaluated in a data frame, as it first appears from left to right.
formula_variables <- function(expr) {
  if (is.call(expr) && is.symbol(expr[[1L]]) && as.character(expr[[1L]]) %in% c("+", "-", "*", ":", "/", "^", "%in%", "(")) {
    if (as.character(expr[[1L]]) == "^") return(formula_variables(expr[[2L]]))
    return(unique(unlist(lapply(as.list(expr)[-1L], formula_variables))))
  }
  if (is.numeric(expr)) character() else deparse1(expr)
}

terms <- function(x, ...) UseMethod("terms")

terms.default <- function(x, ...) {
  found <- attr(x, "terms")
  if (is.null(found) && is.list(x)) found <- x$terms
  if (is.null(found)) stop("no terms component nor attribute")
  found
}

terms.terms <- function(x, ...) x

terms.formula <- function(x, specials = NULL, abb = NULL, data = NULL, neg.out = TRUE, keep.order = FALSE, simplify = FALSE, ..., allowDotAsName = FALSE) {
  .unsupported(simplify, allowDotAsName)
  spec <- formula_terms(x, data, keep.order)
  lead <- if (!is.null(spec$response)) deparse1(spec$response)
  variables <- unique(c(lead, spec$variables))
  labels <- vapply(spec$terms, paste, "", collapse = ":")
  factors <- integer()
  if (length(labels)) {
    factors <- matrix(0L, length(variables), length(labels), dimnames = list(variables, labels))
    for (t in seq_along(labels)) for (v in spec$terms[[t]]) {
      rest <- setdiff(spec$terms[[t]], v)
      covered <- if (length(rest)) any(vapply(spec$terms, function(one) setequal(one, rest), NA)) else TRUE
      factors[v, t] <- if (covered) 1L else 2L
    }
  }
  made <- x
  made[[length(made)]] <- spec$right
  attributes(made) <- NULL
  calls <- as.call(c(list(as.name("list")), lapply(variables, function(v) parse(text = v)[[1L]])))
  attr(made, "variables") <- calls
  heads <- vapply(as.list(calls)[-1L], function(one) if (is.call(one)) deparse1(one[[1L]]) else "", "")
  if (length(specials)) attr(made, "specials") <- as.pairlist(lapply(setNames(nm = specials), function(one) if (any(heads == one)) which(heads == one)))
  if (length(spec$offsets)) attr(made, "offset") <- match(spec$offsets, variables)
  attr(made, "factors") <- factors
  attr(made, "term.labels") <- labels
  attr(made, "order") <- lengths(spec$terms)
  attr(made, "intercept") <- as.integer(spec$intercept)
  attr(made, "response") <- as.integer(!is.null(spec$response))
  class(made) <- c("terms", "formula")
  attr(made, ".Environment") <- environment(x)
  made
}

print.terms <- function(x, ...) {
  print.default(unclass(x), ...)
  invisible(x)
}

labels.terms <- function(object, ...) attr(object, "term.labels")

delete.response <- function(termobj) {
  if (attr(termobj, "response") == 0L) return(termobj)
  bare <- termobj
  attributes(bare) <- NULL
  bare <- structure(as.call(list(as.name("~"), bare[[3L]])), class = "formula")
  environment(bare) <- environment(termobj)
  made <- terms.formula(bare)
  for (kept in c("predvars", "dataClasses")) {
    old <- attr(termobj, kept)
    if (!is.null(old)) attr(made, kept) <- if (kept == "predvars") old[-2L] else old[-1L]
  }
  made
}

drop.terms <- function(termobj, dropx = NULL, keep.response = FALSE) {
  if (is.null(dropx)) return(termobj)
  kept <- attr(termobj, "term.labels")[-dropx]
  response <- if (keep.response) termobj[[2L]]
  terms(reformulate(if (length(kept)) kept else "1", response, attr(termobj, "intercept") == 1L, environment(termobj)))
}

formula <- function(x, ...) UseMethod("formula")

formula.default <- function(x, env = parent.frame(), ...) {
  if (is.list(x) && !is.null(x$formula)) return(formula(x$formula))
  if (is.list(x) && !is.null(x$terms)) return(formula(x$terms))
  if (is.list(x) && !is.null(x$call$formula)) return(formula(eval(x$call$formula, env)))
  as.formula(x, env)
}

formula.terms <- function(x, ...) {
  made <- x
  attributes(made) <- NULL
  made <- structure(made, class = "formula")
  environment(made) <- environment(x)
  made
}

formula.formula <- function(x, ...) x

formula.lm <- function(x, ...) formula(x$terms)

formula.data.frame <- function(x, ...) reformulate(names(x)[-1L], as.name(names(x)[1L]), env = parent.frame())

update <- function(object, ...) UseMethod("update")

update.formula <- function(old, new, ...) {
  old <- as.formula(old)
  new <- as.formula(new)
  fill <- function(tree, dot) eval(call("substitute", tree, list(. = dot)))
  enclosed <- function(tree) if (is.call(tree) && !identical(tree[[1L]], as.name("("))) call("(", tree) else tree
  right <- fill(new[[length(new)]], enclosed(old[[length(old)]]))
  left <- if (length(new) == 3L) fill(new[[2L]], if (length(old) == 3L) old[[2L]] else NULL) else if (length(old) == 3L) old[[2L]]
  joined <- structure(as.call(c(as.name("~"), left, right)), class = "formula")
  environment(joined) <- environment(old)
  simplified_formula(joined)
}

# A formula with its terms written out one after the other.
simplified_formula <- function(formula) {
  spec <- formula_terms(formula)
  labels <- c(vapply(spec$terms, paste, "", collapse = ":"), spec$offsets)
  if (!length(labels)) labels <- if (spec$intercept) "1" else "-1"
  else if (!spec$intercept) labels <- c(labels, "-1")
  right <- parse(text = gsub("+ -1", "- 1", paste(labels, collapse = " + "), fixed = TRUE))[[1L]]
  made <- structure(as.call(c(as.name("~"), spec$response, right)), class = "formula")
  environment(made) <- environment(formula)
  made
}

update.default <- function(object, formula., ..., evaluate = TRUE) {
  call <- object$call
  if (is.null(call)) stop("need an object with call component")
  if (!missing(formula.)) call$formula <- update.formula(formula(object), formula.)
  changes <- match.call(expand.dots = FALSE)$...
  for (name in names(changes)) call[[name]] <- changes[[name]]
  if (evaluate) eval(call, parent.frame()) else call
}

getCall <- function(x, ...) x$call
