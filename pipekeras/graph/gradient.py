"""Reverse-mode differentiation: gradients are graphs, so they can be differentiated again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError
from pipekeras.graph import trace as tracing
from pipekeras.graph.operation import Operation, recording
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable


def topological_order(targets: Sequence[Tensor]) -> list[Tensor]:
    """Return every tensor that the targets rest on, inputs before users."""
    order: list[Tensor] = []
    seen: set[int] = set()
    stack: list[tuple[Tensor, bool]] = [(target, False) for target in reversed(targets)]
    while stack:
        tensor, expanded = stack.pop()
        if expanded:
            order.append(tensor)
            continue
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        stack.append((tensor, True))
        stack.extend((item, False) for item in reversed(tensor.inputs) if id(item) not in seen)
    return order


def gradient(
    target: Tensor, sources: Sequence[Tensor | Variable], output_gradient: Tensor | None = None
) -> list[Tensor | None]:
    """Return the derivative of `target` with respect to each source.

    Formula: for y = target summed over its elements, the result for x is dy/dx.

    Args:
        target: Tensor, symbolic, or concrete and made under a GradientTape.
        sources: tensors or variables.
        output_gradient: Tensor of target's shape that the derivative is weighted with, default ones.

    Returns:
        A list: a Tensor for each source, None where target does not depend on it.

    >>> from pipekeras import GradientTape, ops
    >>> x = ops.convert_to_tensor([1.0, 2.0])
    >>> with GradientTape() as tape:
    ...     y = ops.sum(x * x)
    >>> tape.gradient(y, x)
    Tensor([2., 4.], shape=(2,), dtype=float32)
    """
    return _gradients([target], sources, [output_gradient])


def _gradients(
    targets: Sequence[Tensor], sources: Sequence[Tensor | Variable], weights: Sequence[Tensor | None]
) -> list[Tensor | None]:
    """Return the derivative of the sum of all targets, weighted with ones where no weight is given."""
    leaves = [_leaves(source) for source in sources]
    floats = [(target, weight) for target, weight in zip(targets, weights, strict=True) if dtypes.is_float(target.dtype)]
    ones_like = _table["ones_like"]
    found = iter(
        vector_jacobian(
            [target for target, _ in floats],
            [ones_like(target) if weight is None else weight for target, weight in floats],
            [leaf for several in leaves for leaf in several],
        )
    )
    return [_added([next(found) for _ in several]) for several in leaves]


def _added(parts: Sequence[Tensor | None]) -> Tensor | None:
    present = [part for part in parts if part is not None]
    return reduce(_table["add"], present) if present else None


def vector_jacobian(targets: Sequence[Tensor], weights: Sequence[Tensor], leaves: Sequence[Tensor]) -> list[Tensor | None]:
    """Return, for each leaf, the derivative of the sum over all targets of target times weight.

    Args:
        targets: float tensors.
        weights: tensor of each target's shape.
        leaves: tensors below the targets.
    """
    order = topological_order(targets)
    wanted = {id(leaf) for leaf in leaves}
    by_variable = {leaf.variable for leaf in leaves if leaf.variable is not None}
    needed: set[int] = set()
    for tensor in order:
        if (
            id(tensor) in wanted
            or (tensor.variable is not None and tensor.variable in by_variable)
            or any(id(item) in needed for item in tensor.inputs)
        ):
            needed.add(id(tensor))
    add: Operation = _table["add"]
    sums: dict[int, Tensor] = {}
    for target, weight in zip(targets, weights, strict=True):
        sums[id(target)] = add(sums[id(target)], weight) if id(target) in sums else weight
    for tensor in reversed(order):
        g = sums.get(id(tensor))
        if g is None or id(tensor) not in needed or not tensor.inputs or tensor.operation is None:
            continue
        if tensor.operation.gradient is None:
            continue
        holomorphic = dtypes.is_complex(tensor.dtype) and not tensor.operation.facts.get("from_parts")
        # A rule multiplies by the derivative f'; the gradient of a complex number takes the conjugate of f'.
        conj = _table["conj"] if holomorphic else _unchanged
        parts = tensor.operation.gradient(conj(g), tensor, *tensor.inputs, **tensor.attributes)
        if parts is None:
            continue
        for item, part in zip(tensor.inputs, parts, strict=True):
            if part is None or id(item) not in needed or not (dtypes.is_float(item.dtype) or dtypes.is_complex(item.dtype)):
                continue
            part = conj(part)
            known = sums.get(id(item))
            sums[id(item)] = part if known is None else add(known, part)
    for tensor in order:
        # A variable read twice outside of a trace has one leaf; inside, its leaf is the trace's.
        if tensor.variable is not None and id(tensor) in sums:
            sums.setdefault(id(tensor.variable), sums[id(tensor)])
    return [
        sums.get(id(leaf)) if leaf.variable is None else sums.get(id(leaf.variable), sums.get(id(leaf)))
        for leaf in leaves
    ]


_table: dict[str, Any] = {}


def _unchanged(tensor: Tensor) -> Tensor:
    return tensor


def install_operations(**operations: Any) -> None:
    """Receive the few ops that differentiation itself needs; called once by the op table."""
    _table.update(operations)


def ended(tensor: Tensor) -> Tensor:
    """Return the value, at which derivatives end."""
    return _table["stop_gradient"](tensor)


def _leaves(source: Tensor | Variable) -> list[Tensor]:
    """Return where derivatives for a source end; within a trace also at the values that optimizers gave a variable."""
    if isinstance(source, Tensor):
        return [source]
    if not isinstance(source, Variable):
        raise ArgumentError(f"gradients are taken for tensors and variables, not for {type(source).__name__}")
    trace = tracing.current()
    return [source._as_tensor()] if trace is None else [trace.leaf(source), *trace.versions.get(source, ())]


class GradientTape:
    """Records operations on concrete tensors so that they can be differentiated.

    Inside a compiled `train_step` every operation is known anyway and the tape records nothing.

    Args:
        persistent: bool, default False; accepted for scripts that set it: `gradient` may always be called again.
        watch_accessed_variables: bool, default True; accepted for scripts that set it.

    >>> import pipekeras
    >>> w = pipekeras.Variable(3.0)
    >>> with GradientTape() as tape:
    ...     loss = w * w
    >>> tape.gradient(loss, w)
    Tensor(6., shape=(), dtype=float32)
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self.persistent = persistent
        self.watch_accessed_variables = watch_accessed_variables

    def __enter__(self) -> GradientTape:
        recording.depth += 1
        return self

    def __exit__(self, *exception: object) -> None:
        recording.depth -= 1

    def watch(self, tensor: Tensor) -> None:
        """Accepted for scripts that call it: every tensor is watched."""
        convert(tensor)

    def gradient(self, target: Any, sources: Any, output_gradients: Any = None) -> Any:
        """Return d target / d source in the structure of `sources` (a tensor, a list, or a dict).

        Args:
            target: tensor, or list of tensors of any shapes, whose elements are all added up.
            sources: tensor or variable, or a list or dict of them.
            output_gradients: what `target` is weighted with, of the same structure and shapes; default ones.

        Raises:
            ArgumentError: there are other numbers of targets and weights.
        """
        targets = list(target) if isinstance(target, list | tuple) else [target]
        weights = [None] * len(targets)
        if output_gradients is not None:
            weights = list(output_gradients) if isinstance(target, list | tuple) else [output_gradients]
            if len(weights) != len(targets):
                raise ArgumentError(f"output_gradients holds {len(weights)} tensors for {len(targets)} targets")
        # As if the tape still ran: the leaf of a variable is the one that was read under it.
        with self:
            tensors = [convert(item) for item in targets]
            factors = [
                None if weight is None else convert(weight, tensor.dtype)
                for weight, tensor in zip(weights, tensors, strict=True)
            ]
            if isinstance(sources, dict):
                return dict(zip(sources, _gradients(tensors, list(sources.values()), factors), strict=True))
            if isinstance(sources, list | tuple):
                return _gradients(tensors, list(sources), factors)
            return _gradients(tensors, [sources], factors)[0]
