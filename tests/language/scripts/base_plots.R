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
