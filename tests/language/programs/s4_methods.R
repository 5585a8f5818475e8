setClass("Account", representation(owner = "character", balance = "numeric"), validity = function(object) {
  msgs <- character(); if (length(object@owner) != 1) msgs <- c(msgs, "one owner"); if (any(object@balance < 0)) msgs <- c(msgs, "no debts"); if (length(msgs)) msgs else TRUE })
tryCatch(new("Account", owner = c("a", "b"), balance = -1), error = function(e) cat(conditionMessage(e), "\n"))
a <- new("Account", owner = "x", balance = 10)
setGeneric("deposit", function(acc, amount) standardGeneric("deposit"))
setMethod("deposit", signature(acc = "Account", amount = "numeric"), function(acc, amount) { acc@balance <- acc@balance + amount; validObject(acc); acc })
a <- deposit(a, 5); a@balance
b <- a; b@balance <- 100; a@balance
tryCatch(deposit(a, "x"), error = function(e) cat(conditionMessage(e), "\n"))
a@balance <- -5
tryCatch(validObject(a), error = function(e) cat(conditionMessage(e), "\n"))
isVirtualClass("Account"); is.object(a); typeof(a); mode(a)
setClass("Base", representation("VIRTUAL", id = "numeric"))
setClass("D1", contains = "Base", representation(x = "list"))
d <- new("D1", id = 1, x = list(1, "a")); d@x[[2]]; d@x[[3]] <- TRUE; length(d@x)
d
setMethod("show", "Base", function(object) { cat("<", class(object), " ", object@id, ">\n", sep = "") })
d; lst <- list(a = d); lst
setMethod("[", "D1", function(x, i, ...) x@x[[i]]); d[2]
setMethod("$", "D1", function(x, name) paste("field", name)); d$foo
setMethod("print", "D1", function(x, ...) cat("printing\n")); print(d)
setGeneric("toString"); setMethod("toString", "D1", function(x, ...) "D1!"); toString(d); toString(1:3)
f <- function(o) { o@id <- 99; o@id }; f(d); d@id
inherits(d, "Base"); is(d, "Base"); is(1, "numeric"); is("a", "character"); is(1L, "numeric")
identical(new("D1", id = 1), new("D1", id = 1)); isVirtualClass("Base")
sapply(list(d, d), function(o) o@id)
setMethod("initialize", "Account", function(.Object, ..., owner = "nobody") { .Object <- callNextMethod(.Object, ..., owner = toupper(owner)); .Object })
new("Account", owner = "joe", balance = 1)@owner
setClass("P", representation(x = "numeric")); setClass("Q", contains = "P", representation(y = "numeric"))
setMethod("show", "P", function(object) cat("x =", object@x, "\n"))
setMethod("show", "Q", function(object) { callNextMethod(); cat("y =", object@y, "\n") })
new("Q", x = 1, y = 2)
as(new("Q", x = 1, y = 2), "P")
p0 <- new("P", x = 3); new("Q", p0, y = 4)
setMethod("Compare", signature("P", "P"), function(e1, e2) callGeneric(e1@x, e2@x)); p0 < new("P", x = 5); p0 == p0
setMethod("Math", "P", function(x) new("P", x = callGeneric(x@x))); sqrt(new("P", x = 16))
setGeneric("summary")
myf <- function(x, ...) "default"
setGeneric("myf")
setClass("A", representation(x="numeric"))
setMethod("myf", "A", function(x, ...) "A!")
myf(1); myf(new("A", x=1))



setGeneric("rev", function(x) standardGeneric("rev")); rev(1:3)
setMethod("summary", "A", function(object, ...) cat("sum A\n")); summary(new("A")); summary(c(1,2))
setMethod("length", "A", function(x) 7L); length(new("A")); seq_along(1:3)
isVirtualClass("A"); existsMethod("myf", "A"); is.function(getMethod("myf", "A")); removeMethod("myf", "A")
tryCatch(setClass("B", contains = "Nope"), error=function(e) cat(conditionMessage(e), "\n"))
tryCatch(setClass("C", representation(x="numeric"), prototype(x="a")), error=function(e) cat(conditionMessage(e), "\n"))
new("A")@x
str(new("Q", x = 1, y = 2))
