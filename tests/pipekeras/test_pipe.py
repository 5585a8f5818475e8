"""What `|` and `|=` mean, and what they say when something is wrong."""

import numpy as np
import pytest

from pipekeras import pipe
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.layers import Add, Concatenate, Dense, Input
from pipekeras.models import Model, Sequential


def test_tensor_and_layer():
    x = Input((16,))
    tensor = x | Dense(8, activation="relu") | Dense(2)
    assert tensor.shape == (None, 2)
    assert Model(x, tensor).count_params() == 16 * 8 + 8 + 8 * 2 + 2


def test_list_of_tensors():
    a, b = Input((3,)), Input((2,))
    assert ([a, b] | Concatenate()).shape == (None, 5)
    assert ((a | Dense(2), b) | Add()).shape == (None, 2)


def test_array_is_computed_at_once():
    dense = Dense(2, kernel_initializer="ones")
    np.testing.assert_allclose(np.asarray(np.ones((3, 4), "float32") | dense), np.full((3, 2), 4.0))


def test_model_and_layer_is_a_new_model_that_shares_layers():
    short = Sequential([Input((4,)), Dense(3)], name="net")
    longer = short | Dense(2)
    assert len(short.layers) == 1 and short.output_shape == (None, 3)
    assert longer.output_shape == (None, 2) and longer.layers[0] is short.layers[0]
    assert longer.name == "net"
    np.testing.assert_array_equal(longer.get_weights()[0], short.get_weights()[0])


def test_functional_model_grows_into_a_new_one():
    x = Input((4,))
    short = Model(x, x | Dense(3))
    longer = short | Dense(2)
    assert longer.output_shape == (None, 2) and short.output_shape == (None, 3)
    assert longer.layers[1] is short.layers[1]


def test_growing_in_place():
    model = alias = Sequential([Input((4,))])
    model |= Dense(3)
    model |= Dense(5) | Dense(2)
    assert model is alias and alias.output_shape == (None, 2) and len(alias.layers) == 3


def test_stack_from_nothing():
    model = Sequential() | Input((4,)) | Dense(3) | Dense(2)
    assert model.output_shape == (None, 2)
    late = Sequential() | Dense(3) | Dense(2)
    late.build((None, 4))
    assert late.count_params() == model.count_params()


def test_pipe_without_a_head_is_reusable():
    encoder = Dense(8) | Dense(4)
    assert isinstance(encoder, pipe.Pipe) and len(encoder) == 2
    a, b = Input((16,)), Input((16,))
    model = Model([a, b], [a | encoder | Dense(1), b | encoder])
    assert model.count_params() == 16 * 8 + 8 + 8 * 4 + 4 + 5
    stack = Sequential([Input((16,))]) | encoder
    assert stack.layers == list(encoder.steps)
    assert repr(encoder) == "Dense(units=8) | Dense(units=4)"


def test_pipes_join_with_pipes_verbs_and_functions():
    tail = (Dense(4) | Dense(2)) | pipe.compile("sgd", "mse")
    assert len(tail) == 3
    head = Dense(8) | tail
    assert len(head) == 4
    assert len(pipe.compile("sgd") | pipe.summary()) == 2
    doubled = Dense(2) | (lambda tensor: tensor * 2)
    assert (Input((3,)) | doubled).shape == (None, 2)


def test_error_names_line_and_step():
    x = Input((4, 4))
    with pytest.raises(ArgumentError) as caught:
        (
            x
            | Dense(3)
            | Dense(2)
            | pipe.compile("sgd")
            | Dense(1)
        )
    assert "compile() needs a model on its left; found a tensor of shape (None, 4, 2)" in str(caught.value)
    assert caught.value.place.startswith("test_pipe.py:") and caught.value.place.endswith(", step 3 of the pipe")
    number = int(caught.value.place.split(":")[1].split(",")[0])
    with open(__file__, encoding="utf-8") as stream:
        assert 'pipe.compile("sgd")' in stream.readlines()[number - 1]


