"""Tracing of loops: a user's function run once on placeholders, its reads and writes of variables minded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipekeras.core.errors import ShapeError
from pipekeras.core.structure import flatten, pack_like
from pipekeras.graph import trace as tracing
from pipekeras.graph.body import BodyTrace, placeholder_like, substitute
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.ops.loop_nodes import LoopBuilder


def leaves_of(value: Any) -> list[Tensor]:
    """Return the leaves of a structure as tensors; None has no leaves."""
    return [] if value is None else [convert(item) for item in flatten(value)]


def packed(like: Any, leaves: Sequence[Any]) -> Any:
    """Return a structure like another with other leaves."""
    return None if like is None else pack_like(like, leaves)


def is_symbolic(*values: Any) -> bool:
    """Whether a call must be recorded: inside of a trace, or when a tensor has no values yet."""
    if tracing.current() is not None:
        return True
    return any(isinstance(item, Tensor) and item.data is None for value in values for item in flatten(value))


def check_carry(name: str, new: Any, old: Sequence[Tensor], structure: Any) -> list[Tensor]:
    """Return the leaves of a new carry, which must be like the old one."""
    leaves = leaves_of(new)
    if len(leaves) != len(old):
        raise ShapeError(
            f"{name}: the function returned a carry of {len(leaves)} tensors; it was given {len(old)}",
            mend="return the carry in the structure in which it comes in",
        )
    for index, (after, before) in enumerate(zip(leaves, old, strict=True)):
        if after.shape != before.shape or after.dtype != before.dtype:
            raise ShapeError(
                f"{name}: tensor {index} of the carry came in as {before.dtype}{before.shape} "
                f"and was returned as {after.dtype}{after.shape}",
                mend="a carry keeps shape and type: start with the type that the turns compute, or use ops.cast",
            )
    return leaves


class TracedTurn:
    """One turn of a loop, traced.

    Args:
        name: the op, for messages.
        function: takes a carry and a slice, both in their structure, and returns the new carry and what to stack.
        carry: structure of first values.
        sequences: structure of tensors that the turns run over, or None.
        until: function of a new carry; the loop goes on while it holds.
    """

    def __init__(
        self,
        name: str,
        function: Callable[[Any, Any], tuple[Any, Any]],
        carry: Any,
        sequences: Any,
        until: Callable[[Any], Any] | None = None,
    ) -> None:
        self.first = leaves_of(carry)
        self.whole = leaves_of(sequences)
        carries = [placeholder_like(item) for item in self.first]
        slices = [Tensor.symbolic(item.shape[1:], item.dtype) for item in self.whole]
        inner = BodyTrace()
        with tracing.tracing(inner):
            new, self.stacked_structure = function(packed(carry, carries), packed(sequences, slices))
            following = check_carry(name, new, carries, carry)
            stacked = leaves_of(self.stacked_structure)
            if until is not None:
                stacked = [convert(until(packed(carry, following)), "bool")]
        self.written: list[Variable] = list(inner.updates)
        outer = tracing.current()

        def before(variable: Variable) -> Tensor:
            return outer.read(variable) if outer is not None else Tensor(variable.array)

        known = {id(leaf): before(item) for item, leaf in inner.read_leaves.items() if item not in inner.updates}
        following += list(inner.updates.values())
        carries += [inner.leaf(variable) for variable in self.written]
        self.first += [before(variable) for variable in self.written]
        targets = substitute([*following, *stacked], known)
        self.carries, self.slices = carries, slices
        self.following, self.stacked = targets[: len(following)], targets[len(following) :]

    def builder(self, length: Any, reverse: bool) -> LoopBuilder:
        """Return the loop of this turn."""
        carries = list(zip(self.carries, self.first, strict=True))
        return LoopBuilder(carries, list(zip(self.slices, self.whole, strict=True)), length, reverse)

    def write(self, finals: Sequence[Tensor]) -> None:
        """Leave the last values of the variables that the turns wrote."""
        outer = tracing.current()
        if outer is not None:
            for variable, value in zip(self.written, finals, strict=True):
                outer.write(variable, value)


def scan_symbolic(
    function: Callable[[Any, Any], tuple[Any, Any]], carry: Any, sequences: Any, length: Any, reverse: bool, name: str = "scan"
) -> tuple[Any, Any]:
    """Return the last carry and the stacked results of a loop as nodes."""
    turn = TracedTurn(name, function, carry, sequences)
    loop = turn.builder(length, reverse)
    loop.close(turn.following, turn.stacked)
    finals = [loop.final(index) for index in range(len(turn.carries))]
    results = loop.finish([*finals, *[loop.whole(item) for item in loop.others]])
    held = len(turn.carries) - len(turn.written)
    turn.write(results[held : len(turn.carries)])
    return packed(carry, results[:held]), packed(turn.stacked_structure, results[len(turn.carries) :])


def while_symbolic(
    condition: Callable[[Any], Any], function: Callable[[Any], Any], carry: Any, most: int | None
) -> Any:
    """Return the last carry of a loop that goes on while a condition holds."""
    from pipekeras.ops.comparison import logical_and
    from pipekeras.ops.define import OPERATIONS

    running = convert(condition(carry), "bool")
    turn = TracedTurn("while_loop", lambda state, _: (function(state), None), carry, None, condition)
    flag = placeholder_like(running)
    # The first turn may be one too many: what it computes is dropped unless the condition held.
    following = [
        OPERATIONS["select"](flag, new, old) for new, old in zip(turn.following, turn.carries, strict=True)
    ]
    (again,) = turn.stacked
    turn.carries.append(flag)
    turn.first.append(running)
    loop = turn.builder(most, False)
    loop.close([*following, logical_and(flag, again)], [])
    loop.until = len(following)
    results = loop.finish([loop.final(index) for index in range(len(following))])
    held = len(following) - len(turn.written)
    turn.write(results[held:])
    return packed(carry, results[:held])
