"""Order and running totals along one dimension: stable sorting of indices, the largest few, cumulative sums and products.

A work unit is one line of elements along the ordered dimension (for running totals, a vector of neighbouring lines), so
no result depends on the number of threads. NaN comes last, as NumPy has it.

Lines lie in a dense array (outer, length, inner): line (o, i) begins at o * length * inner + i, its elements `inner` apart.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value

MOST_KEPT = 32
"""Up to so many of the largest elements are kept in a sorted list while a line is read; more are sorted."""

Less = Callable[["Value", "Value"], "Value"]


@cache
def _kernel(name: str, dtype: str, detail: str, write: Callable[[Emitter, str, str], None]) -> Kernel:
    def assemble(symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter

        e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
        e.dtype = dtype
        write(e, dtype, detail)
        return e.finish()

    return Kernel(name, f"{dtype} {detail}", assemble)


def _before(e: Emitter, falling: bool) -> Less:
    """Whether an element stands before another: NaN never does."""

    def rising(a: Value, b: Value) -> Value:
        first = e.greater(a, b) if falling else e.less(a, b)
        if a.dtype.startswith(("float", "bfloat")):
            return e.logical_or(first, e.logical_and(e.is_nan(b), e.equal(a, a)))
        return first

    return rising


# Sorting -------------------------------------------------------------------------------------------------------------


def sort_passes(length: int) -> int:
    """How often runs are merged until one is left."""
    return max(0, (length - 1).bit_length())


def argsort_command(x: Any, result: Any, scratch: Any, *, outer: int, length: int, inner: int, dtype: str,
                    falling: bool = False) -> Command:
    """Indices (int32) that put lines in order, equal elements in theirs; scratch is as large as the result."""
    passes = sort_passes(length)
    # Each pass goes from one array to the other; the last one must end in the result.
    first, second = (result, scratch) if passes % 2 == 0 else (scratch, result)
    kernel = _kernel("argsort", dtype, "falling" if falling else "rising", _write_argsort)
    cost = outer * inner * length * (2.0 + 4.0 * passes)
    return Command(kernel, [x, first, second, length, inner, passes], outer * inner, cost=cost)


def _write_argsort(e: Emitter, dtype: str, detail: str) -> None:
    before = _before(e, detail == "falling")
    length, inner = e.argument(3), e.argument(4)
    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        o = e.natural_division(unit, inner)
        start = o * length * inner + (unit - o * inner)
        x = e.argument_pointer(0, dtype).at(start)
        source, target = (e.variable(e.argument(place) + start * 4) for place in (1, 2))
        begin = e.pointer(source.get(), "int32")
        with e.loop(0, length) as place:
            e.store(e.cast(place, "int32"), begin, place * inner)
        width = e.variable(e.constant(1, "int64"))
        with e.loop(0, e.argument(5)):
            run = width.get()
            from_, to = e.pointer(source.get(), "int32"), e.pointer(target.get(), "int32")
            with e.loop(0, length, run * 2) as left:
                middle = e.minimum(left + run, length)
                end = e.minimum(middle + run, length)
                _merge(e, x, from_, to, left, middle, end, inner, before)
            width.set(run * 2)
            held = source.get()
            source.set(target.get())
            target.set(held)


def _merge(e: Emitter, x: Pointer, source: Pointer, target: Pointer, left: Value, middle: Value, end: Value, inner: Value,
           before: Less) -> None:
    """Two sorted runs become one, without a branch: which run gives the next element can't be foreseen."""
    i, j = e.variable(left), e.variable(middle)
    with e.loop(left, end) as place:
        a, b = i.get(), j.get()
        index_a = e.load(source, e.minimum(a, middle - 1) * inner)
        index_b = e.load(source, e.minimum(b, end - 1) * inner)
        value_a, value_b = (e.load(x, e.cast(index, "int64") * inner) for index in (index_a, index_b))
        from_b = e.logical_or(e.greater_equal(a, middle), e.logical_and(e.less(b, end), before(value_b, value_a)))
        e.store(e.select(from_b, index_b, index_a), target, place * inner)
        step = e.cast(from_b, "int64")
        j.set(b + step)
        i.set(a + (e.constant(1, "int64") - step))


