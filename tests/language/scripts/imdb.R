library(keras)
library(dplyr)
library(ggplot2)
library(purrr)
df <- data.frame(text = c("good film", "bad film", "great great movie", "awful movie"), tag = c("pos","neg","pos","neg"), stringsAsFactors = FALSE)
df %>% count(tag)
set.seed(1)
training_id <- sample.int(nrow(df), size = nrow(df)*0.8)
training <- df[training_id,]; testing <- df[-training_id,]
df$text %>% strsplit(" ") %>% sapply(length) %>% summary()
num_words <- 100; max_length <- 5
text_vectorization <- layer_text_vectorization(max_tokens = num_words, output_sequence_length = max_length)
text_vectorization %>% adapt(df$text)
get_vocabulary(text_vectorization)
text_vectorization(matrix(df$text[1], ncol = 1))
xs <- text_vectorization(df$text)
input <- layer_input(shape = c(max_length))
output <- input %>% layer_embedding(input_dim = num_words + 1, output_dim = 16) %>% layer_global_average_pooling_1d() %>%
  layer_dense(units = 16, activation = "relu") %>% layer_dropout(0.5) %>% layer_dense(units = 1, activation = "sigmoid")
model <- keras_model(input, output)
model %>% compile(optimizer = 'adam', loss = 'binary_crossentropy', metrics = list('accuracy'))
history <- model %>% fit(as.array(xs), as.numeric(df$tag == "pos"), epochs = 2, batch_size = 2, validation_split = 0.25, verbose = 0)
results <- model %>% evaluate(as.array(xs), as.numeric(df$tag == "pos"), verbose = 0)
names(results)
plot(history)
tokenizer <- text_tokenizer(num_words = 20)
tokenizer %>% fit_text_tokenizer(df$text)
seqs <- texts_to_sequences(tokenizer, df$text)
data <- pad_sequences(seqs, maxlen = 4)
print(data)
word_index <- tokenizer$word_index
cat("Found", length(word_index), "unique tokens.\n")
reverse_word_index <- names(word_index); names(reverse_word_index) <- word_index
reverse_word_index[["1"]]
vectorize_sequences <- function(sequences, dimension = 20) {
  results <- matrix(0, nrow = length(sequences), ncol = dimension)
  for (i in 1:length(sequences)) results[i, sequences[[i]]] <- 1
  results
}
vectorize_sequences(seqs)[, 1:5]
history_df <- as.data.frame(history); str(history_df)
