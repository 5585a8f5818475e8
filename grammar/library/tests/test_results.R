# Results of hypothesis tests: how they are made, and the steps from a statistic to its chance and from an estimate to its interval.

# Every test hands back its parts in the order in which they are given here; a part that is NULL stands as NULL.
.test_result <- function(...) structure(list(...), class = "htest")

# A result under another name of its data: methods for formulas have it from the formula.
.retold <- function(result, label) {
  result$data.name <- label
  result
}

.is_level <- function(conf.level) is.numeric(conf.level) && length(conf.level) == 1L && isTRUE(conf.level > 0 & conf.level < 1)

# Counts as tests take them: not below nothing, and whole but for rounding.
.are_counts <- function(x) is.finite(x) & x >= 0 & abs(x - round(x)) <= 1e-7

# What the caller was given for some of its arguments, as written.
.data_label <- function(arguments, between = " and ") {
  place <- parent.frame()
  paste(vapply(arguments, function(name) deparse1(do.call(substitute, list(as.name(name), place))), ""), collapse = between)
}

# The chance of what was seen or worse, from the chances of its two tails (each with what was seen itself).
.tail_chance <- function(alternative, below, above) {
  list(less = below, greater = above, two.sided = pmin(2 * pmin(below, above), 1))[[alternative]]
}

# The same for a statistic whose distribution function is continuous: `.chance_of(z, alternative)`, `.chance_of(t, alternative, pt, df)`.
.chance_of <- function(statistic, alternative, cumulative = pnorm, ...) {
  .tail_chance(alternative, cumulative(statistic, ...), cumulative(statistic, ..., lower.tail = FALSE))
}

# A test that tells only how large its statistic is: chi-squared with one number of degrees of freedom, F with two.
.chance_above <- function(statistic, df) {
  as.vector(if (length(df) == 1L) pchisq(statistic, df, lower.tail = FALSE) else pf(statistic, df[[1L]], df[[2L]], lower.tail = FALSE))
}

# The interval that goes with an alternative. `ends(tail)` gives the lower and the upper end that leave out `tail` each;
# a one-sided interval is open on the other side, where it reaches as far as `range`.
.interval_of <- function(ends, alternative, conf.level, range = c(-Inf, Inf)) {
  open <- match(alternative, c("less", "greater"), nomatch = 0L)
  found <- as.vector(ends((1 - conf.level) / (if (open) 1 else 2)))
  found[open] <- range[open]
  structure(found, conf.level = conf.level)
}

# Two-sided chance of a count: that of all outcomes no likelier than the one seen, with room for rounding. The likelier ones
# lie together around the mode, from beside the one seen to as far on the other side.
.no_likelier <- function(seen, mode, mass, cumulative, ...) {
  limit <- mass(seen, ...) * (1 + 1e-7)
  likelier <- function(outcome) mass(outcome, ...) > limit
  if (!likelier(mode)) return(1)
  low <- if (seen < mode) seen + 1 else .last_along(mode, -1, likelier)
  high <- if (seen > mode) seen - 1 else .last_along(mode, 1, likelier)
  min(1, cumulative(low - 1, ...) + cumulative(high, ..., lower.tail = FALSE))
}

# The chance of a count by any alternative, from its mass and distribution functions.
.count_chance <- function(alternative, seen, mode, mass, cumulative, ...) {
  if (alternative == "two.sided") return(.no_likelier(seen, mode, mass, cumulative, ...))
  .tail_chance(alternative, cumulative(seen, ...), cumulative(seen - 1, ..., lower.tail = FALSE))
}

# The last whole number from `at` on for which `holds`, by strides that double and then halve.
.last_along <- function(at, direction, holds) {
  stride <- direction
  while (holds(at + stride)) {
    at <- at + stride
    stride <- 2 * stride
  }
  while (abs(stride) >= 1) {
    if (holds(at + stride)) at <- at + stride
    stride <- stride / 2
  }
  at
}

# `response ~ group` as the parts of the response and what the data are called.
.parts_by_group <- function(formula, call, place, groups = NULL) {
  asker <- sys.call(-1)
  .demand("'formula' missing or incorrect" = !missing(formula) && length(formula) == 3L, call = asker)
  if (length(groups)) .demand("'formula' missing or incorrect" = length(attr(terms(formula[-2L]), "term.labels")) == 1L, call = asker)
  frame <- .frame_asked(formula, call, place)
  .demand("'formula' should be of the form response ~ group" = length(frame) == 2L, call = asker)
  parts <- unname(split(frame[[1L]], factor(frame[[2L]])))
  if (length(groups) && length(parts) != groups) stop(simpleError(sprintf("grouping factor must have exactly %d levels", groups), asker))
  list(response = frame[[1L]], group = factor(frame[[2L]]), parts = parts, label = paste(names(frame), collapse = " by "))
}
