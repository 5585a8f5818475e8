"""Vectors looked up by number."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.base.low_rank import adapted
from pipekeras.layers.base.quantized import Quantized
from pipekeras.nn import constraints, initializers, regularizers


@register("layer")
class Embedding(Quantized):
    """Turn whole numbers into vectors that are learnt.

    Formula: y[b, t] = E[x[b, t]], with the table E of shape (input_dim, output_dim).

    Args:
        input_dim: int, how many numbers there are: the largest index plus 1.
        output_dim: int, size of a vector.
        embeddings_initializer: name or initializer, default "uniform".
        embeddings_regularizer: name, regularizer or None.
        embeddings_constraint: name, constraint or None.
        mask_zero: bool, default False; whether 0 is padding that later layers skip.
        weights: array (input_dim, output_dim) to start from, or a list that holds it.
        lora_rank: int or None; the rank of a product that is learnt on top of a frozen table.
        lora_alpha: float, default lora_rank; the product is multiplied by lora_alpha / lora_rank.
        quantization_config: Int8QuantizationConfig or None; how `quantize` and policies of 8 bits go about it.
        **options: name, trainable, dtype, input_length, input_shape.

    Input shape -> output shape: (batch, time) -> (batch, time, output_dim).

    Raises:
        ConfigurationError: a size is not a whole number of 1 or more.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Embedding(1000, 64)(np.zeros((32, 10), "int32")).shape
    (32, 10, 64)
    """

    optional_config = ("lora_rank", "lora_alpha")
    hidden_config = ("weights",)

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **options: Any,
    ) -> None:
        length = options.pop("input_length", None)
        if length is not None and not {"input_shape", "batch_input_shape"} & set(options):
            options["input_shape"] = tuple(length) if isinstance(length, list | tuple) else (length,)
        super().__init__(**options)
        self._prepare_quantization(quantization_config)
        self._prepare_low_rank(lora_rank, lora_alpha)
        self.input_dim = whole_number(self, "input_dim", input_dim)
        self.output_dim = whole_number(self, "output_dim", output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        self.autocast = False
        if weights is not None:
            self.__dict__["_initial_weights"] = weights if isinstance(weights, list) and len(weights) == 1 else [weights]
            self.build()

    def build(self, input_shape: Any = None) -> None:
        """Make the table."""
        self._add_main_weight("embeddings", (self.input_dim, self.output_dim), self.embeddings_initializer)
        self._adapt_if_asked()

    adapted_weight = "embeddings"
    embeddings = adapted("embeddings", "The table (input_dim, output_dim).")

    def call(self, inputs: Any) -> Any:
        """Return the vectors of the numbers."""
        if inputs.dtype not in ("int32", "int64"):
            inputs = ops.cast(inputs, "int32")
        outputs = ops.take(self._embeddings, inputs, axis=0)
        if self.quantization_mode is not None:
            scale = ops.expand_dims(ops.take(self.embeddings_scale, inputs, axis=0), -1)
            outputs = ops.divide(ops.cast(outputs, self.compute_dtype), ops.cast(scale, self.compute_dtype))
        if self.lora_enabled:
            # Only the rows that are asked for are adapted.
            left, right = self._factors()
            outputs = ops.add(outputs, self._low_rank_product(ops.take(left, inputs, axis=0), right))
        return outputs if outputs.dtype == self.compute_dtype else ops.cast(outputs, self.compute_dtype)

    def _shared_axes(self, name: str) -> tuple[int, ...]:
        return (-1,)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where the number is not 0, if 0 is padding."""
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape with output_dim added."""
        return (*input_shape, self.output_dim)

    def _configuration(self) -> dict[str, Any]:
        return {"activity_regularizer": None, **super()._configuration()}
