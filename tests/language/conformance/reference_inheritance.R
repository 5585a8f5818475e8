library(methods)
Base <- setRefClass("Base", fields = list(id = "numeric"), methods = list(
  initialize = function(...) { cat("Base init\n"); callSuper(...) },
  describe = function(prefix = "") { cat(prefix, "id =", id, "\n"); invisible(.self) }))
Derived <- setRefClass("Derived", contains = "Base", fields = list(tags = "character", n = "integer"),
  methods = list(
   initialize = function(..., tags = "none") { cat("Derived init\n"); callSuper(..., tags = tags); n <<- length(.self$tags) },
   describe = function(...) { callSuper(...); cat("tags:", tags, "\n"); invisible(.self) }))
d <- Derived$new(id = 4, tags = c("a", "b"))
d$describe("->")
d$n
d$tags[2] <- "zz"
d$tags
e <- d
e$id <- 99
d$id
f <- d$copy()
f$id <- 1
cat(d$id, f$id, "\n")
d
tryCatch(d$id <- "a", error = function(e) cat(conditionMessage(e), "\n"))
modify <- function(o) { o$id <- o$id + 1; invisible(NULL) }
modify(d); d$id
is(d, "Base"); is(d, "Derived")
Base$methods(twice = function() id * 2)
Base$new(id = 8)$twice()
setMethod("show", "Base", function(object) cat("<Base", object$id, ">\n"))
d
Base$new(id = 5)
setGeneric("area", function(shape, ...) standardGeneric("area"))
setMethod("area", "Base", function(shape, ...) shape$id * 10)
area(d)
length.Base <- function(x) 77L
length(d)
print.Derived <- function(x, ...) cat("S3 print\n")
print(d)
d
toString.Base <- function(x, ...) "I am base"
toString(d)
Queue <- setRefClass("Queue", fields = list(items = "list"))
Queue$methods(
  enqueue = function(x) { items <<- append(items, list(x)); invisible(.self) },
  dequeue = function() { if (length(items) == 0) stop("queue is empty"); v <- items[[1]]; items[[1]] <<- NULL; v },
  size = function() length(items))
q <- Queue$new()
q$enqueue(1)$enqueue("two")$enqueue(list(3))
q$size()
q$dequeue()
tryCatch({ q$dequeue(); q$dequeue(); q$dequeue() }, error = function(e) print(e))
Obs <- setRefClass("Obs", fields = list(handlers = "list", val = "numeric"), methods = list(
  on = function(f) { handlers[[length(handlers) + 1L]] <<- f },
  fire = function(...) for (h in handlers) h(...)))
o <- Obs$new(); o$on(function(x) cat("got", x, "\n")); o$on(function(x) cat("also", x * 2, "\n")); o$fire(21)
Temp <- setRefClass("Temp", fields = list(c = "numeric", f = function(v) { if (missing(v)) c * 9/5 + 32 else c <<- (v - 32) * 5/9 }))
t1 <- Temp$new(c = 100); t1$f; t1$f <- 32; t1$c
Acc <- setRefClass("Acc", fields = list(total = "numeric"), methods = list(
 add = function(x) { total <<- total + x; invisible(.self) }))
Acc$accessors("total")
z <- Acc$new(total = 1); z$setTotal(5); z$getTotal()
Acc$methods(add = function(x) { total <<- total + 2 * x; invisible(.self) })
Acc$new(total = 0)$add(3)$total
obj <- Acc$new(total = 1)
tryCatch(obj$nothing(), error = function(e) cat(conditionMessage(e), "\n"))
identical(obj, obj$add(1))
isVirtualClass("Acc")
Shape <- setRefClass("Shape", contains = "VIRTUAL", fields = list(name = "character"), methods = list(area = function() stop("abstract"), describe = function() cat(name, area(), "\n")))
Circle <- setRefClass("Circle", contains = "Shape", fields = list(r = "numeric"), methods = list(area = function() round(pi * r^2, 2)))
Circle$new(name = "c", r = 2)$describe()
tryCatch(Shape$new(), error = function(e) cat(conditionMessage(e), "\n"))
x <- Circle$new(name = "k", r = 1)
x$show()
lst <- list(Circle$new(name = "a", r = 1), Circle$new(name = "b", r = 2))
sapply(lst, function(s) s$area())
for (s in lst) s$describe()
all.equal(lst[[1]], lst[[1]]$copy())
u <- Circle$new(); u$name; u$r
w <- Circle$new(name = "w", r = 3); w$r <- 4L; w$r
local({ r <- 5; w$area() })
with(w, r)
w[["r"]]
is.environment(w)
isVirtualClass("Shape")
