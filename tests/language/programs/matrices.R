m <- function(e) tryCatch(print(e), error = function(e) cat("E:", conditionMessage(e), "\n"), warning = function(w) cat("W:", 
    conditionMessage(w), "\n"))
A <- matrix(c(2, 1, 1, 3), 2)
A %*% A
solve(A)
solve(A, c(1, 2))
det(A)
crossprod(A)
diag(A)
t(A)
A %o% 1:2
outer(1:2, 1:3, "+")
kronecker(diag(2), A)
m(solve(matrix(c(1, 2, 2, 4), 2)))
m(A %*% 1:3)
eigen(A)
svd(A)$d
chol(A)
qr.R(qr(A))
norm(A)
norm(A, "F")
upper.tri(A)
A[upper.tri(A)]
lower.tri(A, diag = TRUE)
row(A)
col(A)
max.col(A)
rowSums(A)
colMeans(A)
apply(A, 1, sum)
apply(A, c(1, 2), function(x) x * 10)
apply(A, 2, range)
apply(A, 1, function(r) list(r))
sapply(1:3, function(i) c(i, i^2))
sweep(A, 1, c(1, 2))
scale(A)
cbind(A, 9)
rbind(A, c(7, 8))
cbind(1:3, c("a", "b", "c"))
rbind(a = 1:2, b = 3:4)
cbind(x = 1:2, y = 3:4)
cbind(1:2, matrix(3:6, 2))
m(cbind(1:3, 1:2))
m(rbind(matrix(1:4, 2), 1:3))
rbind(NULL, 1:2)
cbind(A, A)
x <- 1:2
y <- 3:4
cbind(x, y)
rbind(x, y)
rbind(x, y, deparse.level = 0)
do.call(rbind, list(1:2, 3:4))
do.call(cbind, list(a = 1, b = 2))
Reduce(rbind, list(1:2, 3:4, 5:6))
m(matrix(1:6, 4, 4))
m(matrix(1:3, 2))
matrix(1:6, ncol = 2, byrow = TRUE, dimnames = list(NULL, c("a", "b")))
matrix(nrow = 2, ncol = 2)
matrix(character(0), 0, 3)
dim(matrix(0, 0, 3))
M <- matrix(1:6, 2)
M[M > 2]
M[2, ]
M[, 2, drop = FALSE]
M[cbind(1:2, 2:3)]
M[-1, ]
m(M[3, 1])
M[[2, 3]]
M[5]
M[, -1]
M[, c(TRUE, FALSE, TRUE)]
M[1, 2] <- 100L
M
M[2, ] <- 0L
M
M[, 3] <- c(9L, 8L)
M
dim(M) <- c(3, 2)
M
rownames(M) <- letters[1:3]
M
M["b", ]
dimnames(M)
colnames(M) <- c("p", "q")
M
M["a", "q"]
M[c("a", "c"), "p"]
M[order(-M[, "p"]), ]
which(M > 5, arr.ind = TRUE)
which(M == 8, arr.ind = TRUE)
M * 2
M%%2
M + 1:3
M > 3
-M
sqrt(M)
round(M/3, 2)
M == t(t(M))
identical(M, M)
nrow(M)
NCOL(1:3)
length(M)
sum(M)
mean(M)
range(M)
cumsum(M)
rev(M)
as.vector(M)
c(M)
unlist(apply(M, 1, list), recursive = TRUE)
is.matrix(M)
is.matrix(1:3)
a <- array(1:24, c(2, 3, 4))
a[2, 3, 4]
a[, , 1]
a[1, , ]
dim(a[, , 1:2])
apply(a, 3, sum)
apply(a, c(1, 3), sum)
aperm(a, c(3, 1, 2))[1:2, 1, 1]
dim(aperm(a))
a[a > 22]
array(1:3, c(2, 2))
array(1:8, c(2, 2, 2), dimnames = list(c("a", "b"), c("c", "d"), c("e", "f")))
array(1:4, 4)
dim(array(1:4, 4))
sum(a[, 1, ])
rowSums(a, dims = 2)
colSums(a)
a[cbind(1, 2, 3)]
which(a == 10, arr.ind = TRUE)
m(a[3, 1, 1])
m(a[1, 1])
drop(a[1, 1, , drop = FALSE])
mapply(function(i, j) A[i, j], 1:2, 2:1)
outer(1:2, 1:2, Vectorize(function(i, j) i * 10 + j))
det(diag(3))
diag(c(a = 1, b = 2))
diag(2, 3)
diag(4)[2:3, ]
solve(diag(2) * 2)
A^2
A/A
A%/%2
crossprod(1:3)
tcrossprod(1:2)
1:3 %*% 1:3
1:2 %*% A
A %*% c(1, 1)
t(1:3)
t(c(a = 1, b = 2))
rowsum(c(1, 2, 3), c("a", "b", "a"))
prop.table(A, 1)
rownames(A)
rownames(A, do.NULL = FALSE)
head(matrix(1:100, 20), 2)
tail(matrix(1:100, 20), 2)
matrix(list(1, "a", TRUE, NULL), 2)
matrix(c(1.5, NA, 3, 4), 2)
matrix(c("a", "b"), 1)
matrix(1:4, 2, dimnames = list(c("x", "y"), NULL))
as.numeric(A)
storage.mode(M) <- "double"
str(M)
lapply(split(A, row(A)), sum)
split(A, col(A))
max(A)
pmin(A, 2)
ifelse(A > 1, "hi", "lo")
any(A > 2)
all(A > 0)
A[A == 1] <- NA
A
is.na(A)
colSums(A, na.rm = TRUE)
rowMeans(A, na.rm = TRUE)
mean(A, na.rm = TRUE)
A[is.na(A)] <- 0
A
upper <- A
upper[lower.tri(upper)] <- 0
upper
vapply(1:2, function(i) sum(A[i, ]), 0)
rbind(1:3, letters[1:3])
cbind(c(a = 1, b = 2))
cbind(a = c(x = 1, y = 2), b = 3:4)
unname(M)
array(0, c(1, 1, 1))
rowSums(M > 2)
M[M[, "p"] > 1, ]
M[M[, "p"] > 100, ]
M[0, ]
matrix(1:4, 2) %o% 1:2
isSymmetric(diag(2))
outer(c(a = 1, b = 2), c(x = 1, y = 2))
mat <- sapply(c(a = 1, b = 2), function(v) c(min = v, max = v * 2))
mat
t(mat)
mat["max", "b"]
t(sapply(1:2, function(i) c(i, i)))
rapply(list(1, 2), function(x) x + 1, how = "unlist")
arrayInd(5, c(2, 3))
cor(cbind(a = 1:4, b = c(2, 4, 6, 9)))
var(matrix(c(1, 2, 3, 4, 5, 7), 3))
cov(1:4, c(2, 4, 6, 9))
backsolve(matrix(c(1, 0, 2, 3), 2), c(1, 2))
max.col(matrix(c(1, 5, 3, 9, 2, 2), 2), "first")
mahal <- NULL
is.null(mahal)
