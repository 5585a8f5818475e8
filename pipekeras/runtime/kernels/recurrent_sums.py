"""What a recurrent layer's backward pass needs beside its loop: turned weights before, sums over time and batch after it.

The gradients of weights are sums over all rows of the batch. Where weights are small such a sum is taken in parts, each
over its own rows, and the parts are added in their order: a thread then reads the rows that it has just made, and hardly
any of another's. How many parts there are depends on the shapes alone.
"""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import PARALLEL_COST, Command
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand
from pipekeras.runtime.kernels.geometry import keep
from pipekeras.runtime.kernels.matmul import Product
from pipekeras.runtime.kernels.packing import pack_transposed_commands, packed_size
from pipekeras.runtime.kernels.recurrent import Gradients, Part, Sequences, at
from pipekeras.runtime.kernels.recurrent_mask import Mask
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel
from pipekeras.runtime.target import host_target
from pipekeras.runtime.touches import stretch

_SMALL_WEIGHTS = 1024 * 1024
_MOST_PARTS = 4


def _parts(s: Sequences, columns: int) -> int:
    """Parts that the sums over the batch are taken in."""
    rows = s.features + s.units
    if rows * columns * ITEMSIZES[s.dtype] > _SMALL_WEIGHTS or s.batch * s.time < 8 * rows:
        return 1
    return next(parts for parts in (_MOST_PARTS, 2, 1) if s.batch % parts == 0)


def _parts_size(s: Sequences, columns: int) -> int:
    """Elements of the parts of all sums; two rows are for the biases."""
    parts = _parts(s, columns)
    return parts * (s.features + s.units + 2) * columns if parts > 1 else 0


def recurrent_scratch(s: Sequences, gates: int) -> int:
    """Bytes of scratch that a backward pass needs: turned weights, gradients carried from time to time, parts of sums."""
    columns = gates * s.units
    turned = packed_size(s.units, columns, s.width) + packed_size(s.features, columns, s.width)
    return (turned + 2 * s.batch * s.units + _parts_size(s, columns)) * ITEMSIZES[s.dtype] + 256


