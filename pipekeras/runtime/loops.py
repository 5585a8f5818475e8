"""Loop spaces: turn strided views of one shape into as few loops as they allow."""

from __future__ import annotations

from collections.abc import Sequence

Strides = tuple[int, ...]


def collapse(shape: Sequence[int], views: Sequence[Strides]) -> tuple[list[int], list[list[int]]]:
    """Join neighbouring dimensions that every view walks through in one step.

    Whether two dimensions join depends on strides alone, never on sizes, so that another batch size needs no other kernel.

    Args:
        shape: the loop space.
        views: strides of each operand in elements, 0 where it repeats.

    Returns:
        Extents (at least one) and, for each view, its strides.

    >>> collapse((4, 3, 2), [(6, 2, 1), (0, 0, 1)])
    ([12, 2], [[2, 1], [0, 1]])
    """
    if not shape:
        return [1], [[0] for _ in views]
    extents = [shape[-1]]
    strides = [[view[-1]] for view in views]
    for axis in range(len(shape) - 2, -1, -1):
        inner = extents[0]
        if all(view[axis] == steps[0] * inner for view, steps in zip(views, strides, strict=True)):
            extents[0] = inner * shape[axis]
        else:
            extents.insert(0, shape[axis])
            for view, steps in zip(views, strides, strict=True):
                steps.insert(0, view[axis])
    return extents, strides


def access(stride: int) -> str:
    """Name the way a kernel reads along the innermost dimension."""
    return "contiguous" if stride == 1 else "broadcast" if stride == 0 else "strided"
