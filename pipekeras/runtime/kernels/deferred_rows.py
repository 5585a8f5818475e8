"""Row by row updates of a table that a step reads only a few rows of, put off until a row is read.

An optimizer such as Adam changes every row of an embedding in every step, named or not, and so reads and writes tables of
many megabytes. A row that no batch names is changed by nothing but its own state and a few numbers of the step (a zero
gradient). Those numbers are noted step by step, and the row is brought up to date, all its steps at once and in
registers, when a batch names it, when the walk over the table comes to it, or when somebody outside wants to see it. The
arithmetic of every single step is what it would have been: the bits are the same.

Rows are dealt out to owners in blocks; an owner does all of the work on its rows, so the same thread has them in its
cache in every step. Gradients of a row are summed in the order of the indices, whoever owns it.

Argument array: 0 elements of a row, 1 owners, 2 rows, 3 address of the number of steps noted, 4 of the steps applied to
each row, 5 of the first index that names a row, 6 of the lists of the owners, 7 entries of a list, 8 of the numbers of
named rows, 9 of the notes, 10 and 11 extents of the two loops over the indices, 12 address of the indices, 13 of the
updates, 14 and 15 their strides along the two loops; then the address of every state.

Source: late updates of what a step does not read are Carpenter's, 2008 (Lazy sparse stochastic gradient descent for
regularized multinomial logistic regression); here nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel, source_identity
from pipekeras.runtime.kernels.elementwise import (
    ITEMSIZES,
    ExpressionWriter,
    Operand,
    RowPlace,
    Step,
    expression_cost,
    vector_loop,
)
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value

BLOCK_BITS = 6
"""Owners take blocks of 64 rows in turn: frequent words often stand together, at the begin of a table."""
NOTES = 64
"""Steps whose numbers are kept; a power of two."""
ROUND = 32
"""Steps in which the walk comes by every row: fewer than notes are kept."""
_LISTS = 4  # named row, place of its update, next index of the same row, rows that are named
_STATES = 16  # where the addresses of the states begin
_AHEAD = 3


@dataclass(frozen=True)
class Rule:
    """How one step changes the elements of a row.

    Args:
        dtype: of gradient, states and the step's numbers.
        states: values of the table's elements that last from step to step.
        numbers: values that a whole step shares.
        operands: for each operand of the steps after the gradient: ("state", index) or ("number", index).
        steps: the expression; value 0 is the gradient, operands and steps follow.
        results: the value that each state takes.
    """

    dtype: str
    states: int
    numbers: int
    operands: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...]
    results: tuple[int, ...]

    def describe(self) -> str:
        """The rule as text; equal text means equal code."""
        lines = [f"{self.dtype} states {self.states} numbers {self.numbers} operands {self.operands}"]
        lines += [step.describe() for step in self.steps]
        lines += [f"results {self.results}", *sorted({source_identity(step.emit) for step in self.steps})]
        return "\n; ".join(lines)

    @cached_property
    def cost(self) -> float:
        """Estimated nanoseconds for an element's step on one thread."""
        return expression_cost([Operand(self.dtype)] * (self.states + 1), self.steps)


def note_command(rule: Rule, count: np.ndarray, notes: np.ndarray, numbers: Sequence[Any]) -> Command:
    """Write the numbers of the step that begins to the notes, and count the step."""

    def assemble(symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, target.lanes(4))
        counter = e.argument_pointer(0, "int64")
        number = e.load(counter)
        row = e.argument_pointer(1, rule.dtype).at((number & (NOTES - 1)) * rule.numbers)
        for place in range(rule.numbers):
            e.store(e.load(e.argument_pointer(2 + place, rule.dtype)), row, place)
        e.store(number + 1, counter)
        return e.finish()

    kernel = Kernel("note_step", f"{rule.numbers} of {rule.dtype}", assemble)
    return Command(kernel, [count, notes, *numbers], 1, threads=1, cost=20.0)


