"""The probability of a label sequence over all alignments in time."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ShapeError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import negative
from pipekeras.ops.comparison import cast, equal, greater, logical_and, not_equal, where
from pipekeras.ops.creation import arange, full
from pipekeras.ops.define import public
from pipekeras.ops.indexing import one_hot
from pipekeras.ops.joining import concatenate, stack
from pipekeras.ops.linear import matmul
from pipekeras.ops.mathematics import logaddexp
from pipekeras.ops.neural import log_softmax
from pipekeras.ops.reduction import sum
from pipekeras.ops.shaping import expand_dims, reshape, transpose

# Logarithm of a probability that counts as none; finite, so that gradients are.
_NEVER = -1e5


@public
def ctc_loss(target: Any, output: Any, target_length: Any, output_length: Any, mask_index: int = 0) -> Tensor:
    """Negative logarithm of the probability of labels over all ways to place them in time (Graves et al. 2006).

    The forward recursion runs over the labels with blanks between them, in logarithms.

    Args:
        target: tensor of shape (batch, labels), class numbers.
        output: tensor of shape (batch, time, classes), logits.
        target_length: tensor of shape (batch,), number of labels that count.
        output_length: tensor of shape (batch,), number of time steps that count.
        mask_index: int, the class of the blank, default 0.

    >>> from pipekeras import ops
    >>> ops.ctc_loss([[1]], [[[0.0, 0.0], [0.0, 0.0]]], [1], [2]).numpy().round(4)
    array([0.2877], dtype=float32)
    """
    target, output = cast(target, "int32"), convert(output)
    if target.ndim != 2 or output.ndim != 3 or None in (*target.shape, *output.shape):
        raise ShapeError(f"ctc_loss needs shapes (batch, labels), (batch, time, classes); got {target.shape}, {output.shape}")
    batch, labels = target.shape
    _, times, classes = output.shape
    assert batch is not None and labels is not None and times is not None and classes is not None
    target_length, output_length = cast(target_length, "int32"), cast(output_length, "int32")
    blanks = full((batch, labels), mask_index, "int32")
    states: Any = concatenate([reshape(stack([blanks, target], 2), (batch, 2 * labels)), blanks[:, :1]], 1)
    count = 2 * labels + 1
    # Emissions of each state: (batch, states, time).
    log_probabilities = transpose(log_softmax(output), (0, 2, 1))
    emissions: Any = matmul(one_hot(states, classes, dtype=output.dtype), log_probabilities)
    position: Any = arange(count, dtype="int32")
    never = full((batch, 1), _NEVER, output.dtype)
    # A step over a blank is open between different labels only.
    before = concatenate([full((batch, 2), mask_index, "int32"), states[:, :-2]], 1) if count > 2 else blanks[:, :1]
    skips = logical_and(not_equal(states, mask_index), not_equal(states, before))
    alpha: Any = where(position < 2, emissions[:, :, 0], _NEVER)
    for time in range(1, times):
        from_one = concatenate([never, alpha[:, :-1]], 1)
        reached = logaddexp(alpha, from_one)
        if count > 2:
            from_two = where(skips, concatenate([never, never, alpha[:, :-2]], 1), _NEVER)
            reached = logaddexp(reached, from_two)
        running = expand_dims(greater(output_length, time), 1)
        alpha = where(running, reached + emissions[:, :, time], alpha)
    last: Any = expand_dims(target_length * 2, 1)
    ends_blank = sum(where(equal(position, last), alpha, 0.0), 1)
    ends_label = where(equal(target_length, 0), _NEVER, sum(where(equal(position, last - 1), alpha, 0.0), 1))
    return negative(logaddexp(ends_blank, ends_label))
