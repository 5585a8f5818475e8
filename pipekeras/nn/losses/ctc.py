"""Connectionist temporal classification: labels without times."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.nn.losses.base import NamedLoss


@register("loss")
def ctc(y_true: Any, y_pred: Any) -> Tensor:
    """Negative logarithm of the probability of a label sequence over all ways to place it in time.

    Args:
        y_true: tensor of shape (batch, label length), class numbers from 1; 0 fills up short labels.
        y_pred: tensor of shape (batch, time, classes), logits; class 0 is the blank.

    Returns: tensor of shape (batch,).

    Raises:
        ShapeError: The shapes have other ranks.

    >>> round(float(ctc([[1]], [[[0.0, 0.0], [0.0, 0.0]]])[0]), 4)
    0.2877

    Source: Graves et al., 2006, Connectionist temporal classification.
    """
    y_true, y_pred = convert(y_true), convert(y_pred)
    if len(y_true.shape) != 2 or len(y_pred.shape) != 3:
        raise ShapeError(
            "ctc needs labels of shape (batch, length) and logits of shape (batch, time, classes); "
            f"got {y_true.shape} and {y_pred.shape}"
        )
    times = ops.full((y_pred.shape[0],), y_pred.shape[1], dtype="int32")
    lengths = ops.sum(ops.cast(ops.not_equal(y_true, 0), "int32"), axis=-1)
    return ops.ctc_loss(y_true, y_pred, lengths, times, mask_index=0)


@register("loss")
class CTC(NamedLoss):
    """`ctc` as a loss object, reduced over the batch.

    Args:
        reduction: str or None, default "sum_over_batch_size". How the losses of the samples become one number.
        name: str or None, default "ctc". Name in logs.
        dtype: str or None, default None. Type in which the loss is computed.

    >>> round(float(CTC()([[1]], [[[0.0, 0.0], [0.0, 0.0]]])), 4)
    0.2877
    """

    def __init__(self, reduction: str | None = "sum_over_batch_size", name: str | None = "ctc", dtype: Any = None) -> None:
        super().__init__(ctc, reduction, name, dtype)

    def _convert_true(self, value: Any) -> Tensor:
        return convert(value)
