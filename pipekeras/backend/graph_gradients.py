"""Derivatives between tensors of a layer graph, themselves tensors of that graph."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.structure import flatten
from pipekeras.graph.gradient import GradientTape
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.node import get_source_inputs, is_graph_tensor, node_of
from pipekeras.models import Model


class Derivatives(Layer):
    """What a tensor of a layer graph changes by, with respect to others that it rests on, for values of the inputs.

    Formula: for y = target summed over its elements, the output for x is dy/dx, of x's shape.

    Args:
        target: graph tensor.
        sources: graph tensors or variables that the target rests on.

    Input shape -> output shape:
        those of the inputs that the target rests on -> a list of the shapes of the sources
    """

    def __init__(self, target: Tensor, sources: list[Any]) -> None:
        super().__init__()
        self.origins = get_source_inputs(target)
        within = [source for source in sources if is_graph_tensor(source)]
        # Kept out of what the layer tracks: the weights belong to the layers of the model that is looked into.
        self.__dict__["_parts"] = (Model(self.origins, [target, *within]), sources)

    def call(self, inputs: Any) -> Any:
        """Run the model on the inputs and differentiate."""
        model, sources = self._parts
        with GradientTape() as tape:
            target, *found = model(inputs)
        values = iter(found)
        wanted = [next(values) if is_graph_tensor(source) else source for source in sources]
        return [
            ops.zeros_like(source) if result is None else result
            for source, result in zip(wanted, tape.gradient(target, wanted), strict=True)
        ]

    def compute_output_spec(self, inputs: Any) -> Any:
        """Return placeholders: a derivative has its source's shape and type."""
        return [Tensor.symbolic(source.shape, source.dtype) for source in self._parts[1]]


def graph_gradients(target: Tensor, sources: list[Any]) -> list[Tensor | None]:
    """Return the derivative of a graph tensor for each source as a graph tensor; None where nothing connects them.

    >>> from pipekeras import Input, backend as K
    >>> x = Input((2,))
    >>> y = x * x
    >>> K.function([x], K.gradients(y, x))([[[1.0, 2.0]]])[0].tolist()
    [[2.0, 4.0]]
    """
    below, variables = _below(target)
    connected = [source for source in sources if id(source) in (below if is_graph_tensor(source) else variables)]
    if not connected:
        return [None] * len(sources)
    layer = Derivatives(target, connected)
    results = dict(zip(map(id, connected), layer(layer.origins), strict=True))
    return [results.get(id(source)) for source in sources]


def _below(target: Tensor) -> tuple[set[int], set[int]]:
    """Return the identities of the graph tensors that a tensor rests on, and of the variables of the layers between."""
    tensors, variables, stack = {id(target)}, set[int](), [target]
    while stack:
        node = node_of(stack.pop())
        held = [leaf for leaf in flatten((node.arguments.args, node.arguments.kwargs)) if isinstance(leaf, Variable)]
        variables.update(map(id, [*getattr(node.operation, "weights", ()), *held]))
        for tensor in node.input_tensors:
            if id(tensor) not in tensors:
                tensors.add(id(tensor))
                stack.append(tensor)
    return tensors, variables
