library(keras)
CustomLayer <- R6::R6Class("CustomLayer", inherit = KerasLayer, public = list(
  output_dim = NULL, kernel = NULL,
  initialize = function(output_dim) { self$output_dim <- output_dim },
  build = function(input_shape) { self$kernel <- self$add_weight(name = 'kernel', shape = list(input_shape[[2]], self$output_dim), initializer = initializer_random_normal(), trainable = TRUE) },
  call = function(x, mask = NULL) { k_dot(x, self$kernel) },
  compute_output_shape = function(input_shape) { list(input_shape[[1]], self$output_dim) }))
layer_custom <- function(object, output_dim, name = NULL, trainable = TRUE) create_layer(CustomLayer, object, list(output_dim = as.integer(output_dim), name = name, trainable = trainable))
model <- keras_model_sequential()
model %>% layer_dense(units = 8, input_shape = c(4)) %>% layer_custom(output_dim = 3)
LossHistory <- R6::R6Class("LossHistory", inherit = KerasCallback, public = list(losses = NULL, on_batch_end = function(batch, logs = list()) { self$losses <- c(self$losses, logs[["loss"]]) }))
history <- LossHistory$new()
model %>% compile(loss = "mse", optimizer = "adam")
model %>% fit(matrix(runif(40), 10), matrix(runif(30), 10), epochs = 1, batch_size = 5, callbacks = list(history), verbose = 0)
length(history$losses)
bidirectional_model <- keras_model_sequential() %>% layer_embedding(50, 8) %>% bidirectional(layer_lstm(units = 4)) %>% layer_dense(1, activation = "sigmoid")
bidirectional_model %>% compile("rmsprop", "binary_crossentropy", metrics = c("acc"))
h <- bidirectional_model %>% fit(matrix(sample(0:49, 60, TRUE), 6), rep(0:1, 3), epochs = 1, verbose = 0); names(h$metrics)
tdm <- keras_model_sequential() %>% time_distributed(layer_dense(units = 3), input_shape = c(5, 4)); tdm$output_shape
model2 <- clone_model(model); model_to_json(model2) |> nchar() > 100
w <- get_weights(model)
for (layer in model$layers) cat(layer$name, "\n")
model$layers[[1]]$trainable <- FALSE
length(model$trainable_weights)
schedule <- function(epoch, lr) lr * 0.5
model %>% compile(loss = "mse", optimizer = optimizer_sgd(0.1)) 
model %>% fit(matrix(runif(40), 10), matrix(runif(30), 10), epochs = 2, verbose = 0, callbacks = list(callback_learning_rate_scheduler(schedule), callback_csv_logger(tempfile())))
k_get_value(model$optimizer$lr)
model$optimizer$learning_rate
