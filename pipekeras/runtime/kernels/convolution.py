"""Convolutions of one to three dimensions, channels last, as products with several depth loops.

A row of output pixels is a matrix whose rows are pixels and whose columns are filters; its depth runs over the window. Where
the window's last dimension is not dilated, that dimension and the channels lie side by side in memory and are one loop. No
window is ever copied out; borders are left out part by part (`convolution_parts.py`), or a copy with borders is made where
that is less work. Windows of 3 x 3 and more with enough channels go by 2 x 2 tiles instead (`winograd.py`).

The gradient for the input is a convolution of the output's gradient with the turned weights, one for each residue of the
strides, so that no inserted zero is multiplied. The gradient for the weights sums over the pixels of whole images, chunk
by chunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd, prod
from typing import Any

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.convolution_parts import cut_commands, cuts_of
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand
from pipekeras.runtime.kernels.geometry import (
    Extra,
    Geometry,
    address_of,
    aligned,
    border_bytes,
    keep,
    moved,
    pitches,
    side_by_side,
    with_borders,
)
from pipekeras.runtime.kernels.matmul import Epilogue, Product, tile_shape
from pipekeras.runtime.kernels.packing import transpose_command
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel
from pipekeras.runtime.kernels.winograd import MULTIPLE, Stencil, share_of_products, winograd_commands, winograd_scratch
from pipekeras.runtime.kernels.winograd_gradient import gradient_commands, gradient_scratch
from pipekeras.runtime.target import Target, host_target

# Pixels that one chunk of the weight gradient should cover at least.
_CHUNK_PIXELS = 512
# Fewer channels or filters than this don't pay for the transforms of Winograd's way, nor do smaller images.
_LEAST_WINOGRAD = 32
_LEAST_SIDE = 4
_MOST_PRODUCTS = 0.75
# A gradient for weights of this much work is summed in parts: how many at most, and bytes that they may take together.
_LEAST_SHARED = 1_000_000
_MOST_SHARES = 16
_MOST_SLAB_BYTES = 8 * 1024 * 1024
# Rows of a tile that is one narrow vector wide: with the vector of B they fit into 16 registers.
_SLIM_HEIGHTS = (14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1)


def is_winograd(geometry: Geometry) -> bool:
    """Whether the convolution and its gradients go by 2 x 2 tiles of results (`winograd.py`)."""
    g = geometry
    return (g.strides == g.dilation == (1, 1, 1) and g.groups == 1 and share_of_products(g.window) <= _MOST_PRODUCTS
            and min(g.channels, g.filters) >= _LEAST_WINOGRAD and not (g.channels % MULTIPLE or g.filters % MULTIPLE)
            and min(g.output[1:]) >= _LEAST_SIDE)


def _stencil(g: Geometry) -> Stencil:
    before = (g.padding[0][0], g.padding[1][0], g.padding[2][0])
    return Stencil(g.batch, g.size, g.output, g.window, before, g.channels, g.filters)


def _turned_stencil(g: Geometry) -> Stencil:
    """The convolution with turned weights that leads from the gradient for y to the one for x."""
    before = tuple(taps - 1 - low for taps, (low, _) in zip(g.window, g.padding, strict=True))
    return Stencil(g.batch, g.output, g.size, g.window, before, g.filters, g.channels)  # type: ignore[arg-type]


# Forward -------------------------------------------------------------------------------------------------------------


def forward_scratch(geometry: Geometry, dtype: str) -> int:
    """Bytes of scratch that `forward_commands` needs."""
    g = geometry
    if is_winograd(g):
        return winograd_scratch(_stencil(g), dtype)
    return 0 if cuts_of(g) is not None else border_bytes(g.size, g.padding, g.batch, g.channels, dtype)


def forward_commands(geometry: Geometry, x: Any, weights: Any, y: Any, dtype: str, *, epilogue: Epilogue | None = None,
                     extra: Sequence[Extra] = (), scratch: Any = None,
                     by_group: bool = False, target: Target | None = None) -> list[Command]:
    """y = convolution of x with the weights, then the epilogue.

    Args:
        x, weights, y: dense arrays or addresses, channels last.
        epilogue: expression over y; `extra` are its buffers.
        scratch: `forward_scratch` bytes.
        by_group: whether the weights of each group lie together: (groups, window, channels of a group, filters of a group).
        target: machine to compile for, with the width of vectors to use; default the host's widest.
    """
    g = geometry
    if is_winograd(g):
        commands = winograd_commands(_stencil(g), address_of(x), address_of(weights), address_of(y), dtype, address_of(scratch),
                                     epilogue=epilogue, extra=_placed(extra))
        return keep(commands, x, weights, y, scratch, *(buffer for buffer, _ in extra))
    cuts = cuts_of(g)
    if cuts is not None:
        commands = cut_commands(g, cuts, address_of(x), address_of(weights), address_of(y), dtype, epilogue or Epilogue(),
                                 extra)
        return keep(commands, x, weights, y, *(buffer for buffer, _ in extra))
    commands = []
    source, size = with_borders(x, g.size, g.padding, g.batch, g.channels, dtype, address_of(scratch), commands)
    item = ITEMSIZES[dtype]
    epilogue = epilogue or Epilogue()
    inner, outer = g.channels // g.groups, g.filters // g.groups
    pitch, out_pitch = pitches(size, g.channels), pitches(g.output, g.filters)
    b_row, b_group = _weight_steps(g, by_group)
    tap = inner * b_row
    b_taps = [g.window[1] * g.window[2] * tap, g.window[2] * tap, tap]
    a_taps = [pitch[axis] * g.dilation[axis] for axis in range(3)]
    whole = prod(size) * g.channels
    flat = g.window == g.strides == (1, 1, 1) and size == g.output and all(_is_flat(g, strides) for _, strides in extra)
    for group in range(g.groups):
        taps, depth = list(g.window), inner
        if g.groups == 1 and g.dilation[2] == 1:
            taps, depth = [g.window[0], g.window[1]], g.window[2] * inner
        rows, batch = g.output[2], [g.batch, g.output[0], g.output[1]]
        a_batch = [whole, pitch[0] * g.strides[0], pitch[1] * g.strides[1]]
        c_batch = [prod(g.output) * g.filters, out_pitch[0], out_pitch[1]]
        buffers = moved(extra, epilogue, (0, 0, 0, 0, group * outer))
        if flat:
            rows, batch, a_batch, c_batch = rows * prod(batch), [], [], []
            buffers = [(place, strides[-2:]) for place, strides in buffers]
        product = Product(
            rows, outer, depth, source + group * inner * item, g.strides[2] * g.channels, 1,
            address_of(weights) + group * b_group * item, b_row, address_of(y) + group * outer * item, g.filters, dtype,
            batch=batch, a_batch=a_batch, c_batch=c_batch, taps=taps, a_taps=a_taps[:len(taps)], b_taps=b_taps[:len(taps)],
            epilogue=epilogue, extra=buffers, tile=_tile(rows, outer, dtype, target))
        commands.append(product.command(target))
    return keep(commands, x, weights, y, scratch, *(buffer for buffer, _ in extra))


def _tile(rows: int, columns: int, dtype: str, target: Target | None) -> tuple[int, int]:
    """The tile that wastes least; a single narrow vector of columns takes more rows, whose sums hide each other's wait."""
    if target is None or target == host_target() or columns > target.lanes(ITEMSIZES[dtype]):
        return tile_shape(rows, columns, dtype, target or host_target(), fitted=True)
    return min(_SLIM_HEIGHTS, key=lambda height: -(-rows // height) * (height + 1.5)), 1


def _weight_steps(g: Geometry, by_group: bool) -> tuple[int, int]:
    """Elements from one channel's weights to the next one's, and from one group's to the next one's."""
    inner, outer = g.channels // g.groups, g.filters // g.groups
    return (outer, prod(g.window) * inner * outer) if by_group else (g.filters, outer)


def _placed(extra: Sequence[Extra]) -> list[tuple[int, Sequence[int]]]:
    return [(address_of(buffer), strides) for buffer, strides in extra]


def _is_flat(g: Geometry, strides: Sequence[int]) -> bool:
    """Whether all pixels of a buffer lie equally far apart."""
    dense = (strides[3] * prod(g.output), strides[3] * g.output[1] * g.output[2], strides[3] * g.output[2])
    extents = (g.batch, *g.output[:2])
    return all(step == wanted or extent == 1 for step, wanted, extent in zip(strides[:3], dense, extents, strict=True))


# Gradient for the input ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Phase:
    """Inputs of one residue of the stride along one dimension, and the taps that reach them, counted from the last one."""

    first: int  # first input position
    count: int  # number of input positions, `stride` apart
    turned: int  # first tap, in the reversed window
    taps: int  # number of taps, `tap_step` apart
    tap_step: int
    start: int  # output position at which the first input position and the first of these taps meet
    step: int  # output positions between neighbouring taps

    def inside(self, stride: int, output: int) -> list[Phase]:
        """The same positions, cut where other taps fall outside of the output; no border is needed then."""
        result: list[Phase] = []
        for place in range(self.count):
            meets = [self.start + place + tap * self.step for tap in range(self.taps)]
            valid = [tap for tap, meet in enumerate(meets) if 0 <= meet < output]
            low, number = (valid[0], len(valid)) if valid else (0, 0)
            turned, start = self.turned + low * self.tap_step, meets[low] if number else 0
            last = result[-1] if result else None
            if last and (last.turned, last.taps) == (turned, number) and (not number or start == last.start + last.count):
                result[-1] = replace(last, count=last.count + 1)
            else:
                first = self.first + place * stride
                result.append(replace(self, first=first, count=1, turned=turned, taps=number, start=start))
        return result


def phases_of(extent: int, taps: int, stride: int, dilation: int, low: int) -> list[Phase]:
    """The input positions of one dimension by residue of the stride."""
    result = []
    common = gcd(stride, dilation)
    tap_step, step = stride // common, dilation // common
    for residue in range(stride):
        first = (residue - low) % stride
        count = -(-(extent - first) // stride) if first < extent else 0
        if not count:
            continue
        tap = next((place for place in range(min(taps, tap_step)) if (place * dilation - first - low) % stride == 0), None)
        if tap is None:
            result.append(Phase(first, count, 0, 0, tap_step, 0, step))
            continue
        number = -(-(taps - tap) // tap_step)
        position = (first + low - tap * dilation) // stride
        turned = taps - 1 - tap - tap_step * (number - 1)
        result.append(Phase(first, count, turned, number, tap_step, position - (number - 1) * step, step))
    return result


def _gradient_phases(geometry: Geometry) -> tuple[list[list[Phase]], list[tuple[int, int]]]:
    """The phases of each dimension and the zeros needed around the output's gradient: along the last dimension only."""
    phases = [phases_of(geometry.size[axis], geometry.window[axis], geometry.strides[axis], geometry.dilation[axis],
                      geometry.padding[axis][0]) for axis in range(3)]
    for axis in range(2):
        phases[axis] = [part for phase in phases[axis]
                        for part in phase.inside(geometry.strides[axis], geometry.output[axis])]
    used = [phase for phase in phases[2] if phase.taps]
    low = max((-phase.start for phase in used), default=0)
    ends = [phase.start + (phase.taps - 1) * phase.step + phase.count for phase in used]
    high = max(ends, default=0) - geometry.output[2]
    return phases, [(0, 0), (0, 0), (max(0, low), max(0, high))]


def input_gradient_scratch(geometry: Geometry, dtype: str) -> int:
    """Bytes of scratch that `input_gradient_commands` needs."""
    g = geometry
    weights = aligned(prod(g.window) * g.channels // g.groups * g.filters * ITEMSIZES[dtype])
    if is_winograd(g):
        return weights + winograd_scratch(_turned_stencil(g), dtype)
    return weights + border_bytes(g.output, _gradient_phases(g)[1], g.batch, g.filters, dtype)


def input_gradient_commands(geometry: Geometry, gradient: Any, weights: Any, result: Any, dtype: str, scratch: Any, *,
                            epilogue: Epilogue | None = None, extra: Sequence[Extra] = (),
                            by_group: bool = False, target: Target | None = None) -> list[Command]:
    """result = gradient for x, given the gradient for y, then the epilogue; `scratch` has `input_gradient_scratch` bytes."""
    g, item = geometry, ITEMSIZES[dtype]
    commands: list[Command] = []
    place = address_of(scratch)
    epilogue = epilogue or Epilogue()
    others = [buffer for buffer, _ in extra]
    if is_winograd(g):
        space = place + aligned(prod(g.window) * g.channels * g.filters * item)
        commands = [_turn_weights(g, weights, place, dtype, by_group), *winograd_commands(
            _turned_stencil(g), address_of(gradient), place, address_of(result), dtype, space, epilogue=epilogue,
            extra=_placed(extra))]
        return keep(commands, gradient, weights, result, scratch, *others)
    phases, borders = _gradient_phases(g)
    source, size = with_borders(gradient, g.output, borders, g.batch, g.filters, dtype, place, commands)
    turned = place + border_bytes(g.output, borders, g.batch, g.filters, dtype)
    inner, outer = g.channels // g.groups, g.filters // g.groups
    tap = inner * outer
    commands.append(_turn_weights(g, weights, turned, dtype, by_group))
    parts: list[Command] = []
    pitch, in_pitch = pitches(size, g.filters), pitches(g.size, g.channels)
    tap_pitch = [g.window[1] * g.window[2] * tap, g.window[2] * tap, tap]
    for group in range(g.groups):
        for deep in phases[0]:
            for high in phases[1]:
                for wide in phases[2]:
                    axes = (deep, high, wide)
                    # Taps are stored last first, so that both sides move forward.
                    a = source + item * (group * outer + sum((axis.start + low) * step for axis, (low, _), step
                                                             in zip(axes, borders, pitch, strict=True)))
                    b = turned + item * (group * prod(g.window) * tap + sum(
                        axis.turned * step for axis, step in zip(axes, tap_pitch, strict=True)))
                    c = address_of(result) + item * (group * inner + sum(axis.first * step for axis, step
                                                                       in zip(axes, in_pitch, strict=True)))
                    taps = [axis.taps for axis in axes]
                    a_taps = [axis.step * step for axis, step in zip(axes, pitch, strict=True)]
                    b_taps = [axis.tap_step * step for axis, step in zip(axes, tap_pitch, strict=True)]
                    depth = outer
                    buffers = moved(extra, epilogue, (0, *(axis.first for axis in axes), group * inner), g.strides)
                    if g.groups == 1 and a_taps[2] == outer and b_taps[2] == tap:
                        depth, taps, a_taps, b_taps = outer * taps[2], taps[:2], a_taps[:2], b_taps[:2]
                    product = Product(
                        wide.count, inner, depth, a, g.filters, 1, b, inner, c, g.strides[2] * g.channels, dtype,
                        batch=[g.batch, deep.count, high.count],
                        a_batch=[prod(size) * g.filters, pitch[0], pitch[1]],
                        c_batch=[prod(g.size) * g.channels, g.strides[0] * in_pitch[0], g.strides[1] * in_pitch[1]],
                        taps=taps, a_taps=a_taps, b_taps=b_taps,
                        tile=_tile(wide.count, inner, dtype, target), epilogue=epilogue, extra=buffers)
                    parts.append(product.command(target))
    commands += side_by_side(parts)
    return keep(commands, gradient, weights, result, scratch, *others)


def _turn_weights(g: Geometry, weights: Any, turned: int, dtype: str, by_group: bool) -> Command:
    """Weights as (group, window reversed, filters of a group, channels of a group)."""
    inner, outer = g.channels // g.groups, g.filters // g.groups
    row, group = _weight_steps(g, by_group)
    tap = inner * row
    taps = prod(g.window)
    # Reversing all three dimensions of the window is reversing their row-major order.
    source = address_of(weights) + (taps - 1) * tap * ITEMSIZES[dtype]
    return transpose_command(source, turned, inner, outer, row, inner, dtype, batch=[taps, g.groups],
                             source_batch=[-tap, group], result_batch=[inner * outer, taps * inner * outer])


# Gradient for the weights --------------------------------------------------------------------------------------------


def _shares(g: Geometry, dtype: str) -> int:
    """Parts of the batch whose gradients are summed apart: a thread then reads its part of x and the gradient only."""
    weights = prod(g.window) * g.channels // g.groups * g.filters
    work = weights * prod(g.output) * g.batch
    loops = [extent for extent in _tap_loops(g) if extent > 1]
    if len(loops) == 3 or work < _LEAST_SHARED:
        return 1
    most = min(_MOST_SHARES, _MOST_SLAB_BYTES // (weights * ITEMSIZES[dtype]))
    return max((count for count in range(1, most + 1) if g.batch % count == 0), default=1)


def _tap_loops(g: Geometry) -> list[int]:
    """Dimensions of the window that are not one with the channels."""
    joined = g.groups == 1 and g.dilation[2] == 1
    return [g.window[0], g.window[1]] if joined else list(g.window)


def weight_gradient_scratch(geometry: Geometry, dtype: str) -> int:
    """Bytes of scratch that `weight_gradient_commands` needs."""
    g = geometry
    if is_winograd(g):
        return gradient_scratch(_stencil(g), dtype)
    shares = _shares(g, dtype)
    slabs = shares * prod(g.window) * g.channels // g.groups * g.filters * ITEMSIZES[dtype] if shares > 1 else 0
    return border_bytes(g.size, g.padding, g.batch, g.channels, dtype) + slabs


def weight_gradient_commands(geometry: Geometry, x: Any, gradient: Any, result: Any, dtype: str,
                             scratch: Any = None, *, target: Target | None = None) -> list[Command]:
    """result = gradient for the weights, given x and the gradient for y; `scratch` has `weight_gradient_scratch` bytes."""
    g, item = geometry, ITEMSIZES[dtype]
    if is_winograd(g):
        found = gradient_commands(_stencil(g), address_of(x), address_of(gradient), address_of(result), dtype,
                                  address_of(scratch))
        return keep(found, x, gradient, result, scratch)
    commands: list[Command] = []
    source, size = with_borders(x, g.size, g.padding, g.batch, g.channels, dtype, address_of(scratch), commands)
    inner, outer = g.channels // g.groups, g.filters // g.groups
    pitch, out_pitch = pitches(size, g.channels), pitches(g.output, g.filters)
    tap = inner * g.filters
    count = prod(g.window) * tap
    shares = _shares(g, dtype)
    each = g.batch // shares
    images = next(count for count in range(1, each + 1) if each % count == 0
                  and (count * prod(g.output) >= _CHUNK_PIXELS or count == each))
    whole, out_whole = prod(size) * g.channels, prod(g.output) * g.filters
    place = address_of(result)
    if shares > 1:
        place = address_of(scratch) + border_bytes(g.size, g.padding, g.batch, g.channels, dtype)
    loops = _tap_loops(g)
    rows = inner if len(loops) == 3 else g.window[2] * inner
    steps = zip(loops, pitch, g.dilation, (g.window[1] * g.window[2] * tap, g.window[2] * tap, tap), strict=False)
    nested = [(extent, step * gap, place, 0) for extent, step, gap, place in steps if extent > 1]
    if shares > 1:
        nested.insert(0, (shares, each * whole, count, each * out_whole))
    parts: list[Command] = []
    for group in range(g.groups):
        product = Product(
            rows, outer, g.output[2], source + group * inner * item, 1, g.strides[2] * g.channels,
            address_of(gradient) + group * outer * item, g.filters, place + group * outer * item, g.filters, dtype,
            batch=[loop[0] for loop in nested], a_batch=[loop[1] for loop in nested], b_batch=[loop[3] for loop in nested],
            c_batch=[loop[2] for loop in nested], taps=[images, g.output[0], g.output[1]],
            a_taps=[whole, g.strides[0] * pitch[0], g.strides[1] * pitch[1]], b_taps=[out_whole, out_pitch[0], out_pitch[1]],
            chunks=each // images, a_chunk=images * whole, b_chunk=images * out_whole, order=0 if shares > 1 else None,
            tile=_tile(rows, outer, dtype, target))
        parts.append(product.command(target))
    commands += side_by_side(parts)
    if shares > 1:
        join = reduction_kernel([Operand(dtype)], (), [Reduce("sum", 0, dtype)], 0, 1, "kept")
        commands.append(join.command([shares, count], [(place, (count, 1))], [(address_of(result), (1,))]))
    return keep(commands, x, gradient, result, scratch)
