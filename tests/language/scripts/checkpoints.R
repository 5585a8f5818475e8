library(keras)
library(tensorflow)
library(fs)
build <- function(batch) keras_model_sequential(list(
  layer_embedding(input_dim = 10, output_dim = 4, batch_input_shape = list(batch, NULL)),
  layer_gru(units = 4, return_sequences = TRUE, stateful = TRUE),
  layer_dense(units = 10)))
model <- build(4L)
model %>% compile(optimizer = "adam", loss = function(labels, logits) loss_sparse_categorical_crossentropy(labels, logits, from_logits = TRUE))
folder <- path("training") / "checkpoints"
x <- matrix(sample(0:9, 48, TRUE), 8)
history <- model %>% fit(x, x, batch_size = 4, epochs = 3, verbose = 0, callbacks = list(
  callback_model_checkpoint(filepath = folder / "ckpt_{epoch}", save_weights_only = TRUE),
  callback_learning_rate_scheduler(function(epoch, lr) lr / 2)))
length(list.files(folder))
basename(tf$train$latest_checkpoint(folder))
one <- build(1L)
load_model_weights_tf(one, folder / "ckpt_3")
identical(get_weights(one), get_weights(model))
length(history$metrics$lr)
one$build(shape(1, NULL))
layer <- one$layers[[2]]
layer[["units"]]
callback_model_checkpoint("whole_model", monitor = "loss")$filepath