class Scratch:
    """Turned weights, carried gradients and parts of sums in the caller's scratch memory."""

    def __init__(self, s: Sequences, scratch: Any, columns: int) -> None:
        if scratch is None:
            raise InternalError("the gradient of a recurrent layer needs scratch")
        self.s, self.columns, self.buffer = s, columns, scratch
        self.turned_recurrent = -(-at(scratch, 0, s.dtype) // 64) * 64
        self.turned_kernel = at(self.turned_recurrent, packed_size(s.units, columns, s.width), s.dtype)
        self.state = at(self.turned_kernel, packed_size(s.features, columns, s.width), s.dtype)
        self.cell = at(self.state, s.batch * s.units, s.dtype)
        self.parts = at(self.cell, s.batch * s.units, s.dtype)

    def turn(self, recurrent: Any, kernel: Any) -> list[Command]:
        """Transpose the weights into panels."""
        s, target = self.s, host_target()
        commands = pack_transposed_commands((recurrent, (self.columns,)), (s.units, self.columns), s.width, (),
                                            self.turned_recurrent, s.dtype, target)
        if kernel is not None:
            commands += pack_transposed_commands((kernel, (self.columns,)), (s.features, self.columns), s.width, (),
                                                 self.turned_kernel, s.dtype, target)
        for command, source, rows, place in zip(commands, (recurrent, kernel), (s.units, s.features),
                                                (self.turned_recurrent, self.turned_kernel), strict=False):
            size = packed_size(rows, self.columns, s.width) * ITEMSIZES[s.dtype]
            command.touches = [stretch(source, rows * self.columns * ITEMSIZES[s.dtype])], [stretch(place, size)]
        return commands

    def clear(self, mask: Mask | None) -> list[Command]:
        """Where rows may stand still, no gradient is carried from beyond the last time; elsewhere nobody reads it there."""
        from pipekeras.runtime.kernels.movement import fill_command

        s = self.s
        if mask is None:
            return []
        return [fill_command((self.state, (1,)), (2 * s.batch * s.units,), s.dtype, 0), mask.clear(s)]


def _copy_rows(s: Sequences, source: int, result: Any) -> Command:
    from pipekeras.runtime.kernels.movement import copy_command

    return copy_command((source, (1,)), (result, (1,)), (s.batch * s.units,), s.dtype)


def after_loop(s: Sequences, x: Any, states: Any, results: Gradients, space: Scratch,
               has_inputs: bool = False) -> list[Command]:
    """Gradients that are sums over time, the inputs' gradient as one product, and those of where the loop began.

    Args:
        has_inputs: whether the loop has written the inputs' gradient.
    """
    gates, columns = results.gates, space.columns
    past = gates if results.recurrent_gates is None else results.recurrent_gates
    parts, size = _parts(s, columns), (s.features + s.units + 2) * columns
    rows = s.batch // parts
    # Part by part; where the rows of one don't stay near, a panel of them does while all tiles pass by.
    near = rows * s.time * columns * ITEMSIZES[s.dtype] <= _SMALL_WEIGHTS // 2
    order = None if parts == 1 else 0 if near else 2
    commands: list[Command] = []
    second: list[Command] = []

    def target(result: Any, offset: int, count: int) -> tuple[Any, list[int]]:
        """Where a sum goes, and the elements from part to part of it."""
        if parts == 1:
            return result, [0]
        place = at(space.parts, offset, s.dtype)
        total = reduction_kernel([Operand(s.dtype)], (), [Reduce("sum", 0, s.dtype)], 0, 1, "kept")
        added = total.command((parts, count), [(place, (size, 1))], [(result, (1,))])
        item = ITEMSIZES[s.dtype]
        added.touches = [stretch(at(place, part * size, s.dtype), count * item) for part in range(parts)], [
            stretch(result, count * item)]  # fmt: skip
        second.append(added)
        return place, [size]

    def weights(result: Any, offset: int, count: int, a: Any, a_step: int, a_row: int, of_sums: Any) -> None:
        """Depth runs over time, then over the rows of a part: x and states have strides of their own."""
        if result is None:
            return
        c, c_part = target(result, offset, count * columns)
        product = Product(count, columns, s.time, a, 1, a_step, of_sums, columns, c, columns, s.dtype, batch=[parts],
                          a_batch=[rows * a_row], b_batch=[rows * s.time * columns], c_batch=c_part, taps=[rows],
                          a_taps=[a_row], b_taps=[s.time * columns], order=order)
        commands.append(product.command())

    def biases(result: Any, offset: int, of_sums: Any) -> None:
        if result is None:
            return
        c, (c_part,) = target(result, offset, columns)
        total = reduction_kernel([Operand(s.dtype)], (), [Reduce("sum", 0, s.dtype)], 1, 1, "kept")
        many = rows * s.time
        command = total.command((parts, many, columns), [(of_sums, (many * columns, columns, 1))], [(c, (c_part, 1))])
        if any(other.cost >= PARALLEL_COST for other in commands):
            # Small as it is: it reads the rows that the products read, and each thread should read its own.
            command.threads = parts
        commands.append(command)

    weights(results.kernel, 0, s.features, s.first_x(x), s.x_step, s.x_row, gates)
    weights(results.recurrent, s.features * columns, s.units, states, s.units, (s.time + 1) * s.units, past)
    biases(results.bias, (s.features + s.units) * columns, gates)
    biases(results.recurrent_bias, (s.features + s.units + 1) * columns, past)
    if results.x is not None and not has_inputs:
        commands.append(_inputs_gradient(s, results, space))
    for source, result in ((space.state, results.initial_state), (space.cell, results.initial_cell)):
        if result is not None:
            commands.append(_copy_rows(s, source, result))
    for command in (*commands[1:], *second[1:]):
        command.barrier = False
    return keep([*commands, *second], x, results.x, space.buffer)


def _inputs_gradient(s: Sequences, results: Gradients, space: Scratch) -> Command:
    """gates' gradients @ transposed kernel, for all times at once."""
    f, columns, panel = s.features, space.columns, space.columns * s.width
    if not s.backwards:
        return Product(s.batch * s.time, f, columns, results.gates, columns, 1, space.turned_kernel, s.width, results.x, f,
                       s.dtype, b_panel=panel, tile=s.tile).command()
    return _some_inputs_gradient(s, results, space, 0, s.time).command()


def _some_inputs_gradient(s: Sequences, results: Gradients, space: Scratch, time: int, steps: int) -> Product:
    """gates' gradients @ transposed kernel for some steps of the loop from `time` on, row by row of the batch."""
    f, columns, panel = s.features, space.columns, space.columns * s.width
    # As wide as the panels that were laid out.
    tall = next(rows for rows in (s.height, 4, 2, 1) if rows <= min(steps, s.height))
    first, step = (s.time - 1 - time, -f) if s.backwards else (time, f)
    return Product(steps, f, columns, at(results.gates, time * columns, s.dtype), columns, 1, space.turned_kernel, s.width,
                   at(results.x, first * f, s.dtype), step, s.dtype, b_panel=panel, batch=[s.batch],
                   a_batch=[s.time * columns], c_batch=[s.time * f], tile=(tall, s.tile[1]), order=0)


def inputs_gradient_part(s: Sequences, results: Gradients, space: Scratch, time: int, steps: int) -> Part:
    """The inputs' gradient of some steps, for a block inside of the loop."""
    command = _some_inputs_gradient(s, results, space, time, steps).command()
    return command, command.extent // s.batch * s.height
