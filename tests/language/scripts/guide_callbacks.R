library(keras)
LossHistory <- R6::R6Class("LossHistory", inherit = KerasCallback, public = list(losses = NULL,
  on_batch_end = function(batch, logs = list()) { self$losses <- c(self$losses, logs[["loss"]]) }))
model <- keras_model_sequential() %>% layer_dense(1, input_shape = 2, kernel_initializer = "ones")
model %>% compile(loss = "mse", optimizer = optimizer_sgd(0.1), metrics = "mae")
history <- LossHistory$new()
model %>% fit(matrix(1, 8, 2), matrix(0, 8, 1), batch_size = 4, epochs = 2, verbose = 0, callbacks = list(history))
length(history$losses); round(history$losses[1], 3)
Stop <- R6::R6Class("Stop", inherit = KerasCallback, public = list(at = NULL, seen = 0, initialize = function(at) { self$at <- at },
  on_epoch_begin = function(epoch, logs = NULL) cat("epoch", epoch, "\n"),
  on_epoch_end = function(epoch, logs = NULL) { self$seen <- self$seen + 1; if (epoch + 1 >= self$at) self$model$stop_training <- TRUE }))
s <- Stop$new(3)
h <- model %>% fit(matrix(1, 8, 2), matrix(0, 8, 1), epochs = 10, verbose = 0, callbacks = s)
s$seen; length(h$metrics$loss); s$params$epochs
lam <- callback_lambda(on_epoch_end = function(epoch, logs) cat("end", epoch, names(logs), "\n"), on_train_begin = function(logs) cat("begin\n"))
h <- model %>% fit(matrix(1, 8, 2), matrix(0, 8, 1), epochs = 2, verbose = 0, callbacks = list(lam), validation_split = 0.5)
sched <- callback_learning_rate_scheduler(function(epoch, lr) lr * 0.5)
h <- model %>% fit(matrix(1, 8, 2), matrix(0, 8, 1), epochs = 2, verbose = 0, callbacks = list(sched)); names(h$metrics)
k_get_value(model$optimizer$lr)
Mine <- new_callback_class("Mine", initialize = function(tag) { super$initialize(); private$tag <- tag }, on_test_end = function(logs = NULL) cat(private$tag, "tested\n"), on_predict_batch_end = function(batch, logs = NULL) cat(private$tag, "batch", batch, "\n"), private = list(tag = NULL))
tested <- model %>% evaluate(matrix(1, 4, 2), matrix(0, 4, 1), verbose = 0, callbacks = list(Mine("x")))
p <- model %>% predict(matrix(1, 4, 2), callbacks = list(Mine("y")), batch_size = 2)
