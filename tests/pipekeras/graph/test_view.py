"""How a tensor lies in a buffer, against NumPy's own views."""

from __future__ import annotations

from itertools import permutations, product
from math import prod

import numpy as np
import pytest

from pipekeras import ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.graph.view import View
from pipekeras.runtime.executable import Executable


def shown(view: View, buffer: np.ndarray) -> np.ndarray:
    """The elements that a view shows."""
    places = [view.offset + int(np.dot(place, view.strides)) for place in np.ndindex(*view.shape)]
    return buffer[np.array(places, int)].reshape(view.shape)


SHAPES = [(4, 3), (2, 2, 3), (1, 6), (2, 1, 4), (3, 0), (0, 2, 2), (5,), ()]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_reshaped_view_shows_the_same_elements_or_is_none(shape: tuple[int, ...]) -> None:
    buffer = np.arange(prod(shape))
    array = buffer.reshape(shape)
    kept = 0
    for axes, step in product(permutations(range(len(shape))), (1, 2)):
        lengths = tuple(len(range(0, shape[axis], step)) for axis in axes)
        view = View.contiguous(shape).transposed(axes).sliced((0,) * len(axes), lengths, (step,) * len(axes))
        expected = array.transpose(axes)[tuple(slice(None, None, step) for _ in axes)]
        np.testing.assert_array_equal(shown(view, buffer), expected)
        for other in [(view.size,), (1, view.size, 1), *[(n, view.size // n) for n in (2, 3, 4) if not view.size % n]]:
            reshaped = view.reshaped(other)
            if reshaped is not None:
                kept += 1
                np.testing.assert_array_equal(shown(reshaped, buffer), expected.reshape(other))
            else:
                assert not view.is_contiguous
    assert kept


def test_nothing_is_sliced_and_reshaped_in_a_program() -> None:
    graph, _ = trace(lambda x: ops.reshape(x[:, ::2], (2, 0)) + 1.0, [Tensor.symbolic((0, 4), "float32")])
    executable = Executable(graph)
    executable.run()
    assert executable.outputs[0].shape == (2, 0)
