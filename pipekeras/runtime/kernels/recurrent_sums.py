"""What a recurrent layer's backward pass needs beside its loop: turned weights before, sums over time and batch after it."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand
from pipekeras.runtime.kernels.geometry import keep
from pipekeras.runtime.kernels.matmul import Product
from pipekeras.runtime.kernels.packing import pack_transposed_commands, packed_size
from pipekeras.runtime.kernels.recurrent import Gradients, Part, Sequences, at
from pipekeras.runtime.kernels.recurrent_mask import Mask
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel
from pipekeras.runtime.target import host_target
from pipekeras.runtime.touches import stretch

_LINE_BYTES = 64


def turned_bytes(s: Sequences, columns: int) -> int:
    """Bytes of the turned weights."""
    elements = packed_size(s.units, columns, s.width) + packed_size(s.features, columns, s.width)
    return -(-elements * ITEMSIZES[s.dtype] // _LINE_BYTES) * _LINE_BYTES


def carried_bytes(s: Sequences) -> int:
    """Bytes of the gradients that are carried from time to time."""
    return -(-2 * s.batch * s.units * ITEMSIZES[s.dtype] // _LINE_BYTES) * _LINE_BYTES


def recurrent_scratch(s: Sequences, gates: int) -> int:
    """Bytes of scratch that a backward pass needs: turned weights and gradients carried from time to time."""
    return turned_bytes(s, gates * s.units) + carried_bytes(s) + _LINE_BYTES


class Scratch:
    """Turned weights and carried gradients in the caller's scratch memory.

    Args:
        s: shapes.
        scratch: memory of `recurrent_scratch` bytes, or of `carried_bytes` where the weights are turned elsewhere.
        columns: of the weights.
        turned: address of weights that somebody else turns.
    """

    def __init__(self, s: Sequences, scratch: Any, columns: int, turned: int | None = None) -> None:
        if scratch is None:
            raise InternalError("the gradient of a recurrent layer needs scratch")
        self.s, self.columns, self.buffer = s, columns, scratch
        begin = -(-at(scratch, 0, s.dtype) // _LINE_BYTES) * _LINE_BYTES
        self.is_given = turned is not None
        self.turned_recurrent = begin if turned is None else turned
        self.turned_kernel = at(self.turned_recurrent, packed_size(s.units, columns, s.width), s.dtype)
        self.state = begin + (turned_bytes(s, columns) if turned is None else 0)
        self.cell = at(self.state, s.batch * s.units, s.dtype)

    def turn(self, recurrent: Any, kernel: Any) -> list[Command]:
        """Transpose the weights into panels."""
        if self.is_given:
            return []
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


def weight_sums(s: Sequences, x: Any, states: Any, results: Gradients, columns: int) -> list[Command]:
    """Gradients of weights and biases, sums over time and the rows of the batch; without meetings between them."""
    gates = results.gates
    past = gates if results.recurrent_gates is None else results.recurrent_gates
    commands: list[Command] = []

    def weights(result: Any, count: int, a: Any, a_step: int, a_row: int, of_sums: Any) -> None:
        """Depth runs over time, then over the rows of the batch: x and states have strides of their own."""
        if result is None:
            return
        product = Product(count, columns, s.time, a, 1, a_step, of_sums, columns, result, columns, s.dtype, taps=[s.batch],
                          a_taps=[a_row], b_taps=[s.time * columns])
        commands.append(product.command())

    def biases(result: Any, of_sums: Any) -> None:
        if result is None:
            return
        total = reduction_kernel([Operand(s.dtype)], (), [Reduce("sum", 0, s.dtype)], 0, 1, "kept")
        commands.append(total.command((s.batch * s.time, columns), [(of_sums, (columns, 1))], [(result, (1,))]))

    weights(results.kernel, s.features, s.first_x(x), s.x_step, s.x_row, gates)
    weights(results.recurrent, s.units, states, s.units, (s.time + 1) * s.units, past)
    biases(results.bias, gates)
    biases(results.recurrent_bias, past)
    for command in commands[1:]:
        command.barrier = False
    return keep(commands, x, states, gates, past)


def after_loop(s: Sequences, x: Any, states: Any, results: Gradients, space: Scratch, has_sums: bool,
               has_inputs: bool = False) -> list[Command]:
    """Gradients that are sums over time, the inputs' gradient as one product, and those of where the loop began.

    Args:
        has_sums: whether the sums are wanted here.
        has_inputs: whether the loop has written the inputs' gradient.
    """
    commands = weight_sums(s, x, states, results, space.columns) if has_sums else []
    if results.x is not None and not has_inputs:
        commands.append(_inputs_gradient(s, results, space))
    for source, result in ((space.state, results.initial_state), (space.cell, results.initial_cell)):
        if result is not None:
            commands.append(_copy_rows(s, source, result))
    for command in commands[1:]:
        command.barrier = False
    return keep(commands, x, results.x, space.buffer)


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
