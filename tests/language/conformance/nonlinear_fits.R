x <- 1:10
y <- c(2.94, 3.53, 4.1, 5.05, 5.9, 7.25, 8.6, 10.45, 12.5, 15.1)
fit <- nls(y ~ a * exp(b * x), start = list(a = 2, b = 0.1))
round(coef(fit), 6); round(fitted(fit), 4)[1:3]; round(resid(fit)[1:3], 4); deviance(fit); df.residual(fit); logLik(fit); AIC(fit)
round(predict(fit, data.frame(x = 11:12)), 4)
anova(nls(mpg ~ c0 + k * hp, mtcars, start = list(c0 = 30, k = 0)), nls(mpg ~ c0 + k * hp + m * wt, mtcars, start = list(c0 = 30, k = 0, m = 0)))
lowess(cars, f = 0.3)$y[c(1, 10, 30)]; lowess(mtcars$hp, mtcars$mpg, iter = 0)$y[1:4]; lowess(1:10, c(1,3,2,5,4,6,8,7,9,30))$y
fit2 <- nls(mpg ~ k / hp + c0, mtcars, start = c(k = 1000, c0 = 5)); round(coef(fit2), 4); round(summary(fit)$coefficients, 4); round(vcov(fit), 8)
