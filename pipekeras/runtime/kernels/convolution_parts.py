"""A convolution part by part, where borders matter: each part of the results sees its own taps inside of the image.

That spares the copy of the input with zeros around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.kernels.geometry import Extra, Geometry, moved, pitches, side_by_side
from pipekeras.runtime.kernels.matmul import Epilogue, Product, tile_shape
from pipekeras.runtime.target import host_target

# Part by part instead of a copy with borders: least work for it, most parts, and rows that a product should have.
_LEAST_CUT = 200_000
_MOST_CUTS = 9
_LEAST_ROWS = 6


@dataclass(frozen=True)
class Cut:
    """Neighbouring results along one dimension that see the same taps inside of the image."""

    first: int
    count: int
    tap: int  # the first tap that lies inside
    taps: int  # how many do


def cuts_of(g: Geometry) -> tuple[list[Cut], ...] | None:
    """The results by the taps that they see, when going part by part costs less than a copy with borders."""
    # Every group would take its own round through the parts.
    if g.groups > 1 or not any(map(sum, g.padding)) or g.batch * prod(g.output) * g.filters * g.channels < _LEAST_CUT:
        return None
    axes = []
    for axis in range(3):
        cuts: list[Cut] = []
        for place in range(g.output[axis]):
            start = place * g.strides[axis] - g.padding[axis][0]
            inside = [tap for tap in range(g.window[axis]) if 0 <= start + tap * g.dilation[axis] < g.size[axis]]
            tap, taps = (inside[0], len(inside)) if inside else (0, 0)
            if cuts and (cuts[-1].tap, cuts[-1].taps) == (tap, taps):
                cuts[-1] = replace(cuts[-1], count=cuts[-1].count + 1)
            else:
                cuts.append(Cut(place, 1, tap, taps))
        axes.append(cuts)
    return tuple(axes) if prod(map(len, axes)) <= _MOST_CUTS else None


def cut_commands(g: Geometry, cuts: tuple[list[Cut], ...], x: int, weights: int, y: int, dtype: str, epilogue: Epilogue,
                  extra: Sequence[Extra]) -> list[Command]:
    """The convolution part by part; no tap is taken outside of the image."""
    item = ITEMSIZES[dtype]
    pitch, out_pitch = pitches(g.size, g.channels), pitches(g.output, g.filters)
    tap = g.channels * g.filters
    tap_pitch = (g.window[1] * g.window[2] * tap, g.window[2] * tap, tap)
    parts: list[Command] = []
    for axes in product(*cuts):
        corner = [cut.first * stride + cut.tap * gap - low for cut, stride, gap, (low, _)
                  in zip(axes, g.strides, g.dilation, g.padding, strict=True)]
        if not all(cut.taps for cut in axes):
            corner = [0, 0, 0]
        a = x + item * sum(place * step for place, step in zip(corner, pitch, strict=True))
        b = weights + item * sum(cut.tap * step for cut, step in zip(axes, tap_pitch, strict=True))
        c = y + item * sum(cut.first * step for cut, step in zip(axes, out_pitch, strict=True))
        loops = [(g.batch, prod(g.size) * g.channels, prod(g.output) * g.filters)]
        loops += [(cut.count, stride * step, out) for cut, stride, step, out
                  in zip(axes, g.strides, pitch, out_pitch, strict=True)]
        # Rows of the product are pixels of a line, or what there is more of where those are few.
        rows = 3 if loops[3][0] >= _LEAST_ROWS else max(range(4), key=lambda index: loops[index][0])
        others = [index for index in range(4) if index != rows]
        taps, depth = [cut.taps for cut in axes], g.channels
        if g.dilation[2] == 1:
            taps, depth = taps[:2], taps[2] * g.channels
        buffers = [(place, [*(strides[index] for index in others), strides[rows], strides[4]])
                   for place, strides in moved(extra, epilogue, (0, *(cut.first for cut in axes), 0))]
        parts.append(Product(
            loops[rows][0], g.filters, depth, a, loops[rows][1], 1, b, g.filters, c, loops[rows][2], dtype,
            batch=[loops[index][0] for index in others], a_batch=[loops[index][1] for index in others],
            c_batch=[loops[index][2] for index in others], taps=taps,
            a_taps=[step * gap for step, gap in zip(pitch, g.dilation, strict=True)][:len(taps)], b_taps=tap_pitch[:len(taps)],
            epilogue=epilogue, extra=buffers,
            tile=tile_shape(loops[rows][0], g.filters, dtype, host_target(), fitted=True)).command())
    return side_by_side(parts)
