# One way to refuse what a function is given.

# Stops with the name of the first condition that holds, as the caller's error. A condition is looked at only when those
# before it do not hold, so that it may take their opposite for granted.
.refuse_if <- function(...) for (k in seq_len(...length())) if (isTRUE(...elt(k))) stop(simpleError(...names()[k], sys.call(-1L)))
