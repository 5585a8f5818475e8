"""Models with channels first: turnings that cancel, results that stay, and graphs that are checked."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.core.errors import InternalError
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Graph
from pipekeras.passes.layout import move_transposes
from pipekeras.passes.order import ordered, roots
from pipekeras.passes.simplify import simplify
from pipekeras.passes.verify import verify
from pipekeras.runtime.executable import Executable, optimized

FIRST = "channels_first"
KINDS = ("convolution", "depthwise", "normalized", "residual", "pool", "mean pool", "pad", "joined", "cut")


def turnings(graph: Graph) -> int:
    """Transposes of what is not one number repeated."""
    return sum(
        node.operation is not None
        and node.operation.name == "transpose"
        and node.size > 1000
        and getattr(node.inputs[0].operation, "name", "") != "broadcast_to"
        for node in ordered(roots(graph))
    )


def symbol(*shape: int) -> Tensor:
    return Tensor.symbolic(shape, "float32")


def normalized(x: Tensor, scale: Tensor) -> Tensor:
    """Batch normalization of the channels on axis 1."""
    rank = x.ndim
    axes = (0, *range(2, rank))
    mean = ops.mean(x, axis=axes, keepdims=True)
    variance = ops.mean(ops.square(x - mean), axis=axes, keepdims=True)
    return (x - mean) * ops.rsqrt(variance + 1e-3) * ops.reshape(scale, (1, -1, *[1] * (rank - 2)))


class Network:
    """A random stack of layers over images with channels first."""

    def __init__(self, seed: int, rank: int) -> None:
        rng = self.rng = np.random.default_rng(seed)
        size = (6, 8) if rank == 2 else (12,) if rank == 1 else (4, 5, 4)
        self.rank, self.inputs, self.arrays = rank, [], []
        x = self.leaf(2, 5, *size)
        for _ in range(int(rng.integers(2, 6))):
            x = self.layer(x)
        if rng.random() < 0.5:
            x = ops.mean(x, axis=tuple(range(2, x.ndim)))
        self.outputs = [x, *gradient(ops.sum(ops.square(x)), self.inputs)]

    def leaf(self, *shape: int) -> Tensor:
        self.inputs.append(symbol(*shape))
        self.arrays.append(self.rng.standard_normal(shape).astype(np.float32))
        return self.inputs[-1]

    def layer(self, x: Tensor) -> Tensor:
        kind = self.rng.choice(KINDS)
        channels, ones = int(x.shape[1] or 0), [1] * self.rank
        if kind == "convolution":
            bias = self.leaf(7)
            y = ops.conv(x, self.leaf(*[3] * self.rank, channels, 7), 1, "same", FIRST)
            return ops.relu(y + ops.reshape(bias, (1, 7, *ones)))
        if kind == "depthwise":
            return ops.depthwise_conv(x, self.leaf(*[3] * self.rank, channels, 1), 1, "same", FIRST)
        if kind == "normalized":
            return normalized(x, self.leaf(channels))
        if kind == "residual":
            return x + ops.tanh(ops.conv(x, self.leaf(*[1] * self.rank, channels, channels), 1, "same", FIRST))
        if kind in ("pool", "mean pool"):
            pool = ops.max_pool if kind == "pool" else ops.average_pool
            return pool(x, 2, 1, "same", FIRST)
        if kind == "pad":
            return ops.pad(x, [(0, 0), (0, 0), *[(1, 0)] * self.rank])
        if kind == "joined":
            return ops.concatenate([x, ops.conv(x, self.leaf(*[1] * self.rank, channels, 3), 1, "same", FIRST)], axis=1)
        return x[:, : max(1, channels - 1), 1:]


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_random_networks_give_what_their_references_give(seed: int, rank: int) -> None:
    network = Network(100 * rank + seed, rank)
    values = {id(item): array for item, array in zip(network.inputs, network.arrays, strict=True)}
    for node in ordered(network.outputs):
        if node.operation is not None:
            operands = [values[id(item)] if item.data is None else item.data for item in node.inputs]
            values[id(node)] = np.asarray(node.operation.reference(*operands, **node.attributes))
    executable = Executable(Graph(network.inputs, network.outputs, {}, {}), network.arrays)
    executable.run()
    for node, found in zip(network.outputs, executable.outputs, strict=True):
        expected = values[id(node)]
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * max(1.0, float(np.abs(expected).max())))


def test_a_residual_block_turns_only_where_data_enters_and_leaves() -> None:
    x, first, second, scale = symbol(2, 32, 16, 16), symbol(3, 3, 32, 32), symbol(3, 3, 32, 32), symbol(32)
    h = ops.relu(normalized(ops.conv(x, first, 1, "same", FIRST), scale))
    h = ops.max_pool(ops.relu(normalized(ops.conv(h, second, 1, "same", FIRST), scale) + h), 2, data_format=FIRST)
    y = ops.mean(h, axis=(2, 3))
    leaves = [first, second, scale]
    graph = Graph([x, *leaves], [y, *gradient(ops.sum(ops.square(y)), leaves)], {}, {})
    assert turnings(simplify(graph)) > 4
    assert turnings(optimized(graph)) == 1


def test_graphs_without_windows_are_left_alone() -> None:
    x = symbol(4, 20, 30)
    graph = Graph([x], [ops.exp(ops.transpose(x, (0, 2, 1)))], {}, {})
    assert move_transposes(graph) is graph


def test_a_node_that_can_not_be_is_found() -> None:
    x = symbol(4, 3)
    node = ops.exp(x)
    wrong = Tensor.symbolic((4, 4), "float32", node.operation, (x,), {})
    with pytest.raises(InternalError, match=r"after the test: exp is noted as float32\(4, 4\)"):
        verify(Graph([x], [wrong], {}, {}), "the test")
    with pytest.raises(InternalError, match="neither an input"):
        verify(Graph([], [node], {}, {}), "the test")
