"""Copy a channels-last tensor into a larger one, with borders of one value.

Argument array: 0..2 spatial size of the source, 3..5 lower borders, 6..8 spatial size of the result, 9 channels, 10 address of
the source, 11 address of the result, 12 the border's value (as a float64).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, vector_loop
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels.emitter import Value

_known: dict[str, Kernel] = {}


def pad_command(source: Any, result: Any, batch: int, size: Sequence[int], channels: int, padding: Sequence[tuple[int, int]],
                dtype: str, value: float = 0.0) -> Command:
    """result = source with `padding` (lower, upper) around its three spatial dimensions; a unit is one row of the result."""
    kernel = _known.get(dtype)
    if kernel is None:
        def build(symbol: str, target: Target) -> str:
            return _assemble(symbol, target, dtype)

        kernel = _known[dtype] = Kernel("pad", f"{dtype} three dimensions", build)
    padded = [extent + low + high for extent, (low, high) in zip(size, padding, strict=True)]
    arguments = [*size, *(low for low, _ in padding), *padded, channels, source, result, float(value)]
    units = batch * padded[0] * padded[1]
    return Command(kernel, arguments, units, cost=batch * prod(padded) * channels * 0.08)


def _assemble(symbol: str, target: Target, dtype: str) -> str:
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, target.lanes(max(4, ITEMSIZES[dtype])))
    size, low, padded = ([e.argument(first + axis) for axis in range(3)] for first in (0, 3, 6))
    channels = e.argument(9)
    source, result = e.argument_pointer(10, dtype), e.argument_pointer(11, dtype)
    border = e.splat(e.cast(e.load(e.pointer(e.parameters[0], "float64"), 12), dtype))
    zero = e.constant(0, "int64")
    with e.loop(e.parameters[1], e.parameters[2]) as unit:
        plane = e.natural_division(unit, padded[1])
        row = unit - plane * padded[1] - low[1]
        image = e.natural_division(plane, padded[0])
        depth = plane - image * padded[0] - low[0]
        target_row = result.at(unit * padded[2] * channels)
        width = padded[2] * channels

        def fill(begin: Value, end: Value, target_row: Any = target_row) -> None:
            vector_loop(e, begin, end, lambda column, mask: e.store(border, target_row, column, e.lanes, mask))

        inside = e.logical_and(e.logical_and(e.greater_equal(row, 0), e.less(row, size[1])),
                               e.logical_and(e.greater_equal(depth, 0), e.less(depth, size[0])))
        with e.either(inside) as (then, otherwise):
            with then:
                origin = source.at(((image * size[0] + depth) * size[1] + row) * size[2] * channels)
                left, middle = low[2] * channels, size[2] * channels
                fill(zero, left)
                inner = target_row.at(left)
                vector_loop(e, zero, middle, lambda column, mask, origin=origin, inner=inner: e.store(  # type: ignore[misc]
                    e.load(origin, column, e.lanes, mask), inner, column, e.lanes, mask))
                fill(left + middle, width)
            with otherwise:
                fill(zero, width)
    return e.finish()
