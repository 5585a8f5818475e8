library(keras); library(tensorflow)
latent_dim <- 2
encoder_inputs <- layer_input(shape=c(8,8,1))
x <- encoder_inputs %>% layer_conv_2d(4,3,activation="relu",strides=2,padding="same") %>% layer_flatten() %>% layer_dense(8, activation="relu")
z_mean <- x %>% layer_dense(latent_dim, name="z_mean"); z_log_var <- x %>% layer_dense(latent_dim, name="z_log_var")
encoder <- keras_model(encoder_inputs, list(z_mean, z_log_var), name="encoder")
layer_sampler <- new_layer_class(classname="Sampler", call=function(z_mean, z_log_var) { epsilon <- tf$random$normal(shape=tf$shape(z_mean)); z_mean + exp(0.5 * z_log_var) * epsilon })
latent_inputs <- layer_input(shape=c(latent_dim))
decoder_outputs <- latent_inputs %>% layer_dense(4*4*4, activation="relu") %>% layer_reshape(c(4,4,4)) %>% layer_conv_2d_transpose(4,3,activation="relu",strides=2,padding="same") %>% layer_conv_2d(1,3,activation="sigmoid",padding="same")
decoder <- keras_model(latent_inputs, decoder_outputs, name="decoder")
model_vae <- new_model_class(classname="VAE",
  initialize=function(encoder, decoder, ...) { super$initialize(...); self$encoder <- encoder; self$decoder <- decoder; self$sampler <- layer_sampler()
    self$total_loss_tracker <- metric_mean(name="total_loss"); self$reconstruction_loss_tracker <- metric_mean(name="reconstruction_loss"); self$kl_loss_tracker <- metric_mean(name="kl_loss") },
  metrics=mark_active(function() list(self$total_loss_tracker, self$reconstruction_loss_tracker, self$kl_loss_tracker)),
  train_step=function(data) {
    with(tf$GradientTape() %as% tape, { c(z_mean, z_log_var) %<-% self$encoder(data); z <- self$sampler(z_mean, z_log_var); reconstruction <- decoder(z)
      reconstruction_loss <- loss_binary_crossentropy(data, reconstruction) %>% sum(axis=c(2,3)) %>% mean()
      kl_loss <- -0.5 * (1 + z_log_var - z_mean^2 - exp(z_log_var)); total_loss <- reconstruction_loss + mean(kl_loss) })
    grads <- tape$gradient(total_loss, self$trainable_weights); self$optimizer$apply_gradients(zip_lists(grads, self$trainable_weights))
    self$total_loss_tracker$update_state(total_loss); self$reconstruction_loss_tracker$update_state(reconstruction_loss); self$kl_loss_tracker$update_state(kl_loss)
    list(total_loss=self$total_loss_tracker$result(), reconstruction_loss=self$reconstruction_loss_tracker$result(), kl_loss=self$kl_loss_tracker$result()) })
digits <- array(runif(20*64), c(20,8,8,1))
vae <- model_vae(encoder, decoder)
vae %>% compile(optimizer=optimizer_adam())
h <- vae %>% fit(digits, epochs=2, batch_size=10, verbose=0)
names(h$metrics)
n <- 3; digit_size <- 8
z_grid <- seq(-1,1,length.out=n) %>% expand.grid(., .) %>% as.matrix()
decoded <- predict(vae$decoder, z_grid, verbose=0)
z_grid_i <- seq(n) %>% expand.grid(x=., y=.)
figure <- array(0, c(digit_size*n, digit_size*n))
for (i in 1:nrow(z_grid_i)) { c(xi, yi) %<-% z_grid_i[i,]; digit <- decoded[i,,,]; figure[seq(to=(n+1-xi)*digit_size, length.out=digit_size), seq(to=yi*digit_size, length.out=digit_size)] <- digit }
par(pty="s"); lim <- extendrange(r=c(-1,1), f=1-(n/(n+2))); plot(NULL, frame.plot=FALSE, ylim=lim, xlim=lim, xlab=~z[1], ylab=~z[2]); rasterImage(as.raster(1-figure, max=1), lim[1], lim[1], lim[2], lim[2], interpolate=FALSE)
dim(figure)