class DeferredRows:
    """The memory of one table's pending updates, and the commands that work on it.

    Args:
        rule: how a step changes a row.
        states: addresses of the states, dense tables.
        rows: of the table.
        width: elements of a row.
        counts: extents of the loops over the indices.
        owners: who share the rows: a power of two.
    """

    def __init__(self, rule: Rule, states: Sequence[int], rows: int, width: int, counts: tuple[int, int], owners: int) -> None:
        self.rule, self.rows, self.width, self.counts, self.owners = rule, rows, width, counts, owners
        self.count = np.zeros(8, np.int64)
        self.notes = np.zeros((NOTES, max(1, rule.numbers)), rule.dtype)
        self._applied = np.zeros(rows, np.int64)
        self._first = np.zeros(rows, np.int32)
        self._entries = -(-max(1, counts[0] * counts[1]) // 16) * 16
        self._lists = np.empty((owners, _LISTS, self._entries), np.int32)
        self._named = np.zeros((owners, 8), np.int64)
        self._states = list(states)
        whole = host_target().lanes(ITEMSIZES[rule.dtype])
        # Several vectors at once keep the units for roots and quotients busy.
        self._vectors = next(vectors for vectors in (4, 2, 1) if vectors == 1 or width >= vectors * whole)

    def _command(self, name: str, extent: int, cost: float, index_dtype: str = "int64", given: Sequence[Any] = ()) -> Command:
        rule, vectors = self.rule, self._vectors

        def assemble(symbol: str, target: Target) -> str:
            from pipekeras.runtime.kernels import Emitter

            e = Emitter(symbol, target, vectors * target.lanes(ITEMSIZES[rule.dtype]))
            getattr(_Writer(e, rule, index_dtype), name)()
            return e.finish()

        text = f"{name} vectors {vectors} by {index_dtype}\n; {rule.describe()}"
        arguments = [self.width, self.owners, self.rows, self.count, self._applied, self._first, self._lists,
                     self._entries, self._named, self.notes, *self.counts, *(given or (0, 0, 0, 0)), *self._states]
        return Command(Kernel(name, text, assemble), arguments, extent, cost=cost)

    @property
    def _named_cost(self) -> float:
        return self.counts[0] * self.counts[1] * (4.0 + self.width * (self.rule.cost + 0.1))

    def catch_up(self, index: Any, index_dtype: str, strides: tuple[int, int]) -> Command:
        """Bring the rows up to date that the indices name, and note which update belongs to which row.

        Args:
            index: (counts), dense; negative ones count from the end, those outside are left out.
            index_dtype: their type.
            strides: of the updates along both counts, in elements.
        """
        return self._command("catch_up_rows", self.owners, self._named_cost, index_dtype, [index, 0, *strides])

    def note(self, numbers: Sequence[Any]) -> Command:
        """Note the numbers of the step that begins; comes before `update`.

        Args:
            numbers: address of each.
        """
        return note_command(self.rule, self.count, self.notes, numbers)

    def update(self, updates: Any) -> Command:
        """Change the rows that `catch_up` found by the sums of their updates, and a part of all other rows by what is due."""
        walk = self.rows * self.width * self.rule.cost
        return self._command("update_rows", self.owners, self._named_cost + walk, given=[0, updates, 0, 0])

    def settle(self) -> Command:
        """Bring every row up to date."""
        blocks = -(-self.rows >> BLOCK_BITS)
        return self._command("settle_rows", blocks, self.rows * self.width * self.rule.cost)


class _Writer:
    """Writes the kernels of one rule."""

    def __init__(self, e: Emitter, rule: Rule, index_dtype: str) -> None:
        self.e, self.rule, self.index_dtype = e, rule, index_dtype
        self.width, self.owners, self.rows = (e.argument(place) for place in range(3))
        self.done = e.load(e.argument_pointer(3, "int64"))
        self.applied = e.argument_pointer(4, "int64")
        self.first = e.argument_pointer(5, "int32")
        self.notes = e.argument_pointer(9, rule.dtype)
        self.states = [e.argument_pointer(_STATES + place, rule.dtype) for place in range(rule.states)]
        zero = e.constant(0, "int64")
        self._expression = ExpressionWriter(e, [], rule.steps, RowPlace([], [], zero, zero, zero, zero))

    def _lists_of(self, owner: Value) -> list[Pointer]:
        e, entries = self.e, self.e.argument(7)
        base = e.argument_pointer(6, "int32").at(owner * entries * _LISTS)
        return [base.at(entries * place) for place in range(_LISTS)]

    def _step(self, values: list[Any], gradient: Value, number: Value) -> None:
        """One step of a vector: the variables of the states take their new values."""
        e, rule = self.e, self.rule
        note = self.notes.at((number & (NOTES - 1)) * rule.numbers)
        known: dict[int, Value] = {0: gradient}
        for place, (kind, index) in enumerate(rule.operands):
            known[1 + place] = values[index].get() if kind == "state" else e.load(note, index)
        for step in rule.steps:
            known[len(known)] = self._expression.write_step(step, [known[index] for index in step.operands])
        for variable, result in zip(values, rule.results, strict=True):
            variable.set(known[result])

    def _load(self, row: Value, column: Value, mask: Value | None) -> list[Any]:
        e = self.e
        return [e.variable(e.load(state.at(row * self.width), column, e.lanes, mask)) for state in self.states]

    def _store(self, values: list[Any], row: Value, column: Value, mask: Value | None) -> None:
        e = self.e
        for state, variable in zip(self.states, values, strict=True):
            e.store(variable.get(), state.at(row * self.width), column, e.lanes, mask)

    def _each_vector(self, body: Any) -> None:
        vector_loop(self.e, self.e.constant(0, "int64"), self.width, body)

    def _bring_up(self, row: Value) -> None:
        """All steps that a row has not seen, with a gradient of zero."""
        e = self.e
        begin = e.load(self.applied, row)
        with e.when(e.less(begin, self.done)):

            def body(column: Value, mask: Value | None) -> None:
                values = self._load(row, column, mask)
                with e.loop(begin, self.done) as number:
                    self._step(values, e.constant(0, self.rule.dtype, e.lanes), number)
                self._store(values, row, column, mask)

            self._each_vector(body)
            e.store(self.done, self.applied, row)

    def _prefetch_due(self, row: Value) -> None:
        """Ask for a row's states early, if they are behind."""
        with self.e.when(self.e.less(self.e.load(self.applied, row), self.done)):
            self._prefetch(row)

    def _prefetch(self, row: Value) -> None:
        e = self.e
        with e.loop(0, self.width, 64 // ITEMSIZES[self.rule.dtype]) as column:
            for state in self.states:
                e.prefetch(state.at(row * self.width), column)

    def catch_up_rows(self) -> None:
        """See DeferredRows.catch_up."""
        e = self.e
        outer, inner = e.argument(10), e.argument(11)
        indices = e.argument_pointer(12, self.index_dtype)
        strides = e.argument(14), e.argument(15)
        with e.loop(e.parameters[1], e.parameters[2]) as owner:
            named, places, following, rows = self._lists_of(owner)
            count = e.variable(e.constant(0, "int64"))
            with e.loop(0, outer) as i, e.loop(0, inner) as j:
                given = e.cast(e.load(indices.at(i * inner), j), "int64")
                row = e.select(e.less(given, 0), given + self.rows, given)
                bounded = e.maximum(e.minimum(row, self.rows - 1), 0)
                place = i * strides[0] + j * strides[1]
                # What is read at the border has no gradient.
                e.store(e.cast(e.select(e.equal(row, bounded), place, -1), "int32"), places, count.get())
                e.store(e.cast(bounded, "int32"), named, count.get())
                mine = e.equal((bounded >> BLOCK_BITS) & (self.owners - 1), owner)
                count.set(count.get() + e.cast(mine, "int64"))
            total = count.get()
            found = e.variable(e.constant(0, "int64"))
            # From the last to the first: each row's chain then begins with the first.
            with e.loop(0, total) as turn:
                entry = total - 1 - turn
                self._prefetch_due(e.cast(e.load(named, e.maximum(entry - _AHEAD, 0)), "int64"))
                row = e.cast(e.load(named, entry), "int64")
                self._bring_up(row)
                with e.when(e.greater_equal(e.load(places, entry), e.constant(0, "int32"))):
                    last = e.load(self.first, row)
                    e.store(last, following, entry)
                    e.store(e.cast(entry + 1, "int32"), self.first, row)
                    e.store(e.cast(row, "int32"), rows, found.get())
                    found.set(found.get() + e.cast(e.equal(last, e.constant(0, "int32")), "int64"))
            e.store(found.get(), e.argument_pointer(8, "int64"), owner * 8)

    def update_rows(self) -> None:
        """See DeferredRows.update."""
        e = self.e
        updates = e.argument_pointer(13, self.rule.dtype)
        with e.loop(e.parameters[1], e.parameters[2]) as owner:
            _, places, following, rows = self._lists_of(owner)
            found = e.load(e.argument_pointer(8, "int64"), owner * 8)
            with e.loop(0, found) as turn:
                self._prefetch(e.cast(e.load(rows, e.minimum(turn + _AHEAD, found - 1)), "int64"))
                row = e.cast(e.load(rows, turn), "int64")
                begin = e.cast(e.load(self.first, row), "int64")

                def body(column: Value, mask: Value | None, row: Value = row, begin: Value = begin) -> None:
                    values = self._load(row, column, mask)
                    total = e.variable(e.constant(0, self.rule.dtype, e.lanes))
                    entry = e.variable(begin)
                    with e.forever() as stop:
                        at = entry.get() - 1
                        place = e.cast(e.load(places, at), "int64")
                        total.set(total.get() + e.load(updates.at(place), column, e.lanes, mask))
                        entry.set(e.cast(e.load(following, at), "int64"))
                        stop(e.equal(entry.get(), 0))
                    self._step(values, total.get(), self.done - 1)
                    self._store(values, row, column, mask)

                self._each_vector(body)
                e.store(e.constant(0, "int32"), self.first, row)
                e.store(self.done, self.applied, row)
            # The walk: in every round each of the owner's blocks has its turn.
            blocks = e.natural_division(self.rows + ((1 << BLOCK_BITS) - 1), 1 << BLOCK_BITS)
            start = owner + (self.done & (ROUND - 1)) * self.owners
            with e.loop(start, blocks, self.owners * ROUND) as block:
                self._bring_up_block(block)

    def _bring_up_block(self, block: Value) -> None:
        e = self.e
        begin = block << BLOCK_BITS
        with e.loop(begin, e.minimum(begin + (1 << BLOCK_BITS), self.rows)) as row:
            self._bring_up(row)

    def settle_rows(self) -> None:
        """See DeferredRows.settle."""
        with self.e.loop(self.e.parameters[1], self.e.parameters[2]) as block:
            self._bring_up_block(block)
