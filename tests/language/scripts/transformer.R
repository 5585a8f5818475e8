library(keras); library(tensorflow)
layer_transformer_encoder <- new_layer_class(classname="TransformerEncoder",
  initialize=function(embed_dim, dense_dim, num_heads, ...) { super$initialize(...)
    self$embed_dim <- embed_dim; self$dense_dim <- dense_dim; self$num_heads <- num_heads
    self$attention <- layer_multi_head_attention(num_heads=num_heads, key_dim=embed_dim)
    self$dense_proj <- keras_model_sequential() %>% layer_dense(dense_dim, activation="relu") %>% layer_dense(embed_dim)
    self$layernorm_1 <- layer_layer_normalization(); self$layernorm_2 <- layer_layer_normalization() },
  call=function(inputs, mask=NULL) { if (!is.null(mask)) mask <- mask[, tf$newaxis, ]
    inputs %>% { self$attention(., ., attention_mask=mask) + . } %>% self$layernorm_1() %>% { self$dense_proj(.) + . } %>% self$layernorm_2() },
  get_config=function() { config <- super$get_config(); for (name in c("embed_dim","num_heads","dense_dim")) config[[name]] <- self[[name]]; config })
layer_positional_embedding <- new_layer_class(classname="PositionalEmbedding",
  initialize=function(sequence_length, input_dim, output_dim, ...) { super$initialize(...)
    self$token_embeddings <- layer_embedding(input_dim=input_dim, output_dim=output_dim); self$position_embeddings <- layer_embedding(input_dim=sequence_length, output_dim=output_dim)
    self$sequence_length <- sequence_length; self$input_dim <- input_dim; self$output_dim <- output_dim },
  call=function(inputs) { len <- tf$shape(inputs)[-1]; positions <- tf$range(start=0L, limit=len, delta=1L); embedded_tokens <- self$token_embeddings(inputs); embedded_positions <- self$position_embeddings(positions); embedded_tokens + embedded_positions },
  compute_mask=function(inputs, mask=NULL) inputs != 0,
  get_config=function() { config <- super$get_config(); for (name in c("output_dim","sequence_length","input_dim")) config[[name]] <- self[[name]]; config })
vocab_size <- 30; sequence_length <- 6; embed_dim <- 8
inputs <- layer_input(shape(6), dtype="int64")
outputs <- inputs %>% layer_positional_embedding(sequence_length, vocab_size, embed_dim) %>% layer_transformer_encoder(embed_dim, 16, 2) %>% layer_global_max_pooling_1d() %>% layer_dropout(0.5) %>% layer_dense(1, activation="sigmoid")
model <- keras_model(inputs, outputs)
model %>% compile(optimizer="rmsprop", loss="binary_crossentropy", metrics="accuracy")
x <- matrix(sample(0:29, 60, TRUE), 10); y <- sample(0:1, 10, TRUE)
callbacks <- list(callback_model_checkpoint(file.path(tempdir(),"te.keras"), save_best_only=TRUE))
model %>% fit(x, y, epochs=1, verbose=0, validation_data=list(x,y), callbacks=callbacks)
m2 <- load_model_tf(file.path(tempdir(),"te.keras"), custom_objects=list(layer_transformer_encoder, layer_positional_embedding))
sprintf("%.3f", evaluate(m2, x, y, verbose=0)["accuracy"]) == sprintf("%.3f", evaluate(model, x, y, verbose=0)["accuracy"])
