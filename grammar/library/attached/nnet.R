# Classes as columns, and the place of a maximum.

class.ind <- function(cl) {
  cl <- as.factor(cl)
  made <- outer(as.integer(cl), seq_len(nlevels(cl)), function(code, level) as.numeric(!is.na(code) & code == level))
  structure(made, dimnames = list(names(cl), levels(cl)))
}

which.is.max <- function(x) {
  best <- which(x == max(x))
  if (length(best) > 1L) sample(best, 1L) else best
}
