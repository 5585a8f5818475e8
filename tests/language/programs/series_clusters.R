ts(1:24, start = c(2020, 3), frequency = 12)
ts(c(1.5,2,3), start=2000)
x <- ts(1:8, start=c(2001,2), frequency=4); x; window(x, start=c(2002,1)); time(x); frequency(x); start(x); end(x); x[2:3]
diff(ts(c(1,4,9), start=2000))
set.seed(1); k <- kmeans(iris[,1:4], 3); k$size; round(k$centers,4); k$tot.withinss
set.seed(2); print(kmeans(faithful, 2, nstart=5)$size)
h <- hclust(dist(USArrests[1:8,]), "average"); h; h$height; h$merge; cutree(h, 3); h$order
p <- princomp(USArrests, cor=TRUE); p; summary(p)
a <- acf(lynx <- c(1,3,2,5,4,6,5,7), plot=FALSE); a
cov2cor(cov(mtcars[,1:3]))
mahalanobis(c(1,2), c(0,0), diag(2))
