# Two ways to refuse what a function is given: by what is wrong with it, and by what is asked of it.

# Stops with the name of the first condition that holds, as the caller's error. A condition is looked at only when those
# before it do not hold, so that it may take their opposite for granted.
.refuse_if <- function(...) for (k in seq_len(...length())) if (isTRUE(...elt(k))) stop(simpleError(...names()[k], sys.call(-1L)))

# Refuses with the name of the first condition that does not hold throughout, as an error of `call`.
.demand <- function(..., call = sys.call(-1)) {
  messages <- ...names()
  for (at in seq_len(...length())) if (!isTRUE(all(...elt(at)))) stop(simpleError(messages[at], call))
}
