suppressMessages(library(MASS))
z <- qda(Species ~ ., iris)
print(z)
names(z)
str(unclass(z)[c("scaling","ldet","N","xlevels","counts","lev")])
p <- predict(z, iris[c(1,51,101),])
p
predict(z, iris[c(1,51,71,101),], method="predictive")$posterior
predict(z, iris[c(1,51,71,101),], method="debiased")$posterior
predict(z, iris[c(1,51,71,101),], prior=c(.2,.5,.3))$posterior
predict(z, method="looCV")$posterior[c(1,71,84),]
z2 <- qda(as.matrix(iris[,1:4]), iris$Species)
z2
cv <- qda(Species ~ ., iris, CV=TRUE); names(cv); head(cv$posterior)
l <- lda(Species ~ ., iris)
l
names(l)
str(l$xlevels)
l <- lda(Species ~ ., data=iris, prior=c(1,1,1)/3)
l
predict(l, iris[c(1,71,101),], method="predictive")
predict(l, iris[c(1,71,101),], method="debiased", dimen=1)
lcv <- lda(Species ~ ., data=iris, CV=TRUE)
names(lcv); lcv$posterior[c(71,84),]
lda(iris[,1:4], iris$Species)
lda(as.matrix(iris[,1:4]), iris$Species, prior=c(.2,.3,.5))
coef(l)
try(lda(Species ~ ., iris, prior=c(1,2)))
try(qda(iris[1:20,1:4], iris$Species[1:20]))
lda(Species ~ Sepal.Length + Sepal.Width, iris, subset = 1:100)
model.frame(l)[1:2,]
lda(Species ~ ., iris, method = "t")
qda(Species ~ Sepal.Length + Petal.Width, iris, method = "t", nu = 4)$scaling
lda(Species ~ ., iris, method = "mle")$scaling
mt <- transform(mtcars, cyl = factor(cyl), am = factor(am))
z <- lda(am ~ cyl + wt, mt); z; z$xlevels; z$contrasts
predict(z, mt[1:3, ])$class
table(predict(z)$class, mt$am)
predict(z, data.frame(cyl = "4", wt = 2))$posterior
try(predict(z, data.frame(cyl = "5", wt = 2)))
uneven <- iris[c(1:50, 51:80, 101:115), ]
predict(qda(Species ~ ., uneven), iris[c(60, 71), ], method = "debiased")$posterior
predict(qda(Species ~ ., uneven), iris[c(60, 71), ], method = "predictive")$posterior
predict(lda(Species ~ ., uneven), iris[c(60, 71), ], method = "debiased")$posterior
predict(lda(Species ~ ., uneven), iris[c(60, 71), ], method = "predictive", dimen = 1)$posterior
lda(uneven[1:4], uneven$Species, CV = TRUE)$posterior[c(60, 71), ]
qda(uneven[1:4], uneven$Species, CV = TRUE, method = "mle")$posterior[c(60, 71), ]
try(lda(Species ~ ., cbind(iris, k = 1)))
try(lda(iris$Sepal.Length, iris$Species))
table(predict(lda(iris[1:4], iris$Species))$class)
table(predict(qda(as.matrix(iris[1:4]), iris$Species, subset = 1:150 %% 2 == 0))$class)
lda(Species ~ log(Sepal.Length), iris)
