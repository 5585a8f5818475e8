# Classes as columns.

class.ind <- function(cl) {
  cl <- as.factor(cl)
  made <- outer(as.character(cl), levels(cl), "==") * 1
  dimnames(made) <- list(names(cl), levels(cl))
  made
}

which.is.max <- function(x) {
  best <- which(x == max(x))
  if (length(best) > 1L) sample(best, 1L) else best
}
