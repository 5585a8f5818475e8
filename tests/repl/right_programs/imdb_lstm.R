library(keras)
max_features <- 20000; maxlen <- 80
imdb <- dataset_imdb(num_words = max_features)
x_train <- imdb$train$x; y_train <- imdb$train$y; x_test <- imdb$test$x; y_test <- imdb$test$y
cat(length(x_train), "train sequences\n")
x_train <- pad_sequences(x_train, maxlen = maxlen); x_test <- pad_sequences(x_test, maxlen = maxlen)
model <- keras_model_sequential()
model %>% layer_embedding(input_dim = max_features, output_dim = 128) %>% layer_lstm(units = 64, dropout = 0.2, recurrent_dropout = 0.2) %>% layer_dense(units = 1, activation = 'sigmoid')
model %>% compile(loss = 'binary_crossentropy', optimizer = 'adam', metrics = c('accuracy'))
model %>% fit(x_train, y_train, batch_size = 32, epochs = 15, validation_data = list(x_test, y_test))
scores <- model %>% evaluate(x_test, y_test, batch_size = 32)
cat('Test score:', scores[[1]])
word_index <- dataset_imdb_word_index()
reverse <- names(word_index)
names(reverse) <- word_index
