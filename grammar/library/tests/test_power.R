# How many, how far apart, how sure: a test's power as a curve, and the argument left out found from it.
# Sources: J. Cohen, Statistical Power Analysis for the Behavioral Sciences (1988); J. L. Fleiss, Statistical Methods for Rates and
# Proportions (1981), for proportions.

# The one argument that is NULL is where the curve comes to the power that was given. `searches` says for each where to begin to look
# and in which direction the interval may grow.
.solved_power <- function(given, curve, searches, tol, call = sys.call(-1)) {
  open <- names(given)[vapply(given, is.null, NA)]
  if (length(open) != 1L) {
    listed <- paste(sQuote(names(given), FALSE), collapse = ", ")
    stop(simpleError(sprintf("exactly one of %s must be NULL", sub("(.*), ", "\\1, and ", listed)), call))
  }
  for (chance in c("sig.level", "power")) {
    value <- given[[chance]]
    if (chance != open && !(is.numeric(value) && all(value >= 0 & value <= 1))) stop(sQuote(chance, FALSE), " must be numeric in [0, 1]", call. = FALSE)
  }
  at <- function(value) do.call(curve, replace(given, open, list(value))[names(formals(curve))])
  if (open == "power") value <- at(NULL)
  else value <- uniroot(function(value) at(value) - given$power, searches[[open]]$within, tol = tol, extendInt = searches[[open]]$grows)$root
  given[[open]] <- value
  given
}

.power_result <- function(given, ...) structure(c(given, list(...)), class = "power.htest")

power.t.test <- function(n = NULL, delta = NULL, sd = 1, sig.level = 0.05, power = NULL, type = c("two.sample", "one.sample", "paired"),
                         alternative = c("two.sided", "one.sided"), strict = FALSE, tol = .Machine$double.eps^0.25) {
  type <- match.arg(type)
  alternative <- match.arg(alternative)
  samples <- if (type == "two.sample") 2 else 1
  sides <- if (alternative == "two.sided") 2 else 1
  if (sides == 2 && is.numeric(delta)) delta <- abs(delta)
  # The t of a true difference has the noncentral distribution.
  curve <- function(n, delta, sd, sig.level) {
    free <- samples * pmax(n - 1, 1e-7)
    bound <- qt(sig.level / sides, free, lower.tail = FALSE)
    away <- delta / sd * sqrt(n / samples)
    reached <- pt(bound, free, ncp = away, lower.tail = FALSE)
    if (strict && sides == 2) reached <- reached + pt(-bound, free, ncp = away)
    reached
  }
  searches <- list(n = list(within = c(2, 1e7), grows = "upX"), delta = list(within = sd * c(1e-7, 1e7), grows = "upX"),
                   sd = list(within = delta * c(1e-7, 1e7), grows = "downX"), sig.level = list(within = c(1e-10, 1 - 1e-10), grows = "yes"))
  solved <- .solved_power(list(n = n, delta = delta, sd = sd, power = power, sig.level = sig.level), curve, searches, tol)
  notes <- list(two.sample = "n is number in *each* group", paired = "n is number of *pairs*, sd is std.dev. of *differences* within pairs")
  kinds <- c(two.sample = "Two-sample", one.sample = "One-sample", paired = "Paired")
  .power_result(solved[c("n", "delta", "sd", "sig.level", "power")], alternative = alternative, note = notes[[type]],
                method = paste(kinds[[type]], "t test power calculation"))
}

power.prop.test <- function(n = NULL, p1 = NULL, p2 = NULL, sig.level = 0.05, power = NULL, alternative = c("two.sided", "one.sided"), strict = FALSE,
                            tol = .Machine$double.eps^0.25) {
  alternative <- match.arg(alternative)
  sides <- if (alternative == "two.sided") 2 else 1
  variance <- function(p) p * (1 - p)
  # The difference of two shares as a normal one, whose bound comes from the variance that they would have in common.
  curve <- function(n, p1, p2, sig.level) {
    bound <- qnorm(sig.level / sides, lower.tail = FALSE) * sqrt(2 * variance((p1 + p2) / 2))
    reached <- function(bound, lower.tail) pnorm(bound, sqrt(n) * abs(p1 - p2), sqrt(variance(p1) + variance(p2)), lower.tail)
    reached(bound, FALSE) + (if (strict && sides == 2) reached(-bound, TRUE) else 0)
  }
  searches <- list(n = list(within = c(1, 1e7), grows = "upX"), p1 = list(within = c(0, p2), grows = "yes"), p2 = list(within = c(p1, 1), grows = "yes"),
                   sig.level = list(within = c(1e-10, 1 - 1e-10), grows = "upX"))
  solved <- .solved_power(list(n = n, p1 = p1, p2 = p2, power = power, sig.level = sig.level), curve, searches, tol)
  if (is.null(p2) && solved$p2 > 1) warning("No p2 in [p1, 1] can be found to achieve the desired power")
  if (is.null(p1) && solved$p1 < 0) warning("No p1 in [0, p2] can be found to achieve the desired power")
  .power_result(solved[c("n", "p1", "p2", "sig.level", "power")], alternative = alternative, note = "n is number in *each* group",
                method = "Two-sample comparison of proportions power calculation")
}

power.anova.test <- function(groups = NULL, n = NULL, between.var = NULL, within.var = NULL, sig.level = 0.05, power = NULL) {
  curve <- function(groups, n, between.var, within.var, sig.level) {
    free <- list(groups - 1, groups * (n - 1))
    bound <- qf(sig.level, free[[1L]], free[[2L]], lower.tail = FALSE)
    pf(bound, free[[1L]], free[[2L]], free[[1L]] * n * between.var / within.var, lower.tail = FALSE)
  }
  within <- list(groups = c(2, 100), n = c(2, 1e5), between.var = within.var * c(1e-7, 1e7), within.var = between.var * c(1e-7, 1e7),
                 sig.level = c(1e-10, 1 - 1e-10))
  searches <- lapply(within, function(range) list(within = range, grows = "yes"))
  given <- list(groups = groups, n = n, between.var = between.var, within.var = within.var, power = power, sig.level = sig.level)
  .demand("number of groups must be at least 2" = groups >= 2, "number of observations in each group must be at least 2" = n >= 2)
  solved <- .solved_power(given, curve, searches, .Machine$double.eps^0.25)
  .power_result(solved[c("groups", "n", "between.var", "within.var", "sig.level", "power")], note = "n is number in each group",
                method = "Balanced one-way analysis of variance power calculation")
}

print.power.htest <- function(x, digits = getOption("digits"), ...) {
  told <- unclass(x)[setdiff(names(x), c("method", "note"))]
  writeLines(c("", paste0("     ", x$method, " "), "", sprintf("%15s = %s", names(told), format(told, digits = digits)),
               if (!is.null(x$note)) c("", paste("NOTE:", x$note)), ""))
  invisible(x)
}
