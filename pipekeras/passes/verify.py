"""Verify: every node of a graph has the shape and type that its operation gives for the node's inputs."""

from __future__ import annotations

from pipekeras.core.errors import InternalError
from pipekeras.graph.trace import Graph
from pipekeras.passes.order import ordered, roots


def verify(graph: Graph, after: str) -> None:
    """Raise an InternalError if a pass has built a node that can't be.

    Args:
        graph: Graph, its shapes all known.
        after: str, the pass that is checked.
    """
    inputs = {id(item) for item in graph.inputs}
    for tensor in ordered(roots(graph)):
        operation = tensor.operation
        if operation is None:
            if tensor.variable is None and id(tensor) not in inputs:
                raise InternalError(f"after {after}: {tensor!r} is neither an input nor a variable nor computed")
            continue
        shape, dtype = operation.infer(*tensor.inputs, **tensor.attributes)
        if tuple(shape) != tuple(tensor.shape) or dtype != tensor.dtype:
            raise InternalError(
                f"after {after}: {operation.name} is noted as {tensor.dtype}{tensor.shape} but gives {dtype}{shape}"
            )
    for variable, value in graph.updates.items():
        if tuple(value.shape) != tuple(variable.shape) or value.dtype != variable.dtype:
            raise InternalError(
                f"after {after}: {value.dtype}{value.shape} becomes the value of {variable.name}, "
                f"{variable.dtype}{variable.shape}"
            )
