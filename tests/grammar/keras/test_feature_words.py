"""Feature columns of tables, from the spec to a model that trains."""

from __future__ import annotations

import io

from pipekeras.grammar.session import Session

TABLE = """
library(keras)
library(tfdatasets)
df <- data.frame(age = c(25, 35, 45, 55), kind = c("a", "b", "a", "c"), flag = c(0L, 1L, 1L, 0L), y = c(0, 0, 1, 1))
"""


def run(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(TABLE + program, "features.pk")
    assert "internal problem" not in errors.getvalue(), errors.getvalue()
    return output.getvalue() + ("" if status == 0 else errors.getvalue())


def test_columns_stand_side_by_side_in_the_order_of_their_names() -> None:
    program = """
    spec <- feature_spec(df, y ~ .) %>%
      step_numeric_column(all_numeric(), -flag, normalizer_fn = scaler_min_max()) %>%
      step_categorical_column_with_vocabulary_list(kind) %>%
      step_categorical_column_with_identity(flag, num_buckets = 2) %>%
      step_bucketized_column(age, boundaries = c(30, 40)) %>%
      step_indicator_column(kind, flag) %>%
      step_remove_column(bucketized_age) %>%
      fit()
    round(as.array(layer_dense_features(feature_columns = dense_features(spec))(df)), 3)
    """
    expected = """      [,1] [,2] [,3] [,4] [,5] [,6]
[1,] 0.000    1    0    1    0    0
[2,] 0.333    0    1    0    1    0
[3,] 0.667    0    1    1    0    0
[4,] 1.000    1    0    0    0    1
"""
    assert run(program) == expected


def test_a_bucket_is_dense_and_crosses_with_texts() -> None:
    program = """
    spec <- feature_spec(df, c(age, kind), y) %>%
      step_numeric_column(age) %>%
      step_categorical_column_with_hash_bucket(kind, hash_bucket_size = 4) %>%
      step_bucketized_column(age, boundaries = c(30, 40)) %>%
      step_crossed_column(both = c(kind, bucketized_age), hash_bucket_size = 6) %>%
      step_indicator_column(both) %>%
      fit()
    layer <- layer_dense_features(feature_columns = spec$dense_features())
    made <- as.array(layer(df))
    made[, 1:4]
    rowSums(made[, 5:10])
    """
    expected = """     [,1] [,2] [,3] [,4]
[1,]   25    1    0    0
[2,]   35    0    1    0
[3,]   45    0    0    1
[4,]   55    0    0    1
[1] 1 1 1 1
"""
    assert run(program) == expected


def test_a_model_of_named_inputs_learns_from_a_data_frame() -> None:
    program = """
    spec <- feature_spec(df, y ~ age + kind) %>% step_numeric_column(age, normalizer_fn = scaler_standard()) %>%
      step_categorical_column_with_vocabulary_list(kind) %>% step_embedding_column(kind, dimension = 2) %>% fit()
    input <- layer_input_from_dataset(df[c("age", "kind")])
    output <- input %>% layer_dense_features(dense_features(spec)) %>% layer_dense(1)
    model <- keras_model(input, output)
    model %>% compile("sgd", "mse")
    x <- df[c("age", "kind")]
    before <- model$get_weights()[[1]]
    h <- model %>% fit(x, df$y, epochs = 2, verbose = 0, validation_data = list(x, df$y))
    names(h$metrics)
    any(before != model$get_weights()[[1]])
    dim(predict(model, x))
    """
    assert run(program) == '[1] "loss"     "val_loss"\n[1] TRUE\n[1] 4 1\n'


def test_a_stack_of_layers_begins_with_columns_of_a_data_set() -> None:
    program = """
    data <- tensor_slices_dataset(df) %>% dataset_batch(2)
    spec <- fit(feature_spec(data, y ~ .) %>% step_numeric_column(age, flag))
    model <- keras_model_sequential() %>% layer_dense_features(dense_features(spec)) %>% layer_dense(1)
    model %>% compile("sgd", "mse")
    h <- model %>% fit(dataset_use_spec(data, spec), epochs = 1, verbose = 0)
    is.finite(h$metrics$loss)
    count_params(model)
    """
    assert run(program) == "[1] TRUE\n[1] 3\n"


def test_mistakes_are_told() -> None:
    assert "there is no column 'size'" in run("feature_spec(df, y ~ age) %>% step_numeric_column(size)")
    unseen = run("feature_spec(df, y ~ age) %>% step_numeric_column(age) %>% dense_features()")
    assert "call fit(spec) first" in unseen
    plain = run("fit(feature_spec(df, y ~ kind) %>% step_numeric_column(age))")
    assert "there is no column 'age'" in plain
    numeric = run("fit(feature_spec(df, y ~ .) %>% step_numeric_column(age) %>% step_indicator_column(age))")
    assert "is not categorical" in numeric
