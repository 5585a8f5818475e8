# A variable called n beside dplyr's n(), and searches by a few ways beside many variables.
library(dplyr, warn.conflicts = FALSE)
n <- 4
k <- 4L
data.frame(a = 1:4) %>% mutate(b = n, c = 1:n, d = n(), e = n() * n)
data.frame(a = 1:4, g = c(1, 1, 2, 2)) %>% group_by(g) %>% summarise(c = n(), d = sum(a) / n, e = n() * n)
data.frame(a = 1:4) %>% filter(a < n, row_number() <= n()) %>% slice(1:2) %>% mutate(k = n())
data.frame(a = 1:9) %>% slice(1:n) %>% count(a > 2)
f <- function(d, n) d %>% mutate(lag_n = dplyr::lag(a, n), big = a > n, m = n())
f(data.frame(a = 1:4), 2)
data.frame(n = 5:6) %>% mutate(twice = 2 * n, rows = n())
fr <- function(x) 100 * (x[2] - x[1]^2)^2 + (1 - x[1])^2
grr <- function(x) c(-400 * x[1] * (x[2] - x[1]^2) - 2 * (1 - x[1]), 200 * (x[2] - x[1]^2))
print(optim(c(-1.2, 1), fr, grr, method = "L-BFGS-B", lower = c(-2, 1.5)))
print(optim(c(-1.2, 1), fr, grr, method = "L-BFGS-B", upper = c(0.5, 2), control = list(factr = 10)))
set.seed(1)
A <- crossprod(matrix(rnorm(400), 20))
b <- rnorm(20)
q <- function(x) 0.5 * sum(x * (A %*% x)) - sum(b * x)
gq <- function(x) as.vector(A %*% x) - b
for (least in c(-Inf, 0)) {
  o <- optim(rep(0, 20), q, gq, method = "L-BFGS-B", lower = least, upper = -least)
  print(o$counts)
  print(o$par, digits = 3)
}
size <- 500
aim <- sin(seq_len(size))
o <- optim(numeric(size), function(x) sum((x - aim)^2 * (1 + seq_len(size) %% 3)), function(x) 2 * (x - aim) * (1 + seq_len(size) %% 3),
           method = "L-BFGS-B")
all.equal(o$par, aim, tolerance = 1e-4)
o$message
