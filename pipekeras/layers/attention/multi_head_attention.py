"""Attention in several heads at once."""

from __future__ import annotations

import math
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.activation.rectifiers import Softmax
from pipekeras.layers.attention.masks import causal_mask, join, joined_masks, without_masks
from pipekeras.layers.base.arguments import fraction, whole_number
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.core.einsum_dense import EinsumDense
from pipekeras.layers.regularization.dropout import Dropout
from pipekeras.nn import constraints, initializers, regularizers

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class HeadedAttention(Layer):
    """Base of attention in heads: settings of the projections, and the call."""

    def _start(
        self,
        dropout: float,
        use_bias: bool,
        sliding_window: int | None,
        flash_attention: Any,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        bias_regularizer: Any,
        kernel_constraint: Any,
        bias_constraint: Any,
        use_gate: bool,
        seed: int | None,
    ) -> None:
        self.dropout = fraction(self, "dropout", dropout)
        self.use_bias = use_bias
        self.sliding_window = (
            None if sliding_window is None else whole_number(self, "sliding_window", sliding_window)
        )
        if flash_attention and dropout > 0:
            raise ConfigurationError(f"{type(self).__name__}: flash_attention takes no dropout")
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.use_gate = use_gate
        self.seed = seed
        self.supports_masking = True

    def projection(self, equation: str, output_shape: Any, bias_axes: str, name: str, activation: Any = None) -> EinsumDense:
        """Return a dense layer that maps features to heads or back."""
        return EinsumDense(
            equation,
            output_shape=output_shape,
            bias_axes=bias_axes if self.use_bias else None,
            activation=activation,
            kernel_initializer=_fresh(self.kernel_initializer),
            bias_initializer=_fresh(self.bias_initializer),
            kernel_regularizer=self.kernel_regularizer,
            bias_regularizer=self.bias_regularizer,
            activity_regularizer=self.activity_regularizer,
            kernel_constraint=self.kernel_constraint,
            bias_constraint=self.bias_constraint,
            dtype=self.dtype_policy,
            name=name,
        )

    def attend(self, query: Any, value: Any, key: Any, mask: Any, training: Any) -> tuple[Any, Any]:
        """Return the attended values in heads, and the weights; a query that may look at nothing has weights of zero."""
        raise NotImplementedError

    @property
    def key_size(self) -> int:
        """Features of a query and of a key in a head."""
        raise NotImplementedError

    def _attend_at_once(self, query: Any, value: Any, key: Any, mask: Any, causal: bool) -> Any:
        """Return the attended values in heads by one op."""
        return ops.dot_product_attention(
            self._query_dense(query),
            self._key_dense(key),
            self._value_dense(value),
            mask=None if mask is None else ops.expand_dims(mask, -3),
            scale=1.0 / math.sqrt(self.key_size),
            is_causal=causal,
        )

    def call(
        self,
        query: Any,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: Any = None,
        use_causal_mask: bool = False,
    ) -> Any:
        """Return the attended values, and the weights if asked for."""
        key = value if key is None else key
        mask = joined_masks(query, value, query_mask, value_mask, key_mask, attention_mask, False, self.sliding_window)
        # The matrix of weights is only made where somebody sees it or drops out of it. As in Keras, a query that may look at
        # nothing has equal weights in the one way and none in the other.
        dropping = self.dropout > 0 and (bool(training) or mask is not None)
        at_once = query.ndim == 3 and not return_attention_scores and not dropping
        if use_causal_mask and not at_once:
            mask = join(mask, causal_mask(query, value))
        weights = None
        with without_masks(query, value, key):
            if at_once:
                heads = self._attend_at_once(query, value, key, mask, use_causal_mask)
            else:
                heads, weights = self.attend(query, value, key, mask, training)
            if self.use_gate:
                heads = heads * self._gate_dense(query)
        outputs = self._output_dense(heads)
        outputs.mask = query_mask
        return (outputs, weights) if return_attention_scores else outputs

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the query's mask."""
        return previous_mask[0] if isinstance(previous_mask, list | tuple) else previous_mask

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return placeholders of the outputs."""
        given = dict(zip(("query", "value", "key"), args, strict=False))
        given.update({name: value for name, value in kwargs.items() if name in ("query", "value", "key")})
        query, value = given["query"], given["value"]
        key = given.get("key")
        shape = self.compute_output_shape(query.shape, value.shape, None if key is None else key.shape)
        outputs = Tensor.symbolic(shape, self.compute_dtype)
        if not kwargs.get("return_attention_scores"):
            return outputs
        return outputs, Tensor.symbolic(self.scores_shape(query.shape, value.shape), self.compute_dtype)

    def scores_shape(self, query_shape: Any, value_shape: Any) -> tuple[int | None, ...]:
        """Return the shape of the attention weights: (batch, heads, queries, values)."""
        return (query_shape[0], self.heads, query_shape[1], value_shape[1])

    @property
    def heads(self) -> int:
        """Number of heads of the query."""
        raise NotImplementedError

    def compute_output_shape(self, query_shape: Any, value_shape: Any = None, key_shape: Any = None) -> Any:
        """Return the query's shape."""
        return tuple(query_shape)


