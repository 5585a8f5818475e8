setClass("Celsius", representation(v = "numeric"))
setClass("Fahr", representation(v = "numeric"))
setAs("Celsius", "Fahr", function(from) new("Fahr", v = from@v * 9/5 + 32))
as(new("Celsius", v = 100), "Fahr")
setAs("numeric", "Celsius", function(from) new("Celsius", v = from))
as(37, "Celsius")@v
setAs("character", "myDate", function(from) as.Date(from, "%d/%m/%Y"))
as("3", "numeric"); as(3.7, "integer"); as(1:3, "character"); as("TRUE", "logical"); as(c(a=1), "list")
tryCatch(as("a", "Fahr"), error = function(e) cat(conditionMessage(e), "\n"))
x <- 1:3
as(x, "numeric") <- 5.5
getClass("Celsius")
existsMethod("show", "Celsius")
isVirtualClass("Celsius")
setClass("Base", representation("VIRTUAL", id = "numeric"))
setClass("D", contains = "Base", representation(x = "character"))
getClass("Base")
getClass("D")
d <- new("D", id = 1, x = "q")
is(d, "Base"); is(d)
as(d, "Base")@id
existsFunction("print")
f <- function(...) hasArg(z)
f(z = 1); f(y = 1)
setOldClass(c("mycls", "base"))
setMethod("show", "mycls", function(object) cat("mycls obj\n"))
y <- structure(list(1), class = c("mycls", "base"))
y
print(y)
isVirtualClass("Base")
slotNames("D"); getSlots("D")
identical(new("D", id = 1, x = "q"), d)
d2 <- initialize(d, id = 9); d2@id
isGeneric("area")
setGeneric("area", function(s) standardGeneric("area"))
showMethods("area")
setMethod("area", "D", function(s) s@id^2)
area(d)
existsMethod("area", "D"); hasMethod("area", "Base")
getMethod("area", "D")
removeMethod("area", "D")
tryCatch(area(d), error = function(e) cat(conditionMessage(e), "\n"))
setMethod("+", signature("D", "D"), function(e1, e2) new("D", id = e1@id + e2@id, x = paste0(e1@x, e2@x)))
(d + d)@x
setMethod("length", "D", function(x) 42L)
length(d)
setMethod("[", "D", function(x, i, ...) substr(x@x, i, i))
d[1]
setMethod("summary", "D", function(object, ...) cat("summary of D\n"))
summary(d)
setMethod("Arith", signature("D", "numeric"), function(e1, e2) { e1@id <- callGeneric(e1@id, e2); e1 })
(d * 10)@id; (d - 3)@id
isVirtualClass("Base")
is.object(d); isS4(d)
setClass("P", representation(name = "character", age = "numeric"), prototype(name = "anon", age = 0), validity = function(object) if (object@age < 0) "neg age" else TRUE)
p <- new("P")
p@name
p@age <- -5
tryCatch(validObject(p), error = function(e) cat(conditionMessage(e), "\n"))
p
cat(isVirtualClass("P"), is(p, "P"), "\n")
setClass("Stack", representation(items = "list"))
setGeneric("push", function(s, x) standardGeneric("push"))
setMethod("push", "Stack", function(s, x) { s@items <- c(s@items, list(x)); s })
s <- push(push(new("Stack"), 1), "b")
length(s@items)
s
str(s)
setGeneric("desc", function(x, y) standardGeneric("desc"))
setMethod("desc", signature("numeric", "missing"), function(x, y) "one num")
setMethod("desc", signature("numeric", "character"), function(x, y) "num chr")
setMethod("desc", signature("ANY", "ANY"), function(x, y) "any")
desc(1); desc(1, "a"); desc("a", 1)
setClassUnion("numOrChar", c("numeric", "character"))
setClass("H", representation(v = "numOrChar"))
new("H", v = 1)@v; new("H", v = "a")@v
tryCatch(new("H", v = TRUE), error = function(e) cat(conditionMessage(e), "\n"))
setMethod("initialize", "H", function(.Object, ...) { .Object <- callNextMethod(.Object, ...); if (length(.Object@v) == 0) .Object@v <- 99; .Object })
new("H")@v
slot(d, "id") <- 77; d@id
isVirtualClass("numOrChar")
cbind2(1:2, 3:4)
el <- function(x) x
is(1, "numeric"); is("a", "character"); is(1L, "numeric"); is(matrix(1), "matrix")
extends("D", "Base")
getValidity(getClass("P"))
