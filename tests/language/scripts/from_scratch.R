library(tensorflow)
library(keras)
layer_naive_dense <- function(input_size, output_size, activation) {
  self <- new.env(parent = emptyenv())
  attr(self, "class") <- "NaiveDense"
  self$activation <- activation
  self$W <- tf$Variable(array(runif(input_size * output_size, 0, 0.1), c(input_size, output_size)), dtype = "float32")
  self$b <- tf$Variable(array(0, output_size), dtype = "float32")
  self$weights <- list(self$W, self$b)
  self$call <- function(inputs) self$activation(tf$matmul(inputs, self$W) + self$b)
  self
}
layers <- list(layer_naive_dense(6, 8, tf$nn$relu), layer_naive_dense(8, 3, tf$nn$softmax))
weights <- do.call(c, lapply(layers, function(layer) layer$weights))
optimizer <- optimizer_sgd(learning_rate = 1e-3)
images <- matrix(runif(60), 10)
labels <- rep(0:1, 5)
for (epoch in 1:2) {
  with(tf$GradientTape() %as% tape, {
    predictions <- images
    for (layer in layers) predictions <- layer$call(predictions)
    loss <- mean(loss_sparse_categorical_crossentropy(labels, predictions))
  })
  optimizer$apply_gradients(zip_lists(tape$gradient(loss, weights), weights))
  cat(sprintf("epoch %s: %s\n", epoch, as.numeric(loss) > 0))
}
range(max.col(as.array(predictions)) - 1) %in% 0:2
v <- tf$Variable(tf$zeros(shape(3, 2)))
invisible(v[1, 1]$assign(3))
invisible(v[2, ]$assign_add(c(1, 2)))
as.array(v)
dim(as_tensor(array(1:750, c(3, 10, 25)))[1:2, 5:NULL, NULL:-6])
x <- tf$range(6L)
x[2:NULL]
x[NULL:-2]
