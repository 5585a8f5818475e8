msg <- function(expr) tryCatch({ expr; "no error" }, error = function(e) print(e), warning = function(w) print(w))
Account <- setRefClass("Account", fields = list(owner = "character", balance = "numeric", log = "list", any = "ANY"),
  methods = list(
    deposit = function(x) { "Put money in"
      balance <<- balance + x; invisible(.self) },
    show = function() cat("<Account ", owner, ": ", balance, ">\n", sep = "")))
a <- Account$new(owner = "Ann", balance = 100)
a
print(a)
a$deposit(50)$deposit(1)
a$balance
b <- a
b$deposit(9)
a$balance
d <- a$copy(); d$deposit(1000); a$balance; d$balance
class(a)
is(a, "Account")
is(a)
inherits(a, "envRefClass")
msg(a$balance <- "x")
msg(a$foo)
msg(a$foo <- 3)
a$any
Savings <- setRefClass("Savings", contains = "Account", fields = list(rate = "numeric"),
  methods = list(
    addInterest = function() { deposit(balance * rate) },
    deposit = function(x) { cat("saving", x, "\n"); callSuper(x) },
    initialize = function(...) { initFields(...); if (length(rate) == 0) rate <<- 0.1; .self }))
s <- Savings$new(owner = "Bob", balance = 10)
s
s$addInterest()
s$rate
s$field("rate")
s$field("rate", 0.5)
s$rate
is(s, "Account")
is(s)
class(s)
Savings$fields()
Account$className
P <- setRefClass("P", fields = c("x", "y"))
p <- P$new(x = 1)
p
p$y
p$x <- "now text"
p
P$methods(list(sum2 = function() x + y))
q <- P$new(x = 1, y = 2)
q$sum2()
A <- setRefClass("A", fields = list(v = "numeric", double = function(z) { if (missing(z)) v * 2 else v <<- z / 2 }))
o <- A$new(v = 3)
o$double
o$double <- 20
o$v
o
identical(a, b); identical(a, d)
A$lock("v")
o2 <- A$new(v = 1)
msg(o2$v <- 5)
A$methods(getV = function() v)
isVirtualClass("A")
Person <- setRefClass("Person", fields = list(name = "character"), methods = list(
  greet = function(other) { cat("Hi", other$name, "I am", name, "\n") }, 
  toString = function() paste0("P:", name)))
Person$new(name = "A")$greet(Person$new(name = "B"))
x <- Person(name = "Z"); x$toString()
str(x)
Node <- setRefClass("Node", fields = list(value = "numeric", nxt = "ANY"))
n <- Node$new(value = 1, nxt = NULL)
n
m <- Node$new(value = 2, nxt = n)
m$nxt$value
isVirtualClass("Node")
Stack <- setRefClass("Stack", fields = list(items = "list"), methods = list(
  push = function(x) { items[[length(items) + 1]] <<- x }, 
  pop = function() { v <- items[[length(items)]]; items[[length(items)]] <<- NULL; v },
  size = function() length(items)))
st <- Stack$new(); st$push(1); st$push("a"); st$size(); st$pop(); st$size()
