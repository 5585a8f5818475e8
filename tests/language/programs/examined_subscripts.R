# an index that got no argument leaves its place empty, handed on through any number of functions
m <- matrix(1:4, 2)
f <- function(x, i, j) x[i, j]
f(m, 1)
f(m, , 2)
f(m)
f2 <- function(x, i, j, drop = TRUE) x[i, j, drop = drop]
f2(m, 1)
f2(m, , 2)
f3 <- function(x, i, j, drop = TRUE) { p <- unclass(x); part <- p[i, j, drop = drop]; part }
f3(m, 1)
"[.foo" <- function(x, i, j, drop = TRUE) { p <- unclass(x); part <- p[i, j, drop = drop]; if (missing(i)) part + 0.5 else part }
k <- structure(m, class = "foo")
k[1, ]
k[, 1]
"[<-.foo" <- function(x, i, j, value) { p <- unclass(x); p[i, j] <- value; structure(p, class = "foo") }
k[1, ] <- 9L
unclass(k)
"[[.foo" <- function(x, i, j) unclass(x)[[i, j]]
k[[1, 2]]
g <- function(m, a, b) f(m, a, b)
g(m, 1)
g(m, , 2)
h <- function(m, i) m[i, ]
h(m)
h2 <- function(m, i) m[, i]
h2(m)
h3 <- function(v, i) v[i]
h3(1:3)
h4 <- function(x) sum(x)
tryCatch(h4(), error = print)
d <- data.frame(a = 1:2, b = 3:4)
f(d, 1)
f(d, , "b")
h6 <- function(x, i, j, value) { x[i, j] <- value; x }
h6(d, 1, value = 0)
h6(m, , 2, value = 0L)
h6(m, value = 0L)
h7 <- function(x, i, value) { x[i] <- value; x }
h7(1:3, value = 0L)
arr <- array(1:8, c(2, 2, 2))
h8 <- function(x, i, j, k) x[i, j, k]
h8(arr, 1)
h8(arr, , , 2)
h9 <- function(x, ...) x[...]
h9(m, , 2)
h9(m, 1, )
"[.bar" <- function(x, i, j, ...) { structure(NextMethod(), class = "bar") }
b <- structure(m, class = "bar")
unclass(b[1, ])
unclass(b[, 2])
unclass(b[2])
"[.baz" <- function(x, i, ..., drop = FALSE) { cat(nargs(), missing(i), "\n"); unclass(x)[i, ..., drop = drop] }
z <- structure(m, class = "baz")
z[1, ]
z[, 1]
z[]
