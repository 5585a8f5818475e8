"""Derivatives between tensors of a layer graph: K.gradients and K.function, as the pictures of what a model sees take them."""

import numpy as np

import pipekeras as pk
from pipekeras import GradientTape, Input, Model, layers
from pipekeras import backend as K


def _classifier():
    source = Input((6, 6, 2))
    features = layers.Conv2D(3, 3, activation="relu", name="features")(source)
    return Model(source, layers.Dense(4, activation="softmax", name="head")(layers.Flatten()(features)))


def _picture():
    return np.random.default_rng(0).normal(size=(1, 6, 6, 2)).astype("float32")


def test_the_derivative_for_a_layer_between_is_that_of_a_tape():
    model, picture = _classifier(), _picture()
    features = model.get_layer("features").output
    derivative = K.gradients(model.output[:, 1], features)[0]
    assert derivative.shape == features.shape
    found, weights = K.function([model.input], [derivative, K.mean(derivative, axis=(0, 1, 2))])([picture])
    below = Model(model.input, features)(picture)
    with GradientTape() as tape:
        tape.watch(below)
        score = model.get_layer("head")(layers.Flatten()(below))[:, 1]
    expected = tape.gradient(score, below).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(weights, expected.mean((0, 1, 2)), rtol=1e-5, atol=1e-7)


def test_the_derivative_for_the_input_and_for_weights():
    model, picture = _classifier(), _picture()
    loss = K.mean(model.get_layer("features").output[:, :, :, 0])
    kernel = model.get_layer("features").kernel
    by_input, by_kernel, by_head = K.gradients(loss, [model.input, kernel, model.get_layer("head").kernel])
    assert by_head is None
    found = K.function([model.input], [loss, by_input, by_kernel])([picture])
    with GradientTape() as tape:
        given = pk.ops.convert_to_tensor(picture)
        value = pk.ops.mean(model.get_layer("features")(given)[:, :, :, 0])
    expected = [value, *tape.gradient(value, [given, kernel])]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-5, atol=1e-7)


def test_tensors_that_nothing_connects_have_no_derivative():
    first, second = Input((2,)), Input((2,))
    assert K.gradients(first * first, [second]) == [None]


def test_a_derivative_can_be_differentiated_again():
    x = Input((2,))
    slope = K.gradients(x**3, x)[0]
    assert K.function([x], K.gradients(slope, x))([[[1.0, 2.0]]])[0].tolist() == [[6.0, 12.0]]


def test_a_model_of_derivatives_counts_weights_once():
    model = _classifier()
    derivative = K.gradients(model.output, model.input)[0]
    assert Model(model.input, [model.output, derivative]).count_params() == model.count_params()
