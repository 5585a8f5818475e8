library(keras)
fashion <- dataset_fashion_mnist()
x_train <- fashion$train$x; x_test <- fashion$test$x
x_train <- x_train[1:5000, , ]
x_train <- array_reshape(x_train, c(nrow(x_train), 28, 28, 1)) / 255
input <- layer_input(shape = c(28, 28, 1))
enc <- input %>% layer_conv_2d(16, 3, padding = "same", activation = "relu") %>% layer_max_pooling_2d(2)
dec <- enc %>% layer_upsampling_2d(2) %>% layer_conv_2d(1, 3, padding = "same", activation = "sigmoid")
ae <- keras_model(input, dec)
ae %>% compile("adam", "binary_crossentropy")
ae %>% fit(x_train, x_train, epochs = 1)
decoded <- ae %>% predict(array_reshape(x_test, c(nrow(x_test), 28, 28, 1)) / 255)
y <- fashion$train$y[1:1000]
table(y)
classifier <- keras_model_sequential() %>% layer_flatten(input_shape = c(28, 28)) %>% layer_dense(10, activation = "softmax")
classifier %>% compile("adam", "sparse_categorical_crossentropy", metrics = "accuracy")
classifier %>% fit(fashion$train$x / 255, fashion$train$y, epochs = 1)
classifier %>% evaluate(fashion$test$x / 255, fashion$test$y)
pred <- predict(classifier, fashion$test$x[1, , , drop = FALSE])
which.max(pred[1, ])
