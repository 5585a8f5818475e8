# results of tests that are made by hand, as they are printed
say <- function(expr) withCallingHandlers(tryCatch(print(expr), error = function(e) cat("error:", conditionMessage(e), "\n")),
  warning = function(w) { cat("warning:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") })
h <- function(...) structure(list(...), class = "htest")
print(h(statistic = c(z = 1.23456789), p.value = 1e-20, method = "A test", data.name = "d")); print(h(method = "A test of a very long name that must be wrapped somewhere as it does not fit into the width of a line of the page at all", data.name = "d", p.value = 0.04))
print(h(statistic = c(z = 1, w = 2.5), parameter = c(df = 3, e = 4.123456), p.value = 0.5, method = "m", data.name = "d", alternative = "two.sided", null.value = c(mu = 0, nu = 1), conf.int = structure(c(1, 2), conf.level = 0.9), estimate = c(a = 1.23456789, b = 2)), digits = 3)
print(h(statistic = c(z = 1), method = "m\n over two", data.name = "d", alternative = "less")); print(h(method = "m", data.name = "d", alternative = "greater", null.value = c(`odds` = 1.123456789))); print(h(method = "m", data.name = "d", parameter = c(df = 1234567.8), p.value = NA)); print(h(method = "m", data.name = "d", alternative = "two.sided", null.value = c(q = 2), p.value = 1)); x <- print(h(method = "m", data.name = "d")); class(x)
print(h(method = "m", data.name = "d", p.value = 0.00012345), digits = 3, prefix = "> "); print(h(method = c("one", "two"), data.name = "d", conf.int = structure(c(-1.23456789, Inf), conf.level = 0.99))); print(h(method = "m", data.name = "d", estimate = matrix(1:4, 2)))
print(h(method = "m", data.name = "d", statistic = c(z = 1e-10), parameter = c(df = NA)))
