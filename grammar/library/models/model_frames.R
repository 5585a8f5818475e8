# What a model function needs of its own call and what it remembers of it: variables, design, coding, and the call's printing.

# The variables that a matched call names, as a data frame; `words` are the arguments that stand for variables or choose rows.
.frame_asked_by <- function(call, env, ..., words = c("formula", "data", "subset", "weights", "na.action", "offset"))
  eval(as.call(c(quote(stats::model.frame), as.list(call)[names(call) %in% words], list(...))), env)

# The same for a formula that the function has at hand, where only `data`, `subset` and `na.action` are its call's.
.frame_asked <- function(formula, call, env) .frame_asked_by(call, env, formula = formula, words = c("data", "subset", "na.action"))

# A model frame taken apart. `remembered` is what a fit keeps in order to code new data in the same way: give it on with
# `fit[names(remembered)] <- remembered`, or the part of it wanted. Without `constant` the column of ones is left out of `x`.
.model_parts <- function(frame, contrasts = NULL, constant = TRUE) {
  terms <- attr(frame, "terms")
  x <- model.matrix(terms, frame, contrasts)
  weights <- model.weights(frame)
  remembered <- list(na.action = attr(frame, "na.action"), contrasts = attr(x, "contrasts"), xlevels = .getXlevels(terms, frame))
  list(terms = terms, x = if (constant) x else .without_constant(x), y = model.response(frame), weights = if (is.null(weights)) rep(1, nrow(x)) else weights,
    offset = model.offset(frame), constant = "(Intercept)" %in% colnames(x), remembered = Filter(Negate(is.null), remembered))
}

.without_constant <- function(x) x[, colnames(x) != "(Intercept)", drop = FALSE]

# The design of new data under a fit's terms and coding; the frame it came of stays with it for offsets. A mistake in the
# data is told with the caller's own `na.action`.
.design_for <- function(object, newdata, na.action = na.pass, constant = FALSE) {
  Terms <- delete.response(object$terms)
  newdata <- as.data.frame(newdata)
  frame <- eval(substitute(model.frame(Terms, newdata, na.action = gaps, xlev = object$xlevels), list(gaps = substitute(na.action))))
  x <- model.matrix(Terms, frame, contrasts.arg = object$contrasts)
  structure(if (constant) x else .without_constant(x), frame = frame)
}

# A call as it was written, under its title; nothing where there is none.
.print_call <- function(call, title = "Call:\n") {
  if (is.null(call)) return(invisible())
  cat(title)
  dput(call, control = NULL)
}

# A table of correlations, below its diagonal.
.print_correlations <- function(table, digits, ...) {
  if (is.null(table)) return(invisible())
  shown <- format(round(table, digits))
  shown[upper.tri(shown, diag = TRUE)] <- ""
  cat("\nCorrelation of Coefficients:\n")
  print(shown[-1L, -ncol(shown), drop = FALSE], quote = FALSE, ...)
}

# How many rows were left out for their gaps, when some were.
.print_left_out <- function(na.action, before = "") {
  note <- naprint(na.action)
  if (nzchar(note)) cat(before, "(", note, ")\n", sep = "")
}
