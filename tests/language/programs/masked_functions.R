# A function is meant where a variable has its name.
mean <- c(1, 2)
apply(matrix(1:4, 2), 2, mean)
sapply(list(1:3, 4:6), mean)
g <- function(x, FUN) apply(x, 1, FUN)
tryCatch(g(matrix(1:4, 2), mean), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(sapply(1:3, c(1, 2)), error = function(e) cat(conditionMessage(e), "\n"))
# No list to look in first: the names of the enclosure.
f <- function() {
  hidden <- 5
  h <- function() eval(quote(hidden), NULL, parent.frame())
  h()
}
f()
# Methods for indexing see what was written.
`[.lazy` <- function(x, i, j, drop = FALSE) {
  cat(nargs(), missing(i), missing(j), missing(drop), if (!missing(i)) deparse(substitute(i)), "\n")
  1
}
x <- structure(list(1), class = "lazy")
x[unknown > 2]
x[a, ]
x[, b]
x[1, 2, drop = TRUE]
x[]
# Linear models with columns that say the same.
d <- data.frame(y = c(1, 2, 4, 5), a = 1:4, b = 2 * (1:4))
lm(y ~ a + b, d)
m <- lm(mpg ~ wt + cyl, mtcars)
predict(m, data.frame(wt = c(2, 3), cyl = c(4, 6)), interval = "confidence")
predict(m, data.frame(wt = 2, cyl = 4), se.fit = TRUE)$se.fit
