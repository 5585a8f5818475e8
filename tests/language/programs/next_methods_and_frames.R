# The next method sees what the method has made of its arguments.
t1 <- function(x, ...) UseMethod("t1")
t1.default <- function(x, n = 1, ...) { cat("default got:", format(unclass(x)), n, "\n"); invisible() }
t1.a <- function(x, n = 2, ...) { n <- 10; x <- paste0(unclass(x), "!"); NextMethod() }
v <- structure("orig", class = "a")
t1(v); t1(v, 5); t1(structure("orig", class = "a"), n = 5)
t1.b <- function(x, ...) { cat("b got", x, "\n"); x <- "m2"; NextMethod() }
t1.a <- function(x, ...) { x <- "m1"; NextMethod() }
t1(structure("o", class = c("a", "b")))
print.rec <- function(x, ...) { cat("Rec:\n"); x <- unclass(x); x$b <- 99; NextMethod() }
structure(list(a = 1, b = 2), class = "rec")
"[.rv" <- function(x, i) { i <- rev(i); x <- unclass(x); NextMethod() }
structure(11:15, class = "rv")[1:3]
"[<-.rv" <- function(x, i, value) { value <- value * 2; NextMethod() }
y <- structure(11:15, class = "rv"); y[2] <- 100; unclass(y)
Math.mm <- function(x, ...) { x <- unclass(x) * 100; NextMethod() }
round(structure(4.567, class = "mm"), 1)
Ops.oo <- function(e1, e2) { e1 <- unclass(e1) * 2; NextMethod() }
structure(3, class = "oo") + 1
Summary.ss <- function(..., na.rm = FALSE) { na.rm <- TRUE; NextMethod() }
max(structure(c(1, NA, 3), class = "ss"))
t1.k <- function(x, ...) NextMethod()
t1.default <- function(x, ...) { print(substitute(x)); print(match.call()) }
t1(structure(1, class = "k"))
# A method called by its own name
attempt <- function(expression) tryCatch(expression, error = function(e) print(e))
attempt(t1.k(structure(1, class = "k"))); attempt(t1.k(1)); attempt((function(x) NextMethod())(v))
f <- function(x) NextMethod("zz"); attempt(f(v))
setClass("A", representation(x = "numeric")); setClass("B", contains = "A")
setGeneric("shown", function(obj, n) standardGeneric("shown"))
setMethod("shown", "A", function(obj, n) cat("A:", obj@x, n, "\n"))
setMethod("shown", "B", function(obj, n) { obj@x <- 99; n <- n + 1; callNextMethod() })
shown(new("B", x = 1), 5)
# Sorted by the program's own comparison
people <- structure(list(list(n = "A", age = 30), list(n = "B", age = 25), list(n = "C", age = 35)), class = "people")
"[.people" <- function(x, i) structure(unclass(x)[i], class = "people")
">.people" <- function(e1, e2) unclass(e1)[[1]]$age > unclass(e2)[[1]]$age
"==.people" <- function(e1, e2) unclass(e1)[[1]]$age == unclass(e2)[[1]]$age
sapply(unclass(sort(people)), `[[`, "n"); order(people); xtfrm(people)
grades <- structure(c("high", "low", "mid", "low"), class = "grades")
"[.grades" <- function(x, i) structure(unclass(x)[i], class = "grades")
Ops.grades <- function(e1, e2) get(.Generic)(match(unclass(e1), c("low", "mid", "high")), match(unclass(e2), c("low", "mid", "high")))
unclass(sort(grades)); rank(grades); order(grades, decreasing = TRUE)
xtfrm.down <- function(x) -unclass(x); "[.down" <- function(x, i) structure(unclass(x)[i], class = "down")
unclass(sort(structure(c(2, 1, 3), class = "down")))
format.tag <- function(x, ...) paste0("#", unclass(x)); "[.tag" <- function(x, i) structure(unclass(x)[i], class = "tag")
str(structure(1:3, class = "tag"))
# Frames, calls and dots
g <- function() { r <- local({ on.exit(cat("bye\n")); cat("hi\n"); 5 }); cat("after\n"); r }; g()
g <- function() { x <- eval(quote({ on.exit(cat("evaluated\n")); 7 })); cat("after\n"); x }; g()
lapply(1, function(i, ...) match.call(), 5)
g <- function(...) lapply(1, function(i, ...) match.call(), 9); g(3, 4)
sapply(1, function(i, ...) deparse(match.call()), z = 5, a + b)
mapply(function(a, ...) deparse(match.call())[3], 1, MoreArgs = list(q = 1))
attempt(mapply(`-`, "a", 1))
(function(...) substitute(...))(a + b, c)
eval(call("function", as.pairlist(alist(q = , r = 5)), quote(q * r)))(2)
attempt(match.call(function(a) 1, 3)); attempt((function(type = c("a", "b")) match.arg(type))(character()))
attempt(eval(quote(1 + 1), emptyenv()))
e <- new.env(parent = emptyenv()); e$x <- 3; eval(quote(x), e); attempt(eval(quote(x + 1), e)); attempt(e[["a", "b"]]); attempt(dynGet("nothere"))
tryCatch(rm("x1", envir = new.env()), warning = print)
# The search path as a chain of environments
where <- function(name, env = parent.frame())
  if (identical(env, emptyenv())) stop("can't find ", name) else if (exists(name, env, inherits = FALSE)) env else where(name, parent.env(env))
environmentName(where("sd")); where("mean"); where("where"); attempt(where("zzzz"))
en <- globalenv(); while (!identical(en, emptyenv())) { cat(environmentName(en), ""); en <- parent.env(en) }; cat("\n")
attach(list(k = 1), name = "mine"); environmentName(parent.env(globalenv())); environmentName(parent.env(as.environment("mine"))); detach("mine")
identical(as.environment(2), parent.env(globalenv())); isNamespace(environment(sd)); isNamespace(globalenv())
# Restarts
r <- withRestarts(computeRestarts(), aa = function(x) x, bb = function() 2)
names(r[[1]]); sapply(r, function(z) z$name)
withRestarts(invokeRestart(computeRestarts()[[2]]), first = function() 1, second = function() 2)
sapply(c("if", "(", "[", "rep", "sum", "mean", "quote", "nargs"), function(n) typeof(get(n)))
rbind.pts <- function(..., deparse.level = 1) { print(names(list(...))); sapply(substitute(list(...))[-1], deparse) }
p <- structure(list(x = 1), class = "pts"); rbind(p, p); rbind(a = p, 2, NULL)
