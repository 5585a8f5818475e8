f <- lm.fit(cbind(1, 1:3), c(2, 4, 6)); f$coefficients
lm.fit(cbind(a=1, 1:3), c(2, 4, 6))$coefficients
set.seed(5); exists(".Random.seed"); length(.Random.seed); .Random.seed[1:4]; x <- runif(3); .Random.seed[2]; s <- .Random.seed; a <- rnorm(3); .Random.seed <- s; b <- rnorm(3); identical(a, b)
f <- function() { old <- .Random.seed; on.exit(.Random.seed <<- old); set.seed(1); runif(1) }; u1 <- runif(1); set.seed(5); y <- f(); z <- runif(3); identical(x, z); assign(".Random.seed", s, envir = globalenv()); identical(rnorm(3), a)
get(".Random.seed", globalenv())[1:3]; sum(.Random.seed); runif(700) -> q; sum(.Random.seed); .Random.seed[2]; globalenv()$.Random.seed[2]
set.seed(1); r2dtable(2, c(3, 2), c(2, 3)); r2dtable(1, c(10, 5, 7), c(8, 8, 6)); set.seed(2); rchisq(3, 3, ncp = 2); rt(2, 30, ncp = 1); rbeta(2, 2, 3, ncp = 1); rf(2, 3, 4, ncp = 1); rchisq(2, 0, ncp = 1); RNGkind()
x1 <- 1:2; cbind(x1, x1 + 1, deparse.level = 2); rbind(x1, x1 * 2, deparse.level = 2); cbind(1:2, c(3, 4), deparse.level = 2); qr.Q(qr(matrix(c(2, 1, 1, 3), 2, dimnames = list(c("a", "b"), c("x", "y")))))
