library(keras)
reuters <- dataset_reuters(num_words = 1000, test_split = 0.2)
x_train <- reuters$train$x; y_train <- reuters$train$y
num_classes <- max(y_train) + 1
tokenizer <- text_tokenizer(num_words = 1000)
x_train <- sequences_to_matrix(tokenizer, x_train, mode = 'binary')
y_train <- to_categorical(y_train, num_classes)
model <- keras_model_sequential() %>% layer_dense(512, input_shape = c(1000)) %>% layer_activation("relu") %>% layer_dense(num_classes) %>% layer_activation("softmax")
model %>% compile(loss = 'categorical_crossentropy', optimizer = 'adam', metrics = c('accuracy'))
history <- model %>% fit(x_train, y_train, batch_size = 32, epochs = 5, validation_split = 0.1)
decoded <- sapply(reuters$train$x[[1]], function(i) i - 3)
d <- lm(mpg ~ wt, mtcars); predict(d, data.frame(wt = 3)); p <- predict(d)
x2 <- rnorm(20); f <- glm(am ~ wt, binomial, mtcars); round(predict(f, type = "response"), 2)
