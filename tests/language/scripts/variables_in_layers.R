# Layers whose weights are variables that the program makes itself, as guides for TensorFlow 2 have them.
library(keras)
library(tensorflow)
k_clear_session()
layer_linear <- Layer(
  classname = "Linear",
  initialize = function(units, input_dim) {
    super()$`__init__`()
    w_init <- tf$random_normal_initializer()
    self$w <- tf$Variable(initial_value = w_init(shape = shape(input_dim, units), dtype = tf$float32))
    b_init <- tf$zeros_initializer()
    self$b <- tf$Variable(initial_value = b_init(shape = shape(units), dtype = tf$float32))
  },
  call = function(inputs, ...) tf$matmul(inputs, self$w) + self$b
)
layer <- layer_linear(units = 4, input_dim = 2)
dim(layer(tf$ones(shape = list(2L, 2L))))
length(layer$weights)
layer_compute_sum <- Layer(
  classname = "ComputeSum",
  initialize = function(input_dim) {
    super()$`__init__`()
    self$total <- tf$Variable(initial_value = tf$zeros(shape(input_dim)), trainable = FALSE)
  },
  call = function(inputs, ...) {
    self$total$assign_add(tf$reduce_sum(inputs, axis = 0L))
    self$total
  }
)
s <- layer_compute_sum(input_dim = 2)
s(tf$ones(shape(2, 2)))$numpy()
as.array(s(tf$ones(shape(2, 2))))
length(s$non_trainable_weights)
s$trainable_weights
model <- keras_model_sequential(input_shape = 2) %>% layer_linear(units = 3, input_dim = 2) %>% layer_linear(units = 1, input_dim = 3)
model
before <- get_weights(model)
model %>% compile(loss = "mse", optimizer = "sgd") 
model %>% fit(matrix(runif(16), 8), runif(8), epochs = 1, verbose = 0)
mapply(function(a, b) any(a != b), before, get_weights(model))
callback_rates <- Callback("Rates",
  `__init__` = function(rates) { super$initialize(); self$rates <- rates; self$seen <- c() },
  on_epoch_begin = function(epoch, logs = NULL) {
    self$model$optimizer$learning_rate <- self$rates(epoch)
    self$seen <- c(self$seen, as.numeric(self$model$optimizer$learning_rate))
  })
told <- callback_rates(function(epoch) 2^-epoch)
model %>% fit(matrix(runif(16), 8), runif(8), epochs = 3, verbose = 0, callbacks = list(told))
told$seen
# A list of numbers is a row of them, also a list of one.
k_constant(list(5))
k_expand_dims(list(5))
k_constant(1:4, shape = c(2, 2))
pad_sequences(list(list(1, 2, 3), list(4), 5:6), maxlen = 4, padding = "post")
pad_sequences(matrix(1:6, 2), maxlen = 4)
# What older scripts write out: numbers that Keras knows, and words that change nothing.
optimizer_adam(lr = 0.001, epsilon = NULL, decay = 0)$get_config()$epsilon
optimizer_nadam(lr = 0.002, schedule_decay = 0.004)
dim(layer_gru(units = 3, implementation = 2)(layer_input(c(5, 2))))
