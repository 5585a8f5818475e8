"""One call of a layer in a layer graph, and what a layer knows about its calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.core.errors import StateError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph.tensor import Tensor


def is_graph_tensor(value: Any) -> bool:
    """Whether a value is the output of a layer (or op) in a layer graph, as `Input()` and calls on it make."""
    return type(value) is Tensor and value.history is not None


class CallArguments:
    """The positional and keyword arguments of one call."""

    __slots__ = ("args", "kwargs")

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.args = args
        self.kwargs = kwargs

    def fill(self, value_of: Callable[[Any], Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments with every graph tensor replaced by `value_of(tensor)`."""

        def swap(leaf: Any) -> Any:
            return value_of(leaf) if is_graph_tensor(leaf) else leaf

        return map_structure(swap, self.args), {name: map_structure(swap, item) for name, item in self.kwargs.items()}


class Node:
    """A call of `operation` (a layer, or an op used on graph tensors): what went in, what came out.

    Making one enters it in the operation's list of calls and marks the output tensors with their origin.
    """

    __slots__ = ("arguments", "input_tensors", "operation", "outputs")

    def __init__(self, operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: Any) -> None:
        self.operation = operation
        self.arguments = CallArguments(args, kwargs)
        self.input_tensors: list[Tensor] = [leaf for leaf in flatten((args, kwargs)) if is_graph_tensor(leaf)]
        self.outputs = outputs
        index = len(operation._inbound_nodes)
        operation._inbound_nodes.append(self)
        for position, tensor in enumerate(flatten(outputs)):
            tensor.history = (operation, index, position)
        for parent in self.parent_nodes:
            parent.operation._outbound_nodes.append(self)

    @property
    def output_tensors(self) -> list[Tensor]:
        """The tensors that the call returned, flat."""
        return flatten(self.outputs)

    @property
    def is_input(self) -> bool:
        """Whether this is the source of an `Input`."""
        return not self.input_tensors

    @property
    def parent_nodes(self) -> list[Node]:
        """The calls whose outputs went in here, each once."""
        parents: list[Node] = []
        for tensor in self.input_tensors:
            node = node_of(tensor)
            if node not in parents:
                parents.append(node)
        return parents

    def __repr__(self) -> str:
        return f"<Node operation={self.operation.name}>"


def node_of(tensor: Tensor) -> Node:
    """Return the call that made a graph tensor."""
    assert tensor.history is not None
    operation, index, _ = tensor.history
    return operation._inbound_nodes[index]


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


class NodeAccess:
    """What a layer tells about its calls in layer graphs, by number of the call."""

    name: str
    _inbound_nodes: list[Node]
    _outbound_nodes: list[Node]

    def _node_at(self, index: int, wanted: str) -> Node:
        if not self._inbound_nodes:
            raise StateError(
                f"layer '{self.name}' has no {wanted}: it was never called on a layer graph",
                mend="call it on Input(...), or add it to a model whose input shape is known",
            )
        if not -len(self._inbound_nodes) <= index < len(self._inbound_nodes):
            raise StateError(
                f"layer '{self.name}' has no {wanted} at call {index}: it was called {len(self._inbound_nodes)} times"
            )
        return self._inbound_nodes[index]

    def get_input_at(self, node_index: int) -> Any:
        """Return the input tensor (or list of them) of one call of the layer.

        Args:
            node_index: int, number of the call, from 0.
        """
        node = self._node_at(node_index, "input")
        return _single(node.input_tensors or node.output_tensors)

    def get_output_at(self, node_index: int) -> Any:
        """Return the output tensor (or list of them) of one call of the layer, counted from 0."""
        return _single(self._node_at(node_index, "output").output_tensors)

    def get_input_shape_at(self, node_index: int) -> Any:
        """Return the input shape (or list of them) of one call of the layer, counted from 0."""
        return map_structure(lambda tensor: tensor.shape, self.get_input_at(node_index))

    def get_output_shape_at(self, node_index: int) -> Any:
        """Return the output shape (or list of them) of one call of the layer, counted from 0."""
        return map_structure(lambda tensor: tensor.shape, self.get_output_at(node_index))

    def get_input_mask_at(self, node_index: int) -> Any:
        """Return the mask (or list of them) on the input of one call of the layer, counted from 0."""
        return map_structure(lambda tensor: tensor.mask, self.get_input_at(node_index))

    def get_output_mask_at(self, node_index: int) -> Any:
        """Return the mask (or list of them) on the output of one call of the layer, counted from 0."""
        return map_structure(lambda tensor: tensor.mask, self.get_output_at(node_index))

    @property
    def input(self) -> Any:
        """The input tensor (or list of them) of the first call on a layer graph."""
        return self.get_input_at(0)

    @property
    def output(self) -> Any:
        """The output tensor (or list of them) of the first call on a layer graph."""
        return self.get_output_at(0)

    @property
    def input_shape(self) -> Any:
        """The input shape (or list of them) of the first call on a layer graph."""
        return self.get_input_shape_at(0)

    @property
    def output_shape(self) -> Any:
        """The output shape (or list of them) of the first call on a layer graph."""
        return self.get_output_shape_at(0)

    @property
    def input_mask(self) -> Any:
        """The mask (or list of them) on the input of the first call."""
        return self.get_input_mask_at(0)

    @property
    def output_mask(self) -> Any:
        """The mask (or list of them) on the output of the first call."""
        return self.get_output_mask_at(0)

    @property
    def inbound_nodes(self) -> list[Node]:
        """The calls of this layer."""
        return self._inbound_nodes

    @property
    def outbound_nodes(self) -> list[Node]:
        """The calls of other layers on outputs of this one."""
        return self._outbound_nodes


def get_source_inputs(tensor: Any) -> list[Tensor]:
    """Return the inputs of a layer graph that a tensor is computed from, each once.

    Args:
        tensor: tensor of a layer graph; any other tensor is its own source.

    Example:

    >>> import pipekeras as pk
    >>> left, right = pk.Input((2,)), pk.Input((2,))
    >>> sources = pk.utils.get_source_inputs(pk.layers.add([left, right]))
    >>> [source is given for source, given in zip(sources, [left, right])]
    [True, True]
    """
    found: dict[int, Tensor] = {}
    waiting, seen = [tensor], set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        parents = node_of(current).input_tensors if is_graph_tensor(current) else []
        if parents:
            waiting.extend(reversed(parents))
        else:
            found[id(current)] = current
    return list(found.values())
