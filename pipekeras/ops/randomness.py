"""Random numbers from a counter: bits are a function of a key and a position, so any thread can make any of them.

The generator is Philox 4x32 with ten rounds (Salmon, Moraes, Dror, Shaw 2011). Element i of a draw is word i mod 4 of
the block with counter (i div 4, draw number) under the key of the seed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Shape, Tensor
from pipekeras.ops.arithmetic import clip
from pipekeras.ops.comparison import cast
from pipekeras.ops.define import primitive
from pipekeras.ops.mathematics import cos, log, sqrt

_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)


def philox(key: np.ndarray, counter: np.ndarray) -> np.ndarray:
    """Return the four words of each block: `key` holds 2 words, `counter` has shape (4, n)."""
    c0, c1, c2, c3 = (counter[i].astype(np.uint64) for i in range(4))
    k0, k1 = int(key[0]), int(key[1])
    for _ in range(10):
        first, second = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (
            (second >> np.uint64(32)) ^ c1 ^ np.uint64(k0),
            second & _LOW,
            (first >> np.uint64(32)) ^ c3 ^ np.uint64(k1),
            first & _LOW,
        )
        k0, k1 = (k0 + _WEYL[0]) & 0xFFFFFFFF, (k1 + _WEYL[1]) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3]).astype(np.uint32)


def _infer_bits(seed: Tensor, draw: Tensor, shape: Shape) -> Spec:
    return Spec(tuple(shape), "uint32")


@primitive(_infer_bits, None, "generate", emit=lambda e, seed, draw, index: e.random_word(seed, draw, index))
def _random_bits(seed: Any, draw: Any, shape: tuple[int, ...]) -> Any:
    """Return 32 random bits for each element; seed and number of the draw are unsigned scalars."""
    size = math.prod(shape)
    blocks = -(-size // 4)
    counter = np.zeros((4, blocks), np.uint64)
    counter[0] = np.arange(blocks, dtype=np.uint64) & _LOW
    counter[1] = np.arange(blocks, dtype=np.uint64) >> np.uint64(32)
    counter[2] = np.uint64(draw) & _LOW
    counter[3] = np.uint64(draw) >> np.uint64(32)
    key = np.array([np.uint64(seed) & _LOW, np.uint64(seed) >> np.uint64(32)])
    return philox(key, counter).T.reshape(-1)[:size].reshape(shape)


def bits(seed: Tensor, shape: Shape) -> Tensor:
    """Return uniform 32-bit words; `seed` holds the seed and the number of the draw."""
    if None in shape:
        return Tensor.symbolic(tuple(shape), "uint32")
    return _random_bits(seed[0], seed[1], shape=tuple(shape))


def unit(seed: Tensor, shape: Shape, dtype: str) -> Tensor:
    """Return uniform numbers in [0, 1) with 24 random bits."""
    top = cast(bits(seed, shape) // 256, "int32")
    return cast(top, dtypes.as_float(dtype)) * 2.0**-24


def gaussian(seed: Tensor, shape: Shape, dtype: str) -> Tensor:
    """Return standard normal numbers (Box, Muller 1958)."""
    rows = (2, *shape)
    numbers = unit(seed, rows, dtype)
    # log needs a number above 0.
    radius = sqrt(log(1.0 - numbers[0]) * -2.0)
    return radius * cos(numbers[1] * (2.0 * math.pi))


def inverse_normal(p: Tensor) -> Tensor:
    """Return the quantile of the standard normal distribution, to about 1e-9 (Acklam's rational form, refined once)."""
    from pipekeras.ops.arithmetic import maximum, minimum
    from pipekeras.ops.comparison import where
    from pipekeras.ops.mathematics import erf, exp

    a = (-3.969683028665376e01, 2.209460984245205e02, -2.759285104469687e02, 1.383577518672690e02,
         -3.066479806614716e01, 2.506628277459239)  # fmt: skip
    b = (-5.447609879822406e01, 1.615858368580409e02, -1.556989798598866e02, 6.680131188771972e01, -1.328068155288572e01)
    c = (-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734, 4.374664141464968,
         2.938163982698783)  # fmt: skip
    d = (7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416)

    def polynomial(coefficients: tuple[float, ...], x: Any) -> Any:
        total: Any = coefficients[0]
        for coefficient in coefficients[1:]:
            total = total * x + coefficient
        return total

    inner = p - 0.5
    square = inner * inner
    centre = inner * polynomial(a, square) / (polynomial(b, square) * square + 1.0)
    tail = minimum(p, 1.0 - p)
    q = sqrt(log(maximum(tail, 1e-30)) * -2.0)
    edge = polynomial(c, q) / (polynomial(d, q) * q + 1.0)
    x = where(tail < 0.02425, where(inner < 0, edge, -edge), centre)
    error = (erf(x * math.sqrt(0.5)) + 1.0) * 0.5 - p
    step = error * math.sqrt(2.0 * math.pi) * exp(clip(x * x * 0.5, 0.0, 80.0))
    return x - step / (x * step * 0.5 + 1.0)
