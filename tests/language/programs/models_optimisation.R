r <- uniroot(function(x) x^2-2, c(0,2)); round(r$root,4); r$iter
optimize(function(x) (x-1)^2, c(-3,3))
integrate(dnorm, -1.96, 1.96)
integrate(function(x) x^2, 0, 1)$value
round(optim(c(-1.2,1), function(p) (1-p[1])^2+100*(p[2]-p[1]^2)^2, method="BFGS")$par,3)
o <- optim(c(-1.2,1), function(p) (1-p[1])^2+100*(p[2]-p[1]^2)^2); round(o$par,2); o$convergence
model.matrix(~ g, data.frame(g=factor(c("a","b","c"))))
model.matrix(~ g - 1, data.frame(g=c("a","b","a")))
model.matrix(y ~ x + g, data.frame(y=1:3,x=c(2,4,6),g=c("u","v","u")))
model.matrix(~ a*b, data.frame(a=1:2,b=factor(c("p","q"))))
model.matrix(~ . , data.frame(a=1:2,b=c("p","q")))
fit <- lm(mpg ~ wt, mtcars); coef(fit); fit
predict(fit, data.frame(wt=c(2,3)))
round(summary(fit)$r.squared, 4)
round(residuals(fit)[1:3], 3)
lm(Sepal.Length ~ Species, iris)$coefficients
approx(1:3, c(10,20,30), xout=c(1.5,2.5))$y
