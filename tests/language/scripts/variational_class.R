library(keras)
library(tensorflow)
library(listarrays)
latent_dim <- 2
inputs <- layer_input(shape = c(8, 8, 1))
x <- inputs %>% layer_conv_2d(4, 3, activation = "relu", strides = 2, padding = "same") %>% layer_flatten()
encoder <- keras_model(inputs, list(layer_dense(x, latent_dim, name = "z_mean"), layer_dense(x, latent_dim, name = "z_log_var")))
latent_inputs <- layer_input(shape = c(latent_dim))
decoder <- keras_model(latent_inputs, latent_inputs %>% layer_dense(4 * 4 * 4, activation = "relu") %>% layer_reshape(c(4, 4, 4)) %>%
  layer_conv_2d_transpose(1, 3, activation = "sigmoid", strides = 2, padding = "same"))
layer_sampler <- new_layer_class(
  classname = "Sampler",
  call = function(self, z_mean, z_log_var) {
    epsilon <- tf$random$normal(shape = tf$shape(z_mean))
    z_mean + exp(0.5 * z_log_var) * epsilon
  }
)
model_vae <- new_model_class(
  classname = "VAE",
  initialize = function(encoder, decoder, ...) {
    super$initialize(...)
    self$encoder <- encoder
    self$decoder <- decoder
    self$sampler <- layer_sampler()
    self$total_loss_tracker <- metric_mean(name = "total_loss")
    self$kl_loss_tracker <- metric_mean(name = "kl_loss")
  },
  metrics = mark_active(function() list(self$total_loss_tracker, self$kl_loss_tracker)),
  train_step = function(data) {
    with(tf$GradientTape() %as% tape, {
      c(z_mean, z_log_var) %<-% self$encoder(data)
      reconstruction <- decoder(self$sampler(z_mean, z_log_var))
      reconstruction_loss <- loss_binary_crossentropy(data, reconstruction) %>% sum(axis = c(2, 3)) %>% mean()
      kl_loss <- mean(-0.5 * (1 + z_log_var - z_mean^2 - exp(z_log_var)))
      total_loss <- reconstruction_loss + kl_loss
    })
    grads <- tape$gradient(total_loss, self$trainable_weights)
    self$optimizer$apply_gradients(zip_lists(grads, self$trainable_weights))
    self$total_loss_tracker$update_state(total_loss)
    self$kl_loss_tracker$update_state(kl_loss)
    list(total_loss = self$total_loss_tracker$result(), kl_loss = self$kl_loss_tracker$result())
  }
)
callback_digits <- new_callback_class(
  classname = "Digits",
  initialize = function(count) {
    private$count <- as.integer(count)
  },
  on_epoch_end = function(epoch, logs = NULL) cat(epoch, dim(predict(self$model$decoder, matrix(rnorm(private$count * 2), private$count))), "\n")
)
train <- array(sample(0:255, 640, TRUE), c(10, 8, 8))
test <- array(sample(0:255, 384, TRUE), c(6, 8, 8))
digits <- bind_on_rows(train, test) %>% expand_dims(-1) %>% { . / 255 }
dim(digits)
vae <- model_vae(encoder, decoder)
vae %>% compile(optimizer = optimizer_adam())
h <- vae %>% fit(digits, epochs = 2, batch_size = 8, verbose = 0, callbacks = callback_digits(3))
names(h$metrics)
z_grid <- seq(-1, 1, length.out = 3) %>% expand.grid(., .) %>% as.matrix()
dim(predict(vae$decoder, z_grid))