# The largest few -----------------------------------------------------------------------------------------------------


def largest_command(x: Any, result: Any, *, lines: int, length: int, count: int, dtype: str) -> Command:
    """Indices (int32) of the `count` largest elements of each line of neighbours, falling; the first of equals first."""
    kernel = _kernel("largest", dtype, "", _write_largest)
    return Command(kernel, [x, result, length, count], lines, cost=lines * (length * 1.5 + count * count * 4.0))


def _write_largest(e: Emitter, dtype: str, detail: str) -> None:
    before = _before(e, True)
    length, count = e.argument(2), e.argument(3)
    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        x, kept = e.argument_pointer(0, dtype).at(unit * length), e.argument_pointer(1, "int32").at(unit * count)

        def value(place: Value, x: Pointer = x, kept: Pointer = kept) -> Value:
            return e.load(x, e.cast(e.load(kept, place), "int64"))

        with e.loop(0, length) as index:
            new, filled = e.load(x, index), e.minimum(index, count)
            last = e.maximum(filled - 1, 0)
            room = e.less(filled, count)
            # While the list is empty its place 0 holds no index yet; index 0 of the line can always be read.
            at = e.select(e.equal(filled, 0), e.constant(0, "int64"), e.cast(e.load(kept, last), "int64"))
            least = e.load(x, at)
            with e.when(e.logical_or(room, before(new, least))):
                place = e.variable(e.select(room, filled, last))
                _shift(e, place, new, kept, value, before)
                e.store(e.cast(index, "int32"), kept, place.get())


def _shift(e: Emitter, place: Any, new: Value, kept: Pointer, value: Callable[[Value], Value], before: Less) -> None:
    """Move smaller elements of the list back by one until the new one's place is free."""
    with e.when(e.greater(place.get(), 0)), e.forever() as stop:
        at = place.get()
        smaller = before(new, value(at - 1))
        with e.when(smaller):
            e.store(e.load(kept, at - 1), kept, at)
            place.set(at - 1)
        stop(e.logical_or(e.logical_not(smaller), e.equal(place.get(), 0)))


# Running totals ------------------------------------------------------------------------------------------------------


def running_command(x: Any, result: Any, *, outer: int, length: int, inner: int, dtype: str, product: bool = False) -> Command:
    """result[o, k, i] = the sum (or product) of x[o, :k + 1, i], from the first element on."""
    lanes = inner > 1
    kernel = _kernel("running", dtype, ("product" if product else "sum") + (" lanes" if lanes else ""), _write_running)
    units = outer * (-(-inner // kernel.target.lanes(max(4, ITEMSIZES[dtype]))) if lanes else 1)
    return Command(kernel, [x, result, length, inner], units, cost=units * length * (3.0 if lanes else 1.5))


def _write_running(e: Emitter, dtype: str, detail: str) -> None:
    length, inner = e.argument(2), e.argument(3)
    source, target = e.argument_pointer(0, dtype), e.argument_pointer(1, dtype)
    join = e.multiply if detail.startswith("product") else e.add
    by_lanes = detail.endswith("lanes")

    def line(start: Value, lanes: int, mask: Value | None) -> None:
        total = e.variable(e.load(source, start, lanes, mask))
        e.store(total.get(), target, start, lanes, mask)
        with e.loop(1, length) as place:
            at = start + place * inner
            total.set(join(total.get(), e.load(source, at, lanes, mask)))
            e.store(total.get(), target, at, lanes, mask)

    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        if not by_lanes:
            line(unit * length, 0, None)
        else:
            blocks = e.natural_division(inner + (e.lanes - 1), e.constant(e.lanes, "int64"))
            o = e.natural_division(unit, blocks)
            column = (unit - o * blocks) * e.lanes
            start = o * length * inner + column
            with e.either(e.greater_equal(inner - column, e.lanes)) as (then, otherwise):
                with then:
                    line(start, e.lanes, None)
                with otherwise:
                    line(start, e.lanes, e.tail_mask(inner - column))
