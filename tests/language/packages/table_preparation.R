# Tables prepared for networks: recipes' compositions and classes, caret's preProcess(), caTools, yardstick's drawings.
suppressPackageStartupMessages({library(caret); library(dplyr); library(yardstick); library(recipes); library(themis); library(caTools); library(ggplot2)})
same <- function(a, b, tolerance = 1e-6) stopifnot(isTRUE(all.equal(a, b, tolerance = tolerance, check.attributes = FALSE)))

# recipes: a matrix as data, what bake() gives, selectors of ordered columns, classes balanced in training rows only
trained <- prep(recipe(mpg ~ ., data = as.matrix(mtcars)) %>% step_center(all_predictors()))
baked <- bake(trained, as.matrix(mtcars), all_predictors(), composition = "matrix")
stopifnot(is.matrix(baked), identical(dim(baked), c(32L, 10L)), is.null(rownames(baked)))
same(colMeans(baked), rep(0, 10))
stopifnot(identical(class(bake(trained, mtcars, composition = "data.frame")), "data.frame"), inherits(juice(trained), "tbl_df"), is.matrix(juice(trained, all_outcomes(), composition = "matrix")))
stopifnot(inherits(try(bake(prep(recipe(Species ~ ., iris)), iris, composition = "matrix"), silent = TRUE), "try-error"))
sizes <- data.frame(y = 1:3, size = factor(c("s", "l", "m"), levels = c("s", "m", "l"), ordered = TRUE), place = factor(c("a", "b", "a")))
scored <- juice(prep(recipe(y ~ ., sizes) %>% step_ordinalscore(all_ordered_predictors()) %>% step_dummy(all_unordered_predictors())))
stopifnot(identical(scored$size, c(1L, 3L, 2L)), "place_b" %in% names(scored))
rare <- iris[c(1:50, 51:60, 101:103), ]
up <- prep(recipe(Species ~ ., rare) %>% step_upsample(Species, over_ratio = 0.5))
stopifnot(identical(as.vector(table(juice(up)$Species)), c(50L, 25L, 25L)), nrow(bake(up, iris)) == 150)
down <- juice(prep(recipe(Species ~ ., rare) %>% step_downsample(Species, under_ratio = 2, seed = 5)))
stopifnot(identical(as.vector(table(down$Species)), c(6L, 6L, 3L)))

# caret: components, ranges of one's own, gaps filled, columns left out
parts <- preProcess(iris, method = "pca")
same(abs(predict(parts, iris)$PC1[1:2]), c(2.257141, 2.074013))
stopifnot(parts$numComp == 2, identical(names(predict(parts, iris)), c("Species", "PC1", "PC2")), ncol(predict(preProcess(iris, "pca", pcaComp = 3), iris)) == 4)
stopifnot("PCA needed 2 components to capture 95 percent of the variance" %in% trimws(capture.output(print(parts))))
same(range(predict(preProcess(iris, method = "range", rangeBounds = c(-1, 1)), iris)$Sepal.Length), c(-1, 1))
gaps <- data.frame(a = c(1, 2, NA, 4, 8), b = c(2, 4, 6, 8.5, 16), z = 1)
filled <- predict(preProcess(gaps, method = c("knnImpute", "zv"), k = 2), gaps)
stopifnot(identical(names(filled), c("a", "b")))
same(filled$a[3], mean(filled$a[c(2, 4)]))
same(predict(preProcess(gaps, method = "medianImpute"), gaps)$a, c(1, 2, 3, 4, 8))
bent <- preProcess(iris[1:4], method = c("BoxCox", "center", "scale"))
same(unname(vapply(bent$bc, function(one) one$lambda, 0)), c(-0.1, 0.3, 0.9, 0.6))
moved <- predict(bent, as.matrix(iris[1:4]))
stopifnot(is.matrix(moved))
same(colMeans(moved), rep(0, 4))
same(apply(moved, 2, sd), rep(1, 4))
same(rowSums(predict(preProcess(iris[1:4], method = c("corr", "spatialSign")), iris[1:5, 1:4])^2), rep(1, 5))
stopifnot(inherits(try(preProcess(iris, method = "ica"), silent = TRUE), "try-error"))

# caTools
set.seed(1)
taken <- sample.split(iris$Species, SplitRatio = 0.8)
stopifnot(all(tapply(taken, iris$Species, sum) == 40), sum(sample.split(rnorm(10), 0.7)) == 7, sum(sample.split(rep(0:1, 10), 7)) == 7)
together <- sample.split(rep(1, 12), 0.5, group = rep(1:6, each = 2))
stopifnot(all(tapply(together, rep(1:6, each = 2), sum) %in% c(0, 2)))
same(trapz(c(0, 1, 3), c(0, 1, 1)), 2.5)
same(colAUC(iris[1:2], iris$Species)["setosa vs. versicolor", ], c(0.9326, 0.9248))

# yardstick: all measures of a table, the table as a tibble, what autoplot() draws
guesses <- data.frame(t = factor(rep(c("yes", "no"), 10), levels = c("yes", "no")), e = factor(rep(c("yes", "no", "no", "yes", "yes"), 4), levels = c("yes", "no")), p = seq(0.1, 1, length.out = 20))
counted <- conf_mat(guesses, t, e)
stopifnot(nrow(summary(counted)) == 13)
same(summary(counted)$.estimate[c(3, 4)], c(0.6, 0.4))
same(summary(counted, event_level = "second")$.estimate[c(3, 4)], c(0.4, 0.6))
stopifnot(identical(names(as_tibble(counted$table)), c("Prediction", "Truth", "n")), is.character(as_tibble(counted$table)$Truth))
drawn <- list(autoplot(counted), autoplot(counted, type = "heatmap"), autoplot(roc_curve(guesses, t, p)), autoplot(pr_curve(guesses, t, p)), autoplot(gain_curve(guesses, t, p)), autoplot(lift_curve(guesses, t, p)))
stopifnot(all(vapply(drawn, inherits, NA, "ggplot")), inherits(roc_curve(guesses, t, p), c("roc_df", "tbl_df")), inherits(try(autoplot(1), silent = TRUE), "try-error"))
boxes <- drawn[[1]]$data
same(sum((boxes$right - boxes$left) * (boxes$top - boxes$bottom)), 1)

# arrays from lists of arrays, as Python stacks them
stopifnot(identical(reticulate::array_reshape(list(c(1, 2), c(3, 4)), c(2, 2)), rbind(c(1, 2), c(3, 4))))
library(keras)
stacked <- array_reshape(lapply(1:5, function(i) matrix(i + 0:5, 3, 2)), c(5, 3, 2))
stopifnot(identical(dim(stacked), c(5L, 3L, 2L)), all(stacked[2, , ] == matrix(2 + 0:5, 3, 2)), all(array_reshape(data.frame(a = 1:2, b = 3:4), c(1, 4)) == c(1, 3, 2, 4)))
stopifnot(inherits(try(array_reshape(list(1:2, 1:3), 5), silent = TRUE), "try-error"))
