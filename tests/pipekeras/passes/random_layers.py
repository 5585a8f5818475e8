"""What layers are made of, for random graphs: windows, attention, recurrence, order, branches; with `ops` and in NumPy.

Every function takes a matrix (rows, width) and gives one of the same shape.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.ops.define import OPERATIONS

NAMES = ("convolved", "by_channel", "grouped", "pooled", "averaged", "attended", "recurrent", "sorted", "segments", "taken",
         "switched", "repeated")  # fmt: skip
"""The functions of both classes."""

TAPS = (0.5, 1.0, -0.25)


class WithOps:
    """The functions as the library computes them."""

    @staticmethod
    def convolved(x: Any, other: Any, weights: Any, index: Any) -> Any:
        kernel = ops.stack([weights * tap for tap in TAPS])
        return ops.conv(ops.expand_dims(x, 0), kernel, padding="same")[0]

    @staticmethod
    def by_channel(x: Any, other: Any, weights: Any, index: Any) -> Any:
        kernel = ops.expand_dims(ops.stack([weights[0] * tap for tap in TAPS]), -1)
        return ops.depthwise_conv(ops.expand_dims(x, 0), kernel, padding="same", dilation_rate=2)[0]

    @staticmethod
    def grouped(x: Any, other: Any, weights: Any, index: Any) -> Any:
        # Two groups of as many channels: the matrix beside itself, each half with weights of its own.
        both = ops.expand_dims(ops.concatenate([x, other], 1), 0)
        kernel = ops.stack([ops.concatenate([weights * tap, weights * (1.0 - tap)], 1) for tap in TAPS])
        found = ops.conv(both, kernel, padding="same")[0]
        return found[:, : x.shape[1]] + found[:, x.shape[1] :] * 0.5

    @staticmethod
    def pooled(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return ops.max_pool(ops.expand_dims(x, 0), 2, 1, "same")[0]

    @staticmethod
    def averaged(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return ops.average_pool(ops.expand_dims(x, 0), 3, 1, "same")[0]

    @staticmethod
    def attended(x: Any, other: Any, weights: Any, index: Any) -> Any:
        query, key, value = (ops.reshape(item, (1, x.shape[0], 1, x.shape[1])) for item in (x, other, ops.sin(other)))
        return ops.dot_product_attention(query, key, value)[0, :, 0]

    @staticmethod
    def recurrent(x: Any, other: Any, weights: Any, index: Any) -> Any:
        state = ops.expand_dims(other[0], 0)
        states = OPERATIONS["simple_sequence"](
            ops.expand_dims(x, 0), weights, weights * 0.5, weights[0], state, backwards=False
        )
        return states[0, 1:]

    @staticmethod
    def sorted(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return ops.sort(x, axis=0) * 0.75

    @staticmethod
    def segments(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return ops.segment_sum(x, index, x.shape[0])

    @staticmethod
    def taken(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return ops.cond(index[0] > index[1], lambda: ops.tanh(ops.matmul(x, weights)), lambda: x * other * 0.5)

    @staticmethod
    def switched(x: Any, other: Any, weights: Any, index: Any) -> Any:
        def halving(a: Any) -> Any:
            return ops.scan(lambda carry, row: (carry * 0.5, carry + row), a[0], a)[1]

        return ops.switch(index[0], [ops.sin, lambda a: a - other, halving], x)

    @staticmethod
    def repeated(x: Any, other: Any, weights: Any, index: Any) -> Any:
        limit = index[0] % 4
        return ops.while_loop(lambda n, c: n < limit, lambda n, c: (n + 1, ops.tanh(c) + 0.1 * other), (0, x), 5)[1]


def _beside(x: np.ndarray, move: int, filler: float = 0.0) -> np.ndarray:
    """Return each row's neighbour so many rows on."""
    result = np.full_like(x, filler)
    for row in range(len(x)):
        if 0 <= row + move < len(x):
            result[row] = x[row + move]
    return result


class InNumPy:
    """The same functions, written again."""

    @staticmethod
    def convolved(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return sum(_beside(x, move) @ (weights * tap) for move, tap in zip((-1, 0, 1), TAPS, strict=True))

    @staticmethod
    def by_channel(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return sum(_beside(x, move) * weights[0] * tap for move, tap in zip((-2, 0, 2), TAPS, strict=True))

    @staticmethod
    def grouped(x: Any, other: Any, weights: Any, index: Any) -> Any:
        moves = list(zip((-1, 0, 1), TAPS, strict=True))
        first = sum(_beside(x, move) @ (weights * tap) for move, tap in moves)
        return first + 0.5 * sum(_beside(other, move) @ (weights * (1.0 - tap)) for move, tap in moves)

    @staticmethod
    def pooled(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return np.maximum(x, _beside(x, 1, -np.inf))

    @staticmethod
    def averaged(x: Any, other: Any, weights: Any, index: Any) -> Any:
        count = sum(_beside(np.ones_like(x), move) for move in (-1, 0, 1))
        return sum(_beside(x, move) for move in (-1, 0, 1)) / count

    @staticmethod
    def attended(x: Any, other: Any, weights: Any, index: Any) -> Any:
        scores = x @ other.T / np.sqrt(x.shape[1])
        powers = np.exp(scores - scores.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True) @ np.sin(other)

    @staticmethod
    def recurrent(x: Any, other: Any, weights: Any, index: Any) -> Any:
        state, states = other[0], []
        for row in x:
            state = np.tanh(row @ weights + state @ (weights * 0.5) + weights[0])
            states.append(state)
        return np.stack(states)

    @staticmethod
    def sorted(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return np.sort(x, axis=0) * 0.75

    @staticmethod
    def segments(x: Any, other: Any, weights: Any, index: Any) -> Any:
        result = np.zeros_like(x)
        np.add.at(result, index, x)
        return result

    @staticmethod
    def taken(x: Any, other: Any, weights: Any, index: Any) -> Any:
        return np.tanh(x @ weights) if index[0] > index[1] else x * other * 0.5

    @staticmethod
    def switched(x: Any, other: Any, weights: Any, index: Any) -> Any:
        if index[0] < 2:
            return np.sin(x) if index[0] == 0 else x - other
        return np.stack([x[0] * 0.5**place + row for place, row in enumerate(x)])

    @staticmethod
    def repeated(x: Any, other: Any, weights: Any, index: Any) -> Any:
        for _ in range(index[0] % 4):
            x = np.tanh(x) + 0.1 * other
        return x
