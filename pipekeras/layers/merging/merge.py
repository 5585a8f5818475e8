"""The base of layers that combine a list of tensors element by element."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.structure import is_shape
from pipekeras.layers.base.layer import Layer


class ElementwiseMerge(Layer):
    """Base of layers that take a list of tensors of equal or broadcastable shapes.

    A subclass writes `merge(tensors)`. Tensors of lower rank get axes after the batch.
    """

    least_inputs = 1

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def merge(self, tensors: list[Any]) -> Any:
        """Combine tensors of one rank."""
        raise NotImplementedError

    def build(self, input_shape: Any) -> None:
        """Check the shapes; there are no weights."""
        self.compute_output_shape(input_shape)

    def call(self, inputs: Any) -> Any:
        """Return the combination of the inputs."""
        check_list(self, inputs, self.least_inputs)
        tensors = list(inputs)
        highest = max(tensor.ndim for tensor in tensors)
        for position, tensor in enumerate(tensors):
            if tensor.ndim < highest:
                added = tuple(range(1, 1 + highest - tensor.ndim))
                tensors[position] = ops.expand_dims(tensor, added)
        return self.merge(tensors)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape to which the inputs broadcast."""
        if is_shape(input_shape) or not isinstance(input_shape, list | tuple):
            raise ShapeError(f"{self.describe()} needs a list of tensors; got one of shape {input_shape}")
        check_list(self, input_shape, self.least_inputs)
        batches = {shape[0] for shape in input_shape} - {None}
        if len(batches) > 1:
            raise ShapeError(f"{self.describe()} needs inputs of one batch size; got {_listed(input_shape)}")
        result: tuple[int | None, ...] = tuple(input_shape[0][1:])
        for shape in input_shape[1:]:
            joined = _broadcast(result, tuple(shape[1:]))
            if joined is None:
                raise ShapeError(
                    f"{self.describe()} needs inputs of matching shapes; got {_listed(input_shape)}",
                    mend="bring them to one shape first, for instance with Dense or Reshape",
                )
            result = joined
        return (batches.pop() if batches else None, *result)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where any input is valid; no mask if an input has none."""
        if previous_mask is None or any(mask is None for mask in previous_mask):
            return None
        joined = previous_mask[0]
        for mask in previous_mask[1:]:
            joined = ops.logical_or(joined, mask)
        return joined


def check_list(layer: Layer, inputs: Any, least: int) -> None:
    """Raise a ShapeError unless `inputs` is a list of enough tensors (or shapes)."""
    if not isinstance(inputs, list | tuple):
        raise ShapeError(f"{layer.describe()} needs a list of tensors; got a single one", mend="write layer([first, second])")
    if len(inputs) < least:
        raise ShapeError(f"{layer.describe()} needs {least} or more tensors; got {len(inputs)}")


def _listed(shapes: Any) -> str:
    return " and ".join(str(tuple(shape)) for shape in shapes)


def _broadcast(first: tuple[int | None, ...], second: tuple[int | None, ...]) -> tuple[int | None, ...] | None:
    if len(first) < len(second):
        first, second = second, first
    joined = list(first[: len(first) - len(second)])
    for one, other in zip(first[len(first) - len(second) :], second, strict=True):
        if one is None or other is None:
            joined.append(None)
        elif one == 1 or other == 1 or one == other:
            joined.append(max(one, other) if 0 not in (one, other) else 0)
        else:
            return None
    return tuple(joined)
