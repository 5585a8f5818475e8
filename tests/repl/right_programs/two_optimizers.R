# An adversarial pair in one train_step(), metrics that are computed when read, and a model of a class between two tensors.
library(keras3)
use_backend("tensorflow")
library(tensorflow)
set_random_seed(2L)
discriminator <- keras_model_sequential(name = "discriminator", input_shape = c(8, 8, 1)) |>
  layer_conv_2d(filters = 4, kernel_size = 3, strides = 2, padding = "same") |>
  layer_activation_leaky_relu(negative_slope = 0.2) |>
  layer_global_max_pooling_2d() |>
  layer_dense(units = 1)
generator <- keras_model_sequential(name = "generator", input_shape = 4) |>
  layer_dense(64, activation = "sigmoid") |>
  layer_reshape(c(8, 8, 1))
GAN <- Model("GAN",
  initialize = function(discriminator, generator, latent_dim) {
    super$initialize()
    self$discriminator <- discriminator
    self$generator <- generator
    self$latent_dim <- as.integer(latent_dim)
    self$d_loss_tracker <- metric_mean(name = "d_loss")
    self$g_loss_tracker <- metric_mean(name = "g_loss")
  },
  compile = function(d_optimizer, g_optimizer, loss_fn) {
    super$compile()
    self$d_optimizer <- d_optimizer
    self$g_optimizer <- g_optimizer
    self$loss_fn <- loss_fn
  },
  metrics = mark_active(function() list(self$d_loss_tracker, self$g_loss_tracker)),
  train_step = function(real_images) {
    batch_size <- op_shape(real_images)[[1]]
    generated_images <- self$generator(random_normal(c(batch_size, self$latent_dim)))
    combined_images <- op_concatenate(list(generated_images, real_images), axis = 1)
    labels <- op_concatenate(list(op_ones(c(batch_size, 1)), op_zeros(c(batch_size, 1))), axis = 1)
    with(tf$GradientTape() %as% tape, d_loss <- self$loss_fn(labels, self$discriminator(combined_images)))
    grads <- tape$gradient(d_loss, self$discriminator$trainable_weights)
    self$d_optimizer$apply_gradients(zip_lists(grads, self$discriminator$trainable_weights))
    random_latent_vectors <- random_normal(c(batch_size, self$latent_dim))
    with(tf$GradientTape() %as% tape,
         g_loss <- self$loss_fn(op_zeros(c(batch_size, 1)), self$discriminator(self$generator(random_latent_vectors))))
    grads <- tape$gradient(g_loss, self$generator$trainable_weights)
    self$g_optimizer$apply(grads, self$generator$trainable_weights)
    self$d_loss_tracker$update_state(d_loss)
    self$g_loss_tracker$update_state(g_loss)
    lapply(self$metrics, function(m) m$result()) |> setNames(sapply(self$metrics, function(m) m$name))
  })
gan <- GAN(discriminator = discriminator, generator = generator, latent_dim = 4)
gan |> compile(d_optimizer = optimizer_adam(learning_rate = 3e-4), g_optimizer = optimizer_adam(learning_rate = 3e-4),
               loss_fn = loss_binary_crossentropy(from_logits = TRUE))
library(tfdatasets, exclude = "shape")
ds <- tensor_slices_dataset(array(runif(64 * 64), c(64, 8, 8, 1))) |> dataset_batch(16)
h <- gan |> fit(ds, epochs = 3, verbose = 0)
names(h$metrics)
all(is.finite(unlist(h$metrics)))
length(gan$metrics)
CustomModel <- new_model_class("CustomModel",
  initialize = function(...) {
    super$initialize(...)
    self$loss_tracker <- metric_mean(name = "loss")
  },
  train_step = function(data) {
    c(x, y) %<-% data
    with(tf$GradientTape() %as% tape, {
      y_pred <- self(x, training = TRUE)
      loss <- op_mean(op_square(y - y_pred))
    })
    self$optimizer$apply(tape$gradient(loss, self$trainable_variables), self$trainable_variables)
    self$loss_tracker$update_state(loss)
    list(loss = self$loss_tracker$result())
  },
  metrics = active_property(function() list(self$loss_tracker)))
inputs <- keras_input(shape = 4)
outputs <- inputs |> layer_dense(1)
model <- CustomModel(inputs, outputs)
model |> compile(optimizer = optimizer_adam())
h <- model |> fit(random_normal(c(20, 4)), random_normal(c(20, 1)), epochs = 2, verbose = 0)
lengths(h$metrics)
