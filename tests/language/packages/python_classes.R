suppressMessages({ library(keras); library(tensorflow) })
Scaled <- reticulate::PyClass("Scaled", inherit = tf$keras$layers$Layer, list(
  `__init__` = function(self, units, ...) {
    super()$`__init__`(...)
    self$inner <- tf$keras$layers$Dense(as.integer(units), use_bias = FALSE, kernel_initializer = "ones")
    NULL
  },
  call = function(self, inputs, training = TRUE, mask = NULL) inputs %>% self$inner() * 2
))
layer <- Scaled(3)
stopifnot(identical(as.array(layer(matrix(1, 2, 2))), matrix(4, 2, 3)))
model <- keras_model_sequential(input_shape = 2)
model$add(Scaled(1, name = "scaled"))
stopifnot(identical(predict(model, matrix(1, 2, 2), verbose = 0), matrix(4, 2, 1)), model$layers[[1]]$name == "scaled")

# A schedule's method for calling has Python's name or the one of new_learning_rate_schedule_class().
Rising <- reticulate::PyClass("Rising", inherit = tf$keras$optimizers$schedules$LearningRateSchedule, defs = list(
  `__init__` = function(self, top) { super()$`__init__`(); self$top <- tf$cast(top, tf$float32); NULL },
  `__call__` = function(self, step) self$top * tf$math$minimum(tf$cast(step, tf$float32) / 10, 1)
))
stopifnot(all.equal(as.array(Rising(2)(5L)), 1))
Falling(tf$keras$optimizers$schedules$LearningRateSchedule) %py_class% {
  `__init__` <- function(top) { super()$`__init__`(); self$top <- top; NULL }
  `__call__` <- function(step) self$top / (1 + tf$cast(step, tf$float32))
}
stopifnot(all.equal(as.array(Falling(2)(3L)), 0.5))
model %>% compile(tf$keras$optimizers$Adam(Rising(0.1)), "mse")
history <- model %>% fit(matrix(1, 4, 2), rep(1, 4), epochs = 2, verbose = 0)
stopifnot(history$metrics$loss[2] <= history$metrics$loss[1])

# Without a parent; values of the class, and methods that call each other.
Counter <- reticulate::PyClass("Counter", list(
  total = 0,
  add = function(self, x) { self$total <- self$total + x; self$total },
  twice = function(self, x) { self$add(x); self$add(x) }
))
counter <- Counter()
stopifnot(counter$twice(3) == 6, Counter()$total == 0)
message_of <- function(expression) conditionMessage(tryCatch(expression, error = identity))
stopifnot(grepl("first argument of method f", message_of(reticulate::PyClass("A", list(f = function(x) x)))))
stopifnot(grepl("one is possible", message_of(reticulate::PyClass("A", list(), list(tf$keras$layers$Layer, tf$keras$Model)))))
