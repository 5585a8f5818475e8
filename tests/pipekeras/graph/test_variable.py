"""Variables: their first values, drawn at once or when somebody looks, and what may be assigned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Sequential, Variable, initializers, layers, ops
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.variable import values_to_come


class Drawn(initializers.Initializer):
    """Counts how often its values are asked for."""

    can_wait = True

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        self.times += 1
        return np.full(shape, 3.0, dtype)


def test_values_to_come_are_drawn_by_the_first_look_only() -> None:
    looked_at, assigned, forgotten = Drawn(), Drawn(), Drawn()
    with values_to_come():
        one, two, three = (Variable(drawn, (2, 3), "float64") for drawn in (looked_at, assigned, forgotten))
        assert (one.shape, one.ndim, one.dtype) == ((2, 3), 2, "float64") and looked_at.times == 0
        assert one.numpy().tolist() == [[3.0] * 3] * 2
        two.assign(np.ones((2, 3)))
        address = two.array.ctypes.data
        two.assign(np.zeros((2, 3)))
        assert two.array.ctypes.data == address
        with pytest.raises(ShapeError, match="can't go there"):
            three.assign(np.ones(3))
        assert forgotten.times == 0
    assert (looked_at.times, assigned.times, forgotten.times) == (1, 0, 1)
    assert three.numpy().sum() == 18.0 and two.numpy().sum() == 0.0


def test_a_draw_that_fails_fails_again() -> None:
    class Narrow(Drawn):
        def __call__(self, shape: Any, dtype: Any = None) -> Any:
            return np.ones(1, dtype)

    with pytest.raises(ShapeError, match="its initial value has"), values_to_come():
        variable = Variable(Narrow(), (2,))
        for _ in range(2):
            with pytest.raises(ShapeError, match="its initial value has"):
                variable.numpy()


def test_a_symbolic_tensor_is_no_first_value() -> None:
    class Late(layers.Layer):
        def call(self, inputs: Any) -> Any:
            self.seen = Variable(inputs)
            return inputs

    with pytest.raises(ArgumentError, match="a symbolic tensor has none"):
        Sequential([Input((3,)), Late()])


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "int8", "bool"])
def test_shape_and_type_are_those_of_the_values(dtype: str) -> None:
    variable = Variable(np.ones((2, 1)), dtype=dtype)
    assert (variable.shape, variable.ndim, variable.dtype) == ((2, 1), 2, dtype)
    assert variable.numpy().tolist() == [[1], [1]]


LOOKS = {
    "value": lambda v: v.value,
    "convert_to_tensor": ops.convert_to_tensor,
    "cast": lambda v: ops.cast(v, "float32"),
    "plus": lambda v: +v,
    "getitem": lambda v: v[0],
    "transpose": ops.transpose,
    "reshape": lambda v: ops.reshape(v, (3, 2)),
    "the same shape": lambda v: ops.reshape(v, (2, 3)),
    "expand_dims": lambda v: ops.expand_dims(v, 0),
    "broadcast_to": lambda v: ops.broadcast_to(v, (2, 2, 3)),
    "split": lambda v: ops.split(v, 2)[1],
    "flip": ops.flip,
    "stop_gradient": ops.stop_gradient,
    "pad": lambda v: ops.pad(v, 0),
    "roll": lambda v: ops.roll(v, 0),
    "concatenate": lambda v: ops.concatenate([v]),
    "real": ops.real,
}


@pytest.mark.parametrize("look", LOOKS)
def test_what_was_read_stays_when_the_variable_changes(look: str) -> None:
    variable = Variable(np.arange(6, dtype="float32").reshape(2, 3))
    seen = LOOKS[look](variable)
    before = seen.numpy()
    variable.assign(variable * 0 - 1)
    np.testing.assert_array_equal(seen.numpy(), before)
