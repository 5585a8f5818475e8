# What a forecast with recipes, rsample and yardstick asks of the packages beside keras.
library(dplyr)
library(tibble)
library(purrr)
library(recipes)
library(yardstick)

table <- tibble(value = c(1, 4, 9, 16), key = c("a", "a", "b", "b"))
stopifnot(inherits(count(table, key), "tbl_df"), !inherits(count(mtcars, cyl), "tbl_df"))
stopifnot(identical(class(cbind(table, z = 1)), "data.frame"))

learned <- recipe(value ~ ., table) %>% step_sqrt(value) %>% step_center(value) %>% step_scale(value) %>% prep()
stopifnot(identical(learned$steps[[2]]$means, c(value = 2.5)), all.equal(learned$steps[[3]]$sds, c(value = sd(1:4))))
stopifnot(identical(names(c(center = learned$steps[[2]]$means["value"])), "center.value"))
both <- recipe(value ~ ., table) %>% step_normalize(value) %>% step_range(value) %>% prep()
stopifnot(both$steps[[1]]$means == 7.5, identical(dim(both$steps[[2]]$ranges), c(2L, 1L)))

judged <- tibble(seen = c(1, 2, 3, NA), meant = c(2, 2, NA, 1))
columns <- map("meant", quo(sym(.)))
errors <- map_dbl(columns, function(column) rmse(judged, truth = seen, estimate = !!column) %>% pull(.estimate))
stopifnot(all.equal(errors, sqrt(0.5)), is.na(rmse(judged, seen, meant, na_rm = FALSE)$.estimate))
classes <- tibble(truth = factor(c("a", "b", NA)), estimate = factor(c("a", "a", "b")))
stopifnot(accuracy(classes, truth, estimate)$.estimate == 0.5)

binned <- recipe(~ value, tibble(value = 1:120)) %>% step_discretize(value, options = list(cuts = 6)) %>% prep() %>% juice()
stopifnot(nlevels(binned$value) == 6)
