library(keras3)
CustomModel <- new_model_class("CustomModel",
  train_step = function(data) {
    c(x, y = NULL, sample_weight = NULL) %<-% data
    with(tensorflow::tf$GradientTape() %as% tape, {
      y_pred <- self(x, training = TRUE)
      loss <- self$compute_loss(y = y, y_pred = y_pred, sample_weight = sample_weight)
    })
    trainable_vars <- self$trainable_variables
    gradients <- tape$gradient(loss, trainable_vars)
    self$optimizer$apply(gradients, trainable_vars)
    for (metric in self$metrics) {
      if (metric$name == "loss") metric$update_state(loss)
      else metric$update_state(y, y_pred, sample_weight = sample_weight)
    }
    metrics <- lapply(self$metrics, function(m) m$result())
    metrics <- setNames(metrics, sapply(self$metrics, function(m) m$name))
    metrics
  },
  test_step = function(data) {
    c(x, y) %<-% data
    y_pred <- self(x, training = FALSE)
    loss <- self$compute_loss(y = y, y_pred = y_pred)
    for (metric in self$metrics) if (metric$name == "loss") metric$update_state(loss) else metric$update_state(y, y_pred)
    setNames(lapply(self$metrics, \(m) m$result()), sapply(self$metrics, \(m) m$name))
  })
inputs <- keras_input(shape = c(32)); outputs <- inputs |> layer_dense(1)
model <- CustomModel(inputs, outputs)
model |> compile(optimizer = "adam", loss = "mse", metrics = c("mae"))
x <- random_uniform(c(100, 32)); y <- random_uniform(c(100, 1)); sw <- random_uniform(c(100, 1))
h <- model |> fit(x, y, sample_weight = sw, epochs = 2, verbose = 0)
print(names(h$metrics))
r <- model |> evaluate(x, y, verbose = 0); print(length(r) >= 2)
BestOnly <- new_callback_class("BestOnly", initialize = function(patience = 0) { super$initialize(); self$patience <- patience; self$best_weights <- NULL },
  on_train_begin = function(logs = NULL) { self$wait <- 0; self$stopped_epoch <- 0; self$best <- Inf },
  on_epoch_end = function(epoch, logs = NULL) {
    current <- logs$loss
    if (is.nan(current)) { cat("NaN loss\n"); return() }
    if (current < self$best) { self$best <- current; self$wait <- 0L; self$best_weights <- get_weights(self$model) }
    else { self$wait <- self$wait + 1L; if (self$wait >= self$patience) { self$stopped_epoch <- epoch; self$model$stop_training <- TRUE; set_weights(self$model, self$best_weights) } }
  },
  on_train_end = function(logs = NULL) if (self$stopped_epoch > 0) cat(sprintf("Epoch %05d: early stopping\n", self$stopped_epoch + 1)))
model |> fit(x, y, epochs = 3, verbose = 0, callbacks = list(BestOnly(patience = 2)))
MySchedule <- new_learning_rate_schedule_class("MySchedule", initialize = function(initial, steps) { self$initial <- initial; self$steps <- steps },
  call = function(step) { step <- op_cast(step, "float32"); self$initial / (1 + step / self$steps) })
m2 <- keras_model_sequential(input_shape = 3) |> layer_dense(1); m2 |> compile(optimizer_sgd(MySchedule(0.1, 5)), "mse"); m2 |> fit(matrix(runif(30), 10), runif(10), epochs = 2, verbose = 0)
metric_bin_tp <- Metric("BinaryTruePositives", initialize = function(name = "binary_true_positives", ...) { super$initialize(name = name, ...); self$tp <- self$add_weight(shape = shape(), name = "tp", initializer = "zeros") },
  update_state = function(y_true, y_pred, sample_weight = NULL) { v <- op_sum(op_cast(op_logical_and(op_equal(y_true, 1), op_greater(y_pred, 0.5)), self$dtype)); self$tp$assign_add(v) }, result = function() self$tp$value, reset_state = function() self$tp$assign(0))
m3 <- keras_model_sequential(input_shape = 3) |> layer_dense(1, activation = "sigmoid"); m3 |> compile("sgd", "binary_crossentropy", metrics = list(metric_bin_tp(), metric_auc(name = "auc")))
h3 <- m3 |> fit(matrix(runif(30), 10), rep(0:1, 5), epochs = 2, verbose = 0); print(names(h3$metrics)); print(as.data.frame(h3)[1:2, c("epoch", "metric", "data")])
