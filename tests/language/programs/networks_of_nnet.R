library(nnet); set.seed(1)
n <- nnet(mpg ~ wt + hp, transform(mtcars, hp=hp/100), size=2, linout=TRUE, decay=0.01, maxit=200); n; round(n$value, 3); summary(n); round(predict(n, data.frame(wt=3, hp=1.2)), 3); names(n)
set.seed(2); ir <- nnet(Species ~ ., iris, size=2, rang=0.1, decay=5e-4, maxit=20); ir; table(predict(ir, iris, type="class"), iris$Species)
set.seed(3); b <- nnet(factor(am) ~ wt, mtcars, size=1, decay=.1, trace=FALSE); b; round(b$value, 4); predict(b, mtcars[1:3,], type="class"); round(coef(b), 2)
set.seed(4); m <- nnet(as.matrix(iris[1:4]), class.ind(iris$Species), size=2, softmax=TRUE, skip=TRUE, maxit=5); m; dim(fitted(m))
set.seed(5); z <- nnet(as.matrix(mtcars[, 2:3])/100, mtcars$am, size=3, decay=.01, trace=FALSE); summary(z)
r <- optim(c(-1.2,1), function(x) 100*(x[2]-x[1]^2)^2+(1-x[1])^2, method="BFGS", control=list(trace=1)); r$value; optim(c(-1.2,1), function(x) 100*(x[2]-x[1]^2)^2+(1-x[1])^2, method="BFGS", control=list(trace=1, REPORT=5, maxit=12))$counts; optim(c(-1.2,1), function(x) 100*(x[2]-x[1]^2)^2+(1-x[1])^2, method="BFGS", control=list(abstol=1))$counts
m <- multinom(Species ~ Sepal.Width + Petal.Width, iris); m
m <- multinom(factor(gear) ~ wt, mtcars); m; summary(m); predict(m, mtcars[1:3,]); round(predict(m, mtcars[1:3,], "probs"), 4); round(coef(m), 4); logLik(m); AIC(m); round(confint(m), 3); names(m)
b <- multinom(am ~ wt + hp, mtcars, trace=FALSE); b; summary(b, digits=4); table(predict(b)); round(vcov(b), 3); round(fitted(b)[1:3], 4); summary(b, Wald.ratios=TRUE, digits=3)
