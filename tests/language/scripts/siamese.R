library(keras)
euclidean_distance <- function(vects) { x <- vects[[1]]; y <- vects[[2]]; k_sqrt(k_maximum(k_sum(k_square(x - y), axis = 2, keepdims = TRUE), k_epsilon())) }
contrastive_loss <- function(y_true, y_pred) { margin <- 1; k_mean(y_true * k_square(y_pred) + (1 - y_true) * k_square(k_maximum(margin - y_pred, 0))) }
base_network <- keras_model_sequential(name = "base") %>% layer_dense(8, activation = "relu", input_shape = 6) %>% layer_dropout(0.1) %>% layer_dense(4)
input_a <- layer_input(shape = 6); input_b <- layer_input(shape = 6)
processed_a <- base_network(input_a); processed_b <- base_network(input_b)
distance <- layer_lambda(list(processed_a, processed_b), euclidean_distance)
model <- keras_model(list(input_a, input_b), distance)
metric_acc <- custom_metric("acc2", function(y_true, y_pred) k_mean(k_equal(y_true, k_cast(y_pred < 0.5, k_dtype(y_true)))))
model %>% compile(loss = contrastive_loss, optimizer = optimizer_rmsprop(), metrics = list(metric_acc))
a <- matrix(runif(60), 10); b <- matrix(runif(60), 10)
history <- model %>% fit(list(a, b), rep(c(0,1), 5), batch_size = 5, epochs = 2, verbose = 0)
names(history$metrics)
model
