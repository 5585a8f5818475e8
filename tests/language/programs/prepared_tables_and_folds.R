suppressPackageStartupMessages({library(data.table); library(dplyr); library(tidyr); library(purrr); library(forcats)})
# Tables change where they are, for everybody who holds them.
dt <- data.table(id = 1:4, v = c(2, 8, 5, 1))
dt[, prev := shift(v)][, diff := v - prev]
other <- dt; grow <- function(d) d[, twice := v * 2]; grow(dt); names(other)
apart <- copy(dt); apart[, gone := 1]; names(dt)
held <- list(t = dt); held$t[, (c("prev", "twice")) := NULL]; dt
rename <- function(d) { setnames(d, "v", "value"); setkey(d, value); invisible() }; rename(dt); dt; key(dt)
dt[value > 3][, seen := TRUE]; ncol(dt)
str(dt[0]); data.table(k = 1:2, l = list(c(1, 2.5, 100), letters[1:8]))
# Names that functions see, levels in the order of the alphabet, whole numbers that stay whole.
reduce(list(1:2, 3:4, 5:6), rbind)
levels(fct_infreq(c("b", "a", "c", "c"))); levels(fct_lump_min(c("q", "p", "p", "r"), 2)); fct_count(c("y", "x", "y"))
tibble(g = c("a", "b"), h = c("u", "v"), n = 1:2) %>% complete(g, h, fill = list(n = 0))
pivot_wider(tibble(i = c(1, 1, 2), k = c("a", "b", "a"), n = 1:3), names_from = k, values_from = n, values_fill = 0)
pivot_longer(tibble(x_1_m = 1, y_2_s = 2), everything(), names_to = c("a", "b"), names_sep = "_(?=[ms]$)")
extract(tibble(v = c("a-1", "b-22")), v, c("l", "n"), "(?<l>[a-z])-(\\d+)", convert = TRUE)
readr::type_convert(tibble(a = c("1", "2"), b = c("x", "NA")), col_types = readr::cols(a = readr::col_integer()))
jsonlite::toJSON(head(mtcars[1:2], 1), dataframe = "columns")
lubridate::dmy_hms("01.02.2009 00:10:00"); lubridate::ymd_hms("2020-01-02 03:04:05.5"); lubridate::date(as.POSIXct("2021-03-04 05:06:07", tz = "UTC"))
# Partitions as they are drawn.
suppressPackageStartupMessages({library(rsample); library(recipes)})
d <- data.frame(y = (1:100 * 37) %% 101, g = rep(c("a", "b", "c"), c(60, 37, 3)))
set.seed(1); initial_split(d, strata = y)$in_id[1:12]
set.seed(1); initial_split(d, strata = "g")$in_id[1:12]
set.seed(1); vfold_cv(d, v = 3, strata = g)$splits[[2]]$in_id[1:12]
set.seed(1); b <- bootstraps(d, times = 2, strata = g); b$splits[[2]]$in_id[1:12]; b
table(make_strata(d$y, breaks = 3))
r <- recipe(y ~ ., data.frame(first_long_name = 1:40, second_long_name = 40:1, third_long_name = (1:40)^2, same = 1, y = 1:40)) %>%
  step_discretize(first_long_name, num_breaks = 2) %>% step_zv(all_predictors()) %>% step_log(second_long_name, third_long_name) %>% step_center(all_predictors(), -all_outcomes(), -first_long_name)
r
prep(r)
suppressPackageStartupMessages(library(caret))
set.seed(1); createFolds(iris$Sepal.Length, 3)[[1]][1:10]; set.seed(1); createFolds(iris$Species, 4, list = FALSE)[1:12]
set.seed(1); train(mpg ~ wt + hp, mtcars, method = "knn", trControl = trainControl(method = "cv", number = 3)); runif(1)
suppressPackageStartupMessages(library(pROC))
truth <- c(0, 0, 1, 1, 0, 1); score <- c(.1, .4, .35, .8, .2, .9)
roc(truth, score, quiet = TRUE); roc(truth ~ score, percent = TRUE, quiet = TRUE); auc(truth, score, quiet = TRUE)
