# Least squares: fits, summaries, comparisons, predictions, coding of factors.
fit <- lm(mpg ~ wt, data = mtcars)
fit
summary(fit)
anova(fit)
coef(fit)
coef(summary(fit))
confint(fit)
confint(fit, level = 0.9)
head(residuals(fit), 3)
head(fitted(fit), 3)
predict(fit, data.frame(wt = c(2, 3)))
predict(fit, data.frame(wt = c(2, 3)), interval = "confidence")
predict(fit, data.frame(wt = 2.5), interval = "prediction", level = 0.9)
predict(fit, data.frame(wt = 2.5), se.fit = TRUE)
vcov(fit)
deviance(fit); df.residual(fit); logLik(fit); AIC(fit); BIC(fit); nobs(fit); formula(fit); sigma(fit)
fit2 <- lm(mpg ~ wt + factor(cyl), mtcars)
fit2
summary(fit2)
anova(fit, fit2)
fit3 <- update(fit, . ~ . + hp)
fit3
lm(mpg ~ wt * hp, mtcars)
lm(mpg ~ ., mtcars[, 1:4])
lm(mpg ~ poly(wt, 2), mtcars)
lm(mpg ~ I(wt^2) + log(hp), mtcars)
lm(log(mpg) ~ wt - 1, mtcars)
lm(mpg ~ wt, mtcars, subset = cyl == 4)
summary(lm(mpg ~ wt, mtcars, subset = cyl == 4))$r.squared
lm(mpg ~ wt, mtcars, weights = hp)
summary(lm(mpg ~ wt, mtcars, weights = hp))
d <- data.frame(x = c(1, 2, NA, 4, 5), y = c(2.4, 3.9, 6.2, 8.1, NA))
m <- lm(y ~ x, d)
m
summary(m)
residuals(m)
nobs(m)
model.matrix(~ factor(c("a", "b", "a")) + c(1, 2, 3))
head(model.matrix(fit2), 3)
attr(terms(y ~ a * b + c), "term.labels")
names(fit)
class(summary(fit))
names(summary(fit))
summary(fit)$sigma
summary(fit)$fstatistic
summary(fit)$adj.r.squared
x <- 1:10; y <- 2 * x + c(0.1, -0.2, 0.3, 0, -0.1, 0.2, -0.3, 0.1, 0, -0.1)
lm(y ~ x)
print(summary(lm(y ~ x)), digits = 3)
summary(lm(y ~ x), correlation = TRUE)
lm(y ~ 1)
summary(aov(weight ~ group, PlantGrowth))
aov(weight ~ group, PlantGrowth)
anova(lm(weight ~ group, PlantGrowth))
drop1(fit2)
lm(cbind(mpg, hp) ~ wt, mtcars)
hatvalues(fit)[1:3]
cooks.distance(fit)[1:3]
rstandard(fit)[1:3]
rstudent(fit)[1:3]
influence(fit)$sigma[1:2]
step(lm(mpg ~ wt + hp + qsec, mtcars), trace = 0)
lm(y ~ x, data.frame(x = 1:3, y = c(1, 2, 3)))
summary(lm(y ~ x, data.frame(x = 1:3, y = c(1, 2, 3))))
lm(Sepal.Length ~ Species, iris)
summary(lm(Sepal.Length ~ Species * Petal.Length, iris))
lm(mpg ~ wt + I(2 * wt), mtcars)
summary(lm(mpg ~ wt + I(2 * wt), mtcars))
case.names(m)
model.frame(m)
weighted.residuals(fit)[1:2]
effects(fit)[1:3]
extractAIC(fit)
add1(fit, ~ . + hp + qsec)
plogis(0.3); qlogis(0.7)
relevel(factor(c("a", "b", "c")), ref = "b")
lm(weight ~ relevel(group, "trt1"), PlantGrowth)
contrasts(PlantGrowth$group)
contr.sum(3)
contr.helmert(3)
contr.treatment(3)
lm(weight ~ group, PlantGrowth, contrasts = list(group = "contr.sum"))
lm(mpg ~ offset(wt) + hp, mtcars)
optimize(function(x) (x - 2)^2, c(0, 5))$minimum
cor(mtcars$mpg, mtcars$wt); cor(mtcars[1:3])
t.test(extra ~ group, sleep)
cor.test(mtcars$mpg, mtcars$wt)
chisq.test(matrix(c(10, 20, 30, 40), 2))
