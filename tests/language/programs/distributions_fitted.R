suppressMessages(library(MASS))
set.seed(1); x <- rgamma(50, 3, 2)
dropterm(lm(mpg~wt+hp,mtcars), test="F"); addterm(lm(mpg~wt,mtcars), ~.+hp+qsec); addterm(lm(mpg~wt,mtcars), ~.+hp+qsec, test="F", sorted=TRUE)
dropterm(glm(am~wt+hp,binomial,mtcars), test="Chisq"); addterm(glm(am~wt,binomial,mtcars), ~.+hp+qsec)
s <- stepAIC(lm(mpg~wt+hp+qsec,mtcars), trace=FALSE); s; s$anova
stepAIC(lm(mpg~wt,mtcars), scope=~.+hp+qsec, direction="forward")$anova
fitdistr(x, "gamma"); f <- fitdistr(x, "weibull"); names(f); f$estimate; coef(f); logLik(f); AIC(f); vcov(f); fitdistr(x, "normal"); names(fitdistr(x, "lognormal"))
fitdistr(rnbinom(60, 3, mu=4), "negative binomial"); fitdistr(rgeom(40,.3), "geometric"); fitdistr(rbeta(50,2,3), dbeta, list(shape1=1, shape2=1)); fitdistr(rlogis(50), "logistic"); fitdistr(rcauchy(50), "cauchy"); fitdistr(rt(200, 4), "t", df=4)
try(fitdistr(x, "foo")); try(fitdistr("a", "normal")); try(fitdistr(x, "normal", list(mean=1)))
fractions(c(0.5, .3333333, pi)); fractions(matrix(1:4/3,2)); fractions(0.25)+1; as.fractions(0.3); is.fractions(3)
s2 <- step(lm(mpg~wt+hp+qsec+drat,mtcars), trace=0); s2$anova; step(glm(am~wt+hp,binomial,mtcars), trace=0)$anova
optimHess(c(a=1,b=2), function(x) sum(x^3), control=list(parscale=c(2,5), fnscale=3, ndeps=c(.01,.02))); optimHess(c(1,2), function(x) sum(x^4), function(x) 4*x^3, control=list(parscale=c(2,3)))
