g <- function(x, ...) UseMethod("g"); g.default <- function(x, ...) "default"
method_env <- function() { g.local <- function(x, ...) "local method"; g(structure(1, class = "local")) }; method_env()
method_env <- function() { g.local2 <- function(x, ...) "local method"; x <- structure(1, class = "local2"); g(x) }; method_env()
local({ g.loc <- function(x, ...) "loc"; g(structure(1, class = "loc")) })
f <- function() { print.zz <- function(x, ...) cat("<zz>\n"); print(structure(1, class = "zz")); structure(1, class = "zz") }
f()
f2 <- function() { length.zz <- function(x) 9L; Ops.zz <- function(e1, e2) "op"; y <- structure(1, class = "zz"); print(length(y)); y + 1 }
f2()
f3 <- function() { format.zz <- function(x, ...) "fzz"; toString.zz <- function(x, ...) "tzz"; y <- structure(1, class = "zz"); c(format(y), toString(y)) }
f3()
mk <- function() { gen <- function(x) UseMethod("gen"); gen.foo <- function(x) "inner"; gen.default <- function(x) "dd"; gen }
tryCatch(mk()(structure(1, class = "foo")), error = function(e) print(e))
h <- function() { gen.foo <- function(x) paste("h", NextMethod()); gen.bar <- function(x) "bar in h"; gen(structure(1, class = c("foo", "bar"))) }
gen <- function(x) { gen.foo <- function(x) "in generic"; UseMethod("gen") }
h()
tryCatch(gen(structure(1, class = "foo")), error = function(e) print(e))
e <- new.env(); local({ area <- function(s) UseMethod("area"); area.sq <- function(s) "sq area" }, envir = e)
with(e, area(structure(1, class = "sq"))); tryCatch(e$area(structure(1, class = "sq")), error = function(e) print(conditionMessage(e)))
sum.z <- function(...) str(list(...))
z <- structure(1, class = "z")
sum(z); sum(z, 2); sum(z, na.rm = TRUE); sum(na.rm = TRUE, z, 3)
max.z <- function(x, ...) { cat(nargs(), "\n"); str(list(...)) }
max(z); max(z, 4)
range.z <- function(..., na.rm) { print(missing(na.rm)); print(na.rm) }
range(z)
all.z <- function(..., na.rm = "dflt") na.rm
all(z)
Summary.w <- function(...) { a <- list(...); print(names(a)); length(a) }
min(structure(1, class = "w"), 5)
prod(structure(1, class = "w"), n = 5)
Math.w <- function(x, ...) { print(nargs()); print(list(...)) ; invisible(1)}
round(structure(1, class = "w")); round(structure(1, class = "w"), 2); round(structure(1, class = "w"), digits = 3); signif(structure(1, class = "w")); log(structure(1, class = "w")); trunc(structure(1, class = "w"), 5)

rd <- structure(3, class = "rd"); round.rd <- function(x, digits = 7, ...) digits
round(rd); round(rd, 1); round(rd, dig = 1)
