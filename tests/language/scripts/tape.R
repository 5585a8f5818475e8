library(tensorflow)
library(keras)
library(tfdatasets)
library(purrr)
n <- 32
x <- matrix(rnorm(n * 3), ncol = 3); y <- x %*% c(0.2, -1, 2) + 1
ds <- tensor_slices_dataset(list(x, y)) %>% dataset_shuffle(32) %>% dataset_batch(8)
Model <- function() keras_model_custom(name = "lin", function(self) {
  self$dense1 <- layer_dense(units = 8, activation = "relu")
  self$dense2 <- layer_dense(units = 1)
  function(inputs, mask = NULL, training = FALSE) inputs %>% self$dense1() %>% self$dense2()
})
model <- Model()
optimizer <- tf$optimizers$Adam(0.01)
mse <- function(y_true, y_pred) tf$reduce_mean(tf$losses$mean_squared_error(y_true, y_pred))
train_loss <- tf$keras$metrics$Mean(name = 'train_loss')
train_step <- function(batch) {
  with (tf$GradientTape() %as% tape, {
    pred <- model(batch[[1]], training = TRUE)
    loss <- mse(batch[[2]], pred)
  })
  gradients <- tape$gradient(loss, model$trainable_variables)
  optimizer$apply_gradients(purrr::transpose(list(gradients, model$trainable_variables)))
  train_loss(loss)
  invisible(NULL)
}
for (epoch in 1:2) {
  iter <- make_iterator_one_shot(ds)
  until_out_of_range({ batch <- iterator_get_next(iter); train_step(batch) })
  cat("Epoch", epoch, ": ", train_loss$result()$numpy() > 0, "\n")
  train_loss$reset_states()
}
library(tfautograph)
training_loop <- tf_function(autograph(function(ds) { for (b in ds) train_step(b); tf$print("Loss: ok") }))
training_loop(ds)
W <- tf$Variable(tf$zeros(shape(3L, 1L)))
for (i in 1:2) {
 with(tf$GradientTape() %as% t, { loss <- tf$reduce_mean((tf$matmul(tf$constant(x, dtype = "float32"), W) - tf$constant(y, dtype = tf$float32))^2) })
 g <- t$gradient(loss, W); W$assign_sub(0.1 * g)
}
dim(as.array(W))
l1 <- new_layer_class("Lin", initialize = function(units) { super$initialize(); self$units <- units },
  build = function(input_shape) { self$w <- self$add_weight(shape = shape(input_shape[[2]], self$units), initializer = "random_normal") },
  call = function(inputs) tf$matmul(inputs, self$w))
l1(units = 4L)(tf$ones(shape(2, 3)))$shape
