# Methods where programs seldom put them, on.exit that returns, and what a data frame takes as a column
money <- function(x) structure(x, class = "money")
tell <- function(expr) tryCatch(expr, error = function(e) cat("Error:", conditionMessage(e), "\n"))
tell(data.frame(p = money(1:2))); tell(as.data.frame(money(1:2))); tell(data.frame(a = structure(list(1), class = c("r", "s")))); tell(as.data.frame(structure(list(a = 1), class = "r")))
as.data.frame.money <- function(x, ...) data.frame(value = unclass(x)); data.frame(p = money(1:2)); as.data.frame(money(3)); df <- data.frame(k = 1:2); df$m <- money(5:6); df; data.frame(o = I(1:2), d = as.Date("2024-01-01") + 0:1, t = as.difftime(1:2, units = "mins"))
xtfrm.money <- function(x) -unclass(x); order(money(c(3, 1, 2))); order(c(1, 1, 1), money(c(3, 1, 2)))
transform.money <- function(`_data`, ...) "transformed"; transform(money(1)); by.money <- function(data, ...) "grouped"; by(money(1)); transform(data.frame(a = 1:2), b = a * 2); by(warpbreaks[, 1], warpbreaks$tension, sum)
as.double.money <- function(x, ...) unclass(x) * 100; as.numeric.money <- function(x, ...) stop("never"); as.numeric(money(2)); as.double(money(3))
x <- structure(1:2, class = "q"); names(x) <- c("a", "b"); names(attributes(x)); y <- structure(1:2, note = "n"); names(y) <- c("a", "b"); names(attributes(y)); names(attributes(structure(list(1), class = "b", names = "a")))
f <- function(x, ...) match.call(expand.dots = FALSE); f(1, 2, b = z + 1); deparse(f(1, 2)); f(1, 2, b = 3)$...
f <- function() { on.exit({ cat("cleanup\n"); return("overridden") }); "normal" }; f(); v <- withVisible(f()); v$value; g <- function() { x <- f(); paste("g", x) }; g(); tryCatch(f(), error = print)
h <- function() { on.exit(return("saved")); stop("lost") }; r <- tryCatch(h(), error = function(e) conditionMessage(e)); r; for (i in 1:2) cat(i, f(), "\n")
k <- function() { on.exit(cat("one\n")); on.exit(cat("two\n"), add = TRUE, after = FALSE); invisible("hidden") }; k(); (k())
tryCatch(as.environment(list(1)), error = function(e) cat(conditionMessage(e), "\n")); tryCatch(list2env(list(1)), error = function(e) cat(conditionMessage(e), "\n")); length(list2env(list())); length(as.environment(list()))
