"""Widen: what has kernels for float32 only computes in float32 where the graph says float16 or bfloat16.

Values in memory keep the half type; the operation reads them widened and its result is rounded once. Element-wise work,
reductions and movement have kernels for the half types themselves.
"""

from __future__ import annotations

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Graph
from pipekeras.ops.define import OPERATIONS
from pipekeras.passes.order import ordered, roots

_AT_HOME = frozenset(("elementwise", "generate", "reduce", "view", "copy", "gather", "scan", "scan_part", "choice"))
"""Kinds of operations that take the half types as they are; a loop's turn and a choice's branches are widened by themselves."""
_BY_BYTES = frozenset(("view",))
"""Operations that read the bytes themselves."""


def widen(graph: Graph) -> Graph:
    """Return the graph with half types widened around the operations that need it."""
    replaced: dict[int, Tensor] = {}
    kept: list[Tensor] = []
    for tensor in ordered(roots(graph)):
        operation = tensor.operation
        if operation is None:
            continue
        inputs = tuple(replaced.get(id(item), item) for item in tensor.inputs)
        new = tensor
        at_home = operation.kind in _AT_HOME or operation.name in _BY_BYTES
        if not at_home and any(item.dtype in dtypes.HALVES for item in (tensor, *inputs)):
            wide = tuple(_cast(item, "float32") if item.dtype in dtypes.HALVES else item for item in inputs)
            dtype = "float32" if tensor.dtype in dtypes.HALVES else tensor.dtype
            new = _cast(Tensor.symbolic(tensor.shape, dtype, operation, wide, tensor.attributes), tensor.dtype)
        elif any(old is not item for old, item in zip(tensor.inputs, inputs, strict=True)):
            new = Tensor.symbolic(tensor.shape, tensor.dtype, operation, inputs, tensor.attributes)
        if new is not tensor:
            kept.append(new)
            replaced[id(tensor)] = new
    if not replaced:
        return graph
    return Graph(
        graph.inputs,
        [replaced.get(id(item), item) for item in graph.outputs],
        graph.variables,
        {variable: replaced.get(id(item), item) for variable, item in graph.updates.items()},
    )


def _cast(tensor: Tensor, dtype: str) -> Tensor:
    if tensor.dtype == dtype:
        return tensor
    return OPERATIONS["cast"](tensor, dtype=dtype)
