"""Bodies: pieces of graph that a loop runs again and again or a choice runs or leaves out, and the walks that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pipekeras.graph.gradient import topological_order
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Trace
from pipekeras.graph.variable import Variable


@dataclass(eq=False)
class Body:
    """One turn of a loop, as a graph over placeholders.

    Args:
        carries: placeholders of what goes from turn to turn.
        slices: placeholders of this turn's slice of each sequence.
        captures: placeholders of what the turns read and the loop does not change.
        following: the new carries, in the order of `carries`.
        stacked: what each turn leaves behind; grows when a gradient asks for more.
    """

    carries: list[Tensor]
    slices: list[Tensor]
    captures: list[Tensor]
    following: list[Tensor]
    stacked: list[Tensor] = field(default_factory=list)


@dataclass(eq=False)
class Branch:
    """One branch of a choice, as a graph over placeholders.

    Args:
        captures: placeholders of what the branches of the choice read, the same for all of them.
        results: what the branch returns.
        kept: what it keeps for its gradient; grows when a gradient asks for more.
    """

    captures: list[Tensor]
    results: list[Tensor]
    kept: list[Tensor] = field(default_factory=list)


class BodyTrace(Trace):
    """Collects reads and writes of variables inside a loop's body, where a variable is a placeholder like any other."""

    def leaf(self, variable: Variable) -> Tensor:
        """Return the placeholder of the variable's value at the begin of the turn."""
        leaf = self.read_leaves.get(variable)
        if leaf is None:
            leaf = self.read_leaves[variable] = placeholder_like(variable)
        return leaf


def placeholder_like(tensor: Tensor | Variable) -> Tensor:
    """Return a placeholder of the same shape and type."""
    return Tensor.symbolic(tensor.shape, tensor.dtype)


def dependent(targets: Sequence[Tensor], sources: Iterable[Tensor]) -> dict[int, Tensor]:
    """Return, by id and in order, the symbolic tensors below the targets that rest on any of the sources."""
    found = {id(source): source for source in sources}
    for tensor in topological_order(targets):
        if tensor.data is None and any(id(item) in found for item in tensor.inputs):
            found[id(tensor)] = tensor
    return found


def substitute(targets: Sequence[Tensor], known: dict[int, Tensor]) -> list[Tensor]:
    """Return the targets with tensors replaced, by id; what rests on a replaced one is made anew and added to `known`.

    Args:
        targets: tensors.
        known: what stands in the place of which tensor; it is filled further.
    """

    def replaced(tensor: Tensor) -> Tensor:
        return known.get(id(tensor), tensor)

    for tensor in walk(targets, lambda tensor: id(tensor) in known):
        inputs = tuple(replaced(item) for item in tensor.inputs)
        if any(new is not old for new, old in zip(inputs, tensor.inputs, strict=True)):
            known[id(tensor)] = Tensor.symbolic(tensor.shape, tensor.dtype, tensor.operation, inputs, tensor.attributes)
    return [replaced(target) for target in targets]


def walk(targets: Sequence[Tensor], ends: Callable[[Tensor], bool]) -> list[Tensor]:
    """Return the symbolic tensors below the targets, inputs before users, without those where the walk ends."""
    order: list[Tensor] = []
    seen: set[int] = set()
    stack: list[tuple[Tensor, bool]] = [(target, False) for target in reversed(targets)]
    while stack:
        tensor, expanded = stack.pop()
        if expanded:
            order.append(tensor)
        elif id(tensor) not in seen and tensor.data is None and not ends(tensor):
            seen.add(id(tensor))
            stack.append((tensor, True))
            stack.extend((item, False) for item in reversed(tensor.inputs))
    return order
