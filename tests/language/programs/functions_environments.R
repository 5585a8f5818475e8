# operators, replacement, closures, environment
`%+%` <- function(a, b) paste0(a, b); "x" %+% "y" %+% "z"
"%plus%" <- function(e1, e2) e1 + e2; 1 %plus% 2
`second<-` <- function(x, value) { x[2] <- value; x }
x <- 1:5; second(x) <- 10L; x
`modify<-` <- function(obj, field, value) { obj[[field]] <- value; obj }
l <- list(a=1); modify(l, "b") <- 2; str(l)
names(x)[2] <- "two"; x
l$c$d$e <- 5; str(l)
l[["z"]]$q[3] <- "t"; str(l$z)
m <- matrix(1:6, 2); m[1, 2] <- 100L; dim(m) <- c(3, 2); m
dimnames(m) <- list(NULL, c("a","b")); colnames(m)[1] <- "first"; m
attr(x, "meta") <- "info"; attributes(x)
levels(ff <- factor(c("a","b")))
ff2 <- factor(c("a","b")); levels(ff2)[levels(ff2) == "a"] <- "Z"; ff2
body(f <- function(x) x)
f <- function(x) x + 1; body(f) <- quote(x * 100); f(2); formals(f) <- alist(x = , y = 3); f
formals(f)$y <- 7; f; args(f)
e <- new.env(); e$v <- 1:3; e$v[2] <- 9L; e$v; e[["k"]] <- "a"; sort(ls(e))
f <- function() { x <- 1; g <- function() { x <<- x + 1; x }; g(); x }
f()
x <- c(a=1, b=2); x[["b"]] <- 5; x["c"] <- 9; x
y <- x; y["a"] <- 0; x["a"]
is.na(x) <- 2; x
substr(s <- "hello", 1, 1); s <- "hello"; substr(s, 1, 1) <- "J"; s
z <- 1:10; z[z > 5] <- 0L; z
l <- list(1, 2, 3); l[[2]] <- NULL; length(l); l["x"] <- list(NULL); str(l)
df <- data.frame(a=1:3); df$b <- df$a * 2; df[2, "b"] <- 99; df[["c"]] <- letters[1:3]; df
df$a[df$a == 1] <- 50L; names(df)[2] <- "bb"; df
`my var` <- 3; `my var` + 1
assign("dyn", 5); dyn; get("dyn")
f <- function(x) { `x<-` <- 5; x }; f(2)
sq <- local({ k <- 3; function(x) x * k }); sq(2); environment(sq)$k
environment(sq)$k <- 10; sq(2)
adders <- lapply(1:3, function(i) function(x) x + i); adders[[1]](10); adders[[3]](10)
h <- function() { v <- "h"; k <- function() parent.frame(); identical(k(), environment()) }; h()
exists("nonexistent_zz"); exists("sq", mode = "function")
mget(c("dyn", "x"), envir = globalenv())$dyn
ee <- as.environment(list(p = 1, q = 2)); sort(ls(ee)); eapply(ee, function(v) v * 10)[["p"]]
local({ a <- 2; b <- 3; a * b })
w <- with(list(a=1,b=2), a + b); w
makeActiveBinding("ab", function(v) { if (missing(v)) 42 else cat("set", v, "\n") }, environment()); ab; ab <- 7
delayedAssign("lazy", {cat("forced!\n"); 5}); lazy; lazy
lockBinding("w", environment()); tryCatch(w <- 5, error = function(e) cat(conditionMessage(e), "\n")); unlockBinding("w", environment()); w <- 6; w
le <- new.env(); le$a <- 1; lockEnvironment(le); tryCatch(le$b <- 2, error = function(e) cat(conditionMessage(e), "\n")); le$a <- 5; le$a
lockEnvironment(le, bindings = TRUE); tryCatch(le$a <- 2, error = function(e) cat(conditionMessage(e), "\n"))
environmentName(baseenv()); environmentName(globalenv()); class(environment()); is.environment(le)
f <- function(...) { x <- list(...); names(x) }; f(a = 1, b = 2)
f <- function(...) ..2; tryCatch(f(1), error = function(e) cat(conditionMessage(e), "\n"))
f <- function(...) { n <- ...length(); if (n > 1) ...elt(2) else NA }; f(5, 6); f(1)
f <- function(first, ...) { extras <- c(...); first + sum(extras) }; f(1, 2, 3)
f <- function(x, y) { if (missing(y)) "no y" else y }; f(1); f(1, 2); f(y = 3)
outer_fn <- function(a, ...) inner_fn(...); inner_fn <- function(b, cc = 10) b + cc; outer_fn(1, 2); outer_fn(1, 2, cc = 3)
nargs_test <- function(a, b, ...) nargs(); nargs_test(1, 2, 3, 4); nargs_test()
f <- function(x) { force(x); function() x }; f(3)()
do.call(paste, list("a", "b", sep = "-"))
do.call("f", list(9))()
args <- list(1:10); do.call(mean, args)
Reduce(function(f, g) function(x) g(f(x)), list(sqrt, abs, function(v) v + 1))(16)
match.fun("sum")(1:3)
(function() { invisible(3) })()
v <- withVisible(invisible(3)); v$visible
f <- function(type = c("one", "two")) { type <- match.arg(type); type }; f(); f("two"); f("t")
f <- function(x, ...) UseMethod("f"); f.default <- function(x, n = 2, ...) n; f(1); f(1, n = 5); f(1, 9)
Vectorize(function(a, b) a + b)(1:3, 2)
sapply(c(first = 1, second = 2), function(v) v * 2)
nchar(c(one = "a", two = "bb"))
f <- function(a, b) { a; b }; tryCatch(f(1), error = function(e) cat(conditionMessage(e), "\n"))
f <- function(abc, abd) abc; tryCatch(f(ab = 1), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(f(1, 2, 3), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(f(1, zz = 3), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(f(abc = 1, abc = 2), error = function(e) cat(conditionMessage(e), "\n"))
f <- function(n) { if (n == 0) return("zero"); for (i in 1:n) if (i == 2) return("two"); "end" }; f(0); f(1); f(5)
Negate(is.null)(3); Identity <- identity; Identity(4)
sys.function_test <- function() class(sys.function()); sys.function_test()
f <- function() sys.call(); f()
f <- function(...) match.call(); f(1, a = 2)
f <- function(x, y, ...) match.call(); f(1, z = 3, y = 2); f(1, 2, 3)
f <- function(x) deparse(substitute(x)); f(a + b * 2); f(mean(1:10))
g <- function(y) f(y); g(zz)
f <- function() { x <- 1; h <- function() { x <- 2; parent.frame()$x }; h() }; f()
on <- function() { cat("a\n"); on.exit({ cat("c\n"); cat("d\n") }); cat("b\n") }; on()
tail(1:10, 3); Sys.getenv("HOME") != ""; nchar(Sys.time()) > 0
interactive()
