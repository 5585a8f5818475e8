print(.bincode(c(1,5,7), c(0,5,10))); print(La.svd(matrix(1:4,2))$d)
print(tryCatch(tools::assertError(1), error=conditionMessage)); tools::assertWarning(warning("w")); tools::assertError(stop("x"))
h <- utils::hashtab(); utils::sethash(h, "a", 1); print(utils::gethash(h, "a")); print(utils::numhash(h)); print(utils::gethash(h,"zz",nomatch="none"))
print(nextn(13))
o <- constrOptim(c(.5,.5), function(p) (p[1]-1)^2+(p[2]-2)^2, NULL, ui=rbind(c(-1,0),c(0,-1)), ci=c(-1,-1)); print(o$par, digits=3); print(o$value, digits=3)
fr <- function(x) 100 * (x[2] - x[1]^2)^2 + (1 - x[1])^2; grr <- function(x) c(-400 * x[1] * (x[2] - x[1]^2) - 2 * (1 - x[1]), 200 * (x[2] - x[1]^2))
o <- constrOptim(c(.5,0), fr, grr, ui = rbind(c(-1,0), c(1,-1)), ci = c(-0.9,0.1)); print(signif(o$par, 5)); print(signif(o$value, 5)); print(o$outer.iterations)
print(bw.SJ(faithful$eruptions)); print(bw.ucv(faithful$eruptions)); print(bw.bcv(faithful$eruptions)); print(bw.SJ(precip, method="dpi")); print(bw.SJ(mtcars$mpg)); density(faithful$eruptions, bw="SJ")$bw
simulate(lm(dist~speed,cars), 1, seed=1)[1:2,]; str(simulate(glm(am~wt,binomial,mtcars),2,seed=3)); qq <- qqplot(1:3, 4:6, plot.it=FALSE); print(qq); print(qqplot(c(5,1,3,2), c(9,4), plot.it=FALSE))
