"""Computing again what the gradient needs, instead of keeping it from the forward pass."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import reduce, wraps
from math import prod
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph import trace as tracing
from pipekeras.graph.gradient import vector_jacobian
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, next_number
from pipekeras.ops.control_flow import with_rule
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, elementwise

_MODES = ("full", "activations", "larger_than", "list_of_layers", None)


@elementwise(gradient=lambda g, out, x, after: (g, None), emit=lambda e, x, after: x)
def _delayed(x: Any, after: Any) -> Any:
    """The first operand, computed when the second is there.

    Nodes that rest on it are others than those that rest on the operand itself: they are not shared with them.
    """
    return np.broadcast_arrays(x, after)[0].copy()


def remat(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function's inner results be computed again when its gradient is taken, so that they need not be kept.

    That costs time and saves memory in compiled steps, which `fit` runs; elsewhere the function is called as it is.

    Args:
        f: function of tensors, or a layer.

    Returns:
        The function; for a layer, one that calls it.

    Example:

    >>> import pipekeras as pk
    >>> root = pk.remat(lambda x: pk.ops.sqrt(pk.ops.exp(x)))
    >>> root([0.0, 2.0])
    Tensor([1.       , 2.7182817], shape=(2,), dtype=float32)

    Source: Chen et al., Training Deep Nets with Sublinear Memory Cost (2016).
    """
    if not callable(f):
        raise ArgumentError(f"remat() takes a function or a layer, not {type(f).__name__}")
    if hasattr(f, "rematerialized"):
        f.rematerialized = True
        return f

    @wraps(f)
    def again(*args: Any, **kwargs: Any) -> Any:
        return recomputed(f, args, kwargs)

    return again


def recomputed(f: Callable[..., Any], args: Any = (), kwargs: Any = None) -> Any:
    """Call a function whose inner results the gradient computes again."""
    trace = tracing.current()
    if trace is None or not trace.is_kept:
        return f(*args, **(kwargs or {}))
    start = next_number()
    returned = f(*args, **(kwargs or {}))

    def marked(item: Any) -> Any:
        return _marked(item, start) if isinstance(item, Tensor) else item

    return map_structure(marked, returned)


def _marked(output: Tensor, start: int) -> Tensor:
    """Return a tensor whose gradient computes anew whatever was made since `start`."""
    inner, leaves = _region(output, start)
    if len(inner) < 2:
        # Nothing lies between what comes in and what goes out.
        return output

    made = with_rule(output, leaves, _Again(output, inner, leaves, leaves))
    made.mask = output.mask
    return made


class _Again:
    """The gradient of an output that computes what lies between `leaves` and it anew, from the tensors `given` for them."""

    def __init__(self, output: Tensor, inner: list[Tensor], leaves: list[Tensor], given: Sequence[Tensor]) -> None:
        self._output, self._inner, self._leaves, self._given = output, inner, leaves, given

    def __call__(self, g: Tensor) -> list[Tensor | None]:
        first = _first(g) if prod(size or 0 for size in g.shape) else None
        # Weights are kept anyway: what rests on them alone is shared with the forward pass.
        entries = [leaf if leaf.variable is not None or first is None else _after(leaf, first) for leaf in self._given]
        copies = {id(leaf): entry for leaf, entry in zip(self._leaves, entries, strict=True)}
        for tensor in self._inner:
            operands = tuple(copies.get(id(item), item) for item in tensor.inputs)
            attributes = tensor.attributes
            if isinstance(attributes.get("rule"), _Again):
                attributes = {**attributes, "rule": attributes["rule"].moved(operands[1:])}
            copies[id(tensor)] = Tensor.symbolic(tensor.shape, tensor.dtype, tensor.operation, operands, attributes)
        found = vector_jacobian([copies[id(self._output)]], [g], entries)
        # What was computed again is done with before the gradient goes on to what lies below.
        done = [part for leaf, part in zip(self._given, found, strict=True) if leaf.variable is not None and part is not None]
        if not done:
            return found
        last = reduce(FUNCTIONS["add"], [_first(part) for part in done])
        return [
            part if part is None or leaf.variable is not None else _after(part, last)
            for leaf, part in zip(self._given, found, strict=True)
        ]

    def moved(self, given: Sequence[Tensor]) -> _Again:
        """Return the rule of a copy, which begins with other tensors."""
        return _Again(self._output, self._inner, self._leaves, given)


