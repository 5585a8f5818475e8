setClass("Person", representation(name = "character", age = "numeric"))
p <- new("Person", name = "Ann", age = 30)
p
isVirtualClass("Person")
p@name
p@age <- 31
p@age
is(p, "Person"); is(p); isVirtualClass("Person"); isS4(p)
r <- tryCatch(new("Person", nme = "x"), error = function(e) cat(conditionMessage(e), "\n"))
r <- tryCatch(new("Person", name = 5), error = function(e) cat(conditionMessage(e), "\n"))
r <- tryCatch(p@age <- "old", error = function(e) cat(conditionMessage(e), "\n"))
r <- tryCatch(p@foo, error = function(e) cat(conditionMessage(e), "\n"))
r <- tryCatch(new("Nope"), error = function(e) cat(conditionMessage(e), "\n"))
setValidity("Person", function(object) if (length(object@age) == 1 && object@age < 0) "negative age" else TRUE)
r <- tryCatch(new("Person", name = "B", age = -1), error = function(e) cat(conditionMessage(e), "\n"))
setClass("Student", contains = "Person", slots = c(school = "character"), prototype = list(school = "none"))
s <- new("Student", name = "Bob", age = 20)
s@school
is(s, "Person")
setGeneric("describe", function(x, ...) standardGeneric("describe"))
setMethod("describe", "Person", function(x, ...) { cat("Person", x@name, "\n"); invisible(x) })
describe(p); describe(s)
setMethod("describe", "Student", function(x, ...) { callNextMethod(); cat("at", x@school, "\n") })
describe(s)
r <- tryCatch(describe(3), error = function(e) cat(conditionMessage(e), "\n"))
setMethod("show", "Person", function(object) cat("<Person ", object@name, ">\n", sep = ""))
p
print(p)
s
list(p, 1)
setClass("Shape", representation("VIRTUAL"))
setGeneric("area", function(shape) { standardGeneric("area") })
setClass("Circle", contains = "Shape", representation(r = "numeric"))
setClass("Rect", contains = "Shape", representation(w = "numeric", h = "numeric"))
setMethod("area", "Circle", function(shape) pi * shape@r^2)
setMethod("area", "Rect", function(shape) shape@w * shape@h)
for (o in list(new("Circle", r = 1), new("Rect", w = 2, h = 3))) print(area(o))
r <- tryCatch(new("Shape"), error = function(e) cat(conditionMessage(e), "\n"))
setMethod("+", signature("Rect", "Rect"), function(e1, e2) new("Rect", w = e1@w + e2@w, h = e1@h + e2@h))
x <- new("Rect", w = 1, h = 2) + new("Rect", w = 3, h = 4)
x
1 + 2
setMethod("length", "Rect", function(x) 2L)
length(x); length(1:3)
setMethod("summary", "Rect", function(object, ...) cat("Rect of area", area(object), "\n"))
summary(x)
setGeneric("name<-", function(obj, value) standardGeneric("name<-"))
setMethod("name<-", "Person", function(obj, value) { obj@name <- value; obj })
name(p) <- "Zed"
p@name
setMethod("initialize", "Rect", function(.Object, ...) { .Object <- callNextMethod(.Object, ...); if (length(.Object@w) == 0) .Object@w <- 1; .Object })
new("Rect", h = 5)@w
Acc <- setClass("Acc", representation(total = "numeric"), prototype(total = 0))
a <- Acc(total = 5); a@total
Acc
identical(Acc(total = 1), Acc(total = 1))
slotNames("Student"); isVirtualClass("Shape"); existsMethod("area", "Circle"); hasMethod("area", "Student")
setClass("Temp", contains = "numeric", slots = c(unit = "character"))
t1 <- new("Temp", c(20, 25), unit = "C")
t1
t1@.Data; mean(t1); t1[1]; length(t1)
setMethod("Arith", signature("Temp", "Temp"), function(e1, e2) new("Temp", callGeneric(e1@.Data, e2@.Data), unit = e1@unit))
setClassUnion("NumOrNull", c("numeric", "NULL"))
setClass("Box", slots = c(v = "NumOrNull")); new("Box", v = NULL)@v; new("Box", v = 3)@v
setGeneric("combine", function(x, y) standardGeneric("combine"))
setMethod("combine", signature("numeric", "character"), function(x, y) paste("nc", x, y))
setMethod("combine", signature("character", "ANY"), function(x, y) "ca")
combine(1, "a"); combine("a", 2)
setMethod("combine", signature("numeric", "missing"), function(x, y) "nm")
combine(1)
class(p)
isVirtualClass("NumOrNull"); validObject(p); slot(p, "name"); slot(p, "name") <- "Q"; p@name
initialize(p, name = "new")@name
