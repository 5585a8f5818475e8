"""The base class: building, calling, state, losses, configs, errors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import pipekeras
from pipekeras import layers, models, ops
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError, StateError


class Affine(layers.Layer):
    """A user's layer with its own arguments."""

    def __init__(self, units: int, factor: float = 1.0, **options: Any) -> None:
        super().__init__(**options)
        self.units = units
        self.factor = factor

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="ones", name="kernel")
        self.offset = self.add_weight(shape=(self.units,), initializer="zeros", trainable=False, name="offset")

    def call(self, inputs: Any) -> Any:
        return ops.matmul(inputs, self.kernel) * self.factor + self.offset


def test_a_user_layer_builds_from_its_first_input() -> None:
    layer = Affine(2, factor=2.0, name="affine")
    assert not layer.built and layer.weights == []
    result = layer(np.ones((1, 3)))
    assert result.numpy().tolist() == [[6.0, 6.0]]
    assert [weight.path for weight in layer.weights] == ["affine/kernel", "affine/offset"]
    assert layer.trainable_weights == [layer.kernel] and layer.non_trainable_weights == [layer.offset]
    assert layer.count_params() == 8
    assert layer.get_build_config() == {"input_shape": (1, 3)}


def test_config_of_a_user_layer_needs_no_code() -> None:
    layer = Affine(2, name="affine")
    config = layer.get_config()
    assert config["units"] == 2 and config["factor"] == 1.0 and config["name"] == "affine"
    again = Affine.from_config(config)
    assert again.units == 2 and again.name == "affine"


def test_a_user_config_may_extend_the_derived_one() -> None:
    class Extended(layers.Dense):
        def __init__(self, units: int, extra: int, **options: Any) -> None:
            super().__init__(units, **options)
            self.extra = extra

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "extra": self.extra}

    config = Extended(3, extra=7, activation="relu").get_config()
    assert config["units"] == 3 and config["extra"] == 7 and config["activation"] == "relu"
    assert Extended.from_config(config).extra == 7


