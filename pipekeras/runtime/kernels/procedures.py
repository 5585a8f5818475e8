"""Procedures inside of a kernel: code that several places of it call, and small matrices that live on the stack.

A *panel* here is a matrix whose rows are a fixed number of vectors long: lanes run over as many samples (queries, say),
rows over their features. What a panel's lanes hold never meets, so sums in it have one order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llvmlite import ir

from pipekeras.runtime.kernels.emitter import I64, Pointer, Value, storage_type
from pipekeras.runtime.kernels.packing import transposed_vectors

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Variable

VECTORS = 2
"""Vectors in a row of a panel."""


@dataclass
class Procedure:
    """A function of the kernel's own module; parameters are int64."""

    emitter: Emitter
    ir: Any
    parameters: list[Value]

    def __call__(self, *arguments: Value | Pointer | int) -> None:
        """Call it where the kernel is being written."""
        e = self.emitter
        words = [item.address().ir if isinstance(item, Pointer) else e.as_index(item) for item in arguments]
        if len(words) != len(self.parameters):
            raise TypeError(f"a procedure of {len(self.parameters)} parameters got {len(words)}")
        e.builder.call(self.ir, words)


@contextmanager
def procedure(e: Emitter, name: str, parameters: int) -> Iterator[Procedure]:
    """Write the body of a procedure inside of the `with`; the kernel's own body goes on after it."""
    outer = e.function, e._entry, e._start, e.builder, e.parameters
    function = ir.Function(e.module, ir.FunctionType(ir.VoidType(), [I64] * parameters), f"{e.module.name}.{name}")
    function.linkage = "internal"
    for attribute in ("nounwind", "noinline"):
        function.attributes.add(attribute)
    e.function = function
    e._entry, e._start = (function.append_basic_block(part) for part in ("entry", "start"))
    e.builder = ir.IRBuilder(e._start)
    e.parameters = [Value(e, argument, "int64", 0) for argument in function.args]
    yield Procedure(e, function, e.parameters)
    e.builder.ret_void()
    ir.IRBuilder(e._entry).branch(e._start)
    e.function, e._entry, e._start, e.builder, e.parameters = outer


def stack_array(e: Emitter, count: int, dtype: str) -> Pointer:
    """Memory for that many elements that lasts as long as the kernel runs."""
    kind = storage_type(dtype, 0)
    slot = ir.IRBuilder(e._entry).alloca(ir.ArrayType(kind, count))
    slot.align = 64
    return Pointer(e, e.builder.bitcast(slot, kind.as_pointer()), dtype)


def panel_width(e: Emitter) -> int:
    """Elements of a panel's row."""
    return e.lanes * VECTORS


def unrolled(e: Emitter, count: Value, factor: int, body: Callable[[Value, int], None]) -> None:
    """Run `body(index, number)` for each index; `factor` neighbours stand side by side, the rest is all number 0."""
    whole = count & -factor
    with e.loop(0, whole, factor) as index:
        for number in range(factor):
            body(index + number, number)
    with e.loop(whole, count) as index:
        body(index, 0)


def _tiled_rows(e: Emitter, rows: Value, body: Callable[[Value, int], None]) -> None:
    """Run `body(first row, height)` over all rows, tall tiles first."""
    first: Value = e.constant(0, "int64")
    for height in (8, 4, 1) if e.target.vector_bits == 512 else (4, 1):
        last = rows if height == 1 else first + ((rows - first) & -height)
        with e.loop(first, last, height) as row:
            body(row, height)
        first = last


def _sum_over_depth(e: Emitter, sums: list[list[Variable]], depth: Value, a: Pointer, a_row: Value, a_step: Value, b: Pointer,
                    b_step: Value, limits: list[Value | None]) -> None:
    """Add a[row, k] * b[k, :] for all k, in order: elements of A are repeated over the lanes, rows of B are vectors."""
    height, lanes = len(sums), e.lanes
    # Rows are reached from every third one, so that few registers hold addresses.
    starts = [e.variable(e.constant(0, "int64")) for _ in range(0, height, 3)]
    for index, start in enumerate(starts):
        start.set(a_row * (3 * index))
    place = e.variable(e.constant(0, "int64"))
    with e.loop(0, depth):
        row = b.at(place.get())
        loaded = [e.load(row, lanes * v, lanes, limit) for v, limit in enumerate(limits)]
        for index, start in enumerate(starts):
            base = a.at(start.get())
            for line in range(min(3, height - 3 * index)):
                factor = e.splat(e.load(base, a_row * line if line else 0))
                for v, vector in enumerate(loaded):
                    total = sums[3 * index + line][v]
                    total.set(e.fma(factor, vector, total.get()))
            start.set(start.get() + a_step)
        place.set(place.get() + b_step)


