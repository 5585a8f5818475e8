library(keras)
library(tensorflow)
SimpleDense(keras$layers$Layer) %py_class% {
  initialize <- function(units = 32) {
    super$initialize()
    self$units <- units
  }
  build <- function(input_shape) {
    w_init <- tf$random_normal_initializer()
    self$w <- tf$Variable(initial_value = w_init(shape = shape(tail(unlist(as.list(input_shape)), 1), self$units), dtype = "float32"), trainable = TRUE)
    b_init <- tf$zeros_initializer()
    self$b <- tf$Variable(initial_value = b_init(shape = shape(self$units), dtype = "float32"), trainable = TRUE)
  }
  call <- function(inputs) {
    tf$matmul(inputs, self$w) + self$b
  }
}
l <- SimpleDense(units = 4L)
y <- l(tf$ones(shape(2, 3)))
dim(y)
CustomModel(keras$Model) %py_class% {
  "A model with its own step"
  train_step <- function(data) {
    c(x, y) %<-% data
    with(tf$GradientTape() %as% tape, {
      y_pred <- self(x, training = TRUE)
      loss <- self$compiled_loss(y, y_pred, regularization_losses = self$losses)
    })
    trainable_vars <- self$trainable_variables
    gradients <- tape$gradient(loss, trainable_vars)
    self$optimizer$apply_gradients(zip_lists(gradients, trainable_vars))
    self$compiled_metrics$update_state(y, y_pred)
    results <- list()
    for (m in self$metrics) results[[m$name]] <- m$result()
    results
  }
}
inputs <- layer_input(shape(32))
outputs <- inputs %>% layer_dense(1)
model <- CustomModel(inputs, outputs)
model %>% compile(optimizer = "adam", loss = "mse", metrics = "mae")
x <- k_random_uniform(c(100, 32)); y <- k_random_uniform(c(100, 1))
h <- model %>% fit(x, y, epochs = 2, verbose = 0)
names(h$metrics)
LossHistory(keras$callbacks$Callback) %py_class% {
  on_train_begin <- function(logs = NULL) self$losses <- c()
  on_batch_end <- function(batch, logs = NULL) self$losses <- c(self$losses, logs$loss)
}
cb <- LossHistory()
model %>% fit(x, y, epochs = 1, verbose = 0, callbacks = list(cb), batch_size = 50)
length(cb$losses)
MyMetric(keras$metrics$Metric) %py_class% {
  initialize <- function(name = "my_metric", ...) {
    super$initialize(name = name, ...)
    self$total <- self$add_weight(name = "t", initializer = "zeros")
  }
  update_state <- function(y_true, y_pred, sample_weight = NULL) self$total$assign_add(tf$reduce_sum(tf$abs(y_true - y_pred)))
  result <- function() self$total
  reset_state <- function() self$total$assign(0)
}
m <- MyMetric()
invisible(m$update_state(tf$constant(c(1,2)), tf$constant(c(2,4))))
as.numeric(m$result())
