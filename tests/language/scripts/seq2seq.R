library(keras)
num_encoder_tokens <- 5; num_decoder_tokens <- 6; latent_dim <- 4
encoder_inputs <- layer_input(shape=list(NULL,num_encoder_tokens))
encoder <- layer_lstm(units=latent_dim, return_state=TRUE)
encoder_results <- encoder_inputs %>% encoder
encoder_states <- encoder_results[2:3]
decoder_inputs <- layer_input(shape=list(NULL, num_decoder_tokens))
decoder_lstm <- layer_lstm(units=latent_dim, return_sequences=TRUE, return_state=TRUE, stateful=FALSE)
decoder_results <- decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense <- layer_dense(units=num_decoder_tokens, activation='softmax')
decoder_outputs <- decoder_dense(decoder_results[[1]])
model <- keras_model(inputs = list(encoder_inputs, decoder_inputs), outputs = decoder_outputs)
model %>% compile(optimizer='rmsprop', loss='categorical_crossentropy')
e <- array(runif(4*3*5), c(4,3,5)); d <- array(runif(4*2*6), c(4,2,6))
model %>% fit(list(e, d), d, batch_size=2, epochs=1, verbose=0)
encoder_model <- keras_model(encoder_inputs, encoder_states)
decoder_state_input_h <- layer_input(shape=latent_dim); decoder_state_input_c <- layer_input(shape=latent_dim)
decoder_states_inputs <- c(decoder_state_input_h, decoder_state_input_c)
decoder_results <- decoder_lstm(decoder_inputs, initial_state=decoder_states_inputs)
decoder_states <- decoder_results[2:3]
decoder_outputs <- decoder_dense(decoder_results[[1]])
decoder_model <- keras_model(inputs = c(decoder_inputs, decoder_states_inputs), outputs = c(decoder_outputs, decoder_states))
states_value <- predict(encoder_model, e[1,,,drop=FALSE], verbose=0)
str(states_value)
target_seq <- array(0, dim=c(1,1,num_decoder_tokens)); target_seq[1,1,1] <- 1.
dp <- predict(decoder_model, c(list(target_seq), states_value), verbose=0)
length(dp); which.max(dp[[1]][1,1,]) > 0
