library(keras)
main_input <- layer_input(shape = c(10), dtype = 'int32', name = 'main_input')
lstm_out <- main_input %>% layer_embedding(input_dim = 50, output_dim = 8, input_length = 10) %>% layer_lstm(units = 4)
auxiliary_output <- lstm_out %>% layer_dense(units = 1, activation = 'sigmoid', name = 'aux_output')
auxiliary_input <- layer_input(shape = c(5), name = 'aux_input')
main_output <- layer_concatenate(c(lstm_out, auxiliary_input)) %>% layer_dense(units = 8, activation = 'relu') %>% layer_dense(units = 1, activation = 'sigmoid', name = 'main_output')
model <- keras_model(inputs = c(main_input, auxiliary_input), outputs = c(main_output, auxiliary_output))
model %>% compile(optimizer = 'rmsprop', loss = list(main_output = 'binary_crossentropy', aux_output = 'binary_crossentropy'), loss_weights = list(main_output = 1.0, aux_output = 0.2))
X <- matrix(sample(0:49, 80, TRUE), 8); A <- matrix(runif(40), 8); L <- rep(0:1, 4)
model %>% fit(x = list(main_input = X, aux_input = A), y = list(main_output = L, aux_output = L), epochs = 1, batch_size = 4, verbose = 0) -> h
h
p <- predict(model, list(X, A), verbose=0); str(p)
input_img <- layer_input(shape = c(8, 8, 3))
tower_1 <- input_img %>% layer_conv_2d(filters = 2, kernel_size = c(1, 1), padding='same', activation='relu') %>% layer_conv_2d(filters = 2, kernel_size = c(3, 3), padding='same', activation='relu')
tower_2 <- input_img %>% layer_max_pooling_2d(pool_size = c(3, 3), strides = c(1, 1), padding = 'same') %>% layer_conv_2d(2, c(1,1), padding='same')
output <- layer_concatenate(c(tower_1, tower_2), axis = 1)
output
x <- layer_input(shape = c(8, 8, 3)); y <- x %>% layer_conv_2d(3, kernel_size = c(3,3), padding='same'); z <- layer_add(c(x, y)); z$shape
get_config(model)$name
