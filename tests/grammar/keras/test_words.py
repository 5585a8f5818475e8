"""Every word of the package exists and explains itself, and takes the arguments that R keras gives it."""

from __future__ import annotations

from functools import cache

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.help import documentation_of, help_text
from pipekeras.grammar.keras import frame, names
from pipekeras.grammar.session import Session

_LAYER = "object name trainable input_shape batch_input_shape batch_size dtype weights"
_DENSE = "activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer kernel_constraint"
_CONV = f"filters kernel_size strides padding data_format dilation_rate groups {_DENSE} bias_constraint"
_POOL = "object pool_size strides padding data_format name trainable"
_RECURRENT = (
    "object units activation recurrent_activation use_bias return_sequences return_state go_backwards stateful unroll "
    "time_major kernel_initializer recurrent_initializer bias_initializer kernel_regularizer recurrent_regularizer "
    "bias_regularizer activity_regularizer kernel_constraint recurrent_constraint bias_constraint dropout recurrent_dropout"
)
_OPTIMIZER = "learning_rate weight_decay clipnorm clipvalue global_clipnorm use_ema ema_momentum jit_compile name lr decay"
_LOSS = "y_true y_pred reduction name"

ARGUMENTS = {
    "layer_input": "shape batch_shape name dtype sparse tensor ragged",
    "layer_dense": f"{_LAYER} units {_DENSE} activity_regularizer bias_constraint",
    "layer_dropout": f"{_LAYER} rate noise_shape seed",
    "layer_flatten": f"{_LAYER} data_format",
    "layer_reshape": f"{_LAYER} target_shape",
    "layer_permute": f"{_LAYER} dims",
    "layer_repeat_vector": f"{_LAYER} n",
    "layer_activation": f"{_LAYER} activation",
    "layer_activation_relu": f"{_LAYER} max_value negative_slope alpha threshold",
    "layer_activation_leaky_relu": f"{_LAYER} alpha negative_slope",
    "layer_activation_elu": f"{_LAYER} alpha",
    "layer_activation_selu": _LAYER,
    "layer_activation_softmax": f"{_LAYER} axis",
    "layer_lambda": f"{_LAYER} f output_shape mask arguments",
    "layer_masking": f"{_LAYER} mask_value",
    "layer_conv_1d": f"{_LAYER} {_CONV}",
    "layer_conv_2d": f"{_LAYER} {_CONV}",
    "layer_conv_3d": f"{_LAYER} {_CONV}",
    "layer_conv_2d_transpose": f"{_LAYER} filters kernel_size strides padding output_padding data_format {_DENSE}",
    "layer_separable_conv_2d": f"{_LAYER} filters kernel_size strides padding data_format depth_multiplier activation",
    "layer_max_pooling_1d": _POOL,
    "layer_max_pooling_2d": _POOL,
    "layer_average_pooling_2d": _POOL,
    "layer_global_average_pooling_2d": "object data_format keepdims name",
    "layer_upsampling_2d": "object size data_format interpolation name",
    "layer_zero_padding_2d": "object padding data_format name",
    "layer_cropping_2d": "object cropping data_format name",
    "layer_batch_normalization": f"{_LAYER} axis momentum epsilon center scale beta_initializer gamma_initializer",
    "layer_layer_normalization": "object axis epsilon center scale name",
    "layer_embedding": "object input_dim output_dim embeddings_initializer embeddings_regularizer activity_regularizer "
    "embeddings_constraint mask_zero input_length sparse",
    "layer_lstm": f"{_RECURRENT} unit_forget_bias",
    "layer_gru": f"{_RECURRENT} reset_after",
    "layer_simple_rnn": "object units activation use_bias return_sequences dropout recurrent_dropout",
    "layer_attention": "inputs use_scale score_mode dropout",
    "layer_multi_head_attention": "inputs num_heads key_dim value_dim dropout use_bias output_shape attention_axes",
    "layer_concatenate": "inputs axis dtype name trainable",
    "layer_add": "inputs dtype name trainable",
    "bidirectional": "object layer merge_mode name",
    "time_distributed": "object layer name",
    "optimizer_sgd": f"{_OPTIMIZER} momentum nesterov amsgrad",
    "optimizer_adam": f"{_OPTIMIZER} beta_1 beta_2 epsilon amsgrad",
    "optimizer_rmsprop": f"{_OPTIMIZER} rho momentum epsilon centered",
    "optimizer_adagrad": f"{_OPTIMIZER} initial_accumulator_value epsilon",
    "optimizer_adadelta": f"{_OPTIMIZER} rho epsilon",
    "optimizer_nadam": f"{_OPTIMIZER} beta_1 beta_2 epsilon",
    "loss_mean_squared_error": _LOSS,
    "loss_mean_absolute_error": _LOSS,
    "loss_huber": f"{_LOSS} delta",
    "loss_binary_crossentropy": f"{_LOSS} from_logits label_smoothing axis",
    "loss_categorical_crossentropy": f"{_LOSS} from_logits label_smoothing axis",
    "loss_sparse_categorical_crossentropy": f"{_LOSS} from_logits axis",
    "loss_kullback_leibler_divergence": _LOSS,
    "loss_cosine_similarity": f"{_LOSS} axis",
    "metric_binary_accuracy": "y_true y_pred threshold name dtype",
    "metric_categorical_accuracy": "y_true y_pred name dtype",
    "metric_auc": "num_thresholds curve summation_method name dtype thresholds multi_label label_weights from_logits",
    "metric_precision": "thresholds top_k class_id name dtype",
    "metric_mean_absolute_error": "y_true y_pred name dtype",
    "callback_early_stopping": "monitor min_delta patience verbose mode baseline restore_best_weights",
    "callback_model_checkpoint": "filepath monitor verbose save_best_only save_weights_only mode save_freq",
    "callback_reduce_lr_on_plateau": "monitor factor patience verbose mode min_delta cooldown min_lr",
    "callback_lambda": "on_epoch_begin on_epoch_end on_batch_begin on_batch_end on_train_begin on_test_end on_predict_end",
    "callback_tensorboard": "log_dir histogram_freq batch_size write_graph write_grads write_images embeddings_freq "
    "embeddings_layer_names embeddings_metadata embeddings_data update_freq profile_batch",
    "callback_csv_logger": "filename separator append",
    "callback_learning_rate_scheduler": "schedule",
    "regularizer_l1": "l",
    "regularizer_l2": "l",
    "regularizer_l1_l2": "l1 l2",
    "initializer_random_normal": "mean stddev seed",
    "constraint_maxnorm": "max_value axis",
    "k_equal": "x y",
    "k_pow": "x a",
    "k_switch": "condition then_expression else_expression",
    "k_conv2d": "x kernel strides padding data_format dilation_rate",
    "compile": "object optimizer loss metrics loss_weights weighted_metrics run_eagerly",
    "fit": "object x y batch_size epochs verbose callbacks view_metrics validation_split validation_data shuffle "
    "class_weight sample_weight initial_epoch steps_per_epoch validation_steps",
    "evaluate": "object x y batch_size verbose sample_weight steps callbacks",
    "new_layer_class": "classname initialize build call get_config",
    "new_callback_class": "classname on_epoch_begin on_batch_end on_train_batch_end on_test_begin",
    "save_model_tf": "object filepath overwrite include_optimizer signatures options",
}
"""Words and the names of arguments that scripts written for R keras give them."""


