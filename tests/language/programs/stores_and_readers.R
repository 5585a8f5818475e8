# What assignments, frames, tables and readers tell of themselves.
told <- function(x) tryCatch(x, error = function(e) print(e), warning = function(w) print(w))

# Replacement functions: the call shows the value, substitute() the right side as written.
`unit<-` <- function(x, value) { print(substitute(value)); stop("no unit") }
z <- 1:3
v <- c(a = 1)
told({unit(z) <- v + 1})
`names<-.box` <- function(x, value) { print(sys.call()); print(substitute(value)); x }
`$<-.box` <- function(x, name, value) { print(substitute(value)); x }
box <- structure(list(1), class = "box")
names(box) <- v
box$lid <- v * 2

# A part of a frame that does not fit names its own place.
d <- data.frame(a = 1:3, b = c("x", "y", "z"), f = factor(c("u", "v", "u")))
told({d$a[5] <- 1L})
told({d[["a"]][5] <- 1L})
told({d$a <- sum})
told({d[2, "f"] <- "w"})
told(rbind(d, list(4L, "q", "w")))
told(replace(d$f, 1, "w"))
told(d[list(1)])
told(d[list(1), ])
told(d[, list(1)])
told(d[["a", "b"]])
told(d[[1, 9]])
told(-d)
told(data.frame(a = 1:2, row.names = "zz"))
told(tapply(1:3, 1:2, sum))
told(aggregate(1:3, 1:3, sum))
told(aggregate(d, d$b, length))
told(subset(d, select = zz))
told(Reduce(nosuch, 1:3))
told(Map(sum, nosuch))
data.frame(I(1:2), I(c("p", "q")))
format(data.frame(d = as.Date("2024-01-05")), "%d/%m")
unstack(data.frame(values = 1:2, ind = factor(c("a", "b"))))

# Factors and tables.
o <- ordered(c("lo", "hi"), levels = c("lo", "hi"))
told(o + 1)
told(o < ordered(c("lo", "hi")))
told(relevel(o, "hi"))
factor(c(NA, NaN, 2, 1), exclude = NULL)
two <- table(g = c("a", "b", "a"), h = c("x", "x", "y"))
as.data.frame(two)
data.frame(two)$Freq
addmargins(two, FUN = list(Total = sum), quiet = TRUE)
addmargins(two, FUN = list(list(sum, M = mean)), quiet = TRUE)
ftable(array(1:12, c(2, 3, 2), list(NULL, c("p", "q", "r"), NULL)))
tail(as.table(1:28), 3)
scale(two)
told(margin.table(table(1:3), 2))

# Matrices.
S <- matrix(c(4, 2, 2, 3), 2)
kappa(S)
kappa(qr(S), norm = "I")
kappa(S, method = "direct")
kappa(lm(mpg ~ wt, mtcars))
kronecker(diag(2), matrix(1, 1, 2, dimnames = list(NULL, c("p", "q"))), make.dimnames = TRUE)
attr(na.omit(matrix(c(NA, 1, 2, 3, NA, 5), 3)), "na.action")[1:2]
na.omit(matrix(c(1, NA, 2, NA, 4, 5), 3, dimnames = list(letters[1:3], NULL)))
dim(mapply(function(x, y) matrix(x * y, 2, 2), 1:2, 3:4, SIMPLIFY = "array"))
told(chol(matrix(1:6, 2)))
told(aperm(array(1:8, c(2, 2, 2), list(a = 1:2, b = 1:2, c = 1:2)), c("a", "q", "c")))
told(rapply(list(1), sum, classes = 1))
str(mtcars, list.len = 2)
summary(structure(matrix(1:4, 2), class = "own"))

# Formals as R shows them.
args(sort)
args(data.frame)
args(`[`)
str(list(f = factor, p = print))
names(formals(cut))
formals(order)$method

# Text to tables and back.
read.csv(text = " a , b \r\n1,x\r\n2,\"y\r\nz\"\r\n")
names(read.csv(text = "\" a \", b \n1,2", check.names = FALSE))
type.convert(c("true", "false"), as.is = TRUE)
type.convert(c("0.1", "0.30000000000000004"), as.is = TRUE, numerals = "no.loss")
told(type.convert("12345678901234567890", as.is = TRUE, numerals = "warn.loss"))
read.csv(text = "n\n9007199254740993", numerals = "no.loss")$n
told(read.csv(text = "a,b\n1,2", colClasses = c(zz = "numeric")))
told(read.csv(text = "a,b\n1,2", col.names = c("x", "y", "z")))
for (quote in list(3, NA, "b", c(TRUE, FALSE))) told(write.table(d[1:2], quote = quote))
for (labels in list("p", 1:3, NULL)) told(write.table(d[1:2], row.names = labels, col.names = FALSE))
told(write.table(d, col.names = c("p", "q")))
told(write.table(d, col.names = NA, row.names = FALSE))
