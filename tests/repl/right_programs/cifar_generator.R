library(keras)
cifar10 <- dataset_cifar10()
x_train <- cifar10$train$x / 255; x_test <- cifar10$test$x / 255
y_train <- to_categorical(cifar10$train$y, num_classes = 10); y_test <- to_categorical(cifar10$test$y, num_classes = 10)
class_names <- c('airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck')
index <- 1:30
par(mfcol = c(5, 6), mar = rep(1, 4))
cifar10$train$x[index, , , ] %>% purrr::array_tree(1) %>% purrr::set_names(class_names[cifar10$train$y[index] + 1]) %>% purrr::map(as.raster, max = 255) %>% purrr::iwalk(~{plot(.x); title(.y)})
model <- keras_model_sequential() %>%
  layer_conv_2d(filter = 32, kernel_size = c(3, 3), padding = "same", input_shape = c(32, 32, 3)) %>% layer_activation("relu") %>%
  layer_max_pooling_2d(pool_size = c(2, 2)) %>% layer_flatten() %>% layer_dense(10) %>% layer_activation("softmax")
opt <- optimizer_rmsprop(lr = 0.0001, decay = 1e-6)
model %>% compile(loss = "categorical_crossentropy", optimizer = opt, metrics = "accuracy")
datagen <- image_data_generator(rotation_range = 20, horizontal_flip = TRUE)
datagen %>% fit_image_data_generator(x_train)
model %>% fit_generator(flow_images_from_data(x_train, y_train, datagen, batch_size = 32), steps_per_epoch = as.integer(50000 / 32), epochs = 2, validation_data = list(x_test, y_test))
