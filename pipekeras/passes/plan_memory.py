"""Plan memory: give every intermediate value a place in one arena, and reuse places whose values are read no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ALIGNMENT = 64
SMALL_ARENA = 4 * 1024 * 1024


@dataclass(eq=False)
class Slot:
    """A value that needs memory.

    Args:
        size: bytes.
        first: step that writes it.
        last: last step that reads it.
        offset: its place, filled in by `plan`.
    """

    size: int
    first: int
    last: int
    offset: int = 0


def plan(slots: Sequence[Slot]) -> int:
    """Give each slot an offset so that slots alive at the same step do not overlap; return the arena's size.

    Where the arena stays small, memory is reused only by values of the same size. Each thread has its own part of a value, by
    rows; in another value of that size it has the same part, in any other one it would write what lies in another core's
    cache.
    """
    size = _plan(slots, same_size=True)
    return size if size <= SMALL_ARENA else _plan(slots, same_size=False)


def _plan(slots: Sequence[Slot], same_size: bool) -> int:
    """Best fit in the order of the steps: the smallest free gap that holds the value, or the end of the arena."""
    free: list[tuple[int, int]] = []  # (offset, size), by offset
    alive: list[Slot] = []
    end = 0
    for slot in sorted(slots, key=lambda item: item.first):
        expired = [(item.offset, _rounded(item.size)) for item in alive if item.last < slot.first]
        if expired:
            alive = [item for item in alive if item.last >= slot.first]
            free = sorted(free + expired) if same_size else _merge(free + expired)
        size = _rounded(slot.size)
        if same_size:
            fitting = next((gap for gap in free if gap[1] == size), None)
        else:
            fitting = min((gap for gap in free if gap[1] >= size), key=lambda gap: gap[1], default=None)
        if fitting is not None:
            free.remove(fitting)
            slot.offset = fitting[0]
            if fitting[1] > size:
                free.append((fitting[0] + size, fitting[1] - size))
        elif not same_size and free and free[-1][0] + free[-1][1] == end:
            # The last gap touches the end: grow it instead of leaving it unused.
            slot.offset = free.pop()[0]
            end = slot.offset + size
        else:
            slot.offset = end
            end += size
        free.sort()
        alive.append(slot)
    return end


def _rounded(size: int) -> int:
    return max(ALIGNMENT, -(-size // ALIGNMENT) * ALIGNMENT)


def _merge(gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for offset, size in sorted(gaps):
        if merged and merged[-1][0] + merged[-1][1] == offset:
            merged[-1] = (merged[-1][0], merged[-1][1] + size)
        else:
            merged.append((offset, size))
    return merged
