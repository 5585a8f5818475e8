setClass("A", representation(x = "numeric", y = "character"))
setClass("B", contains = "A", representation(z = "list"))
setClass("C", contains = "B")
setClass("D", contains = "A")
getClass("A")
getClass("B")
getClass("C")
setGeneric("area", function(s, t) standardGeneric("area"))
setMethod("area", signature("A", "numeric"), function(s, t) {
  s@x * t
})
setMethod("area", "C", function(s, t) 1)
getMethod("area", signature("A", "numeric"))
selectMethod("area", signature("B", "numeric"))
getMethod("area", "C")
m <- getMethod("area", "C"); class(m); m(1, 2)
showMethods("area")
isVirtualClass("A")
setClass("N", contains = "numeric", representation(u = "character"))
n <- new("N", c(1, 2), u = "m")
n
n + 1
n@.Data
getClass("N")
existsMethod("area", signature("A", "numeric"))
removeClass("D")
setClass("V", representation("VIRTUAL"))
getClass("V")
tryCatch(new("V"), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(new("Nope"), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(new("A", q = 1), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(new("A", x = "a"), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(area(1, 2), error = function(e) cat(conditionMessage(e), "\n"))
a <- new("A", x = 1); tryCatch(a@foo, error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(a@x <- "k", error = function(e) cat(conditionMessage(e), "\n"))
isVirtualClass("V"); is(a); identical(a, new("A", x = 1))
b <- new("B", a, z = list(1)); b@x
as(b, "A")
is(b, "A")
as(b, "A") <- new("A", x = 55); b@x
A <- setClass("A2", slots = c(p = "numeric"), prototype = list(p = 3)); A()@p; A(p = 9)
setMethod("show", "A2", function(object) cat("<A2 ", object@p, ">\n", sep = "")); A(); list(A(), 2); print(A())
lst <- lapply(1:2, function(i) A(p = i)); lst
setMethod("lapply", "A2", function(X, FUN, ...) "own lapply")
lapply(A(), identity)
setGeneric("name<-", function(obj, value) standardGeneric("name<-"))
setReplaceMethod("name", "A", function(obj, value) { obj@y <- value; obj })
name(a) <- "zed"; a@y
setMethod("$", "A", function(x, name) slot(x, name)); a$y
setMethod("[[", "A", function(x, i, ...) slot(x, i)); a[["x"]]
isVirtualClass("A")
str(a)
cat(is.list(a), length(slotNames(a)), "\n")
