library(keras)
library(tensorflow)
# Shapes print in one line and answer as Python's do.
s <- tf$zeros(shape(2, 3))$shape
s
shape(NULL, 3)
layer_input(shape = c(3))$shape
s == shape(2, 3); s != c(2, 3); s[2]; s[[2]]; length(s); as.integer(s); unlist(s); format(s); identical(s, shape(2, 3))
s$as_list(); s$ndims; s$num_elements(); shape(NA, 3)$is_fully_defined()
for (size in s) print(size)
op_shape(array(0, c(1, 2, 3)))
shape(s, 4L)
# Tensors in formats, texts of data sets, loops over data sets.
loss <- tf$constant(2.5)
sprintf("loss %.2f, %s, step %d", loss, loss, tf$constant(3L))
as.character.parcel <- function(x, ...) "a parcel"
as.double.parcel <- function(x, ...) 3.5
parcel <- structure(new.env(), class = "parcel")
parcel$inside <- 1
sprintf("%s of %.1f", parcel, parcel)
words <- tensor_slices_dataset(c("one", "two", "three")) %>% dataset_batch(2)
batch <- iter_next(as_iterator(words))
batch$shape; batch$dtype; tf$strings$upper(batch)
coro::loop(for (part in tensor_slices_dataset(matrix(1:6, 3)) %>% dataset_batch(2)) print(part$shape))
# Layers of the program that take more than one argument.
Scaled <- new_layer_class("Scaled", call = function(a, b, scale = 1, flag = FALSE) if (flag) a + b else a * scale + b)
x <- tf$ones(shape(1, 2))
scaled <- Scaled()
as.array(scaled(x, x)); as.array(scaled(x, x, 3)); as.array(scaled(x, b = x, scale = 4)); as.array(scaled(x, x, flag = TRUE))
left <- layer_input(2); right <- layer_input(2)
model <- keras_model(list(left, right), Scaled()(left, b = right, scale = 2))
model(list(x, x))
Attention <- new_layer_class("Attention",
  initialize = function(units, ...) { super$initialize(...); self$score <- layer_dense(units = units); self$total <- layer_dense(units = 1) },
  call = function(query, values, mask = NULL) {
    weights <- tf$nn$softmax(self$total(tf$nn$tanh(self$score(tf$expand_dims(query, 1L)) + self$score(values))), axis = 1L)
    list(tf$reduce_sum(weights * values, axis = 1L), weights)
  })
query <- layer_input(4); values <- layer_input(c(5, 4))
model <- keras_model(list(query, values), Attention(8)(query, values)[[1]])
model$count_params()
Decoder <- new_model_class("Decoder",
  initialize = function() { super$initialize(); self$attention <- Attention(8); self$out <- layer_dense(units = 3) },
  call = function(x, hidden, encoded) self$out(tf$concat(list(x, self$attention(hidden, encoded)[[1]]), axis = -1L)))
Decoder()(tf$ones(shape(2, 4)), tf$ones(shape(2, 4)), tf$ones(shape(2, 5, 4)))$shape
decoder <- keras_model_custom(function(self) {
  self$out <- layer_dense(units = 3)
  function(inputs, hidden, training = FALSE) if (training) hidden else self$out(inputs) + hidden
})
decoder(tf$ones(shape(2, 4)), tf$ones(shape(2, 3)))$shape
# Layers tell what they measure, and classes make equal ones from their configurations.
Linear(keras$layers$Layer) %py_class% {
  initialize <- function(units = 32, ...) { super$initialize(...); self$units <- as.integer(units) }
  build <- function(input_shape) self$w <- self$add_weight(shape = shape(tail(input_shape, 1), self$units), initializer = "zeros")
  call <- function(inputs) { self$add_metric(tf$reduce_mean(inputs), name = "height"); tf$matmul(inputs, self$w) }
  get_config <- function() list(units = self$units)
}
layer <- Linear(4)
layer(x)$shape
sapply(layer$metrics, function(metric) metric$name)
layer$get_config()
Linear$from_config(layer$get_config())(x)$shape
