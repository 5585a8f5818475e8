# Several responses, strata of error, log-linear fits, curves that start themselves.
m <- manova(cbind(Sepal.Length, Petal.Length) ~ Species, iris)
m
class(m)
names(m)
str(summary(m))
m$call
m2 <- manova(cbind(yield, block = as.numeric(block)) ~ N * P, npk)
m2
summary(m2)
manova(cbind(mpg, disp) ~ wt + I(2 * wt), mtcars)
a <- aov(cbind(mpg, disp) ~ factor(cyl), mtcars)
a
summary(a)
y <- cbind(a = c(1, 3, 2, 6), b = c(2, 1, 5, 3))
manova(y ~ gl(2, 2))
summary(manova(y ~ gl(4, 1)))
m3 <- manova(data = iris, cbind(Sepal.Length, Petal.Length) ~ Species, subset = Sepal.Width > 2.5)
m3
e <- aov(yield ~ N * P * K + Error(block), npk)
e
summary(e)
coef(e)
class(e)
names(e)
print(summary(e), digits = 3)
e$Within
e[[2]]
w <- aov(extra ~ group + Error(ID/group), sleep)
w
summary(w)
aov(yield ~ Error(block), npk)
summary(aov(yield ~ N + Error(block), npk))
aov(yield ~ N + Error(1), npk)
p <- proj(aov(yield ~ block + N, npk))
p[1:2, ]
replications(~. - yield, npk)
replications(yield ~ N * P, npk)
replications(npk[, -5])
replications(~block * N, npk[-1, ])
model.tables(aov(yield ~ N * P, npk))
model.tables(aov(yield ~ N * P, npk), "means")
print(model.tables(aov(yield ~ N + P, npk), "means"), digits = 3)
aov(len ~ supp + Error(factor(dose)), ToothGrowth)
aov(yield ~ N * P * K + Error(block), npk, contrasts = list(N = contr.sum))
loglin(HairEyeColor, list(1, 2, 3), fit = TRUE, print = FALSE)$fit[1:2, 1:2, 1]
str(loglin(HairEyeColor, list(c(1, 2), c(1, 3), c(2, 3)), param = TRUE))
loglin(HairEyeColor, list(1:3))
loglin(HairEyeColor, list(c(1, 2)), eps = 1e-05)
x <- c(0.5, 1, 2, 4, 8, 12, 16)
d <- data.frame(x = x, y = 10/(1 + exp((5 - x)/2)) + c(0.1, -0.1, 0.05, 0, -0.05, 0.1, -0.1))
getInitial(y ~ SSlogis(x, A, m, s), d)
SSlogis(1:3, 10, 5, 2)
A <- 10
mm <- 5
s <- 2
SSlogis(1:3, A, mm, s)
SSmicmen(1:3, 2, 3)
sortedXyData(expression(x), expression(y), d)
ss <- selfStart(~a * exp(b * x), function(mCall, data, LHS, ...) {
    v <- c(1, 2)
    names(v) <- mCall[c("a", "b")]
    v
}, c("a", "b"))
class(ss)
SSgompertz(1:3, 2, 3, 0.5)
SSfpl(1:3, 1, 2, 3, 4)
SSweibull(1:3, 1, 2, 3, 4)
SSasympOff(1:3, 1, 2, 3)
SSasympOrig(1:3, 1, 2)
