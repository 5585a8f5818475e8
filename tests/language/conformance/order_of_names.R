# The order in which environments name what they hold: calls newest first, tables by their hash
e <- new.env(); for (n in c("a", "b", "c", "alpha", "beta", "x", "y", "zz", "k1", "count", "total", "name", "value", "ab", "ba")) assign(n, 1, e)
names(e); names(as.list(e)); ls(e, sorted = FALSE); names(eapply(e, identity)); names(as.list(e, sorted = TRUE))
for (n in paste0("v", 1:40)) assign(n, 1, e); names(e)
assign("alpha", 2, e); names(e)[1:10]
small <- new.env(size = 5L); for (n in letters) assign(n, 1, small); names(small)
chained <- new.env(hash = FALSE); chained$a <- 1; chained$b <- 2; chained$c <- 3; names(chained); rm("b", envir = chained); names(chained)
f <- function(x, y) { z <- 1; w <- 2; x <- 3; names(environment()) }; f(1)
f <- function(b, a = 2, ...) { .k <- 1; c(names(as.list(environment())), names(as.list(environment(), all.names = TRUE))) }; f(1)
f <- function(x, y) { z <- 1; for (i in 1) w <- 2; rm(z); z <- 5; str(as.list(environment())) }; f(1, "q")
names(list2env(list(a = 1, b = 2, c = 3))); names(as.environment(list(x = 1, y = 2))); names(local({ b <- 1; a <- 2; zeta <- 3; alpha <- 4; environment() }))
names(list2env(setNames(as.list(1:120), paste0("n", 1:120))))[1:20]; list2env(list(a = 1, a = 2))$a
library(R6)
A <- R6Class("A", public = list(x = 1, f = function(a, b = 2) a + b, print = function(...) cat("<P>\n")), active = list(z = function() 2), private = list(q = 1))
B <- R6Class("B", inherit = A, public = list(y = 2)); str(A$new()); str(list(a = B$new(), 2)); str(A); format(A) == paste(capture.output(print(A)), collapse = "\n"); names(attributes(A))
inherits(1, c("a", "numeric"), which = TRUE); tanpi(c(0, 0.25, 0.5, -0.25, 1)); strtoi(c("0b1", "0x1f", "11"), c(2L)); tryCatch(cat(mean), error = function(e) cat(conditionMessage(e), "\n"))
strwrap("para one is here.\n\npara two", 12); strwrap("a b\n\n\n c d\n e f\n\ng", 10, indent = 2, exdent = 1, prefix = "> "); strwrap("\n\na\n\n")
tryCatch(Map(1, 2), error = print); tryCatch(Reduce(1, 1:3), error = print); tryCatch(mean[1], error = print); tryCatch(Sys.sleep(-1), error = print)