def _first(tensor: Tensor) -> Tensor:
    return FUNCTIONS["reshape"](tensor, (-1,))[0]


def _after(leaf: Tensor, first: Tensor) -> Tensor:
    operation = OPERATIONS["delayed"]
    shape, dtype = Spec(leaf.shape, leaf.dtype)
    return Tensor.symbolic(shape, dtype, operation, (leaf, FUNCTIONS["cast"](first, leaf.dtype)))


def _region(output: Tensor, start: int) -> tuple[list[Tensor], list[Tensor]]:
    """Return the nodes made since `start` that an output rests on, inputs before users, and the tensors they begin with."""
    inner: list[Tensor] = []
    leaves: list[Tensor] = []
    seen: set[int] = set()
    stack: list[tuple[Tensor, bool]] = [(output, False)]
    while stack:
        tensor, expanded = stack.pop()
        if expanded:
            inner.append(tensor)
            continue
        if id(tensor) in seen or tensor.data is not None:
            continue
        seen.add(id(tensor))
        if tensor.operation is None or tensor.number < start:
            leaves.append(tensor)
            continue
        stack.append((tensor, True))
        stack.extend((item, False) for item in reversed(tensor.inputs))
    return inner, leaves


class _Scopes(threading.local):
    def __init__(self) -> None:
        self.open: list[RematScope] = []


_scopes = _Scopes()


class RematScope:
    """Let layers made inside the block compute their inner results again when gradients are taken; see `remat`.

    Args:
        mode: "full" (default) for all layers; "activations" for those with an activation function; "larger_than" for those
            whose output has more elements than `output_size_threshold`; "list_of_layers" for those named in `layer_names`;
            None for none, inside of another block.
        output_size_threshold: int, default 1024, elements of an output, the batch among them.
        layer_names: list of str.

    Raises:
        ArgumentError: there is no such mode.

    Example:

    >>> import pipekeras as pk
    >>> with pk.RematScope(mode="list_of_layers", layer_names=["wide"]):
    ...     first, second = pk.layers.Dense(4, name="wide"), pk.layers.Dense(4, name="narrow")
    >>> first.rematerialized, second.rematerialized
    (True, False)
    """

    def __init__(
        self, mode: str | None = "full", output_size_threshold: int = 1024, layer_names: Sequence[str] | None = None
    ) -> None:
        if mode not in _MODES:
            raise ArgumentError(f"mode must be one of {', '.join(map(repr, _MODES))}; not {mode!r}")
        self.mode = mode
        self.output_size_threshold = output_size_threshold
        self.layer_names = list(layer_names or ())

    def __enter__(self) -> RematScope:
        _scopes.open.append(self)
        return self

    def __exit__(self, *exception: object) -> None:
        _scopes.open.pop()


def wanted_for(name: str) -> Any:
    """Return whether a layer of this name, made now, computes again: True, False, "activations" or the size from which on."""
    if not _scopes.open:
        return False
    scope = _scopes.open[-1]
    if scope.mode == "larger_than":
        return int(scope.output_size_threshold)
    if scope.mode == "activations":
        return scope.mode
    return scope.mode == "full" or (scope.mode == "list_of_layers" and name in scope.layer_names)


def call_of_layer(layer: Any, wanted: Any, args: Any, kwargs: Any) -> Any:
    """Call a layer that computes again as `wanted_for` said."""
    if wanted == "activations" and getattr(layer, "activation", None) is None:
        return layer._computed(args, kwargs)
    if wanted is True or wanted == "activations":
        return recomputed(lambda: layer._computed(args, kwargs))
    trace = tracing.current()
    if trace is None or not trace.is_kept:
        return layer._computed(args, kwargs)
    start = next_number()
    returned = layer._computed(args, kwargs)
    tensors = [item for item in flatten(returned) if isinstance(item, Tensor)]
    if sum(prod(size or 1 for size in item.shape) for item in tensors) <= wanted:
        return returned
    return map_structure(lambda item: _marked(item, start) if isinstance(item, Tensor) else item, returned)
