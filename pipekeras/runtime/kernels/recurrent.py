"""What recurrent layers over whole sequences share; the layers themselves are in `lstm.py`, `gru.py` and `plain_recurrent.py`.

What does not depend on the past is taken out of the loop over time: the product of all inputs with their weights before it, the
gradients of inputs and weights after it (`recurrent_sums.py`). The loop itself is one launch (`sequence.py`) without a barrier,
block of rows by block of rows; where there are blocks enough for all threads a block's inputs are part of it, and where
that is too much to stay in a core's cache, products of inputs and their gradients are taken chunk by chunk of time, next to the
steps that read or made what they work on. Buffers are batch first: states have shape (batch, time + 1, units) with the
initial state in front, gates (batch, time, gates * units) in Keras' order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipekeras.runtime.executor import Buffer, Command, array_address
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand, Step, elementwise_kernel
from pipekeras.runtime.kernels.geometry import keep
from pipekeras.runtime.kernels.matmul import Epilogue, Matrix, Product, product_lanes
from pipekeras.runtime.kernels.recurrent_mask import Mask
from pipekeras.runtime.target import host_target

Part = tuple[Command, int]
_NEAR_BYTES = 1024 * 1024
_OWN_BYTES = 256 * 1024
_MANY_BLOCKS = 4


@dataclass(frozen=True)
class Sequences:
    """Shapes of a recurrent layer.

    Args:
        batch, time, features, units: sizes.
        dtype: element type of everything.
        backwards: go through time from its end; states then lie in the order in which they are made.
        x_strides: elements of the input from row to row of the batch and from time to time; None where it is dense.
    """

    batch: int
    time: int
    features: int
    units: int
    dtype: str
    backwards: bool = False
    x_strides: tuple[int, int] | None = None

    @property
    def x_row(self) -> int:
        """Elements of the input from row to row of the batch."""
        return self.time * self.features if self.x_strides is None else self.x_strides[0]

    @property
    def x_step(self) -> int:
        """Elements of the input from one step of the loop to the next."""
        step = self.features if self.x_strides is None else self.x_strides[1]
        return -step if self.backwards else step

    def first_x(self, x: Any) -> int:
        """Address of the input that the loop begins with."""
        return at(x, (self.time - 1) * -self.x_step if self.backwards else 0, self.dtype)

    @property
    def height(self) -> int:
        """Rows of a block."""
        tallest = 8 if host_target().vector_bits == 512 else 6
        return next(rows for rows in (tallest, 4, 2, 1) if rows <= self.batch)

    @property
    def tile(self) -> tuple[int, int]:
        """Rows and vectors of a tile in the loop over time."""
        wide = host_target().vector_bits == 512
        return self.height, {8: 3, 6: 2, 4: 4 if wide else 2, 2: 4 if wide else 2, 1: 4 if wide else 2}[self.height]

    @property
    def blocks(self) -> int:
        """Blocks of rows in a batch."""
        return -(-self.batch // self.height)

    @property
    def width(self) -> int:
        """Columns of a tile."""
        return self.tile[1] * product_lanes(self.dtype, host_target())


def at(buffer: Any, elements: int, dtype: str) -> int:
    """Address of an element of a buffer."""
    base = buffer if isinstance(buffer, int) else array_address(buffer)
    return base + elements * ITEMSIZES[dtype]


def inputs_command(s: Sequences, x: Any, kernel: Any, bias: Any, gates: Any, columns: int) -> Command:
    """gates[b, t] = x[b, t] @ kernel + bias for all times at once."""
    epilogue, extra = _biased(s, bias)
    if s.x_row == s.time * s.x_step:
        return Product(s.batch * s.time, columns, s.features, x, s.x_step, 1, kernel, columns, gates, columns, s.dtype,
                       epilogue=epilogue, extra=extra).command()
    # Read backwards, times are turned as the gates are written: states then lie in the order in which they are made.
    command = Product(s.time, columns, s.features, s.first_x(x), s.x_step, 1, kernel, columns, gates, columns, s.dtype,
                      batch=[s.batch], a_batch=[s.x_row], c_batch=[s.time * columns], epilogue=epilogue,
                      extra=_batched(extra)).command()
    return keep([command], x)[0]


def _biased(s: Sequences, bias: Any) -> tuple[Epilogue, list[Matrix]]:
    """What adds the bias to a product, and where it lies."""
    if bias is None:
        return Epilogue(), []
    return Epilogue((Operand(s.dtype),), (Step("add", (0, 1), s.dtype, add),), 2), [(bias, (0, 1))]


def _batched(extra: Sequence[Matrix]) -> list[Matrix]:
    """Buffers that are the same for every row of the batch."""
    return [(buffer, (0, *strides)) for buffer, strides in extra]


def add(e: Any, a: Any, b: Any) -> Any:
    """a + b."""
    return a + b


def chunk(s: Sequences, columns: int) -> int:
    """Steps of a block whose sums of the gates stay in a core's own cache; 0 where those of all blocks stay near anyway."""
    step = columns * ITEMSIZES[s.dtype]
    if s.batch * s.time * step <= _NEAR_BYTES:
        return 0
    steps = _OWN_BYTES // (s.height * step)
    return min(steps - steps % 8, s.time)


