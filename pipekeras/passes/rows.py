"""Rows: the same graph for some of the rows of a batch, where no row's result rests on another row.

Every value either holds rows along one of its axes, or is the same for all rows. What an operation does to that axis is said
by a rule below; an operation without a rule, or one that mixes rows, such as a sum over the batch, ends the attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NamedTuple

from pipekeras.graph.tensor import Shape, Tensor, known
from pipekeras.graph.trace import Graph
from pipekeras.ops.define import OPERATIONS
from pipekeras.passes.order import ordered, roots

# What is the same for all rows is computed by everybody who has some of them: it must be less than that part of the work.
_COMMON_SHARE = 1 / 16


class MixesRows(Exception):
    """A graph cannot be computed row by row."""


class Along(NamedTuple):
    """Where a value holds rows.

    Args:
        axis: of the value.
        each: elements along that axis for each row; the rows follow one another.
    """

    axis: int
    each: int = 1


class RowGraph:
    """A graph whose rows are independent.

    Args:
        graph: Graph without updates, all its shapes known.
        inputs: those of its inputs that hold rows, along their first axis.
        rows: int, their number.

    Raises:
        MixesRows: where a row's result rests on other rows, or nobody knows.
    """

    def __init__(self, graph: Graph, inputs: Sequence[Tensor], rows: int) -> None:
        self.graph = graph
        self.rows = rows
        self._found: dict[int, Along] = {id(item): Along(0) for item in inputs}
        self._order = [tensor for tensor in ordered(roots(graph)) if tensor.operation is not None]
        common, own = 0, 0
        for tensor in self._order:
            operation = tensor.operation
            assert operation is not None
            size = prod(known(tensor.shape))
            if all(id(item) not in self._found for item in tensor.inputs):
                common += 0 if operation.kind == "view" else size
                if operation.kind in ("matmul", "other", "scan", "choice"):
                    raise MixesRows
                continue
            rule = _RULES.get(operation.name) or _RULES.get(operation.kind)
            along = None if rule is None else rule(self, tensor)
            if along is None or tensor.shape[along.axis] != rows * along.each:
                raise MixesRows
            self._found[id(tensor)] = along
            own += size
        if common > own * _COMMON_SHARE:
            raise MixesRows

    def along(self, tensor: Tensor) -> Along | None:
        """Return where a value holds rows, None where it is the same for all."""
        return self._found.get(id(tensor))

    def has_rows(self, tensor: Tensor) -> bool:
        """Whether the rows of a result are those of its first axis."""
        found = self.along(tensor)
        return found == Along(0) or (found is None and tensor.shape[:1] == (self.rows,))

    def aligned(self, tensor: Tensor) -> Along | None:
        """Return where operands that are aligned at their last axes hold rows, None where they differ."""
        places = {
            Along(found.axis + tensor.ndim - item.ndim, found.each)
            for item in tensor.inputs
            if (found := self.along(item)) is not None
        }
        return places.pop() if len(places) == 1 else None

    def part(self, begin: int, end: int) -> tuple[Graph, dict[int, Tensor]]:
        """Return the graph for the rows from `begin` to `end`, and the inputs that stand for those that hold rows, by id."""
        new: dict[int, Tensor] = {}
        length = end - begin
        for item in self.graph.inputs:
            if id(item) in self._found:
                new[id(item)] = Tensor.symbolic((length, *item.shape[1:]), item.dtype, name=item.name)
        inputs = dict(new)
        for tensor in self._order:
            along = self.along(tensor)
            if along is None:
                continue
            operands = []
            for item in tensor.inputs:
                axis = self._axis_of_common(tensor, along, item)
                start, count = begin * along.each, length * along.each
                operands.append(new.get(id(item), item) if axis is None else _cut(item, axis, start, count))
            shape = _with(tensor.shape, along.axis, length * along.each)
            attributes = _attributes(tensor, along.axis, length * along.each)
            new[id(tensor)] = Tensor.symbolic(shape, tensor.dtype, tensor.operation, tuple(operands), attributes)
        outputs = []
        for item in self.graph.outputs:
            is_cut = self.along(item) is None and self.has_rows(item)
            outputs.append(_cut(item, 0, begin, length) if is_cut else new.get(id(item), item))
        placed = [inputs.get(id(item), item) for item in self.graph.inputs]
        return Graph(placed, outputs, {}, {}), inputs

    def _axis_of_common(self, tensor: Tensor, along: Along, item: Tensor) -> int | None:
        """Return the axis along which an operand that is the same for all must be cut, None where it is read whole."""
        if self.along(item) is not None:
            return None
        operation = tensor.operation
        assert operation is not None
        if operation.kind in ("gather", "view") or (operation.kind == "matmul" and along.axis >= tensor.ndim - 2):
            return None
        axis = along.axis - (tensor.ndim - item.ndim)
        return axis if axis >= 0 and item.shape[axis] == self.rows * along.each else None


def _attributes(tensor: Tensor, axis: int, length: int) -> dict[str, Any]:
    operation = tensor.operation
    assert operation is not None
    name = {"slice": "lengths", "reshape": "shape", "broadcast_to": "shape", "place": "shape"}.get(operation.name)
    if name is None:
        return tensor.attributes
    return tensor.attributes | {name: _with(tensor.attributes[name], axis, length)}


def _with(shape: Shape, axis: int, length: int) -> Shape:
    return (*shape[:axis], length, *shape[axis + 1 :])


def _cut(tensor: Tensor, axis: int, begin: int, length: int) -> Tensor:
    starts = _with((0,) * tensor.ndim, axis, begin)
    return OPERATIONS["slice"](
        tensor, starts=starts, lengths=_with(tensor.shape, axis, length), steps=(1,) * tensor.ndim
    )


# Rules: where a result holds rows, None where rows are mixed --------------------------------------------------------------


def _same(graph: RowGraph, tensor: Tensor) -> Along | None:
    """The result is the first operand; the others only matter to gradients."""
    return graph.along(tensor.inputs[0])


def _reduced(graph: RowGraph, tensor: Tensor) -> Along | None:
    along, reduced = graph.along(tensor.inputs[0]), tensor.attributes["axis"]
    if along is None or along.axis in reduced:
        return None
    before = 0 if tensor.attributes["keepdims"] else sum(1 for item in reduced if item < along.axis)
    return Along(along.axis - before, along.each)


def _transposed(graph: RowGraph, tensor: Tensor) -> Along | None:
    along = graph.along(tensor.inputs[0])
    return None if along is None else Along(tensor.attributes["axes"].index(along.axis), along.each)


def _reshaped(graph: RowGraph, tensor: Tensor) -> Along | None:
    """Rows follow one another along the axis before which the sizes come to as much as they did."""
    (item,) = tensor.inputs
    along = graph.along(item)
    assert along is not None
    before = prod(known(item.shape)[: along.axis])
    for axis, length in enumerate(known(tensor.shape)):
        if prod(known(tensor.shape)[:axis]) == before and length >= graph.rows and length % graph.rows == 0:
            return Along(axis, length // graph.rows)
    return None


def _sliced(graph: RowGraph, tensor: Tensor) -> Along | None:
    along, given = graph.along(tensor.inputs[0]), tensor.attributes
    assert along is not None
    axis = along.axis
    is_whole = (given["starts"][axis], given["lengths"][axis], given["steps"][axis]) == (0, graph.rows * along.each, 1)
    return along if is_whole else None


def _put(graph: RowGraph, tensor: Tensor) -> Along | None:
    along, given = graph.along(tensor.inputs[0]), tensor.attributes
    assert along is not None
    axis = along.axis
    is_whole = (given["starts"][axis], given["shape"][axis], given["steps"][axis]) == (0, graph.rows * along.each, 1)
    return along if is_whole else None


def _joined(graph: RowGraph, tensor: Tensor) -> Along | None:
    along = graph.aligned(tensor)
    return None if along is None or along.axis == tensor.attributes["axis"] else along


def _multiplied(graph: RowGraph, tensor: Tensor) -> Along | None:
    """Rows of the left side, or matrices of a batch of them."""
    a, b = tensor.inputs
    of_a = graph.along(a)
    if of_a is not None and of_a.axis == a.ndim - (1 if tensor.attributes["transpose_a"] else 2):
        return Along(tensor.ndim - 2, of_a.each) if graph.along(b) is None else None
    along = graph.aligned(tensor)
    return along if along is not None and along.axis < tensor.ndim - 2 else None


def _gathered(graph: RowGraph, tensor: Tensor) -> Along | None:
    """Rows of indices into a table that all rows read."""
    x, indices = tensor.inputs
    along = graph.along(indices)
    if along is None or graph.along(x) is not None:
        return None
    return Along(tensor.attributes["axis"] + along.axis, along.each)


# By name of the operation, else by its kind.
_RULES: dict[str, Callable[[RowGraph, Tensor], Along | None]] = {
    "elementwise": RowGraph.aligned,
    "reduce": _reduced,
    "matmul": _multiplied,
    "gather": _gathered,
    "transpose": _transposed,
    "reshape": _reshaped,
    "broadcast_to": RowGraph.aligned,
    "slice": _sliced,
    "place": _put,
    "concatenate": _joined,
    "stop_gradient": _same,
    "sloped": _same,
    "own_gradient": _same,
    "gradient_of": _same,
}
