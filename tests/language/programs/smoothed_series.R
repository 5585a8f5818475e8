m <- HoltWinters(co2); print(m);
print(names(m)); print(head(m$fitted,3)); p <- predict(m, 3, prediction.interval=TRUE); print(p); print(predict(m, 3)); print(attributes(p))
x <- uspop + rnorm(1)*0
x2 <- HoltWinters(Nile, gamma=FALSE, beta=FALSE); print(x2); print(x2$SSE); print(head(fitted(x2),3)); print(residuals(x2)[1:5])
x3 <- HoltWinters(uspop, gamma=FALSE, l.start=uspop[1]); print(x3)
m2 <- HoltWinters(AirPassengers, seasonal="mult"); print(m2); print(m2$SSE)
print(predict(m2, 2, prediction.interval=TRUE, level=.9))
s3 <- stl(nottem, s.window=7, robust=TRUE, outer=6); summary(s3); print(head(s3$weights))
stl(window(AirPassengers,1949,c(1951,12)), "periodic")
s <- stl(nottem, "per"); summary(s); s <- stl(log(co2), s.window=21); print(round(s$time.series[1:3,], 10))
