library(keras); library(tibble); library(readr); library(ggplot2)
set.seed(1)
n <- 400
data <- tibble(`Date Time`=format(as.POSIXct("2009-01-01", tz="UTC")+600*(1:n), "%d.%m.%Y %H:%M:%S"), `p (mbar)`=rnorm(n,990,5), `T (degC)`=10*sin(1:n/30)+rnorm(n), `rho (g/m**3)`=rnorm(n,1200,20))
fname <- tempfile(fileext=".csv"); write_csv(data, fname)
data <- read_csv(fname)
glimpse(data)
ggplot(data, aes(x = 1:nrow(data), y = `T (degC)`)) + geom_line()
data <- data.matrix(data[,-1])
train_data <- data[1:200,]
mean <- apply(train_data, 2, mean); std <- apply(train_data, 2, sd)
data <- scale(data, center = mean, scale = std)
generator <- function(data, lookback, delay, min_index, max_index, shuffle = FALSE, batch_size = 128, step = 6) {
  if (is.null(max_index)) max_index <- nrow(data) - delay - 1
  i <- min_index + lookback
  function() {
    if (shuffle) { rows <- sample(c((min_index+lookback):max_index), size = batch_size) } else {
      if (i + batch_size >= max_index) i <<- min_index + lookback
      rows <- c(i:min(i+batch_size-1, max_index)); i <<- i + length(rows) }
    samples <- array(0, dim = c(length(rows), lookback / step, dim(data)[[-1]]))
    targets <- array(0, dim = c(length(rows)))
    for (j in 1:length(rows)) {
      indices <- seq(rows[[j]] - lookback, rows[[j]]-1, length.out = dim(samples)[[2]])
      samples[j,,] <- data[indices,]; targets[[j]] <- data[rows[[j]] + delay,2] }
    list(samples, targets) } }
lookback <- 24; step <- 6; delay <- 6; batch_size <- 16
train_gen <- generator(data, lookback, delay, 1, 200, TRUE, batch_size, step)
val_gen <- generator(data, lookback, delay, 201, 300, FALSE, batch_size, step)
val_steps <- (300 - 201 - lookback) / batch_size
evaluate_naive_method <- function() { batch_maes <- c(); for (s in 1:val_steps) { c(samples, targets) %<-% val_gen(); preds <- samples[,dim(samples)[[2]],2]; mae <- mean(abs(preds - targets)); batch_maes <- c(batch_maes, mae) }; print(is.finite(mean(batch_maes))) }
evaluate_naive_method()
model <- keras_model_sequential() %>% layer_gru(units = 4, dropout = 0.1, recurrent_dropout = 0.1, return_sequences = TRUE, input_shape = list(NULL, dim(data)[[-1]])) %>% layer_gru(units=4, activation="relu") %>% layer_dense(units = 1)
model %>% compile(optimizer = optimizer_rmsprop(), loss = "mae")
history <- model %>% fit_generator(train_gen, steps_per_epoch = 3, epochs = 2, validation_data = val_gen, validation_steps = val_steps, verbose=0)
names(history$metrics)
model2 <- keras_model_sequential() %>% layer_conv_1d(filters=4, kernel_size=2, activation="relu", input_shape=list(NULL, dim(data)[[-1]])) %>% layer_global_max_pooling_1d() %>% layer_dense(1)
model2 %>% compile("rmsprop","mae")
h <- model2 %>% fit(train_gen, steps_per_epoch=2, epochs=1, verbose=0)
ds <- timeseries_dataset_from_array(data[,1:2], data[,2], sequence_length=5, batch_size=8)
b <- ds %>% as_iterator() %>% iter_next(); str(lapply(b, dim))
