"""Lowering of normalised rows and of their gradient: each is one row program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.graph.tensor import Tensor, known
from pipekeras.passes.fuse import Group
from pipekeras.runtime.dense import copies_bytes, dense_operands
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand, Step
from pipekeras.runtime.kernels.rows import Item, RowReduce, row_kernel

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering


def _is_supported(node: Tensor) -> bool:
    return node.dtype in ("float32", "float64") and 0 not in known(node.shape)


def row_normalization_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that dense copies of the operands need."""
    (node,) = group.nodes
    return copies_bytes(lowering, node) if _is_supported(node) else 0


class _Program:
    """Values of a row program by name, in the order in which they are added: inputs first."""

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype
        self.number: dict[str, int] = {}
        self.operands: list[Operand] = []
        self.sources: list[Any] = []
        self.items: list[Item] = []

    def _add(self, name: str) -> None:
        self.number[name] = len(self.operands) + len(self.items)

    def read(self, name: str, access: str, address: int, row: int) -> None:
        """Add an input: neighbours along the row, or one number for each."""
        self._add(name)
        self.operands.append(Operand(self.dtype, access))
        self.sources.append((address, (row, 1 if access == "contiguous" else 0)))

    def step(self, name: str, operands: str, emit: Any) -> None:
        """Add an element-wise step."""
        step = Step(name, tuple(self.number[item] for item in operands.split()), self.dtype, emit)
        self._add(name)
        self.items.append(step)

    def total(self, name: str, value: str) -> None:
        """Add the sum of a value over the row."""
        self._add(name)
        self.items.append(RowReduce("sum", self.number[value], self.dtype))

    def command(self, rows: int, columns: int, outputs: dict[str, int]) -> Any:
        """The launch that writes values to addresses: one number a row for those that are such, else dense rows."""
        single = {"centre", "inverse"}
        stores = [(self.number[name], Operand(self.dtype, "broadcast" if name in single else "contiguous")) for name in outputs]
        results = [(address, (1, 0) if name in single else (columns, 1)) for name, address in outputs.items()]
        return row_kernel(self.operands, self.items, stores).command((rows, columns), self.sources, results)


def lower_row_normalization(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of a normalisation or of its gradient."""
    (node,) = group.nodes
    if not _is_supported(node):
        return None
    assert node.operation is not None
    is_gradient = node.operation.name == "normalize_rows_gradient"
    scratch = lowering.scratch(group) if row_normalization_bytes(lowering, group) else 0
    commands, operands, _ = dense_operands(lowering, node, scratch)
    rows, columns = known(node.inputs[2 if is_gradient else 0].shape)
    # Numbers that kernels read instead of being compiled for them.
    numbers = np.array([columns, node.attributes["epsilon"]], node.dtype)
    lowering.keep.append(numbers)
    place, size = numbers.ctypes.data, ITEMSIZES[node.dtype]
    write = _gradient if is_gradient else _forward
    return [*commands, write(node, operands, rows, columns, lowering.address(node), (place, place + size))]


def _divided(e: Any, total: Any, count: Any) -> Any:
    return total / count


def _forward(node: Tensor, operands: list[int], rows: int, columns: int, result: int, numbers: tuple[int, int]) -> Any:
    program, extra = _Program(node.dtype), operands[1:]
    centered, scaled, shifted = (node.attributes[name] for name in ("centered", "scaled", "shifted"))
    program.read("x", "contiguous", operands[0], columns)
    if scaled:
        program.read("scale", "contiguous", extra[0], 0)
    if shifted:
        program.read("shift", "contiguous", extra[-1], 0)
    program.read("count", "broadcast", numbers[0], 0)
    program.read("epsilon", "broadcast", numbers[1], 0)
    away = "away" if centered else "x"
    if centered:
        program.total("sum", "x")
        program.step("centre", "sum count", _divided)
        program.step("away", "x centre", lambda e, x, centre: x - centre)
    else:
        program.step("centre", "count", lambda e, count: count * 0.0)
    program.step("square", away, lambda e, away: away * away)
    program.total("squares", "square")
    program.step("variance", "squares count", _divided)
    program.step("inverse", "variance epsilon", lambda e, variance, epsilon: 1.0 / e.sqrt(variance + epsilon))
    program.step("result", f"{away} inverse", lambda e, away, inverse: away * inverse)
    last = "result"
    if scaled:
        program.step("scaled", f"{last} scale", lambda e, value, scale: value * scale)
        last = "scaled"
    if shifted:
        program.step("shifted", f"{last} shift", lambda e, value, shift: value + shift)
        last = "shifted"
    centre = result + rows * columns * ITEMSIZES[node.dtype]
    return program.command(rows, columns, {last: result, "centre": centre, "inverse": centre + rows * ITEMSIZES[node.dtype]})


def _gradient(node: Tensor, operands: list[int], rows: int, columns: int, result: int, numbers: tuple[int, int]) -> Any:
    program = _Program(node.dtype)
    centered, scaled = node.attributes["centered"], node.attributes["scaled"]
    gradient, saved, x, *scale = operands
    centre = saved + rows * columns * ITEMSIZES[node.dtype]
    program.read("gradient", "contiguous", gradient, columns)
    program.read("x", "contiguous", x, columns)
    program.read("inverse", "broadcast", centre + rows * ITEMSIZES[node.dtype], 1)
    program.read("count", "broadcast", numbers[0], 0)
    if centered:
        program.read("centre", "broadcast", centre, 1)
    if scaled:
        program.read("scale", "contiguous", scale[0], 0)
    away = "away" if centered else "x"
    if centered:
        program.step("away", "x centre", lambda e, x, centre: x - centre)
    program.step("normal", f"{away} inverse", lambda e, away, inverse: away * inverse)
    slopes = "slopes" if scaled else "gradient"
    if scaled:
        program.step("slopes", "gradient scale", lambda e, gradient, scale: gradient * scale)
    program.step("product", f"{slopes} normal", lambda e, slopes, normal: slopes * normal)
    program.total("products", "product")
    program.step("along", "products count", _divided)
    program.step("rest", f"{slopes} normal along", lambda e, slopes, normal, along: slopes - normal * along)
    rest = "rest"
    if centered:
        program.total("sum", slopes)
        program.step("level", "sum count", _divided)
        program.step("levelled", "rest level", lambda e, rest, level: rest - level)
        rest = "levelled"
    program.step("result", f"{rest} inverse", lambda e, rest, inverse: inverse * rest)
    return program.command(rows, columns, {"result": result})
