suppressPackageStartupMessages({library(rsample);library(recipes)})
set.seed(1); s <- initial_split(mtcars); head(rownames(training(s)),4); head(rownames(testing(s)),3); s$in_id
set.seed(1); s <- initial_split(iris, strata=Species, prop=.8); s$in_id[1:8]; dim(training(s)); s
set.seed(1); v <- vfold_cv(mtcars, v=3); v$splits[[1]]; v$splits[[1]]$in_id; class(v); class(v$splits[[1]]); v$id; set.seed(1); sample(rep(1:3, length.out=32))
set.seed(1); b <- bootstraps(mtcars, times=2); b$splits[[2]]$in_id; class(b); b$splits[[1]]
ro <- rolling_origin(data.frame(x=1:20), initial=10, assess=5, skip=4, cumulative=FALSE); ro; class(ro); ro$splits[[1]]; class(ro$splits[[1]]); 
rolling_origin(data.frame(x=1:20), initial=10, assess=5, cumulative=TRUE)
set.seed(2); mc_cv(mtcars, times=2); l <- loo_cv(mtcars[1:3,]); l
set.seed(1); vfold_cv(mtcars, v=2, repeats=2)
