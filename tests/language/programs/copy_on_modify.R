x <- c(1,2,3); y <- x; x[2] <- 99; y; x
f <- function(v) { v[1] <- 100; v }; f(x); x
l <- list(1,2); m <- l; l[[1]] <- "z"; m[[1]]; l[[1]]
m <- matrix(0, 2, 2); n <- m; m[1,2] <- 5; n; m
g <- function() { v <- numeric(3); w <- list(); for (i in 1:3) { v[i] <- i; w[[i]] <- v }; w }; str(g())
h <- function() { a <- 1:3; b <- a + 0L; a[1] <- 9L; list(a, b) }; str(h())
k <- function() { a <- c(1,2,3); fn <- function() a; a[2] <- 5; fn() }; k()
k2 <- function() { a <- c(1,2,3); z <- sapply(1:3, function(i) { a[i] <<- 0; sum(a) }); list(a, z) }; str(k2())
s <- "abc"; cc <- c("a","b"); dd <- cc; cc[1] <- "q"; dd; cc
x <- 1:3; x[2] <- 2.5; x; x[5] <- 1; x; x["a"] <- 3; x
v <- 5; v[1] <- 6; v; v[[1]] <- 7; v; w <- v; v[1] <- 8; w
p <- function(x) { x[1] <- -1; sum(x) }; q <- c(5,5); p(q); q
lst <- list(a=c(1,2)); tmp <- lst$a; tmp[1] <- 50; lst$a
a <- c(1,2,3); b <- (a[2] <- 10); a; b
for (e in a) { a[1] <- a[1] + e }; a
t1 <- c(TRUE,FALSE); t1[2] <- NA; t1; t2 <- 1:2; t2[1] <- NA; t2
z <- c(1,2,3); z + {z[1] <- 100; z}
u <- c(a=1,b=2); u2 <- u; u[2] <- 9; u; u2; d <- list(1); d[[1]] <- d; str(d)
r <- rep(0, 3); r2 <- r; for (i in 1:3) r[i] <- i; r; r2
