# Perl's patterns: groups that share a number, where the search went on, options, codes, properties
gsub("(?|(a)|(b))", "<\\1>", "ab", perl = TRUE)
gsub("(?|a(\\d)|b(\\w))(c)", "<\\1\\2>", "a1c bzc", perl = TRUE)
gsub("(?|(x)|(y))\\1", "<\\1>", "xxyyxy", perl = TRUE)
gsub("\\Ga", "x", "aab", perl = TRUE)
gsub("\\G\\d", "x", "12a3", perl = TRUE)
gsub("(x)\\g{-1}", "Y", "xx x", perl = TRUE)
gsub("\\051", "e", ")", perl = TRUE)
gsub("\\X", "x", "a\u00e9", perl = TRUE)
gsub("(*UCP)\\w", "x", "\u00e9a", perl = TRUE)
gsub("\\p{Lu}", "x", "aB1", perl = TRUE, ignore.case = TRUE)
gsub("\\d", "", "\u0663" |> paste0("3")) == "\u0663"
grepl("[[.hyphen.]]", "a-") |> tryCatch(warning = function(w) cat(conditionMessage(w), "\n"))
# near matches with bounds and weights for each kind of edit
near <- function(...) agrepl("hello", c("helo", "heo", "ho", "hexlo", "hallo", "xyz"), ...)
near(max.distance = list(cost = 2))
near(max.distance = list(cost = 2, all = 1))
near(max.distance = list(all = 1, insertions = 0))
near(max.distance = list(all = 1, del = 0))
near(max.distance = list(cost = 1), costs = list(del = 2))
near(max.distance = list(cost = 1), costs = c(ins = 1, del = 1, sub = 2))
agrep("lasy", c(" 1 lazy 2", "1 lasy 2"), max.distance = list(sub = 0))
# what is no match, and what is no condition
tell <- function(expr) tryCatch(print(expr), error = function(e) print(e), warning = function(w) print(w))
tell(regmatches("a", "b"))
tell(regmatches("a", -1))
tell(conditionMessage(1))
tell(conditionCall("a"))
# runs of a list without neighbours
rle(list(1))
print(rle(c("x", "x")), prefix = "> ")
# quantiles where rounding moves the product beyond an element
for (type in 1:3) print(quantile(c(1, 2, 3, 4, 5), seq(0, 1, .2), type = type))
# modes by their functions, environments of what is none
x <- "f"
mode(x) <- "symbol"
x
tell(mode(x) <- "nosuch")
tell(environment(x) <- 1)
# trimmed means, orders, copies, ranges and names that cannot be
tell(mean(1:5, trim = "a"))
tell(mean(1:5, trim = TRUE))
tell(mean(c(1i, 2), trim = .2))
tell(sort(1:3, decreasing = "a"))
tell(sort(1:3, decreasing = NA))
tell(order(c("b", "a"), decreasing = "a"))
tell(rep(1, 1e20))
tell(rep(factor(c("a", "b")), times = 1:3))
tell(sum:1)
tell(list(1):2)
tell(matrix(1:4, 2) + 1:8)
tell(cumsum(c(2147483647L, 1L)))
f <- function(x) x %% 2
tell(f(1i))
tell(cut(c(1, Inf), 3))
tell(make.names(sum))
tell(iconv("a", "nosuch", "neither"))
tell(Negate(is.na)(1, 2))
tell(Find(function(v) v > 100, c(1, NA)))
tell(as("a", "nosuch"))
is.null(order())
# small numbers in fixed notation are not filled up
formatC(c(-7.76e-06, 1e5, 0.0000123), width = 14, format = "fg", digits = 3)
formatC(1.23e-5, width = 12, format = "fg", flag = "-")
# a class of vectors as columns
as.data.frame.measure <- as.data.frame.vector
d <- data.frame(i = 1:2, u = structure(3:4, unit = "kg", class = "measure"))
str(d)
as.data.frame.vector(c(a = 1, b = 2), nm = "k")
e <- new.env()
e$b <- pi
ls.str(e)
