# sampling by aliases, what is never equal, calls that keep their shape, eager pipes, dates and labels
set.seed(1); sample(300, 5, TRUE, rep(1, 300)); sample(300, 5, TRUE, 1:300); sample.int(250, 3, TRUE, c(rep(1, 249), 9)); runif(1)
suppressWarnings(set.seed(3, sample.kind = "Rounding")); sample(300, 4, TRUE, 1:300); set.seed(3, sample.kind = "Rejection"); sample(1000, 4, TRUE, (1:1000)^2)
unique(c(1, 2, 1, 2, 1), incomparables = 1); unique(c("a", "a", NA, NA), incomparables = NA); unique(rep(1:2, 50), incomparables = 2L)
str(expression(a + b, sin(pi), "s", 3L)); str(expression(a = x, b = y)); str(expression(a, b, c, d, e), vec.len = 1)
v <- Vectorize(function(x, y = 2) x + y); formals(v); args(v); v(1:2, 3:4); v(y = 1:2, x = 5)
tryCatch(Vectorize(function(x) x, "zz"), error = function(e) print(conditionMessage(e))); Vectorize("sum"); Vectorize(rep.int)(1:2, times = 2:1)
library(magrittr)
loud <- function(x) { cat("<", x, "> "); x }; lazy <- function(x) "unused"; loud(3) %>% lazy; loud(3) %!>% lazy; loud(1) %!>% loud %!>% lazy; loud(1) %!>% loud %>% lazy
p <- . %>% sort %>% unique %>% rev; p[-1]; p[c(TRUE, FALSE, TRUE)](c(2, 1, 2))
structure(c(1.5, 0.25, 3, 1, 2), names = c("user.self", "sys.self", "elapsed", "user.child", "sys.child"), class = "proc_time")
.Date(19000); .POSIXct(c(1.5, 2), tz = "UTC"); .difftime(5, "hours"); dim(gc()); names(dimnames(gc())); setTimeLimit(elapsed = Inf)
quote; UseMethod; invisible; substitute; switch; on.exit; `~`; `:`; `&&`
tryCatch(as.call(list()), error = function(e) print(conditionMessage(e))); tryCatch(as.name(character(0)), error = function(e) print(conditionMessage(e)))
format(as.Date("2024-01-05"), c("%d", "%m")); inherits(tryCatch(as.POSIXct("2024-01-01 08:00", tz = "UTC") == as.POSIXct("2024-01-01 08:00", tz = ""), warning = identity), "warning")
approx(as.Date(c("2024-01-01", "2024-01-11")), c(0, 10), as.Date("2024-01-05")); barplot(c(1, 2), plot = FALSE)
m <- table(a = c(1, 1, 2), b = c("x", "y", "x")); apply(m, 1, function(r) r * 2); apply(m, 2, range); apply(m, 1, sum)
