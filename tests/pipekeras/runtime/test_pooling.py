"""Pooling over windows side by side, against the references; and what runs on convolutions and poolings."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Graph
from pipekeras.ops.define import OPERATIONS
from pipekeras.runtime.executable import Executable
from pipekeras.runtime.kernels.geometry import Geometry
from pipekeras.runtime.kernels.pooling import lies_side_by_side, side_by_side_commands

SHAPES = {
    "even": ((3, 8, 6, 32), (2, 2)),
    "left over rows and columns": ((2, 7, 8, 5), (3, 3)),
    "one dimension": ((2, 11, 20), (4,)),
    "three dimensions": ((2, 4, 5, 7, 17), (2, 2, 3)),
    "unequal": ((1, 6, 9, 40), (3, 2)),
}


def run(outputs: list[Tensor], inputs: list[Tensor], arrays: list[np.ndarray], optimize: bool = True) -> list[np.ndarray]:
    executable = Executable(Graph(inputs, outputs, [], {}), [array.copy() for array in arrays], optimize)
    assert executable.host_operations == []
    executable.run()
    return [array.copy() for array in executable.outputs]


def symbols(*arrays: np.ndarray) -> list[Tensor]:
    return [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SHAPES)
def test_values_and_gradients_are_those_of_the_references(name: str, dtype: str) -> None:
    shape, window = SHAPES[name]
    rng = np.random.default_rng(4)
    # Few different values, so that windows hold ties.
    x = rng.integers(-3, 4, shape).astype(dtype)
    settings = {"window": window, "strides": window, "padding": "valid"}
    for pooling, back, after in (("max_pooling", "max_pooling_gradient", "x"), ("sum_pooling", "sum_pooling_gradient", None)):
        symbol = symbols(x)[0]
        y = OPERATIONS[pooling](symbol, **settings)
        g = rng.standard_normal(tuple(y.shape)).astype(dtype)
        symbol_g = symbols(g)[0]
        arguments = (symbol_g, symbol) if after else (symbol_g,)
        more = settings if after else {"shape": shape, **settings}
        result = OPERATIONS[back](*arguments, **more)
        # What follows runs on the gradient: a comparison with x and a number for every channel.
        chosen = ops.where(symbol > 0.0, result, 0.0) * np.arange(shape[-1], dtype=dtype)
        found = run([y, chosen], [symbol, symbol_g], [x, g])
        np.testing.assert_array_equal(found[0], OPERATIONS[pooling].reference(x, **settings))
        expected = OPERATIONS[back].reference(*((g, x) if after else (g,)), **more)
        np.testing.assert_array_equal(found[1], np.where(x > 0, expected, 0) * np.arange(shape[-1], dtype=dtype))


def test_the_first_nan_of_a_window_wins() -> None:
    x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    x[0, 0, 1, 0] = x[0, 1, 0, 0] = np.nan
    symbol = symbols(x)[0]
    (y,) = run([ops.max_pool(symbol, 2)], [symbol], [x])
    np.testing.assert_array_equal(y[0, :, :, 0], [[np.nan, 7], [13, 15]])
    geometry = Geometry.of(1, (4, 4), 1, 1, (2, 2), (2, 2))
    assert lies_side_by_side(geometry)
    places = np.zeros((1, 2, 2, 1), np.int32)
    from pipekeras.runtime.executor import Program

    Program(side_by_side_commands(geometry, "maximum", x, np.zeros((1, 2, 2, 1), np.float32), "float32", places)).run()
    np.testing.assert_array_equal(places[0, :, :, 0], [[1, 3], [3, 3]])


@pytest.mark.parametrize("groups", [1, 32])
@pytest.mark.parametrize("size", [6, 9])
@pytest.mark.parametrize("strides", [1, 2])
def test_bias_activation_and_mask_run_on_convolutions(groups: int, size: int, strides: int) -> None:
    """A step of convolution, relu and pooling with its gradients: fused and node by node."""
    rng = np.random.default_rng(groups + size + strides)
    x = rng.standard_normal((2, size, size, 32)).astype(np.float32)
    first = rng.standard_normal((3, 3, 32 // groups, 32)).astype(np.float32)
    second = rng.standard_normal((3, 3, 32, 48)).astype(np.float32)
    bias = rng.standard_normal(32).astype(np.float32)
    inputs = symbols(x, first, second, bias)
    h = ops.relu(ops.conv(inputs[0], inputs[1], strides, "same") + inputs[3])
    y = ops.relu(ops.conv(h, inputs[2], 1, "same"))
    loss = ops.sum(ops.square(ops.max_pool(y, 2)))
    results = [loss, *gradient(loss, inputs)]
    arrays = [x, first, second, bias]
    fused, plain = run(results, inputs, arrays), run(results, inputs, arrays, optimize=False)
    for a, b in zip(fused, plain, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-4 * np.abs(b).max())


FORCED = """
import numpy as np
from pipekeras import ops
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Graph
from pipekeras.passes.order import ordered
from pipekeras.runtime.executable import Executable
from pipekeras.runtime.target import host_target

rng = np.random.default_rng(0)
shapes = [(2, 9, 8, 32), (3, 3, 32, 48), (3, 3, 48, 1), (1, 1, 48, 5), (5,)]
inputs = [Tensor.symbolic(shape, "float32") for shape in shapes]
x, kernel, depthwise, mixing, bias = inputs
h = ops.max_pool(ops.relu(ops.conv(x, kernel, 1, "same")), 2)
y = ops.conv(ops.depthwise_conv(h, depthwise, 1, "same"), mixing, 2) + bias
outputs = [y, *gradient(ops.sum(ops.square(y)), inputs)]
arrays = [rng.standard_normal(shape).astype(np.float32) for shape in shapes]
values = {id(item): array for item, array in zip(inputs, arrays)}
for node in ordered(outputs):
    if node.operation is not None:
        operands = [values[id(item)] if item.data is None else item.data for item in node.inputs]
        values[id(node)] = np.asarray(node.operation.reference(*operands, **node.attributes))
executable = Executable(Graph(inputs, outputs, {}, {}), arrays)
assert executable.host_operations == []
executable.run()
for node, found in zip(outputs, executable.outputs):
    expected = values[id(node)]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())
print(host_target().vector_bits)
"""


@pytest.mark.parametrize("bits", [256, 128])
def test_narrower_vectors_give_the_references_results(bits: int) -> None:
    environment = {**os.environ, "PIPEKERAS_VECTOR_BITS": str(bits)}
    done = subprocess.run([sys.executable, "-c", FORCED], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= bits
