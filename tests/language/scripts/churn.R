# customer churn style
suppressPackageStartupMessages({library(keras); library(tidyverse); library(rsample); library(recipes); library(yardstick)})
set.seed(100)
n <- 120
churn_data_raw <- tibble(customerID = paste0("id", 1:n), gender = sample(c("Male","Female"), n, TRUE), tenure = sample(1:72, n, TRUE),
  Contract = sample(c("Month-to-month","One year","Two year"), n, TRUE), TotalCharges = round(runif(n, 20, 8000), 2), Churn = sample(c("Yes","No"), n, TRUE))
churn_data_raw$TotalCharges[5] <- NA
glimpse(churn_data_raw)
churn_data_tbl <- churn_data_raw %>% select(-customerID) %>% drop_na() %>% select(Churn, everything())
train_test_split <- initial_split(churn_data_tbl, prop = 0.8)
train_test_split
train_tbl <- training(train_test_split); test_tbl <- testing(train_test_split)
churn_data_tbl %>% ggplot(aes(x = tenure)) + geom_histogram(bins = 6)
train_tbl %>% select(Churn, TotalCharges) %>% mutate(Churn = Churn %>% as.factor() %>% as.numeric(), LogTotalCharges = log(TotalCharges)) %>% cor() %>% round(2) %>% dim()
rec_obj <- recipe(Churn ~ ., data = train_tbl) %>% step_discretize(tenure, options = list(cuts = 6)) %>% step_log(TotalCharges) %>%
  step_dummy(all_nominal(), -all_outcomes()) %>% step_center(all_predictors(), -all_outcomes()) %>% step_scale(all_predictors(), -all_outcomes()) %>% prep(data = train_tbl)
x_train_tbl <- bake(rec_obj, new_data = train_tbl) %>% select(-Churn)
x_test_tbl <- bake(rec_obj, new_data = test_tbl) %>% select(-Churn)
y_train_vec <- ifelse(pull(train_tbl, Churn) == "Yes", 1, 0); y_test_vec <- ifelse(pull(test_tbl, Churn) == "Yes", 1, 0)
model_keras <- keras_model_sequential()
model_keras %>% layer_dense(units = 16, kernel_initializer = "uniform", activation = "relu", input_shape = ncol(x_train_tbl)) %>%
  layer_dropout(rate = 0.1) %>% layer_dense(units = 16, kernel_initializer = "uniform", activation = "relu") %>% layer_dense(units = 1, kernel_initializer = "uniform", activation = "sigmoid") %>%
  compile(optimizer = 'adam', loss = 'binary_crossentropy', metrics = c('accuracy'))
history <- fit(object = model_keras, x = as.matrix(x_train_tbl), y = y_train_vec, batch_size = 50, epochs = 3, validation_split = 0.30, verbose = 0)
print(class(history))
plot(history) + theme_bw() + labs(title = "Deep Learning Training Results")
yhat_keras_prob_vec <- predict(object = model_keras, x = as.matrix(x_test_tbl)) %>% as.vector()
yhat_keras_class_vec <- as.vector(ifelse(yhat_keras_prob_vec > 0.5, 1, 0))
estimates_keras_tbl <- tibble(truth = as.factor(y_test_vec) %>% fct_recode(yes = "1", no = "0"), estimate = factor(yhat_keras_class_vec, levels=c(0,1)) %>% fct_recode(yes = "1", no = "0"), class_prob = yhat_keras_prob_vec)
estimates_keras_tbl
options(yardstick.event_first = FALSE)
estimates_keras_tbl %>% conf_mat(truth, estimate)
estimates_keras_tbl %>% metrics(truth, estimate)
estimates_keras_tbl %>% roc_auc(truth, class_prob)
tibble(precision = estimates_keras_tbl %>% precision(truth, estimate), recall = estimates_keras_tbl %>% recall(truth, estimate))
estimates_keras_tbl %>% f_meas(truth, estimate, beta = 1)
