library(keras)
library(tensorflow)
library(tfdatasets)
library(dplyr)
df <- tibble(age = sample(30:70, 40, TRUE), sex = rep(0:1, 20), thal = rep(c("fixed", "normal", "reversible", "fixed"), 10), target = rep(c(0, 1), each = 20))
records <- tensor_slices_dataset(list(df %>% select(-target) %>% as.list(), df$target)) %>% dataset_shuffle(40) %>% dataset_batch(8)
encode_number <- function(feature, name) {
  normalizer <- layer_normalization(axis = NULL)
  normalizer %>% adapt(records %>% dataset_map(function(x, y) x[[name]]))
  normalizer(feature)
}
encode_class <- function(feature, name, lookup) {
  adapt(lookup, records %>% dataset_map(~ .x[[name]]) %>% dataset_map(function(x) tf$expand_dims(x, -1L)))
  lookup(feature)
}
sex <- layer_input(shape = 1, name = "sex", dtype = "int64")
thal <- layer_input(shape = 1, name = "thal", dtype = "string")
age <- layer_input(shape = 1, name = "age")
features <- list(encode_class(sex, "sex", layer_integer_lookup(output_mode = "binary")),
                 encode_class(thal, "thal", layer_string_lookup(output_mode = "binary")), encode_number(age, "age")) %>% layer_concatenate()
dim(features)
model <- keras_model(list(sex = sex, thal = thal, age = age), features %>% layer_dense(1, activation = "sigmoid"))
model %>% compile("adam", "binary_crossentropy", metrics = "accuracy")
model %>% fit(records, epochs = 1, verbose = 0)
one <- lapply(list(age = 60, sex = 1, thal = "fixed"), function(x) tf$convert_to_tensor(list(x)))
dim(predict(model, one))
