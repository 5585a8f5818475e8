failed <- tryCatch(.[a, b] <- 1:2, error = conditionMessage)
stopifnot(identical(failed, "object '.' not found"))
library(dotty)
.[rows, columns] <- dim(mtcars)
stopifnot(rows == 32, columns == 11)
.[first, .., last] <- c(1, 2, 3, 4, 5)
stopifnot(first == 1, last == 5)
.[.., y, z] <- letters
stopifnot(y == "y", z == "z")
.[beta = beta, sum = alpha + gamma] <- list(alpha = 1, beta = 2, gamma = 3)
stopifnot(beta == 2, sum == 4)
.[p, .[q, .[r]]] <- list(1, list(2, list(3)))
stopifnot(p == 1, q == 2, r == 3)
.[, second] <- 1:3
stopifnot(second == 2L)
l <- list()
.[l$a, l$b] <- list("x", "y")
stopifnot(identical(l, list(a = "x", b = "y")))
failed <- tryCatch(.[a, b, d] <- 1:2, error = conditionMessage)
stopifnot(identical(failed, "subscript out of bounds"))
inside <- function(v) { .[a, b] <- v; a * b }
stopifnot(inside(c(3, 4)) == 12, a == 1L)
`.` <- 1:3
.[2] <- 9L
stopifnot(identical(., c(1L, 9L, 3L)))
rm(.)
library(keras3)
.[batch, size] <- op_shape(op_ones(c(4, 2)))
stopifnot(batch == 4, size == 2)
