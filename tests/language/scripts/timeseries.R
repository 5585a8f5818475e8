library(keras)
library(tibble)
library(readr)
library(ggplot2)
set.seed(1)
data <- tibble(t = 1:200, temp = sin(1:200/10) + rnorm(200)/10, p = runif(200))
glimpse(data)
ggplot(data, aes(x = 1:nrow(data), y = temp)) + geom_line()
data <- data.matrix(data[,-1])
mean <- apply(data[1:100,], 2, mean); std <- apply(data[1:100,], 2, sd)
data <- scale(data, center = mean, scale = std)
generator <- function(data, lookback, delay, min_index, max_index, shuffle = FALSE, batch_size = 16, step = 2) {
  if (is.null(max_index)) max_index <- nrow(data) - delay - 1
  i <- min_index + lookback
  function() {
    if (shuffle) { rows <- sample(c((min_index+lookback):max_index), size = batch_size)
    } else {
      if (i + batch_size >= max_index) i <<- min_index + lookback
      rows <- c(i:min(i+batch_size-1, max_index))
      i <<- i + length(rows)
    }
    samples <- array(0, dim = c(length(rows), lookback / step, dim(data)[[-1]]))
    targets <- array(0, dim = c(length(rows)))
    for (j in 1:length(rows)) {
      indices <- seq(rows[[j]] - lookback, rows[[j]]-1, length.out = dim(samples)[[2]])
      samples[j,,] <- data[indices,]
      targets[[j]] <- data[rows[[j]] + delay, 1]
    }
    list(samples, targets)
  }
}
train_gen <- generator(data, 10, 2, 1, 100, shuffle = TRUE); val_gen <- generator(data, 10, 2, 101, 150)
model <- keras_model_sequential() %>% layer_gru(units = 4, dropout = 0.1, recurrent_dropout = 0.1, input_shape = list(NULL, dim(data)[[-1]])) %>% layer_dense(units = 1)
model %>% compile(optimizer = optimizer_rmsprop(), loss = "mae")
history <- model %>% fit_generator(train_gen, steps_per_epoch = 3, epochs = 2, validation_data = val_gen, validation_steps = 2, verbose = 0)
plot(history)
model %>% evaluate_generator(val_gen, steps = 2) %>% names()
preds <- predict_generator(model, val_gen, steps = 1); dim(preds)
y <- ts(1:24, start = c(2020, 1), frequency = 12); y
