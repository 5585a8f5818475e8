P <- setRefClass("P", fields = list(name = "character"))
Nd <- setRefClass("Nd", fields = list(left = "P", df = "data.frame", fn = "function",  m = "matrix", lg = "logical", fac = "factor", dt = "Date", e = "environment"))
u <- Nd$new()
u$left
u$m
u$lg
class(u$e)
Nd$fields()
P
P$methods(f = function() 1, g = function(x, y = 2) x)
P$methods()
P
p <- P$new(name = "q")
f <- P$fields(); str(f)
p2 <- P$new(name = "z")
p$import(p2); p$name
p2
str(p2)
list(p2, 3)
cat(class(p2), "\n")
isVirtualClass("P")
E <- setRefClass("E")
E$new()
E
E2 <- setRefClass("E2", fields = character(), methods = list(a = function() .self, b = function() { .self$a(); invisible(3) }))
E2$new()$b()
x <- E2$new()
x$a()
Cnt <- setRefClass("Cnt", fields = list(n = "numeric"), methods = list(initialize = function(...) { n <<- 0; callSuper(...) }, inc = function(by = 1) { n <<- n + by; invisible(.self) }))
k <- Cnt$new(n = 5)
k$inc()$inc(by = 3)$n
Cnt$new()$n
Cnt$methods(list(dec = function() { n <<- n - 1; invisible(.self) }))
Cnt$new()$dec()$n
g <- function(o) { o$inc(); o }
identical(g(k), k)
usesSelf <- setRefClass("U", fields = list(a = "numeric"), methods = list(setA = function(v) { .self$a <- v; .self }, getA = function() .self$a, both = function() { setA(getA() + 1); a }))
usesSelf$new(a = 1)$both()
h <- usesSelf$new(a = 2)
m <- h$getA
m()
do.call(h$setA, list(7)); h$a
tryCatch(setRefClass("bad", fields = list(a = "nonesuch")), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(new("U", a = "x"), error = function(e) cat(conditionMessage(e), "\n"))
v <- new("U", a = 3); v$a
setClass("S", representation(r = "U"))
s <- new("S", r = v); s@r$a
s
Base <- setRefClass("Base", methods = list(hi = function() cat("base hi\n")))
D1 <- setRefClass("D1", contains = "Base", methods = list(hi = function() { callSuper(); cat("d1 hi\n") }))
D2 <- setRefClass("D2", contains = "D1", methods = list(hi = function() { callSuper(); cat("d2 hi\n") }))
D2$new()$hi()
rm(v); invisible(gc())
