library(keras3)
inputs <- keras_input(shape = c(784))
dense <- layer_dense(units = 64, activation = "relu")
x <- dense(inputs)
outputs <- x |> layer_dense(units = 64, activation = "relu") |> layer_dense(units = 10)
model <- keras_model(inputs = inputs, outputs = outputs, name = "mnist_model")
summary(model)
x_train <- array(runif(50 * 784), c(50, 784)); y_train <- sample(0:9, 50, TRUE)
model |> compile(loss = loss_sparse_categorical_crossentropy(from_logits = TRUE), optimizer = optimizer_rmsprop(), metrics = "accuracy")
history <- model |> fit(x_train, y_train, batch_size = 25, epochs = 2, validation_split = 0.2, verbose = 0)
test_scores <- model |> evaluate(x_train, y_train, verbose = 0)
cat(names(test_scores), "\n")
model |> save_model("my_model.keras", overwrite = TRUE)
rm(model)
model <- load_model("my_model.keras")
num_tags <- 12; num_words <- 100; num_departments <- 4
title_input <- keras_input(shape = c(NA), name = "title")
body_input <- keras_input(shape = c(NA), name = "body")
tags_input <- keras_input(shape = c(num_tags), name = "tags")
title_features <- layer_embedding(title_input, num_words, 8) |> layer_lstm(8)
body_features <- layer_embedding(body_input, num_words, 8) |> layer_lstm(4)
x <- layer_concatenate(title_features, body_features, tags_input)
priority_pred <- layer_dense(x, 1, name = "priority")
department_pred <- layer_dense(x, num_departments, name = "department")
model <- keras_model(inputs = list(title_input, body_input, tags_input), outputs = list(priority = priority_pred, department = department_pred))
model |> compile(optimizer = optimizer_rmsprop(1e-3), loss = list(priority = loss_binary_crossentropy(from_logits = TRUE), department = loss_categorical_crossentropy(from_logits = TRUE)), loss_weights = list(priority = 1.0, department = 0.2))
title_data <- array(sample(0:99, 32 * 10, TRUE), c(32, 10)); body_data <- array(sample(0:99, 32 * 20, TRUE), c(32, 20)); tags_data <- array(sample(0:1, 32 * num_tags, TRUE), c(32, num_tags))
priority_targets <- array(runif(32), c(32, 1)); dept_targets <- to_categorical(sample(0:3, 32, TRUE), num_departments)
model |> fit(list(title = title_data, body = body_data, tags = tags_data), list(priority = priority_targets, department = dept_targets), epochs = 1, batch_size = 16, verbose = 0)
layer_custom_dense <- Layer("CustomDense",
  initialize = function(units = 32, ...) { super$initialize(...); self$units <- as.integer(units) },
  build = function(input_shape) {
    self$w <- self$add_weight(shape = shape(tail(input_shape, 1), self$units), initializer = "random_normal", trainable = TRUE)
    self$b <- self$add_weight(shape = shape(self$units), initializer = "random_normal", trainable = TRUE)
  },
  call = function(inputs) op_matmul(inputs, self$w) + self$b,
  get_config = function() { config <- super$get_config(); config$units <- self$units; config }
)
inputs <- keras_input(c(4)); outputs <- inputs |> layer_custom_dense(10)
model <- keras_model(inputs, outputs)
config <- get_config(model)
new_model <- from_config(config, custom_objects = list(layer_custom_dense))
print(new_model$output_shape)
extractor <- keras_model(model$inputs, lapply(model$layers, \(l) l$output))
f <- extractor(op_ones(c(2, 4)))
print(length(f))
layer_cr <- Layer("CustomRNN",
  initialize = function(units) { super$initialize(); self$units <- units; self$p1 <- layer_dense(units = units, activation = "tanh"); self$p2 <- layer_dense(units = units, activation = "tanh"); self$cl <- layer_dense(units = 1) },
  call = function(inputs) {
    state <- op_zeros(shape(op_shape(inputs)[[1]], self$units)); outs <- list()
    for (t in 1:op_shape(inputs)[[2]]) { h <- self$p1(inputs[, t, ]); y <- h + self$p2(state); state <- y; outs[[t]] <- y }
    self$cl(op_stack(outs, axis = 2))
  })
inputs <- keras_input(batch_shape = c(4, 5, 3)); x <- inputs |> layer_conv_1d(8, 3); m <- keras_model(inputs, layer_cr(x, units = 8))
print(op_shape(m(op_zeros(c(4, 5, 3)))))
