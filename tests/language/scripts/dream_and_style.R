# Pictures made by ascent and descent on a loss over the layers of a model, in the graph that Keras 2 had.
library(keras)
set_random_seed(2)
k_set_learning_phase(0)
input <- layer_input(shape = list(NULL, NULL, 3))
output <- input %>%
  layer_conv_2d(4, 3, padding = "same", activation = "relu", name = "mixed2") %>%
  layer_conv_2d(4, 3, padding = "same", activation = "relu", name = "mixed3")
model <- keras_model(input, output)
contributions <- list(mixed2 = 0.2, mixed3 = 3)
layers <- model$layers
names(layers) <- lapply(layers, function(layer) layer$name)
loss <- k_variable(0)
for (name in names(contributions)) {
  activation <- layers[[name]]$output
  scaling <- k_prod(k_cast(k_shape(activation), "float32"))
  loss <- loss + contributions[[name]] * k_sum(k_square(activation)) / scaling
}
dream <- model$input
gradients <- k_gradients(loss, dream)[[1]]
gradients <- gradients / k_maximum(k_mean(k_abs(gradients)), 1e-7)
fetch <- k_function(list(dream), list(loss, gradients))
picture <- array(runif(12 * 14 * 3), c(1, 12, 14, 3))
seen <- numeric()
for (step in 1:4) {
  c(value, direction) %<-% fetch(list(picture))
  seen <- c(seen, value)
  picture <- picture + 0.01 * direction
}
!is.unsorted(seen, strictly = TRUE)
dim(direction)

size <- 8L
target <- k_constant(array(runif(size^2 * 3), c(1, size, size, 3)))
style <- k_constant(array(runif(size^2 * 3), c(1, size, size, 3)))
made <- k_placeholder(c(1, size, size, 3))
features <- k_concatenate(list(target, style, made), axis = 1) %>% layer_conv_2d(4, 3, activation = "relu")
gram <- function(x) {
  x <- k_batch_flatten(k_permute_dimensions(x, list(3, 1, 2)))
  k_dot(x, k_transpose(x))
}
loss <- k_sum(k_square(features[3, , , ] - features[1, , , ])) +
  0.01 * k_sum(k_square(gram(features[2, , , ]) - gram(features[3, , , ]))) +
  1e-3 * k_sum(k_pow(k_square(made[, 1:7, 1:7, ] - made[, 2:8, 1:7, ]), 1.25))
fetch <- k_function(list(made), list(loss, k_gradients(loss, made)[[1]]))
evaluate_at <- function(x) fetch(list(array_reshape(x, c(1, size, size, 3))))
found <- optim(runif(size^2 * 3), function(x) evaluate_at(x)[[1]], function(x) as.numeric(aperm(evaluate_at(x)[[2]], 4:1)),
               method = "L-BFGS-B", control = list(maxit = 3))
found$value < evaluate_at(runif(size^2 * 3))[[1]]

# The phase may be given with the inputs.
model <- keras_model_sequential(input_shape = 200) %>% layer_dropout(0.5)
run <- k_function(list(model$input, k_learning_phase()), list(model$output))
sapply(0:1, function(phase) any(run(list(matrix(1, 1, 200), phase))[[1]] == 0))
