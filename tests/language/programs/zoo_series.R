# Series under their times: computed with, joined, moved, filled, rolled.
suppressMessages(library(zoo))
x <- zoo(c(5, 2, 8, 1), c(1, 3, 4, 9))
str(x)
summary(x)
x[x > 2]
x[c(1, 9)]
x[I(3)]
x[2] <- 7
x
window(x, 3, 8)
window(x, end = 3)
m <- zoo(matrix(1:6, 3, dimnames = list(NULL, c("a", "b"))), as.Date("2021-01-01") + 0:2)
str(m)
m[2, ]
m[, 1]
m$b <- 9
m
rollapply(m, 2, mean)
rollapply(m, 2, sum, by.column = FALSE, align = "right")
diff(m)
lag(m, -1)
colMeans(m)
rollmean(m, 2)
t(m)
dim(m)
names(m)
nrow(m)
NROW(x)
merge(a = x, b = lag(x))
merge(x, y = zoo(1:2, c(1, 4)), all = FALSE)
merge(x, zoo(1:2, c(1, 4)), fill = 0)
summary(m)
sapply(m, mean)
x + lag(x, -1)
x > 3
-x
x * 2
x^2
10 / x
exp(zoo(0))
sum(x)
range(x)
max(x)
cumsum(x)
sqrt(zoo(c(4, 9)))
round(zoo(1.234), 1)
mean(x)
median(x)
quantile(x)
sd(x)
var(x)
scale(m)
as.vector(x)
as.matrix(x)
as.list(zoo(1:2))
c(zoo(1:2, 1:2), zoo(3, 3))
rbind(zoo(1:2, 1:2), zoo(3, 3))
is.na(zoo(c(1, NA)))
ifelse(x > 3, 1, 0)
which(x > 3)
order(x)
x == 8
tail(x, 2)
head(x, 1)
aggregate(x, c(1, 1, 2, 2), mean)
aggregate(m, as.yearmon, mean)
na.locf(zoo(c(NA, 1, NA)), na.rm = FALSE)
na.locf(zoo(c(NA, 1, NA)), fromLast = TRUE)
na.approx(zoo(c(1, NA, 4), c(1, 2, 4)))
na.spline(zoo(c(1, NA, 9, 16)))
na.aggregate(zoo(c(1, NA, 3)))
coredata(x) <- 1:4
x
time(x)
as.data.frame(x)
data.frame(x)
zoo(c("a", "b"), 1:2)
zoo(c(TRUE, NA))
zoo(numeric(0))
fortify.zoo(m)
as.ts(zoo(1:3, 2001:2003))
print(zoo(1:3), style = "vertical")
rollapply(zoo(1:6), 3, mean, by = 2)
rollapply(zoo(1:4), 3, sum, partial = TRUE)
rollsum(zoo(1:4), 2, align = "left")
rollmax(zoo(c(1, 5, 2, 7)), 2, fill = NA)
z <- zoo(c(1, NA, 3, 4), as.Date("2020-01-01") + 0:3)
lag(z, 1); lag(z, -1); diff(z); stats::lag(z, k = 2); merge(z, lag(z, -1)); window(z, start = as.Date("2020-01-02")); start(z); end(z)
aggregate(z, function(d) format(d, "%Y"), sum, na.rm = TRUE); na.omit(z); rev(z); rbind(z[1:2], z[4])
read.zoo(data.frame(d = as.Date("2020-01-01") + 0:1, v = 1:2)); index(z) <- 1:4; z; rollapplyr(1:4, 2, mean); lag(ts(1:3), k = 1)
