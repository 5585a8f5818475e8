options(keep.source=FALSE)
f <- function(x, y = 2, ...) { z <- x + y; if (z > 3) "big" else "small" }
f
g <- function(a) a^2
g
list(f=g, n=1)
function(x) x
(function(x, y) x * y)
h <- function(n) { for (i in 1:n) { if (i %% 2 == 0) next; print(i) }; while (TRUE) break; repeat { break }; switch(n, "a", "b"); x[["k"]]$z <- 1; -n; !TRUE; (n + 1) * 2; function(q) q }
h
k <- function(x) UseMethod("k")
k
compose <- function(f, g) function(x) g(f(x))
compose
m <- function() NULL
m
p <- function(x = c("a", "b"), n = 1L, flag = TRUE, s = NULL, z = -1) { x <- match.arg(x); invisible(x) }
p
sq <- \(x) x^2
sq
sum
length
c
max
`+`
`[`
`if`
`for`
`function`
is.null
abs
cat(deparse(g), sep="\n")
deparse(quote(x + y))
deparse(c(1.5, 2))
deparse("a\"b")
deparse(1:10)
deparse(list(a = 1, b = "x"))
deparse(TRUE)
deparse(NULL)
deparse(c(a = 1))
deparse(function(x) x + 1)
print(quote(if (a > 1) b else c))
print(quote(for (i in 1:10) print(i)))
quote(function(x, y = 2) x + y)
quote(x[1, , drop = FALSE])
quote(a %>% b)
quote(~x + y)
quote(`a b` + 1)
quote(x$`a b`)
quote(!x || y && z)
quote(-(1 + 2))
quote(a <- b <<- c)
quote("f"(x))
quote(x |> f(y))
quote(\(x) x)
quote(if (a) { b } else { c })
quote(while (i < 3) i <- i + 1)
quote(repeat { break })
dput(list(a = 1:3, b = "x"))
dput(c(a = 1.5))
dput("a")
dput(factor(c("u", "v")))
dput(data.frame(x = 1:2, y = c("a", "b")))
dput(1e-10)
dput(1/3)
dput(c(TRUE, NA))
dput(NULL)
dput(as.Date("2024-01-01"))
dput(function(x) x)
dput(letters[1:3])
dput(1:3 + 0)
dput(100000)
dput(1e5L)
dput(pi)
x <- list(a = 1, b = list(c = "x", d = list(1, 2)))
x
str(x)
print(x$b)
x[["b"]][["d"]]
x["a"]
list(1, list(2, list(3, list(4))))
list(a = list(b = list(c = list(d = 1))))
list(list(), NULL, character(0))
list(x = 1:3, y = matrix(1:4, 2), z = data.frame(q = 1:2))
list(c(a = 1, b = 2), c(x = "p"))
setNames(list(1, 2, 3), c("a", "", "c"))
list(list(a = 1), list(b = 2))
list(array(1:8, c(2, 2, 2)))
list(`my name` = 1, `_x` = 2, .y = 3, `1a` = 4, TRUE)
emptyenv()
structure(1:3, class = "units_x")
structure(list(a = 1), class = c("sub", "base"))
structure(c(a = 1), units = "cm")
structure(1:4, dim = c(2, 2), note = "hi")
x <- 1:3
attr(x, "meta") <- list(k = 1)
x
structure("a", class = "noquote")
structure(list(), class = "empty_thing")
structure(1:2, names = c("a", "b"), class = "nn")
structure(function(x) x, class = "fn_class")
print.money <- function(x, ...) cat("$", format(unclass(x), nsmall = 2), "\n")
m <- structure(12.5, class = "money")
m
print(m)
list(m, 2)
format.temp <- function(x, ...) paste0(unclass(x), "C")
print.temp <- function(x, ...) print(format(x), quote = FALSE)
structure(c(20, 25), class = "temp")
toString.money <- function(x, ...) "money!"
toString(m)
summary.money <- function(object, ...) structure(list(v = unclass(object)), class = "summary.money")
print.summary.money <- function(x, ...) cat("Summary: ", x$v, "\n")
summary(m)
as.character.money <- function(x, ...) paste0("$", unclass(x))
paste(m)
as.character(m)
length.stack <- function(x) 99L
s <- structure(list(1), class = "stack")
length(s)
data.frame(m = 1:2, v = c(1.123456, 1000))
print(invisible(5))
if (FALSE) 1
for (i in 1:2) i
NULL
(invisible(3))
v <- c(1, 2)
v
(v)
f <- function() invisible(7)
f()
y <- f()
y
print(f())