def with_inputs(
    s: Sequences, x: Any, kernel: Any, bias: Any, gates: Any, columns: int
) -> tuple[list[Command], dict[int, Part]]:
    """gates = x @ kernel + bias: commands before the loop, and parts of it with the steps that they come before."""
    length = chunk(s, columns)
    if s.blocks < (2 if length else _MANY_BLOCKS):
        return [inputs_command(s, x, kernel, bias, gates, columns)], {}
    length = length or s.time
    times = range(0, s.time, length)
    return [], {time: _inputs_part(s, x, kernel, bias, gates, columns, time, min(length, s.time - time)) for time in times}


def _inputs_part(s: Sequences, x: Any, kernel: Any, bias: Any, gates: Any, columns: int, time: int, steps: int) -> Part:
    """gates[b, t] = x[b, t] @ kernel + bias for some steps from `time` on, for a block inside of the loop."""
    epilogue, extra = _biased(s, bias)
    if steps == s.time and s.x_row == s.time * s.x_step:
        # All steps of a block are rows that follow one another, as many as whole tiles have.
        product = Product(s.batch * s.time, columns, s.features, x, s.x_step, 1, kernel, columns, gates, columns, s.dtype,
                          epilogue=epilogue, extra=extra, tile=s.tile, order=0)
        return product.command(), s.time * -(-columns // s.width)
    product = Product(steps, columns, s.features, at(s.first_x(x), time * s.x_step, s.dtype), s.x_step, 1, kernel, columns,
                      at(gates, time * columns, s.dtype), columns, s.dtype, batch=[s.batch], a_batch=[s.x_row],
                      c_batch=[s.time * columns], epilogue=epilogue, extra=_batched(extra), order=0)
    command = product.command()
    return command, command.extent // s.batch * s.height


def first_part(s: Sequences, source: int, strides: Sequence[int], states: Any) -> Part:
    """The state (batch, units) that a layer begins with, into its place in front of all others."""
    row, column = strides
    kernel = elementwise_kernel([Operand(s.dtype, "contiguous" if column else "broadcast")], [], [0], outer=1)
    command = kernel.command((s.batch, s.units), [(source, (row, column))], [(states, ((s.time + 1) * s.units, 1))])
    return command, s.height * (command.extent // s.batch)


Body = Callable[..., Any]


def numbered(dtype: str, inputs: Sequence[str], steps: Sequence[tuple[str, str, Body]]) -> tuple[list[Step], dict[str, int]]:
    """Number the values of an expression that is written with names.

    Args:
        dtype: of all of them.
        inputs: their names, in order.
        steps: name of the result, names of the operands in a string, what computes it.
    """
    number = {name: index for index, name in enumerate((*inputs, *(name for name, _, _ in steps)))}
    return [Step(name, tuple(number[item] for item in operands.split()), dtype, body) for name, operands, body in steps], number


def recurrent_product(s: Sequences, a: int, a_row: int, depth: int, b: Any, b_row: int, b_panel: int | None, c: int,
                      c_row: int, columns: int, adds: bool) -> Part:
    """A block's product inside of the loop; panels are counted fastest, so a block's units are neighbours."""
    product = Product(s.batch, columns, depth, a, a_row, 1, b, b_row, c, c_row, s.dtype, b_panel=b_panel, adds=adds,
                      tile=s.tile, order=0)
    return product.command(), -(-columns // s.width)


def rows_part(s: Sequences, inputs: Sequence[tuple[int, int]], steps: Sequence[Step], outputs: Sequence[tuple[int, int, int]],
              broadcast: Sequence[int] = ()) -> Part:
    """An element-wise step of (batch, units): inputs are (address, row stride), outputs (value, address, row stride)."""
    operands = [Operand(s.dtype, "broadcast" if place in broadcast else "contiguous") for place in range(len(inputs))]
    kernel = elementwise_kernel(operands, steps, [value for value, _, _ in outputs], outer=1)
    sources: list[Buffer] = [(address, (row, 0 if place in broadcast else 1)) for place, (address, row) in enumerate(inputs)]
    command = kernel.command((s.batch, s.units), sources, [(address, (row, 1)) for _, address, row in outputs])
    return command, s.height * (command.extent // s.batch)


def kept(s: Sequences, mask: Mask | None, time: int, *buffers: Any) -> list[Part]:
    """Where rows stand still, states (batch, time + 1, units) stay what they were."""
    if mask is None:
        return []
    places = [[at(buffer, (time + later) * s.units, s.dtype) for later in (0, 1)] for buffer in buffers]
    return [mask.keep(s, time, old, new, (s.time + 1) * s.units) for old, new in places]


def sigmoid_slope(e: Any, gradient: Any, y: Any) -> Any:
    """What passes back through a sigmoid of value y."""
    return gradient * (y * (1.0 - y))


def tanh_slope(e: Any, gradient: Any, y: Any) -> Any:
    """What passes back through a tanh of value y."""
    return gradient * (1.0 - y * y)


@dataclass
class Gradients:
    """Where a backward pass writes; what may be None is then not computed.

    Args:
        gates: (batch, time, gates * units), gradients of the gates' sums; the pass works with it.
        kernel, recurrent, bias: like the weights.
        x: like the input.
        initial_state, initial_cell: (batch, units).
        recurrent_gates, recurrent_bias: of gated recurrent units: gradients of what the recurrent weights add to the gates'
            sums (like gates; needed), and of their own bias.
    """

    gates: Any
    kernel: Any
    recurrent: Any
    bias: Any = None
    x: Any = None
    initial_state: Any = None
    initial_cell: Any = None
    recurrent_gates: Any = None
    recurrent_bias: Any = None