def _fresh(initializer: Any) -> Any:
    """Return a copy: equal objects with a seed of their own would start all projections alike."""
    if not hasattr(initializer, "get_config"):
        return initializer
    return type(initializer).from_config(initializer.get_config())


@register("layer")
class MultiHeadAttention(HeadedAttention):
    """Attention in several heads, each with projections of its own.

    Formula: head_i = softmax(q_i k_i^T / sqrt(key_dim)) v_i; y = [head_1, head_2, ...] W + b.

    Args:
        num_heads: int, number of heads.
        key_dim: int, size of a query and a key in a head.
        value_dim: int or None, size of a value in a head, default key_dim.
        dropout: float, 0 to 1, default 0; share of the weights that is dropped while training.
        use_bias: bool, default True; whether the projections have a bias.
        output_shape: int, tuple or None; features of the output, default those of the query.
        attention_axes: int, tuple or None; axes to attend along, default all between batch and features.
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
    (batch, values, dim) -> (batch, queries, dim). The call also takes attention_mask (batch, queries, values),
    return_attention_scores and use_causal_mask.

    Raises:
        ShapeError: value and key differ in length.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.MultiHeadAttention(num_heads=2, key_dim=3)(np.zeros((1, 8, 16)), np.zeros((1, 4, 16))).shape
    (1, 8, 16)

    Source: Vaswani et al., Attention is all you need, 2017.
    """

    hidden_config = ("flash_attention",)

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: Any = None,
        attention_axes: Any = None,
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
        self.num_heads = whole_number(self, "num_heads", num_heads)
        self.key_dim = whole_number(self, "key_dim", key_dim)
        self.value_dim = self.key_dim if not value_dim else whole_number(self, "value_dim", value_dim)
        self._start(
            dropout, use_bias, sliding_window, flash_attention, kernel_initializer, bias_initializer,
            kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint, use_gate, seed,
        )  # fmt: skip
        if output_shape is not None and output_shape:
            output_shape = (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)
        self.__dict__["_features"] = output_shape or None
        if isinstance(attention_axes, int):
            attention_axes = (attention_axes,)
        self.attention_axes = None if attention_axes is None else tuple(attention_axes)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "output_shape": self._features}

    # Keras' files name the four products by these.

    @property
    def query_dense(self) -> Any:
        """The layer that makes queries."""
        return self._query_dense

    @property
    def key_dense(self) -> Any:
        """The layer that makes keys."""
        return self._key_dense

    @property
    def value_dense(self) -> Any:
        """The layer that makes values."""
        return self._value_dense

    @property
    def output_dense(self) -> Any:
        """The layer that brings the heads together."""
        return self._output_dense

    @property
    def heads(self) -> int:
        """Number of heads of the query."""
        return self.num_heads

    @property
    def key_size(self) -> int:
        """Features of a query and of a key in a head."""
        return self.key_dim

    def build(self, query_shape: Any, value_shape: Any, key_shape: Any = None) -> None:
        """Make the projections."""
        key_shape = value_shape if key_shape is None else key_shape
        self._check(value_shape, key_shape)
        self._query_dense = self._into_heads(query_shape, self.key_dim, "query")
        self._key_dense = self._into_heads(key_shape, self.key_dim, "key")
        if self.use_gate:
            self._gate_dense = self._into_heads(query_shape, self.value_dim, "gate", "sigmoid")
        self._value_dense = self._into_heads(value_shape, self.value_dim, "value")
        rank = len(query_shape) + 1
        axes = self.attention_axes or tuple(range(1, rank - 2))
        self.attention_axes = tuple(axis if axis >= 0 else rank - 1 + axis for axis in axes)
        self.__dict__["_equations"] = _attention_equations(rank, self.attention_axes)
        count = len(self.attention_axes)
        self._softmax = Softmax(axis=tuple(range(-count, 0)), dtype=self.dtype_policy)
        self._dropout_layer = Dropout(self.dropout, dtype=self.dtype_policy, seed=self.seed)
        self._make_output(tuple(query_shape))

    def _into_heads(self, shape: Any, size: int, name: str, activation: Any = None) -> EinsumDense:
        free = _LETTERS[: len(shape) - 1]
        bound, head, part = list(_LETTERS[len(shape) - 1 : len(shape) + 2])
        layer = self.projection(
            f"{free}{bound},{bound}{head}{part}->{free}{head}{part}",
            (*[None] * (len(shape) - 2), self.num_heads, size),
            head + part,
            name,
            activation,
        )
        layer.build(shape)
        return layer

    def _make_output(self, query_shape: tuple[Any, ...]) -> None:
        features = self._features or (query_shape[-1],)
        free = _LETTERS[: len(query_shape) - 1]
        head, part = list(_LETTERS[len(query_shape) - 1 : len(query_shape) + 1])
        result = _LETTERS[len(query_shape) + 1 : len(query_shape) + 1 + len(features)]
        self._output_dense = self.projection(
            f"{free}{head}{part},{head}{part}{result}->{free}{result}",
            (*[None] * (len(query_shape) - 2), *features),
            result,
            "attention_output",
        )
        self._output_dense.build((*query_shape[:-1], self.num_heads, self.value_dim))

    def _check(self, value_shape: Any, key_shape: Any) -> None:
        if tuple(value_shape[1:-1]) != tuple(key_shape[1:-1]):
            raise ShapeError(
                f"{self.describe()} needs values and keys of one length; got {tuple(value_shape)} and {tuple(key_shape)}"
            )

    def attend(self, query: Any, value: Any, key: Any, mask: Any, training: Any) -> tuple[Any, Any]:
        """Return the attended values in heads, and the weights."""
        product, combine = self._equations
        scores = ops.einsum(
            product, self._key_dense(key), self._query_dense(query) * (1.0 / math.sqrt(self.key_dim))
        )
        if mask is not None:
            count = len(self.attention_axes or ())
            for _ in range(scores.ndim - mask.ndim):
                mask = ops.expand_dims(mask, -count * 2 - 1)
        weights = self._softmax(scores, mask=mask) if mask is not None else self._softmax(scores)
        dropped = self._dropout_layer(weights, training=training) if self.dropout > 0 else weights
        return ops.einsum(combine, dropped, self._value_dense(value)), weights

    def scores_shape(self, query_shape: Any, value_shape: Any) -> tuple[int | None, ...]:
        """Return the shape of the attention weights: axes not attended along, heads, queries, values."""
        rank = len(query_shape)
        axes = [axis % rank for axis in self.attention_axes or range(1, rank - 1)]
        common = [query_shape[axis] for axis in range(1, rank - 1) if axis not in axes]
        queries, values = [query_shape[axis] for axis in axes], [value_shape[axis] for axis in axes]
        return (query_shape[0], *common, self.heads, *queries, *values)

    def compute_output_shape(self, query_shape: Any, value_shape: Any = None, key_shape: Any = None) -> Any:
        """Return the query's shape, with the output's features."""
        if value_shape is not None and key_shape is not None:
            self._check(value_shape, key_shape)
        if self._features:
            return (*query_shape[:-1], *self._features)
        return tuple(query_shape)


def _attention_equations(rank: int, axes: tuple[int, ...]) -> tuple[str, str]:
    """Return the equations of scores (key, query) and of the weighted sum (weights, value).

    Tensors are (batch, ..., heads, features); `axes` are attended along, all other ones are common.
    """
    target = _LETTERS[:rank]
    spare = iter(_LETTERS[rank:])
    source = "".join(next(spare) if axis in axes else letter for axis, letter in enumerate(target))
    common = "".join(letter for axis, letter in enumerate(target) if axis not in axes and axis != rank - 1)
    scores = common + "".join(target[axis] for axis in axes) + "".join(source[axis] for axis in axes)
    return f"{source},{target}->{scores}", f"{scores},{source}->{target}"
