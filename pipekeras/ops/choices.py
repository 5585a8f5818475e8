"""A choice among branches as one node: only the branch that is taken runs.

A `choice` node reads one flag for each branch, of which one holds, and what the branches capture. What it computes is read
through `choice_part` nodes: a result, or what one branch keeps for its gradient. What a branch keeps means nothing unless
the branch was taken, and nobody reads it then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.body import Branch, placeholder_like, substitute, walk
from pipekeras.graph.gradient import vector_jacobian
from pipekeras.graph.operation import Operation, Spec
from pipekeras.graph.tensor import Tensor, known
from pipekeras.ops.define import FUNCTIONS, OPERATIONS
from pipekeras.ops.loop_nodes import place_in

Key = tuple[int, int]
"""A part: the branch that keeps it (-1: it is a result), and its place there."""

_RESULT = -1


def run_branch(branch: Branch, arrays: Sequence[np.ndarray]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return results and what is kept of a branch, by the NumPy references of its operations."""
    values = {id(item): value for item, value in zip(branch.captures, arrays, strict=True)}

    def value_of(tensor: Tensor) -> Any:
        return tensor.plain if tensor.data is not None else values[id(tensor)]

    for node in walk([*branch.results, *branch.kept], lambda tensor: not tensor.inputs):
        assert node.operation is not None
        values[id(node)] = node.operation.reference(*[value_of(item) for item in node.inputs], **node.attributes)
    return [np.asarray(value_of(item)) for item in branch.results], [np.asarray(value_of(item)) for item in branch.kept]


def _reference(*arrays: Any, branches: tuple[Branch, ...]) -> dict[Key, np.ndarray]:
    flags, captures = arrays[: len(branches)], arrays[len(branches) :]
    taken = next(index for index, flag in enumerate(flags) if flag)
    results, kept = run_branch(branches[taken], captures)
    parts: dict[Key, np.ndarray] = {(_RESULT, index): value for index, value in enumerate(results)}
    for number, branch in enumerate(branches):
        for index, item in enumerate(branch.kept):
            parts[number, index] = kept[index] if number == taken else np.zeros(known(item.shape), dtypes.NUMPY[item.dtype])
    return parts


def _item(choice: Tensor, branch: int, index: int) -> Tensor:
    branches: tuple[Branch, ...] = choice.attributes["branches"]
    return branches[0].results[index] if branch == _RESULT else branches[branch].kept[index]


def _infer_part(choice: Tensor, branch: int, index: int) -> Spec:
    item = _item(choice, branch, index)
    return Spec(item.shape, item.dtype)


def _part_gradient(g: Tensor, out: Tensor, choice: Tensor, branch: int, index: int) -> tuple[Tensor]:
    return (Tensor.symbolic((), "float32", COTANGENT, (g,), {"branch": branch, "index": index}),)


def _gradient(g: Tensor, out: Tensor, *inputs: Tensor, branches: tuple[Branch, ...]) -> list[Tensor | None]:
    return choice_gradient(_collected(g), out, branches)


# What the node itself has for a shape and a type means nothing: its parts have their own.
CHOICE = Operation("choice", lambda *inputs, **attributes: Spec((), "float32"), _reference, _gradient, None, "choice")
PART = Operation(
    "choice_part", _infer_part, lambda parts, branch, index: parts[branch, index], _part_gradient, None, "scan_part"
)
# What a gradient adds up at a choice node: never computed, taken apart again by the choice's own rule.
COTANGENT = Operation("choice_cotangent", lambda g, branch, index: Spec((), "float32"), lambda g, branch, index: g)
OPERATIONS |= {item.name: item for item in (CHOICE, PART, COTANGENT)}


def part(choice: Tensor, branch: int, index: int) -> Tensor:
    """Return one part of what a choice computes."""
    item = _item(choice, branch, index)
    return Tensor.symbolic(item.shape, item.dtype, PART, (choice,), {"branch": branch, "index": index})


