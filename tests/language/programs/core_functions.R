# switch etc
f <- function(x) switch(x, a=, b="AB", c={cat("c!\n"); "C"}, "other")
f("a"); f("b"); f("c"); f("z")
g <- function(i) switch(i, "one", "two")
g(1); g(2); is.null(g(3))
switch("q", a=1)
x <- switch("q", a=1); is.null(x)
s <- switch(2.7, "a","b","c"); s
for (i in seq_len(3)) { if (i == 2) next; cat(i, "") }
cat("\n")
i <- 0
while (TRUE) { i <- i + 1; if (i > 5) break }
i
repeat { i <- i - 1; if (i == 0) break }
i
z <- for (k in 1:3) k
is.null(z)
k
for (n in c(a=1,b=2)) print(n)
for (l in list(1,"a",TRUE)) print(class(l))
f <- function(n) { for (i in 1:n) { if (i == 3) return(i) }; -1 }
f(5); f(2)
if (FALSE) 1
v <- if (FALSE) 1
is.null(v)
x <- c(5,3); if (any(x > 4)) "yes" else "no"
do <- function() { on.exit(print("bye")); stop("err") }
try(do(), silent=TRUE)
ifelse(c(TRUE,FALSE,NA), 1, 2)
f <- function(x, ...) { args <- list(...); if (length(args)) names(args) else "none" }
f(1); f(1, a=2, 3)
f <- function(a, b = a * 2) { a <- 100; b }
f(1)
f <- function(...) { dots <- substitute(list(...)); sapply(as.list(dots)[-1], deparse) }
f(a + b, c * d)
f <- function(x) { x; missing(x) }
f(3)
h <- function(a, b) { if (missing(b)) "nob" else b }
h2 <- function(a, b) h(a, b)
h2(1)
make_counter <- function() { i <- 0; function() { i <<- i + 1; i } }
c1 <- make_counter(); c1(); c1()
c2 <- make_counter(); c2()
compose <- function(f, g) function(x) g(f(x))
compose(sqrt, abs)(16)
(\(x, y = 2) x^y)(3)
sapply(1:3, \(i) i^2)
Reduce(`+`, 1:5, accumulate = TRUE)
Reduce(function(a, b) paste0(a, b), c("a","b","c"), accumulate = TRUE, right = TRUE)
Reduce(`+`, list(), 0)
Filter(function(x) x > 2, c(a=1,b=3,c=5))
Map(function(x, y) x + y, 1:3, 4:6)
mapply(rep, 1:3, 3:1)
mapply(function(x, y) x + y, c(a=1,b=2), c(3,4))
Position(function(x) x > 2, c(1,3,5)); Find(function(x) x > 2, c(1,3,5))
do.call(rbind, list(1:2, 3:4))
do.call("sum", list(1,2,3, na.rm=TRUE))
outer(1:3, 1:2, "+")
vapply(list(1:3, 4:6), sum, numeric(1))
tryCatch(vapply(1:2, function(i) "a", numeric(1)), error = function(e) cat(conditionMessage(e), "\n"))
sapply(list(), length); sapply(c(a=1,b=2), function(x) x*2)
sapply(c("x","y"), nchar); sapply(c("x","y"), nchar, USE.NAMES=FALSE)
sapply(1:3, function(i) c(i, i^2))
sapply(1:2, function(i) list(i))
array(1:8, c(2,2,2))
rapply(list(1,2,"a"), function(x) x * 2, classes="numeric", how="replace")
f <- function(n) { if (n<=0) return("done"); Recall(n-1) }
f(3)
