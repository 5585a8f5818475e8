# Tables under their times, which texts of times choose from.
options(xts_check_TZ = FALSE)
suppressMessages(library(xts))
x <- xts(c(1.5, 2, 3, 4.25), as.Date("2020-01-30") + 0:3)
x
str(x)
dim(x); class(x); names(x)
x["2020-02"]
x["2020-01-31/2020-02-01"]
x["/2020-01-31"]
x["2020-02-01/"]
x["2020"]
x[2]; x[2, 1]; x[as.Date("2020-01-31")]
colnames(x) <- "v"
x
x$v
x + 1; x * x; -x; x > 2; mean(x); sum(x); max(x); range(x)
lag(x); lag(x, 2); lag(x, -1); diff(x)
m <- merge(x, y = lag(x))
m
m["2020-02", "v"]
index(m); coredata(x); time(x); start(x); end(x); nrow(x); head(x, 2); tail(x, 1); first(x); last(x); last(x, 2)
apply.monthly(x, mean)
endpoints(x, "months")
period.apply(x, endpoints(x, "months"), sum)
rbind(x, xts(9, as.Date("2020-02-05")))
na.omit(m); na.locf(m, fromLast = TRUE); as.data.frame(m); data.frame(date = index(x), coredata(x))
cbind(x, z = x * 2)
y <- xts(matrix(1:4, 2, dimnames = list(NULL, c("a", "b"))), as.POSIXct("2021-01-01", tz = "UTC") + c(0, 3600))
y
is.xts(y); as.xts(zoo(1:2, as.Date("2020-01-01") + 0:1)); xts(1:2, order.by = as.Date(c("2020-01-02", "2020-01-01")))
apply.yearly(x, colSums); nmonths(x); ndays(x); cumsum(x); log(x); round(x); rollmean(x, 2); rollapply(x, 2, sum, fill = NA); x[x > 2]; x[-1]; window(x, start = as.Date("2020-02-01")); summary(x); colMeans(m, na.rm = TRUE); as.matrix(x); as.numeric(x); is.na(m$y); x[1:2] <- 0; x; split(x, "months")[[1]]; ncol(m); .index(x)[1]
