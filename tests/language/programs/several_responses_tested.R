influence.measures(lm(dist ~ speed, cars[1:12,])); summary(influence.measures(lm(dist ~ speed, cars))); i <- influence.measures(lm(mpg ~ wt + hp, mtcars)); print(names(i)); print(class(i)); print(round(i$infmat[1:3,],4)); print(which(apply(i$is.inf, 1, any)))
fit <- manova(cbind(Sepal.Length, Petal.Length) ~ Species, iris); print(fit); summary(fit); summary(fit, test="Wilks"); summary(fit, test="Hotelling-Lawley"); summary(fit, test="Roy"); summary.aov(fit); print(class(fit))
f2 <- manova(cbind(mpg, wt) ~ factor(cyl) * am, mtcars); summary(f2)
