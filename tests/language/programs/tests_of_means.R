# tests of means and variances: alternatives, formulas, pairs, wrong arguments
say <- function(expr) withCallingHandlers(tryCatch(print(expr), error = function(e) cat("error:", conditionMessage(e), "\n")),
  warning = function(w) { cat("warning:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") })
x <- c(1.1, 2.4, 3.3, 0.2, 5.6, NA, 2.2); y <- c(2.1, 3.4, 2.8, 6.1, NA, 7.2, 1.9)
for (a in c("two.sided", "less", "greater")) {
  say(t.test(x, alternative = a, mu = 1)); say(t.test(x, y, alternative = a)); say(t.test(x, y, alternative = a, paired = TRUE, conf.level = 0.9, mu = 0.5))
  say(t.test(x, y, alternative = a, var.equal = TRUE, conf.level = 0.99))
  say(var.test(x, y, alternative = a, ratio = 0.7)); say(var.test(x, y, alternative = a, conf.level = 0.8))
}
str(unclass(t.test(x, y))); str(unclass(t.test(x, mu = 2))); str(unclass(t.test(x, y, paired = TRUE)))
say(t.test(extra ~ group, data = sleep)); say(t.test(extra ~ group, sleep, var.equal = TRUE, subset = ID %in% 1:6)); say(t.test(extra ~ 1, sleep))
str(unclass(t.test(mpg ~ am, mtcars, mu = 2, alternative = "less")))
say(t.test(mpg ~ cyl, mtcars)); say(t.test(mpg ~ am + vs, mtcars)); say(t.test(~ mpg, mtcars)); say(t.test(1)); say(t.test(c(1, 1, 1))); say(t.test(1:3, 1))
say(t.test(c(2, 2, 2), c(2, 2, 2))); say(t.test(1:5, mu = c(1, 2))); say(t.test(1:5, conf.level = 2)); say(t.test(1:5, alternative = "up")); say(t.test(1:5, paired = TRUE))
say(t.test(1:5, 2:6, paired = TRUE)); say(t.test(numeric(0), 1:3)); say(t.test(1:3, numeric(0))); say(t.test(1, 1:4, var.equal = TRUE))
say(t.test(mpg ~ am, mtcars, na.action = na.omit)); d <- mtcars; d$mpg[1:3] <- NA; say(t.test(mpg ~ am, d)); say(t.test(d$mpg ~ d$am))
say(t.test(log(mpg) ~ I(wt > 3), mtcars)); say(t.test(mpg ~ factor(am, labels = c("auto", "man")), mtcars))
say(t.test(Pair(extra[group == 1], extra[group == 2]) ~ 1, data = sleep))
say(t.test(mtcars$mpg > 20))
str(unclass(var.test(mpg ~ am, mtcars))); say(var.test(mpg ~ am, mtcars)); say(var.test(mpg ~ am, mtcars, subset = cyl > 4)); say(var.test(mpg ~ cyl, mtcars))
say(var.test(lm(mpg ~ wt, mtcars), lm(mpg ~ 1, mtcars))); say(var.test(1, 1:3)); say(var.test(1:3, 1)); say(var.test(1:4, 2:7, ratio = -1)); say(var.test(1:4, 2:7, conf.level = 3))
say(var.test(c(1, Inf, 3, 4), 1:5)); say(var.test(d$mpg ~ d$am)); say(var.test(~mpg, mtcars)); say(var.test(1:4, 1:6, ratio = c(1, 2)))
a <- t.test(x, y); print(a, digits = 3); print(var.test(1:9, c(2, 4, 8, 1)), digits = 2); print(a$conf.int); print(names(a)); print(attributes(a$conf.int))
b <- function(v) t.test(v, mu = 3); b(c(1, 2, 5)); t.test(with(mtcars, mpg[am == 1]), with(mtcars, mpg[am == 0]))$data.name
