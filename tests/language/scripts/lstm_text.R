library(keras)

library(purrr)
library(stringr)
maxlen <- 10
text <- "the quick brown fox jumps over the lazy dog and the cat sat on the mat" %>% str_to_lower() %>% str_c(collapse = "\n") %>% str_split("") %>% .[[1]]
print(sprintf("corpus length: %d", length(text)))
chars <- text %>% unique() %>% sort()
print(sprintf("total chars: %d", length(chars)))
dataset <- map(seq(1, length(text) - maxlen - 1, by = 3), ~list(sentece = text[.x:(.x + maxlen - 1)], next_char = text[.x + maxlen]))
dataset <- transpose(dataset)
x <- array(0, dim = c(length(dataset$sentece), maxlen, length(chars)))
y <- array(0, dim = c(length(dataset$sentece), length(chars)))
for(i in 1:length(dataset$sentece)){
  x[i,,] <- sapply(chars, function(x){ as.integer(x == dataset$sentece[[i]]) })
  y[i,] <- as.integer(chars == dataset$next_char[[i]])
}
model <- keras_model_sequential()
model %>% layer_lstm(8, input_shape = c(maxlen, length(chars))) %>% layer_dense(length(chars)) %>% layer_activation("softmax")
optimizer <- optimizer_rmsprop(lr = 0.01)
model %>% compile(loss = "categorical_crossentropy", optimizer = optimizer)
sample_mod <- function(preds, temperature = 1){
  preds <- log(preds)/temperature
  exp_preds <- exp(preds)
  preds <- exp_preds/sum(exp(preds))
  rmultinom(1, 1, preds) %>% as.integer() %>% which.max()
}
on_epoch_end <- function(epoch, logs) {
  cat(sprintf("epoch: %02d ---------------\n\n", epoch))
  for(diversity in c(0.2, 1)){
    start_index <- sample(1:(length(text) - maxlen), size = 1)
    sentence <- text[start_index:(start_index + maxlen - 1)]
    generated <- ""
    for(i in 1:5){
      x <- sapply(chars, function(x){ as.integer(x == sentence) })
      x <- array_reshape(x, c(1, dim(x)))
      preds <- predict(model, x, verbose = 0)
      next_index <- sample_mod(preds, diversity)
      next_char <- chars[next_index]
      generated <- str_c(generated, next_char, collapse = "")
      sentence <- c(sentence[-1], next_char)
    }
    cat(nchar(generated), "\n")
  }
}
print_callback <- callback_lambda(on_epoch_end = on_epoch_end)
model %>% fit(x, y, batch_size = 8, epochs = 1, callbacks = print_callback, verbose = 0)
