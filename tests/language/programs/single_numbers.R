# Single random numbers, first occurrences, quoted fields, columns of frames and small products, short way or not.
set.seed(3); for (i in 1:5) cat(runif(1), rnorm(1), runif(1, 2, 5), rnorm(1, 5, 2), "\n"); cat(runif(3), rnorm(2), runif(1), sample(5), rnorm(1, 0, 3), "\n"); x <- runif(1e5); cat(format(mean(x), digits = 17), format(var(x), digits = 17), format(sd(x), digits = 17), "\n")
set.seed(3); runif(1); print(head(.Random.seed, 3)); rnorm(1); print(head(.Random.seed, 3)); s <- .Random.seed; a <- runif(1); .Random.seed <- s; b <- runif(1); print(identical(a, b))
runif(1, 5, 2); runif(1, NA); rnorm(1, 0, -1); runif(1, 3, 3); rnorm(1, 1, 0); runif(1, 1L, 2L); runif(1L)
duplicated(c("a", "b", "a", NA, NA)); duplicated(c(1, 2, 1, NaN, NA, NaN), fromLast = TRUE); unique(c(3, 1, 3)); duplicated(character(0)); unique(list(1, 1, 2)); mean(c(1, NA)); mean(c(Inf, 1)); mean(c(Inf, -Inf)); mean(1:10000 / 3)
file <- tempfile(); cat('a,b,c\n"x","it\'s",1\n"say ""hi""",y,2\n"m\nn",w,4\n"u,v",,5\n"",\'k\',6\n', file = file); print(read.csv(file)); print(read.table(file, sep = ",", header = TRUE)); print(read.csv(file, strip.white = TRUE, quote = "\"'")); 
transform(data.frame(a = 1:2), b = a * 2); data.frame(1:2, c("a", "b")); data.frame(data.frame(z = 1), 5); d <- data.frame(q = 1:2); data.frame(d, d); data.frame(w = d, 3:4); do.call("data.frame", list(d, k = 1))
a <- matrix(c(1, 2, 3, 4), 2); a %*% a; a %*% c(1, 2); c(1, 2) %*% a; matrix(1:3 / 7, 1) %*% matrix(1:3 / 3, 3); print(matrix(c(0.1, 0.2, 0.3), 1) %*% matrix(c(0.4, 0.5, 0.6), 3), digits = 17)
