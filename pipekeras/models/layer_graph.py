"""The calls between a model's inputs and outputs, in an order in which they can run."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ShapeError
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.node import Node, node_of


class LayerGraph:
    """What lies between inputs and outputs.

    Args:
        inputs: list of graph tensors.
        outputs: list of graph tensors that rest on them.

    Attributes:
        nodes: the calls, in an order in which they can run.
        operations: layers and ops, those farthest from the outputs first, as Keras orders them.

    Raises:
        ShapeError: an output needs a tensor that is not among the inputs.
    """

    def __init__(self, inputs: list[Tensor], outputs: list[Tensor]) -> None:
        given = {id(tensor) for tensor in inputs}
        order, positions = _depth_first(outputs, given)
        depths = _depths(order, given)
        operation_depths: dict[int, int] = {}
        operations: dict[int, Any] = {}
        for node in order:
            key = id(node.operation)
            operations[key] = node.operation
            operation_depths[key] = max(operation_depths.get(key, 0), depths[id(node)])
        for tensor in inputs:
            # An input that no output uses still belongs to the model.
            node = node_of(tensor)
            if id(node) not in depths:
                order.append(node)
                depths[id(node)] = 0
                positions.setdefault(id(node.operation), -1)
                operations.setdefault(id(node.operation), node.operation)
                operation_depths.setdefault(id(node.operation), 0)
        self.nodes = sorted(order, key=lambda node: -depths[id(node)])
        self.operations = sorted(
            operations.values(), key=lambda item: (-operation_depths[id(item)], positions[id(item)])
        )
        self._members = {id(node) for node in order}
        _check_complete(self.nodes, given)

    def __contains__(self, node: Node) -> bool:
        return id(node) in self._members

    def calls_of(self, operation: Any) -> list[Node]:
        """Return the calls of one layer that belong to this graph."""
        return [node for node in operation._inbound_nodes if node in self]


def _depth_first(outputs: list[Tensor], given: set[int]) -> tuple[list[Node], dict[int, int]]:
    """Return the calls, inputs before users, and the order in which layers are met."""
    order: list[Node] = []
    positions: dict[int, int] = {}
    finished: set[int] = set()
    stack: list[tuple[Tensor, bool]] = [(tensor, False) for tensor in reversed(outputs)]
    while stack:
        tensor, expanded = stack.pop()
        node = node_of(tensor)
        if id(node) in finished:
            continue
        if expanded:
            finished.add(id(node))
            order.append(node)
            continue
        positions.setdefault(id(node.operation), len(positions))
        stack.append((tensor, True))
        if id(tensor) not in given:
            stack.extend((item, False) for item in reversed(node.input_tensors))
    return order, positions


def _depths(order: list[Node], given: set[int]) -> dict[int, int]:
    """Return for each call the longest way to an output; all calls of a layer count as its farthest so far."""
    depths: dict[int, int] = {id(node): 0 for node in order}
    by_operation: dict[int, int] = {}
    for node in reversed(order):
        depth = max(depths[id(node)], by_operation.get(id(node.operation), 0))
        depths[id(node)] = by_operation[id(node.operation)] = depth
        if all(id(tensor) in given for tensor in node.output_tensors):
            continue
        for parent in node.parent_nodes:
            if id(parent) in depths:
                depths[id(parent)] = max(depths[id(parent)], depth + 1)
    return depths


def _check_complete(nodes: list[Node], given: set[int]) -> None:
    for node in nodes:
        if node.is_input:
            for tensor in node.output_tensors:
                if id(tensor) not in given:
                    raise ShapeError(
                        f"the outputs rest on input '{node.operation.name}', which is not among the model's inputs",
                        mend="add it to inputs",
                    )
