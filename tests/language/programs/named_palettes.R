pdf(NULL)
palette.pals(); palette.colors(4); palette.colors(3, "set 1"); palette.colors(2, "R4", alpha = .5); palette.colors(NULL, "Accent"); tryCatch(palette.colors(20, "Dark 2"), warning = function(w) cat(conditionMessage(w), "\n")); palette.colors(12, "Dark2", recycle = TRUE)
cm.colors(6); cm.colors(7); cm.colors(1); cm.colors(2); cm.colors(4, alpha = .5); topo.colors(6); topo.colors(7); topo.colors(1); topo.colors(3, rev = TRUE); cm.colors(0); blues9[2]; cm(1)
n2mfrow(1); n2mfrow(3); n2mfrow(5); n2mfrow(8); n2mfrow(13); n2mfrow(17)
set.seed(1); x <- rnorm(30); y <- rnorm(30); chull(x, y); chull(cbind(c(0, 1, 1, 0, .5), c(0, 0, 1, 1, .5)));
str(xyz.coords(1:3, 4:6, 7:9)); str(xyz.coords(trees)); axisTicks(c(0, 10), FALSE); axisTicks(c(-2.3, 7.7), FALSE, nint = 7); is.raster(as.raster(matrix(0:1, 1)))
plot(1:3); r <- rug(c(1, 2, NA)); screeplot(prcomp(USArrests)); bxp(boxplot(mpg ~ cyl, mtcars, plot = FALSE)); trans3d(1, 2, 3, diag(4)); tryCatch(palette.colors(2, "zzz"), error = function(e) cat(conditionMessage(e), "\n"))
