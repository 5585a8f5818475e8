"""What the gradient of a recurrent layer is given: a tensor laid into zeros is read where it lies.

A layer leaves gates, cells and states in one flat result. Where only its new states were used, of all steps or of the last
one, the gradient of that result is their gradient among zeros, and the zeros need neither be written nor read.
"""

from __future__ import annotations

from math import prod

from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View


def given_states(inputs: tuple[Tensor, ...]) -> Tensor | None:
    """Return the gradient of the new states alone, (batch, steps, units), if that is all that an op is given.

    Args:
        inputs: of the gradient of a recurrent layer: what it is given, what the layer left, x, kernel, recurrent weights.
    """
    given, _, x, _, recurrent, *_ = inputs
    batch, time, _ = known(x.shape)
    units = known(recurrent.shape)[0]
    shape = known(given.shape)
    if shape in ((batch, time, units), (batch, 1, units)):
        return None
    # The states come last; at time 0 stands the initial one.
    states = prod(shape) - batch * (time + 1) * units
    view: View | None = View.contiguous(shape)
    while (operation := given.operation) is not None and view is not None:
        attributes = given.attributes
        if operation.name == "place" and attributes["value"] == 0:
            (given,) = given.inputs
            view = view.sliced(attributes["starts"], known(given.shape), attributes["steps"])
        elif operation.name == "reshape":
            (given,) = given.inputs
            view = view.reshaped(known(given.shape))
        else:
            return None
        for steps in {time, 1}:
            offset = states + (time + 1 - steps) * units
            if view is not None and _is_last(view, (batch, steps, units), (time + 1) * units, offset):
                return given
    return None


def _is_last(view: View, shape: tuple[int, int, int], row: int, offset: int) -> bool:
    """Whether a view shows that many last steps of states that lie (batch, time + 1, units)."""
    if view.shape != shape or view.offset != offset:
        return False
    expected = (row, shape[-1], 1)
    return all(size == 1 or stride == other for size, stride, other in zip(shape, view.strides, expected, strict=True))
