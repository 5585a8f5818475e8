# tests of correlations between ranks, and tests over part of the rows
t.test(extra ~ group, sleep, subset = ID %in% 1:6)$statistic
oneway.test(count ~ spray, InsectSprays, subset = spray %in% c("A", "B"))$statistic
cor.test(~ mpg + wt, mtcars, subset = cyl == 4)$p.value
cor.test(mtcars$mpg, mtcars$wt, method = "kendall", exact = FALSE, continuity = TRUE)$p.value
cor.test(mtcars$mpg, mtcars$wt, method = "kendall", exact = FALSE)
x <- c(44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1)
y <- c(2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8)
cor.test(x, y, method = "kendall", alternative = "greater")
cor.test(x, y, method = "kendall")$p.value
cor.test(x, -y, method = "kendall", alternative = "less")$p.value
cor.test(x, y, method = "spearman")
cor.test(x, y, method = "spearman", alternative = "less")$p.value
cor.test(x, -y, method = "spearman", alternative = "greater")$p.value
cor.test(x, -y, method = "spearman")$p.value
cor.test(x, y, method = "spearman", exact = FALSE, continuity = TRUE)$p.value
set.seed(2); u <- rnorm(15); v <- u + rnorm(15)
cor.test(u, v, method = "spearman")$p.value
cor.test(u, -v, method = "spearman")$p.value
cor.test(u, v, method = "spearman", alternative = "less")$p.value
cor.test(u, v, method = "kendall")$p.value
cor.test(~ u + v, method = "kendall")$statistic
tryCatch(cor.test(c(1, 2, 2, 4), c(1, 3, 2, 5), method = "spearman"), warning = function(w) cat(conditionMessage(w), "\n"))
suppressWarnings(cor.test(c(1, 2, 2, 4), c(1, 3, 2, 5), method = "kendall"))
