# A table prepared with recipes, a network judged by yardstick, caret and pROC: in the style of scripts of several years.
suppressPackageStartupMessages({library(keras); library(rsample); library(recipes); library(yardstick); library(tidyverse)})
set.seed(100)
customers <- tibble(months = sample(1:72, 80, TRUE), bill = runif(80, 18, 120), plan = sample(c("monthly", "yearly"), 80, TRUE), left = sample(c("Yes", "No"), 80, TRUE))
parts <- initial_split(customers, prop = 0.8)
steps <- recipe(left ~ ., data = training(parts)) %>%
  step_discretize(months, options = list(cuts = 4)) %>%
  step_log(bill) %>%
  step_dummy(all_nominal(), -all_outcomes()) %>%
  step_normalize(all_predictors(), -all_outcomes()) %>%
  prep(data = training(parts))
x_train <- bake(steps, newdata = training(parts), all_predictors(), composition = "matrix")
x_test <- bake(steps, new_data = testing(parts)) %>% select(-left)
y_train <- ifelse(pull(training(parts), left) == "Yes", 1, 0)
y_test <- ifelse(pull(testing(parts), left) == "Yes", 1, 0)

K <- backend()
near <- function(y_true, y_pred) K$tf$reduce_mean(K$tf$cast(K$tf$abs(y_true - y_pred) < 0.5, K$tf$float32))
keras_model_sequential() %>%
  layer_dense(units = 8, kernel_initializer = "uniform", activation = "relu", input_shape = ncol(x_train)) %>%
  layer_dropout(rate = 0.1) %>%
  layer_dense(units = 1, activation = "sigmoid") -> model
model %>% compile(optimizer = "adam", loss = "binary_crossentropy", metrics = c("near" = near), experimental_run_tf_function = FALSE)
history <- fit(object = model, x = x_train, y = y_train, batch_size = 50, epochs = 2, validation_split = 0.3, verbose = 0, )
stopifnot(identical(names(history$metrics), c("loss", "near", "val_loss", "val_near")))
best <- as.data.frame(history) %>% filter(metric == "loss" & data == "validation") %>% slice_min(value, n = 1)
ggplot(history, metrics = "loss", smooth = FALSE) + coord_cartesian(ylim = c(0, 2))

judged <- tibble(
  truth = as.factor(y_test) %>% fct_recode(yes = "1", no = "0"),
  estimate = factor(as.vector(predict_classes(object = model, x = as.matrix(x_test))), levels = 0:1) %>% fct_recode(yes = "1", no = "0"),
  chance = predict_proba(object = model, x = as.matrix(x_test)) %>% as.vector()
)
judged %>% conf_mat(truth, estimate) %>% autoplot(type = "heatmap")
judged %>% roc_curve(truth, chance, event_level = "second") %>% autoplot()
stopifnot(sum((judged %>% conf_mat(truth, estimate) %>% pluck(1) %>% as_tibble())$n) == 16, all.equal(as.numeric((model %>% evaluate(as.matrix(x_test), y_test, verbose = 0))["near"]), mean(judged$truth == judged$estimate), tolerance = 1e-6))
stopifnot(all.equal((judged %>% accuracy(truth, estimate))$.estimate, unname(caret::confusionMatrix(judged$estimate, judged$truth)$overall["Accuracy"])))
pROC::coords(pROC::roc(judged, truth, chance, quiet = TRUE), "best")
