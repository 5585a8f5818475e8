library(tensorflow); library(keras); library(tfdatasets); library(purrr); library(stringr); library(reshape2); library(tibble); library(glue)
sentences <- list(c("go .","ve ."), c("run !","corre !"), c("i won !","yo gane !"), c("hi .","hola ."))
preprocess <- function(s) { s %>% str_replace_all("([?.!,])", " \\1") %>% str_replace_all("[^a-z?.!,]+", " ") %>% str_trim() %>% (function(x) paste0("<start> ", x, " <stop>")) }
sentences <- map(sentences, ~c(preprocess(.x[1]), preprocess(.x[2])))
create_index <- function(s) { unique_words <- s %>% unlist() %>% paste(collapse = " ") %>% str_split(pattern = " ") %>% .[[1]] %>% unique() %>% sort(); index <- data.frame(word = unique_words, index = 1:length(unique_words), stringsAsFactors = FALSE); index <- add_row(index, word = "<pad>", index = 0, .before = 1); index }
word2index <- function(word, index_df) index_df[index_df$word == word, "index"]
index2word <- function(index, index_df) index_df[index_df$index == index, "word"]
src_index <- create_index(map(sentences, ~.[[1]])); target_index <- create_index(map(sentences, ~.[[2]]))
sentence2digits <- function(s, idx) map(s %>% str_split(" ") %>% .[[1]], ~word2index(., idx)) %>% unlist()
src_maxlen <- max(map_dbl(sentences, ~length(sentence2digits(.x[1], src_index))))
ids <- map(sentences, ~sentence2digits(.x[1], src_index)) %>% pad_sequences(maxlen = src_maxlen, padding = "post")
tids <- map(sentences, ~sentence2digits(.x[2], target_index)) %>% pad_sequences(padding = "post")
train_dataset <- tensor_slices_dataset(keras_array(list(ids, tids))) %>% dataset_batch(2, drop_remainder = TRUE)
attention_encoder <- function(gru_units, embedding_dim, src_vocab_size, name = NULL) { keras_model_custom(name = name, function(self) {
  self$embedding <- layer_embedding(input_dim = src_vocab_size, output_dim = embedding_dim); self$gru <- layer_gru(units = gru_units, return_sequences = TRUE, return_state = TRUE)
  function(inputs, mask = NULL) { x <- inputs[[1]]; hidden <- inputs[[2]]; x <- self$embedding(x); c(output, state) %<-% self$gru(x, initial_state = hidden); list(output, state) } }) }
attention_decoder <- function(object, gru_units, embedding_dim, target_vocab_size, name = NULL) { keras_model_custom(name = name, function(self) {
  self$gru <- layer_gru(units = gru_units, return_sequences = TRUE, return_state = TRUE); self$embedding <- layer_embedding(input_dim = target_vocab_size, output_dim = embedding_dim)
  self$fc <- layer_dense(units = target_vocab_size); self$W1 <- layer_dense(units = gru_units); self$W2 <- layer_dense(units = gru_units); self$V <- layer_dense(units = 1L)
  function(inputs, mask = NULL) { x <- inputs[[1]]; hidden <- inputs[[2]]; encoder_output <- inputs[[3]]
    hidden_with_time_axis <- k_expand_dims(hidden, 2); score <- self$V(k_tanh(self$W1(encoder_output) + self$W2(hidden_with_time_axis)))
    attention_weights <- k_softmax(score, axis = 2); context_vector <- attention_weights * encoder_output; context_vector <- k_sum(context_vector, axis = 2)
    x <- self$embedding(x); x <- k_concatenate(list(k_expand_dims(context_vector, 2), x), axis = 3); c(output, state) %<-% self$gru(x)
    output <- k_reshape(output, c(-1, gru_units)); x <- self$fc(output); list(x, state, attention_weights) } }) }
encoder <- attention_encoder(4, 3, nrow(src_index)); decoder <- attention_decoder(gru_units=4, embedding_dim=3, target_vocab_size=nrow(target_index))
optimizer <- tf$optimizers$Adam()
cx_loss <- function(y_true, y_pred) { mask <- ifelse(as.numeric(y_true) == 0, 0, 1); loss <- tf$nn$sparse_softmax_cross_entropy_with_logits(labels = y_true, logits = y_pred) * tf$cast(mask, tf$float32); tf$reduce_mean(loss) }
encoder_init_hidden <- k_zeros(c(2, 4))
for (epoch in seq_len(1)) { total_loss <- 0; iter <- make_iterator_one_shot(train_dataset)
  until_out_of_range({ batch <- iterator_get_next(iter); loss <- 0; x <- batch[[1]]; y <- batch[[2]]
    with(tf$GradientTape() %as% tape, { c(enc_output, enc_hidden) %<-% encoder(list(x, encoder_init_hidden)); dec_hidden <- enc_hidden
      dec_input <- k_expand_dims(rep(list(word2index("<start>", target_index)), 2))
      for (t in seq_len(2)) { c(preds, dec_hidden, weights) %<-% decoder(list(dec_input, dec_hidden, enc_output)); loss <- loss + cx_loss(y[, t], preds); dec_input <- k_expand_dims(y[, t]) } })
    total_loss <- total_loss + loss / k_cast_to_floatx(dim(y)[2])
    variables <- c(encoder$variables, decoder$variables); gradients <- tape$gradient(loss, variables)
    optimizer$apply_gradients(purrr::transpose(list(gradients, variables))) })
  cat(paste0("Total loss (epoch): ", epoch, ": ", is.finite(as.double(k_mean(total_loss)))), "\n") }
