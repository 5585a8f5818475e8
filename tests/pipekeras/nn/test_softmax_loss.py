"""Cross-entropy behind softmax: Keras' numbers by the short way."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from pipekeras import losses, ops
from pipekeras.graph.gradient import GradientTape, gradient
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.trace import trace
from pipekeras.passes.order import ordered
from pipekeras.runtime.executable import Executable

RNG = np.random.default_rng(8)
# The last rows reach the clipping at both ends.
LOGITS = np.concatenate([RNG.normal(size=(6, 5)) * 2, [[30, 0, 0, 0, 0], [0, 30, 0, -30, 0]]]).astype("float32")
LABELS = np.array([0, 1, 2, 3, 4, 1, 0, 3])
SOFT = (np.eye(5)[LABELS] * 0.7 + RNG.uniform(size=(8, 5)) * 0.1).astype("float32")


def _keras(y_true, sparse, x, axis):
    import jax

    function = keras.losses.sparse_categorical_crossentropy if sparse else keras.losses.categorical_crossentropy
    weight = np.linspace(0.5, 2.0, 8).astype("float32")
    y_true = keras.ops.convert_to_tensor(y_true)

    def total(value):
        return (function(y_true, keras.ops.softmax(value, axis), axis=axis) * weight).sum()

    return jax.value_and_grad(total)(jax.numpy.asarray(x))


def _ours(y_true, sparse, x, axis):
    function = losses.sparse_categorical_crossentropy if sparse else losses.categorical_crossentropy
    return ops.sum(function(y_true, ops.softmax(x, axis), axis=axis) * np.linspace(0.5, 2.0, 8).astype("float32"))


@pytest.mark.parametrize("sparse", [True, False])
def test_value_and_gradient_are_those_of_keras(sparse):
    y_true = LABELS if sparse else SOFT
    expected, expected_gradient = _keras(y_true, sparse, LOGITS, -1)
    x = convert(LOGITS)
    with GradientTape() as tape:
        tape.watch(x)
        total = _ours(y_true, sparse, x, -1)
    np.testing.assert_allclose(float(total), float(expected), rtol=1e-6)
    np.testing.assert_allclose(tape.gradient(total, x).numpy(), expected_gradient, atol=2e-6)
    graph, _ = trace(lambda inner: gradient(_ours(y_true, sparse, inner, -1), [inner]), [Tensor.symbolic((8, 5), "float32")])
    program = Executable(graph)
    np.copyto(program.inputs[0], LOGITS)
    program.run()
    np.testing.assert_allclose(program.outputs[0], expected_gradient, atol=2e-6)
    # Without the passes the same node is a plain view of the value.
    plain = Executable(graph, optimize=False)
    np.copyto(plain.inputs[0], LOGITS)
    plain.run()
    np.testing.assert_allclose(plain.outputs[0], expected_gradient, atol=2e-6)


def test_another_axis_of_classes():
    expected, expected_gradient = _keras(SOFT.T.copy(), False, LOGITS.T.copy(), 0)
    x = convert(LOGITS.T.copy())
    with GradientTape() as tape:
        tape.watch(x)
        total = _ours(SOFT.T.copy(), False, x, 0)
    np.testing.assert_allclose(float(total), float(expected), rtol=1e-6)
    np.testing.assert_allclose(tape.gradient(total, x).numpy(), expected_gradient, atol=2e-6)


def test_second_derivatives_are_right():
    def slope(values):
        x = convert(values)
        with GradientTape() as outer:
            outer.watch(x)
            with GradientTape() as inner:
                inner.watch(x)
                total = ops.sum(losses.sparse_categorical_crossentropy(LABELS[:6], ops.softmax(x)))
            first = inner.gradient(total, x)
            mixed = ops.sum(first * np.arange(30, dtype="float64").reshape(6, 5))
        return float(mixed), outer.gradient(mixed, x).numpy()

    start = LOGITS[:6].astype("float64")
    _, found = slope(start)
    step = 1e-6
    for row, column in ((0, 0), (3, 2), (5, 4)):
        moved = start.copy()
        moved[row, column] += step
        up, _ = slope(moved)
        moved[row, column] -= 2 * step
        down, _ = slope(moved)
        assert found[row, column] == pytest.approx((up - down) / (2 * step), abs=1e-4)


def test_labels_that_are_computed_have_a_gradient():
    import jax

    start = RNG.normal(size=(4, 5)).astype("float32")
    fixed = keras.ops.softmax(LOGITS[:4])

    def total(value):
        return keras.losses.categorical_crossentropy(keras.ops.softmax(value), fixed).sum()

    expected = jax.grad(total)(jax.numpy.asarray(start))
    x = convert(start)
    with GradientTape() as tape:
        tape.watch(x)
        loss = ops.sum(losses.categorical_crossentropy(ops.softmax(x), ops.softmax(convert(LOGITS[:4]))))
    np.testing.assert_allclose(tape.gradient(loss, x).numpy(), expected, atol=2e-6)


def test_the_gradient_is_short():
    labels, x = Tensor.symbolic((8,), "int32"), Tensor.symbolic((8, 5), "float32")
    graph, _ = trace(
        lambda y_true, value: gradient(ops.mean(losses.sparse_categorical_crossentropy(y_true, ops.softmax(value))), [value]),
        [labels, x],
    )
    assert len(Executable(graph).work) <= 9
    assert ordered(graph.outputs)
