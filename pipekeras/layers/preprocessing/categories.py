"""Numbers turned into categories, and categories into vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ArgumentError, ConfigurationError, StateError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.preprocessing.numeric import batches_of


def encode(indices: Any, mode: str, depth: int, dtype: str, weights: Any = None) -> Any:
    """Return categories as numbers ("int"), or as vectors: "one_hot", "multi_hot" or "count"."""
    if mode == "int":
        return indices if indices.dtype == dtype else ops.cast(indices, dtype)
    if indices.ndim == 0:
        indices = ops.expand_dims(indices, -1)
    if mode == "one_hot":
        if indices.ndim > 1 and indices.shape[-1] == 1:
            indices = ops.squeeze(indices, -1)
        return ops.one_hot(indices, depth, dtype=dtype)
    vectors = ops.one_hot(indices, depth, dtype=dtype)
    axis = 1 if indices.ndim > 1 else 0
    if mode == "multi_hot":
        return ops.max(vectors, axis=axis)
    if weights is not None:
        vectors = vectors * ops.expand_dims(weights, -1)
    return ops.sum(vectors, axis=axis)


@register("layer")
class CategoryEncoding(Layer):
    """Turn whole numbers into vectors with a place for each category.

    Formula (multi_hot): y[b, k] = 1 if any of x[b] is k, else 0; count: how many are; one_hot: one vector for each.

    Args:
        num_tokens: int, number of categories.
        output_mode: "multi_hot" (default), "one_hot" or "count".
        sparse: bool, must be False.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, n) -> (batch, num_tokens); with one_hot (batch, n, num_tokens).

    Raises:
        ConfigurationError: num_tokens is missing or less than 1; an unknown output_mode.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.CategoryEncoding(num_tokens=3)(np.array([[0, 2]]))
    Tensor([[1., 0., 1.]], shape=(1, 3), dtype=float32)
    """

    hidden_config = ("sparse",)

    def __init__(
        self, num_tokens: int | None = None, output_mode: str = "multi_hot", sparse: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        if num_tokens is None:
            raise ConfigurationError("CategoryEncoding: num_tokens, the number of categories, is missing")
        _refuse_sparse(self, sparse)
        self.num_tokens = whole_number(self, "num_tokens", num_tokens)
        mode = "multi_hot" if output_mode == "binary" else output_mode
        self.output_mode = choice(self, "output_mode", mode, ("multi_hot", "one_hot", "count"))
        self.autocast = False

    def call(self, inputs: Any, count_weights: Any = None) -> Any:
        """Return the vectors."""
        if count_weights is not None and self.output_mode != "count":
            raise ArgumentError("CategoryEncoding: count_weights go with output_mode='count' only")
        indices = inputs if inputs.dtype in ("int32", "int64") else ops.cast(inputs, "int32")
        if count_weights is not None:
            count_weights = ops.cast(count_weights, self.dtype)
        return encode(indices, self.output_mode, self.num_tokens, self.dtype, count_weights)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with a place for each category."""
        shape = tuple(input_shape)
        if self.output_mode == "one_hot" and (len(shape) < 2 or shape[-1] != 1):
            return (*shape, self.num_tokens)
        if self.output_mode != "one_hot" and len(shape) > 1:
            return (shape[0], *shape[2:], self.num_tokens)
        return (*shape[:-1], self.num_tokens)


