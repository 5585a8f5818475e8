"""Circle loss: pulling samples of one class together and classes apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.nn.losses.base import NamedLoss


@register("loss")
def circle(
    y_true: Any,
    y_pred: Any,
    ref_labels: Any = None,
    ref_embeddings: Any = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Tensor:
    """Loss of embeddings by how alike samples of the same and of other classes are.

    Formula: softplus(logsumexp(gamma * wn * (d - 1 + margin)...) + logsumexp(...)) over the pairs of a sample with
    others of its class and of other classes, d the cosine distance, each pair weighted by how far it is from its aim.

    Args:
        y_true: tensor of shape (batch,), class numbers.
        y_pred: tensor of shape (batch, size), vectors of length 1.
        ref_labels: tensor of shape (references,) or None, default y_true.
        ref_embeddings: tensor of shape (references, size) or None, default y_pred.
        remove_diagonal: bool, default True. Leave out the pair of a sample with itself.
        gamma: float, default 80. Scale.
        margin: float, default 0.4. How far from their aims pairs may stay.

    Returns: tensor of shape (batch,); samples without loss are masked.

    >>> float(circle([0, 1], [[1.0, 0.0], [0.0, 1.0]])[0])
    0.0

    Source: Sun et al., 2020, Circle loss: a unified perspective of pair similarity optimization.
    """
    y_pred = convert(y_pred)
    y_true = ops.reshape(ops.cast(y_true, "int32"), (-1, 1))
    embeddings = y_pred if ref_embeddings is None else convert(ref_embeddings, y_pred.dtype)
    labels = y_true if ref_labels is None else ops.reshape(ops.cast(ref_labels, "int32"), (-1, 1))
    distance: Any = ops.maximum(1.0 - ops.matmul(y_pred, ops.transpose(embeddings)), 0.0)
    same = ops.equal(y_true, ops.transpose(labels))
    other = ops.logical_not(same)
    if remove_diagonal:
        same = ops.logical_and(same, ops.logical_not(ops.eye(y_true.shape[0], labels.shape[0], dtype="bool")))
    attracting = ops.maximum(distance + margin, 0.0) * (distance - margin) * gamma
    repelling = ops.maximum(1 + margin - distance, 0.0) * (1 - margin - distance) * gamma
    infinite = float(np.inf)
    positive = ops.logsumexp(ops.where(same, attracting, -infinite), axis=1)
    negative = ops.logsumexp(ops.where(other, repelling, -infinite), axis=1)
    losses = ops.softplus(positive + negative)
    losses.mask = losses > 0
    return losses


@register("loss")
class Circle(NamedLoss):
    """`circle` as a loss object, reduced over the batch.

    Args:
        gamma: float, default 80.0. Scale.
        margin: float, default 0.4. How far from their aims pairs may stay.
        remove_diagonal: bool, default True. Leave out the pair of a sample with itself.
        reduction: str or None, default "sum_over_batch_size"; or "sum", "mean_with_sample_weight", "none".
        name: str or None, default "circle". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(Circle()([0, 1], [[1.0, 0.0], [0.0, 1.0]])), 4)
    0.0
    """

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "circle",
        dtype: Any = None,
    ) -> None:
        super().__init__(circle, reduction, name, dtype, gamma=gamma, margin=margin, remove_diagonal=remove_diagonal)
        self.gamma = gamma
        self.margin = margin
        self.remove_diagonal = remove_diagonal

    def _convert_true(self, value: Any) -> Tensor:
        # Class numbers stay whole: a float of 32 bits would not hold them all.
        return convert(value)
