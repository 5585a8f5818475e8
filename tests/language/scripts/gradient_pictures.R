# What a convolutional model sees: heat maps and patterns by derivatives between the tensors of its graph.
library(keras)
library(tensorflow)
library(grid)
tf$compat$v1$disable_eager_execution()
set_random_seed(5)
model <- keras_model_sequential(input_shape = c(10, 10, 3)) %>%
  layer_conv_2d(4, 3, activation = "relu", name = "last_conv") %>%
  layer_flatten() %>%
  layer_dense(5, activation = "softmax")
picture <- array(runif(300), c(1, 10, 10, 3))
class_output <- model$output[, which.max(predict(model, picture)[1, ])]
last_layer <- model %>% get_layer("last_conv")

heat <- function(gradients, mean_of, run) {
  pooled <- mean_of(gradients)
  run <- run(list(model$input), list(pooled, last_layer$output[1, , , ]))
  c(weights, maps) %<-% run(list(picture))
  for (i in seq_along(weights)) maps[, , i] <- maps[, , i] * weights[[i]]
  pmax(apply(maps, c(1, 2), mean), 0)
}
by_words <- heat(k_gradients(class_output, last_layer$output)[[1]], function(g) k_mean(g, axis = c(1, 2, 3)), k_function)
K <- backend()
by_names <- heat(K$gradients(class_output, last_layer$output)[[1]], function(g) K$mean(g, axis = c(0L, 1L, 2L)), K$`function`)
dim(by_words)
isTRUE(all.equal(by_words, by_names, tolerance = 1e-5))

pattern <- function(filter) {
  loss <- k_mean(model$get_layer("last_conv")$output[, , , filter])
  gradients <- k_gradients(loss, model$input)[[1]]
  gradients <- gradients / (k_sqrt(k_mean(k_square(gradients))) + 1e-5)
  run <- k_function(list(model$input), list(loss, gradients))
  seen <- numeric()
  for (step in 1:4) {
    c(value, direction) %<-% run(list(picture))
    seen[step] <- value
    picture <- picture + 0.1 * direction
  }
  stopifnot(!is.unsorted(seen))
  array(pmax(0, pmin(picture[1, , , ], 1)), dim(picture)[-1])
}
shown <- gridExtra::grid.arrange(grobs = lapply(1:2, function(filter) rasterGrob(pattern(filter))), ncol = 2)
length(shown)

colours <- col2rgb(hcl.colors(3), alpha = TRUE)
colours[4, ] <- c(0, 128, 255)
identical(rgb(t(colours), maxColorValue = 255), substr(hcl.colors(3), 1, 7))
