library(keras)
dataset <- dataset_boston_housing()
c(c(train_data, train_targets), c(test_data, test_targets)) %<-% dataset
mean <- apply(train_data, 2, mean); std <- apply(train_data, 2, sd)
train_data <- scale(train_data, center = mean, scale = std); test_data <- scale(test_data, center = mean, scale = std)
build_model <- function() {
  model <- keras_model_sequential() %>% layer_dense(units = 64, activation = "relu", input_shape = dim(train_data)[[2]]) %>% layer_dense(units = 1)
  model %>% compile(optimizer = "rmsprop", loss = "mse", metrics = c("mae"))
}
k <- 4
indices <- sample(1:nrow(train_data)); folds <- cut(indices, breaks = k, labels = FALSE)
all_scores <- c()
for (i in 1:k) {
  val_indices <- which(folds == i, arr.ind = TRUE)
  val_data <- train_data[val_indices, ]; val_targets <- train_targets[val_indices]
  partial_train_data <- train_data[-val_indices, ]; partial_train_targets <- train_targets[-val_indices]
  model <- build_model()
  model %>% fit(partial_train_data, partial_train_targets, epochs = 10, batch_size = 1, verbose = 0)
  results <- model %>% evaluate(val_data, val_targets, verbose = 0)
  all_scores <- c(all_scores, results["mae"])
}
mean(all_scores)