@cache
def session() -> Session:
    made = Session()
    made.activate()
    return made


def value(text: str):
    return session().evaluate_text(text)


def test_every_word_exists_and_is_found_by_the_frame() -> None:
    known = names.all_names()
    assert len(known) > 350
    found = frame.KerasFrame()
    assert [name for name in known if found.get(name) is None] == []


def test_the_words_without_a_prefix_are_listed_exactly() -> None:
    without = {name for name in names.all_names() if not frame._PATTERN.match(name) and not frame._METHOD.search(name)}
    assert without == frame.WORDS


def test_every_own_word_is_documented() -> None:
    names.load()
    assert [name for name, made in names.OWN.items() if names.make(name) is not made] == []
    plain = [name for name, made in names.OWN.items() if getattr(made, "kind", "") == "builtin"]
    assert [name for name in plain if not documentation_of(names.OWN[name])] == []


@pytest.mark.parametrize("word", ["layer_dense", "fit", "k_conv2d", "dataset_batch", "new_metric_class", "layer_lambda"])
def test_help_shows_usage_and_text(word: str) -> None:
    page = help_text(word, session().globals)
    assert page is not None and page.startswith(f"{word}(") and len(page.splitlines()) > 4


@pytest.mark.parametrize("word", ARGUMENTS)
def test_arguments_of_r_keras_are_taken(word: str) -> None:
    taken = {formal.name for formal in names.make(word).formals}
    assert set(ARGUMENTS[word].split()) - taken == set()


