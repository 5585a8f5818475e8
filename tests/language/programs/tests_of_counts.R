# chi-squared tests and adjusted p-values
say <- function(expr) withCallingHandlers(tryCatch(print(expr), error = function(e) cat("error:", conditionMessage(e), "\n")),
  warning = function(w) { cat("warning:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") })
m <- matrix(c(12, 5, 7, 9), 2); M <- as.table(rbind(c(762, 327, 468), c(484, 239, 477))); dimnames(M) <- list(gender = c("F", "M"), party = c("Democrat", "Independent", "Republican"))
say(chisq.test(m)); say(chisq.test(m, correct = FALSE)); say(chisq.test(M)); str(unclass(chisq.test(M))); say(chisq.test(M)$expected); say(chisq.test(M)$residuals); say(chisq.test(M)$stdres); say(chisq.test(M)$observed)
say(chisq.test(c(89, 37, 30, 28, 2), p = c(40, 20, 20, 15, 5), rescale.p = TRUE)); say(chisq.test(c(A = 20, B = 15, C = 25))); str(unclass(chisq.test(c(A = 20, B = 15, C = 25))))
say(chisq.test(c(89, 37, 30, 28, 2), p = c(0.4, 0.2, 0.2, 0.15, 0.06))); say(chisq.test(c(89, 37, 30, 28, 2), p = c(0.40, 0.20, 0.20, 0.15, 0.05)))
set.seed(4); say(chisq.test(m, simulate.p.value = TRUE)); say(chisq.test(c(89, 37, 30, 28, 2), p = c(0.40, 0.20, 0.20, 0.15, 0.05), simulate.p.value = TRUE, B = 500)); say(chisq.test(table(mtcars$cyl, mtcars$gear), simulate.p.value = TRUE, B = 300)$p.value)
str(unclass({set.seed(1); chisq.test(m, simulate.p.value = TRUE)}))
say(chisq.test(mtcars$cyl, mtcars$am)); say(chisq.test(as.factor(mtcars$cyl), as.factor(mtcars$gear))$expected); say(chisq.test(mtcars$cyl, mtcars$am[1:5])); say(chisq.test(5)); say(chisq.test(c(1, -1))); say(chisq.test(c(0, 0)))
say(chisq.test(c(1, NA))); say(chisq.test(1:3, p = c(0.5, 0.5))); say(chisq.test(1:3, p = c(-0.5, 1, 0.5))); say(chisq.test(as.data.frame(m))); say(chisq.test(matrix(1:4, 1))); say(chisq.test(matrix(1:4, 4))); say(chisq.test(data.frame(a = c(3, 4, 5), b = c(10, 12, 20))))
say(chisq.test(rep(1, 4), 1:4)); say(chisq.test(c("a", "b", "a"), c("u", "u", "u"))); say(chisq.test(table(mtcars$cyl))); say(chisq.test(xtabs(~ cyl + am, mtcars))$data.name)
f <- function(v, w) chisq.test(v, w)$data.name; f(mtcars$cyl, mtcars$am); say(chisq.test(array(1:8, c(2, 2, 2)))); say(chisq.test(matrix(c(5, 0, 7, 0), 2))); say(chisq.test(c(10, 20, 0), p = c(0.5, 0.5, 0)))
p <- c(a = 0.01, b = 0.02, c = NA, d = 0.03, e = 0.5, f = 0.04)
for (k in p.adjust.methods) { say(p.adjust(p, k)); say(p.adjust(unname(p)[-3], k, n = 9)); say(p.adjust(0.02, k)); say(p.adjust(c(0.01, 0.03), k)); say(p.adjust(c(0.5, 0.01, 0.01), k, 3)) }
say(p.adjust(p)); say(p.adjust(p, n = 2)); say(p.adjust(p, "other")); say(p.adjust(c(0.1, NA), n = 5)); say(p.adjust(numeric(0))); say(p.adjust(matrix(c(0.01, 0.02, 0.03, 0.9), 2), "BH")); say(p.adjust(numeric(0), "hommel")); say(p.adjust(NA_real_, "BH"))
say(p.adjust(c(1L, 0L), "bonferroni")); say(p.adjust(c(0.02, 0.02, 0.8, 0.04, 0.001), "hommel", 12))
