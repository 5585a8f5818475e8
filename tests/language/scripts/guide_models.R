library(keras)
keras_model_simple_mlp <- function(num_classes, use_bn = FALSE, use_dp = FALSE, name = NULL) {
  keras_model_custom(name = name, function(self) {
    self$dense1 <- layer_dense(units = 4, activation = "relu", kernel_initializer = "ones")
    self$dense2 <- layer_dense(units = num_classes, activation = "softmax")
    if (use_dp) self$dp <- layer_dropout(rate = 0.5)
    if (use_bn) self$bn <- layer_batch_normalization(axis = -1)
    function(inputs, mask = NULL, training = FALSE) {
      x <- self$dense1(inputs)
      if (use_dp) x <- self$dp(x)
      if (use_bn) x <- self$bn(x)
      self$dense2(x)
    }
  })
}
for (flags in list(c(FALSE, FALSE), c(TRUE, FALSE), c(FALSE, TRUE), c(TRUE, TRUE))) {
  model <- keras_model_simple_mlp(3, flags[1], flags[2], name = "mlp")
  model %>% compile(loss = "categorical_crossentropy", optimizer = "sgd", metrics = "accuracy")
  h <- model %>% fit(matrix(1, 8, 2), to_categorical(rep(0:2, length.out = 8), 3), epochs = 1, verbose = 0)
  print(dim(predict(model, matrix(1, 5, 2)))); print(count_params(model)); print(names(h$metrics))
}
MyModel <- new_model_class("MyModel",
  initialize = function(units, ...) { super$initialize(...); self$d <- layer_dense(units = units, kernel_initializer = "ones"); self$out <- layer_dense(units = 1, kernel_initializer = "ones") },
  call = function(inputs, training = FALSE) inputs %>% self$d() %>% self$out())
m <- MyModel(3)
m %>% compile(loss = "mse", optimizer = "sgd")
m %>% evaluate(matrix(1, 2, 2), matrix(0, 2, 1), verbose = 0)
Custom(keras$Model) %py_class% {
  train_step <- function(data) {
    c(x, y) %<-% data
    with(tf$GradientTape() %as% tape, { y_pred <- self(x, training = TRUE); loss <- self$compiled_loss(y, y_pred, regularization_losses = self$losses) })
    gradients <- tape$gradient(loss, self$trainable_variables)
    self$optimizer$apply_gradients(zip_lists(gradients, self$trainable_variables))
    self$compiled_metrics$update_state(y, y_pred)
    lapply(self$metrics, function(m) m$result()) %>% setNames(sapply(self$metrics, function(m) m$name))
  }
}
inputs <- layer_input(shape = 2)
outputs <- inputs %>% layer_dense(1, kernel_initializer = "ones")
model <- Custom(inputs, outputs)
model %>% compile(optimizer = "sgd", loss = "mse", metrics = "mae")
h <- model %>% fit(matrix(1, 8, 2), matrix(0, 8, 1), epochs = 2, verbose = 0, batch_size = 8)
print(round(h$metrics$loss, 4)); print(names(h$metrics))
