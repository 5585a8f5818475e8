"""Large reductions with few results, in two stages: sums of fixed chunks side by side, then the sum of those.

Where a chunk begins depends on the shape alone, so the result has the same bits on any number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Buffer, Command, array_address, buffer_address, buffer_strides
from pipekeras.runtime.kernels.elementwise import ITEMSIZES, Operand, Step
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel

# A result of fewer inputs is reduced in one go; so is a launch with this many work units, which keeps threads busy.
STAGED_INPUTS = 32768
CHUNK = 8192
_ENOUGH_RESULTS = 16
_COMBINE = {"sum": "sum", "product": "product", "maximum": "maximum", "minimum": "minimum", "any": "any", "all": "all"}


@dataclass(frozen=True)
class Split:
    """How one reduced dimension is cut: `chunks` pieces of `length`, then `rest` (0 for none)."""

    axis: int
    chunks: int
    length: int
    rest: int

    @property
    def parts(self) -> int:
        """Number of partial results per result."""
        return self.chunks + (1 if self.rest else 0)


def choose_split(kept: Sequence[int], reduced: Sequence[int], inner: int, inner_role: str,
                 kinds: Sequence[str]) -> Split | None:
    """The cut of the largest reduced dimension, or None where one stage is better."""
    results = prod(kept) * (-(-inner // 64) if inner_role == "kept" else 1)
    inputs = prod(reduced) * (inner if inner_role == "reduced" else 1)
    if inputs < STAGED_INPUTS // (16 if inner_role == "kept" else 1) or results >= _ENOUGH_RESULTS:
        return None
    if any(kind not in _COMBINE for kind in kinds):
        return None
    candidates = list(reduced) + ([inner] if inner_role == "reduced" else [])
    axis = max(range(len(candidates)), key=lambda place: candidates[place])
    extent = candidates[axis]
    length = max(1, min(extent, CHUNK * extent // inputs)) if inputs else 1
    if inner_role == "kept":
        length = max(1, min(extent, CHUNK // 16 * extent // inputs))
    if length >= extent:
        return None
    return Split(axis, extent // length, length, extent % length)


def _partial_type(dtype: str) -> str:
    return "float32" if dtype in ("float16", "bfloat16") else dtype


def reduction_scratch(outputs: Sequence[Reduce], kept: Sequence[int], reduced: Sequence[int], inner: int,
                      inner_role: str) -> int:
    """Bytes of scratch that `reduction_commands` needs for these extents."""
    split = choose_split(kept, reduced, inner, inner_role, [output.kind for output in outputs])
    if split is None:
        return 0
    results = prod(kept) * (inner if inner_role == "kept" else 1)
    return sum(_aligned(results * split.parts * ITEMSIZES[_partial_type(output.dtype)]) for output in outputs)


def _aligned(size: int) -> int:
    return -(-size // 64) * 64


def reduction_commands(inputs: Sequence[Operand], steps: Sequence[Step], outputs: Sequence[Reduce], kept: Sequence[int],
                       reduced: Sequence[int], inner: int, inner_role: str, sources: Sequence[Buffer],
                       results: Sequence[Buffer], scratch: Any = None) -> list[Command]:
    """A reduction in one stage or two.

    Args:
        inputs, steps, outputs: as for `reduction_kernel`.
        kept, reduced, inner: extents of the kept and the reduced outer dimensions and of the innermost one.
        inner_role: "reduced" or "kept".
        sources: input buffers with strides over (kept, reduced, inner).
        results: output buffers with strides over the kept extents (the innermost included when kept).
        scratch: `reduction_scratch` bytes, an array or an address.
    """
    split = choose_split(kept, reduced, inner, inner_role, [output.kind for output in outputs])
    extents = [*kept, *reduced, inner]
    if split is None:
        kernel = reduction_kernel(inputs, steps, outputs, len(kept), len(reduced), inner_role)
        return [kernel.command(extents, sources, results)]
    if scratch is None:
        raise InternalError("a reduction in two stages needs scratch")
    base = scratch if isinstance(scratch, int) else array_address(scratch)
    width = inner if inner_role == "kept" else 1
    places = []
    for output in outputs:
        places.append(base)
        base += _aligned(prod(kept) * split.parts * width * ITEMSIZES[_partial_type(output.dtype)])
    partial = [Reduce(output.kind, output.value, _partial_type(output.dtype)) for output in outputs]
    commands = []
    kernel = reduction_kernel(inputs, steps, partial, len(kept) + 1, len(reduced), inner_role)
    for first, chunks, length in ((0, split.chunks, split.length), (split.chunks, 1 if split.rest else 0, split.rest)):
        if chunks:
            commands.append(_stage(kernel, extents, len(kept), split, first, chunks, length, inputs, sources, partial,
                                   places, width))
    if not isinstance(scratch, int):
        commands[0].arguments.append(scratch)  # keeps it alive
    commands += _join(outputs, partial, kept, split.parts, inner, inner_role, places, results)
    return commands


def _stage(kernel: Any, extents: Sequence[int], kept: int, split: Split, first: int, chunks: int, length: int,
           inputs: Sequence[Operand], sources: Sequence[Buffer], partial: Sequence[Reduce], places: Sequence[int],
           width: int) -> Command:
    """Partial results of `chunks` pieces of one length."""
    axis = kept + split.axis
    shape = [*extents[:kept], chunks, *extents[kept:]]
    shape[axis + 1] = length
    moved = []
    for operand, buffer in zip(inputs, sources, strict=True):
        strides = buffer_strides(buffer, extents)
        address = buffer_address(buffer)
        start = address if isinstance(address, int) else array_address(address)
        start += first * split.length * strides[axis] * ITEMSIZES[operand.dtype]
        moved.append((start, [*strides[:kept], split.length * strides[axis], *strides[kept:]]))
    targets = []
    for place, output in zip(places, partial, strict=True):
        dense = [prod(extents[index + 1:kept]) * split.parts * width for index in range(kept)]
        tail = [width] + ([1] if kernel.inner == "kept" else [])
        targets.append((place + first * width * ITEMSIZES[output.dtype], [*dense, *tail]))
    command = kernel.command(shape, moved, targets)
    command.arguments += [buffer_address(buffer) for buffer in sources if not isinstance(buffer_address(buffer), int)]
    return command


def _join(outputs: Sequence[Reduce], partial: Sequence[Reduce], kept: Sequence[int], parts: int, inner: int, inner_role: str,
          places: Sequence[int], results: Sequence[Buffer]) -> list[Command]:
    """The partial results of each result as one."""
    commands = []
    for output, part, place, result in zip(outputs, partial, places, results, strict=True):
        width = inner if inner_role == "kept" else 1
        dense = [prod(kept[index + 1:]) * parts * width for index in range(len(kept))]
        last = Reduce(_COMBINE[output.kind], 0, output.dtype)
        if inner_role == "kept":
            kernel = reduction_kernel([Operand(part.dtype)], (), [last], len(kept), 1, "kept")
            commands.append(kernel.command([*kept, parts, inner], [(place, [*dense, width, 1])], [result]))
        else:
            kernel = reduction_kernel([Operand(part.dtype)], (), [last], len(kept), 0, "reduced")
            commands.append(kernel.command([*kept, parts], [(place, [*dense, 1])], [result]))
    return commands
