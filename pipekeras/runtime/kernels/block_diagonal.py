"""Convolutions in many small groups: several groups at once as one, with zeros where a filter does not see a channel.

With one group's few filters in it most lanes of a vector would idle. So vectors of half the width are taken where they hold a
group's filters, and several groups fill one: with zeros in the weights between them the same number of instructions computes
them all, in fewer and longer products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.convolution import (
    forward_commands,
    forward_scratch,
    input_gradient_commands,
    input_gradient_scratch,
    weight_gradient_commands,
    weight_gradient_scratch,
)
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.kernels.geometry import Extra, Geometry, address_of, aligned, keep
from pipekeras.runtime.kernels.matmul import Epilogue
from pipekeras.runtime.kernels.movement import copy_command
from pipekeras.runtime.target import Target, host_target

SCRATCH = {
    "convolution": forward_scratch,
    "convolution_input_gradient": input_gradient_scratch,
    "convolution_kernel_gradient": weight_gradient_scratch,
}


def groups_at_once(geometry: Geometry, name: str, dtype: str) -> int:
    """How many neighbouring groups are computed as one: as many as fill a vector with what the operation writes."""
    g = geometry
    lanes = _target(geometry, name, dtype).lanes(ITEMSIZES[dtype])
    own = _written(g, name)
    return max((count for count in range(1, g.groups + 1) if g.groups % count == 0 and own * count <= lanes), default=1)


def _written(geometry: Geometry, name: str) -> int:
    """How many channels of a group the operation writes side by side."""
    side = geometry.channels if name == "convolution_input_gradient" else geometry.filters
    return side // geometry.groups


def _target(geometry: Geometry, name: str, dtype: str) -> Target:
    """The host, with vectors of half the width where they hold what one group writes."""
    host = host_target()
    if geometry.groups > 1 and host.vector_bits == 512 and 2 * _written(geometry, name) <= host.lanes(ITEMSIZES[dtype]):
        return replace(host, vector_bits=256)
    return host


def _joined(geometry: Geometry, count: int) -> Geometry:
    return replace(geometry, groups=geometry.groups // count)


def _dense_bytes(geometry: Geometry, count: int, dtype: str) -> int:
    g = geometry
    if g.groups == 1:
        return 0
    return aligned(prod(g.window) * g.channels // g.groups * count * g.filters * ITEMSIZES[dtype])


def grouped_scratch(geometry: Geometry, name: str, dtype: str) -> int:
    """Bytes of scratch that `grouped_commands` needs."""
    count = groups_at_once(geometry, name, dtype)
    return _dense_bytes(geometry, count, dtype) + SCRATCH[name](_joined(geometry, count), dtype)


def grouped_commands(geometry: Geometry, name: str, first: Any, second: Any, result: Any, dtype: str, scratch: Any, *,
                     epilogue: Epilogue | None = None, extra: Sequence[Extra] = ()) -> list[Command]:
    """A convolution or an adjoint of one, its groups computed together where they are small.

    Args:
        geometry: shapes.
        name: of the operation.
        first, second, result: its operands and result, dense arrays or addresses.
        scratch: `grouped_scratch` bytes.
        epilogue: expression over the result, not for the gradient for the weights; `extra` are its buffers.
    """
    g = geometry
    count = groups_at_once(g, name, dtype)
    dense, space = address_of(scratch), address_of(scratch) + _dense_bytes(g, count, dtype)
    joined, target = _joined(g, count), _target(g, name, dtype)
    if name == "convolution_kernel_gradient":
        if count == 1:
            return weight_gradient_commands(joined, first, second, result, dtype, space, target=target)
        commands = weight_gradient_commands(joined, first, second, dense, dtype, space, target=target)
        # Its weights lie as (window, channels of a joined group, filters).
        steps = (g.channels // g.groups * count * g.filters, g.filters, count * (g.filters // g.groups))
        return commands + keep(_diagonal(g, count, dense, result, dtype, steps, into=False), result, scratch)
    run = forward_commands if name == "convolution" else input_gradient_commands
    commands = keep(_spread(g, count, second, dense, dtype), second, scratch) if g.groups > 1 else []
    second = dense if g.groups > 1 else second
    return commands + run(
        joined, first, second, result, dtype, epilogue=epilogue, extra=extra, scratch=space, by_group=g.groups > 1,
        target=target,
    )  # fmt: skip


def _spread(geometry: Geometry, count: int, weights: Any, dense: int, dtype: str) -> list[Command]:
    """Lay the weights out joined group by joined group, among zeros.

    So a group's weights lie in lines that follow each other: at the distance of all filters they would share few places of
    the nearest cache.
    """
    g = geometry
    inner, outer, taps = g.channels // g.groups, g.filters // g.groups, prod(g.window)
    row = count * outer
    tap = count * inner * row
    commands = []
    if count > 1:
        zero = np.zeros(1, dtype)
        clear = copy_command((zero, (0,)), (dense, (1,)), [g.groups // count * taps * tap], dtype)
        commands = keep([clear], zero)
    return commands + _diagonal(g, count, dense, weights, dtype, (tap, row, taps * tap), into=True)


def _diagonal(geometry: Geometry, count: int, dense: int, weights: Any, dtype: str, steps: tuple[int, int, int],
              into: bool) -> list[Command]:
    """Copy the weights (window, channels of a group, filters) into the blocks among the zeros, or out of them.

    Args:
        steps: in the dense weights, from tap to tap, from channel to channel and from joined group to joined group.
    """
    g, item = geometry, ITEMSIZES[dtype]
    inner, outer, taps = g.channels // g.groups, g.filters // g.groups, prod(g.window)
    tap, row, group = steps
    extents = [taps, inner, g.groups // count, outer]
    commands = []
    for place in range(count):
        start = place * outer
        packed = (address_of(weights) + item * start, (inner * g.filters, g.filters, count * outer, 1))
        block = (dense + item * (place * inner * row + start), (tap, row, group, 1))
        source, target = (packed, block) if into else (block, packed)
        commands.append(copy_command(source, target, extents, dtype))
    return commands
