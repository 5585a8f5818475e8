"""What cropping and padding layers share: amounts at both ends of each spatial axis."""

from __future__ import annotations

from typing import Any, ClassVar

from pipekeras.core.errors import ConfigurationError
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer

Pairs = tuple[tuple[int, int], ...]


def pairs(layer: Layer, name: str, value: Any, rank: int) -> Pairs:
    """Return (before, after) for each spatial axis.

    One number stands for all ends; for rank 1 two numbers are both ends; otherwise one number for each axis.
    """
    if isinstance(value, int | float):
        amount = whole_number(layer, name, value, 0)
        return ((amount, amount),) * rank
    if isinstance(value, list | tuple):
        if rank == 1 and len(value) == 2 and all(isinstance(item, int | float) for item in value):
            return ((whole_number(layer, name, value[0], 0), whole_number(layer, name, value[1], 0)),)
        if len(value) == rank:
            result = []
            for item in value:
                ends = (item, item) if isinstance(item, int | float) else item
                if not isinstance(ends, list | tuple) or len(ends) != 2:
                    break
                result.append((whole_number(layer, name, ends[0], 0), whole_number(layer, name, ends[1], 0)))
            else:
                return tuple(result)
    raise ConfigurationError(
        f"{type(layer).__name__}: {name} must be a number, {rank} numbers or {rank} pairs of numbers, not {value!r}"
    )


class EdgeLayer(Layer):
    """Base of layers that take away or add rows at the ends of spatial axes."""

    rank: ClassVar[int]

    def __init__(self, data_format: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        if self.rank > 1:
            self.data_format = checked_data_format(self, data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def spatial_axes(self) -> range:
        """Return the numbers of the spatial axes."""
        first = 2 if getattr(self, "data_format", None) == "channels_first" else 1
        return range(first, first + self.rank)
