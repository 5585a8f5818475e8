"""A graph as text, for documentation and for PIPEKERAS_DEBUG=graph."""

from __future__ import annotations

from typing import Any

from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Graph
from pipekeras.passes.order import ordered, roots


def graph_text(graph: Graph, title: str = "") -> str:
    """Return one line for each node: name, type, shape, operation and operands."""
    names: dict[int, str] = {}
    lines = [title] if title else []
    for index, item in enumerate(graph.inputs):
        names[id(item)] = item.name or f"input{index}"
    for tensor in ordered(roots(graph)):
        if tensor.operation is None:
            known = tensor.variable.path if tensor.variable is not None else tensor.name
            names.setdefault(id(tensor), known or f"leaf{len(names)}")
            kind = "variable" if tensor.variable is not None else "input"
            lines.append(f"  {names[id(tensor)]}: {_type(tensor)} = {kind}")
            continue
        names[id(tensor)] = f"%{len(names)}"
        operands = ", ".join(_operand(item, names) for item in tensor.inputs)
        options = "".join(f", {key}={value}" for key, value in tensor.attributes.items())
        lines.append(f"  {names[id(tensor)]}: {_type(tensor)} = {tensor.operation.name}({operands}{options})")
    if graph.outputs:
        lines.append(f"  return {', '.join(_operand(item, names) for item in graph.outputs)}")
    lines += [f"  {variable.path} <- {_operand(item, names)}" for variable, item in graph.updates.items()]
    return "\n".join(lines)


def _type(tensor: Tensor) -> str:
    return f"{tensor.dtype}[{', '.join(str(length) for length in tensor.shape)}]"


def _operand(tensor: Tensor, names: dict[int, Any]) -> str:
    if tensor.data is not None:
        return f"{tensor.data.flat[0]:g}" if tensor.data.size == 1 else f"constant {_type(tensor)}"
    return str(names.get(id(tensor), "?"))
