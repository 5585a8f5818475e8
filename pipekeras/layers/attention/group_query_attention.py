"""Attention whose heads share keys and values in groups."""

from __future__ import annotations

import math
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.activation.rectifiers import Softmax
from pipekeras.layers.attention.multi_head_attention import HeadedAttention
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.regularization.dropout import Dropout


@register("layer", name="GroupQueryAttention", aliases=("GroupedQueryAttention",))
class GroupedQueryAttention(HeadedAttention):
    """Attention in several heads, groups of which share one projection of keys and values.

    Formula: head_i = softmax(q_i k_g(i)^T / sqrt(head_dim)) v_g(i); y = [head_1, head_2, ...] W + b.

    Args:
        head_dim: int, size of a query, key and value in a head.
        num_query_heads: int, number of heads.
        num_key_value_heads: int, number of groups; a divisor of num_query_heads.
        dropout: float, 0 to 1, default 0; share of the weights that is dropped while training.
        use_bias: bool, default True; whether the projections have a bias.
        sliding_window: int or None; how far a query looks.
        flash_attention: accepted for scripts that set it.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        use_gate: bool, default False; whether a sigmoid gate of the query multiplies the heads.
        seed: int or None.
        **options: name, trainable, dtype.

    Input shape -> output shape: query (batch, queries, dim), value (batch, values, dim) and maybe key
    (batch, values, dim) -> (batch, queries, dim).

    Raises:
        ConfigurationError: num_key_value_heads does not divide num_query_heads.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.GroupQueryAttention(4, 6, 3)(np.zeros((1, 8, 16)), np.zeros((1, 4, 16))).shape
    (1, 8, 16)

    Source: Ainslie et al., GQA: training generalized multi-query transformer models, 2023.
    """

    hidden_config = ("flash_attention",)

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
        sliding_window: int | None = None,
        flash_attention: Any = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        use_gate: bool = False,
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **options)
        self.head_dim = whole_number(self, "head_dim", head_dim)
        self.num_query_heads = whole_number(self, "num_query_heads", num_query_heads)
        self.num_key_value_heads = whole_number(self, "num_key_value_heads", num_key_value_heads)
        if self.num_query_heads % self.num_key_value_heads:
            raise ConfigurationError(
                f"GroupQueryAttention: num_key_value_heads={num_key_value_heads} must divide num_query_heads={num_query_heads}"
            )
        self._start(
            dropout, use_bias, sliding_window, flash_attention, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint, use_gate, seed,
        )  # fmt: skip

    @property
    def heads(self) -> int:
        """Number of heads of the query."""
        return self.num_query_heads

    @property
    def key_size(self) -> int:
        """Features of a query and of a key in a head."""
        return self.head_dim

    def build(self, query_shape: Any, value_shape: Any, key_shape: Any = None) -> None:
        """Make the projections."""
        key_shape = value_shape if key_shape is None else key_shape
        many, few = (None, self.num_query_heads, self.head_dim), (None, self.num_key_value_heads, self.head_dim)
        self._query_dense = self.projection("bqm,muh->bquh", many, "uh", "query")
        self._query_dense.build(query_shape)
        self._key_dense = self.projection("bkm,mvh->bkvh", few, "vh", "key")
        self._key_dense.build(key_shape)
        if self.use_gate:
            self._gate_dense = self.projection("bqm,muh->bquh", many, "uh", "gate", "sigmoid")
            self._gate_dense.build(query_shape)
        self._value_dense = self.projection("bkm,mvh->bkvh", few, "vh", "value")
        self._value_dense.build(value_shape)
        self._softmax = Softmax(axis=-1, dtype=self.dtype_policy)
        self._dropout_layer = Dropout(self.dropout, dtype=self.dtype_policy, seed=self.seed)
        self._output_dense = self.projection("bquh,uhm->bqm", (None, query_shape[-1]), "m", "attention_output")
        self._output_dense.build((None, None, self.num_query_heads, self.head_dim))

    def attend(self, query: Any, value: Any, key: Any, mask: Any, training: Any) -> tuple[Any, Any]:
        """Return the attended values in heads, and the weights."""
        repeats = self.num_query_heads // self.num_key_value_heads
        keys = ops.repeat(self._key_dense(key), repeats, axis=2)
        values = ops.repeat(self._value_dense(value), repeats, axis=2)
        queries = self._query_dense(query) * (1.0 / math.sqrt(self.head_dim))
        scores = ops.einsum("bquh,bkuh->buqk", queries, keys)
        if mask is not None:
            for _ in range(scores.ndim - mask.ndim):
                mask = ops.expand_dims(mask, -3)
        weights = self._softmax(scores, mask=mask) if mask is not None else self._softmax(scores)
        dropped = self._dropout_layer(weights, training=training) if self.dropout > 0 else weights
        return ops.einsum("buqk,bkuh->bquh", dropped, values), weights
