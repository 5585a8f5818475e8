"""Attention with dot products or sums."""

from __future__ import annotations

from typing import Any

from pipekeras import ops, random
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.attention.masks import causal_mask, join
from pipekeras.layers.base.arguments import choice, fraction
from pipekeras.layers.base.layer import Layer


@register("layer")
class Attention(Layer):
    """Dot-product attention: each query gets the mean of the values, weighted by how well their keys fit.

    Formula: y = softmax(q k^T) v; with score_mode "concat", the scores are sum tanh(q + k).

    Args:
        use_scale: bool, default False; whether a learnt factor multiplies the scores.
        score_mode: "dot" (default) or "concat".
        dropout: float, 0 to 1, default 0; share of the weights that is dropped while training.
        seed: int or None.
        **options: name, trainable, dtype.

    Input shape -> output shape: list of query (batch, queries, dim), value (batch, values, dim) and maybe key
    (batch, values, dim) -> (batch, queries, dim). The call also takes mask (a list for query and value),
    return_attention_scores and use_causal_mask.

    Raises:
        ShapeError: not two or three inputs.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Attention()([np.zeros((2, 4, 8)), np.zeros((2, 6, 8))]).shape
    (2, 4, 8)

    Source: Luong et al., Effective approaches to attention-based neural machine translation, 2015.
    """

    def __init__(
        self, use_scale: bool = False, score_mode: str = "dot", dropout: float = 0.0, seed: int | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.use_scale = use_scale
        self.score_mode = choice(self, "score_mode", score_mode, ("dot", "concat"))
        self.dropout = fraction(self, "dropout", dropout)
        self.seed = seed
        if self.dropout > 0:
            self.seed_generator = random.SeedGenerator(seed=seed)
        self.scale: Any = None
        self.concat_score_weight: Any = None
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the factors of the scores, if there are any."""
        self._check(input_shape)
        if self.use_scale:
            self.scale = self.add_weight(shape=(), initializer="ones", name="scale")
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight(shape=(), initializer="ones", name="concat_score_weight")

    def _check(self, inputs: Any) -> None:
        if not isinstance(inputs, list | tuple) or len(inputs) not in (2, 3):
            raise ShapeError(
                f"{self.describe()} needs a list of 2 or 3 tensors",
                mend="write layer([query, value]) or layer([query, value, key])",
            )

    def scores(self, query: Any, key: Any) -> Any:
        """Return how well each key fits each query: (batch, queries, values)."""
        if self.score_mode == "dot":
            found = ops.matmul(query, ops.swapaxes(key, -2, -1))
            return found if self.scale is None else found * self.scale
        both = ops.expand_dims(query, -2) + ops.expand_dims(key, -3)
        if self.scale is not None:
            both = self.scale * both
        return self.concat_score_weight * ops.sum(ops.tanh(both), axis=-1)

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: Any = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        """Return the attended values, and the weights if asked for."""
        self._check(inputs)
        query, value = inputs[0], inputs[1]
        key = inputs[2] if len(inputs) > 2 else value
        if self._attends_at_once(query, training, return_attention_scores):
            return self._hidden(self._attend_at_once(query, value, key, mask, use_causal_mask), mask)
        scores = self.scores(query, key)
        valid = None
        if mask is not None and mask[1] is not None:
            valid = ops.expand_dims(mask[1], -2)
        if use_causal_mask:
            valid = join(valid, causal_mask(query, key))
        if valid is not None:
            lowest = 65504.0 if scores.dtype == "float16" else 1.0e9
            scores = ops.where(valid, scores, scores - lowest)
        weights = ops.softmax(scores, axis=-1)
        if training and self.dropout > 0:
            weights = random.dropout(weights, self.dropout, seed=self.seed_generator)
        outputs = self._hidden(ops.matmul(weights, value), mask)
        return (outputs, weights) if return_attention_scores else outputs

    def _attends_at_once(self, query: Any, training: Any, return_attention_scores: bool) -> bool:
        """Return whether one op takes the call: the weights are neither seen nor dropped out of."""
        hidden = not return_attention_scores and (self.dropout == 0 or not training)
        return hidden and type(self).scores is Attention.scores and self.score_mode == "dot" and query.ndim == 3

    def _attend_at_once(self, query: Any, value: Any, key: Any, mask: Any, causal: bool) -> Any:
        """Return the attended values by one op, as a single head."""
        heads = [ops.expand_dims(item, 2) for item in (query if self.scale is None else query * self.scale, key, value)]
        valid = None if mask is None or mask[1] is None else ops.expand_dims(mask[1], (1, 2))
        return ops.squeeze(ops.dot_product_attention(*heads, mask=valid, scale=1.0, is_causal=causal), 2)

    @staticmethod
    def _hidden(outputs: Any, mask: Any) -> Any:
        """Return zeros where the query is masked."""
        if mask is None or mask[0] is None:
            return outputs
        return ops.where(ops.expand_dims(mask[0], -1), outputs, 0.0)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the query's mask."""
        return None if previous_mask is None else previous_mask[0]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (batch, queries, size of a value)."""
        self._check(input_shape)
        return (*input_shape[0][:-1], input_shape[1][-1])

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return placeholders of the outputs."""
        inputs = args[0] if args else kwargs["inputs"]
        shapes = [tuple(tensor.shape) for tensor in inputs]
        outputs = Tensor.symbolic(self.compute_output_shape(shapes), self.compute_dtype)
        if not kwargs.get("return_attention_scores"):
            return outputs
        return outputs, Tensor.symbolic((*shapes[0][:-1], shapes[-1][-2]), self.compute_dtype)


@register("layer")
class AdditiveAttention(Attention):
    """Additive attention: scores are learnt sums of tanh of query plus key.

    Formula: y = softmax(sum scale tanh(q + k)) v.

    Args:
        use_scale: bool, default True; whether a learnt factor for each feature multiplies the sums.
        dropout: float, 0 to 1, default 0; share of the weights that is dropped while training.
        **options: name, trainable, dtype, seed.

    Input shape -> output shape: list of query (batch, queries, dim), value (batch, values, dim) and maybe key
    (batch, values, dim) -> (batch, queries, dim).

    Raises:
        ShapeError: not two or three inputs.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AdditiveAttention()([np.zeros((2, 4, 8)), np.zeros((2, 6, 8))]).shape
    (2, 4, 8)

    Source: Bahdanau et al., Neural machine translation by jointly learning to align and translate, 2015.
    """

    def __init__(self, use_scale: bool = True, dropout: float = 0.0, **options: Any) -> None:
        super().__init__(use_scale=use_scale, dropout=dropout, **options)

    def build(self, input_shape: Any) -> None:
        """Make the factors of the features, if there are any."""
        self._check(input_shape)
        if self.use_scale:
            self.scale = self.add_weight(shape=(input_shape[0][-1],), initializer="glorot_uniform", name="scale")

    def scores(self, query: Any, key: Any) -> Any:
        """Return how well each key fits each query: (batch, queries, values)."""
        found = ops.tanh(ops.expand_dims(query, -2) + ops.expand_dims(key, -3))
        return ops.sum(found if self.scale is None else self.scale * found, axis=-1)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "seed": self.seed}
