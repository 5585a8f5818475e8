"""The gradient of a loop: another loop, from the last turn to the first."""

from __future__ import annotations

from typing import Any

from pipekeras.core import dtypes
from pipekeras.graph.body import Body, placeholder_like, substitute, walk
from pipekeras.graph.gradient import vector_jacobian
from pipekeras.graph.tensor import Tensor
from pipekeras.ops.define import FUNCTIONS, OPERATIONS
from pipekeras.ops.loop_nodes import PART, LoopBuilder, after, before, part, place_in, place_of

_CHEAP = frozenset((
    "add", "subtract", "multiply", "negative", "square", "select", "rectify", "maximum", "minimum", "equal", "not_equal",
    "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_not", "stop_gradient", "sign",
))  # fmt: skip
"""Computing these again costs less than keeping their results."""


class _Kept:
    """What the forward loop leaves for the gradient of its body.

    Args:
        scan: the forward loop's node; its body learns to stack what is asked for.
        reverse: whether it runs from the last slice to the first.
    """

    def __init__(self, scan: Tensor, reverse: bool) -> None:
        self.scan = scan
        self.body: Body = scan.attributes["body"]
        self.reverse = reverse
        self.known: dict[int, Tensor] = {}
        self.slices: list[tuple[Tensor, Tensor]] = []
        body, held = self.body, len(self.body.carries)
        for index, carry in enumerate(body.carries):
            self._provide(carry, before(part(scan, "trail", index), reverse))
        for index, item in enumerate(body.slices):
            self._provide(item, scan.inputs[held + index])
        for index, item in enumerate(body.captures):
            self.known[id(item)] = scan.inputs[held + len(body.slices) + index]

    def _provide(self, tensor: Tensor, sequence: Tensor) -> Tensor:
        placeholder = placeholder_like(tensor)
        self.slices.append((placeholder, sequence))
        self.known[id(tensor)] = placeholder
        return placeholder

    def provide_all(self, targets: list[Tensor]) -> list[Tensor]:
        """Return the targets with tensors of the forward turn replaced by what was kept of them."""
        ids = {id(node) for node in walk([*self.body.following, *self.body.stacked], lambda tensor: False)}

        def is_forward(tensor: Tensor) -> bool:
            # The gradient of a loop or a choice within the turn asks it for parts that nobody asked for before.
            is_part = tensor.operation is not None and tensor.operation.kind == PART.kind
            return id(tensor) in ids or (is_part and id(tensor.inputs[0]) in ids)

        met = [item for node in walk(targets, is_forward) for item in node.inputs] + targets
        wanted = {id(item): item for item in met if is_forward(item) and id(item) not in self.known}
        dear = [item for item in wanted.values() if not _is_cheap(item)]
        for item in dear:
            self._keep(item)
        for item in wanted.values():
            if id(item) not in self.known and not self._computable(item):
                self._keep(item)
        return substitute(targets, self.known)

    def _computable(self, tensor: Tensor) -> bool:
        if tensor.data is not None or id(tensor) in self.known:
            return True
        return _is_cheap(tensor) and all(self._computable(item) for item in tensor.inputs)

    def _keep(self, tensor: Tensor) -> None:
        place = place_of(tensor, self.body.following)
        if place is not None:
            self._provide(tensor, after(part(self.scan, "trail", place), self.reverse))
        else:
            self._provide(tensor, part(self.scan, "stack", place_in(self.body.stacked, tensor)))


def _is_cheap(tensor: Tensor) -> bool:
    operation = tensor.operation
    return operation is not None and (operation.name in _CHEAP or operation.kind == "view")


def _zeros(like: Tensor) -> Tensor:
    return FUNCTIONS["zeros"](like.shape, dtype=like.dtype)


def scan_gradient(
    weights: dict[tuple[str, int], Tensor], scan: Tensor, body: Body, length: int, reverse: bool
) -> list[Tensor | None]:
    """Return the gradient of each input of a scan.

    Args:
        weights: gradient of each part of the scan that has one.
        scan: the node.
        body: its turn.
        length: number of turns.
        reverse: whether the turns go from the last slice to the first.
    """
    add = OPERATIONS["add"]
    stacked = len(body.stacked)  # what is kept for the gradient comes after these
    floats = [index for index, carry in enumerate(body.carries) if dtypes.is_float(carry.dtype)]
    backward = [placeholder_like(body.carries[index]) for index in floats]
    of_stacks = {index: placeholder_like(body.stacked[index]) for index in range(stacked) if ("stack", index) in weights}
    sources = [*[body.carries[index] for index in floats], *body.slices, *body.captures]
    found = vector_jacobian(
        [*[body.following[index] for index in floats], *[body.stacked[index] for index in of_stacks]],
        [*backward, *of_stacks.values()],
        sources,
    )
    kept = _Kept(scan, reverse)
    present = [item for item in found if item is not None]
    provided = iter(kept.provide_all(present))
    found = [None if item is None else next(provided) for item in found]

    slices = [*kept.slices, *[(item, weights["stack", index]) for index, item in of_stacks.items()]]
    following: list[Tensor] = []
    carries: list[tuple[Tensor, Tensor]] = []
    for place, index in enumerate(floats):
        carry = found[place]
        new = _zeros(backward[place]) if carry is None else carry
        first = weights.get(("final", index))
        trail = weights.get(("trail", index))
        if trail is not None:
            # A carry that was seen at a border between turns has that border's gradient too.
            end = trail[0] if reverse else trail[-1]
            first = end if first is None else add(first, end)
            at_border = placeholder_like(backward[place])
            slices.append((at_border, before(trail, reverse)))
            new = add(new, at_border)
        carries.append((backward[place], _zeros(backward[place]) if first is None else first))
        following.append(new)
    of_slices = found[len(floats) : len(floats) + len(body.slices)]
    of_captures = found[len(floats) + len(body.slices) :]
    return _run_back(carries, slices, following, of_slices, of_captures, floats, body, length, not reverse)


def _run_back(
    carries: list[tuple[Tensor, Tensor]], slices: list[tuple[Tensor, Tensor]], following: list[Tensor],
    of_slices: list[Tensor | None], of_captures: list[Tensor | None], floats: list[int], body: Body, length: int,
    reverse: bool,
) -> list[Tensor | None]:  # fmt: skip
    """Build the loop and return the gradients of carries, sequences and captures."""
    others = [item for item in [*of_slices, *of_captures] if item is not None]
    loop = LoopBuilder(carries, slices, length, reverse)
    loop.close(following, others)
    replaced = iter(loop.others)
    of_slices = [None if item is None else next(replaced) for item in of_slices]
    of_captures = [None if item is None else next(replaced) for item in of_captures]
    totals: list[Any] = [None if item is None else loop.total(item) for item in of_captures]
    for place, item in enumerate(of_captures):
        if item is not None and totals[place] is None:
            totals[place] = _added_up(loop, item)
    of_first: list[Tensor | None] = [None] * len(body.carries)
    for place, index in enumerate(floats):
        of_first[index] = loop.final(place)
    whole = [None if item is None else loop.whole(item) for item in of_slices]
    return loop.finish([*of_first, *whole, *totals])


def _added_up(loop: LoopBuilder, item: Tensor) -> Tensor:
    """Add a tensor up from turn to turn in a carry of its own."""
    total = placeholder_like(item)
    loop.carries.append(total)
    loop.first.append(_zeros(item))
    loop.following.append(OPERATIONS["add"](total, item))
    return loop.final(len(loop.carries) - 1)
