library(keras)
mnist <- dataset_mnist()
train_images <- mnist$train$x; train_labels <- mnist$train$y
test_images <- mnist$test$x; test_labels <- mnist$test$y
str(train_images)
digit <- train_images[5, , ]
plot(as.raster(digit, max = 255))
train_images <- array_reshape(train_images, c(60000, 28 * 28)) / 255
test_images <- array_reshape(test_images, c(10000, 28 * 28)) / 255
train_labels <- to_categorical(train_labels)
network <- keras_model_sequential() %>% layer_dense(512, activation = "relu", input_shape = c(28 * 28)) %>% layer_dense(10, activation = "softmax")
network %>% compile(optimizer = "rmsprop", loss = "categorical_crossentropy", metrics = c("accuracy"))
network %>% fit(train_images, train_labels, epochs = 5, batch_size = 128)
network %>% predict(test_images[1:10, ])