def test_sublayers_in_attributes_lists_and_dicts_are_found() -> None:
    class Holder(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.first = layers.Dense(2)
            self.rest = [layers.Dense(2)]
            self.rest.append(layers.Dense(2))
            self.named = {"last": layers.Dense(1)}

        def call(self, inputs: Any) -> Any:
            for layer in [self.first, *self.rest, self.named["last"]]:
                inputs = layer(inputs)
            return inputs

    holder = Holder()
    assert holder(np.ones((1, 2))).shape == (1, 1)
    assert len(holder.weights) == 8 and holder.built
    holder.trainable = False
    assert holder.trainable_weights == [] and len(holder.non_trainable_weights) == 8
    holder.rest.pop()
    assert len(holder.weights) == 6


def test_set_weights_checks_number_and_shapes() -> None:
    layer = layers.Dense(2)
    with pytest.raises(ShapeError, match="no weights before it is built"):
        layer.set_weights([np.zeros((3, 2)), np.zeros(2)])
    layer.build((None, 3))
    layer.set_weights([np.ones((3, 2)), np.zeros(2)])
    assert layer(np.ones((1, 3))).numpy().tolist() == [[3.0, 3.0]]
    with pytest.raises(ShapeError, match="has shape \\(3, 2\\)"):
        layer.set_weights([np.ones((2, 3)), np.zeros(2)])


def test_first_weights_may_be_given_to_the_constructor() -> None:
    layer = layers.Dense(1, weights=[np.full((2, 1), 3.0), np.zeros(1)], input_shape=(2,))
    assert models.Sequential([layer])(np.ones((1, 2))).numpy().tolist() == [[6.0]]


def test_losses_come_from_calls_and_from_weights() -> None:
    class Penal(layers.Layer):
        def call(self, inputs: Any) -> Any:
            self.add_loss(ops.sum(inputs))
            return inputs

    dense = layers.Dense(1, kernel_initializer="ones", kernel_regularizer=pipekeras.regularizers.L2(0.5))
    model = models.Sequential([Penal(), dense])
    model(np.ones((2, 3)))
    assert [float(loss) for loss in model.losses] == [6.0, 1.5]
    model(np.zeros((2, 3)))
    assert [float(loss) for loss in model.losses] == [0.0, 1.5]


def test_activity_penalty_is_a_mean_over_the_batch() -> None:
    layer = layers.Dense(1, kernel_initializer="ones", activity_regularizer=pipekeras.regularizers.L1(0.1))
    layer(np.ones((4, 3)))
    assert float(layer.losses[0]) == pytest.approx(0.3)


def test_training_reaches_inner_layers() -> None:
    seen = []

    class Inner(layers.Layer):
        def call(self, inputs: Any, training: Any = None) -> Any:
            seen.append(training)
            return inputs

    class Outer(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def call(self, inputs: Any) -> Any:
            return self.inner(inputs)

    outer = Outer()
    outer(np.ones(2))
    outer(np.ones(2), training=True)
    outer(np.ones(2), training=False)
    assert seen[-3:] == [None, True, False]


def test_types_follow_the_layer() -> None:
    assert layers.Dense(1)(np.ones((1, 2), "float64")).dtype == "float32"
    wide = layers.Dense(1, dtype="float64")
    assert wide(np.ones((1, 2), "float32")).dtype == "float64" and wide.kernel.dtype == "float64"
    mixed = layers.Dense(1, dtype="mixed_float16")
    assert mixed.variable_dtype == "float32" and mixed.compute_dtype == "float16"


def test_older_ways_to_declare_the_input() -> None:
    for options in ({"input_shape": (4,)}, {"input_dim": 4}, {"batch_input_shape": (None, 4)}):
        assert models.Sequential([layers.Dense(2, **options)]).input_shape == (None, 4)
    fixed = models.Sequential([layers.Dense(2, input_shape=(4,), batch_size=3)])
    assert fixed.input_shape == (3, 4)
    embedded = models.Sequential([layers.Embedding(10, 2, input_length=5)])
    assert embedded.output_shape == (None, 5, 2)


def test_the_older_name_of_the_shape_rule_counts() -> None:
    class Twice(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return ops.concatenate([inputs, inputs], axis=-1)

        def get_output_shape_for(self, input_shape: Any) -> Any:
            return (input_shape[0], input_shape[1] * 2)

    assert Twice()(layers.Input((3,))).shape == (None, 6)


def test_a_layer_may_list_its_own_variables() -> None:
    class Own(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.W = pipekeras.Variable(np.ones((input_shape[-1], 2), "float32"))
            self.trainable_weights = [self.W]

        def call(self, inputs: Any) -> Any:
            return ops.matmul(inputs, self.W)

    layer = Own()
    layer(np.ones((1, 3)))
    assert layer.trainable_weights == [layer.W] and len(layer.weights) == 1


def test_wrong_shapes_say_layer_wanted_found_and_mend() -> None:
    with pytest.raises(ShapeError) as caught:
        layers.Dense(10)(np.zeros(3))
    assert str(caught.value).splitlines() == [
        "Dense(units=10) needs (batch, ..., features); got (3,)",
        "  mend: put Flatten() before it, or declare Input(shape=(number of features,))",
    ]
    layer = layers.Dense(2)
    layer(np.zeros((1, 4)))
    with pytest.raises(ShapeError, match=r"Dense\(units=2\) needs \(batch, \.\.\., 4\); got \(1, 5\)"):
        layer(np.zeros((1, 5)))
    with pytest.raises(ShapeError, match=r"Conv2D\(filters=2, kernel_size=3\) needs \(batch, rows, columns, channels\)"):
        layers.Conv2D(2, 3)(np.zeros((4, 28, 28)))
    with pytest.raises(ShapeError, match=r"LSTM\(units=3\) needs \(batch, time, features\); got \(2, 4\)"):
        layers.LSTM(3)(np.zeros((2, 4)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Dense(0), "units must be a whole number of 1 or more, not 0"),
        (lambda: layers.Dense("a"), "units must be a whole number of 1 or more, not 'a'"),
        (lambda: layers.Dense(2.5), "units must be a whole number of 1 or more, not 2.5"),
        (lambda: layers.Dropout(1.5), "rate must lie between 0 and 1, not 1.5"),
        (lambda: layers.Conv2D(2, 3, padding="sane"), "padding must be one of 'valid', 'same', not 'sane'"),
        (lambda: layers.Reshape((-1, -1)), "more than one -1"),
        (lambda: layers.Permute((1, 3)), "dims must be 1 to 2 in some order"),
    ],
)
def test_wrong_arguments_are_refused_where_they_are_given(make: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message.replace("(", r"\(")):
        make()


def test_an_unknown_argument_names_the_nearest() -> None:
    with pytest.raises(ArgumentError, match="did you mean 'activation'"):
        layers.Dense(2, activaton="relu")
    with pytest.raises(ArgumentError, match=r"did you mean 'dropout'|its arguments are"):
        layers.LSTM(2, dropuot=0.1)


def test_forgetting_the_base_constructor_is_told() -> None:
    class Forgot(layers.Layer):
        def __init__(self) -> None:
            self.inner = layers.Dense(1)

    with pytest.raises(StateError, match="call super"):
        Forgot()


def test_nodes_tell_about_each_call() -> None:
    a, b = layers.Input((3,)), layers.Input((5, 3))
    layer = layers.Dense(2)
    first, second = layer(a), layer(b)
    assert layer.get_output_at(0) is first and layer.get_output_at(1) is second
    assert layer.get_input_shape_at(1) == (None, 5, 3) and layer.get_output_shape_at(1) == (None, 5, 2)
    assert layer.input is a and layer.output is first
    with pytest.raises(StateError, match="was called 2 times"):
        layer.get_output_at(2)
    with pytest.raises(StateError, match="never called"):
        _ = layers.Dense(1).output


def test_masks_go_through_and_end_with_a_word() -> None:
    numbers = np.array([[1, 2, 0], [3, 0, 0]])
    embedded = layers.Embedding(5, 4, mask_zero=True)(numbers)
    assert embedded.mask.numpy().tolist() == [[True, True, False], [True, False, False]]
    assert layers.Dense(2)(embedded).mask is embedded.mask
    with pytest.warns(UserWarning, match="does not support masks"):
        flat = layers.Flatten()(embedded)
    assert flat.mask is None
    with pytest.raises(ConfigurationError, match="does not support masks"):
        layers.Flatten().compute_mask(embedded, embedded.mask)
    pooled = layers.GlobalAveragePooling1D()(embedded)
    np.testing.assert_allclose(pooled.numpy()[0], embedded.numpy()[0, :2].mean(axis=0), rtol=1e-6)


def test_masked_steps_do_not_change_a_recurrent_result() -> None:
    layer = layers.GRU(3)
    x = np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32")
    padded = np.concatenate([x, np.zeros((2, 3, 2), "float32")], axis=1)
    expected = layer(x).numpy()
    found = layer(layers.Masking()(padded)).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_lasting_states_go_on_until_reset() -> None:
    layer = layers.LSTM(2, stateful=True)
    x = np.random.default_rng(1).normal(size=(1, 4, 3)).astype("float32")
    whole = layers.LSTM(2)
    whole(x)
    layer(x[:, :2])
    layer.set_weights(whole.get_weights())
    layer.reset_states()
    layer(x[:, :2])
    np.testing.assert_allclose(layer(x[:, 2:]).numpy(), whole(x).numpy(), rtol=1e-6)
    layer.reset_states()
    assert not np.allclose(layer(x[:, 2:]).numpy(), whole(x).numpy())
    with pytest.raises(ShapeError, match="fixed batch size"):
        models.Sequential([layers.Input((4, 3)), layers.LSTM(2, stateful=True)])


def test_a_user_cell_runs_in_rnn() -> None:
    class Sum(layers.Layer):
        state_size = 3
        output_size = 3

        def call(self, inputs: Any, states: Any) -> Any:
            total = states[0] + inputs
            return total, [total]

    x = np.arange(12, dtype="float32").reshape(1, 4, 3)
    assert layers.RNN(Sum())(x).numpy().tolist() == [x.sum(axis=1)[0].tolist()]


def test_initial_states_may_be_given() -> None:
    layer = layers.LSTM(2, return_state=True)
    x = np.random.default_rng(2).normal(size=(3, 4, 2)).astype("float32")
    _, h, c = layer(x[:, :2])
    resumed = layer(x[:, 2:], initial_state=[h, c])[0].numpy()
    np.testing.assert_allclose(resumed, layer(x)[0].numpy(), rtol=1e-5)
    np.testing.assert_allclose(layer([x[:, 2:], h, c])[0].numpy(), resumed)
    sources = [layers.Input((2, 2)), layers.Input((2,)), layers.Input((2,))]
    model = models.Model(sources, layer(sources[0], initial_state=sources[1:])[0])
    np.testing.assert_allclose(model([x[:, 2:], h, c]).numpy(), resumed, rtol=1e-6)


def test_lambda_takes_arguments_and_is_refused_as_code() -> None:
    layer = layers.Lambda(lambda x, factor: x * factor, arguments={"factor": 3.0})
    assert layer(np.ones((1, 2))).numpy().tolist() == [[3.0, 3.0]]
    assert layer(layers.Input((2,))).shape == (None, 2)
    with pytest.raises(ConfigurationError, match="lambda has no name"):
        layer.get_config()
    code = {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None, "closure": None}}
    with pytest.raises(pipekeras.core.errors.UserError, match="never run"):
        layers.Lambda.from_config({"name": "l", "function": code})
    with pytest.raises(ConfigurationError, match="never run"):
        layers.Lambda.from_config({"name": "l", "function": ["4wEAAAA=", None, None], "function_type": "lambda"})


def test_discretization_learns_quantiles_and_normalization_moments() -> None:
    values = np.random.default_rng(3).normal(3.0, 2.0, size=(1000, 2)).astype("float32")
    layer = layers.Normalization()
    layer.adapt([values[:300], values[300:]])
    scaled = layer(values).numpy()
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(scaled.std(axis=0), 1, atol=1e-4)
    bins = layers.Discretization(num_bins=4)
    bins.adapt(values[:, 0])
    counts = np.bincount(bins(values[:, 0]).numpy())
    assert len(counts) == 4 and counts.min() > 200
    again = layers.Discretization.from_config(bins.get_config())
    assert again.bin_boundaries == bins.bin_boundaries


def test_attention_minds_the_masks_of_its_inputs() -> None:
    numbers = np.array([[1, 2, 3, 0]])
    embedded = layers.Embedding(5, 4, mask_zero=True)(numbers)
    layer = layers.MultiHeadAttention(2, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result, weights = layer(embedded, embedded, return_attention_scores=True)
    assert result.mask is embedded.mask and embedded.mask is not None
    np.testing.assert_allclose(weights.numpy()[:, :, :3, 3], 0)
    causal = layer(embedded, embedded, use_causal_mask=True, return_attention_scores=True)[1].numpy()
    assert (causal[0, 0][np.triu_indices(3, 1)] == 0).all()


@pytest.mark.parametrize("name", ["DepthwiseConv2D", "SeparableConv2D", "DepthwiseConv1D", "SeparableConv1D"])
def test_convolutions_by_channel_take_strides_and_gaps_together(name):
    """Keras refuses both only where channels are mixed: then every second place of the plain steps is left out."""
    own = {} if name.startswith("Depth") else {"filters": 3}
    made = [getattr(layers, name)(kernel_size=2, strides=step, dilation_rate=3, **own) for step in (1, 2)]
    shape = (2, 9, 9, 2) if name.endswith("2D") else (2, 9, 2)
    x = np.random.default_rng(5).normal(size=shape).astype("float32")
    source = layers.Input(shape[1:])
    every, second = (models.Model(source, layer(source)) for layer in made)
    second.set_weights(every.get_weights())
    places = (slice(None), slice(None, None, 2), slice(None, None, 2))[: len(shape) - 1]
    expected = every.predict(x, verbose=0)[places]
    np.testing.assert_allclose(second.predict(x, verbose=0), expected, atol=1e-6)
    second.compile("sgd", "mse")
    assert second.train_on_batch(x, np.zeros(expected.shape)) > second.train_on_batch(x, np.zeros(expected.shape))
