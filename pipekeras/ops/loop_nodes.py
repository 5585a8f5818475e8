"""The loop over time as one node: a body traced once, run once for each slice of the sequences.

A `scan` node reads first carries, sequences and captures; what it computes is read through `scan_part` nodes:

* `final`: a carry after the last turn,
* `trail`: a carry at all borders between turns, one more than there are turns, in the order of the sequences,
* `stack`: what each turn left behind, in the order of the sequences.

What a turn computes from its slices alone by a matrix product is computed for all turns at once before the loop, and
what only leaves the loop through a matrix product is multiplied after it: few large products are faster than many small.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.body import Body, dependent, placeholder_like, substitute, walk
from pipekeras.graph.operation import Operation, Spec
from pipekeras.graph.tensor import Shape, Tensor, known
from pipekeras.ops.define import FUNCTIONS, OPERATIONS


def run_body(
    body: Body, length: int, reverse: bool, arrays: Sequence[np.ndarray], until: int | None = None
) -> dict[tuple[str, int], np.ndarray]:
    """Return every part of a scan by the NumPy references of the body's operations.

    Args:
        body: one turn.
        length: number of turns; None: as long as the carry `until` holds.
        reverse: whether the turns go from the last slice to the first.
        arrays: first carries, sequences and captures.
        until: index of the carry that says whether the loop goes on.
    """
    held, slices = len(body.carries), len(body.slices)
    state = list(arrays[:held])
    sequences, captures = arrays[held : held + slices], arrays[held + slices :]
    order = walk([*body.following, *body.stacked], lambda tensor: not tensor.inputs)
    trail = [state]
    stacked: list[list[np.ndarray]] = []
    places: Any = itertools.count() if length is None else range(length)
    for place in reversed(places) if reverse else places:
        if length is None and until is not None and not state[until]:
            break
        values = {id(item): value for item, value in zip(body.carries, state, strict=True)}
        values |= {id(item): sequence[place] for item, sequence in zip(body.slices, sequences, strict=True)}
        values |= {id(item): value for item, value in zip(body.captures, captures, strict=True)}

        def value_of(tensor: Tensor, values: dict[int, Any] = values) -> Any:
            return tensor.plain if tensor.data is not None else values[id(tensor)]

        for node in order:
            assert node.operation is not None
            values[id(node)] = node.operation.reference(*[value_of(item) for item in node.inputs], **node.attributes)
        state = [np.asarray(value_of(item)) for item in body.following]
        trail.append(state)
        stacked.append([np.asarray(value_of(item)) for item in body.stacked])
    if reverse:
        trail, stacked = trail[::-1], stacked[::-1]
    parts: dict[tuple[str, int], np.ndarray] = {}
    for index, last in enumerate(state):
        parts["final", index] = last
        parts["trail", index] = np.stack([carries[index] for carries in trail])
    for index, item in enumerate(body.stacked):
        rows = [row[index] for row in stacked]
        parts["stack", index] = np.stack(rows) if rows else np.zeros((0, *known(item.shape)))
    return parts


def _reference(*arrays: Any, body: Body, length: int, reverse: bool, until: int | None) -> Any:
    return run_body(body, length, reverse, arrays, until)


def _gradient(
    g: Tensor, out: Tensor, *inputs: Tensor, body: Body, length: int | None, reverse: bool, until: int | None
) -> list[Tensor | None]:
    from pipekeras.ops.loop_gradient import scan_gradient

    if length is None:
        raise ConfigurationError(
            "a while_loop without maximum_iterations has no gradient: how many turns to keep is not known",
            mend="give maximum_iterations, or use ops.scan or ops.fori_loop",
        )
    return scan_gradient(_collected(g), out, body, length, reverse)


# What the node itself has for a shape and a type means nothing: its parts have their own.
SCAN = Operation("scan", lambda *inputs, **attributes: Spec((), "float32"), _reference, _gradient, None, "scan")


def _infer_part(scan: Tensor, role: str, index: int) -> Spec:
    body, length = scan.attributes["body"], scan.attributes["length"]
    if role == "stack":
        item = body.stacked[index]
        return Spec((length, *item.shape), item.dtype)
    item = body.carries[index]
    return Spec(item.shape if role == "final" else (_borders(length), *item.shape), item.dtype)


def _borders(length: int | None) -> int | None:
    return None if length is None else length + 1


def _part_gradient(g: Tensor, out: Tensor, scan: Tensor, role: str, index: int) -> tuple[Tensor]:
    return (Tensor.symbolic((), "float32", COTANGENT, (g,), {"role": role, "index": index}),)


PART = Operation(
    "scan_part", _infer_part, lambda parts, role, index: parts[role, index], _part_gradient, None, "scan_part"
)
# What a gradient adds up at a scan node: never computed, taken apart again by the scan's own rule.
COTANGENT = Operation("scan_cotangent", lambda g, role, index: Spec((), "float32"), lambda g, role, index: g)
OPERATIONS |= {item.name: item for item in (SCAN, PART, COTANGENT)}


def _collected(g: Tensor) -> dict[tuple[str, int], Tensor]:
    """Return the gradient of each part of a scan."""
    found: dict[tuple[str, int], Tensor] = {}
    waiting = [g]
    while waiting:
        tensor = waiting.pop()
        if tensor.operation is not COTANGENT:
            waiting.extend(tensor.inputs)
            continue
        key = (tensor.attributes["role"], tensor.attributes["index"])
        (part,) = tensor.inputs
        found[key] = OPERATIONS["add"](found[key], part) if key in found else part
    return found


def part(scan: Tensor, role: str, index: int) -> Tensor:
    """Return one part of what a scan node computes."""
    shape, dtype = _infer_part(scan, role, index)
    return Tensor.symbolic(shape, dtype, PART, (scan,), {"role": role, "index": index})


def before(trail: Tensor, reverse: bool) -> Tensor:
    """Return the carry that each turn began with."""
    return trail[1:] if reverse else trail[:-1]


def after(trail: Tensor, reverse: bool) -> Tensor:
    """Return the carry that each turn left."""
    return trail[:-1] if reverse else trail[1:]


def place_of(tensor: Tensor, among: Sequence[Tensor]) -> int | None:
    """Return the index of this very tensor, or None."""
    return next((index for index, item in enumerate(among) if item is tensor), None)


def place_in(among: list[Tensor], tensor: Tensor) -> int:
    """Return the index of this very tensor in a list, which gets it if it was not there."""
    place = place_of(tensor, among)
    if place is None:
        place = len(among)
        among.append(tensor)
    return place


class LoopBuilder:
    """Collects what a loop computes, and makes the node.

    Args:
        carries: placeholders in the turn, with their first values.
        slices: placeholders in the turn, with the sequences that they run over.
        length: number of turns, or None where it is not known.
        reverse: whether the turns go from the last slice to the first.
    """

    def __init__(
        self,
        carries: Sequence[tuple[Tensor, Tensor]],
        slices: Sequence[tuple[Tensor, Tensor]],
        length: Any,
        reverse: bool = False,
    ) -> None:
        self.carries = [placeholder for placeholder, _ in carries]
        self.first = [first for _, first in carries]
        self.slices = [placeholder for placeholder, _ in slices]
        self.sequences = [sequence for _, sequence in slices]
        self.length = length
        self.reverse = reverse
        # The carry that says whether the loop goes on, if one does.
        self.until: int | None = None
        self.following: list[Tensor] = []
        self.others: list[Tensor] = []
        self.stacked: list[Tensor] = []
        # Stand-ins, outside of the loop, of parts of the node that is not made yet.
        self._stand_ins: dict[tuple[str, int], Tensor] = {}
        self._of_loop: dict[int, Tensor] = {}
        self._of_carries: dict[int, Tensor] = {}
        self._steering: set[int] = set()
        self._everywhere: dict[int, Tensor] = {}

    def close(self, following: Sequence[Tensor], others: Sequence[Tensor]) -> None:
        """Say what the carries become; `others` are the tensors of the turn that will be asked for.

        Products of slices alone are computed for all turns at once from here on.
        """
        targets = [*following, *others]
        self.following = list(following)
        self._study(targets)
        moved: dict[int, Tensor] = {}
        for node in list(self._of_loop.values()):
            if node.operation is not None and node.operation.kind == "matmul" and id(node) not in self._of_carries:
                whole = self._at_once(node)
                if whole is not None:
                    placeholder = placeholder_like(node)
                    self.slices.append(placeholder)
                    self.sequences.append(whole)
                    moved[id(node)] = placeholder
        if moved:
            targets = substitute(targets, moved)
        self.following = targets[: len(following)]
        self.others = targets[len(following) :]
        self._everywhere.clear()
        if moved:
            self._study(targets)

    def _study(self, targets: Sequence[Tensor]) -> None:
        self._of_loop = dependent(targets, [*self.carries, *self.slices])
        self._of_carries = dependent(targets, self.carries)
        self._steering = {id(node) for node in walk(self.following, lambda tensor: id(tensor) not in self._of_loop)}

    def is_of_turn(self, tensor: Tensor) -> bool:
        """Whether a tensor differs from turn to turn."""
        return id(tensor) in self._of_loop

    def _at_once(self, node: Tensor) -> Tensor | None:
        """Return what a tensor of the slices alone, or of what is stacked, is in all turns, by one operation over all."""
        found = self._everywhere.get(id(node))
        place = place_of(node, self.slices)
        if found is None and place is not None:
            found = self.sequences[place]
        if found is None and node.operation is not None:
            found = self._operation_at_once(node)
        if found is not None:
            self._everywhere[id(node)] = found
        return found

    def _operation_at_once(self, node: Tensor) -> Tensor | None:
        operation = node.operation
        assert operation is not None
        if operation.kind == "matmul":
            return self._product_at_once(node, lambda item: self._at_once(item))
        if operation.name == "reshape" or operation.kind == "elementwise":
            items = [self._at_once(item) if self.is_of_turn(item) else item for item in node.inputs]
            if any(item is None for item in items):
                return None
            if operation.name == "reshape":
                return FUNCTIONS["reshape"](items[0], (self.length, *node.shape))
            return operation(*[self._aligned(item, own, node) for item, own in zip(items, node.inputs, strict=True)],
                             **node.attributes)  # fmt: skip
        return None

    def _aligned(self, values: Any, item: Tensor, node: Tensor) -> Tensor:
        """Return what an operand is in all turns with as many axes as the result, the turns' first."""
        if not self.is_of_turn(item) or item.ndim == node.ndim:
            return values
        return FUNCTIONS["reshape"](values, (self.length, *[1] * (node.ndim - item.ndim), *item.shape))

    def _product_at_once(self, node: Tensor, whole: Any) -> Tensor | None:
        a, b = node.inputs
        if self.length is None or not self.is_of_turn(a) or self.is_of_turn(b) or node.attributes["transpose_a"]:
            return None
        if a.ndim != 2 or b.ndim != 2:
            return None
        rows = whole(a)
        if rows is None or None in a.shape:
            return None
        flat = FUNCTIONS["reshape"](rows, (self.length * a.shape[0], a.shape[1]))
        return FUNCTIONS["reshape"](OPERATIONS["matmul"](flat, b, **node.attributes), (self.length, *node.shape))

    # What leaves the loop

    def _stand_in(self, role: str, index: int, shape: Shape, dtype: str) -> Tensor:
        found = self._stand_ins.get((role, index))
        if found is None:
            found = self._stand_ins[role, index] = Tensor.symbolic(shape, dtype)
        return found

    def final(self, index: int) -> Tensor:
        """Return a carry after the last turn."""
        return self._stand_in("final", index, self.carries[index].shape, self.carries[index].dtype)

    def trail(self, index: int) -> Tensor:
        """Return a carry at all borders between turns."""
        carry = self.carries[index]
        return self._stand_in("trail", index, (_borders(self.length), *carry.shape), carry.dtype)

    def whole(self, tensor: Tensor) -> Tensor:
        """Return what a tensor of the turn is in all turns."""
        if not self.is_of_turn(tensor):
            return FUNCTIONS["broadcast_to"](tensor, (self.length, *tensor.shape))
        place = place_of(tensor, self.following)
        if place is not None:
            return after(self.trail(place), self.reverse)
        place = place_of(tensor, self.carries)
        if place is not None:
            return before(self.trail(place), self.reverse)
        place = place_of(tensor, self.slices)
        if place is not None:
            return self.sequences[place]
        if id(tensor) not in self._steering and tensor.operation is not None:
            if tensor.operation.kind == "matmul":
                product = self._product_at_once(tensor, self.whole)
                if product is not None:
                    return product
            if tensor.operation.name == "reshape":
                return FUNCTIONS["reshape"](self.whole(tensor.inputs[0]), (self.length, *tensor.shape))
        return self._stand_in("stack", place_in(self.stacked, tensor), (self.length, *tensor.shape), tensor.dtype)

    def total(self, tensor: Tensor) -> Tensor | None:
        """Return the sum of a tensor of the turn over all turns, or None where only adding up turn by turn gives it."""
        if not self.is_of_turn(tensor):
            return tensor * float(self.length)
        operation = tensor.operation
        if operation is None or id(tensor) in self._steering:
            return None
        if operation.name == "add" and all(item.shape == tensor.shape for item in tensor.inputs):
            parts = [found for found in map(self.total, tensor.inputs) if found is not None]
            return OPERATIONS["add"](*parts) if len(parts) == len(tensor.inputs) else None
        if operation.name == "reshape":
            inner = self.total(tensor.inputs[0])
            return None if inner is None else FUNCTIONS["reshape"](inner, tensor.shape)
        if operation.name == "sum":
            axes = tuple(axis + 1 for axis in tensor.attributes["axis"])
            every = FUNCTIONS["sum"](self.whole(tensor.inputs[0]), axis=(0, *axes), keepdims=False)
            return FUNCTIONS["reshape"](every, tensor.shape)
        if operation.kind == "matmul" and tensor.ndim == 2:
            return self._total_product(tensor)
        return None

    def _total_product(self, tensor: Tensor) -> Tensor | None:
        a, b = tensor.inputs
        if not tensor.attributes["transpose_a"] or tensor.attributes["transpose_b"] or a.ndim != 2 or b.ndim != 2:
            return None
        if not (self.is_of_turn(a) and self.is_of_turn(b)):
            return None
        rows = self.length * prod(a.shape[:1])  # type: ignore[arg-type]
        left = FUNCTIONS["reshape"](self.whole(a), (rows, a.shape[1]))
        right = FUNCTIONS["reshape"](self.whole(b), (rows, b.shape[1]))
        return OPERATIONS["matmul"](left, right, transpose_a=True, transpose_b=False)

    # The node

    def finish(self, results: Sequence[Tensor | None]) -> list[Any]:
        """Make the node; return the results with its parts in the place of their stand-ins."""
        targets = [*self.following, *self.stacked]
        self._of_loop = dependent(targets, [*self.carries, *self.slices])
        captured: dict[int, Tensor] = {}
        for tensor in [*targets, *[item for node in self._of_loop.values() for item in node.inputs]]:
            if tensor.data is None and id(tensor) not in self._of_loop:
                captured[id(tensor)] = tensor
        placeholders = {key: placeholder_like(tensor) for key, tensor in captured.items()}
        inner = substitute(targets, dict(placeholders))
        read = {id(item) for item in [*walk(inner, lambda tensor: False), *inner]}
        used = [place for place, item in enumerate(self.slices) if id(item) in read]
        body = Body(
            self.carries,
            [self.slices[place] for place in used],
            list(placeholders.values()),
            inner[: len(self.following)],
            inner[len(self.following) :],
        )
        inputs = (*self.first, *[self.sequences[place] for place in used], *captured.values())
        attributes = {"body": body, "length": self.length, "reverse": self.reverse, "until": self.until}
        node = Tensor.symbolic((), "float32", SCAN, inputs, attributes)
        known = {id(stand_in): part(node, *key) for key, stand_in in self._stand_ins.items()}
        held = iter(substitute([item for item in results if item is not None], known))
        return [None if item is None else next(held) for item in results]
