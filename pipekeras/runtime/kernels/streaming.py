"""Stores that go past the caches, for what another thread reads next.

A line that two cores have read is dear to write: each write waits until the other core has given its copy up, some 30 ns
where the two share no cache. Whole lines that are sent to memory don't wait, and come back from there, one after the other,
in a tenth of that.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipekeras.core.memory import LINE
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.threads import thread_count

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value

# What is smaller is soon written, and stays in the first cache of the thread that wrote it.
_LEAST_BYTES = 64 * 1024


def worth_streaming(size: int) -> bool:
    """Whether so many bytes, which threads write and other threads read, had better go past the caches."""
    return size >= _LEAST_BYTES and thread_count() > 1


def lies_on_lines(e: Emitter, pointer: Pointer, steps: Sequence[Value]) -> Value:
    """Whether a buffer, and every place so many elements further on, begins a line."""
    bits = pointer.address()
    for step in steps:
        bits = bits | step * ITEMSIZES[pointer.dtype]
    return e.equal(bits & (LINE - 1), 0)


def stream(e: Emitter, value: Value, pointer: Pointer, offset: Value | int) -> None:
    """Write a whole vector whose place is a multiple of its size."""
    from llvmlite import ir

    from pipekeras.runtime.kernels.emitter import I32, storage_type

    kind = storage_type(pointer.dtype, e.lanes)
    place = e.builder.bitcast(pointer.at(offset).ir, kind.as_pointer())
    bits = e.to_storage(e.as_value(value, pointer.dtype, e.lanes))
    store = e.builder.store(bits, place, align=e.lanes * ITEMSIZES[pointer.dtype])
    store.set_metadata("nontemporal", e.module.add_metadata([ir.Constant(I32, 1)]))


def fence(e: Emitter) -> None:
    """End a kernel that streams: whoever learns later that it has ended finds what it wrote."""
    from llvmlite import ir

    if platform.machine().lower() in ("x86_64", "amd64"):
        e.call("llvm.x86.sse.sfence", ir.VoidType(), [])
