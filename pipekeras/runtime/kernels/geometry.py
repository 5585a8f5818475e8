"""Shapes of convolutions and poolings, and what their launches share: places, borders, buffers of epilogues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Command, array_address
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.kernels.matmul import Epilogue, Matrix
from pipekeras.runtime.kernels.padding import pad_command

Triple = tuple[int, int, int]
Extra = tuple[Any, Sequence[int]]
"""A buffer of an epilogue: array or address, then its strides of image, depth, row, pixel and column."""

@dataclass(frozen=True)
class Geometry:
    """Shapes of a convolution with three spatial dimensions; fewer are filled up with 1 in front.

    x has shape (batch, *size, channels), weights (*window, channels // groups, filters), y (batch, *output, filters).
    """

    batch: int
    size: Triple
    channels: int
    filters: int
    window: Triple
    strides: Triple = (1, 1, 1)
    dilation: Triple = (1, 1, 1)
    padding: tuple[tuple[int, int], tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0), (0, 0))
    groups: int = 1

    @classmethod
    def of(cls, batch: int, size: Sequence[int], channels: int, filters: int, window: Sequence[int],
           strides: Sequence[int] | None = None, dilation: Sequence[int] | None = None,
           padding: Sequence[tuple[int, int]] | None = None, groups: int = 1) -> Geometry:
        """From one to three spatial dimensions."""
        missing = 3 - len(size)
        ones = (1,) * missing

        def filled(values: Sequence[int] | None) -> Any:
            return ones + tuple(values if values is not None else (1,) * len(size))

        borders = ((0, 0),) * missing + tuple(padding if padding is not None else ((0, 0),) * len(size))
        if channels % groups or filters % groups:
            raise InternalError(f"{channels} channels and {filters} filters can't be split in {groups} groups")
        return cls(batch, filled(size), channels, filters, filled(window), filled(strides), filled(dilation),
                   borders, groups)  # type: ignore[arg-type]

    @property
    def padded(self) -> Triple:
        """Spatial size with its borders."""
        return tuple(extent + sum(border) for extent, border in zip(self.size, self.padding, strict=True))  # type: ignore

    @property
    def output(self) -> Triple:
        """Spatial size of the result."""
        return tuple(  # type: ignore[return-value]
            max(0, (extent - step * (taps - 1) - 1) // stride + 1)
            for extent, taps, stride, step in zip(self.padded, self.window, self.strides, self.dilation, strict=True))


def address_of(buffer: Any) -> int:
    """The address of an array, an address as it is, 0 for None."""
    if buffer is None:
        return 0
    return buffer if isinstance(buffer, int) else array_address(buffer)


def pitches(size: Triple, channels: int) -> Triple:
    """Element strides of the three spatial dimensions of a dense tensor."""
    return (size[1] * size[2] * channels, size[2] * channels, channels)


def aligned(size: int) -> int:
    """Bytes rounded up to whole cache lines."""
    return -(-size // 64) * 64


def border_bytes(size: Triple, padding: Sequence[tuple[int, int]], batch: int, channels: int, dtype: str) -> int:
    """Bytes of the copy with borders; 0 when there are none."""
    if not any(low or high for low, high in padding):
        return 0
    return aligned(batch * prod(extent + low + high for extent, (low, high) in zip(size, padding, strict=True)) * channels
                    * ITEMSIZES[dtype])


def with_borders(x: Any, size: Triple, padding: Sequence[tuple[int, int]], batch: int, channels: int, dtype: str, scratch: int,
                  commands: list[Command]) -> tuple[int, Triple]:
    """Address and spatial size of the input with its borders."""
    if not any(low or high for low, high in padding):
        return address_of(x), size
    commands.append(pad_command(x, scratch, batch, size, channels, padding, dtype))
    return scratch, tuple(extent + low + high for extent, (low, high) in zip(size, padding, strict=True))  # type: ignore


def keep(commands: list[Command], *buffers: Any) -> list[Command]:
    """Let the commands hold on to the arrays that they know by address only."""
    if commands:
        commands[0].arguments += [buffer for buffer in buffers if buffer is not None and not isinstance(buffer, int)]
    return commands


def side_by_side(parts: list[Command]) -> list[Command]:
    """Commands that write different places, the longest first: without meetings between them.

    What is shared among threads decides whether they meet; were a short part in front, a long one could overtake the command
    that all of them wait for.
    """
    parts.sort(key=lambda command: (command.extent < 2, -command.cost))
    for command in parts[1:]:
        command.barrier = False
    return parts


def moved(extra: Sequence[Extra], epilogue: Epilogue, start: Sequence[int], scale: Sequence[int] = (1, 1, 1)) -> list[Matrix]:
    """The buffers of an epilogue from a first element on, with every so manieth place of the spatial dimensions."""
    result: list[Matrix] = []
    for (buffer, strides), operand in zip(extra, epilogue.buffers, strict=True):
        offset = sum(place * step for place, step in zip(start, strides, strict=True))
        spatial = [step * times for step, times in zip(strides[1:4], scale, strict=True)]
        result.append((address_of(buffer) + offset * ITEMSIZES[operand.dtype], [strides[0], *spatial, strides[4]]))
    return result
