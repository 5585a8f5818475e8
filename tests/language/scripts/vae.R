library(keras)
K <- keras::backend()
batch_size <- 8L; original_dim <- 12L; latent_dim <- 2L; intermediate_dim <- 6L; epsilon_std <- 1.0
x <- layer_input(shape = c(original_dim))
h <- layer_dense(x, intermediate_dim, activation = "relu")
z_mean <- layer_dense(h, latent_dim)
z_log_var <- layer_dense(h, latent_dim)
sampling <- function(arg){
  z_mean <- arg[, 1:(latent_dim)]
  z_log_var <- arg[, (latent_dim + 1):(2 * latent_dim)]
  epsilon <- k_random_normal(shape = c(k_shape(z_mean)[[1]], latent_dim), mean=0., stddev=epsilon_std)
  z_mean + k_exp(z_log_var/2)*epsilon
}
z <- layer_concatenate(list(z_mean, z_log_var)) %>% layer_lambda(sampling)
decoder_h <- layer_dense(units = intermediate_dim, activation = "relu")
decoder_mean <- layer_dense(units = original_dim, activation = "sigmoid")
h_decoded <- decoder_h(z)
x_decoded_mean <- decoder_mean(h_decoded)
vae <- keras_model(x, x_decoded_mean)
encoder <- keras_model(x, z_mean)
decoder_input <- layer_input(shape = latent_dim)
generator <- keras_model(decoder_input, decoder_mean(decoder_h(decoder_input)))
vae_loss <- function(x, x_decoded_mean){
  xent_loss <- (original_dim/1.0)*loss_binary_crossentropy(x, x_decoded_mean)
  kl_loss <- -0.5*k_mean(1 + z_log_var - k_square(z_mean) - k_exp(z_log_var), axis = -1L)
  xent_loss + kl_loss
}
vae %>% compile(optimizer = "rmsprop", loss = vae_loss)
x_train <- matrix(runif(16*12), 16)
vae %>% fit(x_train, x_train, shuffle = TRUE, epochs = 1, batch_size = batch_size, validation_data = list(x_train, x_train), verbose=0)
x_test_encoded <- predict(encoder, x_train, batch_size = batch_size, verbose=0)
dim(x_test_encoded)
n <- 3; digit_size <- 3
grid_x <- seq(-4, 4, length.out = n)
rows <- NULL
for(i in 1:length(grid_x)){ column <- NULL
  for(j in 1:length(grid_x)){
    z_sample <- matrix(c(grid_x[i], grid_x[j]), ncol = 2)
    column <- rbind(column, predict(generator, z_sample, verbose=0)[1:9] %>% matrix(ncol = digit_size))
  }
  rows <- cbind(rows, column)
}
rows %>% as.raster() %>% plot()
library(ggplot2); library(dplyr)
x_test_encoded %>% as_tibble(.name_repair = ~ c("V1","V2")) %>% mutate(class = as.factor(rep(0:1, 8))) %>% ggplot(aes(x = V1, y = V2, colour = class)) + geom_point()
