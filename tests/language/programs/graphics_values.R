# What the functions of base graphics compute and return; nothing is drawn to a file.
pdf(NULL)
rgb(1, 0, 0); rgb(255, 128, 0, maxColorValue = 255); rgb(.1, .2, .3, .4); gray(0:4/4); grey(.5)
rainbow(5); heat.colors(4); terrain.colors(4); hsv(.5, .5, .5); gray.colors(3)
col2rgb(c("red", "steelblue", "#11223344", "3", "gray50", "red3")); colorRampPalette(c("red", "blue"))(3); palette()
x <- c(1, 2, 2, 3, 3, 3, 4, 4, 5, 9)
h <- hist(x, plot = FALSE); h
hist(x, breaks = 3, plot = FALSE)$counts; hist(x, breaks = c(0, 5, 10), plot = FALSE)$density
g <- hist(x); class(g)
b <- barplot(c(3, 5, 2)); b
barplot(matrix(1:4, 2), beside = TRUE); m <- barplot(matrix(1:4, 2)); m
bs <- boxplot(x, plot = FALSE); bs
boxplot.stats(x)$out
boxplot(len ~ dose, data = data.frame(len = c(1, 2, 3, 4, 5, 6), dose = c(1, 1, 1, 2, 2, 2)), plot = FALSE)$stats
str(xy.coords(1:3, 4:6))
par("mfrow"); op <- par(mfrow = c(1, 2)); op; par("mfrow"); par(op); par("mfrow")
r <- curve(sin, 0, 1, n = 3); r
v <- plot(1:3); v
lines(1:3); points(2, 2); abline(h = 1, v = 2); text(1, 1, "a"); title("t"); legend("top", legend = "a", col = 1, lty = 1)
extendrange(c(0, 10)); as.raster(matrix(c(0, .5, 1, .2), 2))
tryCatch(hist("a"), error = function(e) cat(conditionMessage(e), "\n"))
tryCatch(plot(1:3, 1:2), error = function(e) cat(conditionMessage(e), "\n"))
