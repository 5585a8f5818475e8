# tests of correlations in all their variants
say <- function(expr) withCallingHandlers(tryCatch(print(expr), error = function(e) cat("error:", conditionMessage(e), "\n")),
  warning = function(w) { cat("warning:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") })
x <- c(44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1); y <- c(2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8); z <- c(1, 2, 2, 3, 3, 3, 4, 5, NA)
for (a in c("two.sided", "less", "greater")) for (m in c("pearson", "kendall", "spearman")) {
  say(cor.test(x, y, alternative = a, method = m)); say(cor.test(x, z, alternative = a, method = m)); say(cor.test(x, z, alternative = a, method = m, exact = FALSE))
  say(cor.test(x, z, alternative = a, method = m, exact = FALSE, continuity = TRUE)); say(cor.test(x, -y, alternative = a, method = m, continuity = TRUE, exact = FALSE, conf.level = 0.8)$p.value)
  say(cor.test(c(1, 3, 2), c(2, 5, 9), alternative = a, method = m)); say(cor.test(x, z, alternative = a, method = m, exact = TRUE)$p.value)
}
for (m in c("pearson", "kendall", "spearman")) str(unclass(cor.test(x, y, method = m)))
str(unclass(cor.test(1:3, c(1, 3, 2)))); str(unclass(suppressWarnings(cor.test(x, z, method = "kendall"))))
say(cor.test(~ mpg + wt, mtcars)); say(cor.test(~ mpg + wt, mtcars, subset = cyl == 4, method = "spearman")); say(cor.test(mpg ~ wt, mtcars)); say(cor.test(~ mpg, mtcars)); say(cor.test(~ mpg + wt + cyl, mtcars))
say(cor.test(1:2, 3:4)); say(cor.test(1:3, 1:4)); say(cor.test(letters, 1:26)); say(cor.test(1:26, letters)); say(cor.test(1:5, rep(1, 5))); say(cor.test(1:5, 1:5)); say(cor.test(1:5, -(1:5), alternative = "less"))
say(cor.test(1:5, c(1, 1, 1, 1, 1), method = "kendall")); say(cor.test(1:5, 5:1, method = "spearman")); say(cor.test(1:5, conf.level = 0.9)); say(cor.test(x, y, conf.level = 1.2)); say(cor.test(x, y, method = "other"))
say(cor.test(mtcars$mpg, mtcars$wt, method = "kendall", exact = FALSE, continuity = TRUE)$p.value); set.seed(3); u <- rnorm(60); v <- u + rnorm(60)
for (m in c("kendall", "spearman")) { say(cor.test(u, v, method = m)); say(cor.test(u, -v, method = m, alternative = "less")$p.value) }
say(cor.test(u[1:12], v[1:12], method = "spearman")$p.value); say(cor.test(u[1:7], v[1:7], method = "spearman", alternative = "g")$p.value); say(cor.test(u[1:6], v[1:6], method = "kendall", alternative = "g", exact = TRUE)$p.value)
d <- mtcars; d$mpg[2] <- NA; say(cor.test(~ mpg + log(wt), d)); say(cor.test(~ mpg + wt, d, na.action = na.omit)$estimate); say(cor.test(c(x, Inf), c(y, 2)))