@register("layer")
class Discretization(Layer):
    """Turn numbers into the number of the range that they fall into.

    Formula: y = number of boundaries b with b <= x.

    Args:
        bin_boundaries: list of float in rising order, or None (measured by `adapt`).
        num_bins: int, how many ranges `adapt` makes; in place of bin_boundaries.
        epsilon: float, default 0.01; how exactly `adapt` estimates the quantiles.
        output_mode: "int" (default), "one_hot", "multi_hot" or "count".
        sparse: bool, must be False.
        dtype: str.
        name: str.
        **options: trainable, input_shape.

    Input shape -> output shape: any -> the same ("int").

    Raises:
        ConfigurationError: both or none of bin_boundaries and num_bins are given.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Discretization([0.0, 1.0, 2.0])(np.array([[-1.5, 1.0, 3.4, 0.5]]))
    Tensor([[0, 2, 3, 1]], shape=(1, 4), dtype=int32)
    """

    hidden_config = ("trainable",)

    def __init__(
        self,
        bin_boundaries: Any = None,
        num_bins: int | None = None,
        epsilon: float = 0.01,
        output_mode: str = "int",
        sparse: bool = False,
        dtype: Any = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, **options)
        if (bin_boundaries is None) == (num_bins is None):
            raise ConfigurationError("Discretization: give either bin_boundaries or num_bins")
        _refuse_sparse(self, sparse)
        self.sparse = False
        self.__dict__["bin_boundaries"] = None if bin_boundaries is None else [float(item) for item in bin_boundaries]
        self.num_bins = None if num_bins is None else whole_number(self, "num_bins", num_bins, 0)
        self.epsilon = epsilon
        self.output_mode = choice(self, "output_mode", output_mode, ("int", "one_hot", "multi_hot", "count"))

    @property
    def input_dtype(self) -> str:
        """The type that float inputs are converted to."""
        return configuration.floatx()

    @property
    def output_dtype(self) -> str:
        """The type of the output."""
        return "int32" if self.output_mode == "int" else self.compute_dtype

    def _depth(self) -> int:
        if self.bin_boundaries is not None:
            return len(self.bin_boundaries) + 1
        assert self.num_bins is not None
        return self.num_bins

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Measure boundaries between which there are about equally many values.

        Args:
            data: array, or an iterable of batches.
            steps: int or None, how many batches are read.
        """
        if self.num_bins is None:
            raise StateError("Discretization: bin_boundaries were given; there is nothing to measure", mend="use num_bins")
        summary = np.zeros((2, 0), "float32")
        for number, batch in enumerate(batches_of(data)):
            if steps is not None and number >= steps:
                break
            summary = _merge(_summarize(np.asarray(batch, "float32"), self.epsilon), summary, self.epsilon)
        self.__dict__["bin_boundaries"] = _compress(summary, 1.0 / self.num_bins)[0, :-1].tolist()

    def call(self, inputs: Any) -> Any:
        """Return the numbers of the ranges."""
        if self.bin_boundaries is None:
            raise StateError("Discretization: the boundaries are not known yet", mend="call adapt(data) first")
        values = inputs if inputs.dtype == self.input_dtype else ops.cast(inputs, self.input_dtype)
        boundaries = ops.convert_to_tensor(np.asarray(self.bin_boundaries, values.dtype))
        passed = ops.greater_equal(ops.expand_dims(values, -1), boundaries)
        indices = ops.sum(ops.cast(passed, "int32"), axis=-1)
        return encode(indices, self.output_mode, self._depth(), self.output_dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape, with a place for each range unless output_mode is "int"."""
        shape = tuple(input_shape)
        if self.output_mode == "int":
            return shape
        if self.output_mode == "one_hot":
            return (*shape[:-1], self._depth()) if len(shape) > 1 and shape[-1] == 1 else (*shape, self._depth())
        return (shape[0], *shape[2:], self._depth()) if len(shape) > 1 else (self._depth(),)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return a placeholder of the output."""
        inputs = args[0] if args else kwargs["inputs"]
        return Tensor.symbolic(self.compute_output_shape(inputs.shape), self.output_dtype)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "bin_boundaries": self.bin_boundaries, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """Make the layer again; after `adapt` a config holds num_bins and the boundaries found."""
        if config.get("num_bins") is None or config.get("bin_boundaries") is None:
            return super().from_config(config, custom_objects)
        made = super().from_config({**config, "bin_boundaries": None}, custom_objects)
        made.__dict__["bin_boundaries"] = [float(item) for item in config["bin_boundaries"]]
        return made


def _refuse_sparse(layer: Layer, sparse: bool) -> None:
    if sparse:
        raise ConfigurationError(f"{type(layer).__name__}: tensors are dense here; leave sparse False")


def _summarize(values: np.ndarray, epsilon: float) -> np.ndarray:
    """Return evenly spaced values of the sorted data, and how many each stands for."""
    ordered = np.sort(values.reshape(-1))
    step = max(ordered.size * epsilon, 1)
    boundaries = ordered[int(step - 1) :: int(step)]
    return np.stack([boundaries, np.ones_like(boundaries) * step])


def _merge(first: np.ndarray, second: np.ndarray, epsilon: float) -> np.ndarray:
    joined = np.concatenate((first, second), axis=1)
    return _compress(joined[:, np.argsort(joined[0])], epsilon)


def _compress(summary: np.ndarray, epsilon: float) -> np.ndarray:
    """Return a summary with about 1 / epsilon values, interpolated along the running total."""
    if summary.shape[1] * epsilon < 1:
        return summary
    shares = epsilon + np.arange(0.0, 1.0, epsilon)
    totals = summary[1].cumsum()
    relative = totals / totals[-1]
    values = np.interp(shares, relative, summary[0])
    totals = np.interp(shares, relative, totals)
    return np.stack((values, totals - np.concatenate((np.array([0]), totals[:-1])))).astype("float32")
