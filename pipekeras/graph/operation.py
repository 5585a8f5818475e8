"""An operation as the graph sees it: an interface that the op table fills in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.budget import STEPS_FOR_OPERATION, work
from pipekeras.graph.tensor import Shape, Tensor


class Spec(NamedTuple):
    """Shape and type of a result."""

    shape: Shape
    dtype: str


class Operation:
    """One primitive of the op table.

    Args:
        name: str, unique.
        infer: function of the input tensors and attributes that returns the Spec of the result, or raises ShapeError.
        reference: function of NumPy arrays and attributes; the meaning of the operation, and what runs on concrete tensors.
        gradient: function `(g, output, *inputs, **attributes)` that returns one gradient (Tensor or None) for each input,
            or None if the operation has no derivative.
        emit: for element-wise operations, a function `(emitter, *operands, **attributes)` that writes the loop body.
        kind: "elementwise", "reduce", "matmul", "view", "copy" or "other"; says how the operation is lowered.
        facts: further flags, by name.
    """

    __slots__ = ("emit", "facts", "gradient", "infer", "kind", "name", "reference")

    def __init__(
        self,
        name: str,
        infer: Callable[..., Spec],
        reference: Callable[..., Any],
        gradient: Callable[..., Sequence[Any] | None] | None = None,
        emit: Callable[..., Any] | None = None,
        kind: str = "other",
        **facts: Any,
    ) -> None:
        self.name = name
        self.infer = infer
        self.reference = reference
        self.gradient = gradient
        self.emit = emit
        self.kind = kind
        self.facts = facts

    def __repr__(self) -> str:
        return f"Operation({self.name})"

    def __call__(self, *inputs: Tensor, **attributes: Any) -> Tensor:
        """Apply to tensors: at once if all are concrete, as a new node otherwise."""
        shape, dtype = self.infer(*inputs, **attributes)
        for tensor in inputs:
            if tensor.data is None:
                if work.left is not None:
                    work.spend(STEPS_FOR_OPERATION)
                return Tensor.symbolic(shape, dtype, self, inputs, attributes)
        with np.errstate(all="ignore"):
            data = self.reference(*[tensor.plain for tensor in inputs], **attributes)
        for tensor in inputs:
            if tensor.variable is not None and (getattr(data, "base", None) is not None or data is tensor.plain):
                # A view of a variable's array would change with the next assign.
                data = np.array(data)
        result = Tensor(np.asarray(data, dtypes.NUMPY[dtype]) if dtype != "bfloat16" else dtypes.stored(data, dtype))
        if recording.depth:
            result.operation, result.inputs, result.attributes = self, inputs, attributes
        return result


class _Recording:
    """Counts the open gradient tapes: while there are any, concrete results remember how they were made."""

    __slots__ = ("depth",)

    def __init__(self) -> None:
        self.depth = 0


recording = _Recording()
