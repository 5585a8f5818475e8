# Moments taken apart carry what they were told.
lt <- as.POSIXlt("2024-03-15 10:00:00", tz = "America/New_York")
tryCatch(lt[["year"]], error = function(e) print(e))
lt$mday <- lt$mday + 20
format(lt, "%Y-%m-%d %A %j %Z %z"); weekdays(lt); months(lt); quarters(lt)
lt$mon <- lt$mon + 9
format(as.POSIXct(lt), "%Y-%m-%d %H:%M %A %Z"); quarters(lt); as.Date(lt)
attr(lt, "tzone"); attr(c(lt, lt), "tzone"); str(unclass(lt)$gmtoff)
for (zone in c("Asia/Kolkata", "Africa/Lagos", "Europe/Dublin", "EST5", "Nowhere/Land")) {
  x <- as.POSIXlt(as.POSIXct(1.7e9, origin = "1970-01-01", tz = zone))
  cat(attr(x, "tzone"), "|", x$zone, x$gmtoff, x$isdst, "\n")
}
attr(strptime("2024-07-01", "%Y-%m-%d", tz = "Europe/Berlin"), "tzone")
summer <- as.POSIXlt("2024-01-31 12:00", tz = "America/New_York")
summer$mon <- summer$mon + 6
as.POSIXct(summer)
summer$isdst <- -1
as.POSIXct(summer)
x <- as.POSIXlt(c("2024-01-31", "2024-02-28"), tz = "UTC")
x[[2]] <- as.POSIXlt("2020-01-01", tz = "UTC")
x; t(x); matrix(x, 1); array(x, 2); as.vector(x)[1]; as.matrix(x); append(x, x[1]); rank(x)
mapply(function(one) format(one), x)
length(x) <- 3; x
# Errors of dates name the calls that R names.
shown <- function(value) tryCatch(value, error = function(e) print(e))
d <- as.Date("2024-01-01"); p <- as.POSIXct("2024-01-01", tz = "UTC")
shown(d + "a"); shown(p - "a"); shown(p + p); shown(-p); shown(c(d, 5)); shown(c(p, "x")); shown({ d[2] <- 5; d })
shown({ p[2] <- "x"; p }); shown(format(d, 5)); shown(format(p, TRUE)); shown(round(d, "month")); shown(seq(d, by = "day"))
shown(seq(d, as.Date(NA), by = "day")); shown(seq(d, d + 5, by = 0)); shown(as.POSIXlt("foo")); shown(as.POSIXlt(5)); shown(difftime(5, 3))
is.numeric.Date(d); as.POSIXct("2024-01-01", "%Y")
seq(as.difftime(1, units = "days"), by = as.difftime(12, units = "hours"), length.out = 3)
seq(as.difftime(1L, units = "mins"), 5, by = 2)
# What leaves a pipe, and what a right-hand side means.
suppressMessages(library(magrittr))
early <- function(x) { x %>% { if (sum(.) > 5) return("big"); "small" } }
shown(early(1:3)); early(1:2)
last <- function(x) { x %>% add(1) %>% return(); "after" }; last(1)
eager <- function(x) { x %!>% { return("early") }; "late" }; eager(1)
steps <- . %>% { return(1) } %>% add(1); steps(5)
tee <- function(x) x %T>% return(); shown(tee(1))
loop <- function() for (i in 1:2) { i %>% { if (. == 2) break }; cat(i, "") }; shown(loop())
shown(list(v = 5) %$% return(v))
tools <- list(sq = function(x) x^2)
shown(3 %>% tools$sq); 3 %>% tools$sq(); 3 %>% (tools$sq); shown(1:3 %>% base::sum); shown(1:3 %>% "sum")
iris %>% extract(1:2, c("Species")); iris %>% extract(1:2, "Petal.Width")
# Draws.
set.seed(9); rhyper(5, 1000, 2000, 500); rhyper(3, 300, 200, 250); rhyper(4, 200, 1000, 1100); rhyper(2, 1e9, 1e9, 1e6)
suppressWarnings(c(rbinom(1, NA, 0.5), rpois(1, -1), rnbinom(1, 0, 0.5), rhyper(1, 1, 1, 5)))
suppressWarnings(c(rcauchy(1, 0, -1), rweibull(1, 0), rexp(1, Inf), rlogis(1, 2, 0)))
shown(rexp(2, "a")); shown(rmultinom(1, -3, c(1, 1))); sample.int(20, 5, useHash = TRUE); qpois(c(0.5, 1), 0)
# Labels and the rest.
labels(matrix(1:4, 2)); labels(dist(matrix(1:4, 2, dimnames = list(c("a", "b"), NULL)))); formula(data.frame(a = 1, b = 2, c = 3))
tail(array(1:8, c(2, 2, 2)), c(1, 1, 1)); summary(stepfun(1:2, c(0, 1, 3))); intToUtf8(c(55297, 56375), allow_surrogate_pairs = TRUE)
