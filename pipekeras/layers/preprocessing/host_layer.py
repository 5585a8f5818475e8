"""Layers that are applied to data in memory: to texts above all, which no kernel computes with.

Called on arrays they give numbers at once. In a model they stand before everything that is compiled: the model applies
them to the data and hands what they give to its compiled program.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, DataError
from pipekeras.core.structure import flatten
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.layer import Layer


def as_texts(values: Any) -> np.ndarray:
    """Return values as an array of objects (str), or of numbers."""
    if isinstance(values, Tensor):
        values = values.numpy()
    array = np.asarray(values)
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    if array.dtype.kind == "O" and any(isinstance(item, bytes) for item in array.flat):
        flat = [item.decode("utf-8") if isinstance(item, bytes) else item for item in array.flat]
        return np.array(flat, dtype=object).reshape(array.shape)
    return array.astype(object) if array.dtype.kind in "UO" else array


def vectors(numbers: np.ndarray, mode: str, width: int) -> np.ndarray:
    """Return numbers as vectors of 0 and 1 ("one_hot", "multi_hot") or of counts; a number below 0 counts nowhere."""
    if mode == "one_hot":
        numbers = numbers.reshape(1) if numbers.ndim == 0 else numbers
        if numbers.ndim > 1 and numbers.shape[-1] == 1:
            numbers = numbers[..., 0]
        rows = np.zeros((*numbers.shape, width), np.float32)
        places = np.nonzero(numbers >= 0)
        rows[(*places, numbers[places])] = 1.0
        return rows
    rows = numbers.reshape(1, -1) if numbers.ndim < 2 else numbers.reshape(-1, numbers.shape[-1])
    made = np.zeros((len(rows), width), np.float32)
    for row, found in zip(made, rows, strict=True):
        np.add.at(row, found[found >= 0], 1.0)
    if mode == "multi_hot":
        made = np.minimum(made, 1.0)
    return made[0] if numbers.ndim < 2 else made.reshape(*numbers.shape[:-1], width)


def vector_shape(shape: tuple[int | None, ...], mode: str, width: int | None) -> tuple[int | None, ...]:
    """Return the shape that `vectors` gives, or numbers themselves ("int")."""
    if mode == "int":
        return shape
    if mode == "one_hot":
        return (*shape[:-1], width) if len(shape) > 1 and shape[-1] == 1 else (*shape, width)
    return (*shape[:-1], width)


def refuse_within(layer: Layer) -> None:
    """Refuse to work inside of a compiled program; a placeholder elsewhere is as good as its input."""
    present = tracing.current()
    if present is not None and present.is_kept:
        raise DataError(
            f"{layer.describe()} works on data, and its input is computed within a compiled function",
            mend="compile(run_eagerly=True), or apply the layer to the data, or in a data set's map()",
        )


class HostLayer(Layer):
    """A layer that is applied to data in memory and returns a tensor."""

    built_from_start = True
    runs_on_host: ClassVar[bool] = True
    takes_text: ClassVar[bool] = True

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the numbers of texts or categories."""
        if any(isinstance(leaf, Tensor) and leaf.data is None for leaf in flatten(inputs)):
            return super().__call__(inputs, *args, **kwargs)
        return self._on_data(inputs)

    def _on_data(self, inputs: Any) -> Any:
        return ops.convert_to_tensor(self.numbers(as_texts(inputs)))

    def numbers(self, values: Any) -> np.ndarray:
        """Return the numbers of an array of texts or categories."""
        raise NotImplementedError

    def call(self, inputs: Any) -> Any:
        """Return a placeholder of the numbers; refuse what is known only inside of a compiled program."""
        refuse_within(self)
        return self.compute_output_spec(inputs)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return a placeholder of the numbers."""
        inputs = args[0] if args else kwargs["inputs"]
        for leaf in flatten(inputs):
            if self.wants_text() and leaf.dtype != "string":
                raise ConfigurationError(
                    f"{self.describe()} takes text, and its input is numbers ({leaf.dtype})",
                    mend="begin the model with Input(shape=(1,), dtype='string')",
                )
        shapes = [tuple(leaf.shape) for leaf in flatten(inputs)]
        return Tensor.symbolic(self.compute_output_shape(shapes if len(shapes) > 1 else shapes[0]), self.output_type())

    def wants_text(self) -> bool:
        """Return whether only text will do."""
        return False

    def output_type(self) -> str:
        """Return the type of the output."""
        return "int32" if getattr(self, "output_mode", "int") == "int" else "float32"


def refuse_sparse(layer: Any, sparse: bool) -> None:
    """Refuse tensors that hold only some of their numbers."""
    if sparse:
        raise ConfigurationError(f"{type(layer).__name__}: tensors are dense here; leave sparse False")
