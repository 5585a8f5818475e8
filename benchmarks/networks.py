"""The parts that benchmark networks are made of: each knows the shape it returns and the multiplications it takes.

A network is written once as a tuple of parts, and every peer builds it from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """One step of a network; it keeps the shape and multiplies nothing unless it says otherwise."""

    def output(self, shape: Shape) -> Shape:
        """Shape of a sample after this part."""
        return shape

    def flops(self, shape: Shape) -> int:
        """Multiplications and additions of the forward pass of one sample."""
        return 0


@dataclass(frozen=True)
class Dense(Part):
    """activation(x W + b) over the last axis."""

    units: int
    activation: str = "linear"

    def output(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.units)

    def flops(self, shape: Shape) -> int:
        return 2 * prod(shape) * self.units


@dataclass(frozen=True)
class Dropout(Part):
    """Inverted dropout."""

    rate: float


@dataclass(frozen=True)
class Convolution(Part):
    """A square convolution, channels last, padding "valid"."""

    filters: int
    size: int = 3
    activation: str = "relu"

    def output(self, shape: Shape) -> Shape:
        return (*(length - self.size + 1 for length in shape[:-1]), self.filters)

    def flops(self, shape: Shape) -> int:
        return 2 * prod(self.output(shape)) * self.size ** (len(shape) - 1) * shape[-1]


@dataclass(frozen=True)
class MaxPool(Part):
    """Largest of windows of 2 by 2."""

    def output(self, shape: Shape) -> Shape:
        return (*(length // 2 for length in shape[:-1]), shape[-1])


@dataclass(frozen=True)
class Flatten(Part):
    """All features in one axis."""

    def output(self, shape: Shape) -> Shape:
        return (prod(shape),)


@dataclass(frozen=True)
class GlobalAverage(Part):
    """The mean over every axis but the last."""

    def output(self, shape: Shape) -> Shape:
        return shape[-1:]


@dataclass(frozen=True)
class Embedding(Part):
    """A learned row for each word."""

    words: int
    width: int

    def output(self, shape: Shape) -> Shape:
        return (*shape, self.width)


@dataclass(frozen=True)
class Recurrent(Part):
    """An LSTM or a GRU (with the reset gate after the product)."""

    kind: str
    units: int
    sequences: bool = False

    @property
    def gates(self) -> int:
        """Products per step."""
        return {"lstm": 4, "gru": 3}[self.kind]

    def output(self, shape: Shape) -> Shape:
        return (shape[0], self.units) if self.sequences else (self.units,)

    def flops(self, shape: Shape) -> int:
        return 2 * shape[0] * self.gates * self.units * (shape[1] + self.units)


@dataclass(frozen=True)
class Residual(Part):
    """relu(x + norm(conv(relu(norm(conv(x)))))), 3 by 3, padding "same", batch normalisation."""

    def flops(self, shape: Shape) -> int:
        return 2 * 2 * prod(shape) * 9 * shape[-1]


@dataclass(frozen=True)
class Transformer(Part):
    """norm(x + attention(x)), then norm(x + dense(relu(dense(x))))."""

    heads: int
    hidden: int

    def flops(self, shape: Shape) -> int:
        length, width = shape
        return 2 * length * width * (4 * width + 2 * self.hidden) + 4 * length * length * width
