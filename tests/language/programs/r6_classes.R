library(R6)
Stack <- R6Class("Stack", public = list(items = list(), push = function(x) { self$items[[length(self$items) + 1]] <- x; invisible(self) }, pop = function() { it <- self$items[[length(self$items)]]; self$items[[length(self$items)]] <- NULL; it }, size = function() length(self$items)))
s <- Stack$new(); s$push(1)$push("two")$push(3); s$size(); s$pop(); s$size()
Queue <- R6Class("Queue", inherit = Stack, public = list(pop = function() { it <- self$items[[1]]; self$items[[1]] <- NULL; it }))
q <- Queue$new(); q$push("a")$push("b"); q$pop(); q$size(); class(q); is.environment(q)
A <- R6Class("A", public = list(x = 1, initialize = function(x = 5) { self$x <- x; cat("A init\n") }, show = function() { cat("A", self$x, private$p, "\n"); invisible(self) }), private = list(p = "priv", helper = function(k) k * 2))
B <- R6Class("B", inherit = A, public = list(y = 2, initialize = function(...) { super$initialize(...); self$y <- self$x + 1; cat("B init\n") }, show = function() { super$show(); cat("B", self$y, private$helper(self$y), "\n") }), private = list(p = "privB"))
b <- B$new(10); b$show(); b$x; b$y; b$p
C <- R6Class("C", inherit = B, public = list(show = function() { cat("C first\n"); super$show() })); C$new(1)$show()
Acc <- R6Class("Acc", public = list(total = 0), active = list(double = function(v) { if (missing(v)) self$total * 2 else self$total <- v / 2 }, ro = function() "ro"))
a <- Acc$new(); a$double; a$double <- 10; a$total; a$ro
tryCatch(a$ro <- 3, error = function(e) cat("err\n"))
a$total <- 7; a$double
P <- R6Class("P", public = list(data = NULL, child = NULL, initialize = function(d) { self$data <- d; self$child <- Acc$new() }))
p1 <- P$new(1); p2 <- p1; p3 <- p1$clone(); p4 <- p1$clone(deep = TRUE)
p1$data <- 2; p2$data; p3$data; p1$child$total <- 50; p3$child$total; p4$child$total
print(p1)
Cnt <- R6Class("Cnt", public = list(n = 0, inc = function(by = 1) { self$n <- self$n + by; invisible(self) }))
cs <- lapply(1:3, function(i) Cnt$new()$inc(i)); sapply(cs, function(z) z$n); Reduce(`+`, lapply(cs, function(z) z$n))
for (z in cs) z$inc(); vapply(cs, function(z) z$n, 0)
Static <- R6Class("Static", public = list(shared = NULL, initialize = function() self$shared <- Static$counter)); 
Sh <- R6Class("Sh", public = list(e = { ee <- new.env(); ee$k <- 0; ee }, bump = function() { self$e$k <- self$e$k + 1; self$e$k })); Sh$new()$bump(); Sh$new()$bump()
Obs <- R6Class("Obs", public = list(handlers = list(), on = function(ev, f) { self$handlers[[ev]] <- c(self$handlers[[ev]], f); invisible(self) }, fire = function(ev, ...) { for (h in self$handlers[[ev]]) h(...); invisible(self) }))
o <- Obs$new(); o$on("x", function(v) cat("got", v, "\n"))$on("x", function(v) cat("also", v * 2, "\n")); o$fire("x", 21)
Node <- R6Class("Node", public = list(value = NULL, nxt = NULL, initialize = function(v, n = NULL) { self$value <- v; self$nxt <- n })); l <- Node$new(1, Node$new(2, Node$new(3))); cur <- l; while (!is.null(cur)) { cat(cur$value, ""); cur <- cur$nxt }; cat("\n")
Abs <- R6Class("Abs", public = list(area = function() stop("abstract method"), describe = function() cat("area is", self$area(), "\n"))); Sq <- R6Class("Sq", inherit = Abs, public = list(s = 2, area = function() self$s^2)); Sq$new()$describe(); tryCatch(Abs$new()$describe(), error = function(e) cat("E:", conditionMessage(e), "\n"))
Fin <- R6Class("Fin", public = list(finalize = function() cat("")) ); f <- Fin$new(); rm(f); invisible(gc())
print.Sq <- function(x, ...) cat("<Sq S3 print>\n"); Sq$new()
format.Cnt <- function(x, ...) "fmt"; format(Cnt$new())
summary.Cnt <- function(object, ...) cat("summary of", object$n, "\n"); summary(cs[[1]])
Cnt$set("public", "dec", function() { self$n <- self$n - 1; invisible(self) }); Cnt$new()$dec()$n
Ch <- R6Class("Ch", public = list(add = function(x) { private$v <- c(private$v, x); invisible(self) }, get = function() private$v), private = list(v = c())); Ch$new()$add(1)$add(2)$get()
m <- Ch$new(); ff <- m$add; ff(5); m$get()
names(m); "add" %in% names(m); exists("add", envir = m); is.function(m$add); is.null(m$nothing)
identical(m, m); all.equal(m$get(), 5)
D1 <- R6Class("D1", public = list(f = function(x) UseMethod("f2"), x = 3)); with(D1$new(), x)
G <- R6Class("G", public = list(initialize = function(a, b = a * 2, ...) { dots <- list(...); cat(a, b, length(dots), "\n") })); invisible(G$new(1)); invisible(G$new(1, 2, 3, 4)); tryCatch(G$new(), error = function(e) cat(conditionMessage(e), "\n"))
Par <- R6Class("Par", public = list(who = function() "parent", call_who = function() self$who())); Chi <- R6Class("Chi", inherit = Par, public = list(who = function() "child")); Chi$new()$call_who()
Act <- R6Class("Act", inherit = Acc, active = list(triple = function() self$total * 3, double = function() "overridden")); z <- Act$new(); z$total <- 4; z$triple; z$double
SupAct <- R6Class("SupAct", inherit = Acc, public = list(g = function() super$double)); w <- SupAct$new(); w$total <- 6; w$g()
inherits(z, "Acc"); inherits(z, c("zzz", "Act")); class(z)[2]
Deep <- R6Class("Deep", public = list(lst = NULL, initialize = function() self$lst <- list(a = Cnt$new())), private = list(deep_clone = function(name, value) if (name == "lst") lapply(value, function(v) v$clone()) else value)); d <- Deep$new(); d2 <- d$clone(deep = TRUE); d2$lst$a$inc(9); d$lst$a$n; d2$lst$a$n
