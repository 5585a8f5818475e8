"""Products as programs hold them: where the work that follows a product is done."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.graph.variable import Variable
from pipekeras.ops import randomness
from pipekeras.runtime.executable import Executable


@pytest.mark.parametrize(("columns", "kernels"), [(3, ["matmul", "elementwise"]), (40, ["matmul"])])
def test_a_narrow_weight_is_updated_as_one_long_row(columns: int, kernels: list[str]) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((6, 11), np.float32), rng.standard_normal((6, columns), np.float32)
    start = rng.standard_normal((11, columns), np.float32)
    weight, speed = Variable(start), Variable(np.ones((11, columns), np.float32))

    def step(x: Tensor, y: Tensor) -> None:
        gradient = ops.matmul(ops.transpose(x), y)
        speed.assign(speed * 0.5 + gradient)
        weight.assign(weight - speed * 0.1)

    graph, _ = trace(step, [Tensor.symbolic(x.shape, "float32"), Tensor.symbolic(y.shape, "float32")])
    executable = Executable(graph, [x, y])
    assert [part.kernel.name for part in executable.work] == kernels
    executable.run()
    np.testing.assert_allclose(speed.numpy(), 0.5 + x.T @ y, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(weight.numpy(), start - 0.1 * (0.5 + x.T @ y), rtol=1e-5, atol=1e-5)


def test_a_bias_keeps_a_narrow_product_in_rows() -> None:
    rng = np.random.default_rng(1)
    x, weight, bias = (rng.standard_normal(shape, np.float32) for shape in ((6, 11), (11, 3), (3,)))
    symbols = [Tensor.symbolic(item.shape, "float32") for item in (x, weight, bias)]
    graph, _ = trace(lambda x, w, b: ops.relu(ops.matmul(x, w) + b), symbols)
    executable = Executable(graph, [x, weight, bias])
    assert [part.kernel.name for part in executable.work] == ["matmul"]
    executable.run()
    np.testing.assert_allclose(executable.outputs[0], np.maximum(x @ weight + bias, 0), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("batch", [(), (3,), (2, 3), (2, 1, 3)])
def test_every_matrix_of_a_batch_draws_its_own_numbers(batch: tuple[int, ...]) -> None:
    """What is drawn on a product depends on the place in the whole result, as where it is drawn by itself."""
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal((*batch, 7, 5), np.float32), rng.standard_normal((*batch, 5, 50), np.float32)
    seed = np.array([5, 1], np.uint64)

    def dropped(a: Tensor, b: Tensor, seed: Tensor) -> Tensor:
        return ops.where(randomness.unit(seed, (*batch, 7, 50), "float32") < 0.5, ops.matmul(a, b), 0.0)

    symbols = [Tensor.symbolic(a.shape, "float32"), Tensor.symbolic(b.shape, "float32"), Tensor.symbolic((2,), "uint64")]
    graph, _ = trace(dropped, symbols)
    fused, plain = Executable(graph, [a, b, seed]), Executable(graph, [a, b, seed], optimize=False)
    assert [part.kernel.name for part in fused.work] == ["matmul"]
    fused.run(), plain.run()
    np.testing.assert_array_equal(fused.outputs[0], plain.outputs[0])
