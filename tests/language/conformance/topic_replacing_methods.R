# what an assignment hands to a method that replaces: the value by its name, so that places nobody gave stay empty
`[<-.zz` <- function(x, ..., value) { cat("n", length(list(...)), "v", value, "\n"); x }
y <- structure(list(1,2), class="zz"); y[2] <- 5; y[1,2] <- 6
`[[<-.zz` <- function(x, i, j, ..., value) { cat(missing(i), missing(j), nargs(), value, "\n"); x }
y[[2]] <- 5; y[[1, 2]] <- 6
`$<-.zz` <- function(x, name, value) { cat(name, value, "\n"); x }
y$q <- 3
`[<-.w` <- function(x, i, j, value) { cat(missing(i), missing(j), nargs(), value, "\n"); x }
w <- structure(1:4, class="w"); w[2] <- 9; w[1,2] <- 8; w[,2] <- 7; w[1,] <- 6; w[] <- 5
try(`[<-`(w, 3, 10)); `[<-`(w, 3, value=10)
`[<-.v` <- function(x, i, value) { r <- NextMethod(); cat("after\n"); r }
v <- structure(1:4, class="v"); v[2] <- 9L; unclass(v)
`[[<-.v` <- function(x, i, j, value) { r <- NextMethod(); r }
v[[2]] <- 90L; unclass(v)
`[<-.u` <- function(x, i, j, value) { NextMethod() }
u <- structure(list(a=1, b=2), class="u"); u["a"] <- 5; unclass(u); u[["b"]] <- 7; unclass(u)
m <- structure(matrix(1:4, 2), class=c("u","matrix")); m[1, ] <- 0L; unclass(m); m[2, 2] <- 9L; unclass(m)
try(`[<-`(structure(1:4, class="w"), 3, 10)); `[<-`(structure(1:4, class="w"), 3, value=10); (function() { w[3] <<- 4; w[[2]] = 3; 5 -> w[1] })()
l <- list(w = structure(1:4, class="w")); l$w[2] <- 7; l[["w"]][1, 2] <- 8
`@<-.w` <- 3; `names<-.w` <- function(x, value) { cat("names", value, "\n"); x }; names(w) <- letters[1:4]; names(w)[2] <- "z"
`[<-.Money` <- function(x, i, ..., value) { if (any(value < 0)) stop("negative"); y <- unclass(x); y[i] <- value; structure(y, class = "Money") }
p <- structure(c(1, 2), class = "Money"); p[2] <- 10; unclass(p); tryCatch(p[1] <- -5, error = function(e) print(conditionMessage(e)))
`[[<-.stack` <- function(x, i, value) { x <- unclass(x); x[[i]] <- toupper(value); structure(x, class = "stack") }; s <- structure(list(), class = "stack"); s[["k"]] <- "v"; unclass(s)
