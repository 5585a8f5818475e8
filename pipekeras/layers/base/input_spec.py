"""What a layer asks of its input: rank, sizes of axes, data type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.core.structure import flatten

if TYPE_CHECKING:
    from pipekeras.layers.base.calling import LayerCall


class InputSpec:
    """The ranks, sizes and types of input that a layer accepts.

    Args:
        dtype: str or None, the data type.
        shape: tuple of int or None (any size), or None for any shape.
        ndim: int or None, the exact rank.
        max_ndim: int or None, the highest rank.
        min_ndim: int or None, the lowest rank.
        axes: dict or None, the size wanted of single axes (`{-1: 8}`).
        allow_last_axis_squeeze: bool, default False. Accept an input whose last axis of size 1 is missing or added.
        name: str or None, the name of the input.
        optional: bool, default False. Accept None in place of a tensor.

    Example:

    >>> import pipekeras
    >>> pipekeras.layers.InputSpec(min_ndim=2, axes={-1: 8})
    InputSpec(min_ndim=2, axes={-1: 8})
    """

    def __init__(
        self,
        dtype: str | None = None,
        shape: tuple[int | None, ...] | list[int | None] | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: dict[int, int | None] | None = None,
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
    ) -> None:
        self.dtype = dtype
        self.shape = None if shape is None else tuple(shape)
        self.ndim = len(self.shape) if self.shape is not None else ndim
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        try:
            self.axes = {int(axis): size for axis, size in (axes or {}).items()}
        except (TypeError, ValueError):
            raise ArgumentError(f"axes of an InputSpec is a dict of axis numbers, not {axes!r}") from None
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        self.name = name
        self.optional = optional
        highest = self.ndim if self.ndim is not None else self.max_ndim
        if self.axes and highest is not None and max(self.axes) >= highest:
            raise ConfigurationError(f"InputSpec axes {self.axes} reach beyond the last axis, {highest - 1}")

    def __repr__(self) -> str:
        fields = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        given = [(field, getattr(self, field)) for field in fields if not (field == "ndim" and self.shape is not None)]
        return f"InputSpec({', '.join(f'{field}={value!r}' for field, value in given if value)})"

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments as a dict."""
        fields = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes", "optional")
        return {field: getattr(self, field) for field in fields}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InputSpec:
        """Return the spec that `get_config` described."""
        return cls(**config)

    def wanted(self) -> str:
        """Return the shape asked for in words, such as `(batch, ..., 8)`."""
        if self.shape is not None:
            return _shape_text(self.shape)
        if self.ndim is not None:
            sizes: list[int | None] = [None] * self.ndim
            for axis, size in self.axes.items():
                if -self.ndim <= axis < self.ndim:
                    sizes[axis] = size
            return _shape_text(tuple(sizes))
        rank = f"rank {self.min_ndim} or more" if self.min_ndim is not None else "any rank"
        if self.max_ndim is not None:
            rank = f"rank {self.min_ndim or 0} to {self.max_ndim}"
        sizes_text = " and ".join(f"size {size} along axis {axis}" for axis, size in self.axes.items() if size is not None)
        if sizes_text and set(self.axes) == {-1}:
            return f"(batch, ..., {self.axes[-1]})"
        return f"{rank}{f' and {sizes_text}' if sizes_text else ''}"

    def fits(self, shape: tuple[int | None, ...]) -> bool:
        """Whether a tensor of this shape is accepted."""
        rank = len(shape)
        wanted = self.shape
        if wanted is not None and self.allow_last_axis_squeeze and rank != len(wanted):
            if rank == len(wanted) + 1 and shape[-1] == 1:
                shape, rank = shape[:-1], rank - 1
            elif rank == len(wanted) - 1 and wanted[-1] == 1:
                wanted = wanted[:-1]
        if wanted is not None:
            return len(wanted) == rank and all(
                size is None or found is None or size == found for size, found in zip(wanted, shape, strict=True)
            )
        if self.ndim is not None and rank != self.ndim:
            return False
        if self.max_ndim is not None and rank > self.max_ndim:
            return False
        if self.min_ndim is not None and rank < self.min_ndim:
            return False
        return all(
            -rank <= axis < rank and (size is None or shape[axis] is None or shape[axis] == size)
            for axis, size in self.axes.items()
        )


def _shape_text(shape: tuple[int | None, ...]) -> str:
    return "(" + ", ".join("None" if size is None else str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def check_input(layer: LayerCall, specification: Any, inputs: Any) -> None:
    """Raise a ShapeError when `inputs` breaks the layer's `input_spec`."""
    if isinstance(specification, InputSpec) and not isinstance(inputs, list | tuple | dict):
        _check_one(layer, specification, inputs, len_one=True)
        return
    if isinstance(specification, dict) and isinstance(inputs, dict):
        missing = sorted(set(specification) - set(inputs))
        if missing:
            raise ShapeError(f"{layer.describe()} needs an input called '{missing[0]}'; got {sorted(inputs)}")
        pairs = [(specification[name], inputs[name]) for name in specification]
    else:
        specifications, found = flatten(specification), flatten(inputs)
        if len(specifications) != len(found):
            raise ShapeError(f"{layer.describe()} needs {_count(len(specifications))}; got {len(found)}")
        pairs = list(zip(specifications, found, strict=True))
    for one, tensor in pairs:
        if one is not None:
            _check_one(layer, one, tensor, len_one=len(pairs) == 1)


def _count(number: int) -> str:
    return "1 input" if number == 1 else f"{number} inputs"


def _check_one(layer: LayerCall, specification: InputSpec, tensor: Any, len_one: bool) -> None:
    if tensor is None:
        if specification.optional:
            return
        raise ShapeError(f"{layer.describe()} needs a tensor; got None")
    shape = getattr(tensor, "shape", None)
    if shape is None:
        raise ArgumentError(f"{layer.describe()} needs a tensor; got {type(tensor).__name__}")
    if not specification.fits(tuple(shape)):
        which = "" if len_one or not specification.name else f" for input '{specification.name}'"
        raise ShapeError(
            f"{layer.describe()} needs {layer.wanted_input(specification)}{which}; got {_shape_text(tuple(shape))}",
            mend=layer.shape_mend(specification, tuple(shape)),
        )
    if specification.dtype is not None and tensor.dtype != specification.dtype:
        raise ConfigurationError(f"{layer.describe()} needs dtype {specification.dtype}; got {tensor.dtype}")
