# Neural style by optim(): the gradient of a layer graph's loss for the pixels, and L-BFGS over some thousands of them.
library(keras)
library(purrr)
library(R6)
set.seed(1)
size <- 32
dms <- c(1, size, size, 3)
base_image <- k_constant(array(runif(prod(dms)), dms))
combination_image <- k_placeholder(dms)
features <- layer_conv_2d(filters = 4, kernel_size = 3, activation = "relu", name = "block1_conv1")
model <- keras_model(combination_image, features(combination_image))
outputs_dict <- map(model$layers, ~.x$output)
names(outputs_dict) <- map_chr(model$layers, ~.x$name)
gram_matrix <- function(x) {
  flat <- k_batch_flatten(k_permute_dimensions(x, pattern = c(3, 1, 2)))
  k_dot(flat, k_transpose(flat))
}
combination <- outputs_dict$block1_conv1[1, , , ]
base <- features(base_image)[1, , , ]
loss <- k_sum(k_square(gram_matrix(base) - gram_matrix(combination))) / size^4 + 0.01 * k_sum(k_square(combination - base))
grads <- k_gradients(loss, combination_image)[[1]]
f_outputs <- k_function(list(combination_image), list(loss, grads))
Evaluator <- R6Class("Evaluator", public = list(
  grad_values = NULL,
  loss = function(x) {
    outs <- f_outputs(list(array_reshape(x, dms)))
    self$grad_values <- array_reshape(outs[[2]], dim = length(outs[[2]]))
    outs[[1]]
  },
  grads = function(x) {
    self$loss(x)
    self$grad_values
  }))
evaluator <- Evaluator$new()
x <- array(runif(prod(dms)), dim = dms)
start <- evaluator$loss(array_reshape(x, dim = length(x)))
opt <- optim(array_reshape(x, dim = length(x)), fn = evaluator$loss, gr = evaluator$grads, method = "L-BFGS-B",
             control = list(maxit = 8))
length(opt$par)
opt$value < start / 4
image <- array_reshape(opt$par, dms)
dim(image[1, , , ])
