x <- rnorm(50); y <- x + rnorm(50) / 2
plot(x, y, main = "t", xlab = "a", ylab = "b", pch = 19, col = "blue"); abline(lm(y ~ x), col = "red", lwd = 2)
lines(sort(x), sort(y), lty = 2); points(0, 0, cex = 2); legend("topleft", legend = c("a", "b"), col = c("blue", "red"), pch = 19); text(0, 1, "hi"); grid(); mtext("m", side = 3)
hist(x, breaks = 10, col = "grey"); barplot(table(sample(letters[1:3], 20, TRUE)), beside = TRUE); boxplot(mpg ~ cyl, data = mtcars)
layout(matrix(1:2, 1)); plot(density(x)); curve(sin, 0, 6); matplot(cbind(x, y), type = "l"); pairs(iris[1:3]); image(matrix(runif(9), 3)); pie(c(1, 2))
plot(iris); plot(factor(c("a","b"))); plot(ts(1:5)); plot(function(x) x^2, 0, 1); polygon(c(0,1,1), c(0,0,1)); rect(0,0,.1,.1); segments(0,0,1,1); arrows(0,0,1,1); axis(1, at = 1:3); box(); title("z")
png(tempfile(fileext = ".png")); plot(1:3); dev.off()
par(mfrow = c(1, 2)); op <- par(mar = c(1,1,1,1)); par(op)
biplot(prcomp(USArrests)); heat <- heat.colors(3); qqnorm(x); qqline(x); persp_ok <- TRUE
strwidth("abc") > 0
stripchart(list(a = 1:3)); dotchart(c(a = 1, b = 2)); contour(volcano <- matrix(1:9, 3))
fit <- lm(mpg ~ wt + factor(cyl), mtcars); plot(fit); plot(fit, which = 1:6, ask = FALSE); plot(aov(breaks ~ wool, warpbreaks)); plot(TukeyHSD(aov(breaks ~ wool, warpbreaks))); termplot(fit, rug = TRUE)
tree <- hclust(dist(USArrests[1:9, ])); plot(tree, hang = -1); rect.hclust(tree, k = 3, border = 2:4); plot(as.dendrogram(tree)); heatmap(as.matrix(mtcars)); plot(ecdf(1:4)); lines(ecdf(2:3))
plot(table(mtcars$cyl, mtcars$am)); mosaicplot(HairEyeColor, shade = TRUE); spineplot(factor(am) ~ wt, mtcars); cdplot(factor(am) ~ wt, mtcars); assocplot(HairEyeColor[, , 1]); fourfoldplot(UCBAdmissions)
plot(decompose(co2)); lag.plot(lh, 4); monthplot(co2); coplot(lat ~ long | depth, quakes); plot.design(warpbreaks); sunflowerplot(iris[, 3:4]); symbols(1:2, 1:2, circles = 1:2, inches = 0.2); stars(mtcars[1:4, 1:5]); filled.contour(datasets::volcano); smoothScatter(x, y); rug(x)
plot(fit, which = 4:6, id.n = 2, caption = "c", sub.caption = "s"); plot(glm(am ~ wt, binomial, mtcars), which = 1:6); plot(lm(dist ~ 1, cars), which = 5); mosaicplot(~ Sex + Survived, Titanic, color = TRUE); mosaicplot(am ~ cyl, mtcars, subset = wt > 3)
coplot(breaks ~ 1:54 | wool * tension, warpbreaks); plot(medpolish(matrix(1:9, 3), trace.iter = FALSE)); plot(kernel("daniell", 2)); monthplot(stl(co2, "per"), choice = "trend"); termplot(fit, partial.resid = TRUE, se = TRUE)
