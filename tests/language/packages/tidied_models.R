# Models as tibbles, measures over classes, splines in recipes.
suppressPackageStartupMessages({library(broom); library(caret); library(recipes); library(yardstick); library(dplyr)})
same <- function(a, b, tolerance = 1e-6) stopifnot(isTRUE(all.equal(a, b, tolerance = tolerance, check.attributes = FALSE)))

fit <- lm(mpg ~ wt + hp, mtcars)
told <- tidy(fit, conf.int = TRUE)
stopifnot(inherits(told, "tbl_df"), identical(names(told), c("term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high")))
same(told$estimate, c(37.22727012, -3.87783074, -0.03177295))
same(as.matrix(told[c("conf.low", "conf.high")]), confint(fit))
same(unlist(glance(fit)[c("r.squared", "sigma", "nobs")]), c(summary(fit)$r.squared, summary(fit)$sigma, 32))
around <- augment(fit)
stopifnot(identical(names(around), c(".rownames", "mpg", "wt", "hp", ".fitted", ".resid", ".hat", ".sigma", ".cooksd", ".std.resid")))
same(around$.fitted + around$.resid, mtcars$mpg)
same(augment(fit, newdata = mtcars[1:2, ])$.fitted, predict(fit)[1:2])
odds <- glm(am ~ wt, binomial, mtcars)
same(tidy(odds, exponentiate = TRUE)$estimate, exp(coef(odds)))
same(glance(odds)$AIC, AIC(odds))
tested <- tidy(t.test(mpg ~ am, mtcars))
same(tested$estimate, tested$estimate1 - tested$estimate2)
stopifnot(tested$method == "Welch Two Sample t-test", inherits(try(tidy(sum), silent = TRUE), "try-error"))

trained <- prep(recipe(mpg ~ wt + hp + disp, mtcars) %>% step_ns(wt, deg_free = 3) %>% step_bs(disp, deg_free = 4) %>% step_normalize(hp))
stopifnot(all(c("wt_ns_1", "wt_ns_3", "disp_bs_4") %in% names(juice(trained))), !("wt" %in% names(juice(trained))))
same(bake(trained, mtcars[3:4, ])$wt_ns_2, splines::ns(mtcars$wt, df = 3)[3:4, 2])
same(tidy(trained, 3)$value, c(mean(mtcars$hp), sd(mtcars$hp)))

three <- data.frame(obs = factor(c("a", "a", "b", "c", "b", "c", "c")), pred = factor(c("a", "b", "b", "c", "a", "c", "a")))
value <- function(found) found$.estimate
same(c(value(precision(three, obs, pred)), value(precision(three, obs, pred, estimator = "micro")), value(precision(three, obs, pred, estimator = "macro_weighted"))), c(11 / 18, 4 / 7, 2 / 3))
stopifnot(precision(three, obs, pred, estimator = "micro")$.estimator == "micro", inherits(try(recall(three, obs, pred, estimator = "binary"), silent = TRUE), "try-error"))
two <- data.frame(o = factor(c(1, 0, 1, 1)), p = factor(c(1, 0, 0, 1)))
same(c(value(precision(two, o, p)), value(precision(two, o, p, estimator = "macro")), value(recall(two, o, p, estimator = "macro_weighted"))), c(1 / 2, 3 / 4, 3 / 4))
same(tidy(conf_mat(three, obs, pred))$value, c(1, 1, 0, 1, 1, 0, 1, 0, 2))

# caret: a level that never occurs is no mistake, one that does is
caught <- tryCatch(confusionMatrix(factor(c(0, 1, 1), levels = 0:2), factor(c(0, 0, 1))), warning = function(w) conditionMessage(w))
stopifnot(grepl("Refactoring data to match", caught), inherits(try(confusionMatrix(factor(0:2), factor(c(0, 1, 1))), silent = TRUE), "try-error"))
