# conditions
f <- function() { warning("uh oh"); "val" }
r <- withCallingHandlers(f(), warning = function(w) { cat("caught:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") })
r
tryCatch(f(), warning = function(w) print(w))
tryCatch(f(), warning = function(w) print(conditionCall(w)))
res <- try(stop("oops"), silent = TRUE); print(class(res)); cat(res)
res <- try(log("a"), silent = TRUE); cat(res)
inherits(res, "try-error"); attr(res, "condition")
g <- function(x) { if (x > 3) stop("too big: ", x) ; x }
tryCatch(g(5), error = function(e) { cat("msg:", conditionMessage(e), "\n"); print(conditionCall(e)) })
tryCatch({ tryCatch(stop("inner"), error = function(e) stop(paste("outer", conditionMessage(e)))) }, error = function(e) conditionMessage(e))
tryCatch({ warning("w"); cat("not here\n") }, warning = function(w) cat("W\n"), finally = cat("F\n"))
withCallingHandlers({ x <- 10; message("hi"); x * 2 }, message = function(m) { cat("got:", conditionMessage(m)); invokeRestart("muffleMessage") })
cond <- simpleCondition("custom message"); class(cond) <- c("custom", "condition")
withCallingHandlers({ signalCondition(cond); "done" }, custom = function(c) cat("custom handler\n"))
tryCatch(signalCondition(cond), condition = function(c) class(c))
withRestarts({ cat("before\n"); invokeRestart("myR", 5); cat("never\n") }, myR = function(x) x * 2)
h <- function(x) { withRestarts(if (x < 0) stop("neg") else x, useValue = function(v) v) }
withCallingHandlers(h(-1), error = function(e) invokeRestart("useValue", 99))
e <- simpleError("my error"); tryCatch(stop(e), error = function(err) print(err))
e2 <- structure(class = c("http_error", "error", "condition"), list(message = "404", call = NULL))
tryCatch(stop(e2), http_error = function(e) cat("HTTP", conditionMessage(e), "\n"))
print(e2)
stopifnot(TRUE, 1 == 1)
tryCatch(stopifnot("x must be positive" = -1 > 0), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(stopifnot(all.equal(1, 1.1)), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(match.arg("x", c("a","b")), error = function(e) cat(conditionMessage(e), "\n"))
out <- tryCatch({ 42 }, error = function(e) -1, finally = { cat("cleanup\n") }); out
k <- function() { on.exit(cat("exit1\n")); on.exit(cat("exit2\n"), add = TRUE); invisible(7) }
k(); v <- k(); v
ff <- function() { tryCatch(return("from tc"), finally = cat("fin\n")); "after" }
ff()
lp <- function() { for (i in 1:3) { r <- tryCatch({ if (i == 2) next; i }, error = function(e) NULL); cat("i", i, "\n") } }
lp()
lp2 <- function() { for (i in 1:5) tryCatch({ if (i == 3) break }, finally = cat("f", i, "\n")); i }
lp2()
suppressWarnings({ warning("x"); as.numeric("abc") })
suppressMessages({ message("x"); 5 })
op <- options(warn = 1); f2 <- function() { warning("now"); 1 }; f2(); options(op)
warningCondition("cw", class = "myw") -> w; class(w)
r <- tryCatch(warning(w), myw = function(w) "got myw"); r
errorCondition("ce", class = "mye", data = 5) -> ee; tryCatch(stop(ee), mye = function(e) e$data)
tryCatch(as.integer("3x"), warning = function(w) conditionMessage(w))
tryCatch(1:3 + 1:2, warning = function(w) conditionMessage(w))
tryCatch(sqrt(-1), warning = function(w) print(w))
tryCatch(matrix(1:6, 4, 4), warning = function(w) conditionMessage(w), error = function(e) conditionMessage(e))
tryCatch(factorial(-1), warning = function(w) conditionMessage(w))
computeRestarts()[[1]] -> z
withRestarts(length(computeRestarts()) >= 1, a = function() 1)
tryCatch({ message("note to self") }, message = function(m) cat("M:", conditionMessage(m)))
nested <- function() { tryCatch({ stop("A") }, error = function(e) { tryCatch(stop("B"), error = function(e2) paste(conditionMessage(e), conditionMessage(e2))) }) }
nested()
withCallingHandlers(
  { r <- tryCatch({ warning("W1"); "unreached" }, error = function(e) "E"); r },
  warning = function(w) { cat("outer saw", conditionMessage(w), "\n"); invokeRestart("muffleWarning") })
conditionMessage(tryCatch(stop(), error = identity))
tryCatch(stop("a", "b", 3), error = function(e) conditionMessage(e))
geterr <- tryCatch(get("zzz"), error = function(e) conditionMessage(e)); geterr
tryCatch(lm(), error = function(e) "lm err")
rlang <- function() { cnd <- structure(class = c("x","condition"), list(message="hey", call=NULL)); message(cnd) }
tryCatch(rlang(), condition = function(c) cat("cnd:", conditionMessage(c), "\n"))
f <- function() stop("E in f"); g <- function() f()
tryCatch(g(), error = function(e) print(sys.call()))
result <- withCallingHandlers(
  tryCatch({ f() }, error = function(e) { cat("exiting handler\n"); "recovered" }),
  error = function(e) cat("calling handler\n"))
result
tryCatch(expr = { 1 }, error = function(e) 2)
try(expr = 5)
warning_to_error <- function(expr) withCallingHandlers(expr, warning = function(w) stop("converted: ", conditionMessage(w)))
tryCatch(warning_to_error(as.numeric("q")), error = function(e) conditionMessage(e))
test <- function(n) { if (n == 0) stop("bottom"); test(n - 1) }
tryCatch(test(3), error = function(e) deparse(conditionCall(e)))
tryCatch({ x <- c(1,2); x[[5]] }, error = function(e) class(e))
finally_order <- function() { on.exit(cat("onexit\n")); tryCatch({ cat("body\n") }, finally = cat("finally\n")); cat("after\n") }
finally_order()
simpleWarning("sw") 
simpleCondition("sc")
as.character(simpleError("E"))
