# Rarer words of models: log-linear tables, scopes, numeric derivatives, contrasts in part, aliases, quasi families.
loglin(HairEyeColor, list(c(1,2), c(1,3), c(2,3)), print=FALSE)[1:4]
fm <- loglin(HairEyeColor, list(1,2,3), fit=TRUE, param=TRUE); fm$param; fm$fit[1:2,1:2,1]; fm$lrt; fm$df
loglin(UCBAdmissions, list("Admit","Gender"), param=TRUE)$param
add.scope( ~ a + b + c + a:c, ~ (a + b + c + d)^2); drop.scope( ~ a + b + c + a:c); drop.scope(~a*b, ~a)
myenv <- new.env(); myenv$mean <- 0.; myenv$sd <- 1.; myenv$x <- seq(-3,3,length.out=5); numericDeriv(quote(pnorm(x, mean, sd)), c("mean","sd"), myenv)
numericDeriv(quote(pnorm(x, mean, sd)), c("mean","sd"), myenv, central=TRUE, dir=-1)
C(factor(c("a","b","c")), sum); C(factor(1:4), helmert, 2); attributes(C(factor(1:3), contr.poly))
model <- lm(log(Volume) ~ log(Girth) + log(Height), data=trees); head(expand.model.frame(model, ~ Girth), 3)
d <- data.frame(y=c(1,3,2,5,4), a=1:5, b=c(2,4,6,8,10)); alias(lm(y~a+b,d)); alias(lm(y~a,d))
l <- lsfit(d$a, d$y); str(ls.diag(l))
m <- lm(cbind(mpg,hp) ~ wt, mtcars); SSD(m); estVar(m); estVar(SSD(m))
acf2AR(ARMAacf(c(.6,.3,-.2)))
quasi(link="log", variance="mu"); glm(am ~ wt, quasi(link=logit, variance="mu(1-mu)"), mtcars); q <- quasi(); q$varfun; q$link; glm(mpg~wt, quasi("log","mu^2"), data=mtcars)
x <- factor(c("a","b","c","d")); contrasts(x) <- "contr.sum"; contrasts(x); attributes(x); contrasts(x, 2) <- contr.sum; x; contrasts(x) <- contr.helmert; contrasts(x); contrasts(x, 1) <- "contr.poly"; contrasts(x)
contrasts(x) <- cbind(u=c(1,-1,0,0)); x; contrasts(x) <- c(1,-1,0,0); round(contrasts(x),6); contrasts(x) <- NULL; contrasts(x)
1
f <- mtcars$cyl <- factor(mtcars$cyl); contrasts(mtcars$cyl) <- contr.sum(3); coef(lm(mpg~cyl, mtcars)); l <- c(TRUE,FALSE); contrasts(l) <- "contr.sum"; l
C(factor(c("a","b","c")), sum); C(factor(1:4), helmert, 2); C(factor(1:4), treatment, base=2); C(factor(1:3)); coef(lm(mpg ~ C(cyl, sum), mtcars))
setdiff(names(binomial()), "simulate"); binomial()$validmu(c(.5, 2)); f <- poisson(); y <- c(1, 0, 3); nobs <- 3; weights <- rep(1, 3); eval(f$initialize); mustart
