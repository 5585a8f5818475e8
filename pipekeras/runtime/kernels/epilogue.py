"""Run an epilogue on one vector of results at a time, for kernels that walk over pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipekeras.runtime.kernels.elementwise import ExpressionWriter, Operand, RowPlace, store_lane
from pipekeras.runtime.kernels.matmul import Epilogue

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value


class EpilogueWriter:
    """The buffers of an epilogue, read from the arguments once; made where a kernel begins.

    Args:
        first: place of the first buffer among the arguments: address, then `axes` strides and the stride of the channels.
        axes: indices of a pixel.
    """

    def __init__(self, e: Emitter, epilogue: Epilogue, dtype: str, first: int, axes: int) -> None:
        self.e, self.epilogue, self.dtype = e, epilogue, dtype
        self.bases: list[Pointer] = []
        self.strides: list[list[Value]] = []
        for number, operand in enumerate(epilogue.buffers):
            place = first + (2 + axes) * number
            self.bases.append(e.argument_pointer(place, operand.dtype))
            self.strides.append([e.argument(place + 1 + axis) for axis in range(axes + 1)])

    @property
    def is_empty(self) -> bool:
        """Whether results are stored as they are."""
        return not self.epilogue.steps and not self.epilogue.outputs

    def store(self, target: Pointer, result: Value, index: Sequence[Value], channel: Value, mask: Value | None = None) -> None:
        """Store a vector of results, or what the epilogue makes of it.

        Args:
            target: where the pixel's channels begin.
            result: the channels from `channel` on.
            index: of the pixel.
        """
        e, epilogue = self.e, self.epilogue
        if self.is_empty:
            e.store(result, target, channel, e.lanes, mask)
            return
        pointers, steps = [target], [e.constant(1, "int64")]
        for base, strides in zip(self.bases, self.strides, strict=True):
            offset = index[0] * strides[0]
            for place, stride in zip(index[1:], strides[1:], strict=False):
                offset = offset + place * stride
            pointers.append(base.at(offset))
            steps.append(strides[-1])
        zero = e.constant(0, "int64")
        row = RowPlace(pointers, steps, zero, zero, zero, zero)
        # The result is at hand in a register: nothing is read for it.
        operands = [Operand(self.dtype, "broadcast"), *epilogue.inputs]
        writer = ExpressionWriter(e, operands, epilogue.steps, row, {0: result})
        writer.write_uniform()
        values = writer.write_vector(channel, mask)
        for position, (value, operand) in enumerate(epilogue.outputs):
            buffer = 1 + len(epilogue.inputs) + position
            store_lane(e, values[value], operand, pointers[buffer], steps[buffer], channel, mask)
        if epilogue.result is not None:
            e.store(values[epilogue.result], target, channel, e.lanes, mask)
