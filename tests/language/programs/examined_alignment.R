# Series that overlap in part, attributes in the order of arithmetic, remainders below the digits, arguments that are ignored.
told <- function(expression) tryCatch(expression, error = function(e) cat("Error:", conditionMessage(e), "\n"),
                                      warning = function(w) cat("Warning:", conditionMessage(w), "\n"))
sales <- ts(1:5, start = 2000)
costs <- ts(11:15, start = 2002)
sales + costs
sales - lag(sales, -1)
sales > costs
quarters <- ts(1:8, start = c(2020, 2), frequency = 4)
quarters / lag(quarters, -1) - 1
told(quarters + sales)
told(sales + ts(1:2, start = 2010))
told(sales + 1:10)
cbind(x = sales, y = costs)[, "x"] + sales

measured <- structure(1:4, unit = "cm", dim = c(2, 2), dimnames = list(c("a", "b"), NULL), source = "lab")
names(attributes(measured + 1))
names(attributes(-measured))
names(attributes(measured == 1))
dput(measured * 2L)
weighed <- structure(c(a = 1, b = 2), unit = "kg")
dput(weighed + 1)
str(weighed + 1)
told(attributes(measured) <- 5)
told(attr(measured, c("a", "b")))
told(attr(measured, 1) <- 2)

c(-1e-20 %% 1, -1e-17 %% 1, 1e-20 %% -3)
(c(-1e-20, -1e-17, 5) %% 1) == c(0, 1, 0)

told(sub("A", "b", "aA", fixed = TRUE, ignore.case = TRUE))
suppressWarnings(grepl("A", c("a", "A"), fixed = TRUE, ignore.case = TRUE))
suppressWarnings(sub("A", "b", "aA", fixed = TRUE, ignore.case = TRUE))
told(gsub("a", c("x", "y"), "aa"))
told(strsplit("a b", " ", fixed = TRUE, perl = TRUE))
told(rev(quote(name)))
rev(quote(f(x, y)))
told((1:3)[[mean]])
told({ f()[1] <- 2 })
told(print(1, digits = 30))
shaped <- c(a = 1, b = 2)
class(shaped) <- "data.frame"
shaped
