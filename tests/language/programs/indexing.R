options(warn = 1)
m <- function(e) tryCatch(print(e), error = function(e) cat("E:", conditionMessage(e), "\n"), warning = function(w) cat("W:", 
    conditionMessage(w), "\n"))
v <- 1:3
m(v[c(-1, 2)])
m(v[[c(1, 2)]])
m(v[[-1]])
m(v[[0]])
m(v[[integer(0)]])
m(list(1, 2)[[-1]])
m(list(1, 2, 3)[[-1]])
m(v[[NA]])
m(list(1)[[NA]])
m(v[["a"]])
m(v[[4]])
m(v[list(1)])
m(sum[1])
m(quote(x)[1])
m(v$a)
m(list(1)[[c(1, 2)]])
m(list(list(1, 2))[[c(1, 2)]])
m(v[1, 2])
m(matrix(1:4, 2)[[1, 5]])
m(list(a = list(b = 1))[["a"]][["c"]])
m(list(a = 1)[[c("a", "b")]])
m(list(a = list(b = 1))[[c("a", "c")]])
m(NULL[[1]])
m(NULL[1])
m(NULL$a)
m(list(1)[["a"]])
m(v[TRUE, 1])
m(matrix(1:4, 2)[TRUE, c(TRUE, FALSE, TRUE)])
m(v[[TRUE]])
m(v[[0+1i]])
m(v[0+1i])
m(v[c(1, NA)] <- 1:2)
m(v[[4]] <- 1:2)
m(v[1:2] <- integer(0))
m(v[1:2] <- 1:3)
m(v[[1]] <- integer(0))
m(v[[1:2]] <- 3)
l <- list(1, 2)
m(l[[5]] <- NULL)
l
m(l[["a"]] <- 1)
v
m(v[5, 5] <- 1)
mm <- matrix(1:4, 2)
m(mm[3, 1] <- 1)
m(mm[, 1] <- 1:3)
m(mm["a", 1] <- 1L)
m(mm[[1, 1]] <- 1:2)
x <- 1:3
x[[2]] <- "a"
x
x <- 1:3
x[2] <- list(5)
x
x <- NULL
x[["a"]] <- 1:2
x
x <- NULL
x$a <- 1:2
x
x <- NULL
x[[3]] <- 1
x
x <- NULL
x[3] <- list(1)
x
x <- list()
x[["a"]] <- NULL
x
x <- list(a = 1, b = 2, c = 3)
x[c("a", "c")] <- NULL
x
a <- array(1:24, c(2, 3, 4))
a[2, , ]
a[, , 1, drop = FALSE]
dim(a[, 1, 1:2])
a[cbind(1, 2, 3)]
mm <- matrix(1:6, 2, dimnames = list(c("a", "b"), NULL))
mm["a", ]
mm[, 2]
mm["a", , drop = FALSE]
mm[["b", 3]]
mm[mm > 2] <- 0L
mm
x <- c(a = 1, b = 2)
x[["c"]] <- 5
x
x["d"] <- "z"
x
names(x)[2] <- "Q"
x
l <- list(a = 1, b = list(c = 2, d = list(e = 3)))
l$b$d$e <- 10
l[["b"]][["c"]] <- NULL
str(l)
l[["b"]][["d"]][["new"]] <- 1:3
str(l)
x <- 1:10
x[x > 5] <- NA
x
x[-1]
x[c(TRUE, FALSE)]
x[11]
x[c(-1, -2)]
x[15] <- 3L
x
f <- factor(c("a", "b", "c"))
f[2] <- "a"
f
m({
    f[1] <- "zz"
    f
})
f[[2]]
f[-1, drop = TRUE]
levels(f)[2] <- "B"
f
e <- c(TRUE, NA, FALSE)
which(e)
x <- c(5, 6, 7)
x[e]
x[which(e)]
identical(x[], x)
x[NULL]
x[0]
x[NA]
x["a"]
unlist(list(a = list(1, 2), b = list(x = 3, 4, c(5, 6)), list(7, 8), d = 1:2))
unlist(list(a = list(b = list(1, 2), 3), list(c = 1:2)))
names(unlist(list(a = c(x = 1, 2))))
names(unlist(list(a = list(1, c(y = 1, 2)))))
c(list(1), 2, "a")
c(a = 1, b = c(x = 2, y = 3), c(4, 5))
c(1L, 2.5, "a", TRUE)
c(1, NA, 3L)
c(as.raw(1), 2L)
c(1 + (0+2i), 3)