def test_error_of_a_layer_is_placed_too():
    with pytest.raises(ShapeError) as caught:
        [Input((4,)), Input((5,))] | Add() | Dense(1)
    assert caught.value.place.endswith("step 1 of the pipe")


def test_foreign_error_gets_a_note():
    def broken(tensor):
        return tensor.no_such_attribute

    with pytest.raises(AttributeError) as caught:
        Input((4,)) | Dense(3) | (Dense(2) | broken)
    assert any("step 2 of the pipe" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("left", [None, "text", 3])
def test_left_that_is_nothing_to_pipe(left):
    with pytest.raises((ArgumentError, ShapeError)):
        left | Dense(3)


def test_right_that_is_no_step():
    with pytest.raises(ArgumentError, match="int is no step of a pipe"):
        Dense(3) | 4


def test_verb_needs_a_model():
    with pytest.raises(ArgumentError, match=r"fit\(\) needs a model") as caught:
        Input((3,)) | Dense(2) | pipe.fit(np.zeros((2, 3)), np.zeros((2, 2)))
    assert "Model(inputs, outputs)" in caught.value.mend


def test_verbs_print_briefly():
    step = pipe.fit(np.zeros((100, 3)), np.zeros((100, 2)), epochs=5)
    assert repr(step) == "fit(array(100, 3), array(100, 2), epochs=5)"


class TestApplyLayer:
    """What the language's layers do with what is piped into them."""

    def test_nothing_gives_the_layer(self):
        layer = Dense(3)
        assert pipe.apply_layer(None, layer) is layer

    def test_stack_grows_in_place(self):
        model = Sequential([Input((4,))])
        assert pipe.apply_layer(model, Dense(3)) is model
        assert pipe.apply_layer(model, Sequential([Dense(2)])) is model and model.output_shape == (None, 2)

    def test_tensor_is_passed_through(self):
        assert pipe.apply_layer(Input((4,)), Dense(3)).shape == (None, 3)
        assert pipe.apply_layer([Input((4,)), Input((2,))], Concatenate()).shape == (None, 6)

    def test_functional_model_does_not_grow(self):
        x = Input((4,))
        with pytest.raises(ArgumentError, match="does not grow") as caught:
            pipe.apply_layer(Model(x, x | Dense(3)), Dense(2))
        assert "output" in caught.value.mend
        with pytest.raises(ArgumentError, match="no tensor"):
            pipe.apply_layer(Dense(3), Dense(2))


class TestVerbs:
    """A whole program as one pipe."""

    def data(self):
        generator = np.random.default_rng(0)
        x = generator.normal(size=(40, 3)).astype("float32")
        return x, x @ np.array([[1.0], [-2.0], [0.5]], "float32")

    def test_build_compile_fit_evaluate_predict(self, tmp_path, capsys):
        x, y = self.data()
        history = (
            Sequential([Input((3,))])
            | Dense(1)
            | pipe.summary()
            | pipe.compile(optimizer="sgd", loss="mse", metrics=["mae"])
            | pipe.fit(x, y, epochs=3, verbose=0)
        )
        assert "Dense" in capsys.readouterr().out
        assert len(history.history["loss"]) == 3 and history.history["loss"][-1] < history.history["loss"][0]
        loss, error = history | pipe.evaluate(x, y, verbose=0)
        assert loss > 0 and error > 0
        assert (history | pipe.predict(x, verbose=0)).shape == (40, 1)
        model = history.model | pipe.save(tmp_path / "m.keras")
        assert model is history.model and (tmp_path / "m.keras").exists()

    def test_verbs_are_functions_too(self):
        x, y = self.data()
        model = Sequential([Input((3,)), Dense(1)])
        assert pipe.compile(model, "sgd", "mse") is model
        assert pipe.fit(model, x, y, verbose=0).history.keys() == {"loss"}
