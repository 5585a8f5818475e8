"""Functional models and stacks: structure, calls, shapes, errors, cloning, freezing, summary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import layers, models, ops
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError, StateError
from pipekeras.models.summary import summary_text
from tests.counted import calls_of


def two_towers() -> Any:
    a, b = layers.Input((4,), name="a"), layers.Input((4,), name="b")
    shared = layers.Dense(3, activation="tanh", name="shared")
    left, right = shared(a), shared(b)
    both = layers.Concatenate(name="both")([left, right])
    first = layers.Dense(2, name="first")(both)
    second = layers.Add(name="second")([left, right])
    return models.Model([a, b], [first, second], name="towers")


def test_several_inputs_and_outputs_and_a_shared_layer() -> None:
    model = two_towers()
    x, y = np.ones((5, 4)), np.zeros((5, 4))
    first, second = model([x, y])
    assert first.shape == (5, 2) and second.shape == (5, 3)
    by_name = model({"b": y, "a": x})
    np.testing.assert_array_equal(by_name[0].numpy(), first.numpy())
    assert model.input_shape == [(None, 4), (None, 4)] and model.output_shape == [(None, 2), (None, 3)]
    assert model.input_names == ["a", "b"] and model.output_names == ["first", "second"]
    assert len(model.weights) == 4 and model.count_params() == 4 * 3 + 3 + 6 * 2 + 2


def test_models_are_layers() -> None:
    inner = models.Sequential([layers.Dense(3, input_shape=(4,)), layers.Dense(2)], name="inner")
    x = layers.Input((4,))
    model = models.Model(x, layers.Dense(1)(inner(x)))
    assert [layer.name for layer in model.layers][1] == "inner"
    assert len(model.weights) == 6
    data = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")
    encoder = models.Model(x, inner(x))
    np.testing.assert_array_equal(encoder(data).numpy(), inner(data).numpy())


def test_ops_between_layers_become_steps() -> None:
    x = layers.Input((3,))
    y = layers.Dense(3, kernel_initializer="ones")(x)
    z = ops.relu(y - 1.0) + x[:, :1] * 2
    model = models.Model(x, layers.Flatten()(z))
    assert [op.name.split("_")[0] for op in model.operations if not isinstance(op, layers.Layer)]
    data = np.array([[1.0, 2.0, 3.0]], "float32")
    np.testing.assert_allclose(model(data).numpy(), [[7.0, 7.0, 7.0]])
    again = models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    np.testing.assert_allclose(again(data).numpy(), [[7.0, 7.0, 7.0]])


def test_tensors_in_a_list_that_has_a_name_become_steps_too() -> None:
    a, b = layers.Input((2,)), layers.Input((1,))
    left, right = np.ones((3, 2), np.float32), np.zeros((3, 1), np.float32)
    model = models.Model([a, b], ops.concatenate(xs=[a, b], axis=-1))
    np.testing.assert_array_equal(model.predict([left, right], verbose=0), [[1, 1, 0]] * 3)
    stacked = models.Model(a, ops.stack(x=(a, a), axis=1))
    assert stacked.predict(left, verbose=0).shape == (3, 2, 2)


def test_a_model_may_start_in_the_middle_of_another() -> None:
    x = layers.Input((4,))
    h = layers.Dense(3, name="h")(x)
    y = layers.Dense(2, name="y")(h)
    full, head, tail = models.Model(x, y), models.Model(x, h), models.Model(h, y)
    data = np.random.default_rng(1).normal(size=(2, 4)).astype("float32")
    np.testing.assert_allclose(tail(head(data)).numpy(), full(data).numpy(), rtol=1e-6)
    assert tail.get_layer("y") is full.get_layer("y")


def test_structures_of_outputs_are_kept() -> None:
    x = layers.Input((2,))
    model = models.Model({"x": x}, {"one": layers.Dense(1)(x), "two": layers.Dense(2)(x)})
    result = model({"x": np.ones((3, 2))})
    assert result["one"].shape == (3, 1) and result["two"].shape == (3, 2)


def test_a_missing_input_is_named() -> None:
    a, b = layers.Input((2,), name="a"), layers.Input((2,), name="b")
    with pytest.raises(ShapeError, match="rest on input 'b'"):
        models.Model(a, layers.Add()([a, b]))
    with pytest.raises(ArgumentError, match="must be tensors that Input"):
        models.Model(np.ones(3), a)
    model = models.Model([a, b], layers.Add()([a, b]))
    with pytest.raises(ShapeError, match="needs 2 inputs \\('a', 'b'\\); got 1"):
        model(np.ones((1, 2)))
    with pytest.raises(ShapeError, match="needs an input called 'b'; got a"):
        model({"a": np.ones((1, 2))})
    with pytest.raises(ShapeError, match=r"needs shape \(None, 2\) for input 'b'; got \(1, 3\)"):
        model([np.ones((1, 2)), np.ones((1, 3))])


def test_two_layers_of_one_name_are_refused() -> None:
    x = layers.Input((2,))
    with pytest.raises(ConfigurationError, match="two layers of model"):
        models.Model(x, layers.Dense(1, name="d")(layers.Dense(1, name="d")(x)))
    with pytest.raises(ConfigurationError, match="two layers called 'd'"):
        models.Sequential([layers.Dense(1, name="d"), layers.Dense(1, name="d")])


def test_a_stack_builds_late() -> None:
    model = models.Sequential([layers.Dense(3), layers.Dropout(0.5), layers.Dense(1)])
    assert not model.built and model.weights == []
    with pytest.raises(StateError, match="no input shape yet"):
        _ = model.input_shape
    model.build((None, 4))
    assert model.built and model.output_shape == (None, 1) and len(model.weights) == 4
    other = models.Sequential([layers.Dense(3), layers.Dense(1)])
    assert other(np.ones((7, 4))).shape == (7, 1)
    assert other.input_shape == (None, 4)


def test_a_stack_grows_and_shrinks() -> None:
    model = models.Sequential()
    model.add(layers.Input((4,)))
    model.add(layers.Dense(3))
    model.add(layers.Dense(2))
    assert model.output_shape == (None, 2)
    removed = model.pop()
    assert removed.units == 2 and model.output_shape == (None, 3) and len(model.layers) == 1
    model.add(layers.Dense(5))
    assert model(np.ones((1, 4))).shape == (1, 5)
    with pytest.raises(ArgumentError, match="only layers can be added"):
        model.add(np.ones(3))
    with pytest.raises(ConfigurationError, match="already takes input"):
        model.add(layers.Input((3,)))


def test_a_stack_that_begins_with_merged_branches_takes_lists() -> None:
    left, right = models.Sequential([layers.Dense(3)]), models.Sequential([layers.Dense(3)])
    model = models.Sequential([layers.Merge([left, right], mode="concat"), layers.Dense(2)])
    assert model([np.ones((2, 4)), np.ones((2, 5))]).shape == (2, 2)
    assert len(model.weights) == 6


def test_layers_are_found_by_name_and_number() -> None:
    model = two_towers()
    assert model.get_layer("both").name == "both" and model.get_layer(index=-1).name == model.layers[-1].name
    with pytest.raises(ConfigurationError, match="did you mean 'shared'"):
        model.get_layer("shred")
    with pytest.raises(ConfigurationError, match="there is none at index 99"):
        model.get_layer(index=99)
    with pytest.raises(ArgumentError, match="a name or an index"):
        model.get_layer()


def test_freezing_sets_the_whole_model() -> None:
    model = models.Sequential([layers.Dense(2, name=name) for name in "abcd"])
    model.build((None, 2))

    def open_layers() -> str:
        return "".join(layer.name for layer in model.layers if layer.trainable)

    models.freeze_weights(model)
    assert open_layers() == "" and model.trainable_weights == []
    models.unfreeze_weights(model, from_="c")
    assert open_layers() == "cd" and len(model.trainable_weights) == 4
    models.freeze_weights(model, from_="b", to="c")
    assert open_layers() == "ad"
    models.freeze_weights(model, which=[0, "d"])
    assert open_layers() == "bc"
    models.unfreeze_weights(model, which=lambda layer: layer.name == "d")
    assert open_layers() == "d"
    with pytest.raises(ConfigurationError, match="has no layer 'x'"):
        models.freeze_weights(model, from_="x")


def test_clones_have_weights_of_their_own() -> None:
    model = two_towers()
    clone = models.clone_model(model)
    assert [layer.name for layer in clone.layers] == [layer.name for layer in model.layers]
    assert not np.array_equal(clone.weights[0].numpy(), model.weights[0].numpy())
    clone.set_weights(model.get_weights())
    x, y = np.ones((1, 4)), np.zeros((1, 4))
    np.testing.assert_array_equal(clone([x, y])[0].numpy(), model([x, y])[0].numpy())
    wider = models.clone_model(
        models.Sequential([layers.Dense(2, input_shape=(3,))]),
        clone_function=lambda layer: layers.Dense(layer.units * 2, name=layer.name),
    )
    assert wider.output_shape == (None, 4)


def test_a_subclass_builds_from_a_shape_or_from_data() -> None:
    class Net(models.Model):
        def __init__(self, units: int = 3) -> None:
            super().__init__()
            self.one = layers.Dense(units)
            self.two = layers.Dense(1)

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.two(self.one(inputs))

    model = Net()
    model.build((None, 4))
    assert [layer.name for layer in model.layers] == [model.one.name, model.two.name]
    assert model.count_params() == 19 and Net.from_config(model.get_config()).one.units == 3
    other = Net(5)
    assert other(np.ones((2, 4))).shape == (2, 1) and other.built


def test_a_subclass_may_be_functional() -> None:
    class Named(models.Model):
        def greet(self) -> str:
            return "hello"

    x = layers.Input((3,))
    model = Named(x, layers.Dense(2)(x))
    assert isinstance(model, Named) and model.greet() == "hello" and model.output_shape == (None, 2)
    assert model(np.ones((1, 3))).shape == (1, 2)


def test_a_training_flag_of_the_graph_holds_where_the_call_has_none() -> None:
    # Keras 3 lets the flag of the model's call win: fit and predict() always have one.
    x = layers.Input((50,))
    always = models.Model(x, layers.Dropout(0.5)(x, training=True))
    data = np.ones((4, 50), "float32")
    assert (always(data).numpy() == 0).any() and (always(data, training=False).numpy() == 1).all()
    assert (always.predict(data, verbose=0) == 1).all()
    never = models.Model(x, models.Model(x, layers.Dropout(0.5)(x))(x, training=False))
    assert (never(data).numpy() == 1).all() and (never(data, training=True).numpy() == 0).any()
    usual = models.Model(x, layers.Dropout(0.5)(x))
    assert (usual(data).numpy() == 1).all() and (usual(data, training=True).numpy() == 0).any()
    again = models.model_from_json(always.to_json())
    assert (again(data).numpy() == 0).any()


def test_rank_one_less_or_more_is_made_to_fit() -> None:
    x = layers.Input((1,))
    model = models.Model(x, layers.Dense(2)(x))
    assert model(np.ones(5)).shape == (5, 2)
    assert models.Sequential([layers.Dense(2, input_shape=(1,))])(np.ones(5)).shape == (5, 2)


def test_masks_go_through_models() -> None:
    inner = models.Sequential([layers.Embedding(9, 3, mask_zero=True), layers.Dense(2)])
    x = layers.Input((4,), dtype="int32")
    model = models.Model(x, layers.LSTM(2)(inner(x)))
    short, long = np.array([[1, 2, 0, 0]]), np.array([[1, 2, 0, 0]])
    unmasked = models.Model(x, inner(x))
    assert unmasked(short).mask.numpy().tolist() == [[True, True, False, False]]
    lstm = model.layers[-1]
    np.testing.assert_allclose(model(long).numpy(), lstm(unmasked(short)[:, :2]).numpy(), rtol=1e-5)


def test_summary_of_a_stack() -> None:
    model = models.Sequential(
        [layers.Dense(32, activation="relu", input_shape=(784,), name="dense"), layers.Dropout(0.2, name="dropout")],
        name="digits",
    )
    rule, double = "_" * 80, "=" * 80
    assert summary_text(model).splitlines() == [
        'Model: "digits"',
        rule,
        " Layer (type)                       Output Shape                    Param #     ",
        double,
        " dense (Dense)                      (None, 32)                      25120       ",
        " dropout (Dropout)                  (None, 32)                      0           ",
        double,
        "Total params: 25120 (98.12 KB)",
        "Trainable params: 25120 (98.12 KB)",
        "Non-trainable params: 0 (0.00 Byte)",
        rule,
    ]


def test_summary_of_a_graph_tells_the_links(capsys: pytest.CaptureFixture[str]) -> None:
    model = two_towers()
    model.get_layer("first").trainable = False
    model.summary()
    text = capsys.readouterr().out
    assert "Connected to" in text and "Trainable" in text
    row = next(line for line in text.splitlines() if line.startswith(" both"))
    assert row.split() == ["both", "(Concatenate)", "(None,", "6)", "0", "shared[0][0],", "shared[1][0]", "Y"]
    assert "a (InputLayer)" in text and "[(None, 4)]" in text
    lines: list[str] = []
    model.summary(print_fn=lines.append, layer_range=["both", "both"])
    assert sum("(" in line and "params" not in line for line in lines) == 2
    with pytest.raises(ConfigurationError, match=r"has no layer '\('"):
        model.summary(layer_range=["(", "both"])


def test_summary_of_what_is_not_built_and_of_inner_models() -> None:
    text = summary_text(models.Sequential([layers.Dense(2, name="d")], name="late"))
    assert " d (Dense)                          ?                               0 (unbuilt) " in text
    inner = models.Sequential([layers.Dense(2, name="deep", input_shape=(3,))], name="inner")
    outer = models.Sequential([inner, layers.Dense(1, name="top")], name="outer")
    assert "| deep (Dense)" in summary_text(outer, expand_nested=True)
    assert "deep" not in summary_text(outer)


def test_names_from_files_can_not_drive_the_terminal() -> None:
    model = models.Sequential([layers.Dense(1, name="d\x1b[31m", input_shape=(2,))], name="m\n")
    assert "\x1b" not in summary_text(model) and "m\\n" in summary_text(model)


def test_building_a_small_stack_is_quick() -> None:
    """It takes 880 calls of Python's functions, about 2 ms."""
    stack = "models.Sequential([layers.Dense(8, input_shape=(4,)), layers.Dense(8), layers.Dense(1)])"
    assert calls_of(stack, f"from pipekeras import layers, models\n{stack}") < 2000