def choose(flags: Sequence[Tensor], results: Sequence[Sequence[Tensor]], is_inside: Callable[[Tensor], bool]) -> list[Tensor]:
    """Return the results of the branch whose flag holds.

    Args:
        flags: one bool for each branch; exactly one of them is true.
        results: of each branch, alike in shapes and types.
        is_inside: whether an operation's result belongs to the branch that reads it; all else is captured.
    """
    captured: dict[int, Tensor] = {}
    for targets in results:
        nodes = walk(targets, lambda tensor: tensor.operation is None or not is_inside(tensor))
        inside = {id(node) for node in nodes}
        for tensor in [*targets, *[item for node in nodes for item in node.inputs]]:
            if tensor.data is None and id(tensor) not in inside:
                captured[id(tensor)] = tensor
    branches = []
    for targets in results:
        placeholders = {key: placeholder_like(tensor) for key, tensor in captured.items()}
        branches.append(Branch(list(placeholders.values()), substitute(targets, dict(placeholders))))
    node = Tensor.symbolic((), "float32", CHOICE, (*flags, *captured.values()), {"branches": tuple(branches)})
    return [part(node, _RESULT, index) for index in range(len(results[0]))]


def _collected(g: Tensor) -> dict[Key, Tensor]:
    """Return the gradient of each part of a choice."""
    found: dict[Key, Tensor] = {}
    waiting = [g]
    while waiting:
        tensor = waiting.pop()
        if tensor.operation is not COTANGENT:
            waiting.extend(tensor.inputs)
            continue
        key = (tensor.attributes["branch"], tensor.attributes["index"])
        (inner,) = tensor.inputs
        found[key] = OPERATIONS["add"](found[key], inner) if key in found else inner
    return found


def choice_gradient(weights: dict[Key, Tensor], choice: Tensor, branches: tuple[Branch, ...]) -> list[Tensor | None]:
    """Return the gradient of each input of a choice: a choice by the same flags among the branches' gradients.

    Args:
        weights: gradient of each part of the choice that has one.
        choice: the node.
        branches: its branches; they learn to keep what the gradients need of them.
    """
    count = len(branches)
    flags, captured = choice.inputs[:count], choice.inputs[count:]
    found: list[list[Tensor | None]] = []
    ends: dict[int, Tensor] = {id(item): item for item in (*captured, *weights.values())}
    for number, branch in enumerate(branches):
        mine = [(key, weight) for key, weight in weights.items() if key[0] in (_RESULT, number)]
        targets = [branch.results[index] if owner == _RESULT else branch.kept[index] for (owner, index), _ in mine]
        slopes = vector_jacobian(targets, [weight for _, weight in mine], branch.captures)
        replaced = iter(_in_terms_of_the_outside(slopes, number, choice, ends))
        found.append([None if slope is None else next(replaced) for slope in slopes])
    reached = [place for place in range(len(captured)) if any(slopes[place] is not None for slopes in found)]
    gradients: list[Tensor | None] = [None] * len(choice.inputs)
    if not reached:
        return gradients
    results = []
    for slopes in found:
        zeros = {place: FUNCTIONS["zeros"](captured[place].shape, dtype=captured[place].dtype) for place in reached}
        results.append([zeros[place] if slopes[place] is None else slopes[place] for place in reached])
    chosen = choose(flags, results, lambda tensor: id(tensor) not in ends)  # type: ignore[arg-type]
    for place, item in zip(reached, chosen, strict=True):
        gradients[count + place] = item
    return gradients


def _in_terms_of_the_outside(
    slopes: Sequence[Tensor | None], number: int, choice: Tensor, ends: dict[int, Tensor]
) -> list[Tensor]:
    """Return derivatives of a branch with what they read of it replaced: captures by what was captured, other values of the
    branch by what it keeps. What they read so is noted in `ends`."""
    branches: tuple[Branch, ...] = choice.attributes["branches"]
    branch = branches[number]
    targets = [slope for slope in slopes if slope is not None]
    outer = choice.inputs[len(branches) :]
    replaced = {id(inner): item for inner, item in zip(branch.captures, outer, strict=True)}
    of_branch = {id(node) for node in walk([*branch.results, *branch.kept], lambda tensor: id(tensor) in replaced)}

    def is_of_branch(tensor: Tensor) -> bool:
        # The gradient of a loop or a choice within the branch asks it for parts that nobody asked for before.
        is_part = tensor.operation is not None and tensor.operation.kind == "scan_part"
        return id(tensor) in of_branch or (is_part and id(tensor.inputs[0]) in of_branch)

    nodes = walk(targets, lambda tensor: id(tensor) in ends or is_of_branch(tensor))
    for tensor in [*targets, *[item for node in nodes for item in node.inputs]]:
        if id(tensor) not in replaced and is_of_branch(tensor):
            kept = part(choice, number, place_in(branch.kept, tensor))
            replaced[id(tensor)] = ends[id(kept)] = kept
    return substitute(targets, replaced)
