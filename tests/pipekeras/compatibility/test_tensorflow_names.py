"""The tables of TensorFlow's and keras.backend's names: every name is there and means what it should."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from pipekeras import backend as K
from pipekeras import layers
from pipekeras.backend.table import NAMES as BACKEND_NAMES
from pipekeras.compatibility import tensorflow as tf
from pipekeras.compatibility.naming import read_table
from pipekeras.compatibility.tensorflow.table import NAMES
from pipekeras.core.errors import ArgumentError, DataError


def look_up(root: Any, path: str) -> Any:
    for piece in path.split("."):
        root = getattr(root, piece)
    return root


def test_every_name_stands_for_something() -> None:
    table = read_table(NAMES)
    assert len(table) > 500
    for path in table:
        look_up(tf, path)
    names = read_table(BACKEND_NAMES)
    assert len(names) > 140
    for name in names:
        getattr(K, name)


USED = """
GradientTape cast reduce_mean reduce_sum zeros matmul reshape expand_dims image.resize concat ones square one_hot constant
random.uniform io.read_file random.normal shape Variable abs train.Checkpoint device keras.metrics.Mean range
strings.regex_replace stack strings.lower image.decode_jpeg image.convert_image_dtype transpose argmax nn.softplus print
keras.metrics.SparseCategoricalAccuracy nn.softmax optimizers.Adam train.AdamOptimizer clip_by_value
keras.losses.MeanSquaredError keras.losses.Reduction.SUM executing_eagerly get_variable pad multiply ones_like
keras.losses.SparseCategoricalCrossentropy keras.optimizers.Adam tile nn.relu stop_gradient keras.layers.Dense
distribute.MirroredStrategy nn.sigmoid_cross_entropy_with_logits sqrt tensordot split strings.split random.set_seed argmin
constant_initializer identity math.reduce_variance maximum minimum norm reduce_prod slice math.softplus
keras.initializers.get math.cumprod math.not_equal math.reduce_mean add function gather image.flip_left_right
keras.optimizers.SGD math.rsqrt optimizers.SGD signal.stft strings.join truediv add_n assign cond einsum equal fill
image.adjust_contrast image.random_brightness image.random_contrast image.random_saturation keras.Model keras.Sequential
keras.backend.batch_dot keras.backend.epsilon keras.backend.sum keras.datasets.mnist.load_data
keras.layers.LayerNormalization keras.layers.add keras.losses.BinaryCrossentropy linalg.band_part linspace
math.logical_and math.logical_or math.sqrt math.top_k nest.flatten nn.sigmoid nn.tanh not_equal pow random.categorical
reduce_max strings.substr subtract tanh train.CheckpointManager unstack zeros_like data.Dataset data.AUTOTUNE
"""


def test_the_names_that_scripts_use_are_there() -> None:
    for path in USED.split():
        look_up(tf, path)


CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any], Any]] = [
    ("reduce_mean", ([[1.0, 3.0], [5.0, 7.0]],), {"axis": 0}, [3.0, 5.0]),
    ("reduce_sum", (), {"input_tensor": [[1.0, 3.0]], "axis": 1, "keepdims": True}, [[4.0]]),
    ("math.reduce_std", ([1.0, 3.0],), {}, 1.0),
    ("constant", (5,), {"shape": (2, 2)}, [[5, 5], [5, 5]]),
    ("constant", ([1, 2, 3, 4],), {"shape": (2, 2), "dtype": "float32"}, [[1, 2], [3, 4]]),
    ("range", (3,), {}, [0, 1, 2]),
    ("fill", ([2], 7.0), {}, [7.0, 7.0]),
    ("gather", ([[1, 2], [3, 4]], [1]), {"axis": 1}, [[2], [4]]),
    ("gather", ([[1, 2], [3, 4]], [[1], [0]]), {"batch_dims": 1}, [[2], [3]]),
    ("gather_nd", ([[1, 2], [3, 4]], [[1, 0], [0, 1]]), {}, [3, 2]),
    ("tensor_scatter_nd_add", ([1, 1], [[1]], [5]), {}, [1, 6]),
    ("slice", ([[1, 2, 3], [4, 5, 6]], [0, 1], [2, -1]), {}, [[2, 3], [5, 6]]),
    ("split", ([1, 2, 3, 4], [1, -1]), {}, [[1], [2, 3, 4]]),
    ("where", ([True, False, True],), {}, [[0], [2]]),
    ("one_hot", ([0, 1], 2), {"on_value": 5.0, "off_value": -1.0}, [[5, -1], [-1, 5]]),
    ("sequence_mask", ([1, 3],), {}, [[True, False, False], [True, True, True]]),
    ("unique", ([3, 1, 3],), {}, [[3, 1], [0, 1, 0]]),
    ("cumsum", ([1, 2, 3],), {"exclusive": True}, [0, 1, 3]),
    ("math.cumprod", ([2, 3, 4],), {"reverse": True}, [24, 12, 4]),
    ("argmax", ([[1, 5], [7, 2]],), {}, [1, 0]),
    ("sort", ([2, 3, 1],), {"direction": "DESCENDING"}, [3, 2, 1]),
    ("clip_by_norm", ([3.0, 4.0], 1.0), {}, [0.6, 0.8]),
    ("clip_by_global_norm", ([[3.0], [4.0]], 1.0), {}, [[[0.6], [0.8]], 5.0]),
    ("matmul", ([[1.0, 2.0]], [[3.0, 4.0]]), {"transpose_b": True}, [[11.0]]),
    ("linalg.band_part", ([[1, 2], [3, 4]], 0, -1), {}, [[1, 2], [0, 4]]),
    ("linalg.diag", ([1, 2],), {"k": 1}, [[0, 1, 0], [0, 0, 2], [0, 0, 0]]),
    ("linalg.diag", ([1, 2],), {"k": -1}, [[0, 0, 0], [1, 0, 0], [0, 2, 0]]),
    ("linalg.svd", ([[3.0, 0.0], [0.0, 4.0]],), {"compute_uv": False}, [4.0, 3.0]),
    ("linalg.matvec", ([[1.0, 2.0]], [3.0, 4.0]), {}, [11.0]),
    ("nn.l2_normalize", ([3.0, 4.0],), {}, [0.6, 0.8]),
    ("nn.sigmoid_cross_entropy_with_logits", (), {"labels": [1.0], "logits": [0.0]}, [math.log(2)]),
    ("nn.softmax_cross_entropy_with_logits", (), {"labels": [[1.0, 0.0]], "logits": [[0.0, 0.0]]}, [math.log(2)]),
    ("nn.weighted_cross_entropy_with_logits", ([1.0], [0.0], 3.0), {}, [3 * math.log(2)]),
    ("nn.conv2d", (np.ones((1, 3, 3, 1), "f"), np.ones((2, 2, 1, 1), "f")), {"strides": [1, 1, 1, 1], "padding": "VALID"},
     np.full((1, 2, 2, 1), 4.0)),
    ("nn.max_pool2d", (np.arange(4.0).reshape(1, 2, 2, 1),), {"ksize": 2, "strides": 2, "padding": "VALID"}, [[[[3.0]]]]),
    ("image.convert_image_dtype", (np.array([255, 0], "uint8"), "float32"), {}, [1.0, 0.0]),
    ("image.convert_image_dtype", (np.array([1.0, 0.5], "float32"), "uint8"), {}, [255, 127]),
    ("image.central_crop", (np.arange(16.0).reshape(4, 4, 1), 0.5), {}, [[[5.0], [6.0]], [[9.0], [10.0]]]),
    ("image.resize", (np.array([[[0.0], [1.0]]], "f"), (1, 4)), {}, [[[0.0], [0.25], [0.75], [1.0]]]),
    ("math.confusion_matrix", ([0, 1, 1], [0, 1, 0]), {}, [[1, 0], [1, 1]]),
    ("math.polyval", ([1.0, 2.0], [3.0]), {}, [5.0]),
    ("strings.length", (["ab", "c"],), {}, [2, 1]),
    ("strings.to_number", (["1.5"],), {}, [1.5]),
    ("signal.frame", ([1, 2, 3, 4, 5], 2, 2), {}, [[1, 2], [3, 4]]),
    ("signal.hann_window", (4,), {}, [0.0, 0.5, 1.0, 0.5]),
    ("map_fn", (lambda row: row * 2, [1.0, 2.0]), {}, [2.0, 4.0]),
    ("scan", (lambda total, row: total + row, [1.0, 2.0, 3.0]), {}, [1.0, 3.0, 6.0]),
    ("foldr", (lambda total, row: total - row, [1.0, 2.0, 5.0]), {}, 2.0),
    ("case", ([(False, lambda: 1.0), (True, lambda: 2.0)],), {"default": lambda: 3.0}, 2.0),
]


def plain(value: Any) -> Any:
    return [plain(item) for item in value] if isinstance(value, list | tuple) else np.asarray(value).tolist()


@pytest.mark.parametrize(("name", "args", "kwargs", "expected"), CALLS, ids=[f"{i}-{c[0]}" for i, c in enumerate(CALLS)])
def test_values(name: str, args: Any, kwargs: Any, expected: Any) -> None:
    found, wanted = plain(look_up(tf, name)(*args, **kwargs)), plain(expected)
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], list) and len({len(np.ravel(i)) for i in wanted}) > 1:
        for ours, theirs in zip(found, wanted, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    elif name == "clip_by_global_norm":
        np.testing.assert_allclose(np.ravel(found[0]), np.ravel(wanted[0]), rtol=1e-5)
        assert found[1] == pytest.approx(wanted[1])
    else:
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


def test_text() -> None:
    assert tf.strings.lower("ABC") == "abc"
    assert tf.strings.regex_replace(["a1b2"], "[0-9]", "-").tolist() == ["a-b-"]
    assert tf.strings.regex_replace("ab", "(a)(b)", r"\2\1") == "ba"
    assert tf.strings.join(["a", ["b", "c"]], separator=" ").tolist() == ["a b", "a c"]
    assert tf.strings.split("a b c").tolist() == ["a", "b", "c"]
    assert tf.strings.substr("hello", 1, 3) == "ell"
    assert tf.constant(["x", "y"]).tolist() == ["x", "y"]


def test_a_training_loop_written_for_tensorflow() -> None:
    weights = tf.Variable(tf.zeros([2, 1]), name="w")
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]])
    y = tf.matmul(x, tf.constant([[2.0], [-1.0]]))
    optimizer = tf.keras.optimizers.SGD(learning_rate=0.05)
    for _ in tf.range(400):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - tf.matmul(x, weights)))
        optimizer.apply_gradients(zip(tape.gradient(loss, [weights]), [weights], strict=True))
    assert float(loss) < 1e-3


def test_a_layer_written_with_tensorflows_names_trains_in_a_model() -> None:
    class Scaled(tf.keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.w = self.add_weight(shape=(input_shape[-1],), initializer="ones")

        def call(self, inputs: Any) -> Any:
            centre = tf.reduce_mean(inputs, axis=-1, keepdims=True)
            return tf.nn.relu(tf.multiply(inputs - centre, self.w)) + tf.cast(tf.shape(inputs)[-1], tf.float32)

    model = tf.keras.Sequential([tf.keras.Input((4,)), Scaled(), tf.keras.layers.Dense(1)])
    model.compile("adam", "mse")
    x = np.random.default_rng(0).normal(size=(16, 4)).astype("float32")
    history = model.fit(x, x[:, :1], epochs=3, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]


def test_checkpoints(tmp_path: Any) -> None:
    layer = layers.Dense(2)
    layer.build((None, 3))
    step = tf.Variable(1)
    checkpoint = tf.train.Checkpoint(layer=layer, step=step)
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, max_to_keep=2)
    before = np.array(layer.kernel)
    for number in range(3):
        step.assign(number)
        manager.save()
    assert len(manager.checkpoints) == 2 and tf.train.latest_checkpoint(tmp_path) == manager.latest_checkpoint
    layer.kernel.assign(before * 0)
    checkpoint.restore(manager.latest_checkpoint).assert_consumed()
    np.testing.assert_array_equal(np.array(layer.kernel), before)
    assert int(step) == 2
    with pytest.raises(DataError):
        tf.train.Checkpoint(other=tf.Variable(1.0)).restore(manager.latest_checkpoint).assert_consumed()


def test_a_wrong_name_and_a_wrong_argument_are_told() -> None:
    with pytest.raises(AttributeError, match="reduce_mean"):
        _ = tf.reduce_maen
    with pytest.raises(AttributeError, match=r"tf\.keras holds what it became"):
        _ = tf.contrib
    with pytest.raises(ArgumentError, match="reduce_mean"):
        tf.reduce_mean([1.0], axes=0)


def test_functions_of_the_backend() -> None:
    np.testing.assert_allclose(np.asarray(K.batch_dot(np.ones((2, 3, 4)), np.ones((2, 4, 5)))), np.full((2, 3, 5), 4.0))
    np.testing.assert_allclose(np.asarray(K.batch_dot([[1.0, 2.0]], [[3.0, 4.0]], axes=1)), [[11.0]])
    assert K.in_train_phase(1.0, 2.0, training=True) == 1.0 and K.in_test_phase(1.0, 2.0, training=True) == 2.0
    assert K.int_shape(K.spatial_2d_padding(np.ones((1, 2, 3, 4)))) == (1, 4, 5, 4)
    assert K.int_shape(K.resize_images(np.ones((1, 2, 3, 4)), 2, 3, "channels_last")) == (1, 4, 9, 4)
    x = K.variable([[1.0, 2.0]])
    K.update_add(x, [[1.0, 1.0]])
    assert K.get_value(x).tolist() == [[2.0, 3.0]] and K.count_params(x) == 2
    assert K.get_uid("a") == 1 and K.get_uid("a") == 2
    chosen = K.switch(K.constant([1.0, 0.0]) > 0, K.constant([[1.0, 1.0], [1.0, 1.0]]), K.constant([[2.0, 2.0], [2.0, 2.0]]))
    assert np.asarray(chosen).tolist() == [[1.0, 1.0], [2.0, 2.0]]
    inputs = layers.Input((2,))
    assert K.function([inputs], [inputs * 2.0])([np.ones((1, 2))])[0].tolist() == [[2.0, 2.0]]


def test_the_table_loads_nothing_before_it_is_used() -> None:
    code = ("import sys, pipekeras.compatibility.tensorflow as tf; tf.float32; dir(tf); "
            "print(sorted({'numba', 'llvmlite', 'pipekeras.models', 'pipekeras.layers'} & set(sys.modules)))")  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_assertions_tell_what_does_not_hold() -> None:
    tf.debugging.assert_positive([0.5, 1.0])
    tf.debugging.assert_non_negative(0)
    tf.debugging.assert_less([1, 2], 3)
    tf.debugging.assert_greater_equal([3, 4], 3)
    for check, operands in (
        (tf.debugging.assert_positive, ([0.0, 1.0],)), (tf.debugging.assert_non_negative, (-1,)),
        (tf.debugging.assert_less, ([1, 3], 3)), (tf.debugging.assert_less_equal, (4, 3)),
        (tf.debugging.assert_greater, (3, 3)), (tf.debugging.assert_greater_equal, ([2, 3], 3)),
        (tf.debugging.assert_equal, ([1, 2], 1)),
    ):  # fmt: skip
        with pytest.raises(DataError, match=f"too small .{check.__name__}"):
            check(*operands, message="too small")