def test_spellings_reach_the_runtime() -> None:
    assert value("layer_activation_leaky_relu(alpha = 0.2)$negative_slope").items() == [0.2]
    assert value("layer_activation_leaky_relu(negative_slope = 0.1)$negative_slope").items() == [0.1]
    assert value("layer_activation_relu(alpha = 0.2)$negative_slope").items() == [pytest.approx(0.2)]
    assert value("regularizer_l1(l = 0.5)$l1").items() == [0.5]
    assert value("regularizer_l2(l2 = 0.25)$l2").items() == [0.25]
    assert value("loss_huber(delta = 2, reduction = 'sum', name = 'h')$name").items() == ["h"]
    assert value("k_get_value(loss_huber(delta = 2)(c(0, 0), c(1, 3)))").items() == [pytest.approx((0.5 + 4) / 2)]
    assert value("as.numeric(k_get_value(k_pow(k_constant(c(1, 3)), a = 2)))").items() == [1, 9]
    assert value("(layer_input(4) %>% layer_lambda(f = function(x) k_concatenate(list(x, x))))$shape[[2]]").items() == [8]
    assert value("layer_embedding(input_dim = 5, output_dim = 2, input_length = 7)$input_dim").items() == [5]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("layer_lstm(units = 2, time_major = TRUE)", r"layer_lstm\(\) knows time_major = FALSE only"),
        ("layer_lambda()", 'argument "f" is missing, with no default'),
        ("loss_mean_squared_error(delta = 2)", "unused argument"),
        ("new_loss_class('A')", r"needs a method call\(\)"),
        ("k_argmax(k_constant(1:3), axis = 0)", "1 based"),
        ("k_pool2d(k_constant(array(0, c(1, 4, 4, 1))), c(2, 2), pool_mode = 'sum')", "'max' or 'avg'"),
        ("get_file('a', 'https://example.org/a')", "needs the SHA-256"),
        ("callback_lambda(on_epoch_end = 3)", "must be a function"),
    ],
)
def test_what_is_not_possible_is_refused_in_words(program: str, message: str) -> None:
    with pytest.raises(RError, match=message):
        value(program)


def test_attention_takes_lists_of_query_value_and_key() -> None:
    value("q <- layer_input(c(5, 4)); v <- layer_input(c(7, 4))")
    assert value("layer_attention(list(q, v))$shape[[2]]").items() == [5]
    assert value("layer_multi_head_attention(list(q, v, v), num_heads = 2, key_dim = 3)$shape[[3]]").items() == [4]
    assert value("(q %>% layer_multi_head_attention(num_heads = 2, key_dim = 3))$shape[[2]]").items() == [5]


def numbers(text: str) -> list[float]:
    return value(f"as.numeric(k_get_value({text}))").items()


def test_backend_words_compute() -> None:
    value("x <- k_constant(matrix(1:6, 2))")
    assert numbers("k_cumsum(x, axis = 2)") == [1, 2, 4, 6, 9, 12]
    assert numbers("k_cumprod(x)") == [1, 2, 3, 12, 5, 30]
    assert numbers("k_arange(3)") == [0, 1, 2] and numbers("k_arange(1, 6, 2)") == [1, 3, 5]
    assert numbers("k_eye(2)") == [1, 0, 0, 1]
    assert numbers("k_reverse(x, 2)") == [5, 6, 3, 4, 1, 2]
    assert numbers("k_bias_add(x, c(10, 20, 30))") == [11, 12, 23, 24, 35, 36]
    assert numbers("k_batch_dot(x, x, axes = 2)") == [35, 56]
    assert numbers("k_map_fn(function(row) k_sum(row), x)") == [9, 12]
    assert numbers("k_foldl(function(sum, row) sum + row, x)") == [3, 7, 11]
    assert numbers("k_in_top_k(x, c(2, 0), 1)") == [1, 0]
    assert numbers("k_conv1d(k_constant(array(1:4, c(1, 4, 1))), k_constant(array(1, c(2, 1, 1))))") == [3, 5, 7]
    assert numbers("k_pool2d(k_constant(array(1:4, c(1, 2, 2, 1))), c(2, 2))") == [4]
    assert numbers("k_switch(k_greater(x, 3), x, k_zeros_like(x))") == [0, 0, 0, 4, 5, 6]
    assert value("length(k_unstack(x))").items() == [2]
    assert value("dim(k_spatial_2d_padding(k_constant(array(0, c(1, 2, 3, 1)))))").items() == [1, 4, 5, 1]
    value("v <- k_variable(c(1, 2)); k_moving_average_update(v, c(3, 4), 0.5); k_update_add(v, increment = c(1, 1))")
    assert numbers("v") == [3, 4]
    drawn = numbers("k_random_bernoulli(c(400), p = 0.25, seed = 3)")
    assert set(drawn) == {0, 1} and 60 < sum(drawn) < 140
    assert value("k_reset_uids(); k_get_uid('a'); k_get_uid('a')").items() == [2]
