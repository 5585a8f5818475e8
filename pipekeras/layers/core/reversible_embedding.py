"""Vectors looked up by number, and numbers scored by vectors."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.core.embedding import Embedding


@register("layer")
class ReversibleEmbedding(Embedding):
    """An embedding that also turns vectors back into scores of all numbers, as language models end.

    Formula: y = E[x]; reversed y = x E^T, or x R with a table of its own, softly capped by c tanh(y / c).

    Args:
        input_dim: int, how many numbers there are.
        output_dim: int, size of a vector.
        tie_weights: bool, default True; whether one table serves both ways.
        embeddings_initializer: name or initializer, default "uniform".
        embeddings_regularizer: name, regularizer or None.
        embeddings_constraint: name, constraint or None.
        mask_zero: bool, default False; whether 0 is padding that later layers skip.
        reverse_dtype: str or None, the type that scores are computed in.
        logit_soft_cap: float or None, the cap c.
        quantization_config: Int8QuantizationConfig or None; how `quantize` and policies of 8 bits go about it.
        **options: name, trainable, dtype, input_length, input_shape.

    Input shape -> output shape: (batch, time) -> (batch, time, output_dim); reversed (batch, time, output_dim) ->
    (batch, time, input_dim).

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layer = layers.ReversibleEmbedding(100, 8)
    >>> vectors = layer(np.zeros((2, 3), "int32"))
    >>> vectors.shape, layer(vectors, reverse=True).shape
    ((2, 3, 8), (2, 3, 100))

    Source: Press and Wolf (2017), Using the output embedding to improve language models.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        reverse_dtype: str | None = None,
        logit_soft_cap: float | None = None,
        quantization_config: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(input_dim, output_dim, embeddings_initializer, embeddings_regularizer, embeddings_constraint,
                         mask_zero, quantization_config=quantization_config, **options)  # fmt: skip
        self.tie_weights = tie_weights
        self.reverse_dtype = reverse_dtype
        self.logit_soft_cap = logit_soft_cap

    def build(self, input_shape: Any = None) -> None:
        """Make the table, or both tables."""
        super().build(input_shape)
        if not self.tie_weights:
            self._add_main_weight("reverse_embeddings", (self.output_dim, self.input_dim), self.embeddings_initializer)

    @property
    def reverse_embeddings(self) -> Any:
        """The table (output_dim, input_dim) of scores, where it is one of its own."""
        if "_reverse_embeddings" not in self.__dict__:
            raise AttributeError(f"{self.describe()} has no reverse_embeddings; it scores by its one table")
        return self._reverse_embeddings

    def _quantized_names(self) -> tuple[str, ...]:
        return ("embeddings",) if self.tie_weights else ("embeddings", "reverse_embeddings")

    def _shared_axes(self, name: str) -> tuple[int, ...]:
        return (0,) if name == "reverse_embeddings" else (-1,)

    def call(self, inputs: Any, reverse: bool = False) -> Any:
        """Return the vectors of numbers, or the scores of vectors."""
        if not reverse:
            return super().call(inputs)
        values = ops.cast(inputs, self.reverse_dtype or self.compute_dtype)
        if self.quantization_mode is None:
            table = ops.transpose(self.embeddings) if self.tie_weights else self.reverse_embeddings
            scores = ops.matmul(values, ops.cast(table, values.dtype))
        else:
            scores = self._quantized_scores(values)
        cap = self.logit_soft_cap
        return scores if cap is None else ops.tanh(scores / cap) * cap

    def _quantized_scores(self, values: Any) -> Any:
        name = "embeddings" if self.tie_weights else "reverse_embeddings"

        def turned(table: Any) -> Any:
            return ops.transpose(table) if self.tie_weights else table

        def product(whole: Any, scale: Any) -> Any:
            return self._unscaled(ops.matmul, whole, scale, turned(getattr(self, f"_{name}")), getattr(self, f"{name}_scale"))

        scores = self._with_inputs_gradient(
            product, values, name, -1, lambda g, table: ops.matmul(g, ops.transpose(turned(table)))
        )
        if self.lora_enabled and self.tie_weights:
            left, right = self._factors()
            scores = ops.add(scores, self._low_rank_product(ops.matmul(values, ops.transpose(right)), ops.transpose(left)))
        return scores

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where the number is not 0, if 0 is padding; scores have none."""
        return super().compute_mask(inputs) if inputs.dtype in ("int32", "int64") else None

    def compute_output_spec(self, inputs: Any, reverse: bool = False) -> Any:
        """Return a placeholder of the vectors or of the scores."""
        return Tensor.symbolic(self.compute_output_shape(inputs.shape, reverse), self.compute_dtype)

    def compute_output_shape(self, input_shape: Any, reverse: bool = False) -> Any:
        """Return the input shape with output_dim added, or with input_dim last."""
        return (*input_shape[:-1], self.input_dim) if reverse else super().compute_output_shape(input_shape)
