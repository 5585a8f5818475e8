"""Texts and whole numbers numbered by hashing, alone or crossed with others."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.core.registry import register
from pipekeras.core.structure import flatten
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.preprocessing.fingerprints import crossed, fingerprint64
from pipekeras.layers.preprocessing.host_layer import HostLayer, as_texts, refuse_sparse, vector_shape, vectors
from pipekeras.layers.preprocessing.vocabulary import bucket, hash_key

_START_OF_CROSSING = 0xDECAFCAFFE
_WHOLE = (1 << 64) - 1


@register("layer")
class Hashing(HostLayer):
    """Number texts or whole numbers by hashing; several may share a number.

    Formula: y = FarmHash64(text) mod num_bins; with a salt, SipHash64 with the salt as its key. The numbers are
    TensorFlow's, in every process.

    Args:
        num_bins: int, how many numbers there are.
        mask_value: the text or number that becomes 0, or None.
        salt: int, two of them, or None.
        output_mode: "int" (default), "one_hot", "multi_hot" or "count".
        sparse: bool, must be False.
        **options: name, trainable, dtype.

    Input shape -> output shape: any -> the same ("int"), else with a place for each number.

    Raises:
        ConfigurationError: num_bins leaves no number beside that of mask_value.

    Example:

    >>> from pipekeras import layers
    >>> layers.Hashing(3)([["A"], ["B"], ["C"], ["D"], ["E"]]).numpy().ravel().tolist()
    [1, 0, 1, 1, 2]
    """

    def __init__(
        self,
        num_bins: int,
        mask_value: Any = None,
        salt: Any = None,
        output_mode: str = "int",
        sparse: bool = False,
        **options: Any,
    ) -> None:
        if output_mode == "int" and options.get("dtype") is None:
            options["dtype"] = "int64"
        super().__init__(**options)
        refuse_sparse(self, sparse)
        self.num_bins = whole_number(self, "num_bins", num_bins, 1 if mask_value is None else 2)
        self.mask_value = mask_value
        self.salt = hash_key(self, salt)
        mode = "multi_hot" if output_mode == "binary" else output_mode
        self.output_mode = choice(self, "output_mode", mode, ("int", "one_hot", "multi_hot", "count"))
        self.sparse = False

    def numbers(self, values: np.ndarray) -> np.ndarray:
        """Return the numbers of an array of texts or whole numbers."""
        first = int(self.mask_value is not None)
        bins = self.num_bins - first
        key = self.salt

        def number(value: Any) -> int:
            if first and value == self.mask_value:
                return 0
            return bucket(str(value), key) % bins + first

        if values.dtype.kind == "f":
            raise ArgumentError(f"{self.describe()} takes texts or whole numbers, not floats", mend="cast them first")
        found = np.array([number(value) for value in values.ravel()], np.int32).reshape(values.shape)
        return found if self.output_mode == "int" else vectors(found, self.output_mode, self.num_bins)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape, with a place for each number unless output_mode is "int"."""
        return vector_shape(tuple(input_shape), self.output_mode, self.num_bins)


@register("layer")
class HashedCrossing(HostLayer):
    """Number pairs (or more) of texts and whole numbers by hashing them together.

    Formula: y = hash(x_1, x_2, ...) mod num_bins, with TensorFlow's hash.

    Args:
        num_bins: int, how many numbers there are.
        output_mode: "int" (default) or "one_hot".
        sparse: bool, must be False.
        name: str.
        dtype: str.
        **options: trainable.

    Input shape -> output shape: several of (batch,) or (batch, 1) -> the same ("int"), or (batch, num_bins).

    Raises:
        ArgumentError: fewer than two inputs, or floats.

    Example:

    >>> from pipekeras import layers
    >>> layers.HashedCrossing(5)((["A", "B", "A", "B", "A"], [101, 101, 101, 102, 102])).numpy().tolist()
    [1, 4, 1, 1, 3]
    """

    hidden_config = ("trainable",)

    def __init__(
        self,
        num_bins: int,
        output_mode: str = "int",
        sparse: bool = False,
        name: str | None = None,
        dtype: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype or ("int64" if output_mode == "int" else None), **options)
        refuse_sparse(self, sparse)
        self.num_bins = whole_number(self, "num_bins", num_bins)
        self.output_mode = choice(self, "output_mode", output_mode, ("int", "one_hot"))
        self.sparse = False

    def _on_data(self, inputs: Any) -> Any:
        if not isinstance(inputs, list | tuple) or len(inputs) < 2:
            raise ArgumentError(f"{self.describe()} takes a list of two or more inputs")
        return ops.convert_to_tensor(self.numbers([as_texts(item) for item in inputs]))

    def numbers(self, values: list[np.ndarray]) -> np.ndarray:
        """Return the numbers of arrays of texts or whole numbers, row by row."""
        self.compute_output_shape([array.shape for array in values])
        if any(array.dtype.kind == "f" for array in values):
            raise ArgumentError(f"{self.describe()} takes texts or whole numbers, not floats", mend="cast them first")

        def number(parts: tuple[Any, ...]) -> int:
            found = _START_OF_CROSSING
            for part in parts:
                found = crossed(found, fingerprint64(part.encode()) if isinstance(part, str) else int(part) & _WHOLE)
            return found % self.num_bins

        rows = zip(*(array.ravel() for array in values), strict=True)
        found = np.array([number(row) for row in rows], np.int32).reshape(values[0].shape)
        return found if self.output_mode == "int" else vectors(found, "one_hot", self.num_bins)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs, with a place for each number unless output_mode is "int"."""
        shapes = [tuple(shape) for shape in input_shape]
        if len(set(shapes)) != 1 or len(shapes[0]) > 2 or (len(shapes[0]) == 2 and shapes[0][1] != 1):
            found = ", ".join(map(str, shapes))
            raise ShapeError(f"{self.describe()} takes inputs that are all (batch,) or all (batch, 1); got {found}")
        return vector_shape(shapes[0], self.output_mode, self.num_bins)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return a placeholder of the numbers."""
        inputs = flatten(args[0] if args else kwargs["inputs"])
        return Tensor.symbolic(self.compute_output_shape([leaf.shape for leaf in inputs]), self.output_type())

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "dtype": self.dtype}
