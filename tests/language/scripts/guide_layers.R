library(keras)
# variation 1: R6 class with two weights, wrapper made by create_layer
CustomLayer <- R6::R6Class("CustomLayer", inherit = KerasLayer, public = list(
  output_dim = NULL, kernel = NULL, bias = NULL,
  initialize = function(output_dim) { self$output_dim <- output_dim },
  build = function(input_shape) {
    self$kernel <- self$add_weight(name = 'kernel', shape = list(input_shape[[2]], self$output_dim), initializer = initializer_constant(0.5), trainable = TRUE)
    self$bias <- self$add_weight(name = 'bias', shape = list(self$output_dim), initializer = initializer_zeros(), trainable = FALSE)
  },
  call = function(x, mask = NULL) { k_bias_add(k_dot(x, self$kernel), self$bias) },
  compute_output_shape = function(input_shape) { list(input_shape[[1]], self$output_dim) }))
layer_custom <- function(object, output_dim, name = NULL, trainable = TRUE) {
  create_layer(CustomLayer, object, list(output_dim = as.integer(output_dim), name = name, trainable = trainable))
}
model <- keras_model_sequential() %>% layer_dense(units = 4, input_shape = c(3), kernel_initializer = "ones") %>% layer_custom(output_dim = 2, name = "mine") %>% layer_dense(1)
print(predict(model, matrix(1, 2, 3))[, 1] == predict(model, matrix(1, 2, 3))[, 1])
count_params(model); length(model$trainable_weights); length(model$non_trainable_weights)
get_layer(model, "mine")$output_dim
# variation 2: new_layer_class with private, activation argument, get_config
layer_scaled <- new_layer_class("Scaled",
  initialize = function(factor = 2, activation = NULL, ...) { super$initialize(...); self$factor <- factor; self$activation <- activation },
  call = function(inputs, training = NULL) { y <- inputs * self$factor; if (!is.null(self$activation)) y <- k_relu(y); y },
  get_config = function() { config <- super$get_config(); config$factor <- self$factor; config })
l <- layer_scaled(factor = 3)
as.array(l(k_constant(matrix(1:4, 2))))
l$get_config()$factor
m <- keras_model_sequential() %>% layer_dense(2, input_shape = 2, kernel_initializer = "identity") %>% layer_scaled(factor = -1, activation = "relu")
predict(m, matrix(c(1, 2, 3, -4), 2))
# variation 3: %py_class%
Linear(keras$layers$Layer) %py_class% {
  initialize <- function(units = 32L) { super$initialize(); self$units <- units }
  build <- function(input_shape) {
    self$w <- self$add_weight(shape = shape(tail(input_shape, 1), self$units), initializer = "ones", trainable = TRUE)
    self$b <- self$add_weight(shape = shape(self$units), initializer = "zeros", trainable = TRUE)
  }
  call <- function(inputs) { tf$matmul(inputs, self$w) + self$b }
}
linear <- Linear(4L)
y <- linear(tf$ones(shape(2, 2)))
print(as.array(y))
length(linear$weights)
# variation 4: layer of layers
MLPBlock(keras$layers$Layer) %py_class% {
  initialize <- function() {
    super$initialize()
    self$linear_1 <- Linear(3L); self$linear_2 <- Linear(1L)
  }
  call <- function(inputs) { inputs %>% self$linear_1() %>% tf$nn$relu() %>% self$linear_2() }
}
mlp <- MLPBlock()
as.array(mlp(tf$ones(shape(3, 2))))
length(mlp$weights)
# variation 5: layer with a metric/loss and training flag
layer_act <- new_layer_class("ActReg", initialize = function(rate = 0.1) { super$initialize(); self$rate <- rate }, call = function(inputs) { self$add_loss(self$rate * k_mean(inputs)); inputs })
m <- keras_model_sequential() %>% layer_dense(1, input_shape = 2, kernel_initializer = "ones") %>% layer_act(0.5)
m %>% compile(loss = "mse", optimizer = optimizer_sgd(0))
m %>% evaluate(matrix(1, 4, 2), matrix(2, 4, 1), verbose = 0)
