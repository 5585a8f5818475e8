# tests of location by ranks
say <- function(expr) withCallingHandlers(tryCatch(print(expr), error = function(e) cat("error:", conditionMessage(e), "\n")),
  warning = function(w) { cat("warning:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") })
x <- c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30); y <- c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29); w <- c(2.5, 3.1, 0.7, 1.1, 4.2, 0.91)
t1 <- c(1, 2, 2, 3, 0, -1, 4); t2 <- c(2, 4, 5, 5, 1)
for (a in c("two.sided", "less", "greater")) {
  say(wilcox.test(x, y, paired = TRUE, alternative = a, conf.int = TRUE)); say(wilcox.test(x, w, alternative = a, conf.int = TRUE)); say(wilcox.test(x, w, alternative = a, conf.int = TRUE, conf.level = 0.9, mu = 0.3))
  say(wilcox.test(x, alternative = a, mu = 1.1, conf.int = TRUE)); say(wilcox.test(t1, alternative = a)); say(wilcox.test(t1, alternative = a, conf.int = TRUE, exact = FALSE)); say(wilcox.test(t1, alternative = a, mu = 1, correct = FALSE, exact = FALSE))
  say(wilcox.test(t1, t2, alternative = a, conf.int = TRUE)); say(wilcox.test(t1, t2, alternative = a, conf.int = TRUE, exact = FALSE, correct = FALSE)); say(wilcox.test(x, w, alternative = a, exact = FALSE, conf.int = TRUE, mu = -0.2))
  say(wilcox.test(x, alternative = a, exact = FALSE, conf.int = TRUE, tol.root = 1e-9)$conf.int); say(wilcox.test(c(1.1, 2.2), c(0.3, 5), alternative = a, conf.int = TRUE))
}
str(unclass(wilcox.test(x, w))); str(unclass(wilcox.test(x, w, conf.int = TRUE))); str(unclass(wilcox.test(x, mu = 1, conf.int = TRUE, exact = FALSE)))
say(wilcox.test(Ozone ~ Month, data = airquality, subset = Month %in% c(5, 8))); say(wilcox.test(Ozone ~ Month, data = airquality)); say(wilcox.test(mpg ~ am, mtcars, exact = FALSE, conf.int = TRUE)); say(wilcox.test(mpg ~ 1, mtcars, exact = FALSE, mu = 20))
say(wilcox.test(extra ~ group, sleep, exact = FALSE)$p.value); say(wilcox.test(~ mpg, mtcars)); say(wilcox.test("a")); say(wilcox.test(1:4, "b")); say(wilcox.test(1:4, paired = TRUE)); say(wilcox.test(1:4, 1:3, paired = TRUE)); say(wilcox.test(numeric(0))); say(wilcox.test(1:3, numeric(0)))
say(wilcox.test(1:4, mu = c(1, 2))); say(wilcox.test(1:4 + 0.5, mu = Inf)); say(wilcox.test(1:4 + 0.1, conf.int = TRUE, conf.level = 2)); say(wilcox.test(c(0, 0, 0))); say(wilcox.test(c(0, 0, 0), conf.int = TRUE)); say(wilcox.test(c(2, 2, 2), conf.int = TRUE, exact = FALSE)); say(wilcox.test(c(1, NA, 3.5, Inf)))
say(wilcox.test(c(1, NA, 3.5), c(NA, 2, 8))); set.seed(5); say(wilcox.test(rnorm(60), conf.int = TRUE)); say(wilcox.test(rnorm(60), rnorm(55) + 0.4, conf.int = TRUE)); say(wilcox.test(rnorm(60), exact = TRUE, conf.int = TRUE)$p.value); say(wilcox.test(c(1, 1, 1), c(1, 1, 1))); say(wilcox.test(c(1, 2, 3, 8), c(9, 10, 11, 7.5), conf.int = TRUE))
say(wilcox.test(c(0, 1.5, 2.5, -0.3), conf.int = TRUE)); say(wilcox.test(1:10, 4:13, digits.rank = 7)$p.value); say(wilcox.test(Pair(x, y) ~ 1))
say(kruskal.test(weight ~ group, PlantGrowth)); say(kruskal.test(list(a = 1:5, b = c(2.5, 4.5, 6), c = 7:9))); say(kruskal.test(airquality$Ozone, airquality$Month)); str(unclass(kruskal.test(Ozone ~ Month, airquality))); say(kruskal.test(Ozone ~ Month, airquality, subset = Month > 6))
say(kruskal.test(1:4, c(1, 1, 1, 1))); say(kruskal.test(1:4, 1:3)); say(kruskal.test(list(1:3))); say(kruskal.test(list(1:3, "a"))); say(kruskal.test(letters[1:4], c(1, 1, 2, 2))); say(kruskal.test(numeric(0), numeric(0))); say(kruskal.test(mtcars[c("mpg", "wt")])); say(kruskal.test(mpg ~ cyl + am, mtcars)); say(kruskal.test(mpg ~ interaction(cyl, am), mtcars)); say(kruskal.test(c(NA, 1, 2, 3), c(1, 1, 2, 2))); say(kruskal.test(list(1:3, 4:6), g = c(1, 2)))
say(kruskal.test(list(1:3, numeric(0), 4:6)))
R <- matrix(c(5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40, 5.9, NA, 5.7), 5, byrow = TRUE); say(friedman.test(R)); str(unclass(friedman.test(R))); wb <- aggregate(warpbreaks$breaks, by = list(w = warpbreaks$wool, t = warpbreaks$tension), FUN = mean)
say(friedman.test(wb$x, wb$w, wb$t)); say(friedman.test(x ~ w | t, data = wb)); say(friedman.test(wb$x, wb$t, wb$w)); say(friedman.test(wb$x, wb$t[1:3], wb$w)); say(friedman.test(c(1, 2, 3, 4), c(1, 1, 2, 2), c(1, 1, 2, 2))); say(friedman.test(x ~ w + t, wb))
say(friedman.test(wb$x, wb$t))
