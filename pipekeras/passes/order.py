"""The order of a graph: inputs before users, and who uses what."""

from __future__ import annotations

from collections.abc import Iterable

from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Graph


def roots(graph: Graph) -> list[Tensor]:
    """Return what the graph must compute: its outputs and the new values of variables."""
    return [*graph.outputs, *graph.updates.values()]


def ordered(targets: Iterable[Tensor]) -> list[Tensor]:
    """Return every symbolic tensor below the targets, leaves included, inputs before users.

    Concrete tensors are constants: they end the walk and are not listed.
    """
    order: list[Tensor] = []
    seen: set[int] = set()
    stack: list[Tensor | None] = []
    for target in targets:
        stack.append(target)
        while stack:
            tensor = stack.pop()
            if tensor is None:
                done = stack.pop()
                assert done is not None
                order.append(done)
                continue
            key = id(tensor)
            if key in seen or tensor.data is not None:
                continue
            seen.add(key)
            if not tensor.inputs:
                order.append(tensor)
                continue
            stack.append(tensor)
            stack.append(None)
            stack.extend(reversed(tensor.inputs))
    return order


def users(order: Iterable[Tensor]) -> dict[int, list[Tensor]]:
    """Return the users of each tensor, by its id."""
    table: dict[int, list[Tensor]] = {}
    for tensor in order:
        for item in tensor.inputs:
            table.setdefault(id(item), []).append(tensor)
    return table
