suppressMessages(library(MASS))
set.seed(1); x <- rgamma(50, 3, 2)
stdres(lm(mpg~wt,mtcars))[1:3]; studres(lm(mpg~wt,mtcars))[1:3]
area(sin,0,pi); contr.sdif(4); contr.sdif(c("a","b","c")); write.matrix(matrix(1:4,2)); write.matrix(head(iris,2)); as.fractions(.3); is.fractions(1)
lm.ridge(mpg~wt+hp, mtcars, lambda=c(0,1,2)); lm.ridge(mpg~wt+hp+qsec, mtcars); names(lm.ridge(mpg~wt+hp, mtcars, lambda=1)); MASS::select(lm.ridge(mpg~wt+hp+qsec, mtcars, lambda=seq(0,1,.1))); coef(lm.ridge(mpg~wt+hp, mtcars, lambda=1))
r <- rlm(stack.loss ~ ., stackloss); r; summary(r); names(r); predict(r)[1:3]; vcov(r); r$w[1:5]; predict(r, stackloss[1:2,])
rlm(stack.loss ~ ., stackloss, psi=psi.bisquare); rlm(stack.loss ~ ., stackloss, psi=psi.hampel, init="ls"); rlm(mpg~wt, mtcars, scale.est="Huber"); rlm(mpg~wt,mtcars, weights=qsec); rlm(mpg~wt,mtcars, weights=carb, wt.method="case"); rlm(mpg ~ wt, mtcars, k=1); summary(rlm(mpg~wt,mtcars), cor=TRUE)
huber(x); hubers(x); hubers(x, mu=1)
rlm(as.matrix(mtcars[,2:3]), mtcars$mpg)
