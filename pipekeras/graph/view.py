"""Views: how a tensor lies in a buffer. Reshapes, transposes, slices and repeats cost nothing while a view can say them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple


class View(NamedTuple):
    """Shape, stride of each axis and offset, all in elements."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int = 0

    @staticmethod
    def contiguous(shape: Sequence[int]) -> View:
        """Return the row-major view of a whole buffer."""
        strides: list[int] = []
        step = 1
        for length in reversed(shape):
            strides.append(step)
            step *= length
        return View(tuple(shape), tuple(reversed(strides)))

    @property
    def is_contiguous(self) -> bool:
        """Whether the elements lie row by row without gaps, from the start of the buffer or an offset."""
        if 0 in self.shape:
            return True
        step = 1
        for length, stride in zip(reversed(self.shape), reversed(self.strides), strict=True):
            if length != 1:
                if stride != step:
                    return False
                step *= length
        return True

    @property
    def size(self) -> int:
        """Number of elements."""
        return prod(self.shape)

    def transposed(self, axes: Sequence[int]) -> View:
        """Return the view with its axes in another order."""
        return View(tuple(self.shape[a] for a in axes), tuple(self.strides[a] for a in axes), self.offset)

    def broadcast(self, shape: Sequence[int]) -> View:
        """Return the view repeated to `shape` by strides of 0."""
        extra = len(shape) - len(self.shape)
        strides = [0] * extra
        for length, own, stride in zip(shape[extra:], self.shape, self.strides, strict=True):
            strides.append(stride if own == length else 0)
        return View(tuple(shape), tuple(strides), self.offset)

    def sliced(self, starts: Sequence[int], lengths: Sequence[int], steps: Sequence[int]) -> View:
        """Return every `steps`-th element from `starts` on each axis."""
        offset = self.offset + sum(start * stride for start, stride in zip(starts, self.strides, strict=True))
        strides = tuple(step * stride for step, stride in zip(steps, self.strides, strict=True))
        return View(tuple(lengths), strides, offset)

    def reshaped(self, shape: Sequence[int]) -> View | None:
        """Return the view in another shape, or None where only a copy can have it."""
        shape = tuple(shape)
        if self.is_contiguous:
            return View(shape, View.contiguous(shape).strides, self.offset)
        old = [(n, s) for n, s in zip(self.shape, self.strides, strict=True) if n != 1]
        new_strides: list[int] = []
        # Match runs of old axes with runs of new axes from the last one.
        index = len(old) - 1
        remaining = 1
        step = 0
        for length in reversed(shape):
            if length == 1:
                new_strides.append(0)
                continue
            if remaining == 1:
                if index < 0:
                    return None
                remaining, step = old[index]
                index -= 1
            while remaining % length and index >= 0 and old[index][1] == remaining * step:
                remaining *= old[index][0]
                index -= 1
            if remaining % length:
                return None
            new_strides.append(step)
            step *= length
            remaining //= length
        if remaining != 1 or index >= 0:
            return None
        return View(shape, tuple(reversed(new_strides)), self.offset)