def panel_product(e: Emitter, dtype: str) -> Procedure:
    """C (+)= A @ B for panels B (depth, width) and C (rows, width).

    Parameters: rows, depth, address of A, its steps from row to row and along the depth, addresses of B and C, whether C is
    added to.
    """
    with procedure(e, "panel_product", 8) as found:
        rows, depth, a, a_row, a_step, b, c, adds = found.parameters
        left, right, result = (e.pointer(address, dtype) for address in (a, b, c))
        width = panel_width(e)

        def tile(row: Value, height: int) -> None:
            target = result.at(row * width)
            sums = [[e.variable(e.constant(0, dtype, e.lanes)) for _ in range(VECTORS)] for _ in range(height)]
            with e.when(e.not_equal(adds, 0)):
                for line, totals in enumerate(sums):
                    for v, total in enumerate(totals):
                        total.set(e.load(target, line * width + v * e.lanes, e.lanes))
            _sum_over_depth(e, sums, depth, left.at(row * a_row), a_row, a_step, right, e.constant(width, "int64"),
                            [None] * VECTORS)
            for line, totals in enumerate(sums):
                for v, total in enumerate(totals):
                    e.store(total.get(), target, line * width + v * e.lanes, e.lanes)

        _tiled_rows(e, rows, tile)
    return found


def lane_product(e: Emitter, dtype: str) -> Procedure:
    """C += A @ B where A is a panel (rows, width) whose lanes are summed over; rows of B and C are neighbours.

    Parameters: rows, depth (lanes that count), columns, address of A, address of B and its step from row to row, address
    of C and its step from row to row.
    """
    with procedure(e, "lane_product", 8) as found:
        rows, depth, columns, a, b, b_row, c, c_row = found.parameters
        left, right, result = (e.pointer(address, dtype) for address in (a, b, c))
        width = panel_width(e)
        a_row, step = e.constant(width, "int64"), e.constant(1, "int64")

        def panel(column: Value, limits: list[Value | None]) -> None:
            def tile(row: Value, height: int) -> None:
                target = result.at(row * c_row + column)
                sums = [
                    [e.variable(e.load(target.at(c_row * line), v * e.lanes, e.lanes, limit)) for v, limit in enumerate(limits)]
                    for line in range(height)
                ]
                _sum_over_depth(e, sums, depth, left.at(row * width), a_row, step, right.at(column), b_row, limits)
                for line, totals in enumerate(sums):
                    for v, (total, limit) in enumerate(zip(totals, limits, strict=True)):
                        e.store(total.get(), target.at(c_row * line), v * e.lanes, e.lanes, limit)

            _tiled_rows(e, rows, tile)

        whole = columns & -e.lanes
        pairs = columns & -width
        with e.loop(0, pairs, width) as column:
            panel(column, [None] * VECTORS)
        with e.when(e.less(pairs, whole)):
            panel(pairs, [None])
        with e.when(e.less(whole, columns)):
            panel(whole, [e.tail_mask(columns - whole)])
    return found


def panel_reader(e: Emitter, dtype: str) -> Procedure:
    """Turn up to `width` rows of memory into a panel, lane by lane times a factor.

    Parameters: rows that there are (lanes beyond repeat the last one), columns, address and step of the source, address of
    the panel, address of the factors (one for each lane). The panel needs space for its rows rounded up to whole vectors.
    """
    with procedure(e, "panel_reader", 6) as found:
        rows, columns, source, step, result, factor = found.parameters
        memory, panel, factors = (e.pointer(address, dtype) for address in (source, result, factor))
        width = panel_width(e)
        for group in range(VECTORS):
            weights = e.load(factors, group * e.lanes, e.lanes)
            starts = [e.minimum(e.constant(group * e.lanes + line, "int64"), rows - 1) * step for line in range(e.lanes)]

            def block(column: Value, mask: Value | None, starts: list[Value] = starts, weights: Value = weights,
                      group: int = group) -> None:
                vectors = [e.load(memory.at(start), column, e.lanes, mask) for start in starts]
                for index, vector in enumerate(transposed_vectors(e, vectors)):
                    e.store(vector * weights, panel.at((column + index) * width), group * e.lanes, e.lanes)

            _blocks(e, columns, block)
    return found


def panel_writer(e: Emitter, dtype: str) -> Procedure:
    """Write a panel as rows of memory, lane by lane times a factor.

    Parameters: rows that are written, columns, address of the panel, address and step of the result, address of the factors.
    """
    with procedure(e, "panel_writer", 6) as found:
        rows, columns, panel, result, step, factor = found.parameters
        source, memory, factors = (e.pointer(address, dtype) for address in (panel, result, factor))
        width = panel_width(e)
        for group in range(VECTORS):
            weights = e.load(factors, group * e.lanes, e.lanes)

            def block(column: Value, mask: Value | None, weights: Value = weights, group: int = group) -> None:
                vectors = [
                    e.load(source.at((column + index) * width), group * e.lanes, e.lanes) * weights for index in range(e.lanes)
                ]
                for index, vector in enumerate(transposed_vectors(e, vectors)):
                    row = e.constant(group * e.lanes + index, "int64")
                    with e.when(e.less(row, rows)):
                        e.store(vector, memory.at(row * step), column, e.lanes, mask)

            _blocks(e, columns, block)
    return found


def _blocks(e: Emitter, columns: Value, body: Callable[[Value, Any], None]) -> None:
    whole = columns & -e.lanes
    with e.loop(0, whole, e.lanes) as column:
        body(column, None)
    with e.when(e.less(whole, columns)):
        body(whole, e.tail_mask(columns - whole))
