# Functions of the backend and operators on what layers give make models without layer_lambda().
library(keras)
x <- layer_input(shape = 3)
h <- layer_dense(x, 2, kernel_initializer = "ones")
g <- layer_dense(x, 2, kernel_initializer = "ones")
size <- function(outputs) dim(predict(keras_model(x, outputs), matrix(0.5, 2, 3), verbose = 0))
stopifnot(identical(size(k_concatenate(list(h, k_square(g)), axis = 2)), c(2L, 4L)), identical(size(k_mean(h, axis = 2, keepdims = TRUE)), c(2L, 1L)),
  identical(size(k_softmax(2 * h - g / 3)), c(2L, 2L)), identical(size(h[, 1, drop = FALSE]), c(2L, 1L)))
predict(keras_model(x, k_sum(k_square(h), axis = 2, keepdims = TRUE)), matrix(1, 1, 3), verbose = 0)
# A loss that reads tensors of the model, and functions of the package as metrics.
out <- layer_dense(h, 3)
model <- keras_model(x, out)
penalty <- function(y_true, y_pred) loss_mean_squared_error(y_true, y_pred) + k_sum(k_square(h), axis = -1L)
model %>% compile("sgd", penalty, metrics = list(metric_mean_absolute_error, "mse"))
found <- model %>% evaluate(matrix(1, 4, 3), matrix(0, 4, 3), verbose = 0)
names(found)
round(found[["loss"]] - found[["mse"]], 4)
