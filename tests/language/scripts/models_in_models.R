# A model piped into a sequential one, super() as a function, and iterators of arrays.
library(keras)
library(tfdatasets)
conv_base <- keras_model_sequential() %>% layer_conv_2d(2, 3, input_shape = c(6, 6, 1)) %>% layer_max_pooling_2d(2)
model <- keras_model_sequential() %>% conv_base %>% layer_flatten() %>% layer_dense(units = 1, activation = "sigmoid")
model$layers[[2]]$name
dim(predict(model, array(0, c(2, 6, 6, 1)), verbose = 0))
branch <- keras_model(inputs <- layer_input(shape = 3), layer_dense(inputs, 2))
other <- keras_model_sequential()
other %>% branch %>% layer_dense(1)
length(other$layers)
Doubler <- new_model_class("Doubler",
  initialize = function(units) {
    super()$`__init__`()
    self$inner <- layer_dense(units = units, kernel_initializer = "ones")
  },
  call = function(inputs) 2 * self$inner(inputs))
as.array(Doubler(1)(k_constant(matrix(1, 1, 3))))
Plus(keras$layers$Layer) %py_class% {
  `__init__` <- function(by, ...) {
    super()$`__init__`(...)
    self$by <- by
  }
  call <- function(x) x + self$by
}
as.array(Plus(2)(k_constant(1:3)))
try(super(), silent = TRUE) %>% class()
range_dataset(1, 4) %>% dataset_map(function(x) x * 2) %>% as_array_iterator() %>% iterate(function(x) x + 0.5)
iter_next(as_array_iterator(tensor_slices_dataset(list(a = 1:2, b = c(5, 6)))))
