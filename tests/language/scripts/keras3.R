library(keras3)
inputs <- keras_input(shape = c(28), name = "img")
outputs <- inputs |> layer_dense(units = 16, activation = "relu") |> layer_dense(10, activation = "softmax")
model <- keras_model(inputs, outputs, name = "m3")
model |> compile(optimizer = optimizer_adam(learning_rate = 1e-3), loss = loss_sparse_categorical_crossentropy(), metrics = list(metric_sparse_categorical_accuracy(name="acc")))
x <- random_normal(c(40, 28)); y <- sample(0:9, 40, TRUE)
model |> fit(x, y, batch_size = 8, epochs = 1, verbose = 0)
model |> evaluate(x, y, verbose = 0) -> e; names(e)
save_model(model, f <- file.path(tempdir(), "model.keras"), overwrite = TRUE); m2 <- load_model(f)
op_max(op_abs(model(x) - m2(x)))
layer_sq <- Layer("Sq", initialize = function(units, ...) { super$initialize(...); self$units <- units },
  build = function(input_shape) { self$kernel <- self$add_weight(shape = shape(tail(input_shape, 1)[[1]], self$units), name = "kernel") },
  call = function(x) op_square(op_matmul(x, self$kernel)))
m3 <- keras_model_sequential(input_shape = 4) |> layer_sq(3)
m3(op_ones(c(2, 4)))$shape
pred <- model |> predict(x, verbose = 0); dim(pred)
model |> get_layer(index = 2)
CB <- Callback("CB", on_epoch_end = function(epoch, logs = NULL) cat("end", epoch, names(logs)[1], "\n"))
model |> fit(x, y, epochs = 1, verbose = 0, callbacks = CB())
